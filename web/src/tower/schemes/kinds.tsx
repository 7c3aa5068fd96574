import { useRef, type KeyboardEvent } from "react";
import { CODE_OF, FAMILIES, KINDS, type Kind } from "./model";
import { useTexts } from "./texts";

/** What a scheme can do, one card each: its name, what it does, an example a shopkeeper would tell. */
export function KindCards({ value, onChoose }: { value: Kind | null; onChoose: (kind: Kind) => void }) {
  const { t } = useTexts();
  const box = useRef<HTMLDivElement>(null);
  const onKey = (e: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.code as "ArrowRight"];
    if (!step) return;
    const cards = [...(box.current?.querySelectorAll<HTMLButtonElement>("button.kind") ?? [])];
    const at = cards.indexOf(document.activeElement as HTMLButtonElement);
    if (at < 0) return;
    e.preventDefault();
    cards[(at + step + cards.length) % cards.length]?.focus();
  };
  return (
    <div ref={box} onKeyDown={onKey}>
      {FAMILIES.map((family) => (
        <section key={family.id} aria-label={t(`kinds.${family.id}`)}>
          <h3 className="kind-family">{t(`kinds.${family.id}`)} <span className="muted">{t(`kinds.${family.id}Text`)}</span></h3>
          <div className="kind-grid">
            {family.kinds.map((kind) => (
              <button key={kind} type="button" className="kind" aria-pressed={value === kind} onClick={() => onChoose(kind)}>
                <KindPicture kind={kind} />
                <span className="kind-name">{t(`kind.${kind}.name`)} <span className="muted code">{CODE_OF[kind]}</span></span>
                <span className="kind-what">{t(`kind.${kind}.what`)}</span>
                <span className="kind-example">{t(`kind.${kind}.example`)}</span>
              </button>
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}

/** A sign for each kind: how the benefit grows with what is bought. */
export function KindPicture({ kind }: { kind: Kind }) {
  const shapes: Record<Kind, React.ReactNode> = {
    DISCOUNT: <path d="M4 16h32" />,
    WHOLE_SLAB: <path d="M4 20h10v-6h11V7h11" />,
    INCREMENTAL_SLAB: <path d="M4 20h8l11-5 13-11" />,
    FREE_GOODS: <><path d="M4 8h6v6H4zM12 8h6v6h-6zM20 8h6v6h-6z" /><path className="gift" d="M30 8h6v6h-6z" /></>,
    CHEAPEST_FREE: <><path d="M4 5h8v10H4zM15 7h7v8h-7z" /><path className="gift" d="M26 10h5v5h-5z" /></>,
    COMBO: <><circle cx="9" cy="11" r="5" /><rect x="16" y="6" width="9" height="10" /><path d="m29 16 4-10 4 10z" /></>,
    BUNDLE_PRICE: <><rect x="4" y="5" width="32" height="13" rx="2" /><path d="M10 5v13M16 5v13" /><path className="gift" d="M22 11h10" /></>,
    VALUE_SLAB: <><path d="M4 20h10v-6h11V7h11" /><path className="gift" d="M5 6h9M5 10h6" /></>,
    PER_CASE_REBATE: <><path d="M5 8h9v9H5zM17 8h9v9h-9z" /><path className="gift" d="M31 8v9M28 12.5h6" /></>,
    QPS: <><path d="M4 20h8v-4h8v-5h8V5h8" /><path className="gift" d="M36 5v4" /></>,
    TOD: <><path d="M4 19h32" /><path d="M7 19v-5h5v5M17 19V9h5v10M27 19V4h5v15" /></>,
    CASH_DISCOUNT: <><circle cx="12" cy="12" r="8" /><path d="M12 7v5l3 2" /><path className="gift" d="M26 12h10" /></>,
    DISPLAY: <><path d="M5 5h30M5 12h30M5 19h30" /><path className="gift" d="M9 5v7M17 5v7M25 12v7" /></>,
    POINTS: <path d="m20 3 2.700 6 6.300.6-4.800 4.200 1.500 6.200L20 16.700 14.300 20l1.500-6.200L11 9.600l6.300-.6z" />,
  };
  return <svg className="kind-pic" viewBox="0 0 40 24" aria-hidden="true" focusable="false">{shapes[kind]}</svg>;
}

export const isKind = (text: string | undefined): text is Kind => (KINDS as readonly string[]).includes(text ?? "");
