import { epochDay, isoDay } from "../../rules";

/** How a buyer stands towards GST (IN-04, IN-05); the tower's outlet form offers the same. */
export const BUYERS = ["UNREGISTERED", "REGULAR", "COMPOSITION", "SEZ", "EXPORT", "DEEMED_EXPORT"] as const;
export type Buyer = (typeof BUYERS)[number];
/** A buyer abroad is in no State. */
const ABROAD = "96";

export interface Identity {
  gstin: string | null;
  registration: string;
  stateCode: string | null;
}

/** The tax identity of an outlet as it is typed: what nobody chose follows from the GSTIN. */
export function identityOf(typed: { gstin?: string | undefined; registration?: string | undefined }, india: boolean, sellerState: string | null): Identity {
  const gstin = typed.gstin?.trim().toUpperCase() || null;
  const registration = (india && typed.registration) || (gstin ? "REGULAR" : "UNREGISTERED");
  if (registration === "EXPORT") return { gstin: null, registration, stateCode: ABROAD };
  return { gstin, registration, stateCode: (india && gstin?.slice(0, 2)) || sellerState };
}

/** What a bill to such a buyer bears, and until when: without tax only under a letter of undertaking of the day (r.96A). */
export type TaxRule = { rule: "undertaking"; until: string } | { rule: "noUndertaking" } | { rule: "deemed" } | null;

export function taxRuleOf(registration: string, undertakings: readonly { validFrom: number; validTo: number }[], today: string): TaxRule {
  if (registration === "DEEMED_EXPORT") return { rule: "deemed" };
  if (registration !== "SEZ" && registration !== "EXPORT") return null;
  const day = epochDay(today);
  const letter = undertakings.find((one) => one.validFrom <= day && day <= one.validTo);
  return letter ? { rule: "undertaking", until: isoDay(letter.validTo)! } : { rule: "noUndertaking" };
}
