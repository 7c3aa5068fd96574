import { useRef, type ClipboardEvent, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import { Icon } from "../kit/icons";
import { useTexts } from "./texts";

export interface EntryColumn {
  id: string;
  label: string;
  /** What stands behind the figure, such as `%`. */
  unit?: string;
  width?: number;
}

export type EntryRow = Record<string, string>;

/** Cells out of what a sheet puts on the clipboard; a single cell is none. Per cent signs, currency and grouping fall away. */
export function cellsIn(text: string): string[][] | null {
  const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split(/\t|;/).map(plainNumber));
  return lines.length > 1 || (lines[0]?.length ?? 0) > 1 ? lines : null;
}

function plainNumber(cell: string): string {
  const text = cell.trim().replace(/[%₹\s]/g, "");
  return /^-?\d{1,3}(,\d{2,3})+(\.\d+)?$/.test(text) || /^-?\d+,\d{3}(\.\d+)?$/.test(text) ? text.replaceAll(",", "") : text;
}

/** Rows after a paste at a cell: cells go right and down, rows are added as needed. */
export function pasted(rows: EntryRow[], columns: readonly string[], at: { row: number; column: number }, cells: string[][]): EntryRow[] {
  const next = rows.map((row) => ({ ...row }));
  cells.forEach((line, i) => {
    const target = at.row + i;
    while (next.length <= target) next.push(Object.fromEntries(columns.map((c) => [c, ""])));
    line.forEach((cell, n) => {
      const column = columns[at.column + n];
      if (column) next[target]![column] = cell;
    });
  });
  return next;
}

/**
 * A small grid to type in: Enter goes on and adds a row at the end, arrows move, Alt+Delete takes a row out, and what a
 * sheet put on the clipboard fills it.
 */
export function EntryGrid({ label, columns, rows, onChange, fault, least = 1, add }: {
  label: string;
  columns: readonly EntryColumn[];
  rows: EntryRow[];
  onChange: (rows: EntryRow[]) => void;
  fault: (row: number, column: string) => string | undefined;
  least?: number;
  add: string;
}) {
  const { t } = useTexts();
  const box = useRef<HTMLDivElement>(null);
  const ids = columns.map((c) => c.id);
  const blank = (): EntryRow => Object.fromEntries(ids.map((id) => [id, ""]));
  // at once, so that the next key already lands in the next cell
  const focus = (row: number, column: number) => {
    const input = box.current?.querySelector<HTMLInputElement>(`[data-cell="${row}/${column}"]`);
    input?.focus();
    input?.select();
  };
  const change = (next: EntryRow[]) => flushSync(() => onChange(next));
  const set = (row: number, id: string, value: string) => onChange(rows.map((r, i) => (i === row ? { ...r, [id]: value } : r)));
  const remove = (row: number) => {
    if (rows.length <= least) return;
    change(rows.filter((_, i) => i !== row));
    focus(Math.max(0, Math.min(row, rows.length - 2)), 0);
  };
  const onKey = (e: KeyboardEvent<HTMLInputElement>, row: number, column: number) => {
    if (e.nativeEvent.isComposing) return;
    if (e.code === "Enter" || e.code === "NumpadEnter") {
      if (e.ctrlKey || e.metaKey) return;
      e.preventDefault();
      if (column + 1 < ids.length && !e.shiftKey) focus(row, column + 1);
      else if (e.shiftKey) focus(Math.max(0, row - 1), column);
      else {
        if (row + 1 === rows.length) change([...rows, blank()]);
        focus(row + 1, 0);
      }
    } else if (e.code === "ArrowDown" && row + 1 < rows.length) { e.preventDefault(); focus(row + 1, column); }
    else if (e.code === "ArrowUp" && row > 0) { e.preventDefault(); focus(row - 1, column); }
    else if (e.code === "Delete" && e.altKey) { e.preventDefault(); remove(row); }
  };
  const onPaste = (e: ClipboardEvent<HTMLInputElement>, row: number, column: number) => {
    const cells = cellsIn(e.clipboardData.getData("text"));
    if (!cells) return;
    e.preventDefault();
    onChange(pasted(rows, ids, { row, column }, cells));
  };
  return (
    <div className="entry-grid" ref={box}>
      <div className="sub">
        <table aria-label={label}>
          <thead><tr><th scope="col" style={{ width: 32 }} className="n">#</th>{columns.map((c) => <th key={c.id} scope="col" className="n" style={c.width ? { width: c.width } : undefined}>{c.label}</th>)}<th style={{ width: 36 }}><span className="vh">{t("form.removeRow")}</span></th></tr></thead>
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                <td className="n muted">{i + 1}</td>
                {columns.map((c, n) => {
                  const bad = fault(i, c.id);
                  return (
                    <td key={c.id}>
                      <span className={`cell-in ${bad ? "is-bad" : ""}`}>
                        <input className="input n" inputMode="decimal" autoComplete="off" data-cell={`${i}/${n}`} aria-label={`${c.label}, ${i + 1}`} aria-invalid={bad ? true : undefined} value={row[c.id] ?? ""} onChange={(e) => set(i, c.id, e.target.value)} onKeyDown={(e) => onKey(e, i, n)} onPaste={(e) => onPaste(e, i, n)} />
                        {c.unit && <span className="unit" aria-hidden="true">{c.unit}</span>}
                      </span>
                      {bad && <div className="bad">{bad}</div>}
                    </td>
                  );
                })}
                <td>{rows.length > least && <button type="button" className="qx" style={{ height: 28 }} aria-label={t("form.removeRowN", { n: i + 1 })} onClick={() => remove(i)}><Icon name="close" /></button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row" style={{ marginTop: 6, gap: 12, flexWrap: "wrap" }}>
        <button type="button" className="btn sm" onClick={() => { change([...rows, blank()]); focus(rows.length, 0); }}><Icon name="plus" />{add}</button>
        <span className="s muted">{t("grid2.keys")}</span>
      </div>
    </div>
  );
}
