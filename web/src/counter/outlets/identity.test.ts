import { describe, expect, it } from "vitest";
import { epochDay } from "../../rules";
import { BUYERS, identityOf, taxRuleOf } from "./identity";

describe("the tax identity of a new outlet", () => {
  it("[BIL-04] follows from the GSTIN where nobody says otherwise", () => {
    expect(identityOf({}, true, "27")).toEqual({ gstin: null, registration: "UNREGISTERED", stateCode: "27" });
    expect(identityOf({ gstin: " 29abcde1234f1zw " }, true, "27")).toEqual({ gstin: "29ABCDE1234F1ZW", registration: "REGULAR", stateCode: "29" });
    expect(identityOf({ gstin: "P051234567Q", registration: "SEZ" }, false, "KE"), "no kinds of GST elsewhere").toEqual({ gstin: "P051234567Q", registration: "REGULAR", stateCode: "KE" });
  });

  it("[BIL-04] [CMP-02] a unit in a zone keeps its GSTIN, a buyer abroad has none and is in no State", () => {
    expect(BUYERS).toEqual(expect.arrayContaining(["SEZ", "EXPORT", "DEEMED_EXPORT"]));
    expect(identityOf({ gstin: "27ABCDE1234F1Z0", registration: "SEZ" }, true, "27")).toEqual({ gstin: "27ABCDE1234F1Z0", registration: "SEZ", stateCode: "27" });
    expect(identityOf({ gstin: "27ABCDE1234F1Z0", registration: "EXPORT" }, true, "27")).toEqual({ gstin: null, registration: "EXPORT", stateCode: "96" });
  });

  it("[CMP-02] says whether a bill bears integrated tax, by the letter of undertaking of the day", () => {
    const letters = [{ validFrom: epochDay("2026-04-01"), validTo: epochDay("2027-03-31") }];
    expect(taxRuleOf("EXPORT", letters, "2026-11-26")).toEqual({ rule: "undertaking", until: "2027-03-31" });
    expect(taxRuleOf("SEZ", letters, "2027-04-01")).toEqual({ rule: "noUndertaking" });
    expect(taxRuleOf("SEZ", [], "2026-11-26")).toEqual({ rule: "noUndertaking" });
    expect(taxRuleOf("DEEMED_EXPORT", letters, "2026-11-26")).toEqual({ rule: "deemed" });
    expect(taxRuleOf("REGULAR", letters, "2026-11-26")).toBeNull();
  });
});
