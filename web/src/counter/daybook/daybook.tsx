import { useLiveQuery } from "dexie-react-hooks";
import type { TFunction } from "i18next";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { enqueue, standing } from "../../offline/outbox";
import { uuidv7 } from "../../offline/db";
import type { Command, CommandState } from "../../offline/types";
import { Button, Dialog, EmptyState, Kbd, TextField, addDays, dateDense, dateText, money, qty, rate, ratePercent, timeOfDay } from "../../ui";
import { isZero, sum } from "../../ui/decimal";
import { DocumentChip, LateChip, StateChip } from "../chips";
import { EvidenceRow } from "../evidence";
import { KeyStrip } from "../help";
import { useKeys } from "../keys";
import { Find, List, Screen, type Column } from "../list";
import { paperView } from "../print/paper-of";
import { printView, viewOfCommand } from "../print/print-host";
import { go } from "../router";
import { toast } from "../toast";
import { fold } from "../bill/search";
import { useSync, useWorkspace } from "../workspace";

/** A row of the day book: a document of the server, or one of this device that the server has not answered yet. */
export interface Row {
  id: string; kind: string; at: string; number: string | null; outletId: string | null; outletName: string; mode: string | null; lines: number | null; total: string | null;
  state: CommandState | undefined; status: string; businessDate: string; command?: Command; askedBy?: string | null; askedWhy?: string | null;
}

const kinds: Record<string, string> = { invoice: "INVOICE", "credit-note": "CREDIT_NOTE", order: "ORDER", collection: "COLLECTION", "goods-receipt": "GOODS_RECEIPT", "cancel-invoice": "CANCELLATION", "keep-invoice": "KEEPING", "allocate-order": "ALLOCATION", "return-request": "RETURN", "cancel-order": "CANCELLATION" };

/** What a row is called; a step that is no document by the name of its command. */
const kindText = (t: TFunction, kind: string) => t(`kind.${kind}`, { defaultValue: t(`command.${kind}`, { defaultValue: kind }) });

/** What is a tax document with lines, and printed as one. */
const onPaper = (row: Row | undefined): boolean => row?.kind === "INVOICE" || row?.kind === "CREDIT_NOTE";

/** C2: today's documents by time, with their state and the totals by mode of payment. */
export function DayBook() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { me, store, context, outlets } = useWorkspace();
  const decides = me.roles.includes("DO");
  const sync = useSync();
  const [text, setText] = useState("");
  const [kind, setKind] = useState("");
  const [selected, setSelected] = useState<string>();
  const [opened, setOpened] = useState<Row>();
  const [cancelling, setCancelling] = useState<Row>();
  const [day, setDay] = useState<string>();
  const date = day ?? context?.businessDate ?? "";
  const documents = useLiveQuery(() => store.document.of("businessDate", date), [store, date]);
  const commands = useLiveQuery(() => standing(store, (c) => c.businessDate === date), [store, date]);

  const rows = useMemo<Row[]>(() => {
    const known = new Map<string, Row>();
    for (const d of documents ?? []) {
      known.set(d.id, { id: d.id, kind: d.type, at: d.postedAt, number: d.number, outletId: d.outletId, outletName: (d.outletId && outlets.get(d.outletId)?.name) || "", mode: d.mode ?? null, lines: null, total: d.total, state: undefined, status: d.status, businessDate: d.businessDate, askedBy: d.askedBy, askedWhy: d.askedWhy });
    }
    for (const c of commands ?? []) {
      // pictures that follow a receipt are shown with it
      if (c.kind === "allocate-order" || c.kind === "cancel-order" || c.kind === "outlet" || c.kind === "draft") continue;
      const before = known.get(c.id);
      known.set(c.id, {
        id: c.id, kind: kinds[c.kind] ?? c.kind, at: before?.at ?? c.at, number: before?.number ?? c.summary.number ?? null, outletId: c.summary.outletId ?? null,
        outletName: c.summary.outletName ?? (c.summary.outletId ? outlets.get(c.summary.outletId)?.name : undefined) ?? before?.outletName ?? "", mode: c.summary.mode ?? before?.mode ?? null,
        lines: c.summary.lines ?? null, total: before?.total ?? c.summary.total ?? null, state: before && c.state === "ACCEPTED" ? undefined : c.state, status: before?.status ?? "POSTED", businessDate: c.businessDate, command: c, askedBy: before?.askedBy, askedWhy: before?.askedWhy,
      });
    }
    const query = fold(text.trim());
    return [...known.values()].filter((r) => (!kind || r.kind === kind) && (!query || fold(`${r.number ?? ""} ${r.outletName} ${r.total ?? ""}`).includes(query))).sort((a, b) => b.at.localeCompare(a.at));
  }, [documents, commands, outlets, text, kind]);

  const row = rows.find((r) => r.id === selected) ?? rows[0];
  const counts = (r: Row) => r.status !== "CANCELLED" && r.state !== "NEEDS_YOU";
  const billed = rows.filter((r) => r.kind === "INVOICE" && counts(r));
  const received = rows.filter((r) => r.kind === "COLLECTION" && counts(r));
  const byMode = (list: Row[], modes: string[]) => modes.map((mode) => [mode, sum(list.filter((r) => r.mode === mode).map((r) => r.total), 2)] as const).filter(([mode, total]) => !isZero(total) || mode === "CASH" || mode === "CREDIT");

  const print = async (r: Row | undefined) => {
    if (!r || !onPaper(r)) return;
    const local = viewOfCommand(r.command);
    try {
      const view = local?.number ? local : await paperView(store, r.id);
      printView({ ...view, status: r.status });
    } catch (error) {
      if (local) printView(local);
      else toast(t(error instanceof ApiError && error.problem.code === "NOT_REACHED" ? "daybook.printNotHere" : "print.failed"), undefined, true);
    }
  };
  useKeys({
    "Alt+P": () => void print(row),
    "Ctrl+P": () => void print(row),
    "Alt+X": () => {
      if (row?.kind !== "INVOICE" || row.status === "CANCELLED" || !row.number) toast(t("daybook.cannotCancel"));
      else if (row.status === "CANCEL_ASKED" && !decides) toast(t("daybook.askedAlready", { by: row.askedBy }));
      else setCancelling(row);
    },
    "PgUp": () => setDay(addDays(date, -1)),
    "PgDn": () => { if (context && date < context.businessDate) setDay(addDays(date, 1)); },
  }, !opened && !cancelling);

  const amount = (r: Row, which: string) => (r.kind === which ? money(r.total, lang) : "–");
  const columns: Column<Row>[] = [
    { key: "at", head: t("field.time"), width: 72, cell: (r) => <span className="num">{timeOfDay(r.at)}</span> },
    { key: "number", head: t("field.number"), width: 140, cell: (r) => <span className="num">{r.number ?? "–"}</span> },
    { key: "kind", head: t("field.kind"), width: 120, hide: true, cell: (r) => kindText(t, r.kind) },
    { key: "outlet", head: t("field.outlet"), cell: (r) => <span className="cut">{r.outletName || "–"}</span> },
    { key: "mode", head: t("field.mode"), width: 90, hide: true, cell: (r) => (r.mode ? t(`mode.${r.mode}`, { defaultValue: r.mode }) : "–") },
    { key: "ordered", head: t("daybook.ordered"), number: true, width: 112, hide: true, cell: (r) => amount(r, "ORDER") },
    { key: "billed", head: t("daybook.billed"), number: true, width: 112, cell: (r) => amount(r, "INVOICE") },
    { key: "received", head: t("daybook.received"), number: true, width: 112, hide: true, cell: (r) => amount(r, "COLLECTION") },
    { key: "state", head: t("field.state"), width: 150, cell: (r) => <>{r.state && r.state !== "ACCEPTED" ? <StateChip state={r.state} /> : r.status === "POSTED" || (r.kind === "INVOICE" && r.status === "DELIVERED") ? <StateChip state="ACCEPTED" /> : <DocumentChip status={r.status} />}<LateChip late={r.command?.late} /></> },
  ];
  const later = sync.groups.find((g) => g.group === "later");
  const waiting = sync.waiting.filter((c) => c.summary.total);
  return (
    <Screen
      title={t("place.daybook")}
      note={later && t("daybook.asOf", { at: timeOfDay(later.checkedAt) })}
      actions={<><Button onClick={() => go("tax")}>{t("place.tax")}</Button><Button keys="Alt+P" disabled={!onPaper(row)} onClick={() => void print(row)}>{t("print.print")}</Button><Button kind="primary" keys="F8" onClick={() => go("bill")}>{t("bill.new")}</Button></>}
      foot={(
        <>
          <div className="sumbar" data-region>
            <section><h2>{t("daybook.billedByMode")}</h2><dl>{byMode(billed, ["CREDIT", "CASH", "UPI", "CHEQUE"]).map(([mode, total]) => <div key={mode}><dt>{t(`mode.${mode}`)}</dt><dd className="num">{money(total, lang)}</dd></div>)}</dl></section>
            <section><h2>{t("daybook.receivedByMode")}</h2><dl>{byMode(received, ["CASH", "UPI", "CHEQUE", "NEFT"]).filter(([m]) => m !== "CREDIT").map(([mode, total]) => <div key={mode}><dt>{t(`mode.${mode}`)}</dt><dd className="num">{money(total, lang)}</dd></div>)}</dl></section>
            <section><h2>{t("daybook.drawer")}</h2><dl><div><dt>{t("daybook.cashToday")}</dt><dd className="num b">{money(sum([...billed, ...received].filter((r) => r.mode === "CASH").map((r) => r.total), 2), lang)}</dd></div></dl></section>
            <section><h2>{t("daybook.notYet")}</h2><dl><div><dt>{waiting.length ? t("daybook.toSend", { count: waiting.length, since: timeOfDay(waiting[0]!.at) }) : t("daybook.allSent")}</dt><dd className="num">{money(sum(waiting.map((c) => c.summary.total), 2), lang)}</dd></div></dl></section>
          </div>
          <KeyStrip keys={[["↑ ↓", "rows"], ["Enter", "open"], ["PgUp", "dayBefore"], ["Alt+P", "printAgain"], ["Alt+X", "cancel"], ["/", "filter"], ["F1", "help"]]}>{t("count.documents", { count: rows.length })}</KeyStrip>
        </>
      )}
    >
      <div className="filters">
        <label className="filter">{t("field.date")}: <input type="date" className="bare num" value={date} max={context?.businessDate} onChange={(e) => setDay(e.target.value || undefined)} /></label>
        <label className="filter">{t("field.kind")}: <select className="bare" value={kind} onChange={(e) => setKind(e.target.value)}><option value="">{t("filter.all")}</option>{["INVOICE", "ORDER", "COLLECTION", "CREDIT_NOTE", "GOODS_RECEIPT"].map((k) => <option key={k} value={k}>{t(`kind.${k}`)}</option>)}</select></label>
        <Find value={text} onChange={setText} label={t("daybook.find")} />
      </div>
      <List
        label={t("place.daybook")} items={rows} idOf={(r) => r.id} columns={columns} selected={row?.id} onSelect={setSelected} onOpen={setOpened}
        quietRow={(r) => r.status === "CANCELLED"}
        empty={text || kind ? <EmptyState title={t("filter.nothing")} action={<Button onClick={() => { setText(""); setKind(""); }}>{t("filter.clear")}</Button>} /> : <EmptyState title={t("daybook.emptyTitle")} action={<Button kind="primary" keys="F8" onClick={() => go("bill")}>{t("bill.new")}</Button>}>{t("daybook.emptyText", { date: dateText(date, lang) })}</EmptyState>}
        foot={rows.length > 0 && <tr><td colSpan={3}>{t("daybook.totalOfSet")}</td><td className="ph" /><td className="ph" /><td className="n ph">{money(sum(rows.filter((r) => r.kind === "ORDER" && counts(r)).map((r) => r.total), 2), lang)}</td><td className="n">{money(sum(billed.map((r) => r.total), 2), lang)}</td><td className="n ph">{money(sum(received.map((r) => r.total), 2), lang)}</td><td /></tr>}
      />
      {opened && <DocumentDialog row={opened} onClose={() => setOpened(undefined)} onPrint={() => void print(opened)} />}
      {cancelling && <CancelDialog row={cancelling} decides={decides} onClose={() => setCancelling(undefined)} />}
    </Screen>
  );
}

/** One document: its lines as posted; what came back different, side by side. */
export function DocumentDialog({ row, onClose, onPrint }: { row: Row; onClose: () => void; onPrint: () => void }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { skus, store } = useWorkspace();
  const local = viewOfCommand(row.command);
  const view = useLiveQuery(async () => {
    if (local?.number || !onPaper(row)) return local;
    return paperView(store, row.id).catch(() => local);
  }, [row.id]);
  // a receipt's pictures follow it in a command of their own; a return names its own
  const pictures = useLiveQuery(async () => [...new Set((await standing(store, (c) => c.id === row.id || (c.kind === "draft" && (c.body as { content?: { documentId?: string } }).content?.documentId === row.id)))
    .flatMap((c) => c.pictures ?? (c.body as { pictures?: string[] }).pictures ?? []))], [store, row.id]);
  const name = (id: number | string) => skus.get(Number(id))?.name ?? String(id);
  return (
    <Dialog wide title={<>{kindText(t, row.kind)} {row.number ?? ""} {row.state ? <StateChip state={row.state} /> : <DocumentChip status={row.status} />}<LateChip late={row.command?.late} /></>} onClose={onClose}>
      <p className="m">{row.outletName} · {dateDense(row.businessDate)} {timeOfDay(row.at)}{row.mode && ` · ${t(`mode.${row.mode}`, { defaultValue: row.mode })}`}</p>
      {view?.lines ? (
        <div className="scroll">
          <table className="tbl">
            <thead><tr><th>{t("field.item")}</th><th className="ph">{t("field.batch")}</th><th className="n">{t("field.qty")}</th><th className="n">{t("field.rate")}</th><th className="n ph">{t("field.discount")}</th><th className="n ph">{t("field.gst")}</th><th className="n">{t("paper.amount")}</th></tr></thead>
            <tbody>
              {view.lines.map((line, i) => <tr key={i}><td>{line.skuName ?? name(line.skuId)}</td><td className="num ph">{line.batches?.map((b) => b.batchNo).join(", ") ?? line.batchNo ?? "–"}</td><td className="n">{qty(line.qty, lang)}</td><td className="n">{line.unitPrice ? rate(line.unitPrice, lang) : "–"}</td><td className="n ph">{money(sum([line.schemeDiscount ?? "0", line.manualDiscount ?? "0"], 2), lang)}</td><td className="n ph">{ratePercent(line.taxRate, lang)}</td><td className="n">{money(line.total, lang)}</td></tr>)}
              {view.freeLines?.map((line, i) => <tr key={`f${i}`}><td>{line.skuName ?? name(line.skuId)} <span className="s m">{t("bill.freeGoods")}</span></td><td className="num ph">{line.batches?.map((b) => b.batchNo).join(", ") ?? "–"}</td><td className="n">{qty(line.qty, lang)}</td><td className="n">–</td><td className="n ph">–</td><td className="n ph">{ratePercent(line.taxRate, lang)}</td><td className="n">{money(line.total, lang)}</td></tr>)}
            </tbody>
            <tfoot><tr><td>{t("bill.total")}</td><td className="ph" /><td /><td /><td className="ph" /><td className="ph" /><td className="n">{money(view.totals.payable, lang)}</td></tr></tfoot>
          </table>
        </div>
      ) : <p>{t("bill.total")}: <b className="num">{money(row.total, lang)}</b></p>}
      <EvidenceRow hashes={pictures ?? []} label={(number) => t("pictures.number", { number })} />
      <div className="end">
        {onPaper(row) && <Button keys="Alt+P" onClick={onPrint}>{t("print.print")}</Button>}
        <Button data-autofocus="" keys="Esc" onClick={onClose}>{t("action.close", { ns: "common" })}</Button>
      </div>
    </Dialog>
  );
}

/** A bill is cancelled by two people: one asks with a reason, another confirms, or keeps the bill. */
function CancelDialog({ row, decides, onClose }: { row: Row; decides: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { store, context } = useWorkspace();
  const asked = row.status === "CANCEL_ASKED";
  const [reason, setReason] = useState("");
  const send = async (kind: "cancel-invoice" | "keep-invoice", said: string) => {
    const why = reason.trim() || (kind === "cancel-invoice" ? (row.askedWhy ?? "") : "");
    if (!why || !context) return;
    await enqueue(store, { id: uuidv7(), kind, businessDate: context.businessDate, body: { id: row.id, reason: why }, summary: { kind, outletId: row.outletId, outletName: row.outletName, number: row.number, total: row.total }, ...(row.command && row.state ? { waitsFor: [row.command.id] } : {}) });
    toast(t(said, { number: row.number }));
    onClose();
  };
  return (
    <Dialog title={t("daybook.cancelTitle", { number: row.number })} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); void send("cancel-invoice", decides ? "daybook.cancelling" : "daybook.cancelAsked"); }}>
        {asked ? <p>{t("daybook.askedBecause", { by: row.askedBy, why: row.askedWhy })}</p> : <p className="m">{t(decides ? "daybook.cancelText" : "daybook.askText")}</p>}
        <TextField label={t("field.reason")} data-note="" value={reason} onChange={(e) => setReason(e.target.value)} required={!asked} />
        <div className="end">
          <Button onClick={onClose} keys="Esc">{t("action.close", { ns: "common" })}</Button>
          {asked && <Button disabled={!reason.trim()} onClick={() => void send("keep-invoice", "daybook.keeping")}>{t("daybook.keep")}</Button>}
          <Button kind="primary" type="submit" disabled={!asked && !reason.trim()}>{t(asked ? "daybook.confirmCancel" : decides ? "daybook.doCancel" : "daybook.askCancel")} <Kbd>Enter</Kbd></Button>
        </div>
      </form>
    </Dialog>
  );
}
