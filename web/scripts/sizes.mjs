// Prints what each build makes a browser load at first, gzip, beside its limit (UX section 12); over a limit it fails.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const dist = resolve(import.meta.dirname, "../dist");
const kb = (bytes) => Math.round((bytes / 1024) * 10) / 10;
const size = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;

/** First load: the entry, what it imports statically, the rest of what main.tsx awaits before the first paint. */
function firstLoad(entry, eager) {
  const manifest = JSON.parse(readFileSync(join(dist, `${entry}.manifest.json`), "utf8"));
  const js = new Set();
  const css = new Set();
  const walk = (key) => {
    const chunk = manifest[key];
    if (!chunk || js.has(chunk.file)) return;
    js.add(chunk.file);
    for (const file of chunk.css ?? []) css.add(file);
    for (const name of chunk.imports ?? []) walk(name);
  };
  for (const [key, chunk] of Object.entries(manifest)) {
    if (chunk.isEntry || eager.some((pattern) => pattern.test(key))) walk(key);
  }
  return {
    js: [...js].filter((file) => file.endsWith(".js")).reduce((sum, file) => sum + size(file), 0),
    css: [...css].reduce((sum, file) => sum + size(file), 0),
  };
}

const limits = {
  signin: { total: 260, css: 20, eager: [/locales\/en\/common/] },
  counter: { total: 260, css: 20, eager: [/locales\/en\/(common|counter)/, /rules\/generated/] },
  tower: { total: 320, css: 40, eager: [/locales\/en\/(common|tower)/] },
};
let over = 0;
const line = (what, value, limit) => {
  const bad = value > limit;
  if (bad) over++;
  console.log(`${what.padEnd(28)} ${String(kb(value * 1024)).padStart(7)} KB  of ${limit} KB${bad ? "  OVER" : ""}`);
};
for (const [entry, limit] of Object.entries(limits)) {
  if (!existsSync(join(dist, `${entry}.manifest.json`))) continue;
  const { js, css } = firstLoad(entry, limit.eager);
  line(`${entry} first load`, kb(js + css), limit.total);
  line(`${entry} css`, kb(css), limit.css);
}
const assets = existsSync(dist) ? readdirSync(dist, { recursive: true }).map(String).filter((name) => /assets\//.test(name)) : [];
const seen = new Set();
for (const name of assets.filter((name) => /\/(common|counter|tower)-[\w-]+\.js$/.test(name) && isTexts(name))) {
  if (seen.has(name.split("/").pop())) continue;
  seen.add(name.split("/").pop());
  line(`texts ${name.split("/").pop()}`, kb(size(name)), 25);
}
const charts = assets.filter((name) => /(echarts|charts?)-[\w-]+\.js$/.test(name));
for (const name of charts) line(`charts ${name.split("/").pop()}`, kb(size(name)), 215);
if (over) {
  console.error(`${over} over the limit`);
  process.exit(1);
}

function isTexts(name) {
  const head = readFileSync(join(dist, name), "utf8").slice(0, 4000);
  return /export\s*\{|export default/.test(head) || /signIn|pill|JSON\.parse/.test(head);
}
