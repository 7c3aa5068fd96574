import { useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, Skeleton } from "../../ui";
import { useFormats } from "../format";
import { Fault, NoRight } from "../frame/faults";
import type { GridColumn } from "../grid/grid";
import { List } from "../grid/list";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { toast } from "../kit/toast";
import { useGo } from "../nav";
import { may, useMe } from "../session";
import { RecordForm, type Saved } from "./form";
import { useRecord } from "./register";
import { registerOf } from "./registers";
import { RecordShow, Status, type Rec } from "./show";

const register = registerOf("price-lists")!;

/** A price list: for whom and from when, and its prices by SKU and MRP. */
export function PriceListPage() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const go = useGo();
  const cache = useQueryClient();
  const { id } = useParams({ strict: false }) as { id: string };
  const isNew = id === "new";
  const found = useRecord("price-lists", id);
  const [editing, setEditing] = useState(false);
  const writes = may(me, "prices");
  const record = found.data?.value;
  const columns = useMemo<GridColumn<Rec>[]>(() => [
    { id: "sku", label: t("field.sku"), width: 120, fixed: true, cell: (r) => <span className="code">{String(r.sku ?? r.skuCode ?? "")}</span>, raw: (r) => String(r.sku ?? r.skuCode ?? "") },
    { id: "skuName", label: t("field.name"), width: 240, grow: true, cell: (r) => String(r.skuName ?? r.name ?? ""), raw: (r) => String(r.skuName ?? r.name ?? "") },
    { id: "mrp", label: t("field.mrp"), width: 112, numeric: true, cell: (r) => (r.mrp === null || Number(r.mrp) === 0 ? t("pricelist.everyMrp") : f.money(String(r.mrp))), raw: (r) => (r.mrp as string | null) },
    { id: "price", label: t("field.price"), width: 128, numeric: true, cell: (r) => f.qty(String(r.price ?? "")), raw: (r) => (r.price as string | null) },
  ], [t, f]);
  const saved = (result: Saved) => {
    void cache.invalidateQueries({ queryKey: ["list", "/api/v1/price-lists"] });
    cache.setQueryData(["record", "price-lists", String(result.value.id)], result);
    setEditing(false);
    toast(t(isNew ? "masters.created" : "masters.saved", { what: register.title(result.value) }));
    if (isNew) go(`/masters/price-lists/${String(result.value.id)}`, {}, { replace: true });
  };
  const title = isNew ? t("masters.newTitle", { what: t("masters.price-lists.one") }) : record ? register.title(record) : t("masters.price-lists.one");
  if (isNew && !writes) return <section className="panel"><NoRight right="prices" what={title} /></section>;
  return (
    <>
      <div className="head">
        <div className="grow">
          <p className="s"><A className="lnk" path="/masters/price-lists">{t("masters.price-lists.many")}</A></p>
          <h1>{title}</h1>
        </div>
        {record && <Status value={String(record.status)} words="priceStatus" />}
        {!isNew && writes && !editing && record && <Button kind="primary" onClick={() => setEditing(true)}><Icon name="edit" />{t("masters.edit")}</Button>}
      </div>
      {isNew || (editing && record) ? (
        <section className="panel" style={{ padding: 16, maxWidth: 860 }}>
          <RecordForm key={found.data?.etag ?? "new"} label={title} sections={register.sections} record={isNew ? null : record!} etag={found.data?.etag ?? null} url={isNew ? "/api/v1/price-lists" : `/api/v1/price-lists/${id}`} onSaved={saved} onCancel={() => (isNew ? go("/masters/price-lists") : setEditing(false))} />
        </section>
      ) : found.error ? <section className="panel" style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></section> : !record ? <section className="panel"><Skeleton lines={8} /></section> : (
        <div className="cols">
          <List<Rec>
            id="price-list-lines"
            title={t("pricelist.lines")}
            path={`/api/v1/price-lists/${id}/lines`}
            columns={columns}
            rowKey={(r) => `${String(r.skuId ?? r.sku)}/${String(r.mrp)}`}
            rowLabel={(r) => String(r.sku ?? r.skuCode ?? "")}
            empty={{ title: t("pricelist.noLines"), text: t("pricelist.noLinesText"), action: may(me, "imports") ? <A className="btn" path="/imports" search={{ new: "price-list-lines" }}>{t("masters.import")}</A> : undefined }}
          />
          <section className="panel" style={{ padding: 16 }}><RecordShow sections={register.sections} record={record} /></section>
        </div>
      )}
    </>
  );
}
