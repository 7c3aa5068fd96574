import { Component, type ReactNode } from "react";
import i18next from "i18next";

/** Never a blank page: what failed, what was kept, and the way on. */
export class FaultBoundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const id = shortId(error);
    const report = `${id}\n${location.pathname}${location.hash}\n${error.stack ?? error.message}`;
    return (
      <main className="empty" style={{ margin: "10vh auto" }}>
        <h2>{i18next.t("fault.title", { ns: "common" })}</h2>
        <p>{i18next.t("fault.kept", { ns: "common" })}</p>
        <p className="s num">{i18next.t("fault.id", { ns: "common", id })}</p>
        <div className="row">
          <button type="button" className="btn pri" onClick={() => location.reload()}>{i18next.t("fault.reload", { ns: "common" })}</button>
          <button type="button" className="btn" onClick={() => void navigator.clipboard.writeText(report)}>{i18next.t("action.copyReport", { ns: "common" })}</button>
        </div>
      </main>
    );
  }
}

function shortId(error: Error): string {
  let hash = 0;
  for (const c of error.stack ?? error.message) hash = (hash * 31 + c.charCodeAt(0)) | 0;
  return (hash >>> 0).toString(36).toUpperCase();
}
