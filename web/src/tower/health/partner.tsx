import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError } from "../../api/client";
import type { Problem } from "../../api/problems";
import type { Claim, Page } from "../../claims/api";
import { Clock, ClaimStatus } from "../../claims/parts";
import { loadTexts } from "../../i18n";
import { Button, Dialog, EmptyState, ProblemNote, Shape, Skeleton } from "../../ui";
import { uuidv7 } from "../../api/uuid";
import { Figure } from "../charts/figure";
import { Lines, OnBand, Parts } from "../charts/plots";
import { add, cmp, dec, forDrawing, sub, text, type Dec } from "../decimal";
import { Fault, problemFrom } from "../frame/faults";
import { useFormats, type Formats } from "../format";
import { Ask } from "../kit/ask";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { toast } from "../kit/toast";
import { useSearchState } from "../nav";
import { permissionsOf, useMe } from "../session";
import { allocated, useAnswer, useCatalogue, valuesOf } from "../insight/api";
import { bucketName, byBucket } from "../insight/keys";
import { remember } from "../insight/labels";
import { encode, type Filter, type Question } from "../insight/question";
import { TileStrip } from "../insight/tilestrip";
import { metricName, reasonText } from "../insight/words";
import { useHealth, whole, type Component, type Health, type Plan } from "./api";
import { BandChip, componentName, score, StartPlaybook, Trend } from "./board";
import { Severity, withUnit } from "./alerts";
import { alertSentence, alertTitle } from "./alertwords";
import { Shelf } from "./review";
import type { Alert } from "./api";
import { archetypeName, behaviourText, eventText, ownerName, periodName, pillarReason, planTitle, playbookTitle, proposalText, saidText, suggestedWhy, taskText, warningText } from "./words";
import "./health.css";

const METRICS = ["nsv", "primary-value", "stock-push", "stock-cover", "eco", "active-outlets", "value-fill", "dso", "overdue-share", "claim-tat"] as const;

const ZERO: Dec = { n: 0n, scale: 2 };

/** Whether the server has that right at all; a right it does not know is nobody's. */
const has = (me: Parameters<typeof permissionsOf>[0], permission: string) => permissionsOf(me).includes(permission);

/** T3: one distributor: its health and what moved it, primary against secondary, cover, dues, claims, agreed actions and events. */
export function Partner() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const { id } = useParams({ strict: false }) as { id: string };
  const [search, set] = useSearchState();
  const scored = has(me, "SCORE_READ");
  const master = useQuery({ queryKey: ["record", "distributors", id], queryFn: () => api<{ id: number; code: string; name: string; territory?: string | null; city?: string | null; grade?: string | null }>(`/api/v1/distributors/${id}`), retry: false });
  const health = useHealth(id, { principalId: search.principalId, period: search.period }, scored);
  const [starting, setStarting] = useState<string | true | null>(search.start ?? null);
  const cache = useQueryClient();
  const filter: Filter[] = [{ dimension: "distributor", op: "in", values: [id] }];
  if (master.error instanceof ApiError && (master.error.status === 404 || master.error.status === 403)) return <section className="panel" style={{ padding: 16 }}><Fault error={master.error} /></section>;
  const name = master.data?.name ?? health.data?.score.name ?? "";
  if (name) remember([{ keys: { distributor: { id, label: name } }, values: {} }]);
  const s = health.data?.score;
  const mayPlan = has(me, "PLAN_WRITE");
  const refresh = () => { void cache.invalidateQueries({ queryKey: ["health"] }); void cache.invalidateQueries({ queryKey: ["health-board"] }); };
  return (
    <>
      <div className="head">
        <div className="grow">
          <nav className="crumb s" aria-label={t("explore.path")}><ol>{s?.region && <><li className="muted">{s.region}</li><li aria-hidden="true"><Icon name="right" /></li></>}{s?.territory && <><li className="muted">{s.territory}</li><li aria-hidden="true"><Icon name="right" /></li></>}<li>{scored ? <A className="lnk" path="/distributors">{t("rail.board")}</A> : t("rail.distributors")}</li></ol></nav>
          <div className="row" style={{ flexWrap: "wrap" }}><h1>{name || "\u00a0"}</h1>{s && <BandChip score={s} />}{s && <Trend trend={s.trend} />}{s?.tag && <span className="s muted" title={t(`health.tagWhy.${s.tag}`)}>{t(`health.tag.${s.tag}`)}</span>}</div>
          <p className="muted s num">{[master.data?.code, master.data?.city, s && archetypeName(t, s.archetype), s?.owner && t("health.ownedBy", { who: s.owner }), s?.nextReview && t("health.reviewOn", { date: f.date(s.nextReview) })].filter(Boolean).join(" · ")}</p>
        </div>
        <A className="btn" path="/explore" search={encode({ metrics: ["nsv", "active-outlets"], dimensions: ["outlet"], filters: filter, window: { kind: "MTD" }, compare: "SAME_LAST_YEAR", order: [] }) as Record<string, string>}><Icon name="explore" />{t("partner.explore")}</A>
        {scored && s && <A className="btn" path={`/distributors/${id}/review`} search={{ principalId: String(s.principalId), ...(search.period ? { period: search.period } : {}) }}>{t("review.pack")}</A>}
        <A className="btn" path="/masters/credit-terms" search={{ distributorId: id }}>{t("partner.credit")}</A>
        {mayPlan && <button type="button" className="btn pri" disabled={!s} onClick={() => setStarting(true)}>{t("health.startPlaybook")}</button>}
      </div>
      <TileStrip metrics={METRICS} filters={filter} by="outlet" />
      {scored && (health.error instanceof ApiError && health.error.status === 404 ? <section className="panel" style={{ marginBottom: 12 }} aria-label={t("health.index")}><EmptyState title={t("health.noScore")}>{t("health.noneText")}</EmptyState></section> : health.error ? <section className="panel" style={{ padding: 16, marginBottom: 12 }}><Fault error={health.error} reset={() => void health.refetch()} /></section> : !health.data ? <div className="pair"><section className="panel"><Skeleton lines={6} /></section><section className="panel"><Skeleton lines={6} /></section></div> : <HealthCards health={health.data} id={id} />)}
      <div className="pair">
        <Divergence filter={filter} />
        <Cover filter={filter} />
      </div>
      <div className="pair">
        {scored && health.data ? <Plans plans={health.data.plans} health={health.data} id={id} may={mayPlan} onChanged={refresh} onStart={setStarting} /> : <TopOutlets filter={filter} />}
        <div className="stack">
          {has(me, "CLAIM_READ") && <OpenClaims id={id} />}
          <Dues filter={filter} />
          <Shelf filter={filter} />
        </div>
      </div>
      {scored && health.data && <TopOutlets filter={filter} />}
      {has(me, "ALERT_READ") && <PartnerAlerts id={id} />}
      {health.data && health.data.events.length > 0 && <Events health={health.data} />}
      {starting && s && <StartPlaybook ids={[Number(id)]} names={[name]} principalId={s.principalId} first={typeof starting === "string" ? starting : undefined} onClose={() => { setStarting(null); set({ start: undefined }, { replace: true }); }} onDone={(opened, skipped) => { setStarting(null); set({ start: undefined }, { replace: true }); toast(t("health.started", { count: opened.length, skipped: skipped.length })); refresh(); }} />}
    </>
  );
}

/** The index with its pillars, and what moved it; every component names its raw figure and what would lift it. */
export function HealthCards({ health, id }: { health: Health; id: string }) {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const [open, setOpen] = useState<string | null>(null);
  const [contest, setContest] = useState<Component | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const s = health.score;
  const components = new Map(health.pillars.flatMap((p) => p.components.map((c) => [c.component, c] as const)));
  const moved = [...health.moved.down, ...health.moved.up];
  const most = Math.max(...moved.map((m) => Math.abs(Number(m.points))), 0.1);
  const bench = health.benchmark;
  const history = health.history.filter((h) => h.kind === "CLOSED");
  const version = health.history.find((h) => h.end === health.period.end && h.kind === health.period.kind)?.modelVersion;
  return (
    <div className="pair">
      <section className="panel" aria-label={t("health.index")}>
        <header><h2>{t("health.index")}<span className="muted"> {periodName(t, f, health.period)}, {t(`health.kind.${health.period.kind}`).toLowerCase()}</span></h2></header>
        <div className="idx">
          <div><b className="idx-n num">{s.index === null ? f.na : score(f, s.index)}</b><p className="s muted num">{s.index === null ? (reasonText(t as never, s.reason) ?? t(`health.state.${s.state}`)) : t("health.was", { was: score(f, s.previous) })}{s.raw !== null && s.raw !== s.index ? ` · ${t("health.raw", { raw: score(f, s.raw) })}` : ""}</p></div>
          <BandScale value={s.index} raw={s.raw} f={f} />
        </div>
        {s.nextBand && s.nextBand !== s.band && <p className="note watch body-note"><Shape tone="watch" /><span>{t("health.turns", { band: t(`health.band.${s.nextBand}`) })}</span></p>}
        {s.knockouts.map((k) => <p key={k.code} className="note act body-note"><Shape tone="act" /><span>{k.text} {t("health.cap", { cap: String(k.cap) })}</span></p>)}
        {health.warnings.map((w) => <p key={w.code} className="note watch body-note"><Shape tone="watch" /><span className="grow">{warningText(t, w)}</span>{w.question && <A className="lnk s" path="/explore" search={encode(whole(w.question)) as Record<string, string>}>{t("partner.show")}</A>}</p>)}
        <ul className="pillars">
          {health.pillars.map((p) => {
            const b = bench.shown ? bench.pillars.find((x) => x.pillar === p.pillar) : undefined;
            return (
              <li key={p.pillar}>
                <button type="button" aria-expanded={open === p.pillar} onClick={() => setOpen(open === p.pillar ? null : p.pillar)}><Icon name={open === p.pillar ? "down" : "right"} />{t(`health.pillar.${p.pillar}`)} <span className="muted num">{f.cell(String(p.weight), "days")} %</span></button>
                <span className="pb" role="img" aria-label={p.score === null ? pillarReason(t, f, p.reason, p.presentWeight) || f.na : score(f, p.score)}>{p.score !== null && <i style={{ width: `${Math.max(0, Math.min(100, forDrawing(p.score) ?? 0))}%` }} />}{b?.median && <b style={{ insetInlineStart: `${forDrawing(b.median)}%` }} title={t("health.median", { value: score(f, b.median) })} />}</span>
                <span className="n">{p.score === null ? <span className="muted">{f.na}</span> : score(f, p.score)}</span>
                {p.score === null && <span className="s muted wide">{t("health.insufficient")}: {pillarReason(t, f, p.reason, p.presentWeight)}</span>}
                {open === p.pillar && (
                  <table className="tbl small wide comps"><thead><tr><th scope="col">{t("health.component")}</th><th scope="col" className="n">{t("health.figure")}</th><th scope="col" className="n">{t("health.score")}</th><th scope="col" className="n">{t("health.adds")}</th><th scope="col"><span className="vh">{t("health.contest")}</span></th></tr></thead>
                    <tbody>{p.components.map((c) => (
                      <tr key={c.component}>
                        <td title={behaviourText(t, c, version)}>{c.question ? <A className="quiet-link" path="/explore" search={encode(whole(c.question)) as Record<string, string>}>{componentName(t, c)}</A> : componentName(t, c)}<span className="s muted num"> {f.cell(String(c.effectiveWeight), "days")} %</span>{c.value === null && <span className="s muted"> · {reasonText(t as never, c.reason) ?? c.reason}</span>}</td>
                        <td className="n">{c.value === null ? <span className="muted">{f.na}</span> : withUnit(c.value, c.unit, f, t as never)}</td><td className="n">{c.score === null ? f.na : score(f, c.score)}</td><td className="n">{c.points === null ? "–" : f.signed(c.points)}</td>
                        <td>{has(me, "PLAN_WRITE") && c.value !== null && <button type="button" className="lnk s" onClick={() => { setProblem(null); setContest(c); }}>{t("health.contest")}</button>}</td>
                      </tr>
                    ))}</tbody></table>
                )}
              </li>
            );
          })}
        </ul>
        {!bench.shown ? <p className="s muted ft-line">{reasonText(t as never, bench.reason) ?? ""}</p> : <p className="s muted ft-line num">{t("health.bench", { archetype: archetypeName(t, bench.archetype), peers: bench.peers, median: score(f, bench.median), top: score(f, bench.topQuartile) })}</p>}
      </section>
      <div className="stack">
        <section className="panel" aria-label={t("health.movedIt")}>
          <header><h2>{t("health.movedIt")}<span className="muted"> {s.raw !== null ? t("health.points") : ""}</span></h2></header>
          {moved.length === 0 ? <p className="body muted">{t("health.nothingMoved")}</p> : (
            <ul className="moved">{moved.map((m) => { const c = components.get(m.component); const p = Number(m.points); return <li key={m.component}><span className="cut">{c ? componentName(t, c) : m.component}</span><span className="s muted num">{c && c.previousValue !== null && c.value !== null ? `${withUnit(c.previousValue, c.unit, f, t as never)} → ${withUnit(c.value, c.unit, f, t as never)}` : ""}</span><span className="dv" aria-hidden="true"><i className={p < 0 ? "down" : "upw"} style={{ width: `${(Math.abs(p) / most) * 50}%` }} /></span><span className="n m5">{f.signed(m.points)}</span></li>; })}</ul>
          )}
          {health.reach && <p className="ft s"><span><b>{t("health.reach", { at: f.cell(health.reach.at, "days"), band: t(`health.band.${health.reach.band}`) })}</b> {health.reach.steps.map((x) => { const c = components.get(x.component); return `${c ? componentName(t, c) : x.component} ${x.from === null || !c ? "" : withUnit(x.from, c.unit, f, t as never)} → ${x.to === null || !c ? "" : withUnit(x.to, c.unit, f, t as never)} (${f.signed(x.points)})`; }).join(", ")}</span></p>}
        </section>
        {history.filter((h) => h.index !== null).length > 1 && (
          <Figure id="health-history" title={t("health.history")} how={t("health.historyHow")} sheet={{ columns: [{ label: t("dimension.month") }, { label: t("health.index"), numeric: true }, { label: t("health.rawHead"), numeric: true }], rows: history.map((h) => ({ key: h.end, cells: [{ raw: h.end, shown: f.month(h.end) }, { raw: h.index, shown: score(f, h.index) }, { raw: h.raw, shown: score(f, h.raw) }] })) }}>
            <Lines labels={history.map((h) => f.month(h.end))} series={[{ key: "index", label: t("health.index"), values: history.map((h) => h.index) }, { key: "raw", label: t("health.rawHead"), values: history.map((h) => h.raw) }]} label={t("health.history")} shown={(v) => f.cell(v, "days")} />
          </Figure>
        )}
      </div>
      {contest && <Ask title={t("health.contestTitle", { what: componentName(t, contest) })} text={t("health.contestText")} fields={[{ name: "reason", label: t("alerts.reason"), kind: "text", required: true }]} submit={t("health.contest")} problem={problem} onClose={() => setContest(null)} onSubmit={(v) => void api(`/api/v1/health/distributors/${id}/contests`, { method: "POST", body: { principalId: s.principalId, component: contest.component, period: health.period.end.slice(0, 7), reason: v.reason } }).then(() => { setContest(null); toast(t("health.contested")); }, (e) => setProblem(problemFrom(e)))} />}
    </div>
  );
}

/** The scale of bands with the published value as a tick and the raw one as a thin line to it. */
function BandScale({ value, raw, f }: { value: string | null; raw: string | null; f: Formats }) {
  const { t } = useTranslation();
  const v = forDrawing(value);
  const r = forDrawing(raw);
  const marks: [number, string][] = [[0, "EXIT_REVIEW"], [35, "FIX"], [55, "SUSTAIN"], [75, "INVEST"]];
  return (
    <div className="scale" role="img" aria-label={value === null ? f.na : `${score(f, value)} / 100`}>
      <span className="scale-bar">{[35, 55, 75].map((x) => <i key={x} style={{ insetInlineStart: `${x}%` }} />)}{v !== null && r !== null && <u style={{ insetInlineStart: `${Math.min(v, r)}%`, width: `${Math.abs(v - r)}%` }} />}{v !== null && <b style={{ insetInlineStart: `${v}%` }} />}</span>
      {marks.map(([x, b]) => <span key={b} className="s muted scale-w" style={{ insetInlineStart: `${x}%` }}>{t(`health.band.${b}`)}</span>)}
    </div>
  );
}

/** Primary against secondary, month by month: where the first outruns the second, stock piles up. */
export function Divergence({ filter }: { filter: Filter[] }) {
  const { t } = useTranslation();
  const f = useFormats();
  const q: Question = { metrics: ["nsv", "primary-value"], dimensions: ["month"], filters: filter, window: { kind: "L12M" }, compare: "NONE", order: [{ by: "month", desc: false }] };
  const { data, error, refetch, isPlaceholderData } = useAnswer(q);
  const rows = useMemo(() => [...(data?.rows ?? [])].sort((a, b) => String(a.keys.month?.id).localeCompare(String(b.keys.month?.id))), [data]);
  const last3 = rows.slice(-3);
  const sum = (m: string) => last3.reduce((a, r) => add(a, dec(r.values[m]?.value) ?? ZERO), ZERO);
  const gap = sub(sum("primary-value"), sum("nsv"));
  // a twentieth of what was sold is the noise of a month's end
  const noise: Dec = { n: sum("nsv").n / 20n, scale: sum("nsv").scale };
  const outruns = cmp(gap, noise) > 0;
  // without any primary there is nothing to compare: it may not have been sent at all
  const unfed = rows.every((r) => (dec(r.values["primary-value"]?.value)?.n ?? 0n) === 0n);
  const title = rows.length < 2 || unfed ? t("partner.both") : outruns ? t("partner.outruns", { amount: `${f.rupee} ${f.compact(text(gap))}` }) : cmp(sub(ZERO, gap), noise) > 0 ? t("partner.drains", { amount: `${f.rupee} ${f.compact(text(sub(ZERO, gap)))}` }) : t("partner.keeps");
  return (
    <Figure id="divergence" title={title} how={t("partner.perMonth", { unit: f.rupee })} stale={isPlaceholderData} note={data ? t("fresh.asOf", { time: f.moment(data.freshness.asOf) }) : undefined}
      actions={<A className="lnk s" path="/explore" search={encode(q) as Record<string, string>}>{t("partner.open")}</A>}
      sheet={data ? { columns: [{ label: t("dimension.month") }, { label: metricName(t, "primary-value"), numeric: true }, { label: metricName(t, "nsv"), numeric: true }], rows: rows.map((r) => ({ key: String(r.keys.month?.id), cells: [{ raw: String(r.keys.month?.id), shown: f.month(String(r.keys.month?.id)) }, { raw: r.values["primary-value"]?.value ?? null, shown: f.money(r.values["primary-value"]?.value) }, { raw: r.values.nsv?.value ?? null, shown: f.money(r.values.nsv?.value) }] })) } : null}>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={7} /> : rows.length < 2 ? <p className="body muted">{t("explore.nothing")}</p> : (
        <>{rows.every((r) => r.values["primary-value"]?.reason === "NOT_FED") && <p className="body s muted">{metricName(t, "primary-value")}: {reasonText(t as never, "NOT_FED")}</p>}<Lines shade={outruns} labels={rows.map((r) => f.month(String(r.keys.month?.id)))} series={[{ key: "primary-value", label: t("partner.primary"), values: rows.map((r) => r.values["primary-value"]?.value ?? null) }, { key: "nsv", label: t("partner.secondary"), values: rows.map((r) => r.values.nsv?.value ?? null) }]} label={title} shown={f.compact} /></>
      )}
    </Figure>
  );
}

/** Stock cover by SKU with the norm beside it; most over norm first. */
export function Cover({ filter, by = "sku" }: { filter: Filter[]; by?: "sku" | "distributor" }) {
  const { t } = useTranslation();
  const f = useFormats();
  const catalogue = useCatalogue();
  const over = catalogue.data?.metrics.some((m) => m.id === "over-norm" && m.source !== "NONE" && m.dimensions.includes(by));
  const q: Question = { metrics: ["stock-cover", "stock-value", ...(over ? ["over-norm"] : [])], dimensions: [by], filters: filter, window: { kind: "NOW" }, compare: "NONE", order: [{ by: over ? "over-norm" : "stock-cover", desc: true }] };
  const { data, error, refetch } = useAnswer(q, { limit: 8, enabled: catalogue.data !== undefined });
  if (data) remember(data.rows);
  // four times the norm fills the track; what lies beyond stands at its end
  const top = 84;
  const totals = valuesOf(data?.totals);
  return (
    <section className="panel" aria-label={t(by === "sku" ? "partner.cover" : "partner.coverBy")}>
      <header><h2>{t(by === "sku" ? "partner.cover" : "partner.coverBy")}<span className="muted"> {t(over ? "partner.coverOver" : "partner.coverHow")}</span></h2>{data && <A className="lnk s" path="/explore" search={encode(q) as Record<string, string>}>{t("today.all", { count: data.count ?? data.rows.length })}</A>}</header>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={7} /> : data.rows.length === 0 ? <p className="body muted">{t("partner.noStock")}</p> : (
        <div style={{ overflowX: "auto" }}>
          <table className="tbl small">
            <thead><tr><th scope="col">{t(`dimension.${by}`)}</th><th scope="col" className="n">{t("partner.days")}</th><th scope="col" style={{ minWidth: 120 }}><span className="vh">{t("partner.norm")}</span></th>{over && <th scope="col" className="n">{metricName(t, "over-norm")}</th>}<th scope="col" className="n">{t("partner.value")}</th></tr></thead>
            <tbody>{data.rows.filter((r) => allocated(r.keys[by])).map((r) => { const cover = r.values["stock-cover"]; const key = r.keys[by]!; return (
              <tr key={String(key.id)}><td>{by === "sku" ? <A className="quiet-link" path={`/skus/${key.id}`}>{key.label}</A> : <A className="quiet-link" path={`/distributors/${key.id}`}>{key.label}</A>}</td><td className="n m5">{cover?.value == null ? <span className="muted na-why" title={reasonText(t as never, cover?.reason)}>{f.na}</span> : f.cell(cover.value, "days")}</td><td><OnBand value={cover?.value ?? null} from="10.5" to="26.25" top={top} label={cover?.value == null ? f.na : t("partner.coverOn", { days: f.cell(cover.value, "days") })} /></td>{over && <td className="n">{f.money(r.values["over-norm"]?.value)}</td>}<td className="n">{f.money(r.values["stock-value"]?.value)}</td></tr>
            ); })}</tbody>
            {totals && <tfoot><tr><td>{t("explore.wholeN", { count: data.count ?? data.rows.length })}</td><td className="n">{f.cell(totals["stock-cover"]?.value, "days")}</td><td />{over && <td className="n">{f.money(totals["over-norm"]?.value)}</td>}<td className="n">{f.money(totals["stock-value"]?.value)}</td></tr></tfoot>}
          </table>
        </div>
      )}
    </section>
  );
}

/** What is owed by days past due. */
export function Dues({ filter }: { filter: Filter[] }) {
  const { t } = useTranslation();
  const f = useFormats();
  const q: Question = { metrics: ["receivable"], dimensions: ["ageing-bucket"], filters: filter, window: { kind: "NOW" }, compare: "NONE", order: [] };
  const { data, error, refetch } = useAnswer(q);
  const total = valuesOf(data?.totals)?.receivable?.value;
  return (
    <section className="panel" aria-label={t("partner.dues")}>
      <header><h2>{t("partner.dues")}<span className="muted"> {total ? `${f.rupee} ${f.compact(total)}` : ""} {t("today.ageingHow")}</span></h2><A className="lnk s" path="/explore" search={encode({ ...q, metrics: ["receivable", "overdue", "overdue-share"], dimensions: ["outlet"] }) as Record<string, string>}>{t("today.byOutlet")}</A></header>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={2} /> : data.rows.length === 0 ? <p className="body muted">{t(filter.some((x) => x.dimension === "outlet") ? "partner.owesNothing" : "today.noDebt")}</p> : <Parts label={t("partner.dues")} parts={folded(byBucket(data.rows, "ageing-bucket").map((r, i) => ({ key: String(r.keys["ageing-bucket"]?.id ?? i), label: bucketName(t, r.keys["ageing-bucket"]?.id, r.keys["ageing-bucket"]?.label), value: r.values.receivable?.value ?? "0" }))).map((p) => ({ ...p, shown: f.compact(p.value) }))} />}
    </section>
  );
}

/** At most five parts: the oldest are one. */
function folded(parts: { key: string; label: string; value: string }[]): { key: string; label: string; value: string }[] {
  if (parts.length <= 5) return parts;
  const rest = parts.slice(4);
  return [...parts.slice(0, 4), { key: "rest", label: `${rest[0]!.label} +`, value: text(rest.reduce((a, p) => add(a, dec(p.value) ?? ZERO), ZERO)) }];
}

/** Its largest outlets in the window, with what they did before. */
export function TopOutlets({ filter, by = "outlet" }: { filter: Filter[]; by?: "outlet" | "distributor" }) {
  const { t } = useTranslation();
  const f = useFormats();
  const q: Question = { metrics: ["nsv"], dimensions: [by], filters: filter, window: { kind: "L3M" }, compare: "PREVIOUS", order: [{ by: "nsv", desc: true }] };
  const { data, error, refetch } = useAnswer(q, { limit: 8 });
  if (data) remember(data.rows);
  return (
    <section className="panel" aria-label={t(`partner.top.${by}`)} style={{ marginBottom: 12 }}>
      <header><h2>{t(`partner.top.${by}`)}<span className="muted"> {t("window.L3M").toLowerCase()}</span></h2>{data && <A className="lnk s" path="/explore" search={encode(q) as Record<string, string>}>{t("today.all", { count: data.count ?? data.rows.length })}</A>}</header>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={5} /> : data.rows.length === 0 ? <p className="body muted">{t("explore.nothing")}</p> : (
        <div style={{ overflowX: "auto" }}><table className="tbl small"><thead><tr><th scope="col">{t(`dimension.${by}`)}</th><th scope="col" className="n">{metricName(t, "nsv")}</th><th scope="col" className="n">{t("compare.short.PREVIOUS")}</th></tr></thead><tbody>{data.rows.filter((r) => allocated(r.keys[by])).map((r) => <tr key={String(r.keys[by]!.id)}><td><A className="quiet-link" path={by === "outlet" ? `/outlets/${r.keys.outlet!.id}` : `/distributors/${r.keys.distributor!.id}`}>{r.keys[by]!.label}</A></td><td className="n m5">{f.money(r.values.nsv?.value)}</td><td className="n muted">{f.money(r.values.nsv?.compare)}</td></tr>)}</tbody></table></div>
      )}
    </section>
  );
}

function OpenClaims({ id }: { id: string }) {
  const { t } = useTranslation();
  const f = useFormats();
  const [ready, setReady] = useState(false);
  useEffect(() => { void loadTexts("claims").then(() => setReady(true)); }, []);
  const { data, error, refetch } = useQuery({ queryKey: ["claims-of", id], queryFn: () => api<Page<Claim>>("/api/v1/claims", { query: { distributorId: id, status: "SUBMITTED,IN_REVIEW,QUERY,DISPUTED,APPROVED,PARTLY_APPROVED", limit: 6 } }) });
  return (
    <section className="panel" aria-label={t("partner.claims")}>
      <header><h2>{t("partner.claims")}</h2><A className="lnk s" path="/claims" search={{ box: "all", distributorId: id }}>{t("rail.claims-desk")}</A></header>
      {error ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data || !ready ? <Skeleton lines={3} /> : data.items.length === 0 ? <p className="body muted">{t("partner.noClaims")}</p> : (
        <div style={{ overflowX: "auto" }}><table className="tbl small"><tbody>{data.items.map((c) => <tr key={c.id}><td><A className="quiet-link" path={`/claims/${c.id}`}>{c.number}</A></td><td className="cut" style={{ width: "100%", maxWidth: 0, minWidth: 96 }} title={c.schemeName ?? undefined}>{c.schemeName}</td><td className="n">{f.money(c.claimed)}</td><td><ClaimStatus claim={c} /></td><td className="n"><Clock clock={c.clock} quiet /></td></tr>)}</tbody></table></div>
      )}
    </section>
  );
}

function PartnerAlerts({ id }: { id: string }) {
  const { t } = useTranslation();
  const f = useFormats();
  const { data } = useQuery({ queryKey: ["alerts-of", id], queryFn: () => api<Page<Alert>>("/api/v1/alerts", { query: { distributorId: id, state: "OPEN,ACCEPTED", limit: 6 } }) });
  if (!data?.items.length) return null;
  return (
    <section className="panel" aria-label={t("rail.alerts")} style={{ marginBottom: 12 }}>
      <header><h2>{t("rail.alerts")}</h2><A className="lnk s" path="/alerts" search={{ distributorId: id }}>{t("today.all", { count: data.items.length })}</A></header>
      <ul className="list">{data.items.map((a) => <li key={a.id}><Severity alert={a} /><span className="grow"><A className="open b5" path="/alerts" search={{ open: a.id, distributorId: id }}>{alertTitle(t, a)}</A><p className="s muted">{alertSentence(t, f, a)}</p></span><span className="num m5">{a.money === null ? f.na : `${f.rupee} ${f.compact(a.money)}`}</span></li>)}</ul>
    </section>
  );
}

function Events({ health }: { health: Health }) {
  const { t } = useTranslation();
  const f = useFormats();
  const kinds = [...new Set(health.events.map((e) => e.kind))];
  const components = new Map(health.pillars.flatMap((p) => p.components.map((c) => [c.component, componentName(t, c)] as const)));
  const [kind, setKind] = useState<string | null>(null);
  return (
    <section className="panel" aria-label={t("partner.timeline")}>
      <header><h2>{t("partner.timeline")}</h2><span className="seg">{[null, ...kinds].map((k) => <button key={k ?? "all"} type="button" aria-pressed={kind === k} onClick={() => setKind(k)}>{t(k ? `partner.event.${k}` : "partner.allEvents", { defaultValue: k?.toLowerCase() })}</button>)}</span></header>
      <ol className="trail2">{health.events.filter((e) => !kind || e.kind === kind).map((e, i) => <li key={i}><span className="num s muted">{f.moment(e.at, new Date(0))}</span><span className="s"><b>{t(`partner.event.${e.kind}`, { defaultValue: e.kind })}</b> {eventText(t, f, e, (code) => components.get(code) ?? code)}</span></li>)}</ol>
    </section>
  );
}

/** The agreed plans with their actions; an outcome closes one. */
function Plans({ plans, health, id, may, onChanged, onStart }: { plans: Plan[]; health: Health; id: string; may: boolean; onChanged: () => void; onStart: (playbook: string) => void }) {
  const { t } = useTranslation();
  const f = useFormats();
  const [making, setMaking] = useState(false);
  const [closing, setClosing] = useState<Plan | null>(null);
  const [noting, setNoting] = useState<Plan | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (path: string, body: unknown, said: string) => {
    setProblem(null);
    try {
      await api(`/api/v1/health/plans${path}`, { method: "POST", body });
      toast(said);
      setClosing(null); setNoting(null); setMaking(false);
      onChanged();
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  const today = new Date().toLocaleDateString("en-CA");
  const open = plans.filter((p) => p.state === "OPEN");
  const shut = plans.filter((p) => p.state === "CLOSED");
  const suggested = health.suggested.filter((x) => !open.some((p) => p.playbook === x.playbook));
  return (
    <section className="panel" aria-label={t("plan.title")}>
      <header><h2>{t("plan.title")}<span className="muted"> {open.length > 0 ? t("plan.open", { count: open.length }) : ""}</span></h2>{may && <button type="button" className="btn sm" onClick={() => { setProblem(null); setMaking(true); }}><Icon name="plus" />{t("plan.new")}</button>}</header>
      {problem && !making && !closing && !noting && <div className="body"><ProblemNote problem={problem} /></div>}
      {open.length === 0 && <p className="body muted">{t("plan.none")}</p>}
      {suggested.length > 0 && <ul className="list" aria-label={t("plan.suggested")}>{suggested.map((x) => <li key={x.playbook}><span className="grow"><b className="b5">{playbookTitle(t, x.playbook, x.title)}</b><p className="s muted">{t("plan.suggests", { what: suggestedWhy(t, f, x) })}</p></span>{may && <button type="button" className="btn sm" onClick={() => onStart(x.playbook)}>{t("health.startPlaybook")}</button>}</li>)}</ul>}
      {open.map((p) => (
        <div key={p.id} className="plan">
          <div className="row"><b className="grow">{planTitle(t, p)}</b>{p.expectedPoints && <span className="s num muted">{t("plan.expected", { points: f.signed(p.expectedPoints) })}</span>}</div>
          <p className="s muted">{[p.trigger, p.ownerPrincipal, ownerName(t, p.ownerDistributor), p.reviewOn && t("health.reviewOn", { date: f.date(p.reviewOn) })].filter(Boolean).join(" · ")}</p>
          <ul className="plan-acts">{p.actions.map((a) => { const late = !a.doneOn && a.dueOn && a.dueOn < today; return <li key={a.no}><span className={`st ${a.doneOn ? "good" : late ? "watch" : "plain"}`}><Shape tone={a.doneOn ? "good" : late ? "watch" : "plain"} />{a.doneOn ? t("plan.done") : late ? t("plan.late") : t("plan.todo")}</span><span className="grow">{taskText(t, p.playbook, a.no, a.text)}<span className="s muted"> {[t(`plan.side.${a.side}`, { defaultValue: a.side }), ownerName(t, a.owner)].filter(Boolean).join(" · ")}</span></span><span className="s num">{a.dueOn ? f.dense(a.dueOn) : ""}</span>{may && !a.doneOn && <button type="button" className="btn sm" onClick={() => void run(`/${p.id}/actions/${a.no}/done`, { on: today }, t("plan.didDone"))}>{t("plan.markDone")}</button>}</li>; })}</ul>
          {p.proposals.length > 0 && <p className="s muted">{t("plan.proposals")}: {p.proposals.map((x, i) => proposalText(t, p.playbook, i, x)).join("; ")}</p>}
          {p.log.length > 0 && <p className="s muted">{f.moment(p.log[p.log.length - 1]!.at)} {p.log[p.log.length - 1]!.actor}: {saidText(t, f, p.log[p.log.length - 1]!, p.playbook)}</p>}
          {may && <div className="row"><button type="button" className="btn sm" onClick={() => { setProblem(null); setNoting(p); }}>{t("plan.log")}</button><button type="button" className="btn sm" onClick={() => { setProblem(null); setClosing(p); }}>{t("plan.close")}</button></div>}
        </div>
      ))}
      {shut.length > 0 && <details className="plan"><summary className="s muted">{t("plan.closed", { count: shut.length })}</summary>{shut.map((p) => <p key={p.id} className="s"><b>{planTitle(t, p)}</b> {p.outcome ? t(`plan.outcome.${p.outcome}`) : ""}{p.outcomeNote ? `: ${p.outcomeNote}` : ""} <span className="muted">{f.date(p.closedOn)}</span></p>)}</details>}
      {making && <NewPlan id={id} principalId={health.score.principalId} problem={problem} onClose={() => setMaking(false)} onSave={(body) => void run("", body, t("plan.made"))} />}
      {noting && <Ask title={t("plan.log")} text={planTitle(t, noting)} fields={[{ name: "text", label: t("plan.what"), kind: "text", required: true }, { name: "reviewOn", label: t("health.nextReview"), kind: "date" }]} submit={t("plan.save")} problem={problem} onClose={() => setNoting(null)} onSubmit={(v) => void run(`/${noting.id}/log`, { text: v.text, reviewOn: v.reviewOn || null }, t("plan.logged"))} />}
      {closing && <ClosePlan plan={closing} problem={problem} onClose={() => setClosing(null)} onSave={(outcome, note) => void run(`/${closing.id}/closure`, { outcome, note }, t("plan.didClose"))} />}
    </section>
  );
}

const OUTCOMES = ["REACHED", "PARTLY", "NOT_REACHED", "STOPPED"] as const;

function ClosePlan({ plan, problem, onClose, onSave }: { plan: Plan; problem: Problem | null; onClose: () => void; onSave: (outcome: string, note: string) => void }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<string>("REACHED");
  const [note, setNote] = useState("");
  return (
    <Dialog title={t("plan.closeTitle", { title: planTitle(t, plan) })} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); if (note.trim()) onSave(outcome, note.trim()); }}>
        {problem && <ProblemNote problem={problem} />}
        <div role="radiogroup" aria-label={t("plan.outcomeHead")} className="radio-list">{OUTCOMES.map((o, i) => <label key={o}><input type="radio" name="plan-outcome" checked={outcome === o} onChange={() => setOutcome(o)} {...(i === 0 ? { "data-autofocus": true } : {})} />{t(`plan.outcome.${o}`)}</label>)}</div>
        <label className="field"><span className="label">{t("plan.outcomeNote")}</span><input className="input" value={note} maxLength={300} required onChange={(e) => setNote(e.target.value)} /></label>
        <div className="end"><Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button><button type="submit" className="btn pri" disabled={!note.trim()}>{t("plan.close")}</button></div>
      </form>
    </Dialog>
  );
}

interface Draft { text: string; side: "PRINCIPAL" | "DISTRIBUTOR"; owner: string; dueOn: string }

function NewPlan({ id, principalId, problem, onClose, onSave }: { id: string; principalId: number; problem: Problem | null; onClose: () => void; onSave: (body: unknown) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [planId] = useState(uuidv7);
  const [v, setV] = useState({ title: "", trigger: "", support: "", expectedPoints: "", ownerPrincipal: me.username, ownerDistributor: "", reviewOn: "" });
  const [acts, setActs] = useState<Draft[]>([{ text: "", side: "DISTRIBUTOR", owner: "", dueOn: "" }]);
  const [bad, setBad] = useState(false);
  const field = (k: keyof typeof v, label: string, type = "text", required = false): ReactNode => <label className="field"><span className="label">{label}{!required && <span className="req">{t("form.optional")}</span>}</span><input className="input" type={type} value={v[k]} aria-invalid={(bad && required && !v[k].trim()) || undefined} {...(k === "title" ? { "data-autofocus": true } : {})} onChange={(e) => { setV({ ...v, [k]: e.target.value }); setBad(false); }} /></label>;
  const save = () => {
    const list = acts.filter((a) => a.text.trim());
    if (!v.title.trim() || !v.trigger.trim() || !v.reviewOn || list.length === 0 || list.some((a) => !a.dueOn)) return setBad(true);
    onSave({ id: planId, distributorId: Number(id), principalId, title: v.title.trim(), trigger: v.trigger.trim(), support: v.support.trim() || null, expectedPoints: v.expectedPoints.trim() || null, ownerPrincipal: v.ownerPrincipal.trim() || null, ownerDistributor: v.ownerDistributor.trim() || null, reviewOn: v.reviewOn, actions: list.map((a) => ({ text: a.text.trim(), side: a.side, owner: a.owner.trim() || null, dueOn: a.dueOn })) });
  };
  return (
    <Dialog wide title={t("plan.new")} onClose={onClose}>
      <form noValidate style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); save(); }}>
        {problem && <ProblemNote problem={problem} />}
        <div className="form"><fieldset>{field("title", t("plan.name"), "text", true)}{field("trigger", t("plan.why"), "text", true)}{field("support", t("plan.support"))}{field("expectedPoints", t("plan.points"))}{field("ownerPrincipal", t("plan.ownerPrincipal"))}{field("ownerDistributor", t("plan.ownerDistributor"))}{field("reviewOn", t("health.nextReview"), "date", true)}</fieldset></div>
        <div className="sub"><table><thead><tr><th>{t("plan.action")}</th><th>{t("plan.sideHead")}</th><th>{t("alerts.owner")}</th><th>{t("alerts.dueOn")}</th></tr></thead><tbody>{acts.map((a, i) => <tr key={i}><td><input className="input" aria-label={`${t("plan.action")}, ${i + 1}`} value={a.text} onChange={(e) => { setBad(false); setActs(acts.map((x, k) => (k === i ? { ...x, text: e.target.value } : x))); }} /></td><td><select className="input" aria-label={`${t("plan.sideHead")}, ${i + 1}`} value={a.side} onChange={(e) => setActs(acts.map((x, k) => (k === i ? { ...x, side: e.target.value as Draft["side"] } : x)))}><option value="DISTRIBUTOR">{t("plan.side.DISTRIBUTOR")}</option><option value="PRINCIPAL">{t("plan.side.PRINCIPAL")}</option></select></td><td><input className="input" aria-label={`${t("alerts.owner")}, ${i + 1}`} value={a.owner} onChange={(e) => setActs(acts.map((x, k) => (k === i ? { ...x, owner: e.target.value } : x)))} /></td><td><input className="input" type="date" aria-label={`${t("alerts.dueOn")}, ${i + 1}`} value={a.dueOn} onChange={(e) => { setBad(false); setActs(acts.map((x, k) => (k === i ? { ...x, dueOn: e.target.value } : x))); }} /></td></tr>)}</tbody></table></div>
        <div className="row"><Button kind="quiet" className="sm" onClick={() => setActs([...acts, { text: "", side: "DISTRIBUTOR", owner: "", dueOn: "" }])}>{t("plan.moreActions")}</Button></div>
        {bad && <div className="field"><div className="bad" role="alert"><Shape tone="act" />{t("plan.fill")}</div></div>}
        <div className="end"><Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button><button type="submit" className="btn pri">{t("plan.save")}</button></div>
      </form>
    </Dialog>
  );
}

