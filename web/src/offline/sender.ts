import { liveQuery } from "dexie";
import { ApiError } from "../api/client";
import type { Problem } from "../api/problems";
import { sum } from "../ui/decimal";
import { deviceOf, uuidv7, type LocalStore } from "./db";
import { forgetSettled, giveBack, inOrder, inStates, settle, takeBatch, unfinished } from "./outbox";
import { nextPicture, sendPiece, trimEvidence } from "./pictures";
import { leaseFor, left, limitsOf } from "./policy";
import { contextOf, pullGroup } from "./snapshot";
import { groups, type Answer, type Command, type Device, type DeviceState, type Group, type GroupState, type Lease } from "./types";

/** What the sender last learnt about the way to the server; kept in the store so that every tab shows the same. */
export interface Reach {
  state: "reached" | "not-reached" | "signed-out" | "refused" | "newer";
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
  /** Room on this device, in bytes. */
  storage?(): Promise<{ used: number; quota: number; persisted: boolean } | undefined>;
  /** Everything of this store is removed, after its queue was rescued. */
  wipe?(): Promise<void>;
}

/** The shape of queue and envelope this build speaks; the server takes every older one for ever. */
export const SCHEMA = 2;
/** Documents that get a legal number of this device's own series. */
export const numbered = ["INVOICE", "CREDIT_NOTE", "COLLECTION"] as const;

const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 300_000;
const PULL_EVERY = 300_000;
const BEAT_EVERY = 300_000;
const BATCH = 50;
const RESCUE = 200;
const PIECES = 8;
const FORGET_AFTER = 35 * 86_400_000;
const FORGET_EVERY = 3_600_000;

/** 2 s, doubled with every miss, at most 5 min, half of it by chance: shops come back together after a power cut. */
export function backoff(misses: number, random: number): number {
  const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(misses - 1, 10));
  return Math.round(full / 2 + (full / 2) * random);
}

/**
 * The courier between the local store and the server. One tab leads and sends: documents oldest first, answered one by one, then pictures piece by
 * piece, then what changed comes down. A lost answer is asked again with the same id, never guessed, and tries never end: only a decision of the
 * server ends one. How fast it goes is the server's say (429 and its Retry-After).
 */
export class Sender {
  private readonly stopper = new AbortController();
  private wake = new AbortController();
  private misses = 0;
  private pullDueAt = 0;
  private beatDueAt = 0;
  private leaseDueAt = 0;
  private forgetDueAt = 0;
  private batch = BATCH;
  /** Groups are read anew, whole, at the next pull ("check everything"). */
  private everything = false;
  leading = false;

  constructor(
    private readonly store: LocalStore,
    private readonly distributorId: number,
    private readonly outside: Surroundings,
    private readonly about: { name: string; appVersion: string } = { name: "counter", appVersion: "0" },
  ) {}

  /** Starts and runs until {@link stop}. */
  async run(): Promise<void> {
    const work = liveQuery(() => this.store.command.where("state").equals("WAITING").count()).subscribe((count) => count > 0 && this.nudge());
    const pictures = liveQuery(() => this.store.picture.where("state").equals("WAITING").count()).subscribe((count) => count > 0 && this.nudge());
    try {
      await this.outside.lead(`offtake-send-${this.store.name}`, this.stopper.signal, async () => {
        this.leading = true;
        while (!this.stopper.signal.aborted) await this.turn();
      });
    } finally {
      this.leading = false;
      work.unsubscribe();
      pictures.unsubscribe();
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

  /** "Try now": forgets the waiting time and pulls as well; `everything` reads all groups anew. */
  tryNow(everything = false): void {
    this.misses = 0;
    this.pullDueAt = 0;
    this.beatDueAt = 0;
    this.leaseDueAt = 0;
    if (everything) this.everything = true;
    this.nudge();
  }

  private async turn(): Promise<void> {
    const wake = this.wake.signal;
    try {
      await this.register();
      await this.lease();
      const sent = await this.sendOnce();
      if (sent > 0) {
        this.pullDueAt = Math.min(this.pullDueAt, this.outside.now() + 5_000);
        return;
      }
      if (this.outside.now() >= this.pullDueAt) {
        // set before, so that somebody who asks during the pull gets another one after it
        this.pullDueAt = this.outside.now() + PULL_EVERY;
        await this.pullAll();
        // it reads everything that is settled: while a long queue goes out, once an hour is often enough
        if (this.outside.now() >= this.forgetDueAt) {
          await forgetSettled(this.store, FORGET_AFTER, this.outside.now());
          await trimEvidence(this.store, limitsOf(await contextOf(this.store)), this.store.clock?.now() ?? this.outside.now());
          this.forgetDueAt = this.outside.now() + FORGET_EVERY;
        }
        return;
      }
      if (this.outside.now() >= this.beatDueAt) await this.beat();
      // some pieces at a time, so that a document that comes meanwhile goes before the next ones
      let pieces = 0;
      while (pieces < PIECES && (await this.sendPicture())) pieces++;
      if (pieces > 0) return;
      await this.outside.sleep(Math.max(250, Math.min(this.pullDueAt, this.beatDueAt) - this.outside.now()), wake);
    } catch (error) {
      const stood = await this.missed(error);
      this.pullDueAt = 0;
      const wait = Math.max(backoff(this.misses, this.outside.random()), retryAfter(error));
      await this.note({ ...stood, nextTryAt: this.outside.now() + wait });
      // while the server is away, new work does not shorten the wait below two seconds
      const started = this.outside.now();
      await this.outside.sleep(wait, this.wake.signal);
      const rest = Math.max(1_000, retryAfter(error)) - (this.outside.now() - started);
      if (rest > 0 && this.misses > 0) await this.outside.sleep(rest, this.stopper.signal);
    }
  }

  /** Makes this store known to the server once; a secret that the server does not know any more is fetched anew. */
  async register(): Promise<Device> {
    const device = await deviceOf(this.store);
    if (device.secret) return device;
    const answer = await this.outside.ask("/api/v1/sync/devices", { method: "POST", body: { id: device.id, distributorId: this.distributorId, name: device.name ?? this.about.name, kind: "COUNTER", appVersion: this.about.appVersion, schemaVersion: SCHEMA } });
    const said = (await answer.json()) as { device: { code: string; name: string; state: DeviceState }; secret: string; signingKey?: Device["signingKey"]; serverTime?: string };
    const known: Device = { ...device, secret: said.secret, code: said.device.code, name: said.device.name, state: said.device.state, registeredAt: device.registeredAt ?? this.outside.now(), ...(said.signingKey ? { signingKey: said.signingKey } : {}) };
    await this.store.set("device", known);
    if (said.serverTime) this.store.clock?.heard(Date.parse(said.serverTime));
    return known;
  }

  /** Keeps enough numbers of the device's own series at hand: fetches when fewer than the limit are left (OFF-18). */
  async lease(): Promise<void> {
    const device = await deviceOf(this.store);
    const context = await contextOf(this.store);
    if (!device.secret || device.state !== "ACTIVE" || !context || this.outside.now() < this.leaseDueAt) return;
    const held = await this.store.lease.toArray();
    const least = limitsOf(context).seriesWarn;
    const wanted = numbered.filter((type) => left(leaseFor(held, type, context.businessDate)) < least);
    // from 15 March the next year's series is wanted as well (OFF-03)
    const turn = /-03-(1[5-9]|[23]\d)$/.test(context.businessDate) && !held.some((l) => l.validFrom > context.businessDate);
    if (!wanted.length && !turn) return;
    this.leaseDueAt = this.outside.now() + 60_000;
    try {
      const answer = await this.ask(this.device(device, "leases"), { method: "POST", body: { documentTypes: turn ? numbered : wanted, next: Object.fromEntries(numbered.flatMap((type) => { const lease = leaseFor(held, type, context.businessDate); return lease ? [[type, lease.next]] : []; })) } });
      const { leases } = (await answer.json()) as { leases: Lease[] };
      await keepLeases(this.store, leases);
    } catch (error) {
      // no series for this device: it goes on with drafts, orders, and bills that the server numbers
      if (!(error instanceof ApiError) || !refusesTheRequest(error)) throw error;
      this.leaseDueAt = this.outside.now() + PULL_EVERY;
    }
  }

  /** Sends one batch; returns how many commands were settled. Throws when no answer came. */
  async sendOnce(size = this.batch): Promise<number> {
    const device = await deviceOf(this.store);
    const taken = await takeBatch(this.store, size);
    if (taken.length === 0) return 0;
    const started = this.outside.now();
    const beat = device.secret ? await this.heartbeat() : undefined;
    const text = JSON.stringify({
      deviceId: device.id, distributorId: this.distributorId, ...(device.secret ? { schemaVersion: SCHEMA, heartbeat: beat } : {}),
      commands: taken.map(({ id, seq, kind, businessDate, at, mono, body, waitsFor, number, decided, attempt }) => ({
        id, seq, kind, businessDate, at, body, ...(device.secret ? { ...(mono === undefined ? {} : { mono }), ...(waitsFor?.length ? { waitsFor } : {}), ...(number ? { number } : {}), ...(decided ? { decided } : {}), attempt: attempt ?? 1 } : {}),
      })),
    });
    const packed = device.secret ? await zipped(text) : undefined;
    let answers: Answer[];
    let down = 0;
    try {
      const answer = await this.ask("/api/v1/sync/commands", { method: "POST", body: packed ?? text, headers: { "Content-Type": "application/json", ...(packed ? { "Content-Encoding": "gzip" } : {}) } });
      const whole = await readText(answer);
      down = whole.length;
      const envelope = JSON.parse(whole) as { answers: Answer[]; batch?: number; serverTime?: string; state?: DeviceState };
      answers = envelope.answers;
      if (envelope.batch) this.batch = Math.max(1, Math.min(BATCH, envelope.batch));
      await this.told(envelope, started);
    } catch (error) {
      await giveBack(this.store, taken);
      if (error instanceof ApiError && refusesTheRequest(error)) {
        // one bad command must not hold up the others: each is asked alone
        if (taken.length > 1) return this.sendOnce(1);
        await settle(this.store, { id: taken[0]!.id, outcome: "REFUSED", problem: error.problem });
        return 1;
      }
      if (error instanceof ApiError && typeof error.problem["batch"] === "number") this.batch = Math.max(1, error.problem["batch"]);
      await this.log("send", packed?.length ?? text.length, down, started, "no answer, asked again", taken.length);
      throw error;
    }
    const known = new Set(taken.map((command) => command.id));
    let settled = 0;
    for (const answer of answers) {
      if (!known.has(answer.id)) continue;
      await settle(this.store, answer);
      if (answer.outcome !== "WAITS") settled++;
    }
    await giveBack(this.store, taken);
    // the office sees the queue as it is after this, not as it was before
    this.beatDueAt = this.outside.now() + 10_000;
    await this.reached();
    await this.log("send", packed?.length ?? text.length, down, started, results(answers), taken.length);
    return settled;
  }

  /** Sends one piece of the oldest waiting picture; false where none waits. Pictures never hold up documents. */
  async sendPicture(): Promise<boolean> {
    const picture = await nextPicture(this.store);
    if (!picture) return false;
    try {
      const limits = limitsOf(await contextOf(this.store));
      const room = await this.outside.storage?.();
      // where room gets short, what the server has is not kept beside it
      const short = room !== undefined && room.quota > 0 && 100 * room.used >= limits.storageWarnPercent * room.quota;
      await sendPiece(this.store, picture, this.distributorId, (path, ask) => this.ask(path, ask), short ? null : limits);
    } catch (error) {
      const problem = error instanceof ApiError ? error.problem : undefined;
      if (problem?.code === "EVIDENCE_OFFSET") await this.store.picture.update(picture.hash, { received: Number(problem["received"] ?? 0) });
      else if (problem?.code === "EVIDENCE_DIFFERS") await this.store.picture.update(picture.hash, { received: 0 });
      else if (error instanceof ApiError && refusesTheRequest(error)) await this.store.picture.update(picture.hash, { state: "REFUSED", problem: error.problem });
      else throw error;
    }
    await this.reached();
    return true;
  }

  /** Pulls the groups in their order. */
  async pullAll(which: readonly Group[] = groups): Promise<void> {
    if (this.everything) {
      this.everything = false;
      await this.store.transaction("rw", this.store.meta, async () => {
        for (const group of groups) {
          const state = await this.store.get<GroupState>(`group.${group}`);
          if (state) await this.store.set(`group.${group}`, { ...state, cursor: null, etag: null });
        }
      });
    }
    for (const group of which) {
      const started = this.outside.now();
      const { outcome, state, received } = await pullGroup(this.store, group, (path, headers) => this.ask(path, { headers }), this.distributorId);
      if (outcome !== "same") await this.log("pull", 0, received, started, group, state.rows);
      await this.reached();
      // numbers are part of what must be here before the first bill
      if (group === "must") await this.lease();
    }
  }

  /** Tells the server how this device is; the answer says its time and whether the device is still trusted. */
  async beat(): Promise<void> {
    const device = await deviceOf(this.store);
    this.beatDueAt = this.outside.now() + BEAT_EVERY;
    if (!device.secret) return;
    const started = this.outside.now();
    const answer = await this.ask(this.device(device, "heartbeat"), { method: "POST", body: await this.heartbeat() });
    await this.told((await answer.json()) as { serverTime?: string; state?: DeviceState }, started);
    await this.reached();
  }

  /** What a manager sees of this device (OFF-16). */
  async heartbeat(): Promise<Record<string, unknown>> {
    const open = await inStates(this.store, unfinished);
    const held = await this.store.lease.toArray();
    const context = await contextOf(this.store);
    const room = await this.outside.storage?.();
    const oldest = open.map((c) => c.at).sort()[0];
    return {
      appVersion: this.about.appVersion, schemaVersion: SCHEMA, queueLength: open.length, ...(oldest ? { oldestUnsentAt: oldest } : {}),
      unsentValue: sum(open.map((c) => c.summary.total), 2),
      ...(room?.quota ? { storagePercent: Math.round((100 * room.used) / room.quota), persisted: room.persisted } : {}),
      seriesLeft: Object.fromEntries(numbered.map((type) => [type, left(leaseFor(held, type, context?.businessDate))])), deviceTime: new Date(this.outside.now()).toISOString(),
    };
  }

  /**
   * Hands everything unsent to the server, drafts as well, where a manager decides about it; allowed in every state of the device. Then, if a wipe was
   * asked for, the store goes. Nothing is removed before the server has it.
   */
  async rescue(wipe: boolean): Promise<void> {
    const device = await deviceOf(this.store);
    const open = await inOrder(this.store, unfinished);
    const drafts = await this.store.draft.toArray();
    const commands = [
      ...open.map(({ id, seq, kind, businessDate, at, mono, body, waitsFor, number, decided }) => ({ id, seq, kind, businessDate, at, body, ...(mono === undefined ? {} : { mono }), ...(waitsFor?.length ? { waitsFor } : {}), ...(number ? { number } : {}), ...(decided ? { decided } : {}) })),
      ...drafts.map((draft, i) => ({ id: uuidv7(), seq: (open.at(-1)?.seq ?? 0) + 1 + i, kind: "draft", businessDate: new Date(draft.updatedAt).toISOString().slice(0, 10), at: new Date(draft.updatedAt).toISOString(), body: { documentType: draft.kind.toUpperCase(), summary: draft.title || draft.kind, evidence: [], content: draft.content } })),
    ];
    if (commands.length && !(await this.store.get<boolean>("rescued"))) {
      for (let at = 0; at < commands.length; at += RESCUE) await this.raw(device, this.device(device, "rescues"), { method: "POST", body: { commands: commands.slice(at, at + RESCUE) } });
    }
    await this.store.set("rescued", true);
    if (!wipe) return;
    await this.raw(device, this.device(device, "wiped"), { method: "POST", body: {} });
    await this.store.set("device", { ...device, state: "WIPED" });
    this.stop();
    await this.outside.wipe?.();
  }

  /** Asks as this device; a refusal of the device itself is kept for the screens. */
  private async ask(path: string, ask: { method?: "GET" | "POST"; body?: unknown; headers?: Record<string, string> }): Promise<Response> {
    const device = await deviceOf(this.store);
    const started = this.outside.now();
    try {
      const answer = await this.raw(device, path, ask);
      if (device.state !== "ACTIVE") await this.stateIs("ACTIVE");
      this.time(answer.headers.get("X-Server-Time") ?? answer.headers.get("Date"), started, answer.headers.has("X-Server-Time"));
      return answer;
    } catch (error) {
      const code = error instanceof ApiError ? error.problem.code : undefined;
      if (code === "DEVICE_SECRET") {
        const { secret: _old, ...rest } = device;
        await this.store.set("device", rest);
      } else if (code === "DEVICE_LOCKED") {
        await this.stateIs("LOCKED", error as ApiError);
      } else if (code === "DEVICE_REVOKED") {
        await this.stateIs("REVOKED", error as ApiError);
        await this.rescue(false);
      } else if (code === "DEVICE_WIPE") {
        await this.stateIs("WIPE_REQUESTED", error as ApiError);
        await this.rescue(true);
      }
      throw error;
    }
  }

  private device(device: Device, what: string): string {
    return `/api/v1/sync/devices/${device.id}/${what}?distributorId=${this.distributorId}`;
  }

  private raw(device: Device, path: string, ask: { method?: "GET" | "POST"; body?: unknown; headers?: Record<string, string> }): Promise<Response> {
    return this.outside.ask(path, { ...ask, headers: { ...ask.headers, "X-Device-Id": device.id, ...(device.secret ? { "X-Device-Secret": device.secret } : {}) } });
  }

  private async stateIs(state: DeviceState, why?: ApiError): Promise<void> {
    const device = await deviceOf(this.store);
    const reason = (why?.problem["reason"] as string | undefined) ?? why?.problem.detail ?? null;
    if (device.state !== state || (why && device.reason !== reason)) await this.store.set("device", { ...device, state, reason });
    if (state === "ACTIVE") await this.store.meta.delete("rescued");
  }

  private async told(said: { serverTime?: string; state?: DeviceState }, started: number): Promise<void> {
    if (said.serverTime) this.store.clock?.heard(Date.parse(said.serverTime), Math.max(0, this.outside.now() - started));
    if (said.state && said.state !== (await deviceOf(this.store)).state) await this.stateIs(said.state);
  }

  /** The server's own time; the Date header has whole seconds only and serves where there is nothing better. */
  private time(said: string | null, started: number, exact: boolean): void {
    const at = said ? Date.parse(said) : NaN;
    if (Number.isFinite(at)) this.store.clock?.heard(exact ? at : at + 500, Math.max(0, Math.min(60_000, this.outside.now() - started)));
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

  private async missed(error: unknown): Promise<Reach> {
    this.misses++;
    const before = await this.reach();
    const status = error instanceof ApiError ? error.status : 0;
    const problem = error instanceof ApiError ? error.problem : undefined;
    // a device that is locked reaches the server well; the lock is shown by itself
    const state = status === 401 ? "signed-out" : problem?.code.startsWith("DEVICE_") || status === 429 ? "reached" : status === 403 ? "refused" : problem?.code === "CLIENT_NEWER" ? "newer" : "not-reached";
    const reach: Reach = { state, since: before.state === state ? before.since : this.outside.now(), ...(problem ? { problem } : {}) };
    await this.note(reach);
    return reach;
  }

  private async log(what: "send" | "pull", up: number, down: number, started: number, result: string, count: number): Promise<void> {
    await this.store.run.add({ at: started, what, up, down, tookMs: this.outside.now() - started, result, count });
    const old = await this.store.run.orderBy("id").reverse().offset(20).primaryKeys();
    if (old.length) await this.store.run.bulkDelete(old);
  }
}

/** Puts leases of the server beside this device's own count: `next` only ever rises (OFF-03). */
export async function keepLeases(store: LocalStore, leases: Lease[]): Promise<void> {
  await store.transaction("rw", store.lease, async () => {
    for (const lease of leases) {
      const own = await store.lease.get(lease.series);
      await store.lease.put({ ...lease, next: Math.max(lease.next, own?.next ?? 0), lastDate: [own?.lastDate, lease.lastDate].filter((d): d is string => Boolean(d)).sort().at(-1) ?? null });
    }
  });
}

function refusesTheRequest(error: ApiError): boolean {
  return error.status >= 400 && error.status < 500 && ![401, 403, 404, 408, 425, 429].includes(error.status) && error.problem.code !== "CLIENT_NEWER";
}

function retryAfter(error: unknown): number {
  const seconds = error instanceof ApiError ? Number(error.problem["retryAfterSeconds"] ?? error.retryAfter ?? 0) : 0;
  return Number.isFinite(seconds) ? Math.min(600, seconds) * 1000 : 0;
}

function results(answers: Answer[]): string {
  const count = (outcome: Answer["outcome"]) => answers.filter((a) => a.outcome === outcome).length;
  return `accepted:${count("ACCEPTED")} differs:${count("DIFFERS")} refused:${count("REFUSED") + count("QUARANTINED")} waits:${count("WAITS")}`;
}

async function readText(answer: Response): Promise<string> {
  try {
    return await answer.text();
  } catch {
    throw new ApiError(0, { code: "NOT_REACHED", title: "The answer was cut off" });
  }
}

async function zipped(text: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (typeof CompressionStream === "undefined" || text.length < 1_000) return undefined;
  return new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
}

/** Sleeps until the time is up or somebody wakes it. */
export function sleep(ms: number, wake: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (wake.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      wake.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    wake.addEventListener("abort", end, { once: true });
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
