import { api } from "../../api/client";
import type { InvoiceView } from "../../api/documents";
import type { LocalStore } from "../../offline/db";
import type { Reach } from "../../offline/sender";
import type { Stamp } from "./paper";

interface EtimsView { state: string; cuInvoiceNumber: string | null; qr: string | null; signature: string | null; internalData: string | null; stampedAt: string | null }

/** How long a print waits for the control unit: a bill is never held back for it. */
const PATIENCE_MS = 1500;

/** What the control unit gave a posted document, where the country has one and it can be reached; null else, at once while the server is known to be away. */
export async function stampOf(store: LocalStore, view: InvoiceView): Promise<Stamp | null> {
  if (!view.number || view.paper?.regime !== "KE_VAT") return null;
  if ((await store.get<Reach>("reach"))?.state === "not-reached") return null;
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await api<EtimsView>(`/api/v1/invoices/${view.id}/etims`, { signal: AbortSignal.timeout(Math.max(1, until - Date.now())) }).catch(() => null);
    if (found?.state === "STAMPED" && found.qr && found.cuInvoiceNumber) {
      return { number: found.cuInvoiceNumber, qr: found.qr, signature: found.signature ?? "", internalData: found.internalData ?? "", at: found.stampedAt ?? "" };
    }
    if (!found || !["PENDING", "UNKNOWN"].includes(found.state) || Date.now() > until) return null;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
