import "./rulebook.css";
import { useTranslation } from "react-i18next";
import type { TFunction } from "i18next";

/** Texts of the rule book's pages, then the tower's, then the shared ones. */
export function useTexts(): { t: Say; language: string } {
  const { t, i18n } = useTranslation(["rulebook", "tower"]);
  return { t: t as unknown as Say, language: i18n.language };
}

export type Say = (key: string, values?: Record<string, unknown>) => string;

export const asT = (t: Say): TFunction => t as unknown as TFunction;
