import { useEffect, useMemo, useRef, type KeyboardEvent } from "react";
import { Button, Chip, EmptyState, Shape, Skeleton, type Tone } from "../../ui";
import { Fault } from "../frame/faults";
import { useFormats } from "../format";
import { useList } from "../http";
import { useSearchState } from "../nav";
import { useTexts } from "../schemes/texts";
import { asker, KINDS, STATES, type Change } from "./api";
import { ChangeCase } from "./change";

const BOXES = ["waiting", "mine", "all"] as const;

export const TONE: Record<string, Tone> = { DRAFT: "plain", SUBMITTED: "watch", APPROVED: "info", IN_FORCE: "good", SUPERSEDED: "plain", REJECTED: "act", WITHDRAWN: "plain" };

export function ChangeState({ change }: { change: Pick<Change, "status" | "live" | "emergency"> }) {
  const { t } = useTexts();
  const state = change.status === "IN_FORCE" && change.live ? change.live : change.status;
  return <Chip tone={state === "SCHEDULED" ? "info" : state === "ENDED" ? "plain" : (TONE[change.status] ?? "plain")}>{t(`changeState.${state}`)}</Chip>;
}

/** T12: what waits on me, what I asked for, and everything; the list left, the case right, decided by keys. */
export function Changes() {
  const { t } = useTexts();
  const f = useFormats();
  const [search, set] = useSearchState();
  const box = (BOXES as readonly string[]).includes(search.box ?? "") ? search.box! : "waiting";
  const params = { ...(box === "waiting" ? { waiting: "me" } : box === "mine" ? { mine: true } : {}), kind: search.kind, status: box === "waiting" ? undefined : search.status, q: search.q, sort: box === "waiting" ? "movedAt" : "-createdAt" };
  const found = useList<Change>("/api/v1/change-requests", params);
  const rows = useMemo(() => found.data?.pages.flatMap((p) => p.items) ?? [], [found.data]);
  const open = search.open ?? rows[0]?.id;
  const list = useRef<HTMLUListElement>(null);
  const at = rows.findIndex((r) => r.id === open);
  const move = (by: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) set({ open: next.id }, { replace: true });
  };
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView?.({ block: "nearest" });
  }, [open]);
  const onKey = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing || e.ctrlKey || e.altKey || e.metaKey) return;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, KeyJ: 1, KeyK: -1 };
    if (e.code in steps) { e.preventDefault(); move(steps[e.code]!); return; }
    const press: Record<string, string> = { KeyA: "approve", KeyR: "reject", Enter: "open" };
    const act = press[e.code];
    if (act) {
      e.preventDefault();
      document.querySelector<HTMLElement>(`[data-act="${act}"]`)?.click();
    }
  };
  const decided = () => {
    const next = rows[at + 1] ?? rows[at - 1];
    set({ open: next?.id }, { replace: true });
    void found.refetch();
    list.current?.focus();
  };
  return (
    <>
      <div className="head"><div className="grow"><h1>{t("changes.title")}</h1><p className="s muted">{t("changes.about")}</p></div></div>
      <div className={`desk ${search.open ? "has-open" : ""}`}>
        <section className="panel desk-list" aria-label={t("changes.list")}>
          <div className="g-bar">
            <span className="seg sm" role="group" aria-label={t("changes.which")}>
              {BOXES.map((b) => <button key={b} type="button" aria-pressed={box === b} onClick={() => set({ box: b === "waiting" ? undefined : b, open: undefined })}>{t(`changes.${b}`)}</button>)}
            </span>
            <span className="grow" />
            <select className="input sm" aria-label={t("changes.kind")} value={search.kind ?? ""} onChange={(e) => set({ kind: e.target.value || undefined, open: undefined })}>
              <option value="">{t("changes.everyKind")}</option>
              {KINDS.map((k) => <option key={k} value={k}>{t(`changeKind.${k}`)}</option>)}
            </select>
            {box !== "waiting" && (
              <select className="input sm" aria-label={t("field.status")} value={search.status ?? ""} onChange={(e) => set({ status: e.target.value || undefined, open: undefined })}>
                <option value="">{t("changes.everyState")}</option>
                {STATES.map((s) => <option key={s} value={s}>{t(`changeState.${s}`)}</option>)}
              </select>
            )}
          </div>
          {found.error ? <div style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></div> : found.isPending ? <Skeleton lines={5} /> : rows.length === 0 ? (
            <EmptyState title={t(`changes.none.${box}`)}>{t(`changes.noneText.${box}`)}</EmptyState>
          ) : (
            <ul ref={list} className="desk-rows" role="listbox" tabIndex={0} aria-label={t("changes.list")} aria-activedescendant={open ? `cr-${open}` : undefined} onKeyDown={onKey}>
              {rows.map((r) => (
                <li key={r.id} id={`cr-${r.id}`} role="option" aria-selected={r.id === open} onClick={() => { set({ open: r.id }, { replace: true }); list.current?.focus(); }}>
                  <div className="row" style={{ gap: 8 }}><b className="grow cut">{r.title}</b><span className="s muted num">{f.moment(r.submittedAt ?? r.createdAt)}</span></div>
                  <div className="s muted cut">{t(`changeKind.${r.kind}`)} · {asker(r)}{r.effectiveFrom ? ` · ${t("changes.from", { date: f.date(r.effectiveFrom) })}` : ""}</div>
                  <div className="row" style={{ gap: 10, marginTop: 2 }}>
                    <ChangeState change={r} />
                    {r.emergency && <span className="st act"><Shape tone="act" />{t("changes.emergency")}</span>}
                    {Boolean(r.errors) && <span className="st act"><Shape tone="act" />{t("changes.errors", { count: r.errors })}</span>}
                    {!r.errors && Boolean(r.warnings) && <span className="st watch"><Shape tone="watch" />{t("changes.warnings", { count: r.warnings })}</span>}
                  </div>
                </li>
              ))}
            </ul>
          )}
          {found.hasNextPage && <div className="g-foot"><Button kind="quiet" className="sm" onClick={() => void found.fetchNextPage()}>{t("grid.more")}</Button></div>}
          <p className="g-foot keys-line hide-p"><kbd>J</kbd><kbd>K</kbd> {t("changes.keyMove")} <kbd>A</kbd> {t("changes.keyApprove")} <kbd>R</kbd> {t("changes.keyReject")}</p>
        </section>
        <div className="desk-case">
          {open ? <ChangeCase key={open} id={open} inDesk onDecided={decided} onBack={() => set({ open: undefined })} /> : rows.length > 0 ? null : <section className="panel desk-empty"><EmptyState title={t("changes.pick")}>{t("changes.pickText")}</EmptyState></section>}
        </div>
      </div>
    </>
  );
}
