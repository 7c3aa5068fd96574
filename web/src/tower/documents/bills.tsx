import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../format";
import type { GridColumn } from "../grid/grid";
import { List } from "../grid/list";
import { Status } from "../masters/show";
import { href, useGo } from "../nav";

interface BillRow {
  id: string;
  number: string;
  kind?: string;
  businessDate: string;
  distributorId: number;
  distributor?: string | null;
  distributorName?: string | null;
  outletName?: string | null;
  outletCode?: string | null;
  outlet?: { name?: string; code?: string } | string | null;
  paymentMode?: string;
  payable?: string | null;
  total?: string | null;
  status?: string | null;
}

export function outletOf(row: BillRow): string {
  if (row.outletName) return row.outletName;
  return typeof row.outlet === "object" ? (row.outlet?.name ?? "") : (row.outlet ?? "");
}

/** Posted invoices of all distributors in scope. */
export function Bills() {
  const { t } = useTranslation();
  const f = useFormats();
  const go = useGo();
  const columns = useMemo<GridColumn<BillRow>[]>(() => [
    { id: "number", label: t("bill.number"), width: 152, fixed: true, sortable: true, cell: (r) => <span className="code">{r.number}</span>, raw: (r) => r.number },
    { id: "businessDate", label: t("bill.date"), width: 112, sortable: true, cell: (r) => <span className="num">{f.dense(r.businessDate)}</span>, raw: (r) => r.businessDate },
    { id: "outlet", label: t("dimension.outlet"), width: 220, grow: true, cell: (r) => outletOf(r) || "–", raw: (r) => outletOf(r) },
    { id: "distributor", label: t("dimension.distributor"), width: 176, cell: (r) => r.distributorName ?? r.distributor ?? String(r.distributorId), raw: (r) => r.distributorName ?? r.distributor ?? r.distributorId },
    { id: "paymentMode", label: t("bill.mode"), width: 96, cell: (r) => (r.paymentMode ? t(`choice.paymentMode.${r.paymentMode}`, { defaultValue: r.paymentMode }) : "–"), raw: (r) => r.paymentMode },
    { id: "payable", label: `${t("bill.payable")}, ${f.rupee}`, width: 128, numeric: true, cell: (r) => f.money(r.payable ?? r.total), raw: (r) => r.payable ?? r.total },
    { id: "status", label: t("field.status"), width: 120, cell: (r) => (r.status ? <Status value={r.status} words="billStatus" /> : "–"), raw: (r) => r.status },
  ], [t, f]);
  return (
    <>
      <div className="head"><div className="grow"><h1>{t("rail.bills")}</h1><p className="muted s">{t("bill.about")}</p></div></div>
      <List<BillRow>
        id="bills"
        title={t("rail.bills")}
        path="/api/v1/invoices"
        columns={columns}
        filters={[
          { id: "distributorId", label: t("dimension.distributor"), kind: "ref", ref: "distributors" },
          { id: "outletId", label: t("dimension.outlet"), kind: "ref", ref: "outlets" },
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
