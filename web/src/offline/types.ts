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
  /** The same for a credit note. */
  notePaper?: LawPaper | null;
  series: { type: string; series: string; next: number }[];
  policy: { backdateDays?: number; shelfLifeMinDays?: number; [more: string]: unknown };
  /** Where the law lets a device issue without the server (OFF-04), by kind of buyer. */
  offlineIssue?: { b2c: OfflineIssue; b2b: OfflineIssue; windowHours?: number | null } | null;
  /** IANA name of the zone in which the business date turns. */
  zone?: string | null;
  /** Codes of the territories the distributor lies in, for schemes that ask. */
  territories?: string[];
}

export type OfflineIssue = "YES" | "NO" | "CONTINGENCY";

/** A series of legal numbers that is this device's own (OFF-03). `next` is what will be printed next; it is raised only together with the command that takes it. */
export interface Lease {
  documentType: string; fiscalYear: number; series: string; width: number; next: number; max: number; state: "ACTIVE" | "RETIRED";
  validFrom: string; validTo: string; lastDate?: string | null; offlineIssue?: OfflineIssue | null;
}

/** What a command carries of its legal number. */
export interface LegalNumber { series: string; number: number }

/** Who this store is to the server: made with the store, so that a lost store is a new device (OFF-03). */
export interface Device {
  id: string; secret?: string; code?: string; name?: string; state: DeviceState; reason?: string | null; registeredAt?: number;
  /** The key that signs rule books, pinned at registration. */
  signingKey?: { fingerprint: string; algorithm: string; publicKey: string };
}
export type DeviceState = "ACTIVE" | "LOCKED" | "WIPE_REQUESTED" | "WIPED" | "REVOKED";

/** A picture on its way: content-addressed, sent after the documents, in pieces. */
export interface Picture {
  hash: string; documentId: string; kind: string; at: number; size: number; mediaType: string; received: number; state: "WAITING" | "SENT" | "REFUSED"; data?: Uint8Array<ArrayBuffer>; problem?: Problem;
}

/** A picture or paper that the server has, kept here to be looked at without network. `at` is when it was sent, in ms; `size` in bytes. */
export interface Evidence { hash: string; at: number; size: number; mediaType: string; data: Uint8Array<ArrayBuffer> }

/** A document with its lines, kept to be printed again or credited without network. `keptAt` is when it was asked for: what the server tells of it is no newer.
 * `toldAt` is when a pull that told what came back of it was asked for; a document that no pull has brought yet has none. */
export interface Kept { id: string; outletId: string | null; businessDate: string; view: unknown; keptAt: number; toldAt?: number }

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
  /** Principals who have billed it; told where a scheme asks for first orders. */
  billed?: number[];
  /** By principal with a must-sell list, the SKUs it lacks; told where a scheme asks. */
  msl?: { principalId: number; missing: number[] }[];
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
  | "invoice" | "order" | "edit-order" | "allocate-order" | "cancel-order" | "collection" | "credit-note" | "goods-receipt" | "cancel-invoice" | "keep-invoice" | "outlet" | "outlet-edit" | "draft" | "void-number"
  | "return-request" | "return-approval" | "return-receipt" | "return-inspection" | "return-credit" | "return-cancel"
  | "claim-evidence" | "claim-submission" | "claim-reply" | "claim-withdrawal" | "claim-dispute" | "claim-appeal";

/** What a command waits for or came back as. */
export type CommandState = "WAITING" | "SENDING" | "ACCEPTED" | "DIFFERS" | "NEEDS_YOU" | "WAITS" | "WITHDRAWN" | "QUARANTINED";

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
  /** The best time this device knows: the server's, carried on by the monotonic clock (OFF-07). */
  at: string;
  /** Milliseconds of the monotonic clock, for the server's check of `at`. */
  mono?: number;
  number?: LegalNumber;
  /** What the rules were asked and said, where a paper with a legal number came of it (OFF-10). */
  decided?: { ruleBookHash: string; payable: string; command: unknown };
  body: unknown;
  state: CommandState;
  tries: number;
  /** Raised each time a person sends it again: a refusal answers every copy of one attempt, however late. */
  attempt?: number;
  summary: Summary;
  /** The document as this device decided it: what is shown and printed before the server answers. */
  view?: unknown;
  /** The posted document as the server answered it. */
  document?: unknown;
  difference?: unknown;
  differences?: Difference[];
  late?: "LATE" | "PRIOR_PERIOD";
  tasks?: string[];
  problem?: Problem;
  /** Commands that must be accepted before this one. */
  waitsFor?: string[];
  /** Hashes of pictures that follow in their own lane. */
  pictures?: string[];
  /** Hashes of pictures that the server must have before this: it is held while one of them waits in its lane. */
  after?: string[];
  settledAt?: number;
  reason?: string;
  /** What a refusal undid on this device: it counts again when the command is sent again. */
  undone?: Effect[];
}

/** What an unsettled command changes on this device until a snapshot that knows it arrives. */
export interface Effect {
  key: string;
  commandId: string;
  batchId?: string;
  /** The godown the batch lies in; a batch may lie in several. */
  warehouseId?: string;
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
  /** What the bill sold to an outlet: it is no first order any more, and keeps more of its must-sell list. */
  bought?: { outletId: string; principalId: number; skuIds: number[] };
  settledAt?: number;
}

/** Answer of POST /api/v1/sync/commands for one command. */
export interface Answer {
  id: string;
  outcome: "ACCEPTED" | "DIFFERS" | "REFUSED" | "WAITS" | "QUARANTINED";
  replayed?: boolean;
  document?: unknown;
  difference?: unknown;
  differences?: Difference[];
  late?: "LATE" | "PRIOR_PERIOD";
  tasks?: string[];
  waitsFor?: string[];
  problem?: Problem;
}

/** One thing the server decides otherwise than the paper says (OFF-10). */
export interface Difference { class: "NONE" | "PRICE" | "SCHEME" | "TAX" | "CREDIT" | "STOCK" | "OUTLET"; field: string; mine?: string | number | null; server?: string | number | null; detail?: string | null }

export type Group = "must" | "soon" | "later";
export const groups: Group[] = ["must", "soon", "later"];

/** What is known of one pulled group; `checkedAt` is the last time the server said that it is whole. */
export interface GroupState { group: Group; etag: string | null; cursor: string | null; asOf: string; pulledAt: number; checkedAt: number; rows: number; bytes: number; disk?: number }

/** One finished exchange with the server, for the sync centre. */
export interface SyncRun { id?: number; at: number; what: "send" | "pull"; up: number; down: number; tookMs: number; result: string; count: number }
