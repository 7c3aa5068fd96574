import { useEffect, useRef, useState } from "react";
import type { Bill } from "./entry";

/** Deciding a bill that took longer than this, in ms, waits until the key is painted: a frame has 16. */
const ROOM = 6;
/** What is painted is shown first, and a key that waits goes before the work, in ms. */
const REST = 8;
/** A page that is not painted decides all the same. */
const LATEST = 120;

/** Runs `work` once the frame that is being made is painted and `rest` ms have passed; the answer calls it off. */
export function afterPaint(work: () => void, rest = REST): () => void {
  let timer = setTimeout(work, LATEST);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    timer = setTimeout(work, rest);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** Whether what was decided for `before` may stand beside `now` for the moment until `now` is decided: the same bill, the same lines so far. */
export function follows(before: Bill, now: Bill): boolean {
  return before.id === now.id && before.outletId === now.outletId && before.lines.length <= now.lines.length && before.lines.every((line, i) => line.key === now.lines[i]!.key && line.skuId === now.lines[i]!.skuId);
}

/**
 * The bill to decide on: what is typed, at once where deciding is quick, else a moment after the key is painted. Posting never reads it; it decides
 * on what stands in the fields.
 * @param took how long the last decision took, in ms
 */
export function useAfterPaint(bill: Bill, took: () => number): Bill {
  const decided = useRef(bill);
  const [, repaint] = useState(0);
  const wait = decided.current !== bill && took() > ROOM && follows(decided.current, bill);
  if (!wait) decided.current = bill;
  useEffect(() => {
    if (!wait) return;
    return afterPaint(() => {
      decided.current = bill;
      repaint((n) => n + 1);
    });
  }, [bill, wait]);
  return decided.current;
}
