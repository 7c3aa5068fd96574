import { describe, expect, it } from "vitest";
import { counted, freshBill, start, step, typed, type EntryEvent, type EntryState } from "./entry";

const run = (events: EntryEvent[], from: EntryState = start(freshBill("b1", "2026-11-23"))) => events.reduce(step, from);
const item = (skuId: number): EntryEvent => ({ type: "item", skuId, key: `k${skuId}` });
const qty = (entered: string, base = entered): EntryEvent => ({ type: "qty", entered, qty: base });
const outlet: EntryEvent = { type: "outlet", outletId: "o1" };
const twoLines = () => run([outlet, item(1), qty("2c6", "150"), item(2), qty("12")]);

describe("keyboard flow of the bill [UXP-01]", () => {
  it("[UXP-01] goes outlet, item, quantity, next line, totals", () => {
    let state = start(freshBill("b1", "2026-11-23"));
    expect(state.cursor).toEqual({ field: "outlet", line: 0 });
    state = step(state, outlet);
    expect(state.cursor).toEqual({ field: "item", line: 0 });
    state = step(state, item(1));
    expect(state.cursor).toEqual({ field: "qty", line: 0 });
    state = step(state, qty("2c6", "150"));
    expect(state.cursor).toEqual({ field: "item", line: 1 });
    state = step(state, { type: "emptyItem" });
    expect(state.cursor.field).toBe("totals");
    expect(state.bill.lines).toMatchObject([{ skuId: 1, entered: "2c6", qty: "150" }]);
  });

  it("[UXP-01] goes back one step by Backspace or Shift+Enter and never drops what was typed", () => {
    let state = run([{ type: "emptyItem" }], twoLines());
    const fields: string[] = [];
    for (let i = 0; i < 7; i++) {
      state = step(state, { type: "back" });
      fields.push(`${state.cursor.field}${state.cursor.line}`);
    }
    expect(fields).toEqual(["item2", "qty1", "item1", "qty0", "item0", "outlet0", "outlet0"]);
    expect(state.bill.lines).toHaveLength(2);
    expect(typed(state.bill)).toBe(true);
  });

  it("[UXP-01] an unchanged item keeps its quantity; another item starts anew without the old batch and discount", () => {
    let state = run([{ type: "goto", cursor: { field: "qty", line: 0 } }, { type: "batch", batchId: "B" }, { type: "discount", percent: "2", reason: "torn case" }], twoLines());
    state = step(state, { type: "goto", cursor: { field: "item", line: 0 } });
    expect(step(state, item(1)).bill.lines[0]).toMatchObject({ qty: "150", batchId: "B", manualDiscountPercent: "2" });
    expect(step(state, item(9)).bill.lines[0]).toEqual({ key: "k1", skuId: 9, entered: "", qty: "" });
  });

  it("[UXP-01] moves between lines by arrows and stays on what exists", () => {
    const state = run([{ type: "up" }, { type: "up" }, { type: "up" }], twoLines());
    expect(state.cursor).toEqual({ field: "item", line: 0 });
    expect(run([{ type: "down" }, { type: "down" }, { type: "down" }], state).cursor).toEqual({ field: "item", line: 2 });
    const onQty = run([{ type: "goto", cursor: { field: "qty", line: 1 } }, { type: "down" }], twoLines());
    expect(onQty.cursor).toEqual({ field: "item", line: 2 });
  });

  it("[UXP-01] deletes a line and takes it back", () => {
    const state = run([{ type: "goto", cursor: { field: "qty", line: 0 } }, { type: "deleteLine" }], twoLines());
    expect(state.bill.lines.map((l) => l.skuId)).toEqual([2]);
    expect(step(state, { type: "undo" }).bill.lines.map((l) => l.skuId)).toEqual([1, 2]);
    expect(run([{ type: "undo" }, { type: "undo" }], state).bill.lines[1]).toMatchObject({ skuId: 2, qty: "" });
  });

  it("[UXP-01] inserts a line above and gives it up again without a trace", () => {
    const at = run([{ type: "goto", cursor: { field: "qty", line: 1 } }, { type: "insertLine" }], twoLines());
    expect(at.cursor).toEqual({ field: "item", line: 1, insert: true });
    expect(run([item(8), qty("3")], at).bill.lines.map((l) => l.skuId)).toEqual([1, 8, 2]);
    expect(step(at, { type: "back" })).toMatchObject({ bill: at.bill, cursor: { field: "item", line: 1 } });
  });

  it("[UXP-01] a scan adds a line of one and counts up when scanned again, wherever the cursor is", () => {
    const scan: EntryEvent = { type: "scan", skuId: 7, key: "k7" };
    const state = run([{ type: "goto", cursor: { field: "qty", line: 0 } }, scan, scan, scan], twoLines());
    expect(state.bill.lines[2]).toMatchObject({ skuId: 7, qty: "3", entered: "3" });
    expect(state.cursor).toEqual({ field: "item", line: 3 });
    expect(run([scan, { ...scan, batchId: "B2" }], twoLines()).bill.lines).toHaveLength(4);
  });

  it("[UXP-01] a bill discount goes to every line, and zero takes it away", () => {
    const given = run([{ type: "billDiscount", percent: "1.5", reason: "festival" }], twoLines());
    expect(given.bill.lines.every((l) => l.manualDiscountPercent === "1.5" && l.manualReason === "festival")).toBe(true);
    expect(run([{ type: "billDiscount", percent: "0", reason: "" }], given).bill.lines.some((l) => "manualDiscountPercent" in l)).toBe(false);
  });

  it("[UXP-01] lines without a quantity do not count", () => {
    expect(counted(run([item(5)], twoLines()).bill)).toHaveLength(2);
  });

  it("[ORD-02] an order of the outlet fills the bill and is named on it", () => {
    const state = run([outlet, { type: "lines", orderId: "ord", lines: [{ key: "a", skuId: 3, entered: "24", qty: "24" }] }]);
    expect(state.bill).toMatchObject({ orderId: "ord", lines: [{ skuId: 3, qty: "24" }] });
    expect(state.cursor).toEqual({ field: "item", line: 1 });
  });

  it("[UXP-01] a new bill has a new id and an empty page", () => {
    const state = step(twoLines(), { type: "fresh", id: "b2", businessDate: "2026-11-23" });
    expect(state.bill).toEqual(freshBill("b2", "2026-11-23"));
    expect(state.past).toEqual([]);
  });
});
