import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { figureLanguage, headsOf, indiaPaper, type LawPaper } from "../../api/law";
import { Chip, Shape, Skeleton } from "../../ui";
import { toPercent } from "../decimal";
import { formats, type Formats } from "../format";
import { Fault } from "../frame/faults";
import { A } from "../kit/link";
import { Status } from "../masters/show";
import { TaxOffice } from "./taxoffice";

interface BatchQty {
  batchId: string;
  batchNo: string;
  expiresOn: string | null;
  qty: string;
}

interface Line {
  line: number;
  part: number;
  skuId: number;
  skuCode: string;
  skuName: string;
  skuNameLocal: string | null;
  unit: string;
  enteredQty: string | null;
  mrp: string | null;
  batches: BatchQty[];
  qty: string;
  unitPrice: string;
  priceListId: string | null;
  priceListVersion: number;
  priceLevel: number;
  gross: string;
  schemes: { schemeId: number; version: number; amount: string }[];
  schemeDiscount: string;
  manualDiscount: string;
  taxable: string;
  hsn: string;
  taxRate: string;
  cgst: string;
  sgst: string;
  igst: string;
  cess: string;
  vat?: string;
  total: string;
}

type FreeLine = Pick<Line, "skuId" | "skuCode" | "skuName" | "unit" | "mrp" | "batches" | "qty" | "hsn" | "taxRate" | "taxable" | "total"> & { schemeId: number; schemeVersion: number };

/** A posted invoice as it was decided and printed. */
export interface Invoice {
  id: string;
  kind?: string;
  number: string;
  series: string;
  businessDate: string;
  postedAt: string;
  postedBy: string;
  saleType: string;
  paymentMode: string;
  dueOn: string;
  distributorId: number;
  principalId: number;
  originalId: string | null;
  origin: string;
  note: string | null;
  placeOfSupply: string;
  interState: boolean;
  seller: { code: string; name: string; legalName: string; address: string; city: string; pin: string; phone: string; gstin: string | null; stateCode: string; fssai: string | null; currency: string };
  outlet: { id: string; code: string; name: string; nameLocal: string | null; channel: string; outletClass: string; gstin: string | null; registration: string; stateCode: string; address: string; city: string; pin: string; phone: string; beat: string | null; salesman: string | null };
  lines: Line[];
  freeLines?: FreeLine[];
  taxes: { hsn: string; kind: string; rate: string; qty: string; taxable: string; cgst: string; sgst: string; igst: string; cess: string; vat?: string }[];
  totals: Record<"gross" | "schemeDiscount" | "manualDiscount" | "taxable" | "cgst" | "sgst" | "igst" | "cess" | "rounding" | "payable", string> & { vat?: string };
  schemes: { schemeId: number; version: number; code: string; discount: string; freeGoodsValue: string; claim: string }[];
  warnings?: { code: string; line: number | null }[];
  ruleBookHash: string;
  configVersion: string;
  paper?: LawPaper;
}

/** The document under every figure: lines, schemes, tax, and what proves it. */
export function Bill() {
  const { t, i18n } = useTranslation();
  const { id } = useParams({ strict: false }) as { id: string };
  const found = useQuery({ queryKey: ["invoice", id], queryFn: () => api<Invoice>(`/api/v1/invoices/${id}`), retry: false, staleTime: 300_000, placeholderData: undefined });
  const bill = found.data;
  const law = { ...indiaPaper, ...bill?.paper };
  const f = formats(figureLanguage(law, i18n.language), bill?.seller.currency ?? "INR", t("na"));
  // The document never changes; its state may. The list knows the state.
  const state = useQuery({
    queryKey: ["invoice-state", id],
    enabled: bill !== undefined,
    queryFn: () => api<{ items: { id: string; status: string }[] }>("/api/v1/invoices", { query: { distributorId: bill!.distributorId, q: bill!.number, limit: 20 } }),
    retry: false,
  });
  const status = state.data?.items.find((x) => x.id === id)?.status;
  // only what came after its month had ended can be late (OFF-08)
  const late = useQuery({
    queryKey: ["invoice-late", id],
    enabled: bill !== undefined && bill.postedAt.slice(0, 7) > bill.businessDate.slice(0, 7),
    queryFn: () => api<{ items: { late: "LATE" | "PRIOR_PERIOD" | null; postingDate: string | null }[] }>("/api/v1/sync/outcomes", { query: { distributorId: bill!.distributorId, documentId: id, limit: 1 } }),
    retry: false,
  }).data?.items[0];
  if (found.error) return <section className="panel" style={{ padding: 16 }}><h1 className="vh">{t("bill.invoice")}</h1><Fault error={found.error} reset={() => void found.refetch()} /></section>;
  if (!bill) return <section className="panel" aria-busy="true"><Skeleton lines={10} /></section>;
  const title = bill.paper?.title ?? (bill.kind === "CREDIT_NOTE" ? "CREDIT_NOTE" : "TAX_INVOICE");
  const cash = f.money;
  const heads = headsOf(law, bill.interState);
  const free = bill.freeLines ?? [];
  const addressOf = (x: { address: string; city: string; pin: string }) => [x.address, x.city, x.pin].filter(Boolean).join(", ");
  return (
    <>
      <div className="head">
        <div className="grow">
          <p className="s"><A className="lnk" path="/bills">{t("rail.bills")}</A></p>
          <h1>{law.titleText ?? t(`choice.documentTitle.${title}`)} <span className="num">{bill.number}</span></h1>
          <p className="muted s num">{f.date(bill.businessDate)} · {t(`choice.saleType.${bill.saleType}`, { defaultValue: bill.saleType })} · {t(`choice.paymentMode.${bill.paymentMode}`, { defaultValue: bill.paymentMode })}{bill.paymentMode === "CREDIT" ? ` · ${t("bill.due", { date: f.date(bill.dueOn) })}` : ""}</p>
        </div>
        {status && <Status value={status} words="billStatus" />}
        {late?.late && <span title={t(`bill.late.${late.late}Why`, { date: late.postingDate ? f.date(late.postingDate) : "" })}><Chip tone="watch">{t(`bill.late.${late.late}`)}</Chip></span>}
        {["MIGRATION", "DEMO", "OFFLINE"].includes(bill.origin) && <Chip tone="info">{t(`choice.origin.${bill.origin}`, { defaultValue: bill.origin })}</Chip>}
        <button type="button" className="btn no-print" onClick={() => window.print()}>{t("bill.print")}</button>
      </div>
      <section className="panel" aria-label={t("bill.parties")} style={{ marginBottom: 12 }}>
        <header><h2>{t("bill.parties")}</h2></header>
        <div className="bill-head">
          <div><p className="s muted">{t("dimension.distributor")}</p><p className="m5">{bill.seller.legalName || bill.seller.name}</p><p className="s muted">{addressOf(bill.seller)}</p><p className="s code">{bill.seller.gstin ?? t("choice.registration.UNREGISTERED")}</p></div>
          <div><p className="s muted">{t("dimension.outlet")}</p><p className="m5"><A className="open" path="/masters/outlets" search={{ open: bill.outlet.id }}>{bill.outlet.name}</A>{bill.outlet.nameLocal && <span className="muted"> · {bill.outlet.nameLocal}</span>}</p><p className="s muted">{addressOf(bill.outlet)}</p><p className="s code">{bill.outlet.gstin ?? t(`choice.registration.${bill.outlet.registration}`, { defaultValue: bill.outlet.registration })}</p></div>
          <div>
            <p className="s muted">{t("bill.place")}</p><p className="m5">{bill.placeOfSupply}{law.country === "IN" && ` · ${t(bill.interState ? "bill.inter" : "bill.intra")}`}</p>
            {(bill.outlet.beat || bill.outlet.salesman) && <p className="s muted">{[bill.outlet.beat, bill.outlet.salesman].filter(Boolean).join(" · ")}</p>}
            {bill.originalId && <p className="s"><A className="lnk" path={`/bills/${bill.originalId}`}>{t("bill.original")}</A></p>}
            {bill.note && <p className="s">{bill.note}</p>}
          </div>
        </div>
      </section>
      <section className="panel" aria-label={t("bill.lines")} style={{ marginBottom: 12 }}>
        <header><h2>{t("bill.lines")} <span className="muted">{t("bill.nLines", { count: bill.lines.length })}</span></h2></header>
        <div style={{ overflowX: "auto" }} tabIndex={0} role="group" aria-label={t("bill.lines")}>
          <table className="tbl" style={{ minWidth: 880 }}>
            <thead><tr><th scope="col">{t("dimension.sku")}</th><th scope="col">{t("bill.batch")}</th><th scope="col" className="n">{t("field.mrp")}</th><th scope="col" className="n">{t("bill.qty")}</th><th scope="col" className="n">{t("bill.rate")}</th><th scope="col" className="n">{t("bill.gross")}</th><th scope="col" className="n">{t("bill.scheme")}</th><th scope="col" className="n">{t("bill.taxable")}</th><th scope="col" className="n">{t("bill.tax")}</th><th scope="col" className="n">{t("bill.total")}</th></tr></thead>
            <tbody>
              {bill.lines.map((l) => (
                <Fragment key={`${l.line}/${l.part}`}>
                  <tr>
                    <td><span className="m5">{l.skuName}</span> <span className="s muted code">{l.skuCode}</span></td>
                    <td className="s">{l.batches.map((b) => <div key={b.batchId} className="num">{b.batchNo}{b.expiresOn ? ` · ${f.dense(b.expiresOn)}` : ""}{l.batches.length > 1 ? ` × ${f.qty(b.qty)}` : ""}</div>)}</td>
                    <td className="n">{l.mrp ? cash(l.mrp) : "–"}</td>
                    <td className="n">{f.qty(l.qty)}{l.enteredQty && l.enteredQty !== l.qty ? <span className="s muted"> {l.enteredQty}</span> : null}</td>
                    <td className="n" title={t("bill.priceFrom", { level: l.priceLevel, version: l.priceListVersion })}>{f.rate(l.unitPrice)}</td>
                    <td className="n">{cash(l.gross)}</td>
                    <td className="n">{minus(l.schemeDiscount, f)}{Number(l.manualDiscount) !== 0 && <div className="s muted">{t("bill.byHand")} {minus(l.manualDiscount, f)}</div>}</td>
                    <td className="n">{cash(l.taxable)}</td>
                    <td className="n">{f.qty(toPercent(l.taxRate))} %</td>
                    <td className="n m5">{cash(l.total)}</td>
                  </tr>
                </Fragment>
              ))}
              {free.map((l, i) => (
                <tr key={`f${i}`}>
                  <td><span className="m5">{l.skuName}</span> <span className="s muted code">{l.skuCode}</span> <Chip tone="good">{t("bill.free")}</Chip></td>
                  <td className="s">{l.batches.map((b) => <div key={b.batchId} className="num">{b.batchNo}{b.expiresOn ? ` · ${f.dense(b.expiresOn)}` : ""}</div>)}</td>
                  <td className="n">{l.mrp ? cash(l.mrp) : "–"}</td><td className="n">{f.qty(l.qty)}</td><td className="n">0</td><td className="n">0.00</td>
                  <td className="n">{bill.schemes.find((s) => s.schemeId === l.schemeId)?.code ?? ""}</td><td className="n">{cash(l.taxable)}</td><td className="n">{f.qty(toPercent(l.taxRate))} %</td><td className="n m5">{cash(l.total)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <div className="cols">
        <div className="stack">
          <section className="panel" aria-label={t("bill.schemes")}>
            <header><h2>{t("bill.schemes")}</h2></header>
            {bill.schemes.length === 0 ? <p className="body muted">{t("bill.noSchemes")}</p> : (
              <div style={{ overflowX: "auto" }}>
                <table className="tbl">
                  <thead><tr><th scope="col">{t("field.code")}</th><th scope="col" className="n">{t("field.versionNo")}</th><th scope="col" className="n">{t("bill.discount")}</th><th scope="col" className="n">{t("bill.freeValue")}</th><th scope="col" className="n">{t("bill.claim")}</th></tr></thead>
                  <tbody>{bill.schemes.map((s) => <tr key={`${s.schemeId}/${s.version}`}><td><A className="lnk" path={`/schemes/${s.schemeId}`}>{s.code}</A></td><td className="n">{s.version}</td><td className="n">{cash(s.discount)}</td><td className="n">{cash(s.freeGoodsValue)}</td><td className="n">{cash(s.claim)}</td></tr>)}</tbody>
                </table>
              </div>
            )}
          </section>
          <section className="panel" aria-label={t("bill.taxes")}>
            <header><h2>{t("bill.taxes")}</h2></header>
            <div style={{ overflowX: "auto" }}>
              <table className="tbl">
                <thead><tr><th scope="col">{law.codeName}</th><th scope="col" className="n">{t("field.rate")}</th><th scope="col" className="n">{t("bill.taxable")}</th>{heads.map((h) => <th scope="col" className="n" key={h.key}>{h.label}</th>)}{Number(bill.totals.cess) !== 0 && <th scope="col" className="n">{t("field.cess")}</th>}</tr></thead>
                <tbody>{bill.taxes.map((x, i) => <tr key={i}><td className="code">{x.hsn}</td><td className="n">{f.qty(toPercent(x.rate))} %</td><td className="n">{cash(x.taxable)}</td>{heads.map((h) => <td className="n" key={h.key}>{cash(x[h.key] ?? "0")}</td>)}{Number(bill.totals.cess) !== 0 && <td className="n">{cash(x.cess)}</td>}</tr>)}</tbody>
              </table>
            </div>
          </section>
        </div>
        <div className="stack">
          <section className="panel" style={{ padding: 16 }} aria-label={t("bill.totals")}>
            <dl className="sum">
              {(["gross", "schemeDiscount", "manualDiscount", "taxable", "cgst", "sgst", "igst", "cess", "vat", "rounding"] as const)
                .filter((k) => k === "gross" || k === "taxable" || Number(bill.totals[k] ?? 0) !== 0)
                .map((k) => [<dt key={`${k}t`} className="muted">{k === "vat" ? law.taxName : t(`bill.sum.${k}`)}</dt>, <dd key={`${k}d`} className="n">{k === "schemeDiscount" || k === "manualDiscount" ? minus(bill.totals[k], f) : cash(bill.totals[k] ?? "0")}</dd>])}
              <dt className="tot">{t("bill.payable")}</dt><dd className="tot n">{f.rupees(bill.totals.payable)}</dd>
            </dl>
          </section>
          <TaxOffice bill={bill} f={f} />
          <section className="panel" style={{ padding: 16 }} aria-label={t("bill.audit")}>
            <h2 style={{ marginBottom: 8 }}>{t("bill.audit")}</h2>
            <dl className="dl" style={{ gridTemplateColumns: "112px minmax(0, 1fr)" }}>
              <dt>{t("bill.posted")}</dt><dd className="num">{f.moment(bill.postedAt, new Date(0))}</dd>
              <dt>{t("bill.by")}</dt><dd>{bill.postedBy}</dd>
              <dt>{t("bill.series")}</dt><dd className="code">{bill.series}</dd>
              <dt>{t("bill.config")}</dt><dd className="code">{bill.configVersion}</dd>
              <dt>{t("bill.book")}</dt><dd className="code">{bill.ruleBookHash.slice(0, 16)}</dd>
              <dt>{t("bill.id")}</dt><dd className="code">{bill.id}</dd>
            </dl>
            {(bill.warnings ?? []).map((w, i) => <p key={i} className="st watch" style={{ whiteSpace: "normal" }}><Shape tone="watch" />{t(`warning.${w.code}`, { defaultValue: w.code })}{w.line ? ` · ${t("problems.line", { ns: "common", line: w.line })}` : ""}</p>)}
          </section>
        </div>
      </div>
    </>
  );
}

function minus(value: string, f: Formats): string {
  return Number(value) === 0 ? f.money("0") : `−${f.money(value)}`;
}
