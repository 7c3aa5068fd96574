import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { uuidv7 } from "../../offline/db";
import { enqueue, standing } from "../../offline/outbox";
import type { Sku } from "../../offline/types";
import { Button, EmptyState, Field, Shape, TextField, dateDense, money, qty, timeOfDay } from "../../ui";
import { compare, isDecimal, isPositive, minus, sum } from "../../ui/decimal";
import { readQuantity } from "../bill/quantity";
import { search } from "../bill/search";
import { DocumentChip, StateChip } from "../chips";
import { Combo } from "../combo";
import { KeyStrip } from "../help";
import { useKeys } from "../keys";
import { List, Screen, type Column } from "../list";
import { Pictures } from "../pictures";
import { go, useRoute } from "../router";
import { usePreferences } from "../settings/preferences";
import { toast } from "../toast";
import { useWorkspace } from "../workspace";

interface ReceiptLine {
  key: string; skuId: number; batchNo: string; mfgOn: string; expiresOn: string; mrp: string; unitCost: string; billed: string; free: string; damaged: string; short: string;
}
interface ReceiptDraft { id: string; principalId: number | null; warehouseId: string | null; number: string; on: string; lines: ReceiptLine[]; pictures?: string[] }

const NONE = new Set<unknown>();

/** C6: the principal's invoice against what was counted, batch by batch. */
export function Receive() {
  const route = useRoute();
  return route.rest[0] === "new" ? <NewReceipt /> : <ReceiptList />;
}

function ReceiptList() {
  const { t } = useTranslation();
  const { store } = useWorkspace();
  const [selected, setSelected] = useState<string>();
  const documents = useLiveQuery(() => store.document.of("type", "GOODS_RECEIPT"), [store]);
  const commands = useLiveQuery(() => standing(store, (c) => c.kind === "goods-receipt"), [store]);
  type Row = { id: string; at: string; number: string | null; state: React.ReactNode; lines: number | null; businessDate: string };
  const known = new Set((documents ?? []).map((d) => d.id));
  const rows: Row[] = [
    ...(commands ?? []).filter((c) => !known.has(c.id)).map((c) => ({ id: c.id, at: c.at, number: c.summary.number ?? null, lines: c.summary.lines ?? null, businessDate: c.businessDate, state: <StateChip state={c.state} /> })),
    ...(documents ?? []).map((d) => ({ id: d.id, at: d.postedAt, number: d.number, lines: null, businessDate: d.businessDate, state: <DocumentChip status={d.status} /> })),
  ].sort((a, b) => b.at.localeCompare(a.at));
  const columns: Column<Row>[] = [
    { key: "date", head: t("field.date"), width: 110, cell: (r) => <span className="num">{dateDense(r.businessDate)}</span> },
    { key: "at", head: t("field.time"), width: 80, cell: (r) => <span className="num">{timeOfDay(r.at)}</span> },
    { key: "number", head: t("field.number"), cell: (r) => <span className="num">{r.number ?? "–"}</span> },
    { key: "lines", head: t("field.lines"), number: true, width: 80, hide: true, cell: (r) => r.lines ?? "–" },
    { key: "state", head: t("field.state"), width: 160, cell: (r) => r.state },
  ];
  const start = <Button kind="primary" keys="F9" onClick={() => go("receive", "new")}>{t("receive.new")}</Button>;
  return (
    <Screen title={t("place.receive")} note={t("receive.listNote")} actions={start} foot={<KeyStrip keys={[["F9", "receive"], ["↑ ↓", "rows"], ["F1", "help"]]} />}>
      <List label={t("place.receive")} items={rows} idOf={(r) => r.id} columns={columns} selected={selected ?? rows[0]?.id} onSelect={setSelected}
        empty={<EmptyState title={t("receive.emptyTitle")} action={start}>{t("receive.emptyText")}</EmptyState>} />
    </Screen>
  );
}

/** Counted good pieces: billed and free, less damaged and short. */
export function goodQty(line: Pick<ReceiptLine, "billed" | "free" | "damaged" | "short">): string {
  return minus(sum([line.billed || "0", line.free || "0"]), sum([line.damaged || "0", line.short || "0"]));
}

/** What is wrong with a line, as text keys by field. */
export function faultsOf(line: ReceiptLine, tracked: boolean): Partial<Record<keyof ReceiptLine, string>> {
  const faults: Partial<Record<keyof ReceiptLine, string>> = {};
  if (!line.batchNo.trim()) faults.batchNo = "receive.needBatch";
  if (!isDecimal(line.mrp) || !isPositive(line.mrp)) faults.mrp = "receive.needMrp";
  if (!isDecimal(line.unitCost)) faults.unitCost = "receive.needCost";
  if (tracked && !line.expiresOn) faults.expiresOn = "receive.needExpiry";
  if (line.mfgOn && line.expiresOn && line.mfgOn >= line.expiresOn) faults.expiresOn = "receive.expiryBefore";
  for (const field of ["billed", "free", "damaged", "short"] as const) if (line[field] !== "" && !isDecimal(line[field])) faults[field] = "receive.needNumber";
  if (Object.keys(faults).length === 0) {
    if (!isPositive(sum([line.billed || "0", line.free || "0"]))) faults.billed = "receive.needQty";
    else if (compare(goodQty(line), "0") < 0) faults.damaged = "receive.tooMuch";
  }
  return faults;
}

function NewReceipt() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store, context, skus, skuEntries, rules, distributorId, batches } = useWorkspace();
  const prefs = usePreferences();
  const [draft, setDraft] = useState<ReceiptDraft>(() => ({ id: uuidv7(), principalId: null, warehouseId: null, number: "", on: "", lines: [] }));
  const [loaded, setLoaded] = useState(false);
  const [tried, setTried] = useState(false);
  const principalId = draft.principalId ?? context?.principals[0]?.id;
  const warehouseId = draft.warehouseId ?? context?.warehouses.find((w) => w.id === prefs.warehouseId)?.id ?? context?.warehouses[0]?.id;
  const on = draft.on || (context?.businessDate ?? "");

  useEffect(() => {
    void store.draft.where("[kind+place]").equals(["receive", 0]).first().then((kept) => {
      if (kept) setDraft(kept.content as ReceiptDraft);
      setLoaded(true);
    });
  }, [store]);
  useEffect(() => {
    if (!loaded) return;
    const timer = setTimeout(() => {
      if (draft.number || draft.lines.length || draft.pictures?.length) void store.draft.put({ id: draft.id, kind: "receive", place: 0, updatedAt: Date.now(), title: draft.number, content: draft });
    }, 150);
    return () => clearTimeout(timer);
  }, [draft, loaded, store]);

  const set = (key: string, change: Partial<ReceiptLine>) => setDraft((d) => ({ ...d, lines: d.lines.map((l) => (l.key === key ? { ...l, ...change } : l)) }));
  const add = (sku: Sku) => {
    const last = batches.get(sku.id)?.at(-1);
    setDraft((d) => ({ ...d, lines: [...d.lines, { key: uuidv7(), skuId: sku.id, batchNo: "", mfgOn: "", expiresOn: "", mrp: last?.mrp ?? sku.mrp ?? "", unitCost: last?.cost ?? "", billed: "", free: "", damaged: "", short: "" }] }));
  };
  const faults = draft.lines.map((l) => faultsOf(l, skus.get(l.skuId)?.expiryTracked === true));
  const bad = faults.filter((f) => Object.keys(f).length > 0).length;
  const read = (line: ReceiptLine, field: "billed" | "free" | "damaged" | "short", text: string) => {
    const result = text.trim() ? readQuantity(rules, skus.get(line.skuId), text) : { qty: "" };
    if ("qty" in result) set(line.key, { [field]: result.qty } as Partial<ReceiptLine>);
  };
  const post = async () => {
    setTried(true);
    if (!draft.number.trim() || draft.lines.length === 0 || bad > 0 || !context || !warehouseId || !principalId) return;
    await enqueue(store, {
      id: draft.id, kind: "goods-receipt", businessDate: context.businessDate, draftId: draft.id,
      body: {
        id: draft.id, distributorId, principalId, warehouseId, businessDate: context.businessDate, principalInvoiceNumber: draft.number.trim(), principalInvoiceOn: on,
        lines: draft.lines.map((l, i) => ({ line: i + 1, skuId: l.skuId, batchNo: l.batchNo.trim(), mfgOn: l.mfgOn || null, expiresOn: l.expiresOn || null, mrp: l.mrp, unitCost: l.unitCost, billedQty: l.billed || "0", freeQty: l.free || "0", goodQty: goodQty(l), damagedQty: l.damaged || "0", shortQty: l.short || "0" })),
      },
      summary: { kind: "goods-receipt", outletName: context.principals.find((p) => p.id === principalId)?.name ?? null, number: draft.number.trim(), lines: draft.lines.length },
    });
    // pictures go their own way: a receipt is whole without them
    if (draft.pictures?.length) {
      await enqueue(store, {
        id: uuidv7(), kind: "draft", businessDate: context.businessDate, waitsFor: [draft.id], pictures: draft.pictures,
        body: { documentType: "GOODS_RECEIPT", summary: t("receive.picturesOf", { number: draft.number.trim() }), evidence: draft.pictures, content: { documentId: draft.id } },
        summary: { kind: "draft", number: draft.number.trim(), outletName: context.principals.find((p) => p.id === principalId)?.name ?? null },
      });
    }
    toast(t("receive.saved", { number: draft.number }));
    go("receive");
  };
  useKeys({
    "Ctrl+Enter": () => void post(),
    "Alt+D": () => setDraft((d) => ({ ...d, lines: d.lines.slice(0, -1) })),
    "Enter": (e) => {
      const fields = [...document.querySelectorAll<HTMLElement>(".receive input, .receive select")];
      const at = fields.indexOf(e.target as HTMLElement);
      if (at < 0) return false;
      fields[at + 1]?.focus();
      if (fields[at + 1] instanceof HTMLInputElement) (fields[at + 1] as HTMLInputElement).select();
    },
  });
  const cell = (line: ReceiptLine, i: number, field: keyof ReceiptLine, more: { type?: string; width: number; quantity?: boolean }) => (
    <input
      className={`input ${more.type ? "" : "n"}`} style={{ width: more.width }} type={more.type ?? "text"} aria-label={t("receive.cell", { field: t(`receive.${field}`), line: i + 1 })}
      aria-invalid={tried && faults[i]?.[field] ? true : undefined} title={tried && faults[i]?.[field] ? t(faults[i]![field]!) : undefined} autoComplete="off" inputMode={more.type ? undefined : "decimal"}
      value={String(line[field])} onChange={(e) => set(line.key, { [field]: e.target.value } as Partial<ReceiptLine>)} onFocus={(e) => e.target.select()}
      {...(more.quantity ? { onBlur: (e: React.FocusEvent<HTMLInputElement>) => read(line, field as "billed", e.target.value) } : {})}
    />
  );
  return (
    <Screen
      title={t("receive.new")} note={t("receive.note")}
      actions={<><Button keys="Esc" onClick={() => go("receive")}>{t("action.back", { ns: "common" })}</Button><Button kind="primary" keys="Ctrl+Enter" onClick={() => void post()}>{t("receive.post")}</Button></>}
      foot={<KeyStrip keys={[["Enter", "next"], ["Alt+D", "deleteLine"], ["Ctrl+Enter", "post"], ["F1", "help"]]}>{t("receive.counts", { lines: t("count.lines", { count: draft.lines.length }), good: qty(sum(draft.lines.map((l) => (Object.keys(faultsOf(l, false)).length ? "0" : goodQty(l)))), lang) })}</KeyStrip>}
    >
      <div className="receive">
        <div className="form">
          <Field label={t("field.principal")}>{(ids) => <select className="input" {...ids} value={principalId ?? ""} onChange={(e) => setDraft({ ...draft, principalId: Number(e.target.value) })}>{context?.principals.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}</select>}</Field>
          <TextField label={t("receive.number")} autoFocus value={draft.number} onChange={(e) => setDraft({ ...draft, number: e.target.value })} error={tried && !draft.number.trim() ? t("receive.needNumberOf") : undefined} />
          <TextField label={t("receive.on")} type="date" value={on} max={context?.businessDate} onChange={(e) => setDraft({ ...draft, on: e.target.value })} />
          <Field label={t("field.godown")}>{(ids) => <select className="input" {...ids} value={warehouseId ?? ""} onChange={(e) => setDraft({ ...draft, warehouseId: e.target.value })}>{context?.warehouses.map((w) => <option key={w.id} value={w.id}>{w.name}</option>)}</select>}</Field>
        </div>
        {tried && bad > 0 && <div className="note act" role="alert" style={{ margin: "0 16px 8px" }}><Shape tone="act" /><div><b>{t("receive.faults", { count: bad })}</b><ul>{draft.lines.flatMap((l, i) => Object.values(faults[i] ?? {}).map((key) => <li key={`${l.key}-${key}`}>{t("bill.lineNo", { line: i + 1 })} {t(key)}</li>))}</ul></div></div>}
        {tried && draft.lines.length === 0 && <div className="note act" role="alert" style={{ margin: "0 16px 8px" }}><Shape tone="act" />{t("bill.needLines")}</div>}
        <div className="scroll">
          <table className="tbl entry">
            <thead><tr><th className="n">#</th><th>{t("field.item")}</th><th>{t("field.batch")}</th><th>{t("receive.mfgOn")}</th><th>{t("field.expiry")}</th><th className="n">{t("field.mrp")}</th><th className="n">{t("receive.unitCost")}</th><th className="n">{t("receive.billed")}</th><th className="n">{t("field.free")}</th><th className="n">{t("receive.damaged")}</th><th className="n">{t("receive.short")}</th><th className="n">{t("receive.good")}</th></tr></thead>
            <tbody>
              {draft.lines.map((l, i) => (
                <tr key={l.key}>
                  <td className="n m">{i + 1}</td><td><span className="cut">{skus.get(l.skuId)?.name ?? l.skuId}</span></td>
                  <td>{cell(l, i, "batchNo", { type: "text", width: 110 })}</td><td>{cell(l, i, "mfgOn", { type: "date", width: 138 })}</td><td>{cell(l, i, "expiresOn", { type: "date", width: 138 })}</td>
                  <td className="n">{cell(l, i, "mrp", { width: 80 })}</td><td className="n">{cell(l, i, "unitCost", { width: 80 })}</td><td className="n">{cell(l, i, "billed", { width: 72, quantity: true })}</td><td className="n">{cell(l, i, "free", { width: 60, quantity: true })}</td>
                  <td className="n">{cell(l, i, "damaged", { width: 60, quantity: true })}</td><td className="n">{cell(l, i, "short", { width: 60, quantity: true })}</td>
                  <td className="n b">{["billed", "free", "damaged", "short"].every((f) => l[f as "billed"] === "" || isDecimal(l[f as "billed"])) ? qty(goodQty(l), lang) : "–"}</td>
                </tr>
              ))}
              <tr>
                <td className="n m">{draft.lines.length + 1}</td>
                <td colSpan={11}>
                  <Combo<Sku> key={`add-${draft.lines.length}`} className="cell" label={t("bill.itemOfLine", { line: draft.lines.length + 1 })} placeholder={t("bill.itemHint")}
                    options={(text) => search(skuEntries.filter((e) => !principalId || e.item.principalId === principalId), text, NONE, (s) => s.id)} idOf={(s) => s.id}
                    render={(s) => <><span className="grow cut"><b>{s.name}</b> <span className="s m">{s.code}</span></span><span className="n s m">{s.mrp ? money(s.mrp, lang) : ""}</span></>}
                    onAccept={(s) => {
                      if (!s) return;
                      add(s);
                      setTimeout(() => [...document.querySelectorAll<HTMLInputElement>(".receive .entry tbody tr")].at(-2)?.querySelector<HTMLInputElement>("input")?.focus());
                    }} none={t("bill.noSuchItem")} />
                </td>
              </tr>
            </tbody>
          </table>
        </div>
        <Pictures documentId={draft.id} kind="GOODS_RECEIPT" hashes={draft.pictures ?? []} label={t("receive.pictures")} onChange={(pictures) => setDraft((d) => ({ ...d, pictures }))} />
      </div>
    </Screen>
  );
}
