import { useFormats } from "../format";
import type { Difference } from "../changes/api";
import { cameAndWent, partText, placeText } from "./diff";
import type { Goods } from "./goods";
import { useTexts } from "./texts";

/** Differences as sentences: what it was, what it becomes; in lists what came and what went. */
export function DiffList({ diff, goods, isNew }: { diff: Difference[]; goods?: Goods; isNew?: boolean }) {
  const { t } = useTexts();
  const f = useFormats();
  const names = (member: string, code: string) => (/rand/.test(member) ? goods?.brands.get(code)?.name : /ategory/.test(member) ? goods?.categories.get(code)?.name : /Sku/.test(member) ? goods?.skus.get(code)?.name : undefined) ?? code;
  if (diff.length === 0) return <p className="muted s">{t("diff.same")}</p>;
  return (
    <dl className={`diff ${isNew ? "fresh" : ""}`}>
      {diff.map((d) => {
        const lists = isNew ? null : cameAndWent(d.before, d.after);
        return (
          <div key={d.path}>
            <dt>{placeText(d.path, t, d.title)}</dt>
            <dd>
              {isNew ? <ins>{partText(d.path, d.after, t, f, names)}</ins> : lists ? (
                <>
                  {lists.went.map((x) => <del key={`-${x}`}>{partText(d.path, [x], t, f, names)}</del>)}
                  {lists.came.map((x) => <ins key={`+${x}`}>{partText(d.path, [x], t, f, names)}</ins>)}
                </>
              ) : <><del>{partText(d.path, d.before, t, f, names)}</del><span aria-label={t("diff.becomes")}>→</span><ins>{partText(d.path, d.after, t, f, names)}</ins></>}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
