import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../format";
import type { GridColumn } from "../grid/grid";
import { List } from "../grid/list";
import { href, useGo } from "../nav";

export const BUCKETS = ["not-due", "1-7", "8-15", "16-30", "31-60", "61-90", "91-180", "over-180"] as const;

interface Owing {
  outletId: string;
  outletCode?: string;
  outletName?: string;
  distributorId: number;
  distributorName?: string | null;
  principalName?: string | null;
  creditLimit?: string | null;
  outstanding?: string | null;
  overdue?: string | null;
  credits?: string | null;
  oldestDueOn?: string | null;
  buckets?: Record<string, string>;
  [more: string]: unknown;
}

const FIELDS: Record<string, string> = { "not-due": "notDue", "1-7": "due1To7", "8-15": "due8To15", "16-30": "due16To30", "31-60": "due31To60", "61-90": "due61To90", "91-180": "due91To180", "over-180": "dueOver180" };

export function bucketOf(row: Owing, bucket: string): string | null {
  const value = row.buckets?.[bucket] ?? row[FIELDS[bucket]!];
  return value === undefined || value === null ? null : String(value);
}

/** Who owes how much, and for how long past due (KPI-52). */
export function Receivables() {
  const { t } = useTranslation();
  const f = useFormats();
  const go = useGo();
  const columns = useMemo<GridColumn<Owing>[]>(() => [
    { id: "outlet", label: t("dimension.outlet"), width: 208, grow: true, fixed: true, cell: (r) => <>{r.outletName ?? r.outletId}{r.outletCode && <span className="s muted code"> {r.outletCode}</span>}</>, raw: (r) => r.outletName ?? r.outletId },
    { id: "distributor", label: t("dimension.distributor"), width: 152, cell: (r) => r.distributorName ?? String(r.distributorId), raw: (r) => r.distributorName ?? r.distributorId },
    { id: "outstanding", label: t("owing.outstanding"), width: 112, numeric: true, cell: (r) => f.money(r.outstanding), raw: (r) => r.outstanding },
    { id: "overdue", label: t("metric.overdue"), width: 112, numeric: true, cell: (r) => <span className={Number(r.overdue ?? 0) > 0 ? "neg m5" : ""}>{f.money(r.overdue)}</span>, raw: (r) => r.overdue },
    ...BUCKETS.map((b): GridColumn<Owing> => ({ id: b, label: t(`bucket.${b}`), group: t("dimension.ageing-bucket"), width: 92, numeric: true, cell: (r) => zero(bucketOf(r, b), f), raw: (r) => bucketOf(r, b) })),
    { id: "credits", label: t("owing.credits"), width: 104, numeric: true, cell: (r) => zero(r.credits, f), raw: (r) => r.credits },
    { id: "creditLimit", label: t("owing.limit"), width: 112, numeric: true, startsHidden: true, cell: (r) => f.money(r.creditLimit), raw: (r) => r.creditLimit },
    { id: "oldestDueOn", label: t("owing.oldest"), width: 104, startsHidden: true, cell: (r) => <span className="num">{f.dense(r.oldestDueOn)}</span>, raw: (r) => r.oldestDueOn },
  ], [t, f]);
  const bills = (r: Owing) => ({ m: "receivable,overdue", by: "invoice", f: `distributor:${r.distributorId};outlet:${r.outletId}`, w: "NOW", c: "NONE" });
  return (
    <>
      <div className="head"><div className="grow"><h1>{t("rail.receivables")}</h1><p className="muted s">{t("owing.about")}</p></div></div>
      <List<Owing>
        id="receivables"
        title={t("rail.receivables")}
        path="/api/v1/receivables/outlets"
        columns={columns}
        filters={[{ id: "distributorId", label: t("dimension.distributor"), kind: "ref", ref: "distributors" }]}
        rowKey={(r) => `${r.distributorId}/${r.outletId}/${String(r.principalId ?? "")}`}
        rowLabel={(r) => r.outletName ?? ""}
        onOpen={(r, beside) => (beside ? void window.open(href("/explore", bills(r)), "_blank", "noopener") : go("/explore", bills(r)))}
        empty={{ title: t("today.noDebt"), text: t("owing.about") }}
      />
    </>
  );
}

function zero(value: string | null | undefined, f: ReturnType<typeof useFormats>) {
  return value === null || value === undefined ? f.na : Number(value) === 0 ? <span className="muted">0</span> : f.money(value);
}
