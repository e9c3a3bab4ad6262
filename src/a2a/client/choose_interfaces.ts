import type { AgentCard, AgentInterface } from "../card/card_types.ts";
import type { Binding } from "../dialects/dialect.ts";
import type { PeerDialectName } from "../dialects/peer_dialect.ts";
import { A2AError } from "../errors.ts";

export type PeerBinding = Binding | "grpc";

/** Which generations of the protocol may be spoken. */
export type PeerVersion = "1.0" | "0.3" | "any";

/** An interface of a card that this client can speak. */
export interface ChosenInterface {
  readonly binding: PeerBinding;
  readonly dialect: PeerDialectName;
  readonly url: string;
  readonly tenant: string | undefined;
}

export interface ChoiceOptions {
  /**
   * "1.0" or "0.3": this generation and no other. "any": whatever the card offers. Absent: the generation of the first
   * interface that can be spoken. What is unreachable never makes a client speak another generation unasked (A2A v1 §3.6.3).
   */
  readonly version?: PeerVersion | undefined;
  /** The bindings that can be spoken. */
  readonly bindings: ReadonlySet<PeerBinding>;
}

const BINDINGS: ReadonlyMap<string, PeerBinding> = new Map<string, PeerBinding>([
  ["JSONRPC", "jsonrpc"],
  ["HTTP+JSON", "rest"],
  ["GRPC", "grpc"],
]);
const DIALECTS: ReadonlyMap<PeerVersion, PeerDialectName> = new Map<PeerVersion, PeerDialectName>([
  ["1.0", "a2a_v1"],
  ["0.3", "a2a_v0_3"],
]);

/** The interfaces that can be spoken, at least one, in the agent's own order (A2A v1 §8.3.2). Throws VERSION_NOT_SUPPORTED. */
export function chooseInterfaces(card: AgentCard, { version, bindings }: ChoiceOptions): ChosenInterface[] {
  const spoken = card.supportedInterfaces.flatMap((offered): ChosenInterface[] => {
    const binding = BINDINGS.get(offered.protocolBinding.toUpperCase());
    const dialect = dialectOf(offered);
    if (binding === undefined || dialect === undefined || !bindings.has(binding)) return [];
    return [{ binding, dialect, url: offered.url.replace(/\/+$/, ""), tenant: offered.tenant }];
  });
  const wanted = version === undefined ? spoken[0]?.dialect : DIALECTS.get(version);
  const chosen = spoken.filter(({ dialect }) => version === "any" || dialect === wanted);
  if (chosen.length > 0) return chosen;
  throw nothingInCommon(card, { version, bindings });
}

function nothingInCommon({ name, supportedInterfaces }: AgentCard, { version, bindings }: ChoiceOptions): A2AError {
  const offers = supportedInterfaces.map((offer) => `${offer.protocolBinding} ${offer.protocolVersion}`);
  const known = [...BINDINGS].flatMap(([spelled, binding]) => bindings.has(binding) ? [spelled] : []);
  const versions = version === undefined || version === "any" ? "1.0 and 0.3" : version;
  return new A2AError(
    "VERSION_NOT_SUPPORTED",
    `Cannot speak with "${name}": it offers ${offers.join(", ") || "nothing"}; ` +
      `known are ${known.join(", ")} of ${versions}`,
  );
}

/** A patch number decides nothing (A2A v1 §3.6). */
function dialectOf({ protocolVersion }: AgentInterface): PeerDialectName | undefined {
  if (/^1\.0(\.|$)/.test(protocolVersion)) return "a2a_v1";
  return /^0\.3(\.|$)/.test(protocolVersion) ? "a2a_v0_3" : undefined;
}
