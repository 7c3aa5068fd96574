import type { TFunction } from "i18next";
import type { Formats } from "../format";
import { reasonText } from "../insight/words";
import type { Component, FeedFault, Health, Period, Plan, Playbook } from "./api";

/** A sentence of the server by its key. */
export interface Says {
  key: string;
  parameters: Record<string, string>;
}

/** What a playbook and its plans say stands under the playbook's code; a plan of people's own says what was written. */
const play = (t: TFunction, code: string | null, place: string, written: string): string => (code ? t(`play.${code}.${place}`, { defaultValue: written }) : written);

export function playbookTitle(t: TFunction, code: string, written?: string): string {
  return play(t, code, "title", written ?? code);
}

export function playbookTrigger(t: TFunction, b: Pick<Playbook, "code" | "trigger">): string {
  return play(t, b.code, "trigger", b.trigger);
}

export function proposalText(t: TFunction, code: string | null, i: number, written: string): string {
  return play(t, code, `proposal${i + 1}`, written);
}

export function taskText(t: TFunction, code: string | null, no: number, written: string): string {
  return play(t, code, `task${no}`, written);
}

export function planTitle(t: TFunction, p: Pick<Plan, "playbook" | "title">): string {
  return play(t, p.playbook, "title", p.title);
}

/** Who it is; what a playbook opens for a distributor without a name says "owner". */
export function ownerName(t: TFunction, owner: string | null): string | null {
  return owner === "owner" ? t("plan.theirOwner") : owner;
}

/** Why a playbook is suggested. */
export function suggestedWhy(t: TFunction, f: Formats, x: Health["suggested"][number]): string {
  return x.says ? t(`playWhy.${x.says.key}`, { ...numbers(f, x.says), defaultValue: x.why }) : x.why;
}

function numbers(f: Formats, says: Says): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(says.parameters)) shown[name] = /^-?\d+$/.test(value) ? f.qty(value) : /^-?\d+\.\d+$/.test(value) ? f.cell(value, "percent") : value;
  return shown;
}

/** A line of a plan's log, or an event: what the product wrote, in the reader's language; what a person wrote, as it is. */
export function saidText(t: TFunction, f: Formats, said: { text: string; says?: Says | null | undefined }, playbook: string | null, component?: (code: string) => string): string {
  const p = said.says?.parameters;
  if (!said.says || !p) return said.text;
  switch (said.says.key) {
    case "opened": return t("plan.said.opened", { why: p.why });
    case "done": return t("plan.said.done", { what: p.task ? taskText(t, playbook, Number(p.task), p.what ?? "") : p.what });
    case "closed": return t("plan.said.closed", { outcome: t(`plan.outcome.${p.outcome}`, { defaultValue: p.outcome }), note: p.note });
    case "band": return t("plan.said.band", { from: t(`health.band.${p.from}`, { defaultValue: p.from }), to: t(`health.band.${p.to}`, { defaultValue: p.to }) });
    case "contested": return t("plan.said.contested", { component: component?.(p.component ?? "") ?? p.component, month: f.month(p.until ?? ""), reason: p.reason });
    default: return said.text;
  }
}

export function eventText(t: TFunction, f: Formats, e: Health["events"][number], component: (code: string) => string): string {
  const text = saidText(t, f, e, e.playbook ?? null, component);
  return e.subject && e.says ? `${play(t, e.playbook ?? null, "title", e.subject)}: ${text}` : text;
}

export function warningText(t: TFunction, w: Health["warnings"][number]): string {
  return t(`health.warning.${w.code}`, { defaultValue: w.text });
}

/** Why a pillar has no score; with the share of its weight that has figures, where that is why. */
export function pillarReason(t: TFunction, f: Formats, reason: string | null, share?: string | number): string {
  if (reason === "INSUFFICIENT" && share !== undefined) return t("health.present", { share: f.cell(String(share), "days") });
  return reasonText(t as never, reason) ?? "";
}

export function periodName(t: TFunction, f: Formats, p: Period): string {
  return p.kind === "CLOSED" ? f.month(p.end) : t("health.fourWeeks", { date: f.date(p.end) });
}

/** "MIXED · M · NEW" with the words of the language; a size stays a letter. */
export function archetypeName(t: TFunction, archetype: string | null): string {
  return (archetype ?? "").split(" · ").map((part) => t(`health.archetype.${part}`, { defaultValue: part })).join(" · ");
}

/** What lifts a component; a model that was approved here says it in its own words. */
export function behaviourText(t: TFunction, c: Component, modelVersion: number | undefined): string | undefined {
  return c.behaviour === null ? undefined : modelVersion === 0 ? t(`health.behaviour.${c.component}`, { defaultValue: c.behaviour }) : c.behaviour;
}

/** What a clause of the data contract demands. */
export function clauseText(t: TFunction, clause: string): string {
  const [chapter, field] = [clause.slice(0, clause.indexOf(".")), clause.slice(clause.indexOf(".") + 1)];
  if (chapter === "FC-FILE" || chapter === "FC-ENV") return `${t(`data.clause.${chapter}`)} (${field})`;
  if (chapter.startsWith("FC-")) return `${t(`data.type.${chapter}`, { defaultValue: chapter })}: ${t("data.clause.field", { field })}`;
  return t(`data.clause.${clause.replaceAll(".", "_")}`, { defaultValue: clause });
}

/** What is wrong with a record or batch; faults of before have their English words only. */
export function faultText(t: TFunction, x: Pick<FeedFault, "detail" | "says">): string {
  return x.says ? t(`data.fault.${x.says.key}`, { ...x.says.parameters, defaultValue: x.detail }) : x.detail;
}

/** What would be accepted instead: numbers and codes are the same in every language. */
export function acceptedText(t: TFunction, x: Pick<FeedFault, "accepted" | "accepts">): string {
  return x.accepts ? t(`data.fault.${x.accepts.key}`, { ...x.accepts.parameters, defaultValue: x.accepted ?? "" }) : (x.accepted ?? "");
}

/** How a distributor's data are, in a sentence. */
export function dataReason(t: TFunction, f: Formats, d: { reason: string | null; says?: Says | null | undefined }): string | undefined {
  if (!d.says) return d.reason ?? undefined;
  const p = d.says.parameters;
  return t(`data.says.${d.says.key}`, { hours: p.hours ? f.qty(p.hours) : "", type: p.type ? t(`data.type.${p.type}`, { defaultValue: p.type }) : "", day: p.day ? f.date(p.day) : "", defaultValue: d.reason ?? "" });
}
