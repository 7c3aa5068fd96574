import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { inject } from "vitest";

const ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

export const address = inject("address");

/** The Chromium that `./offtake test` found (OFFTAKE_CHROMIUM), without a window. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.OFFTAKE_CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
}

/** A fresh profile: nothing stored, nobody signed in. */
export function profile(browser: Browser, width = 1366, height = 768, at = address): Promise<BrowserContext> {
  return browser.newContext({ baseURL: at, viewport: { width, height }, locale: "en-IN", timezoneId: "Asia/Kolkata" });
}

/** Signs in through the API, so that tests of other screens do not depend on the form. */
export async function signIn(page: Page, username: string, password: string): Promise<{ csrf: string; [key: string]: unknown }> {
  await page.goto("/");
  const me = await page.evaluate(
    async ([user, secret]) => {
      const csrf = document.cookie.match(/OFFTAKE_CSRF=([^;]+)/)?.[1] ?? "";
      const answer = await fetch("/api/v1/session", {
        method: "POST",
        headers: { "content-type": "application/json", ...(csrf ? { "x-csrf-token": csrf } : {}) },
        body: JSON.stringify({ username: user, password: secret }),
      });
      return { status: answer.status, body: await answer.json() };
    },
    [username, password] as const,
  );
  if (me.status !== 200) throw new Error(`sign-in of ${username} answered ${me.status}: ${JSON.stringify(me.body)}`);
  return me.body;
}
