import { useLiveQuery } from "dexie-react-hooks";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "../../api/problems";
import { uuidv7 } from "../../offline/db";
import { enqueue } from "../../offline/outbox";
import { stopOf } from "../../offline/policy";
import type { Outlet } from "../../offline/types";
import { Button, Chip, EmptyState, Field, ProblemNote, Shape, TextField, dateDense, daysBetween, money, qty, rate } from "../../ui";
import { isPositive } from "../../ui/decimal";
import { search } from "../bill/search";
import { KeyStrip } from "../help";
import { useKeys } from "../keys";
import { Find, List, Screen, type Column } from "../list";
import { go, useRoute } from "../router";
import { toast } from "../toast";
import { StateChip } from "../chips";
import { rowWords } from "../guard";
import { useCredit, useSync, useWorkspace } from "../workspace";
import { BUYERS, identityOf, taxRuleOf } from "./identity";

const NONE = new Set<unknown>();

/** C15: the outlet's card: credit, dues, open bills, last bills. */
export function Outlets() {
  const { rest } = useRoute();
  return rest[0] === "new" ? <NewOutlet /> : <OutletList chosen={rest[0]} />;
}

function OutletList({ chosen }: { chosen: string | undefined }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { outlets, outletEntries } = useWorkspace();
  const [text, setText] = useState("");
  const [selected, setSelected] = useState<string | undefined>(chosen);
  const rows = useMemo(() => (text.trim() ? search(outletEntries, text, NONE, (o) => o.id, 500) : [...outlets.values()].sort((a, b) => a.name.localeCompare(b.name))), [text, outlets, outletEntries]);
  const row = rows.find((o) => o.id === selected) ?? rows[0];
  useKeys({ "Alt+C": () => go("outlets", "new") });
  const columns: Column<Outlet>[] = [
    { key: "name", head: t("field.outlet"), cell: (o) => <span className="i"><span className="cut">{(lang === "hi" && o.nameLocal) || o.name}</span> <span className="s m">{o.code}</span></span> },
    { key: "beat", head: t("field.beat"), width: 150, hide: true, cell: (o) => <span className="cut">{o.beat ?? "–"}</span> },
    { key: "class", head: t("outlets.class"), width: 120, hide: true, cell: (o) => [o.channel, o.class].filter(Boolean).join(" ") || "–" },
    { key: "due", head: t("bill.dues"), number: true, width: 112, cell: (o) => (o.credit[0] ? money(o.credit[0].outstanding, lang) : "n/a") },
    { key: "overdue", head: t("outlets.overdue"), number: true, width: 112, cell: (o) => (o.credit[0] && isPositive(o.credit[0].overdue) ? <span className="watching"><Shape tone="watch" /> {money(o.credit[0].overdue, lang)}</span> : <span className="m">0</span>) },
  ];
  const create = <Button kind="primary" keys="Alt+C" onClick={() => go("outlets", "new")}>{t("outlets.new")}</Button>;
  return (
    <Screen title={t("place.outlets")} actions={create} foot={<KeyStrip keys={[["↑ ↓", "rows"], ["Enter", "billNew"], ["Alt+C", "create"], ["/", "filter"], ["F1", "help"]]}>{t("count.outlets", { count: rows.length })}</KeyStrip>}>
      <div className="filters"><Find value={text} onChange={setText} label={t("outlets.find")} /></div>
      <div className="split">
        <List label={t("place.outlets")} items={rows} idOf={(o) => o.id} columns={columns} selected={row?.id} onSelect={setSelected} onOpen={(o) => { location.hash = `#/bill?outlet=${o.id}`; }}
          empty={<EmptyState title={t("filter.nothing")} action={create}>{t("outlets.nothing")}</EmptyState>} />
        {row && <Card outlet={row} />}
      </div>
    </Screen>
  );
}

function Card({ outlet }: { outlet: Outlet }) {
  const { t, i18n } = useTranslation();
  const lang = i18n.language;
  const { store, context, skus } = useWorkspace();
  const credit = useCredit(outlet, outlet.credit[0]?.principalId);
  const bills = useLiveQuery(async () => (await store.bill.of("outletId", outlet.id)).sort((a, b) => (a.dueOn ?? "").localeCompare(b.dueOn ?? "")), [store, outlet.id]);
  const recent = useLiveQuery(async () => [...(await store.recent.of("outletId", outlet.id))].sort((a, b) => b.on.localeCompare(a.on)).slice(0, 10), [store, outlet.id]);
  const today = context?.businessDate ?? "";
  const sync = useSync();
  const own = [...sync.waiting, ...sync.needsYou, ...sync.differs].find((c) => c.id === outlet.id);
  return (
    <aside className="side" aria-label={outlet.name}>
      <h2>{(lang === "hi" && outlet.nameLocal) || outlet.name} {outlet.status && outlet.status !== "ACTIVE" && <Chip tone="watch">{t(`status.${outlet.status}`, { defaultValue: outlet.status })}</Chip>} {own && <StateChip state={own.state} />}</h2>
      <p className="m s">{[outlet.address, outlet.city, outlet.pin].filter(Boolean).join(", ")}</p>
      <p className="m s num">{[outlet.phone, outlet.gstin ? `${context?.paper?.taxIdName ?? "GSTIN"} ${outlet.gstin}` : t("bill.unregistered"), outlet.beat, outlet.salesman].filter(Boolean).join(" · ")}</p>
      <h3>{t("outlets.credit")}</h3>
      {credit ? (
        <dl className="facts">
          <dt>{t("outlets.limit")}</dt><dd className="num">{credit.limit ? money(credit.limit, lang) : t("bill.unlimited")}</dd>
          <dt>{t("bill.dues")}</dt><dd className="num">{money(credit.outstanding, lang)}</dd>
          <dt>{t("bill.creditLeft")}</dt><dd className="num b">{credit.left === null ? t("bill.unlimited") : money(credit.left, lang)}</dd>
          <dt>{t("outlets.overdue")}</dt><dd className="num">{isPositive(credit.overdue) ? <span className="watching"><Shape tone="watch" /> {money(credit.overdue, lang)}{credit.oldestDueOn && ` · ${t("outlets.since", { date: dateDense(credit.oldestDueOn) })}`}</span> : "0"}</dd>
          <dt>{t("outlets.terms")}</dt><dd className="num">{t("count.days", { count: credit.days ?? 0 })}</dd>
        </dl>
      ) : <p className="m">{t("outlets.noCredit")}</p>}
      <h3>{t("bill.openBills")}</h3>
      {bills && bills.length > 0 ? (
        <table className="tbl small">
          <thead><tr><th>{t("field.number")}</th><th className="n">{t("field.due")}</th><th className="n">{t("collect.openAmount")}</th></tr></thead>
          <tbody>{bills.map((b) => <tr key={b.invoiceId}><td className="num">{b.number}</td><td className={`n ${b.dueOn && today && daysBetween(b.dueOn, today) > 0 ? "watching" : ""}`}>{dateDense(b.dueOn)}</td><td className="n">{money(b.open, lang)}</td></tr>)}</tbody>
        </table>
      ) : <p className="m s">{t("bill.nothingDue")}</p>}
      <h3>{t("outlets.lastBills")}</h3>
      {recent && recent.length > 0 ? (
        <table className="tbl small">
          <tbody>{recent.map((r, i) => <tr key={i}><td className="num">{dateDense(r.on)}</td><td className="cut">{skus.get(r.skuId)?.name ?? r.skuId}</td><td className="n">{qty(r.qty, lang)}</td><td className="n">{rate(r.rate, lang)}</td></tr>)}</tbody>
        </table>
      ) : <p className="m s">{t("bill.noHistory")}</p>}
      <div className="acts">
        <Button kind="primary" keys="Enter" onClick={() => { location.hash = `#/bill?outlet=${outlet.id}`; }}>{t("bill.new")}</Button>
        <Button keys="F6" onClick={() => { location.hash = `#/collect/new?outlet=${outlet.id}`; }}>{t("collect.new")}</Button>
      </div>
    </aside>
  );
}

interface OutletBody {
  id: string; distributorId: number; code: string; name: string; nameLocal: string | null; channel: string; outletClass: string; phone: string; beat: string | null; address: string; city: string; pin: string;
  stateCode: string; gstin: string | null; registration: string;
}

/**
 * A new outlet is written here and sent like a bill: it can be billed, ordered for and collected from at once, and all of that waits for it. The server keeps it
 * wherever it can and tells what it found: the same shop under another code, a code that was taken (OFF-15). One that it refuses comes back here with its reason.
 */
function NewOutlet() {
  const { t, i18n } = useTranslation();
  const { store, distributorId, context, outlets, rules, guard } = useWorkspace();
  const refused = useRoute().query.get("fix");
  const [values, setValues] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [id] = useState(() => refused ?? uuidv7());
  useEffect(() => {
    if (!refused) return;
    void store.command.get(refused).then((command) => {
      if (!command || command.state !== "NEEDS_YOU") return;
      setProblem(command.problem);
      setValues(Object.fromEntries(Object.entries(command.body as OutletBody).flatMap(([field, value]) => (typeof value === "string" ? [[field, value]] : []))));
    });
  }, [store, refused]);
  const known = useMemo(() => ({
    channels: [...new Set([...outlets.values()].map((o) => o.channel).filter(Boolean) as string[])].sort(),
    classes: [...new Set([...outlets.values()].map((o) => o.class).filter(Boolean) as string[])].sort(),
    beats: [...new Map([...outlets.values()].filter((o) => o.beatCode).map((o) => [o.beatCode!, o.beat ?? o.beatCode!])).entries()].sort((a, b) => a[1].localeCompare(b[1])),
    next: nextCode([...outlets.values()].map((o) => o.code)),
    cities: [...new Set([...outlets.values()].map((o) => o.city).filter(Boolean) as string[])].sort(),
  }), [outlets]);
  const alike = useMemo(() => {
    const phone = (values.phone ?? "").replace(/\D/g, "");
    const name = (values.name ?? "").trim().toLowerCase();
    return [...outlets.values()].filter((o) => (phone.length >= 8 && (o.phone ?? "").replace(/\D/g, "") === phone) || (values.gstin && o.gstin === values.gstin) || (name.length > 3 && o.name.toLowerCase() === name)).slice(0, 3);
  }, [values, outlets]);
  const india = (context?.paper?.country ?? "IN") === "IN";
  const identity = identityOf(values, india, context?.distributor.stateCode ?? null);
  const abroad = identity.registration === "EXPORT";
  const taxRule = india ? taxRuleOf(identity.registration, rules?.undertakings ?? [], context?.businessDate ?? "") : null;
  const set = (field: string) => (e: { target: { value: string } }) => setValues((v) => ({ ...v, [field]: e.target.value }));
  const error = (pointer: string) => problem?.errors?.find((e) => e.pointer === pointer)?.detail;
  const save = async () => {
    if (busy || !context) return;
    const stop = stopOf(guard, "other");
    if (stop) return setProblem({ code: "REFUSED", title: rowWords(stop, t, i18n.language).text });
    const text = (field: string) => values[field]?.trim() ?? "";
    if (!text("name")) return setProblem({ code: "INVALID", errors: [{ pointer: "/name", code: "INVALID", detail: t("outlets.missing") }] });
    const gstin = identity.gstin;
    if (india && gstin && !/^\d{2}[A-Z0-9]{13}$/.test(gstin)) return setProblem({ code: "INVALID", errors: [{ pointer: "/gstin", code: "INVALID", detail: t("outlets.gstinHint") }] });
    setBusy(true);
    setProblem(undefined);
    const body: OutletBody = {
      id, distributorId, code: text("code") || known.next, name: text("name"), nameLocal: text("nameLocal") || null, channel: values.channel ?? known.channels[0] ?? "GT", outletClass: values.outletClass ?? known.classes.at(-1) ?? "C",
      phone: text("phone"), beat: values.beat || null, address: text("address"), city: text("city") || context.distributor.city || "", pin: text("pin"),
      gstin: identity.gstin, registration: identity.registration, stateCode: identity.stateCode ?? "",
    };
    const like = [...outlets.values()].find((o) => o.beatCode === body.beat);
    await enqueue(store, {
      id, kind: "outlet", businessDate: context.businessDate, body, summary: { kind: "outlet", outletId: id, outletName: body.name, number: body.code },
      made: {
        id, code: body.code, name: body.name, nameLocal: body.nameLocal, channel: body.channel, class: body.outletClass, gstin: body.gstin, registration: body.registration, stateCode: body.stateCode, address: body.address, city: body.city,
        pin: body.pin, phone: body.phone, beat: body.beat ? (like?.beat ?? body.beat) : null, beatCode: body.beat, salesman: body.beat ? (like?.salesman ?? null) : null, status: "ACTIVE", credit: [],
        // it has bought from nobody yet, where a scheme asks for that
        ...([...outlets.values()].some((o) => o.billed) ? { billed: [] } : {}),
      },
    });
    toast(t("outlets.saved", { name: body.name }));
    go("outlets", id);
  };
  useKeys({ "Ctrl+Enter": () => void save(), "Escape": () => go("outlets") });
  return (
    <Screen title={t("outlets.new")} note={t("outlets.newNote")} actions={<><Button keys="Esc" onClick={() => go("outlets")}>{t("action.back", { ns: "common" })}</Button><Button kind="primary" keys="Ctrl+Enter" disabled={busy} onClick={() => void save()}>{t("action.save", { ns: "common" })}</Button></>}>
      <form className="form three" onSubmit={(e) => { e.preventDefault(); void save(); }}>
        {problem && <div className="whole"><ProblemNote problem={problem} /></div>}
        {alike.length > 0 && <div className="note watch whole"><Shape tone="watch" /><div><b>{t("outlets.alike")}</b><ul>{alike.map((o) => <li key={o.id}><a href={`#/outlets/${o.id}`}>{o.name}</a> · {o.code} · {o.phone}</li>)}</ul></div></div>}
        <TextField label={t("outlets.name")} autoFocus required value={values.name ?? ""} onChange={set("name")} error={error("/name")} />
        <TextField label={t("outlets.code")} value={values.code ?? known.next} onChange={set("code")} error={error("/code")} />
        <TextField label={t("outlets.nameLocal")} lang="hi" value={values.nameLocal ?? ""} onChange={set("nameLocal")} error={error("/nameLocal")} />
        <TextField label={t("outlets.phone")} type="tel" value={values.phone ?? ""} onChange={set("phone")} error={error("/phone")} />
        <Field label={t("outlets.channel")} error={error("/channel")}>{(ids) => <select className="input" {...ids} value={values.channel ?? known.channels[0] ?? "GT"} onChange={set("channel")}>{(known.channels.length ? known.channels : ["GT", "MT"]).map((c) => <option key={c}>{c}</option>)}</select>}</Field>
        <Field label={t("outlets.class")} error={error("/outletClass") ?? error("/class")}>{(ids) => <select className="input" {...ids} value={values.outletClass ?? known.classes.at(-1) ?? "C"} onChange={set("outletClass")}>{(known.classes.length ? known.classes : ["A", "B", "C"]).map((c) => <option key={c}>{c}</option>)}</select>}</Field>
        <Field label={t("field.beat")} error={error("/beat")}>{(ids) => <select className="input" {...ids} value={values.beat ?? ""} onChange={set("beat")}><option value="">–</option>{known.beats.map(([code, name]) => <option key={code} value={code}>{name}</option>)}</select>}</Field>
        {india && <Field label={t("outlets.registration")} error={error("/registration")} hint={taxRule ? t(`outlets.taxRule.${taxRule.rule}`, { until: taxRule.rule === "undertaking" ? dateDense(taxRule.until) : "" }) : undefined}>{(ids) => <select className="input" {...ids} value={identity.registration} onChange={set("registration")}>{BUYERS.map((b) => <option key={b} value={b}>{t(`outlets.kind.${b}`)}</option>)}</select>}</Field>}
        {!abroad && <TextField label={context?.paper?.taxIdName || "GSTIN"} value={values.gstin ?? ""} onChange={set("gstin")} maxLength={20} error={error("/gstin")} hint={t(india ? "outlets.gstinHint" : "outlets.taxIdHint")} />}
        <TextField label={t("outlets.address")} value={values.address ?? ""} onChange={set("address")} error={error("/address") ?? error("/stateCode")} required={abroad} hint={abroad ? t("outlets.addressAbroad") : undefined} />
        <TextField label={t("outlets.city")} list="cities" value={values.city ?? ""} onChange={set("city")} error={error("/city")} />
        <TextField label={t("outlets.pin")} inputMode={abroad ? "text" : "numeric"} value={values.pin ?? ""} onChange={set("pin")} error={error("/pin")} />
        <datalist id="cities">{known.cities.map((c) => <option key={c} value={c} />)}</datalist>
        <button type="submit" hidden />
      </form>
    </Screen>
  );
}

/** The code after the highest one: `KT-O-0100` after `KT-O-0099`. */
export function nextCode(codes: string[]): string {
  let best: { prefix: string; number: number; width: number } | undefined;
  for (const code of codes) {
    const match = /^(.*?)(\d+)$/.exec(code);
    if (match && (!best || Number(match[2]) > best.number)) best = { prefix: match[1]!, number: Number(match[2]), width: match[2]!.length };
  }
  return best ? `${best.prefix}${String(best.number + 1).padStart(best.width, "0")}` : "O-0001";
}
