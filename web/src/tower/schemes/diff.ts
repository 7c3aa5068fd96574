import { dec, toPercent } from "../decimal";
import type { Formats } from "../format";
import type { Difference } from "../changes/api";
import type { Say } from "./texts";

const isNode = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);
const empty = (v: unknown): boolean => v === null || v === undefined || v === "" || (Array.isArray(v) && v.length === 0) || (isNode(v) && Object.keys(v).length === 0);
const scalar = (v: unknown): boolean => !isNode(v) && !(Array.isArray(v) && v.some((x) => isNode(x)));

/** What differs between two contents, place by place; lists of words differ as a whole, `0.70` and `0.7` do not differ. */
export function diffOf(before: unknown, after: unknown, path = ""): Difference[] {
  if (same(before, after)) return [];
  if (scalar(before) && scalar(after)) return [{ path, before: before ?? null, after: after ?? null }];
  if (Array.isArray(before) || Array.isArray(after)) {
    const a = Array.isArray(before) ? before : [];
    const b = Array.isArray(after) ? after : [];
    return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => diffOf(a[i], b[i], `${path}/${i}`)).flat();
  }
  const a = isNode(before) ? before : {};
  const b = isNode(after) ? after : {};
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => diffOf(a[key], b[key], `${path}/${key}`));
}

function same(a: unknown, b: unknown): boolean {
  if (empty(a) && empty(b)) return true;
  if (Array.isArray(a) && Array.isArray(b) && scalar(a) && scalar(b)) return [...a].map(String).sort().join("\n") === [...b].map(String).sort().join("\n");
  if (scalar(a) && scalar(b) && !Array.isArray(a) && !Array.isArray(b)) {
    const x = dec(String(a ?? ""));
    const y = dec(String(b ?? ""));
    return x && y ? sameNumber(String(a), String(b)) : String(a ?? "") === String(b ?? "");
  }
  return false;
}

function sameNumber(a: string, b: string): boolean {
  const plain = (v: string) => (v.includes(".") ? v.replace(/\.?0+$/, "") : v);
  return plain(a) === plain(b);
}

const WORDS: Record<string, string> = { principalShare: "funding.share", claimable: "funding.claimable", claimRate: "funding.claimRate", settlement: "funding.settlement", creditNote: "funding.creditNote", stacking: "together.stacking", priority: "together.priority", exclusionGroup: "together.group", choice: "together.choice", returnPolicy: "later.returns", honour: "later.honour", retrospective: "later.retrospective", level: "field2.level", stage: "field2.stage" };
const ENUMS: Record<string, string> = { claimRate: "claimRate", settlement: "settlement", creditNote: "creditNote", stacking: "stacking", choice: "groupChoice", returnPolicy: "returnPolicy", honour: "honour", level: "level", stage: "stage", basis: "basis", tax: "freeTax", ifShort: "ifShort", period: "period", method: "method", payout: "payout", whenCut: "whenCut" };

/** What a place of a scheme is called. */
export function placeText(path: string, t: Say, given?: string): string {
  const p = path.split("/").slice(1);
  const numbered = (name: string, i: string, what: string) => t(`diff.${name}`, { n: Number(i) + 1, what });
  if (p[0] === "mechanic") {
    if ((p[1] === "slabs" || p[1] === "terms") && p[2] !== undefined) return numbered(p[1] === "slabs" ? "slab" : "term", p[2], p[3] === "from" ? t("field2.from") : p[3] === "days" ? t("field2.days") : p[3] === undefined ? "" : t(rewardWord(p[4] ?? p[3]))).trim();
    if ((p[1] === "groups" || p[1] === "components") && p[2] !== undefined) return numbered("group", p[2], p[3] === "products" ? t(`set.${p[4] ?? "skuIds"}`, { defaultValue: t("field2.products") }) : t("field2.qty"));
    if (p[1] === "reward") return t(rewardWord(p[2] ?? "percent"));
    if (p[1] === "type") return t("diff.kind");
    if (p[1] === "rewardSkuId" || p[1] === "rewardSkuIds") return t("field2.rewardSkus");
    if (p[1] === "substituteSkuIds") return t("field2.substitutes");
    if (p[1] === "tax") return t("field2.freeTax");
    return t(`field2.${p[1]}`, { defaultValue: given ?? p[1] });
  }
  if (p[0] === "products") return `${t("field2.products")}: ${t(`set.${p[1]}`, { defaultValue: p[1] })}`;
  if (p[0] === "eligibility") return t(`condition2.${p[1]}`, { defaultValue: p[1] });
  if (p[0] === "limits") return p[1] === "whenCut" ? t("limit.whenCut") : `${t(`limit.${p[1]}`, { defaultValue: p[1] })}, ${t(`limit.${p[2] ?? "amount"}`, { defaultValue: p[2] ?? "" })}`;
  const own = WORDS[p[0] ?? ""] ?? `field2.${p[0]}`;
  return t(own, { defaultValue: given ?? t(`field.${p[0]}`, { defaultValue: p.join(" ") }) });
}

const rewardWord = (member: string) => `rewardKind.${{ percent: "PERCENT", perUnit: "PER_UNIT", fixed: "FIXED", perCount: "PER_COUNT" }[member] ?? "PERCENT"}`;

/** What stands at a place, in words. */
export function partText(path: string, value: unknown, t: Say, f: Formats, names: (member: string, code: string) => string = (_m, c) => c): string {
  const p = path.split("/").slice(1);
  const last = p.at(-1) ?? "";
  if (empty(value)) return t("diff.nothing");
  if (Array.isArray(value)) return value.map((v) => names(last, String(v))).map((v) => t(`value.${last}.${v}`, { defaultValue: v })).join(", ");
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  const text = String(value);
  if (last === "percent" || last === "principalShare" || last === "passScore") return `${f.qty(toPercent(text))} %`;
  if (["perUnit", "fixed", "perCount", "price", "amount", "perKg"].includes(last) && dec(text)) return f.rupees(text);
  if (last === "type" && p[0] === "mechanic") return t(`kind.${text}.name`, { defaultValue: text });
  if (ENUMS[last]) return t(`${ENUMS[last]}.${text}`, { defaultValue: text });
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return f.date(text);
  if (/SkuId$/.test(last)) return names(last, text);
  return dec(text) ? f.qty(text) : text;
}

/** The difference of two lists of words: what came and what went. */
export function cameAndWent(before: unknown, after: unknown): { came: string[]; went: string[] } | null {
  if (!Array.isArray(before) && !Array.isArray(after)) return null;
  const a = new Set((Array.isArray(before) ? before : []).map(String));
  const b = new Set((Array.isArray(after) ? after : []).map(String));
  return { came: [...b].filter((x) => !a.has(x)), went: [...a].filter((x) => !b.has(x)) };
}
