import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { Chance } from "./chance";

/** What is done to one request and its answer. `at` is a place in the bytes: a boundary's number, or a share of all bytes. */
export type Fault =
  | { kind: "pass" }
  /** The request, and after it the answer, wait. */
  | { kind: "delay"; before: number; after: number }
  /** Both directions in pieces of so many bytes. */
  | { kind: "drip"; piece: number }
  /** The server gets the beginning of the request, and then nothing more. */
  | { kind: "cut-request"; at: Place; how: Cut }
  /** The server does the work; the client gets the beginning of the answer. At 0: none of it. */
  | { kind: "cut-answer"; at: Place; how: Cut }
  /** The request arrives twice, the second time `gap` ms later; the client gets the answer to the first or to the second. */
  | { kind: "twice"; gap: number; answer: 0 | 1 }
  /** The client is cut off at once; its request arrives `by` ms later, behind what it has sent since. */
  | { kind: "late"; by: number }
  /** The server does the work and answers, and the client hears nothing for `ms`: no byte, no end. */
  | { kind: "silence"; ms: number };

export type Cut = "end" | "reset";
export type Place = { boundary: number } | { share: number };

/** A request as it was seen: of which device, the how manieth of it, and what was done to it. */
export interface Seen { device: string; nth: number; path: string; fault: Fault; boundaries: number; status: number | undefined }

/** Where a message may break: after every line of its head, after every chunk of its body, every kilobyte, before its last byte. */
export function boundaries(message: Buffer): number[] {
  const found = new Set<number>([0, 1]);
  const head = message.indexOf("\r\n\r\n");
  if (head < 0) return [0, message.length];
  for (let at = message.indexOf("\r\n"); at >= 0 && at < head; at = message.indexOf("\r\n", at + 2)) found.add(at + 2);
  const body = head + 4;
  found.add(body);
  if (/\r\ntransfer-encoding: *chunked/i.test(message.subarray(0, head).toString("latin1"))) {
    for (let at = body; at < message.length; ) {
      const end = message.indexOf("\r\n", at);
      if (end < 0) break;
      const size = parseInt(message.subarray(at, end).toString("latin1"), 16);
      if (!Number.isFinite(size)) break;
      found.add(end + 2);
      at = end + 2 + size + 2;
      found.add(Math.min(at, message.length));
      if (size === 0) break;
    }
  }
  for (let at = body + 1024; at < message.length; at += 1024) found.add(at);
  if (message.length > body) found.add(message.length - 1);
  return [...found].filter((at) => at < message.length).sort((a, b) => a - b);
}

function place(at: Place, message: Buffer): number {
  if ("share" in at) return Math.floor(at.share * message.length);
  const all = boundaries(message);
  return all[Math.min(at.boundary, all.length - 1)]!;
}

/**
 * Stands between devices and the server and breaks what a network breaks. One request a connection, so that a cut in one hits
 * no other. What happens to a request depends on the seed, its device and its number alone, not on who came first.
 */
export class FaultProxy {
  readonly seen: Seen[] = [];
  private readonly server: Server;
  private readonly counts = new Map<string, number>();
  private readonly sockets = new Set<Socket>();
  private readonly later = new Set<NodeJS.Timeout>();
  private open = 0;

  /** @param plan what to do to the nth request of a device */
  constructor(private readonly upstream: URL, private readonly plan: (device: string, nth: number, path: string) => Fault) {
    this.server = createServer((socket) => this.accept(socket));
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits until everything that is on its way has arrived. */
  async settled(): Promise<void> {
    while (this.open > 0 || this.later.size > 0) await new Promise((done) => setTimeout(done, 10));
  }

  async close(): Promise<void> {
    for (const timer of this.later) clearTimeout(timer);
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("close", () => this.sockets.delete(socket));
    let got = Buffer.alloc(0);
    const take = (more: Buffer) => {
      got = Buffer.concat([got, more]);
      const head = got.indexOf("\r\n\r\n");
      if (head < 0) return;
      const text = got.subarray(0, head).toString("latin1");
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
      if (got.length < head + 4 + length) return;
      socket.off("data", take);
      const body = got.subarray(head + 4, head + 4 + length);
      const request = Buffer.concat([Buffer.from(`${text.replace(/\r\nconnection: *[^\r]*/i, "")}\r\nConnection: close\r\n\r\n`, "latin1"), body]);
      const device = /\r\nx-device-id: *([^\r]+)/i.exec(text)?.[1] ?? "?";
      const nth = (this.counts.get(device) ?? 0) + 1;
      this.counts.set(device, nth);
      const path = text.split(" ")[1] ?? "";
      const fault = this.plan(device, nth, path);
      const seen: Seen = { device, nth, path, fault, boundaries: 0, status: undefined };
      this.seen.push(seen);
      void this.carry(socket, request, fault, seen).catch(() => socket.destroy());
    };
    socket.on("data", take);
  }

  private async carry(client: Socket, request: Buffer, fault: Fault, seen: Seen): Promise<void> {
    switch (fault.kind) {
      case "cut-request": {
        seen.boundaries = boundaries(request).length;
        await this.send(request.subarray(0, place(fault.at, request)), fault.how);
        return cut(client, fault.how);
      }
      case "late": {
        cut(client, "reset");
        await this.pause(fault.by);
        await this.send(request);
        return;
      }
      case "twice": {
        const both = [this.send(request), this.pause(fault.gap).then(() => this.send(request))] as const;
        const answer = await both[fault.answer];
        seen.status = statusOf(answer);
        client.end(answer);
        await both[1];
        return;
      }
      case "cut-answer": {
        const answer = await this.send(request);
        seen.status = statusOf(answer);
        seen.boundaries = boundaries(answer).length;
        const part = answer.subarray(0, place(fault.at, answer));
        if (part.length === 0) return cut(client, fault.how);
        client.write(part, () => setTimeout(() => cut(client, fault.how), 1));
        return;
      }
      case "silence": {
        const answer = await this.send(request);
        seen.status = statusOf(answer);
        const timer = setTimeout(() => this.later.delete(timer) && cut(client, "reset"), fault.ms);
        this.later.add(timer);
        client.on("close", () => this.later.delete(timer) && clearTimeout(timer));
        return;
      }
      case "drip": {
        const answer = await this.send(request, undefined, fault.piece);
        seen.status = statusOf(answer);
        for (let at = 0; at < answer.length && !client.destroyed; at += fault.piece) {
          client.write(answer.subarray(at, at + fault.piece));
          await new Promise((done) => setImmediate(done));
        }
        client.end();
        return;
      }
      default: {
        if (fault.kind === "delay") await this.pause(fault.before);
        const answer = await this.send(request);
        seen.status = statusOf(answer);
        if (fault.kind === "delay") await this.pause(fault.after);
        client.end(answer);
      }
    }
  }

  /** Sends bytes to the server and collects what it says until it ends. */
  private send(bytes: Buffer, thenCut?: Cut, piece = bytes.length): Promise<Buffer> {
    this.open++;
    return new Promise<Buffer>((done) => {
      const server = connect({ host: this.upstream.hostname, port: Number(this.upstream.port) });
      this.sockets.add(server);
      const parts: Buffer[] = [];
      let over = false;
      const end = () => {
        if (over) return;
        over = true;
        this.open--;
        this.sockets.delete(server);
        done(Buffer.concat(parts));
      };
      server.setNoDelay(true);
      server.on("data", (part) => parts.push(part));
      server.on("end", () => server.end());
      server.on("error", () => undefined);
      server.on("close", end);
      server.on("connect", async () => {
        for (let at = 0; at < bytes.length && !server.destroyed; at += piece) {
          server.write(bytes.subarray(at, at + piece));
          if (piece < bytes.length) await new Promise((next) => setImmediate(next));
        }
        if (thenCut) setTimeout(() => cut(server, thenCut), 1);
      });
    });
  }

  private pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(() => {
        this.later.delete(timer);
        done();
      }, ms);
      this.later.add(timer);
    });
  }
}

function cut(socket: Socket, how: Cut): void {
  if (how === "reset") socket.resetAndDestroy();
  else socket.destroySoon();
}

function statusOf(answer: Buffer): number | undefined {
  const found = /^HTTP\/1\.1 (\d+)/.exec(answer.subarray(0, 20).toString("latin1"));
  return found ? Number(found[1]) : undefined;
}

/** The faults of a run: about half of all requests are hit, by everything that a network does. */
export function weather(seed: number, share = 0.5): (device: string, nth: number, path: string) => Fault {
  return (device, nth) => {
    const chance = new Chance(`${seed}/${device}/${nth}`);
    if (!chance.often(share)) return { kind: "pass" };
    const how: Cut = chance.often(0.5) ? "reset" : "end";
    const at: Place = chance.often(0.5) ? { boundary: chance.int(0, 40) } : { share: chance.next() };
    switch (chance.int(0, 9)) {
      case 0: case 1: return { kind: "cut-request", at, how };
      case 2: return { kind: "cut-answer", at: { boundary: 0 }, how };
      case 3: case 4: return { kind: "cut-answer", at, how };
      case 5: return { kind: "twice", gap: chance.int(0, 60), answer: chance.often(0.5) ? 0 : 1 };
      case 6: return { kind: "late", by: chance.int(1, 300) };
      case 7: return { kind: "delay", before: chance.int(0, 80), after: chance.int(0, 80) };
      case 8: return { kind: "drip", piece: chance.int(40, 2000) };
      default: return { kind: "silence", ms: chance.int(20, 200) };
    }
  };
}
