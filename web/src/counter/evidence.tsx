import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, api } from "../api/client";
import { evidenceHere } from "../offline/pictures";
import { useSync, useWorkspace } from "./workspace";

/** Where the server shows a stored picture or paper from. */
export const pictureAddress = (distributorId: number, hash: string) => `/api/v1/evidence/${hash}?distributorId=${distributorId}`;

interface Own { url: string; mediaType: string }

/** A picture or paper as it lies on this device, by an address of this page; null where only the server has it, undefined while it is looked for. */
export function useEvidence(hash: string): Own | null | undefined {
  const { store } = useWorkspace();
  const [own, setOwn] = useState<Own | null>();
  useEffect(() => {
    let gone = false;
    let url: string | undefined;
    evidenceHere(store, hash).then((found) => {
      if (gone) return;
      if (found) url = URL.createObjectURL(new Blob([found.data], { type: found.mediaType }));
      setOwn(found && url ? { url, mediaType: found.mediaType } : null);
    }, () => !gone && setOwn(null));
    return () => {
      gone = true;
      setOwn(undefined);
      if (url) URL.revokeObjectURL(url);
    };
  }, [store, hash]);
  return own;
}

/** Whether the server was not reached when it was last tried. */
export const useAway = () => useSync().reach?.state === "not-reached";

/** One picture of a document, small: this device's own, else the server's; where neither can be had it says so. */
export function EvidencePicture({ hash, alt }: { hash: string; alt: string }) {
  const { t } = useTranslation("counter");
  const { distributorId } = useWorkspace();
  const own = useEvidence(hash);
  const away = useAway();
  const [failed, setFailed] = useState(false);
  useEffect(() => setFailed(false), [away, hash]);
  if (own === undefined) return <span className="paper-box" />;
  if (own === null && (away || failed)) return <span className="paper-box s m" role="img" aria-label={`${alt}: ${t("pictures.onServer")}`}>{t("pictures.onServer")}</span>;
  const address = own?.url ?? pictureAddress(distributorId, hash);
  if (own?.mediaType === "application/pdf") return <a className="paper-box" href={address} download={`${hash.slice(0, 12)}.pdf`} aria-label={alt}>PDF</a>;
  return <a href={address} target="_blank" rel="noreferrer"><img src={address} alt={alt} {...(own ? { "data-own": "" } : { onError: () => setFailed(true) })} /></a>;
}

/** The pictures of a document beside it; nothing where it has none. */
export function EvidenceRow({ hashes, label }: { hashes: readonly string[]; label: (number: number) => string }) {
  return hashes.length === 0 ? null : <div className="return-pictures">{hashes.map((hash, i) => <EvidencePicture key={hash} hash={hash} alt={label(i + 1)} />)}</div>;
}

/**
 * A paper by its name: opened from this device, else from the server; without network, where it is not kept here, it says so. Whether the server is there is
 * asked when the name is shown: a link that leads nowhere opens an empty page.
 */
export function EvidenceName({ hash, children }: { hash: string; children: ReactNode }) {
  const { t } = useTranslation("counter");
  const { distributorId } = useWorkspace();
  const own = useEvidence(hash);
  const away = useAway();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    setFailed(false);
    if (own !== null || away) return;
    let gone = false;
    void api(`/api/v1/evidence/${hash}/state`, { query: { distributorId } }).catch((error: unknown) => !gone && setFailed(error instanceof ApiError && error.unanswered));
    return () => {
      gone = true;
    };
  }, [own, away, hash, distributorId]);
  if (own === undefined) return <span>{children}</span>;
  if (own === null && (away || failed)) return <span>{children} <span className="s m">{t("pictures.onServer")}</span></span>;
  const pdf = own?.mediaType === "application/pdf";
  return <a href={own?.url ?? pictureAddress(distributorId, hash)} {...(pdf ? { download: `${hash.slice(0, 12)}.pdf` } : { target: "_blank", rel: "noopener" })}>{children}</a>;
}
