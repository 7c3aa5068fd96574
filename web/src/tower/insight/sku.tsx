import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { Skeleton } from "../../ui";
import { Fault } from "../frame/faults";
import { useFormats } from "../format";
import { Cover, Divergence, TopOutlets } from "../health/partner";
import { A } from "../kit/link";
import { allocated, kindOf, useAnswer, useCatalogue } from "./api";
import { remember } from "./labels";
import { encode, type Filter, type Question } from "./question";
import { TileStrip } from "./tilestrip";
import { metricName, reasonText } from "./words";
import "../health/health.css";

interface SkuRecord { id: number; code: string; name: string; brand?: string | null; brandName?: string | null; category?: string | null; unit?: string | null; mrp?: string | null; status?: string | null }

const METRICS = ["nsv", "volume", "numeric-distribution", "weighted-distribution", "throughput", "active-outlets", "stock-cover", "near-expiry", "price-compliance", "scheme-benefit"] as const;

/** T8: one SKU: how far it reaches, how fast it turns, where it lies, what schemes did, down to distributor and batch. */
export function SkuView() {
  const { t } = useTranslation();
  const { id } = useParams({ strict: false }) as { id: string };
  const found = useQuery({ queryKey: ["record", "skus", id], queryFn: () => api<SkuRecord>(`/api/v1/skus/${id}`), retry: false });
  const s = found.data;
  const filter: Filter[] = [{ dimension: "sku", op: "in", values: [id] }];
  if (s) remember([{ keys: { sku: { id, label: s.name } }, values: {} }]);
  if (found.error) return <section className="panel" style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></section>;
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{s?.name ?? "\u00a0"}</h1><p className="muted s">{s ? [s.code, s.brandName ?? s.brand, s.category].filter(Boolean).join(" · ") : "\u00a0"}</p></div>
        <A className="btn" path="/explore" search={encode({ metrics: ["nsv", "active-outlets"], dimensions: ["distributor"], filters: filter, window: { kind: "L3M" }, compare: "PREVIOUS", order: [] }) as Record<string, string>}>{t("partner.explore")}</A>
        <A className="btn" path="/masters/skus" search={{ open: id }}>{t("outlet.master")}</A>
      </div>
      <TileStrip metrics={METRICS} filters={filter} by="distributor" window={{ kind: "L3M" }} most={7} />
      <div className="pair"><Divergence filter={filter} /><Cover filter={filter} by="distributor" /></div>
      <div className="pair"><TopOutlets filter={filter} by="distributor" /><Reach filter={filter} /></div>
      <Batches filter={filter} />
    </>
  );
}

/** How far it reaches by channel and class. */
function Reach({ filter }: { filter: Filter[] }) {
  const { t } = useTranslation();
  const f = useFormats();
  const catalogue = useCatalogue();
  const wide = catalogue.data?.metrics.some((m) => m.id === "numeric-distribution" && m.source !== "NONE" && m.dimensions.includes("class"));
  const q: Question = { metrics: ["active-outlets", ...(wide ? ["numeric-distribution"] : []), "nsv"], dimensions: ["class"], filters: filter, window: { kind: "L3M" }, compare: "NONE", order: [{ by: "nsv", desc: true }] };
  const { data, error, refetch } = useAnswer(q, { enabled: catalogue.data !== undefined });
  return (
    <section className="panel" aria-label={t("sku.reach")} style={{ marginBottom: 12 }}>
      <header><h2>{t("sku.reach")}</h2><A className="lnk s" path="/explore" search={encode({ ...q, dimensions: ["channel"] }) as Record<string, string>}>{t("sku.byChannel")}</A></header>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={4} /> : data.rows.length === 0 ? <p className="body muted">{t("explore.nothing")}</p> : (
        <div style={{ overflowX: "auto" }}><table className="tbl small"><thead><tr><th scope="col">{t("dimension.class")}</th>{q.metrics.map((m) => <th key={m} scope="col" className="n">{metricName(t, m)}</th>)}</tr></thead><tbody>{data.rows.filter((r) => allocated(r.keys.class)).map((r) => <tr key={String(r.keys.class!.id)}><td><A className="quiet-link" path="/explore" search={encode({ ...q, dimensions: ["outlet"], filters: [...filter, { dimension: "class", op: "in", values: [String(r.keys.class!.id)] }] }) as Record<string, string>}>{r.keys.class!.label}</A></td>{q.metrics.map((m) => <td key={m} className="n">{r.values[m]?.value == null ? <span className="muted" title={reasonText(t as never, r.values[m]?.reason)}>{f.na}</span> : f.cell(r.values[m]!.value, kindOf(m, data.columns.find((c) => c.id === m)?.unit))}</td>)}</tr>)}</tbody></table></div>
      )}
    </section>
  );
}

/** Where it lies by distributor and batch, first to expire on top; only where the catalogue can be asked by batch. */
function Batches({ filter }: { filter: Filter[] }) {
  const { t } = useTranslation();
  const f = useFormats();
  const catalogue = useCatalogue();
  const can = catalogue.data?.metrics.some((m) => m.id === "near-expiry" && m.source !== "NONE" && m.dimensions.includes("batch"));
  const q: Question = { metrics: ["near-expiry"], dimensions: ["distributor", "batch"], filters: filter, window: { kind: "NOW" }, compare: "NONE", order: [{ by: "near-expiry", desc: true }] };
  const { data, error, refetch } = useAnswer(q, { limit: 12, enabled: can === true });
  if (!can) return null;
  const near = (data?.rows ?? []).filter((r) => Number(r.values["near-expiry"]?.value ?? 0) > 0);
  return (
    <section className="panel" aria-label={t("sku.batches")}>
      <header><h2>{t("sku.batches")}</h2>{data && <A className="lnk s" path="/explore" search={encode(q) as Record<string, string>}>{t("today.all", { count: data.count ?? data.rows.length })}</A>}</header>
      {error && !data ? <div className="body"><Fault error={error} reset={() => void refetch()} /></div> : !data ? <Skeleton lines={4} /> : near.length === 0 ? <p className="body muted">{t("sku.noBatches")}</p> : (
        <table className="tbl small"><thead><tr><th scope="col">{t("dimension.distributor")}</th><th scope="col">{t("dimension.batch")}</th><th scope="col" className="n">{metricName(t, "near-expiry")}</th></tr></thead><tbody>{near.map((r, i) => <tr key={i}><td><A className="quiet-link" path={`/distributors/${r.keys.distributor?.id}`}>{r.keys.distributor?.label}</A></td><td className="code">{r.keys.batch?.label}</td><td className="n">{f.money(r.values["near-expiry"]?.value)}</td></tr>)}</tbody></table>
      )}
    </section>
  );
}
