import { describe, expect, it } from "vitest";
import type { Decided, SchemeTrace } from "../../rules";
import type { Outcome } from "./decide";
import { freshBill, type Bill } from "./entry";
import { chosen, gainOf, hintOf, limitOn, piecesFor, reaching, rungsOfBill, rungsOfLine, withAdded } from "./ladder";

const trace = (part: Partial<SchemeTrace>): SchemeTrace => ({ schemeId: "31", schemeVersion: 1, code: "WHOLE-2-4", lines: [1], applied: true, condition: null, wanted: null, found: null, benefit: "8.31", freeQty: "0", next: { basis: "BASE_QTY", from: "36", more: "24", kind: "PERCENT", reward: "0.04" }, ...part });
const outcome = (items: SchemeTrace[], decided: Partial<Decided> = {}): Outcome => ({ decided: { lines: [{ line: 1, qty: "12", taxable: "407.25" }], ...decided } as Decided, refusals: [], trace: items });
const noBook = () => undefined;
const bill: Bill = { ...freshBill("b", null), lines: [{ key: "k", skuId: 1, entered: "12", qty: "12" }] };

describe("the scheme ladder", () => {
  it("[SCH-17] [SCH-18] a line shows what applies, what more earns, and every condition that fails", () => {
    const rungs = rungsOfLine(outcome([trace({})], { ladder: [{ line: 1, skuId: "1", schemes: [
      { schemeId: "40", schemeVersion: 1, code: "MT", stage: "LINE", applied: false, amount: "0.00", freeQty: "0", failing: [{ condition: "CHANNEL", wanted: "MT", found: "GT" }, { condition: "THRESHOLD", wanted: "24", found: "12" }], winner: null, next: null },
      { schemeId: "31", schemeVersion: 1, code: "WHOLE-2-4", stage: "LINE", applied: true, amount: "8.31", freeQty: "0", failing: [], winner: null, next: trace({}).next, moreQty: "24" },
      { schemeId: "9", schemeVersion: 1, code: "OVER", stage: "LINE", applied: false, amount: "0.00", freeQty: "0", failing: [{ condition: "NOT_IN_FORCE", wanted: null, found: null }], winner: null, next: null },
    ] }] }), 1, noBook);
    expect(rungs.map((r) => [r.code, r.state, r.add, r.failing.length])).toEqual([["WHOLE-2-4", "applied", { line: 1, qty: "24" }, 0], ["MT", "missed", null, 2]]);
  });

  it("[SCH-18] the bill shows each scheme once; a limit says what it left", () => {
    const rungs = rungsOfBill(outcome([trace({ condition: "LIMIT_OUTLET", wanted: "30.00", found: "55.41", benefit: "30.00", next: null }), trace({ schemeId: "50", code: "BILL", applied: false, condition: "THRESHOLD", wanted: "2500.00", found: "407.25", benefit: "0.00", next: { basis: "NET_VALUE", from: "2500.00", more: "2092.75", kind: "PERCENT", reward: "0.01" } })]), 1, noBook);
    expect(rungs.map((r) => [r.code, r.state, r.cut?.condition ?? null])).toEqual([["WHOLE-2-4", "applied", "LIMIT_OUTLET"], ["BILL", "near", null]]);
    // sixty pieces of one article to lift a bill is nothing a clerk would offer
    expect(rungs[1]!.add).toBeNull();
    expect(limitOn([trace({ condition: "LIMIT_TOTAL" })], 1)).toBeDefined();
  });

  it("[BIL-03] pieces for a value are rounded up, and added until the step is reached", () => {
    const line = { line: 1, qty: "12", taxable: "407.25" } as Decided["lines"][number];
    expect(piecesFor("407.25", line)).toBe("12");
    expect(piecesFor("407.26", line)).toBe("13");
    const next = { basis: "NET_VALUE", from: "500.00", more: "92.75", kind: "PERCENT" as const, reward: "0.01" };
    const rung = rungsOfBill(outcome([trace({ applied: false, condition: "THRESHOLD", benefit: "0.00", next })]), 1, noBook)[0]!;
    expect(rung.add).toEqual({ line: 1, qty: "3" });
    const asked: string[] = [];
    const found = reaching(rung, bill, (b) => {
      asked.push(b.lines[0]!.qty);
      return b.lines[0]!.qty === "15" ? outcome([trace({ applied: false, next: { ...next, more: "5.00" } })]) : outcome([trace({ next: null, benefit: "5.40" })]);
    });
    expect(asked).toEqual(["15", "16"]);
    expect(found!.add).toEqual({ line: 1, qty: "4" });
    expect(gainOf("31", outcome([trace({ benefit: "0.00" })]), found!.after)).toBe("5.40");
  });

  it("[UXP-01] the hint under a line stays quiet when the step is far, for other buyers, or when another scheme counts", () => {
    expect(hintOf([trace({})], 1, "12")).toBeNull();
    expect(hintOf([trace({})], 1, "24")!.next.more).toBe("24");
    expect(hintOf([trace({ condition: "CHANNEL" })], 1, "24")).toBeNull();
    expect(hintOf([trace({ condition: "EXCLUDED" })], 1, "24")).toBeNull();
  });

  it("[SCH-10] a free article is chosen, changed and taken back", () => {
    const one = chosen(undefined, "32", "7", "2");
    expect(one).toEqual([{ schemeId: "32", skuId: "7", qty: "2" }]);
    expect(chosen(one, "32", "8", "2")).toEqual([{ schemeId: "32", skuId: "8", qty: "2" }]);
    expect(chosen(one, "32", "7", "2")).toEqual([]);
    expect(withAdded(bill, { line: 1, qty: "24" }).lines[0]!.qty).toBe("36");
  });
});
