import { localeOf } from "./format";

/** What short words of size mean, by language; every language also knows the English ones of its trade. */
const sizes: Record<string, Record<string, number>> = {
  en: { k: 3, l: 5, lakh: 5, lac: 5, cr: 7, crore: 7, m: 6, mn: 6, b: 9, bn: 9 },
  hi: { हज़ार: 3, हजार: 3, लाख: 5, करोड़: 7, करोड: 7, "क॰": 7 },
  bn: { হাজার: 3, লাখ: 5, লা: 5, কোটি: 7 },
  id: { rb: 3, ribu: 3, jt: 6, juta: 6, m: 9, miliar: 9 },
  sw: { elfu: 3, laki: 5, milioni: 6 },
  ar: { ألف: 3, مليون: 6 },
  fr: { k: 3, m: 6, md: 9 },
};

const separators = new Map<string, { decimal: string; group: string }>();

function separatorsOf(language: string): { decimal: string; group: string } {
  const locale = localeOf(language);
  let found = separators.get(locale);
  if (!found) {
    const parts = new Intl.NumberFormat(locale).formatToParts(1234567.8);
    found = { decimal: parts.find((p) => p.type === "decimal")?.value ?? ".", group: parts.find((p) => p.type === "group")?.value ?? "," };
    separators.set(locale, found);
  }
  return found;
}

/** Digits of any script as Latin ones. */
function latin(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    // decimal digits stand in runs of ten that begin at a multiple of 16, or six above one
    for (let zero = code; zero > code - 10; zero--) if (!/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) return String(code - zero);
    return String(code % 10);
  });
}

/**
 * What was typed, as an exact decimal: with the separators and digits of the language, or short, as `1.5L`, `2cr`, `3jt`. Undefined where it is no
 * number. Nothing is rounded, and what {@link money} shows reads back as it was.
 */
export function readDecimal(typed: string, language = "en"): string | undefined {
  const { decimal, group } = separatorsOf(language);
  const text = latin(typed.trim().toLowerCase()).replace(/[\u200e\u200f\u061c\s\u00a0\u202f']/gu, "").replace(/^[−-]/, "-");
  const short = language.slice(0, 2);
  const match = /^(-?)([\d.,٫٬]+)(\D*)$/u.exec(text);
  if (!match) return undefined;
  const [, sign, digits, word] = match as unknown as [string, string, string, string];
  const exponent = word === "" ? 0 : (sizes[short]?.[word] ?? sizes["en"]![word]);
  if (exponent === undefined) return undefined;
  const plain = digits.replaceAll(/\s/.test(group) ? "\u00a0" : group, "").replaceAll("٬", "").replace(decimal, ".").replace("٫", ".");
  const number = /^(\d*)(?:\.(\d*))?$/.exec(plain);
  if (!number || (!number[1] && !number[2])) return undefined;
  const whole = number[1] ?? "";
  const fraction = (number[2] ?? "").padEnd(exponent, "0");
  const left = (whole + fraction.slice(0, exponent)).replace(/^0+(?=\d)/, "") || "0";
  const right = fraction.slice(exponent).replace(exponent ? /0+$/ : /$^/, "");
  return `${sign}${left}${right ? `.${right}` : ""}`;
}
