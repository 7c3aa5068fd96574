import { cmp, dec, sub, text, type Dec } from "../decimal";
import type { Fault } from "./validate";

export const MECHANICS = ["M1", "M2", "M4"] as const;
export type Mechanic = (typeof MECHANICS)[number];
export const REWARDS = ["PERCENT", "PER_UNIT", "FIXED"] as const;
export type RewardType = (typeof REWARDS)[number];
export const STAGES = ["CONTRACT", "LINE", "GROUP", "BILL"] as const;
export const BASES = ["BASE_QTY", "GROSS_VALUE", "NET_VALUE"] as const;

export interface SlabForm {
  from: string;
  value: string;
}

/** A scheme as it is typed: texts, in percent and pieces; {@link schemeBody} makes of it what the API takes. */
export interface SchemeForm {
  code: string;
  name: string;
  principal: string;
  validFrom: string;
  validTo: string;
  mechanic: Mechanic;
  stage: string;
  rewardType: RewardType;
  rewardValue: string;
  basis: string;
  slabs: SlabForm[];
  buy: string;
  get: string;
  repeat: boolean;
  inside: boolean;
  rewardSku: string;
  capPerInvoice: string;
  freeTax: string;
  ifShort: string;
  skus: string[];
  brands: string[];
  categories: string[];
  excludedSkus: string[];
  channels: string[];
  classes: string[];
  groups: string[];
  outletIds: string[];
  paymentModes: string[];
  saleTypes: string[];
  registrations: string[];
  stacking: string;
  exclusionGroup: string;
  choice: string;
  priority: string;
  principalSharePercent: string;
  claimable: boolean;
  claimRate: string;
}

export const NEW_SCHEME: SchemeForm = {
  code: "", name: "", principal: "", validFrom: "", validTo: "",
  mechanic: "M2", stage: "LINE", rewardType: "PERCENT", rewardValue: "", basis: "BASE_QTY", slabs: [{ from: "", value: "" }],
  buy: "", get: "", repeat: true, inside: false, rewardSku: "", capPerInvoice: "", freeTax: "", ifShort: "REFUSE",
  skus: [], brands: [], categories: [], excludedSkus: [], channels: [], classes: [], groups: [], outletIds: [], paymentModes: [], saleTypes: [], registrations: [],
  stacking: "CASCADE", exclusionGroup: "", choice: "BEST_FOR_OUTLET", priority: "100", principalSharePercent: "100", claimable: true, claimRate: "PTS",
};

function shift(value: string, digits: number): string {
  const d = dec(value);
  if (!d) return value;
  const moved: Dec = digits < 0 ? { n: d.n, scale: d.scale - digits } : d.scale >= digits ? { n: d.n, scale: d.scale - digits } : { n: d.n * 10n ** BigInt(digits - d.scale), scale: 0 };
  const out = text(moved);
  return out.includes(".") ? out.replace(/\.?0+$/, "") : out;
}

/** The fraction 0.04 is four percent, exactly. */
export const toPercent = (fraction: string): string => shift(fraction, 2);

/** Where a slab ends, so that there is no gap and no overlap: one piece before the next, or at the value where it begins. */
function endOf(form: SchemeForm, i: number): string | null {
  const from = dec(form.slabs[i]!.from);
  const next = dec(form.slabs[i + 1]?.from);
  if (!from || !next) return null;
  if (form.basis !== "BASE_QTY") return text(next);
  const pieces = [from, next].every((d) => d.n % 10n ** BigInt(d.scale) === 0n);
  return text(sub(next, dec(pieces ? "1" : "0.001")!));
}

/** The scheme as the API takes it: flat, in percent and codes, with only what its mechanic knows. */
export function schemeBody(form: SchemeForm): Record<string, unknown> {
  const free = form.mechanic === "M4";
  return {
    code: form.code.trim(), name: form.name.trim(), principal: form.principal, mechanic: form.mechanic, validFrom: form.validFrom || null, validTo: form.validTo || null,
    stage: free ? "FREE_GOODS" : form.stage,
    skus: form.skus, brands: form.brands, categories: form.categories, excludedSkus: form.excludedSkus,
    channels: form.channels, classes: form.classes, groups: form.groups, outletIds: form.outletIds, paymentModes: form.paymentModes, saleTypes: form.saleTypes, registrations: form.registrations,
    stacking: form.stacking, exclusionGroup: form.exclusionGroup.trim() || null, choice: form.choice, priority: Number(form.priority || 100),
    principalSharePercent: form.principalSharePercent || "0", claimable: form.claimable, claimRate: form.claimRate,
    rewardType: form.mechanic === "M1" ? form.rewardType : null,
    rewardValue: form.mechanic === "M1" ? form.rewardValue : null,
    basis: form.mechanic === "M2" ? form.basis : null,
    slabs: form.mechanic === "M2" ? form.slabs.map((s, i) => ({ from: s.from, to: endOf(form, i), rewardType: form.rewardType, value: s.value })) : [],
    buy: free ? form.buy : null, get: free ? form.get : null, repeat: free && form.repeat, inside: free && form.inside,
    rewardSku: free && !form.inside && form.rewardSku ? form.rewardSku : null, capPerInvoice: free && form.capPerInvoice ? form.capPerInvoice : null,
    freeTax: free ? form.freeTax || null : null, ifShort: free ? form.ifShort : null,
  };
}

type Any = Record<string, unknown>;
const list = (v: unknown): string[] => (Array.isArray(v) ? v.map(String) : []);
const trim = (v: unknown, preset = ""): string => {
  if (v === null || v === undefined) return preset;
  const t = String(v);
  return /^-?\d+\.\d+$/.test(t) ? t.replace(/\.?0+$/, "") : t;
};

/** A scheme of the server as a form; the view carries the form it was made with. */
export function schemeForm(record: Any): SchemeForm {
  const d = (record.scheme && typeof record.scheme === "object" ? record.scheme : record) as Any;
  const slabs = (Array.isArray(d.slabs) ? d.slabs : []) as Any[];
  return {
    ...NEW_SCHEME,
    code: trim(d.code), name: String(d.name ?? ""), principal: trim(d.principal), mechanic: (d.mechanic as Mechanic | undefined) ?? "M1", validFrom: trim(d.validFrom), validTo: trim(d.validTo),
    stage: d.stage && d.stage !== "FREE_GOODS" ? String(d.stage) : "LINE",
    rewardType: ((slabs[0]?.rewardType ?? d.rewardType) as RewardType | undefined) ?? "PERCENT", rewardValue: trim(d.rewardValue),
    basis: trim(d.basis, "BASE_QTY"), slabs: slabs.length ? slabs.map((s) => ({ from: trim(s.from), value: trim(s.value) })) : NEW_SCHEME.slabs,
    buy: trim(d.buy), get: trim(d.get), repeat: d.repeat === true || d.mechanic !== "M4", inside: d.inside === true, rewardSku: trim(d.rewardSku), capPerInvoice: trim(d.capPerInvoice), freeTax: trim(d.freeTax), ifShort: trim(d.ifShort, "REFUSE"),
    skus: list(d.skus), brands: list(d.brands), categories: list(d.categories), excludedSkus: list(d.excludedSkus),
    channels: list(d.channels), classes: list(d.classes), groups: list(d.groups), outletIds: list(d.outletIds), paymentModes: list(d.paymentModes), saleTypes: list(d.saleTypes), registrations: list(d.registrations),
    stacking: trim(d.stacking, "CASCADE"), exclusionGroup: trim(d.exclusionGroup), choice: trim(d.choice, "BEST_FOR_OUTLET"), priority: trim(d.priority, "100"),
    principalSharePercent: trim(d.principalSharePercent, "100"), claimable: d.claimable !== false, claimRate: trim(d.claimRate, "PTS"),
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
    else if (form.rewardType === "PERCENT" && cmp(dec(value)!, dec("100")!) > 0) faults.set(pointer, { key: "form.bad.most", values: { max: 100 } });
  };
  if (form.mechanic === "M1") amount("/rewardValue", form.rewardValue);
  if (form.mechanic === "M2") {
    if (form.slabs.length === 0) faults.set("/slabs", { key: "scheme.bad.noSlab" });
    form.slabs.forEach((slab, i) => {
      const from = dec(slab.from);
      if (!from || from.n < 0n) faults.set(`/slabs/${i}/from`, { key: "form.bad.number" });
      const before = i > 0 ? dec(form.slabs[i - 1]!.from) : null;
      if (from && before && cmp(from, before) <= 0) faults.set(`/slabs/${i}/from`, { key: "scheme.bad.rise", values: { from: form.slabs[i - 1]!.from } });
      amount(`/slabs/${i}/value`, slab.value);
    });
  }
  if (form.mechanic === "M4") {
    if (!positive(form.buy)) faults.set("/buy", { key: "form.bad.positive" });
    if (!positive(form.get)) faults.set("/get", { key: "form.bad.positive" });
    if (form.capPerInvoice && !positive(form.capPerInvoice)) faults.set("/capPerInvoice", { key: "form.bad.positive" });
    // How free goods are taxed is decided by whoever answers for tax; there is no default (EX-11).
    if (!form.freeTax) faults.set("/freeTax", { key: "form.bad.required" });
  }
  const share = dec(form.principalSharePercent);
  if (!share || share.n < 0n || cmp(share, dec("100")!) > 0) faults.set("/principalSharePercent", { key: "form.bad.between", values: { min: 0, max: 100 } });
  if (!/^\d{1,6}$/.test(form.priority)) faults.set("/priority", { key: "form.bad.whole" });
  return faults;
}

/** Set-up hints of domain/04 section 4.4 that need no data: they warn, they do not stop. */
export function schemeHints(form: SchemeForm): { key: string; values: Record<string, string> }[] {
  const hints: { key: string; values: Record<string, string> }[] = [];
  if (form.mechanic === "M2" && form.rewardType === "PERCENT" && form.basis === "BASE_QTY") {
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
  if (form.mechanic === "M4" && positive(form.buy) && positive(form.get) && cmp(dec(form.get)!, dec(form.buy)!) >= 0) hints.push({ key: "scheme.hint.rich", values: { buy: form.buy, get: form.get } });
  if (!form.skus.length && !form.brands.length && !form.categories.length) hints.push({ key: "scheme.hint.everything", values: {} });
  return hints;
}
