import type { Table } from "dexie";
import type { LocalStore } from "./db";
import { uuidv7 } from "./db";
import { dropEvidence, isQuota, makeRoom } from "./pictures";
import { leaseFor, left, printed } from "./policy";
import type { Answer, Command, CommandKind, CommandState, Effect, Lease, LegalNumber, Outlet, Summary } from "./types";

/** A command as a screen hands it over. */
export interface NewCommand {
  id: string;
  kind: CommandKind;
  businessDate: string;
  body: unknown;
  summary: Summary;
  view?: unknown;
  waitsFor?: string[];
  effects?: Omit<Effect, "key" | "commandId">[];
  decided?: Command["decided"];
  /** Hashes of pictures that were put into their lane for this document. */
  pictures?: string[];
  /** Hashes of pictures without which the server would refuse it: it goes after them. */
  after?: string[];
  /** The outlet this command makes: it can be billed, ordered for and collected from at once. */
  made?: Outlet;
  /** The draft this command came from; it goes in the same transaction. */
  draftId?: string;
  /** Takes the next legal number of this kind of document, in the same transaction; `write` puts it on the document. */
  take?: { documentType: string; write: (printed: string, number: LegalNumber) => Partial<Pick<Command, "body" | "view" | "summary">> };
}

/** No legal number can be given: there is no series, it is used up, or it already numbers a later date (OFF-03, OFF-07). */
export class NoNumber extends Error {
  constructor(readonly why: "no-series" | "used-up" | "earlier", readonly lease?: Lease) {
    super(`no number: ${why}`);
    this.name = "NoNumber";
  }
}

/** States in which the server has not decided. */
export const unsettled: CommandState[] = ["WAITING", "SENDING", "WAITS"];
/** States in which something must still happen on this device. */
export const unfinished: CommandState[] = [...unsettled, "NEEDS_YOU"];

/** The commands in some states, in no order. One read for each state: a cursor over all of them costs a step for each row. */
export async function inStates(store: LocalStore, states: readonly CommandState[]): Promise<Command[]> {
  return (await Promise.all(states.map((state) => store.command.where("state").equals(state).toArray()))).flat();
}

/** The same, oldest first. */
export async function inOrder(store: LocalStore, states: readonly CommandState[]): Promise<Command[]> {
  return (await inStates(store, states)).sort((a, b) => a.seq - b.seq);
}

/** Commands that nobody withdrew, in the order of their ids. One read for all: a filter in the store takes a step for each row. */
export async function standing(store: LocalStore, wanted: (command: Command) => boolean): Promise<Command[]> {
  return (await store.command.toArray()).filter((command) => command.state !== "WITHDRAWN" && wanted(command));
}

/** How many there are in some states. */
export async function countIn(store: LocalStore, states: readonly CommandState[]): Promise<number> {
  return (await Promise.all(states.map((state) => store.command.where("state").equals(state).count()))).reduce((sum, one) => sum + one, 0);
}

/** Refusals after which the same number cannot be used again. */
const numberRefused = (code: string | undefined) => code !== undefined && /^(LEASE_|NUMBER_|OFFLINE_ISSUE)/.test(code);

/**
 * Writes a command with its local effect and its legal number, and removes its draft, in one strict-durable transaction: after it the
 * document is safe against power loss and its number is spent, before it nothing happened. Paper is printed after it, never before.
 * Handing in the same id again changes nothing.
 * @throws NoNumber where a number is wanted and there is none; nothing is written then
 */
export async function enqueue(store: LocalStore, command: NewCommand): Promise<Command> {
  try {
    return await write(store, command);
  } catch (error) {
    if (!isQuota(error)) throw error;
  }
  // pictures that were sent give way first, and only if that is not enough what can be pulled again
  if (await dropEvidence(store)) {
    try {
      return await write(store, command);
    } catch (error) {
      if (!isQuota(error)) throw error;
    }
  }
  await makeRoom(store);
  return write(store, command);
}

async function write(store: LocalStore, command: NewCommand): Promise<Command> {
  const now = store.clock?.now() ?? Date.now();
  const written = await store.transaction("rw", [store.command, store.effect, store.draft, store.lease, store.made], async () => {
    const before = await store.command.get(command.id);
    if (before && before.state !== "NEEDS_YOU" && before.state !== "WITHDRAWN") return before;
    if (command.draftId) await store.draft.delete(command.draftId);
    const spent = before?.number && !numberRefused(before.problem?.code) && before.state !== "WITHDRAWN" ? before.number : undefined;
    const numbered = command.take ? await take(store, command.take.documentType, command.businessDate, spent) : undefined;
    const own = numbered && command.take ? command.take.write(numbered.printed, numbered.number) : {};
    const last = await store.command.orderBy("seq").last();
    // what is written for an outlet of this device's own waits until the server has it
    const outlet = command.kind !== "outlet" && command.summary.outletId ? await store.command.get(command.summary.outletId) : undefined;
    const waitsFor = [...new Set([...(command.waitsFor ?? []), ...(outlet && unfinished.includes(outlet.state) ? [outlet.id] : [])])];
    if (command.made) await store.made.put(command.made);
    const row: Command = {
      id: command.id, seq: before?.seq ?? (last?.seq ?? 0) + 1, kind: command.kind, businessDate: command.businessDate, at: new Date(now).toISOString(),
      body: own.body ?? command.body, state: "WAITING", tries: 0, attempt: before ? (before.attempt ?? 1) + 1 : 1, summary: own.summary ?? command.summary,
      ...(store.clock ? { mono: store.clock.mono() } : {}),
      ...(numbered ? { number: numbered.number } : {}),
      ...(command.decided ? { decided: command.decided } : {}),
      ...(command.pictures?.length ? { pictures: command.pictures } : {}),
      ...(command.after?.length ? { after: command.after } : {}),
      ...((own.view ?? command.view) === undefined ? {} : { view: own.view ?? command.view }),
      ...(waitsFor.length ? { waitsFor } : {}),
    };
    await store.command.put(row);
    await store.effect.where("commandId").equals(row.id).delete();
    await store.effect.bulkPut((command.effects ?? []).map((effect, i) => ({ ...effect, key: `${row.id}/${i}`, commandId: row.id })));
    if (before?.number && before.number !== spent && before.state === "NEEDS_YOU") await voidNumber(store, before, "the document was refused and written anew", now);
    return row;
  });
  store.clock?.wrote(now);
  return written;
}

/** The next number of the series in force; raised on disk in the transaction that uses it. */
async function take(store: LocalStore, documentType: string, businessDate: string, spent: LegalNumber | undefined): Promise<{ number: LegalNumber; printed: string }> {
  const leases = await store.lease.where("documentType").equals(documentType).toArray();
  if (spent) {
    const lease = leases.find((l) => l.series === spent.series);
    if (lease) return { number: spent, printed: printed(lease, spent.number) };
  }
  const lease = leaseFor(leases, documentType, businessDate);
  if (!lease) throw new NoNumber("no-series");
  if (left(lease) === 0) throw new NoNumber("used-up", lease);
  if (lease.lastDate && businessDate < lease.lastDate) throw new NoNumber("earlier", lease);
  await store.lease.put({ ...lease, next: lease.next + 1, lastDate: businessDate });
  return { number: { series: lease.series, number: lease.next }, printed: printed(lease, lease.next) };
}

/** A number that was spent and is on no valid paper is declared, so that the gap has its reason (OFF-03). */
async function voidNumber(store: LocalStore, command: Command, reason: string, now: number): Promise<void> {
  if (!command.number) return;
  const lease = await store.lease.get(command.number.series);
  const last = await store.command.orderBy("seq").last();
  const text = lease ? printed(lease, command.number.number) : `${command.number.series}${command.number.number}`;
  await store.command.put({
    id: uuidv7(now), seq: (last?.seq ?? 0) + 1, kind: "void-number", businessDate: command.businessDate, at: new Date(now).toISOString(), state: "WAITING", tries: 0,
    body: { documentType: lease?.documentType ?? "INVOICE", series: command.number.series, number: command.number.number, reason }, summary: { kind: "void-number", number: text, outletName: command.summary.outletName ?? null },
  });
}

/**
 * What goes into the next request, oldest first; marks it as being sent, which locks it in every tab. What waits for a refused one is left out, and
 * what needs a picture that is still in its lane; a picture that the server refused holds up nothing: the server says what it thinks of that.
 */
export async function takeBatch(store: LocalStore, size: number): Promise<Command[]> {
  return store.transaction("rw", store.command, store.picture, async () => {
    const open = await inOrder(store, unsettled);
    const coming = new Set(open.some((c) => c.after) ? await store.picture.where("state").equals("WAITING").primaryKeys() : []);
    const held = new Set((await store.command.where("state").equals("NEEDS_YOU").toArray()).map((c) => c.id));
    const batch: Command[] = [];
    for (const command of open) {
      if (batch.length === size) break;
      if (command.waitsFor?.some((id) => held.has(id)) || command.after?.some((hash) => coming.has(hash))) {
        held.add(command.id);
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
  return store.transaction("rw", [store.command, store.effect, store.paper], async () => {
    const command = await store.command.get(answer.id);
    if (!command || !unsettled.includes(command.state)) return command;
    const settledAt = Date.now();
    if (answer.outcome === "WAITS") {
      await store.command.update(command.id, { state: "WAITS", problem: answer.problem });
    } else if (answer.outcome === "REFUSED") {
      // a refusal undoes its effect at once; place and text stay
      const undone = await store.effect.where("commandId").equals(command.id).toArray();
      await store.command.update(command.id, { state: "NEEDS_YOU", problem: answer.problem ?? { code: "FAULT" }, settledAt, ...(undone.length ? { undone } : {}) });
      await store.effect.where("commandId").equals(command.id).delete();
    } else if (answer.outcome === "QUARANTINED") {
      await store.command.update(command.id, { state: "QUARANTINED", problem: answer.problem, settledAt });
      await store.effect.where("commandId").equals(command.id).delete();
    } else {
      await store.command.update(command.id, {
        state: answer.outcome, document: answer.document, difference: answer.difference, settledAt, problem: undefined,
        ...(answer.differences ? { differences: answer.differences } : {}), ...(answer.late ? { late: answer.late } : {}), ...(answer.tasks?.length ? { tasks: answer.tasks } : {}),
        summary: { ...command.summary, ...posted(answer.document, command) },
      });
      await store.effect.where("commandId").equals(command.id).modify({ settledAt });
      const view = answer.document as { lines?: unknown; totals?: unknown; businessDate?: string } | undefined;
      if (view?.lines && view.totals) await store.paper.put({ id: command.id, outletId: command.summary.outletId ?? null, businessDate: view.businessDate ?? command.businessDate, view, keptAt: settledAt });
    }
    return store.command.get(command.id);
  });
}

function posted(document: unknown, command: Command): Partial<Summary> {
  const view = document as { number?: string; totals?: { payable?: string }; total?: string; amount?: string } | undefined;
  // the paper stands: what was printed is what is shown, the server's amount is beside it
  const total = command.number ? undefined : view?.totals?.payable ?? view?.total ?? view?.amount;
  return { ...(view?.number ? { number: view.number } : {}), ...(total ? { total } : {}) };
}

/** Takes a refused command out of the queue to become a draft again; the caller stores the draft. Its number, if it had one, is declared void. */
export async function takeBack(store: LocalStore, id: string, reason: string): Promise<void> {
  const now = store.clock?.now() ?? Date.now();
  await store.transaction("rw", [store.command, store.effect, store.lease, store.made], async () => {
    const command = await store.command.get(id);
    // what was ever sent may have been accepted: only a decision of the server gives it back
    const decided = command?.state === "NEEDS_YOU" || ((command?.state === "WAITING" || command?.state === "WAITS") && command.tries === 0);
    if (!command || !decided) return;
    await store.command.update(id, { state: "WITHDRAWN", reason, settledAt: Date.now() });
    await store.effect.where("commandId").equals(id).delete();
    if (command.kind === "outlet") await store.made.delete(id);
    await voidNumber(store, command, reason, now);
    await wake(store.command, id, true);
  });
}

/** Sends a refused command again as it is, under the same id; what it changes here counts again. */
export async function sendAgain(store: LocalStore, id: string): Promise<void> {
  await store.transaction("rw", store.command, store.effect, async () => {
    const command = await store.command.get(id);
    if (command?.state !== "NEEDS_YOU") return;
    await store.command.update(id, { state: "WAITING", problem: undefined, settledAt: undefined, undone: undefined, attempt: (command.attempt ?? 1) + 1 });
    if (command.undone) await store.effect.bulkPut(command.undone);
    await wake(store.command, id, false);
  });
}

/** Those that waited for a command go again; after a withdrawal they wait for it no more, and the server says what it thinks of that. */
async function wake(commands: Table<Command, string>, id: string, without: boolean): Promise<void> {
  const waiting = (await commands.where("state").equals("WAITS").toArray()).filter((other) => other.waitsFor?.includes(id));
  await commands.bulkPut(waiting.map((other) => ({ ...other, state: "WAITING" as const, ...(without ? { waitsFor: other.waitsFor!.filter((one) => one !== id) } : {}) })));
}

/** Of these ids, the commands the server has not accepted yet: what a new command that builds on them must wait for. */
export async function pendingOf(store: LocalStore, ids: (string | null | undefined)[]): Promise<string[]> {
  const wanted = [...new Set(ids.filter((id): id is string => Boolean(id)))];
  return (await store.command.bulkGet(wanted)).flatMap((command) => (command && unfinished.includes(command.state) ? [command.id] : []));
}

/** So long a bill is kept with its lines, to be printed again or credited without network; older ones are the server's to show. */
const PAPER_DAYS = 45;

/** Settled commands older than this are forgotten, and bills of long ago; what is unfinished stays for ever. */
export async function forgetSettled(store: LocalStore, olderThanMs: number, now = Date.now()): Promise<void> {
  const done = await inStates(store, ["ACCEPTED", "DIFFERS", "WITHDRAWN", "QUARANTINED"]);
  await store.paper.where("businessDate").below(new Date(now - PAPER_DAYS * 86_400_000).toISOString().slice(0, 10)).delete();
  await store.command.bulkDelete(done.filter((c) => c.settledAt !== undefined && now - c.settledAt > olderThanMs && (c.state === "ACCEPTED" || c.state === "WITHDRAWN" || c.reason !== undefined)).map((c) => c.id));
}
