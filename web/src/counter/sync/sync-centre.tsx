import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { explain } from "../../api/problems";
import { loadTexts } from "../../i18n";
import { uuidv7 } from "../../offline/db";
import { enqueue, inStates, sendAgain, takeBack } from "../../offline/outbox";
import { evidenceBytes } from "../../offline/pictures";
import { left, limitsOf } from "../../offline/policy";
import type { Command, Difference } from "../../offline/types";
import { Button, Dialog, Shape, TextField, dateText, lineOf, money, qty, timeOfDay } from "../../ui";
import { minus, sum } from "../../ui/decimal";
import type { Bill } from "../bill/entry";
import { StateChip } from "../chips";
import { rowWords } from "../guard";
import { KeyStrip } from "../help";
import { asRequest } from "../returns/credit";
import { useKeys } from "../keys";
import { Screen } from "../list";
import { go } from "../router";
import { toast } from "../toast";
import { useSync, useWorkspace } from "../workspace";
import { SaveWork } from "./save-work";

/** C18: what is unsent, what came back and the way out, how old what you work with is, and what is left of each limit. */
export function SyncCentre() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store, sender, distributorId, me, device, guard } = useWorkspace();
  const sync = useSync();
  const [withdrawing, setWithdrawing] = useState<Command>();
  const [saving, setSaving] = useState(false);
  const [now, setNow] = useState(Date.now);
  const runs = useLiveQuery(() => store.run.orderBy("id").reverse().limit(20).toArray(), [store]);
  const back = useLiveQuery(async () => (await inStates(store, ["ACCEPTED", "DIFFERS"])).filter((c) => (c.settledAt ?? 0) > Date.now() - 86_400_000).length, [store]);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const sendNow = () => {
    sender.tryNow();
    toast(t(sender.leading ? "sync.asked" : "sync.otherTab"));
  };
  const checkAll = () => {
    sender.tryNow(true);
    toast(t("sync.checking"));
  };
  const report = () => {
    const lines = [
      `Offtake counter ${__VERSION__}, ${new Date().toISOString()}`, `distributor ${distributorId}, user ${me.username}, device ${device?.code ?? ""} ${device?.id ?? ""} ${device?.state ?? ""}`, `reach ${JSON.stringify(sync.reach)}`,
      ...guard.map((row) => `${row.what}: ${row.level} ${JSON.stringify(row.values)}`), ...sync.groups.map((g) => `${g.group}: as of ${g.asOf}, rows ${g.rows}, bytes ${g.bytes}`),
      ...[...sync.waiting, ...sync.needsYou].map((c) => `${c.seq} ${c.kind} ${c.summary.number ?? ""} ${c.id} ${c.state} tries ${c.tries} ${c.problem?.code ?? ""}`),
    ];
    void navigator.clipboard.writeText(lines.join("\n")).then(() => toast(t("sync.copied")));
  };
  const items = [...sync.needsYou, ...sync.differs];
  const [chosen, setChosen] = useState<string>();
  const at = Math.max(0, items.findIndex((c) => c.id === chosen));
  const move = (by: number) => {
    const next = items[Math.min(items.length - 1, Math.max(0, at + by))];
    if (!next) return;
    setChosen(next.id);
    document.getElementById(`back-${next.id}`)?.scrollIntoView({ block: "nearest" });
  };
  useKeys({
    "Alt+N": sendNow,
    "Down": () => move(1),
    "Up": () => move(-1),
    "Enter": (e) => {
      if (/^(BUTTON|A|INPUT)$/.test((e.target as HTMLElement).tagName)) return false;
      document.querySelector<HTMLButtonElement>(`#back-${CSS.escape(items[at]?.id ?? "none")} .acts .btn`)?.click();
    },
  }, !withdrawing && !saving);
  const unsent = sync.waiting;
  const reach = sync.reach;
  return (
    <Screen
      title={t("place.sync")}
      note={reach && (reach.state === "reached" ? t("sync.reached", { at: timeOfDay(reach.since) }) : `${reach.state === "signed-out" ? t("pill.signIn", { count: unsent.length }) : t("sync.notReached", { since: timeOfDay(reach.since) })}${reach.nextTryAt && reach.nextTryAt > now ? ` · ${t("sync.nextTry", { seconds: Math.ceil((reach.nextTryAt - now) / 1000) })}` : ""} · ${t("sync.goOn")}`)}
      actions={(
        <>
          <Button onClick={report}>{t("action.copyReport", { ns: "common" })}</Button>
          <Button onClick={() => setSaving(true)}>{t("sync.saveWork")}</Button>
          <Button onClick={checkAll}>{t("sync.checkAll")}</Button>
          {reach?.state === "signed-out" ? <Button kind="primary" onClick={() => location.assign(`/?to=${encodeURIComponent("/counter/#/sync")}`)}>{t("sync.signIn")}</Button> : <Button kind="primary" keys="Alt+N" onClick={sendNow}>{t("sync.sendNow")}</Button>}
        </>
      )}
      foot={<KeyStrip keys={[["↑ ↓", "items"], ["Enter", "wayOut"], ["Alt+N", "sendNow"], ["F8", "billNew"], ["F1", "help"]]}>{unsent.length + sync.needsYou.length > 0 ? t("sync.signOutHeld", { count: unsent.length + sync.needsYou.length }) : t("sync.nothingHeld")}</KeyStrip>}
    >
      <div className="sync">
        <div className="sync-left" data-region>
          <section>
            <header><h2>{t("sync.toSend")}</h2><b className="num">{unsent.length} · {money(sum(unsent.map((c) => c.summary.total), 2), lang)}</b></header>
            {unsent.length === 0 && <p className="m">{t("sync.allSent")}</p>}
            {unsent.slice(0, 50).map((c) => (
              <div className="line" key={c.id}>
                <span className="num">{timeOfDay(c.at)}</span><span className="grow cut"><b className="num">{c.summary.number ?? t(`command.${c.kind}`)}</b> {c.summary.outletName ?? ""}</span>
                <span className="num">{c.summary.total ? money(c.summary.total, lang) : ""}</span><StateChip state={c.state} />
              </div>
            ))}
            {unsent.length > 50 && <p className="m s">{t("sync.andMore", { count: unsent.length - 50 })}</p>}
            {(unsent.some((c) => c.state === "SENDING") || sync.pictures > 0) && <p className="m s">{unsent.some((c) => c.state === "SENDING") && t("sync.locked")} {sync.pictures > 0 && t("sync.pictures", { count: sync.pictures })}</p>}
          </section>
          <Ages now={now} />
          <StorageBar />
          <section>
            <header><h2>{t("sync.last")}</h2><span className="m s">{t("sync.kept20")}</span></header>
            <table className="tbl small"><thead><tr><th>{t("field.time")}</th><th className="n">{t("sync.up")}</th><th className="n">{t("sync.down")}</th><th className="n">{t("sync.took")}</th><th>{t("sync.result")}</th></tr></thead>
              <tbody>{runs?.map((r) => <tr key={r.id}><td className="num">{timeOfDay(r.at)}</td><td className="n">{r.up ? kb(r.up, lang) : "–"}</td><td className="n">{r.down ? kb(r.down, lang) : "–"}</td><td className="n">{r.tookMs < 950 ? `${r.tookMs} ms` : `${(r.tookMs / 1000).toFixed(1)} s`}</td><td className="cut">{runResult(r.result, t)}</td></tr>)}</tbody></table>
          </section>
        </div>
        <div className="sync-right" data-region>
          {sync.needsYou.map((c) => <NeedsYou key={c.id} command={c} chosen={c.id === items[at]?.id} waiting={unsent.filter((o) => o.waitsFor?.includes(c.id))} onWithdraw={() => setWithdrawing(c)} />)}
          {sync.differs.map((c) => (c.state === "QUARANTINED" ? <Quarantined key={c.id} command={c} chosen={c.id === items[at]?.id} /> : <Differs key={c.id} command={c} chosen={c.id === items[at]?.id} />))}
          <p className="m">{items.length === 0 ? t("sync.nothingNeeds") : t("sync.nothingElse")} {back ? t("sync.accepted", { count: back }) : ""}</p>
        </div>
      </div>
      {withdrawing && <Withdraw command={withdrawing} onClose={() => setWithdrawing(undefined)} />}
      {saving && <SaveWork onClose={() => setSaving(false)} />}
    </Screen>
  );
}

function kb(bytes: number, lang: string): string {
  return `${qty((bytes / 1024).toFixed(1), lang)} KB`;
}

/** How old each group is and where it stops; numbers left; the clock; who may open this device. */
function Ages({ now }: { now: number }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store, context, leases, guard } = useWorkspace();
  const sync = useSync();
  const limits = limitsOf(context);
  const old = (at: number) => (now - at > 20 * 3_600_000 ? `${dateText(new Date(at).toISOString(), lang)} ${timeOfDay(at)}` : timeOfDay(at));
  const group = (name: "must" | "soon" | "later", note: string) => {
    const state = sync.groups.find((s) => s.group === name);
    return <Line key={name} label={t(`group.${name}`)} value={state ? old(state.checkedAt) : "n/a"} note={state ? note : t("sync.notYet")} tone={name === "must" ? guard.find((r) => r.what === "masters")?.level : undefined} />;
  };
  const clock = guard.find((r) => r.what === "clock");
  const [persisted, setPersisted] = useState<boolean>();
  useEffect(() => void navigator.storage?.persisted?.().then(setPersisted, () => undefined), []);
  const sealed = localStorage.getItem(`offtake.vault.${store.name}`) !== null;
  return (
    <section>
      <header><h2>{t("sync.howOld")}</h2></header>
      {group("must", t("sync.stopsAt", { hours: limits.mastersStopHours }))}
      {group("soon", t("sync.ownCounted"))}
      {group("later", "")}
      {leases.filter((l) => l.state === "ACTIVE" && context && l.validTo >= context.businessDate).map((l) => (
        <Line key={l.series} label={t("sync.numbersLeft", { series: l.series, kind: t(`kind.${l.documentType}`, { defaultValue: l.documentType }) })} value={qty(String(left(l)), lang)} note={t("sync.fetchAt", { count: limits.seriesWarn })} tone={left(l) === 0 ? "stop" : left(l) < limits.seriesWarn ? "warn" : "ok"} />
      ))}
      {clock && <Line label={t("sync.clock")} value={clock.level === "ok" ? t("sync.inStep") : ""} note={clock.level === "ok" ? "" : rowWords(clock, t, lang).text} tone={clock.level} />}
      <Line label={t("sync.pin")} value={sealed ? t("sync.pinSet") : t("sync.noPin")} note={sealed ? t("sync.sealed") : <a href="#/settings">{t("sync.setPin")}</a>} tone={sealed ? "ok" : "warn"} />
      {persisted === false && <Line label={t("sync.mayEvict")} value="" note={<Button onClick={() => void navigator.storage.persist().then(setPersisted)}>{t("sync.persist")}</Button>} tone="warn" />}
    </section>
  );
}

function Line({ label, value, note, tone }: { label: string; value: string; note: ReactNode; tone?: string | undefined }) {
  const bad = tone === "warn" || tone === "stop" || tone === "readonly";
  return <div className={`line ${bad ? (tone === "warn" ? "watching" : "bad") : ""}`}><span className="grow">{bad && <Shape tone={tone === "warn" ? "watch" : "act"} />} {label}</span><span className="num">{value}</span><span className="num m note-end">{note}</span></div>;
}

/** What lies here, by what it is; unsent work is never dropped for room. */
function StorageBar() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store, guard } = useWorkspace();
  const sync = useSync();
  const [room, setRoom] = useState<{ used: number; quota: number }>();
  useEffect(() => void navigator.storage?.estimate?.().then((e) => setRoom({ used: e.usage ?? 0, quota: e.quota ?? 0 }), () => undefined), [sync]);
  const pictures = useLiveQuery(async () => (await store.picture.where("state").equals("WAITING").toArray()).reduce((n, p) => n + p.size, 0), [store]) ?? 0;
  const evidence = useLiveQuery(() => evidenceBytes(store), [store]) ?? 0;
  const parts = useMemo(() => [
    { name: "unsent", size: JSON.stringify([...sync.waiting, ...sync.needsYou]).length - 2 + pictures },
    ...(["must", "soon", "later"] as const).map((name) => ({ name, size: sync.groups.find((g) => g.group === name)?.disk ?? sync.groups.find((g) => g.group === name)?.bytes ?? 0 })),
    ...(evidence > 0 ? [{ name: "evidence", size: evidence }] : []),
  ], [sync, pictures, evidence]);
  const mb = (bytes: number) => qty((bytes / 1_048_576).toFixed(bytes < 10_485_760 ? 1 : 0), lang);
  const whole = Math.max(room?.used ?? 0, parts.reduce((n, p) => n + p.size, 0)) || 1;
  const row = guard.find((r) => r.what === "storage");
  return (
    <section>
      <header><h2>{t("sync.storage")}</h2>{room && <b className="num">{t("sync.used", { used: mb(room.used), quota: mb(room.quota) })}</b>}</header>
      <div className="storebar" role="img" aria-label={parts.map((p) => `${t(`sync.part.${p.name}`)} ${mb(p.size)} MB`).join(", ")}>{parts.map((p) => <i key={p.name} className={`p-${p.name}`} style={{ inlineSize: `${(100 * p.size) / whole}%` }} />)}</div>
      <p className="s m legend">{parts.map((p) => <span key={p.name}><i className={`p-${p.name}`} /> {t(`sync.part.${p.name}`)} <span className="num">{mb(p.size)}</span></span>)}</p>
      {row && row.level !== "ok" && <p className={row.level === "stop" ? "bad" : "watching"}><Shape tone={row.level === "stop" ? "act" : "watch"} /> {rowWords(row, t, lang).text}</p>}
    </section>
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

/** A refused order, receipt of goods or collection goes back to its own form under the same id. */
const forms: Partial<Record<Command["kind"], { kind: "order" | "receive" | "collect"; place: string; content(body: Record<string, unknown>): unknown }>> = {
  order: {
    kind: "order", place: "orders",
    content: (b) => ({ id: b["id"], outletId: b["outletId"], note: b["note"] ?? "", lines: (b["lines"] as { skuId: number; qty: string }[]).map((l) => ({ key: uuidv7(), skuId: l.skuId, entered: l.qty, qty: l.qty })) }),
  },
  collection: {
    kind: "collect", place: "collect",
    content: (b) => ({ id: b["id"], outletId: b["outletId"], mode: b["mode"], amount: b["amount"], reference: b["reference"] ?? "", bank: b["bank"] ?? "", chequeOn: b["chequeOn"] ?? "", note: b["note"] ?? "" }),
  },
  "goods-receipt": {
    kind: "receive", place: "receive",
    content: (b) => ({
      id: b["id"], principalId: b["principalId"], warehouseId: b["warehouseId"], number: b["principalInvoiceNumber"], on: b["principalInvoiceOn"],
      lines: (b["lines"] as Record<string, string | number | null>[]).map((l) => ({ key: uuidv7(), skuId: l["skuId"], batchNo: l["batchNo"], mfgOn: l["mfgOn"] ?? "", expiresOn: l["expiresOn"] ?? "", mrp: l["mrp"], unitCost: l["unitCost"], billed: l["billedQty"], free: l["freeQty"], damaged: l["damagedQty"], short: l["shortQty"] })),
    }),
  },
};

async function backToForm(store: ReturnType<typeof useWorkspace>["store"], command: Command): Promise<void> {
  const form = forms[command.kind]!;
  const content = form.content(command.body as Record<string, unknown>) as { id: string };
  await store.draft.put({ id: content.id, kind: form.kind, place: 0, updatedAt: Date.now(), title: command.summary.outletName ?? "", content });
  go(form.place, "new");
}

function NeedsYou({ command, waiting, chosen, onWithdraw }: { command: Command; waiting: Command[]; chosen: boolean; onWithdraw: () => void }) {
  const { t, i18n } = useTranslation();
  const { store } = useWorkspace();
  const problem = command.problem ?? { code: "FAULT" };
  const accepted = problem["accepted"];
  const of = command.body as { claimId?: string; returnId?: string };
  const home = of.claimId && command.kind.startsWith("claim-") ? () => go("claims", of.claimId!) : of.returnId && command.kind.startsWith("return-") ? () => go("returns", of.returnId!) : undefined;
  // states in the words of their own screen, which may not have been opened yet
  const family = command.kind.startsWith("claim-") ? "claims" : command.kind.startsWith("return-") ? "returns" : undefined;
  const [worded, setWorded] = useState(false);
  useEffect(() => {
    if (family) void loadTexts(family).then(() => setWorded(true), () => undefined);
  }, [family]);
  const stateWord = (state: unknown) => (worded ? t(`${family === "returns" ? "returns." : ""}status.${String(state)}`, { ns: family, defaultValue: String(state) }) : String(state));
  const isNow = family && problem.code === "ILLEGAL_STATE" && typeof problem["state"] === "string" ? stateWord(problem["state"]) : undefined;
  const fix = command.kind === "outlet" ? () => { location.hash = `#/outlets/new?fix=${command.id}`; } : command.kind === "invoice" ? () => backToBill(store, command, false) : forms[command.kind] ? () => backToForm(store, command) : undefined;
  return (
    <article className={`need ${chosen ? "here" : ""}`} id={`back-${command.id}`} aria-label={t(`command.${command.kind}`)}>
      <header><StateChip state="NEEDS_YOU" /><b>{t(`command.${command.kind}`)} {command.summary.number ?? ""}</b><span className="grow cut">{command.summary.outletName} · {timeOfDay(command.at)}</span><span className="num">{command.summary.lines ? `${t("count.lines", { count: command.summary.lines })} · ` : ""}{command.summary.total ? money(command.summary.total, i18n.language) : ""}</span></header>
      <dl>
        <dt>{t("sync.refused")}</dt><dd><b>{isNow === undefined ? explain(problem, t) : t("sync.isNow", { state: isNow })}</b>{problem.errors?.map((e, i) => <div key={i}>{lineOf(e.pointer) && <b>{t("bill.lineNo", { line: lineOf(e.pointer) })} </b>}{e.detail}</div>)}</dd>
        {accepted !== undefined && <><dt>{t("sync.passes")}</dt><dd>{isNow !== undefined && Array.isArray(accepted) ? accepted.map(stateWord).join(", ") : acceptedWords(accepted)}</dd></>}
        {waiting.length > 0 && <><dt>{t("sync.waits")}</dt><dd>{t("sync.waitsFor", { count: waiting.length })}</dd></>}
        {command.number && <><dt>{t("sync.number")}</dt><dd>{t("sync.numberKept", { number: command.summary.number })}</dd></>}
      </dl>
      <div className="row acts">
        {fix && <Button kind="primary" onClick={() => void fix()}>{t("sync.fix")}</Button>}
        {home && <Button kind="primary" onClick={home}>{t("sync.openIt")}</Button>}
        {command.kind === "credit-note" && command.view !== undefined && <Button kind="primary" onClick={() => void insteadOfNote(store, command).then(() => toast(t("sync.askedInstead")))}>{t("sync.askInstead")}</Button>}
        <Button onClick={() => { void sendAgain(store, command.id); toast(t("sync.again")); }}>{t("sync.sendAgain")}</Button>
        {command.kind === "invoice" && <Button onClick={() => void (async () => { await takeBack(store, command.id, "draft"); await backToBill(store, command, true); })()}>{t("sync.makeDraft")}</Button>}
        <Button onClick={onWithdraw}>{t("sync.withdraw")}</Button>
      </div>
    </article>
  );
}

/** What the server would not credit by this note it is asked to decide as a return; the note's number is declared void. */
async function insteadOfNote(store: ReturnType<typeof useWorkspace>["store"], command: Command): Promise<void> {
  const id = uuidv7();
  const request = asRequest(command, id, command.businessDate);
  await enqueue(store, { id, kind: "return-request", businessDate: command.businessDate, ...request });
  await takeBack(store, command.id, "asked for as a return instead");
}

function acceptedWords(accepted: unknown): string {
  if (Array.isArray(accepted)) return accepted.map(acceptedWords).join(", ");
  if (accepted && typeof accepted === "object") return Object.entries(accepted).map(([name, value]) => `${name} ${acceptedWords(value)}`).join(", ");
  return String(accepted);
}

/** Mine beside the server's, line by line where it says which, and why; the paper stands, and who settles it is named. */
function Differs({ command, chosen }: { command: Command; chosen: boolean }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store } = useWorkspace();
  const view = command.view as { lines?: { line?: number | null; skuName?: string; qty: string; unitPrice: string | null; taxable: string }[]; totals?: { payable?: string } } | undefined;
  const one = (command.difference ?? {}) as { field?: string; mine?: string | number; server?: string | number; why?: string };
  const named: Difference[] = (command.differences ?? []).filter((d) => d.class !== "NONE");
  const total = named.find((d) => d.field === "payable") ?? { mine: one.mine ?? view?.totals?.payable, server: one.server };
  const rest = named.filter((d) => d.field !== "payable");
  const lineNo = (field: string) => Number(/lines\/?\[?(\d+)/.exec(field)?.[1] ?? NaN);
  const label = (d: Difference) => {
    const at = lineNo(d.field);
    const line = Number.isFinite(at) ? (view?.lines?.find((l) => l.line === at) ?? view?.lines?.[at]) : undefined;
    const what = t(`sync.field.${d.field.split(/[/.]/).at(-1)}`, { defaultValue: t(`sync.class.${d.class}`) });
    return line ? `${line.skuName ?? ""} · ${what}` : what;
  };
  const tasks = command.tasks?.length ?? 0;
  return (
    <article className={`need ${chosen ? "here" : ""}`} id={`back-${command.id}`} aria-label={t("state.DIFFERS")}>
      <header><StateChip state="DIFFERS" /><b>{t(`command.${command.kind}`)} {command.summary.number ?? ""}</b><span className="grow cut">{command.summary.outletName} · {timeOfDay(command.at)}</span><span className="num">{command.summary.lines ? `${t("count.lines", { count: command.summary.lines })} · ` : ""}{command.summary.total ? money(command.summary.total, lang) : ""}</span></header>
      <table className="tbl small">
        <thead><tr><th /><th className="n">{t("sync.mine")}</th><th className="n">{t("sync.server")}</th><th className="n">{t("sync.difference")}</th></tr></thead>
        <tbody>
          {rest.map((d, i) => <tr key={i} className="differs"><td>{label(d)}</td>{d.class === "OUTLET" ? <><td className="n">{d.mine}</td><td className="n">{d.server}</td><td className="n">–</td></> : <Amounts mine={d.mine} server={d.server} lang={lang} />}</tr>)}
          {total.mine !== undefined && total.server !== undefined && <tr className="b"><td>{t("bill.total")}</td><Amounts mine={total.mine} server={total.server} lang={lang} /></tr>}
        </tbody>
      </table>
      <dl>
        {(named.some((d) => d.detail) || one.why) && <><dt>{t("sync.why")}</dt><dd>{[...new Set([...named.map((d) => d.detail), one.why].filter(Boolean))].map((why) => <div key={why}>{why}</div>)}</dd></>}
        {command.number && <><dt>{t("sync.paper")}</dt><dd>{t("sync.paperStands")}</dd></>}
        {command.late && <><dt>{t("sync.lateTitle")}</dt><dd>{t(`sync.late.${command.late}`)}</dd></>}
        <dt>{t("sync.next")}</dt><dd>{tasks ? t("sync.taskOpen", { count: tasks }) : t("sync.noTask")}</dd>
      </dl>
      <div className="row acts"><Button kind="primary" onClick={() => void store.command.update(command.id, { reason: "seen" })}>{t("sync.seen")}</Button><Button onClick={() => go("daybook")}>{t("place.daybook")}</Button></div>
    </article>
  );
}

function Amounts({ mine, server, lang }: { mine: Difference["mine"]; server: Difference["server"]; lang: string }) {
  const decimal = (value: Difference["mine"]): value is string | number => value !== null && value !== undefined && /^-?\d+(\.\d+)?$/.test(String(value));
  const show = (value: Difference["mine"]) => (value === null || value === undefined ? "n/a" : decimal(value) ? money(String(value), lang) : String(value));
  return <><td className="n">{show(mine)}</td><td className="n">{show(server)}</td><td className="n b">{decimal(mine) && decimal(server) ? money(minus(server, mine, 2), lang) : "–"}</td></>;
}

/** Same id, other content: the first one stands, this one is with the manager. */
function Quarantined({ command, chosen }: { command: Command; chosen: boolean }) {
  const { t, i18n } = useTranslation();
  const { store } = useWorkspace();
  return (
    <article className={`need ${chosen ? "here" : ""}`} id={`back-${command.id}`} aria-label={t("state.QUARANTINED")}>
      <header><StateChip state="QUARANTINED" /><b>{t(`command.${command.kind}`)} {command.summary.number ?? ""}</b><span className="grow cut">{command.summary.outletName} · {timeOfDay(command.at)}</span><span className="num">{command.summary.total ? money(command.summary.total, i18n.language) : ""}</span></header>
      <dl><dt>{t("sync.why")}</dt><dd>{t("sync.quarantined")}{command.problem && <div>{explain(command.problem, t)}</div>}</dd></dl>
      <div className="row acts"><Button kind="primary" onClick={() => void store.command.update(command.id, { reason: "seen" })}>{t("sync.seen")}</Button></div>
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
        <p className="m row"><Shape tone="watch" />{t("sync.withdrawText")} {command.number && t("sync.withdrawNumber", { number: command.summary.number })}</p>
        <TextField label={t("field.reason")} data-note="" value={reason} onChange={(e) => setReason(e.target.value)} required />
        <div className="end"><Button keys="Esc" onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="danger" type="submit" disabled={!reason.trim()}>{t("sync.withdraw")}</Button></div>
      </form>
    </Dialog>
  );
}
