import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** A network made to order (TradeWorld). */
export interface Network {
  principal: number;
  today: string;
  password: string;
  skus: Record<string, number>;
  schemes: Record<string, number>;
  distributors: Distributor[];
}

export interface Distributor { code: string; id: number; warehouse: string; outlets: Record<string, string>; clerk: string; owner: string }

type Row = Record<string, string | number | boolean | null>;

/** What one distributor's ledgers hold; see TradeWorld for the columns. */
export type Ledger = Record<
  "documents" | "numbers" | "sequences" | "audit" | "stock" | "moves" | "accounts" | "journal" | "openItems" | "invoices" | "lines" | "orders" | "collections" | "receipts" | "differences" | "limits"
  | "limitMoves" | "benefits" | "commands" | "tasks", Row[]>;

/** The server with its ledgers open, as a process of its own. */
export class World {
  private constructor(readonly address: string, readonly control: string, private readonly process?: ChildProcess) {}

  /** The one that runs. */
  static at(running: { address: string; control: string }): World {
    return new World(running.address, running.control);
  }

  /** Starts it on the packaged application; the database stays in `target/faults-home` from run to run, the networks are new each time. */
  static async start(home = "target/faults-home"): Promise<World> {
    mkdirSync(resolve(root, "target"), { recursive: true });
    // a database of another build may lack what lies before its last migration
    const stamp = resolve(root, "target/run/.stamp");
    const build = existsSync(stamp) ? readFileSync(stamp, "utf8") : String(statSync(resolve(root, "target/run/offtake.jar")).mtimeMs);
    const made = resolve(root, home, "built-from");
    if (!existsSync(made) || readFileSync(made, "utf8") !== build) rmSync(resolve(root, home), { recursive: true, force: true });
    mkdirSync(resolve(root, home), { recursive: true });
    writeFileSync(made, build);
    const log = resolve(root, `${home}.log`);
    const out = openSync(log, "w");
    const java = resolve(process.env.JAVA_HOME ?? "/usr", "bin/java");
    const classes = ["target/run/offtake.jar", "target/run/lib/*", "server/target/test-classes"].map((part) => resolve(root, part)).join(delimiter);
    const child = spawn(java, ["-XX:TieredStopAtLevel=1", "-Xmx1g", "--enable-native-access=ALL-UNNAMED", "-cp", classes, "io.offtake.testing.TradeWorld", resolve(root, home)],
      { cwd: root, stdio: ["pipe", out, out] });
    for (let waited = 0; waited < 300_000; waited += 100) {
      const said = /^WORLD (\{.*\})$/m.exec(readFileSync(log, "utf8"))?.[1];
      if (said) {
        const { address, control } = JSON.parse(said) as { address: string; control: string };
        return new World(address, control, child);
      }
      if (child.exitCode !== null) throw new Error(`the server ended: ${readFileSync(log, "utf8").slice(-2000)}`);
      await new Promise((done) => setTimeout(done, 100));
    }
    child.kill();
    throw new Error(`the server was not ready within five minutes, see ${log}`);
  }

  async stop(): Promise<void> {
    const child = this.process;
    if (!child) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.stdin!.end();
    const late = setTimeout(() => child.kill("SIGKILL"), 30_000);
    await ended;
    clearTimeout(late);
  }

  network(order: { distributors: string[]; outlets: number; stock: number; creditLimit: string; skus?: number; schemes?: { code: string; mechanic: string; definition: string }[] }): Promise<Network> {
    return this.ask("/network", { schemes: [], ...order });
  }

  ledger(distributor: number): Promise<Ledger> {
    return this.ask(`/ledger?distributor=${distributor}`);
  }

  /** What `./offtake verify` finds in these distributors. */
  verify(distributors: number[]): Promise<string[]> {
    return this.ask(`/verify?distributor=${distributors.join(",")}`);
  }

  private async ask<T>(path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.control + path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return JSON.parse(text) as T;
  }
}
