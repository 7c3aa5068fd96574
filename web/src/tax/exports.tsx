import { useState } from "react";
import type { Problem } from "../api/problems";
import { Button, Chip, Dialog, ProblemNote, dateDense, money } from "../ui";
import { tax, type Export } from "./api";
import { Line, problemOf, useAsked, useTaxTexts } from "./parts";

/** The month's bills to buyers abroad (table 6A), and what customs have said of each (IN-50). */
export function Exports({ distributorId, month, today, may, filed, documentHref, onChanged }: { distributorId: number; month: string; today: string; may: boolean; filed: boolean; documentHref: (id: string) => string; onChanged: () => void }) {
  const { t, language } = useTaxTexts();
  const { data, problem, again } = useAsked(`exports ${distributorId} ${month}`, () => tax.exports(distributorId, month));
  const [open, setOpen] = useState<Export>();
  if (problem) return <ProblemNote problem={problem} />;
  if (!data || data.items.length === 0) return null;
  const missing = data.items.filter((one) => !one.details?.shippingBill).length;
  return (
    <section aria-label={t("exports.title")}>
      <h2>{t("exports.title")} {missing > 0 && <Chip tone="watch">{t("exports.missing", { count: missing })}</Chip>}</h2>
      <p className="s muted">{t(filed ? "exports.later" : "exports.text")}</p>
      <div className="tax-scroll" tabIndex={0} role="group" aria-label={t("exports.title")}>
        <table className="tbl">
          <thead><tr><th scope="col">{t("field.number")}</th><th scope="col">{t("field.date")}</th><th scope="col">{t("field.buyer")}</th><th scope="col">{t("exports.payment")}</th><th scope="col" className="n">{t("exports.value")}</th><th scope="col">{t("exports.country")}</th><th scope="col">{t("exports.port")}</th><th scope="col">{t("exports.shippingBill")}</th><th scope="col" /></tr></thead>
          <tbody>{data.items.map((one) => (
            <tr key={one.documentId}>
              <td><a className="lnk num" href={documentHref(one.documentId)}>{one.number}</a></td><td className="num">{dateDense(one.date)}</td><td>{one.buyerName}</td>
              <td>{t(one.withPayment ? "exports.with" : "exports.without")}</td><td className="n num">{money(one.payable, language)}</td>
              <td className="code">{one.details?.country ?? "–"}</td><td className="code">{one.details?.portCode ?? "–"}</td>
              <td className="num">{one.details?.shippingBill ? `${one.details.shippingBill} · ${dateDense(one.details.shippedOn)}` : <span className="muted">{t("exports.open")}</span>}</td>
              <td className="n">{may && <Button onClick={() => setOpen(one)}>{t("exports.record")}</Button>}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
      {open && <Record export={open} today={today} onClose={() => setOpen(undefined)} onDone={() => { setOpen(undefined); again(); onChanged(); }} />}
    </section>
  );
}

function Record({ export: one, today, onClose, onDone }: { export: Export; today: string; onClose: () => void; onDone: () => void }) {
  const { t } = useTaxTexts();
  const [bill, setBill] = useState(one.details?.shippingBill ?? "");
  const [on, setOn] = useState(one.details?.shippedOn ?? "");
  const [port, setPort] = useState(one.details?.portCode ?? "");
  const [country, setCountry] = useState(one.details?.country ?? "");
  const [problem, setProblem] = useState<Problem>();
  const upper = (set: (text: string) => void) => (e: { target: { value: string } }) => set(e.target.value.toUpperCase().trim());
  return (
    <Dialog title={t("exports.of", { number: one.number })} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => {
        e.preventDefault();
        setProblem(undefined);
        tax.recordExport(one.documentId, { shippingBill: bill || null, shippedOn: on || null, portCode: port, country }).then(onDone, (error: unknown) => setProblem(problemOf(error)));
      }}>
        {problem && <ProblemNote problem={problem} />}
        <Line label={t("exports.country")}>{(id) => <input id={id} className="input code" data-autofocus required maxLength={2} pattern="[A-Z]{2}" placeholder="AE" value={country} onChange={upper(setCountry)} />}</Line>
        <Line label={t("exports.port")}>{(id) => <input id={id} className="input code" required maxLength={6} pattern="IN[A-Z0-9]{4}" placeholder="INNSA1" value={port} onChange={upper(setPort)} />}</Line>
        <Line label={t("exports.shippingBillNumber")}>{(id) => <input id={id} className="input num" inputMode="numeric" maxLength={7} pattern="[0-9]{3,7}" value={bill} onChange={upper(setBill)} />}</Line>
        <Line label={t("exports.shippedOn")}>{(id) => <input id={id} className="input num" type="date" min={one.date} max={today} required={bill !== ""} value={on} onChange={(e) => setOn(e.target.value)} />}</Line>
        <p className="muted s">{t("exports.both")}</p>
        <div className="end"><Button onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit">{t("exports.record")}</Button></div>
      </form>
    </Dialog>
  );
}
