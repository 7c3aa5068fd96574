import { describe, expect, it } from "vitest";
import type { Effect, LimitRow } from "../../offline/types";
import type { BookScheme, Decided } from "../../rules";
import { periodKey, schemeEffectOf, standingOf } from "./standing";

const scheme = (more: Partial<BookScheme>): BookScheme => ({
  id: "31", version: 1, code: "LIMITED", name: "Limited", principalId: "1", stage: "LINE", mechanic: { type: "DISCOUNT", reward: { percent: "0.04" } }, products: {}, principalShare: "1", validFrom: 20000, validTo: 30000, ...more,
});
const limited = scheme({ limits: { perOutlet: { amount: "100.00", times: 5, period: "MONTH" }, perDistributor: { amount: "500.00" } } });
const nothing = { limits: [], accruals: [] };
const row = (more: Partial<LimitRow>): LimitRow => ({ schemeId: "31", scope: "OUTLET", outletId: "o1", period: "2026-11", amount: "44.59", freeQty: null, times: 4, ...more });
const effect = (outletId: string, amount: string, period = "2026-11"): Effect => ({
  key: `${outletId}/${amount}`, commandId: "c", scheme: { outletId, accruals: [], limits: [{ schemeId: "31", scope: "OUTLET", period, amount, freeQty: "0", times: 1 }, { schemeId: "31", scope: "DISTRIBUTOR", period: "S", amount, freeQty: "0", times: 1 }] },
});

describe("what limits have left at a counter", () => {
  it("[SCH-29] names the period as the rules do", () => {
    expect(["MONTH", "QUARTER", "YEAR", "FISCAL_YEAR", "SCHEME", null].map((p) => periodKey(p, "2026-03-31"))).toEqual(["2026-03", "2026-Q1", "2026", "FY2025", "S", "S"]);
    expect(periodKey("FISCAL_YEAR", "2026-04-01")).toBe("FY2026");
  });

  it("[SCH-29] gives no row for what nobody touched, and the server's for what it told", () => {
    expect(standingOf([limited], nothing, [], { id: "o1" }, "2026-11-26")).toEqual({ limits: [], cumulated: [] });
    const told = { limits: [row({}), row({ outletId: "o2", amount: "1.00" }), row({ scope: "DISTRIBUTOR", outletId: null, period: "S", amount: "444.59", times: null }), row({ period: "2026-10", amount: "7.00" })], accruals: [] };
    expect(standingOf([limited], told, [], { id: "o1" }, "2026-11-26").limits).toEqual([
      { schemeId: "31", scope: "OUTLET", period: "2026-11", amount: "44.59", freeQty: null, times: 4 }, { schemeId: "31", scope: "DISTRIBUTOR", period: "S", amount: "444.59", freeQty: null, times: null },
    ]);
    // a bill dated back into October has October's limit
    expect(standingOf([limited], told, [], { id: "o1" }, "2026-10-31").limits[0]).toMatchObject({ period: "2026-10", amount: "7.00" });
  });

  it("[SCH-29] takes off what this device billed and the server has not counted yet", () => {
    const limits = standingOf([limited], { limits: [row({})], accruals: [] }, [effect("o1", "40.00"), effect("o1", "10.00"), effect("o2", "5.00"), effect("o1", "9.00", "2026-10")], { id: "o1" }, "2026-11-26").limits;
    expect(limits).toEqual([
      { schemeId: "31", scope: "OUTLET", period: "2026-11", amount: "0.00", freeQty: null, times: 2 },
      { schemeId: "31", scope: "DISTRIBUTOR", period: "S", amount: "436.00", freeQty: null, times: null },
    ]);
  });

  it("[SCH-29] adds its own bills to the period the server told of", () => {
    const qps = scheme({ id: "40", stage: "ACCRUAL", mechanic: { type: "QPS", basis: "NET_VALUE", period: "MONTH", slabs: [] } });
    const told = { limits: [], accruals: [{ schemeId: "40", outletId: "o1", period: "2026-11", counted: "12012.00", value: "12012.00", accrued: "120.12", growthBase: null }] };
    const decided = { accruals: [{ schemeId: "40", schemeVersion: 1, code: "QPS", kind: "QPS", period: "2026-11", unit: "MONEY", counted: "7980.00", value: "7980.00", amount: "79.80", accrued: "199.92" }] } as unknown as Decided;
    const own: Effect = { key: "c/0", commandId: "c", scheme: schemeEffectOf(decided, "o1")! };
    const cumulated = standingOf([qps], told, [own], { id: "o1" }, "2026-11-26").cumulated;
    expect(cumulated).toEqual([{ schemeId: "40", period: "2026-11", counted: "19992.00", value: "19992.00", accrued: "199.92" }]);
    expect(standingOf([qps], told, [own], { id: "o2" }, "2026-11-26").cumulated).toEqual([]);
    expect(schemeEffectOf({ limits: [], accruals: [] } as unknown as Decided, "o1")).toBeUndefined();
  });
});
