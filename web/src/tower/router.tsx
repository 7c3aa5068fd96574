import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect, type RouterHistory } from "@tanstack/react-router";
import { Fault, Lost } from "./frame/faults";
import { Shell } from "./frame/shell";
import { loadTexts } from "../i18n";
import { readSearch, writeSearch, type Search } from "./router-search";

const search = { validateSearch: (raw: Record<string, unknown>): Search => raw as Search };

/** A page of the rule book, which brings its own texts. */
const taxed = () => lazyRouteComponent(() => Promise.all([import("../tax/tower"), loadTexts("tax")]).then(([page]) => page), "TaxPage");
const ruled = <M extends Record<string, unknown>>(load: () => Promise<M>, name: keyof M & string) => lazyRouteComponent(() => Promise.all([load(), loadTexts("rulebook")]).then(([page]) => page as never), name as never);
const asked = <M extends Record<string, unknown>>(load: () => Promise<M>, name: keyof M & string) => lazyRouteComponent(() => Promise.all([load(), loadTexts("insight")]).then(([page]) => page as never), name as never);
const claimed = <M extends Record<string, unknown>>(load: () => Promise<M>, name: keyof M & string) => lazyRouteComponent(() => Promise.all([load(), loadTexts("claims")]).then(([page]) => page as never), name as never);
const returned = <M extends Record<string, unknown>>(load: () => Promise<M>, name: keyof M & string) => lazyRouteComponent(() => Promise.all([load(), loadTexts("claims"), loadTexts("returns")]).then(([page]) => page as never), name as never);
const moved = (to: (params: Record<string, string>) => string) => ({ beforeLoad: ({ params }: { params: Record<string, string> }) => { throw redirect({ to: to(params) as never, replace: true }); } });

const root = createRootRoute({ component: Shell, notFoundComponent: Lost, errorComponent: Fault });
const parent = () => root;

const routes = [
  createRoute({ ...search, getParentRoute: parent, path: "/", component: asked(() => import("./insight/today"), "Today") }),
  createRoute({ ...search, getParentRoute: parent, path: "/explore", component: asked(() => import("./insight/explore"), "Explore") }),
  createRoute({ ...search, getParentRoute: parent, path: "/receivables", component: lazyRouteComponent(() => import("./documents/receivables"), "Receivables") }),
  createRoute({ ...search, getParentRoute: parent, path: "/bills", component: lazyRouteComponent(() => import("./documents/bills"), "Bills") }),
  createRoute({ ...search, getParentRoute: parent, path: "/bills/tax", component: taxed() }),
  createRoute({ ...search, getParentRoute: parent, path: "/bills/$id", component: lazyRouteComponent(() => import("./documents/bill"), "Bill") }),
  createRoute({ ...search, getParentRoute: parent, path: "/tax/vat/$id", component: lazyRouteComponent(() => import("./documents/vatreturn"), "VatReturnPage") }),
  createRoute({ ...search, getParentRoute: parent, path: "/masters", component: lazyRouteComponent(() => import("./masters/register"), "FirstRegister") }),
  createRoute({ ...search, getParentRoute: parent, path: "/masters/$type", component: lazyRouteComponent(() => import("./masters/register"), "Register") }),
  createRoute({ ...search, getParentRoute: parent, path: "/masters/schemes", ...moved(() => "/schemes") }),
  createRoute({ ...search, getParentRoute: parent, path: "/masters/schemes/$id", ...moved(({ id }) => `/schemes/${id}`) }),
  createRoute({ ...search, getParentRoute: parent, path: "/schemes", component: ruled(() => import("./schemes/list"), "Schemes") }),
  createRoute({ ...search, getParentRoute: parent, path: "/schemes/new", component: ruled(() => import("./schemes/builder"), "BuilderPage") }),
  createRoute({ ...search, getParentRoute: parent, path: "/schemes/$id", component: ruled(() => import("./schemes/detail"), "SchemePage") }),
  createRoute({ ...search, getParentRoute: parent, path: "/schemes/$id/edit", component: ruled(() => import("./schemes/builder"), "BuilderPage") }),
  createRoute({ ...search, getParentRoute: parent, path: "/changes", component: ruled(() => import("./changes/inbox"), "Changes") }),
  createRoute({ ...search, getParentRoute: parent, path: "/changes/$id", component: ruled(() => import("./changes/change"), "ChangePage") }),
  createRoute({ ...search, getParentRoute: parent, path: "/changes/$change/edit", component: ruled(() => import("./schemes/builder"), "BuilderPage") }),
  createRoute({ ...search, getParentRoute: parent, path: "/returns", component: returned(() => import("./returns/returns"), "ReturnApprovals") }),
  createRoute({ ...search, getParentRoute: parent, path: "/alerts", component: asked(() => import("./health/alerts"), "Alerts") }),
  createRoute({ ...search, getParentRoute: parent, path: "/distributors", component: asked(() => import("./health/board"), "HealthBoard") }),
  createRoute({ ...search, getParentRoute: parent, path: "/distributors/$id", component: asked(() => import("./health/partner"), "Partner") }),
  createRoute({ ...search, getParentRoute: parent, path: "/distributors/$id/review", component: asked(() => import("./health/review"), "ReviewPack") }),
  createRoute({ ...search, getParentRoute: parent, path: "/outlets/$id", component: asked(() => import("./insight/outlet"), "OutletView") }),
  createRoute({ ...search, getParentRoute: parent, path: "/skus/$id", component: asked(() => import("./insight/sku"), "SkuView") }),
  createRoute({ ...search, getParentRoute: parent, path: "/map", component: asked(() => import("./health/map"), "MapPage") }),
  createRoute({ ...search, getParentRoute: parent, path: "/data", component: asked(() => import("./health/datahealth"), "DataHealthPage") }),
  createRoute({ ...search, getParentRoute: parent, path: "/claims", component: claimed(() => import("./claims/desk"), "ClaimsDesk") }),
  createRoute({ ...search, getParentRoute: parent, path: "/claims/settlement", component: claimed(() => import("./claims/settlement"), "Settlements") }),
  createRoute({ ...search, getParentRoute: parent, path: "/claims/spend", component: claimed(() => import("./claims/spend"), "TradeSpend") }),
  createRoute({ ...search, getParentRoute: parent, path: "/claims/control", component: claimed(() => import("./claims/control"), "ClaimsControl") }),
  createRoute({ ...search, getParentRoute: parent, path: "/claims/$id", component: claimed(() => import("./claims/desk"), "ClaimPage") }),
  createRoute({ ...search, getParentRoute: parent, path: "/masters/price-lists/$id", component: lazyRouteComponent(() => import("./masters/pricelist"), "PriceListPage") }),
  createRoute({ ...search, getParentRoute: parent, path: "/imports", component: lazyRouteComponent(() => import("./imports/imports"), "Imports") }),
  createRoute({ ...search, getParentRoute: parent, path: "/people", component: lazyRouteComponent(() => import("./people/people"), "People") }),
  createRoute({ ...search, getParentRoute: parent, path: "/people/devices", component: lazyRouteComponent(() => import("./devices/devices"), "Devices") }),
  createRoute({ ...search, getParentRoute: parent, path: "/people/tokens", component: lazyRouteComponent(() => import("./people/tokens"), "Tokens") }),
] as const;

export function makeRouter(history?: RouterHistory) {
  return createRouter({
    ...(history ? { history } : {}),
    routeTree: root.addChildren([...routes]),
    basepath: "/tower",
    parseSearch: readSearch,
    stringifySearch: writeSearch,
    defaultPreload: "intent",
    scrollRestoration: true,
    trailingSlash: "preserve",
  });
}

export const router = makeRouter();
