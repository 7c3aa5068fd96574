import Dexie, { type Table } from "dexie";
import type { AccrualRow, Batch, Command, DocumentRow, Effect, LimitRow, OpenBill, Order, Outlet, Recent, Sku, SyncRun } from "./types";

/** A document being typed, a held bill, or a refused one that came back. `content` belongs to its screen. */
export interface Draft {
  id: string;
  kind: "bill" | "order" | "receive" | "collect";
  /** 0: being typed; 1 to 9: held. */
  place: number;
  updatedAt: number;
  title: string;
  content: unknown;
}

export interface KeyValue { key: string; value: unknown }

/**
 * The local store of one user at one distributor. Snapshot tables are replaced as a whole by a complete pull; drafts,
 * commands and effects are this device's own and only ever change one by one. Every transaction is strict-durable:
 * shops lose power, not only signal.
 */
export class LocalStore extends Dexie {
  sku!: Table<Sku, number>;
  outlet!: Table<Outlet, string>;
  batch!: Table<Batch, string>;
  order!: Table<Order, string>;
  bill!: Table<OpenBill, string>;
  limit!: Table<LimitRow, number>;
  accrual!: Table<AccrualRow, number>;
  recent!: Table<Recent, number>;
  document!: Table<DocumentRow, string>;
  meta!: Table<KeyValue, string>;
  draft!: Table<Draft, string>;
  command!: Table<Command, string>;
  effect!: Table<Effect, string>;
  run!: Table<SyncRun, number>;

  constructor(name: string) {
    super(name, { chromeTransactionDurability: "strict" });
    this.version(1).stores({
      sku: "id",
      outlet: "id",
      batch: "id, skuId",
      order: "id, outletId",
      bill: "invoiceId, outletId",
      recent: "++, outletId, [outletId+skuId]",
      document: "id, businessDate, outletId",
      meta: "key",
      draft: "id, [kind+place]",
      command: "id, seq, state",
      effect: "key, commandId, batchId, outletId",
      run: "++id",
    });
    this.version(2).stores({ limit: "++", accrual: "++, outletId" });
  }

  async get<T>(key: string): Promise<T | undefined> {
    return (await this.meta.get(key))?.value as T | undefined;
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.meta.put({ key, value });
  }
}

/** One database per user and distributor, so that nobody sees another's work on a shared PC. */
export function openStore(userId: number | string, distributorId: number): LocalStore {
  return new LocalStore(`offtake-${userId}-${distributorId}`);
}

/** UUIDv7: ordered by time, made where the document is made. */
export function uuidv7(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = BigInt(now);
  for (let i = 5; i >= 0; i--) {
    bytes[i] = Number(time & 0xffn);
    time >>= 8n;
  }
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The identity of this device, made once. */
export function deviceId(): string {
  const key = "offtake.device";
  let id = localStorage.getItem(key);
  if (!id) {
    id = uuidv7();
    localStorage.setItem(key, id);
  }
  return id;
}
