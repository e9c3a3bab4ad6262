import type { Message, Task } from "@a2a-js/sdk-0.3";
import { ClientFactory, JsonRpcTransportFactory, RestTransportFactory } from "@a2a-js/sdk-0.3/client";
import { HOOK, nextMessageId, type SdkPeer, type Seen } from "./sdk_peer.ts";

function seen({ id, contextId, status, artifacts = [], history = [] }: Task): Seen {
  const parts = artifacts.flatMap((artifact) => artifact.parts);
  const text = parts.map((part) => part.kind === "text" ? part.text : "").join("");
  return { id, contextId, state: status.state, text, messages: history.length };
}

function request(text: string, taskId?: string): { message: Message } {
  const message = {
    kind: "message",
    messageId: nextMessageId(),
    role: "user",
    parts: [{ kind: "text", text }],
  } as const;
  return { message: { ...message, parts: [...message.parts], ...(taskId === undefined ? {} : { taskId }) } };
}

type Client = Awaited<ReturnType<ClientFactory["createFromUrl"]>>;

async function* words(
  events: ReturnType<Client["sendMessageStream"]>,
): AsyncGenerator<string, void, undefined> {
  for await (const event of events) {
    if (event.kind === "task") yield `task ${event.status.state}`;
    else if (event.kind === "status-update") yield `status ${event.status.state}`;
    else yield event.kind === "artifact-update" ? "artifactUpdate" : event.kind;
  }
}

/** @a2a-js/sdk 0.3.x at an agent's card. */
export async function sdkV03(cardUrl: string): Promise<SdkPeer> {
  const transports = [new JsonRpcTransportFactory(), new RestTransportFactory()];
  const client = await new ClientFactory({ transports }).createFromUrl(cardUrl, "");
  return {
    send: async (text, taskId) => {
      const answer = await client.sendMessage(request(text, taskId));
      if (answer.kind !== "task") throw new TypeError("The answer is no task");
      return seen(answer);
    },
    stream: (text) => words(client.sendMessageStream(request(text))),
    subscribe: (id) => words(client.resubscribeTask({ id })),
    get: async (id, historyLength) => seen(await client.getTask({ id, historyLength })),
    cancel: async (id) => seen(await client.cancelTask({ id })),
    makeHook: async (taskId, id) => {
      const made = await client.setTaskPushNotificationConfig({ taskId, pushNotificationConfig: { id, url: HOOK } });
      return made.pushNotificationConfig.id ?? "";
    },
    getHook: async (id, pushNotificationConfigId) => {
      // The type of its parameters forgets the configuration's id, which the transport sends.
      const params = { id, pushNotificationConfigId };
      return (await client.getTaskPushNotificationConfig(params)).pushNotificationConfig.url;
    },
    listHooks: async (id) => {
      const configs = await client.listTaskPushNotificationConfig({ id });
      return configs.map(({ pushNotificationConfig }) => pushNotificationConfig.id ?? "");
    },
    deleteHook: async (id, pushNotificationConfigId) =>
      await client.deleteTaskPushNotificationConfig({ id, pushNotificationConfigId }),
    extendedName: async () => (await client.getAgentCard()).name,
  };
}
