import type { AgentCard } from "../a2a/card/card_types.ts";
import type { CardSigner } from "../a2a/card/card_signer.ts";
import { A2AError } from "../a2a/errors.ts";
import type { A2AService, Call, Caller } from "../a2a/service.ts";

/**
 * Who may see an agent. public: everybody; internal: callers with a valid credential; private: nobody from outside, over
 * no transport, whatever they know.
 */
export type Visibility = "public" | "internal" | "private";

/** One agent as the outside meets it. */
export interface ServedAgent {
  readonly id: string;
  readonly visibility: Visibility;
  /** Its operations: those that its card offers. */
  readonly service: A2AService;
  /** Ends one tool call of a task, which goes on. false where no such call is under way. Throws A2AError. */
  readonly cancelToolCall?: (
    ref: { readonly taskId: string; readonly callId: string },
    call: Call,
  ) => Promise<boolean>;
  /** The pure 1.0 card with URLs below `baseUrl` (no trailing slash). */
  readonly card: (baseUrl: string) => AgentCard;
  /** The extended card, if `caller` may see it; absent where there is none. */
  readonly extendedCard?: (caller: Caller) => AgentCard | undefined;
}

/** The agents of one configuration revision, in the order in which they were declared. */
export interface AgentDirectory {
  readonly agents: ReadonlyMap<string, ServedAgent>;
  /** Whom an unscoped request means. */
  readonly defaultAgent: string | undefined;
  /** Absent where cards are not signed. */
  readonly signer?: CardSigner | undefined;
}

function isVisible({ visibility }: ServedAgent, caller: Caller): boolean {
  return visibility === "public" || (visibility === "internal" && !caller.anonymous);
}

/** The agents that `caller` may know of. */
export function visibleAgents({ agents }: AgentDirectory, caller: Caller): ServedAgent[] {
  return [...agents.values()].filter((agent) => isVisible(agent, caller));
}

/**
 * The agent that a request means: the first of `names` (as the path, query, header or body gave them) that is not empty,
 * else the default, else the first that is visible. Throws AGENT_NOT_FOUND, with the same words for an agent that does
 * not exist and for one that this caller may not know of.
 */
export function findAgent(
  directory: AgentDirectory,
  names: readonly (string | undefined | null)[],
  caller: Caller,
): ServedAgent {
  const named = names.find((name) => name !== undefined && name !== null && name !== "") ?? undefined;
  const name = named ?? directory.defaultAgent;
  const agent = name === undefined ? undefined : directory.agents.get(name);
  if (agent !== undefined && isVisible(agent, caller)) return agent;
  const first = named === undefined ? visibleAgents(directory, caller)[0] : undefined;
  if (first !== undefined) return first;
  if (named === undefined) throw new A2AError("AGENT_NOT_FOUND", "There is no agent here");
  throw new A2AError("AGENT_NOT_FOUND", `Agent "${named}" not found`, { metadata: { agent: named } });
}
