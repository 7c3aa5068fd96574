import { Menu, MultiSelect, Popover, Select, TextInput } from "@mantine/core";
import { Fragment, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { EmptyState, Kbd } from "../../ui";
import { dec, share, sub } from "../decimal";
import { change, useFormats, type Formats } from "../format";
import { Fault, NoRight, problemFrom } from "../frame/faults";
import { ColumnsMenu, Grid, useHidden, type FootRow, type GridColumn, type GridSort } from "../grid/grid";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { toast } from "../kit/toast";
import { href, useGo, useSearchState, type Search } from "../nav";
import { allocated, documentOf, exportQuestion, kindOf, useAnswer, useCatalogue, useRows, valuesOf, type Answer, type Cell, type Column, type Row } from "./api";
import { remember, useNames } from "./labels";
import { below, COMPARES, crumbs, decode, DIMENSIONS, drill, effective, encode, LIKES, up, withFilter, type DimensionId, type MetricId, type Question, type Window } from "./question";
import { AnswerChart, unitOf } from "./answerchart";
import { BUCKETED, bucketName, keyLabel, rowLabel } from "./keys";
import { questionOf, useViews, ViewsMenu } from "./views";
import { compareName, definitionText, reasonText, dimensionName, metricName, partialText, questionTitle, whoseText, windowName } from "./words";

const VIEWS = ["chart", "both", "table"] as const;

/** One question: metrics × dimensions × filters × window × compare, as chart and table, down to the bill (T2). */
export function Explore() {
  const { t, i18n } = useTranslation();
  const f = useFormats();
  const go = useGo();
  const [search, set] = useSearchState();
  const q = useMemo(() => decode(search), [search]);
  const view = VIEWS.find((v) => v === search.v) ?? "both";
  const asked = useMemo(() => effective(q), [q]);
  const result = useRows(asked);
  const pages = result.data?.pages;
  const first = pages?.[0];
  const rows = useMemo(() => pages?.flatMap((p) => p.rows) ?? [], [pages]);
  if (rows.length) remember(rows);
  const name = useNames(q.filters);
  const [busy, setBusy] = useState(false);

  const ask = (next: Question, replace = false) => set({ m: undefined, by: undefined, f: undefined, w: undefined, c: undefined, s: undefined, l: undefined, ...encode(next) } as Search, { replace });
  const beside = (next: Question) => window.open(href("/explore", { ...encode(next), v: search.v } as Search), "_blank", "noopener");
  const goDown = (row: Row, aside: boolean) => {
    const invoice = documentOf(row);
    if (invoice !== null) {
      if (aside) window.open(href(`/bills/${invoice}`), "_blank", "noopener");
      else go(`/bills/${invoice}`);
      return;
    }
    const next = down(q, row);
    if (next) (aside ? beside : ask)(next);
  };
  const goUp = () => {
    const next = up(q);
    if (next) ask(next);
  };
  const exportAs = async (format: "csv" | "xlsx") => {
    setBusy(true);
    try {
      await exportQuestion(asked, format);
      toast(t("export.ready", { format: format.toUpperCase() }));
    } catch (error) {
      toast(problemFrom(error).detail ?? t("problems.FAULT", { ns: "common" }));
    } finally {
      setBusy(false);
    }
  };

  const view0 = useViews(Boolean(search.view)).data?.find((v) => v.id === search.view);
  const title = questionTitle(t, i18n.language, q);
  const span = first?.window;
  const forbidden = result.error instanceof ApiError && result.error.status === 403;
  const failed = result.error !== null && !first;

  return (
    <div onKeyDown={(e) => {
      const target = e.target as HTMLElement;
      if (e.code === "Backspace" && !e.defaultPrevented && !target.closest("input,textarea,[role=combobox],[role=dialog],[role=menu]")) { e.preventDefault(); goUp(); }
    }}>
      <div className="head">
        <div className="grow">
          <h1>{view0 ? view0.name : title}</h1>
          {view0 && <p className="s">{title}</p>}
          <p className="muted s num">{windowName(t, f, q.window)}{span?.from && span.to && q.window.kind !== "RANGE" ? `, ${f.date(span.from)} – ${f.date(span.to)}` : ""}{asked.compare !== "NONE" ? ` · ${t("explore.against", { what: compareName(t, asked.compare).toLocaleLowerCase(i18n.language) })}${first?.comparedWith?.from && first.comparedWith.to ? `, ${f.date(first.comparedWith.from)} – ${f.date(first.comparedWith.to)}` : ""}` : ""}{whoseText(t, i18n.language, first) && ` · ${whoseText(t, i18n.language, first)}`}</p>
        </div>
        <ViewsMenu q={q} look={search.v} current={search.view} onOpen={(v) => set({ m: undefined, by: undefined, f: undefined, w: undefined, c: undefined, s: undefined, l: undefined, ...encode(questionOf(v)), v: v.look?.v, view: v.id } as Search)} />
        <button type="button" className="btn" onClick={() => void navigator.clipboard?.writeText(location.href).then(() => toast(t("explore.copied")))}><Icon name="share" />{t("explore.share")}</button>
        <Menu position="bottom-end">
          <Menu.Target><button type="button" className="btn pri" disabled={busy || rows.length === 0}><Icon name="table" />{t("grid.export")}</button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void exportAs("csv")}>CSV</Menu.Item>
            <Menu.Item onClick={() => void exportAs("xlsx")}>XLSX</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>

      <QuestionBar q={q} ask={ask} name={name} answered={first && !result.isPlaceholderData ? t("explore.answered", { count: first.count ?? rows.length, ms: first.ms }) : ""} />

      <div className="path">
        <Crumbs q={q} name={name} search={search} />
        <span className="grow" />
        <span className="keys hide-s hide-p"><span><Kbd>Enter</Kbd> {t("explore.keyDown")}</span><span><Kbd>Shift Enter</Kbd> {t("explore.keyBeside")}</span><span><Kbd>Backspace</Kbd> {t("explore.keyUp")}</span></span>
        <div className="seg" role="group" aria-label={t("explore.layout")}>
          {VIEWS.map((v) => <button key={v} type="button" aria-pressed={view === v} onClick={() => set({ v: v === "both" ? undefined : v }, { replace: true })}>{t(`explore.view.${v}`)}</button>)}
        </div>
      </div>

      {forbidden ? <section className="panel"><NoRight what={title} /></section> : (
        <div className={`two ${failed && view === "both" ? "table-only" : view === "both" ? (q.dimensions.length > 1 ? "over" : "") : `${view}-only`}`}>
          {view !== "table" && !(failed && view === "both") && (
            <div className="stack">
              {failed ? <section className="panel body"><Fault error={result.error} reset={() => void result.refetch()} /></section> : <AnswerChart q={asked} answer={first} rows={rows} stale={result.isPlaceholderData} more={result.hasNextPage} onDown={(row) => goDown(row, false)} />}
            </div>
          )}
          {view !== "chart" && (
            <AnswerTable
              q={asked}
              answer={first}
              rows={rows}
              f={f}
              loading={result.isPending}
              stale={result.isPlaceholderData}
              error={result.error}
              retry={() => void result.refetch()}
              onOpen={goDown}
              onBack={goUp}
              onSort={(sort) => ask({ ...q, order: sort }, true)}
              onClear={(d) => ask(withFilter(q, d, []))}
              name={name}
              hasMore={result.hasNextPage}
              loadMore={() => void result.fetchNextPage()}
              loadingMore={result.isFetchingNextPage}
            />
          )}
        </div>
      )}
    </div>
  );
}

/** One level down; the server names the next level where it has rows of its own opinion. */
export function down(q: Question, row: Row): Question | null {
  const keys: Partial<Record<DimensionId, string>> = {};
  for (const [d, key] of Object.entries(row.keys)) if (allocated(key)) keys[d as DimensionId] = String(key.id);
  if (row.drill === null || documentOf(row) !== null) return null;
  return drill(q, keys, row.drill);
}

function QuestionBar({ q, ask, name, answered }: { q: Question; ask: (q: Question, replace?: boolean) => void; name: (d: DimensionId, id: string) => string; answered: string }) {
  const { t } = useTranslation();
  const f = useFormats();
  const catalogue = useCatalogue();
  const [editing, setEditing] = useState<DimensionId | "range" | "days" | null>(null);
  const allowed = (d: DimensionId) => !catalogue.data || q.metrics.every((m) => catalogue.data!.metrics.find((x) => x.id === m)?.dimensions.includes(d) ?? true);
  const fits = (m: MetricId) => !catalogue.data || q.dimensions.every((d) => catalogue.data!.metrics.find((x) => x.id === m)?.dimensions.includes(d) ?? true);
  const dims: string[] = [...DIMENSIONS.filter((d) => !catalogue.data?.dimensions.length || catalogue.data.dimensions.some((x) => x.id === d)), ...(catalogue.data?.dimensions ?? []).map((x) => x.id).filter((id) => !(DIMENSIONS as readonly string[]).includes(id))];
  const dimLabel = (d: string) => dimensionName(t, d, catalogue.data?.dimensions.find((x) => x.id === d)?.label);
  const setWindow = (w: Window) => ask({ ...q, window: w }, true);
  return (
    <section className="panel qbar" aria-label={t("explore.question")}>
      <div className="q">
        <span className="ql">{t("explore.show")}</span>
        {q.metrics.map((m) => (
          <span className="qc" key={m}>
            <span className="qb" title={definitionText(t, m, catalogue.data?.metrics.find((x) => x.id === m)?.definition)} style={{ cursor: "default", lineHeight: "26px" }}>{metricName(t, m)}</span>
            {q.metrics.length > 1 && <Remove what={metricName(t, m)} onClick={() => ask({ ...q, metrics: q.metrics.filter((x) => x !== m), order: q.order.filter((o) => o.by !== m) }, true)} />}
          </span>
        ))}
        {q.metrics.length < 12 && <AddMetric q={q} fits={fits} onAdd={(m) => ask({ ...q, metrics: [...q.metrics, m] }, true)} />}
      </div>
      <div className="q">
        <span className="ql">{t("explore.by")}</span>
        {q.dimensions.map((d) => (
          <span className="qc" key={d}>
            <Menu position="bottom-start">
              <Menu.Target><button type="button" className="qb" aria-label={t("explore.changeBy", { name: dimensionName(t, d) })}>{dimensionName(t, d)}</button></Menu.Target>
              <Menu.Dropdown style={{ maxHeight: "60vh", overflow: "auto" }}>
                {dims.filter((x) => !q.dimensions.includes(x)).map((x) => <Menu.Item key={x} disabled={!allowed(x)} onClick={() => ask({ ...q, dimensions: q.dimensions.map((y) => (y === d ? x : y)), order: q.order.filter((o) => o.by !== d) })}>{dimLabel(x)}</Menu.Item>)}
              </Menu.Dropdown>
            </Menu>
            <Remove what={dimensionName(t, d)} onClick={() => ask({ ...q, dimensions: q.dimensions.filter((x) => x !== d), order: q.order.filter((o) => o.by !== d) }, true)} />
          </span>
        ))}
        {q.dimensions.length < 2 && (
          <Add label={t("explore.addDimension")}>
            {dims.filter((d) => !q.dimensions.includes(d)).map((d) => <Menu.Item key={d} disabled={!allowed(d)} onClick={() => ask({ ...q, dimensions: [...q.dimensions, d] })}>{dimLabel(d)}</Menu.Item>)}
          </Add>
        )}
        <span className="ql in">{t("explore.where")}</span>
        <span className="qc">
          <Popover withRoles={false} opened={editing === "range" || editing === "days"} onChange={(o) => !o && setEditing(null)} position="bottom-start" trapFocus>
            <Popover.Target>
              <span style={{ display: "inline-flex", minWidth: 0 }}>
                <Menu position="bottom-start">
                  <Menu.Target><button type="button" className="qb"><span className="muted">{t("explore.window")}</span>{windowName(t, f, q.window)}</button></Menu.Target>
                  <Menu.Dropdown>
                    {(["MTD", "LAST_MONTH", "L3M", "L6M", "L12M", "YTD", "L13W", "NOW"] as const).map((k) => <Menu.Item key={k} aria-current={q.window.kind === k || undefined} onClick={() => setWindow({ kind: k })}>{t(`window.${k}`)}</Menu.Item>)}
                    {[7, 28, 90].map((n) => <Menu.Item key={n} onClick={() => setWindow({ kind: "LAST_N_DAYS", n })}>{t("window.LAST_N_DAYS", { count: n })}</Menu.Item>)}
                    <Menu.Divider />
                    <Menu.Item onClick={() => setTimeout(() => setEditing("range"))}>{t("window.RANGE")}…</Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              </span>
            </Popover.Target>
            <Popover.Dropdown><Range q={q} onDone={(w) => { setEditing(null); if (w) setWindow(w); }} /></Popover.Dropdown>
          </Popover>
        </span>
        <span className="qc">
          <Menu position="bottom-start">
            <Menu.Target><button type="button" className="qb"><span className="muted">{t("explore.compare")}</span>{compareName(t, q.window.kind === "NOW" ? "NONE" : q.compare)}</button></Menu.Target>
            <Menu.Dropdown>{COMPARES.map((c) => <Menu.Item key={c} aria-current={q.compare === c || undefined} onClick={() => ask({ ...q, compare: c }, true)}>{compareName(t, c)}</Menu.Item>)}</Menu.Dropdown>
          </Menu>
        </span>
        {q.compare !== "NONE" && (
          <span className="qc">
            <Menu position="bottom-start">
              <Menu.Target><button type="button" className="qb"><span className="muted">{t("explore.like")}</span>{t(`like.${q.likeForLike ?? "none"}`)}</button></Menu.Target>
              <Menu.Dropdown><Menu.Item onClick={() => ask({ ...q, likeForLike: undefined }, true)}>{t("like.none")}</Menu.Item>{LIKES.map((l) => <Menu.Item key={l} onClick={() => ask({ ...q, likeForLike: l }, true)}>{t(`like.${l}`)}</Menu.Item>)}</Menu.Dropdown>
            </Menu>
          </span>
        )}
        {q.filters.map((x) => (
          <span className="qc" key={x.dimension}>
            <Popover opened={editing === x.dimension} onChange={(o) => setEditing(o ? x.dimension : null)} position="bottom-start" trapFocus width={300}>
              <Popover.Target>
                <button type="button" className="qb" onClick={() => setEditing(editing === x.dimension ? null : x.dimension)}>
                  <span className="muted">{dimensionName(t, x.dimension)}</span>{x.values.length > 2 ? t("grid.nOf", { count: x.values.length }) : x.values.map((v) => name(x.dimension, v)).join(", ")}
                </button>
              </Popover.Target>
              <Popover.Dropdown><Values q={q} dimension={x.dimension} name={name} onChange={(values) => ask(withFilter(q, x.dimension, values), true)} /></Popover.Dropdown>
            </Popover>
            <Remove what={dimensionName(t, x.dimension)} onClick={() => ask(withFilter(q, x.dimension, []))} />
          </span>
        ))}
        {editing && editing !== "range" && editing !== "days" && !q.filters.some((x) => x.dimension === editing) && (
          <span className="qc">
            <Popover opened onChange={(o) => !o && setEditing(null)} position="bottom-start" trapFocus width={300}>
              <Popover.Target><button type="button" className="qb"><span className="muted">{dimensionName(t, editing)}</span>{t("grid.any")}</button></Popover.Target>
              <Popover.Dropdown><Values q={q} dimension={editing} name={name} onChange={(values) => ask(withFilter(q, editing, values), true)} /></Popover.Dropdown>
            </Popover>
          </span>
        )}
        <Add label={t("explore.addFilter")}>
          {dims.filter((d) => !["invoice", "month", "week", "day"].includes(d) && !q.filters.some((x) => x.dimension === d)).map((d) => <Menu.Item key={d} disabled={!allowed(d)} onClick={() => setTimeout(() => setEditing(d))}>{dimLabel(d)}</Menu.Item>)}
        </Add>
        <span className="grow" />
        <span className="s muted num hide-p" role="status">{answered}</span>
      </div>
    </section>
  );
}

/** Any figure of the catalogue, by typing a part of its name; what cannot be asked by these rows says so. */
function AddMetric({ q, fits, onAdd }: { q: Question; fits: (m: MetricId) => boolean; onAdd: (m: MetricId) => void }) {
  const { t } = useTranslation();
  const catalogue = useCatalogue();
  const [open, setOpen] = useState(false);
  const data = (catalogue.data?.metrics ?? []).filter((m) => !q.metrics.includes(m.id)).map((m) => ({ value: m.id, label: `${metricName(t, m.id, m.label)}${m.kpi ? ` · ${m.kpi}` : ""}${m.source === "NONE" ? ` · ${t("explore.noSource")}` : fits(m.id) ? "" : ` · ${t("explore.notBy")}`}`, disabled: !fits(m.id) }));
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={340} trapFocus>
      <Popover.Target><button type="button" className="qa" aria-label={t("explore.addMetric")} title={t("explore.addMetric")} onClick={() => setOpen(!open)}><Icon name="plus" style={{ width: 14, height: 14 }} /></button></Popover.Target>
      <Popover.Dropdown><Select label={t("explore.addMetric")} data={data} value={null} onChange={(v) => { setOpen(false); if (v) onAdd(v); }} searchable defaultDropdownOpened data-autofocus maxDropdownHeight={320} comboboxProps={{ withinPortal: false }} nothingFoundMessage={t("form.nothingFound")} /></Popover.Dropdown>
    </Popover>
  );
}

function Add({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Menu position="bottom-start">
      <Menu.Target><button type="button" className="qa" aria-label={label} title={label}><Icon name="plus" style={{ width: 14, height: 14 }} /></button></Menu.Target>
      <Menu.Dropdown style={{ maxHeight: "60vh", overflow: "auto" }}>{children}</Menu.Dropdown>
    </Menu>
  );
}

function Remove({ what, onClick }: { what: string; onClick: () => void }) {
  const { t } = useTranslation();
  return <button type="button" className="qx" aria-label={t("explore.remove", { what })} onClick={onClick}><Icon name="close" /></button>;
}

function Range({ q, onDone }: { q: Question; onDone: (w: Window | null) => void }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(q.window.from ?? "");
  const [to, setTo] = useState(q.window.to ?? "");
  const wrong = from && to && from > to ? t("window.wrong") : undefined;
  return (
    <form className="stack" onSubmit={(e) => { e.preventDefault(); if (from && to && !wrong) onDone({ kind: "RANGE", from, to }); }}>
      <TextInput type="date" label={t("window.from")} value={from} onChange={(e) => setFrom(e.currentTarget.value)} required data-autofocus />
      <TextInput type="date" label={t("window.to")} value={to} onChange={(e) => setTo(e.currentTarget.value)} required error={wrong} />
      <div className="row"><button type="submit" className="btn pri">{t("form.apply")}</button><button type="button" className="btn" onClick={() => onDone(null)}>{t("action.cancel", { ns: "common" })}</button></div>
    </form>
  );
}

/** The values a filter may take, as the engine knows them under the other filters. */
function Values({ q, dimension, onChange, name }: { q: Question; dimension: DimensionId; onChange: (values: string[]) => void; name: (d: DimensionId, id: string) => string }) {
  const { t } = useTranslation();
  const chosen = q.filters.find((x) => x.dimension === dimension)?.values ?? [];
  const bucketed = BUCKETED.includes(dimension);
  const metric: MetricId = dimension === "ageing-bucket" ? "receivable" : dimension === "shelf-life" ? "stock-ageing" : "nsv";
  const list = useAnswer({ metrics: [metric], dimensions: [dimension], filters: q.filters.filter((x) => x.dimension !== dimension), window: bucketed ? { kind: "NOW" } : { kind: "L12M" }, compare: "NONE", order: [{ by: metric, desc: true }] });
  if (list.data) remember(list.data.rows);
  const data = (list.data?.rows ?? []).filter((r) => allocated(r.keys[dimension])).map((r) => ({ value: String(r.keys[dimension]!.id), label: bucketed ? bucketName(t, r.keys[dimension]!.id, r.keys[dimension]!.label) : (r.keys[dimension]!.label ?? String(r.keys[dimension]!.id)) }));
  for (const v of chosen) if (!data.some((d) => d.value === v)) data.push({ value: v, label: name(dimension, v) });
  return <MultiSelect label={dimensionName(t, dimension)} data={data} value={chosen} onChange={onChange} searchable limit={200} data-autofocus comboboxProps={{ withinPortal: false }} nothingFoundMessage={list.isFetching ? t("state.loading") : t("form.nothingFound")} />;
}

function Crumbs({ q, name, search }: { q: Question; name: (d: DimensionId, id: string) => string; search: Search }) {
  const { t } = useTranslation();
  const list = crumbs(q);
  const next = q.dimensions.map(below).find((d) => d !== null);
  return (
    <nav className="crumb" aria-label={t("explore.path")}>
      <ol>
        {list.map((c, i) => {
          const words = c.dimension === null ? t("frame.allPlaces") : c.value === null ? t("grid.nOf", { count: q.filters.find((x) => x.dimension === c.dimension)?.values.length ?? 0 }) : name(c.dimension, c.value);
          return (
            <Fragment key={i}>
              {i > 0 && <li aria-hidden="true"><Icon name="right" /></li>}
              <li>{c.current && q.dimensions.length > 0 ? <span className="m5">{words}</span> : <A className="lnk" path="/explore" search={{ ...encode(c.question), v: search.v } as Search}>{words}</A>}</li>
            </Fragment>
          );
        })}
        {q.dimensions.length > 0 && <><li aria-hidden="true"><Icon name="right" /></li><li aria-current="page"><b>{q.dimensions.map((d) => t(`dimensions.${d}`)).join(" × ")}</b></li></>}
        {next && <><li aria-hidden="true"><Icon name="right" /></li><li className="muted">{t(`dimensions.${next}`)}</li></>}
      </ol>
    </nav>
  );
}

function AnswerTable({ q, answer, rows, f, loading, stale, error, retry, onOpen, onBack, onSort, onClear, name, hasMore, loadMore, loadingMore }: {
  q: Question; answer: Answer | undefined; rows: Row[]; f: Formats; loading: boolean; stale: boolean; error: unknown; retry: () => void;
  onOpen: (row: Row, beside: boolean) => void; onBack: () => void; onSort: (sort: GridSort[]) => void; onClear: (d: DimensionId) => void; name: (d: DimensionId, id: string) => string;
  hasMore: boolean; loadMore: () => void; loadingMore: boolean;
}) {
  const { t } = useTranslation();
  const asked = (answer?.columns ?? []).filter((c) => c.kind === "metric");
  const unfed = asked.length > 0 && asked.every((c) => c.source === "NONE");
  const [hidden, hide] = useHidden("explore");
  const [find, setFind] = useState<string | null>(null);
  const answered: Column[] = answer?.columns ?? [...q.dimensions.map((id): Column => ({ id, kind: "dimension", label: id })), ...q.metrics.map((id): Column => ({ id, kind: "metric", label: id }))];
  const totals = valuesOf(answer?.totals);
  const unallocated = valuesOf(answer?.notAllocated);
  const older = useMemo(() => new Map(answer?.freshness.older.map((o) => [String(o.id), o.asOf])), [answer]);
  const columns = useMemo(() => makeColumns({ t: t as never, f, q, answered, totals, older }), [t, f, q, answered, totals, older]);
  const shownRows = find ? rows.filter((r) => rowLabel(t as never, f, answered, r).toLowerCase().includes(find.toLowerCase())) : rows;
  const foot: FootRow[] = [];
  const firstId = columns[0]?.id ?? "";
  if (unallocated && q.dimensions.length) foot.push({ id: "nal", className: "nal", cells: { [firstId]: t("explore.notAllocated"), ...footCells(t as never, f, answered, unallocated, totals, q) } });
  if (totals && q.dimensions.length) foot.push({ id: "tot", cells: { [firstId]: hasMore && !answer?.count ? t("explore.whole") : t("explore.wholeN", { count: answer?.count ?? rows.length }), ...footCells(t as never, f, answered, totals, totals, q) } });
  const opens = rows.some((r) => documentOf(r) !== null || down(q, r));
  const heading = q.dimensions.length === 0 ? t("explore.wholeTitle") : t("explore.count", { count: answer?.count ?? rows.length, what: q.dimensions.map((d) => t(`dimensions.${d}`)).join(" × "), more: hasMore && !answer?.count ? "+" : "" });
  return (
    <section className="panel" aria-label={heading}>
      <header>
        <h2>{heading}</h2>
        {find !== null && <input className="input" style={{ width: 160, height: 28 }} autoFocus value={find} aria-label={t("explore.findRow")} placeholder={t("grid.find")} onChange={(e) => setFind(e.target.value)} onKeyDown={(e) => { if (e.code === "Escape") { setFind(null); } else if (e.code === "Enter" || e.code === "ArrowDown") { e.preventDefault(); e.currentTarget.closest("section")?.querySelector<HTMLElement>("[role=grid]")?.focus(); } }} />}
        <button type="button" className="btn sm quiet" aria-label={t("grid.filter")} aria-pressed={find !== null} onClick={() => setFind(find === null ? "" : null)}><Icon name="filter" /><span className="hide-p">{t("grid.filter")}</span> <kbd aria-hidden="true" className="hide-p">/</kbd></button>
        <ColumnsMenu columns={columns} hidden={hidden} onHide={hide} />
      </header>
      <Grid<Row>
        id="explore"
        label={heading}
        columns={columns}
        rows={q.dimensions.length === 0 && rows.length === 0 && totals ? [{ keys: {}, values: totals, drill: null }] : shownRows}
        rowKey={(r) => Object.entries(r.keys).map(([d, k]) => `${d}:${k.id}`).join("|") || "whole"}
        rowLabel={(r) => rowLabel(t as never, f, answered, r)}
        loading={loading}
        stale={stale}
        error={error}
        onRetry={retry}
        sort={q.order}
        onSort={onSort}
        hidden={hidden}
        onOpen={opens ? onOpen : undefined}
        onBack={onBack}
        onFind={() => setFind(find ?? "")}
        hasMore={hasMore}
        loadMore={loadMore}
        loadingMore={loadingMore}
        foot={foot}
        height="330px"
        empty={<EmptyState title={t("explore.nothing")} action={<div className="row" style={{ flexWrap: "wrap" }}>{find ? <button type="button" className="btn" onClick={() => setFind(null)}>{t("grid.clearSearch")}</button> : q.filters.map((x) => <button key={x.dimension} type="button" className="btn" onClick={() => onClear(x.dimension)}>{t("state.clearThat", { filter: `${dimensionName(t, x.dimension)} ${x.values.map((v) => name(x.dimension, v)).join(", ")}` })}</button>)}</div>}>{t(unfed ? "explore.noSourceText" : "explore.nothingText")}</EmptyState>}
        note={
          <div className="ft s muted">
            {answered.some((c) => c.kind === "metric" && c.additive === false) && q.dimensions.length > 0 && <p><b>≠Σ</b> {t("explore.nonAdditive")}</p>}
            <p className="num">{t("fresh.asOf", { time: f.moment(answer?.freshness.asOf) })}. {older.size > 0 ? t("fresh.olderNames", { count: older.size, names: answer!.freshness.older.slice(0, 5).map((o) => `${o.name} (${o.asOf ? f.moment(o.asOf) : t("fresh.never")})`).join(", ") }) : t("fresh.allUpToDate")}</p>
          </div>
        }
      />
    </section>
  );
}

type T = (key: string, options?: Record<string, unknown>) => string;

/** Growth of a row, or the difference where the figure is a rate or a duration. */
function growthText(t: T, f: Formats, cell: Cell | undefined, kind: ReturnType<typeof kindOf>): ReactNode {
  const moved = change(cell?.value, cell?.compare, kind);
  if (!moved) return <span className="muted" title={reasonText(t, cell?.reason)}>{f.na}</span>;
  return <span className={moved.value.startsWith("-") && (kind === "money" || kind === "count") ? "neg" : ""}>{f.signed(moved.value)}</span>;
}

/** What a row added to the growth of the whole, in points; these add up to the growth of the whole. */
function adds(cell: Cell | undefined, whole: Cell | undefined): string | null {
  const now = dec(cell?.value);
  const then = dec(cell?.compare);
  const base = dec(whole?.compare);
  return now && then && base && base.n > 0n ? share(sub(now, then), base) : null;
}

function makeColumns({ t, f, q, answered, totals, older }: { t: T; f: Formats; q: Question; answered: Column[]; totals: Record<string, Cell> | null; older: Map<string, string | null> }): GridColumn<Row>[] {
  const compared = q.compare !== "NONE";
  const several = answered.filter((c) => c.kind === "metric").length > 1 || compared;
  const list: GridColumn<Row>[] = [];
  for (const c of answered) {
    if (c.kind === "dimension") {
      list.push({
        id: c.id, label: dimensionName(t as never, c.id, c.label), width: 176, grow: true, sortable: true, fixed: true,
        cell: (r) => {
          const words = keyLabel(t, f, c.id, r);
          const late = c.id === "distributor" ? older.get(String(r.keys.distributor?.id)) : undefined;
          const bill = documentOf(r);
          const next = allocated(r.keys[c.id]) && bill === null ? down(q, r) : null;
          const link = bill !== null && c.id === "invoice" ? <A path={`/bills/${bill}`} tabIndex={-1}>{words}</A> : next ? <A path="/explore" search={encode(next) as Record<string, string>} tabIndex={-1}>{words}</A> : <span className={allocated(r.keys[c.id]) ? "" : "muted"}>{words}</span>;
          return <>{link}{late !== undefined && <span className="old s">{late ? f.moment(late) : t("fresh.never")}</span>}</>;
        },
      });
      continue;
    }
    const kind = kindOf(c.id, c.unit);
    const label = metricName(t as never, c.id, c.label);
    const unit = unitOf(kind, f.rupee, t) || t(kind === "ratio" ? "unit.ratio" : "unit.count");
    const mark = c.additive === false ? <abbr className="ns" title={t("explore.nonAdditiveShort")}>≠Σ</abbr> : undefined;
    const group = several ? label : undefined;
    list.push({
      id: c.id, label: several ? unit : `${label}, ${unit}`, group, width: kind === "money" ? 128 : 96, numeric: true, sortable: true, mark, hint: definitionText(t as never, c.id, c.definition),
      cell: (r) => {
        const cell = r.values[c.id];
        return cell?.value == null ? <span className="muted" title={reasonText(t, cell?.reason)}>{f.na}</span> : shown(t, f, cell, kind);
      },
    });
    if (compared) {
      const points = ["percent", "days", "hours", "ratio"].includes(kind);
      list.push({ id: `${c.id}:growth`, label: points ? t(kind === "days" ? "explore.changeDays" : kind === "percent" ? "explore.changePoints" : "explore.change") : t("explore.growth"), group, width: 112, numeric: true, mark: points ? undefined : <abbr className="ns" title={t("explore.nonAdditiveShort")}>≠Σ</abbr>, cell: (r) => growthText(t, f, r.values[c.id], kind) });
      if (c.additive !== false) list.push({ id: `${c.id}:adds`, label: t("explore.adds"), group, width: 88, numeric: true, hint: t("explore.addsHint"), cell: (r) => f.signed(adds(r.values[c.id], totals?.[c.id])) });
      list.push({ id: `${c.id}:before`, label: t(`compare.short.${q.compare}`), group, width: 120, numeric: true, startsHidden: true, cell: (r) => f.cell(r.values[c.id]?.compare, kind) });
    }
    if (c.additive !== false) {
      list.push({ id: `${c.id}:share`, label: t("explore.share100"), group, width: 80, numeric: true, startsHidden: compared, cell: (r) => {
        const part = dec(r.values[c.id]?.value);
        const whole = dec(totals?.[c.id]?.value);
        return f.cell(part && whole ? share(part, whole) : null, "percent");
      } });
    }
  }
  return list;
}

/** A figure, marked where it is not known of all of its distributors. */
function shown(t: T, f: Formats, cell: Cell | undefined, kind: ReturnType<typeof kindOf>): ReactNode {
  const text = f.cell(cell?.value, kind);
  return cell?.partial ? <>{text} <abbr className="ns" title={partialText(t, cell)}>{f.qty(cell.partial.known)}/{f.qty(cell.partial.of)}</abbr></> : text;
}

function footCells(t: T, f: Formats, answered: Column[], values: Record<string, Cell>, totals: Record<string, Cell> | null, q: Question): Record<string, ReactNode> {
  const cells: Record<string, ReactNode> = {};
  for (const c of answered) {
    if (c.kind !== "metric") continue;
    const kind = kindOf(c.id, c.unit);
    const cell = values[c.id];
    cells[c.id] = shown(t, f, cell, kind);
    if (q.compare !== "NONE") {
      cells[`${c.id}:growth`] = growthText(t, f, cell, kind);
      cells[`${c.id}:adds`] = f.signed(adds(cell, totals?.[c.id]));
      cells[`${c.id}:before`] = f.cell(cell?.compare, kind);
    }
    const part = dec(cell?.value);
    const whole = dec(totals?.[c.id]?.value);
    cells[`${c.id}:share`] = f.cell(part && whole ? share(part, whole) : null, "percent");
  }
  return cells;
}
