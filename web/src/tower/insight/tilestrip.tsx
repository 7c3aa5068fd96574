import { useTranslation } from "react-i18next";
import { Sparkline } from "../charts/charts";
import { change, useFormats } from "../format";
import { A } from "../kit/link";
import { kindOf, useAnswer, useCatalogue, valuesOf } from "./api";
import { encode, type DimensionId, type Filter, type MetricId, type Question, type Window } from "./question";
import { changeUnit, definitionText, metricName, partialText, reasonText } from "./words";

/** Figures of one party side by side: value, twelve months, how it moved; each opens its question. Metrics the catalogue has no source for are left out. */
export function TileStrip({ metrics, filters, by, window = { kind: "MTD" }, most = 7 }: { metrics: readonly MetricId[]; filters: Filter[]; by: DimensionId; window?: Window; most?: number }) {
  const { t } = useTranslation();
  const f = useFormats();
  const catalogue = useCatalogue();
  const fits = (m: string) => { const own = catalogue.data?.metrics.find((x) => x.id === m); return own !== undefined && own.source !== "NONE" && filters.every((x) => own.dimensions.includes(x.dimension)); };
  const list = catalogue.data ? metrics.filter(fits).slice(0, most) : [];
  const monthly = list.filter((m) => catalogue.data?.metrics.find((x) => x.id === m)?.dimensions.includes("month"));
  const q: Question = { metrics: [...list], dimensions: [], filters, window, compare: "SAME_LAST_YEAR", order: [] };
  const now = useAnswer(q, { enabled: list.length > 0 });
  const months = useAnswer({ ...q, metrics: [...monthly], dimensions: ["month"], window: { kind: "L12M" }, compare: "NONE" }, { enabled: monthly.length > 0 });
  const cells = valuesOf(now.data?.totals) ?? now.data?.rows[0]?.values;
  const rows = [...(months.data?.rows ?? [])].sort((a, b) => String(a.keys.month?.id).localeCompare(String(b.keys.month?.id)));
  return (
    <section className="panel strip" aria-label={t("partner.figures")} aria-busy={!now.data || undefined}>
      {list.map((m) => {
        const column = now.data?.columns.find((c) => c.id === m);
        const kind = kindOf(m, column?.unit);
        const cell = cells?.[m];
        const figure = f.figure(cell?.value, kind, { days: t("unit.days"), hours: t("unit.hours") });
        const moved = change(cell?.value, cell?.compare, kind);
        const name = metricName(t, m, column?.label);
        const own = catalogue.data?.metrics.find((x) => x.id === m);
        if (!now.data && !now.error) return <div key={m} className="strip-one"><span className="s muted cut">{name}</span><span className="sk" style={{ width: "50%", height: 16, marginTop: 8 }} /></div>;
        const rowsBy = own?.dimensions.includes(by) ? [by] : [];
        return (
          <div key={m} className="strip-one">
            <A className="cover" path="/explore" search={encode({ ...q, metrics: [m], dimensions: rowsBy }) as Record<string, string>} aria-label={t("today.open", { name, value: kind === "money" ? f.rupees(cell?.value) : f.cell(cell?.value, kind) })} title={definitionText(t, m, own?.definition)} />
            <span className="s muted cut">{name}</span>
            <span className="fig">{figure.sign && `${figure.sign} `}{figure.number}{figure.unit && <small>{figure.unit}</small>}</span>
            {rows.length > 1 ? <Sparkline points={rows.map((r) => r.values[m]?.value ?? null)} label={t("today.trend", { name, first: f.cell(rows[0]?.values[m]?.value, kind), last: f.cell(rows[rows.length - 1]?.values[m]?.value, kind) })} /> : <span style={{ height: 32 }} />}
            <span className="s muted num">{now.error && !cell ? t("problems.FAULT", { ns: "common" }) : moved ? `${f.signed(moved.value)} ${changeUnit(t, moved.unit)} ${t("today.onYear")}` : cell?.value === null ? reasonText(t as never, cell.reason) : ""}{cell?.partial && <> {partialText(t as never, cell)}</>}</span>
          </div>
        );
      })}
      {now.data && <p className="strip-asof s muted num">{t("fresh.asOf", { time: f.moment(now.data.freshness.asOf) })} · {now.data.freshness.older.length > 0 ? t("fresh.older", { count: now.data.freshness.older.length, all: now.data.freshness.distributors }) : t("fresh.complete")}</p>}
      {!catalogue.data && Array.from({ length: 6 }, (_, i) => <div key={i} className="strip-one"><span className="sk" style={{ width: "60%" }} /><span className="sk" style={{ width: "40%", height: 20 }} /></div>)}
    </section>
  );
}
