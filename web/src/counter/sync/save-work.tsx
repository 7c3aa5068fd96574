import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { inOrder, unfinished } from "../../offline/outbox";
import type { Command, Device } from "../../offline/types";
import { openFile, sealFile } from "../../offline/vault";
import type { Draft } from "../../offline/db";
import { Button, Dialog, Shape, TextField } from "../../ui";
import { toast } from "../toast";
import { useWorkspace } from "../workspace";

interface Work { distributorId: number; device: Device | undefined; savedAt: string; commands: Command[]; drafts: Draft[] }

/** Unsent work taken along in an encrypted file, or brought back from one (UX 4.2). */
export function SaveWork({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { store, distributorId } = useWorkspace();
  const [pass, setPass] = useState("");
  const [file, setFile] = useState<File>();
  const [problem, setProblem] = useState<string>();
  const save = async () => {
    const work: Work = {
      distributorId, device: await store.get<Device>("device"), savedAt: new Date().toISOString(), commands: await inOrder(store, unfinished), drafts: await store.draft.toArray(),
    };
    const url = URL.createObjectURL(new Blob([await sealFile(work, pass)], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `offtake-unsent-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    await store.set("saved-to-file", Date.now());
    toast(t("work.saved", { count: work.commands.length }));
    onClose();
  };
  const bring = async () => {
    let work: Work;
    try {
      work = await openFile<Work>(await file!.text(), pass);
    } catch {
      return setProblem(t("work.notOpened"));
    }
    const own = await store.get<Device>("device");
    if (work.distributorId !== distributorId || work.device?.id !== own?.id) return setProblem(t("work.otherDevice"));
    const added = await store.transaction("rw", store.command, store.draft, async () => {
      const known = new Set((await store.command.bulkGet(work.commands.map((c) => c.id))).flatMap((c) => (c ? [c.id] : [])));
      const missing = work.commands.filter((c) => !known.has(c.id)).map((c) => ({ ...c, state: c.state === "SENDING" ? ("WAITING" as const) : c.state }));
      await store.command.bulkPut(missing);
      for (const draft of work.drafts) if (!(await store.draft.get(draft.id))) await store.draft.put({ ...draft, place: draft.place || 9 });
      return missing.length;
    });
    toast(t("work.brought", { count: added }));
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (pass.length < 8) return setProblem(t("work.short"));
    void (file ? bring() : save());
  };
  return (
    <Dialog title={t("sync.saveWork")} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={submit}>
        <p className="m">{t("work.text")}</p>
        <TextField label={t("work.passphrase")} type="password" autoComplete="new-password" value={pass} onChange={(e) => { setPass(e.target.value); setProblem(undefined); }} error={problem} hint={t("work.hint")} autoFocus />
        <label className="field"><span>{t("work.file")}</span><input type="file" accept="application/json,.json" onChange={(e) => setFile(e.target.files?.[0])} /></label>
        {file && <p className="m row"><Shape tone="info" />{t("work.bringText")}</p>}
        <div className="end"><Button keys="Esc" onClick={onClose}>{t("action.close", { ns: "common" })}</Button><Button kind="primary" type="submit" disabled={!pass}>{t(file ? "work.bring" : "work.save")}</Button></div>
      </form>
    </Dialog>
  );
}
