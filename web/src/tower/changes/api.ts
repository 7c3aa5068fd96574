import { useQuery } from "@tanstack/react-query";
import { apiWithEtag, api } from "../../api/client";
import type { Finding } from "../schemes/api";

export const KINDS = ["schemes", "price-lists", "contract-prices", "must-sell", "tax-rates", "thresholds", "undertakings", "rounding-policies", "number-series", "credit-terms", "score-models", "alert-rules", "policies", "templates"] as const;
export const STATES = ["DRAFT", "SUBMITTED", "APPROVED", "IN_FORCE", "SUPERSEDED", "REJECTED", "WITHDRAWN"] as const;

/** One place of a content that changed. */
export interface Difference {
  path: string;
  field?: string;
  title?: string;
  before: unknown;
  after: unknown;
}

export interface ChangeItem {
  item: number;
  targetId: string | null;
  key: string;
  baseVersion: number | null;
  content: Record<string, unknown>;
  before: Record<string, unknown> | null;
  diff: Difference[];
}

export interface May {
  edit: boolean;
  submit: boolean;
  approve: boolean;
  reject: boolean;
  withdraw: boolean;
  simulate: boolean;
  review?: boolean;
  rollback?: boolean;
  whyNot: string | null;
}

/** A change request as a list row and, with items and findings, as a page. */
export interface Change {
  id: string;
  revision: number;
  kind: string;
  action: string;
  title: string;
  status: (typeof STATES)[number];
  live: "SCHEDULED" | "LIVE" | "ENDED" | null;
  origin: string;
  emergency: boolean;
  reviewDue?: string | null;
  distributorId: number | null;
  principalId: number | null;
  effectiveFrom: string | null;
  reason: string | null;
  contentHash: string;
  createdBy: string;
  createdByName?: string | null;
  createdAt: string;
  changedBy?: string | null;
  submittedBy?: string | null;
  submittedAt: string | null;
  decidedBy: string | null;
  decidedByName?: string | null;
  decidedAt: string | null;
  decisionReason: string | null;
  dueAt: string | null;
  itemCount: number;
  items?: ChangeItem[];
  findings?: (Finding & { item?: number; rule?: string })[];
  errors?: number;
  warnings?: number;
  simulation?: { status: string; days: number; contentHash: string; current: boolean } | null;
  may?: May;
}

export interface HistoryItem {
  seq: number;
  at: string;
  actor: string;
  actorName?: string | null;
  action: string;
  text: string | null;
}

export interface Mover {
  id: string;
  code: string;
  name: string;
  delta: string;
}

export interface Movers {
  winners: number;
  losers: number;
  gain: string;
  loss: string;
  top: Mover[];
  bottom: Mover[];
}

export interface SimulationResult {
  bills: number;
  linesBilled: number;
  changedBills: number;
  refusedBills: number;
  refusals: { code: string; bills: number }[];
  currency: string;
  payableBefore: string;
  payableAfter: string;
  payableDelta: string;
  benefitBefore: string;
  benefitAfter: string;
  principalShareDelta: string;
  distributorShareDelta: string;
  freeGoodsCostDelta: string;
  taxDelta: string;
  schemes: { schemeId: string; code: string; changed: boolean; benefitBefore: string; benefitAfter: string; principalShareAfter?: string; billsBefore: number; billsAfter: number }[];
  outlets: Movers;
  skus: Movers;
  distributors: { id: number; name: string; bills: number; delta: string }[];
  conflicts: { schemeId: string; code: string; lines: number; share: string; kind: string }[];
  budget?: { set: string | null; expected: string; periodDays: number } | null;
  cut?: { schemeId: string; bills: number }[];
}

export interface Simulation {
  status: "QUEUED" | "RUNNING" | "DONE" | "FAILED" | "CANCELLED";
  jobId: string;
  days: number;
  from: string;
  to: string;
  contentHash: string;
  current: boolean;
  done: number;
  total: number | null;
  message: string | null;
  result: SimulationResult | null;
}

/** Who asked, by name where the server says it. */
export const asker = (change: Pick<Change, "createdBy" | "createdByName">): string => change.createdByName ?? change.createdBy;

export function useChange(id: string) {
  return useQuery({ queryKey: ["change", id], queryFn: () => apiWithEtag<Change>(`/api/v1/change-requests/${id}`), placeholderData: undefined });
}

export function useHistory(id: string) {
  return useQuery({ queryKey: ["change", id, "history"], queryFn: async () => { const page = await api<{ items: HistoryItem[] } | HistoryItem[]>(`/api/v1/change-requests/${id}/history`); return Array.isArray(page) ? page : page.items; }, retry: false });
}

/** The last simulation of a change; asked again every second while it runs. */
export function useSimulation(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ["change", id, "simulation"],
    enabled,
    retry: false,
    queryFn: () => api<Simulation>(`/api/v1/change-requests/${id}/simulation`),
    refetchInterval: (q) => (q.state.data?.status === "RUNNING" || q.state.data?.status === "QUEUED" ? 1000 : false),
  });
}

/** True for what `POST` and `PUT` of a governed master answer: a change request instead of the record. */
export function isChange(value: unknown): value is Change {
  return typeof value === "object" && value !== null && "contentHash" in value && "revision" in value && "kind" in value;
}
