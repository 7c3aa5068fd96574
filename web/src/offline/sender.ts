import { liveQuery } from "dexie";
import { ApiError } from "../api/client";
import type { Problem } from "../api/problems";
import type { LocalStore } from "./db";
import { forgetSettled, giveBack, settle, takeBatch } from "./outbox";
import { pullGroup } from "./snapshot";
import { groups, type Answer, type Command, type Group } from "./types";

/** What the sender last learnt about the way to the server; kept in the store so that every tab shows the same. */
export interface Reach {
  state: "reached" | "not-reached" | "signed-out" | "refused";
  since: number;
  nextTryAt?: number;
  problem?: Problem;
}

/** Everything outside that the sender needs; tests hand in their own. */
export interface Surroundings {
  ask(path: string, ask: { method?: "GET" | "POST"; body?: unknown; headers?: Record<string, string> }): Promise<Response>;
  now(): number;
  random(): number;
  sleep(ms: number, wake: AbortSignal): Promise<void>;
  /** Runs `work` while this tab leads; other tabs wait for their turn. */
  lead(name: string, stop: AbortSignal, work: () => Promise<void>): Promise<void>;
}

const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 300_000;
const PULL_EVERY = 300_000;
const BATCH = 25;

/** 2 s, doubled with every miss, at most 5 min, half of it by chance: shops come back together after a power cut. */
export function backoff(misses: number, random: number): number {
  const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(misses - 1, 10));
  return Math.round(full / 2 + (full / 2) * random);
}

/**
 * The courier between the local store and the server. One tab leads and sends; commands go oldest first and are
 * answered one by one. A lost answer is asked again with the same id, never guessed, and tries never end: only a
 * decision of the server ends one.
 */
export class Sender {
  private readonly stopper = new AbortController();
  private wake = new AbortController();
  private misses = 0;
  private pullDueAt = 0;
  leading = false;

  constructor(
    private readonly store: LocalStore,
    private readonly deviceId: string,
    private readonly distributorId: number,
    private readonly outside: Surroundings,
  ) {}

  /** Starts and runs until {@link stop}. */
  async run(): Promise<void> {
    const work = liveQuery(() => this.store.command.where("state").anyOf("WAITING").count()).subscribe((count) => count > 0 && this.nudge());
    try {
      await this.outside.lead(`offtake-send-${this.store.name}`, this.stopper.signal, async () => {
        this.leading = true;
        while (!this.stopper.signal.aborted) await this.turn();
      });
    } finally {
      this.leading = false;
      work.unsubscribe();
    }
  }

  stop(): void {
    this.stopper.abort();
    this.nudge();
  }

  /** Something new is in the queue, or somebody pressed "try now". */
  nudge(): void {
    const sleeping = this.wake;
    this.wake = new AbortController();
    sleeping.abort();
  }

  /** "Try now": forgets the waiting time and pulls as well. */
  tryNow(): void {
    this.misses = 0;
    this.pullDueAt = 0;
    this.nudge();
  }

  private async turn(): Promise<void> {
    const wake = this.wake.signal;
    try {
      const sent = await this.sendOnce();
      if (sent > 0) {
        this.pullDueAt = Math.min(this.pullDueAt, this.outside.now() + 5_000);
        return;
      }
      if (this.outside.now() >= this.pullDueAt) {
        // set before, so that somebody who asks during the pull gets another one after it
        this.pullDueAt = this.outside.now() + PULL_EVERY;
        await this.pullAll();
        await forgetSettled(this.store, 3 * 86_400_000, this.outside.now());
        return;
      }
      await this.outside.sleep(Math.max(250, this.pullDueAt - this.outside.now()), wake);
    } catch (error) {
      await this.missed(error);
      this.pullDueAt = 0;
      const wait = backoff(this.misses, this.outside.random());
      await this.note({ ...(await this.reach()), nextTryAt: this.outside.now() + wait });
      // while the server is away, new work does not shorten the wait below two seconds
      const started = this.outside.now();
      await this.outside.sleep(wait, this.wake.signal);
      const rest = 1_000 - (this.outside.now() - started);
      if (rest > 0 && this.misses > 0) await this.outside.sleep(rest, this.stopper.signal);
    }
  }

  /** Sends one batch; returns how many commands were settled. Throws when no answer came. */
  async sendOnce(size = BATCH): Promise<number> {
    const batch = await takeBatch(this.store, size);
    if (batch.length === 0) return 0;
    const started = this.outside.now();
    const body = JSON.stringify({
      deviceId: this.deviceId, distributorId: this.distributorId,
      commands: batch.map(({ id, seq, kind, businessDate, at, body }) => ({ id, seq, kind, businessDate, at, body })),
    });
    let answers: Answer[];
    let down = 0;
    try {
      const answer = await this.outside.ask("/api/v1/sync/commands", { method: "POST", body, headers: { "X-Device-Id": this.deviceId } });
      const text = await readText(answer);
      down = text.length;
      answers = (JSON.parse(text) as { answers: Answer[] }).answers;
    } catch (error) {
      if (error instanceof ApiError && refusesTheRequest(error) && batch.length > 1) {
        // one bad command must not hold up the others: each is asked alone
        await giveBack(this.store, batch);
        return this.sendOnce(1);
      }
      if (error instanceof ApiError && refusesTheRequest(error)) {
        await settle(this.store, { id: batch[0]!.id, outcome: "REFUSED", problem: error.problem });
        return 1;
      }
      await giveBack(this.store, batch);
      await this.log("send", body.length, down, started, "no answer, asked again", batch.length);
      throw error;
    }
    const known = new Map(batch.map((command) => [command.id, command]));
    let settled = 0;
    for (const answer of answers) {
      if (!known.has(answer.id)) continue;
      await settle(this.store, answer);
      if (answer.outcome !== "WAITS") settled++;
    }
    await giveBack(this.store, batch);
    await this.reached();
    await this.log("send", body.length, down, started, results(answers), batch.length);
    return settled;
  }

  /** Pulls the groups in their order. */
  async pullAll(which: readonly Group[] = groups): Promise<void> {
    for (const group of which) {
      const started = this.outside.now();
      const { outcome, state } = await pullGroup(this.store, group, (path, headers) => this.outside.ask(path, { headers }), this.distributorId);
      if (outcome === "replaced") await this.log("pull", 0, state.bytes, started, group, state.rows);
      await this.reached();
    }
  }

  private async reach(): Promise<Reach> {
    return (await this.store.get<Reach>("reach")) ?? { state: "not-reached", since: this.outside.now() };
  }

  private async note(reach: Reach): Promise<void> {
    await this.store.set("reach", reach);
  }

  private async reached(): Promise<void> {
    this.misses = 0;
    await this.note({ state: "reached", since: this.outside.now() });
  }

  private async missed(error: unknown): Promise<void> {
    this.misses++;
    const before = await this.reach();
    const status = error instanceof ApiError ? error.status : 0;
    const state = status === 401 ? "signed-out" : status === 403 ? "refused" : "not-reached";
    const problem = error instanceof ApiError ? error.problem : undefined;
    await this.note({ state, since: before.state === state ? before.since : this.outside.now(), ...(problem ? { problem } : {}) });
  }

  private async log(what: "send" | "pull", up: number, down: number, started: number, result: string, count: number): Promise<void> {
    await this.store.run.add({ at: started, what, up, down, tookMs: this.outside.now() - started, result, count });
    const old = await this.store.run.orderBy("id").reverse().offset(20).primaryKeys();
    if (old.length) await this.store.run.bulkDelete(old);
  }
}

function refusesTheRequest(error: ApiError): boolean {
  return error.status >= 400 && error.status < 500 && ![401, 403, 408, 425, 429].includes(error.status);
}

function results(answers: Answer[]): string {
  const count = (outcome: Answer["outcome"]) => answers.filter((a) => a.outcome === outcome).length;
  return `accepted:${count("ACCEPTED")} differs:${count("DIFFERS")} refused:${count("REFUSED")} waits:${count("WAITS")}`;
}

async function readText(answer: Response): Promise<string> {
  try {
    return await answer.text();
  } catch {
    throw new ApiError(0, { code: "NOT_REACHED", title: "The answer was cut off" });
  }
}

/** Sleeps until the time is up or somebody wakes it. */
export function sleep(ms: number, wake: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (wake.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    wake.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

/** Leadership among the tabs of this browser by a Web Lock; it passes on when the leading tab closes or dies. */
export async function leadByWebLock(name: string, stop: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    await navigator.locks.request(name, { signal: stop }, work);
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

export type { Command };
