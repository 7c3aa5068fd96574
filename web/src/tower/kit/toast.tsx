import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

interface Toast {
  id: number;
  text: string;
  act?: { label: string; run: () => void };
}

let list: Toast[] = [];
let counter = 0;
const listeners = new Set<() => void>();
const tell = () => listeners.forEach((l) => l());

/** Says that something was done, without taking the focus; with a way back for ten seconds where there is one. */
export function toast(text: string, act?: Toast["act"]): void {
  const id = ++counter;
  list = [...list.slice(-2), { id, text, ...(act ? { act } : {}) }];
  tell();
  setTimeout(() => {
    list = list.filter((x) => x.id !== id);
    tell();
  }, act ? 10_000 : 5_000);
}

export function Toasts() {
  const { t } = useTranslation();
  const shown = useSyncExternalStore((l) => (listeners.add(l), () => listeners.delete(l)), () => list);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((x) => (
        <div key={x.id} className="toast">
          <span className="grow">{x.text}</span>
          {x.act && <button type="button" onClick={x.act.run}>{x.act.label}</button>}
          <button type="button" aria-label={t("action.close", { ns: "common" })} onClick={() => { list = list.filter((y) => y.id !== x.id); tell(); }}>✕</button>
        </div>
      ))}
    </div>
  );
}
