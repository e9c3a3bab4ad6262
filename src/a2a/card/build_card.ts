import { capabilitiesOf } from "./capabilities.ts";
import type {
  AgentCapabilities,
  AgentCard,
  AgentInterface,
  AgentSkill,
  SecurityRequirement,
  SecurityScheme,
} from "./card_types.ts";

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
  /** Default: those of an agent about which nothing is said. */
  readonly capabilities?: AgentCapabilities;
  /** Absent where nobody is asked who they are. */
  readonly security?: CardSecurity | undefined;
  readonly grpc?: GrpcPlace;
  /** Which binding stands first. Default: JSONRPC. */
  readonly preferred?: string;
}

/** How callers prove who they are (A2A v1 §4.5). */
export interface CardSecurity {
  readonly schemes: Readonly<Record<string, SecurityScheme>>;
  /** One of them has to be met. */
  readonly requirements: readonly SecurityRequirement[];
}

/** Where an agent is reached over gRPC. */
export interface GrpcPlace {
  /** `host:port`; undefined where there is no gRPC. */
  readonly address: string | undefined;
  /** Whether it is who a request means that names no agent. */
  readonly isDefault: boolean;
  /** Whether TLS is spoken there. Default: no. */
  readonly isEncrypted?: boolean;
}

/**
 * The public card of an agent (A2A v1 §8): both generations over all bindings, the newer and the simpler first unless
 * another binding is preferred. No member that A2A requires is empty, and no other is written that is: verifiers of signatures differ in what they make of
 * empty members (A2A v1 §8.4.1).
 */
export function buildCard(parts: CardParts): AgentCard {
  const { id, name, version, documentationUrl, iconUrl, provider } = parts;
  const description = parts.description === "" ? name : parts.description;
  const url = `${parts.baseUrl.replace(/\/+$/, "")}/agents/${encodeURIComponent(id)}`;
  return {
    name,
    description,
    supportedInterfaces: preferring(parts.preferred, [...interfacesAt(url), ...grpcInterfaces(id, parts.grpc)]),
    version,
    capabilities: parts.capabilities ?? capabilitiesOf({}),
    defaultInputModes: [...parts.inputModes ?? ["text/plain"]],
    defaultOutputModes: [...parts.outputModes ?? ["text/plain"]],
    // A2A v1 §4.4.1 requires skills, and a card without one tells a peer nothing to call the agent for.
    skills: parts.skills.length > 0 ? parts.skills.map(writtenSkill) : [{ id, name, description, tags: ["general"] }],
    ...(provider === undefined ? {} : { provider }),
    ...(documentationUrl === undefined ? {} : { documentationUrl }),
    ...(iconUrl === undefined ? {} : { iconUrl }),
    ...writtenSecurity(parts.security),
  };
}

/** Without its empty lists; `tags` are required, and a skill can be found by its id. */
export function writtenSkill({ id, name, description, tags, ...rest }: AgentSkill): AgentSkill {
  const { examples = [], inputModes = [], outputModes = [], securityRequirements = [] } = rest;
  return {
    id,
    name,
    description,
    tags: tags.length === 0 ? [id] : [...tags],
    ...(examples.length === 0 ? {} : { examples: [...examples] }),
    ...(inputModes.length === 0 ? {} : { inputModes: [...inputModes] }),
    ...(outputModes.length === 0 ? {} : { outputModes: [...outputModes] }),
    ...(securityRequirements.length === 0
      ? {}
      : { securityRequirements: securityRequirements.map(writtenRequirement) }),
  };
}

function writtenSecurity(security: CardSecurity | undefined): Partial<AgentCard> {
  if (security === undefined || Object.keys(security.schemes).length === 0) return {};
  const { schemes, requirements } = security;
  return {
    securitySchemes: { ...schemes },
    ...(requirements.length === 0 ? {} : { securityRequirements: requirements.map(writtenRequirement) }),
  };
}

function writtenRequirement({ schemes }: SecurityRequirement): SecurityRequirement {
  const written = Object.entries(schemes).map(([name, { list = [] }]) =>
    [name, list.length === 0 ? {} : { list: [...list] }] as const
  );
  return { schemes: Object.fromEntries(written) };
}

/** Peers take the first that they speak (A2A v1 §8.3.2), and readers of 0.3 its main URL. */
function preferring(binding: string | undefined, interfaces: readonly AgentInterface[]): AgentInterface[] {
  const isPreferred = ({ protocolBinding }: AgentInterface) => protocolBinding === binding;
  return [...interfaces.filter(isPreferred), ...interfaces.filter((each) => !isPreferred(each))];
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
  const scheme = grpc.isEncrypted ? "https" : "http";
  return [v1, { url: `${scheme}://${grpc.address}`, protocolBinding: "GRPC", protocolVersion: "0.3" }];
}
