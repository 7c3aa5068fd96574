import { useLiveQuery } from "dexie-react-hooks";
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../api/client";
import type { LocalStore } from "../offline/db";
import { dateText, timeOfDay } from "../ui";

/** What the server said last; `at` is when it was asked, in ms, or 0 where an older version of this app did not note it. */
export interface Kept<T> { at: number; value: T }

const isKept = (row: unknown): row is Kept<unknown> => typeof row === "object" && row !== null && !Array.isArray(row) && typeof (row as Kept<unknown>).at === "number" && "value" in row;

/** What lies here under a key. */
export async function keptOf<T>(store: LocalStore, key: string): Promise<Kept<T> | undefined> {
  const row = await store.get<unknown>(key);
  return row === undefined ? undefined : isKept(row) ? (row as Kept<T>) : { at: 0, value: row as T };
}

/** A dead line answers nothing, for ever: after so long the next one may ask. */
const PATIENCE = 30_000;

const asking = new Map<string, Promise<unknown>>();

/** Asks the server and keeps what it says; who asks the same meanwhile gets the same answer. */
export function refresh<T>(store: LocalStore, key: string, ask: () => Promise<T>): Promise<T> {
  const name = `${store.name}/${key}`;
  const running = asking.get(name) as Promise<T> | undefined;
  if (running) return running;
  // what changes while it is asked is not in the answer
  const at = Date.now();
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, give) => {
    timer = setTimeout(() => give(new ApiError(0, { code: "NOT_REACHED", title: "No answer in time" })), PATIENCE);
  });
  const answer = Promise.race([ask(), late]).then(async (value) => {
    await store.set(key, { at, value });
    return value;
  }).finally(() => {
    clearTimeout(timer);
    asking.delete(name);
  });
  asking.set(name, answer);
  return answer;
}

/** Forgets what is kept under a prefix, but for these keys. */
export async function forgetOthers(store: LocalStore, prefix: string, keep: ReadonlySet<string>): Promise<void> {
  const keys = await store.meta.where("key").startsWith(prefix).primaryKeys();
  await store.meta.bulkDelete(keys.filter((key) => !keep.has(key)));
}

/** When something was, short: the time if it is of today. */
export function whenText(at: number, language: string): string {
  return new Date(at).toDateString() === new Date().toDateString() ? timeOfDay(at) : `${dateText(new Date(at).toISOString().slice(0, 10), language)} ${timeOfDay(at)}`;
}

/** After so long what is shown says how old it is, though nothing has failed. */
const OLD = 600_000;

export interface Seen<T> {
  /** What lies here, at once; undefined while it is read or where nothing was ever kept. */
  value: T | undefined;
  /** When it was asked for. */
  at: number;
  /** The same where it has to be said: the server is not reached, or it is old. */
  old: number | undefined;
  /** Why the last asking gave nothing. */
  failed: ApiError | undefined;
  /** Nothing is here and the server has not answered yet. */
  pending: boolean;
  refresh(): void;
}

/**
 * What the server said last, shown at once from the local store and asked for anew behind it: with the key, whenever `again` changes, and every
 * `every` ms. Nothing waits for the network to show what is here.
 */
export function useKept<T>(store: LocalStore, key: string | undefined, ask: () => Promise<T>, again: unknown = 0, every = 0): Seen<T> {
  const found = useLiveQuery(async () => ({ key, kept: key === undefined ? undefined : await keptOf<T>(store, key) }), [store, key]);
  const [failed, setFailed] = useState<{ key: string; error: ApiError | undefined }>();
  const [turn, setTurn] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (key === undefined) return;
    let gone = false;
    refresh(store, key, () => latest.current()).then(() => !gone && setFailed({ key, error: undefined }),
      (error: unknown) => !gone && setFailed({ key, error: error instanceof ApiError ? error : new ApiError(500, { code: "FAULT", detail: String(error) }) }));
    return () => {
      gone = true;
    };
  }, [store, key, again, turn]);
  useEffect(() => {
    if (!every) return;
    const timer = setInterval(() => setTurn((n) => n + 1), every);
    return () => clearInterval(timer);
  }, [every]);
  const more = useCallback(() => setTurn((n) => n + 1), []);
  const kept = found?.key === key ? found?.kept : undefined;
  const error = failed?.key === key ? failed?.error : undefined;
  const at = kept?.at ?? 0;
  return { value: kept?.value, at, old: at > 0 && (error?.unanswered || Date.now() - at > OLD) ? at : undefined, failed: error, pending: kept === undefined && error === undefined, refresh: more };
}
