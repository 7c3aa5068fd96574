import { Select } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Button, Chip, ProblemNote, Skeleton, type Tone } from "../../ui";
import { useFormats } from "../format";
import { Fault, NoRight, problemFrom } from "../frame/faults";
import type { GridColumn } from "../grid/grid";
import { List } from "../grid/list";
import { download, upload } from "../http";
import { Icon } from "../kit/icons";
import { RefSelect } from "../kit/refselect";
import { toast } from "../kit/toast";
import { useSearchState } from "../nav";
import { may, useMe } from "../session";
import { REGISTERS } from "../masters/registers";

export interface Counts {
  new: number;
  change: number;
  same: number;
  bad: number;
}

interface Diff {
  row: number;
  kind?: string;
  outcome?: string;
  key?: string | null;
  changes?: { field: string; before?: string | null; after?: string | null }[];
  faults?: { field?: string; wrong?: string; right?: string; code?: string; detail?: string }[];
}

interface Dry {
  importId: string;
  type: string;
  counts: Counts;
  diffs: Diff[];
  columns?: (string | { name: string; title?: string; heading?: string | null })[];
  unknownColumns?: string[];
}

interface Import {
  id: string;
  type: string;
  fileName?: string | null;
  status: string;
  counts?: Counts | null;
  createdAt?: string;
  createdBy?: string;
  finishedAt?: string | null;
  jobId?: string | null;
}

interface Job {
  id: string;
  kind?: string;
  type?: string;
  status: string;
  done?: number | null;
  total?: number | null;
  startedAt?: string | null;
  finishedAt?: string | null;
  detail?: string | null;
  message?: string | null;
}

export const IMPORTABLE = [...REGISTERS.filter((r) => r.importable).map((r) => r.type), "price-list-lines"];
/** Masters of one distributor need to know which. */
const OF_DISTRIBUTOR = REGISTERS.filter((r) => r.ofDistributor).map((r) => r.type);
const ENDED = ["DONE", "COMPLETED", "FINISHED", "SUCCEEDED", "FAILED", "CANCELLED", "CONFIRMED_DONE"];

/** Files in, with a dry run first, and the jobs they become (T20). */
export function Imports() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const [search, set] = useSearchState();
  const cache = useQueryClient();
  const allowed = may(me, "imports");
  const columns = useMemo<GridColumn<Import>[]>(() => [
    { id: "type", label: t("imports.what"), width: 128, fixed: true, cell: (r) => typeName(t, r.type), raw: (r) => r.type },
    { id: "fileName", label: t("imports.file"), width: 180, grow: true, cell: (r) => r.fileName ?? "–", raw: (r) => r.fileName },
    { id: "new", label: t("imports.count.new"), width: 80, numeric: true, cell: (r) => f.qty(r.counts?.new ?? null), raw: (r) => r.counts?.new },
    { id: "change", label: t("imports.count.change"), width: 88, numeric: true, cell: (r) => f.qty(r.counts?.change ?? null), raw: (r) => r.counts?.change },
    { id: "same", label: t("imports.count.same"), width: 80, numeric: true, cell: (r) => f.qty(r.counts?.same ?? null), raw: (r) => r.counts?.same },
    { id: "bad", label: t("imports.count.bad"), width: 80, numeric: true, cell: (r) => (r.counts?.bad ? <span className="neg m5">{f.qty(r.counts.bad)}</span> : f.qty(r.counts?.bad ?? null)), raw: (r) => r.counts?.bad },
    { id: "createdAt", label: t("imports.when"), width: 136, cell: (r) => <span className="num">{f.moment(r.createdAt)}</span>, raw: (r) => r.createdAt },
    { id: "createdBy", label: t("imports.who"), width: 104, cell: (r) => r.createdBy ?? "–", raw: (r) => r.createdBy },
    { id: "status", label: t("field.status"), width: 112, cell: (r) => <Chip tone={toneOf(r.status)}>{t(`choice.importStatus.${r.status}`, { defaultValue: r.status })}</Chip>, raw: (r) => r.status },
    { id: "errors", label: t("imports.errors"), width: 112, cell: (r) => (r.counts?.bad ? <button type="button" className="lnk s" onClick={() => void errorFile(r.id, t)}>{t("imports.errorFile")}</button> : "–") },
  ], [t, f]);
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("rail.imports")}</h1><p className="muted s">{t("imports.about")}</p></div>
        {!search.new && allowed && <Button kind="primary" onClick={() => set({ new: "outlets" })}><Icon name="imports" />{t("imports.start")}</Button>}
      </div>
      {search.new && (allowed ? <Start key={search.id ?? ""} type={IMPORTABLE.includes(search.new) ? search.new : "outlets"} onType={(type) => set({ new: type }, { replace: true })} onClose={() => { set({ new: undefined }); void cache.invalidateQueries({ queryKey: ["list", "/api/v1/imports"] }); }} /> : <section className="panel" style={{ marginBottom: 12 }}><NoRight right="imports" what={t("imports.start")} /></section>)}
      <Jobs />
      <List<Import>
        id="imports"
        title={t("imports.history")}
        path="/api/v1/imports"
        columns={columns}
        searchable={false}
        rowKey={(r) => r.id}
        empty={{ title: t("imports.none"), text: t("imports.about") }}
      />
    </>
  );
}

function typeName(t: (k: string, o?: Record<string, unknown>) => string, type: string): string {
  return type === "price-list-lines" ? t("pricelist.lines") : t(`masters.${type}.many`, { defaultValue: type });
}

function toneOf(status: string): Tone {
  if (status === "FAILED" || status === "CANCELLED") return "act";
  return ENDED.includes(status) ? "good" : "info";
}

function errorFile(id: string, t: (k: string, o?: Record<string, unknown>) => string): Promise<void> {
  return download(`/api/v1/imports/${id}/errors`, {}, `errors-${id}.csv`).catch((error: unknown) => toast(problemFrom(error).detail ?? t("problems.FAULT", { ns: "common" })));
}

/** Drop a file, see what it would do, then let it do that. Nothing is written before the confirmation. */
function Start({ type, onType, onClose }: { type: string; onType: (type: string) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [distributor, setDistributor] = useState<string | null>(me.distributorId !== null ? String(me.distributorId) : null);
  const [sending, setSending] = useState<{ name: string; sent: number; all: number } | null>(null);
  const [dry, setDry] = useState<(Dry & { file: string }) | null>(null);
  const [job, setJob] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const needs = OF_DISTRIBUTOR.includes(type) && me.distributorId === null;

  const take = async (file: File | undefined) => {
    if (!file) return;
    setProblem(null);
    setDry(null);
    if (!/\.(csv|xlsx)$/i.test(file.name)) {
      setProblem({ code: "FILE", detail: t("imports.badFile", { name: file.name }) });
      return;
    }
    setSending({ name: file.name, sent: 0, all: file.size });
    try {
      const query = new URLSearchParams({ type, dryRun: "true", ...(needs && distributor ? { distributorId: distributor } : {}) });
      const answer = await upload<Dry>(`/api/v1/imports?${query}`, file, (sent, all) => setSending({ name: file.name, sent, all }));
      setDry({ ...answer, file: file.name });
    } catch (error) {
      setProblem(problemFrom(error));
    } finally {
      setSending(null);
    }
  };
  const confirm = async () => {
    if (!dry) return;
    setBusy(true);
    try {
      const made = await api<{ id?: string; jobId?: string }>(`/api/v1/imports/${dry.importId}/confirmation`, { method: "POST", body: {} });
      setJob(made.jobId ?? made.id ?? null);
    } catch (error) {
      setProblem(problemFrom(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <section className="panel" style={{ marginBottom: 12 }} aria-label={t("imports.start")}>
      <header><h2>{t("imports.start")}</h2><Button kind="quiet" className="sm" onClick={onClose}>{t("action.close", { ns: "common" })}</Button></header>
      <div className="body stack">
        <div className="row" style={{ alignItems: "end", flexWrap: "wrap" }}>
          <div style={{ width: 220 }}><Select label={t("imports.what")} data={IMPORTABLE.map((v) => ({ value: v, label: typeName(t, v) }))} value={type} onChange={(v) => v && onType(v)} allowDeselect={false} disabled={dry !== null} /></div>
          {needs && <div style={{ width: 280 }}><RefSelect type="distributors" label={t("field.distributor")} value={distributor} onChange={setDistributor} disabled={dry !== null} placeholder={t("imports.orColumn")} /></div>}
          <Button onClick={() => void download(`/api/v1/imports/samples/${type}`, {}, `${type}.csv`).catch((error: unknown) => setProblem(problemFrom(error)))}><Icon name="file" />{t("imports.sample")}</Button>
        </div>
        {problem && <ProblemNote problem={problem}><Button onClick={() => setProblem(null)}>{t("imports.another")}</Button></ProblemNote>}
        {sending ? (
          <div role="status">
            <p className="num">{t("imports.sending", { name: sending.name, percent: Math.floor((sending.sent / Math.max(1, sending.all)) * 100) })}</p>
            <div className="progress" style={{ marginTop: 8 }}><i style={{ width: `${(sending.sent / Math.max(1, sending.all)) * 100}%` }} /></div>
            {sending.sent >= sending.all && <p className="s muted" style={{ marginTop: 8 }}>{t("imports.reading")}</p>}
          </div>
        ) : job ? <JobCard id={job} onDone={<><Button onClick={() => { setJob(null); setDry(null); }}>{t("imports.another")}</Button>{dry && dry.counts.bad > 0 && <Button onClick={() => void errorFile(dry.importId, t)}><Icon name="file" />{t("imports.errorFile")}</Button>}</>} />
        : dry ? (
          <>
            <p className="m5">{t("imports.dryTitle", { file: dry.file })}</p>
            <div className="counts">
              {(["new", "change", "same", "bad"] as const).map((k) => <div key={k}><b className={k === "bad" && dry.counts.bad > 0 ? "neg" : ""}>{f.qty(dry.counts[k])}</b><span className="s muted">{t(`imports.count.${k}`)}</span></div>)}
            </div>
            {dry.unknownColumns && dry.unknownColumns.length > 0 && <p className="s muted">{t("imports.unknown", { columns: dry.unknownColumns.join(", ") })}</p>}
            <Diffs diffs={dry.diffs} />
            <div className="row" style={{ flexWrap: "wrap" }}>
              <Button kind="primary" disabled={busy || dry.counts.new + dry.counts.change === 0} onClick={() => void confirm()}>{t("imports.confirm", { count: dry.counts.new + dry.counts.change })}</Button>
              {dry.counts.bad > 0 && <Button onClick={() => void errorFile(dry.importId, t)}><Icon name="file" />{t("imports.errorFile")}</Button>}
              <Button onClick={() => setDry(null)}>{t("imports.another")}</Button>
              {dry.counts.bad > 0 && <span className="s muted">{t("imports.badStay", { count: dry.counts.bad })}</span>}
            </div>
          </>
        ) : !problem && (
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
      </div>
    </section>
  );
}

/** What the first rows would change: before and after, or what is wrong and how to put it right. */
export function Diffs({ diffs }: { diffs: Diff[] }) {
  const { t } = useTranslation();
  if (diffs.length === 0) return null;
  return (
    <div className="sub" style={{ maxHeight: 360 }}>
      <table>
        <thead><tr><th scope="col" className="n" style={{ width: 64 }}>{t("imports.row")}</th><th scope="col" style={{ width: 104 }}>{t("imports.becomes")}</th><th scope="col" style={{ width: 160 }}>{t("imports.key")}</th><th scope="col">{t("imports.diff")}</th></tr></thead>
        <tbody>
          {diffs.slice(0, 20).map((d, i) => {
            const kind = String(d.kind ?? d.outcome ?? (d.faults?.length ? "bad" : "change")).toLowerCase();
            return (
              <tr key={i} style={{ verticalAlign: "top" }}>
                <td className="n num">{d.row}</td>
                <td><Chip tone={kind === "bad" ? "act" : kind === "new" ? "good" : kind === "change" || kind === "changed" ? "info" : "plain"}>{t(`imports.kind.${kind}`, { defaultValue: kind })}</Chip></td>
                <td className="code">{d.key ?? ""}</td>
                <td style={{ whiteSpace: "normal" }}>
                  {(d.faults ?? []).map((x, n) => <div key={n}><span className="m5">{x.field ? t(`field.${x.field}`, { defaultValue: x.field }) : ""}</span> {x.wrong ?? x.detail}{x.right ? <span className="muted">. {x.right}</span> : null}</div>)}
                  {(d.changes ?? []).map((x, n) => <div key={n}><span className="muted">{t(`field.${x.field}`, { defaultValue: x.field })}</span> {x.before ? <><s className="muted">{x.before}</s> → </> : null}<span className="m5">{x.after || "–"}</span></div>)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function useJob(id: string) {
  return useQuery({ queryKey: ["job", id], queryFn: () => api<Job>(`/api/v1/jobs/${id}`), refetchInterval: (q) => (q.state.data && ENDED.includes(q.state.data.status) ? false : 1000), retry: false });
}

function JobCard({ id, onDone }: { id: string; onDone: ReactNode }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { data, error, refetch } = useJob(id);
  const ended = data ? ENDED.includes(data.status) : false;
  const told = useRef(false);
  if (ended && !told.current) {
    told.current = true;
    setTimeout(() => void cache.invalidateQueries({ queryKey: ["list"] }));
  }
  if (error) return <Fault error={error} reset={() => void refetch()} />;
  if (!data) return <Skeleton lines={2} />;
  return (
    <div className="stack">
      <JobLine job={data} />
      {ended ? <div className="row">{onDone}</div> : <p className="s muted">{t("imports.leave")}</p>}
    </div>
  );
}

/** Done of total, and the time left once 5 % are through: never a bar that pretends. */
function JobLine({ job }: { job: Job }) {
  const { t } = useTranslation();
  const f = useFormats();
  const done = job.done ?? 0;
  const total = job.total ?? 0;
  const ended = ENDED.includes(job.status);
  const part = total > 0 ? done / total : 0;
  const left = !ended && part >= 0.05 && job.startedAt ? Math.round(((Date.now() - Date.parse(job.startedAt)) / 1000) * (1 / part - 1)) : null;
  return (
    <div role="status">
      <div className="row"><Chip tone={toneOf(job.status)}>{t(`choice.jobStatus.${job.status}`, { defaultValue: job.status })}</Chip><span className="grow num">{total > 0 ? t("jobs.of", { done: f.qty(done), total: f.qty(total) }) : (job.message ?? job.detail ?? "")}</span>{left !== null && <span className="s muted num">{t("jobs.left", { count: left })}</span>}</div>
      {!ended && total > 0 && <div className="progress" style={{ marginTop: 8 }}><i style={{ width: `${part * 100}%` }} /></div>}
    </div>
  );
}

/** Jobs that run now or ended lately; everybody who may see one sees the same one. */
function Jobs() {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ["jobs"], queryFn: () => api<{ items: Job[] }>("/api/v1/jobs", { query: { limit: 10 } }), refetchInterval: 5000, retry: false });
  const running = (data?.items ?? []).filter((j) => !ENDED.includes(j.status));
  if (running.length === 0) return null;
  return (
    <section className="panel" style={{ marginBottom: 12 }} aria-label={t("jobs.running")}>
      <header><h2>{t("jobs.running")}</h2></header>
      <ul className="list">{running.map((j) => <li key={j.id} style={{ display: "block" }}><p className="m5">{t(`choice.jobKind.${j.kind ?? j.type ?? ""}`, { defaultValue: j.kind ?? j.type ?? j.id })}</p><JobLine job={j} /></li>)}</ul>
    </section>
  );
}

