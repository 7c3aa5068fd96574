import { Drawer } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, api } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Chip, Skeleton, type Tone } from "../../ui";
import { useFormats } from "../format";
import { Fault, NoRight } from "../frame/faults";
import type { GridColumn } from "../grid/grid";
import { List } from "../grid/list";
import type { Page } from "../http";
import { Ask } from "../kit/ask";
import { A } from "../kit/link";
import { toast } from "../kit/toast";
import { useSearchState } from "../nav";
import { mayRead, permissionsOf, useMe } from "../session";

type State = "ACTIVE" | "LOCKED" | "WIPE_REQUESTED" | "WIPED" | "REVOKED";
type Act = "lock" | "unlock" | "wipe" | "revoke";

interface Device {
  id: string; distributorId: number; distributorCode: string; distributorName: string; code: string; name: string; kind: string; user: string; state: State;
  stateReason: string | null; stateBy: string | null; stateAt: string | null; registeredAt: string; appVersion: string | null; schemaVersion: number; lastSeenAt: string; lastSyncAt: string | null;
  queueLength: number; oldestUnsentAt: string | null; unsentValue: string | null; storagePercent: string | null; clockDriftSeconds: number | null; seriesLeft: Record<string, number>;
  refused: number; silentHours: number; alert: number | null; version: number;
}
interface Lease { documentType: string; series: string; width: number; next: number; max: number; state: string; lastNumber: number; lastDate: string | null; voidAfter: string | null }
interface Details { device: Device; leases: Lease[]; gaps: { documentType: string; series: string; from: number; to: number; why: string; text?: string }[]; alerts: { level: number | string; raisedAt: string; clearedAt: string | null }[] }
interface Rescue { id: string; deviceId: string; state: string; commands: number; uploadedAt: string; user: string }

const tones: Record<State, Tone> = { ACTIVE: "good", LOCKED: "act", WIPE_REQUESTED: "watch", WIPED: "plain", REVOKED: "plain" };
const acts: Record<State, Act[]> = { ACTIVE: ["lock", "wipe", "revoke"], LOCKED: ["unlock", "wipe", "revoke"], WIPE_REQUESTED: ["unlock", "revoke"], WIPED: [], REVOKED: [] };

/** T22, devices: who has not been heard of, what waits on each, what is left of its numbers, and what can be done about a lost one. */
export function Devices() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const [search, set] = useSearchState();
  const columns = useMemo<GridColumn<Device>[]>(() => [
    { id: "name", label: t("devices.device"), width: 208, grow: true, fixed: true, sortable: true, cell: (r) => <><b className="code">{r.code}</b> {r.name}</>, raw: (r) => `${r.code} ${r.name}` },
    { id: "distributor", label: t("dimension.distributor"), width: 136, cell: (r) => r.distributorName, raw: (r) => r.distributorName },
    { id: "user", label: t("devices.user"), width: 96, cell: (r) => r.user, raw: (r) => r.user },
    { id: "lastSyncAt", label: t("devices.lastSync"), width: 136, sortable: true, cell: (r) => <span className="row">{r.alert !== null && <Chip tone={r.alert >= 72 ? "act" : "watch"}>{t("devices.silent", { hours: r.silentHours })}</Chip>}{r.alert === null && <span className="num">{r.lastSyncAt ? f.moment(r.lastSyncAt) : t("people.never")}</span>}</span>, raw: (r) => r.lastSyncAt },
    { id: "queueLength", label: t("devices.queue"), width: 80, numeric: true, sortable: true, cell: (r) => f.qty(r.queueLength), raw: (r) => r.queueLength },
    { id: "unsentValue", label: `${t("devices.unsentValue")}, ${f.rupee}`, width: 124, numeric: true, cell: (r) => (r.unsentValue === null ? "n/a" : f.money(r.unsentValue)), raw: (r) => r.unsentValue },
    { id: "seriesLeft", label: t("devices.numbersLeft"), width: 112, numeric: true, cell: (r) => (r.seriesLeft["INVOICE"] === undefined ? "n/a" : f.qty(r.seriesLeft["INVOICE"])), raw: (r) => r.seriesLeft["INVOICE"] ?? null },
    { id: "drift", label: t("devices.drift"), width: 96, numeric: true, cell: (r) => <Drift seconds={r.clockDriftSeconds} />, raw: (r) => r.clockDriftSeconds },
    { id: "appVersion", label: t("devices.version"), width: 88, startsHidden: true, cell: (r) => r.appVersion ?? "n/a", raw: (r) => r.appVersion },
    { id: "storagePercent", label: t("devices.storage"), width: 96, numeric: true, startsHidden: true, cell: (r) => (r.storagePercent === null ? "n/a" : `${f.qty(r.storagePercent)} %`), raw: (r) => r.storagePercent },
    { id: "refused", label: t("devices.refused"), width: 88, numeric: true, startsHidden: true, cell: (r) => f.qty(r.refused), raw: (r) => r.refused },
    { id: "state", label: t("field.status"), width: 124, sortable: true, cell: (r) => <Chip tone={tones[r.state]}>{t(`devices.state.${r.state}`)}</Chip>, raw: (r) => r.state },
  ], [t, f]);
  if (!mayRead(me, "DEVICE_READ")) return <section className="panel"><NoRight what={t("devices.title")} /></section>;
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("devices.title")}</h1><p className="muted s">{t("devices.about")}</p></div>
        <A className="btn" path="/people">{t("rail.people")}</A>
      </div>
      <List<Device>
        id="devices" title={t("devices.title")} path="/api/v1/sync/devices" columns={columns}
        filters={[
          { id: "state", label: t("field.status"), kind: "choice", options: (Object.keys(tones) as State[]).map((v) => ({ value: v, label: t(`devices.state.${v}`) })) },
          { id: "silentHours", label: t("devices.silentFor"), kind: "choice", options: ["24", "48", "72"].map((v) => ({ value: v, label: t("devices.hours", { hours: v }) })) },
          { id: "distributorId", label: t("dimension.distributor"), kind: "ref", ref: "distributors" },
        ]}
        rowKey={(r) => r.id} rowLabel={(r) => `${r.code} ${r.name}`} onOpen={(r) => set({ open: r.id })}
        empty={{ title: t("devices.none"), text: t("devices.about") }}
      />
      <Drawer opened={search.open !== undefined} onClose={() => set({ open: undefined })} position="right" size={640} title={t("devices.one")} closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}>
        {search.open && <DevicePanel key={search.open} id={search.open} />}
      </Drawer>
    </>
  );
}

function Drift({ seconds }: { seconds: number | null }) {
  const { t } = useTranslation();
  if (seconds === null) return <>n/a</>;
  const minutes = Math.round(Math.abs(seconds) / 60);
  if (minutes <= 3) return <span className="muted">{t("devices.inStep")}</span>;
  return <Chip tone={minutes > 60 ? "act" : "watch"}>{t(seconds > 0 ? "devices.ahead" : "devices.behind", { minutes })}</Chip>;
}

function DevicePanel({ id }: { id: string }) {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const cache = useQueryClient();
  const [act, setAct] = useState<Act | { rescue: string; how: "accept" | "discard" } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const found = useQuery({ queryKey: ["device", id], queryFn: () => api<Details>(`/api/v1/sync/devices/${id}`), retry: false, placeholderData: undefined });
  const rescues = useQuery({ queryKey: ["rescues", id], queryFn: async () => (await api<Page<Rescue>>("/api/v1/sync/rescues", { query: { distributorId: found.data!.device.distributorId, limit: 100 } })).items.filter((r) => r.deviceId === id), enabled: found.data !== undefined, retry: false });
  if (found.error) return <Fault error={found.error} reset={() => void found.refetch()} />;
  if (!found.data) return <Skeleton lines={8} />;
  const { device, leases, gaps, alerts } = found.data;
  const can = (permission: string) => permissionsOf(me).length === 0 || permissionsOf(me).includes(permission);
  const run = async (reason: string) => {
    setProblem(null);
    try {
      if (typeof act === "string") await api(`/api/v1/sync/devices/${id}/${act}`, { method: "POST", body: { reason } });
      else if (act) await api(`/api/v1/sync/rescues/${act.rescue}/${act.how}`, { method: "POST", body: { reason } });
      toast(t(typeof act === "string" ? `devices.done.${act}` : `devices.done.${act!.how}`));
      setAct(null);
      await Promise.all([cache.invalidateQueries({ queryKey: ["device", id] }), cache.invalidateQueries({ queryKey: ["rescues", id] }), cache.invalidateQueries({ queryKey: ["list", "/api/v1/sync/devices"] })]);
    } catch (error) {
      setProblem(error instanceof ApiError ? error.problem : { code: "FAULT" });
    }
  };
  const open = alerts.filter((a) => !a.clearedAt);
  return (
    <div style={{ paddingTop: 16, display: "grid", gap: 8 }}>
      <h2><span className="code">{device.code}</span> {device.name}</h2>
      <p className="row" style={{ gap: 8, flexWrap: "wrap" }}><Chip tone={tones[device.state]}>{t(`devices.state.${device.state}`)}</Chip>{device.stateReason && <span>{device.stateReason}{device.stateBy && <span className="muted"> · {device.stateBy}{device.stateAt && `, ${f.moment(device.stateAt)}`}</span>}</span>}</p>
      {open.map((a) => <p key={String(a.raisedAt)} className="note watch">{t("devices.alert", { hours: a.level, at: f.moment(a.raisedAt) })}</p>)}
      <dl className="dl" style={{ gridTemplateColumns: "144px minmax(0, 1fr)", margin: "12px 0" }}>
        <dt>{t("dimension.distributor")}</dt><dd>{device.distributorName} <span className="muted code">{device.distributorCode}</span></dd>
        <dt>{t("devices.user")}</dt><dd>{device.user}</dd>
        <dt>{t("devices.lastSync")}</dt><dd className="num">{device.lastSyncAt ? f.moment(device.lastSyncAt) : t("people.never")}</dd>
        <dt>{t("devices.queue")}</dt><dd className="num">{f.qty(device.queueLength)}{device.unsentValue !== null && ` · ${f.rupee} ${f.money(device.unsentValue)}`}{device.oldestUnsentAt && ` · ${t("devices.since", { at: f.moment(device.oldestUnsentAt) })}`}</dd>
        <dt>{t("devices.drift")}</dt><dd><Drift seconds={device.clockDriftSeconds} /></dd>
        <dt>{t("devices.storage")}</dt><dd className="num">{device.storagePercent === null ? "n/a" : `${f.qty(device.storagePercent)} %`}</dd>
        <dt>{t("devices.version")}</dt><dd className="num">{device.appVersion ?? "n/a"} · {t("devices.schema", { version: device.schemaVersion })}</dd>
        <dt>{t("devices.registered")}</dt><dd className="num">{f.moment(device.registeredAt)}</dd>
      </dl>
      <h3>{t("devices.series")}</h3>
      {leases.length === 0 ? <p className="muted">{t("devices.noSeries")}</p> : (
        <table className="tbl small"><thead><tr><th>{t("field.documentType")}</th><th>{t("devices.seriesName")}</th><th className="n">{t("devices.lastNumber")}</th><th className="n">{t("devices.numbersLeft")}</th><th>{t("field.status")}</th></tr></thead>
          <tbody>{leases.map((l) => <tr key={`${l.documentType}${l.series}`}><td>{t(`choice.documentType.${l.documentType}`, { defaultValue: l.documentType })}</td><td className="code">{l.series}</td><td className="n">{l.lastNumber > 0 ? `${String(l.lastNumber).padStart(l.width, "0")}` : "–"}</td><td className="n">{f.qty(Math.max(0, l.max - l.next + 1))}</td><td>{t(`devices.lease.${l.state}`, { defaultValue: l.state })}{l.voidAfter && <div className="s muted">{t("devices.voidAfter", { date: f.dense(l.voidAfter) })}</div>}</td></tr>)}</tbody></table>
      )}
      {gaps.length > 0 && (
        <>
          <h3>{t("devices.gaps")}</h3>
          <table className="tbl small"><tbody>{gaps.map((g) => <tr key={`${g.series}${g.from}`}><td className="code">{g.series}{g.from}{g.to !== g.from && `–${g.to}`}</td><td>{t(`devices.why.${g.why}`, { defaultValue: g.why })}{g.text && <div className="s muted">{g.text}</div>}</td></tr>)}</tbody></table>
        </>
      )}
      {(rescues.data?.length ?? 0) > 0 && (
        <>
          <h3>{t("devices.rescues")}</h3>
          {rescues.data!.map((r) => (
            <div key={r.id} className="row" style={{ gap: 8 }}>
              <span className="grow">{t("devices.rescued", { count: r.commands })} <span className="muted">{r.user} · {f.moment(r.uploadedAt)}</span></span>
              {r.state === "HELD" && can("RESCUE_APPROVE") ? (
                <>
                  <button type="button" className="btn sm pri" onClick={() => setAct({ rescue: r.id, how: "accept" })}>{t("devices.act.accept")}</button>
                  <button type="button" className="btn sm" onClick={() => setAct({ rescue: r.id, how: "discard" })}>{t("devices.act.discard")}</button>
                </>
              ) : <Chip>{t(`devices.rescue.${r.state}`, { defaultValue: r.state })}</Chip>}
            </div>
          ))}
        </>
      )}
      {can("DEVICE_MANAGE") ? (
        <div className="row end" style={{ gap: 8, flexWrap: "wrap", marginTop: 16 }}>{acts[device.state].map((a) => <button key={a} type="button" className={`btn ${a === "lock" || a === "unlock" ? "" : "danger"}`} onClick={() => setAct(a)}>{t(`devices.act.${a}`)}</button>)}</div>
      ) : <p className="muted s">{t("devices.noManage")}</p>}
      {act && (
        <Ask
          title={t(`devices.act.${typeof act === "string" ? act : act.how}`)} text={t(`devices.say.${typeof act === "string" ? act : act.how}`)} submit={t(`devices.act.${typeof act === "string" ? act : act.how}`)}
          danger={act === "wipe" || act === "revoke"} fields={[{ name: "reason", label: t("devices.reason"), kind: "text", required: true }]} problem={problem} onClose={() => { setAct(null); setProblem(null); }} onSubmit={({ reason }) => void run(reason!)}
        />
      )}
    </div>
  );
}
