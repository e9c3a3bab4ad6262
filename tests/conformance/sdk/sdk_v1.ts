import { Message, type StreamResponse, Task, TaskPushNotificationConfig } from "@a2a-js/sdk";
import { ClientFactory, JsonRpcTransportFactory, RestTransportFactory } from "@a2a-js/sdk/client";
import { HOOK, nextMessageId, type SdkPeer, type Seen } from "./sdk_peer.ts";

interface TaskJson {
  readonly id: string;
  readonly contextId: string;
  readonly status: { readonly state: string };
  readonly artifacts?: readonly { readonly parts: readonly { readonly text?: string }[] }[];
  readonly history?: readonly unknown[];
}

function short(state: string): string {
  return state.replace("TASK_STATE_", "").toLowerCase().replace("_", "-");
}

function seen(task: Task): Seen {
  const { id, contextId, status, artifacts = [], history = [] } = Task.toJSON(task) as TaskJson;
  const text = artifacts.flatMap(({ parts }) => parts.map(({ text }) => text ?? "")).join("");
  return { id, contextId, state: short(status.state), text, messages: history.length };
}

function request(text: string, taskId = "") {
  const message = { messageId: nextMessageId(), role: "ROLE_USER", parts: [{ text }], taskId };
  return { tenant: "", message: Message.fromJSON(message), configuration: undefined, metadata: undefined };
}

async function* words(events: AsyncIterable<StreamResponse>): AsyncGenerator<string, void, undefined> {
  for await (const { payload } of events) {
    if (payload?.$case === "task") yield `task ${seen(payload.value).state}`;
    else if (payload?.$case === "statusUpdate") {
      const task = Task.fromJSON({ id: "t", contextId: "c" });
      yield `status ${seen({ ...task, status: payload.value.status }).state}`;
    } else yield `${payload?.$case}`;
  }
}

/** @a2a-js/sdk 1.x at an agent's card; it speaks both generations. */
export async function sdkV1(cardUrl: string): Promise<SdkPeer> {
  const legacyCompat = { enabled: true };
  const transports = [new JsonRpcTransportFactory({ legacyCompat }), new RestTransportFactory({ legacyCompat })];
  const client = await new ClientFactory({ transports }).createFromUrl(cardUrl, "");
  const tenant = "";
  return {
    send: async (text, taskId) => {
      const answer = await client.sendMessage(request(text, taskId));
      if (!("status" in answer)) throw new TypeError("The answer is no task");
      return seen(answer);
    },
    stream: (text) => words(client.sendMessageStream(request(text))),
    subscribe: (id) => words(client.resubscribeTask({ tenant, id })),
    get: async (id, historyLength) => seen(await client.getTask({ tenant, id, historyLength })),
    cancel: async (id) => seen(await client.cancelTask({ tenant, id, metadata: undefined })),
    list: async (contextId) => {
      const all = {
        status: 0,
        pageSize: undefined,
        pageToken: "",
        historyLength: undefined,
        includeArtifacts: undefined,
      };
      const { tasks } = await client.listTasks({ tenant, contextId, statusTimestampAfter: undefined, ...all });
      return tasks.map(({ id }) => id);
    },
    makeHook: async (taskId, id) => {
      const config = TaskPushNotificationConfig.fromJSON({ taskId, id, url: HOOK });
      return (await client.createTaskPushNotificationConfig(config)).id;
    },
    getHook: async (taskId, id) => (await client.getTaskPushNotificationConfig({ tenant, taskId, id })).url,
    listHooks: async (taskId) => {
      const page = { pageSize: 0, pageToken: "" };
      const { configs } = await client.listTaskPushNotificationConfig({ tenant, taskId, ...page });
      return configs.map(({ id }) => id);
    },
    deleteHook: async (taskId, id) => await client.deleteTaskPushNotificationConfig({ tenant, taskId, id }),
    extendedName: async () => (await client.getAgentCard()).name,
  };
}
