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
export type Right = "masters" | "outlets" | "prices" | "schemes" | "tax" | "users" | "tokens" | "imports" | "credit";

const RIGHTS: Record<Right, readonly string[]> = {
  masters: ["COE", "ADMIN"],
  outlets: ["COE", "ADMIN", "ASM", "RSM", "DO", "BC"],
  prices: ["SO", "COE", "ADMIN"],
  schemes: ["SO", "COE", "ADMIN"],
  tax: ["COE", "FIN", "ADMIN"],
  credit: ["FIN", "ADMIN"],
  users: ["COE", "IT", "ADMIN", "DO"],
  tokens: ["COE", "IT", "ADMIN"],
  imports: ["COE", "IT", "ADMIN", "SO"],
};

export function may(me: Me, right: Right): boolean {
  return me.roles.some((role) => RIGHTS[right].includes(role));
}

/** Roles that may give a right, for the words of a refusal. */
export function rightHolders(right: Right): readonly string[] {
  return RIGHTS[right].filter((role) => role !== "ADMIN");
}
