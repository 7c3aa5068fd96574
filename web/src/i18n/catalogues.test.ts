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

describe("catalogues [LOC-03]", () => {
  it.each(english)("[LOC-03] %s has the same keys in Hindi", (path, file) => {
    const other = files[path.replace("/en/", "/hi/")];
    expect(other, `${path} has no Hindi twin`).toBeDefined();
    expect([...new Set(keys(other!.default))].sort()).toEqual([...new Set(keys(file.default))].sort());
  });

  it.each(english)("[LOC-03] %s keeps every placeholder in Hindi", (path, file) => {
    const other = new Map(texts(files[path.replace("/en/", "/hi/")]!.default));
    for (const [key, text] of texts(file.default)) {
      const twin = other.get(key);
      if (twin === undefined) continue;
      const names = (s: string) => [...s.matchAll(/\{\{(\w+)/g)].map((m) => m[1]).sort();
      expect(names(twin), key).toEqual(names(text));
    }
  });

  it.each(Object.entries(files))("[LOC-03] %s has no empty text", (_path, file) => {
    for (const [key, text] of texts(file.default)) expect(text.trim(), key).not.toBe("");
  });
});
