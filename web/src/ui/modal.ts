import { useLayoutEffect, useRef, type RefObject } from "react";

/** What is open over the screen, the topmost last. */
const open: { box: RefObject<HTMLElement | null>; close: RefObject<() => void> }[] = [];

/** Whether a dialog is open, or on its way: the screen under it then takes no keys. */
export const dialogOpen = (): boolean => open.length > 0;

function onKeyDown(event: KeyboardEvent) {
  const top = open[open.length - 1];
  if (!top || event.isComposing || event.keyCode === 229 || (event.code !== "Escape" && event.code !== "Tab")) return;
  const at = event.target instanceof Element ? event.target : null;
  if (at && top.box.current?.contains(at)) return;
  // a list of choices or a calendar that hangs outside the dialog's box has its own Escape
  const other = at?.closest('[role="dialog"],[role="listbox"],[role="menu"]');
  if (other && !open.some((one) => one.box.current === other)) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.code === "Escape") top.close.current();
  else top.box.current?.focus();
}

/**
 * Gives `Escape` to what is open over the screen, from the moment it is drawn and whatever has focus: a fast clerk's key
 * comes before the next paint, and a key is never lost. `box` is empty while the dialog itself is still being loaded.
 */
export function useModal(box: RefObject<HTMLElement | null>, onClose: () => void): void {
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const one = { box, close };
    if (open.length === 0) document.addEventListener("keydown", onKeyDown, true);
    open.push(one);
    return () => {
      open.splice(open.indexOf(one), 1);
      if (open.length === 0) document.removeEventListener("keydown", onKeyDown, true);
    };
  }, [box]);
}
