import { Menu } from "@mantine/core";
import { columnVisibilityFeature, tableFeatures, useTable, type ColumnDef } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useId, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui";
import { Fault } from "../frame/faults";
import { useFormats } from "../format";
import { Icon } from "../kit/icons";

/** One column: what it is called, how wide, and how a row shows in it. */
export interface GridColumn<T> {
  id: string;
  label: string;
  /** Word over several columns that belong together. */
  group?: string;
  width: number;
  grow?: boolean;
  numeric?: boolean;
  sortable?: boolean;
  startsHidden?: boolean;
  fixed?: boolean;
  mark?: ReactNode;
  hint?: string;
  cell: (row: T) => ReactNode;
  /** The raw value, for an export; without it the column is not exported. */
  raw?: (row: T) => string | number | boolean | null | undefined;
}

export interface GridSort {
  by: string;
  desc: boolean;
}

/** A row under the rows: a total or what is not allocated. Cells by column id. */
export interface FootRow {
  id: string;
  className?: string;
  cells: Record<string, ReactNode>;
}

export interface GridProps<T> {
  id: string;
  label: string;
  columns: GridColumn<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  rowLabel?: (row: T) => string;
  loading?: boolean;
  stale?: boolean;
  error?: unknown;
  onRetry?: () => void;
  empty: ReactNode;
  sort?: GridSort[];
  onSort?: (sort: GridSort[]) => void;
  hidden?: Record<string, boolean>;
  onOpen?: (row: T, beside: boolean) => void;
  onBack?: () => void;
  onFind?: () => void;
  onClear?: () => void;
  hasMore?: boolean;
  loadMore?: () => void;
  loadingMore?: boolean;
  foot?: FootRow[];
  note?: ReactNode;
  height?: string;
}

const features = tableFeatures({ columnVisibilityFeature });
const ROW = 32;
const WHOLE = 80;

/** The one table of the tower: rows by cursor, drawn only where seen, driven by keys, with every state of UX section 8. */
export function Grid<T>(props: GridProps<T>) {
  const { columns, rows, sort = [], onSort } = props;
  const { t } = useTranslation();
  const f = useFormats();
  const base = useId();
  const scroll = useRef<HTMLDivElement>(null);
  const place = `grid:${props.id}:${location.search}`;
  const [at, setAt] = useState(() => Number(sessionStorage.getItem(place) ?? 0));

  const defs = useMemo<ColumnDef<typeof features, Holder<T>>[]>(() => columns.map((c) => ({ id: c.id, header: c.label })) as ColumnDef<typeof features, Holder<T>>[], [columns]);
  const data = useMemo(() => rows.map((row) => ({ row })), [rows]);
  const visibility = useMemo(() => Object.fromEntries(columns.map((c) => [c.id, props.hidden?.[c.id] === undefined ? !c.startsHidden : !props.hidden[c.id]])), [columns, props.hidden]);
  const table = useTable({ features, columns: defs, data, state: { columnVisibility: visibility } });
  const shown = useMemo(() => {
    const ids = new Set(table.getVisibleLeafColumns().map((c) => c.id));
    return columns.filter((c) => ids.has(c.id));
    // The table instance is stable; visibility is what changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [columns, visibility]);

  const virtual = rows.length > WHOLE;
  const virtualizer = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => ROW, overscan: 16, enabled: virtual });
  const items = virtual ? virtualizer.getVirtualItems() : [];
  const from = virtual ? (items[0]?.index ?? 0) : 0;
  const to = virtual ? (items[items.length - 1]?.index ?? -1) : rows.length - 1;
  const active = Math.min(at, rows.length - 1);

  const { hasMore, loadMore, loadingMore } = props;
  useEffect(() => {
    if (hasMore && !loadingMore && to >= rows.length - 30) loadMore?.();
  }, [to, rows.length, hasMore, loadingMore, loadMore]);

  // Coming back lands on the row that was opened, where it was.
  const restored = useRef(false);
  useEffect(() => {
    if (restored.current || rows.length === 0) return;
    restored.current = true;
    const top = Number(sessionStorage.getItem(`${place}:top`) ?? 0);
    if (top && scroll.current) scroll.current.scrollTop = top;
  }, [rows.length, place]);

  const keep = useCallback((index: number) => {
    sessionStorage.setItem(place, String(index));
    sessionStorage.setItem(`${place}:top`, String(scroll.current?.scrollTop ?? 0));
  }, [place]);

  const move = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setAt(next);
    if (virtual) virtualizer.scrollToIndex(next);
    else document.getElementById(`${base}-${next}`)?.scrollIntoView?.({ block: "nearest" });
  };
  const open = (index: number, beside: boolean) => {
    const row = rows[index];
    if (row === undefined || !props.onOpen) return;
    setAt(index);
    keep(index);
    props.onOpen(row, beside);
  };

  const typed = useRef({ text: "", at: 0 });
  const onKeyDown = (e: KeyboardEvent<HTMLDivElement>) => {
    if (e.nativeEvent.isComposing || e.target !== e.currentTarget) return;
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 320) / ROW) - 2);
    if (e.ctrlKey && e.shiftKey && e.code === "KeyL") { e.preventDefault(); props.onClear?.(); return; }
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    const steps: Record<string, number> = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: rows.length - 1 };
    if (e.code in steps) { e.preventDefault(); move(steps[e.code]!); return; }
    if (e.code === "Enter" || e.code === "NumpadEnter") { e.preventDefault(); open(active, e.shiftKey); return; }
    if (e.code === "Backspace" && props.onBack) { e.preventDefault(); props.onBack(); return; }
    if (e.key === "/" && props.onFind) { e.preventDefault(); props.onFind(); return; }
    if (e.key.length === 1 && e.key !== " " && props.rowLabel) {
      const now = Date.now();
      typed.current = { text: (now - typed.current.at < 800 ? typed.current.text : "") + e.key.toLowerCase(), at: now };
      const n = rows.length;
      const start = typed.current.text.length === 1 ? active + 1 : active;
      for (let i = 0; i < n; i++) {
        const index = (start + i) % n;
        if (props.rowLabel(rows[index]!).toLowerCase().startsWith(typed.current.text)) { move(index); break; }
      }
    }
  };

  const width = shown.reduce((sum, c) => sum + c.width, 0);
  const grouped = shown.some((c) => c.group);
  const sorted = (id: string) => sort.find((s) => s.by === id);
  const clickSort = (c: GridColumn<T>, add: boolean) => {
    const now = sorted(c.id);
    const next = { by: c.id, desc: now ? !now.desc : Boolean(c.numeric) };
    onSort?.(add ? [...sort.filter((s) => s.by !== c.id), next] : [next]);
  };

  if (props.error && rows.length === 0) return <div style={{ padding: 16 }}><Fault error={props.error} reset={props.onRetry} /></div>;
  if (props.loading && rows.length === 0) return <Loading columns={shown} what={props.label} />;
  if (rows.length === 0) return <>{props.empty}</>;

  return (
    <>
      {props.error != null && <div style={{ padding: "8px 16px" }}><Fault error={props.error} reset={props.onRetry} /></div>}
      <div
        ref={scroll}
        className={`g-scroll ${props.stale ? "stale" : ""}`}
        role="grid"
        tabIndex={0}
        aria-label={props.label}
        aria-rowcount={props.hasMore ? -1 : rows.length + 1}
        aria-colcount={shown.length}
        aria-activedescendant={rows.length ? `${base}-${active}` : undefined}
        aria-busy={props.stale || undefined}
        onKeyDown={onKeyDown}
        style={props.height ? ({ "--grid-above": props.height } as CSSProperties) : undefined}
      >
        <table className="g-table" role="presentation" style={{ minWidth: width }}>
          <colgroup>{shown.map((c) => <col key={c.id} style={c.grow ? undefined : { width: c.width }} />)}</colgroup>
          <thead role="rowgroup">
            {grouped && (
              <tr className="gr" role="presentation">
                {spans(shown).map((g, i) => <th key={i} colSpan={g.span} className={g.label && i > 0 ? "gs" : ""} scope="colgroup">{g.label}</th>)}
              </tr>
            )}
            <tr role="row" aria-rowindex={1}>
              {shown.map((c, i) => (
                <th key={c.id} role="columnheader" scope="col" title={c.hint} className={`${c.numeric ? "n" : ""} ${startsGroup(shown, i) ? "gs" : ""}`} aria-sort={sorted(c.id) ? (sorted(c.id)!.desc ? "descending" : "ascending") : undefined}>
                  {c.sortable && onSort ? (
                    <button type="button" onClick={(e) => clickSort(c, e.shiftKey)}>{c.label}{sorted(c.id) && <span aria-hidden="true"> {sorted(c.id)!.desc ? "↓" : "↑"}</span>}</button>
                  ) : c.label}
                  {c.mark && <> {c.mark}</>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {from > 0 && <tr className="spacer" role="presentation"><td colSpan={shown.length} style={{ height: from * ROW }} /></tr>}
            {rows.slice(from, to + 1).map((row, i) => {
              const index = from + i;
              return (
                <tr
                  key={props.rowKey(row)}
                  id={`${base}-${index}`}
                  role="row"
                  aria-rowindex={index + 2}
                  aria-selected={index === active}
                  className={`${props.onOpen ? "can" : ""} ${index === active ? "at" : ""}`}
                  onClick={(e) => {
                    if (e.defaultPrevented || (e.target as HTMLElement).closest("a,button,input")) return;
                    if (window.getSelection()?.toString()) return;
                    open(index, e.ctrlKey || e.metaKey);
                  }}
                >
                  {shown.map((c, n) => <td key={c.id} role="gridcell" aria-colindex={n + 1} className={`${c.numeric ? "n" : ""} ${startsGroup(shown, n) ? "gs" : ""}`}>{c.cell(row)}</td>)}
                </tr>
              );
            })}
            {to < rows.length - 1 && <tr className="spacer" role="presentation"><td colSpan={shown.length} style={{ height: (rows.length - 1 - to) * ROW }} /></tr>}
          </tbody>
          {props.foot && props.foot.length > 0 && (
            <tfoot role="rowgroup">
              {props.foot.map((line) => (
                <tr key={line.id} role="row" className={line.className}>
                  {shown.map((c, n) => <td key={c.id} role="gridcell" className={`${c.numeric ? "n" : ""} ${startsGroup(shown, n) ? "gs" : ""}`}>{line.cells[c.id]}</td>)}
                </tr>
              ))}
            </tfoot>
          )}
        </table>
      </div>
      {props.note ?? (
        <div className="g-foot" role="status">
          <span className="num">{t(props.hasMore ? "grid.rowsMore" : "grid.rows", { count: rows.length, shown: f.qty(rows.length) })}</span>
          {props.loadingMore && <span>{t("grid.reading")}</span>}
          {props.hasMore && !props.loadingMore && <Button kind="quiet" className="sm" onClick={props.loadMore}>{t("grid.more")}</Button>}
        </div>
      )}
    </>
  );
}

interface Holder<T> {
  row: T;
}

function startsGroup<T>(columns: GridColumn<T>[], i: number): boolean {
  return i > 0 && columns[i]!.group !== undefined && columns[i]!.group !== columns[i - 1]!.group;
}

function spans<T>(columns: GridColumn<T>[]): { label: string; span: number }[] {
  const list: { label: string; span: number }[] = [];
  for (const c of columns) {
    const last = list[list.length - 1];
    if (last && last.label === (c.group ?? "")) last.span++;
    else list.push({ label: c.group ?? "", span: 1 });
  }
  return list;
}

/** Nothing for 200 ms, then rows of true size in grey, after 3 s what is awaited. */
function Loading<T>({ columns, what }: { columns: GridColumn<T>[]; what: string }) {
  const { t } = useTranslation();
  const [phase, setPhase] = useState(0);
  useEffect(() => {
    const a = setTimeout(() => setPhase(1), 200);
    const b = setTimeout(() => setPhase(2), 3000);
    return () => (clearTimeout(a), clearTimeout(b));
  }, []);
  return (
    <div role="status" aria-label={t("state.loading")} style={{ minHeight: 9 * ROW }}>
      {phase > 0 && Array.from({ length: 9 }, (_, i) => (
        <div key={i} aria-hidden="true" style={{ display: "flex", gap: 16, alignItems: "center", height: ROW, padding: "0 16px", borderBottom: "1px solid var(--line-soft)" }}>
          {columns.slice(0, 6).map((c, n) => <span key={c.id} className="sk" style={{ flex: c.grow ? "1 1 160px" : `0 1 ${c.width - 24}px`, opacity: 1 - ((i + n) % 3) * 0.2 }} />)}
        </div>
      ))}
      {phase > 1 && <p className="s muted" style={{ padding: "8px 16px" }}>{t("state.awaiting", { what })}</p>}
    </div>
  );
}

/** Which columns show; kept per list on this device. */
export function useHidden(id: string): [Record<string, boolean>, (column: string, hide: boolean) => void] {
  const key = `offtake.columns.${id}`;
  const [hidden, set] = useState<Record<string, boolean>>(() => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "{}") as Record<string, boolean>;
    } catch {
      return {};
    }
  });
  return [hidden, (column, hide) => set((before) => {
    const next = { ...before, [column]: hide };
    localStorage.setItem(key, JSON.stringify(next));
    return next;
  })];
}

export function ColumnsMenu<T>({ columns, hidden, onHide }: { columns: GridColumn<T>[]; hidden: Record<string, boolean>; onHide: (id: string, hide: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target><button type="button" className="btn sm quiet" aria-label={t("grid.columns")}><Icon name="columns" /><span className="hide-p">{t("grid.columns")}</span></button></Menu.Target>
      <Menu.Dropdown style={{ maxHeight: "60vh", overflow: "auto" }}>
        {columns.filter((c) => !c.fixed).map((c) => {
          const off = hidden[c.id] ?? Boolean(c.startsHidden);
          return (
            <Menu.Item key={c.id} role="menuitemcheckbox" aria-checked={!off} leftSection={off ? <span className="ic" style={{ display: "inline-block" }} /> : <Icon name="check" />} onClick={() => onHide(c.id, !off)}>
              {c.group ? `${c.group}: ${c.label}` : c.label}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
