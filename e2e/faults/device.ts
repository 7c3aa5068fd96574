import "fake-indexeddb/auto";
import { gunzipSync } from "node:zlib";
import type { Bill } from "../../web/src/counter/bill/entry";
import { ApiError, problemOf } from "../../web/src/api/client";
import { Clock } from "../../web/src/offline/clock";
import { LocalStore } from "../../web/src/offline/db";
import { countIn, enqueue, inStates, sendAgain, takeBack, unfinished } from "../../web/src/offline/outbox";
import { Sender, sleep } from "../../web/src/offline/sender";
import type { Answer, Command, CommandKind } from "../../web/src/offline/types";
import { Chance, idOf } from "./chance";
import { Desk } from "./desk";
import type { Site, Step } from "./script";

/** How much faster than life the devices' waiting goes: 5 minutes of backing off take seconds. */
const HASTE = 60;

/** One asking for one command: when it was sent, when and how it was answered. */
export interface Asked { sentAt: number; answeredAt: number | undefined; answer: Answer | undefined }

/** A session as a browser holds it. */
export interface Session { cookie: string; csrf: string }

const sessions = new Map<string, Promise<Session>>();

/** Signs in, once for each user: a distributor's devices may share a person. */
export function signIn(address: string, username: string, password: string): Promise<Session> {
  const key = `${address} ${username}`;
  let session = sessions.get(key);
  if (!session) sessions.set(key, session = begin(address, username, password));
  return session;
}

async function begin(address: string, username: string, password: string): Promise<Session> {
  const answer = await fetch(`${address}/api/v1/session`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ username, password }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`sign-in of ${username} answered ${answer.status}: ${text}`);
  return { cookie: answer.headers.getSetCookie().map((c) => c.split(";")[0]).join("; "), csrf: (JSON.parse(text) as { csrf: string }).csrf };
}

/**
 * A counter without a screen: the real local store, outbox and sender of the web client over an IndexedDB in memory, with a
 * clock of its own. It dies in the middle of its work from time to time and begins again on what its store holds.
 */
export class Device {
  readonly id: string;
  /** Bills are decided here and given to the customer under a number of this device's own series; else the server decides and numbers. */
  private desk: Desk | undefined;
  readonly asked = new Map<string, Asked[]>();
  readonly store: LocalStore;
  private sender!: Sender;
  private life = 0;
  private readonly lives: Promise<void>[] = [];
  private bury!: (reason: unknown) => void;
  /** What a killed process waits for: nothing, until the device is thrown away. */
  private readonly gone = new Promise<never>((_, bury) => { this.bury = bury; });
  private readonly chance: Chance;
  private readonly started = Date.now();
  /** What the server refused, and how often. */
  readonly refused = new Map<string, number>();
  deaths = 0;

  /**
   * @param address of the server, or of the proxy before it
   * @param skew    milliseconds by which this device's clock is wrong
   * @param papers  whether it gives bills out under its own numbers
   * @param direct  the server without a proxy, for what was pulled before the cable was out
   */
  constructor(readonly number: number, private readonly at: Site, private readonly address: string, private readonly session: Session, seed: number, readonly skew: number, private readonly papers: boolean, private readonly direct: string) {
    this.id = idOf(`${at.run}`, `device ${number}`, Date.UTC(2026, 9, 1) + number);
    this.gone.catch(() => undefined);
    this.chance = new Chance(`${seed}/device/${number}`);
    this.store = new LocalStore(`${at.run}-${at.distributor.id}-${number}`);
    this.store.clock = new Clock(undefined, { wall: () => Date.now() + skew, mono: () => performance.now() });
  }

  now(): number {
    return this.started + this.skew + (Date.now() - this.started) * HASTE;
  }

  private live(): void {
    const life = ++this.life;
    this.sender = new Sender(this.store, this.at.distributor.id, {
      now: () => this.now(),
      random: () => this.chance.next(),
      sleep: (ms, wake) => sleep(ms / HASTE, wake),
      lead: async (_name, _stop, work) => work(),
      ask: async (path, ask) => {
        const answer = await this.ask(path, ask);
        // a process that was killed hears no answer
        return life === this.life ? answer : this.gone;
      },
    });
    this.lives.push(this.sender.run());
  }

  private async ask(path: string, ask: { method?: "GET" | "POST"; body?: unknown; headers?: Record<string, string> }): Promise<Response> {
    const life = this.life;
    const text = typeof ask.body === "string" ? ask.body : ask.body instanceof Uint8Array ? undefined : ask.body === undefined ? undefined : JSON.stringify(ask.body);
    const sent = path.endsWith("/sync/commands") ? (JSON.parse(text ?? gunzipSync(ask.body as Uint8Array).toString()) as { commands: { id: string }[] }).commands.map((c) => c.id) : [];
    const records = sent.map((id) => {
      const record: Asked = { sentAt: performance.now(), answeredAt: undefined, answer: undefined };
      this.asked.set(id, [...(this.asked.get(id) ?? []), record]);
      return [id, record] as const;
    });
    let answer: Response;
    try {
      const headers = new Headers({ accept: "application/json", cookie: this.session.cookie, "x-csrf-token": this.session.csrf, ...(ask.body === undefined ? {} : { "content-type": "application/json" }) });
      for (const [name, value] of Object.entries(ask.headers ?? {})) headers.set(name, value);
      answer = await fetch(this.address + path, { method: ask.method ?? "GET", headers, ...(ask.body === undefined ? {} : { body: text ?? (ask.body as Uint8Array<ArrayBuffer>) }) });
    } catch {
      throw new ApiError(0, { code: "NOT_REACHED", title: "Server not reached" });
    }
    if (!answer.ok && answer.status !== 304) {
      const problem = await problemOf(answer);
      if (process.env.DEBUG_DEVICE) console.log(this.number, path, answer.status, JSON.stringify(problem.problem).slice(0, 300));
      throw problem;
    }
    if (records.length === 0) return answer;
    // the answer is looked at here, and again by the sender
    let said: string;
    try {
      said = await answer.text();
    } catch {
      throw new ApiError(0, { code: "NOT_REACHED", title: "The answer was cut off" });
    }
    const answers = new Map((JSON.parse(said) as { answers: Answer[] }).answers.map((a) => [a.id, a]));
    if (life === this.life) for (const [id, record] of records) {
      record.answer = answers.get(id);
      record.answeredAt = performance.now();
    }
    return new Response(said, { status: answer.status, headers: answer.headers });
  }

  /** The process is killed: nothing it was doing goes on, and a new one begins on the same store. */
  private async die(): Promise<void> {
    this.deaths++;
    const dead = this.sender;
    this.life++;
    dead.stop();
    await new Promise((done) => setTimeout(done, this.chance.int(0, 5)));
    this.live();
  }

  /** Opens the store and begins to send; whoever gives out papers leases the first numbers before the cable is out. */
  async start(patience: number): Promise<void> {
    await this.store.open();
    await this.store.set("device", { id: this.id, state: "ACTIVE" });
    this.live();
    if (!this.papers) return;
    const until = Date.now() + patience;
    while ((await this.store.lease.where("documentType").equals("INVOICE").count()) === 0) {
      if (Date.now() > until) throw new Error(`device ${this.number} got no numbers: ${JSON.stringify(await this.store.get("reach"))}`);
      await new Promise((done) => setTimeout(done, 20));
    }
    this.desk = await Desk.open(this.direct, this.session, this.at.distributor.id);
  }

  /** Works off a script: queues as a person bills, mends or takes back what is refused, until nothing is left to do. */
  async work(script: Step[], patience: number, deathly: number): Promise<void> {
    const until = Date.now() + patience;
    for (const step of script) {
      const id = this.at.id(step.key);
      await this.queue(step, id, step.body(this.at));
      if (this.chance.often(deathly)) await this.die();
      if (this.chance.often(0.3)) await new Promise((done) => setTimeout(done, this.chance.int(1, 40)));
    }
    const steps = new Map(script.map((step) => [this.at.id(step.key), step]));
    const mended = new Set<string>();
    for (;;) {
      // a long queue is looked at seldom: twenty that read five hundred rows each every 25 ms leave nothing for the work itself
      const long = await countIn(this.store, ["WAITING", "SENDING"]);
      if (long > 50 && Date.now() < until) {
        await new Promise((done) => setTimeout(done, long));
        continue;
      }
      const open = await inStates(this.store, unfinished);
      if (open.length === 0) break;
      if (Date.now() > until) throw new Error(`device ${this.number} is not done, ${JSON.stringify(await this.store.get("reach"))}: ${open.slice(0, 5).map((c) => `${steps.get(c.id)?.key} ${c.state} ${JSON.stringify(c.problem ?? {})}`).join("; ")} of ${open.length}`);
      const refused = open.filter((c) => c.state === "NEEDS_YOU");
      if (refused.length === 0 || open.some((c) => c.state === "WAITING" || c.state === "SENDING")) {
        await new Promise((done) => setTimeout(done, 25));
        continue;
      }
      for (const command of refused) {
        const step = steps.get(command.id);
        if (!step) throw new Error(`device ${this.number}: ${command.kind} ${JSON.stringify(command.body)} was refused: ${JSON.stringify(command.problem)}`);
        const said = `${command.kind} ${command.problem?.code}`;
        this.refused.set(said, (this.refused.get(said) ?? 0) + 1);
        if (step.poison?.fixed && !mended.has(command.id)) {
          mended.add(command.id);
          await this.queue(step, command.id, step.poison.fixed(this.at));
        } else if (step.waitsFor && mended.has(this.at.id(step.waitsFor)) && !mended.has(command.id)) {
          mended.add(command.id);
          await sendAgain(this.store, command.id);
        } else await takeBack(this.store, command.id, "will not be sent again");
      }
    }
  }

  private async queue(step: Step, id: string, body: unknown): Promise<void> {
    const made = step.kind === "invoice" ? this.decide(id, body) : undefined;
    const numbered = made || (this.desk && step.kind === "collection");
    await enqueue(this.store, {
      id, kind: step.kind as CommandKind, businessDate: this.at.date, body: made?.body ?? body, summary: { kind: step.kind as CommandKind },
      ...(step.waitsFor ? { waitsFor: [this.at.id(step.waitsFor)] } : {}),
      ...(made?.decided ? { decided: { ruleBookHash: this.desk!.ruleBookHash, payable: made.decided.totals.payable, command: made.command } } : {}),
      ...(numbered ? { take: { documentType: step.kind === "invoice" ? "INVOICE" : "COLLECTION", write: () => ({}) } } : {}),
    });
  }

  /** The bill as the counter decides it; undefined where it would not post it, or the server is to decide. */
  private decide(id: string, body: unknown) {
    const wanted = body as { outletId: string; businessDate: string; paymentMode: Bill["paymentMode"]; saleType: Bill["saleType"]; orderId?: string; lines: { line: number; skuId: number; qty: string }[] };
    if (!this.desk || typeof body === "string" || wanted.orderId || !this.desk.sells(wanted)) return undefined;
    const made = this.desk.make({
      id, outletId: wanted.outletId, businessDate: wanted.businessDate, paymentMode: wanted.paymentMode, saleType: wanted.saleType,
      lines: wanted.lines.map((line) => ({ key: String(line.line), skuId: line.skuId, entered: line.qty, qty: line.qty })),
    });
    return made.decided ? made : undefined;
  }

  /** What became of every command, as this device knows it. */
  outcomes(): Promise<Command[]> {
    return this.store.command.orderBy("seq").toArray();
  }

  async close(): Promise<void> {
    this.sender.stop();
    this.bury(new ApiError(0, { code: "NOT_REACHED" }));
    await Promise.allSettled(this.lives);
    this.store.close();
    await this.store.delete();
  }
}
