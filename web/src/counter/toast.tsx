import { useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

interface Toast { id: number; text: string; action?: { label: string; run: () => void }; assertive?: boolean }

let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();
const tell = () => listeners.forEach((listener) => listener());

/** A short message that never takes focus; an action is offered for 10 s instead of a question before. */
export function toast(text: string, action?: Toast["action"], assertive = false): void {
  toasts = [...toasts.slice(-2), { id: next++, text, ...(action ? { action } : {}), assertive }];
  tell();
}

function dismiss(id: number): void {
  toasts = toasts.filter((t) => t.id !== id);
  tell();
}

export function Toasts() {
  const list = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => toasts);
  return (
    <>
      <div className="vh" aria-live="assertive" role="alert">{list.filter((t) => t.assertive).map((t) => t.text).join(" ")}</div>
      <div className="toasts" role="status" aria-live="polite">
        {list.map((item) => <OneToast key={item.id} toast={item} />)}
      </div>
    </>
  );
}

function OneToast({ toast: item }: { toast: Toast }) {
  const { t } = useTranslation();
  useEffect(() => {
    const timer = setTimeout(() => dismiss(item.id), item.action ? 10_000 : 5_000);
    return () => clearTimeout(timer);
  }, [item]);
  return (
    <div className="toast">
      <span className="grow">{item.text}</span>
      {item.action && (
        <button type="button" tabIndex={-1} onMouseDown={(e) => e.preventDefault()} onClick={() => { item.action?.run(); dismiss(item.id); }}>{item.action.label}</button>
      )}
      <button type="button" tabIndex={-1} aria-label={t("action.close")} onMouseDown={(e) => e.preventDefault()} onClick={() => dismiss(item.id)}>×</button>
    </div>
  );
}
