import type { BookScheme, Decided, Failing, FreeChoice, LadderScheme, NextStep, SchemeTrace } from "../../rules";
import { compare, isPositive, isZero, minus, sum } from "../../ui/decimal";
import type { Bill } from "./entry";
import type { Outcome } from "./decide";

/** One scheme on the ladder: what it gives, or what keeps it, and what would earn more. */
export interface Rung {
  key: string;
  schemeId: string;
  version: number;
  code: string;
  name: string;
  lines: number[];
  /** `applied` gives something now, `near` a step away, `missed` not for this bill. */
  state: "applied" | "near" | "missed";
  benefit: string;
  freeQty: string;
  failing: Failing[];
  winner: string | null;
  next: NextStep | null;
  /** The line and base units that reach the next step; null where no quantity alone does. */
  add: { line: number; qty: string } | null;
  /** Articles the outlet may choose as free goods. */
  choices: string[];
  /** A limit or budget that cut what was earned. */
  cut: { condition: string; left: string | null; earned: string | null } | null;
}

/** Conditions on who buys, where and when: no quantity on this bill changes them. */
const ELSEWHERE = new Set(["NOT_IN_FORCE", "APPROVED_LATER", "CHANNEL", "CLASS", "GROUP", "OUTLET", "PARENT", "TERRITORY", "STATE", "WAREHOUSE", "ORDER_SOURCE", "REGISTRATION", "WEEKDAY", "DAYPART", "FIRST_ORDER", "MSL"]);
const OVER = new Set(["NOT_IN_FORCE", "APPROVED_LATER"]);
const LIMITS = new Set(["CAP", "LIMIT_INVOICE", "LIMIT_OUTLET", "LIMIT_DISTRIBUTOR", "LIMIT_TOTAL"]);

export const elsewhere = (failing: Failing[]): boolean => failing.some((f) => ELSEWHERE.has(f.condition));

function stateOf(applied: boolean, failing: Failing[], next: NextStep | null): Rung["state"] {
  if (elsewhere(failing)) return "missed";
  if (next) return applied ? "applied" : "near";
  return applied ? "applied" : "missed";
}

function cutOf(item: SchemeTrace): Rung["cut"] {
  return item.condition && LIMITS.has(item.condition) ? { condition: item.condition, left: item.wanted, earned: item.found } : null;
}

/** Base units of a line that are worth at least so much at its net price, whole pieces up. */
export function piecesFor(more: string, line: Decided["lines"][number] | undefined): string | null {
  if (!line || !isPositive(line.qty) || !isPositive(line.taxable)) return null;
  const scale = 1_000_000n;
  const units = (v: string) => BigInt(minus(v, "0", 6).replace(".", ""));
  // more ÷ (taxable ÷ qty), rounded up to the next whole piece
  const pieces = (units(more) * units(line.qty)) / units(line.taxable) + scale - 1n;
  const whole = pieces / scale;
  return whole > 0n ? whole.toString() : "1";
}

/** What reaches the next step of a scheme, on the given line where it is one of the scheme's. */
function addOf(next: NextStep | null, lines: number[], line: number, moreQty: string | null | undefined, decided: Decided | undefined): Rung["add"] {
  if (!next || next.basis === "DISTINCT" || next.kind === "POINTS") return null;
  const at = lines.includes(line) ? line : lines[0];
  if (at === undefined) return null;
  if (moreQty && isPositive(moreQty)) return { line: at, qty: moreQty };
  if (next.basis === "BASE_QTY") return { line: at, qty: next.more };
  if (next.basis !== "NET_VALUE" && next.basis !== "GROSS_VALUE") return null;
  const billed = decided?.lines.find((l) => l.line === at);
  const qty = piecesFor(next.more, billed);
  // hundreds of pieces of one article to lift a bill is nothing a clerk would offer
  return qty && billed && compare(qty, compare(billed.qty, "16") > 0 ? sum([billed.qty, billed.qty, billed.qty]) : "48") <= 0 ? { line: at, qty } : null;
}

/** Rungs of one line, from the engine's ladder; empty where the answer has none. */
export function rungsOfLine(outcome: Outcome, line: number, scheme: (id: string, version: number) => BookScheme | undefined): Rung[] {
  const items = outcome.decided?.ladder?.find((l) => l.line === line)?.schemes ?? [];
  return items.map((item) => rungOf(item, line, outcome, scheme)).filter((r): r is Rung => r !== null).sort(order);
}

function rungOf(item: LadderScheme, line: number, outcome: Outcome, scheme: (id: string, version: number) => BookScheme | undefined): Rung | null {
  if (item.failing.some((f) => OVER.has(f.condition))) return null;
  const trace = outcome.trace.find((t) => t.schemeId === item.schemeId);
  return {
    key: `${line}/${item.schemeId}`, schemeId: item.schemeId, version: item.schemeVersion, code: item.code, name: scheme(item.schemeId, item.schemeVersion)?.name ?? item.code, lines: [line],
    state: item.winner && !item.applied ? "missed" : stateOf(item.applied, item.failing, item.next), benefit: item.amount, freeQty: item.freeQty, failing: item.failing, winner: item.winner, next: item.next,
    add: addOf(item.next, trace?.lines ?? [line], line, item.moreQty, outcome.decided), choices: item.choices ?? [], cut: trace ? cutOf(trace) : null,
  };
}

/** Rungs of the whole bill, from the trace: one for each scheme that looks at any of its lines. */
export function rungsOfBill(outcome: Outcome, line: number, scheme: (id: string, version: number) => BookScheme | undefined): Rung[] {
  return outcome.trace.flatMap((item): Rung[] => {
    const failing = item.condition && !LIMITS.has(item.condition) ? [{ condition: item.condition, wanted: item.wanted, found: item.found }] : [];
    if (failing.some((f) => OVER.has(f.condition))) return [];
    const inLadder = outcome.decided?.ladder?.flatMap((l) => l.schemes.filter((s) => s.schemeId === item.schemeId).map((s) => ({ ...s, line: l.line }))) ?? [];
    const here = inLadder.find((s) => s.line === line) ?? inLadder[0];
    return [{
      key: `0/${item.schemeId}`, schemeId: item.schemeId, version: item.schemeVersion, code: item.code, name: scheme(item.schemeId, item.schemeVersion)?.name ?? item.code, lines: item.lines,
      state: stateOf(item.applied, failing, item.next), benefit: item.benefit ?? "0", freeQty: item.freeQty ?? "0", failing, winner: item.condition === "EXCLUDED" ? item.found : null, next: item.next,
      add: addOf(item.next, item.lines, line, here?.moreQty, outcome.decided), choices: here?.choices ?? [], cut: cutOf(item),
    }];
  }).sort(order);
}

const WEIGHT = { near: 0, applied: 0, missed: 2 };
function order(a: Rung, b: Rung): number {
  const weight = (r: Rung) => WEIGHT[r.state] + (r.add ? 0 : r.state === "missed" ? (elsewhere(r.failing) ? 1 : 0) : 1);
  return weight(a) - weight(b) || compare(b.benefit, a.benefit) || a.code.localeCompare(b.code);
}

/** The bill with what a rung adds. */
export function withAdded(bill: Bill, add: { line: number; qty: string }): Bill {
  return { ...bill, lines: bill.lines.map((l, i) => (i === add.line - 1 ? { ...l, qty: sum([l.qty || "0", add.qty]) } : l)) };
}

/**
 * A step by value takes a few more pieces than the net price says when other schemes lower that price meanwhile: the fuller
 * bill is decided, and what is still missing is added, at most three times.
 */
export function reaching(rung: Rung, bill: Bill, decide: (bill: Bill) => Outcome): { add: { line: number; qty: string }; after: Outcome } | null {
  let add = rung.add;
  for (let tries = 0; add && tries < 3; tries++) {
    const after = decide(withAdded(bill, add));
    const item = after.trace.find((t) => t.schemeId === rung.schemeId);
    if (!item?.next || !rung.next || compare(item.next.from, rung.next.from) > 0 || item.next.basis === "BASE_QTY") return { add, after };
    const line: number = add.line;
    const more = piecesFor(item.next.more, after.decided?.lines.find((l) => l.line === line));
    add = more ? { line, qty: sum([add.qty, more]) } : null;
  }
  return null;
}

/** How much more the scheme would give on that bill than on this; null when it gives no more. */
export function gainOf(schemeId: string, before: Outcome, after: Outcome): string | null {
  const of = (o: Outcome) => sum(o.trace.filter((t) => t.schemeId === schemeId).map((t) => t.benefit ?? "0"), 2);
  const gain = minus(of(after), of(before), 2);
  return isPositive(gain) ? gain : null;
}

/** The nearest step of a line, for the quiet hint under it: within as much again as is on the line. */
export function hintOf(trace: SchemeTrace[], line: number, qty: string): { next: NextStep; item: SchemeTrace } | null {
  const near = trace.filter((t) => t.lines.includes(line) && t.next && !(t.condition && ELSEWHERE.has(t.condition)) && t.condition !== "EXCLUDED")
    .filter((t) => t.next!.basis !== "BASE_QTY" || compare(t.next!.more, compare(qty || "0", "12") > 0 ? qty : "12") <= 0)
    .sort((a, b) => compare(a.next!.more, b.next!.more));
  const best = near.find((t) => t.next!.basis === "BASE_QTY") ?? near.find((t) => t.lines.length === 1);
  return best ? { next: best.next!, item: best } : null;
}

/** A scheme whose limit or budget cut what this line earned. */
export function limitOn(trace: SchemeTrace[], line: number): SchemeTrace | undefined {
  return trace.find((t) => t.lines.includes(line) && t.condition !== null && LIMITS.has(t.condition) && t.condition !== "CAP");
}

/** Choices of a bill with one taken, or taken back. */
export function chosen(choices: FreeChoice[] | undefined, schemeId: string, skuId: string, qty: string): FreeChoice[] {
  const others = (choices ?? []).filter((c) => c.schemeId !== schemeId);
  const again = choices?.some((c) => c.schemeId === schemeId && c.skuId === skuId);
  return again || isZero(qty) ? others : [...others, { schemeId, skuId, qty }];
}
