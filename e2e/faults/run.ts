import { Chance } from "./chance";
import { Device, signIn } from "./device";
import { FaultProxy, weather, type Fault } from "./proxy";
import { site, type Step } from "./script";
import type { Network, World } from "./world";
import type { Command } from "../../web/src/offline/types";

export interface Result {
  devices: Device[];
  /** Of every command: what its device knows in the end. */
  outcomes: Map<string, Command>;
  /** Ids of the run by the names of the script. */
  names: Map<string, string>;
  /** Accepted commands and their kinds. */
  accepted: Map<string, string>;
  faults: Map<string, number>;
  requests: number;
  seconds: number;
  /** How many refusals the history checker held against the ledgers. */
  readings?: number;
}

/** Runs a script on a distributor, all devices at once; through the proxy if there is weather. */
export async function run(world: World, network: Network, code: string, name: string, scripts: Step[][], seed: number, how: { weather?: (device: string, nth: number, path: string) => Fault; deathly?: number; patience?: number; papers?: (device: number) => boolean } = {}): Promise<Result> {
  const at = site(name, network, code, scripts);
  const proxy = how.weather ? new FaultProxy(new URL(world.address), how.weather) : undefined;
  const address = proxy ? await proxy.listen() : world.address;
  const clerk = await signIn(world.address, at.distributor.clerk, network.password);
  const owner = await signIn(world.address, at.distributor.owner, network.password);
  const chance = new Chance(`${seed}/skews`);
  // most clocks are nearly right, some are minutes off, none is a day off
  const devices = scripts.map((_, i) => new Device(i, at, address, i % 4 === 3 ? owner : clerk, seed, chance.pick([0, 1_500, -40_000, 150_000, -170_000]), how.papers?.(i) ?? false, world.address));
  const from = Date.now();
  const patience = how.patience ?? 120_000;
  await Promise.all(devices.map(async (device, i) => {
    await device.start(patience);
    await device.work(scripts[i]!, patience, how.deathly ?? 0);
  }));
  await proxy?.settled();
  const seconds = (Date.now() - from) / 1000;
  const outcomes = new Map<string, Command>();
  for (const device of devices) for (const command of await device.outcomes()) outcomes.set(command.id, command);
  const faults = new Map<string, number>();
  for (const seen of proxy?.seen ?? []) faults.set(seen.fault.kind, (faults.get(seen.fault.kind) ?? 0) + 1);
  await proxy?.close();
  for (const device of devices) await device.close();
  return {
    devices, outcomes, faults, seconds, requests: proxy?.seen.length ?? 0, names: new Map(scripts.flat().map((step) => [at.id(step.key), step.key])),
    accepted: new Map([...outcomes.values()].filter((c) => c.state === "ACCEPTED" || c.state === "DIFFERS").map((c) => [c.id, c.kind])),
  };
}

export { weather };
