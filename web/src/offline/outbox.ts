import type { LocalStore } from "./db";
import type { Answer, Command, CommandKind, CommandState, Effect, Summary } from "./types";

/** A command as a screen hands it over. */
export interface NewCommand {
  id: string;
  kind: CommandKind;
  businessDate: string;
  body: unknown;
  summary: Summary;
  view?: unknown;
  waitsFor?: string;
  effects?: Omit<Effect, "key" | "commandId">[];
  /** The draft this command came from; it goes in the same transaction. */
  draftId?: string;
}

/** States in which the server has not decided. */
export const unsettled: CommandState[] = ["WAITING", "SENDING", "WAITS"];
/** States in which something must still happen on this device. */
export const unfinished: CommandState[] = [...unsettled, "NEEDS_YOU"];

/**
 * Writes a command with its local effect, and removes its draft, in one strict-durable transaction: after it the
 * document is safe against power loss, before it nothing happened. Handing in the same id again changes nothing.
 */
export async function enqueue(store: LocalStore, command: NewCommand): Promise<Command> {
  return store.transaction("rw", store.command, store.effect, store.draft, async () => {
    const before = await store.command.get(command.id);
    if (before && before.state !== "NEEDS_YOU") return before;
    if (command.draftId) await store.draft.delete(command.draftId);
    const last = await store.command.orderBy("seq").last();
    const row: Command = {
      id: command.id, seq: before?.seq ?? (last?.seq ?? 0) + 1, kind: command.kind, businessDate: command.businessDate,
      at: new Date().toISOString(), body: command.body, state: "WAITING", tries: 0, summary: command.summary,
      ...(command.view === undefined ? {} : { view: command.view }),
      ...(command.waitsFor ? { waitsFor: command.waitsFor } : {}),
    };
    await store.command.put(row);
    await store.effect.where("commandId").equals(row.id).delete();
    await store.effect.bulkPut((command.effects ?? []).map((effect, i) => ({ ...effect, key: `${row.id}/${i}`, commandId: row.id })));
    return row;
  });
}

/** What goes into the next request, oldest first; marks it as being sent, which locks it in every tab. */
export async function takeBatch(store: LocalStore, size: number): Promise<Command[]> {
  return store.transaction("rw", store.command, async () => {
    const open = await store.command.where("state").anyOf("WAITING", "SENDING", "WAITS").sortBy("seq");
    const refused = new Set((await store.command.where("state").equals("NEEDS_YOU").toArray()).map((c) => c.id));
    const batch: Command[] = [];
    for (const command of open) {
      if (batch.length === size) break;
      if (command.waitsFor && refused.has(command.waitsFor)) {
        if (command.state !== "WAITS") await store.command.update(command.id, { state: "WAITS" });
        continue;
      }
      batch.push({ ...command, state: "SENDING", tries: command.tries + 1 });
    }
    await store.command.bulkPut(batch);
    return batch;
  });
}

/** No answer came: the same commands are asked again with the same ids. */
export async function giveBack(store: LocalStore, batch: Command[]): Promise<void> {
  await store.transaction("rw", store.command, async () => {
    for (const command of batch) {
      const now = await store.command.get(command.id);
      if (now?.state === "SENDING") await store.command.update(command.id, { state: "WAITING" });
    }
  });
}

/** Settles one command by the server's decision. A second answer for a settled command changes nothing. */
export async function settle(store: LocalStore, answer: Answer): Promise<Command | undefined> {
  return store.transaction("rw", store.command, store.effect, store.document, async () => {
    const command = await store.command.get(answer.id);
    if (!command || !unsettled.includes(command.state)) return command;
    const settledAt = Date.now();
    if (answer.outcome === "WAITS") {
      await store.command.update(command.id, { state: "WAITS", problem: answer.problem });
    } else if (answer.outcome === "REFUSED") {
      // a refusal undoes its effect at once; place and text stay
      await store.command.update(command.id, { state: "NEEDS_YOU", problem: answer.problem ?? { code: "FAULT" }, settledAt });
      await store.effect.where("commandId").equals(command.id).delete();
    } else {
      await store.command.update(command.id, {
        state: answer.outcome, document: answer.document, difference: answer.difference, settledAt, problem: undefined,
        summary: { ...command.summary, ...posted(answer.document) },
      });
      await store.effect.where("commandId").equals(command.id).modify({ settledAt });
    }
    return store.command.get(command.id);
  });
}

function posted(document: unknown): Partial<Summary> {
  const view = document as { number?: string; totals?: { payable?: string }; total?: string; amount?: string } | undefined;
  const total = view?.totals?.payable ?? view?.total ?? view?.amount;
  return { ...(view?.number ? { number: view.number } : {}), ...(total ? { total } : {}) };
}

/** Takes a refused command out of the queue to become a draft again; the caller stores the draft. */
export async function takeBack(store: LocalStore, id: string, reason: string): Promise<void> {
  await store.transaction("rw", store.command, store.effect, async () => {
    const command = await store.command.get(id);
    if (!command || command.state === "SENDING" || command.state === "ACCEPTED" || command.state === "DIFFERS") return;
    await store.command.update(id, { state: "WITHDRAWN", reason, settledAt: Date.now() });
    await store.effect.where("commandId").equals(id).delete();
    await store.command.filter((other) => other.waitsFor === id && other.state === "WAITS").modify({ waitsFor: undefined, state: "WAITING" });
  });
}

/** Sends a refused command again as it is, under the same id. */
export async function sendAgain(store: LocalStore, id: string, effects: Omit<Effect, "key" | "commandId">[] = []): Promise<void> {
  await store.transaction("rw", store.command, store.effect, async () => {
    const command = await store.command.get(id);
    if (command?.state !== "NEEDS_YOU") return;
    await store.command.update(id, { state: "WAITING", problem: undefined, settledAt: undefined });
    await store.effect.bulkPut(effects.map((effect, i) => ({ ...effect, key: `${id}/${i}`, commandId: id })));
    await store.command.filter((other) => other.waitsFor === id && other.state === "WAITS").modify({ state: "WAITING" });
  });
}

/** Settled commands older than this are forgotten; what is unfinished stays for ever. */
export async function forgetSettled(store: LocalStore, olderThanMs: number, now = Date.now()): Promise<void> {
  await store.command.filter((c) => !unfinished.includes(c.state) && c.settledAt !== undefined && now - c.settledAt > olderThanMs).delete();
}
