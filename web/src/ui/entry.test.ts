import { describe, expect, it } from "vitest";
import { readDecimal } from "./entry";
import { formatTable } from "./format-table";
import { dateText, localeOf, money, qty, rate, weekday } from "./format";

const spaces = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

/** A26: how money, quantities and dates are shown, and how they are typed. */
describe.each(Object.entries(formatTable))("formats in %s [LOC-02]", (language, wanted) => {
  it("[LOC-02] shows money, quantities and dates as people there write them", () => {
    expect(spaces(money("12345678.9", language))).toBe(wanted.money);
    expect(spaces(money("-1234.5", language))).toBe(wanted.minus);
    expect(spaces(qty("12345.5", language))).toBe(wanted.qty);
    expect(spaces(dateText("2026-04-01", language))).toMatch(wanted.date);
    expect(weekday("2026-04-01", language)).not.toBe("");
    expect(new Intl.DateTimeFormat(localeOf(language)).resolvedOptions().calendar).toBe("gregory");
  });

  it("[LOC-02] reads what is typed, long and short, in the language's separators and digits", () => {
    for (const [typed, number] of wanted.typed) expect([typed, readDecimal(typed, language)]).toEqual([typed, number]);
    for (const wrong of ["", "abc", "12x", "1.2.3,4,", "--5"]) expect([wrong, readDecimal(wrong, language)]).toEqual([wrong, undefined]);
  });

  it("[LOC-02] reads back exactly what it shows, whatever the size", () => {
    for (const value of ["0.00", "0.05", "9.99", "1000.00", "12345678.90", "98765432109876543.21", "-4.50"]) expect(readDecimal(money(value, language), language)).toBe(value);
    for (const value of ["34.633333", "0.000001"]) expect(readDecimal(rate(value, language), language)).toBe(value);
  });
});
