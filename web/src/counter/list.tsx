import { useEffect, useRef, useState, type ReactNode } from "react";
import { useKeys } from "./keys";

/** The frame of a screen: its name, what it says beside it, its actions, and the body that scrolls. */
export function Screen({ title, note, actions, children, foot }: { title: ReactNode; note?: ReactNode; actions?: ReactNode; children: ReactNode; foot?: ReactNode }) {
  return (
    <main className="screen" id="main" tabIndex={-1}>
      <div className="sc-head"><h1>{title}</h1>{note && <span className="m note-line">{note}</span>}<span className="sc-acts">{actions}</span></div>
      <div className="sc-body">{children}</div>
      {foot}
    </main>
  );
}

/** A column of a list. `hide` drops it on a phone. */
export interface Column<T> { key: string; head: ReactNode; cell: (item: T) => ReactNode; number?: boolean; width?: number | string; hide?: boolean }

/**
 * A register with one focused row: arrows, Home and End move, Enter opens. The chosen row survives new data because it
 * is kept by its id, and rows never move under the cursor.
 */
export function List<T>({ label, items, idOf, columns, onOpen, selected, onSelect, foot, empty, quietRow }: {
  label: string; items: T[]; idOf: (item: T) => string; columns: Column<T>[]; onOpen?: (item: T) => void; selected: string | undefined; onSelect: (id: string) => void; foot?: ReactNode; empty: ReactNode; quietRow?: (item: T) => boolean;
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [page, setPage] = useState(200);
  const at = Math.max(0, items.findIndex((item) => idOf(item) === selected));
  const move = (to: number) => {
    const next = items[Math.max(0, Math.min(items.length - 1, to))];
    if (next) onSelect(idOf(next));
  };
  useEffect(() => {
    body.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  const inField = (e: KeyboardEvent) => /^(INPUT|SELECT|TEXTAREA|BUTTON|A)$/.test((e.target as HTMLElement).tagName) && !(e.target as HTMLElement).closest(".list");
  useKeys({
    "Down": (e) => (inField(e) && (e.target as HTMLElement).tagName !== "INPUT" ? false : move(at + 1)),
    "Up": (e) => (inField(e) && (e.target as HTMLElement).tagName !== "INPUT" ? false : move(at - 1)),
    "Home": (e) => (inField(e) ? false : move(0)),
    "End": (e) => (inField(e) ? false : move(items.length - 1)),
    "Enter": (e) => {
      if (/^(BUTTON|A|SELECT|TEXTAREA)$/.test((e.target as HTMLElement).tagName) || !onOpen || !items[at]) return false;
      onOpen(items[at]!);
    },
  });
  if (items.length === 0) return <>{empty}</>;
  return (
    <div className="list">
      <table className="tbl" aria-label={label}>
        <colgroup>{columns.map((c) => <col key={c.key} className={c.hide ? "ph" : ""} style={c.width ? { width: c.width } : {}} />)}</colgroup>
        <thead><tr>{columns.map((c) => <th key={c.key} className={`${c.number ? "n" : ""} ${c.hide ? "ph" : ""}`}>{c.head}</th>)}</tr></thead>
        <tbody ref={body}>
          {items.slice(0, page).map((item) => {
            const id = idOf(item);
            return (
              <tr key={id} aria-selected={id === (selected ?? idOf(items[0]!))} className={quietRow?.(item) ? "quiet" : ""} onClick={() => onSelect(id)} onDoubleClick={() => onOpen?.(item)}>
                {columns.map((c) => <td key={c.key} className={`${c.number ? "n" : ""} ${c.hide ? "ph" : ""}`}>{c.cell(item)}</td>)}
              </tr>
            );
          })}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
      {items.length > page && <button type="button" className="btn quiet more" onClick={() => setPage(page + 400)}>… {items.length - page}</button>}
    </div>
  );
}

/** The search field of a list; `/` goes there. */
export function Find({ value, onChange, label }: { value: string; onChange: (text: string) => void; label: string }) {
  const input = useRef<HTMLInputElement>(null);
  useKeys({
    "Slash": (e) => {
      if (/^(INPUT|TEXTAREA|SELECT)$/.test((e.target as HTMLElement).tagName)) return false;
      input.current?.focus();
      input.current?.select();
    },
  });
  return (
    <span className="find">
      <input ref={input} className="input" type="search" placeholder={label} aria-label={label} value={value} onChange={(e) => onChange(e.target.value)}
        onKeyDown={(e) => { if (e.code === "Escape" && value) { e.preventDefault(); onChange(""); } }} />
      <kbd>/</kbd>
    </span>
  );
}
