import type { IconName } from "../kit/icons";

/** The rail: at most nine places (UX section 2). */
export const RAIL: readonly { id: string; path: string; icon: IconName; reads?: string }[] = [
  { id: "today", path: "/", icon: "today", reads: "INSIGHT_READ" },
  { id: "explore", path: "/explore", icon: "explore", reads: "INSIGHT_READ" },
  { id: "bills", path: "/bills", icon: "bill", reads: "INVOICE_READ" },
  { id: "receivables", path: "/receivables", icon: "money", reads: "COLLECTION_READ" },
  { id: "schemes", path: "/schemes", icon: "scheme", reads: "SCHEME_READ" },
  { id: "changes", path: "/changes", icon: "check", reads: "CONFIG_READ" },
  { id: "masters", path: "/masters", icon: "masters" },
  { id: "imports", path: "/imports", icon: "imports", reads: "JOB_READ" },
  { id: "people", path: "/people", icon: "people", reads: "USER_READ" },
];

export function railEntry(path: string): string | undefined {
  if (path === "/" || path === "") return "today";
  return RAIL.find((r) => r.path !== "/" && (path === r.path || path.startsWith(`${r.path}/`)))?.id;
}
