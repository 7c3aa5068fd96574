import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { uuidv7 } from "../../offline/db";
import { Button, Chip, Dialog, EmptyState, Kbd, ProblemNote, Shape, TextField, dateDense, money, qty, timeOfDay, type Tone } from "../../ui";
import type { Problem } from "../../api/problems";
import { fold } from "../bill/search";
import { StateChip } from "../chips";
import { KeyStrip } from "../help";
import { useKeys } from "../keys";
import { Find, List, Screen, type Column } from "../list";
import { paperView } from "../print/paper-of";
import { printView } from "../print/print-host";
import { go, useRoute } from "../router";
import { toast } from "../toast";
import { enqueue, inStates, standing, takeBack, unfinished } from "../../offline/outbox";
import type { Command } from "../../offline/types";
import { useSync, useWorkspace } from "../workspace";
import { PATIENCE, answered } from "../answered";
import { EvidenceRow } from "../evidence";
import { keptOf, useKept, whenText } from "../kept";
import { LIST, REASONS, askReturn, askReturns, keyOf, type Reason, type ReturnRow, type ReturnView } from "./api";
import { Inspect } from "./inspect";
import { NewReturn } from "./new-return";
import { asItStands, inspectedEffects, onTheWay, rowAsItStands, rowOf, type StepKind } from "./steps";

const tones: Record<string, Tone> = { REQUESTED: "watch", APPROVED: "info", RECEIVED: "info", INSPECTED: "watch", CREDITED: "good", REJECTED: "act", CANCELLED: "plain" };
const OPEN = ["REQUESTED", "APPROVED", "RECEIVED", "INSPECTED"];

export function ReturnChip({ status }: { status: string }) {
  const { t } = useTranslation(["returns", "counter"]);
  return <Chip tone={tones[status] ?? "plain"}>{t(`returns.status.${status}`, { defaultValue: status })}</Chip>;
}

/** C8: what outlets send back, from asking to the credit note. */
export function Returns() {
  const route = useRoute();
  return route.rest[0] === "new" ? <NewReturn invoiceId={route.rest[1]} /> : <ReturnList />;
}

function problemFrom(error: unknown): Problem {
  return error instanceof ApiError ? error.problem : { code: "FAULT", detail: error instanceof Error ? error.message : String(error) };
}

function ReturnList() {
  const { t, i18n } = useTranslation(["returns", "counter"]);
  const lang = i18n.language;
  const { store, distributorId, me, context } = useWorkspace();
  const sync = useSync();
  const { rest } = useRoute();
  const [problem, setProblem] = useState<Problem>();
  const [text, setText] = useState("");
  const [status, setStatus] = useState("open");
  const [selected, setSelected] = useState<string | undefined>(rest[0]);
  // what was just worked on stays in the list, whatever the filter says, so that its paper is the one that prints
  const [kept, setKept] = useState<string | undefined>(rest[0]);
  const [doing, setDoing] = useState<"reject" | "cancel" | "inspect" | undefined>();
  const [busy, setBusy] = useState(false);
  const queued = useLiveQuery(() => standing(store, (c) => c.kind.startsWith("return-")), [store]);
  const settled = queued?.filter((c) => c.state === "ACCEPTED").length ?? 0;
  // what lies here is shown at once; the server is asked behind it, again when it took a step, when it is reached anew, and with every link that is followed
  const again = `${rest[0] ?? ""}/${settled}/${sync.reach?.state !== "not-reached"}`;
  const list = useKept<ReturnRow[]>(store, LIST, askReturns(distributorId), again, 120_000);
  const rows = list.value;
  useEffect(() => {
    if (!rest[0]) return;
    setSelected(rest[0]);
    setKept(rest[0]);
  }, [rest[0]]);

  const reasons = useLiveQuery(async () => (await keptOf<Reason[]>(store, REASONS))?.value, [store]);
  const shown = useMemo(() => {
    const query = fold(text.trim());
    const all: ReturnRow[] = (rows ?? []).map((r) => rowAsItStands(r, queued ?? [], list.at));
    const known = new Set(all.map((r) => r.id));
    for (const c of queued ?? []) {
      if (c.kind !== "return-request" || known.has(c.id)) continue;
      if (c.state === "ACCEPTED") {
        // taken since the list was asked for
        if (c.document && (c.settledAt ?? 0) > list.at) all.push(rowAsItStands(rowOf(c.document as ReturnView), queued ?? [], list.at));
        continue;
      }
      const body = c.body as { outletId: string; principalId: number; reason: string };
      all.push({ id: c.id, reference: "–", businessDate: c.businessDate, distributorId, principalId: body.principalId, outletId: body.outletId, outletCode: "", outletName: c.summary.outletName ?? "–", originalNumber: c.summary.number ?? null, reason: body.reason, reasonTitle: reasons?.find((r) => r.code === body.reason)?.title ?? body.reason, reasonTitleHi: reasons?.find((r) => r.code === body.reason)?.titleHi ?? "", status: `QUEUE:${c.state}`, value: c.summary.total ?? "0", flags: "", requestedBy: me.username, creditNumber: null, credited: null });
    }
    return all.filter((r) => r.id === kept || (status === "" || (status === "open" ? OPEN.includes(r.status) || r.status.startsWith("QUEUE") : r.status === status))
      && (!query || fold(`${r.reference} ${r.outletName} ${r.outletCode} ${r.originalNumber ?? ""} ${r.creditNumber ?? ""}`).includes(query)))
      .sort((a, b) => b.businessDate.localeCompare(a.businessDate) || b.id.localeCompare(a.id));
  }, [rows, list.at, queued, reasons, text, status, kept, distributorId, me.username]);
  // a link to a return that the list does not have yet shows that one: a step may never be taken on another in its stead
  const linked = selected !== undefined && selected === rest[0] && !rows?.some((r) => r.id === selected) && !queued?.some((c) => c.id === selected) ? selected : undefined;
  const row = shown.find((r) => r.id === selected) ?? (linked ? undefined : shown[0]);
  const rowId = linked ? (queued === undefined ? undefined : linked) : row?.status.startsWith("QUEUE") ? undefined : row?.id;

  const one = useKept<ReturnView>(store, rowId && keyOf(rowId), () => askReturn(rowId!)(), again);
  const read = one.value;
  // a refusal is said in any case; that nobody answers only where nothing is kept
  const silent = (list.failed && (!list.failed.unanswered || !rows) ? list.failed : undefined) ?? (one.failed && (!one.failed.unanswered || !read) ? one.failed : undefined);
  const view = useMemo(() => read && asItStands(read, queued ?? []), [read, queued]);
  const waiting = view ? onTheWay(view, queued ?? []) : [];

  /** Every step goes through the queue: it counts here at once, and the server says what it thinks of it when it is reached (OFF-01). */
  const step = async (kind: StepKind, body: Record<string, unknown>, said: string, effects: Parameters<typeof enqueue>[1]["effects"] = []) => {
    if (!view || busy || !context) return;
    setBusy(true);
    try {
      // a refused one goes again under its own id, and what waits for it follows
      const id = waiting.find((c) => c.kind === kind && c.state === "NEEDS_YOU")?.id ?? uuidv7();
      setSelected(view.id);
      setKept(view.id);
      setProblem(undefined);
      await enqueue(store, {
        id, kind, businessDate: context.businessDate, body: { returnId: view.id, ...body }, waitsFor: waiting.map((c) => c.id).filter((other) => other !== id), effects,
        summary: { kind, outletId: view.outletId, outletName: view.outletName, number: view.reference, total: kind === "return-credit" ? view.value : null },
      });
      setDoing(undefined);
      void tell(id, view, said);
    } finally {
      setBusy(false);
    }
  };
  /** What became of a step, if the server says so soon; the next step need not wait for that. */
  const tell = async (id: string, of: ReturnView, said: string) => {
    const done = sync.reach?.state === "reached" ? await answered(store, id, PATIENCE) : undefined;
    if (done?.state === "NEEDS_YOU") {
      setProblem(done.problem ?? { code: "FAULT" });
      // said at once and nothing was built on it: it is mended here and leaves nothing behind
      if (!(await inStates(store, unfinished)).some((c) => c.waitsFor?.includes(id))) await takeBack(store, id, "refused while it was looked at");
      return;
    }
    const now = done?.document as ReturnView | undefined;
    toast(now ? t(said, { reference: now.reference, number: now.creditNoteNumber ?? "" }) : t("returns.onItsWay", { reference: of.reference }));
  };
  const own = view?.requestedBy === me.username;
  const mayApprove = !!view && view.status === "REQUESTED" && !own && me.roles.some((role) => view.approvers.includes(role));
  const mayReceive = me.roles.some((role) => ["DO", "BC", "GK"].includes(role));
  const mayCredit = me.roles.includes("BC");
  const mayCancel = !!view && ["REQUESTED", "APPROVED"].includes(view.status) && me.roles.some((role) => ["DO", "BC", "REP", "VS"].includes(role));
  const approve = () => (mayApprove ? void step("return-approval", { decision: "APPROVED" }, "returns.approved") : toast(t(whyNot(view, own))));
  const receive = () => (view?.status === "APPROVED" && mayReceive ? void step("return-receipt", {}, "returns.received") : toast(t("returns.notNow")));
  const inspect = () => (view?.status === "RECEIVED" && mayReceive ? setDoing("inspect") : toast(t("returns.notNow")));
  const crediting = waiting.some((c) => c.kind === "return-credit");
  const credit = () => (view?.status === "INSPECTED" && mayCredit && context && !crediting ? void step("return-credit", { businessDate: context.businessDate }, "returns.credited") : toast(t("returns.notNow")));
  const print = async () => {
    if (!view?.creditNoteId) return toast(t("returns.nothingToPrint"));
    try {
      printView(await paperView(store, view.creditNoteId));
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  const next = () => {
    switch (view?.status) {
      case "REQUESTED": return approve();
      case "APPROVED": return receive();
      case "RECEIVED": return inspect();
      case "INSPECTED": return credit();
      case "CREDITED": return void print();
      default: return undefined;
    }
  };
  useKeys({
    "Alt+A": approve, "Alt+R": () => (mayApprove ? setDoing("reject") : toast(t(whyNot(view, own)))), "Alt+V": receive, "Alt+I": inspect, "Alt+C": credit, "Alt+P": () => void print(), "Ctrl+P": () => void print(),
    "Alt+X": () => (mayCancel ? setDoing("cancel") : toast(t("returns.notNow"))),
  }, !doing);

  const columns: Column<ReturnRow>[] = [
    { key: "date", head: t("field.date"), width: 108, hide: true, cell: (r) => <span className="num">{dateDense(r.businessDate)}</span> },
    { key: "reference", head: t("field.number"), width: 126, cell: (r) => <span className="num">{r.reference}</span> },
    { key: "outlet", head: t("field.outlet"), cell: (r) => <span className="cut">{r.outletName}</span> },
    { key: "bill", head: t("returns.bill"), width: 116, hide: true, cell: (r) => <span className="num">{r.originalNumber ?? t("returns.noBill")}</span> },
    { key: "reason", head: t("field.reason"), width: 134, hide: true, cell: (r) => <span className="cut">{lang === "hi" && r.reasonTitleHi ? r.reasonTitleHi : r.reasonTitle}</span> },
    { key: "value", head: t("field.value"), number: true, width: 104, cell: (r) => money(r.credited ?? r.value, lang) },
    { key: "state", head: t("field.state"), width: 188, cell: (r) => (r.status.startsWith("QUEUE:") ? <StateChip state={r.status.slice(6) as "WAITING"} /> : <ReturnChip status={r.status} />) },
  ];
  const start = <Button kind="primary" keys="Alt+F6" onClick={() => go("returns", "new")}>{t("returns.new")}</Button>;
  return (
    <Screen title={t("place.returns")} note={list.old === undefined ? t("returns.note") : <span className="watching"><Shape tone="watch" /> {t("returns.old", { at: whenText(list.old, lang) })}</span>} actions={start}
      foot={<KeyStrip keys={[["↑ ↓", "rows"], ["Enter", "nextStep"], ["Alt+A", "approve"], ["Alt+V", "receiveReturn"], ["Alt+I", "inspect"], ["Alt+C", "credit"], ["Alt+P", "printAgain"], ["F1", "help"]]}>{t("returns.count", { count: shown.length })}</KeyStrip>}>
      <div className="filters">
        <Find value={text} onChange={(to) => { setText(to); setKept(undefined); }} label={t("returns.find")} />
        <label className="filter">{t("field.state")}: <select className="bare" value={status} onChange={(e) => { setStatus(e.target.value); setKept(undefined); }}><option value="open">{t("returns.open")}</option><option value="">{t("filter.all")}</option>{[...OPEN, "CREDITED", "REJECTED", "CANCELLED"].map((s) => <option key={s} value={s}>{t(`returns.status.${s}`)}</option>)}</select></label>
      </div>
      {(problem ?? silent) && <div style={{ margin: "0 16px 8px" }}><ProblemNote problem={problem ?? silent!.problem} /></div>}
      <div className="split">
        <List label={t("place.returns")} items={shown} idOf={(r) => r.id} columns={columns} selected={row?.id} onSelect={setSelected} onOpen={next}
          empty={rows || !list.pending ? <EmptyState title={t("returns.emptyTitle")} action={start}>{t("returns.emptyText")}</EmptyState> : <div />} />
        {row?.status.startsWith("QUEUE") && <Queued command={queued?.find((c) => c.id === row.id)} row={row} />}
        {view && view.id === rowId && (
          <aside className="side" aria-label={t("returns.one", { reference: view.reference })}>
            <h2>{t("returns.one", { reference: view.reference })} <ReturnChip status={view.status} /> {waiting[0] && <StateChip state={(waiting.find((c) => c.state === "NEEDS_YOU") ?? waiting.at(-1)!).state} />}</h2>
            {waiting.some((c) => c.state === "NEEDS_YOU") && <p className="note watch"><Shape tone="watch" /><a href="#/sync">{t("returns.needsYou")}</a></p>}
            <p className="m s">{view.outletName} · {view.originalNumber ? t("returns.ofBill", { number: view.originalNumber, date: dateDense(view.originalDate ?? view.businessDate) }) : t("returns.noBill")}</p>
            <p className="s">{view.reasonTitle}{view.note ? ` · ${view.note}` : ""}</p>
            {view.flags.length > 0 && <ul className="s" aria-label={t("returns.flags")}>{view.flags.map((flag) => <li key={flag} className="watching"><Shape tone="watch" /> {t(`returns.flag.${flag}`, { defaultValue: flag })}</li>)}</ul>}
            <table className="tbl small">
              <thead><tr><th>{t("field.item")}</th><th className="n">{t("field.qty")}</th><th>{t("returns.goesTo")}</th></tr></thead>
              <tbody>
                {view.lines.map((l) => (
                  <tr key={l.line}>
                    <td>{l.skuName}{l.free && <span className="m"> · {t("field.free")}</span>}<div className="s m num">{l.batchNo}{l.expiresOn ? ` · ${dateDense(l.expiresOn)}` : ""}</div></td>
                    <td className="n">{qty(l.received ?? l.qty, lang)}{l.received !== null && l.received !== l.qty && <div className="s m">{t("returns.of", { qty: qty(l.qty, lang) })}</div>}</td>
                    <td>{l.buckets.length ? l.buckets.map((b) => <div key={b.bucket} className="s">{t(`returns.bucket.${b.bucket}`)} {qty(b.qty, lang)}</div>) : <span className="m s">{t(`returns.bucket.${l.condition}`)}</span>}</td>
                  </tr>
                ))}
              </tbody>
              <tfoot><tr><td>{view.credited === null ? t("returns.expected") : t("returns.creditedAmount")}</td><td className="n b" colSpan={2}>{money(view.credited ?? view.value, lang)}</td></tr></tfoot>
            </table>
            <EvidenceRow hashes={view.pictures} label={(number) => t("returns.picture", { number })} />
            {view.creditNoteNumber && <p>{t(`returns.kind.${view.creditKind ?? "CREDIT_NOTE"}`)} <b className="num">{view.creditNoteNumber}</b></p>}
            <div className="acts">
              {view.status === "REQUESTED" && (mayApprove ? <><Button kind="primary" keys="Alt+A" disabled={busy} onClick={approve}>{t("returns.approve")}</Button><Button kind="danger" keys="Alt+R" disabled={busy} onClick={() => setDoing("reject")}>{t("returns.reject")}</Button></> : <p className="note watch"><Shape tone="watch" />{t(whyNot(view, own), { roles: view.approvers.map((role) => t(`returns.role.${role}`, { defaultValue: role })).join(", "), by: view.requestedBy })}</p>)}
              {view.status === "APPROVED" && mayReceive && <Button kind="primary" keys="Alt+V" disabled={busy} onClick={receive}>{t("returns.receive")}</Button>}
              {view.status === "RECEIVED" && mayReceive && <Button kind="primary" keys="Alt+I" disabled={busy} onClick={inspect}>{t("returns.inspect")}</Button>}
              {view.status === "INSPECTED" && mayCredit && !crediting && <Button kind="primary" keys="Alt+C" disabled={busy} onClick={credit}>{t("returns.credit")}</Button>}
              {view.status === "CREDITED" && <Button kind="primary" keys="Alt+P" onClick={() => void print()}>{t("returns.print")}</Button>}
              {mayCancel && <Button keys="Alt+X" disabled={busy} onClick={() => setDoing("cancel")}>{t("returns.cancel")}</Button>}
            </div>
            <h3>{t("returns.history")}</h3>
            <ul className="s plain">{view.history.map((h, i) => <li key={i}>{dateDense(h.at.slice(0, 10))} {timeOfDay(h.at)} · {t(`returns.status.${h.status}`, { defaultValue: h.status })} · {h.by}{h.reason ? ` · ${h.reason}` : ""}</li>)}</ul>
          </aside>
        )}
      </div>
      {doing === "inspect" && view && <Inspect view={view} busy={busy} problem={problem} onClose={() => setDoing(undefined)} onDone={(lines) => void step("return-inspection", { lines }, "returns.inspected", inspectedEffects(view, lines))} />}
      {(doing === "reject" || doing === "cancel") && view && <Why title={t(doing === "reject" ? "returns.rejectTitle" : "returns.cancelTitle", { reference: view.reference })} action={t(doing === "reject" ? "returns.reject" : "returns.cancel")} onClose={() => setDoing(undefined)}
        onDone={(reason) => void (doing === "reject" ? step("return-approval", { decision: "REJECTED", reason }, "returns.rejected") : step("return-cancel", { reason }, "returns.cancelled"))} />}
    </Screen>
  );
}

/** A return that the server does not have yet: what was asked for, with its pictures, as it lies on this device. */
function Queued({ command, row }: { command: Command | undefined; row: ReturnRow }) {
  const { t, i18n } = useTranslation(["returns", "counter"]);
  const { skus } = useWorkspace();
  if (!command) return null;
  const body = command.body as { lines: { line: number; skuId: number; qty: string; condition?: string }[]; note?: string; pictures?: string[] };
  return (
    <aside className="side" aria-label={t("returns.asked", { outlet: row.outletName })}>
      <h2>{row.outletName} <StateChip state={command.state} /></h2>
      {command.state === "NEEDS_YOU" && <p className="note watch"><Shape tone="watch" /><a href="#/sync">{t("returns.needsYou")}</a></p>}
      <p className="m s">{row.originalNumber ? `${t("returns.bill")} ${row.originalNumber}` : t("returns.noBill")} · {dateDense(row.businessDate)}</p>
      {body.note && <p className="s">{body.note}</p>}
      <table className="tbl small">
        <thead><tr><th>{t("field.item")}</th><th className="n">{t("field.qty")}</th><th>{t("returns.condition")}</th></tr></thead>
        <tbody>{body.lines.map((l) => <tr key={l.line}><td>{skus.get(l.skuId)?.name ?? l.skuId}</td><td className="n">{qty(l.qty, i18n.language)}</td><td className="s">{l.condition ? t(`returns.bucket.${l.condition}`) : "–"}</td></tr>)}</tbody>
        {command.summary.total && <tfoot><tr><td>{t("returns.expected")}</td><td className="n b" colSpan={2}>{money(command.summary.total, i18n.language)}</td></tr></tfoot>}
      </table>
      <EvidenceRow hashes={body.pictures ?? []} label={(number) => t("returns.picture", { number })} />
    </aside>
  );
}

function whyNot(view: ReturnView | undefined, own: boolean): string {
  return view?.status !== "REQUESTED" ? "returns.notNow" : own ? "returns.ownReturn" : "returns.aboveLimit";
}

function Why({ title, action, onClose, onDone }: { title: string; action: string; onClose: () => void; onDone: (reason: string) => void }) {
  const { t } = useTranslation(["returns", "counter"]);
  const [reason, setReason] = useState("");
  return (
    <Dialog title={title} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); if (reason.trim()) onDone(reason.trim()); }}>
        <TextField label={t("field.reason")} data-note="" value={reason} maxLength={200} onChange={(e) => setReason(e.target.value)} required />
        <div className="end"><Button keys="Esc" onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" disabled={!reason.trim()}>{action} <Kbd>Enter</Kbd></Button></div>
      </form>
    </Dialog>
  );
}
