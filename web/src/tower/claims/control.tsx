import { useQuery } from "@tanstack/react-query";
import { itemsOf, type Page } from "../../claims/api";
import { ruleTitle, useClaimTexts } from "../../claims/parts";
import { api, ApiError } from "../../api/client";
import { EmptyState, Skeleton } from "../../ui";
import { Fault, NoRight } from "../frame/faults";
import { useFormats } from "../format";
import { useSearchState } from "../nav";
import { spanOf } from "./spend";
import "./desk.css";

interface KpiItem {
  id: string;
  title: string;
  value: string | null;
  unit: string;
  numerator: string | null;
  denominator: string | null;
  parts: Record<string, unknown> | null;
}

interface Tuning {
  rule: string;
  title: string;
  lines: number;
  hits: number;
  agreed: number;
  disagreed: number;
  hitRate: string | null;
  falsePositiveRate: string | null;
  cut: string;
  policies: { key: string; value: string | null }[] | null;
}

const SPANS = [1, 3, 12] as const;

/** How well claims are controlled: KPI-64 to 68, and for every rule how often people agreed with it (CL-27). */
export function ClaimsControl() {
  const { t } = useClaimTexts();
  const f = useFormats();
  const [search, set] = useSearchState();
  const months = SPANS.find((s) => String(s) === search.months) ?? 3;
  const dates = spanOf(months);
  const kpis = useQuery({ queryKey: ["claims-metrics", dates], queryFn: async () => itemsOf(await api<Page<KpiItem>>("/api/v1/claims/metrics", { query: dates })) });
  const rules = useQuery({ queryKey: ["claims-rules", dates], queryFn: async () => itemsOf(await api<Page<Tuning> | Tuning[]>("/api/v1/claims/rules", { query: dates })) });
  if (kpis.error instanceof ApiError && kpis.error.status === 403) return <section className="panel"><NoRight what={t("control.title")} /></section>;
  const shown = (k: KpiItem): [string, string] => (k.value === null ? [f.na, ""] : k.unit === "percent" || k.unit === "%" ? [f.cell(k.value, "percent"), "%"] : k.unit === "days" || k.unit === "day" ? [f.cell(k.value, "days"), t("unit.days")] : k.unit === "currency" || k.unit === "INR" ? [`${f.rupee} ${f.compact(k.value)}`, ""] : [f.qty(k.value), ""]);
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("control.title")}</h1><p className="muted s num">{f.date(dates.from)} – {f.date(dates.to)} · {t("control.about")}</p></div>
        <div className="seg" role="group" aria-label={t("explore.window")}>{SPANS.map((s) => <button key={s} type="button" aria-pressed={months === s} onClick={() => set({ months: s === 3 ? undefined : String(s) }, { replace: true })}>{t("spend.months", { count: s })}</button>)}</div>
      </div>
      {kpis.error ? <section className="panel" style={{ padding: 16, marginBottom: 12 }}><Fault error={kpis.error} reset={() => void kpis.refetch()} /></section> : (
        <div className="tiles five" aria-busy={!kpis.data || undefined}>
          {!kpis.data ? Array.from({ length: 5 }, (_, i) => <div key={i} className="panel tile" style={{ minHeight: 104 }}><span className="sk" style={{ width: "60%" }} /></div>) : kpis.data.map((k) => {
            const [number, unit] = shown(k);
            return (
              <article className="panel tile" key={k.id}>
                <div className="t-top"><span className="muted cut">{t(`kpi.${k.id}`, { defaultValue: k.title })}</span></div>
                <div className="t-mid"><span className="fig">{number}{unit && <small>{unit}</small>}</span></div>
                <p className="s muted num">{k.numerator !== null && k.denominator !== null ? t("control.of", { part: numberOf(k.numerator, f), whole: numberOf(k.denominator, f) }) : k.value === null ? t("control.nothing") : ""}</p>
                <p className="s muted">{k.id}</p>
              </article>
            );
          })}
        </div>
      )}
      <section className="panel" aria-label={t("control.rules")}>
        <header><h2>{t("control.rules")}<span className="muted"> {t("control.rulesHow")}</span></h2></header>
        {rules.error instanceof ApiError && rules.error.status === 403 ? <p className="body muted">{t("control.noRules")}</p> : rules.error ? <div className="body"><Fault error={rules.error} reset={() => void rules.refetch()} /></div> : !rules.data ? <Skeleton lines={6} /> : rules.data.length === 0 ? <EmptyState title={t("control.none")} /> : (
          <div style={{ overflowX: "auto" }}>
            <table className="tbl">
              <thead><tr><th scope="col">{t("case.rule")}</th><th scope="col" className="n">{t("control.checked")}</th><th scope="col" className="n">{t("control.hits")}</th><th scope="col" className="n">{t("control.hitRate")}</th><th scope="col" className="n">{t("control.agreed")}</th><th scope="col" className="n">{t("control.disagreed")}</th><th scope="col" className="n">{t("control.false")}</th><th scope="col" className="n">{t("control.cut")}</th><th scope="col">{t("control.limits")}</th></tr></thead>
              <tbody>{rules.data.map((r) => <tr key={r.rule}><td><span className="code">{r.rule}</span> {ruleTitle(t, r.rule, r.title)}</td><td className="n">{f.qty(r.lines)}</td><td className="n">{f.qty(r.hits)}</td><td className="n">{r.hitRate === null ? f.na : `${f.cell(r.hitRate, "percent")} %`}</td><td className="n">{f.qty(r.agreed)}</td><td className="n">{f.qty(r.disagreed)}</td><td className={`n ${Number(r.falsePositiveRate ?? 0) > 20 ? "neg m5" : ""}`}>{r.falsePositiveRate === null ? f.na : `${f.cell(r.falsePositiveRate, "percent")} %`}</td><td className="n">{f.money(r.cut)}</td><td className="s muted">{(r.policies ?? []).map((p) => `${p.key.replace(/^claims?[.-]/, "")} ${p.value}`).join(", ") || "–"}</td></tr>)}</tbody>
            </table>
          </div>
        )}
      </section>
    </>
  );
}

function numberOf(v: string, f: ReturnType<typeof useFormats>): string {
  return /\.\d/.test(v) ? f.money(v) : f.qty(v);
}
