import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeLanguage, languages, type Language } from "../../i18n";
import { left, printed } from "../../offline/policy";
import { Field } from "../../ui";
import { setTheme, theme, type Theme } from "../../ui/theme";
import { Screen } from "../list";
import { useWorkspace } from "../workspace";
import { PinCard } from "./pin-card";
import { setPreferences, usePreferences, type PaperSize } from "./preferences";

/** C19: paper, language, look, godown; the number series as the server keeps them. Each choice holds at once. */
export function SettingsScreen() {
  const { t, i18n } = useTranslation();
  const { context, me, device, leases } = useWorkspace();
  const prefs = usePreferences();
  const [look, setLook] = useState<Theme>(theme);
  return (
    <Screen title={t("place.settings")} note={t("settings.note")}>
      <div className="cards">
        <section className="card">
          <h2>{t("settings.paper")}</h2>
          <div className="papers" role="radiogroup" aria-label={t("settings.paper")}>
            {(["A4", "A5", "80mm"] as PaperSize[]).map((size) => (
              <button key={size} type="button" role="radio" aria-checked={prefs.paper === size} className={`sheet-pick p-${size}`} onClick={() => setPreferences({ paper: size })}><i aria-hidden="true" /><b>{size}</b><span className="s m">{t(`settings.${size}`)}</span></button>
            ))}
          </div>
          {prefs.paper === "A5" && <label className="row check"><input type="checkbox" checked={prefs.landscape} onChange={(e) => setPreferences({ landscape: e.target.checked })} />{t("settings.landscape")}</label>}
          <Field label={t("settings.copies")}>{(ids) => <select className="input" {...ids} value={prefs.copies} onChange={(e) => setPreferences({ copies: Number(e.target.value) as 1 | 2 | 3 })}>{[1, 2, 3].map((n) => <option key={n} value={n}>{t(`settings.copies${n}`)}</option>)}</select>}</Field>
          <Field label={t("settings.paperLanguage")}>{(ids) => <select className="input" {...ids} value={prefs.paperLanguage} onChange={(e) => setPreferences({ paperLanguage: e.target.value as Language | "screen" })}><option value="screen">{t("settings.asScreen")}</option>{Object.entries(languages).map(([code, name]) => <option key={code} value={code}>{name}</option>)}</select>}</Field>
          <label className="row check"><input type="checkbox" checked={prefs.printAfterPosting} onChange={(e) => setPreferences({ printAfterPosting: e.target.checked })} />{t("settings.printAfterPosting")}</label>
        </section>
        <section className="card">
          <h2>{t("settings.look")}</h2>
          <Field label={t("language", { ns: "common" })}>{(ids) => <select className="input" {...ids} value={i18n.language} onChange={(e) => void changeLanguage(e.target.value as Language)}>{Object.entries(languages).map(([code, name]) => <option key={code} value={code}>{name}</option>)}</select>}</Field>
          <Field label={t("theme.label", { ns: "common" })}>{(ids) => <select className="input" {...ids} value={look} onChange={(e) => { setTheme(e.target.value as Theme); setLook(e.target.value as Theme); }}>{(["system", "light", "dark"] as Theme[]).map((name) => <option key={name} value={name}>{t(`theme.${name}`, { ns: "common" })}</option>)}</select>}</Field>
          {context && context.warehouses.length > 1 && <Field label={t("settings.godown")}>{(ids) => <select className="input" {...ids} value={prefs.warehouseId ?? context.warehouses[0]?.id} onChange={(e) => setPreferences({ warehouseId: e.target.value })}>{context.warehouses.map((w) => <option key={w.id} value={w.id}>{w.name}</option>)}</select>}</Field>}
        </section>
        <section className="card">
          <h2>{t("settings.series")}</h2>
          <p className="m s">{t(leases.length ? "settings.seriesNote" : "settings.noSeries")}</p>
          {leases.length > 0 && <table className="tbl small"><thead><tr><th>{t("field.kind")}</th><th className="n">{t("settings.next")}</th><th className="n">{t("settings.left")}</th></tr></thead><tbody>{leases.filter((l) => l.state === "ACTIVE").map((l) => <tr key={l.series}><td>{t(`kind.${l.documentType}`, { defaultValue: l.documentType })}</td><td className="n">{left(l) > 0 ? printed(l, l.next) : "–"}</td><td className="n">{left(l)}</td></tr>)}</tbody></table>}
        </section>
        <PinCard />
        <section className="card">
          <h2>{t("settings.seller")}</h2>
          <dl className="facts">
            <dt>{t("settings.sellerName")}</dt><dd>{context?.distributor.name}</dd>
            <dt>{context?.paper?.taxIdName || "GSTIN"}</dt><dd className="num">{context?.distributor.gstin ?? "–"}</dd>
            <dt>FSSAI</dt><dd className="num">{context?.distributor.fssai ?? "–"}</dd>
            <dt>UPI</dt><dd className="num">{context?.distributor.upiId ?? t("settings.noUpi")}</dd>
            <dt>{t("settings.person")}</dt><dd>{me.name} · {me.username}</dd>
            <dt>{t("settings.device")}</dt><dd className="num s">{device?.code ? `${device.code} · ` : ""}{device?.id ?? "–"}</dd>
          </dl>
        </section>
      </div>
    </Screen>
  );
}
