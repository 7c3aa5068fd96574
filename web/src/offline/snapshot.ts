import type { Table } from "dexie";
import type { LocalStore } from "./db";
import { keyed, packedLists, prepare, write, type PackedList } from "./packed";
import type { BookPart, Context, Device, Group, GroupState, RuleBook } from "./types";

/** Row types of each group; a full pull of the group replaces exactly these. */
const held: Record<Group, string[]> = {
  must: ["context", "rulebook", "sku", "outlet"],
  soon: ["batch", "order", "bill", "limit", "accrual"],
  later: ["recent", "document", "paper"],
};

/** What a stream held, complete to its `end` line. */
export interface Snapshot {
  head: { group: Group; full: boolean; cursor: string | null; asOf: string; signature?: Signature };
  rows: Map<string, Row[]>;
  gone: Map<string, string[]>;
  count: number;
  bytes: number;
}
interface Row { k: string | undefined; r: unknown }
interface Signature { key: string; algorithm: string; value: string; issuedAt: string }

/** The stream broke off or lies about its length; the store stays as it was. */
export class IncompleteSnapshot extends Error {
  constructor(reason: string) {
    super(`snapshot not complete: ${reason}`);
    this.name = "IncompleteSnapshot";
  }
}

/** Reads a whole NDJSON stream; anything but a head first and a matching end last is {@link IncompleteSnapshot}. */
export async function readSnapshot(body: ReadableStream<Uint8Array>): Promise<Snapshot> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const rows = new Map<string, Row[]>();
  const gone = new Map<string, string[]>();
  let head: Snapshot["head"] | undefined;
  let end: number | undefined;
  let count = 0;
  let bytes = 0;
  let rest = "";

  const add = <T>(map: Map<string, T[]>, type: string, item: T) => {
    const list = map.get(type);
    if (list) list.push(item);
    else map.set(type, [item]);
  };
  const take = (line: string) => {
    if (!line.trim()) return;
    let item: { t: string; k?: string; d?: number; r?: unknown; rows?: number; group?: Group; full?: boolean; cursor?: string; asOf?: string; signature?: Signature };
    try {
      item = JSON.parse(line);
    } catch {
      throw new IncompleteSnapshot("a line is not JSON");
    }
    if (end !== undefined) throw new IncompleteSnapshot("rows after the end");
    if (!head) {
      if (item.t !== "head") throw new IncompleteSnapshot("no head");
      head = { group: item.group!, full: item.full ?? true, cursor: item.cursor ?? null, asOf: item.asOf ?? new Date().toISOString(), ...(item.signature ? { signature: item.signature } : {}) };
    } else if (item.t === "end") {
      end = item.rows ?? count;
    } else {
      count++;
      if (item.d) add(gone, item.t, item.k!);
      else add(rows, item.t, { k: item.k, r: item.r });
    }
  };

  for (;;) {
    let chunk: ReadableStreamReadResult<Uint8Array>;
    try {
      chunk = await reader.read();
    } catch {
      throw new IncompleteSnapshot("the stream broke off");
    }
    if (chunk.done) break;
    bytes += chunk.value.length;
    rest += decoder.decode(chunk.value, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
  take(rest + decoder.decode());
  if (!head) throw new IncompleteSnapshot("empty");
  if (end === undefined) throw new IncompleteSnapshot("no end");
  if (end !== count) throw new IncompleteSnapshot(`${count} rows of ${end}`);
  return { head, rows, gone, count, bytes };
}

/**
 * Puts a pull into the store in one transaction: before it the old rows, after it the new ones, never a mixture. A full one replaces the group,
 * another one puts in what changed and takes out what is gone.
 */
export async function replaceGroup(store: LocalStore, group: Group, snapshot: Snapshot, etag: string | null, startedAt: number, wire = snapshot.bytes): Promise<void> {
  const lists = packedLists.filter((name) => held[group].includes(name));
  const tables = held[group].filter((type) => type !== "context" && type !== "rulebook" && !lists.includes(type as PackedList));
  const prepared = (await Promise.all(lists.map((name) => prepare(store, name, snapshot.head.full, keyed(name, snapshot.rows.get(name) ?? []), snapshot.gone.get(name) ?? [])))).filter((one) => one !== undefined);
  const loose = [...tables, "context", "rulebook"].reduce((n, type) => n + JSON.stringify(snapshot.rows.get(type) ?? []).length, 0);
  await store.transaction("rw", [...tables.map((name) => store.table(name)), store.pack, store.block, store.made, store.meta, store.effect], async () => {
    if (group === "must") await store.made.bulkDelete((snapshot.rows.get("outlet") ?? []).map((row) => (row.r as { id: string }).id));
    for (const one of prepared) await write(store, one);
    for (const name of tables) {
      const table = store.table(name) as Table;
      // papers this device made or fetched itself are kept
      if (snapshot.head.full && name !== "paper") await table.clear();
      await table.bulkDelete(snapshot.gone.get(name) ?? []);
      await table.bulkPut((snapshot.rows.get(name) ?? []).map((row) => (name === "paper" ? keptOf(row.r, startedAt) : row.r)));
    }
    const context = snapshot.rows.get("context")?.[0]?.r;
    if (context !== undefined) await store.set("context", context);
    const book = snapshot.rows.get("rulebook")?.[0]?.r as RuleBook | undefined;
    if (book) await store.set("rulebook", withHeld(book, await store.get<RuleBook>("rulebook")));
    if (group === "must" && snapshot.head.full && context === undefined) throw new IncompleteSnapshot("no context");
    const before = await store.get<GroupState>(`group.${group}`);
    const now = store.clock?.now() ?? Date.now();
    const state: GroupState = {
      group, etag, cursor: snapshot.head.cursor, asOf: snapshot.head.asOf, pulledAt: now, checkedAt: now,
      rows: snapshot.head.full ? snapshot.count : (before?.rows ?? 0), bytes: wire, disk: snapshot.head.full || before?.disk === undefined ? prepared.reduce((n, one) => n + one.pack.bytes, 0) + loose : before.disk,
    };
    await store.set(`group.${group}`, state);
    await dropCounted(store, group, startedAt);
  });
}

function keptOf(view: unknown, askedAt: number): unknown {
  const paper = view as { id: string; businessDate: string; outlet?: { id?: string } };
  return { id: paper.id, outletId: paper.outlet?.id ?? null, businessDate: paper.businessDate, view, keptAt: askedAt, toldAt: askedAt };
}

/** What the server already counted is in the rows of a pull that was asked for afterwards; counting it here as well would take it twice. */
async function dropCounted(store: LocalStore, group: Group, startedAt: number): Promise<void> {
  const counted = (await store.effect.toArray()).filter((effect) => effect.settledAt !== undefined && effect.settledAt < startedAt
    && (group === "soon" ? effect.batchId !== undefined || effect.scheme !== undefined : group === "must" ? effect.batchId === undefined && effect.scheme === undefined : false));
  await store.effect.bulkDelete(counted.map((effect) => effect.key));
}

/** Fills the parts that were named but not sent with those held from before. */
function withHeld(book: RuleBook, before: RuleBook | undefined): RuleBook {
  const held = new Map((before?.parts ?? []).map((part) => [part.name, part.rows]));
  return {
    hash: book.hash,
    parts: book.parts?.map((part) => {
      const rows = part.rows ?? held.get(part.name);
      if (rows === undefined) throw new IncompleteSnapshot(`rule book part ${part.name} is missing`);
      return { ...part, rows };
    }),
  };
}

/** The whole rule book, as the rules open it. */
export function bookOf(kept: RuleBook): unknown {
  if (!kept.parts) return kept.book;
  const rowsOf = (section: BookPart["section"]) => kept.parts!.filter((part) => part.section === section).flatMap((part) => part.rows as unknown[]);
  const head = kept.parts.find((part) => part.section === "head")?.rows as Record<string, unknown>;
  return { ...head, skus: rowsOf("skus"), priceLists: rowsOf("priceLists"), schemes: rowsOf("schemes"), taxRates: rowsOf("taxRates") };
}

/** How a pull ended. `received` counts the bytes of this call, `resumed` those that were here from before. */
export type Pulled = { outcome: "replaced" | "changed" | "same"; state: GroupState; received: number; resumed: number };

/** A pull that is under way: what is here of which pack. */
export interface PullProgress { since: string | null; etag: string; length: number; have: number; startedAt: number; cursor: string | null }

const PIECE = 64 * 1024;

/**
 * Pulls what changed in a group since the last time. What came is kept piece by piece; a pull that was cut off, or whose page was closed, goes on at
 * the byte where it stood. Only a whole pack whose rows count up and whose rule book bears the server's signature goes into the store.
 */
export async function pullGroup(store: LocalStore, group: Group, ask: (path: string, headers: Record<string, string>) => Promise<Response>, distributorId: number): Promise<Pulled> {
  const before = await store.get<GroupState>(`group.${group}`);
  const since = before?.cursor ?? null;
  let progress = await store.get<PullProgress>(`pull.${group}`);
  if (progress && progress.since !== since) progress = undefined;
  const headers: Record<string, string> = {};
  if (progress) Object.assign(headers, { Range: `bytes=${progress.have}-`, "If-Range": progress.etag });
  const parts = group === "must" ? (await store.get<RuleBook>("rulebook"))?.parts : undefined;
  if (parts?.length) headers["X-Rule-Book-Parts"] = parts.map((part) => part.name).join(",");
  const startedAt = Date.now();
  const answer = await ask(`/api/v1/sync/changes/${group}?distributorId=${distributorId}${since ? `&since=${encodeURIComponent(since)}` : ""}`, headers);
  if (answer.status === 204) {
    const state: GroupState = { ...(before ?? { group, etag: null, asOf: new Date().toISOString(), pulledAt: Date.now(), rows: 0, bytes: 0 }), cursor: answer.headers.get("X-Sync-Cursor") ?? since, checkedAt: store.clock?.now() ?? Date.now() };
    await store.transaction("rw", [store.meta, store.effect, store.piece], async () => {
      await store.set(`group.${group}`, state);
      await drop(store, group);
      await dropCounted(store, group, startedAt);
    });
    return { outcome: "same", state, received: 0, resumed: 0 };
  }
  if (!answer.body) throw new IncompleteSnapshot("no body");
  const resumed = answer.status === 206 && progress ? progress.have : 0;
  if (!resumed) {
    progress = { since, etag: answer.headers.get("ETag") ?? "", length: Number(answer.headers.get("Content-Length") ?? 0), have: 0, startedAt, cursor: answer.headers.get("X-Sync-Cursor") };
    await store.transaction("rw", [store.meta, store.piece], async () => {
      await drop(store, group);
      await store.set(`pull.${group}`, progress);
    });
  }
  const pack = progress!;
  const received = await receive(store, group, pack, answer.body);
  const pieces = (await store.piece.where("group").equals(group).toArray()).sort((a, b) => a.at - b.at).map((piece) => piece.data);
  let snapshot: Snapshot;
  try {
    snapshot = await readSnapshot(unzipped(new Blob(pieces)));
    await verify(store, snapshot, distributorId);
  } catch (error) {
    // what is here cannot be mended; the next pull begins anew
    await store.transaction("rw", [store.meta, store.piece], () => drop(store, group));
    throw error;
  }
  await replaceGroup(store, group, snapshot, pack.etag, pack.startedAt, pack.have);
  await store.transaction("rw", [store.meta, store.piece], () => drop(store, group));
  return { outcome: snapshot.head.full ? "replaced" : "changed", state: (await store.get<GroupState>(`group.${group}`))!, received, resumed };
}

async function drop(store: LocalStore, group: Group): Promise<void> {
  await store.piece.where("group").equals(group).delete();
  await store.meta.delete(`pull.${group}`);
}

/** Reads the stream into pieces on disk; what came before a cut is kept. */
async function receive(store: LocalStore, group: Group, pack: PullProgress, body: ReadableStream<Uint8Array>): Promise<number> {
  const reader = body.getReader();
  let parts: Uint8Array[] = [];
  let size = 0;
  let received = 0;
  const keep = async () => {
    if (!size) return;
    const data = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      data.set(part, at);
      at += part.length;
    }
    await store.transaction("rw", [store.meta, store.piece], async () => {
      await store.piece.put({ group, at: pack.have, data });
      pack.have += size;
      await store.set(`pull.${group}`, pack);
    });
    parts = [];
    size = 0;
  };
  for (;;) {
    let chunk: ReadableStreamReadResult<Uint8Array>;
    try {
      chunk = await reader.read();
    } catch {
      await keep();
      throw new IncompleteSnapshot("the stream broke off");
    }
    if (chunk.done) break;
    parts.push(chunk.value);
    size += chunk.value.length;
    received += chunk.value.length;
    if (size >= PIECE) await keep();
  }
  await keep();
  if (pack.length && pack.have < pack.length) throw new IncompleteSnapshot(`${pack.have} bytes of ${pack.length}`);
  return received;
}

function unzipped(pack: Blob): ReadableStream<Uint8Array> {
  return pack.stream().pipeThrough(new DecompressionStream("gzip"));
}

/** The rule book is the server's own (OFF-09): signed with the key that was pinned when this device was registered. */
async function verify(store: LocalStore, snapshot: Snapshot, distributorId: number): Promise<void> {
  const book = snapshot.rows.get("rulebook")?.[0]?.r as RuleBook | undefined;
  const pinned = (await store.get<Device>("device"))?.signingKey;
  if (!book || !pinned) return;
  const signature = snapshot.head.signature;
  if (!signature) throw new IncompleteSnapshot("the rule book is not signed");
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("spki", Uint8Array.from(atob(pinned.publicKey), (c) => c.charCodeAt(0)), "Ed25519", false, ["verify"]);
  } catch {
    // a browser without Ed25519 cannot check; the transport is what it has
    return;
  }
  const text = new TextEncoder().encode(`offtake-rule-book\n${distributorId}\n${book.hash}\n${signature.issuedAt}`);
  const genuine = signature.key === pinned.fingerprint && (await crypto.subtle.verify("Ed25519", key, Uint8Array.from(atob(signature.value), (c) => c.charCodeAt(0)), text));
  if (!genuine) throw new IncompleteSnapshot("the rule book's signature does not fit");
}

/** The seller, godowns, series and policy; undefined until the first pull of `must`. */
export function contextOf(store: LocalStore): Promise<Context | undefined> {
  return store.get<Context>("context");
}
