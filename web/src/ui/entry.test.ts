import { describe, expect, it } from "vitest";
import { readDecimal } from "./entry";
import { dateText, localeOf, money, qty, rate, weekday } from "./format";

/** A26: how money, quantities and dates are shown, and how they are typed. */
const table: Record<string, { money: string; minus: string; qty: string; date: RegExp; typed: [string, string][] }> = {
  en: { money: "1,23,45,678.90", minus: "−1,234.50", qty: "12,345.5", date: /^01 Apr\S* 2026$/, typed: [["1,23,45,678.90", "12345678.90"], ["1.5L", "150000"], ["2cr", "20000000"], ["2.25 k", "2250"], ["1 234", "1234"]] },
  hi: { money: "1,23,45,678.90", minus: "−1,234.50", qty: "12,345.5", date: /^01 अप्रै\S* 2026$/, typed: [["१,२३४.५०", "1234.50"], ["1.5 लाख", "150000"], ["2 करोड़", "20000000"], ["2cr", "20000000"]] },
  bn: { money: "1,23,45,678.90", minus: "−1,234.50", qty: "12,345.5", date: /^01 এপ্রি\S* 2026$/, typed: [["১২,৩৪৫.৫০", "12345.50"], ["3 লাখ", "300000"]] },
  id: { money: "12.345.678,90", minus: "−1.234,50", qty: "12.345,5", date: /^01 Apr\S* 2026$/, typed: [["12.345.678,90", "12345678.90"], ["3jt", "3000000"], ["1,5 jt", "1500000"], ["250rb", "250000"]] },
  sw: { money: "12,345,678.90", minus: "−1,234.50", qty: "12,345.5", date: /^01 Apr\S* 2026$/, typed: [["12,345.50", "12345.50"], ["2k", "2000"]] },
  ar: { money: "12,345,678.90", minus: "−1,234.50", qty: "12,345.5", date: /^01 أبريل\S* 2026$/, typed: [["١٢٣٤٫٥٠", "1234.50"], ["١٬٢٣٤", "1234"], ["3 مليون", "3000000"]] },
  fr: { money: "12 345 678,90", minus: "−1 234,50", qty: "12 345,5", date: /^01 avr\S* 2026$/, typed: [["12 345,50", "12345.50"], ["1,5k", "1500"]] },
};
const spaces = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe.each(Object.entries(table))("formats in %s [LOC-02]", (language, wanted) => {
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
