import { Menu } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { api } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Skeleton } from "../../ui";
import { isZero } from "../../ui/decimal";
import type { Page } from "../http";
import { asker, isChange, type Change } from "../changes/api";
import { Bars } from "../charts/charts";
import { useFormats } from "../format";
import { Fault, problemFrom } from "../frame/faults";
import { Ask } from "../kit/ask";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { toast } from "../kit/toast";
import { Status } from "../masters/show";
import { useGo, useSearchState } from "../nav";
import { may, mayRead, useMe } from "../session";
import type { BudgetView, SchemeView, Uptake, VersionView } from "./api";
import { Burn, DayBars } from "./burn";
import { diffOf } from "./diff";
import { DiffList } from "./difflist";
import { FindingList } from "./findings";
import { useGoods } from "./goods";
import { KindPicture } from "./kinds";
import { CODE_OF, formOf, kindOf } from "./model";
import { schemeState } from "./parts";
import { PayoutPanel, paysLater } from "./payouts";
import { summarise } from "./summary";
import { useTexts } from "./texts";

type Act = "pause" | "resumption" | "end";
const BY = ["distributor", "outlet", "sku"] as const;

/** A scheme: what it says, how it is used, what it costs, and every version it had (SCH-18, SCH-22). */
export function SchemePage() {
  const { t } = useTexts();
  const f = useFormats();
  const me = useMe();
  const go = useGo();
  const cache = useQueryClient();
  const goods = useGoods();
  const { id } = useParams({ strict: false }) as { id: string };
  const found = useQuery({ queryKey: ["record", "schemes", id], queryFn: () => api<SchemeView>(`/api/v1/schemes/${id}`), placeholderData: undefined });
  const [asking, setAsking] = useState<Act | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);
  const s = found.data;
  const form = useMemo(() => (s ? formOf(s.scheme) : null), [s]);
  const sentences = useMemo(() => (form ? summarise(form, { goods }, t, f) : []), [form, goods, t, f.language]);
  const writes = may(me, "schemes");
  const act = async (values: Record<string, string>) => {
    setRefused(null);
    try {
      const answer = await api<SchemeView | Change>(`/api/v1/schemes/${id}/${asking}`, { method: "POST", body: asking === "end" ? { on: values.on, reason: values.reason || null } : { reason: values.reason || null } });
      setAsking(null);
      void cache.invalidateQueries({ queryKey: ["record", "schemes", id] });
      void cache.invalidateQueries({ queryKey: ["list"] });
      if (isChange(answer)) go(`/changes/${answer.id}`);
      else toast(t(`detail.done.${asking}`, { what: s?.code }));
    } catch (error) {
      setRefused(problemFrom(error));
    }
  };
  if (found.error) return <section className="panel" style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></section>;
  if (!s || !form) return <section className="panel"><Skeleton lines={8} /></section>;
  const kind = kindOf(s.scheme);
  return (
    <>
      <div className="head">
        <div className="grow">
          <p className="s"><A className="lnk" path="/schemes">{t("masters.schemes.many")}</A></p>
          <h1>{s.name} <span className="code muted">{s.code}</span></h1>
        </div>
        <Status value={schemeState(s)} words="schemeStatus" />
        {writes && (
          <>
            <A className="btn hide-p" path="/schemes/new" search={{ copy: id }}>{t("detail.copy")}</A>
            {(s.status === "ACTIVE" || s.status === "PAUSED") && (
              <Menu position="bottom-end">
                <Menu.Target><button type="button" className="btn">{t("detail.more")}<Icon name="down" /></button></Menu.Target>
                <Menu.Dropdown>
                  {s.status === "ACTIVE" && <Menu.Item onClick={() => setAsking("pause")}>{t("detail.pause")}</Menu.Item>}
                  {s.status === "PAUSED" && <Menu.Item onClick={() => setAsking("resumption")}>{t("detail.resumption")}</Menu.Item>}
                  <Menu.Item onClick={() => setAsking("end")}>{t("detail.end")}</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
            <A className="btn pri" path={`/schemes/${id}/edit`}><Icon name="edit" />{t("detail.newVersion")}</A>
          </>
        )}
      </div>
      <Pending code={s.code} />
      <div className="cols">
        <div className="stack">
          <section className="panel" aria-label={t("detail.offer")}>
            <header><KindPicture kind={kind} /><h2>{t(`kind.${kind}.name`)} <span className="muted code">{CODE_OF[kind]}</span></h2><span className="s muted num">v{s.version}</span></header>
            <div className="body says wide">
              {sentences.map((x) => <div key={x.id} className={`say ${x.id}`}><p>{x.text}</p>{x.rows && <ul>{x.rows.map((r, i) => <li key={i}><span>{r[0]}</span><b>{r[1]}</b></li>)}</ul>}</div>)}
            </div>
          </section>
          <UptakePanel scheme={s} />
          {paysLater(s.scheme) && <PayoutPanel scheme={s} />}
        </div>
        <div className="stack">
          <BudgetPanel scheme={s} />
          {s.findings && s.findings.length > 0 ? <section className="panel" aria-label={t("builder.checks")}><header><h2>{t("builder.checks")}</h2></header><FindingList findings={s.findings} /></section>
            : s.warnings && s.warnings.length > 0 ? <section className="panel" aria-label={t("builder.checks")}><header><h2>{t("builder.checks")}</h2></header><FindingList findings={s.warnings.map((text) => ({ code: "", severity: "WARNING" as const, text }))} /></section> : null}
          <Versions scheme={s} />
        </div>
      </div>
      {asking && (
        <Ask
          title={t(`detail.${asking}`)}
          text={t(`detail.${asking}Text`)}
          fields={[...(asking === "end" ? [{ name: "on", label: t("detail.lastDay"), kind: "date" as const, required: true }] : []), { name: "reason", label: t("detail.reason"), kind: "text" as const, required: true }]}
          submit={t(asking === "pause" ? "detail.pauseNow" : `detail.${asking}Ask`)}
          danger={asking === "pause"}
          problem={refused}
          onClose={() => { setAsking(null); setRefused(null); }}
          onSubmit={(values) => void act(values)}
        />
      )}
    </>
  );
}

/** A change of this scheme that still waits. */
function Pending({ code }: { code: string }) {
  const { t } = useTexts();
  const me = useMe();
  const found = useQuery({ enabled: mayRead(me, "CONFIG_READ"), queryKey: ["list", "changes-of", code], retry: false, queryFn: () => api<Page<Change>>("/api/v1/change-requests", { query: { kind: "schemes", q: code, sort: "-createdAt", limit: 20 } }) });
  const open = (found.data?.items ?? []).filter((c) => (c.status === "DRAFT" || c.status === "SUBMITTED") && c.title.split(/[\s:·,]+/).includes(code));
  if (!open.length) return null;
  return (
    <div className="note info" style={{ marginBottom: 12 }}>
      <Icon name="clock" />
      <ul>{open.map((c) => <li key={c.id}>{t(c.status === "DRAFT" ? "detail.hasDraft" : "detail.waits", { who: asker(c) })} <A className="lnk" path={`/changes/${c.id}`}>{c.title}</A></li>)}</ul>
    </div>
  );
}

function UptakePanel({ scheme }: { scheme: SchemeView }) {
  const { t } = useTexts();
  const f = useFormats();
  const [search, set] = useSearchState();
  const by = (BY as readonly string[]).includes(search.by ?? "") ? search.by! : "distributor";
  const days = useQuery({ queryKey: ["uptake", scheme.id, "day"], retry: false, queryFn: () => api<Uptake>(`/api/v1/schemes/${scheme.id}/uptake`, { query: { by: "day" } }) });
  const rows = useQuery({ queryKey: ["uptake", scheme.id, by], retry: false, queryFn: () => api<Uptake>(`/api/v1/schemes/${scheme.id}/uptake`, { query: { by } }) });
  const u = days.data;
  return (
    <section className="panel" aria-label={t("uptake.title")}>
      <header><h2>{t("uptake.title")}{u && <span className="muted"> {f.dense(u.from)} – {f.dense(u.to)}</span>}</h2></header>
      {days.error ? <div className="body"><Fault error={days.error} reset={() => void days.refetch()} /></div> : !u ? <Skeleton lines={4} /> : u.totals.invoices === 0 ? <p className="body muted">{t("uptake.none")}</p> : (
        <div className="body stack">
          <div className="counts">
            <div><span className="s muted">{t("uptake.benefit")}</span><b>{f.rupees(u.totals.benefit).replace(/\.\d\d$/, "")}</b></div>
            <div><span className="s muted">{t("uptake.invoices")}</span><b>{f.qty(u.totals.invoices)}</b></div>
            <div><span className="s muted">{t("uptake.outlets")}</span><b>{f.qty(u.totals.outlets)}</b></div>
            <div><span className="s muted">{isZero(u.totals.freeQty) ? t("uptake.claim") : t("uptake.freeQty")}</span><b>{isZero(u.totals.freeQty) ? f.rupees(u.totals.claim).replace(/\.\d\d$/, "") : f.qty(u.totals.freeQty)}</b></div>
          </div>
          {u.series.length > 1 && <DayBars series={u.series} />}
          <span className="seg sm" role="group" aria-label={t("uptake.by")} style={{ justifySelf: "start" }}>
            {BY.map((b) => <button key={b} type="button" aria-pressed={by === b} onClick={() => set({ by: b === "distributor" ? undefined : b }, { replace: true })}>{t(`uptake.of.${b}`)}</button>)}
          </span>
          {rows.data && <div style={{ margin: "0 -16px" }}><Bars label={t("uptake.title")} bars={rows.data.rows.slice(0, 15).map((r) => ({ key: String(r.id), label: r.name || r.code, value: r.benefit, shown: `${f.rupees(r.benefit)} · ${t("uptake.bills", { count: r.invoices, shown: f.qty(r.invoices) })}` }))} /></div>}
        </div>
      )}
    </section>
  );
}

function BudgetPanel({ scheme }: { scheme: SchemeView }) {
  const { t } = useTexts();
  const f = useFormats();
  const budget = useQuery({ queryKey: ["budget", scheme.id], retry: false, queryFn: () => api<BudgetView>(`/api/v1/schemes/${scheme.id}/budget`) });
  const today = new Date().toLocaleDateString("en-CA");
  const until = scheme.validTo && scheme.validTo < today ? scheme.validTo : today;
  const days = useQuery({ enabled: scheme.validFrom <= today, queryKey: ["uptake", scheme.id, "day", scheme.validFrom, until], retry: false, queryFn: () => api<Uptake>(`/api/v1/schemes/${scheme.id}/uptake`, { query: { by: "day", from: scheme.validFrom, to: until } }) });
  const b = budget.data;
  return (
    <section className="panel" aria-label={t("burn.title")}>
      <header><h2>{t("burn.title")}</h2></header>
      {budget.error ? <div className="body"><Fault error={budget.error} reset={() => void budget.refetch()} /></div> : !b ? <Skeleton lines={3} /> : (
        <div className="body stack">
          {days.data && days.data.series.length > 0 && <Burn series={days.data.series} total={b.total} from={scheme.validFrom} to={scheme.validTo ?? today} today={today} endsOn={b.endsOn} />}
          <dl className="sum">
            <dt>{t("burn.total")}</dt><dd className="n num">{b.total === null ? t("burn.noTotal") : f.money(b.total)}</dd>
            <dt>{t("burn.used")}</dt><dd className="n num">{f.money(b.used)}</dd>
            <dt>{t("burn.soft")}</dt><dd className="n num">{f.money(b.soft)}</dd>
            {b.free !== null && b.free !== undefined && <><dt className="tot">{t("burn.free")}</dt><dd className={`n num tot ${b.exhausted ? "neg" : ""}`}>{b.exhausted ? t("burn.exhausted") : f.money(b.free)}</dd></>}
          </dl>
          {b.byDistributor?.length > 0 && (
            <details><summary className="lnk s">{t("burn.byDistributor")}</summary>
              <div className="sub" style={{ marginTop: 8 }}><table><thead><tr><th scope="col">{t("uptake.of.distributor")}</th><th scope="col" className="n">{t("burn.used")}</th><th scope="col" className="n">{t("burn.cap")}</th></tr></thead>
                <tbody>{b.byDistributor.map((d) => <tr key={d.distributorId}><td>{d.name}</td><td className="n num">{f.money(d.used)}</td><td className="n num">{d.cap === null ? "–" : f.money(d.cap)}</td></tr>)}</tbody></table></div>
            </details>
          )}
        </div>
      )}
    </section>
  );
}

function Versions({ scheme }: { scheme: SchemeView }) {
  const { t } = useTexts();
  const f = useFormats();
  const me = useMe();
  const go = useGo();
  const goods = useGoods();
  const found = useQuery({ queryKey: ["record", "schemes", String(scheme.id), "versions"], retry: false, queryFn: () => api<Page<VersionView>>(`/api/v1/schemes/${scheme.id}/versions`) });
  const versions = found.data?.items ?? [];
  const [open, setOpen] = useState<number | null>(null);
  const [going, setGoing] = useState<VersionView | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);
  const back = async (v: VersionView, values: Record<string, string>) => {
    try {
      const content = { ...v.scheme, validFrom: values.from, validTo: values.to };
      const made = await api<Change>("/api/v1/change-requests", { method: "POST", body: { kind: "schemes", targetId: String(scheme.id), reason: values.reason || null, content } });
      go(`/changes/${made.id}`);
    } catch (error) {
      setRefused(problemFrom(error));
    }
  };
  return (
    <section className="panel" aria-label={t("versions.title")}>
      <header><h2>{t("versions.title")}</h2></header>
      <ul className="list versions">
        {versions.map((v, i) => {
          const before = versions[i + 1];
          return (
            <li key={v.versionNo} className={open === v.versionNo ? "open" : ""}>
              <div className="row" style={{ gap: 8, width: "100%" }}>
                <span className="num m5">v{v.versionNo}</span>
                <span className="grow s muted num">{f.dense(v.validFrom)} – {v.validTo ? f.dense(v.validTo) : t("scheme.open")}</span>
                <Status value={schemeState(v)} words="schemeStatus" />
              </div>
              <p className="s muted">{v.createdBy && t("versions.by", { who: v.createdBy })} {v.approvedBy && t("versions.approved", { who: v.approvedBy })}</p>
              <div className="row" style={{ gap: 12 }}>
                {before && <button type="button" className="lnk s" aria-expanded={open === v.versionNo} onClick={() => setOpen(open === v.versionNo ? null : v.versionNo)}>{t("versions.diff", { n: before.versionNo })}</button>}
                {i > 0 && may(me, "schemes") && <button type="button" className="lnk s" onClick={() => setGoing(v)}>{t("versions.back")}</button>}
              </div>
              {open === v.versionNo && before && <DiffList diff={diffOf(before.scheme, v.scheme)} goods={goods} />}
            </li>
          );
        })}
      </ul>
      <p className="ft s muted">{t("versions.text")}</p>
      {going && (
        <Ask title={t("versions.backTitle", { n: going.versionNo })} text={t("versions.backText")} submit={t("versions.backDo")} problem={refused} onClose={() => { setGoing(null); setRefused(null); }}
          fields={[{ name: "from", label: t("field2.validFrom"), kind: "date", required: true }, { name: "to", label: t("field2.validTo"), kind: "date", required: true }, { name: "reason", label: t("detail.reason"), kind: "text", required: true }]}
          onSubmit={(v) => void back(going, v)} />
      )}
    </section>
  );
}
