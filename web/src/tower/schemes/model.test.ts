import { describe, expect, it } from "vitest";
import type { Content, SchemeView } from "./api";
import { monthsFrom, overlaps } from "./calendar";
import { cameAndWent, diffOf } from "./diff";
import { cellsIn, pasted } from "./entrygrid";
import { codesIn, EVERYTHING, membersOf, type Goods } from "./goods";
import { contentOf, faultsOf, formOf, kindOf, newForm, placeOf, withKind, type SchemeForm } from "./model";
import { bookWith, engineScheme, periodKey, TRIAL, type Book } from "./trybook";

const goods: Goods = {
  skus: new Map([
    ["S1", { id: 1, code: "S1", name: "Soap", principal: "SUN", brand: "B1", category: "C1" }], ["S2", { id: 2, code: "S2", name: "Biscuit", principal: "SUN", brand: "B2", category: "C2" }],
    ["S3", { id: 3, code: "S3", name: "Shampoo", principal: "SUN", brand: "B1", category: "C2" }], ["X1", { id: 9, code: "X1", name: "Other", principal: "OTH", brand: "B9", category: "C1" }],
  ]),
  brands: new Map([["B1", { id: 10, code: "B1", name: "Brite" }]]), categories: new Map([["C1", { id: 100, code: "C1", name: "Soap" }]]), ready: true,
};

const base = (kind: Parameters<typeof newForm>[0], part: Partial<SchemeForm> = {}): SchemeForm => ({ ...newForm(kind), code: "CODE-1", name: "Name", principal: "SUN", validFrom: "2026-12-01", validTo: "2026-12-31", ...part });

/** The mechanics table of spec/README.md, one whole scheme each. */
const written: [string, Content["mechanic"], string][] = [
  ["M1", { type: "DISCOUNT", reward: { percent: "0.05" } }, "LINE"],
  ["M2", { type: "WHOLE_SLAB", basis: "BASE_QTY", slabs: [{ from: "12", reward: { percent: "0.02" } }, { from: "36", reward: { percent: "0.04" } }] }, "LINE"],
  ["M3", { type: "INCREMENTAL_SLAB", basis: "CASES", unit: "INNER", slabs: [{ from: "1", reward: { perCount: "1.25" } }] }, "GROUP"],
  ["M4", { type: "FREE_GOODS", buy: "10", get: "1", repeat: true, inside: false, rewardSkuIds: ["S1", "S2"], capPerInvoice: "5", tax: "ZERO_PRICED", ifShort: "SUBSTITUTE", substituteSkuIds: ["S3"] }, "FREE_GOODS"],
  ["M4", { type: "CHEAPEST_FREE", buy: "3", get: "1", repeat: true }, "GROUP"],
  ["M5", { type: "COMBO", groups: [{ products: { skuIds: ["S1"] }, min: "4" }, { products: { brandIds: ["B1"] }, min: "2" }], repeat: true, reward: { fixed: "10.00" } }, "GROUP"],
  ["M5", { type: "COMBO", minDistinct: 3, minEach: "2", repeat: false, reward: { percent: "0.03" } }, "GROUP"],
  ["M6", { type: "WHOLE_SLAB", basis: "NET_VALUE", slabs: [{ from: "1000", reward: { percent: "0.01" } }] }, "BILL"],
  ["M7", { type: "BUNDLE_PRICE", components: [{ products: { skuIds: ["S1"] }, qty: "1" }, { products: { skuIds: ["S2"] }, qty: "2" }], price: "99.00", repeat: true, maxSets: "3" }, "GROUP"],
  ["M8", { type: "QPS", basis: "NET_VALUE", period: "MONTH", method: "WHOLE", slabs: [{ from: "10000", reward: { percent: "0.01" } }] }, "ACCRUAL"],
  ["M8", { type: "QPS", basis: "NET_VALUE", period: "MONTH", method: "WHOLE", slabs: [{ from: "0.15", reward: { percent: "0.02" } }], growth: { minBase: "5000", floorBase: "8000" } }, "ACCRUAL"],
  ["M9", { type: "DISPLAY", amount: "500.00", period: "MONTH", audits: 4, passScore: "0.75", payout: "PRO_RATA" }, "ACCRUAL"],
  ["M10", { type: "CASH_DISCOUNT", terms: [{ days: 7, percent: "0.02" }, { days: 14, percent: "0.01" }] }, "ACCRUAL"],
  ["M11", { type: "PER_CASE_REBATE", amount: "12.00", unit: "CASE", cumulative: true, period: "MONTH" }, "ACCRUAL"],
  ["M12", { type: "POINTS", basis: "NET_VALUE", per: "100", points: "1", period: "MONTH" }, "ACCRUAL"],
];

const content = (mechanic: Content["mechanic"], stage: string): Content => ({
  code: "X", name: "X", principal: "SUN", validFrom: "2026-12-01", validTo: "2026-12-31", stage, mechanic, products: { categoryIds: ["C1"], excludedSkuIds: ["S3"], excludedBrandIds: ["B2"] },
  eligibility: { channels: ["GT"], firstOrderOnly: true, weekdays: [1, 7], dayparts: [{ from: "10:00", to: "12:30" }] }, stacking: "ADDITIVE", exclusionGroup: "SOAP", choice: "PRIORITY", priority: 7,
  principalShare: "0.7", claimable: true, claimRate: "PTR", settlement: stage === "ACCRUAL" ? "CREDIT_NOTE" : undefined, returnPolicy: "NONE",
  limits: { perInvoice: { amount: "500" }, perOutlet: { amount: "300", times: 1, period: "MONTH" }, total: { amount: "10000" }, whenCut: "FULL_LAST" },
});

describe("the scheme form", () => {
  it.each(written)("[SCH-04] [SCH-08] %s read and sent again is the same scheme: %o", (_code, mechanic, stage) => {
    const c = content(mechanic, stage);
    expect(diffOf(c, contentOf(formOf(c)))).toEqual([]);
  });

  it("[SCH-03] M2 sends the slabs of EX-07 in fractions, exactly, and nothing of the other mechanics", () => {
    const body = contentOf(base("WHOLE_SLAB", { slabs: [{ from: "12", value: "2" }, { from: "36", value: "4.25" }, { from: "", value: "" }], products: { ...EVERYTHING, skuIds: ["S1"] }, buy: "10", tax: "ZERO_PRICED" }))!;
    expect(body.mechanic).toEqual({ type: "WHOLE_SLAB", basis: "BASE_QTY", slabs: [{ from: "12", reward: { percent: "0.02" } }, { from: "36", reward: { percent: "0.0425" } }] });
    expect(body.products).toEqual({ skuIds: ["S1"] });
    expect(body.principalShare).toBe("1");
  });

  it("[SCH-04] what the form has no field for goes back as it came", () => {
    const c = { ...content({ type: "FREE_GOODS", buy: "10", get: "1", repeat: true, inside: false, tax: "ZERO_PRICED", ifShort: "REFUSE", buyUnit: "CASE" }, "FREE_GOODS"), newer: { x: 1 } };
    const again = contentOf(formOf(c))!;
    expect(again.newer).toEqual({ x: 1 });
    expect(again.mechanic.buyUnit).toBe("CASE");
  });

  it("[SCH-04] a slab on the value of the bill shows as such; another kind keeps goods, outlets and money", () => {
    expect(kindOf({ mechanic: { type: "WHOLE_SLAB", basis: "NET_VALUE" }, stage: "BILL" })).toBe("VALUE_SLAB");
    const other = withKind(base("DISCOUNT", { rewardValue: "5", principalSharePercent: "70", products: { ...EVERYTHING, brandIds: ["B1"] } }), "FREE_GOODS");
    expect([other.stage, other.principalSharePercent, other.products.brandIds]).toEqual(["FREE_GOODS", "70", ["B1"]]);
  });

  it("[SCH-04] slabs must rise, free goods need their tax mode (EX-11), shares stay in 0 to 100", () => {
    expect([...faultsOf(base("WHOLE_SLAB", { slabs: [{ from: "36", value: "2" }, { from: "12", value: "101" }] })).keys()]).toEqual(["/slabs/1/from", "/slabs/1/value"]);
    expect([...faultsOf(base("FREE_GOODS", { buy: "10", get: "1" })).keys()]).toEqual(["/tax"]);
    expect([...faultsOf(base("DISCOUNT", { rewardValue: "5", principalSharePercent: "120" })).keys()]).toEqual(["/principalSharePercent"]);
    expect([...faultsOf(base("COMBO", { rewardValue: "5", minDistinct: "1" })).keys()]).toEqual(["/minDistinct"]);
    expect([...faultsOf(base("DISCOUNT", { rewardValue: "5", asked: ["channels"] })).keys()]).toEqual(["/eligibility/channels"]);
    expect([...faultsOf(base("DISCOUNT", { rewardValue: "5" })).keys()]).toEqual([]);
  });

  it("[SCH-11] limits send only what is said, with the period of the outlet and the distributor", () => {
    const f = base("FREE_GOODS", { buy: "10", get: "1", tax: "ZERO_PRICED" });
    expect(contentOf(f)!.limits).toBeUndefined();
    f.limits.perOutlet = { amount: "300", freeQty: "20", times: "1", period: "MONTH" };
    f.limits.total = { amount: "10000", freeQty: "", times: "", period: "" };
    expect(contentOf(f)!.limits).toEqual({ perOutlet: { amount: "300", freeQty: "20", times: 1, period: "MONTH" }, total: { amount: "10000" }, whenCut: "PARTIAL" });
  });

  it("[UXP-01] faults of the server find their fields", () => {
    expect(placeOf("/mechanic/slabs/1/from")).toBe("/slabs/1/from");
    expect(placeOf("/content/mechanic/slabs/1/reward/percent")).toBe("/slabs/1/value");
    expect(placeOf("/principalShare")).toBe("/principalSharePercent");
    expect(placeOf("/limits/total/amount")).toBe("/limits/total/amount");
    expect(placeOf("/products/skuIds/0")).toBe("/products");
    expect(placeOf("/mechanic/tax")).toBe("/tax");
  });
});

describe("entering goods and slabs", () => {
  it("[SCH-19] a set adds categories, brands and articles and takes exceptions out; nothing named is everything of the principal", () => {
    const codes = (part: Partial<typeof EVERYTHING>) => membersOf({ ...EVERYTHING, ...part }, goods, "SUN").map((s) => s.code);
    expect(codes({})).toEqual(["S1", "S2", "S3"]);
    expect(codes({ categoryIds: ["C1"], skuIds: ["S2"] })).toEqual(["S1", "S2"]);
    expect(codes({ brandIds: ["B1"], excludedSkuIds: ["S3"] })).toEqual(["S1"]);
    expect(codes({ excludedBrandIds: ["B1"] })).toEqual(["S2"]);
  });

  it("[UXP-01] cells and codes from a sheet are read with their grouping and signs", () => {
    expect(cellsIn("12\t2 %\r\n36\t4%\n1,44,000\t₹5\n")).toEqual([["12", "2"], ["36", "4"], ["144000", "5"]]);
    expect(cellsIn("12")).toBeNull();
    expect(pasted([{ from: "1", value: "1" }], ["from", "value"], { row: 0, column: 0 }, [["12", "2"], ["36", "4"]])).toEqual([{ from: "12", value: "2" }, { from: "36", value: "4" }]);
    expect(codesIn("S1\nS2\r\nS1, S3")).toEqual(["S1", "S2", "S3"]);
  });
});

describe("differences in words", () => {
  it("[GOV-03] numbers that are the same, and lists in another order, do not differ", () => {
    expect(diffOf({ a: "0.70", l: ["x", "y"], n: null }, { a: "0.7", l: ["y", "x"] })).toEqual([]);
    expect(diffOf({ m: { slabs: [{ from: "12" }] } }, { m: { slabs: [{ from: "24" }, { from: "36" }] } }).map((d) => [d.path, d.before, d.after])).toEqual([["/m/slabs/0/from", "12", "24"], ["/m/slabs/1/from", null, "36"]]);
    expect(cameAndWent(["a", "b"], ["b", "c"])).toEqual({ came: ["c"], went: ["a"] });
  });
});

describe("the calendar", () => {
  it("[SCH-12] schemes meet when days, goods and outlets do", () => {
    const view = (id: number, part: Partial<SchemeView>, eligibility = {}, products = {}): SchemeView => ({ id, version: 1, code: String(id), name: "", mechanic: "M1", principalId: 1, principal: "SUN", validFrom: "2026-12-01", validTo: "2026-12-31", status: "ACTIVE", createdAt: "", scheme: { ...content({ type: "DISCOUNT" }, "LINE"), eligibility, products }, ...part });
    const all = [view(1, {}, { channels: ["GT"] }, { skuIds: ["S1"] }), view(2, {}, { channels: ["MT"] }, { skuIds: ["S1"] }), view(3, { validFrom: "2026-12-31", validTo: "2027-01-10" }, {}, { brandIds: ["B1"] }), view(4, { validFrom: "2027-01-01", validTo: "2027-01-31" }, {}, {}), view(5, {}, {}, { skuIds: ["S2"] })];
    const found = overlaps(all, goods);
    expect([...found].map(([id, with_]) => [id, [...with_]])).toEqual([[1, [3]], [2, [3]], [3, [1, 2, 4]], [4, [3]], [5, []]]);
    expect(monthsFrom("2026-11", 3)).toEqual(["2026-11-01", "2026-12-01", "2027-01-01", "2027-02-01"]);
  });
});

describe("the try-out", () => {
  const book: Book = { validFrom: 20000, validTo: 20100, principals: [{ id: "1", code: "SUN" }], skus: [], schemes: [{ id: "5", code: "CODE-1" }, { id: "6", code: "OTHER" }] };

  it("[SCH-08] puts the scheme into the book with ids, for the book's own days and seller, in place of its older version", () => {
    const c = contentOf(base("FREE_GOODS", { buy: "10", get: "1", tax: "ZERO_PRICED", rewardSkus: ["S2"], products: { ...EVERYTHING, brandIds: ["B1"], excludedSkuIds: ["S3"] }, asked: ["distributorIds", "channels"], lists: { ...newForm().lists, distributorIds: ["KT"], channels: ["GT"] } }))!;
    const scheme = engineScheme(c, book, goods)!;
    expect(scheme).toMatchObject({ id: TRIAL, version: 1, principalId: "1", validFrom: 20000, validTo: 20100, products: { brandIds: ["10"], excludedSkuIds: ["3"] }, eligibility: { channels: ["GT"] }, mechanic: { rewardSkuId: "2" } });
    expect(scheme.eligibility).not.toHaveProperty("distributorIds");
    expect(bookWith(book, scheme, false).schemes.map((s) => s.id)).toEqual(["6", TRIAL]);
    expect(bookWith(book, scheme, true).schemes.map((s) => s.id)).toEqual([TRIAL]);
  });

  it("[SCH-09] a scheme for warehouses is written with their distributors' codes, read back the same, and tried out as if met", () => {
    const c = contentOf(base("DISCOUNT", { rewardValue: "5", asked: ["distributorIds", "warehouseIds"], lists: { ...newForm().lists, distributorIds: ["KT"], warehouseIds: ["KT:CITY"] } }))!;
    expect(c.eligibility).toEqual({ distributorIds: ["KT"], warehouseIds: ["KT:CITY"] });
    expect(formOf(c).asked).toEqual(["distributorIds", "warehouseIds"]);
    expect(engineScheme(c, book, goods)!.eligibility).toEqual({});
    expect([...faultsOf(base("DISCOUNT", { rewardValue: "5", asked: ["distributorIds", "warehouseIds"], lists: { ...newForm().lists, distributorIds: ["KT"] } })).keys()]).toContain("/eligibility/warehouseIds");
    const view = (id: number, eligibility: NonNullable<Content["eligibility"]>): SchemeView => ({ id, version: 1, code: String(id), name: "", mechanic: "M1", principalId: 1, principal: "SUN", validFrom: "2026-12-01", validTo: "2026-12-31", status: "ACTIVE", createdAt: "", scheme: { ...c, products: {}, eligibility } });
    const met = overlaps([view(1, { distributorIds: ["KT"], warehouseIds: ["KT:CITY"] }), view(2, { distributorIds: ["KT"], warehouseIds: ["KT:MAIN"] }), view(3, { distributorIds: ["KT"] })], goods);
    expect([...met].map(([id, with_]) => [id, [...with_]])).toEqual([[1, [3]], [2, [3]], [3, [1, 2]]]);
  });

  it("[SCH-07] periods have the engine's keys", () => {
    expect(["MONTH", "QUARTER", "YEAR", "FISCAL_YEAR", "SCHEME"].map((p) => periodKey(p, "2027-02-10"))).toEqual(["2027-02", "2027-Q1", "2027", "FY2026", "S"]);
  });
});
