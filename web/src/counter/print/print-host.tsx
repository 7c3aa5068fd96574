import { useEffect, useRef, useState, type ComponentType } from "react";
import { createPortal } from "react-dom";
import i18next from "i18next";
import { api } from "../../api/client";
import type { InvoiceView, TaxOnPaper } from "../../api/documents";
import { load, type Language } from "../../i18n";
import type { LocalStore } from "../../offline/db";
import type { Reach } from "../../offline/sender";
import type { Command } from "../../offline/types";
import { preferences, type PaperSize } from "../settings/preferences";
import { toast } from "../toast";
import { useWorkspace } from "../workspace";
import { paperOf, sheet, type Paper } from "./paper";
import { stampOf } from "./stamp";
import "./print.css";
import type { SheetOptions } from "./sheets";

interface Job { paper: Paper; options: SheetOptions; id: string; Sheets: ComponentType<{ paper: Paper; options: SheetOptions }> }

/** Paper comes after the first screen: it is fetched when the hands are idle, and kept by the service worker. */
const sheets = () => import("./sheets");

let hand: ((view: InvoiceView, asks?: boolean) => Promise<void>) | undefined;

/** Language on paper: chosen in settings, else the screen's. */
export function paperLanguage(): Language {
  const chosen = preferences().paperLanguage;
  return chosen === "screen" ? (i18next.language as Language) : chosen;
}

/** Writes the size of the sheet into @page; a roll is as long as what is on it. */
export function setPageSize(size: PaperSize, landscape: boolean, rolls: HTMLElement[]): { width: number; height: number } {
  const wanted = sheet(size, landscape);
  const px = rolls.length ? Math.max(...rolls.map((roll) => roll.getBoundingClientRect().height)) : 0;
  const height = wanted.height ?? Math.ceil((px * 25.4) / 96) + 1;
  let style = document.getElementById("page-size");
  if (!style) {
    style = document.createElement("style");
    style.id = "page-size";
    document.head.append(style);
  }
  style.textContent = `@page { size: ${wanted.width}mm ${height}mm; margin: 0 }`;
  return { width: wanted.width, height };
}

/** How often a document was printed on this device before; counts this time. */
export async function countPrint(store: LocalStore, id: string): Promise<number> {
  const key = `printed.${id}`;
  const before = (await store.get<number>(key)) ?? 0;
  await store.set(key, before + 1);
  return before;
}

/** The document of a command as the server posted it, or as this device decided it while no answer is there. */
export function viewOfCommand(command: Command | undefined): InvoiceView | undefined {
  // paper with a number of this device stands as it was given (OFF-10)
  const view = (command?.number ? command.view : command?.document ?? command?.view) as InvoiceView | undefined;
  return view?.lines && view.totals ? view : undefined;
}

/**
 * Prints a bill of this device: at once as tax invoice where it has its legal number, which is on disk by then. Where the server gives the number,
 * once it has accepted the bill; when no answer comes in the given time, as an order, which is no tax invoice and says so.
 */
export function printCommand(store: LocalStore, id: string, waitMs: number): void {
  void (async () => {
    const until = Date.now() + waitMs;
    let command = await store.command.get(id);
    while (command && !command.number && (command.state === "WAITING" || command.state === "SENDING") && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 80));
      if ((await store.get<Reach>("reach"))?.state !== "reached") break;
      command = await store.command.get(id);
    }
    if (!command || (command.state === "NEEDS_YOU" && !command.number) || command.state === "WITHDRAWN") return;
    const view = viewOfCommand(command);
    if (view) await hand?.(view);
  })();
}

export function printView(view: InvoiceView): void {
  void hand?.(view, true);
}

const TAX = "paper.tax.";
/** Of so many documents what the tax office has of them is kept, the newest. */
const TAXED = 200;

/**
 * The document with what the tax office has of it (IRN, signed code): asked of the server, which is not waited for long and not at all while it is known to be
 * away; then as it was told last, so that a paper printed again without network has it as well.
 */
export async function withTax(store: LocalStore, view: InvoiceView): Promise<InvoiceView> {
  if (!view.number || (!view.seller?.gstin && view.tax)) return view;
  const key = `${TAX}${view.id}`;
  if ((await store.get<Reach>("reach"))?.state !== "not-reached") {
    try {
      const tax = await api<TaxOnPaper>(`/api/v1/tax/documents/${view.id}`, { signal: AbortSignal.timeout(1500) });
      if (tax.irn) await keepTax(store, key, tax).catch(() => undefined);
      return { ...view, tax };
    } catch {
      // as it was told last
    }
  }
  const told = await store.get<TaxOnPaper>(key);
  return told ? { ...view, tax: told } : view;
}

async function keepTax(store: LocalStore, key: string, tax: TaxOnPaper): Promise<void> {
  await store.set(key, tax);
  // ids rise with time: the first are the oldest
  const keys = await store.meta.where("key").startsWith(TAX).primaryKeys();
  if (keys.length > TAXED) await store.meta.bulkDelete(keys.slice(0, keys.length - TAXED));
}

/** Holds the paper beside the app; in print only the paper shows. The screen keeps its focus. */
export function PrintHost() {
  const { store, context, skus } = useWorkspace();
  const [job, setJob] = useState<Job>();
  const host = useRef<HTMLDivElement>(null);
  const ground = useRef({ context, skus });
  ground.current = { context, skus };

  useEffect(() => {
    hand = async (bare, asks = false) => {
      const { context: seller, skus: names } = ground.current;
      if (!seller) return;
      const view = asks ? await withTax(store, bare) : bare;
      const language = paperLanguage();
      const [{ Sheets }] = await Promise.all([sheets(), load(language)]);
      const prefs = preferences();
      const paper = paperOf(view, { seller: seller.distributor, currency: seller.currency.code, law: seller.paper, skus: names, stamp: await stampOf(store, view) });
      const printedBefore = paper.kind === "invoice" ? await countPrint(store, view.id) : 0;
      setJob({ id: view.id, Sheets, paper, options: { size: prefs.paper, landscape: prefs.landscape, language, copies: prefs.copies, printedBefore } });
    };
    const idle = setTimeout(() => void sheets().catch(() => undefined), 1_500);
    return () => {
      hand = undefined;
      clearTimeout(idle);
    };
  }, [store]);

  useEffect(() => {
    if (!job || !host.current) return;
    const node = host.current;
    void document.fonts.ready.then(() => {
      setPageSize(job.options.size, job.options.landscape, [...node.querySelectorAll<HTMLElement>(".roll")]);
      document.body.classList.add("on-paper");
      const focused = document.activeElement as HTMLElement | null;
      const done = () => {
        document.body.classList.remove("on-paper");
        focused?.focus({ preventScroll: true });
      };
      addEventListener("afterprint", done, { once: true });
      try {
        window.print();
      } catch {
        toast(i18next.t("print.failed"));
      }
      setTimeout(done, 500);
    });
  }, [job]);

  return createPortal(<div className="print-host" ref={host} aria-hidden="true" data-printed={job?.id}>{job && <job.Sheets paper={job.paper} options={job.options} />}</div>, document.getElementById("root")!);
}
