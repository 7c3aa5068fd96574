import { useTranslation } from "react-i18next";
import type { Me } from "../../api/client";
import type { Problem } from "../../api/problems";
import { EmptyState, ProblemNote } from "../../ui";

/** Signed in, but not for this workspace: who could change that, and the way to the own one. */
export function NoWorkspace({ me }: { me: Me }) {
  const { t } = useTranslation();
  const own = me.workspaces[0];
  return (
    <main className="page">
      <EmptyState title={t("door.noRight", { name: me.name })} action={<a className="btn pri" href={own ? `/${own}/` : "/?switch"}>{own ? t("door.own") : t("door.signIn")}</a>}>
        {t("door.noRightText")}
      </EmptyState>
    </main>
  );
}

/** The server gave no answer at the start; nothing is lost, the page can be asked again. */
export function NotReached({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  return (
    <main className="page" style={{ maxWidth: 640, margin: "10vh auto" }}>
      <ProblemNote problem={problem}>
        <button type="button" className="btn" onClick={() => location.reload()}>{t("action.retry", { ns: "common" })}</button>
      </ProblemNote>
    </main>
  );
}
