import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import rules from "../../../../server/src/main/resources/insight/alert-rules.json";
import en from "../../i18n/locales/en/insight.json";
import hi from "../../i18n/locales/hi/insight.json";
import { formats } from "../format";
import { alertSentence, alertSteps, alertTitle, logText, SAYS, valueLabel, VALUES } from "./alertwords";

const t = () => i18next.getFixedT("hi");
const f = formats("hi", "INR");
const old = { rule: "DATA_LATE", ruleVersion: 0, title: "Data are late", sentence: "No data since 2026-11-10: 5 working days", subject: null, steps: ["Call the distributor", "Check device, line and feed"] };

describe("what alerts say", () => {
  beforeAll(() => i18next.init({ lng: "hi", ns: ["insight"], defaultNS: "insight", resources: { hi: { insight: hi } }, interpolation: { escapeValue: false } }));

  it("[ANA-13] [LOC-02] every sentence, value, rule and step has its words in both languages", () => {
    for (const words of [en.alertSays, hi.alertSays] as Record<string, unknown>[]) {
      for (const key of SAYS) expect(words[key], key).toBeTypeOf("string");
      for (const key of VALUES) expect((words.value as Record<string, string>)[key], key).toBeTypeOf("string");
      for (const rule of rules) {
        const own = (words.rule as Record<string, Record<string, string>>)[rule.code]!;
        expect(Object.keys(own).length, rule.code).toBe(1 + rule.steps.length);
      }
    }
    expect(rules.map((rule) => en.alertSays.rule[rule.code as keyof typeof en.alertSays.rule].name)).toEqual(rules.map((rule) => rule.name));
  });

  it("[ANA-13] a Hindi reader reads Hindi, with numbers and days as they are written there", () => {
    const alert = { ...old, says: { key: "silent", parameters: { since: "2026-11-10", days: "5" } } };
    expect(alertTitle(t(), alert)).toBe("डेटा देर से आ रहा है");
    expect(alertSentence(t(), f, alert)).toMatch(/^.*नव.* से कोई डेटा नहीं: 5 कार्य दिवस$/);
    expect(alertSteps(t(), alert)).toEqual(["वितरक को फ़ोन करें", "डिवाइस, लाइन और फ़ीड देखें"]);
    expect(alertSentence(t(), f, { ...alert, subject: "GLU-100", says: { key: "drop", parameters: { percent: "81.5", months: "3" } } })).toBe("GLU-100: 3 महीनों के औसत से 81.5 % कम");
    expect(valueLabel(t(), f, { label: "Primary, 3 months", value: "1", unit: "base-unit", key: "primary" })).toBe("प्राइमरी, 3 महीने");
    expect(logText(t(), f, { action: "ASSIGNED", text: "to radhika" })).toBe("ज़िम्मेदार radhika");
  });

  it("[ANA-13] alerts of before, and rules with a name of their own, say what was written", () => {
    expect(alertSentence(t(), f, { ...old, says: null })).toBe(old.sentence);
    expect(alertTitle(t(), { ...old, ruleVersion: 3, title: "कल से कुछ नहीं" })).toBe("कल से कुछ नहीं");
    expect(alertSteps(t(), { ...old, ruleVersion: 3 })).toEqual(old.steps);
    expect(valueLabel(t(), f, { label: "Primary, 3 months", value: "1", unit: "base-unit" })).toBe("Primary, 3 months");
    expect(logText(t(), f, { action: "SNOOZED", text: "until 2026-12-01: फ़सल का समय" })).toContain(": फ़सल का समय");
  });
});
