import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { limitsOf } from "../../offline/policy";
import { keepPeople } from "../../offline/people";
import type { Device } from "../../offline/types";
import { addFingerprint, cipherOf, fingerprintPossible, keepVault, openWithPin, setPin, vaultOf, WrongPin } from "../../offline/vault";
import { Button, TextField } from "../../ui";
import { NewPin, escrow } from "../lock/lock";
import { toast } from "../toast";
import { useWorkspace } from "../workspace";

/** PIN, fingerprint and encryption of this store, with their limit stated (OFF-16). */
export function PinCard() {
  const { t } = useTranslation();
  const { store, me, distributorId, context } = useWorkspace();
  const [vault, setVault] = useState(() => vaultOf(store.name));
  const [asking, setAsking] = useState<"new" | "old" | "finger">();
  const [old, setOld] = useState("");
  const [key, setKey] = useState<Uint8Array<ArrayBuffer>>();
  const [problem, setProblem] = useState<string>();
  const [finger, setFinger] = useState(false);
  const limits = limitsOf(context);
  useEffect(() => void fingerprintPossible().then(setFinger), []);

  const set = async (pin: string) => {
    const made = await setPin(store.name, me, distributorId, pin, key);
    // the wrapped key is on disk before the first row needs it
    await keepPeople();
    const device = await store.get<Device>("device");
    if (!vault) await store.sealWith(await cipherOf(made));
    const escrowed = device ? await escrow(device, distributorId, made) : false;
    keepVault({ ...vaultOf(store.name)!, ...(device ? { device: device.id } : {}), escrowed });
    await keepPeople();
    setVault(vaultOf(store.name));
    setAsking(undefined);
    setKey(undefined);
    toast(t("lock.setDone"));
  };
  const check = async () => {
    try {
      const opened = await openWithPin(vault!, old, limits.pinTries);
      setOld("");
      setProblem(undefined);
      if (asking === "finger") {
        toast(t((await addFingerprint(vault!, opened).catch(() => false)) ? "lock.fingerAdded" : "lock.noFinger"));
        setVault(vaultOf(store.name));
        return setAsking(undefined);
      }
      setKey(opened);
      setAsking("new");
    } catch (error) {
      setProblem(t("lock.wrong", { count: error instanceof WrongPin ? error.left : 0 }));
    }
  };
  return (
    <section className="card">
      <h2>{t("lock.card")}</h2>
      <p className="m s">{vault ? t("lock.isSet") : t("lock.cardText", { days: limits.signInStopDays })}</p>
      <p className="m s">{t("lock.limit")}</p>
      {asking === "new" ? <NewPin onSet={set}><Button onClick={() => setAsking(undefined)}>{t("action.close", { ns: "common" })}</Button></NewPin>
        : asking ? (
          <form onSubmit={(e) => { e.preventDefault(); void check(); }} style={{ display: "grid", gap: 12 }}>
            <TextField label={t("lock.pin")} type="password" inputMode="numeric" value={old} onChange={(e) => setOld(e.target.value)} error={problem} autoFocus />
            <div className="end"><Button onClick={() => setAsking(undefined)}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" disabled={!old}>{t("lock.open")}</Button></div>
          </form>
        ) : (
          <div className="row acts">
            <Button onClick={() => setAsking(vault ? "old" : "new")}>{t(vault ? "lock.change" : "lock.set")}</Button>
            {vault && finger && !vault.prf && <Button onClick={() => setAsking("finger")}>{t("lock.addFinger")}</Button>}
          </div>
        )}
    </section>
  );
}
