import { Shape, type Tone } from "../../ui";
import type { Finding } from "./api";
import { useTexts, type Say } from "./texts";

export function severityOf(finding: Finding): Tone {
  return finding.severity === "ERROR" ? "act" : finding.severity === "INFO" ? "info" : "watch";
}

/** Where a finding points to, as a pointer into the content. */
export const placed = (finding: Finding): string => finding.pointer ?? (finding.field ? `/${finding.field}` : "");

/** A remark that somebody has confirmed to mean. */
export const confirmed = (finding: Finding): boolean => Boolean(finding.acknowledged || finding.acknowledgedBy);

/**
 * What is wrong and what would be right: the server's own sentence about this content in English, our words for the code in
 * another language, with the server's values where they fit.
 */
export function findingText(finding: Finding, t: Say): string {
  const own = t(`finding.${finding.code}`, { ...finding.values, defaultValue: "" });
  const said = finding.text ?? [finding.wrong, finding.right].filter(Boolean).map((x) => x!.charAt(0).toUpperCase() + x!.slice(1)).join(". ");
  const fits = t("problems.serverWordsFit") === "yes";
  return (fits ? said || own : own || said) || finding.code;
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
              <p>{onGo && placed(x) ? <button type="button" className="plain-link" onClick={() => onGo(x)}>{findingText(x, t)}</button> : findingText(x, t)}</p>
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
