import assert from "node:assert/strict";
import { isRecord, type Json, type Operation, type Request } from "./peer.ts";

/*
 * A2A 0.3 as its specification has it (§6, §7 for JSON-RPC; its proto for REST and gRPC), written down a second time: what
 * hector's own dialects get wrong must not be right by the same mistake.
 */

/** What 0.3's own SDKs mark data with that is no object. */
const WRAPPED = "data_part_compat";
/** Where hector puts a text or data part's name and type, which 0.3 has no place for. */
const MEMBERS = "https://hector.dev/a2a/part/v1";

const recordOf = (value: unknown): Json => {
  assert.ok(isRecord(value), `no object: ${JSON.stringify(value)}`);
  return value;
};
const listOf = (value: unknown): readonly unknown[] => {
  assert.ok(Array.isArray(value), `no list: ${JSON.stringify(value)}`);
  return value;
};
/** JSON has no undefined members. */
const plain = (value: Json): Json => JSON.parse(JSON.stringify(value));

const rpcState = (state: unknown) => String(state).replace("TASK_STATE_", "").toLowerCase().replace("_", "-");
const protoState = (state: unknown) => String(state).replace("CANCELED", "CANCELLED");
const coreState = (state: unknown) =>
  `TASK_STATE_${
    String(state).replace("TASK_STATE_", "").replace("-", "_").toUpperCase().replace("CANCELLED", "CANCELED")
  }`;

function rpcPart(part: unknown): Json {
  const { text, raw, url, data, filename, mediaType, metadata } = recordOf(part);
  if (text !== undefined) return { kind: "text", text, metadata };
  if (data !== undefined) return { kind: "data", data, metadata };
  return { kind: "file", file: { bytes: raw, uri: url, name: filename, mimeType: mediaType }, metadata };
}

function protoPart(part: unknown): Json {
  const { text, raw, url, data, filename, mediaType, metadata } = recordOf(part);
  if (text !== undefined) return { text, metadata };
  if (data !== undefined) return { data: { data }, metadata };
  return { file: { fileWithBytes: raw, fileWithUri: url, name: filename, mimeType: mediaType }, metadata };
}

function push(config: unknown): Json | undefined {
  if (config === undefined) return undefined;
  const { id, url, token, authentication } = recordOf(config);
  const { scheme, credentials } = isRecord(authentication) ? authentication : {};
  return { id, url, token, authentication: scheme === undefined ? undefined : { schemes: [scheme], credentials } };
}

function sent({ message, configuration, metadata }: Request, isRpc: boolean): Json {
  const { parts, role, referenceTaskIds: _none, ...rest } = recordOf(message);
  const { returnImmediately, taskPushNotificationConfig, ...other } = isRecord(configuration) ? configuration : {};
  const written = listOf(parts).map(isRpc ? rpcPart : protoPart);
  return {
    message: isRpc
      ? { kind: "message", role: String(role).replace("ROLE_", "").toLowerCase(), parts: written, ...rest }
      : { role, content: written, ...rest },
    configuration: {
      blocking: returnImmediately !== true,
      [isRpc ? "pushNotificationConfig" : "pushNotification"]: push(taskPushNotificationConfig),
      ...other,
    },
    metadata,
  };
}

/** `params` of JSON-RPC. */
export function toLegacyRpc(operation: Operation, request: Request): Json {
  switch (operation) {
    case "SendMessage":
    case "SendStreamingMessage":
      return plain(sent(request, true));
    case "ListTasks":
      return plain({ ...request, status: request.status === undefined ? undefined : rpcState(request.status) });
    case "CreateTaskPushNotificationConfig":
      return plain({ taskId: request.taskId, pushNotificationConfig: push(request) });
    case "GetTaskPushNotificationConfig":
    case "DeleteTaskPushNotificationConfig":
      return plain({ id: request.taskId, pushNotificationConfigId: request.id });
    case "ListTaskPushNotificationConfigs":
      return plain({ ...request, id: request.taskId });
    default:
      return plain(request);
  }
}

/** What 0.3's proto has, with the resources' names of gRPC and the ids that stand in REST's paths. */
export function toLegacyProto(operation: Operation, request: Request): Json {
  const { taskId, id } = request;
  const parent = `tasks/${taskId}`;
  const name = `${parent}/pushNotificationConfigs/${id ?? ""}`;
  switch (operation) {
    case "SendMessage":
    case "SendStreamingMessage":
      return plain(sent(request, false));
    case "ListTasks":
      return plain({ ...request, status: request.status === undefined ? undefined : protoState(request.status) });
    case "CreateTaskPushNotificationConfig":
      return plain({ taskId, parent, configId: id, config: { name, pushNotificationConfig: push(request) } });
    case "GetTaskPushNotificationConfig":
    case "DeleteTaskPushNotificationConfig":
      return plain({ taskId, id, name });
    case "ListTaskPushNotificationConfigs":
      return plain({ ...request, parent });
    default:
      return plain({ ...request, name: `tasks/${id}` });
  }
}

function corePart(part: unknown): Json {
  const { kind, text, file, data, metadata } = recordOf(part);
  const { [WRAPPED]: wrapped, [MEMBERS]: members = {}, ...rest } = isRecord(metadata) ? metadata : {};
  const more = { ...recordOf(members), metadata: Object.keys(rest).length === 0 ? undefined : rest };
  if (text !== undefined) return { text, ...more };
  if (data !== undefined) {
    const value = kind === undefined ? recordOf(data).data : data;
    return { data: wrapped === true ? recordOf(value).value : value, ...more };
  }
  const { bytes, uri, fileWithBytes, fileWithUri, name, mimeType } = recordOf(file);
  return { raw: bytes ?? fileWithBytes, url: uri ?? fileWithUri, filename: name, mediaType: mimeType, ...more };
}

function coreMessage(message: unknown): Json {
  const { kind, role, parts, content, ...rest } = recordOf(message);
  assert.equal(kind, parts === undefined ? undefined : "message");
  return {
    ...rest,
    role: String(role).startsWith("ROLE_") ? role : `ROLE_${String(role).toUpperCase()}`,
    parts: listOf(parts ?? content).map(corePart),
  };
}

function coreStatus(status: unknown): Json {
  const { state, message, ...rest } = recordOf(status);
  return { ...rest, state: coreState(state), message: message === undefined ? undefined : coreMessage(message) };
}

const coreArtifact = (artifact: unknown): Json => {
  const { parts, ...rest } = recordOf(artifact);
  return { ...rest, parts: listOf(parts).map(corePart) };
};

function coreTask(task: unknown): Json {
  const { kind: _kind, status, artifacts, history, ...rest } = recordOf(task);
  return {
    ...rest,
    status: coreStatus(status),
    artifacts: artifacts === undefined ? undefined : listOf(artifacts).map(coreArtifact),
    history: history === undefined ? undefined : listOf(history).map(coreMessage),
  };
}

/** What is told where a task or a message or an event is: by `kind` in JSON-RPC, by its member in the proto. */
function coreEvent(told: unknown): Json {
  const { kind, task, message, statusUpdate, artifactUpdate } = recordOf(told);
  if (kind === "task" || task !== undefined) return { task: coreTask(task ?? told) };
  if (kind === "message" || (kind === undefined && message !== undefined)) {
    return { message: coreMessage(kind === undefined ? message : told) };
  }
  if (kind === "status-update" || statusUpdate !== undefined) {
    const { kind: _kind, status, final: _final, ...rest } = recordOf(statusUpdate ?? told);
    return { statusUpdate: { ...rest, status: coreStatus(status) } };
  }
  assert.ok(kind === "artifact-update" || artifactUpdate !== undefined, `unknown kind: ${JSON.stringify(told)}`);
  const { kind: _kind, artifact, ...rest } = recordOf(artifactUpdate ?? told);
  return { artifactUpdate: { ...rest, artifact: coreArtifact(artifact) } };
}

function coreConfig(told: unknown): Json {
  const { name, taskId, pushNotificationConfig } = recordOf(told);
  const { authentication, ...rest } = recordOf(pushNotificationConfig);
  const { schemes, ...credentials } = isRecord(authentication) ? authentication : {};
  return {
    ...rest,
    taskId: taskId ?? String(name).split("/")[1],
    authentication: schemes === undefined ? undefined : { scheme: listOf(schemes)[0], ...credentials },
  };
}

/** An answer of JSON-RPC, REST or gRPC → A2A 1.0. */
export function fromLegacy(operation: Operation, told: unknown): unknown {
  switch (operation) {
    case "SendMessage":
    case "SendStreamingMessage":
    case "SubscribeToTask":
      return plain(coreEvent(told));
    case "GetTask":
    case "CancelTask":
      return plain(coreTask(told));
    case "ListTasks": {
      const { tasks, ...rest } = recordOf(told);
      return plain({ ...rest, tasks: listOf(tasks ?? []).map(coreTask) });
    }
    case "CreateTaskPushNotificationConfig":
    case "GetTaskPushNotificationConfig":
      return plain(coreConfig(told));
    case "ListTaskPushNotificationConfigs": {
      const configs = Array.isArray(told) ? told : recordOf(told).configs ?? [];
      return plain({ configs: listOf(configs).map(coreConfig) });
    }
    case "DeleteTaskPushNotificationConfig":
    case "GetExtendedAgentCard":
      return told;
  }
}
