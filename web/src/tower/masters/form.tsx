import { Select } from "@mantine/core";
import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, apiWithEtag } from "../../api/client";
import type { Problem, ProblemError } from "../../api/problems";
import { Button, ProblemNote } from "../../ui";
import { problemFrom } from "../frame/faults";
import { isChange } from "../changes/api";
import { useAnswer } from "../insight/api";
import { Icon } from "../kit/icons";
import { RefSelect } from "../kit/refselect";
import { toast } from "../kit/toast";
import { useGo } from "../nav";
import { faultOf, toBody, toValues, typed, validate, type Fault, type Value, type Values } from "./validate";
import type { FieldDef, Section } from "./registers";

export interface Saved {
  value: Record<string, unknown>;
  etag: string | null;
}

interface Conflict {
  theirs: Record<string, unknown>;
  etag: string | null;
}

/** A form over described fields: faults beside the field on leaving it, focus to the first on submit, conflicts side by side. */
export function RecordForm({ sections, record, etag, url, extra, onSaved, onCancel, head, label, governed }: {
  sections: readonly Section[];
  record: Record<string, unknown> | null;
  etag: string | null;
  /** Where it is stored: POST for a new record, PUT with If-Match for a present one. */
  url: string;
  extra?: Record<string, unknown>;
  onSaved: (saved: Saved) => void;
  onCancel: () => void;
  head?: ReactNode;
  label: string;
  /** What it decides takes effect only when somebody else approves it: saving asks for that. */
  governed?: boolean | undefined;
}) {
  const { t } = useTranslation();
  const go = useGo();
  const isNew = record === null;
  const fields = typed(sections.flatMap((s) => [...s.fields]), isNew);
  const [values, setValues] = useState<Values>(() => toValues(fields, record));
  const [faults, setFaults] = useState<Map<string, Fault | string>>(new Map());
  const [problem, setProblem] = useState<Problem | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [busy, setBusy] = useState(false);
  const [announce, setAnnounce] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const dirty = useRef(false);

  useEffect(() => {
    const warn = (e: BeforeUnloadEvent) => {
      if (dirty.current) e.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);

  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!problem && !conflict) return;
    top.current?.focus({ preventScroll: true });
    top.current?.scrollIntoView?.({ block: "center" });
  }, [problem, conflict]);

  const set = (name: string, value: Value) => {
    dirty.current = true;
    setValues((before) => ({ ...before, [name]: value }));
    setFaults((before) => {
      if (![...before.keys()].some((k) => k === `/${name}`)) return before;
      const next = new Map(before);
      next.delete(`/${name}`);
      return next;
    });
  };
  const leave = (field: FieldDef) => {
    const fault = faultOf(field, values[field.name] ?? null);
    setFaults((before) => {
      const next = new Map(before);
      if (fault && String(values[field.name] ?? "").trim()) next.set(`/${field.name}`, fault);
      else if (!fault) next.delete(`/${field.name}`);
      return next;
    });
  };
  const say = (fault: Fault | string | undefined): string | undefined => (fault === undefined ? undefined : typeof fault === "string" ? fault : t(fault.key, fault.values ?? {}));
  const focusFirst = (found: Map<string, unknown>) => {
    setAnnounce(t("form.badCount", { count: found.size }));
    const first = [...found.keys()][0];
    setTimeout(() => (form.current?.querySelector<HTMLElement>(`[data-at="${first}"] input, [data-at="${first}"] textarea, [data-at="${first}"] select`) ?? form.current?.querySelector<HTMLElement>("[aria-invalid=true]"))?.focus());
  };

  const send = async (match: string | null) => {
    setBusy(true);
    setProblem(null);
    // What nobody types but the record must keep, such as the list a price belongs to.
    const kept = Object.fromEntries(sections.flatMap((s) => [...s.fields]).filter((f) => f.kind === "kept" && record?.[f.name] !== undefined).map((f) => [f.name, record![f.name]]));
    const body = { ...kept, ...extra, ...toBody(fields, values) };
    try {
      const saved = await apiWithEtag<Record<string, unknown>>(url, record ? { method: "PUT", body, ...(match ? { ifMatch: match } : {}) } : { method: "POST", body });
      dirty.current = false;
      setConflict(null);
      if (isChange(saved.value)) {
        toast(t("governed.asked", { what: saved.value.title }));
        go(`/changes/${saved.value.id}`);
      } else onSaved(saved);
    } catch (error) {
      const found = problemFrom(error);
      if (record && error instanceof ApiError && (error.status === 412 || error.status === 428)) {
        const now = await apiWithEtag<Record<string, unknown>>(url).catch(() => null);
        if (now) setConflict({ theirs: now.value, etag: now.etag });
        else setProblem(found);
      } else {
        const [placed, rest] = place(found.errors ?? [], fields);
        setFaults(placed);
        // What stands beside its field is not said again on top.
        setProblem(placed.size && rest.length === 0 ? null : { ...found, errors: rest });
        if (placed.size) focusFirst(placed);
      }
    } finally {
      setBusy(false);
    }
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const found = validate(fields, values);
    setFaults(found);
    if (found.size) focusFirst(found);
    else void send(etag);
  };

  return (
    <form ref={form} className="form" onSubmit={submit} noValidate aria-label={label}>
      <div ref={top} tabIndex={-1} className="form-top" />
      {problem && <ProblemNote problem={problem} />}
      {conflict && <ConflictNote fields={fields} mine={values} conflict={conflict} busy={busy} onMine={() => void send(conflict.etag)} onTheirs={() => { setValues(toValues(fields, conflict.theirs)); setConflict(null); onSaved({ value: conflict.theirs, etag: conflict.etag }); }} />}
      {head}
      {sections.map((section) => (
        <fieldset key={section.id}>
          <legend>{t(`section.${section.id}`)}</legend>
          {typed(section.fields, isNew).map((field) => (
            <div key={field.name} className={field.wide || field.kind === "long" ? "wide" : ""} data-at={`/${field.name}`}>
              <FieldInput
                field={field}
                value={values[field.name] ?? null}
                named={typeof record?.[`${field.name}Name`] === "string" ? `${String(record[field.name])} · ${String(record[`${field.name}Name`])}` : undefined}
                distributorId={extra?.distributorId as number | undefined}
                disabled={Boolean(record && field.once)}
                fault={say(faults.get(`/${field.name}`))}
                rowFault={(i, name) => say(faults.get(`/${field.name}/${i}/${name}`))}
                onChange={(v) => set(field.name, v)}
                onLeave={() => leave(field)}
              />
            </div>
          ))}
        </fieldset>
      ))}
      <div className="end">
        <button type="submit" className="btn pri" disabled={busy}>{busy ? t("form.saving") : governed ? t("governed.ask") : record ? t("action.save", { ns: "common" }) : t("form.create")}</button>
        <Button onClick={onCancel}>{t("action.cancel", { ns: "common" })}</Button>
        <span role="status" className="s muted">{faults.size ? announce : governed ? t("governed.why") : ""}</span>
      </div>
    </form>
  );
}

/** What is wrong and what would be accepted, said once. */
export function faultText(error: ProblemError): string {
  const detail = error.detail ?? "";
  const accepted = error.accepted === undefined || error.accepted === null ? "" : Array.isArray(error.accepted) ? error.accepted.join(", ") : String(error.accepted);
  return !accepted || detail.includes(accepted) ? detail : `${detail}. ${accepted}`;
}

/** Splits the server's faults into those of a field on this form and the rest. */
export function place(errors: ProblemError[], fields: readonly FieldDef[]): [Map<string, string>, ProblemError[]] {
  const placed = new Map<string, string>();
  const rest: ProblemError[] = [];
  for (const error of errors) {
    const name = error.pointer.split("/")[1];
    if (name && fields.some((f) => f.name === name)) placed.set(error.pointer, faultText(error));
    else rest.push(error);
  }
  return [placed, rest];
}

function ConflictNote({ fields, mine, conflict, onMine, onTheirs, busy }: { fields: readonly FieldDef[]; mine: Values; conflict: Conflict; onMine: () => void; onTheirs: () => void; busy: boolean }) {
  const { t } = useTranslation();
  const theirs = toValues(fields, conflict.theirs);
  const differ = fields.filter((f) => JSON.stringify(mine[f.name] ?? null) !== JSON.stringify(theirs[f.name] ?? null));
  const show = (v: Value | undefined) => (Array.isArray(v) ? t("form.rows", { count: v.length }) : typeof v === "boolean" ? t(v ? "yes" : "no") : v || "–");
  return (
    <div role="alert" className="note watch" style={{ display: "block" }}>
      <p className="b">{t("conflict.title")}</p>
      <p>{t("conflict.text")}</p>
      <div className="sub" style={{ margin: "8px 0", background: "var(--ground)", color: "var(--text)" }}>
        <table>
          <thead><tr><th scope="col">{t("conflict.field")}</th><th scope="col">{t("conflict.mine")}</th><th scope="col">{t("conflict.theirs")}</th></tr></thead>
          <tbody>{differ.map((f) => <tr key={f.name}><th scope="row">{t(`field.${f.name}`)}</th><td>{show(mine[f.name])}</td><td>{show(theirs[f.name])}</td></tr>)}</tbody>
        </table>
      </div>
      <div className="row" style={{ flexWrap: "wrap" }}>
        <Button onClick={onTheirs}>{t("conflict.take")}</Button>
        <Button onClick={onMine} disabled={busy}>{t("conflict.keep")}</Button>
      </div>
    </div>
  );
}

export function FieldInput({ field, value, fault, rowFault, onChange, onLeave, disabled, bare, named, distributorId }: {
  field: FieldDef;
  value: Value;
  fault?: string | undefined;
  rowFault?: (row: number, name: string) => string | undefined;
  onChange: (value: Value) => void;
  onLeave?: () => void;
  disabled?: boolean;
  /** Inside a row: the label is for screen readers only. */
  bare?: boolean;
  /** Code and name of the present value. */
  named?: string | undefined;
  /** Whose records a reference may name. */
  distributorId?: number | undefined;
}) {
  const { t } = useTranslation();
  const id = useId();
  const name = t(`field.${field.name}`);
  const hint = bare ? "" : t(`hint.${field.name}`, { defaultValue: "" });
  const label = <>{name}{!field.required && !bare && field.kind !== "flag" && <span className="req">{t("form.optional")}</span>}</>;
  const described = fault ? `${id}-bad` : hint ? `${id}-hint` : undefined;
  if (field.kind === "flag") {
    return (
      <label className="check">
        <input type="checkbox" checked={value === true} disabled={disabled} onChange={(e) => onChange(e.target.checked)} />
        <span>{name}{hint && <span className="s muted"> · {hint}</span>}</span>
      </label>
    );
  }
  if (field.kind === "rows") return <Rows field={field} rows={Array.isArray(value) ? value : []} onChange={onChange} fault={rowFault} disabled={disabled} />;
  if (field.kind === "ref") {
    return field.by === "code"
      ? <RefSelect type={field.ref!} by="code" label={label} value={value ? String(value) : null} onChange={(v) => onChange(v ?? "")} error={fault} disabled={disabled} required={field.required} valueLabel={value ? (named ?? String(value)) : null} params={distributorId !== undefined && (field.ref === "beats" || field.ref === "outlets") ? { distributorId } : undefined} />
      : <RefSelect type={field.ref!} label={label} value={value ? String(value) : null} onChange={(v) => onChange(v ?? "")} error={fault} disabled={disabled} required={field.required} />;
  }
  if (field.kind === "choice") {
    const words = field.words ?? field.name;
    return (
      <div className="field">
        <label htmlFor={id} className={bare ? "vh" : ""}>{label}</label>
        <Select id={id} data={(field.choices ?? []).map((c) => ({ value: c, label: t(`choice.${words}.${c}`, { defaultValue: c }) }))} value={value ? String(value) : null} onChange={(v) => onChange(v ?? "")} clearable={!field.required} error={fault} disabled={disabled} clearButtonProps={{ "aria-label": t("form.clear") }} />
      </div>
    );
  }
  const list = field.suggest ? `${id}-list` : undefined;
  const common = {
    id,
    className: `input ${field.kind === "decimal" || field.kind === "integer" ? "n" : ""} ${field.kind === "code" || field.check ? "code" : ""}`,
    value: String(value ?? ""),
    disabled,
    "aria-invalid": fault ? (true as const) : undefined,
    "aria-describedby": described,
    "aria-required": field.required || undefined,
    autoComplete: "off",
    onBlur: onLeave,
  };
  return (
    <div className="field">
      <label htmlFor={id} className={bare ? "vh" : ""}>{label}</label>
      {field.kind === "long"
        ? <textarea {...common} rows={2} onChange={(e) => onChange(e.target.value)} />
        : <input {...common} type={field.kind === "date" ? "date" : "text"} list={list} inputMode={field.kind === "decimal" ? "decimal" : field.kind === "integer" ? "numeric" : undefined} onChange={(e) => onChange(field.check === "gstin" ? e.target.value.toUpperCase() : e.target.value)} />}
      {list && <Suggestions id={list} of={field.suggest!} />}
      {fault ? <div className="bad" id={`${id}-bad`}>{fault}</div> : hint ? <div className="hint" id={`${id}-hint`}>{hint}</div> : null}
    </div>
  );
}

/** Values met so far of a dimension; a new one may be typed all the same. */
function Suggestions({ id, of }: { id: string; of: "channel" | "class" }) {
  const found = useAnswer({ metrics: ["nsv"], dimensions: [of], filters: [], window: { kind: "L12M" }, compare: "NONE", order: [] });
  return <datalist id={id}>{found.data?.rows.map((r) => <option key={String(r.keys[of]?.id)} value={String(r.keys[of]?.id)} />)}</datalist>;
}

function Rows({ field, rows, onChange, fault, disabled }: { field: FieldDef; rows: Values[]; onChange: (rows: Values[]) => void; fault?: ((row: number, name: string) => string | undefined) | undefined; disabled?: boolean }) {
  const { t } = useTranslation();
  const inner = field.rows ?? [];
  return (
    <div className="field">
      <span className="label">{t(`field.${field.name}`)}</span>
      {rows.length > 0 && (
        <div className="sub">
          <table>
            <thead><tr>{inner.map((f) => <th key={f.name} scope="col" className={f.kind === "integer" || f.kind === "decimal" ? "n" : ""}>{t(`field.${f.name}`)}</th>)}<th style={{ width: 36 }}><span className="vh">{t("form.removeRow")}</span></th></tr></thead>
            <tbody>
              {rows.map((row, i) => (
                <tr key={i} style={{ verticalAlign: "top" }}>
                  {inner.map((f) => (
                    <td key={f.name} data-at={`/${field.name}/${i}/${f.name}`}>
                      <FieldInput bare field={f} value={row[f.name] ?? null} disabled={disabled} fault={fault?.(i, f.name)} onChange={(v) => onChange(rows.map((r, n) => (n === i ? { ...r, [f.name]: v } : r)))} />
                    </td>
                  ))}
                  <td>{!disabled && <button type="button" className="qx" style={{ height: 28 }} aria-label={t("form.removeRowN", { n: i + 1 })} onClick={() => onChange(rows.filter((_, n) => n !== i))}><Icon name="close" /></button>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!disabled && <Button className="sm" style={{ justifySelf: "start" }} onClick={() => onChange([...rows, toValues(inner, null)])}><Icon name="plus" />{t(`form.add.${field.name}`)}</Button>}
    </div>
  );
}
