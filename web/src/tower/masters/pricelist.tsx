import { useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { apiWithEtag } from "../../api/client";
import type { Problem } from "../../api/problems";
import { isChange } from "../changes/api";
import { Button, ProblemNote, Skeleton } from "../../ui";
import { useFormats } from "../format";
import { Fault, NoRight, problemFrom } from "../frame/faults";
import { List } from "../grid/list";
import { Ask } from "../kit/ask";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { toast } from "../kit/toast";
import { useGo, useSearchState } from "../nav";
import { may, useMe } from "../session";
import { RecordForm, type Saved } from "./form";
import { PendingOf, RecordPanel, useRecord } from "./register";
import { PRICE_LINES, registerOf } from "./registers";
import { gridColumns, RecordShow, Status, type Rec } from "./show";

const register = registerOf("price-lists")!;

/** A price list: for whom and from when, its prices by SKU and MRP, publishing and the next version. */
export function PriceListPage() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const go = useGo();
  const cache = useQueryClient();
  const [search, set] = useSearchState();
  const { id } = useParams({ strict: false }) as { id: string };
  const isNew = id === "new";
  const found = useRecord("price-lists", id);
  const [mode, setMode] = useState<"show" | "edit" | "publish" | "next">("show");
  const [problem, setProblem] = useState<Problem | null>(null);
  const writes = may(me, "prices");
  const record = found.data?.value;
  const draft = record?.status === "DRAFT";
  const columns = useMemo(() => gridColumns(PRICE_LINES, t, f).map((c) => (c.id === "mrp" ? { ...c, cell: (r: Rec) => (Number(r.mrp ?? 0) === 0 ? <span className="muted">{t("pricelist.everyMrp")}</span> : f.money(String(r.mrp))) } : c.id === "price" ? { ...c, cell: (r: Rec) => f.rate(r.price as string | null) } : c)), [t, f]);
  const fresh = (value: Rec, etag: string | null) => {
    void cache.invalidateQueries({ queryKey: ["list"] });
    cache.setQueryData(["record", "price-lists", String(value.id)], { value, etag });
    setMode("show");
  };
  const saved = (result: Saved) => {
    fresh(result.value, result.etag);
    toast(t(isNew ? "masters.created" : "masters.saved", { what: register.title(result.value) }));
    if (isNew) go(`/masters/price-lists/${String(result.value.id)}`, {}, { replace: true });
  };
  const act = async (path: string, body: unknown, match: boolean) => {
    setProblem(null);
    try {
      const done = await apiWithEtag<Rec>(`/api/v1/price-lists/${id}/${path}`, { method: "POST", body, ...(match && found.data?.etag ? { ifMatch: found.data.etag } : {}) });
      if (isChange(done.value)) {
        void cache.invalidateQueries({ queryKey: ["list"] });
        toast(t("governed.asked", { what: done.value.title }));
        return go(`/changes/${done.value.id}`);
      }
      fresh(done.value, done.etag);
      if (String(done.value.id) !== id) go(`/masters/price-lists/${String(done.value.id)}`);
      toast(t(path === "publication" ? "pricelist.published" : "pricelist.nextMade", { what: register.title(done.value) }));
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  const title = isNew ? t("masters.newTitle", { what: t("masters.price-lists.one") }) : record ? register.title(record) : t("masters.price-lists.one");
  if (isNew && !writes) return <section className="panel"><NoRight right="prices" what={title} /></section>;
  return (
    <>
      <div className="head">
        <div className="grow">
          <p className="s"><A className="lnk" path="/masters/price-lists">{t("masters.price-lists.many")}</A></p>
          <h1>{title}{record && <span className="muted num" style={{ fontWeight: 400 }}> v{String(record.versionNo)}</span>}</h1>
        </div>
        {record && <Status value={String(record.status)} words="priceStatus" />}
        {writes && record && mode !== "edit" && (draft
          ? <><Button onClick={() => setMode("edit")}><Icon name="edit" />{t("masters.edit")}</Button><Button kind="primary" onClick={() => setMode("publish")}>{t("governed.publish")}</Button></>
          : <Button kind="primary" onClick={() => setMode("next")}>{t("scheme.newVersion")}</Button>)}
      </div>
      {problem && mode === "show" && <ProblemNote problem={problem} />}
      {isNew || (mode === "edit" && record) ? (
        <section className="panel" style={{ padding: 16, maxWidth: 860 }}>
          <RecordForm key={found.data?.etag ?? "new"} label={title} sections={register.sections} record={isNew ? null : record!} etag={found.data?.etag ?? null} url={isNew ? "/api/v1/price-lists" : `/api/v1/price-lists/${id}`} onSaved={saved} onCancel={() => (isNew ? go("/masters/price-lists") : setMode("show"))} />
        </section>
      ) : found.error ? <section className="panel" style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></section> : !record ? <section className="panel"><Skeleton lines={8} /></section> : (
        <div className="cols">
          <List<Rec>
            id="price-list-lines"
            title={t("pricelist.lines")}
            path="/api/v1/price-list-lines"
            fixed={{ priceListId: id }}
            columns={columns}
            rowKey={(r) => String(r.id)}
            rowLabel={(r) => String(r.sku ?? "")}
            onOpen={(r) => set({ open: String(r.id) })}
            actions={writes && draft ? <button type="button" className="btn pri sm" onClick={() => set({ open: "new" })}><Icon name="plus" />{t("pricelist.addLine")}</button> : undefined}
            empty={{ title: t("pricelist.noLines"), text: t("pricelist.noLinesText"), action: may(me, "imports") ? <A className="btn" path="/imports" search={{ new: "price-list-lines" }}>{t("masters.import")}</A> : undefined }}
          />
          <section className="panel" style={{ padding: 16 }}><PendingOf kind="price-lists" name={String(record.code ?? "")} /><RecordShow heading="h2" sections={register.sections} record={record} /></section>
        </div>
      )}
      {record && <RecordPanel register={PRICE_LINES} id={search.open} writes={writes && draft} extra={{ list: record.code, versionNo: record.versionNo }} onClose={() => set({ open: undefined })} onCreated={() => set({ open: undefined }, { replace: true })} />}
      {mode === "publish" && <Ask title={t("pricelist.publish")} text={t("governed.publishText")} fields={[{ name: "reason", label: t("pricelist.reason"), kind: "text", required: true }]} submit={t("governed.ask")} problem={problem} onClose={() => { setMode("show"); setProblem(null); }} onSubmit={(v) => void act("publication", { reason: v.reason || null }, true)} />}
      {mode === "next" && <Ask title={t("scheme.newVersion")} text={t("pricelist.nextText")} fields={[{ name: "validFrom", label: t("field.validFrom"), kind: "date", required: true }, { name: "validTo", label: t("field.validTo"), kind: "date" }]} submit={t("scheme.newVersion")} problem={problem} onClose={() => { setMode("show"); setProblem(null); }} onSubmit={(v) => void act("versions", { validFrom: v.validFrom, validTo: v.validTo || null }, false)} />}
    </>
  );
}
