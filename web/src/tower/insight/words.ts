import type { TFunction } from "i18next";
import type { Formats } from "../format";
import type { Answer, Cell, Column } from "./api";
import type { Compare, DimensionId, Question, Window } from "./question";

export function metricName(t: TFunction, id: string, label?: string): string {
  return t(`metric.${id}`, { defaultValue: label ?? id });
}

/** The formula of a metric in words. The server says it in English; a language that it does not speak has its own. */
export function definitionText(t: TFunction, id: string, definition: string | null | undefined): string | undefined {
  return t("problems.serverWordsFit", { ns: "common" }) === "yes" ? (definition ?? undefined) : t(`definition.${id}`, { defaultValue: definition ?? "" }) || undefined;
}

export function dimensionName(t: TFunction, id: string, label?: string): string {
  return t(`dimension.${id}`, { defaultValue: label ?? id });
}

export function columnName(t: TFunction, c: Column): string {
  return c.kind === "metric" ? metricName(t, c.id, c.label) : dimensionName(t, c.id, c.label);
}

export function windowName(t: TFunction, f: Formats, w: Window): string {
  if (w.kind === "LAST_N_DAYS" || w.kind === "LAST_N_MONTHS" || w.kind === "LAST_N_WEEKS" || w.kind === "MONTHS_TO_DATE") return t(`window.${w.kind}`, { count: w.n ?? 7 });
  if (w.kind === "RANGE") return `${f.date(w.from)} – ${f.date(w.to)}`;
  return t(`window.${w.kind}`);
}

/** What "before" means beside a figure: "on last year". */
export function compareName(t: TFunction, compare: Compare): string {
  return t(`compare.${compare}`);
}

export function listOf(language: string, words: string[]): string {
  return new Intl.ListFormat(language, { type: "conjunction" }).format(words);
}

/** The question as a heading: "Secondary sales and active outlets by region". */
export function questionTitle(t: TFunction, language: string, q: Question): string {
  const first = listOf(language, q.metrics.map((m, i) => (i === 0 ? metricName(t, m) : metricName(t, m).toLocaleLowerCase(language))));
  if (q.dimensions.length === 0) return first;
  return t("explore.title", { metrics: first, dimensions: listOf(language, q.dimensions.map((d: DimensionId) => lower(dimensionName(t, d), language))) });
}

/** Why a figure is not there, in words; a reason without words of ours shows as the server gave it. */
export function reasonText(t: (key: string, options?: Record<string, unknown>) => string, reason: string | null | undefined): string | undefined {
  return reason ? t(`reason.${reason}`, { defaultValue: reason }) : undefined;
}

/** Of how many distributors a figure is known, where it is not known of all. */
export function partialText(t: (key: string, options?: Record<string, unknown>) => string, cell: Cell | undefined): string | undefined {
  return cell?.partial ? t("fresh.partial", { known: cell.partial.known, of: cell.partial.of }) : undefined;
}

/** Lower case inside a sentence, except for what is written in capitals (SKU). */
export function lower(word: string, language: string): string {
  return word === word.toLocaleUpperCase(language) ? word : word.toLocaleLowerCase(language);
}

/** The unit of a change; the change of a ratio has none. */
export function changeUnit(t: TFunction, unit: string): string {
  return unit === "plain" ? "" : t(`unit.${unit}`);
}

/** Whose figures an answer has: "13 distributors, 1 principal". */
export function whoseText(t: TFunction, language: string, a: Answer | undefined): string {
  const w = a?.whose;
  if (!w) return a?.scope ?? "";
  const parts = [w.name ?? t("whose.distributors", { count: w.distributors })];
  if (w.principals !== null) parts.push(t("whose.principals", { count: w.principals }));
  return parts.join(", ") + (w.without.length > 0 ? `; ${t("whose.without", { currency: a?.currency ?? "", names: listOf(language, w.without) })}` : "");
}
