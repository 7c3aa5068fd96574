import type { FreeChoice } from "../../rules";
import { compare, sum } from "../../ui/decimal";

/** A line as it is typed. Prices and taxes are not here: the rules module decides them anew on every change. */
export interface BillLine {
  key: string;
  skuId: number;
  /** What was typed: `2c6`. */
  entered: string;
  /** The same in base units, as the rules read it; empty until a quantity is accepted. */
  qty: string;
  batchId?: string;
  manualPrice?: string;
  manualDiscountPercent?: string;
  manualReason?: string;
  note?: string;
}

export type PaymentMode = "CREDIT" | "CASH" | "UPI" | "CHEQUE";

/** A bill being typed. Its id becomes the document's id: made once, before the first try to post. */
export interface Bill {
  id: string;
  outletId: string | null;
  businessDate: string | null;
  paymentMode: PaymentMode;
  saleType: "COUNTER" | "DELIVERY";
  orderId?: string;
  note?: string;
  lines: BillLine[];
  /** Free articles the outlet takes where a scheme offers a list. */
  choices?: FreeChoice[];
  /** Why a refused bill came back, in the server's words; cleared by the next try. */
  refusal?: unknown;
}

export type Field = "outlet" | "item" | "qty" | "discount" | "totals" | "confirm";

/** Where the hands are. `line` may be one past the last: the empty line at the end. */
export interface Cursor { field: Field; line: number; insert?: true }

export interface EntryState {
  bill: Bill;
  cursor: Cursor;
  /** States before, for Ctrl+Z; at most 50. */
  past: Bill[];
}

export type EntryEvent =
  | { type: "outlet"; outletId: string }
  | { type: "item"; skuId: number; key: string }
  | { type: "emptyItem" }
  | { type: "qty"; entered: string; qty: string }
  | { type: "discount"; percent: string; reason: string }
  | { type: "billDiscount"; percent: string; reason: string }
  | { type: "price"; price: string; reason: string }
  | { type: "batch"; batchId: string | undefined }
  | { type: "add"; line: number; qty: string }
  | { type: "choices"; choices: FreeChoice[] | undefined }
  | { type: "mode"; mode: PaymentMode }
  | { type: "date"; businessDate: string }
  | { type: "note"; note: string; line?: number }
  | { type: "back" }
  | { type: "previous" }
  | { type: "up" }
  | { type: "down" }
  | { type: "goto"; cursor: Cursor }
  | { type: "deleteLine" }
  | { type: "insertLine" }
  | { type: "undo" }
  | { type: "scan"; skuId: number; key: string; batchId?: string }
  | { type: "lines"; lines: BillLine[]; orderId?: string }
  | { type: "load"; bill: Bill }
  | { type: "fresh"; id: string; businessDate: string | null };

export function freshBill(id: string, businessDate: string | null): Bill {
  return { id, outletId: null, businessDate, paymentMode: "CREDIT", saleType: "COUNTER", lines: [] };
}

export function start(bill: Bill): EntryState {
  return { bill, past: [], cursor: bill.outletId ? { field: "item", line: bill.lines.length } : { field: "outlet", line: 0 } };
}

/** True when something was typed that must not be dropped. */
export function typed(bill: Bill): boolean {
  return bill.outletId !== null || bill.lines.length > 0 || Boolean(bill.note);
}

/** Lines that count: with an item and a quantity. */
export function counted(bill: Bill): BillLine[] {
  return bill.lines.filter((line) => line.qty !== "");
}

/**
 * The keyboard flow of the bill as a state machine: outlet, item, quantity, next line; an empty item goes to the
 * totals, there one Enter asks and one posts. Pure, so that every key is tested without a screen.
 */
export function step(state: EntryState, event: EntryEvent): EntryState {
  const { bill, cursor } = state;
  const changed = (next: Bill, at: Cursor): EntryState => ({ bill: next, cursor: at, past: [...state.past, bill].slice(-50) });
  const moved = (at: Cursor): EntryState => ({ ...state, cursor: at });
  const at = cursor.line;
  const current = bill.lines[at];
  const replace = (line: BillLine) => bill.lines.map((other, i) => (i === at ? line : other));

  switch (event.type) {
    case "outlet":
      return event.outletId === bill.outletId
        ? moved({ field: "item", line: bill.lines.length })
        : changed({ ...bill, outletId: event.outletId }, { field: "item", line: bill.lines.length });
    case "item":
      if (cursor.insert) {
        const lines = [...bill.lines.slice(0, at), { key: event.key, skuId: event.skuId, entered: "", qty: "" }, ...bill.lines.slice(at)];
        return changed({ ...bill, lines }, { field: "qty", line: at });
      }
      if (current?.skuId === event.skuId) return moved({ field: "qty", line: at });
      if (current) {
        // another item: its batch, price and discount were the old item's
        return changed({ ...bill, lines: replace({ key: current.key, skuId: event.skuId, entered: "", qty: "" }) }, { field: "qty", line: at });
      }
      return changed({ ...bill, lines: [...bill.lines, { key: event.key, skuId: event.skuId, entered: "", qty: "" }] }, { field: "qty", line: bill.lines.length });
    case "emptyItem":
      return moved({ field: "totals", line: at });
    case "qty":
      if (!current) return state;
      if (current.entered === event.entered && current.qty === event.qty) return moved(after(bill, at));
      return changed({ ...bill, lines: replace({ ...current, entered: event.entered, qty: event.qty }) }, after(bill, at));
    case "discount": {
      if (!current) return state;
      const { manualDiscountPercent: _old, manualReason: _why, ...rest } = current;
      const line = compare(event.percent || "0", "0") > 0 ? { ...rest, manualDiscountPercent: event.percent, manualReason: event.reason } : rest;
      return changed({ ...bill, lines: replace(line) }, { field: "qty", line: at });
    }
    case "billDiscount":
      return changed({
        ...bill,
        lines: bill.lines.map(({ manualDiscountPercent: _old, manualReason: _why, ...rest }) =>
          compare(event.percent || "0", "0") > 0 ? { ...rest, manualDiscountPercent: event.percent, manualReason: event.reason } : rest),
      }, cursor);
    case "price": {
      if (!current) return state;
      const { manualPrice: _old, ...rest } = current;
      return changed({ ...bill, lines: replace(event.price ? { ...rest, manualPrice: event.price, manualReason: event.reason } : rest) }, cursor);
    }
    case "batch": {
      if (!current) return state;
      const { batchId: _old, ...rest } = current;
      return changed({ ...bill, lines: replace(event.batchId ? { ...rest, batchId: event.batchId } : rest) }, cursor);
    }
    case "add": {
      const target = bill.lines[event.line - 1];
      if (!target) return state;
      const qty = sum([target.qty || "0", event.qty]);
      return changed({ ...bill, lines: bill.lines.map((line, i) => (i === event.line - 1 ? { ...line, qty, entered: qty } : line)) }, cursor);
    }
    case "choices": {
      const { choices: _old, ...rest } = bill;
      return changed(event.choices?.length ? { ...rest, choices: event.choices } : rest, cursor);
    }
    case "mode":
      return changed({ ...bill, paymentMode: event.mode }, cursor);
    case "date":
      return changed({ ...bill, businessDate: event.businessDate }, cursor);
    case "note":
      return event.line === undefined
        ? changed({ ...bill, note: event.note }, cursor)
        : changed({ ...bill, lines: bill.lines.map((line, i) => (i === event.line ? { ...line, note: event.note } : line)) }, cursor);
    case "back":
    case "previous":
      return moved(cursor.insert ? { field: "item", line: at } : before(bill, cursor));
    case "up":
      return at > 0 && (cursor.field === "item" || cursor.field === "qty") ? moved(settle(bill, { field: cursor.field, line: at - 1 })) : state;
    case "down":
      return at < bill.lines.length && (cursor.field === "item" || cursor.field === "qty") ? moved(settle(bill, { field: cursor.field, line: at + 1 })) : state;
    case "goto":
      return moved(settle(bill, event.cursor));
    case "deleteLine": {
      if (!current) return state;
      const lines = bill.lines.filter((_, i) => i !== at);
      return changed({ ...bill, lines }, settle({ ...bill, lines }, { field: "item", line: Math.min(at, lines.length) }));
    }
    case "insertLine":
      return current ? moved({ field: "item", line: at, insert: true }) : state;
    case "undo": {
      const last = state.past[state.past.length - 1];
      return last ? { bill: last, past: state.past.slice(0, -1), cursor: settle(last, cursor.field === "confirm" ? { field: "item", line: last.lines.length } : cursor) } : state;
    }
    case "scan": {
      const again = bill.lines.findIndex((line) => line.skuId === event.skuId && line.batchId === event.batchId);
      if (again >= 0) {
        const qty = sum([bill.lines[again]!.qty || "0", "1"]);
        const lines = bill.lines.map((line, i) => (i === again ? { ...line, qty, entered: qty } : line));
        return changed({ ...bill, lines }, { field: "item", line: lines.length });
      }
      const line: BillLine = { key: event.key, skuId: event.skuId, entered: "1", qty: "1", ...(event.batchId ? { batchId: event.batchId } : {}) };
      return changed({ ...bill, lines: [...bill.lines, line] }, { field: "item", line: bill.lines.length + 1 });
    }
    case "lines":
      return changed({ ...bill, lines: event.lines, ...(event.orderId ? { orderId: event.orderId } : {}) }, { field: "item", line: event.lines.length });
    case "load":
      return start(event.bill);
    case "fresh":
      return start(freshBill(event.id, event.businessDate));
  }
}

/** After a quantity: the next line, or the empty one. */
function after(bill: Bill, line: number): Cursor {
  return { field: "item", line: Math.min(line + 1, bill.lines.length) };
}

function before(bill: Bill, cursor: Cursor): Cursor {
  switch (cursor.field) {
    case "confirm": return { field: "totals", line: cursor.line };
    case "totals": return { field: "item", line: bill.lines.length };
    case "discount": return { field: "qty", line: cursor.line };
    case "qty": return { field: "item", line: cursor.line };
    case "item": return cursor.line > 0 ? { field: "qty", line: cursor.line - 1 } : { field: "outlet", line: 0 };
    case "outlet": return cursor;
  }
}

/** Keeps the cursor on something that exists. */
function settle(bill: Bill, cursor: Cursor): Cursor {
  const line = Math.max(0, Math.min(cursor.line, bill.lines.length));
  if (cursor.field === "qty" || cursor.field === "discount") return line < bill.lines.length ? { field: cursor.field, line } : { field: "item", line };
  return { field: cursor.field, line };
}
