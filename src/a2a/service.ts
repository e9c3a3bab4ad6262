import type { AgentCard } from "./card/card_types.ts";
import type {
  CancelTaskRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCardRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTaskPushNotificationConfigsResponse,
  ListTasksRequest,
  ListTasksResponse,
  SendMessageRequest,
  SendMessageResponse,
  StreamResponse,
  SubscribeToTaskRequest,
  Task,
  TaskPushNotificationConfig,
} from "./types.ts";

/** Who calls. Two anonymous callers are one subject: `anonymous` of their tenant. */
export interface Caller {
  readonly tenant: string;
  readonly subject: string;
  readonly roles: readonly string[];
  readonly anonymous: boolean;
}

/** The caller when nothing asked for a credential. */
export const ANONYMOUS: Caller = { tenant: "default", subject: "anonymous", roles: [], anonymous: true };

/** Who calls and how. There is no unscoped read: every store key begins with tenant and owner. */
export interface Call {
  readonly signal: AbortSignal;
  readonly caller: Caller;
  /** The `tenant` of A2A v1 §3.10, as the interface URL or the request gave it. */
  readonly tenant?: string;
  /** URIs of the extensions that the peer asked for (A2A-Extensions). */
  readonly extensions: readonly string[];
  /** Resume a stream after this number: what was recorded later is replayed, then it goes on live. */
  readonly afterSeq?: number;
  /** The generation of the protocol in which the peer asks, and in which its webhooks are told. Absent: 1.0. */
  readonly protocolVersion?: "0.3";
  /** The binding made up the message's id because the peer sent none: nobody can send it again, so it claims nothing. */
  readonly messageIdGenerated?: boolean;
  /** The same message joins the task that it began, whatever the configuration says: who calls makes it again after a crash. */
  readonly repeats?: "join";
  /** W3C Trace Context, to go with the requests to another server. */
  readonly trace?: Readonly<Record<string, string>>;
}

/** A stream event and its place in the task's journal. Numbers rise; private steps between two events leave holes. */
export interface Numbered<T> {
  readonly seq: number;
  readonly event: T;
}

/**
 * The operations of A2A v1 §3.1. task/ implements them, client/ implements them for a remote agent, bindings serve them.
 * Every operation throws A2AError and nothing else; a streaming operation may throw from its first `next()`.
 */
export interface A2AService {
  sendMessage(request: SendMessageRequest, call: Call): Promise<SendMessageResponse>;
  sendStreamingMessage(request: SendMessageRequest, call: Call): AsyncIterable<Numbered<StreamResponse>>;
  subscribeToTask(request: SubscribeToTaskRequest, call: Call): AsyncIterable<Numbered<StreamResponse>>;
  getTask(request: GetTaskRequest, call: Call): Promise<Task>;
  listTasks(request: ListTasksRequest, call: Call): Promise<ListTasksResponse>;
  cancelTask(request: CancelTaskRequest, call: Call): Promise<Task>;
  createTaskPushNotificationConfig(
    request: TaskPushNotificationConfig,
    call: Call,
  ): Promise<TaskPushNotificationConfig>;
  getTaskPushNotificationConfig(
    request: GetTaskPushNotificationConfigRequest,
    call: Call,
  ): Promise<TaskPushNotificationConfig>;
  listTaskPushNotificationConfigs(
    request: ListTaskPushNotificationConfigsRequest,
    call: Call,
  ): Promise<ListTaskPushNotificationConfigsResponse>;
  deleteTaskPushNotificationConfig(request: DeleteTaskPushNotificationConfigRequest, call: Call): Promise<void>;
  getExtendedAgentCard(request: GetExtendedAgentCardRequest, call: Call): Promise<AgentCard>;
}
