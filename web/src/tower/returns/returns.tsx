import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { evidenceAddress } from "../../claims/api";
import { api, ApiError } from "../../api/client";
import type { Problem } from "../../api/problems";
import { uuidv7 } from "../../api/uuid";
import { Button, Chip, Dialog, EmptyState, ProblemNote, Shape, Skeleton, type Tone } from "../../ui";
import { dec, add, text as decText } from "../decimal";
import { Fault, NoRight, problemFrom } from "../frame/faults";
import { useFormats } from "../format";
import { useList } from "../http";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { toast } from "../kit/toast";
import { href, useSearchState } from "../nav";
import { mayRead, useMe } from "../session";
import "../claims/desk.css";
import "./returns.css";

interface Row {
  id: string; reference: string; businessDate: string; distributorId: number; distributorName: string; outletId: string; outletName: string; originalNumber: string | null;
  reason: string; reasonTitle: string; reasonTitleHi: string; status: string; value: string; flags: string; requestedBy: string; requestedAt: string; creditNumber: string | null; credited: string | null;
}
interface Line {
  line: number; skuName: string; batchNo: string; expiresOn: string | null; qty: string; received: string | null; unit: string; unitPrice: string; free: boolean; condition: string; buckets: { bucket: string; qty: string }[];
}
interface One extends Omit<Row, "flags" | "creditNumber" | "distributorName" | "reasonTitleHi"> {
  outletCode: string; originalId: string | null; originalDate: string | null; note: string | null; flags: string[]; approvers: string[]; decidedBy: string | null; creditNoteId: string | null;
  creditNoteNumber: string | null; lines: Line[]; pictures: string[]; history: { status: string; reason: string | null; at: string; by: string }[];
}
interface Rejection { code: string; title: string; titleHi: string; note: boolean }

const TONES: Record<string, Tone> = { REQUESTED: "watch", APPROVED: "info", RECEIVED: "info", INSPECTED: "watch", CREDITED: "good", REJECTED: "act", CANCELLED: "plain" };
const BOXES = ["waiting", "open", "all"] as const;
const ORDERS = { value: "-value", new: "-requestedAt", old: "requestedAt" } as const;
type Order = keyof typeof ORDERS;

function useWords() {
  const { t, i18n } = useTranslation(["returns", "claims", "tower"]);
  return { t: t as unknown as (key: string, values?: Record<string, unknown>) => string, hindi: i18n.language === "hi" };
}

/** T12, returns: those that wait for the reader by value, one beside the list with its pictures, decided by keys. */
export function ReturnApprovals() {
  const { t, hindi } = useWords();
  const f = useFormats();
  const me = useMe();
  const decides = mayRead(me, "RETURN_APPROVE");
  const [search, set] = useSearchState();
  const boxes = decides ? BOXES : (["open", "all"] as const);
  const box = (boxes as readonly string[]).includes(search.box ?? "") ? search.box! : boxes[0];
  const order: Order = search.order && search.order in ORDERS ? (search.order as Order) : "value";
  const found = useList<Row>("/api/v1/returns", { ...(box === "waiting" ? { waiting: true } : box === "open" ? { status: "REQUESTED" } : {}), q: search.q, distributorId: search.distributorId, sort: ORDERS[order] });
  const rows = useMemo(() => found.data?.pages.flatMap((p) => p.items) ?? [], [found.data]);
  const open = search.open ?? rows[0]?.id;
  const at = rows.findIndex((r) => r.id === open);
  const list = useRef<HTMLUListElement>(null);
  const [find, setFind] = useState(search.q ?? "");

  useEffect(() => {
    if (find === (search.q ?? "")) return;
    const timer = setTimeout(() => set({ q: find || undefined, open: undefined }, { replace: true }), 250);
    return () => clearTimeout(timer);
  }, [find, search.q, set]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView?.({ block: "nearest" });
    if (at >= 0 && at >= rows.length - 10 && found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage();
  }, [open, at, rows.length, found]);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current || rows.length === 0) return;
    first.current = false;
    if (!document.activeElement || document.activeElement === document.body || document.activeElement.matches("main")) list.current?.focus({ preventScroll: true });
  }, [rows.length]);

  const move = (by: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next && next.id !== open) set({ open: next.id }, { replace: true });
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing || e.ctrlKey || e.altKey || e.metaKey || (e.target as HTMLElement).closest("input,textarea,select,[role=dialog]")) return;
    const steps: Record<string, number> = { KeyJ: 1, ArrowDown: 1, KeyK: -1, ArrowUp: -1 };
    if (e.code in steps) { e.preventDefault(); return move(steps[e.code]!); }
    const act = ({ KeyA: "approve", KeyR: "reject", KeyE: "picture", KeyB: "bill" } as Record<string, string>)[e.code];
    if (!act) return;
    e.preventDefault();
    document.querySelector<HTMLElement>(`[data-return] [data-act="${act}"]`)?.click();
  };
  const decided = (id: string) => {
    const here = rows.findIndex((r) => r.id === id);
    const next = rows[here + 1] ?? rows[here - 1];
    set({ open: box === "waiting" && next && next.id !== id ? next.id : box === "waiting" ? undefined : id }, { replace: true });
    void found.refetch();
    list.current?.focus({ preventScroll: true });
  };
  const sum = rows.reduce((all, r) => { const d = dec(r.value); return d ? add(all, d) : all; }, { n: 0n, scale: 2 });
  if (found.error instanceof ApiError && found.error.status === 403) return <section className="panel"><NoRight what={t("approvals.title")} /></section>;
  return (
    <div className={`claims ${search.open ? "has-open" : ""}`} onKeyDown={onKey}>
      <section className="panel claims-queue" aria-label={t("approvals.list")}>
        <header className="cq-head">
          <h1>{t("approvals.title")}</h1>
          <p className="s muted num">{found.data ? t("approvals.listed", { count: rows.length, amount: `${f.rupee} ${f.compact(decText(sum))}` }) : " "}</p>
        </header>
        <div className="cq-bar">
          <div className="cq-boxes" role="group" aria-label={t("approvals.which")}>{boxes.map((b) => <button key={b} type="button" aria-pressed={box === b} onClick={() => set({ box: b === boxes[0] ? undefined : b, open: undefined })}>{t(`approvals.box.${b}`)}</button>)}</div>
          <div className="row" style={{ gap: 4 }}>
            <input className="input sm grow" value={find} aria-label={t("approvals.find")} placeholder={t("approvals.find")} onChange={(e) => setFind(e.target.value)} onKeyDown={(e) => { if (e.code === "Enter" || e.code === "ArrowDown") { e.preventDefault(); list.current?.focus(); } }} />
            <select className="input sm ra-order" aria-label={t("approvals.order")} value={order} onChange={(e) => set({ order: e.target.value === "value" ? undefined : e.target.value, open: undefined })}>
              {(Object.keys(ORDERS) as Order[]).map((o) => <option key={o} value={o}>{t(`approvals.by.${o}`)}</option>)}
            </select>
          </div>
        </div>
        {found.error && rows.length === 0 ? <div style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></div> : found.isPending ? <Skeleton lines={8} /> : rows.length === 0 ? (
          <EmptyState title={t(search.q ? "state.filteredEmpty" : `approvals.none.${box}`)}>{t(search.q ? "state.filteredText" : `approvals.noneText.${box}`)}</EmptyState>
        ) : (
          <ul ref={list} className="cq-rows" role="listbox" tabIndex={0} aria-label={t("approvals.list")} aria-activedescendant={open ? `rt-${open}` : undefined}>
            {rows.map((r) => (
              <li key={r.id} id={`rt-${r.id}`} role="option" aria-selected={r.id === open} onClick={() => { set({ open: r.id }, { replace: true }); list.current?.focus({ preventScroll: true }); }}>
                <div className="row"><span className="m5 grow cut">{r.outletName}</span><span className="num m5">{f.rupee} {f.money(r.credited ?? r.value).replace(/\.00$/, "")}</span></div>
                <div className="s muted cut">{r.distributorName} · {hindi && r.reasonTitleHi ? r.reasonTitleHi : r.reasonTitle}</div>
                <div className="row"><span className="grow cut">{box === "all" ? <State status={r.status} /> : <Doubts flags={r.flags ? r.flags.split(",") : []} short />}</span><span className="s muted num">{f.moment(r.requestedAt)}</span></div>
              </li>
            ))}
            {found.hasNextPage && <li role="presentation" className="cq-more"><Button kind="quiet" className="sm" onClick={() => void found.fetchNextPage()}>{t("grid.more")}</Button></li>}
          </ul>
        )}
      </section>
      <div className="claims-case">
        {open ? <Case key={open} id={open} row={rows[at]} decides={decides} onDecided={() => decided(open)} onBack={() => set({ open: undefined })} onNext={at >= 0 && at < rows.length - 1 ? () => move(1) : undefined} />
          : found.isPending ? <section className="panel"><Skeleton lines={8} /></section> : <section className="panel"><EmptyState title={t("approvals.pick")}>{t("approvals.pickText")}</EmptyState></section>}
      </div>
    </div>
  );
}

function State({ status }: { status: string }) {
  const { t } = useWords();
  return <Chip tone={TONES[status] ?? "plain"}>{t(`returns.status.${status}`)}</Chip>;
}

/** What an approver should know; the first and a number where there is little room. */
function Doubts({ flags, short }: { flags: string[]; short?: boolean }) {
  const { t } = useWords();
  if (flags.length === 0) return <span className="s muted">{short ? "" : t("approvals.noFlags")}</span>;
  if (short) return <span className="st watch ra-short"><Shape tone="watch" /><span className="cut">{t(`returns.flag.${flags[0]}`)}</span>{flags.length > 1 && <span className="num"> +{flags.length - 1}</span>}</span>;
  return <ul className="ra-flags">{flags.map((flag) => <li key={flag} className="st watch"><Shape tone="watch" />{t(`returns.flag.${flag}`)}</li>)}</ul>;
}

function Case({ id, row, decides, onDecided, onBack, onNext }: { id: string; row: Row | undefined; decides: boolean; onDecided: () => void; onBack: () => void; onNext: (() => void) | undefined }) {
  const { t, hindi } = useWords();
  const f = useFormats();
  const me = useMe();
  const cache = useQueryClient();
  const found = useQuery({ queryKey: ["return", id], queryFn: () => api<One>(`/api/v1/returns/${id}`) });
  const rejections = useQuery({ queryKey: ["return-rejections"], queryFn: async () => (await api<{ items: Rejection[] }>("/api/v1/returns/rejections")).items, staleTime: Infinity });
  const [rejecting, setRejecting] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  // the step's id is the same when the answer was lost and it is sent again
  const step = useRef(uuidv7());
  if (found.error) return <section className="panel" style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></section>;
  const one = found.data;
  if (!one) return <section className="panel"><Skeleton lines={10} /></section>;

  const waits = one.status === "REQUESTED";
  const own = one.requestedBy === me.username;
  const within = me.roles.some((role) => one.approvers.includes(role));
  const roles = one.approvers.map((role) => t(`returns.role.${role}`, { defaultValue: role })).join(", ");
  const whyNot = !waits ? t("approvals.decidedAlready", { state: t(`returns.status.${one.status}`).toLocaleLowerCase() }) : own ? t("returns.ownReturn") : !decides ? t("approvals.notYours", { roles }) : !within ? t("returns.aboveLimit", { roles }) : null;
  const send = async (decision: "APPROVED" | "REJECTED", more: { code?: string; reason?: string } = {}) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const done = await api<One>(`/api/v1/returns/${id}/approval`, { method: "POST", body: { id: step.current, decision, ...more } });
      cache.setQueryData(["return", id], done);
      setRejecting(false);
      toast(t(decision === "APPROVED" ? "returns.approved" : "returns.rejected", { reference: one.reference }));
      onDecided();
    } catch (error) {
      setProblem(problemFrom(error));
      step.current = uuidv7();
      if (error instanceof ApiError && error.status === 409) void found.refetch();
    } finally {
      setBusy(false);
    }
  };
  const said = (text: string | null) => {
    if (!text) return "";
    const [code, ...rest] = text.split(": ");
    const known = rejections.data?.find((r) => r.code === code);
    return known ? [hindi ? known.titleHi : known.title, ...rest].join(": ") : text;
  };
  return (
    <article className="case2" data-return={id} aria-label={`${one.reference} ${one.outletName}`} tabIndex={-1}>
      <button type="button" className="btn sm case2-back" onClick={onBack}><Icon name="left" />{t("approvals.title")}</button>
      <header className="c2-head panel">
        <div className="grow">
          <p className="s muted">{one.reference} · {row ? `${row.distributorName} · ` : ""}{f.moment(one.requestedAt)}</p>
          <div className="c2-name"><h2>{one.outletName}</h2><State status={one.status} /></div>
        </div>
        <dl className="c2-sums"><div><dt>{t(one.credited === null ? "returns.expected" : "returns.creditedAmount")}</dt><dd className="n">{f.rupee} {f.money(one.credited ?? one.value)}</dd></div></dl>
      </header>
      {problem && !rejecting && <ProblemNote problem={problem} />}
      {waits && whyNot && <div className="note info" data-why><Shape tone="info" /><span>{whyNot}</span></div>}
      <div className="c2-cols">
        <section className="panel" aria-label={t("approvals.asked")}>
          <header><h2>{t("approvals.asked")}</h2></header>
          <dl className="c2-dl">
            <div><dt>{t("approvals.reason")}</dt><dd className="m5">{hindi && row?.reasonTitleHi ? row.reasonTitleHi : one.reasonTitle}{one.note ? ` · ${one.note}` : ""}</dd></div>
            <div><dt>{t("approvals.askedBy")}</dt><dd>{one.requestedBy}</dd></div>
            <div><dt>{t("returns.bill")}</dt><dd>{one.originalId ? <A className="lnk" path={`/bills/${one.originalId}`}>{one.originalNumber}</A> : t("returns.noBill")}{one.originalDate ? <span className="muted"> · {f.date(one.originalDate)}</span> : null}</dd></div>
            <div><dt>{t("returns.flags")}</dt><dd><Doubts flags={one.flags} /></dd></div>
            {one.creditNoteNumber && <div><dt>{t("approvals.creditNote")}</dt><dd className="num">{one.creditNoteNumber}</dd></div>}
          </dl>
        </section>
        <section className="panel" aria-label={t("returns.pictures")}>
          <header><h2>{t("returns.pictures")}<span className="muted"> {one.pictures.length || t("approvals.noPicture")}</span></h2>{one.pictures.length > 0 && <kbd aria-hidden="true">E</kbd>}</header>
          {one.pictures.length > 0 && <ul className="ra-pictures">{one.pictures.map((hash, i) => <li key={hash}><Picture hash={hash} distributorId={one.distributorId} name={t("returns.picture", { number: i + 1 })} first={i === 0} /></li>)}</ul>}
        </section>
      </div>
      <section className="panel" aria-label={t("approvals.goods")}>
        <header><h2>{t("approvals.goods")}</h2></header>
        <div className="ra-scroll">
          <table className="tbl c2-table ra-table">
            <thead><tr><th>{t("approvals.item")}</th><th className="n">{t("approvals.qty")}</th><th className="n">{t("approvals.price")}</th><th>{t("returns.goesTo")}</th></tr></thead>
            <tbody>{one.lines.map((l) => (
              <tr key={l.line}>
                <td>{l.skuName}{l.free && <span className="muted"> · {t("approvals.free")}</span>}<div className="s muted num">{l.batchNo}{l.expiresOn ? ` · ${f.date(l.expiresOn)}` : ""}</div></td>
                <td className="n">{f.qty(l.received ?? l.qty)}</td><td className="n">{f.money(l.unitPrice)}</td>
                <td>{l.buckets.length ? l.buckets.map((b) => <div key={b.bucket}>{t(`returns.bucket.${b.bucket}`)} <span className="num">{f.qty(b.qty)}</span></div>) : <span className="muted">{t(`returns.bucket.${l.condition}`)}</span>}</td>
              </tr>
            ))}</tbody>
          </table>
        </div>
      </section>
      <section className="panel" aria-label={t("returns.history")}>
        <header><h2>{t("returns.history")}</h2></header>
        <ul className="c2-trail">{one.history.map((h, i) => <li key={i} className="s"><span className="muted num">{f.moment(h.at)}</span><span>{t(`returns.status.${h.status}`)} · {h.by}{h.reason && h.status !== "REQUESTED" ? <span className="muted"> · {said(h.reason)}</span> : null}</span></li>)}</ul>
      </section>
      {one.originalId && <a hidden data-act="bill" href={href(`/bills/${one.originalId}`)} target="_blank" rel="noopener">{one.originalNumber}</a>}
      {waits && (
        <footer className="c2-acts" aria-label={t("approvals.decision")}>
          <button type="button" className="btn pri" data-act="approve" disabled={busy || whyNot !== null} title={whyNot ?? undefined} onClick={() => void send("APPROVED")}>{t("approvals.approve", { amount: `${f.rupee} ${f.money(one.value)}` })}<kbd aria-hidden="true">A</kbd></button>
          <button type="button" className="btn" data-act="reject" disabled={busy || own || !decides} title={whyNot ?? undefined} onClick={() => { setProblem(null); setRejecting(true); }}>{t("returns.reject")}<kbd aria-hidden="true">R</kbd></button>
          <span className="grow" />
          {onNext && <button type="button" className="btn quiet" onClick={onNext}>{t("approvals.next")}<kbd aria-hidden="true">J</kbd></button>}
        </footer>
      )}
      {rejecting && <RejectDialog title={t("returns.rejectTitle", { reference: one.reference })} list={rejections.data ?? []} problem={problem} onClose={() => { setRejecting(false); setProblem(null); }} onSubmit={(code, reason) => void send("REJECTED", { code, ...(reason ? { reason } : {}) })} />}
    </article>
  );
}

/** A picture as the outlet's people took it; it may still be on its way from their device. */
function Picture({ hash, distributorId, name, first }: { hash: string; distributorId: number; name: string; first: boolean }) {
  const { t } = useWords();
  const [failed, setFailed] = useState(false);
  if (failed) return <span className="c2-paper ra-picture"><Icon name="file" large /><span className="s">{t("approvals.onItsWay")}</span></span>;
  return <a href={evidenceAddress(hash, distributorId)} target="_blank" rel="noopener" {...(first ? { "data-act": "picture" } : {})}><img className="c2-paper ra-picture" src={evidenceAddress(hash, distributorId)} alt={name} onError={() => setFailed(true)} /></a>;
}

function RejectDialog({ title, list, problem, onClose, onSubmit }: { title: string; list: Rejection[]; problem: Problem | null; onClose: () => void; onSubmit: (code: string, reason: string) => void }) {
  const { t, hindi } = useWords();
  const [code, setCode] = useState("");
  const [note, setNote] = useState("");
  const [bad, setBad] = useState<string | null>(null);
  const needs = list.find((r) => r.code === code)?.note ?? false;
  const done = () => {
    if (!code) return setBad(t("approvals.needReason"));
    if (needs && !note.trim()) return setBad(t("approvals.needWords"));
    onSubmit(code, note.trim());
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form noValidate style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); done(); }}>
        <p className="muted">{t("approvals.rejectText")}</p>
        {problem && <ProblemNote problem={problem} />}
        <div role="radiogroup" tabIndex={0} data-autofocus aria-label={t("approvals.reason")} className="c2-radio" onKeyDown={(e) => {
          const digit = /^(?:Digit|Numpad)([1-9])$/.exec(e.code)?.[1];
          const picked = digit ? list[Number(digit) - 1] : undefined;
          if (picked) { e.preventDefault(); setCode(picked.code); setBad(null); }
          if (e.code === "Enter" && e.target === e.currentTarget) { e.preventDefault(); done(); }
        }}>
          {list.map((r, i) => <label key={r.code}><input type="radio" name="why-not" checked={code === r.code} onChange={() => { setCode(r.code); setBad(null); }} /><kbd aria-hidden="true">{i + 1}</kbd>{hindi ? r.titleHi : r.title}</label>)}
        </div>
        <label className="field"><span className="label">{t("approvals.words")}{!needs && <span className="req">{t("form.optional")}</span>}</span><input className="input" value={note} maxLength={180} onChange={(e) => { setNote(e.target.value); setBad(null); }} /></label>
        {bad && <div className="field"><div className="bad" role="alert"><Shape tone="act" />{bad}</div></div>}
        <div className="end"><Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button><button type="submit" className="btn danger">{t("returns.reject")}<kbd aria-hidden="true">↵</kbd></button></div>
      </form>
    </Dialog>
  );
}
