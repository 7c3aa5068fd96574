import { useQuery } from "@tanstack/react-query";
import { Fragment, useMemo } from "react";
import { api, ApiError } from "../../api/client";
import { useClaimTexts } from "../../claims/parts";
import { EmptyState } from "../../ui";
import { Figure, type Sheet } from "../charts/figure";
import { Bars } from "../charts/charts";
import { dec, share } from "../decimal";
import { Fault, NoRight } from "../frame/faults";
import { useFormats } from "../format";
import { Grid, type GridColumn } from "../grid/grid";
import { List } from "../grid/list";
import { csv } from "../grid/export";
import { save } from "../http";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { href, useGo, useSearchState, type Search } from "../nav";
import "./desk.css";

const BY = ["scheme", "distributor", "outlet", "sku", "month"] as const;
type By = (typeof BY)[number];
/** The life of a rupee of trade spend, in its order; what is disallowed and reversed leaves it. */
export const STAGES = ["promised", "accrued", "claimed", "approved", "disallowed", "settled", "reversed", "open"] as const;
type Stage = (typeof STAGES)[number];
const KEY: Record<By, string> = { scheme: "schemeId", distributor: "distributorId", outlet: "outletId", sku: "skuId", month: "month" };
const SPANS = ["1", "3", "12"] as const;

interface SpendRow extends Record<Stage, string> {
  id: string;
  code: string | null;
  name: string;
}

interface Spend {
  rows: SpendRow[];
  totals: Record<Stage, string>;
  currency: string;
  from: string;
  to: string;
}

interface Entry {
  stage: string;
  on: string;
  amount: string;
  schemeId: number | null;
  schemeCode: string | null;
  distributorId: number;
  outletId: string | null;
  outletName: string | null;
  skuId: number | null;
  skuName: string | null;
  invoiceId: string | null;
  invoiceNumber: string | null;
  documentId: string | null;
  claimId: string | null;
  claimNumber: string | null;
}

/** Months back, the running one included, as business dates. */
export function spanOf(months: number, today = new Date()): { from: string; to: string } {
  const first = new Date(Date.UTC(today.getFullYear(), today.getMonth() - months + 1, 1));
  return { from: first.toISOString().slice(0, 10), to: new Date(Date.UTC(today.getFullYear(), today.getMonth(), today.getDate())).toISOString().slice(0, 10) };
}

/** Trade spend (ANA-18): promised, accrued, claimed, approved, settled; every rupee opens down to its bill. */
export function TradeSpend() {
  const { t } = useClaimTexts();
  const f = useFormats();
  const go = useGo();
  const [search, set] = useSearchState();
  const by: By = BY.find((b) => b === search.by) ?? "scheme";
  const span = SPANS.find((s) => s === search.months) ?? "3";
  const dates = search.from && search.to ? { from: search.from, to: search.to } : spanOf(Number(span));
  const where = { schemeId: search.schemeId, distributorId: search.distributorId, outletId: search.outletId, skuId: search.skuId };
  const found = useQuery({ queryKey: ["trade-spend", by, dates, where], queryFn: () => api<Spend>("/api/v1/trade-spend", { query: { by, ...dates, ...where } }), enabled: !search.stage });
  const rows = useMemo(() => found.data?.rows ?? [], [found.data]);
  const names = (search.names ?? "").split("|");
  const filters = (Object.keys(where) as (keyof typeof where)[]).filter((k) => where[k]);

  /** One level down: the row becomes a filter, and the next thing not yet fixed becomes the rows; at the end the entries. */
  const into = (r: SpendRow): Search => {
    if (by === "month") return { from: `${r.id.slice(0, 7)}-01`, to: lastDay(r.id), by: "scheme" };
    const fixed = new Set([...filters, KEY[by]]);
    const next = (["scheme", "distributor", "outlet"] as const).find((b) => !fixed.has(KEY[b]));
    const named = [...names.filter(Boolean), `${KEY[by]}:${r.name.replace(/[|:]/g, " ")}`].join("|");
    return next ? { [KEY[by]]: r.id, by: next, names: named } : { [KEY[by]]: r.id, stage: "ACCRUED", names: named };
  };
  const nameFor = (key: string) => names.find((n) => n.startsWith(`${key}:`))?.slice(key.length + 1) ?? where[key as keyof typeof where] ?? "";
  const without = (keys: string[]): Search => ({ ...Object.fromEntries(keys.map((k) => [k, undefined])), stage: undefined, names: names.filter((n) => n && !keys.some((k) => n.startsWith(`${k}:`))).join("|") || undefined });

  const columns = useMemo<GridColumn<SpendRow>[]>(() => [
    { id: "name", label: t(`dimension.${by}`), width: 208, grow: true, fixed: true, cell: (r) => <>{by === "month" ? f.month(r.id) : r.name} {r.code && <span className="s muted code">{r.code}</span>}</>, raw: (r) => r.name },
    ...STAGES.map((s): GridColumn<SpendRow> => ({ id: s, label: t(`stage.${s}`), width: 108, numeric: true, startsHidden: s === "promised", hint: t(`stageWhat.${s}`), raw: (r) => r[s],
      cell: (r) => (Number(r[s]) === 0 ? <span className="muted">0</span> : s === "open" ? <b>{f.money(r[s])}</b> : <A className="quiet-link" tabIndex={-1} path="/claims/spend" search={{ ...dates, ...where, [KEY[by]]: by === "month" ? undefined : r.id, by, stage: s.toUpperCase(), names: [...names.filter(Boolean), `${KEY[by]}:${r.name.replace(/[|:]/g, " ")}`].join("|") } as Search}>{f.money(r[s])}</A>) })),
  ], [t, f, by, found.data, search]); // eslint-disable-line react-hooks/exhaustive-deps

  if (found.error instanceof ApiError && found.error.status === 403) return <section className="panel"><NoRight what={t("spend.title")} /></section>;
  const totals = found.data?.totals;
  const accrued = dec(totals?.accrued ?? null);
  const sheet: Sheet | null = totals ? { columns: [{ label: t("spend.stage") }, { label: f.rupee, numeric: true }], rows: STAGES.filter((s) => s !== "open").map((s) => ({ key: s, cells: [{ raw: t(`stage.${s}`), shown: t(`stage.${s}`) }, { raw: totals[s], shown: f.money(totals[s]) }] })) } : null;
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("spend.title")}</h1><p className="muted s num">{f.date(dates.from)} – {f.date(dates.to)} · {t("spend.about")}</p></div>
        <div className="seg" role="group" aria-label={t("explore.window")}>{SPANS.map((s) => <button key={s} type="button" aria-pressed={!search.from && span === s} onClick={() => set({ months: s === "3" ? undefined : s, from: undefined, to: undefined }, { replace: true })}>{t("spend.months", { count: Number(s) })}</button>)}</div>
        {rows.length > 0 && !search.stage && <button type="button" className="btn" onClick={() => save(new Blob([csv(columns, rows)], { type: "text/csv;charset=utf-8" }), `trade-spend-${by}-${dates.to}.csv`)}><Icon name="table" />CSV</button>}
      </div>
      <div className="path">
        <nav className="crumb" aria-label={t("explore.path")}><ol>
          <li><A className="lnk" path="/claims/spend" search={{ months: search.months }}>{t("spend.all")}</A></li>
          {filters.map((k, i) => <Fragment key={k}><li aria-hidden="true"><Icon name="right" /></li><li><A className="lnk" path="/claims/spend" search={{ ...search, ...without(filters.slice(i + 1)), by: search.stage ? search.by : undefined } as Search}>{nameFor(k)}</A><button type="button" className="qx" aria-label={t("explore.remove", { what: nameFor(k) })} onClick={() => set(without([k]))}><Icon name="close" /></button></li></Fragment>)}
          {search.stage && <><li aria-hidden="true"><Icon name="right" /></li><li aria-current="page"><b>{t(`stage.${search.stage.toLowerCase()}`)}</b></li></>}
        </ol></nav>
        <span className="grow" />
        {!search.stage && <div className="seg" role="group" aria-label={t("explore.by")}>{BY.map((b) => <button key={b} type="button" aria-pressed={by === b} disabled={b !== "month" && Boolean(where[KEY[b] as keyof typeof where])} onClick={() => set({ by: b === "scheme" ? undefined : b }, { replace: true })}>{t(`dimension.${b}`)}</button>)}</div>}
      </div>
      {search.stage ? <Entries stage={search.stage} params={{ ...dates, ...where }} /> : (
        <div className="stack">
          <Figure id="spend-stages" title={totals ? headline(t, f, totals, accrued) : t("spend.title")} how={f.rupee} sheet={sheet} stale={found.isPlaceholderData}>
            {found.error && !found.data ? <div style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></div> : !totals ? <div style={{ minHeight: 180 }} aria-busy="true" /> : (
              <Bars label={t("spend.title")} bars={(["accrued", "claimed", "approved", "settled"] as const).map((s) => ({ key: s, label: t(`stage.${s}`), value: totals[s], shown: `${f.rupee} ${f.compact(totals[s])}${accrued && dec(totals[s]) && s !== "accrued" ? ` · ${f.cell(share(dec(totals[s])!, accrued), "percent")} %` : ""}`, strong: s === "settled" }))} />
            )}
          </Figure>
          <section className="panel" aria-label={t("spend.by", { what: t(`dimension.${by}`) })}>
            <Grid<SpendRow>
              id="trade-spend" label={t("spend.by", { what: t(`dimension.${by}`) })} columns={columns} rows={rows} rowKey={(r) => r.id} rowLabel={(r) => r.name} loading={found.isPending} stale={found.isPlaceholderData} error={found.error} onRetry={() => void found.refetch()}
              onOpen={(r, beside) => (beside ? void window.open(href("/claims/spend", { ...search, ...into(r) } as Search), "_blank", "noopener") : go("/claims/spend", { ...search, ...into(r) } as Search))}
              foot={totals ? [{ id: "tot", cells: { name: t("explore.whole"), ...Object.fromEntries(STAGES.map((s) => [s, f.money(totals[s])])) } }] : []}
              empty={<EmptyState title={t("spend.none")}>{t("spend.noneText")}</EmptyState>}
              note={<p className="ft s muted">{t("spend.note")}</p>}
            />
          </section>
        </div>
      )}
    </>
  );
}

function headline(t: (k: string, v?: Record<string, unknown>) => string, f: ReturnType<typeof useFormats>, totals: Record<Stage, string>, accrued: ReturnType<typeof dec>): string {
  const open = dec(totals.open);
  if (!accrued || accrued.n === 0n || !open) return t("spend.stages");
  return t("spend.headline", { open: `${f.rupee} ${f.compact(totals.open)}`, share: f.cell(share(open, accrued), "percent") });
}

function lastDay(month: string): string {
  const [y, m] = month.split("-").map(Number) as [number, number];
  return new Date(Date.UTC(y, m, 0)).toISOString().slice(0, 10);
}

/** The rupees of one stage, one line each, with the bill they come from and the claim they went into. */
function Entries({ stage, params }: { stage: string; params: Record<string, string | undefined> }) {
  const { t } = useClaimTexts();
  const f = useFormats();
  const go = useGo();
  const columns = useMemo<GridColumn<Entry>[]>(() => [
    { id: "on", label: t("field.date"), width: 104, fixed: true, cell: (r) => <span className="num">{f.dense(r.on)}</span>, raw: (r) => r.on },
    { id: "invoiceNumber", label: t("case.bill"), width: 152, cell: (r) => (r.invoiceId ? <A path={`/bills/${r.invoiceId}`} tabIndex={-1} className="code">{r.invoiceNumber ?? r.invoiceId.slice(0, 8)}</A> : "–"), raw: (r) => r.invoiceNumber },
    { id: "outletName", label: t("dimension.outlet"), width: 184, grow: true, cell: (r) => r.outletName ?? "–", raw: (r) => r.outletName },
    { id: "skuName", label: t("dimension.sku"), width: 168, cell: (r) => r.skuName ?? "–", raw: (r) => r.skuName },
    { id: "schemeCode", label: t("dimension.scheme"), width: 128, cell: (r) => (r.schemeId ? <A path={`/schemes/${r.schemeId}`} tabIndex={-1} className="code">{r.schemeCode}</A> : "–"), raw: (r) => r.schemeCode },
    { id: "claimNumber", label: t("field.claim"), width: 136, cell: (r) => (r.claimId ? <A path={`/claims/${r.claimId}`} tabIndex={-1} className="code">{r.claimNumber}</A> : "–"), raw: (r) => r.claimNumber },
    { id: "amount", label: `${t("settlement.amount")}, ${f.rupee}`, width: 120, numeric: true, cell: (r) => f.money(r.amount), raw: (r) => r.amount },
  ], [t, f]);
  return (
    <List<Entry>
      id={`spend-${stage}`} title={t("spend.entries", { stage: t(`stage.${stage.toLowerCase()}`) })} path="/api/v1/trade-spend/entries" fixed={{ ...params, stage }} columns={columns} searchable={false}
      rowKey={(r) => [r.stage, r.on, r.invoiceId, r.documentId, r.claimId, r.skuId, r.schemeId, r.amount].join("/")} rowLabel={(r) => r.outletName ?? ""}
      onOpen={(r, beside) => { const path = r.invoiceId ? `/bills/${r.invoiceId}` : r.claimId ? `/claims/${r.claimId}` : null; if (path) (beside ? window.open(href(path), "_blank", "noopener") : go(path)); }}
      empty={{ title: t("spend.none"), text: t("spend.noneText") }}
    />
  );
}
