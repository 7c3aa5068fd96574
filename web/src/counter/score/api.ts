import { api } from "../../api/client";

/** What a distributor reads of its own score; decimals as strings, indices from 0 to 100. */
export interface OwnScore {
  score: { index: string | null; previous: string | null; movement: string | null; band: string | null; state: string; reason: string | null; trend: string | null; weakest: string | null; nextReview: string | null };
  period: { end: string; kind: string };
  pillars: { pillar: string; score: string | null; weight: string; reason: string | null; components: { component: string; label: string; metric: string; unit: string; value: string | null; score: string | null; reason: string | null; points: string | null }[] }[];
  moved: { up: { component: string; points: string }[]; down: { component: string; points: string }[] };
  reach: { band: string; at: string; steps: { component: string; from: string | null; to: string; points: string }[] } | null;
  benchmark: { shown: boolean; reason: string | null; peers: number; median: string | null; topQuartile: string | null };
  plans: { id: string; title: string; state: string; reviewOn: string | null; actions: { no: number; text: string; side: string; dueOn: string | null; doneOn: string | null }[] }[];
}

export const scoreKey = (principalId: number | undefined) => `score.${principalId ?? ""}`;

export const askScore = (distributorId: number, principalId: number | undefined) => () => api<OwnScore>(`/api/v1/health/distributors/${distributorId}`, { query: { principalId } });
