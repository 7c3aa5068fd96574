/** JSON shapes of the rules module, as spec/README.md documents them. Decimals and ids are strings, days are epoch days. */
export interface RulesCommand {
  kind: "INVOICE" | "ORDER_PREVIEW";
  businessDate: number;
  saleType: "COUNTER" | "DELIVERY";
  paymentMode: "CREDIT" | "CASH" | "UPI" | "CHEQUE";
  principalId: string;
  outlet: {
    id: string; channel: string | null; class: string | null; group: string | null; parentId: string | null; stateCode: string | null;
    registration: string; gstin: string | null; blocked: boolean; territories?: string[]; firstOrder?: boolean; mslCompliant?: boolean;
    credit: { principalId: string; limit: string | null; exposure: string; overdueDays: number; termsDays: number }[];
  };
  lines: { line: number; skuId: string; qty: string; batchId?: string | null; manualPrice?: string | null; manualDiscountPercent?: string | null; manualReason?: string | null }[];
  batches: { batchId: string; skuId: string; batchNo: string; mrp: string; expiresOn: number | null; receivedOn: number | null; saleable: string; unitCost: string }[];
  approved: string[];
  /** Asks for the ladder: for every line what each scheme gives, or everything that fails. */
  explain?: boolean;
  orderSource?: string | null;
  minuteOfDay?: number | null;
  /** From where the goods leave; only schemes for warehouses ask (SCH-09). */
  warehouseId?: string | null;
  /** What is left of the limits of schemes. */
  limits?: LimitLeft[];
  /** What earlier documents of a scheme's period counted. */
  cumulated?: { schemeId: string; period: string; skuId?: string; counted: string; value?: string; accrued?: string; growthBase?: string }[];
  /** Which of the offered free articles the outlet takes. */
  choices?: FreeChoice[];
}

export interface LimitLeft { schemeId: string; scope: "OUTLET" | "DISTRIBUTOR" | "TOTAL"; period?: string | null; amount?: string | null; freeQty?: string | null; times?: number | null }

export interface FreeChoice { schemeId: string; skuId: string; qty: string }

/** What was found, or would be accepted, name by name. */
export type NamedValues = Record<string, string>;

/** Why it was refused: rule, place, what was seen, what would be accepted. */
export interface Refusal { code: string; line: number | null; skuId: string | null; rule: string; values: NamedValues; accepted: NamedValues }

export interface BatchQty { batchId: string | null; batchNo: string | null; expiresOn: number | null; qty: string; unitCost?: string }

export interface ResultLine {
  line: number; part: number; skuId: string; mrp: string | null; batches: BatchQty[]; qty: string; unitPrice: string; priceListId?: string | null; priceLevel?: number;
  taxInclusive?: boolean; gross: string; benefits: { schemeId: string; schemeVersion: number; stage: string; amount: string }[]; schemeDiscount: string; manualDiscount: string;
  taxable: string; hsn: string; taxRate: string; cgst: string; sgst: string; igst: string; cess: string; vat?: string; total: string;
}

export interface FreeLine {
  schemeId: string; schemeVersion: number; skuId: string; mrp: string | null; batches: BatchQty[]; qty: string; inside?: boolean; unitPrice?: string; value?: string;
  taxable: string; hsn: string; taxRate: string; cgst: string; sgst: string; igst: string; cess: string; vat?: string; total: string;
}

export interface TaxSummary { hsn: string; kind: string; rate: string; qty?: string; taxable: string; cgst: string; sgst: string; igst: string; cess: string; vat?: string }

export interface Totals {
  gross: string; schemeDiscount: string; manualDiscount: string; taxable: string; cgst: string; sgst: string; igst: string; cess: string; vat?: string;
  beforeRounding?: string; rounding: string; payable: string;
}

export interface NextStep {
  basis: string | null; from: string; more: string; kind: "PERCENT" | "PER_UNIT" | "FIXED" | "FREE_QTY" | "PER_COUNT" | "POINTS"; reward: string;
  /** Of a combo: which of its groups is short. */
  group?: number | null;
}

/** A condition that does not hold: what was asked, and what the bill has. */
export interface Failing { condition: string; wanted: string | null; found: string | null }

/** What one scheme does on one line, or everything that keeps it from it. */
export interface LadderScheme {
  schemeId: string; schemeVersion: number; code: string; stage: string; applied: boolean; amount: string; freeQty: string; failing: Failing[]; winner: string | null; next: NextStep | null;
  /** So many base units more on this line reach the next step; absent where other schemes decide. */
  moreQty?: string | null;
  /** Articles the outlet may choose as free goods. */
  choices?: string[];
}

export interface LadderLine { line: number; skuId: string; schemes: LadderScheme[] }

export interface LimitTaken { schemeId: string; scope: string; period?: string | null; amount: string; freeQty: string; times: number; exhausted?: boolean }

export interface Accrual { schemeId: string; schemeVersion: number; code: string; kind: string; period: string; unit: string; counted: string; value: string; amount: string; accrued: string; skuId?: string | null; carry?: string | null; settlement?: string }

export interface SchemeTrace {
  schemeId: string; schemeVersion: number; code: string; lines: number[]; applied: boolean; condition: string | null; wanted: string | null; found: string | null;
  benefit: string | null; freeQty: string | null; next: NextStep | null;
}

export interface Warning { code: string; line: number | null; skuId: string | null; values: NamedValues }

export interface Decided {
  outcome: "DECIDED";
  placeOfSupply: string; interState: boolean; lines: ResultLine[]; freeLines: FreeLine[]; taxes: TaxSummary[]; totals: Totals;
  schemes: { schemeId: string; schemeVersion: number; code: string; discount: string; freeGoodsValue?: string; principalShare?: string; distributorShare?: string }[];
  posting?: { issues: { skuId: string; batchId: string; billed: string; free: string }[] };
  credit: { principalId: string; checked: boolean; limit: string | null; exposureBefore: string; exposureAfter: string; overdueDays: number; dueOn: number } | null;
  warnings: Warning[]; trace: SchemeTrace[];
  ladder?: LadderLine[]; limits?: LimitTaken[]; accruals?: Accrual[];
  cashDiscounts?: { schemeId: string; schemeVersion: number; terms: { payBy: number; percent: string; amount: string }[] }[];
}

export interface Refused { outcome: "REFUSED"; refusals: Refusal[]; trace: SchemeTrace[]; ladder?: LadderLine[] }

export type Decision = Decided | Refused;

export type Quantity = { qty: string } | { error: Refusal };

export interface BookScheme {
  id: string; version: number; code: string; name: string; principalId: string; stage: string;
  mechanic: Mechanic;
  products: BookProducts;
  limits?: { perInvoice?: BookLimit; perOutlet?: BookLimit; perDistributor?: BookLimit; total?: BookLimit; whenCut?: string };
  principalShare: string; validFrom: number; validTo?: number | null;
  [more: string]: unknown;
}

export interface BookLimit { amount?: string; freeQty?: string; times?: number; period?: string }

export interface BookProducts { skuIds?: string[]; brandIds?: string[]; categoryIds?: string[]; excludedSkuIds?: string[]; excludedBrandIds?: string[]; excludedCategoryIds?: string[] }

/** The mechanics of spec/README.md; only what screens draw is typed. */
export type Mechanic =
  | { type: "DISCOUNT"; reward: Reward }
  | { type: "WHOLE_SLAB" | "INCREMENTAL_SLAB"; basis: string; slabs: Slab[] }
  | { type: "FREE_GOODS"; buy: string; get: string; basis?: string; repeat: boolean; inside: boolean; rewardSkuId?: string | null; rewardSkuIds?: string[]; substituteSkuIds?: string[]; capPerInvoice?: string | null }
  | { type: "CHEAPEST_FREE"; buy: string; get: string }
  | { type: "COMBO"; minDistinct?: number; groups?: { products: BookProducts; min: string }[]; reward: Reward }
  | { type: "BUNDLE_PRICE"; price: string; components: { products: BookProducts; qty: string }[] }
  | { type: "PER_CASE_REBATE"; amount?: string; perKg?: string; unit?: string }
  | { type: "QPS" | "TOD"; basis: string; period: string; slabs: Slab[]; growth?: object }
  | { type: "POINTS"; per: string; points: string }
  | { type: "CASH_DISCOUNT"; terms: { days: number; percent: string }[] }
  | { type: "DISPLAY"; amount: string };

export interface Slab { from: string; reward: Reward }

export type Reward = { percent: string } | { perUnit: string } | { fixed: string } | { perCount: string };
