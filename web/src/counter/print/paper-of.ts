import { api } from "../../api/client";
import type { InvoiceView } from "../../api/documents";
import type { LocalStore } from "../../offline/db";

/** A posted document with its lines: as it is kept here, else from the server, and kept from then on, so that it can be printed without network. */
export async function paperView(store: LocalStore, id: string, fresh = false): Promise<InvoiceView> {
  const kept = fresh ? undefined : await store.paper.get(id);
  if (kept) return kept.view as InvoiceView;
  const view = await api<InvoiceView>(`/api/v1/invoices/${id}`);
  await store.paper.put({ id, outletId: view.outlet.id, businessDate: view.businessDate, view, keptAt: Date.now() }).catch(() => undefined);
  return view;
}
