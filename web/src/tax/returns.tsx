import { useState } from "react";
import type { Problem } from "../api/problems";
import { Button, Chip, Dialog, ProblemNote, Skeleton, dateDense, money, ratePercent } from "../ui";
import { sum } from "../ui/decimal";
import { tax, type Gstr1, type Heads, type Tax } from "./api";
import type { DeskProps } from "./desk";
import { Exports } from "./exports";
import { Ims } from "./ims";
import { Line, problemOf, StateOf, useAsked, useTaxTexts } from "./parts";

const HEADS = ["igst", "cgst", "sgst", "cess"] as const;

/** GSTR-1 and the totals of GSTR-3B of a month, tied to the books; every figure opens down to its documents. */
export function Returns({ place, onPlace, distributors, today, documentHref, can }: DeskProps) {
  const { t, language } = useTaxTexts();
  const month = place.month ?? today.slice(0, 7);
  const distributorId = Number(place.distributorId ?? distributors[0]?.id ?? 0);
  const key = `${distributorId} ${month}`;
  const [turn, setTurn] = useState(0);
  const [filing, setFiling] = useState(false);
  const one = useAsked(`gstr1 ${key} ${turn}`, () => tax.gstr1(distributorId, month));
  const three = useAsked(`gstr3b ${key}`, () => tax.gstr3b(distributorId, month));
  const [failed, setFailed] = useState<Problem>();
  const gstr1 = one.data;
  const download = (format: "json" | "xlsx") => void tax.file(distributorId, month, format).then(() => setFailed(undefined), (error: unknown) => setFailed(problemOf(error)));
  return (
    <div className="tax-return">
      <div className="tax-bar">
        {distributors.length > 1 && <label className="filter">{t("field.distributor")} <select className="bare" value={distributorId} onChange={(e) => onPlace({ distributorId: e.target.value, section: undefined })}>{distributors.map((d) => <option key={d.id} value={d.id}>{d.name}</option>)}</select></label>}
        <label className="filter">{t("field.month")} <input type="month" className="bare num" value={month} max={today.slice(0, 7)} onChange={(e) => onPlace({ month: e.target.value || undefined, section: undefined })} /></label>
        {gstr1 && <><span className="code">{gstr1.gstin}</span><span className="s muted">{gstr1.filed ? t("filed.on", { on: dateDense(gstr1.filed.filedOn), arn: gstr1.filed.arn }) : t("dueOn", { on: dateDense(gstr1.dueOn) })}</span></>}
        <Button onClick={() => download("json")} disabled={!gstr1}>{t("download.json")}</Button>
        <Button onClick={() => download("xlsx")} disabled={!gstr1}>{t("download.xlsx")}</Button>
        {can.file && gstr1 && !gstr1.filed && month < today.slice(0, 7) && <Button kind="primary" disabled={!gstr1.check.equal} onClick={() => setFiling(true)}>{t("filed.record")}</Button>}
      </div>
      {filing && <FileReturn distributorId={distributorId} month={month} today={today} onClose={() => setFiling(false)} onDone={() => { setFiling(false); setTurn(turn + 1); }} />}
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
          {!zero(gstr1.goodsDifference) && <section className="note act" aria-label={t("check.goods")}><p className="b">{t("check.goods")} {money(gstr1.goodsDifference.taxable, language)}</p></section>}
          {gstr1.later.length > 0 && (
            <section className="note watch" aria-label={t("filed.later", { count: gstr1.later.length })}>
              <div className="grow"><p className="b">{t("filed.later", { count: gstr1.later.length })}</p>
                <ul>{gstr1.later.slice(0, 20).map((d) => <li key={d.documentId}><a className="lnk num" href={documentHref(d.documentId)}>{d.number}</a> <span className="num">{dateDense(d.date)}</span> {t(d.cancelled ? "filed.wasCancelled" : "filed.cameIn")}</li>)}</ul>
              </div>
            </section>
          )}
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
                    <tr key={row.section} aria-selected={row.section === place.section} className={row.state === "FILLED" ? "" : "muted"}>
                      <td className="num">{row.table}</td>
                      <td>{row.state !== "FILLED" || !LISTED.has(row.section) ? <>{t(`section.${row.section}`)}{row.state !== "FILLED" && <span className="s"> · {t(row.reason ? `na.${row.reason}` : "empty")}</span>}</> : <button type="button" className="lnk" onClick={() => onPlace({ section: row.section === place.section ? undefined : row.section })}>{t(`section.${row.section}`)}</button>}</td>
                      {row.state === "FILLED" ? <><td className="n num">{row.documents}</td>{row.section === "DOCUMENTS" ? <td colSpan={5} /> : <HeadCells heads={row.heads} />}</> : <td colSpan={6} />}
                    </tr>
                  ))}
                </tbody>
                <tfoot><tr><td /><td className="b">{t("total")}</td><td /><HeadCells heads={gstr1.total} /></tr></tfoot>
              </table>
            </div>
            <p className="s muted">{t("told")}</p>
            {place.section && AMENDED.has(place.section) && <Amended gstr1={gstr1} section={place.section} documentHref={documentHref} />}
            {place.section && !AMENDED.has(place.section) && <Entries distributorId={distributorId} month={month} section={place.section} documentHref={documentHref} />}
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
                {three.data.addedBack && !zero(three.data.addedBack) && <tr><td>3.1(a)</td><td>{t("b3.addedBack")}</td><HeadCells heads={three.data.addedBack} /></tr>}
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
      {gstr1 && <Exports distributorId={distributorId} month={month} today={today} may={can.file} filed={gstr1.filed !== null} documentHref={documentHref} onChanged={() => setTurn(turn + 1)} />}
      {gstr1 && <Ims distributorId={distributorId} month={month} today={today} may={can.file} documentHref={documentHref} onChanged={three.again} />}
    </div>
  );
}

/** Tables that open down to documents. */
const LISTED = new Set(["B2B", "B2CL", "EXPORT_WITH_PAYMENT", "EXPORT_WITHOUT_PAYMENT", "SEZ", "SEZ_WITHOUT_PAYMENT", "DEEMED_EXPORT", "CDNR", "CDNUR", "B2BA", "B2CLA", "EXPA", "CDNRA", "CDNURA", "B2CSA"]);
const AMENDED = new Set(["B2BA", "B2CLA", "EXPA", "CDNRA", "CDNURA", "B2CSA"]);

const zero = (heads: Heads): boolean => Number(heads.taxable) === 0 && HEADS.every((head) => Number(heads[head]) === 0);

/** What this month corrects of earlier ones: documents stated as nothing, and revised lines of table 7. */
function Amended({ gstr1, section, documentHref }: { gstr1: Gstr1; section: string; documentHref: (id: string) => string }) {
  const { t, language } = useTaxTexts();
  return (
    <div className="tax-scroll sub" tabIndex={0} role="group" aria-label={t(`section.${section}`)}>
      {section === "B2CSA" ? (
        <table className="tbl">
          <thead><tr><th scope="col">{t("field.month")}</th><th scope="col">{t("field.placeOfSupply")}</th><th scope="col" className="n">{t("field.rate")}</th><th scope="col" className="n">{t("amended.stated")}</th><HeadNames /></tr></thead>
          <tbody>{gstr1.consumersAmended.map((one) => <tr key={`${one.month}${one.place}${one.rate}`}><td className="num">{one.month}</td><td className="num">{one.place}</td><td className="n num">{ratePercent(one.rate, language)}</td><td className="n num">{money(one.original.taxable, language)}</td><HeadCells heads={one.revised} /></tr>)}</tbody>
        </table>
      ) : (
        <table className="tbl">
          <thead><tr><th scope="col">{t("field.number")}</th><th scope="col">{t("field.date")}</th><th scope="col">{t("field.buyer")}</th><th scope="col" className="n">{t("field.rate")}</th><th scope="col" className="n">{t("amended.stated")}</th><th scope="col" className="n">{t("amended.now")}</th></tr></thead>
          <tbody>{gstr1.amended.filter((one) => one.section === section).map((one) => <tr key={`${one.id}${one.rate}`}><td><a className="lnk num" href={documentHref(one.id)}>{one.number}</a></td><td className="num">{dateDense(one.date)}</td><td>{one.buyerName}{one.buyerGstin && <span className="s muted code"> {one.buyerGstin}</span>}</td><td className="n num">{ratePercent(one.rate, language)}</td><td className="n num">{money(one.original.taxable, language)}</td><td className="n num">{money("0.00", language)}</td></tr>)}</tbody>
        </table>
      )}
    </div>
  );
}

/** Says that the portal took the month; from then on it is never changed. */
function FileReturn({ distributorId, month, today, onClose, onDone }: { distributorId: number; month: string; today: string; onClose: () => void; onDone: () => void }) {
  const { t } = useTaxTexts();
  const [arn, setArn] = useState("");
  const [on, setOn] = useState(today);
  const [problem, setProblem] = useState<Problem>();
  const whole = /^[A-Z0-9]{15}$/.test(arn) && on !== "";
  return (
    <Dialog title={t("filed.title", { month })} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => {
        e.preventDefault();
        if (!whole) return;
        setProblem(undefined);
        tax.fileReturn({ distributorId, month, arn, filedOn: on }).then(onDone, (error: unknown) => setProblem(problemOf(error)));
      }}>
        <p className="muted">{t("filed.text")}</p>
        {problem && <ProblemNote problem={problem} />}
        <Line label={t("filed.arn")}>{(id) => <input id={id} className="input num" data-autofocus maxLength={15} placeholder="AA2711260000001" value={arn} onChange={(e) => setArn(e.target.value.toUpperCase().trim())} />}</Line>
        <Line label={t("filed.day")}>{(id) => <input id={id} className="input num" type="date" max={today} required value={on} onChange={(e) => setOn(e.target.value)} />}</Line>
        <div className="end"><Button onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" disabled={!whole}>{t("filed.record")}</Button></div>
      </form>
    </Dialog>
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
