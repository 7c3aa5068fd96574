import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { baskets, SCHEMES, type Basket } from "./baskets";
import { idOf } from "./chance";
import { Desk, unlike, type Made } from "./desk";
import { signIn, type Session } from "./device";
import { differences, essence, numbering } from "./ledgers";
import { World, type Distributor, type Network } from "./world";

/** `./offtake bench baskets` asks for 10,000; the suite for fewer. */
const BASKETS = Number(process.env.OFFTAKE_BASKETS ?? 200);
const SEED = Number(process.env.OFFTAKE_FAULTS_SEED ?? Date.now() % 1_000_000);
/** How many bills are made before anything is sent: a day at a busy counter. */
const DAY = 100;
const kept: string[] = [];

const world = World.at(inject("world"));

beforeAll(() => {
  kept.push(`seed ${SEED}, ${BASKETS} baskets, ${DAY} before anything is sent`);
});
afterAll(() => writeFileSync(resolve(import.meta.dirname, "../../target/baskets.txt"), `${kept.join("\n")}\n`));

function billOf(basket: Basket, id: string, network: Network, distributor: Distributor, date: string) {
  return {
    id, outletId: distributor.outlets[basket.outlet]!, businessDate: date, paymentMode: basket.mode, saleType: basket.sale,
    lines: basket.lines.map((line, i) => ({
      key: String(i), skuId: network.skus[line.sku]!, entered: line.qty, qty: line.qty,
      ...(line.percent ? { manualDiscountPercent: line.percent, manualReason: "asked for" } : {}), ...(line.price ? { manualPrice: line.price, manualReason: "asked for" } : {}),
    })),
  };
}

async function post(session: Session, path: string, body: unknown): Promise<{ status: number; body: any }> {
  const answer = await fetch(world.address + path, { method: "POST", headers: { "content-type": "application/json", cookie: session.cookie, "x-csrf-token": session.csrf }, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

const codes = (refusals: { code: string; line?: number | null; values?: object }[]) => refusals.map((r) => `${r.code} ${r.line ?? ""} ${JSON.stringify(r.values ?? {})}`);

/** Sends bills in the order they were made, and says where the server decides otherwise than the device did. */
async function held(session: Session, distributor: Distributor, device: string, made: Made[], found: string[]): Promise<{ accepted: number; refused: number }> {
  const counts = { accepted: 0, refused: 0 };
  for (let from = 0; from < made.length; from += 25) {
    const part = made.slice(from, from + 25);
    const { status, body } = await post(session, "/api/v1/sync/commands", {
      deviceId: device, distributorId: distributor.id, commands: part.map((m, i) => ({ id: m.bill.id, seq: from + i + 1, kind: "invoice", businessDate: m.bill.businessDate, at: new Date().toISOString(), body: m.body })),
    });
    if (status !== 200) throw new Error(JSON.stringify(body));
    part.forEach((m, i) => {
      const answer = body.answers[i];
      if (m.decided) {
        if (answer.outcome !== "ACCEPTED") found.push(`${JSON.stringify(m.bill.lines)}: decided here, there ${answer.outcome} ${JSON.stringify(answer.problem ?? answer.difference)}`);
        else found.push(...unlike(m.view!, answer.document).map((text) => `${m.bill.id} ${text}`));
        counts.accepted++;
      } else {
        const theirs = answer.problem?.gaps ?? answer.problem?.refusals ?? [];
        if (answer.outcome !== "REFUSED") found.push(`${m.bill.id}: refused here (${codes(m.refusals).join(", ")}), there ${answer.outcome}`);
        else if (JSON.stringify(codes(theirs)) !== JSON.stringify(codes(m.refusals))) found.push(`${m.bill.id}: refused here for ${codes(m.refusals).join(", ")}, there for ${codes(theirs).join(", ")} ${theirs.length ? "" : JSON.stringify(answer.problem)}`);
        counts.refused++;
      }
    });
  }
  return counts;
}

test("the same day billed with and without network gives the same postings to the paisa, and no basket is decided otherwise on the device than on the server [ORD-26] [BIL-13] [SCH-29]", { timeout: 3_600_000 }, async () => {
  const network = await world.network({ distributors: ["ONLINE", "OFFLINE"], outlets: 40, stock: Math.ceil(BASKETS * 12), creditLimit: "60000", schemes: SCHEMES });
  const [online, offline] = ["ONLINE", "OFFLINE"].map((code) => network.distributors.find((d) => d.code === code)!) as [Distributor, Distributor];
  const [there, here] = await Promise.all([online, offline].map((d) => signIn(world.address, d.clerk, network.password))) as [Session, Session];
  const all = baskets(SEED, BASKETS, Object.keys(online.outlets));
  const place = (i: number) => Date.UTC(2026, 10, 1) + i;
  const names = [new Map<string, string>(), new Map<string, string>()] as const;

  const from = Date.now();
  const desk = await Desk.open(world.address, here, offline.id);
  const device = idOf("baskets", `device ${SEED}`, Date.now());
  const found: string[] = [];
  const counts = { accepted: 0, refused: 0 };
  let deciding = 0;
  for (let day = 0; day < all.length; day += DAY) {
    const began = performance.now();
    const made = all.slice(day, day + DAY).map((basket, i) => {
      const id = idOf(`offline ${SEED} ${offline.id}`, String(day + i), place(day + i));
      names[1].set(id, String(day + i));
      return desk.make(billOf(basket, id, network, offline, desk.date));
    });
    deciding += performance.now() - began;
    const one = await held(here, offline, device, made, found);
    counts.accepted += one.accepted;
    counts.refused += one.refused;
    await desk.pull();
  }
  const line = `${BASKETS} baskets: ${counts.accepted} decided alike to the paisa, ${counts.refused} refused alike, ${found.length} unexplained differences; ${(deciding / BASKETS).toFixed(1)} ms to decide one here; ${((Date.now() - from) / 1000).toFixed(0)} s`;
  console.log(line);
  kept.push(line);
  expect(found.slice(0, 20), `seed ${SEED}`).toEqual([]);
  expect(counts.refused).toBeGreaterThan(0);

  // the same day at a counter with network: every bill is posted when it is made
  const twins = Math.min(BASKETS, 1_000);
  for (let i = 0; i < twins; i++) {
    const id = idOf(`online ${SEED} ${online.id}`, String(i), place(i));
    names[0].set(id, String(i));
    const bill = billOf(all[i]!, id, network, online, network.today);
    const { status } = await post(there, "/api/v1/invoices", {
      id, distributorId: online.id, principalId: network.principal, outletId: bill.outletId, warehouseId: online.warehouse, businessDate: bill.businessDate, saleType: bill.saleType, paymentMode: bill.paymentMode,
      lines: bill.lines.map((line, at) => ({ line: at + 1, skuId: line.skuId, qty: line.qty, enteredQty: line.entered, ...("manualPrice" in line ? { manualPrice: line.manualPrice } : {}),
        ...("manualDiscountPercent" in line ? { manualDiscountPercent: line.manualDiscountPercent } : {}), ...("manualReason" in line ? { manualReason: line.manualReason } : {}) })),
    });
    expect([201, 422, 409]).toContain(status);
  }
  const [left, right] = await Promise.all([world.ledger(online.id), world.ledger(offline.id)]);
  expect(numbering(right)).toEqual([]);
  expect(right.differences).toEqual([]);
  if (twins === BASKETS) {
    expect(differences(essence(left, names[0]), essence(right, names[1])).slice(0, 20), `seed ${SEED}`).toEqual([]);
    kept.push(`the same day online: ${left.invoices.length} bills, ${left.journal.length} journal rows, ${left.moves.length} stock movements equal to the paisa and piece`);
  }
  expect(await world.verify([online.id, offline.id])).toEqual([]);
});
