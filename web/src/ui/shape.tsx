/** The tone of a state. Its word comes first, this shape second, its colour last. */
export type Tone = "plain" | "good" | "watch" | "act" | "info" | "up";

/** ● good, ▲ watch, ■ act, ◐ on the way, ○ plain. */
export function Shape({ tone }: { tone: Tone }) {
  return (
    <svg className="sh" viewBox="0 0 10 10" aria-hidden="true">
      {tone === "good" && <circle cx="5" cy="5" r="4" fill="currentColor" />}
      {tone === "watch" && <path d="M5 1l4.5 8h-9z" fill="currentColor" />}
      {tone === "act" && <path d="M1 1h8v8H1z" fill="currentColor" />}
      {tone === "up" && <path d="M5 1v8M2 4l3-3 3 3" fill="none" stroke="currentColor" strokeWidth="1.6" />}
      {(tone === "info" || tone === "plain") && <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.4" />}
      {tone === "info" && <path d="M5 1.6a3.4 3.4 0 0 0 0 6.8z" fill="currentColor" />}
    </svg>
  );
}
