import type { TestProject } from "vitest/node";
import { World } from "./world";

declare module "vitest" {
  interface ProvidedContext {
    /** Addresses of the server and of its ledgers ({@link World}). */
    world: { address: string; control: string };
  }
}

/** One server for all simulated devices; every test orders networks of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // a measurement keeps out of the way of what the suite leaves from run to run
  const world = await World.start(process.env.OFFTAKE_BENCH ? "target/bench-home" : undefined);
  project.provide("world", { address: world.address, control: world.control });
  return () => world.stop();
}
