import { useQueries } from "@tanstack/react-query";
import { api } from "../../api/client";
import { QUERY, type Answer, type Row } from "./api";
import { body, type DimensionId, type Filter, type Question } from "./question";

/** Names of keys met so far in this window. An address carries ids only; names come from rows, or are asked for once. */
const known = new Map<string, string>();

const key = (dimension: string, id: string) => `${dimension}/${id}`;

export function remember(rows: readonly Row[]): void {
  for (const row of rows) {
    for (const [dimension, k] of Object.entries(row.keys)) {
      if (k.id !== null && k.id !== undefined && k.label) known.set(key(dimension, String(k.id)), k.label);
    }
  }
}

export function nameOf(dimension: string, id: string): string | undefined {
  return known.get(key(dimension, id));
}

/** Names for the filters of a question; what is not known yet is asked of the same engine (and so within the same scope). */
export function useNames(filters: Filter[]): (dimension: DimensionId, id: string) => string {
  const open = filters.filter((f) => f.dimension !== "invoice" && f.values.some((v) => !known.has(key(f.dimension, v))));
  useQueries({
    queries: open.map((f) => ({
      queryKey: ["names", f],
      staleTime: Infinity,
      queryFn: async () => {
        const q: Question = { metrics: ["nsv"], dimensions: [f.dimension], filters: [f], window: { kind: "L12M" }, compare: "NONE", order: [] };
        const answer = await api<Answer>(QUERY, { method: "POST", body: body(q) });
        remember(answer.rows);
        return answer.rows.length;
      },
    })),
  });
  return (dimension, id) => nameOf(dimension, id) ?? id;
}
