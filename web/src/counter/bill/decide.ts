import type { InvoiceView, SellerAsPrinted } from "../../api/documents";
import type { Batch, Context, Credit, Effect, Order, Outlet, Sku } from "../../offline/types";
import { epochDay, isoDay, type Decided, type Decision, type Refusal, type Rules, type RulesCommand, type SchemeTrace } from "../../rules";
import { compare, sum } from "../../ui/decimal";
import { daysBetween } from "../../ui/format";
import type { Bill, BillLine } from "./entry";
import { schemeEffectOf } from "./standing";

/** What the decision reads from the local store. */
export interface Ground {
  context: Context;
  outlet: Outlet;
  credit: Credit | undefined;
  skus: Map<number, Sku>;
  batches: Map<number, Batch[]>;
  warehouseId: string;
  /** Goods reserved for the order in hand may be sold on its bill. */
  reservedToo?: boolean;
  /** The order that is billed. */
  order?: Order | undefined;
  /** What is left of limits and budgets for this outlet, and what its earlier bills counted, as far as this device knows. */
  limits?: RulesCommand["limits"];
  cumulated?: RulesCommand["cumulated"];
  /** What this device sold to the outlet and the server has not counted yet. */
  bought?: NonNullable<Effect["bought"]>[];
  /** Whether a scheme asks for the time of day. */
  dayparts?: boolean;
  /** Whether a scheme asks from where the goods leave. */
  warehouses?: boolean;
}

/** Minutes since midnight where the distributor is. */
export function minuteOfDay(zone: string | null | undefined, at = new Date()): number {
  const parts = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(zone ? { timeZone: zone } : {}) }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return of("hour") * 60 + of("minute");
}

/** What the rules say about a bill in progress: the numbers to show, and what stands in the way of posting. */
export interface Outcome {
  decided: Decided | undefined;
  refusals: Refusal[];
  trace: SchemeTrace[];
  /** What the rules were asked, where they decided it: it goes with a paper that bears a legal number (OFF-10). */
  command?: Asked;
}

/** What the rules were asked, without what is told elsewhere: the lines stand in the document, what goods cost is the ledger's to say. */
export type Asked = Omit<RulesCommand, "lines">;

/** The principal of a bill is that of its first item: one document is of one principal. */
export function principalOf(lines: BillLine[], skus: Map<number, Sku>, context: Context): number {
  const first = lines.map((line) => skus.get(line.skuId)).find(Boolean);
  return first?.principalId ?? context.principals[0]?.id ?? 0;
}

/** What the outlet lacks of its must-sell list; undefined where it has none, or no scheme asks. */
export function lackingOf(ground: Pick<Ground, "outlet" | "bought">, principalId: number): number[] | undefined {
  const list = ground.outlet.msl?.find((one) => one.principalId === principalId);
  if (!list) return undefined;
  const sold = new Set((ground.bought ?? []).filter((one) => one.principalId === principalId).flatMap((one) => one.skuIds));
  return list.missing.filter((skuId) => !sold.has(skuId));
}

/** What schemes may ask of an outlet beside its master, as the server takes it. */
function askedOf(ground: Ground, principalId: number): Pick<RulesCommand["outlet"], "territories" | "firstOrder" | "mslCompliant"> {
  const first = ground.outlet.billed !== undefined && !ground.outlet.billed.includes(principalId) && !(ground.bought ?? []).some((one) => one.principalId === principalId);
  return { ...(ground.context.territories?.length ? { territories: ground.context.territories } : {}), ...(first ? { firstOrder: true } : {}), ...(lackingOf(ground, principalId)?.length === 0 ? { mslCompliant: true } : {}) };
}

export function commandOf(bill: Bill, ground: Ground, rules: Pick<Rules, "rewardSkuIds">, kind: RulesCommand["kind"]): RulesCommand {
  const { context, outlet, skus, batches, credit } = ground;
  const businessDate = bill.businessDate ?? context.businessDate;
  const lines = bill.lines.map((line, i) => ({ ...line, number: i + 1 })).filter((line) => line.qty !== "");
  const wanted = new Set([...lines.map((line) => line.skuId), ...[...rules.rewardSkuIds].map(Number)]);
  const principalId = principalOf(bill.lines, skus, context);
  // both as the server takes them where the bill says nothing
  const choices = bill.choices?.length ? bill.choices : ground.order?.choices?.map((c) => ({ schemeId: String(c.schemeId), skuId: String(c.skuId), qty: String(c.qty) }));
  const source = bill.orderId ? ground.order?.orderSource : bill.saleType === "COUNTER" ? "COUNTER" : null;
  return {
    kind,
    businessDate: epochDay(businessDate),
    saleType: bill.saleType,
    paymentMode: bill.paymentMode,
    ...(source ? { orderSource: source } : {}),
    // a bill of another day has no time of day, as the server takes it
    ...(ground.dayparts && businessDate === context.businessDate ? { minuteOfDay: minuteOfDay(context.zone) } : {}),
    ...(ground.warehouses ? { warehouseId: ground.warehouseId } : {}),
    principalId: String(principalId),
    outlet: {
      id: outlet.id, channel: outlet.channel ?? null, class: outlet.class ?? null, group: outlet.group ?? null, parentId: outlet.parentId ?? null, stateCode: outlet.stateCode ?? context.distributor.stateCode ?? null,
      registration: outlet.registration ?? (outlet.gstin ? "REGULAR" : "UNREGISTERED"), gstin: outlet.gstin ?? null, blocked: outlet.status !== undefined && outlet.status !== null && outlet.status !== "ACTIVE",
      credit: credit ? [{
        principalId: String(credit.principalId), limit: credit.limit ?? null, exposure: credit.outstanding, termsDays: credit.days ?? 0,
        overdueDays: credit.oldestDueOn && compare(credit.overdue, "0") > 0 ? Math.max(0, daysBetween(credit.oldestDueOn, businessDate)) : 0,
      }] : [],
      ...askedOf(ground, principalId),
    },
    lines: lines.map((line) => ({
      line: line.number, skuId: String(line.skuId), qty: line.qty, batchId: line.batchId ?? null, manualPrice: line.manualPrice ?? null,
      manualDiscountPercent: line.manualDiscountPercent ?? null, manualReason: line.manualReason ?? null,
    })),
    batches: [...wanted].flatMap((skuId) => batches.get(skuId) ?? []).filter((batch) => batch.warehouseId === ground.warehouseId).map((batch) => ({
      batchId: batch.id, skuId: String(batch.skuId), batchNo: batch.batchNo, mrp: batch.mrp, expiresOn: epochDay(batch.expiresOn), receivedOn: epochDay(batch.receivedOn),
      saleable: atLeastZero(ground.reservedToo ? sum([batch.saleable, batch.reserved]) : batch.saleable), unitCost: batch.cost ?? "0",
    })),
    approved: [],
    ...(choices?.length ? { choices } : {}),
    ...(ground.limits?.length ? { limits: ground.limits } : {}),
    ...(ground.cumulated?.length ? { cumulated: ground.cumulated } : {}),
  };
}

function atLeastZero(qty: string): string {
  return compare(qty, "0") < 0 ? "0" : qty;
}

/** Decides as the server will. When the bill would be refused, a preview still gives the numbers to show. */
export function outcomeOf(bill: Bill, ground: Ground, rules: Pick<Rules, "rewardSkuIds"> & { decide(command: RulesCommand): Decision }, explain = false): Outcome {
  const command = explain ? { ...commandOf(bill, ground, rules, "INVOICE"), explain } : commandOf(bill, ground, rules, "INVOICE");
  if (command.lines.length === 0) return { decided: undefined, refusals: [], trace: [] };
  const decision = rules.decide(command);
  if (decision.outcome === "DECIDED") return { decided: decision, refusals: [], trace: decision.trace, command: askedWith(decision, command) };
  const preview = rules.decide({ ...command, kind: "ORDER_PREVIEW", lines: command.lines.map((line) => ({ ...line, batchId: null })) });
  return { decided: preview.outcome === "DECIDED" ? preview : undefined, refusals: decision.refusals, trace: decision.trace.length ? decision.trace : preview.trace };
}

/** Of the batches only those that the decision took goods from: they alone decide it the same way again, and they are most of its bytes. */
function askedWith(decided: Decided, { lines: _, batches, ...asked }: RulesCommand): Asked {
  const taken = new Set([...decided.lines, ...decided.freeLines].flatMap((line) => line.batches.map((batch) => batch.batchId)));
  return { ...asked, batches: batches.filter((batch) => taken.has(batch.batchId)).map((batch) => ({ ...batch, unitCost: "0" })) };
}

/** The bill as this device decided it, in the shape of a posted one but without a number. */
export function viewOf(bill: Bill, decided: Decided, ground: Ground, distributorId: number, postedAt: string): InvoiceView {
  const { context, outlet, skus } = ground;
  const named = (skuId: string) => {
    const sku = skus.get(Number(skuId));
    return { skuId: Number(skuId), skuCode: sku?.code ?? skuId, skuName: sku?.name ?? skuId, skuNameLocal: sku?.nameLocal ?? null, unit: sku?.baseUnit ?? null };
  };
  const dates = (batches: Decided["lines"][number]["batches"]) => batches.map((b) => ({ batchId: b.batchId, batchNo: b.batchNo, expiresOn: isoDay(b.expiresOn), qty: b.qty }));
  return {
    id: bill.id, number: null, businessDate: bill.businessDate ?? context.businessDate, postedAt, status: "DRAFT", saleType: bill.saleType, paymentMode: bill.paymentMode,
    dueOn: decided.credit ? isoDay(decided.credit.dueOn) : null, distributorId, principalId: principalOf(bill.lines, skus, context), outlet, seller: sellerOf(context),
    placeOfSupply: decided.placeOfSupply, interState: decided.interState, note: bill.note ?? null,
    lines: decided.lines.map((line) => ({ ...line, ...named(line.skuId), batches: dates(line.batches) })),
    freeLines: decided.freeLines.map((line) => ({ ...line, ...named(line.skuId), batches: dates(line.batches), unitPrice: "0", free: true })),
    taxes: decided.taxes, totals: decided.totals, schemes: decided.schemes, paper: context.paper ?? null,
  };
}

export function sellerOf(context: Context): SellerAsPrinted {
  return context.distributor;
}

/** The body of the invoice command; the same as the REST endpoint takes. */
export function invoiceBody(bill: Bill, ground: Ground, distributorId: number, payable: string | undefined): Record<string, unknown> {
  return {
    id: bill.id, distributorId, principalId: principalOf(bill.lines, ground.skus, ground.context), outletId: ground.outlet.id, warehouseId: ground.warehouseId,
    businessDate: bill.businessDate ?? ground.context.businessDate, saleType: bill.saleType, paymentMode: bill.paymentMode,
    ...(bill.choices?.length ? { choices: bill.choices.map((c) => ({ schemeId: Number(c.schemeId), skuId: Number(c.skuId), qty: c.qty })) } : {}), ...(bill.orderId ? { orderId: bill.orderId } : {}), ...(bill.note ? { note: bill.note } : {}),
    lines: bill.lines.map((line, i) => ({ ...line, number: i + 1 })).filter((line) => line.qty !== "").map((line) => ({
      line: line.number, skuId: line.skuId, qty: line.qty, enteredQty: line.entered,
      ...(line.batchId ? { batchId: line.batchId } : {}), ...(line.manualPrice ? { manualPrice: line.manualPrice } : {}),
      ...(line.manualDiscountPercent ? { manualDiscountPercent: line.manualDiscountPercent } : {}), ...(line.manualReason ? { manualReason: line.manualReason } : {}),
    })),
    ...(payable ? { expected: { payable } } : {}),
  };
}

/** What the bill takes from stock and adds to the account until the server has counted it. */
export function effectsOf(bill: Bill, decided: Decided, outletId: string, principalId: number, warehouseId?: string): Omit<Effect, "key" | "commandId">[] {
  const stock: Omit<Effect, "key" | "commandId">[] = (decided.posting?.issues ?? []).filter((issue) => issue.batchId).map((issue) => ({ batchId: issue.batchId, ...(warehouseId ? { warehouseId } : {}), qty: sum([issue.billed, issue.free]) }));
  const scheme = schemeEffectOf(decided, outletId);
  const bought = { bought: { outletId, principalId, skuIds: [...new Set(bill.lines.filter((line) => line.qty !== "").map((line) => line.skuId))] } };
  return [...stock, bought, ...(bill.paymentMode === "CREDIT" ? [{ outletId, principalId, amount: decided.totals.payable }] : []), ...(scheme ? [{ scheme }] : [])];
}

/** A line of the grid: its own parts and the free goods of its item, added up for one row. */
export interface ShownLine {
  mrp: string | null; qty: string; free: string; rate: string | null; discount: string; taxRate: string | null; taxable: string | null; parts: number;
  nearestExpiry: number | null; batchNos: string[]; total: string | null;
}

export function shownLines(bill: Bill, decided: Decided | undefined): { lines: (ShownLine | undefined)[]; extraFree: Decided["freeLines"] } {
  if (!decided) return { lines: bill.lines.map(() => undefined), extraFree: [] };
  const unplaced = new Map<string, Decided["freeLines"]>();
  for (const free of decided.freeLines) unplaced.set(free.skuId, [...(unplaced.get(free.skuId) ?? []), free]);
  const lines = bill.lines.map((line, i): ShownLine | undefined => {
    const parts = decided.lines.filter((part) => part.line === i + 1);
    const first = parts[0];
    if (!first) return undefined;
    const free = unplaced.get(first.skuId) ?? [];
    unplaced.delete(first.skuId);
    const batches = parts.flatMap((part) => part.batches);
    const expiries = batches.flatMap((b) => (b.expiresOn === null || b.expiresOn === undefined ? [] : [b.expiresOn]));
    return {
      mrp: first.mrp, qty: line.qty, free: sum(free.map((f) => f.qty)), rate: first.unitPrice,
      discount: sum(parts.flatMap((p) => [p.schemeDiscount, p.manualDiscount]), 2), taxRate: first.taxRate, taxable: sum(parts.map((p) => p.taxable), 2),
      total: sum(parts.map((p) => p.total), 2), parts: parts.length, nearestExpiry: expiries.length ? Math.min(...expiries) : null,
      batchNos: batches.map((b) => b.batchNo ?? "").filter(Boolean),
    };
  });
  return { lines, extraFree: [...unplaced.values()].flat() };
}

/** Tax of the bill by rate, for the footer. */
export function taxByRate(taxes: { rate: string; taxable: string; cgst: string; sgst: string; igst: string; cess?: string; vat?: string }[]): { rate: string; taxable: string; cgst: string; sgst: string; igst: string; cess: string; vat: string }[] {
  const byRate = new Map<string, typeof taxes>();
  for (const tax of taxes) {
    const key = sum([tax.rate]);
    byRate.set(key, [...(byRate.get(key) ?? []), tax]);
  }
  return [...byRate.entries()].sort(([a], [b]) => compare(a, b)).map(([rate, rows]) => ({
    rate, taxable: sum(rows.map((r) => r.taxable), 2), cgst: sum(rows.map((r) => r.cgst), 2), sgst: sum(rows.map((r) => r.sgst), 2),
    igst: sum(rows.map((r) => r.igst), 2), cess: sum(rows.map((r) => r.cess ?? "0"), 2), vat: sum(rows.map((r) => r.vat ?? "0"), 2),
  }));
}
