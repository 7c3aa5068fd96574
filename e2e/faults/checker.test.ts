import { expect, test } from "vitest";
import type { Command } from "../../web/src/offline/types";
import { inconsistencies, type History } from "./history";
import { exactlyOnce, numbering } from "./ledgers";
import { boundaries } from "./proxy";
import type { Result } from "./run";
import type { Ledger, Network } from "./world";

/** A history of two bills of two devices, ten pieces of one batch, as it should be. */
function history(change: (ledger: Ledger, asked: { sentAt: number; answeredAt: number; answer: { id: string; outcome: "ACCEPTED" | "REFUSED"; problem?: unknown } }[]) => void = () => undefined): History {
  const bill = (id: string) => ({ id, kind: "INVOICE", mode: "CREDIT", outlet: "O1", cancelled: false });
  const moved = (document: string, qty: string) => [{ document, type: "INVOICE", sku: "S1", batch: "A", bucket: "SALEABLE", qty: `-${qty}` }, { document, type: "INVOICE", sku: "S1", batch: "A", bucket: "CUSTOMER", qty }];
  const owes = (document: string, amount: string) => [{ document, account: "1200", outlet: "O1", amount }, { document, account: "4100", outlet: null, amount: `-${amount}` }];
  const ledger = {
    documents: [{ id: "opening" }, { id: "one" }, { id: "two" }], numbers: [1, 2].map((number) => ({ type: "INVOICE", series: "K/", year: 2026, number, formatted: `K/${number}`, document: number === 1 ? "one" : "two", fate: "POSTED" })),
    sequences: [], audit: [{ seq: 1, action: "POSTED", document: "one", details: "{}" }, { seq: 2, action: "POSTED", document: "two", details: "{}" }], stock: [{ sku: "S1", batch: "A", bucket: "SALEABLE", qty: "2" }, { sku: "S1", batch: "A", bucket: "CUSTOMER", qty: "8" }],
    moves: [{ document: "opening", type: "OPENING", sku: "S1", batch: "A", bucket: "SALEABLE", qty: "10" }, ...moved("one", "5"), ...moved("two", "3")],
    accounts: [{ outlet: "O1", balance: "80.00" }], journal: [...owes("one", "50.00"), ...owes("two", "30.00")], openItems: [], invoices: [bill("one"), bill("two")], lines: [], orders: [], collections: [], receipts: [], differences: [],
    limits: [{ scheme: 1, scope: "TOTAL", used: "4.000" }], limitMoves: [{ document: "opening", scheme: 1, scope: "TOTAL", granted: "5.000", soft: "0", used: "0" }, { document: "one", scheme: 1, scope: "TOTAL", granted: "0", soft: "0", used: "4.000" }],
    benefits: [{ document: "one", scheme: 1, amount: "4.00" }], commands: ["one", "two", "three"].map((id) => ({ id, outcome: id === "three" ? "REFUSED" : "ACCEPTED" })), tasks: [],
  } as unknown as Ledger;
  const asked = [
    { sentAt: 1, answeredAt: 2, answer: { id: "one", outcome: "ACCEPTED" as const } }, { sentAt: 3, answeredAt: 4, answer: { id: "two", outcome: "ACCEPTED" as const } },
    { sentAt: 5, answeredAt: 6, answer: { id: "three", outcome: "REFUSED" as const, problem: { code: "STOCK_SHORT", gaps: [{ skuId: 1, values: { available: "2" } }] } } },
  ];
  change(ledger, asked);
  const outcomes = new Map(["one", "two", "three"].map((id, seq) => [id, { id, seq, kind: "invoice", body: { id }, state: id === "three" ? "NEEDS_YOU" : "ACCEPTED" } as unknown as Command]));
  const devices = asked.map((one) => ({ asked: new Map([[one.answer.id, [one]]]) }));
  return { ledger, result: { devices, outcomes, names: new Map() } as unknown as Result, scripts: [], network: { skus: { S1: 1 } } as unknown as Network, creditLimit: "100" };
}

test("the history checker finds nothing in a history that is as it should be [OFF-06]", () => {
  expect(inconsistencies(history())).toEqual([]);
  const { ledger } = history();
  expect(numbering(ledger)).toEqual([]);
  expect(exactlyOnce(ledger, new Map([["one", "invoice"], ["two", "invoice"]]))).toEqual([]);
});

test.each<[string, Parameters<typeof history>[0], RegExp]>([
  ["more sold than there was", (l) => { l.moves.filter((m) => m["document"] === "two").forEach((m) => { m["qty"] = String(Number(m["qty"]) * 2); }); }, /oversold/],
  ["a balance that the order does not give", (l) => { l.stock[0]!["qty"] = "3"; }, /balance 3/],
  ["goods handed out that nobody is to look for", (l) => { l.moves.push({ document: "two", type: "INVOICE", sku: "S1", batch: "A", bucket: "NEG_SUSPENSE", qty: "-1" }); }, /nobody is to look/],
  ["a command without a recorded outcome", (l) => { l.commands.pop(); }, /unknown at the server/],
  ["an outcome that its device does not know", (l) => { l.commands[2]!["outcome"] = "ACCEPTED"; }, /NEEDS_YOU on its device and ACCEPTED/],
  ["more of a budget spent than was granted", (l) => { l.limitMoves[1]!["used"] = "6.000"; l.limits[0]!["used"] = "6.000"; l.benefits[0]!["amount"] = "6.00"; }, /spent of/],
  ["a benefit that the limit does not know", (l) => { l.benefits[0]!["amount"] = "4.50"; }, /bills were given/],
  ["credit over the limit that nobody was told of", (l) => { for (const row of l.journal) if (row["document"] === "two") row["amount"] = row["account"] === "1200" ? "60.00" : "-60.00"; l.accounts[0]!["balance"] = "110.00"; }, /nobody was told/],
  ["a bill behind one that was sent after its answer", (l) => { l.audit[0]!["document"] = "two"; l.audit[1]!["document"] = "one"; }, /stands behind it/],
  ["a refusal that read what never was", (_l, asked) => { (asked[2]!.answer.problem as { gaps: { values: { available: string } }[] }).gaps[0]!.values.available = "1"; }, /at no moment/],
  ["a refusal that read what was there before it asked", (_l, asked) => { (asked[2]!.answer.problem as { gaps: { values: { available: string } }[] }).gaps[0]!.values.available = "5"; }, /at no moment/],
])("the history checker finds %s [OFF-06]", (_name, change, words) => {
  expect(inconsistencies(history(change)).join("\n")).toMatch(words);
});

test("numbers that repeat, are missing or void without a reason are found, and so is what was posted untold [OFF-03]", () => {
  const broken = (change: (ledger: Ledger) => void) => {
    const { ledger } = history();
    change(ledger);
    return [...numbering(ledger), ...exactlyOnce(ledger, new Map([["one", "invoice"], ["two", "invoice"]]))].join("\n");
  };
  expect(broken((l) => { l.numbers[1]!["number"] = 1; })).toMatch(/given twice/);
  expect(broken((l) => { l.numbers[1]!["number"] = 3; })).toMatch(/2 is missing/);
  expect(broken((l) => { l.numbers[1]!["fate"] = "VOID"; })).toMatch(/without a reason/);
  expect(broken((l) => { l.numbers[1]!["formatted"] = "K/1"; })).toMatch(/same number/);
  expect(broken((l) => { l.invoices.push({ ...l.invoices[0]!, id: "three" }); })).toMatch(/no device was told/);
  expect(broken((l) => { l.invoices.pop(); })).toMatch(/is not posted/);
  expect(broken((l) => { l.invoices.push(l.invoices[0]!); })).toMatch(/posted twice/);
  expect(broken((l) => { l.journal[0]!["amount"] = "50.01"; })).toMatch(/does not balance/);
});

test("a message breaks after every line of its head, after every chunk and before its last byte [OFF-05]", () => {
  const message = Buffer.from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  expect(boundaries(message)).toEqual([0, 1, 17, 47, 50, 57, 60, 61]);
});
