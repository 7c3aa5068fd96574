import Dexie, { type Table } from "dexie";

const mine = (key: string) => key === "offtake.me" || key.startsWith("offtake.vault.");

/**
 * Who may open this device, kept twice: a browser writes localStorage to the disk when it likes, and a power cut before that would lock the counter
 * out of its own store. This copy is strict-durable.
 */
function people(): Dexie & { kept: Table<{ key: string; value: string }, string> } {
  const db = new Dexie("people-of-offtake", { chromeTransactionDurability: "strict" });
  db.version(1).stores({ kept: "key" });
  return db as Dexie & { kept: Table<{ key: string; value: string }, string> };
}

/** Makes the durable copy say what localStorage says. */
export async function keepPeople(): Promise<void> {
  const db = people();
  const rows = Object.keys(localStorage).filter(mine).map((key) => ({ key, value: localStorage.getItem(key)! }));
  await db.transaction("rw", db.kept, async () => {
    await db.kept.clear();
    await db.kept.bulkPut(rows);
  });
  db.close();
}

/** Brings back what a crash took from localStorage; what is there stays as it is. */
export async function restorePeople(): Promise<void> {
  const db = people();
  for (const { key, value } of await db.kept.toArray()) if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
  db.close();
}
