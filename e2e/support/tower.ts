import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { address, profile } from "./browser";
import type { Door } from "./counter";

/** Somebody of head office in a profile of their own. */
export interface Office {
  context: BrowserContext;
  page: Page;
  errors: string[];
  ask: <T = Record<string, unknown>>(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<{ status: number; body: T; etag: string | undefined }>;
}

export async function office(browser: Browser, username: string, width = 1440, height = 900): Promise<Office> {
  const doors = (await (await fetch(`${address}/api/v1/demo/doors`)).json()) as Door[];
  const context = await profile(browser, width, height);
  const answer = await context.request.post("/api/v1/session", { data: { username, password: doors[0]!.password } });
  if (!answer.ok()) throw new Error(`sign-in of ${username} answered ${answer.status()}`);
  const { csrf } = (await answer.json()) as { csrf: string };
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  return {
    context, page, errors,
    ask: async (method, path, body, headers = {}) => {
      const said = await context.request.fetch(path, { method, headers: { "x-csrf-token": csrf, ...headers }, ...(body === undefined ? {} : { data: body }) });
      const text = await said.text();
      return { status: said.status(), body: (text ? JSON.parse(text) : {}) as never, etag: said.headers().etag };
    },
  };
}

/** `₹ 12,34,567.89` as paise, so that figures compare exactly. */
export function paise(text: string): bigint {
  const found = /[−-]?[\d,]+(?:\.\d+)?/.exec(text.replace(/\s/g, ""));
  if (!found) throw new Error(`no figure in "${text}"`);
  const plain = found[0].replace("−", "-").replaceAll(",", "");
  const [whole = "0", part = ""] = plain.split(".");
  return BigInt(whole + part.padEnd(2, "0").slice(0, 2));
}

/** Waits until the text of a place is what is wanted, whoever loads it. */
export async function until(page: Page, place: Locator, wanted: RegExp, tries = 120): Promise<string> {
  for (let i = 0; i < tries; i++) {
    const text = (await place.count()) > 0 ? await place.first().innerText() : "";
    if (wanted.test(text)) return text;
    await page.waitForTimeout(250);
  }
  throw new Error(`never ${wanted}: ${(await place.count()) > 0 ? await place.first().innerText() : "nothing there"}`);
}
