import type { IconName } from "../kit/icons";

/** A page one can go to; `reads` names the right without which it is not offered. */
export interface Place {
  id: string;
  path: string;
  reads?: string;
}

/** One entry of the rail; several pages that belong together show as tabs above the page. */
export interface RailEntry {
  id: string;
  icon: IconName;
  pages: readonly Place[];
}

/** The rail: at most nine places (UX section 2). A page appears here when its server is there, not before. */
export const RAIL: readonly RailEntry[] = [
  { id: "today", icon: "today", pages: [{ id: "today", path: "/", reads: "INSIGHT_READ" }] },
  { id: "alerts", icon: "alert", pages: [{ id: "alerts", path: "/alerts", reads: "ALERT_READ" }] },
  {
    id: "approvals", icon: "check",
    pages: [
      { id: "changes", path: "/changes", reads: "CONFIG_READ" },
      { id: "returns", path: "/returns", reads: "RETURN_READ" },
    ],
  },
  { id: "explore", icon: "explore", pages: [{ id: "explore", path: "/explore", reads: "INSIGHT_READ" }] },
  {
    id: "distributors", icon: "house",
    pages: [
      { id: "board", path: "/distributors", reads: "SCORE_READ" },
      { id: "map", path: "/map", reads: "SCORE_READ" },
    ],
  },
  {
    id: "claims", icon: "claim",
    pages: [
      { id: "claims-desk", path: "/claims", reads: "CLAIM_READ" },
      { id: "settlement", path: "/claims/settlement", reads: "CLAIM_READ" },
      { id: "spend", path: "/claims/spend", reads: "SPEND_READ" },
      { id: "control", path: "/claims/control", reads: "CLAIM_READ" },
    ],
  },
  {
    id: "money", icon: "money",
    pages: [
      { id: "bills", path: "/bills", reads: "INVOICE_READ" },
      { id: "receivables", path: "/receivables", reads: "COLLECTION_READ" },
    ],
  },
  { id: "schemes", icon: "scheme", pages: [{ id: "schemes", path: "/schemes", reads: "SCHEME_READ" }] },
  {
    id: "setup", icon: "masters",
    pages: [
      { id: "masters", path: "/masters" },
      { id: "data", path: "/data", reads: "FEED_READ" },
      { id: "imports", path: "/imports", reads: "JOB_READ" },
      { id: "people", path: "/people", reads: "USER_READ" },
    ],
  },
];

/** Every page of the rail, in its order. */
export const PLACES: readonly Place[] = RAIL.flatMap((r) => r.pages);

const under = (path: string, place: Place) => (place.path === "/" ? path === "/" || path === "" : path === place.path || path.startsWith(`${place.path}/`));

/** The entry of the rail that an address lies in. */
export function railEntry(path: string): RailEntry | undefined {
  return RAIL.find((r) => r.pages.some((p) => under(path, p)));
}

/** The page of the rail that an address lies in. */
export function placeOf(path: string): Place | undefined {
  return PLACES.filter((p) => under(path, p)).sort((a, b) => b.path.length - a.path.length)[0];
}
