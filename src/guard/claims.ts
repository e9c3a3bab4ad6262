import { A2AError } from "../a2a/errors.ts";
import type { Caller } from "../a2a/service.ts";
import { isRecord } from "../lib/json.ts";
import { RefusedCredential } from "./refused_credential.ts";

export type Claims = Readonly<Record<string, unknown>>;
type Scalar = string | number | boolean;

/** Which claims say who calls: a claim's name, or a dotted way into it (`realm_access.roles`). */
export interface ClaimNames {
  readonly subject: string;
  readonly tenant: string;
  /** All that are found count. */
  readonly roles: readonly string[];
}

/** What a claim has to say: one of these, or (`*`) anything. */
export type RequiredClaims = ReadonlyMap<string, readonly Scalar[]>;

export const ANY_VALUE = "*";
/** These claims hold several words in one text (RFC 6749 §3.3). */
const WORD_LISTS: ReadonlySet<string> = new Set(["scope", "scp"]);

/**
 * The caller that verified claims name. Throws RefusedCredential for claims that name nobody: a token whose tenant or
 * roles cannot be read must not pass for one that has none.
 */
export function callerOf(claims: Claims, names: ClaimNames, defaultTenant: string): Caller {
  const subject = claimAt(claims, names.subject);
  if (typeof subject !== "string" || subject === "") throw unreadable(names.subject);
  const tenant = claimAt(claims, names.tenant) ?? defaultTenant;
  if (typeof tenant !== "string" || tenant === "") throw unreadable(names.tenant);
  const roles = names.roles.flatMap((name) => rolesIn(claimAt(claims, name), name));
  // Its own kind of subject: `sub` may be "anonymous", or the name of an API key.
  return { tenant, subject: `jwt:${subject}`, roles: [...new Set(roles)], anonymous: false };
}

/** Throws PERMISSION_DENIED, as the token itself is in order. */
export function checkRequired(claims: Claims, required: RequiredClaims): void {
  for (const [name, accepted] of required) {
    const said = claimAt(claims, name);
    if (said !== undefined && said !== null && (accepted.includes(ANY_VALUE) || says(said, accepted, name))) continue;
    throw new A2AError("PERMISSION_DENIED", `The token's claim "${name}" does not allow this`, {
      metadata: { claim: name },
    });
  }
}

function says(said: unknown, accepted: readonly Scalar[], name: string): boolean {
  const values: readonly unknown[] = Array.isArray(said) ? said : isWordList(said, name) ? said.split(" ") : [said];
  return values.some((value) => accepted.some((one) => one === value));
}

function rolesIn(claim: unknown, name: string): string[] {
  if (claim === undefined || claim === null) return [];
  if (isWordList(claim, name)) return claim.split(" ").filter((word) => word !== "");
  const roles: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return roles.map((role) => {
    if (typeof role !== "string") throw unreadable(name);
    return role;
  });
}

function isWordList(claim: unknown, name: string): claim is string {
  return typeof claim === "string" && WORD_LISTS.has(name);
}

/** A claim by its whole name, which may hold dots (`https://example.com/roles`), else step by step. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let found: unknown = claims;
  for (const step of name.split(".")) {
    if (!isRecord(found) || !Object.hasOwn(found, step)) return undefined;
    found = found[step];
  }
  return found;
}

function unreadable(name: string): RefusedCredential {
  return new RefusedCredential(`The token's claim "${name}" is missing or cannot be read`, "invalid_token");
}
