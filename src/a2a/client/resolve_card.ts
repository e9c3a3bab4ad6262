import type { AgentCard, AgentInterface } from "../card/card_types.ts";
import { type PeerHttp, readPeerJson, sendToPeer, withRetryAfter } from "./peer_http.ts";
import type { Binding } from "../dialects/dialect.ts";
import type { PeerDialectName } from "../dialects/peer_dialect.ts";
import { fromRestError } from "../error_wire.ts";
import { A2AError } from "../errors.ts";
import { readCard } from "../card/read_card.ts";

const WELL_KNOWN = "/.well-known/agent-card.json";

/**
 * The card of the agent at `url`: a server, an agent, an endpoint or the card itself.
 * Throws A2AError AGENT_NOT_FOUND if there is none.
 */
export async function resolveCard(url: string, http: PeerHttp, signal: AbortSignal): Promise<AgentCard> {
  const target = new URL(url);
  for (const candidate of cardUrls(target)) {
    const raw = await fetchCard(candidate.url, http, signal);
    if (raw === undefined) continue;
    const card = readCard(raw);
    if (!candidate.elsewhere || servesPath(card, target)) return card;
  }
  throw new A2AError("AGENT_NOT_FOUND", `Cannot find an agent at ${url}: there is no agent card`);
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
async function fetchCard(url: string, http: PeerHttp, signal: AbortSignal): Promise<unknown> {
  const headers = { accept: "application/json", "a2a-version": "1.0" };
  const response = await sendToPeer(http, { method: "GET", url, headers, signal });
  const body = await readPeerJson(http, response, signal);
  if (response.ok) return body;
  if (response.status === 404 || response.status === 405) return undefined;
  throw withRetryAfter(fromRestError(response.status, body), response.headers);
}

/** An interface of a card that this client can speak. */
export interface ChosenInterface {
  readonly binding: Binding;
  readonly dialect: PeerDialectName;
  readonly url: string;
  readonly tenant: string | undefined;
}

const BINDINGS: ReadonlyMap<string, Binding> = new Map([["JSONRPC", "jsonrpc"], ["HTTP+JSON", "rest"]]);

/** The first interface in the agent's own order that can be spoken (A2A v1 §8.3.2). Throws VERSION_NOT_SUPPORTED. */
export function chooseInterface({ name, supportedInterfaces }: AgentCard, version?: "1.0" | "0.3"): ChosenInterface {
  for (const offered of supportedInterfaces) {
    const binding = BINDINGS.get(offered.protocolBinding.toUpperCase());
    const dialect = dialectOf(offered);
    if (binding === undefined || dialect === undefined) continue;
    if (version !== undefined && dialect !== (version === "1.0" ? "a2a_v1" : "a2a_v0_3")) continue;
    return { binding, dialect, url: offered.url.replace(/\/+$/, ""), tenant: offered.tenant };
  }
  const offers = supportedInterfaces.map(({ protocolBinding, protocolVersion }) =>
    `${protocolBinding} ${protocolVersion}`
  );
  throw new A2AError(
    "VERSION_NOT_SUPPORTED",
    `Cannot speak with "${name}": it offers ${offers.join(", ") || "nothing"}; known are JSONRPC and HTTP+JSON` +
      (version === undefined ? " of 1.0 and 0.3" : ` of ${version}`),
  );
}

/** A patch number decides nothing (A2A v1 §3.6). */
function dialectOf({ protocolVersion }: AgentInterface): PeerDialectName | undefined {
  if (/^1\.0(\.|$)/.test(protocolVersion)) return "a2a_v1";
  return /^0\.3(\.|$)/.test(protocolVersion) ? "a2a_v0_3" : undefined;
}
