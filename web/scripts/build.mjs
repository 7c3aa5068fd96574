// Builds each entry on its own: `node scripts/build.mjs [signin] [counter] [tower]`, all without arguments.
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { spawnSync } from "node:child_process";

const all = ["signin", "counter", "tower"];
const asked = process.argv.slice(2);
const entries = asked.length ? asked : all;
const root = resolve(import.meta.dirname, "..");

if (!asked.length) rmSync(resolve(root, "dist"), { recursive: true, force: true });
for (const entry of entries) {
  if (entry !== "signin") rmSync(resolve(root, "dist", entry), { recursive: true, force: true });
  const run = spawnSync(process.execPath, [resolve(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, OFFTAKE_ENTRY: entry },
  });
  if (run.status !== 0) process.exit(run.status ?? 1);
  console.log(`built ${entry}`);
}
