import type { TFunction } from "i18next";
import type { Row } from "../offline/policy";
import { dateText, timeOfDay } from "../ui/format";

/** The sentence of a limit: what is near or over it, what stops or will, and the step that helps. */
export function rowWords(row: Row, t: TFunction, language: string): { text: string; passes?: string } {
  const at = Number(row.values["at"] ?? 0);
  const values = { ...row.values, ...(at ? { at: `${dateText(new Date(at).toISOString(), language)} ${timeOfDay(at)}` } : {}), direction: t(`guard.${String(row.values["direction"] ?? "ahead")}`) };
  return { text: t(`guard.${row.what}.${row.level}`, values), passes: t(`guard.${row.what}.way`, { ...values, defaultValue: "" }) };
}
