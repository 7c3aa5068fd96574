import type { LawPaper } from "./law";

/** A posted invoice as GET /api/v1/invoices/{id} shows it; a bill of this device has the same shape without a number. */
export interface InvoiceView {
  id: string;
  kind?: string;
  originalId?: string | null;
  number: string | null;
  series?: string | null;
  businessDate: string;
  postedAt: string | null;
  /** Only where the state is known beside the document, which itself never changes. */
  status?: string;
  saleType?: string;
  paymentMode: string;
  dueOn?: string | null;
  distributorId: number;
  principalId: number;
  outlet: OutletAsPrinted;
  seller?: (SellerAsPrinted & { currency?: string }) | null;
  placeOfSupply?: string | null;
  interState?: boolean;
  lines: InvoiceLine[];
  freeLines?: InvoiceLine[];
  taxes?: { rate: string; taxable: string; cgst: string; sgst: string; igst: string; cess?: string; vat?: string; hsn?: string; qty?: string }[];
  totals: {
    gross: string; schemeDiscount: string; manualDiscount: string; taxable: string; cgst: string; sgst: string; igst: string; cess: string; vat?: string;
    rounding: string; payable: string; beforeRounding?: string;
  };
  schemes?: { code: string; discount?: string }[];
  note?: string | null;
  orderNumber?: string | null;
  ruleBookHash?: string;
  configVersion?: string | number;
  /** How the law calls the document and its parts; absent on documents of India from before. */
  paper?: LawPaper | null;
  /** What the tax office has of it, where it was asked (GET /api/v1/tax/documents/{id}). */
  tax?: TaxOnPaper;
}

/** Of the tax office's answer, what stands on paper. */
export interface TaxOnPaper {
  wording: string[]; undertaking?: string | null; irn: string | null; acknowledgement: string | null; acknowledgedAt: string | null; signedQr: string | null; dynamicQr: string | null;
  eWayBill?: { number: string | null; state: string | null }; original?: { number: string; businessDate: string } | null;
}

export interface OutletAsPrinted {
  id: string; code: string; name: string; nameLocal?: string | null; address?: string | null; city?: string | null; pin?: string | null; stateCode?: string | null;
  stateName?: string | null; gstin?: string | null; phone?: string | null; beat?: string | null; salesman?: string | null; registration?: string | null;
}

export interface SellerAsPrinted {
  name: string; nameLocal?: string | null; legalName?: string | null; address?: string | null; city?: string | null; pin?: string | null; stateCode?: string | null; stateName?: string | null;
  gstin?: string | null; registration?: string | null; phone?: string | null; fssai?: string | null; upiId?: string | null; upiName?: string | null; bank?: string | null;
}

export interface InvoiceLine {
  line?: number | null; part?: number; skuId: number | string; skuCode?: string; skuName?: string; skuNameLocal?: string | null; hsn?: string | null; mrp?: string | null;
  batches?: { batchId?: string | null; batchNo?: string | null; expiresOn?: string | number | null; qty: string }[];
  batchNo?: string | null; expiresOn?: string | number | null;
  qty: string; freeQty?: string | null; unit?: string | null; enteredQty?: string | null; unitPrice: string | null; gross?: string | null;
  schemeDiscount?: string | null; manualDiscount?: string | null; taxable: string; taxKind?: string | null; taxRate?: string | null; cgst: string; sgst: string; igst: string; cess?: string | null; vat?: string | null; total: string;
  free?: boolean;
}
