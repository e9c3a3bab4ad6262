import { toV03Card } from "../card/card_v0_3.ts";
import { jsonRpcStatus, toLegacyError } from "../error_wire.ts";
import type { Reply } from "../operations.ts";
import { isTerminal } from "../task_state.ts";
import type {
  Artifact,
  Message,
  Part,
  SendMessageResponse,
  StreamResponse,
  Task,
  TaskPushNotificationConfig,
  TaskStatus,
} from "../types.ts";
import type { EventDialect, LegacyOptions } from "./dialect.ts";
import { legacyRole, legacyState } from "./legacy_names.ts";
import { toLegacyPart } from "./legacy_part.ts";
import { readLegacyRequest } from "./legacy_requests.ts";
import { present } from "../present.ts";

/* A2A 0.3 over JSON-RPC: objects are told apart by `kind`, enums are lower case (A2A 0.3 §6, §7). */

export function a2aV03JsonRpc(options: LegacyOptions): EventDialect {
  return {
    name: "a2a_v0_3",
    binding: "jsonrpc",
    mediaType: "application/json",
    read: (operation, raw) => readLegacyRequest(operation, raw, { binding: "jsonrpc", ...options }),
    write,
    writeEvent,
    writeError: toLegacyError,
    errorStatus: ({ reason }) => jsonRpcStatus(reason),
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
    case "ListTaskPushNotificationConfigs":
      return (reply.response.configs ?? []).map(writePushConfig);
    case "DeleteTaskPushNotificationConfig":
      return null;
    case "GetExtendedAgentCard":
      return toV03Card(reply.response);
  }
}

function writeTaskOrMessage(response: SendMessageResponse): unknown {
  return "task" in response ? writeTask(response.task) : writeMessage(response.message);
}

function writeEvent(event: StreamResponse, last: boolean): unknown {
  if ("statusUpdate" in event) {
    const { taskId, contextId, status, metadata } = event.statusUpdate;
    // A2A 0.3 §7.2.2: `final` says that the stream ends, which it also does when the agent waits for its peer.
    const final = last || isTerminal(status.state);
    return present({ kind: "status-update", taskId, contextId, status: writeStatus(status), final, metadata });
  }
  if ("artifactUpdate" in event) {
    const { artifact, ...update } = event.artifactUpdate;
    return present({ kind: "artifact-update", ...update, artifact: writeArtifact(artifact) });
  }
  return writeTaskOrMessage(event);
}

/** Also what a webhook of 0.3 gets. `contextId` is required there and empty where the core has none. */
export function writeTask({ id, contextId = "", status, artifacts, history, metadata }: Task): Record<string, unknown> {
  return present({
    kind: "task",
    id,
    contextId,
    status: writeStatus(status),
    artifacts: artifacts?.map(writeArtifact),
    history: history?.map(writeMessage),
    metadata,
  });
}

function writeStatus({ state, message, timestamp }: TaskStatus): unknown {
  return present({
    state: legacyState(state),
    message: message === undefined ? undefined : writeMessage(message),
    timestamp,
  });
}

function writeArtifact(artifact: Artifact): unknown {
  return present({ ...artifact, parts: artifact.parts.map(writePart) });
}

export function writeMessage(message: Message): Record<string, unknown> {
  return present({
    kind: "message",
    ...message,
    role: legacyRole(message.role),
    parts: message.parts.map(writePart),
  });
}

function writePart(part: Part): unknown {
  const legacy = toLegacyPart(part);
  const { metadata } = legacy;
  switch (legacy.kind) {
    case "text":
      return present({ kind: "text", text: legacy.text, metadata });
    case "data":
      return present({ kind: "data", data: legacy.data, metadata });
    case "bytes":
    case "uri": {
      const { name, mimeType } = legacy;
      return present({ kind: "file", file: present({ [legacy.kind]: legacy.content, name, mimeType }), metadata });
    }
  }
}

/** A2A 0.3 §6.10. */
export function writePushConfig(config: TaskPushNotificationConfig): Record<string, unknown> {
  return present({ taskId: config.taskId, pushNotificationConfig: writePushNotificationConfig(config) });
}

/** A2A 0.3 §6.8: schemes are a list there. */
export function writePushNotificationConfig(config: TaskPushNotificationConfig): unknown {
  const { id, url, token, authentication } = config;
  return present({
    id,
    url,
    token,
    authentication: authentication === undefined
      ? undefined
      : present({ schemes: [authentication.scheme], credentials: authentication.credentials }),
  });
}
