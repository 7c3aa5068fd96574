import { cleanup, configure, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { answer, ME, tower, type Ask, type Route } from "../testing/fake";
import type { Alert, Board, DataHealth, Health, Score } from "./api";
import { sorted } from "./board";
import { hull, project, quantile } from "./map";

// A loaded machine is slow, not wrong.
configure({ asyncUtilTimeout: 40_000 });
vi.setConfig({ testTimeout: 120_000 });
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

const RSM = { ...ME, roles: ["RSM"], permissions: ["INSIGHT_READ", "SCORE_READ", "PLAN_WRITE", "ALERT_READ", "ALERT_WRITE", "FEED_READ", "FEED_MAP"] };

const scoreOf = (id: number, name: string, index: string | null, more: Partial<Score> = {}): Score => ({
  distributorId: id, code: `D${id}`, name, territory: "Port Amra", region: "Harbour", principalId: 1, state: index === null ? "UNRATED" : "RATED", reason: index === null ? "no data for 15 days" : null, index, raw: index, previous: "58.7", movement: index === null ? null : "-5.2",
  band: index === null ? null : Number(index) >= 55 ? "SUSTAIN" : "FIX", bandSince: "2026-08-31", nextBand: null, classification: "FIX", tag: "PARTNER", trend: "DOWN", slope: "-2.1",
  pillars: [{ pillar: "GROWTH", score: "32", weight: "30", reason: null }, { pillar: "SERVICE", score: "55", weight: "30", reason: null }, { pillar: "FINANCIAL", score: null, weight: "25", reason: "less than half of its weight is known" }, { pillar: "DATA", score: "84", weight: "15", reason: null }],
  weakest: "GROWTH", knockouts: [], archetype: "URBAN-B", warnings: [], openPlans: 1, owner: "radhika", nextReview: "2026-12-10", ...more,
});
const BOARD: Board = { period: { end: "2026-10-31", kind: "CLOSED", label: "October 2026" }, principalId: 1, principals: [{ id: 1, code: "SUN", name: "Sunbird Foods" }], model: { code: "DEFAULT", version: 1, validFrom: "2026-01-01" }, bands: [{ band: "SUSTAIN", from: "55", count: 1, rhythm: "QUARTERLY", help: "", consequence: "" }, { band: "FIX", from: "35", count: 1, rhythm: "MONTHLY", help: "", consequence: "" }], items: [scoreOf(4, "Kesar Traders", "53.5"), scoreOf(5, "Gokul Enterprises", "68.1"), scoreOf(6, "Hilltop Trading", null)] };
const HEALTH: Health = {
  score: BOARD.items[0]!, period: BOARD.period!, currency: "INR",
  pillars: [{ pillar: "GROWTH", weight: "30", effectiveWeight: "40", score: "32", presentWeight: "100", reason: null, components: [{ component: "NSV_GROWTH", label: "Secondary, like for like", kpi: "KPI-04", metric: "nsv-growth", unit: "percent", value: "-6.8", previousValue: "-1.4", score: "30.4", weight: "40", effectiveWeight: "40", points: "4.9", floor: "-15", target: "12", better: "UP", reason: null, behaviour: "Bill more outlets", question: { metrics: ["nsv-growth"], dimensions: ["outlet"], filters: [{ dimension: "distributor", op: "in", values: ["4"] }], window: { kind: "LAST_MONTH" }, compare: "SAME_LAST_YEAR", order: [] } }] }, { pillar: "FINANCIAL", weight: "25", effectiveWeight: "0", score: null, presentWeight: "35", reason: "less than half of its weight is known", components: [] }],
  moved: { up: [], down: [{ component: "NSV_GROWTH", points: "-2.4" }] }, reach: { band: "SUSTAIN", at: "55", steps: [{ component: "NSV_GROWTH", from: "-6.8", to: "-1.0", points: "3.5" }] }, history: [{ end: "2026-09-30", kind: "CLOSED", raw: "56.1", index: "58.7", band: "SUSTAIN", modelVersion: 1 }, { end: "2026-10-31", kind: "CLOSED", raw: "49.0", index: "53.5", band: "SUSTAIN", modelVersion: 1 }],
  benchmark: { shown: false, reason: "fewer than 10 peers", archetype: "URBAN-B", peers: 4, median: null, topQuartile: null, pillars: [] }, warnings: [{ code: "STOCK_PUSH", text: "Primary runs ahead of secondary", question: null }], suggested: [], plans: [], events: [{ at: "2026-11-23T06:10:00Z", kind: "ALERT", text: "Stock push, second month" }],
};
const ALERT: Alert = { id: "a1", rule: "STOCK_PUSH", ruleName: "Stock push", kind: "DIVERGENCE", severity: "HIGH", distributorId: 4, distributor: "Kesar Traders", principalId: 1, subject: null, title: "Kesar Traders buys 18 % more, sells 9 % less", sentence: "It holds 47 days of stock against a norm of 21.", values: [{ label: "Stock-push index", value: "1.31", unit: "ratio" }, { label: "Cover", value: "47", unit: "days" }], money: "378000.00", currency: "INR", openedOn: "2026-11-23", lastSeenOn: "2026-11-25", state: "OPEN", owner: null, dueOn: null, snoozedUntil: null, snoozeReason: null, outcome: null, outcomeNote: null, steps: ["Stop push orders", "Liquidate what is over norm"], playbook: "SPI", evidence: { metrics: ["nsv", "primary-value"], dimensions: ["month"], filters: [{ dimension: "distributor", op: "in", values: ["4"] }], window: { kind: "L12M" }, compare: "NONE", order: [] }, drill: null, version: 1, log: [] };

const health: Route = (ask) => {
  if (ask.path === "/api/v1/health/board") return { body: BOARD };
  if (ask.path === "/api/v1/health/distributors/4") return { body: HEALTH };
  if (ask.path === "/api/v1/health/playbooks") return { body: { items: [{ code: "SPI", title: "Stop the push", trigger: "SPI alert", proposals: ["Stop push orders"], approvers: ["RSM"], tasks: [{ text: "Agree a liquidation plan", side: "DISTRIBUTOR", days: 7 }] }], next: null } };
  if (ask.path.endsWith("/start")) return { body: { opened: [{ id: "p1" }], skipped: [] } };
  if (ask.path === "/api/v1/alerts/summary") return { body: { open: 1, high: 1, medium: 0, low: 0, money: "378000.00", mine: 0 } };
  if (ask.path === "/api/v1/alerts") return { body: { items: [ALERT], next: null } };
  if (ask.path === "/api/v1/alerts/a1") return { body: ALERT };
  if (ask.path === "/api/v1/distributors/4") return { body: { id: 4, code: "KT", name: "Kesar Traders" } };
  if (ask.path === "/api/v1/alerts/a1/acceptance") return { body: { ...ALERT, state: "ACCEPTED" } };
  if (ask.path.endsWith("/query")) {
    const q = ask.body as Ask;
    if (q.dimensions[0] === "month") return { body: answer(q, [["2026-09", "Sep"], ["2026-10", "Oct"]]) };
  }
  return undefined;
};
const open = async (address: string, route: Route = health) => {
  const view = await tower(address, route, RSM as never);
  return view;
};

describe("the health board", () => {
  it("[DST-07] sorts by the figure, what has none last either way, and keeps every row", () => {
    expect(sorted(BOARD.items, [{ by: "index", desc: false }]).map((r) => r.name)).toEqual(["Kesar Traders", "Gokul Enterprises", "Hilltop Trading"]);
    expect(sorted(BOARD.items, [{ by: "index", desc: true }]).map((r) => r.name)).toEqual(["Gokul Enterprises", "Kesar Traders", "Hilltop Trading"]);
  });

  it("[DST-05] [DST-13] shows bands and unrated partners; a playbook is started for several with a reason and a date, never by itself", async () => {
    const { asked } = await open("/tower/distributors");
    const grid = await screen.findByRole("grid", { name: "Health board" });
    expect(within(grid).getByText("Hilltop Trading").closest("tr")!.textContent).toContain("n/a");
    expect(screen.getByRole("button", { name: /Not rated/ }).textContent).toContain("1");
    for (const name of ["Kesar Traders", "Gokul Enterprises"]) fireEvent.click(screen.getByRole("checkbox", { name: `Choose ${name}` }));
    fireEvent.click(screen.getByRole("button", { name: "Start a playbook for 2" }));
    const dialog = await screen.findByRole("dialog");
    fireEvent.click(within(dialog).getByRole("button", { name: "Start playbook" }));
    expect((await within(dialog).findByRole("alert")).textContent).toContain("Choose a playbook");
    await within(dialog).findByRole("option", { name: "Stop the push" });
    fireEvent.change(within(dialog).getByLabelText("Playbook"), { target: { value: "SPI" } });
    fireEvent.change(within(dialog).getByLabelText("Reason"), { target: { value: "two months running" } });
    fireEvent.change(within(dialog).getByLabelText("Due"), { target: { value: "2026-12-15" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Start playbook" }));
    await waitFor(() => expect(asked.find((a) => a.method === "POST" && a.path.endsWith("/playbooks/SPI/start"))?.body).toEqual({ distributorIds: [4, 5], principalId: 1, reason: "two months running", dueOn: "2026-12-15" }));
  });
});

describe("one distributor", () => {
  it("[DST-06] [DST-08] explains its score: pillars, an insufficient one with its reason, what moved it and what would lift it", async () => {
    await open("/tower/distributors/4");
    const card = await screen.findByRole("region", { name: "Health index" });
    expect(card.textContent).toContain("53.5");
    expect(card.textContent).toContain("Insufficient: less than half of its weight is known");
    expect(card.textContent).toContain("fewer than 10 peers");
    fireEvent.click(within(card).getByRole("button", { name: /Growth/ }));
    expect(within(card).getByRole("link", { name: "Secondary, like for like" }).getAttribute("href")).toContain("m=nsv-growth&by=outlet&f=distributor:4");
    expect(screen.getByRole("region", { name: "What moved it" }).textContent).toMatch(/To reach 55 \(Sustain\).*\+3\.5/);
  });

  it("[ANA-05] without the right to scores the figures, stock and dues still stand", async () => {
    await tower("/tower/distributors/4", (ask) => (ask.path.startsWith("/api/v1/health") ? { status: 403, body: { code: "FORBIDDEN" } } : health(ask)), { ...ME, permissions: ["INSIGHT_READ"] } as never);
    await screen.findByRole("heading", { name: "Kesar Traders" });
    await screen.findByRole("region", { name: "Figures" });
    expect(screen.queryByRole("region", { name: "Health index" })).toBeNull();
  });
});

describe("alerts", () => {
  it("[ANA-13] [ANA-14] an alert carries its evidence, money and steps; A takes it on", async () => {
    const { asked } = await open("/tower/alerts");
    const list = await screen.findByRole("listbox", { name: "Alerts" });
    await screen.findByText("It holds 47 days of stock against a norm of 21.");
    expect(screen.getByText("₹ 3,78,000.00")).toBeTruthy();
    await waitFor(() => expect(asked.some((a) => a.path.endsWith("/query") && (a.body as Ask).filters?.[0]?.values[0] === "4")).toBe(true));
    expect(screen.getByText("Liquidate what is over norm")).toBeTruthy();
    fireEvent.keyDown(list, { code: "KeyA", key: "a" });
    await waitFor(() => expect(asked.find((a) => a.path === "/api/v1/alerts/a1/acceptance")?.body).toEqual({ owner: "radhika", dueOn: null }));
  });

  it("[ANA-04] the worst of them is the story of Today, with the way to act", async () => {
    await open("/tower/");
    const story = await screen.findByRole("region", { name: ALERT.title });
    expect(within(story).getByRole("link", { name: "Open the alert" }).getAttribute("href")).toBe("/tower/alerts?open=a1");
    expect(within(story).getByRole("link", { name: "Open Kesar Traders" }).getAttribute("href")).toBe("/tower/distributors/4");
  });
});

describe("data health", () => {
  const row = (id: number, name: string, status: DataHealth["status"], score: string | null): DataHealth => ({ distributorId: id, code: `D${id}`, name, source: "FEED", sourceSystem: "Tally", status, reason: null, lastDataAt: status === "RED" ? "2026-11-21T13:10:00Z" : "2026-11-25T02:00:00Z", lastBusinessDate: "2026-11-24", lateDays: status === "RED" ? 4 : 0, score, scoreBand: status, parts: [{ part: "MAPPING", weight: 15, score: "80", passed: 80, tested: 100 }], capped: false, quarantined: status === "RED" ? 12 : 0, quarantinedValue: "23650.00", rejected: 0, blockedBatches: 0, importErrors: 0 });
  it("[FED-09] late partners stand first; an unknown code is mapped and what waited goes in", async () => {
    const { asked } = await open("/tower/data", (ask) => {
      if (ask.path === "/api/v1/data-health") return { body: { asOf: "2026-11-25T08:35:00Z", items: [row(5, "Gokul Enterprises", "GREEN", "97.1"), row(4, "Kesar Traders", "RED", "71.0")] } };
      if (ask.path === "/api/v1/feeds/quarantine") return { body: { items: [{ id: "q1", distributorId: 4, sourceSystem: "Tally", kind: "SKU", externalId: "BB-75", hint: "Brite 75", records: 12, value: "23650.00", firstSeen: "2026-11-20T03:00:00Z", suggestions: [{ id: "7", code: "BB75", name: "Brite Biscuit 75 g", why: "same pack" }] }], next: null } };
      if (ask.path === "/api/v1/feeds/code-maps" && ask.method === "POST") return { body: { rerun: 12, accepted: 12, stillQuarantined: 0 } };
      return health(ask);
    });
    const grid = await screen.findByRole("grid", { name: "Data health" });
    expect([...grid.querySelectorAll("tbody tr[role=row]")].map((r) => r.textContent).findIndex((x) => x!.includes("Kesar"))).toBe(0);
    fireEvent.click(screen.getByRole("button", { name: "Unknown codes" }));
    const waiting = await screen.findByRole("grid", { name: "Unknown codes" });
    await within(waiting).findByText("BB-75");
    fireEvent.keyDown(waiting, { code: "Enter", key: "Enter" });
    const dialog = await screen.findByRole("dialog");
    fireEvent.click(within(dialog).getByRole("button", { name: "Map and take in" }));
    await waitFor(() => expect(asked.find((a) => a.path === "/api/v1/feeds/code-maps" && a.method === "POST")?.body).toEqual({ distributorId: 4, sourceSystem: "Tally", kind: "SKU", externalId: "BB-75", targetCode: "BB75" }));
  });
});

describe("the map", () => {
  it("[OUT-09] keeps shape and north, whatever the place", () => {
    const at = project([{ lon: 77, lat: 12 }, { lon: 78, lat: 12 }, { lon: 77, lat: 13 }], 720, 560, 30);
    expect(at[2]!.y).toBeLessThan(at[0]!.y);
    expect(at[1]!.x).toBeGreaterThan(at[0]!.x);
    // a degree of longitude is shorter than one of latitude by the cosine
    expect((at[1]!.x - at[0]!.x) / (at[0]!.y - at[2]!.y)).toBeCloseTo(Math.cos((12.5 * Math.PI) / 180), 6);
    for (const p of at) expect(p.x >= 0 && p.x <= 720 && p.y >= 0 && p.y <= 560).toBe(true);
    expect(project([{ lon: 77, lat: 12 }], 720, 560)).toEqual([{ x: 360, y: 280 }]);
  });

  it("[OUT-09] a hull holds every point of its territory", () => {
    const points = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }, { x: 0, y: 10 }, { x: 5, y: 5 }];
    const around = hull(points);
    expect(around).toHaveLength(4);
    expect(around).not.toContainEqual({ x: 5, y: 5 });
  });

  it("[ANA-05] five steps of equal count; no figure is no step", () => {
    expect(quantile([10, 20, 30, 40, 50, null])).toEqual([1, 2, 3, 4, 5, 0]);
  });
});

describe("the review pack", () => {
  it("[DST-22] [STK-16] puts index, figures beside last year, what lies there by shelf life, alerts and the agreed plan on one page to print", async () => {
    const asked: Ask[] = [];
    const printed = vi.fn();
    vi.stubGlobal("print", printed);
    const plan = { id: "p1", distributorId: 4, distributor: "Kesar Traders", principalId: 1, title: "Bill the dormant shops", trigger: "index fell", playbook: null, state: "OPEN" as const, support: null, expectedPoints: null, indexAtStart: null, ownerPrincipal: "radhika", ownerDistributor: null, openedOn: "2026-11-02", reviewOn: "2026-12-10", proposals: [], actions: [{ no: 1, text: "Visit 40 dormant shops", side: "DISTRIBUTOR", owner: "Kesar", dueOn: "2026-11-30", doneOn: null }], log: [], outcome: null, outcomeNote: null, closedOn: null, version: 1 };
    await open("/tower/distributors/4/review?principalId=1", (ask) => {
      if (ask.path === "/api/v1/health/distributors/4") return { body: { ...HEALTH, plans: [plan] } };
      if (ask.path.endsWith("/query")) {
        const q = ask.body as Ask;
        asked.push(q);
        if (q.dimensions[0] === "shelf-life") return { body: answer(q, [["expired", "expired"], ["31-60", "31-60"]]) };
      }
      return health(ask);
    });
    await screen.findByRole("heading", { level: 1, name: /Kesar Traders.*review/ });
    expect(await screen.findByText("Visit 40 dormant shops")).toBeTruthy();
    expect(await screen.findByText(ALERT.title)).toBeTruthy();
    const shelf = await screen.findByRole("region", { name: "Stock by shelf life left" });
    await waitFor(() => expect(within(shelf).getAllByRole("row").map((r) => r.firstElementChild?.textContent)).toEqual(["Shelf life left", "Expired", "31–60 days"]));
    // the figures are those of the month under review and of the principal both talk about
    const month = asked.find((q) => q.metrics.includes("nsv") && q.metrics.length > 1);
    expect(month).toMatchObject({ window: { kind: "RANGE", from: "2026-10-01", to: "2026-10-31" }, compare: "SAME_LAST_YEAR" });
    expect(month!.filters).toContainEqual({ dimension: "principal", op: "in", values: ["1"] });
    fireEvent.click(screen.getByRole("button", { name: "Print" }));
    expect(printed).toHaveBeenCalledOnce();
  });
});
