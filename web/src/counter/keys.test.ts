import { describe, expect, it } from "vitest";
import { Burst, combo } from "./keys";

const key = (code: string, more: Partial<KeyboardEvent> = {}) => ({ code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe("keys", () => {
  it("[UXP-01] are read from the place on the board, whatever the layout types", () => {
    expect(combo(key("KeyB", { altKey: true }))).toBe("Alt+B");
    expect(combo(key("NumpadEnter", { ctrlKey: true }))).toBe("Ctrl+Enter");
    expect(combo(key("F8", { ctrlKey: true }))).toBe("Ctrl+F8");
    expect(combo(key("Digit3", { altKey: true }))).toBe("Alt+3");
  });
});

function type(burst: Burst, text: string, gap: number, target: EventTarget | null = null) {
  let at = 1000;
  for (const c of text) burst.key(c, (at += gap), target);
  return burst.key("Enter", at + gap, target);
}

describe("scanner", () => {
  it("[UXP-01] 6 or more fast characters ended by Enter are a scan", () => {
    expect(type(new Burst(), "8901234567890", 8)).toBe("8901234567890");
    expect(type(new Burst(), "12345", 8)).toBeUndefined();
  });

  it("[UXP-01] typing is not a scan, even when it is quick", () => {
    expect(type(new Burst(), "sunbird", 60)).toBeUndefined();
  });

  it("[UXP-01] remembers what the field held before the burst", () => {
    const input = document.createElement("input");
    input.value = "24";
    const burst = new Burst();
    expect(type(burst, "8901234567890", 5, input)).toBe("8901234567890");
    expect(burst.before).toBe("24");
  });
});
