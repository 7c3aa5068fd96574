/** JSON shapes of the rules module, as spec/README.md documents them. Decimals and ids are strings, days are epoch days. */
export interface RulesCommand {
  kind: "INVOICE" | "ORDER_PREVIEW";
  businessDate: number;
  saleType: "COUNTER" | "DELIVERY";
  paymentMode: "CREDIT" | "CASH" | "UPI" | "CHEQUE";
  principalId: string;
  outlet: {
    id: string; channel: string | null; class: string | null; group: string | null; parentId: string | null; stateCode: string | null;
    registration: string; gstin: string | null; blocked: boolean;
    credit: { principalId: string; limit: string | null; exposure: string; overdueDays: number; termsDays: number }[];
  };
  lines: { line: number; skuId: string; qty: string; batchId?: string | null; manualPrice?: string | null; manualDiscountPercent?: string | null; manualReason?: string | null }[];
  batches: { batchId: string; skuId: string; batchNo: string; mrp: string; expiresOn: number | null; receivedOn: number | null; saleable: string; unitCost: string }[];
  approved: string[];
}

/** What was found, or would be accepted, name by name. */
export type NamedValues = Record<string, string>;

/** Why it was refused: rule, place, what was seen, what would be accepted. */
export interface Refusal { code: string; line: number | null; skuId: string | null; rule: string; values: NamedValues; accepted: NamedValues }

export interface BatchQty { batchId: string | null; batchNo: string | null; expiresOn: number | null; qty: string; unitCost?: string }

export interface ResultLine {
  line: number; part: number; skuId: string; mrp: string | null; batches: BatchQty[]; qty: string; unitPrice: string; priceListId?: string | null; priceLevel?: number;
  taxInclusive?: boolean; gross: string; benefits: { schemeId: string; schemeVersion: number; stage: string; amount: string }[]; schemeDiscount: string; manualDiscount: string;
  taxable: string; hsn: string; taxRate: string; cgst: string; sgst: string; igst: string; cess: string; total: string;
}

export interface FreeLine {
  schemeId: string; schemeVersion: number; skuId: string; mrp: string | null; batches: BatchQty[]; qty: string; inside?: boolean; unitPrice?: string; value?: string;
  taxable: string; hsn: string; taxRate: string; cgst: string; sgst: string; igst: string; cess: string; total: string;
}

export interface TaxSummary { hsn: string; kind: string; rate: string; qty?: string; taxable: string; cgst: string; sgst: string; igst: string; cess: string }

export interface Totals {
  gross: string; schemeDiscount: string; manualDiscount: string; taxable: string; cgst: string; sgst: string; igst: string; cess: string;
  beforeRounding?: string; rounding: string; payable: string;
}

export interface NextStep { basis: string | null; from: string; more: string; kind: "PERCENT" | "PER_UNIT" | "FIXED" | "FREE_QTY"; reward: string }

export interface SchemeTrace {
  schemeId: string; schemeVersion: number; code: string; lines: number[]; applied: boolean; condition: string | null; wanted: string | null; found: string | null;
  benefit: string | null; freeQty: string | null; next: NextStep | null;
}

export interface Warning { code: string; line: number | null; skuId: string | null; values: NamedValues }

export interface Decided {
  outcome: "DECIDED";
  placeOfSupply: string; interState: boolean; lines: ResultLine[]; freeLines: FreeLine[]; taxes: TaxSummary[]; totals: Totals;
  schemes: { schemeId: string; schemeVersion: number; code: string; discount: string }[];
  posting?: { issues: { skuId: string; batchId: string; billed: string; free: string }[] };
  credit: { principalId: string; checked: boolean; limit: string | null; exposureBefore: string; exposureAfter: string; overdueDays: number; dueOn: number } | null;
  warnings: Warning[]; trace: SchemeTrace[];
}

export interface Refused { outcome: "REFUSED"; refusals: Refusal[]; trace: SchemeTrace[] }

export type Decision = Decided | Refused;

export type Quantity = { qty: string } | { error: Refusal };

export interface BookScheme {
  id: string; version: number; code: string; name: string; principalId: string; stage: string;
  mechanic:
    | { type: "DISCOUNT"; reward: Reward }
    | { type: "WHOLE_SLAB"; basis: string; slabs: { from: string; reward: Reward }[] }
    | { type: "FREE_GOODS"; buy: string; get: string; repeat: boolean; inside: boolean; rewardSkuId: string | null; capPerInvoice?: string | null };
  products: { skuIds?: string[]; brandIds?: string[]; categoryIds?: string[]; excludedSkuIds?: string[] };
  principalShare: string; validFrom: number; validTo?: number | null;
}

export type Reward = { percent: string } | { perUnit: string } | { fixed: string };
