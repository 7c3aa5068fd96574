import { afterAll, beforeAll, expect, test } from "vitest";
import { differences, essence, exactlyOnce, numbering } from "./ledgers";
import { run, weather } from "./run";
import { scripts } from "./script";
import { World } from "./world";

/** `./offtake bench faults` asks for 10,000 commands of 20 devices; the suite for fewer. */
const COMMANDS = Number(process.env.OFFTAKE_FAULTS_COMMANDS ?? 600);
const DEVICES = 20;
const SEED = Number(process.env.OFFTAKE_FAULTS_SEED ?? Date.now() % 1_000_000);

let world: World;

beforeAll(async () => {
  world = await World.start();
  console.log(`faults: seed ${SEED}, ${COMMANDS} commands of ${DEVICES} devices`);
}, 300_000);
afterAll(() => world?.stop());

test("whatever the network does, every command has one outcome and the day ends as a day without faults [OFF-04] [OFF-06] [OFF-09]", { timeout: 3_600_000 }, async () => {
  const network = await world.network({ distributors: ["CLEAN", "FAULTY"], outlets: DEVICES * 3, stock: 1_000_000, creditLimit: "100000000" });
  const day = scripts({ seed: SEED, devices: DEVICES, steps: COMMANDS / DEVICES, outlets: (d) => [1, 2, 3].map((n) => `O${d * 3 + n}`), most: 30, credit: 0.5, poison: 0.05 });
  const clean = await run(world, network, "CLEAN", "clean", day, SEED);
  const faulty = await run(world, network, "FAULTY", "faulty", day, SEED, { weather: weather(SEED), deathly: 0.02, patience: 3_000_000 });
  console.log(`clean ${clean.seconds.toFixed(1)} s, faulty ${faulty.seconds.toFixed(1)} s, ${faulty.requests} requests, ${[...faulty.faults].map(([k, n]) => `${k} ${n}`).join(", ")}, ${faulty.devices.reduce((n, d) => n + d.deaths, 0)} deaths`);
  console.log([...clean.devices.reduce((m, d) => { for (const [k, n] of d.refused) m.set(k, (m.get(k) ?? 0) + n); return m; }, new Map<string, number>())].map(([k, n]) => `${k} ${n}`).join(", "));
  for (const [code, result] of [["CLEAN", clean], ["FAULTY", faulty]] as const) {
    const ledger = await world.ledger(network.distributors.find((d) => d.code === code)!.id);
    expect(result.outcomes.size).toBe(COMMANDS);
    expect(exactlyOnce(ledger, result.accepted), `seed ${SEED}`).toEqual([]);
    expect(numbering(ledger), `seed ${SEED}`).toEqual([]);
  }
  const states = (r: typeof clean) => new Map([...r.outcomes.values()].map((c) => [r.names.get(c.id)!, `${c.state} ${c.problem?.code ?? ""}`]));
  const other = states(clean);
  expect([...states(faulty)].filter(([key, state]) => other.get(key) !== state).map(([key, state]) => `${key} (${day.flat().find((s) => s.key === key)!.kind}): ${state}, without faults ${other.get(key)}`), `seed ${SEED}`).toEqual([]);
  const [one, two] = await Promise.all(["FAULTY", "CLEAN"].map((code) => world.ledger(network.distributors.find((d) => d.code === code)!.id)));
  expect(differences(essence(one!, faulty.names), essence(two!, clean.names)), `seed ${SEED}`).toEqual([]);
  expect(await world.verify(network.distributors.map((d) => d.id)), `seed ${SEED}`).toEqual([]);
});
