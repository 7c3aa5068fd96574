/**
 * Exact decimals for display: differences and order of figures that came as strings. Money is never *decided* here
 * (that is the rule module"s work); this only says by how much two printed figures differ, without binary floating point.
 */
export interface Dec {
  readonly n: bigint;
  readonly scale: number;
}

const SHAPE = /^[+-]?\d+(\.\d+)?$/;

/** A decimal string as an exact value, or null where the text is no plain decimal. */
export function dec(text: string | number | null | undefined): Dec | null {
  if (text == null) return null;
  const t = String(text).trim();
  if (!SHAPE.test(t)) return null;
  const dot = t.indexOf(".");
  return dot < 0
    ? { n: BigInt(t), scale: 0 }
    : { n: BigInt(t.slice(0, dot) + t.slice(dot + 1)), scale: t.length - dot - 1 };
}

function align(a: Dec, b: Dec): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.n * 10n ** BigInt(scale - a.scale), b.n * 10n ** BigInt(scale - b.scale), scale];
}

export function sub(a: Dec, b: Dec): Dec {
  const [x, y, scale] = align(a, b);
  return { n: x - y, scale };
}

export function add(a: Dec, b: Dec): Dec {
  const [x, y, scale] = align(a, b);
  return { n: x + y, scale };
}

export function cmp(a: Dec, b: Dec): -1 | 0 | 1 {
  const [x, y] = align(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function abs(a: Dec): Dec {
  return a.n < 0n ? { n: -a.n, scale: a.scale } : a;
}

export function isZero(a: Dec): boolean {
  return a.n === 0n;
}

export function text(a: Dec): string {
  const negative = a.n < 0n;
  const digits = (negative ? -a.n : a.n).toString().padStart(a.scale + 1, "0");
  const whole = digits.slice(0, digits.length - a.scale);
  const part = a.scale ? "." + digits.slice(digits.length - a.scale) : "";
  return (negative ? "-" : "") + whole + part;
}

/** Growth in percent (KPI-04), one decimal, half up; null where the comparable is zero or negative. */
export function growth(now: Dec, then: Dec): string | null {
  if (then.n <= 0n) return null;
  const [x, y] = align(now, then);
  const num = (x - y) * 1000n;
  const negative = num < 0n;
  const q = ((negative ? -num : num) * 2n + y) / (2n * y);
  return text({ n: negative ? -q : q, scale: 1 });
}

/** A part of a whole in percent, one decimal, half up; null where the whole is zero. */
export function share(part: Dec, whole: Dec): string | null {
  if (whole.n === 0n) return null;
  const [x, y] = align(part, whole);
  const num = x * 1000n * (y < 0n ? -1n : 1n);
  const den = y < 0n ? -y : y;
  const negative = num < 0n;
  const q = ((negative ? -num : num) * 2n + den) / (2n * den);
  return text({ n: negative ? -q : q, scale: 1 });
}

/** Moves the decimal point: exact, and without trailing zeros. */
export function shift(value: string, digits: number): string {
  const d = dec(value);
  if (!d) return value;
  const moved: Dec = digits < 0 ? { n: d.n, scale: d.scale - digits } : d.scale >= digits ? { n: d.n, scale: d.scale - digits } : { n: d.n * 10n ** BigInt(digits - d.scale), scale: 0 };
  const out = text(moved);
  return out.includes(".") ? out.replace(/\.?0+$/, "") : out;
}

/** The fraction 0.04 is four percent, exactly. */
export const toPercent = (fraction: unknown): string => (fraction === null || fraction === undefined || fraction === "" ? "" : shift(String(fraction), 2));
export const toFraction = (percent: string): string => shift(percent, -2);

/** As a binary number, for drawing only. */
export function forDrawing(value: string | null | undefined): number | null {
  return dec(value) === null ? null : Number(value);
}
