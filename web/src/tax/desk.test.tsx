import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
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
const one = { ...row, task: "E_INVOICE", acknowledgement: null, faults: [{ code: "IN-33", pointer: "/BuyerDtls/Pin", where: "OUTLET", detail: "the outlet's PIN is missing", accepted: null }], cancelBy: null, mayRetry: true, mayCancel: false, cancelReason: null, cancelledAt: null, signedQr: null, payload: null, transport: null, events: [] };
const zero = { igst: "0.00", cgst: "0.00", sgst: "0.00", cess: "0.00" };
const gstr1 = {
  distributorId: 7, gstin: "27PQRST5678K1Z2", month: "2026-11", dueOn: "2026-12-11", tables: [{ table: "4A", section: "B2B", documents: 3, heads: { ...zero, taxable: "1000.00", cgst: "25.00", sgst: "25.00" } }], total: { ...zero, taxable: "1000.00", cgst: "25.00", sgst: "25.00" },
  issued: [{ nature: 1, from: "KT26/000001", to: "KT26/000003", total: 3, cancelled: 1 }],
  check: { equal: true, inReturn: { ...zero, cgst: "25.00", sgst: "25.00" }, inBooks: { ...zero, cgst: "25.00", sgst: "25.00" }, difference: zero, differences: [], unregistered: [{ documentId: "i1", number: "KT26/000042", state: "BLOCKED" }] },
};

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
    if (url.pathname.endsWith("/retry")) return Promise.resolve(answer({ ...one, state: "WAITING", faults: [], reason: null }));
    if (url.pathname.endsWith("/cancellation")) return Promise.resolve(answer({ code: "CANCEL_WINDOW", detail: "the portal cancels until noon only", rule: "IN-35" }, 409));
    if (url.pathname.endsWith("/e-invoices/i1")) return Promise.resolve(answer(one));
    if (url.pathname.endsWith("/e-invoices")) return Promise.resolve(answer({ items: [row], next: null }));
    if (url.pathname.endsWith("/gstr1")) return Promise.resolve(answer(gstr1));
    if (url.pathname.endsWith("/gstr1/entries")) return Promise.resolve(answer({ items: [{ id: "i1", table: "4A", section: "B2B", kind: "INVOICE", number: "KT26/000042", date: "2026-11-20", buyerGstin: "27ABCDE1234F1Z0", buyerName: "Anand Stores", placeOfSupply: "27", rate: "0.05", payable: "1050.00", ...gstr1.total }] }));
    if (url.pathname.endsWith("/gstr3b")) return Promise.resolve(answer({ outward: { taxable: gstr1.total, zeroRated: { ...zero, taxable: "0.00" }, untaxed: "0.00", nonGst: "0.00", toConsumers: [], toComposition: [] }, inputTax: [] }));
    return Promise.resolve(answer({ items: [], next: null }));
  }));
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function desk(place: Place, onPlace: (change: Partial<Place>) => void = () => undefined) {
  return render(<TaxDesk place={place} onPlace={onPlace} distributors={[{ id: 7, name: "Kesar Traders" }]} today="2026-11-26" can={{ file: true, eway: true, returns: true }} documentHref={(id) => `#/print/invoice/${id}`} />);
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
});
