import { render } from "preact";
import { Suspense, lazy } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useKeys } from "../counter/keys";
import { Dialog, DialogComing } from ".";

// the counter's build runs on Preact, where an effect comes only after the next paint
vi.mock("react", () => import("preact/compat"));
vi.mock("react/jsx-dev-runtime", () => import("preact/jsx-dev-runtime"));
vi.mock("react/jsx-runtime", () => import("preact/jsx-runtime"));
vi.mock("react-i18next", () => ({ useTranslation: () => ({ t: (key: string) => key }) }));

let host: HTMLElement;
beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  render(null, host);
  host.remove();
});

const press = (code: string) => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { code, bubbles: true, cancelable: true }));
const drawn = () => new Promise<void>((done) => queueMicrotask(done));

it("a dialog takes the Escape that is pressed in the moment it appears, and focus goes back to where it was [UXP-01]", () => {
  const field = document.body.appendChild(document.createElement("input"));
  field.focus();
  const closed = vi.fn();
  render(<Dialog title="Batch" onClose={closed}><div data-autofocus="" tabIndex={0} role="listbox" /></Dialog>, host);
  expect(document.activeElement?.getAttribute("role")).toBe("listbox");
  press("Escape");
  expect(closed).toHaveBeenCalledTimes(1);
  render(null, host);
  expect(document.activeElement).toBe(field);
  field.remove();
});

it("Escape closes the topmost dialog also when focus has been lost to the page; the screen under it takes no key [UXP-01]", () => {
  const lower = vi.fn();
  const upper = vi.fn();
  const screenKey = vi.fn();
  const Screen = () => {
    useKeys({ "Escape": screenKey, "F8": screenKey });
    return null;
  };
  render(<><Screen /><Dialog title="One" onClose={lower}><button>a</button></Dialog><Dialog title="Two" onClose={upper}><button>b</button></Dialog></>, host);
  (document.activeElement as HTMLElement).blur();
  press("F8");
  press("Escape");
  expect([lower.mock.calls.length, upper.mock.calls.length, screenKey.mock.calls.length]).toEqual([0, 1, 0]);
  press("Tab");
  expect(document.activeElement?.textContent).toContain("Two");
});

it("a key pressed at once after a dialog closed reaches the screen, and Escape takes back a dialog whose code is not here yet [UXP-01]", async () => {
  const closed = vi.fn();
  const posted = vi.fn();
  const Never = lazy(() => new Promise<{ default: () => null }>(() => undefined));
  const Screen = ({ wanted }: { wanted: boolean }) => {
    useKeys({ "Enter": posted }, !wanted);
    return wanted ? <Suspense fallback={<DialogComing onClose={closed} />}><Never /></Suspense> : null;
  };
  render(<Screen wanted />, host);
  await drawn();
  press("Enter");
  press("Escape");
  expect([closed.mock.calls.length, posted.mock.calls.length]).toEqual([1, 0]);
  render(<Screen wanted={false} />, host);
  press("Enter");
  expect(posted).toHaveBeenCalledTimes(1);
});
