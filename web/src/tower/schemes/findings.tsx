import { Shape, type Tone } from "../../ui";
import type { Finding } from "./api";
import { useTexts, type Say } from "./texts";

export function severityOf(finding: Finding): Tone {
  return finding.severity === "ERROR" ? "act" : finding.severity === "INFO" ? "info" : "watch";
}

/** A remark that somebody has confirmed to mean. */
export const confirmed = (finding: Finding): boolean => Boolean(finding.acknowledged || finding.acknowledgedBy);

/** What is wrong and what would be right, in the reader's language where we have words for the code. */
export function findingText(finding: Finding, t: Say): string {
  const own = t(`finding.${finding.code}`, { ...finding.values, defaultValue: "" });
  const said = finding.text ?? [finding.wrong, finding.right].filter(Boolean).join(". ");
  // a text with gaps would say less than the server's own sentence
  return own && !/\{\{/.test(own) ? own : said || own || finding.code;
}

/** Findings, the gravest first; one that has a place leads there. */
export function FindingList({ findings, onGo, acknowledged, onAcknowledge }: { findings: (Finding & { item?: number })[]; onGo?: (finding: Finding) => void; acknowledged?: ReadonlySet<string>; onAcknowledge?: (code: string, yes: boolean) => void }) {
  const { t } = useTexts();
  const order = { act: 0, watch: 1, info: 2 } as Record<Tone, number>;
  const sorted = [...findings].sort((a, b) => order[severityOf(a)]! - order[severityOf(b)]!);
  return (
    <ul className="findings">
      {sorted.map((x, i) => {
        const tone = severityOf(x);
        return (
          <li key={i} className={tone}>
            <Shape tone={tone} />
            <div className="grow">
              <p>{onGo && (x.pointer || x.field) ? <button type="button" className="plain-link" onClick={() => onGo(x)}>{findingText(x, t)}</button> : findingText(x, t)}</p>
              {tone === "watch" && onAcknowledge && (
                <label className="check s"><input type="checkbox" checked={confirmed(x) || (acknowledged?.has(x.code) ?? false)} disabled={confirmed(x)} onChange={(e) => onAcknowledge(x.code, e.target.checked)} /><span>{t("finding.acknowledge")}</span></label>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
