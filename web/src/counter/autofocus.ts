import { options, type VNode } from "preact";

/** Preact leaves `autoFocus` to the browser, which obeys it once in a page's life; here it holds for every field that appears. */
const seen = new WeakSet<Element>();
const before = options.diffed;
options.diffed = (node: VNode) => {
  before?.(node);
  const dom = (node as VNode & { __e?: Element }).__e;
  const props = node.props as { autoFocus?: boolean; autofocus?: boolean } | null;
  if (typeof node.type !== "string" || !(props?.autoFocus || props?.autofocus)) return;
  if (!(dom instanceof HTMLElement) || seen.has(dom)) return;
  seen.add(dom);
  // as soon as this rendering is done: a key that follows at once must find the field
  queueMicrotask(() => dom.isConnected && dom.focus({ preventScroll: true }));
};
