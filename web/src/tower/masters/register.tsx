import { Drawer, Select } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, apiWithEtag } from "../../api/client";
import { Button, EmptyState, Skeleton } from "../../ui";
import { asker, type Change } from "../changes/api";
import { useFormats } from "../format";
import { Fault, Lost, NoRight } from "../frame/faults";
import { List, type FilterDef } from "../grid/list";
import type { Page } from "../http";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { RefSelect } from "../kit/refselect";
import { toast } from "../kit/toast";
import { href, useGo, useSearchState } from "../nav";
import { may, mayRead, READS, useMe } from "../session";
import { RecordForm, type Saved } from "./form";
import { REGISTERS, registerOf, type Register as Def } from "./registers";
import { gridColumns, RecordShow, useDistributorNames, type Rec } from "./show";

const GROUPS = ["network", "goods", "rules"] as const;

/** Which register: a list beside the register on a wide screen, a menu above it on a narrow one. */
export function Registers({ type }: { type: string }) {
  const { t } = useTranslation();
  const go = useGo();
  const me = useMe();
  const open = REGISTERS.filter((r) => r.type === type || mayRead(me, READS[r.type] ?? ""));
  const groups = GROUPS.filter((group) => open.some((r) => r.group === group));
  return (
    <>
      <nav className="regs" aria-label={t("rail.masters")}>
        {groups.map((group) => (
          <div key={group}>
            <p className="rh">{t(`masters.group.${group}`)}</p>
            {open.filter((r) => r.group === group).map((r) => <A key={r.type} path={`/masters/${r.type}`} aria-current={r.type === type ? "page" : undefined}>{t(`masters.${r.type}.many`)}</A>)}
          </div>
        ))}
      </nav>
      <div className="regs-menu">
        <Select
          aria-label={t("masters.which")}
          value={type}
          allowDeselect={false}
          data={groups.map((group) => ({ group: t(`masters.group.${group}`), items: open.filter((r) => r.group === group).map((r) => ({ value: r.type, label: t(`masters.${r.type}.many`) })) }))}
          onChange={(v) => v && go(`/masters/${v}`)}
        />
      </div>
    </>
  );
}

/** The first register this person may read. */
export function FirstRegister() {
  const me = useMe();
  const first = ["outlets", ...REGISTERS.map((r) => r.type)].find((type) => mayRead(me, READS[type] ?? "")) ?? "outlets";
  return <RegisterPage key={first} register={registerOf(first)!} />;
}

/** One register: list, and a record in the side panel to read, change or make (T18). */
export function Register() {
  const { type } = useParams({ strict: false }) as { type: string };
  const register = registerOf(type);
  if (!register) return <Lost />;
  return <RegisterPage key={type} register={register} />;
}

function RegisterPage({ register }: { register: Def }) {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const go = useGo();
  const [search, set] = useSearchState();
  const names = useDistributorNames();
  const columns = useMemo(() => gridColumns(register, t, f, names), [register, t, f, names]);
  const filters = useMemo<FilterDef[]>(() => register.filters.map((x) => ({
    id: x.id,
    kind: x.kind,
    label: t(`field.${x.id}`),
    ...(x.ref ? { ref: x.ref } : {}),
    ...(x.choices ? { options: x.choices.map((c) => ({ value: c, label: t(`choice.${x.words ?? x.id}.${c}`, { defaultValue: c }) })) } : {}),
  })), [register, t]);
  const writes = !register.readOnly && may(me, register.right);
  const one = t(`masters.${register.type}.one`);
  const many = t(`masters.${register.type}.many`);
  const create = writes ? (
    <A className="btn pri sm" path={register.page ? `/masters/${register.type}/new` : `/masters/${register.type}`} search={register.page ? {} : { ...search, open: "new" }}><Icon name="plus" />{t("masters.new", { what: one })}</A>
  ) : null;
  const open = (row: Rec, beside: boolean) => {
    const id = String(row.id);
    if (register.page) {
      if (beside) window.open(href(`/masters/${register.type}/${id}`), "_blank", "noopener");
      else go(`/masters/${register.type}/${id}`);
    } else if (beside) window.open(href(`/masters/${register.type}`, { open: id }), "_blank", "noopener");
    else set({ open: id });
  };
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{many}</h1><p className="muted s">{t(`masters.${register.type}.about`)}</p></div>
        {register.importable && may(me, "imports") && <A className="btn" path="/imports" search={{ new: register.type }}><Icon name="imports" />{t("masters.import")}</A>}
      </div>
      <div className="reg">
        <Registers type={register.type} />
        <List<Rec>
          id={register.type}
          title={many}
          path={`/api/v1/${register.type}`}
          columns={columns}
          filters={filters}
          defaultSort={register.sort || undefined}
          rowKey={(r) => String(r.id)}
          rowLabel={(r) => String(r.name ?? r.code ?? "")}
          onOpen={open}
          actions={create}
          empty={{ title: t("masters.empty", { what: many }), text: t(`masters.${register.type}.about`), action: <div className="row">{create}{register.importable && may(me, "imports") && <A className="btn" path="/imports" search={{ new: register.type }}>{t("masters.importSample")}</A>}</div> }}
        />
      </div>
      <RecordPanel register={register} id={search.open} writes={writes} onClose={() => set({ open: undefined })} onCreated={(id) => set({ open: id }, { replace: true })} />
    </>
  );
}

export function useRecord(type: string, id: string | undefined) {
  return useQuery({
    queryKey: ["record", type, id],
    enabled: id !== undefined && id !== "new",
    queryFn: ({ signal }) => apiWithEtag<Rec>(`/api/v1/${type}/${id}`, { signal }),
    placeholderData: undefined,
    retry: false,
  });
}

export function RecordPanel({ register, id, writes, onClose, onCreated, extra }: { register: Def; id: string | undefined; writes: boolean; onClose: () => void; onCreated: (id: string) => void; extra?: Record<string, unknown> }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [editing, setEditing] = useState<string | null>(null);
  const isNew = id === "new";
  const found = useRecord(register.type, id);
  const record = found.data?.value;
  const one = t(`masters.${register.type}.one`);
  const title = isNew ? t("masters.newTitle", { what: one }) : record ? register.title(record) : one;
  const saved = (result: Saved) => {
    void cache.invalidateQueries({ queryKey: ["list", `/api/v1/${register.type}`] });
    const newId = String(result.value.id ?? id);
    cache.setQueryData(["record", register.type, newId], { value: result.value, etag: result.etag });
    setEditing(null);
    toast(t(isNew ? "masters.created" : "masters.saved", { what: register.title(result.value) || one }));
    if (isNew) onCreated(newId);
  };
  return (
    <Drawer opened={id !== undefined} onClose={() => { setEditing(null); onClose(); }} position="right" size={620} title={<span className="cut">{title}</span>} closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}>
      <div style={{ paddingTop: 16 }}>
        {isNew ? (
          writes ? <NewRecord register={register} extra={extra} onSaved={saved} onCancel={onClose} /> : <NoRight right={register.right} what={t("masters.newTitle", { what: one })} />
        ) : found.error ? <Fault error={found.error} reset={() => void found.refetch()} /> : !record ? <Skeleton lines={8} /> : editing === id ? (
          <RecordForm
            key={found.data!.etag}
            label={title}
            sections={register.sections}
            record={record}
            etag={found.data!.etag}
            url={`/api/v1/${register.type}/${id}`}
            extra={register.ofDistributor ? { ...extra, distributorId: record.distributorId } : (extra ?? {})}
            onSaved={saved}
            onCancel={() => setEditing(null)}
            governed={register.governed}
          />
        ) : (
          <div className="stack" style={{ gap: 16 }}>
            <div className="row" style={{ flexWrap: "wrap" }}>
              {writes && <Button kind="primary" onClick={() => setEditing(id ?? null)}><Icon name="edit" />{t(register.governed ? "governed.edit" : "masters.edit")}</Button>}
              <Related type={register.type} record={record} />
            </div>
            {register.governed && <PendingOf kind={register.type} name={register.title(record)} distributorId={register.ofDistributor ? String(record.distributorId ?? "") : undefined} />}
            <RecordShow sections={register.sections} record={record} />
            {record.version !== undefined && <p className="s muted num">{t("masters.version", { version: String(record.version) })}</p>}
          </div>
        )}
      </div>
    </Drawer>
  );
}

/** Requests that still wait to change a record, so that nobody asks twice. */
export function PendingOf({ kind, name, distributorId }: { kind: string; name: string; distributorId?: string | undefined }) {
  const { t } = useTranslation();
  const me = useMe();
  const key = name.split(" · ")[0] ?? "";
  const found = useQuery({ enabled: mayRead(me, "CONFIG_READ") && key !== "", retry: false, queryKey: ["list", "pending", kind, key, distributorId], queryFn: () => api<Page<Change>>("/api/v1/change-requests", { query: { kind, q: key, distributorId: distributorId || undefined, sort: "-createdAt", limit: 20 } }) });
  const open = (found.data?.items ?? []).filter((c) => (c.status === "DRAFT" || c.status === "SUBMITTED") && c.title.includes(key));
  if (!open.length) return null;
  return (
    <div className="note info">
      <Icon name="clock" />
      <ul>{open.map((c) => <li key={c.id}>{t(c.status === "DRAFT" ? "governed.draft" : "governed.waits", { who: asker(c) })} <A className="lnk" path={`/changes/${c.id}`}>{c.title}</A></li>)}</ul>
    </div>
  );
}

function NewRecord({ register, onSaved, onCancel, extra }: { extra?: Record<string, unknown> | undefined; register: Def; onSaved: (s: Saved) => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [distributor, setDistributor] = useState<string | null>(me.distributorId !== null ? String(me.distributorId) : null);
  const needs = register.ofDistributor && distributor === null;
  const head = register.ofDistributor && me.distributorId === null
    ? <RefSelect type="distributors" label={t("field.distributor")} value={distributor} onChange={setDistributor} required />
    : null;
  if (needs) return <div className="stack">{head}<EmptyState title={t("masters.chooseDistributor")}>{t("masters.chooseDistributorText")}</EmptyState></div>;
  return <RecordForm label={t("masters.newTitle", { what: t(`masters.${register.type}.one`) })} sections={register.sections} record={null} etag={null} url={`/api/v1/${register.type}`} extra={register.ofDistributor ? { ...extra, distributorId: Number(distributor) } : (extra ?? {})} onSaved={onSaved} onCancel={onCancel} head={head} governed={register.governed} />;
}

/** From a record to what hangs on it. */
function Related({ type, record }: { type: string; record: Rec }) {
  const { t } = useTranslation();
  const id = String(record.id);
  const links: [string, string, Record<string, string>][] =
    type === "distributors" ? [["warehouses", "/masters/warehouses", { distributorId: id }], ["beats", "/masters/beats", { distributorId: id }], ["outlets", "/masters/outlets", { distributorId: id }], ["credit", "/masters/credit-terms", { distributorId: id }], ["series", "/masters/number-series", { distributorId: id }], ["sales", "/explore", { m: "nsv,active-outlets", by: "outlet", f: `distributor:${id}`, w: "MTD", c: "PREVIOUS" }]]
    : type === "outlets" ? [["bills", "/bills", { outletId: id }], ["sales", "/explore", { m: "nsv", by: "sku", f: `outlet:${id}`, w: "L3M", c: "NONE" }]]
    : type === "skus" ? [["batches", "/masters/batches", { skuId: id }], ["sales", "/explore", { m: "nsv,active-outlets", by: "distributor", f: `sku:${id}`, w: "MTD", c: "SAME_LAST_YEAR" }]]
    : [];
  return <>{links.map(([word, path, search]) => <A key={word} className="btn" path={path} search={search}>{t(`related.${word}`)}</A>)}</>;
}
