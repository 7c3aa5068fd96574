import { dec } from "../decimal";
import type { Formats } from "../format";
import { isEverything, type Goods, type GoodsSet } from "./goods";
import { FLAGS, LIMIT_SCOPES, rewardsOf, type Condition, type SchemeForm } from "./model";
import type { Say } from "./texts";

/** One thing the scheme says, in the words of a shopkeeper; slabs come as rows. */
export interface Sentence {
  id: string;
  text: string;
  rows?: [string, string][];
}

/** Names of what a scheme names by code or id. */
export interface Naming {
  goods: Goods;
  distributor?: (code: string) => string;
}

const GAP = "…";

export function goodsText(set: GoodsSet, goods: Goods, t: Say, all: string): string {
  const name = (map: Map<string, { name: string }>) => (code: string) => map.get(code)?.name ?? code;
  const some = (names: string[]) => (names.length > 4 ? t("says.andMore", { names: names.slice(0, 3).join(", "), count: names.length - 3 }) : names.join(", "));
  const inn = isEverything(set) ? all : some([...set.categoryIds.map(name(goods.categories)), ...set.brandIds.map(name(goods.brands)), ...set.skuIds.map(name(goods.skus))]);
  const out = [...set.excludedCategoryIds.map(name(goods.categories)), ...set.excludedBrandIds.map(name(goods.brands)), ...set.excludedSkuIds.map(name(goods.skus))];
  return out.length ? t("says.butNot", { goods: inn, out: some(out) }) : inn;
}

/** What one reward is, such as `4 % off`. */
export function rewardText(form: Pick<SchemeForm, "rewardType" | "kind" | "basis">, value: string, t: Say, f: Formats): string {
  if (!dec(value)) return GAP;
  const later = form.kind === "QPS" || form.kind === "TOD";
  const count = form.rewardType === "PER_COUNT" ? t(`says.per.${form.basis}`) : "";
  return t(`says.reward.${form.rewardType}${later ? "Later" : ""}`, { value: form.rewardType === "PERCENT" ? f.qty(value) : f.rupees(value), per: count });
}

/** How much of the basis, such as `36 pieces`. */
export function amountText(basis: string, value: string, t: Say, f: Formats, unit = ""): string {
  if (!dec(value)) return GAP;
  if (basis === "GROSS_VALUE" || basis === "NET_VALUE") return f.rupees(value).replace(/\.00$/, "");
  return t(`says.amount.${basis}`, { value: f.qty(value), count: Number(value), unit: unit || t("says.cases") });
}

/** The whole scheme in sentences; what is not yet filled in shows as a gap. */
export function summarise(form: SchemeForm, naming: Naming, t: Say, f: Formats): Sentence[] {
  const list: Sentence[] = [];
  const q = (v: string) => (dec(v) ? f.qty(v) : GAP);
  const money = (v: string) => (dec(v) ? f.rupees(v).replace(/\.00$/, "") : GAP);
  const goods = goodsText(form.products, naming.goods, t, t("says.everything"));
  const add = (id: string, text: string, rows?: [string, string][]) => list.push(rows ? { id, text, rows } : { id, text });
  const slabs = (): [string, string][] => form.slabs.map((s) => [
    form.growth && (form.kind === "QPS" || form.kind === "TOD") ? t("says.growthFrom", { from: q(s.from) }) : t("says.from", { amount: amountText(form.basis, s.from, t, f, form.unit) }), rewardText(form, s.value, t, f)]);
  switch (form.kind) {
    case "DISCOUNT": add("offer", t(form.rewardType === "FIXED" && (form.stage === "BILL" || form.stage === "GROUP") ? "says.discountOnce" : "says.discount", { reward: rewardText(form, form.rewardValue, t, f), goods })); break;
    case "WHOLE_SLAB": add("offer", t("says.wholeSlab", { goods }), slabs()); break;
    case "VALUE_SLAB": add("offer", t(form.stage === "BILL" ? "says.valueSlabBill" : "says.valueSlab", { goods }), slabs()); break;
    case "INCREMENTAL_SLAB": add("offer", t("says.incrementalSlab", { goods }), slabs()); break;
    case "FREE_GOODS": {
      const of = form.inside || form.rewardSkus.length === 0 ? t("says.same") : form.rewardSkus.length === 1 ? (naming.goods.skus.get(form.rewardSkus[0]!)?.name ?? form.rewardSkus[0]!) : t("says.choice", { names: form.rewardSkus.map((s) => naming.goods.skus.get(s)?.name ?? s).join(", ") });
      add("offer", [t(form.inside ? "says.freeInside" : "says.free", { buy: amountText(form.basis, form.buy, t, f, form.unit), get: q(form.get), goods, of }), t(form.repeat ? "says.repeat" : "says.once"), form.capPerInvoice ? t("says.cap", { cap: q(form.capPerInvoice) }) : ""].filter(Boolean).join(" "));
      if (form.tax) add("tax", t(`freeTaxMeans.${form.tax}`));
      break;
    }
    case "CHEAPEST_FREE": add("offer", [t("says.cheapest", { buy: q(form.buy), get: q(form.get), goods }), t(form.repeat ? "says.repeat" : "says.once")].join(" ")); break;
    case "COMBO":
      if (form.groups.length) add("offer", t(form.repeat ? "says.comboSets" : "says.comboGroups", { reward: rewardText(form, form.rewardValue, t, f) }), form.groups.map((g) => [goodsText(g.products, naming.goods, t, t("says.everything")), t("says.atLeast", { count: Number(g.qty || 0), qty: q(g.qty) })]));
      else add("offer", t("says.comboDistinct", { count: q(form.minDistinct), each: form.minEach ? t("says.eachAtLeast", { qty: q(form.minEach) }) : "", goods, reward: rewardText(form, form.rewardValue, t, f) }).replace(/ +/g, " ").trim());
      break;
    case "BUNDLE_PRICE": add("offer", [t("says.bundle", { price: money(form.price) }), t(form.repeat ? "says.repeatSet" : "says.once")].join(" "), form.components.map((c) => [goodsText(c.products, naming.goods, t, t("says.everything")), t("says.pieces", { qty: q(c.qty) })])); break;
    case "PER_CASE_REBATE": add("offer", t(form.perKg ? "says.perKg" : "says.perCase", { amount: money(form.amount), unit: form.unit && form.unit !== "CASE" ? form.unit : t("says.case"), goods })); if (form.stage === "ACCRUAL" && form.cumulative) add("carry", t("says.carried", { period: t(`period.${form.period}`) })); break;
    case "QPS": case "TOD": add("offer", t(form.growth ? "says.qpsGrowth" : `says.qps${form.method === "INCREMENTAL" ? "Bands" : ""}`, { goods, period: t(`periodOf.${form.period}`) }), slabs()); if (form.growth) add("growth", t("says.growthBase", { min: form.minBase ? money(form.minBase) : "–", floor: form.floorBase ? money(form.floorBase) : "–" })); break;
    case "POINTS": add("offer", t("says.points", { points: q(form.points), per: amountText(form.basis, form.per, t, f, form.unit), goods })); break;
    case "CASH_DISCOUNT": add("offer", t("says.cash"), form.terms.map((r) => [t("says.within", { days: r.days || GAP, count: Number(r.days || 0) }), dec(r.percent) ? `${f.qty(r.percent)} %` : GAP])); break;
    case "DISPLAY": add("offer", t("says.display", { amount: money(form.amount), period: t(`periodOf.${form.period}`), audits: form.audits || GAP, pass: form.passScore || GAP, payout: t(`says.payout.${form.payout}`) })); break;
    case null: return [];
  }
  add("period", t("says.period", { from: form.validFrom ? f.date(form.validFrom) : GAP, to: form.validTo ? f.date(form.validTo) : GAP }));
  const who = form.asked.map((c) => conditionText(form, c, naming, t)).filter(Boolean);
  add("who", who.length ? t("says.who", { who: who.join("; ") }) : t(form.level === "DISTRIBUTOR" ? "says.everyDistributor" : "says.everybody"));
  const limits = LIMIT_SCOPES.map((s) => {
    const l = form.limits[s];
    const parts = [l.amount && money(l.amount), l.freeQty && t("says.freeUnits", { qty: q(l.freeQty) }), s === "perOutlet" && l.times && t("says.times", { count: Number(l.times), qty: l.times })].filter(Boolean);
    return parts.length ? t(`says.limit.${s}`, { what: parts.join(t("says.and")), period: t(`periodOf.${l.period || "SCHEME"}`) }) : "";
  }).filter(Boolean);
  if (limits.length) add("limits", `${limits.join(" ")} ${t(`whenCutMeans.${form.whenCut}`)}`);
  const share = dec(form.principalSharePercent);
  if (share) add("money", t(form.principalSharePercent === "100" ? "says.allPaid" : form.principalSharePercent === "0" ? "says.nonePaid" : "says.shared", { principal: form.principal || t("says.principal"), share: f.qty(form.principalSharePercent), rest: f.qty(String(100 - Number(form.principalSharePercent))) }));
  if (form.exclusionGroup.trim()) add("together", t(form.choice === "PRIORITY" ? "says.groupPriority" : "says.groupBest", { group: form.exclusionGroup.trim() }));
  return list;
}

/** One condition in words. */
export function conditionText(form: SchemeForm, c: Condition, naming: Naming, t: Say): string {
  if ((FLAGS as readonly string[]).includes(c)) return t(`conditionSays.${c}`);
  if (c === "dayparts") {
    const parts = form.dayparts.filter((d) => d.from && d.to).map((d) => `${d.from}–${d.to}`);
    return parts.length ? t("conditionSays.dayparts", { values: parts.join(", ") }) : "";
  }
  const values = form.lists[c as keyof SchemeForm["lists"]];
  if (!values.length) return "";
  if (c === "outletIds" || c === "excludedOutletIds") return t(`conditionSays.${c}`, { count: values.length });
  const shown = values.map((v) => (c === "distributorIds" ? (naming.distributor?.(v) ?? v) : c === "channels" ? t(`choice.channel.${v}`, { defaultValue: v }) : t(`value.${c}.${v}`, { defaultValue: v })));
  return t(`conditionSays.${c}`, { values: shown.join(", ") });
}

export { rewardsOf };
