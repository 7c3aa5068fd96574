import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Skeleton } from "../../ui";
import { isPositive, isZero, minus } from "../../ui/decimal";
import { useFormats } from "../format";
import { Fault, problemFrom } from "../frame/faults";
import { csvCell } from "../grid/export";
import type { Page } from "../http";
import { save } from "../http";
import { Ask } from "../kit/ask";
import { toast } from "../kit/toast";
import { useDistributorNames } from "../masters/show";
import { mayRead, useMe } from "../session";
import type { SchemeView } from "./api";
import { useTexts } from "./texts";

interface Accrual { distributorId: number; outletId: string; outletCode: string; outletName: string; period: string; kind: string; unit: string; counted: string; value: string; accrued: string; settled: string }
interface Due { outletId: string; outletCode: string | null; outletName: string | null; principalId: number; amount: string; periods: string[] }
interface Payout extends Due { id: string; runId: string; number: string; distributorId: number; businessDate: string; postedAt: string; postedBy: string }

/** Whether a scheme owes outlets anything outside of their bills. */
export function paysLater(scheme: SchemeView["scheme"]): boolean {
  // a cash discount is given as the bill is paid
  if (scheme.mechanic.type === "CASH_DISCOUNT") return false;
  return scheme.stage === "ACCRUAL" || scheme.retrospective === true || (typeof scheme.settlement === "string" && scheme.settlement !== "ON_INVOICE");
}

const SHOWN = 100;
/** A long list scrolls in its place. */
const TALL = { overflow: "auto", maxHeight: 420 } as const;

/** What a scheme has earned outlets outside of their bills, what can be paid today, and what was paid (P-15). */
export function PayoutPanel({ scheme }: { scheme: SchemeView }) {
  const { t } = useTexts();
  const f = useFormats();
  const me = useMe();
  const cache = useQueryClient();
  const names = useDistributorNames();
  const [tab, setTab] = useState<"due" | "accrued" | "paid">("due");
  const [chosen, setChosen] = useState<string>();
  const [paying, setPaying] = useState<string>();
  const [refused, setRefused] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const distributor = chosen ?? [...names.keys()][0];
  const path = `/api/v1/schemes/${scheme.id}`;
  const accrued = useQuery({ queryKey: ["payouts", scheme.id, "accrued"], retry: false, queryFn: () => api<Page<Accrual>>(`${path}/accruals`, { query: { limit: 200 } }) });
  const paid = useQuery({ queryKey: ["payouts", scheme.id, "paid"], retry: false, queryFn: () => api<{ payouts: Payout[]; amount: string }>(`${path}/payouts`) });
  const due = useQuery({ enabled: distributor !== undefined, queryKey: ["payouts", scheme.id, "due", distributor], retry: false, queryFn: () => api<{ due: Due[]; amount: string }>(`${path}/payouts/due`, { query: { distributorId: distributor } }) });
  const mayPay = mayRead(me, "SCHEME_PAY");
  const owed = due.data && !isZero(due.data.amount);
  const pay = async (values: Record<string, string>) => {
    if (busy || !paying) return;
    setBusy(true);
    setRefused(null);
    try {
      const done = await api<{ payouts: Payout[]; amount: string }>(`${path}/payouts`, { method: "POST", body: { id: paying, distributorId: Number(distributor), businessDate: values.on } });
      setPaying(undefined);
      setTab("paid");
      toast(t("payout.done", { count: done.payouts.length, amount: f.rupees(done.amount) }));
      void cache.invalidateQueries({ queryKey: ["payouts", scheme.id] });
    } catch (error) {
      setRefused(problemFrom(error));
    } finally {
      setBusy(false);
    }
  };
  const outlet = (row: { outletName: string | null; outletCode: string | null; outletId: string }) => <>{row.outletName ?? row.outletId} <span className="s muted code">{row.outletCode}</span></>;
  const file = () => {
    const lines = tab === "due" ? (due.data?.due ?? []).map((r) => [names.get(distributor ?? "") ?? distributor, r.outletCode, r.outletName, r.periods.join(" "), r.amount])
      : tab === "accrued" ? (accrued.data?.items ?? []).map((r) => [names.get(String(r.distributorId)) ?? r.distributorId, r.outletCode, r.outletName, r.period, r.counted, r.accrued, r.settled])
        : (paid.data?.payouts ?? []).map((r) => [names.get(String(r.distributorId)) ?? r.distributorId, r.outletCode, r.outletName, r.number, r.businessDate, r.periods.join(" "), r.amount, r.postedBy]);
    const heads = { due: ["distributor", "code", "outlet", "period", "amount"], accrued: ["distributor", "code", "outlet", "period", "counted", "accrued", "settled"], paid: ["distributor", "code", "outlet", "number", "date", "period", "amount", "by"] }[tab].map((h) => t(`payout.head.${h}`));
    save(new Blob(["\uFEFF" + [heads, ...lines].map((l) => l.map(csvCell).join(",")).join("\r\n") + "\r\n"], { type: "text/csv" }), `${scheme.code}-${tab}.csv`);
  };
  const rows = { due: due.data?.due.length, accrued: accrued.data?.items.length, paid: paid.data?.payouts.length }[tab] ?? 0;
  const asked = { due, accrued, paid }[tab];
  return (
    <section className="panel" aria-label={t("payout.title")}>
      <header><h2>{t("payout.title")}</h2></header>
      <div className="body stack">
        <p className="s muted">{t("payout.about")}</p>
        <div className="row" style={{ gap: 12, flexWrap: "wrap" }}>
          <span className="seg sm" role="group" aria-label={t("payout.title")}>
            {(["due", "accrued", "paid"] as const).map((one) => <button key={one} type="button" aria-pressed={tab === one} onClick={() => setTab(one)}>{t(`payout.tab.${one}`)}</button>)}
          </span>
          {tab === "due" && names.size > 1 && (
            <select className="input" style={{ width: "auto" }} aria-label={t("uptake.of.distributor")} value={distributor} onChange={(e) => setChosen(e.target.value)}>{[...names].map(([id, name]) => <option key={id} value={id}>{name}</option>)}</select>
          )}
          <span className="grow" />
          <button type="button" className="btn sm" disabled={rows === 0} onClick={file}>{t("payout.export")}</button>
          {tab === "due" && mayPay && <button type="button" className="btn sm pri" disabled={!owed} onClick={() => { setRefused(null); setPaying(crypto.randomUUID()); }}>{t("payout.pay")}</button>}
        </div>
        {asked.error ? <Fault error={asked.error} reset={() => void asked.refetch()} /> : asked.isLoading ? <Skeleton lines={3} /> : rows === 0 ? <p className="muted">{t(`payout.none.${tab}`)}</p> : (
          <div className="sub" style={TALL} tabIndex={0} role="group" aria-label={t(`payout.tab.${tab}`)}>
            {tab === "due" && due.data && (
              <table>
                <thead><tr><th scope="col">{t("payout.head.outlet")}</th><th scope="col">{t("payout.head.period")}</th><th scope="col" className="n">{t("payout.head.amount")}</th></tr></thead>
                <tbody>{due.data.due.slice(0, SHOWN).map((r) => <tr key={r.outletId}><td>{outlet(r)}</td><td className="num">{r.periods.join(", ")}</td><td className="n num">{f.money(r.amount)}</td></tr>)}</tbody>
                <tfoot><tr><td className="m5">{t("payout.total", { count: due.data.due.length })}</td><td /><td className="n num m5">{f.money(due.data.amount)}</td></tr></tfoot>
              </table>
            )}
            {tab === "accrued" && (
              <table>
                <thead><tr><th scope="col">{t("payout.head.outlet")}</th><th scope="col">{t("payout.head.period")}</th><th scope="col" className="n">{t("payout.head.counted")}</th><th scope="col" className="n">{t("payout.head.accrued")}</th><th scope="col" className="n">{t("payout.head.settled")}</th><th scope="col" className="n">{t("payout.head.left")}</th></tr></thead>
                <tbody>{(accrued.data?.items ?? []).slice(0, SHOWN).map((r) => {
                  const left = minus(r.accrued, r.settled, 2);
                  return <tr key={`${r.distributorId}${r.outletId}${r.period}`}><td>{outlet(r)}</td><td className="num">{r.period}</td><td className="n num">{f.qty(r.counted)}</td><td className="n num">{r.unit === "POINTS" ? t("payout.points", { points: f.qty(r.accrued) }) : f.money(r.accrued)}</td><td className="n num">{r.unit === "POINTS" ? "–" : f.money(r.settled)}</td><td className="n num">{r.unit === "POINTS" || !isPositive(left) ? "–" : f.money(left)}</td></tr>;
                })}</tbody>
              </table>
            )}
            {tab === "paid" && paid.data && (
              <table>
                <thead><tr><th scope="col">{t("payout.head.number")}</th><th scope="col">{t("payout.head.outlet")}</th><th scope="col">{t("payout.head.date")}</th><th scope="col">{t("payout.head.period")}</th><th scope="col" className="n">{t("payout.head.amount")}</th><th scope="col">{t("payout.head.by")}</th></tr></thead>
                <tbody>{paid.data.payouts.slice(0, SHOWN).map((r) => <tr key={r.id}><td className="num">{r.number}</td><td>{outlet(r)}</td><td className="num">{f.dense(r.businessDate)}</td><td className="num">{r.periods.join(", ")}</td><td className="n num">{f.money(r.amount)}</td><td>{r.postedBy}</td></tr>)}</tbody>
                <tfoot><tr><td className="m5">{t("payout.total", { count: paid.data.payouts.length })}</td><td colSpan={3} /><td className="n num m5">{f.money(paid.data.amount)}</td><td /></tr></tfoot>
              </table>
            )}
          </div>
        )}
        {rows > SHOWN && <p className="s muted">{t("payout.more", { shown: SHOWN })}</p>}
      </div>
      {paying && due.data && (
        <Ask
          title={t("payout.payTitle", { amount: f.rupees(due.data.amount) })}
          text={t("payout.payText", { count: due.data.due.length, who: names.get(distributor ?? "") ?? "" })}
          fields={[{ name: "on", label: t("payout.on"), kind: "date" as const, required: true, value: new Date().toLocaleDateString("en-CA") }]}
          submit={t("payout.pay")}
          problem={refused}
          onClose={() => setPaying(undefined)}
          onSubmit={(values) => void pay(values)}
        />
      )}
    </section>
  );
}
