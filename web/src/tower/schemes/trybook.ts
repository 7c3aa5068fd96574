import { epochDay, isoDay, Rules, type Decision, type RulesCommand } from "../../rules";
import type { Content } from "./api";
import type { Goods } from "./goods";

/** A rule book as the browser holds it; only what the try-out touches is named. */
export interface Book {
  validFrom: number;
  validTo: number;
  principals: { id: string; code: string }[];
  skus: { id: string; code: string; principalId: string; mrp?: string | null; pts?: string | null }[];
  schemes: Record<string, unknown>[];
  [member: string]: unknown;
}

const GOODS: Record<string, "skus" | "brands" | "categories"> = {
  skuIds: "skus", excludedSkuIds: "skus", rewardSkuId: "skus", rewardSkuIds: "skus", substituteSkuIds: "skus",
  brandIds: "brands", excludedBrandIds: "brands", categoryIds: "categories", excludedCategoryIds: "categories",
};

/** Codes become the ids of the book, wherever they stand; an unknown code stays and finds nothing. */
export function withIds(node: unknown, goods: Goods): unknown {
  if (Array.isArray(node)) return node.map((x) => withIds(x, goods));
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => {
    const kind = GOODS[key];
    if (!kind) return [key, withIds(value, goods)];
    const id = (code: unknown) => String((goods[kind] as Map<string, { id: number }>).get(String(code))?.id ?? `?${String(code)}`);
    return [key, Array.isArray(value) ? value.map(id) : value === null ? null : id(value)];
  }));
}

/** Id under which the scheme on trial stands in the book. */
export const TRIAL = "0";

/** The scheme as the engine reads it, in force on every day of the book and for the book's own distributor, whatever its warehouse. */
export function engineScheme(content: Content, book: Book, goods: Goods): Record<string, unknown> | null {
  const principal = book.principals.find((p) => p.code === content.principal);
  if (!principal) return null;
  const { principal: _code, validFrom: _from, validTo: _to, ...rest } = withIds(content, goods) as Content;
  const { distributorIds: _d, warehouseIds: _w, territories: _t, zones: _z, ...eligibility } = (rest.eligibility ?? {}) as Record<string, unknown>;
  return { ...rest, eligibility, id: TRIAL, version: 1, principalId: principal.id, validFrom: book.validFrom, validTo: book.validTo };
}

/** The book with the scheme on trial in it: beside what runs, in place of its own older version, or alone. */
export function bookWith(book: Book, scheme: Record<string, unknown>, alone: boolean): Book {
  return { ...book, schemes: [...(alone ? [] : book.schemes.filter((s) => s.code !== scheme.code)), scheme] };
}

/** The key of a period as the engine names it. */
export function periodKey(period: string, day: string): string {
  const [year, month] = day.split("-").map(Number) as [number, number];
  switch (period) {
    case "MONTH": return day.slice(0, 7);
    case "QUARTER": return `${year}-Q${Math.ceil(month / 3)}`;
    case "YEAR": return String(year);
    case "FISCAL_YEAR": return `FY${month >= 4 ? year : year - 1}`;
    default: return "S";
  }
}

export interface TrialLine {
  sku: string;
  qty: string;
}

export interface Buyer {
  channel: string;
  class: string;
  group: string;
  paymentMode: string;
  saleType: string;
  /** What was bought before in the period, for what is counted over time. */
  before: string;
}

/** The command of a basket: an order preview, so that neither stock nor credit stands in the way. */
export function trialCommand(lines: TrialLine[], buyer: Buyer, book: Book, goods: Goods, content: Content, today: string, choices: RulesCommand["choices"] = []): RulesCommand | null {
  const principal = book.principals.find((p) => p.code === content.principal);
  const rows = lines.filter((l) => l.sku && Number(l.qty) > 0 && goods.skus.has(l.sku));
  if (!principal || rows.length === 0) return null;
  const day = Math.min(Math.max(epochDay(today), book.validFrom), book.validTo);
  return {
    kind: "ORDER_PREVIEW", businessDate: day, saleType: buyer.saleType as "COUNTER", paymentMode: buyer.paymentMode as "CREDIT", principalId: principal.id, explain: true,
    outlet: {
      id: "trial", channel: buyer.channel || null, class: buyer.class || null, group: buyer.group || null, parentId: null, stateCode: String((book.seller as { stateCode?: string } | undefined)?.stateCode ?? "") || null, registration: "UNREGISTERED", gstin: null, blocked: false, firstOrder: true, mslCompliant: true,
      credit: [{ principalId: principal.id, limit: null, exposure: "0", overdueDays: 0, termsDays: 0 }],
    },
    lines: rows.map((l, i) => ({ line: i + 1, skuId: String(goods.skus.get(l.sku)!.id), qty: l.qty })),
    // as if everything were in stock: a trial asks what is earned, not what lies in the godown
    batches: book.skus.filter((k) => k.principalId === principal.id && k.mrp).map((k) => ({ batchId: `t${k.id}`, skuId: k.id, batchNo: "T", mrp: k.mrp!, expiresOn: day + 3650, receivedOn: day, saleable: "9999999", unitCost: k.pts ?? "0" })),
    approved: ["SHELF_LIFE_SHORT", "PRICE_ABOVE_MRP", "PRICE_BELOW_FLOOR", "CREDIT_LIMIT", "CREDIT_OVERDUE", "STOCK_SHORT", "OUTLET_BLOCKED"],
    ...(buyer.before && Number(buyer.before) > 0 && content.stage === "ACCRUAL" ? { cumulated: [{ schemeId: TRIAL, period: periodKey(String(content.mechanic.period ?? "SCHEME"), isoDay(day)!), counted: buyer.before, value: buyer.before }] } : {}),
    ...(choices?.length ? { choices } : {}),
  };
}

/** What a trial answers, with the same basket without the scheme beside it. */
export interface Trial {
  with: Decision;
  without: Decision;
}

export function decideBoth(rules: Rules, plain: Rules, command: RulesCommand): Trial {
  return { with: rules.decide(command), without: plain.decide(command) };
}
