import type { Claim, ClaimDetail, MayClaim } from "../../claims/api";
import { unfinished } from "../../offline/outbox";
import type { Command } from "../../offline/types";

/** What a distributor does with a claim; each is a command of its own and waits for the one before of the same claim. */
export const stepKinds = ["claim-evidence", "claim-submission", "claim-reply", "claim-withdrawal", "claim-dispute", "claim-appeal"] as const;
export type ClaimStepKind = (typeof stepKinds)[number];

export interface StepBody { claimId: string; kind?: string; hash?: string; name?: string; text?: string; reason?: string }

export const bodyOf = (command: Command) => command.body as StepBody;

const isStepOf = (command: Command, claimId: string) => (stepKinds as readonly string[]).includes(command.kind) && bodyOf(command).claimId === claimId;

/** A claim, or its row in a list, as it stands here: the newest the server said, and on it the steps that are still on their way, oldest first. */
export function asItStands<T extends Claim>(claim: T, commands: readonly Command[]): T {
  const own = commands.filter((c) => isStepOf(c, claim.id));
  const said = own.filter((c) => c.state === "ACCEPTED").map((c) => c.document as ClaimDetail | undefined);
  let now = said.reduce<T>((newest, one) => (one && one.version > newest.version ? { ...newest, ...one } : newest), claim);
  for (const command of own.filter((c) => unfinished.includes(c.state) && c.state !== "NEEDS_YOU").sort((a, b) => a.seq - b.seq)) now = step(now, command);
  return now;
}

const NOTHING: MayClaim = { edit: false, submit: false, withdraw: false, attach: false, query: false, reply: false, decide: false, confirm: false, sendBack: false, dispute: false, appeal: false, clawBack: false, settle: false, waive: false, whyNot: null };

function step<T extends Claim>(claim: T, command: Command): T {
  const body = bodyOf(command);
  const to = (from: Claim["status"][], status: Claim["status"], awaits: Claim["awaits"], attach: boolean): T =>
    from.includes(claim.status) ? { ...claim, status, awaits, ...("may" in claim ? { may: { ...NOTHING, attach } } : {}) } : claim;
  switch (command.kind as ClaimStepKind) {
    case "claim-evidence": {
      const detail = claim as Claim as ClaimDetail;
      const paper = { kind: body.kind!, hash: body.hash!, name: body.name ?? null, note: null };
      return {
        ...claim, missing: claim.missing.filter((m) => m !== body.kind),
        ...("evidence" in claim ? { evidence: detail.evidence.some((e) => e.hash === paper.hash && e.kind === paper.kind) ? detail.evidence : [...detail.evidence, paper] } : {}),
      };
    }
    case "claim-submission": return to(["DRAFT"], "SUBMITTED", "SYSTEM", false);
    case "claim-withdrawal": return to(["DRAFT"], "WITHDRAWN", null, false);
    // with the answer the clock of the principal goes on
    case "claim-reply": return { ...to(["QUERY"], "IN_REVIEW", "AUDITOR", true), clock: claim.clock && { ...claim.clock, paused: false } };
    case "claim-dispute": return to(["PARTLY_APPROVED", "REJECTED", "SETTLED"], "DISPUTED", "AUDITOR", true);
    case "claim-appeal": return to(["PARTLY_APPROVED", "REJECTED", "SETTLED"], "APPEALED", "PANEL", true);
  }
}

/** Steps of a claim that the server has not accepted, oldest first; what follows waits for them. */
export function onTheWay(claimId: string, commands: readonly Command[]): Command[] {
  return commands.filter((c) => isStepOf(c, claimId) && unfinished.includes(c.state)).sort((a, b) => a.seq - b.seq);
}

/** The step on the way that says most of how the claim stands: one that came back, else the newest. */
export const tellingOf = (waiting: readonly Command[]): Command | undefined => waiting.find((c) => c.state === "NEEDS_YOU") ?? waiting.at(-1);

/** What a new step waits for: those before it, but not for a paper that was refused; whether one is missing the server sees for itself. */
export function waitsFor(before: readonly Command[], id: string): string[] {
  return before.filter((c) => c.id !== id && !(c.kind === "claim-evidence" && c.state === "NEEDS_YOU")).map((c) => c.id);
}

/** The refused step that doing the same again mends: it goes under its own id, and what waits for it follows. A paper is another paper each time. */
export function refusedOf(kind: ClaimStepKind, claimId: string, commands: readonly Command[]): Command | undefined {
  return kind === "claim-evidence" ? undefined : onTheWay(claimId, commands).find((c) => c.kind === kind && c.state === "NEEDS_YOU");
}
