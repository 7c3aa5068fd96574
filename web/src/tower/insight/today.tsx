import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { Skeleton, Shape, type Tone } from "../../ui";
import { Fault } from "../frame/faults";
import { Bars, Bullet, Sparkline } from "../charts/charts";
import { Lines } from "../charts/plots";
import { abs, add, cmp, dec, forDrawing, growth, share, sub, text } from "../decimal";
import { change, useFormats, type FigureKind } from "../format";
import { RAIL } from "../frame/pages";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { useSearchState } from "../nav";
import { Severity, withUnit } from "../health/alerts";
import { alertSentence, alertSteps, alertTitle, valueLabel } from "../health/alertwords";
import { useAlerts, useAlertSummary, whole } from "../health/api";
import { mayRead, permissionsOf, useMe } from "../session";
import { allocated, goodWhenUp, kindOf, useAnswer, useCatalogue, valuesOf, type Answer, type Cell } from "./api";
import { remember } from "./labels";
import { decodeFilters, effective, encode, type DimensionId, type MetricId, type Question, type WindowKind } from "./question";
import { bucketName } from "./keys";
import { questionOf, useViews, type SavedView } from "./views";
import { changeUnit, definitionText, metricName, partialText, reasonText, whoseText } from "./words";

/** What each role looks at first (T1): at most eight, in this order; what the catalogue has no source for is left out. */
const OF_ROLE: Record<string, readonly MetricId[]> = {
  sales: ["nsv", "primary-value", "eco", "active-outlets", "value-fill", "stock-cover", "strike-rate", "overdue-share", "claim-tat", "receivable"],
  money: ["receivable", "overdue-share", "dso", "trade-spend", "claim-tat", "leakage", "straight-through", "nsv", "stock-cover", "active-outlets"],
  supply: ["stock-cover", "stock-out-days", "over-norm", "near-expiry", "value-fill", "back-orders", "primary-value", "nsv", "active-outlets", "overdue-share"],
};
/** The rows a tile opens with: from there a bill is at most four steps away (UX 6.2). */
const BY: Record<string, DimensionId> = { eco: "region" };
const MOST = 8;
const SPANS: WindowKind[] = ["MTD", "LAST_MONTH", "L3M"];

/** The set of somebody's roles: who answers for money sees money first. */
export function figuresOf(roles: readonly string[]): readonly MetricId[] {
  if (roles.some((r) => ["SO", "RSM", "ASM", "REP"].includes(r))) return OF_ROLE.sales!;
  return roles.some((r) => ["FIN", "CA", "AUD"].includes(r)) ? OF_ROLE.money! : roles.includes("COE") || roles.includes("DO") ? OF_ROLE.sales! : OF_ROLE.supply!;
}

/** Figures of the day, what changed most, who owes for how long, and how fresh it all is (T1). */
export function Today() {
  const me = useMe();
  if (!mayRead(me, "INSIGHT_READ")) return <Elsewhere />;
  return <Figures />;
}

/** A role without figures begins at its own work. */
function Elsewhere() {
  const { t } = useTranslation();
  const me = useMe();
  const places = RAIL.flatMap((r) => r.pages.map((p) => ({ ...p, icon: r.icon }))).filter((p) => p.id !== "today" && (!p.reads || mayRead(me, p.reads)));
  return (
    <>
      <div className="head"><h1>{t("today.hello", { name: me.name })}</h1></div>
      <section className="panel"><ul className="list">{places.map((r) => <li key={r.id}><Icon name={r.icon} /><span className="grow"><A className="lnk" path={r.path}>{t(`rail.${r.id}`)}</A><p className="s muted">{t(`help.of.${r.id}`)}</p></span></li>)}</ul></section>
    </>
  );
}

function Figures() {
  const { t, i18n } = useTranslation();
  const f = useFormats();
  const [search, set] = useSearchState();
  const kind = SPANS.includes(search.w as WindowKind) ? (search.w as WindowKind) : "MTD";
  const me = useMe();
  const catalogue = useCatalogue();
  const wanted = useMemo(() => {
    const list = figuresOf(me.roles);
    const known = catalogue.data?.metrics;
    return known ? list.filter((m) => known.some((x) => x.id === m && x.source !== "NONE")).slice(0, 10) : [];
  }, [me.roles, catalogue.data]);
  const asked = useMemo(() => [...wanted, "overdue", ...(catalogue.data?.metrics.some((x) => x.id === "target" && x.source !== "NONE") ? ["target"] : [])].filter((m, i, all) => all.indexOf(m) === i), [wanted, catalogue.data]);
  const base: Question = useMemo(() => ({ metrics: asked, dimensions: [], filters: decodeFilters(search.f), window: { kind }, compare: "SAME_LAST_YEAR", order: [] }), [asked, search.f, kind]);
  const year = useAnswer(base, { enabled: wanted.length > 0 });
  const before = useAnswer({ ...base, compare: "PREVIOUS" }, { enabled: wanted.length > 0 });
  // what only files can say is shown where a file says it
  const said = valuesOf(year.data?.totals) ?? year.data?.rows[0]?.values;
  const metrics = useMemo(() => wanted.filter((m) => catalogue.data?.metrics.find((x) => x.id === m)?.source !== "FILE" || said?.[m]?.value != null).slice(0, MOST), [wanted, said, catalogue.data]);
  const trends = useTrends(base, year.data, metrics);
  const answer = year.data;
  const current = valuesOf(answer?.totals) ?? answer?.rows[0]?.values ?? null;
  const previous = valuesOf(before.data?.totals) ?? before.data?.rows[0]?.values ?? null;
  const from = answer?.window.from;
  const to = answer?.window.to;
  const may = (right: string) => permissionsOf(me).includes(right);

  return (
    <>
      <div className="head">
        <div className="grow">
          <h1>{t("rail.today")}</h1>
          <p className="muted s num">
            {t(`window.${kind}`)}{from && to ? `, ${f.date(from)} – ${f.date(to)}` : ""} · {t("today.compared")}{whoseText(t, i18n.language, answer) && ` · ${whoseText(t, i18n.language, answer)}`}
          </p>
        </div>
        <div className="seg" role="group" aria-label={t("explore.window")}>
          {SPANS.map((s) => <button key={s} type="button" aria-pressed={kind === s} onClick={() => set({ w: s === "MTD" ? undefined : s }, { replace: true })}>{t(`window.${s}`)}</button>)}
        </div>
      </div>
      {year.error && !answer ? (
        <section className="panel" style={{ padding: 16, marginBottom: 12 }}><Fault error={year.error} reset={() => void year.refetch()} /></section>
      ) : (
        <div className={`tiles ${metrics.length === 5 ? "five" : metrics.length === 6 ? "six" : ""}`} style={year.isPlaceholderData ? { opacity: 0.55 } : undefined} aria-busy={year.isPlaceholderData || undefined}>
          {wanted.length === 0 && Array.from({ length: 5 }, (_, i) => <Tile key={i} metric="nsv" title={"\u00a0"} cell={undefined} before={undefined} points={undefined} answer={undefined} to={base} />)}
          {metrics.map((metric) => (
            <Tile
              key={metric}
              metric={metric}
              cell={current?.[metric]}
              before={previous?.[metric]}
              points={trends[metric]}
              answer={answer}
              goal={metric === "nsv" && Number(current?.target?.value ?? 0) > 0 ? current?.target?.value : undefined}
              to={{ ...base, metrics: metric === "overdue-share" ? ["receivable", "overdue", "overdue-share"] : [metric], dimensions: [BY[metric] ?? "distributor"] }}
              extra={metric === "overdue-share" && current?.overdue?.value ? t("today.overdueOf", { amount: `${f.rupee} ${f.compact(current.overdue.value)}` }) : undefined}
            />
          ))}
        </div>
      )}
      <Pinned />
      {may("ALERT_READ") && <Story />}
      <div className="cols">
        <div className="stack">
          <Movers base={base} />
          <Ageing base={base} />
        </div>
        <div className="stack">
          {may("ALERT_READ") && <TopAlerts />}
          <Waiting />
          <Freshness answer={answer} jump={search.at === "freshness"} />
        </div>
      </div>
    </>
  );
}

/** Thirteen points per figure: weeks for sales (their days add up), closed months and today for the rest. */
function useTrends(base: Question, now: Answer | undefined, metrics: readonly MetricId[]): Partial<Record<MetricId, (string | null)[]>> {
  const catalogue = useCatalogue();
  const can = (m: MetricId, d: DimensionId) => catalogue.data?.metrics.find((x) => x.id === m)?.dimensions.includes(d) ?? false;
  const monthly = metrics.filter((m) => m !== "nsv" && can(m, "month"));
  const days = useAnswer({ ...base, metrics: ["nsv"], dimensions: ["day"], window: { kind: "LAST_N_DAYS", n: 91 }, compare: "NONE", order: [{ by: "day", desc: false }] }, { enabled: can("nsv", "day") });
  const months = useAnswer({ ...base, metrics: monthly, dimensions: ["month"], window: { kind: "L12M" }, compare: "NONE", order: [{ by: "month", desc: false }] }, { enabled: monthly.length > 0 });
  return useMemo(() => {
    const found: Partial<Record<MetricId, (string | null)[]>> = {};
    if (days.data) found.nsv = weeks(days.data);
    const totals = valuesOf(now?.totals) ?? now?.rows[0]?.values;
    if (months.data) {
      const rows = [...months.data.rows].sort((a, b) => String(a.keys.month?.id).localeCompare(String(b.keys.month?.id))).slice(-12);
      for (const m of monthly) found[m] = [...rows.map((r) => r.values[m]?.value ?? null), totals?.[m]?.value ?? null];
    }
    return found;
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [days.data, months.data, now]);
}

/** Days folded into 13 weeks that end with the last day of the window; a day without a row sold nothing. */
export function weeks(answer: Pick<Answer, "rows" | "window">): (string | null)[] {
  const end = answer.window.to ?? answer.rows.map((r) => String(r.keys.day?.id)).sort().pop();
  if (!end) return [];
  const last = Date.parse(`${end}T00:00:00Z`);
  const sums = Array.from({ length: 13 }, () => ({ n: 0n, scale: 2 }));
  for (const row of answer.rows) {
    const age = Math.floor((last - Date.parse(`${String(row.keys.day?.id).slice(0, 10)}T00:00:00Z`)) / 86_400_000 / 7);
    const value = dec(row.values.nsv?.value);
    if (value && age >= 0 && age < 13) sums[12 - age] = add(sums[12 - age]!, value);
  }
  return sums.map(text);
}

function Tile({ metric, cell, before, points, answer, to, extra, goal, title }: { metric: MetricId; cell: Cell | undefined; before: Cell | undefined; points: (string | null)[] | undefined; answer: Answer | undefined; to: Question; extra?: string | undefined; goal?: string | null | undefined; title?: string }) {
  const { t } = useTranslation();
  const f = useFormats();
  const column = answer?.columns.find((c) => c.id === metric);
  const name = title ?? metricName(t, metric, column?.label);
  if (!answer) {
    return (
      <div className="panel tile" aria-busy="true" aria-label={name} role="group" style={{ minHeight: 148 }}>
        <div className="t-top"><span className="muted">{name}</span></div>
        <div className="t-mid"><span className="sk" style={{ width: 88, height: 24 }} /></div>
        <span className="sk" style={{ width: "60%", marginTop: 8 }} />
        <span className="sk" style={{ width: "40%", marginTop: 12 }} />
      </div>
    );
  }
  const kind = kindOf(metric, column?.unit);
  const figure = f.figure(cell?.value, kind, { days: t("unit.days"), hours: t("unit.hours") });
  const full = kind === "money" ? f.rupees(cell?.value) : f.cell(cell?.value, kind);
  const state = stateOf(metric, kind, cell);
  const older = answer.freshness.older.length;
  return (
    <article className="panel tile">
      <A className="cover" path="/explore" search={encode(to) as Record<string, string>} aria-label={t("today.open", { name, value: full })} title={full} />
      <div className="t-top">
        <span className="muted cut" title={definitionText(t, metric, column?.definition)}>{name}</span>
        {state && <span className={`st ${state.tone}`}><Shape tone={state.tone} />{t(`today.state.${state.word}`)}</span>}
      </div>
      <div className="t-mid">
        <span className="fig">{figure.sign && `${figure.sign} `}{figure.number}{figure.unit && <small>{figure.unit}</small>}</span>
        {points && <Sparkline points={points} label={t("today.trend", { name, first: f.cell(points.find((p) => p !== null), kind), last: f.cell(points[points.length - 1], kind) })} />}
      </div>
      <Bullet value={cell?.value ?? null} mark={goal ?? cell?.compare} {...(kind === "percent" ? { whole: 100 } : {})} />
      {cell?.value === null && cell.reason ? null : <Moved cell={cell} kind={kind} than={t("today.onYear")} />}
      <Moved cell={before} kind={kind} than={t("today.onBefore")} quiet />
      {goal != null && <p className="chg muted num">{t("today.target", { value: kind === "money" ? `${f.rupee} ${f.compact(goal)}` : f.cell(goal, kind) })}</p>}
      {extra && <p className="chg muted num">{extra}</p>}
      {cell?.value === null && cell.reason && <p className="s muted">{reasonText(t as never, cell.reason)}</p>}
      {cell?.partial && <p className="s muted num">{partialText(t as never, cell)}</p>}
      <p className="s muted fresh num">{t("fresh.asOf", { time: f.moment(answer.freshness.asOf) })} · {older ? t("fresh.older", { count: older, all: answer.freshness.distributors }) : t("fresh.complete")}</p>
    </article>
  );
}

/** Word first: ahead or behind the same days last year; figures without a good direction have none. */
function stateOf(metric: string, kind: FigureKind, cell: Cell | undefined): { tone: Tone; word: string } | null {
  const moved = change(cell?.value, cell?.compare, kind);
  const up = goodWhenUp(metric);
  if (!moved || up === null) return null;
  const d = dec(moved.value)!;
  if (d.n === 0n) return { tone: "good", word: "level" };
  const rising = d.n > 0n;
  if (up) return rising ? { tone: "good", word: "ahead" } : { tone: "watch", word: "behind" };
  return rising ? { tone: "watch", word: "rising" } : { tone: "good", word: "falling" };
}

function Moved({ cell, kind, than, quiet }: { cell: Cell | undefined; kind: FigureKind; than: string; quiet?: boolean }) {
  const { t } = useTranslation();
  const f = useFormats();
  const moved = change(cell?.value, cell?.compare, kind);
  if (!moved) {
    // Unknown is not zero: the reason stands where the change would (INV-11).
    return quiet ? null : <p className="chg muted">{reasonText(t as never, cell?.reason) ?? t("today.noBefore")}</p>;
  }
  return (
    <p className={`chg num ${quiet ? "muted" : ""}`}>
      <span className={quiet ? "" : "b"}>{f.signed(moved.value)} {changeUnit(t, moved.unit)}</span> <span className="muted">{than}</span>
    </p>
  );
}

/** Views that were pinned, as tiles: the whole of their first figure, the same number that Explore shows. */
function Pinned() {
  const { t } = useTranslation();
  const views = useViews();
  const list = (views.data ?? []).filter((v) => v.pinned).sort((a, b) => a.position - b.position).slice(0, 8);
  if (list.length === 0) return null;
  return <section aria-label={t("today.pinned")}><div className="tiles">{list.map((v) => <PinnedTile key={v.id} view={v} />)}</div></section>;
}

function PinnedTile({ view }: { view: SavedView }) {
  const q = questionOf(view);
  const answer = useAnswer(effective(q));
  const metric = q.metrics[0] ?? "nsv";
  const cell = (valuesOf(answer.data?.totals) ?? answer.data?.rows[0]?.values)?.[metric];
  if (answer.error && !answer.data) return <article className="panel tile"><Fault error={answer.error} reset={() => void answer.refetch()} /></article>;
  return <Tile metric={metric} title={view.name} cell={cell} before={undefined} points={undefined} answer={answer.data} to={q} />;
}

/** The one alert that matters most, told as a story with its evidence and the way to act. */
function Story() {
  const { t } = useTranslation();
  const f = useFormats();
  const alerts = useAlerts({ state: "OPEN" }, true, 5);
  const top = alerts.data?.find((a) => a.severity === "HIGH");
  const evidence = top?.evidence ? whole(top.evidence) : null;
  const chart: Question | null = top ? { metrics: ["primary-value", "nsv"], dimensions: ["month"], filters: [{ dimension: "distributor", op: "in", values: [String(top.distributorId)] }], window: { kind: "L12M" }, compare: "NONE", order: [{ by: "month", desc: false }] } : null;
  const months = useAnswer(chart ?? { metrics: ["nsv"], dimensions: [], filters: [], window: { kind: "MTD" }, compare: "NONE", order: [] }, { enabled: chart !== null });
  if (!top) return null;
  const rows = months.data && chart ? [...months.data.rows].sort((a, b) => String(a.keys.month?.id).localeCompare(String(b.keys.month?.id))) : [];
  return (
    <section className="panel story" aria-label={alertTitle(t, top)}>
      <div className="story-l">
        <p className="row"><span className="chip act"><Shape tone="act" />{t("today.actNow")}</span><span className="s muted">{top.distributor}</span></p>
        <h2 className="story-h">{alertTitle(t, top)}</h2>
        <p>{alertSentence(t, f, top)}</p>
        <p className="s muted num">{top.values.slice(0, 4).map((v) => `${valueLabel(t, f, v)} ${v.value === null ? f.na : withUnit(v.value, v.unit, f, t as never)}`).join(" · ")}</p>
        <div className="row" style={{ flexWrap: "wrap" }}>
          <A className="btn pri" path="/alerts" search={{ open: top.id }}>{t("today.openAlert")}</A>
          <A className="btn" path={`/distributors/${top.distributorId}`}>{t("alerts.openPartner", { name: top.distributor })}</A>
          {evidence && <A className="btn quiet" path="/explore" search={encode(evidence) as Record<string, string>}>{t("alerts.openEvidence")}</A>}
          {top.steps[0] && <span className="s muted">{t("today.firstStep", { step: alertSteps(t, top)[0] })}</span>}
        </div>
      </div>
      {rows.length > 2 && <div className="story-r"><p className="s"><b>{t("partner.both")}</b> <span className="muted">{t("partner.perMonth", { unit: f.rupee })}</span></p><Lines labels={rows.map((r) => f.month(String(r.keys.month?.id)))} series={[{ key: "primary-value", label: t("partner.primary"), values: rows.map((r) => r.values["primary-value"]?.value ?? null) }, { key: "nsv", label: t("partner.secondary"), values: rows.map((r) => r.values.nsv?.value ?? null) }]} label={t("partner.both")} shown={f.compact} /></div>}
    </section>
  );
}

/** The five alerts with most at stake. */
function TopAlerts() {
  const { t } = useTranslation();
  const f = useFormats();
  const alerts = useAlerts({ state: "OPEN,ACCEPTED" });
  const sum = useAlertSummary();
  return (
    <Card title={t("rail.alerts")} how={t("today.alertsHow")} more={<A className="lnk s" path="/alerts">{sum.data ? t("today.all", { count: sum.data.open }) : t("rail.alerts")}</A>}>
      {alerts.error && !alerts.data ? <div className="body"><Fault error={alerts.error} reset={() => void alerts.refetch()} /></div> : !alerts.data ? <Skeleton lines={5} /> : alerts.data.length === 0 ? <p className="body muted">{t("alerts.none.open")}</p> : (
        <ul className="list">{alerts.data.map((a) => <li key={a.id}><span style={{ flex: "0 0 72px" }}><Severity alert={a} /></span><span className="grow" style={{ minWidth: 0 }}><A className="open b5" path="/alerts" search={{ open: a.id }}>{alertTitle(t, a)}</A><p className="s muted cut">{alertSteps(t, a)[0] ?? a.distributor}</p></span><span className="num m5">{a.money === null ? f.na : `${f.rupee} ${f.compact(a.money)}`}</span></li>)}</ul>
      )}
    </Card>
  );
}

interface WaitingChange { id: string; title: string; kind: string; createdBy: string; createdByName?: string | null; dueAt: string | null }

/** What waits for a decision of mine, whatever its kind. */
function Waiting() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const permissions = permissionsOf(me);
  const asks = permissions.includes("CONFIG_READ");
  const claims = permissions.includes("CLAIM_READ");
  const changes = useQuery({ queryKey: ["waiting", "today"], enabled: asks, queryFn: () => api<{ items: WaitingChange[] }>("/api/v1/change-requests", { query: { waiting: "me", sort: "movedAt", limit: 4 } }) });
  const mine = useQuery({ queryKey: ["claims-waiting"], enabled: claims, queryFn: () => api<{ items: { id: string; number: string; distributorName: string; claimed: string; risk: { band: string } | null }[] }>("/api/v1/claims", { query: { waiting: true, limit: 4 } }) });
  if (!asks && !claims) return null;
  const count = (changes.data?.items.length ?? 0) + (mine.data?.items.length ?? 0);
  const failed = changes.error ?? mine.error;
  return (
    <Card title={t("today.waiting")} more={<A className="lnk s" path={(mine.data?.items.length ?? 0) > 0 ? "/claims" : "/changes"}>{t("today.decide")}</A>}>
      {failed ? <div className="body"><Fault error={failed} reset={() => { void changes.refetch(); void mine.refetch(); }} /></div> : (asks && !changes.data) || (claims && !mine.data) ? <Skeleton lines={3} /> : count === 0 ? <p className="body muted">{t("today.nothingWaits")}</p> : (
        <ul className="list">
          {(mine.data?.items ?? []).map((c) => <li key={c.id}><span className="grow"><A className="open b5" path="/claims" search={{ open: c.id }}>{t("today.claimOf", { name: c.distributorName })}</A><p className="s muted">{c.number}</p></span><span className="num m5">{f.rupee} {f.compact(c.claimed)}</span></li>)}
          {(changes.data?.items ?? []).map((c) => <li key={c.id}><span className="grow"><A className="open b5" path="/changes" search={{ open: c.id }}>{c.title}</A><p className="s muted">{t("today.askedBy", { who: c.createdByName ?? c.createdBy })}</p></span>{c.dueAt && <span className="s muted num">{f.moment(c.dueAt)}</span>}</li>)}
        </ul>
      )}
    </Card>
  );
}

/** Which distributors moved the total, by money and not by percent. */
function Movers({ base }: { base: Question }) {
  const { t } = useTranslation();
  const f = useFormats();
  const q: Question = { ...base, metrics: ["nsv"], dimensions: ["distributor"], compare: "PREVIOUS", order: [{ by: "nsv", desc: true }] };
  const { data, error, refetch, isPlaceholderData } = useAnswer(q);
  if (data) remember(data.rows);
  const rows = useMemo(() => movers(data), [data]);
  const top = rows.slice(0, 8);
  const most = forDrawing(top[0]?.effect ?? null);
  const olderAt = new Map(data?.freshness.older.map((o) => [String(o.id), o.asOf]));
  const all = { ...q, order: [] };
  return (
    <section className="panel" aria-labelledby="movers">
      <header>
        <h2 id="movers">{t("today.movers")} <span className="muted">{t("today.moversHow")}</span></h2>
        {rows.length > 0 && <A className="lnk s" path="/explore" search={encode(all) as Record<string, string>}>{t("today.all", { count: rows.length })}</A>}
      </header>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={6} /> : rows.length === 0 ? <p className="body muted">{t("today.noMovers")}</p> : (
        <div style={{ overflowX: "auto", ...(isPlaceholderData ? { opacity: 0.55 } : {}) }}>
          <table className="movers">
            <thead><tr><th scope="col">{t("dimension.distributor")}</th><th scope="col" className="hide-p"><span className="vh">{t("today.direction")}</span></th><th scope="col" className="n">{t("today.effect")}</th><th scope="col">{t("today.stateHead")}</th><th scope="col" className="n hide-p">{t("fresh.head")}</th></tr></thead>
            <tbody>
              {top.map((r) => {
                const size = Math.abs(forDrawing(r.effect) ?? 0) / (Math.abs(most ?? 1) || 1);
                const down = r.effect?.startsWith("-");
                const to: Question = { ...q, dimensions: ["outlet"], filters: [...q.filters.filter((x) => x.dimension !== "distributor"), { dimension: "distributor", op: "in", values: [r.id] }], order: [] };
                const old = olderAt.get(r.id);
                return (
                  <tr key={r.id}>
                    <td>
                      <A className="open b5" path="/explore" search={encode(to) as Record<string, string>}>{r.name}</A> <A className="lnk s" path={`/distributors/${r.id}`} aria-label={t("today.partner", { name: r.name })} title={t("today.partner", { name: r.name })}>360°</A>
                      <p className="s muted num">{r.now === null ? t("today.unseen") : `${r.grown === null ? "" : `${f.signed(r.grown)} %, `}${f.rupee} ${f.compact(r.then ?? "0")} → ${f.rupee} ${f.compact(r.now)}`}</p>
                    </td>
                    <td className="hide-p"><span className="dv" aria-hidden="true">{r.effect && <i className={down ? "down" : "upw"} style={{ width: `${Math.max(size * 50, 1)}%` }} />}</span></td>
                    <td className="n m5">{f.effect(r.effect)}</td>
                    <td>{r.effect === null ? <span className="st plain"><Shape tone="plain" />{t("today.state.unseen")}</span> : <span className={`st ${down ? "watch" : "good"}`}><Shape tone={down ? "watch" : "good"} />{t(down ? "today.state.less" : "today.state.more")}</span>}</td>
                    <td className="n s muted hide-p">{old !== undefined ? <span className="old">{f.moment(old)}</span> : f.moment(data.freshness.asOf)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {data && data.freshness.older.length > 0 && <p className="ft s muted">{t("today.olderNote", { names: data.freshness.older.slice(0, 4).map((o) => o.name).join(", "), count: data.freshness.older.length })}</p>}
    </section>
  );
}

export interface Mover {
  id: string;
  name: string;
  now: string | null;
  then: string | null;
  effect: string | null;
  grown: string | null;
}

/** Largest change in money first; who has no figure at all comes last, and counts in no total (INV-11). */
export function movers(answer: Answer | undefined): Mover[] {
  return (answer?.rows ?? [])
    .filter((r) => allocated(r.keys.distributor))
    .map((r): Mover => {
      const cell = r.values.nsv;
      const now = dec(cell?.value);
      const then = dec(cell?.compare);
      return {
        id: String(r.keys.distributor!.id),
        name: r.keys.distributor!.label ?? String(r.keys.distributor!.id),
        now: cell?.value ?? null,
        then: cell?.compare ?? null,
        effect: now && then ? text(sub(now, then)) : null,
        grown: now && then ? growth(now, then) : null,
      };
    })
    .sort((a, b) => {
      const x = dec(a.effect);
      const y = dec(b.effect);
      if (!x || !y) return x ? -1 : y ? 1 : a.name.localeCompare(b.name);
      return cmp(abs(y), abs(x)) || a.name.localeCompare(b.name);
    });
}

function Ageing({ base }: { base: Question }) {
  const { t } = useTranslation();
  const f = useFormats();
  const q: Question = { ...base, metrics: ["receivable"], dimensions: ["ageing-bucket"], window: { kind: "NOW" }, compare: "NONE", order: [] };
  const { data, error, refetch } = useAnswer(q);
  const total = dec(valuesOf(data?.totals)?.receivable?.value);
  const to: Question = { ...q, metrics: ["receivable", "overdue", "overdue-share"], dimensions: ["distributor"] };
  return (
    <Card title={t("today.ageing")} how={t("today.ageingHow")} more={<A className="lnk s" path="/receivables">{t("today.byOutlet")}</A>}>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={5} /> : data.rows.length === 0 ? <p className="body muted">{t("today.noDebt")}</p> : (
        <>
          <Bars
            label={t("today.ageing")}
            bars={data.rows.map((r, i) => {
              const key = r.keys["ageing-bucket"];
              const value = r.values.receivable?.value ?? null;
              const part = total && dec(value) ? share(dec(value)!, total) : null;
              return { key: String(key?.id ?? i), label: bucketName(t, key?.id, key?.label), value, shown: `${value === null ? f.na : `${f.rupee} ${f.compact(value)}`}${part === null ? "" : ` · ${f.cell(part, "percent")} %`}` };
            })}
          />
          <p className="ft s muted num"><span>{t("today.owed", { amount: total ? f.rupees(text(total)) : f.na })} · <A className="lnk" path="/explore" search={encode(to) as Record<string, string>}>{t("today.byDistributor")}</A></span></p>
        </>
      )}
    </Card>
  );
}

function Freshness({ answer, jump }: { answer: Answer | undefined; jump: boolean }) {
  const { t } = useTranslation();
  const f = useFormats();
  useEffect(() => {
    if (jump && answer) document.getElementById("freshness")?.scrollIntoView?.({ block: "center" });
  }, [jump, answer]);
  const older = answer?.freshness.older ?? [];
  return (
    <Card id="freshness" title={t("fresh.title")} how={t("fresh.how")}>
      {!answer ? <Skeleton lines={3} /> : (
        <ul className="list">
          {older.map((o) => (
            <li key={String(o.id)}>
              <span className="grow cut">{o.name}</span>
              <span className="st watch"><Shape tone="watch" />{o.asOf ? f.moment(o.asOf) : t("fresh.never")}</span>
            </li>
          ))}
          <li>
            <span className="grow">{t("fresh.upToDate", { count: Math.max(0, answer.freshness.distributors - older.length), all: answer.freshness.distributors })}</span>
            <span className="st good"><Shape tone="good" />{f.moment(answer.freshness.asOf)}</span>
          </li>
        </ul>
      )}
    </Card>
  );
}

function Card({ id, title, how, more, children }: { id?: string; title: string; how?: string; more?: ReactNode; children: ReactNode }) {
  return (
    <section className="panel" id={id} aria-label={title}>
      <header><h2>{title}{how && <span className="muted"> {how}</span>}</h2>{more}</header>
      {children}
    </section>
  );
}
