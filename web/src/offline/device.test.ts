import { gunzipSync, gzipSync } from "node:zlib";
import Dexie from "dexie";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { problemOf } from "../api/client";
import { Clock, businessDateNow } from "./clock";
import { LocalStore, uuidv7 } from "./db";
import { NoNumber, enqueue, forgetSettled, pendingOf, settle, takeBack, takeBatch } from "./outbox";
import { addPicture, dropEvidence, evidenceBytes, evidenceHere, keepEvidence, nextPicture, sendPiece, trimEvidence } from "./pictures";
import { defaults, mayIssue, rows, stopOf, type Facts } from "./policy";
import type { Cipher } from "./seal";
import { prepare, write } from "./packed";
import { Sender, keepLeases, type Surroundings } from "./sender";
import { IncompleteSnapshot, pullGroup, type PullProgress } from "./snapshot";
import type { Command, Device, GroupState, Lease, Picture, RuleBook } from "./types";
import { WrongPin, cipherOf, openFile, openWithPin, pinFault, sealFile, setPin, vaultOf } from "./vault";

let store: LocalStore;
let cipher: Cipher | undefined;
let count = 0;

const bill = (id: string, waitsFor?: string) => ({
  id, kind: "invoice" as const, businessDate: "2026-11-23", body: { id }, summary: { kind: "invoice" as const, total: "100.00" },
  effects: [{ batchId: "b1", qty: "3" }], ...(waitsFor ? { waitsFor: [waitsFor] } : {}),
});
const lease = (over: Partial<Lease> = {}): Lease => ({ documentType: "INVOICE", fiscalYear: 2026, series: "D1A26/", width: 5, next: 7, max: 9, state: "ACTIVE", validFrom: "2026-04-01", validTo: "2027-03-31", ...over });
const numbered = (id: string, businessDate = "2026-11-23") => ({
  ...bill(id), businessDate, take: { documentType: "INVOICE", write: (text: string) => ({ view: { number: text }, summary: { kind: "invoice" as const, number: text, total: "100.00" } }) },
});
const read = (body: unknown) => JSON.parse(typeof body === "string" ? body : body instanceof Uint8Array ? gunzipSync(body).toString() : JSON.stringify(body)) as { commands: Command[] };

/** A server that accepts everything it is asked. */
function courier(): { sender: Sender; outside: Surroundings; posted: string[] } {
  const posted: string[] = [];
  const outside: Surroundings = {
    now: () => Date.now(), random: () => 0.5, sleep: async () => undefined, lead: async (_name, _stop, work) => work(),
    ask: async (path, ask) => {
      if (path.endsWith("/commands")) {
        const { commands } = read(ask.body);
        posted.push(...commands.map((c) => c.id));
        return new Response(JSON.stringify({ answers: commands.map((c) => ({ id: c.id, outcome: "ACCEPTED" })), state: "ACTIVE" }));
      }
      if (path.includes("/changes/")) return new Response(null, { status: 204, headers: { "X-Sync-Cursor": "c" } });
      return new Response(JSON.stringify({ leases: [], state: "ACTIVE" }));
    },
  };
  return { sender: new Sender(store, 7, outside), outside, posted };
}

describe.each([["in the clear", false], ["under a PIN", true]])("a store %s", (_name, sealed) => {
  beforeEach(async () => {
    cipher = sealed ? await cipherOf(crypto.getRandomValues(new Uint8Array(32))) : undefined;
    store = new LocalStore(`device-${count++}`, cipher);
    await store.set("device", { id: uuidv7(), secret: "s", state: "ACTIVE" } satisfies Device);
  });
  afterEach(() => store.delete());

  describe("legal numbers", () => {
    it("[OFF-03] are taken in order, with the command and its effect in one transaction, and printed as leased", async () => {
      await store.lease.put(lease());
      const [a, b] = [await enqueue(store, numbered("a")), await enqueue(store, numbered("b"))];
      expect([a.number, b.number]).toEqual([{ series: "D1A26/", number: 7 }, { series: "D1A26/", number: 8 }]);
      expect((b.view as { number: string }).number).toBe("D1A26/00008");
      expect((await enqueue(store, numbered("a"))).number!.number).toBe(7);
      expect((await store.lease.get("D1A26/"))!.next).toBe(9);
    });

    it("[OFF-03] two tabs that post at once never get the same number", async () => {
      await store.lease.put(lease({ max: 99 }));
      const other = new LocalStore(store.name, cipher);
      const all = await Promise.all(Array.from({ length: 20 }, (_, i) => enqueue(i % 2 ? store : other, numbered(`x${i}`))));
      other.close();
      expect(new Set(all.map((c) => c.number!.number)).size).toBe(20);
      expect(Math.max(...all.map((c) => c.number!.number))).toBe(26);
    });

    it("[OFF-18] when they are used up nothing is written, and the draft stays", async () => {
      await store.lease.put(lease({ next: 10 }));
      await store.draft.put({ id: "a", kind: "bill", place: 0, updatedAt: 1, title: "", content: {} });
      await expect(enqueue(store, { ...numbered("a"), draftId: "a" })).rejects.toThrow(NoNumber);
      expect([await store.command.count(), await store.effect.count(), await store.draft.count()]).toEqual([0, 0, 1]);
    });

    it("[OFF-07] a date before the last one of the series gets no number", async () => {
      await store.lease.put(lease());
      await enqueue(store, numbered("a"));
      await expect(enqueue(store, numbered("b", "2026-11-22"))).rejects.toMatchObject({ why: "earlier" });
      expect((await store.lease.get("D1A26/"))!.next).toBe(8);
    });

    it("[OFF-03] at midnight of the fiscal year the next year's series numbers", async () => {
      await store.lease.bulkPut([lease(), lease({ series: "D1A27/", fiscalYear: 2027, next: 1, max: 500, validFrom: "2027-04-01", validTo: "2028-03-31" })]);
      expect((await enqueue(store, numbered("a", "2027-03-31"))).summary.number).toBe("D1A26/00007");
      expect((await enqueue(store, numbered("b", "2027-04-01"))).summary.number).toBe("D1A27/00001");
    });

    it("[OFF-03] what the server last saw never takes this device's count back", async () => {
      await store.lease.put(lease());
      await enqueue(store, numbered("a"));
      await keepLeases(store, [lease({ next: 3, max: 500 })]);
      expect(await store.lease.get("D1A26/")).toMatchObject({ next: 8, max: 500, lastDate: "2026-11-23" });
    });

    it("[OFF-03] a bill that is fixed keeps its number; one that is withdrawn declares it void", async () => {
      await store.lease.put(lease());
      await enqueue(store, numbered("a"));
      await settle(store, { id: "a", outcome: "REFUSED", problem: { code: "INVALID" } });
      expect((await enqueue(store, numbered("a"))).number!.number).toBe(7);
      await settle(store, { id: "a", outcome: "REFUSED", problem: { code: "INVALID" } });
      await takeBack(store, "a", "wrong outlet");
      const declared = (await store.command.toArray()).filter((c) => c.kind === "void-number");
      expect(declared.map((c) => c.body)).toEqual([{ documentType: "INVOICE", series: "D1A26/", number: 7, reason: "wrong outlet" }]);
      expect((await store.lease.get("D1A26/"))!.next).toBe(8);
    });

    it("[OFF-03] a number the server refuses is declared void and the bill gets the next", async () => {
      await store.lease.put(lease());
      await enqueue(store, numbered("a"));
      await settle(store, { id: "a", outcome: "REFUSED", problem: { code: "NUMBER_TAKEN" } });
      expect((await enqueue(store, numbered("a"))).number!.number).toBe(8);
      expect((await store.command.toArray()).filter((c) => c.kind === "void-number")).toHaveLength(1);
    });
  });

  describe("waiting for others", () => {
    it("[OFF-05] a chain waits for its refused head, and everything else passes", async () => {
      for (const [id, waits] of [["a"], ["b", "a"], ["c", "b"], ["d"]] as const) await enqueue(store, bill(id, waits));
      await takeBatch(store, 1);
      await settle(store, { id: "a", outcome: "REFUSED", problem: { code: "INVALID" } });
      expect((await takeBatch(store, 10)).map((c) => c.id)).toEqual(["d"]);
      expect(await pendingOf(store, ["a", "d", "none", null])).toEqual(["a", "d"]);
      await takeBack(store, "a", "not wanted");
      expect((await takeBatch(store, 10)).map((c) => c.id).sort()).toEqual(["b", "c", "d"]);
    });

    it("[OFF-06] another content under a known id is set aside, and is not asked again", async () => {
      await enqueue(store, bill("a"));
      await settle(store, { id: "a", outcome: "QUARANTINED", problem: { code: "ID_REUSED" } });
      expect((await store.command.get("a"))?.state).toBe("QUARANTINED");
      expect(await store.effect.count()).toBe(0);
      expect(await takeBatch(store, 10)).toEqual([]);
    });

    it("[UXP-07] what needs somebody is never forgotten", async () => {
      for (const id of ["a", "b", "c"]) await enqueue(store, bill(id));
      await settle(store, { id: "a", outcome: "ACCEPTED" });
      await settle(store, { id: "b", outcome: "DIFFERS" });
      await settle(store, { id: "c", outcome: "REFUSED" });
      await forgetSettled(store, 1_000, Date.now() + 10_000);
      expect((await store.command.toArray()).map((c) => c.id).sort()).toEqual(["b", "c"]);
    });
  });

  describe("pull", () => {
    it("[OFF-05] goes on at the byte where it was cut, at 30, 60 and 90 %, and sends nothing twice", async () => {
      const server = packs(mustPack(800));
      let sent = 0;
      for (const share of [0.3, 0.6, 0.9]) {
        server.state.cutAfter = Math.floor(server.bytes.length * share) - sent;
        await expect(pullGroup(store, "must", server.ask, 7)).rejects.toThrow(IncompleteSnapshot);
        sent = (await store.get<PullProgress>("pull.must"))!.have;
        expect(await store.sku.count()).toBe(0);
      }
      server.state.cutAfter = Infinity;
      expect((await pullGroup(store, "must", server.ask, 7)).outcome).toBe("replaced");
      expect(await store.sku.count()).toBe(800);
      expect(server.asked.reduce((n, a) => n + a.sent, 0)).toBe(server.bytes.length);
      expect(await store.piece.count()).toBe(0);
    });

    it("[OFF-05] begins anew when the pack is gone, and never mixes two", async () => {
      const server = packs(mustPack(800));
      server.state.cutAfter = 900;
      await expect(pullGroup(store, "must", server.ask, 7)).rejects.toThrow(IncompleteSnapshot);
      const newer = packs(mustPack(500), '"p2"');
      expect((await pullGroup(store, "must", newer.ask, 7)).outcome).toBe("replaced");
      expect(newer.asked[0]!.range).toMatch(/^bytes=/);
      expect(await store.sku.count()).toBe(500);
    });

    it("[OFF-05] changes are put in and taken out together, under one cursor", async () => {
      await pullGroup(store, "must", packs(mustPack(3)).ask, 7);
      let url = "";
      const delta = packs(lines([{ t: "head", group: "must", full: false, cursor: "c3", asOf: "2026-11-23T09:00:00Z" }, { t: "sku", k: "1", r: { id: 1, name: "new" } }, { t: "sku", k: "2", d: 1 }, { t: "end", rows: 2 }]), '"p3"');
      const pulled = await pullGroup(store, "must", (path, headers) => { url = path; return delta.ask(path, headers); }, 7);
      expect(url).toContain("since=c2");
      expect(pulled.outcome).toBe("changed");
      expect((await store.sku.toArray()).map((s) => [s.id, s.name === "new"])).toEqual([[0, false], [1, true]]);
      expect((await store.get<GroupState>("group.must"))!.cursor).toBe("c3");
    });

    it("[OFF-05] rows without an id of their own are found by the server's key", async () => {
      const soon = (full: boolean, list: unknown[]) => lines([{ t: "head", group: "soon", full, cursor: "x", asOf: "2026-11-23T09:00:00Z" }, ...list, { t: "end", rows: list.length }]);
      await pullGroup(store, "soon", packs(soon(true, [{ t: "limit", k: "l1", r: { schemeId: "1", amount: "5.00" } }, { t: "limit", k: "l2", r: { schemeId: "2", amount: "5.00" } }])).ask, 7);
      await pullGroup(store, "soon", packs(soon(false, [{ t: "limit", k: "l1", r: { schemeId: "1", amount: "3.00" } }, { t: "limit", k: "l2", d: 1 }]), '"q"').ask, 7);
      expect((await store.limit.toArray()).map((l) => l.amount)).toEqual(["3.00"]);
      const batch = (warehouseId: string, saleable: string) => ({ t: "batch", k: `b/${warehouseId}`, r: { id: "b", warehouseId, skuId: 1, saleable } });
      await pullGroup(store, "soon", packs(soon(true, [batch("w1", "5"), batch("w2", "6")]), '"r"').ask, 7);
      await pullGroup(store, "soon", packs(soon(false, [batch("w1", "4"), { t: "batch", k: "b/w2", d: 1 }]), '"s"').ask, 7);
      expect((await store.batch.toArray()).map((b) => [b.warehouseId, b.saleable])).toEqual([["w1", "4"]]);
    });

    it("[OFF-05] an outlet's last bills come and go together", async () => {
      const later = (full: boolean, list: unknown[]) => lines([{ t: "head", group: "later", full, cursor: "x", asOf: "2026-11-23T09:00:00Z" }, ...list, { t: "end", rows: list.length }]);
      const recent = (outletId: string, ...skus: number[]) => ({ t: "recent", k: outletId, r: skus.map((skuId) => ({ outletId, skuId, on: "2026-11-01", qty: "1", rate: "1" })) });
      await pullGroup(store, "later", packs(later(true, [recent("o1", 1, 2), recent("o2", 3)])).ask, 7);
      await pullGroup(store, "later", packs(later(false, [recent("o1", 5), { t: "recent", k: "o2", d: 1 }]), '"t"').ask, 7);
      expect((await store.recent.toArray()).map((r) => [r.outletId, r.skuId])).toEqual([["o1", 5]]);
    });

    it("[OFF-05] a long list lies in blocks; a change packs anew only the block it touches, and many of them lay the list out anew", async () => {
      await pullGroup(store, "must", packs(mustPack(2_000)).ask, 7);
      const before = (await store.pack.get("sku"))!;
      expect(before.buckets).toBe(8);
      const blocks = new Map((await store.block.toArray()).filter((b) => b.name === "sku").map((b) => [b.at, b.rev]));
      const change = (list: unknown[], etag: string) => packs(lines([{ t: "head", group: "must", full: false, cursor: etag, asOf: "2026-11-23T09:00:00Z" }, ...list, { t: "end", rows: list.length }]), etag).ask;
      await pullGroup(store, "must", change([{ t: "sku", k: "7", r: { id: 7, name: "seven" } }], '"one"'), 7);
      expect((await store.block.toArray()).filter((b) => b.name === "sku" && blocks.get(b.at) !== b.rev)).toHaveLength(1);
      expect((await store.sku.get(7))!.name).toBe("seven");
      expect(await store.sku.count()).toBe(2_000);
      await pullGroup(store, "must", change(Array.from({ length: 9_000 }, (_, i) => ({ t: "sku", k: String(5_000 + i), r: { id: 5_000 + i, name: "more" } })), '"many"'), 7);
      expect((await store.pack.get("sku"))!.buckets).toBe(64);
      expect(new Set((await store.sku.toArray()).map((s) => s.id)).size).toBe(11_000);
      expect((await store.sku.get(7))!.name).toBe("seven");
    });

    it("[OFF-02] [OFF-05] a store of before keeps its queue, its numbers and what it pulled: the line may be down when the app is updated", async () => {
      const name = `before-${count++}`;
      const old = new Dexie(name);
      old.version(4).stores({
        sku: "id", outlet: "id", batch: "k, id, skuId", order: "id, outletId", bill: "invoiceId, outletId", recent: "k, outletId, [outletId+skuId]", document: "id, businessDate, outletId", limit: "k", accrual: "k, outletId",
        meta: "key", draft: "id, place, [kind+place]", command: "id, seq, state", effect: "key, commandId, batchId, outletId", run: "++id", lease: "series, documentType", picture: "hash, documentId, state", paper: "id, outletId, businessDate", piece: "[group+at], group",
      });
      await old.table("outlet").bulkPut(["o1", "o2"].map((id) => ({ id, code: id, name: id, credit: [] })));
      await old.table("recent").bulkPut([1, 2].map((skuId, i) => ({ k: `o1/${i}`, outletId: "o1", skuId, on: "2026-11-01", qty: "1", rate: "1" })));
      await old.table("batch").put({ k: "b/w1", id: "b", warehouseId: "w1", skuId: 1, saleable: "5" });
      await old.table("command").put({ id: "c", seq: 1, kind: "invoice", state: "WAITING", businessDate: "2026-11-23", at: "2026-11-23T08:00:00Z", body: {}, tries: 0, summary: { kind: "invoice" } });
      await old.table("lease").put(lease());
      await old.table("meta").put({ key: "group.later", value: { group: "later", cursor: "c1" } });
      old.close();
      const now = new LocalStore(name);
      expect((await now.outlet.toArray()).map((o) => o.id).sort()).toEqual(["o1", "o2"]);
      expect((await now.recent.of("outletId", "o1")).map((r) => r.skuId)).toEqual([1, 2]);
      expect((await takeBatch(now, 5)).map((c) => c.id)).toEqual(["c"]);
      expect((await now.lease.toArray())[0]!.next).toBe(7);
      expect((await now.get<GroupState>("group.later"))!.cursor).toBe("c1");
      // and changes go on where they were
      const change = (await prepare(now, "batch", false, [["b/w1", { id: "b", warehouseId: "w1", skuId: 1, saleable: "4" }]], []))!;
      await now.transaction("rw", now.pack, now.block, () => write(now, change));
      expect((await now.batch.toArray()).map((b) => b.saleable)).toEqual(["4"]);
      await now.delete();
    });

    it("[OFF-09] a rule book that the pinned key has not signed never comes in", async () => {
      const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
      const publicKey = Buffer.from(await crypto.subtle.exportKey("spki", pair.publicKey)).toString("base64");
      await store.set("device", { id: "d", secret: "s", state: "ACTIVE", signingKey: { fingerprint: "f", algorithm: "Ed25519", publicKey } } satisfies Device);
      const pack = async (signed: string, hash: string) => lines([
        { t: "head", group: "must", full: true, cursor: "c", asOf: "2026-11-23T08:00:00Z", signature: { key: "f", algorithm: "Ed25519", issuedAt: "i", value: Buffer.from(await crypto.subtle.sign("Ed25519", pair.privateKey, new TextEncoder().encode(`offtake-rule-book\n7\n${signed}\ni`))).toString("base64") } },
        { t: "context", k: "c", r: {} }, { t: "rulebook", k: "book", r: { hash, parts: [] } }, { t: "end", rows: 2 }]);
      await expect(pullGroup(store, "must", packs(await pack("other", "h")).ask, 7)).rejects.toThrow("signature");
      expect(await store.get("rulebook")).toBeUndefined();
      await pullGroup(store, "must", packs(await pack("h", "h"), '"2"').ask, 7);
      expect((await store.get<RuleBook>("rulebook"))!.hash).toBe("h");
    });
  });

  describe("device", () => {
    it("[OFF-16] locked: the queue stays and goes on when it is unlocked; wiped: only after the queue was handed over", async () => {
      const { sender, outside, posted } = courier();
      const ask = outside.ask;
      let code: string | undefined = "DEVICE_LOCKED";
      const rescued: Command[][] = [];
      const calls: string[] = [];
      outside.ask = async (path, options) => {
        calls.push(path.split("/").at(-1)!.split("?")[0]!);
        if (path.includes("/rescues")) rescued.push(read(options.body).commands);
        if (path.includes("/rescues") || path.includes("/wiped")) return new Response("{}", { status: 201 });
        if (code) throw await problemOf(new Response(JSON.stringify({ code, detail: "stolen" }), { status: 403 }));
        return ask(path, options);
      };
      let gone = false;
      outside.wipe = async () => { gone = true; };
      await enqueue(store, bill("a"));
      await store.draft.put({ id: "d", kind: "bill", place: 1, updatedAt: 1, title: "half a bill", content: { lines: [] } });
      await expect(sender.sendOnce()).rejects.toThrow();
      expect(await store.get<Device>("device")).toMatchObject({ state: "LOCKED", reason: "stolen" });
      expect((await store.command.get("a"))?.state).toBe("WAITING");
      code = undefined;
      await sender.sendOnce();
      expect((await store.get<Device>("device"))!.state).toBe("ACTIVE");
      expect(posted).toEqual(["a"]);
      await enqueue(store, bill("b"));
      code = "DEVICE_WIPE";
      await expect(sender.sendOnce()).rejects.toThrow();
      expect(rescued[0]!.map((c) => c.kind)).toEqual(["invoice", "draft"]);
      expect(calls.slice(-2)).toEqual(["rescues", "wiped"]);
      expect(gone).toBe(true);
    });

    it("[OFF-16] is not emptied while its queue could not be handed over", async () => {
      const { sender, outside } = courier();
      outside.ask = async (path) => {
        throw await problemOf(new Response(JSON.stringify({ code: path.includes("/rescues") ? "FAULT" : "DEVICE_WIPE" }), { status: path.includes("/rescues") ? 503 : 403 }));
      };
      let gone = false;
      outside.wipe = async () => { gone = true; };
      await enqueue(store, bill("a"));
      await expect(sender.sendOnce()).rejects.toThrow();
      expect([gone, await store.command.count()]).toEqual([false, 1]);
    });

    it("[OFF-05] the server says how many it takes, and how long to wait", async () => {
      const { sender, outside } = courier();
      const ask = outside.ask;
      const sizes: number[] = [];
      let slept = 0;
      let busy = true;
      outside.sleep = async (ms) => { slept = Math.max(slept, ms); };
      outside.ask = async (path, options) => {
        if (!path.endsWith("/commands")) return ask(path, options);
        sizes.push(read(options.body).commands.length);
        if (busy) throw await problemOf(new Response(JSON.stringify({ code: "SYNC_BUSY", batch: 5 }), { status: 429, headers: { "Retry-After": "40" } }));
        return ask(path, options);
      };
      for (let i = 0; i < 12; i++) await enqueue(store, bill(`b${i}`));
      const turn = () => (sender as unknown as { turn(): Promise<void> }).turn();
      await turn();
      expect(slept).toBeGreaterThanOrEqual(40_000);
      busy = false;
      for (let i = 0; i < 3; i++) await turn();
      expect(sizes).toEqual([12, 5, 5, 2]);
    });

    it("[OFF-05] pictures follow the documents piece by piece, and go on where the server stands", async () => {
      const data = crypto.getRandomValues(new Uint8Array(60_000));
      await store.picture.put({ hash: "h", documentId: "a", kind: "DAMAGE", at: 1, size: 150_000, mediaType: "image/jpeg", received: 0, state: "WAITING", data: new Uint8Array([...data, ...data, ...data.slice(0, 30_000)]) } satisfies Picture);
      const got: number[] = [];
      let received = 0;
      const ask = async (path: string, call: { body?: Uint8Array }) => {
        const offset = Number(/offset=(\d+)/.exec(path)![1]);
        if (offset !== received) throw await problemOf(new Response(JSON.stringify({ code: "EVIDENCE_OFFSET", received }), { status: 409 }));
        received += call.body!.length;
        got.push(call.body!.length);
        return new Response(JSON.stringify({ received, complete: received === 150_000 }));
      };
      for (let picture = await nextPicture(store); picture; picture = await nextPicture(store)) await sendPiece(store, picture, 7, ask);
      expect(got).toEqual([65_536, 65_536, 18_928]);
      const kept = (await store.picture.get("h"))!;
      expect([kept.state, kept.data]).toEqual(["SENT", undefined]);
    });

    it("[OFF-01] [OFF-16] a picture that was sent is still here to be looked at, as protected as everything else, and not where room is short", async () => {
      const data = crypto.getRandomValues(new Uint8Array(2_000));
      const waiting = (hash: string) => store.picture.put({ hash, documentId: "a", kind: "DAMAGE", at: 1, size: data.length, mediaType: "image/jpeg", received: 0, state: "WAITING", data } satisfies Picture);
      const ask = async () => new Response(JSON.stringify({ received: data.length, complete: true }));
      await waiting("h");
      expect((await evidenceHere(store, "h"))!.data).toEqual(data);
      await sendPiece(store, (await nextPicture(store))!, 7, ask);
      expect([(await store.picture.get("h"))!.data, (await evidenceHere(store, "h"))!.mediaType, (await evidenceHere(store, "h"))!.data, await evidenceBytes(store)]).toEqual([undefined, "image/jpeg", data, 2_000]);
      const raw = await new Promise<Record<string, unknown>[]>((done) => {
        const reading = store.backendDB().transaction("evidence").objectStore("evidence").getAll();
        reading.onsuccess = () => done(reading.result as Record<string, unknown>[]);
      });
      expect(Object.keys(raw[0]!).sort()).toEqual(sealed ? ["$", "at", "hash", "sealed", "size"] : ["at", "data", "hash", "mediaType", "size"]);
      await waiting("short");
      await sendPiece(store, (await nextPicture(store))!, 7, ask, null);
      expect([await evidenceHere(store, "h"), await evidenceHere(store, "short"), (await store.picture.get("short"))!.state]).toEqual([undefined, undefined, "SENT"]);
    });

    it("[OFF-18] kept evidence has its bounds in age, count, bytes and size of a file; the oldest goes, and nothing that waits", async () => {
      const keeping = { evidenceKeepDays: 10, evidenceKeepCount: 3, evidenceKeepMb: 1, evidenceFileMb: 0.5 };
      const day = 86_400_000;
      const keep = (hash: string, at: number, size = 100) => keepEvidence(store, { hash, at: at * day, size, mediaType: "image/jpeg", data: new Uint8Array(size) }, keeping);
      const here = async () => (await store.evidence.orderBy("[at+size]").primaryKeys());
      for (const [i, hash] of ["a", "b", "c", "d"].entries()) await keep(hash, 1 + i);
      expect(await here()).toEqual(["b", "c", "d"]);
      await keep("large", 5, 600_000);
      expect(await here()).toEqual(["b", "c", "d"]);
      for (const hash of ["e", "f", "g"]) await keep(hash, 6, 500_000);
      // two of half a megabyte are in, a third is over the bytes
      expect((await here()).length).toBe(2);
      await store.picture.put({ hash: "waits", documentId: "a", kind: "DAMAGE", at: 1, size: 3, mediaType: "image/jpeg", received: 0, state: "WAITING", data: new Uint8Array(3) } satisfies Picture);
      await trimEvidence(store, keeping, 17 * day);
      expect([await here(), (await store.picture.get("waits"))!.state]).toEqual([[], "WAITING"]);
    });

    it("[OFF-18] where a bill finds no room, sent pictures give way first, and past bills stay if that is enough", async () => {
      await keepEvidence(store, { hash: "h", at: 1_000, size: 3, mediaType: "image/jpeg", data: new Uint8Array(3) });
      await store.paper.put({ id: "p", outletId: null, businessDate: "2026-11-20", view: {}, keptAt: 1 });
      let full = 1;
      const put = store.command.put.bind(store.command);
      store.command.put = ((row: Command) => (full-- > 0 ? Promise.reject(new Dexie.QuotaExceededError("full")) : put(row))) as unknown as typeof store.command.put;
      await enqueue(store, bill("a"));
      expect([await store.command.count(), await store.evidence.count(), await store.paper.count(), await dropEvidence(store)]).toEqual([1, 0, 1, false]);
      // with nothing of that kind left, what can be pulled again goes
      full = 1;
      await enqueue(store, bill("b"));
      expect([await store.command.count(), await store.paper.count()]).toEqual([2, 0]);
    });

    it("[OFF-05] a document that needs its paper goes after it, what waits for that as well, and all others go on", async () => {
      const text = `%PDF-1.7\n${"x".repeat(100_000)}`;
      const hash = await addPicture(store, "claim", "CLAIM", new Blob([text], { type: "application/pdf" }), facts({ limits: { ...defaults, storageReserveMb: 0 } }));
      expect((await store.picture.get(hash))!.size).toBe(text.length);
      await enqueue(store, { ...bill("paper"), pictures: [hash] });
      await enqueue(store, { ...bill("filing"), waitsFor: ["paper"], after: [hash] });
      await enqueue(store, { ...bill("next"), waitsFor: ["filing"] });
      await enqueue(store, bill("other"));
      const first = await takeBatch(store, 50);
      expect(first.map((c) => c.id)).toEqual(["paper", "other"]);
      expect((await store.command.bulkGet(["filing", "next"])).map((c) => c!.state)).toEqual(["WAITS", "WAITS"]);
      let received = 0;
      const ask = async (_path: string, call: { body?: Uint8Array }) => {
        received += call.body!.length;
        return new Response(JSON.stringify({ received, complete: received === text.length }));
      };
      for (let picture = await nextPicture(store); picture; picture = await nextPicture(store)) await sendPiece(store, picture, 7, ask);
      expect((await takeBatch(store, 50)).map((c) => c.id)).toEqual(expect.arrayContaining(["filing", "next"]));
      // what only calls itself a PDF is told by its content
      await expect(addPicture(store, "claim", "CLAIM", new Blob(["MZ"], { type: "application/pdf" }), facts({ limits: { ...defaults, storageReserveMb: 0 } }))).rejects.toThrow("no PDF");
    });

    it("[OFF-05] a paper that the server refused holds nothing up, and may be attached again", async () => {
      await store.picture.put({ hash: "gone", documentId: "c", kind: "CLAIM", at: 1, size: 3, mediaType: "image/jpeg", received: 0, state: "REFUSED" } satisfies Picture);
      await enqueue(store, { ...bill("filing"), after: ["gone"] });
      expect((await takeBatch(store, 50)).map((c) => c.id)).toEqual(["filing"]);
    });
  });
});

const context = { distributor: { id: 7, code: "D1", name: "Kesar" }, warehouses: [], principals: [], businessDate: "2026-11-23", currency: { code: "INR", scale: 2 }, series: [], policy: {} };
const lines = (list: unknown[]) => list.map((row) => JSON.stringify(row)).join("\n");
const mustPack = (skus: number) => lines([{ t: "head", group: "must", full: true, cursor: "c2", asOf: "2026-11-23T08:00:00Z" }, { t: "context", k: "context", r: context },
  ...Array.from({ length: skus }, (_, i) => ({ t: "sku", k: String(i), r: { id: i, name: `SKU ${Math.sin(i)}` } })), { t: "end", rows: skus + 1 }]);

/** A pack of changes as the server zips it, served with ranges and cut where asked. */
function packs(text: string, etag = '"p1"') {
  const bytes = new Uint8Array(gzipSync(text));
  const asked: { range: string | null; sent: number }[] = [];
  const state = { cutAfter: Infinity, etag };
  const ask = async (_path: string, headers: Record<string, string>) => {
    const from = headers["If-Range"] === state.etag && headers["Range"] ? Number(/\d+/.exec(headers["Range"])![0]) : 0;
    const part = bytes.slice(from, Math.min(bytes.length, from + state.cutAfter));
    const cut = from + part.length < bytes.length;
    asked.push({ range: headers["Range"] ?? null, sent: part.length });
    let given = 0;
    const body = new ReadableStream<Uint8Array>({ pull(controller) {
      if (given < part.length) {
        const next = part.slice(given, given + 700);
        given += next.length;
        controller.enqueue(next);
      } else if (cut) controller.error(new Error("cut"));
      else controller.close();
    } });
    return new Response(body, { status: from ? 206 : 200, headers: { ETag: state.etag, "X-Sync-Cursor": "c2", "Content-Length": String(bytes.length - from) } });
  };
  return { bytes, asked, state, ask };
}

const HOUR = 3_600_000;
const facts = (over: Partial<Facts> = {}): Facts => ({
  limits: defaults, now: 2_000 * HOUR, groups: [{ group: "must", checkedAt: 2_000 * HOUR }], leases: [lease({ next: 1, max: 500 })],
  businessDate: "2026-11-23", drift: 0, turned: 0, behind: 0, signedInAt: 2_000 * HOUR, storage: { used: 1, quota: 1e9 }, unsent: [], device: { id: "d", state: "ACTIVE" }, ...over,
});
const level = (what: string, over: Partial<Facts>) => rows(facts(over)).find((r) => r.what === what)!.level;

describe("limits without the server", () => {
  it("[OFF-18] stand where the table says, row by row", () => {
    expect([23, 25, 73, 24 * 7 + 1].map((hours) => level("masters", { groups: [{ group: "must", checkedAt: (2_000 - hours) * HOUR }] }))).toEqual(["ok", "warn", "stop", "readonly"]);
    expect([50, 49, 0].map((n) => level("numbers", { leases: [lease({ next: 501 - n, max: 500 })] }))).toEqual(["ok", "warn", "stop"]);
    expect([level("clock", { drift: 2 * 60_000 }), level("clock", { drift: 5 * 60_000 }), level("clock", { drift: 70 * 60_000, turned: 70 * 60_000 }), level("clock", { behind: 5 * 60_000 })]).toEqual(["ok", "warn", "stop", "stop"]);
    expect([6, 8, 46].map((days) => level("signIn", { signedInAt: (2_000 - days * 24) * HOUR }))).toEqual(["ok", "warn", "readonly"]);
    expect([79, 81, 96].map((p) => level("storage", { storage: { used: p * 1e7, quota: 1e9 } }))).toEqual(["ok", "warn", "stop"]);
    expect(level("storage", { storage: { used: 3e6, quota: 12 * 1_048_576 } })).toBe("stop");
    expect([23, 25, 73].map((h) => level("unsent", { unsent: [{ at: new Date((2_000 - h) * HOUR).toISOString() }] }))).toEqual(["ok", "warn", "stop"]);
  });

  it("[OFF-18] each stops what it says, and nothing else", () => {
    const old = rows(facts({ groups: [{ group: "must", checkedAt: 1_900 * HOUR }] }));
    expect([stopOf(old, "invoice")?.what, stopOf(old, "order")]).toEqual(["masters", undefined]);
    const full = rows(facts({ storage: { used: 99, quota: 100 } }));
    expect([stopOf(full, "invoice"), stopOf(full, "picture")?.what]).toEqual([undefined, "storage"]);
    expect(stopOf(rows(facts({ unsent: [{ at: new Date(0).toISOString() }] })), "credit-invoice")).toBeUndefined();
    expect(stopOf(rows(facts({ device: { id: "d", state: "LOCKED" } })), "order")?.what).toBe("device");
    const spent = rows(facts({ leases: [lease({ next: 10 })] }));
    expect([stopOf(spent, "invoice")?.what, stopOf(spent, "order")]).toEqual(["numbers", undefined]);
  });

  it("[OFF-04] the country pack says for whom a device may issue", () => {
    const pack = { b2c: "YES", b2b: "CONTINGENCY" } as const;
    expect([mayIssue(pack, false, true), mayIssue(pack, true, true), mayIssue(pack, true, false), mayIssue({ b2c: "YES", b2b: "NO" }, true, false), mayIssue(null, true, true)]).toEqual([true, false, true, false, true]);
  });
});

describe("clock", () => {
  it("[OFF-07] carries the server's time on by the monotonic clock, whatever the wall clock does", () => {
    const ticks = { wall: 10_000_000, mono: 5 };
    const clock = new Clock(undefined, { wall: () => ticks.wall, mono: () => ticks.mono });
    clock.heard(20_000_000);
    ticks.mono += 1_000;
    ticks.wall += 1_000 + 70 * 60_000;
    expect(clock.now()).toBe(20_001_000);
    expect(clock.turned()).toBe(70 * 60_000);
    clock.heard(20_002_000);
    expect(clock.turned()).toBe(0);
  });

  it("[OFF-07] after a restart a clock that was set back is seen by the last document", () => {
    let kept: { document: number; server: number; offset: number } | undefined;
    new Clock(undefined, { wall: () => 100_000_000, mono: () => 0 }, (c) => { kept = c; }).wrote(100_000_000);
    expect(new Clock(kept, { wall: () => 100_000_000 - 86_400_000, mono: () => 0 }).behind()).toBe(86_400_000);
  });

  it("[OFF-07] the business date turns at midnight without the server, and never back", () => {
    const asOf = new Date(2026, 10, 23, 18, 0).toISOString();
    expect(businessDateNow("2026-11-23", asOf, new Date(2026, 10, 23, 23, 59).getTime())).toBe("2026-11-23");
    expect(businessDateNow("2026-11-23", asOf, new Date(2026, 10, 24, 0, 1).getTime())).toBe("2026-11-24");
    expect(businessDateNow("2026-11-23", asOf, new Date(2026, 10, 22, 9, 0).getTime())).toBe("2026-11-23");
  });
});

describe("PIN", () => {
  const me = { userId: 1, username: "c", name: "C", language: "en", roles: [], workspaces: ["counter" as const], distributorId: 7, distributors: [], csrf: "" };
  beforeEach(() => {
    const kept = new Map<string, string>();
    Object.assign(globalThis, { localStorage: { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v), removeItem: (k: string) => void kept.delete(k) } });
  });

  it("[OFF-16] [OFF-18] opens the key; after five wrong ones in a row a right one does not help, the server must", async () => {
    const key = await setPin("s", me, 7, "4711", undefined, 1_000);
    await expect(openWithPin(vaultOf("s")!, "4712", 5)).rejects.toMatchObject({ left: 4 });
    expect(await openWithPin(vaultOf("s")!, "4711", 5)).toEqual(key);
    for (let left = 4; left >= 0; left--) await expect(openWithPin(vaultOf("s")!, "0000", 5)).rejects.toMatchObject({ left });
    await expect(openWithPin(vaultOf("s")!, "4711", 5)).rejects.toThrow(WrongPin);
    expect([pinFault("123"), pinFault("1111"), pinFault("1234"), pinFault("4711")]).toEqual(["short", "easy", "easy", undefined]);
  });

  it("[OFF-16] what lay in the clear is unreadable on disk once a PIN is set, and whole with it", async () => {
    const name = `sealed-${count++}`;
    const plain = new LocalStore(name);
    const packed = (await prepare(plain, "outlet", true, [["o1", { id: "o1", code: "O1", name: "Annapurna Stores", credit: [] }]], []))!;
    await plain.transaction("rw", plain.pack, plain.block, () => write(plain, packed));
    await enqueue(plain, bill("a"));
    await plain.sealWith(await cipherOf(await setPin(name, me, 7, "4711", undefined, 1_000)));
    expect((await plain.outlet.get("o1"))!.name).toBe("Annapurna Stores");
    plain.close();
    const raw = await new Promise<unknown[]>((done) => {
      const open = indexedDB.open(name);
      open.onsuccess = () => {
        const found: unknown[] = [];
        const reading = open.result.transaction(["block", "command"]);
        for (const table of ["block", "command"]) reading.objectStore(table).getAll().onsuccess = (e) => found.push(...(e.target as IDBRequest<unknown[]>).result);
        reading.oncomplete = () => { open.result.close(); done(found); };
      };
    });
    expect(raw).toHaveLength(2);
    expect(JSON.stringify(raw)).not.toMatch(/Annapurna|100\.00/);
    // a zipped block shows no word either: nothing of it is there
    expect(raw[0]).not.toHaveProperty("data");
    expect((raw[0] as { sealed: Uint8Array }).sealed).not.toEqual(packed.blocks[0]!.data);
    const locked = new LocalStore(name);
    await expect(locked.outlet.toArray()).rejects.toThrow("locked");
    locked.close();
    const again = new LocalStore(name, await cipherOf(await openWithPin(vaultOf(name)!, "4711", 5)));
    expect((await again.command.toArray())[0]!.summary.total).toBe("100.00");
    await again.delete();
  });

  it("[OFF-16] unsent work goes into a file that only its passphrase opens", async () => {
    const file = await sealFile({ bills: ["a"] }, "eight chars", 1_000);
    expect(file).not.toContain("bills");
    await expect(openFile(file, "wrong")).rejects.toThrow();
    expect(await openFile(file, "eight chars")).toEqual({ bills: ["a"] });
  });
});
