import { describe, expect, it } from "vitest";
import en from "../../i18n/locales/en/tower.json";
import hi from "../../i18n/locales/hi/tower.json";
import common from "../../i18n/locales/en/common.json";
import { RAIL } from "../frame/pages";
import { COMPARES, DIMENSIONS, METRICS, WINDOWS } from "../insight/question";
import { fieldsOf, PRICE_LINES, REGISTERS, type FieldDef } from "../masters/registers";
import { BASES, MECHANICS, NEW_SCHEME, REWARDS, STAGES } from "../masters/schememodel";

const sources = import.meta.glob<string>("../**/*.{ts,tsx}", { eager: true, query: "?raw", import: "default" });

function has(catalogue: object, key: string): boolean {
  let node: unknown = catalogue;
  for (const part of key.split(".")) {
    if (typeof node !== "object" || node === null) return false;
    node = (node as Record<string, unknown>)[part];
  }
  return node !== undefined;
}

const known = (key: string) => has(en, key) || has(en, `${key}_other`) || has(common, key) || has(common, `${key}_other`);
const missing = (keys: string[]) => keys.filter((k) => !known(k));

describe("texts of the tower", () => {
  it("[LOC-02] every key written in the code is in the catalogue", () => {
    const keys = Object.entries(sources)
      .filter(([path]) => !path.includes(".test."))
      .flatMap(([, source]) => [...source.matchAll(/\bt\("([a-zA-Z][\w.-]*)"/g)].map((m) => m[1]!));
    expect(keys.length).toBeGreaterThan(300);
    expect(missing([...new Set(keys)])).toEqual([]);
  });

  it("[LOC-02] every register, field, choice and filter has its words", () => {
    const field = (f: FieldDef): string[] => [
      ...(f.kind === "kept" ? [] : [`field.${f.name}`]),
      ...(f.choices ?? []).map((c) => `choice.${f.words ?? f.name}.${c}`),
      ...(f.rows ?? []).flatMap(field),
      ...(f.kind === "rows" ? [`form.add.${f.name}`] : []),
    ];
    const keys = [...REGISTERS, PRICE_LINES].flatMap((r) => [
      `masters.${r.type}.one`, `masters.${r.type}.many`, `masters.${r.type}.about`, `masters.group.${r.group}`,
      ...r.sections.map((s) => `section.${s.id}`),
      ...r.columns.map((c) => `field.${c.id}`),
      ...r.filters.flatMap((x) => [`field.${x.id}`, ...(x.choices ?? []).map((c) => `choice.${x.words ?? x.id}.${c}`)]),
      ...fieldsOf(r).flatMap(field),
    ]);
    expect(missing([...new Set(keys)])).toEqual([]);
  });

  it("[LOC-02] every figure, dimension, window, page and part of a scheme has its words", () => {
    const scheme = ["exclusionGroup", "priority", "principalSharePercent", "claimable", "groups", "channels", "classes"].filter((k) => k in NEW_SCHEME);
    expect(missing([
      ...METRICS.map((m) => `metric.${m}`), ...DIMENSIONS.flatMap((d) => [`dimension.${d}`, `dimensions.${d}`]), ...WINDOWS.map((w) => `window.${w}`), ...COMPARES.flatMap((c) => [`compare.${c}`, `compare.short.${c}`]),
      ...RAIL.flatMap((r) => [`rail.${r.id}`, `help.of.${r.id}`]), ...MECHANICS.map((m) => `choice.mechanicOf.${m}`), ...REWARDS.flatMap((r) => [`choice.rewardType.${r}`, `scheme.amount.${r}`, `scheme.reward.${r}`]),
      ...STAGES.map((s) => `choice.stage.${s}`), ...BASES.map((b) => `choice.basis.${b}`), ...scheme.map((k) => `field.${k}`),
    ])).toEqual([]);
  });

  it("[LOC-02] Hindi is written in Hindi: no English sentence is left in it", () => {
    const english: string[] = [];
    const walk = (a: object, b: object, path: string) => {
      for (const [key, value] of Object.entries(a)) {
        const other = (b as Record<string, unknown>)[key];
        if (typeof value === "string") {
          if (value === other && /[a-z]{4,} [a-z]{2,}/.test(value)) english.push(path + key);
        } else walk(value as object, other as object, `${path}${key}.`);
      }
    };
    walk(en, hi, "");
    expect(english).toEqual([]);
  });
});
