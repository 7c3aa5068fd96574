import { useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { api, ApiError, apiWithEtag } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Button, ProblemNote, Shape, Skeleton } from "../../ui";
import { Fault, problemFrom } from "../frame/faults";
import { useFormats } from "../format";
import { Ask } from "../kit/ask";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { toast } from "../kit/toast";
import { useGo, useSearchState } from "../nav";
import { useMe } from "../session";
import type { Content } from "../schemes/api";
import { Steps } from "../schemes/builder";
import { diffOf } from "../schemes/diff";
import { DiffList } from "../schemes/difflist";
import { confirmed, FindingList, severityOf } from "../schemes/findings";
import { useGoods } from "../schemes/goods";
import { formOf } from "../schemes/model";
import { summarise } from "../schemes/summary";
import { useTexts } from "../schemes/texts";
import { asker, useChange, useHistory, useSimulation, type Change, type ChangeItem } from "./api";
import { ChangeState } from "./inbox";
import { SimulationPanel } from "./simulation";

/** The page of one change request. */
export function ChangePage() {
  const { t } = useTexts();
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <>
      <p className="s" style={{ marginBottom: 4 }}><A className="lnk" path="/changes">{t("changes.title")}</A></p>
      <ChangeCase key={id} id={id} />
    </>
  );
}

type Act = "submission" | "approval" | "rejection" | "withdrawal" | "rollback" | "review" | "reversal";

/** One case: what is asked as a difference in words, what checks and simulation say, who did what, and the decision (GOV-01, GOV-03). */
export function ChangeCase({ id, inDesk, onDecided, onBack }: { id: string; inDesk?: boolean; onDecided?: () => void; onBack?: () => void }) {
  const { t } = useTexts();
  const f = useFormats();
  const me = useMe();
  const go = useGo();
  const cache = useQueryClient();
  const [search, setSearch] = useSearchState();
  const found = useChange(id);
  const history = useHistory(id);
  const goods = useGoods();
  const [acting, setActing] = useState<Act | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [acknowledged, setAcknowledged] = useState<ReadonlySet<string>>(new Set());
  const [comment, setComment] = useState("");
  const change = found.data?.value;
  const simulation = useSimulation(id, Boolean(change?.simulation));
  const started = useRef(false);

  const fresh = (next: { value: Change; etag: string | null } | null) => {
    if (next?.value?.may) cache.setQueryData(["change", id], next);
    else void cache.invalidateQueries({ queryKey: ["change", id], exact: true });
    void cache.invalidateQueries({ queryKey: ["change", id, "history"] });
    void cache.invalidateQueries({ queryKey: ["list"] });
    void cache.invalidateQueries({ queryKey: ["waiting"] });
  };
  const simulate = async (days = 90) => {
    setProblem(null);
    try {
      await api(`/api/v1/change-requests/${id}/simulation`, { method: "POST", body: { days } });
      await cache.invalidateQueries({ queryKey: ["change", id], exact: true });
      await cache.invalidateQueries({ queryKey: ["change", id, "simulation"] });
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  useEffect(() => {
    if (search.then !== "simulate" || started.current || !change?.may?.simulate) return;
    started.current = true;
    setSearch({ then: undefined }, { replace: true });
    if (!change.simulation?.current && !(change.findings ?? []).some((x) => severityOf(x) === "act")) void simulate();
    // once, when the draft that was just saved is here
  }, [search.then, change]);

  // a simulation brings findings of its own: collisions, a budget too small
  const state = simulation.data?.status;
  const before = useRef(state);
  useEffect(() => {
    if (state === "DONE" && before.current !== "DONE") {
      void cache.invalidateQueries({ queryKey: ["change", id], exact: true });
      void cache.invalidateQueries({ queryKey: ["change", id, "history"] });
    }
    before.current = state;
  }, [state, id, cache]);

  const act = async (values: Record<string, string>) => {
    if (!change || !acting) return;
    setProblem(null);
    const ack = [...acknowledged];
    const path = acting === "reversal" ? "review" : acting;
    const body = acting === "approval" ? { contentHash: change.contentHash, reason: values.reason || null, acknowledged: ack }
      : acting === "submission" ? { reason: values.reason, acknowledged: ack }
      : acting === "rollback" ? { effectiveFrom: values.on, reason: values.reason }
      : acting === "review" || acting === "reversal" ? { outcome: acting === "review" ? "CONFIRMED" : "REVERSED", reason: values.reason }
      : { reason: values.reason };
    try {
      const done = await apiWithEtag<Change>(`/api/v1/change-requests/${id}/${path}`, { method: "POST", body, ...(acting === "submission" && found.data?.etag ? { ifMatch: found.data.etag } : {}) });
      setActing(null);
      if (acting === "rollback") {
        void cache.invalidateQueries({ queryKey: ["list"] });
        return go(`/changes/${done.value.id}`);
      }
      fresh(done);
      toast(t(`change.did.${acting}`, { what: change.title }));
      if (change.kind === "schemes") void cache.invalidateQueries({ queryKey: ["record", "schemes"] });
      if (acting === "approval" || acting === "rejection") onDecided?.();
    } catch (error) {
      setProblem(problemFrom(error));
      if (error instanceof ApiError && error.status === 409) void found.refetch();
    }
  };
  const say = async () => {
    if (!comment.trim()) return;
    try {
      fresh(await apiWithEtag<Change>(`/api/v1/change-requests/${id}/comments`, { method: "POST", body: { text: comment.trim() } }));
      setComment("");
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };

  const findings = useMemo(() => change?.findings ?? [], [change]);
  const open = findings.filter((x) => severityOf(x) === "watch" && !confirmed(x) && !acknowledged.has(x.code));
  const errors = findings.filter((x) => severityOf(x) === "act");
  if (found.error) return <section className="panel" style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></section>;
  if (!change) return <section className="panel"><Skeleton lines={8} /></section>;
  const mayDo = change.may;
  const own = [change.createdBy, change.changedBy, change.submittedBy].includes(me.username);
  const item = change.items?.[0];
  const editable = change.kind === "schemes" && Boolean(mayDo?.edit) && change.itemCount === 1;
  const step = change.status === "DRAFT" ? 1 : change.status === "SUBMITTED" ? 2 : 3;
  const late = change.dueAt && change.status === "SUBMITTED" && change.dueAt < new Date().toISOString();
  return (
    <article className="case" aria-label={change.title}>
      {inDesk && <button type="button" className="btn sm case-back" onClick={onBack}>{t("changes.back")}</button>}
      <header className="case-head">
        <div className="grow">
          <p className="s muted">{t(`changeKind.${change.kind}`)} · {t(`changeAction.${change.action}`, { defaultValue: "" })}</p>
          {inDesk ? <h2 className="h1">{change.title}</h2> : <h1>{change.title}</h1>}
          <p className="s muted">{t("change.asked", { who: asker(change), when: f.moment(change.submittedAt ?? change.createdAt) })}{change.effectiveFrom ? ` · ${t("changes.from", { date: f.date(change.effectiveFrom) })}` : ""}{change.dueAt && change.status === "SUBMITTED" ? <> · <span className={late ? "neg" : ""}>{t(late ? "change.late" : "change.due", { when: f.moment(change.dueAt) })}</span></> : ""}</p>
        </div>
        <ChangeState change={change} />
        {editable && <A className="btn" path={`/changes/${id}/edit`}><Icon name="edit" />{t("change.edit")}</A>}
      </header>
      {!inDesk && change.kind === "schemes" && <Steps at={step} />}
      {problem && !acting && <ProblemNote problem={problem} />}
      {change.emergency && <div className="note act"><Shape tone="act" /><span>{t("change.emergency", { when: change.reviewDue ? f.moment(change.reviewDue) : "" })}</span></div>}
      {change.status === "SUBMITTED" && mayDo && !mayDo.approve && (own || mayDo.whyNot) && <div className="note info" data-why><Shape tone="info" /><span>{own ? t("change.own") : mayDo.whyNot}</span></div>}
      {change.decidedBy && <div className={`note ${change.status === "REJECTED" ? "act" : "good"}`}><Shape tone={change.status === "REJECTED" ? "act" : "good"} /><span>{t(change.status === "REJECTED" ? "change.rejectedBy" : "change.approvedBy", { who: change.decidedByName ?? change.decidedBy, when: f.moment(change.decidedAt) })}{change.decisionReason ? ` “${change.decisionReason}”` : ""}</span></div>}
      <div className="case-cols">
        <div className="stack">
          <section className="panel" aria-label={t("change.what")}>
            <header><h2>{t(item?.before ? "change.what" : "change.whatNew")}{change.itemCount > 1 && <span className="muted"> {t("change.items", { count: change.itemCount })}</span>}</h2></header>
            <div className="body stack">
              {change.reason && <p>“{change.reason}”</p>}
              {(change.items ?? []).map((i) => <Item key={i.item} item={i} kind={change.kind} many={change.itemCount > 1} goods={goods} />)}
              {(change.items?.length ?? 0) < change.itemCount && <p className="s muted">{t("change.moreItems", { count: change.itemCount - (change.items?.length ?? 0) })}</p>}
            </div>
          </section>
          {(mayDo?.simulate || change.simulation || simulation.data) && <SimulationPanel change={change} simulation={simulation.data} onRun={(days) => void simulate(days)} />}
        </div>
        <div className="stack">
          <section className="panel" aria-label={t("builder.checks")}>
            <header><h2>{t("builder.checks")}</h2>{mayDo?.edit && <Button className="sm" kind="quiet" onClick={() => void apiWithEtag<Change>(`/api/v1/change-requests/${id}/checks`, { method: "POST" }).then(fresh, (e) => setProblem(problemFrom(e)))}>{t("change.checkAgain")}</Button>}</header>
            {findings.length === 0 ? <p className="st good" style={{ padding: "0 16px 12px" }}><Shape tone="good" />{t("builder.noFindings")}</p>
              : <FindingList findings={findings} {...(mayDo?.submit || mayDo?.approve ? { acknowledged, onAcknowledge: (code: string, yes: boolean) => setAcknowledged((before) => { const next = new Set(before); if (yes) next.add(code); else next.delete(code); return next; }) } : {})} />}
          </section>
          <section className="panel" aria-label={t("change.history")}>
            <header><h2>{t("change.history")}</h2></header>
            <ol className="trail">
              {(history.data ?? []).map((h) => (
                <li key={h.seq}><span className="num s muted">{f.moment(h.at)}</span><div><b>{h.actorName ?? h.actor}</b> {t(`changeDid.${h.action}`, { defaultValue: h.action.toLowerCase() })}{h.text && <p>{h.action === "COMMENTED" ? `“${h.text}”` : h.text}</p>}</div></li>
              ))}
            </ol>
            <form className="say-box" onSubmit={(e) => { e.preventDefault(); void say(); }}>
              <input className="input" aria-label={t("change.comment")} placeholder={t("change.comment")} value={comment} maxLength={500} onChange={(e) => setComment(e.target.value)} />
              <button type="submit" className="btn" disabled={!comment.trim()}>{t("change.say")}</button>
            </form>
          </section>
          <section className="panel hash" aria-label={t("change.hash")}>
            <p className="s muted">{t("change.hash")}</p>
            <code title={change.contentHash}>{change.contentHash.slice(0, 8)} {change.contentHash.slice(8, 16)} … {change.contentHash.slice(-8)}</code>
            <p className="s muted">{t("change.hashText")}</p>
          </section>
        </div>
      </div>
      {mayDo && (mayDo.submit || mayDo.approve || mayDo.reject || mayDo.withdraw || mayDo.review || mayDo.rollback || (change.status === "SUBMITTED" && mayDo.whyNot)) && (
        <footer className="case-acts">
          {mayDo.submit && <button type="button" className="btn pri" disabled={errors.length > 0 || open.length > 0} onClick={() => setActing("submission")}>{t("change.submit")}</button>}
          {(mayDo.approve || (change.status === "SUBMITTED" && !mayDo.submit)) && <button type="button" className="btn pri" data-act="approve" disabled={!mayDo.approve || open.length > 0} title={mayDo.approve ? undefined : (mayDo.whyNot ?? undefined)} onClick={() => setActing("approval")}>{t("change.approve")}<kbd aria-hidden="true">A</kbd></button>}
          {mayDo.reject && <button type="button" className="btn" data-act="reject" onClick={() => setActing("rejection")}>{t("change.reject")}<kbd aria-hidden="true">R</kbd></button>}
          {mayDo.withdraw && <Button onClick={() => setActing("withdrawal")}>{t("change.withdraw")}</Button>}
          {mayDo.review && <><button type="button" className="btn pri" onClick={() => setActing("review")}>{t("change.confirmStop")}</button><Button onClick={() => setActing("reversal")}>{t("change.undoStop")}</Button></>}
          {mayDo.rollback && <Button onClick={() => setActing("rollback")}>{t("change.rollback")}</Button>}
          <span className="s muted" role="status">{errors.length > 0 && mayDo.submit ? t("change.hasErrors", { count: errors.length }) : open.length > 0 && (mayDo.submit || mayDo.approve) ? t("change.acknowledgeFirst", { count: open.length }) : ""}</span>
          {inDesk && <span className="grow" />}
          {inDesk && <A className="lnk s" data-act="open" path={`/changes/${id}`}>{t("change.openPage")}</A>}
        </footer>
      )}
      {acting && (
        <Ask
          title={t(`change.ask.${acting}`)}
          text={t(`change.askText.${acting}`, { what: change.title, hash: change.contentHash.slice(0, 8) })}
          fields={[...(acting === "rollback" ? [{ name: "on", label: t("field2.validFrom"), kind: "date" as const, required: true }] : []), { name: "reason", label: t("detail.reason"), kind: "text" as const, required: true }]}
          submit={t(`change.do.${acting}`)}
          danger={acting === "rejection"}
          problem={problem}
          onClose={() => { setActing(null); setProblem(null); }}
          onSubmit={(v) => void act(v)}
        />
      )}
    </article>
  );
}

function Item({ item, kind, many, goods }: { item: ChangeItem; kind: string; many: boolean; goods: ReturnType<typeof useGoods> }) {
  const { t } = useTexts();
  const f = useFormats();
  const scheme = kind === "schemes" && item.content && "mechanic" in item.content;
  const diff = useMemo(() => (item.before ? (scheme || !item.diff?.length ? diffOf(item.before, item.content) : item.diff) : item.diff?.length && !scheme ? item.diff : diffOf({}, item.content)), [item, scheme]);
  const sentences = useMemo(() => {
    if (!scheme) return [];
    try {
      return summarise(formOf(item.content as unknown as Content), { goods }, t, f);
    } catch {
      return [];
    }
  }, [item, scheme, goods, t, f.language]);
  return (
    <div>
      {many && <h3>{item.key}</h3>}
      {sentences.length > 0 && (
        <div className="says wide">{sentences.map((s) => <div key={s.id} className={`say ${s.id}`}><p>{s.text}</p>{s.rows && <ul>{s.rows.map((r, i) => <li key={i}><span>{r[0]}</span><b>{r[1]}</b></li>)}</ul>}</div>)}</div>
      )}
      {item.before ? <><h3 className="diff-h">{t("change.differs", { count: diff.length })}</h3><DiffList diff={diff} goods={goods} /></> : sentences.length === 0 ? <DiffList diff={diff} goods={goods} isNew /> : null}
    </div>
  );
}
