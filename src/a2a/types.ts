import { z } from "zod";
import { Bytes, Int32, message, oneof, protoEnum, Struct, Timestamp, unsetText, Value } from "./proto_json.ts";
import { TASK_STATES } from "./task_state.ts";

/*
 * The objects of A2A 1.0.1 (specification/a2a.proto, package lf.a2a.v1). Schema and type share one name; parsing is
 * strict about what the specification requires and silent about what it does not know. Cards: card_types.ts.
 */

/** A2A v1 §4.1.3. */
export const TaskState = protoEnum(TASK_STATES);
export type TaskState = z.infer<typeof TaskState>;

export const Role = protoEnum(["ROLE_UNSPECIFIED", "ROLE_USER", "ROLE_AGENT"]);
export type Role = z.infer<typeof Role>;

/** One that is no Unicode could not be told over gRPC, whose texts are UTF-8. */
const Identifier = z.string().min(1, "must not be empty").max(512, "at most 512 characters")
  .refine((id) => id.isWellFormed(), "must be Unicode");
const Reference = unsetText(Identifier);
const OptionalText = unsetText(z.string());

const CONTENT = ["text", "raw", "url", "data"] as const;

/** A2A v1 §4.1.6: exactly one of text, raw (base64), url, data. */
export const Part = message({
  text: z.string().optional(),
  raw: Bytes.optional(),
  url: z.string().optional(),
  data: Value.optional(),
  metadata: Struct.optional(),
  filename: OptionalText,
  mediaType: OptionalText,
}).refine((part) => CONTENT.filter((member) => part[member] !== undefined).length === 1, {
  message: "a part holds exactly one of text, raw, url, data",
});
export type Part = z.infer<typeof Part>;

const Parts = z.array(Part).min(1, "at least one part");

/** A2A v1 §4.1.4. */
export const Message = message({
  messageId: Identifier,
  contextId: Reference,
  taskId: Reference,
  role: Role.refine((role) => role !== "ROLE_UNSPECIFIED", "must be ROLE_USER or ROLE_AGENT"),
  parts: Parts,
  metadata: Struct.optional(),
  extensions: z.array(z.string()).optional(),
  referenceTaskIds: z.array(z.string()).optional(),
});
export type Message = z.infer<typeof Message>;

/** A2A v1 §4.1.7. `artifactId` is unique within its task. */
export const Artifact = message({
  artifactId: Identifier,
  name: OptionalText,
  description: OptionalText,
  parts: Parts,
  metadata: Struct.optional(),
  extensions: z.array(z.string()).optional(),
});
export type Artifact = z.infer<typeof Artifact>;

/** A2A v1 §4.1.2. `timestamp` orders ListTasks, so hector always sets it. */
export const TaskStatus = message({
  state: TaskState,
  message: Message.optional(),
  timestamp: Timestamp.optional(),
});
export type TaskStatus = z.infer<typeof TaskStatus>;

/** A2A v1 §4.1.1. */
export const Task = message({
  id: Identifier,
  contextId: OptionalText,
  status: TaskStatus,
  artifacts: z.array(Artifact).optional(),
  history: z.array(Message).optional(),
  metadata: Struct.optional(),
});
export type Task = z.infer<typeof Task>;

/** A2A v1 §4.2.1. */
export const TaskStatusUpdateEvent = message({
  taskId: Identifier,
  contextId: z.string(),
  status: TaskStatus,
  metadata: Struct.optional(),
});
export type TaskStatusUpdateEvent = z.infer<typeof TaskStatusUpdateEvent>;

/** A2A v1 §4.2.2. `append` false or absent creates or replaces the artifact. */
export const TaskArtifactUpdateEvent = message({
  taskId: Identifier,
  contextId: z.string(),
  artifact: Artifact,
  append: z.boolean().optional(),
  lastChunk: z.boolean().optional(),
  metadata: Struct.optional(),
});
export type TaskArtifactUpdateEvent = z.infer<typeof TaskArtifactUpdateEvent>;

/** A2A v1 §3.2.3: one of the four, as stream event and as webhook body. */
export const StreamResponse = oneof({
  task: Task,
  message: Message,
  statusUpdate: TaskStatusUpdateEvent,
  artifactUpdate: TaskArtifactUpdateEvent,
});
export type StreamResponse = z.infer<typeof StreamResponse>;

export const SendMessageResponse = oneof({ task: Task, message: Message });
export type SendMessageResponse = z.infer<typeof SendMessageResponse>;

/** A2A v1 §4.3.2. */
export const AuthenticationInfo = message({ scheme: Identifier, credentials: OptionalText });
// deno-lint-ignore house/type-names -- the specification's name
export type AuthenticationInfo = z.infer<typeof AuthenticationInfo>;

/** A2A v1 §4.3.1: the resource and the request that creates it. */
export const TaskPushNotificationConfig = message({
  tenant: OptionalText,
  id: OptionalText,
  taskId: OptionalText,
  url: z.string().min(1, "must not be empty"),
  token: OptionalText,
  authentication: AuthenticationInfo.optional(),
});
export type TaskPushNotificationConfig = z.infer<typeof TaskPushNotificationConfig>;

const HistoryLength = Int32.refine((length) => length >= 0, "must not be negative").optional();
const PageSize = Int32.refine((size) => size >= 1 && size <= 100, "must be 1 to 100").optional();

/** A2A v1 §3.2.2. */
export const SendMessageConfiguration = message({
  acceptedOutputModes: z.array(z.string()).optional(),
  taskPushNotificationConfig: TaskPushNotificationConfig.optional(),
  historyLength: HistoryLength,
  returnImmediately: z.boolean().optional(),
});
export type SendMessageConfiguration = z.infer<typeof SendMessageConfiguration>;

export const SendMessageRequest = message({
  tenant: OptionalText,
  message: Message,
  configuration: SendMessageConfiguration.optional(),
  metadata: Struct.optional(),
});
export type SendMessageRequest = z.infer<typeof SendMessageRequest>;

export const GetTaskRequest = message({ tenant: OptionalText, id: Identifier, historyLength: HistoryLength });
export type GetTaskRequest = z.infer<typeof GetTaskRequest>;

/** A2A v1 §3.1.4. `pageSize` is 50 when absent; `statusTimestampAfter` is inclusive. */
export const ListTasksRequest = message({
  tenant: OptionalText,
  contextId: OptionalText,
  // "Unspecified" filters nothing, like any default of proto3.
  status: TaskState.transform((state) => state === "TASK_STATE_UNSPECIFIED" ? undefined : state).optional(),
  pageSize: PageSize,
  pageToken: OptionalText,
  historyLength: HistoryLength,
  statusTimestampAfter: Timestamp.optional(),
  includeArtifacts: z.boolean().optional(),
});
export type ListTasksRequest = z.infer<typeof ListTasksRequest>;

/** We write all four members always, `nextPageToken` "" on the last page; a peer may leave out the defaults of proto3. */
export const ListTasksResponse = message({
  tasks: z.array(Task).default([]),
  nextPageToken: z.string().default(""),
  pageSize: Int32.default(0),
  totalSize: Int32.default(0),
});
export type ListTasksResponse = z.infer<typeof ListTasksResponse>;

export const CancelTaskRequest = message({ tenant: OptionalText, id: Identifier, metadata: Struct.optional() });
export type CancelTaskRequest = z.infer<typeof CancelTaskRequest>;

export const SubscribeToTaskRequest = message({ tenant: OptionalText, id: Identifier });
export type SubscribeToTaskRequest = z.infer<typeof SubscribeToTaskRequest>;

export const GetTaskPushNotificationConfigRequest = message({
  tenant: OptionalText,
  taskId: Identifier,
  id: Identifier,
});
export type GetTaskPushNotificationConfigRequest = z.infer<typeof GetTaskPushNotificationConfigRequest>;

export const DeleteTaskPushNotificationConfigRequest = message({
  tenant: OptionalText,
  taskId: Identifier,
  id: Identifier,
});
export type DeleteTaskPushNotificationConfigRequest = z.infer<typeof DeleteTaskPushNotificationConfigRequest>;

export const ListTaskPushNotificationConfigsRequest = message({
  taskId: Identifier,
  pageSize: PageSize,
  pageToken: OptionalText,
  tenant: OptionalText,
});
export type ListTaskPushNotificationConfigsRequest = z.infer<typeof ListTaskPushNotificationConfigsRequest>;

export const ListTaskPushNotificationConfigsResponse = message({
  configs: z.array(TaskPushNotificationConfig).optional(),
  nextPageToken: OptionalText,
});
export type ListTaskPushNotificationConfigsResponse = z.infer<typeof ListTaskPushNotificationConfigsResponse>;

export const GetExtendedAgentCardRequest = message({ tenant: OptionalText });
export type GetExtendedAgentCardRequest = z.infer<typeof GetExtendedAgentCardRequest>;
