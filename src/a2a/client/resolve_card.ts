import type { AgentCard } from "../card/card_types.ts";
import { type PeerHttp, readPeerJson, sendToPeer, withHeaders } from "./peer_http.ts";
import { fromRestError } from "../error_wire.ts";
import { A2AError } from "../errors.ts";
import { checkPin } from "../card/card_digest.ts";
import { readCard } from "../card/read_card.ts";
import type { TrustedKeys } from "../card/verify_card.ts";

/** How a card is fetched: it may not take for ever. */
export interface CardHttp extends PeerHttp {
  readonly answerMs: number;
  /** Whose signature a card has to have. Absent: a card is believed as it comes. */
  readonly trust?: TrustedKeys | undefined;
  /** The only card that is believed, by its digest. */
  readonly pin?: string | undefined;
}

const WELL_KNOWN = "/.well-known/agent-card.json";

/**
 * The card of the agent at `url`: a server, an agent, an endpoint or the card itself.
 * Throws A2AError AGENT_NOT_FOUND if there is none.
 */
export async function resolveCard(url: string, http: CardHttp, signal: AbortSignal): Promise<AgentCard> {
  const target = new URL(url);
  for (const candidate of cardUrls(target)) {
    const raw = await fetchCard(candidate.url, http, signal);
    if (raw === undefined) continue;
    const card = readCard(await trusted(raw, http));
    if (!candidate.elsewhere || servesPath(card, target)) return card;
  }
  throw new A2AError("AGENT_NOT_FOUND", `Cannot find an agent at ${url}: there is no agent card`);
}

/** Of a card that has to be signed, what is signed and nothing else. */
async function trusted(raw: unknown, { trust, pin }: CardHttp): Promise<unknown> {
  if (pin !== undefined) checkPin(raw, pin);
  if (trust === undefined) return raw;
  // Loaded by who wants it: most clients never do.
  const { verifyCard } = await import("../card/verify_card.ts");
  return (await verifyCard(raw, trust)).card;
}

interface CandidateUrl {
  readonly url: string;
  /** Not below the URL that was given: this may be another agent's card. */
  readonly elsewhere: boolean;
}

function cardUrls({ origin, pathname, href }: URL): CandidateUrl[] {
  if (pathname.endsWith(".json")) return [{ url: href, elsewhere: false }];
  const path = pathname.replace(/\/+$/, "");
  const below = [`${path}${WELL_KNOWN}`, `${path}/.well-known/agent.json`, ...(path === "" ? [] : [path])];
  const above = path === "" ? [] : [WELL_KNOWN];
  return [
    ...below.map((place) => ({ url: origin + place, elsewhere: false })),
    ...above.map((place) => ({ url: origin + place, elsewhere: true })),
  ];
}

/** A host's card may be meant when an endpoint was given, but never in place of an agent that does not exist. */
function servesPath({ supportedInterfaces }: AgentCard, { pathname }: URL): boolean {
  const plain = (path: string) => path.replace(/\/+$/, "");
  return supportedInterfaces.some(({ url }) =>
    URL.parse(url) !== null && plain(new URL(url).pathname) === plain(pathname)
  );
}

/** undefined: there is nothing, or something that is no JSON, such as the start page of an app. */
async function fetchCard(url: string, http: CardHttp, signal: AbortSignal): Promise<unknown> {
  const headers = { accept: "application/json", "a2a-version": "1.0" };
  const response = await sendToPeer(http, { method: "GET", url, headers, signal, answerMs: http.answerMs });
  const body = await readPeerJson(http, response, signal);
  if (response.ok) return body;
  if (response.status === 404 || response.status === 405) return undefined;
  throw withHeaders(fromRestError(response.status, body), response.headers);
}
