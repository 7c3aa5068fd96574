import { Modal, MultiSelect, Select } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { Problem } from "../../api/problems";
import { Button, Chip, Dialog, ProblemNote } from "../../ui";
import { useFormats } from "../format";
import { problemFrom } from "../frame/faults";
import type { GridColumn } from "../grid/grid";
import { List } from "../grid/list";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { toast } from "../kit/toast";
import { may, permissionsOf, useMe } from "../session";
import { useRoles } from "./people";

interface Token {
  id: number;
  username: string;
  name: string;
  hint: string;
  permissions: string[];
  createdAt: string;
  createdBy: string;
  expiresAt: string;
  revokedAt: string | null;
  usedAt: string | null;
  active: boolean;
}

/** API tokens: made with a name, rights and an end; the secret is shown once; revoking works at once. */
export function Tokens() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const cache = useQueryClient();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<{ secret: string; expiresAt: string } | null>(null);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const again = () => void cache.invalidateQueries({ queryKey: ["list", "/api/v1/api-tokens"] });
  const columns = useMemo<GridColumn<Token>[]>(() => [
    { id: "name", label: t("field.name"), width: 200, grow: true, sortable: true, fixed: true, cell: (r) => r.name, raw: (r) => r.name },
    { id: "username", label: t("tokens.of"), width: 136, cell: (r) => r.username, raw: (r) => r.username },
    { id: "hint", label: t("tokens.hint"), width: 120, cell: (r) => <span className="code">{r.hint}…</span>, raw: (r) => r.hint },
    { id: "permissions", label: t("tokens.permissions"), width: 200, cell: (r) => <span title={r.permissions.join(", ")}>{t("tokens.nRights", { count: r.permissions.length })}</span>, raw: (r) => r.permissions.join(" ") },
    { id: "usedAt", label: t("tokens.used"), width: 136, cell: (r) => (r.usedAt ? <span className="num">{f.moment(r.usedAt)}</span> : <span className="muted">{t("people.never")}</span>), raw: (r) => r.usedAt },
    { id: "expiresAt", label: t("tokens.expires"), width: 112, cell: (r) => <span className="num">{f.dense(r.expiresAt)}</span>, raw: (r) => r.expiresAt },
    { id: "active", label: t("field.status"), width: 176, cell: (r) => (r.active ? <span className="row"><Chip tone="good">{t("tokens.active")}</Chip><button type="button" className="lnk s" onClick={() => setRevoking(r)}>{t("tokens.revoke")}</button></span> : <Chip>{t(r.revokedAt ? "tokens.revoked" : "tokens.expired")}</Chip>), raw: (r) => r.active },
  ], [t, f]);
  return (
    <>
      <div className="head">
        <div className="grow"><p className="s"><A className="lnk" path="/people">{t("rail.people")}</A></p><h1>{t("tokens.title")}</h1><p className="muted s">{t("tokens.about")}</p></div>
      </div>
      {secret && (
        <div className="note good" role="status" style={{ marginBottom: 12 }}>
          <div className="grow stack">
            <p className="b">{t("tokens.once")}</p>
            <div className="secret"><code className="grow">{secret.secret}</code><Button className="sm" onClick={() => void navigator.clipboard.writeText(secret.secret).then(() => toast(t("tokens.copied")))}>{t("tokens.copy")}</Button></div>
            <p className="s">{t("tokens.until", { date: f.date(secret.expiresAt) })}</p>
            <div><Button className="sm" onClick={() => setSecret(null)}>{t("tokens.kept")}</Button></div>
          </div>
        </div>
      )}
      <List<Token>
        id="tokens"
        title={t("tokens.title")}
        path="/api/v1/api-tokens"
        columns={columns}
        filters={[{ id: "active", label: t("tokens.active"), kind: "choice", options: [{ value: "true", label: t("yes") }, { value: "false", label: t("no") }] }]}
        rowKey={(r) => String(r.id)}
        rowLabel={(r) => r.name}
        actions={may(me, "tokens") ? <button type="button" className="btn pri sm" onClick={() => setMaking(true)}><Icon name="plus" />{t("tokens.make")}</button> : undefined}
        empty={{ title: t("tokens.none"), text: t("tokens.about") }}
      />
      {making && <Make onClose={() => setMaking(false)} onMade={(made) => { setSecret(made); setMaking(false); again(); }} />}
      {revoking && (
        <Dialog title={t("tokens.revokeTitle", { name: revoking.name })} onClose={() => setRevoking(null)}>
          <p className="muted">{t("tokens.revokeText")}</p>
          {problem && <ProblemNote problem={problem} />}
          <div className="end">
            <Button onClick={() => setRevoking(null)}>{t("action.cancel", { ns: "common" })}</Button>
            <Button kind="danger" onClick={() => void api(`/api/v1/api-tokens/${revoking.id}`, { method: "DELETE" }).then(() => { toast(t("tokens.wasRevoked", { name: revoking.name })); setRevoking(null); again(); }, (e: unknown) => setProblem(problemFrom(e)))}>{t("tokens.revoke")}</Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function Make({ onMade, onClose }: { onMade: (made: { secret: string; expiresAt: string }) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const id = useId();
  const roles = useRoles();
  const [name, setName] = useState("");
  const [rights, setRights] = useState<string[]>([]);
  const [days, setDays] = useState("90");
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const titles = new Map((roles.data?.items ?? []).flatMap((r) => r.permissions).map((p) => [p.permission, p.title]));
  const mine = permissionsOf(me);
  const data = (mine.length ? mine : [...titles.keys()]).map((p) => ({ value: p, label: titles.get(p) ?? p }));
  return (
    <Modal opened onClose={onClose} title={t("tokens.make")} size={560} closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}>
      <form className="stack" style={{ paddingTop: 12 }} noValidate onSubmit={(e) => {
        e.preventDefault();
        setTried(true);
        if (!name.trim() || rights.length === 0) return;
        api<{ secret: string; expiresAt: string }>("/api/v1/api-tokens", { method: "POST", body: { name: name.trim(), permissions: rights, days: Number(days) } }).then(onMade, (error: unknown) => setProblem(problemFrom(error)));
      }}>
        {problem && <ProblemNote problem={problem} />}
        <div className="field">
          <label htmlFor={id}>{t("field.name")}</label>
          <input id={id} className="input" data-autofocus value={name} placeholder={t("tokens.nameHint")} aria-invalid={tried && !name.trim() ? true : undefined} onChange={(e) => setName(e.target.value)} />
          {tried && !name.trim() && <div className="bad">{t("form.bad.required")}</div>}
        </div>
        <MultiSelect label={t("tokens.permissions")} data={data} value={rights} onChange={setRights} searchable error={tried && rights.length === 0 ? t("tokens.noRights") : undefined} comboboxProps={{ withinPortal: true, zIndex: 500 }} />
        <Select label={t("tokens.expires")} data={["30", "90", "180", "366"].map((d) => ({ value: d, label: t("tokens.days", { count: Number(d) }) }))} value={days} onChange={(v) => v && setDays(v)} allowDeselect={false} comboboxProps={{ withinPortal: true, zIndex: 500 }} />
        <div className="row" style={{ justifyContent: "flex-end" }}><Button onClick={onClose}>{t("action.cancel", { ns: "common" })}</Button><button type="submit" className="btn pri">{t("tokens.make")}</button></div>
      </form>
    </Modal>
  );
}
