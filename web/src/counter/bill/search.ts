import type { Outlet, Sku } from "../../offline/types";

/** A SKU or outlet made ready for a plain scan in memory; 2,000 of them take a few milliseconds. */
export interface Entry<T> {
  item: T;
  words: string[][];
  /** The letters its words begin with, a bit each: what begins otherwise is passed over at once. */
  starts: number;
  text: string;
  exact: string[];
  /** The same between line breaks. */
  codes: string;
  must: boolean;
  rank: number;
}

/** Lower case, no accents in Latin; Devanagari signs stay, because they tell words apart. */
export function fold(text: string): string {
  return text.normalize("NFKD").toLowerCase().replace(/[̀-ͯ]/g, "").normalize("NFC");
}

function split(text: string): string[] {
  return fold(text).match(/\p{N}+|[\p{L}\p{M}]+/gu) ?? [];
}

function found(names: string[], codes: string[]): Pick<Entry<unknown>, "words" | "starts" | "exact" | "codes"> {
  const words = names.map(split);
  const exact = codes.map(fold);
  return { words, starts: words.flat().reduce((bits, word) => bits | bitOf(word), 0), exact, codes: `\n${exact.join("\n")}\n` };
}

export function skuEntry(sku: Sku): Entry<Sku> {
  const names = [sku.name, sku.nameLocal ?? ""].filter(Boolean);
  return {
    item: sku,
    ...found(names, [sku.code, ...sku.gtins.map(gtin14), ...sku.aliases]),
    text: fold([sku.code, ...names, ...sku.aliases, sku.brand ?? ""].join(" ")),
    must: sku.mustStock === true,
    rank: -(sku.rank ?? 0),
  };
}

export function outletEntry(outlet: Outlet): Entry<Outlet> {
  const names = [outlet.name, outlet.nameLocal ?? ""].filter(Boolean);
  return {
    item: outlet,
    ...found(names, [outlet.code, outlet.gstin ?? "", outlet.phone ?? ""].filter(Boolean)),
    text: fold([outlet.code, ...names, outlet.beat ?? "", outlet.city ?? "", outlet.phone ?? "", outlet.gstin ?? ""].join(" ")),
    must: false,
    rank: 0,
  };
}

/** First letters of words in order: `bb25` is Brite Biscuit 25 g, and so is `bri bis`. */
export function initials(query: string, words: string[], from = 0): boolean {
  if (query === "") return true;
  for (let w = from; w < words.length; w++) {
    const word = words[w]!;
    let k = 0;
    while (k < query.length && k < word.length && query[k] === word[k]) k++;
    for (; k > 0; k--) if (initials(query.slice(k), words, w + 1)) return true;
  }
  return false;
}

/** A GTIN in its 14 digits. */
export function gtin14(digits: string): string {
  return /^\d{8,14}$/.test(digits) ? digits.padStart(14, "0") : digits;
}

/** What a scanner read: a GTIN, or a GS1 string with GTIN, batch and expiry. */
export function readScan(raw: string): { gtin: string; batchNo?: string; expiresOn?: string } {
  const GS = String.fromCharCode(29);
  let text = raw.trim().replace(/^\](C1|e0|d2|Q3)/, "");
  const found: { gtin: string; batchNo?: string; expiresOn?: string } = { gtin: gtin14(text) };
  text = text.replace(/\((\d{2,4})\)/g, `${GS}$1`).replace(new RegExp(`^${GS}`), "");
  if (!/^01\d{14}/.test(text)) return found;
  found.gtin = text.slice(2, 16);
  let rest = text.slice(16);
  while (rest) {
    rest = rest.replace(new RegExp(`^${GS}`), "");
    if (/^(11|13|15|17)\d{6}/.test(rest)) {
      if (rest.startsWith("17")) {
        const [y, m, d] = [rest.slice(2, 4), rest.slice(4, 6), rest.slice(6, 8)];
        found.expiresOn = `20${y}-${m}-${d === "00" ? "28" : d}`;
      }
      rest = rest.slice(8);
    } else if (/^10/.test(rest)) {
      const end = rest.indexOf(GS);
      found.batchNo = rest.slice(2, end < 0 ? undefined : end);
      rest = end < 0 ? "" : rest.slice(end);
    } else {
      const end = rest.indexOf(GS);
      rest = end < 0 ? "" : rest.slice(end);
    }
  }
  return found;
}

/** What was typed, made ready once for all entries. */
interface Query {
  text: string; gtin: string; tokens: string[]; joined: string; first: number;
  /** How a code's line begins that begins so, and the whole line of its GTIN. */
  begins: string; line: string;
}

/** How well an entry fits: 0 exact code, GTIN or alias; 1 begins so; 2 holds every word somewhere; undefined not at all, or no better than `worst`. */
function fit<T>(entry: Entry<T>, query: Query, worst: number): number | undefined {
  // codes stand between line breaks, so that one search finds those that begin so
  if (entry.codes.includes(query.begins) || entry.codes.includes(query.line)) return entry.exact.includes(query.text) || entry.exact.includes(query.gtin) ? 0 : 1;
  if (worst < 1) return undefined;
  if (entry.starts & query.first) for (const words of entry.words) if (initials(query.joined, words)) return 1;
  if (worst < 2) return undefined;
  for (const token of query.tokens) if (!entry.text.includes(token)) return undefined;
  return 2;
}

/** One bit for a letter a word may begin with; several letters share one. */
function bitOf(letter: string): number {
  return 1 << (letter.charCodeAt(0) & 31);
}

/** As many as the list under a field shows without rolling: a row that nobody sees costs as much to paint as one that is read. */
const SHOWN = 9;

/**
 * Hits for what was typed. An exact code comes first; what begins so stands before what only holds it; then this
 * outlet's last items, must-stock, popularity here, name. Only the best are kept while scanning: nobody sees the others, and
 * putting thousands in order costs more than finding them.
 */
export function search<T>(entries: Entry<T>[], typed: string, recent: ReadonlySet<unknown>, idOf: (item: T) => unknown, limit = SHOWN): T[] {
  const text = fold(typed.trim());
  const tokens = text.split(/\s+/);
  const joined = tokens.join("");
  const gtin = gtin14(text);
  const query: Query = { text, gtin, tokens, joined, first: joined ? bitOf(joined) : 0, begins: `\n${text}`, line: `\n${gtin}\n` };
  const best: Hit<T>[] = [];
  for (const entry of entries) {
    const bought = recent.size > 0 && recent.has(idOf(entry.item));
    let tier: number | undefined = 0;
    if (text) tier = fit(entry, query, best.length < limit ? 2 : best[limit - 1]!.tier);
    else if (!bought) continue;
    if (tier === undefined) continue;
    const last = best.length === limit ? best[limit - 1]! : undefined;
    if (last && tier > last.tier) continue;
    const hit = { entry, tier, bought };
    if (last && order(last, hit) <= 0) continue;
    let low = 0;
    for (let high = best.length; low < high;) {
      const middle = (low + high) >> 1;
      if (order(best[middle]!, hit) <= 0) low = middle + 1;
      else high = middle;
    }
    best.splice(low, 0, hit);
    if (best.length > limit) best.pop();
  }
  return best.map((hit) => hit.entry.item);
}

interface Hit<T> { entry: Entry<T>; tier: number; bought: boolean }

function order<T>(a: Hit<T>, b: Hit<T>): number {
  return a.tier - b.tier || Number(b.bought) - Number(a.bought) || Number(b.entry.must) - Number(a.entry.must) || a.entry.rank - b.entry.rank || (a.entry.text < b.entry.text ? -1 : a.entry.text > b.entry.text ? 1 : 0);
}
