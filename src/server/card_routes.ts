import { signsOf } from "../a2a/bindings/binding.ts";
import { cardFor, type CardOptions, cardResponse } from "./cards.ts";
import { findAgent, visibleAgents } from "./directory.ts";
import type { Face } from "./face.ts";
import { type Asked, type FindDeps, namesOf } from "./find_target.ts";

const WELL_KNOWN = "/.well-known/agent-card.json";

/** The cards of one agent and of all, under every path that a generation of clients looks at. */
export function addCardRoutes(app: Face, deps: FindDeps): void {
  for (const prefix of ["/v1/agents", "/agents"]) {
    app.get(prefix, ({ req, var: { identity } }) => listAgents({ request: req.raw, identity }, deps));
    for (const end of ["", WELL_KNOWN, "/v1/card"]) {
      app.get(
        `${prefix}/:agent${end}`,
        ({ req, var: { identity } }) => agentCard({ request: req.raw, identity }, req.param("agent"), deps),
      );
    }
  }
  for (const path of [WELL_KNOWN, "/.well-known/agent.json", "/v1/card"]) {
    app.get(path, ({ req, var: { identity } }) => agentCard({ request: req.raw, identity }, undefined, deps));
  }
}

/** Discovery over all agents: each card with its id. The first API had the bare array. */
function listAgents({ request, identity }: Asked, deps: FindDeps): Response {
  const { directory, bindings, cardForm, cardsSince, baseUrl } = deps;
  const options = { form: cardForm, dialects: bindings.dialects, snakeCase: true };
  const cards = visibleAgents(directory(), identity.caller).map((agent) => ({
    id: agent.id,
    ...cardFor(request, agent.card(baseUrl()), options),
  }));
  const asArray = new URL(request.url).searchParams.get("format") === "array" ||
    signsOf(request).dialect === "hector_v1";
  return cardResponse(request, asArray ? cards : { agents: cards, total: cards.length }, cardsSince);
}

function agentCard({ request, identity }: Asked, named: string | undefined, deps: FindDeps): Response {
  const { directory, bindings, cardForm, cardsSince, baseUrl } = deps;
  const agent = findAgent(directory(), [named, ...namesOf(request)], identity.caller);
  const options = { form: cardForm, dialects: bindings.dialects, ...formOf(request) };
  return cardResponse(request, cardFor(request, agent.card(baseUrl()), options), cardsSince);
}

/** The second API reference has its card in `agent`, at an agent's well-known path and where the query names the agent. */
function formOf({ url }: Request): Pick<CardOptions, "snakeCase" | "own"> {
  const { pathname, searchParams } = new URL(url);
  const isOwn = searchParams.has("name") || /^\/v1\/agents\/[^/]+\/\.well-known\//.test(pathname);
  return { snakeCase: pathname.includes("/agents/"), own: isOwn ? "hector_v1_rest" : undefined };
}
