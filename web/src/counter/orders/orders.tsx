import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { uuidv7 } from "../../offline/db";
import { enqueue, inStates, unfinished } from "../../offline/outbox";
import type { Command, Order, Outlet, Sku } from "../../offline/types";
import { Button, Dialog, EmptyState, Kbd, Shape, TextField, dateDense, money, qty, rate } from "../../ui";
import { compare, isPositive, sum } from "../../ui/decimal";
import { outcomeOf, principalOf } from "../bill/decide";
import { readQuantity } from "../bill/quantity";
import { fold, search } from "../bill/search";
import { DocumentChip, StateChip } from "../chips";
import { Combo } from "../combo";
import { KeyStrip } from "../help";
import { useKeys } from "../keys";
import { Find, List, Screen, type Column } from "../list";
import { OutletField } from "../pick-outlet";
import { go, useRoute } from "../router";
import { usePreferences } from "../settings/preferences";
import { toast } from "../toast";
import { useCredit, useStanding, useWorkspace } from "../workspace";

interface Row { id: string; order: Order; command?: Command }

/** C3: orders from booked to billed; scarce lines show what is there. */
export function Orders() {
  const route = useRoute();
  return route.rest[0] === "new" ? <NewOrder /> : <OrderList />;
}

function OrderList() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store, outlets, skus, batches, context } = useWorkspace();
  const { rest } = useRoute();
  const [text, setText] = useState("");
  const [status, setStatus] = useState("open");
  const [selected, setSelected] = useState<string | undefined>(rest[0]);
  const [cancelling, setCancelling] = useState<Row>();
  const orders = useLiveQuery(() => store.order.toArray(), [store]);
  const commands = useLiveQuery(() => inStates(store, [...unfinished, "ACCEPTED"]), [store]);

  const rows = useMemo<Row[]>(() => {
    const all = new Map<string, Row>((orders ?? []).map((o) => [o.id, { id: o.id, order: o }]));
    for (const c of commands ?? []) {
      if (c.kind === "order" && !all.has(c.id)) {
        const body = c.body as { outletId: string; principalId: number; lines: { line: number; skuId: number; qty: string }[] };
        all.set(c.id, { id: c.id, command: c, order: { id: c.id, number: c.summary.number ?? "–", outletId: body.outletId, principalId: body.principalId, businessDate: c.businessDate, status: "BOOKED", total: c.summary.total ?? "0", lines: body.lines } });
      }
    }
    for (const c of commands ?? []) {
      const on = c.kind === "allocate-order" || c.kind === "cancel-order" ? all.get((c.body as { id: string }).id) : undefined;
      if (on && (c.state !== "ACCEPTED" || on.order.status === "BOOKED")) all.set(on.id, { ...on, command: c, order: c.state === "ACCEPTED" ? { ...on.order, status: c.kind === "cancel-order" ? "CANCELLED" : "ALLOCATED" } : on.order });
    }
    const query = fold(text.trim());
    const open = ["BOOKED", "ALLOCATED", "PART_ALLOCATED", "ON_HOLD"];
    return [...all.values()].filter((r) => (status === "" || (status === "open" ? open.includes(r.order.status) : r.order.status === status)) && (!query || fold(`${r.order.number} ${outlets.get(r.order.outletId)?.name ?? ""}`).includes(query)))
      .sort((a, b) => b.order.businessDate.localeCompare(a.order.businessDate) || b.id.localeCompare(a.id));
  }, [orders, commands, text, status, outlets]);
  const row = rows.find((r) => r.id === selected) ?? rows[0];

  const available = (skuId: number) => sum((batches.get(skuId) ?? []).map((b) => b.saleable));
  const allocate = async (r: Row | undefined) => {
    if (!r || !context || r.order.status !== "BOOKED") return toast(t("orders.cannotAllocate"));
    await enqueue(store, { id: uuidv7(), kind: "allocate-order", businessDate: context.businessDate, body: { id: r.id }, summary: { kind: "allocate-order", outletId: r.order.outletId, outletName: outlets.get(r.order.outletId)?.name ?? null, number: r.order.number, total: r.order.total }, ...(r.command?.kind === "order" && r.command.state !== "ACCEPTED" ? { waitsFor: [r.id] } : {}) });
    toast(t("orders.allocating", { number: r.order.number }));
  };
  const bill = (r: Row | undefined) => {
    if (r) location.hash = `#/bill?order=${r.id}`;
  };
  useKeys({
    "Alt+A": () => void allocate(row),
    "Alt+O": () => bill(row),
    "Alt+X": () => (row ? setCancelling(row) : undefined),
  }, !cancelling);

  const columns: Column<Row>[] = [
    { key: "date", head: t("field.date"), width: 128, hide: true, cell: (r) => <span className="num">{dateDense(r.order.businessDate)}</span> },
    { key: "number", head: t("field.number"), width: 130, cell: (r) => <span className="num">{r.order.number}</span> },
    { key: "outlet", head: t("field.outlet"), cell: (r) => <span className="cut">{outlets.get(r.order.outletId)?.name ?? "–"}</span> },
    { key: "lines", head: t("field.lines"), number: true, width: 64, hide: true, cell: (r) => r.order.lines.length },
    { key: "scarce", head: t("orders.scarce"), width: 110, hide: true, cell: (r) => {
      const scarce = r.order.status === "BOOKED" ? r.order.lines.filter((l) => compare(l.qty, available(l.skuId)) > 0).length : 0;
      return scarce > 0 ? <span className="watching"><Shape tone="watch" /> {t("count.lines", { count: scarce })}</span> : "–";
    } },
    { key: "total", head: t("field.value"), number: true, width: 110, cell: (r) => money(r.order.total, lang) },
    { key: "state", head: t("field.state"), width: 150, cell: (r) => (r.command && r.command.state !== "ACCEPTED" ? <StateChip state={r.command.state} /> : <DocumentChip status={r.order.status} />) },
  ];
  return (
    <Screen
      title={t("place.orders")}
      actions={<Button kind="primary" keys="Ctrl+F8" onClick={() => go("orders", "new")}>{t("orders.new")}</Button>}
      foot={<KeyStrip keys={[["↑ ↓", "rows"], ["Alt+A", "allocate"], ["Alt+O", "bill"], ["Alt+X", "cancel"], ["Ctrl+F8", "newOrder"], ["/", "filter"], ["F1", "help"]]}>{t("count.orders", { count: rows.length })}</KeyStrip>}
    >
      <div className="filters">
        <Find value={text} onChange={setText} label={t("orders.find")} />
        <label className="filter">{t("field.state")}: <select className="bare" value={status} onChange={(e) => setStatus(e.target.value)}><option value="open">{t("orders.open")}</option><option value="">{t("filter.all")}</option>{["BOOKED", "ALLOCATED", "INVOICED", "CANCELLED"].map((s) => <option key={s} value={s}>{t(`status.${s}`)}</option>)}</select></label>
      </div>
      <div className="split">
        <List label={t("place.orders")} items={rows} idOf={(r) => r.id} columns={columns} selected={row?.id} onSelect={setSelected} onOpen={bill}
          empty={<EmptyState title={t("orders.emptyTitle")} action={<Button kind="primary" keys="Ctrl+F8" onClick={() => go("orders", "new")}>{t("orders.new")}</Button>}>{t("orders.emptyText")}</EmptyState>} />
        {row && (
          <aside className="side" aria-label={t("orders.one", { number: row.order.number })}>
            <h2>{t("orders.one", { number: row.order.number })}</h2>
            <p className="m s">{outlets.get(row.order.outletId)?.name} · {dateDense(row.order.businessDate)}</p>
            <table className="tbl small">
              <thead><tr><th>{t("field.item")}</th><th className="n">{t("field.qty")}</th><th className="n">{row.order.status === "BOOKED" ? t("orders.there") : t("orders.allocated")}</th></tr></thead>
              <tbody>
                {row.order.lines.map((l) => {
                  const there = row.order.status === "BOOKED" ? available(l.skuId) : (l.allocated ?? "0");
                  const short = compare(l.qty, there) > 0;
                  return <tr key={l.line}><td>{skus.get(l.skuId)?.name ?? l.skuId}{l.rate && <div className="s m num">{rate(l.rate, lang)}</div>}</td><td className="n">{qty(l.qty, lang)}</td><td className={`n ${short ? "watching" : ""}`}>{short && <Shape tone="watch" />} {qty(there, lang)}</td></tr>;
                })}
              </tbody>
            </table>
            <div className="acts">
              {row.order.status === "BOOKED" && <Button keys="Alt+A" onClick={() => void allocate(row)}>{t("orders.allocate")}</Button>}
              {["BOOKED", "ALLOCATED", "PART_ALLOCATED"].includes(row.order.status) && <Button kind="primary" keys="Alt+O" onClick={() => bill(row)}>{t("orders.toBill")}</Button>}
              {["BOOKED", "ALLOCATED", "PART_ALLOCATED"].includes(row.order.status) && <Button kind="danger" keys="Alt+X" onClick={() => setCancelling(row)}>{t("orders.cancel")}</Button>}
            </div>
          </aside>
        )}
      </div>
      {cancelling && <CancelOrder row={cancelling} onClose={() => setCancelling(undefined)} />}
    </Screen>
  );
}

function CancelOrder({ row, onClose }: { row: Row; onClose: () => void }) {
  const { t } = useTranslation();
  const { store, context, outlets } = useWorkspace();
  const [reason, setReason] = useState("");
  const cancel = async () => {
    if (!reason.trim() || !context) return;
    await enqueue(store, { id: uuidv7(), kind: "cancel-order", businessDate: context.businessDate, body: { id: row.id, reason: reason.trim() }, summary: { kind: "cancel-order", outletId: row.order.outletId, outletName: outlets.get(row.order.outletId)?.name ?? null, number: row.order.number, total: row.order.total }, ...(row.command?.kind === "order" && row.command.state !== "ACCEPTED" ? { waitsFor: [row.id] } : {}) });
    toast(t("orders.cancelled", { number: row.order.number }));
    onClose();
  };
  return (
    <Dialog title={t("orders.cancelTitle", { number: row.order.number })} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); void cancel(); }}>
        <TextField label={t("field.reason")} data-note="" value={reason} onChange={(e) => setReason(e.target.value)} required />
        <div className="end"><Button keys="Esc" onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" disabled={!reason.trim()}>{t("orders.cancel")} <Kbd>Enter</Kbd></Button></div>
      </form>
    </Dialog>
  );
}

interface OrderDraft { id: string; outletId: string | null; lines: { key: string; skuId: number; entered: string; qty: string }[]; note: string }

/** A new order (Ctrl+F8): outlet, item, quantity, as on the bill, priced as a preview. */
function NewOrder() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const ws = useWorkspace();
  const { store, outlets, skus, skuEntries, batches, rules, context, distributorId } = ws;
  const prefs = usePreferences();
  const [draft, setDraft] = useState<OrderDraft>(() => ({ id: uuidv7(), outletId: null, lines: [], note: "" }));
  const [loaded, setLoaded] = useState(false);
  const [typing, setTyping] = useState<{ skuId: number; key: string } | undefined>();
  const [error, setError] = useState<string>();
  const outlet = draft.outletId ? outlets.get(draft.outletId) : undefined;
  const principalId = context ? principalOf(draft.lines as never, skus, context) : undefined;
  const credit = useCredit(outlet, principalId);
  const warehouseId = context?.warehouses.find((w) => w.id === prefs.warehouseId)?.id ?? context?.warehouses[0]?.id;
  const recent = useLiveQuery(async () => new Set<unknown>(outlet ? (await store.recent.of("outletId", outlet.id)).map((r) => r.skuId) : []), [store, outlet?.id]) ?? new Set<unknown>();

  useEffect(() => {
    void store.draft.where("[kind+place]").equals(["order", 0]).first().then((kept) => {
      if (kept) setDraft(kept.content as OrderDraft);
      setLoaded(true);
    });
  }, [store]);
  useEffect(() => {
    if (!loaded) return;
    const timer = setTimeout(() => {
      if (draft.outletId || draft.lines.length) void store.draft.put({ id: draft.id, kind: "order", place: 0, updatedAt: Date.now(), title: outlet?.name ?? "", content: draft });
    }, 120);
    return () => clearTimeout(timer);
  }, [draft, loaded, store, outlet]);

  const standing = useStanding(outlet, context?.businessDate);
  const preview = useMemo(() => {
    if (!rules || !context || !outlet || !warehouseId || draft.lines.length === 0) return undefined;
    const bill = { id: draft.id, outletId: outlet.id, businessDate: context.businessDate, paymentMode: "CREDIT" as const, saleType: "DELIVERY" as const, lines: draft.lines };
    const ground = { context, outlet, credit, skus, batches, warehouseId, ...standing };
    return outcomeOf(bill, ground, { rewardSkuIds: rules.rewardSkuIds, decide: (c) => rules.decide({ ...c, kind: "ORDER_PREVIEW" }) }).decided;
  }, [rules, context, outlet, credit, warehouseId, draft, skus, batches, standing]);

  const post = async () => {
    if (!outlet) return setError(t("bill.needOutlet"));
    if (draft.lines.length === 0) return setError(t("bill.needLines"));
    if (!context || !warehouseId) return;
    const total = preview?.totals.payable ?? null;
    await enqueue(store, {
      id: draft.id, kind: "order", businessDate: context.businessDate, draftId: draft.id,
      body: { id: draft.id, distributorId, principalId, outletId: outlet.id, warehouseId, businessDate: context.businessDate, ...(draft.note ? { note: draft.note } : {}), lines: draft.lines.map((l, i) => ({ line: i + 1, skuId: l.skuId, qty: l.qty })) },
      summary: { kind: "order", outletId: outlet.id, outletName: outlet.name, total, lines: draft.lines.length },
    });
    toast(t("orders.saved", { outlet: outlet.name }));
    go("orders", draft.id);
  };
  useKeys({
    "Ctrl+Enter": () => void post(),
    "Alt+D": () => setDraft({ ...draft, lines: draft.lines.slice(0, -1) }),
    "Escape": () => go("orders"),
  });
  const add = (sku: Sku, text: string) => {
    const read = readQuantity(rules, sku, text);
    if ("error" in read) return setError(t(read.error, read.values));
    setError(undefined);
    setTyping(undefined);
    setDraft((d) => ({ ...d, lines: [...d.lines, { key: uuidv7(), skuId: sku.id, entered: text.trim(), qty: read.qty }] }));
  };
  return (
    <Screen
      title={t("orders.new")}
      actions={<><Button keys="Esc" onClick={() => go("orders")}>{t("action.back", { ns: "common" })}</Button><Button kind="primary" keys="Ctrl+Enter" onClick={() => void post()}>{t("orders.book")}</Button></>}
      foot={<KeyStrip keys={[["Enter", "next"], ["2c6", "casesAnd"], ["Alt+D", "deleteLine"], ["Ctrl+Enter", "post"], ["F1", "help"]]}>{preview && <b className="num">{t("bill.total")} {money(preview.totals.payable, lang)}</b>}</KeyStrip>}
    >
      <div className="form narrow">
        <OutletField value={outlet} autoFocus={!outlet} onChoose={(o: Outlet) => setDraft((d) => ({ ...d, outletId: o.id }))} />
        {outlet && <p className="m s">{[outlet.beat, outlet.salesman, credit?.left ? t("orders.creditLeft", { amount: money(credit.left, lang) }) : undefined].filter(Boolean).join(" · ")}</p>}
      </div>
      {error && <div className="note act" role="alert" style={{ margin: "0 16px 8px" }}><Shape tone="act" />{error}</div>}
      <table className="tbl">
        <thead><tr><th className="n">#</th><th>{t("field.item")}</th><th className="n">{t("field.qty")}</th><th className="n">{t("field.pcs")}</th><th className="n ph">{t("field.rate")}</th><th className="n ph">{t("orders.there")}</th><th /></tr></thead>
        <tbody>
          {draft.lines.map((l, i) => {
            const there = sum((batches.get(l.skuId) ?? []).map((b) => b.saleable));
            const part = preview?.lines.find((p) => p.line === i + 1);
            return (
              <tr key={l.key}>
                <td className="n m">{i + 1}</td><td>{skus.get(l.skuId)?.name ?? l.skuId}</td><td className="n">{l.entered}</td><td className="n">{qty(l.qty, lang)}</td><td className="n ph">{part ? rate(part.unitPrice, lang) : "–"}</td>
                <td className={`n ph ${compare(l.qty, there) > 0 ? "watching" : ""}`}>{compare(l.qty, there) > 0 && <Shape tone="watch" />} {qty(there, lang)}</td>
                <td className="n"><button type="button" className="btn quiet" aria-label={t("orders.removeLine", { line: i + 1 })} onClick={() => setDraft({ ...draft, lines: draft.lines.filter((x) => x !== l) })}>×</button></td>
              </tr>
            );
          })}
          {outlet && (
            <tr>
              <td className="n m">{draft.lines.length + 1}</td>
              <td>
                {typing ? <b>{skus.get(typing.skuId)?.name}</b> : (
                  <Combo<Sku> key={`item-${draft.lines.length}`} className="cell" autoFocus label={t("bill.itemOfLine", { line: draft.lines.length + 1 })} placeholder={t("bill.itemHint")}
                    options={(text) => search(skuEntries, text, recent, (s) => s.id)} idOf={(s) => s.id}
                    render={(s) => <><span className="grow cut"><b>{s.name}</b> <span className="s m">{s.code}</span></span><span className="n s">{qty(sum((batches.get(s.id) ?? []).map((b) => b.saleable)), lang)}</span></>}
                    onAccept={(s) => s && setTyping({ skuId: s.id, key: uuidv7() })} onEmptyEnter={() => (draft.lines.length ? void post() : undefined)} none={t("bill.noSuchItem")} />
                )}
              </td>
              <td className="n" colSpan={2}>
                {typing && (
                  <input className="input n" autoFocus aria-label={t("field.qty")} autoComplete="off" style={{ width: 96 }}
                    onKeyDown={(e) => {
                      if (e.code === "Enter" || e.code === "NumpadEnter") { e.preventDefault(); e.stopPropagation(); add(skus.get(typing.skuId)!, e.currentTarget.value); }
                      else if (e.code === "Escape" || (e.code === "Backspace" && e.currentTarget.value === "")) { e.preventDefault(); e.stopPropagation(); setTyping(undefined); }
                    }} />
                )}
              </td>
              <td colSpan={3} />
            </tr>
          )}
        </tbody>
        {preview && isPositive(preview.totals.payable) && <tfoot><tr><td /><td>{t("orders.indicative")}</td><td /><td className="n">{qty(sum(draft.lines.map((l) => l.qty)), lang)}</td><td className="n ph" /><td className="n ph" /><td className="n">{money(preview.totals.payable, lang)}</td></tr></tfoot>}
      </table>
    </Screen>
  );
}
