import { paisa } from "./ledgers";
import type { Result } from "./run";
import type { Step } from "./script";
import type { Ledger, Network } from "./world";

/**
 * Reasons over what devices saw and what the ledgers hold, as Elle does over a history: is there one order of all postings that
 * explains every answer? The audit chain claims to be that order, distributor by distributor; every claim is checked against the
 * times of the devices, every balance against every beginning of the order, every refusal against what it says it read.
 */
export interface History {
  ledger: Ledger;
  result: Result;
  scripts: Step[][];
  network: Network;
  /** Credit limit of each outlet. */
  creditLimit: string;
}

interface Posted { document: string; at: number; device: number; seq: number; sentAt: number; answeredAt: number; times: number }

/** Where in the order a document was posted: the place of its entry in the audit chain. */
function places(history: History): Map<string, number> {
  const { ledger, result } = history;
  const found = new Map<string, number>();
  for (const row of ledger.audit) {
    const action = row["action"] as string;
    const document = row["document"] as string | null;
    if (!document) continue;
    const seq = Number(row["seq"]);
    if (action === "CANCELLED") found.set(`cancel ${document}`, seq);
    else if (action === "ALLOCATED") found.set((JSON.parse(row["details"] as string) as { allocationId: string }).allocationId, seq);
    else if (!found.has(document)) found.set(document, seq);
  }
  // a cancellation is a document of its own, filed under the one it cancels
  const cancelled = new Map<string, string>();
  for (const [id, command] of result.outcomes) if (command.kind === "cancel-invoice" || command.kind === "cancel-order") cancelled.set(id, (command.body as { id: string }).id);
  for (const [id, target] of cancelled) {
    const seq = found.get(`cancel ${target}`);
    if (seq !== undefined) found.set(id, seq);
  }
  return found;
}

/** Documents in the order of the chain; opening stock first. */
function order(history: History, at: Map<string, number>): string[] {
  const documents = new Set([...history.ledger.moves, ...history.ledger.journal].map((row) => row["document"] as string));
  return [...documents].sort((a, b) => (at.get(a) ?? 0) - (at.get(b) ?? 0));
}

export function inconsistencies(history: History): string[] {
  return [...unrecorded(history), ...outOfOrder(history), ...oversold(history), ...overspent(history), ...creditUnseen(history), ...wronglyRefused(history)];
}

/** OFF-06: each command has one recorded outcome, and it is the one its device knows. */
function unrecorded(history: History): string[] {
  const found: string[] = [];
  const recorded = new Map<string, string[]>();
  for (const row of history.ledger.commands) recorded.set(row["id"] as string, [...(recorded.get(row["id"] as string) ?? []), row["outcome"] as string]);
  const accepts = ["ACCEPTED", "DIFFERS"];
  for (const [id, command] of history.result.outcomes) {
    const outcomes = recorded.get(id) ?? [];
    if (outcomes.length === 0 && command.state !== "WITHDRAWN") found.push(`${name(history, id)} is ${command.state} on its device and unknown at the server`);
    else if (outcomes.length > 1) found.push(`${name(history, id)} has ${outcomes.length} recorded outcomes`);
    else if (accepts.includes(command.state) !== accepts.includes(outcomes[0] ?? "")) found.push(`${name(history, id)} is ${command.state} on its device and ${outcomes[0] ?? "unknown"} at the server`);
  }
  return found;
}

/** Whoever was answered before another asked stands before it; a device's documents stand in the order it made them. */
function outOfOrder(history: History): string[] {
  const found: string[] = [];
  const at = places(history);
  const posted: Posted[] = [];
  history.result.devices.forEach((device, number) => {
    for (const [id, asked] of device.asked) {
      const place = at.get(id);
      const answered = asked.find((one) => one.answer && (one.answer.outcome === "ACCEPTED" || one.answer.outcome === "DIFFERS"));
      if (place === undefined || !answered) continue;
      posted.push({ document: id, at: place, device: number, seq: history.result.outcomes.get(id)!.seq, sentAt: asked[0]!.sentAt, answeredAt: answered.answeredAt!, times: asked.length });
    }
  });
  posted.sort((a, b) => a.at - b.at);
  let latest: Posted | undefined;
  for (const one of posted) {
    if (latest && one.answeredAt < latest.sentAt) found.push(`${name(history, one.document)} was answered before ${name(history, latest.document)} was sent, but stands behind it`);
    if (!latest || one.sentAt > latest.sentAt) latest = one;
  }
  const last = new Map<number, Posted>();
  const mended = new Set(history.scripts.flat().filter((step) => step.poison || step.waitsFor).map((step) => step.key));
  for (const one of posted) {
    // what was refused, its refusal lost, and taken when it was asked again stands where it was taken
    if (mended.has(name(history, one.document)) || one.times > 1) continue;
    const before = last.get(one.device);
    if (before && before.seq > one.seq) found.push(`${name(history, one.document)} was made before ${name(history, before.document)} on its device, but stands behind it`);
    last.set(one.device, one);
  }
  return found;
}

/**
 * At no point of the order is there less than nothing of a batch, and at its end there is what the balances say. What was handed out and the ledger
 * lacked lies in suspense, and somebody has a task to find it (OFF-14).
 */
function oversold(history: History): string[] {
  const found: string[] = [];
  const at = places(history);
  const moves = group(history.ledger.moves);
  const tasks = documentsOf(history, "STOCK_NEGATIVE");
  const stock = new Map<string, bigint>();
  for (const document of order(history, at)) {
    for (const row of moves.get(document) ?? []) {
      const key = `${row["sku"]} ${row["batch"]} ${row["bucket"]}`;
      const left = (stock.get(key) ?? 0n) + paisa(row["qty"] as string, 3);
      stock.set(key, left);
      if (left < 0n && ["SALEABLE", "RESERVED", "DAMAGED"].includes(row["bucket"] as string)) found.push(`after ${name(history, document)} there is ${left} of ${key}: oversold`);
      if (row["bucket"] === "NEG_SUSPENSE" && row["type"] === "INVOICE" && !tasks.has(document)) found.push(`${name(history, document)} took ${row["qty"]} of ${row["sku"]} that were not there, and nobody is to look for them`);
    }
  }
  for (const row of history.ledger.stock) {
    const key = `${row["sku"]} ${row["batch"]} ${row["bucket"]}`;
    if ((stock.get(key) ?? 0n) !== paisa(row["qty"] as string, 3)) found.push(`${key}: balance ${row["qty"]}, the order gives ${stock.get(key) ?? 0n}`);
  }
  return found;
}

/** Documents for which somebody has a task of a kind. */
function documentsOf(history: History, kind: string): Set<string> {
  return new Set(history.ledger.tasks.filter((task) => task["kind"] === kind).map((task) => task["document"] as string));
}

/** No slice is spent beyond what was granted to it, and what bills were given is what was spent. */
function overspent(history: History): string[] {
  const found: string[] = [];
  const at = places(history);
  const moves = group(history.ledger.limitMoves);
  const spent = new Map<string, { granted: bigint; used: bigint }>();
  const documents = [...moves.keys()].sort((a, b) => (at.get(a) ?? 0) - (at.get(b) ?? 0));
  const told = documentsOf(history, "SCHEME_OVERSHOOT");
  for (const document of documents) for (const row of moves.get(document)!) {
    if (row["scope"] !== "TOTAL") continue;
    const sum = spent.get(`${row["scheme"]}`) ?? { granted: 0n, used: 0n };
    const takes = paisa(row["used"] as string, 3) + paisa(row["soft"] as string, 3);
    sum.granted += paisa(row["granted"] as string, 3);
    sum.used += takes;
    spent.set(`${row["scheme"]}`, sum);
    if (takes > 0n && sum.used > sum.granted && !told.has(document)) found.push(`${name(history, document)} took scheme ${row["scheme"]} to ${sum.used} spent of ${sum.granted}, and nobody was told`);
  }
  const cancelled = new Set(history.ledger.invoices.filter((row) => row["cancelled"]).map((row) => row["id"]));
  const given = new Map<string, bigint>();
  for (const row of history.ledger.benefits) if (!cancelled.has(row["document"] as string)) given.set(`${row["scheme"]}`, (given.get(`${row["scheme"]}`) ?? 0n) + paisa(row["amount"] as string, 3));
  for (const row of history.ledger.limits) {
    if (row["scope"] !== "TOTAL") continue;
    const used = paisa(row["used"] as string, 3);
    if (used !== (given.get(`${row["scheme"]}`) ?? 0n)) found.push(`scheme ${row["scheme"]}: bills were given ${given.get(`${row["scheme"]}`) ?? 0n}, the limit says ${used}`);
  }
  return found;
}

/** Every bill on credit that was let through was within its outlet's limit where it stands in the order, or somebody was told. */
function creditUnseen(history: History): string[] {
  const found: string[] = [];
  const at = places(history);
  const journal = group(history.ledger.journal);
  const owed = new Map<string, bigint>();
  const invoices = new Map(history.ledger.invoices.map((row) => [row["id"] as string, row]));
  const seen = documentsOf(history, "CREDIT_PASSED");
  for (const document of order(history, at)) {
    for (const row of journal.get(document) ?? []) {
      if (row["account"] !== "1200" && row["account"] !== "2210") continue;
      const outlet = row["outlet"] as string;
      owed.set(outlet, (owed.get(outlet) ?? 0n) + paisa(row["amount"] as string));
    }
    const bill = invoices.get(document);
    if (bill?.["mode"] !== "CREDIT") continue;
    const now = owed.get(bill["outlet"] as string) ?? 0n;
    if (now > paisa(history.creditLimit) && !seen.has(document)) found.push(`${name(history, document)} took ${bill["outlet"]} to ${now} of ${history.creditLimit}, and nobody was told`);
  }
  for (const row of history.ledger.accounts) if ((owed.get(row["outlet"] as string) ?? 0n) !== paisa(row["balance"] as string)) found.push(`${row["outlet"]}: account ${row["balance"]}, the order gives ${owed.get(row["outlet"] as string) ?? 0n}`);
  return found;
}

/** A refusal for want of stock read a balance that was there at some moment between asking and answer. */
function wronglyRefused(history: History): string[] {
  const found: string[] = [];
  const at = places(history);
  const moves = group(history.ledger.moves);
  const codes = new Map(Object.entries(history.network.skus).map(([code, id]) => [String(id), code]));
  // what was for sale of each SKU after each place of the order
  const steps = order(history, at).map((document) => ({ document, place: at.get(document) ?? 0 }));
  const levels = new Map<string, { place: number; left: bigint }[]>();
  for (const { document, place } of steps) for (const row of moves.get(document) ?? []) {
    if (row["bucket"] !== "SALEABLE") continue;
    const sku = row["sku"] as string;
    const list = levels.get(sku) ?? [{ place: 0, left: 0n }];
    const left = list.at(-1)!.left + paisa(row["qty"] as string, 3);
    if (list.at(-1)!.place === place) list.at(-1)!.left = left;
    else list.push({ place, left });
    levels.set(sku, list);
  }
  const known: { sentAt: number; answeredAt: number; place: number }[] = [];
  for (const device of history.result.devices) for (const [id, asked] of device.asked) {
    const place = at.get(id);
    const answered = asked.find((one) => one.answer && one.answer.outcome !== "REFUSED" && one.answer.outcome !== "WAITS");
    if (place !== undefined && answered) known.push({ sentAt: asked[0]!.sentAt, answeredAt: answered.answeredAt!, place });
  }
  let looked = 0;
  for (const device of history.result.devices) for (const [id, asked] of device.asked) for (const one of asked) {
    const problem = one.answer?.problem as { code: string; gaps?: { skuId?: string | number; values?: Record<string, string> }[] } | undefined;
    // the bill of an order may take what is reserved for it as well
    if (problem?.code !== "STOCK_SHORT" || (history.result.outcomes.get(id)?.body as { orderId?: string } | undefined)?.orderId) continue;
    // a refusal that is told again was read when it was first asked for
    const since = one.answer!.replayed ? asked[0]!.sentAt : one.sentAt;
    const from = Math.max(0, ...known.filter((k) => k.answeredAt < since).map((k) => k.place));
    const to = Math.max(from, ...known.filter((k) => k.sentAt < one.answeredAt!).map((k) => k.place));
    for (const gap of problem.gaps ?? []) {
      const said = gap.values?.["available"];
      const sku = codes.get(String(gap.skuId));
      if (said === undefined || sku === undefined) continue;
      looked++;
      const list = levels.get(sku) ?? [];
      const start = list.filter((level) => level.place <= from).length - 1;
      const possible = list.filter((level, i) => i >= start && level.place <= to).map((level) => level.left);
      if (!possible.includes(paisa(said, 3))) found.push(`${name(history, id)} was refused because ${said} of ${sku} were left, which was so at no moment between asking and answer (places ${from} to ${to} of the order: ${possible.map((left) => Number(left) / 1000).join(", ")})`);
    }
  }
  history.result.readings = looked;
  return found;
}

function name(history: History, id: string): string {
  return history.result.names.get(id) ?? id;
}

function group<T extends Record<string, unknown>>(rows: T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const list = found.get(row["document"] as string);
    if (list) list.push(row);
    else found.set(row["document"] as string, [row]);
  }
  return found;
}
