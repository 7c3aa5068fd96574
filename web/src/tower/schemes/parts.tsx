import { MultiSelect, Select } from "@mantine/core";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";
import { api } from "../../api/client";
import type { Page } from "../http";
import { labelOf } from "../kit/refselect";
import { useTexts } from "./texts";

/** A running offer that has not begun yet is scheduled. */
export function schemeState(row: { status: string; validFrom?: string | null }): string {
  return row.status === "ACTIVE" && row.validFrom && row.validFrom > new Date().toLocaleDateString("en-CA") ? "SCHEDULED" : row.status;
}

/** A line of text or a figure, with its unit behind it and its fault under it. */
export function Text({ label, value, onChange, error, disabled, type = "text", numeric, code, bare, unit, hint, width, at }: {
  label: string; value: string; onChange: (v: string) => void; error?: string | undefined; disabled?: boolean; type?: string; numeric?: boolean; code?: boolean; bare?: boolean; unit?: string | undefined; hint?: string; width?: number; at?: string;
}) {
  const id = useId();
  const described = error ? `${id}-bad` : hint ? `${id}-hint` : undefined;
  return (
    <div className="field" style={width ? { width } : undefined} data-at={at}>
      <label htmlFor={id} className={bare ? "vh" : ""}>{label}</label>
      <span className="cell-in">
        <input id={id} className={`input ${numeric ? "n" : ""} ${code ? "code" : ""}`} type={type} inputMode={numeric ? "decimal" : undefined} value={value} disabled={disabled} aria-invalid={error ? true : undefined} aria-describedby={described} onChange={(e) => onChange(e.target.value)} autoComplete="off" />
        {unit && <span className="unit" aria-hidden="true">{unit}</span>}
      </span>
      {error ? <div className="bad" id={`${id}-bad`}>{error}</div> : hint ? <div className="hint" id={`${id}-hint`}>{hint}</div> : null}
    </div>
  );
}

/** One of a few; a sentence under it says what the choice means. */
export function Pick({ label, value, choices, words, onChange, error, explain, at }: { label: string; value: string; choices: readonly string[]; words: string; onChange: (v: string) => void; error?: string | undefined; explain?: boolean; at?: string }) {
  const { t } = useTexts();
  const meaning = explain && value ? t(`${words}Means.${value}`, { defaultValue: "" }) : "";
  return (
    <div className="field" data-at={at}>
      <Select label={label} data={choices.map((c) => ({ value: c, label: t(`${words}.${c}`) }))} value={value || null} placeholder={t("pick.choose")} onChange={(v) => v && onChange(v)} allowDeselect={false} error={error} />
      {meaning && <div className="hint">{meaning}</div>}
    </div>
  );
}

export function Flag({ checked, onChange, children, disabled }: { checked: boolean; onChange: (v: boolean) => void; children: ReactNode; disabled?: boolean }) {
  return <label className="check"><input type="checkbox" checked={checked} disabled={disabled} onChange={(e) => onChange(e.target.checked)} /><span>{children}</span></label>;
}

/** Several of a few. */
export function Many({ label, values, choices, words, onChange, error }: { label: string; values: string[]; choices: readonly string[]; words: string; onChange: (v: string[]) => void; error?: string | undefined }) {
  const { t } = useTexts();
  return <MultiSelect aria-label={label} placeholder={values.length ? "" : t("pick.several")} data={choices.map((c) => ({ value: c, label: t(`${words}.${c}`) }))} value={values} onChange={onChange} error={error} />;
}

/** Records of another register, by code (or by id where they have no lasting code). */
export function Records({ type, by = "code", label, values, onChange, error, params }: { type: string; by?: "code" | "id"; label: string; values: string[]; onChange: (v: string[]) => void; error?: string | undefined; params?: Record<string, string | number | undefined> }) {
  const { t } = useTexts();
  const [typed, setTyped] = useState("");
  const [names, setNames] = useState<Record<string, string>>({});
  const found = useQuery({ queryKey: ["ref", type, params, typed], staleTime: 60_000, queryFn: ({ signal }) => api<Page<{ id: number | string; code?: string; name?: string }>>(`/api/v1/${type}`, { query: { ...params, q: typed || undefined, limit: 30 }, signal }) });
  const rows = (found.data?.items ?? []).filter((i) => by === "id" || i.code).map((i) => [by === "id" ? String(i.id) : i.code!, labelOf(i)] as const);
  const data = [...new Map([...values.map((v) => [v, names[v] ?? v] as const), ...rows])].map(([value, l]) => ({ value, label: l }));
  return (
    <MultiSelect
      aria-label={label}
      placeholder={values.length ? "" : t("form.typeToSearch")}
      data={data}
      value={values}
      onChange={(v) => { setNames((n) => ({ ...n, ...Object.fromEntries(data.filter((d) => v.includes(d.value)).map((d) => [d.value, d.label])) })); onChange(v); }}
      searchable
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={found.isFetching ? t("state.loading") : t("form.nothingFound")}
      error={error}
    />
  );
}

/** Warehouses of the chosen distributors, named as schemes name them: `D-1:MAIN` (SCH-09). */
export function WarehousesOf({ distributors, label, values, onChange, error }: { distributors: string[]; label: string; values: string[]; onChange: (v: string[]) => void; error?: string | undefined }) {
  const { t } = useTexts();
  const found = useQueries({ queries: distributors.map((distributor) => ({
    queryKey: ["ref", "warehouses", distributor], staleTime: 60_000,
    queryFn: ({ signal }: { signal: AbortSignal }) => api<Page<{ code: string; name: string; distributor: string }>>("/api/v1/warehouses", { query: { distributor, status: "ACTIVE", limit: 200 }, signal }),
  })) });
  if (distributors.length === 0) return <p className={error ? "bad" : "cond-said"}>{t("who.distributorsFirst")}</p>;
  const rows = found.flatMap((f) => f.data?.items ?? []).map((w) => [`${w.distributor}:${w.code}`, `${w.name} · ${w.distributor}:${w.code}`] as const);
  const data = [...new Map([...values.map((v) => [v, v] as const), ...rows])].map(([value, l]) => ({ value, label: l }));
  return <MultiSelect aria-label={label} placeholder={values.length ? "" : t("form.typeToSearch")} data={data} value={values} onChange={onChange} searchable nothingFoundMessage={found.some((f) => f.isFetching) ? t("state.loading") : t("form.nothingFound")} error={error} />;
}

/** Free words, parted by commas; values met so far are offered. */
export function Words({ label, values, onChange, error, suggestions = [] }: { label: string; values: string[]; onChange: (v: string[]) => void; error?: string | undefined; suggestions?: string[] }) {
  const { t } = useTexts();
  const [typed, setTyped] = useState("");
  const data = [...new Set([...values, ...suggestions, ...(typed.trim() ? [typed.trim().toUpperCase()] : [])])].map((v) => ({ value: v, label: t(`choice.channel.${v}`, { defaultValue: v }) }));
  return <MultiSelect aria-label={label} placeholder={values.length ? "" : t("pick.words")} data={data} value={values} onChange={(v) => { onChange(v); setTyped(""); }} searchable searchValue={typed} onSearchChange={setTyped} error={error} />;
}

/** A numbered part of the builder. */
export function Part({ id, number, title, hint, children }: { id: string; number: number; title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="panel part" id={`part-${id}`} aria-labelledby={`part-${id}-h`}>
      <header>
        <span className="part-no" aria-hidden="true">{number}</span>
        <div className="grow"><h2 id={`part-${id}-h`}>{title}</h2>{hint && <p className="s muted">{hint}</p>}</div>
      </header>
      <div className="body">{children}</div>
    </section>
  );
}
