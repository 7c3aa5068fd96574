import type { Table } from "dexie";
import type { LocalStore } from "./db";
import type { BookPart, Context, Group, GroupState, RuleBook } from "./types";

/** Row types of each group; a pull of the group replaces exactly these. */
const held: Record<Group, string[]> = {
  must: ["context", "rulebook", "sku", "outlet"],
  soon: ["batch", "order", "bill", "limit", "accrual"],
  later: ["recent", "document"],
};

/** What a stream held, complete to its `end` line. */
export interface Snapshot {
  head: { group: Group; cursor: string | null; asOf: string };
  rows: Map<string, unknown[]>;
  count: number;
  bytes: number;
}

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
  const rows = new Map<string, unknown[]>();
  let head: Snapshot["head"] | undefined;
  let end: number | undefined;
  let count = 0;
  let bytes = 0;
  let rest = "";

  const take = (line: string) => {
    if (!line.trim()) return;
    let item: { t: string; r?: unknown; rows?: number; group?: Group; cursor?: string; asOf?: string };
    try {
      item = JSON.parse(line);
    } catch {
      throw new IncompleteSnapshot("a line is not JSON");
    }
    if (end !== undefined) throw new IncompleteSnapshot("rows after the end");
    if (!head) {
      if (item.t !== "head") throw new IncompleteSnapshot("no head");
      head = { group: item.group!, cursor: item.cursor ?? null, asOf: item.asOf ?? new Date().toISOString() };
    } else if (item.t === "end") {
      end = item.rows ?? count;
    } else {
      count++;
      const list = rows.get(item.t);
      if (list) list.push(item.r);
      else rows.set(item.t, [item.r]);
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
  return { head, rows, count, bytes };
}

/** Replaces a group in one transaction: before it the old rows, after it the new ones, never a mixture. */
export async function replaceGroup(store: LocalStore, group: Group, snapshot: Snapshot, etag: string | null, startedAt: number): Promise<void> {
  const tables = held[group].filter((type) => type !== "context" && type !== "rulebook");
  await store.transaction("rw", [...tables.map((name) => store.table(name)), store.meta, store.effect], async () => {
    for (const name of tables) {
      const table = store.table(name) as Table;
      await table.clear();
      await table.bulkPut(snapshot.rows.get(name) ?? []);
    }
    const context = snapshot.rows.get("context")?.[0];
    if (context !== undefined) await store.set("context", context);
    const book = snapshot.rows.get("rulebook")?.[0] as RuleBook | undefined;
    if (book) await store.set("rulebook", withHeld(book, await store.get<RuleBook>("rulebook")));
    if (group === "must" && !snapshot.rows.has("context")) throw new IncompleteSnapshot("no context");
    const state: GroupState = {
      group, etag, cursor: snapshot.head.cursor, asOf: snapshot.head.asOf, pulledAt: Date.now(), checkedAt: Date.now(), rows: snapshot.count, bytes: snapshot.bytes,
    };
    await store.set(`group.${group}`, state);
    // what the server already counted is in the new rows; counting it here as well would take it twice
    await store.effect
      .filter((effect) => effect.settledAt !== undefined && effect.settledAt < startedAt && (group === "soon" ? effect.batchId !== undefined || effect.scheme !== undefined : group === "must" ? effect.batchId === undefined && effect.scheme === undefined : false))
      .delete();
  });
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

/** How a pull ended. */
export type Pulled = { outcome: "replaced" | "same"; state: GroupState };

/** Pulls one group. The ETag of the last complete pull is sent along; 304 keeps what is there. */
export async function pullGroup(store: LocalStore, group: Group, ask: (path: string, headers: Record<string, string>) => Promise<Response>, distributorId: number): Promise<Pulled> {
  const before = await store.get<GroupState>(`group.${group}`);
  const startedAt = Date.now();
  const headers: Record<string, string> = before?.etag ? { "If-None-Match": before.etag } : {};
  const parts = group === "must" ? (await store.get<RuleBook>("rulebook"))?.parts : undefined;
  if (parts?.length) headers["X-Rule-Book-Parts"] = parts.map((part) => part.name).join(",");
  const answer = await ask(`/api/v1/sync/snapshot/${group}?distributorId=${distributorId}`, headers);
  if (answer.status === 304 && before) {
    const state = { ...before, checkedAt: Date.now() };
    await store.set(`group.${group}`, state);
    return { outcome: "same", state };
  }
  if (!answer.body) throw new IncompleteSnapshot("no body");
  const snapshot = await readSnapshot(answer.body);
  await replaceGroup(store, group, snapshot, answer.headers.get("ETag"), startedAt);
  return { outcome: "replaced", state: (await store.get<GroupState>(`group.${group}`))! };
}

/** The seller, godowns, series and policy; undefined until the first pull of `must`. */
export function contextOf(store: LocalStore): Promise<Context | undefined> {
  return store.get<Context>("context");
}
