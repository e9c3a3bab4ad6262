import { type Caller } from "../a2a/service.ts";
import type { Secret } from "../lib/secret.ts";
import { sha256 } from "../lib/sha256.ts";

/** A key, and who is called with it. Several keys of one subject are one caller: that is how a key is changed. */
export interface ApiKey {
  readonly key: Secret;
  /** Absent: the key is its own subject. */
  readonly subject?: string | undefined;
  readonly tenant?: string | undefined;
  readonly roles: readonly string[];
}

/** Where a subject is named by a digest: enough of it that no two keys share one. */
const NAME_LENGTH = 16;

/**
 * Finds whose key a text is. Only digests are kept, and all of them are compared to their ends, so neither a dump of the
 * process's tables nor the time of an answer tells of a key.
 */
export function apiKeyFinder(keys: readonly ApiKey[], defaultTenant: string): (text: string) => Caller | undefined {
  const rows = keys.map(({ key, subject, tenant, roles }) => {
    const digest = digestOf(key.reveal());
    const caller: Caller = {
      tenant: tenant ?? defaultTenant,
      // Its own kind of subject: a token whose `sub` is a key's name is still another caller.
      subject: `api_key:${subject ?? `#${digest.slice(0, NAME_LENGTH)}`}`,
      roles,
      anonymous: false,
    };
    return { digest, caller };
  });
  return (text) => {
    const shown = digestOf(text);
    let found: Caller | undefined;
    for (const { digest, caller } of rows) if (isEqual(digest, shown)) found = caller;
    return found;
  };
}

function digestOf(text: string): string {
  return sha256(`hector API key ${text}`, "hex");
}

/** Takes as long for texts that differ at their beginning as at their end. Both have one length. */
function isEqual(one: string, other: string): boolean {
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}
