import { useTranslation } from "react-i18next";
import { Screen } from "../counter/list";
import { useRoute } from "../counter/router";
import { useSync, useWorkspace } from "../counter/workspace";
import { Shape } from "../ui";
import { TaxDesk, type Place } from "./desk";

/** C4 and C17: e-invoices, e-way bills and returns of the counter's own distributor; needs the server. */
export function CounterTax() {
  const { t } = useTranslation(["tax", "counter"]);
  const { me, context, distributorId } = useWorkspace();
  const away = useSync().reach?.state === "not-reached";
  const { rest, query } = useRoute();
  const place: Place = { tab: (rest[0] as Place["tab"] | undefined) ?? "e-invoices", open: query.get("open") ?? undefined, state: query.get("state") ?? undefined, month: query.get("month") ?? undefined, section: query.get("section") ?? undefined };
  const go = (change: Partial<Place>) => {
    const to = { ...place, ...change };
    const params = new URLSearchParams();
    for (const name of ["open", "state", "month", "section"] as const) if (to[name]) params.set(name, to[name]);
    location.hash = `#/tax/${to.tab}${params.size ? `?${params}` : ""}`;
  };
  if (!context) return null;
  const roles = new Set(me.roles);
  const clerk = roles.has("DO") || roles.has("BC");
  return (
    <Screen title={t("title")} note={t("about")}>
      {away && <p className="note watch" role="status" style={{ margin: "0 16px 8px" }}><Shape tone="watch" />{t("away")}</p>}
      <TaxDesk place={place} onPlace={go} distributors={[{ id: distributorId, name: context.distributor.name }]} today={context.businessDate} can={{ file: clerk, eway: clerk || roles.has("GK"), returns: clerk, notes: roles.has("BC") }} documentHref={(id) => `#/print/invoice/${id}`} />
    </Screen>
  );
}
