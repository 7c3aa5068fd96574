import { cleanup, configure, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { answer, ME, tower, type Ask } from "./fake";

// A loaded machine is slow, not wrong.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

describe("Today", () => {
  it("[ANA-19] [ANA-23] [UXP-01] every figure says what it is, how it moved, how fresh it is, and opens its question", async () => {
    await tower("/tower/", () => undefined);
    const tile = await screen.findByRole("link", { name: /Secondary sales: ₹ 89,64,010.00/ });
    const box = tile.closest("article")!;
    expect(box.textContent).toContain("89.6");
    expect(box.textContent).toContain("+4.0 %");
    expect(box.textContent).toContain("1 of 12 older");
    expect(box.textContent).toContain("Ahead");
    expect(tile.getAttribute("href")).toBe("/tower/explore?m=nsv&by=distributor&w=MTD&c=SAME_LAST_YEAR");
    expect(screen.getAllByText("Hilltop Trading").length).toBeGreaterThan(0);
  });

  it("[ANA-19] a state without a past says why instead of showing zero", async () => {
    await tower("/tower/", () => undefined);
    const tile = await screen.findByRole("link", { name: /Stock cover: 29.4/ });
    expect(tile.closest("article")!.textContent).toContain("as of now; its past is not kept");
  });

  it("[ANA-05] a part that fails says so and the rest of the page lives", async () => {
    await tower("/tower/", (ask) => (ask.path.endsWith("/query") && (ask.body as Ask).dimensions[0] === "ageing-bucket" ? { status: 500, body: { code: "FAULT", detail: "broken" } } : undefined));
    await screen.findByRole("link", { name: /Secondary sales/ });
    const panel = screen.getByRole("region", { name: "Receivables" });
    await waitFor(() => expect(within(panel).getByRole("alert").textContent).toContain("broken"));
    expect(await screen.findByText("Gokul Enterprises")).toBeTruthy();
  });
});

describe("Explore", () => {
  it("[ANA-06] shows rows, the whole, and marks what does not add up; a row opens one level down", async () => {
    const { asked, history } = await tower("/tower/explore?m=nsv,active-outlets&by=region&w=MTD&c=SAME_LAST_YEAR", () => undefined);
    const grid = await screen.findByRole("grid");
    expect(within(grid).getByText("North")).toBeTruthy();
    expect(grid.querySelector("tfoot")!.textContent).toContain("89,64,010.00");
    expect(within(grid).getAllByText("≠Σ").length).toBeGreaterThan(0);
    expect(screen.getByText(/Older: Hilltop Trading/)).toBeTruthy();
    fireEvent.keyDown(grid, { code: "Enter", key: "Enter" });
    await waitFor(() => expect(history.location.search).toContain("by=territory"));
    expect(history.location.search).toContain("f=region:1");
    await waitFor(() => expect(asked.some((a) => (a.body as Ask | undefined)?.dimensions?.[0] === "territory")).toBe(true));
  });

  it("[ANA-06] the parts add up: rows and what is not allocated make the whole", async () => {
    await tower("/tower/explore?m=nsv&by=region&w=MTD&c=NONE", (ask) => {
      const q = ask.body as Ask | undefined;
      return ask.path.endsWith("/query") && q?.dimensions[0] === "region"
        ? { body: { ...answer(q, [["1", "North"], ["2", "South"]]), notAllocated: { keys: { region: { id: "NOT_ALLOCATED", label: "" } }, values: { nsv: { value: "12.00", compare: null, reason: null } }, drill: null } } }
        : undefined;
    });
    const grid = await screen.findByRole("grid");
    const foot = [...grid.querySelectorAll("tfoot tr")].map((r) => r.textContent);
    expect(foot[0]).toContain("Not allocated");
    expect(foot[0]).toContain("12.00");
    expect(foot[1]).toContain("Whole (2)");
  });

  it("[ANA-06] a bill at the end of the path opens the document", async () => {
    const { history } = await tower("/tower/explore?m=nsv&by=invoice&f=outlet:o1&w=MTD&c=NONE", (ask) => {
      const q = ask.body as Ask | undefined;
      return ask.path.endsWith("/query") && q?.dimensions[0] === "invoice"
        ? { body: { ...answer(q, [["i1", "KT26/000123"]]), rows: [{ keys: { invoice: { id: "i1", label: "KT26/000123" } }, values: { nsv: { value: "10.00", compare: null } }, drill: { metrics: [], dimensions: [], filters: [], document: { type: "INVOICE", id: "i1", distributorId: 4 } } }] } }
        : undefined;
    });
    const grid = await screen.findByRole("grid");
    expect(within(grid).getByRole("link", { name: "KT26/000123" }).getAttribute("href")).toBe("/tower/bills/i1");
    fireEvent.keyDown(grid, { code: "Enter", key: "Enter" });
    await waitFor(() => expect(history.location.pathname).toBe("/tower/bills/i1"));
  });

  it("[GOV-05] who may not ask is told who can grant it", async () => {
    await tower("/tower/explore", (ask) => (ask.path.endsWith("/query") ? { status: 403, body: { code: "FORBIDDEN" } } : undefined));
    expect(await screen.findByText(/Your role may not see or do this/)).toBeTruthy();
    expect(screen.getByText(/CoE admin/)).toBeTruthy();
  });
});

const OUTLET = { id: "o1", version: 3, distributorId: 4, distributor: "KT", platformOutletId: "p1", code: "KT0001", name: "Sharma Kirana", channel: "GT", outletClass: "B", registration: "UNREGISTERED", stateCode: "27", status: "ACTIVE", address: "", city: "", pin: "", phone: "" };
const outlets = (ask: { method: string; path: string }) => (ask.path === "/api/v1/outlets" && ask.method === "GET" ? { body: { items: [OUTLET], next: null } } : ask.path === "/api/v1/outlets/o1" && ask.method === "GET" ? { body: OUTLET, etag: '"3"' } : undefined);

describe("Masters", () => {
  it("[OUT-02] a change quotes the version it was made on; a conflict shows both sides and loses nothing", async () => {
    let stale = true;
    const { asked } = await tower("/tower/masters/outlets?open=o1", (ask) => {
      if (ask.method === "PUT") {
        if (stale) return { status: 412, body: { code: "STALE" } };
        return { body: { ...OUTLET, ...(ask.body as object), version: 5 }, etag: '"5"' };
      }
      if (stale && asked.some((a) => a.method === "PUT") && ask.path === "/api/v1/outlets/o1") return { body: { ...OUTLET, phone: "9811111111", version: 4 }, etag: '"4"' };
      return outlets(ask);
    });
    fireEvent.click(await screen.findByRole("button", { name: "Change" }));
    const name = await screen.findByLabelText("Name");
    fireEvent.change(name, { target: { value: "Sharma Stores" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(asked.filter((a) => a.method === "PUT")).toHaveLength(1));
    const put = asked.find((a) => a.method === "PUT")!;
    expect(put.headers["If-Match"]).toBe('"3"');
    expect(put.body).toMatchObject({ name: "Sharma Stores", distributorId: 4, platformOutletId: "p1" });
    const alert = await screen.findByText(/Somebody saved this record/);
    const table = alert.closest("[role=alert]")!;
    expect(table.textContent).toContain("9811111111");
    expect(table.textContent).toContain("Sharma Stores");
    stale = false;
    fireEvent.click(screen.getByRole("button", { name: "Save mine over it" }));
    await waitFor(() => expect(asked.filter((a) => a.method === "PUT")[1]?.headers["If-Match"]).toBe('"4"'));
  });

  it("[OUT-02] a wrong field is named beside it, nothing is sent, and the count is announced", async () => {
    const { asked } = await tower("/tower/masters/outlets?open=o1", outlets);
    fireEvent.click(await screen.findByRole("button", { name: "Change" }));
    const pin = await screen.findByLabelText(/^PIN/);
    fireEvent.change(pin, { target: { value: "0411" } });
    fireEvent.change(screen.getByLabelText("Name"), { target: { value: "" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Six digits, not starting with 0")).toBeTruthy();
    expect(screen.getByText("2 fields need a look")).toBeTruthy();
    expect(pin.getAttribute("aria-invalid")).toBe("true");
    expect(asked.some((a) => a.method === "PUT")).toBe(false);
  });

  it("[GOV-05] who may not change sees no way to", async () => {
    await tower("/tower/masters/outlets?open=o1", outlets, { ...ME, permissions: ["OUTLET_READ"] } as never);
    expect(await screen.findByText("Version 3; every change is kept")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Change" })).toBeNull();
    expect(screen.queryByText("New Outlet")).toBeNull();
  });

  it("[ANA-20] an empty filtered list says which filter hides the rows and clears just that one", async () => {
    const { history } = await tower("/tower/masters/outlets?status=BLOCKED&q=zz", (ask) => {
      if (ask.path !== "/api/v1/outlets") return undefined;
      const hit = !ask.query.get("q");
      return { body: { items: hit ? [OUTLET, { ...OUTLET, id: "o2" }] : [], next: null } };
    });
    fireEvent.click(await screen.findByRole("button", { name: "Clear Search (2 rows)" }));
    await waitFor(() => expect(history.location.search).toBe("?status=BLOCKED"));
  });
});

describe("Imports", () => {
  const run = {
    id: "i1", type: "outlets", distributorId: 4, fileName: "outlets.xlsx", state: "READY", totalRows: 301, newRows: 12, changedRows: 3, sameRows: 284, badRows: 2, writtenRows: 0, mapping: { Code: "code", Shop: "name" },
    preview: { diffs: [{ row: 3, kind: "CHANGE", key: "KT0002", changes: [{ field: "phone", before: "98", after: "9811111111" }] }], faults: [{ row: 9, field: "gstin", code: "INVALID", wrong: "the check character does not fit", right: "Copy it from the certificate" }], unmapped: [], missing: [] },
    hasErrorFile: true, continuesId: null, jobId: null as string | null, message: null, createdBy: "radhika", createdAt: "2026-11-25T08:00:00Z", finishedAt: null,
  };

  it("[INT-07] the dry run shows counts, changes and faults; nothing is taken in before the confirmation, and then a job does it", async () => {
    let state = { ...run };
    const { asked } = await tower("/tower/imports?id=i1", (ask) => {
      if (ask.path === "/api/v1/imports/i1/confirmation") return { status: 202, body: (state = { ...run, state: "RUNNING", jobId: "j1" }) };
      if (ask.path === "/api/v1/imports/i1") return { body: state };
      if (ask.path === "/api/v1/jobs/j1") {
        state = { ...run, state: "DONE", jobId: "j1", writtenRows: 15 };
        return { body: { id: "j1", type: "IMPORT", title: "Import", state: "DONE", done: 15, total: 15, message: null, result: "i1", createdAt: "2026-11-25T08:00:00Z", finishedAt: "2026-11-25T08:00:01Z" } };
      }
      return undefined;
    });
    expect(await screen.findByText(/outlets.xlsx: what would happen/)).toBeTruthy();
    expect(screen.getByText("9811111111")).toBeTruthy();
    expect(screen.getByText(/the check character does not fit/).textContent).toContain("Copy it from the certificate");
    expect(screen.getByText("2 bad rows stay out")).toBeTruthy();
    expect(asked.some((a) => a.method === "POST" && a.path.startsWith("/api/v1/imports"))).toBe(false);
    fireEvent.click(screen.getByRole("button", { name: "Take 15 rows in" }));
    expect(await screen.findByText("15 rows were written.")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Upload the corrected file" })).toBeTruthy();
  });
});

describe("People and tokens", () => {
  it("[GOV-15] a new token is shown once, and only its beginning afterwards", async () => {
    const token = { id: 1, username: "radhika", name: "ERP export", hint: "oft_4t", permissions: ["INSIGHT_READ"], createdAt: "2026-11-25T00:00:00Z", createdBy: "radhika", expiresAt: "2027-02-23T00:00:00Z", revokedAt: null, usedAt: null, active: true };
    await tower("/tower/people/tokens", (ask) => (ask.path === "/api/v1/api-tokens" ? { body: ask.method === "POST" ? { id: 1, secret: "oft_4tSECRET", expiresAt: token.expiresAt } : { items: [token], next: null } } : ask.path === "/api/v1/roles" ? { body: { items: [], next: null } } : undefined));
    fireEvent.click(await screen.findByRole("button", { name: "New token" }));
    const dialog = await screen.findByRole("dialog");
    fireEvent.change(within(dialog).getByLabelText("Name"), { target: { value: "ERP export" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "New token" }));
    expect(await within(dialog).findByText("Choose at least one right")).toBeTruthy();
    fireEvent.click(within(dialog).getByLabelText("Rights", { selector: "input" }));
    fireEvent.click(await screen.findByText("INSIGHT_READ"));
    fireEvent.click(within(dialog).getByRole("button", { name: "New token" }));
    expect(await screen.findByText("oft_4tSECRET")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "I have kept it" }));
    expect(screen.queryByText("oft_4tSECRET")).toBeNull();
    expect(screen.getByText("oft_4t…")).toBeTruthy();
  });

  it("[GOV-05] a user without a role is not sent", async () => {
    const { asked } = await tower("/tower/people?open=new", (ask) => (ask.path === "/api/v1/users" ? { body: { items: [], next: null } } : ask.path === "/api/v1/roles" ? { body: { items: [{ role: "SO", title: "Sales head office", workspace: "tower", ofDistributor: false, permissions: [] }], next: null } } : undefined));
    const form = await screen.findByRole("form", { name: "New user" });
    fireEvent.change(within(form).getByLabelText("User name"), { target: { value: "asha" } });
    fireEvent.change(within(form).getByLabelText("Name"), { target: { value: "Asha" } });
    fireEvent.change(within(form).getByLabelText("First password"), { target: { value: "short" } });
    fireEvent.submit(form);
    expect(await within(form).findByText("Give at least one role")).toBeTruthy();
    expect(within(form).getByText("At least 12 characters")).toBeTruthy();
    expect(asked.some((a) => a.method === "POST" && a.path === "/api/v1/users")).toBe(false);
  });
});
