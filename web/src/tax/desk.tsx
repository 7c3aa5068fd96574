import { useEffect, useState } from "react";
import type { Problem } from "../api/problems";
import { Button, Dialog, EmptyState, ProblemNote, Skeleton, dateDense, money, timeOfDay } from "../ui";
import { STATES, tax, type Consolidated, type Filing, type FilingRow, type TaskPath } from "./api";
import { Notes } from "./notes";
import { Line, problemOf, StateOf, useAsked, useTaxTexts } from "./parts";
import { Returns } from "./returns";
import "./tax.css";

/** Where the desk stands; the address of the page around it holds it. */
export interface Place { tab: "e-invoices" | "e-way-bills" | "notes" | "returns"; state?: string | undefined; open?: string | undefined; month?: string | undefined; section?: string | undefined; distributorId?: string | undefined }

export interface DeskProps {
  place: Place;
  onPlace: (change: Partial<Place>) => void;
  /** Whose documents; with several, the returns ask for one. */
  distributors: { id: number; name: string }[];
  can: { file: boolean; eway: boolean; returns: boolean; notes?: boolean };
  today: string;
  /** The address of a posted document in this workspace. */
  documentHref: (id: string) => string;
}

/** E-invoices, e-way bills and returns: what the tax office has, what it lacks, and the way out (CMP-02, CMP-03). */
export function TaxDesk(props: DeskProps) {
  const { t } = useTaxTexts();
  const { place, onPlace, can } = props;
  const tabs = (["e-invoices", "e-way-bills", ...(can.notes ? ["notes"] : []), ...(can.returns ? ["returns"] : [])] as Place["tab"][]);
  return (
    <div className="tax">
      <nav className="tax-tabs" aria-label={t("tabs")}>
        {tabs.map((tab) => <button key={tab} type="button" className="btn quiet" aria-current={place.tab === tab ? "page" : undefined} onClick={() => onPlace({ tab, state: undefined, open: undefined, section: undefined })}>{t(`tab.${tab}`)}</button>)}
        <PortalLine />
      </nav>
      {place.tab === "returns" ? <Returns {...props} /> : place.tab === "notes" ? <Notes {...props} /> : <Filings key={place.tab} {...props} task={place.tab} />}
    </div>
  );
}

/** Whether a portal is set up, and whether it is the one in the box. */
function PortalLine() {
  const { t } = useTaxTexts();
  const { data } = useAsked("portal", () => tax.portal());
  if (!data) return null;
  if (!data.setUp) return <span className="s muted">{t("portal.none")}</span>;
  return (
    <span className="s muted">
      {data.simulator && <>{t("portal.simulator")} </>}
      {data.dueSoon > 0 && <strong>{t("portal.dueSoon", { count: data.dueSoon })}</strong>}
    </span>
  );
}

function Filings({ place, onPlace, can, task, documentHref, distributors }: DeskProps & { task: TaskPath }) {
  const { t, language } = useTaxTexts();
  const [find, setFind] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(find.trim()), 250);
    return () => clearTimeout(timer);
  }, [find]);
  const { data, problem, again } = useAsked(`${task} ${place.state ?? ""} ${asked}`, () => tax.list(task, { state: place.state, q: asked || undefined }));
  // what is on its way changes by itself
  const moving = data?.items.some((row) => ["WAITING", "SUBMITTED", "UNKNOWN", "CANCELLING"].includes(row.state)) ?? false;
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(again, 4000);
    return () => clearInterval(timer);
  }, [moving, again]);
  const names = new Map(distributors.map((d) => [d.id, d.name]));
  const [picked, setPicked] = useState<string[]>([]);
  const [trip, setTrip] = useState(false);
  const picks = task === "e-way-bills" && can.eway;
  const chosen = (data?.items ?? []).filter((row) => picked.includes(row.id) && row.state === "REGISTERED");
  const mixed = new Set(chosen.map((row) => row.distributorId)).size > 1;
  return (
    <div className="tax-split">
      <section className="tax-list" aria-label={t(`tab.${task}`)}>
        <div className="tax-bar">
          <label className="filter">{t("field.state")} <select className="bare" value={place.state ?? ""} onChange={(e) => onPlace({ state: e.target.value || undefined, open: undefined })}><option value="">{t("all")}</option>{STATES.map((state) => <option key={state} value={state}>{t(`state.${state}`)}</option>)}</select></label>
          <input className="input" type="search" aria-label={t("find")} placeholder={t("find")} value={find} onChange={(e) => setFind(e.target.value)} />
          {picks && <Button disabled={chosen.length === 0 || mixed} onClick={() => setTrip(true)}>{t("trip.for", { count: chosen.length })}</Button>}
          {mixed && <span className="s muted">{t("trip.mixed")}</span>}
        </div>
        {problem && <ProblemNote problem={problem}><Button onClick={again}>{t("again")}</Button></ProblemNote>}
        {!data && !problem && <Skeleton lines={8} />}
        {data && data.items.length === 0 && <EmptyState title={t(place.state || asked ? "noneFound" : `none.${task}`)}>{place.state || asked ? <Button onClick={() => { setFind(""); onPlace({ state: undefined }); }}>{t("showAll")}</Button> : t(`noneText.${task}`)}</EmptyState>}
        {data && data.items.length > 0 && (
          <div className="tax-scroll" tabIndex={0} role="group" aria-label={t(`tab.${task}`)}>
            <table className="tbl">
              <thead><tr>{picks && <th scope="col"><span className="vh">{t("trip.pick")}</span></th>}<th scope="col">{t("field.number")}</th><th scope="col">{t("field.date")}</th><th scope="col">{t("field.buyer")}</th>{distributors.length > 1 && <th scope="col">{t("field.distributor")}</th>}<th scope="col" className="n">{t("field.value")}</th><th scope="col">{t("field.state")}</th><th scope="col">{t("field.why")}</th></tr></thead>
              <tbody>
                {data.items.map((row) => (
                  <tr key={row.id} aria-selected={row.id === place.open} onClick={() => onPlace({ open: row.id })}>
                    {picks && <td onClick={(e) => e.stopPropagation()}>{row.state === "REGISTERED" && <input type="checkbox" aria-label={`${t("trip.pick")} ${row.number}`} checked={picked.includes(row.id)} onChange={(e) => setPicked(e.target.checked ? [...picked, row.id] : picked.filter((id) => id !== row.id))} />}</td>}
                    <td><button type="button" className="lnk num" onClick={(e) => { e.stopPropagation(); onPlace({ open: row.id }); }}>{row.number}</button>{row.kind !== "INVOICE" && <span className="s muted"> {t(`kind.${row.kind}`)}</span>}</td>
                    <td className="num">{dateDense(row.businessDate)}</td><td>{row.buyer}</td>{distributors.length > 1 && <td>{names.get(row.distributorId) ?? row.distributorId}</td>}<td className="n num">{money(row.payable, language)}</td>
                    <td><StateOf state={row.state} /></td>
                    <td className="s">{row.reason ?? (task === "e-way-bills" && row.validUntil ? t("validUntil", { at: moment(row.validUntil) }) : row.state !== "REGISTERED" && row.reportBy ? t("reportBy", { on: dateDense(row.reportBy) }) : "")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {data.next && <p className="s muted">{t("more")}</p>}
          </div>
        )}
      </section>
      {trip && chosen.length > 0 && <Trip rows={chosen} onClose={() => { setTrip(false); setPicked([]); }} onMade={again} />}
      {place.open && <One key={place.open} id={place.open} task={task} can={task === "e-invoices" ? can.file : can.eway} canEway={can.eway} documentHref={documentHref} onClose={() => onPlace({ open: undefined })} onChanged={again} onEway={(id) => onPlace({ tab: "e-way-bills", open: id, state: undefined })} />}
    </div>
  );
}

function moment(at: string): string {
  return `${dateDense(at.slice(0, 10))} ${timeOfDay(at)}`;
}

function One({ id, task, can, canEway, documentHref, onClose, onChanged, onEway }: { id: string; task: TaskPath; can: boolean; canEway: boolean; documentHref: (id: string) => string; onClose: () => void; onChanged: () => void; onEway: (id: string) => void }) {
  const { t, language } = useTaxTexts();
  const { data, problem, again } = useAsked(`${task}/${id}`, () => tax.one(task, id));
  const [refused, setRefused] = useState<Problem>();
  const [asking, setAsking] = useState<"cancel" | "eway" | "vehicle" | "extend">();
  const moving = data ? ["WAITING", "SUBMITTED", "UNKNOWN", "CANCELLING"].includes(data.state) : false;
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(again, 2500);
    return () => clearInterval(timer);
  }, [moving, again]);
  const act = (work: Promise<Filing>, done?: (filing: Filing) => void) => {
    setRefused(undefined);
    work.then((filing) => {
      setAsking(undefined);
      again();
      onChanged();
      done?.(filing);
    }, (error: unknown) => setRefused(problemOf(error)));
  };
  return (
    <aside className="tax-one" aria-label={data?.number ?? t("loading")}>
      <header><h2>{data ? <a className="lnk num" href={documentHref(id)}>{data.number}</a> : "…"}</h2>{data && <StateOf state={data.state} />}<Button kind="quiet" onClick={onClose}>{t("action.close", { ns: "common" })}</Button></header>
      {problem && <ProblemNote problem={problem} />}
      {!data && !problem && <Skeleton lines={6} />}
      {data && (
        <>
          <p>{data.buyer} · <span className="num">{money(data.payable, language)}</span> · <span className="num">{dateDense(data.businessDate)}</span></p>
          <p className="b">{t(`means.${data.state}`)}</p>
          {data.reason && <p>{data.reason}{data.code && <span className="s muted"> ({data.code})</span>}</p>}
          {data.faults.length > 0 && <ul className="tax-faults">{data.faults.map((fault, i) => <li key={i}><strong>{t(`where.${fault.where}`)}</strong> {fault.detail}{fault.accepted && <span className="muted"> → {fault.accepted}</span>} <span className="s muted">({fault.code})</span></li>)}</ul>}
          <dl className="tax-facts">
            {data.reference && <><dt>{t(task === "e-invoices" ? "field.irn" : "field.ewayNumber")}</dt><dd className="code">{data.reference}</dd></>}
            {data.acknowledgement && task === "e-invoices" && <><dt>{t("field.ack")}</dt><dd className="num">{data.acknowledgement}</dd></>}
            {data.acknowledgedAt && <><dt>{t("field.at")}</dt><dd className="num">{moment(data.acknowledgedAt)}</dd></>}
            {data.validUntil && <><dt>{t("field.validUntil")}</dt><dd className="num">{moment(data.validUntil)}</dd></>}
            {data.transport && <><dt>{t("field.transport")}</dt><dd>{[data.transport.vehicle, data.transport.transporterName ?? data.transport.transporterId, t("km", { km: data.transport.distanceKm })].filter(Boolean).join(" · ")}</dd></>}
            {data.reportBy && data.state !== "REGISTERED" && data.state !== "CANCELLED" && <><dt>{t("field.reportBy")}</dt><dd className="num">{dateDense(data.reportBy)}</dd></>}
            {data.mayCancel && data.cancelBy && <><dt>{t("field.cancelBy")}</dt><dd className="num">{moment(data.cancelBy)}</dd></>}
            {data.attempts > 1 && <><dt>{t("field.attempts")}</dt><dd className="num">{data.attempts}{data.nextTryAt && `, ${t("next", { at: timeOfDay(data.nextTryAt) })}`}</dd></>}
          </dl>
          {refused && !asking && <ProblemNote problem={refused} />}
          <div className="acts">
            {can && data.mayRetry && <Button kind="primary" onClick={() => act(tax.retry(task, id))}>{t(data.state === "BLOCKED" || data.state === "REJECTED" ? "sendAgain" : "askNow")}</Button>}
            {canEway && task === "e-invoices" && data.kind === "INVOICE" && data.state !== "CANCELLED" && <Button onClick={() => setAsking("eway")}>{t("makeEway")}</Button>}
            {can && task === "e-way-bills" && data.state === "REGISTERED" && <Button onClick={() => setAsking("vehicle")}>{t("otherVehicle")}</Button>}
            {can && data.extendFrom && data.extendBy && <Button disabled={!within(data.extendFrom, data.extendBy)} onClick={() => setAsking("extend")}>{t("extend")}</Button>}
            {can && data.mayCancel && <Button kind="danger" onClick={() => setAsking("cancel")}>{t("cancel")}</Button>}
          </div>
          {can && data.extendFrom && data.extendBy && !within(data.extendFrom, data.extendBy) && <p className="s muted">{t("extendWhen", { from: moment(data.extendFrom), by: moment(data.extendBy) })}</p>}
          <details>
            <summary>{t("history")}</summary>
            <ol className="tax-events">
              {data.events.map((event, i) => (
                <li key={i}>
                  <span className="num s muted">{moment(event.at)}</span> {t(`step.${event.step}`, { defaultValue: event.step })} → {t(`state.${event.state}`, { defaultValue: event.state })}{event.text && <>: {event.text}</>} <span className="s muted">{event.actor}</span>
                  {event.answer && <details><summary className="s">{t("answer")}</summary><pre className="code">{event.answer}</pre></details>}
                </li>
              ))}
            </ol>
          </details>
          {data.payload && <details><summary>{t("sent")}</summary><pre className="code">{pretty(data.payload)}</pre></details>}
          {asking === "cancel" && <Cancel task={task} problem={refused} onClose={() => setAsking(undefined)} onCancel={(reason, remark) => act(tax.cancel(task, id, reason, remark))} />}
          {asking === "eway" && <Transport problem={refused} onClose={() => setAsking(undefined)} onMake={(distanceKm, vehicle, transporterId) => act(tax.ewayBill({ distributorId: data.distributorId, documentId: id, distanceKm, vehicle, transporterId }), () => onEway(id))} />}
          {asking === "extend" && <Extend vehicle={data.transport?.vehicle ?? ""} problem={refused} onClose={() => setAsking(undefined)} onExtend={(body) => act(tax.extend(id, body))} />}
          {asking === "vehicle" && <Vehicle problem={refused} onClose={() => setAsking(undefined)} onChange={(vehicle, place, remark) => act(tax.vehicle(id, { vehicle, place, remark }))} />}
        </>
      )}
    </aside>
  );
}

function within(from: string, by: string): boolean {
  const now = Date.now();
  return Date.parse(from) <= now && now <= Date.parse(by);
}

/** A longer validity, from where the vehicle stands. */
function Extend({ vehicle: known, problem, onClose, onExtend }: { vehicle: string; problem: Problem | undefined; onClose: () => void; onExtend: (body: { vehicle: string; remainingKm: number; place: string; pin: string; remark: string }) => void }) {
  const { t } = useTaxTexts();
  const [vehicle, setVehicle] = useState(known);
  const [km, setKm] = useState("");
  const [place, setPlace] = useState("");
  const [pin, setPin] = useState("");
  const [remark, setRemark] = useState("");
  const whole = /^[0-9]{1,4}$/.test(km) && Number(km) >= 1 && Number(km) <= 4000 && /^[1-9][0-9]{5}$/.test(pin) && [vehicle, place, remark].every((text) => text.trim());
  return (
    <Dialog title={t("extend")} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); if (whole) onExtend({ vehicle: vehicle.trim(), remainingKm: Number(km), place: place.trim(), pin, remark: remark.trim() }); }}>
        <p className="muted">{t("extendText")}</p>
        {problem && <ProblemNote problem={problem} />}
        <Line label={t("field.remaining")}>{(id) => <input id={id} className="input num" inputMode="numeric" data-autofocus value={km} onChange={(e) => setKm(e.target.value)} />}</Line>
        <Line label={t("field.place")}>{(id) => <input id={id} className="input" maxLength={50} value={place} onChange={(e) => setPlace(e.target.value)} />}</Line>
        <Line label={t("field.pin")}>{(id) => <input id={id} className="input num" inputMode="numeric" maxLength={6} value={pin} onChange={(e) => setPin(e.target.value)} />}</Line>
        <Line label={t("field.vehicle")}>{(id) => <input id={id} className="input num" maxLength={20} value={vehicle} onChange={(e) => setVehicle(e.target.value)} />}</Line>
        <Line label={t("field.remark")}>{(id) => <input id={id} className="input" maxLength={50} value={remark} onChange={(e) => setRemark(e.target.value)} />}</Line>
        <div className="end"><Button onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" disabled={!whole}>{t("extend")}</Button></div>
      </form>
    </Dialog>
  );
}

/** EWB-02: one paper for the e-way bills that one vehicle carries. */
function Trip({ rows, onClose, onMade }: { rows: FilingRow[]; onClose: () => void; onMade: () => void }) {
  const { t, language } = useTaxTexts();
  const [vehicle, setVehicle] = useState("");
  const [place, setPlace] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const [made, setMade] = useState<Consolidated>();
  const [busy, setBusy] = useState(false);
  const whole = vehicle.trim() !== "" && place.trim() !== "";
  const make = () => {
    if (!whole || busy) return;
    setBusy(true);
    setProblem(undefined);
    tax.consolidate({ distributorId: rows[0]!.distributorId, documentIds: rows.map((row) => row.id), vehicle: vehicle.trim(), place: place.trim() }).then((trip) => {
      setMade(trip);
      onMade();
    }, (error: unknown) => setProblem(problemOf(error))).finally(() => setBusy(false));
  };
  return (
    <Dialog title={made ? t("trip.made", { number: made.number }) : t("trip.title", { count: rows.length })} onClose={onClose}>
      {made ? (
        <div style={{ display: "grid", gap: 12 }}>
          <p>{t("trip.carries", { vehicle: made.vehicle, at: moment(made.madeAt) })}</p>
          <div className="tax-scroll" tabIndex={0} role="group" aria-label={t("trip.title", { count: made.carried.length })}>
            <table className="tbl"><thead><tr><th scope="col">{t("field.ewayNumber")}</th><th scope="col">{t("field.number")}</th><th scope="col">{t("field.buyer")}</th><th scope="col" className="n">{t("field.value")}</th><th scope="col">{t("field.validUntil")}</th></tr></thead>
              <tbody>{made.carried.map((one) => <tr key={one.id}><td className="num">{one.eWayBill}</td><td className="num">{one.number}</td><td>{one.buyer}</td><td className="n num">{money(one.payable, language)}</td><td className="num">{one.validUntil ? moment(one.validUntil) : "–"}</td></tr>)}</tbody></table>
          </div>
          <div className="end"><Button kind="primary" onClick={onClose}>{t("action.close", { ns: "common" })}</Button></div>
        </div>
      ) : (
        <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); make(); }}>
          <p className="muted">{t("trip.text")}</p>
          {problem && <ProblemNote problem={problem} />}
          <Line label={t("field.vehicle")}>{(id) => <input id={id} className="input num" data-autofocus maxLength={20} placeholder="MH12AB1234" value={vehicle} onChange={(e) => setVehicle(e.target.value)} />}</Line>
          <Line label={t("field.place")}>{(id) => <input id={id} className="input" maxLength={50} value={place} onChange={(e) => setPlace(e.target.value)} />}</Line>
          <div className="end"><Button onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" disabled={!whole || busy}>{t("trip.make")}</Button></div>
        </form>
      )}
    </Dialog>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 1);
  } catch {
    return json;
  }
}

function Cancel({ task, problem, onClose, onCancel }: { task: TaskPath; problem: Problem | undefined; onClose: () => void; onCancel: (reason: string, remark: string) => void }) {
  const { t } = useTaxTexts();
  const [reason, setReason] = useState("DATA_ENTRY");
  const [remark, setRemark] = useState("");
  return (
    <Dialog title={t("cancelTitle")} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); if (remark.trim()) onCancel(reason, remark.trim()); }}>
        <p className="muted">{t(`cancelText.${task}`)}</p>
        {problem && <ProblemNote problem={problem} />}
        <Line label={t("field.reason")}>{(id) => <select id={id} className="input" value={reason} onChange={(e) => setReason(e.target.value)}>{["DUPLICATE", "DATA_ENTRY", "ORDER_CANCELLED", "OTHER"].map((one) => <option key={one} value={one}>{t(`reason.${one}`)}</option>)}</select>}</Line>
        <Line label={t("field.remark")}>{(id) => <input id={id} className="input" maxLength={100} required value={remark} onChange={(e) => setRemark(e.target.value)} />}</Line>
        <div className="end"><Button onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="danger" type="submit" disabled={!remark.trim()}>{t("cancel")}</Button></div>
      </form>
    </Dialog>
  );
}

/** How the goods travel: a vehicle of one's own, or a transporter who names it. */
export function Transport({ problem, onClose, onMake }: { problem: Problem | undefined; onClose: () => void; onMake: (distanceKm: number, vehicle: string | null, transporterId: string | null) => void }) {
  const { t } = useTaxTexts();
  const [km, setKm] = useState("");
  const [vehicle, setVehicle] = useState("");
  const [transporter, setTransporter] = useState("");
  const whole = /^[0-9]{1,4}$/.test(km) && Number(km) >= 1 && Number(km) <= 4000 && (vehicle.trim() !== "" || transporter.trim() !== "");
  return (
    <Dialog title={t("makeEway")} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); if (whole) onMake(Number(km), vehicle.trim() || null, transporter.trim() || null); }}>
        {problem && <ProblemNote problem={problem} />}
        <Line label={t("field.distance")}>{(id) => <input id={id} className="input num" inputMode="numeric" data-autofocus value={km} onChange={(e) => setKm(e.target.value)} />}</Line>
        <Line label={t("field.vehicle")}>{(id) => <input id={id} className="input num" placeholder="MH12AB1234" value={vehicle} onChange={(e) => setVehicle(e.target.value)} />}</Line>
        <Line label={t("field.transporter")}>{(id) => <input id={id} className="input num" value={transporter} onChange={(e) => setTransporter(e.target.value)} />}</Line>
        <p className="s muted">{t("transportHint")}</p>
        <div className="end"><Button onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" disabled={!whole}>{t("makeEway")}</Button></div>
      </form>
    </Dialog>
  );
}

function Vehicle({ problem, onClose, onChange }: { problem: Problem | undefined; onClose: () => void; onChange: (vehicle: string, place: string, remark: string) => void }) {
  const { t } = useTaxTexts();
  const [vehicle, setVehicle] = useState("");
  const [place, setPlace] = useState("");
  const [remark, setRemark] = useState("");
  const whole = [vehicle, place, remark].every((text) => text.trim());
  return (
    <Dialog title={t("otherVehicle")} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); if (whole) onChange(vehicle.trim(), place.trim(), remark.trim()); }}>
        {problem && <ProblemNote problem={problem} />}
        <Line label={t("field.vehicle")}>{(id) => <input id={id} className="input num" data-autofocus value={vehicle} onChange={(e) => setVehicle(e.target.value)} />}</Line>
        <Line label={t("field.place")}>{(id) => <input id={id} className="input" value={place} onChange={(e) => setPlace(e.target.value)} />}</Line>
        <Line label={t("field.remark")}>{(id) => <input id={id} className="input" maxLength={50} value={remark} onChange={(e) => setRemark(e.target.value)} />}</Line>
        <div className="end"><Button onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" disabled={!whole}>{t("otherVehicle")}</Button></div>
      </form>
    </Dialog>
  );
}
