import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../ui/base.css";
import "./counter.css";
import { ApiError, problemOf, request } from "../api/client";
import { currentMe } from "../api/session";
import { startTexts } from "../i18n";
import { deviceId, openStore } from "../offline/db";
import { Sender, leadByWebLock, sleep } from "../offline/sender";
import { FaultBoundary } from "../ui/fault";
import { applyTheme } from "../ui/theme";
import { App } from "./app";
import { keepShell } from "./update";
import { WorkspaceProvider } from "./workspace";

applyTheme();

const KEY = "offtake.counter.distributor";

async function begin(): Promise<void> {
  let found: Awaited<ReturnType<typeof currentMe>>;
  try {
    found = await currentMe();
  } catch {
    found = undefined;
  }
  if (!found) return location.replace(`/?to=${encodeURIComponent(`/counter/${location.hash}`)}`);
  const { me } = found;
  await startTexts(["counter"], me.language);
  const kept = Number(localStorage.getItem(KEY));
  const distributorId = me.distributorId ?? me.distributors.find((d) => d.id === kept)?.id ?? me.distributors[0]?.id;
  if (distributorId === undefined || distributorId === null) return location.replace("/?switch");
  const store = openStore(me.userId, distributorId);
  const sender = new Sender(store, deviceId(), distributorId, {
    now: Date.now,
    random: Math.random,
    sleep,
    lead: leadByWebLock,
    ask: async (path, ask) => {
      const answer = await request(path, ask);
      if (!answer.ok && answer.status !== 304) throw await problemOf(answer);
      return answer;
    },
  });
  void sender.run();
  void navigator.storage?.persist?.();
  createRoot(document.getElementById("root")!).render(
    <StrictMode>
      <FaultBoundary>
        <WorkspaceProvider me={me} store={store} sender={sender} distributorId={distributorId}>
          <App />
        </WorkspaceProvider>
      </FaultBoundary>
    </StrictMode>,
  );
  if (import.meta.env.PROD) void keepShell().catch(() => undefined);
}

void begin().catch((error: unknown) => {
  document.body.textContent = error instanceof ApiError ? error.problem.title ?? error.problem.code : String(error);
});
