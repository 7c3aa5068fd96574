import i18next from "i18next";
import { figureLanguage, headsOf, type Head as TaxHead } from "../../api/law";
import { dateText, money, monthDense, qty, rate, ratePercent, timeOfDay } from "../../ui/format";
import { isPositive, isZero, sum } from "../../ui/decimal";
import { currencySign } from "../../ui/format";
import type { PaperSize } from "../settings/preferences";
import { capacity, paginate, type Paper, type PaperLine, type TaxRow } from "./paper";
import { Qr } from "./qr";
import { amountInWords } from "./words";

export interface SheetOptions {
  size: PaperSize;
  landscape: boolean;
  language: string;
  copies: number;
  /** How often it was printed before; above zero the paper says so. */
  printedBefore: number;
}

type T = (key: string, values?: Record<string, unknown>) => string;
type Props = { paper: Paper; o: SheetOptions; t: T; copy: number };

/** All sheets of a document: each copy, each page. */
export function Sheets({ paper, options }: { paper: Paper; options: SheetOptions }) {
  const t = i18next.getFixedT(options.language, "counter") as unknown as T;
  const copies = paper.kind === "order" ? 1 : options.copies;
  const shown = { ...options, language: figureLanguage(paper.law, options.language) };
  return (
    <div className={`paper paper-${options.size} ${options.landscape ? "wide" : "tall"}`} lang={options.language}>
      {Array.from({ length: copies }, (_, copy) => (options.size === "80mm"
        ? <Roll key={copy} paper={paper} o={shown} t={t} copy={copy} />
        : <Pages key={copy} paper={paper} o={shown} t={t} copy={copy} />))}
    </div>
  );
}

const UNION_TERRITORIES = new Set(["04", "26", "31", "35", "38", "97"]);

/** The State's half: union territories without a legislature levy UTGST (IN-02). */
function stateHead(paper: Paper): string {
  return UNION_TERRITORIES.has(paper.seller.stateCode ?? "") ? "UTGST" : "SGST";
}

function title(paper: Paper, t: T): string {
  if (paper.kind === "order") return t("paper.order");
  if (paper.law.titleText) return [paper.law.titleText, paper.law.titleLocal].filter(Boolean).join(" · ");
  return t(`paper.title.${paper.title}`);
}

/** `GSTIN 27…`, `PIN P05…`, or that there is none. */
function taxId(paper: Paper, id: string | null | undefined, none: string): string {
  return id ? `${paper.law.taxIdName} ${id}`.trim() : none;
}

/** The control unit's code, which shows the receipt at the tax office. */
function StampCode({ paper, t }: { paper: Paper; t: T }) {
  return paper.stamp && <Qr text={paper.stamp.qr} mm={27} label={t("paper.stampLabel")} />;
}

/** What the control unit gave: its number, internal data and signature. */
function Stamped({ paper, t }: { paper: Paper; t: T }) {
  const { stamp } = paper;
  return stamp && <div className="k num p-irn">{t("paper.cuNumber")} <span className="b">{stamp.number}</span><br />{t("paper.cuInternal")} {stamp.internalData}<br />{t("paper.cuSignature")} {stamp.signature}</div>;
}

function amountUnder(row: Partial<Record<TaxHead["key"], string>>, head: TaxHead): string {
  return row[head.key] ?? "0";
}

/** The columns of tax on this paper. */
function shownHeads(paper: Paper): TaxHead[] {
  return headsOf(paper.law, paper.interState).map((head) => (head.key === "sgst" ? { ...head, label: stateHead(paper) } : head));
}

/** The same before the server has answered, from the parties and the taxes of the bill (r.46, r.49). */
export function wordingOf(paper: Pick<Paper, "seller" | "buyer" | "interState" | "totals">): string[] {
  if (paper.seller.registration === "COMPOSITION") return ["COMPOSITION_SUPPLIER"];
  const buyer = paper.buyer.registration;
  if (buyer === "DEEMED_EXPORT") return ["DEEMED_EXPORT"];
  if (buyer !== "SEZ" && buyer !== "EXPORT") return [];
  return [`${buyer}_SUPPLY${isPositive(paper.totals.igst) ? "" : "_UNDERTAKING"}`];
}

/** What the law wants in words under the title. */
function Wording({ paper, t }: { paper: Paper; t: T }) {
  const lines = paper.tax?.wording ?? wordingOf(paper);
  if (paper.kind === "order") return null;
  return <>{lines.map((line) => <div key={line} className="k b">{t(`paper.wording.${line}`)}{line.endsWith("_UNDERTAKING") && paper.tax?.undertaking ? ` (${paper.tax.undertaking})` : ""}</div>)}{paper.tax?.original && <div className="k">{t("paper.against", { number: paper.tax.original.number, date: dateText(paper.tax.original.businessDate, "en") })}</div>}</>;
}

/** The code to pay by. */
function PayCode({ paper, o, t, mm }: { paper: Paper; o: SheetOptions; t: T; mm: number }) {
  const pay = paper.tax?.dynamicQr ?? paper.upi;
  return pay ? <><Qr text={pay} mm={mm} label={t("paper.upiLabel", { amount: paper.totals.payable })} /><div className="k num">UPI {money(paper.totals.payable, o.language)}</div></> : null;
}

/** The portal's signed code: an e-invoice without it is none (IN-26). */
function SignedCode({ paper, t, mm }: { paper: Paper; t: T; mm: number }) {
  return paper.tax?.signedQr ? <div className="p-signed"><Qr text={paper.tax.signedQr} mm={mm} label={t("paper.irnLabel")} /></div> : null;
}

/** IRN and acknowledgement as the portal gave them (IN-26), and the e-way bill. */
function Registered({ paper, t }: { paper: Paper; t: T }) {
  const tax = paper.tax;
  if (!tax || (!tax.irn && !tax.eWayBill?.number)) return null;
  return (
    <div className="k num p-irn">
      {tax.irn && <>IRN {tax.irn}<br />{t("paper.ack", { number: tax.acknowledgement ?? "", at: tax.acknowledgedAt ? `${dateText(tax.acknowledgedAt.slice(0, 10), "en")}, ${timeOfDay(tax.acknowledgedAt)}` : "" })}</>}
      {tax.eWayBill?.number && <div>{t("paper.eway", { number: tax.eWayBill.number })}</div>}
    </div>
  );
}

function copyMark(copy: number, o: SheetOptions, t: T): string {
  const mark = t(`paper.copy${copy + 1}`);
  return o.printedBefore > 0 ? `${mark} · ${t("paper.duplicate", { count: o.printedBefore })}` : mark;
}

function nameOf(line: PaperLine, o: SheetOptions): string {
  return (o.language === "hi" && line.nameLocal) || line.name;
}

function Pages({ paper, o, t, copy }: Props) {
  const size = o.size as "A4" | "A5";
  const hsnRows = paper.byHsn.length;
  const { full, last } = capacity(size, o.landscape, hsnRows, Boolean(paper.tax?.signedQr));
  const pages = paginate(paper.lines.length, full, last);
  let from = 0;
  return pages.map((count, page) => {
    const lines = paper.lines.slice(from, from + count);
    from += count;
    const end = page === pages.length - 1;
    return (
      <section className="page" key={page} data-page={page + 1}>
        <Head paper={paper} o={o} t={t} copy={copy} page={page + 1} pages={pages.length} />
        <Parties paper={paper} o={o} t={t} copy={copy} />
        <Lines paper={paper} lines={lines} o={o} t={t} end={end} />
        {end ? <Foot paper={paper} o={o} t={t} copy={copy} /> : <div className="p-cont">{t("paper.continued", { page: page + 2 })}</div>}
      </section>
    );
  });
}

function Head({ paper, o, t, copy, page, pages }: Props & { page: number; pages: number }) {
  const { seller } = paper;
  return (
    <div className="p-head">
      <div>
        <h2>{(o.language === "hi" && seller.nameLocal) || seller.name}</h2>
        {seller.legalName && seller.legalName !== seller.name && <div>{seller.legalName}</div>}
        <div>{[seller.address, [seller.city, seller.pin].filter(Boolean).join(" "), seller.stateName].filter(Boolean).join(", ")}{paper.law.country === "IN" && seller.stateCode && ` (${t("paper.stateCode")} ${seller.stateCode})`}{seller.phone && ` · ${t("paper.phone")} ${seller.phone}`}</div>
        <div className="num">{seller.gstin ? <span className="b">{taxId(paper, seller.gstin, "")}</span> : t("paper.notRegistered", { tax: paper.law.taxName })}{seller.fssai && ` · FSSAI ${seller.fssai}`}</div>
      </div>
      <div className="t">
        <h1>{title(paper, t)}</h1>
        <Wording paper={paper} t={t} />
        {paper.cancelled && <div className="b">{t("paper.cancelled")}</div>}
        <div className="k">{paper.kind === "invoice" ? copyMark(copy, o, t) : t("paper.notInvoice")}</div>
        <div className="k">{t("paper.page", { page, pages })}</div>
      </div>
      {page === 1 && <SignedCode paper={paper} t={t} mm={30} />}
    </div>
  );
}

function Parties({ paper, o, t }: Props) {
  const { buyer } = paper;
  const lang = o.language;
  return (
    <div className="p-parties">
      <div>
        <div className="k">{t("paper.billTo")}</div>
        <div className="b big">{(lang === "hi" && buyer.nameLocal) || buyer.name}</div>
        <div>{[buyer.address, [buyer.city, buyer.pin].filter(Boolean).join(" "), buyer.stateName].filter(Boolean).join(", ")}</div>
        <div className="b num">{taxId(paper, buyer.gstin, t("paper.unregistered"))}</div>
      </div>
      <dl className="p-kv">
        {paper.law.country === "IN" && <><dt>{t("paper.placeOfSupply")}</dt><dd className="num">{place(paper)}</dd>
        <dt>{t("paper.reverseCharge")}</dt><dd>{t("paper.no")}</dd></>}
        {buyer.salesman && <><dt>{t("field.salesman")}</dt><dd>{buyer.salesman}</dd></>}
        {buyer.beat && <><dt>{t("field.beat")}</dt><dd>{buyer.beat}</dd></>}
      </dl>
      <dl className="p-kv">
        <dt>{t(paper.kind === "order" ? "paper.orderNo" : paper.isNote ? "paper.noteNo" : "paper.invoiceNo")}</dt><dd className="b num">{paper.number ?? "–"}</dd>
        <dt>{t("field.date")}</dt><dd className="b num">{dateText(paper.date, lang)}{paper.postedAt && `, ${timeOfDay(paper.postedAt)}`}</dd>
        <dt>{t("bill.payment")}</dt><dd>{t(`mode.${paper.paymentMode}`)}</dd>
        {paper.dueOn && paper.paymentMode === "CREDIT" && <><dt>{t("field.due")}</dt><dd className="num">{dateText(paper.dueOn, lang)}</dd></>}
      </dl>
    </div>
  );
}

function place(paper: Paper): string {
  const name = paper.placeOfSupply === paper.buyer.stateCode ? paper.buyer.stateName : paper.placeOfSupply === paper.seller.stateCode ? paper.seller.stateName : "";
  return [paper.placeOfSupply, name].filter(Boolean).join(" ");
}

function Lines({ paper, lines, o, t, end }: { paper: Paper; lines: PaperLine[]; o: SheetOptions; t: T; end: boolean }) {
  const lang = o.language;
  const wide = o.size === "A4" || o.landscape;
  const heads = shownHeads(paper);
  return (
    <table className="p-lines">
      <thead>
        <tr>
          <th className="n">#</th><th className="g">{t("paper.goods")}</th><th>{paper.law.codeName}</th>{wide && <><th>{t("field.batch")}</th><th>{t("field.expiry")}</th></>}<th className="n">{t("field.mrp")}</th><th className="n">{t("paper.qty")}</th>
          <th className="n">{t("field.free")}</th><th className="n">{t("field.rate")}</th><th className="n">{t("paper.disc")}</th><th className="n">{t("field.taxable")}</th><th className="n">{t("paper.rateOf", { tax: paper.law.taxName })}</th>
          {wide && heads.map((head) => <th className="n" key={head.key}>{head.label}</th>)}<th className="n">{t("paper.amount")}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.no}>
            <td className="n">{line.no}</td>
            <td className="g">{nameOf(line, o)}{!wide && line.batch && <span className="k"> {line.batch.split(",")[0]} {monthDense(line.expiry)}</span>}</td>
            <td className="num">{line.hsn}</td>
            {wide && <><td className="num">{batches(line.batch, o.size === "A4" ? 2 : 1)}</td><td className="num">{monthDense(line.expiry)}</td></>}
            <td className="n">{line.mrp ? money(line.mrp, lang) : "–"}</td><td className="n">{isPositive(line.qty) ? `${qty(line.qty, lang)}${o.size === "A4" && line.unit ? ` ${line.unit}` : ""}` : "–"}</td>
            <td className="n">{isPositive(line.free) ? qty(line.free, lang) : "–"}</td><td className="n">{line.rate ? rate(line.rate, lang) : "–"}</td>
            <td className="n">{isZero(line.discount) ? "–" : money(line.discount, lang)}</td><td className="n">{money(line.taxable, lang)}</td><td className="n">{ratePercent(line.taxRate, lang)}</td>
            {wide && heads.map((head) => <td className="n" key={head.key}>{money(amountUnder(line, head), lang)}</td>)}
            <td className="n">{money(line.total, lang)}</td>
          </tr>
        ))}
      </tbody>
      {end && (
        <tfoot>
          <tr>
            <td /><td colSpan={wide ? 5 : 3}>{t("count.lines", { count: paper.lines.length })}</td><td className="n">{qty(paper.pieces, lang)}</td><td className="n">{isZero(paper.freePieces) ? "–" : qty(paper.freePieces, lang)}</td><td />
            <td className="n">{money(sum(paper.lines.map((l) => l.discount), 2), lang)}</td><td className="n">{money(paper.totals.taxable, lang)}</td><td />
            {wide && heads.map((head) => <td className="n" key={head.key}>{money(amountUnder(paper.totals, head), lang)}</td>)}
            <td className="n">{money(sum(paper.lines.map((l) => l.total), 2), lang)}</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

/** So many batch numbers as the column holds, and how many more there are. */
function batches(text: string, most: number): string {
  const all = text ? text.split(", ") : [];
  if (all.length === 0) return "–";
  return all.length <= most ? text : `${all[0]} +${all.length - 1}`;
}

function TaxTable({ paper, rows, withHsn, o, t }: { paper: Paper; rows: TaxRow[]; withHsn: boolean; o: SheetOptions; t: T }) {
  const lang = o.language;
  const heads = shownHeads(paper);
  return (
    <table className="p-tax">
      <thead><tr>{withHsn && <th>{paper.law.codeName}</th>}<th className={withHsn ? "n" : ""}>{t("paper.rateOf", { tax: paper.law.taxName })}</th><th className="n">{t("field.taxable")}</th>{heads.map((head) => <th className="n" key={head.key}>{head.label}</th>)}</tr></thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.hsn}-${row.rate}`}>{withHsn && <td className="num">{row.hsn}</td>}<td className={withHsn ? "n" : "num"}>{ratePercent(row.rate, lang)} %</td><td className="n">{money(row.taxable, lang)}</td>{heads.map((head) => <td className="n" key={head.key}>{money(amountUnder(row, head), lang)}</td>)}</tr>
        ))}
        <tr className="t">{withHsn && <td />}<td>{t("paper.total")}</td><td className="n">{money(paper.totals.taxable, lang)}</td>{heads.map((head) => <td className="n" key={head.key}>{money(amountUnder(paper.totals, head), lang)}</td>)}</tr>
      </tbody>
    </table>
  );
}

function Sums({ paper, o, t }: { paper: Paper; o: SheetOptions; t: T }) {
  const lang = o.language;
  const tax = sum([paper.totals.cgst, paper.totals.sgst, paper.totals.igst, paper.totals.cess, paper.totals.vat ?? "0"], 2);
  return (
    <div className="p-sum">
      <span>{t("field.taxable")}</span><span className="n">{money(paper.totals.taxable, lang)}</span>
      <span>{shownHeads(paper).map((head) => head.label).join(" + ") || t("paper.noTax")}</span><span className="n">{money(tax, lang)}</span>
      <span>{t("bill.roundOff")}</span><span className="n">{money(paper.totals.rounding, lang)}</span>
      <span className="g">{t("paper.total")} {currencySign(paper.currency, lang)}</span><span className="g n">{money(paper.totals.payable, lang)}</span>
    </div>
  );
}

function Foot({ paper, o, t }: Props) {
  const withHsn = o.size === "A4" || paper.byHsn.length <= 4;
  return (
    <div className="p-foot">
      <TaxTable paper={paper} rows={withHsn ? paper.byHsn : paper.byRate} withHsn={withHsn} o={o} t={t} />
      <div className="p-words">
        <div className="k">{t("paper.inWords")}</div>
        <div className="b">{amountInWords(paper.totals.payable, o.language, paper.currency)}</div>
        {paper.seller.bank && <><div className="k gap">{t("paper.bank")}</div><div className="num bank">{paper.seller.bank}</div></>}
        {paper.note && <div className="k gap">{paper.note}</div>}
        <Registered paper={paper} t={t} />
        <Stamped paper={paper} t={t} />
      </div>
      <div className="p-qr">
        <StampCode paper={paper} t={t} />
        <PayCode paper={paper} o={o} t={t} mm={27} />
      </div>
      <div>
        <Sums paper={paper} o={o} t={t} />
        <div className="p-sign"><span>{t("paper.receiver")}</span><span>{t("paper.signatory", { name: paper.seller.name })}</span></div>
      </div>
    </div>
  );
}

function Roll({ paper, o, t, copy }: Props) {
  const lang = o.language;
  const { seller, buyer } = paper;
  const tax = sum([paper.totals.cgst, paper.totals.sgst, paper.totals.igst, paper.totals.cess, paper.totals.vat ?? "0"], 2);
  const off = sum([paper.totals.schemeDiscount, paper.totals.manualDiscount], 2);
  return (
    <section className="roll">
      <div className="c">
        <h2>{(lang === "hi" && seller.nameLocal) || seller.name}</h2>
        <div>{[seller.address, [seller.city, seller.pin].filter(Boolean).join(" ")].filter(Boolean).join(", ")}{paper.law.country === "IN" && seller.stateCode && ` (${seller.stateCode})`}</div>
        <div>{taxId(paper, seller.gstin, t("paper.notRegistered", { tax: paper.law.taxName }))}</div>
        {seller.fssai && <div>FSSAI {seller.fssai}</div>}
      </div>
      <hr />
      <div className="c"><h1>{title(paper, t)}</h1><Wording paper={paper} t={t} /><div className="k">{paper.kind === "invoice" ? copyMark(copy, o, t) : t("paper.notInvoice")}</div>{paper.cancelled && <div className="b">{t("paper.cancelled")}</div>}</div>
      <dl className="p-kv">
        <dt>{t(paper.kind === "order" ? "paper.orderNo" : paper.isNote ? "paper.noteNo" : "paper.invoiceNo")}</dt><dd className="b">{paper.number ?? "–"}</dd>
        <dt>{t("field.date")}</dt><dd>{dateText(paper.date, lang)}{paper.postedAt && `, ${timeOfDay(paper.postedAt)}`}</dd>
        <dt>{t("paper.billToShort")}</dt><dd className="b">{(lang === "hi" && buyer.nameLocal) || buyer.name}</dd>
        <dt /><dd>{[buyer.address, [buyer.city, buyer.pin].filter(Boolean).join(" ")].filter(Boolean).join(", ")}</dd>
        <dt>{paper.law.taxIdName}</dt><dd>{buyer.gstin ?? t("paper.unregistered")}</dd>
        {paper.law.country === "IN" && <><dt>{t("paper.placeOfSupply")}</dt><dd>{place(paper)}</dd>
        <dt>{t("paper.reverseCharge")}</dt><dd>{t("paper.no")}</dd></>}
        {buyer.salesman && <><dt>{t("field.salesman")}</dt><dd>{buyer.salesman}</dd></>}
      </dl>
      <hr />
      <ol className="items">
        {paper.lines.map((line) => (
          <li key={line.no}>
            <div className="two b"><span>{line.no}. {nameOf(line, o)}</span>{line.mrp && <span className="k">{t("field.mrp")} {money(line.mrp, lang)}</span>}</div>
            <div className="two"><span>{isPositive(line.qty) ? qty(line.qty, lang) : ""}{isPositive(line.free) ? `${isPositive(line.qty) ? " + " : ""}${qty(line.free, lang)} ${t("field.freeShort")}` : ""}{line.rate ? ` × ${rate(line.rate, lang)}` : ""}</span><span>{money(sum([line.taxable, line.discount], 2), lang)}</span></div>
            {!isZero(line.discount) && <div className="two"><span>{t("field.discount")}</span><span>−{money(line.discount, lang)}</span></div>}
            <div className="k">{[`${paper.law.codeName} ${line.hsn}`, `${paper.law.taxName} ${ratePercent(line.taxRate, lang)} %`.trim(), line.batch, line.expiry && monthDense(line.expiry)].filter(Boolean).join(" · ")}</div>
          </li>
        ))}
      </ol>
      <hr />
      <div className="p-sum">
        <span>{t("bill.gross")}</span><span>{money(paper.totals.gross, lang)}</span>
        {!isZero(off) && <><span>{t("field.discount")}</span><span>−{money(off, lang)}</span></>}
        <span>{t("paper.taxableValue")}</span><span>{money(paper.totals.taxable, lang)}</span>
        <span>{shownHeads(paper).map((head) => head.label).join(" + ") || t("paper.noTax")}</span><span>{money(tax, lang)}</span>
        <span>{t("bill.roundOff")}</span><span>{money(paper.totals.rounding, lang)}</span>
      </div>
      <hr />
      <div className="two grand"><span>{t("paper.total")} {currencySign(paper.currency, lang)}</span><span>{money(paper.totals.payable, lang)}</span></div>
      <hr />
      <div className="b">{amountInWords(paper.totals.payable, lang, paper.currency)}</div>
      <div className="k">{t("bill.counts", { lines: t("count.lines", { count: paper.lines.length }), pieces: qty(paper.pieces, lang), free: isZero(paper.freePieces) ? "" : ` + ${qty(paper.freePieces, lang)} ${t("field.freeShort")}` })}</div>
      <TaxTable paper={paper} rows={paper.byRate} withHsn={false} o={o} t={t} />
      <hr className="dash" />
      <div className="two"><span>{t("bill.payment")}</span><span>{t(`mode.${paper.paymentMode}`)}{paper.dueOn && paper.paymentMode === "CREDIT" && `, ${t("paper.dueBy", { date: dateText(paper.dueOn, lang) })}`}</span></div>
      {paper.note && <div className="k">{paper.note}</div>}
      <div className="c"><StampCode paper={paper} t={t} /></div>
      <Stamped paper={paper} t={t} />
      <div className="c"><PayCode paper={paper} o={o} t={t} mm={28} /><SignedCode paper={paper} t={t} mm={40} /></div>
      <Registered paper={paper} t={t} />
      <div className="p-sign">{t("paper.signatory", { name: seller.name })}</div>
    </section>
  );
}
