import Dexie from "dexie";
import type { LocalStore } from "./db";

/** A list of the snapshot as it is kept: how many blocks, and which revision of each is in force; 0 is an empty one. */
export interface PackRow { name: string; buckets: number; revs: number[]; rows: number; bytes: number }

/** Some rows of a list, packed into one: JSON of `[key, row][]`, zipped unless it was carried over from rows that lay one by one. */
export interface Block { name: string; at: number; rev: number; zipped: boolean; data: Uint8Array<ArrayBuffer> }

/** Lists of the snapshot that are kept packed. Thousands of rows that lie one by one cost more for their keys and indexes than for what they say. */
export const packedLists = ["sku", "outlet", "batch", "bill", "limit", "accrual", "recent", "document"] as const;
export type PackedList = (typeof packedLists)[number];

/** Rows of one block when a list is laid out anew, and how many it may grow to. */
const ROWS = 256;
const MOST = 4 * ROWS;

/**
 * A list of the snapshot, in packed blocks on disk and unpacked in memory when it is first asked for. It only changes by pulls ({@link prepare},
 * {@link write}); live queries that read it are asked again then.
 */
export class Packed<T extends object> {
  private held: { rev: number; rows: Promise<Map<string, unknown>> }[] = [];
  private whole: { revs: string; rows: Promise<T[]> } | undefined;

  constructor(private readonly store: LocalStore, readonly name: PackedList) {}

  /** All rows; the same array as long as nothing changed. */
  async toArray(): Promise<T[]> {
    const { maps, revs } = await this.load();
    if (this.whole?.revs !== revs) this.whole = { revs, rows: Promise.all(maps).then((all) => all.flatMap((map) => [...map.values()].flat() as T[])) };
    return this.whole.rows;
  }

  /** Rows of one outlet, or of whatever else a field says. */
  async of<K extends keyof T & string>(field: K, value: T[K]): Promise<T[]> {
    // last bills lie by outlet: only its block is looked at
    if (this.name === "recent" && field === "outletId") return ((await this.row(String(value))) as T[] | undefined) ?? [];
    return (await this.toArray()).filter((row) => row[field] === value);
  }

  /** The row with the server's key. */
  get(key: string | number): Promise<T | undefined> {
    return this.row(String(key)) as Promise<T | undefined>;
  }

  async count(): Promise<number> {
    return (await this.store.pack.get(this.name))?.rows ?? 0;
  }

  /** Drops it; it is whole again with the next pull of its group. */
  async clear(): Promise<void> {
    await this.store.transaction("rw", this.store.pack, this.store.block, async () => {
      await blocksOf(this.store, this.name).delete();
      await this.store.pack.delete(this.name);
    });
  }

  private async row(key: string): Promise<unknown> {
    const { maps } = await this.load(key);
    return (await maps[0])?.get(key);
  }

  private async load(key?: string): Promise<{ maps: Promise<Map<string, unknown>>[]; revs: string }> {
    const { store, name } = this;
    // list and blocks are read in one transaction, so that they belong together; they are unpacked outside of it
    const found = await store.transaction("r", store.pack, store.block, async () => {
      const pack = await store.pack.get(name);
      if (!pack) return undefined;
      const wanted = key === undefined ? pack.revs.map((_, at) => at) : [bucketOf(key, pack.buckets)];
      const missing = wanted.filter((at) => pack.revs[at] !== 0 && this.held[at]?.rev !== pack.revs[at]);
      return { pack, wanted, blocks: await store.block.bulkGet(missing.map((at) => [name, at] as [string, number])) };
    });
    if (!found) return { maps: [], revs: "" };
    for (const block of found.blocks) if (block) this.held[block.at] = { rev: block.rev, rows: unpacked(block) };
    const none = Promise.resolve(new Map<string, unknown>());
    return { maps: found.wanted.map((at) => (found.pack.revs[at] === 0 ? none : this.held[at]!.rows)), revs: found.pack.revs.join() };
  }
}

const blocksOf = (store: LocalStore, name: string) => store.block.where("[name+at]").between([name, Dexie.minKey], [name, Dexie.maxKey]);

function bucketOf(key: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 8) & (buckets - 1);
}

async function unpacked(block: Block): Promise<Map<string, unknown>> {
  const text = block.zipped ? await new Response(new Blob([block.data]).stream().pipeThrough(new DecompressionStream("gzip"))).text() : new TextDecoder().decode(block.data);
  return new Map(JSON.parse(text) as [string, unknown][]);
}

async function zipped(rows: Map<string, unknown>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(new Blob([JSON.stringify([...rows])]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
}

function laidOut(rows: Map<string, unknown>): Map<string, unknown>[] {
  let buckets = 1;
  while (buckets * ROWS < rows.size) buckets *= 2;
  const maps = Array.from({ length: buckets }, () => new Map<string, unknown>());
  for (const [key, row] of rows) maps[bucketOf(key, buckets)]!.set(key, row);
  return maps;
}

const size = (maps: { size: number }[]) => maps.reduce((n, map) => n + map.size, 0);

/** What a pull changes in one list, made ready before the transaction, which cannot wait for packing. `before` is what it was made of. */
export interface Prepared { pack: PackRow; blocks: Block[]; gone: number[]; before: number[] | undefined }

/**
 * Packs what a pull brings. `full` replaces the list; otherwise only the blocks that change are packed anew.
 * @param put  rows by the server's key
 * @param gone keys of rows that are no more
 */
export async function prepare(store: LocalStore, name: PackedList, full: boolean, put: [string, unknown][], gone: string[]): Promise<Prepared | undefined> {
  const before = await store.pack.get(name);
  if (full || !before) return wholeOf(name, new Map(put), before);
  if (put.length === 0 && gone.length === 0) return undefined;
  const wanted = [...new Set([...put.map(([key]) => key), ...gone].map((key) => bucketOf(key, before.buckets)))];
  const read = async (places: number[]) => {
    const blocks = await store.block.bulkGet(places.map((at) => [name, at] as [string, number]));
    return Promise.all(blocks.map(async (block, i) => [places[i]!, block ? await unpacked(block) : new Map<string, unknown>(), block?.data.length ?? 0] as const));
  };
  const changed = await read(wanted);
  const was = size(changed.map(([, map]) => map));
  const bytesWere = changed.reduce((n, [, , bytes]) => n + bytes, 0);
  const maps = new Map(changed.map(([at, map]) => [at, map]));
  for (const key of gone) maps.get(bucketOf(key, before.buckets))!.delete(key);
  for (const [key, row] of put) maps.get(bucketOf(key, before.buckets))!.set(key, row);
  const rows = before.rows - was + size([...maps.values()]);
  if (rows > before.buckets * MOST) {
    const others = await read(before.revs.map((_, at) => at).filter((at) => !maps.has(at)));
    return wholeOf(name, new Map([...maps.values(), ...others.map(([, map]) => map)].flatMap((map) => [...map])), before);
  }
  const blocks = await blocksFrom(name, [...maps]);
  const revs = [...before.revs];
  for (const at of wanted) revs[at] = blocks.find((block) => block.at === at)?.rev ?? 0;
  return { pack: { name, buckets: before.buckets, revs, rows, bytes: before.bytes - bytesWere + blocks.reduce((n, b) => n + b.data.length, 0) }, blocks, gone: wanted.filter((at) => revs[at] === 0), before: before.revs };
}

async function wholeOf(name: string, rows: Map<string, unknown>, before: PackRow | undefined): Promise<Prepared> {
  const maps = laidOut(rows);
  const blocks = await blocksFrom(name, [...maps.entries()]);
  const revs = maps.map((_, at) => blocks.find((block) => block.at === at)?.rev ?? 0);
  return { pack: { name, buckets: maps.length, revs, rows: rows.size, bytes: blocks.reduce((n, b) => n + b.data.length, 0) }, blocks, gone: (before?.revs ?? []).map((_, at) => at).filter((at) => !revs[at]), before: before?.revs };
}

async function blocksFrom(name: string, maps: [number, Map<string, unknown>][]): Promise<Block[]> {
  const out: Block[] = [];
  // one after the other: a page that lists nothing meanwhile still answers keys
  for (const [at, map] of maps) if (map.size) out.push({ name, at, rev: Math.random(), zipped: true, data: await zipped(map) });
  return out;
}

/** Puts what was prepared into the store, within the caller's transaction over `pack` and `block`. Throws where another change came between. */
export async function write(store: LocalStore, prepared: Prepared): Promise<void> {
  const now = await store.pack.get(prepared.pack.name);
  if (now?.revs.join() !== prepared.before?.join()) throw new Error(`${prepared.pack.name} changed meanwhile`);
  await store.block.bulkDelete(prepared.gone.map((at) => [prepared.pack.name, at] as [string, number]));
  await store.block.bulkPut(prepared.blocks);
  await store.pack.put(prepared.pack);
}

/** Rows that lay one by one, for a store of before: unzipped, because a change of layout cannot wait for zipping; the next whole pull zips them. */
export function carriedOver(name: PackedList, rows: [string, unknown][]): { pack: PackRow; blocks: Block[] } {
  const maps = laidOut(new Map(rows));
  const blocks = maps.flatMap((map, at): Block[] => (map.size ? [{ name, at, rev: Math.random(), zipped: false, data: new TextEncoder().encode(JSON.stringify([...map])) }] : []));
  return { pack: { name, buckets: maps.length, revs: maps.map((_, at) => blocks.find((block) => block.at === at)?.rev ?? 0), rows: size(maps), bytes: blocks.reduce((n, b) => n + b.data.length, 0) }, blocks };
}

/** Rows by their keys; last bills of an outlet are one row. Throws where a row lacks the id that others name it by. */
export function keyed(name: PackedList, rows: { k?: string | undefined; r: unknown }[]): [string, unknown][] {
  if (name !== "recent") return rows.map(({ k, r }, i) => {
    const own = keyOf(name, r);
    if (own === undefined && name !== "limit" && name !== "accrual") throw new Error(`a row of ${name} has no id`);
    return [k ?? own ?? String(i), r];
  });
  const outlets = new Map<string, unknown[]>();
  for (const { k, r } of rows) {
    const key = k ?? String((r as { outletId?: unknown }).outletId);
    outlets.set(key, [...(outlets.get(key) ?? []), ...(Array.isArray(r) ? r : [r])]);
  }
  return [...outlets];
}

function keyOf(name: PackedList, row: unknown): string | undefined {
  const { id, invoiceId, warehouseId } = row as { id?: string | number; invoiceId?: string; warehouseId?: string };
  if (name === "bill") return invoiceId;
  if (name === "batch") return id !== undefined && warehouseId ? `${id}/${warehouseId}` : undefined;
  return name === "limit" || name === "accrual" || id === undefined ? undefined : String(id);
}
