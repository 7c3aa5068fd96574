import type { Command, Context, Device, GroupState, Lease, OfflineIssue } from "./types";

/** The limits of working without the server (OFF-18), as the snapshot carries them; until it is there, the defaults of the table. */
export interface Limits {
  mastersWarnHours: number; mastersStopHours: number; mastersReadOnlyDays: number; seriesWarn: number; clockWarnMinutes: number; clockStopMinutes: number;
  signInWarnDays: number; signInStopDays: number; pinTries: number; storageWarnPercent: number; storageStopPercent: number; storageReserveMb: number; unsentWarnHours: number; unsentStopHours: number;
  /** Of evidence that was sent: how much of it stays here, how long, and how large one file may be. */
  evidenceKeepDays: number; evidenceKeepCount: number; evidenceKeepMb: number; evidenceFileMb: number;
}

export const defaults: Limits = {
  mastersWarnHours: 24, mastersStopHours: 72, mastersReadOnlyDays: 7, seriesWarn: 50, clockWarnMinutes: 3, clockStopMinutes: 60, signInWarnDays: 7, signInStopDays: 45, pinTries: 5,
  storageWarnPercent: 80, storageStopPercent: 95, storageReserveMb: 10, unsentWarnHours: 24, unsentStopHours: 72,
  evidenceKeepDays: 45, evidenceKeepCount: 300, evidenceKeepMb: 24, evidenceFileMb: 2,
};

export function limitsOf(context: Context | undefined): Limits {
  const policy = context?.policy ?? {};
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, Number.isFinite(Number(policy[name])) && policy[name] !== null && policy[name] !== undefined ? Number(policy[name]) : value])) as unknown as Limits;
}

export type Level = "ok" | "warn" | "stop" | "readonly";

/** One row of the table: how it stands, with the numbers its sentence needs. */
export interface Row { what: "masters" | "numbers" | "clock" | "signIn" | "storage" | "unsent" | "device"; level: Level; values: Record<string, string | number> }

/** What the rows are judged by. Times in ms. */
export interface Facts {
  limits: Limits;
  now: number;
  groups: Pick<GroupState, "group" | "checkedAt">[];
  leases: Lease[];
  businessDate: string | undefined;
  drift: number;
  turned: number;
  behind: number;
  signedInAt: number | undefined;
  storage: { used: number; quota: number } | undefined;
  unsent: Pick<Command, "at">[];
  device: Device | undefined;
}

const HOUR = 3_600_000;
const DAY = 86_400_000;

/** The lease that numbers a document of this type on a date; a used-up one is found as well, and says so by its numbers. */
export function leaseFor(leases: Lease[], documentType: string, businessDate: string | undefined): Lease | undefined {
  if (!businessDate) return undefined;
  return leases.find((lease) => lease.documentType === documentType && lease.state === "ACTIVE" && lease.validFrom <= businessDate && businessDate <= lease.validTo);
}

export function left(lease: Lease | undefined): number {
  return lease ? Math.max(0, lease.max - lease.next + 1) : 0;
}

/** A number as it is printed. */
export function printed(lease: Pick<Lease, "series" | "width">, number: number): string {
  return lease.series + String(number).padStart(lease.width, "0");
}

/** All rows of OFF-18, in the order of the table. */
export function rows(facts: Facts): Row[] {
  const { limits, now } = facts;
  const out: Row[] = [];
  if (facts.device && facts.device.state !== "ACTIVE") out.push({ what: "device", level: "readonly", values: { state: facts.device.state, reason: facts.device.reason ?? "" } });

  const must = facts.groups.find((g) => g.group === "must");
  if (must) {
    const age = Math.max(0, now - must.checkedAt);
    const level: Level = age > limits.mastersReadOnlyDays * DAY ? "readonly" : age > limits.mastersStopHours * HOUR ? "stop" : age > limits.mastersWarnHours * HOUR ? "warn" : "ok";
    out.push({ what: "masters", level, values: { at: must.checkedAt, hours: Math.floor(age / HOUR), stop: limits.mastersStopHours, days: limits.mastersReadOnlyDays } });
  }

  const lease = leaseFor(facts.leases, "INVOICE", facts.businessDate);
  if (lease) {
    const rest = left(lease);
    out.push({ what: "numbers", level: rest === 0 ? "stop" : rest < limits.seriesWarn ? "warn" : "ok", values: { left: rest, series: lease.series, warn: limits.seriesWarn } });
  }

  const minutes = Math.round(Math.abs(facts.drift) / 60_000);
  const jumped = Math.abs(facts.turned) > limits.clockStopMinutes * 60_000;
  const back = facts.behind > limits.clockWarnMinutes * 60_000;
  out.push({
    what: "clock", level: jumped || back ? "stop" : minutes > limits.clockWarnMinutes ? "warn" : "ok",
    values: { minutes: back ? Math.round(facts.behind / 60_000) : minutes, direction: back || facts.drift < 0 ? "behind" : "ahead" },
  });

  if (facts.signedInAt) {
    const days = Math.floor((now - facts.signedInAt) / DAY);
    out.push({ what: "signIn", level: days >= limits.signInStopDays ? "readonly" : days >= limits.signInWarnDays ? "warn" : "ok", values: { days, stop: limits.signInStopDays } });
  }

  if (facts.storage && facts.storage.quota > 0) {
    const percent = Math.round((100 * facts.storage.used) / facts.storage.quota);
    const free = facts.storage.quota - facts.storage.used;
    out.push({ what: "storage", level: percent >= limits.storageStopPercent || free < limits.storageReserveMb * 1_048_576 ? "stop" : percent >= limits.storageWarnPercent ? "warn" : "ok", values: { percent, free: Math.floor(free / 1_048_576), reserve: limits.storageReserveMb } });
  }

  const oldest = facts.unsent.map((c) => Date.parse(c.at)).sort((a, b) => a - b)[0];
  if (oldest !== undefined) {
    const hours = Math.floor((now - oldest) / HOUR);
    out.push({ what: "unsent", level: hours >= limits.unsentStopHours ? "stop" : hours >= limits.unsentWarnHours ? "warn" : "ok", values: { hours, count: facts.unsent.length, stop: limits.unsentStopHours } });
  }
  return out;
}

/** What a person is about to write. */
export type Deed = "invoice" | "credit-invoice" | "credit-note" | "numbered" | "order" | "picture" | "other";

/** The row that forbids a deed, or undefined. Unsent work alone never stops anything here: it is shown to the manager. */
export function stopOf(table: Row[], deed: Deed): Row | undefined {
  return table.find((row) => {
    switch (row.what) {
      case "device":
      case "signIn": return row.level === "readonly";
      case "masters": return row.level === "readonly" || (row.level === "stop" && (deed === "invoice" || deed === "credit-invoice" || deed === "credit-note"));
      case "numbers": return row.level === "stop" && (deed === "invoice" || deed === "credit-invoice");
      case "clock": return row.level === "stop" && (deed === "invoice" || deed === "credit-invoice" || deed === "credit-note" || deed === "numbered");
      case "storage": return row.level === "stop" && deed === "picture";
      default: return false;
    }
  });
}

/**
 * Whether this device may give a bill its legal number now (OFF-04): the law of the country pack says for whom. A contingency holds only while
 * the server is away.
 */
export function mayIssue(issue: Context["offlineIssue"], buyerRegistered: boolean, reached: boolean): boolean {
  const rule: OfflineIssue = issue ? (buyerRegistered ? issue.b2b : issue.b2c) : "YES";
  return rule === "YES" || (rule === "CONTINGENCY" && !reached);
}
