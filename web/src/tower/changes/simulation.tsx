import { useState } from "react";
import { Button, Shape } from "../../ui";
import { isPositive, isZero, minus } from "../../ui/decimal";
import { useFormats, type Formats } from "../format";
import { useTexts, type Say } from "../schemes/texts";
import type { Change, Mover, Movers, Simulation, SimulationResult } from "./api";

/** What the change would have done to the bills of the last days: progress while it runs, then cost, winners, losers, conflicts (SCH-08). */
export function SimulationPanel({ change, simulation, onRun }: { change: Change; simulation: Simulation | undefined; onRun: (days: number) => void }) {
  const { t } = useTexts();
  const f = useFormats();
  const [days, setDays] = useState("90");
  const running = simulation?.status === "RUNNING" || simulation?.status === "QUEUED";
  const stale = simulation && !simulation.current && !running;
  return (
    <section className="panel" aria-label={t("sim.title")}>
      <header>
        <h2>{t("sim.title")}{simulation?.result && <span className="muted"> {t("sim.over", { from: f.dense(simulation.from), to: f.dense(simulation.to) })}</span>}</h2>
        {change.may?.simulate && !running && (
          <>
            <select className="input sm" aria-label={t("sim.days")} value={days} onChange={(e) => setDays(e.target.value)}>{["30", "90", "180"].map((d) => <option key={d} value={d}>{t("sim.lastDays", { count: Number(d) })}</option>)}</select>
            <Button className="sm" onClick={() => onRun(Number(days))}>{t(simulation ? "sim.again" : "sim.run")}</Button>
          </>
        )}
      </header>
      <div className="body stack" aria-live="polite">
        {!simulation && <p className="muted">{t("sim.none")}</p>}
        {running && (
          <div>
            <p className="row s" style={{ justifyContent: "space-between" }}><span>{t("sim.running")}</span><span className="num muted">{t("sim.progress", { done: f.qty(simulation.done), total: f.qty(simulation.total ?? 0) })}</span></p>
            <div className="progress" role="progressbar" aria-valuemin={0} aria-valuemax={simulation.total ?? undefined} aria-valuenow={simulation.done} aria-label={t("sim.title")}><i style={{ width: `${simulation.total ? (simulation.done / simulation.total) * 100 : 0}%` }} /></div>
            <p className="s muted" style={{ marginTop: 6 }}>{t("sim.leave")}</p>
          </div>
        )}
        {simulation?.status === "FAILED" && <p className="st act" style={{ whiteSpace: "normal" }}><Shape tone="act" />{simulation.message ?? t("sim.failed")}</p>}
        {stale && <p className="st watch" style={{ whiteSpace: "normal" }}><Shape tone="watch" />{t("sim.stale")}</p>}
        {simulation?.result && !running && <Result r={simulation.result} t={t} f={f} />}
      </div>
    </section>
  );
}

function Result({ r, t, f }: { r: SimulationResult; t: Say; f: Formats }) {
  const round = (v: string) => f.rupees(v).replace(/\.\d\d$/, "");
  const cost = minus(r.benefitAfter, r.benefitBefore, 2);
  return (
    <>
      <p className="sim-says">{t(isPositive(cost) ? "sim.costs" : isZero(cost) ? "sim.sameCost" : "sim.saves", { amount: round(cost.replace(/^-/, "")), bills: f.qty(r.changedBills), all: f.qty(r.bills) })}</p>
      <div className="counts">
        <div><span className="s muted">{t("sim.benefit")}</span><b>{round(r.benefitAfter)}</b><span className="s muted num">{t("sim.was", { amount: round(r.benefitBefore) })}</span></div>
        <div><span className="s muted">{t("sim.principal")}</span><b>{signed(r.principalShareDelta, f)}</b><span className="s muted num">{t("sim.distributorPays", { amount: signed(r.distributorShareDelta, f) })}</span></div>
        <div><span className="s muted">{t("sim.winners")}</span><b>{f.qty(r.outlets.winners)}</b><span className="s muted num">{t("sim.gain", { amount: round(r.outlets.gain.replace(/^-/, "")) })}</span></div>
        <div><span className="s muted">{t("sim.losers")}</span><b className={r.outlets.losers ? "neg" : ""}>{f.qty(r.outlets.losers)}</b><span className="s muted num">{t("sim.loss", { amount: round(r.outlets.loss.replace(/^-/, "")) })}</span></div>
      </div>
      {r.budget && r.budget.set && <p className={`st ${Number(r.budget.expected) > Number(r.budget.set) ? "watch" : "good"}`} style={{ whiteSpace: "normal" }}><Shape tone={Number(r.budget.expected) > Number(r.budget.set) ? "watch" : "good"} />{t(Number(r.budget.expected) > Number(r.budget.set) ? "sim.budgetShort" : "sim.budgetFits", { set: round(r.budget.set), expected: round(r.budget.expected) })}</p>}
      {r.refusedBills > 0 && <p className="st act" style={{ whiteSpace: "normal" }}><Shape tone="act" />{t("sim.refused", { count: r.refusedBills, shown: f.qty(r.refusedBills), why: r.refusals.map((x) => t(`refusal.${x.code}`, { defaultValue: x.code })).join(", ") })}</p>}
      {r.conflicts.length > 0 && (
        <div>
          <h3>{t("sim.conflicts")}</h3>
          <ul className="sim-list">{r.conflicts.map((c) => <li key={`${c.schemeId}${c.kind}`}><span className="st watch"><Shape tone="watch" /><b>{c.code}</b></span><span className="grow">{t(`sim.conflict.${c.kind}`, { defaultValue: c.kind })}</span><span className="num">{t("sim.lines", { count: c.lines, shown: f.qty(c.lines), share: Math.round(Number(c.share) * 100) })}</span></li>)}</ul>
        </div>
      )}
      <div className="sim-two">
        <MoversList title={t("sim.outlets")} movers={r.outlets} t={t} f={f} />
        <MoversList title={t("sim.skus")} movers={r.skus} t={t} f={f} />
      </div>
      {r.distributors.length > 0 && (
        <details><summary className="lnk s">{t("sim.byDistributor")}</summary>
          <div className="sub" style={{ marginTop: 8 }}><table><thead><tr><th scope="col">{t("uptake.of.distributor")}</th><th scope="col" className="n">{t("sim.bills")}</th><th scope="col" className="n">{t("sim.pays")}</th></tr></thead><tbody>{r.distributors.map((d) => <tr key={d.id}><td>{d.name}</td><td className="n num">{f.qty(d.bills)}</td><td className="n num">{signed(d.delta, f)}</td></tr>)}</tbody></table></div>
        </details>
      )}
      {r.schemes.filter((s) => !s.changed && s.benefitBefore !== s.benefitAfter).length > 0 && (
        <details><summary className="lnk s">{t("sim.others")}</summary>
          <div className="sub" style={{ marginTop: 8 }}><table><thead><tr><th scope="col">{t("masters.schemes.one")}</th><th scope="col" className="n">{t("sim.before")}</th><th scope="col" className="n">{t("sim.after")}</th></tr></thead><tbody>{r.schemes.filter((s) => s.benefitBefore !== s.benefitAfter).map((s) => <tr key={s.schemeId}><td className="code">{s.code}</td><td className="n num">{f.money(s.benefitBefore)}</td><td className="n num">{f.money(s.benefitAfter)}</td></tr>)}</tbody></table></div>
        </details>
      )}
    </>
  );
}

/** Who pays least and most more: `delta` is what the outlet pays more. */
function MoversList({ title, movers, t, f }: { title: string; movers: Movers; t: Say; f: Formats }) {
  const row = (m: Mover) => <li key={m.id}><span className="cut grow">{m.name || m.code}</span><span className={`num ${isPositive(m.delta) ? "neg" : ""}`}>{signed(m.delta, f)}</span></li>;
  const gains = movers.top.filter((m) => !isPositive(m.delta) && !isZero(m.delta)).slice(0, 5);
  const losses = [...movers.top, ...movers.bottom].filter((m) => isPositive(m.delta)).slice(0, 5);
  const also = gains.length ? gains : movers.bottom.filter((m) => !isPositive(m.delta) && !isZero(m.delta)).slice(0, 5);
  if (!also.length && !losses.length) return null;
  return (
    <div>
      <h3>{title}</h3>
      {also.length > 0 && <><p className="s muted">{t("sim.payLess")}</p><ul className="sim-list">{also.map(row)}</ul></>}
      {losses.length > 0 && <><p className="s muted">{t("sim.payMore")}</p><ul className="sim-list">{losses.map(row)}</ul></>}
    </div>
  );
}

function signed(value: string, f: Formats): string {
  if (isZero(value)) return f.rupees("0").replace(/\.\d\d$/, "");
  return `${isPositive(value) ? "+" : "−"}${f.rupees(value.replace(/^-/, "")).replace(/\.\d\d$/, "")}`;
}
