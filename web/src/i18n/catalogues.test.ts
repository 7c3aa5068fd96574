import { describe, expect, it } from "vitest";

const files = import.meta.glob<{ default: Record<string, unknown> }>("./locales/*/*.json", { eager: true });

/** Keys of a catalogue as dotted paths; plural endings count once, because languages differ in them. */
function keys(node: Record<string, unknown>, path = ""): string[] {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === "string" ? [`${path}${key.replace(/_(zero|one|two|few|many|other)$/, "")}`] : keys(value as Record<string, unknown>, `${path}${key}.`));
}

function texts(node: Record<string, unknown>, path = ""): [string, string][] {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === "string" ? [[`${path}${key}`, value] as [string, string]] : texts(value as Record<string, unknown>, `${path}${key}.`));
}

const english = Object.entries(files).filter(([path]) => path.startsWith("./locales/en/"));

describe("catalogues [LOC-02]", () => {
  it.each(english)("[LOC-02] %s has the same keys in Hindi", (path, file) => {
    const other = files[path.replace("/en/", "/hi/")];
    expect(other, `${path} has no Hindi twin`).toBeDefined();
    expect([...new Set(keys(other!.default))].sort()).toEqual([...new Set(keys(file.default))].sort());
  });

  it.each(english)("[LOC-02] %s keeps every placeholder in Hindi", (path, file) => {
    const other = new Map(texts(files[path.replace("/en/", "/hi/")]!.default));
    for (const [key, text] of texts(file.default)) {
      const twin = other.get(key);
      if (twin === undefined) continue;
      const names = (s: string) => [...s.matchAll(/\{\{(\w+)/g)].map((m) => m[1]).sort();
      expect(names(twin), key).toEqual(names(text));
    }
  });

  it.each(Object.entries(files))("[LOC-02] %s has no empty text", (_path, file) => {
    for (const [key, text] of texts(file.default)) expect(text.trim(), key).not.toBe("");
  });
});

const sources = import.meta.glob<string>(["../counter/**/*.{ts,tsx}", "../ui/*.tsx", "../signin/*.tsx", "../api/*.ts", "!../**/*.test.*"], { eager: true, query: "?raw", import: "default" });
const known = new Set([...Object.entries(files)].filter(([path]) => path.startsWith("./locales/en/") && !path.includes("tower")).flatMap(([, file]) => keys(file.default)));

describe("texts in the screens [LOC-02]", () => {
  it("[LOC-02] every key that a screen asks for is in the catalogues", () => {
    const missing: string[] = [];
    for (const [path, text] of Object.entries(sources)) {
      for (const match of text.matchAll(/\bt\(\s*"([\w.-]+)"/g)) if (!known.has(match[1]!)) missing.push(`${path}: ${match[1]}`);
      for (const match of text.matchAll(/"((?:bill|paper|pill|sync|receive|collect|orders|daybook|quantity|stock)\.\w+)"/g)) if (!known.has(match[1]!)) missing.push(`${path}: ${match[1]}`);
    }
    expect(missing).toEqual([]);
  });

  it("[LOC-02] every key of the counter's help has a text", async () => {
    const { keyHelp } = await import("../counter/help");
    const missing = Object.values(keyHelp).flat().filter(([, text]) => !known.has(`key.${text}`));
    expect(missing).toEqual([]);
  });
});
