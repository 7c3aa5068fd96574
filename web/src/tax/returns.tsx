import { useState } from "react";
import type { Problem } from "../api/problems";
import { Button, Chip, ProblemNote, Skeleton, dateDense, money, ratePercent } from "../ui";
import { sum } from "../ui/decimal";
import { tax, type Heads, type Tax } from "./api";
import type { DeskProps } from "./desk";
import { problemOf, StateOf, useAsked, useTaxTexts } from "./parts";

const HEADS = ["igst", "cgst", "sgst", "cess"] as const;

/** GSTR-1 and the totals of GSTR-3B of a month, tied to the books; every figure opens down to its documents. */
export function Returns({ place, onPlace, distributors, today, documentHref }: DeskProps) {
  const { t, language } = useTaxTexts();
  const month = place.month ?? today.slice(0, 7);
  const distributorId = Number(place.distributorId ?? distributors[0]?.id ?? 0);
  const key = `${distributorId} ${month}`;
  const one = useAsked(`gstr1 ${key}`, () => tax.gstr1(distributorId, month));
  const three = useAsked(`gstr3b ${key}`, () => tax.gstr3b(distributorId, month));
  const [failed, setFailed] = useState<Problem>();
  const gstr1 = one.data;
  const download = (format: "json" | "xlsx") => void tax.file(distributorId, month, format).then(() => setFailed(undefined), (error: unknown) => setFailed(problemOf(error)));
  return (
    <div className="tax-return">
      <div className="tax-bar">
        {distributors.length > 1 && <label className="filter">{t("field.distributor")} <select className="bare" value={distributorId} onChange={(e) => onPlace({ distributorId: e.target.value, section: undefined })}>{distributors.map((d) => <option key={d.id} value={d.id}>{d.name}</option>)}</select></label>}
        <label className="filter">{t("field.month")} <input type="month" className="bare num" value={month} max={today.slice(0, 7)} onChange={(e) => onPlace({ month: e.target.value || undefined, section: undefined })} /></label>
        {gstr1 && <><span className="code">{gstr1.gstin}</span><span className="s muted">{t("dueOn", { on: dateDense(gstr1.dueOn) })}</span></>}
        <Button onClick={() => download("json")} disabled={!gstr1}>{t("download.json")}</Button>
        <Button onClick={() => download("xlsx")} disabled={!gstr1}>{t("download.xlsx")}</Button>
      </div>
      {failed && <ProblemNote problem={failed} />}
      {one.problem && <ProblemNote problem={one.problem} />}
      {!gstr1 && !one.problem && <Skeleton lines={10} />}
      {gstr1 && (
        <>
          <section className={`note ${gstr1.check.equal ? "good" : "act"}`} aria-label={t("check.title")}>
            <div className="grow">
              <p className="b">{t(gstr1.check.equal ? "check.equal" : "check.differs", { amount: money(total(gstr1.check.difference), language) })}</p>
              <p className="s num">{HEADS.filter((head) => Number(gstr1.check.inBooks[head]) !== 0 || Number(gstr1.check.inReturn[head]) !== 0).map((head) => `${head.toUpperCase()} ${money(gstr1.check.inReturn[head], language)} = ${money(gstr1.check.inBooks[head], language)}`).join(" · ")}</p>
              {gstr1.check.differences.length > 0 && <ul>{gstr1.check.differences.map((d) => <li key={d.documentId}><a className="lnk num" href={documentHref(d.documentId)}>{d.number ?? d.documentId}</a> {money(total(d.inReturn), language)} / {money(total(d.inBooks), language)}</li>)}</ul>}
            </div>
          </section>
          {gstr1.check.unregistered.length > 0 && (
            <section className="note watch" aria-label={t("check.unregistered", { count: gstr1.check.unregistered.length })}>
              <div className="grow"><p className="b">{t("check.unregistered", { count: gstr1.check.unregistered.length })}</p>
                <ul>{gstr1.check.unregistered.slice(0, 20).map((d) => <li key={d.documentId}><button type="button" className="lnk num" onClick={() => onPlace({ tab: "e-invoices", open: d.documentId })}>{d.number}</button> <StateOf state={d.state} /></li>)}</ul>
              </div>
            </section>
          )}
          <section aria-label="GSTR-1">
            <h2>GSTR-1</h2>
            <div className="tax-scroll" tabIndex={0} role="group" aria-label="GSTR-1">
              <table className="tbl">
                <thead><tr><th scope="col">{t("field.table")}</th><th scope="col">{t("field.what")}</th><th scope="col" className="n">{t("field.count")}</th><HeadNames /></tr></thead>
                <tbody>
                  {gstr1.tables.map((row) => (
                    <tr key={row.section} aria-selected={row.section === place.section}>
                      <td className="num">{row.table}</td>
                      <td>{["B2CS", "NIL_EXEMPT"].includes(row.section) ? t(`section.${row.section}`) : <button type="button" className="lnk" onClick={() => onPlace({ section: row.section === place.section ? undefined : row.section })}>{t(`section.${row.section}`)}</button>}</td>
                      <td className="n num">{row.documents}</td><HeadCells heads={row.heads} />
                    </tr>
                  ))}
                  {gstr1.tables.length === 0 && <tr><td colSpan={8} className="muted">{t("nothing")}</td></tr>}
                </tbody>
                <tfoot><tr><td /><td className="b">{t("total")}</td><td /><HeadCells heads={gstr1.total} /></tr></tfoot>
              </table>
            </div>
            {place.section && <Entries distributorId={distributorId} month={month} section={place.section} documentHref={documentHref} />}
          </section>
          <section aria-label={t("issued")}>
            <h2>13 · {t("issued")}</h2>
            <table className="tbl"><thead><tr><th scope="col">{t("field.what")}</th><th scope="col">{t("field.from")}</th><th scope="col">{t("field.to")}</th><th scope="col" className="n">{t("field.count")}</th><th scope="col" className="n">{t("state.CANCELLED")}</th><th scope="col" className="n">{t("field.net")}</th></tr></thead>
              <tbody>{gstr1.issued.map((run) => <tr key={run.from}><td>{t(`nature.${run.nature}`)}</td><td className="num">{run.from}</td><td className="num">{run.to}</td><td className="n num">{run.total}</td><td className="n num">{run.cancelled}</td><td className="n num">{run.total - run.cancelled}</td></tr>)}</tbody></table>
          </section>
        </>
      )}
      {three.data && (
        <section aria-label="GSTR-3B">
          <h2>GSTR-3B</h2>
          <div className="tax-scroll" tabIndex={0} role="group" aria-label="GSTR-3B">
            <table className="tbl">
              <thead><tr><th scope="col">{t("field.table")}</th><th scope="col">{t("field.what")}</th><HeadNames /></tr></thead>
              <tbody>
                <tr><td>3.1(a)</td><td>{t("b3.taxable")}</td><HeadCells heads={three.data.outward.taxable} /></tr>
                <tr><td>3.1(b)</td><td>{t("b3.zero")}</td><HeadCells heads={three.data.outward.zeroRated} /></tr>
                <tr><td>3.1(c)</td><td>{t("b3.untaxed")}</td><td className="n num">{money(three.data.outward.untaxed, language)}</td><td colSpan={4} /></tr>
                <tr><td>3.1(e)</td><td>{t("b3.nonGst")}</td><td className="n num">{money(three.data.outward.nonGst, language)}</td><td colSpan={4} /></tr>
                {three.data.outward.toConsumers.map((p) => <tr key={p.place}><td>3.2</td><td>{t("b3.consumers", { place: p.place })}</td><td className="n num">{money(p.taxable, language)}</td><td className="n num">{money(p.igst, language)}</td><td colSpan={3} /></tr>)}
                {three.data.outward.toComposition.map((p) => <tr key={`c${p.place}`}><td>3.2</td><td>{t("b3.composition", { place: p.place })}</td><td className="n num">{money(p.taxable, language)}</td><td className="n num">{money(p.igst, language)}</td><td colSpan={3} /></tr>)}
                <tr><td>4(A)</td><td>{t("b3.input")}</td><td />{HEADS.map((head) => <td key={head} className="n num">{money(sum(three.data!.inputTax.filter((b) => b.head === head.toUpperCase()).map((b) => b.amount), 2), language)}</td>)}</tr>
              </tbody>
            </table>
          </div>
        </section>
      )}
    </div>
  );
}

function total(heads: Tax): string {
  return sum(HEADS.map((head) => heads[head]), 2);
}

function HeadNames() {
  const { t } = useTaxTexts();
  return <><th scope="col" className="n">{t("field.taxable")}</th>{HEADS.map((head) => <th key={head} scope="col" className="n">{head === "cess" ? t("field.cess") : head.toUpperCase()}</th>)}</>;
}

function HeadCells({ heads }: { heads: Heads }) {
  const { language } = useTaxTexts();
  return <><td className="n num">{money(heads.taxable, language)}</td>{HEADS.map((head) => <td key={head} className="n num">{money(heads[head], language)}</td>)}</>;
}

function Entries({ distributorId, month, section, documentHref }: { distributorId: number; month: string; section: string; documentHref: (id: string) => string }) {
  const { t, language } = useTaxTexts();
  const { data, problem } = useAsked(`entries ${distributorId} ${month} ${section}`, () => tax.entries(distributorId, month, section));
  if (problem) return <ProblemNote problem={problem} />;
  if (!data) return <Skeleton lines={5} />;
  return (
    <div className="tax-scroll sub" tabIndex={0} role="group" aria-label={t(`section.${section}`)}>
      <table className="tbl">
        <thead><tr><th scope="col">{t("field.number")}</th><th scope="col">{t("field.date")}</th><th scope="col">{t("field.buyer")}</th><th scope="col">{t("field.placeOfSupply")}</th><th scope="col" className="n">{t("field.rate")}</th><HeadNames /></tr></thead>
        <tbody>{data.items.slice(0, 500).map((e) => <tr key={`${e.id}${e.rate}`}><td><a className="lnk num" href={documentHref(e.id)}>{e.number}</a> {e.kind !== "INVOICE" && <Chip>{t(`kind.${e.kind}`)}</Chip>}</td><td className="num">{dateDense(e.date)}</td><td>{e.buyerName}{e.buyerGstin && <span className="s muted code"> {e.buyerGstin}</span>}</td><td className="num">{e.placeOfSupply}</td><td className="n num">{ratePercent(e.rate, language)}</td><HeadCells heads={e} /></tr>)}</tbody>
      </table>
      {data.items.length > 500 && <p className="s muted">{t("more")}</p>}
    </div>
  );
}
