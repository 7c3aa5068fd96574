import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { EmptyState, Shape, Skeleton } from "../../ui";
import { Fault } from "../frame/faults";
import { useFormats } from "../format";
import { everyRow } from "../http";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { useSearchState } from "../nav";
import type { SchemeView } from "./api";
import { membersOf, useGoods, type Goods } from "./goods";
import { setOf } from "./model";
import { schemeState } from "./parts";
import { useTexts } from "./texts";

const DAY = 86_400_000;
const SPANS = ["3", "6", "12"] as const;
const day = (iso: string) => Math.floor(Date.parse(`${iso}T00:00:00Z`) / DAY);
const iso = (d: number) => new Date(d * DAY).toISOString().slice(0, 10);

/** First days of the months from a month on. */
export function monthsFrom(month: string, count: number): string[] {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return Array.from({ length: count + 1 }, (_, i) => new Date(Date.UTC(year, number - 1 + i, 1)).toISOString().slice(0, 10));
}

/** Pairs of schemes that may meet on one line: same days, a shared article, no channel, class, group, distributor or warehouse that keeps them apart. */
export function overlaps(schemes: SchemeView[], goods: Goods): Map<number, Set<number>> {
  const members = new Map(schemes.map((s) => [s.id, new Set(membersOf(setOf(s.scheme.products), goods, s.principal).map((m) => m.code))]));
  const apart = (a: string[] | undefined, b: string[] | undefined) => Boolean(a?.length && b?.length && !a.some((x) => b.includes(x)));
  const found = new Map<number, Set<number>>(schemes.map((s) => [s.id, new Set()]));
  for (let i = 0; i < schemes.length; i++) {
    for (let j = i + 1; j < schemes.length; j++) {
      const a = schemes[i]!;
      const b = schemes[j]!;
      if (a.principal !== b.principal || a.validFrom > (b.validTo ?? "9999") || b.validFrom > (a.validTo ?? "9999")) continue;
      const ea = a.scheme.eligibility ?? {};
      const eb = b.scheme.eligibility ?? {};
      if (apart(ea.channels, eb.channels) || apart(ea.classes, eb.classes) || apart(ea.groups, eb.groups) || apart(ea.paymentModes, eb.paymentModes)
        || apart(ea.distributorIds, eb.distributorIds) || apart(ea.warehouseIds, eb.warehouseIds)) continue;
      const [small, large] = members.get(a.id)!.size < members.get(b.id)!.size ? [members.get(a.id)!, members.get(b.id)!] : [members.get(b.id)!, members.get(a.id)!];
      if (![...small].some((code) => large.has(code))) continue;
      found.get(a.id)!.add(b.id);
      found.get(b.id)!.add(a.id);
    }
  }
  return found;
}

/** When what runs: one bar per scheme, and which of them meet on the same goods (T10). */
export function Calendar() {
  const { t } = useTexts();
  const f = useFormats();
  const goods = useGoods();
  const [search, set] = useSearchState();
  const [over, setOver] = useState<number | null>(null);
  const span = (SPANS as readonly string[]).includes(search.span ?? "") ? Number(search.span) : 6;
  const today = new Date().toLocaleDateString("en-CA");
  const start = /^\d{4}-\d{2}$/.test(search.at ?? "") ? search.at! : monthsFrom(today.slice(0, 7), -1 + 1)[0]!.slice(0, 7);
  const first = search.at ? start : shift(today.slice(0, 7), -1);
  const months = monthsFrom(first, span);
  const from = months[0]!;
  const to = iso(day(months[span]!) - 1);
  const found = useQuery({ queryKey: ["list", "calendar", from, to], queryFn: async () => (await everyRow<SchemeView>("/api/v1/schemes", { from, to, sort: "validFrom" }, 2_000)).rows });
  const schemes = useMemo(() => (found.data ?? []).filter((s) => s.validFrom <= to && (s.validTo ?? "9999") >= from), [found.data, from, to]);
  const meet = useMemo(() => (goods.ready ? overlaps(schemes, goods) : new Map<number, Set<number>>()), [schemes, goods]);
  const groups = useMemo(() => {
    const by = new Map<string, SchemeView[]>();
    for (const s of schemes) {
      const name = familyOf(s, goods) || t("calendar.everything");
      by.set(name, [...(by.get(name) ?? []), s]);
    }
    return [...by.entries()].sort(([a], [b]) => a.localeCompare(b));
  }, [schemes, goods, t]);
  const days = day(months[span]!) - day(from);
  const at = (d: string) => (Math.max(0, Math.min(days, day(d) - day(from))) / days) * 100;
  const lit = over === null ? null : new Set([over, ...(meet.get(over) ?? [])]);
  return (
    <section className="panel" aria-label={t("calendar.title")}>
      <div className="g-bar">
        <button type="button" className="btn sm icon" aria-label={t("calendar.earlier")} onClick={() => set({ at: shift(first, -Math.ceil(span / 2)) })}><Icon name="right" style={{ transform: "scaleX(-1)" }} /></button>
        <button type="button" className="btn sm" onClick={() => set({ at: undefined })}>{t("calendar.now")}</button>
        <button type="button" className="btn sm icon" aria-label={t("calendar.later")} onClick={() => set({ at: shift(first, Math.ceil(span / 2)) })}><Icon name="right" /></button>
        <span className="m5 num" style={{ marginInlineStart: 8 }}>{f.month(from)} – {f.month(to)}</span>
        <span className="grow" />
        <span className="seg sm" role="group" aria-label={t("calendar.span")}>
          {SPANS.map((s) => <button key={s} type="button" aria-pressed={span === Number(s)} onClick={() => set({ span: s === "6" ? undefined : s })}>{t("calendar.months", { count: Number(s) })}</button>)}
        </span>
      </div>
      {found.error ? <div style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></div> : found.isPending ? <Skeleton lines={6} /> : schemes.length === 0 ? <EmptyState title={t("calendar.none")}>{t("calendar.noneText")}</EmptyState> : (
        <div className="cal" style={{ "--months": span } as React.CSSProperties}>
          <div className="cal-head" aria-hidden="true">
            <span />
            <div className="cal-months">{months.slice(0, span).map((m, i) => <span key={m} style={{ insetInlineStart: `${at(m)}%` }}>{i === 0 || m.slice(5, 7) === "01" ? f.month(m) : f.month(m).split(" ")[0]}</span>)}</div>
          </div>
          {groups.map(([name, list]) => (
            <div key={name} role="group" aria-label={name}>
              <p className="cal-group">{name}</p>
              {list.map((s) => {
                const state = schemeState(s);
                const others = meet.get(s.id) ?? new Set<number>();
                const dim = lit !== null && !lit.has(s.id);
                return (
                  <div key={s.id} className={`cal-row ${dim ? "dim" : ""}`} onMouseEnter={() => setOver(s.id)} onMouseLeave={() => setOver(null)} onFocus={() => setOver(s.id)} onBlur={() => setOver(null)}>
                    <div className="cal-name">
                      <A className="open cut m5" path={`/schemes/${s.id}`}>{s.name}</A>
                      {others.size > 0 && <span className="st watch" title={t("calendar.meets", { names: [...others].map((o) => schemes.find((x) => x.id === o)?.name).join(", ") })}><Shape tone="watch" />{t("calendar.meet", { count: others.size })}</span>}
                    </div>
                    <div className="cal-track">
                      {months.slice(1, span).map((m) => <i key={m} className="cal-line" style={{ insetInlineStart: `${at(m)}%` }} />)}
                      {today >= from && today <= to && <i className="cal-today" style={{ insetInlineStart: `${at(today)}%` }} />}
                      <A className={`cal-bar ${state.toLowerCase()} ${s.validFrom < from ? "cut-l" : ""} ${(s.validTo ?? "9999") > to ? "cut-r" : ""}`} tabIndex={-1} path={`/schemes/${s.id}`} style={{ insetInlineStart: `${at(s.validFrom)}%`, width: `${Math.max(0.8, at(iso(day(s.validTo ?? to) + 1)) - at(s.validFrom))}%` }} aria-label={`${s.name}: ${f.date(s.validFrom)} – ${s.validTo ? f.date(s.validTo) : t("scheme.open")}, ${t(`choice.schemeStatus.${state}`)}`}>
                        <span className="cut">{s.code}</span>
                      </A>
                    </div>
                  </div>
                );
              })}
            </div>
          ))}
          <p className="cal-key s muted">
            <span><i className="cal-dot active" />{t("choice.schemeStatus.ACTIVE")}</span><span><i className="cal-dot scheduled" />{t("choice.schemeStatus.SCHEDULED")}</span>
            <span><i className="cal-dot ended" />{t("choice.schemeStatus.ENDED")}</span><span><i className="cal-dot paused" />{t("choice.schemeStatus.PAUSED")}</span>
            <span className="st watch"><Shape tone="watch" />{t("calendar.legend")}</span>
          </p>
        </div>
      )}
    </section>
  );
}

function shift(month: string, by: number): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** What a person would file a scheme under: its category, else its brand, else the category of its first article. */
function familyOf(s: SchemeView, goods: Goods): string {
  const set = setOf(s.scheme.products);
  const category = set.categoryIds[0] ?? goods.skus.get(set.skuIds[0] ?? "")?.category ?? (set.brandIds[0] ? [...goods.skus.values()].find((x) => x.brand === set.brandIds[0])?.category : undefined);
  return (category && goods.categories.get(category)?.name) || (set.brandIds[0] && goods.brands.get(set.brandIds[0])?.name) || "";
}
