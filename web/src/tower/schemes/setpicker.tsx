import { Select } from "@mantine/core";
import { useId, useMemo, useState } from "react";
import { Icon } from "../kit/icons";
import { toast } from "../kit/toast";
import { codesIn, isEverything, membersOf, type Goods, type GoodsSet } from "./goods";
import { useTexts } from "./texts";

type Part = "categoryIds" | "brandIds" | "skuIds";
const PARTS: readonly Part[] = ["categoryIds", "brandIds", "skuIds"];
const OUT = { categoryIds: "excludedCategoryIds", brandIds: "excludedBrandIds", skuIds: "excludedSkuIds" } as const;

/**
 * A set of goods: categories, brands and articles in one box, each counted in or taken out. A column of codes pasted from
 * a sheet is taken whole.
 */
export function SetPicker({ label, goods, principal, value, onChange, error, everything, only = PARTS, exclusions = true, counted = true }: {
  label: string;
  goods: Goods;
  principal: string;
  value: GoodsSet;
  onChange: (set: GoodsSet) => void;
  error?: string | undefined;
  /** What an empty set means, in words. */
  everything: string;
  only?: readonly Part[];
  exclusions?: boolean;
  /** Says how many articles the set holds. */
  counted?: boolean;
}) {
  const { t } = useTexts();
  const id = useId();
  const [out, setOut] = useState(false);
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const members = useMemo(() => membersOf(value, goods, principal), [value, goods, principal]);
  const names: Record<Part, Map<string, { name: string }>> = { categoryIds: goods.categories, brandIds: goods.brands, skuIds: goods.skus };
  const data = useMemo(() => {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (code: string, name: string) => words.every((w) => code.toLowerCase().includes(w) || name.toLowerCase().includes(w));
    return only.map((part) => ({
      group: t(`set.${part}`),
      items: [...(part === "skuIds" ? goods.skus : part === "brandIds" ? goods.brands : goods.categories).values()]
        .filter((x) => fits(x.code, x.name) && !value[out ? OUT[part] : part].includes(x.code) && (part !== "skuIds" || !principal || (x as { principal?: string }).principal === undefined || (x as { principal?: string }).principal === principal))
        .slice(0, part === "skuIds" ? 40 : 12).map((x) => ({ value: `${part}:${x.code}`, label: `${x.name} · ${x.code}` })),
    })).filter((g) => g.items.length > 0);
  }, [typed, out, only, goods, value, principal, t]);
  const add = (part: Part, codes: string[]) => {
    const name = out ? OUT[part] : part;
    onChange({ ...value, [name]: [...new Set([...value[name], ...codes])] });
    setTyped("");
  };
  const take = (name: keyof GoodsSet, code: string) => onChange({ ...value, [name]: value[name].filter((c) => c !== code) });
  const paste = (text: string): boolean => {
    const codes = codesIn(text);
    if (codes.length < 2) return false;
    const known = codes.filter((c) => goods.skus.has(c.toUpperCase()) || goods.skus.has(c)).map((c) => (goods.skus.has(c) ? c : c.toUpperCase()));
    if (known.length) add("skuIds", known);
    const unknown = codes.filter((c) => !goods.skus.has(c) && !goods.skus.has(c.toUpperCase()));
    toast(unknown.length ? t("set.pastedSome", { count: known.length, unknown: unknown.slice(0, 5).join(", ") }) : t("set.pasted", { count: known.length }));
    return true;
  };
  return (
    <div className="field set" role="group" aria-labelledby={`${id}-l`}>
      <span className="label" id={`${id}-l`}>{label}</span>
      <div className={`set-box ${error ? "bad-box" : ""}`}>
        <ul className="set-chips">
          {isEverything(value) && <li className="set-all">{everything}</li>}
            {PARTS.flatMap((part) => value[part].map((code) => (
              <li key={`${part}${code}`} className="set-chip">
                <span className="muted">{t(`set.one.${part}`)}</span> <span>{names[part].get(code)?.name ?? code}</span>
                <button type="button" className="qx" aria-label={t("set.remove", { what: names[part].get(code)?.name ?? code })} onClick={() => take(part, code)}><Icon name="close" /></button>
              </li>
            )))}
          {PARTS.flatMap((part) => value[OUT[part]].map((code) => (
            <li key={`x${part}${code}`} className="set-chip out">
              <span>{t("set.except")}</span> <span>{names[part].get(code)?.name ?? code}</span>
              <button type="button" className="qx" aria-label={t("set.remove", { what: names[part].get(code)?.name ?? code })} onClick={() => take(OUT[part], code)}><Icon name="close" /></button>
            </li>
          )))}
        </ul>
        <div className="set-add">
          {exclusions && (
            <span className="seg sm" role="group" aria-label={t("set.how")}>
              <button type="button" aria-pressed={!out} onClick={() => setOut(false)}>{t("set.counts")}</button>
              <button type="button" aria-pressed={out} onClick={() => setOut(true)}>{t("set.except")}</button>
            </span>
          )}
          <Select
            aria-label={t("set.addTo", { what: label })}
            placeholder={out ? t("set.addOut") : t(only.length > 1 ? "set.add" : "set.addSku")}
            data={data}
            value={null}
            searchable
            searchValue={typed}
            onSearchChange={setTyped}
            filter={({ options }) => options}
            nothingFoundMessage={goods.ready ? t("form.nothingFound") : t("state.loading")}
            onChange={(v) => { if (v) { const at = v.indexOf(":"); add(v.slice(0, at) as Part, [v.slice(at + 1)]); } }}
            onPaste={(e) => { if (paste(e.clipboardData.getData("text"))) e.preventDefault(); }}
            leftSection={<Icon name="plus" />}
            leftSectionWidth={28}
            styles={{ input: { paddingInlineStart: 28 } }}
            error={Boolean(error)}
            style={{ flex: 1, minWidth: 160 }}
          />
        </div>
        {goods.ready && counted && (
          <p className="set-count">
            <button type="button" className="lnk" aria-expanded={open} onClick={() => setOpen(!open)}>{t("set.members", { count: members.length })}</button>
            {open && <span className="muted"> {members.slice(0, 24).map((s) => s.name).join(", ")}{members.length > 24 ? ` … +${members.length - 24}` : ""}</span>}
          </p>
        )}
      </div>
      {error && <div className="bad">{error}</div>}
    </div>
  );
}
