import { api, request, type Ask } from "../api/client";
import type { InvoiceView } from "../api/documents";

/** A document's way through a portal, as the lists answer it. */
export interface FilingRow {
  id: string; distributorId: number; kind: string; number: string; businessDate: string; buyer: string; payable: string; state: FilingState; reference: string | null;
  acknowledgedAt: string | null; validUntil: string | null; code: string | null; reason: string | null; reportBy: string | null; attempts: number; nextTryAt: string | null; changedAt: string;
}

export const STATES = ["BLOCKED", "WAITING", "SUBMITTED", "UNKNOWN", "REGISTERED", "REJECTED", "DIFFERS", "CANCELLING", "CANCELLED"] as const;
export type FilingState = (typeof STATES)[number];

export interface Fault { code: string; pointer: string; where: "DISTRIBUTOR" | "OUTLET" | "SKU" | "DOCUMENT"; detail: string; accepted: string | null }

export interface Filing extends FilingRow {
  task: string; acknowledgement: string | null; faults: Fault[]; cancelBy: string | null; extendFrom: string | null; extendBy: string | null; mayRetry: boolean; mayCancel: boolean; cancelReason: string | null; cancelledAt: string | null; signedQr: string | null;
  payload: string | null; transport: { distanceKm: number; vehicle: string | null; transporterId: string | null; transporterName: string | null } | null;
  events: { at: string; actor: string; step: string; state: string; code: string | null; text: string; answer: string | null }[];
}

export interface PortalView { setUp: boolean; simulator: boolean; counts: { task: string; state: FilingState; documents: number }[]; dueSoon: number }

export type Heads = Record<"taxable" | "igst" | "cgst" | "sgst" | "cess", string>;
export type Tax = Record<"igst" | "cgst" | "sgst" | "cess", string>;

export interface Gstr1 {
  distributorId: number; gstin: string; month: string; dueOn: string; total: Heads; goodsDifference: Heads;
  tables: { table: string; section: string; documents: number; heads: Heads; state: "FILLED" | "EMPTY" | "NOT_APPLICABLE"; reason: string | null }[];
  amended: { id: string; table: string; section: string; kind: string; number: string; date: string; buyerName: string; buyerGstin: string | null; rate: string; original: Heads }[];
  consumersAmended: { month: string; place: string; interState: boolean; rate: string; original: Heads; revised: Heads }[];
  /** Null: it is not filed, and the figures are those of now. */
  filed: Filed | null;
  /** Of a filed month: what has happened since and goes into a later one. */
  later: { documentId: string; number: string; date: string; cancelled: boolean }[];
  issued: { nature: number; from: string; to: string; total: number; cancelled: number; net?: number }[];
  check: { equal: boolean; inReturn: Tax; inBooks: Tax; difference: Tax; differences: { documentId: string; number: string | null; inReturn: Tax; inBooks: Tax }[]; unregistered: { documentId: string; number: string; state: FilingState }[] };
}

export interface Filed { month: string; gstin: string; arn: string; filedOn: string; recordedAt: string; recordedBy: string }

/** One paper for what a vehicle carries. */
export interface Consolidated { number: string; madeAt: string; vehicle: string; carried: { id: string; number: string; eWayBill: string; buyer: string; payable: string; validUntil: string | null }[] }

export type NoteKind = "debit-notes" | "financial-credit-notes";

export interface BillRow { id: string; number: string; businessDate: string; outletName: string; distributorId: number; payable: string }

export interface Gstr1Entry { id: string; table: string; section: string; kind: string; number: string; date: string; buyerGstin: string | null; buyerName: string; placeOfSupply: string; rate: string; payable: string; taxable: string; igst: string; cgst: string; sgst: string; cess: string }

export interface Gstr3b {
  outward: { taxable: Heads; zeroRated: Heads; untaxed: string; nonGst: string; toConsumers: { place: string; taxable: string; igst: string }[]; toComposition: { place: string; taxable: string; igst: string }[] };
  /** Tax of credit notes that recipients rejected in the month. */
  addedBack?: Heads;
  inputTax: { account: number; head: string; rate: string; amount: string }[];
}

/** What customs say of an export; a shipping bill comes with its day. */
export interface ExportDetails { shippingBill: string | null; shippedOn: string | null; portCode: string; country: string }

/** A bill to a buyer abroad; `details` null: nothing is recorded yet. */
export interface Export { documentId: string; number: string; date: string; buyerName: string; payable: string; withPayment: boolean; details: ExportDetails | null; recordedAt: string | null; recordedBy: string | null }

export const SAID = ["ACCEPTED", "REJECTED", "PENDING"] as const;

/** A note to a registered buyer and what the buyer did with it. */
export interface ImsNote { documentId: string; kind: string; number: string; date: string; buyerName: string; buyerGstin: string; heads: Heads; status: "OPEN" | "PENDING" | "ACCEPTED" | "DEEMED_ACCEPTED" | "REJECTED"; answeredOn: string | null; reversed: string | null; silentOn: string }

/** What the law says of one document; its texts go on the paper. */
export interface TaxFacts {
  id: string; kind: string; customer: string; wording: string[]; undertaking?: string | null; eInvoiceDue: boolean; eInvoiceState: FilingState | null; irn: string | null; acknowledgement: string | null; acknowledgedAt: string | null; signedQr: string | null;
  reportBy: string | null; eWayBill: { needed: boolean; value: string; limit: string | null; goodsSpecific: boolean; state: FilingState | null; number: string | null; validUntil: string | null };
  dynamicQr: string | null; noteLastDay: string | null; original: { id: string; number: string; businessDate: string } | null;
}

export type TaskPath = "e-invoices" | "e-way-bills";

export const tax = {
  list: (task: TaskPath, query: NonNullable<Ask["query"]>) => api<{ items: FilingRow[]; next: string | null }>(`/api/v1/tax/${task}`, { query: { limit: 100, ...query } }),
  one: (task: TaskPath, id: string) => api<Filing>(`/api/v1/tax/${task}/${id}`),
  retry: (task: TaskPath, id: string) => api<Filing>(`/api/v1/tax/${task}/${id}/retry`, { method: "POST" }),
  cancel: (task: TaskPath, id: string, reason: string, remark: string) => api<Filing>(`/api/v1/tax/${task}/${id}/cancellation`, { method: "POST", body: { reason, remark } }),
  ewayBill: (body: { distributorId: number; documentId: string; distanceKm: number; vehicle: string | null; transporterId: string | null }) => api<Filing>("/api/v1/tax/e-way-bills", { method: "POST", body }),
  vehicle: (id: string, body: { vehicle: string; place: string; remark: string }) => api<Filing>(`/api/v1/tax/e-way-bills/${id}/vehicle`, { method: "POST", body }),
  extend: (id: string, body: { vehicle: string; remainingKm: number; place: string; pin: string; remark: string }) => api<Filing>(`/api/v1/tax/e-way-bills/${id}/extension`, { method: "POST", body }),
  consolidate: (body: { distributorId: number; documentIds: string[]; vehicle: string; place: string }) => api<Consolidated>("/api/v1/tax/e-way-bills/consolidation", { method: "POST", body }),
  bills: (q: string) => api<{ items: BillRow[]; next: string | null }>("/api/v1/invoices", { query: { kind: "INVOICE", q: q || undefined, limit: 30 } }),
  bill: (id: string) => api<InvoiceView>(`/api/v1/invoices/${id}`),
  note: (kind: NoteKind, body: Record<string, unknown>) => api<InvoiceView>(`/api/v1/${kind}`, { method: "POST", body }),
  noteChoice: (id: string, body: { agreedOn: string | null; linked: boolean; itcReversed: boolean; noteOn: string }) => api<{ note: string; why: string[] }>(`/api/v1/tax/documents/${id}/note-choice`, { method: "POST", body }),
  filings: (distributorId: number) => api<{ items: Filed[] }>("/api/v1/tax/gstr1/filings", { query: { distributorId } }),
  fileReturn: (body: { distributorId: number; month: string; arn: string; filedOn: string }) => api<Filed>("/api/v1/tax/gstr1/filings", { method: "POST", body }),
  portal: () => api<PortalView>("/api/v1/tax/portal"),
  facts: (id: string, signal?: AbortSignal) => api<TaxFacts>(`/api/v1/tax/documents/${id}`, signal ? { signal } : {}),
  gstr1: (distributorId: number, month: string) => api<Gstr1>("/api/v1/tax/gstr1", { query: { distributorId, month } }),
  entries: (distributorId: number, month: string, section: string) => api<{ items: Gstr1Entry[] }>("/api/v1/tax/gstr1/entries", { query: { distributorId, month, section } }),
  gstr3b: (distributorId: number, month: string) => api<Gstr3b>("/api/v1/tax/gstr3b", { query: { distributorId, month } }),
  ims: (distributorId: number, month: string) => api<{ items: ImsNote[] }>("/api/v1/tax/ims", { query: { distributorId, month } }),
  imsAnswer: (body: { distributorId: number; documentId: string; status: (typeof SAID)[number]; answeredOn: string; reversed: string | null }) => api<ImsNote>("/api/v1/tax/ims", { method: "POST", body }),
  exports: (distributorId: number, month: string) => api<{ items: Export[] }>("/api/v1/tax/exports", { query: { distributorId, month } }),
  recordExport: (id: string, body: ExportDetails) => api<Export>(`/api/v1/tax/exports/${id}`, { method: "PUT", body }),
  /** Hands a file of the return to the browser's own download. */
  file: async (distributorId: number, month: string, format: "json" | "xlsx") => {
    const answer = await request("/api/v1/tax/gstr1/file", { query: { distributorId, month, format }, headers: { Accept: "*/*" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const name = /filename="?([^";]+)"?/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? `GSTR1-${month}.${format}`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  },
};
