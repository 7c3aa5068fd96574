import { describe, expect, it } from "vitest";
import { change, compactParts, formats } from "./format";

const en = formats("en");
const hi = formats("hi", "INR", "ज्ञात नहीं");

describe("numbers and dates", () => {
  it("[LOC-01] money is grouped the Indian way, with a real minus, in both languages", () => {
    expect(en.cell("12345678.9", "money")).toBe("1,23,45,678.90");
    expect(hi.cell("12345678.9", "money")).toBe("1,23,45,678.90");
    expect(en.cell("-1234.5", "money")).toBe("−1,234.50");
    expect(en.rupees("0")).toBe("₹ 0.00");
  });

  it("[LOC-01] large decimals keep every digit", () => {
    expect(en.cell("12345678901234567.89", "money")).toBe("12,34,56,78,90,12,34,567.89");
  });

  it("[LOC-01] tiles say lakh and crore: L and Cr in English, words in Hindi", () => {
    expect(compactParts("8964010", "en")).toEqual({ number: "89.6", unit: "L" });
    expect(compactParts("123456789", "en")).toEqual({ number: "12.3", unit: "Cr" });
    expect(compactParts("61000", "en")).toEqual({ number: "61", unit: "K" });
    expect(compactParts("8964010", "hi")).toEqual({ number: "89.6", unit: "लाख" });
    expect(compactParts("123456789", "hi").unit).toBe("क॰");
  });

  it("unknown is n/a and zero is 0 (INV-11)", () => {
    expect(en.cell(null, "money")).toBe("n/a");
    expect(en.cell("0", "count")).toBe("0");
    expect(hi.cell(undefined, "days")).toBe("ज्ञात नहीं");
    expect(en.figure(null, "money", { days: "days" }).number).toBe("n/a");
  });

  it("[LOC-01] a change always has a sign; an effect has its currency", () => {
    expect(en.signed("4")).toBe("+4.0");
    expect(en.signed("-1.23")).toBe("−1.2");
    expect(en.signed("0")).toBe("0.0");
    expect(en.effect("-210400.00")).toBe("−₹ 2,10,400");
    expect(en.effect("106600")).toBe("+₹ 1,06,600");
  });

  it("[LOC-01] dates: month names in text, digits in dense tables, Latin digits in Hindi", () => {
    expect(en.date("2026-04-01")).toBe("01 Apr 2026");
    expect(hi.date("2026-04-01")).toBe("01 अप्रैल 2026");
    expect(en.dense("2026-04-01")).toBe("01-04-2026");
    expect(en.month("2026-11-01")).toBe("Nov 2026");
  });

  it("KPI-04 amounts change in percent, shares in points, cover in days", () => {
    expect(change("104", "100", "money")).toEqual({ value: "4.0", unit: "percent" });
    expect(change("8.70", "6.80", "percent")).toEqual({ value: "1.90", unit: "points" });
    expect(change("29.4", "26.8", "days")).toEqual({ value: "2.6", unit: "days" });
    expect(change("1", null, "money")).toBeNull();
    expect(change("1", "0", "count")).toBeNull();
  });
});
