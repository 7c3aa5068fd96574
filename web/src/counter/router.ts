import { useSyncExternalStore } from "react";

/** The place in the address: `#/orders/018f…?q=soap`. A link is a view. */
export interface Route { screen: string; rest: string[]; query: URLSearchParams }

function read(): string {
  return location.hash.replace(/^#\/?/, "");
}

let last: string | undefined;
let parsed: Route = { screen: "bill", rest: [], query: new URLSearchParams() };

export function route(): Route {
  const text = read();
  if (text !== last) {
    last = text;
    const [path = "", query = ""] = text.split("?");
    const [screen = "", ...rest] = path.split("/").map(decodeURIComponent);
    parsed = { screen: screen || "bill", rest, query: new URLSearchParams(query) };
  }
  return parsed;
}

function subscribe(tell: () => void): () => void {
  addEventListener("hashchange", tell);
  return () => removeEventListener("hashchange", tell);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, route);
}

export function href(screen: string, ...rest: string[]): string {
  return `#/${[screen, ...rest].map(encodeURIComponent).join("/")}`;
}

export function go(screen: string, ...rest: string[]): void {
  location.hash = href(screen, ...rest);
}
