import type { Operation } from "../operations.ts";
import type { Binding, LegacyHabits, LegacyOptions, Reading } from "./dialect.ts";
import { type Field, invalidField, member, optionalRecord, optionalText, recordOf } from "./field.ts";
import { readState } from "./legacy_names.ts";
import { isRecord } from "../../lib/json.ts";
import { present } from "../present.ts";
import { readPushConfig, readSend } from "./tolerant.ts";

export interface LegacyReadOptions extends LegacyOptions {
  readonly binding: Binding;
}

/** A request of A2A 0.3 in any of its spellings → ProtoJSON of the core request. */
export function readLegacyRequest(operation: Operation, raw: unknown, options: LegacyReadOptions): Reading {
  if (operation === "SendMessage" || operation === "SendStreamingMessage") {
    const { newId, binding, habits } = options;
    const reading = readSend(raw, { newId, nestedData: binding === "rest" });
    if (reading.messageIdGenerated && habits?.message_ids === "required") {
      throw invalidField("message.messageId", "is required");
    }
    return { ...reading, request: withHabits(reading.request, habits) };
  }
  const params: Field = { path: "", value: raw ?? {} };
  recordOf(params);
  const tenant = optionalText(params, "tenant");
  return { request: present({ tenant, ...readParams(operation, params, options.binding) }), messageIdGenerated: false };
}

/** In 0.3 contexts are the server's to make (§6.1), and whether a send waits is for it to say (§7.1.1). */
function withHabits(request: unknown, { blocking = true, context = "check" }: LegacyHabits = {}): unknown {
  if (!isRecord(request)) return request;
  const { message, configuration = {} } = request;
  return {
    ...request,
    ...(isRecord(message) && message.taskId !== undefined && context === "task"
      ? { message: { ...message, contextId: undefined } }
      : {}),
    ...(isRecord(configuration) && !blocking ? { configuration: { returnImmediately: true, ...configuration } } : {}),
  };
}

function readParams(
  operation: Exclude<Operation, "SendMessage" | "SendStreamingMessage">,
  params: Field,
  binding: Binding,
): Record<string, unknown> {
  switch (operation) {
    case "GetTask":
      return { id: optionalText(params, "id", "taskId"), historyLength: member(params, "historyLength")?.value };
    case "CancelTask":
      return { id: optionalText(params, "id", "taskId"), metadata: optionalRecord(params, "metadata") };
    case "SubscribeToTask":
      return { id: optionalText(params, "id", "taskId") };
    case "ListTasks":
      return readList(params);
    case "CreateTaskPushNotificationConfig":
      return binding === "rest" ? readRestPushConfig(params) : readRpcPushConfig(params);
    case "GetTaskPushNotificationConfig":
    case "DeleteTaskPushNotificationConfig":
      return binding === "rest" ? restPushId(params) : rpcPushId(params);
    case "ListTaskPushNotificationConfigs":
      return {
        taskId: optionalText(params, ...(binding === "rest" ? ["taskId"] : ["id", "taskId"])),
        pageSize: member(params, "pageSize")?.value,
        pageToken: optionalText(params, "pageToken"),
      };
    case "GetExtendedAgentCard":
      return {};
  }
}

/** 0.3 lists over REST and gRPC only and names no filters; they are 1.0's, in 0.3's names. */
function readList(params: Field): Record<string, unknown> {
  const status = member(params, "status", "state");
  const include = member(params, "includeArtifacts")?.value;
  return {
    contextId: optionalText(params, "contextId", "sessionId"),
    status: status === undefined ? undefined : readState(status),
    pageSize: member(params, "pageSize")?.value,
    pageToken: optionalText(params, "pageToken"),
    historyLength: member(params, "historyLength")?.value,
    statusTimestampAfter: member(params, "statusTimestampAfter")?.value,
    includeArtifacts: include === "true" || (include !== "false" && include),
  };
}

/** A2A 0.3 §7.5: `{ taskId, pushNotificationConfig }`. A configuration without an id is the task's only one. */
function readRpcPushConfig(params: Field): Record<string, unknown> {
  const taskId = optionalText(params, "taskId");
  const config = member(params, "pushNotificationConfig");
  return { id: taskId, ...(config === undefined ? {} : readPushConfig(config)), taskId };
}

/** A2A 0.3 §7.6: `id` is the task's, and the configuration's own id may be left out. */
function rpcPushId(params: Field): Record<string, unknown> {
  const taskId = optionalText(params, "id", "taskId");
  return { taskId, id: optionalText(params, "pushNotificationConfigId") ?? taskId };
}

/**
 * Two bodies are about: `{ name, pushNotificationConfig }`, and `{ parent, configId, config: { pushNotificationConfig } }`
 * as 0.3's proto has it.
 */
function readRestPushConfig(params: Field): Record<string, unknown> {
  const taskId = optionalText(params, "taskId");
  const holder = member(params, "config") ?? params;
  const config = member(holder, "pushNotificationConfig");
  const named = optionalText(params, "configId") ?? optionalText(holder, "name")?.split("/").at(-1);
  return { id: named ?? taskId, ...(config === undefined ? {} : readPushConfig(config)), taskId };
}

function restPushId(params: Field): Record<string, unknown> {
  return { taskId: optionalText(params, "taskId"), id: optionalText(params, "id") };
}
