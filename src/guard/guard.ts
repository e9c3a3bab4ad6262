import { type ApiKey, apiKeyFinder } from "./api_keys.ts";
import { type Identity, NOBODY } from "./identity.ts";
import type { VerifyJwt } from "./jwt.ts";
import { type Credential, readCredential, type Showing } from "./read_credential.ts";
import { challenge, RefusedCredential } from "./refused_credential.ts";

/** Finds out who calls, before anything else is done for them. */
export interface Guard {
  /**
   * Whom a request is from: NOBODY if it shows no credential. Throws RefusedCredential for one that is not good (also
   * where none is needed), PERMISSION_DENIED for one that is good but not for this, UNAVAILABLE if it cannot be checked.
   */
  identify(showing: Showing): Promise<Identity>;
  /** Throws RefusedCredential for somebody who has shown nothing to a server that asks for it; `pathname` is HTTP's. */
  admit(identity: Identity, pathname?: string): void;
  /** The headers that credentials come in: what is answered differs by them. */
  readonly headers: readonly string[];
}

export interface GuardOptions {
  /** Whether a request without a credential is refused. */
  readonly required: boolean;
  /** Paths of HTTP on which it is not: whole ones, or with all below when they end in `/` or in `/*`. */
  readonly excludedPaths: readonly string[];
  readonly apiKeys: readonly ApiKey[];
  readonly apiKeyHeader: string;
  readonly allowQueryToken: boolean;
  readonly defaultTenant: string;
  /** Absent where no tokens are taken. */
  readonly verifyJwt?: VerifyJwt | undefined;
}

export function createGuard(options: GuardOptions): Guard {
  const { required, apiKeys, allowQueryToken, verifyJwt, defaultTenant } = options;
  const places = {
    apiKeyHeader: apiKeys.length === 0 ? undefined : options.apiKeyHeader.toLowerCase(),
    allowQueryToken,
  };
  const findKey = apiKeyFinder(apiKeys, defaultTenant);
  const isExcluded = pathMatcher(options.excludedPaths);
  const check = async ({ kind, text }: Credential): Promise<Identity> => {
    const caller = findKey(text);
    if (caller !== undefined) return { caller, remainingMs: () => Infinity };
    if (kind === "bearer" && verifyJwt !== undefined) return await verifyJwt(text);
    throw new RefusedCredential("The credential is not known", "invalid_token");
  };
  return {
    identify: async (showing) => {
      const credential = readCredential(showing, places);
      return credential === undefined ? NOBODY : await check(credential);
    },
    admit: ({ caller }, pathname) => {
      if (!required || !caller.anonymous || (pathname !== undefined && isExcluded(pathname))) return;
      throw new RefusedCredential("Cannot answer without a credential: the agent's card says which kinds are taken");
    },
    headers: ["Authorization", ...apiKeys.length === 0 ? [] : [options.apiKeyHeader]],
  };
}

/** What a 401 says in WWW-Authenticate (RFC 9110 §15.5.2). */
export function challengeOf(thrown: unknown): string {
  return thrown instanceof RefusedCredential ? thrown.challenge : challenge();
}

function pathMatcher(paths: readonly string[]): (pathname: string) => boolean {
  const trees = paths.filter((path) => /\/\*?$/.test(path)).map((path) => path.replace(/\*$/, ""));
  const whole = new Set(paths.filter((path) => !path.endsWith("*")));
  return (pathname) => whole.has(pathname) || trees.some((tree) => pathname.startsWith(tree));
}
