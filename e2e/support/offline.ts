import type { Browser, BrowserContext, Page } from "playwright-core";
import { counter, creditworthy, outletEntry, shortest, skuEntry, stocked, type Ground } from "./counter";

/** Presses keys at the pace of a clerk; faster than 35 ms a key would be a scanner. */
export function clerk(page: Page, pace = 40) {
  const press = async (key: string) => {
    await page.keyboard.press(key);
    await page.waitForTimeout(pace);
  };
  return { press, type: async (text: string) => { for (const c of text) await press(c === " " ? "Space" : c); } };
}

/** A counter with its shell kept by the service worker and its numbers leased: from here on the cable may be pulled. */
export async function readyCounter(browser: Browser, at?: string): Promise<{ context: BrowserContext; page: Page; ground: Ground; errors: string[] }> {
  const open = await counter(browser, {}, undefined, at);
  await open.page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === "activated" && navigator.serviceWorker.controller !== null, undefined, { timeout: 25_000 });
  await open.page.waitForFunction(() => /\d+ left in /.test(document.querySelector(".h-next")?.textContent ?? ""), undefined, { timeout: 20_000 });
  return open;
}

/** What to type for an outlet with room and some items with stock. */
export function plan(ground: Ground, lines: number, room = 5_000, skip = 0) {
  const entries = ground.skus.map(skuEntry);
  const outlets = ground.outlets.map(outletEntry);
  // a buyer without a tax number: for the others this distributor needs the server's word before a tax invoice is one (OFF-04)
  const outlet = creditworthy(ground, room).filter((o) => !o.gstin)[skip] ?? ground.outlets.find((o) => o.status === "ACTIVE" && !o.gstin)!;
  const skus = stocked(ground, 60).filter((s) => s.principalId === ground.skus[0]!.principalId).slice(0, lines);
  return {
    outlet, skus, outletKeys: shortest(outlets, outlets.find((e) => e.item.id === outlet.id)!, (o) => o.id),
    items: skus.map((s) => shortest(entries, entries.find((e) => e.item.id === s.id)!, (x) => x.id)),
  };
}

/** Types a bill of one line for cash and posts it; answers when the hands are free for the next. */
export async function quickBill(page: Page, outletKeys: string, item: string, qty = "1"): Promise<void> {
  const hands = clerk(page);
  await page.waitForFunction(() => document.activeElement?.classList.contains("outlet"));
  await hands.type(outletKeys);
  await hands.press("Enter");
  await page.waitForSelector("input.cell");
  await hands.type(item);
  await hands.press("Enter");
  await hands.type(qty);
  await hands.press("Enter");
  await page.keyboard.press("Alt+t");
  await page.waitForFunction(() => /[1-9]/.test(document.querySelector(".tot .big b")?.textContent ?? ""));
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => (document.querySelector(".input.outlet") as HTMLInputElement | null)?.value === "" && document.querySelectorAll(".grid tr[aria-rowindex]").length === 1, undefined, { timeout: 20_000 });
}

/** Rows of a table of the local store, as they lie on the disk; lists that lie in packed blocks are unpacked. */
export function rowsOf<T>(page: Page, table: string): Promise<T[]> {
  return page.evaluate(async (name) => {
    const store = (await indexedDB.databases()).map((d) => d.name!).find((n) => n.startsWith("offtake-"))!;
    const db = await new Promise<IDBDatabase>((done, failed) => { const ask = indexedDB.open(store); ask.onsuccess = () => done(ask.result); ask.onerror = () => failed(ask.error); });
    const all = (table: string) => new Promise<unknown[]>((done) => { const ask = db.transaction(table).objectStore(table).getAll(); ask.onsuccess = () => done(ask.result); });
    if (db.objectStoreNames.contains(name)) {
      const rows = await all(name);
      db.close();
      return rows;
    }
    const blocks = (await all("block")) as { name: string; zipped: boolean; data: Uint8Array<ArrayBuffer> }[];
    db.close();
    const texts = await Promise.all(blocks.filter((block) => block.name === name).map((block) => new Response(block.zipped ? new Blob([block.data]).stream().pipeThrough(new DecompressionStream("gzip")) : block.data).text()));
    return texts.flatMap((text) => (JSON.parse(text) as [string, unknown][]).map(([, row]) => row)).flat();
  }, table) as Promise<T[]>;
}

/** Puts rows into a table of the local store: what an earlier day has left there. */
export function putRows(page: Page, table: string, rows: unknown[]): Promise<void> {
  return page.evaluate(async ([name, list]) => {
    const store = (await indexedDB.databases()).map((d) => d.name!).find((n) => n.startsWith("offtake-"))!;
    const db = await new Promise<IDBDatabase>((done, failed) => { const ask = indexedDB.open(store); ask.onsuccess = () => done(ask.result); ask.onerror = () => failed(ask.error); });
    await new Promise<void>((done, failed) => {
      const writing = db.transaction(name, "readwrite");
      for (const row of list) writing.objectStore(name).put(row);
      writing.oncomplete = () => done();
      writing.onabort = () => failed(writing.error);
    });
    db.close();
  }, [table, rows] as const);
}

export interface Queued { id: string; seq: number; kind: string; state: string; number?: { series: string; number: number }; summary: { number?: string; total?: string }; problem?: { code: string }; view?: { number?: string; totals: { payable: string } } }

export const commands = (page: Page) => rowsOf<Queued>(page, "command");
export const pill = (page: Page) => page.getAttribute(".pill", "data-state");

/** Sends now, and waits until nothing is left to send; asks again every so often, in ms, as a person does when nothing moves. */
export async function sendAll(page: Page, until: string[] = ["up-to-date"], timeout = 30_000, again = 1_600): Promise<void> {
  await page.evaluate(() => { location.hash = "#/sync"; });
  await page.waitForSelector(".sync-left");
  const began = Date.now();
  for (let pressed = 0; ; ) {
    if (Date.now() - pressed >= again) {
      await page.keyboard.press("Alt+n");
      pressed = Date.now();
    }
    await page.waitForTimeout(200);
    if (until.includes((await pill(page)) ?? "")) return;
    if (Date.now() - began > timeout) throw new Error(`not sent: ${await page.textContent(".pill")}`);
  }
}

export const bill = async (page: Page) => {
  await page.evaluate(() => { location.hash = "#/bill"; });
  await page.waitForSelector(".input.outlet");
};

/** The documents of the server with this number. */
export async function invoices(context: BrowserContext, number: string): Promise<{ id: string; number: string }[]> {
  const answer = await context.request.get(`/api/v1/invoices?q=${encodeURIComponent(number)}`);
  return ((await answer.json()) as { items: { id: string; number: string }[] }).items.filter((row) => row.number === number);
}
