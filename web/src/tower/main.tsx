import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import i18next from "i18next";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "../api/client";
import { currentMe } from "../api/session";
import { startTexts } from "../i18n";
import { FaultBoundary } from "../ui/fault";
import { applyTheme } from "../ui/theme";
import "./kit/kit.css";
import "../ui/base.css";
import "./tower.css";
import { queries } from "./http";
import { kitTheme, kitVariables, useTheme } from "./kit/theme";
import { Toasts } from "./kit/toast";
import { router } from "./router";
import { MeContext } from "./session";
import { NoWorkspace, NotReached } from "./frame/doorstep";
import type { Me } from "../api/client";

function Tower({ me }: { me: Me }) {
  const { shown } = useTheme();
  return (
    <MantineProvider theme={kitTheme} cssVariablesResolver={kitVariables} forceColorScheme={shown}>
      <QueryClientProvider client={queries}>
        <MeContext value={me}>
          <RouterProvider router={router} />
          <Toasts />
        </MeContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}

applyTheme();
const root = createRoot(document.getElementById("root")!);
try {
  const found = await currentMe();
  await startTexts(["tower"], found?.me.language);
  document.title = `${i18next.t("title")} · ${i18next.t("app", { ns: "common" })}`;
  if (!found) {
    location.replace(`/?to=${encodeURIComponent(location.pathname + location.search)}`);
  } else {
    root.render(
      <StrictMode>
        <FaultBoundary>{found.me.workspaces.includes("tower") ? <Tower me={found.me} /> : <NoWorkspace me={found.me} />}</FaultBoundary>
      </StrictMode>,
    );
  }
} catch (error) {
  await startTexts(["tower"]);
  root.render(<NotReached problem={error instanceof ApiError ? error.problem : { code: "FAULT" }} />);
}
