/** How the tax law of a country calls a document and its parts, as the server hands it with every document and snapshot. */
export interface LawPaper {
  regime: string;
  country: string;
  title: string;
  titleText?: string | null;
  titleLocal?: string | null;
  taxIdName: string;
  taxName: string;
  codeName: string;
  heads: { code: string; label: string }[];
}

/** The member of a line, a tax row or the totals that carries a head. */
export type HeadKey = "cgst" | "sgst" | "igst" | "cess" | "vat";

export interface Head { key: HeadKey; label: string }

/** What a document without a paper of its own was printed under. */
export const indiaPaper: LawPaper = {
  regime: "IN_GST", country: "IN", title: "TAX_INVOICE", taxIdName: "GSTIN", taxName: "GST", codeName: "HSN",
  heads: [{ code: "CGST", label: "CGST" }, { code: "SGST", label: "SGST" }, { code: "IGST", label: "IGST" }, { code: "CESS", label: "Cess" }],
};

/** The columns of tax a document shows: under GST the one or the other pair, else every head the law has. */
export function headsOf(law: LawPaper, interState: boolean): Head[] {
  const all = law.heads.map((head) => ({ key: head.code.toLowerCase() as HeadKey, label: head.label }));
  if (law.regime !== "IN_GST") return all;
  return all.filter((head) => (interState ? head.key === "igst" : head.key === "cgst" || head.key === "sgst"));
}

/** The same in one word, for the line of totals: `CGST + SGST`, `VAT`; empty where no tax is charged. */
export function headWords(law: LawPaper, interState: boolean): string {
  return headsOf(law, interState).map((head) => head.label).join(" + ");
}

/** The language to write figures in: lakh and crore are India's. */
export function figureLanguage(law: LawPaper, language: string): string {
  return language.startsWith("en") && law.country !== "" && law.country !== "IN" ? `en-${law.country}` : language;
}
