import { useTranslation } from "react-i18next";
import type { CommandState } from "../offline/types";
import { Chip, type Tone } from "../ui";

const tones: Record<CommandState, Tone> = {
  WAITING: "info", SENDING: "up", ACCEPTED: "good", DIFFERS: "watch", NEEDS_YOU: "act", WAITS: "plain", WITHDRAWN: "plain", QUARANTINED: "act",
};

/** Life of a document on this device: one chip everywhere. */
export function StateChip({ state }: { state: CommandState | "DRAFT" }) {
  const { t } = useTranslation();
  return <Chip tone={state === "DRAFT" ? "plain" : state === "SENDING" ? "info" : tones[state]}>{t(`state.${state}`)}</Chip>;
}

/** Came after the close of its month (OFF-08). */
export function LateChip({ late }: { late: "LATE" | "PRIOR_PERIOD" | undefined }) {
  const { t } = useTranslation();
  return late ? <Chip tone="watch">{t(`daybook.late.${late}`)}</Chip> : null;
}

/** Status of a document as the server has it. */
export function DocumentChip({ status }: { status: string }) {
  const { t } = useTranslation();
  const tone: Tone = status === "CANCELLED" ? "plain" : status === "BOOKED" ? "info" : status === "ALLOCATED" || status === "PART_ALLOCATED" || status === "ON_HOLD" || status === "PART_INVOICED" || status === "INITIATED" || status === "HELD" || status === "CANCEL_ASKED" ? "watch" : "good";
  return <Chip tone={tone}>{t(`status.${status}`, { defaultValue: status })}</Chip>;
}
