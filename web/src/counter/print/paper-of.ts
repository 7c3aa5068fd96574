import { api } from "../../api/client";
import type { InvoiceView } from "../../api/documents";
import type { LocalStore } from "../../offline/db";

/** A posted document with its lines: as it is kept here, else from the server, and kept from then on, so that it can be printed without network. */
export async function paperView(store: LocalStore, id: string, fresh = false): Promise<InvoiceView> {
  const kept = await store.paper.get(id);
  if (kept && !fresh) return kept.view as InvoiceView;
  const asked = await api<InvoiceView>(`/api/v1/invoices/${id}`);
  // what came back of it is told with the pull alone
  const returned = (kept?.view as { returned?: unknown } | undefined)?.returned;
  const view = returned === undefined ? asked : { ...asked, returned };
  await store.paper.put({ id, outletId: view.outlet.id, businessDate: view.businessDate, view, keptAt: kept?.keptAt ?? Date.now(), ...(kept?.toldAt === undefined ? {} : { toldAt: kept.toldAt }) }).catch(() => undefined);
  return view;
}
