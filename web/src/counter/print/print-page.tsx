import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import type { Problem } from "../../api/problems";
import { load, type Language } from "../../i18n";
import { Button, ProblemNote } from "../../ui";
import { useRoute } from "../router";
import { preferences, setPreferences, usePreferences, type PaperSize } from "../settings/preferences";
import { useWorkspace } from "../workspace";
import { paperOf, type Paper } from "./paper";
import { paperView } from "./paper-of";
import { stampOf } from "./stamp";
import "./print.css";
import { paperLanguage, setPageSize, viewOfCommand, withTax } from "./print-host";
import { Sheets, type SheetOptions } from "./sheets";

/**
 * `#/print/invoice/{id}?paper=A5&landscape=1&language=hi&copies=1&reprint=0`: a posted document on its paper, as the browser
 * will print it. `data-ready` names what is shown
 * when its sheets and the page size are in place.
 */
export function PrintPage() {
  const { t } = useTranslation();
  const { store, context, skus } = useWorkspace();
  const { rest, query } = useRoute();
  const prefs = usePreferences();
  const [read, setRead] = useState<{ of: string; paper: Paper }>();
  const [problem, setProblem] = useState<Problem>();
  const [size, setSize] = useState<{ width: number; height: number; of: string }>();
  const box = useRef<HTMLDivElement>(null);
  const id = rest[1] ?? "";
  const options: SheetOptions = {
    size: (query.get("paper") as PaperSize | null) ?? prefs.paper,
    landscape: query.has("landscape") ? query.get("landscape") !== "0" : prefs.landscape,
    language: query.get("language") ?? paperLanguage(),
    copies: Number(query.get("copies") ?? prefs.copies),
    printedBefore: Number(query.get("reprint") ?? "0"),
  };

  useEffect(() => {
    if (!context) return;
    let gone = false;
    void (async () => {
      try {
        await load(options.language as Language);
        const local = viewOfCommand(await store.command.get(id));
        const posted = local?.number ? local : await paperView(store, id).catch((error: unknown) => {
          if (local) return local;
          throw error;
        });
        // the day book knows what was cancelled after its paper was kept
        const now = (await store.document.get(id))?.status;
        const view = now === undefined ? posted : { ...posted, status: now };
        const [whole, stamp] = await Promise.all([withTax(store, view), stampOf(store, view)]);
        if (!gone) setRead({ of: `${id} ${options.language}`, paper: paperOf(whole, { seller: context.distributor, currency: context.currency.code, law: context.paper, skus, stamp }) });
      } catch (error) {
        if (!gone) setProblem(error instanceof ApiError ? error.problem : { code: "FAULT", detail: String(error) });
      }
    })();
    return () => {
      gone = true;
    };
  }, [store, context, skus, id, options.language]);

  const paper = read?.of === `${id} ${options.language}` ? read.paper : undefined;
  const shown = paper && `${id} ${options.size} ${options.landscape ? "wide" : "tall"} ${options.language} ${options.copies}`;
  useEffect(() => {
    if (!shown) return;
    void document.fonts.ready.then(() => setSize({ ...setPageSize(options.size, options.landscape, [...(box.current?.querySelectorAll<HTMLElement>(".roll") ?? [])]), of: shown }));
  }, [shown, paper, options.size, options.landscape]);

  return (
    <main className="printing" id="main" data-ready={size && size.of === shown ? shown : undefined} data-width={size?.width} data-height={size?.height}>
      <div className="print-bar row">
        <Button kind="primary" keys="Ctrl+P" onClick={() => window.print()}>{t("print.print")}</Button>
        <Button onClick={() => history.back()}>{t("action.back", { ns: "common" })}</Button>
        {!query.get("paper") && (["A4", "A5", "80mm"] as const).map((name) => <Button key={name} aria-pressed={preferences().paper === name} onClick={() => setPreferences({ paper: name })}>{name}</Button>)}
      </div>
      {problem && <ProblemNote problem={problem} />}
      <div ref={box}>{paper && <Sheets paper={paper} options={options} />}</div>
    </main>
  );
}
