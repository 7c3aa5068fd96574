import { cmp, dec, toFraction, toPercent } from "../decimal";
import type { Content, Limit, Limits, Products } from "./api";
import { EVERYTHING, type GoodsSet } from "./goods";

/** What a scheme can do, as a manager chooses it; each is a mechanic of domain/04 (PX-20). */
export const KINDS = [
  "DISCOUNT", "WHOLE_SLAB", "INCREMENTAL_SLAB", "FREE_GOODS", "CHEAPEST_FREE", "COMBO", "BUNDLE_PRICE", "VALUE_SLAB", "PER_CASE_REBATE",
  "QPS", "TOD", "CASH_DISCOUNT", "DISPLAY", "POINTS",
] as const;
export type Kind = (typeof KINDS)[number];

export const CODE_OF: Record<Kind, string> = {
  DISCOUNT: "M1", WHOLE_SLAB: "M2", INCREMENTAL_SLAB: "M3", FREE_GOODS: "M4", CHEAPEST_FREE: "M4", COMBO: "M5", VALUE_SLAB: "M6", BUNDLE_PRICE: "M7",
  QPS: "M8", TOD: "M8", DISPLAY: "M9", CASH_DISCOUNT: "M10", PER_CASE_REBATE: "M11", POINTS: "M12",
};

/** How the cards are laid out: what happens on the bill, and what is paid later. */
export const FAMILIES: readonly { id: string; kinds: readonly Kind[] }[] = [
  { id: "bill", kinds: ["DISCOUNT", "WHOLE_SLAB", "INCREMENTAL_SLAB", "FREE_GOODS", "CHEAPEST_FREE", "COMBO", "BUNDLE_PRICE", "VALUE_SLAB", "PER_CASE_REBATE"] },
  { id: "later", kinds: ["QPS", "TOD", "CASH_DISCOUNT", "DISPLAY", "POINTS"] },
];

/** Stages a mechanic may work at, the usual one first (PX-21). */
export const STAGES_OF: Record<Kind, readonly string[]> = {
  DISCOUNT: ["LINE", "CONTRACT", "GROUP", "BILL"], WHOLE_SLAB: ["LINE", "CONTRACT", "GROUP", "BILL"], INCREMENTAL_SLAB: ["LINE", "CONTRACT", "GROUP", "BILL"],
  VALUE_SLAB: ["BILL", "GROUP"], FREE_GOODS: ["FREE_GOODS"], CHEAPEST_FREE: ["GROUP", "LINE"], COMBO: ["GROUP", "BILL"], BUNDLE_PRICE: ["GROUP", "BILL"],
  PER_CASE_REBATE: ["LINE", "CONTRACT", "ACCRUAL"], QPS: ["ACCRUAL"], TOD: ["ACCRUAL"], CASH_DISCOUNT: ["ACCRUAL"], DISPLAY: ["ACCRUAL"], POINTS: ["ACCRUAL"],
};

export const BASES_OF: Partial<Record<Kind, readonly string[]>> = {
  WHOLE_SLAB: ["BASE_QTY", "CASES", "WEIGHT", "GROSS_VALUE", "NET_VALUE", "DISTINCT"], INCREMENTAL_SLAB: ["BASE_QTY", "CASES", "WEIGHT", "GROSS_VALUE", "NET_VALUE"],
  VALUE_SLAB: ["NET_VALUE", "GROSS_VALUE"], FREE_GOODS: ["BASE_QTY", "CASES", "WEIGHT", "GROSS_VALUE", "NET_VALUE"],
  QPS: ["NET_VALUE", "GROSS_VALUE", "BASE_QTY", "CASES", "WEIGHT"], TOD: ["NET_VALUE", "GROSS_VALUE", "BASE_QTY", "CASES", "WEIGHT"], POINTS: ["NET_VALUE", "GROSS_VALUE", "BASE_QTY", "CASES"],
};

export const REWARDS = ["PERCENT", "PER_UNIT", "FIXED", "PER_COUNT"] as const;
export type RewardType = (typeof REWARDS)[number];
const MEMBER: Record<RewardType, string> = { PERCENT: "percent", PER_UNIT: "perUnit", FIXED: "fixed", PER_COUNT: "perCount" };
export const PERIODS = ["MONTH", "QUARTER", "YEAR", "FISCAL_YEAR", "SCHEME"] as const;
export const FREE_TAX = ["ZERO_PRICED", "SINGLE_PRICE_ALLOCATED", "MIXED_SUPPLY"] as const;
export const IF_SHORT = ["REFUSE", "VALUE_AT_PTR", "SUBSTITUTE"] as const;
export const RETURNS = ["PROPORTIONAL", "RECOMPUTE", "NONE"] as const;

/** Conditions on the outlet and the bill; each shows only when it is asked for. */
export const LISTS = [
  "channels", "classes", "groups", "territories", "zones", "stateCodes", "distributorIds", "warehouseIds", "outletIds", "excludedOutletIds", "paymentModes", "saleTypes", "orderSources", "registrations", "weekdays",
] as const;
export type ListName = (typeof LISTS)[number];
export const FLAGS = ["firstOrderOnly", "mslCompliantOnly"] as const;
export type FlagName = (typeof FLAGS)[number];
export type Condition = ListName | FlagName | "dayparts";
export const CONDITIONS: readonly Condition[] = [
  "channels", "classes", "groups", "territories", "zones", "stateCodes", "distributorIds", "warehouseIds", "outletIds", "excludedOutletIds", "paymentModes", "saleTypes", "orderSources", "registrations", "firstOrderOnly", "mslCompliantOnly", "weekdays", "dayparts",
];

export type SlabRow = { from: string; value: string };
export type TermRow = { days: string; percent: string };
export type PartRow = { products: GoodsSet; qty: string };
export type LimitForm = { amount: string; freeQty: string; times: string; period: string };
export const LIMIT_SCOPES = ["perInvoice", "perOutlet", "perDistributor", "total"] as const;
export type LimitScope = (typeof LIMIT_SCOPES)[number];

/** A scheme as it is typed: texts, in percent and pieces; {@link contentOf} makes of it what the API takes. */
export interface SchemeForm {
  code: string;
  name: string;
  principal: string;
  validFrom: string;
  validTo: string;
  kind: Kind | null;
  stage: string;
  level: string;
  settlement: string;
  creditNote: string;
  agreementRef: string;
  agreementDate: string;
  products: GoodsSet;
  rewardType: RewardType;
  rewardValue: string;
  basis: string;
  unit: string;
  slabs: SlabRow[];
  buy: string;
  get: string;
  repeat: boolean;
  inside: boolean;
  capPerInvoice: string;
  tax: string;
  ifShort: string;
  rewardSkus: string[];
  substitutes: string[];
  minDistinct: string;
  minEach: string;
  groups: PartRow[];
  components: PartRow[];
  price: string;
  maxSets: string;
  amount: string;
  perKg: boolean;
  cumulative: boolean;
  period: string;
  method: string;
  growth: boolean;
  minBase: string;
  floorBase: string;
  per: string;
  points: string;
  terms: TermRow[];
  audits: string;
  passScore: string;
  payout: string;
  /** Conditions that are asked for, also while still empty. */
  asked: Condition[];
  lists: Record<ListName, string[]>;
  dayparts: { from: string; to: string }[];
  limits: Record<LimitScope, LimitForm>;
  whenCut: string;
  stacking: string;
  exclusionGroup: string;
  choice: string;
  priority: string;
  principalSharePercent: string;
  claimable: boolean;
  claimRate: string;
  returnPolicy: string;
  honour: string;
  retrospective: boolean;
  /** Members the form has no field for; they go back as they came. */
  rest: Record<string, unknown>;
  mechanicRest: Record<string, unknown>;
  eligibilityRest: Record<string, unknown>;
}

const NO_LIMIT: LimitForm = { amount: "", freeQty: "", times: "", period: "" };
const emptyLists = (): Record<ListName, string[]> => Object.fromEntries(LISTS.map((l) => [l, []])) as unknown as Record<ListName, string[]>;

/** A form with nothing said yet, or with the kind chosen. */
export function newForm(kind: Kind | null = null): SchemeForm {
  return {
    code: "", name: "", principal: "", validFrom: "", validTo: "", kind, stage: kind ? STAGES_OF[kind][0]! : "LINE", level: kind === "TOD" ? "DISTRIBUTOR" : "OUTLET",
    settlement: "ON_INVOICE", creditNote: "FIN_CN", agreementRef: "", agreementDate: "",
    products: EVERYTHING, rewardType: "PERCENT", rewardValue: "", basis: kind ? (BASES_OF[kind]?.[0] ?? "BASE_QTY") : "BASE_QTY", unit: "", slabs: [{ from: "", value: "" }],
    buy: "", get: "", repeat: true, inside: false, capPerInvoice: "", tax: "", ifShort: "REFUSE", rewardSkus: [], substitutes: [],
    minDistinct: "", minEach: "", groups: [], components: [{ products: EVERYTHING, qty: "" }, { products: EVERYTHING, qty: "" }], price: "", maxSets: "",
    amount: "", perKg: false, cumulative: false, period: kind === "TOD" ? "QUARTER" : "MONTH", method: "WHOLE", growth: false, minBase: "", floorBase: "", per: "", points: "",
    terms: [{ days: "", percent: "" }], audits: "", passScore: "75", payout: "PRO_RATA", asked: [], lists: emptyLists(), dayparts: [{ from: "", to: "" }],
    limits: { perInvoice: NO_LIMIT, perOutlet: { ...NO_LIMIT, period: "MONTH" }, perDistributor: { ...NO_LIMIT, period: "SCHEME" }, total: NO_LIMIT }, whenCut: "PARTIAL",
    stacking: "CASCADE", exclusionGroup: "", choice: "BEST_FOR_OUTLET", priority: "100", principalSharePercent: "100", claimable: true, claimRate: "PTS",
    returnPolicy: "", honour: "INVOICED", retrospective: false, rest: {}, mechanicRest: {}, eligibilityRest: {},
  };
}

/** Another kind for the same goods, people and money; what only the old kind knew goes back to its start. */
export function withKind(form: SchemeForm, kind: Kind): SchemeForm {
  const fresh = newForm(kind);
  return {
    ...form, kind, stage: fresh.stage, basis: fresh.basis, level: kind === "TOD" ? "DISTRIBUTOR" : form.level === "DISTRIBUTOR" ? "OUTLET" : form.level, period: fresh.period, mechanicRest: {},
    settlement: fresh.stage === "ACCRUAL" ? "CREDIT_NOTE" : form.settlement, repeat: true,
    rewardType: kind === "QPS" || kind === "TOD" || kind === "COMBO" ? "PERCENT" : form.rewardType,
  };
}

function trim(value: unknown, preset = ""): string {
  if (value === null || value === undefined || value === "") return preset;
  const t = String(value);
  return /^-?\d+\.\d+$/.test(t) ? t.replace(/\.?0+$/, "") : t;
}

const said = (v: string): string | undefined => (v.trim() ? v.trim() : undefined);

function rewardOf(type: RewardType, value: string): Record<string, string> {
  return { [MEMBER[type]]: type === "PERCENT" ? toFraction(value.trim()) : value.trim() };
}

function productsOf(set: GoodsSet): Products {
  return prune({ ...set } as Record<string, unknown>) as Products;
}

/** Leaves out what says nothing: empty lists, empty texts, nulls. */
function prune(node: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(node).filter(([, v]) => v !== undefined && v !== null && v !== "" && !(Array.isArray(v) && v.length === 0)));
}

function mechanicOf(f: SchemeForm): Content["mechanic"] {
  const kind = f.kind!;
  const slabs = () => f.slabs.filter((s) => s.from.trim() || s.value.trim()).map((s) => ({ from: f.growth && (kind === "QPS" || kind === "TOD") ? toFraction(s.from.trim()) : s.from.trim(), reward: rewardOf(f.rewardType, s.value) }));
  const unit = f.basis === "CASES" ? said(f.unit) : undefined;
  const body = ((): Record<string, unknown> => {
    switch (kind) {
      case "DISCOUNT": return { type: "DISCOUNT", reward: rewardOf(f.rewardType, f.rewardValue) };
      case "WHOLE_SLAB": case "VALUE_SLAB": return { type: "WHOLE_SLAB", basis: f.basis, unit, slabs: slabs() };
      case "INCREMENTAL_SLAB": return { type: "INCREMENTAL_SLAB", basis: f.basis, unit, slabs: slabs() };
      case "FREE_GOODS": {
        const reward = f.inside ? {} : f.rewardSkus.length === 1 ? { rewardSkuId: f.rewardSkus[0] } : f.rewardSkus.length > 1 ? { rewardSkuIds: f.rewardSkus } : {};
        return { type: "FREE_GOODS", buy: f.buy.trim(), get: f.get.trim(), basis: f.basis === "BASE_QTY" ? undefined : f.basis, repeat: f.repeat, inside: f.inside, ...reward, capPerInvoice: said(f.capPerInvoice), tax: f.tax, ifShort: f.ifShort, substituteSkuIds: f.ifShort === "SUBSTITUTE" ? f.substitutes : undefined };
      }
      case "CHEAPEST_FREE": return { type: "CHEAPEST_FREE", buy: f.buy.trim(), get: f.get.trim(), repeat: f.repeat, capPerInvoice: said(f.capPerInvoice) };
      case "COMBO": return {
        type: "COMBO", minDistinct: f.groups.length ? undefined : Number(f.minDistinct || 0), minEach: said(f.minEach), groups: f.groups.map((g) => ({ products: productsOf(g.products), min: g.qty.trim() })),
        repeat: f.groups.length > 0 && f.repeat, reward: rewardOf(f.rewardType, f.rewardValue),
      };
      case "BUNDLE_PRICE": return { type: "BUNDLE_PRICE", components: f.components.map((c) => ({ products: productsOf(c.products), qty: c.qty.trim() })), price: f.price.trim(), repeat: f.repeat, maxSets: said(f.maxSets) };
      case "PER_CASE_REBATE": return { type: "PER_CASE_REBATE", amount: f.perKg ? undefined : f.amount.trim(), perKg: f.perKg ? f.amount.trim() : undefined, unit: f.perKg ? undefined : (said(f.unit) ?? "CASE"), cumulative: f.stage === "ACCRUAL" && f.cumulative, period: f.stage === "ACCRUAL" && f.cumulative ? f.period : undefined };
      case "QPS": case "TOD": return { type: kind, basis: f.basis, unit, period: f.period, method: f.method, slabs: slabs(), growth: f.growth ? prune({ minBase: said(f.minBase), floorBase: said(f.floorBase) }) : undefined };
      case "POINTS": return { type: "POINTS", basis: f.basis, unit, per: f.per.trim(), points: f.points.trim(), period: f.period };
      case "CASH_DISCOUNT": return { type: "CASH_DISCOUNT", terms: f.terms.filter((r) => r.days.trim() || r.percent.trim()).map((r) => ({ days: Number(r.days), percent: toFraction(r.percent.trim()) })) };
      case "DISPLAY": return { type: "DISPLAY", amount: f.amount.trim(), period: f.period, audits: Number(f.audits || 0), passScore: toFraction(f.passScore.trim()), payout: f.payout };
    }
  })();
  return { ...f.mechanicRest, ...prune(body) } as Content["mechanic"];
}

function limitOf(l: LimitForm, scope: LimitScope): Limit | undefined {
  const said = prune({ amount: l.amount.trim(), freeQty: l.freeQty.trim(), times: scope === "perOutlet" && l.times.trim() ? Number(l.times) : undefined }) as Limit;
  if (Object.keys(said).length === 0) return undefined;
  return scope === "perOutlet" || scope === "perDistributor" ? { ...said, period: l.period || "SCHEME" } : said;
}

/** The scheme as the API takes it, with only what its mechanic knows; undefined while no mechanic is chosen. */
export function contentOf(f: SchemeForm): Content | undefined {
  if (!f.kind) return undefined;
  const limits = prune(Object.fromEntries(LIMIT_SCOPES.map((s) => [s, limitOf(f.limits[s], s)]))) as Limits;
  const eligibility = prune({
    ...f.eligibilityRest,
    ...Object.fromEntries(LISTS.filter((l) => f.asked.includes(l)).map((l) => [l, l === "weekdays" ? f.lists[l].map(Number) : f.lists[l]])),
    firstOrderOnly: f.asked.includes("firstOrderOnly") || undefined, mslCompliantOnly: f.asked.includes("mslCompliantOnly") || undefined,
    dayparts: f.asked.includes("dayparts") ? f.dayparts.filter((d) => d.from && d.to) : undefined,
  });
  const later = f.stage === "ACCRUAL";
  const optional = prune({
    level: f.level === "OUTLET" ? undefined : f.level,
    settlement: f.settlement === "ON_INVOICE" ? undefined : f.settlement,
    creditNote: f.settlement === "CREDIT_NOTE" && f.creditNote !== "FIN_CN" ? f.creditNote : undefined,
    agreementRef: said(f.agreementRef), agreementDate: said(f.agreementDate),
    returnPolicy: said(f.returnPolicy), honour: f.honour === "INVOICED" ? undefined : f.honour,
    retrospective: f.retrospective || undefined,
    limits: Object.keys(limits).length ? { ...limits, whenCut: f.whenCut } : undefined,
  });
  return {
    ...f.rest,
    code: f.code.trim(), name: f.name.trim(), principal: f.principal, validFrom: f.validFrom || null, validTo: f.validTo || null,
    stage: f.stage, mechanic: mechanicOf(f), products: productsOf(f.products), eligibility, stacking: f.stacking,
    ...(f.exclusionGroup.trim() ? { exclusionGroup: f.exclusionGroup.trim() } : {}), choice: f.choice, priority: Number(f.priority || 100),
    principalShare: toFraction(f.principalSharePercent || "0"), claimable: f.claimable, claimRate: f.claimRate,
    ...(later && !optional.settlement ? { settlement: f.kind === "DISPLAY" ? "PAYOUT" : "CREDIT_NOTE" } : {}),
    ...optional,
  };
}

const KNOWN = new Set([
  "code", "name", "principal", "validFrom", "validTo", "stage", "mechanic", "products", "eligibility", "stacking", "exclusionGroup", "choice", "priority", "principalShare", "claimable", "claimRate", "limits",
  "level", "settlement", "creditNote", "agreementRef", "agreementDate", "returnPolicy", "honour", "retrospective",
]);
const MECHANIC_KNOWN = new Set([
  "type", "reward", "basis", "unit", "slabs", "buy", "get", "repeat", "inside", "rewardSkuId", "rewardSkuIds", "capPerInvoice", "tax", "ifShort", "substituteSkuIds", "minDistinct", "minEach", "groups", "components", "price", "maxSets",
  "amount", "perKg", "cumulative", "period", "method", "growth", "per", "points", "terms", "audits", "passScore", "payout",
]);

const others = (node: Record<string, unknown>, known: ReadonlySet<string>) => Object.fromEntries(Object.entries(node).filter(([k, v]) => !known.has(k) && v !== null && v !== undefined));
const list = (v: unknown): string[] => (Array.isArray(v) ? v.map(String) : []);

export function setOf(products: Products | undefined | null): GoodsSet {
  return { skuIds: list(products?.skuIds), brandIds: list(products?.brandIds), categoryIds: list(products?.categoryIds), excludedSkuIds: list(products?.excludedSkuIds), excludedBrandIds: list(products?.excludedBrandIds), excludedCategoryIds: list(products?.excludedCategoryIds) };
}

function readReward(reward: unknown): { type: RewardType; value: string } {
  const node = (reward ?? {}) as Record<string, unknown>;
  const type = REWARDS.find((r) => node[MEMBER[r]] !== undefined && node[MEMBER[r]] !== null) ?? "PERCENT";
  const value = node[MEMBER[type]];
  return { type, value: type === "PERCENT" ? toPercent(value) : trim(value) };
}

/** The kind a written scheme shows as: a value slab is a whole slab on the value of a group or of the bill. */
export function kindOf(content: Pick<Content, "mechanic" | "stage">): Kind {
  const { type, basis } = content.mechanic as { type: string; basis?: string };
  if (type === "VALUE_SLAB" || (type === "WHOLE_SLAB" && (content.stage === "BILL" || content.stage === "GROUP") && (basis === "NET_VALUE" || basis === "GROSS_VALUE"))) return "VALUE_SLAB";
  return (KINDS as readonly string[]).includes(type) ? (type as Kind) : "DISCOUNT";
}

/** A written scheme as a form; what the form has no field for is kept. */
export function formOf(c: Content): SchemeForm {
  const kind = kindOf(c);
  const m = c.mechanic as Record<string, unknown>;
  const e = (c.eligibility ?? {}) as Record<string, unknown>;
  const start = newForm(kind);
  const slabs = (Array.isArray(m.slabs) ? m.slabs : []) as { from: unknown; reward: unknown }[];
  const first = readReward(slabs[0]?.reward ?? m.reward);
  const growth = Boolean(m.growth);
  const lists = emptyLists();
  for (const l of LISTS) lists[l] = list(e[l]);
  const dayparts = (Array.isArray(e.dayparts) ? e.dayparts : []) as { from: string; to: string }[];
  const asked = CONDITIONS.filter((x) => (x === "dayparts" ? dayparts.length > 0 : (FLAGS as readonly string[]).includes(x) ? e[x] === true : lists[x as ListName].length > 0));
  const limits = { ...start.limits };
  for (const s of LIMIT_SCOPES) {
    const l = c.limits?.[s];
    if (l) limits[s] = { amount: trim(l.amount), freeQty: trim(l.freeQty), times: trim(l.times), period: trim(l.period, start.limits[s].period) };
  }
  const parts = (v: unknown, qty: string): PartRow[] => (Array.isArray(v) ? (v as Record<string, unknown>[]).map((p) => ({ products: setOf(p.products as Products), qty: trim(p[qty]) })) : []);
  return {
    ...start,
    code: c.code, name: c.name, principal: c.principal, validFrom: c.validFrom ?? "", validTo: c.validTo ?? "", stage: c.stage,
    level: String(c.level ?? "OUTLET"), settlement: String(c.settlement ?? "ON_INVOICE"), creditNote: String(c.creditNote ?? "FIN_CN"), agreementRef: trim(c.agreementRef), agreementDate: trim(c.agreementDate),
    products: setOf(c.products), rewardType: first.type, rewardValue: m.reward ? first.value : "", basis: trim(m.basis, start.basis), unit: trim(m.unit),
    slabs: slabs.length ? slabs.map((s) => ({ from: growth ? toPercent(s.from) : trim(s.from), value: readReward(s.reward).value })) : start.slabs,
    buy: trim(m.buy), get: trim(m.get), repeat: m.repeat === undefined ? kind !== "COMBO" : m.repeat === true, inside: m.inside === true, capPerInvoice: trim(m.capPerInvoice), tax: trim(m.tax), ifShort: trim(m.ifShort, "REFUSE"),
    rewardSkus: m.rewardSkuId ? [String(m.rewardSkuId)] : list(m.rewardSkuIds), substitutes: list(m.substituteSkuIds),
    minDistinct: m.minDistinct ? String(m.minDistinct) : "", minEach: trim(m.minEach), groups: parts(m.groups, "min"), components: kind === "BUNDLE_PRICE" ? parts(m.components, "qty") : start.components, price: trim(m.price), maxSets: trim(m.maxSets),
    amount: trim(m.perKg ?? m.amount), perKg: m.perKg !== undefined && m.perKg !== null, cumulative: m.cumulative === true, period: trim(m.period, start.period), method: trim(m.method, "WHOLE"),
    growth, minBase: trim((m.growth as Record<string, unknown> | undefined)?.minBase), floorBase: trim((m.growth as Record<string, unknown> | undefined)?.floorBase),
    per: trim(m.per), points: trim(m.points), terms: Array.isArray(m.terms) ? (m.terms as Record<string, unknown>[]).map((r) => ({ days: trim(r.days), percent: toPercent(r.percent) })) : start.terms,
    audits: trim(m.audits), passScore: m.passScore === undefined ? start.passScore : toPercent(m.passScore), payout: trim(m.payout, start.payout),
    asked, lists, dayparts: dayparts.length ? dayparts.map((d) => ({ from: d.from, to: d.to })) : start.dayparts, limits, whenCut: trim(c.limits?.whenCut, "PARTIAL"),
    stacking: trim(c.stacking, "CASCADE"), exclusionGroup: trim(c.exclusionGroup), choice: trim(c.choice, "BEST_FOR_OUTLET"), priority: trim(c.priority, "100"),
    principalSharePercent: c.principalShare === undefined ? "100" : toPercent(c.principalShare), claimable: c.claimable !== false, claimRate: trim(c.claimRate, "PTS"),
    returnPolicy: trim(c.returnPolicy), honour: trim(c.honour, "INVOICED"), retrospective: c.retrospective === true,
    rest: others(c as Record<string, unknown>, KNOWN), mechanicRest: others(m, MECHANIC_KNOWN), eligibilityRest: others(e, new Set<string>(CONDITIONS)),
  };
}

export interface Fault {
  key: string;
  values?: Record<string, string | number>;
}

const positive = (value: string): boolean => {
  const d = dec(value);
  return d !== null && d.n > 0n;
};

/** Rewards a kind can give, in the order they are offered. */
export function rewardsOf(form: SchemeForm): readonly RewardType[] {
  switch (form.kind) {
    case "COMBO": return ["PERCENT", "FIXED"];
    case "QPS": case "TOD": return form.growth ? ["PERCENT"] : ["PERCENT", "FIXED", "PER_COUNT"];
    case "WHOLE_SLAB": case "INCREMENTAL_SLAB": return form.basis === "CASES" || form.basis === "WEIGHT" ? ["PERCENT", "PER_COUNT", "PER_UNIT", "FIXED"] : ["PERCENT", "PER_UNIT", "FIXED"];
    case "VALUE_SLAB": return ["PERCENT", "FIXED"];
    default: return ["PERCENT", "PER_UNIT", "FIXED"];
  }
}

/** Faults that stop a scheme, by pointer into the form. */
export function faultsOf(f: SchemeForm): Map<string, Fault> {
  const faults = new Map<string, Fault>();
  const bad = (pointer: string, key: string, values?: Record<string, string | number>) => faults.set(pointer, values ? { key, values } : { key });
  for (const name of ["code", "name", "principal", "validFrom", "validTo"] as const) if (!f[name].trim()) bad(`/${name}`, "form.bad.required");
  if (f.code.trim() && !/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._/ +&#()'-]{0,39}$/u.test(f.code.trim())) bad("/code", "form.bad.code");
  if (f.validFrom && f.validTo && f.validTo < f.validFrom) bad("/validTo", "form.bad.period");
  const more = (pointer: string, value: string) => { if (!positive(value)) bad(pointer, "form.bad.positive"); };
  const reward = (pointer: string, value: string) => {
    if (!positive(value)) bad(pointer, "form.bad.positive");
    else if (f.rewardType === "PERCENT" && cmp(dec(value)!, dec("100")!) > 0) bad(pointer, "form.bad.most", { max: 100 });
  };
  const slabs = () => {
    const rows = f.slabs.filter((s, i) => i === 0 || s.from.trim() || s.value.trim());
    rows.forEach((slab, i) => {
      const from = dec(slab.from);
      const before = i > 0 ? dec(rows[i - 1]!.from) : null;
      if (!from || from.n < 0n) bad(`/slabs/${i}/from`, "form.bad.number");
      else if (before && cmp(from, before) <= 0) bad(`/slabs/${i}/from`, "scheme.bad.rise", { from: rows[i - 1]!.from });
      reward(`/slabs/${i}/value`, slab.value);
    });
  };
  switch (f.kind) {
    case null: bad("/kind", "form.bad.required"); break;
    case "DISCOUNT": reward("/rewardValue", f.rewardValue); break;
    case "WHOLE_SLAB": case "INCREMENTAL_SLAB": case "VALUE_SLAB": case "QPS": case "TOD": slabs(); break;
    case "FREE_GOODS": case "CHEAPEST_FREE":
      more("/buy", f.buy);
      more("/get", f.get);
      if (f.kind === "CHEAPEST_FREE" && positive(f.buy) && positive(f.get) && cmp(dec(f.get)!, dec(f.buy)!) >= 0) bad("/get", "scheme.bad.less", { than: f.buy });
      if (f.capPerInvoice) more("/capPerInvoice", f.capPerInvoice);
      // how free goods are taxed is decided by whoever answers for tax; there is no default (EX-11)
      if (f.kind === "FREE_GOODS" && !f.tax) bad("/tax", "form.bad.required");
      if (f.kind === "FREE_GOODS" && f.ifShort === "SUBSTITUTE" && !f.substitutes.length) bad("/substitutes", "form.bad.required");
      break;
    case "COMBO":
      reward("/rewardValue", f.rewardValue);
      if (!f.groups.length && !(dec(f.minDistinct) && cmp(dec(f.minDistinct)!, dec("2")!) >= 0)) bad("/minDistinct", "form.bad.least", { min: 2 });
      f.groups.forEach((g, i) => more(`/groups/${i}/qty`, g.qty));
      break;
    case "BUNDLE_PRICE":
      more("/price", f.price);
      f.components.forEach((c, i) => more(`/components/${i}/qty`, c.qty));
      break;
    case "PER_CASE_REBATE": more("/amount", f.amount); break;
    case "POINTS": more("/per", f.per); more("/points", f.points); break;
    case "CASH_DISCOUNT":
      f.terms.filter((r, i) => i === 0 || r.days.trim() || r.percent.trim()).forEach((r, i) => {
        if (!/^\d{1,3}$/.test(r.days.trim())) bad(`/terms/${i}/days`, "form.bad.whole");
        else if (i > 0 && Number(r.days) <= Number(f.terms[i - 1]!.days)) bad(`/terms/${i}/days`, "scheme.bad.rise", { from: f.terms[i - 1]!.days });
        if (!positive(r.percent) || cmp(dec(r.percent)!, dec("100")!) > 0) bad(`/terms/${i}/percent`, "form.bad.between", { min: 0, max: 100 });
      });
      break;
    case "DISPLAY":
      more("/amount", f.amount);
      if (!/^\d{1,3}$/.test(f.audits) || Number(f.audits) < 1) bad("/audits", "form.bad.positive");
      if (!positive(f.passScore) || cmp(dec(f.passScore)!, dec("100")!) > 0) bad("/passScore", "form.bad.between", { min: 0, max: 100 });
      break;
  }
  for (const c of f.asked) if (c in f.lists && f.lists[c as ListName].length === 0) bad(`/eligibility/${c}`, "scheme.bad.condition");
  for (const s of LIMIT_SCOPES) for (const m of ["amount", "freeQty", "times"] as const) if (f.limits[s][m].trim() && !positive(f.limits[s][m])) bad(`/limits/${s}/${m}`, "form.bad.positive");
  const share = dec(f.principalSharePercent);
  if (!share || share.n < 0n || cmp(share, dec("100")!) > 0) bad("/principalSharePercent", "form.bad.between", { min: 0, max: 100 });
  if (!/^\d{1,4}$/.test(f.priority)) bad("/priority", "form.bad.whole");
  return faults;
}

/** Where a pointer into the written scheme shows in the form. */
export function placeOf(pointer: string): string {
  const p = pointer.replace(/^\/(content|scheme|body)(?=\/)/, "");
  let m = /^\/mechanic\/slabs\/(\d+)(\/from|\/to)?/.exec(p);
  if (m) return `/slabs/${m[1]}/${m[2] === "/from" || m[2] === "/to" ? "from" : "value"}`;
  m = /^\/mechanic\/terms\/(\d+)\/(days|percent)/.exec(p);
  if (m) return `/terms/${m[1]}/${m[2]}`;
  m = /^\/mechanic\/(groups|components)\/(\d+)/.exec(p);
  if (m) return `/${m[1]}/${m[2]}/qty`;
  if (p.startsWith("/mechanic/reward/") || p === "/mechanic/reward") return "/rewardValue";
  if (/^\/mechanic\/rewardSku/.test(p)) return "/rewardSkus";
  if (p.startsWith("/mechanic/substitute")) return "/substitutes";
  if (p.startsWith("/mechanic/perKg")) return "/amount";
  if (p.startsWith("/mechanic/growth")) return "/minBase";
  if (p.startsWith("/mechanic/slabs")) return "/slabs/0/from";
  if (p.startsWith("/mechanic/type")) return "/kind";
  if (p.startsWith("/mechanic/")) return `/${p.split("/")[2]}`;
  if (p.startsWith("/principalShare")) return "/principalSharePercent";
  if (p.startsWith("/products")) return "/products";
  m = /^\/eligibility\/(\w+)/.exec(p);
  if (m) return `/eligibility/${m[1]}`;
  m = /^\/limits\/(\w+)(\/\w+)?/.exec(p);
  if (m) return `/limits/${m[1]}${m[2] ?? "/amount"}`;
  return `/${p.split("/")[1] ?? ""}`;
}
