import { describe, expect, it } from "vitest";
import type { InvoiceLine, InvoiceView } from "../../api/documents";
import { capacity, paginate, paperOf, sheet, upiPayload } from "./paper";
import { amountInWords } from "./words";

const seller = { name: "Kesar Traders", upiId: "kesar@example", gstin: "27PQRST5678K1Z2", stateCode: "27" };
const line = (n: number, more: Partial<InvoiceLine> = {}): InvoiceLine => ({
  line: n, skuId: n, skuName: `Item ${n}`, hsn: "340111", mrp: "40.00", batches: [{ batchNo: `B${n}`, expiresOn: "2027-03-31", qty: "12" }], qty: "12", unitPrice: "34.63", gross: "415.56",
  schemeDiscount: "8.31", manualDiscount: "0.00", taxable: "407.25", taxRate: "0.05", cgst: "10.18", sgst: "10.18", igst: "0.00", cess: "0.00", total: "427.61", ...more,
});
const view = (lines: InvoiceLine[], more: Partial<InvoiceView> = {}): InvoiceView => ({
  id: "i", number: "KT26/1234", businessDate: "2026-11-23", postedAt: "2026-11-23T08:37:00Z", status: "POSTED", paymentMode: "CREDIT", distributorId: 7, principalId: 1,
  outlet: { id: "o", code: "O1", name: "Annapurna", stateCode: "27" }, lines,
  totals: { gross: "415.56", schemeDiscount: "8.31", manualDiscount: "0.00", taxable: "407.25", cgst: "10.18", sgst: "10.18", igst: "0.00", cess: "0.00", rounding: "0.39", payable: "428.00" }, ...more,
});
const paper = (lines: InvoiceLine[], more: Partial<InvoiceView> = {}) => paperOf(view(lines, more), { seller, currency: "INR" });

describe("paper [BIL-11]", () => {
  it("[BIL-11] is a tax invoice with a number and a UPI code, and an order without either", () => {
    expect(paper([line(1)]).kind).toBe("invoice");
    expect(paper([line(1)]).upi).toBe("upi://pay?pa=kesar@example&pn=Kesar%20Traders&am=428.00&cu=INR&tn=KT26%2F1234");
    const order = paper([line(1)], { number: null });
    expect([order.kind, order.upi]).toEqual(["order", null]);
    const note = paper([line(1)], { kind: "CREDIT_NOTE" });
    expect([note.isNote, note.upi]).toEqual([true, null]);
    expect(upiPayload({ name: "x" }, "1.00", "n")).toBeNull();
  });

  it("[BIL-11] puts free goods beside their item, and on a row of their own when they are another item or carry a price", () => {
    const free = (skuId: number, more: Partial<InvoiceLine> = {}) => line(skuId, { qty: "2", taxable: "0.00", cgst: "0.00", sgst: "0.00", total: "0.00", free: true, schemeDiscount: "0.00", ...more });
    const made = paper([line(1), line(2)], { freeLines: [free(1), free(9), free(2, { taxable: "32.40" })] });
    expect(made.lines.map((l) => [l.qty, l.free])).toEqual([["12", "2"], ["12", "0"], ["0", "2"], ["0", "2"]]);
    expect(made.freePieces).toBe("6");
  });

  it("[BIL-11] sums tax by HSN and rate from the lines", () => {
    const made = paper([line(1), line(2), line(3, { hsn: "190531" }), line(4, { taxRate: "0.18" })]);
    expect(made.byHsn.map((r) => [r.hsn, r.rate, r.taxable])).toEqual([["190531", "0.05", "407.25"], ["340111", "0.05", "814.5"], ["340111", "0.18", "407.25"]].map(([h, r, x]) => [h, r, Number(x).toFixed(2)]));
    expect(made.byRate.map((r) => [r.rate, r.cgst])).toEqual([["0.05", "30.54"], ["0.18", "10.18"]]);
  });

  it("[BIL-11] never leaves the totals alone on a page, and loses no line", () => {
    for (const [size, landscape] of [["A4", false], ["A5", true], ["A5", false]] as const) {
      const { full, last } = capacity(size, landscape, 5);
      for (let n = 1; n <= 130; n++) {
        const pages = paginate(n, full, last);
        expect(pages.reduce((a, b) => a + b)).toBe(n);
        expect(pages[pages.length - 1]).toBeGreaterThanOrEqual(Math.min(n, 1));
        expect(pages[pages.length - 1]).toBeLessThanOrEqual(last);
        expect(Math.max(...pages)).toBeLessThanOrEqual(full);
      }
    }
    expect(paginate(12, 19, 12)).toEqual([12]);
    expect(paginate(20, 19, 12)).toEqual([17, 3]);
    expect(paginate(19, 19, 12)).toEqual([16, 3]);
  });

  it("[BIL-11] knows the sheets", () => {
    expect([sheet("A4", true), sheet("A5", true), sheet("A5", false), sheet("80mm", false)]).toEqual([
      { width: 210, height: 297 }, { width: 210, height: 148 }, { width: 148, height: 210 }, { width: 80, height: undefined },
    ]);
  });
});

describe("amount in words [BIL-11]", () => {
  it.each([
    ["11334.00", "Rupees eleven thousand three hundred thirty-four only", "ग्यारह हज़ार तीन सौ चौंतीस रुपये मात्र"],
    ["0.50", "Rupees zero and fifty paise only", "शून्य रुपये पचास पैसे मात्र"],
    ["100000.00", "Rupees one lakh only", "एक लाख रुपये मात्र"],
    ["12345678.09", "Rupees one crore twenty-three lakh forty-five thousand six hundred seventy-eight and nine paise only", "एक करोड़ तेईस लाख पैंतालीस हज़ार छह सौ अठहत्तर रुपये नौ पैसे मात्र"],
  ])("[BIL-11] %s", (amount, en, hi) => {
    expect(amountInWords(amount, "en")).toBe(en);
    expect(amountInWords(amount, "hi")).toBe(hi);
  });
});
