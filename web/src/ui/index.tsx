import { useId, useLayoutEffect, useRef, type ButtonHTMLAttributes, type InputHTMLAttributes, type ReactNode, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { explain, type Problem } from "../api/problems";
import { useModal } from "./modal";
import { Shape, type Tone } from "./shape";

export { Shape, type Tone } from "./shape";
export * from "./format";

/** A button prints the key that does the same: `keys="Ctrl+Enter"`. */
export function Button({ kind, keys, children, className, ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & {
  kind?: "primary" | "quiet" | "danger";
  keys?: string;
}) {
  const look = kind === "primary" ? "pri" : kind === "quiet" ? "quiet" : kind === "danger" ? "danger" : "";
  return (
    <button type="button" {...rest} className={`btn ${look} ${className ?? ""}`}>
      {children}
      {keys && <Kbd>{keys}</Kbd>}
    </button>
  );
}

/** A state: word first, shape second, colour last. */
export function Chip({ tone = "plain", children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span className={`chip ${tone === "plain" ? "" : tone}`} title={title}>
      <Shape tone={tone} />
      {children}
    </span>
  );
}

/** A key as it is printed on the board: `Ctrl+Enter` shows as `Ctrl+↵`. */
export function Kbd({ children }: { children: string }) {
  return <kbd aria-hidden="true">{children.replace("+Enter", "+↵")}</kbd>;
}

/** A labelled field with its error beside it. `render` gets the ids that tie label, hint and error together. */
export function Field({ label, keys, hint, error, children, className }: {
  label: ReactNode;
  keys?: string;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  children: (ids: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
}) {
  const id = useId();
  const described = error ? `${id}-bad` : hint ? `${id}-hint` : undefined;
  return (
    <div className={`field ${className ?? ""}`}>
      <label htmlFor={id}>
        {label}
        {keys && <Kbd>{keys}</Kbd>}
      </label>
      {children({ id, ...(described ? { "aria-describedby": described } : {}), ...(error ? { "aria-invalid": true as const } : {}) })}
      {error ? (
        <div className="bad" id={`${id}-bad`} role="alert"><Shape tone="act" />{error}</div>
      ) : (
        hint && <div className="hint" id={`${id}-hint`}>{hint}</div>
      )}
    </div>
  );
}

/** A field for a line of text. */
export function TextField({ label, keys, hint, error, className, inputRef, ...rest }: InputHTMLAttributes<HTMLInputElement> & {
  label: ReactNode;
  keys?: string;
  hint?: ReactNode;
  error?: string | undefined;
  inputRef?: RefObject<HTMLInputElement | null>;
}) {
  return (
    <Field label={label} {...(keys ? { keys } : {})} hint={hint} error={error} className={className ?? ""}>
      {(ids) => <input className="input" autoComplete="off" {...rest} {...ids} ref={inputRef} />}
    </Field>
  );
}

/** First empty: what will be here, why it matters, one action. */
export function EmptyState({ title, children, action }: { title: ReactNode; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** A refusal or fault in words, with every error the server listed and the ways out as buttons. */
export function ProblemNote({ problem, children }: { problem: Problem; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="note act" role="alert">
      <Shape tone="act" />
      <div className="grow">
        <div className="b">{explain(problem, t)}</div>
        {problem.errors && problem.errors.length > 0 && (
          <ul>
            {problem.errors.map((error, i) => (
              <li key={i}>
                {lineOf(error.pointer) && <span className="b">{t("problems.line", { line: lineOf(error.pointer) })} </span>}
                {error.detail}
              </li>
            ))}
          </ul>
        )}
        {children && <div className="row" style={{ marginTop: 8, flexWrap: "wrap" }}>{children}</div>}
      </div>
    </div>
  );
}

/** `/lines/2/qty` is line 3 for people. */
export function lineOf(pointer: string | undefined): number | undefined {
  const match = pointer?.match(/^(?:\/body)?\/lines\/(\d+)/);
  return match ? Number(match[1]) + 1 : undefined;
}

/** A modal dialog: focus goes in, stays in, and returns to where it was; `Esc` closes. */
export function Dialog({ title, onClose, wide, children }: { title: ReactNode; onClose: () => void; wide?: boolean; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const before = useRef(document.activeElement as HTMLElement | null);
  useModal(box, onClose);
  // before the next paint, not after it: the key that follows at once must find the dialog
  useLayoutEffect(() => {
    const from = before.current;
    if (!box.current?.contains(document.activeElement)) {
      const first = box.current?.querySelector<HTMLElement>("[data-autofocus]") ?? box.current?.querySelector<HTMLElement>("input,select,textarea,button");
      (first ?? box.current)?.focus();
    }
    return () => from?.isConnected ? from.focus() : undefined;
  }, []);
  return (
    <div className="scrim" onMouseDown={(e) => e.target === e.currentTarget && onClose()}>
      <div
        ref={box}
        role="dialog"
        aria-modal="true"
        aria-labelledby={id}
        tabIndex={-1}
        className={`dialog ${wide ? "wide" : ""}`}
        onKeyDown={(e) => {
          if (e.nativeEvent.isComposing) return;
          if (e.code === "Escape") {
            e.stopPropagation();
            e.preventDefault();
            onClose();
          } else if (e.code === "Tab") keepInside(e.nativeEvent, box.current);
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </div>
  );
}

/** Stands where a dialog will open as soon as its code is here; `Esc` takes the wish back. */
export function DialogComing({ onClose }: { onClose: () => void }) {
  const box = useRef<HTMLElement>(null);
  useModal(box, onClose);
  return null;
}

function keepInside(event: KeyboardEvent, box: HTMLElement | null) {
  const stops = [...(box?.querySelectorAll<HTMLElement>("a[href],button:not(:disabled),input:not(:disabled),select,textarea,[tabindex='0']") ?? [])];
  const first = stops[0];
  const last = stops[stops.length - 1];
  if (!first || !last) return;
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}

/** Nothing for 200 ms, then the true size in grey. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div aria-hidden="true" style={{ display: "grid", gap: 12, padding: 16 }}>
      {Array.from({ length: lines }, (_, i) => <div key={i} className="skeleton" />)}
    </div>
  );
}
