import { Menu, MultiSelect, Popover, TextInput } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, api } from "../../api/client";
import { EmptyState, Button } from "../../ui";
import { everyRow, save, useList, type Page, type Params } from "../http";
import { NoRight } from "../frame/faults";
import { Icon } from "../kit/icons";
import { toast } from "../kit/toast";
import { useSearchState, type Search } from "../nav";
import { RefSelect } from "../kit/refselect";
import { useMe } from "../session";
import { csv, xlsx } from "./export";
import { ColumnsMenu, Grid, useHidden, type GridColumn, type GridSort } from "./grid";

/** A filter a list offers; its value stands in the address under its own name. */
export interface FilterDef {
  id: string;
  label: string;
  kind: "choice" | "text" | "date" | "ref";
  options?: { value: string; label: string }[];
  ref?: string;
}

export interface ListProps<T> {
  id: string;
  title: string;
  path: string;
  columns: GridColumn<T>[];
  rowKey: (row: T) => string;
  rowLabel?: (row: T) => string;
  filters?: FilterDef[];
  /** Always sent, never shown: what makes this list this list. */
  fixed?: Params;
  defaultSort?: string;
  onOpen?: (row: T, beside: boolean) => void;
  empty: { title: string; text: string; action?: ReactNode };
  actions?: ReactNode;
  searchable?: boolean;
  height?: string;
}

export function readSort(text: string | undefined): GridSort[] {
  return (text ?? "").split(",").filter(Boolean).map((s) => ({ by: s.replace(/^-/, ""), desc: s.startsWith("-") }));
}

export function writeSort(sort: GridSort[]): string | undefined {
  return sort.length ? sort.map((s) => (s.desc ? "-" : "") + s.by).join(",") : undefined;
}

/** What of an address goes to the server: search, order, and the filters this list knows. */
export function listParams(search: Search, filters: FilterDef[], fixed: Params = {}, defaultSort?: string): Params {
  const params: Params = { ...fixed, q: search.q, sort: search.sort ?? defaultSort };
  for (const filter of filters) if (search[filter.id]) params[filter.id] = search[filter.id];
  return params;
}

/** A list: search, filters as chips, columns, order, export, and the grid. The address holds its state. */
export function List<T>(props: ListProps<T>) {
  const { t } = useTranslation();
  const me = useMe();
  const [search, set] = useSearchState();
  const filters = useMemo(() => props.filters ?? [], [props.filters]);
  const params = listParams(search, filters, props.fixed, props.defaultSort);
  const list = useList<T>(props.path, params);
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const [hidden, hide] = useHidden(props.id);
  const find = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(search.q ?? "");
  const [busy, setBusy] = useState(false);
  const [adding, setAdding] = useState<string | null>(null);
  const active = filters.filter((f) => search[f.id]);
  const narrowed = Boolean(search.q) || active.length > 0;

  useEffect(() => {
    if (text === (search.q ?? "")) return;
    const timer = setTimeout(() => set({ q: text || undefined }, { replace: true }), 250);
    return () => clearTimeout(timer);
  }, [text, search.q, set]);
  const said = search.q ?? "";
  useEffect(() => setText(said), [said]);

  const clear = () => set({ q: undefined, ...Object.fromEntries(filters.map((f) => [f.id, undefined])) });
  const exportAs = async (format: "csv" | "xlsx") => {
    setBusy(true);
    try {
      const { rows: all, cut } = await everyRow<T>(props.path, params);
      const shown = props.columns.filter((c) => !(hidden[c.id] ?? c.startsHidden));
      const name = `${props.id}-${new Date().toISOString().slice(0, 10)}.${format}`;
      if (format === "csv") save(new Blob([csv(shown, all)], { type: "text/csv;charset=utf-8" }), name);
      else save(xlsx(shown, all, [[t("export.list"), props.title], [t("export.filters"), active.map((f) => `${f.label}: ${search[f.id]}`).join("; ") || "–"], [t("export.search"), search.q ?? "–"], [t("export.rows"), String(all.length)], [t("export.who"), me.name], [t("export.when"), new Date().toISOString()]]), name);
      toast(t(cut ? "export.cut" : "export.done", { count: all.length, name }));
    } catch (error) {
      toast(error instanceof ApiError ? (error.problem.detail ?? error.message) : t("problems.FAULT", { ns: "common" }));
    } finally {
      setBusy(false);
    }
  };

  if (list.error instanceof ApiError && list.error.status === 403) return <section className="panel"><NoRight what={props.title} /></section>;

  return (
    <section className="panel" aria-label={props.title}>
      <div className="g-bar">
        {props.searchable === false ? <h2 style={{ paddingInlineStart: 4 }}>{props.title}</h2> : (
          <div className="find">
            <TextInput
              ref={find}
              value={text}
              onChange={(e) => setText(e.currentTarget.value)}
              placeholder={t("grid.find")}
              aria-label={t("grid.findIn", { what: props.title })}
              leftSection={<Icon name="search" />}
              leftSectionWidth={28}
              rightSection={text ? <button type="button" className="qx" aria-label={t("grid.clearSearch")} onClick={() => setText("")}><Icon name="close" /></button> : <kbd aria-hidden="true">/</kbd>}
              styles={{ input: { paddingInlineStart: 28 } }}
              onKeyDown={(e) => {
                if (e.code === "Escape") setText("");
                if (e.code === "ArrowDown" || e.code === "Enter") {
                  e.preventDefault();
                  e.currentTarget.closest("section")?.querySelector<HTMLElement>("[role=grid]")?.focus();
                }
              }}
            />
          </div>
        )}
        {active.map((f) => (
          <FilterChip key={f.id} filter={f} value={search[f.id]!} open={adding === f.id} onOpen={(o) => setAdding(o ? f.id : null)} onChange={(v) => set({ [f.id]: v })} />
        ))}
        {adding && !active.some((f) => f.id === adding) && filters.filter((f) => f.id === adding).map((f) => (
          <FilterChip key={f.id} filter={f} value="" open onOpen={(o) => !o && setAdding(null)} onChange={(v) => set({ [f.id]: v })} />
        ))}
        {filters.length > active.length && (
          <Menu position="bottom-start">
            <Menu.Target><button type="button" className="btn sm quiet"><Icon name="filter" />{t("grid.filter")}</button></Menu.Target>
            <Menu.Dropdown>
              {filters.filter((f) => !search[f.id]).map((f) => <Menu.Item key={f.id} onClick={() => setTimeout(() => setAdding(f.id))}>{f.label}</Menu.Item>)}
            </Menu.Dropdown>
          </Menu>
        )}
        {narrowed && <Button kind="quiet" className="sm" onClick={clear}>{t("grid.clearAll")}</Button>}
        <span className="grow" />
        <ColumnsMenu columns={props.columns} hidden={hidden} onHide={hide} />
        <Menu position="bottom-end">
          <Menu.Target><button type="button" className="btn sm quiet" aria-label={t("grid.export")} disabled={busy || rows.length === 0}><Icon name="table" /><span className="hide-p">{t("grid.export")}</span></button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void exportAs("csv")}>CSV</Menu.Item>
            <Menu.Item onClick={() => void exportAs("xlsx")}>XLSX</Menu.Item>
          </Menu.Dropdown>
        </Menu>
        {props.actions}
      </div>
      <Grid<T>
        id={props.id}
        label={props.title}
        columns={props.columns}
        rows={rows}
        rowKey={props.rowKey}
        rowLabel={props.rowLabel}
        loading={list.isPending}
        stale={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        sort={readSort(search.sort ?? props.defaultSort)}
        onSort={(sort) => set({ sort: writeSort(sort) }, { replace: true })}
        hidden={hidden}
        onOpen={props.onOpen}
        onFind={() => find.current?.focus()}
        onClear={clear}
        hasMore={list.hasNextPage}
        loadMore={() => void list.fetchNextPage()}
        loadingMore={list.isFetchingNextPage}
        height={props.height}
        empty={narrowed
          ? <FilteredEmpty path={props.path} search={search} filters={filters} fixed={props.fixed} onClear={(id) => set({ [id]: undefined })} onAll={clear} />
          : <EmptyState title={props.empty.title} action={props.empty.action}>{props.empty.text}</EmptyState>}
      />
    </section>
  );
}

/** Nothing left: which filter alone hides rows, and a button that clears just that one. */
function FilteredEmpty({ path, search, filters, fixed, onClear, onAll }: { path: string; search: Search; filters: FilterDef[]; fixed?: Params; onClear: (id: string) => void; onAll: () => void }) {
  const { t } = useTranslation();
  const set = [...(search.q ? [{ id: "q", label: t("grid.search") }] : []), ...filters.filter((f) => search[f.id])];
  const found = useQueries({
    queries: set.map((f) => {
      const params = { ...listParams({ ...search, [f.id]: undefined }, filters, fixed), limit: 100 };
      return { queryKey: ["without", path, params], queryFn: () => api<Page<unknown>>(path, { query: params }) };
    }),
  });
  const counts = set.map((f, i) => ({ ...f, rows: found[i]?.data?.items.length ?? 0, more: Boolean(found[i]?.data?.next) })).filter((c) => c.rows > 0).sort((a, b) => b.rows - a.rows);
  return (
    <EmptyState
      title={t("state.filteredEmpty")}
      action={
        <div className="row" style={{ flexWrap: "wrap" }}>
          {counts.map((c) => <Button key={c.id} onClick={() => onClear(c.id)}>{t(c.more ? "state.clearOneMore" : "state.clearOne", { filter: c.label, count: c.rows })}</Button>)}
          <Button kind={counts.length ? "quiet" : undefined} onClick={onAll}>{t("grid.clearAll")}</Button>
        </div>
      }
    >
      {counts.length ? t("state.filteredMost", { filter: counts[0]!.label }) : t("state.filteredText")}
    </EmptyState>
  );
}

function FilterChip({ filter, value, open, onOpen, onChange }: { filter: FilterDef; value: string; open: boolean; onOpen: (open: boolean) => void; onChange: (value: string | undefined) => void }) {
  const { t } = useTranslation();
  const values = value ? value.split(",") : [];
  const [names, setNames] = useState<Record<string, string>>({});
  const words = values.map((v) => filter.options?.find((o) => o.value === v)?.label ?? names[v] ?? v);
  return (
    <span className="qc">
      <Popover opened={open} onChange={onOpen} position="bottom-start" trapFocus width={280} withinPortal>
        <Popover.Target>
          <button type="button" className="qb" aria-label={t("grid.editFilter", { filter: filter.label })} onClick={() => onOpen(!open)}>
            <span className="muted">{filter.label}</span>{words.length > 2 ? t("grid.nOf", { count: words.length }) : words.join(", ") || t("grid.any")}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          {filter.kind === "choice" && <MultiSelect label={filter.label} data={filter.options ?? []} value={values} onChange={(v) => onChange(v.length ? v.join(",") : undefined)} comboboxProps={{ withinPortal: false }} data-autofocus />}
          {filter.kind === "ref" && <RefSelect label={filter.label} type={filter.ref!} value={values[0] ?? null} onChange={(v, name) => { if (v && name) setNames((n) => ({ ...n, [v]: name })); onChange(v ?? undefined); onOpen(false); }} inPopover />}
          {(filter.kind === "text" || filter.kind === "date") && (
            <TextInput label={filter.label} type={filter.kind === "date" ? "date" : "text"} defaultValue={value} data-autofocus onKeyDown={(e) => { if (e.code === "Enter") { onChange(e.currentTarget.value.trim() || undefined); onOpen(false); } }} onBlur={(e) => onChange(e.currentTarget.value.trim() || undefined)} />
          )}
        </Popover.Dropdown>
      </Popover>
      {value && <button type="button" className="qx" aria-label={t("grid.removeFilter", { filter: filter.label })} onClick={() => onChange(undefined)}><Icon name="close" /></button>}
    </span>
  );
}
