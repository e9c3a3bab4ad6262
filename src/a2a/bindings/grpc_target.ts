import type { GrpcCall } from "../../lib/grpc/grpc_server.ts";
import { isRecord } from "../../lib/json.ts";
import type { AgentCapabilities, AgentCard } from "../card/card_types.ts";
import { activeExtensions, extensionsHeader } from "../extensions.ts";
import type { MessageCodec } from "../proto/codec.ts";
import type { A2AService, Call } from "../service.ts";
import type { SignCard } from "./binding.ts";

/** Whom a call is for, and in whose name. */
export interface GrpcTarget {
  readonly service: A2AService;
  readonly call: Call;
  /** What the agent's card declares; absent where that is not known. */
  readonly capabilities?: () => AgentCapabilities;
  /** The agent's card: what the caller may see of it. */
  readonly card: () => AgentCard;
  /** Signs a card in the form in which it goes out; absent where cards are not signed. */
  readonly signCard?: SignCard | undefined;
}

/**
 * Finds the target by what the request says (not validated) and its metadata. The public card is for everybody.
 * Throws A2AError.
 */
export type FindGrpcTarget = (
  payload: unknown,
  call: GrpcCall,
  wanted: "card" | "operation",
) => GrpcTarget | Promise<GrpcTarget>;

/** Says before the first message which extensions are active (A2A v1 §3.2.6, §10.3). */
export function sayExtensions({ metadata, head }: GrpcCall, { call, capabilities }: GrpcTarget): void {
  head.push(...extensionsHeader(metadata, activeExtensions(call.extensions, capabilities)));
}

/** What is signed is what its reader makes of the bytes: members with default values, for one, are not in them. */
export async function signedBytes(
  bytes: Uint8Array<ArrayBuffer>,
  codec: MessageCodec,
  signCard: SignCard | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const card = signCard === undefined ? undefined : codec.decode(bytes);
  return signCard === undefined || !isRecord(card) ? bytes : codec.encode(await signCard(card));
}
