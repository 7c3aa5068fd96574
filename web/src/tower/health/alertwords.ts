import type { TFunction } from "i18next";
import type { Formats } from "../format";
import { metricName } from "../insight/words";
import type { Alert } from "./api";

/** Keys under which the catalogue has words for what alerts say and show. */
export const SAYS = ["pushed", "starved", "falling", "market", "drop", "silent", "above", "below", "aboveFor", "belowFor"] as const;
export const VALUES = ["ratio", "primary", "secondary", "own", "territory", "network", "last", "mean", "silent"] as const;

/** The rules of the build have words in every language; one that was approved here keeps the name it was given. */
const ofBuild = (a: Pick<Alert, "ruleVersion">) => a.ruleVersion === 0;

export function alertTitle(t: TFunction, a: Pick<Alert, "rule" | "ruleVersion" | "title">): string {
  return ofBuild(a) ? t(`alertSays.rule.${a.rule}.name`, { defaultValue: a.title }) : a.title;
}

/** What was found, in the reader's language; alerts of before say it as they were written. */
export function alertSentence(t: TFunction, f: Formats, a: Pick<Alert, "says" | "sentence" | "subject">): string {
  if (!a.says) return a.sentence;
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(a.says.parameters)) values[name] = /^\d{4}-\d\d-\d\d$/.test(value) ? f.date(value) : /^-?\d+$/.test(value) ? f.qty(value) : f.cell(value, name === "ratio" ? "ratio" : "percent");
  const said = t(`alertSays.${a.says.key}`, { ...values, defaultValue: "" });
  return said === "" ? a.sentence : a.subject ? `${a.subject}: ${said}` : said;
}

export function alertSteps(t: TFunction, a: Pick<Alert, "rule" | "ruleVersion" | "steps">): string[] {
  return ofBuild(a) ? a.steps.map((step, i) => t(`alertSays.rule.${a.rule}.step${i + 1}`, { defaultValue: step })) : a.steps;
}

/** A month, a metric or one of our words; what has none of these shows as it was kept. */
export function valueLabel(t: TFunction, f: Formats, v: Alert["values"][number]): string {
  if (v.key) return t(`alertSays.value.${v.key}`, { defaultValue: v.label });
  return /^\d{4}-\d\d$/.test(v.label) ? f.month(v.label) : metricName(t, v.label);
}

/** What the log adds to an action: to whom, until when and why, what came of it. */
export function logText(t: TFunction, f: Formats, entry: { action: string; text: string | null }): string {
  const text = entry.text ?? "";
  if (entry.action === "OPENED" || entry.action === "CLEARED") return "";
  const taken = /^(?:taken by|to) (.+)$/.exec(text);
  if (taken) return t("alertSays.log.owner", { name: taken[1] });
  const until = /^until (\d{4}-\d\d-\d\d): (.*)$/.exec(text);
  if (until) return t("alertSays.log.until", { date: f.date(until[1]!), why: until[2] });
  const outcome = /^([A-Z_]+): (.*)$/.exec(text);
  return outcome ? `${t(`alerts.outcome.${outcome[1]}`, { defaultValue: outcome[1] })}: ${outcome[2]}` : text;
}
