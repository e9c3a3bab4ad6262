import type { z } from "zod";
import type { AgentCard } from "./card/card_types.ts";
import { A2AError } from "./errors.ts";
import type { A2AService, Call, Numbered } from "./service.ts";
import {
  CancelTaskRequest,
  DeleteTaskPushNotificationConfigRequest,
  GetExtendedAgentCardRequest,
  GetTaskPushNotificationConfigRequest,
  GetTaskRequest,
  ListTaskPushNotificationConfigsRequest,
  type ListTaskPushNotificationConfigsResponse,
  ListTasksRequest,
  type ListTasksResponse,
  SendMessageRequest,
  type SendMessageResponse,
  type StreamResponse,
  SubscribeToTaskRequest,
  type Task,
  TaskPushNotificationConfig,
} from "./types.ts";

/** A unary operation's answer, told apart by operation so that a dialect can write each its own way. */
export type Reply =
  | { readonly operation: "SendMessage"; readonly response: SendMessageResponse }
  | { readonly operation: "GetTask" | "CancelTask"; readonly response: Task }
  | { readonly operation: "ListTasks"; readonly response: ListTasksResponse }
  | {
    readonly operation: "CreateTaskPushNotificationConfig" | "GetTaskPushNotificationConfig";
    readonly response: TaskPushNotificationConfig;
  }
  | {
    readonly operation: "ListTaskPushNotificationConfigs";
    readonly response: ListTaskPushNotificationConfigsResponse;
  }
  | { readonly operation: "DeleteTaskPushNotificationConfig"; readonly response: null }
  | { readonly operation: "GetExtendedAgentCard"; readonly response: AgentCard };

/** What a client asks, told apart by operation so that a dialect can write each its own way. */
export type OperationRequest =
  | { readonly operation: "SendMessage" | "SendStreamingMessage"; readonly request: SendMessageRequest }
  | { readonly operation: "SubscribeToTask"; readonly request: SubscribeToTaskRequest }
  | { readonly operation: "GetTask"; readonly request: GetTaskRequest }
  | { readonly operation: "ListTasks"; readonly request: ListTasksRequest }
  | { readonly operation: "CancelTask"; readonly request: CancelTaskRequest }
  | { readonly operation: "CreateTaskPushNotificationConfig"; readonly request: TaskPushNotificationConfig }
  | {
    readonly operation: "GetTaskPushNotificationConfig" | "DeleteTaskPushNotificationConfig";
    readonly request: GetTaskPushNotificationConfigRequest;
  }
  | {
    readonly operation: "ListTaskPushNotificationConfigs";
    readonly request: ListTaskPushNotificationConfigsRequest;
  }
  | { readonly operation: "GetExtendedAgentCard"; readonly request: GetExtendedAgentCardRequest };

export type StreamingOperation = "SendStreamingMessage" | "SubscribeToTask";
export type Operation = Reply["operation"] | StreamingOperation;

export interface Unary {
  readonly streaming: false;
  readonly schema: z.ZodType;
  /** Validates `raw` against the core schema (A2AError INVALID_PARAMS with field paths) and asks the service. */
  invoke(service: A2AService, raw: unknown, call: Call): Promise<Reply>;
}

export interface Streaming {
  readonly streaming: true;
  readonly schema: z.ZodType;
  invoke(service: A2AService, raw: unknown, call: Call): AsyncIterable<Numbered<StreamResponse>>;
}

/** Validates a request; a schema's complaint becomes INVALID_PARAMS with the field's path. */
export function parseRequest<T>(schema: z.ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw A2AError.from(parsed.error);
}

function unary<T>(
  schema: z.ZodType<T>,
  ask: (service: A2AService, request: T, call: Call) => Promise<Reply>,
): Unary {
  return {
    streaming: false,
    schema,
    invoke: async (service, raw, call) => await ask(service, parseRequest(schema, raw), call),
  };
}

function streaming<T>(
  schema: z.ZodType<T>,
  ask: (service: A2AService, request: T, call: Call) => AsyncIterable<Numbered<StreamResponse>>,
): Streaming {
  return {
    streaming: true,
    schema,
    invoke: (service, raw, call) => ask(service, parseRequest(schema, raw), call),
  };
}

/** The eleven operations of A2A v1 §3.1: their request schema, and how each is asked of a service. */
export const OPERATIONS: ReadonlyMap<Operation, Unary | Streaming> = new Map<Operation, Unary | Streaming>([
  [
    "SendMessage",
    unary(SendMessageRequest, async (service, request, call) => ({
      operation: "SendMessage",
      response: await service.sendMessage(request, call),
    })),
  ],
  [
    "SendStreamingMessage",
    streaming(SendMessageRequest, (service, request, call) => service.sendStreamingMessage(request, call)),
  ],
  [
    "SubscribeToTask",
    streaming(SubscribeToTaskRequest, (service, request, call) => service.subscribeToTask(request, call)),
  ],
  [
    "GetTask",
    unary(GetTaskRequest, async (service, request, call) => ({
      operation: "GetTask",
      response: await service.getTask(request, call),
    })),
  ],
  [
    "ListTasks",
    unary(ListTasksRequest, async (service, request, call) => ({
      operation: "ListTasks",
      response: await service.listTasks(request, call),
    })),
  ],
  [
    "CancelTask",
    unary(CancelTaskRequest, async (service, request, call) => ({
      operation: "CancelTask",
      response: await service.cancelTask(request, call),
    })),
  ],
  [
    "CreateTaskPushNotificationConfig",
    unary(TaskPushNotificationConfig, async (service, request, call) => ({
      operation: "CreateTaskPushNotificationConfig",
      response: await service.createTaskPushNotificationConfig(request, call),
    })),
  ],
  [
    "GetTaskPushNotificationConfig",
    unary(GetTaskPushNotificationConfigRequest, async (service, request, call) => ({
      operation: "GetTaskPushNotificationConfig",
      response: await service.getTaskPushNotificationConfig(request, call),
    })),
  ],
  [
    "ListTaskPushNotificationConfigs",
    unary(ListTaskPushNotificationConfigsRequest, async (service, request, call) => ({
      operation: "ListTaskPushNotificationConfigs",
      response: await service.listTaskPushNotificationConfigs(request, call),
    })),
  ],
  [
    "DeleteTaskPushNotificationConfig",
    unary(DeleteTaskPushNotificationConfigRequest, async (service, request, call) => {
      await service.deleteTaskPushNotificationConfig(request, call);
      return { operation: "DeleteTaskPushNotificationConfig", response: null };
    }),
  ],
  [
    "GetExtendedAgentCard",
    unary(GetExtendedAgentCardRequest, async (service, request, call) => ({
      operation: "GetExtendedAgentCard",
      response: await service.getExtendedAgentCard(request, call),
    })),
  ],
]);
