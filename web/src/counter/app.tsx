import { useLiveQuery } from "dexie-react-hooks";
import {
  BadgeIndianRupee, Banknote, Boxes, CalendarDays, Gauge, Menu, PackagePlus, ReceiptText, RefreshCw, Undo2, Search, Settings as Gear, ShoppingCart, Store, type LucideIcon,
} from "lucide-react";
import { Suspense, lazy, useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "../api/client";
import { signOut } from "../api/session";
import { loadTexts } from "../i18n";
import { inStates, unfinished } from "../offline/outbox";
import { keepPeople } from "../offline/people";
import { Button, Dialog, Kbd, dateText, weekday } from "../ui";
import { BillScreen } from "./bill/bill";
import { Help } from "./help";
import { useKeys } from "./keys";
import { Palette } from "./palette";
import { PrintHost } from "./print/print-host";
import { go, href, useRoute } from "./router";
import { SyncPill } from "./sync-pill";
import { Toasts, toast } from "./toast";
import { takeUpdate, useUpdate } from "./update";
import { useSync, useWorkspace } from "./workspace";

const DayBook = lazy(() => import("./daybook/daybook").then((m) => ({ default: m.DayBook })));
const Orders = lazy(() => import("./orders/orders").then((m) => ({ default: m.Orders })));
const Stock = lazy(() => import("./stock/stock").then((m) => ({ default: m.Stock })));
const Receive = lazy(() => import("./receive/receive").then((m) => ({ default: m.Receive })));
const Returns = lazy(() => Promise.all([import("./returns/returns"), loadTexts("returns")]).then(([m]) => ({ default: m.Returns })));
const Outlets = lazy(() => import("./outlets/outlets").then((m) => ({ default: m.Outlets })));
const Collect = lazy(() => import("./collect/collect").then((m) => ({ default: m.Collect })));
const Claims = lazy(() => Promise.all([import("./claims/claims"), loadTexts("claims")]).then(([m]) => ({ default: m.Claims })));
const Score = lazy(() => Promise.all([import("./score/score"), loadTexts("insight")]).then(([m]) => ({ default: m.Score })));
const SettingsScreen = lazy(() => import("./settings/settings").then((m) => ({ default: m.SettingsScreen })));
const SyncCentre = lazy(() => import("./sync/sync-centre").then((m) => ({ default: m.SyncCentre })));
const DeviceState = lazy(() => import("./lock/device-state").then((m) => ({ default: m.DeviceState })));
const Tax = lazy(() => Promise.all([import("../tax/counter"), loadTexts("tax")]).then(([m]) => ({ default: m.CounterTax })));
const PrintPage = lazy(() => import("./print/print-page").then((m) => ({ default: m.PrintPage })));

/** The places of the rail, with the key that leads there. */
export const places: { screen: string; icon: LucideIcon; keys?: string; reads?: string }[] = [
  { screen: "bill", icon: ReceiptText, keys: "F8" },
  { screen: "daybook", icon: CalendarDays },
  { screen: "orders", icon: ShoppingCart, keys: "Ctrl+F8" },
  { screen: "stock", icon: Boxes },
  { screen: "receive", icon: PackagePlus, keys: "F9" },
  { screen: "returns", icon: Undo2, keys: "Alt+F6", reads: "RETURN_READ" },
  { screen: "outlets", icon: Store },
  { screen: "collect", icon: Banknote, keys: "F6" },
  { screen: "claims", icon: BadgeIndianRupee, reads: "CLAIM_READ" },
  { screen: "score", icon: Gauge, reads: "SCORE_READ" },
  { screen: "settings", icon: Gear },
];

/** The places of one person: what they have no right to read is not offered. */
export function placesOf(me: Me): typeof places {
  const permissions = (me as Me & { permissions?: string[] }).permissions;
  return places.filter((place) => !place.reads || permissions?.includes(place.reads));
}

function screenOf(name: string): ReactNode {
  switch (name) {
    case "daybook": return <DayBook />;
    case "orders": return <Orders />;
    case "stock": return <Stock />;
    case "receive": return <Receive />;
    case "returns": return <Returns />;
    case "outlets": return <Outlets />;
    case "collect": return <Collect />;
    case "claims": return <Claims />;
    case "score": return <Score />;
    case "settings": return <SettingsScreen />;
    case "tax": return <Tax />;
    case "sync": return <SyncCentre />;
    default: return <BillScreen />;
  }
}

/** The frame of the counter: top bar, rail, the screen, and the keys that work everywhere. */
export function App() {
  const route = useRoute();
  if (route.screen === "print") return <Suspense><PrintPage /></Suspense>;
  return <Frame screen={route.screen} />;
}

function Frame({ screen }: { screen: string }) {
  const { t, i18n } = useTranslation();
  const { me, store, context, rulesFault, distributorId, guard, device } = useWorkspace();
  const sync = useSync();
  // an update is offered between two bills, never over one (UX 4.3)
  const busy = useLiveQuery(() => store.draft.where("place").equals(0).count(), [store]) ?? 1;
  const offer = useUpdate() && busy === 0;
  const [open, setOpen] = useState<"palette" | "help" | "person" | "menu" | undefined>();
  const close = () => setOpen(undefined);
  const name = context?.distributor.name ?? me.distributors.find((d) => d.id === distributorId)?.name ?? "";

  useKeys({
    "F1": () => setOpen("help"),
    "Ctrl+K": () => setOpen("palette"),
    "Alt+G": () => setOpen("palette"),
    "F6": () => go("collect", "new"),
    "F8": () => go("bill"),
    "Ctrl+F8": () => go("orders", "new"),
    "F9": () => go("receive", "new"),
    "Alt+F6": () => go("returns", "new"),
    "Alt+Z": () => go("sync"),
    "Alt+W": () => (me.workspaces.includes("tower") ? location.assign("/tower/") : false) as boolean | void,
    "Ctrl+F6": nextRegion,
  });

  if (device && device.state !== "ACTIVE") return <Suspense><DeviceState /></Suspense>;
  return (
    <div className="app">
      <a className="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById("main")?.focus(); }}>{t("frame.skip")}</a>
      <header className="top">
        <button type="button" className="menu" aria-label={t("frame.menu")} onClick={() => setOpen("menu")}><Menu className="ic" /></button>
        <a className="brand" href={href("bill")} aria-label={t("frame.home")}>
          <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1.5a8.5 8.5 0 1 1-8.5 8.5" fill="none" stroke="currentColor" strokeWidth="3" /><path d="M1.5 10 10 1.5V10z" fill="currentColor" /></svg>
        </a>
        <span className="place"><span className="cut">{name}</span>{context?.warehouses[0] && <span className="m godown"> · {context.warehouses[0].name}</span>}</span>
        <button type="button" className="cmd" onClick={() => setOpen("palette")}>
          <Search className="ic" aria-hidden="true" /><span>{t("frame.command")}</span><Kbd>Ctrl+K</Kbd>
        </button>
        <span className="who">
          {offer && <Button onClick={takeUpdate} title={t("frame.updateWhy")}>{t("frame.update")}</Button>}
          <SyncPill view={sync} rulesFault={rulesFault} guard={guard} onOpen={() => go("sync")} />
          {context && <span className="num date">{weekday(context.businessDate, i18n.language, "short")} {dateText(context.businessDate, i18n.language)}</span>}
          <button type="button" className="person" onClick={() => setOpen("person")}>{me.name}</button>
        </span>
      </header>
      <Rail screen={screen} needs={sync.needsYou.length + sync.differs.length} />
      <Suspense fallback={<main className="screen" id="main" />}>{screenOf(screen)}</Suspense>
      <Toasts />
      <PrintHost />
      {open === "palette" && <Palette onClose={close} />}
      {open === "help" && <Help screen={screen} onClose={close} />}
      {open === "person" && <PersonMenu onClose={close} />}
      {open === "menu" && (
        <Dialog title={t("frame.menu")} onClose={close}>
          <nav className="sheet">
            {placesOf(me).map(({ screen: place, icon: Icon }) => <a key={place} className="btn quiet" href={href(place)} onClick={close}><Icon className="ic" />{t(`place.${place}`)}</a>)}
            <a className="btn quiet" href={href("sync")} onClick={close}><RefreshCw className="ic" />{t("place.sync")}</a>
          </nav>
        </Dialog>
      )}
      <StoreWatch store={store} />
    </div>
  );
}

function Rail({ screen, needs }: { screen: string; needs: number }) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  return (
    <nav className="rail" aria-label={t("frame.rail")}>
      {placesOf(me).map(({ screen: place, icon: Icon, keys }) => (
        <a key={place} href={href(place)} aria-current={place === screen ? "page" : undefined} title={keys ? `${t(`place.${place}`)}  ${keys}` : t(`place.${place}`)}>
          <Icon className="ic" aria-hidden="true" />
          <span>{t(`place.${place}`)}</span>
        </a>
      ))}
      <a href={href("sync")} aria-current={screen === "sync" ? "page" : undefined} title={`${t("place.sync")}  Alt+Z`}>
        <RefreshCw className="ic" aria-hidden="true" />
        <span>{t("place.syncShort")}</span>
        {needs > 0 && <span className="cnt">{needs}</span>}
      </a>
    </nav>
  );
}

function PersonMenu({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { me, store, sender } = useWorkspace();
  const unsent = useLiveQuery(() => inStates(store, unfinished), [store]) ?? [];
  const savedAt = useLiveQuery(() => store.get<number>("saved-to-file"), [store]) ?? 0;
  const saved = unsent.length > 0 && unsent.every((c) => Date.parse(c.at) < savedAt);
  const open = saved ? 0 : unsent.length;
  const pin = localStorage.getItem(`offtake.vault.${store.name}`) !== null;
  const leave = async () => {
    sender.stop();
    try {
      await signOut();
      await keepPeople().catch(() => undefined);
      location.assign("/");
    } catch {
      toast(t("person.notReached"));
      location.reload();
    }
  };
  return (
    <Dialog title={me.name} onClose={onClose}>
      <p className="m">{me.username} · {me.roles.join(", ")}</p>
      {open > 0 && <p className="note watch">{t("person.held", { count: open })}</p>}
      {saved && <p className="note info">{t("person.heldSaved")}</p>}
      <div className="end">
        {me.workspaces.includes("tower") && <a className="btn" href="/tower/">{t("person.tower")}<Kbd>Alt+W</Kbd></a>}
        <Button onClick={() => { onClose(); go("settings"); }}>{t("place.settings")}</Button>
        {pin && <Button onClick={() => location.reload()}>{t("lock.lockNow")}</Button>}
        <Button disabled={open > 0} onClick={() => void leave()}>{t("action.signOut", { ns: "common" })}</Button>
      </div>
    </Dialog>
  );
}

/** Says when a refused document came back, wherever the clerk is; it never takes the focus. */
function StoreWatch({ store }: { store: ReturnType<typeof useWorkspace>["store"] }) {
  const { t } = useTranslation();
  const count = useLiveQuery(() => store.command.where("state").equals("NEEDS_YOU").count(), [store]);
  const seen = useRef<number>(undefined);
  useEffect(() => {
    if (count === undefined) return;
    if (seen.current !== undefined && count > seen.current) toast(t("toast.needsYou", { count }), { label: t("toast.open"), run: () => go("sync") }, true);
    seen.current = count;
  }, [count, t]);
  return null;
}

function nextRegion(): boolean {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region], header.top, nav.rail, main")];
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(here + 1) % regions.length];
  (next?.querySelector<HTMLElement>("input,button,a[href],[tabindex='0']") ?? next)?.focus();
  return true;
}
