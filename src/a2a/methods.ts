import type { DialectName } from "./dialects/dialect.ts";
import type { Operation } from "./operations.ts";

/** Which generation of the protocol a method's name comes from. */
export type Generation = "v1" | "v0.3";

/** `GetAgentCard` is no operation of A2A v1 §3.1: who serves the public card answers it. */
export type MethodOperation = Operation | "GetAgentCard";

export interface Method {
  readonly operation: MethodOperation;
  readonly generation: Generation;
  /** The one dialect that has this name; absent where A2A itself has it. */
  readonly dialect?: DialectName;
}

const V1: readonly (readonly [string, Operation])[] = [
  ["SendMessage", "SendMessage"],
  ["SendStreamingMessage", "SendStreamingMessage"],
  ["GetTask", "GetTask"],
  ["ListTasks", "ListTasks"],
  ["CancelTask", "CancelTask"],
  ["SubscribeToTask", "SubscribeToTask"],
  ["CreateTaskPushNotificationConfig", "CreateTaskPushNotificationConfig"],
  ["GetTaskPushNotificationConfig", "GetTaskPushNotificationConfig"],
  ["ListTaskPushNotificationConfigs", "ListTaskPushNotificationConfigs"],
  ["DeleteTaskPushNotificationConfig", "DeleteTaskPushNotificationConfig"],
  ["GetExtendedAgentCard", "GetExtendedAgentCard"],
];

/** A2A 0.3 §3.5.6, and the spellings that hector's own earlier documents used beside it. */
const V0_3: readonly (readonly [string, MethodOperation, DialectName?])[] = [
  ["message/send", "SendMessage"],
  ["message:send", "SendMessage", "hector_v2"],
  ["message/stream", "SendStreamingMessage"],
  ["message:stream", "SendStreamingMessage", "hector_v2"],
  ["tasks/get", "GetTask"],
  ["tasks/list", "ListTasks"],
  ["tasks/cancel", "CancelTask"],
  ["tasks/resubscribe", "SubscribeToTask"],
  ["tasks/subscribe", "SubscribeToTask", "hector_v2"],
  ["tasks/pushNotificationConfig/set", "CreateTaskPushNotificationConfig"],
  ["tasks/pushNotificationConfig/get", "GetTaskPushNotificationConfig"],
  ["tasks/pushNotificationConfig/list", "ListTaskPushNotificationConfigs"],
  ["tasks/pushNotificationConfig/delete", "DeleteTaskPushNotificationConfig"],
  ["agent/getAuthenticatedExtendedCard", "GetExtendedAgentCard"],
  ["agent/getCard", "GetAgentCard"],
  ["card/get", "GetAgentCard", "hector_v1_rest"],
];

/** Every JSON-RPC method name that hector answers. */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ...V1.map(([name, operation]) => [name, { operation, generation: "v1" }] as const),
  ...V0_3.map(([name, operation, dialect]) =>
    [name, { operation, generation: "v0.3", ...(dialect === undefined ? {} : { dialect }) }] as const
  ),
]);
