import { Select } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Button, Chip, ProblemNote, Skeleton, type Tone } from "../../ui";
import { useFormats } from "../format";
import { Fault, NoRight, problemFrom } from "../frame/faults";
import type { GridColumn } from "../grid/grid";
import { List } from "../grid/list";
import { download, upload, type Page } from "../http";
import { Icon } from "../kit/icons";
import { RefSelect } from "../kit/refselect";
import { toast } from "../kit/toast";
import { useSearchState } from "../nav";
import { may, useMe } from "../session";
import { REGISTERS } from "../masters/registers";

interface RowDiff {
  row: number;
  kind: string;
  key: string;
  changes: { field: string; before: string; after: string }[];
}

interface RowFault {
  row: number;
  field: string;
  code: string;
  wrong: string;
  right: string;
}

/** An import from its dry run to its end. */
export interface Import {
  id: string;
  type: string;
  distributorId: number | null;
  fileName: string;
  state: string;
  totalRows: number;
  newRows: number;
  changedRows: number;
  sameRows: number;
  badRows: number;
  writtenRows: number;
  mapping: Record<string, string>;
  preview: { diffs: RowDiff[]; faults: RowFault[]; unmapped: string[]; missing: string[] };
  hasErrorFile: boolean;
  continuesId: string | null;
  jobId: string | null;
  message: string | null;
  createdBy: string;
  createdAt: string;
  finishedAt: string | null;
}

interface ImportType {
  type: string;
  ofDistributor: boolean;
  columns: { name: string; title: string; required: boolean; hint: string }[];
}

interface Job {
  id: string;
  type: string;
  title: string;
  state: string;
  done: number;
  total: number | null;
  message: string | null;
  result: string | null;
  createdAt: string;
  finishedAt: string | null;
}

const ENDED = ["DONE", "FAILED", "CANCELLED"];

function useTypes() {
  return useQuery({ queryKey: ["import-types"], queryFn: () => api<Page<ImportType>>("/api/v1/imports/types"), staleTime: 300_000, retry: false });
}

/** Files in, with a dry run first, and the jobs they become (T20). */
export function Imports() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const [search, set] = useSearchState();
  const cache = useQueryClient();
  const allowed = may(me, "imports");
  const columns = useMemo<GridColumn<Import>[]>(() => [
    { id: "type", label: t("imports.what"), width: 136, fixed: true, sortable: true, cell: (r) => typeName(t, r.type), raw: (r) => r.type },
    { id: "fileName", label: t("imports.file"), width: 180, grow: true, cell: (r) => r.fileName, raw: (r) => r.fileName },
    { id: "newRows", label: t("imports.count.new"), width: 72, numeric: true, cell: (r) => f.qty(r.newRows), raw: (r) => r.newRows },
    { id: "changedRows", label: t("imports.count.change"), width: 96, numeric: true, cell: (r) => f.qty(r.changedRows), raw: (r) => r.changedRows },
    { id: "sameRows", label: t("imports.count.same"), width: 88, numeric: true, cell: (r) => f.qty(r.sameRows), raw: (r) => r.sameRows },
    { id: "badRows", label: t("imports.count.bad"), width: 64, numeric: true, cell: (r) => <span className={r.badRows ? "neg m5" : ""}>{f.qty(r.badRows)}</span>, raw: (r) => r.badRows },
    { id: "createdAt", label: t("imports.when"), width: 136, sortable: true, cell: (r) => <span className="num">{f.moment(r.createdAt)}</span>, raw: (r) => r.createdAt },
    { id: "createdBy", label: t("imports.who"), width: 120, cell: (r) => r.createdBy, raw: (r) => r.createdBy },
    { id: "state", label: t("field.status"), width: 128, cell: (r) => <State state={r.state} />, raw: (r) => r.state },
  ], [t, f]);
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("rail.imports")}</h1><p className="muted s">{t("imports.about")}</p></div>
        {!search.new && allowed && <Button kind="primary" onClick={() => set({ new: "outlets", id: undefined })}><Icon name="imports" />{t("imports.start")}</Button>}
      </div>
      {search.id ? <Run key={search.id} id={search.id} allowed={allowed} />
        : search.new && (allowed ? <Start type={search.new} continues={search.continues} onType={(type) => set({ new: type }, { replace: true })} onDone={(run) => { cache.setQueryData(["import", run.id], run); void cache.invalidateQueries({ queryKey: ["list", "/api/v1/imports"] }); set({ id: run.id, new: undefined, continues: undefined }); }} onClose={() => set({ new: undefined, continues: undefined })} />
          : <section className="panel" style={{ marginBottom: 12 }}><NoRight right="imports" what={t("imports.start")} /></section>)}
      <Jobs />
      <List<Import>
        id="imports"
        title={t("imports.history")}
        path="/api/v1/imports"
        columns={columns}
        searchable={false}
        rowKey={(r) => r.id}
        rowLabel={(r) => r.fileName}
        onOpen={(r) => set({ id: r.id, new: undefined })}
        empty={{ title: t("imports.none"), text: t("imports.about") }}
      />
    </>
  );
}

function State({ state }: { state: string }) {
  const { t } = useTranslation();
  const tone: Tone = state === "FAILED" || state === "CANCELLED" ? "act" : state === "DONE" ? "good" : "info";
  return <Chip tone={tone}>{t(`choice.importStatus.${state}`, { defaultValue: state })}</Chip>;
}

function typeName(t: (k: string, o?: Record<string, unknown>) => string, type: string): string {
  return t(`masters.${type}.many`, { defaultValue: type });
}

/** Drop a file: it goes up, and the answer says what it would do. Nothing is written. */
function Start({ type, continues, onType, onDone, onClose }: { type: string; continues: string | undefined; onType: (type: string) => void; onDone: (run: Import) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const types = useTypes();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [distributor, setDistributor] = useState<string | null>(me.distributorId !== null ? String(me.distributorId) : null);
  const [sending, setSending] = useState<{ name: string; sent: number; all: number } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const offered = types.data?.items ?? REGISTERS.filter((r) => r.importable).map((r) => ({ type: r.type, ofDistributor: r.ofDistributor ?? false, columns: [] }));
  const chosen = offered.find((x) => x.type === type);
  const needs = chosen?.ofDistributor === true && me.distributorId === null;

  const take = async (file: File | undefined) => {
    if (!file) return;
    setProblem(null);
    if (!/\.(csv|xlsx)$/i.test(file.name)) {
      setProblem({ code: "FILE", detail: t("imports.badFile", { name: file.name }) });
      return;
    }
    setSending({ name: file.name, sent: 0, all: file.size });
    try {
      const query = new URLSearchParams({ type, dryRun: "true", ...(needs && distributor ? { distributorId: distributor } : {}), ...(continues ? { continues } : {}) });
      onDone(await upload<Import>(`/api/v1/imports?${query}`, file, (sent, all) => setSending({ name: file.name, sent, all })));
    } catch (error) {
      setProblem(problemFrom(error));
    } finally {
      setSending(null);
    }
  };
  return (
    <section className="panel" style={{ marginBottom: 12 }} aria-label={t("imports.start")}>
      <header><h2>{continues ? t("imports.continue") : t("imports.start")}</h2><Button kind="quiet" className="sm" onClick={onClose}>{t("action.close", { ns: "common" })}</Button></header>
      <div className="body stack">
        <div className="row" style={{ alignItems: "end", flexWrap: "wrap" }}>
          <div style={{ width: 220 }}><Select label={t("imports.what")} data={offered.map((x) => ({ value: x.type, label: typeName(t, x.type) }))} value={type} onChange={(v) => v && onType(v)} allowDeselect={false} searchable disabled={Boolean(continues)} /></div>
          {needs && <div style={{ width: 280 }}><RefSelect type="distributors" label={t("field.distributor")} value={distributor} onChange={setDistributor} placeholder={t("imports.orColumn")} /></div>}
          <Button onClick={() => void download(`/api/v1/imports/samples/${type}?format=xlsx`, {}, `${type}.xlsx`).catch((error: unknown) => setProblem(problemFrom(error)))}><Icon name="file" />{t("imports.sample")} XLSX</Button>
          <Button onClick={() => void download(`/api/v1/imports/samples/${type}?format=csv`, {}, `${type}.csv`).catch((error: unknown) => setProblem(problemFrom(error)))}>CSV</Button>
        </div>
        {problem && <ProblemNote problem={problem} />}
        {sending ? (
          <div role="status">
            <p className="num">{t("imports.sending", { name: sending.name, percent: Math.floor((sending.sent / Math.max(1, sending.all)) * 100) })}</p>
            <div className="progress" style={{ marginTop: 8 }}><i style={{ width: `${(sending.sent / Math.max(1, sending.all)) * 100}%` }} /></div>
            {sending.sent >= sending.all && <p className="s muted" style={{ marginTop: 8 }}>{t("imports.reading")}</p>}
          </div>
        ) : (
          <div
            className={`drop ${over ? "over" : ""}`}
            onDragOver={(e) => { e.preventDefault(); setOver(true); }}
            onDragLeave={() => setOver(false)}
            onDrop={(e) => { e.preventDefault(); setOver(false); void take(e.dataTransfer.files[0]); }}
          >
            <Icon name="imports" style={{ width: 24, height: 24, color: "var(--muted)" }} />
            <p className="m5">{t("imports.drop")}</p>
            <Button onClick={() => input.current?.click()}>{t("imports.choose")}</Button>
            <p className="s muted">{t("imports.dropText")}</p>
            <input ref={input} type="file" accept=".csv,.xlsx" className="vh" tabIndex={-1} aria-label={t("imports.choose")} onChange={(e) => { void take(e.target.files?.[0]); e.target.value = ""; }} />
          </div>
        )}
        {chosen && chosen.columns.length > 0 && !sending && (
          <details>
            <summary className="lnk s">{t("imports.columns", { count: chosen.columns.length })}</summary>
            <div className="sub" style={{ marginTop: 8, maxHeight: 280 }}>
              <table>
                <thead><tr><th scope="col">{t("imports.heading")}</th><th scope="col">{t("imports.mayHold")}</th></tr></thead>
                <tbody>{chosen.columns.map((c) => <tr key={c.name}><td className="m5">{c.title}{c.required && <span className="muted"> *</span>}</td><td>{c.hint}</td></tr>)}</tbody>
              </table>
            </div>
          </details>
        )}
      </div>
    </section>
  );
}

/** One import: what it would do, its confirmation, its job, and what came of it. The page may be left at any time. */
function Run({ id, allowed }: { id: string; allowed: boolean }) {
  const { t } = useTranslation();
  const f = useFormats();
  const cache = useQueryClient();
  const [, set] = useSearchState();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const found = useQuery({ queryKey: ["import", id], queryFn: () => api<Import>(`/api/v1/imports/${id}`), retry: false, placeholderData: undefined });
  const run = found.data;
  const act = async (path: string, method: "POST" | "PUT", body: unknown) => {
    setBusy(true);
    setProblem(null);
    try {
      cache.setQueryData(["import", id], await api<Import>(`/api/v1/imports/${id}/${path}`, { method, body }));
      void cache.invalidateQueries({ queryKey: ["list", "/api/v1/imports"] });
    } catch (error) {
      setProblem(problemFrom(error));
    } finally {
      setBusy(false);
    }
  };
  const ended = run ? ENDED.includes(run.state) : false;
  const todo = run ? run.newRows + run.changedRows : 0;
  return (
    <section className="panel" style={{ marginBottom: 12 }} aria-label={run?.fileName ?? t("imports.start")}>
      <header>
        <h2>{run ? t(ended ? "imports.doneTitle" : "imports.dryTitle", { file: run.fileName }) : t("state.loading")} {run && <span className="muted">{typeName(t, run.type)}</span>}</h2>
        {run && <State state={run.state} />}
        <Button kind="quiet" className="sm" onClick={() => set({ id: undefined })}>{t("action.close", { ns: "common" })}</Button>
      </header>
      <div className="body stack">
        {found.error ? <Fault error={found.error} reset={() => void found.refetch()} /> : !run ? <Skeleton lines={4} /> : (
          <>
            {problem && <ProblemNote problem={problem} />}
            {run.message && <p className="muted">{run.message}</p>}
            <div className="counts">
              {([["new", run.newRows], ["change", run.changedRows], ["same", run.sameRows], ["bad", run.badRows]] as const).map(([k, n]) => <div key={k}><b className={k === "bad" && n > 0 ? "neg" : ""}>{f.qty(n)}</b><span className="s muted">{t(`imports.count.${k}`)}</span></div>)}
            </div>
            {run.jobId && !ended ? <Watch id={run.jobId} onEnd={() => { void found.refetch(); void cache.invalidateQueries({ queryKey: ["list"] }); }} /> : ended && <p>{t("imports.written", { count: run.writtenRows })}</p>}
            {allowed && !ended && !run.jobId && (run.preview.unmapped.length > 0 || run.preview.missing.length > 0) && <Headings run={run} busy={busy} onChoose={(mapping) => void act("mapping", "PUT", { mapping })} />}
            <Diffs diffs={run.preview.diffs} faults={run.preview.faults} />
            <div className="row" style={{ flexWrap: "wrap" }}>
              {allowed && !ended && !run.jobId && <Button kind="primary" disabled={busy || todo === 0} onClick={() => void act("confirmation", "POST", {})}>{t("imports.confirm", { count: todo })}</Button>}
              {run.hasErrorFile && <Button onClick={() => void download(`/api/v1/imports/${id}/error-file`, { headers: { Accept: "text/csv, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" } }, `errors-${run.fileName}`).catch((error: unknown) => setProblem(problemFrom(error)))}><Icon name="file" />{t("imports.errorFile")}</Button>}
              {allowed && run.badRows > 0 && ended && <Button onClick={() => set({ new: run.type, continues: id, id: undefined })}>{t("imports.continue")}</Button>}
              {allowed && !ended && <Button onClick={() => void act("cancellation", "POST", {})}>{t("imports.drop2")}</Button>}
              {allowed && <Button kind="quiet" onClick={() => set({ new: run.type, id: undefined })}>{t("imports.another")}</Button>}
              {run.badRows > 0 && !ended && <span className="s muted">{t("imports.badStay", { count: run.badRows })}</span>}
            </div>
          </>
        )}
      </div>
    </section>
  );
}

/** Headings the guess did not know: say what they mean, or leave them out. */
function Headings({ run, busy, onChoose }: { run: Import; busy: boolean; onChoose: (mapping: Record<string, string>) => void }) {
  const { t } = useTranslation();
  const types = useTypes();
  const columns = types.data?.items.find((x) => x.type === run.type)?.columns ?? [];
  const [mapping, setMapping] = useState<Record<string, string>>(run.mapping);
  const headings = [...Object.keys(run.mapping), ...run.preview.unmapped];
  return (
    <details open={run.preview.missing.length > 0}>
      <summary className="lnk">{run.preview.missing.length ? t("imports.missing", { columns: run.preview.missing.join(", ") }) : t("imports.unknown", { columns: run.preview.unmapped.join(", ") })}</summary>
      <div className="sub" style={{ margin: "8px 0" }}>
        <table>
          <thead><tr><th scope="col">{t("imports.heading")}</th><th scope="col">{t("imports.means")}</th></tr></thead>
          <tbody>
            {headings.map((h) => (
              <tr key={h}>
                <td className="m5">{h}</td>
                <td style={{ width: 280 }}><Select aria-label={h} data={columns.map((c) => ({ value: c.name, label: c.title + (c.required ? " *" : "") }))} value={mapping[h] || null} onChange={(v) => setMapping({ ...mapping, [h]: v ?? "" })} clearable placeholder={t("imports.ignore")} clearButtonProps={{ "aria-label": t("form.clear") }} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Button disabled={busy} onClick={() => onChoose(mapping)}>{t("imports.tryAgain")}</Button>
    </details>
  );
}

/** What the first rows would change: before and after, or what is wrong and how to put it right. */
export function Diffs({ diffs, faults }: { diffs: RowDiff[]; faults: RowFault[] }) {
  const { t } = useTranslation();
  if (diffs.length + faults.length === 0) return null;
  const rows = new Map<number, RowFault[]>();
  for (const fault of faults) rows.set(fault.row, [...(rows.get(fault.row) ?? []), fault]);
  const field = (name: string) => t(`field.${name}`, { defaultValue: name });
  return (
    <div className="sub" style={{ maxHeight: 400 }} tabIndex={0} role="group" aria-label={t("imports.diff")}>
      <table>
        <thead><tr><th scope="col" className="n" style={{ width: 64 }}>{t("imports.row")}</th><th scope="col" style={{ width: 104 }}>{t("imports.becomes")}</th><th scope="col" style={{ width: 176 }}>{t("imports.key")}</th><th scope="col">{t("imports.diff")}</th></tr></thead>
        <tbody>
          {[...rows].map(([row, list]) => (
            <tr key={`f${row}`} style={{ verticalAlign: "top" }}>
              <td className="n num">{row}</td>
              <td><Chip tone="act">{t("imports.kind.bad")}</Chip></td>
              <td />
              <td style={{ whiteSpace: "normal" }}>{list.map((x, i) => <div key={i}><span className="m5">{field(x.field)}</span> {x.wrong}.<span className="muted"> {x.right}</span></div>)}</td>
            </tr>
          ))}
          {diffs.map((d) => {
            const kind = d.kind.toLowerCase();
            return (
              <tr key={d.row} style={{ verticalAlign: "top" }}>
                <td className="n num">{d.row}</td>
                <td><Chip tone={kind === "new" ? "good" : "info"}>{t(`imports.kind.${kind}`, { defaultValue: d.kind })}</Chip></td>
                <td className="code">{d.key}</td>
                <td style={{ whiteSpace: "normal" }}>{d.changes.filter((x) => kind !== "new" || x.after).map((x, i) => <span key={i} style={{ display: "inline-block", marginInlineEnd: 12 }}><span className="muted">{field(x.field)}</span> {x.before && <><s className="muted">{x.before}</s> → </>}<span className="m5">{x.after || "–"}</span></span>)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Watch({ id, onEnd }: { id: string; onEnd: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({ queryKey: ["job", id], queryFn: () => api<Job>(`/api/v1/jobs/${id}`), refetchInterval: (q) => (q.state.data && ENDED.includes(q.state.data.state) ? false : 1000), retry: false, placeholderData: undefined });
  const ended = data ? ENDED.includes(data.state) : false;
  const told = useRef(false);
  useEffect(() => {
    if (!ended || told.current) return;
    told.current = true;
    toast(t("jobs.ended"));
    onEnd();
  }, [ended, onEnd, t]);
  if (error) return <Fault error={error} reset={() => void refetch()} />;
  if (!data) return <Skeleton lines={2} />;
  return <div className="stack"><JobLine job={data} />{!ended && <p className="s muted">{t("imports.leave")}</p>}</div>;
}

/** Done of total, and the time left once 5 % are through: never a bar that pretends. */
function JobLine({ job }: { job: Job }) {
  const { t } = useTranslation();
  const f = useFormats();
  const total = job.total ?? 0;
  const ended = ENDED.includes(job.state);
  const part = total > 0 ? job.done / total : 0;
  const left = !ended && part >= 0.05 ? Math.round(((Date.now() - Date.parse(job.createdAt)) / 1000) * (1 / part - 1)) : null;
  return (
    <div role="status">
      <div className="row"><State state={job.state} /><span className="grow num">{total > 0 ? t("jobs.of", { done: f.qty(job.done), total: f.qty(total) }) : (job.message ?? "")}</span>{left !== null && <span className="s muted num">{t("jobs.left", { count: left })}</span>}</div>
      {!ended && total > 0 && <div className="progress" style={{ marginTop: 8 }}><i style={{ width: `${part * 100}%` }} /></div>}
    </div>
  );
}

/** Jobs that run now; everybody who may see one sees the same one. */
function Jobs() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const me = useMe();
  const { data } = useQuery({ queryKey: ["jobs"], queryFn: () => api<Page<Job>>("/api/v1/jobs", { query: { limit: 10 } }), refetchInterval: 5000, retry: false });
  const running = (data?.items ?? []).filter((j) => !ENDED.includes(j.state));
  if (running.length === 0) return null;
  const stop = (id: string) => void api(`/api/v1/jobs/${id}/cancellation`, { method: "POST", body: {} }).then(() => cache.invalidateQueries({ queryKey: ["jobs"] }), (error: unknown) => toast(problemFrom(error).detail ?? t("problems.FAULT", { ns: "common" })));
  return (
    <section className="panel" style={{ marginBottom: 12 }} aria-label={t("jobs.running")}>
      <header><h2>{t("jobs.running")}</h2></header>
      <ul className="list">{running.map((j) => <li key={j.id}><div className="grow"><p className="m5">{j.title}</p><JobLine job={j} /></div>{may(me, "imports") && <Button className="sm" onClick={() => stop(j.id)}>{t("action.cancel", { ns: "common" })}</Button>}</li>)}</ul>
    </section>
  );
}
