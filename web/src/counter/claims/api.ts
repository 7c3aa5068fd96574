import { api } from "../../api/client";
import { itemsOf, type Claim, type ClaimDetail, type ClaimLine, type Page, type Reason, type Step, type Summary } from "../../claims/api";
import type { LocalStore } from "../../offline/db";
import { isPositive } from "../../ui/decimal";
import { forgetOthers, keptOf, refresh } from "../kept";

/** A claim with what its screen shows beside it: its first lines, those that were cut, and its history. */
export interface KeptClaim { detail: ClaimDetail; lines: ClaimLine[]; more: boolean; cuts: ClaimLine[]; steps: Step[] }

export const OPEN: readonly Claim["status"][] = ["DRAFT", "SUBMITTED", "AUTO_VALIDATED", "IN_REVIEW", "QUERY", "APPROVED", "PARTLY_APPROVED", "DISPUTED", "APPEALED"];
const PAGES = 5;
const MOST = 60;
/** A decision is disputed within 30 days and the next appealed within 15. */
const DISPUTABLE = 45 * 86_400_000;

export const LIST = "claims.list";
export const SUMMARY = "claims.summary";
export const REASONS = "claims.reasons";
export const keyOf = (id: string) => `claims.one.${id}`;

/** The newest two hundred, and older ones that are still open. */
export const askClaims = (distributorId: number) => async (): Promise<Claim[]> => {
  const all: Claim[] = [];
  let cursor: string | null = null;
  for (let turn = 0; turn < PAGES; turn++) {
    const page: Page<Claim> = await api<Page<Claim>>("/api/v1/claims", { query: { distributorId, sort: "-draftedAt", limit: 200, cursor } });
    all.push(...(turn === 0 ? page.items : page.items.filter((c) => OPEN.includes(c.status))));
    cursor = page.next;
    if (!cursor) break;
  }
  return all;
};

export const askSummary = (distributorId: number) => () => api<Summary>("/api/v1/claims/summary", { query: { distributorId } });
export const askReasons = async () => itemsOf(await api<Page<Reason> | Reason[]>("/api/v1/claims/reasons"));

export const askClaim = (id: string) => async (): Promise<KeptClaim> => {
  const at = (more = "") => `/api/v1/claims/${id}${more}`;
  const [detail, lines, cuts, steps] = await Promise.all([
    api<ClaimDetail>(at()), api<Page<ClaimLine>>(at("/lines"), { query: { limit: 20 } }), api<Page<ClaimLine>>(at("/lines"), { query: { cutOnly: true, limit: 50 } }), api<Page<Step> | Step[]>(at("/history")),
  ]);
  return { detail, lines: lines.items, more: lines.next !== null, cuts: cuts.items, steps: itemsOf(steps) };
};

/** Whether somebody may have to do something with it while the network is away. */
function mattersOffline(claim: Claim, now: number): boolean {
  if (OPEN.includes(claim.status)) return true;
  const decided = claim.decidedAt ? Date.parse(claim.decidedAt) : 0;
  return (claim.status === "REJECTED" || (claim.status === "SETTLED" && claim.cut !== null && isPositive(claim.cut))) && now - decided < DISPUTABLE;
}

/** Keeps the open claims whole, so that each can be read and its next step be taken without network; only what has changed is asked for. */
export async function keepOpenClaims(store: LocalStore, distributorId: number): Promise<void> {
  const all = await refresh(store, LIST, askClaims(distributorId));
  await Promise.all([refresh(store, SUMMARY, askSummary(distributorId)), refresh(store, REASONS, askReasons)]);
  const now = Date.now();
  const yours = (claim: Claim) => (claim.status === "DRAFT" || claim.status === "QUERY" ? 0 : 1);
  const wanted = all.filter((claim) => mattersOffline(claim, now)).sort((a, b) => yours(a) - yours(b)).slice(0, MOST);
  for (const claim of wanted) {
    const before = await keptOf<KeptClaim>(store, keyOf(claim.id));
    if (before?.value.detail.version !== claim.version) await refresh(store, keyOf(claim.id), askClaim(claim.id));
  }
  await forgetOthers(store, "claims.one.", new Set(all.map((claim) => keyOf(claim.id))));
}
