import { Drawer, Menu } from "@mantine/core";
import { Outlet as Page, useLocation } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { signOut } from "../../api/session";
import { changeLanguage, languages, type Language } from "../../i18n";
import { Kbd, Shape } from "../../ui";
import { useFormats } from "../format";
import { allocated, useAnswer } from "../insight/api";
import { decodeFilters, encodeFilters, type Question } from "../insight/question";
import { remember, useNames } from "../insight/labels";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { useTheme } from "../kit/theme";
import { useSearchState } from "../nav";
import { mayRead, useMe } from "../session";
import { Help } from "./help";
import { Palette } from "./palette";
import { placeOf, RAIL, railEntry } from "./pages";

const REGIONS: Question = { metrics: ["nsv"], dimensions: ["region"], filters: [], window: { kind: "MTD" }, compare: "NONE", order: [] };
const FRESH: Question = { ...REGIONS, dimensions: [] };

/** Top bar, rail, and the page between them; the frame lives on when a page fails. */
export function Shell() {
  const { t } = useTranslation();
  const me = useMe();
  const { pathname } = useLocation();
  const path = pathname.replace(/^\/tower/, "") || "/";
  const entry = railEntry(path);
  const here = placeOf(path)?.id;
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [menu, setMenu] = useState(false);
  const main = useRef<HTMLElement>(null);

  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.isComposing) return;
      if ((e.ctrlKey || e.metaKey) && e.code === "KeyK") {
        e.preventDefault();
        setPalette(true);
      } else if (e.code === "F1") {
        e.preventDefault();
        setHelp(true);
      } else if (e.altKey && e.code === "KeyW" && me.workspaces.length > 1) {
        e.preventDefault();
        location.assign("/counter/");
      } else if (e.ctrlKey && e.code === "F6") {
        e.preventDefault();
        const regions = [...document.querySelectorAll<HTMLElement>("header.top, nav.rail, main")].filter((r) => r.offsetParent !== null);
        const at = regions.findIndex((r) => r.contains(document.activeElement));
        const next = regions[(at + 1) % regions.length];
        (next?.matches("main") ? next : next?.querySelector<HTMLElement>("a, button"))?.focus();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [me]);

  // A new page is announced by its heading: focus goes to the page, not to the top of the document.
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    setMenu(false);
    if (!document.activeElement || document.activeElement === document.body || document.activeElement.closest(".rail, .top, [role=dialog]")) main.current?.focus();
  }, [path]);

  const rail = RAIL.map((r) => ({ ...r, pages: r.pages.filter((p) => !p.reads || mayRead(me, p.reads)) })).filter((r) => r.pages.length > 0);
  const tabs = rail.find((r) => r.id === entry?.id)?.pages ?? [];
  const links = rail.map((r) => {
    const name = t(`rail.${r.pages.length === 1 ? r.pages[0]!.id : r.id}`);
    return (
      <A key={r.id} path={r.pages[0]!.path} aria-current={entry?.id === r.id ? "page" : undefined} title={name} onClick={() => setMenu(false)}>
        <Icon name={r.icon} large />
        <span className="cut">{name}</span>
      </A>
    );
  });
  const helpButton = (
    <button type="button" className="foot" onClick={() => { setMenu(false); setHelp(true); }} title={t("rail.help")}>
      <Icon name="help" large />
      <span>{t("rail.help")}</span>
      <kbd aria-hidden="true">F1</kbd>
    </button>
  );

  return (
    <>
      <a className="skip" href="#main">{t("frame.skip")}</a>
      <header className="top">
        <button type="button" className="tb burger" aria-label={t("frame.menu")} onClick={() => setMenu(true)}><Icon name="menu" style={{ width: 20, height: 20 }} /></button>
        <A className="brand" path="/" aria-label={t("frame.home")}>
          <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1.5a8.5 8.5 0 1 1-8.500 8.500" fill="none" stroke="currentColor" strokeWidth="3" /><path d="M1.500 10 10 1.500V10z" fill="currentColor" /></svg>
          <span>Offtake</span>
        </A>
        <Place path={path} />
        <button type="button" className="search" onClick={() => setPalette(true)} aria-label={t("frame.search")}>
          <Icon name="search" />
          <span className="cut">{t("frame.search")}</span>
          <Kbd>Ctrl K</Kbd>
        </button>
        <FreshnessPill />
        <Today />
        <Person onHelp={() => setHelp(true)} />
      </header>
      <div className="shell">
        <nav className="rail" aria-label={t("title")}>{links}{helpButton}</nav>
        <main id="main" className="page" ref={main} tabIndex={-1}>
          {tabs.length > 1 && (
            <nav className="tabs" aria-label={t(`rail.${entry!.id}`)}>
              {tabs.map((p) => <A key={p.id} path={p.path} aria-current={here === p.id ? "page" : undefined}>{t(`rail.${p.id}`)}</A>)}
            </nav>
          )}
          <Page />
        </main>
      </div>
      <Drawer opened={menu} onClose={() => setMenu(false)} title="Offtake" size={280} closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}>
        <nav className="rail" aria-label={t("frame.menu")} style={{ display: "flex", position: "static", height: "auto", border: 0, background: "none", padding: "8px 0" }}>{links}{helpButton}</nav>
      </Drawer>
      {palette && <Palette onClose={() => setPalette(false)} />}
      {help && <Help place={here ?? "today"} onClose={() => setHelp(false)} />}
    </>
  );
}

function Today() {
  const f = useFormats();
  return <span className="tb num hide-p hide-s" style={{ cursor: "default" }}>{f.day(new Date())}</span>;
}

/** The place that Today and Explore look at; it is a filter of the question, so it lives in the address. */
function Place({ path }: { path: string }) {
  const { t } = useTranslation();
  const [search, set] = useSearchState();
  const me = useMe();
  const shown = (path === "/" || path === "/explore") && mayRead(me, "INSIGHT_READ");
  const regions = useAnswer(REGIONS, { enabled: shown });
  const filters = decodeFilters(search.f);
  const name = useNames(shown ? filters.filter((f) => f.dimension === "region") : []);
  if (!shown) return null;
  if (regions.data) remember(regions.data.rows);
  const chosen = filters.find((f) => f.dimension === "region")?.values ?? [];
  const label = chosen.length === 0 ? t("frame.allPlaces") : chosen.length === 1 ? name("region", chosen[0]!) : t("frame.places", { count: chosen.length });
  const choose = (id: string | null) => set({ f: encodeFilters([...filters.filter((f) => f.dimension !== "region"), ...(id ? [{ dimension: "region" as const, op: "in" as const, values: [id] }] : [])]) });
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className="tb hide-p" aria-label={t("frame.place", { place: label })}><span className="m5">{label}</span><Icon name="down" /></button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => choose(null)}>{t("frame.allPlaces")}</Menu.Item>
        {regions.data?.rows.filter((r) => allocated(r.keys.region)).map((r) => (
          <Menu.Item key={String(r.keys.region!.id)} onClick={() => choose(String(r.keys.region!.id))}>{r.keys.region!.label}</Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** How old the figures are, in words, always in sight (UX rule 4). */
function FreshnessPill() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const reads = mayRead(me, "INSIGHT_READ");
  const { data, error } = useAnswer(FRESH, { enabled: reads });
  if (!reads) return null;
  if (error && !data) return <span className="pill late" role="status"><Shape tone="watch" />{t("fresh.unknown")}</span>;
  if (!data) return <span className="pill" aria-hidden="true"><span className="sk" style={{ width: 72 }} /></span>;
  const { asOf, distributors, older } = data.freshness;
  return (
    <A className={`pill ${older.length ? "late" : ""}`} path="/" search={{ at: "freshness" }} aria-live="polite" style={{ textDecoration: "none" }}>
      <Shape tone={older.length ? "watch" : "good"} />
      <span>{t("fresh.asOf", { time: f.moment(asOf) })}</span>
      {older.length > 0 && <em>{t("fresh.older", { count: older.length, all: distributors })}</em>}
    </A>
  );
}

function Person({ onHelp }: { onHelp: () => void }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const { chosen, choose } = useTheme();
  const initials = me.name.split(/\s+/).map((w) => w[0]).slice(0, 2).join("").toUpperCase();
  return (
    <Menu position="bottom-end" width={248}>
      <Menu.Target>
        <button type="button" className="tb" aria-label={t("frame.person", { name: me.name })}><span className="avatar" aria-hidden="true">{initials}</span></button>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: "8px 12px" }}>
          <div className="b">{me.name}</div>
          <div className="s muted">{me.roles.map((r) => t(`roles.${r}`, { defaultValue: r })).join(", ")}</div>
        </div>
        <Menu.Divider />
        <Menu.Label>{t("language", { ns: "common" })}</Menu.Label>
        {(Object.keys(languages) as Language[]).map((code) => (
          <Menu.Item key={code} leftSection={i18n.language === code ? <Icon name="check" /> : <span className="ic" />} aria-current={i18n.language === code || undefined} onClick={() => { void changeLanguage(code); void api("/api/v1/session/language", { method: "PUT", body: { language: code } }).catch(() => undefined); }}>
            <span lang={code}>{languages[code]}</span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("theme.label", { ns: "common" })}</Menu.Label>
        {(["system", "light", "dark"] as const).map((name) => (
          <Menu.Item key={name} leftSection={chosen === name ? <Icon name="check" /> : <span className="ic" />} aria-current={chosen === name || undefined} onClick={() => choose(name)}>{t(`theme.${name}`, { ns: "common" })}</Menu.Item>
        ))}
        <Menu.Divider />
        {me.workspaces.includes("counter") && <Menu.Item component="a" href="/counter/" rightSection={<Kbd>Alt+W</Kbd>}>{t("frame.toCounter")}</Menu.Item>}
        <Menu.Item leftSection={<Icon name="help" />} rightSection={<Kbd>F1</Kbd>} onClick={onHelp}>{t("rail.help")}</Menu.Item>
        <Menu.Item leftSection={<Icon name="out" />} onClick={() => void signOut().finally(() => location.assign("/"))}>{t("action.signOut", { ns: "common" })}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
