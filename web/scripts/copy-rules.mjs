// Brings the browser build of the rules (module rules-web) to where src/rules imports it.
import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const web = resolve(import.meta.dirname, "..");
const target = resolve(web, "../rules-web/target");
const into = resolve(web, "src/rules/generated");
// rules.js is what a counter bills with, doors.js all of the module: checks, returns, settlements as well
const wanted = { "rules.js": /offtake-rules-counter\.js$/, "doors.js": /offtake-rules\.js$/ };

mkdirSync(into, { recursive: true });
for (const [name, pattern] of Object.entries(wanted)) {
  const file = process.env.OFFTAKE_RULES_MODULE ?? find(target, pattern);
  if (file) cpSync(file, join(into, name));
  else {
    console.error(
      existsSync(join(into, name))
        ? `rules: no new build in ../rules-web/target; ${name} in src/rules/generated stays`
        : "rules: ../rules-web/target holds no module. Build it first: ./offtake build, or mvn -pl rules-web -am package",
    );
  }
}

function find(folder, pattern) {
  if (!existsSync(folder)) return undefined;
  const found = [];
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, String(name));
    if (pattern.test(path) && statSync(path).isFile()) found.push(path);
  }
  return found.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}
