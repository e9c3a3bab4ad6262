import { A2AError } from "../errors.ts";
import type { OperationRequest } from "../operations.ts";
import { present } from "../present.ts";
import type { SendMessageRequest, TaskPushNotificationConfig } from "../types.ts";
import { writeMessage, writePushConfig, writePushNotificationConfig } from "./a2a_v0_3.ts";
import { writeProtoMessage } from "./a2a_v0_3_rest.ts";
import type { Binding } from "./dialect.ts";

/** What a client of A2A 0.3 asks. Throws UNSUPPORTED_OPERATION for what came with 1.0. */
export function writeLegacyRequest(ask: OperationRequest, binding: Binding): Record<string, unknown> {
  switch (ask.operation) {
    case "SendMessage":
    case "SendStreamingMessage":
      return writeSend(ask.request, binding);
    case "ListTasks":
      if (binding === "rest") return withoutTenant(ask.request);
      throw new A2AError("UNSUPPORTED_OPERATION", "Cannot list tasks: A2A 0.3 has no such JSON-RPC method");
    case "CreateTaskPushNotificationConfig":
      return binding === "rest" ? writeRestPushConfig(ask.request) : writePushConfig(ask.request);
    case "GetTaskPushNotificationConfig":
    case "DeleteTaskPushNotificationConfig": {
      const { taskId, id } = ask.request;
      return binding === "rest" ? { taskId, id } : { id: taskId, pushNotificationConfigId: id };
    }
    case "ListTaskPushNotificationConfigs": {
      const { taskId } = ask.request;
      return binding === "rest" ? { taskId } : { id: taskId };
    }
    case "GetTask":
    case "CancelTask":
    case "SubscribeToTask":
    case "GetExtendedAgentCard":
      return withoutTenant(ask.request);
  }
}

/** Tenants came with 1.0. */
function withoutTenant({ tenant: _unknown, ...request }: { readonly tenant?: string }): Record<string, unknown> {
  return request;
}

function writeSend({ message, configuration = {}, metadata }: SendMessageRequest, binding: Binding) {
  const { acceptedOutputModes, historyLength, returnImmediately, taskPushNotificationConfig: push } = configuration;
  const pushName = binding === "rest" ? "pushNotification" : "pushNotificationConfig";
  return {
    message: binding === "rest" ? writeProtoMessage(message) : writeMessage(message),
    configuration: present({
      acceptedOutputModes,
      historyLength,
      // Said always: servers of 0.3 do not agree on what its absence means.
      blocking: returnImmediately !== true,
      [pushName]: push === undefined ? undefined : writePushNotificationConfig(push),
    }),
    metadata,
  };
}

/** As 0.3's proto has it: CreateTaskPushNotificationConfigRequest. */
function writeRestPushConfig(config: TaskPushNotificationConfig): Record<string, unknown> {
  const parent = `tasks/${config.taskId ?? ""}`;
  return {
    taskId: config.taskId,
    parent,
    configId: config.id,
    config: {
      name: `${parent}/pushNotificationConfigs/${config.id ?? ""}`,
      pushNotificationConfig: writePushNotificationConfig(config),
    },
  };
}
