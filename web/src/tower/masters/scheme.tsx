import { MultiSelect, Select } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useId, useRef, useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, api, apiWithEtag } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Button, ProblemNote, Shape, Skeleton } from "../../ui";
import { dec } from "../decimal";
import { useFormats, type Formats } from "../format";
import { Fault, NoRight, problemFrom } from "../frame/faults";
import type { Page } from "../http";
import { Ask } from "../kit/ask";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { labelOf, RefSelect } from "../kit/refselect";
import { toast } from "../kit/toast";
import { useGo } from "../nav";
import { may, useMe } from "../session";
import { BASES, MECHANICS, NEW_SCHEME, REWARDS, schemeBody, schemeFaults, schemeForm, schemeHints, STAGES, type SchemeForm } from "./schememodel";
import { schemeState, Status, type Rec } from "./show";
import { faultText } from "./form";
import { useRecord } from "./register";
import type { Fault as FieldFault } from "./validate";

/** A scheme: its offer in a sentence, conditions, money, versions; made and changed by form for M1, M2 and M4 (SCH-04). */
export function SchemePage() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const go = useGo();
  const cache = useQueryClient();
  const { id } = useParams({ strict: false }) as { id: string };
  const isNew = id === "new";
  const found = useRecord("schemes", id);
  const [editing, setEditing] = useState(false);
  const [asking, setAsking] = useState<"pause" | "resumption" | "end" | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);
  const writes = may(me, "schemes");
  const record = found.data?.value;
  const form = record ? schemeForm(record) : null;
  const title = isNew ? t("masters.newTitle", { what: t("masters.schemes.one") }) : form ? `${form.code} · ${form.name}` : t("masters.schemes.one");
  if (isNew && !writes) return <section className="panel"><NoRight right="schemes" what={title} /></section>;
  const done = (saved: Rec) => {
    void cache.invalidateQueries({ queryKey: ["list", "/api/v1/schemes"] });
    void cache.invalidateQueries({ queryKey: ["record", "schemes", id] });
    setEditing(false);
    toast(t(isNew ? "masters.created" : "scheme.versionMade", { what: String(saved.code ?? "") }));
    if (isNew && saved.id !== undefined) go(`/masters/schemes/${String(saved.id)}`, {}, { replace: true });
  };
  const live = async (values: Record<string, string>) => {
    setRefused(null);
    try {
      await api(`/api/v1/schemes/${id}/${asking}`, { method: "POST", body: asking === "end" ? { on: values.on, reason: values.reason || null } : { reason: values.reason || null } });
      setAsking(null);
      done({ code: form?.code });
    } catch (error) {
      setRefused(problemFrom(error));
    }
  };
  const warnings = Array.isArray(record?.warnings) ? (record.warnings as unknown[]).map(String) : [];
  return (
    <>
      <div className="head">
        <div className="grow">
          <p className="s"><A className="lnk" path="/masters/schemes">{t("masters.schemes.many")}</A></p>
          <h1>{title}</h1>
        </div>
        {record && <Status value={schemeState(record)} words="schemeStatus" />}
        {record && writes && !editing && record.status === "ACTIVE" && <><Button onClick={() => setAsking("pause")}>{t("scheme.pause")}</Button><Button onClick={() => setAsking("end")}>{t("scheme.end")}</Button></>}
        {record && writes && !editing && record.status === "PAUSED" && <Button onClick={() => setAsking("resumption")}>{t("scheme.resumption")}</Button>}
        {record && writes && !editing && <Button kind="primary" onClick={() => setEditing(true)}><Icon name="edit" />{t("scheme.newVersion")}</Button>}
      </div>
      {isNew || (editing && form) ? <Editor initial={isNew ? NEW_SCHEME : form!} id={isNew ? null : id} etag={found.data?.etag ?? null} onDone={done} onCancel={() => (isNew ? go("/masters/schemes") : setEditing(false))} />
        : found.error ? <section className="panel" style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></section>
        : !record || !form ? <section className="panel"><Skeleton lines={8} /></section>
        : (
          <div className="cols">
            <div className="stack">
              <section className="panel" aria-label={t("scheme.offer")}>
                <header><h2>{t("scheme.offer")}</h2></header>
                <div className="body stack"><Offer form={form} f={f} /></div>
              </section>
              {warnings.length > 0 && <section className="note watch" aria-label={t("scheme.warnings")}><Shape tone="watch" /><ul>{warnings.map((w, i) => <li key={i}>{w}</li>)}</ul></section>}
              <section className="panel" aria-label={t("scheme.conditions")}>
                <header><h2>{t("scheme.conditions")}</h2></header>
                <div className="body"><Conditions form={form} f={f} /></div>
              </section>
            </div>
            <div className="stack">
              <Versions id={id} record={record} f={f} />
              <section className="panel" style={{ padding: 16 }}>
                <p className="s muted">{t("scheme.burnt")}</p>
                <p style={{ marginTop: 4 }}><A className="lnk" path="/explore" search={{ m: "nsv", by: "distributor", w: "MTD", c: "PREVIOUS" }}>{t("scheme.effect")}</A></p>
              </section>
            </div>
          </div>
        )}
      {asking && (
        <Ask
          title={t(`scheme.${asking}`)}
          text={t(`scheme.${asking}Text`)}
          fields={[...(asking === "end" ? [{ name: "on", label: t("scheme.lastDay"), kind: "date" as const, required: true }] : []), { name: "reason", label: t("people.reason"), kind: "text" as const, ...(asking === "pause" ? { required: true } : {}) }]}
          submit={t(`scheme.${asking}`)}
          problem={refused}
          onClose={() => { setAsking(null); setRefused(null); }}
          onSubmit={(values) => void live(values)}
        />
      )}
    </>
  );
}

function rewardText(t: (k: string, o?: Record<string, unknown>) => string, f: Formats, form: SchemeForm, value: string): string {
  return t(`scheme.reward.${form.rewardType}`, { value: form.rewardType === "PERCENT" ? f.qty(value) : f.rupees(value) });
}

/** The offer as a sentence a shopkeeper would understand; what is not yet filled in shows as a gap. */
export function Offer({ form, f }: { form: SchemeForm; f: Formats }) {
  const { t } = useTranslation();
  const tt = t as never as (k: string, o?: Record<string, unknown>) => string;
  const gap = (s: string) => (dec(s) ? f.qty(s) : "…");
  if (form.mechanic === "M1") return <p className="m5">{t("scheme.says.discount", { reward: dec(form.rewardValue) ? rewardText(tt, f, form, form.rewardValue) : "…" })}</p>;
  if (form.mechanic === "M4") {
    return (
      <p className="m5">
        {t(form.inside ? "scheme.says.freeInside" : "scheme.says.free", { buy: gap(form.buy), get: gap(form.get), of: form.rewardSku && !form.inside ? form.rewardSku : t("scheme.says.same") })}{" "}
        {t(form.repeat ? "scheme.says.repeat" : "scheme.says.once")}{form.capPerInvoice ? ` ${t("scheme.says.cap", { cap: gap(form.capPerInvoice) })}` : ""}
      </p>
    );
  }
  const unit = (from: string) => (form.basis === "BASE_QTY" ? t("scheme.says.pieces", { from: gap(from) }) : t("scheme.says.value", { from: dec(from) ? f.rupees(from) : "…" }));
  return (
    <>
      <p className="m5">{t("scheme.says.slab")}</p>
      <ul className="list" style={{ margin: "0 -16px" }}>
        {form.slabs.map((slab, i) => <li key={i}><span className="grow num">{unit(slab.from)}</span><span className="m5 num">{dec(slab.value) ? rewardText(tt, f, form, slab.value) : "…"}</span></li>)}
      </ul>
    </>
  );
}

function Conditions({ form, f }: { form: SchemeForm; f: Formats }) {
  const { t } = useTranslation();
  const any = (list: string[], words?: string) => (list.length ? list.map((x) => (words ? t(`choice.${words}.${x}`, { defaultValue: x }) : x)).join(", ") : <span className="muted">{t("scheme.all")}</span>);
  const rows: [string, ReactNode][] = [
    ["period", `${f.date(form.validFrom)} – ${form.validTo ? f.date(form.validTo) : t("scheme.open")}`],
    ["principal", form.principal],
    ["skus", form.skus.length || form.brands.length || form.categories.length ? [...form.categories, ...form.brands, ...form.skus].join(", ") : any([])],
    ["excludedSkus", form.excludedSkus.length ? form.excludedSkus.join(", ") : "–"],
    ["channels", any(form.channels, "channel")],
    ["classes", any(form.classes)],
    ["groups", any(form.groups)],
    ["paymentModes", any(form.paymentModes, "paymentMode")],
    ["saleTypes", any(form.saleTypes, "saleType")],
    ["registrations", any(form.registrations, "registration")],
    ["stage", t(`choice.stage.${form.mechanic === "M4" ? "FREE_GOODS" : form.stage}`)],
    ["stacking", t(`choice.stacking.${form.stacking}`)],
    ["exclusionGroup", form.exclusionGroup || "–"],
    ["priority", form.priority],
    ["principalSharePercent", `${f.qty(form.principalSharePercent)} %`],
    ["claimable", form.claimable ? t("scheme.claimAt", { rate: t(`choice.claimRate.${form.claimRate}`) }) : t("no")],
    ...(form.mechanic === "M4" ? ([["freeTax", form.freeTax ? t(`choice.freeTax.${form.freeTax}`) : "–"], ["ifShort", t(`choice.ifShort.${form.ifShort}`)]] as [string, ReactNode][]) : []),
  ];
  return <dl className="dl">{rows.map(([k, v]) => [<dt key={`${k}t`}>{t(`field.${k}`)}</dt>, <dd key={`${k}d`}>{v}</dd>])}</dl>;
}

function Versions({ id, record, f }: { id: string; record: Rec; f: Formats }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["record", "schemes", id, "versions"], queryFn: () => api<Page<Rec> | Rec[]>(`/api/v1/schemes/${id}/versions`), retry: false, placeholderData: undefined });
  const given = Array.isArray(found.data) ? found.data : found.data?.items;
  const versions = given ?? (Array.isArray(record.versions) ? (record.versions as Rec[]) : [record]);
  return (
    <section className="panel" aria-label={t("scheme.versions")}>
      <header><h2>{t("scheme.versions")}</h2></header>
      <ul className="list">
        {versions.map((v, i) => (
          <li key={i}>
            <span className="num m5">v{String(v.versionNo ?? v.version ?? i + 1)}</span>
            <span className="grow s muted num">{f.dense(v.validFrom as string)} – {v.validTo ? f.dense(v.validTo as string) : t("scheme.open")}</span>
            {v.status !== undefined && <Status value={schemeState(v)} words="schemeStatus" />}
          </li>
        ))}
      </ul>
      <p className="ft s muted">{t("scheme.versionsText")}</p>
    </section>
  );
}

function Editor({ initial, id, etag, onDone, onCancel }: { initial: SchemeForm; id: string | null; etag: string | null; onDone: (saved: Rec) => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const f = useFormats();
  const [form, setForm] = useState(initial);
  const [faults, setFaults] = useState<Map<string, FieldFault | string>>(new Map());
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const box = useRef<HTMLFormElement>(null);
  const set = <K extends keyof SchemeForm>(name: K, value: SchemeForm[K]) => {
    setForm((before) => ({ ...before, [name]: value }));
    setFaults((before) => new Map([...before].filter(([k]) => !k.startsWith(`/${name}`))));
  };
  const say = (pointer: string): string | undefined => {
    const fault = faults.get(pointer);
    return fault === undefined ? undefined : typeof fault === "string" ? fault : t(fault.key, fault.values ?? {});
  };
  const show = (found: Map<string, FieldFault | string>) => {
    setFaults(found);
    setSaid(t("form.badCount", { count: found.size }));
    setTimeout(() => box.current?.querySelector<HTMLElement>("[aria-invalid=true], [data-error=true]")?.focus());
  };
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    const found = schemeFaults(form);
    if (found.size) return show(found);
    setBusy(true);
    setProblem(null);
    try {
      const saved = await apiWithEtag<Rec>(id ? `/api/v1/schemes/${id}` : "/api/v1/schemes", { method: id ? "PUT" : "POST", body: schemeBody(form), ...(id && etag ? { ifMatch: etag } : {}) });
      onDone(saved.value);
    } catch (error) {
      const bad = problemFrom(error);
      const placed = new Map((bad.errors ?? []).filter((x) => String(x.pointer).split("/")[1]! in form).map((x) => [x.pointer, faultText(x)] as const));
      if (placed.size) show(placed);
      setProblem(error instanceof ApiError && placed.size ? { ...bad, errors: bad.errors!.filter((x) => !placed.has(x.pointer)) } : bad);
    } finally {
      setBusy(false);
    }
  };
  const hints = schemeHints(form);
  const pick = (name: "stage" | "basis" | "rewardType" | "freeTax" | "ifShort" | "stacking" | "choice" | "claimRate", choices: readonly string[], words: string) => (
    <Select label={t(`field.${name}`)} data={choices.map((c) => ({ value: c, label: t(`choice.${words}.${c}`) }))} value={form[name] || null} onChange={(v) => v && set(name, v as never)} allowDeselect={false} error={say(`/${name}`)} />
  );
  const many = (name: "paymentModes" | "saleTypes" | "registrations", choices: readonly string[], words: string) => (
    <MultiSelect label={t(`field.${name}`)} placeholder={form[name].length ? "" : t("scheme.all")} data={choices.map((c) => ({ value: c, label: t(`choice.${words}.${c}`) }))} value={form[name]} onChange={(v) => set(name, v)} />
  );
  return (
    <div className="cols">
      <form ref={box} className="panel form" style={{ padding: 16 }} onSubmit={(e) => void submit(e)} noValidate aria-label={t("masters.schemes.one")}>
        {problem && <ProblemNote problem={problem} />}
        <fieldset>
          <legend>{t("section.who")}</legend>
          <Text label={t("field.code")} value={form.code} onChange={(v) => set("code", v)} error={say("/code")} disabled={id !== null} code />
          <Text label={t("field.name")} value={form.name} onChange={(v) => set("name", v)} error={say("/name")} />
          <RefSelect type="principals" by="code" label={t("field.principal")} value={form.principal || null} onChange={(v) => set("principal", v ?? "")} error={say("/principal")} disabled={id !== null} required valueLabel={form.principal || null} />
          <span />
          <Text label={t("field.validFrom")} type="date" value={form.validFrom} onChange={(v) => set("validFrom", v)} error={say("/validFrom")} />
          <Text label={t("field.validTo")} type="date" value={form.validTo} onChange={(v) => set("validTo", v)} error={say("/validTo")} />
        </fieldset>
        <fieldset>
          <legend>{t("scheme.offer")}</legend>
          <div className="wide seg" role="group" aria-label={t("field.mechanic")} style={{ justifySelf: "start" }}>
            {MECHANICS.map((m) => <button key={m} type="button" aria-pressed={form.mechanic === m} onClick={() => set("mechanic", m)}>{t(`choice.mechanicOf.${m}`)}</button>)}
          </div>
          {form.mechanic !== "M4" && pick("rewardType", REWARDS, "rewardType")}
          {form.mechanic === "M1" && <Text label={t(`scheme.amount.${form.rewardType}`)} value={form.rewardValue} onChange={(v) => set("rewardValue", v)} error={say("/rewardValue")} numeric />}
          {form.mechanic === "M2" && (
            <>
              {pick("basis", BASES, "basis")}
              <div className="wide field">
                <span className="label">{t("field.slabs")}</span>
                <div className="sub">
                  <table>
                    <thead><tr><th scope="col" className="n">{t("scheme.from")}</th><th scope="col" className="n">{t(`scheme.amount.${form.rewardType}`)}</th><th style={{ width: 36 }}><span className="vh">{t("form.removeRow")}</span></th></tr></thead>
                    <tbody>
                      {form.slabs.map((slab, i) => (
                        <tr key={i} style={{ verticalAlign: "top" }}>
                          <td><Text bare label={t("scheme.from")} value={slab.from} numeric onChange={(v) => set("slabs", form.slabs.map((s, n) => (n === i ? { ...s, from: v } : s)))} error={say(`/slabs/${i}/from`)} /></td>
                          <td><Text bare label={t(`scheme.amount.${form.rewardType}`)} value={slab.value} numeric onChange={(v) => set("slabs", form.slabs.map((s, n) => (n === i ? { ...s, value: v } : s)))} error={say(`/slabs/${i}/value`)} /></td>
                          <td>{form.slabs.length > 1 && <button type="button" className="qx" style={{ height: 28 }} aria-label={t("form.removeRowN", { n: i + 1 })} onClick={() => set("slabs", form.slabs.filter((_, n) => n !== i))}><Icon name="close" /></button>}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
                {say("/slabs") && <div className="bad">{say("/slabs")}</div>}
                <Button className="sm" style={{ justifySelf: "start" }} onClick={() => set("slabs", [...form.slabs, { from: "", value: "" }])}><Icon name="plus" />{t("scheme.addSlab")}</Button>
              </div>
            </>
          )}
          {form.mechanic === "M4" && (
            <>
              <Text label={t("scheme.buy")} value={form.buy} onChange={(v) => set("buy", v)} error={say("/buy")} numeric />
              <Text label={t("scheme.get")} value={form.get} onChange={(v) => set("get", v)} error={say("/get")} numeric />
              <label className="check"><input type="checkbox" checked={form.repeat} onChange={(e) => set("repeat", e.target.checked)} /><span>{t("scheme.repeat")}</span></label>
              <label className="check"><input type="checkbox" checked={form.inside} onChange={(e) => set("inside", e.target.checked)} /><span>{t("scheme.inside")}</span></label>
              {!form.inside && <RefSelect type="skus" by="code" label={t("scheme.rewardSku")} value={form.rewardSku || null} onChange={(v) => set("rewardSku", v ?? "")} placeholder={t("scheme.says.same")} error={say("/rewardSku")} valueLabel={form.rewardSku || null} />}
              <Text label={t("scheme.cap")} value={form.capPerInvoice} onChange={(v) => set("capPerInvoice", v)} error={say("/capPerInvoice")} numeric />
              {pick("freeTax", ["ZERO_PRICED", "SINGLE_PRICE_ALLOCATED"], "freeTax")}
              {pick("ifShort", ["REFUSE", "VALUE_AT_PTR"], "ifShort")}
            </>
          )}
        </fieldset>
        <fieldset>
          <legend>{t("scheme.products")}</legend>
          <Codes type="skus" label={t("field.skus")} values={form.skus} onChange={(v) => set("skus", v)} />
          <Codes type="skus" label={t("field.excludedSkus")} values={form.excludedSkus} onChange={(v) => set("excludedSkus", v)} />
          <Codes type="brands" label={t("field.brands")} values={form.brands} onChange={(v) => set("brands", v)} />
          <Codes type="categories" label={t("field.categories")} values={form.categories} onChange={(v) => set("categories", v)} />
        </fieldset>
        <fieldset>
          <legend>{t("scheme.who")}</legend>
          <Words label={t("field.channels")} values={form.channels} onChange={(v) => set("channels", v)} />
          <Words label={t("field.classes")} values={form.classes} onChange={(v) => set("classes", v)} />
          <Words label={t("field.groups")} values={form.groups} onChange={(v) => set("groups", v)} />
          {many("registrations", ["REGULAR", "COMPOSITION", "UNREGISTERED"], "registration")}
          {many("paymentModes", ["CREDIT", "CASH", "UPI", "CHEQUE"], "paymentMode")}
          {many("saleTypes", ["COUNTER", "DELIVERY"], "saleType")}
        </fieldset>
        <fieldset>
          <legend>{t("scheme.together")}</legend>
          {form.mechanic !== "M4" && pick("stage", STAGES, "stage")}
          {pick("stacking", ["CASCADE", "ADDITIVE"], "stacking")}
          <Text label={t("field.exclusionGroup")} value={form.exclusionGroup} onChange={(v) => set("exclusionGroup", v)} />
          {pick("choice", ["BEST_FOR_OUTLET", "PRIORITY"], "choice")}
          <Text label={t("field.priority")} value={form.priority} onChange={(v) => set("priority", v)} error={say("/priority")} numeric />
        </fieldset>
        <fieldset>
          <legend>{t("scheme.money")}</legend>
          <Text label={t("field.principalSharePercent")} value={form.principalSharePercent} onChange={(v) => set("principalSharePercent", v)} error={say("/principalSharePercent")} numeric />
          {pick("claimRate", ["PTS", "PTR", "COST"], "claimRate")}
          <label className="check"><input type="checkbox" checked={form.claimable} onChange={(e) => set("claimable", e.target.checked)} /><span>{t("field.claimable")}</span></label>
        </fieldset>
        <div className="end">
          <button type="submit" className="btn pri" disabled={busy}>{busy ? t("form.saving") : id ? t("scheme.saveVersion") : t("form.create")}</button>
          <Button onClick={onCancel}>{t("action.cancel", { ns: "common" })}</Button>
          <span role="status" className="s muted">{faults.size ? said : ""}</span>
        </div>
      </form>
      <div className="stack" style={{ position: "sticky", top: 64 }}>
        <section className="panel" aria-label={t("scheme.reads")} aria-live="polite">
          <header><h2>{t("scheme.reads")}</h2></header>
          <div className="body stack"><Offer form={form} f={f} /></div>
          {hints.length > 0 && <div className="ft">{hints.map((h, i) => <p key={i} className="st watch" style={{ whiteSpace: "normal", alignItems: "baseline" }}><Shape tone="watch" />{t(h.key, h.values)}</p>)}</div>}
        </section>
      </div>
    </div>
  );
}

function Text({ label, value, onChange, error, disabled, type = "text", numeric, code, bare }: { label: string; value: string; onChange: (v: string) => void; error?: string | undefined; disabled?: boolean; type?: string; numeric?: boolean; code?: boolean; bare?: boolean }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} className={bare ? "vh" : ""}>{label}</label>
      <input id={id} className={`input ${numeric ? "n" : ""} ${code ? "code" : ""}`} type={type} inputMode={numeric ? "decimal" : undefined} value={value} disabled={disabled} aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}-bad` : undefined} onChange={(e) => onChange(e.target.value)} autoComplete="off" />
      {error && <div className="bad" id={`${id}-bad`}>{error}</div>}
    </div>
  );
}

function Codes({ type, label, values, onChange }: { type: string; label: string; values: string[]; onChange: (v: string[]) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const found = useQuery({ queryKey: ["ref", type, undefined, typed], staleTime: 60_000, queryFn: ({ signal }) => api<Page<{ id: number; code?: string; name?: string }>>(`/api/v1/${type}`, { query: { q: typed || undefined, limit: 30 }, signal }) });
  const data = [...new Map([...values.map((v) => [v, v] as const), ...(found.data?.items ?? []).filter((i) => i.code).map((i) => [i.code!, labelOf(i)] as const)])].map(([value, l]) => ({ value, label: l }));
  return <MultiSelect label={label} placeholder={values.length ? "" : t("form.typeToSearch")} data={data} value={values} onChange={onChange} searchable onSearchChange={setTyped} filter={({ options }) => options} nothingFoundMessage={found.isFetching ? t("state.loading") : t("form.nothingFound")} />;
}

function Words({ label, values, onChange }: { label: string; values: string[]; onChange: (v: string[]) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState(values.join(", "));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} className="input" value={typed} placeholder={t("scheme.words")} onChange={(e) => { setTyped(e.target.value); onChange(e.target.value.split(",").map((w) => w.trim()).filter(Boolean)); }} />
    </div>
  );
}
