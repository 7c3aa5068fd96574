import { api } from "../../api/client";
import type { LocalStore } from "../../offline/db";

/** A row of GET /api/v1/returns. */
export interface ReturnRow {
  id: string; reference: string; businessDate: string; distributorId: number; principalId: number; outletId: string; outletCode: string; outletName: string; originalNumber: string | null;
  reason: string; reasonTitle: string; reasonTitleHi: string; status: string; value: string; flags: string; requestedBy: string; creditNumber: string | null; credited: string | null;
}

export interface BucketQty { bucket: string; qty: string }

export interface ReturnLine {
  line: number; originalLine: number | null; originalPart: number | null; free: boolean; skuId: number; skuCode: string; skuName: string; unit: string; mrp: string; batchId: string; batchNo: string;
  expiresOn: string | null; qty: string; received: string | null; unitPrice: string; condition: string; buckets: BucketQty[];
}

/** GET /api/v1/returns/{id}. */
export interface ReturnView {
  id: string; reference: string; distributorId: number; principalId: number; outletId: string; outletCode: string; outletName: string; warehouseId: string; businessDate: string; originalId: string | null;
  originalNumber: string | null; originalDate: string | null; reason: string; reasonTitle: string; note: string | null; status: string; value: string; flags: string[]; approvers: string[];
  requestedBy: string; requestedAt: string; decidedBy: string | null; creditNoteId: string | null; creditNoteNumber: string | null; creditKind: string | null; credited: string | null; version: number;
  lines: ReturnLine[]; pictures: string[]; history: { status: string; reason: string | null; at: string; by: string }[];
}

export interface Reason { code: string; title: string; titleHi: string; bucket: string; timeLimit: string; picture: boolean }

export interface BillLine {
  line: number; part: number; free: boolean; schemeId: number | null; skuId: number; skuCode: string; skuName: string; skuNameLocal: string | null; unit: string; mrp: string | null;
  batches: { batchId: string; batchNo: string; expiresOn: string | null; qty: string }[]; sold: string; held: string; credited: string; left: string; unitPrice: string; taxRate: string;
}

/** GET /api/v1/returns/creditable/{invoiceId}. */
export interface Creditable { invoice: { id: string; number: string; businessDate: string; principalId: number; warehouseId: string; outlet: { id: string; name: string } }; cancelled: boolean; delivered: boolean; lines: BillLine[] }

export interface Quote {
  credit: {
    kind: string; lastDay: string | null; taxable: string; tax: string; rounding: string; payable: string; carry: string;
    benefits: { schemeId: number; version: number; code: string; discount: string; claim: string }[]; charged: { skuId: number; qty: string; total: string }[];
  } | null;
  value: string; flags: string[]; approvers: string[];
}

/** What a screen answers with when the network is away: the last answer of this device. */
async function kept<T>(store: LocalStore, key: string, ask: () => Promise<T>): Promise<T> {
  try {
    const value = await ask();
    await store.set(key, value);
    return value;
  } catch (error) {
    const before = await store.get<T>(key);
    if (before !== undefined && (error as { unanswered?: boolean }).unanswered) return before;
    throw error;
  }
}

export const listReturns = (store: LocalStore, distributorId: number) =>
  kept(store, "returns.list", async () => (await api<{ items: ReturnRow[] }>("/api/v1/returns", { query: { distributorId, limit: 200 } })).items);

export const readReturn = (store: LocalStore, id: string) => kept(store, `returns.one.${id}`, () => api<ReturnView>(`/api/v1/returns/${id}`));

export const reasonsOf = (store: LocalStore) => kept(store, "returns.reasons", async () => (await api<{ items: Reason[] }>("/api/v1/returns/reasons")).items);

export const creditableOf = (store: LocalStore, invoiceId: string) => kept(store, `returns.bill.${invoiceId}`, () => api<Creditable>(`/api/v1/returns/creditable/${invoiceId}`));

export const quoteOf = (body: unknown, signal: AbortSignal) => api<Quote>("/api/v1/returns/preview", { method: "POST", body, signal });

/** Keeps the open returns with their lines, so that the next step of each can be taken without network. */
export async function keepOpenReturns(store: LocalStore, distributorId: number): Promise<void> {
  const open = (await listReturns(store, distributorId)).filter((row) => ["REQUESTED", "APPROVED", "RECEIVED", "INSPECTED"].includes(row.status)).slice(0, 40);
  for (const row of open) {
    const kept = await store.get<ReturnView>(`returns.one.${row.id}`);
    if (kept?.status !== row.status) await readReturn(store, row.id);
  }
}
