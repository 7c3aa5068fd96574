import { useTranslation } from "react-i18next";
import { currencySign, dateDense, dateText, localeOf, money, qty, rate, timeOfDay } from "../ui/format";
import { abs, dec, growth, sub, text } from "./decimal";

/** What kind of figure a metric is; decides digits, unit and sign. */
export type FigureKind = "money" | "count" | "days" | "percent" | "hours" | "ratio";

/** A figure taken apart, so that a tile can print the unit smaller than the number. */
export interface Figure {
  sign: string;
  number: string;
  unit: string;
}

const TALL: Record<string, string> = { T: "K" };

/** The compact form of money or count, digits and unit apart: `89.6` and `L`. Tiles only (UX section 10). */
export function compactParts(value: string, language: string, digits = 1): { number: string; unit: string } {
  const parts = new Intl.NumberFormat(localeOf(language), { notation: "compact", maximumFractionDigits: digits, minimumFractionDigits: 0 })
    .formatToParts(value as Intl.StringNumericLiteral);
  const unit = parts.filter((p) => p.type === "compact").map((p) => p.value).join("");
  const number = parts.filter((p) => p.type !== "compact" && p.type !== "literal").map((p) => (p.type === "minusSign" ? "−" : p.value)).join("");
  return { number, unit: TALL[unit] ?? unit };
}

/** Formats bound to the language of the page. */
export function formats(language: string, currency = "INR", na = "n/a") {
  const rupee = currencySign(currency, language);
  const days = new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 1, minimumFractionDigits: 0 });
  const one = new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const two = new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 2, minimumFractionDigits: 2 });
  const minus = (s: string) => s.replace(/^-/, "−");
  const clock = new Intl.DateTimeFormat(localeOf(language), { weekday: "short", day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = new Intl.DateTimeFormat(localeOf(language), { weekday: "short", day: "2-digit", month: "short", year: "numeric" });
  const month = new Intl.DateTimeFormat(localeOf(language), { month: "short", year: "numeric", timeZone: "UTC" });

  /** In tables: never compact, always whole digits; unknown says so. */
  function cell(value: string | null | undefined, kind: FigureKind): string {
    if (value === null || value === undefined || dec(value) === null) return na;
    if (kind === "money") return money(value, language, 2);
    if (kind === "count") return qty(value, language);
    return minus((kind === "percent" ? one : kind === "ratio" ? two : days).format(value as Intl.StringNumericLiteral));
  }

  /** In tiles: compact, with its unit. */
  function figure(value: string | null | undefined, kind: FigureKind, words: { days: string; hours?: string }): Figure {
    if (value === null || value === undefined || dec(value) === null) return { sign: "", number: na, unit: "" };
    if (kind === "money") {
      const parts = compactParts(value, language);
      return { sign: rupee, ...parts };
    }
    if (kind === "count") return { sign: "", number: qty(value, language), unit: "" };
    return { sign: "", number: cell(value, kind), unit: kind === "percent" ? "%" : kind === "days" ? words.days : kind === "hours" ? (words.hours ?? "") : "" };
  }

  /** A change with its sign always printed: `+4.0`, `−1.2`. */
  function signed(value: string | null, digits = 1): string {
    if (value === null) return na;
    const f = new Intl.NumberFormat(localeOf(language), { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "exceptZero" });
    return minus(f.format(value as Intl.StringNumericLiteral));
  }

  /** Money with its sign and currency: `−₹ 2,10,400`. */
  function effect(value: string | null): string {
    const d = dec(value);
    if (!d) return na;
    const whole = new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 0 }).format(text(abs(d)) as Intl.StringNumericLiteral);
    return `${d.n < 0n ? "−" : d.n > 0n ? "+" : ""}${rupee} ${whole}`;
  }

  return {
    language, rupee, na, cell, figure, signed, effect, minus,
    money: (v: string | null | undefined) => (v === null || v === undefined ? na : money(v, language, 2)),
    rupees: (v: string | null | undefined) => (v === null || v === undefined ? na : `${rupee} ${money(v, language, 2)}`),
    /** A unit price: two decimals at least, six at most. */
    rate: (v: string | null | undefined) => (v === null || v === undefined ? na : rate(v, language, 2)),
    qty: (v: string | number | null | undefined) => (v === null || v === undefined ? na : qty(v, language)),
    compact: (v: string) => {
      const { number, unit } = compactParts(v, language, 2);
      return unit ? `${number}\u00a0${unit}` : number;
    },
    dense: dateDense,
    date: (v: string | null | undefined) => dateText(v, language),
    day: (v: Date) => day.format(v).replaceAll(",", ""),
    month: (v: string) => month.format(new Date(`${v.slice(0, 7)}-01T00:00:00Z`)),
    time: timeOfDay,
    /** The time alone today, with the day before that. */
    moment: (v: string | null | undefined, now = new Date()) => {
      if (!v) return na;
      const at = new Date(v);
      return at.toDateString() === now.toDateString() ? timeOfDay(v) : clock.format(at).replaceAll(",", "");
    },
  };
}

export type Formats = ReturnType<typeof formats>;

export function useFormats(): Formats {
  const { i18n, t } = useTranslation();
  return formats(i18n.language, "INR", t("na"));
}

/** How a figure moved: growth in percent for amounts and counts, points or days for what is a rate or a duration. */
export function change(value: string | null | undefined, compare: string | null | undefined, kind: FigureKind): { value: string; unit: "percent" | "points" | "days" | "hours" | "plain" } | null {
  const now = dec(value);
  const then = dec(compare);
  if (!now || !then) return null;
  if (kind === "percent") return { value: text(sub(now, then)), unit: "points" };
  if (kind === "days" || kind === "hours") return { value: text(sub(now, then)), unit: kind };
  if (kind === "ratio") return { value: text(sub(now, then)), unit: "plain" };
  const grown = growth(now, then);
  return grown === null ? null : { value: grown, unit: "percent" };
}
