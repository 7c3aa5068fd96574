import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client";
import { itemsOf, type Page } from "../../claims/api";
import type { Question } from "../insight/question";
import type { Says } from "./words";

export const BANDS = ["INVEST", "SUSTAIN", "FIX", "EXIT_REVIEW"] as const;
export type Band = (typeof BANDS)[number];
export const PILLARS = ["GROWTH", "SERVICE", "FINANCIAL", "DATA"] as const;
export type Pillar = (typeof PILLARS)[number];
export const CLASSES = ["INVEST", "SUSTAIN", "FIX", "EXIT"] as const;

/** The published health of one distributor with one principal. Indices are decimals as strings, 0 to 100. */
export interface Score {
  distributorId: number;
  code: string;
  name: string;
  territory: string | null;
  region: string | null;
  principalId: number;
  state: "RATED" | "INSUFFICIENT" | "UNRATED";
  reason: string | null;
  index: string | null;
  raw: string | null;
  previous: string | null;
  movement: string | null;
  band: Band | null;
  bandSince: string | null;
  nextBand: Band | null;
  classification: (typeof CLASSES)[number] | null;
  tag: "MARKET" | "PARTNER" | null;
  trend: "UP" | "DOWN" | "FLAT" | null;
  slope: string | null;
  pillars: { pillar: Pillar; score: string | null; weight: string | number; reason: string | null }[];
  weakest: Pillar | null;
  knockouts: { code: string; cap: string | number; text: string }[];
  archetype: string | null;
  warnings: string[];
  openPlans: number;
  owner: string | null;
  nextReview: string | null;
}

export interface Period {
  end: string;
  kind: "CLOSED" | "PROVISIONAL";
  label: string;
}

export interface Board {
  /** Null before the first month was closed. */
  period: Period | null;
  principalId: number;
  principals: { id: number; code: string; name: string }[];
  model: { code: string; version: number; validFrom: string } | null;
  bands: { band: Band; from: string; count: number; rhythm: string; help: string; consequence: string }[];
  items: Score[];
}

export interface Playbook {
  code: string;
  title: string;
  trigger: string;
  proposals: string[];
  approvers: string[];
  tasks: { text: string; side: string; days: number }[];
}

export interface Component {
  component: string;
  label: string;
  kpi: string | null;
  metric: string | null;
  unit: string;
  value: string | null;
  previousValue: string | null;
  score: string | null;
  weight: string | number;
  effectiveWeight: string | number;
  points: string | null;
  floor: string | null;
  target: string | null;
  better: "UP" | "DOWN" | "BAND";
  reason: string | null;
  behaviour: string | null;
  question: Question | null;
}

export interface Plan {
  id: string;
  distributorId: number;
  distributor: string;
  principalId: number;
  title: string;
  trigger: string;
  playbook: string | null;
  state: "OPEN" | "CLOSED";
  support: string | null;
  expectedPoints: string | null;
  indexAtStart: string | null;
  ownerPrincipal: string | null;
  ownerDistributor: string | null;
  openedOn: string;
  reviewOn: string | null;
  proposals: string[];
  actions: { no: number; text: string; side: string; owner: string | null; dueOn: string | null; doneOn: string | null }[];
  log: { at: string; actor: string; text: string; says?: Says | null }[];
  outcome: string | null;
  outcomeNote: string | null;
  closedOn: string | null;
  version: number;
}

export interface Health {
  score: Score;
  period: Period;
  currency: string;
  pillars: { pillar: Pillar; weight: string | number; effectiveWeight: string | number; score: string | null; presentWeight: string | number; reason: string | null; components: Component[] }[];
  moved: { up: { component: string; points: string }[]; down: { component: string; points: string }[] };
  reach: { band: Band; at: string; steps: { component: string; from: string | null; to: string | null; points: string }[] } | null;
  history: { end: string; kind: string; raw: string | null; index: string | null; band: Band | null; modelVersion: number }[];
  benchmark: { shown: boolean; reason: string | null; archetype: string | null; peers: number; median: string | null; topQuartile: string | null; pillars: { pillar: Pillar; median: string | null; topQuartile: string | null }[] };
  warnings: { code: string; text: string; question: Question | null }[];
  suggested: { playbook: string; title: string; why: string; says?: Says | null; proposals: string[] }[];
  plans: Plan[];
  events: { at: string; kind: string; text: string; says?: Says | null; subject?: string | null; playbook?: string | null }[];
}

export const ALERT_STATES = ["OPEN", "ACCEPTED", "SNOOZED", "CLOSED"] as const;
export const SEVERITIES = ["HIGH", "MEDIUM", "LOW"] as const;
export const ALERT_OUTCOMES = ["FIXED", "NOT_A_PROBLEM", "ACCEPTED_RISK", "FALSE_ALERT"] as const;

export interface Alert {
  id: string;
  rule: string;
  ruleVersion?: number;
  ruleName: string;
  kind: string;
  severity: (typeof SEVERITIES)[number];
  distributorId: number;
  distributor: string;
  principalId: number | null;
  subject: string | null;
  title: string;
  sentence: string;
  says?: Says | null;
  values: { label: string; value: string | null; unit: string | null; key?: string | null }[];
  money: string | null;
  currency: string | null;
  openedOn: string;
  lastSeenOn: string;
  state: (typeof ALERT_STATES)[number];
  owner: string | null;
  dueOn: string | null;
  snoozedUntil: string | null;
  snoozeReason: string | null;
  outcome: string | null;
  outcomeNote: string | null;
  steps: string[];
  playbook: string | null;
  evidence: Question | null;
  drill: Question | null;
  version: number;
  log?: { at: string; actor: string; action: string; text: string | null }[];
}

export interface AlertSummary {
  open: number;
  high: number;
  medium: number;
  low: number;
  money: string | null;
  mine: number;
}

export const DATA_PARTS = ["COMPLETENESS", "TIMELINESS", "ACCURACY", "CONSISTENCY", "UNIQUENESS", "MAPPING"] as const;
export type Light = "GREEN" | "AMBER" | "RED" | "UNKNOWN" | "DUE" | "NONE";

export interface DataHealth {
  distributorId: number;
  code: string;
  name: string;
  source: "LIVE" | "FEED";
  sourceSystem: string | null;
  status: Light;
  reason: string | null;
  says?: Says | null;
  lastDataAt: string | null;
  lastBusinessDate: string | null;
  lateDays: number | null;
  score: string | null;
  scoreBand: Light | null;
  parts: { part: (typeof DATA_PARTS)[number]; weight: number; score: string | null; passed: number; tested: number }[];
  capped: boolean;
  quarantined: number;
  quarantinedValue: string | null;
  rejected: number;
  blockedBatches: number;
  importErrors: number;
}

export interface FeedFault {
  clause: string;
  severity: "ERROR" | "WARNING";
  field: string | null;
  detail: string;
  accepted: string | null;
  /** The same by key; not in what was kept before keys were. */
  says?: Says | null;
  accepts?: Says | null;
}

export interface FeedBatch {
  id: string;
  distributorId: number;
  sourceSystem: string;
  recordType: string;
  contractVersion: string;
  periodFrom: string;
  periodTo: string;
  mode: string;
  channel: string;
  fileName: string | null;
  state: "ACCEPTED" | "PARTIAL" | "BLOCKED";
  recordCount: number;
  accepted: number;
  unchanged: number;
  quarantined: number;
  rejected: number;
  warnings: number;
  receivedAt: string;
  late: string;
  faults: FeedFault[];
  records?: { line: number; key: string; revision: number; outcome: string; faults: FeedFault[] }[];
}

export interface DataHealthOne extends DataHealth {
  days: { day: string; records: { recordType: string; status: Light; receivedAt: string | null; count: number }[] }[];
  checks: { part: string; clause: string; passed: number; tested: number; sample: string | null }[];
  batches: FeedBatch[];
  history: { month: string; score: string | null }[];
}

export interface Quarantined {
  id: string;
  distributorId: number;
  sourceSystem: string;
  kind: "OUTLET" | "SKU";
  externalId: string;
  hint: string | null;
  records: number;
  value: string | null;
  firstSeen: string;
  suggestions: { id: string; code: string; name: string; why: string }[];
}

export interface PlaceOnMap {
  distributorId: number;
  code: string;
  name: string;
  region: string | null;
  territory: string | null;
  latitude: string | null;
  longitude: string | null;
  outlets: number;
  located: number;
  tier: string | null;
  supplierId: number | null;
}

export interface OutletOnMap {
  id: string;
  code: string;
  name: string;
  channel: string;
  outletClass: string;
  latitude: string;
  longitude: string;
  lastBilledOn: string | null;
  nsvL3m: string | null;
  state: "ACTIVE" | "DORMANT" | "LOST" | "NEVER";
}

export function useBoard(params: { principalId?: string | undefined; period?: string | undefined }) {
  return useQuery({ queryKey: ["health-board", params], queryFn: () => api<Board>("/api/v1/health/board", { query: params }) });
}

export function usePlaybooks(enabled = true) {
  return useQuery({ queryKey: ["playbooks"], enabled, staleTime: 600_000, queryFn: async () => itemsOf(await api<Page<Playbook>>("/api/v1/health/playbooks")) });
}

export function useHealth(id: string, params: { principalId?: string | undefined; period?: string | undefined }, enabled = true) {
  return useQuery({ queryKey: ["health", id, params], enabled, queryFn: () => api<Health>(`/api/v1/health/distributors/${id}`, { query: params }), retry: false });
}

export function useAlerts(params: Record<string, string | undefined>, enabled = true, limit = 5) {
  return useQuery({ queryKey: ["alerts", params, limit], enabled, queryFn: async () => itemsOf(await api<Page<Alert>>("/api/v1/alerts", { query: { ...params, limit } })), refetchInterval: 120_000 });
}

export function useAlertSummary(enabled = true) {
  return useQuery({ queryKey: ["alerts-summary"], enabled, queryFn: () => api<AlertSummary>("/api/v1/alerts/summary"), refetchInterval: 120_000 });
}

export function useDataHealth(enabled = true) {
  return useQuery({ queryKey: ["data-health"], enabled, queryFn: () => api<{ asOf: string; items: DataHealth[] }>("/api/v1/data-health"), refetchInterval: 120_000 });
}

/** A question that the server made may leave out what it need not say. */
export function whole(q: Question): Question {
  return { metrics: q.metrics ?? [], dimensions: q.dimensions ?? [], filters: (q.filters ?? []).map((f) => ({ ...f, op: "in" as const })), window: q.window ?? { kind: "MTD" }, compare: q.compare ?? "NONE", order: q.order ?? [], ...(q.likeForLike ? { likeForLike: q.likeForLike } : {}) };
}
