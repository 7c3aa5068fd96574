import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { vi } from "vitest";
import type { Me } from "../../api/client";
import { startTexts } from "../../i18n";
import { queries } from "../http";
import type { Answer } from "../insight/api";
import { kitTheme, kitVariables } from "../kit/theme";
import { makeRouter } from "../router";
import { MeContext } from "../session";

/** What a fake server was asked. */
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  headers: Record<string, string>;
}

type Reply = { status?: number; body?: unknown; etag?: string };
export type Route = (asked: Asked) => Reply | undefined;

export const ME: Me & { permissions: string[] } = {
  userId: 1, username: "radhika", name: "Radhika Menon", language: "en", roles: ["SO", "COE"], workspaces: ["tower"], distributorId: null, distributors: [], csrf: "x",
  permissions: ["INSIGHT_READ", "OUTLET_WRITE", "SCHEME_WRITE", "PRICE_WRITE", "IMPORT_RUN", "USER_WRITE", "TOKEN_WRITE", "SKU_WRITE"],
};

/** The tower at an address, against a server that answers by the given routes; the first that answers wins. */
export async function tower(address: string, route: Route, me: Me = ME) {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, "http://offtake.test");
    const ask: Asked = { method: init.method ?? "GET", path: url.pathname, query: url.searchParams, body: typeof init.body === "string" ? JSON.parse(init.body) : undefined, headers: (init.headers ?? {}) as Record<string, string> };
    asked.push(ask);
    const reply = route(ask) ?? base(ask) ?? { status: 404, body: { code: "NOT_FOUND" } };
    return new Response(reply.body === undefined ? null : JSON.stringify(reply.body), { status: reply.status ?? 200, headers: { "Content-Type": "application/json", ...(reply.etag ? { ETag: reply.etag } : {}) } });
  });
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }));
  vi.stubGlobal("ResizeObserver", class { observe() {} unobserve() {} disconnect() {} });
  window.scrollTo = () => undefined;
  localStorage.setItem("offtake.language", me.language);
  await startTexts(["claims", "insight", "returns", "tower"]);
  queries.clear();
  const history = createMemoryHistory({ initialEntries: [address] });
  const router = makeRouter(history);
  const view = render(
    <MantineProvider theme={kitTheme} cssVariablesResolver={kitVariables} env="test">
      <QueryClientProvider client={queries}>
        <MeContext value={me}>
          <RouterProvider router={router} />
        </MeContext>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { ...view, asked, history };
}

const STATES = ["stock-cover", "receivable", "overdue", "overdue-share"];
const VALUES: Record<string, [string, string | null]> = {
  nsv: ["8964010.00", "8618000.00"], "active-outlets": ["861", "843"], "stock-cover": ["29.4", null], receivable: ["3670000.00", null], overdue: ["319290.00", null], "overdue-share": ["8.70", null],
};

export interface Ask {
  metrics: string[];
  dimensions: string[];
  filters: { dimension: string; values: string[] }[];
  compare: string;
  window: { kind: string };
}

/** An answer in the shape of the engine, with the given row keys. */
export function answer(ask: Ask, keys: [string, string][] = [], more: Partial<Answer> = {}): Answer {
  const dimension = ask.dimensions[0];
  const cells = (part: number) => Object.fromEntries(ask.metrics.map((m) => {
    const [value, compare] = VALUES[m] ?? ["1", "1"];
    return [m, { value: part === 1 ? value : (Number(value) / part).toFixed(2), compare: compare === null || ask.compare === "NONE" ? null : part === 1 ? compare : (Number(compare) / part).toFixed(2), reason: STATES.includes(m) ? "NO_PAST" : null }];
  }));
  return {
    columns: [...ask.dimensions.map((id) => ({ id, kind: "dimension" as const, label: id })), ...ask.metrics.map((id) => ({ id, kind: "metric" as const, label: id, unit: null, additive: id !== "active-outlets" && id !== "stock-cover" && id !== "overdue-share" }))],
    rows: dimension ? keys.map(([id, label]) => ({ keys: { [dimension]: { id, label } }, values: cells(keys.length) })) : [],
    totals: cells(1),
    notAllocated: null,
    freshness: { asOf: "2026-11-25T08:35:00Z", distributors: 12, older: [{ id: 12, name: "Hilltop Trading", asOf: "2026-11-21T13:10:00Z" }] },
    window: { from: "2026-11-01", to: "2026-11-25", label: "MTD" },
    scope: "12 distributors",
    next: null,
    ...more,
  };
}

const ALL = ["region", "territory", "distributor", "beat", "outlet", "invoice", "category", "brand", "sku", "principal", "channel", "class", "month", "week", "day"];

function base(ask: Asked): Reply | undefined {
  if (ask.path === "/api/v1/insight/catalogue") return { body: { metrics: Object.keys(VALUES).map((id) => ({ id, label: id, additive: true, dimensions: ALL })), dimensions: [] } };
  if (ask.path === "/api/v1/insight/query") {
    const q = ask.body as Ask;
    return { body: answer(q, q.dimensions[0] === "region" ? [["1", "North"], ["2", "South"]] : q.dimensions[0] === "distributor" ? [["3", "Gokul Enterprises"], ["4", "Kesar Traders"]] : []) };
  }
  if (ask.path === "/api/v1/distributors") return { body: { items: [{ id: 4, code: "KT", name: "Kesar Traders" }], next: null } };
  if (ask.path === "/api/v1/jobs" || ask.path === "/api/v1/imports") return { body: { items: [], next: null } };
  return undefined;
}
