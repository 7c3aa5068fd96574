import { useTranslation } from "react-i18next";
import { TaxDesk, type Place } from "./desk";
import { A } from "../tower/kit/link";
import { useDistributorNames } from "../tower/masters/show";
import { href, useSearchState } from "../tower/nav";
import { mayRead, useMe } from "../tower/session";

/** E-invoices, e-way bills and returns of every distributor in scope. */
export function TaxPage() {
  const { t } = useTranslation(["tax", "tower"]);
  const me = useMe();
  const [search, set] = useSearchState();
  const names = useDistributorNames();
  const place: Place = { tab: (search.tab as Place["tab"] | undefined) ?? "e-invoices", state: search.state, open: search.open, month: search.month, section: search.section, distributorId: search.distributorId };
  return (
    <>
      <div className="head"><div className="grow"><p className="s"><A className="lnk" path="/bills">{t("rail.bills")}</A></p><h1>{t("title")}</h1><p className="muted s">{t("about")}</p></div></div>
      <section className="panel" style={{ padding: 12 }}>
        <TaxDesk place={place} onPlace={(change) => set(change as Record<string, string | undefined>)} distributors={[...names].map(([id, name]) => ({ id: Number(id), name }))} today={new Date().toLocaleDateString("en-CA")} can={{ file: mayRead(me, "TAX_FILE"), eway: mayRead(me, "E_WAY_BILL_POST"), returns: mayRead(me, "TAX_RETURN_READ"), notes: mayRead(me, "CREDIT_NOTE_POST") }} documentHref={(id) => href(`/bills/${id}`)} />
      </section>
    </>
  );
}
