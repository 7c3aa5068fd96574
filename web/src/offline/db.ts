import Dexie, { type Table } from "dexie";
import type { AccrualRow, Batch, Command, DocumentRow, Effect, LimitRow, OpenBill, Order, Outlet, Recent, Sku, SyncRun } from "./types";
import { uuidv7 } from "../api/uuid";

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

export { uuidv7 } from "../api/uuid";

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
