import { A2AError } from "../../a2a/errors.ts";
import type { A2AService } from "../../a2a/service.ts";
import type {
  DeleteTaskPushNotificationConfigRequest,
  GetTaskPushNotificationConfigRequest,
  ListTaskPushNotificationConfigsRequest,
  ListTaskPushNotificationConfigsResponse,
  TaskPushNotificationConfig,
} from "../../a2a/types.ts";
import type { Call } from "../../a2a/service.ts";
import { type Desk, findTask, requireOpen } from "../desk.ts";
import { parsePageToken, toPageToken } from "../page_token.ts";
import { invalidField } from "../task_errors.ts";
import { toConfig } from "./read_webhook.ts";
import { registerWebhook, requirePush } from "./register.ts";

export type PushOperations = Pick<
  A2AService,
  | "createTaskPushNotificationConfig"
  | "getTaskPushNotificationConfig"
  | "listTaskPushNotificationConfigs"
  | "deleteTaskPushNotificationConfig"
>;

const DEFAULT_PAGE_SIZE = 50;

/** The four operations of A2A v1 §3.1.7–10. All of them see the caller's own tasks only. */
export function pushOperations(desk: Desk): PushOperations {
  return {
    createTaskPushNotificationConfig: (config, call) => create(desk, config, call),
    getTaskPushNotificationConfig: (request, call) => get(desk, request, call),
    listTaskPushNotificationConfigs: (request, call) => list(desk, request, call),
    deleteTaskPushNotificationConfig: (request, call) => remove(desk, request, call),
  };
}

async function create(desk: Desk, config: TaskPushNotificationConfig, call: Call): Promise<TaskPushNotificationConfig> {
  requirePush(desk);
  requireOpen(desk);
  const { taskId = "" } = config;
  if (taskId === "") throw invalidField("taskId", "is required");
  const stored = await findTask(desk, call, taskId);
  return toConfig(await registerWebhook(desk, { config, stored }, call));
}

async function get(desk: Desk, { taskId, id }: GetTaskPushNotificationConfigRequest, call: Call) {
  requirePush(desk);
  const { ref } = await findTask(desk, call, taskId);
  const webhook = await desk.store.webhooks.get(ref, id);
  if (webhook !== undefined) return toConfig(webhook);
  // A2A v1 §3.1.8 has no other error for it.
  throw new A2AError("TASK_NOT_FOUND", `Task "${taskId}" has no push notification configuration "${id}"`);
}

async function list(
  desk: Desk,
  { taskId, pageSize = DEFAULT_PAGE_SIZE, pageToken = "" }: ListTaskPushNotificationConfigsRequest,
  call: Call,
): Promise<ListTaskPushNotificationConfigsResponse> {
  requirePush(desk);
  const { ref } = await findTask(desk, call, taskId);
  const after = pageToken === "" ? undefined : parsePageToken(pageToken, ref).id;
  const webhooks = [...await desk.store.webhooks.list(ref)].sort((a, b) => a.id < b.id ? -1 : 1);
  const rest = webhooks.filter(({ id }) => after === undefined || id > after);
  const page = rest.slice(0, pageSize);
  const last = page.at(-1);
  const more = last !== undefined && rest.length > page.length;
  const nextPageToken = more ? toPageToken({ timestamp: "", id: last.id }, ref) : "";
  return { configs: page.map(toConfig), nextPageToken };
}

async function remove(desk: Desk, { taskId, id }: DeleteTaskPushNotificationConfigRequest, call: Call): Promise<void> {
  const push = requirePush(desk);
  const { ref } = await findTask(desk, call, taskId);
  await push.alone(ref, () => push.delete(ref, id));
}
