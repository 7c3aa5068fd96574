import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, it } from "vitest";
import { figureLanguage, headsOf, headWords, indiaPaper, type LawPaper } from "../../api/law";
import type { InvoiceView } from "../../api/documents";
import { startTexts } from "../../i18n";
import { money } from "../../ui/format";
import { paperOf, type Stamp } from "./paper";
import { Sheets } from "./sheets";
import { amountInWords } from "./words";

const kenya: LawPaper = {
  regime: "KE_VAT", country: "KE", title: "TAX_INVOICE", titleText: "Tax invoice", titleLocal: "Ankara ya kodi", taxIdName: "PIN", taxName: "VAT", codeName: "HS code", heads: [{ code: "VAT", label: "VAT" }],
};
const line = { line: 1, skuId: 1, skuName: "Soap bar", hsn: "340111", mrp: null, batches: [], qty: "10", unitPrice: "34.63", gross: "346.30", schemeDiscount: "0.00", manualDiscount: "0.00", taxable: "346.30", taxRate: "0.16", cgst: "0.00", sgst: "0.00", igst: "0.00", cess: "0.00", vat: "55.41", total: "401.71" };
const view: InvoiceView = {
  id: "i", number: "KE26/17", businessDate: "2026-11-26", postedAt: "2026-11-26T08:37:00Z", status: "POSTED", paymentMode: "CREDIT", distributorId: 7, principalId: 1, paper: kenya, placeOfSupply: "KE", interState: false,
  outlet: { id: "o", code: "O1", name: "Mama Njeri Stores", stateCode: "KE", gstin: "P000111222Z" }, lines: [line],
  seller: { name: "Karibu Distributors", gstin: "P051234567X", stateCode: "KE", city: "Nairobi", pin: "00100", currency: "KES", upiId: "x@y" },
  taxes: [{ rate: "0.16", hsn: "340111", taxable: "346.30", cgst: "0.00", sgst: "0.00", igst: "0.00", vat: "55.41" }],
  totals: { gross: "346.30", schemeDiscount: "0.00", manualDiscount: "0.00", taxable: "346.30", cgst: "0.00", sgst: "0.00", igst: "0.00", cess: "0.00", vat: "55.41", rounding: "0.00", payable: "401.71" },
};
const stamp: Stamp = { number: "KRACU0100000001/17", qr: "https://etims.kra.go.ke/x", signature: "SIG", internalData: "INT", at: "2026-11-26T08:38:00Z" };
const options = { size: "A4" as const, landscape: false, language: "en", copies: 1, printedBefore: 0 };
const print = (law: InvoiceView, size: "A4" | "80mm", with_: Stamp | null = null) =>
  renderToStaticMarkup(<Sheets paper={paperOf(law, { seller: { name: "x" }, currency: "INR", stamp: with_ })} options={{ ...options, size }} />);

describe("a Kenyan tax invoice on paper [LOC-01] [BIL-11]", () => {
  beforeAll(async () => {
    await startTexts(["common", "counter"], "en");
  });

  it.each(["A4", "80mm"] as const)("[LOC-01] %s has its title, PIN and one column of VAT, and nothing of India's", (size) => {
    const html = print(view, size, stamp);
    for (const text of ["Tax invoice · Ankara ya kodi", "PIN P051234567X", "P000111222Z", "VAT", "HS code", "55.41", "401.71", "KRACU0100000001/17", "SIG"]) expect(html).toContain(text);
    for (const text of ["CGST", "SGST", "IGST", "GSTIN", "HSN", "Reverse charge", "State code", "upi://"]) expect(html).not.toContain(text);
    expect(html).toContain('data-qr="https://etims.kra.go.ke/x"');
  });

  it("[LOC-01] an Indian bill keeps its heads", () => {
    const { paper: _paper, ...old } = view;
    const html = print({ ...old, outlet: { ...old.outlet, stateCode: "27" } }, "A4");
    for (const text of ["CGST", "SGST", "GSTIN", "HSN", "Reverse charge"]) expect(html).toContain(text);
    expect(html).not.toContain("KRACU");
  });

  it("[LOC-01] heads, words and figures follow the law", () => {
    expect(headsOf(indiaPaper, true).map((head) => head.key)).toEqual(["igst"]);
    expect(headWords(indiaPaper, false)).toBe("CGST + SGST");
    expect(headWords(kenya, false)).toBe("VAT");
    expect(headsOf({ ...kenya, heads: [] }, false)).toEqual([]);
    expect(money("1234567.80", figureLanguage(kenya, "en"))).toBe("1,234,567.80");
    expect(money("1234567.80", figureLanguage(indiaPaper, "en"))).toBe("12,34,567.80");
    expect(amountInWords("1234567.50", "en", "KES")).toBe("Kenya shillings one million two hundred thirty-four thousand five hundred sixty-seven and fifty cents only");
    expect(amountInWords("1234567.00", "en", "INR")).toBe("Rupees twelve lakh thirty-four thousand five hundred sixty-seven only");
  });
});
