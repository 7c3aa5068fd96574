import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Problem } from "../../api/problems";
import { type Claim, type ClaimDetail, type ClaimLine, type Reason, type Summary } from "../../claims/api";
import { ClaimStatus, Clock, reasonTitle, ruleTitle, useClaimTexts } from "../../claims/parts";
import { uuidv7 } from "../../offline/db";
import { enqueue, inStates, standing, takeBack, unfinished } from "../../offline/outbox";
import { NoRoom, TooLarge, addPicture } from "../../offline/pictures";
import type { Command } from "../../offline/types";
import { Button, Dialog, EmptyState, ProblemNote, Shape, Skeleton, TextField, dateDense, dateText, money, qty, timeOfDay } from "../../ui";
import { isPositive, minus, sum } from "../../ui/decimal";
import { PATIENCE, answered } from "../answered";
import { StateChip } from "../chips";
import { KeyStrip } from "../help";
import { EvidenceName } from "../evidence";
import { useKept, whenText } from "../kept";
import { useKeys } from "../keys";
import { Find, List, Screen, type Column } from "../list";
import { useRoute } from "../router";
import { toast } from "../toast";
import { useSync, useWorkspace } from "../workspace";
import { LIST, OPEN, REASONS, SUMMARY, askClaim, askClaims, askReasons, askSummary, keyOf, type KeptClaim } from "./api";
import "./claims.css";
import { asItStands, bodyOf, onTheWay, refusedOf, tellingOf, waitsFor, type ClaimStepKind } from "./steps";

const BOXES: Record<string, readonly string[]> = { open: OPEN, mine: ["DRAFT", "QUERY"], paid: ["SETTLED", "CLAWED_BACK"], all: [] };
/** The way of a claim as the distributor sees it. */
export const STAGES = ["DRAFT", "SUBMITTED", "IN_REVIEW", "APPROVED", "SETTLED"] as const;

/** How far on its way a claim is; a refused one ends where it was decided. */
export function stageOf(status: Claim["status"]): number {
  switch (status) {
    case "DRAFT": case "WITHDRAWN": return 0;
    case "SUBMITTED": case "AUTO_VALIDATED": return 1;
    case "IN_REVIEW": case "QUERY": case "DISPUTED": case "APPEALED": return 2;
    case "APPROVED": case "PARTLY_APPROVED": case "REJECTED": return 3;
    case "SETTLED": case "CLAWED_BACK": return 4;
  }
}

/**
 * C10: what the distributor claims of its principals, where it stands, what it will be paid and why something was cut. It shows what is kept here, and
 * every step is a command of the queue: nothing waits for the network (OFF-01).
 */
export function Claims() {
  const { t, language } = useClaimTexts();
  const { store, distributorId } = useWorkspace();
  const sync = useSync();
  const { rest } = useRoute();
  const [text, setText] = useState("");
  // a link to one claim shows it, wherever it stands
  const [box, setBox] = useState(rest[0] ? "all" : "open");
  const [selected, setSelected] = useState<string | undefined>(rest[0]);
  // what was just worked on stays in the list, whatever the filter says
  const [stays, setStays] = useState<string>();
  useEffect(() => {
    if (!rest[0]) return;
    setSelected(rest[0]);
    setStays(rest[0]);
  }, [rest[0]]);
  const commands = useLiveQuery(() => standing(store, (c) => c.kind.startsWith("claim-")), [store]);
  const own = useMemo(() => commands ?? [], [commands]);
  // asked for behind what is shown: again when the server took a step, when it is reached anew, and with every link that is followed
  const again = `${rest[0] ?? ""}/${own.filter((c) => c.state === "ACCEPTED").length}/${sync.reach?.state !== "not-reached"}`;
  const found = useKept<Claim[]>(store, LIST, askClaims(distributorId), again, 60_000);
  const summary = useKept<Summary>(store, SUMMARY, askSummary(distributorId), again, 60_000).value;
  const reasons = useKept<Reason[]>(store, REASONS, askReasons).value;
  const items = useMemo(() => found.value?.map((c) => asItStands(c, own)), [found.value, own]);
  const wanted = text.trim().toLowerCase();
  const rows = useMemo(() => (items ?? []).filter((c) => (c.id === stays || BOXES[box]!.length === 0 || BOXES[box]!.includes(c.status)) && (!wanted || `${c.number} ${c.schemeName ?? ""} ${c.schemeCode ?? ""} ${c.period}`.toLowerCase().includes(wanted))), [items, box, wanted, stays]);
  // a link to a claim that the list does not have yet shows that one: a step may never be taken on another in its stead
  const linkedId = selected !== undefined && selected === rest[0] && !items?.some((c) => c.id === selected) ? selected : undefined;
  const linked = useKept<KeptClaim>(store, linkedId && keyOf(linkedId), () => askClaim(linkedId!)()).value;
  const row = rows.find((r) => r.id === selected) ?? (linkedId ? linked && asItStands<Claim>(linked.detail, own) : rows[0]);
  const lang = language;

  const columns: Column<Claim>[] = [
    { key: "number", head: t("field.claim"), width: 168, cell: (c) => <><span className="num">{c.number}</span><Coming last={tellingOf(onTheWay(c.id, own))} /></> },
    { key: "scheme", head: t("dimension.scheme"), cell: (c) => <span className="cut">{c.schemeName ?? t(`type.${c.type}`)}</span> },
    { key: "period", head: t("field.period"), width: 84, hide: true, cell: (c) => <span className="num">{c.period}</span> },
    { key: "claimed", head: t("case.claimed"), number: true, width: 98, hide: true, cell: (c) => money(c.claimed, lang) },
    { key: "expected", head: t(box === "paid" ? "c10.paid" : "c10.expected"), number: true, width: 104, cell: (c) => <b>{money(c.status === "SETTLED" ? (c.settled ?? c.expected) : c.expected, lang)}</b> },
    { key: "cut", head: t("case.cut"), number: true, width: 64, hide: true, cell: (c) => (c.cut && isPositive(c.cut) ? <span className="cutting">−{money(c.cut, lang)}</span> : "–") },
    { key: "state", head: t("field.status"), width: 156, cell: (c) => <ClaimStatus claim={c} /> },
    { key: "clock", head: t("case.clock"), width: 104, hide: true, cell: (c) => (c.missing.length && c.status === "DRAFT" ? <span className="clk watch"><Shape tone="watch" />{t("c10.missing")}</span> : <Clock clock={c.clock} quiet />) },
  ];
  // every open claim is in the list, with the steps that are on their way
  const drafts = (items ?? []).filter((c) => c.status === "DRAFT");
  const questions = (items ?? []).filter((c) => c.status === "QUERY").length;
  return (
    <Screen
      title={t("c10.title")}
      note={found.old === undefined ? t("c10.about") : <span className="watching"><Shape tone="watch" /> {t(found.failed ? "c10.old" : "c10.asOf", { at: whenText(found.old, lang) })}</span>}
      foot={<KeyStrip keys={[["↑ ↓", "rows"], ["/", "filter"], ["F1", "help"]]}>{t("c10.count", { count: rows.length })}</KeyStrip>}
    >
      {summary && (
        <dl className="c10-sums">
          <div><dt>{t("c10.sum.drafts")}</dt><dd className="num">{drafts.length > 0 ? `${drafts.length} · ₹ ${money(sum(drafts.map((c) => c.claimed), 2), lang)}` : "0"}</dd></div>
          <div><dt>{t("c10.sum.asked")}</dt><dd className={`num ${questions ? "watching" : ""}`}>{questions}</dd></div>
          <div><dt>{t("c10.sum.late")}</dt><dd className={`num ${summary.overdue ? "cutting" : ""}`}>{summary.overdue}</dd></div>
          <div><dt>{t("c10.sum.receivable")}</dt><dd className="num">{summary.receivable === null ? t("na") : `₹ ${money(summary.receivable, lang)}`}</dd></div>
          <div><dt>{t("c10.sum.accrued")}</dt><dd className="num">{summary.accrued === null ? t("na") : `₹ ${money(summary.accrued, lang)}`}</dd></div>
        </dl>
      )}
      <div className="filters">
        <Find value={text} onChange={(to) => { setText(to); setStays(undefined); }} label={t("c10.find")} />
        <label className="filter">{t("field.status")}: <select className="bare" value={box} onChange={(e) => { setBox(e.target.value); setStays(undefined); }}>{Object.keys(BOXES).map((b) => <option key={b} value={b}>{t(`c10.box.${b}`)}</option>)}</select></label>
      </div>
      {found.failed && (!items || !found.failed.unanswered) && <div style={{ padding: 16 }}><ProblemNote problem={found.failed.problem}><Button onClick={found.refresh}>{t("action.retry", { ns: "common" })}</Button></ProblemNote></div>}
      {!items ? found.pending && <Skeleton lines={6} /> : (
        <div className="split c10-split">
          <List label={t("c10.title")} items={rows} idOf={(c) => c.id} columns={columns} selected={row?.id} onSelect={setSelected} quietRow={(c) => c.status === "WITHDRAWN" || c.status === "REJECTED"}
            empty={<EmptyState title={t(items.length === 0 ? "c10.none" : "c10.noneHere")}>{t(items.length === 0 ? "c10.noneText" : "c10.noneHereText")}</EmptyState>} />
          {row && <One key={row.id} row={row} commands={own} again={again} reasons={reasons} onStep={() => { setSelected(row.id); setStays(row.id); }} />}
        </div>
      )}
    </Screen>
  );
}

/** A mark that something of this device's is under way, or came back. */
function Coming({ last }: { last: Command | undefined }) {
  const { t } = useClaimTexts();
  const said = last && t(`state.${last.state}`, { ns: "counter" });
  return last ? <span className={`c10-coming ${last.state === "NEEDS_YOU" ? "cutting" : ""}`} role="img" aria-label={said} title={said}><Shape tone={last.state === "NEEDS_YOU" ? "act" : "up"} /></span> : null;
}

/** Whether what was refused can still be done on the claim as it stands. */
const passes = (kind: Command["kind"], may: ClaimDetail["may"] | undefined) =>
  kind === "claim-submission" ? may?.submit : kind === "claim-reply" ? may?.reply : kind === "claim-withdrawal" ? may?.withdraw : kind === "claim-dispute" ? may?.dispute : kind === "claim-appeal" ? may?.appeal : may?.attach;

const TEXTS = { reply: "claim-reply", withdraw: "claim-withdrawal", dispute: "claim-dispute", appeal: "claim-appeal" } as const;
type Asking = keyof typeof TEXTS;
const SAID: Record<ClaimStepKind, string> = { "claim-evidence": "c10.attached", "claim-submission": "c10.submitted", "claim-reply": "c10.replied", "claim-withdrawal": "c10.withdrawn", "claim-dispute": "c10.disputed", "claim-appeal": "c10.appealed" };

function One({ row, commands, again, reasons, onStep }: { row: Claim; commands: Command[]; again: string; reasons: Reason[] | undefined; onStep: () => void }) {
  const { t, language: lang } = useClaimTexts();
  const { store, context, facts } = useWorkspace();
  const sync = useSync();
  const kept = useKept<KeptClaim>(store, keyOf(row.id), askClaim(row.id), `${again}/${row.version}`);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [typed, setTyped] = useState<Partial<Record<Asking, string>>>({});
  const [note, setNote] = useState<string>();
  const [busy, setBusy] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const detail = useMemo(() => kept.value && asItStands(kept.value.detail, commands), [kept.value, commands]);
  const claim: Claim | ClaimDetail = detail ?? row;
  const may = detail?.may;
  const cuts = kept.value?.cuts ?? [];
  const steps = kept.value?.steps ?? [];
  const waiting = onTheWay(row.id, commands);
  const refused = waiting.find((c) => c.state === "NEEDS_YOU");
  const following = useLiveQuery(async () => new Set(await store.picture.where("state").equals("WAITING").primaryKeys()), [store]);
  const away = sync.reach?.state === "not-reached";
  const stage = stageOf(claim.status);
  const paid = claim.settled ?? "0";

  /** Every step goes through the queue: it counts here at once, and the server says what it thinks of it when it is reached. A refused one goes again under its id. */
  const step = async (kind: ClaimStepKind, body: Record<string, unknown>, name = "") => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    setNote(undefined);
    try {
      const id = refusedOf(kind, row.id, commands)?.id ?? uuidv7();
      onStep();
      const proofs = kind === "claim-submission" && detail ? detail.evidence.filter((e) => e.kind === "PAYOUT_PROOF").map((e) => e.hash) : [];
      await enqueue(store, {
        // a claim needs nothing of the first pull; the day it counts on is the server's
        id, kind, businessDate: context?.businessDate ?? new Date(store.clock?.now() ?? Date.now()).toISOString().slice(0, 10), body: { claimId: row.id, ...body }, waitsFor: waitsFor(waiting, id), after: proofs,
        summary: { kind, number: row.number, outletName: row.schemeName ?? row.principalName, total: null }, ...(kind === "claim-evidence" ? { pictures: [String(body["hash"])] } : {}),
      });
      setAsking(null);
      void tell(id, kind, name);
    } finally {
      setBusy(false);
    }
  };
  /** What became of a step, if the server says so soon; the next step need not wait for that. */
  const tell = async (id: string, kind: ClaimStepKind, name: string) => {
    const done = sync.reach?.state === "reached" ? await answered(store, id, PATIENCE) : undefined;
    if (done?.state !== "NEEDS_YOU") return toast(t(done?.document ? SAID[kind] : "c10.onItsWay", { number: row.number, name }));
    // said at once and nothing was built on it: it is mended here and leaves nothing behind
    if ((await inStates(store, unfinished)).some((c) => c.waitsFor?.includes(id))) return;
    setProblem(done.problem ?? { code: "FAULT" });
    await takeBack(store, id, "refused while it was looked at");
  };
  const say = (text: string, chosen: number[]) => {
    if (!asking) return;
    setTyped((before) => ({ ...before, [asking]: text }));
    void step(TEXTS[asking], asking === "withdraw" ? { reason: text } : asking === "dispute" ? { text, lines: chosen.map((line) => ({ line, note: text })) } : { text });
  };
  const submit = () => void step("claim-submission", { claimed: claim.claimed });
  const attach = async (chosen: File | undefined) => {
    if (!chosen || busy) return;
    setNote(undefined);
    try {
      const hash = await addPicture(store, row.id, "CLAIM", chosen, facts());
      await step("claim-evidence", { kind: claim.missing[0] ?? "OTHER", hash, name: chosen.name.slice(0, 120) }, chosen.name);
    } catch (error) {
      setNote(error instanceof NoRoom ? t("pictures.noRoom", { percent: error.percent, ns: "counter" }) : error instanceof TooLarge ? t("c10.tooLarge", { mb: error.megabytes }) : t("c10.notRead"));
    } finally {
      if (file.current) file.current.value = "";
    }
  };
  useKeys({
    "Ctrl+Enter": () => (may?.submit && claim.missing.length === 0 ? submit() : false) as boolean | void,
    "Alt+N": () => (may?.reply ? setAsking("reply") : false) as boolean | void,
    "Alt+C": () => (may?.attach ? file.current?.click() : false) as boolean | void,
  }, !asking);

  const query = [...steps].reverse().find((s) => s.action === "QUERIED" || s.to === "QUERY");
  return (
    <aside className="side c10-one" aria-label={claim.number}>
      <h2>{claim.number}<ClaimStatus claim={claim} />{waiting.length > 0 && <StateChip state={tellingOf(waiting)!.state} />}</h2>
      <p className="m s">{claim.schemeName ?? t(`type.${claim.type}`)} · {claim.period} · {claim.principalName}</p>
      <ol className="c10-way" aria-label={t("c10.way")}>
        {STAGES.map((s, i) => <li key={s} className={i < stage ? "done" : i === stage ? "here" : ""} aria-current={i === stage ? "step" : undefined}><Shape tone={i < stage || claim.status === "SETTLED" ? "good" : i === stage ? (claim.status === "REJECTED" ? "act" : "info") : "plain"} /><span>{t(i === 3 && claim.status === "REJECTED" ? "status.REJECTED" : i === 3 && claim.status === "PARTLY_APPROVED" ? "status.PARTLY_APPROVED" : `c10.stage.${s}`)}</span></li>)}
      </ol>
      <dl className="c10-dl">
        {claim.awaits && <div><dt>{t("c10.waitsFor")}</dt><dd>{t(`owner.${claim.awaits}`)}</dd></div>}
        {claim.clock && <div><dt>{t("case.clock")}</dt><dd><Clock clock={claim.clock} />{claim.clock.dueOn && <span className="m s"> {t("c10.due", { date: dateText(claim.clock.dueOn.slice(0, 10), lang) })}</span>}</dd></div>}
        {claim.status === "DRAFT" && claim.filingUntil && <div><dt>{t("c10.fileUntil")}</dt><dd className="num">{dateText(claim.filingUntil, lang)}</dd></div>}
        {claim.expectedOn && claim.status !== "SETTLED" && <div><dt>{t("c10.creditOn")}</dt><dd className="num">{dateText(claim.expectedOn, lang)}</dd></div>}
      </dl>
      <table className="tbl small c10-money" aria-label={t("c10.money")}>
        <tbody>
          <tr><th scope="row">{t("case.entitled")}</th><td className="n">{money(claim.entitled, lang)}</td></tr>
          <tr><th scope="row">{t("case.claimed")}</th><td className="n">{money(claim.claimed, lang)}</td></tr>
          {isPositive(claim.netted) && <tr><th scope="row">{t("c10.netted")}</th><td className="n">−{money(claim.netted, lang)}</td></tr>}
          <tr><th scope="row">{t("c10.expected")}</th><td className="n"><b>{money(claim.expected, lang)}</b></td></tr>
          <tr><th scope="row">{t("c10.paid")}</th><td className="n"><b>{money(paid, lang)}</b></td></tr>
          {claim.status === "SETTLED" && isPositive(minus(claim.expected, paid)) && <tr><th scope="row">{t("c10.stillOpen")}</th><td className="n cutting">{money(minus(claim.expected, paid), lang)}</td></tr>}
        </tbody>
      </table>
      {problem && !asking && <ProblemNote problem={problem} />}
      {note && <p className="note act" role="alert"><Shape tone="act" />{note}</p>}
      {refused && <ProblemNote problem={refused.problem ?? { code: "FAULT" }}><p>{t(passes(refused.kind, may) ? "c10.refused" : "c10.over", { what: t(`command.${refused.kind}`, { ns: "counter" }) })}</p><Button onClick={() => void takeBack(store, refused.id, "taken out at the claim")}>{t("c10.takeOut")}</Button></ProblemNote>}
      {away && <p className="note watch"><Shape tone="watch" />{t(detail ? "c10.offline" : "c10.notHere")}</p>}
      {kept.failed && !kept.failed.unanswered && <ProblemNote problem={kept.failed.problem} />}
      {query && claim.status === "QUERY" && <div className="note watch"><Shape tone="watch" /><span><b>{t("c10.question")}</b> {query.text}</span></div>}
      {claim.missing.length > 0 && <div className="note watch"><Shape tone="watch" /><span>{t("case.missing", { what: claim.missing.map((m) => t(`evidence.${m}`)).join(", ") })}</span></div>}
      {may && !may.submit && claim.status === "DRAFT" && may.whyNot && <p className="note info"><Shape tone="info" />{may.whyNot}</p>}
      <div className="acts">
        {may?.submit && <Button kind="primary" keys="Ctrl+Enter" disabled={busy || claim.missing.length > 0} onClick={submit}>{t("c10.submit")}</Button>}
        {may?.attach && <Button keys="Alt+C" disabled={busy} onClick={() => file.current?.click()}>{t("c10.attach")}</Button>}
        {may?.reply && <Button kind="primary" keys="Alt+N" disabled={busy} onClick={() => setAsking("reply")}>{t("c10.reply")}</Button>}
        {may?.dispute && <Button disabled={busy} onClick={() => setAsking("dispute")}>{t("c10.dispute")}</Button>}
        {may?.appeal && <Button disabled={busy} onClick={() => setAsking("appeal")}>{t("c10.appeal")}</Button>}
        {may?.withdraw && <Button kind="quiet" disabled={busy} onClick={() => setAsking("withdraw")}>{t("c10.withdraw")}</Button>}
        <input ref={file} type="file" hidden accept="image/jpeg,image/png,image/webp,application/pdf" aria-label={t("c10.attach")} onChange={(e) => void attach(e.target.files?.[0])} />
      </div>
      {cuts.length > 0 && (
        <>
          <h3>{t("c10.why")}</h3>
          <ul className="c10-cuts">{cuts.map((l) => <CutLine key={l.line} line={l} reasons={reasons} />)}</ul>
        </>
      )}
      {detail && detail.settlements.length > 0 && (
        <>
          <h3>{t("c10.credits")}</h3>
          <ul className="c10-list">{detail.settlements.map((s) => <li key={s.id}><span><b className="num">{s.number}</b><span className="m s"> {t(`treatment.${s.treatment}`)} · {dateDense(s.on)}{s.principalNoteNumber ? ` · ${s.principalNoteNumber}` : ""}</span></span><b className="num">{money(s.amount, lang)}</b></li>)}</ul>
        </>
      )}
      {detail && detail.evidence.length > 0 && (
        <>
          <h3>{t("case.evidence")}</h3>
          <ul className="c10-list">{detail.evidence.map((e, i) => <li key={i}><span><EvidenceName hash={e.hash}>{e.name ?? t(`evidence.${e.kind}`)}</EvidenceName>{following?.has(e.hash) && <span className="m s"> {t("c10.follows")}</span>}</span><span className="m s">{t(`evidence.${e.kind}`)}</span></li>)}</ul>
        </>
      )}
      <h3>{t("c10.bills", { count: claim.lineCount })}</h3>
      {!kept.value ? kept.failed ? <p className="m s">{t("c10.noLines")}</p> : <Skeleton lines={3} /> : (
        <ul className="c10-list">
          {kept.value.lines.map((l) => <li key={l.line}><span className="grow">{l.invoiceId ? <a className="num" href={`#/print/invoice/${l.invoiceId}`} target="_blank" rel="noopener">{l.invoiceNumber}</a> : l.invoiceNumber}<span className="m s"> {l.outletName} · {l.skuName}{l.freeQty && l.kind === "FREE_GOODS" ? ` · ${t("case.free", { qty: qty(l.freeQty, lang) })}` : ""}{l.sort !== "SALE" ? ` · ${t(`sort.${l.sort}`)}` : ""}</span></span><span className="num">{money(l.claimed, lang)}</span></li>)}
          {kept.value.more && <li className="m s">{t("c10.moreLines", { count: claim.lineCount - kept.value.lines.length })}</li>}
        </ul>
      )}
      {steps.length + waiting.length > 0 && (
        <>
          <h3>{t("case.trail")}</h3>
          <ol className="c10-list">{[...waiting].reverse().map((c) => <li key={c.id}><span><b>{t(`command.${c.kind}`, { ns: "counter" })}</b>{(bodyOf(c).text ?? bodyOf(c).reason) && <span className="m s"> “{bodyOf(c).text ?? bodyOf(c).reason}”</span>}</span><span className="m s num">{timeOfDay(c.at)} <StateChip state={c.state} /></span></li>)}{[...steps].reverse().map((s) => <li key={s.seq}><span><b>{t(`step.${s.action}`, { defaultValue: s.action.toLowerCase() })}</b>{s.reason ? ` · ${reasonTitle(reasons, s.reason, t, lang)}` : ""}{s.text && <span className="m s"> “{s.text}”</span>}</span><span className="m s num">{dateDense(s.at)}</span></li>)}</ol>
        </>
      )}
      {asking && <Say kind={asking} claim={claim} cuts={cuts} reasons={reasons} before={textOf(refusedOf(TEXTS[asking], row.id, commands)) ?? typed[asking] ?? ""} onClose={() => setAsking(null)} onSay={say} />}
    </aside>
  );
}

/** Why a line was cut, in the words the distributor reads, with the bill it concerns. */
function CutLine({ line, reasons }: { line: ClaimLine; reasons: Reason[] | undefined }) {
  const { t, language } = useClaimTexts();
  const fail = line.results.find((r) => r.result === "BLOCK" || r.result === "FAIL");
  const gone = line.cut ?? minus(line.claimed, line.approved ?? line.allowed);
  return (
    <li>
      <span><b>{line.reason ? reasonTitle(reasons, line.reason, t, language) : fail ? ruleTitle(t, fail.rule) : t("case.cut")}</b><span className="m s"> {t("case.lineNo", { line: line.line })} · {line.invoiceNumber} · {line.outletName}</span>{(line.note ?? fail?.text) && <span className="s c10-text">{line.note ?? fail?.text}</span>}</span>
      <span className="num cutting">−{money(gone, language)}</span>
    </li>
  );
}

/** What was typed for a step that came back. */
const textOf = (command: Command | undefined) => command && (bodyOf(command).text ?? bodyOf(command).reason);

function Say({ kind, claim, cuts, reasons, before, onClose, onSay }: { kind: Asking; claim: Claim; cuts: ClaimLine[]; reasons: Reason[] | undefined; before: string; onClose: () => void; onSay: (text: string, lines: number[]) => void }) {
  const { t, language } = useClaimTexts();
  const [text, setText] = useState(before);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set(cuts.map((c) => c.line)));
  const ready = text.trim().length > 0 && (kind !== "dispute" || chosen.size > 0);
  return (
    <Dialog title={t(`c10.ask.${kind}`, { number: claim.number })} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); if (ready) onSay(text.trim(), [...chosen]); }}>
        <p className="m">{t(`c10.askText.${kind}`)}</p>
        {kind === "dispute" && <ul className="c10-list">{cuts.map((c) => <li key={c.line}><label className="row"><input type="checkbox" checked={chosen.has(c.line)} onChange={(e) => setChosen((before) => { const next = new Set(before); if (e.target.checked) next.add(c.line); else next.delete(c.line); return next; })} />{t("case.lineNo", { line: c.line })} · {c.invoiceNumber} · {reasonTitle(reasons, c.reason, t, language)}</label><span className="num">−{money(c.cut ?? "0", language)}</span></li>)}</ul>}
        <TextField label={t(`c10.label.${kind}`)} data-note="" data-autofocus value={text} maxLength={600} onChange={(e) => setText(e.target.value)} required />
        <div className="end"><Button keys="Esc" onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" disabled={!ready}>{t(`c10.do.${kind}`)}</Button></div>
      </form>
    </Dialog>
  );
}
