import { signsOf } from "../a2a/bindings/binding.ts";
import { type CardSigner, JWKS_PATH, type WrittenCard } from "../a2a/card/card_signer.ts";
import type { AgentCard } from "../a2a/card/card_types.ts";
import { A2AError } from "../a2a/errors.ts";
import { cardFor, type CardOptions, cardResponse, keySetResponse } from "./cards.ts";
import { findAgent, type ServedAgent, visibleAgents } from "./directory.ts";
import type { Face } from "./face.ts";
import { type Asked, type FindDeps, namesOf } from "./find_target.ts";

const WELL_KNOWN = "/.well-known/agent-card.json";
/** Where 0.3 has the extended card, and older clients look for the public one. */
const LEGACY_CARD = "/v1/card";

/** The cards of one agent and of all, under every path that a generation of clients looks at, and the keys that sign them. */
export function addCardRoutes(app: Face, deps: FindDeps): void {
  for (const prefix of ["/v1/agents", "/agents"]) {
    app.get(prefix, ({ req, var: { identity } }) => listAgents({ request: req.raw, identity }, deps));
    for (const end of ["", WELL_KNOWN, LEGACY_CARD]) {
      app.get(
        `${prefix}/:agent${end}`,
        ({ req, var: { identity } }) => agentCard({ request: req.raw, identity }, req.param("agent"), deps),
      );
    }
  }
  for (const path of [WELL_KNOWN, "/.well-known/agent.json", LEGACY_CARD]) {
    app.get(path, ({ req, var: { identity } }) => agentCard({ request: req.raw, identity }, undefined, deps));
  }
  app.get(JWKS_PATH, ({ req }) => keySet(req.raw, deps));
}

/** Discovery over all agents: each card with its id, and signed with it. The first API had the bare array. */
async function listAgents({ request, identity }: Asked, deps: FindDeps): Promise<Response> {
  const { directory, bindings, cardForm, cardsSince, baseUrl } = deps;
  const options = { form: cardForm, dialects: bindings.dialects, snakeCase: true };
  const { signer } = directory();
  const listed = visibleAgents(directory(), identity.caller).map((agent) => ({
    id: agent.id,
    ...cardFor(request, agent.card(baseUrl()), options),
  }));
  const asArray = new URL(request.url).searchParams.get("format") === "array" ||
    signsOf(request).dialect === "hector_v1";
  const inList = (cards: readonly unknown[]) => asArray ? cards : { agents: cards, total: cards.length };
  return await cardResponse(request, {
    unsigned: inList(listed),
    signed: async () => inList(await Promise.all(listed.map((form) => signed(form, signer, baseUrl())))),
    signer,
    since: cardsSince(),
  });
}

async function agentCard(asked: Asked, named: string | undefined, deps: FindDeps): Promise<Response> {
  const { request, identity } = asked;
  const { directory, bindings, cardForm, cardsSince, baseUrl } = deps;
  const { signer } = directory();
  const agent = findAgent(directory(), [named, ...namesOf(request)], identity.caller);
  const extended = extendedCard(asked, agent);
  const card = extended ?? agent.card(baseUrl());
  const form = cardFor(request, card, { form: cardForm, dialects: bindings.dialects, ...formOf(request) });
  return await cardResponse(request, {
    unsigned: form,
    signed: () => signed(form, signer, baseUrl()),
    signer,
    since: cardsSince(),
    isPrivate: extended !== undefined,
  });
}

/** On the path of A2A 0.3 §7.10, for those who may see it; for all others there is the public card. */
function extendedCard({ request, identity }: Asked, agent: ServedAgent): AgentCard | undefined {
  return new URL(request.url).pathname.endsWith(LEGACY_CARD) ? agent.extendedCard?.(identity.caller) : undefined;
}

async function signed(form: WrittenCard, signer: CardSigner | undefined, baseUrl: string): Promise<unknown> {
  return await signer?.sign(form, baseUrl) ?? form;
}

function keySet(request: Request, { directory, cardsSince }: FindDeps): Response {
  const { signer } = directory();
  if (signer !== undefined) return keySetResponse(request, signer.jwks, cardsSince());
  throw new A2AError("METHOD_NOT_FOUND", "There are no keys here: agent cards are not signed");
}

/** The second API reference has its card in `agent`, at an agent's well-known path and where the query names the agent. */
function formOf({ url }: Request): Pick<CardOptions, "snakeCase" | "own"> {
  const { pathname, searchParams } = new URL(url);
  const isOwn = searchParams.has("name") || /^\/v1\/agents\/[^/]+\/\.well-known\//.test(pathname);
  return { snakeCase: pathname.includes("/agents/"), own: isOwn ? "hector_v1_rest" : undefined };
}
