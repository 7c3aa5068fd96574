import type { BookScheme, Decision, Quantity, RulesCommand } from "./types";

export type * from "./types";

/** What the ES module exports: texts in, texts out. */
export interface RulesModule {
  open(ruleBook: string): number;
  release?(handle: number): void;
  decide(handle: number, command: string): string;
  parseQuantity(handle: number, skuId: string, text: string): string;
  /** A return, an accrual, a settlement, a check, a hash: `name` says which. */
  call?(handle: number, name: string, request: string): string;
}

/** Made from rules-web and copied here by scripts/copy-rules.mjs; nothing else imports it. */
const files = import.meta.glob<RulesModule>("./generated/rules.js");

/** What this file reads of a book itself. */
interface OpenBook {
  schemes?: BookScheme[];
  seller?: { undertakings?: { validFrom: number; validTo: number }[] };
}

/** An opened rule book: the same engine as the server's decides price, scheme, tax and batches here. */
export class Rules {
  readonly schemes: BookScheme[];
  readonly rewardSkuIds: Set<string>;
  /** Days, both included, on which the seller supplies abroad and to SEZ units without tax (r.96A). */
  readonly undertakings: { validFrom: number; validTo: number }[];

  private constructor(private readonly module: RulesModule, private readonly handle: number, readonly hash: string, book: OpenBook) {
    this.undertakings = book.seller?.undertakings ?? [];
    this.schemes = book.schemes ?? [];
    this.rewardSkuIds = new Set(this.schemes.flatMap((s) => offered(s)));
    this.byId = new Map(this.schemes.map((s) => [`${s.id}/${s.version}`, s]));
  }

  private readonly byId: Map<string, BookScheme>;

  /** A scheme of the book; of a version that is not in it any more, the version that is. */
  scheme(id: string, version: number): BookScheme | undefined {
    return this.byId.get(`${id}/${version}`) ?? this.schemes.find((s) => s.id === id);
  }

  /** Opens the book of the snapshot. Tests hand in their own module. */
  static async open(hash: string, book: unknown, module?: RulesModule): Promise<Rules> {
    const loaded = module ?? (await files["./generated/rules.js"]?.());
    if (!loaded) throw new Error("this build has no rules module; build rules-web first, then web");
    return new Rules(loaded, loaded.open(typeof book === "string" ? book : JSON.stringify(book)), hash, (typeof book === "string" ? JSON.parse(book) : book) as OpenBook);
  }

  decide(command: RulesCommand): Decision {
    return JSON.parse(this.module.decide(this.handle, JSON.stringify(command))) as Decision;
  }

  /** One of the pure functions beside the decision (spec/README.md, Doors); undefined where this build has none of that name. */
  call<T>(name: "checkScheme" | "displayPayout" | "accrue" | "settleCash" | "hash", request: unknown): T | undefined {
    return this.module.call ? (JSON.parse(this.module.call(this.handle, name, JSON.stringify(request))) as T) : undefined;
  }

  /** `24`, `2c`, `2c6`, `1d` in base units of the SKU. */
  parseQuantity(skuId: number | string, text: string): Quantity {
    return JSON.parse(this.module.parseQuantity(this.handle, String(skuId), text)) as Quantity;
  }

  close(): void {
    this.module.release?.(this.handle);
  }
}

/** Articles that a scheme may give away besides the bought ones. */
export function offered(scheme: BookScheme): string[] {
  const m = scheme.mechanic;
  if (m.type !== "FREE_GOODS") return [];
  return [...(m.rewardSkuId ? [m.rewardSkuId] : []), ...(m.rewardSkuIds ?? []), ...(m.substituteSkuIds ?? [])];
}

/** Days since 1970-01-01 of an ISO date. */
export function epochDay(isoDate: string): number;
export function epochDay(isoDate: string | null | undefined): number | null;
export function epochDay(isoDate: string | null | undefined): number | null {
  return isoDate ? Math.floor(Date.parse(`${isoDate.slice(0, 10)}T00:00:00Z`) / 86_400_000) : null;
}

/** ISO date of an epoch day. */
export function isoDay(day: number | null | undefined): string | null {
  return day === null || day === undefined ? null : new Date(day * 86_400_000).toISOString().slice(0, 10);
}
