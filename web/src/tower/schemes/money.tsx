import { useFormats } from "../format";
import { LIMIT_SCOPES, PERIODS, RETURNS, type LimitForm, type LimitScope } from "./model";
import type { EditProps } from "./offer";
import { Flag, Pick, Text } from "./parts";
import { useTexts } from "./texts";

/** At most how much: on a bill, for an outlet, for a distributor, in all. */
export function LimitFields({ form, set, fault }: EditProps) {
  const { t } = useTexts();
  const f = useFormats();
  const free = form.kind === "FREE_GOODS";
  const change = (scope: LimitScope, part: Partial<LimitForm>) => set("limits", { ...form.limits, [scope]: { ...form.limits[scope], ...part } });
  const some = LIMIT_SCOPES.some((s) => form.limits[s].amount || form.limits[s].freeQty || form.limits[s].times);
  return (
    <div className="stack">
      <div className="sub limits">
        <table aria-label={t("part.limits")}>
          <thead><tr><th scope="col">{t("limit.where")}</th><th scope="col" className="n">{t("limit.amount")}</th>{free && <th scope="col" className="n">{t("limit.freeQty")}</th>}<th scope="col" className="n">{t("limit.times")}</th><th scope="col">{t("limit.period")}</th></tr></thead>
          <tbody>
            {LIMIT_SCOPES.map((scope) => (
              <tr key={scope}>
                <th scope="row" className={scope === "total" ? "m5" : ""}>{t(`limit.${scope}`)}</th>
                <td><Text bare at={`/limits/${scope}/amount`} label={`${t(`limit.${scope}`)}, ${t("limit.amount")}`} value={form.limits[scope].amount} onChange={(v) => change(scope, { amount: v })} error={fault(`/limits/${scope}/amount`)} numeric unit={f.rupee} /></td>
                {free && <td><Text bare at={`/limits/${scope}/freeQty`} label={`${t(`limit.${scope}`)}, ${t("limit.freeQty")}`} value={form.limits[scope].freeQty} onChange={(v) => change(scope, { freeQty: v })} error={fault(`/limits/${scope}/freeQty`)} numeric unit={t("unitShort.BASE_QTY")} /></td>}
                <td>{scope === "perOutlet" ? <Text bare at={`/limits/${scope}/times`} label={`${t(`limit.${scope}`)}, ${t("limit.times")}`} value={form.limits[scope].times} onChange={(v) => change(scope, { times: v })} error={fault(`/limits/${scope}/times`)} numeric /> : <span className="muted">–</span>}</td>
                <td>{scope === "perOutlet" || scope === "perDistributor" ? (
                  <select className="input" aria-label={`${t(`limit.${scope}`)}, ${t("limit.period")}`} value={form.limits[scope].period} onChange={(e) => change(scope, { period: e.target.value })}>
                    {PERIODS.map((p) => <option key={p} value={p}>{t(`periodOf.${p}`)}</option>)}
                  </select>
                ) : <span className="muted">{t(scope === "total" ? "periodOf.SCHEME" : "limit.eachBill")}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {some && <div className="form"><fieldset><Pick label={t("limit.whenCut")} value={form.whenCut} choices={["PARTIAL", "NONE", "FULL_LAST"]} words="whenCut" onChange={(v) => set("whenCut", v)} explain /></fieldset></div>}
      <p className="s muted">{t("limit.budgetText")}</p>
    </div>
  );
}

/** Who pays, how it reaches the outlet, how it is taxed. */
export function FundingFields({ form, set, fault }: EditProps) {
  const { t } = useTexts();
  const later = form.stage === "ACCRUAL";
  const share = Math.max(0, Math.min(100, Number(form.principalSharePercent) || 0));
  return (
    <div className="form">
      <fieldset>
        <div className="wide">
          <Text at="/principalSharePercent" label={t("funding.share")} value={form.principalSharePercent} onChange={(v) => set("principalSharePercent", v)} error={fault("/principalSharePercent")} numeric unit="%" width={160} />
          <div className="split-bar" aria-hidden="true"><i style={{ width: `${share}%` }} /></div>
          <p className="row s muted" style={{ justifyContent: "space-between" }}><span>{t("funding.principalPays", { share: form.principalSharePercent || "0" })}</span><span>{t("funding.distributorPays", { share: String(100 - share) })}</span></p>
        </div>
        <Pick label={t("funding.claimRate")} value={form.claimRate} choices={["PTS", "PTR", "COST"]} words="claimRate" onChange={(v) => set("claimRate", v)} explain />
        <div style={{ alignSelf: "end" }}><Flag checked={form.claimable} onChange={(v) => set("claimable", v)}>{t("funding.claimable")}</Flag></div>
        <Pick label={t("funding.settlement")} value={later && form.settlement === "ON_INVOICE" ? (form.kind === "DISPLAY" ? "PAYOUT" : "CREDIT_NOTE") : form.settlement} choices={later ? ["CREDIT_NOTE", "PAYOUT"] : ["ON_INVOICE", "CREDIT_NOTE", "PAYOUT"]} words="settlement" onChange={(v) => set("settlement", v)} explain />
        {(form.settlement === "CREDIT_NOTE" || (later && form.settlement !== "PAYOUT" && form.kind !== "DISPLAY")) && (
          <>
            <Pick label={t("funding.creditNote")} value={form.creditNote} choices={["FIN_CN", "TAX_CN"]} words="creditNote" onChange={(v) => set("creditNote", v)} explain />
            {form.creditNote === "TAX_CN" && <><Text label={t("funding.agreementRef")} value={form.agreementRef} onChange={(v) => set("agreementRef", v)} hint={t("funding.agreementHint")} /><Text type="date" label={t("funding.agreementDate")} value={form.agreementDate} onChange={(v) => set("agreementDate", v)} /></>}
          </>
        )}
      </fieldset>
    </div>
  );
}

/** How it stands beside other schemes. */
export function TogetherFields({ form, set, fault }: EditProps) {
  const { t } = useTexts();
  return (
    <div className="form">
      <fieldset>
        <Pick label={t("together.stacking")} value={form.stacking} choices={["CASCADE", "ADDITIVE"]} words="stacking" onChange={(v) => set("stacking", v)} explain />
        <Text at="/priority" label={t("together.priority")} value={form.priority} onChange={(v) => set("priority", v)} error={fault("/priority")} numeric hint={t("together.priorityHint")} />
        <Text label={t("together.group")} value={form.exclusionGroup} onChange={(v) => set("exclusionGroup", v)} hint={t("together.groupHint")} />
        {form.exclusionGroup.trim() !== "" && <Pick label={t("together.choice")} value={form.choice} choices={["BEST_FOR_OUTLET", "PRIORITY"]} words="groupChoice" onChange={(v) => set("choice", v)} explain />}
      </fieldset>
    </div>
  );
}

/** What happens when goods come back or come short, and bills before the approval. */
export function LaterFields({ form, set }: EditProps) {
  const { t } = useTexts();
  const preset = form.kind === "DISCOUNT" || form.kind === "PER_CASE_REBATE" ? "PROPORTIONAL" : "RECOMPUTE";
  return (
    <div className="form">
      <fieldset>
        <Pick label={t("later.returns")} value={form.returnPolicy || preset} choices={RETURNS} words="returnPolicy" onChange={(v) => set("returnPolicy", v === preset ? "" : v)} explain />
        {(form.kind === "WHOLE_SLAB" || form.kind === "VALUE_SLAB") && <Pick label={t("later.honour")} value={form.honour} choices={["INVOICED", "ORDERED_SLAB"]} words="honour" onChange={(v) => set("honour", v)} explain />}
        <div className="wide"><Flag checked={form.retrospective} onChange={(v) => set("retrospective", v)}>{t("later.retrospective")}</Flag>{form.retrospective && <div className="hint">{t("later.retrospectiveText")}</div>}</div>
      </fieldset>
    </div>
  );
}
