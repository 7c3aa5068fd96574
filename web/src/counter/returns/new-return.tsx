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
import { useKept, whenText } from "../kept";
import { REASONS, askCreditable, askReasons, quoteOf, type Creditable, type Quote, type Reason } from "./api";
import { isNote, noteOf, noteRules, type KeptBill, type NotHere } from "./credit";
import { buckets } from "./inspect";
import { faultOf, knownOf, lineOf, refreshed, saidOf, type Line } from "./known";

interface Bill { id: string; number: string; businessDate: string; total: string | null }
const NONE = new Set<unknown>();

/** The rules of a note, opened behind the first bill that is kept here: what it is worth is worked out with them. */
function useNoteRules(wanted: boolean): Rules | undefined {
  const { store, rules } = useWorkspace();
  const [opened, setOpened] = useState<Rules>();
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    let mine: Rules | undefined;
    // after the rows are there and the hands are on them
    const timer = setTimeout(() => void noteRules(store).then((made) => {
      mine = made;
      if (gone) made?.close();
      else setOpened(made);
    }, () => undefined), 150);
    return () => {
      gone = true;
      clearTimeout(timer);
      mine?.close();
      setOpened(undefined);
    };
  }, [store, wanted, rules?.hash]);
  return opened;
}

/** How a bill is known: from this device since a time (ms; 0 where only the bill itself is here), from the server, or asked for because it is not here. */
type Source = { from: "here" | "server"; at: number } | { from: "asking" } | { from: "nowhere" };

/**
 * A return by keys and scanner: outlet, bill, reason, quantities, condition, picture. What may come back is shown at once as this device knows it; the server's
 * word comes in behind and never takes a key or a place from the clerk. It may wait in the queue.
 */
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
  // the bill as it is kept here
  const [here, setHere] = useState<KeptBill>();
  const [source, setSource] = useState<Source>();
  // own requests decide whether the server is there, not what was last heard of it
  const [away, setAway] = useState(false);
  const known = useKept<Reason[]>(store, REASONS, askReasons);
  const reasons = useMemo(() => known.value ?? [], [known.value]);
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [lines, setLines] = useState<Line[]>([]);
  const [pictures, setPictures] = useState<string[]>([]);
  const [quoted, setQuoted] = useState<{ of: object; quote: Quote | undefined; problem: Problem | undefined }>();
  const [problem, setProblem] = useState<Problem>();
  const [tried, setTried] = useState(false);
  const [found, setFound] = useState<Bill[]>([]);
  const [searched, setSearched] = useState("");
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
    setReason((before) => before || reasons[0]?.code || "");
    if (reasons.length === 0 && known.failed) setProblem(known.failed.problem);
  }, [reasons, known.failed]);

  // which bill is on the screen: an answer about another one comes too late
  const current = useRef<string>(undefined);
  // whose rows the clerk may be typing in: they are never begun anew
  const typedIn = useRef<string>(undefined);
  const show = (of: Creditable, kept: KeptBill | undefined) => {
    typedIn.current = of.invoice.id;
    setBill(of);
    setHere(kept);
    setNoBill(false);
    setOutlet(outlets.get(of.invoice.outlet.id));
    setLines(of.lines.map(lineOf));
    setProblem(undefined);
    setTimeout(() => document.querySelector<HTMLInputElement>(".returning input.qty:not(:disabled)")?.focus());
  };
  const leave = (without: boolean) => {
    current.current = undefined;
    typedIn.current = undefined;
    setBill(undefined);
    setHere(undefined);
    setSource(undefined);
    setNoBill(without);
    setLines([]);
  };
  const openBill = async (billId: string) => {
    current.current = billId;
    typedIn.current = undefined;
    setProblem(undefined);
    const known = await knownOf(store, billId);
    if (current.current !== billId) return;
    if (known) {
      setSource({ from: "here", at: known.at });
      show(known.creditable, known.bill);
    } else {
      setSource({ from: "asking" });
    }
    await askBehind(billId, known?.bill !== undefined && !known.bill.posted);
  };
  /** The server's word on the bill of the screen. `queued`: it is still on its way there, so that it is not known there. */
  const askBehind = async (billId: string, queued: boolean) => {
    const shown = () => typedIn.current === billId;
    try {
      await askCreditable(store, billId);
    } catch (error) {
      if (current.current !== billId) return;
      if (error instanceof ApiError && error.unanswered) {
        setAway(true);
        if (!shown()) setSource({ from: "nowhere" });
        return;
      }
      if (queued) return;
      if (!shown()) setSource(undefined);
      return setProblem(error instanceof ApiError ? error.problem : { code: "FAULT" });
    }
    const said = await saidOf(store, billId);
    if (current.current !== billId || !said) return;
    setAway(false);
    setSource({ from: "server", at: said.at });
    if (!shown()) return show(said.creditable, undefined);
    setBill((before) => ({ ...said.creditable, cancelled: said.creditable.cancelled || (before?.cancelled ?? false) }));
    setLines((all) => refreshed(all, said.creditable.lines));
  };
  // what could not be asked is asked when the server is there again
  const again = useRef<(() => void) | undefined>(undefined);
  again.current = source?.from === "nowhere" || source?.from === "here" ? () => current.current && void askBehind(current.current, here !== undefined && !here.posted) : undefined;
  useEffect(() => {
    if (reached) again.current?.();
  }, [reached]);
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
  // an older bill is found by what is typed, where the server is reached
  useEffect(() => {
    const text = searched.trim();
    if (!outlet || text.length < 3) return;
    const stop = new AbortController();
    const timer = setTimeout(() => api<{ items: { id: string; number: string; businessDate: string; payable: string; status: string }[] }>("/api/v1/invoices", { query: { distributorId, outletId: outlet.id, kind: "INVOICE", q: text, limit: 20 }, signal: stop.signal })
      .then((page) => setFound((before) => [...before, ...page.items.filter((i) => i.status !== "CANCELLED" && !before.some((b) => b.id === i.id)).map((i) => ({ id: i.id, number: i.number, businessDate: i.businessDate, total: i.payable }))]), () => undefined), 300);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [outlet, distributorId, searched]);
  const bills = useMemo(() => {
    const all = new Map<string, Bill>((local ?? []).map((d) => [d.id, d]));
    const newest = (a: Bill, b: Bill) => b.businessDate.localeCompare(a.businessDate) || b.number.localeCompare(a.number);
    // what the server adds goes to the end: what is under the cursor stays there
    return [...[...all.values()].sort(newest), ...found.filter((one) => !all.has(one.id))];
  }, [local, found]);

  const set = (key: string, change: Partial<Line>) => setLines((all) => all.map((l) => (l.key === key ? { ...l, ...change } : l)));
  const type = (line: Line, text: string) => {
    const read = text.trim() ? readQuantity(rules, skus.get(line.skuId), text) : { qty: "" };
    set(line.key, { entered: text, qty: "qty" in read ? read.qty : "?" });
  };
  const coming = lines.filter((l) => l.qty && l.qty !== "?" && isPositive(l.qty));
  const faults = lines.filter((l) => faultOf(l) !== undefined);
  const lowered = lines.flatMap((l, i) => (l.was === undefined ? [] : [i + 1]));
  const principalId = bill?.invoice.principalId ?? (coming[0] ? skus.get(coming[0].skuId)?.principalId : undefined) ?? context?.principals[0]?.id;

  const body = useMemo(() => (outlet && context && warehouseId && principalId && reason && coming.length > 0 && faults.length === 0 ? {
    id, distributorId, principalId, outletId: outlet.id, warehouseId, businessDate: context.businessDate, originalId: bill?.invoice.id ?? null, reason, ...(note.trim() ? { note: note.trim() } : {}),
    lines: coming.map((l, i) => ({ line: i + 1, ...(l.line ? { originalLine: l.line, originalPart: l.part } : {}), skuId: l.skuId, qty: l.qty, ...(l.condition ? { condition: l.condition } : {}) })),
    pictures,
  } : undefined), [outlet, context, warehouseId, principalId, reason, note, lines, pictures, bill, id, distributorId]); // eslint-disable-line react-hooks/exhaustive-deps
  useEffect(() => {
    if (!body) return setQuoted(undefined);
    const stop = new AbortController();
    const timer = setTimeout(() => quoteOf(body, stop.signal).then((q) => {
      setQuoted({ of: body, quote: q, problem: undefined });
      setAway(false);
    }, (error: unknown) => {
      if (stop.signal.aborted) return;
      const answered = error instanceof ApiError && !error.unanswered;
      setAway(!answered);
      setQuoted({ of: body, quote: undefined, problem: answered ? error.problem : undefined });
    }), 250);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [body]);
  // the server's word on just what stands there; until it comes, the device's own
  const quote = quoted && quoted.of === body ? quoted.quote : undefined;
  const against = quoted && quoted.of === body ? quoted.problem : undefined;

  // without the server who may post a credit note may write one against a kept bill, under a number of this device's own
  const mayCredit = here !== undefined && (away || !reached) && me.roles.includes("BC");
  const bookRules = useNoteRules(here !== undefined);
  const chosenUnits = coming.filter((l) => l.line !== undefined);
  const [made, estimate] = useMemo(() => {
    if (!here || !context || !bookRules || !chosen || chosenUnits.length === 0 || chosenUnits.length < coming.length || faults.length > 0) return [undefined, undefined];
    const work = (worth: boolean) => noteOf(here, chosenUnits.map((l) => ({ line: l.line!, part: l.part ?? 1, qty: l.qty, condition: l.condition || chosen.bucket })), {
      id, context, distributorId, rules: bookRules, reason: { code: chosen.code, title: lang === "hi" && chosen.titleHi ? chosen.titleHi : chosen.title }, note, reached: false, at: new Date(store.clock?.now() ?? Date.now()).toISOString(), quote: worth,
    });
    const own = mayCredit ? work(false) : undefined;
    return [own, own && isNote(own) ? own : work(true)];
  }, [mayCredit, here, context, bookRules, chosen, lines, note, id, distributorId, lang]); // eslint-disable-line react-hooks/exhaustive-deps
  const worth = quote?.value ?? (estimate && isNote(estimate) ? estimate.payable : undefined);
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
      summary: { kind: "return-request", outletId: outlet.id, outletName: outlet.name, number: bill?.invoice.number ?? null, total: worth ?? null, lines: coming.length },
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
      foot={<KeyStrip keys={[["Enter", "next"], ["2c6", "casesAnd"], ["Alt+K", "picture"], ["Ctrl+Enter", "post"], ["F1", "help"]]}>{worth && <b className="num">{t("returns.expected")} {money(worth, lang)}</b>}</KeyStrip>}
    >
      <div className="returning">
        <div className="form">
          <OutletField value={outlet} autoFocus={!outlet && !invoiceId} onChoose={(o) => { setOutlet(o); leave(false); }} />
          <div className="field">
            <span className="label">{t("returns.bill")}</span>
            <Combo<Bill> key={`${outlet?.id ?? "none"}-${bill?.invoice.id ?? ""}-${noBill}`} label={t("returns.bill")} placeholder={t("returns.billHint")} value={bill ? `${bill.invoice.number} · ${dateDense(bill.invoice.businessDate)}` : noBill ? t("returns.noBill") : ""}
              autoFocus={!!outlet && !bill && !noBill}
              options={(text) => bills.filter((b) => fold(`${b.number} ${b.businessDate} ${b.total ?? ""}`).includes(fold(text.trim()))).slice(0, 30)} idOf={(b) => b.id}
              render={(b) => <><span className="grow cut"><b className="num">{b.number}</b> <span className="s m num">{dateDense(b.businessDate)}</span></span><span className="n s">{b.total ? money(b.total, lang) : ""}</span></>}
              onAccept={(b) => b && void openBill(b.id)} onEmptyEnter={() => { if (outlet) leave(true); }} onText={setSearched} none={t(away || !reached ? "returns.noSuchBillAway" : "returns.noSuchBill")} />
          </div>
          <Field label={t("field.reason")}>{(ids) => <select className="input" {...ids} value={reason} onChange={(e) => setReason(e.target.value)}>{reasons.map((r) => <option key={r.code} value={r.code}>{lang === "hi" && r.titleHi ? r.titleHi : r.title}</option>)}</select>}</Field>
          <TextField label={t("field.note")} data-note="" value={note} maxLength={500} onChange={(e) => setNote(e.target.value)} />
        </div>
        {problem && <div style={{ margin: "0 16px 8px" }}><ProblemNote problem={problem} /></div>}
        {notHere && <div className="note act" role="alert" style={{ margin: "0 16px 8px" }}><Shape tone="act" /><div><div>{notHere}</div><div className="s">{t("returns.notHere.way")}</div></div></div>}
        {(source?.from === "asking" || source?.from === "nowhere") && <div className={`note ${source.from === "asking" ? "info" : "watch"}`} role="status" style={{ margin: "0 16px 8px" }}><Shape tone={source.from === "asking" ? "info" : "watch"} /><div><div>{t(source.from === "asking" ? "returns.askingBill" : "returns.billNotHere")}</div>{source.from === "nowhere" && <div className="s">{t("returns.billNotHereWay")}</div>}</div></div>}
        {tried && !body && <div className="note act" role="alert" style={{ margin: "0 16px 8px" }}><Shape tone="act" />{t(!outlet ? "bill.needOutlet" : coming.length === 0 ? "returns.needQty" : "returns.needRight")}</div>}
        {chosen?.picture && pictures.length === 0 && <p className="s m" style={{ margin: "0 16px 8px" }}><Shape tone="watch" /> {t("returns.pictureWanted")}</p>}
        <div className="two-col back">
          <div className="scroll">
            <table className="tbl entry">
              <thead><tr><th className="n">#</th><th>{t("field.item")}</th><th className="n ph r-sold">{t("returns.sold")}</th><th className="n r-left">{t("returns.left")}</th><th className="n ph r-rate">{t("field.rate")}</th><th className="n r-back">{t("returns.back")}</th><th className="r-state">{t("returns.condition")}</th></tr></thead>
              <tbody>
                {lines.map((l, i) => {
                  const fault = faultOf(l);
                  const said = fault && t(fault.text, "left" in fault ? { left: qty(fault.left, lang) } : {});
                  return (
                    <tr key={l.key} className={l.left !== null && !isPositive(l.left) ? "quiet" : ""}>
                      <td className="n m">{i + 1}</td>
                      <td><span className="told"><span className="cut">{skus.get(l.skuId)?.name ?? l.name}{l.free && <span className="s m"> · {t("field.free")}</span>}</span>{said && <span className="bad s" id={`fault-${l.key}`}><Shape tone="act" /> {said}</span>}</span></td>
                      <td className="n ph">{l.sold === null ? "–" : qty(l.sold, lang)}</td><td className={`n ${said ? "faulty" : ""}`} data-head={said ?? t("returns.left")}>{l.left === null ? "–" : <>{l.was !== undefined && <><del className="m" title={t("returns.wasShown")}>{qty(l.was, lang)}</del> </>}<span className={l.was === undefined ? "" : "watching b"}>{qty(l.left, lang)}</span></>}</td><td className="n ph">{l.unitPrice && isPositive(l.unitPrice) ? rate(l.unitPrice, lang) : "–"}</td>
                      <td className="n">
                        <input className="input n qty" autoComplete="off" inputMode="decimal" aria-label={t("returns.qtyOf", { line: i + 1 })} aria-invalid={fault ? true : undefined} aria-describedby={fault ? `fault-${l.key}` : undefined} title={said} value={l.entered}
                          disabled={l.left !== null && !isPositive(l.left) && !l.entered} onFocus={(e) => e.target.select()} onChange={(e) => type(l, e.target.value)} />
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
            {bill && (source?.from === "here" || source?.from === "server") && (
              <p className="s m source" role="status">
                {source.from === "server" ? t("returns.byServer", { at: whenText(source.at, lang) }) : source.at > 0 ? t("returns.byDeviceAt", { at: whenText(source.at, lang) }) : t("returns.byDevice")}
                {lowered.length > 0 && <span className="watching"> <Shape tone="watch" /> {t("returns.lowered", { count: lowered.length, lines: lowered.join(", ") })}</span>}
                {bill.cancelled && <span className="bad"> <Shape tone="act" /> {t("returns.notHere.cancelled", { number: bill.invoice.number })}</span>}
              </p>
            )}
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
            ) : (
              <>
                {against && <ProblemNote problem={against} />}
                {estimate && isNote(estimate) && (
                  <>
                    <dl className="pairs">
                      <div><dt>{t("returns.taxable")}</dt><dd className="num">{money(estimate.view.totals.taxable, lang)}</dd></div>
                      <div><dt>{t("returns.tax")}</dt><dd className="num">{money(sum([estimate.view.totals.cgst, estimate.view.totals.sgst, estimate.view.totals.igst, estimate.view.totals.cess, estimate.view.totals.vat ?? "0"], 2), lang)}</dd></div>
                      <div><dt>{t("returns.expected")}</dt><dd className="num b">{money(estimate.payable, lang)}</dd></div>
                    </dl>
                    <p className="s m">{t(made === estimate ? "returns.creditHereHint" : "returns.quoteHere")}</p>
                  </>
                )}
                {made && !isNote(made) ? <p className="s"><Shape tone="watch" /> {whyNotHere(made, t)} {t("returns.notHere.way")}</p>
                  : estimate && !isNote(estimate) ? <p className="s"><Shape tone="watch" /> {whyNotHere(estimate, t)} {t("returns.quoteAway")}</p>
                  : !estimate && !against && <p className="s m">{t(body ? "returns.quoteAway" : "returns.quoteHint")}</p>}
              </>
            )}
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
