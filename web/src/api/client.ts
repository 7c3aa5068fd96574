import type { Problem } from "./problems";

/** Who is signed in, as GET /api/v1/session answers. */
export interface Me {
  userId: number | string;
  username: string;
  name: string;
  language: string;
  roles: string[];
  workspaces: ("counter" | "tower")[];
  distributorId: number | null;
  distributors: { id: number; code: string; name: string }[];
  csrf: string;
}

/** A refusal or fault as an exception that carries the problem. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;
  /** Seconds the server asks to wait, where it does. */
  readonly retryAfter: number | undefined;

  constructor(status: number, problem: Problem, retryAfter?: number) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** True when no answer came: the same question may be asked again with the same id. */
  get unanswered(): boolean {
    return this.problem.code === "NOT_REACHED" || this.status >= 502;
  }
}

export interface Ask {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  ifMatch?: string;
  signal?: AbortSignal;
  query?: Record<string, string | number | boolean | null | undefined>;
}

let csrf: string | undefined;

/** The token of the session, sent with every request that changes something. */
export function rememberCsrf(value: string | undefined): void {
  csrf = value;
}

function csrfToken(): string | undefined {
  // the cookie is the newest: another tab may have signed in anew
  return document.cookie.split("; ").find((c) => c.startsWith("OFFTAKE_CSRF="))?.slice("OFFTAKE_CSRF=".length) ?? csrf;
}

/** The raw answer; throws {@link ApiError} only when no answer came. */
export async function request(path: string, ask: Ask = {}): Promise<Response> {
  const method = ask.method ?? "GET";
  const headers: Record<string, string> = { Accept: "application/json", ...ask.headers };
  if (ask.body !== undefined) headers["Content-Type"] ??= "application/json";
  if (ask.ifMatch) headers["If-Match"] = ask.ifMatch;
  const token = csrfToken();
  if (method !== "GET" && token) headers["X-CSRF-Token"] = token;
  const query = Object.entries(ask.query ?? {}).filter(([, v]) => v !== undefined && v !== null && v !== "");
  const url = query.length ? `${path}?${new URLSearchParams(query.map(([k, v]) => [k, String(v)]))}` : path;
  try {
    return await fetch(url, {
      method,
      headers,
      credentials: "same-origin",
      body: ask.body === undefined ? null : typeof ask.body === "string" || ask.body instanceof Uint8Array ? (ask.body as BodyInit) : JSON.stringify(ask.body),
      signal: ask.signal ?? null,
    });
  } catch (cause) {
    if (ask.signal?.aborted) throw cause;
    throw new ApiError(0, { code: "NOT_REACHED", title: "Server not reached" });
  }
}

/** The JSON of a 2xx answer; anything else becomes an {@link ApiError} with the server's problem. */
export async function api<T>(path: string, ask: Ask = {}): Promise<T> {
  return (await apiWithEtag<T>(path, ask)).value;
}

/** The same with the ETag, for a later If-Match. */
export async function apiWithEtag<T>(path: string, ask: Ask = {}): Promise<{ value: T; etag: string | null }> {
  const answer = await request(path, ask);
  if (!answer.ok) throw await problemOf(answer);
  const etag = answer.headers.get("ETag");
  if (answer.status === 204) return { value: undefined as T, etag };
  const text = await answer.text();
  return { value: (text ? JSON.parse(text) : undefined) as T, etag };
}

/** The problem of an answer that is not 2xx. */
export async function problemOf(answer: Response): Promise<ApiError> {
  let problem: Problem | undefined;
  try {
    const body: unknown = await answer.json();
    if (body && typeof body === "object") problem = { code: codeOf(answer.status), ...(body as object) } as Problem;
  } catch {
    // no JSON: a proxy or a fault answered
  }
  const wait = Number(answer.headers.get("Retry-After"));
  return new ApiError(answer.status, problem ?? { code: codeOf(answer.status), status: answer.status }, Number.isFinite(wait) && wait > 0 ? wait : undefined);
}

function codeOf(status: number): string {
  switch (status) {
    case 401: return "SIGNED_OUT";
    case 403: return "FORBIDDEN";
    case 404: return "NOT_FOUND";
    case 412: case 428: return "STALE";
    case 429: return "TOO_MANY_REQUESTS";
    default: return "FAULT";
  }
}
