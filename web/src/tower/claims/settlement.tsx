import { Drawer } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { itemsOf, type Batch, type Claim, type Page, type Settlement } from "../../claims/api";
import { ClaimStatus, useClaimTexts } from "../../claims/parts";
import { api, ApiError } from "../../api/client";
import type { Problem } from "../../api/problems";
import { uuidv7 } from "../../api/uuid";
import { EmptyState, Skeleton } from "../../ui";
import { Fault, NoRight, problemFrom } from "../frame/faults";
import { useFormats } from "../format";
import type { GridColumn } from "../grid/grid";
import { List } from "../grid/list";
import { A } from "../kit/link";
import { toast } from "../kit/toast";
import { href, useGo, useSearchState } from "../nav";
import { mayRead, useMe } from "../session";
import { SettleDialog } from "./case";
import "./desk.css";

const TABS = ["batches", "approved", "notes"] as const;

/** What Finance pays: straight-through batches, what a person approved, and the credit notes that were made. */
export function Settlements() {
  const { t } = useClaimTexts();
  const [search, set] = useSearchState();
  const tab = TABS.find((x) => x === search.tab) ?? "batches";
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("settlement.title")}</h1><p className="muted s">{t(`settlement.about.${tab}`)}</p></div>
        <div className="seg" role="group" aria-label={t("settlement.title")}>{TABS.map((x) => <button key={x} type="button" aria-pressed={tab === x} onClick={() => set({ tab: x === "batches" ? undefined : x, open: undefined, q: undefined, sort: undefined })}>{t(`settlement.tab.${x}`)}</button>)}</div>
      </div>
      {tab === "batches" ? <Batches /> : tab === "approved" ? <Approved /> : <Notes />}
    </>
  );
}

function Batches() {
  const { t } = useClaimTexts();
  const f = useFormats();
  const me = useMe();
  const cache = useQueryClient();
  const found = useQuery({ queryKey: ["claims-batches"], queryFn: async () => itemsOf(await api<Page<Batch> | Batch[]>("/api/v1/claims/batches")) });
  const [paying, setPaying] = useState<{ batch: Batch; id: string } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const pay = async (x: { treatment: string; principalNoteNumber?: string }) => {
    if (!paying) return;
    setProblem(null);
    try {
      const done = await api<{ settlements: Settlement[]; claims: number; amount: string }>(`/api/v1/claims/batches/${encodeURIComponent(paying.batch.batch)}/settlement`, { method: "POST", body: { id: paying.id, ...x } });
      toast(t("settlement.paid", { count: done.settlements.length, claims: done.claims, amount: `${f.rupee} ${f.money(done.amount)}` }));
      setPaying(null);
      void cache.invalidateQueries({ queryKey: ["claims-batches"] });
      void cache.invalidateQueries({ queryKey: ["claims-summary"] });
      void cache.invalidateQueries({ queryKey: ["list"] });
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  if (found.error instanceof ApiError && found.error.status === 403) return <section className="panel"><NoRight what={t("settlement.title")} /></section>;
  if (found.error) return <section className="panel" style={{ padding: 16 }}><Fault error={found.error} reset={() => void found.refetch()} /></section>;
  if (!found.data) return <section className="panel"><Skeleton lines={6} /></section>;
  if (found.data.length === 0) return <section className="panel"><EmptyState title={t("settlement.noBatch")}>{t("settlement.noBatchText")}</EmptyState></section>;
  return (
    <section className="panel" aria-label={t("settlement.tab.batches")}>
      <div style={{ overflowX: "auto" }}>
        <table className="tbl">
          <thead><tr><th scope="col">{t("settlement.batch")}</th><th scope="col">{t("field.principal")}</th><th scope="col" className="n">{t("settlement.claims")}</th><th scope="col" className="n">{t("settlement.distributors")}</th><th scope="col" className="n">{t("case.approved")}</th><th scope="col" className="n">{t("settlement.settled")}</th><th scope="col" className="n">{t("settlement.toSettle")}</th><th scope="col"><span className="vh">{t("case.decision")}</span></th></tr></thead>
          <tbody>
            {found.data.map((b) => (
              <tr key={b.batch}>
                <td><A className="lnk num" path="/claims" search={{ box: "all", batch: b.batch }}>{b.batch}</A> <span className="s muted num">{f.date(b.on)}</span></td>
                <td>{b.principalName}</td>
                <td className="n">{f.qty(b.claims)}</td><td className="n">{f.qty(b.distributors)}</td><td className="n">{f.money(b.approved)}</td><td className="n">{f.money(b.settled)}</td><td className="n m5">{f.money(b.toSettle)}</td>
                <td className="n">{Number(b.toSettle) > 0 && mayRead(me, "CLAIM_SETTLE") && <button type="button" className="btn sm" onClick={() => { setProblem(null); setPaying({ batch: b, id: uuidv7() }); }}>{t("settle.do")}</button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {paying && <SettleDialog title={t("settlement.payBatch", { batch: paying.batch.batch })} amount={`${f.rupee} ${f.money(paying.batch.toSettle)}`} treatment={null} problem={problem} onClose={() => setPaying(null)} onSubmit={(x) => void pay(x)} />}
    </section>
  );
}

function Approved() {
  const { t } = useClaimTexts();
  const f = useFormats();
  const go = useGo();
  const columns = useMemo<GridColumn<Claim>[]>(() => [
    { id: "number", label: t("field.claim"), width: 144, fixed: true, sortable: true, cell: (r) => <span className="code">{r.number}</span>, raw: (r) => r.number },
    { id: "distributor", label: t("dimension.distributor"), width: 184, grow: true, cell: (r) => r.distributorName, raw: (r) => r.distributorName },
    { id: "scheme", label: t("dimension.scheme"), width: 184, cell: (r) => r.schemeName ?? t(`type.${r.type}`), raw: (r) => r.schemeCode },
    { id: "period", label: t("field.period"), width: 96, cell: (r) => <span className="num">{r.period}</span>, raw: (r) => r.period },
    { id: "claimed", label: `${t("case.claimed")}, ${f.rupee}`, width: 120, numeric: true, sortable: true, cell: (r) => f.money(r.claimed), raw: (r) => r.claimed },
    { id: "approved", label: `${t("case.approved")}, ${f.rupee}`, width: 120, numeric: true, sortable: true, cell: (r) => <b>{f.money(r.approved)}</b>, raw: (r) => r.approved },
    { id: "cut", label: `${t("case.cut")}, ${f.rupee}`, width: 104, numeric: true, cell: (r) => (Number(r.cut ?? 0) === 0 ? <span className="muted">0</span> : <span className="neg">−{f.money(r.cut)}</span>), raw: (r) => r.cut },
    { id: "status", label: t("field.status"), width: 144, cell: (r) => <ClaimStatus claim={r} />, raw: (r) => r.status },
    { id: "decidedBy", label: t("field.decidedBy"), width: 136, cell: (r) => r.decidedBy ?? "–", raw: (r) => r.decidedBy },
    { id: "decidedAt", label: t("field.decidedAt"), width: 128, startsHidden: true, cell: (r) => <span className="num">{f.moment(r.decidedAt)}</span>, raw: (r) => r.decidedAt },
  ], [t, f]);
  return (
    <List<Claim>
      id="claims-approved" title={t("settlement.tab.approved")} path="/api/v1/claims" fixed={{ awaits: "SETTLEMENT" }} columns={columns} defaultSort="-approved"
      filters={[{ id: "distributorId", label: t("dimension.distributor"), kind: "ref", ref: "distributors" }, { id: "principalId", label: t("field.principal"), kind: "ref", ref: "principals" }, { id: "period", label: t("field.period"), kind: "text" }]}
      rowKey={(r) => r.id} rowLabel={(r) => r.distributorName}
      onOpen={(r, beside) => (beside ? void window.open(href(`/claims/${r.id}`), "_blank", "noopener") : go(`/claims/${r.id}`))}
      empty={{ title: t("settlement.noApproved"), text: t("settlement.noApprovedText") }}
    />
  );
}

function Notes() {
  const { t } = useClaimTexts();
  const f = useFormats();
  const [search, set] = useSearchState();
  const columns = useMemo<GridColumn<Settlement>[]>(() => [
    { id: "number", label: t("field.note"), width: 160, fixed: true, cell: (r) => <span className="code">{r.number}</span>, raw: (r) => r.number },
    { id: "on", label: t("field.date"), width: 112, cell: (r) => <span className="num">{f.dense(r.on)}</span>, raw: (r) => r.on },
    { id: "distributor", label: t("dimension.distributor"), width: 184, grow: true, cell: (r) => r.distributorName ?? String(r.distributorId), raw: (r) => r.distributorName ?? r.distributorId },
    { id: "principal", label: t("field.principal"), width: 152, cell: (r) => r.principalName ?? String(r.principalId), raw: (r) => r.principalName ?? r.principalId },
    { id: "treatment", label: t("settle.treatment"), width: 176, cell: (r) => t(`treatment.${r.treatment}`), raw: (r) => r.treatment },
    { id: "amount", label: `${t("settlement.amount")}, ${f.rupee}`, width: 120, numeric: true, cell: (r) => f.money(r.amount), raw: (r) => r.amount },
    { id: "tax", label: `${t("settlement.tax")}, ${f.rupee}`, width: 104, numeric: true, cell: (r) => f.money(r.tax ?? "0"), raw: (r) => r.tax },
    { id: "total", label: `${t("settlement.total")}, ${f.rupee}`, width: 120, numeric: true, cell: (r) => <b>{f.money(r.total)}</b>, raw: (r) => r.total },
    { id: "principalNoteNumber", label: t("settle.number"), width: 136, startsHidden: true, cell: (r) => r.principalNoteNumber ?? "–", raw: (r) => r.principalNoteNumber },
  ], [t, f]);
  return (
    <>
      <List<Settlement>
        id="claims-notes" title={t("settlement.tab.notes")} path="/api/v1/claims/settlements" columns={columns} searchable={false}
        filters={[{ id: "distributorId", label: t("dimension.distributor"), kind: "ref", ref: "distributors" }, { id: "principalId", label: t("field.principal"), kind: "ref", ref: "principals" }]}
        rowKey={(r) => r.id} rowLabel={(r) => r.number} onOpen={(r) => set({ open: r.id })}
        empty={{ title: t("settlement.noNote"), text: t("settlement.noNoteText") }}
      />
      <Drawer opened={Boolean(search.open)} onClose={() => set({ open: undefined })} position="right" size={440} title={t("settlement.note")} closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}>
        {search.open && <Note id={search.open} />}
      </Drawer>
    </>
  );
}

function Note({ id }: { id: string }) {
  const { t } = useClaimTexts();
  const f = useFormats();
  const found = useQuery({ queryKey: ["claims-settlement", id], queryFn: () => api<Settlement>(`/api/v1/claims/settlements/${id}`), placeholderData: undefined });
  if (found.error) return <Fault error={found.error} reset={() => void found.refetch()} />;
  if (!found.data) return <Skeleton lines={5} />;
  const s = found.data;
  return (
    <div className="stack" style={{ paddingTop: 12 }}>
      <dl className="dl"><dt>{t("field.note")}</dt><dd className="code">{s.number}</dd><dt>{t("field.date")}</dt><dd>{f.date(s.on)}</dd><dt>{t("settle.treatment")}</dt><dd>{t(`treatment.${s.treatment}`)}</dd><dt>{t("settle.number")}</dt><dd>{s.principalNoteNumber ?? "–"}</dd><dt>{t("settlement.by")}</dt><dd>{s.postedBy ?? "–"}</dd></dl>
      <table className="tbl"><thead><tr><th scope="col">{t("field.claim")}</th><th scope="col" className="n">{t("settlement.amount")}</th></tr></thead><tbody>{s.claims.map((c) => <tr key={c.claimId}><td><A className="lnk" path={`/claims/${c.claimId}`}>{c.number}</A></td><td className="n">{f.money(c.amount)}</td></tr>)}</tbody><tfoot>{s.tax && Number(s.tax) !== 0 && <tr><td>{t("settlement.tax")}</td><td className="n">{f.money(s.tax)}</td></tr>}<tr><td>{t("settlement.total")}</td><td className="n">{f.money(s.total)}</td></tr></tfoot></table>
    </div>
  );
}
