import { effectsOf, invoiceBody, outcomeOf, viewOf, type Asked, type Ground } from "../../web/src/counter/bill/decide";
import type { Bill } from "../../web/src/counter/bill/entry";
import { standingOf } from "../../web/src/counter/bill/standing";
import { available } from "../../web/src/counter/workspace";
import { bookOf } from "../../web/src/offline/snapshot";
import type { AccrualRow, Batch, Context, Effect, LimitRow, Outlet, RuleBook, Sku } from "../../web/src/offline/types";
import { Rules, type Decided, type Refusal } from "../../web/src/rules";
import { sum } from "../../web/src/ui/decimal";
import type { Session } from "./device";

/** What a device holds, read as a device reads it. */
interface Held { context: Context; book: RuleBook; skus: Map<number, Sku>; outlets: Map<string, Outlet>; batches: Batch[]; limits: LimitRow[]; accruals: AccrualRow[] }

/** A bill as a device made it without asking anybody. */
export interface Made { bill: Bill; body: Record<string, unknown>; command: Asked | undefined; decided: Decided | undefined; refusals: Refusal[]; view: ReturnType<typeof viewOf> | undefined }

/**
 * A counter's desk without its screen: decides bills as the bill screen does, by the screen's own functions and the browser's
 * rules module, on what it pulled and on what it billed since.
 */
export class Desk {
  private held!: Held;
  private rules!: Rules;
  private effects: Effect[] = [];

  private constructor(private readonly address: string, private readonly session: Session, readonly distributorId: number) {}

  static async open(address: string, session: Session, distributorId: number): Promise<Desk> {
    const desk = new Desk(address, session, distributorId);
    await desk.pull();
    return desk;
  }

  get outlets(): Outlet[] {
    return [...this.held.outlets.values()];
  }

  get skus(): Sku[] {
    return [...this.held.skus.values()];
  }

  get date(): string {
    return this.held.context.businessDate;
  }

  get ruleBookHash(): string {
    return this.held.book.hash;
  }

  /** Pulls what the server knows; what this desk billed is in it. */
  async pull(): Promise<void> {
    const rows = new Map<string, unknown[]>();
    for (const group of ["must", "soon"]) {
      const answer = await fetch(`${this.address}/api/v1/sync/snapshot/${group}?distributorId=${this.distributorId}`, { headers: { cookie: this.session.cookie } });
      if (!answer.ok) throw new Error(await answer.text());
      for (const line of (await answer.text()).trim().split("\n")) {
        const { t, r } = JSON.parse(line) as { t: string; r: unknown };
        const list = rows.get(t);
        if (list) list.push(r);
        else rows.set(t, [r]);
      }
    }
    const all = <T>(type: string) => (rows.get(type) ?? []) as T[];
    this.held = {
      context: all<Context>("context")[0]!, book: all<RuleBook>("rulebook")[0]!, skus: new Map(all<Sku>("sku").map((s) => [s.id, s])), outlets: new Map(all<Outlet>("outlet").map((o) => [o.id, o])),
      batches: all<Batch>("batch"), limits: all<LimitRow>("limit"), accruals: all<AccrualRow>("accrual"),
    };
    this.effects = [];
    if (this.rules?.hash !== this.held.book.hash) {
      this.rules?.close();
      this.rules = await Rules.open(this.held.book.hash, bookOf(this.held.book));
    }
  }

  private ground(outletId: string): Ground {
    const { context, skus, outlets, batches, limits, accruals } = this.held;
    const outlet = outlets.get(outletId)!;
    const told = outlet.credit[0];
    const own = this.effects.filter((e) => e.amount && e.outletId === outletId).map((e) => e.amount!);
    const credit = told ? { ...told, outstanding: sum([told.outstanding, ...own], 2) } : undefined;
    const standing = standingOf(this.rules.schemes, { limits, accruals: accruals.filter((a) => a.outletId === outletId) }, this.effects.filter((e) => e.scheme), outlet, this.date);
    return { context, outlet, credit, skus, batches: available(batches, this.effects, context.businessDate), warehouseId: context.warehouses[0]!.id, ...standing };
  }

  /** Whether this is a bill the counter's screen would let anybody enter. */
  sells(wanted: { outletId: string; businessDate: string; lines: { skuId: number; qty: string }[] }): boolean {
    return this.held.outlets.has(wanted.outletId) && wanted.businessDate === this.date && wanted.lines.length > 0 && wanted.lines.every((line) => this.held.skus.has(line.skuId) && Number(line.qty) > 0);
  }

  /** Decides a bill, and takes what it takes from what is left here. */
  make(bill: Bill): Made {
    const ground = this.ground(bill.outletId!);
    const outcome = outcomeOf(bill, ground, this.rules);
    const posts = outcome.refusals.length === 0 && outcome.decided !== undefined;
    const body = invoiceBody(bill, ground, this.distributorId, posts ? outcome.decided!.totals.payable : undefined);
    const view = posts ? viewOf(bill, outcome.decided!, ground, this.distributorId, "") : undefined;
    if (posts) {
      const effects = effectsOf(bill, outcome.decided!, bill.outletId!, view!.principalId);
      this.effects.push(...effects.map((effect, i) => ({ ...effect, key: `${bill.id}/${i}`, commandId: bill.id })));
    }
    return { bill, body, command: outcome.command, decided: posts ? outcome.decided : undefined, refusals: outcome.refusals, view };
  }
}

/** A decimal without what says nothing: `10.00` and `10` are one. */
function plain(value: unknown): unknown {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string" || !/^-?\d+(\.\d+)?$/.test(value)) return value ?? null;
  return value.includes(".") ? value.replace(/0+$/, "").replace(/\.$/, "") : value;
}

const LINE = ["line", "part", "skuId", "mrp", "qty", "unitPrice", "gross", "schemeDiscount", "manualDiscount", "taxable", "hsn", "taxRate", "cgst", "sgst", "igst", "cess", "total"];
const TOTALS = ["gross", "schemeDiscount", "manualDiscount", "taxable", "cgst", "sgst", "igst", "cess", "rounding", "payable"];
const TAX = ["hsn", "rate", "taxable", "cgst", "sgst", "igst", "cess"];
const SCHEME = ["schemeId", "discount"];

/** Where the document that the server posted differs from the paper that the device gave, field by field to the paisa. */
export function unlike(mine: object, server: object): string[] {
  const found: string[] = [];
  const of = (row: unknown, keys: string[]) => Object.fromEntries(keys.map((key) => [key, plain((row as Record<string, unknown> | undefined)?.[key])]));
  const same = (what: string, a: unknown, b: unknown) => {
    const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
    if (left !== right) found.push(`${what}: device ${left}, server ${right}`);
  };
  const left = mine as Record<string, unknown[]>;
  const right = server as Record<string, unknown[]>;
  same("totals", of(left["totals"], TOTALS), of(right["totals"], TOTALS));
  const batches = (row: unknown) => ((row as { batches?: { batchId: string; qty: string }[] }).batches ?? []).map((b) => [b.batchId, plain(b.qty)]);
  for (const list of ["lines", "freeLines"]) {
    const [a, b] = [left[list] ?? [], right[list] ?? []];
    same(`${list}`, a.length, b.length);
    a.forEach((row, i) => {
      same(`${list} ${i + 1}`, of(row, list === "lines" ? LINE : LINE.filter((key) => !["line", "part", "gross", "schemeDiscount", "manualDiscount", "unitPrice"].includes(key))), of(b[i], list === "lines" ? LINE : LINE.filter((key) => !["line", "part", "gross", "schemeDiscount", "manualDiscount", "unitPrice"].includes(key))));
      same(`${list} ${i + 1} batches`, batches(row), batches(b[i] ?? {}));
    });
  }
  const sorted = (rows: unknown[] | undefined, keys: string[]) => (rows ?? []).map((row) => JSON.stringify(of(row, keys))).sort();
  same("taxes", sorted(left["taxes"], TAX), sorted(right["taxes"], TAX));
  same("schemes", sorted(left["schemes"], SCHEME), sorted(right["schemes"], SCHEME));
  return found;
}
