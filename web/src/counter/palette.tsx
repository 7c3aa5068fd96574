import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog, Kbd } from "../ui";
import { setTheme } from "../ui/theme";
import { changeLanguage } from "../i18n";
import { placesOf } from "./app";
import { fold, search } from "./bill/search";
import { go } from "./router";
import { useWorkspace } from "./workspace";

interface Command { key: string; label: string; hint?: string; keys?: string; run: () => void }

/** Go to or do anything: places, actions, outlets and items by name. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { me, outletEntries, skuEntries } = useWorkspace();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);

  const found = useMemo((): Command[] => {
    const fixed: Command[] = [
      ...placesOf(me).map(({ screen, keys }) => ({ key: screen, label: t(`place.${screen}`), hint: t("palette.goto"), ...(keys ? { keys } : {}), run: () => go(screen) })),
      { key: "tax", label: t("place.tax"), hint: t("palette.goto"), run: () => go("tax") },
      { key: "sync", label: t("place.sync"), hint: t("palette.goto"), keys: "Alt+Z", run: () => go("sync") },
      { key: "order-new", label: t("orders.new"), hint: t("palette.do"), keys: "Ctrl+F8", run: () => go("orders", "new") },
      { key: "receive-new", label: t("receive.new"), hint: t("palette.do"), keys: "F9", run: () => go("receive", "new") },
      { key: "return-new", label: t("returns.askNew"), hint: t("palette.do"), keys: "Alt+F6", run: () => go("returns", "new") },
      { key: "collect-new", label: t("collect.new"), hint: t("palette.do"), keys: "F6", run: () => go("collect", "new") },
      { key: "outlet-new", label: t("outlets.new"), hint: t("palette.do"), run: () => go("outlets", "new") },
      { key: "dark", label: t("palette.dark"), hint: t("palette.do"), run: () => setTheme("dark") },
      { key: "light", label: t("palette.light"), hint: t("palette.do"), run: () => setTheme("light") },
      { key: "hi", label: "हिन्दी", hint: t("palette.language"), run: () => void changeLanguage("hi") },
      { key: "en", label: "English", hint: t("palette.language"), run: () => void changeLanguage("en") },
    ];
    const query = fold(text.trim());
    const hits = fixed.filter((c) => fold(c.label).includes(query));
    if (query.length < 2) return hits;
    const none = new Set<unknown>();
    return [
      ...hits,
      ...search(outletEntries, text, none, (o) => o.id, 6).map((o) => ({ key: o.id, label: o.name, hint: `${t("palette.outlet")} · ${o.code}`, run: () => go("outlets", o.id) })),
      ...search(skuEntries, text, none, (s) => s.id, 6).map((s) => ({ key: `s${s.id}`, label: s.name, hint: `${t("palette.item")} · ${s.code}`, run: () => go("stock", String(s.id)) })),
    ];
  }, [text, t, outletEntries, skuEntries]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  return (
    <Dialog title={t("frame.command")} onClose={onClose}>
      <input
        className="input"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[at] ? `palette-${found[at].key}` : undefined}
        aria-label={t("frame.command")}
        placeholder={t("palette.hint")}
        value={text}
        onChange={(e) => { setText(e.target.value); setAt(0); }}
        onKeyDown={(e) => {
          if (e.nativeEvent.isComposing) return;
          if (e.code === "ArrowDown") { e.preventDefault(); setAt(Math.min(at + 1, found.length - 1)); }
          else if (e.code === "ArrowUp") { e.preventDefault(); setAt(Math.max(at - 1, 0)); }
          else if (e.code === "Enter" || e.code === "NumpadEnter") { e.preventDefault(); run(found[at]); }
          queueMicrotask(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }));
        }}
      />
      <ul className="options" role="listbox" id="palette-list" ref={list} aria-label={t("frame.command")}>
        {found.map((command, i) => (
          <li key={command.key} id={`palette-${command.key}`} role="option" aria-selected={i === at} onMouseDown={(e) => { e.preventDefault(); run(command); }}>
            <span className="grow cut">{command.label}</span><span className="s m">{command.hint}</span>{command.keys && <Kbd>{command.keys}</Kbd>}
          </li>
        ))}
        {found.length === 0 && <li className="none">{t("palette.none")}</li>}
      </ul>
    </Dialog>
  );
}
