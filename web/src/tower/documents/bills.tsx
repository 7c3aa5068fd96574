import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../format";
import type { GridColumn } from "../grid/grid";
import { List } from "../grid/list";
import { Status, useDistributorNames } from "../masters/show";
import { A } from "../kit/link";
import { href, useGo } from "../nav";
import { mayRead, useMe } from "../session";

interface BillRow {
  id: string;
  number: string;
  kind: string;
  businessDate: string;
  distributorId: number;
  outletName: string;
  outletCode: string;
  paymentMode: string;
  payable: string;
  status: string;
}

/** Posted invoices of all distributors in scope. */
export function Bills() {
  const { t } = useTranslation();
  const f = useFormats();
  const go = useGo();
  const names = useDistributorNames();
  const me = useMe();
  const columns = useMemo<GridColumn<BillRow>[]>(() => [
    { id: "number", label: t("bill.number"), width: 152, fixed: true, sortable: true, cell: (r) => <span className="code">{r.number}</span>, raw: (r) => r.number },
    { id: "businessDate", label: t("bill.date"), width: 112, sortable: true, cell: (r) => <span className="num">{f.dense(r.businessDate)}</span>, raw: (r) => r.businessDate },
    { id: "outletName", label: t("dimension.outlet"), width: 220, grow: true, sortable: true, cell: (r) => <>{r.outletName} <span className="s muted code">{r.outletCode}</span></>, raw: (r) => r.outletName },
    { id: "distributor", label: t("dimension.distributor"), width: 176, cell: (r) => names.get(String(r.distributorId)) ?? String(r.distributorId), raw: (r) => names.get(String(r.distributorId)) ?? r.distributorId },
    { id: "paymentMode", label: t("bill.mode"), width: 96, cell: (r) => (r.paymentMode ? t(`choice.paymentMode.${r.paymentMode}`, { defaultValue: r.paymentMode }) : "–"), raw: (r) => r.paymentMode },
    { id: "payable", label: `${t("bill.payable")}, ${f.rupee}`, width: 128, numeric: true, sortable: true, cell: (r) => <span className={r.kind.endsWith("CREDIT_NOTE") ? "neg" : ""}>{f.money(r.payable)}</span>, raw: (r) => r.payable },
    { id: "status", label: t("field.status"), width: 120, cell: (r) => (r.status ? <Status value={r.status} words="billStatus" /> : "–"), raw: (r) => r.status },
  ], [t, f, names]);
  return (
    <>
      <div className="head"><div className="grow"><h1>{t("rail.bills")}</h1><p className="muted s">{t("bill.about")}</p></div>{mayRead(me, "TAX_READ") && <A className="btn" path="/bills/tax">{t("bill.taxOffice")}</A>}</div>
      <List<BillRow>
        id="bills"
        title={t("rail.bills")}
        path="/api/v1/invoices"
        columns={columns}
        filters={[
          { id: "distributorId", label: t("dimension.distributor"), kind: "ref", ref: "distributors" },
          { id: "outletId", label: t("dimension.outlet"), kind: "ref", ref: "outlets" },
          { id: "status", label: t("field.status"), kind: "choice", options: ["POSTED", "DELIVERED", "CANCELLED"].map((v) => ({ value: v, label: t(`choice.billStatus.${v}`) })) },
          { id: "paymentMode", label: t("bill.mode"), kind: "choice", options: ["CREDIT", "CASH", "UPI", "CHEQUE"].map((v) => ({ value: v, label: t(`choice.paymentMode.${v}`) })) },
          { id: "kind", label: t("field.documentType"), kind: "choice", options: ["INVOICE", "CREDIT_NOTE", "DEBIT_NOTE", "FINANCIAL_CREDIT_NOTE"].map((v) => ({ value: v, label: t(`choice.documentType.${v}`) })) },
          { id: "from", label: t("window.from"), kind: "date" },
          { id: "to", label: t("window.to"), kind: "date" },
        ]}
        defaultSort="-businessDate"
        rowKey={(r) => r.id}
        rowLabel={(r) => r.number}
        onOpen={(r, beside) => (beside ? void window.open(href(`/bills/${r.id}`), "_blank", "noopener") : go(`/bills/${r.id}`))}
        empty={{ title: t("bill.none"), text: t("bill.noneText") }}
      />
    </>
  );
}
