import { useSyncExternalStore } from "react";

let waiting: ServiceWorker | null = null;
const listeners = new Set<() => void>();

function found(worker: ServiceWorker | null): void {
  waiting = worker;
  listeners.forEach((listener) => listener());
}

/** Keeps the shell on this device and looks for a newer one; a new version waits until somebody takes it. */
export async function keepShell(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/counter/sw.js", { scope: "/counter/" });
  if (registration.waiting && navigator.serviceWorker.controller) found(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) found(coming);
    });
  });
  setInterval(() => void registration.update().catch(() => undefined), 30 * 60_000);
}

/** True when a newer version is here and waits. */
export function useUpdate(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => waiting !== null);
}

/** So long the newer version may wait for what the old one is still fetching, in ms. */
const PATIENCE = 4_000;

/**
 * Takes the newer version: one reload, and the bill being typed is back from the disk. A worker takes over only when the old one has nothing left to fetch; a page
 * that is loaded anew asks for nothing, so that it comes to its turn at the latest then.
 */
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting?.postMessage("take-over");
  setTimeout(() => location.reload(), PATIENCE);
}
