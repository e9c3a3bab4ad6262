import { toV03Card } from "../card/card_v0_3.ts";
import { legacyHttpStatus, toLegacyError } from "../error_wire.ts";
import type { Reply } from "../operations.ts";
import { isTerminal } from "../task_state.ts";
import type {
  Message,
  Part,
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskPushNotificationConfig,
  TaskStatus,
} from "../types.ts";
import { writePushNotificationConfig } from "./a2a_v0_3.ts";
import type { EventDialect, LegacyOptions } from "./dialect.ts";
import { protoState } from "./legacy_names.ts";
import { toLegacyPart } from "./legacy_part.ts";
import { readLegacyRequest } from "./legacy_requests.ts";
import { present } from "../present.ts";

/*
 * A2A 0.3 over HTTP+JSON: not the objects of its JSON-RPC but the ProtoJSON of its proto (package a2a.v1). A message's
 * parts are `content`, enums are the proto's names, and data lies one level deeper.
 */

export function a2aV03Rest(options: LegacyOptions): EventDialect {
  return {
    name: "a2a_v0_3",
    binding: "rest",
    mediaType: "application/json",
    read: (operation, raw) => readLegacyRequest(operation, raw, { binding: "rest", ...options }),
    write,
    writeEvent,
    writeError: toLegacyError,
    errorStatus: ({ reason }) => legacyHttpStatus(reason),
  };
}

function write(reply: Reply): unknown {
  switch (reply.operation) {
    case "SendMessage":
      return writeTaskOrMessage(reply.response);
    case "GetTask":
    case "CancelTask":
      return writeTask(reply.response);
    case "ListTasks":
      return { ...reply.response, tasks: reply.response.tasks.map(writeTask) };
    case "CreateTaskPushNotificationConfig":
    case "GetTaskPushNotificationConfig":
      return writePushConfig(reply.response);
    case "ListTaskPushNotificationConfigs": {
      const { configs = [], nextPageToken } = reply.response;
      return present({ configs: configs.map(writePushConfig), nextPageToken });
    }
    case "DeleteTaskPushNotificationConfig":
      return {};
    case "GetExtendedAgentCard":
      return toV03Card(reply.response);
  }
}

function writeTaskOrMessage(response: SendMessageResponse): unknown {
  return "task" in response ? { task: writeTask(response.task) } : { message: writeProtoMessage(response.message) };
}

function writeEvent(event: StreamResponse, last: boolean): unknown {
  if ("statusUpdate" in event) {
    const { status, ...update } = event.statusUpdate;
    const final = last || isTerminal(status.state);
    return { statusUpdate: present({ ...update, status: writeStatus(status), final }) };
  }
  if ("artifactUpdate" in event) {
    const { artifact, ...update } = event.artifactUpdate;
    return { artifactUpdate: present({ ...update, artifact: writeArtifact(artifact) }) };
  }
  return writeTaskOrMessage(event);
}

function writeTask({ status, artifacts, history, ...task }: Task): unknown {
  return present({
    ...task,
    status: writeStatus(status),
    artifacts: artifacts?.map(writeArtifact),
    history: history?.map(writeProtoMessage),
  });
}

function writeStatus({ state, message, timestamp }: TaskStatus): unknown {
  return present({
    state: protoState(state),
    message: message === undefined ? undefined : writeProtoMessage(message),
    timestamp,
  });
}

function writeArtifact<T extends { readonly parts: readonly Part[] }>(artifact: T): unknown {
  return present({ ...artifact, parts: artifact.parts.map(writeProtoPart) });
}

/** `referenceTaskIds` has no place in 0.3's proto. */
export function writeProtoMessage({ parts, referenceTaskIds: _none, ...message }: Message): Record<string, unknown> {
  return present({ ...message, content: parts.map(writeProtoPart) });
}

export function writeProtoPart(part: Part): unknown {
  const legacy = toLegacyPart(part);
  const { metadata } = legacy;
  switch (legacy.kind) {
    case "text":
      return present({ text: legacy.text, metadata });
    case "data":
      return present({ data: { data: legacy.data }, metadata });
    case "bytes":
    case "uri": {
      const member = legacy.kind === "bytes" ? "fileWithBytes" : "fileWithUri";
      const { content, name, mimeType } = legacy;
      return present({ file: present({ [member]: content, mimeType, name }), metadata });
    }
  }
}

function writePushConfig(config: TaskPushNotificationConfig): unknown {
  const name = `tasks/${config.taskId ?? ""}/pushNotificationConfigs/${config.id ?? ""}`;
  return { name, pushNotificationConfig: writePushNotificationConfig(config) };
}
