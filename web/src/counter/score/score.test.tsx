import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { changeLanguage, startTexts } from "../../i18n";
import { placesOf } from "../app";
import type { OwnScore } from "./api";
import { ScoreCard } from "./score";

const part = (component: string, metric: string, value: string | null, score: string | null) => ({ component, label: component, metric, unit: "percent", value, score, reason: null, points: score });
const own: OwnScore = {
  score: { index: "53.5", previous: "58.7", movement: "-5.2", band: "FIX", state: "RATED", reason: null, trend: "DOWN", weakest: "GROWTH", nextReview: "2026-12-10" },
  period: { end: "2026-10-31", kind: "CLOSED" },
  pillars: [
    { pillar: "GROWTH", score: "32", weight: "30", reason: null, components: [part("SALES_GROWTH", "nsv", "-6.8", "30.4"), part("ECO", "eco", "61", "20")] },
    { pillar: "FINANCIAL", score: null, weight: "25", reason: "less than half of its weight is known", components: [part("OVERDUE", "overdue-share", null, null)] },
  ],
  moved: { up: [], down: [{ component: "SALES_GROWTH", points: "-2.4" }] },
  reach: { band: "SUSTAIN", at: "55", steps: [{ component: "ECO", from: "61", to: "66", points: "1.5" }] },
  benchmark: { shown: true, reason: null, peers: 12, median: "57", topQuartile: "71.2" },
  plans: [{ id: "p", title: "Win back lost outlets", state: "OPEN", reviewOn: "2026-12-10", actions: [{ no: 1, text: "Bill every outlet of beat 3", side: "DISTRIBUTOR", dueOn: "2026-12-01", doneOn: null }] }],
};
const text = () => renderToStaticMarkup(<ScoreCard own={own} />).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");

describe("the distributor's own score", () => {
  it("[UXP-08] [DST-10] [DST-12] says index and band, what moved it, what lifts it, peers without names, and what was agreed", async () => {
    await startTexts(["counter", "insight"], "en");
    await changeLanguage("en");
    const page = text();
    for (const said of ["53.5", "was 58.7", "Fix", "falling", "12 distributors like you: half of them reach 57.0, the best quarter 71.2", "What lifts it to 55.0 (Sustain)", "61.0 → 66.0", "+1.5", "Growth of sales on last year", "−2.4", "Win back lost outlets", "Bill every outlet of beat 3", "yours"]) expect(page).toContain(said);
    expect(page).toContain("Insufficient less than half of its weight is known");
  });

  it("[UXP-08] [LOC-02] in Hindi as well", async () => {
    await startTexts(["counter", "insight"], "hi");
    await changeLanguage("hi");
    const page = text();
    for (const said of ["सुधार", "पिछले साल से बिक्री की वृद्धि", "आप जैसे 12 वितरक", "आपका काम", "अपर्याप्त"]) expect(page).toContain(said);
    expect(page).not.toMatch(/score\.|health\./);
  });

  it("[UXP-08] is offered to who may read scores, and to nobody else", () => {
    const me = (permissions: string[]) => ({ permissions }) as never;
    expect(placesOf(me(["SCORE_READ"])).map((p) => p.screen)).toContain("score");
    expect(placesOf(me([])).map((p) => p.screen)).not.toContain("score");
  });
});
