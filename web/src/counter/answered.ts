import { liveQuery } from "dexie";
import type { LocalStore } from "../offline/db";
import { unfinished } from "../offline/outbox";
import type { Command } from "../offline/types";

/** So long a step waits for the server's word before it says that it is kept here. */
export const PATIENCE = 4_000;

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
