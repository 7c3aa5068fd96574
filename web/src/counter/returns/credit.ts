import type { InvoiceLine, InvoiceView } from "../../api/documents";
import { indiaPaper, type LawPaper } from "../../api/law";
import type { LocalStore } from "../../offline/db";
import { standing } from "../../offline/outbox";
import { mayIssue } from "../../offline/policy";
import { bookOf } from "../../offline/snapshot";
import type { Command, Context, Effect, GroupState, RuleBook } from "../../offline/types";
import { Rules, epochDay, isoDay, type Decision, type RulesCommand } from "../../rules";
import { compare, isPositive, min, minus, sum } from "../../ui/decimal";
import { sellerOf } from "../bill/decide";
import type { ReturnView } from "./api";

/** Units of one part of a bill's line. */
export interface Units { line: number; part: number; qty: string }

/**
 * A bill as this device keeps it, with what of it has come back as far as this device knows. `toldAt` is when the pull was asked for that told of it, in ms, and
 * missing where none did; `posted` says that the lines are the server's own.
 */
export interface KeptBill { view: InvoiceView & { warehouseId?: string }; returned: Units[]; cancelled: boolean; waitsFor: string[]; toldAt?: number; posted: boolean }

/** Why no credit note can be written here: the rule that says so, and the line. What is left is to ask for a return, which the server decides. */
export interface NotHere { rule: string; why: "cancelled" | "irn" | "schemes" | "tooMuch" | "condition" | "tax" | "batch" | "rules"; line?: number; values: Record<string, string> }

/** A note as it is written to the queue. */
export interface Note {
  body: Record<string, unknown>; view: InvoiceView & { request: { reason: string; lines: (Units & { skuId: number })[] } }; payable: string; effects: Omit<Effect, "key" | "commandId">[];
  decided: NonNullable<Command["decided"]>;
}

/** What stops a sale does not stop taking it back; the server lets the same through. */
const LET_THROUGH = ["OUTLET_BLOCKED", "SHELF_LIFE_SHORT", "PRICE_ABOVE_MRP", "PRICE_BELOW_FLOOR", "CREDIT_LIMIT", "CREDIT_OVERDUE", "STOCK_SHORT"];

/**
 * The bill as it is kept here: printed by this device, or come with its lines from the server. What came back of it is what the server told with it, what
 * this device has asked or credited since, and what others have asked since, of the open returns that are kept here.
 */
export async function keptBill(store: LocalStore, id: string): Promise<KeptBill | undefined> {
  const [paper, command] = await Promise.all([store.paper.get(id), store.command.get(id)]);
  const own = command?.number && command.state !== "WITHDRAWN" && command.state !== "NEEDS_YOU" ? { ...(command.view as InvoiceView), warehouseId: (command.body as { warehouseId?: string }).warehouseId } : undefined;
  const view = (paper?.view ?? own) as (InvoiceView & { kind?: string; warehouseId?: string; returned?: Units[] }) | undefined;
  if (!view?.number || !view.lines || (view.kind ?? "INVOICE") !== "INVOICE") return undefined;
  const told = paper ? ((paper.view as { returned?: Units[] }).returned ?? []) : [];
  // the server's telling of a bill is newer than a command that was settled before it came
  const toldAt = paper?.toldAt ?? (told.length > 0 ? paper!.keptAt : undefined);
  const [document, standingOnes, others] = await Promise.all([store.document.get(id), commandsOf(store, id), askedByOthers(store, id, toldAt !== undefined)]);
  const cancelling = standingOnes.some((c) => c.kind === "cancel-invoice");
  return {
    view, returned: [...told, ...unitsSince(standingOnes, toldAt), ...others], cancelled: document?.status === "CANCELLED" || cancelling,
    waitsFor: command && ["WAITING", "SENDING", "WAITS"].includes(command.state) ? [id] : [], ...(toldAt === undefined ? {} : { toldAt }), posted: paper !== undefined,
  };
}

/** What this device wrote about a bill and still stands. */
function commandsOf(store: LocalStore, id: string): Promise<Command[]> {
  return standing(store, (c) => c.state !== "NEEDS_YOU" && ((c.kind === "return-request" || c.kind === "credit-note") && (c.body as { originalId?: string | null }).originalId === id
    || c.kind === "cancel-invoice" && (c.body as { id?: string }).id === id));
}

/** Units of a bill that this device asked for or credited and the server had not told of at `since`, in ms; all where it never told. */
export async function takenBackSince(store: LocalStore, id: string, since: number): Promise<Units[]> {
  return unitsSince(await commandsOf(store, id), since);
}

function unitsSince(commands: Command[], since: number | undefined): Units[] {
  return commands.filter((c) => c.kind !== "cancel-invoice" && (since === undefined || c.settledAt === undefined || c.settledAt > since))
    .flatMap((c) => (c.kind === "credit-note" ? (c.view as Note["view"]).request.lines
      : (c.body as { lines: { originalLine?: number; originalPart?: number; qty: string }[] }).lines.flatMap((l) => (l.originalLine ? [{ line: l.originalLine, part: l.originalPart ?? 1, qty: l.qty }] : []))));
}

/** Units of a bill that others asked for, as the returns say that are kept here; where a pull told of the bill (`told`), only those asked for after it. */
async function askedByOthers(store: LocalStore, id: string, told: boolean): Promise<Units[]> {
  const rows = await store.meta.where("key").startsWith("returns.one.").toArray();
  const asOf = told ? Date.parse((await store.get<GroupState>("group.later"))?.asOf ?? "") : NaN;
  const out: Units[] = [];
  for (const row of rows) {
    const one = ((row.value as { value?: ReturnView }).value ?? row.value) as ReturnView;
    if (one.originalId !== id || one.status === "REJECTED" || one.status === "CANCELLED" || (told && !(Date.parse(one.requestedAt) > asOf)) || (await store.command.get(one.id))) continue;
    for (const line of one.lines) {
      const home = line.buckets.find((b) => b.bucket === "BACK")?.qty ?? "0";
      if (line.originalLine !== null) out.push({ line: line.originalLine, part: line.originalPart ?? 1, qty: minus(line.qty, home) });
    }
  }
  return out;
}

/** Pieces of a part of a bill's line that may still come back. */
export function leftOf(bill: KeptBill, line: InvoiceLine): string {
  return minus(line.qty, backOf(bill, line));
}

function backOf(bill: KeptBill, line: InvoiceLine): string {
  return sum(bill.returned.filter((one) => one.line === line.line && one.part === (line.part ?? 1)).map((one) => one.qty));
}

/** The rule book of this device without its schemes: a return earns none. The caller closes it. */
export async function noteRules(store: LocalStore): Promise<Rules | undefined> {
  const book = await store.get<RuleBook>("rulebook");
  return book && Rules.open(book.hash, { ...(bookOf(book) as object), schemes: [] });
}

/** Value by pieces in millionths, cut off: never more is credited than was billed. */
function perUnit(value: string, qty: string): string {
  const whole = (text: string, places: number) => {
    const [a, b = ""] = text.split(".");
    return BigInt(a + b.slice(0, places).padEnd(places, "0"));
  };
  const micros = (whole(value, 6) * 1_000n / whole(qty, 3)).toString().padStart(7, "0");
  return `${micros.slice(0, -6)}.${micros.slice(-6)}`;
}

/**
 * Works the credit note of some units of a kept bill out, as the server will: at the bill's own net prices, its buyer and its day's tax (IN-22), goods back into the batches
 * they came from. Asks nothing of the network.
 * @param lines what comes back; condition empty or SALEABLE, for anything else somebody has to look at the goods
 * @param how   `quote`: only what it would be worth is asked, so neither who may number it nor the goods' condition matters, and how much may come back is judged by the caller
 */
export function noteOf(bill: KeptBill, lines: (Units & { condition?: string })[], how: { id: string; context: Context; distributorId: number; rules: Pick<Rules, "decide" | "hash">; reason: { code: string; title: string }; note: string; at: string; reached: boolean; quote?: boolean }): Note | NotHere {
  const { view } = bill;
  const { context } = how;
  const registered = Boolean(view.outlet.gstin) || (view.outlet.registration !== null && view.outlet.registration !== undefined && view.outlet.registration !== "UNREGISTERED");
  if (bill.cancelled) return { rule: "PX-41", why: "cancelled", values: { number: view.number ?? "" } };
  if (!how.quote && !mayIssue(context.offlineIssue, registered, how.reached)) return { rule: "OFF-04", why: "irn", values: { outlet: view.outlet.name } };
  if ((view.freeLines ?? []).length > 0 || view.lines.some((l) => l.free)) return { rule: "PX-41", why: "schemes", values: { number: view.number ?? "" } };
  const parts: { of: InvoiceLine; batchId: string; batchNo: string | null; expiresOn: string | null; qty: string }[] = [];
  for (const [at, want] of lines.entries()) {
    const of = view.lines.find((l) => l.line === want.line && (l.part ?? 1) === want.part);
    const asked = sum(lines.filter((l) => l.line === want.line && l.part === want.part).map((l) => l.qty));
    if (!of || !how.quote && compare(asked, leftOf(bill, of)) > 0) return { rule: "PX-41", why: "tooMuch", line: at + 1, values: { left: of ? leftOf(bill, of) : "0" } };
    const given = of as InvoiceLine & { schemes?: unknown[]; benefits?: unknown[] };
    // the server looks at the goods, not at the line: what any line of them got would stay with the outlet
    const same = view.lines.filter((l) => String(l.skuId) === String(of.skuId)) as (InvoiceLine & { schemes?: unknown[]; benefits?: unknown[] })[];
    if (given.schemes?.length || same.some((l) => l.schemes?.length || l.benefits?.length || isPositive(l.schemeDiscount))) return { rule: "PX-41", why: "schemes", line: at + 1, values: { number: view.number ?? "" } };
    if (!how.quote && want.condition && want.condition !== "SALEABLE") return { rule: "PX-41", why: "condition", line: at + 1, values: {} };
    let skip = how.quote ? "0" : backOf(bill, of);
    let rest = want.qty;
    for (const batch of of.batches ?? []) {
      const passed = min(batch.qty, skip);
      skip = minus(skip, passed);
      const taken = min(minus(batch.qty, passed), rest);
      if (!isPositive(taken) || !batch.batchId) continue;
      rest = minus(rest, taken);
      parts.push({ of, batchId: batch.batchId, batchNo: batch.batchNo ?? null, expiresOn: dayOf(batch.expiresOn), qty: taken });
    }
    if (isPositive(rest)) return { rule: "PX-41", why: "batch", line: at + 1, values: {} };
  }
  const { outlet } = view;
  const full = outlet as typeof outlet & { channel?: string | null; class?: string | null; outletClass?: string | null };
  const rows = parts.map((part, i) => ({ line: i + 1, part, unitPrice: perUnit(part.of.taxable, part.of.qty) }));
  const batches = new Map<string, RulesCommand["batches"][number]>();
  for (const { part } of rows) {
    const before = batches.get(part.batchId);
    const expired = part.expiresOn !== null && part.expiresOn < context.businessDate;
    batches.set(part.batchId, { batchId: part.batchId, skuId: String(part.of.skuId), batchNo: part.batchNo ?? "", mrp: part.of.mrp ?? "0", expiresOn: expired ? null : epochDay(part.expiresOn), receivedOn: null, saleable: sum([before?.saleable, part.qty]), unitCost: "0" });
  }
  const command: RulesCommand = {
    kind: "INVOICE", businessDate: epochDay(view.businessDate), saleType: "COUNTER", paymentMode: "CREDIT", principalId: String(view.principalId),
    outlet: {
      id: outlet.id, channel: full.channel ?? null, class: full.class ?? full.outletClass ?? null, group: null, parentId: null, stateCode: outlet.stateCode ?? context.distributor.stateCode ?? null,
      registration: outlet.registration ?? (outlet.gstin ? "REGULAR" : "UNREGISTERED"), gstin: outlet.gstin ?? null, blocked: false,
      credit: [{ principalId: String(view.principalId), limit: null, exposure: "0", overdueDays: 0, termsDays: 0 }],
    },
    lines: rows.map(({ line, part, unitPrice }) => ({ line, skuId: String(part.of.skuId), qty: part.qty, batchId: part.batchId, manualPrice: unitPrice, manualReason: how.reason.code })),
    batches: [...batches.values()], approved: LET_THROUGH,
  };
  let decision: Decision;
  try {
    decision = how.rules.decide(command);
  } catch {
    return { rule: "OFF-10", why: "rules", values: { code: "RULES_FAULT" } };
  }
  if (decision.outcome === "REFUSED") return { rule: decision.refusals[0]?.rule || "OFF-10", why: "rules", values: { code: decision.refusals[0]?.code ?? "" } };
  const wrong = decision.lines.find((l) => compare(l.taxRate, rows[l.line - 1]!.part.of.taxRate ?? "0") !== 0);
  if (wrong) return { rule: "IN-22", why: "tax", line: wrong.line, values: {} };
  const { totals } = decision;
  const principalId = view.principalId;
  const warehouseId = view.warehouseId ?? context.warehouses[0]?.id ?? "";
  const law: LawPaper = context.notePaper ?? { ...(context.paper ?? indiaPaper), title: "CREDIT_NOTE", titleText: null, titleLocal: null };
  return {
    payable: totals.payable,
    body: {
      id: how.id, distributorId: how.distributorId, principalId, outletId: outlet.id, warehouseId, businessDate: context.businessDate, originalId: view.id, reason: how.reason.code,
      ...(how.note.trim() ? { note: how.note.trim() } : {}),
      lines: rows.map(({ line, part, unitPrice }) => ({ line, skuId: Number(part.of.skuId), qty: part.qty, unitPrice, batchId: part.batchId })),
    },
    view: {
      id: how.id, kind: "CREDIT_NOTE", originalId: view.id, number: null, businessDate: context.businessDate, postedAt: how.at, status: "DRAFT", saleType: "COUNTER", paymentMode: "CREDIT", dueOn: null,
      distributorId: how.distributorId, principalId, outlet, seller: sellerOf(context), placeOfSupply: decision.placeOfSupply, interState: decision.interState,
      note: how.note.trim() ? `${how.reason.title}: ${how.note.trim()}` : how.reason.title,
      lines: decision.lines.map((l) => {
        const { of } = rows[l.line - 1]!.part;
        return { ...l, skuId: Number(l.skuId), skuCode: of.skuCode ?? "", skuName: of.skuName ?? "", skuNameLocal: of.skuNameLocal ?? null, unit: of.unit ?? null, batches: l.batches.map((b) => ({ batchId: b.batchId, batchNo: b.batchNo, expiresOn: isoDay(b.expiresOn), qty: b.qty })) };
      }),
      freeLines: [], taxes: decision.taxes, totals, schemes: [], paper: law,
      tax: { wording: [], irn: null, acknowledgement: null, acknowledgedAt: null, signedQr: null, dynamicQr: null, original: { number: view.number!, businessDate: view.businessDate } },
      request: { reason: how.reason.code, lines: lines.map((l) => ({ line: l.line, part: l.part, qty: l.qty, skuId: Number(view.lines.find((of) => of.line === l.line && (of.part ?? 1) === l.part)!.skuId) })) },
    },
    effects: [
      ...rows.map(({ part }) => ({ batchId: part.batchId, warehouseId, qty: minus("0", part.qty) })),
      { outletId: outlet.id, principalId, amount: minus("0", totals.payable, 2) },
    ],
    decided: { ruleBookHash: how.rules.hash, payable: totals.payable, command },
  };
}

export function isNote(made: Note | NotHere): made is Note {
  return "body" in made;
}

/** The request for a return that says the same as a note which could not be: for the server to decide. */
export function asRequest(note: Pick<Command, "body" | "view" | "summary">, id: string, businessDate: string): { body: Record<string, unknown>; summary: Command["summary"] } {
  const body = note.body as { distributorId: number; principalId: number; outletId: string; warehouseId: string; originalId: string; note?: string };
  const { request } = note.view as Note["view"];
  return {
    body: {
      id, distributorId: body.distributorId, principalId: body.principalId, outletId: body.outletId, warehouseId: body.warehouseId, businessDate, originalId: body.originalId, reason: request.reason,
      ...(body.note ? { note: body.note } : {}),
      lines: request.lines.map((l, i) => ({ line: i + 1, originalLine: l.line, originalPart: l.part, skuId: l.skuId, qty: l.qty })), pictures: [],
    },
    summary: { ...note.summary, kind: "return-request", total: null },
  };
}

function dayOf(value: string | number | null | undefined): string | null {
  return value === null || value === undefined || value === "" ? null : typeof value === "number" ? isoDay(value) : value.slice(0, 10);
}
