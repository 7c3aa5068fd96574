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

/**
 * The sentence for a problem, in the user's language. English prefers the server's own sentence about this occurrence;
 * another language has a sentence of its own for every code we know, and shows the server's where it has none.
 */
export function explain(problem: Problem, t: TFunction): string {
  const known = problem as KnownProblem;
  switch (known.code) {
    case "STOCK_SHORT":
      if (known.gaps?.length) return known.gaps.map((g) => t("problems.STOCK_SHORT_LINE", { sku: g.sku ?? g.skuId ?? "", available: g.available ?? "0", wanted: g.wanted ?? "" })).join("; ");
      break;
    case "CREDIT_LIMIT":
      if (known.exposure && known.limit) return t("problems.CREDIT_LIMIT_VALUES", { exposure: known.exposure, limit: known.limit });
      break;
    case "CREDIT_OVERDUE":
      if (known.days !== undefined) return t("problems.CREDIT_OVERDUE_VALUES", { days: known.days, allowed: known.allowed ?? 0 });
      break;
    case "NOT_REACHED":
    case "SIGNED_OUT":
    case "BAD_CREDENTIALS":
    case "FORBIDDEN":
    case "NOT_FOUND":
    case "TOO_MANY_REQUESTS":
    case "STALE":
      return t(`problems.${known.code}`);
    case "FAULT":
      break;
    default:
      break;
  }
  const own = t(`problems.${problem.code}`, { defaultValue: "" });
  const said = problem.detail ?? problem.title;
  return (t("problems.serverWordsFit") === "yes" ? said || own : own || said) || t("problems.FAULT");
}
