import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Page } from "../http";
import { Icon, type IconName } from "../kit/icons";
import { useTheme } from "../kit/theme";
import { useGo, type Search } from "../nav";
import { REGISTERS } from "../masters/registers";
import { mayRead, useMe } from "../session";
import { RAIL } from "./pages";

interface Hit {
  id: string;
  label: string;
  hint: string;
  icon: IconName;
  run: () => void;
}

interface Named {
  id: string | number;
  code?: string | null;
  name?: string | null;
  number?: string | null;
}

/** Go anywhere or do anything by typing (Ctrl+K): places, registers, actions, then records found on the server. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const go = useGo();
  const me = useMe();
  const { shown, choose } = useTheme();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const wanted = text.trim().toLowerCase();

  const fixed = useMemo<Hit[]>(() => {
    const to = (path: string, search?: Search) => () => go(path, search);
    return [
      ...RAIL.flatMap((r) => r.pages.filter((p) => !p.reads || mayRead(me, p.reads)).map((p) => ({ id: `p-${p.id}`, label: t(`rail.${p.id}`), hint: t("palette.page"), icon: r.icon, run: to(p.path) }))),
      ...REGISTERS.filter((r) => r.type !== "schemes").map((r) => ({ id: `r-${r.type}`, label: t(`masters.${r.type}.many`), hint: t("palette.register"), icon: "masters" as const, run: to(`/masters/${r.type}`) })),
      { id: "tax", label: t("bill.taxOffice"), hint: t("palette.page"), icon: "bill", run: to("/bills/tax") },
      { id: "devices", label: t("devices.title"), hint: t("palette.page"), icon: "people", run: to("/people/devices") },
      { id: "tokens", label: t("tokens.title"), hint: t("palette.page"), icon: "key", run: to("/people/tokens") },
      { id: "q-sku", label: t("palette.qSku"), hint: t("palette.question"), icon: "explore", run: to("/explore", { m: "nsv", by: "sku", w: "MTD", c: "SAME_LAST_YEAR" }) },
      { id: "q-cover", label: t("palette.qCover"), hint: t("palette.question"), icon: "explore", run: to("/explore", { m: "stock-cover", by: "distributor", w: "MTD", c: "NONE" }) },
      { id: "q-age", label: t("palette.qAge"), hint: t("palette.question"), icon: "explore", run: to("/explore", { m: "receivable,overdue", by: "ageing-bucket", w: "NOW", c: "NONE" }) },
      { id: "q-shelf", label: t("palette.qShelf"), hint: t("palette.question"), icon: "explore", run: to("/explore", { m: "stock-ageing", by: "shelf-life", w: "NOW", c: "NONE" }) },
      { id: "q-month", label: t("palette.qMonth"), hint: t("palette.question"), icon: "explore", run: to("/explore", { m: "nsv,active-outlets", by: "month", w: "L12M", c: "SAME_LAST_YEAR" }) },
      { id: "new-scheme", label: t("palette.newScheme"), hint: t("palette.action"), icon: "scheme", run: to("/schemes/new") },
      { id: "new-import", label: t("palette.import"), hint: t("palette.action"), icon: "imports", run: to("/imports", { new: "outlets" }) },
      { id: "theme", label: t(shown === "dark" ? "palette.light" : "palette.dark"), hint: t("palette.action"), icon: shown === "dark" ? "sun" : "moon", run: () => choose(shown === "dark" ? "light" : "dark") },
    ];
  }, [t, go, me, shown, choose]);

  const found = useQuery({
    queryKey: ["palette", wanted],
    enabled: wanted.length >= 2,
    staleTime: 30_000,
    queryFn: async ({ signal }): Promise<{ type: string; item: Named }[]> => {
      const types = ["distributors", "outlets", "skus", "schemes"];
      const pages = await Promise.allSettled(types.map((type) => api<Page<Named>>(`/api/v1/${type}`, { query: { q: text.trim(), limit: 4 }, signal })));
      return pages.flatMap((p, i) => (p.status === "fulfilled" ? p.value.items.map((item) => ({ type: types[i]!, item })) : []));
    },
  });

  const hits: Hit[] = [
    ...fixed.filter((h) => matches(h.label, wanted)),
    ...(wanted.length >= 2 ? (found.data ?? []) : []).map(({ type, item }) => ({
      id: `${type}-${item.id}`,
      label: [item.code, item.name].filter(Boolean).join(" · "),
      hint: t(`masters.${type}.one`),
      icon: "masters" as const,
      run: () => (type === "schemes" ? go(`/schemes/${item.id}`) : go(`/masters/${type}`, { open: String(item.id) })),
    })),
  ].slice(0, 40);
  const active = Math.min(at, Math.max(0, hits.length - 1));

  const run = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    hit.run();
  };

  return (
    <Modal opened onClose={onClose} withCloseButton={false} size={560} yOffset="10vh" padding="sm" aria-label={t("frame.search")}>
      <div className="palette">
        <input
          className="input"
          data-autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-hits"
          aria-activedescendant={hits[active] ? `hit-${hits[active].id}` : undefined}
          aria-label={t("frame.search")}
          placeholder={t("palette.hint")}
          value={text}
          onChange={(e) => { setText(e.target.value); setAt(0); }}
          onKeyDown={(e) => {
            if (e.nativeEvent.isComposing) return;
            if (e.code === "ArrowDown") { e.preventDefault(); setAt(Math.min(active + 1, hits.length - 1)); }
            else if (e.code === "ArrowUp") { e.preventDefault(); setAt(Math.max(active - 1, 0)); }
            else if (e.code === "Enter") { e.preventDefault(); run(hits[active]); }
          }}
        />
        <ul id="palette-hits" role="listbox" aria-label={t("frame.search")}>
          {hits.map((hit, i) => (
            <li key={hit.id} id={`hit-${hit.id}`} role="option" aria-selected={i === active} onMouseMove={() => setAt(i)} onClick={() => run(hit)} ref={(el) => { if (i === active) el?.scrollIntoView?.({ block: "nearest" }); }}>
              <Icon name={hit.icon} />
              <span className="grow cut">{hit.label}</span>
              <span className="s muted">{hit.hint}</span>
            </li>
          ))}
        </ul>
        {hits.length === 0 && <p className="muted" style={{ padding: "8px" }}>{found.isFetching ? t("state.loading") : t("palette.none", { text })}</p>}
      </div>
    </Modal>
  );
}

/** Every typed word begins a word of the label. */
export function matches(label: string, wanted: string): boolean {
  if (!wanted) return true;
  const words = label.toLowerCase().split(/[\s·,]+/);
  return wanted.split(/\s+/).every((w) => words.some((x) => x.startsWith(w)));
}
