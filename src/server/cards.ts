import type { BindingDeps } from "../a2a/bindings/binding.ts";
import { signsOf } from "../a2a/bindings/binding.ts";
import { cardETag } from "../a2a/card/card_etag.ts";
import { toHybridCard } from "../a2a/card/hybrid_card.ts";
import type { CardSigner } from "../a2a/card/card_signer.ts";
import type { AgentCard } from "../a2a/card/card_types.ts";
import type { Jwks } from "../a2a/card/signing_key.ts";
import { chooseDialect } from "../a2a/dialects/choose.ts";
import type { DialectName } from "../a2a/dialects/dialect.ts";
import { isNotModified, type Validators } from "../lib/is_not_modified.ts";
import { isRecord } from "../lib/json.ts";

/** `pure`: always the 1.0 card. `negotiated`: by what the peer names, and one that all of them read when it names nothing. */
export type CardForm = "negotiated" | "pure";

/** How long a peer may keep a card without asking again, in seconds (RFC 9111 §5.2.2.1). */
const MAX_AGE_SECONDS = 60;
const KEYS_MAX_AGE_SECONDS = 300;

export interface CardOptions {
  readonly form: CardForm;
  readonly dialects: BindingDeps["dialects"];
  /** Also the snake_case names of the older HTTP API: on its own routes only. */
  readonly snakeCase?: boolean;
  /** The dialect that one route or method alone has: its card stands beside the one that all read. */
  readonly own?: DialectName | undefined;
}

/** A card in the form that `request` asks for. Throws VERSION_NOT_SUPPORTED, INVALID_REQUEST for an unknown dialect. */
export function cardFor(request: Request, card: AgentCard, options: CardOptions): Record<string, unknown> {
  const { form, dialects, snakeCase = false, own } = options;
  if (form === "pure") return { ...card };
  const { version, dialect } = signsOf(request);
  if (version !== null || dialect !== null) return cardIn(chooseDialect({ version, dialect }), card, dialects);
  const hybrid = toHybridCard(card, { snakeCase });
  return own === undefined ? hybrid : { ...cardIn(own, card, dialects), ...hybrid };
}

function cardIn(name: DialectName, card: AgentCard, dialects: BindingDeps["dialects"]): Record<string, unknown> {
  const written = dialects[name].rest.write({ operation: "GetExtendedAgentCard", response: card });
  return isRecord(written) ? written : {};
}

interface CardAnswer {
  /** What is answered, without signatures. */
  readonly unsigned: unknown;
  readonly signed: () => Promise<unknown>;
  readonly signer: CardSigner | undefined;
  readonly since: Date;
  /** It is for who asks, and for nobody else (A2A v1 §13.3). */
  readonly isPrivate?: boolean;
}

/** Cards are cached by peers and proxies, one form apart from the other (A2A v1 §8.6). */
export async function cardResponse(request: Request, answer: CardAnswer): Promise<Response> {
  const { unsigned, signed, signer, since, isPrivate = false } = answer;
  const validators = { etag: cardETag(unsigned, signer === undefined ? [] : [signer.keyId]), modified: since };
  const scope = isPrivate ? "private, " : "";
  const headers = {
    ...headersOf(validators, `${scope}max-age=${MAX_AGE_SECONDS}`),
    vary: "A2A-Version, X-Hector-Dialect",
  };
  if (isNotModified(request, validators)) return new Response(null, { status: 304, headers });
  return Response.json(await signed(), { headers });
}

/** The keys that verify the cards (RFC 7517 §8.5.2). They are fetched more often than they change. */
export function keySetResponse(request: Request, jwks: Jwks, since: Date): Response {
  const validators = { etag: cardETag(jwks), modified: since };
  const headers = headersOf(validators, `max-age=${KEYS_MAX_AGE_SECONDS}`);
  if (isNotModified(request, validators)) return new Response(null, { status: 304, headers });
  return Response.json(jwks, { headers: { ...headers, "content-type": "application/jwk-set+json" } });
}

function headersOf({ etag, modified }: Validators, cacheControl: string) {
  return { etag, "last-modified": modified.toUTCString(), "cache-control": cacheControl };
}
