import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import en from "../i18n/locales/en/tax.json";
import { loadTexts, startTexts } from "../i18n";
import { STATES } from "./api";
import { TaxDesk, type Place } from "./desk";

const sources = import.meta.glob<string>("./*.{ts,tsx}", { eager: true, query: "?raw", import: "default" });

function has(key: string): boolean {
  let node: unknown = en;
  for (const part of key.split(".")) node = typeof node === "object" && node !== null ? (node as Record<string, unknown>)[part] : undefined;
  return node !== undefined;
}

const row = { id: "i1", distributorId: 7, kind: "INVOICE", number: "KT26/000042", businessDate: "2026-11-20", buyer: "Anand Stores", payable: "2618.00", state: "BLOCKED", reference: null, acknowledgedAt: null, validUntil: null, code: "IN-33", reason: "the outlet's PIN is missing", reportBy: "2026-12-20", attempts: 0, nextTryAt: null, changedAt: "2026-11-20T06:00:00Z" };
const one = { ...row, task: "E_INVOICE", acknowledgement: null, faults: [{ code: "IN-33", pointer: "/BuyerDtls/Pin", where: "OUTLET", detail: "the outlet's PIN is missing", accepted: null }], cancelBy: null, extendFrom: null, extendBy: null, mayRetry: true, mayCancel: false, cancelReason: null, cancelledAt: null, signedQr: null, payload: null, transport: null, events: [] };
const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const way = { ...one, id: "w1", number: "KT26/000043", task: "E_WAY_BILL", state: "REGISTERED", reference: "331000000001", faults: [], reason: null, code: null, mayRetry: false, validUntil: soon(2), extendFrom: soon(-6), extendBy: soon(10), transport: { distanceKm: 120, vehicle: "MH12AB1234", transporterId: null, transporterName: null } };
const bill = { id: "i1", kind: "INVOICE", number: "KT26/000042", businessDate: "2026-11-20", postedAt: null, paymentMode: "CREDIT", distributorId: 7, principalId: 3, outlet: { name: "Anand Stores" }, lines: [{ skuId: 31, skuName: "Neem soap", qty: "10", unitPrice: "34.63" }, { skuId: 31, skuName: "Neem soap", qty: "2", unitPrice: "34.63" }], totals: { payable: "2618.00" } };
const zero = { igst: "0.00", cgst: "0.00", sgst: "0.00", cess: "0.00" };
const gstr1 = {
  distributorId: 7, gstin: "27PQRST5678K1Z2", month: "2026-11", dueOn: "2026-12-11", goodsDifference: { ...zero, taxable: "0.00" }, amended: [] as unknown[], consumersAmended: [] as unknown[], filed: null as unknown, later: [] as unknown[],
  tables: [
    { table: "4A", section: "B2B", documents: 3, heads: { ...zero, taxable: "1000.00", cgst: "25.00", sgst: "25.00" }, state: "FILLED", reason: null }, { table: "5", section: "B2CL", documents: 0, heads: { ...zero, taxable: "0.00" }, state: "EMPTY", reason: null },
    { table: "9A", section: "B2BA", documents: 1, heads: { ...zero, taxable: "-500.00", cgst: "-12.50", sgst: "-12.50" }, state: "FILLED", reason: null }, { table: "11A", section: "ADVANCES", documents: 0, heads: { ...zero, taxable: "0.00" }, state: "NOT_APPLICABLE", reason: "ADVANCES_UNTAXED" },
  ], total: { ...zero, taxable: "1000.00", cgst: "25.00", sgst: "25.00" },
  issued: [{ nature: 1, from: "KT26/000001", to: "KT26/000003", total: 3, cancelled: 1 }],
  check: { equal: true, inReturn: { ...zero, cgst: "25.00", sgst: "25.00" }, inBooks: { ...zero, cgst: "25.00", sgst: "25.00" }, difference: zero, differences: [], unregistered: [{ documentId: "i1", number: "KT26/000042", state: "BLOCKED" }] },
};

const note = { documentId: "n9", kind: "CREDIT_NOTE", number: "CN26/000009", date: "2026-11-21", buyerName: "Sagar Bazar", buyerGstin: "29ABCDE1234F1ZW", heads: { ...zero, taxable: "69.26", cgst: "1.73", sgst: "1.73" }, status: "OPEN", answeredOn: null, reversed: null, silentOn: "2026-12-20" };

const abroad = { documentId: "x1", number: "KT26/000051", date: "2026-11-20", buyerName: "Gulf Traders", payable: "2618.00", withPayment: true, details: null, recordedAt: null, recordedBy: null };

let asked: { method: string; path: string; body: unknown }[] = [];
const answer = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": status < 400 ? "application/json" : "application/problem+json" } });

beforeAll(async () => {
  await startTexts(["tower"]);
  await loadTexts("tax");
});

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", vi.fn((input: RequestInfo | URL, init?: RequestInit) => {
    const url = new URL(typeof input === "string" ? input : input instanceof URL ? input.href : input.url, "http://x");
    const method = init?.method ?? (input instanceof Request ? input.method : "GET");
    asked.push({ method, path: url.pathname, body: init?.body ? JSON.parse(String(init.body)) : undefined });
    if (url.pathname.endsWith("/portal")) return Promise.resolve(answer({ setUp: true, simulator: true, counts: [], dueSoon: 1 }));
    if (url.pathname.endsWith("/consolidation")) return Promise.resolve(answer({ number: "7000000001", madeAt: "2026-11-26T06:00:00Z", vehicle: "MH14XY4321", carried: [{ id: "w1", number: "KT26/000043", eWayBill: "331000000001", buyer: "Anand Stores", payable: "62618.00", validUntil: null }] }, 201));
    if (url.pathname.endsWith("/extension")) return Promise.resolve(answer({ ...way, validUntil: "2026-11-27T18:29:00Z" }));
    if (url.pathname.endsWith("/e-way-bills/w1")) return Promise.resolve(answer(way));
    if (url.pathname.endsWith("/e-way-bills")) return Promise.resolve(answer({ items: [way], next: null }));
    if (url.pathname.endsWith("/gstr1/filings")) return Promise.resolve(method === "POST" ? answer({ code: "ILLEGAL_STATE", detail: "Months are filed one after the other: 2026-09 comes next.", rule: "IN-50" }, 409) : answer({ items: [] }));
    if (url.pathname.endsWith("/note-choice")) return Promise.resolve(answer({ note: "FINANCIAL_CREDIT_NOTE", why: ["not agreed at or before the supply"] }));
    if (url.pathname.endsWith("/financial-credit-notes")) return Promise.resolve(answer({ ...bill, id: "n1", kind: "FINANCIAL_CREDIT_NOTE", number: "DF26/000001" }, 201));
    if (url.pathname.endsWith("/tax/documents/i1")) return Promise.resolve(answer({ noteLastDay: "2027-11-30" }));
    if (url.pathname.endsWith("/invoices/i1")) return Promise.resolve(answer(bill));
    if (url.pathname.endsWith("/invoices")) return Promise.resolve(answer({ items: [{ id: "i1", number: "KT26/000042", businessDate: "2026-11-20", outletName: "Anand Stores", distributorId: 7, payable: "2618.00" }], next: null }));
    if (url.pathname.endsWith("/retry")) return Promise.resolve(answer({ ...one, state: "WAITING", faults: [], reason: null }));
    if (url.pathname.endsWith("/cancellation")) return Promise.resolve(answer({ code: "CANCEL_WINDOW", detail: "the portal cancels until noon only", rule: "IN-35" }, 409));
    if (url.pathname.endsWith("/e-invoices/i1")) return Promise.resolve(answer(one));
    if (url.pathname.endsWith("/e-invoices")) return Promise.resolve(answer({ items: [row], next: null }));
    if (url.pathname.endsWith("/gstr1")) return Promise.resolve(answer(gstr1));
    if (url.pathname.endsWith("/gstr1/entries")) return Promise.resolve(answer({ items: [{ id: "i1", table: "4A", section: "B2B", kind: "INVOICE", number: "KT26/000042", date: "2026-11-20", buyerGstin: "27ABCDE1234F1Z0", buyerName: "Anand Stores", placeOfSupply: "27", rate: "0.05", payable: "1050.00", ...gstr1.total }] }));
    if (url.pathname.includes("/tax/exports")) return Promise.resolve(answer(method === "PUT" ? { ...abroad, details: { shippingBill: "1234567", shippedOn: "2026-11-22", portCode: "INNSA1", country: "AE" } } : { items: [abroad] }));
    if (url.pathname.endsWith("/tax/ims")) return Promise.resolve(answer(method === "POST" ? { ...note, status: "REJECTED", answeredOn: "2026-11-26" } : { items: [note] }));
    if (url.pathname.endsWith("/gstr3b")) return Promise.resolve(answer({ outward: { taxable: gstr1.total, zeroRated: { ...zero, taxable: "0.00" }, untaxed: "0.00", nonGst: "0.00", toConsumers: [], toComposition: [] }, inputTax: [] }));
    return Promise.resolve(answer({ items: [], next: null }));
  }));
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function desk(place: Place, onPlace: (change: Partial<Place>) => void = () => undefined) {
  return render(<TaxDesk place={place} onPlace={onPlace} distributors={[{ id: 7, name: "Kesar Traders" }]} today="2026-11-26" can={{ file: true, eway: true, returns: true, notes: true }} documentHref={(id) => `#/print/invoice/${id}`} />);
}

describe("tax desk", () => {
  it("[LOC-02] every key written in the code is in the catalogue", () => {
    const keys = Object.entries(sources).filter(([path]) => !path.includes(".test.")).flatMap(([, source]) => [...source.matchAll(/\bt\("([a-zA-Z][\w.-]*)"(?!, \{ ns)/g)].map((m) => m[1]!));
    expect(keys.length).toBeGreaterThan(60);
    expect([...new Set(keys)].filter((key) => !has(key) && !has(`${key}_other`) && !key.startsWith("rail."))).toEqual([]);
    expect(STATES.filter((state) => !has(`state.${state}`) || !has(`means.${state}`))).toEqual([]);
  });

  it("[CMP-02] [BIL-08] shows each document's state with the reason and the way out", async () => {
    desk({ tab: "e-invoices", open: "i1" });
    expect(await screen.findByText(/simulator/)).toBeTruthy();
    expect(await screen.findByText("Outlet:")).toBeTruthy();
    expect(screen.getAllByText("Needs data").length).toBeGreaterThan(0);
    fireEvent.click(await screen.findByText("Send again"));
    await waitFor(() => expect(asked.some((a) => a.method === "POST" && a.path.endsWith("/e-invoices/i1/retry"))).toBe(true));
  });

  it("[CMP-01] says whether the return and the books agree, and opens a figure down to its documents", async () => {
    const { rerender } = desk({ tab: "returns" });
    expect(await screen.findByText("The return and the books say the same, document by document.")).toBeTruthy();
    expect(screen.getByText("1 document needs an IRN and has none")).toBeTruthy();
    rerender(<TaxDesk place={{ tab: "returns", section: "B2B" }} onPlace={() => undefined} distributors={[{ id: 7, name: "Kesar Traders" }]} today="2026-11-26" can={{ file: true, eway: true, returns: true }} documentHref={(id) => `#/print/invoice/${id}`} />);
    expect(await screen.findByText("27ABCDE1234F1Z0")).toBeTruthy();
  });

  it("[CMP-01] shows every table, with the reason where one cannot hold anything, and what it corrects of a filed month", async () => {
    Object.assign(gstr1, { amended: [{ id: "i9", table: "9A", section: "B2BA", kind: "INVOICE", number: "KT26/000009", date: "2026-10-20", buyerName: "Anand Stores", buyerGstin: "27ABCDE1234F1Z0", rate: "0.05", original: { ...zero, taxable: "500.00" } }] });
    desk({ tab: "returns", section: "B2BA" });
    expect(await screen.findByText(/advances for goods bear no tax/)).toBeTruthy();
    expect(screen.getByText(/nothing this month/)).toBeTruthy();
    expect(screen.getByText("KT26/000009")).toBeTruthy();
  });

  it("[CMP-01] a filed month says so, and what has changed since; an open one is recorded with its ARN, a refusal shows", async () => {
    desk({ tab: "returns", month: "2026-10" });
    fireEvent.click(await screen.findByText("Record as filed"));
    fireEvent.change(screen.getByLabelText("ARN of the portal"), { target: { value: "aa271026000001x" } });
    fireEvent.click(screen.getAllByText("Record as filed").at(-1)!);
    expect(await screen.findByText(/2026-09 comes next/)).toBeTruthy();
    expect(asked.find((a) => a.method === "POST" && a.path.endsWith("/gstr1/filings"))?.body).toEqual({ distributorId: 7, month: "2026-10", arn: "AA271026000001X", filedOn: "2026-11-26" });
    cleanup();
    Object.assign(gstr1, { filed: { month: "2026-10", gstin: "27PQRST5678K1Z2", arn: "AA271026000001X", filedOn: "2026-11-10", recordedAt: "2026-11-10T06:00:00Z", recordedBy: "clerk" }, later: [{ documentId: "i8", number: "KT26/000008", date: "2026-10-31", cancelled: false }] });
    desk({ tab: "returns", month: "2026-10" });
    expect(await screen.findByText(/ARN AA271026000001X/)).toBeTruthy();
    expect(screen.getByText("1 document has changed since: a later return states it")).toBeTruthy();
    expect(screen.queryByText("Record as filed")).toBeNull();
    Object.assign(gstr1, { filed: null, later: [] });
  });

  it("[CMP-04] keeps what a recipient did with a note; a rejection says that its tax comes back", async () => {
    desk({ tab: "returns" });
    expect(await screen.findByText("accepted if nothing is said by 20-12-2026")).toBeTruthy();
    fireEvent.click(within(screen.getByRole("region", { name: "Notes with recipients (IMS)" })).getByText("Record"));
    fireEvent.change(screen.getByLabelText("What the recipient did"), { target: { value: "REJECTED" } });
    expect(screen.getByText(/adds its tax back/)).toBeTruthy();
    fireEvent.click(within(screen.getByRole("dialog")).getByText("Record"));
    await waitFor(() => expect(asked.find((a) => a.method === "POST" && a.path.endsWith("/tax/ims"))?.body).toEqual({ distributorId: 7, documentId: "n9", status: "REJECTED", answeredOn: "2026-11-26", reversed: null }));
  });

  it("[CMP-02] records what customs say of an export; of a filed month it goes into the next return", async () => {
    desk({ tab: "returns" });
    expect(await screen.findByText("1 without a shipping bill")).toBeTruthy();
    expect(screen.getByText(/stated in table 6A/)).toBeTruthy();
    fireEvent.click(within(screen.getByRole("region", { name: "Exports" })).getByText("Record"));
    fireEvent.change(screen.getByLabelText("Country of destination"), { target: { value: "ae" } });
    fireEvent.change(screen.getByLabelText("Port code"), { target: { value: "innsa1" } });
    fireEvent.change(screen.getByLabelText("Shipping bill number"), { target: { value: "1234567" } });
    fireEvent.change(screen.getByLabelText("Shipping bill date"), { target: { value: "2026-11-22" } });
    fireEvent.click(within(screen.getByRole("dialog")).getByText("Record"));
    await waitFor(() => expect(asked.find((a) => a.method === "PUT" && a.path.endsWith("/tax/exports/x1"))?.body).toEqual({ shippingBill: "1234567", shippedOn: "2026-11-22", portCode: "INNSA1", country: "AE" }));
  });

  it("[CMP-03] extends an e-way bill from where the vehicle is, and puts several on one paper", async () => {
    desk({ tab: "e-way-bills", open: "w1" });
    fireEvent.click(await screen.findByText("Extend"));
    for (const [label, value] of [["Distance still to go, km", "80"], ["From where", "Satara"], ["PIN where the vehicle is", "415001"], ["Remark", "landslide"]] as const) fireEvent.change(screen.getByLabelText(label), { target: { value } });
    fireEvent.click(screen.getAllByText("Extend").at(-1)!);
    await waitFor(() => expect(asked.find((a) => a.path.endsWith("/e-way-bills/w1/extension"))?.body).toEqual({ vehicle: "MH12AB1234", remainingKm: 80, place: "Satara", pin: "415001", remark: "landslide" }));
    fireEvent.click(screen.getByLabelText("Choose KT26/000043"));
    fireEvent.click(screen.getByText("One paper for the vehicle (1)"));
    fireEvent.change(screen.getByLabelText("Vehicle number"), { target: { value: "MH14 XY 4321" } });
    fireEvent.change(screen.getByLabelText("From where"), { target: { value: "Pune" } });
    fireEvent.click(screen.getByText("Make EWB-02"));
    expect(await screen.findByText("EWB-02 7000000001")).toBeTruthy();
    expect(asked.find((a) => a.path.endsWith("/consolidation"))?.body).toEqual({ distributorId: 7, documentIds: ["w1"], vehicle: "MH14 XY 4321", place: "Pune" });
  });

  it("[CMP-04] writes a discount after the sale as the law has it, at most for what was billed", async () => {
    desk({ tab: "notes", open: "i1" });
    fireEvent.click(await screen.findByText("Discount after the sale"));
    expect(await screen.findByText(/not agreed at or before the supply/)).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Neem soap, Less per unit"), { target: { value: "1.50" } });
    fireEvent.change(screen.getByLabelText("Neem soap, Quantity"), { target: { value: "13" } });
    expect(screen.getByRole("alert").textContent).toMatch(/may not exceed/);
    fireEvent.change(screen.getByLabelText("Neem soap, Quantity"), { target: { value: "12" } });
    fireEvent.change(screen.getByLabelText("Reason"), { target: { value: "festival rate" } });
    fireEvent.click(screen.getByText("Post the note"));
    await waitFor(() => expect(asked.find((a) => a.path.endsWith("/financial-credit-notes"))?.body).toMatchObject({ distributorId: 7, principalId: 3, originalId: "i1", businessDate: "2026-11-26", lines: [{ line: 1, skuId: 31, qty: "12", unitPrice: "1.50" }] }));
  });
});
