import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { TFunction } from "i18next";
import { Chip, type Tone } from "../../ui";
import type { Formats } from "../format";
import { useFormats } from "../format";
import { api } from "../../api/client";
import type { GridColumn } from "../grid/grid";
import type { Page } from "../http";
import { mayRead, useMe } from "../session";
import type { ColumnDef, FieldDef, Register, Section } from "./registers";
import { typed } from "./validate";

export type Rec = Record<string, unknown>;

const TONES: Record<string, Tone> = {
  ACTIVE: "good", LIVE: "good", PUBLISHED: "good", POSTED: "good", DELIVERED: "good", DONE: "good",
  ON_HOLD: "watch", DORMANT: "watch", PAUSED: "watch", EXITING: "watch", SELL_OUT: "watch", PENDING_APPROVAL: "watch", PROPOSED: "info", PROSPECT: "info", DRAFT: "info", SCHEDULED: "info", RUNNING: "info",
  BLOCKED: "act", REJECTED: "act", CANCELLED: "act", FAILED: "act",
};

export function Status({ value, words = "status" }: { value: string; words?: string | undefined }) {
  const { t } = useTranslation();
  return <Chip tone={TONES[value] ?? "plain"}>{t(`choice.${words}.${value}`, { defaultValue: t(`choice.status.${value}`, { defaultValue: value }) })}</Chip>;
}

/** A running offer that has not begun yet is scheduled. */
export function schemeState(row: Rec): string {
  const status = String(row.status ?? "");
  return status === "ACTIVE" && typeof row.validFrom === "string" && row.validFrom > new Date().toLocaleDateString("en-CA") ? "SCHEDULED" : status;
}

function plain(value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  if (Array.isArray(value)) return value.map(plain).filter(Boolean).join(", ");
  if (typeof value === "object") {
    const o = value as { name?: unknown; code?: unknown; id?: unknown };
    return String(o.name ?? o.code ?? o.id ?? "");
  }
  return String(value);
}

/** The name that stands beside a code where the record carries both (`beat` and `beatName`). */
export function named(row: Rec, id: string): string {
  const name = row[`${id}Name`];
  return typeof name === "string" && name ? name : plain(row[id]);
}

/** Names of the distributors in scope by id: rows carry ids and codes, people read names. */
export function useDistributorNames(): ReadonlyMap<string, string> {
  const me = useMe();
  const found = useQuery({ enabled: mayRead(me, "DISTRIBUTOR_READ"), queryKey: ["distributor-names"], queryFn: () => api<Page<{ id: number; name: string }>>("/api/v1/distributors", { query: { limit: 200 } }), staleTime: 300_000, retry: false });
  return useMemo(() => new Map((found.data?.items ?? []).map((d) => [String(d.id), d.name])), [found.data]);
}

/** Columns of a register for the grid. */
export function gridColumns(register: Register, t: TFunction, f: Formats, distributors: ReadonlyMap<string, string> = new Map()): GridColumn<Rec>[] {
  return register.columns.map((c, i) => ({
    id: c.id,
    label: t(`field.${c.id}`),
    width: c.width,
    ...(c.grow ? { grow: true } : {}),
    numeric: c.kind === "money" || c.kind === "qty" || c.kind === "percent",
    sortable: c.sortable ?? false,
    startsHidden: c.hidden ?? false,
    fixed: i === 0,
    cell: (row) => (c.id === "distributor" && row.distributorId != null ? (distributors.get(String(row.distributorId)) ?? named(row, c.id)) : cell(row, c, t, f)),
    raw: (row) => plain(row[c.id]) || null,
  }));
}

function cell(row: Rec, c: ColumnDef, t: TFunction, f: Formats): ReactNode {
  const value = row[c.id];
  if (value === null || value === undefined || value === "") return <span className="muted">–</span>;
  switch (c.kind) {
    case "money": return c.id === "price" || c.id === "pts" || c.id === "unitCost" ? f.rate(String(value)) : f.money(String(value));
    case "qty": return f.qty(String(value));
    case "percent": return `${f.qty(String(value))} %`;
    case "date": return <span className="num">{f.dense(String(value))}</span>;
    case "flag": return t(value ? "yes" : "no");
    case "status": return <Status value={c.words === "schemeStatus" ? schemeState(row) : String(value)} words={c.words} />;
    case "choice": return t(`choice.${c.words ?? c.id}.${String(value)}`, { defaultValue: String(value) });
    case "code": return <span className="code">{plain(value)}</span>;
    default: return named(row, c.id);
  }
}

/** A record to read: label and value, section by section. */
export function RecordShow({ sections, record, heading: Heading = "h3" }: { sections: readonly Section[]; record: Rec; heading?: "h2" | "h3" }) {
  const { t } = useTranslation();
  const f = useFormats();
  return (
    <div className="stack" style={{ gap: 20 }}>
      {sections.map((section) => (
        <section key={section.id}>
          <Heading className="s b" style={{ marginBottom: 8 }}>{t(`section.${section.id}`)}</Heading>
          <dl className="dl">
            {typed(section.fields, false).map((field) => [<dt key={`${field.name}-t`}>{t(`field.${field.name}`)}</dt>, <dd key={`${field.name}-d`}>{shown(field, record, t, f)}</dd>])}
          </dl>
        </section>
      ))}
    </div>
  );
}

function shown(field: FieldDef, record: Rec, t: TFunction, f: Formats): ReactNode {
  const value = record[field.name];
  if (field.kind === "rows") {
    const rows = Array.isArray(value) ? (value as Rec[]) : [];
    if (!rows.length) return "–";
    return (
      <div className="sub">
        <table>
          <thead><tr>{field.rows!.map((r) => <th key={r.name} scope="col" className={r.kind === "integer" ? "n" : ""}>{t(`field.${r.name}`)}</th>)}</tr></thead>
          <tbody>{rows.map((row, i) => <tr key={i}>{field.rows!.map((r) => <td key={r.name} className={r.kind === "integer" ? "n" : ""}>{plain(row[r.name]) || "–"}</td>)}</tr>)}</tbody>
        </table>
      </div>
    );
  }
  if (field.kind === "flag") return t(value ? "yes" : "no");
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return <span className="muted">–</span>;
  if (field.kind === "date") return f.date(String(value));
  if (field.kind === "decimal") return <span className="num">{["mrp", "pts", "price", "unitCost", "creditLimit"].includes(field.name) ? f.rate(String(value)) : f.qty(String(value))}</span>;
  if (field.kind === "choice") return field.name === "status" ? <Status value={String(value)} words={field.words} /> : t(`choice.${field.words ?? field.name}.${String(value)}`, { defaultValue: String(value) });
  if (field.kind === "ref") {
    const name = named(record, field.name);
    const code = plain(value);
    return name && name !== code ? <>{name} <span className="code muted">{code}</span></> : code;
  }
  return <span className={field.kind === "code" || field.check ? "code" : ""}>{plain(value)}</span>;
}
