import { QueryClient, QueryClientProvider, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useMemo, useRef, useState } from "react";
import { api, ApiError } from "../../api/client";
import type { Problem } from "../../api/problems";
import { act, evidenceAddress, storeEvidence, useClaim, useClaimSummary, useReasons, useSteps, type Claim, type ClaimDetail, type ClaimLine, type Page, type Reason } from "../../claims/api";
import { ClaimStatus, Clock, reasonTitle, ruleTitle, useClaimTexts } from "../../claims/parts";
import { Button, Dialog, EmptyState, ProblemNote, Shape, Skeleton, TextField, dateDense, dateText, money, qty } from "../../ui";
import { isPositive, minus } from "../../ui/decimal";
import { KeyStrip } from "../help";
import { useKeys } from "../keys";
import { Find, List, Screen, type Column } from "../list";
import { useRoute } from "../router";
import { toast } from "../toast";
import { useWorkspace } from "../workspace";
import "./claims.css";

const queries = new QueryClient({ defaultOptions: { queries: { networkMode: "always", staleTime: 20_000, retry: (count, error) => count < 1 && error instanceof ApiError && error.unanswered } } });

/** C10: what the distributor claims of its principals, where it stands, what it will be paid and why something was cut. */
export function Claims() {
  return <QueryClientProvider client={queries}><Desk /></QueryClientProvider>;
}

const BOXES: Record<string, readonly string[]> = { open: ["DRAFT", "SUBMITTED", "AUTO_VALIDATED", "IN_REVIEW", "QUERY", "APPROVED", "PARTLY_APPROVED", "DISPUTED", "APPEALED"], mine: ["DRAFT", "QUERY"], paid: ["SETTLED", "CLAWED_BACK"], all: [] };
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

function Desk() {
  const { t, language } = useClaimTexts();
  const { store, distributorId } = useWorkspace();
  const { rest } = useRoute();
  const [text, setText] = useState("");
  // a link to one claim shows it, wherever it stands
  const [box, setBox] = useState(rest[0] ? "all" : "open");
  const [selected, setSelected] = useState<string | undefined>(rest[0]);
  const found = useInfiniteQuery({
    queryKey: ["claims", distributorId],
    queryFn: ({ pageParam }) => api<Page<Claim>>("/api/v1/claims", { query: { distributorId, sort: "-draftedAt", limit: 200, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: 60_000,
  });
  const kept = useLiveQuery(() => store.get<{ at: number; items: Claim[] }>("claims"), [store]);
  const fresh = useMemo(() => found.data?.pages.flatMap((p) => p.items), [found.data]);
  useEffect(() => {
    if (fresh) void store.set("claims", { at: Date.now(), items: fresh.slice(0, 200) });
  }, [fresh, store]);
  const old = !fresh && found.error && kept ? kept : undefined;
  const items = fresh ?? old?.items;
  const summary = useClaimSummary({ distributorId });
  const wanted = text.trim().toLowerCase();
  const rows = useMemo(() => (items ?? []).filter((c) => (BOXES[box]!.length === 0 || BOXES[box]!.includes(c.status)) && (!wanted || `${c.number} ${c.schemeName ?? ""} ${c.schemeCode ?? ""} ${c.period}`.toLowerCase().includes(wanted))), [items, box, wanted]);
  const row = rows.find((r) => r.id === selected) ?? rows[0];
  const lang = language;

  const columns: Column<Claim>[] = [
    { key: "number", head: t("field.claim"), width: 148, cell: (c) => <span className="num">{c.number}</span> },
    { key: "scheme", head: t("dimension.scheme"), cell: (c) => <span className="cut">{c.schemeName ?? t(`type.${c.type}`)}</span> },
    { key: "period", head: t("field.period"), width: 84, hide: true, cell: (c) => <span className="num">{c.period}</span> },
    { key: "claimed", head: t("case.claimed"), number: true, width: 98, hide: true, cell: (c) => money(c.claimed, lang) },
    { key: "expected", head: t(box === "paid" ? "c10.paid" : "c10.expected"), number: true, width: 104, cell: (c) => <b>{money(c.status === "SETTLED" ? (c.settled ?? c.expected) : c.expected, lang)}</b> },
    { key: "cut", head: t("case.cut"), number: true, width: 64, hide: true, cell: (c) => (c.cut && isPositive(c.cut) ? <span className="cutting">−{money(c.cut, lang)}</span> : "–") },
    { key: "state", head: t("field.status"), width: 156, cell: (c) => <ClaimStatus claim={c} /> },
    { key: "clock", head: t("case.clock"), width: 104, hide: true, cell: (c) => (c.missing.length && c.status === "DRAFT" ? <span className="clk watch"><Shape tone="watch" />{t("c10.missing")}</span> : <Clock clock={c.clock} quiet />) },
  ];
  const byStatus = new Map(summary.data?.byStatus.map((s) => [s.status, s]));
  const drafts = byStatus.get("DRAFT");
  const questions = byStatus.get("QUERY");
  return (
    <Screen
      title={t("c10.title")}
      note={old ? <span className="watching"><Shape tone="watch" /> {t("c10.old", { at: new Date(old.at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" }) })}</span> : t("c10.about")}
      foot={<KeyStrip keys={[["↑ ↓", "rows"], ["/", "filter"], ["F1", "help"]]}>{t("c10.count", { count: rows.length })}</KeyStrip>}
    >
      {summary.data && (
        <dl className="c10-sums">
          <div><dt>{t("c10.sum.drafts")}</dt><dd className="num">{drafts ? `${drafts.claims} · ₹ ${money(drafts.claimed, lang)}` : "0"}</dd></div>
          <div><dt>{t("c10.sum.asked")}</dt><dd className={`num ${questions?.claims ? "watching" : ""}`}>{questions?.claims ?? 0}</dd></div>
          <div><dt>{t("c10.sum.late")}</dt><dd className={`num ${summary.data.overdue ? "cutting" : ""}`}>{summary.data.overdue}</dd></div>
          <div><dt>{t("c10.sum.receivable")}</dt><dd className="num">{summary.data.receivable === null ? t("na") : `₹ ${money(summary.data.receivable, lang)}`}</dd></div>
          <div><dt>{t("c10.sum.accrued")}</dt><dd className="num">{summary.data.accrued === null ? t("na") : `₹ ${money(summary.data.accrued, lang)}`}</dd></div>
        </dl>
      )}
      <div className="filters">
        <Find value={text} onChange={setText} label={t("c10.find")} />
        <label className="filter">{t("field.status")}: <select className="bare" value={box} onChange={(e) => setBox(e.target.value)}>{Object.keys(BOXES).map((b) => <option key={b} value={b}>{t(`c10.box.${b}`)}</option>)}</select></label>
      </div>
      {found.error && !items ? <div style={{ padding: 16 }}><ProblemNote problem={found.error instanceof ApiError ? found.error.problem : { code: "FAULT" }}><Button onClick={() => void found.refetch()}>{t("action.retry", { ns: "common" })}</Button></ProblemNote></div> : !items ? <Skeleton lines={6} /> : (
        <div className="split c10-split">
          <List label={t("c10.title")} items={rows} idOf={(c) => c.id} columns={columns} selected={row?.id} onSelect={setSelected} quietRow={(c) => c.status === "WITHDRAWN" || c.status === "REJECTED"}
            empty={<EmptyState title={t(items.length === 0 ? "c10.none" : "c10.noneHere")}>{t(items.length === 0 ? "c10.noneText" : "c10.noneHereText")}</EmptyState>} />
          {row && <One key={row.id} row={row} distributorId={distributorId} offline={Boolean(old)} />}
        </div>
      )}
    </Screen>
  );
}

function One({ row, distributorId, offline }: { row: Claim; distributorId: number; offline: boolean }) {
  const { t, language: lang } = useClaimTexts();
  const cache = useQueryClient();
  const found = useClaim(offline ? undefined : row.id);
  const reasons = useReasons();
  const steps = useSteps(offline ? undefined : row.id);
  const [asking, setAsking] = useState<"reply" | "withdraw" | "dispute" | "appeal" | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const detail = found.data?.value;
  const claim: Claim | ClaimDetail = detail ?? row;
  const may = detail?.may;
  const cuts = useQuery({ queryKey: ["claim", row.id, "cuts"], enabled: !offline, queryFn: () => api<Page<ClaimLine>>(`/api/v1/claims/${row.id}/lines`, { query: { cutOnly: true, limit: 50 } }) });
  const lines = useQuery({ queryKey: ["claim", row.id, "lines"], enabled: !offline, queryFn: () => api<Page<ClaimLine>>(`/api/v1/claims/${row.id}/lines`, { query: { limit: 20 } }) });
  const stage = stageOf(claim.status);
  const paid = claim.settled ?? "0";

  const run = async (what: string, body: unknown, said: string, versioned = false) => {
    setBusy(true);
    setProblem(null);
    try {
      await act(row.id, what, body, versioned ? (found.data?.etag ?? null) : null);
      toast(t(said, { number: row.number }));
      setAsking(null);
    } catch (error) {
      setProblem(error instanceof ApiError ? error.problem : { code: "FAULT" });
    } finally {
      setBusy(false);
      void cache.invalidateQueries();
    }
  };
  const attach = async (chosen: File | undefined) => {
    if (!chosen) return;
    setBusy(true);
    setProblem(null);
    try {
      const { hash } = await storeEvidence(chosen, distributorId);
      await act(row.id, "evidence", { kind: detail?.missing[0] ?? "OTHER", hash, name: chosen.name.slice(0, 120), note: null });
      toast(t("c10.attached", { name: chosen.name }));
    } catch (error) {
      setProblem(error instanceof ApiError ? error.problem : { code: "FAULT" });
    } finally {
      setBusy(false);
      void cache.invalidateQueries();
      if (file.current) file.current.value = "";
    }
  };
  useKeys({
    "Ctrl+Enter": () => (may?.submit ? void run("submission", {}, "c10.submitted", true) : false),
    "Alt+N": () => (may?.reply ? setAsking("reply") : false) as boolean | void,
    "Alt+C": () => (may?.attach ? file.current?.click() : false) as boolean | void,
  }, !asking);

  const query = steps.data ? [...steps.data].reverse().find((s) => s.action === "QUERIED" || s.to === "QUERY") : undefined;
  return (
    <aside className="side c10-one" aria-label={claim.number}>
      <h2>{claim.number}<ClaimStatus claim={claim} /></h2>
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
      {offline && <p className="note watch">{t("c10.offline")}</p>}
      {query && claim.status === "QUERY" && <div className="note watch"><Shape tone="watch" /><span><b>{t("c10.question")}</b> {query.text}</span></div>}
      {claim.missing.length > 0 && <div className="note watch"><Shape tone="watch" /><span>{t("case.missing", { what: claim.missing.map((m) => t(`evidence.${m}`)).join(", ") })}</span></div>}
      {may && !may.submit && claim.status === "DRAFT" && may.whyNot && <p className="note info"><Shape tone="info" />{may.whyNot}</p>}
      <div className="acts">
        {may?.submit && <Button kind="primary" keys="Ctrl+Enter" disabled={busy || claim.missing.length > 0} onClick={() => void run("submission", {}, "c10.submitted", true)}>{t("c10.submit")}</Button>}
        {may?.attach && <Button keys="Alt+C" disabled={busy} onClick={() => file.current?.click()}>{t("c10.attach")}</Button>}
        {may?.reply && <Button kind="primary" keys="Alt+N" disabled={busy} onClick={() => setAsking("reply")}>{t("c10.reply")}</Button>}
        {may?.dispute && <Button disabled={busy} onClick={() => setAsking("dispute")}>{t("c10.dispute")}</Button>}
        {may?.appeal && <Button disabled={busy} onClick={() => setAsking("appeal")}>{t("c10.appeal")}</Button>}
        {may?.withdraw && <Button kind="quiet" disabled={busy} onClick={() => setAsking("withdraw")}>{t("c10.withdraw")}</Button>}
        <input ref={file} type="file" hidden accept="image/jpeg,image/png,image/webp,application/pdf" aria-label={t("c10.attach")} onChange={(e) => void attach(e.target.files?.[0])} />
      </div>
      {(cuts.data?.items.length ?? 0) > 0 && (
        <>
          <h3>{t("c10.why")}</h3>
          <ul className="c10-cuts">{cuts.data!.items.map((l) => <CutLine key={l.line} line={l} reasons={reasons.data} />)}</ul>
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
          <ul className="c10-list">{detail.evidence.map((e, i) => <li key={i}><a href={evidenceAddress(e.hash, distributorId)} target="_blank" rel="noopener">{e.name ?? t(`evidence.${e.kind}`)}</a><span className="m s">{t(`evidence.${e.kind}`)}</span></li>)}</ul>
        </>
      )}
      <h3>{t("c10.bills", { count: claim.lineCount })}</h3>
      {lines.error ? <p className="m s">{t("c10.noLines")}</p> : !lines.data ? <Skeleton lines={3} /> : (
        <ul className="c10-list">
          {lines.data.items.map((l) => <li key={l.line}><span className="grow">{l.invoiceId ? <a className="num" href={`#/print/invoice/${l.invoiceId}`} target="_blank" rel="noopener">{l.invoiceNumber}</a> : l.invoiceNumber}<span className="m s"> {l.outletName} · {l.skuName}{l.freeQty && l.kind === "FREE_GOODS" ? ` · ${t("case.free", { qty: qty(l.freeQty, lang) })}` : ""}{l.sort !== "SALE" ? ` · ${t(`sort.${l.sort}`)}` : ""}</span></span><span className="num">{money(l.claimed, lang)}</span></li>)}
          {lines.data.next && <li className="m s">{t("c10.moreLines", { count: claim.lineCount - lines.data.items.length })}</li>}
        </ul>
      )}
      {steps.data && steps.data.length > 0 && (
        <>
          <h3>{t("case.trail")}</h3>
          <ol className="c10-list">{[...steps.data].reverse().map((s) => <li key={s.seq}><span><b>{t(`step.${s.action}`, { defaultValue: s.action.toLowerCase() })}</b>{s.reason ? ` · ${reasonTitle(reasons.data, s.reason, t, lang)}` : ""}{s.text && <span className="m s"> “{s.text}”</span>}</span><span className="m s num">{dateDense(s.at)}</span></li>)}</ol>
        </>
      )}
      {asking && <Say kind={asking} claim={claim} cuts={cuts.data?.items ?? []} problem={problem} reasons={reasons.data} onClose={() => { setAsking(null); setProblem(null); }} onSay={(text, chosen) => void (asking === "reply" ? run("reply", { text }, "c10.replied") : asking === "withdraw" ? run("withdrawal", { reason: text }, "c10.withdrawn") : asking === "appeal" ? run("appeal", { text }, "c10.appealed") : run("dispute", { text, lines: chosen.map((line) => ({ line, note: text })) }, "c10.disputed"))} />}
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

function Say({ kind, claim, cuts, problem, reasons, onClose, onSay }: { kind: "reply" | "withdraw" | "dispute" | "appeal"; claim: Claim; cuts: ClaimLine[]; problem: Problem | null; reasons: Reason[] | undefined; onClose: () => void; onSay: (text: string, lines: number[]) => void }) {
  const { t, language } = useClaimTexts();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set(cuts.map((c) => c.line)));
  const ready = text.trim().length > 0 && (kind !== "dispute" || chosen.size > 0);
  return (
    <Dialog title={t(`c10.ask.${kind}`, { number: claim.number })} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); if (ready) onSay(text.trim(), [...chosen]); }}>
        <p className="m">{t(`c10.askText.${kind}`)}</p>
        {problem && <ProblemNote problem={problem} />}
        {kind === "dispute" && <ul className="c10-list">{cuts.map((c) => <li key={c.line}><label className="row"><input type="checkbox" checked={chosen.has(c.line)} onChange={(e) => setChosen((before) => { const next = new Set(before); if (e.target.checked) next.add(c.line); else next.delete(c.line); return next; })} />{t("case.lineNo", { line: c.line })} · {c.invoiceNumber} · {reasonTitle(reasons, c.reason, t, language)}</label><span className="num">−{money(c.cut ?? "0", language)}</span></li>)}</ul>}
        <TextField label={t(`c10.label.${kind}`)} data-note="" data-autofocus value={text} maxLength={600} onChange={(e) => setText(e.target.value)} required />
        <div className="end"><Button keys="Esc" onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" disabled={!ready}>{t(`c10.do.${kind}`)}</Button></div>
      </form>
    </Dialog>
  );
}
