/** A scheme over HTTP: the engine's scheme with business codes in place of ids and ISO days (docs/integrators-guide.md). */
export interface Content {
  code: string;
  name: string;
  principal: string;
  validFrom: string | null;
  validTo: string | null;
  stage: string;
  mechanic: { type: string; [member: string]: unknown };
  products: Products;
  eligibility?: Eligibility;
  stacking?: string;
  exclusionGroup?: string | null;
  choice?: string;
  priority?: number;
  principalShare?: string;
  claimable?: boolean;
  claimRate?: string;
  limits?: Limits;
  [member: string]: unknown;
}

export interface Products {
  skuIds?: string[];
  brandIds?: string[];
  categoryIds?: string[];
  excludedSkuIds?: string[];
  excludedBrandIds?: string[];
  excludedCategoryIds?: string[];
}

export interface Eligibility {
  channels?: string[];
  distributorIds?: string[];
  /** With their distributor's code, `D-1:MAIN`. */
  warehouseIds?: string[];
  classes?: string[];
  groups?: string[];
  paymentModes?: string[];
  [member: string]: unknown;
}

export interface Limit {
  amount?: string | null;
  freeQty?: string | null;
  times?: number | null;
  period?: string | null;
}

export interface Limits {
  perInvoice?: Limit | null;
  perOutlet?: Limit | null;
  perDistributor?: Limit | null;
  total?: Limit | null;
  whenCut?: string | null;
}

/** What a check says about a scheme. */
export interface Finding {
  code: string;
  severity: "ERROR" | "WARNING" | "WARN" | "INFO";
  pointer?: string | null;
  field?: string | null;
  text?: string | null;
  wrong?: string | null;
  right?: string | null;
  values?: Record<string, string>;
  acknowledgedBy?: string | null;
  acknowledged?: boolean;
}

export interface Budget {
  total: string | null;
  soft: string;
  used: string;
  currency?: string;
}

/** A scheme as a list row and as a page. */
export interface SchemeView {
  id: number;
  version: number;
  code: string;
  name: string;
  mechanic: string;
  stage?: string;
  principalId: number;
  principal: string;
  validFrom: string;
  validTo: string | null;
  status: string;
  priority?: number;
  exclusionGroup?: string | null;
  createdAt: string;
  createdBy?: string | null;
  scheme: Content;
  budget?: Budget | null;
  warnings?: string[];
  findings?: Finding[];
}

export interface VersionView {
  versionNo: number;
  name: string;
  mechanic: string;
  validFrom: string;
  validTo: string | null;
  status: string;
  createdAt: string;
  createdBy?: string | null;
  approvedBy?: string | null;
  scheme: Content;
}

export interface Uptake {
  from: string;
  to: string;
  totals: { invoices: number; outlets: number; lines: number; benefit: string; freeQty: string; freeValue: string; claim: string };
  series: { on: string; benefit: string; invoices: number; usedToDate: string }[];
  rows: { id: string | number; code: string; name: string; invoices: number; outlets: number; benefit: string; freeQty: string }[];
}

export interface BudgetView {
  currency: string;
  total: string | null;
  soft: string;
  used: string;
  free: string | null;
  exhausted: boolean;
  burnPerDay: string | null;
  endsOn: string | null;
  byDistributor: { distributorId: number; code: string; name: string; granted?: string | null; soft: string; used: string; cap: string | null }[];
}
