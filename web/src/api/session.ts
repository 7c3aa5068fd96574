import { ApiError, api, rememberCsrf, type Me } from "./client";

const KEY = "offtake.me";

/** A way into the demo: one sentence and the account behind it. */
export interface Door {
  title: string;
  sentence: string;
  username: string;
  password: string;
  workspace: "counter" | "tower";
}

/**
 * Who is signed in, or undefined. Without network the last known person of this device may go on working.
 *
 * @param patience so many ms an answer is waited for where this device knows its person: a dead line answers nothing, for ever
 */
export async function currentMe(patience?: number): Promise<{ me: Me; offline: boolean } | undefined> {
  const kept = localStorage.getItem(KEY);
  const late = patience !== undefined && kept ? AbortSignal.timeout(patience) : undefined;
  try {
    const me = await api<Me>("/api/v1/session", late ? { signal: late } : {});
    keep(me);
    return { me, offline: false };
  } catch (error) {
    if (late?.aborted || (error instanceof ApiError && error.unanswered)) {
      if (kept) {
        const me = JSON.parse(kept) as Me;
        rememberCsrf(me.csrf);
        return { me, offline: true };
      }
      throw error;
    }
    if (error instanceof ApiError && error.status === 401) {
      localStorage.removeItem(KEY);
      return undefined;
    }
    throw error;
  }
}

export async function signIn(username: string, password: string): Promise<Me> {
  const me = await api<Me>("/api/v1/session", { method: "POST", body: { username, password } });
  keep(me);
  return me;
}

export async function signOut(): Promise<void> {
  await api("/api/v1/session", { method: "DELETE" });
  localStorage.removeItem(KEY);
  rememberCsrf(undefined);
}

/** The doors of the demo; an installation that is no demo has none. */
export async function doors(): Promise<Door[]> {
  try {
    return await api<Door[]>("/api/v1/demo/doors");
  } catch {
    return [];
  }
}

function keep(me: Me): void {
  rememberCsrf(me.csrf);
  localStorage.setItem(KEY, JSON.stringify(me));
}
