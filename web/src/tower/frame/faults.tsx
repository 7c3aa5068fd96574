import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Button, EmptyState, ProblemNote } from "../../ui";
import { A } from "../kit/link";
import { useMe, rightHolders, type Right } from "../session";

export function problemFrom(error: unknown): Problem {
  return error instanceof ApiError ? error.problem : { code: "FAULT", detail: error instanceof Error ? error.message : undefined };
}

/** A page that is not there. */
export function Lost() {
  const { t } = useTranslation();
  return (
    <>
      <h1 className="vh">{t("lost.title")}</h1>
      <EmptyState title={t("lost.title")} action={<A className="btn pri" path="/">{t("lost.home")}</A>}>{t("lost.text")}</EmptyState>
    </>
  );
}

/** A screen that stopped: what is known, retry, and a report to copy. The frame around it lives on. */
export function Fault({ error, reset }: { error: unknown; reset?: () => void }) {
  const { t } = useTranslation();
  const problem = problemFrom(error);
  const id = shortId(problem.detail ?? problem.code);
  return (
    <ProblemNote problem={problem}>
      {reset && <Button onClick={reset}>{t("action.retry", { ns: "common" })}</Button>}
      <Button onClick={() => void navigator.clipboard.writeText(`${id}\n${location.href}\n${JSON.stringify(problem)}`)}>{t("action.copyReport", { ns: "common" })}</Button>
      <span className="s muted">{t("fault.id", { ns: "common", id })}</span>
    </ProblemNote>
  );
}

/** No right: who can grant it, and a way to ask that carries the place. */
export function NoRight({ right, what }: { right?: Right; what?: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const holders = right ? rightHolders(right).map((role) => t(`roles.${role}`)).join(", ") : t("roles.COE");
  const text = t("state.ask", { name: me.name, place: location.href });
  return (
    <EmptyState
      title={what ? t("state.noRightTo", { what }) : t("state.noRight")}
      action={<Button onClick={() => void navigator.clipboard.writeText(text)}>{t("state.askCopy")}</Button>}
    >
      {t("state.noRightText", { holders })}
    </EmptyState>
  );
}

function shortId(text: string): string {
  let hash = 0;
  for (const c of text) hash = (hash * 31 + c.charCodeAt(0)) | 0;
  return (hash >>> 0).toString(36).toUpperCase();
}
