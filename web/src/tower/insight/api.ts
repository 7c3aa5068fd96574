import { useInfiniteQuery, useQuery, type InfiniteData } from "@tanstack/react-query";
import { api } from "../../api/client";
import { download, queries } from "../http";
import type { FigureKind } from "../format";
import { body, type DimensionId, type Filter, type Question } from "./question";

export interface Column {
  id: string;
  kind: "dimension" | "metric";
  label: string;
  unit?: string | null;
  additive?: boolean;
  direction?: string | null;
  definition?: string | null;
  kpi?: string | null;
  source?: string | null;
}

export interface Cell {
  value: string | null;
  compare?: string | null;
  reason?: string | null;
  /** Some of its distributors never sent facts of its kind: the figure is that of those who did. */
  partial?: { known: number; of: number } | null;
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
  sources?: Record<string, number> | null;
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
  whose?: { distributors: number; name: string | null; principals: number | null; without: string[] } | null;
  next?: string | null;
  currency?: string | null;
  /** `columnar` or `postgres`. */
  engine?: string | null;
}

export interface CatalogueMetric {
  id: string;
  kpi?: string | null;
  label: string;
  unit?: string | null;
  additive: boolean;
  direction?: string | null;
  definition?: string | null;
  grain?: string | null;
  nullRule?: string | null;
  note?: string | null;
  /** LIVE from documents, FILE from feeds, NONE until a later part feeds it. */
  source?: string | null;
  period?: "WINDOW" | "NOW" | null;
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

/** The kind of figure a unit of the catalogue is printed as. */
export function kindOf(metric: string, unit?: string | null): FigureKind {
  const said = unit ?? (queries.getQueryData<Catalogue>(["catalogue"])?.metrics.find((m) => m.id === metric)?.unit || null);
  switch (said) {
    case "%": case "percent": return "percent";
    case "days": return "days";
    case "hours": return "hours";
    case "ratio": case "index": case "times": case "number": return "ratio";
    case "count": case "base-unit": return "count";
    case "currency": return "money";
    default: return FALLBACK[metric] ?? "money";
  }
}

/** Until the catalogue is there. */
const FALLBACK: Record<string, FigureKind> = { "active-outlets": "count", bills: "count", "stock-cover": "days", "overdue-share": "percent" };

/** Which way is good, as the catalogue says it. */
export function goodWhenUp(metric: string): boolean | null {
  const direction = queries.getQueryData<Catalogue>(["catalogue"])?.metrics.find((m) => m.id === metric)?.direction;
  return direction === "UP" ? true : direction === "DOWN" ? false : direction ? null : ["nsv", "active-outlets", "bills"].includes(metric) ? true : ["overdue", "overdue-share", "returns-value"].includes(metric) ? false : null;
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
