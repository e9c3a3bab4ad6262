import type { RetryPolicy } from "../../lib/retry.ts";
import type { AgentCard } from "../card/card_types.ts";
import { resolveCard } from "./resolve_card.ts";
import type { PeerHttp } from "./peer_http.ts";
import { createPeer, type Peer } from "./peer.ts";
import { followStream } from "./follow_stream.ts";
import { A2AError } from "../errors.ts";
import type { OperationRequest, Reply, StreamingOperation } from "../operations.ts";
import type { A2AService, Call, Numbered } from "../service.ts";
import type { StreamResponse } from "../types.ts";

export interface ClientOptions extends PeerHttp {
  /** The agent's card, or where it is: the URL of a server, an agent, an endpoint or the card itself. */
  readonly agent: string | AgentCard;
  /** Speak this generation only. Otherwise the card's own order decides. */
  readonly version?: "1.0" | "0.3";
  /** How a stream that breaks off is taken up again. */
  readonly retry: RetryPolicy;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Patience for a stream across a restart of its server. */
export const STREAM_RETRY: RetryPolicy = { maxRetries: 8, baseMs: 250, maxDelayMs: 10_000 };

/**
 * A remote agent as a service. Its card is read at the first call, once. `call.caller` says nothing to a peer: who asks is
 * told by `headers`. Streams outlive their connections (followStream). Every operation throws A2AError, or `signal.reason`
 * when it was called off.
 */
export function createClient(options: ClientOptions): A2AService {
  const peerFor = lazyPeer(options);
  const ask = async (operation: Reply["operation"], request: OperationRequest, call: Call) =>
    await (await peerFor(call.signal)).ask(operation, request, call);
  const stream = (operation: StreamingOperation, request: OperationRequest, call: Call) =>
    follow({ operation, request, call }, peerFor, options);
  return {
    sendMessage: async (request, call) => {
      const reply = await ask("SendMessage", { operation: "SendMessage", request }, call);
      return reply.operation === "SendMessage" ? reply.response : mixedUp();
    },
    sendStreamingMessage: (request, call) =>
      stream("SendStreamingMessage", { operation: "SendStreamingMessage", request }, call),
    subscribeToTask: (request, call) => stream("SubscribeToTask", { operation: "SubscribeToTask", request }, call),
    getTask: async (request, call) => {
      const reply = await ask("GetTask", { operation: "GetTask", request }, call);
      return reply.operation === "GetTask" ? reply.response : mixedUp();
    },
    listTasks: async (request, call) => {
      const reply = await ask("ListTasks", { operation: "ListTasks", request }, call);
      return reply.operation === "ListTasks" ? reply.response : mixedUp();
    },
    cancelTask: async (request, call) => {
      const reply = await ask("CancelTask", { operation: "CancelTask", request }, call);
      return reply.operation === "CancelTask" ? reply.response : mixedUp();
    },
    ...pushOperations(ask),
    getExtendedAgentCard: async (request, call) => {
      const reply = await ask("GetExtendedAgentCard", { operation: "GetExtendedAgentCard", request }, call);
      return reply.operation === "GetExtendedAgentCard" ? reply.response : mixedUp();
    },
  };
}

type Ask = (operation: Reply["operation"], request: OperationRequest, call: Call) => Promise<Reply>;
type PushOperations = Pick<
  A2AService,
  | "createTaskPushNotificationConfig"
  | "getTaskPushNotificationConfig"
  | "listTaskPushNotificationConfigs"
  | "deleteTaskPushNotificationConfig"
>;

function pushOperations(ask: Ask): PushOperations {
  return {
    createTaskPushNotificationConfig: async (request, call) => {
      const operation = "CreateTaskPushNotificationConfig";
      const reply = await ask(operation, { operation, request }, call);
      return reply.operation === operation ? reply.response : mixedUp();
    },
    getTaskPushNotificationConfig: async (request, call) => {
      const operation = "GetTaskPushNotificationConfig";
      const reply = await ask(operation, { operation, request }, call);
      return reply.operation === operation ? reply.response : mixedUp();
    },
    listTaskPushNotificationConfigs: async (request, call) => {
      const operation = "ListTaskPushNotificationConfigs";
      const reply = await ask(operation, { operation, request }, call);
      return reply.operation === operation ? reply.response : mixedUp();
    },
    deleteTaskPushNotificationConfig: async (request, call) => {
      const operation = "DeleteTaskPushNotificationConfig";
      await ask(operation, { operation, request }, call);
    },
  };
}

/** A dialect answers the operation that it was given; the type cannot say so. */
function mixedUp(): never {
  throw new A2AError("INTERNAL", "Internal error", { cause: new TypeError("A reply to another operation") });
}

/** Reads the card once; a failure is not kept. */
function lazyPeer(options: ClientOptions): (signal: AbortSignal) => Promise<Peer> {
  const { agent, version } = options;
  let known: Peer | undefined;
  return async (signal) => {
    known ??= createPeer(
      typeof agent === "string" ? await resolveCard(agent, options, signal) : agent,
      options,
      version,
    );
    return known;
  };
}

interface Asked {
  readonly operation: StreamingOperation;
  readonly request: OperationRequest;
  readonly call: Call;
}

async function* follow(
  { operation, request, call }: Asked,
  peerFor: (signal: AbortSignal) => Promise<Peer>,
  { retry, random, sleep }: ClientOptions,
): AsyncGenerator<Numbered<StreamResponse>> {
  const peer = await peerFor(call.signal);
  const at = (lastEventId: string | undefined) => lastEventId === undefined ? call : { ...call, lastEventId };
  yield* followStream({
    open: (lastEventId) => peer.stream(operation, request, at(lastEventId)),
    subscribe: (id, lastEventId) =>
      peer.stream("SubscribeToTask", { operation: "SubscribeToTask", request: { id } }, at(lastEventId)),
    getTask: async (id) => {
      const reply = await peer.ask("GetTask", { operation: "GetTask", request: { id } }, call);
      return reply.operation === "GetTask" ? reply.response : mixedUp();
    },
  }, { afterSeq: call.afterSeq, retry, random, sleep, signal: call.signal });
}
