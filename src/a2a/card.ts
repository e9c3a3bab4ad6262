import type { AgentCard, AgentInterface, AgentSkill } from "./card_types.ts";
import { legacyCardMembers, legacyRequirements, toLegacyScheme } from "./card_v0_3.ts";
import { present } from "./present.ts";

/** The extension by which a stream is taken up again after the number of the last event that was seen. */
export const RESUME_EXTENSION = "https://hector.dev/a2a/extensions/resume/v1";

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

export interface HybridOptions {
  /** Also the snake_case spellings of hector's older HTTP API. */
  readonly snakeCase: boolean;
}

/**
 * One card that readers of A2A 1.0 and of 0.3 both understand: each ignores what it does not know. A signature covers
 * one form of a card only, so a hybrid carries none of the 1.0 card's.
 */
export function toHybridCard(card: AgentCard, { snakeCase }: HybridOptions): Record<string, unknown> {
  const { signatures: _ofTheOtherForm, ...rest } = card;
  const legacySchemes = Object.entries(card.securitySchemes ?? {}).map(([name, scheme]) =>
    [name, scheme, toLegacyScheme(scheme)] as const
  );
  const hybrid = {
    ...rest,
    ...legacyCardMembers(card),
    capabilities: { ...card.capabilities, stateTransitionHistory: false },
    skills: card.skills.map((skill) => present({ ...skill, security: legacyRequirements(skill.securityRequirements) })),
    securitySchemes: legacySchemes.length === 0
      ? undefined
      : Object.fromEntries(legacySchemes.map(([name, scheme, legacy]) => [name, { ...scheme, ...legacy }])),
  };
  if (!snakeCase) return present(hybrid);
  const security = Object.fromEntries(legacySchemes.map(([name, , legacy]) => [name, snakeNames(legacy)]));
  return present({
    ...hybrid,
    ...snakeMembers(card),
    capabilities: { ...hybrid.capabilities, ...snakeNames(hybrid.capabilities) },
    provider: card.provider === undefined ? undefined : { ...card.provider, org: card.provider.organization },
    security_schemes: legacySchemes.length === 0 ? undefined : security,
  });
}

/** The older API said "1.0" and "jsonrpc" where 0.3 says "0.3.0" and "JSONRPC". */
function snakeMembers({ defaultInputModes, defaultOutputModes, documentationUrl, iconUrl }: AgentCard) {
  return {
    protocol_version: "1.0",
    preferred_transport: "jsonrpc",
    default_input_modes: defaultInputModes,
    default_output_modes: defaultOutputModes,
    documentation_url: documentationUrl,
    icon_url: iconUrl,
  };
}

function snakeNames(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map((
      [name, value],
    ) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]),
  );
}

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/** A weak ETag (RFC 9110 §8.8.3) of one form of a card: FNV-1a over its JSON. Weak, for whitespace does not count. */
export function cardETag(card: unknown): string {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(JSON.stringify(card))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  }
  return `W/"${hash.toString(16).padStart(16, "0")}"`;
}
