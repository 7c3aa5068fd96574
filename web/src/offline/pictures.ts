import type { LocalStore } from "./db";
import { defaults, stopOf, rows, type Facts, type Limits } from "./policy";
import type { Evidence, Picture } from "./types";

const LONG_SIDE = 1280;
export const MOST_BYTES = 200 * 1024;
const PIECE = 64 * 1024;
/** Of a paper; the server takes no larger one. */
const MOST_PAPER = 10 * 1024 * 1024;
/** A paper goes in so many pieces at most: how far it is is written down after each. */
const PIECES = 32;
const RESERVE = "reserve";

/** There is no room for a picture; documents go on (OFF-18). */
export class NoRoom extends Error {
  constructor(readonly percent: number) {
    super("no room for pictures");
    this.name = "NoRoom";
  }
}

/** A paper that is too large for the server. */
export class TooLarge extends Error {
  constructor(readonly megabytes: number) {
    super("too large");
    this.name = "TooLarge";
  }
}

/** A PDF goes as it is; it is told by its content, as the server does. */
async function paper(file: Blob): Promise<Blob> {
  if (file.size > MOST_PAPER) throw new TooLarge(MOST_PAPER / 1_048_576);
  if (!new TextDecoder("latin1").decode(await file.slice(0, 5).arrayBuffer()).startsWith("%PDF-")) throw new Error("no PDF");
  return file;
}

/** A picture as it is kept: at most 1280 px on the long side and 200 KB, and nothing of the camera's in it. */
export async function prepared(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  let scale = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height));
  for (let quality = 0.85; ; quality -= 0.15) {
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)));
    canvas.getContext("2d")!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const made = await canvas.convertToBlob({ type: "image/jpeg", quality: Math.max(0.4, quality) });
    if (made.size <= MOST_BYTES) {
      bitmap.close();
      return made;
    }
    if (quality < 0.5) scale *= 0.75;
  }
}

export async function hashOf(data: BufferSource): Promise<string> {
  return [...new Uint8Array(await crypto.subtle.digest("SHA-256", data))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/**
 * Puts a picture or a PDF into its lane and answers its hash, which the document names. The same picture twice is one.
 * @throws NoRoom where the limit of storage is reached: nothing that is unsent is ever dropped for a picture
 * @throws TooLarge for a paper above 10 MB
 */
export async function addPicture(store: LocalStore, documentId: string, kind: string, file: Blob, facts: Facts): Promise<string> {
  const stop = stopOf(rows(facts), "picture");
  // what was sent gives way first; whether that is enough the write will say
  if (stop && !(stop.what === "storage" && (await dropEvidence(store)))) throw new NoRoom(Number(stop.values["percent"] ?? 100));
  await reserve(store, facts.limits.storageReserveMb);
  const made = file.type === "application/pdf" ? await paper(file) : await prepared(file);
  const data = new Uint8Array(await made.arrayBuffer());
  const hash = await hashOf(data);
  await roomy(store, () => store.transaction("rw", store.picture, async () => {
    const before = await store.picture.get(hash);
    if (before && before.state !== "REFUSED") return;
    await store.picture.put({ hash, documentId, kind, at: store.clock?.now() ?? Date.now(), size: data.length, mediaType: made.type, received: 0, state: "WAITING", data });
  }));
  return hash;
}

/** Writes; where there is no room, what was sent gives way and it is written again. */
async function roomy(store: LocalStore, write: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await write();
      return;
    } catch (error) {
      if (!isQuota(error)) throw error;
      if (!(await dropEvidence(store))) throw new NoRoom(100);
    }
  }
}

/**
 * Room that is kept for documents (OFF-18): a block of so many MB, laid down before the first picture. Where it does not fit, no picture does either; when a
 * bill finds no room, the block gives way to it. Browsers do not say truly how much room there is, so it is taken rather than asked for.
 */
async function reserve(store: LocalStore, megabytes: number): Promise<void> {
  if ((await store.piece.where("group").equals(RESERVE).count()) > 0) return;
  const data = new Uint8Array(megabytes * 1_048_576);
  for (let at = 0; at < data.length; at += 65_536) crypto.getRandomValues(data.subarray(at, Math.min(data.length, at + 65_536)));
  await roomy(store, () => store.piece.put({ group: RESERVE, at: 0, data }));
}

const MB = 1_048_576;

type Keeping = Pick<Limits, "evidenceKeepDays" | "evidenceKeepCount" | "evidenceKeepMb" | "evidenceFileMb">;

/** Keeps what was sent, to be looked at without network, within its bounds. Where there is no room it is not kept: the server has it. */
export async function keepEvidence(store: LocalStore, one: Evidence, keeping: Keeping = defaults): Promise<void> {
  if (one.size > keeping.evidenceFileMb * MB) return;
  try {
    await store.evidence.put(one);
  } catch (error) {
    if (!isQuota(error)) throw error;
    await dropEvidence(store);
  }
  await trimEvidence(store, keeping, one.at);
}

/** Forgets kept evidence that is over its age, count or bytes, the oldest first. Nothing that still waits is touched. */
export async function trimEvidence(store: LocalStore, keeping: Keeping, now: number): Promise<void> {
  const order = store.evidence.orderBy("[at+size]").reverse();
  const [keys, hashes] = await Promise.all([order.clone().keys(), order.clone().primaryKeys()]);
  let bytes = 0;
  const gone = hashes.filter((_, i) => {
    const [at, size] = keys[i] as unknown as [number, number];
    bytes += size;
    return i >= keeping.evidenceKeepCount || bytes > keeping.evidenceKeepMb * MB || now - at > keeping.evidenceKeepDays * 86_400_000;
  });
  if (gone.length) await store.evidence.bulkDelete(gone);
}

/** Bytes of evidence that is kept here though the server has it. */
export async function evidenceBytes(store: LocalStore): Promise<number> {
  return (await store.evidence.orderBy("[at+size]").keys()).reduce<number>((n, key) => n + (key as unknown as [number, number])[1], 0);
}

/** Forgets all of it; true if there was any. */
export async function dropEvidence(store: LocalStore): Promise<boolean> {
  if ((await store.evidence.count()) === 0) return false;
  await store.evidence.clear();
  return true;
}

/** A picture or paper as it lies here: on its way, or sent and still kept; undefined where only the server has it. */
export async function evidenceHere(store: LocalStore, hash: string): Promise<{ data: Uint8Array<ArrayBuffer>; mediaType: string } | undefined> {
  const waiting = await store.picture.get(hash);
  return waiting?.data ? { data: waiting.data, mediaType: waiting.mediaType } : store.evidence.get(hash);
}

/** Makes room for a document: what was sent first, then the reserve, then what can be fetched again. Nothing unsent is touched. */
export async function makeRoom(store: LocalStore): Promise<void> {
  await dropEvidence(store);
  await store.piece.where("group").equals(RESERVE).delete();
  await store.recent.clear();
  await store.paper.clear();
  await store.meta.delete("group.later");
}

export async function dropPicture(store: LocalStore, hash: string): Promise<void> {
  await store.picture.delete(hash);
}

/** True for a write that the browser refused for want of room. */
export function isQuota(error: unknown): boolean {
  const seen = error as { name?: string; inner?: { name?: string } } | undefined;
  return seen?.name === "QuotaExceededError" || seen?.inner?.name === "QuotaExceededError";
}

/** The oldest picture that waits. */
export async function nextPicture(store: LocalStore): Promise<Picture | undefined> {
  return (await store.picture.where("state").equals("WAITING").toArray()).sort((a, b) => a.at - b.at)[0];
}

/**
 * Sends the next piece of one picture and keeps how far it is, so that a cut costs one piece. What was sent leaves the lane, its hash stays, and the
 * file is kept beside it as long as there is room (`keeping`; null: there is none). Answers the bytes sent.
 */
export async function sendPiece(store: LocalStore, picture: Picture, distributorId: number, ask: (path: string, ask: { method: "POST" | "GET"; body?: Uint8Array<ArrayBuffer>; headers?: Record<string, string> }) => Promise<Response>, keeping: Keeping | null = defaults): Promise<number> {
  const data = picture.data;
  if (!data) {
    await store.picture.update(picture.hash, { state: "REFUSED" });
    return 0;
  }
  const piece = data.slice(picture.received, picture.received + Math.max(PIECE, Math.ceil(data.length / PIECES)));
  const answer = await ask(`/api/v1/evidence?distributorId=${distributorId}&hash=${picture.hash}&size=${data.length}&offset=${picture.received}`, { method: "POST", body: piece, headers: { "Content-Type": picture.mediaType } });
  const said = (await answer.json()) as { received: number; complete: boolean };
  if (said.complete) {
    const { data: _bytes, ...kept } = picture;
    const at = store.clock?.now() ?? Date.now();
    if (keeping) await keepEvidence(store, { hash: picture.hash, at, size: data.length, mediaType: picture.mediaType, data }, keeping);
    else await dropEvidence(store);
    await store.picture.put({ ...kept, received: data.length, state: "SENT" });
  } else {
    await store.picture.update(picture.hash, { received: said.received });
  }
  return piece.length;
}
