import { RefusedCredential } from "./refused_credential.ts";

/** What a request shows of its sender, whatever carried it. */
export interface Showing {
  /** A header, or metadata of gRPC, by its name in lower case; several of one name joined by commas. */
  header(name: string): string | null | undefined;
  readonly query?: URLSearchParams | undefined;
  /** What stands behind `bearer` in the subprotocols of a WebSocket: browsers cannot set its headers. */
  readonly socketToken?: string | undefined;
}

/** A bearer token may be a JSON Web Token or an API key; what came under the name of a key is one. */
export interface Credential {
  readonly kind: "bearer" | "api_key";
  readonly text: string;
}

export interface CredentialPlaces {
  /** In lower case; undefined where there are no API keys. */
  readonly apiKeyHeader: string | undefined;
  /** Queries end up in logs and histories of others (RFC 6750 §5.3), so they are looked at only when the operator says so. */
  readonly allowQueryToken: boolean;
}

/** Servers of the field send 2 KiB at most; what is longer is not worth a look. */
const MAX_LENGTH = 16_384;
/** RFC 9110 §11.4: one scheme, spaces, one token. A second header of that name has made a list of it, which is no token. */
const BEARER = /^Bearer +([\x21-\x7e]+)$/i;
const QUERY_NAMES: readonly (readonly [name: string, kind: Credential["kind"]])[] = [
  ["access_token", "bearer"],
  ["token", "bearer"],
  ["api_key", "api_key"],
];

/**
 * The one credential of a request; undefined if it shows none. Throws RefusedCredential for several, which might be those
 * of different callers (RFC 6750 §2), and for what cannot be one.
 */
export function readCredential(showing: Showing, places: CredentialPlaces): Credential | undefined {
  const shown = [...shownIn(showing, places)];
  const [credential] = shown;
  if (shown.length > 1) throw new RefusedCredential("Send one credential, in one place", "invalid_request");
  if (credential !== undefined && credential.text.length > MAX_LENGTH) {
    throw new RefusedCredential(`The credential is longer than ${MAX_LENGTH} characters`, "invalid_request");
  }
  return credential;
}

function* shownIn(showing: Showing, { apiKeyHeader, allowQueryToken }: CredentialPlaces): Generator<Credential> {
  const authorization = showing.header("authorization") ?? undefined;
  if (authorization !== undefined) yield { kind: "bearer", text: bearerIn(authorization) };
  const key = apiKeyHeader === undefined ? undefined : showing.header(apiKeyHeader) ?? undefined;
  if (key !== undefined) yield { kind: "api_key", text: key };
  if (showing.socketToken !== undefined) yield { kind: "bearer", text: showing.socketToken };
  if (!allowQueryToken) return;
  for (const [name, kind] of QUERY_NAMES) {
    for (const text of showing.query?.getAll(name) ?? []) yield { kind, text };
  }
}

function bearerIn(authorization: string): string {
  const token = BEARER.exec(authorization)?.[1];
  if (token !== undefined) return token;
  throw new RefusedCredential('Authorization has to be "Bearer", one space and one token', "invalid_request");
}
