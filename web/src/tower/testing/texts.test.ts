import { describe, expect, it } from "vitest";
import en from "../../i18n/locales/en/tower.json";
import hi from "../../i18n/locales/hi/tower.json";
import common from "../../i18n/locales/en/common.json";
import { PLACES, RAIL } from "../frame/pages";
import { AWAITS, BANDS, EVIDENCE_KINDS, LEVELS, OUTCOMES, OVERRULE, STATUSES as CLAIM_STATES, TREATMENTS, TYPES } from "../../claims/api";
import { STAGES as SPEND_STAGES } from "../claims/spend";
import { COMPARES, DIMENSIONS, WINDOWS } from "../insight/question";
import { fieldsOf, PRICE_LINES, REGISTERS, type FieldDef } from "../masters/registers";
import { BASES_OF, CONDITIONS, FAMILIES, FLAGS, FREE_TAX, IF_SHORT, KINDS, LIMIT_SCOPES, LISTS, PERIODS, RETURNS, REWARDS, STAGES_OF } from "../schemes/model";
import { KINDS as CHANGE_KINDS, STATES } from "../changes/api";
import rules from "../../i18n/locales/en/rulebook.json";
import catalogue from "../../../../server/src/main/resources/insight/catalogue.json";
import insight from "../../i18n/locales/en/insight.json";
import insightHi from "../../i18n/locales/hi/insight.json";
import claims from "../../i18n/locales/en/claims.json";
import returned from "../../i18n/locales/en/returns.json";
import claimsHi from "../../i18n/locales/hi/claims.json";
import rulesHi from "../../i18n/locales/hi/rulebook.json";

import counter from "../../i18n/locales/en/counter.json";

const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "../../claims/*.{ts,tsx}", "../../counter/claims/*.tsx"], { eager: true, query: "?raw", import: "default" });

function has(catalogue: object, key: string): boolean {
  let node: unknown = catalogue;
  for (const part of key.split(".")) {
    if (typeof node !== "object" || node === null) return false;
    node = (node as Record<string, unknown>)[part];
  }
  return node !== undefined;
}

const isRuled = (path: string) => /\/(schemes|changes)\//.test(path);
const isClaims = (path: string) => /\/claims\//.test(path);
const isReturns = (path: string) => /\/tower\/returns\/|^\.\.\/returns\//.test(path);
const knownToReturns = (key: string) => has(returned, key) || has(returned, `${key}_other`) || has(claims, key) || has(claims, `${key}_other`) || known(key);
const knownToClaims = (key: string) => has(claims, key) || has(claims, `${key}_other`) || known(key) || has(counter, key) || has(counter, `${key}_other`);
const knownThere = (key: string) => has(rules, key) || has(rules, `${key}_other`) || known(key);
const known = (key: string) => has(insight, key) || has(insight, `${key}_other`) || has(en, key) || has(en, `${key}_other`) || has(common, key) || has(common, `${key}_other`);
const missing = (keys: string[]) => keys.filter((k) => !known(k));

describe("texts of the tower", () => {
  it("[LOC-02] every key written in the code is in the catalogue", () => {
    const keys = Object.entries(sources)
      .filter(([path]) => !path.includes(".test.") && !isRuled(path) && !isClaims(path) && !isReturns(path))
      .flatMap(([, source]) => [...source.matchAll(/\bt\("([a-zA-Z][\w.-]*)"/g)].map((m) => m[1]!));
    expect(keys.length).toBeGreaterThan(300);
    expect(missing([...new Set(keys)])).toEqual([]);
  });

  it("[LOC-02] every key written in the page of returns is in the catalogues it brings, or the tower's", () => {
    const keys = Object.entries(sources)
      .filter(([path]) => !path.includes(".test.") && isReturns(path))
      .flatMap(([, source]) => [...source.matchAll(/\bt\("([a-zA-Z][\w.-]*)"/g)].map((m) => m[1]!));
    expect(keys.length).toBeGreaterThan(30);
    expect([...new Set(keys)].filter((k) => !knownToReturns(k))).toEqual([]);
  });

  it("[LOC-02] every key written in the rule book's pages is in its catalogue or the tower's", () => {
    const keys = Object.entries(sources)
      .filter(([path]) => !path.includes(".test.") && isRuled(path))
      .flatMap(([, source]) => [...source.matchAll(/\bt\("([a-zA-Z][\w.-]*)"/g)].map((m) => m[1]!));
    expect(keys.length).toBeGreaterThan(200);
    expect([...new Set(keys)].filter((k) => !knownThere(k))).toEqual([]);
  });

  it("[LOC-02] [SCH-04] every kind, condition, limit, period and state of the rule book has its words", () => {
    expect([
      ...KINDS.flatMap((k) => [`kind.${k}.name`, `kind.${k}.what`, `kind.${k}.example`, ...STAGES_OF[k].map((s) => `stage.${s}`), ...(BASES_OF[k] ?? []).map((b) => `basis.${b}`)]),
      ...FAMILIES.flatMap((x) => [`kinds.${x.id}`, `kinds.${x.id}Text`]), ...CONDITIONS.map((c) => `condition2.${c}`), ...[...LISTS, ...FLAGS, "dayparts"].map((c) => `conditionSays.${c}`),
      ...PERIODS.flatMap((p) => [`period.${p}`, `periodOf.${p}`]), ...FREE_TAX.flatMap((x) => [`freeTax.${x}`, `freeTaxMeans.${x}`]), ...IF_SHORT.map((x) => `ifShort.${x}`), ...RETURNS.map((x) => `returnPolicy.${x}`),
      ...REWARDS.flatMap((r) => [`rewardKind.${r}`, `says.reward.${r}`, `says.reward.${r}Later`]), ...LIMIT_SCOPES.flatMap((x) => [`limit.${x}`, `says.limit.${x}`]),
      ...CHANGE_KINDS.map((k) => `changeKind.${k}`), ...[...STATES, "LIVE", "SCHEDULED", "ENDED"].map((x) => `changeState.${x}`),
      ...["submission", "approval", "rejection", "withdrawal", "rollback", "review", "reversal"].flatMap((a) => [`change.ask.${a}`, `change.askText.${a}`, `change.do.${a}`]),
    ].filter((k) => !has(rules, k) && !has(rules, `${k}_other`))).toEqual([]);
  });

  it("[LOC-02] [CLM-17] every key, state, rule and reason of claims has its words", () => {
    const keys = Object.entries(sources)
      .filter(([path]) => !path.includes(".test.") && isClaims(path))
      .flatMap(([, source]) => [...source.matchAll(/\bt\("([a-zA-Z][\w.-]*)"/g)].map((m) => m[1]!));
    expect(keys.length).toBeGreaterThan(150);
    expect([
      ...new Set([...keys, ...CLAIM_STATES.map((s) => `status.${s}`), ...AWAITS.flatMap((a) => [`awaits.${a}`, `owner.${a}`]), ...BANDS.map((b) => `band.${b}`), ...LEVELS.map((l) => `level.${l}`), ...OUTCOMES.map((o) => `outcome.${o}`), ...TYPES.map((x) => `type.${x}`), ...EVIDENCE_KINDS.map((e) => `evidence.${e}`), ...TREATMENTS.flatMap((x) => [`treatment.${x}`, `treatmentWhy.${x}`]), ...OVERRULE.map((r) => `reason.${r}`), ...SPEND_STAGES.flatMap((s) => [`stage.${s}`, `stageWhat.${s}`])]),
    ].filter((k) => !knownToClaims(k))).toEqual([]);
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

  it("[LOC-02] every figure, dimension, window and page has its words", () => {
    expect(missing([
      ...catalogue.metrics.map((m) => `metric.${m.id}`), ...Object.keys(catalogue.reasons).map((r) => `reason.${r}`), ...[...catalogue.dimensions.map((d) => d.id), ...DIMENSIONS].flatMap((d) => [`dimension.${d}`, `dimensions.${d}`]), ...WINDOWS.map((w) => `window.${w}`), ...COMPARES.flatMap((c) => [`compare.${c}`, `compare.short.${c}`]),
      ...RAIL.map((r) => `rail.${r.id}`), ...PLACES.flatMap((p) => [`rail.${p.id}`, `help.of.${p.id}`]),
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
    walk(rules, rulesHi, "rulebook.");
    walk(claims, claimsHi, "claims.");
    walk(insight, insightHi, "insight.");
    expect(english).toEqual([]);
  });
});
