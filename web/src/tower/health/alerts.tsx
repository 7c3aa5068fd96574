import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Button, Chip, Dialog, EmptyState, ProblemNote, Shape, Skeleton, type Tone } from "../../ui";
import { Fault, NoRight, problemFrom } from "../frame/faults";
import { useFormats } from "../format";
import { useList } from "../http";
import { Ask } from "../kit/ask";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { toast } from "../kit/toast";
import { useSearchState } from "../nav";
import { mayRead, useMe } from "../session";
import { AnswerChart } from "../insight/answerchart";
import { useAnswer } from "../insight/api";
import { encode } from "../insight/question";
import { remember } from "../insight/labels";
import { alertSentence, alertSteps, alertTitle, logText, valueLabel } from "./alertwords";
import { ALERT_OUTCOMES, SEVERITIES, useAlertSummary, whole, type Alert } from "./api";
import { playbookTitle } from "./words";
import "./health.css";

const TONE: Record<string, Tone> = { HIGH: "act", MEDIUM: "watch", LOW: "plain" };
const BOXES = { open: "OPEN,ACCEPTED", mine: "OPEN,ACCEPTED", snoozed: "SNOOZED", closed: "CLOSED" } as const;
type Box = keyof typeof BOXES;

export function Severity({ alert }: { alert: Pick<Alert, "severity"> }) {
  const { t } = useTranslation();
  const tone = TONE[alert.severity] ?? "plain";
  return <span className={`st ${tone}`}><Shape tone={tone} />{t(`alerts.severity.${alert.severity}`)}</span>;
}

/** T6: what needs somebody, by severity and money at stake; each with its evidence, steps, owner and outcome. */
export function Alerts() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const [search, set] = useSearchState();
  const box: Box = search.box && search.box in BOXES ? (search.box as Box) : "open";
  const params = { state: BOXES[box], severity: search.severity, rule: search.rule, distributorId: search.distributorId };
  const found = useList<Alert>("/api/v1/alerts", params);
  const summary = useAlertSummary();
  const all = useMemo(() => found.data?.pages.flatMap((p) => p.items) ?? [], [found.data]);
  const rows = useMemo(() => (box === "mine" ? all.filter((a) => a.owner === me.username) : all), [all, box, me.username]);
  const open = search.open ?? rows[0]?.id;
  const list = useRef<HTMLUListElement>(null);
  const at = rows.findIndex((r) => r.id === open);
  useEffect(() => { list.current?.querySelector("[aria-selected=true]")?.scrollIntoView?.({ block: "nearest" }); }, [open]);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current || rows.length === 0) return;
    first.current = false;
    if (document.activeElement === document.body || document.activeElement?.matches("main")) list.current?.focus({ preventScroll: true });
  }, [rows.length]);
  const move = (by: number) => { const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))]; if (next) set({ open: next.id }, { replace: true }); };
  const onKey = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing || e.ctrlKey || e.altKey || e.metaKey) return;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, KeyJ: 1, KeyK: -1 };
    if (e.code in steps) { e.preventDefault(); return move(steps[e.code]!); }
    const press: Record<string, string> = { KeyA: "accept", KeyS: "snooze", KeyO: "outcome", KeyG: "assign", Enter: "evidence" };
    const act = press[e.code];
    if (act) { e.preventDefault(); document.querySelector<HTMLElement>(`[data-act="${act}"]`)?.click(); }
  };
  if (found.error instanceof ApiError && found.error.status === 403) return <section className="panel"><NoRight what={t("rail.alerts")} /></section>;
  const s = summary.data;
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("rail.alerts")}</h1><p className="muted s num">{s ? t("alerts.sum", { open: s.open, high: s.high, money: s.money === null ? f.na : `${f.rupee} ${f.compact(s.money)}` }) : "\u00a0"}</p></div>
      </div>
      <div className={`desk2 ${search.open ? "has-open" : ""}`}>
        <section className="panel desk2-list" aria-label={t("rail.alerts")}>
          <div className="g-bar">
            <span className="seg" role="group" aria-label={t("alerts.which")}>{(Object.keys(BOXES) as Box[]).map((b) => <button key={b} type="button" aria-pressed={box === b} onClick={() => set({ box: b === "open" ? undefined : b, open: undefined })}>{t(`alerts.box.${b}`)}{b === "mine" && s?.mine ? ` ${s.mine}` : ""}</button>)}</span>
            <select className="input sm" aria-label={t("alerts.severityHead")} value={search.severity ?? ""} onChange={(e) => set({ severity: e.target.value || undefined, open: undefined })}><option value="">{t("alerts.every")}</option>{SEVERITIES.map((x) => <option key={x} value={x}>{t(`alerts.severity.${x}`)}</option>)}</select>
          </div>
          {found.error && rows.length === 0 ? <div style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></div> : found.isPending ? <Skeleton lines={7} /> : rows.length === 0 ? <EmptyState title={t(`alerts.none.${box}`)}>{t("alerts.noneText")}</EmptyState> : (
            <ul ref={list} className="desk2-rows" role="listbox" tabIndex={0} aria-label={t("rail.alerts")} aria-activedescendant={open ? `al-${open}` : undefined} onKeyDown={onKey}>
              {rows.map((a) => (
                <li key={a.id} id={`al-${a.id}`} role="option" aria-selected={a.id === open} onClick={() => { set({ open: a.id }, { replace: true }); list.current?.focus({ preventScroll: true }); }}>
                  <div className="row"><span className="m5 grow cut">{alertTitle(t, a)}</span><span className="num m5">{a.money === null ? f.na : `${f.rupee} ${f.compact(a.money)}`}</span></div>
                  <div className="s muted cut">{a.distributor}{a.subject ? ` · ${a.subject}` : ""}</div>
                  <div className="row"><span className="grow"><Severity alert={a} /></span><span className="s muted num">{a.owner ? t(`roles.${a.owner}`, { defaultValue: a.owner }) : t("alerts.noOwner")}{a.dueOn ? ` · ${f.dense(a.dueOn)}` : ""}</span></div>
                </li>
              ))}
            </ul>
          )}
          {found.hasNextPage && <div className="g-foot"><Button kind="quiet" className="sm" onClick={() => void found.fetchNextPage()}>{t("grid.more")}</Button></div>}
          <p className="g-foot hide-p"><kbd>J</kbd><kbd>K</kbd> <kbd>A</kbd> {t("alerts.do.accept")} <kbd>S</kbd> {t("alerts.do.snooze")} <kbd>O</kbd> {t("alerts.do.outcome")}</p>
        </section>
        <div className="desk2-case">{open ? <AlertCase key={open} id={open} onBack={() => set({ open: undefined })} onDone={() => { void found.refetch(); void summary.refetch(); list.current?.focus({ preventScroll: true }); }} /> : null}</div>
      </div>
    </>
  );
}

type Act = "acceptance" | "assignment" | "snooze" | "outcome";

function AlertCase({ id, onBack, onDone }: { id: string; onBack: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const cache = useQueryClient();
  const found = useQuery({ queryKey: ["alert", id], queryFn: () => api<Alert>(`/api/v1/alerts/${id}`), placeholderData: undefined });
  const [asking, setAsking] = useState<Exclude<Act, "acceptance"> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const a = found.data;
  const evidence = a?.evidence ? whole(a.evidence) : null;
  const answer = useAnswer(evidence ?? { metrics: ["nsv"], dimensions: [], filters: [], window: { kind: "MTD" }, compare: "NONE", order: [] }, { enabled: evidence !== null });
  if (answer.data) remember(answer.data.rows);
  const run = async (act: Act, body: unknown) => {
    setProblem(null);
    try {
      await api(`/api/v1/alerts/${id}/${act}`, { method: "POST", body });
      toast(t(`alerts.did.${act}`));
      setAsking(null);
      void cache.invalidateQueries({ queryKey: ["alert", id] });
      void cache.invalidateQueries({ queryKey: ["alerts"] });
      onDone();
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  if (found.error) return <section className="panel" style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></section>;
  if (!a) return <section className="panel"><Skeleton lines={8} /></section>;
  const mayAct = mayRead(me, "ALERT_WRITE") && a.state !== "CLOSED";
  const drill = a.drill ? whole(a.drill) : evidence;
  return (
    <article className="stack" aria-label={alertTitle(t, a)}>
      <button type="button" className="btn sm desk2-back" onClick={onBack}><Icon name="left" />{t("rail.alerts")}</button>
      <section className="panel body16">
        <div className="row" style={{ flexWrap: "wrap" }}><Chip tone={TONE[a.severity] ?? "plain"}>{t(`alerts.severity.${a.severity}`)}</Chip><span className="s muted">{alertTitle(t, { ...a, title: a.ruleName })} · {t(`alerts.state.${a.state}`)} · {t("alerts.since", { date: f.date(a.openedOn) })}</span></div>
        <h2 className="story-h">{alertTitle(t, a)}</h2>
        <p>{alertSentence(t, f, a)}</p>
        {a.values.length > 0 && <dl className="facts">{a.values.map((v, i) => <div key={i}><dt>{valueLabel(t, f, v)}</dt><dd className="num">{v.value === null ? f.na : withUnit(v.value, v.unit, f, t as never)}</dd></div>)}{a.money !== null && <div><dt>{t("alerts.money")}</dt><dd className="num">{f.rupees(a.money)}</dd></div>}</dl>}
        {problem && !asking && <ProblemNote problem={problem} />}
        {a.state === "SNOOZED" && <p className="note info"><Shape tone="info" />{t("alerts.snoozed", { date: f.date(a.snoozedUntil), why: a.snoozeReason ?? "" })}</p>}
        {a.outcome && <p className="note good"><Shape tone="good" />{a.outcome === "CLEARED" ? t("alerts.logDid.CLEARED") : `${t(`alerts.outcome.${a.outcome}`)}${a.outcomeNote ? `: ${a.outcomeNote}` : ""}`}</p>}
        <div className="row acts-row">
          {mayAct && a.state !== "ACCEPTED" && <button type="button" className="btn pri" data-act="accept" onClick={() => void run("acceptance", { owner: me.username, dueOn: null })}>{t("alerts.do.accept")}<kbd aria-hidden="true">A</kbd></button>}
          {mayAct && a.state === "ACCEPTED" && <button type="button" className="btn pri" data-act="outcome" onClick={() => { setProblem(null); setAsking("outcome"); }}>{t("alerts.do.outcome")}<kbd aria-hidden="true">O</kbd></button>}
          {mayAct && <button type="button" className="btn" data-act="assign" onClick={() => { setProblem(null); setAsking("assignment"); }}>{t("alerts.do.assign")}<kbd aria-hidden="true">G</kbd></button>}
          {mayAct && a.state !== "SNOOZED" && <button type="button" className="btn" data-act="snooze" onClick={() => { setProblem(null); setAsking("snooze"); }}>{t("alerts.do.snooze")}<kbd aria-hidden="true">S</kbd></button>}
          {mayAct && a.state !== "ACCEPTED" && <button type="button" className="btn" data-act="outcome" onClick={() => { setProblem(null); setAsking("outcome"); }}>{t("alerts.do.outcome")}<kbd aria-hidden="true">O</kbd></button>}
          <A className="btn" path={`/distributors/${a.distributorId}`}>{t("alerts.openPartner", { name: a.distributor })}</A>
          {drill && <A className="btn quiet" data-act="evidence" path="/explore" search={encode(drill) as Record<string, string>}>{t("alerts.openEvidence")}<kbd aria-hidden="true">↵</kbd></A>}
        </div>
      </section>
      {evidence && (answer.error ? <section className="panel" style={{ padding: 16 }}><Fault error={answer.error} reset={() => void answer.refetch()} /></section> : <AnswerChart q={evidence} answer={answer.data} rows={answer.data?.rows ?? []} stale={answer.isPlaceholderData} more={false} onDown={undefined} />)}
      {a.steps.length > 0 && (
        <section className="panel" aria-label={t("alerts.steps")}>
          <header><h2>{t("alerts.steps")}{a.playbook && <span className="muted"> {t("alerts.fromPlaybook", { name: playbookTitle(t, a.playbook) })}</span>}</h2>{a.playbook && <A className="btn sm" path={`/distributors/${a.distributorId}`} search={{ start: a.playbook }}>{t("health.startPlaybook")}</A>}</header>
          <ol className="steps-list">{alertSteps(t, a).map((s, i) => <li key={i}>{s}</li>)}</ol>
        </section>
      )}
      {(a.log?.length ?? 0) > 0 && (
        <section className="panel" aria-label={t("alerts.log")}>
          <header><h2>{t("alerts.log")}</h2></header>
          <ol className="trail2">{[...a.log!].reverse().map((l, i) => <li key={i}><span className="num s muted">{f.moment(l.at)}</span><span className="s"><b>{l.actor}</b> {t(`alerts.logDid.${l.action}`, { defaultValue: l.action.toLowerCase() })}{logText(t, f, l) ? ` · ${logText(t, f, l)}` : ""}</span></li>)}</ol>
        </section>
      )}
      {asking === "assignment" && <Ask title={t("alerts.ask.assignment")} text={t("alerts.askText.assignment")} fields={[{ name: "owner", label: t("alerts.owner"), kind: "text", required: true }, { name: "dueOn", label: t("alerts.dueOn"), kind: "date" }]} submit={t("alerts.do.assign")} problem={problem} onClose={() => setAsking(null)} onSubmit={(v) => void run("assignment", { owner: v.owner, dueOn: v.dueOn || null })} />}
      {asking === "snooze" && <Ask title={t("alerts.ask.snooze")} text={t("alerts.askText.snooze")} fields={[{ name: "until", label: t("alerts.until"), kind: "date", required: true }, { name: "reason", label: t("alerts.reason"), kind: "text", required: true }]} submit={t("alerts.do.snooze")} problem={problem} onClose={() => setAsking(null)} onSubmit={(v) => void run("snooze", { until: v.until, reason: v.reason })} />}
      {asking === "outcome" && <OutcomeDialog problem={problem} onClose={() => setAsking(null)} onSubmit={(outcome, note) => void run("outcome", { outcome, note })} />}
    </article>
  );
}

/** A value with its unit; money by its sign, percent and days by their word. */
export function withUnit(value: string, unit: string | null, f: ReturnType<typeof useFormats>, t: (k: string) => string): string {
  switch (unit) {
    case "currency": case "INR": case "money": return f.rupees(value);
    case "percent": case "%": return `${f.cell(value, "percent")} %`;
    case "days": case "day": return `${f.cell(value, "days")} ${t("unit.days")}`;
    case "hours": return `${f.cell(value, "hours")} ${t("unit.hours")}`;
    case "ratio": case "index": return f.cell(value, "ratio");
    default: return /^-?\d+(\.\d+)?$/.test(value) ? f.minus(f.qty(value)) : value;
  }
}

function OutcomeDialog({ problem, onClose, onSubmit }: { problem: Problem | null; onClose: () => void; onSubmit: (outcome: string, note: string) => void }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<string>("FIXED");
  const [note, setNote] = useState("");
  const [bad, setBad] = useState(false);
  return (
    <Dialog title={t("alerts.ask.outcome")} onClose={onClose}>
      <form noValidate style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); if (note.trim()) onSubmit(outcome, note.trim()); else setBad(true); }}>
        <p className="muted">{t("alerts.askText.outcome")}</p>
        {problem && <ProblemNote problem={problem} />}
        <div role="radiogroup" aria-label={t("alerts.ask.outcome")} className="radio-list">{ALERT_OUTCOMES.map((o, i) => <label key={o}><input type="radio" name="outcome" checked={outcome === o} onChange={() => setOutcome(o)} {...(i === 0 ? { "data-autofocus": true } : {})} />{t(`alerts.outcome.${o}`)}</label>)}</div>
        <label className="field"><span className="label">{t("alerts.note")}</span><input className="input" value={note} maxLength={300} aria-invalid={bad || undefined} onChange={(e) => { setNote(e.target.value); setBad(false); }} />{bad && <div className="bad">{t("form.bad.required")}</div>}</label>
        <div className="end"><Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button><button type="submit" className="btn pri">{t("alerts.do.outcome")}</button></div>
      </form>
    </Dialog>
  );
}
