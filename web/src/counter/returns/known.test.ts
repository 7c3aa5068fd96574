import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalStore } from "../../offline/db";
import { enqueue, settle } from "../../offline/outbox";
import { replaceGroup } from "../../offline/snapshot";
import type { Context } from "../../offline/types";
import type { Decision, RulesCommand } from "../../rules";
import type { BillLine, Creditable, ReturnView } from "./api";
import { isNote, noteOf } from "./credit";
import { faultOf, knownOf, lineOf, refreshed, saidOf, type Line } from "./known";

let store: LocalStore;
let count = 0;
beforeEach(async () => {
  store = new LocalStore(`known-${count++}`);
  await store.open();
});
afterEach(() => store.delete());

const line = (n: number, more: object = {}) => ({ line: n, part: 1, skuId: 30 + n, skuCode: `S${n}`, skuName: `Soap ${n}`, mrp: "40.00", qty: "12", unitPrice: "34.63", taxable: "415.56", taxRate: "0.05", total: "436.34", schemeDiscount: "0.00", batches: [{ batchId: `b${n}`, batchNo: "A1", qty: "12" }], ...more });
const bill = (more: object = {}) => ({ id: "i1", number: "D1A26/00042", businessDate: "2026-11-20", paymentMode: "CREDIT", distributorId: 7, principalId: 3, warehouseId: "w1", outlet: { id: "o1", code: "O1", name: "Anand", gstin: null, registration: "UNREGISTERED", stateCode: "27" }, lines: [line(1), line(2)], freeLines: [] as object[], totals: { payable: "872.00" }, ...more });
/** A pull that tells of the bill, and what came back of it. */
const pull = (returned?: object[], asOf = "2026-11-26T10:00:00Z", at = 5_000) => replaceGroup(store, "later", { head: { group: "later", full: false, cursor: "c", asOf }, rows: new Map([["paper", [{ k: "i1", r: { ...bill(), ...(returned ? { returned } : {}) } }]]]), gone: new Map(), count: 1, bytes: 1 }, null, at);
const ask = (id: string, qty: string, n = 1) => enqueue(store, { id, kind: "return-request", businessDate: "2026-11-26", body: { originalId: "i1", lines: [{ originalLine: n, originalPart: 1, qty }] }, summary: { kind: "return-request" } });
const other = (id: string, more: Partial<ReturnView>) => store.set(`returns.one.${id}`, { at: 9_000, value: { id, originalId: "i1", status: "REQUESTED", requestedAt: "2026-11-26T11:00:00Z", lines: [{ originalLine: 2, originalPart: 1, qty: "5", buckets: [] }], ...more } });
const said = (lines: Partial<BillLine>[], at: number, more: Partial<Creditable> = {}) => store.set("returns.bill.i1", { at, value: { invoice: { id: "i1", number: "D1A26/00042", businessDate: "2026-11-20", principalId: 3, warehouseId: "w1", outlet: { id: "o1", name: "Anand" } }, cancelled: false, delivered: true, lines, ...more } });
const left = async () => (await knownOf(store, "i1"))!.creditable.lines.map((l) => l.left);

describe("what of a bill may come back, as this device knows it", () => {
  it("[OFF-01] is the kept bill less what the pull told, less what this device asked since, without asking anybody", async () => {
    expect(await knownOf(store, "i1")).toBeUndefined();
    await pull([{ line: 1, part: 1, qty: "2" }]);
    expect(await left()).toEqual(["10", "12"]);
    await ask("r1", "3");
    expect(await left()).toEqual(["7", "12"]);
    // the next pull has counted it
    await settle(store, { id: "r1", outcome: "ACCEPTED", document: {} });
    expect(await left()).toEqual(["7", "12"]);
    await pull([{ line: 1, part: 1, qty: "5" }], "2026-11-26T12:00:00Z", Date.now() + 1_000);
    expect(await left()).toEqual(["7", "12"]);
    // what was asked for and then rejected by the owner is free again with the pull that tells so
    await pull(undefined, "2026-11-26T13:00:00Z", Date.now() + 2_000);
    expect(await left()).toEqual(["12", "12"]);
  });

  it("[OFF-01] counts what others asked for after the last pull, of the open returns that are kept here, and not what went home again", async () => {
    await pull();
    await other("x1", {});
    await other("x2", { status: "REJECTED" });
    await other("x3", { requestedAt: "2026-11-26T09:59:59Z" });
    await other("x4", { lines: [{ originalLine: 1, originalPart: 1, qty: "4", buckets: [{ bucket: "BACK", qty: "1" }] }] as ReturnView["lines"] });
    expect(await left()).toEqual(["9", "7"]);
  });

  it("[OFF-01] takes the server's last answer where it is newer, less what was written since; a bill that is not kept is known by that answer alone", async () => {
    const lines: Partial<BillLine>[] = [{ line: 1, part: 1, sold: "12", left: "6", unitPrice: "34.63", free: false }, { line: 2, part: 1, sold: "12", left: "12", unitPrice: "34.63", free: false }, { line: 3, part: 1, sold: "1", left: "1", unitPrice: "0", free: true }];
    await said(lines, 6_000);
    expect(await left()).toEqual(["6", "12", "1"]);
    await pull([{ line: 1, part: 1, qty: "2" }]);
    expect(await left()).toEqual(["6", "12", "1"]);
    await ask("r1", "4");
    expect(await left()).toEqual(["2", "12", "1"]);
    expect((await saidOf(store, "i1"))!.creditable.lines[0]!.left).toBe("2");
    // a pull that came later knows better what came back; the free goods stay the answer's
    await store.command.clear();
    await pull([{ line: 1, part: 1, qty: "1" }], "2026-11-26T12:00:00Z", 7_000);
    expect(await left()).toEqual(["11", "12", "1"]);
  });

  it("[OFF-01] numbers free goods after the last line as the server does, and only where the server posted the bill", async () => {
    await store.paper.put({ id: "i1", outletId: "o1", businessDate: "2026-11-20", keptAt: 1, toldAt: 1, view: { ...bill({ freeLines: [{ ...line(1), line: null, qty: "2", free: true }] }), returned: [{ line: 3, part: 1, qty: "1" }] } });
    const known = (await knownOf(store, "i1"))!.creditable.lines;
    expect(known.map((l) => [l.line, l.free, l.left])).toEqual([[1, false, "12"], [2, false, "12"], [3, true, "1"]]);
  });
});

describe("the server's word behind what is shown", () => {
  const shown = (more: Partial<Line> = {}): Line => ({ ...lineOf({ line: 1, part: 1, sold: "12", left: "10", unitPrice: "0", free: false, skuId: 31, skuName: "Soap" } as BillLine), ...more });
  const answer = (left: string, n = 1) => ({ line: n, part: 1, sold: "12", left, unitPrice: "34.63", free: n > 1, skuId: 30 + n, skuName: "Soap" }) as BillLine;

  it("[OFF-01] [RET-01] keeps what is typed, marks a row that lost some, and says what is accepted of a quantity above it", () => {
    const before = [shown({ entered: "8", qty: "8", condition: "DAMAGED" })];
    expect(faultOf(before[0]!)).toBeUndefined();
    const [now, free] = refreshed(before, [answer("6"), answer("1", 2)]) as [Line, Line];
    expect(now).toMatchObject({ entered: "8", qty: "8", condition: "DAMAGED", left: "6", was: "10", unitPrice: "34.63" });
    expect(faultOf(now)).toEqual({ text: "returns.atMost", left: "6" });
    // what the device could not know of comes after what stands there
    expect(free).toMatchObject({ key: "2.1", free: true, entered: "" });
    expect(faultOf({ ...now, qty: "6" })).toBeUndefined();
    expect(faultOf({ ...now, qty: "?" })).toEqual({ text: "returns.badQty" });
  });

  it("[OFF-01] says nothing where the server allows as much or more, and takes a mark away that is no longer true", () => {
    const [more] = refreshed([shown()], [answer("12")]) as [Line];
    expect([more.left, more.was]).toEqual(["12", undefined]);
    const [less] = refreshed([shown()], [answer("4")]) as [Line];
    expect(refreshed([less], [answer("10")])[0]!.was).toBeUndefined();
    expect(refreshed([less], [answer("7")])[0]!.was).toBe("10");
  });
});

describe("what a return is worth, worked out here", () => {
  const rules = { hash: "book", decide: (command: RulesCommand) => ({
    outcome: "DECIDED", placeOfSupply: "27", interState: false, freeLines: [], taxes: [], schemes: [], credit: null, warnings: [], trace: [],
    lines: command.lines.map((l) => ({ line: l.line, part: 1, skuId: l.skuId, taxRate: "0.05", batches: [], qty: l.qty, unitPrice: l.manualPrice })), totals: { taxable: "103.89", payable: "109.00" },
  }) as unknown as Decision };
  const how = { id: "r", context: { distributor: { id: 7, code: "D1", name: "K", stateCode: "27" }, warehouses: [], principals: [], businessDate: "2026-11-26", currency: { code: "INR", scale: 2 }, series: [], policy: {}, offlineIssue: { b2c: "YES", b2b: "NO" } } as Context, distributorId: 7, rules, reason: { code: "LEAKAGE", title: "Leakage" }, note: "", at: "2026-11-26T09:00:00Z", reached: false };
  it("[OFF-01] [RET-04] is said for damaged goods and for a registered buyer as well, whom no note may be numbered for here", async () => {
    await store.paper.put({ id: "i1", outletId: "o1", businessDate: "2026-11-20", keptAt: 1, view: bill({ outlet: { id: "o1", code: "O1", name: "Anand", gstin: "27ABCDE1234F1Z0", registration: "REGULAR", stateCode: "27" } }) });
    const kept = (await knownOf(store, "i1"))!.bill!;
    const damaged = [{ line: 1, part: 1, qty: "3", condition: "DAMAGED" }];
    expect(noteOf(kept, damaged, how)).toMatchObject({ rule: "OFF-04", why: "irn" });
    const worth = noteOf(kept, damaged, { ...how, quote: true });
    expect(isNote(worth) && worth.payable).toBe("109.00");
    // what a scheme gave is taken back by the server
    await store.paper.put({ id: "i1", outletId: "o1", businessDate: "2026-11-20", keptAt: 1, view: bill({ freeLines: [{ ...line(1), free: true }] }) });
    expect(noteOf((await knownOf(store, "i1"))!.bill!, damaged, { ...how, quote: true })).toMatchObject({ why: "schemes" });
  });
});
