import type { Formats } from "../format";
import { allocated, type Column, type Row } from "./api";

/** The dimensions of time, finest last. */
export const TIME: readonly string[] = ["month", "week", "day"];

/** The dimensions whose keys are codes of ours, with words; a code of a distributor's own shows as it is. */
const CODED: readonly string[] = ["source", "tier"];

/** The dimensions whose keys are buckets: they keep their order and have a name in each language. */
export const BUCKETED: readonly string[] = ["ageing-bucket", "shelf-life"];

const ORDER: readonly string[] = ["expired", "not-due", "1-7", "8-15", "16-30", "0-30", "31-60", "61-90", "91-180", "over-180", "undated"];

/** Rows of buckets in the order of time, whatever they are worth. */
export function byBucket(rows: readonly Row[], dimension: string): Row[] {
  return [...rows].sort((a, b) => ORDER.indexOf(String(a.keys[dimension]?.id)) - ORDER.indexOf(String(b.keys[dimension]?.id)));
}

export function bucketName(t: (key: string, options?: Record<string, unknown>) => string, id: unknown, label: string | null | undefined): string {
  return t(`bucket.${String(id)}`, { defaultValue: label ?? String(id ?? "") });
}

/** A key of a row as people read it: months and days by their name, what has no key as "not allocated". */
export function keyLabel(t: (k: string, o?: Record<string, unknown>) => string, f: Formats, dimension: string, row: Row): string {
  const key = row.keys[dimension];
  if (!allocated(key)) return t("explore.notAllocated");
  if (dimension === "month") return f.month(String(key.id));
  if (dimension === "day" || dimension === "week") return f.dense(String(key.id));
  if (BUCKETED.includes(dimension)) return bucketName(t, key.id, key.label);
  if (dimension === "channel") return t(`choice.channel.${String(key.id)}`, { defaultValue: key.label ?? String(key.id) });
  if (CODED.includes(dimension)) return t(`keyName.${dimension}.${String(key.id)}`, { defaultValue: key.label ?? String(key.id) });
  return key.label ?? String(key.id);
}

export function rowLabel(t: (k: string, o?: Record<string, unknown>) => string, f: Formats, columns: Column[], row: Row): string {
  return columns.filter((c) => c.kind === "dimension").map((c) => keyLabel(t, f, c.id, row)).join(" · ");
}
