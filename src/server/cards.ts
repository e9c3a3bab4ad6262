import type { BindingDeps } from "../a2a/bindings/binding.ts";
import { signsOf } from "../a2a/bindings/binding.ts";
import { cardETag } from "../a2a/card/card_etag.ts";
import { toHybridCard } from "../a2a/card/hybrid_card.ts";
import type { AgentCard } from "../a2a/card/card_types.ts";
import { chooseDialect } from "../a2a/dialects/choose.ts";
import type { DialectName } from "../a2a/dialects/dialect.ts";
import { isRecord } from "../lib/json.ts";

/** `pure`: always the 1.0 card. `negotiated`: by what the peer names, and one that all of them read when it names nothing. */
export type CardForm = "negotiated" | "pure";

/** How long a peer may keep a card without asking again, in seconds (RFC 9111 §5.2.2.1). */
const MAX_AGE_SECONDS = 60;

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

/** Cards are cached by peers and proxies, one form apart from the other (A2A v1 §8.6). */
export function cardResponse(request: Request, body: unknown, since: Date): Response {
  const etag = cardETag(body);
  const headers = {
    etag,
    "last-modified": since.toUTCString(),
    "cache-control": `max-age=${MAX_AGE_SECONDS}`,
    vary: "A2A-Version, X-Hector-Dialect",
  };
  if (matches(request.headers.get("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  return Response.json(body, { headers });
}

/** RFC 9110 §13.1.2: weak comparison. */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, "");
  return header.trim() === "*" || header.split(",").some((tag) => bare(tag) === bare(etag));
}
