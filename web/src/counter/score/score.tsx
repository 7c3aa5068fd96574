import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState, ProblemNote, Shape, Skeleton, dateText, rate, type Tone } from "../../ui";
import { useKept, whenText } from "../kept";
import { useSync, useWorkspace } from "../workspace";
import { Screen } from "../list";
import { askScore, scoreKey, type OwnScore } from "./api";
import "./score.css";

const TONE: Record<string, Tone> = { INVEST: "good", SUSTAIN: "info", FIX: "watch", EXIT_REVIEW: "act" };

/** The owner's own score: how the principal sees the distributor, why, what would lift it, and what was agreed (UXP-08). */
export function Score() {
  const { t, i18n } = useTranslation();
  const { store, distributorId, context } = useWorkspace();
  const sync = useSync();
  const principals = context?.principals ?? [];
  const [chosen, setChosen] = useState<number>();
  const principalId = chosen ?? principals[0]?.id;
  // whose score it is says what was pulled: asked before, it would be asked twice
  const found = useKept(store, context === undefined ? undefined : scoreKey(principalId), askScore(distributorId, principalId), sync.reach?.state !== "not-reached");
  const none = found.failed?.status === 404;
  const own = none ? undefined : found.value;
  return (
    <Screen
      title={t("place.score")}
      note={own && found.old !== undefined ? t(found.failed ? "score.asOf" : "score.old", { at: whenText(found.old, i18n.language) }) : own && t("score.of", { period: dateText(own.period.end, i18n.language), kind: t(`health.kind.${own.period.kind}`, { ns: "insight" }) })}
      actions={principals.length > 1 && <select className="input sm" aria-label={t("score.principal")} value={principalId} onChange={(e) => setChosen(Number(e.target.value))}>{principals.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}</select>}
    >
      {none ? <EmptyState title={t("health.noScore", { ns: "insight" })}>{t("health.noneText", { ns: "insight" })}</EmptyState>
        : own ? <ScoreCard own={own} /> : found.failed ? <div style={{ padding: 16 }}><ProblemNote problem={found.failed.problem} /></div> : <Skeleton lines={8} />}
    </Screen>
  );
}

/** A score on one page: the index and its band, four pillars with their parts, what moved it, what lifts it, the plan. */
export function ScoreCard({ own }: { own: OwnScore }) {
  const { t, i18n } = useTranslation(["counter", "insight"]);
  const lang = i18n.language;
  const one = (value: string | null) => (value === null ? t("score.none") : rate(value, lang, 1));
  const signed = (value: string) => (value.startsWith("-") ? `−${rate(value.slice(1), lang, 1)}` : `+${rate(value.replace(/^\+/, ""), lang, 1)}`);
  const parts = new Map(own.pillars.flatMap((p) => p.components.map((c) => [c.component, c] as const)));
  const name = (component: string) => {
    const part = parts.get(component);
    return part ? t(`score.part.${component}`, { defaultValue: t(`insight:metric.${part.metric}`, { defaultValue: part.label }) }) : component;
  };
  const s = own.score;
  const tone = TONE[s.band ?? ""] ?? "plain";
  return (
    <div className="score">
      <section className="score-top" aria-label={t("insight:health.index")}>
        <p className="score-index num"><b>{one(s.index)}</b> <span className="m">{s.previous === null ? t("score.of100") : t("insight:health.was", { was: one(s.previous) })}</span></p>
        <p><span className={`chip ${tone}`}><Shape tone={tone} />{s.band ? t(`insight:health.band.${s.band}`) : t(`insight:health.state.${s.state}`)}</span>{s.trend && <span className="m"> {t(`insight:health.trend.${s.trend}`)}</span>}{s.reason && <span className="m"> {s.reason}</span>}</p>
        {own.benchmark.shown && <p className="m">{t("score.bench", { peers: own.benchmark.peers, median: one(own.benchmark.median), top: one(own.benchmark.topQuartile) })}</p>}
        {s.nextReview && <p className="m">{t("insight:health.reviewOn", { date: dateText(s.nextReview, lang) })}</p>}
      </section>
      {own.reach && own.reach.steps.length > 0 && (
        <section aria-label={t("score.lift")}>
          <h2>{t("score.liftTo", { band: t(`insight:health.band.${own.reach.band}`), at: one(own.reach.at) })}</h2>
          <ul>{own.reach.steps.map((step) => <li key={step.component}><span className="grow">{name(step.component)}</span><span className="num m">{one(step.from)} → {one(step.to)}</span><b className="num">{signed(step.points)}</b></li>)}</ul>
        </section>
      )}
      <section aria-label={t("insight:health.movedIt")}>
        <h2>{t("insight:health.movedIt")}</h2>
        {own.moved.up.length + own.moved.down.length === 0 && <p className="m">{t("insight:health.nothingMoved")}</p>}
        <ul>{[...own.moved.up, ...own.moved.down].map((m) => <li key={m.component}><span className="grow">{name(m.component)}</span><b className={`num ${m.points.startsWith("-") ? "bad" : ""}`}>{signed(m.points)}</b></li>)}</ul>
      </section>
      {own.pillars.map((p) => (
        <section key={p.pillar} aria-label={t(`insight:health.pillar.${p.pillar}`)}>
          <h2>{t(`insight:health.pillar.${p.pillar}`)} <span className="num">{p.score === null ? t("insight:health.insufficient") : one(p.score)}</span></h2>
          {p.score === null && p.reason && <p className="m">{p.reason}</p>}
          <table className="tbl small">
            <thead><tr><th>{t("insight:health.component")}</th><th className="n">{t("insight:health.figure")}</th><th className="n">{t("insight:health.score")}</th></tr></thead>
            <tbody>{p.components.map((c) => <tr key={c.component}><td>{name(c.component)}</td><td className="n">{one(c.value)}</td><td className="n">{one(c.score)}</td></tr>)}</tbody>
          </table>
        </section>
      ))}
      {own.plans.filter((plan) => plan.state === "OPEN").map((plan) => (
        <section key={plan.id} aria-label={plan.title}>
          <h2>{plan.title}{plan.reviewOn && <span className="m"> {t("insight:health.reviewOn", { date: dateText(plan.reviewOn, lang) })}</span>}</h2>
          <ul>{plan.actions.map((a) => <li key={a.no}><span className="grow">{a.text}</span><span className="m">{a.side === "DISTRIBUTOR" ? t("score.yours") : t("score.theirs")}</span><span className="num m">{a.doneOn ? t("score.done", { date: dateText(a.doneOn, lang) }) : a.dueOn ? dateText(a.dueOn, lang) : ""}</span></li>)}</ul>
        </section>
      ))}
    </div>
  );
}
