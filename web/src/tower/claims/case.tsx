import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { act, evidenceAddress, OVERRULE, TREATMENTS, useClaim, useReasons, useSteps, type ClaimDetail, type ClaimLine, type Reason, type RuleResult, type RuleSum } from "../../claims/api";
import { ClaimStatus, Clock, OutcomeState, reasonTitle, RiskState, ruleTitle, useClaimTexts } from "../../claims/parts";
import { ApiError } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Button, Dialog, EmptyState, ProblemNote, Shape, Skeleton } from "../../ui";
import { cmp, dec, sub, text as decText, add, toPercent, type Dec } from "../decimal";
import { Fault, problemFrom } from "../frame/faults";
import { useFormats, type Formats } from "../format";
import { useList } from "../http";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { toast } from "../kit/toast";
import { href, useGo, useSearchState } from "../nav";
import { uuidv7 } from "../../api/uuid";

interface Decision {
  approved: string;
  reason: string;
  note: string;
}

type Asking = "query" | "reject" | "cut" | "send-back" | "waive" | "settle" | "claw-back";
const ZERO: Dec = { n: 0n, scale: 2 };
const d = (v: string | null | undefined): Dec => dec(v) ?? ZERO;

/** One claim: lines beside their bills, rule results with the numbers they used, evidence, why it is risky, and the decision. */
export function ClaimCase({ id, inDesk, onDecided, onBack, onNext }: { id: string; inDesk?: boolean; onDecided?: () => void; onBack?: () => void; onNext?: (() => void) | undefined }) {
  const { t, language } = useClaimTexts();
  const f = useFormats();
  const go = useGo();
  const cache = useQueryClient();
  const [search, set] = useSearchState();
  const found = useClaim(id);
  const reasons = useReasons();
  const [onlyCut, setOnlyCut] = useState(false);
  const list = useList<ClaimLine>(`/api/v1/claims/${id}/lines`, { sort: "line", cutOnly: onlyCut || undefined });
  const odd = useList<ClaimLine>(`/api/v1/claims/${id}/lines`, { sort: "line", worst: "BLOCK,FAIL,WARN" });
  const [drafts, setDrafts] = useState<ReadonlyMap<number, Decision>>(new Map());
  const [asking, setAsking] = useState<Asking | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [refused, setRefused] = useState(false);
  const [busy, setBusy] = useState(false);
  const root = useRef<HTMLElement>(null);
  const claim = found.data?.value;
  const lines = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const picked = lines.find((l) => String(l.line) === search.line) ?? lines.find((l) => l.worst !== "PASS") ?? lines[0];
  const cuts = useMemo(() => (reasons.data ?? []).filter((r) => r.cuts), [reasons.data]);

  const total = useMemo(() => {
    if (!claim) return ZERO;
    let sum = d(claim.allowed ?? claim.entitled);
    for (const [line, decision] of drafts) {
      const own = lines.find((l) => l.line === line);
      if (own) sum = add(sub(sum, d(own.allowed)), d(decision.approved));
    }
    return sum;
  }, [claim, drafts, lines]);

  const settleDrafts = (line: number, decision: Decision | null) => setDrafts((before) => {
    const next = new Map(before);
    if (decision) next.set(line, decision);
    else next.delete(line);
    return next;
  });
  const fresh = () => {
    void cache.invalidateQueries({ queryKey: ["claim", id] });
    void cache.invalidateQueries({ queryKey: ["list", `/api/v1/claims/${id}/lines`] });
    void cache.invalidateQueries({ queryKey: ["claims-summary"] });
    if (!inDesk) void cache.invalidateQueries({ queryKey: ["list", "/api/v1/claims"] });
  };
  const run = async (what: string, body: unknown, said: string, versioned = false) => {
    if (!claim || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const done = await act(id, what, body, versioned ? found.data?.etag : null);
      setAsking(null);
      setDrafts(new Map());
      const second = done.value?.awaits === "FINANCE" && claim.awaits !== "FINANCE";
      toast(second ? t("did.proposed", { number: claim.number }) : t(said, { number: claim.number, amount: `${f.rupee} ${f.money(what === "confirmation" ? (claim.proposed?.approved ?? decText(total)) : decText(total))}` }));
      fresh();
      onDecided?.();
    } catch (error) {
      setProblem(problemFrom(error));
      if (error instanceof ApiError && (error.status === 409 || error.status === 412)) fresh();
    } finally {
      setBusy(false);
    }
  };
  const decide = () => {
    if (!claim) return;
    if (claim.may.confirm) return void run("confirmation", {}, "did.confirmed", true);
    if (claim.may.settle) return setAsking("settle");
    if (!claim.may.decide) return setRefused(true);
    if (drafts.size === 0) return void run("decision", { decision: "APPROVE" }, "did.approved", true);
    const named = [...drafts].map(([line, x]) => ({ line, approved: x.approved, reason: x.reason, ...(x.note ? { note: x.note } : {}) }));
    const disagree = [...drafts].flatMap(([line, x]) => {
      const own = lines.find((l) => l.line === line);
      return own && cmp(d(x.approved), d(own.allowed)) > 0 ? own.results.filter((r) => r.result === "FAIL" || r.result === "BLOCK").map((r) => ({ line, rule: r.rule })) : [];
    });
    void run("decision", { decision: "LINES", lines: named, ...(disagree.length ? { disagree } : {}) }, "did.approved", true);
  };
  const ask = (what: Asking, may: boolean) => {
    if (!may) return setRefused(true);
    setProblem(null);
    setAsking(what);
  };
  const cutBy = (reason: Reason) => {
    if (!claim?.may.decide) return setRefused(true);
    if (!picked || picked.sort !== "SALE") return;
    if (reason.code === "OTHER") return setAsking("cut");
    settleDrafts(picked.line, { approved: reason.code === "ABOVE_ENTITLEMENT" && cmp(d(picked.entitled), d(picked.allowed)) < 0 ? picked.entitled : "0.00", reason: reason.code, note: "" });
  };
  const step = (by: number) => {
    const at = lines.findIndex((l) => l.line === picked?.line);
    const next = lines[Math.max(0, Math.min(lines.length - 1, at + by))];
    if (!next) return;
    set({ line: String(next.line) }, { replace: true });
    root.current?.querySelector(`[data-line="${next.line}"]`)?.scrollIntoView?.({ block: "nearest" });
    if (list.hasNextPage && at + by > lines.length - 20 && !list.isFetchingNextPage) void list.fetchNextPage();
  };

  const keys = (code: string): boolean => {
    if (asking) return false;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1];
    if (digit) {
      const reason = cuts[Number(digit) - 1];
      if (reason) cutBy(reason);
      return Boolean(reason);
    }
    switch (code) {
      case "KeyA": decide(); return true;
      case "KeyC": case "KeyP": ask("cut", Boolean(claim?.may.decide)); return true;
      case "KeyQ": ask("query", Boolean(claim?.may.query)); return true;
      case "KeyR": if (claim?.may.sendBack) ask("send-back", true); else ask("reject", Boolean(claim?.may.decide)); return true;
      case "KeyW": ask("waive", Boolean(claim?.may.waive)); return true;
      case "KeyF": setOnlyCut((v) => !v); return true;
      case "KeyE": { const first = claim?.evidence[0]; if (first && claim) window.open(evidenceAddress(first.hash, claim.distributorId), "_blank", "noopener"); return true; }
      case "KeyB": if (picked?.invoiceId) window.open(href(`/bills/${picked.invoiceId}`), "_blank", "noopener"); return true;
      case "Enter": if (inDesk) go(`/claims/${id}`); return Boolean(inDesk);
      case "ArrowDown": step(1); return true;
      case "ArrowUp": step(-1); return true;
      case "Home": step(-lines.length); return true;
      case "End": step(lines.length); return true;
      case "Backspace": if (picked) settleDrafts(picked.line, null); return true;
      default: return false;
    }
  };
  const handler = useRef(keys);
  handler.current = keys;
  useEffect(() => {
    const el = root.current;
    const listen = (e: Event) => { if (handler.current((e as CustomEvent<{ code: string }>).detail.code)) e.preventDefault(); };
    el?.addEventListener("claim-key", listen);
    return () => el?.removeEventListener("claim-key", listen);
  }, [claim !== undefined]); // eslint-disable-line react-hooks/exhaustive-deps

  if (found.error && !claim) return <section className="panel" style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></section>;
  if (!claim) return <section className="panel"><Skeleton lines={12} /></section>;
  const may = claim.may;
  const decidable = may.decide || may.confirm;
  const toSettle = may.settle || (claim.awaits === "SETTLEMENT" && may.whyNot !== null);
  const cutSum = sub(d(claim.claimed), decidable && may.decide ? total : d(claim.approved ?? claim.allowed ?? claim.entitled));
  const oddLines = odd.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <article ref={root} className="case2" data-case={id} aria-label={`${claim.number} ${claim.distributorName}`} tabIndex={-1}>
      {inDesk && <button type="button" className="btn sm case2-back" onClick={onBack}><Icon name="left" />{t("desk.title")}</button>}
      <header className="c2-head panel">
        <div className="grow">
          <p className="s muted"><A className="quiet-link" path={`/claims/${id}`}>{claim.number}</A> · {t(`type.${claim.type}`)}{claim.schemeName ? <> · <A className="quiet-link" path={`/schemes/${claim.schemeId}`}>{claim.schemeName}</A>{claim.schemeVersion ? ` ${t("case.version", { n: claim.schemeVersion })}` : ""}</> : null} · {periodText(claim, f)}</p>
          <div className="c2-name">{inDesk ? <h2>{claim.distributorName}</h2> : <h1>{claim.distributorName}</h1>}<RiskState claim={claim} /><ClaimStatus claim={claim} />{claim.holdout && <span className="st plain" title={t("case.holdoutWhy")}><Shape tone="plain" />{t("case.holdout")}</span>}{claim.straightThrough && <span className="st good"><Shape tone="good" />{t("case.straight")}</span>}{claim.late && <span className={`st ${claim.waived ? "plain" : "act"}`}><Shape tone={claim.waived ? "plain" : "act"} />{t(claim.waived ? "case.waived" : "case.late")}</span>}</div>
        </div>
        <dl className="c2-sums">
          <div><dt>{t("case.claimed")}</dt><dd className="n">{f.money(claim.claimed)}</dd></div>
          <div><dt>{t(claim.approved !== null && !may.decide ? "case.approved" : "case.allowed")}</dt><dd className="n">{f.money(may.decide ? decText(total) : (claim.approved ?? claim.allowed ?? claim.entitled))}</dd></div>
          <div><dt>{t("case.cut")}</dt><dd className={`n ${cutSum.n > 0n ? "neg" : ""}`}>{cutSum.n > 0n ? `−${f.money(decText(cutSum))}` : "0.00"}</dd></div>
          {claim.clock && <div><dt>{t("case.clock")}</dt><dd><Clock clock={claim.clock} /> <span className="s muted">{t("case.ofDays", { count: claim.clock.days })}</span></dd></div>}
        </dl>
      </header>
      {problem && !asking && <ProblemNote problem={problem} />}
      {refused && <div className="note act" role="alert" data-why><Shape tone="act" /><span className="grow">{may.whyNot ?? t("case.noRight", { step: t(claim.awaits ? `awaits.${claim.awaits}` : `status.${claim.status}`).toLocaleLowerCase(language) })}</span></div>}
      {!refused && !decidable && !may.settle && may.whyNot && <div className="note info" data-why><Shape tone="info" /><span>{may.whyNot}</span></div>}
      {claim.proposed && <div className="note info"><Shape tone="info" /><span>{t("case.proposed", { who: claim.proposed.by, when: f.moment(claim.proposed.at), amount: `${f.rupee} ${f.money(claim.proposed.approved)}` })}{claim.proposed.note ? ` “${claim.proposed.note}”` : ""}</span></div>}
      {claim.missing.length > 0 && <div className="note watch"><Shape tone="watch" /><span>{t("case.missing", { what: claim.missing.map((m) => t(`evidence.${m}`)).join(", ") })}</span></div>}

      <section className="panel c2-lines" aria-label={t("case.lines")}>
        <header>
          <h2>{t("case.linesBeside", { count: claim.lineCount })}{claim.failLines + claim.warnLines > 0 && <span className="muted"> {t("case.linesOdd", { fail: claim.failLines, warn: claim.warnLines })}</span>}</h2>
          <button type="button" className="btn sm quiet" aria-pressed={onlyCut} onClick={() => setOnlyCut(!onlyCut)}>{t("case.onlyCut")}<kbd aria-hidden="true">F</kbd></button>
        </header>
        <Lines lines={lines} claim={claim} drafts={drafts} picked={picked?.line} onPick={(n) => set({ line: String(n) }, { replace: true })} loading={list.isPending} error={list.error} retry={() => void list.refetch()} more={list.hasNextPage ? () => void list.fetchNextPage() : undefined} total={may.decide ? total : d(claim.approved ?? claim.allowed ?? claim.entitled)} onlyCut={onlyCut} reasons={reasons.data} />
      </section>

      <div className="c2-cols">
        <div className="stack">
          {picked && <LineCard line={picked} claim={claim} draft={drafts.get(picked.line)} reasons={reasons.data} onUndo={() => settleDrafts(picked.line, null)} />}
          <EvidencePanel claim={claim} />
        </div>
        <div className="stack">
          <RulesPanel claim={claim} odd={oddLines} onLine={(n) => { setOnlyCut(false); set({ line: String(n) }, { replace: true }); }} />
          {claim.risk && <RiskPanel claim={claim} />}
          <Settled claim={claim} />
          <Trail id={id} reasons={reasons.data} />
        </div>
      </div>

      {(decidable || may.query || may.waive || may.settle || may.sendBack || may.clawBack || ["IN_REVIEW", "DISPUTED", "APPEALED", "SUBMITTED"].includes(claim.status) || toSettle) && (
        <footer className="c2-acts" aria-label={t("case.decision")}>
          {toSettle ? <button type="button" className="btn pri" data-act="settle" aria-disabled={!may.settle || undefined} disabled={busy} title={may.settle ? undefined : (may.whyNot ?? undefined)} onClick={() => ask("settle", may.settle)}>{t("act.settle", { amount: `${f.rupee} ${f.money(claim.approved)}` })}<kbd aria-hidden="true">A</kbd></button>
            : may.clawBack ? <button type="button" className="btn" data-act="claw-back" disabled={busy || !picked || picked.sort !== "SALE"} onClick={() => ask("claw-back", true)}>{t("act.clawBack", { line: picked?.line ?? "" })}</button>
            : <button type="button" className="btn pri" data-act="approve" aria-disabled={!decidable || undefined} disabled={busy} title={decidable ? undefined : (may.whyNot ?? undefined)} onClick={decide}>{t(may.confirm ? "act.confirm" : "act.approve", { amount: `${f.rupee} ${f.money(may.confirm ? (claim.proposed?.approved ?? claim.allowed ?? claim.entitled) : decText(total))}` })}<kbd aria-hidden="true">A</kbd></button>}
          {!toSettle && !may.confirm && !may.clawBack && <button type="button" className="btn" data-act="cut" aria-disabled={!may.decide || undefined} onClick={() => ask("cut", may.decide)}>{t("act.cut")}<kbd aria-hidden="true">C</kbd></button>}
          {!toSettle && !may.confirm && !may.clawBack && <button type="button" className="btn" data-act="query" aria-disabled={!may.query || undefined} onClick={() => ask("query", may.query)}>{t("act.query")}<kbd aria-hidden="true">Q</kbd></button>}
          {may.sendBack ? <button type="button" className="btn" data-act="reject" onClick={() => ask("send-back", true)}>{t("act.sendBack")}<kbd aria-hidden="true">R</kbd></button>
            : !toSettle && !may.clawBack && <button type="button" className="btn" data-act="reject" aria-disabled={!may.decide || undefined} onClick={() => ask("reject", may.decide)}>{t("act.reject")}<kbd aria-hidden="true">R</kbd></button>}
          {may.waive && <button type="button" className="btn" data-act="waive" onClick={() => ask("waive", true)}>{t("act.waive")}<kbd aria-hidden="true">W</kbd></button>}
          {may.decide && picked && picked.sort === "SALE" && <span className="c2-reasons" role="group" aria-label={t("act.cutLine", { line: picked.line })}>{cuts.slice(0, 4).map((r, i) => <button key={r.code} type="button" onClick={() => cutBy(r)}><kbd aria-hidden="true">{i + 1}</kbd>{reasonTitle(reasons.data, r.code, t, language)}</button>)}</span>}
          <span className="grow" />
          {inDesk && onNext && <button type="button" className="btn quiet" onClick={onNext}>{t("act.next")}<kbd aria-hidden="true">J</kbd></button>}
        </footer>
      )}

      {asking === "cut" && picked && <CutDialog line={picked} draft={drafts.get(picked.line)} cuts={cuts} reasons={reasons.data} onClose={() => setAsking(null)} onSet={(x) => { settleDrafts(picked.line, x); setAsking(null); }} />}
      {asking === "reject" && <ReasonDialog title={t("ask.reject", { number: claim.number })} text={t("ask.rejectText", { amount: `${f.rupee} ${f.money(claim.claimed)}` })} list={(reasons.data ?? []).filter((r) => r.cuts)} reasons={reasons.data} submit={t("act.reject")} problem={problem} onClose={() => { setAsking(null); setProblem(null); }} onSubmit={(reason, note) => void run("decision", { decision: "REJECT", reason, ...(note ? { note } : {}) }, "did.rejected", true)} />}
      {asking === "claw-back" && picked && <ReasonDialog title={t("ask.clawBack", { line: picked.line, number: claim.number })} text={t("ask.clawBackText", { amount: `${f.rupee} ${f.money(picked.approved ?? picked.allowed)}` })} list={cuts} reasons={reasons.data} submit={t("act.takeBack")} problem={problem} onClose={() => { setAsking(null); setProblem(null); }} onSubmit={(reason, note) => void run("clawback", { reason, ...(note ? { note } : {}), lines: [{ line: picked.line, amount: picked.approved ?? picked.allowed }] }, "did.proposed", true)} />}
      {asking === "query" && <TextDialog title={t("ask.query", { name: claim.distributorName })} text={t("ask.queryText")} label={t("ask.queryLabel")} submit={t("act.query")} problem={problem} onClose={() => { setAsking(null); setProblem(null); }} onSubmit={(text) => void run("query", { text, ...(picked && picked.worst !== "PASS" ? { lines: [picked.line] } : {}) }, "did.queried")} />}
      {asking === "send-back" && <TextDialog title={t("ask.sendBack", { number: claim.number })} text={t("ask.sendBackText")} label={t("ask.reason")} submit={t("act.sendBack")} problem={problem} onClose={() => { setAsking(null); setProblem(null); }} onSubmit={(reason) => void run("sending-back", { reason }, "did.sentBack")} />}
      {asking === "waive" && <TextDialog title={t("ask.waive", { number: claim.number })} text={t("ask.waiveText", { date: f.date(claim.filingUntil) })} label={t("ask.reason")} submit={t("act.waive")} problem={problem} onClose={() => { setAsking(null); setProblem(null); }} onSubmit={(reason) => void run("waiver", { reason }, "did.waived")} />}
      {asking === "settle" && <SettleDialog title={t("ask.settle", { number: claim.number })} amount={`${f.rupee} ${f.money(claim.approved)}`} treatment={null} problem={problem} onClose={() => { setAsking(null); setProblem(null); }} onSubmit={(x) => void run("settlement", { id: uuidv7(), ...x }, "did.settled")} />}
    </article>
  );
}

function periodText(claim: ClaimDetail, f: Formats): string {
  return /^\d{4}-\d{2}$/.test(claim.period) ? f.month(claim.period) : `${f.date(claim.periodFrom)} – ${f.date(claim.periodTo)}`;
}

function Lines({ lines, claim, drafts, picked, onPick, loading, error, retry, more, total, onlyCut, reasons }: { lines: ClaimLine[]; claim: ClaimDetail; drafts: ReadonlyMap<number, Decision>; picked: number | undefined; onPick: (n: number) => void; loading: boolean; error: unknown; retry: () => void; more: (() => void) | undefined; total: Dec; onlyCut: boolean; reasons: Reason[] | undefined }) {
  const { t, language } = useClaimTexts();
  const f = useFormats();
  if (error && lines.length === 0) return <div style={{ padding: 16 }}><Fault error={error} reset={retry} /></div>;
  if (loading) return <Skeleton lines={6} />;
  if (lines.length === 0) return <EmptyState title={t(onlyCut ? "case.noCut" : "case.noLines")} />;
  const ct2 = claim.type === "CT-2";
  return (
    <div className="c2-scroll">
      <table className="tbl c2-table" aria-label={t("case.lines")}>
        <thead><tr><th scope="col" className="n">#</th><th scope="col">{t("dimension.outlet")}</th><th scope="col">{t("case.bill")}</th><th scope="col" className="hide-p">{t("case.goods")}</th><th scope="col" className="n hide-p">{t(ct2 ? "case.basis" : "case.qty")}</th><th scope="col" className="n">{t("case.claimed")}</th><th scope="col" className="n">{t("case.approve")}</th><th scope="col">{t("case.rule")}</th></tr></thead>
        <tbody>
          {lines.map((l) => {
            const draft = drafts.get(l.line);
            const give = draft?.approved ?? l.approved ?? l.proposed ?? l.allowed;
            const less = cmp(d(give), d(l.claimed)) < 0;
            const first = l.results.find((r) => r.result === "BLOCK" || r.result === "FAIL") ?? l.results.find((r) => r.result === "WARN");
            return (
              <tr key={l.line} data-line={l.line} aria-selected={l.line === picked} onClick={() => onPick(l.line)} className={l.sort !== "SALE" ? "back-line" : ""}>
                <td className="n muted">{l.line}</td>
                <td><span className="cut c2-outlet">{l.outletName ?? "–"}</span></td>
                <td className="code">{l.invoiceId ? <A className="quiet-link" path={`/bills/${l.invoiceId}`} tabIndex={l.line === picked ? 0 : -1}>{l.invoiceNumber}</A> : (l.invoiceNumber ?? "–")}</td>
                <td className="hide-p"><span className="cut c2-goods">{l.sort !== "SALE" && <b className="s">{t(`sort.${l.sort}`)} </b>}{l.skuName ?? "–"}</span></td>
                <td className="n hide-p">{l.kind === "FREE_GOODS" && l.freeQty ? t("case.free", { qty: f.qty(l.freeQty) }) : l.qty === null ? "–" : f.qty(l.qty)}</td>
                <td className="n">{f.money(l.claimed)}</td>
                <td className={`n ${less ? "neg m5" : ""}`}>{f.money(give)}{draft && <span className="vh"> {t("case.yours")}</span>}</td>
                <td>{draft ? <span className="chip info">{reasonTitle(reasons, draft.reason, t, language)}</span> : l.approved !== null && l.reason ? <span className="s">{reasonTitle(reasons, l.reason, t, language)}</span> : first ? <span className={`chip ${first.result === "WARN" ? "watch" : "act"}`} title={first.text ?? undefined}><Shape tone={first.result === "WARN" ? "watch" : "act"} />{first.rule}</span> : <span className="s muted">{t("outcome.PASS")}</span>}</td>
              </tr>
            );
          })}
          {more && <tr><td /><td colSpan={7}><button type="button" className="lnk s" onClick={more}>{t("case.moreLines", { count: claim.lineCount - lines.length })}</button></td></tr>}
        </tbody>
        <tfoot><tr><td /><td colSpan={2}>{t("case.all", { count: claim.lineCount })}</td><td className="hide-p" /><td className="hide-p" /><td className="n">{f.money(claim.claimed)}</td><td className="n">{f.money(decText(total))}</td><td /></tr></tfoot>
      </table>
    </div>
  );
}

/** The line in hand: what it is entitled to and how that was worked out, what each rule found, and the way to its bill. */
function LineCard({ line, claim, draft, reasons, onUndo }: { line: ClaimLine; claim: ClaimDetail; draft: Decision | undefined; reasons: Reason[] | undefined; onUndo: () => void }) {
  const { t, language } = useClaimTexts();
  const f = useFormats();
  const facts: [string, ReactNode][] = [
    [t("case.bill"), line.invoiceId ? <A className="lnk" path={`/bills/${line.invoiceId}`}>{line.invoiceNumber}</A> : (line.invoiceNumber ?? "–")],
    [t("field.date"), f.date(line.businessDate)],
    [t("dimension.outlet"), `${line.outletName ?? "–"}${line.outletCode ? ` · ${line.outletCode}` : ""}`],
    [t("case.goods"), `${line.skuName ?? "–"}${line.skuCode ? ` · ${line.skuCode}` : ""}`],
    [t(`kind.${line.kind}`), [line.qty && Number(line.qty) !== 0 && t("case.pieces", { qty: f.qty(line.qty) }), line.freeQty && Number(line.freeQty) !== 0 && t("case.free", { qty: f.qty(line.freeQty) }), line.rate && Number(line.rate) !== 0 && `× ${f.rate(line.rate)}`].filter(Boolean).join(" ")],
    [t("case.entitled"), <span className="num" key="e">{f.money(line.entitled)}</span>],
    [t("case.claimed"), <span className="num" key="c">{f.money(line.claimed)}</span>],
    [t("case.rulesLeave"), <b className="num" key="a">{f.money(line.allowed)}</b>],
  ];
  if (line.originalInvoiceId) facts.push([t("case.original"), <A className="lnk" key="o" path={`/bills/${line.originalInvoiceId}`}>{t("case.openBill")}</A>]);
  const told = line.results.filter((r) => r.result !== "PASS");
  return (
    <section className="panel" aria-label={t("case.lineNo", { line: line.line })}>
      <header><h2>{t("case.lineNo", { line: line.line })} <span className="muted">{line.sort === "SALE" ? t("case.besideBill") : t(`sort.${line.sort}`)}</span></h2>{line.invoiceId && <A className="btn sm quiet" path={`/bills/${line.invoiceId}`} target="_blank">{t("case.openBill")}<kbd aria-hidden="true">B</kbd></A>}</header>
      <dl className="c2-dl">{facts.map(([k, v], i) => <div key={i}><dt>{k}</dt><dd>{v}</dd></div>)}</dl>
      {draft && <div className="note info" style={{ margin: "0 16px 12px" }}><Shape tone="info" /><span className="grow">{t("case.yourCut", { amount: `${f.rupee} ${f.money(draft.approved)}`, reason: reasonTitle(reasons, draft.reason, t, language) })}{draft.note ? ` “${draft.note}”` : ""}</span><button type="button" className="lnk s" onClick={onUndo}>{t("case.undo")} <kbd aria-hidden="true">⌫</kbd></button></div>}
      {told.length === 0 ? <p className="st good" style={{ padding: "0 16px 12px" }}><Shape tone="good" />{t("case.linePasses", { count: line.results.length || undefined })}</p> : told.map((r, i) => <Told key={i} result={r} />)}
      {claim.status !== "DRAFT" && line.approved !== null && line.reason && <p className="s body">{t("case.reads")}: “{reasonTitle(reasons, line.reason, t, language)}{line.note ? `. ${line.note}` : ""}”</p>}
    </section>
  );
}

/** A rule's result in words, with the numbers it used. */
function Told({ result }: { result: RuleResult }) {
  const { t } = useClaimTexts();
  const f = useFormats();
  const numbers = Object.entries(result.numbers ?? {}).filter(([, v]) => v !== null && typeof v !== "object");
  return (
    <div className="told">
      <div className="row"><OutcomeState result={result.result}>{result.result === "WARN" && result.score ? ` ${result.score}` : ""}</OutcomeState><span className="m5">{result.rule} {ruleTitle(t, result.rule, "")}</span><span className="grow" />{result.cut && Number(result.cut) !== 0 && <span className="num neg">−{f.money(result.cut)}</span>}</div>
      {result.text && <p className="s">{result.text}</p>}
      {numbers.length > 0 && <p className="s muted num told-n">{numbers.map(([k, v]) => <span key={k}>{t(`number.${k}`, { defaultValue: k.replace(/([A-Z])/g, " $1").toLowerCase() })} <b>{numberText(v, f)}</b></span>)}</p>}
    </div>
  );
}

function numberText(v: unknown, f: Formats): string {
  const s = String(v);
  if (/^\d{4}-\d{2}-\d{2}$/.test(s)) return f.date(s);
  return /^-?\d+(\.\d+)?$/.test(s) && s.length < 16 ? f.minus(/\.\d\d$/.test(s) ? f.money(s) : f.qty(s)) : s;
}

function EvidencePanel({ claim }: { claim: ClaimDetail }) {
  const { t } = useClaimTexts();
  return (
    <section className="panel" aria-label={t("case.evidence")}>
      <header><h2>{t("case.evidence")}<span className="muted"> {claim.evidence.length === 0 ? t("case.evidenceNone") : t("case.evidenceN", { count: claim.evidence.length })}</span></h2>{claim.evidence.length > 0 && <kbd aria-hidden="true">E</kbd>}</header>
      {claim.evidence.length > 0 && (
        <ul className="c2-ev">
          {claim.evidence.map((e, i) => (
            <li key={`${e.hash}${i}`}>
              <a href={evidenceAddress(e.hash, claim.distributorId)} target="_blank" rel="noopener" title={e.note ?? e.name ?? undefined}>
                <Paper hash={e.hash} distributorId={claim.distributorId} name={e.name ?? t(`evidence.${e.kind}`)} />
                <span className="m5 cut">{t(`evidence.${e.kind}`)}</span>
                <span className="s muted cut">{e.name ?? e.hash.slice(0, 8)}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A picture where it is one; a sheet where it is a paper or has not arrived yet. */
function Paper({ hash, distributorId, name }: { hash: string; distributorId: number; name: string }) {
  const [failed, setFailed] = useState(false);
  return failed ? <span className="c2-paper"><Icon name="file" large /></span> : <img className="c2-paper" src={evidenceAddress(hash, distributorId)} alt={name} loading="lazy" onError={() => setFailed(true)} />;
}

function RulesPanel({ claim, odd, onLine }: { claim: ClaimDetail; odd: ClaimLine[]; onLine: (n: number) => void }) {
  const { t } = useClaimTexts();
  const f = useFormats();
  const worst = (r: RuleSum) => (r.block > 0 ? 0 : r.fail > 0 ? 1 : r.warn > 0 ? 2 : 3);
  const listed = [...claim.rules].sort((a, b) => worst(a) - worst(b) || a.rule.localeCompare(b.rule));
  const told = listed.filter((r) => worst(r) < 3);
  const passed = listed.filter((r) => worst(r) === 3);
  return (
    <section className="panel" aria-label={t("case.rules")}>
      <header><h2>{t("case.rules")}<span className="muted"> {t("case.rulesN", { count: claim.rules.length })}</span></h2></header>
      {claim.rules.length === 0 && <p className="body muted s">{t("case.rulesNotYet")}</p>}
      <ul className="c2-rules">
        {told.map((r) => {
          const level = r.block > 0 ? "BLOCK" : r.fail > 0 ? "FAIL" : "WARN";
          const whole = claim.claimLevel.filter((x) => x.rule === r.rule && x.result !== "PASS");
          const on = odd.filter((l) => l.results.some((x) => x.rule === r.rule && x.result !== "PASS"));
          return (
            <li key={r.rule}>
              <div><OutcomeState result={level} /><span className="s muted">{r.rule}</span></div>
              <div>
                <div className="row"><span className="m5 grow">{ruleTitle(t, r.rule, r.title)}</span>{Number(r.cut) !== 0 && <span className="num">−{f.money(r.cut)}</span>}</div>
                {whole.map((x, i) => <p key={i} className="s muted">{x.text}</p>)}
                {on.slice(0, 3).map((l) => <p key={l.line} className="s muted"><button type="button" className="lnk s" onClick={() => onLine(l.line)}>{t("case.lineNo", { line: l.line })}</button> {l.results.find((x) => x.rule === r.rule && x.result !== "PASS")?.text}</p>)}
                {on.length > 3 && <p className="s muted">{t("case.andLines", { count: Math.max(on.length, r.block + r.fail + r.warn) - 3 })}</p>}
              </div>
            </li>
          );
        })}
      </ul>
      {passed.length > 0 && <p className="s muted c2-passed"><span className="good-word">{t("outcome.PASS")}</span> {passed.map((r) => <span key={r.rule} title={t("case.checked", { count: r.checked })}>{r.rule} {ruleTitle(t, r.rule, r.title)}</span>)}</p>}
    </section>
  );
}

function RiskPanel({ claim }: { claim: ClaimDetail }) {
  const { t } = useClaimTexts();
  const f = useFormats();
  const risk = claim.risk!;
  const most = Math.max(...risk.reasons.map((r) => Number(r.points)), 1);
  return (
    <section className="panel" aria-label={t("case.risk")}>
      <header><h2>{t("case.risk")}<span className="muted"> {t("case.riskOf", { score: f.cell(risk.score, "percent") })}</span></h2><RiskState claim={claim} /></header>
      <ul className="c2-risk">{risk.reasons.map((r, i) => <li key={i}><span className="s">{t(`factor.${r.factor}`, { defaultValue: r.factor })}</span><span className="bt" aria-hidden="true"><i style={{ width: `${(Number(r.points) / most) * 100}%` }} /></span><span className="num s">+{f.cell(String(r.points), "percent")}</span><span className="s muted wide">{r.text}</span></li>)}</ul>
      {claim.history && <p className="s muted body">{t("case.history", { count: claim.history.claims, claimed: `${f.rupee} ${f.compact(claim.history.claimed)}`, ratio: claim.history.ratio === null ? f.na : f.cell(toPercent(claim.history.ratio), "percent"), disputes: claim.history.disputes, overturned: claim.history.overturned })}</p>}
    </section>
  );
}

function Settled({ claim }: { claim: ClaimDetail }) {
  const { t } = useClaimTexts();
  const f = useFormats();
  if (claim.settlements.length === 0) return null;
  return (
    <section className="panel" aria-label={t("case.settlements")}>
      <header><h2>{t("case.settlements")}</h2></header>
      <ul className="list">{claim.settlements.map((s) => <li key={s.id}><span className="grow"><b>{s.number}</b> <span className="s muted">{t(`treatment.${s.treatment}`)} · {f.date(s.on)}{s.principalNoteNumber ? ` · ${s.principalNoteNumber}` : ""}</span></span><span className="num m5">{f.money(s.amount)}</span></li>)}</ul>
    </section>
  );
}

function Trail({ id, reasons }: { id: string; reasons: Reason[] | undefined }) {
  const { t, language } = useClaimTexts();
  const f = useFormats();
  const steps = useSteps(id);
  if (!steps.data?.length) return null;
  return (
    <section className="panel" aria-label={t("case.trail")}>
      <header><h2>{t("case.trail")}</h2></header>
      <ol className="c2-trail">{[...steps.data].sort((a, b) => b.seq - a.seq).map((s) => <li key={s.seq}><span className="num s muted">{f.moment(s.at)}</span><div className="s"><b>{s.actor}</b>{s.onBehalfOf ? ` (${t("case.for", { who: s.onBehalfOf })})` : ""} {t(`step.${s.action}`, { defaultValue: s.action.toLowerCase().replaceAll("_", " ") })}{s.reason ? ` · ${reasonTitle(reasons, s.reason, t, language)}` : ""}{s.text && <p className="muted">“{s.text}”</p>}</div></li>)}</ol>
    </section>
  );
}

/** How much of a line is approved and why; more than the rules leave needs a reason of its own and goes into the override log. */
function CutDialog({ line, draft, cuts, reasons, onClose, onSet }: { line: ClaimLine; draft: Decision | undefined; cuts: Reason[]; reasons: Reason[] | undefined; onClose: () => void; onSet: (x: Decision | null) => void }) {
  const { t, language } = useClaimTexts();
  const f = useFormats();
  const [amount, setAmount] = useState(draft?.approved ?? "0");
  const [reason, setReason] = useState(draft?.reason ?? "");
  const [note, setNote] = useState(draft?.note ?? "");
  const [bad, setBad] = useState<string | null>(null);
  const most = cmp(d(line.entitled), d(line.claimed)) < 0 ? line.entitled : line.claimed;
  const value = dec(amount.replaceAll(",", "").trim());
  const over = value !== null && cmp(value, d(line.allowed)) > 0;
  const options: { code: string; title: string }[] = over ? OVERRULE.map((code) => ({ code, title: t(`reason.${code}`) })) : cuts.map((r) => ({ code: r.code, title: reasonTitle(reasons, r.code, t, language) }));
  const done = (with_ = reason) => {
    if (!value || value.n < 0n || cmp(value, d(most)) > 0) return setBad(t("cut.range", { most: f.money(most) }));
    if (cmp(value, d(line.allowed)) === 0) return onSet(null);
    if (!options.some((o) => o.code === with_)) return setBad(t("cut.reason"));
    if (with_ === "OTHER" && !note.trim()) return setBad(t("cut.note"));
    onSet({ approved: decText({ n: value.n * 10n ** BigInt(Math.max(0, 2 - value.scale)), scale: Math.max(2, value.scale) }), reason: with_, note: note.trim() });
  };
  return (
    <Dialog title={t("cut.title", { line: line.line, outlet: line.outletName ?? "" })} onClose={onClose}>
      <form noValidate style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); if (!reason && options.length) { (e.currentTarget.querySelector("[role=radiogroup]") as HTMLElement | null)?.focus(); setBad(null); } else done(); }}>
        <p className="muted s num">{t("cut.facts", { claimed: f.money(line.claimed), entitled: f.money(line.entitled), allowed: f.money(line.allowed) })}</p>
        <label className="field"><span className="label">{t("cut.amount")}</span><input className="input n" data-autofocus inputMode="decimal" value={amount} onFocus={(e) => e.target.select()} onChange={(e) => { setAmount(e.target.value); setBad(null); }} /></label>
        {over && <div className="note watch"><Shape tone="watch" /><span>{t("cut.over", { allowed: f.money(line.allowed) })}</span></div>}
        <div role="radiogroup" tabIndex={0} aria-label={t("ask.reason")} className="c2-radio" onKeyDown={(e) => { const n = /^(?:Digit|Numpad)([1-9])$/.exec(e.code)?.[1]; const o = n ? options[Number(n) - 1] : undefined; if (o) { e.preventDefault(); setReason(o.code); setBad(null); if (o.code !== "OTHER") done(o.code); } }}>
          {options.map((o, i) => <label key={o.code}><input type="radio" name="cut-reason" checked={reason === o.code} onChange={() => { setReason(o.code); setBad(null); }} />{i < 9 && <kbd aria-hidden="true">{i + 1}</kbd>}{o.title}</label>)}
        </div>
        {(reason === "OTHER" || note) && <label className="field"><span className="label">{t("cut.noteLabel")}</span><input className="input" value={note} maxLength={300} onChange={(e) => { setNote(e.target.value); setBad(null); }} /></label>}
        {bad && <div className="field"><div className="bad" role="alert"><Shape tone="act" />{bad}</div></div>}
        <div className="end"><Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button><button type="submit" className="btn pri">{t("cut.set")}</button></div>
      </form>
    </Dialog>
  );
}

function ReasonDialog({ title, text, list, reasons, submit, problem, onClose, onSubmit }: { title: string; text: string; list: Reason[]; reasons: Reason[] | undefined; submit: string; problem: Problem | null; onClose: () => void; onSubmit: (reason: string, note: string) => void }) {
  const { t, language } = useClaimTexts();
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [bad, setBad] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const done = () => {
    if (!reason) return setBad(t("cut.reason"));
    if (reason === "OTHER" && !note.trim()) return setBad(t("cut.note"));
    onSubmit(reason, note.trim());
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form noValidate style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); done(); }}>
        <p className="muted">{text}</p>
        {problem && <ProblemNote problem={problem} />}
        <div ref={box} role="radiogroup" tabIndex={0} data-autofocus aria-label={t("ask.reason")} className="c2-radio" onKeyDown={(e) => { const n = /^(?:Digit|Numpad)([1-9])$/.exec(e.code)?.[1]; const o = n ? list[Number(n) - 1] : undefined; if (o) { e.preventDefault(); setReason(o.code); setBad(null); } if (e.code === "Enter" && e.target === e.currentTarget) { e.preventDefault(); done(); } }}>
          {list.map((o, i) => <label key={o.code}><input type="radio" name="reject-reason" checked={reason === o.code} onChange={() => { setReason(o.code); setBad(null); }} />{i < 9 && <kbd aria-hidden="true">{i + 1}</kbd>}{reasonTitle(reasons, o.code, t, language)}</label>)}
        </div>
        <label className="field"><span className="label">{t("cut.noteLabel")}{reason !== "OTHER" && <span className="req">{t("form.optional")}</span>}</span><input className="input" value={note} maxLength={300} onChange={(e) => { setNote(e.target.value); setBad(null); }} /></label>
        {bad && <div className="field"><div className="bad" role="alert"><Shape tone="act" />{bad}</div></div>}
        <div className="end"><Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button><button type="submit" className="btn danger">{submit}<kbd aria-hidden="true">↵</kbd></button></div>
      </form>
    </Dialog>
  );
}

function TextDialog({ title, text, label, submit, problem, onClose, onSubmit }: { title: string; text: string; label: string; submit: string; problem: Problem | null; onClose: () => void; onSubmit: (text: string) => void }) {
  const { t } = useClaimTexts();
  const [value, setValue] = useState("");
  const [bad, setBad] = useState(false);
  const done = () => (value.trim() ? onSubmit(value.trim()) : setBad(true));
  return (
    <Dialog title={title} onClose={onClose}>
      <form noValidate style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); done(); }}>
        <p className="muted">{text}</p>
        {problem && <ProblemNote problem={problem} />}
        <label className="field"><span className="label">{label}</span><textarea className="input" data-autofocus rows={3} maxLength={600} value={value} aria-invalid={bad || undefined} onChange={(e) => { setValue(e.target.value); setBad(false); }} onKeyDown={(e) => { if (e.code === "Enter" && (e.ctrlKey || e.metaKey)) { e.preventDefault(); done(); } }} />{bad && <div className="bad">{t("form.bad.required")}</div>}</label>
        <div className="end"><Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button><button type="submit" className="btn pri">{submit}<kbd aria-hidden="true">Ctrl ↵</kbd></button></div>
      </form>
    </Dialog>
  );
}

/** By which paper a claim is paid, and the principal's own number of it. */
export function SettleDialog({ title, amount, treatment, problem, onClose, onSubmit }: { title: string; amount: string; treatment: string | null; problem: Problem | null; onClose: () => void; onSubmit: (x: { treatment: string; principalNoteNumber?: string }) => void }) {
  const { t } = useClaimTexts();
  const [kind, setKind] = useState<string>(treatment && (TREATMENTS as readonly string[]).includes(treatment) ? treatment : "FIN_CN");
  const [number, setNumber] = useState("");
  return (
    <Dialog title={title} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); onSubmit({ treatment: kind, ...(number.trim() ? { principalNoteNumber: number.trim() } : {}) }); }}>
        <p>{t("settle.text", { amount })}</p>
        {problem && <ProblemNote problem={problem} />}
        <div role="radiogroup" aria-label={t("settle.treatment")} className="c2-radio">
          {TREATMENTS.map((x, i) => <label key={x}><input type="radio" name="treatment" checked={kind === x} onChange={() => setKind(x)} {...(i === 0 ? { "data-autofocus": true } : {})} /><span>{t(`treatment.${x}`)}<span className="s muted"> {t(`treatmentWhy.${x}`)}</span></span></label>)}
        </div>
        <label className="field"><span className="label">{t("settle.number")}<span className="req">{t("form.optional")}</span></span><input className="input" value={number} maxLength={32} onChange={(e) => setNumber(e.target.value)} /></label>
        <div className="end"><Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button><button type="submit" className="btn pri">{t("settle.do")}</button></div>
      </form>
    </Dialog>
  );
}

