import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../support/browser";
import { office } from "../support/tower";

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
});

interface Claim { id: string; number: string; period: string; status: string; awaits: string | null; claimed: string; allowed: string | null; approved: string | null; expected: string; settled: string; missing: string[]; type: string; failLines: number }
interface Page<T> { items: T[]; next: string | null }

test("twenty claims are decided by keys alone, each with the next one coming by itself; a case one has decided before is refused with its reason [A21] [CLM-13] [CLM-14] [CLM-16] [GOV-12]", { timeout: 240_000 }, async () => {
  const desk = await office(browser, "claims");
  const { page, errors, ask } = desk;
  await page.addInitScript(() => {
    Object.assign(window, { pointed: 0 });
    addEventListener("pointerdown", () => ((window as unknown as { pointed: number }).pointed += 1), true);
  });
  const waiting = async () => (await ask<Page<Claim>>("GET", "/api/v1/claims?waiting=true&limit=200&sort=-riskScore")).body.items;
  const before = await waiting();
  expect(before.length, "the example has cases that wait").toBeGreaterThan(20);

  const rules = new Set<string>();
  for (const one of before.slice(0, 20)) for (const r of (await ask<{ rules: { rule: string; warn: number; fail: number; block: number }[] }>("GET", `/api/v1/claims/${one.id}`)).body.rules) if (r.warn + r.fail + r.block > 0) rules.add(r.rule);
  expect(rules.size, `cases of several rules wait: ${[...rules].join(", ")}`).toBeGreaterThanOrEqual(2);

  // one case is decided first by somebody of Finance: what comes next, a second decision or its payment, is for somebody else
  const first = await office(browser, "finance");
  const twice: string[] = [];
  for (const one of before) {
    if (twice.length > 0) break;
    const { etag, body } = await first.ask<{ may: { decide: boolean } }>("GET", `/api/v1/claims/${one.id}`);
    if (!body.may.decide) continue;
    const done = await first.ask<Claim>("POST", `/api/v1/claims/${one.id}/decision`, { decision: "APPROVE" }, etag ? { "if-match": etag } : {});
    if (done.status < 300 && ["FINANCE", "SETTLEMENT"].includes(done.body.awaits ?? "")) twice.push(one.id);
  }
  await first.context.close();
  expect(twice.length, "Finance may decide one of them").toBe(1);

  await page.goto("/tower/claims");
  const list = page.getByRole("listbox", { name: "Claims" });
  await list.waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "listbox");
  const decided: string[] = [];
  for (let i = 0; i < 20; i++) {
    const picked = list.locator('[aria-selected="true"]');
    const id = (await picked.getAttribute("id"))!.slice(3);
    expect(decided).not.toContain(id);
    const act = page.locator(`[data-case="${id}"] [data-act="approve"]`);
    await act.waitFor();
    await page.locator(`[data-case="${id}"] [data-line]`).first().waitFor();
    if (i % 5 === 2) {
      // cut the first line to nothing, by a digit
      await page.keyboard.press("Home");
      const sum = await act.innerText();
      await page.keyboard.press("1");
      await page.waitForFunction(([one, was]) => document.querySelector(`[data-case="${one}"] [data-act="approve"]`)?.textContent !== was || document.querySelector(`[data-case="${one}"] .chip.info`) !== null, [id, sum] as const);
      await page.keyboard.press("a");
    } else if (i % 5 === 3) {
      await page.keyboard.press("r");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("1");
      await page.keyboard.press("Enter");
    } else if (i % 5 === 4) {
      await page.keyboard.press("q");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.type("Which delivery was this bill for?");
      await page.keyboard.press("Control+Enter");
    } else await page.keyboard.press("a");
    await page.waitForFunction((one) => document.querySelector('[role="listbox"] [aria-selected="true"]')?.id !== `cl-${one}`, id, { timeout: 20_000 });
    await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "listbox");
    decided.push(id);
  }
  expect(decided.length).toBe(20);
  const after = new Set((await waiting()).map((c) => c.id));
  expect(decided.filter((id) => after.has(id)), "what was decided does not wait any more").toEqual([]);
  const states = await Promise.all(decided.map(async (id) => (await ask<Claim>("GET", `/api/v1/claims/${id}`)).body));
  for (const [i, claim] of states.entries()) {
    if (i % 5 === 4) expect(claim.status).toBe("QUERY");
    else if (claim.awaits === "FINANCE") expect(claim.status, "two people").toBe("IN_REVIEW");
    else expect(i % 5 === 3 ? ["REJECTED"] : ["APPROVED", "PARTLY_APPROVED", "REJECTED"]).toContain(claim.status);
  }
  expect(await page.evaluate(() => (window as unknown as { pointed: number }).pointed), "no pointer was used").toBe(0);

  await desk.context.close();

  // who has decided a case is shown it, and refused the next step with its reason
  const money = await office(browser, "finance");
  const own = twice[0]!;
  await money.page.goto(`/tower/claims/${own}`);
  const act = money.page.locator(`[data-case="${own}"] [data-act="approve"], [data-case="${own}"] [data-act="settle"]`);
  await act.waitFor();
  expect(await act.getAttribute("aria-disabled")).toBe("true");
  await money.page.locator(`[data-case="${own}"]`).focus();
  await money.page.keyboard.press("a");
  const why = await money.page.getByRole("alert").innerText();
  const said = await money.ask<{ status: string; awaits: string; may: { confirm: boolean; settle: boolean; whyNot: string } }>("GET", `/api/v1/claims/${own}`);
  expect(said.body.may.confirm || said.body.may.settle).toBe(false);
  expect(why).toContain(said.body.may.whyNot);
  expect(["FINANCE", "SETTLEMENT"], "nothing was decided").toContain(said.body.awaits);
  expect(money.errors).toEqual([]);
  await money.context.close();
  expect(errors).toEqual([]);
});
