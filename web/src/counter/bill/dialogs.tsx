import { useLiveQuery } from "dexie-react-hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Draft } from "../../offline/db";
import type { Batch, Order, Recent } from "../../offline/types";
import { Button, Dialog, TextField, dateDense, money, monthDense, qty, rate, timeOfDay } from "../../ui";
import { isDecimal, sum } from "../../ui/decimal";
import { useWorkspace } from "../workspace";

/** A list to choose one from by arrows and Enter, or by its digit. */
export function Choose<T>({ title, items, idOf, head, render, onChoose, onClose, empty, initial = 0 }: {
  title: string; items: T[]; idOf: (item: T) => string; head?: React.ReactNode; render: (item: T) => React.ReactNode; onChoose: (item: T) => void; onClose: () => void; empty: string; initial?: number;
}) {
  const [at, setAt] = useState(initial);
  return (
    <Dialog title={title} onClose={onClose} wide>
      <div
        data-autofocus
        tabIndex={0}
        role="listbox"
        aria-label={title}
        aria-activedescendant={items[at] ? `choose-${idOf(items[at]!)}` : undefined}
        className="choose"
        onKeyDown={(e) => {
          const digit = /^(?:Digit|Numpad)([1-9])$/.exec(e.code)?.[1];
          if (e.code === "ArrowDown") setAt(Math.min(at + 1, items.length - 1));
          else if (e.code === "ArrowUp") setAt(Math.max(at - 1, 0));
          else if ((e.code === "Enter" || e.code === "NumpadEnter") && items[at]) onChoose(items[at]!);
          else if (digit && items[Number(digit) - 1]) onChoose(items[Number(digit) - 1]!);
          else return;
          e.preventDefault();
          e.stopPropagation();
        }}
      >
        {items.length === 0 && <p className="m">{empty}</p>}
        {items.length > 0 && (
          <table className="tbl">
            {head && <thead>{head}</thead>}
            <tbody>
              {items.map((item, i) => (
                <tr key={idOf(item)} id={`choose-${idOf(item)}`} role="option" aria-selected={i === at} onClick={() => onChoose(item)} onMouseEnter={() => setAt(i)}>{render(item)}</tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Dialog>
  );
}

export function BatchDialog({ batches, chosen, onChoose, onClose }: { batches: Batch[]; chosen: string | undefined; onChoose: (id: string | undefined) => void; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  type Row = Batch | { id: "fefo" };
  const rows: Row[] = [{ id: "fefo" }, ...batches];
  return (
    <Choose
      title={t("bill.batchTitle")}
      items={rows}
      initial={Math.max(0, rows.findIndex((r) => r.id === chosen))}
      idOf={(r) => r.id}
      empty={t("bill.noStock")}
      head={<tr><th>{t("field.batch")}</th><th className="n">{t("field.mrp")}</th><th className="n">{t("field.expiry")}</th><th className="n">{t("field.saleable")}</th></tr>}
      render={(r) => ("batchNo" in r
        ? <><td className="num">{r.batchNo}</td><td className="n">{money(r.mrp, lang)}</td><td className="n">{monthDense(r.expiresOn)}</td><td className="n">{qty(r.saleable, lang)}</td></>
        : <td colSpan={4}>{t("bill.fefo")}</td>)}
      onChoose={(r) => onChoose(r.id === "fefo" ? undefined : r.id)}
      onClose={onClose}
    />
  );
}

/** Discount in percent with its reason: a manual benefit needs one (PX-43). */
export function DiscountDialog({ title, percent, reason, onSave, onClose }: { title: string; percent: string; reason: string; onSave: (percent: string, reason: string) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState(percent);
  const [why, setWhy] = useState(reason);
  const [tried, setTried] = useState(false);
  const wrong = value !== "" && !isDecimal(value) ? t("bill.percentBad") : undefined;
  const noReason = value !== "" && value !== "0" && why.trim() === "" ? t("bill.reasonMissing") : undefined;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        style={{ display: "grid", gap: 12 }}
        onSubmit={(e) => {
          e.preventDefault();
          setTried(true);
          if (!wrong && !noReason) onSave(value || "0", why.trim());
        }}
      >
        <TextField label={t("bill.percent")} inputMode="decimal" value={value} onChange={(e) => setValue(e.target.value)} error={tried ? wrong : undefined} onFocus={(e) => e.target.select()} />
        <TextField label={t("bill.reason")} data-note="" value={why} onChange={(e) => setWhy(e.target.value)} hint={t("bill.reasonHint")} error={tried ? noReason : undefined} />
        <div className="end"><Button type="submit" kind="primary" keys="Enter">{t("bill.apply")}</Button></div>
      </form>
    </Dialog>
  );
}

/** Note on the bill. A scanner burst in here stays text. */
export function NoteDialog({ title, text, onSave, onClose }: { title: string; text: string; onSave: (text: string) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState(text);
  return (
    <Dialog title={title} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); onSave(value.trim()); }}>
        <TextField label={t("field.note")} data-note="" maxLength={200} value={value} onChange={(e) => setValue(e.target.value)} />
        <div className="end"><Button type="submit" kind="primary" keys="Enter">{t("action.save", { ns: "common" })}</Button></div>
      </form>
    </Dialog>
  );
}

export function DateDialog({ value, min, max, onSave, onClose }: { value: string; min: string; max: string; onSave: (date: string) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [date, setDate] = useState(value);
  const wrong = date < min || date > max ? t("bill.dateRange", { from: dateDense(min), to: dateDense(max) }) : undefined;
  return (
    <Dialog title={t("bill.dateTitle")} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); if (!wrong) onSave(date); }}>
        <TextField label={t("field.date")} type="date" min={min} max={max} value={date} onChange={(e) => setDate(e.target.value)} error={wrong} />
        <div className="end"><Button type="submit" kind="primary" keys="Enter">{t("bill.apply")}</Button></div>
      </form>
    </Dialog>
  );
}

export function HeldDialog({ onChoose, onClose }: { onChoose: (draft: Draft) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const { store } = useWorkspace();
  const held = useLiveQuery(() => store.draft.where("[kind+place]").between(["bill", 1], ["bill", 9], true, true).toArray(), [store]);
  return (
    <Choose
      title={t("bill.heldTitle")}
      items={held ?? []}
      idOf={(d) => d.id}
      empty={t("bill.heldEmpty")}
      render={(d) => <><td className="num">{d.place}</td><td>{d.title}</td><td className="n">{timeOfDay(d.updatedAt)}</td></>}
      onChoose={onChoose}
      onClose={onClose}
    />
  );
}

export function OrdersDialog({ orders, onChoose, onClose }: { orders: Order[]; onChoose: (order: Order) => void; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <Choose
      title={t("bill.ordersTitle")}
      items={orders}
      idOf={(o) => o.id}
      empty={t("bill.ordersEmpty")}
      render={(o) => <><td className="num">{o.number}</td><td className="num">{dateDense(o.businessDate)}</td><td>{t(`status.${o.status}`, { defaultValue: o.status })}</td><td className="n">{t("count.lines", { count: o.lines.length })}</td><td className="n">{money(o.total, i18n.language)}</td></>}
      onChoose={onChoose}
      onClose={onClose}
    />
  );
}

/** Last bills and rates of the outlet (F3): one row per bill and item. */
export function LastBillsDialog({ recent, onClose }: { recent: Recent[]; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { skus } = useWorkspace();
  return (
    <Choose
      title={t("bill.lastBillsTitle")}
      items={recent}
      idOf={(r) => `${r.invoiceNumber}-${r.skuId}-${r.on}-${recent.indexOf(r)}`}
      empty={t("bill.noHistory")}
      head={<tr><th>{t("field.date")}</th><th>{t("field.number")}</th><th>{t("field.item")}</th><th className="n">{t("field.qty")}</th><th className="n">{t("field.rate")}</th><th className="n">{t("field.discountPercent")}</th></tr>}
      render={(r) => <><td className="num">{dateDense(r.on)}</td><td className="num">{r.invoiceNumber ?? "–"}</td><td>{skus.get(r.skuId)?.name ?? r.skuId}</td><td className="n">{qty(r.qty, lang)}</td><td className="n">{rate(r.rate, lang)}</td><td className="n">{sum([r.discountPercent ?? "0"])}</td></>}
      onChoose={onClose}
      onClose={onClose}
    />
  );
}
