import { useLiveQuery } from "dexie-react-hooks";
import { useTranslation } from "react-i18next";
import { countIn, unfinished } from "../../offline/outbox";
import { Button, Shape } from "../../ui";
import { useWorkspace } from "../workspace";
import { wipe } from "./wipe";
import "./lock.css";

/** What a person sees whose device was locked, revoked or is being wiped: why, what happens to the work, what to do. */
export function DeviceState() {
  const { t } = useTranslation();
  const { store, device, sender } = useWorkspace();
  const open = useLiveQuery(() => countIn(store, unfinished), [store]) ?? 0;
  const rescued = useLiveQuery(() => store.get<boolean>("rescued"), [store]);
  if (!device) return null;
  return (
    <main className="lock" id="main">
      <section className="card" role="alert">
        <h1><Shape tone="act" /> {t(`device.${device.state}.title`)}</h1>
        {device.reason && <p className="note act">{device.reason}</p>}
        <p>{t(`device.${device.state}.text`)}</p>
        <p className="m">{open === 0 ? t("device.nothingUnsent") : rescued ? t("device.rescued", { count: open }) : t("device.unsent", { count: open })}</p>
        <div className="end">
          <Button kind="primary" onClick={() => sender.tryNow()}>{t("device.ask")}</Button>
          {device.state === "REVOKED" && (open === 0 || rescued) && <Button kind="danger" onClick={() => void wipe(store)}>{t("device.anew")}</Button>}
        </div>
      </section>
    </main>
  );
}
