/**
 * A question is data (DESIGN section 6): screens, links, exports and the API all carry this one shape. The address bar
 * holds it whole, in words a person can read and change; a link is therefore a view (UX section 2).
 */
/** Ids are those of the server's catalogue: a figure that the catalogue gains can be asked at once. */
export type MetricId = string;
export type DimensionId = string;

/** The dimensions that have a place of their own on the screens, in the order of menus; others of the catalogue follow them. */
export const DIMENSIONS = [
  "region", "territory", "distributor", "beat", "outlet", "principal", "category", "brand", "sku",
  "channel", "class", "month", "week", "day", "ageing-bucket", "invoice", "scheme", "reason", "source", "rep", "tier", "super-stockist", "batch", "shelf-life",
] as const;

export const WINDOWS = ["MTD", "LAST_MONTH", "L3M", "L6M", "L12M", "L13W", "YTD", "LAST_N_DAYS", "LAST_N_MONTHS", "MONTHS_TO_DATE", "LAST_N_WEEKS", "RANGE", "NOW", "L1M"] as const;
export type WindowKind = (typeof WINDOWS)[number];

export const COMPARES = ["NONE", "PREVIOUS", "SAME_LAST_YEAR", "L3M_AVERAGE"] as const;
export type Compare = (typeof COMPARES)[number];

export interface Filter {
  dimension: DimensionId;
  op: "in";
  values: string[];
}

export interface Window {
  kind: WindowKind;
  from?: string;
  to?: string;
  n?: number;
}

export interface Order {
  by: string;
  desc: boolean;
}

export interface Question {
  metrics: MetricId[];
  dimensions: DimensionId[];
  filters: Filter[];
  window: Window;
  compare: Compare;
  order: Order[];
  /** Both windows count only what sold in both. */
  likeForLike?: LikeForLike | undefined;
}

export const LIKES = ["distributor", "outlet", "sku"] as const;
export type LikeForLike = (typeof LIKES)[number];

/** The two declared paths (UX 6.2): one click goes one level down, the breadcrumb goes up. */
export const PLACE: readonly string[] = ["region", "territory", "distributor", "beat", "outlet", "invoice"];
export const GOODS: readonly string[] = ["category", "brand", "sku"];

export const DEFAULT: Question = {
  metrics: ["nsv", "active-outlets"],
  dimensions: ["region"],
  filters: [],
  window: { kind: "MTD" },
  compare: "SAME_LAST_YEAR",
  order: [],
};

/** The question as search parameters: `m` show, `by` rows, `f` where, `w` window, `c` compare, `s` order, `l` like for like. */
export type QuestionSearch = { m?: string; by?: string; f?: string; w?: string; c?: string; s?: string; l?: string };

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const ID = /^[a-z][a-z0-9-]{0,47}$/;
const isDimension = (s: string): boolean => (DIMENSIONS as readonly string[]).includes(s);
const isMetric = (s: string): boolean => ID.test(s) && !isDimension(s);
const unique = <T>(list: T[]): T[] => [...new Set(list)];

export function encodeFilters(filters: Filter[]): string | undefined {
  const parts = filters
    .filter((f) => f.values.length > 0)
    .map((f) => `${f.dimension}:${f.values.map((v) => v.replace(/[~,;]/g, (c) => "~" + c.charCodeAt(0).toString(16))).join(",")}`);
  return parts.length ? parts.join(";") : undefined;
}

export function decodeFilters(value: string | undefined): Filter[] {
  if (!value) return [];
  const found: Filter[] = [];
  for (const part of value.split(";")) {
    const colon = part.indexOf(":");
    if (colon < 1) continue;
    const dimension = part.slice(0, colon);
    const values = unique(
      part.slice(colon + 1).split(",").filter(Boolean).map((v) => v.replace(/~([0-9a-f]{2})/g, (_, h: string) => String.fromCharCode(parseInt(h, 16)))),
    );
    if (isDimension(dimension) && values.length) found.push({ dimension, op: "in", values });
  }
  return found;
}

export function encodeWindow(w: Window): string {
  if (w.kind === "LAST_N_DAYS") return `LAST_${w.n ?? 7}_DAYS`;
  if (w.kind === "LAST_N_MONTHS") return `LAST_${w.n ?? 3}_MONTHS`;
  if (w.kind === "LAST_N_WEEKS") return `LAST_${w.n ?? 13}_WEEKS`;
  if (w.kind === "MONTHS_TO_DATE") return `${w.n ?? 3}_MONTHS_TO_DATE`;
  if (w.kind === "RANGE") return `${w.from}..${w.to}`;
  return w.kind;
}

export function decodeWindow(value: string | undefined): Window | null {
  if (!value) return null;
  const several = /^LAST_(\d{1,4})_(DAYS|WEEKS|MONTHS)$/.exec(value);
  if (several) return Number(several[1]) > 0 ? { kind: `LAST_N_${several[2] as "DAYS" | "WEEKS" | "MONTHS"}`, n: Number(several[1]) } : null;
  const running = /^(\d{1,2})_MONTHS_TO_DATE$/.exec(value);
  if (running) return Number(running[1]) > 0 ? { kind: "MONTHS_TO_DATE", n: Number(running[1]) } : null;
  const [from, to] = value.split("..");
  if (from && to && DATE.test(from) && DATE.test(to)) return from <= to ? { kind: "RANGE", from, to } : { kind: "RANGE", from: to, to: from };
  return !/_N_|^RANGE$|^MONTHS_TO_DATE$/.test(value) && (WINDOWS as readonly string[]).includes(value) ? { kind: value as WindowKind } : null;
}

export function encode(q: Question): QuestionSearch {
  return {
    m: q.metrics.join(","),
    by: q.dimensions.length ? q.dimensions.join(",") : "all",
    f: encodeFilters(q.filters),
    w: encodeWindow(q.window),
    c: q.compare,
    s: q.order.length ? q.order.map((o) => (o.desc ? "-" : "") + o.by).join(",") : undefined,
    l: q.likeForLike,
  };
}

/** What an address says; anything it does not say, or says wrongly, falls back to the default question. */
export function decode(search: QuestionSearch): Question {
  const metrics = unique((search.m ?? "").split(",").filter(isMetric));
  const dimensions = unique((search.by ?? "").split(",").filter(isDimension)).slice(0, 3);
  const compare = (COMPARES as readonly string[]).includes(search.c ?? "") ? (search.c as Compare) : DEFAULT.compare;
  return {
    metrics: metrics.length ? metrics : [...DEFAULT.metrics],
    dimensions: search.by === "all" ? [] : dimensions.length ? dimensions : [...DEFAULT.dimensions],
    filters: decodeFilters(search.f),
    window: decodeWindow(search.w) ?? { ...DEFAULT.window },
    compare,
    order: (search.s ?? "")
      .split(",")
      .filter(Boolean)
      .map((s) => ({ by: s.replace(/^-/, ""), desc: s.startsWith("-") }))
      .filter((o) => [...metrics, ...dimensions, ...(metrics.length ? [] : DEFAULT.metrics), ...(dimensions.length ? [] : DEFAULT.dimensions)].includes(o.by.replace(/\.compare$/, ""))),
    ...(LIKES.some((l) => l === search.l) ? { likeForLike: search.l as LikeForLike } : {}),
  };
}

/** Replaces the filter of one dimension; no values removes it. */
export function withFilter(q: Question, dimension: DimensionId, values: string[]): Question {
  const rest = q.filters.filter((f) => f.dimension !== dimension);
  return { ...q, filters: values.length ? [...rest, { dimension, op: "in", values }] : rest };
}

/** The next level of the path a dimension lies on, or null at its end. */
export function below(dimension: DimensionId): DimensionId | null {
  for (const path of [PLACE, GOODS]) {
    const at = path.indexOf(dimension);
    if (at >= 0) return path[at + 1] ?? null;
  }
  return null;
}

/** One level down from one row: its key becomes a filter, the next level becomes the rows. Null at the last level. */
export function drill(q: Question, keys: Partial<Record<DimensionId, string>>, said?: { dimensions?: readonly string[] | null; metrics?: readonly string[] | null } | null): Question | null {
  for (let i = q.dimensions.length - 1; i >= 0; i--) {
    const dimension = q.dimensions[i]!;
    // The server knows which level has rows: a distributor without beats goes straight to its outlets.
    const next = said?.dimensions?.filter(isDimension).find((d) => !q.dimensions.includes(d)) ?? below(dimension);
    if (!next || keys[dimension] === undefined) continue;
    let to: Question = { ...q, order: q.order.filter((o) => isMetric(o.by)) };
    for (const d of q.dimensions) {
      const id = keys[d];
      if (id !== undefined) to = withFilter(to, d, [id]);
    }
    const keep = q.dimensions.filter((d, at) => at !== i && keys[d] === undefined);
    // A month or a day that was a row is now a filter, so the rows are the next level alone.
    // Some figures end above the last level: outlets are not counted per bill.
    const metrics = said?.metrics ? q.metrics.filter((m) => said.metrics!.includes(m)) : q.metrics;
    return { ...to, metrics: metrics.length ? metrics : ["nsv"], order: to.order.filter((o) => !isMetric(o.by) || metrics.includes(o.by)), dimensions: [...keep, next] };
  }
  return null;
}

export interface Crumb {
  dimension: DimensionId | null;
  value: string | null;
  question: Question;
  current: boolean;
}

/**
 * The way back up along the path of the rows: the whole, then one crumb per filter on that path above the rows. Going to a
 * crumb drops the filters under it and shows the level that was chosen from there.
 */
export function crumbs(q: Question): Crumb[] {
  const rows = q.dimensions.find((d) => PLACE.includes(d)) ?? q.dimensions.find((d) => GOODS.includes(d));
  const path = rows ? (PLACE.includes(rows) ? PLACE : GOODS) : PLACE;
  const level = rows ? path.indexOf(rows) : path.length;
  const steps = path.slice(0, level).filter((d) => q.filters.some((f) => f.dimension === d));
  const others = q.dimensions.filter((d) => !path.includes(d));
  const at = (dimension: DimensionId, above: readonly DimensionId[]): Question => ({
    ...q,
    dimensions: [...others, dimension],
    filters: q.filters.filter((f) => !path.includes(f.dimension) || above.includes(f.dimension)),
  });
  const first = steps[0] ?? rows ?? path[0]!;
  const list: Crumb[] = [{ dimension: null, value: null, question: at(first, []), current: steps.length === 0 }];
  steps.forEach((dimension, i) => {
    const filter = q.filters.find((f) => f.dimension === dimension)!;
    const next = steps[i + 1] ?? rows ?? below(dimension) ?? dimension;
    list.push({
      dimension,
      value: filter.values.length === 1 ? filter.values[0]! : null,
      question: at(next, steps.slice(0, i + 1)),
      current: i === steps.length - 1,
    });
  });
  return list;
}

/** The question one level up, or null at the top. */
export function up(q: Question): Question | null {
  const list = crumbs(q);
  if (list.length < 2) return null;
  const last = list[list.length - 1]!;
  const parent = list[list.length - 2]!.question;
  const keep = last.dimension!;
  return { ...parent, dimensions: [...parent.dimensions.filter((d) => !PLACE.includes(d) && !GOODS.includes(d)), keep] };
}

/** What is asked of the engine: single bills are not compared, a bill has no bill of last year, and what is as of now has no past; going up compares again. */
export function effective(q: Question): Question {
  return (q.dimensions.includes("invoice") || q.window.kind === "NOW") && q.compare !== "NONE" ? { ...q, compare: "NONE" } : q;
}

/** The body that the server takes; a page cursor is added by the caller. */
export function body(q: Question, limit = 500): Record<string, unknown> {
  return { metrics: q.metrics, dimensions: q.dimensions, filters: q.filters, window: q.window, compare: q.compare, order: q.order, limit, totals: true, ...(q.likeForLike ? { likeForLike: q.likeForLike } : {}) };
}
