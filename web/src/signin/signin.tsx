import { ArrowRight, BarChart3, Footprints, ReceiptText, Scale, Store } from "lucide-react";
import { useEffect, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, type Me } from "../api/client";
import type { Problem } from "../api/problems";
import { currentMe, doors as askDoors, signIn, type Door } from "../api/session";
import { changeLanguage, languages, type Language } from "../i18n";
import { Button, ProblemNote, TextField } from "../ui";

/** Sign-in at `/`: the doors of the demo when there are any, and the form. Whoever is signed in goes on to work. */
export function SignIn() {
  const { t, i18n } = useTranslation("common");
  const [doors, setDoors] = useState<Door[]>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState<string>();

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const look = async () => {
      try {
        const found = await currentMe();
        if (gone) return;
        if (found && !new URLSearchParams(location.search).has("switch")) return enter(found.me);
        const list = await askDoors();
        if (!gone) {
          setDoors(list);
          setProblem(undefined);
        }
      } catch (error) {
        if (gone) return;
        setProblem(error instanceof ApiError ? error.problem : { code: "FAULT" });
        setDoors([]);
        timer = setTimeout(look, 3000);
      }
    };
    void look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, []);

  const enter = (me: Me, workspace?: string) => {
    const open = workspace && me.workspaces.includes(workspace as "counter") ? workspace : me.workspaces[0];
    const wanted = new URLSearchParams(location.search).get("to");
    if (wanted && /^\/(counter|tower)\//.test(wanted) && me.workspaces.some((w) => wanted.startsWith(`/${w}/`))) location.assign(wanted);
    else if (open) location.assign(`/${open}/`);
    else setProblem({ code: "FORBIDDEN", detail: t("signIn.noWorkspace") });
  };

  const open = async (username: string, password: string, workspace?: string) => {
    setBusy(username);
    setProblem(undefined);
    try {
      enter(await signIn(username, password), workspace);
    } catch (error) {
      const found = error instanceof ApiError ? error.problem : { code: "FAULT" };
      setProblem(found.code === "SIGNED_OUT" ? { ...found, code: "BAD_CREDENTIALS" } : found);
      setBusy(undefined);
    }
  };

  const form = <Form busy={busy !== undefined} autoFocus={!doors?.length} onSubmit={(u, p) => void open(u, p)} />;
  return (
    <div className="signin">
      <header>
        <span className="mark">
          <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1.5a8.5 8.5 0 1 1-8.5 8.5" fill="none" stroke="currentColor" strokeWidth="3" /><path d="M1.5 10 10 1.5V10z" fill="currentColor" /></svg>
          {t("app")}
        </span>
        <nav aria-label={t("language")}>
          {Object.entries(languages).map(([code, name]) => (
            <button key={code} type="button" className="btn quiet" lang={code} aria-pressed={i18n.language === code} onClick={() => void changeLanguage(code as Language)}>{name}</button>
          ))}
        </nav>
      </header>
      {doors !== undefined && (doors.length > 0 ? (
        <main>
          <div>
            <h1>{t("signIn.doorsTitle")}</h1>
            <p className="lead">{t("signIn.doorsLead")}</p>
          </div>
          {problem && <ProblemNote problem={problem} />}
          <div className="doors">
            {doors.map((door) => (
              <button key={door.title} type="button" className="door" disabled={busy !== undefined || !door.workspace} onClick={() => void open(door.username, door.password, door.workspace)}>
                <span className="pic"><DoorPicture door={door} /></span>
                <b>{titleOf(door, t, i18n.language)}</b>
                <span className="say">{busy === door.username ? t("signIn.doorBusy") : sentenceOf(door, t, i18n.language)}</span>
                <span className="go"><ArrowRight className="ic" aria-hidden="true" /></span>
              </button>
            ))}
          </div>
          <details className="own">
            <summary>{t("signIn.ownAccount")}</summary>
            {form}
          </details>
        </main>
      ) : (
        <main className="plain">
          <div>
            <h1>{t("signIn.title")}</h1>
            <p className="lead">{t("signIn.lead")}</p>
          </div>
          {problem && (problem.code === "NOT_REACHED" ? <div className="note watch" role="status">{t("signIn.reached")}</div> : <ProblemNote problem={problem} />)}
          {form}
        </main>
      ))}
    </div>
  );
}

type Kind = "sales" | "finance" | "counter" | "owner" | "field";

/** Whose door it is, by its account or its words; one that is not known keeps the server's own words. */
function kindOf(door: Door): Kind | undefined {
  const said = `${door.username} ${door.title}`.toLowerCase();
  if (/clerk|counter/.test(said)) return "counter";
  if (/owner|i own/.test(said)) return "owner";
  if (/beat|field|\brep\b/.test(said)) return "field";
  return (["sales", "finance"] as const).find((kind) => said.includes(kind));
}

function titleOf(door: Door, t: (key: string) => string, language: string): string {
  const kind = kindOf(door);
  return kind && language !== "en" ? t(`doors.${kind}`) : door.title;
}

function sentenceOf(door: Door, t: (key: string) => string, language: string): string {
  const kind = kindOf(door);
  return kind && language !== "en" ? t(`doorSays.${kind}`) : door.sentence;
}

function DoorPicture({ door }: { door: Door }) {
  switch (kindOf(door)) {
    case "finance": return <Scale className="ic" aria-hidden="true" />;
    case "counter": return <ReceiptText className="ic" aria-hidden="true" />;
    case "owner": return <Store className="ic" aria-hidden="true" />;
    case "field": return <Footprints className="ic" aria-hidden="true" />;
    default: return <BarChart3 className="ic" aria-hidden="true" />;
  }
}

function Form({ busy, autoFocus, onSubmit }: { busy: boolean; autoFocus: boolean; onSubmit: (username: string, password: string) => void }) {
  const { t } = useTranslation("common");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    onSubmit(String(data.get("username") ?? ""), String(data.get("password") ?? ""));
  };
  return (
    <form onSubmit={submit}>
      <TextField label={t("signIn.username")} name="username" autoComplete="username" required autoFocus={autoFocus} />
      <TextField label={t("signIn.password")} name="password" type="password" autoComplete="current-password" required />
      <Button kind="primary" type="submit" disabled={busy}>{busy ? t("signIn.busy") : t("signIn.submit")}</Button>
    </form>
  );
}
