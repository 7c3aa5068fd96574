import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "../../api/problems";
import { Button, Dialog, ProblemNote } from "../../ui";

export interface Question {
  name: string;
  label: string;
  kind: "text" | "date" | "password";
  required?: boolean;
  min?: number;
  /** What stands in it at first. */
  value?: string;
}

/** A short dialog for an act that needs a word or a date, such as a reason; the server's refusal shows in it. */
export function Ask({ title, text, fields, submit, problem, onSubmit, onClose, danger }: { title: string; text: string; fields: Question[]; submit: string; problem: Problem | null; onSubmit: (values: Record<string, string>) => void; onClose: () => void; danger?: boolean }) {
  const { t } = useTranslation();
  const id = useId();
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries(fields.flatMap((f) => (f.value ? [[f.name, f.value]] : []))));
  const [bad, setBad] = useState<string | null>(null);
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        noValidate
        style={{ display: "grid", gap: 12 }}
        onSubmit={(e) => {
          e.preventDefault();
          const first = fields.find((f) => (f.required && !values[f.name]?.trim()) || (f.min && (values[f.name]?.trim().length ?? 0) < f.min));
          setBad(first?.name ?? null);
          if (first) document.getElementById(`${id}-${first.name}`)?.focus();
          else onSubmit(Object.fromEntries(Object.entries(values).map(([k, v]) => [k, v.trim()])));
        }}
      >
        <p className="muted">{text}</p>
        {problem && <ProblemNote problem={problem} />}
        {fields.map((f, i) => (
          <div className="field" key={f.name}>
            <label htmlFor={`${id}-${f.name}`}>{f.label}{!f.required && !f.min && <span className="req">{t("form.optional")}</span>}</label>
            <input id={`${id}-${f.name}`} className="input" {...(i === 0 ? { "data-autofocus": true } : {})} type={f.kind} autoComplete={f.kind === "password" ? "new-password" : "off"} value={values[f.name] ?? ""} aria-invalid={bad === f.name || undefined} aria-describedby={bad === f.name ? `${id}-bad` : undefined} onChange={(e) => { setBad(null); setValues({ ...values, [f.name]: e.target.value }); }} />
            {bad === f.name && <div className="bad" id={`${id}-bad`}>{f.min ? t("form.bad.short", { min: f.min }) : t("form.bad.required")}</div>}
          </div>
        ))}
        <div className="end">
          <Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button>
          <button type="submit" className={`btn ${danger ? "danger" : "pri"}`}>{submit}</button>
        </div>
      </form>
    </Dialog>
  );
}
