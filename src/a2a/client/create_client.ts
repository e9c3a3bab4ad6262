import type { AgentCard } from "../card/card_types.ts";
import { A2AError } from "../errors.ts";
import type { Operation, OperationRequest, Reply, StreamingOperation } from "../operations.ts";
import type { A2AService, Call, Numbered } from "../service.ts";
import type { StreamResponse } from "../types.ts";
import { type ClientOptions, STREAM_RETRY } from "./client_options.ts";
import type { Peers } from "./fallback.ts";
import { followStream } from "./follow_stream.ts";
import { createRemoteAgent, type RemoteAgent } from "./remote_agent.ts";
import { requireOffer } from "./require_offer.ts";

/** A remote agent as a service. */
export interface A2AClient extends A2AService {
  /** The agent's card; it is read once. */
  card(signal: AbortSignal): Promise<AgentCard>;
  /** Lets go of connections. Calls that are under way fail. */
  close(): void;
}

/**
 * A remote agent as a service. Its card is read at the first call, once. `call.caller` says nothing to a peer: who asks is
 * told by `auth`. Streams outlive their connections (followStream). Every operation throws A2AError, or `signal.reason`
 * when it was called off.
 */
export function createClient(options: ClientOptions): A2AClient {
  const remote = createRemoteAgent(options);
  const ask: Ask = async (request, call) => {
    const peers = await offering(remote, request.operation, call.signal);
    return await peers.use(request.operation, (peer) => peer.ask(request, call));
  };
  const stream = (request: StreamRequest, call: Call) => follow(request, call, { remote, options });
  return {
    card: (signal) => remote.card(signal),
    close: () => remote.close(),
    sendMessage: async (request, call) => {
      const reply = await ask({ operation: "SendMessage", request }, call);
      return reply.operation === "SendMessage" ? reply.response : mixedUp();
    },
    sendStreamingMessage: (request, call) => stream({ operation: "SendStreamingMessage", request }, call),
    subscribeToTask: (request, call) => stream({ operation: "SubscribeToTask", request }, call),
    getTask: async (request, call) => {
      const reply = await ask({ operation: "GetTask", request }, call);
      return reply.operation === "GetTask" ? reply.response : mixedUp();
    },
    listTasks: async (request, call) => {
      const reply = await ask({ operation: "ListTasks", request }, call);
      return reply.operation === "ListTasks" ? reply.response : mixedUp();
    },
    cancelTask: async (request, call) => {
      const reply = await ask({ operation: "CancelTask", request }, call);
      return reply.operation === "CancelTask" ? reply.response : mixedUp();
    },
    ...pushOperations(ask),
    getExtendedAgentCard: async (request, call) => {
      const reply = await ask({ operation: "GetExtendedAgentCard", request }, call);
      return reply.operation === "GetExtendedAgentCard" ? reply.response : mixedUp();
    },
  };
}

type UnaryRequest = OperationRequest & { readonly operation: Reply["operation"] };
type StreamRequest = OperationRequest & { readonly operation: StreamingOperation };
type Ask = (request: UnaryRequest, call: Call) => Promise<Reply>;
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
      const reply = await ask({ operation, request }, call);
      return reply.operation === operation ? reply.response : mixedUp();
    },
    getTaskPushNotificationConfig: async (request, call) => {
      const operation = "GetTaskPushNotificationConfig";
      const reply = await ask({ operation, request }, call);
      return reply.operation === operation ? reply.response : mixedUp();
    },
    listTaskPushNotificationConfigs: async (request, call) => {
      const operation = "ListTaskPushNotificationConfigs";
      const reply = await ask({ operation, request }, call);
      return reply.operation === operation ? reply.response : mixedUp();
    },
    deleteTaskPushNotificationConfig: async (request, call) => {
      const operation = "DeleteTaskPushNotificationConfig";
      await ask({ operation, request }, call);
    },
  };
}

/** A dialect answers the operation that it was given; the type cannot say so. */
function mixedUp(): never {
  throw new A2AError("INTERNAL", "Internal error", { cause: new TypeError("A reply to another operation") });
}

/** The peers of an agent whose card offers the operation (A2A v1 §3.3.4). */
async function offering(remote: RemoteAgent, operation: Operation, signal: AbortSignal): Promise<Peers> {
  const peers = await remote.peers(signal);
  const { capabilities } = await remote.card(signal);
  requireOffer(operation, capabilities);
  return peers;
}

interface Following {
  readonly remote: RemoteAgent;
  readonly options: ClientOptions;
}

/** A stream stays with the interface that it began with: another may number its events in another way. */
async function* follow(
  request: StreamRequest,
  { signal: wanted, ...asked }: Call,
  { remote, options: { retry = STREAM_RETRY, random, sleep } }: Following,
): AsyncGenerator<Numbered<StreamResponse>> {
  const left = new AbortController();
  const call = { ...asked, signal: AbortSignal.any([wanted, left.signal]) };
  const peers = await offering(remote, request.operation, call.signal);
  const at = (lastEventId: string | undefined) => lastEventId === undefined ? call : { ...call, lastEventId };
  const opened = await peers.use(request.operation, async (peer) => {
    const events = peer.stream(request, at(call.afterSeq === undefined ? undefined : String(call.afterSeq)));
    return { peer, events, first: await events.next() };
  });
  const { peer, events, first } = opened;
  try {
    yield* followStream({
      open: async function* () {
        try {
          if (first.done !== true) yield first.value;
          yield* events;
        } finally {
          await events.return(undefined);
        }
      },
      subscribe: (id, lastEventId) => peer.stream({ operation: "SubscribeToTask", request: { id } }, at(lastEventId)),
      getTask: async (id) => {
        const reply = await peer.ask({ operation: "GetTask", request: { id } }, call);
        return reply.operation === "GetTask" ? reply.response : mixedUp();
      },
    }, {
      afterSeq: call.afterSeq,
      until: request.operation === "SubscribeToTask" ? "task" : "turn",
      isAnswer: request.operation === "SendStreamingMessage" && request.request.message.taskId !== undefined,
      retry,
      random,
      sleep,
      signal: call.signal,
    });
  } finally {
    // A connection on which nothing comes hears of nothing else.
    left.abort();
  }
}
