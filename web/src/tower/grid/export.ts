import type { GridColumn } from "./grid";

/** One cell of a CSV file: a formula a spreadsheet would run is quoted into plain text (UX section 7). */
export function csvCell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "";
  let text = String(value);
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows of a list as CSV: UTF-8 with BOM, raw numbers, ISO dates, in the visible order of columns. */
export function csv<T>(columns: GridColumn<T>[], rows: readonly T[]): string {
  const used = columns.filter((c) => c.raw);
  const lines = [used.map((c) => csvCell(c.label)), ...rows.map((row) => used.map((c) => csvCell(c.raw!(row))))];
  return "\uFEFF" + lines.map((line) => line.join(",")).join("\r\n") + "\r\n";
}

/** The same as a workbook of one sheet with typed cells, a frozen header with filters on, and a sheet that says what it is. */
export function xlsx<T>(columns: GridColumn<T>[], rows: readonly T[], about: [string, string][]): Blob {
  const used = columns.filter((c) => c.raw);
  const header = `<row r="1">${used.map((c, i) => text(c.label, i, 1, 1)).join("")}</row>`;
  const body = rows.map((row, r) => `<row r="${r + 2}">${used.map((c, i) => cell(c.raw!(row), i, r + 2, c.numeric === true)).join("")}</row>`).join("");
  const last = `${letters(Math.max(used.length - 1, 0))}${rows.length + 1}`;
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const pkg = "http://schemas.openxmlformats.org/package/2006";
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const files: [string, string][] = [
    ["[Content_Types].xml", `${head}<Types xmlns="${pkg}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="${type}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/></Types>`],
    ["_rels/.rels", `${head}<Relationships xmlns="${pkg}/relationships"><Relationship Id="rId1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
    ["xl/workbook.xml", `${head}<workbook xmlns="${main}" xmlns:r="${rel}"><sheets><sheet name="Rows" sheetId="1" r:id="rId1"/><sheet name="About" sheetId="2" r:id="rId2"/></sheets></workbook>`],
    ["xl/_rels/workbook.xml.rels", `${head}<Relationships xmlns="${pkg}/relationships"><Relationship Id="rId1" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${rel}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="${rel}/styles" Target="styles.xml"/></Relationships>`],
    ["xl/styles.xml", `${head}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`],
    ["xl/worksheets/sheet1.xml", `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>${header}${body}</sheetData><autoFilter ref="A1:${last}"/></worksheet>`],
    ["xl/worksheets/sheet2.xml", `${head}<worksheet xmlns="${main}"><sheetData>${about.map(([k, v], i) => `<row r="${i + 1}">${text(k, 0, i + 1, 1)}${text(v, 1, i + 1)}</row>`).join("")}</sheetData></worksheet>`],
  ];
  return new Blob([zip(files) as BlobPart], { type: `${type}.sheet` });
}

function letters(i: number): string {
  return i < 26 ? String.fromCharCode(65 + i) : letters(Math.floor(i / 26) - 1) + letters(i % 26);
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function text(value: string, column: number, row: number, style = 0): string {
  // eslint-disable-next-line no-control-regex
  const clean = value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").replace(/[&<>"]/g, (c) => escapes[c]!);
  return `<c r="${letters(column)}${row}" t="inlineStr"${style ? ` s="${style}"` : ""}><is><t xml:space="preserve">${clean}</t></is></c>`;
}

function cell(value: string | number | boolean | null | undefined, column: number, row: number, numeric: boolean): string {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return `<c r="${letters(column)}${row}" t="b"><v>${value ? 1 : 0}</v></c>`;
  if (typeof value === "number" || (numeric && /^-?\d+(\.\d+)?$/.test(value))) return `<c r="${letters(column)}${row}"><v>${value}</v></c>`;
  return text(value, column, row);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const b of bytes) c = TABLE[(c ^ b) & 255]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** A zip archive with stored entries: a workbook needs no more. */
function zip(files: [string, string][]): Uint8Array {
  const utf8 = new TextEncoder();
  const chunks: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    const n = utf8.encode(name);
    const data = utf8.encode(content);
    const fields: [number, number][] = [[20, 2], [0x0800, 2], [0, 2], [0, 2], [0x21, 2], [crc(data), 4], [data.length, 4], [data.length, 4], [n.length, 2], [0, 2]];
    const local = record(0x04034b50, fields, n);
    chunks.push(local, data);
    central.push(record(0x02014b50, [[20, 2], ...fields, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]], n));
    offset += local.length + data.length;
  }
  const size = central.reduce((sum, c) => sum + c.length, 0);
  const end = record(0x06054b50, [[0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [offset, 4], [0, 2]]);
  const all = [...chunks, ...central, end];
  const out = new Uint8Array(all.reduce((sum, c) => sum + c.length, 0));
  let at = 0;
  for (const c of all) {
    out.set(c, at);
    at += c.length;
  }
  return out;
}

function record(signature: number, fields: [number, number][], tail: Uint8Array = new Uint8Array()): Uint8Array {
  const length = 4 + fields.reduce((sum, [, w]) => sum + w, 0);
  const out = new Uint8Array(length + tail.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, signature, true);
  let at = 4;
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  out.set(tail, length);
  return out;
}
