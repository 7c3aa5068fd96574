import type { LocalStore } from "./db";
import { stopOf, rows, type Facts } from "./policy";
import type { Picture } from "./types";

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
  if (stop) throw new NoRoom(Number(stop.values["percent"] ?? 100));
  await reserve(store, facts.limits.storageReserveMb);
  const made = file.type === "application/pdf" ? await paper(file) : await prepared(file);
  const data = new Uint8Array(await made.arrayBuffer());
  const hash = await hashOf(data);
  try {
    await store.transaction("rw", store.picture, async () => {
      const before = await store.picture.get(hash);
      if (before && before.state !== "REFUSED") return;
      await store.picture.put({ hash, documentId, kind, at: store.clock?.now() ?? Date.now(), size: data.length, mediaType: made.type, received: 0, state: "WAITING", data });
    });
  } catch (error) {
    if (isQuota(error)) throw new NoRoom(100);
    throw error;
  }
  return hash;
}

/**
 * Room that is kept for documents (OFF-18): a block of so many MB, laid down before the first picture. Where it does not fit, no picture does either; when a
 * bill finds no room, the block gives way to it. Browsers do not say truly how much room there is, so it is taken rather than asked for.
 */
async function reserve(store: LocalStore, megabytes: number): Promise<void> {
  if ((await store.piece.where("group").equals(RESERVE).count()) > 0) return;
  const data = new Uint8Array(megabytes * 1_048_576);
  for (let at = 0; at < data.length; at += 65_536) crypto.getRandomValues(data.subarray(at, Math.min(data.length, at + 65_536)));
  try {
    await store.piece.put({ group: RESERVE, at: 0, data });
  } catch (error) {
    if (isQuota(error)) throw new NoRoom(100);
    throw error;
  }
}

/** Makes room for a document: the reserve first, then what can be fetched again. Nothing unsent is touched. */
export async function makeRoom(store: LocalStore): Promise<void> {
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
 * Sends the next piece of one picture and keeps how far it is, so that a cut costs one piece. What was sent leaves the device, its hash stays.
 * Answers the bytes sent.
 */
export async function sendPiece(store: LocalStore, picture: Picture, distributorId: number, ask: (path: string, ask: { method: "POST" | "GET"; body?: Uint8Array<ArrayBuffer>; headers?: Record<string, string> }) => Promise<Response>): Promise<number> {
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
    await store.picture.put({ ...kept, received: data.length, state: "SENT" });
  } else {
    await store.picture.update(picture.hash, { received: said.received });
  }
  return piece.length;
}
