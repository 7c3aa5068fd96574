import type { Failing, NextStep } from "../../rules";
import { dec, toPercent } from "../decimal";
import type { Formats } from "../format";
import type { Say } from "./texts";

/** A condition that fails, with what was asked and what was found. */
export function failText(x: Failing, t: Say, f: Formats, basis = ""): string {
  const money = basis === "NET_VALUE" || basis === "GROSS_VALUE";
  const figure = (v: string | null) => (v !== null && dec(v) ? (money && x.condition === "THRESHOLD" ? f.rupees(v) : f.qty(v)) : (v ?? "–"));
  return t(`fails.${x.condition}`, { wanted: figure(x.wanted), found: figure(x.found), defaultValue: x.condition });
}

/** The next step in words: `12 pieces more earn 4 %`. */
export function stepText(next: NextStep, moreQty: string | null, t: Say, f: Formats): string {
  const basis = next.basis ?? "BASE_QTY";
  const more = moreQty !== null ? t("says.amount.BASE_QTY", { value: f.qty(moreQty), count: Number(moreQty) })
    : basis === "NET_VALUE" || basis === "GROSS_VALUE" ? f.rupees(next.more)
    : t(`says.amount.${basis}`, { value: f.qty(next.more), count: Number(next.more), unit: t("says.cases") });
  const reward = next.kind === "PERCENT" ? `${f.qty(toPercent(next.reward))} %` : next.kind === "FREE_QTY" ? t("says.freeUnits", { qty: f.qty(next.reward) }) : next.kind === "POINTS" ? t("try.points", { points: f.qty(next.reward) }) : f.rupees(next.reward);
  return t("try.next", { more, reward });
}
