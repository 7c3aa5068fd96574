import { QueryClient, useInfiniteQuery, type InfiniteData } from "@tanstack/react-query";
import { ApiError, api, problemOf, request, type Ask } from "../api/client";

/** A page of a list as every list of the API answers. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always",
      staleTime: 30_000,
      refetchOnWindowFocus: true,
      // A decision of the server is final; a lost answer is asked again.
      retry: (count, error) => count < 2 && error instanceof ApiError && error.unanswered,
      placeholderData: (before: unknown) => before,
    },
  },
});

export type Params = Record<string, string | number | boolean | null | undefined>;

/** All pages of a list read so far; the next one is read when the reader gets near it. */
export function useList<T>(path: string, params: Params, enabled = true) {
  return useInfiniteQuery<Page<T>, Error, InfiniteData<Page<T>>, unknown[], string | null>({
    queryKey: ["list", path, params],
    queryFn: ({ pageParam, signal }) => api<Page<T>>(path, { query: { ...params, limit: 100, cursor: pageParam }, signal }),
    initialPageParam: null,
    getNextPageParam: (last) => last.next ?? undefined,
    enabled,
  });
}

/** Every row of a filtered list, page after page, for an export; stops at the limit and says so. */
export async function everyRow<T>(path: string, params: Params, limit = 50_000): Promise<{ rows: T[]; cut: boolean }> {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await api<Page<T>>(path, { query: { ...params, limit: 200, cursor } });
    rows.push(...page.items);
    cursor = page.next;
  } while (cursor && rows.length < limit);
  return { rows, cut: cursor !== null };
}

/** Reads a file from the server and hands it to the browser's own download. */
export async function download(path: string, ask: Ask, fallback: string): Promise<void> {
  const answer = await request(path, { ...ask, headers: { Accept: "*/*", ...ask.headers } });
  if (!answer.ok) throw await problemOf(answer);
  const named = /filename\*?=(?:UTF-8'')?"?([^";]+)"?/i.exec(answer.headers.get("Content-Disposition") ?? "")?.[1];
  save(await answer.blob(), named ? decodeURIComponent(named) : fallback);
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Sends a file; progress is bytes sent of all bytes, as the browser counts them. */
export function upload<T>(path: string, file: File, onProgress: (sent: number, all: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const ask = new XMLHttpRequest();
    ask.open("POST", path);
    ask.responseType = "text";
    ask.setRequestHeader("Accept", "application/json");
    const token = document.cookie.split("; ").find((c) => c.startsWith("OFFTAKE_CSRF="))?.slice("OFFTAKE_CSRF=".length);
    if (token) ask.setRequestHeader("X-CSRF-Token", token);
    ask.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded, e.total);
    ask.onerror = () => reject(new ApiError(0, { code: "NOT_REACHED" }));
    ask.onload = () => {
      let said: unknown;
      try {
        said = JSON.parse(ask.responseText);
      } catch {
        said = undefined;
      }
      if (ask.status >= 200 && ask.status < 300) resolve(said as T);
      else reject(new ApiError(ask.status, { code: ask.status === 403 ? "FORBIDDEN" : "FAULT", ...(said as object | undefined) }));
    };
    const form = new FormData();
    form.append("file", file, file.name);
    ask.send(form);
  });
}
