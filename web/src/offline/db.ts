import Dexie, { type Table } from "dexie";
import { uuidv7 } from "../api/uuid";
import type { Clock } from "./clock";
import { sealRows, type Cipher } from "./seal";
import type { AccrualRow, Batch, Command, Device, DocumentRow, Effect, Kept, Lease, LimitRow, OpenBill, Order, Outlet, Picture, Recent, Sku, SyncRun } from "./types";

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
  lease!: Table<Lease, string>;
  picture!: Table<Picture, string>;
  paper!: Table<Kept, string>;
  /** Pieces of a pull that is under way. */
  piece!: Table<{ group: string; at: number; data: Uint8Array<ArrayBuffer> }, [string, number]>;
  /** The time documents carry; set when the store is opened for work. */
  clock: Clock | undefined;
  private cipher: Cipher | undefined;

  constructor(name: string, cipher?: Cipher) {
    super(name, { chromeTransactionDurability: "strict" });
    this.cipher = cipher;
    sealRows(this, () => this.cipher);
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
    // rows of a group are found by the key the server gives them, so that deltas can be put in; the queue stays as it is, only its waiting is a list now
    this.version(3).stores({ limit: null, accrual: null, recent: null, batch: null });
    this.version(4).stores({
      batch: "k, id, skuId", limit: "k", accrual: "k, outletId", recent: "k, outletId, [outletId+skuId]", draft: "id, place, [kind+place]", lease: "series, documentType", picture: "hash, documentId, state", paper: "id, outletId, businessDate", piece: "[group+at], group",
    }).upgrade(async (change) => {
      await change.table("command").toCollection().modify((c: { waitsFor?: unknown }) => {
        if (typeof c.waitsFor === "string") c.waitsFor = [c.waitsFor];
      });
      await change.table("meta").where("key").startsWith("group.").delete();
    });
  }

  async get<T>(key: string): Promise<T | undefined> {
    return (await this.meta.get(key))?.value as T | undefined;
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.meta.put({ key, value });
  }

  /** From now on rows are written encrypted; those that lie here in the clear are written anew. */
  async sealWith(cipher: Cipher): Promise<void> {
    this.cipher = cipher;
    for (const table of this.tables) {
      await this.transaction("rw", table, async () => {
        const keys = await table.toCollection().primaryKeys();
        const rows = await table.toArray();
        if (table.schema.primKey.keyPath) await table.bulkPut(rows);
        else await table.bulkPut(rows, keys);
      });
    }
  }
}

/** One database per user and distributor, so that nobody sees another's work on a shared PC. */
export function storeName(userId: number | string, distributorId: number): string {
  return `offtake-${userId}-${distributorId}`;
}

/** Who this store is, made once with it. Leases lie in the same store, so that whoever loses one loses both (OFF-03). */
export async function deviceOf(store: LocalStore): Promise<Device> {
  return store.transaction("rw", store.meta, async () => {
    const kept = await store.get<Device>("device");
    if (kept) return kept;
    const made: Device = { id: uuidv7(), state: "ACTIVE" };
    await store.set("device", made);
    return made;
  });
}

export { uuidv7 } from "../api/uuid";
