import type { Right } from "../session";

/** Where the value of a field comes from and how it is checked and shown. */
export interface FieldDef {
  name: string;
  kind: "text" | "code" | "long" | "decimal" | "integer" | "date" | "choice" | "flag" | "ref" | "words" | "rows";
  required?: boolean;
  /** Set once, when the record is made; its business key stays. */
  once?: boolean;
  choices?: readonly string[];
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
  /** Shown but never sent. */
  shown?: boolean;
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
  title: (row: Record<string, unknown>) => string;
}

const REGISTRATION = ["REGULAR", "COMPOSITION", "UNREGISTERED"] as const;
export const CHANNELS = ["GROCER", "PAAN", "CHEMIST", "COSMETICS", "WHOLESALE", "MODERN_TRADE", "HORECA", "INSTITUTION", "EB2B", "ECOMMERCE"] as const;
export const CLASSES = ["A", "B", "C", "D"] as const;
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
      { id: "status", width: 112, kind: "status" },
    ],
    filters: [{ id: "status", kind: "choice", choices: ["ACTIVE", "INACTIVE"] }],
    sections: [
      { id: "who", fields: [
        { name: "code", kind: "code", required: true, once: true },
        { name: "name", kind: "text", required: true },
        { name: "legalName", kind: "text", required: true, wide: true },
        { name: "status", kind: "choice", choices: ["ACTIVE", "INACTIVE"], preset: "ACTIVE" },
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
      { id: "city", width: 128 },
      { id: "gstin", width: 164, kind: "code" },
      { id: "registration", width: 128, kind: "choice", hidden: true },
      { id: "priceZone", width: 96, hidden: true },
      { id: "status", width: 112, kind: "status", words: "distributorStatus" },
    ],
    filters: [{ id: "status", kind: "choice", choices: ["PROPOSED", "LIVE", "ON_HOLD", "EXITING", "EXITED"], words: "distributorStatus" }, { id: "territory", kind: "text" }],
    sections: [
      { id: "who", fields: [
        { name: "code", kind: "code", required: true, once: true },
        { name: "name", kind: "text", required: true },
        { name: "legalName", kind: "text", required: true, wide: true },
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
        { name: "taxRegime", kind: "choice", choices: ["IN_GST", "NONE"], preset: "IN_GST", required: true },
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
      { id: "status", width: 112, kind: "status" },
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
      { id: "status", width: 112, kind: "status" },
    ],
    filters: [{ id: "distributorId", kind: "ref", ref: "distributors" }, { id: "status", kind: "choice", choices: ["ACTIVE", "CLOSED"] }],
    sections: [{ id: "who", fields: [
      { name: "code", kind: "code", required: true, once: true },
      { name: "name", kind: "text", required: true },
      { name: "salesman", kind: "text" },
      { name: "weekday", kind: "choice", choices: ["1", "2", "3", "4", "5", "6", "7"] },
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
      { id: "channel", width: 120, kind: "choice" },
      { id: "outletClass", width: 64 },
      { id: "city", width: 120, hidden: true },
      { id: "gstin", width: 164, kind: "code", hidden: true },
      { id: "registration", width: 128, kind: "choice", hidden: true },
      { id: "phone", width: 120, hidden: true },
      { id: "status", width: 112, kind: "status", words: "outletStatus" },
    ],
    filters: [
      { id: "distributorId", kind: "ref", ref: "distributors" },
      { id: "channel", kind: "choice", choices: CHANNELS },
      { id: "outletClass", kind: "choice", choices: CLASSES, words: "class" },
      { id: "status", kind: "choice", choices: ["PROSPECT", "PENDING_APPROVAL", "ACTIVE", "DORMANT", "BLOCKED", "CLOSED", "REJECTED"], words: "outletStatus" },
      { id: "city", kind: "text" },
    ],
    sections: [
      { id: "who", fields: [
        { name: "code", kind: "code", required: true, once: true },
        { name: "name", kind: "text", required: true },
        { name: "nameLocal", kind: "text" },
        { name: "status", kind: "choice", words: "outletStatus", choices: ["PROSPECT", "PENDING_APPROVAL", "ACTIVE", "DORMANT", "BLOCKED", "CLOSED", "REJECTED"], preset: "ACTIVE", required: true },
        { name: "channel", kind: "choice", choices: CHANNELS, preset: "GROCER", required: true },
        { name: "outletClass", kind: "choice", words: "class", choices: CLASSES, preset: "C", required: true },
        { name: "outletGroup", kind: "text" },
        { name: "ownership", kind: "text" },
        { name: "beat", kind: "ref", ref: "beats", by: "code" },
      ] },
      { id: "tax", fields: [
        { name: "registration", kind: "choice", choices: REGISTRATION, preset: "UNREGISTERED", required: true },
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
    type: "skus", group: "goods", right: "skus", importable: true, sort: "code", title: named,
    columns: [
      { id: "code", width: 104, kind: "code", sortable: true },
      { id: "name", width: 240, grow: true, sortable: true },
      { id: "principal", width: 120, hidden: true },
      { id: "category", width: 136 },
      { id: "brand", width: 120 },
      { id: "hsn", width: 88, kind: "code" },
      { id: "baseUnit", width: 72 },
      { id: "mrp", width: 96, kind: "money", sortable: true },
      { id: "pts", width: 96, kind: "money" },
      { id: "mustStock", width: 96, kind: "flag", hidden: true },
      { id: "status", width: 112, kind: "status", words: "skuStatus" },
    ],
    filters: [
      { id: "category", kind: "text" },
      { id: "brand", kind: "text" },
      { id: "hsn", kind: "text" },
      { id: "status", kind: "choice", choices: ["ACTIVE", "SELL_OUT", "DISCONTINUED"], words: "skuStatus" },
    ],
    sections: [
      { id: "who", fields: [
        { name: "code", kind: "code", required: true, once: true },
        { name: "principal", kind: "ref", ref: "principals", by: "code", required: true, once: true },
        { name: "name", kind: "text", required: true, wide: true },
        { name: "nameLocal", kind: "text" },
        { name: "aliases", kind: "text" },
        { name: "status", kind: "choice", words: "skuStatus", choices: ["ACTIVE", "SELL_OUT", "DISCONTINUED"], preset: "ACTIVE", required: true },
        { name: "launchedOn", kind: "date" },
      ] },
      { id: "family", fields: [
        { name: "category", kind: "text", required: true },
        { name: "brand", kind: "text", required: true },
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
        { name: "units", kind: "rows", wide: true, rows: [{ name: "unit", kind: "text", required: true }, { name: "name", kind: "text" }, { name: "numerator", kind: "integer", min: 1, required: true }, { name: "denominator", kind: "integer", min: 1, preset: "1" }] },
        { name: "barcodes", kind: "rows", wide: true, rows: [{ name: "gtin", kind: "text", check: "gtin", required: true }, { name: "unit", kind: "text", required: true }] },
      ] },
    ],
  },
  {
    type: "batches", group: "goods", right: "batches", ofDistributor: true, readOnly: true, sort: "expiresOn", title: (r) => [r.sku, r.batchNo].filter(Boolean).join(" · "),
    columns: [
      { id: "sku", width: 136, kind: "code" },
      { id: "skuName", width: 220, grow: true },
      { id: "batchNo", width: 120, kind: "code", sortable: true },
      { id: "distributor", width: 160 },
      { id: "mrp", width: 96, kind: "money" },
      { id: "expiresOn", width: 112, kind: "date", sortable: true },
      { id: "receivedOn", width: 112, kind: "date", hidden: true },
      { id: "unitCost", width: 112, kind: "money", hidden: true },
      { id: "hold", width: 80, kind: "flag" },
    ],
    filters: [{ id: "distributorId", kind: "ref", ref: "distributors" }, { id: "skuId", kind: "ref", ref: "skus" }],
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
      { id: "versionNo", width: 80, kind: "qty" },
      { id: "level", width: 176, kind: "choice", words: "priceLevel" },
      { id: "channel", width: 112, kind: "choice", hidden: true },
      { id: "outletClass", width: 72, hidden: true },
      { id: "distributor", width: 152, hidden: true },
      { id: "validFrom", width: 104, kind: "date", sortable: true },
      { id: "validTo", width: 104, kind: "date" },
      { id: "status", width: 112, kind: "status", words: "priceStatus" },
    ],
    filters: [{ id: "status", kind: "choice", choices: ["DRAFT", "PUBLISHED", "SUPERSEDED"], words: "priceStatus" }, { id: "level", kind: "choice", choices: ["4", "5", "6", "7"], words: "priceLevel" }],
    sections: [
      { id: "who", fields: [
        { name: "code", kind: "code", required: true, once: true },
        { name: "name", kind: "text", required: true },
        { name: "principal", kind: "ref", ref: "principals", by: "code", required: true },
        { name: "priceType", kind: "choice", choices: ["PTR", "PTS"], preset: "PTR", required: true },
      ] },
      { id: "forWhom", fields: [
        { name: "level", kind: "choice", words: "priceLevel", choices: ["4", "5", "6", "7"], preset: "7", required: true },
        { name: "distributor", kind: "ref", ref: "distributors", by: "code" },
        { name: "zone", kind: "text" },
        { name: "channel", kind: "choice", choices: CHANNELS },
        { name: "outletClass", kind: "choice", words: "class", choices: CLASSES },
      ] },
      { id: "basis", fields: [
        { name: "taxInclusive", kind: "flag" },
        { name: "mrpLinked", kind: "flag" },
        { name: "marginPercent", kind: "decimal", decimals: 6, min: 0, max: 100 },
        { name: "marginBasis", kind: "choice", choices: ["ON_PRICE", "ON_MRP"] },
        { name: "priceUnit", kind: "text" },
        { name: "validFrom", kind: "date", required: true },
        { name: "validTo", kind: "date" },
        { name: "status", kind: "choice", words: "priceStatus", choices: ["DRAFT", "PUBLISHED", "SUPERSEDED"], preset: "PUBLISHED" },
      ] },
    ],
  },
  {
    type: "schemes", group: "rules", right: "schemes", importable: false, page: true, sort: "code", title: named,
    columns: [
      { id: "code", width: 136, kind: "code", sortable: true },
      { id: "name", width: 240, grow: true },
      { id: "mechanic", width: 176, kind: "choice", words: "mechanicOf" },
      { id: "principal", width: 112, hidden: true },
      { id: "versionNo", width: 72, kind: "qty" },
      { id: "validFrom", width: 104, kind: "date", sortable: true },
      { id: "validTo", width: 104, kind: "date" },
      { id: "status", width: 104, kind: "status", words: "schemeStatus" },
    ],
    filters: [{ id: "status", kind: "choice", choices: ["DRAFT", "ACTIVE", "PAUSED", "ENDED"], words: "schemeStatus" }, { id: "mechanic", kind: "choice", choices: ["M1", "M2", "M4"], words: "mechanicOf" }],
    sections: [],
  },
  {
    type: "tax-rates", group: "rules", right: "tax", importable: true, sort: "hsnPrefix", title: (r) => String(r.hsnPrefix ?? ""),
    columns: [
      { id: "hsnPrefix", width: 112, kind: "code", sortable: true },
      { id: "rate", width: 88, kind: "percent", sortable: true },
      { id: "cess", width: 88, kind: "percent" },
      { id: "validFrom", width: 112, kind: "date", sortable: true },
      { id: "validTo", width: 112, kind: "date" },
      { id: "regime", width: 104, kind: "text" },
      { id: "source", width: 240, grow: true },
    ],
    filters: [{ id: "hsnPrefix", kind: "text" }, { id: "regime", kind: "text" }],
    sections: [{ id: "who", fields: [
      { name: "hsnPrefix", kind: "text", check: "hsn", required: true, once: true },
      { name: "regime", kind: "text", preset: "IN_GST", required: true, once: true },
      { name: "rate", kind: "decimal", decimals: 4, min: 0, max: 100, required: true },
      { name: "cess", kind: "decimal", decimals: 4, min: 0, max: 400, preset: "0" },
      { name: "validFrom", kind: "date", required: true, once: true },
      { name: "validTo", kind: "date" },
      { name: "source", kind: "text", required: true, wide: true },
    ] }],
  },
  {
    type: "number-series", group: "rules", right: "series", ofDistributor: true, sort: "series", title: (r) => [r.documentType, r.series, r.fiscalYear].filter(Boolean).join(" · "),
    columns: [
      { id: "distributor", width: 200, grow: true },
      { id: "documentType", width: 160, kind: "choice" },
      { id: "series", width: 120, kind: "code", sortable: true },
      { id: "fiscalYear", width: 112 },
      { id: "nextNumber", width: 112, kind: "qty" },
      { id: "closed", width: 88, kind: "flag" },
    ],
    filters: [{ id: "distributorId", kind: "ref", ref: "distributors" }, { id: "documentType", kind: "choice", choices: ["INVOICE", "CREDIT_NOTE", "COLLECTION", "GOODS_RECEIPT", "ORDER"] }],
    sections: [{ id: "who", fields: [
      { name: "documentType", kind: "choice", choices: ["INVOICE", "CREDIT_NOTE", "COLLECTION", "GOODS_RECEIPT", "ORDER"], required: true, once: true },
      { name: "series", kind: "text", required: true, once: true },
      { name: "fiscalYear", kind: "integer", required: true, once: true, min: 2000, max: 2100 },
      { name: "width", kind: "integer", min: 1, max: 12, preset: "6" },
      { name: "nextNumber", kind: "integer", min: 1, preset: "1" },
      { name: "closed", kind: "flag" },
    ] }],
  },
];

export function registerOf(type: string): Register | undefined {
  return REGISTERS.find((r) => r.type === type);
}

export function fieldsOf(register: Register): FieldDef[] {
  return register.sections.flatMap((s) => [...s.fields]);
}
