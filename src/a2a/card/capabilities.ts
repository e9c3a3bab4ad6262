import { RESUME_EXTENSION } from "../extensions.ts";
import { HITL_EXTENSION } from "../hitl.ts";
import type { AgentCapabilities, AgentExtension } from "./card_types.ts";

export interface CapabilityParts {
  /** Default: yes. */
  readonly streaming?: boolean;
  /** Whether webhooks are told of tasks. Default: no. */
  readonly pushNotifications?: boolean;
  /** Whether there is more to see than the public card. Default: no. */
  readonly extendedAgentCard?: boolean;
  /** Whether a call of a tool may wait for a person. Default: no. */
  readonly asksPeople?: boolean;
  /** Beside those that every agent of hector has; one with the URI of one of those stands for it. */
  readonly extensions?: readonly AgentExtension[];
}

const RESUME: AgentExtension = {
  uri: RESUME_EXTENSION,
  description: "Streams carry the number of each event and can be taken up again after any of them.",
};

const HITL: AgentExtension = {
  uri: HITL_EXTENSION,
  description: "Asks people to approve tool calls and to answer questions, and takes their decisions as data.",
};

/** What an agent can do (A2A v1 §4.4.3): its card says it, and `offeredService` holds the agent to it. */
export function capabilitiesOf(parts: CapabilityParts): AgentCapabilities {
  const { streaming = true, pushNotifications = false, extendedAgentCard = false, extensions = [] } = parts;
  const own = [...streaming ? [RESUME] : [], ...parts.asksPeople === true ? [HITL] : []]
    .filter((each) => extensions.every(({ uri }) => uri !== each.uri));
  const all = [...own, ...extensions.map(withoutDefaults)];
  return {
    streaming,
    pushNotifications,
    ...(all.length === 0 ? {} : { extensions: all }),
    ...(extendedAgentCard ? { extendedAgentCard } : {}),
  };
}

/** Verifiers differ in what they make of a default that is written out, so none is (A2A v1 §8.4.1). */
function withoutDefaults({ uri, description, required, params }: AgentExtension): AgentExtension {
  return {
    uri,
    ...(description === undefined || description === "" ? {} : { description }),
    ...(required === true ? { required } : {}),
    ...(params === undefined || Object.keys(params).length === 0 ? {} : { params }),
  };
}
