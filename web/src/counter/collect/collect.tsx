import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { uuidv7 } from "../../offline/db";
import { enqueue, pendingOf, standing } from "../../offline/outbox";
import { leaseFor, left, stopOf } from "../../offline/policy";
import type { OpenBill, Outlet } from "../../offline/types";
import { Button, EmptyState, Field, Kbd, Shape, TextField, currencySign, dateDense, daysBetween, money, percent, timeOfDay } from "../../ui";
import { compare, isDecimal, isPositive, min, minus, sum } from "../../ui/decimal";
import { readDecimal } from "../../ui/entry";
import { DocumentChip, StateChip } from "../chips";
import { rowWords } from "../guard";
import { KeyStrip } from "../help";
import { useKeys } from "../keys";
import { List, Screen, type Column } from "../list";
import { OutletField } from "../pick-outlet";
import { amountInWords } from "../print/words";
import { go, useRoute } from "../router";
import { toast } from "../toast";
import { useCredit, useWorkspace } from "../workspace";

const modes = ["CASH", "UPI", "CHEQUE", "NEFT"] as const;

/** C11: money from outlets, oldest bill first or as chosen. */
export function Collect() {
  const route = useRoute();
  return route.rest[0] === "new" ? <NewCollection /> : <CollectionList />;
}

function CollectionList() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store, outlets } = useWorkspace();
  const [selected, setSelected] = useState<string>();
  const documents = useLiveQuery(() => store.document.of("type", "COLLECTION"), [store]);
  const commands = useLiveQuery(() => standing(store, (c) => c.kind === "collection"), [store]);
  type Row = { id: string; at: string; number: string | null; outlet: string; mode: string | null; total: string | null; state: React.ReactNode; businessDate: string };
  const known = new Set((documents ?? []).map((d) => d.id));
  const rows: Row[] = [
    ...(commands ?? []).filter((c) => !known.has(c.id)).map((c) => ({ id: c.id, at: c.at, number: c.summary.number ?? null, outlet: c.summary.outletName ?? "", mode: c.summary.mode ?? null, total: c.summary.total ?? null, businessDate: c.businessDate, state: <StateChip state={c.state} /> })),
    ...(documents ?? []).map((d) => ({ id: d.id, at: d.postedAt, number: d.number, outlet: (d.outletId && outlets.get(d.outletId)?.name) || "", mode: d.mode ?? null, total: d.total, businessDate: d.businessDate, state: <DocumentChip status={d.status} /> })),
  ].sort((a, b) => b.at.localeCompare(a.at));
  const columns: Column<Row>[] = [
    { key: "date", head: t("field.date"), width: 110, hide: true, cell: (r) => <span className="num">{dateDense(r.businessDate)}</span> },
    { key: "at", head: t("field.time"), width: 76, cell: (r) => <span className="num">{timeOfDay(r.at)}</span> },
    { key: "number", head: t("field.number"), width: 140, hide: true, cell: (r) => <span className="num">{r.number ?? "–"}</span> },
    { key: "outlet", head: t("field.outlet"), cell: (r) => <span className="cut">{r.outlet}</span> },
    { key: "mode", head: t("field.mode"), width: 100, hide: true, cell: (r) => (r.mode ? t(`mode.${r.mode}`, { defaultValue: r.mode }) : "–") },
    { key: "total", head: t("collect.amount"), number: true, width: 120, cell: (r) => money(r.total, lang) },
    { key: "state", head: t("field.state"), width: 150, cell: (r) => r.state },
  ];
  const start = <Button kind="primary" keys="F6" onClick={() => go("collect", "new")}>{t("collect.new")}</Button>;
  return (
    <Screen title={t("place.collect")} actions={start} foot={<KeyStrip keys={[["F6", "collect"], ["↑ ↓", "rows"], ["F1", "help"]]}>{t("collect.sum", { amount: money(sum(rows.map((r) => r.total), 2), lang) })}</KeyStrip>}>
      <List label={t("place.collect")} items={rows} idOf={(r) => r.id} columns={columns} selected={selected ?? rows[0]?.id} onSelect={setSelected}
        empty={<EmptyState title={t("collect.emptyTitle")} action={start}>{t("collect.emptyText")}</EmptyState>} />
    </Screen>
  );
}

/** Splits an amount over bills, oldest due first, until it is used up: exact, no rounding. */
export function fifo(bills: Pick<OpenBill, "invoiceId" | "open">[], amount: string): Map<string, string> {
  const split = new Map<string, string>();
  let left = amount;
  for (const bill of bills) {
    if (!isPositive(left)) break;
    const part = min(left, bill.open);
    if (isPositive(part)) split.set(bill.invoiceId, sum([part], 2));
    left = minus(left, part);
  }
  return split;
}

function NewCollection() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store, outlets, context, distributorId, leases, guard } = useWorkspace();
  const { query } = useRoute();
  const [id, setId] = useState(uuidv7);
  const [outletId, setOutletId] = useState<string | null>(query.get("outlet"));
  const [mode, setMode] = useState<(typeof modes)[number]>("CASH");
  const [amount, setAmount] = useState("");
  const [reference, setReference] = useState("");
  const [bank, setBank] = useState("");
  const [chequeOn, setChequeOn] = useState("");
  const [note, setNote] = useState("");
  const [chosen, setChosen] = useState<Map<string, string>>();
  const [tried, setTried] = useState(false);
  const outlet = outletId ? outlets.get(outletId) : undefined;
  const principalId = outlet?.credit[0]?.principalId ?? context?.principals[0]?.id;
  const credit = useCredit(outlet, principalId);
  const bills = useLiveQuery(async () => (outlet ? (await store.bill.of("outletId", outlet.id)).filter((b) => b.principalId === principalId).sort((a, b) => (a.dueOn ?? "").localeCompare(b.dueOn ?? "") || a.businessDate.localeCompare(b.businessDate)) : []), [store, outlet?.id, principalId]) ?? [];
  const clean = readDecimal(amount, lang) ?? "";
  const valid = isDecimal(clean) && isPositive(clean);
  const split = useMemo(() => (chosen ?? (valid ? fifo(bills, clean) : new Map<string, string>())), [chosen, bills, clean, valid]);
  const placed = sum([...split.values()].filter(isDecimal), 2);
  const over = valid ? minus(clean, placed, 2) : "0";
  const today = context?.businessDate ?? "";
  const faults = {
    outlet: outlet ? undefined : t("bill.needOutlet"),
    amount: valid ? undefined : t("collect.needAmount"),
    reference: (mode === "UPI" || mode === "NEFT" || mode === "CHEQUE") && !reference.trim() ? t(mode === "CHEQUE" ? "collect.needCheque" : "collect.needReference") : undefined,
    chequeOn: mode === "CHEQUE" && !chequeOn ? t("collect.needChequeOn") : undefined,
    split: chosen && (compare(over, "0") < 0 || bills.some((b) => compare(split.get(b.invoiceId) ?? "0", b.open) > 0)) ? t("collect.tooMuch") : undefined,
  };

  useEffect(() => {
    void store.draft.where("[kind+place]").equals(["collect", 0]).first().then((kept) => {
      const d = kept?.content as { id: string; outletId: string; mode: typeof mode; amount: string; reference: string; bank: string; chequeOn: string; note: string } | undefined;
      if (!d || query.get("outlet")) return;
      setId(d.id); setOutletId(d.outletId); setMode(d.mode); setAmount(d.amount); setReference(d.reference); setBank(d.bank); setChequeOn(d.chequeOn); setNote(d.note);
    });
  }, [store, query]);
  useEffect(() => {
    if (!outletId && !amount) return;
    const timer = setTimeout(() => void store.draft.put({ id, kind: "collect", place: 0, updatedAt: Date.now(), title: outlet?.name ?? "", content: { id, outletId, mode, amount, reference, bank, chequeOn, note } }), 150);
    return () => clearTimeout(timer);
  }, [store, id, outletId, mode, amount, reference, bank, chequeOn, note, outlet]);

  const post = async () => {
    setTried(true);
    if (Object.values(faults).some(Boolean) || !outlet || !context) return;
    const stop = stopOf(guard, "numbered");
    if (stop) return toast(rowWords(stop, t, lang).text, undefined, true);
    const allocations = chosen ? [...split].filter(([, a]) => isDecimal(a) && isPositive(a)).map(([invoiceId, a]) => ({ invoiceId, amount: sum([a], 2) })) : undefined;
    const lease = leaseFor(leases, "COLLECTION", context.businessDate);
    const summary = { kind: "collection" as const, outletId: outlet.id, outletName: outlet.name, total: sum([clean], 2), mode };
    await enqueue(store, {
      id, kind: "collection", businessDate: context.businessDate, draftId: id,
      waitsFor: await pendingOf(store, allocations?.map((a) => a.invoiceId) ?? []),
      ...(lease && left(lease) > 0 ? { take: { documentType: "COLLECTION", write: (number: string) => ({ summary: { ...summary, number } }) } } : {}),
      body: { id, distributorId, principalId, outletId: outlet.id, businessDate: context.businessDate, mode, amount: sum([clean], 2), ...(reference.trim() ? { reference: reference.trim() } : {}), ...(bank.trim() ? { bank: bank.trim() } : {}), ...(mode === "CHEQUE" ? { chequeOn } : {}), ...(allocations?.length ? { allocations } : {}), ...(note.trim() ? { note: note.trim() } : {}) },
      summary,
      effects: [{ outletId: outlet.id, ...(principalId !== undefined ? { principalId } : {}), amount: minus("0", clean, 2) }],
    });
    toast(t("collect.saved", { outlet: outlet.name, amount: money(clean, lang) }));
    go("collect");
  };
  useKeys({
    "Ctrl+Enter": () => void post(),
    "Alt+T": () => setMode(modes[(modes.indexOf(mode) + 1) % modes.length]!),
    "Escape": () => go("collect"),
    "Enter": (e) => {
      const fields = [...document.querySelectorAll<HTMLElement>(".collect input:not([role=radio])")];
      const at = fields.indexOf(e.target as HTMLElement);
      if (at < 0) return false;
      if (at === fields.length - 1) void post();
      else fields[at + 1]?.focus();
    },
  });
  return (
    <Screen title={t("collect.new")} actions={<><Button keys="Esc" onClick={() => go("collect")}>{t("action.back", { ns: "common" })}</Button><Button kind="primary" keys="Ctrl+Enter" onClick={() => void post()}>{t("collect.post")}</Button></>}
      foot={<KeyStrip keys={[["Enter", "next"], ["Alt+T", "mode"], ["Ctrl+Enter", "post"], ["F1", "help"]]}>{valid && amountInWords(sum([clean], 2), lang, context?.currency.code)}</KeyStrip>}>
      <div className="collect two-col">
        <div className="form one">
          <OutletField value={outlet} autoFocus={!outlet} onChoose={(o: Outlet) => { setOutletId(o.id); setChosen(undefined); setTimeout(() => document.querySelector<HTMLInputElement>(".collect [data-amount]")?.focus()); }} />
          {tried && faults.outlet && <div className="bad" role="alert"><Shape tone="act" />{faults.outlet}</div>}
          <div className="field">
            <span className="label">{t("bill.payment")} <Kbd>Alt+T</Kbd></span>
            <div className="modes" role="radiogroup" aria-label={t("bill.payment")}>{modes.map((m) => <button key={m} type="button" role="radio" aria-checked={m === mode} className={m === mode ? "sel" : ""} onClick={() => setMode(m)}>{t(`mode.${m}`)}</button>)}</div>
          </div>
          <TextField label={`${t("collect.amount")} ${context ? currencySign(context.currency.code, lang) : ""}`} data-amount="" className="field big-amount" inputMode="decimal" value={amount} onChange={(e) => setAmount(e.target.value)} error={tried ? faults.amount : undefined} hint={valid ? `${clean === amount.trim() ? "" : `${money(clean, lang)} · `}` + amountInWords(sum([clean], 2), lang, context?.currency.code) : undefined} />
          {mode !== "CASH" && <TextField label={t(mode === "CHEQUE" ? "collect.chequeNo" : "collect.reference")} value={reference} onChange={(e) => setReference(e.target.value)} error={tried ? faults.reference : undefined} />}
          {mode === "CHEQUE" && <TextField label={t("collect.bank")} value={bank} onChange={(e) => setBank(e.target.value)} />}
          {mode === "CHEQUE" && <TextField label={t("collect.chequeOn")} type="date" value={chequeOn} onChange={(e) => setChequeOn(e.target.value)} error={tried ? faults.chequeOn : undefined} />}
          <Field label={t("field.note")}>{(ids) => <input className="input" data-note="" {...ids} value={note} onChange={(e) => setNote(e.target.value)} />}</Field>
        </div>
        <section className="dues">
          <header className="row"><h2 className="grow">{t("collect.openBills")}</h2>{credit && <span className="num m">{t("bill.dues")} {money(credit.outstanding, lang)}</span>}</header>
          {!outlet && <p className="m">{t("collect.chooseOutlet")}</p>}
          {outlet && bills.length === 0 && <p className="m">{t("bill.nothingDue")}</p>}
          {bills.length > 0 && (
            <>
              <label className="row check"><input type="checkbox" checked={chosen !== undefined} onChange={(e) => setChosen(e.target.checked ? new Map(split) : undefined)} />{t("collect.choose")}</label>
              <table className="tbl">
                <thead><tr><th>{t("field.number")}</th><th className="n">{t("field.due")}</th><th className="n">{t("collect.openAmount")}</th><th className="n">{t("collect.settles")}</th></tr></thead>
                <tbody>
                  {bills.map((b) => {
                    const late = b.dueOn && today ? daysBetween(b.dueOn, today) : 0;
                    const early = b.cashTerms?.find((term) => term.payBy >= today);
                    return (
                      <tr key={b.invoiceId}>
                        <td className="num">{b.number}{early && <div className="s m">{t("collect.early", { percent: percent(early.percent, lang), on: dateDense(early.payBy) })}</div>}</td><td className={`n ${late > 0 ? "watching" : ""}`}>{dateDense(b.dueOn)}{late > 0 && <span className="s"> +{late}</span>}</td><td className="n">{money(b.open, lang)}</td>
                        <td className="n">{chosen ? <input className="input n" style={{ width: 110 }} inputMode="decimal" aria-label={t("collect.settlesOf", { number: b.number })} value={split.get(b.invoiceId) ?? ""} onChange={(e) => setChosen(new Map(chosen).set(b.invoiceId, e.target.value.replace(/[,\s]/g, "")))} /> : split.has(b.invoiceId) ? money(split.get(b.invoiceId), lang) : <span className="m">–</span>}</td>
                      </tr>
                    );
                  })}
                </tbody>
                <tfoot><tr><td colSpan={3}>{compare(over, "0") > 0 ? t("collect.unplaced", { amount: money(over, lang) }) : t("collect.placed")}</td><td className="n">{money(placed, lang)}</td></tr></tfoot>
              </table>
              {faults.split && <div className="note act" role="alert"><Shape tone="act" />{faults.split}</div>}
            </>
          )}
        </section>
      </div>
    </Screen>
  );
}
