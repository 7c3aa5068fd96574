import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, api } from "../../api/client";
import type { InvoiceView } from "../../api/documents";
import type { Problem } from "../../api/problems";
import { uuidv7 } from "../../offline/db";
import { NoNumber, enqueue, inStates, unsettled } from "../../offline/outbox";
import { stopOf } from "../../offline/policy";
import type { Outlet, Sku } from "../../offline/types";
import { Button, Field, ProblemNote, Shape, TextField, dateDense, money, qty, rate } from "../../ui";
import { compare, isPositive, sum } from "../../ui/decimal";
import { readQuantity } from "../bill/quantity";
import { fold, search } from "../bill/search";
import type { Rules } from "../../rules";
import { Combo } from "../combo";
import { rowWords } from "../guard";
import { KeyStrip } from "../help";
import { useKeys, useScanner } from "../keys";
import { Screen } from "../list";
import { OutletField } from "../pick-outlet";
import { Pictures } from "../pictures";
import { printCommand } from "../print/print-host";
import { go } from "../router";
import { usePreferences } from "../settings/preferences";
import { toast } from "../toast";
import { useSync, useWorkspace } from "../workspace";
import { creditableOf, quoteOf, reasonsOf, type BillLine, type Creditable, type Quote, type Reason } from "./api";
import { isNote, keptBill, leftOf, noteOf, noteRules, type KeptBill, type NotHere } from "./credit";
import { buckets } from "./inspect";

interface Bill { id: string; number: string; businessDate: string; total: string | null }
interface Line { key: string; line?: number; part?: number; skuId: number; name: string; left: string | null; sold: string | null; unitPrice: string | null; free: boolean; entered: string; qty: string; condition: string }

const NONE = new Set<unknown>();

function lineOf(line: BillLine): Line {
  return { key: `${line.line}.${line.part}`, line: line.line, part: line.part, skuId: line.skuId, name: line.skuName, left: line.left, sold: line.sold, unitPrice: line.unitPrice, free: line.free, entered: "", qty: "", condition: "" };
}

/** While the server thinks about a bill that this device has as well: longer than this nobody waits. */
const PATIENCE = 2_500;

/** A kept bill in the shape of the server's answer; free goods are the server's to take back. */
function creditableOfKept(bill: KeptBill): Creditable {
  const { view } = bill;
  const lines: BillLine[] = view.lines.filter((l) => !l.free && l.line).map((l) => ({
    line: l.line!, part: l.part ?? 1, free: false, schemeId: null, skuId: Number(l.skuId), skuCode: l.skuCode ?? "", skuName: l.skuName ?? "", skuNameLocal: l.skuNameLocal ?? null, unit: l.unit ?? "", mrp: l.mrp ?? null,
    batches: [], sold: l.qty, held: "0", credited: "0", unitPrice: "0", taxRate: l.taxRate ?? "0", left: leftOf(bill, l),
  }));
  return { invoice: { id: view.id, number: view.number!, businessDate: view.businessDate, principalId: view.principalId, warehouseId: view.warehouseId ?? "", outlet: { id: view.outlet.id, name: view.outlet.name } }, cancelled: bill.cancelled, delivered: true, lines };
}

/** The rules of a note, opened when the first one is written without the server. */
function useNoteRules(wanted: boolean): Rules | undefined {
  const { store, rules } = useWorkspace();
  const [opened, setOpened] = useState<Rules>();
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    let mine: Rules | undefined;
    void noteRules(store).then((made) => {
      mine = made;
      if (gone) made?.close();
      else setOpened(made);
    }, () => undefined);
    return () => {
      gone = true;
      mine?.close();
      setOpened(undefined);
    };
  }, [store, wanted, rules?.hash]);
  return opened;
}

/** A return by keys and scanner: outlet, bill, reason, quantities, condition, picture. It may wait in the queue. */
export function NewReturn({ invoiceId }: { invoiceId?: string | undefined }) {
  const { t, i18n } = useTranslation(["returns", "counter"]);
  const lang = i18n.language;
  const { me, store, context, outlets, skus, skuEntries, rules, distributorId, guard } = useWorkspace();
  const reached = useSync().reach?.state === "reached";
  const prefs = usePreferences();
  const [id] = useState(uuidv7);
  const [outlet, setOutlet] = useState<Outlet>();
  const [bill, setBill] = useState<Creditable>();
  const [noBill, setNoBill] = useState(false);
  // the bill as it is kept here, where the server did not answer for it
  const [here, setHere] = useState<KeptBill>();
  // own requests decide whether the server is there, not what was last heard of it
  const [away, setAway] = useState(false);
  const [reasons, setReasons] = useState<Reason[]>([]);
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [lines, setLines] = useState<Line[]>([]);
  const [pictures, setPictures] = useState<string[]>([]);
  const [quote, setQuote] = useState<Quote>();
  const [problem, setProblem] = useState<Problem>();
  const [tried, setTried] = useState(false);
  const [found, setFound] = useState<Bill[]>([]);
  // bills of these days, and those that are kept with their lines
  const local = useLiveQuery(async (): Promise<Bill[]> => {
    if (!outlet) return [];
    const documents = await store.document.of("outletId", outlet.id);
    const cancelled = new Set(documents.filter((d) => d.status === "CANCELLED").map((d) => d.id));
    const own = (await inStates(store, unsettled)).filter((c) => c.kind === "invoice" && c.number && c.view && c.summary.outletId === outlet.id).map((c) => c.view);
    const kept = [...own, ...(await store.paper.where("outletId").equals(outlet.id).toArray()).map((p) => p.view)].map((view) => view as InvoiceView & { kind?: string });
    return [
      ...kept.filter((v) => v.number && (v.kind ?? "INVOICE") === "INVOICE" && !cancelled.has(v.id)).map((v) => ({ id: v.id, number: v.number!, businessDate: v.businessDate, total: v.totals.payable })),
      ...documents.filter((d) => d.type === "INVOICE" && d.number && d.status !== "CANCELLED").map((d) => ({ id: d.id, number: d.number!, businessDate: d.businessDate, total: d.total })),
    ];
  }, [store, outlet?.id]);
  const chosen = reasons.find((r) => r.code === reason);
  const warehouseId = context?.warehouses.find((w) => w.id === prefs.warehouseId)?.id ?? context?.warehouses[0]?.id;

  useEffect(() => {
    reasonsOf(store).then((all) => {
      setReasons(all);
      setReason((before) => before || all[0]?.code || "");
    }, (error: unknown) => setProblem(error instanceof ApiError ? error.problem : { code: "FAULT" }));
  }, [store]);

  const openBill = async (billId: string) => {
    const kept = await keptBill(store, billId);
    try {
      const asked = creditableOf(store, billId);
      const of = kept ? await Promise.race([asked, new Promise<never>((_, late) => setTimeout(() => late(new ApiError(0, { code: "NOT_REACHED" })), PATIENCE))]) : await asked;
      setBill(of);
      setHere(kept);
      setNoBill(false);
      setOutlet(outlets.get(of.invoice.outlet.id));
      setLines(of.lines.map(lineOf));
      setProblem(undefined);
      setTimeout(() => document.querySelector<HTMLInputElement>(".returning input.qty")?.focus());
    } catch (error) {
      if (!kept || !(error instanceof ApiError && error.unanswered)) return setProblem(error instanceof ApiError ? error.problem : { code: "FAULT" });
      // without network: the bill as this device has it; what of it came back before is checked when it is sent
      setAway(true);
      const of = creditableOfKept(kept);
      setBill(of);
      setHere(kept);
      setNoBill(false);
      setProblem(undefined);
      setOutlet(outlets.get(of.invoice.outlet.id));
      setLines(of.lines.map((l) => ({ ...lineOf(l), unitPrice: null })));
      setTimeout(() => document.querySelector<HTMLInputElement>(".returning input.qty")?.focus());
    }
  };
  const asked = useRef(false);
  useEffect(() => {
    if (!invoiceId || asked.current || outlets.size === 0) return;
    asked.current = true;
    void openBill(invoiceId);
  });

  // the outlet's bills: the server's if it answers, beside those that this device knows
  useEffect(() => {
    if (!outlet) return setFound([]);
    let gone = false;
    api<{ items: { id: string; number: string; businessDate: string; payable: string; status: string }[] }>("/api/v1/invoices", { query: { distributorId, outletId: outlet.id, kind: "INVOICE", limit: 100 } })
      .then((page) => !gone && setFound(page.items.filter((i) => i.status !== "CANCELLED").map((i) => ({ id: i.id, number: i.number, businessDate: i.businessDate, total: i.payable }))), () => undefined);
    return () => {
      gone = true;
    };
  }, [outlet, distributorId]);
  const bills = useMemo(() => {
    const all = new Map<string, Bill>((local ?? []).map((d) => [d.id, d]));
    for (const one of found) all.set(one.id, one);
    return [...all.values()].sort((a, b) => b.businessDate.localeCompare(a.businessDate) || b.number.localeCompare(a.number));
  }, [local, found]);

  const set = (key: string, change: Partial<Line>) => setLines((all) => all.map((l) => (l.key === key ? { ...l, ...change } : l)));
  const type = (line: Line, text: string) => {
    const read = text.trim() ? readQuantity(rules, skus.get(line.skuId), text) : { qty: "" };
    set(line.key, { entered: text, qty: "qty" in read ? read.qty : "?" });
  };
  const faultOf = (line: Line): string | undefined =>
    line.qty === "?" ? "returns.badQty" : line.qty && line.left !== null && compare(line.qty, line.left) > 0 || line.qty && line.sold !== null && line.qty !== "?" && compare(line.qty, line.sold) > 0 ? "returns.tooMuch" : undefined;
  const coming = lines.filter((l) => l.qty && l.qty !== "?" && isPositive(l.qty));
  const faults = lines.filter((l) => faultOf(l) !== undefined);
  const principalId = bill?.invoice.principalId ?? (coming[0] ? skus.get(coming[0].skuId)?.principalId : undefined) ?? context?.principals[0]?.id;

  const body = useMemo(() => (outlet && context && warehouseId && principalId && reason && coming.length > 0 && faults.length === 0 ? {
    id, distributorId, principalId, outletId: outlet.id, warehouseId, businessDate: context.businessDate, originalId: bill?.invoice.id ?? null, reason, ...(note.trim() ? { note: note.trim() } : {}),
    lines: coming.map((l, i) => ({ line: i + 1, ...(l.line ? { originalLine: l.line, originalPart: l.part } : {}), skuId: l.skuId, qty: l.qty, ...(l.condition ? { condition: l.condition } : {}) })),
    pictures,
  } : undefined), [outlet, context, warehouseId, principalId, reason, note, lines, pictures, bill, id, distributorId]); // eslint-disable-line react-hooks/exhaustive-deps
  useEffect(() => {
    if (!body) return setQuote(undefined);
    const stop = new AbortController();
    const timer = setTimeout(() => quoteOf(body, stop.signal).then((q) => {
      setQuote(q);
      setAway(false);
      setProblem(undefined);
    }, (error: unknown) => {
      if (stop.signal.aborted) return;
      setQuote(undefined);
      const answered = error instanceof ApiError && !error.unanswered;
      setAway(!answered);
      if (answered) setProblem(error.problem);
    }), 250);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [body]);

  // without the server who may post a credit note may write one against a kept bill, under a number of this device's own
  const mayCredit = here !== undefined && (away || !reached) && me.roles.includes("BC");
  const bookRules = useNoteRules(mayCredit);
  const chosenUnits = coming.filter((l) => l.line !== undefined);
  const made = useMemo(() => {
    if (!mayCredit || !here || !context || !bookRules || !chosen || chosenUnits.length === 0 || chosenUnits.length < coming.length || faults.length > 0) return undefined;
    return noteOf(here, chosenUnits.map((l) => ({ line: l.line!, part: l.part ?? 1, qty: l.qty, condition: l.condition || chosen.bucket })), {
      id, context, distributorId, rules: bookRules, reason: { code: chosen.code, title: lang === "hi" && chosen.titleHi ? chosen.titleHi : chosen.title }, note, reached: false, at: new Date(store.clock?.now() ?? Date.now()).toISOString(),
    });
  }, [mayCredit, here, context, bookRules, chosen, lines, note, id, distributorId, lang]); // eslint-disable-line react-hooks/exhaustive-deps
  const [notHere, setNotHere] = useState<string>();
  const writing = useRef(false);
  const creditNow = async () => {
    setTried(true);
    setNotHere(undefined);
    if (!made || !here || !outlet || writing.current) return;
    if (!isNote(made)) return setNotHere(whyNotHere(made, t));
    const stop = stopOf(guard, "credit-note");
    if (stop) return setNotHere(rowWords(stop, t, lang).text);
    writing.current = true;
    try {
      const summary = { kind: "credit-note" as const, outletId: outlet.id, outletName: outlet.name, total: made.payable, lines: chosenUnits.length };
      await enqueue(store, {
        id, kind: "credit-note", businessDate: made.view.businessDate, body: made.body, view: made.view, summary, effects: made.effects, decided: made.decided, waitsFor: here.waitsFor,
        take: { documentType: "CREDIT_NOTE", write: (text, number) => ({ view: { ...made.view, number: text, series: number.series }, summary: { ...summary, number: text } }) },
      });
    } catch (error) {
      if (error instanceof NoNumber) return setNotHere(t(`stop.${error.why}`, { ns: "counter", series: error.lease?.series ?? "", date: dateDense(error.lease?.lastDate) }));
      throw error;
    } finally {
      writing.current = false;
    }
    printCommand(store, id, 0);
    toast(t("returns.credited", { number: (await store.command.get(id))?.summary.number ?? "" }));
    go("daybook");
  };

  const send = async () => {
    setTried(true);
    if (!body || !outlet || !context) return;
    await enqueue(store, {
      id, kind: "return-request", businessDate: context.businessDate, body,
      summary: { kind: "return-request", outletId: outlet.id, outletName: outlet.name, number: bill?.invoice.number ?? null, total: quote?.value ?? null, lines: coming.length },
    });
    toast(t("returns.asked", { outlet: outlet.name }));
    go("returns", id);
  };
  useScanner((text) => {
    const sku = [...skus.values()].find((s) => s.gtins.includes(text) || s.code === text);
    const line = sku && lines.find((l) => l.skuId === sku.id && !l.free && (l.left === null || compare(sum([l.qty === "?" ? "0" : l.qty || "0", "1"]), l.left) <= 0));
    if (line) {
      const more = sum([line.qty === "?" ? "0" : line.qty || "0", "1"]);
      set(line.key, { entered: more, qty: more });
    } else if (sku && (noBill || !bill)) add(sku, "1");
    else toast(t("returns.notOnBill", { code: text }), undefined, true);
  });
  const add = (sku: Sku, entered: string) => {
    setNoBill(true);
    setLines((all) => [...all, { key: uuidv7(), skuId: sku.id, name: sku.name, left: null, sold: null, unitPrice: null, free: false, entered, qty: entered, condition: "" }]);
  };
  useKeys({
    "Ctrl+Enter": () => void send(),
    ...(mayCredit ? { "Alt+C": () => void creditNow() } : {}),
    "Alt+K": () => document.querySelector<HTMLInputElement>(".returning .pictures input[type=file]")?.click(),
    "Escape": () => go("returns"),
    "Enter": (e) => {
      const fields = [...document.querySelectorAll<HTMLElement>(".returning input:not([type=file]), .returning select")];
      const at = fields.indexOf(e.target as HTMLElement);
      if (at < 0) return false;
      fields[at + 1]?.focus();
      if (fields[at + 1] instanceof HTMLInputElement) (fields[at + 1] as HTMLInputElement).select();
    },
  });
  return (
    <Screen
      title={t("returns.new")} note={t("returns.newNote")}
      actions={<><Button keys="Esc" onClick={() => go("returns")}>{t("action.back", { ns: "common" })}</Button>{mayCredit && <Button keys="Alt+C" onClick={() => void creditNow()}>{t("returns.creditHere")}</Button>}<Button kind="primary" keys="Ctrl+Enter" onClick={() => void send()}>{t("returns.ask")}</Button></>}
      foot={<KeyStrip keys={[["Enter", "next"], ["2c6", "casesAnd"], ["Alt+K", "picture"], ["Ctrl+Enter", "post"], ["F1", "help"]]}>{quote && <b className="num">{t("returns.expected")} {money(quote.value, lang)}</b>}</KeyStrip>}
    >
      <div className="returning">
        <div className="form">
          <OutletField value={outlet} autoFocus={!outlet && !invoiceId} onChoose={(o) => { setOutlet(o); setBill(undefined); setNoBill(false); setLines([]); }} />
          <div className="field">
            <span className="label">{t("returns.bill")}</span>
            <Combo<Bill> key={`${outlet?.id ?? "none"}-${bill?.invoice.id ?? ""}-${noBill}`} label={t("returns.bill")} placeholder={t("returns.billHint")} value={bill ? `${bill.invoice.number} · ${dateDense(bill.invoice.businessDate)}` : noBill ? t("returns.noBill") : ""}
              autoFocus={!!outlet && !bill && !noBill}
              options={(text) => bills.filter((b) => fold(`${b.number} ${b.businessDate} ${b.total ?? ""}`).includes(fold(text.trim()))).slice(0, 30)} idOf={(b) => b.id}
              render={(b) => <><span className="grow cut"><b className="num">{b.number}</b> <span className="s m num">{dateDense(b.businessDate)}</span></span><span className="n s">{b.total ? money(b.total, lang) : ""}</span></>}
              onAccept={(b) => b && void openBill(b.id)} onEmptyEnter={() => { if (outlet) { setBill(undefined); setNoBill(true); setLines([]); } }} none={t("returns.noSuchBill")} />
          </div>
          <Field label={t("field.reason")}>{(ids) => <select className="input" {...ids} value={reason} onChange={(e) => setReason(e.target.value)}>{reasons.map((r) => <option key={r.code} value={r.code}>{lang === "hi" && r.titleHi ? r.titleHi : r.title}</option>)}</select>}</Field>
          <TextField label={t("field.note")} data-note="" value={note} maxLength={500} onChange={(e) => setNote(e.target.value)} />
        </div>
        {problem && <div style={{ margin: "0 16px 8px" }}><ProblemNote problem={problem} /></div>}
        {notHere && <div className="note act" role="alert" style={{ margin: "0 16px 8px" }}><Shape tone="act" /><div><div>{notHere}</div><div className="s">{t("returns.notHere.way")}</div></div></div>}
        {tried && !body && <div className="note act" role="alert" style={{ margin: "0 16px 8px" }}><Shape tone="act" />{t(!outlet ? "bill.needOutlet" : coming.length === 0 ? "returns.needQty" : "returns.needRight")}</div>}
        {chosen?.picture && pictures.length === 0 && <p className="s m" style={{ margin: "0 16px 8px" }}><Shape tone="watch" /> {t("returns.pictureWanted")}</p>}
        <div className="two-col" style={{ gridTemplateColumns: "minmax(0, 1fr) 320px" }}>
          <div className="scroll">
            <table className="tbl entry">
              <thead><tr><th className="n">#</th><th>{t("field.item")}</th><th className="n ph">{t("returns.sold")}</th><th className="n">{t("returns.left")}</th><th className="n ph">{t("field.rate")}</th><th className="n">{t("returns.back")}</th><th>{t("returns.condition")}</th></tr></thead>
              <tbody>
                {lines.map((l, i) => {
                  const fault = faultOf(l);
                  return (
                    <tr key={l.key} className={l.left !== null && !isPositive(l.left) ? "quiet" : ""}>
                      <td className="n m">{i + 1}</td>
                      <td><span className="cut">{skus.get(l.skuId)?.name ?? l.name}</span>{l.free && <span className="s m"> · {t("field.free")}</span>}</td>
                      <td className="n ph">{l.sold === null ? "–" : qty(l.sold, lang)}</td><td className="n">{l.left === null ? "–" : qty(l.left, lang)}</td><td className="n ph">{l.unitPrice && isPositive(l.unitPrice) ? rate(l.unitPrice, lang) : "–"}</td>
                      <td className="n">
                        <input className="input n qty" style={{ width: 84 }} autoComplete="off" inputMode="decimal" aria-label={t("returns.qtyOf", { line: i + 1 })} aria-invalid={fault ? true : undefined} title={fault ? t(fault) : undefined} value={l.entered}
                          disabled={l.left !== null && !isPositive(l.left)} onFocus={(e) => e.target.select()} onChange={(e) => type(l, e.target.value)} />
                        {fault && <div className="bad s"><Shape tone="act" /> {t(fault)}</div>}
                      </td>
                      <td><select className="input" aria-label={t("returns.conditionOf", { line: i + 1 })} value={l.condition || chosen?.bucket || "SALEABLE"} onChange={(e) => set(l.key, { condition: e.target.value })}>{buckets.filter((b) => b !== "BACK").map((b) => <option key={b} value={b}>{t(`returns.bucket.${b}`)}</option>)}</select></td>
                    </tr>
                  );
                })}
                {outlet && !bill && noBill && (
                  <tr>
                    <td className="n m">{lines.length + 1}</td>
                    <td colSpan={6}>
                      <Combo<Sku> key={`item-${lines.length}`} className="cell" autoFocus={lines.length === 0} label={t("bill.itemOfLine", { line: lines.length + 1 })} placeholder={t("bill.itemHint")}
                        options={(text) => search(skuEntries, text, NONE, (s) => s.id)} idOf={(s) => s.id} render={(s) => <span className="grow cut"><b>{s.name}</b> <span className="s m">{s.code}</span></span>}
                        onAccept={(s) => { if (s) { add(s, ""); setTimeout(() => [...document.querySelectorAll<HTMLInputElement>(".returning input.qty")].at(-1)?.focus()); } }} none={t("bill.noSuchItem")} />
                    </td>
                  </tr>
                )}
              </tbody>
            </table>
          </div>
          <aside className="side" aria-label={t("returns.worth")}>
            <h2>{t("returns.worth")}</h2>
            {quote ? (
              <>
                <dl className="pairs">
                  {quote.credit && <><div><dt>{t("returns.taxable")}</dt><dd className="num">{money(quote.credit.taxable, lang)}</dd></div><div><dt>{t("returns.tax")}</dt><dd className="num">{money(quote.credit.tax, lang)}</dd></div></>}
                  <div><dt>{t("returns.expected")}</dt><dd className="num b">{money(quote.value, lang)}</dd></div>
                </dl>
                {quote.credit && <p className="s m">{t(`returns.kind.${quote.credit.kind}`)}{quote.credit.lastDay ? ` · ${t("returns.until", { date: dateDense(quote.credit.lastDay) })}` : ""}</p>}
                {quote.credit && quote.credit.benefits.length > 0 && <><h3>{t("returns.takenBack")}</h3><dl className="pairs">{quote.credit.benefits.map((b) => <div key={`${b.schemeId}-${b.version}`}><dt>{b.code}</dt><dd className="num">{money(b.discount, lang)}</dd></div>)}</dl></>}
                {quote.credit && quote.credit.charged.map((c) => <p key={c.skuId} className="s"><Shape tone="watch" /> {t("returns.charged", { qty: qty(c.qty, lang), item: skus.get(c.skuId)?.name ?? c.skuId, amount: money(c.total, lang) })}</p>)}
                {quote.flags.map((flag) => <p key={flag} className="s"><Shape tone="watch" /> {t(`returns.flag.${flag}`, { defaultValue: flag })}</p>)}
                <p className="s m">{t("returns.approvedBy", { roles: quote.approvers.map((role) => t(`returns.role.${role}`, { defaultValue: role })).join(", ") })}</p>
              </>
            ) : made && isNote(made) ? (
              <>
                <dl className="pairs">
                  <div><dt>{t("returns.taxable")}</dt><dd className="num">{money(made.view.totals.taxable, lang)}</dd></div>
                  <div><dt>{t("returns.tax")}</dt><dd className="num">{money(sum([made.view.totals.cgst, made.view.totals.sgst, made.view.totals.igst, made.view.totals.cess, made.view.totals.vat ?? "0"], 2), lang)}</dd></div>
                  <div><dt>{t("returns.expected")}</dt><dd className="num b">{money(made.payable, lang)}</dd></div>
                </dl>
                <p className="s m">{t("returns.creditHereHint")}</p>
              </>
            ) : made ? <p className="s"><Shape tone="watch" /> {whyNotHere(made, t)} {t("returns.notHere.way")}</p> : <p className="s m">{t(body ? "returns.quoteAway" : "returns.quoteHint")}</p>}
            <h3>{t("returns.pictures")}</h3>
            <Pictures documentId={id} kind="RETURN" hashes={pictures} onChange={setPictures} label={t("returns.pictures")} />
          </aside>
        </div>
      </div>
    </Screen>
  );
}

/** Why no credit note can be written here, with its rule and the line. */
function whyNotHere(no: NotHere, t: (key: string, values?: Record<string, unknown>) => string): string {
  return `${no.line ? `${t("bill.lineNo", { ns: "counter", line: no.line })} ` : ""}${t(`returns.notHere.${no.why}`, no.values)} (${no.rule})`;
}
