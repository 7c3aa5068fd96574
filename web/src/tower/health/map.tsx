import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError } from "../../api/client";
import { EmptyState, Skeleton } from "../../ui";
import { forDrawing } from "../decimal";
import { Fault, NoRight } from "../frame/faults";
import { useFormats } from "../format";
import { csv } from "../grid/export";
import { Grid, type GridColumn } from "../grid/grid";
import { save } from "../http";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { useGo, useSearchState } from "../nav";
import { allocated, kindOf, useAnswer, useCatalogue } from "../insight/api";
import type { MetricId } from "../insight/question";
import { metricName, windowName } from "../insight/words";
import type { OutletOnMap, PlaceOnMap } from "./api";
import "./health.css";

const FILLS: MetricId[] = ["nsv", "nsv-growth", "stock-cover", "overdue-share", "active-outlets", "eco", "value-fill", "stock-push"];

export interface Point { x: number; y: number }

/** Longitude and latitude on a plane: true to shape around the middle of what is shown, north up. */
export function project(points: { lon: number; lat: number }[], width: number, height: number, pad = 32): Point[] {
  if (points.length === 0) return [];
  const mid = (Math.min(...points.map((p) => p.lat)) + Math.max(...points.map((p) => p.lat))) / 2;
  const squeeze = Math.cos((mid * Math.PI) / 180);
  const xs = points.map((p) => p.lon * squeeze);
  const ys = points.map((p) => -p.lat);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((width - 2 * pad) / (x1 - x0 || 1e-6), (height - 2 * pad) / (y1 - y0 || 1e-6));
  const one = x1 - x0 < 1e-6 && y1 - y0 < 1e-6;
  const ox = (width - (x1 - x0) * (one ? 0 : scale)) / 2;
  const oy = (height - (y1 - y0) * (one ? 0 : scale)) / 2;
  return points.map((_, i) => ({ x: ox + (one ? 0 : (xs[i]! - x0) * scale), y: oy + (one ? 0 : (ys[i]! - y0) * scale) }));
}

/** The outline around points, anticlockwise; a territory's hull. */
export function hull(points: Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const half = (list: Point[]) => {
    const out: Point[] = [];
    for (const p of list) {
      while (out.length >= 2) {
        const [a, b] = [out[out.length - 2]!, out[out.length - 1]!];
        if ((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) > 0) break;
        out.pop();
      }
      out.push(p);
    }
    return out.slice(0, -1);
  };
  return [...half(sorted), ...half([...sorted].reverse())];
}

/** Five steps of equal count, 1 to 5; 0 where there is no figure. */
export function quantile(values: (number | null)[]): number[] {
  const sorted = values.filter((v): v is number => v !== null).sort((a, b) => a - b);
  return values.map((v) => (v === null || sorted.length === 0 ? 0 : 1 + Math.min(4, Math.floor((sorted.filter((s) => s < v).length / sorted.length) * 5))));
}

const W = 720;
const H = 560;

/** T5: where it happens. No tiles and no foreign server: distributors as dots filled by one figure, territories as hulls, outlets by their state. The list beside says the same. */
export function MapPage() {
  const { t } = useTranslation();
  const f = useFormats();
  const go = useGo();
  const [search, set] = useSearchState();
  const catalogue = useCatalogue();
  const fills = FILLS.filter((m) => catalogue.data?.metrics.some((x) => x.id === m && x.source !== "NONE" && x.dimensions.includes("distributor")));
  const fill = fills.find((m) => m === search.fill) ?? fills[0] ?? "nsv";
  const places = useQuery({ queryKey: ["map"], queryFn: () => api<{ items: PlaceOnMap[] }>("/api/v1/map") });
  const answer = useAnswer({ metrics: [fill], dimensions: ["distributor"], filters: [], window: { kind: "MTD" }, compare: fill === "nsv-growth" ? "SAME_LAST_YEAR" : "NONE", order: [] }, { limit: 1000, enabled: fills.length > 0 });
  const kind = kindOf(fill, answer.data?.columns.find((c) => c.id === fill)?.unit);
  const at = search.d;
  const value = useMemo(() => new Map((answer.data?.rows ?? []).filter((r) => allocated(r.keys.distributor)).map((r) => [String(r.keys.distributor!.id), r.values[fill]?.value ?? null])), [answer.data, fill]);
  const all = useMemo(() => places.data?.items ?? [], [places.data]);
  const located = useMemo(() => all.filter((p) => p.latitude !== null && p.longitude !== null), [all]);
  const lost = all.length - located.length;
  const dots = useMemo(() => project(located.map((p) => ({ lon: Number(p.longitude), lat: Number(p.latitude) })), W, H), [located]);
  const step = useMemo(() => quantile(located.map((p) => forDrawing(value.get(String(p.distributorId)) ?? null))), [located, value]);
  const hulls = useMemo(() => {
    const by = new Map<string, Point[]>();
    located.forEach((p, i) => { const k = p.territory ?? p.region; if (k) by.set(k, [...(by.get(k) ?? []), dots[i]!]); });
    return [...by].filter(([, points]) => points.length > 2).map(([name, points]) => ({ name, points: hull(points) }));
  }, [located, dots]);
  const columns = useMemo<GridColumn<PlaceOnMap>[]>(() => [
    { id: "name", label: t("dimension.distributor"), width: 184, grow: true, fixed: true, cell: (r) => r.name, raw: (r) => r.name },
    { id: "territory", label: t("dimension.territory"), width: 120, cell: (r) => r.territory ?? r.region ?? "–", raw: (r) => r.territory },
    { id: "value", label: metricName(t, fill), width: 128, numeric: true, cell: (r) => f.cell(value.get(String(r.distributorId)), kind), raw: (r) => value.get(String(r.distributorId)) ?? null },
    { id: "outlets", label: t("dimensions.outlet"), width: 80, numeric: true, cell: (r) => f.qty(r.outlets), raw: (r) => r.outlets },
    { id: "located", label: t("map.located"), width: 88, numeric: true, cell: (r) => f.qty(r.located), raw: (r) => r.located },
  ], [t, f, fill, kind, value]);
  if (places.error instanceof ApiError && places.error.status === 403) return <section className="panel"><NoRight what={t("rail.map")} /></section>;
  const open = (p: PlaceOnMap) => set({ d: String(p.distributorId) });
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("rail.map")}</h1><p className="muted s num">{at ? t("map.outletsOf", { name: all.find((p) => String(p.distributorId) === at)?.name ?? "" }) : `${t("map.about", { what: metricName(t, fill) })} · ${windowName(t, f, { kind: "MTD" })}${answer.data ? ` · ${t("fresh.asOf", { time: f.moment(answer.data.freshness.asOf) })}` : ""}`}{lost > 0 && !at ? ` · ${t("map.noPlace", { count: lost })}` : ""}</p></div>
        {at ? <button type="button" className="btn" onClick={() => set({ d: undefined })}><Icon name="left" />{t("map.back")}</button> : <select className="input" style={{ width: 220 }} aria-label={t("map.fill")} value={fill} onChange={(e) => set({ fill: e.target.value }, { replace: true })}>{fills.map((m) => <option key={m} value={m}>{metricName(t, m)}</option>)}</select>}
      </div>
      {places.error ? <section className="panel" style={{ padding: 16 }}><Fault error={places.error} reset={() => void places.refetch()} /></section> : !places.data ? <section className="panel"><Skeleton lines={10} /></section> : at ? <OutletDots id={at} name={all.find((p) => String(p.distributorId) === at)?.name ?? ""} /> : (
        <div className="pair map-pair">
          <section className="panel" aria-label={t("rail.map")}>
            {located.length === 0 ? <EmptyState title={t("map.nowhere")}>{t("map.nowhereText")}</EmptyState> : (
              <svg className="map" data-chart="map" viewBox={`0 0 ${W} ${H}`} role="group" aria-label={t("map.about", { what: metricName(t, fill) })}>
                {hulls.map((h) => <g key={h.name}><polygon points={h.points.map((p) => `${p.x.toFixed(1)},${p.y.toFixed(1)}`).join(" ")} fill="var(--band)" stroke="var(--line-hard)" strokeLinejoin="round" strokeWidth="24" strokeOpacity=".4" /></g>)}
                {located.map((p, i) => {
                  const v = value.get(String(p.distributorId)) ?? null;
                  const r = 8 + Math.sqrt(p.outlets) / 2.5;
                  return (
                    <g key={p.distributorId} role="button" tabIndex={0} aria-label={`${p.name}: ${f.cell(v, kind)}`} data-value={v ?? ""} data-step={step[i]} onClick={() => open(p)} onKeyDown={(e) => { if (e.code === "Enter" || e.code === "Space") { e.preventDefault(); open(p); } }}>
                      <title>{`${p.name}: ${f.cell(v, kind)}`}</title>
                      {v === null ? <circle cx={dots[i]!.x} cy={dots[i]!.y} r={r} fill="var(--ground)" stroke="var(--control)" strokeDasharray="3 2" /> : <circle cx={dots[i]!.x} cy={dots[i]!.y} r={r} fill={`var(--seq-${step[i]})`} stroke="var(--text)" strokeWidth=".75" />}
                      <text x={dots[i]!.x} y={dots[i]!.y + r + 14} textAnchor="middle">{p.name}</text>
                    </g>
                  );
                })}
              </svg>
            )}
            <p className="map-key s muted">{[1, 2, 3, 4, 5].map((k) => <i key={k} style={{ background: `var(--seq-${k})` }} />)} {t("map.key", { what: metricName(t, fill).toLowerCase() })} · {t("map.keySize")}</p>
          </section>
          <section className="panel" aria-label={t("map.list")}>
            <div className="g-bar"><h2 className="grow">{t("map.list")}</h2><button type="button" className="btn sm quiet" onClick={() => save(new Blob([csv(columns, all)], { type: "text/csv;charset=utf-8" }), "map.csv")}><Icon name="table" />CSV</button></div>
            <Grid<PlaceOnMap> id="map" label={t("map.list")} columns={columns} rows={all} rowKey={(r) => String(r.distributorId)} rowLabel={(r) => r.name} onOpen={(r, beside) => (beside ? go(`/distributors/${r.distributorId}`) : open(r))} empty={<EmptyState title={t("map.nowhere")} />} note={<p className="ft s muted">{t("map.keys")}</p>} />
          </section>
        </div>
      )}
    </>
  );
}

const STATE = { ACTIVE: "--cat-2", DORMANT: "--cat-3", LOST: "--cat-4", NEVER: "--cat-other" } as const;

/** The outlets of one distributor, drawn in one frame; what is chosen with the mouse or the keys is listed. */
function OutletDots({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const f = useFormats();
  const go = useGo();
  const [search, set] = useSearchState();
  const found = useQuery({ queryKey: ["map-outlets", id], queryFn: () => api<{ items: OutletOnMap[] }>("/api/v1/map/outlets", { query: { distributorId: id } }), placeholderData: undefined });
  const canvas = useRef<HTMLCanvasElement>(null);
  const [hit, setHit] = useState<number | null>(null);
  const [lasso, setLasso] = useState<{ a: Point; b: Point } | null>(null);
  const items = useMemo(() => (found.data?.items ?? []).filter((o) => !search.state || o.state === search.state), [found.data, search.state]);
  const dots = useMemo(() => project(items.map((o) => ({ lon: Number(o.longitude), lat: Number(o.latitude) })), W, H), [items]);
  const inside = useMemo(() => {
    if (!lasso) return items;
    const [x0, x1, y0, y1] = [Math.min(lasso.a.x, lasso.b.x), Math.max(lasso.a.x, lasso.b.x), Math.min(lasso.a.y, lasso.b.y), Math.max(lasso.a.y, lasso.b.y)];
    return x1 - x0 < 4 && y1 - y0 < 4 ? items : items.filter((_, i) => dots[i]!.x >= x0 && dots[i]!.x <= x1 && dots[i]!.y >= y0 && dots[i]!.y <= y1);
  }, [items, dots, lasso]);
  useEffect(() => {
    const el = canvas.current;
    const pen = el?.getContext?.("2d");
    if (!el || !pen) return;
    const look = getComputedStyle(document.documentElement);
    const ratio = devicePixelRatio || 1;
    el.width = W * ratio;
    el.height = H * ratio;
    pen.scale(ratio, ratio);
    pen.clearRect(0, 0, W, H);
    items.forEach((o, i) => {
      const p = dots[i]!;
      pen.fillStyle = look.getPropertyValue(STATE[o.state]).trim();
      pen.strokeStyle = look.getPropertyValue("--text").trim();
      pen.beginPath();
      // shape before colour: ● active, ▲ dormant, ■ lost, ○ never billed
      if (o.state === "DORMANT") { pen.moveTo(p.x, p.y - 5); pen.lineTo(p.x + 5, p.y + 4); pen.lineTo(p.x - 5, p.y + 4); pen.closePath(); } else if (o.state === "LOST") pen.rect(p.x - 4, p.y - 4, 8, 8);
      else pen.arc(p.x, p.y, i === hit ? 6 : 4, 0, 7);
      if (o.state === "NEVER") pen.stroke(); else pen.fill();
    });
  }, [items, dots, hit]);
  const place = (e: { clientX: number; clientY: number; currentTarget: HTMLElement }): Point => { const box = e.currentTarget.getBoundingClientRect(); return { x: ((e.clientX - box.left) / box.width) * W, y: ((e.clientY - box.top) / box.height) * H }; };
  const near = (p: Point) => { let best: number | null = null; let far = 144; dots.forEach((d, i) => { const q = (d.x - p.x) ** 2 + (d.y - p.y) ** 2; if (q < far) { far = q; best = i; } }); return best; };
  const columns = useMemo<GridColumn<OutletOnMap>[]>(() => [
    { id: "name", label: t("dimension.outlet"), width: 192, grow: true, fixed: true, cell: (r) => <A path={`/outlets/${r.id}`} tabIndex={-1}>{r.name}</A>, raw: (r) => r.name },
    { id: "state", label: t("field.status"), width: 112, cell: (r) => t(`map.state.${r.state}`), raw: (r) => r.state },
    { id: "class", label: t("dimension.class"), width: 72, cell: (r) => r.outletClass, raw: (r) => r.outletClass },
    { id: "nsv", label: t("map.nsvL3m"), width: 120, numeric: true, cell: (r) => f.money(r.nsvL3m), raw: (r) => r.nsvL3m },
    { id: "last", label: t("map.lastBilled"), width: 112, cell: (r) => <span className="num">{r.lastBilledOn ? f.dense(r.lastBilledOn) : "–"}</span>, raw: (r) => r.lastBilledOn },
  ], [t, f]);
  if (found.error) return <section className="panel" style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></section>;
  if (!found.data) return <section className="panel"><Skeleton lines={10} /></section>;
  const count = (s: OutletOnMap["state"]) => found.data.items.filter((o) => o.state === s).length;
  return (
    <div className="pair map-pair">
      <section className="panel" aria-label={name}>
        <div className="g-bar"><span className="seg" role="group" aria-label={t("field.status")}>{([undefined, "ACTIVE", "DORMANT", "LOST", "NEVER"] as const).map((s) => <button key={s ?? "all"} type="button" aria-pressed={search.state === s} onClick={() => set({ state: s }, { replace: true })}>{s ? `${{ ACTIVE: "●", DORMANT: "▲", LOST: "■", NEVER: "○" }[s]} ${t(`map.state.${s}`)} ${count(s)}` : t("map.allStates")}</button>)}</span></div>
        {items.length === 0 ? <EmptyState title={t("map.nowhere")}>{t("map.nowhereText")}</EmptyState> : (
          <div className="map-canvas">
            <canvas ref={canvas} role="img" aria-label={t("map.dots", { count: items.length, name })} style={{ cursor: hit === null ? "crosshair" : "pointer" }} onMouseDown={(e) => { const p = place(e); setLasso({ a: p, b: p }); }} onMouseMove={(e) => { const p = place(e); setHit(near(p)); if (e.buttons === 1 && lasso) setLasso({ a: lasso.a, b: p }); }} onMouseUp={(e) => { const p = place(e); if (lasso && Math.abs(p.x - lasso.a.x) < 4 && Math.abs(p.y - lasso.a.y) < 4) { setLasso(null); const i = near(p); if (i !== null) go(`/outlets/${items[i]!.id}`); } }} />
            {lasso && Math.abs(lasso.a.x - lasso.b.x) > 4 && <span className="lasso" style={{ insetInlineStart: `${(Math.min(lasso.a.x, lasso.b.x) / W) * 100}%`, top: `${(Math.min(lasso.a.y, lasso.b.y) / H) * 100}%`, width: `${(Math.abs(lasso.a.x - lasso.b.x) / W) * 100}%`, height: `${(Math.abs(lasso.a.y - lasso.b.y) / H) * 100}%` }} />}
            {hit !== null && items[hit] && dots[hit] && <span className="map-tip s" style={{ insetInlineStart: `${(dots[hit]!.x / W) * 100}%`, top: `${(dots[hit]!.y / H) * 100}%` }}>{items[hit]!.name}</span>}
          </div>
        )}
        <p className="map-key s muted">{t("map.howDots")}</p>
      </section>
      <section className="panel" aria-label={t("map.outletList")}>
        <div className="g-bar"><h2 className="grow">{t("map.chosen", { count: inside.length })}</h2><A className="lnk s" path={`/distributors/${id}`}>{name}</A><button type="button" className="btn sm quiet" onClick={() => save(new Blob([csv(columns, inside)], { type: "text/csv;charset=utf-8" }), "outlets-on-map.csv")}><Icon name="table" />CSV</button></div>
        <Grid<OutletOnMap> id="map-outlets" label={t("map.outletList")} columns={columns} rows={inside} rowKey={(r) => r.id} rowLabel={(r) => r.name} onOpen={(r) => go(`/outlets/${r.id}`)} empty={<EmptyState title={t("state.filteredEmpty")} />} />
      </section>
    </div>
  );
}
