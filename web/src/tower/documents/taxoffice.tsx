import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { Chip, Shape } from "../../ui";
import type { Formats } from "../format";
import { problemFrom } from "../frame/faults";
import { A } from "../kit/link";
import type { Invoice } from "./bill";

interface Etims { state: "PENDING" | "UNKNOWN" | "STAMPED" | "REJECTED" | "WITHDRAWN"; cuInvoiceNumber: string | null; signature: string | null; qr: string | null; stampedAt: string | null; attempts: number; message: string | null }

interface Verdict { valid: boolean; ruleSets: string[]; findings: { ruleSet: string; rule: string; severity: "ERROR" | "WARNING"; text: string; location: string | null }[] }

const TONE = { PENDING: "info", UNKNOWN: "watch", STAMPED: "good", REJECTED: "act", WITHDRAWN: "info" } as const;

/** What a country outside India adds to a bill: the control unit's stamp, the document as UBL, the return it belongs to. */
export function TaxOffice({ bill, f }: { bill: Invoice; f: Formats }) {
  const { t } = useTranslation();
  const law = bill.paper;
  if (!law || law.regime === "IN_GST" || law.heads.length === 0) return null;
  return (
    <section className="panel" style={{ padding: 16 }} aria-label={t("office.title")}>
      <h2 style={{ marginBottom: 8 }}>{t("office.title")}</h2>
      {law.regime === "KE_VAT" && <ControlUnit bill={bill} f={f} />}
      <Ubl bill={bill} />
      <p className="s" style={{ marginTop: 8 }}><A className="lnk" path={`/tax/vat/${bill.distributorId}`} search={{ month: bill.businessDate.slice(0, 7) }}>{t("office.toReturn", { month: bill.businessDate.slice(0, 7) })}</A></p>
    </section>
  );
}

function ControlUnit({ bill, f }: { bill: Invoice; f: Formats }) {
  const { t } = useTranslation();
  const path = `/api/v1/invoices/${bill.id}/etims`;
  const found = useQuery({ queryKey: ["etims", bill.id], queryFn: () => api<Etims>(path), retry: false, refetchInterval: (q) => (q.state.data && ["PENDING", "UNKNOWN"].includes(q.state.data.state) ? 3000 : false) });
  const again = useMutation({ mutationFn: () => api<Etims>(path, { method: "POST" }), onSuccess: () => void found.refetch() });
  if (found.error || !found.data) return <p className="s muted">{found.isLoading ? "…" : t("office.noUnit")}</p>;
  const unit = found.data;
  return (
    <dl className="dl" style={{ gridTemplateColumns: "112px minmax(0, 1fr)" }}>
      <dt>{t("office.unit")}</dt><dd><Chip tone={TONE[unit.state]}>{t(`office.state.${unit.state}`)}</Chip></dd>
      {unit.cuInvoiceNumber && <><dt>{t("office.cuNumber")}</dt><dd className="code">{unit.cuInvoiceNumber}</dd><dt>{t("office.signature")}</dt><dd className="code">{unit.signature}</dd><dt>{t("office.stampedAt")}</dt><dd className="num">{f.moment(unit.stampedAt ?? "", new Date(0))}</dd></>}
      {unit.message && <><dt>{t("office.says")}</dt><dd>{unit.message}</dd></>}
      {unit.state !== "STAMPED" && unit.state !== "WITHDRAWN" && <><dt /><dd><button type="button" className="btn no-print" disabled={again.isPending} onClick={() => again.mutate()}>{t("office.again")}</button></dd></>}
    </dl>
  );
}

/** Checked by the official rules before it is sent; the file is offered once it passes. */
function Ubl({ bill }: { bill: Invoice }) {
  const { t } = useTranslation();
  const path = `/api/v1/invoices/${bill.id}/ubl`;
  const check = useMutation({ mutationFn: (profile: "PEPPOL" | "EN16931") => api<Verdict>(`${path}/validation`, { query: { profile } }).then((verdict) => ({ ...verdict, profile })) });
  const problem = check.error ? problemFrom(check.error) : undefined;
  const done = check.data;
  return (
    <div className="no-print" style={{ marginTop: 8 }}>
      <div className="row" style={{ gap: 8 }}>
        <button type="button" className="btn" disabled={check.isPending} onClick={() => check.mutate("PEPPOL")}>{t("office.peppol")}</button>
        <button type="button" className="btn" disabled={check.isPending} onClick={() => check.mutate("EN16931")}>{t("office.norm")}</button>
        {check.isPending && <span className="s muted">{t("office.checking")}</span>}
      </div>
      {problem && <ul className="s" role="alert">{(problem.errors?.length ? problem.errors : [{ detail: problem.detail ?? problem.code, accepted: undefined }]).map((e, i) => <li key={i} className="st act" style={{ whiteSpace: "normal" }}><Shape tone="act" />{e.detail}{typeof e.accepted === "string" ? ` · ${e.accepted}` : ""}</li>)}</ul>}
      {done && (
        <div aria-live="polite">
          <p className={`st ${done.valid ? "good" : "act"}`} style={{ whiteSpace: "normal" }}><Shape tone={done.valid ? "good" : "act"} />{t(done.valid ? "office.passes" : "office.fails", { rules: done.ruleSets.join(", ") })}</p>
          <ul className="s">{done.findings.map((x, i) => <li key={i}><span className="code">{x.rule}</span> {x.text}</li>)}</ul>
          {done.valid && <p className="s"><a className="lnk" href={`${path}?profile=${done.profile}`} download>{t("office.file")}</a></p>}
        </div>
      )}
    </div>
  );
}
