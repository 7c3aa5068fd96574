import type { LocalStore } from "./db";

/** What is kept of the server's time, for the next start. */
export interface KeptClock {
  /** Server's time less this device's wall clock, in ms. */
  offset: number;
  /** The server's time at the last answer. */
  server: number;
  /** The latest time a document of this device carries. */
  document: number;
}

/** The outside of the clock; tests hand in their own. */
export interface Ticks { wall(): number; mono(): number }

const browser: Ticks = { wall: () => Date.now(), mono: () => performance.now() };

/**
 * The time documents carry (OFF-07): the server's as last heard, carried on by the monotonic clock, so that somebody who turns the wall clock
 * turns nothing else. A page has no clock that survives a restart: then the wall clock and the last offset are taken, and held against the last
 * document and the last word of the server.
 */
export class Clock {
  private base: { time: number; mono: number };
  private kept: KeptClock;
  /** Wall clock less true time at the last contact, or at the start where there was none. */
  private settled: number;

  constructor(kept: KeptClock | undefined, private readonly ticks: Ticks = browser, private readonly keep: (clock: KeptClock) => void = () => undefined) {
    this.kept = kept ?? { offset: 0, server: 0, document: 0 };
    this.base = { time: ticks.wall() + this.kept.offset, mono: ticks.mono() };
    this.settled = -this.kept.offset;
  }

  /** The best time known here. */
  now(): number {
    return this.base.time + (this.ticks.mono() - this.base.mono);
  }

  mono(): number {
    return Math.round(this.ticks.mono());
  }

  /** The server said its time in an answer that took `tookMs`. */
  heard(server: number, tookMs = 0): void {
    const time = server + tookMs / 2;
    this.base = { time, mono: this.ticks.mono() };
    this.settled = this.ticks.wall() - time;
    this.kept = { ...this.kept, offset: time - this.ticks.wall(), server };
    this.keep(this.kept);
  }

  /** A document was written; nothing may be earlier any more. */
  wrote(at: number): void {
    if (at <= this.kept.document) return;
    this.kept = { ...this.kept, document: at };
    this.keep(this.kept);
  }

  /** How far the wall clock of this device is from the time, in ms; positive when it is ahead. */
  drift(): number {
    return this.ticks.wall() - this.now();
  }

  /** How far the wall clock was turned since the server was last heard. */
  turned(): number {
    return this.drift() - this.settled;
  }

  /** By how many ms the time lies before what was already written or heard; 0 when all is well. */
  behind(): number {
    return Math.max(0, this.kept.document - this.now(), this.kept.server - this.now());
  }
}

/** The clock of a store, with what it keeps. */
export async function clockOf(store: LocalStore, ticks: Ticks = browser): Promise<Clock> {
  return new Clock(await store.get<KeptClock>("clock"), ticks, (kept) => void store.set("clock", kept).catch(() => undefined));
}

/** The local date of an instant on this device. */
function dateOf(at: number): string {
  const day = new Date(at);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
}

/** The business date now: what the server said with its last masters, and the midnights since. It never goes back. */
export function businessDateNow(said: string, asOf: string, now: number): string {
  const days = Math.round((Date.parse(dateOf(now)) - Date.parse(dateOf(Date.parse(asOf)))) / 86_400_000);
  return days > 0 ? new Date(Date.parse(`${said}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10) : said;
}
