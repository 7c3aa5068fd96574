import type { Ledger } from "./world";

type Row = Ledger[keyof Ledger][number];

/** Documents of one run by the names of its script. */
export type Names = Map<string, string>;

/** What two runs of one script must have in common to the paisa, whatever order their documents came in: everything but numbers and times. */
export function essence(ledger: Ledger, names: Names): Record<string, string[]> {
  const said = (row: Row, drop: string[]) => JSON.stringify(Object.fromEntries(Object.entries(row).filter(([k]) => !drop.includes(k)).map(([k, v]) => [k, typeof v === "string" && names.has(v) ? names.get(v)! : v])));
  const lists: [keyof Ledger, string[]][] = [
    ["documents", ["at"]], ["stock", []], ["moves", []], ["accounts", []], ["journal", []], ["openItems", []], ["invoices", ["number", "series", "at"]], ["lines", []], ["orders", ["number"]],
    ["collections", ["number"]], ["receipts", ["number"]], ["limits", []], ["benefits", []],
  ];
  return Object.fromEntries(lists.map(([list, drop]) => [list, ledger[list].filter((row) => row["type"] !== "OPENING").map((row) => said(row, drop)).sort()]));
}

/** What is in one and not in the other, list by list, in words. */
export function differences(mine: Record<string, string[]>, other: Record<string, string[]>): string[] {
  return Object.keys(mine).flatMap((list) => {
    const left = count(mine[list]!);
    const right = count(other[list]!);
    return [...left].filter(([row, n]) => (right.get(row) ?? 0) < n).map(([row]) => `${list}: only here ${row}`)
      .concat([...right].filter(([row, n]) => (left.get(row) ?? 0) < n).map(([row]) => `${list}: only there ${row}`));
  });
}

function count(rows: string[]): Map<string, number> {
  const counted = new Map<string, number>();
  for (const row of rows) counted.set(row, (counted.get(row) ?? 0) + 1);
  return counted;
}

/** INV-03, OFF-06: every accepted document is registered and posted once, and nothing else is. */
export function exactlyOnce(ledger: Ledger, accepted: Map<string, string>): string[] {
  const found: string[] = [];
  const documents: [string, keyof Ledger][] = [["invoice", "invoices"], ["order", "orders"], ["collection", "collections"], ["goods-receipt", "receipts"]];
  for (const [kind, list] of documents) {
    const ids = ledger[list].map((row) => row["id"] as string);
    const wanted = new Set([...accepted].filter(([, k]) => k === kind).map(([id]) => id));
    for (const id of ids) if (!wanted.delete(id)) found.push(`${kind} ${id} is posted, but no device was told so`);
    for (const id of wanted) found.push(`${kind} ${id} was accepted, but is not posted`);
    if (new Set(ids).size !== ids.length) found.push(`a ${kind} is posted twice`);
  }
  const registered = ledger.documents.map((row) => row["id"] as string);
  if (new Set(registered).size !== registered.length) found.push("a document is registered twice");
  const balance = new Map<string, bigint>();
  for (const row of ledger.journal) balance.set(row["document"] as string, (balance.get(row["document"] as string) ?? 0n) + paisa(row["amount"] as string));
  for (const [document, sum] of balance) if (sum !== 0n) found.push(`document ${document} does not balance: ${sum}`);
  const posted = new Map<string, number>();
  for (const row of ledger.audit) if (row["action"] === "POST" || row["action"] === "POSTED") posted.set(row["document"] as string, (posted.get(row["document"] as string) ?? 0) + 1);
  for (const [document, times] of posted) if (times > 1) found.push(`document ${document} is in the audit trail as posted ${times} times`);
  return found;
}

/** OFF-03, BIL-02: numbers of a series run 1, 2, 3 …; each is one document's or says why it is nobody's. */
export function numbering(ledger: Ledger): string[] {
  const found: string[] = [];
  const series = new Map<string, Row[]>();
  for (const row of ledger.numbers) {
    const key = `${row["type"]} ${row["series"]} ${row["year"]}`;
    series.set(key, [...(series.get(key) ?? []), row]);
  }
  for (const [name, rows] of series) {
    const numbers = rows.map((row) => Number(row["number"])).sort((a, b) => a - b);
    numbers.forEach((number, i) => {
      if (i > 0 && number === numbers[i - 1]) found.push(`${name}: ${number} is given twice`);
      const before = i === 0 ? 0 : numbers[i - 1]!;
      for (let gap = before + 1; gap < number; gap++) found.push(`${name}: ${gap} is missing and nothing says why`);
    });
    for (const row of rows) if (row["fate"] === "VOID" && !row["reason"]) found.push(`${name}: ${row["number"]} is void without a reason`);
    const documents = rows.map((row) => row["document"]);
    if (new Set(documents).size !== documents.length) found.push(`${name}: a document has two numbers`);
  }
  const formatted = ledger.numbers.map((row) => `${row["type"]} ${row["formatted"]}`);
  if (new Set(formatted).size !== formatted.length) found.push("two documents of one kind are printed under the same number");
  return found;
}

/** An amount or quantity in its last decimal, exactly. */
export function paisa(text: string, decimals = 2): bigint {
  const negative = text.startsWith("-");
  const [whole, part = ""] = text.replace("-", "").split(".");
  const value = BigInt(whole!) * 10n ** BigInt(decimals) + BigInt(part.slice(0, decimals).padEnd(decimals, "0"));
  return negative ? -value : value;
}
