import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { serviceWorker } from "./scripts/service-worker.mjs";

/**
 * One code base, three builds: sign-in at `/`, the counter at `/counter/`, the tower at `/tower/`.
 * `scripts/build.mjs` runs this file once per entry (OFFTAKE_ENTRY), so that no build carries another's code.
 */
const entry = process.env.OFFTAKE_ENTRY ?? "signin";
const html: Record<string, string> = {
  signin: "index.html",
  counter: "counter/index.html",
  tower: "tower/index.html",
};
const page = html[entry];
if (!page) throw new Error(`OFFTAKE_ENTRY is "${entry}"; it must be one of ${Object.keys(html).join(", ")}`);

/** The counter must be light (UX section 12): its build runs the same components on Preact. */
const small = [
  { find: /^react-dom\/client$/, replacement: "preact/compat/client" },
  { find: /^react(-dom)?$/, replacement: "preact/compat" },
  { find: /^react\/jsx-runtime$/, replacement: "preact/jsx-runtime" },
];

/** A build carries the shared catalogues and its own, not its neighbour's. */
function ownTexts(): Plugin {
  return {
    name: "offtake-own-texts",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith("/src/i18n/index.ts")) return null;
      const own = ["common", entry, ...(entry === "tower" ? ["rulebook", "insight", "returns"] : []), ...(entry === "counter" ? ["returns", "insight"] : []), ...(entry === "signin" ? [] : ["tax", "claims"])].join(",");
      return { code: code.replace("./locales/*/*.json", `./locales/*/{${own}}.json`), map: null };
    },
  };
}

const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, "package.json"), "utf8")) as { version: string };
const plain = ["src/offline/*.test.ts", "src/i18n/*.test.ts", "src/ui/*.test.ts", "src/counter/bill/*.test.ts", "src/counter/print/*.test.ts", "src/counter/sync-pill.test.ts", "src/tower/schemes/*.test.ts"];

export default defineConfig({
  appType: "mpa",
  plugins: [ownTexts(), react(), serviceWorker(entry)],
  define: { __VERSION__: JSON.stringify(version) },
  resolve: { alias: entry === "counter" ? small : [] },
  build: {
    outDir: "dist",
    emptyOutDir: false,
    assetsDir: entry === "signin" ? "assets" : `${entry}/assets`,
    target: "es2022",
    manifest: `${entry}.manifest.json`,
    chunkSizeWarningLimit: 1200,
    rollupOptions: { input: resolve(import.meta.dirname, page) },
  },
  server: {
    port: Number(process.env.OFFTAKE_WEB_PORT ?? 5173),
    proxy: {
      "/api": { target: process.env.OFFTAKE_API ?? "http://127.0.0.1:8080", changeOrigin: false },
    },
  },
  test: {
    setupFiles: ["src/test-setup.ts"],
    restoreMocks: true,
    // a DOM costs more than most of these tests, so only those that touch one get it
    projects: [
      { extends: true, test: { name: "plain", environment: "node", include: plain } },
      { extends: true, test: { name: "dom", environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"], exclude: plain } },
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
