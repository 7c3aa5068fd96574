import { createServer, request, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { address } from "./browser";

/** What a front may do to one answer: cut it after so many bytes, or send another body. */
export interface Trick { cutAfter?: number; body?: Buffer; headers?: Record<string, string> }

/** A front before the server that tests can make misbehave: it counts bytes, cuts answers and exchanges bodies. */
export class Front {
  private server: Server;
  /** Answers by path, with how many bytes went out and from where on. */
  readonly sent: { path: string; from: number; bytes: number; whole: number }[] = [];
  trick: ((path: string, answer: { status: number; headers: IncomingHttpHeaders; body: Buffer }) => Trick | undefined) | undefined;
  /** Paths whose answers are exchanged even where the browser holds the last one. */
  exchanges: RegExp | undefined;
  /** Bytes a second, for a slow line; 0 is as fast as it goes. */
  pace = 0;

  constructor() {
    const target = new URL(address);
    this.server = createServer((asked, said) => {
      // an answer that is to be exchanged must have a body: a browser that holds the last one is not told that it is still good
      if (this.exchanges?.test(asked.url ?? "")) for (const name of ["if-none-match", "if-modified-since"]) delete asked.headers[name];
      const on = request({ host: target.hostname, port: target.port, path: asked.url, method: asked.method, headers: { ...asked.headers, host: target.host, "accept-encoding": "identity" } }, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("end", () => {
          let body = Buffer.concat(parts);
          const path = asked.url ?? "";
          const trick = this.trick?.(path, { status: answer.statusCode ?? 0, headers: answer.headers, body });
          if (trick?.body) body = trick.body as Buffer<ArrayBuffer>;
          const headers = { ...answer.headers, ...trick?.headers };
          delete headers["transfer-encoding"];
          if (answer.statusCode !== 304 && answer.statusCode !== 204) headers["content-length"] = String(body.length);
          said.writeHead(answer.statusCode ?? 502, headers);
          const part = body.subarray(0, Math.min(trick?.cutAfter ?? body.length, body.length));
          this.sent.push({ path, from: Number(/bytes (\d+)-/.exec(String(answer.headers["content-range"] ?? ""))?.[1] ?? 0), bytes: part.length, whole: body.length });
          void this.write(said, part).then(async () => {
            if (part.length === body.length) return said.end();
            // what was on the way arrives before the line is gone
            await new Promise((done) => setTimeout(done, 250));
            said.destroy();
          });
        });
        answer.on("error", () => said.destroy());
      });
      on.on("error", () => said.destroy());
      asked.pipe(on);
    });
  }

  private async write(to: import("node:http").ServerResponse, body: Buffer): Promise<void> {
    for (let at = 0; at < body.length; at += 16_384) {
      const part = body.subarray(at, at + 16_384);
      await new Promise<void>((done) => to.write(part, () => done()));
      if (this.pace) await new Promise((done) => setTimeout(done, (1000 * part.length) / this.pace));
    }
  }

  async open(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
