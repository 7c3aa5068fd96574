import jsQR from "jsqr";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../support/browser";
import { counter, invoice, send, stocked, type Ground } from "../support/counter";

let browser: Browser;
let page: Page;
let ground: Ground;
const ids = new Map<number, string>();

beforeAll(async () => {
  browser = await launch();
  ({ page, ground } = await counter(browser));
  // without a UPI id there would be no code to read
  const outlets = ground.outlets.filter((o) => o.status === "ACTIVE");
  const skus = stocked(ground, 4).filter((s) => s.principalId === ground.skus[0]!.principalId);
  for (const lines of [1, 12, 60]) {
    const command = invoice(ground, outlets[lines % outlets.length]!, skus.slice(0, lines).map((s) => ({ skuId: s.id, qty: "1" })));
    const [answer] = await send(page, ground, [command]);
    if (answer!.outcome === "REFUSED") throw new Error(`${lines} lines: ${JSON.stringify(answer!.problem)}`);
    ids.set(lines, command.id);
  }
}, 120_000);
afterAll(async () => {
  await browser?.close();
});

const sheets = { "A4": { width: 210, height: 297, landscape: 0 }, "A5": { width: 210, height: 148, landscape: 1 }, "A5 upright": { width: 148, height: 210, landscape: 0 }, "80mm": { width: 80, height: 0, landscape: 0 } } as const;

/** Sizes of the pages of a PDF in millimetres. */
function pages(pdf: Buffer): { width: number; height: number }[] {
  return [...pdf.toString("latin1").matchAll(/\/MediaBox\s*\[\s*([\d.-]+)\s+([\d.-]+)\s+([\d.-]+)\s+([\d.-]+)/g)].map((m) => ({
    width: ((Number(m[3]) - Number(m[1])) / 72) * 25.4, height: ((Number(m[4]) - Number(m[2])) / 72) * 25.4,
  }));
}

const cases = [1, 12, 60].flatMap((lines) => (Object.keys(sheets) as (keyof typeof sheets)[]).flatMap((sheet) => ["en", "hi"].map((language) => ({ lines, sheet, language }))));

test.each(cases)("A27: $lines lines on $sheet in $language: exact page size, no orphan totals, the UPI code decodes [BIL-11]", async ({ lines, sheet, language }) => {
  const size = sheets[sheet];
  const paper = sheet.split(" ")[0]!;
  await page.evaluate((hash) => { location.hash = hash; }, `#/print/invoice/${ids.get(lines)}?paper=${paper}&landscape=${size.landscape}&language=${language}&copies=1`);
  await page.waitForSelector(`main[data-ready="${ids.get(lines)} ${paper} ${size.landscape ? "wide" : "tall"} ${language} 1"]`);
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  const found = pages(pdf);
  const shown = await page.evaluate(() => ({
    sheets: document.querySelectorAll(".paper .page").length,
    rows: [...document.querySelectorAll(".paper .page")].map((p) => p.querySelectorAll("tbody tr").length && p.querySelectorAll(".p-lines tbody tr").length),
    cut: [...document.querySelectorAll(".paper .page")].filter((p) => p.scrollHeight > p.clientHeight + 1 || p.scrollWidth > p.clientWidth + 1).length,
    items: document.querySelectorAll(".paper .p-lines tbody tr, .paper .roll .items li").length,
    title: document.querySelector(".paper h1")?.textContent ?? "",
    text: document.querySelector(".paper")?.textContent ?? "",
    roll: document.querySelector(".roll")?.getBoundingClientRect().height ?? 0,
    upi: document.querySelector('.paper .qr[data-qr^="upi:"]')?.getAttribute("data-qr") ?? null,
  }));
  expect(shown.items).toBeGreaterThanOrEqual(lines);
  expect(shown.cut).toBe(0);
  expect(shown.title).toMatch(language === "hi" ? /बीजक|बिल/ : /invoice|bill of supply/i);
  for (const one of found) expect(Math.abs(one.width - size.width)).toBeLessThan(0.5);
  if (size.height) {
    expect(found).toHaveLength(shown.sheets);
    for (const one of found) expect(Math.abs(one.height - size.height)).toBeLessThan(0.5);
    for (const rows of shown.rows) expect(rows).toBeGreaterThan(0);
    if (lines === 60) expect(shown.rows.at(-1)).toBeGreaterThanOrEqual(3);
  } else {
    expect(found).toHaveLength(1);
    expect(Math.abs(found[0]!.height - (shown.roll * 25.4) / 96)).toBeLessThan(3);
  }
  if (ground.context.distributor.upiId) {
    expect(shown.upi).toMatch(/^upi:\/\/pay\?pa=/);
    expect(await decode(page)).toBe(shown.upi);
    expect(new URLSearchParams(shown.upi!.split("?")[1]).get("pa")).toBe(ground.context.distributor.upiId);
  }
});

test("the demo's counter has a UPI id, so that the codes above were really read [BIL-11]", () => {
  expect(ground.context.distributor.upiId).toBeTruthy();
});

/** Reads the code from the picture of the paper, as a phone's camera would. */
async function decode(from: Page): Promise<string | undefined> {
  await from.emulateMedia({ media: "print" });
  const png = (await from.locator('.paper .qr[data-qr^="upi:"]').first().screenshot({ scale: "css" })).toString("base64");
  await from.emulateMedia({ media: null });
  const pixels = await from.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width * 3, image.height * 3);
    const draw = canvas.getContext("2d")!;
    draw.imageSmoothingEnabled = false;
    draw.drawImage(image, 0, 0, canvas.width, canvas.height);
    const read = draw.getImageData(0, 0, canvas.width, canvas.height);
    let dark = "";
    for (let at = 0; at < read.data.length; at += 4) dark += read.data[at]! < 128 ? "1" : "0";
    return { width: read.width, height: read.height, dark };
  }, png);
  const data = new Uint8ClampedArray(pixels.width * pixels.height * 4);
  for (let at = 0; at < pixels.dark.length; at++) data.fill(pixels.dark[at] === "1" ? 0 : 255, at * 4, at * 4 + 3).fill(255, at * 4 + 3, at * 4 + 4);
  return jsQR(data, pixels.width, pixels.height)?.data;
}
