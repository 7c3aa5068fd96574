import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "../../api/problems";
import { Button, Dialog, ProblemNote, Shape, qty } from "../../ui";
import { compare, isDecimal, isPositive, minus, sum } from "../../ui/decimal";
import type { ReturnView } from "./api";

export const buckets = ["SALEABLE", "DAMAGED", "EXPIRED", "QUARANTINE", "BACK"] as const;

/** What a line's buckets are short of (or, negative, too much) before the line is whole; undefined if a field is no number. */
export function restOf(units: string, placed: Record<string, string>): string | undefined {
  const values = Object.values(placed).map((text) => text.trim() || "0");
  return values.every(isDecimal) ? minus(units, sum(values)) : undefined;
}

/** Every received piece into its bucket; all of a line starts where its condition says. */
export function Inspect({ view, busy, problem, onClose, onDone }: {
  view: ReturnView; busy: boolean; problem: Problem | undefined; onClose: () => void; onDone: (lines: { line: number; buckets: { bucket: string; qty: string }[] }[]) => void;
}) {
  const { t, i18n } = useTranslation(["returns", "counter"]);
  const lines = view.lines.filter((l) => isPositive(l.received ?? l.qty));
  const [placed, setPlaced] = useState<Record<number, Record<string, string>>>(() => Object.fromEntries(lines.map((l) => [l.line, { [l.condition]: l.received ?? l.qty }])));
  const rests = lines.map((l) => restOf(l.received ?? l.qty, placed[l.line] ?? {}));
  const whole = rests.every((rest) => rest !== undefined && compare(rest, "0") === 0);
  const done = () => {
    if (whole && !busy) onDone(lines.map((l) => ({ line: l.line, buckets: buckets.map((bucket) => ({ bucket, qty: placed[l.line]?.[bucket]?.trim() || "0" })).filter((b) => isPositive(b.qty)) })));
  };
  return (
    <Dialog wide title={t("returns.inspectTitle", { reference: view.reference })} onClose={onClose}>
      {problem && <ProblemNote problem={problem} />}
      <form onSubmit={(e) => { e.preventDefault(); done(); }}>
        <table className="tbl entry">
          <thead><tr><th>{t("field.item")}</th><th className="n">{t("returns.came")}</th>{buckets.map((b) => <th key={b} className="n">{t(`returns.bucket.${b}`)}</th>)}<th>{t("field.state")}</th></tr></thead>
          <tbody>
            {lines.map((l, i) => (
              <tr key={l.line}>
                <td>{l.skuName}<div className="s m num">{l.batchNo}</div></td>
                <td className="n b">{qty(l.received ?? l.qty, i18n.language)}</td>
                {buckets.map((bucket, at) => (
                  <td key={bucket} className="n">
                    <input className="input n" style={{ width: 72 }} inputMode="decimal" autoComplete="off" aria-label={t("returns.bucketOf", { bucket: t(`returns.bucket.${bucket}`), line: i + 1 })} {...(i === 0 && at === 0 ? { "data-autofocus": "" } : {})}
                      value={placed[l.line]?.[bucket] ?? ""} onFocus={(e) => e.target.select()} onChange={(e) => setPlaced((before) => ({ ...before, [l.line]: { ...before[l.line], [bucket]: e.target.value } }))} />
                  </td>
                ))}
                <td>{rests[i] !== undefined && compare(rests[i]!, "0") === 0 ? <Shape tone="good" /> : <span className="watching"><Shape tone="watch" /> {rests[i] === undefined ? "?" : qty(rests[i]!, i18n.language)}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="s m">{t("returns.inspectHint")}</p>
        <div className="end"><Button keys="Esc" onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" keys="Enter" disabled={!whole || busy}>{t("returns.inspect")}</Button></div>
      </form>
    </Dialog>
  );
}
