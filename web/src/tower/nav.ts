import { useLocation, useNavigate, useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import { writeSearch, type Search } from "./router-search";

export type { Search } from "./router-search";

/** The search of this page, and a way to change parts of it; `undefined` removes a part. */
export function useSearchState(): [Search, (change: Search, how?: { replace?: boolean }) => void] {
  const { search } = useLocation();
  const go = useNavigate();
  const set = useCallback(
    (change: Search, how?: { replace?: boolean }) => {
      void go({ to: ".", search: ((before: Search) => clean({ ...before, ...change })) as never, replace: how?.replace ?? false, resetScroll: false });
    },
    [go],
  );
  return [search as Search, set];
}

/** Address of another page of the tower, for an anchor. */
export function href(path: string, search: Search = {}): string {
  return `/tower${path}${writeSearch(search)}`;
}

/** Goes to another page of the tower. */
export function useGo(): (path: string, search?: Search, how?: { replace?: boolean }) => void {
  const router = useRouter();
  return useCallback(
    (path, search = {}, how) => {
      const target = `/tower${path}${writeSearch(search)}`;
      if (how?.replace) router.history.replace(target);
      else router.history.push(target);
    },
    [router],
  );
}

function clean(search: Search): Search {
  return Object.fromEntries(Object.entries(search).filter(([, v]) => v !== undefined && v !== ""));
}
