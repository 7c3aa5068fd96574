import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApiError } from "../api/client";
import { LocalStore } from "../offline/db";
import { forgetOthers, keptOf, refresh, useKept } from "./kept";

let store: LocalStore;
let count = 0;
beforeEach(async () => {
  store = new LocalStore(`kept-${count++}`);
  await store.open();
});
afterEach(async () => {
  cleanup();
  await store.delete();
});

const away = () => Promise.reject(new ApiError(0, { code: "NOT_REACHED" }));

describe("what the server said last", () => {
  it("[OFF-01] is shown at once while the server is asked behind it, and what it says takes its place", async () => {
    await store.set("list", { at: Date.now(), value: ["kept"] });
    let answer: (value: string[]) => void = () => undefined;
    const asked = new Promise<string[]>((say) => (answer = say));
    const seen = renderHook(() => useKept(store, "list", () => asked));
    await waitFor(() => expect(seen.result.current.value).toEqual(["kept"]));
    expect([seen.result.current.pending, seen.result.current.old]).toEqual([false, undefined]);
    await act(async () => answer(["fresh"]));
    await waitFor(() => expect(seen.result.current.value).toEqual(["fresh"]));
    expect((await keptOf<string[]>(store, "list"))!.at).toBeGreaterThan(0);
  });

  it("[OFF-01] stays where the server is not reached, and says how old it is; where nothing is kept the reason is told", async () => {
    const at = Date.now() - 60_000;
    await store.set("list", { at, value: ["kept"] });
    const seen = renderHook(({ key }) => useKept<string[]>(store, key, away), { initialProps: { key: "list" } });
    await waitFor(() => expect(seen.result.current.old).toBe(at));
    expect(seen.result.current.value).toEqual(["kept"]);
    seen.rerender({ key: "none" });
    expect(seen.result.current.value).toBeUndefined();
    await waitFor(() => expect(seen.result.current.failed?.problem.code).toBe("NOT_REACHED"));
    expect(seen.result.current.pending).toBe(false);
  });

  it("[OFF-01] is read as an older version of the app left it, asked once by all who want it, and forgotten with its document", async () => {
    await store.set("returns.list", [{ id: "r" }]);
    expect(await keptOf(store, "returns.list")).toEqual({ at: 0, value: [{ id: "r" }] });
    let asks = 0;
    const ask = async () => ++asks;
    expect(await Promise.all([refresh(store, "one.a", ask), refresh(store, "one.a", ask)])).toEqual([1, 1]);
    await refresh(store, "one.b", ask);
    await forgetOthers(store, "one.", new Set(["one.b"]));
    expect([await keptOf(store, "one.a"), (await keptOf<number>(store, "one.b"))?.value, asks]).toEqual([undefined, 2, 2]);
  });
});
