import { useMemo } from "react";
import { Bullet } from "../charts/charts";
import { useFormats } from "../format";
import { List } from "../grid/list";
import type { GridColumn } from "../grid/grid";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { Status } from "../masters/show";
import { useGo, useSearchState } from "../nav";
import { may, useMe } from "../session";
import type { SchemeView } from "./api";
import { Calendar } from "./calendar";
import { useGoods } from "./goods";
import { CODE_OF, formOf, KINDS, kindOf } from "./model";
import { schemeState } from "./parts";
import { summarise } from "./summary";
import { useTexts } from "./texts";

const MECHANICS = ["M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "M9", "M10", "M11", "M12"] as const;

/** T10: every scheme as a list, or when what runs as a calendar. */
export function Schemes() {
  const { t } = useTexts();
  const f = useFormats();
  const me = useMe();
  const go = useGo();
  const goods = useGoods();
  const [search, set] = useSearchState();
  const calendar = search.view === "calendar";
  const columns = useMemo<GridColumn<SchemeView>[]>(() => [
    { id: "name", label: t("field2.name"), width: 232, sortable: true, fixed: true, cell: (r) => r.name, raw: (r) => r.name },
    { id: "code", label: t("field2.code"), width: 132, sortable: true, startsHidden: false, cell: (r) => <span className="code">{r.code}</span>, raw: (r) => r.code },
    { id: "offer", label: t("list.offer"), width: 320, grow: true, cell: (r) => <Offer row={r} />, raw: (r) => offerText(r) },
    { id: "mechanic", label: t("list.mechanic"), width: 88, sortable: true, startsHidden: true, cell: (r) => r.mechanic, raw: (r) => r.mechanic },
    { id: "principal", label: t("field.principal"), width: 112, startsHidden: true, cell: (r) => r.principal, raw: (r) => r.principal },
    { id: "version", label: t("list.version"), width: 72, numeric: true, startsHidden: true, cell: (r) => f.qty(r.version), raw: (r) => r.version },
    { id: "validFrom", label: t("field2.validFrom"), width: 104, sortable: true, cell: (r) => <span className="num">{f.dense(r.validFrom)}</span>, raw: (r) => r.validFrom },
    { id: "validTo", label: t("field2.validTo"), width: 104, sortable: true, cell: (r) => <span className="num">{r.validTo ? f.dense(r.validTo) : "–"}</span>, raw: (r) => r.validTo },
    { id: "budget", label: t("list.budget"), width: 168, cell: (r) => <BudgetCell row={r} />, raw: (r) => r.budget?.total ?? null },
    { id: "used", label: t("list.used"), width: 112, numeric: true, startsHidden: true, cell: (r) => (r.budget ? f.money(r.budget.used) : "–"), raw: (r) => r.budget?.used ?? null },
    { id: "status", label: t("field.status"), width: 124, sortable: true, cell: (r) => <Status value={schemeState(r)} words="schemeStatus" />, raw: (r) => schemeState(r) },
    // the words of a row depend on the names of goods as well
  ], [t, f.language, goods]);

  function offerText(row: SchemeView): string {
    try {
      const [first, ...rest] = summarise(formOf(row.scheme), { goods }, t, f);
      void rest;
      return first ? `${first.text}${first.rows ? ` ${first.rows.map((r) => `${r[0]}: ${r[1]}`).join("; ")}` : ""}` : "";
    } catch {
      return t(`kind.${kindOf(row.scheme)}.name`);
    }
  }
  function Offer({ row }: { row: SchemeView }) {
    const text = offerText(row);
    return <span title={text}>{text}</span>;
  }
  function BudgetCell({ row }: { row: SchemeView }) {
    const b = row.budget;
    if (!b?.total) return <span className="muted">{t("list.noBudget")}</span>;
    const share = Number(b.total) > 0 ? Math.round((Number(b.used) / Number(b.total)) * 100) : 0;
    return <span className="budget-cell" title={t("list.budgetTitle", { used: f.rupees(b.used), total: f.rupees(b.total) })}><span className="grow"><Bullet value={b.used} mark={null} whole={Number(b.total)} /></span><span className={`num s ${share >= 90 ? "neg" : "muted"}`}>{share} %</span></span>;
  }
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("masters.schemes.many")}</h1><p className="s muted">{t("masters.schemes.about")}</p></div>
        <span className="seg" role="group" aria-label={t("list.view")}>
          <button type="button" aria-pressed={!calendar} onClick={() => set({ view: undefined })}>{t("list.list")}</button>
          <button type="button" aria-pressed={calendar} onClick={() => set({ view: "calendar" })}>{t("list.calendar")}</button>
        </span>
        {may(me, "imports") && may(me, "schemes") && <A className="btn hide-p" path="/imports" search={{ new: "schemes" }}><Icon name="imports" />{t("masters.import")}</A>}
        {may(me, "schemes") && <A className="btn pri" path="/schemes/new"><Icon name="plus" />{t("list.new")}</A>}
      </div>
      {calendar ? <Calendar /> : (
        <List<SchemeView>
          id="schemes"
          title={t("masters.schemes.many")}
          path="/api/v1/schemes"
          defaultSort="-validFrom"
          columns={columns}
          rowKey={(r) => String(r.id)}
          rowLabel={(r) => r.name}
          filters={[
            { id: "status", label: t("field.status"), kind: "choice", options: ["ACTIVE", "PAUSED", "ENDED"].map((s) => ({ value: s, label: t(`choice.schemeStatus.${s}`) })) },
            { id: "mechanic", label: t("list.mechanic"), kind: "choice", options: MECHANICS.map((m) => ({ value: m, label: `${m} · ${t(`kind.${KINDS.find((k) => CODE_OF[k] === m)!}.name`)}` })) },
            { id: "principal", label: t("field.principal"), kind: "text" },
            { id: "from", label: t("list.runsFrom"), kind: "date" },
            { id: "to", label: t("list.runsTo"), kind: "date" },
          ]}
          onOpen={(r, beside) => (beside ? window.open(`/tower/schemes/${r.id}`, "_blank") : go(`/schemes/${r.id}`))}
          empty={{ title: t("list.none"), text: t("list.noneText"), action: may(me, "schemes") ? <A className="btn pri" path="/schemes/new">{t("list.new")}</A> : undefined }}
        />
      )}
    </>
  );
}
