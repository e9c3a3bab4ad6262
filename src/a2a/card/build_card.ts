import type { AgentCard, AgentInterface, AgentSkill } from "./card_types.ts";
import { RESUME_EXTENSION } from "../extensions.ts";

export interface CardParts {
  /** The agent's id, as it stands in its URL. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** The agent's own version. */
  readonly version: string;
  readonly skills: readonly AgentSkill[];
  /** Where peers reach this server; from the configuration, never from a Host header (A2A v1 §8.4). */
  readonly baseUrl: string;
  readonly documentationUrl?: string;
  readonly iconUrl?: string;
  readonly provider?: AgentCard["provider"];
  readonly inputModes?: readonly string[];
  readonly outputModes?: readonly string[];
  /** Whether webhooks are told of tasks. Default: no. */
  readonly pushNotifications?: boolean;
  readonly securitySchemes?: AgentCard["securitySchemes"];
  readonly securityRequirements?: AgentCard["securityRequirements"];
  readonly grpc?: GrpcPlace;
}

/** Where an agent is reached over gRPC. */
export interface GrpcPlace {
  /** `host:port`; undefined where there is no gRPC. */
  readonly address: string | undefined;
  /** Whether it is who a request means that names no agent. */
  readonly isDefault: boolean;
}

/** The public card of an agent (A2A v1 §8): both generations over both HTTP bindings, the newer and the simpler first. */
export function buildCard(parts: CardParts): AgentCard {
  const { id, name, description, version, documentationUrl, iconUrl, provider } = parts;
  const url = `${parts.baseUrl.replace(/\/+$/, "")}/agents/${encodeURIComponent(id)}`;
  return {
    name,
    description,
    supportedInterfaces: [...interfacesAt(url), ...grpcInterfaces(id, parts.grpc)],
    version,
    capabilities: {
      streaming: true,
      pushNotifications: parts.pushNotifications ?? false,
      extensions: [{
        uri: RESUME_EXTENSION,
        description: "Streams carry the number of each event and can be taken up again after any of them.",
      }],
    },
    defaultInputModes: [...parts.inputModes ?? ["text/plain"]],
    defaultOutputModes: [...parts.outputModes ?? ["text/plain"]],
    // A2A v1 §4.4.1 requires skills, and a card without one tells a peer nothing to call the agent for.
    skills: parts.skills.length > 0 ? [...parts.skills] : [{ id, name, description, tags: ["general"] }],
    ...(provider === undefined ? {} : { provider }),
    ...(documentationUrl === undefined ? {} : { documentationUrl }),
    ...(iconUrl === undefined ? {} : { iconUrl }),
    ...(parts.securitySchemes === undefined ? {} : { securitySchemes: parts.securitySchemes }),
    ...(parts.securityRequirements === undefined ? {} : { securityRequirements: parts.securityRequirements }),
  };
}

function interfacesAt(url: string): AgentInterface[] {
  return ["1.0", "0.3"].flatMap((protocolVersion) =>
    ["JSONRPC", "HTTP+JSON"].map((protocolBinding) => ({ url, protocolBinding, protocolVersion }))
  );
}

/**
 * gRPC has no path to name an agent by. In 1.0 the `tenant` of its requests does (A2A v1 §3.10), and the URL has no scheme;
 * 0.3 has neither that member nor such URLs, so over 0.3 only the agent is offered that needs no name.
 */
function grpcInterfaces(id: string, grpc: GrpcPlace | undefined): AgentInterface[] {
  if (grpc?.address === undefined) return [];
  const v1 = { url: grpc.address, protocolBinding: "GRPC", protocolVersion: "1.0", tenant: id };
  if (!grpc.isDefault) return [v1];
  return [v1, { url: `http://${grpc.address}`, protocolBinding: "GRPC", protocolVersion: "0.3" }];
}
