import { type Change, convert, drop, inOrder, move, within, without } from "./change.ts";

/** Earlier generations said of each kind of credential whether it counts. */
function onlyIfEnabled(kind: string): Change {
  return (auth, spot) => {
    const section = auth.entries.get(kind)?.value;
    const enabled = section?.kind === "table" ? section.entries.get("enabled")?.value : undefined;
    if (enabled?.kind === "scalar" && enabled.value === false) return without(auth, kind);
    return within(kind, drop("enabled: true"))(auth, spot);
  };
}

const UNIT_SECONDS: ReadonlyMap<string, number> = new Map([["s", 1], ["m", 60], ["h", 3600]]);

/** `15m`, `90s`, `1h30m` */
export function secondsIn(text: string): number | undefined {
  if (!/^(\d+[hms])+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count = "", unit = ""]) => sum + Number(count) * (UNIT_SECONDS.get(unit) ?? 0),
    0,
  );
}

/** Within `server.auth`: generation 1.0 had a part for each kind of credential, 2.0 other names. */
export const OLDER_AUTH: Change = inOrder([
  onlyIfEnabled("jwt"),
  onlyIfEnabled("api_key"),
  move(
    "jwt → .",
    "api_key.header → api_key_header",
    "api_key.keys → api_keys",
    "require_auth → required",
    "refresh_interval → refresh_interval_seconds",
  ),
  convert("refresh_interval_seconds", ({ value }) => typeof value === "string" ? secondsIn(value) : undefined),
]);
