import { Menu } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ApiError } from "../../api/client";
import type { Problem } from "../../api/problems";
import { uuidv7 } from "../../api/uuid";
import { Button, Dialog, ProblemNote } from "../../ui";
import { problemFrom } from "../frame/faults";
import { Icon } from "../kit/icons";
import { toast } from "../kit/toast";
import { useMe } from "../session";
import { body, encode, type Question } from "./question";

/** A question kept under a name; pinned ones stand on Today as tiles, in the order of `position`. */
export interface SavedView {
  id: string;
  name: string;
  pinned: boolean;
  position: number;
  question: Question;
  look?: { v?: string | undefined } | null;
  shared: boolean;
  owner: string;
  version: number;
}

/** Own and shared views. A server without them answers 404: then there is nothing to offer. */
export function useViews(enabled = true) {
  return useQuery({
    queryKey: ["views"],
    enabled,
    queryFn: async () => {
      try {
        return (await api<{ items: SavedView[] }>("/api/v1/insight/views")).items;
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });
}

/** The server's question may leave members out; the screens' one has them all. */
export function questionOf(view: Pick<SavedView, "question">): Question {
  const q = view.question;
  return { metrics: q.metrics ?? [], dimensions: q.dimensions ?? [], filters: (q.filters ?? []).map((f) => ({ ...f, op: "in" as const })), window: q.window ?? { kind: "MTD" }, compare: q.compare ?? "NONE", order: q.order ?? [], ...(q.likeForLike ? { likeForLike: q.likeForLike } : {}) };
}

export async function saveView(view: Omit<SavedView, "owner" | "version">): Promise<SavedView> {
  const { limit: _, totals: __, ...question } = body(view.question) as Record<string, unknown>;
  return api<SavedView>(`/api/v1/insight/views/${view.id}`, { method: "PUT", body: { name: view.name, pinned: view.pinned, position: view.position, question, look: view.look ?? null, shared: view.shared } });
}

/** Views: open one, save the question in hand, pin it to Today, share it with everybody of the own scope, take it away. */
export function ViewsMenu({ q, look, current, onOpen }: { q: Question; look: string | undefined; current: string | undefined; onOpen: (view: SavedView) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const cache = useQueryClient();
  const views = useViews();
  const [naming, setNaming] = useState<SavedView | "new" | null>(null);
  const list = views.data;
  if (!list) return null;
  const open = list.find((v) => v.id === current);
  const same = open ? JSON.stringify(encode(questionOf(open))) === JSON.stringify(encode(q)) : false;
  const own = (v: SavedView) => v.owner === me.username;
  const change = async (view: SavedView, said: string) => {
    try {
      await saveView(view);
      toast(said);
    } catch (error) {
      toast(problemFrom(error).detail ?? t("problems.FAULT", { ns: "common" }));
    }
    void cache.invalidateQueries({ queryKey: ["views"] });
  };
  const remove = async (view: SavedView) => {
    await api(`/api/v1/insight/views/${view.id}`, { method: "DELETE" }).catch(() => undefined);
    toast(t("views.removed", { name: view.name }), { label: t("views.undo"), run: () => void change(view, t("views.saved", { name: view.name })) });
    void cache.invalidateQueries({ queryKey: ["views"] });
  };
  return (
    <>
      <Menu position="bottom-end" width={280}>
        <Menu.Target><button type="button" className="btn"><Icon name="bookmark" />{open ? `${open.name}${same ? "" : ` ${t("views.changed")}`}` : t("views.title")}<Icon name="down" style={{ width: 14, height: 14 }} /></button></Menu.Target>
        <Menu.Dropdown style={{ maxHeight: "70vh", overflow: "auto" }}>
          {list.length === 0 && <Menu.Label>{t("views.none")}</Menu.Label>}
          {list.filter(own).length > 0 && <Menu.Label>{t("views.mine")}</Menu.Label>}
          {list.filter(own).map((v) => <Menu.Item key={v.id} aria-current={v.id === current || undefined} leftSection={<Icon name={v.pinned ? "pin" : "bookmark"} />} onClick={() => onOpen(v)}>{v.name}</Menu.Item>)}
          {list.filter((v) => !own(v)).length > 0 && <Menu.Label>{t("views.shared")}</Menu.Label>}
          {list.filter((v) => !own(v)).map((v) => <Menu.Item key={v.id} aria-current={v.id === current || undefined} leftSection={<Icon name="people" />} onClick={() => onOpen(v)}>{v.name} <span className="s muted">{v.owner}</span></Menu.Item>)}
          <Menu.Divider />
          {open && own(open) && !same && <Menu.Item leftSection={<Icon name="check" />} onClick={() => void change({ ...open, question: q, look: { v: look } }, t("views.saved", { name: open.name }))}>{t("views.keep", { name: open.name })}</Menu.Item>}
          <Menu.Item leftSection={<Icon name="plus" />} onClick={() => setNaming("new")}>{t("views.saveAs")}</Menu.Item>
          {open && own(open) && <Menu.Item leftSection={<Icon name="pin" />} onClick={() => void change({ ...open, pinned: !open.pinned, position: open.pinned ? 0 : Math.max(0, ...list.map((v) => v.position)) + 1 }, t(open.pinned ? "views.unpinned" : "views.pinned", { name: open.name }))}>{t(open.pinned ? "views.unpin" : "views.pin")}</Menu.Item>}
          {open && own(open) && <Menu.Item leftSection={<Icon name="people" />} onClick={() => void change({ ...open, shared: !open.shared }, t(open.shared ? "views.unsharedNow" : "views.sharedNow", { name: open.name }))}>{t(open.shared ? "views.unshare" : "views.share")}</Menu.Item>}
          {open && own(open) && <Menu.Item leftSection={<Icon name="edit" />} onClick={() => setNaming(open)}>{t("views.rename")}</Menu.Item>}
          {open && own(open) && <Menu.Item leftSection={<Icon name="close" />} onClick={() => void remove(open)}>{t("views.remove")}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {naming && <NameView view={naming === "new" ? null : naming} q={q} look={look} next={Math.max(0, ...list.map((v) => v.position)) + 1} onClose={() => setNaming(null)} onSaved={(v) => { setNaming(null); void cache.invalidateQueries({ queryKey: ["views"] }); toast(t("views.saved", { name: v.name })); onOpen(v); }} />}
    </>
  );
}

function NameView({ view, q, look, next, onClose, onSaved }: { view: SavedView | null; q: Question; look: string | undefined; next: number; onClose: () => void; onSaved: (v: SavedView) => void }) {
  const { t } = useTranslation();
  const [id] = useState(() => view?.id ?? uuidv7());
  const [name, setName] = useState(view?.name ?? "");
  const [pinned, setPinned] = useState(view?.pinned ?? false);
  const [shared, setShared] = useState(view?.shared ?? false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async () => {
    if (!name.trim()) return;
    try {
      onSaved(await saveView({ id, name: name.trim(), pinned, shared, position: view?.position ?? (pinned ? next : 0), question: view ? questionOf(view) : q, look: view?.look ?? { v: look } }));
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  return (
    <Dialog title={t(view ? "views.rename" : "views.saveAs")} onClose={onClose}>
      <form style={{ display: "grid", gap: 12 }} onSubmit={(e) => { e.preventDefault(); void save(); }}>
        {problem && <ProblemNote problem={problem} />}
        <label className="field"><span className="label">{t("views.name")}</span><input className="input" data-autofocus value={name} maxLength={80} onChange={(e) => setName(e.target.value)} required /></label>
        <label className="check"><input type="checkbox" checked={pinned} onChange={(e) => setPinned(e.target.checked)} />{t("views.pin")}</label>
        <label className="check"><input type="checkbox" checked={shared} onChange={(e) => setShared(e.target.checked)} />{t("views.share")}</label>
        <div className="end"><Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button><button type="submit" className="btn pri" disabled={!name.trim()}>{t("views.save")}</button></div>
      </form>
    </Dialog>
  );
}
