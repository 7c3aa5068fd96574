import type { Outlet, Sku } from "../../offline/types";

/** A SKU or outlet made ready for a plain scan in memory; 2,000 of them take a few milliseconds. */
export interface Entry<T> {
  item: T;
  words: string[][];
  text: string;
  exact: string[];
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

export function skuEntry(sku: Sku): Entry<Sku> {
  const names = [sku.name, sku.nameLocal ?? ""].filter(Boolean);
  return {
    item: sku,
    words: names.map(split),
    text: fold([sku.code, ...names, ...sku.aliases, sku.brand ?? ""].join(" ")),
    exact: [sku.code, ...sku.gtins.map(gtin14), ...sku.aliases].map(fold),
    must: sku.mustStock === true,
    rank: -(sku.rank ?? 0),
  };
}

export function outletEntry(outlet: Outlet): Entry<Outlet> {
  const names = [outlet.name, outlet.nameLocal ?? ""].filter(Boolean);
  return {
    item: outlet,
    words: names.map(split),
    text: fold([outlet.code, ...names, outlet.beat ?? "", outlet.city ?? "", outlet.phone ?? "", outlet.gstin ?? ""].join(" ")),
    exact: [outlet.code, outlet.gstin ?? "", outlet.phone ?? ""].filter(Boolean).map(fold),
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

/** How well an entry fits: 0 exact code, GTIN or alias; 1 begins so; 2 holds every word somewhere; undefined not at all. */
function fit<T>(entry: Entry<T>, query: string, joined: string, tokens: string[]): number | undefined {
  if (entry.exact.includes(query) || entry.exact.includes(gtin14(query))) return 0;
  if (entry.exact.some((code) => code.startsWith(query))) return 1;
  if (entry.words.some((words) => initials(joined, words))) return 1;
  if (tokens.every((token) => entry.text.includes(token))) return 2;
  return undefined;
}

/**
 * Hits for what was typed. An exact code comes first; what begins so stands before what only holds it; then this
 * outlet's last items, must-stock, popularity here, name.
 */
export function search<T>(entries: Entry<T>[], typed: string, recent: ReadonlySet<unknown>, idOf: (item: T) => unknown, limit = 12): T[] {
  const query = fold(typed.trim());
  if (!query) {
    return entries.filter((e) => recent.has(idOf(e.item))).sort(byUse(recent, idOf)).slice(0, limit).map((e) => e.item);
  }
  const tokens = query.split(/\s+/);
  const joined = tokens.join("");
  const hits: { entry: Entry<T>; tier: number }[] = [];
  for (const entry of entries) {
    const tier = fit(entry, query, joined, tokens);
    if (tier !== undefined) hits.push({ entry, tier });
  }
  const use = byUse(recent, idOf);
  return hits.sort((a, b) => a.tier - b.tier || use(a.entry, b.entry)).slice(0, limit).map((hit) => hit.entry.item);
}

function byUse<T>(recent: ReadonlySet<unknown>, idOf: (item: T) => unknown) {
  return (a: Entry<T>, b: Entry<T>) =>
    Number(recent.has(idOf(b.item))) - Number(recent.has(idOf(a.item))) ||
    Number(b.must) - Number(a.must) ||
    a.rank - b.rank ||
    a.text.localeCompare(b.text);
}
