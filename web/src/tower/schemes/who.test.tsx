import { cleanup, configure, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { tower } from "../testing/fake";

configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  localStorage.clear();
});

const scheme = {
  id: 5, version: 1, code: "CITY-5", name: "City soap", mechanic: "M1", principalId: 1, principal: "SUN", validFrom: "2026-12-01", validTo: "2026-12-31", status: "ACTIVE", createdAt: "2026-11-01T00:00:00Z",
  scheme: { code: "CITY-5", name: "City soap", principal: "SUN", validFrom: "2026-12-01", validTo: "2026-12-31", stage: "LINE", mechanic: { type: "DISCOUNT", reward: { percent: "0.05" } }, products: { skuIds: ["S1"] }, eligibility: { distributorIds: ["KT"], warehouseIds: ["KT:CITY"] }, stacking: "CASCADE", exclusionGroup: "SOAP", choice: "BEST_FOR_OUTLET", priority: 100, principalShare: "1", claimable: true, claimRate: "PTS" },
};

describe("whom a scheme is for", () => {
  it("[SCH-09] offers the warehouses of its distributors, says them in words, and drops them with their distributor", async () => {
    const { asked } = await tower("/tower/schemes/5/edit", (ask) => {
      if (ask.path === "/api/v1/schemes/5") return { body: scheme, etag: '"1"' };
      if (ask.path === "/api/v1/warehouses") return { body: { items: [{ id: "w1", code: "CITY", name: "City godown", distributor: "KT" }, { id: "w2", code: "MAIN", name: "Main godown", distributor: "KT" }], next: null } };
      return undefined;
    });
    expect((await screen.findAllByText(/out of KT:CITY/)).length).toBeGreaterThan(0);
    const who = screen.getByRole("region", { name: /To whom and when/ });
    await waitFor(() => expect(asked.find((a) => a.path === "/api/v1/warehouses")?.query.get("distributor")).toBe("KT"));
    expect(within(who).getByText("Warehouse")).toBeTruthy();
    fireEvent.click(within(who).getByRole("button", { name: "Drop the condition: Distributor" }));
    expect(within(who).queryByText("Warehouse")).toBeNull();
    expect(screen.queryByText(/out of KT:CITY/)).toBeNull();
    // asked for again, it asks for distributors first
    fireEvent.click(within(who).getByRole("button", { name: /Add a condition/ }));
    fireEvent.click(await screen.findByRole("menuitem", { name: "Warehouse" }));
    expect(within(who).getByText("Distributor")).toBeTruthy();
  });
});
