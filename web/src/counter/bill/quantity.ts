import type { Sku } from "../../offline/types";
import type { Rules } from "../../rules";

/** Result of reading a quantity: base units, or what is wrong in a sentence key. */
export type Read = { qty: string } | { error: "quantity.empty" | "quantity.bad"; values: Record<string, string> };

/** `24`, `2c`, `2c6`, `1d` by the rules' own grammar. */
export function readQuantity(rules: Pick<Rules, "parseQuantity"> | undefined, sku: Sku | undefined, text: string): Read {
  const typed = text.trim();
  if (!typed) return { error: "quantity.empty", values: {} };
  if (!rules || !sku) return { error: "quantity.bad", values: { typed, units: "" } };
  const read = rules.parseQuantity(sku.id, typed);
  if ("qty" in read) return { qty: read.qty };
  return { error: "quantity.bad", values: { typed, units: unitsOf(sku) } };
}

/** `case 72 · inner 12`. */
export function unitsOf(sku: Sku): string {
  return sku.units.filter((u) => u.code !== sku.baseUnit && u.code !== "DOZEN").map((u) => `${(u.name || u.code).toLowerCase()} ${u.perBase}`).join(" · ");
}
