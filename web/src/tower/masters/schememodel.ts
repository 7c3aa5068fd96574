import { cmp, dec, text, type Dec } from "../decimal";
import type { Fault } from "./validate";

export type Mechanic = "DISCOUNT" | "WHOLE_SLAB" | "FREE_GOODS";
export type RewardKind = "percent" | "perUnit" | "fixed";
export const STAGES = ["CONTRACT", "LINE", "GROUP", "BILL"] as const;
export const BASES = ["BASE_QTY", "GROSS_VALUE", "NET_VALUE"] as const;

export interface SlabForm {
  from: string;
  value: string;
}

/** A scheme as it is typed: texts, in percent and pieces; {@link schemeBody} turns it into what the rule book reads. */
export interface SchemeForm {
  code: string;
  name: string;
  principal: string;
  validFrom: string;
  validTo: string;
  mechanic: Mechanic;
  stage: string;
  reward: RewardKind;
  amount: string;
  basis: string;
  slabs: SlabForm[];
  buy: string;
  get: string;
  repeat: boolean;
  inside: boolean;
  rewardSku: string;
  cap: string;
  tax: string;
  ifShort: string;
  skus: string[];
  brands: string[];
  categories: string[];
  excluded: string[];
  channels: string[];
  classes: string[];
  groups: string[];
  paymentModes: string[];
  saleTypes: string[];
  registrations: string[];
  stacking: string;
  exclusionGroup: string;
  choice: string;
  priority: string;
  principalShare: string;
  claimable: boolean;
  claimRate: string;
}

export const NEW_SCHEME: SchemeForm = {
  code: "", name: "", principal: "", validFrom: "", validTo: "",
  mechanic: "WHOLE_SLAB", stage: "LINE", reward: "percent", amount: "", basis: "BASE_QTY", slabs: [{ from: "", value: "" }],
  buy: "", get: "", repeat: true, inside: false, rewardSku: "", cap: "", tax: "ZERO_PRICED", ifShort: "REFUSE",
  skus: [], brands: [], categories: [], excluded: [], channels: [], classes: [], groups: [], paymentModes: [], saleTypes: [], registrations: [],
  stacking: "CASCADE", exclusionGroup: "", choice: "BEST_FOR_OUTLET", priority: "100", principalShare: "100", claimable: true, claimRate: "PTS",
};

function shift(value: string, digits: number): string {
  const d = dec(value);
  if (!d) return value;
  const moved: Dec = digits < 0 ? { n: d.n, scale: d.scale - digits } : d.scale >= digits ? { n: d.n, scale: d.scale - digits } : { n: d.n * 10n ** BigInt(digits - d.scale), scale: 0 };
  const out = text(moved);
  return out.includes(".") ? out.replace(/\.?0+$/, "") : out;
}

/** Four percent is the fraction 0.04, exactly. */
export const toFraction = (percent: string): string => shift(percent, -2);
export const toPercent = (fraction: string): string => shift(fraction, 2);

function rewardBody(kind: RewardKind, value: string): Record<string, string> {
  return { [kind]: kind === "percent" ? toFraction(value) : value };
}

/** The scheme as the API takes it; its mechanic is the rule book's own form. */
export function schemeBody(form: SchemeForm): Record<string, unknown> {
  const mechanic =
    form.mechanic === "DISCOUNT" ? { type: "DISCOUNT", reward: rewardBody(form.reward, form.amount) }
    : form.mechanic === "WHOLE_SLAB" ? { type: "WHOLE_SLAB", basis: form.basis, slabs: form.slabs.map((s) => ({ from: s.from, reward: rewardBody(form.reward, s.value) })) }
    : { type: "FREE_GOODS", buy: form.buy, get: form.get, repeat: form.repeat, inside: form.inside, ...(form.rewardSku && !form.inside ? { rewardSku: form.rewardSku } : {}), ...(form.cap ? { capPerInvoice: form.cap } : {}), tax: form.tax, ifShort: form.ifShort };
  return {
    code: form.code.trim(), name: form.name.trim(), principal: form.principal, validFrom: form.validFrom, validTo: form.validTo || null,
    stage: form.mechanic === "FREE_GOODS" ? "FREE_GOODS" : form.stage, mechanic,
    products: { skus: form.skus, brands: form.brands, categories: form.categories, excludedSkus: form.excluded },
    eligibility: { channels: form.channels, classes: form.classes, groups: form.groups, paymentModes: form.paymentModes, saleTypes: form.saleTypes, registrations: form.registrations },
    stacking: form.stacking, exclusionGroup: form.exclusionGroup.trim() || null, choice: form.choice, priority: Number(form.priority || 100),
    principalShare: toFraction(form.principalShare || "0"), claimable: form.claimable, claimRate: form.claimRate,
  };
}

type Any = Record<string, unknown>;
const list = (v: unknown): string[] => (Array.isArray(v) ? v.map((x) => (typeof x === "object" && x ? String((x as Any).code ?? (x as Any).id) : String(x))) : []);
const str = (v: unknown, preset = ""): string => (v === null || v === undefined ? preset : typeof v === "object" ? String((v as Any).code ?? "") : String(v));

function rewardOf(reward: unknown): { kind: RewardKind; value: string } {
  const r = (reward ?? {}) as Any;
  if (r.percent !== undefined) return { kind: "percent", value: toPercent(String(r.percent)) };
  if (r.perUnit !== undefined) return { kind: "perUnit", value: String(r.perUnit) };
  return { kind: "fixed", value: str(r.fixed) };
}

/** A scheme of the server as a form. */
export function schemeForm(record: Any): SchemeForm {
  const m = (record.mechanic && typeof record.mechanic === "object" ? record.mechanic : (record.definition as Any | undefined)?.mechanic ?? {}) as Any;
  const d = { ...((record.definition as Any | undefined) ?? {}), ...record } as Any;
  const products = (d.products ?? {}) as Any;
  const eligibility = (d.eligibility ?? {}) as Any;
  const slabs = (Array.isArray(m.slabs) ? m.slabs : []) as Any[];
  const reward = m.type === "WHOLE_SLAB" ? rewardOf(slabs[0]?.reward) : rewardOf(m.reward);
  return {
    ...NEW_SCHEME,
    code: str(d.code), name: str(d.name), principal: str(d.principal), validFrom: str(d.validFrom), validTo: str(d.validTo),
    mechanic: (m.type as Mechanic | undefined) ?? "DISCOUNT", stage: d.stage === "FREE_GOODS" ? "LINE" : str(d.stage, "LINE"),
    reward: reward.kind, amount: reward.value, basis: str(m.basis, "BASE_QTY"),
    slabs: slabs.length ? slabs.map((s) => ({ from: str(s.from), value: rewardOf(s.reward).value })) : NEW_SCHEME.slabs,
    buy: str(m.buy), get: str(m.get), repeat: m.repeat !== false, inside: m.inside === true, rewardSku: str(m.rewardSku), cap: str(m.capPerInvoice), tax: str(m.tax, "ZERO_PRICED"), ifShort: str(m.ifShort, "REFUSE"),
    skus: list(products.skus), brands: list(products.brands), categories: list(products.categories), excluded: list(products.excludedSkus),
    channels: list(eligibility.channels), classes: list(eligibility.classes), groups: list(eligibility.groups), paymentModes: list(eligibility.paymentModes), saleTypes: list(eligibility.saleTypes), registrations: list(eligibility.registrations),
    stacking: str(d.stacking, "CASCADE"), exclusionGroup: str(d.exclusionGroup), choice: str(d.choice, "BEST_FOR_OUTLET"), priority: str(d.priority, "100"),
    principalShare: d.principalShare === undefined ? "100" : toPercent(String(d.principalShare)), claimable: d.claimable !== false, claimRate: str(d.claimRate, "PTS"),
  };
}

const positive = (value: string): boolean => {
  const d = dec(value);
  return d !== null && d.n > 0n;
};

/** Faults that stop a scheme, by pointer of the field. */
export function schemeFaults(form: SchemeForm): Map<string, Fault> {
  const faults = new Map<string, Fault>();
  const need = (name: keyof SchemeForm) => {
    if (!String(form[name] ?? "").trim()) faults.set(`/${name}`, { key: "form.bad.required" });
  };
  need("code");
  need("name");
  need("principal");
  need("validFrom");
  need("validTo");
  if (form.validFrom && form.validTo && form.validTo < form.validFrom) faults.set("/validTo", { key: "form.bad.period" });
  const amount = (pointer: string, value: string) => {
    if (!positive(value)) faults.set(pointer, { key: "form.bad.positive" });
    else if (form.reward === "percent" && cmp(dec(value)!, dec("100")!) > 0) faults.set(pointer, { key: "form.bad.most", values: { max: 100 } });
  };
  if (form.mechanic === "DISCOUNT") amount("/amount", form.amount);
  if (form.mechanic === "WHOLE_SLAB") {
    if (form.slabs.length === 0) faults.set("/slabs", { key: "scheme.bad.noSlab" });
    form.slabs.forEach((slab, i) => {
      const from = dec(slab.from);
      if (!from || from.n < 0n) faults.set(`/slabs/${i}/from`, { key: "form.bad.number" });
      const before = i > 0 ? dec(form.slabs[i - 1]!.from) : null;
      if (from && before && cmp(from, before) <= 0) faults.set(`/slabs/${i}/from`, { key: "scheme.bad.rise", values: { from: form.slabs[i - 1]!.from } });
      amount(`/slabs/${i}/value`, slab.value);
    });
  }
  if (form.mechanic === "FREE_GOODS") {
    if (!positive(form.buy)) faults.set("/buy", { key: "form.bad.positive" });
    if (!positive(form.get)) faults.set("/get", { key: "form.bad.positive" });
    if (form.cap && !positive(form.cap)) faults.set("/cap", { key: "form.bad.positive" });
  }
  const share = dec(form.principalShare);
  if (!share || share.n < 0n || cmp(share, dec("100")!) > 0) faults.set("/principalShare", { key: "form.bad.between", values: { min: 0, max: 100 } });
  if (!/^\d{1,6}$/.test(form.priority)) faults.set("/priority", { key: "form.bad.whole" });
  return faults;
}

/** Set-up hints of domain/04 section 4.4 that need no data: they warn, they do not stop. */
export function schemeHints(form: SchemeForm): { key: string; values: Record<string, string> }[] {
  const hints: { key: string; values: Record<string, string> }[] = [];
  if (form.mechanic === "WHOLE_SLAB" && form.reward === "percent" && form.basis === "BASE_QTY") {
    // Dead zone: one piece more, and the whole costs less than before (PX-20).
    form.slabs.forEach((slab, i) => {
      const from = dec(slab.from);
      const rate = dec(slab.value);
      const lower = i === 0 ? dec("0") : dec(form.slabs[i - 1]!.value);
      if (!from || !rate || !lower || from.n <= 10n ** BigInt(from.scale)) return;
      const scale = Math.max(rate.scale, lower.scale);
      const up = (d: Dec) => d.n * 10n ** BigInt(scale - d.scale);
      const hundred = 100n * 10n ** BigInt(scale);
      const one = 10n ** BigInt(from.scale);
      if (from.n * (hundred - up(rate)) < (from.n - one) * (hundred - up(lower))) hints.push({ key: "scheme.hint.dead", values: { from: slab.from } });
    });
    form.slabs.forEach((slab, i) => {
      const rate = dec(slab.value);
      const before = i > 0 ? dec(form.slabs[i - 1]!.value) : null;
      if (rate && before && cmp(rate, before) <= 0) hints.push({ key: "scheme.hint.flat", values: { from: slab.from } });
    });
  }
  if (form.mechanic === "FREE_GOODS" && positive(form.buy) && positive(form.get) && cmp(dec(form.get)!, dec(form.buy)!) >= 0) hints.push({ key: "scheme.hint.rich", values: { buy: form.buy, get: form.get } });
  if (!form.skus.length && !form.brands.length && !form.categories.length) hints.push({ key: "scheme.hint.everything", values: {} });
  return hints;
}
