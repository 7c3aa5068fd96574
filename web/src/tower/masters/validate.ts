import { cmp, dec } from "../decimal";
import type { FieldDef } from "./registers";

/** What a form holds while it is typed: texts and ticks; rows hold the same. */
export type Value = string | boolean | null | Values[];
export interface Values {
  [name: string]: Value;
}

/** Fields a person sees and fills in. */
export function typed(fields: readonly FieldDef[], isNew: boolean): FieldDef[] {
  return fields.filter((f) => f.kind !== "kept" && !(f.first && !isNew));
}

/** A fault as a catalogue key with its values, by the pointer of the field it belongs to. */
export interface Fault {
  key: string;
  values?: Record<string, string | number>;
}

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const STATES = /^(0[1-9]|[12]\d|3[0-8]|97|96)$/;
/** A party outside India: its place is a country, and its tax number and postcode are checked by the server's pack. */
const COUNTRY = /^[A-Z]{2}$/;

/** IN-01: form and check character of a GSTIN. */
export function gstinFault(text: string): "form" | "check" | null {
  if (!/^\d{2}[A-Z]{5}\d{4}[A-Z][1-9A-Z][0-9A-Z][0-9A-Z]$/.test(text)) return "form";
  let total = 0;
  for (let i = 0; i < 14; i++) {
    const product = ALPHABET.indexOf(text[i]!) * (i % 2 === 0 ? 1 : 2);
    total += Math.floor(product / 36) + (product % 36);
  }
  return ALPHABET[(36 - (total % 36)) % 36] === text[14] ? null : "check";
}

/** GS1 check digit of 8, 12, 13 or 14 digits. */
export function gtinFault(text: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return true;
  const digits = [...text].map(Number);
  const check = digits.pop()!;
  const sum = digits.reverse().reduce((s, d, i) => s + d * (i % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10 !== check;
}

/** One field's fault, or null. Empty and not required is no fault. */
export function faultOf(field: FieldDef, value: Value): Fault | null {
  if (field.kind === "rows" || field.kind === "flag" || field.kind === "kept") return null;
  const text = String(value ?? "").trim();
  if (!text) return field.required ? { key: "form.bad.required" } : null;
  switch (field.kind) {
    case "code":
      return /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._/ +&#()'-]{0,39}$/u.test(text) ? null : { key: "form.bad.code" };
    case "decimal": {
      const number = dec(text.replaceAll(",", ""));
      if (!number) return { key: "form.bad.number" };
      if (field.decimals !== undefined && number.scale > field.decimals) return { key: "form.bad.decimals", values: { count: field.decimals } };
      return range(field, text.replaceAll(",", ""));
    }
    case "integer":
      return /^-?\d+$/.test(text) ? range(field, text) : { key: "form.bad.whole" };
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? null : { key: "form.bad.date" };
    case "choice":
      return field.choices && !field.choices.includes(text) ? { key: "form.bad.choice" } : null;
    default:
      break;
  }
  switch (field.check) {
    case "gstin": {
      const fault = gstinFault(text);
      return fault ? { key: `form.bad.gstin.${fault}` } : null;
    }
    case "gtin":
      return gtinFault(text) ? { key: "form.bad.gtin" } : null;
    case "pin":
      return /^[1-9]\d{5}$/.test(text) ? null : { key: "form.bad.pin" };
    case "phone":
      return /^\+?[\d ()-]{6,20}$/.test(text) ? null : { key: "form.bad.phone" };
    case "hsn":
      return /^(\d{2}|\d{4}|\d{6}|\d{8})$/.test(text) ? null : { key: "form.bad.hsn" };
    case "state":
      return STATES.test(text) || COUNTRY.test(text) ? null : { key: "form.bad.state" };
    default:
      return text.length > 200 ? { key: "form.bad.long" } : null;
  }
}

function range(field: FieldDef, text: string): Fault | null {
  const value = dec(text)!;
  const low = field.min === undefined ? null : dec(String(field.min));
  const high = field.max === undefined ? null : dec(String(field.max));
  if ((low && cmp(value, low) < 0) || (high && cmp(value, high) > 0)) {
    if (low && high) return { key: "form.bad.between", values: { min: field.min!, max: field.max! } };
    return low ? { key: "form.bad.least", values: { min: field.min! } } : { key: "form.bad.most", values: { max: field.max! } };
  }
  return null;
}

/** Every fault of a form by pointer (`/gstin`, `/units/0/unit`), in the order of the fields. */
export function validate(fields: readonly FieldDef[], values: Values): Map<string, Fault> {
  const faults = new Map<string, Fault>();
  for (const field of fields) {
    const value = values[field.name] ?? null;
    if (field.kind === "rows" && field.rows && Array.isArray(value)) {
      value.forEach((row, i) => {
        for (const inner of field.rows!) {
          const fault = faultOf(inner, row[inner.name] ?? null);
          if (fault) faults.set(`/${field.name}/${i}/${inner.name}`, fault);
        }
      });
      continue;
    }
    const fault = faultOf(field, value);
    if (fault) faults.set(`/${field.name}`, fault);
  }
  // a buyer abroad has the country's own postcode, and State 96
  const exported = values.registration === "EXPORT";
  const abroad = exported || COUNTRY.test(String(values.stateCode ?? "").trim());
  if (abroad) for (const pointer of ["/gstin", "/pin"]) if (faults.get(pointer)?.key !== "form.bad.required") faults.delete(pointer);
  const from = String(values.validFrom ?? "");
  const to = String(values.validTo ?? "");
  if (from && to && to < from && !faults.has("/validTo")) faults.set("/validTo", { key: "form.bad.period" });
  const gstin = String(values.gstin ?? "").trim();
  const registration = values.registration;
  if (registration !== undefined && fields.some((f) => f.name === "gstin") && !faults.has("/gstin")) {
    if (registration !== "UNREGISTERED" && !exported && !gstin) faults.set("/gstin", { key: "form.bad.gstin.needed" });
    if ((registration === "UNREGISTERED" || exported) && gstin) faults.set("/gstin", { key: "form.bad.gstin.unregistered" });
  }
  const state = String(values.stateCode ?? "").trim();
  if (exported && state !== "96" && !faults.has("/stateCode")) faults.set("/stateCode", { key: "form.bad.abroad" });
  if (gstin && state && !abroad && !faults.has("/gstin") && !faults.has("/stateCode") && gstin.slice(0, 2) !== state) faults.set("/stateCode", { key: "form.bad.gstin.state", values: { state: gstin.slice(0, 2) } });
  return faults;
}

/** A record from the server as what a form holds. */
export function toValues(fields: readonly FieldDef[], record: Record<string, unknown> | null): Values {
  const values: Values = {};
  for (const field of fields) {
    const raw = record ? record[field.name] : field.preset;
    if (field.kind === "flag") values[field.name] = Boolean(raw ?? false);
    else if (field.kind === "rows") values[field.name] = Array.isArray(raw) ? raw.map((r) => toValues(field.rows ?? [], r as Record<string, unknown>)) : [];
    else if (field.kind === "words") values[field.name] = Array.isArray(raw) ? raw.map((r) => (typeof r === "object" && r ? String((r as { code?: unknown }).code ?? "") : String(r))).join(", ") : String(raw ?? "");
    else if (raw !== null && typeof raw === "object") values[field.name] = String((raw as { code?: unknown; id?: unknown })[field.by ?? "code"] ?? "");
    else values[field.name] = raw === undefined || raw === null ? "" : String(raw);
  }
  return values;
}

/** The body to send: decimals stay strings, whole numbers become numbers, nothing typed is nothing sent. */
export function toBody(fields: readonly FieldDef[], values: Values): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.name];
    if (field.kind === "flag") body[field.name] = value === true;
    else if (field.kind === "rows") body[field.name] = Array.isArray(value) ? value.map((row) => toBody(field.rows ?? [], row)) : [];
    else {
      const text = String(value ?? "").trim();
      if (field.kind === "words") body[field.name] = text.split(/[,;]/).map((w) => w.trim()).filter(Boolean);
      else if (!text) body[field.name] = null;
      else if (field.kind === "integer" || field.number) body[field.name] = Number(text);
      else if (field.kind === "decimal") body[field.name] = text.replaceAll(",", "");
      else if (field.check === "gstin") body[field.name] = text.toUpperCase();
      else body[field.name] = text;
    }
  }
  return body;
}
