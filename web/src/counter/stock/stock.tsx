import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Batch, Sku } from "../../offline/types";
import { EmptyState, Shape, dateDense, daysBetween, money, qty } from "../../ui";
import { compare, isPositive, sum } from "../../ui/decimal";
import { search } from "../bill/search";
import { KeyStrip } from "../help";
import { Find, List, Screen, type Column } from "../list";
import { useRoute } from "../router";
import { useSync, useWorkspace } from "../workspace";

interface Row { sku: Sku; batches: Batch[]; saleable: string; reserved: string; damaged: string; expired: string; quarantine: string; nearest: string | null }

const NONE = new Set<unknown>();

/** C5: stock by SKU, godown, bucket and batch, with MRP and expiry. */
export function Stock() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { rest } = useRoute();
  const { skus, skuEntries, batches, context } = useWorkspace();
  const sync = useSync();
  const [text, setText] = useState("");
  const [warehouse, setWarehouse] = useState("");
  const [only, setOnly] = useState("");
  const [selected, setSelected] = useState<string | undefined>(rest[0]);
  const today = context?.businessDate ?? "";

  const rows = useMemo<Row[]>(() => {
    const wanted = text.trim() ? search(skuEntries, text, NONE, (s) => s.id, 500) : [...skus.values()].sort((a, b) => a.name.localeCompare(b.name));
    return wanted.map((sku) => {
      const own = (batches.get(sku.id) ?? []).filter((b) => !warehouse || b.warehouseId === warehouse);
      const sellable = own.filter((b) => isPositive(b.saleable));
      return {
        sku, batches: own, saleable: sum(own.map((b) => b.saleable)), reserved: sum(own.map((b) => b.reserved)), damaged: sum(own.map((b) => b.damaged)), expired: sum(own.map((b) => b.expired)),
        quarantine: sum(own.map((b) => b.quarantine)), nearest: sellable.map((b) => b.expiresOn ?? "").filter(Boolean).sort()[0] ?? null,
      };
    }).filter((row) => {
      switch (only) {
        case "none": return !isPositive(row.saleable);
        case "near": return row.nearest !== null && today !== "" && daysBetween(today, row.nearest) <= 60;
        case "bad": return isPositive(sum([row.damaged, row.expired, row.quarantine]));
        default: return true;
      }
    });
  }, [text, warehouse, only, skus, skuEntries, batches, today]);

  const row = rows.find((r) => String(r.sku.id) === selected) ?? rows[0];
  const number = (value: string) => (isPositive(value) ? qty(value, lang) : compare(value, "0") < 0 ? <span className="bad">{qty(value, lang)}</span> : <span className="m">0</span>);
  const columns: Column<Row>[] = [
    { key: "name", head: t("field.item"), cell: (r) => <span className="i"><span className="cut">{(lang === "hi" && r.sku.nameLocal) || r.sku.name}</span> <span className="s m">{r.sku.code}</span></span> },
    { key: "mrp", head: t("field.mrp"), number: true, width: 80, hide: true, cell: (r) => (r.sku.mrp ? money(r.sku.mrp, lang) : "–") },
    { key: "saleable", head: t("bucket.saleable"), number: true, width: 90, cell: (r) => <b>{number(r.saleable)}</b> },
    { key: "reserved", head: t("bucket.reserved"), number: true, width: 84, hide: true, cell: (r) => number(r.reserved) },
    { key: "damaged", head: t("bucket.damaged"), number: true, width: 84, hide: true, cell: (r) => number(r.damaged) },
    { key: "expired", head: t("bucket.expired"), number: true, width: 76, hide: true, cell: (r) => number(r.expired) },
    { key: "nearest", head: t("stock.nearest"), number: true, width: 132, cell: (r) => (r.nearest ? <ExpiryCell on={r.nearest} today={today} /> : "–") },
  ];
  const soon = sync.groups.find((g) => g.group === "soon");
  return (
    <Screen
      title={t("place.stock")}
      note={soon && t("stock.asOf", { at: new Date(soon.checkedAt).toTimeString().slice(0, 5) })}
      foot={<KeyStrip keys={[["↑ ↓", "rows"], ["/", "filter"], ["F9", "receive"], ["F1", "help"]]}>{t("count.items", { count: rows.length })}</KeyStrip>}
    >
      <div className="filters">
        <Find value={text} onChange={setText} label={t("stock.find")} />
        <label className="filter">{t("field.godown")}: <select className="bare" value={warehouse} onChange={(e) => setWarehouse(e.target.value)}><option value="">{t("filter.all")}</option>{context?.warehouses.map((w) => <option key={w.id} value={w.id}>{w.name}</option>)}</select></label>
        <label className="filter">{t("stock.show")}: <select className="bare" value={only} onChange={(e) => setOnly(e.target.value)}><option value="">{t("filter.all")}</option><option value="none">{t("stock.none")}</option><option value="near">{t("stock.near")}</option><option value="bad">{t("stock.bad")}</option></select></label>
      </div>
      <div className="split">
        <List label={t("place.stock")} items={rows} idOf={(r) => String(r.sku.id)} columns={columns} selected={row ? String(row.sku.id) : undefined} onSelect={setSelected}
          empty={<EmptyState title={t("filter.nothing")}>{t("stock.nothing")}</EmptyState>} />
        {row && (
          <aside className="side" aria-label={row.sku.name}>
            <h2>{(lang === "hi" && row.sku.nameLocal) || row.sku.name}</h2>
            <p className="m s num">{[row.sku.code, row.sku.hsn && `HSN ${row.sku.hsn}`, row.sku.gtins[0], ...row.sku.units.map((u) => `${(u.name || u.code).toLowerCase()} ${u.perBase}`)].filter(Boolean).join(" · ")}</p>
            <h3>{t("stock.batches")}</h3>
            {row.batches.length === 0 && <p className="m">{t("bill.noStock")}</p>}
            {row.batches.length > 0 && (
              <table className="tbl small">
                <thead><tr><th>{t("field.batch")}</th><th className="n">{t("field.mrp")}</th><th className="n">{t("field.expiry")}</th><th className="n">{t("bucket.saleable")}</th></tr></thead>
                <tbody>
                  {row.batches.map((b) => (
                    <tr key={b.id}>
                      <td><div className="num">{b.batchNo}</div>{context && context.warehouses.length > 1 && <div className="s m">{context.warehouses.find((w) => w.id === b.warehouseId)?.name}</div>}</td>
                      <td className="n">{money(b.mrp, lang)}</td>
                      <td className="n">{b.expiresOn ? dateDense(b.expiresOn) : "–"}</td>
                      <td className="n"><b>{number(b.saleable)}</b>{isPositive(b.reserved) && <div className="s m">{t("bill.reserved", { qty: qty(b.reserved, lang) })}</div>}{isPositive(sum([b.damaged, b.expired, b.quarantine])) && <div className="s m">{t("bill.notSaleable", { qty: qty(sum([b.damaged, b.expired, b.quarantine]), lang) })}</div>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            <dl className="facts"><dt>{t("stock.cover")}</dt><dd title={t("stock.coverWhy")}>n/a <span className="s m">{t("stock.coverWhy")}</span></dd></dl>
          </aside>
        )}
      </div>
    </Screen>
  );
}

function ExpiryCell({ on, today }: { on: string; today: string }) {
  const { t } = useTranslation();
  const days = today ? daysBetween(today, on) : 999;
  return <span className={`num ${days <= 60 ? "watching" : ""}`}>{days <= 60 && <Shape tone="watch" />} {dateDense(on)}{days <= 60 && <span className="vh">{t("bill.daysLeft", { count: days })}</span>}</span>;
}
