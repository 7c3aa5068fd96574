import { cleanup, configure, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ME, tower, type Route } from "../testing/fake";

// A loaded machine is slow, not wrong.
configure({ asyncUtilTimeout: 40_000 });
vi.setConfig({ testTimeout: 120_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

const RSM = { ...ME, roles: ["RSM"], permissions: ["RETURN_READ", "RETURN_APPROVE"] };
const row = (n: number) => ({
  id: `r${n}`, reference: `R261126-000${n}`, businessDate: "2026-11-26", distributorId: n, distributorName: "Kesar Traders", principalId: 1, outletId: `o${n}`, outletCode: `O${n}`, outletName: `Shop ${n}`, originalNumber: `K/${n}`,
  reason: "LEAKAGE", reasonTitle: "Leaking or burst", reasonTitleHi: "रिसाव", status: "REQUESTED", value: `${3 - n}2500.00`, flags: n === 1 ? "REPEAT,PICTURE_MISSING" : "", requestedBy: "clerk", requestedAt: "2026-11-26T08:00:00Z", creditNumber: null, credited: null,
});
const REJECTIONS = [["NOT_OURS", "Not bought from us"], ["NOT_PROVEN", "Not proven"], ["OTHER", "Other"]].map(([code, title]) => ({ code, title, titleHi: title, note: code === "OTHER" }));

function desk(own = false): Route {
  const gone = new Set<string>();
  return (ask) => {
    if (!ask.path.startsWith("/api/v1/returns")) return undefined;
    const [, , , , id] = ask.path.split("/");
    if (id === undefined) return { body: { items: [1, 2].map(row).filter((r) => !gone.has(r.id)), next: null } };
    if (id === "rejections") return { body: { items: REJECTIONS, next: null } };
    const base = row(Number(id.slice(1)));
    if (ask.method === "POST") {
      gone.add(id);
      return { body: { ...base, flags: [], approvers: [], lines: [], pictures: [], history: [], status: "APPROVED" } };
    }
    return { body: { ...base, requestedBy: own ? ME.username : "clerk", flags: base.flags ? base.flags.split(",") : [], approvers: ["RSM"], originalId: "i1", originalDate: "2026-11-20", note: null, decidedBy: null, creditNoteId: null, creditNoteNumber: null,
      lines: [{ line: 1, skuName: "Brite Biscuit 75 g", batchNo: "B1", expiresOn: null, qty: "10", received: null, unit: "PCS", unitPrice: "8.250000", free: false, condition: "DAMAGED", buckets: [] }], pictures: ["ab".repeat(32)],
      history: [{ status: "REQUESTED", reason: "LEAKAGE", at: "2026-11-26T08:00:00Z", by: "clerk" }] } };
  };
}
const open = async (route: Route) => {
  const view = await tower("/tower/returns", route, RSM as never);
  const list = await screen.findByRole("listbox", { name: "Returns" });
  return { ...view, list };
};
const press = (el: HTMLElement, code: string, key = code.replace(/^Key|^Digit/, "").toLowerCase()) => fireEvent.keyDown(el, { code, key });

describe("returns to approve", () => {
  it("[RET-02] [GOV-01] asks for those that wait for the reader by value; A approves, and the next one comes by itself with its picture and what to look at", async () => {
    const { list, asked } = await open(desk());
    await screen.findByRole("heading", { name: "Shop 1" });
    expect(asked.find((a) => a.path === "/api/v1/returns")!.query.get("waiting")).toBe("true");
    expect(asked.find((a) => a.path === "/api/v1/returns")!.query.get("sort")).toBe("-value");
    expect(screen.getByRole("img", { name: "Picture 1" }).getAttribute("src")).toContain("ab".repeat(32));
    expect(screen.getByText("Third return of this bill", { selector: ".ra-flags *, .ra-flags li" })).toBeTruthy();
    press(list, "KeyA");
    await waitFor(() => expect(asked.filter((a) => a.method === "POST")).toHaveLength(1));
    const post = asked.find((a) => a.method === "POST")!;
    expect(post.path).toBe("/api/v1/returns/r1/approval");
    expect(post.body).toMatchObject({ decision: "APPROVED" });
    await screen.findByRole("heading", { name: "Shop 2" });
  });

  it("[GOV-17] R rejects with the code whose number is pressed; Other needs words", async () => {
    const { list, asked } = await open(desk());
    await screen.findByRole("heading", { name: "Shop 1" });
    press(list, "KeyR");
    const dialog = await screen.findByRole("dialog");
    const group = await within(dialog).findByRole("radiogroup");
    await within(dialog).findByLabelText(/Not proven/);
    press(group, "Digit3", "3");
    fireEvent.keyDown(group, { code: "Enter", key: "Enter" });
    expect((await within(dialog).findByRole("alert")).textContent).toContain("Say what");
    press(group, "Digit2", "2");
    fireEvent.keyDown(group, { code: "Enter", key: "Enter" });
    await waitFor(() => expect(asked.find((a) => a.method === "POST")?.body).toMatchObject({ decision: "REJECTED", code: "NOT_PROVEN" }));
  });

  it("[INV-09] the own return is shown but not decided, and says why", async () => {
    const { list, asked } = await open(desk(true));
    await screen.findByRole("heading", { name: "Shop 1" });
    expect(screen.getByText("You asked for it: somebody else decides.")).toBeTruthy();
    press(list, "KeyA");
    press(list, "KeyR");
    expect(asked.some((a) => a.method === "POST")).toBe(false);
  });
});
