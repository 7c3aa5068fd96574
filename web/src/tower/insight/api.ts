import { useInfiniteQuery, useQuery, type InfiniteData } from "@tanstack/react-query";
import { api } from "../../api/client";
import { download } from "../http";
import type { FigureKind } from "../format";
import { body, type DimensionId, type Filter, type MetricId, type Question } from "./question";

export interface Column {
  id: string;
  kind: "dimension" | "metric";
  label: string;
  unit?: string | null;
  additive?: boolean;
  direction?: string | null;
  definition?: string | null;
}

export interface Cell {
  value: string | null;
  compare?: string | null;
  reason?: string | null;
}

export interface Key {
  id: string | number | null;
  label: string | null;
}

export interface Row {
  keys: Record<string, Key>;
  values: Record<string, Cell>;
  drill?: { metrics?: string[] | null; dimensions: DimensionId[]; filters: Filter[]; document?: { type: string; id: string; distributorId: number } | null } | null;
}

export interface Older {
  id: string | number;
  name: string;
  asOf: string | null;
}

export interface Freshness {
  asOf: string | null;
  distributors: number;
  older: Older[];
}

type Totals = Record<string, Cell> | { values: Record<string, Cell> };

export interface Answer {
  columns: Column[];
  rows: Row[];
  totals?: Totals | null;
  notAllocated?: Totals | null;
  /** Rows of all pages. */
  count?: number | null;
  freshness: Freshness;
  window: { from: string | null; to: string | null; label?: string | null };
  comparedWith?: { from: string | null; to: string | null } | null;
  scope?: string | null;
  next?: string | null;
}

export interface CatalogueMetric {
  id: string;
  kpi?: string | null;
  label: string;
  unit?: string | null;
  additive: boolean;
  direction?: string | null;
  definition?: string | null;
  dimensions: string[];
}

export interface Catalogue {
  metrics: CatalogueMetric[];
  dimensions: { id: string; label: string; path?: string | null }[];
}

export const QUERY = "/api/v1/insight/query";

/** The figures of a totals row, whichever of the two shapes carries them. */
export function valuesOf(totals: Totals | null | undefined): Record<string, Cell> | null {
  if (!totals) return null;
  return "values" in totals && typeof totals.values === "object" && !("value" in totals.values) ? (totals.values as Record<string, Cell>) : (totals as Record<string, Cell>);
}

/** The key of facts that have none on a dimension. */
export const NOT_ALLOCATED = "NOT_ALLOCATED";

/** Whether a row has a key of its own there. */
export function allocated(key: Key | undefined): key is Key & { id: string | number } {
  return key !== undefined && key.id !== null && key.id !== NOT_ALLOCATED;
}

/** The bill a row stands for, at the end of the place path. */
export function documentOf(row: Row): string | null {
  return row.drill?.document?.id ?? (allocated(row.keys.invoice) ? String(row.keys.invoice.id) : null);
}

const KINDS: Record<MetricId, FigureKind> = {
  nsv: "money",
  "active-outlets": "count",
  "stock-cover": "days",
  receivable: "money",
  overdue: "money",
  "overdue-share": "percent",
  bills: "count",
  "average-bill": "money",
  "gross-value": "money",
  "scheme-discount": "money",
  "returns-value": "money",
  "primary-value": "money",
  "stock-value": "money",
};

export function kindOf(metric: string, unit?: string | null): FigureKind {
  const known = KINDS[metric as MetricId];
  if (known) return known;
  if (unit === "%" || unit === "percent") return "percent";
  if (unit === "days") return "days";
  return unit === "count" ? "count" : "money";
}

/** Which way is good: more sales are, more days of stock and more overdue money are not. */
export function goodWhenUp(metric: string): boolean | null {
  if (["nsv", "active-outlets", "bills", "average-bill", "gross-value"].includes(metric)) return true;
  if (["overdue", "overdue-share", "returns-value"].includes(metric)) return false;
  return null;
}

/** One question asked at once; the same question is asked once a minute at most, whoever shows it. */
export function useAnswer(q: Question, options: { limit?: number; enabled?: boolean } = {}) {
  const asked = body(q, options.limit);
  return useQuery({
    queryKey: ["insight", asked],
    queryFn: ({ signal }) => api<Answer>(QUERY, { method: "POST", body: asked, signal }),
    staleTime: 60_000,
    refetchInterval: 120_000,
    enabled: options.enabled ?? true,
  });
}

/** A question whose rows may be many: further pages by the server's cursor. */
export function useRows(q: Question) {
  const asked = body(q, 200);
  return useInfiniteQuery<Answer & { ms: number }, Error, InfiniteData<Answer & { ms: number }>, unknown[], string | null>({
    queryKey: ["insight-rows", asked],
    queryFn: async ({ pageParam, signal }) => {
      const began = performance.now();
      const answer = await api<Answer>(QUERY, { method: "POST", body: pageParam ? { ...asked, cursor: pageParam } : asked, signal });
      return { ...answer, ms: Math.round(performance.now() - began) };
    },
    initialPageParam: null,
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: 60_000,
  });
}

export function useCatalogue() {
  return useQuery({ queryKey: ["catalogue"], queryFn: () => api<Catalogue>("/api/v1/insight/catalogue"), staleTime: 3_600_000 });
}

/** The same question as a file, made by the server: same rows, same sums, same scope. */
export function exportQuestion(q: Question, format: "csv" | "xlsx"): Promise<void> {
  return download(`/api/v1/insight/export?format=${format}`, { method: "POST", body: body(q, 50_000) }, `offtake-${q.metrics.join("-")}.${format}`);
}
