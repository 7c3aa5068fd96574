import type { IconName } from "../kit/icons";

/** The rail: at most nine places (UX section 2). */
export const RAIL: readonly { id: string; path: string; icon: IconName; under?: string }[] = [
  { id: "today", path: "/", icon: "today" },
  { id: "explore", path: "/explore", icon: "explore" },
  { id: "bills", path: "/bills", icon: "bill" },
  { id: "receivables", path: "/receivables", icon: "money" },
  { id: "schemes", path: "/masters/schemes", icon: "scheme" },
  { id: "masters", path: "/masters/outlets", icon: "masters", under: "/masters" },
  { id: "imports", path: "/imports", icon: "imports" },
  { id: "people", path: "/people", icon: "people" },
];

export function railEntry(path: string): string | undefined {
  const exact = RAIL.find((r) => r.path !== "/" && (path === r.path || path.startsWith(`${r.path}/`)));
  if (exact) return exact.id;
  if (path === "/" || path === "") return "today";
  return RAIL.find((r) => r.under && path.startsWith(r.under))?.id;
}
