import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { Shape, Skeleton } from "../../ui";
import { formats } from "../format";
import { Fault } from "../frame/faults";
import { useDistributorNames } from "../masters/show";
import { toPercent } from "../decimal";
import { useSearchState } from "../nav";

interface Row { section: string | null; kind: string; rate: string; taxable: string; tax: string; documents: number }

interface VatReturn {
  distributorId: number; regime: string; form: string; month: string; from: string; to: string; currency: string; sales: Row[]; purchases: Row[]; outputTax: string; inputTax: string; payable: string;
  booked: { outputTax: string; inputTax: string }; tied: boolean; unstamped: number | null;
}

/** A month's VAT return, beside what the books say of the same days. */
export function VatReturnPage() {
  const { t, i18n } = useTranslation();
  const { id } = useParams({ strict: false }) as { id: string };
  const [search, setSearch] = useSearchState();
  const names = useDistributorNames();
  const month = typeof search.month === "string" ? search.month : "";
  const found = useQuery({ queryKey: ["vat-return", id, month], enabled: month !== "", queryFn: () => api<VatReturn>(`/api/v1/tax/vat/returns/${id}`, { query: { month } }), retry: false });
  const made = found.data;
  const f = formats(i18n.language.startsWith("en") && made ? `en-${made.regime.slice(0, 2)}` : i18n.language, made?.currency ?? "INR", t("na"));
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("vat.title", { form: made?.form ?? "" })}</h1><p className="muted s">{names.get(id) ?? id}</p></div>
        <label className="s">{t("vat.month")} <input className="input num" type="month" value={month} onChange={(e) => setSearch({ month: e.target.value })} /></label>
        <button type="button" className="btn no-print" onClick={() => window.print()}>{t("bill.print")}</button>
      </div>
      {found.error ? <Fault error={found.error} reset={() => void found.refetch()} /> : !made ? <section className="panel" aria-busy="true"><Skeleton lines={6} /></section> : (
        <>
          <p className={`st ${made.tied ? "good" : "act"}`} style={{ whiteSpace: "normal" }}><Shape tone={made.tied ? "good" : "act"} />{made.tied ? t("vat.tied") : t("vat.untied", { output: f.money(made.booked.outputTax), input: f.money(made.booked.inputTax) })}</p>
          {made.unstamped !== null && made.unstamped > 0 && <p className="st watch" style={{ whiteSpace: "normal" }}><Shape tone="watch" />{t("vat.unstamped", { count: made.unstamped })}</p>}
          {(["sales", "purchases"] as const).map((side) => (
            <section className="panel" key={side} aria-label={t(`vat.${side}`)} style={{ marginBottom: 12 }}>
              <header><h2>{t(`vat.${side}`)}</h2></header>
              {made[side].length === 0 ? <p className="body muted">{t("vat.none")}</p> : (
                <table className="tbl">
                  <thead><tr><th scope="col">{t("vat.section")}</th><th scope="col">{t("vat.kind")}</th><th scope="col" className="n">{t("field.rate")}</th><th scope="col" className="n">{t("bill.taxable")}</th><th scope="col" className="n">{t("bill.tax")}</th></tr></thead>
                  <tbody>{made[side].map((r) => <tr key={`${r.kind}/${r.rate}`}><td>{r.section ?? "–"}</td><td>{t(`choice.taxKind.${r.kind}`, { defaultValue: r.kind })}</td><td className="n">{f.qty(toPercent(r.rate))} %</td><td className="n">{f.money(r.taxable)}</td><td className="n">{f.money(r.tax)}</td></tr>)}</tbody>
                </table>
              )}
            </section>
          ))}
          <section className="panel" style={{ padding: 16, maxWidth: 420 }}>
            <dl className="sum">
              <dt className="muted">{t("vat.output")}</dt><dd className="n">{f.money(made.outputTax)}</dd>
              <dt className="muted">{t("vat.input")}</dt><dd className="n">{f.money(made.inputTax)}</dd>
              <dt className="tot">{t(made.payable.startsWith("-") ? "vat.credit" : "vat.payable")}</dt><dd className="tot n">{f.rupees(made.payable.replace(/^-/, ""))}</dd>
            </dl>
          </section>
        </>
      )}
    </>
  );
}
