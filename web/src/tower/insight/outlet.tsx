import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { Skeleton } from "../../ui";
import { Line } from "../charts/charts";
import { Figure } from "../charts/figure";
import { Fault } from "../frame/faults";
import { change, useFormats } from "../format";
import { Dues } from "../health/partner";
import { A } from "../kit/link";
import { Status } from "../masters/show";
import { useMe, may } from "../session";
import { allocated, documentOf, useAnswer, valuesOf, type Answer } from "./api";
import { remember } from "./labels";
import { encode, type Filter, type Question } from "./question";
import { TileStrip } from "./tilestrip";
import { metricName } from "./words";
import { useDistributorNames } from "../masters/show";
import "../health/health.css";

interface OutletRecord { id: string; distributorId: number; distributor?: string; code: string; name: string; nameLocal?: string | null; channel: string; outletClass: string; city: string; address: string; phone: string; status: string; beat?: string | null; gstin?: string | null; latitude?: string | number | null }

const METRICS = ["nsv", "bills", "average-bill", "unique-lines", "tlsd", "receivable", "overdue", "collected"] as const;

/** T7: one outlet: what it buys and stopped buying, its bills, what it owes and what schemes gave it. */
export function OutletView() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const { id } = useParams({ strict: false }) as { id: string };
  const found = useQuery({ queryKey: ["record", "outlets", id], queryFn: () => api<OutletRecord>(`/api/v1/outlets/${id}`), retry: false });
  const o = found.data;
  const names = useDistributorNames();
  const filter: Filter[] = [{ dimension: "outlet", op: "in", values: [id] }];
  if (o) remember([{ keys: { outlet: { id, label: o.name } }, values: {} }]);
  if (found.error) return <section className="panel" style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></section>;
  return (
    <>
      <div className="head">
        <div className="grow">
          <p className="s">{o ? <A className="lnk" path={`/distributors/${o.distributorId}`}>{names.get(String(o.distributorId)) ?? o.distributor ?? t("dimension.distributor")}</A> : "\u00a0"}</p>
          <div className="row" style={{ flexWrap: "wrap" }}><h1>{o?.name ?? "\u00a0"}</h1>{o && <Status value={o.status} />}</div>
          <p className="muted s">{o ? [o.nameLocal, o.code, t(`choice.channel.${o.channel}`, { defaultValue: o.channel }), `${t("dimension.class")} ${o.outletClass}`, o.beat, o.city, o.phone].filter(Boolean).join(" · ") : "\u00a0"}</p>
        </div>
        <A className="btn" path="/bills" search={{ outletId: id }}>{t("rail.bills")}</A>
        <A className="btn" path="/masters/outlets" search={{ open: id }}>{t(may(me, "outlets") ? "outlet.correct" : "outlet.master")}</A>
      </div>
      <TileStrip metrics={METRICS} filters={filter} by="sku" window={{ kind: "L3M" }} most={6} />
      <div className="pair"><Purchases filter={filter} /><Months filter={filter} /></div>
      <div className="pair"><Gaps filter={filter} outlet={o} /><div className="stack"><Dues filter={filter} /><Schemes filter={filter} /></div></div>
      <LastBills filter={filter} f={f} />
    </>
  );
}

function Purchases({ filter }: { filter: Filter[] }) {
  const { t } = useTranslation();
  const f = useFormats();
  const q: Question = { metrics: ["nsv", "volume"], dimensions: ["sku"], filters: filter, window: { kind: "L3M" }, compare: "PREVIOUS", order: [{ by: "nsv", desc: true }] };
  const { data, error, refetch } = useAnswer(q, { limit: 12 });
  if (data) remember(data.rows);
  return (
    <section className="panel" aria-label={t("outlet.buys")}>
      <header><h2>{t("outlet.buys")}<span className="muted"> {t("outlet.buysHow")}</span></h2>{data && <A className="lnk s" path="/explore" search={encode(q) as Record<string, string>}>{t("today.all", { count: data.count ?? data.rows.length })}</A>}</header>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={7} /> : data.rows.length === 0 ? <p className="body muted">{t("outlet.nothing")}</p> : (
        <div style={{ overflowX: "auto" }}><table className="tbl small"><thead><tr><th scope="col">{t("dimension.sku")}</th><th scope="col" className="n">{metricName(t, "volume")}</th><th scope="col" className="n">{metricName(t, "nsv")}</th><th scope="col" className="n">{t("explore.growth")}</th></tr></thead>
          <tbody>{data.rows.filter((r) => allocated(r.keys.sku)).map((r) => { const moved = change(r.values.nsv?.value, r.values.nsv?.compare, "money"); return <tr key={String(r.keys.sku!.id)}><td><A className="quiet-link" path={`/skus/${r.keys.sku!.id}`}>{r.keys.sku!.label}</A></td><td className="n">{f.cell(r.values.volume?.value, "count")}</td><td className="n m5">{f.money(r.values.nsv?.value)}</td><td className={`n ${moved?.value.startsWith("-") ? "neg" : ""}`}>{moved ? f.signed(moved.value) : <span className="muted">{f.na}</span>}</td></tr>; })}</tbody></table></div>
      )}
    </section>
  );
}

function Months({ filter }: { filter: Filter[] }) {
  const { t } = useTranslation();
  const f = useFormats();
  const q: Question = { metrics: ["nsv"], dimensions: ["month"], filters: filter, window: { kind: "L12M" }, compare: "NONE", order: [{ by: "month", desc: false }] };
  const { data, error, refetch } = useAnswer(q);
  const rows = useMemo(() => byMonth(data), [data]);
  const known = rows.filter((r) => r.values.nsv?.value != null);
  const moved = known.length > 1 ? change(known[known.length - 1]!.values.nsv!.value, known[0]!.values.nsv!.value, "money") : null;
  return (
    <Figure id="months" title={moved ? t("finding.time", { name: metricName(t, "nsv"), change: `${f.signed(moved.value)} %`, from: f.month(String(known[0]!.keys.month?.id)) }) : metricName(t, "nsv")} how={f.rupee} sheet={data ? { columns: [{ label: t("dimension.month") }, { label: metricName(t, "nsv"), numeric: true }], rows: rows.map((r) => ({ key: String(r.keys.month?.id), cells: [{ raw: String(r.keys.month?.id), shown: f.month(String(r.keys.month?.id)) }, { raw: r.values.nsv?.value ?? null, shown: f.money(r.values.nsv?.value) }] })) } : null}>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={7} /> : rows.length < 2 ? <p className="body muted">{t("outlet.nothing")}</p> : <div className="body"><Line points={rows.map((r) => ({ label: f.month(String(r.keys.month?.id)), value: r.values.nsv?.value ?? null }))} shown={f.compact} label={metricName(t, "nsv")} /></div>}
    </Figure>
  );
}

export function byMonth(data: Answer | undefined): Answer["rows"] {
  return [...(data?.rows ?? [])].sort((a, b) => String(a.keys.month?.id).localeCompare(String(b.keys.month?.id)));
}

/** What sells at the other outlets of the same distributor and class, and not here. */
function Gaps({ filter, outlet }: { filter: Filter[]; outlet: OutletRecord | undefined }) {
  const { t } = useTranslation();
  const f = useFormats();
  const peers: Question = { metrics: ["active-outlets", "nsv"], dimensions: ["sku"], filters: outlet ? [{ dimension: "distributor", op: "in", values: [String(outlet.distributorId)] }, { dimension: "class", op: "in", values: [outlet.outletClass] }] : [], window: { kind: "L3M" }, compare: "NONE", order: [{ by: "active-outlets", desc: true }] };
  const theirs = useAnswer(peers, { limit: 60, enabled: outlet !== undefined });
  const mine = useAnswer({ metrics: ["nsv"], dimensions: ["sku"], filters: filter, window: { kind: "L3M" }, compare: "NONE", order: [] }, { limit: 1000 });
  const own = new Set((mine.data?.rows ?? []).map((r) => String(r.keys.sku?.id)));
  const gaps = (theirs.data?.rows ?? []).filter((r) => allocated(r.keys.sku) && !own.has(String(r.keys.sku!.id))).slice(0, 8);
  const error = theirs.error ?? mine.error;
  return (
    <section className="panel" aria-label={t("outlet.gaps")}>
      <header><h2>{t("outlet.gaps")}<span className="muted"> {t("outlet.gapsHow", { class: outlet?.outletClass ?? "" })}</span></h2></header>
      {error ? <div className="body"><Fault error={error} reset={() => { void theirs.refetch(); void mine.refetch(); }} /></div> : !theirs.data || !mine.data ? <Skeleton lines={6} /> : gaps.length === 0 ? <p className="body muted">{t("outlet.noGaps")}</p> : (
        <div style={{ overflowX: "auto" }}><table className="tbl small"><thead><tr><th scope="col">{t("dimension.sku")}</th><th scope="col" className="n">{t("outlet.boughtBy")}</th><th scope="col" className="n">{metricName(t, "nsv")}</th></tr></thead><tbody>{gaps.map((r) => <tr key={String(r.keys.sku!.id)}><td><A className="quiet-link" path={`/skus/${r.keys.sku!.id}`}>{r.keys.sku!.label}</A></td><td className="n">{f.cell(r.values["active-outlets"]?.value, "count")}</td><td className="n">{f.money(r.values.nsv?.value)}</td></tr>)}</tbody></table></div>
      )}
    </section>
  );
}

function Schemes({ filter }: { filter: Filter[] }) {
  const { t } = useTranslation();
  const f = useFormats();
  const q: Question = { metrics: ["scheme-benefit", "scheme-bills"], dimensions: ["scheme"], filters: filter, window: { kind: "L12M" }, compare: "NONE", order: [{ by: "scheme-benefit", desc: true }] };
  const { data, error, refetch } = useAnswer(q, { limit: 6 });
  const total = valuesOf(data?.totals)?.["scheme-benefit"]?.value;
  return (
    <section className="panel" aria-label={t("outlet.schemes")}>
      <header><h2>{t("outlet.schemes")}<span className="muted"> {total ? `${f.rupee} ${f.compact(total)}` : ""}</span></h2></header>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={3} /> : data.rows.length === 0 ? <p className="body muted">{t("outlet.noSchemes")}</p> : (
        <table className="tbl small"><tbody>{data.rows.filter((r) => allocated(r.keys.scheme)).map((r) => <tr key={String(r.keys.scheme!.id)}><td><A className="quiet-link" path={`/schemes/${r.keys.scheme!.id}`}>{r.keys.scheme!.label}</A></td><td className="n muted">{t("outlet.bills", { count: Number(r.values["scheme-bills"]?.value ?? 0) })}</td><td className="n">{f.money(r.values["scheme-benefit"]?.value)}</td></tr>)}</tbody></table>
      )}
    </section>
  );
}

function LastBills({ filter, f }: { filter: Filter[]; f: ReturnType<typeof useFormats> }) {
  const { t } = useTranslation();
  const q: Question = { metrics: ["nsv", "scheme-discount"], dimensions: ["day", "invoice"], filters: filter, window: { kind: "LAST_N_DAYS", n: 92 }, compare: "NONE", order: [{ by: "day", desc: true }] };
  const { data, error, refetch } = useAnswer(q, { limit: 12 });
  return (
    <section className="panel" aria-label={t("outlet.lastBills")}>
      <header><h2>{t("outlet.lastBills")}</h2>{data && <A className="lnk s" path="/explore" search={encode({ ...q, dimensions: ["invoice"] }) as Record<string, string>}>{t("today.all", { count: data.count ?? data.rows.length })}</A>}</header>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={4} /> : data.rows.length === 0 ? <p className="body muted">{t("outlet.nothing")}</p> : (
        <div style={{ overflowX: "auto" }}><table className="tbl small"><thead><tr><th scope="col">{t("bill.date")}</th><th scope="col">{t("bill.number")}</th><th scope="col" className="n">{metricName(t, "nsv")}</th><th scope="col" className="n">{metricName(t, "scheme-discount")}</th></tr></thead><tbody>{data.rows.map((r, i) => { const id = documentOf(r); return <tr key={id ?? i}><td className="num">{f.dense(String(r.keys.day?.id ?? ""))}</td><td>{id ? <A className="lnk code" path={`/bills/${id}`}>{r.keys.invoice?.label}</A> : r.keys.invoice?.label}</td><td className="n m5">{f.money(r.values.nsv?.value)}</td><td className="n">{f.money(r.values["scheme-discount"]?.value)}</td></tr>; })}</tbody></table></div>
      )}
    </section>
  );
}
