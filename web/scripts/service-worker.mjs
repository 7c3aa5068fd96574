// Precache per build: the shell of one entry is kept whole, answers of the server are never cached here.
// A new version waits until the page asks for it (between two bills), so nothing reloads under the hands.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** @param {string} entry */
export function serviceWorker(entry) {
  return {
    name: "offtake-service-worker",
    apply: "build",
    // after everybody else: a chunk that held nothing but styles is gone by then, and a file that is not there would keep the worker from installing
    enforce: "post",
    /** @param {unknown} _options @param {Record<string, {fileName: string, type: string, source?: unknown, code?: string}>} bundle */
    generateBundle(_options, bundle) {
      if (entry !== "counter") return;
      const files = Object.values(bundle)
        .map((item) => item.fileName)
        .filter((name) => name.startsWith(`${entry}/assets/`) && !name.endsWith(".map"))
        .map((name) => `/${name}`)
        .sort();
      const hash = createHash("sha256");
      for (const item of Object.values(bundle)) hash.update(item.fileName).update(String(item.code ?? item.source ?? ""));
      const version = hash.digest("hex").slice(0, 12);
      const source = readFileSync(resolve(import.meta.dirname, "service-worker.template.js"), "utf8")
        .replace("__ENTRY__", entry)
        .replace("__VERSION__", version)
        .replace("__FILES__", JSON.stringify([`/${entry}/`, ...files]));
      // @ts-ignore the bundler's context
      this.emitFile({ type: "asset", fileName: `${entry}/sw.js`, source });
    },
  };
}
