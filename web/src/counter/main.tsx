import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../ui/base.css";
import "./counter.css";
import "./autofocus";
import { ApiError, problemOf, request, type Me } from "../api/client";
import { currentMe } from "../api/session";
import { startTexts } from "../i18n";
import { clockOf } from "../offline/clock";
import { LocalStore, storeName } from "../offline/db";
import { keepPeople, restorePeople } from "../offline/people";
import type { Cipher } from "../offline/seal";
import { Sender, leadByWebLock, sleep } from "../offline/sender";
import { FaultBoundary } from "../ui/fault";
import { applyTheme } from "../ui/theme";
import { App } from "./app";
import { keepShell } from "./update";
import { WorkspaceProvider } from "./workspace";

applyTheme();

const KEY = "offtake.counter.distributor";
/** The counter opens after so long without an answer, if the device knows who works at it. */
const KNOWN_PATIENCE = 5_000;

async function begin(): Promise<void> {
  if (import.meta.env.PROD) void keepShell().catch(() => undefined);
  const root = createRoot(document.getElementById("root")!);
  if (localStorage.getItem("offtake.me") === null) await restorePeople().catch(() => undefined);
  let found: Awaited<ReturnType<typeof currentMe>>;
  let reached = true;
  try {
    found = await currentMe(KNOWN_PATIENCE);
    reached = found === undefined || !found.offline;
  } catch {
    reached = false;
  }
  if (reached) await keepPeople().catch(() => undefined);
  const locked = Object.keys(localStorage).some((key) => key.startsWith("offtake.vault."));
  if (!found && (reached || !locked)) return location.replace(`/?to=${encodeURIComponent(`/counter/${location.hash}`)}`);
  await startTexts(["counter"], found?.me.language);
  let me: Me | undefined = found?.me;
  const kept = Number(localStorage.getItem(KEY));
  let distributorId = me && (me.distributorId ?? me.distributors.find((d) => d.id === kept)?.id ?? me.distributors[0]?.id);
  if (me && (distributorId === undefined || distributorId === null)) return location.replace("/?switch");

  // a PIN stands before the store: whoever may not open it does not read it either
  let cipher: Cipher | undefined;
  let key: Uint8Array<ArrayBuffer> | undefined;
  const own = me && distributorId ? localStorage.getItem(`offtake.vault.${storeName(me.userId, distributorId)}`) : null;
  if (own || (!found && locked)) {
    const { unlock } = await import("./lock/lock");
    const opened = await unlock(root, me && distributorId ? storeName(me.userId, distributorId) : undefined, reached);
    me = opened.me;
    distributorId = opened.distributorId;
    cipher = opened.cipher;
    key = opened.key;
  }
  if (!me || !distributorId) return;

  const store = new LocalStore(storeName(me.userId, distributorId), cipher);
  store.clock = await clockOf(store);
  if (reached) await store.set("signedInAt", Date.now());
  // a PIN that was set while the server was away: its way back is left there now
  if (key && reached) void import("./lock/lock").then(({ escrowLater }) => escrowLater(store, distributorId!, key!)).catch(() => undefined);
  const sender = new Sender(store, distributorId, {
    now: Date.now,
    random: Math.random,
    sleep,
    lead: leadByWebLock,
    ask: async (path, ask) => {
      // a dead line answers nothing, for ever: an exchange that has not begun to be answered in time is asked again
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), 30_000 + (typeof ask.body === "string" || ask.body instanceof Uint8Array ? ask.body.length / 20 : 0));
      const answer = await request(path, { ...ask, signal: late.signal }).catch((error: unknown) => {
        throw late.signal.aborted ? new ApiError(0, { code: "NOT_REACHED", title: "No answer in time" }) : error;
      }).finally(() => clearTimeout(timer));
      if (!answer.ok && answer.status !== 304) throw await problemOf(answer);
      return answer;
    },
    storage: async () => {
      const room = await navigator.storage?.estimate?.();
      return room ? { used: room.usage ?? 0, quota: room.quota ?? 0, persisted: await navigator.storage.persisted().catch(() => false) } : undefined;
    },
    wipe: async () => (await import("./lock/wipe")).wipe(store),
  }, { name: `${me.name}, ${navigator.platform || "browser"}`, appVersion: __VERSION__ });
  void sender.run();
  void navigator.storage?.persist?.();
  root.render(
    <StrictMode>
      <FaultBoundary>
        <WorkspaceProvider me={me} store={store} sender={sender} distributorId={distributorId}>
          <App />
        </WorkspaceProvider>
      </FaultBoundary>
    </StrictMode>,
  );
}

void begin().catch((error: unknown) => {
  document.body.textContent = error instanceof ApiError ? error.problem.title ?? error.problem.code : String(error);
});
