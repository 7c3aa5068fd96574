import { Menu } from "@mantine/core";
import { useAnswer } from "../insight/api";
import { Icon } from "../kit/icons";
import { CONDITIONS, FLAGS, type Condition, type ListName } from "./model";
import type { EditProps } from "./offer";
import { Many, Pick, Records, Text, WarehousesOf, Words } from "./parts";
import { useTexts } from "./texts";

const FIXED: Partial<Record<ListName, readonly string[]>> = {
  paymentModes: ["CREDIT", "CASH", "UPI", "CHEQUE"], saleTypes: ["COUNTER", "DELIVERY"], registrations: ["REGULAR", "COMPOSITION", "UNREGISTERED", "SEZ", "EXPORT", "DEEMED_EXPORT"],
  orderSources: ["FIELD", "COUNTER", "PHONE", "RETAILER", "VAN"], weekdays: ["1", "2", "3", "4", "5", "6", "7"],
};

/** To whom and when: nothing asked means everybody; each condition is a row that says what it asks. */
export function Who({ form, set, fault }: EditProps) {
  const { t } = useTexts();
  const open = CONDITIONS.filter((c) => !form.asked.includes(c));
  // a warehouse goes with its distributor
  const values = (l: ListName, v: string[]) => set("lists", { ...form.lists, [l]: v, ...(l === "distributorIds" ? { warehouseIds: form.lists.warehouseIds.filter((w) => v.some((d) => w.startsWith(`${d}:`))) } : {}) });
  const ask = (c: Condition) => set("asked", [...form.asked, ...(c === "warehouseIds" && !form.asked.includes("distributorIds") ? ["distributorIds" as const] : []), c]);
  const drop = (c: Condition) => set("asked", form.asked.filter((x) => x !== c && !(c === "distributorIds" && x === "warehouseIds")));
  return (
    <div className="stack">
      <Pick label={t("field2.level")} value={form.level} choices={["OUTLET", "DISTRIBUTOR", "CONSUMER"]} words="level" onChange={(v) => set("level", v)} explain />
      {form.asked.length === 0 && <p className="who-all">{t(form.level === "DISTRIBUTOR" ? "says.everyDistributor" : "says.everybody")}</p>}
      {form.asked.length > 0 && (
        <ul className="conds">
          {form.asked.map((c) => (
            <li key={c} data-at={`/eligibility/${c}`}>
              <span className="cond-name">{t(`condition2.${c}`)}</span>
              <div className="cond-value"><Value condition={c} form={form} values={values} set={set} error={fault(`/eligibility/${c}`)} /></div>
              <button type="button" className="qx" style={{ height: 32 }} aria-label={t("who.remove", { what: t(`condition2.${c}`) })} onClick={() => drop(c)}><Icon name="close" /></button>
            </li>
          ))}
        </ul>
      )}
      {open.length > 0 && (
        <Menu position="bottom-start">
          <Menu.Target><button type="button" className="btn" style={{ justifySelf: "start" }}><Icon name="plus" />{t(form.asked.length ? "who.addMore" : "who.add")}</button></Menu.Target>
          <Menu.Dropdown style={{ maxHeight: "50vh", overflow: "auto" }}>
            {open.map((c) => <Menu.Item key={c} onClick={() => ask(c)}>{t(`condition2.${c}`)}</Menu.Item>)}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

function Value({ condition, form, values, set, error }: { condition: Condition; form: EditProps["form"]; values: (l: ListName, v: string[]) => void; set: EditProps["set"]; error: string | undefined }) {
  const { t } = useTexts();
  if ((FLAGS as readonly string[]).includes(condition)) return <p className="cond-said">{t(`conditionSays.${condition}`)}</p>;
  if (condition === "dayparts") {
    const change = (i: number, part: Partial<{ from: string; to: string }>) => set("dayparts", form.dayparts.map((d, n) => (n === i ? { ...d, ...part } : d)));
    return (
      <div className="stack" style={{ gap: 6 }}>
        {form.dayparts.map((d, i) => <div key={i} className="row" style={{ gap: 8 }}><Text bare type="time" label={t("who.from")} value={d.from} onChange={(v) => change(i, { from: v })} /><span>–</span><Text bare type="time" label={t("who.to")} value={d.to} onChange={(v) => change(i, { to: v })} /></div>)}
        <button type="button" className="btn sm" style={{ justifySelf: "start" }} onClick={() => set("dayparts", [...form.dayparts, { from: "", to: "" }])}><Icon name="plus" />{t("who.addTime")}</button>
      </div>
    );
  }
  const list = condition as ListName;
  const common = { label: t(`condition2.${list}`), values: form.lists[list], onChange: (v: string[]) => values(list, v), error };
  if (FIXED[list]) return <Many {...common} choices={FIXED[list]!} words={`value.${list}`} />;
  switch (list) {
    case "territories": return <Records {...common} type="territories" />;
    case "distributorIds": return <Records {...common} type="distributors" />;
    case "warehouseIds": return <WarehousesOf {...common} distributors={form.lists.distributorIds} />;
    case "outletIds": case "excludedOutletIds": return <Records {...common} type="outlets" by="id" />;
    case "channels": case "classes": return <Known {...common} of={list === "channels" ? "channel" : "class"} />;
    default: return <Words {...common} />;
  }
}

function Known({ of, ...rest }: { of: "channel" | "class"; label: string; values: string[]; onChange: (v: string[]) => void; error?: string | undefined }) {
  const found = useAnswer({ metrics: ["nsv"], dimensions: [of], filters: [], window: { kind: "L12M" }, compare: "NONE", order: [] });
  const known = (found.data?.rows ?? []).map((r) => String(r.keys[of]?.id ?? "")).filter((v) => v && v !== "null");
  return <Words {...rest} suggestions={known} />;
}
