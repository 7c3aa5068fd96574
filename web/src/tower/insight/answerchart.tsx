import { Menu } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Skeleton } from "../../ui";
import { Bars, Line } from "../charts/charts";
import { Figure, type Sheet } from "../charts/figure";
import { Heat, Lines, Scatter, Waterfall, type Dot, type Step } from "../charts/plots";
import { abs, add, cmp, dec, growth, share, sub, text, type Dec } from "../decimal";
import { change, useFormats, type FigureKind } from "../format";
import { Icon } from "../kit/icons";
import { documentOf, kindOf, valuesOf, type Answer, type Cell, type Column, type Row } from "./api";
import { BUCKETED, keyLabel, rowLabel, TIME } from "./keys";
import { below, type Question } from "./question";
import { changeUnit, columnName, compareName, lower, metricName } from "./words";

type Form = "bars" | "scatter" | "change" | "heat" | "line";

/** A whole as a decimal; nothing where it is not known. */
const zero: Dec = { n: 0n, scale: 2 };

/** Which forms fit an answer (UX 6.1); the first is shown. */
export function formsOf(q: Question, columns: Column[], rows: Row[]): Form[] {
  const metrics = columns.filter((c) => c.kind === "metric");
  const dims = columns.filter((c) => c.kind === "dimension");
  if (dims.length === 1 && TIME.includes(dims[0]!.id)) return ["line"];
  const list: Form[] = dims.length === 2 ? ["heat", "bars"] : ["bars"];
  if (dims.length === 1 && metrics.length > 1 && rows.length > 2) list.push("scatter");
  if (dims.length === 1 && q.compare !== "NONE" && metrics[0]?.additive !== false && rows.length > 1) list.push("change");
  return list;
}

/** The answer drawn: a line over time, a heat table of two dimensions, else sorted bars, two figures together, or what moved the whole. */
export function AnswerChart({ q, answer, rows, stale, more, onDown }: { q: Question; answer: Answer | undefined; rows: Row[]; stale: boolean; more: boolean; onDown: ((row: Row) => void) | undefined }) {
  const { t, i18n } = useTranslation();
  const f = useFormats();
  const [chosen, setChosen] = useState<string | null>(null);
  const [wanted, setWanted] = useState<Form | null>(null);
  const columns = answer?.columns ?? [];
  const metrics = columns.filter((c) => c.kind === "metric");
  const metric = metrics.find((c) => c.id === chosen) ?? metrics.find((c) => q.order.some((o) => o.by === c.id)) ?? metrics[0];
  if (!answer || !metric) return <section className="panel" style={{ minHeight: 320 }} aria-busy="true"><Skeleton lines={8} /></section>;
  const forms = formsOf(q, columns, rows);
  const form = wanted && forms.includes(wanted) ? wanted : forms[0]!;
  const kind = kindOf(metric.id, metric.unit);
  const unit = unitOf(kind, f.rupee, t);
  const dims = columns.filter((c) => c.kind === "dimension");
  const label = (row: Row) => rowLabel(t as never, f, columns, row);
  const cellOf = (row: Row, id = metric.id): Cell => row.values[id] ?? { value: null };
  const shown = (v: string, k: FigureKind = kind) => (k === "money" ? f.compact(v) : f.cell(v, k));
  const name = metricName(t, metric.id, metric.label);
  const total = dec(valuesOf(answer.totals)?.[metric.id]?.value);
  const compared = q.compare !== "NONE";
  const opens = (row: Row) => (onDown && (documentOf(row) !== null || (row.drill !== null && dims.some((d) => below(d.id) || row.drill?.dimensions?.length))) ? () => onDown(row) : undefined);

  let finding: string = name;
  let body: ReactNode;
  let sheet: Sheet | null = null;
  const plain = (list: Row[]): Sheet => ({
    columns: [{ label: dims.map((c) => columnName(t, c)).join(" · ") || name }, { label: unit ? `${name}, ${unit}` : name, numeric: true }, ...(compared ? [{ label: t(`compare.short.${q.compare}`), numeric: true }] : [])],
    rows: list.map((r, i) => ({ key: String(i), cells: [{ raw: label(r), shown: label(r) }, { raw: cellOf(r).value, shown: f.cell(cellOf(r).value, kind) }, ...(compared ? [{ raw: cellOf(r).compare ?? null, shown: f.cell(cellOf(r).compare, kind) }] : [])] })),
  });
  const known = rows.filter((r) => dec(cellOf(r).value));
  const bucketed = columns.some((c) => BUCKETED.includes(c.id));
  const ranked = bucketed ? known : [...known].sort((a, b) => cmp(dec(cellOf(b).value)!, dec(cellOf(a).value)!));
  const best = bucketed ? [...known].sort((a, b) => cmp(dec(cellOf(b).value)!, dec(cellOf(a).value)!))[0] : ranked[0];

  if (rows.length === 0) body = <p className="body muted">{t("explore.nothing")}</p>;
  else if (form === "line") {
    const time = dims[0]!;
    const sorted = [...rows].sort((a, b) => String(a.keys[time.id]?.id).localeCompare(String(b.keys[time.id]?.id)));
    const points = sorted.map((r) => ({ label: time.id === "month" ? f.month(String(r.keys.month?.id)) : f.dense(String(r.keys[time.id]?.id)).slice(0, 5), value: cellOf(r).value, compare: cellOf(r).compare }));
    const there = points.filter((p) => dec(p.value));
    const low = there.reduce((a, b) => (cmp(dec(b.value)!, dec(a.value)!) < 0 ? b : a), there[0]!);
    const high = there.reduce((a, b) => (cmp(dec(b.value)!, dec(a.value)!) > 0 ? b : a), there[0]!);
    const moved = there.length > 1 ? change(there[there.length - 1]!.value, there[0]!.value, kind) : null;
    if (moved) finding = t("finding.time", { name, change: `${f.signed(moved.value)} ${changeUnit(t, moved.unit)}`, from: there[0]!.label });
    const summary = there.length ? t("explore.lineText", { name, first: f.cell(there[0]!.value, kind), last: f.cell(there[there.length - 1]!.value, kind), low: f.cell(low?.value, kind), high: f.cell(high?.value, kind) }) : name;
    sheet = plain(sorted);
    body = <div className="body" style={{ overflowX: "auto" }}><div style={{ minWidth: 280 }}><Line points={points} shown={shown} label={summary} compareLabel={compared ? t(`compare.short.${q.compare}`) : undefined} /></div></div>;
    // two figures of one kind over time belong into one picture
    const both = metrics.filter((m) => kindOf(m.id, m.unit) === kind).slice(0, 3);
    if (both.length > 1 && !compared && chosen === null && q.order.every((o) => TIME.includes(o.by))) {
      finding = t("finding.together", { a: metricName(t, both[0]!.id, both[0]!.label), b: lower(metricName(t, both[1]!.id, both[1]!.label), i18n.language) });
      sheet = { columns: [{ label: columnName(t, time) }, ...both.map((m) => ({ label: metricName(t, m.id, m.label), numeric: true }))], rows: sorted.map((r, i) => ({ key: String(i), cells: [{ raw: label(r), shown: label(r) }, ...both.map((m) => ({ raw: r.values[m.id]?.value ?? null, shown: f.cell(r.values[m.id]?.value, kind) }))] })) };
      body = <Lines labels={points.map((p) => p.label)} series={both.map((m) => ({ key: m.id, label: lower(metricName(t, m.id, m.label), i18n.language), values: sorted.map((r) => r.values[m.id]?.value ?? null) }))} label={finding} shown={shown} />;
    }
  } else if (form === "heat") {
    const [down, across] = dims as [Column, Column];
    const keys = (c: Column) => [...new Map(rows.map((r) => [String(r.keys[c.id]?.id), { key: String(r.keys[c.id]?.id), label: keyLabel(t as never, f, c.id, r) }])).values()];
    const byTime = TIME.includes(across.id);
    const cols = (byTime ? keys(across).sort((a, b) => a.key.localeCompare(b.key)) : keys(across)).slice(0, 24);
    const lines = keys(down).slice(0, 40);
    const at = new Map(rows.map((r) => [`${r.keys[down.id]?.id}|${r.keys[across.id]?.id}`, r]));
    if (best) finding = t("finding.top", { who: label(best), name });
    sheet = { columns: [{ label: columnName(t, down) }, ...cols.map((c) => ({ label: c.label, numeric: true }))], rows: lines.map((l) => ({ key: l.key, cells: [{ raw: l.label, shown: l.label }, ...cols.map((c) => { const v = at.get(`${l.key}|${c.key}`); return { raw: v ? cellOf(v).value : null, shown: v ? f.cell(cellOf(v).value, kind) : "" }; })] })) };
    body = <Heat label={`${name}: ${columnName(t, down)} × ${columnName(t, across)}`} corner={columnName(t, down)} rows={lines} columns={cols} cell={(r, c) => { const row = at.get(`${r}|${c}`); const open = row && opens(row); return { value: row ? cellOf(row).value : null, shown: row ? (cellOf(row).value === null ? f.na : shown(cellOf(row).value!)) : "", ...(open ? { open } : {}) }; }} />;
  } else if (form === "scatter") {
    // growth against growth where there is a comparison, else value against value
    const [xm, ym] = [metrics[0]!, metrics.find((m) => m.id !== metrics[0]!.id)!];
    const usesGrowth = compared && [xm, ym].every((m) => ["money", "count"].includes(kindOf(m.id, m.unit)));
    const value = (cell: Cell | undefined) => { if (!usesGrowth) return cell?.value ?? null; const now = dec(cell?.value); const then = dec(cell?.compare); return now && then ? growth(now, then) : null; };
    const axis = (m: Column) => (usesGrowth ? t("explore.growthOf", { name: metricName(t, m.id, m.label) }) : `${metricName(t, m.id, m.label)}${unitOf(kindOf(m.id, m.unit), f.rupee, t) ? `, ${unitOf(kindOf(m.id, m.unit), f.rupee, t)}` : ""}`);
    const totals = valuesOf(answer.totals);
    const dots: Dot[] = rows.map((r, i) => { const open = opens(r); return { key: String(i), label: label(r), x: value(r.values[ym.id]), y: value(r.values[xm.id]), ...(open ? { open } : {}) }; });
    const there = dots.filter((d) => d.x !== null && d.y !== null);
    const apart = usesGrowth ? there.filter((d) => Number(d.x) > 0 && Number(d.y) < 0) : [];
    const far = new Set([...there].sort((a, b) => Math.abs(Number(b.x)) + Math.abs(Number(b.y)) - Math.abs(Number(a.x)) - Math.abs(Number(a.y))).slice(0, 4).map((d) => d.key));
    for (const d of dots) { d.named = far.has(d.key) || there.length <= 6; d.strong = apart.some((x) => x.key === d.key); }
    finding = usesGrowth ? t("finding.apart", { count: apart.length, all: there.length, up: lower(metricName(t, ym.id, ym.label), i18n.language), down: lower(name, i18n.language) }) : t("finding.together", { a: metricName(t, xm.id, xm.label), b: lower(metricName(t, ym.id, ym.label), i18n.language) });
    const fmt = (v: string) => (usesGrowth ? f.signed(v) : shown(v, kindOf(xm.id, xm.unit)));
    sheet = { columns: [{ label: dims.map((c) => columnName(t, c)).join(" · ") }, { label: axis(xm), numeric: true }, { label: axis(ym), numeric: true }], rows: dots.map((d) => ({ key: d.key, cells: [{ raw: d.label, shown: d.label }, { raw: d.y, shown: d.y === null ? f.na : usesGrowth ? f.signed(d.y) : f.cell(d.y, kindOf(xm.id, xm.unit)) }, { raw: d.x, shown: d.x === null ? f.na : usesGrowth ? f.signed(d.x) : f.cell(d.x, kindOf(ym.id, ym.unit)) }] })) };
    body = there.length < 2 ? <p className="body muted">{t("explore.fewPoints")}</p> : <Scatter dots={dots} label={finding} xName={axis(ym)} yName={axis(xm)} xMark={value(totals?.[ym.id])} yMark={value(totals?.[xm.id])} {...(usesGrowth ? { corner: t("explore.corner") } : {})} shown={fmt} />;
  } else if (form === "change") {
    const whole = valuesOf(answer.totals)?.[metric.id];
    const moved = rows.flatMap((r) => { const now = dec(cellOf(r).value); const then = dec(cellOf(r).compare); return now || then ? [{ row: r, by: sub(now ?? zero, then ?? zero) }] : []; }).sort((a, b) => cmp(abs(b.by), abs(a.by)));
    const top = moved.slice(0, 5);
    const listed = top.reduce((a, m) => add(a, m.by), zero);
    const now = dec(whole?.value);
    const then = dec(whole?.compare);
    const rest = now && then ? sub(sub(now, then), listed) : zero;
    const steps: Step[] = now && then ? [{ key: "then", label: t(`compare.short.${q.compare}`), value: text(then), whole: true }, ...top.map((m, i) => ({ key: String(i), label: label(m.row), value: text(m.by) })), ...(rest.n !== 0n ? [{ key: "rest", label: t("explore.restOf"), value: text(rest) }] : []), { key: "now", label: t("explore.now"), value: text(now), whole: true }] : [];
    if (top[0]) finding = t("finding.moved", { who: label(top[0].row), by: f.effect(text(top[0].by)) });
    sheet = { columns: [{ label: t("explore.step") }, { label: unit ? `${name}, ${unit}` : name, numeric: true }], rows: steps.map((s) => ({ key: s.key, cells: [{ raw: s.label, shown: s.label }, { raw: s.value, shown: s.whole ? f.cell(s.value, kind) : f.signed(s.value, kind === "money" ? 2 : 0) }] })) };
    body = steps.length < 3 ? <p className="body muted">{t("explore.noCompare")}</p> : <Waterfall list={steps.map((s) => ({ ...s, label: s.label.length > 12 ? `${s.label.slice(0, 11)}…` : s.label }))} label={finding} shown={(v, signed) => (signed ? `${v.startsWith("-") ? "−" : "+"}${shown(v.replace("-", ""))}` : shown(v))} />;
  } else {
    const top = ranked.slice(0, 20);
    const rest = ranked.slice(20);
    if (best) {
      const part = metric.additive !== false && total ? share(dec(cellOf(best).value)!, total) : null;
      const both = known.filter((r) => dec(cellOf(r).compare));
      const rising = both.filter((r) => cmp(dec(cellOf(r).value)!, dec(cellOf(r).compare)!) > 0).length;
      finding = both.length > 1 && compared && !more ? t("finding.rising", { count: rising, all: both.length, name }) : part !== null && rows.length > 1 ? t("finding.share", { who: label(best), share: f.cell(part, "percent"), name: lower(name, i18n.language) }) : t("finding.top", { who: label(best), name });
    }
    const bars = top.map((r, i) => { const open = opens(r); return { key: `${i}`, label: label(r), value: cellOf(r).value, shown: cellOf(r).value === null ? f.na : shown(cellOf(r).value!), mark: cellOf(r).compare, rest: false, ...(open ? { open } : {}) }; });
    if (rest.length && metric.additive !== false) {
      const sum = text(rest.reduce((a, r) => add(a, dec(cellOf(r).value)!), zero));
      bars.push({ key: "rest", label: t("explore.others", { count: rest.length }), value: sum, shown: shown(sum), mark: undefined, rest: true });
    }
    sheet = plain(ranked);
    body = <Bars bars={bars} label={t("explore.barsText", { name, count: ranked.length, who: best ? label(best) : "", value: best ? f.cell(cellOf(best).value, kind) : "" })} />;
  }
  return (
    <Figure id="answer" title={finding} sheet={sheet} stale={stale} actions={forms.length > 1 ? (
      <Menu position="bottom-end">
        <Menu.Target><button type="button" className="btn sm quiet" aria-label={t("explore.form")}>{t(`explore.forms.${form}`)}<Icon name="down" style={{ width: 14, height: 14 }} /></button></Menu.Target>
        <Menu.Dropdown>{forms.map((x) => <Menu.Item key={x} aria-current={x === form || undefined} onClick={() => setWanted(x)}>{t(`explore.forms.${x}`)}</Menu.Item>)}</Menu.Dropdown>
      </Menu>
    ) : undefined}>
      <p className="s muted fig-sub">
        {metrics.length > 1 && form !== "scatter" ? (
          <Menu position="bottom-start">
            <Menu.Target><button type="button" className="lnk s" style={{ display: "inline-flex", alignItems: "center", gap: 2 }}>{name}<Icon name="down" style={{ width: 14, height: 14 }} /></button></Menu.Target>
            <Menu.Dropdown>{metrics.map((m) => <Menu.Item key={m.id} onClick={() => setChosen(m.id)}>{columnName(t, m)}</Menu.Item>)}</Menu.Dropdown>
          </Menu>
        ) : form !== "scatter" && <span>{name}</span>}
        {unit && form !== "scatter" && <span>{unit}</span>}
        {compared && form === "bars" && <span>· {t("explore.tick", { what: compareName(t, q.compare).toLocaleLowerCase() })}</span>}
      </p>
      {body}
    </Figure>
  );
}

/** The unit beside a figure's name; counts have none. */
export function unitOf(kind: FigureKind, rupee: string, t: (k: string) => string): string {
  return kind === "money" ? rupee : kind === "percent" ? "%" : kind === "days" ? t("unit.days") : kind === "hours" ? t("unit.hours") : "";
}
