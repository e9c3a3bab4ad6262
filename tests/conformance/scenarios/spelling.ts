import { StreamResponse } from "../../../src/a2a/types.ts";
import type { Json, Operation, Request, Version } from "./peer.ts";
import { fromLegacy, toLegacyProto, toLegacyRpc } from "./legacy.ts";

/** How a version words what a caller asks and is told, beside how a binding carries it. */
export interface Spelling {
  readonly version: Version;
  /** The method over JSON-RPC; undefined where the version has none. */
  method(operation: Operation): string | undefined;
  /** `params` of JSON-RPC. */
  params(operation: Operation, request: Request): Json;
  /** The message of REST and gRPC as ProtoJSON. */
  body(operation: Operation, request: Request): Json;
  /** An answer or event of either → A2A 1.0. */
  answer(operation: Operation, told: unknown): unknown;
  event(told: unknown): StreamResponse;
}

const LEGACY_METHODS: Readonly<Record<Operation, string>> = {
  SendMessage: "message/send",
  SendStreamingMessage: "message/stream",
  GetTask: "tasks/get",
  ListTasks: "tasks/list",
  CancelTask: "tasks/cancel",
  SubscribeToTask: "tasks/resubscribe",
  CreateTaskPushNotificationConfig: "tasks/pushNotificationConfig/set",
  GetTaskPushNotificationConfig: "tasks/pushNotificationConfig/get",
  ListTaskPushNotificationConfigs: "tasks/pushNotificationConfig/list",
  DeleteTaskPushNotificationConfig: "tasks/pushNotificationConfig/delete",
  GetExtendedAgentCard: "agent/getAuthenticatedExtendedCard",
};

export const SPELLINGS: Readonly<Record<Version, Spelling>> = {
  "1.0": {
    version: "1.0",
    method: (operation) => operation,
    params: (_operation, request) => request,
    body: (_operation, request) => request,
    answer: (_operation, told) => told,
    event: (told) => StreamResponse.parse(told),
  },
  "0.3": {
    version: "0.3",
    method: (operation) => LEGACY_METHODS[operation],
    params: toLegacyRpc,
    body: toLegacyProto,
    answer: fromLegacy,
    event: (told) => StreamResponse.parse(fromLegacy("SendStreamingMessage", told)),
  },
};
