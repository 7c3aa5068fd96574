import { useEffect, useLayoutEffect, useRef } from "react";
import { dialogOpen } from "../ui/modal";

/** The key of an event as it is printed in helps: `Ctrl+Enter`, `Alt+B`, `F8`. Read from the place on the board, so it is the same under a Hindi or Arabic layout. */
export function combo(event: Pick<KeyboardEvent, "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const code = event.code.replace(/^Key|^Digit/, "").replace("NumpadEnter", "Enter").replace(/^Arrow/, "").replace("PageUp", "PgUp").replace("PageDown", "PgDn");
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${code}`;
}

/** Answers true, or nothing, when it took the key; false lets others have it. */
export type KeyHandler = (event: KeyboardEvent) => boolean | void;
export type KeyMap = Record<string, KeyHandler>;

const stack: { current: KeyMap }[] = [];

function onKeyDown(event: KeyboardEvent) {
  if (event.isComposing || event.keyCode === 229) return;
  // a dialog has the keys to itself; the screen under it must not take its Enter
  if (dialogOpen() || (event.target as Element | null)?.closest?.('[role="dialog"]')) return;
  const name = combo(event);
  for (let i = stack.length - 1; i >= 0; i--) {
    const handler = stack[i]!.current[name] ?? stack[i]!.current["*"];
    if (handler && handler(event) !== false) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
  }
}

/** Takes keys while the component lives; what was added last is asked first. Nothing fires while a word is being composed. */
export function useKeys(map: KeyMap, active = true): void {
  const holder = useRef(map);
  holder.current = map;
  // before the next paint: the key that follows what opened this screen, or closed a dialog over it, must find its handler
  useLayoutEffect(() => {
    if (!active) return;
    if (stack.length === 0) addEventListener("keydown", onKeyDown);
    stack.push(holder);
    return () => {
      stack.splice(stack.indexOf(holder), 1);
      if (stack.length === 0) removeEventListener("keydown", onKeyDown);
    };
  }, [active]);
}

const BURST_GAP = 35;
const BURST_LENGTH = 6;

/** Watches for a scanner: 6 or more characters less than 35 ms apart, ended by Enter or Tab. */
export class Burst {
  private text = "";
  private lastAt = 0;
  private target: EventTarget | null = null;
  /** Value of the focused field before the burst, to be put back when it was a scan. */
  before = "";

  /** The scanned text when this key ends a burst. */
  key(key: string, at: number, target: EventTarget | null): string | undefined {
    const fast = at - this.lastAt < BURST_GAP && target === this.target;
    this.lastAt = at;
    if (key === "Enter" || key === "Tab") {
      const text = this.text;
      this.text = "";
      return fast && text.length >= BURST_LENGTH ? text : undefined;
    }
    if (key.length !== 1) return undefined;
    if (!fast) {
      this.text = "";
      this.target = target;
      this.before = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target.value : "";
    }
    this.text += key;
    return undefined;
  }
}

/** Sends scanner bursts to `onScan` whatever has focus, except a note; the field gets back what it held before. */
export function useScanner(onScan: (text: string) => void): void {
  const holder = useRef(onScan);
  holder.current = onScan;
  useEffect(() => {
    const burst = new Burst();
    const listen = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      if (target?.closest?.("[data-note]") || event.ctrlKey || event.altKey || event.metaKey) return;
      const scanned = burst.key(event.key, event.timeStamp, target);
      if (scanned === undefined) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (target instanceof HTMLInputElement) restore(target, burst.before);
      holder.current(scanned);
    };
    addEventListener("keydown", listen, true);
    return () => removeEventListener("keydown", listen, true);
  }, []);
}

function restore(input: HTMLInputElement, value: string): void {
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
  set?.call(input, value);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
