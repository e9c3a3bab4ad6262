import type { DialectName } from "../a2a/dialects/dialect.ts";

/** How callers prove who they are, for clients that sign people in. */
export interface AuthNotice {
  readonly enabled: true;
  readonly type: "jwt" | "api_key";
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly client_id?: string | undefined;
}

/** What the process tells of itself, for probes. */
export interface Health {
  readonly version: string;
  uptimeSeconds(): number;
  /** Why no traffic should come now; undefined when it may. */
  unreadyBecause(): string | undefined;
  /** How it stands with the configuration: "stale" while its source holds another one, or cannot be read. */
  config?(): { readonly revision: string; readonly state: "current" | "stale" };
  /** Who may edit the configuration over HTTP; absent where nobody may. */
  readonly studio?: { readonly allowedRoles: readonly string[] | undefined } | undefined;
  /** Absent where nobody is asked. */
  readonly auth?: AuthNotice | undefined;
}

/** Alive. The older API reference says `healthy` and a duration where the newer one says `ok` and seconds. */
export function healthBody(
  { version, uptimeSeconds, auth, studio }: Health,
  dialect: DialectName,
): Record<string, unknown> {
  const uptime = uptimeSeconds();
  if (dialect === "hector_v1_rest") return { status: "healthy", version, uptime: toDuration(uptime) };
  return {
    status: "ok",
    healthy: true,
    version,
    uptime,
    studio_mode: studio !== undefined,
    ...(auth === undefined ? {} : { auth }),
    ...(studio === undefined ? {} : { studio: { enabled: true, allowed_roles: studio.allowedRoles } }),
  };
}

/** Whether traffic may come. A stale configuration still serves, so it is told and keeps nobody away. */
export function readyBody({ unreadyBecause, config }: Health): Record<string, unknown> {
  const reason = unreadyBecause();
  const told = config === undefined ? {} : { config: config() };
  return reason === undefined ? { status: "ready", ...told } : { status: "not ready", reason, ...told };
}

/** The answer to whoever asks whether traffic may come. */
export function readyResponse(health: Health): Response {
  return Response.json(readyBody(health), { status: health.unreadyBecause() === undefined ? 200 : 503 });
}

/** `2h15m30s`; a unit is left out as long as all before it are nothing. */
function toDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${Math.floor(seconds) % 60}s`;
}
