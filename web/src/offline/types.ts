import type { LawPaper } from "../api/law";
import type { Problem } from "../api/problems";

/** Rows of the snapshot, as GET /api/v1/sync/snapshot/{group} streams them. */
export interface Context {
  distributor: {
    id: number; code: string; name: string; legalName?: string | null; address?: string | null; city?: string | null; pin?: string | null;
    stateCode?: string | null; stateName?: string | null; gstin?: string | null; registration?: string | null; phone?: string | null; fssai?: string | null;
    upiId?: string | null; upiName?: string | null; bank?: string | null; nameLocal?: string | null;
  };
  warehouses: { id: string; code: string; name: string }[];
  principals: { id: number; code: string; name: string; gstin?: string | null }[];
  businessDate: string;
  currency: { code: string; scale: number };
  paper?: LawPaper | null;
  series: { type: string; series: string; next: number }[];
  policy: { backdateDays?: number; shelfLifeMinDays?: number; [more: string]: unknown };
}

/** Rows of one list of the rule book; an object for `head`. Told by its name, so that an unchanged part is not sent again. */
export interface BookPart { section: "head" | "skus" | "priceLists" | "schemes" | "taxRates"; name: string; rows?: unknown }

/** The rule book as it is kept; `book` is what clients before parts have stored. */
export interface RuleBook { hash: string; parts?: BookPart[]; book?: unknown }

export interface Unit { code: string; name: string; perBase: string | number }

export interface Sku {
  id: number; code: string; name: string; nameLocal?: string | null; principalId: number; principalCode?: string | null; brand?: string | null;
  category?: string | null; hsn?: string | null; gstPercent?: string | null; mrp?: string | null; ptr?: string | null; baseUnit: string; units: Unit[];
  gtins: string[]; aliases: string[]; expiryTracked?: boolean; mustStock?: boolean;
  /** Bills of the last quarter that held it, here. */
  rank?: number | null;
}

export interface Credit {
  principalId: number; limit: string | null; days: number | null; outstanding: string; overdue: string; oldestDueOn?: string | null;
}

export interface Outlet {
  id: string; code: string; name: string; nameLocal?: string | null; channel?: string | null; class?: string | null; group?: string | null; parentId?: string | null; gstin?: string | null;
  registration?: string | null; stateCode?: string | null; stateName?: string | null; address?: string | null; city?: string | null; pin?: string | null;
  phone?: string | null; beat?: string | null; beatCode?: string | null; salesman?: string | null; status?: string | null; credit: Credit[]; version?: number;
}

export interface Batch {
  id: string; skuId: number; warehouseId: string; batchNo: string; mrp: string; mfgOn?: string | null; expiresOn?: string | null; receivedOn?: string | null;
  cost?: string | null; saleable: string; reserved: string; damaged: string; expired: string; quarantine: string;
}

export interface OrderLine { line: number; skuId: number; qty: string; allocated?: string | null; rate?: string | null }

export interface Order {
  id: string; number: string; outletId: string; principalId: number; businessDate: string; status: string; total: string; lines: OrderLine[];
  /** How it came in, and which free goods the outlet picked with it: the bill is decided with both. */
  orderSource?: string | null; choices?: { schemeId: number; skuId: number; qty: string | number }[] | null;
}

export interface OpenBill {
  invoiceId: string; outletId: string; principalId: number; number: string; businessDate: string; dueOn: string | null; amount: string; open: string;
  /** What may be deducted if it is paid by then. */
  cashTerms?: { payBy: string; percent: string }[] | null;
}

export interface Recent {
  outletId: string; skuId: number; on: string; qty: string; rate: string; discountPercent?: string | null; invoiceNumber?: string | null;
}

/** What is left of a scheme's limit; null where the limit does not count that. Untouched limits have no row. */
export interface LimitRow { schemeId: string; scope: "OUTLET" | "DISTRIBUTOR" | "TOTAL"; outletId: string | null; period: string; amount: string | null; freeQty: string | null; times: number | null }

/** What a scheme's period has counted for an outlet; left-over units SKU by SKU. */
export interface AccrualRow { schemeId: string; outletId: string; period: string; skuId?: string | null; counted: string; value?: string | null; accrued?: string | null; growthBase?: string | null }

export interface DocumentRow {
  id: string; type: string; number: string | null; outletId: string | null; businessDate: string; postedAt: string; total: string | null;
  mode?: string | null; status: string; origin?: string | null;
  /** Who asked to cancel it, and why, while somebody else has to decide. */
  askedBy?: string | null; askedWhy?: string | null;
}

/** The kinds of command the server takes. */
export type CommandKind =
  | "invoice" | "order" | "allocate-order" | "cancel-order" | "collection" | "goods-receipt" | "cancel-invoice" | "keep-invoice" | "outlet";

/** What a command waits for or came back as. */
export type CommandState = "WAITING" | "SENDING" | "ACCEPTED" | "DIFFERS" | "NEEDS_YOU" | "WAITS" | "WITHDRAWN";

/** What people see of a document before and after the server knows it. */
export interface Summary {
  kind: CommandKind;
  outletId?: string | null;
  outletName?: string | null;
  total?: string | null;
  mode?: string | null;
  lines?: number;
  number?: string | null;
}

/** One command in the queue. Its id is the document's id and the idempotency key, made once. */
export interface Command {
  id: string;
  seq: number;
  kind: CommandKind;
  businessDate: string;
  at: string;
  body: unknown;
  state: CommandState;
  tries: number;
  summary: Summary;
  /** The document as this device decided it: what is shown and printed before the server answers. */
  view?: unknown;
  /** The posted document as the server answered it. */
  document?: unknown;
  difference?: unknown;
  problem?: Problem;
  waitsFor?: string;
  settledAt?: number;
  reason?: string;
}

/** What an unsettled command changes on this device until a snapshot that knows it arrives. */
export interface Effect {
  key: string;
  commandId: string;
  batchId?: string;
  qty?: string;
  outletId?: string;
  principalId?: number;
  amount?: string;
  /** What the bill took from limits of schemes and added to their periods. */
  scheme?: {
    outletId: string;
    limits: { schemeId: string; scope: string; period: string | null; amount: string; freeQty: string; times: number }[];
    accruals: { schemeId: string; period: string; counted: string; value: string; amount: string; skuId: string | null; carry: string | null }[];
  };
  settledAt?: number;
}

/** Answer of POST /api/v1/sync/commands for one command. */
export interface Answer {
  id: string;
  outcome: "ACCEPTED" | "DIFFERS" | "REFUSED" | "WAITS";
  replayed?: boolean;
  document?: unknown;
  difference?: unknown;
  problem?: Problem;
}

export type Group = "must" | "soon" | "later";
export const groups: Group[] = ["must", "soon", "later"];

/** What is known of one pulled group. */
export interface GroupState { group: Group; etag: string | null; cursor: string | null; asOf: string; pulledAt: number; checkedAt: number; rows: number; bytes: number }

/** One finished exchange with the server, for the sync centre. */
export interface SyncRun { id?: number; at: number; what: "send" | "pull"; up: number; down: number; tookMs: number; result: string; count: number }
