import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../support/browser";
import { office, paise } from "../support/tower";

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
});

interface Cell { value: string | null }
interface Answer { columns: { id: string; kind: string; additive: boolean | null }[]; rows: { keys: Record<string, { id: string; label: string }>; values: Record<string, Cell> }[]; totals: Record<string, Cell> | null; notAllocated: { values: Record<string, Cell> } | null; freshness: { asOf: string; distributors: number }; next: string | null; count: number }

/** Keeps the last answer that the grid of Explore was given, so that its parts can be added up. */
function watch(page: Page): { last: () => { question: { dimensions: string[] }; answer: Answer } | undefined } {
  let last: { question: { dimensions: string[]; limit: number }; answer: Answer } | undefined;
  page.on("response", (answer) => {
    if (!answer.url().endsWith("/api/v1/insight/query") || answer.status() !== 200) return;
    const question = answer.request().postDataJSON() as { dimensions: string[]; limit: number };
    if (question.limit !== 200) return;
    void answer.json().then((body) => { last = { question, answer: body as Answer }; }, () => undefined);
  });
  return { last: () => last };
}

/** Rows and what is not allocated make the whole, to the paisa. */
function addsUp(answer: Answer): void {
  if (answer.next !== null) return;
  for (const column of answer.columns.filter((c) => c.kind === "metric" && c.additive)) {
    const whole = answer.totals?.[column.id]?.value;
    if (whole == null) continue;
    const parts = answer.rows.reduce((sum, row) => sum + paise(row.values[column.id]?.value ?? "0"), 0n) + paise(answer.notAllocated?.values[column.id]?.value ?? "0");
    expect(parts, `${column.id} by ${answer.columns.map((c) => c.id).join(", ")}`).toBe(paise(whole));
  }
}

/** Enter on the first row of each grid until a bill is open; each grid's parts make its whole. Answers the steps it took. */
async function toABill(page: Page, seen: ReturnType<typeof watch>, most: number): Promise<number> {
  let steps = 0;
  while (!/\/tower\/bills\//.test(page.url()) && steps < most) {
    const grid = page.getByRole("grid").first();
    await grid.waitFor();
    const wanted = new URL(page.url()).searchParams.get("by");
    for (let i = 0; i < 80 && seen.last()?.question.dimensions.join(",") !== wanted; i++) await page.waitForTimeout(100);
    addsUp(seen.last()!.answer);
    await page.locator('tbody tr[role="row"]').first().waitFor();
    const before = page.url();
    await grid.focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction((url) => location.href !== url, before);
    steps += 1;
  }
  return steps;
}

test("from Today to a bill in at most five steps, the parts adding up at each: whoever moved the total most, and the sales of the month [A18] [ANA-05] [ANA-06]", { timeout: 180_000 }, async () => {
  const { context, page, errors } = await office(browser, "sales");
  const seen = watch(page);
  const starts: [string, (page: Page) => Promise<void>][] = [
    ["whoever moved the total most", async (p) => { await p.getByRole("region", { name: "What changed most" }).locator("tbody tr a.open").first().click(); }],
    ["secondary sales", async (p) => { await p.locator("article a.cover").first().click(); }],
  ];
  for (const [story, first] of starts) {
    await page.goto("/tower/?w=LAST_MONTH");
    await page.locator("article a.cover").first().waitFor();
    await page.getByRole("region", { name: "What changed most" }).locator("tbody tr a.open").first().waitFor();
    await first(page);
    const steps = 1 + (await toABill(page, seen, 7));
    expect(page.url(), story).toMatch(/\/tower\/bills\//);
    expect(steps, story).toBeLessThanOrEqual(5);
    await page.getByRole("heading", { level: 1 }).waitFor();
  }
  expect(errors).toEqual([]);
  await context.close();
});

test("the stock push is the story of Today: its distributor, what it sells to whom, and a bill in at most five steps [A18] [ANA-14] [STK-28]", { timeout: 180_000 }, async () => {
  const { context, page, errors, ask } = await office(browser, "sales");
  // rules look at the figures a little after the start
  for (let i = 0; i < 100; i++) {
    const open = await ask<{ items: { rule: string }[] }>("GET", "/api/v1/alerts?state=OPEN");
    if (open.body.items.some((alert) => alert.rule === "STOCK_PUSH")) break;
    await page.waitForTimeout(1000);
  }
  const seen = watch(page);
  await page.goto("/tower/");
  const story = page.getByRole("region", { name: "Primary runs ahead of secondary" });
  await story.waitFor();
  expect(await story.innerText()).toMatch(/Kesar Traders/);
  await story.getByRole("link", { name: /Kesar Traders/ }).click();
  await page.getByRole("heading", { level: 1, name: /Kesar Traders/ }).waitFor();
  await page.getByRole("link", { name: "Explore", exact: true }).last().click();
  const steps = 2 + (await toABill(page, seen, 6));
  expect(page.url()).toMatch(/\/tower\/bills\//);
  expect(steps).toBeLessThanOrEqual(5);
  expect(errors).toEqual([]);
  await context.close();
});

test("one number: tile, Explore, export and API say the same, as of the same time [A19] [ANA-01] [ANA-19] [INT-07]", { timeout: 120_000 }, async () => {
  const { context, page, errors, ask } = await office(browser, "sales");
  const tile = page.getByRole("link", { name: /^Secondary sales: / });
  const read = async () => {
    await page.goto("/tower/?w=LAST_MONTH");
    await tile.waitFor();
    const shown = paise(/: (.*)\. Open/.exec((await tile.getAttribute("aria-label"))!)![1]!);
    const asOf = /As of (\S+)/.exec(await page.locator("article", { has: tile }).innerText())![1]!;
    await tile.click();
    await page.getByRole("grid").waitFor();
    return { shown, asOf, explored: await page.locator(".ft").first().innerText() };
  };
  let { shown, asOf, explored } = await read();
  // each screen says the minute of its own answer: where a minute ended between the two, both are read once more
  if (!explored.includes(`As of ${asOf}`)) ({ shown, asOf, explored } = await read());
  expect(explored).toContain(`As of ${asOf}`);
  const foot = await page.locator("tfoot tr").last().innerText();
  expect(paise(foot.replace(/^.*?\(\d+\)/s, ""))).toBe(shown);

  const [file] = await Promise.all([
    page.waitForEvent("download"),
    (async () => {
      await page.getByRole("button", { name: "Export" }).click();
      await page.getByRole("menuitem", { name: "CSV" }).click();
    })(),
  ]);
  const stream = await file.createReadStream();
  let text = "";
  for await (const piece of stream) text += String(piece);
  const [head, ...rows] = text.replace(/^\uFEFF/, "").trim().split(/\r?\n/).map((l) => l.split(","));
  const at = head!.findIndex((h) => /secondary sales|^nsv$/i.test(h.replaceAll('"', "")));
  expect(at, head!.join()).toBeGreaterThan(0);
  // the file carries the rows of the answer; a total row, where it has one, is not added twice
  const amounts = rows.filter((r) => r.length > at && !/^"?(total|whole)/i.test(r[0]!)).map((r) => paise(r[at]!.replaceAll('"', "") || "0"));
  expect(amounts.reduce((a, b) => a + b, 0n)).toBe(shown);

  const api = await ask<Answer>("POST", "/api/v1/insight/query", { metrics: ["nsv"], dimensions: [], filters: [], window: { kind: "LAST_MONTH" }, totals: true });
  expect(paise((api.body.totals ?? {}).nsv?.value ?? "0")).toBe(shown);
  expect(errors).toEqual([]);
  await context.close();
});

test("a view that was pinned stands on Today with the number that Explore shows for it [A19] [ANA-08] [ANA-20]", { timeout: 120_000 }, async () => {
  const { context, page, ask } = await office(browser, "sales");
  const id = `01940000-0000-7000-8000-${Date.now().toString(16).padStart(12, "0")}`;
  const question = { metrics: ["nsv"], dimensions: ["category"], filters: [], window: { kind: "LAST_MONTH" }, compare: "NONE", order: [] };
  const made = await ask("PUT", `/api/v1/insight/views/${id}`, { name: "Categories last month", pinned: true, position: 1, question, look: null, shared: false });
  expect(made.status).toBe(200);
  await page.goto("/tower/");
  const tile = page.getByRole("link", { name: /^Categories last month: / });
  await tile.waitFor();
  const shown = paise(/: (.*)\. Open/.exec((await tile.getAttribute("aria-label"))!)![1]!);
  await tile.click();
  await page.getByRole("grid").waitFor();
  const foot = await page.locator("tfoot tr").last().innerText();
  expect(paise(foot.replace(/^.*?\(\d+\)/s, ""))).toBe(shown);
  expect((await ask("DELETE", `/api/v1/insight/views/${id}`)).status).toBe(204);
  await context.close();
});

/** How far two colours are apart for a reader, in CIE76. */
function apart(a: number[], b: number[]): number {
  const lab = (c: number[]) => {
    const [r, g, bl] = c.map((v) => { const x = v / 255; return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; }) as [number, number, number];
    const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
    const [x, y, z] = [f((0.4124 * r + 0.3576 * g + 0.1805 * bl) / 0.95047), f(0.2126 * r + 0.7152 * g + 0.0722 * bl), f((0.0193 * r + 0.1192 * g + 0.9505 * bl) / 1.08883)];
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };
  const [p, q] = [lab(a), lab(b)];
  return Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!, p[2]! - q[2]!);
}

test("series are told apart by every kind of sight, and by their shape in grey; the table of a chart holds exactly what is drawn [A28]", { timeout: 180_000 }, async () => {
  const { context, page, errors } = await office(browser, "sales");
  const protocol = await context.newCDPSession(page);
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto("/tower/distributors/1");
    const chart = page.locator('[data-figure="divergence"] svg[data-chart="lines"]');
    await chart.waitFor();
    await chart.scrollIntoViewIfNeeded();
    // the marks at the ends of the two series: one round, one square, so that grey is enough
    expect(await chart.locator('[data-series="primary-value"] > rect').count()).toBe(0);
    expect(await chart.locator('[data-series="nsv"] > rect').count()).toBe(1);
    const ends = () => chart.evaluate((svg) => ["primary-value", "nsv"].map((key) => {
      const mark = svg.querySelector(`[data-series="${key}"] > rect, [data-series="${key}"] > circle:not([data-value])`)!;
      const box = mark.getBoundingClientRect();
      return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    }));
    for (const type of ["none", "protanopia", "deuteranopia", "tritanopia"] as const) {
      await protocol.send("Emulation.setEmulatedVisionDeficiency", { type });
      // figures above may still come in and push the chart: the marks are looked for where they stand before the picture and after it
      let picture = "";
      let points = await ends();
      for (let before = "", looks = 0; before !== JSON.stringify(points) && looks < 20; looks++) {
        before = JSON.stringify(points);
        await chart.scrollIntoViewIfNeeded();
        picture = (await page.screenshot()).toString("base64");
        points = await ends();
      }
      const colours = await page.evaluate(async ([data, points]) => {
        const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], { type: "image/png" }));
        const canvas = new OffscreenCanvas(image.width, image.height);
        const pen = canvas.getContext("2d")!;
        pen.drawImage(image, 0, 0);
        return points.map((p) => [...pen.getImageData(Math.round(p.x), Math.round(p.y), 1, 1).data].slice(0, 3));
      }, [picture, points] as const);
      expect(apart(colours[0]!, colours[1]!), `${scheme}, ${type}: ${JSON.stringify(colours)}`).toBeGreaterThan(28);
    }
    await protocol.send("Emulation.setEmulatedVisionDeficiency", { type: "none" });

    // as table: value by value what the chart has drawn
    const drawn = await chart.evaluate((svg) => ["primary-value", "nsv"].map((key) => [...svg.querySelectorAll(`[data-series="${key}"] [data-value]`)].map((m) => m.getAttribute("data-value"))));
    await page.locator('[data-figure="divergence"]').focus();
    await page.keyboard.press("t");
    const table = page.locator('[data-figure="divergence"] table');
    await table.waitFor();
    const told = await table.evaluate((t) => [1, 2].map((i) => [...t.querySelectorAll("tbody tr")].map((r) => r.children[i]!.getAttribute("data-raw")).filter((v) => v !== "")));
    expect(told).toEqual(drawn);
    expect(drawn[0]!.length).toBeGreaterThan(6);
    await page.keyboard.press("t");
    await chart.waitFor();
  }
  expect(errors).toEqual([]);
  await context.close();
});
