/**
 * Display of numbers and dates, by Intl only. Decimals stay strings: Intl formats them exactly, and nothing here
 * adds, multiplies or rounds money beyond the digits that are shown.
 */
type Decimal = string | number | null | undefined;

const cache = new Map<string, Intl.NumberFormat>();

/** Where each language is written, with the calendar and the digits of documents: Gregorian and Latin everywhere, whatever the locale's own are. */
const locales: Record<string, string> = { hi: "hi-IN", bn: "bn-BD", id: "id-ID", sw: "sw-KE", ar: "ar-EG", fr: "fr-FR", ta: "ta-IN" };

/** Locale tag of a language: English is written the Indian way unless it names another country (`en-KE`). */
export function localeOf(language: string): string {
  const known = locales[language.slice(0, 2)];
  return known ? `${known}-u-ca-gregory-nu-latn` : /^en-[A-Z]{2}$/.test(language) ? `${language}-u-nu-latn` : "en-IN";
}

function formatter(language: string, min: number, max: number): Intl.NumberFormat {
  const key = `${language}/${min}/${max}`;
  let found = cache.get(key);
  if (!found) {
    found = new Intl.NumberFormat(localeOf(language), { minimumFractionDigits: min, maximumFractionDigits: max });
    cache.set(key, found);
  }
  return found;
}

function show(value: Decimal, language: string, min: number, max: number): string {
  if (value === null || value === undefined || value === "") return "n/a";
  const text = formatter(language, min, max).format(value as Intl.StringNumericLiteral);
  return text.replace(/^[\u200e\u200f\u061c]?-/, "−");
}

/** Money with its currency's decimals: `1,23,456.00`; minus is `−`, unknown is `n/a`. */
export function money(value: Decimal, language = "en", scale = 2): string {
  return show(value, language, scale, scale);
}

/** A quantity: whole numbers bare, fractions as they are. */
export function qty(value: Decimal, language = "en"): string {
  return show(value, language, 0, 3);
}

/** A percentage without its sign: `2.5`. */
export function percent(value: Decimal, language = "en"): string {
  return show(value, language, 0, 3);
}

/** A unit price: at least the currency's decimals, at most six. */
export function rate(value: Decimal, language = "en", scale = 2): string {
  return show(value, language, scale, 6);
}

/** Short form for tiles only: `1.23Cr`; tables and documents never use it. */
export function compact(value: Decimal, language = "en"): string {
  if (value === null || value === undefined || value === "") return "n/a";
  return new Intl.NumberFormat(localeOf(language), { notation: "compact", maximumFractionDigits: 2 }).format(value as Intl.StringNumericLiteral);
}

/** The sign of a currency as the language writes it: `₹`. */
export function currencySign(code: string, language = "en"): string {
  const parts = new Intl.NumberFormat(localeOf(language), { style: "currency", currency: code }).formatToParts(0);
  return parts.find((part) => part.type === "currency")?.value ?? code;
}

function utc(isoDate: string): Date {
  return new Date(`${isoDate.slice(0, 10)}T00:00:00Z`);
}

/** `01-04-2026`, for dense tables. */
export function dateDense(isoDate: string | null | undefined): string {
  if (!isoDate) return "–";
  const [y, m, d] = isoDate.slice(0, 10).split("-");
  return `${d}-${m}-${y}`;
}

/** `04-2026`: month and year of an expiry date. */
export function monthDense(isoDate: string | null | undefined): string {
  if (!isoDate) return "–";
  const [y, m] = isoDate.split("-");
  return `${m}-${y}`;
}

/** `01 Apr 2026`, for text. */
export function dateText(isoDate: string | null | undefined, language = "en"): string {
  if (!isoDate) return "–";
  return new Intl.DateTimeFormat(localeOf(language), { day: "2-digit", month: "short", year: "numeric", timeZone: "UTC" }).format(utc(isoDate));
}

/** Name of the week day. */
export function weekday(isoDate: string, language = "en", width: "long" | "short" = "long"): string {
  return new Intl.DateTimeFormat(localeOf(language), { weekday: width, timeZone: "UTC" }).format(utc(isoDate));
}

/** `14:05` in the zone of the device. */
export function timeOfDay(instant: string | number | Date | null | undefined): string {
  if (instant === null || instant === undefined || instant === "") return "–";
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(instant));
}

/** Whole days between two dates. */
export function daysBetween(from: string, to: string): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / 86_400_000);
}

/** The date some days later. */
export function addDays(isoDate: string, days: number): string {
  return new Date(utc(isoDate).getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

/** A rate given as a fraction, shown as a percentage without its sign: `0.05` is `5`. */
export function ratePercent(fraction: string | null | undefined, language = "en"): string {
  if (fraction === null || fraction === undefined || fraction === "") return "–";
  const format = new Intl.NumberFormat(localeOf(language), { style: "percent", maximumFractionDigits: 3 });
  return format.formatToParts(fraction as unknown as number).filter((p) => p.type !== "percentSign" && p.type !== "literal").map((p) => p.value).join("");
}
