import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { forDrawing } from "../decimal";

/** Thirteen points and the last one marked; a picture only, its story is in the words beside it. */
export function Sparkline({ points, label }: { points: (string | null)[]; label: string }) {
  const values = points.map(forDrawing);
  const known = values.filter((v): v is number => v !== null);
  if (known.length < 2) return null;
  const low = Math.min(...known);
  const high = Math.max(...known);
  const span = high - low || 1;
  const x = (i: number) => 2 + (i / Math.max(1, values.length - 1)) * 92;
  const y = (v: number) => 28 - ((v - low) / span) * 24;
  let path = "";
  values.forEach((v, i) => {
    if (v !== null) path += `${path === "" || values[i - 1] === null ? "M" : "L"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
  });
  const last = values.length - 1 - [...values].reverse().findIndex((v) => v !== null);
  return (
    <svg className="spark" viewBox="0 0 96 32" role="img" aria-label={label} preserveAspectRatio="none">
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
      <circle cx={x(last)} cy={y(values[last]!)} r="2.500" fill="var(--text)" />
    </svg>
  );
}

/** A value as a bar with the comparable as a tick. */
export function Bullet({ value, mark, whole }: { value: string | null; mark: string | null | undefined; whole?: number }) {
  const v = forDrawing(value);
  const m = forDrawing(mark ?? null);
  // A bar without anything to compare with says nothing.
  if (v === null || v < 0 || (m === null && whole === undefined)) return <span className="bar-b none" aria-hidden="true" />;
  const top = whole ?? (Math.max(v, m ?? 0) * 1.08 || 1);
  return (
    <span className="bar-b" aria-hidden="true">
      <i style={{ width: `${(v / top) * 100}%` }} />
      {m !== null && m > 0 && <b style={{ insetInlineStart: `${(m / top) * 100}%` }} />}
    </span>
  );
}

export interface Bar {
  key: string;
  label: string;
  value: string | null;
  shown: string;
  mark?: string | null | undefined;
  strong?: boolean;
  /** The rest folded into one line: printed, but not drawn, or it would dwarf the bars. */
  rest?: boolean;
  open?: () => void;
}

/** Sorted bars with their values printed: no axis to read off, no legend. */
export function Bars({ bars, label }: { bars: Bar[]; label: string }) {
  const { t } = useTranslation();
  const values = bars.filter((b) => !b.rest).flatMap((b) => [forDrawing(b.value) ?? 0, forDrawing(b.mark ?? null) ?? 0]);
  const top = Math.max(...values, 0) || 1;
  return (
    <div className="bars" role="list" aria-label={label}>
      {bars.map((b) => {
        const v = forDrawing(b.value);
        const m = forDrawing(b.mark ?? null);
        const name = b.open
          ? <button type="button" className="bn cut s" onClick={b.open} aria-label={t("explore.into", { name: b.label })}>{b.label}</button>
          : <span className="bn cut s">{b.label}</span>;
        return (
          <div key={b.key} role="listitem" style={{ display: "contents" }}>
            {name}
            <span className="bt" aria-hidden="true">
              {v !== null && v > 0 && !b.rest && <i className={b.strong ? "on" : ""} style={{ width: `${(v / top) * 100}%` }} />}
              {m !== null && m > 0 && <b style={{ insetInlineStart: `${(m / top) * 100}%` }} />}
            </span>
            <span className="n s">{b.shown}</span>
          </div>
        );
      })}
    </div>
  );
}

export interface LinePoint {
  label: string;
  value: string | null;
  compare?: string | null | undefined;
}

/** A line over time: zero is not forced, the last point carries its value, the comparable is thin and grey. */
export function Line({ points, shown, label, compareLabel }: { points: LinePoint[]; shown: (value: string) => string; label: string; compareLabel?: string }) {
  const [box, W] = useWidth(560);
  const H = 240;
  const left = 64;
  const right = 64;
  const top = 16;
  const bottom = 28;
  const mine = points.map((p) => forDrawing(p.value));
  const theirs = points.map((p) => forDrawing(p.compare ?? null));
  const known = [...mine, ...theirs].filter((v): v is number => v !== null);
  if (known.length < 2) return null;
  const raw = [Math.min(...known), Math.max(...known)] as const;
  const pad = (raw[1] - raw[0]) * 0.08 || Math.abs(raw[1]) * 0.08 || 1;
  const low = raw[0] >= 0 ? Math.max(0, raw[0] - pad) : raw[0] - pad;
  const high = raw[1] + pad;
  const x = (i: number) => left + (i / Math.max(1, points.length - 1)) * (W - left - right);
  const y = (v: number) => H - bottom - ((v - low) / (high - low)) * (H - top - bottom);
  const line = (values: (number | null)[]) => {
    let d = "";
    values.forEach((v, i) => {
      if (v !== null) d += `${d === "" || values[i - 1] === null ? "M" : "L"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
    });
    return d;
  };
  const ticks = steps(low, high, 4);
  const every = Math.max(1, Math.ceil(points.length / Math.max(2, Math.floor((W - left - right) / 88))));
  const last = lastKnown(mine);
  const lastTheirs = lastKnown(theirs);
  return (
    <svg ref={box} className="line-chart" viewBox={`0 0 ${W} ${H}`} role="img" aria-label={label}>
      {ticks.map((v) => (
        <g key={v}>
          <line x1={left} x2={W - right} y1={y(v)} y2={y(v)} stroke="var(--grid)" />
          <text x={left - 8} y={y(v) + 4} textAnchor="end">{shown(String(v))}</text>
        </g>
      ))}
      <line x1={left} x2={W - right} y1={H - bottom} y2={H - bottom} stroke="var(--axis)" />
      {points.map((p, i) => (i % every === 0 || i === points.length - 1) && (i === points.length - 1 || points.length - 1 - i >= every) ? (
        <text key={i} x={x(i)} y={H - 8} textAnchor={i === 0 ? "start" : i === points.length - 1 ? "end" : "middle"}>{p.label}</text>
      ) : null)}
      <path d={line(theirs)} fill="none" stroke="var(--compare)" strokeWidth="1.500" />
      <path d={line(mine)} fill="none" stroke="var(--cat-1)" strokeWidth="2" strokeLinejoin="round" />
      {lastTheirs !== null && compareLabel && (last === null || Math.abs(y(theirs[lastTheirs]!) - y(mine[last]!)) > 16) && <text x={x(lastTheirs) + 8} y={y(theirs[lastTheirs]!) + 4}>{compareLabel}</text>}
      {last !== null && (
        <>
          <circle cx={x(last)} cy={y(mine[last]!)} r="4" fill="var(--cat-1)" stroke="var(--ground)" strokeWidth="2" />
          <text className="last" x={x(last) + 8} y={y(mine[last]!) + 4}>{shown(points[last]!.value!)}</text>
        </>
      )}
    </svg>
  );
}

/** The width the drawing really has, so that its letters keep their size. */
export function useWidth(first: number): [React.RefObject<SVGSVGElement | null>, number] {
  const box = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(first);
  useEffect(() => {
    const el = box.current;
    if (!el || typeof ResizeObserver === "undefined") return;
    const watch = new ResizeObserver(() => setWidth((w) => (el.clientWidth > 0 && Math.abs(el.clientWidth - w) > 1 ? el.clientWidth : w)));
    watch.observe(el);
    return () => watch.disconnect();
  }, []);
  return [box, width];
}

function lastKnown(values: (number | null)[]): number | null {
  for (let i = values.length - 1; i >= 0; i--) if (values[i] !== null) return i;
  return null;
}

/** Round steps between two values. */
export function steps(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = rough / power;
  const step = (unit <= 1 ? 1 : unit <= 2 ? 2 : unit <= 5 ? 5 : 10) * power;
  const list: number[] = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step) list.push(Number(v.toPrecision(12)));
  return list;
}
