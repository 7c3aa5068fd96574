// Brings the browser build of the rules (module rules-web) to where src/rules imports it.
import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const web = resolve(import.meta.dirname, "..");
const target = resolve(web, "../rules-web/target");
const into = resolve(web, "src/rules/generated");
const file = process.env.OFFTAKE_RULES_MODULE ?? find(target);

if (!file) {
  const kept = existsSync(join(into, "rules.js"));
  console.error(
    kept
      ? "rules: no new build in ../rules-web/target; the copy in src/rules/generated stays"
      : "rules: ../rules-web/target holds no module. Build it first: ./offtake build, or mvn -pl rules-web -am package",
  );
  process.exit(0);
}
mkdirSync(into, { recursive: true });
cpSync(file, join(into, "rules.js"));

function find(folder) {
  if (!existsSync(folder)) return undefined;
  const found = [];
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, String(name));
    if (/offtake-rules\.m?js$|(^|\/)rules\.m?js$/.test(path) && statSync(path).isFile()) found.push(path);
  }
  return found.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}
