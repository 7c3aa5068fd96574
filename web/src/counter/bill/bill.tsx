import { useLiveQuery } from "dexie-react-hooks";
import { Suspense, lazy, memo, useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { headsOf, headWords, indiaPaper } from "../../api/law";
import type { Problem } from "../../api/problems";
import { explain } from "../../api/problems";
import { uuidv7, type Draft } from "../../offline/db";
import { NoNumber, enqueue, pendingOf } from "../../offline/outbox";
import { leaseFor, left, limitsOf, mayIssue, printed, stopOf } from "../../offline/policy";
import type { Command, Order, Outlet, Recent, Sku } from "../../offline/types";
import {
  Button, DialogComing, Kbd, Shape, addDays, currencySign, dateDense, money, qty as showQty, rate as showRate, ratePercent, weekday, type Tone,
} from "../../ui";
import { compare, isPositive, isZero, minus, sum } from "../../ui/decimal";
import { StateChip } from "../chips";
import { rowWords } from "../guard";
import { Combo } from "../combo";
import { KeyStrip } from "../help";
import { combo, useKeys, useScanner } from "../keys";
import { printCommand } from "../print/print-host";
import { go, useRoute } from "../router";
import { preferences, usePreferences } from "../settings/preferences";
import { toast } from "../toast";
import { useCredit, useStanding, useSync, useWorkspace } from "../workspace";
import { afterPaint, useAfterPaint } from "./after-paint";
import { effectsOf, invoiceBody, lackingOf, outcomeOf, principalOf, shownLines, taxByRate, viewOf, type Ground, type Outcome } from "./decide";

import { counted, freshBill, start, step, typed, type Bill, type BillLine, type PaymentMode } from "./entry";
import { hintOf, limitOn } from "./ladder";
import { Panel } from "./panel";
import { readQuantity } from "./quantity";
import { gtin14, readScan, search } from "./search";
import { sentence } from "./words";

/** Dialogs come after the first screen, when the hands are idle; the service worker keeps them. */
const dialogs = () => import("./dialogs");
const ladder = () => import("./ladder-dialog");
const BatchDialog = lazy(() => dialogs().then((m) => ({ default: m.BatchDialog })));
const DateDialog = lazy(() => dialogs().then((m) => ({ default: m.DateDialog })));
const DiscountDialog = lazy(() => dialogs().then((m) => ({ default: m.DiscountDialog })));
const HeldDialog = lazy(() => dialogs().then((m) => ({ default: m.HeldDialog })));
const LastBillsDialog = lazy(() => dialogs().then((m) => ({ default: m.LastBillsDialog })));
const NoteDialog = lazy(() => dialogs().then((m) => ({ default: m.NoteDialog })));
const OrdersDialog = lazy(() => dialogs().then((m) => ({ default: m.OrdersDialog })));
const LadderDialog = lazy(() => ladder().then((m) => ({ default: m.LadderDialog })));

/** Longer than a scanner leaves between two characters, in ms: deciding inside its burst would tear it apart. */
const BETWEEN_SCANNED = 40;
const modes: PaymentMode[] = ["CREDIT", "CASH", "UPI", "CHEQUE"];
const NO_OUTCOME: Outcome = { decided: undefined, refusals: [], trace: [] };
type DialogName = "batch" | "lineDiscount" | "billDiscount" | "note" | "date" | "held" | "orders" | "last" | "ladder";

/** C1: the counter. Hands stay on the keyboard; the rules decide on every change; posting is one strict transaction. */
export function BillScreen() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const ws = useWorkspace();
  const { store, context, rules, outlets, skus, outletEntries, skuEntries, batches, distributorId, leases, guard } = ws;
  const route = useRoute();
  const prefs = usePreferences();
  const sync = useSync();
  const [state, dispatch] = useReducer(step, undefined, () => start(freshBill(uuidv7(), null)));
  const { bill, cursor } = state;
  const [loaded, setLoaded] = useState(false);
  // what stands in the quantity field: the field shows it itself at once, the bill hears of it when it is painted
  const [typing, setTyping] = useState<string>();
  const typedText = useRef<string>(undefined);
  const heard = useRef<() => void>(undefined);
  const [untyped, setUntyped] = useState(0);
  const type = (text: string) => {
    typedText.current = text;
    heard.current?.();
    heard.current = afterPaint(() => setTyping(text), BETWEEN_SCANNED);
  };
  const untype = () => {
    heard.current?.();
    typedText.current = undefined;
    setTyping(undefined);
    setUntyped((n) => n + 1);
  };
  useEffect(() => () => heard.current?.(), []);
  const [qtyError, setQtyError] = useState<string>();
  const [dialog, setDialog] = useState<DialogName>();
  const [warnAt, setWarnAt] = useState(0);
  const [notice, setNotice] = useState<string>();
  const limits = useMemo(() => limitsOf(context), [context]);
  const [lastId, setLastId] = useState<string>();
  const posting = useRef(false);
  const saving = useRef<ReturnType<typeof setTimeout>>(undefined);
  const selectedBy = useRef<EventTarget | null>(null);
  const latest = useRef(state);
  latest.current = state;

  const outlet = bill.outletId ? outlets.get(bill.outletId) : undefined;
  const principalId = context ? principalOf(bill.lines, skus, context) : undefined;
  const credit = useCredit(outlet, principalId);
  const warehouseId = context?.warehouses.find((w) => w.id === prefs.warehouseId)?.id ?? context?.warehouses[0]?.id;
  const recent = useLiveQuery(async () => (outlet ? [...(await store.recent.of("outletId", outlet.id))].sort((a, b) => b.on.localeCompare(a.on)) : []), [store, outlet?.id]) ?? [];
  const recentIds = useMemo(() => new Set<unknown>(recent.map((r) => r.skuId)), [recent]);
  const orders = useLiveQuery(async () => (outlet ? (await store.order.where("outletId").equals(outlet.id).toArray()).filter((o) => o.status === "BOOKED" || o.status === "ALLOCATED" || o.status === "PART_ALLOCATED") : []), [store, outlet?.id]) ?? [];
  const lastCommand = useLiveQuery(async () => (lastId ? store.command.get(lastId) : (await store.command.orderBy("seq").reverse().filter((c) => c.kind === "invoice" && c.state !== "WITHDRAWN").first())), [store, lastId]);
  const order = orders.find((o) => o.id === bill.orderId);

  const standing = useStanding(outlet, bill.businessDate ?? context?.businessDate);
  const ground = useMemo<Ground | undefined>(() => (context && outlet && warehouseId
    ? { context, outlet, credit, skus, batches, warehouseId, reservedToo: order !== undefined && order.status !== "BOOKED", order, ...standing }
    : undefined), [context, outlet, credit, skus, batches, warehouseId, order, standing]);

  // what is being typed counts at once; it is decided after the key is painted where deciding takes long
  const shown = useMemo<Bill>(() => {
    if (typing === undefined || cursor.field !== "qty") return bill;
    const line = bill.lines[cursor.line];
    const read = line && readQuantity(rules, skus.get(line.skuId), typing);
    return line && read && "qty" in read ? { ...bill, lines: bill.lines.map((l, i) => (i === cursor.line ? { ...l, qty: read.qty } : l)) } : bill;
  }, [bill, typing, cursor, rules, skus]);
  const took = useRef(0);
  const deferred = useAfterPaint(shown, () => (shown === bill ? took.current : 0));
  const stop = stopOf(guard, bill.paymentMode === "CREDIT" ? "credit-invoice" : "invoice");
  // the number is this device's own where the law lets it issue; else the server gives it, and until then the paper is an order (OFF-04)
  const ownNumber = mayIssue(context?.offlineIssue, isRegistered(outlet), sync.reach?.state === "reached");
  const decideOn = useCallback((what: Bill): Outcome => {
    if (!ground || !rules) return NO_OUTCOME;
    try {
      return outcomeOf(what, ground, rules);
    } catch (error) {
      return { ...NO_OUTCOME, refusals: [{ code: "RULES_FAULT", line: null, skuId: null, rule: "", values: { reason: error instanceof Error ? error.message : String(error) }, accepted: {} }] };
    }
  }, [ground, rules]);
  const outcome = useMemo(() => {
    const from = performance.now();
    const said = decideOn(deferred);
    took.current = performance.now() - from;
    return said;
  }, [decideOn, deferred]);
  const whatIf = useCallback((more: string) => decideOn({ ...deferred, lines: deferred.lines.map((l, i) => (i === cursor.line ? { ...l, qty: sum([l.qty || "0", more]) } : l)) }).decided?.totals.payable, [decideOn, deferred, cursor.line]);
  const withLadder = useCallback((what: Bill): Outcome => {
    if (!ground || !rules) return NO_OUTCOME;
    try {
      return outcomeOf(what, ground, rules, true);
    } catch {
      return NO_OUTCOME;
    }
  }, [ground, rules]);
  const { decided } = outcome;
  const rows = useMemo(() => shownLines(deferred, decided), [deferred, decided]);
  // a line is read out with the amount that was decided for it, not with the one before
  const told = useRef<{ line: number; item: string; qty: string }>(undefined);
  useEffect(() => {
    const line = told.current;
    const row = line && rows.lines[line.line];
    if (!line || deferred !== shown) return;
    told.current = undefined;
    if (row) announce(t("bill.lineRead", { line: line.line + 1, item: line.item, qty: line.qty, taxable: row.taxable ?? "" }));
  });

  // --- the draft is on disk within 500 ms and comes back after a reload
  const wanted = route.query.get("draft");
  useEffect(() => {
    let gone = false;
    void (async () => {
      const draft = wanted ? await store.draft.get(wanted) : await store.draft.where("[kind+place]").equals(["bill", 0]).first();
      if (gone) return;
      if (draft) {
        if (wanted && typed(latest.current.bill) && latest.current.bill.id !== draft.id) await hold(latest.current.bill);
        await store.draft.update(draft.id, { place: 0 });
        dispatch({ type: "load", bill: draft.content as Bill });
      }
      if (wanted) go("bill");
      setLoaded(true);
    })();
    return () => {
      gone = true;
    };
  }, [store, wanted]);

  useEffect(() => {
    if (!loaded || posting.current || saving.current) return;
    // a timer that runs is left running: a screen that repaints often must not put the saving off
    saving.current = setTimeout(() => {
      saving.current = undefined;
      void keep(latest.current.bill);
    }, 120);
  });

  const keep = async (what: Bill) => {
    if (posting.current) return;
    await store.transaction("rw", store.draft, async () => {
      await store.draft.where("[kind+place]").equals(["bill", 0]).and((d) => d.id !== what.id).delete();
      if (typed(what)) await store.draft.put({ id: what.id, kind: "bill", place: 0, updatedAt: Date.now(), title: titleOf(what), content: what });
      else await store.draft.delete(what.id);
    });
  };
  const titleOf = (what: Bill) => `${(what.outletId && outlets.get(what.outletId)?.name) || t("bill.noOutlet")} · ${t("count.lines", { count: what.lines.length })}`;

  const fresh = () => {
    untype();
    setQtyError(undefined);
    setNotice(undefined);
    setWarnAt(0);
    dispatch({ type: "fresh", id: uuidv7(), businessDate: null });
  };

  async function hold(what: Bill): Promise<boolean> {
    const taken = new Set((await store.draft.where("[kind+place]").between(["bill", 1], ["bill", 9], true, true).toArray()).map((d) => d.place));
    const place = [1, 2, 3, 4, 5, 6, 7, 8, 9].find((p) => !taken.has(p));
    if (!place) {
      toast(t("bill.heldFull"), undefined, true);
      return false;
    }
    await store.draft.put({ id: what.id, kind: "bill", place, updatedAt: Date.now(), title: titleOf(what), content: what });
    return true;
  }

  const takeHeld = async (draft: Draft) => {
    setDialog(undefined);
    if (typed(bill) && bill.id !== draft.id && !(await hold(bill))) return;
    await store.draft.update(draft.id, { place: 0 });
    dispatch({ type: "load", bill: draft.content as Bill });
  };

  // --- lines
  const acceptQty = (text: string): Bill | undefined => {
    const line = bill.lines[cursor.line];
    const read = readQuantity(rules, line && skus.get(line.skuId), text);
    if ("error" in read) {
      setQtyError(t(read.error, read.values));
      return undefined;
    }
    setQtyError(undefined);
    untype();
    dispatch({ type: "qty", entered: text.trim(), qty: read.qty });
    return { ...bill, lines: bill.lines.map((l, i) => (i === cursor.line ? { ...l, entered: text.trim(), qty: read.qty } : l)) };
  };

  useScanner((text) => {
    const scan = readScan(text);
    const sku = skuEntries.find((e) => e.exact.includes(scan.gtin) || e.exact.includes(gtin14(text)))?.item;
    if (!sku) {
      toast(t("bill.scanUnknown", { code: text }), undefined, true);
      return;
    }
    const batch = scan.batchNo ? batches.get(sku.id)?.find((b) => b.batchNo === scan.batchNo) : undefined;
    untype();
    dispatch({ type: "scan", skuId: sku.id, key: uuidv7(), ...(batch ? { batchId: batch.id } : {}) });
  });

  const fillFrom = (list: { skuId: number; qty: string }[], orderId?: string) => {
    const lines: BillLine[] = list.filter((l) => skus.has(l.skuId) && isPositive(l.qty)).map((l) => ({ key: uuidv7(), skuId: l.skuId, entered: sum([l.qty]), qty: sum([l.qty]) }));
    dispatch({ type: "lines", lines, ...(orderId ? { orderId } : {}) });
  };
  const repeatLast = () => {
    const newest = recent[0];
    if (!newest) return toast(t("bill.noHistory"));
    fillFrom(recent.filter((r) => r.invoiceNumber === newest.invoiceNumber && r.on === newest.on));
  };
  const takeOrder = (chosen: Order) => {
    setDialog(undefined);
    fillFrom(chosen.lines.map((l) => ({ skuId: l.skuId, qty: l.allocated && isPositive(l.allocated) ? l.allocated : l.qty })), chosen.id);
  };
  useEffect(() => {
    const id = route.query.get("order");
    if (!id || !loaded) return;
    void store.order.get(id).then((found) => {
      if (!found) return;
      dispatch({ type: "outlet", outletId: found.outletId });
      takeOrder(found);
      go("bill");
    });
    // takeOrder only reads what is loaded
  }, [route.query, loaded]);
  useEffect(() => {
    const id = route.query.get("outlet");
    if (!id || !loaded || !outlets.has(id)) return;
    if (!bill.outletId) dispatch({ type: "outlet", outletId: id });
    go("bill");
  }, [route.query, loaded, outlets]);

  // --- posting
  const post = async (what: Bill = bill) => {
    if (posting.current || !context) return;
    if (!outlet || !ground) {
      setNotice(t("bill.needOutlet"));
      return dispatch({ type: "goto", cursor: { field: "outlet", line: 0 } });
    }
    if (counted(what).length === 0) {
      setNotice(t("bill.needLines"));
      return dispatch({ type: "goto", cursor: { field: "item", line: what.lines.length } });
    }
    const open = what.lines.findIndex((l) => l.qty === "");
    if (open >= 0) {
      setNotice(t("bill.needQty", { line: open + 1 }));
      return dispatch({ type: "goto", cursor: { field: "qty", line: open } });
    }
    if (stop) {
      setNotice(rowWords(stop, t, lang).text);
      return;
    }
    const result = decideOn(what);
    if (!result.decided || result.refusals.length > 0) {
      setWarnAt(0);
      setNotice(t("bill.cannotPost"));
      const line = result.refusals[0]?.line;
      return dispatch({ type: "goto", cursor: line ? { field: "qty", line: line - 1 } : { field: "totals", line: what.lines.length } });
    }
    posting.current = true;
    try {
      const view = viewOf(what, result.decided, ground, distributorId, new Date(store.clock?.now() ?? Date.now()).toISOString());
      const summary = { kind: "invoice" as const, outletId: outlet.id, outletName: outlet.name, total: result.decided.totals.payable, mode: what.paymentMode, lines: counted(what).length };
      const lease = ownNumber ? leaseFor(leases, "INVOICE", view.businessDate) : undefined;
      await enqueue(store, {
        id: what.id, kind: "invoice", businessDate: view.businessDate, draftId: what.id, view,
        body: invoiceBody(what, ground, distributorId, result.decided.totals.payable), summary,
        effects: effectsOf(what, result.decided, outlet.id, view.principalId, ground.warehouseId),
        waitsFor: await pendingOf(store, [what.orderId]),
        ...(lease && rules && result.command ? {
          decided: { ruleBookHash: rules.hash, payable: result.decided.totals.payable, command: result.command },
          take: { documentType: "INVOICE", write: (text: string) => ({ view: { ...view, number: text, series: lease.series }, summary: { ...summary, number: text } }) },
        } : {}),
      });
    } catch (error) {
      posting.current = false;
      if (error instanceof NoNumber) return setNotice(t(`stop.${error.why}`, { series: error.lease?.series ?? "", date: dateDense(error.lease?.lastDate) }));
      throw error;
    } finally {
      posting.current = false;
    }
    setLastId(what.id);
    fresh();
    announce(t("bill.saved", { outlet: outlet.name, total: money(result.decided.totals.payable, lang) }));
    if (preferences().printAfterPosting) printCommand(store, what.id, sync.reach?.state === "reached" ? 4_000 : 0);
  };
  /** When no bill may be made, its lines can still be ordered (OFF-18). */
  const asOrder = async () => {
    if (!typed(bill)) return;
    const id = uuidv7();
    await store.transaction("rw", store.draft, async () => {
      await store.draft.delete(bill.id);
      await store.draft.where("[kind+place]").equals(["order", 0]).delete();
      await store.draft.put({ id, kind: "order", place: 0, updatedAt: Date.now(), title: titleOf(bill), content: { id, outletId: bill.outletId, note: bill.note ?? "", lines: counted(bill).map(({ key, skuId, entered, qty: pieces }) => ({ key, skuId, entered, qty: pieces })) } });
    });
    toast(t("bill.asOrderDone"));
    go("orders", "new");
  };
  const postNow = () => {
    if (cursor.field === "qty" && typedText.current !== undefined) {
      const next = acceptQty(typedText.current);
      if (next) void post(next);
    } else void post();
  };

  // --- warnings
  const warnings = useMemo(() => {
    const list: { line: number | null; text: string; passes?: string; tone: Tone }[] = [];
    for (const row of guard) if (row === stop || (row.level !== "ok" && ["masters", "numbers", "clock", "signIn"].includes(row.what))) list.push({ line: null, tone: row === stop ? "act" : "watch", ...rowWords(row, t, lang) });
    if (bill.refusal) list.push({ line: null, text: t("bill.cameBack", { why: explain(bill.refusal as Problem, t) }), tone: "act" });
    for (const refusal of outcome.refusals) list.push({ line: refusal.line, tone: "act", ...sentence(refusal, skuOf(refusal.skuId, skus), t, lang) });
    for (const warning of decided?.warnings ?? []) {
      if (outcome.refusals.some((r) => r.code === warning.code && r.line === warning.line)) continue;
      list.push({ line: warning.line, tone: "watch", ...sentence(warning, skuOf(warning.skuId, skus), t, lang) });
    }
    return list;
  }, [outcome, decided, bill.refusal, skus, t, lang, guard, stop]);
  const warning = warnings[Math.min(warnAt, warnings.length - 1)];
  const nextWarning = () => {
    if (warnings.length === 0) return;
    const next = (warnAt + 1) % warnings.length;
    setWarnAt(next);
    const line = warnings[next]?.line;
    if (line) dispatch({ type: "goto", cursor: { field: "qty", line: line - 1 } });
  };

  const line = bill.lines[cursor.line];
  const lineSku = line ? skus.get(line.skuId) : undefined;
  const lineBatches = useMemo(() => (lineSku && warehouseId ? (batches.get(lineSku.id) ?? []).filter((b) => b.warehouseId === warehouseId) : []), [lineSku, batches, warehouseId]);
  const openLadder = () => {
    if (counted(shown).length === 0) return toast(t("bill.noNextSlab"));
    // what stands in the quantity field counts, so that the ladder is about what is seen
    if (cursor.field === "qty" && typedText.current !== undefined) {
      const at = cursor.line;
      if (!acceptQty(typedText.current)) return;
      dispatch({ type: "goto", cursor: { field: "qty", line: at } });
    }
    setDialog("ladder");
  };
  const pickLine = useCallback((at: number) => dispatch({ type: "goto", cursor: { field: "qty", line: at } }), []);
  const ask = (name: DialogName, when = true) => (when ? setDialog(name) : toast(t("bill.onLine")));

  useKeys({
    "Ctrl+Enter": postNow,
    "Ctrl+A": (e) => {
      const field = e.target;
      const first = field instanceof HTMLInputElement && field.value !== "" && selectedBy.current !== field;
      if (!first) return postNow();
      field.select();
      selectedBy.current = field;
      field.addEventListener("keydown", (next) => { if (combo(next) !== "Ctrl+A" && next.key !== "Control") selectedBy.current = null; }, { once: true, capture: true });
    },
    "F2": () => ask("date"),
    "F3": () => ask("last"),
    "F4": () => (lineSku ? go("stock", String(lineSku.id)) : go("stock")),
    "F7": nextWarning,
    "F8": () => dispatch({ type: "goto", cursor: { field: bill.outletId ? "item" : "outlet", line: bill.lines.length } }),
    "Alt+B": () => ask("batch", Boolean(line)),
    "Alt+S": openLadder,
    "Alt+D": () => {
      if (!line) return;
      untype();
      dispatch({ type: "deleteLine" });
      toast(t("bill.lineDeleted", { line: cursor.line + 1 }), { label: `${t("action.undo", { ns: "common" })} Ctrl+Z`, run: () => dispatch({ type: "undo" }) });
    },
    "Ctrl+Z": () => {
      untype();
      dispatch({ type: "undo" });
    },
    "Alt+I": () => dispatch({ type: "insertLine" }),
    "Alt+L": () => ask("lineDiscount", Boolean(line)),
    "Alt+M": () => ask("billDiscount"),
    "Alt+N": () => ask("note"),
    "Alt+T": () => dispatch({ type: "mode", mode: modes[(modes.indexOf(bill.paymentMode) + 1) % modes.length]! }),
    "Alt+R": () => (outlet ? repeatLast() : undefined),
    "Alt+O": () => {
      if (!outlet) return go("orders");
      if (orders.length === 1) takeOrder(orders[0]!);
      else ask("orders");
    },
    "Alt+H": () => {
      if (!typed(bill)) return;
      void hold(bill).then((ok) => ok && fresh());
    },
    "Alt+J": () => ask("held"),
    "Alt+P": () => (lastCommand ? printCommand(store, lastCommand.id, 0) : undefined),
    "Ctrl+P": () => (lastCommand ? printCommand(store, lastCommand.id, 0) : undefined),
    "Alt+C": () => go("outlets", "new"),
    "Escape": () => {
      if (cursor.field === "totals" || cursor.field === "confirm") dispatch({ type: "back" });
      else return false;
    },
  }, dialog === undefined);

  const totals = decided?.totals;
  const law = context?.paper ?? indiaPaper;
  const heads = headsOf(law, decided?.interState ?? false);
  const sign = context ? currencySign(context.currency.code, lang) : "";
  const dues = outlet ? credit?.outstanding : undefined;
  const after = decided?.credit && credit?.limit && bill.paymentMode === "CREDIT" ? minus(credit.limit, decided.credit.exposureAfter, 2) : undefined;
  const taxes = useMemo(() => taxByRate(decided?.taxes ?? []), [decided]);
  const freeQty = sum(decided?.freeLines.map((f) => f.qty) ?? []);
  const pieces = sum(decided?.lines.map((l) => l.qty) ?? []);
  const date = bill.businessDate ?? context?.businessDate ?? "";
  const lease = ownNumber ? leaseFor(leases, "INVOICE", date) : undefined;
  const blank = Math.max(0, 14 - bill.lines.length - 1 - rows.extraFree.length);

  useEffect(() => {
    const idle = setTimeout(() => void Promise.all([dialogs(), ladder()]).catch(() => undefined), 1_000);
    return () => clearTimeout(idle);
  }, []);

  if (!ws.ready) return <FirstPull />;
  return (
    <main className="bill" id="main" tabIndex={-1}>
      <h1 className="vh">{t("bill.title")}</h1>
      <dl className="hd" data-region>
        <div className="who-buys">
          <dt>{outlet ? `${t("field.outlet")} · ${outlet.code}` : t("field.outlet")}</dt>
          {cursor.field === "outlet" ? (
            <dd>
              <Combo<Outlet>
                key={`outlet-${bill.id}`}
                className="input outlet"
                label={t("field.outlet")}
                placeholder={t("bill.outletHint")}
                value={outlet?.name ?? ""}
                autoFocus={dialog === undefined}
                options={(text) => search(outletEntries, text, new Set(), (o) => o.id)}
                idOf={(o) => o.id}
                render={(o) => <><span className="grow cut"><b>{o.name}</b> <span className="s m">{o.code}</span></span><span className="s m cut">{[o.beat, o.city].filter(Boolean).join(" · ")}</span></>}
                onAccept={(o) => {
                  setNotice(undefined);
                  if (o ?? outlet) dispatch({ type: "outlet", outletId: (o ?? outlet)!.id });
                }}
                onEmptyEnter={() => setNotice(t("bill.needOutlet"))}
                none={<>{t("bill.noSuchOutlet")} <Kbd>Alt+C</Kbd> {t("key.create")}</>}
              />
            </dd>
          ) : (
            <>
              <dd className="v"><button type="button" className="plain" onClick={() => dispatch({ type: "goto", cursor: { field: "outlet", line: 0 } })}>{outlet ? (lang === "hi" && outlet.nameLocal) || outlet.name : t("bill.chooseOutlet")}</button></dd>
              <dd className="x num">{outlet ? [outlet.gstin ? `${law.taxIdName} ${outlet.gstin}` : t("bill.unregistered"), [outlet.channel, outlet.class].filter(Boolean).join(" ")].filter(Boolean).join(" · ") : " "}</dd>
            </>
          )}
        </div>
        <div><dt>{t("field.date")} <Kbd>F2</Kbd></dt><dd className="v num"><button type="button" className="plain" onClick={() => ask("date")}>{dateDense(date)}</button></dd><dd className="x">{date && weekday(date, lang)}</dd></div>
        <div className="h-next"><dt>{t("bill.nextNumber")}</dt><dd className="v num">{lease ? (left(lease) > 0 ? printed(lease, lease.next) : "–") : "–"}</dd><dd className={`x ${lease && left(lease) < limits.seriesWarn ? "watching" : ""}`}>{lease ? t("bill.numbersLeft", { left: showQty(String(left(lease)), lang), series: lease.series }) : t("bill.numberByServer")}</dd></div>
        <div className="h-rep"><dt>{t("field.salesman")}</dt><dd className="v">{outlet?.salesman ?? "–"}</dd><dd className="x">{outlet?.beat ? t("bill.beat", { beat: outlet.beat }) : " "}</dd></div>
        <div><dt>{t("bill.creditLeft")}</dt><dd className="v num">{outlet ? (credit ? (credit.left === null ? t("bill.unlimited") : money(credit.left, lang)) : "n/a") : "–"}</dd><dd className="x num">{after !== undefined ? t("bill.afterThis", { amount: money(after, lang) }) : " "}</dd></div>
        <div><dt>{t("bill.dues")} <Kbd>F3</Kbd></dt><dd className="v num">{outlet ? (dues !== undefined ? money(dues, lang) : "n/a") : "–"}</dd><dd className="x num">{credit && isPositive(credit.overdue) ? t("bill.overdue", { amount: money(credit.overdue, lang) }) : " "}</dd></div>
      </dl>

      <div className="grid" data-region>
        <table role="grid" aria-label={t("bill.lines")} aria-rowcount={bill.lines.length + 1}>
          <colgroup><col style={{ width: 40 }} /><col /><col className="c-mrp" style={{ width: 72 }} /><col style={{ width: 68 }} /><col className="c-pcs" style={{ width: 60 }} /><col className="c-free" style={{ width: 52 }} /><col style={{ width: 80 }} /><col className="c-disc" style={{ width: 72 }} /><col className="c-gst" style={{ width: 60 }} /><col style={{ width: 116 }} /></colgroup>
          <thead><tr>
            <th className="n">#</th><th>{t("field.item")}</th><th className="n c-mrp">{t("field.mrp")}</th><th className="n">{t("field.qty")}</th><th className="n c-pcs">{t("field.pcs")}</th>
            <th className="n c-free">{t("field.free")}</th><th className="n">{t("field.rate")}</th><th className="n c-disc">{t("field.discount")}</th><th className="n c-gst">{t("field.gst")}</th><th className="n">{t("field.taxable")}</th>
          </tr></thead>
          <tbody>
            {bill.lines.map((item, i) => {
              const sku = skus.get(item.skuId);
              const row = rows.lines[i];
              const here = cursor.line === i && (cursor.field === "item" || cursor.field === "qty" || cursor.field === "discount");
              const name = sku ? (lang === "hi" && sku.nameLocal) || sku.name : String(item.skuId);
              return [
                cursor.insert && cursor.line === i && (
                  <tr key="insert" className="on">
                    <td className="n z">+</td>
                    <td colSpan={9}><ItemField key={`insert-${i}`} autoFocus={dialog === undefined} label={t("bill.itemOfLine", { line: i + 1 })} hint={t("bill.itemHint")} value="" entries={skuEntries} recent={recentIds} batches={batches}
                      onAccept={(s) => s && dispatch({ type: "item", skuId: s.id, key: uuidv7() })} onEmptyEnter={() => dispatch({ type: "back" })} onBack={() => dispatch({ type: "back" })} /></td>
                  </tr>
                ),
                here ? <tr key={item.key} className={cursor.insert ? "" : "on"} aria-selected aria-rowindex={i + 1} onClick={(e) => { if ((e.target as HTMLElement).tagName !== "INPUT") pickLine(i); }}>
                  <td className="n z">{i + 1}</td>
                  <td>
                    {here && cursor.field === "item" && !cursor.insert ? (
                      <ItemField key={`item-${item.key}`} autoFocus={dialog === undefined} label={t("bill.itemOfLine", { line: i + 1 })} hint={t("bill.itemHint")} value={name} entries={skuEntries} recent={recentIds} batches={batches}
                        onAccept={(s) => dispatch({ type: "item", skuId: (s ?? sku)!.id, key: item.key })} onBack={() => dispatch({ type: "back" })} onArrow={(d) => dispatch({ type: d < 0 ? "up" : "down" })} onEmptyEnter={() => dispatch({ type: "emptyItem" })} />
                    ) : (
                      <span className="i"><span className="nm">{name}</span><span className="code">{sku?.code}</span><LineTag row={row} item={item} date={date} stock={batches.get(item.skuId)} warehouseId={warehouseId} /></span>
                    )}
                    {!(here && cursor.field === "item") && <SchemeHint trace={outcome.trace} line={i + 1} qty={deferred.lines[i]?.qty ?? ""} sign={sign} />}
                  </td>
                  <td className="n c-mrp">{row?.mrp ? money(row.mrp, lang) : sku?.mrp ? money(sku.mrp, lang) : "–"}</td>
                  <td className="n q">
                    {here && cursor.field === "qty" ? (
                      <QtyField key={`qty-${item.key}`} autoFocus={dialog === undefined} label={t("bill.qtyOfLine", { line: i + 1, item: name })} value={typing ?? item.entered} reset={untyped} bad={qtyError !== undefined}
                        onText={(text) => { type(text); if (qtyError) setQtyError(undefined); }}
                        onAccept={(text) => { if (acceptQty(text)) told.current = { line: i, item: name, qty: text }; }}
                        onBack={() => { untype(); setQtyError(undefined); dispatch({ type: "back" }); }}
                        onArrow={(d, text) => { if (text === item.entered || text === "" || acceptQty(text)) { untype(); dispatch({ type: "goto", cursor: { field: "qty", line: i + d } }); } }} />
                    ) : <span>{item.entered || "–"}</span>}
                  </td>
                  <td className={`n c-pcs ${here && cursor.field === "qty" ? "eq" : ""}`}>{here && cursor.field === "qty" ? (shown.lines[i]?.qty ? `= ${showQty(shown.lines[i]!.qty, lang)}` : "") : item.qty ? showQty(item.qty, lang) : "–"}</td>
                  <td className={`n c-free ${row && !isZero(row.free) ? "" : "z"}`}>{row && !isZero(row.free) ? showQty(row.free, lang) : "–"}</td>
                  <td className="n">{row?.rate ? showRate(row.rate, lang) : "–"}</td>
                  <td className={`n c-disc ${row && !isZero(row.discount) ? "" : "z"}`}>{row && !isZero(row.discount) ? money(row.discount, lang) : "–"}</td>
                  <td className="n c-gst">{row ? ratePercent(row.taxRate, lang) : "–"}</td>
                  <td className="n">{row?.taxable ? money(row.taxable, lang) : "–"}</td>
                </tr> : <LineRow key={item.key} at={i} item={item} sku={sku} name={name} row={row} trace={outcome.trace} qty={deferred.lines[i]?.qty ?? ""} sign={sign} date={date} stock={batches.get(item.skuId)} warehouseId={warehouseId} onPick={pickLine} />,
              ];
            })}
            <tr className={cursor.field === "item" && cursor.line === bill.lines.length ? "new on" : "new"} aria-rowindex={bill.lines.length + 1} onClick={() => outlet && dispatch({ type: "goto", cursor: { field: "item", line: bill.lines.length } })}>
              <td className="n z">{bill.lines.length + 1}</td>
              <td colSpan={9}>
                {cursor.field === "item" && cursor.line === bill.lines.length ? (
                  <ItemField key={`new-${bill.id}-${bill.lines.length}`} autoFocus={dialog === undefined} label={t("bill.itemOfLine", { line: bill.lines.length + 1 })} hint={t("bill.itemHintTotals")} value="" entries={skuEntries} recent={recentIds} batches={batches}
                    onAccept={(s) => s && dispatch({ type: "item", skuId: s.id, key: uuidv7() })} onEmptyEnter={() => dispatch({ type: bill.lines.length ? "emptyItem" : "back" })}
                    onBack={() => dispatch({ type: "back" })} onArrow={(d) => d < 0 && dispatch({ type: "goto", cursor: { field: "qty", line: bill.lines.length - 1 } })} />
                ) : <span>{t("bill.itemHint")}</span>}
              </td>
            </tr>
            {rows.extraFree.map((free) => (
              <tr key={`${free.schemeId}-${free.skuId}-${free.mrp}`} className="freebie">
                <td className="n z">+</td><td><span className="i"><span className="nm">{skuOf(free.skuId, skus)?.name ?? free.skuId}</span><span className="code">{t("bill.freeGoods")}</span></span></td>
                <td className="n c-mrp">{free.mrp ? money(free.mrp, lang) : "–"}</td><td className="n z">–</td><td className="n z c-pcs">–</td><td className="n c-free">{showQty(free.qty, lang)}</td><td className="n z">–</td><td className="n z c-disc">–</td><td className="n c-gst">{ratePercent(free.taxRate, lang)}</td><td className="n">{money(free.taxable, lang)}</td>
              </tr>
            ))}
            {Array.from({ length: blank }, (_, i) => <tr key={`blank-${i}`} className="blank" aria-hidden="true"><td colSpan={10} /></tr>)}
          </tbody>
        </table>
      </div>

      <Panel sku={lineSku} outlet={outlet} batches={lineBatches} line={cursor.line} lineQty={deferred.lines[cursor.line]?.qty ?? ""} decided={decided} trace={outcome.trace} whatIf={whatIf} />

      <div className={`warn ${notice || qtyError || warning?.tone === "act" ? "act" : warning ? "" : "none"}`} role="region" aria-label={t("bill.warnings")} data-region>
        {sync.reach?.state === "not-reached" && <><span className="row"><Shape tone="info" /><span>{t("bill.notReached", { since: clock(sync.reach.since) })}</span></span><span className="sep" /></>}
        {qtyError || notice ? <span className="cut"><Shape tone="act" /> <b>{qtyError ?? notice}</b>{!qtyError && warning && <> {warning.line && <b>{t("bill.lineNo", { line: warning.line })} </b>}{warning.text} {warning.passes}</>}</span>
          : warning ? <><Shape tone={warning.tone} /><span className="cut" title={`${warning.text} ${warning.passes ?? ""}`}>{warning.line && <b>{t("bill.lineNo", { line: warning.line })} </b>}{warning.text} {warning.passes}</span></>
            : <span className="m">{order ? t("bill.fromOrder", { number: order.number }) : bill.note || " "}</span>}
        {stop && typed(bill) && stop.level !== "readonly" && <Button onClick={() => void asOrder()}>{t("bill.asOrder")}</Button>}
        {warnings.length > 0 && <span className="end num"><span>{t("bill.warnCount", { at: Math.min(warnAt, warnings.length - 1) + 1, count: warnings.length })}</span><Kbd>F7</Kbd>{t("key.next")}</span>}
      </div>
      <div className="vh" role="alert" aria-live="assertive">{qtyError ?? notice}</div>

      <div className="ft" data-region>
        <div className="f-tax">
          <table className="tx">
            <thead><tr><th>{t("bill.tax")}</th><th className="n">{t("field.taxable")}</th>{heads.map((head) => <th className="n" key={head.key}>{head.label}</th>)}</tr></thead>
            <tbody>
              {taxes.slice(0, 3).map((tax) => <tr key={tax.rate}><td>{`${law.taxName} ${ratePercent(tax.rate, lang)} %`.trim()}</td><td className="n">{money(tax.taxable, lang)}</td>{heads.map((head) => <td className="n" key={head.key}>{money(tax[head.key], lang)}</td>)}</tr>)}
              {totals && <tr className="t"><td>{law.country !== "IN" ? t("paper.total") : decided?.interState ? t("bill.interState") : t("bill.withinState")}</td><td className="n">{money(totals.taxable, lang)}</td>{heads.map((head) => <td className="n" key={head.key}>{money(totals[head.key] ?? "0", lang)}</td>)}</tr>}
            </tbody>
          </table>
        </div>
        <div className="f-pay">
          <div className="lab">{t("bill.payment")} <Kbd>Alt+T</Kbd></div>
          <div className="modes" role="radiogroup" aria-label={t("bill.payment")}>
            {modes.map((mode) => <button key={mode} type="button" role="radio" tabIndex={-1} aria-checked={bill.paymentMode === mode} className={bill.paymentMode === mode ? "sel" : ""} onMouseDown={(e) => e.preventDefault()} onClick={() => dispatch({ type: "mode", mode })}>{t(`mode.${mode}`)}</button>)}
          </div>
          <div className="s m num" style={{ marginTop: 8 }}>{bill.paymentMode === "CREDIT" && credit ? t("bill.terms", { days: credit.days ?? 0, due: dateDense(addDays(date, credit.days ?? 0)) }) : outlet ? t("bill.paidNow") : " "}</div>
        </div>
        <div className="f-sum">
          <dl className="sum">
            <dt>{t("bill.gross")}</dt><dd className="n">{money(totals?.gross ?? "0", lang)}</dd>
            <dt>{t("bill.schemesAndDiscounts")}</dt><dd className="n">{totals ? money(minus("0", sum([totals.schemeDiscount, totals.manualDiscount]), 2), lang) : money("0", lang)}</dd>
            <dt>{t("field.taxable")}</dt><dd className="n">{money(totals?.taxable ?? "0", lang)}</dd>
            <dt>{headWords(law, decided?.interState ?? false) || t("paper.noTax")}</dt><dd className="n">{totals ? money(sum([totals.cgst, totals.sgst, totals.igst, totals.cess, totals.vat ?? "0"], 2), lang) : money("0", lang)}</dd>
            <dt>{t("bill.roundOff")}</dt><dd className="n">{money(totals?.rounding ?? "0", lang)}</dd>
          </dl>
        </div>
        <div className="tot">
          <div className="big"><span>{t("bill.total")}</span><b>{sign}{money(totals?.payable ?? "0", lang)}</b></div>
          <div className="s m num state"><StateChip state="DRAFT" /><span>{t("bill.counts", { lines: t("count.lines", { count: counted(bill).length }), pieces: showQty(pieces, lang), free: isZero(freeQty) ? "" : ` + ${showQty(freeQty, lang)} ${t("field.freeShort")}` })}</span></div>
          <PostButton at={cursor.field} active={dialog === undefined} onEnter={() => (cursor.field === "confirm" ? void post() : dispatch({ type: "goto", cursor: { field: "confirm", line: bill.lines.length } }))} onClick={() => void post()} onBack={() => dispatch({ type: "back" })} label={cursor.field === "confirm" ? t("bill.confirmPost") : prefs.printAfterPosting ? t("bill.postAndPrint") : t("bill.post")} />
        </div>
      </div>
      <KeyStrip keys={[["Enter", "next"], ["2c6", "casesAnd"], ["Alt+B", "batch"], ["Alt+L", "lineDiscount"], ["Alt+D", "deleteLine"], ["Alt+H", "hold"], ["F1", "help"]]}>
        {lastCommand && <LastBill command={lastCommand} />}
      </KeyStrip>

      {dialog && <Suspense key={dialog} fallback={<DialogComing onClose={() => setDialog(undefined)} />}>
        {dialog === "batch" && <BatchDialog batches={lineBatches} chosen={line?.batchId} onClose={() => setDialog(undefined)} onChoose={(batchId) => { setDialog(undefined); dispatch({ type: "batch", batchId }); }} />}
        {dialog === "lineDiscount" && <DiscountDialog title={t("bill.lineDiscountTitle", { line: cursor.line + 1 })} percent={line?.manualDiscountPercent ?? ""} reason={line?.manualReason ?? ""} onClose={() => setDialog(undefined)} onSave={(percent, reason) => { setDialog(undefined); dispatch({ type: "discount", percent, reason }); }} />}
        {dialog === "billDiscount" && <DiscountDialog title={t("bill.billDiscountTitle")} percent="" reason="" onClose={() => setDialog(undefined)} onSave={(percent, reason) => { setDialog(undefined); dispatch({ type: "billDiscount", percent, reason }); }} />}
        {dialog === "note" && <NoteDialog title={t("bill.noteTitle")} text={bill.note ?? ""} onClose={() => setDialog(undefined)} onSave={(note) => { setDialog(undefined); dispatch({ type: "note", note }); }} />}
        {dialog === "date" && context && <DateDialog value={date} min={addDays(context.businessDate, -(context.policy.backdateDays ?? 0))} max={context.businessDate} onClose={() => setDialog(undefined)} onSave={(businessDate) => { setDialog(undefined); dispatch({ type: "date", businessDate }); }} />}
        {dialog === "held" && <HeldDialog onClose={() => setDialog(undefined)} onChoose={(d) => void takeHeld(d)} />}
        {dialog === "orders" && <OrdersDialog orders={orders} onClose={() => setDialog(undefined)} onChoose={takeOrder} />}
        {dialog === "last" && <LastBillsDialog recent={recent as Recent[]} onClose={() => setDialog(undefined)} />}
        {dialog === "ladder" && <LadderDialog bill={bill} line={line ? cursor.line + 1 : 0} lacks={ground && context ? lackingOf(ground, principalOf(bill.lines, skus, context)) : undefined} explain={withLadder} onClose={() => setDialog(undefined)} onAdd={(add) => dispatch({ type: "add", ...add })} onChoose={(choices) => dispatch({ type: "choices", choices })} />}
      </Suspense>}
      <div className="vh" aria-live="polite" id="bill-announce" />
    </main>
  );
}

/** A buyer with a tax number: for those some countries want the server's word before a tax invoice is one. */
function isRegistered(outlet: Outlet | undefined): boolean {
  return Boolean(outlet?.gstin) || (outlet?.registration !== undefined && outlet.registration !== null && outlet.registration !== "UNREGISTERED");
}

function announce(text: string): void {
  const region = document.getElementById("bill-announce");
  if (region) region.textContent = text;
}

function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 5);
}

function skuOf(id: string | null, skus: Map<number, Sku>): Sku | undefined {
  return id ? skus.get(Number(id)) : undefined;
}

function ItemField({ label, hint, value, entries, recent, batches, autoFocus, onAccept, onEmptyEnter, onBack, onArrow }: {
  label: string; hint: string; value: string; entries: ReturnType<typeof useWorkspace>["skuEntries"]; recent: ReadonlySet<unknown>; batches: ReturnType<typeof useWorkspace>["batches"];
  autoFocus: boolean; onAccept: (sku: Sku | undefined) => void; onEmptyEnter?: () => void; onBack: () => void; onArrow?: (d: -1 | 1) => void;
}) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  return (
    <Combo<Sku>
      className="cell"
      label={label}
      placeholder={hint}
      value={value}
      autoFocus={autoFocus}
      options={(text) => search(entries, text, recent, (s) => s.id)}
      idOf={(s) => s.id}
      render={(s) => {
        const stock = sum((batches.get(s.id) ?? []).map((b) => b.saleable));
        return <><span className="grow cut"><b>{(lang === "hi" && s.nameLocal) || s.name}</b> <span className="s m">{s.code}</span>{recent.has(s.id) && <span className="s m"> · {t("bill.boughtHere")}</span>}</span><span className="n s m">{t("field.mrp")} {s.mrp ? money(s.mrp, lang) : "–"}</span><span className={`n s stock ${isPositive(stock) ? "" : "none"}`}>{showQty(stock, lang)} {s.baseUnit.toLowerCase()}</span></>;
      }}
      onAccept={onAccept}
      {...(onEmptyEnter ? { onEmptyEnter } : {})}
      onBack={onBack}
      {...(onArrow ? { onArrow } : {})}
      none={t("bill.noSuchItem")}
    />
  );
}

function QtyField({ label, value, reset, bad, autoFocus, onText, onAccept, onBack, onArrow }: {
  label: string; value: string; /** Raised when what was typed is dropped. */ reset: number; bad: boolean; autoFocus: boolean; onText: (text: string) => void; onAccept: (text: string) => void; onBack: () => void; onArrow: (d: -1 | 1, text: string) => void;
}) {
  const [text, setText] = useState(value);
  useLayoutEffect(() => setText(value), [value, reset]);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (!autoFocus) return;
    input.current?.focus({ preventScroll: true });
    input.current?.select();
    input.current?.scrollIntoView({ block: "nearest" });
  }, [autoFocus]);
  return (
    <input
      ref={input}
      aria-label={label}
      aria-invalid={bad || undefined}
      autoComplete="off"
      value={text}
      onChange={(e) => {
        setText(e.target.value);
        onText(e.target.value);
      }}
      onKeyDown={(e) => {
        if (e.nativeEvent.isComposing || e.ctrlKey || e.altKey || e.metaKey) return;
        const text = e.currentTarget.value;
        if (e.code === "Enter" || e.code === "NumpadEnter") {
          if (e.shiftKey) onBack();
          else onAccept(text);
        } else if (e.code === "ArrowUp") onArrow(-1, text);
        else if (e.code === "ArrowDown") onArrow(1, text);
        else if (e.code === "Backspace" && text === "") onBack();
        else return;
        e.preventDefault();
        e.stopPropagation();
      }}
    />
  );
}

function PostButton({ at, active, label, onEnter, onClick, onBack }: { at: string; active: boolean; label: string; onEnter: () => void; onClick: () => void; onBack: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const here = at === "totals" || at === "confirm";
  useLayoutEffect(() => {
    if (here && active) button.current?.focus();
  }, [here, active, at]);
  return (
    <button
      ref={button}
      type="button"
      className={`btn pri ${at === "confirm" ? "sure" : ""}`}
      onClick={onClick}
      onKeyDown={(e) => {
        if ((e.code === "Enter" || e.code === "NumpadEnter") && !e.ctrlKey) {
          e.preventDefault();
          if (e.shiftKey) onBack();
          else onEnter();
        } else if (e.code === "Backspace") {
          e.preventDefault();
          onBack();
        }
      }}
    >
      {label} <Kbd>{at === "confirm" ? "Enter" : "Ctrl+Enter"}</Kbd>
    </button>
  );
}

/** The next step of a scheme, or the limit that was met, in a few quiet words under the item. */
function SchemeHint({ trace, line, qty: has, sign }: { trace: Outcome["trace"]; line: number; qty: string; sign: string }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const cut = limitOn(trace, line);
  if (cut) return <span className="hint-under cut-short">{t(cut.applied ? "ladder.cut" : "ladder.usedUp", { code: cut.code })}</span>;
  const hint = has ? hintOf(trace, line, has) : null;
  if (!hint) return null;
  const { next } = hint;
  const reward = next.kind === "PERCENT" ? `${ratePercent(next.reward, lang)} %` : next.kind === "FREE_QTY" ? t("ladder.free", { qty: showQty(next.reward, lang) }) : money(next.reward, lang);
  return <span className="hint-under">{t(next.basis === "BASE_QTY" || next.basis === "NET_VALUE" || next.basis === "GROSS_VALUE" ? "ladder.hint" : next.basis === "DISTINCT" ? "ladder.hintItems" : "ladder.hintOther", { more: next.basis === "NET_VALUE" || next.basis === "GROSS_VALUE" ? sign + money(next.more, lang) : showQty(next.more, lang), unit: t(`ladder.unit.${next.basis ?? "BASE_QTY"}`), reward })}</span>;
}

/** A line where the hands are not: it is painted anew when what it shows was decided anew, not with every key. */
const LineRow = memo(function LineRow({ at, item, sku, name, row, trace, qty: has, sign, date, stock, warehouseId, onPick }: {
  at: number; item: BillLine; sku: Sku | undefined; name: string; row: ReturnType<typeof shownLines>["lines"][number]; trace: Outcome["trace"]; qty: string; sign: string; date: string;
  stock: { saleable: string; warehouseId: string }[] | undefined; warehouseId: string | undefined; onPick: (at: number) => void;
}) {
  const { i18n } = useTranslation();
  const lang = i18n.language;
  return (
    <tr className="" aria-selected={false} aria-rowindex={at + 1} onClick={() => onPick(at)}>
      <td className="n z">{at + 1}</td>
      <td><span className="i"><span className="nm">{name}</span><span className="code">{sku?.code}</span><LineTag row={row} item={item} date={date} stock={stock} warehouseId={warehouseId} /></span><SchemeHint trace={trace} line={at + 1} qty={has} sign={sign} /></td>
      <td className="n c-mrp">{row?.mrp ? money(row.mrp, lang) : sku?.mrp ? money(sku.mrp, lang) : "–"}</td>
      <td className="n q"><span>{item.entered || "–"}</span></td>
      <td className="n c-pcs">{item.qty ? showQty(item.qty, lang) : "–"}</td>
      <td className={`n c-free ${row && !isZero(row.free) ? "" : "z"}`}>{row && !isZero(row.free) ? showQty(row.free, lang) : "–"}</td>
      <td className="n">{row?.rate ? showRate(row.rate, lang) : "–"}</td>
      <td className={`n c-disc ${row && !isZero(row.discount) ? "" : "z"}`}>{row && !isZero(row.discount) ? money(row.discount, lang) : "–"}</td>
      <td className="n c-gst">{row ? ratePercent(row.taxRate, lang) : "–"}</td>
      <td className="n">{row?.taxable ? money(row.taxable, lang) : "–"}</td>
    </tr>
  );
});

/** What stands beside an item: batch conflicts, expiry, the last pieces. */
function LineTag({ row, item, date, stock, warehouseId }: { row: ReturnType<typeof shownLines>["lines"][number]; item: BillLine; date: string; stock: { saleable: string; warehouseId: string }[] | undefined; warehouseId: string | undefined }) {
  const { t, i18n } = useTranslation();
  const left = sum((stock ?? []).filter((b) => b.warehouseId === warehouseId).map((b) => b.saleable));
  if (item.qty && compare(item.qty, left) > 0) return <span className="tag act"><Shape tone="act" />{t("bill.onlyLeft", { qty: showQty(compare(left, "0") < 0 ? "0" : left, i18n.language) })}</span>;
  if (row && row.parts > 1) return <span className="tag"><Shape tone="watch" />{t("bill.severalMrps", { count: row.parts })}</span>;
  if (row?.nearestExpiry && date) {
    const days = row.nearestExpiry - Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
    if (days <= 60) return <span className="tag"><Shape tone="watch" />{t("bill.daysLeft", { count: days })}</span>;
  }
  if (item.qty && compare(item.qty, left) === 0) return <span className="tag"><Shape tone="watch" />{t("bill.lastOnes", { qty: showQty(left, i18n.language) })}</span>;
  if (item.batchId) return <span className="tag info">{t("bill.chosenBatch")}</span>;
  return null;
}

function LastBill({ command }: { command: Command }) {
  const { t, i18n } = useTranslation();
  return (
    <span className="num last">
      {t("bill.last")} {command.summary.number ?? command.summary.outletName} · {money(command.summary.total, i18n.language)} <StateChip state={command.state} />
    </span>
  );
}

/** The first minute of a new device: what is coming, and when billing is possible. */
function FirstPull() {
  const { t } = useTranslation();
  const { groups, reach } = useSync();
  const { sender } = useWorkspace();
  return (
    <main className="screen" id="main" tabIndex={-1}>
      <div className="empty">
        <h1>{t("first.title")}</h1>
        <p>{t("first.text")}</p>
        <ul className="ticks">
          {(["must", "soon", "later"] as const).map((group) => <li key={group}><Shape tone={groups.some((g) => g.group === group) ? "good" : "plain"} /> {t(`group.${group}`)}</li>)}
        </ul>
        {reach && reach.state !== "reached" && <div className="note watch">{t("bill.notReached", { since: clock(reach.since) })} {reach.problem && explain(reach.problem, t)}</div>}
        {reach && reach.state !== "reached" && <Button onClick={() => sender.tryNow()}>{t("sync.tryNow")}</Button>}
      </div>
    </main>
  );
}

