import type Dexie from "dexie";
import type { DBCore, DBCoreCursor, DBCoreIndex, DBCoreMutateRequest, DBCoreTable } from "dexie";

/** Encrypts and decrypts one row; made from the key of the device while it is unlocked. */
export interface Cipher {
  seal(plain: Uint8Array): Uint8Array;
  open(sealed: Uint8Array): Uint8Array;
}

type Row = Record<string, unknown> & { $?: Uint8Array; sealed?: Uint8Array };

/**
 * Puts rows on disk encrypted with AES-GCM (OFF-16). Only what finds a row stays readable: ids, kinds, states, dates of the indexes. Rows
 * from before a PIN was set are read as they are. The cipher is synchronous, because a transaction ends where it is waited for.
 */
export function sealRows(db: Dexie, cipher: () => Cipher | undefined): void {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const open = <T>(value: T): T => {
    const row = value as Row | undefined;
    if (!row || typeof row !== "object" || !(row.$ instanceof Uint8Array)) return value;
    const key = cipher();
    if (!key) throw new Error("this store is locked");
    const { $, sealed, ...plain } = row;
    if (sealed) plain["data"] = key.open(sealed);
    return { ...(JSON.parse(decoder.decode(key.open($))) as object), ...plain } as T;
  };
  db.use({
    stack: "dbcore", name: "seal", level: -10,
    create: (core: DBCore): DBCore => ({
      ...core,
      table: (name: string): DBCoreTable => {
        const table = core.table(name);
        const kept = [...new Set([table.schema.primaryKey, ...table.schema.indexes].flatMap((index: DBCoreIndex) => index.keyPath ?? []))];
        const seal = (value: unknown): unknown => {
          const key = cipher();
          if (!key) return value;
          // bytes are no JSON and are sealed beside it
          const { data, ...row } = value as Record<string, unknown>;
          const raw = data instanceof Uint8Array;
          const plain = Object.fromEntries(kept.filter((path) => path in row).map((path) => [path, row[path]]));
          return { ...plain, $: key.seal(encoder.encode(JSON.stringify(raw || data === undefined ? row : { ...row, data }))), ...(raw ? { sealed: key.seal(data) } : {}) };
        };
        return {
          ...table,
          mutate: (request: DBCoreMutateRequest) => table.mutate(request.type === "add" || request.type === "put" ? { ...request, values: request.values.map(seal) } : request),
          get: (request) => table.get(request).then(open),
          getMany: (request) => table.getMany(request).then((rows) => rows.map(open)),
          query: (request) => table.query(request).then((found) => (request.values ? { ...found, result: found.result.map(open) } : found)),
          openCursor: (request) => table.openCursor(request).then((cursor) => (cursor && request.values ? opened(cursor, open) : cursor)),
        };
      },
    }),
  });
}

function opened(cursor: DBCoreCursor, open: <T>(value: T) => T): DBCoreCursor {
  return Object.create(cursor, {
    value: { get: () => open(cursor.value) },
    key: { get: () => cursor.key },
    primaryKey: { get: () => cursor.primaryKey },
    done: { get: () => cursor.done },
  }) as DBCoreCursor;
}
