import { useEffect, useRef, useState, type FormEvent } from "react";
import type { Root } from "react-dom/client";
import { useTranslation } from "react-i18next";
import { ApiError, api, request, type Me } from "../../api/client";
import { signOut } from "../../api/session";
import { LocalStore } from "../../offline/db";
import { countIn, unfinished } from "../../offline/outbox";
import { keepPeople } from "../../offline/people";
import { defaults } from "../../offline/policy";
import type { Cipher } from "../../offline/seal";
import type { Device } from "../../offline/types";
import { WrongPin, cipherOf, dropVault, keepVault, openWithFingerprint, openWithPin, pinFault, setPin, vaultOf, vaults, type Vault } from "../../offline/vault";
import { Button, Shape, TextField } from "../../ui";
import "./lock.css";

export interface Opened { me: Me; distributorId: number; cipher: Cipher; key: Uint8Array<ArrayBuffer> }

const FRESH = "offtake.fresh-sign-in";
const DAY = 86_400_000;

/** Asks for the PIN before anything is read. Without a name, everybody who may open this device without the server is offered. */
export function unlock(root: Root, store: string | undefined, reached: boolean): Promise<Opened> {
  return new Promise((resolve) => {
    const known = store ? [vaultOf(store)].filter((v) => v !== undefined) : vaults();
    const done = async (vault: Vault, key: Uint8Array<ArrayBuffer>) => {
      if (reached) keepVault({ ...(vaultOf(vault.store) ?? vault), signedInAt: Date.now() });
      resolve({ me: vault.me, distributorId: vault.distributorId, cipher: await cipherOf(key), key });
    };
    root.render(<LockScreen vaults={known} reached={reached} onOpen={(vault, key) => void done(vault, key)} />);
  });
}

function LockScreen({ vaults: all, reached, onOpen }: { vaults: Vault[]; reached: boolean; onOpen: (vault: Vault, key: Uint8Array<ArrayBuffer>) => void }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Vault>(all[0]!);
  const [pin, setPinText] = useState("");
  const [wrong, setWrong] = useState<number>();
  const [busy, setBusy] = useState(false);
  const [forgotten, setForgotten] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const tries = defaults.pinTries;
  const blocked = (vaultOf(chosen.store)?.wrong ?? 0) >= tries;
  // who has just signed in with the password because of it is asked for the new PIN, not for the old one
  const byPassword = blocked || forgotten || (reached && sessionStorage.getItem(FRESH) === chosen.store);
  const days = Math.floor((Date.now() - chosen.signedInAt) / DAY);
  const tooLong = !reached && days >= defaults.signInStopDays;
  useEffect(() => input.current?.focus(), [chosen]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!pin || busy) return;
    setBusy(true);
    try {
      onOpen(chosen, await openWithPin(chosen, pin, tries));
    } catch (error) {
      setWrong(error instanceof WrongPin ? error.left : 0);
      setPinText("");
      setBusy(false);
      input.current?.focus();
    }
  };
  const finger = async () => {
    const key = await openWithFingerprint(chosen).catch(() => undefined);
    if (key) onOpen(chosen, key);
  };
  return (
    <main className="lock" id="main">
      <section className="card">
        <h1>{t("lock.title")}</h1>
        {all.length > 1 ? (
          <div className="people" role="radiogroup" aria-label={t("lock.who")}>
            {all.map((v) => <button key={v.store} type="button" role="radio" aria-checked={v.store === chosen.store} className={v.store === chosen.store ? "sel" : ""} onClick={() => { setChosen(v); setWrong(undefined); setForgotten(false); }}><b>{v.me.name}</b><span className="s m">{placeOf(v)}</span></button>)}
          </div>
        ) : <p><b>{chosen.me.name}</b><br /><span className="m">{placeOf(chosen)}</span></p>}
        {!reached && <p className="note info"><Shape tone="info" />{t("lock.away")}</p>}
        {byPassword ? <ByPassword vault={chosen} reached={reached} why={blocked ? "lock.blocked" : "lock.forgotten"} onOpen={(key) => onOpen(chosen, key)} onBack={blocked ? undefined : () => { sessionStorage.removeItem(FRESH); setForgotten(false); }} /> : tooLong ? (
          <>
            <p className="note act" role="alert"><Shape tone="act" />{t("lock.tooLong", { days, stop: defaults.signInStopDays })}</p>
            <Button kind="primary" onClick={() => location.reload()}>{t("sync.tryNow")}</Button>
          </>
        ) : (
          <form onSubmit={(event) => void submit(event)}>
            <TextField label={t("lock.pin")} inputRef={input} type="password" inputMode="numeric" autoComplete="off" value={pin} onChange={(e) => setPinText(e.target.value)}
              error={wrong === undefined ? undefined : t("lock.wrong", { count: wrong })} />
            <Button kind="primary" type="submit" disabled={busy || !pin} keys="Enter">{t(busy ? "lock.opening" : "lock.open")}</Button>
            {chosen.prf && <Button onClick={() => void finger()}>{t("lock.fingerprint")}</Button>}
            <Button kind="quiet" onClick={() => setForgotten(true)}>{t("lock.forgot")}</Button>
            {!reached && days >= defaults.signInWarnDays && <p className="s m">{t("lock.daysAway", { days, stop: defaults.signInStopDays })}</p>}
          </form>
        )}
      </section>
    </main>
  );
}

function placeOf(vault: Vault): string {
  return vault.me.distributors.find((d) => d.id === vault.distributorId)?.name ?? vault.me.username;
}

/** After too many wrong PINs, or where it is forgotten, the server opens: with the password, and with the key it keeps for this device. */
function ByPassword({ vault, reached, why, onOpen, onBack }: { vault: Vault; reached: boolean; why: string; onOpen: (key: Uint8Array<ArrayBuffer>) => void; onBack: (() => void) | undefined }) {
  const { t } = useTranslation();
  const [key, setKey] = useState<Uint8Array<ArrayBuffer> | null>();
  const [unsent, setUnsent] = useState(0);
  const [away, setAway] = useState(false);
  const fresh = reached && sessionStorage.getItem(FRESH) === vault.store;
  useEffect(() => {
    if (!fresh) return;
    void escrowed(vault).then(setKey);
    const store = new LocalStore(vault.store);
    void countIn(store, unfinished).then(setUnsent).finally(() => store.close());
  }, [fresh, vault]);
  const signIn = async () => {
    try {
      // the session that is open proves nothing: only the password does
      await signOut();
    } catch {
      return setAway(true);
    }
    sessionStorage.setItem(FRESH, vault.store);
    location.assign(`/?to=${encodeURIComponent("/counter/")}`);
  };
  const anew = async () => {
    await new LocalStore(vault.store).delete();
    dropVault(vault.store);
    sessionStorage.removeItem(FRESH);
    location.reload();
  };
  if (!fresh) {
    return (
      <>
        <p className="note act" role="alert"><Shape tone="act" />{t(why)}</p>
        {away && <p className="note act" role="alert"><Shape tone="act" />{t("person.notReached")}</p>}
        <Button kind="primary" disabled={!reached} onClick={() => void signIn()}>{t("lock.password")}</Button>
        {!reached && <Button onClick={() => location.reload()}>{t("sync.tryNow")}</Button>}
        {onBack && <Button onClick={onBack}>{t("lock.remembered")}</Button>}
      </>
    );
  }
  if (key === undefined) return <p className="m">{t("lock.opening")}</p>;
  if (key === null) {
    return (
      <>
        <p className="note act" role="alert"><Shape tone="act" />{t("lock.noKey", { count: unsent })}</p>
        {onBack && <Button kind="primary" onClick={onBack}>{t("lock.remembered")}</Button>}
        <Button kind="danger" onClick={() => void anew()}>{t("lock.anew")}</Button>
      </>
    );
  }
  return <NewPin onSet={async (pin) => {
    await setPin(vault.store, vault.me, vault.distributorId, pin, key);
    keepVault({ ...vaultOf(vault.store)!, signedInAt: Date.now(), ...(vault.device ? { device: vault.device } : {}) });
    // on disk before anything is written under it
    await keepPeople().catch(() => undefined);
    sessionStorage.removeItem(FRESH);
    onOpen(key);
  }} />;
}

async function escrowed(vault: Vault): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!vault.device) return null;
  try {
    const { key } = await api<{ key: string }>(`/api/v1/sync/devices/${vault.device}/escrow?distributorId=${vault.distributorId}`);
    return Uint8Array.from(atob(key), (c) => c.charCodeAt(0));
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

/** Leaves the key with the server, for the day the PIN is forgotten; a server without a place for it is no fault. */
export async function escrow(device: { id: string; secret?: string }, distributorId: number, key: Uint8Array): Promise<boolean> {
  try {
    const answer = await request(`/api/v1/sync/devices/${device.id}/escrow?distributorId=${distributorId}`, { method: "PUT", body: { key: btoa(String.fromCharCode(...key)) }, headers: { "X-Device-Id": device.id, ...(device.secret ? { "X-Device-Secret": device.secret } : {}) } });
    return answer.ok;
  } catch {
    return false;
  }
}

/** The same for a PIN that was set while the server was away. */
export async function escrowLater(store: LocalStore, distributorId: number, key: Uint8Array): Promise<void> {
  const device = await store.get<Device>("device");
  if (!device?.secret || vaultOf(store.name)?.escrowed || !(await escrow(device, distributorId, key))) return;
  keepVault({ ...vaultOf(store.name)!, device: device.id, escrowed: true });
}

/** A PIN typed twice. */
export function NewPin({ onSet, children }: { onSet: (pin: string) => Promise<void>; children?: React.ReactNode }) {
  const { t } = useTranslation();
  const [pin, set] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const fault = pinFault(pin);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fault || pin !== again) return;
    setBusy(true);
    await onSet(pin).finally(() => setBusy(false));
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <TextField label={t("lock.newPin")} type="password" inputMode="numeric" autoComplete="new-password" value={pin} onChange={(e) => set(e.target.value)} hint={t("lock.pinHint")} error={tried && fault ? t(`lock.${fault}`) : undefined} />
      <TextField label={t("lock.pinAgain")} type="password" inputMode="numeric" autoComplete="new-password" value={again} onChange={(e) => setAgain(e.target.value)} error={tried && !fault && pin !== again ? t("lock.notSame") : undefined} />
      <div className="end">{children}<Button kind="primary" type="submit" disabled={busy}>{t(busy ? "lock.sealing" : "lock.set")}</Button></div>
    </form>
  );
}
