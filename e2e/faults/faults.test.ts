import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { inconsistencies } from "./history";
import { differences, essence, exactlyOnce, numbering } from "./ledgers";
import { Device, signIn } from "./device";
import { FaultProxy, type Fault } from "./proxy";
import { run, weather, type Result } from "./run";
import { scripts, site, type Site } from "./script";
import { World } from "./world";

/** `./offtake bench faults` asks for 10,000 commands of 20 devices; the suite for fewer. */
const COMMANDS = Number(process.env.OFFTAKE_FAULTS_COMMANDS ?? 240);
const DEVICES = 20;
const SEED = Number(process.env.OFFTAKE_FAULTS_SEED ?? Date.now() % 1_000_000);

const world = World.at(inject("world"));
beforeAll(() => say(`seed ${SEED}, ${COMMANDS} commands of ${DEVICES} devices`));
afterAll(() => writeFileSync(resolve(import.meta.dirname, "../../target/faults.txt"), `${kept.join("\n")}\n`));

const kept: string[] = [];
const say = (line: string) => {
  console.log(line);
  kept.push(line);
};
const told = (name: string, r: Result) => say(`${name}: ${r.outcomes.size} commands in ${r.seconds.toFixed(1)} s, ${r.accepted.size} accepted, ${r.requests} requests${r.faults.size ? ` (${[...r.faults].sort().map(([k, n]) => `${k} ${n}`).join(", ")})` : ""}, ${r.devices.reduce((n, d) => n + d.deaths, 0)} deaths`);

test("a cut at every chunk boundary of request and answer loses nothing and doubles nothing [OFF-06]", { timeout: 180_000 }, async () => {
  const network = await world.network({ distributors: ["CUT"], outlets: 3, stock: 100_000, creditLimit: "100000000" });
  const distributor = network.distributors[0]!;
  const accepted = new Map<string, string>();
  let fault: Fault | undefined;
  let hit = 0;
  const proxy = new FaultProxy(new URL(world.address), (_device, _nth, path) => {
    if (!fault || !path.endsWith("/sync/commands")) return { kind: "pass" };
    const now = fault;
    fault = undefined;
    hit++;
    return now;
  });
  const address = await proxy.listen();
  const session = await signIn(world.address, distributor.clerk, network.password);
  // the same few documents, cut at one boundary after the other
  const days = Array.from({ length: 200 }, (_, boundary) => scripts({ seed: boundary, devices: 1, steps: 3, outlets: () => ["O1", "O2"], most: 10, credit: 0.5, poison: 0.1 })[0]!.map((step) => (
    { ...step, key: `${boundary}/${step.key}`, ...(step.waitsFor ? { waitsFor: `${boundary}/${step.waitsFor}` } : {}), body: (at: Site) => step.body({ ...at, id: (key) => at.id(`${boundary}/${key}`) }),
      ...(step.poison ? { poison: step.poison.fixed ? { fixed: (at: Site) => step.poison!.fixed!({ ...at, id: (key) => at.id(`${boundary}/${key}`) }) } : {} } : {}) })));
  const device = new Device(0, site("cuts", network, "CUT", days), address, session, 0, 0, true, world.address);
  await device.start(60_000);
  let turn = 0;
  for (const kind of ["cut-request", "cut-answer"] as const) {
    let last = 0;
    for (let boundary = 0; boundary <= last; boundary++) {
      fault = { kind, at: { boundary }, how: boundary % 2 ? "reset" : "end" };
      const before = hit;
      await device.work(days[turn++]!, 60_000, 0);
      expect(hit).toBe(before + 1);
      last = Math.max(last, ...proxy.seen.filter((s) => s.fault.kind === kind).map((s) => s.boundaries - 1));
    }
    expect(last).toBeGreaterThan(8);
    say(`${kind}: cut once at each of ${last + 1} boundaries`);
  }
  for (const command of await device.outcomes()) if (command.state === "ACCEPTED" || command.state === "DIFFERS") accepted.set(command.id, command.kind);
  await proxy.settled();
  await device.close();
  await proxy.close();
  const ledger = await world.ledger(distributor.id);
  expect(exactlyOnce(ledger, accepted)).toEqual([]);
  expect(numbering(ledger)).toEqual([]);
  expect(await world.verify([distributor.id])).toEqual([]);
});

test("whatever the network does, every command has one outcome and the day ends as a day without faults [OFF-04] [OFF-06] [OFF-09]", { timeout: 10_800_000 }, async () => {
  const network = await world.network({ distributors: ["CLEAN", "FAULTY"], outlets: DEVICES * 3, stock: 1_000_000, creditLimit: "100000000" });
  const day = scripts({ seed: SEED, devices: DEVICES, steps: COMMANDS / DEVICES, outlets: (d) => [1, 2, 3].map((n) => `O${d * 3 + n}`), most: 30, credit: 0.5, poison: 0.05 });
  const clean = await run(world, network, "CLEAN", "clean", day, SEED, { papers: (device) => device % 3 !== 0, patience: 7_200_000 });
  const faulty = await run(world, network, "FAULTY", "faulty", day, SEED, { papers: (device) => device % 3 !== 0, weather: weather(SEED), deathly: 0.02, patience: 7_200_000 });
  told("clean", clean);
  told("faulty", faulty);
  for (const [code, result] of [["CLEAN", clean], ["FAULTY", faulty]] as const) {
    const ledger = await world.ledger(network.distributors.find((d) => d.code === code)!.id);
    expect([...result.outcomes.values()].filter((c) => c.kind !== "void-number").length).toBe(COMMANDS);
    expect(exactlyOnce(ledger, result.accepted), `seed ${SEED}`).toEqual([]);
    expect(numbering(ledger), `seed ${SEED}`).toEqual([]);
    expect(ledger.tasks, `seed ${SEED}`).toEqual([]);
  }
  const states = (r: typeof clean) => new Map([...r.outcomes.values()].filter((c) => r.names.has(c.id)).map((c) => [r.names.get(c.id)!, `${c.state} ${c.problem?.code ?? ""}`]));
  const other = states(clean);
  expect([...states(faulty)].filter(([key, state]) => other.get(key) !== state).map(([key, state]) => `${key} (${day.flat().find((s) => s.key === key)!.kind}): ${state}, without faults ${other.get(key)}`), `seed ${SEED}`).toEqual([]);
  const [one, two] = await Promise.all(["FAULTY", "CLEAN"].map((code) => world.ledger(network.distributors.find((d) => d.code === code)!.id)));
  expect(differences(essence(one!, faulty.names), essence(two!, clean.names)), `seed ${SEED}`).toEqual([]);
  expect(await world.verify(network.distributors.map((d) => d.id)), `seed ${SEED}`).toEqual([]);
});

test.each([["decided by the server", false], ["some given out under the devices' own numbers", true]])("devices that fight for the same stock, budget and credit leave a history that one order explains: bills %s [OFF-06] [STK-29] [SCH-29]", { timeout: 10_800_000 }, async (_what, papers) => {
  const creditLimit = "20000";
  const network = await world.network({
    distributors: ["CONTENDED"], outlets: 6, stock: Math.ceil(COMMANDS / 3), creditLimit,
    schemes: [{ code: "LIMITED", mechanic: "M2", definition: `"stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"12","reward":{"percent":"0.04"}}]},"products":{"skuIds":["$S1"]},"eligibility":{},
      "stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS","limits":{"total":{"amount":"${COMMANDS}.00"},"perOutlet":{"amount":"${COMMANDS / 2}.00","period":"MONTH"},"whenCut":"PARTIAL"}` }],
  });
  const day = scripts({ seed: SEED + 1, devices: DEVICES, steps: Math.ceil(COMMANDS / DEVICES / 2), outlets: () => ["O1", "O2", "O3", "O4", "O5", "O6"], most: 40, credit: 0.6, poison: 0.03 });
  const result = await run(world, network, "CONTENDED", "contended", day, SEED, { papers: (device) => papers && device % 3 === 0, weather: weather(SEED), deathly: 0.02, patience: 7_200_000 });
  told("contended", result);
  const ledger = await world.ledger(network.distributors[0]!.id);
  expect(exactlyOnce(ledger, result.accepted), `seed ${SEED}`).toEqual([]);
  expect(numbering(ledger), `seed ${SEED}`).toEqual([]);
  expect(inconsistencies({ ledger, result, scripts: day, network, creditLimit }), `seed ${SEED}`).toEqual([]);
  const spent = ledger.limits.filter((row) => row["scope"] === "TOTAL").reduce((sum, row) => sum + Number(row["used"]), 0);
  say(`contended: ${result.readings} refusals for want of stock held against the ledgers, ${spent} of a budget of ${COMMANDS} spent`);
  expect(result.readings).toBeGreaterThan(0);
  if (!ledger.tasks.some((task) => task["kind"] === "SCHEME_OVERSHOOT")) expect(spent).toBeLessThanOrEqual(COMMANDS);
  say(`contended: tasks for people: ${[...ledger.tasks.reduce((m, t) => m.set(t["kind"] as string, (m.get(t["kind"] as string) ?? 0) + 1), new Map<string, number>())].map(([k, n]) => `${k} ${n}`).join(", ") || "none"}`);
  expect(await world.verify([network.distributors[0]!.id]), `seed ${SEED}`).toEqual([]);
});
