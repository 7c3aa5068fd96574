import { useTranslation } from "react-i18next";
import { Dialog, Kbd } from "../ui";

/** Keys of each screen, as F1 shows them: [key, text key]. */
export const keyHelp: Record<string, [string, string][]> = {
  bill: [
    ["Enter", "next"], ["Shift+Enter", "previous"], ["↑ ↓", "lines"], ["Backspace", "back"], ["Ctrl+Enter", "post"], ["F2", "date"], ["F3", "lastRates"], ["F4", "stock"],
    ["F7", "warning"], ["Alt+B", "batch"], ["Alt+S", "nextSlab"], ["Alt+D", "deleteLine"], ["Ctrl+Z", "undo"], ["Alt+I", "insertLine"], ["Alt+L", "lineDiscount"],
    ["Alt+M", "billDiscount"], ["Alt+N", "note"], ["Alt+T", "mode"], ["Alt+R", "repeatLast"], ["Alt+O", "order"], ["Alt+H", "hold"], ["Alt+J", "held"], ["Alt+P", "print"], ["Alt+C", "create"],
  ],
  daybook: [["↑ ↓", "rows"], ["Enter", "open"], ["PgUp", "dayBefore"], ["PgDn", "dayAfter"], ["Alt+P", "printAgain"], ["Alt+X", "cancel"], ["/", "filter"]],
  orders: [["↑ ↓", "rows"], ["Enter", "open"], ["Ctrl+F8", "newOrder"], ["Ctrl+Enter", "post"], ["Alt+A", "allocate"], ["Alt+O", "bill"], ["Alt+X", "cancel"], ["/", "filter"]],
  stock: [["↑ ↓", "rows"], ["Enter", "open"], ["/", "filter"]],
  receive: [["Enter", "next"], ["Alt+D", "deleteLine"], ["Ctrl+Enter", "post"]],
  returns: [["↑ ↓", "rows"], ["Enter", "nextStep"], ["Alt+F6", "returnNew"], ["Alt+A", "approve"], ["Alt+R", "reject"], ["Alt+V", "receiveReturn"], ["Alt+I", "inspect"], ["Alt+C", "credit"], ["Alt+P", "printAgain"], ["Alt+K", "picture"], ["Alt+X", "cancel"], ["/", "filter"]],
  outlets: [["↑ ↓", "rows"], ["Enter", "open"], ["Alt+C", "create"], ["/", "filter"]],
  collect: [["Enter", "next"], ["Alt+T", "mode"], ["Ctrl+Enter", "post"]],
  claims: [["↑ ↓", "rows"], ["Ctrl+Enter", "submit"], ["Alt+C", "attach"], ["Alt+N", "answer"], ["/", "filter"]],
  settings: [],
  sync: [["↑ ↓", "rows"], ["Alt+N", "sendNow"]],
};

const everywhere: [string, string][] = [
  ["Ctrl+K", "command"], ["F1", "help"], ["F6", "collect"], ["F8", "billNew"], ["Ctrl+F8", "newOrder"], ["F9", "receive"], ["Alt+F6", "returnNew"], ["Alt+Z", "sync"], ["Ctrl+F6", "region"], ["Esc", "escape"],
];

export function Help({ screen, onClose }: { screen: string; onClose: () => void }) {
  const { t } = useTranslation();
  const own = keyHelp[screen] ?? [];
  return (
    <Dialog wide title={t("help.title", { screen: t(`place.${screen}`, { defaultValue: "" }) })} onClose={onClose}>
      {own.length > 0 && <KeyList keys={own} />}
      {screen === "bill" && <p className="s m">{t("help.quantities")}</p>}
      <h3 className="s">{t("help.everywhere")}</h3>
      <KeyList keys={everywhere} />
      <div className="end"><button type="button" data-autofocus className="btn" onClick={onClose}>{t("action.close", { ns: "common" })}<Kbd>Esc</Kbd></button></div>
    </Dialog>
  );
}

function KeyList({ keys }: { keys: [string, string][] }) {
  const { t } = useTranslation();
  return (
    <dl className="keylist">
      {keys.map(([key, text]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(`key.${text}`)}</dd></div>)}
    </dl>
  );
}

/** The strip at the foot of a screen: its most used keys, and something on the right. */
export function KeyStrip({ keys, children }: { keys: [string, string][]; children?: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <footer className="keys" data-region>
      {keys.map(([key, text]) => <span key={key}><Kbd>{key}</Kbd>{t(`key.${text}`)}</span>)}
      {children && <span className="end">{children}</span>}
    </footer>
  );
}
