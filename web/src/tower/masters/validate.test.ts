import { describe, expect, it } from "vitest";
import { place } from "./form";
import { fieldsOf, registerOf, REGISTERS } from "./registers";
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

  it("[CMP-01] a buyer abroad has no GSTIN and is in State 96, with a postcode of its country", () => {
    const abroad = { ...good, registration: "EXPORT", gstin: "", stateCode: "96", pin: "SW1A 1AA", address: "1 Parliament Street, London, United Kingdom" };
    expect([...validate(outlet, abroad).keys()]).toEqual([]);
    expect(validate(outlet, { ...abroad, stateCode: "27" }).get("/stateCode")!.key).toBe("form.bad.abroad");
    expect(validate(outlet, { ...abroad, gstin: good.gstin as string }).get("/gstin")!.key).toBe("form.bad.gstin.unregistered");
    expect(validate(outlet, { ...good, registration: "DEEMED_EXPORT", gstin: "" }).get("/gstin")!.key).toBe("form.bad.gstin.needed");
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

