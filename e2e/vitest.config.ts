import { defineConfig } from "vitest/config";

const common = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 };

/**
 * `browser`: screens in Chromium against the packaged application with the example, one server for all files. `faults`: devices
 * without a screen, behind a network that breaks. One after the other: they would take the processor from each other.
 */
export default defineConfig({
  test: {
    reporters: ["default"],
    projects: [
      { test: { ...common, name: "browser", include: ["tests/**/*.test.ts"], globalSetup: ["support/server.ts"], sequence: { groupOrder: 1 } } },
      { test: { ...common, name: "faults", include: ["faults/**/*.test.ts"], globalSetup: ["faults/setup.ts"], sequence: { groupOrder: 2 } } },
      // measurements of `./offtake bench`, never a part of the suite
      ...(process.env.OFFTAKE_BENCH ? [{ test: { ...common, name: "bench", include: ["bench/**/*.test.ts"], globalSetup: ["faults/setup.ts"], sequence: { groupOrder: 3 } } }] : []),
    ],
  },
});
