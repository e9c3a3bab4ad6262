import { Secret } from "../lib/secret.ts";
import type { Config } from "./config.ts";

/** Characters of a revision that people are shown. */
const SHOWN_REVISION_LENGTH = 12;

/** A revision as people are shown it. */
export function shortRevision(revision: string): string {
  return revision.slice(0, SHOWN_REVISION_LENGTH);
}

/**
 * SHA-256 of a configuration, in hex: the same on every replica and after every restart. Credentials stand in it as
 * `[secret]`, because a revision is shown to strangers, and a weak secret could be found by guessing. So a rotated
 * credential keeps the revision; `isSameConfig` sees it.
 */
export async function revisionOf(config: Config): Promise<string> {
  const { base_dir: _, ...content } = config;
  const bytes = new TextEncoder().encode(canonicalText(content, String));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Whether two configurations are equal in all things, credentials included. */
export function isSameConfig(one: Config, other: Config): boolean {
  return identityOf(one) === identityOf(other);
}

/** A text that two values share if they are equal in all things. It holds credentials: for comparing, not for showing. */
export function identityOf(value: unknown): string {
  return canonicalText(value, (secret) => `secret ${secret.reveal()}`);
}

/** JSON with the keys of objects in order. Maps keep theirs: the order of agents has a meaning. */
function canonicalText(value: unknown, show: (secret: Secret) => string): string {
  if (value instanceof Secret) return JSON.stringify({ secret: show(value) });
  if (value instanceof Map) return canonicalText([...value], show);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, show)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => one < other ? -1 : 1)
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member, show)}`);
  return `{${members.join(",")}}`;
}
