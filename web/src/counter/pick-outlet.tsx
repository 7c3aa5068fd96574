import { useTranslation } from "react-i18next";
import type { Outlet } from "../offline/types";
import { search } from "./bill/search";
import { Combo } from "./combo";
import { useWorkspace } from "./workspace";

const NONE = new Set<unknown>();

/** An outlet by name, code, beat or phone. */
export function OutletField({ value, onChoose, autoFocus, onEmptyEnter }: { value: Outlet | undefined; onChoose: (outlet: Outlet) => void; autoFocus?: boolean; onEmptyEnter?: () => void }) {
  const { t } = useTranslation();
  const { outletEntries } = useWorkspace();
  return (
    <div className="field">
      <span className="label">{t("field.outlet")}</span>
      <Combo<Outlet>
        key={value?.id ?? "none"}
        label={t("field.outlet")} placeholder={t("bill.outletHint")} value={value?.name ?? ""} autoFocus={autoFocus ?? false}
        options={(text) => search(outletEntries, text, NONE, (o) => o.id)} idOf={(o) => o.id}
        render={(o) => <><span className="grow cut"><b>{o.name}</b> <span className="s m">{o.code}</span></span><span className="s m cut">{o.beat}</span></>}
        onAccept={(o) => { const chosen = o ?? value; if (chosen) onChoose(chosen); }}
        {...(onEmptyEnter ? { onEmptyEnter } : {})}
        none={t("bill.noSuchOutlet")}
      />
    </div>
  );
}
