import type { AccrualRow, Effect, LimitRow, Outlet } from "../../offline/types";
import { epochDay, type BookLimit, type BookScheme, type Decided, type LimitLeft, type RulesCommand } from "../../rules";
import { compare, minus, sum } from "../../ui/decimal";

/** The period a business date lies in, under the key of the rules: `2026-11`, `2026-Q4`, `2026`, `FY2026`, or `S` for the whole scheme. */
export function periodKey(period: string | null | undefined, date: string): string {
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7));
  switch (period) {
    case "MONTH": return date.slice(0, 7);
    case "QUARTER": return `${year}-Q${Math.ceil(month / 3)}`;
    case "YEAR": return String(year);
    case "FISCAL_YEAR": return `FY${month >= 4 ? year : year - 1}`;
    default: return "S";
  }
}

const scopes: [LimitLeft["scope"], "perOutlet" | "perDistributor"][] = [["OUTLET", "perOutlet"], ["DISTRIBUTOR", "perDistributor"]];

/**
 * What limits have left for an outlet on a day, and what its periods have counted: as the server told, less what this device billed and
 * the server has not counted yet. An untouched limit or period has no row, as the rules want it.
 */
export function standingOf(schemes: BookScheme[], told: { limits: LimitRow[]; accruals: AccrualRow[] }, effects: Effect[], outlet: Pick<Outlet, "id">, date: string): Required<Pick<RulesCommand, "limits" | "cumulated">> {
  const own = effects.flatMap((e) => (e.scheme ? [e.scheme] : []));
  const limits: LimitLeft[] = [];
  const cumulated: Required<RulesCommand>["cumulated"] = [];
  for (const scheme of inForce(schemes, date)) {
    for (const [scope, member] of scopes) {
      const limit = scheme.limits?.[member];
      if (!limit) continue;
      const period = periodKey(limit.period, date);
      const row = told.limits.find((r) => r.schemeId === scheme.id && r.scope === scope && r.period === period && (scope !== "OUTLET" || r.outletId === outlet.id));
      const taken = own.filter((o) => o.outletId === outlet.id || scope !== "OUTLET").flatMap((o) => o.limits).filter((u) => u.schemeId === scheme.id && u.scope === scope && (u.period ?? "S") === period);
      if (row || taken.length) limits.push(left(scheme.id, scope, period, row ?? limit, taken));
    }
    const total = told.limits.find((r) => r.schemeId === scheme.id && r.scope === "TOTAL");
    if (total) limits.push(left(scheme.id, "TOTAL", "S", total, own.flatMap((o) => o.limits).filter((u) => u.schemeId === scheme.id && u.scope === "TOTAL")));

    const counts = periodOf(scheme);
    if (!counts) continue;
    const period = periodKey(counts, date);
    const sums = new Map(told.accruals.filter((r) => r.schemeId === scheme.id && r.outletId === outlet.id && r.period === period).map((r) => [r.skuId ?? "", r]));
    for (const more of own.filter((o) => o.outletId === outlet.id).flatMap((o) => o.accruals).filter((a) => a.schemeId === scheme.id && a.period === period)) {
      const before = sums.get(more.skuId ?? "");
      sums.set(more.skuId ?? "", more.skuId
        ? { schemeId: scheme.id, outletId: outlet.id, period, skuId: more.skuId, counted: more.carry ?? "0" }
        : { schemeId: scheme.id, outletId: outlet.id, period, counted: plus(before?.counted, more.counted), value: plus(before?.value, more.value),
          accrued: plus(before?.accrued, more.amount), growthBase: before?.growthBase ?? null });
    }
    for (const row of sums.values())
      cumulated.push({ schemeId: row.schemeId, period, counted: row.counted, ...(row.skuId ? { skuId: row.skuId } : {}), ...(row.value ? { value: row.value } : {}), ...(row.accrued ? { accrued: row.accrued } : {}),
        ...(row.growthBase ? { growthBase: row.growthBase } : {}) });
  }
  return { limits, cumulated };
}

/** Of each scheme the highest version in force on the day. */
function inForce(schemes: BookScheme[], date: string): BookScheme[] {
  const day = epochDay(date)!;
  const found = new Map<string, BookScheme>();
  for (const scheme of schemes) {
    if (scheme.validFrom <= day && (scheme.validTo ?? day) >= day && (found.get(scheme.id)?.version ?? 0) < scheme.version) found.set(scheme.id, scheme);
  }
  return [...found.values()];
}

function periodOf(scheme: BookScheme): string | undefined {
  const mechanic = scheme.mechanic as { type: string; period?: string; cumulative?: boolean };
  return mechanic.type === "QPS" || mechanic.type === "TOD" || mechanic.type === "POINTS" || (mechanic.type === "PER_CASE_REBATE" && mechanic.cumulative) ? mechanic.period ?? "MONTH" : undefined;
}

/** The rules read money with exactly its decimals, so a sum keeps those of what is added. */
function plus(a: string | null | undefined, b: string): string {
  return sum([a, b], Math.max(decimals(a ?? ""), decimals(b)));
}

function decimals(value: string): number {
  return value.includes(".") ? value.length - value.indexOf(".") - 1 : 0;
}

function left(schemeId: string, scope: LimitLeft["scope"], period: string, start: BookLimit | LimitRow, taken: { amount: string; freeQty: string; times: number }[]): LimitLeft {
  const rest = (from: string, used: string[]) => (compare(from, sum(used)) > 0 ? minus(from, sum(used), decimals(from)) : sum([], decimals(from)));
  return {
    schemeId, scope, period, amount: start.amount ? rest(start.amount, taken.map((u) => u.amount)) : null, freeQty: start.freeQty ? rest(start.freeQty, taken.map((u) => u.freeQty)) : null,
    times: start.times === null || start.times === undefined ? null : Math.max(0, start.times - taken.reduce((n, u) => n + u.times, 0)),
  };
}

/** What a bill of this device takes from limits and adds to periods, until the server has counted it; undefined if it does neither. */
export function schemeEffectOf(decided: Decided, outletId: string): Effect["scheme"] {
  const limits = (decided.limits ?? []).filter((u) => u.scope !== "INVOICE").map(({ schemeId, scope, period, amount, freeQty, times }) => ({ schemeId, scope, period: period ?? null, amount, freeQty, times }));
  const accruals = (decided.accruals ?? []).map((a) => ({ schemeId: a.schemeId, period: a.period, counted: a.counted, value: a.value, amount: a.amount, skuId: a.skuId ?? null, carry: a.carry ?? null }));
  return limits.length || accruals.length ? { outletId, limits, accruals } : undefined;
}
