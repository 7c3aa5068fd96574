import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../ui/base.css";
import { startTexts } from "../i18n";
import { FaultBoundary } from "../ui/fault";
import { applyTheme } from "../ui/theme";
import i18next from "i18next";

applyTheme();
await startTexts(["tower"]);
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <FaultBoundary>
      <h1>{i18next.t("title")}</h1>
    </FaultBoundary>
  </StrictMode>,
);
