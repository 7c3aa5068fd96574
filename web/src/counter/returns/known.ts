import type { LocalStore } from "../../offline/db";
import { compare, isPositive, min, minus, sum } from "../../ui/decimal";
import { keptOf } from "../kept";
import { BILL, type BillLine, type Creditable } from "./api";
import { keptBill, leftOf, takenBackSince, type KeptBill, type Units } from "./credit";

/** What this device knows of a bill: what may come back of it, and since when the server said so (ms; 0 where only the bill itself is kept). */
export interface Known { creditable: Creditable; bill: KeptBill | undefined; at: number }

/**
 * What of a bill may come back, from the local store alone: the newer of the kept bill with what came back of it, and of the server's last answer less what
 * this device has asked or credited since. Undefined where neither is here.
 */
export async function knownOf(store: LocalStore, billId: string): Promise<Known | undefined> {
  const [bill, said] = await Promise.all([keptBill(store, billId), saidOf(store, billId)]);
  if (!bill) return said && { ...said, bill: undefined };
  if (!said) return { creditable: ofKept(bill), bill, at: bill.toldAt ?? 0 };
  if ((bill.toldAt ?? 0) <= said.at) return { creditable: { ...said.creditable, cancelled: said.creditable.cancelled || bill.cancelled }, bill, at: said.at };
  // the pull is newer in what came back, the answer is richer in what it says of each line
  const newer = new Map(ofKept(bill).lines.map((l) => [keyOf(l), l.left]));
  return { creditable: { ...said.creditable, cancelled: bill.cancelled, lines: said.creditable.lines.map((l) => ({ ...l, left: newer.get(keyOf(l)) ?? l.left })) }, bill, at: bill.toldAt ?? 0 };
}

/** The server's last answer about a bill, less what this device has written since and the server had not counted. */
export async function saidOf(store: LocalStore, billId: string): Promise<{ creditable: Creditable; at: number } | undefined> {
  const kept = await keptOf<Creditable>(store, `${BILL}${billId}`);
  if (!kept) return undefined;
  const since = await takenBackSince(store, billId, kept.at);
  return { at: kept.at, creditable: { ...kept.value, lines: kept.value.lines.map((l) => ({ ...l, left: less(l.left, since, l) })) } };
}

const keyOf = (line: Pick<BillLine, "line" | "part">) => `${line.line}.${line.part}`;

function less(left: string, units: Units[], line: Pick<BillLine, "line" | "part">): string {
  const rest = minus(left, sum(units.filter((one) => one.line === line.line && one.part === line.part).map((one) => one.qty)));
  return isPositive(rest) ? rest : "0";
}

/**
 * A kept bill in the shape of the server's answer. Free goods are numbered after the last line, as the server numbers them, so they are known only from a bill
 * that it posted.
 */
function ofKept(bill: KeptBill): Creditable {
  const { view } = bill;
  const line = (l: KeptBill["view"]["lines"][number], number: number, part: number, free: boolean): BillLine => {
    const left = leftOf(bill, { ...l, line: number, part });
    return {
      line: number, part, free, schemeId: null, skuId: Number(l.skuId), skuCode: l.skuCode ?? "", skuName: l.skuName ?? "", skuNameLocal: l.skuNameLocal ?? null, unit: l.unit ?? "", mrp: l.mrp ?? null,
      batches: [], sold: l.qty, held: "0", credited: "0", unitPrice: "0", taxRate: l.taxRate ?? "0", left: isPositive(left) ? left : "0",
    };
  };
  const billed = view.lines.filter((l) => !l.free && l.line);
  const last = Math.max(0, ...billed.map((l) => l.line!));
  return {
    invoice: { id: view.id, number: view.number!, businessDate: view.businessDate, principalId: view.principalId, warehouseId: view.warehouseId ?? "", outlet: { id: view.outlet.id, name: view.outlet.name } }, cancelled: bill.cancelled, delivered: true,
    lines: [...billed.map((l) => line(l, l.line!, l.part ?? 1, false)), ...(bill.posted ? (view.freeLines ?? []).map((l, i) => line(l, last + 1 + i, 1, true)) : [])],
  };
}

/** A row of the screen. `was` is what it said might come back before the server said less. */
export interface Line { key: string; line?: number; part?: number; skuId: number; name: string; left: string | null; was?: string; sold: string | null; unitPrice: string | null; free: boolean; entered: string; qty: string; condition: string }

export function lineOf(line: BillLine): Line {
  return { key: keyOf(line), line: line.line, part: line.part, skuId: line.skuId, name: line.skuName, left: line.left, sold: line.sold, unitPrice: isPositive(line.unitPrice) ? line.unitPrice : null, free: line.free, entered: "", qty: "", condition: "" };
}

/** The rows after the server answered: what is typed stays where it is, what may come back is the server's word, and what is less than was shown says so. */
export function refreshed(lines: Line[], said: BillLine[]): Line[] {
  const of = new Map(said.map((l) => [keyOf(l), l]));
  const shown = new Set(lines.map((l) => l.key));
  return [
    ...lines.map((l): Line => {
      const now = of.get(l.key);
      if (!now) return l;
      const { was: before, ...rest } = l;
      const first = before ?? l.left;
      return { ...rest, sold: now.sold, left: now.left, unitPrice: isPositive(now.unitPrice) ? now.unitPrice : l.unitPrice, ...(first !== null && compare(now.left, first) < 0 ? { was: first } : {}) };
    }),
    ...said.filter((l) => !shown.has(keyOf(l))).map(lineOf),
  ];
}

/** What is wrong with a row: no quantity, or more than may come back, and what is accepted (PX-41). */
export function faultOf(line: Line): { text: "returns.badQty" } | { text: "returns.atMost"; left: string } | undefined {
  if (line.qty === "?") return { text: "returns.badQty" };
  if (!line.qty) return undefined;
  const most = line.left !== null && line.sold !== null ? min(line.left, line.sold) : (line.left ?? line.sold);
  return most !== null && compare(line.qty, most) > 0 ? { text: "returns.atMost", left: most } : undefined;
}
