import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { api } from "../../api/client";
import { Rules, type Decided, type LadderScheme } from "../../rules";
import { wholeModule } from "../../rules/doors";
import { Shape } from "../../ui";
import { minus, sum, isPositive, isZero } from "../../ui/decimal";
import { dec } from "../decimal";
import { useFormats } from "../format";
import { Icon } from "../kit/icons";
import { RefSelect } from "../kit/refselect";
import { useMe } from "../session";
import type { Content, Finding } from "./api";
import { membersOf, type Goods } from "./goods";
import { contentOf, type SchemeForm } from "./model";
import { failText, stepText } from "./ladderwords";
import { useTexts } from "./texts";
import { bookWith, decideBoth, engineScheme, TRIAL, trialCommand, type Book, type Buyer, type Trial, type TrialLine } from "./trybook";

/** The rule book of a distributor, as its counter holds it. */
export function useBook(distributorId: string | null) {
  return useQuery({ enabled: distributorId !== null, queryKey: ["rule-book", distributorId], staleTime: 120_000, retry: false, queryFn: () => api<{ hash: string; book: Book }>(`/api/v1/rule-books/${distributorId}`) });
}

/** Opens books as they change and closes what is no longer used. */
function useRules(book: Book | null): Rules | null {
  const [rules, setRules] = useState<Rules | null>(null);
  useEffect(() => {
    if (!book) return setRules(null);
    let gone = false;
    let opened: Rules | null = null;
    void wholeModule().then((module) => Rules.open("", book, module)).then((r) => {
      if (gone) return r.close();
      opened = r;
      setRules(r);
    }, () => !gone && setRules(null));
    return () => {
      gone = true;
      // the next book is on the screen before this one goes
      setTimeout(() => opened?.close(), 0);
    };
  }, [book]);
  return rules;
}

/** The distributor whose prices and running schemes the trial uses. */
export function useTrialPlace(): [string | null, (id: string | null) => void] {
  const me = useMe();
  const [id, setId] = useState<string | null>(me.distributors[0] ? String(me.distributors[0].id) : me.distributorId === null ? null : String(me.distributorId));
  return [id, setId];
}

/** Checks of the scheme against the book, by the engine itself, while it is typed. */
export function useFindings(content: Content | undefined, book: Book | undefined, goods: Goods): Finding[] {
  const rules = useRules(book ?? null);
  const waiting = useDeferredValue(content);
  return useMemo(() => {
    if (!rules || !waiting || !book || !goods.ready) return [];
    try {
      const scheme = engineScheme(waiting, book, goods);
      return scheme ? (rules.call<{ findings: Finding[] }>("checkScheme", { scheme })?.findings ?? []) : [];
    } catch {
      // what is half typed cannot be read yet
      return [];
    }
  }, [rules, waiting, book, goods]);
}

/** A basket to try the scheme on: the engine of the counter decides it here, with and without the scheme. */
export function TryOut({ form, goods, place, onPlace }: { form: SchemeForm; goods: Goods; place: string | null; onPlace: (id: string | null) => void }) {
  const { t } = useTexts();
  const found = useBook(place);
  const [alone, setAlone] = useState(false);
  const [own, setOwn] = useState<TrialLine[] | null>(null);
  const [buyer, setBuyer] = useState<Buyer>({ channel: "", class: "", group: "", paymentMode: "CREDIT", saleType: "COUNTER", before: "" });
  const [choice, setChoice] = useState<string | null>(null);
  const content = useMemo(() => contentOf(form), [form]);
  const book = found.data?.book;
  const preset = useMemo(() => presetBasket(form, goods), [form, goods]);
  const lines = own ?? preset;
  const who: Buyer = { ...buyer, channel: buyer.channel || form.lists.channels[0] || "", class: buyer.class || form.lists.classes[0] || "", group: buyer.group || form.lists.groups[0] || "", paymentMode: form.asked.includes("paymentModes") && form.lists.paymentModes.length && !form.lists.paymentModes.includes(buyer.paymentMode) ? form.lists.paymentModes[0]! : buyer.paymentMode };
  const scheme = useMemo(() => {
    if (!content || !book || !goods.ready) return null;
    return engineScheme(content, book, goods);
  }, [content, book, goods]);
  const schemeText = useDeferredValue(scheme ? JSON.stringify(scheme) : null);
  const withBook = useMemo(() => (schemeText && book ? bookWith(book, JSON.parse(schemeText) as Record<string, unknown>, alone) : null), [schemeText, book, alone]);
  const plainBook = useMemo(() => (book && content ? { ...book, schemes: alone ? [] : book.schemes.filter((s) => s.code !== content.code) } : null), [book, alone, content?.code]);
  const rules = useRules(withBook);
  const plain = useRules(plainBook);
  const today = new Date().toLocaleDateString("en-CA");
  const command = useMemo(() => (book && content ? trialCommand(lines, who, book, goods, content, today, choice && form.rewardSkus.length > 1 ? [{ schemeId: TRIAL, skuId: String(goods.skus.get(choice)?.id ?? ""), qty: form.get || "1" }] : []) : null), [lines, JSON.stringify(who), book, goods, content, today, choice]);
  const result = useMemo<Trial | "wait" | "bad" | null>(() => {
    if (!command) return null;
    if (!rules || !plain) return "wait";
    try {
      return decideBoth(rules, plain, command);
    } catch {
      return "bad";
    }
  }, [rules, plain, command]);
  const set = (i: number, part: Partial<TrialLine>) => setOwn(lines.map((l, n) => (n === i ? { ...l, ...part } : l)));
  const skuData = useMemo(() => membersOf({ ...form.products, skuIds: [], brandIds: [], categoryIds: [], excludedSkuIds: [], excludedBrandIds: [], excludedCategoryIds: [] }, goods, form.principal).map((s) => ({ value: s.code, label: s.name })), [goods, form.principal, form.products]);
  if (found.error) return <p className="s muted">{t("try.noBook")}</p>;
  return (
    <div className="try">
      <div className="try-who">
        <RefSelect type="distributors" label={t("try.place")} value={place} onChange={(v) => onPlace(v)} required />
        <label className="field"><span className="label">{t("condition2.channels")}</span><input className="input" value={buyer.channel} placeholder={who.channel || t("try.any")} onChange={(e) => setBuyer({ ...buyer, channel: e.target.value.toUpperCase() })} /></label>
        <label className="field"><span className="label">{t("condition2.classes")}</span><input className="input" value={buyer.class} placeholder={who.class || t("try.any")} onChange={(e) => setBuyer({ ...buyer, class: e.target.value.toUpperCase() })} /></label>
        <label className="field"><span className="label">{t("try.payment")}</span><select className="input" value={who.paymentMode} onChange={(e) => setBuyer({ ...buyer, paymentMode: e.target.value })}>{["CREDIT", "CASH", "UPI", "CHEQUE"].map((m) => <option key={m} value={m}>{t(`value.paymentModes.${m}`)}</option>)}</select></label>
        {form.stage === "ACCRUAL" && form.kind !== "CASH_DISCOUNT" && form.kind !== "DISPLAY" && <label className="field"><span className="label">{t("try.before")}</span><input className="input n" inputMode="decimal" value={buyer.before} onChange={(e) => setBuyer({ ...buyer, before: e.target.value })} /></label>}
      </div>
      <table className="try-basket">
        <thead><tr><th scope="col">{t("try.article")}</th><th scope="col" className="n">{t("try.pieces")}</th><th><span className="vh">{t("form.removeRow")}</span></th></tr></thead>
        <tbody>
          {lines.map((line, i) => (
            <tr key={i}>
              <td><Select aria-label={`${t("try.article")} ${i + 1}`} data={skuData} value={line.sku || null} searchable limit={40} onChange={(v) => v && set(i, { sku: v })} allowDeselect={false} placeholder={t("try.article")} /></td>
              <td><input className="input n" inputMode="decimal" aria-label={`${t("try.pieces")} ${i + 1}`} value={line.qty} onChange={(e) => set(i, { qty: e.target.value })} onKeyDown={(e) => { if (e.code === "Enter") { e.preventDefault(); setOwn([...lines, { sku: "", qty: "" }]); } }} /></td>
              <td>{lines.length > 1 && <button type="button" className="qx" style={{ height: 32 }} aria-label={t("form.removeRowN", { n: i + 1 })} onClick={() => setOwn(lines.filter((_, n) => n !== i))}><Icon name="close" /></button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row" style={{ gap: 12, flexWrap: "wrap" }}>
        <button type="button" className="btn sm" onClick={() => setOwn([...lines, { sku: "", qty: "" }])}><Icon name="plus" />{t("try.addArticle")}</button>
        <label className="check s" style={{ minHeight: 28 }}><input type="checkbox" checked={!alone} onChange={(e) => setAlone(!e.target.checked)} /><span>{t("try.withOthers")}</span></label>
      </div>
      {form.kind === "FREE_GOODS" && form.rewardSkus.length > 1 && (
        <div className="row" style={{ gap: 6, flexWrap: "wrap" }} role="group" aria-label={t("try.choice")}>
          <span className="s muted">{t("try.choice")}</span>
          {form.rewardSkus.map((code) => <button key={code} type="button" className="chip-btn" aria-pressed={choice === code} onClick={() => setChoice(choice === code ? null : code)}>{goods.skus.get(code)?.name ?? code}</button>)}
        </div>
      )}
      <div className="try-out" aria-live="polite">
        {result === null ? <p className="s muted">{t(form.principal ? "try.empty" : "try.needPrincipal")}</p> : result === "wait" ? <p className="s muted">{t("state.loading")}</p> : result === "bad" ? <p className="s muted">{t("try.unfinished")}</p> : <Result trial={result} goods={goods} form={form} />}
      </div>
      {!alone && book && <p className="s muted">{t("try.others", { count: book.schemes.filter((s) => s.code !== content?.code).length })}</p>}
    </div>
  );
}

/** What to try first: the goods of the scheme in the quantity that earns something. */
export function presetBasket(form: SchemeForm, goods: Goods): TrialLine[] {
  const least = (() => {
    switch (form.kind) {
      case "WHOLE_SLAB": case "INCREMENTAL_SLAB": return form.basis === "BASE_QTY" ? (form.slabs.at(-1)?.from ?? "") : "";
      case "FREE_GOODS": return form.basis === "BASE_QTY" ? form.buy : "";
      case "CHEAPEST_FREE": return form.buy;
      default: return "";
    }
  })();
  const qty = dec(least) && isPositive(least) ? least : "24";
  const sets = form.kind === "COMBO" && form.groups.length ? form.groups : form.kind === "BUNDLE_PRICE" ? form.components : null;
  if (sets) return sets.map((g) => ({ sku: membersOf(g.products, goods, form.principal)[0]?.code ?? "", qty: dec(g.qty) && isPositive(g.qty) ? g.qty : "1" }));
  const members = membersOf(form.products, goods, form.principal);
  const several = form.kind === "COMBO" ? Math.max(2, Number(form.minDistinct) || 2) : 1;
  return members.slice(0, several).map((m) => ({ sku: m.code, qty: form.kind === "COMBO" && form.minEach ? form.minEach : qty }));
}

function Result({ trial, goods, form }: { trial: Trial; goods: Goods; form: SchemeForm }) {
  const { t } = useTexts();
  const f = useFormats();
  const byId = useMemo(() => new Map([...goods.skus.values()].map((s) => [String(s.id), s])), [goods]);
  if (trial.with.outcome !== "DECIDED") {
    const first = trial.with.refusals[0];
    return <p className="st act" style={{ whiteSpace: "normal" }}><Shape tone="act" />{t("try.refused", { what: t(`refusal.${first?.code ?? ""}`, { defaultValue: first?.code ?? "" }), article: first?.skuId ? (byId.get(first.skuId)?.name ?? "") : "" })}</p>;
  }
  const decided = trial.with;
  const before = trial.without.outcome === "DECIDED" ? trial.without : null;
  const mine = decided.schemes.find((s) => s.schemeId === TRIAL);
  const free = decided.freeLines.filter((l) => l.schemeId === TRIAL);
  const accrual = (decided.accruals ?? []).filter((a) => a.schemeId === TRIAL);
  const cash = decided.cashDiscounts?.find((c) => c.schemeId === TRIAL);
  const trace = decided.trace.find((x) => x.schemeId === TRIAL);
  const worth = sum([mine?.discount ?? "0", mine?.freeGoodsValue ?? "0"], 2);
  const ladder = decided.ladder?.flatMap((l) => l.schemes.filter((s) => s.schemeId === TRIAL).map((s) => ({ ...s, line: l.line }))) ?? [];
  const next = ladder.find((s) => s.next) ?? (trace?.next ? ({ next: trace.next, moreQty: null } as Pick<LadderScheme, "next" | "moreQty">) : undefined);
  const delta = before ? minus(decided.totals.taxable, before.totals.taxable, 2) : null;
  const lost = before ? before.schemes.filter((s) => { const now = decided.schemes.find((x) => x.schemeId === s.schemeId); return !now || minus(s.discount, now.discount) !== "0" && isPositive(minus(s.discount, now.discount)); }) : [];
  return (
    <>
      <div className="try-big">
        {trace?.applied
          ? <><span className="st good"><Shape tone="good" />{t("try.applies")}</span><b className="num">{accrual.length && !isPositive(worth) ? (accrual[0]!.unit === "POINTS" ? t("try.points", { points: f.qty(sum(accrual.map((a) => a.amount))) }) : f.rupees(sum(accrual.map((a) => a.amount), 2))) : f.rupees(worth)}</b></>
          : <span className="st plain"><Shape tone="plain" />{t("try.applyNot")}</span>}
      </div>
      {!trace?.applied && <ul className="try-why">{(ladder[0]?.failing ?? (trace?.condition ? [{ condition: trace.condition, wanted: trace.wanted, found: trace.found }] : [])).map((x, i) => <li key={i}>{failText(x, t, f, form.basis)}</li>)}{!trace && <li>{t("try.notTouched")}</li>}</ul>}
      {free.length > 0 && <p className="s">{free.map((l) => t("try.free", { qty: f.qty(l.qty), article: byId.get(l.skuId)?.name ?? l.skuId })).join(" ")}</p>}
      {accrual.length > 0 && <p className="s muted">{t("try.accrues")}</p>}
      {cash && <ul className="try-why">{cash.terms.map((x) => <li key={x.payBy}>{t("try.cashTerm", { amount: f.rupees(x.amount), date: f.dense(new Date(x.payBy * 86_400_000).toISOString().slice(0, 10)) })}</li>)}</ul>}
      {next?.next && <p className="try-next">{stepText(next.next, next.moreQty ?? null, t, f)}</p>}
      <Lines decided={decided} names={(id) => byId.get(id)?.name ?? id} />
      {delta !== null && !isZero(delta) && <p className="s muted">{t("try.before2", { before: f.rupees(before!.totals.taxable), after: f.rupees(decided.totals.taxable) })}</p>}
      {lost.length > 0 && <p className="st watch" style={{ whiteSpace: "normal" }}><Shape tone="watch" />{t("try.displaces", { names: lost.map((s) => s.code).join(", ") })}</p>}
    </>
  );
}

function Lines({ decided, names }: { decided: Decided; names: (id: string) => string }) {
  const { t } = useTexts();
  const f = useFormats();
  return (
    <table className="try-lines">
      <thead><tr><th scope="col">{t("try.article")}</th><th scope="col" className="n">{t("try.gross")}</th><th scope="col" className="n">{t("try.off")}</th><th scope="col" className="n">{t("try.taxable")}</th></tr></thead>
      <tbody>
        {decided.lines.map((l, i) => <tr key={i}><td className="cut">{names(l.skuId)} <span className="muted num">× {f.qty(l.qty)}</span></td><td className="n">{f.money(l.gross)}</td><td className="n">{isZero(l.schemeDiscount) ? "–" : f.money(l.schemeDiscount)}</td><td className="n">{f.money(l.taxable)}</td></tr>)}
        {decided.freeLines.map((l, i) => <tr key={`f${i}`} className="free"><td className="cut">{names(l.skuId)} <span className="num">× {f.qty(l.qty)}</span></td><td className="n">{t("try.freeShort")}</td><td className="n">–</td><td className="n">{f.money(l.taxable)}</td></tr>)}
      </tbody>
      <tfoot><tr><td>{t("try.total")}</td><td className="n">{f.money(decided.totals.gross)}</td><td className="n">{f.money(decided.totals.schemeDiscount)}</td><td className="n">{f.money(decided.totals.taxable)}</td></tr></tfoot>
    </table>
  );
}
