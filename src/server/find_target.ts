import type { BindingDeps, FindTarget, SignCard, Target } from "../a2a/bindings/binding.ts";
import type { DialectName } from "../a2a/dialects/dialect.ts";
import { requestedExtensions } from "../a2a/extensions.ts";
import type { Identity } from "../guard/identity.ts";
import { limitedStreams } from "../guard/limited_streams.ts";
import { RefusedCredential } from "../guard/refused_credential.ts";
import { isRecord } from "../lib/json.ts";
import { cardFor, type CardForm } from "./cards.ts";
import { type AgentDirectory, findAgent, type ServedAgent } from "./directory.ts";

export interface FindDeps {
  /** The agents of the revision that serves now. */
  readonly directory: () => AgentDirectory;
  readonly bindings: BindingDeps;
  readonly cardForm: CardForm;
  /** From when on the cards are what they are. */
  readonly cardsSince: () => Date;
  /** Where peers reach this server, without a trailing slash. */
  readonly baseUrl: () => string;
}

/** A request, and who was found behind it. */
export interface Asked {
  readonly request: Request;
  readonly identity: Identity;
}

/** Finds the agent by `named` (from the path), else by query, header and body, and makes the call in the caller's name. */
export function finder(asked: Asked, named: string | undefined, deps: FindDeps): FindTarget {
  const { request, identity } = asked;
  return (payload) => {
    // A socket outlives the credential with which it was opened.
    if (identity.remainingMs() <= 0) throw new RefusedCredential("The token has expired", "invalid_token");
    const names = [named, ...namesOf(request), ...namesInPayload(payload)];
    return targetOf(asked, findAgent(deps.directory(), names, identity.caller), deps);
  };
}

/** The names that the query and the header of a request give. */
export function namesOf({ url, headers }: Request): (string | null)[] {
  const query = url.includes("?") ? new URL(url).searchParams : undefined;
  return [query?.get("agent") ?? null, query?.get("name") ?? null, headers.get("agent-name")];
}

/** The names that a body gives: `name` and `agent` of older clients, `tenant` of A2A v1 §3.10. */
function namesInPayload(payload: unknown): (string | undefined)[] {
  if (!isRecord(payload)) return [];
  return [payload.name, payload.agent, payload.tenant].map((name) => typeof name === "string" ? name : undefined);
}

function targetOf({ request, identity }: Asked, agent: ServedAgent, deps: FindDeps): Target {
  const { bindings, cardForm } = deps;
  const baseUrl = deps.baseUrl();
  const { signer } = deps.directory();
  const card = () => agent.card(baseUrl);
  const signCard: SignCard = async (form) => await signer?.sign(form, baseUrl) ?? form;
  return {
    service: limitedStreams(agent.service, identity, bindings.timers),
    call: { signal: request.signal, caller: identity.caller, extensions: requestedExtensions(request.headers) },
    capabilities: () => card().capabilities,
    publicCard: async (dialect) => {
      const own = ownCard(dialect);
      const options = { form: cardForm, dialects: bindings.dialects, snakeCase: true, own };
      return await signCard(cardFor(request, card(), options));
    },
    signCard,
  };
}

/** A dialect of A2A has its card in the one that everybody reads. */
function ownCard(dialect: DialectName): DialectName | undefined {
  return dialect === "a2a_v1" || dialect === "a2a_v0_3" ? undefined : dialect;
}
