import { Chance, idOf } from "./chance";
import type { Distributor, Network } from "./world";
import type { CommandKind } from "../../web/src/offline/types";

/** A step of a device's day, without ids: the same script runs against several distributors. */
export interface Step {
  key: string;
  /** Its place in time, which its document's id carries. */
  place: number;
  kind: CommandKind | string;
  waitsFor?: string;
  /** What the server must refuse; `fixed` is what is sent in its place, undefined: it is taken back. */
  poison?: { fixed?: (at: Site) => unknown };
  body: (at: Site) => unknown;
}

/** Where a script runs: one distributor, in one run. */
export interface Site { run: string; network: Network; distributor: Distributor; id: (key: string) => string; date: string }

export interface Shape {
  seed: number;
  devices: number;
  steps: number;
  /** Outlets of a device, by its number. */
  outlets: (device: number) => string[];
  /** Most pieces on a line. */
  most: number;
  credit: number;
  poison: number;
}

const DAY = Date.UTC(2026, 10, 1);

export function site(run: string, network: Network, code: string, scripts: Step[][]): Site {
  const places = new Map(scripts.flat().map((step) => [step.key, step.place]));
  return { run, network, distributor: network.distributors.find((d) => d.code === code)!, date: network.today, id: (key) => idOf(run, key, DAY + (places.get(key) ?? 0)) };
}

/** The day of every device: bills above all, money, orders up to their bill, receipts, cancellations, and what no server should take. */
export function scripts(shape: Shape): Step[][] {
  return Array.from({ length: shape.devices }, (_, device) => {
    const chance = new Chance(`${shape.seed}/script/${device}`);
    const outlets = shape.outlets(device);
    const steps: Step[] = [];
    const bills: { key: string }[] = [];
    const key = () => `d${device}/${steps.length}`;
    const add = (kind: string, body: (at: Site, id: string) => unknown, more: Pick<Step, "waitsFor" | "poison"> = {}) => {
      const k = key();
      steps.push({ key: k, place: steps.length * shape.devices + device, kind, body: (at) => body(at, at.id(k)), ...more });
      return k;
    };
    const lines = () => {
      const skus = new Set(Array.from({ length: chance.int(1, 4) }, () => `S${chance.int(1, 6)}`));
      return [...skus].map((sku, i) => ({ line: i + 1, sku, qty: String(chance.int(1, shape.most)) }));
    };
    const named = (at: Site, list: { line: number; sku: string; qty: string }[]) => list.map(({ line, sku, qty }) => ({ line, skuId: at.network.skus[sku], qty }));
    const head = (at: Site, id: string, outlet: string) => ({
      id, distributorId: at.distributor.id, principalId: at.network.principal, outletId: at.distributor.outlets[outlet], businessDate: at.date,
    });
    const bill = () => {
      const outlet = chance.pick(outlets);
      const what = lines();
      const mode = chance.often(shape.credit) ? "CREDIT" : "CASH";
      const saleType = chance.often(0.6) ? "COUNTER" : "DELIVERY";
      return (at: Site, id: string) => ({ ...head(at, id, outlet), warehouseId: at.distributor.warehouse, saleType, paymentMode: mode, lines: named(at, what) });
    };
    while (steps.length < shape.steps) {
      const dice = chance.next();
      if (dice < shape.poison) {
        const good = bill();
        const wrong = chance.int(0, 6);
        const spoil = (body: Record<string, unknown>): unknown => {
          switch (wrong) {
            case 0: return { ...body, lines: [{ line: 1, skuId: 1, qty: "-5" }] };
            case 1: return { ...body, lines: [{ line: 1, skuId: 999_999_999, qty: "1" }] };
            case 2: return "not a document";
            case 3: return { ...body, distributorId: 1_000_000_007 };
            case 4: return { ...body, outletId: "00000000-0000-7000-8000-000000000000" };
            case 5: return { ...body, lines: [] };
            default: return { ...body, businessDate: "1999-01-01" };
          }
        };
        const fix = chance.often(0.5);
        const poisoned = add("invoice", (at, id) => spoil(good(at, id)), { poison: fix ? { fixed: (at) => good(at, at.id(poisoned)) } : {} });
        // whoever depends on it waits, and is taken when it is mended
        if (fix && chance.often(0.4)) add("cancel-invoice", (at) => ({ id: at.id(poisoned), reason: "not wanted" }), { waitsFor: poisoned });
      } else if (dice < 0.1) {
        const outlet = chance.pick(outlets);
        const amount = (chance.int(1_000, 60_000) / 100).toFixed(2);
        add("collection", (at, id) => ({ ...head(at, id, outlet), mode: "CASH", amount }));
      } else if (dice < 0.18) {
        const outlet = chance.pick(outlets);
        const what = lines();
        const order = add("order", (at, id) => ({ ...head(at, id, outlet), warehouseId: at.distributor.warehouse, lines: named(at, what) }));
        if (chance.often(0.3)) add("cancel-order", (at) => ({ id: at.id(order), reason: "not wanted" }), { waitsFor: order });
        else {
          const allocation = add("allocate-order", (at) => ({ id: at.id(order) }), { waitsFor: order });
          if (chance.often(0.8))
            add("invoice", (at, id) => ({ ...head(at, id, outlet), warehouseId: at.distributor.warehouse, saleType: "DELIVERY", paymentMode: "CASH", orderId: at.id(order), lines: named(at, what) }), { waitsFor: allocation });
        }
      } else if (dice < 0.22) {
        const sku = `S${chance.int(1, 6)}`;
        const good = chance.int(1, 40);
        const batchNo = `G-${key().replace("/", "-")}`;
        add("goods-receipt", (at, id) => ({
          id, distributorId: at.distributor.id, principalId: at.network.principal, warehouseId: at.distributor.warehouse, businessDate: at.date, principalInvoiceNumber: `P/${batchNo}`, principalInvoiceOn: at.date,
          lines: [{ line: 1, skuId: at.network.skus[sku], batchNo, expiresOn: later(at.date, 400), mrp: "60.00", unitCost: "7.50", billedQty: String(good + 1), freeQty: "0", goodQty: String(good), damagedQty: "1", shortQty: "0" }],
        }));
      } else if (dice < 0.27 && bills.length > 0) {
        const of = chance.pick(bills);
        add("cancel-invoice", (at) => ({ id: at.id(of.key), reason: "wrong goods" }), { waitsFor: of.key });
      } else {
        bills.push({ key: add("invoice", bill()) });
      }
    }
    return steps.slice(0, shape.steps);
  });
}

function later(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
