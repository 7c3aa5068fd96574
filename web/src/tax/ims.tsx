import { useState } from "react";
import type { Problem } from "../api/problems";
import { Button, Chip, Dialog, ProblemNote, dateDense, money, type Tone } from "../ui";
import { sum } from "../ui/decimal";
import { SAID, tax, type ImsNote } from "./api";
import { Line, problemOf, useAsked, useTaxTexts } from "./parts";

const TONES: Record<ImsNote["status"], Tone> = { OPEN: "info", PENDING: "watch", ACCEPTED: "good", DEEMED_ACCEPTED: "good", REJECTED: "act" };

/** What registered recipients did with the month's notes (IN-22); a rejected credit note adds its tax back. */
export function Ims({ distributorId, month, today, may, documentHref, onChanged }: { distributorId: number; month: string; today: string; may: boolean; documentHref: (id: string) => string; onChanged: () => void }) {
  const { t, language } = useTaxTexts();
  const { data, problem, again } = useAsked(`ims ${distributorId} ${month}`, () => tax.ims(distributorId, month));
  const [open, setOpen] = useState<ImsNote>();
  if (problem) return <ProblemNote problem={problem} />;
  if (!data || data.items.length === 0) return null;
  return (
    <section aria-label={t("ims.title")}>
      <h2>{t("ims.title")}</h2>
      <div className="tax-scroll" tabIndex={0} role="group" aria-label={t("ims.title")}>
        <table className="tbl">
          <thead><tr><th scope="col">{t("field.number")}</th><th scope="col">{t("field.date")}</th><th scope="col">{t("field.buyer")}</th><th scope="col" className="n">{t("field.taxable")}</th><th scope="col" className="n">{t("ims.tax")}</th><th scope="col">{t("ims.status")}</th><th scope="col" /></tr></thead>
          <tbody>{data.items.map((note) => (
            <tr key={note.documentId}>
              <td><a className="lnk num" href={documentHref(note.documentId)}>{note.number}</a></td><td className="num">{dateDense(note.date)}</td>
              <td>{note.buyerName} <span className="s muted code">{note.buyerGstin}</span></td><td className="n num">{money(note.heads.taxable, language)}</td><td className="n num">{money(taxOf(note), language)}</td>
              <td><Chip tone={TONES[note.status]}>{t(`ims.is.${note.status}`)}</Chip> <span className="s muted">{note.answeredOn ? dateDense(note.answeredOn) : note.status === "OPEN" ? t("ims.silent", { on: dateDense(note.silentOn) }) : ""}{note.reversed !== null && ` · ${t("ims.reversedOf", { amount: money(note.reversed, language) })}`}</span></td>
              <td className="n">{may && <Button onClick={() => setOpen(note)}>{t("ims.record")}</Button>}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
      {open && <Answer distributorId={distributorId} note={open} today={today} onClose={() => setOpen(undefined)} onDone={() => { setOpen(undefined); again(); onChanged(); }} />}
    </section>
  );
}

function taxOf(note: ImsNote): string {
  return sum([note.heads.igst, note.heads.cgst, note.heads.sgst, note.heads.cess], 2);
}

function Answer({ distributorId, note, today, onClose, onDone }: { distributorId: number; note: ImsNote; today: string; onClose: () => void; onDone: () => void }) {
  const { t } = useTaxTexts();
  const [status, setStatus] = useState<(typeof SAID)[number]>("ACCEPTED");
  const [on, setOn] = useState(today);
  const [reversed, setReversed] = useState("");
  const [problem, setProblem] = useState<Problem>();
  return (
    <Dialog title={t("ims.of", { number: note.number })} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => {
        e.preventDefault();
        setProblem(undefined);
        tax.imsAnswer({ distributorId, documentId: note.documentId, status, answeredOn: on, reversed: status === "ACCEPTED" && reversed.trim() ? reversed.trim() : null }).then(onDone, (error: unknown) => setProblem(problemOf(error)));
      }}>
        {problem && <ProblemNote problem={problem} />}
        <Line label={t("ims.status")}>{(id) => <select id={id} className="input" data-autofocus value={status} onChange={(e) => setStatus(e.target.value as (typeof SAID)[number])}>{SAID.map((one) => <option key={one} value={one}>{t(`ims.is.${one}`)}</option>)}</select>}</Line>
        <Line label={t("ims.on")}>{(id) => <input id={id} className="input num" type="date" min={note.date} max={today} required value={on} onChange={(e) => setOn(e.target.value)} />}</Line>
        {status === "ACCEPTED" && <Line label={t("ims.reversed")}>{(id) => <input id={id} className="input num" inputMode="decimal" pattern="[0-9]{1,16}([.][0-9]{1,2})?" placeholder={taxOf(note)} value={reversed} onChange={(e) => setReversed(e.target.value)} />}</Line>}
        {status === "REJECTED" && note.kind === "CREDIT_NOTE" && <p className="muted">{t("ims.addsBack")}</p>}
        <div className="end"><Button onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit">{t("ims.record")}</Button></div>
      </form>
    </Dialog>
  );
}
