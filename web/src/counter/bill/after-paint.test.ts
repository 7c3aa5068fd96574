import { describe, expect, it } from "vitest";
import { follows } from "./after-paint";
import { freshBill, type Bill } from "./entry";

const line = (key: string, qty: string, skuId = 1) => ({ key, skuId, entered: qty, qty });
const bill = (over: Partial<Bill>): Bill => ({ ...freshBill("b", null), outletId: "o", ...over });

describe("what was decided a moment ago", () => {
  it("[BIL-13] stands beside a quantity that is being typed and a line that is new, never beside other lines or another bill", () => {
    const before = bill({ lines: [line("1", "2"), line("2", "5")] });
    expect(follows(before, bill({ lines: [line("1", "2"), line("2", "50")] }))).toBe(true);
    expect(follows(before, bill({ lines: [...before.lines, line("3", "")] }))).toBe(true);
    expect(follows(before, bill({ lines: [line("2", "5")] }))).toBe(false);
    expect(follows(before, bill({ lines: [line("1", "2"), line("2", "5", 9)] }))).toBe(false);
    expect(follows(before, { ...before, id: "c" })).toBe(false);
    expect(follows(before, { ...before, outletId: "p" })).toBe(false);
  });
});
