import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Page } from "../../claims/api";
import { EmptyState, Shape, Skeleton } from "../../ui";
import { Fault } from "../frame/faults";
import { change, useFormats } from "../format";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { useSearchState } from "../nav";
import { permissionsOf, useMe } from "../session";
import { allocated, kindOf, useAnswer, useCatalogue, valuesOf } from "../insight/api";
import { bucketName, byBucket } from "../insight/keys";
import type { Filter, Question, Window } from "../insight/question";
import { changeUnit, definitionText, metricName, reasonText } from "../insight/words";
import { useHealth, type Alert, type Component } from "./api";
import { BandChip, componentName, score, Trend } from "./board";
import { alertSentence, alertTitle } from "./alertwords";
import { Severity, withUnit } from "./alerts";
import { archetypeName, ownerName, pillarReason, planTitle, taskText } from "./words";
import "./health.css";

/** What both sides look at when they meet; a figure that the catalogue has no source for is left out. */
const FIGURES = ["nsv", "target-achievement", "primary-value", "stock-push", "active-outlets", "eco", "tlsd", "value-fill", "otif", "return-rate", "gross-margin-share"] as const;
const STATES = ["stock-cover", "stock-value", "over-norm", "near-expiry", "expired", "receivable", "overdue-share", "open-claims-30"] as const;

/** The month that ends on a day. */
export function monthOf(end: string): Window {
  return { kind: "RANGE", from: `${end.slice(0, 7)}-01`, to: end };
}

/** The review pack of one distributor and month (DST-22): index, what moved it, figures beside last year's, what is open, what was agreed, and where both sides sign. One address, made to be printed. */
export function ReviewPack() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const { id } = useParams({ strict: false }) as { id: string };
  const [search, set] = useSearchState();
  const health = useHealth(id, { principalId: search.principalId, period: search.period }, permissionsOf(me).includes("SCORE_READ"));
  const alerts = useQuery({ queryKey: ["alerts-of", id], queryFn: () => api<Page<Alert>>("/api/v1/alerts", { query: { distributorId: id, state: "OPEN,ACCEPTED", limit: 6 } }), enabled: permissionsOf(me).includes("ALERT_READ") });
  if (health.error) return <section className="panel" style={{ padding: 16 }}><Fault error={health.error} reset={() => void health.refetch()} /></section>;
  if (!health.data) return <section className="panel" aria-busy="true"><Skeleton lines={12} /></section>;
  const { score: s, period, pillars, moved, plans, history } = health.data;
  const filter: Filter[] = [{ dimension: "distributor", op: "in", values: [id] }, { dimension: "principal", op: "in", values: [String(s.principalId)] }];
  const components = new Map(pillars.flatMap((p) => p.components.map((c) => [c.component, c] as const)));
  const months = history.filter((h) => h.kind === "CLOSED").map((h) => h.end);
  const name = (c: Component) => componentName(t, c);
  const open = plans.filter((p) => p.state === "OPEN");
  return (
    <article className="pack">
      <div className="head">
        <div className="grow">
          <nav className="crumb s no-print" aria-label={t("explore.path")}><ol><li><A className="lnk" path="/distributors">{t("rail.board")}</A></li><li aria-hidden="true"><Icon name="right" /></li><li><A className="lnk" path={`/distributors/${id}`}>{s.name}</A></li></ol></nav>
          <h1>{s.name}: {t("review.title", { month: f.month(period.end) })}</h1>
          <p className="muted s num">{[s.code, s.territory, archetypeName(t, s.archetype), s.owner && t("health.ownedBy", { who: s.owner }), s.nextReview && t("health.reviewOn", { date: f.date(s.nextReview) })].filter(Boolean).join(" · ")}</p>
        </div>
        <label className="field no-print"><span className="label">{t("dimension.month")}</span><select className="input" value={search.period ?? ""} onChange={(e) => set({ period: e.target.value || undefined })}><option value="">{t("review.latest")}</option>{months.map((m) => <option key={m} value={m.slice(0, 7)}>{f.month(m)}</option>)}</select></label>
        <button type="button" className="btn pri no-print" onClick={() => window.print()}><Icon name="bill" />{t("review.print")}</button>
      </div>
      <section className="panel" aria-label={t("health.index")}>
        <header><h2>{t("health.index")} <b className="num">{s.index === null ? f.na : score(f, s.index)}</b> <BandChip score={s} /> <Trend trend={s.trend} /></h2><span className="s muted num">{s.index === null ? reasonText(t as never, s.reason) : t("health.was", { was: score(f, s.previous) })}</span></header>
        <div style={{ overflowX: "auto" }}><table className="tbl small">
          <thead><tr><th scope="col">{t("health.component")}</th><th scope="col" className="n">{t("review.before")}</th><th scope="col" className="n">{t("health.figure")}</th><th scope="col" className="n">{t("health.score")}</th><th scope="col" className="n">{t("health.adds")}</th></tr></thead>
          {pillars.map((p) => (
            <tbody key={p.pillar}>
              <tr><th scope="rowgroup" colSpan={3}>{t(`health.pillar.${p.pillar}`)} <span className="muted num">{f.cell(String(p.weight), "days")} %</span>{p.score === null && <span className="muted s"> {t("health.insufficient")}: {pillarReason(t, f, p.reason, p.presentWeight)}</span>}</th><td className="n m5">{p.score === null ? f.na : score(f, p.score)}</td><td /></tr>
              {p.components.map((c) => <tr key={c.component}><td>{name(c)}</td><td className="n muted">{c.previousValue === null ? f.na : withUnit(c.previousValue, c.unit, f, t as never)}</td><td className="n">{c.value === null ? f.na : withUnit(c.value, c.unit, f, t as never)}</td><td className="n">{c.score === null ? f.na : score(f, c.score)}</td><td className="n">{c.points === null ? "–" : f.signed(c.points)}</td></tr>)}
            </tbody>
          ))}
        </table></div>
        {s.knockouts.map((k) => <p key={k.code} className="note act body-note"><Shape tone="act" /><span>{k.text} {t("health.cap", { cap: String(k.cap) })}</span></p>)}
        {[...moved.down, ...moved.up].length > 0 && <p className="ft s"><span><b>{t("health.movedIt")}</b> {[...moved.down, ...moved.up].map((m) => `${components.has(m.component) ? name(components.get(m.component)!) : m.component} ${f.signed(m.points)}`).join(", ")}</span></p>}
      </section>
      <div className="pair">
        <Figures title={t("review.month", { month: f.month(period.end) })} metrics={FIGURES} filters={filter} window={monthOf(period.end)} compare />
        <Figures title={t("review.now")} metrics={STATES} filters={filter} window={{ kind: "NOW" }} />
      </div>
      <Shelf filter={filter} />
      {alerts.data && alerts.data.items.length > 0 && <section className="panel" aria-label={t("rail.alerts")}><header><h2>{t("rail.alerts")}</h2></header><ul className="list">{alerts.data.items.map((a) => <li key={a.id}><Severity alert={a} /><span className="grow"><b className="b5">{alertTitle(t, a)}</b><p className="s muted">{alertSentence(t, f, a)}</p></span><span className="num m5">{a.money === null ? f.na : `${f.rupee} ${f.compact(a.money)}`}</span></li>)}</ul></section>}
      <section className="panel" aria-label={t("plan.title")}>
        <header><h2>{t("plan.title")}</h2></header>
        {open.length === 0 ? <EmptyState title={t("plan.none")} /> : (
          <div style={{ overflowX: "auto" }}><table className="tbl small"><thead><tr><th scope="col">{t("plan.action")}</th><th scope="col">{t("plan.sideHead")}</th><th scope="col">{t("alerts.owner")}</th><th scope="col">{t("alerts.dueOn")}</th><th scope="col">{t("review.done")}</th></tr></thead>
            {open.map((p) => <tbody key={p.id}><tr><th scope="rowgroup" colSpan={5}>{planTitle(t, p)}</th></tr>{p.actions.map((a) => <tr key={a.no}><td>{taskText(t, p.playbook, a.no, a.text)}</td><td>{t(`plan.side.${a.side}`, { defaultValue: a.side })}</td><td>{ownerName(t, a.owner)}</td><td className="num">{a.dueOn ? f.dense(a.dueOn) : ""}</td><td className="num">{a.doneOn ? f.dense(a.doneOn) : ""}</td></tr>)}</tbody>)}
          </table></div>
        )}
      </section>
      <div className="signs" aria-label={t("review.signs")}><p>{t("review.signPrincipal")}</p><p>{t("review.signDistributor", { name: s.name })}</p><p>{t("review.date")}</p></div>
    </article>
  );
}

/** Figures one under another, with what they were a year before. */
function Figures({ title, metrics, filters, window, compare = false }: { title: string; metrics: readonly string[]; filters: Filter[]; window: Window; compare?: boolean }) {
  const { t } = useTranslation();
  const f = useFormats();
  const catalogue = useCatalogue();
  const list = (catalogue.data?.metrics ?? []).filter((m) => metrics.includes(m.id) && m.source !== "NONE" && filters.every((x) => m.dimensions.includes(x.dimension))).sort((a, b) => metrics.indexOf(a.id) - metrics.indexOf(b.id));
  const q: Question = { metrics: list.map((m) => m.id), dimensions: [], filters, window, compare: compare ? "SAME_LAST_YEAR" : "NONE", order: [] };
  const { data, error, refetch } = useAnswer(q, { enabled: list.length > 0 });
  const cells = valuesOf(data?.totals) ?? data?.rows[0]?.values;
  return (
    <section className="panel" aria-label={title}>
      <header><h2>{title}</h2>{data && <span className="s muted num">{t("fresh.asOf", { time: f.moment(data.freshness.asOf) })}</span>}</header>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={7} /> : (
        <table className="tbl small">
          <thead><tr><th scope="col">{t("review.what")}</th><th scope="col" className="n">{t("health.figure")}</th>{compare && <><th scope="col" className="n">{t("compare.short.SAME_LAST_YEAR")}</th><th scope="col" className="n">{t("review.change")}</th></>}</tr></thead>
          <tbody>{list.map((m) => {
            const kind = kindOf(m.id, m.unit);
            const cell = cells?.[m.id];
            const was = change(cell?.value, cell?.compare, kind);
            return <tr key={m.id}><td title={definitionText(t, m.id, m.definition)}>{metricName(t, m.id, m.label)}</td><td className="n m5">{cell?.value == null ? <span className="muted s">{reasonText(t as never, cell?.reason) ?? f.na}</span> : withUnit(cell.value, m.unit ?? null, f, t as never)}</td>{compare && <><td className="n muted">{cell?.compare == null ? f.na : withUnit(cell.compare, m.unit ?? null, f, t as never)}</td><td className="n">{was ? `${f.signed(was.value)} ${changeUnit(t, was.unit)}` : "–"}</td></>}</tr>;
          })}</tbody>
        </table>
      )}
    </section>
  );
}

/** What lies in the godown by the shelf life that is left, oldest first (STK-16). */
export function Shelf({ filter }: { filter: Filter[] }) {
  const { t } = useTranslation();
  const f = useFormats();
  const q: Question = { metrics: ["stock-ageing"], dimensions: ["shelf-life"], filters: filter, window: { kind: "NOW" }, compare: "NONE", order: [] };
  const { data, error, refetch } = useAnswer(q);
  const total = valuesOf(data?.totals)?.["stock-ageing"]?.value;
  return (
    <section className="panel" aria-label={metricName(t, "stock-ageing")}>
      <header><h2>{metricName(t, "stock-ageing")}<span className="muted"> {total ? `${f.rupee} ${f.compact(total)}` : ""}</span></h2></header>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={3} /> : data.rows.length === 0 ? <p className="body muted">{t("partner.noStock")}</p> : (
        <table className="tbl small"><thead><tr><th scope="col">{t("dimension.shelf-life")}</th><th scope="col" className="n">{t("partner.value")}</th></tr></thead><tbody>{byBucket(data.rows, "shelf-life").filter((r) => allocated(r.keys["shelf-life"])).map((r) => <tr key={String(r.keys["shelf-life"]!.id)}><td>{bucketName(t, r.keys["shelf-life"]!.id, r.keys["shelf-life"]!.label)}</td><td className="n">{f.money(r.values["stock-ageing"]?.value)}</td></tr>)}</tbody></table>
      )}
    </section>
  );
}
