import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import catalogue from "../../../../server/src/main/resources/insight/catalogue.json";
import model from "../../../../server/src/main/resources/insight/score-model.json";
import en from "../../i18n/locales/en/insight.json";
import hi from "../../i18n/locales/hi/insight.json";
import common from "../../i18n/locales/hi/common.json";
import tower from "../../i18n/locales/hi/tower.json";
import { formats } from "../format";
import { definitionText, whoseText } from "../insight/words";
import type { Answer } from "../insight/api";
import type { Component, Health } from "./api";
import { acceptedText, archetypeName, behaviourText, clauseText, dataReason, eventText, faultText, ownerName, periodName, pillarReason, planTitle, playbookTitle, proposalText, saidText, suggestedWhy, taskText, warningText } from "./words";

const t = () => i18next.getFixedT("hi");
const f = formats("hi", "INR");

describe("what the health of a distributor says", () => {
  beforeAll(() => i18next.init({ lng: "hi", ns: ["insight", "tower", "common"], defaultNS: "insight", fallbackNS: "tower", resources: { hi: { insight: hi, tower, common } }, interpolation: { escapeValue: false } }));

  it("[DST-06] [LOC-02] every component and band of the build's model has its words in both languages", () => {
    for (const component of model.pillars.flatMap((p) => p.components)) {
      expect(en.health.behaviour[component.component as keyof typeof en.health.behaviour], component.component).toBe(component.behaviour);
      expect(en.health.componentName[component.component as keyof typeof en.health.componentName], component.component).toBe(component.label);
      expect(hi.health.behaviour[component.component as keyof typeof hi.health.behaviour], component.component).toMatch(/[\u0900-\u097f]/);
    }
    for (const band of model.bands) expect(hi.health.bandHelp[band.band as keyof typeof hi.health.bandHelp], band.band).toMatch(/[\u0900-\u097f]/);
  });

  it("[ANA-01] [LOC-02] every metric has its formula in Hindi; the English one is the catalogue's", () => {
    for (const metric of catalogue.metrics) {
      expect(en.definition[metric.id as keyof typeof en.definition], metric.id).toBe(metric.definition);
      expect(definitionText(t(), metric.id, metric.definition), metric.id).toMatch(/[\u0900-\u097f]/);
    }
    expect(Object.keys(en.definition)).toHaveLength(catalogue.metrics.length);
  });

  it("[DST-13] [LOC-02] a playbook's plan reads in Hindi, down to its log; what people wrote stays as they wrote it", () => {
    expect(planTitle(t(), { playbook: "STOP_PUSH", title: "Stop pushing stock" })).toBe("माल ठूँसना बंद करें");
    expect(planTitle(t(), { playbook: null, title: "Beat 4 first" })).toBe("Beat 4 first");
    expect(taskText(t(), "STOP_PUSH", 2, "Plan the liquidation of the ten SKUs with most cover")).toMatch(/^सबसे अधिक कवर/);
    expect(proposalText(t(), "RECOVER", 0, "Agree on a 90-day recovery plan")).toBe("90 दिन की सुधार योजना तय करें");
    expect(proposalText(t(), "OF_LATER", 0, "Something new")).toBe("Something new");
    expect(saidText(t(), f, { text: "done: Plan the liquidation", says: { key: "done", parameters: { what: "Plan the liquidation", task: "2" } } }, "STOP_PUSH")).toMatch(/^हुआ: सबसे अधिक कवर/);
    expect(saidText(t(), f, { text: "closed, REACHED: ok", says: { key: "closed", parameters: { outcome: "REACHED", note: "ठीक" } } }, null)).toBe("बंद, पूरा हुआ: ठीक");
    expect(saidText(t(), f, { text: "we met", says: null }, null)).toBe("we met");
    expect(ownerName(t(), "owner")).toBe("उनके मालिक");
    expect(ownerName(t(), "radhika")).toBe("radhika");
  });

  it("[DST-13] [LOC-02] suggestions, warnings, events and reasons read in Hindi", () => {
    const suggested: Health["suggested"][number] = { playbook: "REPAIR_FINANCE", title: "x", why: "financial hygiene is 38.2", says: { key: "REPAIR_FINANCE", parameters: { score: "38.2" } }, proposals: [] };
    expect(suggestedWhy(t(), f, suggested)).toBe("वित्तीय स्वच्छता 38.2 है");
    expect(suggestedWhy(t(), f, { ...suggested, says: null })).toBe("financial hygiene is 38.2");
    expect(warningText(t(), { code: "OVERDUE_RISING", text: "x", question: null })).toMatch(/दो महीने बढ़ा/);
    expect(pillarReason(t(), f, "INSUFFICIENT", "40")).toBe("इसके केवल 40 % भार के आँकड़े हैं");
    expect(pillarReason(t(), f, "NO_DATA_15_DAYS")).toBe("15 दिन से कोई डेटा नहीं");
    expect(eventText(t(), f, { at: "", kind: "BAND", text: "FIX → SUSTAIN", says: { key: "band", parameters: { from: "FIX", to: "SUSTAIN" } } }, (c) => c)).toBe("सुधार → बनाए रखें");
    expect(eventText(t(), f, { at: "", kind: "PLAN", text: "90 days to recover: opened: low", says: { key: "opened", parameters: { why: "low" } }, subject: "90 days to recover", playbook: "RECOVER" }, (c) => c)).toBe("सुधार के 90 दिन: खुली: low");
    expect(eventText(t(), f, { at: "", kind: "CONTEST", text: "x", says: { key: "contested", parameters: { component: "OVERDUE", until: "2026-10-31", reason: "भुगतान हो चुका" } } }, () => "बकाया का हिस्सा")).toMatch(/बकाया का हिस्सा पर आपत्ति: भुगतान हो चुका$/);
    expect(archetypeName(t(), "MIXED · M · NEW")).toBe("मिला-जुला बाज़ार · M · नया");
    expect(periodName(t(), f, { kind: "PROVISIONAL", end: "2026-11-22", label: "4 weeks to 2026-11-22" })).toMatch(/तक के 4 सप्ताह$/);
    const component = { component: "PUSH", behaviour: "Take from the principal what you sell on" } as Component;
    expect(behaviourText(t(), component, 0)).toMatch(/[\u0900-\u097f]/);
    expect(behaviourText(t(), component, 3)).toBe(component.behaviour);
  });

  it("[FED-03] [LOC-02] what a feed got wrong reads in Hindi; numbers and faults of before stay as they are", () => {
    expect(Object.keys(hi.data.fault)).toEqual(Object.keys(en.data.fault));
    expect(faultText(t(), { detail: "tax is 4.00, taxable × rate is 5.00", says: { key: "TAX_OFF", parameters: { tax: "4.00", expected: "5.00" } } })).toBe("कर 4.00 है, कर योग्य मूल्य × दर 5.00 होता है");
    expect(faultText(t(), { detail: "of before" })).toBe("of before");
    expect(acceptedText(t(), { accepted: "5.00 ± 1", accepts: null })).toBe("5.00 ± 1");
    expect(acceptedText(t(), { accepted: "a day up to 2026-11-16", accepts: { key: "DAY_UP_TO", parameters: { day: "2026-11-16" } } })).toBe("2026-11-16 तक का कोई दिन");
  });

  it("[DST-10] [LOC-02] data health and the scope of an answer read in Hindi", () => {
    expect(dataReason(t(), f, { reason: "FC-1 of 2026-11-24 has not come", says: { key: "missing", parameters: { type: "FC-1", day: "2026-11-24" } } })).toMatch(/का सेकंडरी बिक्री नहीं आया।$/);
    expect(dataReason(t(), f, { reason: "old words" })).toBe("old words");
    expect(clauseText(t(), "11.4.tax")).toBe("कर = कर योग्य मूल्य × दर, 1 तक");
    expect(clauseText(t(), "FC-1.outlet_ext_id")).toBe("सेकंडरी बिक्री: फ़ील्ड outlet_ext_id");
    expect(clauseText(t(), "FC-ENV.mode")).toBe("बैच का लिफ़ाफ़ा (mode)");
    expect(clauseText(t(), "12.1.later")).toBe("12.1.later");
    const answer = { currency: "INR", whose: { distributors: 13, name: null, principals: 1, without: ["London (GBP)"] } } as unknown as Answer;
    expect(whoseText(t(), "hi", answer)).toBe("13 वितरक, 1 कंपनी; INR में, London (GBP) के बिना");
    expect(whoseText(t(), "hi", { scope: "13 distributors" } as Answer)).toBe("13 distributors");
    expect(playbookTitle(t(), "OF_LATER")).toBe("OF_LATER");
  });
});
