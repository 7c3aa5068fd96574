import { useQuery } from "@tanstack/react-query";
import { api, apiWithEtag, problemOf } from "../api/client";

/** A page of a list as every list of the API answers. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

export const STATUSES = ["DRAFT", "SUBMITTED", "AUTO_VALIDATED", "IN_REVIEW", "QUERY", "APPROVED", "PARTLY_APPROVED", "REJECTED", "DISPUTED", "APPEALED", "SETTLED", "CLAWED_BACK", "WITHDRAWN"] as const;
export type Status = (typeof STATUSES)[number];
export const AWAITS = ["DISTRIBUTOR", "SYSTEM", "AUDITOR", "FINANCE", "WAIVER", "PANEL", "CLAWBACK", "SETTLEMENT"] as const;
export type Awaits = (typeof AWAITS)[number];
export const BANDS = ["HIGH", "MEDIUM", "LOW"] as const;
export type Band = (typeof BANDS)[number];
export const TYPES = ["CT-1", "CT-2"] as const;
export const LEVELS = ["OK", "NEAR", "OVER", "FAR_OVER"] as const;
export const OUTCOMES = ["PASS", "WARN", "FAIL", "BLOCK"] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const EVIDENCE_KINDS = ["PAYOUT_PROOF", "INVOICE_COPY", "PHOTO", "OTHER"] as const;
export const TREATMENTS = ["FIN_CN", "TAX_CN"] as const;
/** Why a rule's cut is given back; `OTHER` needs a note. */
export const OVERRULE = ["EVIDENCE_GIVEN", "RULE_WRONG", "OTHER"] as const;

/** Working time left, as domain 2.10 counts it; a query stops it. */
export interface Clock {
  startedAt: string | null;
  dueOn: string | null;
  days: number;
  used: number;
  percent: number;
  paused: boolean;
  level: (typeof LEVELS)[number];
  ownerRole: string | null;
}

export interface Risk {
  score: string;
  band: Band;
  reasons: { factor: string; points: string | number; text: string }[];
}

/** One claim as a row of a list. Amounts are decimals as strings, in `currency`. */
export interface Claim {
  id: string;
  number: string;
  distributorId: number;
  distributorCode: string;
  distributorName: string;
  principalId: number;
  principalName: string;
  type: string;
  schemeId: number | null;
  schemeCode: string | null;
  schemeName: string | null;
  schemeVersion: number | null;
  period: string;
  periodFrom: string;
  periodTo: string;
  status: Status;
  awaits: Awaits | null;
  currency: string;
  lineCount: number;
  failLines: number;
  warnLines: number;
  entitled: string;
  claimed: string;
  netted: string;
  /** What the rules leave of it; null until they have looked. */
  allowed: string | null;
  approved: string | null;
  cut: string | null;
  settled: string | null;
  expected: string;
  straightThrough: boolean;
  holdout: boolean;
  batch: string | null;
  risk: Risk | null;
  clock: Clock | null;
  filingUntil: string | null;
  late: boolean;
  waived: boolean;
  draftedAt: string;
  submittedAt: string | null;
  submittedBy: string | null;
  decidedAt: string | null;
  decidedBy: string | null;
  settledAt: string | null;
  expectedOn: string | null;
  missing: string[];
  version: number;
}

export interface RuleResult {
  rule: string;
  result: Outcome;
  score: number | string | null;
  cut: string | null;
  text: string | null;
  numbers: Record<string, unknown> | null;
}

export interface RuleSum {
  rule: string;
  title: string;
  checked: number;
  pass: number;
  warn: number;
  fail: number;
  block: number;
  cut: string;
}

export interface Evidence {
  kind: string;
  hash: string;
  name: string | null;
  note: string | null;
}

export interface MayClaim {
  edit: boolean;
  submit: boolean;
  withdraw: boolean;
  attach: boolean;
  query: boolean;
  reply: boolean;
  decide: boolean;
  confirm: boolean;
  sendBack: boolean;
  dispute: boolean;
  appeal?: boolean;
  clawBack?: boolean;
  settle: boolean;
  waive: boolean;
  whyNot: string | null;
}

export interface ClaimDetail extends Claim {
  settlements: { id: string; number: string; treatment: string; amount: string; on: string; principalNoteNumber: string | null }[];
  rules: RuleSum[];
  claimLevel: RuleResult[];
  evidence: Evidence[];
  proposed: { by: string; at: string; approved: string; note: string | null } | null;
  history: { claims: number; claimed: string; approved: string; ratio: string | null; disputes: number; overturned: number } | null;
  may: MayClaim;
}

export interface ClaimLine {
  line: number;
  invoiceId: string | null;
  invoiceNumber: string | null;
  businessDate: string;
  outletId: string | null;
  outletCode: string | null;
  outletName: string | null;
  skuId: number | null;
  skuCode: string | null;
  skuName: string | null;
  kind: string;
  sort: "SALE" | "RETURN" | "RECOVERY";
  qty: string | null;
  freeQty: string | null;
  rate: string | null;
  benefit: string | null;
  entitled: string;
  claimed: string;
  allowed: string;
  approved: string | null;
  /** What the first of two people wants; null for distributors. */
  proposed: string | null;
  cut: string | null;
  reason: string | null;
  note: string | null;
  originalInvoiceId: string | null;
  worst: Outcome;
  results: RuleResult[];
}

export interface Reason {
  code: string;
  title: string;
  titleHi: string | null;
  rule: string | null;
  /** A reason to cut or reject. */
  cuts: boolean;
  /** A reason to let through what a rule cut. */
  overrules: boolean;
}

export interface Step {
  seq: number;
  at: string;
  actor: string;
  onBehalfOf: string | null;
  action: string;
  from: string | null;
  to: string | null;
  reason: string | null;
  text: string | null;
  details: unknown;
}

export interface Summary {
  byStatus: { status: Status; claims: number; claimed: string; approved: string | null }[];
  waiting: { claims: number; amount: string };
  overdue: number;
  near: number;
  bands: { band: Band; claims: number; claimed: string }[];
  straightThroughToSettle: { claims: number; amount: string };
  receivable: string | null;
  accrued: string | null;
}

export interface Settlement {
  id: string;
  number: string;
  distributorId: number;
  distributorCode?: string;
  distributorName?: string;
  principalId: number;
  principalName?: string;
  treatment: string;
  on: string;
  amount: string;
  tax: string | null;
  total: string;
  claims: { claimId: string; number: string; amount: string }[];
  taxes: { rate: string; cgst: string; sgst: string; igst: string }[];
  principalNoteNumber: string | null;
  postedBy: string | null;
}

export interface Batch {
  batch: string;
  principalId: number;
  principalName: string;
  on: string;
  claims: number;
  distributors: number;
  claimed: string;
  approved: string;
  toSettle: string;
  settled: string;
}

const at = (id: string, more = "") => `/api/v1/claims/${id}${more}`;

/** Lists answer a page; a few short ones answer the bare list. */
export const itemsOf = <T>(value: Page<T> | T[]): T[] => (Array.isArray(value) ? value : value.items);

export function useClaim(id: string | undefined) {
  return useQuery({ queryKey: ["claim", id], enabled: id !== undefined, queryFn: () => apiWithEtag<ClaimDetail>(at(id!)), placeholderData: undefined });
}

export function useSteps(id: string | undefined) {
  return useQuery({ queryKey: ["claim", id, "history"], enabled: id !== undefined, queryFn: async () => itemsOf(await api<Page<Step>>(at(id!, "/history"))), placeholderData: undefined });
}

export function useReasons() {
  return useQuery({ queryKey: ["claim-reasons"], staleTime: 3_600_000, queryFn: async () => itemsOf(await api<Page<Reason> | Reason[]>("/api/v1/claims/reasons")) });
}

export function useClaimSummary(params: { distributorId?: string | number | undefined; principalId?: string | number | undefined } = {}, enabled = true) {
  return useQuery({ queryKey: ["claims-summary", params], enabled, queryFn: () => api<Summary>("/api/v1/claims/summary", { query: params }), refetchInterval: 60_000 });
}

/** One act on a claim; where the version matters the ETag it was read with goes along. */
export function act(id: string, what: string, body: unknown, etag?: string | null): Promise<{ value: ClaimDetail | undefined; etag: string | null }> {
  return apiWithEtag<ClaimDetail | undefined>(at(id, `/${what}`), { method: "POST", body, ...(etag ? { ifMatch: etag } : {}) });
}

/** Where a paper or picture is read. */
export function evidenceAddress(hash: string, distributorId: number): string {
  return `/api/v1/evidence/${hash}?distributorId=${distributorId}`;
}

/** Stores a paper or picture by its content; the same content is stored once. */
export async function storeEvidence(file: Blob, distributorId: number): Promise<{ hash: string; mediaType: string; size: number }> {
  const token = document.cookie.split("; ").find((c) => c.startsWith("OFFTAKE_CSRF="))?.slice("OFFTAKE_CSRF=".length);
  const answer = await fetch(`/api/v1/evidence?distributorId=${distributorId}`, { method: "POST", body: file, credentials: "same-origin", headers: { Accept: "application/json", "Content-Type": file.type || "application/octet-stream", ...(token ? { "X-CSRF-Token": token } : {}) } });
  if (!answer.ok) throw await problemOf(answer);
  return (await answer.json()) as { hash: string; mediaType: string; size: number };
}


