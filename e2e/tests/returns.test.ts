import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, profile } from "../support/browser";
import { office } from "../support/tower";
import { counter, counterDoor, creditworthy, invoice, send, stocked, type Ground } from "../support/counter";

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

/** A picture of 40 × 30 px, made by the browser itself. */
async function picture(): Promise<Buffer> {
  const url = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 40;
    canvas.height = 30;
    const pen = canvas.getContext("2d")!;
    // no picture like it was sent before
    pen.fillStyle = `rgb(${[0, 0, 0].map(() => Math.floor(Math.random() * 256)).join(" ")})`;
    pen.fillRect(4, 4, 20, 20);
    return canvas.toDataURL("image/png");
  });
  return Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
}

test("a return with a picture is asked for by keys, approved by the owner, received, inspected and credited [RET-01] [RET-02] [RET-03] [RET-04] [BIL-07]", async () => {
  const outlet = creditworthy(ground, 3_000)[2] ?? ground.outlets[0]!;
  const sku = stocked(ground, 40)[2] ?? ground.skus[0]!;
  const [sold] = await send(page, ground, [invoice(ground, outlet, [{ skuId: sku.id, qty: "8" }], "CREDIT")]);
  expect(sold!.outcome).toBe("ACCEPTED");
  const bill = sold!.document as { number: string };

  await page.keyboard.press("Alt+F6");
  await page.waitForSelector(".returning input");
  await page.keyboard.type(outlet.code.toLowerCase(), { delay: 45 });
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.closest(".field")?.textContent?.startsWith("Bill"));
  await page.waitForTimeout(1_000);
  await page.keyboard.type(bill.number, { delay: 45 });
  await page.waitForSelector("[role=option]");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".returning input.qty:not(:disabled)");
  await page.selectOption(".returning .form select", "LEAKAGE");
  await page.setInputFiles(".returning .pictures input[type=file]", { name: "leak.png", mimeType: "image/png", buffer: await picture() });
  await page.waitForSelector(".returning .pictures img");
  await page.focus(".returning input.qty");
  await page.keyboard.type("3", { delay: 45 });
  await page.waitForSelector(".returning .pairs dd.b");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(".side h2 .chip", { timeout: 20_000 });
  await page.waitForFunction(() => document.querySelector(".side h2 .chip")?.textContent === "Waits for approval", undefined, { timeout: 20_000 });
  // the maker is told that somebody else decides
  expect(await page.textContent(".side .acts")).toContain("somebody else decides");
  await page.waitForFunction(() => { const img = document.querySelector<HTMLImageElement>(".side .return-pictures img"); return !!img && img.naturalWidth > 0; }, undefined, { timeout: 10_000 });

  const id = await page.evaluate(() => location.hash.split("/").at(-1)!);
  const owner = await profile(browser);
  const door = await counterDoor(/owner/i);
  const me = (await (await owner.request.post("/api/v1/session", { data: { username: door.username, password: door.password } })).json()) as { csrf: string };
  const approved = await owner.request.post(`/api/v1/returns/${id}/approval`, { data: { id: crypto.randomUUID(), decision: "APPROVED" }, headers: { "X-CSRF-Token": me.csrf } });
  expect(approved.status(), await approved.text()).toBe(200);
  await owner.close();

  await page.evaluate(() => { location.hash = "#/bill"; });
  await page.waitForSelector(".input.outlet");
  await page.evaluate((it) => { location.hash = `#/returns/${it}`; }, id);
  await page.waitForFunction(() => document.querySelector(".side h2 .chip")?.textContent === "Approved", undefined, { timeout: 20_000 });
  await page.keyboard.press("Alt+v");
  await page.waitForFunction(() => document.querySelector(".side h2 .chip")?.textContent === "Goods are there", undefined, { timeout: 20_000 });
  await page.keyboard.press("Alt+i");
  await page.waitForSelector("[role=dialog] input");
  await page.fill("[role=dialog] input[aria-label='Damaged, line 1']", "2");
  await page.fill("[role=dialog] input[aria-label='Back, line 1']", "1");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".side h2 .chip")?.textContent === "To be credited", undefined, { timeout: 20_000 });
  await page.waitForFunction(() => [...document.querySelectorAll<HTMLButtonElement>(".side button")].some((button) => !button.disabled && /Alt\+C/.test(button.textContent ?? "")));
  await page.keyboard.press("Alt+c");
  await page.waitForFunction(() => document.querySelector(".side h2 .chip")?.textContent === "Credited", undefined, { timeout: 20_000 });
  // it left the list's filter, and stays the one that is picked: its own paper is printed
  const note = (await (await context.request.get(`/api/v1/returns/${id}`)).json()) as { creditNoteNumber: string; creditNoteId: string };
  expect(await page.textContent(".side")).toContain(note.creditNoteNumber);
  const printed = await page.evaluate(() => (window as unknown as { printed: number }).printed);
  await page.keyboard.press("Alt+p");
  await page.waitForFunction((before) => (window as unknown as { printed: number }).printed > before, printed, { timeout: 20_000 });
  const paper = (await page.textContent(".paper")) ?? "";
  expect(paper).toContain(note.creditNoteNumber);
  expect(paper).toContain(bill.number);
  // two of eight came back, one went home again: six may still come back
  const left = (await (await context.request.get(`/api/v1/returns/creditable/${sold!.id}`)).json()) as { lines: { left: string }[] };
  expect(Number(left.lines[0]!.left)).toBe(6);
});

test("a regional manager approves and rejects returns by keys, each beside its pictures, a rejection with its reason code [RET-02] [GOV-01] [GOV-17]", async () => {
  const outlet = creditworthy(ground, 30_000)[0] ?? ground.outlets[0]!;
  const skus = stocked(ground, 400).slice(0, 1);
  const asked: string[] = [];
  for (let i = 0; i < 2; i++) {
    const [sold] = await send(page, ground, [invoice(ground, outlet, [{ skuId: skus[0]!.id, qty: "120" }], "CASH")]);
    expect(sold!.outcome, JSON.stringify(sold)).toBe("ACCEPTED");
    const bytes = await picture();
    const stored = await context.request.post(`/api/v1/evidence?distributorId=${ground.distributorId}`, { data: bytes, headers: { "Content-Type": "image/png", "X-CSRF-Token": ground.csrf } });
    expect(stored.ok(), await stored.text()).toBe(true);
    const { hash } = (await stored.json()) as { hash: string };
    const id = crypto.randomUUID();
    const answer = await context.request.post("/api/v1/returns", { data: { id, distributorId: ground.distributorId, principalId: sold!.document!.principalId, outletId: outlet.id, warehouseId: ground.context.warehouses[0]!.id,
      businessDate: ground.context.businessDate, originalId: sold!.id, reason: "LEAKAGE", lines: [{ line: 1, originalLine: 1, qty: "110" }], pictures: [hash] }, headers: { "X-CSRF-Token": ground.csrf } });
    expect(answer.status(), await answer.text()).toBe(201);
    asked.push(id);
  }
  const desk = await office(browser, "sales");
  await desk.page.addInitScript(() => {
    Object.assign(window, { pointed: 0 });
    addEventListener("pointerdown", () => ((window as unknown as { pointed: number }).pointed += 1), true);
  });
  await desk.page.goto("/tower/returns?order=new");
  await desk.page.getByRole("listbox", { name: "Returns" }).waitFor();
  await desk.page.waitForFunction(() => document.activeElement?.getAttribute("role") === "listbox");
  for (const [i, id] of [...asked].reverse().entries()) {
    await desk.page.waitForFunction((one) => document.querySelector(`[data-return="${one}"] [data-act="approve"]`) !== null, id, { timeout: 20_000 });
    await desk.page.waitForFunction((one) => { const img = document.querySelector<HTMLImageElement>(`[data-return="${one}"] .ra-picture`); return !!img && img.naturalWidth > 0; }, id);
    if (i === 0) await desk.page.keyboard.press("a");
    else {
      await desk.page.keyboard.press("r");
      await desk.page.getByRole("dialog").waitFor();
      await desk.page.keyboard.press("2");
      await desk.page.keyboard.press("Enter");
    }
    await desk.page.waitForFunction((one) => document.querySelector(`#rt-${one}`) === null, id, { timeout: 20_000 });
  }
  expect(await desk.page.evaluate(() => (window as unknown as { pointed: number }).pointed), "no pointer was used").toBe(0);
  const states = await Promise.all(asked.map(async (id) => (await desk.ask<{ status: string; history: { reason: string | null }[] }>("GET", `/api/v1/returns/${id}`)).body));
  expect(states.map((one) => one.status)).toEqual(["REJECTED", "APPROVED"]);
  expect(states[0]!.history.at(-1)!.reason).toBe("NOT_PROVEN");
  expect(desk.errors).toEqual([]);
  await desk.context.close();
});

test("the list of returns shows those of the example [RET-02]", async () => {
  await page.evaluate(() => { location.hash = "#/returns"; });
  await page.waitForSelector(".list tbody tr");
  await page.selectOption(".filters select", "");
  await page.waitForFunction(() => document.querySelectorAll(".list tbody tr").length >= 2);
});
