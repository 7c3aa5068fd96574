import { cleanup, render, waitFor } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, api } from "../api/client";
import type { InvoiceView } from "../api/documents";
import { startTexts } from "../i18n";
import { LocalStore } from "../offline/db";
import { keepEvidence } from "../offline/pictures";
import { EvidenceName, EvidenceRow } from "./evidence";
import { withTax } from "./print/print-host";

let store: LocalStore;
let away = true;
let count = 0;
vi.mock("../api/client", async (real) => ({ ...(await real<typeof import("../api/client")>()), api: vi.fn() }));
vi.mock("./workspace", () => ({ useWorkspace: () => ({ store, distributorId: 7 }), useSync: () => ({ reach: { state: away ? "not-reached" : "reached", since: 0 } }) }));

beforeAll(() => startTexts(["counter"], "en"));
beforeEach(async () => {
  store = new LocalStore(`evidence-${count++}`);
  await store.open();
  Object.assign(URL, { createObjectURL: () => "blob:own", revokeObjectURL: () => undefined });
  vi.mocked(api).mockReset();
});
afterEach(async () => {
  cleanup();
  await store.delete();
});
const keep = (hash: string, mediaType: string) => keepEvidence(store, { hash, at: Date.now(), size: 3, mediaType, data: new Uint8Array(3) });

describe("evidence without network", () => {
  it("[OFF-01] is shown from this device where it is kept, else it says where it is and asks nobody", async () => {
    away = true;
    await keep("own", "image/jpeg");
    await keep("paper", "application/pdf");
    const { container } = render(<EvidenceRow hashes={["own", "paper", "other"]} label={(n) => `Picture ${n}`} />);
    await waitFor(() => expect(container.textContent).toContain("Kept on the server; needs network"));
    await waitFor(() => expect([...container.querySelectorAll("img")].map((i) => i.getAttribute("src"))).toEqual(["blob:own"]));
    expect(container.querySelector("a[download]")?.getAttribute("href")).toBe("blob:own");
    expect(api).not.toHaveBeenCalled();
  });

  it("[OFF-01] a paper's name is no link that leads nowhere: it tells what it needs as soon as the server does not answer", async () => {
    away = false;
    vi.mocked(api).mockRejectedValue(new ApiError(0, { code: "NOT_REACHED" }));
    const { container } = render(<EvidenceName hash="other">proof.png</EvidenceName>);
    await waitFor(() => expect(container.textContent).toBe("proof.png Kept on the server; needs network"));
    expect(container.querySelector("a")).toBeNull();
    vi.mocked(api).mockResolvedValue({});
    cleanup();
    const there = render(<EvidenceName hash="other">proof.png</EvidenceName>).container;
    await waitFor(() => expect(there.querySelector("a")?.getAttribute("href")).toBe("/api/v1/evidence/other?distributorId=7"));
  });
});

describe("what the tax office has of a paper", () => {
  const view = { id: "i1", number: "N1", seller: { gstin: "27A" } } as InvoiceView;
  it("[OFF-01] is on it again without network, as it was told last, and the print does not ask while the server is known to be away", async () => {
    await store.set("reach", { state: "reached", since: 0 });
    vi.mocked(api).mockResolvedValue({ irn: "abc", wording: [] });
    expect((await withTax(store, view)).tax?.irn).toBe("abc");
    vi.mocked(api).mockRejectedValue(new ApiError(0, { code: "NOT_REACHED" }));
    expect((await withTax(store, view)).tax?.irn).toBe("abc");
    await store.set("reach", { state: "not-reached", since: 0 });
    vi.mocked(api).mockClear();
    expect([(await withTax(store, view)).tax?.irn, (await withTax(store, { ...view, id: "i2" })).tax]).toEqual(["abc", undefined]);
    expect(api).not.toHaveBeenCalled();
  });
});
