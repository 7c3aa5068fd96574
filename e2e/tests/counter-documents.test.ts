import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../support/browser";
import { counter, creditworthy, invoice, readGround, send, stocked, type Ground } from "../support/counter";

let browser: Browser;
let context: BrowserContext;
let page: Page;
let ground: Ground;

beforeAll(async () => {
  browser = await launch();
  ({ context, page, ground } = await counter(browser));
});
afterAll(async () => {
  await browser?.close();
});

const place = (hash: string) => page.evaluate((h) => { location.hash = h; }, hash);
const settled = () => page.waitForFunction(() => ["up-to-date", "needs-you"].includes(document.querySelector(".pill")?.getAttribute("data-state") ?? ""), undefined, { timeout: 20_000 });
const state = () => page.getAttribute(".pill", "data-state");

test("an order is booked, allocated and billed from the counter [ORD-02] [ORD-03]", async () => {
  const outlet = creditworthy(ground, 2_000)[0]!;
  const sku = stocked(ground, 30)[0]!;
  await place("#/orders/new");
  await page.waitForSelector(".form input");
  await page.keyboard.type(outlet.code.toLowerCase(), { delay: 45 });
  await page.keyboard.press("Enter");
  await page.waitForSelector("input.cell");
  await page.keyboard.type(sku.code.toLowerCase(), { delay: 45 });
  await page.keyboard.press("Enter");
  await page.keyboard.type("6", { delay: 45 });
  await page.keyboard.press("Enter");
  await page.waitForSelector("tfoot");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(".side h2");
  await settled();
  expect(await state()).toBe("up-to-date");
  await page.waitForFunction(() => /\d/.test(document.querySelector(".list tr[aria-selected=true] td:nth-child(2)")?.textContent ?? ""), undefined, { timeout: 20_000 });
  await page.keyboard.press("Alt+a");
  await page.waitForFunction(() => document.querySelector(".list tr[aria-selected=true] .chip")?.textContent === "Allocated", undefined, { timeout: 20_000 });
  await settled();
  await page.waitForTimeout(7_000);
  await page.keyboard.press("Alt+o");
  await page.waitForSelector("tr[aria-rowindex='1'] .nm");
  await page.waitForFunction(() => /[1-9]/.test(document.querySelector(".tot .big b")?.textContent ?? ""));
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(".keys .last .chip.good", { timeout: 15_000 });
  expect(await state()).not.toBe("needs-you");
});

test("money is taken from an outlet, oldest bill first [RCV-03] [RCV-04]", async () => {
  const outlet = creditworthy(ground, 1_000)[1] ?? ground.outlets[0]!;
  const sku = stocked(ground, 30)[1]!;
  const [owed] = await send(page, ground, [invoice(ground, outlet, [{ skuId: sku.id, qty: "6" }], "CREDIT")]);
  expect(owed!.outcome).toBe("ACCEPTED");
  await place("#/sync");
  await page.keyboard.press("Alt+n");
  await page.waitForTimeout(1_500);
  await place("#/collect/new");
  await page.waitForSelector(".collect input");
  await page.keyboard.type(outlet.code.toLowerCase(), { delay: 45 });
  await page.keyboard.press("Enter");
  await page.waitForSelector(".dues tbody tr", { timeout: 15_000 });
  await page.fill(".collect [data-amount]", "5");
  await page.waitForFunction(() => document.querySelector(".dues tbody tr td:last-child")?.textContent === "5.00");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(".list tbody tr");
  await settled();
  expect(await state()).toBe("up-to-date");
  expect(await page.textContent(".list tbody tr")).toContain(outlet.name);
});

test("goods are received against the principal's invoice, and are for sale [STK-03]", async () => {
  const sku = ground.skus[0]!;
  const batchNo = `E${Date.now().toString(36).toUpperCase()}`;
  await place("#/receive/new");
  await page.waitForSelector(".receive .form");
  await page.fill(".receive .form input[type=text], .receive .form input:not([type])", `T-${batchNo}`);
  await page.focus(".entry input.cell");
  await page.keyboard.type(sku.code.toLowerCase(), { delay: 45 });
  await page.keyboard.press("Enter");
  await page.waitForSelector(".entry input[type=date]");
  const cells = page.locator(".entry tbody tr").first().locator("input");
  await cells.nth(0).fill(batchNo);
  await cells.nth(1).fill(ground.context.businessDate.replace(/^\d{4}/, (y) => String(Number(y) - 1)));
  await cells.nth(2).fill(ground.context.businessDate.replace(/^\d{4}/, (y) => String(Number(y) + 1)));
  if (!(await cells.nth(3).inputValue())) await cells.nth(3).fill(sku.mrp ?? "10");
  if (!(await cells.nth(4).inputValue())) await cells.nth(4).fill("1");
  await cells.nth(5).fill("48");
  await cells.nth(7).fill("2");
  await cells.nth(8).fill("1");
  await page.waitForFunction(() => document.querySelector(".entry tbody tr td:last-child")?.textContent === "45");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(".list tbody tr", { timeout: 15_000 });
  await settled();
  expect(await state()).toBe("up-to-date");
  const after = await readGround(context, ground.distributorId, ground.csrf);
  expect(after.batches.find((b) => b.batchNo === batchNo)).toMatchObject({ skuId: sku.id, saleable: "45", damaged: "2" });
});

test("a new outlet is made and can be billed at once [OUT-01]", async () => {
  const name = `Test Kirana ${Date.now().toString(36)}`;
  await place("#/outlets/new");
  await page.waitForSelector("form.form");
  await page.keyboard.type(name, { delay: 45 });
  await page.fill("input[type=tel]", `98${String(Date.now()).slice(-8)}`);
  await page.locator("form.form input[list=cities]").fill(ground.context.distributor.city ?? "Anandpur");
  await page.getByLabel("PIN code").fill("413001");
  await page.getByLabel("Address").fill("1 Test Road");
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction((n) => document.querySelector(".side h2")?.textContent?.includes(n) || document.querySelector("[role=alert] .b, .bad"), name, { timeout: 20_000 });
  expect(await page.locator(".note.act").count()).toBe(0);
  await page.waitForFunction((n) => document.querySelector(".side h2")?.textContent?.includes(n), name, { timeout: 20_000 });
});

test("a bill is cancelled by the owner, not by who posted it [BIL-06]", async () => {
  const sku = stocked(ground, 30)[2]!;
  const outlet = ground.outlets.find((o) => o.status === "ACTIVE")!;
  const [bill] = await send(page, ground, [invoice(ground, outlet, [{ skuId: sku.id, qty: "1" }])]);
  const own = await counter(browser, {}, /own the business|owner/i);
  await own.page.evaluate(() => { location.hash = "#/daybook"; });
  await own.page.waitForSelector(".list tbody tr");
  await own.page.fill("input[type=search]", bill!.document!.number);
  await own.page.waitForFunction((n) => document.querySelector(".list tr[aria-selected=true]")?.textContent?.includes(n), bill!.document!.number, { timeout: 15_000 });
  await own.page.keyboard.press("Alt+x");
  await own.page.waitForSelector("[role=dialog] input");
  await own.page.keyboard.type("wrong outlet", { delay: 45 });
  await own.page.keyboard.press("Enter");
  await own.page.waitForFunction(() => [...document.querySelectorAll(".list .chip")].some((chip) => chip.textContent === "Cancelled"), undefined, { timeout: 30_000 });
  await own.context.close();
});
