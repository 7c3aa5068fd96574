import { useEffect, useState } from "react";
import type { InvoiceView } from "../api/documents";
import type { Problem } from "../api/problems";
import { Button, EmptyState, ProblemNote, Skeleton, dateDense, money, qty } from "../ui";
import { compare, isDecimal, isPositive, sum } from "../ui/decimal";
import { tax, type NoteKind } from "./api";
import type { DeskProps } from "./desk";
import { Line, problemOf, useAsked, useTaxTexts } from "./parts";

/** Notes on a posted bill that move no goods: what was billed too low, and a discount after the sale (IN-21, s.34(3)). */
export function Notes({ place, onPlace, distributors, documentHref, today }: DeskProps) {
  const { t, language } = useTaxTexts();
  const [find, setFind] = useState("");
  const [asked, setAsked] = useState("");
  const [made, setMade] = useState<InvoiceView>();
  useEffect(() => {
    const timer = setTimeout(() => setAsked(find.trim()), 250);
    return () => clearTimeout(timer);
  }, [find]);
  const { data, problem } = useAsked(`bills ${asked}`, () => tax.bills(asked));
  const names = new Map(distributors.map((d) => [d.id, d.name]));
  return (
    <div className="tax-split">
      <section className="tax-list" aria-label={t("tab.notes")}>
        <p className="muted s">{t("notes.about")}</p>
        <div className="tax-bar"><input className="input" type="search" aria-label={t("notes.find")} placeholder={t("notes.find")} value={find} onChange={(e) => setFind(e.target.value)} /></div>
        {made && <p className="note good" role="status"><span className="grow">{t("notes.made", { kind: t(`kind.${made.kind ?? "CREDIT_NOTE"}`), amount: money(made.totals.payable, language) })} <a className="lnk num" href={documentHref(made.id)}>{made.number}</a></span></p>}
        {problem && <ProblemNote problem={problem} />}
        {!data && !problem && <Skeleton lines={6} />}
        {data?.items.length === 0 && <EmptyState title={t("noneFound")}>{t("notes.none")}</EmptyState>}
        {data && data.items.length > 0 && (
          <div className="tax-scroll" tabIndex={0} role="group" aria-label={t("tab.notes")}>
            <table className="tbl">
              <thead><tr><th scope="col">{t("field.number")}</th><th scope="col">{t("field.date")}</th><th scope="col">{t("field.buyer")}</th>{distributors.length > 1 && <th scope="col">{t("field.distributor")}</th>}<th scope="col" className="n">{t("field.value")}</th></tr></thead>
              <tbody>{data.items.map((row) => (
                <tr key={row.id} aria-selected={row.id === place.open} onClick={() => onPlace({ open: row.id })}>
                  <td><button type="button" className="lnk num" onClick={(e) => { e.stopPropagation(); onPlace({ open: row.id }); }}>{row.number}</button></td><td className="num">{dateDense(row.businessDate)}</td><td>{row.outletName}</td>{distributors.length > 1 && <td>{names.get(row.distributorId) ?? row.distributorId}</td>}<td className="n num">{money(row.payable, language)}</td>
                </tr>
              ))}</tbody>
            </table>
            {data.next && <p className="s muted">{t("more")}</p>}
          </div>
        )}
      </section>
      {place.open && <NoteForm key={place.open} id={place.open} today={today} documentHref={documentHref} onClose={() => onPlace({ open: undefined })} onMade={(note) => { setMade(note); onPlace({ open: undefined }); }} />}
    </div>
  );
}

interface Goods { skuId: number; name: string; qty: string; price: string | null }

/** The goods of a bill, each once, with what was billed of it. */
function goodsOf(bill: InvoiceView): Goods[] {
  const found = new Map<number, Goods>();
  for (const line of bill.lines) {
    const skuId = Number(line.skuId);
    const before = found.get(skuId);
    found.set(skuId, { skuId, name: line.skuName ?? String(line.skuId), qty: sum([before?.qty, line.qty]), price: line.unitPrice ?? null });
  }
  return [...found.values()];
}

function NoteForm({ id, today, documentHref, onClose, onMade }: { id: string; today: string; documentHref: (id: string) => string; onClose: () => void; onMade: (note: InvoiceView) => void }) {
  const { t, language } = useTaxTexts();
  const { data: bill, problem } = useAsked(`bill ${id}`, () => tax.bill(id));
  const facts = useAsked(`facts ${id}`, () => tax.facts(id));
  const [noteId] = useState(() => crypto.randomUUID());
  const [kind, setKind] = useState<NoteKind>("debit-notes");
  const [rows, setRows] = useState<Record<number, { qty: string; price: string }>>({});
  const [reason, setReason] = useState("");
  const [on, setOn] = useState(today);
  const [agreed, setAgreed] = useState("");
  const [linked, setLinked] = useState(true);
  const [reversed, setReversed] = useState(false);
  const [refused, setRefused] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const choice = useAsked(kind === "debit-notes" ? "" : `choice ${id} ${agreed} ${linked} ${reversed} ${on}`, () => (kind === "debit-notes" ? Promise.resolve(undefined) : tax.noteChoice(id, { agreedOn: agreed || null, linked, itcReversed: reversed, noteOn: on })));
  const goods = bill ? goodsOf(bill) : [];
  const used = goods.filter((g) => rows[g.skuId] && isPositive(rows[g.skuId]!.price));
  const bad = goods.filter((g) => {
    const row = rows[g.skuId];
    return row && row.price !== "" && (!isDecimal(row.price) || !isDecimal(row.qty) || !isPositive(row.qty) || compare(row.qty, g.qty) > 0);
  });
  const whole = used.length > 0 && bad.length === 0 && reason.trim() !== "";
  const post = () => {
    if (!bill || !whole || busy) return;
    setBusy(true);
    setRefused(undefined);
    tax.note(kind, {
      id: noteId, distributorId: bill.distributorId, principalId: bill.principalId, businessDate: on, originalId: id, reason: reason.trim(),
      lines: used.map((g, i) => ({ line: i + 1, skuId: g.skuId, qty: rows[g.skuId]!.qty, unitPrice: rows[g.skuId]!.price })),
    }).then(onMade, (error: unknown) => setRefused(problemOf(error))).finally(() => setBusy(false));
  };
  return (
    <aside className="tax-one wide" aria-label={bill?.number ?? t("loading")}>
      <header><h2>{bill ? <a className="lnk num" href={documentHref(id)}>{bill.number}</a> : "…"}</h2><Button kind="quiet" onClick={onClose}>{t("action.close", { ns: "common" })}</Button></header>
      {problem && <ProblemNote problem={problem} />}
      {!bill && !problem && <Skeleton lines={6} />}
      {bill && (
        <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); post(); }}>
          <p>{bill.outlet.name} · <span className="num">{money(bill.totals.payable, language)}</span> · <span className="num">{dateDense(bill.businessDate)}</span></p>
          <div role="group" aria-label={t("notes.kind")} className="tax-bar">
            {(["debit-notes", "financial-credit-notes"] as const).map((one) => <button key={one} type="button" className="btn" aria-pressed={kind === one} onClick={() => setKind(one)}>{t(`notes.of.${one}`)}</button>)}
          </div>
          <p className="s muted">{t(`notes.means.${kind}`)}</p>
          <div className="tax-scroll" tabIndex={0} role="group" aria-label={t("notes.goods")}>
            <table className="tbl">
              <thead><tr><th scope="col">{t("notes.goods")}</th><th scope="col" className="n">{t("notes.billed")}</th><th scope="col" className="n">{t("notes.qty")}</th><th scope="col" className="n">{t(`notes.price.${kind}`)}</th></tr></thead>
              <tbody>{goods.map((g) => {
                const row = rows[g.skuId] ?? { qty: g.qty, price: "" };
                const set = (change: Partial<typeof row>) => setRows({ ...rows, [g.skuId]: { ...row, ...change } });
                const wrong = bad.includes(g) || undefined;
                return (
                  <tr key={g.skuId}><td>{g.name}</td><td className="n num">{qty(g.qty, language)}{g.price && <span className="s muted"> × {money(g.price, language)}</span>}</td>
                    <td className="n"><input className="input num n" style={{ width: 88 }} inputMode="decimal" aria-label={`${g.name}, ${t("notes.qty")}`} aria-invalid={wrong} value={row.qty} onChange={(e) => set({ qty: e.target.value.trim() })} /></td>
                    <td className="n"><input className="input num n" style={{ width: 96 }} inputMode="decimal" aria-label={`${g.name}, ${t(`notes.price.${kind}`)}`} aria-invalid={wrong} value={row.price} onChange={(e) => set({ price: e.target.value.trim() })} /></td></tr>
                );
              })}</tbody>
            </table>
          </div>
          {bad.length > 0 && <p className="s bad" role="alert">{t("notes.bad")}</p>}
          {kind === "financial-credit-notes" && (
            <fieldset className="tax-law">
              <legend>{t("notes.law")}</legend>
              <Line label={t("notes.agreed")}>{(field) => <input id={field} className="input num" type="date" value={agreed} max={today} onChange={(e) => setAgreed(e.target.value)} />}</Line>
              <label className="check"><input type="checkbox" checked={linked} onChange={(e) => setLinked(e.target.checked)} /><span>{t("notes.linked")}</span></label>
              <label className="check"><input type="checkbox" checked={reversed} onChange={(e) => setReversed(e.target.checked)} /><span>{t("notes.reversed")}</span></label>
              {choice.problem && <ProblemNote problem={choice.problem} />}
              {choice.data && <p className="s"><strong>{t(`notes.choice.${choice.data.note}`)}</strong>{choice.data.why.length > 0 && <>: {choice.data.why.join("; ")}</>}</p>}
              {facts.data?.noteLastDay && <p className="s muted">{t("notes.lastDay", { on: dateDense(facts.data.noteLastDay) })}</p>}
            </fieldset>
          )}
          <Line label={t("field.reason")}>{(field) => <input id={field} className="input" maxLength={200} required value={reason} onChange={(e) => setReason(e.target.value)} />}</Line>
          <Line label={t("field.date")}>{(field) => <input id={field} className="input num" type="date" max={today} required value={on} onChange={(e) => setOn(e.target.value)} />}</Line>
          {refused && <ProblemNote problem={refused} />}
          <div className="end"><Button onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" disabled={!whole || busy}>{t("notes.post")}</Button></div>
        </form>
      )}
    </aside>
  );
}
