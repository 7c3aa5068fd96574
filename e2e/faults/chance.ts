import { createHash } from "node:crypto";

/** A seeded stream of chance (mulberry32): the same seed, the same run. */
export class Chance {
  private state: number;

  constructor(seed: number | string) {
    this.state = typeof seed === "number" ? seed >>> 0 : createHash("sha256").update(seed).digest().readUInt32LE(0);
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `least` to `most`. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!;
  }

  /** True in `share` of the cases. */
  often(share: number): boolean {
    return this.next() < share;
  }
}

/**
 * The UUIDv7 of a document of a script. Documents of two runs of one script sort alike, because their time is that of their
 * place in the script: whatever is settled in the order of ids is settled alike.
 */
export function idOf(run: string, key: string, time: number): string {
  const hash = createHash("sha256").update(`${run}/${key}`).digest("hex");
  const at = time.toString(16).padStart(12, "0");
  return `${at.slice(0, 8)}-${at.slice(8)}-7${hash.slice(0, 3)}-a${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}
