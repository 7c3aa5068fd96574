import { describe, expect, it } from "vitest";
import { place } from "./form";
import { fieldsOf, registerOf, REGISTERS } from "./registers";
import { NEW_SCHEME, schemeBody, schemeFaults, schemeForm, schemeHints, type SchemeForm } from "./schememodel";
import { gstinFault, gtinFault, toBody, toValues, typed, validate } from "./validate";

describe("checks of a form", () => {
  it("[OUT-02] IN-01 the check character of a GSTIN", () => {
    for (const good of ["27ABCDE1234F1Z0", "29ABCDE1234F1ZW", "27PQRST5678K1Z2", "07PQRST5678K1Z4"]) expect(gstinFault(good), good).toBeNull();
    expect(gstinFault("27ABCDE1234F1Z1")).toBe("check");
    expect(gstinFault("27BACDE1234F1Z0")).toBe("check");
    expect(gstinFault("27ABCDE1234F1Z")).toBe("form");
    expect(gstinFault("27abcde1234f1z0")).toBe("form");
  });

  it("[OUT-12] the check digit of a GTIN", () => {
    for (const good of ["4006381333931", "96385074", "036000291452", "10614141000415"]) expect(gtinFault(good), good).toBe(false);
    for (const bad of ["4006381333932", "123", "40063813339a1", ""]) expect(gtinFault(bad), bad).toBe(true);
  });

  const outlet = fieldsOf(registerOf("outlets")!);
  const good = { ...toValues(outlet, null), code: "A-101", name: "Sharma Kirana", channel: "GT", outletClass: "B", registration: "REGULAR", gstin: "27ABCDE1234F1Z0", stateCode: "27", pin: "411001", phone: "+91 98200 00000" };

  it("[OUT-02] an outlet that is right has no fault", () => {
    expect([...validate(outlet, good)]).toEqual([]);
  });

  it("[OUT-02] each fault stands at its own field, in the order of the form", () => {
    const faults = validate(outlet, { ...good, code: "", pin: "0411", latitude: "91", gstin: "27ABCDE1234F1Z1" });
    expect([...faults.keys()]).toEqual(["/code", "/gstin", "/pin", "/latitude"]);
    expect(faults.get("/gstin")!.key).toBe("form.bad.gstin.check");
    expect(faults.get("/latitude")).toEqual({ key: "form.bad.between", values: { min: -90, max: 90 } });
  });

  it("[CMP-01] registration, GSTIN and State must agree", () => {
    expect(validate(outlet, { ...good, gstin: "" }).get("/gstin")!.key).toBe("form.bad.gstin.needed");
    expect(validate(outlet, { ...good, registration: "UNREGISTERED" }).get("/gstin")!.key).toBe("form.bad.gstin.unregistered");
    expect(validate(outlet, { ...good, stateCode: "29" }).get("/stateCode")).toEqual({ key: "form.bad.gstin.state", values: { state: "27" } });
  });

  it("[CMP-05] a period that ends before it starts is refused at its end", () => {
    const fields = fieldsOf(registerOf("tax-rates")!);
    const values = { ...toValues(fields, null), hsnPrefix: "3401", ratePercent: "5", source: "N/N 9/2025", validFrom: "2026-04-01", validTo: "2026-03-31" };
    expect([...validate(fields, values).keys()]).toEqual(["/validTo"]);
    expect([...validate(fields, { ...values, validTo: "", ratePercent: "5.12345", hsnPrefix: "340" }).keys()]).toEqual(["/hsnPrefix", "/ratePercent"]);
  });

  it("[OUT-12] rows of units and barcodes are checked one by one", () => {
    const fields = fieldsOf(registerOf("skus")!);
    const values = { ...toValues(fields, null), code: "S1", principal: "P", name: "Soap", category: "C", brand: "B", hsn: "340111", mrp: "40.00", pts: "32.98", units: [{ code: "CASE", name: "Case", numerator: "0", denominator: "1" }], barcodes: [{ gtin: "123", unit: "PCS" }] };
    expect([...validate(fields, values).keys()]).toEqual(["/units/0/numerator", "/barcodes/0/gtin"]);
  });

  it("[INT-06] decimals travel as strings, whole numbers as numbers, what is empty as null", () => {
    const fields = fieldsOf(registerOf("skus")!);
    const body = toBody(typed(fields, true), { ...toValues(fields, null), code: " S1 ", mrp: "1,240.50", shelfLifeDays: "365", aliases: "neem, soap", mustStock: true, qtyScale: "3" });
    expect(body).toMatchObject({ code: "S1", mrp: "1240.50", shelfLifeDays: 365, aliases: ["neem", "soap"], mustStock: true, weightG: null, qtyScale: 3 });
  });

  it("[GOV-05] a record read and written back unchanged is the same record", () => {
    const fields = fieldsOf(registerOf("beats")!);
    const record = { code: "B1", name: "Station Road", salesman: "Manoj", weekday: 3, status: "ACTIVE" };
    expect(toBody(fields, toValues(fields, record))).toEqual(record);
  });

  it("[INT-06] the server's faults go to their fields, the rest stays on top", () => {
    const [placed, rest] = place([{ pointer: "/gstin", detail: "is taken", accepted: "another one" }, { pointer: "#If-Match", detail: "is missing" }], outlet);
    expect([...placed]).toEqual([["/gstin", "is taken. another one"]]);
    expect(rest).toHaveLength(1);
    expect(place([{ pointer: "/status", detail: "cannot become REJECTED. One of CLOSED", accepted: "One of CLOSED" }], outlet)[0].get("/status")).toBe("cannot become REJECTED. One of CLOSED");
  });

  it("[OUT-12] every register has a column that opens it, and unique fields", () => {
    for (const register of REGISTERS) {
      expect(register.columns.length, register.type).toBeGreaterThan(1);
      const names = fieldsOf(register).map((f) => f.name);
      expect(new Set(names).size, register.type).toBe(names.length);
    }
  });
});

const slab: SchemeForm = { ...NEW_SCHEME, code: "WHOLE-2-4", name: "Soap", principal: "SUN", validFrom: "2026-10-01", validTo: "2026-12-31", slabs: [{ from: "12", value: "2" }, { from: "36", value: "4" }], skus: ["S1"] };

describe("the scheme form", () => {
  it("[SCH-04] M2 sends the slabs of EX-07 and nothing of the other mechanics", () => {
    expect(schemeBody(slab)).toMatchObject({
      mechanic: "M2", stage: "LINE", basis: "BASE_QTY", rewardType: null, rewardValue: null, buy: null, freeTax: null,
      slabs: [{ from: "12", to: "35", rewardType: "PERCENT", value: "2" }, { from: "36", to: null, rewardType: "PERCENT", value: "4" }],
    });
  });

  it("[SCH-04] slabs leave no gap and do not overlap: quantities follow one by one, values touch", () => {
    const ends = (form: SchemeForm) => (schemeBody(form).slabs as { to: string | null }[]).map((s) => s.to);
    expect(ends({ ...slab, slabs: [{ from: "0.5", value: "1" }, { from: "2.5", value: "2" }] })).toEqual(["2.499", null]);
    expect(ends({ ...slab, basis: "NET_VALUE", slabs: [{ from: "2500", value: "1" }, { from: "6000", value: "2" }] })).toEqual(["6000", null]);
  });

  it("[SCH-04] M1 and M4 send what they need, free goods in their own stage", () => {
    expect(schemeBody({ ...slab, mechanic: "M1", rewardType: "PER_UNIT", rewardValue: "1.50" })).toMatchObject({ rewardType: "PER_UNIT", rewardValue: "1.50", slabs: [] });
    expect(schemeBody({ ...slab, mechanic: "M4", buy: "10", get: "1", freeTax: "ZERO_PRICED" })).toMatchObject({ stage: "FREE_GOODS", buy: "10", get: "1", repeat: true, freeTax: "ZERO_PRICED", slabs: [] });
  });

  it("[SCH-04] a scheme read from the server and sent again is the same scheme", () => {
    for (const form of [slab, { ...slab, mechanic: "M1" as const, rewardValue: "2.5", slabs: NEW_SCHEME.slabs }, { ...slab, mechanic: "M4" as const, buy: "11", get: "1", inside: true, freeTax: "ZERO_PRICED", slabs: NEW_SCHEME.slabs }]) {
      expect(schemeBody(schemeForm({ scheme: schemeBody(form) }))).toEqual(schemeBody(form));
    }
  });

  it("[SCH-04] slabs must rise, free goods need their tax mode (EX-11), shares stay in 0 to 100", () => {
    expect([...schemeFaults(slab)]).toEqual([]);
    expect([...schemeFaults({ ...slab, slabs: [{ from: "36", value: "4" }, { from: "12", value: "2" }] }).keys()]).toEqual(["/slabs/1/from"]);
    expect([...schemeFaults({ ...slab, mechanic: "M4", buy: "10", get: "1" }).keys()]).toEqual(["/freeTax"]);
    expect([...schemeFaults({ ...slab, principalSharePercent: "101", code: "", slabs: [{ from: "1", value: "120" }] }).keys()]).toEqual(["/code", "/slabs/0/value", "/principalSharePercent"]);
  });

  it("[SCH-04] PX-20 warns of a dead zone: one piece more and the bill costs less", () => {
    expect(schemeHints({ ...slab, slabs: [{ from: "36", value: "4" }] }).map((h) => h.key)).toEqual(["scheme.hint.dead"]);
    expect(schemeHints({ ...slab, slabs: [{ from: "12", value: "2" }] }).map((h) => h.key)).toEqual([]);
    expect(schemeHints({ ...slab, skus: [] }).map((h) => h.key)).toContain("scheme.hint.everything");
  });
});
