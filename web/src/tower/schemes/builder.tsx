import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { api, apiWithEtag } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Button, ProblemNote, Shape, Skeleton } from "../../ui";
import { useChange, type Change } from "../changes/api";
import { Fault as Broken, NoRight, problemFrom } from "../frame/faults";
import { useFormats } from "../format";
import { A } from "../kit/link";
import { RefSelect } from "../kit/refselect";
import { toast } from "../kit/toast";
import { useGo, useSearchState } from "../nav";
import { may, useMe } from "../session";
import type { Content, SchemeView } from "./api";
import { findingText, FindingList, placed, severityOf } from "./findings";
import { useGoods } from "./goods";
import { isKind, KindCards, KindPicture } from "./kinds";
import { CODE_OF, contentOf, faultsOf, formOf, newForm, placeOf, withKind, type Fault, type Kind, type SchemeForm } from "./model";
import { FundingFields, LaterFields, LimitFields, TogetherFields } from "./money";
import { OfferFields, type EditProps } from "./offer";
import { Part, Text } from "./parts";
import { SetPicker } from "./setpicker";
import { summarise } from "./summary";
import { useTexts } from "./texts";
import { TryOut, useBook, useFindings, useTrialPlace } from "./tryout";
import { Who } from "./who";

/** A new scheme, a copy of one, the next version of one, or a draft that goes on: all end in a change request (SCH-08, GOV-01). */
export function BuilderPage() {
  const { id, change } = useParams({ strict: false }) as { id?: string; change?: string };
  if (change) return <OfDraft id={change} />;
  if (id) return <OfScheme id={id} />;
  return <Fresh />;
}

function Fresh() {
  const [search] = useSearchState();
  const from = search.copy;
  const found = useQuery({ enabled: Boolean(from), queryKey: ["record", "schemes", from], queryFn: () => api<SchemeView>(`/api/v1/schemes/${from}`) });
  if (from && !found.data) return found.error ? <Broken error={found.error} /> : <Skeleton lines={8} />;
  const start = found.data ? { ...formOf(found.data.scheme), code: "", name: found.data.name, validFrom: "", validTo: "" } : newForm(isKind(search.kind) ? search.kind : null);
  return <Builder key={from ?? "new"} start={start} />;
}

function OfScheme({ id }: { id: string }) {
  const found = useQuery({ queryKey: ["record", "schemes", id], queryFn: () => api<SchemeView>(`/api/v1/schemes/${id}`), placeholderData: undefined });
  if (found.error) return <Broken error={found.error} reset={() => void found.refetch()} />;
  if (!found.data) return <section className="panel"><Skeleton lines={8} /></section>;
  return <Builder key={found.data.version} start={formOf(found.data.scheme)} of={found.data} />;
}

function OfDraft({ id }: { id: string }) {
  const found = useChange(id);
  if (found.error) return <Broken error={found.error} reset={() => void found.refetch()} />;
  const content = found.data?.value.items?.[0]?.content as Content | undefined;
  if (!found.data || !content) return <section className="panel"><Skeleton lines={8} /></section>;
  return <Builder key={found.data.etag ?? id} start={formOf(content)} draft={found.data.value} etag={found.data.etag} />;
}

const STEPS = ["offer", "goods", "who", "limits", "money", "together", "later"] as const;

function Builder({ start, of, draft, etag }: { start: SchemeForm; of?: SchemeView; draft?: Change; etag?: string | null }) {
  const { t } = useTexts();
  const f = useFormats();
  const me = useMe();
  const go = useGo();
  const cache = useQueryClient();
  const goods = useGoods();
  const [form, setForm] = useState(start);
  const [faults, setFaults] = useState<Map<string, Fault | string>>(new Map());
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [choosing, setChoosing] = useState(start.kind === null);
  const [said, setSaid] = useState("");
  const dirty = useRef(false);
  const [place, setPlace] = useTrialPlace();
  const box = useRef<HTMLFormElement>(null);
  const book = useBook(place);
  const quiet = useDeferredValue(form);
  const content = useMemo(() => contentOf(quiet), [quiet]);
  const findings = useFindings(content, book.data?.book, goods);
  const sentences = useMemo(() => summarise(quiet, { goods }, t, f), [quiet, goods, t, f.language]);
  const fixed = of !== undefined || Boolean(draft?.items?.[0]?.targetId);

  useEffect(() => {
    const warn = (e: BeforeUnloadEvent) => { if (dirty.current) e.preventDefault(); };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);

  const set: EditProps["set"] = (name, value) => {
    dirty.current = true;
    setForm((before) => ({ ...before, [name]: value }));
    setFaults((before) => (before.size ? new Map([...before].filter(([k]) => k !== `/${name}` && !k.startsWith(`/${name}/`))) : before));
  };
  const fault = (pointer: string): string | undefined => {
    const one = faults.get(pointer);
    if (one !== undefined) return typeof one === "string" ? one : t(one.key, { ...one.values });
    const error = findings.find((x) => severityOf(x) === "act" && placeOf(placed(x)) === pointer);
    return error && dirty.current ? findingText(error, t) : undefined;
  };
  const show = (found: Map<string, Fault | string>) => {
    setFaults(found);
    setSaid(t("form.badCount", { count: found.size }));
    const first = [...found.keys()][0]!;
    setTimeout(() => {
      const at = box.current?.querySelector<HTMLElement>(`[data-at="${first}"] input, [data-at="${first}"] select`) ?? box.current?.querySelector<HTMLElement>("[aria-invalid=true], [data-error=true], .bad");
      at?.focus();
      at?.scrollIntoView?.({ block: "center" });
    });
  };
  const save = async (check: boolean) => {
    const found = faultsOf(form);
    if (check && found.size) return show(found);
    const body = contentOf(form);
    if (!body) return show(new Map([["/kind", { key: "form.bad.required" }]]));
    if (!body.code || !body.principal) return show(new Map([...found].filter(([k]) => k === "/code" || k === "/principal")));
    setBusy(true);
    setProblem(null);
    try {
      const saved = draft
        ? await apiWithEtag<Change>(`/api/v1/change-requests/${draft.id}`, { method: "PUT", body: { content: body }, ...(etag ? { ifMatch: etag } : {}) })
        : await apiWithEtag<Change>("/api/v1/change-requests", { method: "POST", body: { kind: "schemes", ...(of ? { targetId: String(of.id) } : {}), content: body } });
      dirty.current = false;
      cache.removeQueries({ queryKey: ["change", saved.value.id] });
      void cache.invalidateQueries({ queryKey: ["list"] });
      toast(t("builder.saved", { what: body.code }));
      go(`/changes/${saved.value.id}`, check ? { then: "simulate" } : {}, { replace: Boolean(draft) });
    } catch (error) {
      const bad = problemFrom(error);
      const beside = new Map((bad.errors ?? []).map((x) => [placeOf(x.pointer), x.detail ?? ""] as const).filter(([p, text]) => text && box.current?.querySelector(`[data-at="${p}"]`)));
      if (beside.size) show(beside);
      setProblem(beside.size === (bad.errors?.length ?? 0) && beside.size > 0 ? null : bad);
    } finally {
      setBusy(false);
    }
  };
  const choose = (kind: Kind) => {
    dirty.current = true;
    setForm((before) => (before.kind === kind ? before : withKind(before, kind)));
    setFaults(new Map());
    setChoosing(false);
    setTimeout(() => document.getElementById("part-what")?.querySelector<HTMLElement>("input:not([disabled])")?.focus());
  };
  const title = of ? t("builder.nextVersion", { what: `${of.code} · ${of.name}` }) : draft ? draft.title : t("builder.newTitle");
  if (!may(me, "schemes")) return <section className="panel"><NoRight right="schemes" what={title} /></section>;
  const edit: EditProps = { form, goods, set, fault };
  const part = (id: (typeof STEPS)[number], n: number, children: React.ReactNode, hint?: string) => <Part id={id} number={n} title={t(`part.${id}`)} {...(hint ? { hint } : {})}>{children}</Part>;
  return (
    <>
      <div className="head">
        <div className="grow">
          <p className="s">{draft ? <A className="lnk" path={`/changes/${draft.id}`}>{t("builder.backToDraft")}</A> : <A className="lnk" path={of ? `/schemes/${of.id}` : "/schemes"}>{of ? of.name : t("masters.schemes.many")}</A>}</p>
          <h1>{title}</h1>
        </div>
      </div>
      <Steps at={0} />
      {choosing ? (
        <section className="panel kinds" aria-label={t("builder.choose")}>
          <header><h2>{t("builder.choose")}</h2>{form.kind && <Button className="sm" onClick={() => setChoosing(false)}>{t("action.cancel", { ns: "common" })}</Button>}</header>
          <div className="body"><p className="muted" style={{ marginBottom: 8 }}>{t("builder.chooseText")}</p><KindCards value={form.kind} onChoose={choose} /></div>
        </section>
      ) : (
        <div className="cols builder">
          <form ref={box} className="stack" noValidate aria-label={title} onSubmit={(e) => { e.preventDefault(); void save(true); }} onKeyDown={(e) => { if (e.code === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); void save(true); } else if (e.code === "Enter" && e.target instanceof HTMLInputElement) e.preventDefault(); }}>
            {problem && <ProblemNote problem={problem} />}
            {form.kind && (
              <div className="kind-line">
                <KindPicture kind={form.kind} />
                <div className="grow"><b>{t(`kind.${form.kind}.name`)}</b> <span className="muted code">{CODE_OF[form.kind]}</span><p className="s muted">{t(`kind.${form.kind}.what`)}</p></div>
                <Button className="sm" onClick={() => setChoosing(true)}>{t("builder.otherKind")}</Button>
              </div>
            )}
            <Part id="what" number={1} title={t("part.what")}>
              <div className="form"><fieldset>
                <Text at="/name" label={t("field2.name")} value={form.name} onChange={(v) => set("name", v)} error={fault("/name")} hint={t("hint2.name")} />
                <Text at="/code" label={t("field2.code")} value={form.code} onChange={(v) => set("code", v.toUpperCase())} error={fault("/code")} disabled={fixed} code hint={t("hint2.code")} />
                <div data-at="/principal"><RefSelect type="principals" by="code" label={t("field.principal")} value={form.principal || null} onChange={(v) => set("principal", v ?? "")} error={fault("/principal")} disabled={fixed} required valueLabel={form.principal || null} /></div>
                <span className="hide-p" />
                <Text at="/validFrom" label={t("field2.validFrom")} type="date" value={form.validFrom} onChange={(v) => set("validFrom", v)} error={fault("/validFrom")} />
                <Text at="/validTo" label={t("field2.validTo")} type="date" value={form.validTo} onChange={(v) => set("validTo", v)} error={fault("/validTo")} />
              </fieldset></div>
            </Part>
            {form.kind && part("offer", 2, <OfferFields {...edit} />)}
            {part("goods", 3, <div data-at="/products"><SetPicker label={t("field2.products")} goods={goods} principal={form.principal} everything={t("says.everything")} value={form.products} onChange={(v) => set("products", v)} error={fault("/products")} /></div>, t("part.goodsHint"))}
            {part("who", 4, <Who {...edit} />, t("part.whoHint"))}
            {part("limits", 5, <LimitFields {...edit} />, t("part.limitsHint"))}
            {part("money", 6, <FundingFields {...edit} />)}
            {part("together", 7, <TogetherFields {...edit} />, t("part.togetherHint"))}
            {part("later", 8, <LaterFields {...edit} />)}
            <div className="save-bar">
              <button type="submit" className="btn pri" disabled={busy}>{busy ? t("form.saving") : t("builder.saveCheck")}<kbd aria-hidden="true">Ctrl+↵</kbd></button>
              <Button disabled={busy} onClick={() => void save(false)}>{t("builder.saveDraft")}</Button>
              <span role="status" className="s muted">{faults.size ? said : t("builder.saveText")}</span>
            </div>
          </form>
          <aside className="stack side" aria-label={t("builder.side")}>
            <section className="panel" aria-label={t("builder.reads")}>
              <header><h2>{t("builder.reads")}</h2></header>
              <div className="body says" aria-live="polite">
                {sentences.map((s) => (
                  <div key={s.id} className={`say ${s.id}`}>
                    <p>{s.text}</p>
                    {s.rows && <ul>{s.rows.map((r, i) => <li key={i}><span>{r[0]}</span><b>{r[1]}</b></li>)}</ul>}
                  </div>
                ))}
              </div>
            </section>
            <section className="panel" aria-label={t("builder.checks")}>
              <header><h2>{t("builder.checks")}</h2>{book.data && <span className={`st ${findings.some((x) => severityOf(x) === "act") ? "act" : findings.length ? "watch" : "good"}`}><Shape tone={findings.some((x) => severityOf(x) === "act") ? "act" : findings.length ? "watch" : "good"} />{findings.length ? t("builder.findings", { count: findings.length }) : t("builder.noFindings")}</span>}</header>
              {findings.length > 0 && <FindingList findings={findings} onGo={(x) => box.current?.querySelector<HTMLElement>(`[data-at="${placeOf(placed(x))}"] input`)?.focus()} />}
              {!book.data && <p className="s muted" style={{ padding: "0 16px 12px" }}>{t("builder.checksLater")}</p>}
            </section>
            <section className="panel" aria-label={t("builder.try")}>
              <header><h2>{t("builder.try")}</h2></header>
              <div className="body"><TryOut form={quiet} goods={goods} place={place} onPlace={setPlace} /></div>
            </section>
          </aside>
        </div>
      )}
    </>
  );
}

/** Where a scheme stands on its way: built, checked and simulated, approved by another, running. */
export function Steps({ at }: { at: number }) {
  const { t } = useTexts();
  return (
    <ol className="steps" aria-label={t("steps.title")}>
      {(["build", "check", "approve", "run"] as const).map((s, i) => (
        <li key={s} aria-current={i === at ? "step" : undefined} className={i < at ? "done" : i === at ? "now" : ""}><span className="steps-no" aria-hidden="true">{i < at ? "✓" : i + 1}</span>{t(`steps.${s}`)}</li>
      ))}
    </ol>
  );
}
