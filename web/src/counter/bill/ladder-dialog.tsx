import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { NextStep } from "../../rules";
import { Dialog, Kbd, Shape, currencySign, money, qty, ratePercent } from "../../ui";
import { isPositive, isZero } from "../../ui/decimal";
import type { Sku } from "../../offline/types";
import { combo } from "../keys";
import { useWorkspace } from "../workspace";
import type { Outcome } from "./decide";
import type { Bill } from "./entry";
import { chosen, gainOf, reaching, rungsOfBill, rungsOfLine, type Rung } from "./ladder";

/**
 * The scheme ladder (Alt+S): for the line in hand and for the whole bill, what applies with its amount, what is missed and
 * why, and what a few pieces more would earn. Enter, or Alt+S again, adds them; digits choose what is free.
 */
export function LadderDialog({ bill, line, lacks, explain, onAdd, onChoose, onClose }: {
  bill: Bill;
  /** The line in hand, from 1; 0 when none is. */
  line: number;
  /** Articles of its must-sell list that the outlet lacks; undefined where it has no list, or no scheme asks. */
  lacks?: number[] | undefined;
  /** Decides with the ladder. */
  explain: (bill: Bill) => Outcome;
  onAdd: (add: { line: number; qty: string }) => void;
  onChoose: (choices: Bill["choices"]) => void;
  onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { rules, skus, context } = useWorkspace();
  const sign = context ? currencySign(context.currency.code, lang) : "";
  const [whole, setWhole] = useState(line === 0);
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const outcome = useMemo(() => explain(bill), [bill, explain]);
  const rungs = useMemo(() => {
    const scheme = (id: string, version: number) => rules?.scheme(id, version);
    const own = whole ? [] : rungsOfLine(outcome, line, scheme);
    return whole || own.length === 0 ? (whole ? rungsOfBill(outcome, line, scheme) : own) : own;
  }, [outcome, whole, line, rules]);
  // what each step adds is worked out by deciding the fuller bill, for the few that are in reach
  const steps = useMemo(() => new Map(rungs.filter((r) => r.add).slice(0, 6).map((r) => {
    const step = reaching(r, bill, explain);
    return [r.key, step ? { add: step.add, gain: gainOf(r.schemeId, outcome, step.after) } : null];
  })), [rungs, outcome, bill, explain]);
  const here = rungs[Math.min(at, rungs.length - 1)];
  const addOf = (r: Rung | undefined) => (r ? (steps.get(r.key)?.add ?? null) : null);
  const next = addOf(here) ? here : rungs.find((r) => addOf(r));
  useEffect(() => {
    box.current?.querySelector("[aria-selected=true]")?.scrollIntoView?.({ block: "nearest" });
  }, [at]);
  const name = (skuId: string) => {
    const sku = skus.get(Number(skuId));
    return sku ? (lang === "hi" && sku.nameLocal) || sku.name : skuId;
  };
  const take = (rung: Rung | undefined) => {
    const add = addOf(rung);
    if (add) onAdd(add);
  };
  const choose = (rung: Rung, n: number) => {
    const skuId = rung.choices[n];
    if (skuId) onChoose(chosen(bill.choices, rung.schemeId, skuId, isZero(rung.freeQty) ? "1" : rung.freeQty));
  };
  const switchTo = (all: boolean) => { setWhole(all); setAt(0); };
  const skuOfLine = (n: number | undefined) => (n ? skus.get(bill.lines[n - 1]?.skuId ?? -1) : undefined);
  const lineSku = skuOfLine(line);
  return (
    <Dialog title={t("ladder.title")} onClose={onClose} wide>
      <div
        ref={box}
        data-autofocus
        tabIndex={0}
        role="listbox"
        aria-label={t(whole ? "ladder.ofBill" : "ladder.ofLine", { line })}
        aria-activedescendant={here ? `rung-${here.key}` : undefined}
        className="choose ladder"
        onKeyDown={(e) => {
          const digit = /^(?:Digit|Numpad)([1-9])$/.exec(e.code)?.[1];
          const key = combo(e.nativeEvent);
          if (e.code === "ArrowDown") setAt(Math.min(at + 1, rungs.length - 1));
          else if (e.code === "ArrowUp") setAt(Math.max(at - 1, 0));
          else if ((e.code === "ArrowLeft" || e.code === "ArrowRight") && line > 0) switchTo(!whole);
          else if (key === "Alt+S" || e.code === "Enter" || e.code === "NumpadEnter") take(key === "Alt+S" ? next : addOf(here) ? here : next);
          else if (digit && here && here.choices.length >= Number(digit)) choose(here, Number(digit) - 1);
          else return;
          e.preventDefault();
          e.stopPropagation();
        }}
      >
        {line > 0 && (
          <p className="ladder-tabs">
            <button type="button" tabIndex={-1} aria-pressed={!whole} onClick={() => switchTo(false)}>{t("ladder.line", { line, item: lineSku ? name(String(lineSku.id)) : "" })}</button>
            <button type="button" tabIndex={-1} aria-pressed={whole} onClick={() => switchTo(true)}>{t("ladder.bill")}</button>
            <span className="m s"><Kbd>← →</Kbd></span>
          </p>
        )}
        {rungs.length === 0 && <p className="m">{t("bill.noScheme")}</p>}
        <ul className="rungs">
          {rungs.map((r, i) => (
            <li key={r.key} id={`rung-${r.key}`} role="option" aria-selected={r === here} className={r.state} onClick={() => setAt(i)} onDoubleClick={() => take(r)}>
              <Shape tone={r.cut ? "watch" : isPositive(r.benefit) || isPositive(r.freeQty) ? "good" : r.state === "missed" ? "plain" : "info"} />
              <div className="grow">
                <p className="rung-head"><b>{r.name}</b> <span className="code">{r.code}</span>{whole && r.lines.length > 0 && <span className="m s"> {t("ladder.onLines", { count: r.lines.length, lines: r.lines.slice(0, 6).join(", ") })}</span>}</p>
                <Why rung={r} name={(id) => rules?.schemes.find((s) => s.code === id)?.name ?? id} lacks={(lacks ?? []).slice(0, 6).map((id) => name(String(id)))} />
                {r.next && <p className="rung-next">{stepWords({ next: r.next, add: addOf(r) }, t, lang, skuOfLine(addOf(r)?.line ?? r.lines[0]), sign)}{steps.get(r.key)?.gain && <b className="num"> +{sign}{money(steps.get(r.key)!.gain!, lang)}</b>}</p>}
                {r.choices.length > 1 && (
                  <p className="rung-choice"><span className="m">{t("ladder.choose")}</span>
                    {r.choices.map((id, n) => <button key={id} type="button" tabIndex={-1} aria-pressed={bill.choices?.some((c) => c.schemeId === r.schemeId && c.skuId === id) ?? false} onClick={() => choose(r, n)}>{r === here && <Kbd>{String(n + 1)}</Kbd>}{name(id)}</button>)}
                  </p>
                )}
              </div>
              <div className="rung-gives num">
                {isPositive(r.freeQty) ? <b>{t("ladder.free", { qty: qty(r.freeQty, lang) })}</b> : isPositive(r.benefit) ? <b>−{sign}{money(r.benefit, lang)}</b> : <span className="m">–</span>}
                {addOf(r) && <button type="button" tabIndex={-1} className="btn sm" onClick={() => take(r)}>{t("ladder.add", { qty: qty(addOf(r)!.qty, lang) })}{r === here && <Kbd>Enter</Kbd>}</button>}
              </div>
            </li>
          ))}
        </ul>
      </div>
      <p className="s m ladder-keys"><Kbd>↑ ↓</Kbd> {t("ladder.keyMove")} <Kbd>Enter</Kbd> {t("ladder.keyAdd")} <Kbd>Alt+S</Kbd> {t("ladder.keyNext")} <Kbd>Esc</Kbd> {t("ladder.keyBack")}</p>
    </Dialog>
  );
}

function Why({ rung, name, lacks }: { rung: Rung; name: (code: string) => string; lacks: string[] }) {
  const { t, i18n } = useTranslation();
  if (rung.cut) return <p className="s watching">{t(`condition.${rung.cut.condition}`, { wanted: rung.cut.left ?? "", found: rung.cut.earned ?? "", defaultValue: rung.cut.condition })}</p>;
  if (rung.winner) return <p className="s m">{t("condition.EXCLUDED", { found: name(rung.winner) })}</p>;
  const shown = rung.failing.filter((f) => !(rung.next && (f.condition === "THRESHOLD" || f.condition === "DISTINCT")));
  if (shown.length === 0) return null;
  return <p className="s m">{shown.map((f) => f.condition === "MSL" && lacks.length > 0 ? t("condition.MSL_LACKS", { skus: lacks.join(", ") }) : t(`condition.${f.condition}`, { wanted: words(f.wanted, i18n.language), found: words(f.found, i18n.language), defaultValue: f.condition })).join(" ")}</p>;
}

/** A figure as figures are written, a code as a word: `MODERN_TRADE` is Modern trade. */
const words = (value: string | null, lang: string): string => {
  if (value === null) return "–";
  if (/^\d+(\.\d+)?$/.test(value)) return qty(value, lang);
  return value.includes("_") || value.length > 4 ? value.split(", ").map((v) => v.charAt(0) + v.slice(1).toLowerCase().replaceAll("_", " ")).join(", ") : value;
};

/** The next step in words: `12 more pieces of Soap earn 4 %`. */
export function stepWords(rung: Pick<Rung, "next" | "add">, t: (key: string, values?: Record<string, unknown>) => string, lang: string, sku: Sku | undefined, sign: string): string {
  const next = rung.next!;
  const reward = rewardWords(next, t, lang);
  if (next.basis === "DISTINCT") return t("ladder.moreItems", { count: Number(next.more), more: qty(next.more, lang), reward });
  if ((next.basis === "NET_VALUE" || next.basis === "GROSS_VALUE") && !rung.add) return t("ladder.moreValue", { more: sign + money(next.more, lang), reward });
  if (rung.add && next.basis !== "BASE_QTY") return t("ladder.morePiecesFor", { more: qty(rung.add.qty, lang), what: next.basis === "NET_VALUE" || next.basis === "GROSS_VALUE" ? sign + money(next.more, lang) : `${qty(next.more, lang)} ${t(`ladder.unit.${next.basis ?? "BASE_QTY"}`)}`, reward });
  const item = sku ? (lang === "hi" && sku.nameLocal) || sku.name : "";
  return item ? t("ladder.morePiecesOf", { more: qty(rung.add?.qty ?? next.more, lang), item, reward }) : t("ladder.morePieces", { more: qty(rung.add?.qty ?? next.more, lang), reward });
}

/** What a step earns: `4 %`, `1 free`. */
export function rewardWords(next: NextStep, t: (key: string, values?: Record<string, unknown>) => string, lang: string): string {
  switch (next.kind) {
    case "PERCENT": return `${ratePercent(next.reward, lang)} %`;
    case "FREE_QTY": return t("ladder.free", { qty: qty(next.reward, lang) });
    case "POINTS": return t("ladder.points", { qty: qty(next.reward, lang) });
    case "PER_UNIT": return t("ladder.perPiece", { amount: money(next.reward, lang) });
    case "PER_COUNT": case "FIXED": return money(next.reward, lang);
  }
}
