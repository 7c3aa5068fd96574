import { useCallback, useEffect, useId, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import type { Problem } from "../api/problems";
import { Chip, type Tone } from "../ui";
import type { FilingState } from "./api";

/** The texts of the tax pages, with those of the page around them behind. */
export function useTaxTexts() {
  const { t, i18n } = useTranslation(["tax", "common"]);
  return { t, language: i18n.language };
}

const TONES: Record<FilingState, Tone> = { BLOCKED: "act", WAITING: "info", SUBMITTED: "info", UNKNOWN: "watch", REGISTERED: "good", REJECTED: "act", DIFFERS: "act", CANCELLING: "watch", CANCELLED: "plain" };

/** Word first, shape second, colour last. */
export function StateOf({ state }: { state: FilingState }) {
  const { t } = useTaxTexts();
  return <Chip tone={TONES[state]}>{t(`state.${state}`)}</Chip>;
}

/** A field under its label. */
export function Line({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return <div className="field"><label htmlFor={id}>{label}</label>{children(id)}</div>;
}

export function problemOf(error: unknown): Problem {
  return error instanceof ApiError ? error.problem : { code: "FAULT", detail: error instanceof Error ? error.message : String(error) };
}

/** Asks again when what it asks for changes, and when told to; what was there stays meanwhile. */
export function useAsked<T>(key: string, ask: () => Promise<T>): { data: T | undefined; problem: Problem | undefined; again: () => void } {
  const [kept, keep] = useState<{ key: string; data: T }>();
  const [problem, setProblem] = useState<Problem>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let gone = false;
    ask().then((data) => {
      if (gone) return;
      keep({ key, data });
      setProblem(undefined);
    }, (error: unknown) => {
      if (!gone) setProblem(problemOf(error));
    });
    return () => {
      gone = true;
    };
    // the question is its key
    // eslint-disable-next-line
  }, [key, turn]);
  return { data: kept?.key === key ? kept.data : undefined, problem, again: useCallback(() => setTurn((n) => n + 1), []) };
}
