import { Menu, Popover } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { BANDS, LEVELS, TYPES, useClaimSummary, type Claim } from "../../claims/api";
import { Clock, ClaimStatus, RiskState, useClaimTexts } from "../../claims/parts";
import { ApiError } from "../../api/client";
import { Button, EmptyState, Skeleton } from "../../ui";
import { add, dec, text as decText } from "../decimal";
import { Fault, NoRight } from "../frame/faults";
import { useFormats } from "../format";
import { useList } from "../http";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { RefSelect } from "../kit/refselect";
import { useSearchState } from "../nav";
import { ClaimCase } from "./case";
import "./desk.css";

/** What the desk can be asked for: what waits on me, what waits on the distributor, what is contested, all. */
const BOXES = { waiting: { waiting: true }, query: { status: "QUERY" }, disputed: { status: "DISPUTED,APPEALED" }, all: {} } as const;
type Box = keyof typeof BOXES;
const ORDERS = { risk: "-riskScore", clock: "dueOn", amount: "-claimed", new: "-submittedAt" } as const;
type Order = keyof typeof ORDERS;
const FILTERS = ["type", "band", "level", "distributorId", "batch"] as const;

/** T11: the queue by risk and clock, one case beside it, decided by keys; what is decided leaves and the next one comes. */
export function ClaimsDesk() {
  const { t } = useClaimTexts();
  const f = useFormats();
  const [search, set] = useSearchState();
  const box: Box = search.box && search.box in BOXES ? (search.box as Box) : "waiting";
  const order: Order = search.order && search.order in ORDERS ? (search.order as Order) : "risk";
  const params = { ...BOXES[box], ...Object.fromEntries(FILTERS.map((k) => [k, search[k]])), q: search.q, sort: ORDERS[order] };
  const found = useList<Claim>("/api/v1/claims", params);
  const summary = useClaimSummary();
  const rows = useMemo(() => found.data?.pages.flatMap((p) => p.items) ?? [], [found.data]);
  const open = search.open ?? rows[0]?.id;
  const list = useRef<HTMLUListElement>(null);
  const at = rows.findIndex((r) => r.id === open);
  const [find, setFind] = useState(search.q ?? "");
  const finder = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (find === (search.q ?? "")) return;
    const timer = setTimeout(() => set({ q: find || undefined, open: undefined }, { replace: true }), 250);
    return () => clearTimeout(timer);
  }, [find, search.q, set]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView?.({ block: "nearest" });
  }, [open]);
  useEffect(() => {
    if (at >= 0 && at >= rows.length - 10 && found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage();
  }, [at, rows.length, found]);
  // the desk is worked with the keys: they are alive as soon as there is a case
  const first = useRef(true);
  useEffect(() => {
    if (!first.current || rows.length === 0) return;
    first.current = false;
    if (!document.activeElement || document.activeElement === document.body || document.activeElement.matches("main")) list.current?.focus({ preventScroll: true });
  }, [rows.length]);

  const move = (by: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next && next.id !== open) set({ open: next.id, line: undefined }, { replace: true });
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing || e.ctrlKey || e.altKey || e.metaKey || (e.target as HTMLElement).closest("input,textarea,select,[role=dialog],[role=menu],[role=combobox]")) return;
    if (e.code === "KeyJ" || e.code === "KeyK") { e.preventDefault(); move(e.code === "KeyJ" ? 1 : -1); return; }
    if (e.key === "/") { e.preventDefault(); finder.current?.focus(); return; }
    // the case owns every other key; it is told, whichever pane has the focus
    const press = new CustomEvent("claim-key", { detail: { code: e.code, shift: e.shiftKey, key: e.key }, cancelable: true });
    document.querySelector("[data-case]")?.dispatchEvent(press);
    if (press.defaultPrevented) e.preventDefault();
  };
  const decided = (id: string) => {
    const here = rows.findIndex((r) => r.id === id);
    const next = rows[here + 1] ?? rows[here - 1];
    set({ open: next && next.id !== id ? next.id : undefined, line: undefined }, { replace: true });
    void found.refetch();
    void summary.refetch();
    list.current?.focus({ preventScroll: true });
  };
  const counts: Partial<Record<Box, number>> = {};
  if (summary.data) {
    counts.waiting = summary.data.waiting.claims;
    for (const s of summary.data.byStatus) {
      if (s.status === "QUERY") counts.query = s.claims;
      if (s.status === "DISPUTED" || s.status === "APPEALED") counts.disputed = (counts.disputed ?? 0) + s.claims;
    }
  }
  const sum = rows.reduce((a, r) => { const d = dec(r.claimed); return d ? add(a, d) : a; }, { n: 0n, scale: 2 });
  const active = FILTERS.filter((k) => search[k]);

  if (found.error instanceof ApiError && found.error.status === 403) return <section className="panel"><NoRight what={t("desk.title")} /></section>;
  return (
    <div className={`claims ${search.open ? "has-open" : ""}`} onKeyDown={onKey}>
      <section className="panel claims-queue" aria-label={t("desk.queue")}>
        <header className="cq-head">
          <h1>{t("desk.title")}</h1>
          <p className="s muted num">{summary.data ? t("desk.waits", { count: summary.data.waiting.claims, amount: `${f.rupee} ${f.compact(summary.data.waiting.amount)}` }) : found.data ? t("desk.listed", { count: rows.length, amount: `${f.rupee} ${f.compact(decText(sum))}` }) : "\u00a0"}</p>
          {summary.data && summary.data.overdue > 0 && <button type="button" className="lnk s late-link" onClick={() => set({ level: "OVER,FAR_OVER", box: undefined, open: undefined })}>{t("desk.overdue", { count: summary.data.overdue })}</button>}
        </header>
        <div className="cq-bar">
          <div className="cq-boxes" role="group" aria-label={t("desk.which")}>
            {(Object.keys(BOXES) as Box[]).map((b) => <button key={b} type="button" aria-pressed={box === b} onClick={() => set({ box: b === "waiting" ? undefined : b, open: undefined })}>{t(`desk.box.${b}`)}{counts[b] !== undefined && <span className="num"> {counts[b]}</span>}</button>)}
          </div>
          <div className="row" style={{ gap: 4 }}>
            <input ref={finder} className="input sm grow" value={find} aria-label={t("desk.find")} placeholder={t("desk.findHint")} onChange={(e) => setFind(e.target.value)} onKeyDown={(e) => { if (e.code === "Escape") setFind(""); if (e.code === "Enter" || e.code === "ArrowDown") { e.preventDefault(); list.current?.focus(); } }} />
            <Menu position="bottom-end">
              <Menu.Target><button type="button" className="btn sm quiet" aria-label={t("desk.order")}>{t(`desk.by.${order}`)}<Icon name="down" style={{ width: 14, height: 14 }} /></button></Menu.Target>
              <Menu.Dropdown>{(Object.keys(ORDERS) as Order[]).map((o) => <Menu.Item key={o} aria-current={o === order || undefined} onClick={() => set({ order: o === "risk" ? undefined : o }, { replace: true })}>{t(`desk.by.${o}`)}</Menu.Item>)}</Menu.Dropdown>
            </Menu>
            <Popover position="bottom-end" width={264} trapFocus withinPortal>
              <Popover.Target><button type="button" className={`btn sm icon ${active.length ? "on" : "quiet"}`} aria-label={t("desk.filter", { count: active.length })} title={t("desk.filter", { count: active.length })}><Icon name="filter" /></button></Popover.Target>
              <Popover.Dropdown>
                <div className="stack">
                  <Choice label={t("field.type")} value={search.type} options={TYPES.map((v) => [v, t(`type.${v}`)])} onChange={(v) => set({ type: v, open: undefined })} />
                  <Choice label={t("field.band")} value={search.band} options={BANDS.map((v) => [v, t(`band.${v}`)])} onChange={(v) => set({ band: v, open: undefined })} />
                  <Choice label={t("field.clock")} value={search.level} options={[...LEVELS.map((v): [string, string] => [v, t(`level.${v}`)]), ["OVER,FAR_OVER", t("level.anyOver")]]} onChange={(v) => set({ level: v, open: undefined })} />
                  <RefSelect label={t("dimension.distributor")} type="distributors" value={search.distributorId ?? null} onChange={(v) => set({ distributorId: v ?? undefined, open: undefined })} inPopover />
                  {active.length > 0 && <Button kind="quiet" className="sm" onClick={() => set(Object.fromEntries(FILTERS.map((k) => [k, undefined])))}>{t("grid.clearAll")}</Button>}
                </div>
              </Popover.Dropdown>
            </Popover>
          </div>
        </div>
        {found.error && rows.length === 0 ? <div style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></div> : found.isPending ? <Skeleton lines={8} /> : rows.length === 0 ? (
          <EmptyState title={t(active.length || search.q ? "state.filteredEmpty" : `desk.none.${box}`)} action={active.length || search.q ? <Button onClick={() => { setFind(""); set({ q: undefined, ...Object.fromEntries(FILTERS.map((k) => [k, undefined])) }); }}>{t("grid.clearAll")}</Button> : undefined}>{t(active.length || search.q ? "state.filteredText" : `desk.noneText.${box}`)}</EmptyState>
        ) : (
          <ul ref={list} className="cq-rows" role="listbox" tabIndex={0} aria-label={t("desk.queue")} aria-activedescendant={open ? `cl-${open}` : undefined} style={found.isPlaceholderData ? { opacity: 0.55 } : undefined}>
            {rows.map((r) => (
              <li key={r.id} id={`cl-${r.id}`} role="option" aria-selected={r.id === open} onClick={() => { set({ open: r.id, line: undefined }, { replace: true }); list.current?.focus({ preventScroll: true }); }}>
                <div className="row"><span className="m5 grow cut">{r.distributorName}</span><span className="num m5">{f.rupee} {f.money(r.claimed).replace(/\.00$/, "")}</span></div>
                <div className="s muted cut">{r.number} · {r.schemeName ?? t(`type.${r.type}`)}</div>
                <div className="row"><span className="grow">{box === "all" || !r.risk ? <ClaimStatus claim={r} /> : <RiskState claim={r} />}</span>{r.clock ? <Clock clock={r.clock} /> : r.submittedAt && <span className="s muted num">{f.moment(r.submittedAt)}</span>}</div>
              </li>
            ))}
            {found.hasNextPage && <li role="presentation" className="cq-more"><Button kind="quiet" className="sm" onClick={() => void found.fetchNextPage()}>{t("grid.more")}</Button></li>}
          </ul>
        )}
        {summary.data && summary.data.straightThroughToSettle.claims > 0 && (
          <footer className="cq-foot"><p className="s muted">{t("desk.straight", { count: summary.data.straightThroughToSettle.claims })}</p><A className="btn sm" path="/claims/settlement">{t("desk.settleTogether", { amount: `${f.rupee} ${f.compact(summary.data.straightThroughToSettle.amount)}` })}</A></footer>
        )}
      </section>
      <div className="claims-case">
        {open ? <ClaimCase key={open} id={open} inDesk onDecided={() => decided(open)} onBack={() => set({ open: undefined })} onNext={at >= 0 && at < rows.length - 1 ? () => move(1) : undefined} />
          : found.isPending ? <section className="panel"><Skeleton lines={10} /></section> : <section className="panel"><EmptyState title={t("desk.pick")}>{t("desk.pickText")}</EmptyState></section>}
      </div>
    </div>
  );
}

function Choice({ label, value, options, onChange }: { label: string; value: string | undefined; options: [string, string][]; onChange: (v: string | undefined) => void }) {
  const { t } = useClaimTexts();
  return (
    <label className="field"><span className="label">{label}</span>
      <select className="input" value={value ?? ""} onChange={(e) => onChange(e.target.value || undefined)}>
        <option value="">{t("grid.any")}</option>
        {options.map(([v, words]) => <option key={v} value={v}>{words}</option>)}
      </select>
    </label>
  );
}

/** One claim at an address of its own: what a link leads to. */
export function ClaimPage() {
  const { t } = useClaimTexts();
  const { id } = useParams({ strict: false }) as { id: string };
  const onKey = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing || e.ctrlKey || e.altKey || e.metaKey || (e.target as HTMLElement).closest("input,textarea,select,[role=dialog],[role=menu],[role=combobox]")) return;
    const press = new CustomEvent("claim-key", { detail: { code: e.code, shift: e.shiftKey, key: e.key }, cancelable: true });
    document.querySelector("[data-case]")?.dispatchEvent(press);
    if (press.defaultPrevented) e.preventDefault();
  };
  return (
    <div className="claims-one" onKeyDown={onKey}>
      <p className="s" style={{ marginBottom: 8 }}><A className="lnk" path="/claims">{t("desk.title")}</A></p>
      <ClaimCase key={id} id={id} />
    </div>
  );
}
