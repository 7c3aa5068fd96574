import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the packaged application answers, without a slash at the end. */
    address: string;
    /** The application's home folder: database, log, secrets. */
    home: string;
  }
}

const root = resolve(import.meta.dirname, "../..");

/**
 * Starts the packaged application with the example network on a free port and stops it afterwards. The example is made
 * once per build; OFFTAKE_URL points the tests at a server that already runs instead.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env.OFFTAKE_URL) {
    project.provide("address", process.env.OFFTAKE_URL.replace(/\/$/, ""));
    project.provide("home", process.env.OFFTAKE_HOME ?? "");
    return async () => {};
  }
  const home = resolve(root, "target/e2e-home");
  const stamp = readFileSync(resolve(root, "target/run/.stamp"), "utf8");
  const made = resolve(home, "built-from");
  if (existsSync(home) && (!existsSync(made) || readFileSync(made, "utf8") !== stamp)) rmSync(home, { recursive: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(made, stamp);

  const port = await freePort();
  const log = openSync(resolve(root, "target/e2e-server.log"), "w");
  const java = resolve(process.env.JAVA_HOME ?? "/usr", "bin/java");
  const server = spawn(
    java,
    ["--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-jar", "target/run/offtake.jar", "demo", "--port", String(port), "--home", home, "--no-browser"],
    { cwd: root, stdio: ["ignore", log, log] },
  );
  const address = `http://127.0.0.1:${port}`;
  await ready(server, resolve(root, "target/e2e-server.log"));
  project.provide("address", address);
  project.provide("home", home);
  return () => stop(server);
}

/** The launcher says when the example is there; a quarter of an hour is enough on two busy cores. */
async function ready(server: ChildProcess, log: string): Promise<void> {
  for (let waited = 0; waited < 900_000; waited += 250) {
    const said = readFileSync(log, "utf8");
    if (said.includes("Offtake is ready")) return;
    if (server.exitCode !== null) throw new Error(`the application ended: ${said.slice(-2000)}`);
    await new Promise((done) => setTimeout(done, 250));
  }
  server.kill();
  throw new Error(`the application was not ready within a quarter of an hour, see ${log}`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((done) => server.once("exit", done));
  server.kill("SIGTERM");
  const late = setTimeout(() => server.kill("SIGKILL"), 30_000);
  await ended;
  clearTimeout(late);
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => found(port));
    });
  });
}
