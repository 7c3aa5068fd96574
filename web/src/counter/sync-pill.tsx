import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Shape, dateText, timeOfDay, type Tone } from "../ui";
import { stopOf, type Row } from "../offline/policy";
import type { SyncView } from "./workspace";

const BEHIND_AFTER = 15 * 60_000;

/** The one sentence about the way to the server (UX 4.1). */
export interface Pill {
  state: "up-to-date" | "sending" | "waiting" | "behind" | "needs-you" | "stopped" | "starting";
  key: string;
  values: Record<string, string | number>;
  tone: Tone;
}

/** Which pill is shown; what a person must do stands before what the machine is doing. */
export function pillOf(view: SyncView, now: number, language: string, rulesFault?: string, guard: Row[] = []): Pill {
  const { needsYou, waiting, sending, reach, groups } = view;
  const must = groups.find((g) => g.group === "must");
  if (rulesFault) return { state: "stopped", key: "pill.noRules", values: {}, tone: "act" };
  const stop = stopOf(guard, "invoice");
  if (stop) return { state: "stopped", key: { masters: "pill.masters", numbers: "pill.numbers", clock: "pill.clock", signIn: "pill.signInAway", device: "pill.device", storage: "pill.storage", unsent: "pill.waiting" }[stop.what], values: stop.values, tone: "act" };
  if (reach?.state === "newer") return { state: "stopped", key: "pill.newer", values: {}, tone: "act" };
  if (reach?.state === "signed-out") return { state: "stopped", key: "pill.signIn", values: { count: waiting.length }, tone: "act" };
  if (reach?.state === "refused") return { state: "stopped", key: "pill.refused", values: {}, tone: "act" };
  const need = needsYou.length + view.differs.length;
  if (need > 0 && waiting.length > 0) return { state: "needs-you", key: "pill.needsAndWaiting", values: { count: need, waiting: waiting.length }, tone: "act" };
  if (need > 0) return { state: "needs-you", key: "pill.needsYou", values: { count: need }, tone: "act" };
  if (waiting.length > 0 && reach?.state === "reached" && sending > 0) return { state: "sending", key: "pill.sending", values: { count: sending, total: waiting.length }, tone: "info" };
  if (waiting.length > 0) return { state: "waiting", key: "pill.waiting", values: { count: waiting.length }, tone: "watch" };
  if (view.pictures > 0) return { state: "waiting", key: "pill.pictures", values: { count: view.pictures }, tone: "info" };
  if (!must || (groups.length < 3 && reach?.state === "reached")) return { state: "starting", key: reach?.state === "not-reached" ? "pill.notReached" : "pill.starting", values: { since: timeOfDay(reach?.since ?? now) }, tone: "info" };
  const oldest = Math.min(...groups.map((g) => g.checkedAt));
  if (now - oldest > BEHIND_AFTER || groups.length < 3 && reach?.state === "not-reached") {
    const today = new Date(oldest).toDateString() === new Date(now).toDateString();
    return { state: "behind", key: "pill.behind", values: { when: today ? timeOfDay(oldest) : `${dateText(new Date(oldest).toISOString(), language)} ${timeOfDay(oldest)}` }, tone: "watch" };
  }
  return { state: "up-to-date", key: "pill.upToDate", values: { at: timeOfDay(Math.max(...groups.map((g) => g.checkedAt))) }, tone: "good" };
}

export function SyncPill({ view, rulesFault, guard, onOpen }: { view: SyncView; rulesFault: string | undefined; guard: Row[]; onOpen: () => void }) {
  const { t, i18n } = useTranslation();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000);
    return () => clearInterval(timer);
  }, []);
  const pill = pillOf(view, Math.max(now, view.reach?.since ?? 0), i18n.language, rulesFault, guard);
  const words = t(pill.key, pill.values);
  return (
    <>
      <button type="button" className={`pill ${pill.tone}`} data-state={pill.state} onClick={onOpen} title={t("pill.open")}>
        <Shape tone={pill.tone} />
        <span>{words}</span>
      </button>
      <span className="vh" role="status" aria-live="polite">{words}</span>
    </>
  );
}
