import { describe, expect, it } from "vitest";
import type { Outlet } from "../../offline/types";
import { commandOf, effectsOf, lackingOf, minuteOfDay, type Ground } from "./decide";
import type { Bill } from "./entry";
import type { Decided } from "../../rules";

const outlet = (more: Partial<Outlet>): Outlet => ({ id: "o1", code: "O1", name: "Anand Stores", status: "ACTIVE", credit: [], ...more });
const sku = { id: 31, code: "S1", name: "Neem soap", principalId: 3, baseUnit: "PCS", units: [], gtins: [], aliases: [] };
const bill = { id: "b1", outletId: "o1", saleType: "COUNTER", paymentMode: "CASH", lines: [{ skuId: 31, qty: "10" }] } as unknown as Bill;
const ground = (of: Partial<Outlet>, more: Partial<Ground> = {}): Ground => ({
  context: { businessDate: "2026-11-26", distributor: { stateCode: "27" }, principals: [{ id: 3 }], territories: ["PUNE", "WEST"] } as unknown as Ground["context"], outlet: outlet(of), credit: undefined, skus: new Map([[31, sku]]), batches: new Map(), warehouseId: "w1", ...more,
});
const asked = (g: Ground) => commandOf(bill, g, { rewardSkuIds: new Set<string>() } as never, "INVOICE").outlet;

describe("what schemes ask of an outlet beside its master", () => {
  it("[SCH-10] says nothing where no scheme asks", () => {
    expect(asked(ground({}, { context: { businessDate: "2026-11-26", distributor: { stateCode: "27" }, principals: [{ id: 3 }] } as unknown as Ground["context"] }))).not.toHaveProperty("firstOrder");
    expect(asked(ground({}))).toMatchObject({ territories: ["PUNE", "WEST"] });
    expect(asked(ground({}))).not.toHaveProperty("mslCompliant");
  });

  it("[SCH-10] an outlet keeps its must-sell list once nothing is missing, this device's own bills taken in", () => {
    const lacks = { msl: [{ principalId: 3, missing: [31, 32] }] };
    expect(asked(ground(lacks)).mslCompliant).toBeUndefined();
    expect(lackingOf(ground(lacks, { bought: [{ outletId: "o1", principalId: 3, skuIds: [31] }] }), 3)).toEqual([32]);
    expect(asked(ground(lacks, { bought: [{ outletId: "o1", principalId: 3, skuIds: [31, 32] }] })).mslCompliant).toBe(true);
    expect(asked(ground({ msl: [{ principalId: 3, missing: [] }] })).mslCompliant).toBe(true);
    expect(asked(ground({ msl: [{ principalId: 4, missing: [] }] })).mslCompliant, "another principal's list").toBeUndefined();
  });

  it("[SCH-10] tells the time of day at the distributor where a scheme asks, on a bill of today", () => {
    expect(minuteOfDay("Asia/Kolkata", new Date("2026-11-26T18:45:00Z"))).toBe(15);
    expect(minuteOfDay("Africa/Nairobi", new Date("2026-11-26T06:30:00Z"))).toBe(570);
    const command = (of: Bill, more: Partial<Ground>) => commandOf(of, ground({}, more), { rewardSkuIds: new Set<string>() } as never, "INVOICE");
    expect(command(bill, {})).not.toHaveProperty("minuteOfDay");
    expect(command(bill, { dayparts: true }).minuteOfDay).toBeGreaterThanOrEqual(0);
    expect(command({ ...bill, businessDate: "2026-11-25" }, { dayparts: true })).not.toHaveProperty("minuteOfDay");
  });

  it("[SCH-09] tells from where the goods leave where a scheme asks, as the server takes it", () => {
    const command = (more: Partial<Ground>) => commandOf(bill, ground({}, more), { rewardSkuIds: new Set<string>() } as never, "INVOICE");
    expect(command({})).not.toHaveProperty("warehouseId");
    expect(command({ warehouses: true }).warehouseId).toBe("w1");
    expect(command({ warehouses: true, warehouseId: "w2" }).warehouseId).toBe("w2");
  });

  it("[SCH-10] a first order is the first of the principal, and a bill of this device ends it", () => {
    expect(asked(ground({ billed: [] })).firstOrder).toBe(true);
    expect(asked(ground({ billed: [3] })).firstOrder).toBeUndefined();
    const own = effectsOf(bill, { totals: { payable: "100.00" } } as unknown as Decided, "o1", 3).flatMap((e) => (e.bought ? [e.bought] : []));
    expect(own).toEqual([{ outletId: "o1", principalId: 3, skuIds: [31] }]);
    expect(asked(ground({ billed: [] }, { bought: own })).firstOrder).toBeUndefined();
  });
});
