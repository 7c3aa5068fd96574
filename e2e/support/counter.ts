import type { Browser, BrowserContext, Page } from "playwright-core";
import { gtin14, outletEntry, search, skuEntry, type Entry } from "../../web/src/counter/bill/search";
import type { Batch, Context, Outlet, Sku } from "../../web/src/offline/types";
import { address, profile } from "./browser";

export interface Door { title: string; sentence: string; username: string; password: string; workspace: string }

/** What a counter works on, read as a device reads it. */
export interface Ground { context: Context; skus: Sku[]; outlets: Outlet[]; batches: Batch[]; csrf: string; distributorId: number }

export async function counterDoor(who = /counter/i): Promise<Door> {
  const doors = (await (await fetch(`${address}/api/v1/demo/doors`)).json()) as Door[];
  const door = doors.find((d) => who.test(d.title) || who.test(d.username)) ?? doors.find((d) => d.workspace === "counter");
  if (!door) throw new Error("the demo has no door to the counter");
  return door;
}

/** A counter in a fresh profile: signed in, first pull done, hands on the outlet field. Printing is counted, not done. */
export async function counter(browser: Browser, size: { width?: number; height?: number } = {}, who = /counter/i, at?: string): Promise<{ context: BrowserContext; page: Page; ground: Ground; errors: string[] }> {
  const context = await profile(browser, size.width, size.height, at);
  await context.addInitScript(() => {
    Object.assign(window, { printed: 0, pointers: 0 });
    window.print = () => { (window as unknown as { printed: number }).printed++; };
    for (const kind of ["pointerdown", "mousedown", "touchstart"]) addEventListener(kind, () => { (window as unknown as { pointers: number }).pointers++; }, true);
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  const door = await counterDoor(who);
  const answer = await context.request.post("/api/v1/session", { data: { username: door.username, password: door.password } });
  if (!answer.ok()) throw new Error(`sign-in of ${door.username} answered ${answer.status()}: ${await answer.text()}`);
  const me = (await answer.json()) as { csrf: string; distributorId: number | null; distributors: { id: number }[] };
  const distributorId = me.distributorId ?? me.distributors[0]!.id;
  const ground = await readGround(context, distributorId, me.csrf);
  await page.goto("/counter/");
  await page.waitForSelector(".input.outlet");
  await page.waitForFunction(() => document.querySelector(".pill")?.getAttribute("data-state") === "up-to-date", undefined, { timeout: 20_000 });
  return { context, page, ground, errors };
}

export async function readGround(context: BrowserContext, distributorId: number, csrf: string): Promise<Ground> {
  const rows = async (group: string) => {
    const text = await (await context.request.get(`/api/v1/sync/snapshot/${group}?distributorId=${distributorId}`)).text();
    return text.trim().split("\n").map((line) => JSON.parse(line) as { t: string; r: unknown });
  };
  const must = await rows("must");
  const soon = await rows("soon");
  const of = <T>(list: { t: string; r: unknown }[], type: string) => list.filter((row) => row.t === type).map((row) => row.r as T);
  return { context: of<Context>(must, "context")[0]!, skus: of<Sku>(must, "sku"), outlets: of<Outlet>(must, "outlet"), batches: of<Batch>(soon, "batch"), csrf, distributorId };
}

/** SKUs with at least this much to sell in the first godown, within their life. */
export function stocked(ground: Ground, least: number): Sku[] {
  const warehouse = ground.context.warehouses[0]!.id;
  return ground.skus.filter((sku) => ground.batches.filter((b) => b.skuId === sku.id && b.warehouseId === warehouse && (!b.expiresOn || b.expiresOn > later(ground.context.businessDate, 120)))
    .reduce((sum, b) => sum + Number(b.saleable), 0) >= least);
}

/** Active outlets with room for a bill on credit and nothing overdue. */
export function creditworthy(ground: Ground, room: number): Outlet[] {
  return ground.outlets.filter((o) => o.status === "ACTIVE" && o.credit.some((c) => (c.limit === null || Number(c.limit) - Number(c.outstanding) > room) && Number(c.overdue) === 0));
}

function later(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The shortest thing to type that brings an entry to the top of the list. */
export function shortest<T>(entries: Entry<T>[], wanted: Entry<T>, idOf: (item: T) => unknown): string {
  const none = new Set<unknown>();
  const first = (text: string) => search(entries, text, none, idOf, 1)[0] === wanted.item;
  const words = wanted.words[0] ?? [];
  const tries = new Set<string>();
  for (let letters = 1; letters <= words.length; letters++) {
    const head = words.slice(0, letters).map((w) => (/^\d/.test(w) ? w : w[0]!)).join("");
    tries.add(head);
    for (const digits of words.filter((w) => /^\d/.test(w))) tries.add(head.replace(digits, "") + digits);
  }
  for (const word of words) for (let n = 2; n <= Math.min(6, word.length); n++) tries.add(word.slice(0, n));
  for (let n = 2; n <= wanted.exact[0]!.length; n++) tries.add(wanted.exact[0]!.slice(-n));
  const found = [...tries].sort((a, b) => a.length - b.length).find(first);
  return found ?? wanted.exact[0]!;
}

export { gtin14, outletEntry, skuEntry };

/** Sends commands as another counter of the distributor would. */
export async function send(page: Page, ground: Ground, commands: { id: string; kind: string; body: object }[]): Promise<{ id: string; outcome: string; document?: { number: string; id: string; principalId?: number }; problem?: { code: string; detail: string } }[]> {
  return page.evaluate(async ([g, list]) => {
    const answer = await fetch("/api/v1/sync/commands", {
      method: "POST", headers: { "content-type": "application/json", "x-csrf-token": g.csrf, "x-device-id": crypto.randomUUID() },
      body: JSON.stringify({ deviceId: crypto.randomUUID(), distributorId: g.distributorId, commands: list.map((c, i) => ({ ...c, seq: i + 1, businessDate: g.date, at: new Date().toISOString() })) }),
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(JSON.stringify(body));
    return body.answers;
  }, [{ csrf: ground.csrf, distributorId: ground.distributorId, date: ground.context.businessDate }, commands] as const);
}

/** A UUIDv7 for documents that a test makes. */
export function uuidv7(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  const random = [...crypto.getRandomValues(new Uint8Array(10))].map((b) => b.toString(16).padStart(2, "0")).join("");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${((parseInt(random[3]!, 16) & 3) | 8).toString(16)}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

export function invoice(ground: Ground, outlet: Outlet, lines: { skuId: number; qty: string }[], mode = "CASH"): { id: string; kind: string; body: object } {
  const id = uuidv7();
  return {
    id, kind: "invoice",
    body: {
      id, distributorId: ground.distributorId, principalId: ground.skus.find((s) => s.id === lines[0]!.skuId)!.principalId, outletId: outlet.id, warehouseId: ground.context.warehouses[0]!.id,
      businessDate: ground.context.businessDate, saleType: "COUNTER", paymentMode: mode, lines: lines.map((l, i) => ({ line: i + 1, skuId: l.skuId, qty: l.qty })),
    },
  };
}
