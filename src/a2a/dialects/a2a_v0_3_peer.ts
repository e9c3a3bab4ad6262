import { A2AError } from "../errors.ts";
import type { OperationRequest, Reply } from "../operations.ts";
import { present } from "../present.ts";
import { type SendMessageRequest, StreamResponse, type TaskPushNotificationConfig } from "../types.ts";
import { writeMessage, writePushConfig, writePushNotificationConfig } from "./a2a_v0_3.ts";
import { writeProtoMessage } from "./a2a_v0_3_rest.ts";
import type { Binding } from "./dialect.ts";
import { type Field, itemsOf, member, optionalText, requiredMember } from "./field.ts";
import { readLegacyEvent, readLegacyTask } from "./legacy_objects.ts";
import type { PeerDialect } from "./peer_dialect.ts";
import { parseAnswer, readingAnswer, readReply } from "./read_reply.ts";
import { readPushConfig } from "./tolerant.ts";
import type { PartSpelling } from "./tolerant_part.ts";

/** A2A 0.3, as a client speaks it. */
export function a2aV03Peer(binding: Binding): PeerDialect {
  const spelling: PartSpelling = { nestedData: binding === "rest" };
  return {
    name: "a2a_v0_3",
    binding,
    version: "0.3",
    writeRequest: (request) => present(writeRequest(request, binding)),
    readReply: (operation, raw) =>
      readReply(operation, readingAnswer(() => readAnswer(operation, { path: "", value: raw }, spelling))),
    readEvent: (raw) =>
      parseAnswer(StreamResponse, readingAnswer(() => readLegacyEvent({ path: "", value: raw }, spelling))),
  };
}

function writeRequest(ask: OperationRequest, binding: Binding): Record<string, unknown> {
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

function readAnswer(operation: Reply["operation"], answer: Field, spelling: PartSpelling): unknown {
  switch (operation) {
    case "SendMessage":
      return readLegacyEvent(answer, spelling);
    case "GetTask":
    case "CancelTask":
      return readLegacyTask(answer, spelling);
    case "ListTasks": {
      const tasks = member(answer, "tasks");
      return {
        tasks: tasks === undefined ? [] : itemsOf(tasks).map((task) => readLegacyTask(task, spelling)),
        nextPageToken: member(answer, "nextPageToken")?.value,
        pageSize: member(answer, "pageSize")?.value,
        totalSize: member(answer, "totalSize")?.value,
      };
    }
    case "CreateTaskPushNotificationConfig":
    case "GetTaskPushNotificationConfig":
      return readConfigAnswer(answer);
    case "ListTaskPushNotificationConfigs": {
      const isList = Array.isArray(answer.value);
      const configs = isList ? answer : member(answer, "configs");
      return present({
        configs: configs === undefined ? [] : itemsOf(configs).map(readConfigAnswer),
        nextPageToken: isList ? undefined : member(answer, "nextPageToken")?.value,
      });
    }
    case "DeleteTaskPushNotificationConfig":
    case "GetExtendedAgentCard":
      return answer.value;
  }
}

/** `{ taskId, pushNotificationConfig }`, or with `name: "tasks/T/pushNotificationConfigs/C"` for both ids. */
function readConfigAnswer(answer: Field): Record<string, unknown> {
  const [, named, , configId] = optionalText(answer, "name")?.split("/") ?? [];
  return {
    ...present({ id: configId }),
    ...readPushConfig(requiredMember(answer, "pushNotificationConfig")),
    taskId: optionalText(answer, "taskId") ?? named,
  };
}
