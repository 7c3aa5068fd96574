import { describe, expect, it } from "vitest";
import type { Claim, ClaimDetail } from "../../claims/api";
import type { Command } from "../../offline/types";
import { asItStands, onTheWay, refusedOf, waitsFor, type ClaimStepKind } from "./steps";

const may = { edit: true, submit: true, withdraw: true, attach: true, reply: false, dispute: false, appeal: false, whyNot: null };
const row = { id: "c", status: "DRAFT", awaits: "DISTRIBUTOR", version: 3, missing: ["PAYOUT_PROOF"] } as unknown as Claim;
const detail = { ...row, evidence: [], may } as unknown as ClaimDetail;
const command = (seq: number, kind: ClaimStepKind, state: Command["state"], body: object = {}, document?: object): Command => ({ id: `s${seq}`, seq, kind, state, businessDate: "2026-11-26", at: "", tries: 0, summary: { kind }, body: { claimId: "c", ...body }, ...(document ? { document } : {}) });
const paper = command(1, "claim-evidence", "SENDING", { kind: "PAYOUT_PROOF", hash: "ab", name: "proof.jpg" });

describe("the steps of a claim on their way", () => {
  it("[OFF-01] [CLM-02] show at once what they will make of it, in their order, and wait for each other", () => {
    const steps = [command(2, "claim-submission", "WAITS"), paper];
    const now = asItStands(detail, steps);
    expect([now.status, now.missing, now.evidence.map((e) => e.name), now.may.submit, now.may.attach]).toEqual(["SUBMITTED", [], ["proof.jpg"], false, false]);
    expect(onTheWay("c", steps).map((c) => c.id)).toEqual(["s1", "s2"]);
    // the row of the list says the same, without what only the whole claim has
    expect(asItStands(row, steps)).toEqual({ ...row, status: "SUBMITTED", awaits: "SYSTEM", missing: [] });
    // the same paper twice is one
    expect(asItStands(detail, [paper, { ...paper, id: "s9", seq: 9 }]).evidence).toHaveLength(1);
  });

  it("[OFF-01] a question that is answered, a cut that is disputed and appealed stand with the other side, and more papers may follow", () => {
    const at = (status: Claim["status"], kind: ClaimStepKind) => asItStands({ ...detail, status }, [command(1, kind, "WAITING", { text: "x" })]);
    expect((["QUERY", "REJECTED", "PARTLY_APPROVED"] as const).map((status, i) => [at(status, (["claim-reply", "claim-dispute", "claim-appeal"] as const)[i]!)].map((c) => `${c.status} ${c.awaits} ${c.may.attach} ${c.may.reply}`)[0]))
      .toEqual(["IN_REVIEW AUDITOR true false", "DISPUTED AUDITOR true false", "APPEALED PANEL true false"]);
    expect(at("DRAFT", "claim-withdrawal").status).toBe("WITHDRAWN");
    expect(asItStands({ ...detail, status: "QUERY", clock: { paused: true } as unknown as Claim["clock"] }, [command(1, "claim-reply", "WAITING")]).clock?.paused).toBe(false);
    // decided meanwhile: the step changes nothing here, the server says what it thinks of it
    expect(at("APPROVED", "claim-submission").status).toBe("APPROVED");
  });

  it("[OFF-06] a refused step has changed nothing and is mended under its own id; what the server said last counts", () => {
    const refused = command(2, "claim-submission", "NEEDS_YOU");
    expect(asItStands(detail, [refused]).status).toBe("DRAFT");
    expect(refusedOf("claim-submission", "c", [refused])?.id).toBe("s2");
    expect([refusedOf("claim-reply", "c", [refused]), refusedOf("claim-evidence", "c", [{ ...paper, state: "NEEDS_YOU" }])]).toEqual([undefined, undefined]);
    const looked = { ...detail, status: "IN_REVIEW", version: 6 };
    expect(asItStands(detail, [command(2, "claim-submission", "ACCEPTED", {}, looked)]).status).toBe("IN_REVIEW");
    expect(asItStands({ ...detail, status: "APPROVED", version: 7 }, [command(2, "claim-submission", "ACCEPTED", {}, looked)]).status).toBe("APPROVED");
    expect(onTheWay("other", [refused])).toEqual([]);
    expect(waitsFor([{ ...paper, state: "NEEDS_YOU" }, paper, refused, command(3, "claim-reply", "WAITING")], "s2")).toEqual(["s1", "s3"]);
  });
});
