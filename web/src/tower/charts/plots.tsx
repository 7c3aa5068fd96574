import type { KeyboardEvent } from "react";
import { forDrawing } from "../decimal";
import { steps, useWidth } from "./charts";

const H = 264;
const M = { left: 52, right: 16, top: 16, bottom: 40 };

/** Enter and Space open a mark, as a click does. */
const opens = (run: (() => void) | undefined) => (run ? { role: "button", tabIndex: 0, onClick: run, onKeyDown: (e: KeyboardEvent) => { if (e.code === "Enter" || e.code === "Space") { e.preventDefault(); e.stopPropagation(); run(); } }, style: { cursor: "pointer" } } : {});

export interface Dot {
  key: string;
  label: string;
  x: string | null;
  y: string | null;
  /** Drawn as a square and named: what the chart is about. */
  strong?: boolean;
  named?: boolean;
  open?: () => void;
}

/** Two measures together: quadrant lines at the whole, names on outliers only. */
export function Scatter({ dots, label, xName, yName, xMark, yMark, corner, shown }: { dots: Dot[]; label: string; xName: string; yName: string; xMark?: string | null | undefined; yMark?: string | null | undefined; corner?: string; shown: (v: string) => string }) {
  const [box, W] = useWidth(420);
  const known = dots.map((d) => ({ ...d, px: forDrawing(d.x), py: forDrawing(d.y) })).filter((d): d is typeof d & { px: number; py: number } => d.px !== null && d.py !== null);
  if (known.length < 2) return null;
  const span = (values: number[]): [number, number] => {
    const low = Math.min(...values, 0);
    const high = Math.max(...values, 0);
    const pad = (high - low) * 0.1 || 1;
    return [low - pad, high + pad];
  };
  const mx = forDrawing(xMark ?? null);
  const my = forDrawing(yMark ?? null);
  const [x0, x1] = span([...known.map((d) => d.px), ...(mx === null ? [] : [mx])]);
  const [y0, y1] = span([...known.map((d) => d.py), ...(my === null ? [] : [my])]);
  const x = (v: number) => M.left + ((v - x0) / (x1 - x0)) * (W - M.left - M.right);
  const y = (v: number) => H - M.bottom - ((v - y0) / (y1 - y0)) * (H - M.top - M.bottom);
  const placed: { x: number; y: number; end: number }[] = [];
  const names = [...known].filter((d) => d.named || d.strong).sort((a, b) => Number(b.strong ?? false) - Number(a.strong ?? false)).flatMap((d) => {
    const wide = d.label.length * 7 + 12;
    const left = x(d.px) + wide > W - M.right;
    const at = { x: left ? x(d.px) - wide : x(d.px), y: y(d.py), end: left ? x(d.px) : x(d.px) + wide };
    if (placed.some((p) => Math.abs(p.y - at.y) < 16 && p.x < at.end && at.x < p.end)) return [];
    placed.push(at);
    return [{ d, left }];
  });
  return (
    <svg ref={box} data-chart="scatter" className="plot" viewBox={`0 0 ${W} ${H}`} role="group" aria-label={label}>
      {corner && mx !== null && my !== null && <rect x={x(mx)} y={y(0)} width={Math.max(0, W - M.right - x(mx))} height={Math.max(0, H - M.bottom - y(0))} fill="var(--act-tint)" />}
      {corner && mx !== null && my !== null && <text x={x(mx) + 6} y={y(0) + 16}>{corner}</text>}
      {steps(y0, y1, 5).map((v) => <g key={`y${v}`}><line x1={M.left} x2={W - M.right} y1={y(v)} y2={y(v)} stroke={v === 0 ? "var(--axis)" : "var(--grid)"} /><text x={M.left - 6} y={y(v) + 4} textAnchor="end">{shown(String(v))}</text></g>)}
      {steps(x0, x1, Math.max(2, Math.floor(W / 110))).map((v) => <g key={`x${v}`}><line y1={M.top} y2={H - M.bottom} x1={x(v)} x2={x(v)} stroke={v === 0 ? "var(--axis)" : "var(--grid)"} /><text x={x(v)} y={H - M.bottom + 16} textAnchor="middle">{shown(String(v))}</text></g>)}
      {mx !== null && <line x1={x(mx)} x2={x(mx)} y1={M.top} y2={H - M.bottom} stroke="var(--compare)" strokeDasharray="3 3" />}
      {my !== null && <line y1={y(my)} y2={y(my)} x1={M.left} x2={W - M.right} stroke="var(--compare)" strokeDasharray="3 3" />}
      <text x={M.left} y={10}>{yName}</text>
      <text x={W - M.right} y={H - 6} textAnchor="end">{xName}</text>
      {known.map((d) => (
        <g key={d.key} {...opens(d.open)} aria-label={`${d.label}: ${xName} ${shown(d.x!)}, ${yName} ${shown(d.y!)}`} data-key={d.key} data-x={d.x!} data-y={d.y!}>
          <title>{`${d.label}: ${shown(d.x!)} · ${shown(d.y!)}`}</title>
          <circle cx={x(d.px)} cy={y(d.py)} r="12" fill="transparent" />
          {d.strong ? <rect x={x(d.px) - 5} y={y(d.py) - 5} width="10" height="10" fill="var(--act)" /> : <circle cx={x(d.px)} cy={y(d.py)} r="5" fill="var(--cat-1)" opacity=".85" />}
        </g>
      ))}
      {names.map(({ d, left }) => <text key={d.key} className={d.strong ? "last" : "name"} x={x(d.px) + (left ? -10 : 10)} y={y(d.py) + 4} textAnchor={left ? "end" : "start"} aria-hidden="true">{d.label}</text>)}
    </svg>
  );
}

export interface Step {
  key: string;
  label: string;
  value: string;
  /** First and last bar: stands on the axis. */
  whole?: boolean;
}

/** Why did it change: from the one whole to the other, each step by its sign. The axis need not start at zero; the unit line says so. */
export function Waterfall({ list, label, shown }: { list: Step[]; label: string; shown: (v: string, signed: boolean) => string }) {
  const [box, W] = useWidth(420);
  let at = 0;
  const bars = list.map((s) => {
    const v = forDrawing(s.value) ?? 0;
    const from = s.whole ? 0 : at;
    at = s.whole ? v : at + v;
    return { ...s, v, from, to: at };
  });
  const ends = bars.flatMap((b) => (b.whole ? [b.to] : [b.from, b.to]));
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  const floor = low - (high - low) * 0.35;
  const base = low >= 0 && floor <= 0 ? 0 : floor;
  const h = 208;
  const y = (v: number) => h - 28 - ((v - base) / (high - base || 1)) * (h - 56);
  const slot = (W - 8) / Math.max(1, bars.length);
  return (
    <svg ref={box} data-chart="waterfall" className="plot" style={{ height: h }} viewBox={`0 0 ${W} ${h}`} role="img" aria-label={label}>
      <line x1="4" x2={W - 4} y1={h - 28} y2={h - 28} stroke="var(--axis)" />
      {bars.map((b, i) => {
        const top = b.whole ? y(b.to) : Math.min(y(b.from), y(b.to));
        const tall = b.whole ? h - 28 - y(b.to) : Math.abs(y(b.from) - y(b.to));
        return (
          <g key={b.key} data-key={b.key} data-value={b.value}>
            {i > 0 && <line x1={4 + (i - 1) * slot + slot * 0.85} x2={4 + i * slot + slot * 0.15} y1={y(b.whole ? b.to : b.from)} y2={y(b.whole ? b.to : b.from)} stroke="var(--axis)" />}
            <rect x={4 + i * slot + slot * 0.15} width={slot * 0.7} y={top} height={Math.max(1, tall)} rx="1" fill={b.whole ? "var(--cat-other)" : b.v < 0 ? "var(--div-hi2)" : "var(--div-lo2)"} />
            <text className="name" x={4 + i * slot + slot / 2} y={top - 6} textAnchor="middle">{shown(b.value, !b.whole)}</text>
            <text x={4 + i * slot + slot / 2} y={h - 8} textAnchor="middle">{b.label}</text>
          </g>
        );
      })}
    </svg>
  );
}

export interface Series {
  key: string;
  label: string;
  values: (string | null)[];
}

/** Up to three series over the same steps, named at their ends; the gap of the first two may be shaded. */
export function Lines({ labels, series, label, shown, shade, band }: { labels: string[]; series: Series[]; label: string; shown: (v: string) => string; shade?: boolean; band?: { from: string; to: string; label: string } | undefined }) {
  const [box, W] = useWidth(520);
  const right = Math.min(132, W * 0.28);
  const all = [...series.flatMap((s) => s.values.map(forDrawing)), forDrawing(band?.from ?? null), forDrawing(band?.to ?? null)].filter((v): v is number => v !== null);
  if (all.length < 2) return null;
  const min = Math.min(...all);
  const max = Math.max(...all);
  const pad = (max - min) * 0.08 || Math.abs(max) * 0.08 || 1;
  const low = min >= 0 ? Math.max(0, min - pad) : min - pad;
  const high = max + pad;
  const left = 64;
  const h = 232;
  const x = (i: number) => left + (i / Math.max(1, labels.length - 1)) * (W - left - right);
  const y = (v: number) => h - 28 - ((v - low) / (high - low)) * (h - 44);
  const path = (values: (number | null)[]) => values.reduce<string>((d, v, i) => (v === null ? d : `${d}${d === "" || values[i - 1] === null ? "M" : "L"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`), "");
  const drawn = series.map((s, i) => {
    const v = s.values.map(forDrawing);
    const last = v.length - 1 - [...v].reverse().findIndex((n) => n !== null);
    return { ...s, v, last, colour: `var(--cat-${[1, 3, 2][i] ?? 4})`, dash: i === 2 ? "2 3" : undefined };
  }).filter((s) => s.v.some((n) => n !== null));
  const ends = [...drawn].sort((a, b) => y(a.v[a.last]!) - y(b.v[b.last]!));
  const at = new Map<string, number>();
  ends.forEach((s, i) => at.set(s.key, Math.max(y(s.v[s.last]!) + 4, i ? at.get(ends[i - 1]!.key)! + 18 : 0)));
  const every = Math.max(1, Math.ceil(labels.length / Math.max(2, Math.floor((W - left - right) / 72))));
  return (
    <svg ref={box} data-chart="lines" className="plot" style={{ height: h }} viewBox={`0 0 ${W} ${h}`} role="img" aria-label={label}>
      {steps(low, high, 4).map((v) => <g key={v}><line x1={left} x2={W - right} y1={y(v)} y2={y(v)} stroke="var(--grid)" /><text x={left - 8} y={y(v) + 4} textAnchor="end">{shown(String(v))}</text></g>)}
      {band && forDrawing(band.from) !== null && forDrawing(band.to) !== null && <g><rect x={left} width={W - left - right} y={y(forDrawing(band.to)!)} height={Math.max(1, y(forDrawing(band.from)!) - y(forDrawing(band.to)!))} fill="var(--band)" /><text x={left + 6} y={y(forDrawing(band.to)!) + 14}>{band.label}</text></g>}
      {shade && drawn.length > 1 && <path d={`${path(drawn[0]!.v)}${[...drawn[1]!.v].map((v, i) => [v, i] as const).reverse().filter(([v]) => v !== null).map(([v, i]) => `L${x(i).toFixed(1)} ${y(v!).toFixed(1)}`).join("")}Z`} fill="var(--act-tint)" opacity=".7" />}
      <line x1={left} x2={W - right} y1={h - 28} y2={h - 28} stroke="var(--axis)" />
      {labels.map((l, i) => ((labels.length - 1 - i) % every === 0 ? <text key={i} x={x(i)} y={h - 8} textAnchor={i === 0 ? "start" : i === labels.length - 1 ? "end" : "middle"}>{l}</text> : null))}
      {drawn.map((s, i) => (
        <g key={s.key} data-series={s.key}>
          <path d={path(s.v)} fill="none" stroke={s.colour} strokeWidth="2" strokeLinejoin="round" strokeDasharray={s.dash} />
          {i === 1 ? <rect x={x(s.last) - 4} y={y(s.v[s.last]!) - 4} width="8" height="8" fill={s.colour} /> : <circle cx={x(s.last)} cy={y(s.v[s.last]!)} r="4" fill={s.colour} />}
          {s.v.map((v, k) => (v === null ? null : <circle key={k} cx={x(k)} cy={y(v)} r="8" fill="transparent" data-value={s.values[k]!}><title>{`${labels[k]} · ${s.label} ${shown(s.values[k]!)}`}</title></circle>))}
          <text x={x(s.last) + 10} y={at.get(s.key)}><tspan className="last">{shown(s.values[s.last]!)}</tspan> <tspan>{s.label}</tspan></text>
        </g>
      ))}
    </svg>
  );
}

export interface HeatCell {
  value: string | null;
  shown: string;
  open?: () => void;
}

/** Which pair is off: the number in every cell, its ground by five steps of one hue. */
export function Heat({ rows, columns, cell, label, corner }: { rows: { key: string; label: string }[]; columns: { key: string; label: string }[]; cell: (row: string, column: string) => HeatCell; label: string; corner: string }) {
  const cells = rows.map((r) => columns.map((c) => cell(r.key, c.key)));
  const sorted = cells.flat().map((c) => forDrawing(c.value)).filter((v): v is number => v !== null).sort((a, b) => a - b);
  const step = (v: string | null) => {
    const n = forDrawing(v);
    if (n === null || sorted.length === 0) return 0;
    const below = sorted.filter((s) => s < n).length;
    return 1 + Math.min(4, Math.floor((below / sorted.length) * 5));
  };
  return (
    <div className="heat-box">
      <table className="heat" aria-label={label}>
        <thead><tr><th scope="col">{corner}</th>{columns.map((c) => <th key={c.key} scope="col" title={c.label}><span>{c.label}</span></th>)}</tr></thead>
        <tbody>
          {rows.map((r, i) => (
            <tr key={r.key}>
              <th scope="row" title={r.label}>{r.label}</th>
              {columns.map((c, k) => {
                const one = cells[i]![k]!;
                return <td key={c.key} className={`h${step(one.value)}`} data-value={one.value ?? ""}>{one.open ? <button type="button" onClick={one.open} aria-label={`${r.label}, ${c.label}: ${one.shown}`}>{one.shown}</button> : one.shown}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A value on a track with the band of its norm: cover beside norm, days beside limit. */
export function OnBand({ value, from, to, top, label }: { value: string | null; from: string | null; to: string | null; top: number; label: string }) {
  const v = forDrawing(value);
  const a = forDrawing(from);
  const b = forDrawing(to);
  const part = (n: number) => `${Math.max(0, Math.min(100, (n / (top || 1)) * 100))}%`;
  return (
    <span className="on-band" role="img" aria-label={label}>
      {a !== null && b !== null && <i style={{ insetInlineStart: part(a), width: `${Math.max(1, ((Math.min(b, top) - a) / (top || 1)) * 100)}%` }} />}
      {v !== null && <b style={{ insetInlineStart: part(v) }} className={b !== null && v > b ? "over" : a !== null && v < a ? "under" : ""} />}
    </span>
  );
}

/** Part of what: one bar of at most five parts, each named under it. */
export function Parts({ parts, label }: { parts: { key: string; label: string; value: string; shown: string }[]; label: string }) {
  const sum = parts.reduce((a, p) => a + Math.max(0, forDrawing(p.value) ?? 0), 0) || 1;
  return (
    <div className="parts" role="list" aria-label={label}>
      {parts.map((p, i) => {
        const share = (Math.max(0, forDrawing(p.value) ?? 0) / sum) * 100;
        return (
          <div key={p.key} role="listitem" style={{ flexGrow: Math.max(share, 7) }}>
            <i aria-hidden="true" className={`p${Math.min(5, i + 1)}`} />
            <span className="s muted cut">{p.label}</span>
            <span className="s num">{p.shown}</span>
          </div>
        );
      })}
    </div>
  );
}
