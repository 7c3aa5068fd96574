/** Search parameters stay plain words: what is in the address bar is what a person would write. */
export type Search = Record<string, string | undefined>;

export function readSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeSearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).filter(([, v]) => v !== undefined && v !== null && v !== "").map(([k, v]) => [k, String(v)]);
  if (!pairs.length) return "";
  // Commas, colons and semicolons are allowed in a query and easier to read than their escapes.
  return `?${new URLSearchParams(pairs).toString().replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%3B/g, ";")}`;
}
