import { useLiveQuery } from "dexie-react-hooks";
import { memo, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Batch, Outlet, Sku } from "../../offline/types";
import { isoDay, type BookScheme, type Decided, type Reward, type SchemeTrace } from "../../rules";
import { EmptyState, Kbd, dateDense, money, monthDense, percent, qty, rate, ratePercent } from "../../ui";
import { compare, isPositive, minus, sum } from "../../ui/decimal";
import { useWorkspace } from "../workspace";
import { elsewhere as otherBuyers } from "./ladder";
import { unitsOf } from "./quantity";

/** What is known about the focused line: batches, last rates, scheme ladder. It follows the line and never takes focus, nor does it hold up a key. */
export const Panel = memo(function Panel({ sku, outlet, batches, line, lineQty, decided, trace, whatIf }: {
  sku: Sku | undefined;
  outlet: Outlet | undefined;
  batches: Batch[];
  line: number;
  lineQty: string;
  decided: Decided | undefined;
  trace: SchemeTrace[];
  /** Payable of the bill if this line had so much more. */
  whatIf: (more: string) => string | undefined;
}) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store, rules } = useWorkspace();
  const recent = useLiveQuery(async () => (outlet && sku ? (await store.recent.of("outletId", outlet.id)).filter((r) => r.skuId === sku.id).sort((a, b) => b.on.localeCompare(a.on)).slice(0, 3) : []), [store, outlet?.id, sku?.id]);
  const mine = useMemo(() => new Set(decided?.lines.filter((l) => l.line === line + 1).flatMap((l) => l.batches.map((b) => b.batchId))), [decided, line]);

  if (!sku) {
    return (
      <aside className="pan" aria-label={t("bill.panel")}>
        {outlet ? <OutletCard outlet={outlet} /> : <EmptyState title={t("bill.startTitle")}>{t("bill.startText")}</EmptyState>}
      </aside>
    );
  }
  const schemes = worthShowing(trace.filter((item) => item.lines.includes(line + 1)));
  const units = unitsOf(sku);
  const total = sum(batches.map((b) => b.saleable));
  const bad = sum(batches.flatMap((b) => [b.damaged, b.expired, b.quarantine]));
  const reserved = sum(batches.map((b) => b.reserved));
  return (
    <aside className="pan" aria-label={t("bill.panelLine", { line: line + 1 })}>
      <h2>{lang === "hi" && sku.nameLocal ? sku.nameLocal : sku.name}</h2>
      <div className="m s num">{[sku.code, sku.hsn && `HSN ${sku.hsn}`, units].filter(Boolean).join(" · ")}</div>
      <h3>{t("bill.stockByBatch")} <Kbd>F4</Kbd></h3>
      {batches.length === 0 ? <p className="m s">{t("bill.noStock")}</p> : (
        <table>
          <thead><tr><th>{t("field.batch")}</th><th className="n">{t("field.mrp")}</th><th className="n">{t("field.expiry")}</th><th className="n">{t("field.pcs")}</th></tr></thead>
          <tbody>
            {batches.filter((b) => isPositive(b.saleable) || mine.has(b.id)).slice(0, 5).map((b) => (
              <tr key={b.id} className={mine.has(b.id) ? "pick" : ""}>
                <td className="num cut">{b.batchNo}{mine.has(b.id) && ` · ${t("bill.thisLine")}`}</td><td className="n">{money(b.mrp, lang)}</td>
                <td className="n">{monthDense(b.expiresOn)}</td><td className="n">{qty(b.saleable, lang)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="m s num">
        {[t("bill.toSell", { qty: qty(total, lang) }), isPositive(reserved) && t("bill.reserved", { qty: qty(reserved, lang) }), isPositive(bad) && t("bill.notSaleable", { qty: qty(bad, lang) })].filter(Boolean).join(" · ")}
      </div>
      <h3>{t("bill.lastRates")} <Kbd>F3</Kbd></h3>
      {recent && recent.length > 0 ? (
        <table>
          <tbody>
            {recent.map((r, i) => (
              <tr key={i}><td className="num">{dateDense(r.on)}</td><td className="n">{qty(r.qty, lang)}</td><td className="n">{rate(r.rate, lang)}</td><td className="n">{r.discountPercent && isPositive(r.discountPercent) ? `− ${percent(r.discountPercent, lang)} %` : "–"}</td></tr>
            ))}
          </tbody>
        </table>
      ) : <p className="m s">{t("bill.neverBought")}</p>}
      <h3>{t("bill.schemes")} <Kbd>Alt+S</Kbd></h3>
      {schemes.length === 0 && <p className="m s">{t("bill.noScheme")}</p>}
      {schemes.slice(0, 2).map((item) => {
        const scheme = rules?.scheme(item.schemeId, item.schemeVersion);
        return <Ladder key={item.schemeId} scheme={scheme} item={item} lineQty={lineQty} baseUnit={sku.baseUnit} payable={decided?.totals.payable} whatIf={whatIf} />;
      })}
    </aside>
  );
});

/** What helps to sell: applied, or within reach. Offers for other outlets are shown only where there is nothing else. */
function worthShowing(items: SchemeTrace[]): SchemeTrace[] {
  const elsewhere = (item: SchemeTrace) => !item.applied && item.condition !== null && otherBuyers([{ condition: item.condition, wanted: null, found: null }]);
  const weight = (item: SchemeTrace) => (item.next ? 0 : item.applied ? 1 : 2);
  const near = items.filter((item) => !elsewhere(item)).sort((a, b) => weight(a) - weight(b));
  return near.length ? near : items;
}

function Ladder({ scheme, item, lineQty, baseUnit, payable, whatIf }: { scheme: BookScheme | undefined; item: SchemeTrace; lineQty: string; baseUnit: string; payable: string | undefined; whatIf: (more: string) => string | undefined }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const next = item.next;
  // the bill is decided once more for this, when nobody waits for it
  const more = next && next.basis === "BASE_QTY" && payable ? next.more : undefined;
  const [asked, setAsked] = useState<{ of: typeof whatIf; payable: string | undefined }>();
  useEffect(() => {
    if (more === undefined) return;
    const idle = setTimeout(() => setAsked({ of: whatIf, payable: whatIf(more) }), 60);
    return () => clearTimeout(idle);
  }, [more, whatIf]);
  const nextPayable = more !== undefined && asked?.of === whatIf ? asked.payable : undefined;
  const stairs = scheme?.mechanic.type === "WHOLE_SLAB" || scheme?.mechanic.type === "INCREMENTAL_SLAB" ? scheme.mechanic : undefined;
  const slabs = stairs?.slabs;
  const basisQty = stairs?.basis === "BASE_QTY";
  const found = next && basisQty ? minus(next.from, next.more) : lineQty || "0";
  const reached = slabs ? slabs.reduce((n, slab, i) => (next ? compare(slab.from, next.from) < 0 ? i + 1 : n : i + 1), 0) : 0;
  return (
    <div className="scheme">
      {slabs && (
        <ol className="lad" style={{ gridTemplateColumns: `repeat(${slabs.length + 1}, 1fr)` }}>
          <li className={`in ${reached === 0 ? "here part" : ""}`}><b className="num">0 %</b>{t("bill.below", { to: qty(slabs[0]?.from, lang) })}</li>
          {slabs.map((slab, i) => (
            <li key={slab.from} className={i + 1 < reached ? "in" : i + 1 === reached ? `in here ${next ? "part" : ""}` : ""}>
              <b className="num">{rewardText(slab.reward, lang)}{i + 1 === reached && basisQty && slabs.length < 3 && <span className="s m now"> {t("bill.now", { qty: qty(found, lang) })}</span>}</b>
              {t("bill.from", { from: stairs?.basis === "NET_VALUE" || stairs?.basis === "GROSS_VALUE" ? money(slab.from, lang) : qty(slab.from, lang) })}
            </li>
          ))}
        </ol>
      )}
      {scheme?.mechanic.type === "FREE_GOODS" && (
        <p><b className="num">{qty(scheme.mechanic.buy, lang)} + {qty(scheme.mechanic.get, lang)}</b> {t(item.freeQty && isPositive(item.freeQty) ? "bill.freeNow" : "bill.freeNone", { qty: qty(item.freeQty ?? "0", lang) })}</p>
      )}
      {scheme?.mechanic.type === "DISCOUNT" && <p><b className="num">{rewardText(scheme.mechanic.reward, lang)}</b> {t(item.applied ? "bill.applied" : "bill.notApplied")}</p>}
      {next && (
        <p>
          <b>{t(next.kind === "FREE_QTY" ? "bill.moreEarnsFree" : "bill.moreEarns", { more: next.basis === "BASE_QTY" ? qty(next.more, lang) : money(next.more, lang), unit: baseUnit, reward: nextReward(next.kind, next.reward, lang) })}</b>
          {nextPayable && payable && <> {t("bill.theyAdd", { amount: money(minus(nextPayable, payable, 2), lang) })}</>}
        </p>
      )}
      <p className="s m">
        {t("bill.why", { code: item.code, version: item.schemeVersion })}
        {scheme?.validTo ? ` ${t("bill.until", { date: dateDense(isoDay(scheme.validTo)) })}` : ""}
        {!item.applied && item.condition && ` ${t(`condition.${item.condition}`, { wanted: item.wanted ?? "", found: item.found ?? "", defaultValue: item.condition })}`}
        {scheme && isPositive(scheme.principalShare) && ` ${t("bill.principalPays", { percent: ratePercent(scheme.principalShare, lang) })}`}
      </p>
    </div>
  );
}

function rewardText(reward: Reward, lang: string): string {
  if ("percent" in reward) return `${ratePercent(reward.percent, lang)} %`;
  return money("perUnit" in reward ? reward.perUnit : "fixed" in reward ? reward.fixed : reward.perCount, lang);
}

function nextReward(kind: string, reward: string, lang: string): string {
  if (kind === "PERCENT") return `${ratePercent(reward, lang)} %`;
  return kind === "FREE_QTY" ? qty(reward, lang) : money(reward, lang);
}

/** The outlet's card while no line is focused. */
function OutletCard({ outlet }: { outlet: Outlet }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store, skus } = useWorkspace();
  const bills = useLiveQuery(async () => (await store.bill.of("outletId", outlet.id)).sort((a, b) => (a.dueOn ?? "").localeCompare(b.dueOn ?? "")), [store, outlet.id]);
  const recent = useLiveQuery(async () => [...(await store.recent.of("outletId", outlet.id))].sort((a, b) => b.on.localeCompare(a.on)).slice(0, 6), [store, outlet.id]);
  return (
    <>
      <h2>{outlet.name}</h2>
      <div className="m s">{[outlet.address, outlet.city, outlet.pin].filter(Boolean).join(", ")}</div>
      <div className="m s num">{[outlet.phone, outlet.beat].filter(Boolean).join(" · ")}</div>
      <h3>{t("bill.openBills")}</h3>
      {bills && bills.length > 0 ? (
        <table>
          <tbody>{bills.slice(0, 5).map((b) => <tr key={b.invoiceId}><td className="num">{b.number}</td><td className="n">{dateDense(b.dueOn)}</td><td className="n">{money(b.open, lang)}</td></tr>)}</tbody>
        </table>
      ) : <p className="m s">{t("bill.nothingDue")}</p>}
      <h3>{t("bill.lastItems")} <Kbd>Alt+R</Kbd></h3>
      {recent && recent.length > 0 ? (
        <table>
          <tbody>{recent.map((r, i) => <tr key={i}><td className="cut">{skus.get(r.skuId)?.name ?? r.skuId}</td><td className="n">{qty(r.qty, lang)}</td><td className="n">{dateDense(r.on)}</td></tr>)}</tbody>
        </table>
      ) : <p className="m s">{t("bill.noHistory")}</p>}
    </>
  );
}
