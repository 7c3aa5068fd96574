import Dexie, { type Table } from "dexie";
import { uuidv7 } from "../api/uuid";
import type { Clock } from "./clock";
import { Packed, carriedOver, keyed, packedLists, type Block, type PackRow } from "./packed";
import { sealRows, type Cipher } from "./seal";
import type { AccrualRow, Batch, Command, Device, DocumentRow, Effect, Evidence, Kept, Lease, LimitRow, OpenBill, Order, Outlet, Picture, Recent, Sku, SyncRun } from "./types";

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
  readonly sku = new Packed<Sku>(this, "sku");
  readonly outlet = new Packed<Outlet>(this, "outlet");
  readonly batch = new Packed<Batch>(this, "batch");
  readonly bill = new Packed<OpenBill>(this, "bill");
  readonly limit = new Packed<LimitRow>(this, "limit");
  readonly accrual = new Packed<AccrualRow>(this, "accrual");
  readonly recent = new Packed<Recent>(this, "recent");
  readonly document = new Packed<DocumentRow>(this, "document");
  /** What the packed lists consist of ({@link Packed}). */
  pack!: Table<PackRow, string>;
  block!: Table<Block, [string, number]>;
  /** Outlets this device made and no pull has brought yet. */
  made!: Table<Outlet, string>;
  order!: Table<Order, string>;
  meta!: Table<KeyValue, string>;
  draft!: Table<Draft, string>;
  command!: Table<Command, string>;
  effect!: Table<Effect, string>;
  run!: Table<SyncRun, number>;
  lease!: Table<Lease, string>;
  picture!: Table<Picture, string>;
  /** Pictures and papers that were sent and are still kept here, to be looked at without network. */
  evidence!: Table<Evidence, string>;
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
    // what the server knows as well lies in packed blocks; queue, drafts and numbers stay as they are, and so does what was pulled: the line may be down
    this.version(5).stores({ ...Object.fromEntries(packedLists.map((name) => [name, null])), pack: "name", block: "[name+at]", made: "id" }).upgrade(async (change) => {
      for (const name of packedLists) {
        const rows = (await change.table(name).toArray()) as { k?: string; outletId?: string }[];
        if (rows.length === 0) continue;
        const { pack, blocks } = carriedOver(name, keyed(name, rows.map(({ k, ...r }) => ({ k: name === "recent" ? r.outletId : k, r }))));
        await change.table("block").bulkPut(blocks);
        await change.table("pack").put(pack);
      }
    });
    // age and size lie in the index, so that what is to go is found without reading a picture
    this.version(6).stores({ evidence: "hash, [at+size]" });
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
