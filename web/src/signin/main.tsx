import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../ui/base.css";
import "./signin.css";
import { startTexts } from "../i18n";
import { FaultBoundary } from "../ui/fault";
import { applyTheme } from "../ui/theme";
import { SignIn } from "./signin";

applyTheme();
await startTexts([]);
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <FaultBoundary>
      <SignIn />
    </FaultBoundary>
  </StrictMode>,
);
