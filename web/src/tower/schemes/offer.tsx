import { useFormats } from "../format";
import { Icon } from "../kit/icons";
import { EntryGrid, type EntryRow } from "./entrygrid";
import { EVERYTHING, type Goods } from "./goods";
import { BASES_OF, FREE_TAX, IF_SHORT, PERIODS, rewardsOf, STAGES_OF, type PartRow, type SchemeForm, type SlabRow, type TermRow } from "./model";
import { Flag, Pick, Text } from "./parts";
import { SetPicker } from "./setpicker";
import { useTexts } from "./texts";

export interface EditProps {
  form: SchemeForm;
  goods: Goods;
  set: <K extends keyof SchemeForm>(name: K, value: SchemeForm[K]) => void;
  fault: (pointer: string) => string | undefined;
}

/** What the kind gives: its slabs, quantities and prices. */
export function OfferFields({ form, goods, set, fault }: EditProps) {
  const { t } = useTexts();
  const f = useFormats();
  const kind = form.kind!;
  const unitOf = (basis: string) => (basis === "GROSS_VALUE" || basis === "NET_VALUE" ? f.rupee : t(`unitShort.${basis}`));
  const rewardUnit = form.rewardType === "PERCENT" ? "%" : f.rupee;
  const basis = BASES_OF[kind] && (
    <Pick at="/basis" label={t(kind === "POINTS" || kind === "QPS" || kind === "TOD" ? "field2.counted" : "field2.basis")} value={form.basis} choices={BASES_OF[kind]!} words="basis" onChange={(v) => set("basis", v)} explain />
  );
  const unit = form.basis === "CASES" && kind !== "FREE_GOODS" && <Text label={t("field2.unit")} value={form.unit} onChange={(v) => set("unit", v.toUpperCase())} hint={t("hint2.unit")} code />;
  const rewardType = (
    <Pick label={t("field2.rewardType")} value={form.rewardType} choices={rewardsOf(form)} words="rewardKind" onChange={(v) => set("rewardType", v as SchemeForm["rewardType"])} />
  );
  const slabs = (
    <div className="wide field" data-at="/slabs">
      <span className="label">{t("field2.slabs")}</span>
      <EntryGrid
        label={t("field2.slabs")}
        columns={[
          { id: "from", label: t(form.growth && (kind === "QPS" || kind === "TOD") ? "field2.growthFrom" : "field2.from"), unit: form.growth && (kind === "QPS" || kind === "TOD") ? "%" : unitOf(form.basis) },
          { id: "value", label: t(`rewardKind.${form.rewardType}`), unit: rewardUnit },
        ]}
        rows={form.slabs as EntryRow[]}
        onChange={(rows) => set("slabs", rows as unknown as SlabRow[])}
        fault={(row, column) => fault(`/slabs/${row}/${column}`)}
        add={t("field2.addSlab")}
      />
    </div>
  );
  const stage = STAGES_OF[kind].length > 1 && <Pick label={t("field2.stage")} value={form.stage} choices={STAGES_OF[kind]} words="stage" onChange={(v) => set("stage", v)} explain />;
  return (
    <div className="form">
      <fieldset>
        {kind === "DISCOUNT" && <>{rewardType}<Text at="/rewardValue" label={t("field2.rewardValue")} value={form.rewardValue} onChange={(v) => set("rewardValue", v)} error={fault("/rewardValue")} numeric unit={rewardUnit} /></>}
        {(kind === "WHOLE_SLAB" || kind === "INCREMENTAL_SLAB" || kind === "VALUE_SLAB") && <>{basis}{unit}{rewardType}{slabs}</>}
        {(kind === "QPS" || kind === "TOD") && (
          <>
            {basis}{unit}
            <Pick label={t("field2.period")} value={form.period} choices={PERIODS} words="period" onChange={(v) => set("period", v)} />
            <Pick label={t("field2.method")} value={form.method} choices={["WHOLE", "INCREMENTAL"]} words="method" onChange={(v) => set("method", v)} explain />
            {rewardType}
            <div className="wide"><Flag checked={form.growth} onChange={(v) => { set("growth", v); if (v) set("rewardType", "PERCENT"); }}>{t("field2.growth")}</Flag></div>
            {form.growth && <><Text at="/minBase" label={t("field2.minBase")} value={form.minBase} onChange={(v) => set("minBase", v)} numeric unit={f.rupee} hint={t("hint2.minBase")} /><Text label={t("field2.floorBase")} value={form.floorBase} onChange={(v) => set("floorBase", v)} numeric unit={f.rupee} hint={t("hint2.floorBase")} /></>}
            {slabs}
          </>
        )}
        {kind === "FREE_GOODS" && (
          <>
            <Text at="/buy" label={t("field2.buy")} value={form.buy} onChange={(v) => set("buy", v)} error={fault("/buy")} numeric unit={unitOf(form.basis)} />
            <Text at="/get" label={t("field2.get")} value={form.get} onChange={(v) => set("get", v)} error={fault("/get")} numeric unit={t("unitShort.BASE_QTY")} />
            <Pick label={t("field2.basisBuy")} value={form.basis} choices={BASES_OF.FREE_GOODS!} words="basis" onChange={(v) => set("basis", v)} />
            <Text at="/capPerInvoice" label={t("field2.capPerInvoice")} value={form.capPerInvoice} onChange={(v) => set("capPerInvoice", v)} error={fault("/capPerInvoice")} numeric unit={t("unitShort.BASE_QTY")} />
            <div className="wide stack" style={{ gap: 0 }}>
              <Flag checked={form.repeat} onChange={(v) => set("repeat", v)}>{t("field2.repeat")}</Flag>
              <Flag checked={form.inside} onChange={(v) => { set("inside", v); if (v) set("rewardSkus", []); }}>{t("field2.inside")}</Flag>
            </div>
            {!form.inside && (
              <div className="wide" data-at="/rewardSkus">
                <SetPicker label={t("field2.rewardSkus")} goods={goods} principal={form.principal} only={["skuIds"]} exclusions={false} everything={t("says.sameGoods")} counted={false} value={{ ...EVERYTHING, skuIds: form.rewardSkus }} onChange={(v) => set("rewardSkus", v.skuIds)} error={fault("/rewardSkus")} />
                <div className="hint">{t("hint2.rewardSkus")}</div>
              </div>
            )}
            <Pick at="/tax" label={t("field2.freeTax")} value={form.tax} choices={FREE_TAX} words="freeTax" onChange={(v) => set("tax", v)} error={fault("/tax")} explain />
            <Pick label={t("field2.ifShort")} value={form.ifShort} choices={IF_SHORT} words="ifShort" onChange={(v) => set("ifShort", v)} explain />
            {form.ifShort === "SUBSTITUTE" && <div className="wide" data-at="/substitutes"><SetPicker label={t("field2.substitutes")} goods={goods} principal={form.principal} only={["skuIds"]} exclusions={false} everything={t("says.nothing")} counted={false} value={{ ...EVERYTHING, skuIds: form.substitutes }} onChange={(v) => set("substitutes", v.skuIds)} error={fault("/substitutes")} /></div>}
          </>
        )}
        {kind === "CHEAPEST_FREE" && (
          <>
            <Text at="/buy" label={t("field2.ofEvery")} value={form.buy} onChange={(v) => set("buy", v)} error={fault("/buy")} numeric unit={t("unitShort.BASE_QTY")} />
            <Text at="/get" label={t("field2.cheapest")} value={form.get} onChange={(v) => set("get", v)} error={fault("/get")} numeric unit={t("unitShort.BASE_QTY")} />
            <Text at="/capPerInvoice" label={t("field2.capPerInvoice")} value={form.capPerInvoice} onChange={(v) => set("capPerInvoice", v)} error={fault("/capPerInvoice")} numeric unit={t("unitShort.BASE_QTY")} />
            <div className="wide"><Flag checked={form.repeat} onChange={(v) => set("repeat", v)}>{t("field2.repeat")}</Flag></div>
          </>
        )}
        {kind === "COMBO" && (
          <>
            {rewardType}
            <Text at="/rewardValue" label={t("field2.rewardValue")} value={form.rewardValue} onChange={(v) => set("rewardValue", v)} error={fault("/rewardValue")} numeric unit={rewardUnit} />
            {form.groups.length === 0 && (
              <>
                <Text at="/minDistinct" label={t("field2.minDistinct")} value={form.minDistinct} onChange={(v) => set("minDistinct", v)} error={fault("/minDistinct")} numeric />
                <Text label={t("field2.minEach")} value={form.minEach} onChange={(v) => set("minEach", v)} numeric unit={t("unitShort.BASE_QTY")} hint={t("hint2.minEach")} />
              </>
            )}
            <Parts form={form} goods={goods} name="groups" rows={form.groups} set={set} fault={fault} title={t("field2.groups")} qty={t("field2.min")} hint={t("hint2.groups")} />
            {form.groups.length > 0 && <div className="wide"><Flag checked={form.repeat} onChange={(v) => set("repeat", v)}>{t("field2.comboRepeat")}</Flag></div>}
          </>
        )}
        {kind === "BUNDLE_PRICE" && (
          <>
            <Text at="/price" label={t("field2.price")} value={form.price} onChange={(v) => set("price", v)} error={fault("/price")} numeric unit={f.rupee} />
            <Text label={t("field2.maxSets")} value={form.maxSets} onChange={(v) => set("maxSets", v)} numeric />
            <Parts form={form} goods={goods} name="components" rows={form.components} set={set} fault={fault} title={t("field2.components")} qty={t("field2.qty")} least={1} />
            <div className="wide"><Flag checked={form.repeat} onChange={(v) => set("repeat", v)}>{t("field2.repeatSet")}</Flag></div>
          </>
        )}
        {kind === "PER_CASE_REBATE" && (
          <>
            <Text at="/amount" label={t(form.perKg ? "field2.amountKg" : "field2.amountCase")} value={form.amount} onChange={(v) => set("amount", v)} error={fault("/amount")} numeric unit={f.rupee} />
            {!form.perKg && <Text label={t("field2.unit")} value={form.unit} onChange={(v) => set("unit", v.toUpperCase())} hint={t("hint2.unit")} code />}
            <div className="wide"><Flag checked={form.perKg} onChange={(v) => set("perKg", v)}>{t("field2.perKg")}</Flag>
              {form.stage === "ACCRUAL" && <Flag checked={form.cumulative} onChange={(v) => set("cumulative", v)}>{t("field2.cumulative")}</Flag>}</div>
            {form.stage === "ACCRUAL" && form.cumulative && <Pick label={t("field2.period")} value={form.period} choices={PERIODS} words="period" onChange={(v) => set("period", v)} />}
          </>
        )}
        {kind === "POINTS" && <><Text at="/points" label={t("field2.points")} value={form.points} onChange={(v) => set("points", v)} error={fault("/points")} numeric /><Text at="/per" label={t("field2.per")} value={form.per} onChange={(v) => set("per", v)} error={fault("/per")} numeric unit={unitOf(form.basis)} />{basis}</>}
        {kind === "CASH_DISCOUNT" && (
          <div className="wide field" data-at="/terms">
            <span className="label">{t("field2.terms")}</span>
            <EntryGrid label={t("field2.terms")} columns={[{ id: "days", label: t("field2.days") }, { id: "percent", label: t("rewardKind.PERCENT"), unit: "%" }]} rows={form.terms as EntryRow[]} onChange={(rows) => set("terms", rows as unknown as TermRow[])} fault={(row, column) => fault(`/terms/${row}/${column}`)} add={t("field2.addTerm")} />
          </div>
        )}
        {kind === "DISPLAY" && (
          <>
            <Text at="/amount" label={t("field2.displayAmount")} value={form.amount} onChange={(v) => set("amount", v)} error={fault("/amount")} numeric unit={f.rupee} />
            <Pick label={t("field2.period")} value={form.period} choices={PERIODS} words="period" onChange={(v) => set("period", v)} />
            <Text at="/audits" label={t("field2.audits")} value={form.audits} onChange={(v) => set("audits", v)} error={fault("/audits")} numeric />
            <Text at="/passScore" label={t("field2.passScore")} value={form.passScore} onChange={(v) => set("passScore", v)} error={fault("/passScore")} numeric unit="%" />
            <Pick label={t("field2.payout")} value={form.payout} choices={["PRO_RATA", "ALL_OR_NOTHING"]} words="payout" onChange={(v) => set("payout", v)} explain />
          </>
        )}
        {stage}
      </fieldset>
    </div>
  );
}

/** Groups of a combo or parts of a bundle: goods and how many of them. */
function Parts({ form, goods, name, rows, set, fault, title, qty, hint, least = 0 }: { form: SchemeForm; goods: Goods; name: "groups" | "components"; rows: PartRow[]; set: EditProps["set"]; fault: EditProps["fault"]; title: string; qty: string; hint?: string; least?: number }) {
  const { t } = useTexts();
  const change = (at: number, row: PartRow) => set(name, rows.map((r, i) => (i === at ? row : r)));
  return (
    <div className="wide field">
      <span className="label">{title}</span>
      {hint && <div className="hint" style={{ marginTop: -2 }}>{hint}</div>}
      {rows.map((row, i) => (
        <div key={i} className="part-row">
          <SetPicker label={t("field2.partGoods", { n: i + 1 })} goods={goods} principal={form.principal} everything={t("says.everything")} exclusions={false} value={row.products} onChange={(products) => change(i, { ...row, products })} />
          <Text at={`/${name}/${i}/qty`} label={qty} value={row.qty} onChange={(v) => change(i, { ...row, qty: v })} error={fault(`/${name}/${i}/qty`)} numeric unit={t("unitShort.BASE_QTY")} width={136} />
          {rows.length > least && <button type="button" className="qx" style={{ height: 32, marginTop: 24 }} aria-label={t("form.removeRowN", { n: i + 1 })} onClick={() => set(name, rows.filter((_, n) => n !== i))}><Icon name="close" /></button>}
        </div>
      ))}
      <button type="button" className="btn sm" style={{ justifySelf: "start" }} onClick={() => set(name, [...rows, { products: EVERYTHING, qty: "" }])}><Icon name="plus" />{t(name === "groups" ? "field2.addGroup" : "field2.addComponent")}</button>
    </div>
  );
}
