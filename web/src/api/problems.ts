import type { TFunction } from "i18next";

/** One field or line a problem points at. */
export interface ProblemError {
  pointer: string;
  code?: string;
  detail?: string;
  [more: string]: unknown;
}

interface Base {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  errors?: ProblemError[];
  [more: string]: unknown;
}

/** A gap between what was wanted and what may be sold. */
export interface StockGap {
  line?: number;
  skuId?: number;
  sku?: string;
  wanted?: string;
  available?: string;
}

/** RFC 9457 problems this client has words for; `code` is stable and listed in the integrator's guide. */
export type KnownProblem =
  | (Base & { code: "STOCK_SHORT"; gaps?: StockGap[] })
  | (Base & { code: "CREDIT_LIMIT"; exposure?: string; limit?: string })
  | (Base & { code: "CREDIT_OVERDUE"; days?: number; allowed?: number })
  | (Base & { code: "NOT_REACHED"; since?: number })
  | (Base & { code: "SIGNED_OUT" })
  | (Base & { code: "BAD_CREDENTIALS" })
  | (Base & { code: "FORBIDDEN" })
  | (Base & { code: "NOT_FOUND" })
  | (Base & { code: "TOO_MANY_REQUESTS" })
  | (Base & { code: "STALE" })
  | (Base & { code: "FAULT" });

/** Any problem: one we have words for, or a newer code whose own words we show. */
export type Problem = KnownProblem | (Base & { code: string });

/** The sentence for a problem, in the user's language; an unknown code shows what the server said. */
export function explain(problem: Problem, t: TFunction): string {
  const known = problem as KnownProblem;
  switch (known.code) {
    case "STOCK_SHORT":
      return known.gaps?.length
        ? known.gaps.map((g) => t("problems.STOCK_SHORT_LINE", { sku: g.sku ?? g.skuId ?? "", available: g.available ?? "0", wanted: g.wanted ?? "" })).join("; ")
        : (known.detail ?? t("problems.STOCK_SHORT"));
    case "CREDIT_LIMIT":
      return known.exposure && known.limit
        ? t("problems.CREDIT_LIMIT", { exposure: known.exposure, limit: known.limit })
        : (known.detail ?? t("problems.CREDIT_LIMIT_PLAIN"));
    case "NOT_REACHED":
    case "SIGNED_OUT":
    case "BAD_CREDENTIALS":
    case "FORBIDDEN":
    case "NOT_FOUND":
    case "TOO_MANY_REQUESTS":
    case "STALE":
      return t(`problems.${known.code}`);
    case "FAULT":
      return known.detail ?? t("problems.FAULT");
    case "CREDIT_OVERDUE":
    default:
      return problem.detail ?? problem.title ?? t("problems.FAULT");
  }
}
