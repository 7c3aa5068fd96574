import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApiError, problemOf } from "../api/client";
import { LocalStore, uuidv7 } from "./db";
import { enqueue, forgetSettled, giveBack, sendAgain, settle, takeBack, takeBatch } from "./outbox";
import type { Cipher } from "./seal";
import { Sender, backoff, type Reach, type Surroundings } from "./sender";
import { IncompleteSnapshot, bookOf, pullGroup, readSnapshot, replaceGroup } from "./snapshot";
import type { Answer, BookPart, Command, Device, GroupState, RuleBook } from "./types";
import { cipherOf } from "./vault";

let store: LocalStore;
let count = 0;

// everything below holds for a store in the clear and for one under a PIN
describe.each([["in the clear", false], ["under a PIN", true]])("a store %s", (_name, sealed) => {
let cipher: Cipher | undefined;
beforeEach(async () => {
  cipher = sealed ? await cipherOf(crypto.getRandomValues(new Uint8Array(32))) : undefined;
  store = new LocalStore(`test-${count++}`, cipher);
  await store.open();
  await store.set("device", { id: uuidv7(), secret: "s", state: "ACTIVE" } satisfies Device);
});
afterEach(() => store.delete());

const encoder = new TextEncoder();
function stream(text: string, cutAt?: number): ReadableStream<Uint8Array> {
  const bytes = encoder.encode(text);
  const parts = [bytes.slice(0, 7), bytes.slice(7, cutAt ?? bytes.length)];
  return new ReadableStream({
    pull(controller) {
      const part = parts.shift();
      if (part) controller.enqueue(part);
      else if (cutAt !== undefined) controller.error(new Error("cut"));
      else controller.close();
    },
  });
}

/** A pack of a pull, as the server zips it. */
function pack(text: string, cursor: string, headers: Record<string, string> = {}): Response {
  return new Response(new Uint8Array(gzipSync(text)), { headers: { ETag: `"${cursor}"`, "X-Sync-Cursor": cursor, "Content-Type": "application/gzip", ...headers } });
}

const context = { distributor: { id: 7, code: "D1", name: "Kesar" }, warehouses: [], principals: [], businessDate: "2026-11-23", currency: { code: "INR", scale: 2 }, series: [], policy: {} };
function must(skus: number[], end?: number): string {
  return [
    { t: "head", group: "must", cursor: "c1", asOf: "2026-11-23T08:00:00Z", counts: {} },
    { t: "context", r: context },
    ...skus.map((id) => ({ t: "sku", r: { id, name: `S${id}` } })),
    { t: "end", rows: end ?? skus.length + 1 },
  ].map((row) => JSON.stringify(row)).join("\n");
}

describe("snapshot", () => {
  it("[UXP-01] a complete stream replaces the group, and the next pull asks for what came after it", async () => {
    const first = await pullGroup(store, "must", async () => pack(must([1, 2]), "c1"), 7);
    expect(first.outcome).toBe("replaced");
    expect(await store.sku.count()).toBe(2);
    let asked = "";
    const second = await pullGroup(store, "must", async (path) => {
      asked = path;
      return new Response(null, { status: 204, headers: { "X-Sync-Cursor": "c1" } });
    }, 7);
    expect(second.outcome).toBe("same");
    expect(asked).toContain("since=c1");
    expect(await store.sku.count()).toBe(2);
  });

  it("[SCH-29] of a changed rule book only the changed parts are sent, and the whole is put together here", async () => {
    const book = (hash: string, parts: BookPart[]) =>
      pack([{ t: "head", group: "must", cursor: hash }, { t: "context", r: context }, { t: "rulebook", r: { hash, parts } }, { t: "end", rows: 2 }].map((row) => JSON.stringify(row)).join("\n"), hash);
    const head: BookPart = { section: "head", name: "h", rows: { validFrom: 1 } };
    const first: BookPart[] = [head, { section: "skus", name: "k", rows: [{ id: "1" }] }, { section: "schemes", name: "s1", rows: [{ id: "31", version: 1 }] }];
    await pullGroup(store, "must", async () => book("a", first), 7);
    let asked: Record<string, string> = {};
    await pullGroup(store, "must", async (_path, headers) => {
      asked = headers;
      return book("b", [{ section: "head", name: "h" }, { section: "skus", name: "k" }, { section: "schemes", name: "s2", rows: [{ id: "31", version: 2 }] }]);
    }, 7);
    expect(asked["X-Rule-Book-Parts"]).toBe("h,k,s1");
    const kept = (await store.get<RuleBook>("rulebook"))!;
    expect(kept.hash).toBe("b");
    expect(bookOf(kept)).toEqual({ validFrom: 1, skus: [{ id: "1" }], priceLists: [], schemes: [{ id: "31", version: 2 }], taxRates: [] });
    await expect(pullGroup(store, "must", async () => book("c", [head, { section: "skus", name: "unknown" }]), 7)).rejects.toThrow(IncompleteSnapshot);
    expect((await store.get<RuleBook>("rulebook"))!.hash).toBe("b");
  });

  it.each([
    ["cut off in the middle", () => pack(must([5, 6, 7]).slice(0, 150), "c2")],
    ["without an end line", () => pack(must([5, 6]).split("\n").slice(0, -1).join("\n"), "c2")],
    ["with fewer rows than it says", () => pack(must([5, 6], 9), "c2")],
    ["that holds no rows", () => pack("<html>sign in to the hotel network</html>", "c2")],
  ])("[UXP-01] a pack %s never replaces the store", async (_name, answer) => {
    await replaceGroup(store, "must", await readSnapshot(stream(must([1, 2]))), '"a"', Date.now());
    await expect(pullGroup(store, "must", async () => answer(), 7)).rejects.toThrow(IncompleteSnapshot);
    expect((await store.sku.toArray()).map((s) => s.id)).toEqual([1, 2]);
    expect((await store.get<GroupState>("group.must"))?.etag).toBe('"a"');
  });

  it("[UXP-01] a row that cannot be stored leaves the old group whole", async () => {
    await replaceGroup(store, "must", await readSnapshot(stream(must([1, 2]))), null, Date.now());
    const broken = await readSnapshot(stream(must([5, 6])));
    broken.rows.get("sku")!.push({ k: "0", r: { name: "no id" } });
    await expect(replaceGroup(store, "must", broken, null, Date.now())).rejects.toThrow();
    expect((await store.sku.toArray()).map((s) => s.id)).toEqual([1, 2]);
  });

  it("[UXP-01] counts a settled effect until the snapshot knows it, and an unsettled one longer", async () => {
    const soon = [{ t: "head", group: "soon", asOf: "2026-11-23T08:00:00Z" }, { t: "end", rows: 0 }].map((r) => JSON.stringify(r)).join("\n");
    await store.effect.bulkPut([
      { key: "a/0", commandId: "a", batchId: "b1", qty: "3", settledAt: 1_000 },
      { key: "b/0", commandId: "b", batchId: "b1", qty: "4" },
      { key: "c/0", commandId: "c", batchId: "b1", qty: "5", settledAt: 3_000 },
    ]);
    await replaceGroup(store, "soon", await readSnapshot(stream(soon)), null, 2_000);
    expect((await store.effect.toArray()).map((e) => e.commandId).sort()).toEqual(["b", "c"]);
  });
});

const bill = (id: string, waitsFor?: string) => ({
  id, kind: "invoice" as const, businessDate: "2026-11-23", body: { id }, summary: { kind: "invoice" as const, total: "100.00" },
  effects: [{ batchId: "b1", qty: "3" }], ...(waitsFor ? { waitsFor: [waitsFor] } : {}),
});

function read(body: unknown): { commands: Command[] } {
  return JSON.parse(typeof body === "string" ? body : gunzipSync(body as Uint8Array).toString()) as { commands: Command[] };
}

/** A server that remembers what it accepted, and a line that can be cut before or after it. */
function world(decide: (command: Command) => Partial<Answer> = () => ({})) {
  const accepted = new Map<string, Answer>();
  const state = { cut: "none" as "none" | "before" | "after", requests: 0, signedOut: false, posted: 0 };
  const outside: Surroundings = {
    now: () => Date.now(),
    random: () => 0.5,
    sleep: async () => undefined,
    lead: async (_name, _stop, work) => work(),
    ask: async (path, ask) => {
      state.requests++;
      if (state.cut === "before") throw new ApiError(0, { code: "NOT_REACHED" });
      if (state.signedOut) throw await problemOf(new Response("{}", { status: 401 }));
      if (path.includes("/heartbeat")) return new Response(JSON.stringify({ state: "ACTIVE", serverTime: new Date().toISOString() }));
      if (path.includes("/leases")) return new Response(JSON.stringify({ leases: [] }));
      if (path.endsWith("/commands")) {
        const { commands } = read(ask.body);
        const answers = commands.map((command) => {
          const before = accepted.get(command.id);
          if (before) return { ...before, replayed: true };
          const answer: Answer = { id: command.id, outcome: "ACCEPTED", document: { id: command.id, number: `N${state.posted + 1}` }, ...decide(command) };
          if (answer.outcome === "ACCEPTED" || answer.outcome === "DIFFERS") {
            state.posted++;
            accepted.set(command.id, answer);
          }
          return answer;
        });
        if (state.cut === "after") throw new ApiError(0, { code: "NOT_REACHED" });
        return new Response(JSON.stringify({ answers }));
      }
      return new Response(null, { status: 204, headers: { "X-Sync-Cursor": "c1" } });
    },
  };
  return { state, accepted, sender: new Sender(store, 7, outside) };
}

describe("outbox", () => {
  it("[UXP-01] writes the command, its effect and the end of its draft together, once", async () => {
    await store.draft.put({ id: "d", kind: "bill", place: 0, updatedAt: 1, title: "", content: {} });
    await enqueue(store, { ...bill("a"), draftId: "d" });
    await enqueue(store, { ...bill("a"), draftId: "d" });
    expect(await store.command.count()).toBe(1);
    expect(await store.effect.count()).toBe(1);
    expect(await store.draft.count()).toBe(0);
  });

  it("[UXP-01] what is being sent is locked, and keeps its place", async () => {
    await enqueue(store, bill("a"));
    await enqueue(store, bill("b"));
    const batch = await takeBatch(store, 10);
    expect(batch.map((c) => c.id)).toEqual(["a", "b"]);
    await takeBack(store, "a", "changed my mind");
    expect((await store.command.get("a"))?.state).toBe("SENDING");
  });

  it("[OFF-06] what was sent and not answered cannot be taken back: the server may have it", async () => {
    await enqueue(store, bill("a"));
    await giveBack(store, await takeBatch(store, 10));
    await takeBack(store, "a", "changed my mind");
    expect((await store.command.get("a"))?.state).toBe("WAITING");
  });

  it("[OFF-06] each time a person sends a refused command again is an attempt of its own", async () => {
    await enqueue(store, bill("a"));
    for (const attempt of [1, 2]) {
      expect((await store.command.get("a"))?.attempt).toBe(attempt);
      await settle(store, { id: "a", outcome: "REFUSED", problem: { code: "STOCK_SHORT" } });
      if (attempt === 1) await sendAgain(store, "a");
    }
    expect((await enqueue(store, bill("a"))).attempt).toBe(3);
  });

  it("[UXP-01] a lost answer is asked again with the same id and posts one document", async () => {
    const { state, sender } = world();
    await enqueue(store, bill("a"));
    state.cut = "after";
    for (let i = 0; i < 20; i++) await expect(sender.sendOnce()).rejects.toThrow();
    expect((await store.command.get("a"))?.state).toBe("WAITING");
    state.cut = "none";
    await sender.sendOnce();
    expect(state.posted).toBe(1);
    const command = (await store.command.get("a"))!;
    expect(command.state).toBe("ACCEPTED");
    expect(command.summary.number).toBe("N1");
  });

  it("[UXP-01] a command left as being sent by a tab that died is asked again", async () => {
    const { state, sender } = world();
    await enqueue(store, bill("a"));
    await takeBatch(store, 10);
    await sender.sendOnce();
    expect(state.posted).toBe(1);
    expect((await store.command.get("a"))?.state).toBe("ACCEPTED");
  });

  it("[UXP-01] a refusal comes back with its reason, frees its stock, and holds up only what depends on it", async () => {
    let refuse = true;
    const { state, sender } = world((command) => (command.id === "b" && refuse ? { outcome: "REFUSED", problem: { code: "STOCK_SHORT", detail: "S1: 2 of 3" } } : {}));
    await enqueue(store, bill("a"));
    await enqueue(store, bill("b"));
    await enqueue(store, bill("c", "b"));
    await enqueue(store, bill("d"));
    await sender.sendOnce(2);
    await sender.sendOnce();
    const states = async () => Object.fromEntries((await store.command.toArray()).map((c) => [c.id, c.state]));
    expect(await states()).toEqual({ a: "ACCEPTED", b: "NEEDS_YOU", c: "WAITS", d: "ACCEPTED" });
    expect((await store.command.get("b"))?.problem?.code).toBe("STOCK_SHORT");
    expect(await store.effect.where("commandId").equals("b").count()).toBe(0);
    refuse = false;
    await sendAgain(store, "b");
    // sent again, it takes its goods again
    expect((await store.effect.where("commandId").equals("b").toArray()).map((e) => e.key)).toEqual(["b/0"]);
    await sender.sendOnce();
    expect(await states()).toEqual({ a: "ACCEPTED", b: "ACCEPTED", c: "ACCEPTED", d: "ACCEPTED" });
    expect(state.posted).toBe(4);
  });

  it("[UXP-01] a second answer for a settled command changes nothing", async () => {
    await enqueue(store, bill("a"));
    await settle(store, { id: "a", outcome: "ACCEPTED", document: { number: "N1" } });
    await settle(store, { id: "a", outcome: "REFUSED", problem: { code: "FAULT" } });
    expect((await store.command.get("a"))?.state).toBe("ACCEPTED");
    expect((await store.command.get("a"))?.summary.number).toBe("N1");
  });

  it("[UXP-01] a request the server cannot read is asked command by command", async () => {
    const { sender } = world();
    const inner = (sender as unknown as { outside: Surroundings }).outside;
    const ask = inner.ask;
    inner.ask = async (path, options) => {
      const { commands } = read(options.body);
      if (commands.some((c) => c.id === "bad")) throw await problemOf(new Response(JSON.stringify({ code: "VALIDATION", detail: "qty" }), { status: 400 }));
      return ask(path, options);
    };
    await enqueue(store, bill("a"));
    await enqueue(store, bill("bad"));
    await enqueue(store, bill("b"));
    for (let i = 0; i < 6; i++) await sender.sendOnce(i === 0 ? 25 : 1);
    expect((await store.command.toArray()).map((c) => [c.id, c.state]).sort()).toEqual([["a", "ACCEPTED"], ["b", "ACCEPTED"], ["bad", "NEEDS_YOU"]]);
  });

  it("[OFF-01] keeps the bills of six weeks with their lines, and no more", async () => {
    const now = Date.parse("2026-11-26T08:00:00Z");
    await store.paper.bulkPut(["2026-09-30", "2026-10-12", "2026-11-25"].map((businessDate) => ({ id: businessDate, outletId: null, businessDate, view: {}, keptAt: now })));
    await forgetSettled(store, 86_400_000, now);
    expect((await store.paper.toArray()).map((p) => p.id)).toEqual(["2026-10-12", "2026-11-25"]);
  });

  it("[UXP-01] says since when the server was not reached, and when it wants a new sign-in", async () => {
    const { state, sender } = world();
    await enqueue(store, bill("a"));
    state.cut = "before";
    const turn = () => (sender as unknown as { turn(): Promise<void> }).turn();
    await turn();
    const first = (await store.get<Reach>("reach"))!;
    expect(first.state).toBe("not-reached");
    await turn();
    expect((await store.get<Reach>("reach"))!.since).toBe(first.since);
    state.cut = "none";
    state.signedOut = true;
    await turn();
    expect((await store.get<Reach>("reach"))!.state).toBe("signed-out");
    expect((await store.command.get("a"))?.state).toBe("WAITING");
    state.signedOut = false;
    await turn();
    expect((await store.get<Reach>("reach"))!.state).toBe("reached");
  });

  it("[UXP-01] who asks during a pull gets another one after it", async () => {
    const { sender } = world();
    const inner = (sender as unknown as { outside: Surroundings }).outside;
    let pulls = 0;
    inner.ask = async (path) => {
      if (!path.includes("/changes/")) return new Response(JSON.stringify({ leases: [] }));
      if (pulls++ === 1) sender.tryNow();
      return pack([{ t: "head", group: "soon", asOf: "x" }, { t: "context", r: context }, { t: "end", rows: 1 }].map((r) => JSON.stringify(r)).join("\n"), "c1");
    };
    const turn = () => (sender as unknown as { turn(): Promise<void> }).turn();
    await turn();
    expect(pulls).toBe(3);
    await turn();
    expect(pulls).toBe(6);
    await turn();
    expect(pulls).toBe(6);
  });

  it("[UXP-01] waits 2 s to 5 min, longer with each miss, and never gives up", () => {
    expect(backoff(1, 1)).toBe(2_000);
    expect(backoff(1, 0)).toBe(1_000);
    expect(backoff(5, 1)).toBe(32_000);
    expect(backoff(400, 1)).toBe(300_000);
    expect(backoff(400, 0)).toBe(150_000);
  });
});
});

describe("document ids", () => {
  it("[UXP-01] are UUIDv7 in the order of their making", () => {
    const a = uuidv7(1_000);
    const b = uuidv7(2_000);
    expect(a).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(a < b).toBe(true);
  });
});
