import { createContext, useContext } from "react";
import type { Me } from "../api/client";

export const MeContext = createContext<Me | null>(null);

/** Who is signed in. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe is used outside the signed-in page");
  return me;
}

/** What a role may change in the tower (domain/12 section 12.2). The server decides; this only hides what it would refuse. */
export type Right = "principals" | "distributors" | "territories" | "outlets" | "skus" | "batches" | "prices" | "schemes" | "tax" | "taxRegistration" | "series" | "credit" | "imports" | "users" | "tokens";

const RIGHTS: Record<Right, readonly string[]> = {
  principals: ["COE"],
  distributors: ["COE", "RSM", "ASM"],
  territories: ["COE"],
  outlets: ["COE", "REP", "VS", "DO", "BC"],
  skus: ["COE"],
  batches: [],
  prices: ["SO", "COE"],
  schemes: ["SO", "COE"],
  tax: ["COE"],
  taxRegistration: ["FIN", "COE", "DO"],
  series: ["COE"],
  credit: ["FIN", "RSM", "ASM"],
  imports: ["COE", "DO", "BC"],
  users: ["IT", "COE", "DO"],
  tokens: ["IT", "COE"],
};

const PERMISSION: Record<Right, string> = {
  principals: "PRINCIPAL_WRITE", distributors: "DISTRIBUTOR_WRITE", territories: "TERRITORY_WRITE", outlets: "OUTLET_WRITE", skus: "SKU_WRITE", batches: "NONE",
  prices: "PRICE_WRITE", schemes: "SCHEME_WRITE", tax: "TAX_WRITE", taxRegistration: "TAX_REGISTRATION_WRITE", series: "SERIES_WRITE", credit: "CREDIT_TERMS_WRITE", imports: "IMPORT_RUN", users: "USER_WRITE", tokens: "TOKEN_WRITE",
};

/** The server says what a person may do; where it does not, the role table does. */
export function may(me: Me, right: Right): boolean {
  const permissions = (me as Me & { permissions?: string[] }).permissions;
  return permissions ? permissions.includes(PERMISSION[right]) : me.roles.some((role) => RIGHTS[right].includes(role));
}

export function permissionsOf(me: Me): string[] {
  return (me as Me & { permissions?: string[] }).permissions ?? [];
}

/** Roles that may give a right, for the words of a refusal. */
export function rightHolders(right: Right): readonly string[] {
  return RIGHTS[right];
}

/** What a page shows, as the server names the right to read it; nothing is hidden where the server names none. */
export function mayRead(me: Me, permission: string): boolean {
  const permissions = permissionsOf(me);
  return permissions.length === 0 || permissions.includes(permission);
}

/** The right to read each register. */
export const READS: Record<string, string> = {
  principals: "PRINCIPAL_READ", distributors: "DISTRIBUTOR_READ", warehouses: "DISTRIBUTOR_READ", territories: "TERRITORY_READ", beats: "OUTLET_READ", outlets: "OUTLET_READ", "credit-terms": "CREDIT_TERMS_READ",
  categories: "SKU_READ", brands: "SKU_READ", skus: "SKU_READ", batches: "SKU_READ", "price-lists": "PRICE_READ", "contract-prices": "PRICE_READ", schemes: "SCHEME_READ", "must-sell": "SKU_READ", "tax-rates": "SKU_READ", thresholds: "SKU_READ", undertakings: "TAX_READ", "number-series": "SERIES_READ",
};
