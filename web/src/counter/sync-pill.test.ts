import { describe, expect, it } from "vitest";
import type { Command, GroupState } from "../offline/types";
import { pillOf } from "./sync-pill";
import type { SyncView } from "./workspace";

const now = Date.parse("2026-11-23T14:05:00Z");
const group = (name: "must" | "soon" | "later", ago = 60_000): GroupState => ({ group: name, etag: null, cursor: null, asOf: "", pulledAt: now - ago, checkedAt: now - ago, rows: 1, bytes: 1 });
const command = (state: Command["state"]) => ({ state }) as Command;
const view = (more: Partial<SyncView> = {}): SyncView => ({
  sending: 0, waiting: [], needsYou: [], differs: [], pictures: 0, reach: { state: "reached", since: now }, groups: [group("must"), group("soon"), group("later")], ...more,
});
const state = (more: Partial<SyncView>) => pillOf(view(more), now, "en").state;

describe("sync pill [UXP-01]", () => {
  it.each([
    ["up-to-date", {}],
    ["sending", { waiting: [command("SENDING")], sending: 1 }],
    ["waiting", { waiting: [command("WAITING")], reach: { state: "not-reached" as const, since: now } }],
    ["behind", { groups: [group("must", 3_600_000), group("soon"), group("later")] }],
    ["needs-you", { needsYou: [command("NEEDS_YOU")], waiting: [command("WAITING")] }],
    ["needs-you", { differs: [command("DIFFERS")] }],
    ["stopped", { reach: { state: "signed-out" as const, since: now }, waiting: [command("WAITING")] }],
    ["starting", { groups: [] }],
    ["starting", { groups: [group("must")] }],
  ])("[UXP-01] says %s", (expected, more) => {
    expect(state(more)).toBe(expected);
  });

  it("[UXP-01] a fault of the rule book stops billing and says so", () => {
    expect(pillOf(view(), now, "en", "broken").state).toBe("stopped");
  });
});
