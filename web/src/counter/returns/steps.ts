import { liveQuery } from "dexie";
import type { LocalStore } from "../../offline/db";
import { unfinished } from "../../offline/outbox";
import type { Command, Effect } from "../../offline/types";
import { isPositive, minus } from "../../ui/decimal";
import type { BucketQty, ReturnView } from "./api";

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

function step(view: ReturnView, command: Command): ReturnView {
  const body = bodyOf(command);
  switch (command.kind) {
    case "return-approval": return view.status === "REQUESTED" ? { ...view, status: body.decision ?? "APPROVED" } : view;
    case "return-cancel": return { ...view, status: "CANCELLED" };
    case "return-receipt": {
      const came = new Map((body.lines ?? []).map((l) => [l.line, l.qty]));
      return { ...view, status: "RECEIVED", lines: view.lines.map((l) => ({ ...l, received: came.get(l.line) ?? l.qty })) };
    }
    case "return-inspection": {
      const placed = new Map((body.lines ?? []).map((l) => [l.line, l.buckets ?? []]));
      return { ...view, status: "INSPECTED", lines: view.lines.map((l) => ({ ...l, buckets: placed.get(l.line) ?? l.buckets })) };
    }
    // its number and amount are the server's to say
    default: return view;
  }
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

/** The command once the server has decided it, or undefined after `patience` ms: it is on its way then. */
export function answered(store: LocalStore, id: string, patience: number): Promise<Command | undefined> {
  return new Promise((done) => {
    const end = (command: Command | undefined) => {
      clearTimeout(timer);
      queueMicrotask(() => watching.unsubscribe());
      done(command);
    };
    const timer = setTimeout(() => end(undefined), patience);
    const watching = liveQuery(() => store.command.get(id)).subscribe((command) => {
      if (command && (command.state === "NEEDS_YOU" || command.state === "QUARANTINED" || !unfinished.includes(command.state))) end(command);
    });
  });
}
