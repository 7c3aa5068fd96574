import { Menu } from "@mantine/core";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { csvCell } from "../grid/export";
import { save } from "../http";
import { Icon } from "../kit/icons";
import "./figure.css";

/** What a chart draws, as rows and columns: the chart, its table and its file are made of this one thing (A28). */
export interface Sheet {
  columns: { label: string; numeric?: boolean }[];
  /** One row per mark; `raw` goes into a file, `shown` on the screen. */
  rows: { key: string; cells: { raw: string | null; shown: string }[] }[];
}

/**
 * A chart with what every chart has (UX 6.1): a title that is the finding or the question, its unit, itself as a table by
 * the key T, and a download as picture or CSV. `how` stands small beside the title.
 */
export function Figure({ id, title, how, note, sheet, children, actions, stale, className }: { id: string; title: ReactNode; how?: ReactNode; note?: ReactNode; sheet: Sheet | null; children: ReactNode; actions?: ReactNode; stale?: boolean; className?: string }) {
  const { t } = useTranslation();
  const [table, setTable] = useState(false);
  const box = useRef<HTMLElement>(null);
  const key = (e: KeyboardEvent) => {
    if (e.code !== "KeyT" || e.ctrlKey || e.altKey || e.metaKey || e.nativeEvent.isComposing || (e.target as HTMLElement).closest("input,textarea,select,[role=combobox],[role=menu]")) return;
    e.preventDefault();
    setTable(!table);
  };
  const picture = () => {
    const svg = box.current?.querySelector<SVGSVGElement>("svg[data-chart]");
    if (svg) void asPicture(svg).then((blob) => save(blob, `${id}.png`));
  };
  const file = () => sheet && save(new Blob([csvOf(sheet)], { type: "text/csv;charset=utf-8" }), `${id}.csv`);
  return (
    <section ref={box} className={`panel figure ${className ?? ""}`} aria-labelledby={`${id}-title`} data-figure={id} tabIndex={0} onKeyDown={key} style={stale ? { opacity: 0.55 } : undefined} aria-busy={stale || undefined}>
      <header>
        <h2 id={`${id}-title`}>{title}{how && <span className="muted"> {how}</span>}</h2>
        {actions}
        {sheet && (
          <>
            <button type="button" className="btn sm quiet" aria-pressed={table} onClick={() => setTable(!table)} title={t(table ? "chart.asChart" : "explore.asTable")} aria-label={t(table ? "chart.asChart" : "explore.asTable")}><Icon name={table ? "explore" : "table"} /><kbd aria-hidden="true">T</kbd></button>
            <Menu position="bottom-end">
              <Menu.Target><button type="button" className="btn sm quiet icon" aria-label={t("chart.download")} title={t("chart.download")}><Icon name="download" /></button></Menu.Target>
              <Menu.Dropdown>
                {!table && <Menu.Item onClick={picture}>PNG</Menu.Item>}
                <Menu.Item onClick={file}>CSV</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        )}
      </header>
      {table && sheet ? <SheetTable sheet={sheet} /> : children}
      {note && <p className="fig-note s muted">{note}</p>}
    </section>
  );
}

function SheetTable({ sheet }: { sheet: Sheet }) {
  return (
    <div className="fig-table">
      <table className="tbl">
        <thead><tr>{sheet.columns.map((c, i) => <th key={i} scope="col" className={c.numeric ? "n" : ""}>{c.label}</th>)}</tr></thead>
        <tbody>{sheet.rows.map((r) => <tr key={r.key}>{r.cells.map((c, i) => <td key={i} className={sheet.columns[i]?.numeric ? "n" : ""} data-raw={c.raw ?? ""}>{c.shown}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

export function csvOf(sheet: Sheet): string {
  const lines = [sheet.columns.map((c) => csvCell(c.label)), ...sheet.rows.map((r) => r.cells.map((c) => csvCell(c.raw)))];
  return "\uFEFF" + lines.map((line) => line.join(",")).join("\r\n") + "\r\n";
}

/** The drawing as a picture of twice its size, with the colours it has on the screen. */
async function asPicture(svg: SVGSVGElement): Promise<Blob> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = [svg, ...svg.querySelectorAll<SVGElement>("*")];
  const to = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  from.forEach((el, i) => {
    const look = getComputedStyle(el);
    for (const p of ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "font-family", "opacity"]) to[i]?.style.setProperty(p, look.getPropertyValue(p));
  });
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = height * 2;
  const pen = canvas.getContext("2d")!;
  pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--ground").trim() || "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((done) => canvas.toBlob((b) => done(b!), "image/png"));
}
