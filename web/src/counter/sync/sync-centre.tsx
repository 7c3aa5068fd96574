import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/problems";
import { uuidv7 } from "../../offline/db";
import { sendAgain, takeBack } from "../../offline/outbox";
import { groups, type Command } from "../../offline/types";
import { Button, Dialog, Shape, TextField, lineOf, money, qty, timeOfDay } from "../../ui";
import { minus, sum } from "../../ui/decimal";
import type { Bill } from "../bill/entry";
import { StateChip } from "../chips";
import { KeyStrip } from "../help";
import { useKeys } from "../keys";
import { Screen } from "../list";
import { go } from "../router";
import { toast } from "../toast";
import { useSync, useWorkspace } from "../workspace";

/** C18, the light form: what is unsent, what needs you and the way out, how old what you work with is. */
export function SyncCentre() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store, sender, distributorId, me } = useWorkspace();
  const sync = useSync();
  const [withdrawing, setWithdrawing] = useState<Command>();
  const [storage, setStorage] = useState<{ used: number; quota: number }>();
  const [now, setNow] = useState(Date.now);
  const runs = useLiveQuery(() => store.run.orderBy("id").reverse().limit(8).toArray(), [store]);
  const recentlyBack = useLiveQuery(() => store.command.filter((c) => (c.state === "ACCEPTED" || c.state === "DIFFERS") && (c.settledAt ?? 0) > Date.now() - 86_400_000).count(), [store]);
  useEffect(() => {
    void navigator.storage?.estimate?.().then((e) => setStorage({ used: e.usage ?? 0, quota: e.quota ?? 0 }));
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const sendNow = () => {
    sender.tryNow();
    toast(t(sender.leading ? "sync.asked" : "sync.otherTab"));
  };
  const report = () => {
    const lines = [
      `Offtake counter, ${new Date().toISOString()}`, `distributor ${distributorId}, user ${me.username}`, `reach ${JSON.stringify(sync.reach)}`,
      ...sync.groups.map((g) => `${g.group}: as of ${g.asOf}, rows ${g.rows}, bytes ${g.bytes}`), ...[...sync.waiting, ...sync.needsYou].map((c) => `${c.seq} ${c.kind} ${c.id} ${c.state} tries ${c.tries} ${c.problem?.code ?? ""}`),
    ];
    void navigator.clipboard.writeText(lines.join("\n")).then(() => toast(t("sync.copied")));
  };
  useKeys({ "Alt+N": sendNow }, !withdrawing);
  const unsent = sync.waiting;
  const reach = sync.reach;
  return (
    <Screen
      title={t("place.sync")}
      note={reach && (reach.state === "reached" ? t("sync.reached", { at: timeOfDay(reach.since) }) : `${reach.state === "signed-out" ? t("pill.signIn", { count: unsent.length }) : t("sync.notReached", { since: timeOfDay(reach.since) })}${reach.nextTryAt && reach.nextTryAt > now ? ` · ${t("sync.nextTry", { seconds: Math.ceil((reach.nextTryAt - now) / 1000) })}` : ""} · ${t("sync.goOn")}`)}
      actions={<><Button onClick={report}>{t("action.copyReport", { ns: "common" })}</Button>{reach?.state === "signed-out" ? <Button kind="primary" onClick={() => location.assign(`/?to=${encodeURIComponent("/counter/#/sync")}`)}>{t("sync.signIn")}</Button> : <Button kind="primary" keys="Alt+N" onClick={sendNow}>{t("sync.sendNow")}</Button>}</>}
      foot={<KeyStrip keys={[["Alt+N", "sendNow"], ["F8", "billNew"], ["F1", "help"]]}>{unsent.length + sync.needsYou.length > 0 ? t("sync.signOutHeld", { count: unsent.length + sync.needsYou.length }) : t("sync.nothingHeld")}</KeyStrip>}
    >
      <div className="sync">
        <div className="sync-left">
          <section>
            <header><h2>{t("sync.toSend")}</h2><b className="num">{unsent.length} · {money(sum(unsent.map((c) => c.summary.total), 2), lang)}</b></header>
            {unsent.length === 0 && <p className="m">{t("sync.allSent")}</p>}
            {unsent.map((c) => <div className="line" key={c.id}><span className="num">{timeOfDay(c.at)}</span><span className="grow cut">{t(`command.${c.kind}`)} · {c.summary.outletName ?? "–"}</span><span className="num">{c.summary.total ? money(c.summary.total, lang) : ""}</span><StateChip state={c.state} /></div>)}
            {unsent.some((c) => c.state === "SENDING") && <p className="m s">{t("sync.locked")}</p>}
          </section>
          <section>
            <header><h2>{t("sync.howOld")}</h2></header>
            {groups.map((g) => {
              const state = sync.groups.find((s) => s.group === g);
              return <div className="line" key={g}><span className="grow">{t(`group.${g}`)}</span><span className="num">{state ? timeOfDay(state.checkedAt) : "n/a"}</span><span className="num m">{state ? t("sync.rows", { rows: qty(state.rows, lang), kb: qty(Math.round(state.bytes / 1024), lang) }) : t("sync.notYet")}</span></div>;
            })}
          </section>
          <section>
            <header><h2>{t("sync.storage")}</h2>{storage && <b className="num">{t("sync.used", { used: qty(Math.round(storage.used / 1048576), lang), quota: qty(Math.round(storage.quota / 1048576), lang) })}</b>}</header>
          </section>
          <section>
            <header><h2>{t("sync.last")}</h2></header>
            <table className="tbl small"><thead><tr><th>{t("field.time")}</th><th className="n">{t("sync.up")}</th><th className="n">{t("sync.down")}</th><th className="n">{t("sync.took")}</th><th>{t("sync.result")}</th></tr></thead>
              <tbody>{runs?.map((r) => <tr key={r.id}><td className="num">{timeOfDay(r.at)}</td><td className="n">{r.up ? `${qty(Math.ceil(r.up / 1024), lang)} KB` : "–"}</td><td className="n">{r.down ? `${qty(Math.ceil(r.down / 1024), lang)} KB` : "–"}</td><td className="n">{r.tookMs} ms</td><td className="cut">{runResult(r.result, t)}</td></tr>)}</tbody></table>
          </section>
        </div>
        <div className="sync-right">
          {sync.needsYou.map((c) => <NeedsYou key={c.id} command={c} waiting={unsent.filter((o) => o.waitsFor === c.id)} onWithdraw={() => setWithdrawing(c)} />)}
          {sync.differs.map((c) => <Differs key={c.id} command={c} />)}
          <p className="m">{sync.needsYou.length + sync.differs.length === 0 ? t("sync.nothingNeeds") : t("sync.nothingElse")} {recentlyBack ? t("sync.accepted", { count: recentlyBack }) : ""}</p>
        </div>
      </div>
      {withdrawing && <Withdraw command={withdrawing} onClose={() => setWithdrawing(undefined)} />}
    </Screen>
  );
}

function runResult(result: string, t: (key: string, values?: Record<string, unknown>) => string): string {
  const parts = [...result.matchAll(/(accepted|differs|refused|waits):(\d+)/g)].filter((m) => m[2] !== "0");
  if (parts.length) return parts.map((m) => t(`sync.${m[1]}Count`, { count: Number(m[2]) })).join(", ");
  return result === "must" || result === "soon" || result === "later" ? t(`group.${result}`) : t("sync.noAnswer");
}

/** Turns a refused bill back into a draft with its reason on it, under the same id, and opens it. */
async function backToBill(store: ReturnType<typeof useWorkspace>["store"], command: Command, newId: boolean): Promise<void> {
  const body = command.body as { outletId: string; businessDate: string; paymentMode: Bill["paymentMode"]; saleType: Bill["saleType"]; orderId?: string; note?: string; lines: { skuId: number; qty: string; enteredQty?: string; batchId?: string; manualPrice?: string; manualDiscountPercent?: string; manualReason?: string }[] };
  const bill: Bill = {
    id: newId ? uuidv7() : command.id, outletId: body.outletId, businessDate: body.businessDate, paymentMode: body.paymentMode, saleType: body.saleType, refusal: command.problem,
    ...(body.orderId ? { orderId: body.orderId } : {}), ...(body.note ? { note: body.note } : {}),
    lines: body.lines.map((l) => ({ key: uuidv7(), skuId: l.skuId, entered: l.enteredQty ?? l.qty, qty: l.qty, ...(l.batchId ? { batchId: l.batchId } : {}), ...(l.manualPrice ? { manualPrice: l.manualPrice } : {}), ...(l.manualDiscountPercent ? { manualDiscountPercent: l.manualDiscountPercent } : {}), ...(l.manualReason ? { manualReason: l.manualReason } : {}) })),
  };
  await store.draft.put({ id: bill.id, kind: "bill", place: 9, updatedAt: Date.now(), title: command.summary.outletName ?? "", content: bill });
  location.hash = `#/bill?draft=${bill.id}`;
}

function NeedsYou({ command, waiting, onWithdraw }: { command: Command; waiting: Command[]; onWithdraw: () => void }) {
  const { t, i18n } = useTranslation();
  const { store } = useWorkspace();
  const problem = command.problem ?? { code: "FAULT" };
  const accepted = problem["accepted"];
  return (
    <article className="need" aria-label={t(`command.${command.kind}`)}>
      <header><StateChip state="NEEDS_YOU" /><b>{t(`command.${command.kind}`)} {command.summary.number ?? ""}</b><span className="grow cut">{command.summary.outletName} · {timeOfDay(command.at)}</span><span className="num">{command.summary.lines ? `${t("count.lines", { count: command.summary.lines })} · ` : ""}{command.summary.total ? money(command.summary.total, i18n.language) : ""}</span></header>
      <dl>
        <dt>{t("sync.refused")}</dt><dd><b>{explain(problem, t)}</b>{problem.errors?.map((e, i) => <div key={i}>{lineOf(e.pointer) && <b>{t("bill.lineNo", { line: lineOf(e.pointer) })} </b>}{e.detail}</div>)}</dd>
        {accepted !== undefined && <><dt>{t("sync.passes")}</dt><dd>{typeof accepted === "object" ? JSON.stringify(accepted) : String(accepted)}</dd></>}
        {waiting.length > 0 && <><dt>{t("sync.waits")}</dt><dd>{t("sync.waitsFor", { count: waiting.length })}</dd></>}
      </dl>
      <div className="row acts">
        {command.kind === "invoice" && <Button kind="primary" onClick={() => void backToBill(store, command, false)}>{t("sync.fix")}</Button>}
        <Button onClick={() => { void sendAgain(store, command.id); toast(t("sync.again")); }}>{t("sync.sendAgain")}</Button>
        {command.kind === "invoice" && <Button onClick={() => void (async () => { await takeBack(store, command.id, "draft"); await backToBill(store, command, true); })()}>{t("sync.makeDraft")}</Button>}
        <Button onClick={onWithdraw}>{t("sync.withdraw")}</Button>
      </div>
    </article>
  );
}

function Differs({ command }: { command: Command }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store } = useWorkspace();
  const difference = (command.difference ?? {}) as { expected?: string; mine?: string; payable?: string; server?: string; why?: string; reason?: string };
  const mine = difference.expected ?? difference.mine ?? (command.view as { totals?: { payable?: string } } | undefined)?.totals?.payable;
  const server = difference.payable ?? difference.server ?? (command.document as { totals?: { payable?: string } } | undefined)?.totals?.payable;
  return (
    <article className="need" aria-label={t("state.DIFFERS")}>
      <header><StateChip state="DIFFERS" /><b>{t(`command.${command.kind}`)} {command.summary.number ?? ""}</b><span className="grow cut">{command.summary.outletName} · {timeOfDay(command.at)}</span></header>
      <table className="tbl small"><thead><tr><th /><th className="n">{t("sync.mine")}</th><th className="n">{t("sync.server")}</th><th className="n">{t("sync.difference")}</th></tr></thead><tbody><tr><td>{t("bill.total")}</td><td className="n">{money(mine, lang)}</td><td className="n">{money(server, lang)}</td><td className="n b">{mine && server ? money(minus(server, mine, 2), lang) : "n/a"}</td></tr></tbody></table>
      <dl>{(difference.why ?? difference.reason) && <><dt>{t("sync.why")}</dt><dd>{difference.why ?? difference.reason}</dd></>}<dt>{t("sync.paper")}</dt><dd>{t("sync.paperStands")}</dd></dl>
      <div className="row acts"><Button kind="primary" onClick={() => void store.command.update(command.id, { reason: "seen" })}>{t("sync.seen")}</Button><Button onClick={() => go("daybook")}>{t("place.daybook")}</Button></div>
    </article>
  );
}

function Withdraw({ command, onClose }: { command: Command; onClose: () => void }) {
  const { t } = useTranslation();
  const { store } = useWorkspace();
  const [reason, setReason] = useState("");
  return (
    <Dialog title={t("sync.withdrawTitle", { what: t(`command.${command.kind}`) })} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); if (reason.trim()) void takeBack(store, command.id, reason.trim()).then(onClose); }}>
        <p className="m row"><Shape tone="watch" />{t("sync.withdrawText")}</p>
        <TextField label={t("field.reason")} data-note="" value={reason} onChange={(e) => setReason(e.target.value)} required />
        <div className="end"><Button keys="Esc" onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="danger" type="submit" disabled={!reason.trim()}>{t("sync.withdraw")}</Button></div>
      </form>
    </Dialog>
  );
}
