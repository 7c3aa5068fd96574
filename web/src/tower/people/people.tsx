import { Drawer, Select } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useMemo, useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, api, apiWithEtag } from "../../api/client";
import type { Problem } from "../../api/problems";
import { languages } from "../../i18n";
import { Button, Chip, ProblemNote, Skeleton } from "../../ui";
import { useFormats } from "../format";
import { Fault, NoRight, problemFrom } from "../frame/faults";
import type { GridColumn } from "../grid/grid";
import { List } from "../grid/list";
import type { Page } from "../http";
import { Ask } from "../kit/ask";
import { Icon } from "../kit/icons";
import { A } from "../kit/link";
import { RefSelect } from "../kit/refselect";
import { toast } from "../kit/toast";
import { useSearchState } from "../nav";
import { may, mayRead, useMe } from "../session";

interface RoleGrant {
  role: string;
  validFrom?: string | null;
  validTo?: string | null;
}

interface ScopeGrant {
  kind: "NETWORK" | "TERRITORY" | "DISTRIBUTOR" | "PRINCIPAL";
  id?: number | null;
  validFrom?: string | null;
  validTo?: string | null;
}

interface UserRow {
  id: number;
  username: string;
  name: string;
  kind: "PERSON" | "INTEGRATION";
  language: string;
  distributorId: number | null;
  status: "ACTIVE" | "BLOCKED";
  roles: string[];
  signedInAt: string | null;
  version: number;
}

interface User extends Omit<UserRow, "roles" | "signedInAt"> {
  roles: RoleGrant[];
  scopes: ScopeGrant[];
}

interface RoleInfo {
  role: string;
  title: string;
  workspace: string;
  ofDistributor: boolean;
  permissions: { permission: string; title: string }[];
}

const SCOPES: ScopeGrant["kind"][] = ["NETWORK", "TERRITORY", "DISTRIBUTOR", "PRINCIPAL"];
const REF: Record<string, string> = { TERRITORY: "territories", DISTRIBUTOR: "distributors", PRINCIPAL: "principals" };

export function useRoles() {
  return useQuery({ queryKey: ["roles"], queryFn: () => api<Page<RoleInfo>>("/api/v1/roles"), staleTime: 3_600_000, retry: false });
}

/** Who may enter, with which roles and over which rows (T22 without devices). */
export function People() {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const [search, set] = useSearchState();
  const writes = may(me, "users");
  const columns = useMemo<GridColumn<UserRow>[]>(() => [
    { id: "name", label: t("field.name"), width: 220, grow: true, sortable: true, fixed: true, cell: (r) => r.name, raw: (r) => r.name },
    { id: "username", label: t("people.username"), width: 160, sortable: true, cell: (r) => <span className="code">{r.username}</span>, raw: (r) => r.username },
    { id: "roles", label: t("people.roles"), width: 240, cell: (r) => r.roles.map((x) => t(`roles.${x}`, { defaultValue: x })).join(", "), raw: (r) => r.roles.join(" ") },
    { id: "kind", label: t("people.kind"), width: 120, startsHidden: true, cell: (r) => t(`choice.userKind.${r.kind}`), raw: (r) => r.kind },
    { id: "language", label: t("language", { ns: "common" }), width: 96, startsHidden: true, cell: (r) => r.language, raw: (r) => r.language },
    { id: "signedInAt", label: t("people.signedIn"), width: 144, cell: (r) => (r.signedInAt ? <span className="num">{f.moment(r.signedInAt)}</span> : <span className="muted">{t("people.never")}</span>), raw: (r) => r.signedInAt },
    { id: "status", label: t("field.status"), width: 112, cell: (r) => <Chip tone={r.status === "ACTIVE" ? "good" : "act"}>{t(`choice.status.${r.status}`)}</Chip>, raw: (r) => r.status },
  ], [t, f]);
  return (
    <>
      <div className="head">
        <div className="grow"><h1>{t("rail.people")}</h1><p className="muted s">{t("people.about")}</p></div>
        {mayRead(me, "DEVICE_READ") && <A className="btn" path="/people/devices">{t("devices.title")}</A>}
        <A className="btn" path="/people/tokens"><Icon name="key" />{t("tokens.title")}</A>
      </div>
      <List<UserRow>
        id="people"
        title={t("rail.people")}
        path="/api/v1/users"
        columns={columns}
        filters={[
          { id: "status", label: t("field.status"), kind: "choice", options: ["ACTIVE", "BLOCKED"].map((v) => ({ value: v, label: t(`choice.status.${v}`) })) },
          { id: "kind", label: t("people.kind"), kind: "choice", options: ["PERSON", "INTEGRATION"].map((v) => ({ value: v, label: t(`choice.userKind.${v}`) })) },
          { id: "distributorId", label: t("field.distributor"), kind: "ref", ref: "distributors" },
        ]}
        rowKey={(r) => String(r.id)}
        rowLabel={(r) => r.name}
        onOpen={(r) => set({ open: String(r.id) })}
        actions={writes ? <button type="button" className="btn pri sm" onClick={() => set({ open: "new" })}><Icon name="plus" />{t("people.invite")}</button> : undefined}
        empty={{ title: t("people.none"), text: t("people.about") }}
      />
      <Drawer opened={search.open !== undefined} onClose={() => set({ open: undefined })} position="right" size={620} title={search.open === "new" ? t("people.invite") : t("people.one")} closeButtonProps={{ "aria-label": t("action.close", { ns: "common" }) }}>
        <div style={{ paddingTop: 16 }}>
          {search.open === "new" ? (writes ? <UserForm user={null} etag={null} onDone={(u) => set({ open: String(u.id) }, { replace: true })} onCancel={() => set({ open: undefined })} /> : <NoRight right="users" what={t("people.invite")} />) : search.open ? <UserPanel key={search.open} id={search.open} writes={writes} /> : null}
        </div>
      </Drawer>
    </>
  );
}

function UserPanel({ id, writes }: { id: string; writes: boolean }) {
  const { t } = useTranslation();
  const f = useFormats();
  const me = useMe();
  const cache = useQueryClient();
  const [mode, setMode] = useState<"show" | "edit" | "block" | "password">("show");
  const [problem, setProblem] = useState<Problem | null>(null);
  const found = useQuery({ queryKey: ["record", "users", id], queryFn: () => apiWithEtag<User>(`/api/v1/users/${id}`), retry: false, placeholderData: undefined });
  const roles = useRoles();
  if (found.error) return <Fault error={found.error} reset={() => void found.refetch()} />;
  const user = found.data?.value;
  if (!user) return <Skeleton lines={6} />;
  const fresh = (value: User, etag: string | null) => {
    cache.setQueryData(["record", "users", id], { value, etag });
    void cache.invalidateQueries({ queryKey: ["list", "/api/v1/users"] });
    setMode("show");
  };
  const act = async (path: string, body: unknown, done: string) => {
    setProblem(null);
    try {
      const saved = await apiWithEtag<User | undefined>(`/api/v1/users/${id}/${path}`, { method: "POST", ...(body === undefined ? {} : { body }) });
      if (saved.value) fresh(saved.value, saved.etag);
      else setMode("show");
      toast(done);
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  if (mode === "edit") return <UserForm user={user} etag={found.data!.etag} onDone={(u, etag) => fresh(u, etag)} onCancel={() => setMode("show")} />;
  const allowed = (roles.data?.items ?? []).filter((r) => user.roles.some((g) => g.role === r.role));
  return (
    <div className="stack" style={{ gap: 16 }}>
      {problem && mode === "show" && <ProblemNote problem={problem} />}
      <div className="row"><h2 style={{ font: "var(--t16)", fontWeight: 600 }}>{user.name}</h2><span className="code muted">{user.username}</span><span className="grow" /><Chip tone={user.status === "ACTIVE" ? "good" : "act"}>{t(`choice.status.${user.status}`)}</Chip></div>
      {writes && (
        <div className="row" style={{ flexWrap: "wrap" }}>
          <Button kind="primary" onClick={() => setMode("edit")}><Icon name="edit" />{t("masters.edit")}</Button>
          {user.kind === "PERSON" && <Button onClick={() => setMode("password")}><Icon name="key" />{t("people.reset")}</Button>}
          {user.status === "ACTIVE"
            ? <Button kind="danger" disabled={String(me.userId) === id} title={String(me.userId) === id ? t("people.notSelf") : undefined} onClick={() => setMode("block")}>{t("people.block")}</Button>
            : <Button onClick={() => void act("unblock", undefined, t("people.unblocked", { name: user.name }))}>{t("people.unblock")}</Button>}
        </div>
      )}
      <section>
        <h3 style={{ marginBottom: 8 }}>{t("people.roles")}</h3>
        <div className="sub"><table><thead><tr><th scope="col">{t("people.role")}</th><th scope="col">{t("people.from")}</th><th scope="col">{t("people.to")}</th></tr></thead>
          <tbody>{user.roles.map((g, i) => <tr key={i}><td className="m5">{t(`roles.${g.role}`, { defaultValue: g.role })}</td><td className="num">{since(g.validFrom, f)}</td><td className="num">{g.validTo ? f.dense(g.validTo) : t("people.open")}</td></tr>)}</tbody></table></div>
      </section>
      <section>
        <h3 style={{ marginBottom: 8 }}>{t("people.scope")}</h3>
        {user.scopes.length === 0 && user.distributorId === null ? <p className="muted">{t("people.noScope")}</p> : (
          <ul className="list sub">
            {user.distributorId !== null && <li><span className="grow">{t("people.staffOf")}</span><RefName type="distributors" id={user.distributorId} /></li>}
            {user.scopes.map((s, i) => <li key={i}><span className="grow">{t(`choice.scope.${s.kind}`)}</span>{s.kind !== "NETWORK" && s.id ? <RefName type={REF[s.kind]!} id={s.id} /> : null}</li>)}
          </ul>
        )}
      </section>
      {allowed.length > 0 && (
        <details>
          <summary className="lnk">{t("people.may")}</summary>
          <ul style={{ marginTop: 8, display: "grid", gap: 4 }}>{[...new Map(allowed.flatMap((r) => r.permissions).map((p) => [p.permission, p.title]))].map(([k, title]) => <li key={k} className="s">{t(`permission.${k}`, { defaultValue: title })}</li>)}</ul>
        </details>
      )}
      <p className="s muted num">{t("masters.version", { version: String(user.version) })}</p>
      {mode === "block" && <Ask title={t("people.blockTitle", { name: user.name })} text={t("people.blockText")} fields={[{ name: "reason", label: t("people.reason"), kind: "text", min: 3 }]} problem={problem} submit={t("people.block")} danger onClose={() => { setMode("show"); setProblem(null); }} onSubmit={(v) => void act("block", { reason: v.reason }, t("people.blocked", { name: user.name }))} />}
      {mode === "password" && <Ask title={t("people.resetTitle", { name: user.name })} text={t("people.resetText")} fields={[{ name: "password", label: t("people.newPassword"), kind: "password", min: 12 }]} problem={problem} submit={t("people.reset")} onClose={() => { setMode("show"); setProblem(null); }} onSubmit={(v) => void act("password", { password: v.password }, t("people.wasReset", { name: user.name }))} />}
    </div>
  );
}

function since(date: string | null | undefined, f: ReturnType<typeof useFormats>): string {
  return date && date > "2000-01-01" ? f.dense(date) : "–";
}

function RefName({ type, id }: { type: string; id: number }) {
  const found = useQuery({ queryKey: ["ref-one", type, String(id)], queryFn: () => api<{ name?: string; code?: string }>(`/api/v1/${type}/${id}`), retry: false, staleTime: 300_000 });
  return <span>{found.data ? [found.data.code, found.data.name].filter(Boolean).join(" · ") : String(id)}</span>;
}

function UserForm({ user, etag, onDone, onCancel }: { user: User | null; etag: string | null; onDone: (u: User, etag: string | null) => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const cache = useQueryClient();
  const ids = useId();
  const form = useRef<HTMLFormElement>(null);
  const known = useRoles();
  const [username, setUsername] = useState("");
  const [name, setName] = useState(user?.name ?? "");
  const [language, setLanguage] = useState(user?.language ?? "en");
  const [password, setPassword] = useState("");
  const [kind, setKind] = useState<"PERSON" | "INTEGRATION">(user?.kind ?? "PERSON");
  const [staffOf, setStaffOf] = useState<string | null>(user?.distributorId != null ? String(user.distributorId) : me.distributorId !== null ? String(me.distributorId) : null);
  const [roles, setRoles] = useState<RoleGrant[]>(user?.roles ?? [{ role: "" }]);
  const [scopes, setScopes] = useState<ScopeGrant[]>(user?.scopes ?? []);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const roleData = (known.data?.items ?? Object.keys(t("roles", { returnObjects: true }) as object).map((role) => ({ role, title: role }))).map((r) => ({ value: r.role, label: t(`roles.${r.role}`, { defaultValue: r.title }) }));

  const submit = async (e: FormEvent) => {
    e.preventDefault();
    const bad: Record<string, string> = {};
    if (!user && username.trim().length < 2) bad.username = t("form.bad.short", { min: 2 });
    if (!name.trim()) bad.name = t("form.bad.required");
    if (!user && kind === "PERSON" && password.length < 12) bad.password = t("form.bad.short", { min: 12 });
    if (roles.filter((r) => r.role).length === 0) bad.roles = t("people.bad.role");
    scopes.forEach((s, i) => { if (s.kind !== "NETWORK" && !s.id) bad[`scope${i}`] = t("form.bad.required"); });
    setFaults(bad);
    if (Object.keys(bad).length) {
      setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true], [data-error=true]")?.focus());
      return;
    }
    setBusy(true);
    setProblem(null);
    const shared = { name: name.trim(), language, roles: roles.filter((r) => r.role), scopes: scopes.map((s) => ({ ...s, id: s.kind === "NETWORK" ? 0 : s.id })) };
    try {
      const saved = user
        ? await apiWithEtag<User>(`/api/v1/users/${user.id}`, { method: "PUT", body: shared, ...(etag ? { ifMatch: etag } : {}) })
        : await apiWithEtag<User>("/api/v1/users", { method: "POST", body: { ...shared, username: username.trim().toLowerCase(), kind, distributorId: staffOf ? Number(staffOf) : null, ...(kind === "PERSON" ? { password } : {}) } });
      void cache.invalidateQueries({ queryKey: ["list", "/api/v1/users"] });
      toast(t(user ? "masters.saved" : "masters.created", { what: saved.value.name }));
      onDone(saved.value, saved.etag);
    } catch (error) {
      const found = problemFrom(error);
      const placed: Record<string, string> = {};
      for (const x of found.errors ?? []) placed[x.pointer.split("/")[1] ?? ""] = x.detail ?? "";
      setFaults(placed);
      setProblem(error instanceof ApiError ? found : { code: "FAULT" });
    } finally {
      setBusy(false);
    }
  };
  const input = (key: string, label: string, value: string, onChange: (v: string) => void, type = "text", hint?: string) => (
    <div className="field">
      <label htmlFor={`${ids}-${key}`}>{label}</label>
      <input id={`${ids}-${key}`} className="input" type={type} value={value} autoComplete={type === "password" ? "new-password" : "off"} aria-invalid={faults[key] ? true : undefined} aria-describedby={`${ids}-${key}-h`} onChange={(e) => { onChange(e.target.value); setFaults(({ [key]: _, ...rest }) => rest); }} />
      {faults[key] ? <div className="bad" id={`${ids}-${key}-h`}>{faults[key]}</div> : hint ? <div className="hint" id={`${ids}-${key}-h`}>{hint}</div> : null}
    </div>
  );
  return (
    <form ref={form} className="form" onSubmit={(e) => void submit(e)} noValidate aria-label={user ? user.name : t("people.invite")}>
      {problem && <ProblemNote problem={problem} />}
      <fieldset>
        <legend>{t("people.person")}</legend>
        {!user && input("username", t("people.username"), username, setUsername, "text", t("people.usernameHint"))}
        {input("name", t("field.name"), name, setName)}
        {!user && <Select label={t("people.kind")} data={["PERSON", "INTEGRATION"].map((v) => ({ value: v, label: t(`choice.userKind.${v}`) }))} value={kind} onChange={(v) => v && setKind(v as "PERSON")} allowDeselect={false} />}
        <Select label={t("language", { ns: "common" })} data={Object.entries(languages).map(([value, label]) => ({ value, label }))} value={language} onChange={(v) => v && setLanguage(v)} allowDeselect={false} />
        {!user && kind === "PERSON" && input("password", t("people.firstPassword"), password, setPassword, "password", t("people.passwordHint"))}
        {!user && me.distributorId === null && <RefSelect type="distributors" label={t("people.staffOfField")} value={staffOf} onChange={setStaffOf} error={faults.distributorId} />}
      </fieldset>
      <fieldset>
        <legend>{t("people.roles")}</legend>
        <div className="wide stack">
          {roles.map((grant, i) => (
            <div key={i} className="row" style={{ alignItems: "end" }}>
              <div className="grow"><Select label={i === 0 ? t("people.role") : undefined} aria-label={t("people.role")} data={roleData} value={grant.role || null} onChange={(v) => setRoles(roles.map((r, n) => (n === i ? { ...r, role: v ?? "" } : r)))} searchable error={i === 0 ? faults.roles : undefined} /></div>
              <div className="field" style={{ width: 144 }}><label htmlFor={`${ids}-to-${i}`} className={i === 0 ? "" : "vh"}>{t("people.to")}</label><input id={`${ids}-to-${i}`} className="input" type="date" value={grant.validTo ?? ""} onChange={(e) => setRoles(roles.map((r, n) => (n === i ? { ...r, validTo: e.target.value || null } : r)))} /></div>
              <Button kind="quiet" className="icon" aria-label={t("form.removeRowN", { n: i + 1 })} disabled={roles.length === 1} onClick={() => setRoles(roles.filter((_, n) => n !== i))}><Icon name="close" /></Button>
            </div>
          ))}
          <Button className="sm" style={{ justifySelf: "start" }} onClick={() => setRoles([...roles, { role: "" }])}><Icon name="plus" />{t("people.addRole")}</Button>
        </div>
      </fieldset>
      <fieldset>
        <legend>{t("people.scope")}</legend>
        <div className="wide stack">
          <p className="s muted">{t("people.scopeText")}</p>
          {scopes.map((scope, i) => (
            <div key={i} className="row" style={{ alignItems: "end" }}>
              <div style={{ width: 168 }}><Select aria-label={t("people.scope")} data={SCOPES.map((v) => ({ value: v, label: t(`choice.scope.${v}`) }))} value={scope.kind} onChange={(v) => v && setScopes(scopes.map((s, n) => (n === i ? { kind: v as ScopeGrant["kind"] } : s)))} allowDeselect={false} /></div>
              <div className="grow">{scope.kind !== "NETWORK" && <RefSelect type={REF[scope.kind]!} label={<span className="vh">{t(`choice.scope.${scope.kind}`)}</span>} value={scope.id ? String(scope.id) : null} onChange={(v) => setScopes(scopes.map((s, n) => (n === i ? { ...s, id: v ? Number(v) : null } : s)))} error={faults[`scope${i}`]} required />}</div>
              <Button kind="quiet" className="icon" aria-label={t("form.removeRowN", { n: i + 1 })} onClick={() => setScopes(scopes.filter((_, n) => n !== i))}><Icon name="close" /></Button>
            </div>
          ))}
          <Button className="sm" style={{ justifySelf: "start" }} onClick={() => setScopes([...scopes, { kind: "DISTRIBUTOR" }])}><Icon name="plus" />{t("people.addScope")}</Button>
        </div>
      </fieldset>
      <div className="end">
        <button type="submit" className="btn pri" disabled={busy}>{busy ? t("form.saving") : user ? t("action.save", { ns: "common" }) : t("people.invite")}</button>
        <Button onClick={onCancel}>{t("action.cancel", { ns: "common" })}</Button>
      </div>
    </form>
  );
}
