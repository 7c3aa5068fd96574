import type { AnchorHTMLAttributes } from "react";
import { href, useGo, type Search } from "../nav";

/** A real link (it can be opened beside, copied, middle-clicked) that stays inside the page on a plain click. */
export function A({ path, search, onClick, children, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { path: string; search?: Search }) {
  const go = useGo();
  return (
    <a
      {...rest}
      href={href(path, search)}
      onClick={(e) => {
        onClick?.(e);
        if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
        e.preventDefault();
        go(path, search);
      }}
    >
      {children}
    </a>
  );
}
