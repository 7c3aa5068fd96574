import { cleanup, configure, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Claim, ClaimDetail, ClaimLine, MayClaim, Reason, Summary } from "../../claims/api";
import { ME, tower, type Asked, type Route } from "../testing/fake";
import { spanOf } from "./spend";

// A loaded machine is slow, not wrong.
configure({ asyncUtilTimeout: 40_000 });
vi.setConfig({ testTimeout: 120_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

const CA = { ...ME, roles: ["CA"], permissions: ["CLAIM_READ", "CLAIM_DECIDE", "SPEND_READ"] };

const claim = (n: number): Claim => ({
  id: `c${n}`, number: `CLM26/00000${n}`, distributorId: n, distributorCode: `D${n}`, distributorName: ["", "Amra Agencies", "Kesar Traders", "Own Agencies"][n]!, principalId: 1, principalName: "Sunbird Foods", type: "CT-1",
  schemeId: 5, schemeCode: "BRITE", schemeName: "Brite 8 + 1", schemeVersion: 1, period: "2026-10", periodFrom: "2026-10-01", periodTo: "2026-10-31", status: "IN_REVIEW", awaits: "AUDITOR", currency: "INR", lineCount: 2, failLines: 1, warnLines: 0,
  entitled: "1500.00", claimed: "1500.00", netted: "0.00", allowed: "1000.00", approved: null, cut: null, settled: null, expected: "1000.00", straightThrough: false, holdout: false, batch: null,
  risk: { score: "46.0", band: "MEDIUM", reasons: [{ factor: "RULES", points: "30.0", text: "CL-01 on 1 line" }] }, clock: { startedAt: "2026-11-24T08:00:00Z", dueOn: "2026-11-30", days: 5, used: 3, percent: 60, paused: false, level: "OK", ownerRole: "CA" },
  filingUntil: "2026-11-30", late: false, waived: false, draftedAt: "2026-11-01T02:00:00Z", submittedAt: "2026-11-24T08:00:00Z", submittedBy: "owner", decidedAt: null, decidedBy: null, settledAt: null, expectedOn: null, missing: [], version: 3,
});
const may = (x: Partial<MayClaim> = {}): MayClaim => ({ edit: false, submit: false, withdraw: false, attach: false, query: true, reply: false, decide: true, confirm: false, sendBack: false, dispute: false, settle: false, waive: false, whyNot: null, ...x });
const line = (n: number, allowed: string, results: ClaimLine["results"]): ClaimLine => ({
  line: n, invoiceId: `i${n}`, invoiceNumber: `KT/26/0000${n}`, businessDate: "2026-10-03", outletId: `o${n}`, outletCode: `O${n}`, outletName: n === 1 ? "Lakshmi Stores" : "Harbour Mart", skuId: 7, skuCode: "BB75", skuName: "Brite Biscuit 75 g", kind: "DISCOUNT", sort: "SALE",
  qty: "24", freeQty: null, rate: "8.25", benefit: n === 1 ? "500.00" : "1000.00", entitled: n === 1 ? "500.00" : "1000.00", claimed: n === 1 ? "500.00" : "1000.00", allowed, approved: null, proposed: null, cut: null, reason: null, note: null, originalInvoiceId: null, worst: results[0]?.result ?? "PASS", results,
});
const LINES = [line(1, "0.00", [{ rule: "CL-01", result: "FAIL", score: 0, cut: "500.00", text: "paid in CLM26/000099 line 4", numbers: { otherLine: 4 } }]), line(2, "1000.00", [])];
const REASONS: Reason[] = ["DUPLICATE", "NOT_ELIGIBLE", "OTHER"].map((code) => ({ code, title: code, titleHi: null, rule: null, cuts: true, overrules: false }));
const SUMMARY: Summary = { byStatus: [], waiting: { claims: 3, amount: "4500.00" }, overdue: 0, near: 0, bands: [], straightThroughToSettle: { claims: 0, amount: "0.00" }, receivable: null, accrued: null };

/** A desk of three cases; the third is the caller's own. What is decided leaves the queue. */
function desk(refuse?: (asked: Asked) => ReturnType<Route>): Route {
  const gone = new Set<string>();
  return (ask) => {
    if (!ask.path.startsWith("/api/v1/claims")) return undefined;
    const [, , , , id, sub] = ask.path.split("/");
    if (id === undefined) return { body: { items: [1, 2, 3].map(claim).filter((c) => !gone.has(c.id)), next: null } };
    if (id === "summary") return { body: SUMMARY };
    if (id === "reasons") return { body: { items: REASONS, next: null } };
    if (sub === "lines") return { body: { items: LINES, next: null } };
    if (sub === "history") return { body: { items: [], next: null } };
    const base = claim(Number(id.slice(1)));
    if (ask.method === "POST") {
      const no = refuse?.(ask);
      if (no) return no;
      gone.add(id);
      return { body: { ...base, status: "APPROVED" } };
    }
    const detail: ClaimDetail = { ...base, settlements: [], rules: [{ rule: "CL-01", title: "Duplicate line", checked: 2, pass: 1, warn: 0, fail: 1, block: 0, cut: "500.00" }, { rule: "CL-04", title: "Eligibility", checked: 2, pass: 2, warn: 0, fail: 0, block: 0, cut: "0.00" }], claimLevel: [], evidence: [], proposed: null, history: null, may: id === "c3" ? may({ decide: false, query: false, whyNot: "You submitted this claim; somebody else decides it." }) : may() };
    return { body: detail, etag: '"3"' };
  };
}

const open = async (route: Route, address = "/tower/claims") => {
  const view = await tower(address, route, CA as never);
  const list = await screen.findByRole("listbox", { name: "Claims" });
  return { ...view, list };
};
const press = (el: HTMLElement, code: string, key = code.replace(/^Key|^Digit/, "").toLowerCase()) => fireEvent.keyDown(el, { code, key });

describe("the claims desk", () => {
  it("[CLM-13] [CLM-16] A approves what the rules leave, quotes the version, and the next case comes by itself", async () => {
    const { list, asked, history } = await open(desk());
    await screen.findByRole("heading", { name: "Amra Agencies" });
    await screen.findByText("2 lines beside their bills");
    press(list, "KeyA");
    await waitFor(() => expect(asked.filter((a) => a.method === "POST")).toHaveLength(1));
    const post = asked.find((a) => a.method === "POST")!;
    expect(post.path).toBe("/api/v1/claims/c1/decision");
    expect(post.body).toEqual({ decision: "APPROVE" });
    expect(post.headers["If-Match"]).toBe('"3"');
    await waitFor(() => expect(history.location.search).toContain("open=c2"));
    await screen.findByRole("heading", { name: "Kesar Traders" });
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("listbox", { name: "Claims" })));
  });

  it("[CLM-14] arrows choose a line, a digit cuts it with that reason, and the sum on the button follows", async () => {
    const { list, asked } = await open(desk());
    const table = await screen.findByRole("table", { name: "Lines of the claim" });
    await within(table).findByText("Harbour Mart");
    expect(screen.getByRole("button", { name: /Approve ₹ 1,000.00/ })).toBeTruthy();
    press(list, "ArrowDown");
    await waitFor(() => expect(table.querySelector('[data-line="2"]')!.getAttribute("aria-selected")).toBe("true"));
    press(list, "Digit2", "2");
    await screen.findByRole("button", { name: /Approve ₹ 0.00/ });
    press(list, "Backspace");
    await screen.findByRole("button", { name: /Approve ₹ 1,000.00/ });
    press(list, "Digit2", "2");
    await screen.findByRole("button", { name: /Approve ₹ 0.00/ });
    press(list, "KeyA");
    await waitFor(() => expect(asked.find((a) => a.method === "POST")?.body).toEqual({ decision: "LINES", lines: [{ line: 2, approved: "0.00", reason: "NOT_ELIGIBLE" }] }));
  });

  it("[CLM-14] giving back what a rule cut needs a reason of its own and is told as a disagreement with the rule; more than claimed is refused", async () => {
    const { list, asked } = await open(desk());
    await screen.findByText("2 lines beside their bills");
    press(list, "KeyC");
    const dialog = await screen.findByRole("dialog");
    const amount = within(dialog).getByLabelText("Approve");
    fireEvent.change(amount, { target: { value: "600" } });
    fireEvent.click(within(dialog).getByLabelText(/Evidence was given/));
    fireEvent.click(within(dialog).getByRole("button", { name: "Set for this line" }));
    expect(within(dialog).getByRole("alert").textContent).toContain("From 0 to 500.00");
    fireEvent.change(amount, { target: { value: "500" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Set for this line" }));
    await screen.findByRole("button", { name: /Approve ₹ 1,500.00/ });
    press(list, "KeyA");
    await waitFor(() => expect(asked.find((a) => a.method === "POST")?.body).toEqual({ decision: "LINES", lines: [{ line: 1, approved: "500.00", reason: "EVIDENCE_GIVEN" }], disagree: [{ line: 1, rule: "CL-01" }] }));
  });

  it("[GOV-12] the own case is shown but not decided, and says why; nothing is sent", async () => {
    const { list, asked } = await open(desk(), "/tower/claims?open=c3");
    await screen.findByRole("heading", { name: "Own Agencies" });
    expect(screen.getByRole("button", { name: /^Approve/ }).getAttribute("aria-disabled")).toBe("true");
    press(list, "KeyA");
    expect((await screen.findByRole("alert")).textContent).toContain("You submitted this claim");
    expect(asked.some((a) => a.method === "POST")).toBe(false);
  });

  it("[CLM-15] a refusal of the server stays with the case in its own words", async () => {
    const { list } = await open(desk(() => ({ status: 409, body: { code: "SAME_PERSON", detail: "arvind proposed this decision; another person confirms it" } })));
    await screen.findByText("2 lines beside their bills");
    press(list, "KeyA");
    expect((await screen.findByRole("alert")).textContent).toContain("another person confirms it");
    expect(screen.getByRole("heading", { name: "Amra Agencies" })).toBeTruthy();
  });

  it("[CLM-13] every rule says what it found on which line, with the numbers it used", async () => {
    await open(desk());
    const rules = await screen.findByRole("region", { name: "Rule results" });
    await within(rules).findByText(/paid in CLM26\/000099 line 4/);
    expect(rules.textContent).toContain("Duplicate line");
    expect(rules.textContent).toContain("CL-04 Eligibility");
    const card = await screen.findByRole("region", { name: "Line 1" });
    expect(card.textContent).toContain("other line 4");
    expect(within(card).getByRole("link", { name: "KT/26/00001" }).getAttribute("href")).toBe("/tower/bills/i1");
  });

  it("[ANA-18] a window of months begins on the first of the earliest one", () => {
    expect(spanOf(3, new Date(2026, 10, 26))).toEqual({ from: "2026-09-01", to: "2026-11-26" });
    expect(spanOf(1, new Date(2026, 0, 31))).toEqual({ from: "2026-01-01", to: "2026-01-31" });
  });
});
