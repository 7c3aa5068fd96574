import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { address, launch, profile } from "../support/browser";

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
});

test("the packaged application shows the sign-in page without an error in the console", async () => {
  const context = await profile(browser);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  const answer = await page.goto("/");
  expect(answer?.status()).toBe(200);
  // behind the doors of the example the form is folded
  await page.waitForSelector('input[type="password"]', { state: "attached" });
  expect(errors).toEqual([]);
  await context.close();
});

test("unknown API paths answer with a problem, not with a page [INT-06]", async () => {
  const answer = await fetch(`${address}/api/v1/nothing-here`);
  expect([401, 404]).toContain(answer.status);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
});
