import { Drawer } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Button, Chip, Dialog, EmptyState, ProblemNote, Shape, Skeleton, type Tone } from "../../ui";
import { Fault, NoRight, problemFrom } from "../frame/faults";
import { useFormats } from "../format";
import { csv } from "../grid/export";
import { Grid, type GridColumn, type GridSort } from "../grid/grid";
import { List, readSort, writeSort } from "../grid/list";
import { save } from "../http";
import { Icon } from "../kit/icons";
import { RefSelect } from "../kit/refselect";
import { toast } from "../kit/toast";
import { useSearchState } from "../nav";
import { mayRead, useMe } from "../session";
import { useDistributorNames } from "../masters/show";
import { DATA_PARTS, useDataHealth, type DataHealth, type DataHealthOne, type FeedBatch, type FeedFault, type Light, type Quarantined } from "./api";
import { acceptedText, clauseText, dataReason, faultText } from "./words";
import "./health.css";

const TONE: Record<Light, Tone> = { GREEN: "good", AMBER: "watch", RED: "act", UNKNOWN: "plain", DUE: "plain", NONE: "plain" };
const TABS = ["partners", "batches", "quarantine"] as const;
const ORDER: Light[] = ["RED", "AMBER", "UNKNOWN", "GREEN", "DUE", "NONE"];

export function LightState({ light }: { light: Light }) {
  const { t } = useTranslation();
  return <span className={`st ${TONE[light]}`}><Shape tone={TONE[light]} />{t(`data.light.${light}`)}</span>;
}

/** T17: how fresh and how right the data of every distributor is; what a feed could not map waits here to be righted. */
export function DataHealthPage() {
  const { t } = useTranslation();
  const f = useFormats();
  const [search, set] = useSearchState();
  const found = useDataHealth();
  const tab = TABS.find((x) => x === search.tab) ?? "partners";
  const rows = found.data?.items ?? [];
  const late = rows.filter((r) => r.status === "RED" || r.status === "AMBER").length;
  const stuck = rows.reduce((a, r) => a + r.quarantined, 0);
  if (found.error instanceof ApiError && found.error.status === 403) return <section className="panel"><NoRight what={t("rail.data")} /></section>;
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("rail.data")}</h1><p className="muted s num">{found.data ? `${t("data.sum", { count: rows.length, late })} · ${t("data.stuck", { count: stuck })} · ${t("fresh.asOf", { time: f.moment(found.data.asOf) })}` : "\u00a0"}</p></div>
        <div className="seg" role="group" aria-label={t("rail.data")}>{TABS.map((x) => <button key={x} type="button" aria-pressed={tab === x} onClick={() => set({ tab: x === "partners" ? undefined : x, open: undefined, sort: undefined, q: undefined })}>{t(`data.tab.${x}`)}</button>)}</div>
      </div>
      {tab === "partners" ? <Partners /> : tab === "batches" ? <Batches /> : <Quarantine />}
    </>
  );
}

function Partners() {
  const { t } = useTranslation();
  const f = useFormats();
  const [search, set] = useSearchState();
  const found = useDataHealth();
  const [find, setFind] = useState("");
  const sort = readSort(search.sort ?? "status");
  const rows = useMemo(() => order((found.data?.items ?? []).filter((r) => (!search.status || r.status === search.status) && (!find || `${r.name} ${r.code}`.toLowerCase().includes(find.toLowerCase()))), sort[0]), [found.data, search.status, find, sort]); // eslint-disable-line react-hooks/exhaustive-deps
  const columns = useMemo<GridColumn<DataHealth>[]>(() => [
    { id: "name", label: t("dimension.distributor"), width: 200, grow: true, fixed: true, sortable: true, cell: (r) => <>{r.name} <span className="s muted code">{r.code}</span></>, raw: (r) => r.name },
    { id: "status", label: t("field.status"), width: 112, sortable: true, cell: (r) => <span title={dataReason(t, f, r)}><LightState light={r.status} /></span>, raw: (r) => r.status },
    { id: "source", label: t("dimension.source"), width: 136, cell: (r) => <span className="s">{r.source === "LIVE" ? t("data.live") : (r.sourceSystem ?? t("data.feed"))}</span>, raw: (r) => r.sourceSystem ?? r.source },
    { id: "lastDataAt", label: t("data.last"), width: 144, sortable: true, cell: (r) => <span className="num">{r.lastDataAt ? f.moment(r.lastDataAt) : t("fresh.never")}</span>, raw: (r) => r.lastDataAt },
    { id: "lateDays", label: t("data.late"), width: 88, numeric: true, sortable: true, cell: (r) => (r.lateDays ? <span className="neg">{f.qty(r.lateDays)}</span> : <span className="muted">0</span>), raw: (r) => r.lateDays },
    { id: "score", label: t("data.score"), width: 88, numeric: true, sortable: true, hint: t("data.scoreHow"), cell: (r) => (r.score === null ? <span className="muted" title={dataReason(t, f, r)}>{f.na}</span> : <b className={r.scoreBand === "RED" ? "neg" : ""}>{f.cell(r.score, "percent")}</b>), raw: (r) => r.score },
    ...DATA_PARTS.map((p): GridColumn<DataHealth> => ({ id: p, label: t(`data.part.${p}`), group: t("data.parts"), width: 92, numeric: true, startsHidden: p === "UNIQUENESS" || p === "CONSISTENCY", cell: (r) => { const one = r.parts.find((x) => x.part === p); return one?.score == null ? <span className="muted">{f.na}</span> : <span title={t("data.passed", { passed: one.passed, tested: one.tested })}>{f.cell(one.score, "days")}</span>; }, raw: (r) => r.parts.find((x) => x.part === p)?.score ?? null })),
    { id: "quarantined", label: t("data.quarantined"), width: 104, numeric: true, sortable: true, cell: (r) => (r.quarantined ? <span className="neg m5">{f.qty(r.quarantined)}</span> : <span className="muted">0</span>), raw: (r) => r.quarantined },
    { id: "blocked", label: t("data.blocked"), width: 96, numeric: true, cell: (r) => (r.blockedBatches ? <span className="neg">{f.qty(r.blockedBatches)}</span> : <span className="muted">0</span>), raw: (r) => r.blockedBatches },
  ], [t, f]);
  return (
    <section className="panel" aria-label={t("data.tab.partners")}>
      <div className="g-bar">
        <input className="input sm" style={{ width: 220 }} id="data-find" aria-label={t("grid.findIn", { what: t("rail.data") })} placeholder={`${t("grid.find")}  /`} value={find} onChange={(e) => setFind(e.target.value)} />
        <select className="input sm" aria-label={t("field.status")} value={search.status ?? ""} onChange={(e) => set({ status: e.target.value || undefined }, { replace: true })}><option value="">{t("data.everyState")}</option>{(["RED", "AMBER", "GREEN", "UNKNOWN"] as const).map((x) => <option key={x} value={x}>{t(`data.light.${x}`)}</option>)}</select>
        <span className="grow" />
        <button type="button" className="btn sm quiet" disabled={rows.length === 0} onClick={() => save(new Blob([csv(columns, rows)], { type: "text/csv;charset=utf-8" }), "data-health.csv")}><Icon name="table" />CSV</button>
      </div>
      {found.isPending ? <Skeleton lines={8} /> : <Grid<DataHealth> id="data-health" label={t("rail.data")} columns={columns} rows={rows} rowKey={(r) => String(r.distributorId)} rowLabel={(r) => r.name} error={found.error} onRetry={() => void found.refetch()} sort={sort} onSort={(s) => set({ sort: writeSort(s.slice(-1)) }, { replace: true })} onFind={() => document.getElementById("data-find")?.focus()} onOpen={(r) => set({ open: String(r.distributorId) })} empty={<EmptyState title={t(found.data?.items.length ? "state.filteredEmpty" : "data.none")}>{t("data.noneText")}</EmptyState>} />}
      <Drawer opened={Boolean(search.open)} onClose={() => set({ open: undefined })} position="right" size={620} title={found.data?.items.find((r) => String(r.distributorId) === search.open)?.name ?? ""} closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}>{search.open && <One id={search.open} />}</Drawer>
    </section>
  );
}

function order(rows: DataHealth[], by: GridSort | undefined): DataHealth[] {
  const s = by ?? { by: "status", desc: false };
  const of = (r: DataHealth): string | number => (s.by === "name" ? r.name : s.by === "status" ? ORDER.indexOf(r.status) : s.by === "lastDataAt" ? (r.lastDataAt ?? "") : s.by === "score" ? (r.score === null ? 999 : Number(r.score)) : s.by === "lateDays" ? (r.lateDays ?? 0) : r.quarantined);
  return [...rows].sort((a, b) => { const x = of(a); const y = of(b); return (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y))) * (s.desc ? -1 : 1) || a.name.localeCompare(b.name); });
}

/** The last thirty days of one distributor, what was checked, its batches and the score month by month. */
function One({ id }: { id: string }) {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const cache = useQueryClient();
  const found = useQuery({ queryKey: ["data-health", id], queryFn: () => api<DataHealthOne>(`/api/v1/data-health/${id}`), placeholderData: undefined });
  const [batch, setBatch] = useState<string | null>(null);
  const d = found.data;
  if (found.error) return <div style={{ paddingTop: 12 }}><Fault error={found.error} reset={() => void found.refetch()} /></div>;
  if (!d) return <Skeleton lines={8} />;
  const types = [...new Set(d.days.flatMap((x) => x.records.map((r) => r.recordType)))].sort();
  const failed = d.checks.filter((c) => c.passed < c.tested);
  const rerun = async () => {
    try {
      const done = await api<{ rerun: number; accepted: number; stillQuarantined: number }>("/api/v1/feeds/re-run", { method: "POST", body: { distributorId: d.distributorId } });
      toast(t("data.reran", { count: done.accepted, still: done.stillQuarantined }));
      void cache.invalidateQueries({ queryKey: ["data-health"] });
    } catch (error) {
      toast(problemFrom(error).detail ?? t("problems.FAULT", { ns: "common" }));
    }
  };
  return (
    <div className="stack" style={{ paddingTop: 12, gridTemplateColumns: "minmax(0, 1fr)" }}>
      <dl className="facts"><div><dt>{t("field.status")}</dt><dd><LightState light={d.status} /></dd></div><div><dt>{t("data.last")}</dt><dd className="num">{d.lastDataAt ? f.moment(d.lastDataAt) : t("fresh.never")}</dd></div><div><dt>{t("data.score")}</dt><dd className="num">{d.score === null ? f.na : f.cell(d.score, "percent")}{d.capped ? ` · ${t("data.capped")}` : ""}</dd></div><div><dt>{t("data.quarantined")}</dt><dd className="num">{f.qty(d.quarantined)}{d.quarantinedValue ? ` · ${f.rupee} ${f.compact(d.quarantinedValue)}` : ""}</dd></div></dl>
      {dataReason(t, f, d) && <p className={`note ${d.status === "GREEN" ? "good" : "watch"}`}><Shape tone={d.status === "GREEN" ? "good" : "watch"} />{dataReason(t, f, d)}</p>}
      {d.quarantined > 0 && mayRead(me, "FEED_MAP") && <div className="row"><Button onClick={() => void rerun()}>{t("data.rerun")}</Button></div>}
      {types.length > 0 && (
        <section><h3>{t("data.days")}</h3><div style={{ overflowX: "auto" }}><table className="daygrid"><thead><tr><th scope="col">{t("data.record")}</th>{[...d.days].reverse().map((x) => <th key={x.day} scope="col"><span className="vh">{f.date(x.day)}</span>{x.day.slice(8)}</th>)}</tr></thead><tbody>{types.map((type) => <tr key={type}><th scope="row">{t(`data.type.${type}`, { defaultValue: type })}</th>{[...d.days].reverse().map((x) => { const r = x.records.find((y) => y.recordType === type); const light = r?.status ?? "NONE"; return <td key={x.day} className={`d-${light}`} title={`${f.date(x.day)}: ${t(`data.light.${light}`)}${r?.count ? `, ${f.qty(r.count)}` : ""}`}><Shape tone={TONE[light]} /><span className="vh">{t(`data.light.${light}`)}</span></td>; })}</tr>)}</tbody></table></div></section>
      )}
      <section><h3>{t("data.checks")}</h3>{failed.length === 0 ? <p className="st good"><Shape tone="good" />{t("data.allChecks", { count: d.checks.length })}</p> : <ul className="list tight">{failed.map((c, i) => <li key={i}><Chip tone="watch">{t(`data.part.${c.part}`)}</Chip><span className="grow s">{clauseText(t, c.clause)} <span className="code muted">{c.clause}</span>{c.sample && <span className="muted"> · {c.sample}</span>}</span><span className="num s">{t("data.passed", { passed: c.passed, tested: c.tested })}</span></li>)}</ul>}</section>
      {d.batches.length > 0 && <section><h3>{t("data.tab.batches")}</h3><ul className="list tight">{d.batches.map((b) => <li key={b.id}><BatchState batch={b} /><span className="grow s"><button type="button" className="lnk s" onClick={() => setBatch(b.id)}>{t(`data.type.${b.recordType}`, { defaultValue: b.recordType })}</button> {f.date(b.periodFrom)}{b.periodTo !== b.periodFrom ? ` – ${f.date(b.periodTo)}` : ""}</span><span className="s num muted">{f.moment(b.receivedAt)}</span></li>)}</ul></section>}
      {d.history.length > 0 && <section><h3>{t("data.history")}</h3><p className="s num">{d.history.map((h) => `${f.month(h.month)}: ${h.score === null ? f.na : f.cell(h.score, "percent")}`).join(" · ")}</p></section>}
      {batch && <BatchDialog id={batch} onClose={() => setBatch(null)} />}
    </div>
  );
}

function BatchState({ batch }: { batch: Pick<FeedBatch, "state"> }) {
  const { t } = useTranslation();
  const tone: Tone = batch.state === "ACCEPTED" ? "good" : batch.state === "PARTIAL" ? "watch" : "act";
  return <Chip tone={tone}>{t(`data.batch.${batch.state}`)}</Chip>;
}

function Batches() {
  const { t } = useTranslation();
  const f = useFormats();
  const names = useDistributorNames();
  const [search, set] = useSearchState();
  const columns = useMemo<GridColumn<FeedBatch>[]>(() => [
    { id: "receivedAt", label: t("data.received"), width: 144, fixed: true, cell: (r) => <span className="num">{f.moment(r.receivedAt)}</span>, raw: (r) => r.receivedAt },
    { id: "distributor", label: t("dimension.distributor"), width: 184, grow: true, cell: (r) => names.get(String(r.distributorId)) ?? String(r.distributorId), raw: (r) => names.get(String(r.distributorId)) ?? r.distributorId },
    { id: "recordType", label: t("data.record"), width: 152, cell: (r) => t(`data.type.${r.recordType}`, { defaultValue: r.recordType }), raw: (r) => r.recordType },
    { id: "period", label: t("data.period"), width: 168, cell: (r) => <span className="num">{f.dense(r.periodFrom)}{r.periodTo !== r.periodFrom ? ` – ${f.dense(r.periodTo)}` : ""}</span>, raw: (r) => `${r.periodFrom}..${r.periodTo}` },
    { id: "state", label: t("field.status"), width: 128, cell: (r) => <BatchState batch={r} />, raw: (r) => r.state },
    { id: "recordCount", label: t("data.records"), width: 88, numeric: true, cell: (r) => f.qty(r.recordCount), raw: (r) => r.recordCount },
    { id: "accepted", label: t("data.accepted"), width: 96, numeric: true, cell: (r) => f.qty(r.accepted), raw: (r) => r.accepted },
    { id: "quarantined", label: t("data.quarantined"), width: 104, numeric: true, cell: (r) => (r.quarantined ? <span className="neg">{f.qty(r.quarantined)}</span> : <span className="muted">0</span>), raw: (r) => r.quarantined },
    { id: "rejected", label: t("data.rejected"), width: 88, numeric: true, cell: (r) => (r.rejected ? <span className="neg">{f.qty(r.rejected)}</span> : <span className="muted">0</span>), raw: (r) => r.rejected },
  ], [t, f, names]);
  return (
    <>
      <List<FeedBatch> id="feed-batches" title={t("data.tab.batches")} path="/api/v1/feeds/batches" columns={columns} searchable={false} filters={[{ id: "distributorId", label: t("dimension.distributor"), kind: "ref", ref: "distributors" }, { id: "state", label: t("field.status"), kind: "choice", options: ["ACCEPTED", "PARTIAL", "BLOCKED"].map((v) => ({ value: v, label: t(`data.batch.${v}`) })) }]} rowKey={(r) => r.id} rowLabel={(r) => r.recordType} onOpen={(r) => set({ open: r.id })} empty={{ title: t("data.noBatches"), text: t("data.noBatchesText") }} />
      {search.open && <BatchDialog id={search.open} onClose={() => set({ open: undefined })} />}
    </>
  );
}

function BatchDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormats();
  const found = useQuery({ queryKey: ["feed-batch", id], queryFn: () => api<FeedBatch>(`/api/v1/feeds/batches/${id}`), placeholderData: undefined });
  const b = found.data;
  const bad = (b?.records ?? []).filter((r) => r.faults.length > 0 || r.outcome === "QUARANTINED" || r.outcome === "REJECTED");
  return (
    <Dialog wide title={b ? `${t(`data.type.${b.recordType}`, { defaultValue: b.recordType })} · ${f.date(b.periodFrom)}` : t("data.tab.batches")} onClose={onClose}>
      {found.error ? <Fault error={found.error} reset={() => void found.refetch()} /> : !b ? <Skeleton lines={5} /> : (
        <>
          <p className="row" style={{ flexWrap: "wrap" }}><BatchState batch={b} /><span className="s muted num">{b.sourceSystem} · {b.fileName ?? b.channel} · {f.moment(b.receivedAt)} · {t("data.counts", { accepted: b.accepted, quarantined: b.quarantined, rejected: b.rejected, unchanged: b.unchanged })}</span></p>
          {b.faults.length > 0 && <Faults faults={b.faults} />}
          {bad.length === 0 ? <p className="muted">{t("data.noFaults")}</p> : <div style={{ maxHeight: "50vh", overflow: "auto" }}><table className="tbl small"><thead><tr><th scope="col" className="n">{t("data.line")}</th><th scope="col">{t("data.key")}</th><th scope="col">{t("field.status")}</th><th scope="col">{t("data.why")}</th></tr></thead><tbody>{bad.slice(0, 200).map((r) => <tr key={`${r.line}/${r.key}`}><td className="n">{r.line}</td><td className="code">{r.key}</td><td>{t(`data.outcome.${r.outcome}`, { defaultValue: r.outcome })}</td><td className="wrap"><Faults faults={r.faults} /></td></tr>)}</tbody></table></div>}
        </>
      )}
      <div className="end"><Button data-autofocus onClick={onClose}>{t("action.close", { ns: "common" })}</Button></div>
    </Dialog>
  );
}

function Faults({ faults }: { faults: FeedFault[] }) {
  const { t } = useTranslation();
  const fits = t("problems.serverWordsFit", { ns: "common" }) === "yes";
  return <ul className="faults">{faults.map((x, i) => <li key={i} className="s"><span className={`st ${x.severity === "ERROR" ? "act" : "watch"}`}><Shape tone={x.severity === "ERROR" ? "act" : "watch"} /><span className="code">{x.clause}</span></span> {fits || x.says ? "" : `${clauseText(t, x.clause)}: `}{faultText(t, x)}{x.accepted && <span className="muted"> {t("data.wouldPass", { what: acceptedText(t, x) })}</span>}</li>)}</ul>;
}

/** Codes of another system that nobody has mapped yet: choose ours, and what waited goes in. */
function Quarantine() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const cache = useQueryClient();
  const names = useDistributorNames();
  const [mapping, setMapping] = useState<Quarantined | null>(null);
  const columns = useMemo<GridColumn<Quarantined>[]>(() => [
    { id: "externalId", label: t("data.theirCode"), width: 144, fixed: true, cell: (r) => <span className="code">{r.externalId}</span>, raw: (r) => r.externalId },
    { id: "kind", label: t("data.kindHead"), width: 96, cell: (r) => t(`dimension.${r.kind === "SKU" ? "sku" : "outlet"}`), raw: (r) => r.kind },
    { id: "hint", label: t("data.hint"), width: 200, grow: true, cell: (r) => r.hint ?? "–", raw: (r) => r.hint },
    { id: "distributor", label: t("dimension.distributor"), width: 176, cell: (r) => names.get(String(r.distributorId)) ?? String(r.distributorId), raw: (r) => names.get(String(r.distributorId)) ?? r.distributorId },
    { id: "records", label: t("data.waits"), width: 96, numeric: true, cell: (r) => f.qty(r.records), raw: (r) => r.records },
    { id: "value", label: `${t("partner.value")}, ${f.rupee}`, width: 120, numeric: true, cell: (r) => f.money(r.value), raw: (r) => r.value },
    { id: "firstSeen", label: t("data.since"), width: 120, cell: (r) => <span className="num">{f.moment(r.firstSeen)}</span>, raw: (r) => r.firstSeen },
    { id: "suggest", label: t("data.suggest"), width: 200, cell: (r) => (r.suggestions[0] ? <span title={t(`data.likely.${r.suggestions[0].why}`, { defaultValue: r.suggestions[0].why })}>{r.suggestions[0].name} <span className="s muted code">{r.suggestions[0].code}</span></span> : <span className="muted">–</span>) },
  ], [t, f, names]);
  return (
    <>
      <List<Quarantined> id="quarantine" title={t("data.tab.quarantine")} path="/api/v1/feeds/quarantine" columns={columns} searchable={false} filters={[{ id: "distributorId", label: t("dimension.distributor"), kind: "ref", ref: "distributors" }]} rowKey={(r) => r.id} rowLabel={(r) => r.externalId} onOpen={mayRead(me, "FEED_MAP") ? (r) => setMapping(r) : undefined} empty={{ title: t("data.nothingWaits"), text: t("data.nothingWaitsText") }} />
      {mapping && <MapDialog row={mapping} onClose={() => setMapping(null)} onDone={(done) => { setMapping(null); toast(t("data.reran", { count: done.accepted, still: done.stillQuarantined })); void cache.invalidateQueries({ queryKey: ["list"] }); void cache.invalidateQueries({ queryKey: ["data-health"] }); }} />}
    </>
  );
}

function MapDialog({ row, onClose, onDone }: { row: Quarantined; onClose: () => void; onDone: (done: { accepted: number; stillQuarantined: number }) => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState<string | null>(row.suggestions[0]?.code ?? null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const map = async () => {
    if (!code) return;
    try {
      onDone(await api("/api/v1/feeds/code-maps", { method: "POST", body: { distributorId: row.distributorId, sourceSystem: row.sourceSystem, kind: row.kind, externalId: row.externalId, targetCode: code } }));
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  return (
    <Dialog title={t("data.mapTitle", { code: row.externalId })} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); void map(); }}>
        <p className="muted">{t("data.mapText", { hint: row.hint ?? row.externalId, count: row.records })}</p>
        {problem && <ProblemNote problem={problem} />}
        {row.suggestions.length > 0 && <div role="radiogroup" aria-label={t("data.suggest")} className="radio-list">{row.suggestions.map((s, i) => <label key={s.id}><input type="radio" name="map" checked={code === s.code} onChange={() => setCode(s.code)} {...(i === 0 ? { "data-autofocus": true } : {})} /><span>{s.name} <span className="code muted">{s.code}</span><span className="s muted"> {t(`data.likely.${s.why}`, { defaultValue: s.why })}</span></span></label>)}</div>}
        <RefSelect label={t("data.ours")} type={row.kind === "SKU" ? "skus" : "outlets"} by="code" params={row.kind === "OUTLET" ? { distributorId: row.distributorId } : undefined} value={code} onChange={(v) => setCode(v)} />
        <div className="end"><Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button><button type="submit" className="btn pri" disabled={!code}>{t("data.map")}</button></div>
      </form>
    </Dialog>
  );
}
