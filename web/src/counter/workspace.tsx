import { useLiveQuery } from "dexie-react-hooks";
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import type { Me } from "../api/client";
import type { LocalStore } from "../offline/db";
import type { Reach, Sender } from "../offline/sender";
import { businessDateNow } from "../offline/clock";
import { inOrder, inStates, unfinished } from "../offline/outbox";
import { limitsOf, rows, type Facts, type Row } from "../offline/policy";
import { bookOf } from "../offline/snapshot";
import { groups, type Batch, type Command, type Context, type Credit, type Device, type Effect, type GroupState, type Lease, type Outlet, type RuleBook, type Sku } from "../offline/types";
import { Rules } from "../rules";
import { minus, sum } from "../ui/decimal";
import { standingOf } from "./bill/standing";
import { keepOpenReturns, reasonsOf } from "./returns/api";
import { outletEntry, skuEntry, type Entry } from "./bill/search";

/** What every screen of the counter works on: the local store, and its registers held in memory. */
export interface Workspace {
  me: Me;
  store: LocalStore;
  sender: Sender;
  distributorId: number;
  context: Context | undefined;
  rules: Rules | undefined;
  /** Why the rule book could not be opened; billing stops with this sentence. */
  rulesFault: string | undefined;
  skus: Map<number, Sku>;
  skuEntries: Entry<Sku>[];
  outlets: Map<string, Outlet>;
  outletEntries: Entry<Outlet>[];
  /** Batches by SKU; what this device sold and the server has not counted yet is taken off. */
  batches: Map<number, Batch[]>;
  /** True when the first pull is in and billing is possible. */
  ready: boolean;
  /** Series of legal numbers that are this device's own. */
  leases: Lease[];
  device: Device | undefined;
  /** How the device stands against the limits of working without the server (OFF-18). */
  guard: Row[];
  /** What the guard is judged by, at this moment. */
  facts(): Facts;
}

const WorkspaceContext = createContext<Workspace | undefined>(undefined);

export function useWorkspace(): Workspace {
  const found = useContext(WorkspaceContext);
  if (!found) throw new Error("outside the workspace");
  return found;
}

export function WorkspaceProvider({ me, store, sender, distributorId, children }: { me: Me; store: LocalStore; sender: Sender; distributorId: number; children: ReactNode }) {
  const told = useLiveQuery(() => store.get<Context>("context"), [store]);
  const must = useLiveQuery(() => store.get<GroupState>("group.must"), [store]);
  const book = useLiveQuery(() => store.get<RuleBook>("rulebook"), [store]);
  const skuRows = useLiveQuery(() => store.sku.toArray(), [store]);
  const pulledOutlets = useLiveQuery(() => store.outlet.toArray(), [store]);
  const madeOutlets = useLiveQuery(() => store.made.toArray(), [store]);
  const outletRows = useMemo(() => (madeOutlets?.length ? [...(pulledOutlets ?? []), ...madeOutlets.filter((made) => !pulledOutlets?.some((o) => o.id === made.id))] : pulledOutlets), [pulledOutlets, madeOutlets]);
  const batchRows = useLiveQuery(() => store.batch.toArray(), [store]);
  const effects = useLiveQuery(() => store.effect.toArray(), [store]);
  const soon = useLiveQuery(() => store.get<GroupState>("group.soon"), [store]);
  const [rules, setRules] = useState<Rules>();
  const [rulesFault, setFault] = useState<string>();
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((n) => n + 1), 15_000);
    return () => clearInterval(timer);
  }, []);
  // midnight passes without the server as well
  const businessDate = told && must ? businessDateNow(told.businessDate, must.asOf, store.clock?.now() ?? Date.now()) : told?.businessDate;
  const context = useMemo(() => (told && businessDate ? { ...told, businessDate } : told), [told, businessDate]);
  const { leases, device, guard, facts } = useGuard(store, context, tick);

  useEffect(() => {
    if (!book || book.hash === rules?.hash) return;
    let gone = false;
    Rules.open(book.hash, bookOf(book)).then((opened) => {
      if (gone) return opened.close();
      setRules((before) => {
        before?.close();
        return opened;
      });
      setFault(undefined);
    }, (error: unknown) => setFault(error instanceof Error ? error.message : String(error)));
    return () => {
      gone = true;
    };
  }, [book, rules?.hash]);

  // what a return without network needs beside its bill: kept from the first time the server answers
  useEffect(() => {
    void reasonsOf(store).then(() => keepOpenReturns(store, distributorId)).catch(() => undefined);
  }, [store, distributorId]);

  const skus = useMemo(() => new Map((skuRows ?? []).map((s) => [s.id, s])), [skuRows]);
  const skuEntries = useMemo(() => (skuRows ?? []).map(skuEntry), [skuRows]);
  const outlets = useMemo(() => new Map((outletRows ?? []).map((o) => [o.id, o])), [outletRows]);
  const outletEntries = useMemo(() => (outletRows ?? []).filter((o) => o.status !== "CLOSED").map(outletEntry), [outletRows]);
  const batches = useMemo(() => available(batchRows ?? [], effects ?? [], context?.businessDate), [batchRows, effects, context?.businessDate]);

  const value = useMemo<Workspace>(() => ({
    me, store, sender, distributorId, context, rules, rulesFault, skus, skuEntries, outlets, outletEntries, batches,
    // without the batches every line would look short
    ready: context !== undefined && skus.size > 0 && soon !== undefined, leases, device, guard, facts,
  }), [me, store, sender, distributorId, context, rules, rulesFault, skus, skuEntries, outlets, outletEntries, batches, soon, leases, device, guard, facts]);
  return <WorkspaceContext value={value}>{children}</WorkspaceContext>;
}

/** The limits of OFF-18 as they stand: judged anew every quarter of a minute and with every change of the queue. */
function useGuard(store: LocalStore, context: Context | undefined, tick: number): { leases: Lease[]; device: Device | undefined; guard: Row[]; facts: () => Facts } {
  const leases = useLiveQuery(() => store.lease.toArray(), [store]);
  const device = useLiveQuery(() => store.get<Device>("device"), [store]);
  const states = useLiveQuery(() => store.meta.bulkGet(groups.map((g) => `group.${g}`)), [store]);
  const unsent = useLiveQuery(() => inStates(store, unfinished), [store]);
  const signedInAt = useLiveQuery(() => store.get<number>("signedInAt"), [store]);
  const [storage, setStorage] = useState<{ used: number; quota: number }>();
  useEffect(() => {
    void navigator.storage?.estimate?.().then((room) => setStorage({ used: room.usage ?? 0, quota: room.quota ?? 0 }), () => undefined);
  }, [tick, unsent]);
  const facts = useCallback((): Facts => ({
    limits: limitsOf(context), now: store.clock?.now() ?? Date.now(), groups: (states ?? []).flatMap((row) => (row ? [row.value as GroupState] : [])), leases: leases ?? [], businessDate: context?.businessDate,
    drift: store.clock?.drift() ?? 0, turned: store.clock?.turned() ?? 0, behind: store.clock?.behind() ?? 0, signedInAt, storage, unsent: unsent ?? [], device,
  }), [context, store, states, leases, signedInAt, storage, unsent, device]);
  const judged = rows(facts());
  // the table is the same object while nothing in it changed, so that a tick repaints nothing
  const text = JSON.stringify(judged);
  const guard = useMemo(() => judged, [text]);
  const none = useMemo<Lease[]>(() => [], []);
  return { leases: leases ?? none, device, guard, facts };
}

/**
 * Batches by SKU, first to expire first, with what this device has sold since taken off. What is past its expiry is not
 * for sale any more, whatever bucket it still lies in.
 */
export function available(batches: Batch[], effects: Effect[], today?: string): Map<number, Batch[]> {
  const taken = new Map<string, string[]>();
  for (const effect of effects) {
    if (!effect.batchId || !effect.qty) continue;
    const at = `${effect.batchId}/${effect.warehouseId ?? ""}`;
    taken.set(at, [...(taken.get(at) ?? []), effect.qty]);
  }
  const bySku = new Map<number, Batch[]>();
  for (const batch of batches) {
    const own = [...(taken.get(`${batch.id}/${batch.warehouseId}`) ?? []), ...(taken.get(`${batch.id}/`) ?? [])];
    let row = own.length ? { ...batch, saleable: minus(batch.saleable, sum(own)) } : batch;
    if (today && row.expiresOn && row.expiresOn < today) row = { ...row, expired: sum([row.expired, row.saleable]), saleable: "0" };
    const list = bySku.get(batch.skuId);
    if (list) list.push(row);
    else bySku.set(batch.skuId, [row]);
  }
  for (const list of bySku.values()) list.sort((a, b) => (a.expiresOn ?? "9999").localeCompare(b.expiresOn ?? "9999") || a.id.localeCompare(b.id));
  return bySku;
}

/** The account of an outlet with a principal, with what this device billed and collected since. */
export function useCredit(outlet: Outlet | undefined, principalId: number | undefined): (Credit & { left: string | null }) | undefined {
  const { store } = useWorkspace();
  const effects = useLiveQuery(async () => (outlet ? store.effect.where("outletId").equals(outlet.id).toArray() : []), [store, outlet?.id]);
  return useMemo(() => {
    const credit = outlet?.credit.find((c) => c.principalId === principalId) ?? outlet?.credit[0];
    if (!credit) return undefined;
    const own = (effects ?? []).filter((e) => e.amount && (e.principalId === undefined || e.principalId === credit.principalId)).map((e) => e.amount!);
    const outstanding = sum([credit.outstanding, ...own], 2);
    return { ...credit, outstanding, left: credit.limit === null || credit.limit === undefined ? null : minus(credit.limit, outstanding, 2) };
  }, [outlet, principalId, effects]);
}

/** What limits of schemes have left for an outlet on a day, what its periods have counted, and what this device sold to it. */
export function useStanding(outlet: Outlet | undefined, date: string | undefined): (ReturnType<typeof standingOf> & { bought: NonNullable<Effect["bought"]>[]; dayparts: boolean; warehouses: boolean }) | undefined {
  const { store, rules } = useWorkspace();
  const limits = useLiveQuery(() => store.limit.toArray(), [store]);
  const accruals = useLiveQuery(async () => (outlet ? store.accrual.of("outletId", outlet.id) : []), [store, outlet?.id]);
  const effects = useLiveQuery(() => store.effect.filter((e) => e.scheme !== undefined || e.bought !== undefined).toArray(), [store]);
  return useMemo(() => (outlet && date && rules ? {
    ...standingOf(rules.schemes, { limits: limits ?? [], accruals: accruals ?? [] }, effects ?? [], outlet, date),
    bought: (effects ?? []).flatMap((e) => (e.bought?.outletId === outlet.id ? [e.bought] : [])),
    dayparts: rules.schemes.some((scheme) => ((scheme.eligibility as { dayparts?: unknown[] } | undefined)?.dayparts?.length ?? 0) > 0),
    warehouses: rules.schemes.some((scheme) => ((scheme.eligibility as { warehouseIds?: unknown[] } | undefined)?.warehouseIds?.length ?? 0) > 0),
  } : undefined),
    [outlet, date, rules, limits, accruals, effects]);
}

/** What the sync pill and the sync centre show. */
export interface SyncView {
  sending: number;
  waiting: Command[];
  needsYou: Command[];
  differs: Command[];
  /** Pictures that follow. */
  pictures: number;
  reach: Reach | undefined;
  groups: GroupState[];
}

export function useSync(): SyncView {
  const { store } = useWorkspace();
  const open = useLiveQuery(() => inOrder(store, [...unfinished, "DIFFERS", "QUARANTINED"]), [store]);
  const pictures = useLiveQuery(() => store.picture.where("state").equals("WAITING").count(), [store]);
  const reach = useLiveQuery(() => store.get<Reach>("reach"), [store]);
  const states = useLiveQuery(async () => (await store.meta.bulkGet(groups.map((g) => `group.${g}`))).flatMap((row) => (row ? [row.value as GroupState] : [])), [store]);
  return useMemo(() => {
    const all = open ?? [];
    return {
      sending: all.filter((c) => c.state === "SENDING").length,
      waiting: all.filter((c) => c.state === "WAITING" || c.state === "SENDING" || c.state === "WAITS"),
      needsYou: all.filter((c) => c.state === "NEEDS_YOU"),
      differs: all.filter((c) => (c.state === "DIFFERS" || c.state === "QUARANTINED") && c.reason === undefined),
      reach,
      groups: states ?? [],
      pictures: pictures ?? 0,
    };
  }, [open, reach, states, pictures]);
}
