import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, profile } from "../support/browser";
import { counter, creditworthy, outletEntry, shortest, skuEntry, stocked, type Door } from "../support/counter";
import { address } from "../support/browser";

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
});

/** Somebody of head office in a profile of their own. */
async function office(username: string): Promise<{ context: BrowserContext; page: Page; errors: string[]; csrf: string; ask: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: Record<string, unknown> }> }> {
  const doors = (await (await fetch(`${address}/api/v1/demo/doors`)).json()) as Door[];
  const password = doors[0]!.password;
  const context = await profile(browser, 1440, 900);
  const answer = await context.request.post("/api/v1/session", { data: { username, password } });
  const { csrf } = (await answer.json()) as { csrf: string };
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  const ask = async (method: string, path: string, body?: unknown) => {
    const said = await context.request.fetch(path, { method, headers: { "x-csrf-token": csrf }, ...(body === undefined ? {} : { data: body }) });
    const text = await said.text();
    return { status: said.status(), body: text ? (JSON.parse(text) as Record<string, unknown>) : {} };
  };
  return { context, page, errors, csrf, ask };
}

const today = () => new Date().toLocaleDateString("en-CA", { timeZone: "Asia/Kolkata" });
const later = (date: string, days: number) => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Chooses in a searchable box of the kit. */
async function pick(page: Page, label: string | RegExp, text: string): Promise<void> {
  const box = page.getByRole("combobox", { name: label }).or(page.getByRole("textbox", { name: label })).first();
  await box.click();
  await box.fill(text);
  const option = page.getByRole("option", { name: new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "i") }).first();
  await option.waitFor();
  await option.click();
}

/** Confirms every remark, also those that a simulation brings meanwhile, until the decision is open. */
async function confirmAll(page: Page, act?: "approve"): Promise<void> {
  const button = act ? page.locator(`[data-act="${act}"]`) : page.getByRole("button", { name: "Send for approval" });
  for (let tries = 0; tries < 40; tries++) {
    for (const box of await page.getByLabel("I have seen this and mean it").all()) if (!(await box.isChecked()) && (await box.isEnabled())) await box.check();
    await page.waitForTimeout(250);
    if (tries > 3 && (await button.isEnabled())) return;
  }
}

const code = `E2E-${Date.now().toString(36).toUpperCase()}`;
const name = `Six and more ${code.slice(-4)}`;

test("a scheme is built by a sales manager, tried, checked, simulated and approved by another person, and then used at a counter; own approval is refused [SCH-04] [SCH-08] [SCH-10] [SCH-14] [SCH-15] [SCH-17] [GOV-01] [GOV-03]", { timeout: 180_000 }, async () => {
  const clerk = await counter(browser);
  const { ground } = clerk;
  const sku = stocked(ground, 120).find((s) => s.principalId === ground.skus[0]!.principalId)!;
  await clerk.context.close();

  // --- built: kind by card, slabs typed by keys, goods picked, tried on a basket while it is typed
  const maker = await office("sales");
  const { page } = maker;
  await page.goto("/tower/schemes/new");
  await page.getByRole("button", { name: /Slabs, on everything/ }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Code", { exact: true }).fill(code);
  await pick(page, "Principal", "SUNBIRD");
  await page.getByLabel("First day", { exact: true }).fill(today());
  await page.getByLabel("Last day", { exact: true }).fill(later(today(), 30));
  await page.getByLabel("From, 1").focus();
  for (const cell of ["6", "3", "12", "6"]) {
    await page.keyboard.type(cell);
    await page.keyboard.press("Enter");
  }
  await page.getByLabel("From, 3").waitFor();
  await pick(page, "Add to: Goods", sku.code);
  await page.getByText("1 article", { exact: true }).waitFor();
  const reads = page.getByRole("region", { name: "It reads" });
  await reads.getByText("from 12 pieces").waitFor();
  expect(await reads.innerText()).toContain("6 % off");
  await page.locator(".try-big b").waitFor();
  const tried = Number((await page.locator(".try-big b").innerText()).replace(/[^\d.]/g, ""));
  expect(tried).toBeGreaterThan(0);
  await page.getByRole("button", { name: /Save and simulate/ }).click();

  // --- checked and simulated on past bills, with what it would have cost
  await page.waitForURL(/\/tower\/changes\/[0-9a-f-]{36}/);
  const id = /changes\/([0-9a-f-]{36})/.exec(page.url())![1]!;
  await page.locator(".sim-says").waitFor({ timeout: 90_000 });
  expect(await page.locator(".sim-says").innerText()).toMatch(/of [\d,]+ bills/);
  await confirmAll(page);
  await page.getByRole("button", { name: "Send for approval" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("opens the winter season");
  await page.getByRole("dialog").getByRole("button", { name: "Send" }).click();

  // --- own approval: the page says why not, and the server refuses it whatever the page does
  await page.locator("[data-why]").waitFor();
  expect(await page.locator("[data-why]").innerText()).toMatch(/Somebody else has to approve/);
  expect(await page.locator('[data-act="approve"]').isDisabled()).toBe(true);
  const sealed = (await maker.ask("GET", `/api/v1/change-requests/${id}`)).body as { contentHash: string };
  const own = await maker.ask("POST", `/api/v1/change-requests/${id}/approval`, { contentHash: sealed.contentHash, reason: "mine" });
  expect([403, 409]).toContain(own.status);
  expect(maker.errors).toEqual([]);

  // --- approved by finance, from the desk, by keys; the approval is bound to the seal that was read
  const finance = await office("finance");
  await finance.page.goto("/tower/changes");
  const row = finance.page.getByRole("option", { name: new RegExp(code) });
  await row.click();
  await finance.page.getByText("from 12 pieces").waitFor();
  await confirmAll(finance.page, "approve");
  await finance.page.getByRole("listbox", { name: "Change requests" }).focus();
  await finance.page.keyboard.press("a");
  await finance.page.getByRole("dialog").getByLabel("Reason").fill("within the season's budget");
  await finance.page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
  await finance.page.getByRole("dialog").waitFor({ state: "detached" });
  const done = (await maker.ask("GET", `/api/v1/change-requests/${id}`)).body as { status: string; decidedBy: string; createdBy: string };
  expect(done.status).toBe("IN_FORCE");
  expect(done.decidedBy).not.toBe(done.createdBy);
  expect(finance.errors).toEqual([]);
  await finance.context.close();

  // --- used: the counter pulls the new book, the ladder names the scheme, a key takes the next slab, the invoice carries it
  const till = await counter(browser);
  const keys = till.page.keyboard;
  const type = async (text: string) => { for (const c of text) { await keys.press(c === " " ? "Space" : c); await till.page.waitForTimeout(45); } };
  const outlets = till.ground.outlets.map(outletEntry);
  const entries = till.ground.skus.map(skuEntry);
  const outlet = creditworthy(till.ground, 5_000)[0]!;
  await type(shortest(outlets, outlets.find((e) => e.item.id === outlet.id)!, (o) => o.id));
  await keys.press("Enter");
  await type(shortest(entries, entries.find((e) => e.item.id === sku.id)!, (s) => s.id));
  await keys.press("Enter");
  await type("6");
  await keys.press("Enter");
  await keys.press("ArrowUp");
  await till.page.locator(".hint-under", { hasText: "6 more: 6 %" }).waitFor();
  await keys.press("Alt+s");
  const rung = till.page.locator(".rungs li", { hasText: code });
  await rung.waitFor();
  expect(await rung.innerText()).toMatch(/6 more pieces of .* earn 6 %/);
  for (let i = 0; i < 6 && (await rung.getAttribute("aria-selected")) !== "true"; i++) await keys.press("ArrowDown");
  await keys.press("Enter");
  await rung.getByText(/earn/).waitFor({ state: "detached" });
  await keys.press("Escape");
  await keys.press("Control+Enter");
  await till.page.waitForSelector(".keys .last .chip.good", { timeout: 20_000 });
  await till.page.waitForSelector(".print-host[data-printed]", { state: "attached" });
  const invoiceId = await till.page.getAttribute(".print-host", "data-printed");
  const invoice = (await (await till.context.request.get(`/api/v1/invoices/${invoiceId}`)).json()) as { lines: { qty: string }[]; schemes: { code: string; discount: string }[] };
  expect(Number(invoice.lines[0]!.qty)).toBe(12);
  expect(invoice.schemes.map((s) => s.code)).toContain(code);
  expect(till.errors).toEqual([]);

  // --- and the scheme's page shows its use; stopped at once, the next bill does not get it
  await page.goto("/tower/schemes");
  await page.getByLabel(/Find in/).fill(code);
  await page.getByRole("row", { name: new RegExp(code) }).click();
  await page.getByRole("heading", { name: new RegExp(name) }).waitFor();
  await page.getByRole("region", { name: "Uptake" }).getByText("Given out").waitFor();
  await page.getByRole("button", { name: /Stop or end/ }).click();
  await page.getByRole("menuitem", { name: "Stop now" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("the season is over");
  await page.getByRole("dialog").getByRole("button", { name: "Stop now" }).click();
  await page.getByText("Paused", { exact: true }).first().waitFor();
  await till.context.close();
  await maker.context.close();
});

test("A16: the list of schemes is exported as it is filtered and ordered on the screen [SCH-22] [ANA-20]", async () => {
  const { context, page } = await office("sales");
  await page.goto("/tower/schemes?status=ENDED&sort=validFrom");
  await page.waitForSelector(".g-table tbody tr");
  const shown = await page.locator(".g-table tbody tr td:nth-child(2)").allInnerTexts();
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "CSV" }).click()]);
  const lines = readFileSync((await download.path())!, "utf8").replace(/^\uFEFF/, "").trim().split(/\r?\n/);
  const cells = (line: string) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((cell) => cell[1]?.replaceAll('""', '"') ?? cell[2]!);
  const code = cells(lines[0]!).findIndex((name) => /^code$/i.test(name));
  expect(code).toBeGreaterThanOrEqual(0);
  expect(lines.slice(1).map((line) => cells(line)[code])).toEqual(shown);
  await context.close();
});
