import { isRecord } from "../../lib/json.ts";
import { RESUME_EXTENSION } from "../extensions.ts";
import type { PeerDialectName } from "../dialects/peer_dialect.ts";
import { A2AError } from "../errors.ts";
import { GRPC_V0_3, GRPC_V1 } from "../grpc_services.ts";
import type { MethodOperation } from "../methods.ts";
import type { Operation } from "../operations.ts";
import { present } from "../present.ts";
import { readCard } from "../card/read_card.ts";
import type { Outgoing, WireEvent } from "./peer_wire.ts";

/** A method of a service, as its path names it. */
export interface Rpc {
  readonly service: string;
  readonly method: string;
}

/** The method that asks for an operation. Throws UNSUPPORTED_OPERATION where a generation has none. */
export function rpcOf(dialect: PeerDialectName, operation: Operation): Rpc {
  const { name, operations } = dialect === "a2a_v1" ? GRPC_V1 : GRPC_V0_3;
  // 0.3 has one method for both cards: who shows a credential gets the extended one (A2A 0.3 §7.10).
  const asked: MethodOperation = dialect === "a2a_v0_3" && operation === "GetExtendedAgentCard"
    ? "GetAgentCard"
    : operation;
  for (const [method, meant] of operations) if (meant === asked) return { service: name, method };
  throw new A2AError("UNSUPPORTED_OPERATION", `Cannot ${operation}: the peer's version has no such method`);
}

/** What the dialect of the REST binding wrote → the request message: 0.3 has names of resources where REST has paths. */
export function toGrpcRequest(dialect: PeerDialectName, { operation, params }: Outgoing): unknown {
  if (dialect === "a2a_v1") return params;
  const task = `tasks/${String(params.taskId ?? params.id)}`;
  switch (operation) {
    case "GetTask":
    case "CancelTask":
    case "SubscribeToTask":
      return { ...params, name: task };
    case "GetTaskPushNotificationConfig":
    case "DeleteTaskPushNotificationConfig":
      return { name: `${task}/pushNotificationConfigs/${String(params.id)}` };
    case "CreateTaskPushNotificationConfig":
    case "ListTaskPushNotificationConfigs":
      return { ...params, parent: task };
    default:
      return params;
  }
}

/** The ProtoJSON of an answer → what the dialect of the REST binding reads. */
export function fromGrpcAnswer(dialect: PeerDialectName, answer: unknown): unknown {
  return dialect === "a2a_v0_3" && isRecord(answer) && answer.protocolVersion !== undefined ? fromCard(answer) : answer;
}

/** The proto of 0.3 spells security as 1.0 does; only its JSON-RPC card tells schemes by `type`. */
function fromCard(card: Record<string, unknown>): unknown {
  const { supportedInterfaces } = readCard({ ...card, security: undefined, skills: [] });
  const skills = Array.isArray(card.skills) ? card.skills.filter(isRecord) : [];
  return present({
    ...card,
    supportedInterfaces,
    capabilities: present({
      ...(isRecord(card.capabilities) ? card.capabilities : {}),
      extendedAgentCard: card.supportsAuthenticatedExtendedCard,
    }),
    securityRequirements: card.security,
    skills: skills.map((skill) => present({ ...skill, securityRequirements: skill.security })),
  });
}

/**
 * An event's ProtoJSON, with the number that a server of ours puts into its metadata for want of another place: it is
 * taken out, so that an event is the same over every binding. Two members that 1.0 requires are absent where they are "".
 */
export function numberedEvent(payload: unknown): WireEvent {
  const [[kind, told] = ["", undefined]] = isRecord(payload) ? Object.entries(payload) : [];
  if (!isRecord(told)) return { id: "", payload };
  const update = kind.endsWith("Update") ? { contextId: "", ...told } : told;
  const { metadata } = told;
  const mark = isRecord(metadata) ? metadata[RESUME_EXTENSION] : undefined;
  if (!isRecord(metadata) || !isRecord(mark)) return { id: "", payload: { [kind]: update } };
  const { [RESUME_EXTENSION]: _mark, ...rest } = metadata;
  const { metadata: _marked, ...event } = update;
  const plain = Object.keys(rest).length === 0 ? event : { ...event, metadata: rest };
  return { id: typeof mark.seq === "number" ? String(mark.seq) : "", payload: { [kind]: plain } };
}
