import { cardETag, toHybridCard } from "../a2a/card.ts";
import type { AgentCard } from "../a2a/card_types.ts";
import { toV03Card } from "../a2a/card_v0_3.ts";
import { chooseDialect } from "../a2a/dialects/choose.ts";
import { signsOf } from "../a2a/bindings/binding.ts";

/** `pure`: always the 1.0 card. `negotiated`: by A2A-Version, and one that both generations read when it is absent. */
export type CardForm = "negotiated" | "pure";

/** How long a peer may keep a card without asking again, in seconds (RFC 9111 §5.2.2.1). */
const MAX_AGE_SECONDS = 60;

interface CardOptions {
  readonly form: CardForm;
  /** Also the snake_case names of the older HTTP API: on its own routes only. */
  readonly snakeCase: boolean;
}

/** A card in the form that `request` asks for. Throws VERSION_NOT_SUPPORTED. */
export function cardFor(request: Request, card: AgentCard, { form, snakeCase }: CardOptions): Record<string, unknown> {
  if (form === "pure") return { ...card };
  const { version } = signsOf(request);
  if (version === null) return toHybridCard(card, { snakeCase });
  return chooseDialect({ version }) === "a2a_v1" ? { ...card } : toV03Card(card);
}

/** Cards are cached by peers and proxies, one form apart from the other (A2A v1 §8.6). */
export function cardResponse(request: Request, body: unknown): Response {
  const etag = cardETag(body);
  const headers = { etag, "cache-control": `max-age=${MAX_AGE_SECONDS}`, vary: "A2A-Version" };
  if (matches(request.headers.get("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  return Response.json(body, { headers });
}

/** RFC 9110 §13.1.2: weak comparison. */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, "");
  return header.trim() === "*" || header.split(",").some((tag) => bare(tag) === bare(etag));
}
