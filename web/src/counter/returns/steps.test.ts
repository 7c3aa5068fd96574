import { describe, expect, it } from "vitest";
import type { Command } from "../../offline/types";
import type { ReturnView } from "./api";
import { asItStands, inspectedEffects, onTheWay, rowAsItStands, rowOf, type StepKind } from "./steps";

const line = { line: 1, originalLine: 1, originalPart: 1, free: false, skuId: 5, skuCode: "S5", skuName: "Soap", unit: "PCS", mrp: "40.00", batchId: "b1", batchNo: "A1", expiresOn: null, qty: "4", received: null, unitPrice: "30", condition: "SALEABLE", buckets: [] };
const view = { id: "r", status: "APPROVED", version: 3, warehouseId: "w1", lines: [line] } as unknown as ReturnView;
const command = (seq: number, kind: StepKind, state: Command["state"], body: object = {}, document?: object): Command => ({ id: `c${seq}`, seq, kind, state, businessDate: "2026-11-26", at: "", tries: 0, summary: { kind }, body: { returnId: "r", ...body }, ...(document ? { document } : {}) });

describe("the steps of a return on their way", () => {
  const placed = [{ line: 1, buckets: [{ bucket: "SALEABLE", qty: "3" }, { bucket: "DAMAGED", qty: "1" }] }];

  it("[OFF-01] show at once what they will make of it, in their order, and wait for each other", () => {
    const steps = [command(2, "return-inspection", "WAITS", { lines: placed }), command(1, "return-receipt", "SENDING")];
    const now = asItStands(view, steps);
    expect([now.status, now.lines[0]!.received, now.lines[0]!.buckets.length]).toEqual(["INSPECTED", "4", 2]);
    expect(onTheWay(view, steps).map((c) => c.id)).toEqual(["c2", "c1"]);
    expect(asItStands(view, [command(1, "return-receipt", "WAITING", { lines: [{ line: 1, qty: "2" }] })]).lines[0]!.received).toBe("2");
  });

  it("[OFF-04] a refused step has changed nothing, and what the server said last counts", () => {
    expect(asItStands(view, [command(1, "return-receipt", "NEEDS_YOU")]).status).toBe("APPROVED");
    const credited = { ...view, status: "CREDITED", version: 6, creditNoteNumber: "CN/1" };
    expect(asItStands(view, [command(1, "return-receipt", "ACCEPTED", {}, { ...view, status: "RECEIVED", version: 4 }), command(3, "return-credit", "ACCEPTED", {}, credited)])).toEqual(credited);
    expect(asItStands({ ...view, version: 9 }, [command(3, "return-credit", "ACCEPTED", {}, credited)]).status).toBe("APPROVED");
  });

  it("[OFF-01] a row of the list says what the return says: own steps at once, the server's word where it is newer than the list", () => {
    const row = rowOf({ ...view, reference: "RET/1", value: "60.00", credited: null, creditNoteNumber: null, flags: [] });
    expect(rowAsItStands(row, [command(1, "return-receipt", "SENDING"), command(2, "return-inspection", "WAITS", { lines: placed })], 1_000).status).toBe("INSPECTED");
    expect(rowAsItStands(row, [command(1, "return-receipt", "NEEDS_YOU")], 1_000)).toBe(row);
    const credited = { ...view, status: "CREDITED", version: 6, reference: "RET/1", value: "60.00", creditNoteNumber: "CN/1", credited: "59.00" };
    const accepted = { ...command(3, "return-credit", "ACCEPTED", {}, credited), settledAt: 2_000 };
    expect([rowAsItStands(row, [accepted], 1_000)].map((r) => [r.status, r.creditNumber, r.credited])).toEqual([["CREDITED", "CN/1", "59.00"]]);
    // the list was asked for after that: what it says is the newest
    expect(rowAsItStands({ ...row, status: "CANCELLED" }, [accepted], 3_000).status).toBe("CANCELLED");
  });

  it("[STK-29] what goes back for sale is for sale here at once", () => {
    expect(inspectedEffects(view, placed)).toEqual([{ batchId: "b1", warehouseId: "w1", qty: "-3" }]);
  });
});
