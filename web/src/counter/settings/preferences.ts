import { useSyncExternalStore } from "react";
import type { Language } from "../../i18n";

export type PaperSize = "A4" | "A5" | "80mm";

/** Choices of this device. */
export interface Preferences {
  paper: PaperSize;
  landscape: boolean;
  copies: 1 | 2 | 3;
  printAfterPosting: boolean;
  paperLanguage: Language | "screen";
  warehouseId: string | null;
}

const KEY = "offtake.counter";
const defaults: Preferences = { paper: "A5", landscape: true, copies: 1, printAfterPosting: true, paperLanguage: "screen", warehouseId: null };
let current: Preferences | undefined;
const listeners = new Set<() => void>();

export function preferences(): Preferences {
  if (!current) {
    try {
      current = { ...defaults, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>) };
    } catch {
      current = defaults;
    }
  }
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  localStorage.setItem(KEY, JSON.stringify(current));
  listeners.forEach((listener) => listener());
}

export function usePreferences(): Preferences {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, preferences);
}
