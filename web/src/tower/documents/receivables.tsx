import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../format";
import type { GridColumn } from "../grid/grid";
import { List } from "../grid/list";
import { useDistributorNames } from "../masters/show";
import { href, useGo } from "../nav";

/** Days past due as the list answers them (KPI-52). */
export const BUCKETS = ["notDue", "days1to7", "days8to15", "days16to30", "days31to60", "days61to90", "over90"] as const;

interface Owing extends Record<(typeof BUCKETS)[number], string> {
  id: string;
  distributorId: number;
  principalId: number;
  outletCode: string;
  outletName: string;
  beat: string;
  creditLimit: string;
  creditDays: number;
  balance: string;
  overdue: string;
  openBills: number;
  oldestDueOn: string | null;
}

/** Who owes how much, and for how long past due (KPI-52). */
export function Receivables() {
  const { t } = useTranslation();
  const f = useFormats();
  const go = useGo();
  const names = useDistributorNames();
  const columns = useMemo<GridColumn<Owing>[]>(() => [
    { id: "outletName", label: t("dimension.outlet"), width: 208, grow: true, fixed: true, sortable: true, cell: (r) => <>{r.outletName} <span className="s muted code">{r.outletCode}</span></>, raw: (r) => r.outletName },
    { id: "distributor", label: t("dimension.distributor"), width: 144, cell: (r) => names.get(String(r.distributorId)) ?? String(r.distributorId), raw: (r) => names.get(String(r.distributorId)) ?? r.distributorId },
    { id: "beat", label: t("dimension.beat"), width: 128, startsHidden: true, cell: (r) => r.beat || "–", raw: (r) => r.beat },
    { id: "balance", label: t("owing.outstanding"), width: 112, numeric: true, sortable: true, cell: (r) => f.money(r.balance), raw: (r) => r.balance },
    { id: "overdue", label: t("metric.overdue"), width: 104, numeric: true, sortable: true, cell: (r) => <span className={Number(r.overdue) > 0 ? "neg m5" : "muted"}>{Number(r.overdue) === 0 ? "0" : f.money(r.overdue)}</span>, raw: (r) => r.overdue },
    ...BUCKETS.map((b): GridColumn<Owing> => ({ id: b, label: t(`bucketShort.${b}`), group: t("dimension.ageing-bucket"), width: 92, numeric: true, cell: (r) => zero(r[b], f), raw: (r) => r[b] })),
    { id: "openBills", label: t("owing.bills"), width: 72, numeric: true, startsHidden: true, cell: (r) => f.qty(r.openBills), raw: (r) => r.openBills },
    { id: "creditLimit", label: t("owing.limit"), width: 112, numeric: true, startsHidden: true, cell: (r) => f.money(r.creditLimit), raw: (r) => r.creditLimit },
    { id: "creditDays", label: t("field.creditDays"), width: 96, numeric: true, startsHidden: true, cell: (r) => f.qty(r.creditDays), raw: (r) => r.creditDays },
    { id: "oldestDueOn", label: t("owing.oldest"), width: 104, startsHidden: true, cell: (r) => <span className="num">{f.dense(r.oldestDueOn)}</span>, raw: (r) => r.oldestDueOn },
  ], [t, f, names]);
  const bills = (r: Owing) => ({ m: "receivable,overdue", by: "invoice", f: `distributor:${r.distributorId};outlet:${r.id}`, w: "NOW", c: "NONE" });
  return (
    <>
      <div className="head"><div className="grow"><h1>{t("rail.receivables")}</h1><p className="muted s">{t("owing.about")}</p></div></div>
      <List<Owing>
        id="receivables"
        title={t("rail.receivables")}
        path="/api/v1/receivables/outlets"
        columns={columns}
        filters={[{ id: "distributorId", label: t("dimension.distributor"), kind: "ref", ref: "distributors" }]}
        rowKey={(r) => `${r.distributorId}/${r.id}/${r.principalId}`}
        defaultSort="-overdue,outletName"
        rowLabel={(r) => r.outletName}
        onOpen={(r, beside) => (beside ? void window.open(href("/explore", bills(r)), "_blank", "noopener") : go("/explore", bills(r)))}
        empty={{ title: t("today.noDebt"), text: t("owing.about") }}
      />
    </>
  );
}

function zero(value: string | null | undefined, f: ReturnType<typeof useFormats>) {
  return value === null || value === undefined ? f.na : Number(value) === 0 ? <span className="muted">0</span> : f.money(value);
}
