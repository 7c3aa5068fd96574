import { describe, expect, it } from "vitest";
import { add, cmp, dec, growth, share, sub, text } from "./decimal";
import { movers, weeks } from "./insight/today";
import type { Answer } from "./insight/api";

const d = (s: string) => dec(s)!;

describe("exact decimals for display", () => {
  it("differences are exact where binary numbers are not", () => {
    expect(text(sub(d("0.30"), d("0.1")))).toBe("0.20");
    expect(text(sub(d("12345678901234567.89"), d("0.01")))).toBe("12345678901234567.88");
    expect(text(add(d("-0.05"), d("0.10")))).toBe("0.05");
    expect(text(sub(d("1"), d("1.005")))).toBe("-0.005");
  });

  it("KPI-04 growth rounds half up and is not there for a comparable of zero or less", () => {
    expect(growth(d("104"), d("100"))).toBe("4.0");
    expect(growth(d("100.05"), d("100"))).toBe("0.1");
    expect(growth(d("91"), d("100"))).toBe("-9.0");
    expect(growth(d("5"), d("0"))).toBeNull();
    expect(growth(d("5"), d("-3"))).toBeNull();
  });

  it("a share of nothing is not there", () => {
    expect(share(d("25"), d("200"))).toBe("12.5");
    expect(share(d("1"), d("0.00"))).toBeNull();
    expect(cmp(d("1.50"), d("1.5"))).toBe(0);
  });

  it("what is no decimal is unknown, not zero (INV-11)", () => {
    for (const bad of ["", "n/a", "1e5", "--1", "1.", "१", null, undefined]) expect(dec(bad)).toBeNull();
  });
});

const row = (id: string, value: string | null, compare: string | null) => ({ keys: { distributor: { id, label: `D${id}` } }, values: { nsv: { value, compare } } });

describe("what changed most", () => {
  it("[ANA-05] ranks by money, not by percent, and puts the unseen last without counting them", () => {
    const answer = { rows: [row("1", "110.00", "100.00"), row("2", "900.00", "1000.00"), row("3", null, "50.00"), row("4", "2.00", "1.00")] } as unknown as Answer;
    expect(movers(answer).map((m) => [m.id, m.effect])).toEqual([["2", "-100.00"], ["1", "10.00"], ["4", "1.00"], ["3", null]]);
  });

  it("[ANA-02] days fold into 13 weeks that add up to the days", () => {
    const rows = Array.from({ length: 91 }, (_, i) => ({ keys: { day: { id: new Date(Date.UTC(2026, 7, 27 + i)).toISOString().slice(0, 10), label: null } }, values: { nsv: { value: "1.10" } } }));
    const points = weeks({ rows, window: { from: "2026-08-27", to: "2026-11-25" } } as never);
    expect(points).toHaveLength(13);
    expect(points.every((p) => p === "7.70")).toBe(true);
  });
});
