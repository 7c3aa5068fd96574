/**
 * Exact addition and comparison of decimal strings, for totals of lists and stock on hand. Nothing here prices, taxes
 * or rounds: what decides money is the rules module.
 */
const PLACES = 6;
const ONE = 10n ** BigInt(PLACES);

function units(value: string | number | null | undefined): bigint {
  if (value === null || value === undefined || value === "") return 0n;
  const text = String(value);
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match) throw new Error(`not a decimal: ${text}`);
  const fraction = (match[3] ?? "").slice(0, PLACES).padEnd(PLACES, "0");
  const sum = BigInt(match[2] || "0") * ONE + BigInt(fraction || "0");
  return match[1] ? -sum : sum;
}

function text(value: bigint, atLeast = 0): string {
  const negative = value < 0n;
  const absolute = negative ? -value : value;
  const whole = absolute / ONE;
  let fraction = (absolute % ONE).toString().padStart(PLACES, "0").replace(/0+$/, "");
  fraction = fraction.padEnd(atLeast, "0");
  return `${negative ? "-" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
}

/** Sum of decimals; an empty list is `0`. */
export function sum(values: Iterable<string | number | null | undefined>, scale = 0): string {
  let total = 0n;
  for (const value of values) total += units(value);
  return text(total, scale);
}

/** a − b. */
export function minus(a: string | number, b: string | number, scale = 0): string {
  return text(units(a) - units(b), scale);
}

/** Negative, zero or positive, as a sort function wants it. */
export function compare(a: string | number | null | undefined, b: string | number | null | undefined): number {
  const left = units(a);
  const right = units(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function isZero(value: string | number | null | undefined): boolean {
  return units(value) === 0n;
}

export function isPositive(value: string | number | null | undefined): boolean {
  return units(value) > 0n;
}

/** The smaller of two. */
export function min(a: string, b: string): string {
  return compare(a, b) <= 0 ? a : b;
}

/** True for a plain decimal as the server takes it. */
export function isDecimal(value: string): boolean {
  return /^\d+(\.\d+)?$/.test(value.trim());
}
