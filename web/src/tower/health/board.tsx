import { Menu } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { api, ApiError } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Button, Chip, Dialog, EmptyState, ProblemNote, Shape, Skeleton, type Tone } from "../../ui";
import { cmp, dec } from "../decimal";
import { NoRight, problemFrom } from "../frame/faults";
import { useFormats, type Formats } from "../format";
import { csv, xlsx } from "../grid/export";
import { ColumnsMenu, Grid, useHidden, type GridColumn, type GridSort } from "../grid/grid";
import { readSort, writeSort } from "../grid/list";
import { save } from "../http";
import { Icon } from "../kit/icons";
import { toast } from "../kit/toast";
import { metricName, reasonText } from "../insight/words";
import { href, useGo, useSearchState } from "../nav";
import { mayRead, useMe } from "../session";
import { BANDS, PILLARS, useBoard, usePlaybooks, type Band, type Component, type Plan, type Score } from "./api";
import { periodName, playbookTitle, playbookTrigger, proposalText, taskText } from "./words";
import "./health.css";

export const BAND_TONE: Record<Band, Tone> = { INVEST: "good", SUSTAIN: "info", FIX: "watch", EXIT_REVIEW: "act" };

export function BandChip({ score }: { score: Pick<Score, "band" | "state" | "nextBand"> }) {
  const { t } = useTranslation();
  if (!score.band) return <Chip tone="plain">{t(`health.state.${score.state}`)}</Chip>;
  return <Chip tone={BAND_TONE[score.band]}>{t(`health.band.${score.band}`)}</Chip>;
}

/** The direction of the last six points, as a word and an arrow. */
export function Trend({ trend }: { trend: Score["trend"] }) {
  const { t } = useTranslation();
  if (!trend) return null;
  return <span className={`st ${trend === "UP" ? "good" : trend === "DOWN" ? "watch" : "plain"}`}>{trend === "FLAT" ? "→" : <Icon name={trend === "UP" ? "up" : "down"} />}{t(`health.trend.${trend}`)}</span>;
}

const value = (r: Score, by: string): string | null => (by === "index" ? r.index : by === "movement" ? r.movement : by.startsWith("p:") ? (r.pillars.find((p) => p.pillar === by.slice(2))?.score ?? null) : null);

/** Sorted as the heading says; what has no figure stands last, whichever way (INV-11). */
export function sorted(rows: Score[], sort: GridSort[]): Score[] {
  const s = sort[0] ?? { by: "index", desc: false };
  const words = (r: Score) => (s.by === "name" ? r.name : s.by === "band" ? String(r.band === null ? 9 : BANDS.indexOf(r.band)) : s.by === "nextReview" ? (r.nextReview ?? "9999") : s.by === "territory" ? (r.territory ?? "") : "");
  return [...rows].sort((a, b) => {
    if (["name", "band", "nextReview", "territory"].includes(s.by)) return words(a).localeCompare(words(b)) * (s.desc ? -1 : 1) || a.name.localeCompare(b.name);
    const x = dec(value(a, s.by));
    const y = dec(value(b, s.by));
    if (!x || !y) return x ? -1 : y ? 1 : a.name.localeCompare(b.name);
    return cmp(x, y) * (s.desc ? -1 : 1) || a.name.localeCompare(b.name);
  });
}

/** T4: all distributors by band, what moved, the weakest side, who owns it and when it is looked at next; playbooks started for several at once. */
export function HealthBoard() {
  const { t } = useTranslation();
  const f = useFormats();
  const go = useGo();
  const me = useMe();
  const cache = useQueryClient();
  const [search, set] = useSearchState();
  const found = useBoard({ principalId: search.principalId, period: search.period });
  const [hidden, hide] = useHidden("health-board");
  const [find, setFind] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [starting, setStarting] = useState(false);
  const board = found.data;
  const sort = readSort(search.sort ?? "index");
  const rows = useMemo(() => sorted((board?.items ?? []).filter((r) => (!search.band || (search.band === "NONE" ? r.band === null : r.band === search.band)) && (!search.tag || r.tag === search.tag) && (!search.classification || r.classification === search.classification) && (!find || `${r.name} ${r.code} ${r.territory ?? ""} ${r.owner ?? ""}`.toLowerCase().includes(find.toLowerCase()))), sort), [board, search.band, search.tag, search.classification, find, sort]); // eslint-disable-line react-hooks/exhaustive-deps
  const mayPlan = mayRead(me, "PLAN_WRITE");
  const columns = useMemo<GridColumn<Score>[]>(() => [
    ...(mayPlan ? [{ id: "pick", label: "", width: 40, cell: (r: Score) => <input type="checkbox" aria-label={t("health.choose", { name: r.name })} checked={chosen.has(r.distributorId)} onClick={(e) => e.stopPropagation()} onChange={(e) => setChosen((before) => { const next = new Set(before); if (e.target.checked) next.add(r.distributorId); else next.delete(r.distributorId); return next; })} /> }] : []),
    { id: "name", label: t("dimension.distributor"), width: 192, grow: true, fixed: true, sortable: true, cell: (r) => <>{r.name} <span className="s muted code">{r.code}</span></>, raw: (r) => r.name },
    { id: "territory", label: t("dimension.territory"), width: 128, sortable: true, startsHidden: true, cell: (r) => r.territory ?? "–", raw: (r) => r.territory },
    { id: "band", label: t("health.bandHead"), width: 160, sortable: true, cell: (r) => <><BandChip score={r} />{r.nextBand && r.nextBand !== r.band && <span className="s muted" title={t("health.turns", { band: t(`health.band.${r.nextBand}`) })}> → {t(`health.band.${r.nextBand}`)}</span>}</>, raw: (r) => r.band ?? r.state },
    { id: "index", label: t("health.index"), width: 112, numeric: true, sortable: true, hint: t("health.indexHow"), cell: (r) => (r.index === null ? <span className="muted na-why" title={reasonText(t as never, r.reason)}>{f.na}</span> : <b>{f.cell(r.index, "percent")}</b>), raw: (r) => r.index },
    { id: "movement", label: t("health.movement"), width: 96, numeric: true, sortable: true, cell: (r) => (r.movement === null ? <span className="muted">{f.na}</span> : <span className={r.movement.startsWith("-") || r.movement.startsWith("−") ? "neg" : ""}>{f.signed(r.movement.replace("−", "-").replace(/^\+/, ""))}</span>), raw: (r) => r.movement },
    { id: "trend", label: t("health.trendHead"), width: 96, cell: (r) => <Trend trend={r.trend} />, raw: (r) => r.trend },
    ...PILLARS.map((p): GridColumn<Score> => ({ id: `p:${p}`, label: t(`health.pillarShort.${p}`), group: t("health.pillars"), width: 84, numeric: true, sortable: true, hint: t(`health.pillar.${p}`), cell: (r) => { const one = r.pillars.find((x) => x.pillar === p); return one?.score == null ? <span className="muted na-why" title={reasonText(t as never, one?.reason)}>{f.na}</span> : <span className={r.weakest === p ? "neg m5" : ""}>{f.cell(one.score, "percent")}</span>; }, raw: (r) => r.pillars.find((x) => x.pillar === p)?.score ?? null })),
    { id: "weakest", label: t("health.weakest"), width: 136, startsHidden: true, cell: (r) => (r.weakest ? t(`health.pillar.${r.weakest}`) : "–"), raw: (r) => r.weakest },
    { id: "classification", label: t("health.classHead"), width: 96, cell: (r) => (r.classification ? t(`health.classification.${r.classification}`) : "–"), raw: (r) => r.classification },
    { id: "tag", label: t("health.tagHead"), width: 104, cell: (r) => (r.tag ? <span className="s" title={t(`health.tagWhy.${r.tag}`)}>{t(`health.tag.${r.tag}`)}</span> : "–"), raw: (r) => r.tag },
    { id: "openPlans", label: t("health.plans"), width: 72, numeric: true, cell: (r) => (r.openPlans ? f.qty(r.openPlans) : <span className="muted">0</span>), raw: (r) => r.openPlans },
    { id: "owner", label: t("alerts.owner"), width: 112, startsHidden: true, cell: (r) => r.owner ?? "–", raw: (r) => r.owner },
    { id: "nextReview", label: t("health.nextReview"), width: 112, sortable: true, cell: (r) => <span className="num">{r.nextReview ? f.dense(r.nextReview) : "–"}</span>, raw: (r) => r.nextReview },
  ], [t, f, chosen, mayPlan]);
  if (found.error instanceof ApiError && found.error.status === 403) return <section className="panel"><NoRight what={t("rail.board")} /></section>;
  const exportAs = (format: "csv" | "xlsx") => {
    const shown = columns.filter((c) => c.raw && !(hidden[c.id] ?? c.startsHidden));
    const name = `health-${board?.period?.end ?? ""}.${format}`;
    if (format === "csv") save(new Blob([csv(shown, rows)], { type: "text/csv;charset=utf-8" }), name);
    else save(xlsx(shown, rows, [[t("export.list"), t("rail.board")], [t("health.period"), board?.period ? periodName(t, f, board.period) : ""], [t("export.rows"), String(rows.length)], [t("export.who"), me.name], [t("export.when"), new Date().toISOString()]]), name);
  };
  const unrated = (board?.items ?? []).filter((r) => r.band === null).length;
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("rail.board")}</h1><p className="muted s num">{board?.period ? t("health.boardOf", { period: periodName(t, f, board.period), kind: t(`health.kind.${board.period.kind}`), count: board.items.length }) : "\u00a0"}{board?.model ? ` · ${t("health.model", { version: board.model.version })}` : ""}</p></div>
        {board && board.principals.length > 1 && <select className="input" style={{ width: 200 }} aria-label={t("dimension.principal")} value={search.principalId ?? String(board.principalId)} onChange={(e) => set({ principalId: e.target.value })}>{board.principals.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}</select>}
        <div className="seg" role="group" aria-label={t("health.period")}>{[undefined, "provisional"].map((p) => <button key={p ?? "closed"} type="button" aria-pressed={(search.period ?? undefined) === p} onClick={() => set({ period: p })}>{t(p ? "health.kind.PROVISIONAL" : "health.kind.CLOSED")}</button>)}</div>
        <Menu position="bottom-end"><Menu.Target><button type="button" className="btn" disabled={rows.length === 0}><Icon name="table" />{t("grid.export")}</button></Menu.Target><Menu.Dropdown><Menu.Item onClick={() => exportAs("csv")}>CSV</Menu.Item><Menu.Item onClick={() => exportAs("xlsx")}>XLSX</Menu.Item></Menu.Dropdown></Menu>
      </div>
      {board && (
        <div className="bands" role="group" aria-label={t("health.bandHead")}>
          {board.bands.map((b) => (
            <button key={b.band} type="button" className="panel band" aria-pressed={search.band === b.band} onClick={() => set({ band: search.band === b.band ? undefined : b.band }, { replace: true })} title={board.model?.version === 0 ? t(`health.bandHelp.${b.band}`) : [b.help, b.consequence].filter(Boolean).join(" · ")}>
              <span className={`st ${BAND_TONE[b.band] === "info" ? "" : BAND_TONE[b.band]}`}><Shape tone={BAND_TONE[b.band]} />{t(`health.band.${b.band}`)}</span><b className="num">{b.count}</b><span className="s muted">{t("health.from", { from: f.cell(b.from, "days") })} · {t(`health.rhythm.${b.rhythm}`, { defaultValue: b.rhythm.toLowerCase() })}</span>
            </button>
          ))}
          {unrated > 0 && <button type="button" className="panel band" aria-pressed={search.band === "NONE"} onClick={() => set({ band: search.band === "NONE" ? undefined : "NONE" }, { replace: true })}><span className="st plain"><Shape tone="plain" />{t("health.unrated")}</span><b className="num">{unrated}</b><span className="s muted">{t("health.unratedWhy")}</span></button>}
        </div>
      )}
      <section className="panel" aria-label={t("rail.board")}>
        <div className="g-bar">
          <input className="input sm" style={{ width: 220 }} id="board-find" aria-label={t("grid.findIn", { what: t("rail.board") })} placeholder={`${t("grid.find")}  /`} value={find} onChange={(e) => setFind(e.target.value)} />
          {(search.band || search.tag || find) && <Button kind="quiet" className="sm" onClick={() => { setFind(""); set({ band: undefined, tag: undefined, classification: undefined }); }}>{t("grid.clearAll")}</Button>}
          <span className="grow" />
          {chosen.size > 0 && <button type="button" className="btn sm pri" onClick={() => setStarting(true)}>{t("health.startFor", { count: chosen.size })}</button>}
          <ColumnsMenu columns={columns} hidden={hidden} onHide={hide} />
        </div>
        {found.isPending ? <Skeleton lines={8} /> : (
          <Grid<Score>
            id="health-board" label={t("rail.board")} columns={columns} rows={rows} rowKey={(r) => String(r.distributorId)} rowLabel={(r) => r.name} error={found.error} onRetry={() => void found.refetch()} stale={found.isPlaceholderData}
            sort={sort} onSort={(s) => set({ sort: writeSort(s.slice(-1)) }, { replace: true })} hidden={hidden} onFind={() => document.getElementById("board-find")?.focus()}
            onOpen={(r, beside) => { const where = { ...(search.principalId ? { principalId: search.principalId } : {}) }; if (beside) window.open(href(`/distributors/${r.distributorId}`, where), "_blank", "noopener"); else go(`/distributors/${r.distributorId}`, where); }}
            empty={<EmptyState title={t(board?.items.length ? "state.filteredEmpty" : "health.none")}>{t(board?.items.length ? "state.filteredText" : "health.noneText")}</EmptyState>}
            note={<p className="ft s muted">{t("health.note")}</p>}
          />
        )}
      </section>
      {starting && board && <StartPlaybook ids={[...chosen]} names={board.items.filter((r) => chosen.has(r.distributorId)).map((r) => r.name)} principalId={board.principalId} onClose={() => setStarting(false)} onDone={(opened, skipped) => { setStarting(false); setChosen(new Set()); toast(t("health.started", { count: opened.length, skipped: skipped.length })); void cache.invalidateQueries({ queryKey: ["health-board"] }); void cache.invalidateQueries({ queryKey: ["health"] }); }} />}
    </>
  );
}

/** Opens a playbook's tasks and proposals for some distributors; it changes nothing by itself. */
export function StartPlaybook({ ids, names, principalId, first, onClose, onDone }: { ids: number[]; names: string[]; principalId: number; first?: string | undefined; onClose: () => void; onDone: (opened: Plan[], skipped: { distributorId: number; why: string }[]) => void }) {
  const { t, i18n } = useTranslation();
  const books = usePlaybooks();
  const [code, setCode] = useState(first ?? "");
  const [reason, setReason] = useState("");
  const [due, setDue] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [bad, setBad] = useState(false);
  const book = books.data?.find((b) => b.code === code);
  const start = async () => {
    if (!code || !reason.trim() || !due) return setBad(true);
    setProblem(null);
    try {
      const done = await api<{ opened: Plan[]; skipped: { distributorId: number; why: string; code?: string }[] }>(`/api/v1/health/playbooks/${encodeURIComponent(code)}/start`, { method: "POST", body: { distributorIds: ids, principalId, reason: reason.trim(), dueOn: due } });
      if (done.opened.length === 0 && done.skipped.length > 0) return setProblem({ code: "REFUSED", detail: done.skipped[0]!.code ? t(`playSkipped.${done.skipped[0]!.code}`, { defaultValue: done.skipped[0]!.why }) : done.skipped[0]!.why });
      onDone(done.opened, done.skipped);
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  return (
    <Dialog title={t("health.startTitle")} onClose={onClose}>
      <form noValidate style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); void start(); }}>
        <p className="muted">{t("health.startText", { names: new Intl.ListFormat(i18n.language).format(names.slice(0, 4)), more: names.length > 4 ? t("health.andMore", { count: names.length - 4 }) : "" })}</p>
        {problem && <ProblemNote problem={problem} />}
        <label className="field"><span className="label">{t("health.playbook")}</span><select className="input" data-autofocus value={code} aria-invalid={(bad && !code) || undefined} onChange={(e) => { setCode(e.target.value); setBad(false); }}><option value="">–</option>{(books.data ?? []).map((b) => <option key={b.code} value={b.code}>{playbookTitle(t, b.code, b.title)}</option>)}</select></label>
        {book && <div className="book"><p className="s">{playbookTrigger(t, book)}</p><ul>{book.proposals.map((p, i) => <li key={`p${i}`} className="s">{proposalText(t, book.code, i, p)}</li>)}{book.tasks.map((x, i) => <li key={i} className="s muted">{taskText(t, book.code, i + 1, x.text)} · {t("health.inDays", { count: x.days })}</li>)}</ul></div>}
        <label className="field"><span className="label">{t("alerts.reason")}</span><input className="input" value={reason} maxLength={300} aria-invalid={(bad && !reason.trim()) || undefined} onChange={(e) => { setReason(e.target.value); setBad(false); }} /></label>
        <label className="field"><span className="label">{t("alerts.dueOn")}</span><input className="input" type="date" value={due} aria-invalid={(bad && !due) || undefined} onChange={(e) => { setDue(e.target.value); setBad(false); }} /></label>
        {bad && <div className="field"><div className="bad" role="alert"><Shape tone="act" />{t("health.fillAll")}</div></div>}
        <div className="end"><Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button><button type="submit" className="btn pri">{t("health.startPlaybook")}</button></div>
      </form>
    </Dialog>
  );
}

/** The server names components in English; another language has its own names for those of the build, and the figure's for others. */
export function componentName(t: TFunction, c: Component): string {
  return t("problems.serverWordsFit", { ns: "common" }) === "yes" ? c.label : t(`health.componentName.${c.component}`, { defaultValue: c.metric ? metricName(t, c.metric, c.label) : c.label });
}

/** A score with one decimal. */
export const score = (f: Formats, v: string | null | undefined): string => f.cell(v, "percent");
