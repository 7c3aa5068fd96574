import type { TFunction } from "i18next";
import type { Sku } from "../../offline/types";
import { isoDay, type Refusal, type Warning } from "../../rules";
import { dateDense, money } from "../../ui/format";

/** Values of a refusal made readable: days as dates, money in the language's digits. */
function readable(values: Record<string, string>, t: TFunction, language: string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => {
    if (name === "paymentMode") return [name, value.split(/[,\s]+/).filter(Boolean).map((mode) => t(`mode.${mode}`, { defaultValue: mode })).join(", ")];
    if (/On(Min|Max)?$/.test(name) && /^\d+$/.test(value)) return [name, dateDense(isoDay(Number(value)))];
    if (/^-?\d+\.\d{2}$/.test(value)) return [name, money(value, language)];
    return [name, value];
  }));
}

/** What stands in the way or should be known, and what would pass, in a sentence. */
export function sentence(item: Refusal | Warning, sku: Sku | undefined, t: TFunction, language: string): { text: string; passes?: string } {
  const values = readable(item.values, t, language);
  const text = t(`rule.${item.code}`, { sku: (language === "hi" && sku?.nameLocal) || sku?.name || "", ...values, defaultValue: item.code });
  const accepted = "accepted" in item ? readable(item.accepted, t, language) : {};
  const list = Object.entries(accepted).filter(([, v]) => v !== "").map(([name, value]) => `${t(`accepted.${name}`, { defaultValue: name })} ${value}`);
  return list.length ? { text, passes: t("bill.passes", { what: list.join(", ") }) } : { text };
}
