import type { AuthProvider, FetchLike } from "@modelcontextprotocol/client";
import { z } from "zod";
import type { McpOptions } from "./mcp_options.ts";

export interface CredentialDeps {
  readonly oauth: NonNullable<McpOptions["oauth"]>;
  /** Whom the token is for (RFC 8707). */
  readonly resource: URL;
  readonly fetch: FetchLike;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const TokenReply = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i, { error: "only bearer tokens can be used" }),
  expires_in: z.coerce.number().positive().optional(),
});
const ErrorReply = z.object({ error: z.string(), error_description: z.string().optional() });

interface Token {
  readonly text: string;
  readonly untilMs: number;
}

/** A token is not used any more when it is about to end: the request with it takes its time. */
const MARGIN_MS = 30_000;
const MAX_SHOWN_ERROR = 300;

/**
 * OAuth 2 client credentials (RFC 6749 §4.4): one token for all requests, got before the one at hand ends and when the
 * server refuses it. The secret goes to the server that the configuration names and to no other: an MCP server cannot say
 * where it goes (the mix-up of RFC 9700 §4.4).
 */
export function clientCredentials(deps: CredentialDeps): AuthProvider {
  let token: Promise<Token> | undefined;
  const fresh = () => {
    const getting = getToken(deps);
    token = getting;
    getting.catch(() => {
      if (token === getting) token = undefined;
    });
    return getting;
  };
  return {
    async token() {
      const known = await token;
      if (known !== undefined && deps.now() < known.untilMs - MARGIN_MS) return known.text;
      return (await (known === undefined ? token ?? fresh() : fresh())).text;
    },
    onUnauthorized: async () => void await fresh(),
  };
}

async function getToken(deps: CredentialDeps): Promise<Token> {
  const { oauth: { client_id, client_secret, scope }, resource, fetch, now } = deps;
  const { url, takesBasic } = await endpointOf(deps);
  const form = new URLSearchParams({ grant_type: "client_credentials", resource: withoutHash(resource) });
  if (scope !== undefined) form.set("scope", scope);
  const headers = new Headers({ accept: "application/json" });
  const secret = client_secret.reveal();
  if (takesBasic) headers.set("authorization", `Basic ${basic(client_id, secret)}`);
  else {
    form.set("client_id", client_id);
    form.set("client_secret", secret);
  }
  const askedMs = now();
  const reply = await fetch(url, { method: "POST", headers, body: form });
  const body: unknown = await reply.json().catch(() => undefined);
  if (!reply.ok) {
    const { error = `HTTP ${reply.status}`, error_description = "" } = ErrorReply.safeParse(body).data ?? {};
    const why = `${error} ${error_description}`.trim().slice(0, MAX_SHOWN_ERROR);
    throw new Error(`Cannot get a token from ${url.origin}: ${why}`);
  }
  const { access_token, expires_in } = TokenReply.parse(body);
  return { text: access_token, untilMs: expires_in === undefined ? Infinity : askedMs + expires_in * 1000 };
}

interface Endpoint {
  readonly url: URL;
  /** Whether the secret may stand in a header, which is what servers prefer (RFC 6749 §2.3.1). */
  readonly takesBasic: boolean;
}

async function endpointOf({ oauth: { issuer, token_url }, fetch }: CredentialDeps): Promise<Endpoint> {
  if (issuer === undefined) return { url: secure(new URL(token_url ?? "")), takesBasic: true };
  const { discoverAuthorizationServerMetadata } = await import("@modelcontextprotocol/client");
  const metadata = await discoverAuthorizationServerMetadata(issuer, { fetchFn: fetch });
  if (metadata === undefined) {
    throw new Error(`Cannot get a token: ${issuer} has no metadata of an authorization server`);
  }
  const methods = metadata.token_endpoint_auth_methods_supported;
  return {
    url: secure(new URL(metadata.token_endpoint)),
    takesBasic: methods === undefined || methods.includes("client_secret_basic") ||
      !methods.includes("client_secret_post"),
  };
}

/** RFC 6749 §2.3.1. The egress rules say the same, but a host may be allowed to be plain, and a secret may not. */
function secure(url: URL): URL {
  if (url.protocol === "https:" || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) return url;
  throw new Error(`Cannot get a token from ${url.origin}: a secret is sent over https only`);
}

/** Each half is form-encoded first (RFC 6749 §2.3.1). */
function basic(id: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams({ "": text }).toString().slice(1);
  return btoa(`${encode(id)}:${encode(secret)}`);
}

function withoutHash(url: URL): string {
  const bare = new URL(url);
  bare.hash = "";
  return bare.href;
}
