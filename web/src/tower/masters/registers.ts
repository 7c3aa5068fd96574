import type { Right } from "../session";

/** Where the value of a field comes from and how it is checked and shown. */
export interface FieldDef {
  name: string;
  kind: "text" | "code" | "long" | "decimal" | "integer" | "date" | "choice" | "flag" | "ref" | "words" | "rows" | "kept";
  required?: boolean;
  /** Set once, when the record is made; its business key stays. */
  once?: boolean;
  choices?: readonly string[];
  /** A choice that travels as a number. */
  number?: boolean;
  /** Offers the values known so far of a dimension; any other may be typed. */
  suggest?: "channel" | "class";
  /** Catalogue key of the choices; the field's own name by default. */
  words?: string;
  ref?: string;
  /** Forms name other records by code, as people and files do; a few name them by id. */
  by?: "code" | "id";
  check?: "gstin" | "pin" | "phone" | "hsn" | "gtin" | "state";
  decimals?: number;
  min?: number;
  max?: number;
  preset?: string | boolean;
  wide?: boolean;
  rows?: readonly FieldDef[];
  /** Only on a new record; later the server owns it. */
  first?: boolean;
}

export interface Section {
  id: string;
  fields: readonly FieldDef[];
}

export interface ColumnDef {
  id: string;
  width: number;
  kind?: "text" | "code" | "money" | "qty" | "percent" | "date" | "choice" | "flag" | "status" | "words";
  grow?: boolean;
  sortable?: boolean;
  hidden?: boolean;
  words?: string;
}

export interface FilterField {
  id: string;
  kind: "choice" | "text" | "ref" | "date";
  choices?: readonly string[];
  words?: string;
  ref?: string;
}

export interface Register {
  type: string;
  group: "network" | "goods" | "rules";
  right: Right;
  /** Its rows belong to one distributor, which a new record must name. */
  ofDistributor?: boolean;
  importable?: boolean;
  readOnly?: boolean;
  columns: readonly ColumnDef[];
  filters: readonly FilterField[];
  sections: readonly Section[];
  sort: string;
  /** Opens on a page of its own instead of the side panel. */
  page?: boolean;
  /** It decides money: a change is asked for and approved by somebody else (GOV-01). */
  governed?: boolean;
  title: (row: Record<string, unknown>) => string;
}

/** Tax regimes of the packs. */
const REGIMES = ["IN_GST", "KE_VAT", "NONE"];
const TAX_KINDS = ["TAXABLE", "NIL", "ZERO_RATED", "EXEMPT", "NON_GST"];
const REGISTRATION = ["REGULAR", "COMPOSITION", "UNREGISTERED"] as const;
/** Buyers also sit in economic zones and abroad. */
const BUYERS = [...REGISTRATION, "SEZ", "EXPORT", "DEEMED_EXPORT"] as const;
/** Keys of the law's thresholds, as the server knows them. */
const LAW = ["B2C_QR_TURNOVER", "B2CL_INVOICE_VALUE", "COMPOSITION_TURNOVER", "CONSOLIDATED_INVOICE_VALUE", "EWAY_CANCEL_HOURS", "EWAY_DOCUMENT_AGE_DAYS", "EWAY_EXTEND_HOURS", "EWAY_EXTENSION_DAYS", "EWAY_GOODS_SPECIFIC", "EWAY_INTER_STATE",
  "EWAY_INTRA_CITY", "EWAY_INTRA_STATE", "EWAY_KM_PER_DAY", "EWAY_KM_PER_DAY_OVERSIZE", "EWAY_PART_B_FREE_KM", "EWAY_REJECT_HOURS", "E_INVOICE_CANCEL_HOURS", "E_INVOICE_REPORT_DAYS", "E_INVOICE_REPORT_TURNOVER", "E_INVOICE_TURNOVER",
  "HSN_DIGITS_TURNOVER", "UNREGISTERED_PARTICULARS_VALUE"] as const;
const DOCUMENTS = ["INVOICE", "CREDIT_NOTE", "DEBIT_NOTE", "ORDER", "COLLECTION", "GOODS_RECEIPT", "DELIVERY_CHALLAN"] as const;
const named = (row: Record<string, unknown>) => [row.code, row.name].filter(Boolean).join(" · ");

/** Every register of T18, as data: columns, filters and form; one list page and one form serve them all. */
export const REGISTERS: readonly Register[] = [
  {
    type: "principals", group: "network", right: "principals", importable: true, sort: "code", title: named,
    columns: [
      { id: "code", width: 112, kind: "code", sortable: true },
      { id: "name", width: 220, grow: true, sortable: true },
      { id: "legalName", width: 220, hidden: true },
      { id: "gstin", width: 164, kind: "code" },
      { id: "stateCode", width: 88 },
      { id: "status", width: 124, kind: "status" },
    ],
    filters: [{ id: "status", kind: "choice", choices: ["ACTIVE", "INACTIVE"] }],
    sections: [
      { id: "who", fields: [
        { name: "code", kind: "code", required: true, once: true },
        { name: "name", kind: "text", required: true },
        { name: "legalName", kind: "text", wide: true },
        { name: "status", kind: "choice", choices: ["ACTIVE", "INACTIVE"], preset: "ACTIVE", required: true },
      ] },
      { id: "tax", fields: [{ name: "gstin", kind: "text", check: "gstin" }, { name: "stateCode", kind: "text", check: "state", required: true }, { name: "address", kind: "long", wide: true }] },
    ],
  },
  {
    type: "distributors", group: "network", right: "distributors", importable: true, sort: "code", title: named,
    columns: [
      { id: "code", width: 96, kind: "code", sortable: true },
      { id: "name", width: 220, grow: true, sortable: true },
      { id: "territory", width: 144 },
      { id: "city", width: 128, sortable: true },
      { id: "gstin", width: 164, kind: "code" },
      { id: "registration", width: 128, kind: "choice", hidden: true },
      { id: "priceZone", width: 96, hidden: true },
      { id: "status", width: 124, kind: "status", words: "distributorStatus" },
    ],
    filters: [{ id: "status", kind: "choice", choices: ["PROPOSED", "LIVE", "ON_HOLD", "EXITING", "EXITED"], words: "distributorStatus" }, { id: "territory", kind: "text" }],
    sections: [
      { id: "who", fields: [
        { name: "code", kind: "code", required: true, once: true },
        { name: "name", kind: "text", required: true },
        { name: "legalName", kind: "text", wide: true },
        { name: "status", kind: "choice", words: "distributorStatus", choices: ["PROPOSED", "LIVE", "ON_HOLD", "EXITING", "EXITED"], preset: "PROPOSED", required: true },
        { name: "territory", kind: "ref", ref: "territories", by: "code" },
        { name: "principals", kind: "words", wide: true },
        { name: "priceZone", kind: "text" },
      ] },
      { id: "tax", fields: [
        { name: "registration", kind: "choice", choices: REGISTRATION, preset: "REGULAR", required: true },
        { name: "gstin", kind: "text", check: "gstin" },
        { name: "stateCode", kind: "text", check: "state", required: true },
        { name: "fssai", kind: "text" },
        { name: "currency", kind: "text", preset: "INR", required: true },
        { name: "taxRegime", kind: "choice", choices: REGIMES, preset: "IN_GST", required: true },
        { name: "timeZone", kind: "text", preset: "Asia/Kolkata", required: true },
      ] },
      { id: "place", fields: [
        { name: "address", kind: "long", wide: true },
        { name: "city", kind: "text" },
        { name: "pin", kind: "text", check: "pin" },
        { name: "phone", kind: "text", check: "phone" },
      ] },
      { id: "bank", fields: [{ name: "upiId", kind: "text" }, { name: "bank", kind: "text" }] },
    ],
  },
  {
    type: "warehouses", group: "network", right: "distributors", ofDistributor: true, importable: true, sort: "code", title: named,
    columns: [
      { id: "code", width: 112, kind: "code", sortable: true },
      { id: "name", width: 220, grow: true, sortable: true },
      { id: "distributor", width: 200 },
      { id: "picking", width: 96, kind: "flag" },
      { id: "dispatch", width: 96, kind: "flag" },
      { id: "status", width: 124, kind: "status" },
    ],
    filters: [{ id: "distributorId", kind: "ref", ref: "distributors" }, { id: "status", kind: "choice", choices: ["ACTIVE", "CLOSED"] }],
    sections: [{ id: "who", fields: [
      { name: "code", kind: "code", required: true, once: true },
      { name: "name", kind: "text", required: true },
      { name: "address", kind: "long", wide: true },
      { name: "picking", kind: "flag" },
      { name: "dispatch", kind: "flag" },
      { name: "status", kind: "choice", choices: ["ACTIVE", "CLOSED"], preset: "ACTIVE" },
    ] }],
  },
  {
    type: "territories", group: "network", right: "territories", importable: true, sort: "code", title: named,
    columns: [
      { id: "code", width: 128, kind: "code", sortable: true },
      { id: "name", width: 240, grow: true, sortable: true },
      { id: "kind", width: 128, kind: "choice", words: "territoryKind" },
      { id: "parent", width: 200 },
    ],
    filters: [{ id: "kind", kind: "choice", choices: ["COUNTRY", "REGION", "TERRITORY"], words: "territoryKind" }],
    sections: [{ id: "who", fields: [
      { name: "code", kind: "code", required: true, once: true },
      { name: "name", kind: "text", required: true },
      { name: "kind", kind: "choice", words: "territoryKind", choices: ["COUNTRY", "REGION", "TERRITORY"], preset: "TERRITORY", required: true },
      { name: "parent", kind: "ref", ref: "territories", by: "code" },
    ] }],
  },
  {
    type: "beats", group: "network", right: "outlets", ofDistributor: true, importable: true, sort: "code", title: named,
    columns: [
      { id: "code", width: 112, kind: "code", sortable: true },
      { id: "name", width: 220, grow: true, sortable: true },
      { id: "distributor", width: 200 },
      { id: "salesman", width: 160 },
      { id: "weekday", width: 112, kind: "choice" },
      { id: "status", width: 124, kind: "status" },
    ],
    filters: [{ id: "distributorId", kind: "ref", ref: "distributors" }, { id: "status", kind: "choice", choices: ["ACTIVE", "CLOSED"] }],
    sections: [{ id: "who", fields: [
      { name: "code", kind: "code", required: true, once: true },
      { name: "name", kind: "text", required: true },
      { name: "salesman", kind: "text" },
      { name: "weekday", kind: "choice", number: true, choices: ["1", "2", "3", "4", "5", "6", "7"] },
      { name: "status", kind: "choice", choices: ["ACTIVE", "CLOSED"], preset: "ACTIVE" },
    ] }],
  },
  {
    type: "outlets", group: "network", right: "outlets", ofDistributor: true, importable: true, sort: "code", title: named,
    columns: [
      { id: "code", width: 104, kind: "code", sortable: true },
      { id: "name", width: 220, grow: true, sortable: true },
      { id: "nameLocal", width: 180, hidden: true },
      { id: "distributor", width: 168 },
      { id: "beat", width: 136 },
      { id: "channel", width: 120, kind: "choice", sortable: true },
      { id: "outletClass", width: 72, sortable: true },
      { id: "city", width: 120, hidden: true, sortable: true },
      { id: "gstin", width: 164, kind: "code", hidden: true },
      { id: "registration", width: 128, kind: "choice", hidden: true },
      { id: "phone", width: 120, hidden: true },
      { id: "status", width: 124, kind: "status", words: "outletStatus" },
    ],
    filters: [
      { id: "distributorId", kind: "ref", ref: "distributors" },
      { id: "channel", kind: "text" },
      { id: "outletClass", kind: "text" },
      { id: "beat", kind: "text" },
      { id: "status", kind: "choice", choices: ["PROSPECT", "PENDING_APPROVAL", "ACTIVE", "DORMANT", "BLOCKED", "CLOSED", "REJECTED"], words: "outletStatus" },
      { id: "city", kind: "text" },
    ],
    sections: [
      { id: "who", fields: [
        { name: "code", kind: "code", required: true, once: true },
        { name: "name", kind: "text", required: true },
        { name: "nameLocal", kind: "text" },
        { name: "status", kind: "choice", words: "outletStatus", choices: ["PROSPECT", "PENDING_APPROVAL", "ACTIVE", "DORMANT", "BLOCKED", "CLOSED", "REJECTED"], preset: "ACTIVE", required: true },
        { name: "channel", kind: "text", suggest: "channel", required: true },
        { name: "outletClass", kind: "text", suggest: "class", required: true },
        { name: "outletGroup", kind: "text" },
        { name: "ownership", kind: "text" },
        { name: "beat", kind: "ref", ref: "beats", by: "code" },
        { name: "parent", kind: "text" },
        { name: "platformOutletId", kind: "kept" },
      ] },
      { id: "tax", fields: [
        { name: "registration", kind: "choice", choices: BUYERS, preset: "UNREGISTERED", required: true },
        { name: "gstin", kind: "text", check: "gstin" },
        { name: "stateCode", kind: "text", check: "state", required: true },
      ] },
      { id: "place", fields: [
        { name: "address", kind: "long", wide: true },
        { name: "city", kind: "text" },
        { name: "pin", kind: "text", check: "pin" },
        { name: "phone", kind: "text", check: "phone" },
        { name: "latitude", kind: "decimal", decimals: 6, min: -90, max: 90 },
        { name: "longitude", kind: "decimal", decimals: 6, min: -180, max: 180 },
      ] },
    ],
  },
  {
    type: "credit-terms", governed: true, group: "network", right: "credit", ofDistributor: true, importable: true, sort: "", title: (r) => [r.outlet, r.principal].filter(Boolean).join(" · "),
    columns: [
      { id: "outlet", width: 240, grow: true },
      { id: "distributor", width: 168 },
      { id: "principal", width: 112 },
      { id: "creditLimit", width: 128, kind: "money" },
      { id: "creditDays", width: 104, kind: "qty" },
      { id: "balance", width: 128, kind: "money" },
    ],
    filters: [{ id: "distributorId", kind: "ref", ref: "distributors" }],
    sections: [{ id: "credit", fields: [
      { name: "outlet", kind: "ref", ref: "outlets", by: "code", required: true, once: true },
      { name: "principal", kind: "ref", ref: "principals", by: "code", required: true, once: true },
      { name: "creditLimit", kind: "decimal", decimals: 2, min: 0, required: true },
      { name: "creditDays", kind: "integer", min: 0, max: 365, required: true },
    ] }],
  },
  {
    type: "categories", group: "goods", right: "skus", importable: true, sort: "code", title: named,
    columns: [{ id: "code", width: 128, kind: "code", sortable: true }, { id: "name", width: 240, grow: true, sortable: true }, { id: "parent", width: 176 }],
    filters: [],
    sections: [{ id: "who", fields: [{ name: "code", kind: "code", required: true, once: true }, { name: "name", kind: "text", required: true }, { name: "parent", kind: "ref", ref: "categories", by: "code" }] }],
  },
  {
    type: "brands", group: "goods", right: "skus", importable: true, sort: "code", title: named,
    columns: [{ id: "code", width: 128, kind: "code", sortable: true }, { id: "name", width: 240, grow: true, sortable: true }],
    filters: [],
    sections: [{ id: "who", fields: [{ name: "code", kind: "code", required: true, once: true }, { name: "name", kind: "text", required: true }] }],
  },
  {
    type: "skus", group: "goods", right: "skus", importable: true, sort: "code", title: named,
    columns: [
      { id: "code", width: 104, kind: "code", sortable: true },
      { id: "name", width: 240, grow: true, sortable: true },
      { id: "principal", width: 120, hidden: true, sortable: true },
      { id: "category", width: 136, sortable: true },
      { id: "brand", width: 120, sortable: true },
      { id: "hsn", width: 88, kind: "code" },
      { id: "baseUnit", width: 72 },
      { id: "mrp", width: 96, kind: "money", sortable: true },
      { id: "pts", width: 96, kind: "money" },
      { id: "mustStock", width: 96, kind: "flag", hidden: true },
      { id: "status", width: 124, kind: "status", words: "skuStatus" },
    ],
    filters: [
      { id: "category", kind: "text" },
      { id: "brand", kind: "text" },
      { id: "hsn", kind: "text" },
      { id: "principal", kind: "text" },
      { id: "status", kind: "choice", choices: ["ACTIVE", "SELL_OUT", "DISCONTINUED"], words: "skuStatus" },
    ],
    sections: [
      { id: "who", fields: [
        { name: "code", kind: "code", required: true, once: true },
        { name: "principal", kind: "ref", ref: "principals", by: "code", required: true, once: true },
        { name: "name", kind: "text", required: true, wide: true },
        { name: "nameLocal", kind: "text" },
        { name: "aliases", kind: "words" },
        { name: "status", kind: "choice", words: "skuStatus", choices: ["ACTIVE", "SELL_OUT", "DISCONTINUED"], preset: "ACTIVE", required: true },
        { name: "launchedOn", kind: "date" },
      ] },
      { id: "family", fields: [
        { name: "category", kind: "ref", ref: "categories", by: "code", required: true },
        { name: "brand", kind: "ref", ref: "brands", by: "code", required: true },
        { name: "subBrand", kind: "text" },
        { name: "variant", kind: "text" },
        { name: "pack", kind: "text" },
        { name: "priceTier", kind: "text" },
      ] },
      { id: "trade", fields: [
        { name: "hsn", kind: "text", check: "hsn", required: true },
        { name: "mrp", kind: "decimal", decimals: 2, min: 0.01, required: true },
        { name: "pts", kind: "decimal", decimals: 6, min: 0, required: true },
        { name: "mustStock", kind: "flag" },
        { name: "batchTracked", kind: "flag", preset: true },
        { name: "expiryTracked", kind: "flag", preset: true },
        { name: "shelfLifeDays", kind: "integer", min: 1 },
        { name: "weightG", kind: "decimal", decimals: 3, min: 0 },
      ] },
      { id: "units", fields: [
        { name: "baseUnit", kind: "text", required: true, preset: "PCS", once: true },
        { name: "qtyScale", kind: "choice", number: true, choices: ["0", "3"], preset: "0", required: true, once: true },
        { name: "units", kind: "rows", wide: true, rows: [{ name: "code", kind: "code", required: true }, { name: "name", kind: "text", required: true }, { name: "numerator", kind: "integer", min: 1, required: true }, { name: "denominator", kind: "integer", min: 1, preset: "1" }] },
        { name: "barcodes", kind: "rows", wide: true, rows: [{ name: "gtin", kind: "text", check: "gtin", required: true }, { name: "unit", kind: "text", required: true }] },
      ] },
    ],
  },
  {
    type: "batches", group: "goods", right: "batches", ofDistributor: true, readOnly: true, sort: "sku,expiry", title: (r) => [r.sku, r.batchNo].filter(Boolean).join(" · "),
    columns: [
      { id: "sku", width: 136, kind: "code", sortable: true },
      { id: "skuName", width: 220, grow: true },
      { id: "batchNo", width: 120, kind: "code", sortable: true },
      { id: "distributor", width: 160 },
      { id: "mrp", width: 96, kind: "money" },
      { id: "expiresOn", width: 112, kind: "date" },
      { id: "receivedOn", width: 112, kind: "date", hidden: true, sortable: true },
      { id: "unitCost", width: 112, kind: "money", hidden: true },
      { id: "hold", width: 80, kind: "flag" },
    ],
    filters: [{ id: "distributorId", kind: "ref", ref: "distributors" }, { id: "skuId", kind: "ref", ref: "skus" }, { id: "expiresFrom", kind: "date" }, { id: "expiresTo", kind: "date" }],
    sections: [{ id: "who", fields: [
      { name: "sku", kind: "text" }, { name: "skuName", kind: "text" }, { name: "batchNo", kind: "text" }, { name: "distributor", kind: "text" },
      { name: "mrp", kind: "decimal" }, { name: "mfgOn", kind: "date" }, { name: "expiresOn", kind: "date" }, { name: "receivedOn", kind: "date" }, { name: "unitCost", kind: "decimal" }, { name: "hold", kind: "flag" },
    ] }],
  },
  {
    type: "price-lists", group: "rules", right: "prices", importable: true, page: true, sort: "code", title: named,
    columns: [
      { id: "code", width: 120, kind: "code", sortable: true },
      { id: "name", width: 220, grow: true, sortable: true },
      { id: "versionNo", width: 80, kind: "qty", sortable: true },
      { id: "lines", width: 72, kind: "qty" },
      { id: "level", width: 176, kind: "choice", words: "priceLevel" },
      { id: "channel", width: 112, kind: "choice", hidden: true },
      { id: "outletClass", width: 72, hidden: true },
      { id: "distributor", width: 152, hidden: true },
      { id: "validFrom", width: 104, kind: "date", sortable: true },
      { id: "validTo", width: 104, kind: "date" },
      { id: "status", width: 124, kind: "status", words: "priceStatus" },
    ],
    filters: [{ id: "status", kind: "choice", choices: ["DRAFT", "PUBLISHED", "SUPERSEDED"], words: "priceStatus" }, { id: "level", kind: "choice", choices: ["4", "5", "6", "7"], words: "priceLevel" }],
    sections: [
      { id: "who", fields: [
        { name: "code", kind: "code", required: true, once: true },
        { name: "name", kind: "text", required: true },
        { name: "principal", kind: "ref", ref: "principals", by: "code", required: true },
        { name: "priceType", kind: "choice", choices: ["PTR"], preset: "PTR", required: true },
        { name: "versionNo", kind: "kept" },
      ] },
      { id: "forWhom", fields: [
        { name: "level", kind: "choice", number: true, words: "priceLevel", choices: ["4", "5", "6", "7"], preset: "7", required: true },
        { name: "distributor", kind: "ref", ref: "distributors", by: "code" },
        { name: "zone", kind: "text" },
        { name: "channel", kind: "text", suggest: "channel" },
        { name: "outletClass", kind: "text", suggest: "class" },
      ] },
      { id: "basis", fields: [
        { name: "taxInclusive", kind: "flag" },
        { name: "mrpLinked", kind: "flag" },
        { name: "marginPercent", kind: "decimal", decimals: 6, min: 0, max: 100 },
        { name: "marginBasis", kind: "choice", choices: ["ON_PRICE", "ON_MRP"] },
        { name: "priceUnit", kind: "text" },
        { name: "validFrom", kind: "date", required: true },
        { name: "validTo", kind: "date" },
      ] },
    ],
  },
  {
    type: "contract-prices", governed: true, group: "rules", right: "prices", ofDistributor: true, importable: true, sort: "", title: (r) => [r.outlet ?? r.outletGroup, r.sku].filter(Boolean).join(" · "),
    columns: [
      { id: "outlet", width: 200, grow: true },
      { id: "outletGroup", width: 104 },
      { id: "distributor", width: 152 },
      { id: "sku", width: 120, kind: "code", sortable: true },
      { id: "level", width: 112, kind: "choice", words: "priceLevel", sortable: true },
      { id: "price", width: 104, kind: "money" },
      { id: "validFrom", width: 104, kind: "date", sortable: true },
      { id: "validTo", width: 104, kind: "date" },
    ],
    filters: [{ id: "distributorId", kind: "ref", ref: "distributors" }, { id: "level", kind: "choice", choices: ["1", "2", "3"], words: "priceLevel" }, { id: "sku", kind: "text" }],
    sections: [{ id: "forWhom", fields: [
      { name: "level", kind: "choice", number: true, words: "priceLevel", choices: ["1", "2", "3"], preset: "1", required: true, once: true },
      { name: "outlet", kind: "ref", ref: "outlets", by: "code", once: true },
      { name: "outletGroup", kind: "text", once: true },
      { name: "principal", kind: "ref", ref: "principals", by: "code", required: true, once: true },
      { name: "sku", kind: "ref", ref: "skus", by: "code", required: true, once: true },
      { name: "mrp", kind: "decimal", decimals: 2, min: 0, preset: "0" },
      { name: "price", kind: "decimal", decimals: 6, min: 0.000001, required: true },
      { name: "validFrom", kind: "date", required: true },
      { name: "validTo", kind: "date" },
    ] }],
  },
  {
    type: "schemes", group: "rules", right: "schemes", importable: true, page: true, sort: "code", title: named,
    columns: [
      { id: "code", width: 136, kind: "code", sortable: true },
      { id: "name", width: 240, grow: true, sortable: true },
      { id: "mechanic", width: 176, kind: "choice", words: "mechanicOf" },
      { id: "principal", width: 112, hidden: true },
      { id: "version", width: 72, kind: "qty" },
      { id: "validFrom", width: 104, kind: "date", sortable: true },
      { id: "validTo", width: 104, kind: "date", sortable: true },
      { id: "status", width: 124, kind: "status", words: "schemeStatus" },
    ],
    filters: [{ id: "status", kind: "choice", choices: ["DRAFT", "ACTIVE", "PAUSED", "ENDED"], words: "schemeStatus" }, { id: "mechanic", kind: "choice", choices: ["M1", "M2", "M4"], words: "mechanicOf" }],
    sections: [],
  },
  {
    type: "must-sell", governed: true, group: "rules", right: "schemes", importable: true, sort: "", title: (r) => [r.channel, r.outletClass, r.sku].filter(Boolean).join(" · "),
    columns: [
      { id: "principal", width: 112, sortable: true },
      { id: "channel", width: 104, sortable: true },
      { id: "outletClass", width: 88, sortable: true },
      { id: "sku", width: 120, kind: "code", sortable: true },
      { id: "skuName", width: 240, grow: true },
      { id: "validFrom", width: 104, kind: "date", sortable: true },
      { id: "validTo", width: 104, kind: "date" },
    ],
    filters: [{ id: "sku", kind: "text" }, { id: "channel", kind: "text" }, { id: "outletClass", kind: "text" }],
    sections: [{ id: "who", fields: [
      { name: "principal", kind: "ref", ref: "principals", by: "code", required: true, once: true },
      { name: "channel", kind: "text", suggest: "channel", once: true },
      { name: "outletClass", kind: "text", suggest: "class", once: true },
      { name: "sku", kind: "ref", ref: "skus", by: "code", required: true, once: true },
      { name: "validFrom", kind: "date", required: true, once: true },
      { name: "validTo", kind: "date" },
    ] }],
  },
  {
    type: "tax-rates", governed: true, group: "rules", right: "tax", importable: true, sort: "hsnPrefix", title: (r) => String(r.hsnPrefix ?? ""),
    columns: [
      { id: "hsnPrefix", width: 112, kind: "code", sortable: true },
      { id: "kind", width: 104, kind: "choice", words: "taxKind", sortable: true },
      { id: "ratePercent", width: 88, kind: "percent" },
      { id: "cessPercent", width: 88, kind: "percent" },
      { id: "validFrom", width: 112, kind: "date", sortable: true },
      { id: "validTo", width: 112, kind: "date" },
      { id: "regime", width: 104, kind: "text" },
      { id: "source", width: 240, grow: true },
    ],
    filters: [{ id: "hsnPrefix", kind: "text" }, { id: "kind", kind: "choice", words: "taxKind", choices: TAX_KINDS }, { id: "regime", kind: "choice", words: "taxRegime", choices: REGIMES }],
    sections: [{ id: "who", fields: [
      { name: "hsnPrefix", kind: "text", check: "hsn", once: true },
      { name: "regime", kind: "choice", words: "taxRegime", choices: REGIMES, preset: "IN_GST", required: true, once: true },
      { name: "kind", kind: "choice", words: "taxKind", choices: TAX_KINDS, preset: "TAXABLE", required: true },
      { name: "ratePercent", kind: "decimal", decimals: 4, min: 0, max: 100, required: true },
      { name: "cessPercent", kind: "decimal", decimals: 4, min: 0, max: 400, preset: "0" },
      { name: "validFrom", kind: "date", required: true, once: true },
      { name: "validTo", kind: "date" },
      { name: "source", kind: "text", required: true, wide: true },
    ] }],
  },
  {
    type: "thresholds", governed: true, group: "rules", right: "tax", importable: true, sort: "key,place", title: (r) => [r.key, r.place].filter(Boolean).join(" · "),
    columns: [
      { id: "key", width: 280, kind: "choice", words: "lawKey", sortable: true },
      { id: "place", width: 88, sortable: true },
      { id: "value", width: 144, kind: "money" },
      { id: "validFrom", width: 112, kind: "date", sortable: true },
      { id: "validTo", width: 112, kind: "date" },
      { id: "source", width: 240, grow: true },
    ],
    filters: [{ id: "key", kind: "choice", words: "lawKey", choices: LAW }, { id: "place", kind: "text" }],
    sections: [{ id: "who", fields: [
      { name: "key", kind: "choice", words: "lawKey", choices: LAW, required: true, once: true, wide: true },
      { name: "place", kind: "text", once: true },
      { name: "value", kind: "decimal", decimals: 2, min: 0 },
      { name: "validFrom", kind: "date", required: true, once: true },
      { name: "validTo", kind: "date" },
      { name: "source", kind: "text", required: true, wide: true },
    ] }],
  },
  {
    type: "undertakings", governed: true, group: "rules", right: "taxRegistration", ofDistributor: true, importable: true, sort: "distributor,-validFrom", title: (r) => [r.distributor, r.number].filter(Boolean).join(" · "),
    columns: [
      { id: "distributor", width: 200, sortable: true },
      { id: "number", width: 200, kind: "code", grow: true, sortable: true },
      { id: "validFrom", width: 112, kind: "date", sortable: true },
      { id: "validTo", width: 112, kind: "date" },
    ],
    filters: [{ id: "distributorId", kind: "ref", ref: "distributors" }, { id: "number", kind: "text" }],
    sections: [{ id: "who", fields: [
      { name: "number", kind: "code", required: true, once: true },
      { name: "validFrom", kind: "date", required: true, once: true },
      { name: "validTo", kind: "date", required: true },
    ] }],
  },
  {
    type: "electronic-addresses", group: "network", right: "outlets", ofDistributor: true, importable: true, sort: "outlet", title: (r) => [r.distributor, r.outlet].filter(Boolean).join(" · "),
    columns: [
      { id: "distributor", width: 200, sortable: true },
      { id: "outlet", width: 128, kind: "code", sortable: true },
      { id: "outletName", width: 200, grow: true },
      { id: "scheme", width: 96, kind: "code" },
      { id: "address", width: 200, kind: "code", sortable: true },
    ],
    filters: [{ id: "distributorId", kind: "ref", ref: "distributors" }],
    sections: [{ id: "who", fields: [
      { name: "outlet", kind: "ref", ref: "outlets", by: "code", once: true },
      { name: "scheme", kind: "text", preset: "0088", required: true },
      { name: "address", kind: "text", required: true },
    ] }],
  },
  {
    type: "number-series", governed: true, group: "rules", right: "series", ofDistributor: true, importable: true, sort: "documentType,-fiscalYear,series", title: (r) => [r.documentType, r.series, r.fiscalYear].filter(Boolean).join(" · "),
    columns: [
      { id: "distributor", width: 200, grow: true },
      { id: "documentType", width: 144, kind: "choice", sortable: true },
      { id: "series", width: 104, kind: "code", sortable: true },
      { id: "fiscalYear", width: 104, sortable: true },
      { id: "nextFormatted", width: 152, kind: "code" },
      { id: "closed", width: 88, kind: "flag" },
    ],
    filters: [{ id: "distributorId", kind: "ref", ref: "distributors" }, { id: "documentType", kind: "choice", choices: DOCUMENTS }],
    sections: [{ id: "who", fields: [
      { name: "documentType", kind: "choice", choices: DOCUMENTS, required: true, once: true },
      { name: "series", kind: "text", required: true, once: true },
      { name: "fiscalYear", kind: "integer", required: true, once: true, min: 2000, max: 2100 },
      { name: "width", kind: "integer", min: 1, max: 12, preset: "6", once: true },
      { name: "startNumber", kind: "integer", min: 1, preset: "1", first: true },
      { name: "closed", kind: "flag" },
    ] }],
  },
];

/** Lines of a price list: a register of its own for the API and for files, shown inside its list. */
export const PRICE_LINES: Register = {
  type: "price-list-lines", group: "rules", right: "prices", importable: true, sort: "", title: (r) => [r.sku, r.skuName].filter(Boolean).join(" · "),
  columns: [
    { id: "sku", width: 120, kind: "code", sortable: true },
    { id: "skuName", width: 240, grow: true },
    { id: "mrp", width: 112, kind: "money", sortable: true },
    { id: "price", width: 128, kind: "money" },
  ],
  filters: [],
  sections: [{ id: "basis", fields: [
    { name: "list", kind: "kept" },
    { name: "versionNo", kind: "kept" },
    { name: "sku", kind: "ref", ref: "skus", by: "code", required: true, once: true },
    { name: "mrp", kind: "decimal", decimals: 2, min: 0, preset: "0", once: true },
    { name: "price", kind: "decimal", decimals: 6, min: 0.000001, required: true },
  ] }],
};

export function registerOf(type: string): Register | undefined {
  return REGISTERS.find((r) => r.type === type);
}

export function fieldsOf(register: Register): FieldDef[] {
  return register.sections.flatMap((s) => [...s.fields]);
}
