import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { InvoiceView } from "../../api/documents";
import { LocalStore, uuidv7 } from "../../offline/db";
import { NoNumber, enqueue, settle, takeBack } from "../../offline/outbox";
import { replaceGroup } from "../../offline/snapshot";
import type { Context, Lease } from "../../offline/types";
import type { Decision, RulesCommand } from "../../rules";
import { available } from "../workspace";
import { asRequest, isNote, keptBill, leftOf, noteOf, type KeptBill, type Note, type NotHere } from "./credit";

let store: LocalStore;
let count = 0;
beforeEach(async () => {
  store = new LocalStore(`credit-${count++}`);
  await store.open();
  await store.lease.put({ documentType: "CREDIT_NOTE", fiscalYear: 2026, series: "D1C26/", width: 5, next: 7, max: 8, state: "ACTIVE", validFrom: "2026-04-01", validTo: "2027-03-31" } satisfies Lease);
});
afterEach(() => store.delete());

const context = {
  distributor: { id: 7, code: "D1", name: "Kesar", stateCode: "27" }, warehouses: [{ id: "w1", code: "W", name: "W" }], principals: [], businessDate: "2026-11-26", currency: { code: "INR", scale: 2 }, series: [], policy: {},
  offlineIssue: { b2c: "YES", b2b: "NO", windowHours: null },
} as Context;
const outlet = { id: "o1", code: "O1", name: "Anand Stores", gstin: null, registration: "UNREGISTERED", stateCode: "27" };
const line = { line: 1, part: 1, skuId: 31, skuCode: "S1", skuName: "Soap", mrp: "40.00", qty: "12", unitPrice: "34.63", taxable: "415.56", taxRate: "0.05", cgst: "10.39", sgst: "10.39", igst: "0.00", total: "436.34", schemeDiscount: "0.00",
  batches: [{ batchId: "b1", batchNo: "A1", expiresOn: "2027-09-01", qty: "5" }, { batchId: "b2", batchNo: "A2", expiresOn: "2027-10-01", qty: "7" }] };
const bill = (more: object = {}, lineMore: object = {}) => ({
  id: "i1", number: "D1A26/00042", businessDate: "2026-11-20", postedAt: null, paymentMode: "CREDIT", distributorId: 7, principalId: 3, warehouseId: "w1", outlet, lines: [{ ...line, ...lineMore }], freeLines: [], totals: { payable: "436.00" }, ...more,
}) as unknown as InvoiceView;
const put = (view: InvoiceView, more: object = {}) => store.paper.put({ id: view.id, outletId: "o1", businessDate: view.businessDate, view: { ...view, ...more }, keptAt: 1_000 });

/** Decides as the rules do where nothing but quantity, price and one rate matter. */
let asked: RulesCommand[] = [];
const rules = (rate = "0.05") => ({
  hash: "book", decide: (command: RulesCommand): Decision => {
    asked.push(command);
    const paise = command.lines.map((l) => Math.round(Number(l.qty) * Number(l.manualPrice) * 100));
    const taxable = (paise.reduce((a, b) => a + b, 0) / 100).toFixed(2);
    const half = (paise.reduce((a, b) => a + b, 0) * Number(rate) / 200).toFixed(2);
    return {
      outcome: "DECIDED", placeOfSupply: "27", interState: false, freeLines: [], taxes: [], schemes: [], credit: null, warnings: [], trace: [],
      lines: command.lines.map((l, i) => ({ line: l.line, part: 1, skuId: l.skuId, mrp: "40.00", batches: [{ batchId: l.batchId ?? null, batchNo: "A", expiresOn: null, qty: l.qty }], qty: l.qty, unitPrice: l.manualPrice ?? "0", gross: "0", benefits: [], schemeDiscount: "0.00", manualDiscount: "0.00",
        taxable: (paise[i]! / 100).toFixed(2), hsn: "3401", taxRate: rate, cgst: "0.00", sgst: "0.00", igst: "0.00", cess: "0.00", total: "0.00" })),
      totals: { gross: taxable, schemeDiscount: "0.00", manualDiscount: "0.00", taxable, cgst: half, sgst: half, igst: "0.00", cess: "0.00", rounding: "0.00", payable: (Number(taxable) + 2 * Number(half)).toFixed(2) },
    };
  },
});
const how = (more: object = {}) => ({ id: uuidv7(), context, distributorId: 7, rules: rules(), reason: { code: "SHORT_EXPIRY", title: "Short expiry" }, note: "", at: "2026-11-26T09:00:00Z", reached: false, ...more });
const units = (qty: string, condition = "") => [{ line: 1, part: 1, qty, condition }];

async function write(kept: KeptBill, qty: string): Promise<Note & { id: string }> {
  const own = how();
  const made = noteOf(kept, units(qty), own) as Note;
  const summary = { kind: "credit-note" as const, outletId: "o1", total: made.payable };
  await enqueue(store, {
    id: own.id, kind: "credit-note", businessDate: context.businessDate, body: made.body, view: made.view, summary, effects: made.effects, decided: made.decided, waitsFor: kept.waitsFor,
    take: { documentType: "CREDIT_NOTE", write: (text, number) => ({ view: { ...made.view, number: text, series: number.series }, summary: { ...summary, number: text } }) },
  });
  return { ...made, id: own.id };
}

describe("a credit note without the server", () => {
  it("[OFF-01] [OFF-03] goes back into the bill's batches in their order, at its net price and its day's tax, under the device's own number, stock and dues at once", async () => {
    await put(bill());
    const made = await write((await keptBill(store, "i1"))!, "6");
    expect((made.body as { lines: object[] }).lines).toEqual([
      { line: 1, skuId: 31, qty: "5", unitPrice: "34.630000", batchId: "b1" }, { line: 2, skuId: 31, qty: "1", unitPrice: "34.630000", batchId: "b2" },
    ]);
    expect(asked.at(-1)).toMatchObject({ businessDate: 20777, paymentMode: "CREDIT", lines: [{ manualPrice: "34.630000", batchId: "b1" }, {}] });
    const command = (await store.command.get(made.id))!;
    expect([command.number, command.summary.number, (command.view as InvoiceView).number, command.decided?.payable]).toEqual([{ series: "D1C26/", number: 7 }, "D1C26/00007", "D1C26/00007", made.payable]);
    expect((command.view as InvoiceView).tax?.original).toEqual({ number: "D1A26/00042", businessDate: "2026-11-20" });
    expect((await store.lease.get("D1C26/"))!.next).toBe(8);
    const batches = available([{ id: "b1", skuId: 31, warehouseId: "w1", saleable: "2", reserved: "0", damaged: "0", expired: "0", quarantine: "0", batchNo: "A1", mrp: "40.00" }], await store.effect.toArray());
    expect(batches.get(31)![0]!.saleable).toBe("7");
    expect((await store.effect.where("outletId").equals("o1").toArray()).map((e) => e.amount)).toEqual([`-${made.payable}`]);
  });

  it("[PX-41] counts what came back before: told by the server, asked for here, credited here; the next goes on in the batches where the last ended", async () => {
    await put(bill(), { returned: [{ line: 1, part: 1, qty: "2" }] });
    await write((await keptBill(store, "i1"))!, "4");
    await enqueue(store, { id: "r1", kind: "return-request", businessDate: context.businessDate, body: { originalId: "i1", lines: [{ originalLine: 1, originalPart: 1, qty: "3" }] }, summary: { kind: "return-request" } });
    const kept = (await keptBill(store, "i1"))!;
    expect(leftOf(kept, kept.view.lines[0]!)).toBe("3");
    expect(noteOf(kept, units("4"), how())).toEqual({ rule: "PX-41", why: "tooMuch", line: 1, values: { left: "3" } });
    const next = noteOf(kept, units("3"), how()) as Note;
    expect((next.body as { lines: { batchId: string; qty: string }[] }).lines.map((l) => [l.batchId, l.qty])).toEqual([["b2", "3"]]);
    // once the server has told of it, it is not counted a second time; what is taken back counts no more
    const [note] = await store.command.where("id").notEqual("r1").toArray();
    await settle(store, { id: note!.id, outcome: "ACCEPTED", document: note!.view });
    await replaceGroup(store, "later", { head: { group: "later", full: false, cursor: "c", asOf: "2026-11-26T10:00:00Z" }, rows: new Map([["paper", [{ k: "i1", r: { ...bill(), returned: [{ line: 1, part: 1, qty: "6" }] } }]]]), gone: new Map(), count: 1, bytes: 1 }, null, Date.now() + 1_000);
    expect(leftOf((await keptBill(store, "i1"))!, kept.view.lines[0]!)).toBe("3");
    await takeBack(store, "r1", "no");
    expect(leftOf((await keptBill(store, "i1"))!, kept.view.lines[0]!)).toBe("6");
  });

  it.each<[string, object, object, string, Partial<NotHere>]>([
    ["a line that a scheme gave something on", {}, { schemes: [{ schemeId: 9 }] }, "", { rule: "PX-41", why: "schemes", line: 1 }],
    ["a line this device discounted by a scheme", {}, { benefits: [{ schemeId: "9" }] }, "", { rule: "PX-41", why: "schemes" }],
    ["a bill with free goods", { freeLines: [{ ...line, free: true }] }, {}, "", { rule: "PX-41", why: "schemes" }],
    ["a buyer whose note needs the tax portal", { outlet: { ...outlet, gstin: "27ABCDE1234F1Z0", registration: "REGULAR" } }, {}, "", { rule: "OFF-04", why: "irn" }],
    ["goods that somebody has to look at", {}, {}, "DAMAGED", { rule: "PX-41", why: "condition", line: 1 }],
    ["a tax that is not the bill's any more", {}, { taxRate: "0.12" }, "", { rule: "IN-22", why: "tax" }],
  ])("[OFF-01] is refused for %s, by rule", async (_name, more, lineMore, condition, no) => {
    await put(bill(more, lineMore));
    const made = noteOf((await keptBill(store, "i1"))!, units("1", condition), how());
    expect(isNote(made)).toBe(false);
    expect(made).toMatchObject(no);
  });

  it("[OFF-01] is refused for a bill that is cancelled or on its way to be", async () => {
    await put(bill());
    await enqueue(store, { id: "c1", kind: "cancel-invoice", businessDate: context.businessDate, body: { id: "i1", reason: "wrong shop" }, summary: { kind: "cancel-invoice" } });
    expect(noteOf((await keptBill(store, "i1"))!, units("1"), how())).toMatchObject({ rule: "PX-41", why: "cancelled" });
  });

  it("[OFF-03] [OFF-05] against a bill that is still in the queue it waits for that bill; without numbers nothing is written; refused it can be asked for as a return", async () => {
    await store.lease.put({ documentType: "INVOICE", fiscalYear: 2026, series: "D1A26/", width: 5, next: 42, max: 99, state: "ACTIVE", validFrom: "2026-04-01", validTo: "2027-03-31" });
    await enqueue(store, { id: "i1", kind: "invoice", businessDate: "2026-11-26", body: { warehouseId: "w1" }, summary: { kind: "invoice", outletId: "o1" }, take: { documentType: "INVOICE", write: (text) => ({ view: bill({ number: text, warehouseId: undefined }) }) } });
    const kept = (await keptBill(store, "i1"))!;
    const first = await write(kept, "1");
    expect((await store.command.get(first.id))!.waitsFor).toEqual(["i1"]);
    expect((first.body as { warehouseId: string }).warehouseId).toBe("w1");
    await write((await keptBill(store, "i1"))!, "1");
    await expect(write((await keptBill(store, "i1"))!, "1")).rejects.toThrow(NoNumber);
    expect(await store.command.where("state").equals("WAITING").count()).toBe(3);
    await settle(store, { id: first.id, outcome: "REFUSED", problem: { code: "QUANTITY_INVALID" } });
    const refused = (await store.command.get(first.id))!;
    expect(asRequest(refused, "r9", "2026-11-26").body).toMatchObject({ id: "r9", originalId: "i1", reason: "SHORT_EXPIRY", lines: [{ originalLine: 1, originalPart: 1, skuId: 31, qty: "1" }] });
    await takeBack(store, first.id, "asked for as a return instead");
    expect((await store.command.toArray()).find((c) => c.kind === "void-number")!.body).toMatchObject({ documentType: "CREDIT_NOTE", number: 7 });
  });
});
