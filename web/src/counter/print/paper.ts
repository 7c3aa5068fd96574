import type { InvoiceLine, InvoiceView, OutletAsPrinted, SellerAsPrinted, TaxOnPaper } from "../../api/documents";
import { indiaPaper, type LawPaper } from "../../api/law";
import { isoDay } from "../../rules";
import { compare, isPositive, sum } from "../../ui/decimal";
import { taxByRate } from "../bill/decide";
import type { PaperSize } from "../settings/preferences";

/** A row on paper: one item, one MRP, one price. */
export interface PaperLine {
  no: number; name: string; nameLocal: string | null; code: string; hsn: string; batch: string; expiry: string | null; mrp: string | null; qty: string; free: string; unit: string;
  rate: string | null; discount: string; taxable: string; taxRate: string | null; cgst: string; sgst: string; igst: string; cess: string; vat: string; total: string;
}

export interface TaxRow { rate: string; hsn?: string; taxable: string; cgst: string; sgst: string; igst: string; cess: string; vat: string }

/** What a control unit gave a document: printed beside it. */
export interface Stamp { number: string; qr: string; signature: string; internalData: string; at: string }

/** Everything a template prints; nothing is computed after this. */
export interface Paper {
  kind: "invoice" | "order";
  /** A credit or debit note: it has a number of its own kind and names the invoice it is against. */
  isNote: boolean;
  /** As the tax law calls it (IN-26, r.46A). */
  title: string;
  tax: TaxOnPaper | null;
  number: string | null;
  date: string;
  postedAt: string | null;
  seller: SellerAsPrinted;
  buyer: OutletAsPrinted;
  placeOfSupply: string;
  interState: boolean;
  paymentMode: string;
  dueOn: string | null;
  lines: PaperLine[];
  byRate: TaxRow[];
  byHsn: TaxRow[];
  totals: InvoiceView["totals"];
  pieces: string;
  freePieces: string;
  currency: string;
  upi: string | null;
  note: string | null;
  cancelled: boolean;
  /** How the law calls the document and its parts. */
  law: LawPaper;
  stamp: Stamp | null;
}

/** What a UPI app reads from the code: payee, amount and the bill's number (NPCI's linking specification). */
export function upiPayload(seller: SellerAsPrinted, amount: string, note: string, currency = "INR"): string | null {
  if (!seller.upiId || currency !== "INR" || !isPositive(amount)) return null;
  const part = (text: string) => encodeURIComponent(text);
  return `upi://pay?pa=${seller.upiId}&pn=${part(seller.upiName ?? seller.name)}&am=${amount}&cu=INR&tn=${part(note)}`;
}

/** A posted invoice, or a bill of this device, as it goes on paper. Without a number it is an order, never a tax invoice. */
export function paperOf(view: InvoiceView, fallback: { seller: SellerAsPrinted; currency: string; law?: LawPaper | null | undefined; stamp?: Stamp | null; skus?: Map<number, { name: string; nameLocal?: string | null; code: string; hsn?: string | null; baseUnit: string }> }): Paper {
  const seller: SellerAsPrinted = { ...fallback.seller, ...definedOnly(view.seller ?? {}) } as SellerAsPrinted;
  const paid = (view.freeLines ? view.lines : view.lines.filter((line) => !line.free)).filter((line) => !line.free);
  const free = [...(view.freeLines ?? []), ...(view.freeLines ? [] : view.lines.filter((line) => line.free))];
  const named = (line: InvoiceLine) => {
    const sku = fallback.skus?.get(Number(line.skuId));
    return { name: line.skuName ?? sku?.name ?? line.skuCode ?? String(line.skuId), nameLocal: line.skuNameLocal ?? sku?.nameLocal ?? null, code: line.skuCode ?? sku?.code ?? "", hsn: line.hsn ?? sku?.hsn ?? "", unit: line.unit ?? sku?.baseUnit ?? "" };
  };
  const rows: (Omit<PaperLine, "no"> & { skuId: string })[] = paid.map((line) => ({ ...named(line), ...rowOf(line), skuId: String(line.skuId) }));
  for (const line of free) {
    const beside = rows.find((row) => row.skuId === String(line.skuId) && compare(row.mrp ?? "0", line.mrp ?? "0") === 0 && row.rate !== null);
    // free goods stand in the free column of their item; with a price of their own, or of another item, they get a row
    if (beside && !isPositive(line.taxable)) beside.free = sum([beside.free, line.qty]);
    else rows.push({ ...named(line), ...rowOf({ ...line, unitPrice: null }), qty: "0", free: line.qty, skuId: String(line.skuId) });
  }
  const taxes = view.taxes ?? [];
  const fromLines = [...paid, ...free].filter((line) => line.taxRate !== null && line.taxRate !== undefined)
    .map((line) => ({ rate: line.taxRate!, hsn: named(line).hsn, taxable: line.taxable, cgst: line.cgst, sgst: line.sgst, igst: line.igst, cess: line.cess ?? "0", vat: line.vat ?? "0" }));
  return {
    kind: view.number ? "invoice" : "order", isNote: (view.kind ?? "INVOICE") !== "INVOICE", title: view.paper?.title ?? titleOf(seller, view.outlet, [...paid, ...free]), tax: view.tax ?? null, number: view.number, date: view.businessDate, postedAt: view.postedAt, seller, buyer: view.outlet,
    placeOfSupply: view.placeOfSupply ?? view.outlet.stateCode ?? seller.stateCode ?? "", interState: view.interState ?? isPositive(view.totals.igst),
    paymentMode: view.paymentMode, dueOn: view.dueOn ?? null,
    lines: rows.map(({ skuId: _id, ...row }, i) => ({ no: i + 1, ...row })),
    byRate: taxByRate(taxes.length ? taxes : fromLines), byHsn: byHsn(fromLines.length ? fromLines : taxes), totals: view.totals,
    pieces: sum(rows.map((row) => row.qty)), freePieces: sum(rows.map((row) => row.free)), currency: view.seller?.currency ?? fallback.currency,
    // what the outlet gets is not asked of it
    upi: view.number && (view.kind ?? "INVOICE") === "INVOICE" ? upiPayload(seller, view.totals.payable, view.number, view.seller?.currency ?? fallback.currency) : null,
    note: view.note ?? null, cancelled: view.status === "CANCELLED", law: { ...indiaPaper, ...(view.paper ?? fallback.law) }, stamp: fallback.stamp ?? null,
  };
}

/** The title of a bill that the server has not answered yet: from the seller, the buyer and its rates. */
export function titleOf(seller: SellerAsPrinted, buyer: OutletAsPrinted, lines: InvoiceLine[]): string {
  if (seller.registration === "UNREGISTERED") return "INVOICE";
  if (seller.registration === "COMPOSITION") return "BILL_OF_SUPPLY";
  // zero-rated goods are taxable ones: their bill is a tax invoice (IGST s.16)
  const isTaxed = (line: InvoiceLine) => isPositive(line.taxRate ?? "0") || line.taxKind === "ZERO_RATED";
  const taxed = lines.some(isTaxed);
  const exempt = lines.some((line) => !isTaxed(line));
  if (!taxed && exempt) return "BILL_OF_SUPPLY";
  return taxed && exempt && !buyer.gstin && buyer.registration !== "EXPORT" ? "INVOICE_CUM_BILL_OF_SUPPLY" : "TAX_INVOICE";
}

function definedOnly<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== null && v !== undefined && v !== "")) as Partial<T>;
}

function rowOf(line: InvoiceLine): Omit<PaperLine, "no" | "name" | "nameLocal" | "code" | "hsn" | "unit"> {
  const batches = line.batches ?? (line.batchNo ? [{ batchNo: line.batchNo, expiresOn: line.expiresOn ?? null, qty: line.qty }] : []);
  const expiries = batches.flatMap((b) => (b.expiresOn ? [typeof b.expiresOn === "number" || /^\d+$/.test(String(b.expiresOn)) ? isoDay(Number(b.expiresOn))! : String(b.expiresOn)] : []));
  return {
    batch: batches.map((b) => b.batchNo ?? "").filter(Boolean).join(", "), expiry: expiries.sort()[0] ?? null, mrp: line.mrp ?? null, qty: line.qty, free: line.freeQty ?? "0",
    rate: line.unitPrice, discount: sum([line.schemeDiscount ?? "0", line.manualDiscount ?? "0"], 2), taxable: line.taxable, taxRate: line.taxRate ?? null,
    cgst: line.cgst, sgst: line.sgst, igst: line.igst, cess: line.cess ?? "0", vat: line.vat ?? "0", total: line.total,
  };
}

function byHsn(rows: { rate: string; hsn?: string | undefined; taxable: string; cgst: string; sgst: string; igst: string; cess?: string | undefined; vat?: string | undefined }[]): TaxRow[] {
  const groups = new Map<string, typeof rows>();
  for (const row of rows) {
    const key = `${row.hsn ?? ""}/${sum([row.rate])}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.entries()].sort(([a], [b]) => a.localeCompare(b)).map(([key, list]) => ({
    hsn: key.split("/")[0]!, rate: key.split("/")[1]!, taxable: sum(list.map((r) => r.taxable), 2), cgst: sum(list.map((r) => r.cgst), 2),
    sgst: sum(list.map((r) => r.sgst), 2), igst: sum(list.map((r) => r.igst), 2), cess: sum(list.map((r) => r.cess ?? "0"), 2), vat: sum(list.map((r) => r.vat ?? "0"), 2),
  }));
}

/** Size of a sheet in millimetres; a roll's height is measured. */
export function sheet(size: PaperSize, landscape: boolean): { width: number; height: number | undefined } {
  switch (size) {
    case "A4": return { width: 210, height: 297 };
    case "A5": return landscape ? { width: 210, height: 148 } : { width: 148, height: 210 };
    case "80mm": return { width: 80, height: undefined };
  }
}

/** How many rows fit on a sheet that goes on, and on the last one above its totals; the portal's code in the head takes the room of some. */
export function capacity(size: "A4" | "A5", landscape: boolean, hsnRows: number, signed = false): { full: number; last: number } {
  const head = signed ? 4 : 0;
  if (size === "A4") {
    const extra = Math.max(0, hsnRows - 7);
    return { full: 42 - head, last: Math.max(4, 31 - extra - head) };
  }
  if (landscape) return { full: 19 - head, last: 12 - head };
  return { full: 27 - head, last: 15 - head };
}

/** Rows per sheet: every sheet but the last is full, and the totals always keep some rows beside them. */
export function paginate(count: number, full: number, last: number): number[] {
  if (count <= last) return [count];
  const pages: number[] = [];
  let left = count;
  while (left > last) {
    const take = Math.min(full, left);
    pages.push(take);
    left -= take;
  }
  if (left > 0) pages.push(left);
  else pages.push(0);
  const keep = Math.min(3, last);
  const end = pages.length - 1;
  if (pages[end]! < keep && end > 0) {
    const move = keep - pages[end]!;
    pages[end - 1]! -= move;
    pages[end]! += move;
  }
  return pages;
}
