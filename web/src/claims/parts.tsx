import { useTranslation } from "react-i18next";
import { Chip, Shape, type Tone } from "../ui";
import type { Claim, Clock as ClockOf, Outcome, Reason, Status } from "./api";
import "./claims.css";

export type Say = (key: string, values?: Record<string, unknown>) => string;

/** Texts of claims, then those of the build they are shown in. */
export function useClaimTexts(): { t: Say; language: string } {
  const { t, i18n } = useTranslation(["claims", "tower", "counter"]);
  return { t: t as unknown as Say, language: i18n.language };
}

const STATUS_TONE: Record<Status, Tone> = { DRAFT: "plain", SUBMITTED: "info", AUTO_VALIDATED: "info", IN_REVIEW: "watch", QUERY: "watch", APPROVED: "good", PARTLY_APPROVED: "good", REJECTED: "act", DISPUTED: "act", APPEALED: "act", SETTLED: "good", CLAWED_BACK: "act", WITHDRAWN: "plain" };
const OUTCOME_TONE: Record<Outcome, Tone> = { PASS: "good", WARN: "watch", FAIL: "act", BLOCK: "act" };
const BAND_TONE: Record<string, Tone> = { HIGH: "act", MEDIUM: "watch", LOW: "good" };

export function ClaimStatus({ claim }: { claim: Pick<Claim, "status" | "awaits"> }) {
  const { t } = useClaimTexts();
  const second = (claim.status === "IN_REVIEW" && (claim.awaits === "FINANCE" || claim.awaits === "WAIVER")) || claim.awaits === "CLAWBACK";
  return <Chip tone={STATUS_TONE[claim.status] ?? "plain"}>{t(second ? `awaits.${claim.awaits}` : `status.${claim.status}`)}</Chip>;
}

export function RiskState({ claim }: { claim: Pick<Claim, "risk"> }) {
  const { t } = useClaimTexts();
  if (!claim.risk) return null;
  const tone = BAND_TONE[claim.risk.band] ?? "plain";
  return <span className={`st ${tone}`}><Shape tone={tone} />{t(`band.${claim.risk.band}`)} {Math.round(Number(claim.risk.score))}</span>;
}

export function OutcomeState({ result, children }: { result: Outcome; children?: React.ReactNode }) {
  const { t } = useClaimTexts();
  const tone = OUTCOME_TONE[result];
  return <span className={`st ${tone}`}><Shape tone={tone} />{t(`outcome.${result}`)}{children}</span>;
}

/** Working days left or over; a stopped clock says so, a claim without one says nothing. */
export function Clock({ clock, quiet }: { clock: ClockOf | null; quiet?: boolean }) {
  const { t } = useClaimTexts();
  if (!clock) return null;
  if (clock.paused) return <span className="clk muted">{t("clock.paused")}</span>;
  const left = clock.days - clock.used;
  const over = clock.level === "OVER" || clock.level === "FAR_OVER";
  const text = left < 0 ? t("clock.over", { count: -left }) : left === 0 ? t("clock.today") : t("clock.left", { count: left });
  return <span className={`clk ${over ? "act" : clock.level === "NEAR" ? "watch" : quiet ? "muted" : ""}`} title={clock.dueOn ?? undefined}>{(over || clock.level === "NEAR") && <Shape tone={over ? "act" : "watch"} />}{text}</span>;
}

export function reasonTitle(reasons: readonly Reason[] | undefined, code: string | null, t: Say, language: string): string {
  if (!code) return "";
  const found = reasons?.find((r) => r.code === code);
  const own = t(`reason.${code}`, { defaultValue: "" });
  return own || (language === "hi" ? found?.titleHi : null) || found?.title || code;
}

/** The sentence of a rule's result with the numbers it used; the server's own words, or the rule's name. */
export function ruleTitle(t: Say, rule: string, fallback?: string | null): string {
  return t(`rule.${rule}`, { defaultValue: fallback ?? rule });
}
