import type { Plugin } from "vite";

/** Emits the precaching service worker of one build. */
export function serviceWorker(entry: string): Plugin;
