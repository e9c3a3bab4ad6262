import { z } from "zod";
import { networkReason } from "../../lib/network_reason.ts";
import type { Secret } from "../../lib/secret.ts";
import { A2AError } from "../errors.ts";
import type { ClientAuth } from "./keyring.ts";

export interface ClientCredentialsOptions {
  /** Who gives out tokens: named by the user, never by a card, as the secret is shown there. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly scopes: readonly string[];
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** RFC 6749 §5.1. */
const TokenResponse = z.object({ access_token: z.string().min(1), expires_in: z.number().optional() });

/** A token is renewed so long before it runs out, as a request takes its time. */
const EARLY_MS = 30_000;
/** Of a token that does not say how long it holds. */
const DEFAULT_LIFE_S = 300;
const TIMEOUT_MS = 30_000;

/** Tokens by the client credentials grant (RFC 6749 §4.4): asked for when one is needed, and kept until it runs out. */
export function clientCredentials(options: ClientCredentialsOptions): ClientAuth {
  let token: { readonly text: string; readonly endsMs: number } | undefined;
  let asking: Promise<string> | undefined;
  const renew = async () => {
    const { access_token, expires_in = DEFAULT_LIFE_S } = await askForToken(options);
    token = { text: access_token, endsMs: options.now() + expires_in * 1000 - EARLY_MS };
    return access_token;
  };
  return {
    kind: "provider",
    headers: async ({ refused }) => {
      const isGood = !refused && token !== undefined && token.endsMs > options.now();
      if (isGood && token !== undefined) return { authorization: `Bearer ${token.text}` };
      asking ??= renew().finally(() => asking = undefined);
      return { authorization: `Bearer ${await asking}` };
    },
  };
}

async function askForToken(options: ClientCredentialsOptions): Promise<z.output<typeof TokenResponse>> {
  const { tokenUrl, clientId, clientSecret, scopes, fetch } = options;
  const { origin } = new URL(tokenUrl);
  // RFC 6749 §2.3.1: each half is form-encoded before Basic joins them.
  const half = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
  const pair = new TextEncoder().encode(`${half(clientId)}:${half(clientSecret.reveal())}`);
  const body = new URLSearchParams({ grant_type: "client_credentials" });
  if (scopes.length > 0) body.set("scope", scopes.join(" "));
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(tokenUrl, {
      method: "POST",
      redirect: "error",
      headers: {
        authorization: `Basic ${pair.toBase64()}`,
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: body.toString(),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    answer = await response.json().catch(() => undefined);
  } catch (cause) {
    const reason = networkReason(cause) ?? "the connection failed";
    throw new A2AError("UNAVAILABLE", `Cannot get a token from ${origin}: ${reason}`, { cause });
  }
  if (response.status >= 500) {
    throw new A2AError("UNAVAILABLE", `Cannot get a token from ${origin}: it answers ${response.status}`);
  }
  const parsed = TokenResponse.safeParse(answer);
  if (response.ok && parsed.success) return parsed.data;
  const why = response.ok ? "its answer holds no access_token" : `it answers ${response.status}`;
  throw new A2AError("UNAUTHENTICATED", `Cannot get a token from ${origin}: ${why}`);
}
