import { forDrawing } from "../decimal";
import { useFormats } from "../format";
import { useTexts } from "./texts";

const W = 340;
const H = 168;
const LEFT = 8;
const BOTTOM = 24;
const TOP = 16;
const day = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;

/** What was given out, day by day, against an even pace to the budget; told in words as well. */
export function Burn({ series, total, from, to, today, endsOn }: { series: { on: string; usedToDate: string }[]; total: string | null; from: string; to: string; today: string; endsOn: string | null }) {
  const { t } = useTexts();
  const f = useFormats();
  const points = series.map((s) => ({ on: s.on, used: forDrawing(s.usedToDate) ?? 0 }));
  const last = points.at(-1);
  const budget = forDrawing(total);
  const top = Math.max(budget ?? 0, last?.used ?? 0) * 1.06 || 1;
  const span = Math.max(1, day(to) - day(from));
  const x = (on: string) => LEFT + (Math.max(0, Math.min(span, day(on) - day(from))) / span) * (W - LEFT * 2);
  const y = (v: number) => H - BOTTOM - (v / top) * (H - BOTTOM - TOP);
  const path = [`M${x(from)} ${y(0)}`, ...points.map((p) => `L${x(p.on).toFixed(1)} ${y(p.used).toFixed(1)}`), ...(last && today > last.on ? [`L${x(today < to ? today : to).toFixed(1)} ${y(last.used).toFixed(1)}`] : [])].join("");
  const even = budget === null ? null : Math.min(1, Math.max(0, (day(today) - day(from)) / span)) * budget;
  const share = budget && last ? Math.round((last.used / budget) * 100) : null;
  const title = last === undefined ? t("burn.none") : budget === null ? t("burn.noBudget", { used: f.rupees(last === undefined ? "0" : series.at(-1)!.usedToDate) })
    : endsOn ? t("burn.endsOn", { share, date: f.date(endsOn) }) : even !== null && last.used > even * 1.1 ? t("burn.fast", { share }) : t("burn.even", { share });
  return (
    <figure className="burn">
      <figcaption className="m5">{title}</figcaption>
      <svg viewBox={`0 0 ${W} ${H}`} role="img" aria-label={title}>
        <line x1={LEFT} x2={W - LEFT} y1={y(0)} y2={y(0)} stroke="var(--axis)" />
        {budget !== null && (
          <>
            <line x1={LEFT} x2={W - LEFT} y1={y(budget)} y2={y(budget)} stroke="var(--text)" strokeDasharray="2 3" />
            <text x={W - LEFT} y={y(budget) - 5} textAnchor="end">{t("burn.budget", { total: f.rupees(total) })}</text>
            <line x1={x(from)} y1={y(0)} x2={x(to)} y2={y(budget)} stroke="var(--compare)" strokeWidth="1.500" />
          </>
        )}
        {today >= from && today <= to && <line x1={x(today)} x2={x(today)} y1={TOP} y2={y(0)} stroke="var(--axis)" strokeDasharray="3 3" />}
        <path d={`${path}L${x(last && today > last.on ? (today < to ? today : to) : (last?.on ?? from)).toFixed(1)} ${y(0)}Z`} fill="var(--selected)" />
        <path d={path} fill="none" stroke="var(--accent)" strokeWidth="2" strokeLinejoin="round" />
        {last && <><circle cx={x(last.on)} cy={y(last.used)} r="3.500" fill="var(--accent)" /><text className="last" x={x(last.on) > W - 110 ? x(last.on) - 8 : x(last.on) + 8} y={Math.max(TOP + 4, y(last.used) - 8)} textAnchor={x(last.on) > W - 110 ? "end" : "start"}>{f.rupees(series.at(-1)!.usedToDate)}</text></>}
        <text x={LEFT} y={H - 6}>{f.dense(from)}</text>
        <text x={W - LEFT} y={H - 6} textAnchor="end">{f.dense(to)}</text>
      </svg>
    </figure>
  );
}

/** Benefit by day, the last ninety at most, as thin bars. */
export function DayBars({ series }: { series: { on: string; benefit: string; invoices: number }[] }) {
  const { t } = useTexts();
  const f = useFormats();
  const shown = series.slice(-90);
  const top = Math.max(...shown.map((s) => forDrawing(s.benefit) ?? 0), 0) || 1;
  const best = shown.reduce((a, b) => ((forDrawing(b.benefit) ?? 0) > (forDrawing(a.benefit) ?? 0) ? b : a), shown[0]!);
  const label = t("burn.days", { count: shown.length, best: f.date(best.on), amount: f.rupees(best.benefit) });
  return (
    <figure className="burn">
      <figcaption className="s muted">{label}</figcaption>
      <svg viewBox="0 0 640 72" role="img" aria-label={label} preserveAspectRatio="none" style={{ height: 56 }}>
        {shown.map((s, i) => {
          const h = ((forDrawing(s.benefit) ?? 0) / top) * 64;
          const w = 640 / shown.length;
          return <rect key={s.on} x={i * w + w * 0.12} width={w * 0.76} y={70 - h} height={Math.max(0, h)} fill={s.on === best.on ? "var(--accent)" : "var(--cat-other)"}><title>{`${f.dense(s.on)}: ${f.rupees(s.benefit)}, ${s.invoices}`}</title></rect>;
        })}
      </svg>
    </figure>
  );
}
