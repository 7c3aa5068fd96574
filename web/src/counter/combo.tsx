import { useId, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";

/**
 * A field with a list under it (ARIA combobox). Typing filters, arrows choose, Enter accepts; nothing loads, so no late
 * result can move what is under the cursor.
 */
export function Combo<T>({ label, placeholder, value, options, idOf, render, onAccept, onEmptyEnter, onBack, onArrow, onText, autoFocus, none, className }: {
  label: string;
  placeholder?: string;
  /** Text of what is accepted already; Enter on it unchanged accepts it again. */
  value?: string;
  options: (text: string) => T[];
  idOf: (item: T) => string | number;
  render: (item: T) => ReactNode;
  onAccept: (item: T | undefined) => void;
  onEmptyEnter?: () => void;
  onBack?: () => void;
  onArrow?: (direction: -1 | 1) => void;
  onText?: (text: string) => void;
  autoFocus?: boolean;
  none: ReactNode;
  className?: string;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [text, setText] = useState(value ?? "");
  const [dirty, setDirty] = useState(false);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const [box, setBox] = useState<{ left: number; top: number; width: number; up: boolean }>();
  // asked once for what is typed, not again for every repaint
  const found = useMemo(() => (open ? options(dirty ? text : "") : []), [open, dirty, text, options]);

  // before the next key, which an effect after painting would lose
  useLayoutEffect(() => {
    if (!autoFocus) return;
    input.current?.focus({ preventScroll: true });
    input.current?.select();
    input.current?.scrollIntoView({ block: "nearest" });
  }, [autoFocus]);

  useLayoutEffect(() => {
    if (!open || !input.current) return;
    const rect = input.current.getBoundingClientRect();
    const up = rect.bottom + 300 > innerHeight && rect.top > innerHeight - rect.bottom;
    const width = Math.min(Math.max(rect.width, 420), innerWidth - 16);
    const next = { left: Math.max(8, Math.min(rect.left - 8, innerWidth - width - 8)), top: up ? rect.top - 4 : rect.bottom + 4, width, up };
    setBox((now) => (now && now.left === next.left && now.top === next.top && now.width === next.width && now.up === next.up ? now : next));
  }, [open]);

  const accept = (item: T | undefined) => {
    setOpen(false);
    onAccept(item);
  };
  return (
    <>
      <input
        ref={input}
        className={className ?? "input"}
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && found[at] !== undefined ? `${id}-${idOf(found[at]!)}` : undefined}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(e) => {
          setText(e.target.value);
          setDirty(true);
          setOpen(e.target.value !== "");
          setAt(0);
          onText?.(e.target.value);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={(e) => {
          if (e.nativeEvent.isComposing || e.ctrlKey || e.altKey || e.metaKey) return;
          const take = () => {
            e.preventDefault();
            e.stopPropagation();
          };
          switch (e.code) {
            case "ArrowDown":
              take();
              if (open) setAt(Math.min(at + 1, found.length - 1));
              else if (onArrow && !dirty && value) onArrow(1);
              else {
                setOpen(true);
                setAt(0);
              }
              break;
            case "ArrowUp":
              take();
              if (open) setAt(Math.max(at - 1, 0));
              else onArrow?.(-1);
              break;
            case "Enter":
            case "NumpadEnter":
              take();
              if (e.shiftKey) onBack?.();
              else if (open && found[at] !== undefined) accept(found[at]);
              else if (!dirty && value) accept(undefined);
              else if (text.trim() === "") onEmptyEnter?.();
              break;
            case "Escape":
              if (open) {
                take();
                setOpen(false);
              } else if (dirty) {
                take();
                setText(value ?? "");
                setDirty(false);
              }
              break;
            case "Backspace":
              if (text === "") {
                take();
                onBack?.();
              }
              break;
            default:
          }
          // only arrows move the choice: asking where it is makes the browser lay the page out
          if (e.code === "ArrowDown" || e.code === "ArrowUp") queueMicrotask(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }));
        }}
      />
      {open && box && createPortal(
        <ul className="options pop" role="listbox" id={`${id}-list`} ref={list} aria-label={label}
          style={{ insetInlineStart: box.left, width: box.width, ...(box.up ? { bottom: innerHeight - box.top } : { top: box.top }) }}>
          {found.map((item, i) => (
            <li key={i} id={`${id}-${idOf(item)}`} role="option" aria-selected={i === at} onMouseDown={(e) => { e.preventDefault(); accept(item); }}>{render(item)}</li>
          ))}
          {found.length === 0 && <li className="none">{none}</li>}
        </ul>, document.body)}
    </>
  );
}
