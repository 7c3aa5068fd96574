import i18next from "i18next";
import { initReactI18next } from "react-i18next";

/** Languages with whole catalogues; each file is loaded only when it is needed. */
export const languages = { en: "English", hi: "हिन्दी" } as const;
export type Language = keyof typeof languages;
export type Catalogue = "common" | "counter" | "tower" | "rulebook" | "tax" | "returns" | "claims" | "insight";

const files = import.meta.glob<{ default: Record<string, unknown> }>("./locales/*/*.json");
const KEY = "offtake.language";
let wanted: Catalogue[] = ["common"];

/** The language of this device: chosen here, else the account's, else the browser's. */
export function preferredLanguage(account?: string): Language {
  const said = [localStorage.getItem(KEY), account, ...navigator.languages];
  for (const tag of said) {
    const short = tag?.slice(0, 2);
    if (short && short in languages) return short as Language;
  }
  return "en";
}

/** Starts the texts of one build: the shared catalogue and its own. */
export async function startTexts(catalogues: Catalogue[], account?: string): Promise<void> {
  wanted = ["common", ...catalogues];
  const language = preferredLanguage(account);
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    ns: wanted,
    defaultNS: wanted[wanted.length - 1] ?? "common",
    fallbackNS: ["common", "insight"],
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false, nsMode: "fallback" },
  });
  await load(language);
  show(language);
}

/** Adds a catalogue that only some pages need; it comes with the page and follows the language from then on. */
export async function loadTexts(catalogue: Catalogue): Promise<void> {
  if (!wanted.includes(catalogue)) wanted = [...wanted, catalogue];
  await load((i18next.language ?? "en") as Language);
}

/** Changes the language of the page and keeps the choice on this device. */
export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEY, language);
  await load(language);
  await i18next.changeLanguage(language);
  show(language);
}

/** Loads a catalogue without showing it: paper may be in another language than the screen. */
export async function load(language: Language): Promise<void> {
  const needed = language === "en" ? ["en"] : ["en", language];
  await Promise.all(needed.flatMap((lng) => wanted.map(async (ns) => {
    if (i18next.hasResourceBundle(lng, ns)) return;
    const file = files[`./locales/${lng}/${ns}.json`];
    if (!file) throw new Error(`this build has no texts ${lng}/${ns}; vite.config.ts names those of each`);
    i18next.addResourceBundle(lng, ns, (await file()).default, true, true);
  })));
}

function show(language: Language): void {
  document.documentElement.lang = language;
  if (!i18next.isInitialized) return;
  if (i18next.language !== language) void i18next.changeLanguage(language);
}
