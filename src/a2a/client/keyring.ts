import type { Secret } from "../../lib/secret.ts";
import type { AgentCard, SecurityScheme } from "../card/card_types.ts";
import { A2AError } from "../errors.ts";

/** What a client can show to be let in. */
export type ClientAuth =
  | { readonly kind: "bearer"; readonly token: Secret }
  /** `header` names where it goes; absent: where the agent's card wants it, else `X-API-Key`. */
  | { readonly kind: "api_key"; readonly key: Secret; readonly header?: string }
  | { readonly kind: "basic"; readonly user: string; readonly password: Secret }
  /** Asked before each request, and once more with `refused` when the agent did not take what it gave. */
  | {
    readonly kind: "provider";
    readonly headers: (wanted: WantedAuth) => Promise<Readonly<Record<string, string>>>;
  };

export interface WantedAuth {
  readonly url: URL;
  /** What the agent's card says of it; undefined before there is a card. */
  readonly schemes: AgentCard["securitySchemes"];
  /** What was given last was not taken: it has run out, or never was right. */
  readonly refused: boolean;
  readonly signal: AbortSignal;
}

/** What goes with one request. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export interface CredentialsOptions {
  readonly refused: boolean;
  readonly signal: AbortSignal;
}

/** The credentials of one client, and whom they may be shown to. */
export interface Keyring {
  /** What goes with a request to `url`: nothing to an origin that is not the agent's. */
  credentials(url: URL, options: CredentialsOptions): Promise<Credentials>;
  /** Asking again can help: the credentials are made anew. */
  readonly isRenewable: boolean;
  /** The agent's card, from now on: it names schemes, and origins that are the agent's too. */
  learn(card: AgentCard, readFrom: URL | undefined): void;
  /** An error of the agent; if it wants a credential, with a word about which. */
  explain(error: A2AError): A2AError;
}

const NONE: Credentials = { headers: {}, query: {} };
const DEFAULT_KEY_HEADER = "x-api-key";

/** `auth`: what there is to show, in order of preference; the card's schemes decide, and the first if none fits. */
export function createKeyring(auth: readonly ClientAuth[], agent: URL | undefined): Keyring {
  const origins = new Set(agent === undefined ? [] : [agent.origin]);
  let isSecure = agent?.protocol === "https:";
  let schemes: AgentCard["securitySchemes"];
  let name: string | undefined;
  const known = () => Object.values(schemes ?? {});
  const chosen = () => auth.find((one) => known().some((scheme) => fits(one, scheme))) ?? auth[0];
  return {
    get isRenewable() {
      return chosen()?.kind === "provider";
    },
    credentials: async (url, { refused, signal }) => {
      const one = chosen();
      // A card that was read over TLS is no reason to say a secret where everybody hears it.
      const isOverheard = isSecure && url.protocol !== "https:";
      if (one === undefined || !origins.has(url.origin) || isOverheard) return NONE;
      return await credentialsOf(one, known(), { url, schemes, refused, signal });
    },
    learn: (card, readFrom) => {
      schemes = card.securitySchemes;
      name = card.name;
      isSecure ||= readFrom?.protocol === "https:";
      for (const { url } of card.supportedInterfaces) {
        const parsed = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`);
        if (parsed === null) continue;
        // gRPC has URLs without a scheme, and schemes of its own.
        for (const scheme of ["https", "http"]) origins.add(`${scheme}://${parsed.host}`);
      }
    },
    explain: (error) => explained(error, { name, schemes: known(), hasShown: auth.length > 0 }),
  };
}

function fits(auth: ClientAuth, scheme: SecurityScheme): boolean {
  switch (auth.kind) {
    case "bearer":
      return isHttpScheme(scheme, "bearer") || "oauth2SecurityScheme" in scheme ||
        "openIdConnectSecurityScheme" in scheme;
    case "basic":
      return isHttpScheme(scheme, "basic");
    case "api_key":
      return "apiKeySecurityScheme" in scheme;
    case "provider":
      return true;
  }
}

function isHttpScheme(scheme: SecurityScheme, name: string): boolean {
  return "httpAuthSecurityScheme" in scheme && scheme.httpAuthSecurityScheme.scheme.toLowerCase() === name;
}

async function credentialsOf(
  auth: ClientAuth,
  schemes: readonly SecurityScheme[],
  wanted: WantedAuth,
): Promise<Credentials> {
  switch (auth.kind) {
    case "bearer":
      return { ...NONE, headers: { authorization: `Bearer ${auth.token.reveal()}` } };
    case "basic": {
      const pair = new TextEncoder().encode(`${auth.user}:${auth.password.reveal()}`);
      return { ...NONE, headers: { authorization: `Basic ${pair.toBase64()}` } };
    }
    case "api_key":
      return keyAt(auth.header ?? placeOfKey(schemes), auth.key.reveal());
    case "provider":
      return { ...NONE, headers: await auth.headers(wanted) };
  }
}

interface KeyPlace {
  readonly location: "query" | "header" | "cookie";
  readonly name: string;
}

function placeOfKey(schemes: readonly SecurityScheme[]): KeyPlace | undefined {
  for (const scheme of schemes) if ("apiKeySecurityScheme" in scheme) return scheme.apiKeySecurityScheme;
  return undefined;
}

function keyAt(place: KeyPlace | string | undefined, key: string): Credentials {
  if (place === undefined || typeof place === "string") {
    return { ...NONE, headers: { [(place ?? DEFAULT_KEY_HEADER).toLowerCase()]: key } };
  }
  switch (place.location) {
    case "header":
      return { ...NONE, headers: { [place.name.toLowerCase()]: key } };
    case "cookie":
      return { ...NONE, headers: { cookie: `${place.name}=${encodeURIComponent(key)}` } };
    case "query":
      return { ...NONE, query: { [place.name]: key } };
  }
}

interface Known {
  readonly name: string | undefined;
  readonly schemes: readonly SecurityScheme[];
  readonly hasShown: boolean;
}

function explained(error: A2AError, { name, schemes, hasShown }: Known): A2AError {
  const { reason, message, violations, metadata, retryAfterSeconds } = error;
  if (reason !== "UNAUTHENTICATED") return error;
  // What is wrong with the credential stands in the message already (RFC 6750 §3).
  const challenge = metadata.wwwAuthenticate?.replaceAll(/,?\s*error(_description|_uri)?="[^"]*"/g, "");
  const wanted = schemes.length > 0 ? schemes.map(describe).join(" or ") : challenge;
  if (wanted === undefined) return error;
  const who = name === undefined ? "The agent" : `"${name}"`;
  const what = hasShown ? "did not take what it was shown" : "was shown none";
  return new A2AError(reason, `${message.replace(/[.\s]+$/, "")}. ${who} wants ${wanted} and ${what}`, {
    cause: error,
    violations,
    metadata,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

function describe(scheme: SecurityScheme): string {
  if ("apiKeySecurityScheme" in scheme) {
    const { location, name } = scheme.apiKeySecurityScheme;
    return `an API key (${location} ${name})`;
  }
  if ("httpAuthSecurityScheme" in scheme) {
    const { scheme: name } = scheme.httpAuthSecurityScheme;
    return name.toLowerCase() === "basic" ? "a name and a password (HTTP Basic)" : `a ${name} token`;
  }
  if ("oauth2SecurityScheme" in scheme) return "a bearer token (OAuth 2.0)";
  if ("openIdConnectSecurityScheme" in scheme) return "a bearer token (OpenID Connect)";
  return "a client certificate (mutual TLS)";
}
