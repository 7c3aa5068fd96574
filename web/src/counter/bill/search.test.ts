import { describe, expect, it } from "vitest";
import type { Sku } from "../../offline/types";
import { initials, readScan, search, skuEntry } from "./search";

const sku = (id: number, code: string, name: string, more: Partial<Sku> = {}): Sku => ({
  id, code, name, principalId: 1, baseUnit: "PCS", units: [], gtins: [], aliases: [], rank: 1, ...more,
});
const all = [
  sku(1, "BB25", "Brite Biscuit 25 g", { nameLocal: "ब्राइट बिस्कुट 25 ग्रा", gtins: ["8901234567890"], rank: 5 }),
  sku(2, "BB75", "Brite Biscuit 75 g", { rank: 30 }),
  sku(3, "SP100", "Sunbird Soap 100 g", { mustStock: true, rank: 2 }),
  sku(4, "SO250", "Sunbird Soap Oil 250 ml", { rank: 90 }),
  sku(5, "NM70", "Sunny Noodles 70 g", { aliases: ["maggi"], rank: 80 }),
  sku(6, "JM500", "Mixed Fruit Jam 500 g", { rank: 9 }),
];
const entries = all.map(skuEntry);
const find = (text: string, recent: number[] = []) => search(entries, text, new Set<unknown>(recent), (s) => s.id).map((s) => s.code);

describe("item search [UXP-01]", () => {
  it("[UXP-01] takes first letters of words in order", () => {
    expect(find("bb25")[0]).toBe("BB25");
    expect(find("bribis75")).toEqual(["BB75"]);
    expect(find("ss1")).toEqual(["SP100"]);
    expect(initials("mfj5", ["mixed", "fruit", "jam", "500", "g"])).toBe(true);
    expect(initials("jfm", ["mixed", "fruit", "jam"])).toBe(false);
  });

  it("[UXP-01] takes any part of the code, an alias, a GTIN and the local script", () => {
    expect(find("M70")).toEqual(["NM70"]);
    expect(find("maggi")).toEqual(["NM70"]);
    expect(find("8901234567890")).toEqual(["BB25"]);
    expect(find("08901234567890")).toEqual(["BB25"]);
    expect(find("बिस्कुट")).toEqual(["BB25"]);
    expect(find("soap 250")).toEqual(["SO250"]);
  });

  it("[UXP-01] ranks this outlet's items, then must-stock, then popularity", () => {
    expect(find("su")).toEqual(["SP100", "SO250", "NM70"]);
    expect(find("su", [5])).toEqual(["NM70", "SP100", "SO250"]);
    expect(find("bb")).toEqual(["BB75", "BB25"]);
    expect(find("bb", [1])).toEqual(["BB25", "BB75"]);
  });

  it("[UXP-01] an exact code comes first, whatever its rank; what only holds the text comes last", () => {
    const more = [...entries, skuEntry(sku(9, "NM700", "Sunny Noodles family 700 g", { rank: 999, mustStock: true }))];
    const codes = search(more, "nm70", new Set<unknown>(), (s) => s.id).map((s) => s.code);
    expect(codes).toEqual(["NM70", "NM700"]);
    expect(find("oap")).toEqual(["SP100", "SO250"]);
  });

  it("[UXP-01] shows this outlet's last items before anything is typed, and nothing for nonsense", () => {
    expect(find("", [3, 1])).toEqual(["SP100", "BB25"]);
    expect(find("zzz")).toEqual([]);
  });

  it("[UXP-01] reads GS1 strings with batch and expiry", () => {
    expect(readScan("8901234567890")).toEqual({ gtin: "08901234567890" });
    expect(readScan("(01)08901234567890(17)270331(10)K2611")).toEqual({ gtin: "08901234567890", batchNo: "K2611", expiresOn: "2027-03-31" });
    expect(readScan("]C101089012345678901727033110K2611")).toEqual({ gtin: "08901234567890", batchNo: "K2611", expiresOn: "2027-03-31" });
  });

  it("[UXP-01] scans 2,000 names within a frame", () => {
    const many = Array.from({ length: 2000 }, (_, i) => skuEntry(sku(i, `C${i}`, `Brand${i % 40} Product ${i} ${i % 500} g`)));
    search(many, "warm", new Set(), (s) => s.id);
    const start = performance.now();
    for (const q of ["b", "br", "bra1p", "c19", "500", "product 77"]) search(many, q, new Set(), (s) => s.id);
    expect((performance.now() - start) / 6).toBeLessThan(50);
  });
});
