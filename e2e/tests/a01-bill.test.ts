import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../support/browser";
import { counter, creditworthy, invoice, outletEntry, send, shortest, skuEntry, stocked, type Ground } from "../support/counter";

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
});

/** Presses keys at the pace of a clerk and counts them; faster than 35 ms a key would be a scanner. */
function clerk(page: Page, pace: number) {
  let keys = 0;
  const press = async (key: string) => {
    keys++;
    await page.keyboard.press(key);
    if (pace) await page.waitForTimeout(pace);
  };
  return { press, type: async (text: string) => { for (const c of text) await press(c === " " ? "Space" : c); }, count: () => keys };
}

const payable = (text: string | null) => (text ?? "").replace(/[^\d.]/g, "");
const posted = (page: Page) => page.waitForSelector(".keys .last .chip.good", { timeout: 15_000 });

async function plan(ground: Ground, lines: number, room = 5_000, registered?: boolean) {
  const entries = ground.skus.map(skuEntry);
  const outlets = ground.outlets.map(outletEntry);
  const outlet = creditworthy(ground, room).filter((o) => registered === undefined || Boolean(o.gstin) === registered)[0] ?? ground.outlets.find((o) => o.status === "ACTIVE")!;
  const skus = stocked(ground, 60).filter((s) => s.principalId === ground.skus[0]!.principalId).slice(0, lines);
  return {
    outlet, skus, outletKeys: shortest(outlets, outlets.find((e) => e.item.id === outlet.id)!, (o) => o.id),
    items: skus.map((s) => shortest(entries, entries.find((e) => e.item.id === s.id)!, (x) => x.id)),
  };
}

test("A1: ten lines by keys alone, posted in under 30 s with at most 90 keys, totals equal the server's [UXP-01] [BIL-01] [BIL-03]", async () => {
  const { context, page, ground, errors } = await counter(browser);
  const { outletKeys, items } = await plan(ground, 10);
  expect(items).toHaveLength(10);
  const hands = clerk(page, 180);
  const began = Date.now();
  await hands.type(outletKeys);
  await hands.press("Enter");
  for (const [i, item] of items.entries()) {
    await hands.type(item);
    await hands.press("Enter");
    await hands.type(i % 2 ? "6" : "2");
    await hands.press("Enter");
  }
  await hands.press("Alt+t");
  await hands.press("Enter");
  const total = payable(await page.textContent(".tot .big b"));
  expect(Number(total)).toBeGreaterThan(0);
  await hands.press("Enter");
  await hands.press("Enter");
  await page.waitForFunction(() => (document.querySelector(".input.outlet") as HTMLInputElement | null)?.value === "" && document.activeElement?.classList.contains("outlet"));
  const took = Date.now() - began;
  await posted(page);
  await page.waitForSelector(".print-host[data-printed] .paper", { state: "attached" });
  const id = await page.getAttribute(".print-host", "data-printed");
  const view = await page.evaluate(async (i) => (await fetch(`/api/v1/invoices/${i}`)).json(), id) as { number: string; totals: { payable: string }; lines: unknown[] };
  expect(Number(view.totals.payable)).toBe(Number(total));
  expect(view.lines.length).toBeGreaterThanOrEqual(10);
  expect(view.number).toBeTruthy();
  expect(await page.textContent(".print-host h1")).toMatch(/tax invoice/i);
  expect(await page.evaluate(() => (window as unknown as { printed: number }).printed)).toBe(1);
  expect(await page.evaluate(() => (window as unknown as { pointers: number }).pointers)).toBe(0);
  console.log(`A1: ${hands.count()} keys, ${(took / 1000).toFixed(1)} s, ${view.lines.length} lines, ${view.number}`);
  expect(hands.count()).toBeLessThanOrEqual(90);
  expect(took).toBeLessThan(30_000);
  expect(errors).toEqual([]);
  await context.close();
});

test("a buyer with a tax number needs the server's word first: without network the paper is an order, and the invoice follows once [OFF-04] [UXP-01]", async () => {
  const { context, page, ground, errors } = await counter(browser);
  const { outletKeys, items } = await plan(ground, 3, 5_000, true);
  await page.waitForFunction(() => navigator.serviceWorker?.controller !== null, undefined, { timeout: 15_000 }).catch(() => page.reload());
  await page.waitForSelector(".input.outlet");
  const hands = clerk(page, 45);
  await context.setOffline(true);
  await hands.type(outletKeys);
  await hands.press("Enter");
  await hands.type(items[0]!);
  await hands.press("Enter");
  await hands.type("3");
  await hands.press("Enter");
  await page.waitForTimeout(500);
  await page.reload();
  await page.waitForSelector("tr[aria-rowindex='1'] .nm", { timeout: 10_000 });
  await page.waitForSelector("input.cell");
  await hands.type(items[1]!);
  await hands.press("Enter");
  await hands.type("2");
  await hands.press("Enter");
  await hands.press("Control+Enter");
  await page.waitForSelector(".keys .last .chip.info", { timeout: 10_000 });
  await page.waitForSelector(".print-host[data-printed] .paper", { state: "attached", timeout: 10_000 });
  expect(await page.textContent(".print-host h1")).toMatch(/order/i);
  expect(await page.getAttribute(".pill", "data-state")).toBe("waiting");
  const id = await page.getAttribute(".print-host", "data-printed");
  await context.setOffline(false);
  await page.keyboard.press("Alt+z");
  await page.keyboard.press("Alt+n");
  await page.waitForFunction(() => document.querySelector(".pill")?.getAttribute("data-state") === "up-to-date", undefined, { timeout: 20_000 });
  const view = await page.evaluate(async (i) => (await fetch(`/api/v1/invoices/${i}`)).json(), id) as { id: string; number: string };
  expect(view.number).toBeTruthy();
  const again = await page.evaluate(async (number) => (await fetch(`/api/v1/invoices?q=${encodeURIComponent(number)}`)).json(), view.number) as { items: { id: string }[] };
  expect(again.items.filter((row) => row.id === id)).toHaveLength(1);
  expect(errors).toEqual([]);
  await context.close();
});

test("a refused bill comes back with its reason, is mended and accepted under the same id [UXP-01] [STK-08]", async () => {
  const { context, page, ground } = await counter(browser);
  const { outlet, outletKeys } = await plan(ground, 1);
  const warehouse = ground.context.warehouses[0]!.id;
  const sellable = (id: number) => ground.batches.filter((b) => b.skuId === id && b.warehouseId === warehouse && (!b.expiresOn || b.expiresOn >= ground.context.businessDate)).reduce((n, b) => n + Number(b.saleable), 0);
  const sku = stocked(ground, 4).sort((a, b) => sellable(a.id) * Number(a.ptr ?? 0) - sellable(b.id) * Number(b.ptr ?? 0))[0]!;
  const all = Math.floor(sellable(sku.id) * 0.9);
  const hands = clerk(page, 45);
  await hands.type(outletKeys);
  await hands.press("Enter");
  await hands.type(sku.code.toLowerCase());
  await hands.press("Enter");
  await hands.type(String(all));
  await hands.press("Enter");
  await hands.press("Alt+t");
  await page.waitForFunction(() => /[1-9]/.test(document.querySelector(".tot .big b")?.textContent ?? ""));
  const [taken] = await send(page, ground, [invoice(ground, outlet, [{ skuId: sku.id, qty: String(Math.max(2, Math.floor(sellable(sku.id) * 0.5))) }])]);
  expect(taken!.outcome).toBe("ACCEPTED");
  await hands.press("Control+Enter");
  await page.waitForSelector(".pill[data-state='needs-you']", { timeout: 15_000 });
  await hands.press("Alt+z");
  await page.waitForSelector("article.need");
  expect(await page.textContent("article.need")).toMatch(/\d/);
  await page.click("article.need .btn.pri");
  await page.waitForSelector("input.cell");
  expect(await page.textContent(".warn")).toMatch(/\S/);
  await hands.press("ArrowUp");
  await hands.press("Control+a");
  await hands.type("1");
  await hands.press("Enter");
  await hands.press("Control+Enter");
  await posted(page);
  await page.waitForFunction(() => document.querySelector(".pill")?.getAttribute("data-state") !== "needs-you", undefined, { timeout: 15_000 });
  await context.close();
});

test("A10: keys are read from their place on the board, whatever the layout types; a scan goes to a line [UXP-01]", { timeout: 120_000 }, async () => {
  const { context, page, ground } = await counter(browser);
  const { outletKeys, items } = await plan(ground, 2);
  const hands = clerk(page, 45);
  await hands.type(outletKeys);
  await hands.press("Enter");
  await hands.type(items[0]!);
  await hands.press("Enter");
  await hands.type("2");
  // a fast clerk's Escape comes before the dialog has been painted: it is pressed in the same moment the dialog stands in the page
  const openBatches = () => page.evaluate(() => {
    new MutationObserver((_, watch) => {
      if (!document.querySelector("[role=dialog] [role=listbox]")) return;
      watch.disconnect();
      document.body.dataset.escaped = String(Number(document.body.dataset.escaped ?? 0) + 1);
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { code: "Escape", key: "Escape", bubbles: true, cancelable: true }));
    }).observe(document.body, { childList: true, subtree: true });
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyB", key: "\u092c", altKey: true, bubbles: true, cancelable: true }));
  });
  for (let times = 1; times <= 5; times++) {
    await openBatches();
    await page.waitForFunction((count) => document.body.dataset.escaped === String(count), times);
    await page.waitForSelector("[role=dialog]", { state: "detached", timeout: 5_000 });
  }
  const coded = ground.skus.find((s) => s.gtins.length > 0);
  if (coded) {
    for (let times = 1; ; times++) {
      await page.keyboard.type(coded.gtins[0]!);
      await page.keyboard.press("Enter");
      if (await page.waitForSelector("input.cell", { timeout: 3000 }).catch(() => null)) break;
      // the machine paused inside the burst, so it was typing: taken back, and scanned again as a clerk would
      expect(times).toBeLessThan(10);
      await page.keyboard.press("Control+A");
      await page.keyboard.type("2", { delay: 60 });
    }
    await page.waitForFunction((name) => [...document.querySelectorAll(".grid .nm")].some((n) => n.textContent === name), coded.name);
    expect(await page.inputValue("input.cell")).toBe("");
  }
  await context.close();
});
