import { unfinished } from "../../offline/outbox";
import type { Command, Effect } from "../../offline/types";
import { isPositive, minus } from "../../ui/decimal";
import type { BucketQty, ReturnRow, ReturnView } from "./api";

/** The steps of a return after it was asked for; each is a command of its own and waits for the one before. */
export const stepKinds = ["return-approval", "return-receipt", "return-inspection", "return-credit", "return-cancel"] as const;
export type StepKind = (typeof stepKinds)[number];

export const isStep = (command: Pick<Command, "kind">): boolean => (stepKinds as readonly string[]).includes(command.kind);

interface StepBody { returnId: string; decision?: "APPROVED" | "REJECTED"; lines?: { line: number; qty?: string; buckets?: BucketQty[] }[] }

const bodyOf = (command: Command) => command.body as StepBody;

/** A return as it stands here: the newest the server said, and on it the steps that are still on their way, oldest first. */
export function asItStands(view: ReturnView, commands: Command[]): ReturnView {
  const own = commands.filter((c) => isStep(c) && bodyOf(c).returnId === view.id);
  const said = own.filter((c) => c.state === "ACCEPTED").map((c) => c.document as ReturnView | undefined);
  let now = said.reduce<ReturnView>((newest, one) => (one && one.version > newest.version ? one : newest), view);
  for (const command of own.filter((c) => unfinished.includes(c.state) && c.state !== "NEEDS_YOU").sort((a, b) => a.seq - b.seq)) now = step(now, command);
  return now;
}

/** The status a step leads to; a credit note's number and amount are the server's to say. */
function statusAfter(status: string, command: Command): string {
  switch (command.kind) {
    case "return-approval": return status === "REQUESTED" ? bodyOf(command).decision ?? "APPROVED" : status;
    case "return-cancel": return "CANCELLED";
    case "return-receipt": return "RECEIVED";
    case "return-inspection": return "INSPECTED";
    default: return status;
  }
}

function step(before: ReturnView, command: Command): ReturnView {
  const body = bodyOf(command);
  const view = { ...before, status: statusAfter(before.status, command) };
  switch (command.kind) {
    case "return-receipt": {
      const came = new Map((body.lines ?? []).map((l) => [l.line, l.qty]));
      return { ...view, lines: view.lines.map((l) => ({ ...l, received: came.get(l.line) ?? l.qty })) };
    }
    case "return-inspection": {
      const placed = new Map((body.lines ?? []).map((l) => [l.line, l.buckets ?? []]));
      return { ...view, lines: view.lines.map((l) => ({ ...l, buckets: placed.get(l.line) ?? l.buckets })) };
    }
    default: return view;
  }
}

/**
 * The row of a list as it stands here: what the server said of the return after the list was asked for, and on it the steps on their way.
 *
 * @param at when the list was asked for: a row has no version
 */
export function rowAsItStands(row: ReturnRow, commands: Command[], at: number): ReturnRow {
  const own = commands.filter((c) => (isStep(c) && bodyOf(c).returnId === row.id) || c.id === row.id);
  const said = own.filter((c) => c.state === "ACCEPTED" && (c.settledAt ?? 0) > at).map((c) => c.document as ReturnView | undefined);
  const newest = said.reduce<ReturnView | undefined>((before, one) => (one && (!before || one.version > before.version) ? one : before), undefined);
  const now = newest ? { ...row, reference: newest.reference, status: newest.status, value: newest.value, creditNumber: newest.creditNoteNumber, credited: newest.credited } : row;
  const coming = own.filter((c) => unfinished.includes(c.state) && c.state !== "NEEDS_YOU").sort((a, b) => a.seq - b.seq);
  return coming.reduce((before, command) => {
    const status = statusAfter(before.status, command);
    return status === before.status ? before : { ...before, status };
  }, now);
}

/** A return that the server took, as the list will show it. */
export function rowOf(view: ReturnView): ReturnRow {
  return {
    id: view.id, reference: view.reference, businessDate: view.businessDate, distributorId: view.distributorId, principalId: view.principalId, outletId: view.outletId, outletCode: view.outletCode, outletName: view.outletName,
    originalNumber: view.originalNumber, reason: view.reason, reasonTitle: view.reasonTitle, reasonTitleHi: "", status: view.status, value: view.value, flags: view.flags.join(), requestedBy: view.requestedBy,
    creditNumber: view.creditNoteNumber, credited: view.credited,
  };
}

/** Steps of a return that the server has not answered; what follows waits for them. */
export function onTheWay(view: ReturnView, commands: Command[]): Command[] {
  return commands.filter((c) => isStep(c) && bodyOf(c).returnId === view.id && unfinished.includes(c.state));
}

/** What an inspection puts back for sale is for sale here at once. */
export function inspectedEffects(view: ReturnView, lines: { line: number; buckets: BucketQty[] }[]): Omit<Effect, "key" | "commandId">[] {
  return lines.flatMap(({ line, buckets }) => {
    const of = view.lines.find((l) => l.line === line);
    const saleable = buckets.find((b) => b.bucket === "SALEABLE")?.qty;
    return of && saleable && isPositive(saleable) ? [{ batchId: of.batchId, warehouseId: view.warehouseId, qty: minus("0", saleable) }] : [];
  });
}
