import type { RulesModule } from "./index";

/** All of the rules module, with checks, returns and settlements; a counter bills with less. */
const files = import.meta.glob<RulesModule>("./generated/doors.js");

/** The whole module, for {@link Rules.open}. */
export async function wholeModule(): Promise<RulesModule> {
  const loaded = await files["./generated/doors.js"]?.();
  if (!loaded) throw new Error("this build has no rules module; build rules-web first, then web");
  return loaded;
}
