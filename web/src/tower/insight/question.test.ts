import { describe, expect, it } from "vitest";
import { readSearch, writeSearch } from "../router-search";
import { below, COMPARES, crumbs, decode, DEFAULT, DIMENSIONS, drill, effective, encode, up, withFilter, type Question, type Window } from "./question";

const METRICS = ["nsv", "active-outlets", "stock-cover", "receivable", "overdue-share", "stock-push", "due-1-7"];

/** A small seeded generator: a failing seed repeats. */
function random(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (state ^ (state << 13)) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    return state / 4294967296;
  };
}

function anyQuestion(rnd: () => number): Question {
  const pick = <T>(list: readonly T[], n: number): T[] => [...list].sort(() => rnd() - 0.5).slice(0, n);
  const windows: Window[] = [{ kind: "MTD" }, { kind: "LAST_MONTH" }, { kind: "L3M" }, { kind: "L12M" }, { kind: "NOW" }, { kind: "LAST_N_DAYS", n: 1 + Math.floor(rnd() * 400) }, { kind: "RANGE", from: "2026-04-01", to: "2026-11-25" }];
  const metrics = pick(METRICS, 1 + Math.floor(rnd() * 4));
  const dimensions = pick(DIMENSIONS, Math.floor(rnd() * 3));
  const ids = ["1", "42", "0192f3c4-aaaa-7bbb-8ccc-0123456789ab", "not-due", "A & B", "x,y", "p;q", "a~b", "क", "100%", "=1+1", "a+b c"];
  return {
    metrics,
    dimensions,
    filters: pick(DIMENSIONS, Math.floor(rnd() * 3)).map((dimension) => ({ dimension, op: "in", values: pick(ids, 1 + Math.floor(rnd() * 3)) })),
    window: pick(windows, 1)[0]!,
    compare: pick(COMPARES, 1)[0]!,
    order: rnd() < 0.5 ? [] : [{ by: metrics[0]!, desc: rnd() < 0.5 }],
  };
}

describe("a question and its address", () => {
  it("[ANA-06] [ANA-20] a question survives the way through the address, whatever its values hold", () => {
    for (let seed = 1; seed <= 400; seed++) {
      const q = anyQuestion(random(seed));
      const address = writeSearch(encode(q));
      expect(decode(readSearch(address)), `seed ${seed}: ${address}`).toEqual(q);
    }
  });

  it("[ANA-20] the address reads like the question", () => {
    const q: Question = { ...DEFAULT, metrics: ["nsv", "active-outlets"], dimensions: ["distributor"], filters: [{ dimension: "region", op: "in", values: ["1", "2"] }], order: [{ by: "nsv", desc: true }] };
    expect(writeSearch(encode(q))).toBe("?m=nsv,active-outlets&by=distributor&f=region:1,2&w=MTD&c=SAME_LAST_YEAR&s=-nsv");
  });

  it("[ANA-20] what an address says wrongly falls back to the default and never breaks the page", () => {
    expect(decode({})).toEqual(DEFAULT);
    expect(decode({ m: "drop table", by: "nothing", f: ":::;;x", w: "LAST_0_DAYS", c: "?", s: "-evil" })).toEqual(DEFAULT);
    expect(decode({ by: "all" }).dimensions).toEqual([]);
    expect(decode({ w: "2026-11-25..2026-04-01" }).window).toEqual({ kind: "RANGE", from: "2026-04-01", to: "2026-11-25" });
    expect(decode({ m: "nsv,nsv,bills" }).metrics).toEqual(["nsv", "bills"]);
  });
});

describe("the drill path", () => {
  const top: Question = { ...DEFAULT, dimensions: ["region"] };

  it("[ANA-06] goes region, territory, distributor, beat, outlet, bill, and each level keeps the filters above", () => {
    let q = top;
    const seen: string[] = [];
    for (const [dimension, id] of [["region", "1"], ["territory", "10"], ["distributor", "4"], ["beat", "b1"], ["outlet", "o1"]] as const) {
      q = drill(q, { [dimension]: id })!;
      seen.push(q.dimensions.join());
    }
    expect(seen).toEqual(["territory", "distributor", "beat", "outlet", "invoice"]);
    expect(q.filters.map((f) => `${f.dimension}=${f.values.join()}`)).toEqual(["region=1", "territory=10", "distributor=4", "beat=b1", "outlet=o1"]);
    expect(drill(q, { invoice: "i1" })).toBeNull();
  });

  it("[ANA-06] a distributor without beats goes straight to its outlets, as the server says", () => {
    const q = drill({ ...top, dimensions: ["distributor"] }, { distributor: "4" }, { dimensions: ["outlet"] })!;
    expect(q.dimensions).toEqual(["outlet"]);
  });

  it("[ANA-06] a figure that ends above the next level is left out, never shown as zero", () => {
    const q = drill({ ...top, metrics: ["nsv", "active-outlets"], dimensions: ["outlet"], order: [{ by: "active-outlets", desc: true }] }, { outlet: "o1" }, { dimensions: ["invoice"], metrics: ["nsv"] })!;
    expect(q.metrics).toEqual(["nsv"]);
    expect(q.order).toEqual([]);
  });

  it("[ANA-06] place and goods combine: a row of both narrows by both", () => {
    const q = drill({ ...top, dimensions: ["distributor", "category"] }, { distributor: "4", category: "7" })!;
    expect(q.filters.map((f) => f.dimension).sort()).toEqual(["category", "distributor"]);
    expect(q.dimensions).toEqual(["brand"]);
  });

  it("[ANA-06] a row that is not allocated opens nothing", () => {
    expect(drill(top, {})).toBeNull();
  });

  it("[ANA-06] the breadcrumb leads back level by level, and one level up undoes one level down", () => {
    const down = drill(drill(top, { region: "1" })!, { territory: "10" })!;
    expect(crumbs(down).map((c) => `${c.dimension}:${c.value}`)).toEqual(["null:null", "region:1", "territory:10"]);
    const back = crumbs(down)[1]!.question;
    expect(back.dimensions).toEqual(["territory"]);
    expect(back.filters.map((f) => f.dimension)).toEqual(["region"]);
    expect(up(down)!.dimensions).toEqual(["territory"]);
    expect(up(down)!.filters.map((f) => f.dimension)).toEqual(["region"]);
    expect(up(top)).toBeNull();
  });

  it("[ANA-06] other filters stay on the way down and up", () => {
    const q = withFilter(top, "brand", ["9"]);
    const down = drill(q, { region: "1" })!;
    expect(down.filters.map((f) => f.dimension)).toContain("brand");
    expect(up(down)!.filters.map((f) => f.dimension)).toEqual(["brand"]);
  });

  it("[ANA-06] single bills are not compared with last year, and going up compares again", () => {
    const q = drill({ ...top, dimensions: ["outlet"] }, { outlet: "o1" })!;
    expect(effective(q).compare).toBe("NONE");
    expect(effective(up(q)!).compare).toBe("SAME_LAST_YEAR");
  });

  it("every path ends", () => {
    for (const dimension of DIMENSIONS) {
      let d: string | null = dimension;
      for (let i = 0; i < 10 && d; i++) d = below(d);
      expect(d).toBeNull();
    }
  });
});
