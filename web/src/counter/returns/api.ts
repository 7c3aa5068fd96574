import { api } from "../../api/client";
import type { LocalStore } from "../../offline/db";
import { forgetOthers, keptOf, refresh } from "../kept";

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

export const LIST = "returns.list";
export const REASONS = "returns.reasons";
export const keyOf = (id: string) => `returns.one.${id}`;

export const askReturns = (distributorId: number) => async () => (await api<{ items: ReturnRow[] }>("/api/v1/returns", { query: { distributorId, limit: 200 } })).items;

export const askReturn = (id: string) => () => api<ReturnView>(`/api/v1/returns/${id}`);

export const askReasons = async () => (await api<{ items: Reason[] }>("/api/v1/returns/reasons")).items;

export const BILL = "returns.bill.";
/** So many answers about bills are kept, the newest. */
const BILLS = 40;

/** Asks the server what of a bill may still come back, and keeps what it says. */
export async function askCreditable(store: LocalStore, invoiceId: string): Promise<Creditable> {
  const said = await refresh(store, `${BILL}${invoiceId}`, () => api<Creditable>(`/api/v1/returns/creditable/${invoiceId}`));
  const kept = await store.meta.where("key").startsWith(BILL).toArray();
  if (kept.length > BILLS) {
    const oldest = kept.sort((a, b) => ((b.value as { at?: number }).at ?? 0) - ((a.value as { at?: number }).at ?? 0)).slice(BILLS);
    await store.meta.bulkDelete(oldest.map((row) => row.key));
  }
  return said;
}

export const quoteOf = (body: unknown, signal: AbortSignal) => api<Quote>("/api/v1/returns/preview", { method: "POST", body, signal });

/** Keeps the open returns with their lines, so that the next step of each can be taken without network; only what has changed is asked for. */
export async function keepOpenReturns(store: LocalStore, distributorId: number): Promise<void> {
  await refresh(store, REASONS, askReasons);
  const all = await refresh(store, LIST, askReturns(distributorId));
  const open = all.filter((row) => ["REQUESTED", "APPROVED", "RECEIVED", "INSPECTED"].includes(row.status)).slice(0, 40);
  for (const row of open) {
    const before = await keptOf<ReturnView>(store, keyOf(row.id));
    if (before?.value.status !== row.status) await refresh(store, keyOf(row.id), askReturn(row.id));
  }
  await forgetOthers(store, "returns.one.", new Set(all.map((row) => keyOf(row.id))));
}
