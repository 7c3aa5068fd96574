import { useLiveQuery } from "dexie-react-hooks";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { NoRoom, addPicture, dropPicture } from "../offline/pictures";
import type { Picture } from "../offline/types";
import { Button, Shape, qty } from "../ui";
import { pictureAddress, useAway, useEvidence } from "./evidence";
import { useWorkspace } from "./workspace";

/**
 * Pictures of a document: taken or chosen, made small, kept in their own lane and sent after the documents. The document names them by hash and is
 * complete without them; where there is no room they are refused with words, and everything else goes on.
 */
export function Pictures({ documentId, kind, hashes, onChange, label }: { documentId: string; kind: string; hashes: string[]; onChange: (hashes: string[]) => void; label: string }) {
  const { t, i18n } = useTranslation();
  const { store, facts } = useWorkspace();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(hashes);
  latest.current = hashes;
  const kept = useLiveQuery(async () => (await store.picture.bulkGet(hashes)).flatMap((p) => (p ? [p] : [])), [store, hashes.join()]) ?? [];
  const add = async (files: File[]) => {
    setProblem(undefined);
    setBusy(files.length);
    for (const file of files) {
      try {
        const hash = await addPicture(store, documentId, kind, file, facts());
        if (!latest.current.includes(hash)) {
          latest.current = [...latest.current, hash];
          onChange(latest.current);
        }
      } catch (error) {
        setProblem(t(error instanceof NoRoom ? "pictures.noRoom" : "pictures.notRead", { percent: error instanceof NoRoom ? error.percent : "" }));
        break;
      } finally {
        setBusy((n) => n - 1);
      }
    }
    setBusy(0);
    if (input.current) input.current.value = "";
  };
  const remove = (picture: Picture) => {
    onChange(hashes.filter((hash) => hash !== picture.hash));
    if (picture.state === "WAITING" && picture.received === 0) void dropPicture(store, picture.hash);
  };
  return (
    <section className="pictures" aria-label={label}>
      <div className="row">
        <input ref={input} className="vh" type="file" accept="image/*" multiple aria-label={label} tabIndex={-1} onChange={(e) => void add([...(e.target.files ?? [])])} />
        <Button onClick={() => input.current?.click()}>{t("pictures.add")}</Button>
        <span className="s m" role="status">{busy > 0 ? t("pictures.busy", { count: busy }) : hashes.length > 0 ? t("pictures.count", { count: hashes.length, kb: qty(String(Math.ceil(kept.reduce((n, p) => n + p.size, 0) / 1024)), i18n.language) }) : t("pictures.hint")}</span>
      </div>
      {problem && <div className="bad" role="alert"><Shape tone="act" />{problem}</div>}
      {kept.length > 0 && <ul>{kept.map((picture) => <Thumb key={picture.hash} picture={picture} onRemove={() => remove(picture)} />)}</ul>}
    </section>
  );
}

function Thumb({ picture, onRemove }: { picture: Picture; onRemove: () => void }) {
  const { t } = useTranslation();
  const { distributorId } = useWorkspace();
  const own = useEvidence(picture.hash);
  const away = useAway();
  const shown = own?.url ?? (own === null && picture.state === "SENT" && !away ? pictureAddress(distributorId, picture.hash) : undefined);
  const words = picture.state === "SENT" && own === null ? t("pictures.onServer") : t(`pictures.${picture.state}`);
  return (
    <li>
      {shown ? <img src={shown} alt={t("pictures.one", { kb: Math.ceil(picture.size / 1024) })} /> : <span className="s m">{words}</span>}
      <button type="button" aria-label={t("pictures.remove")} onClick={onRemove}>×</button>
    </li>
  );
}
