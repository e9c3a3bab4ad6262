// The clients of @a2a-js/sdk over gRPC, in Node: started by grpc_peers.ts with the folder of its packages, the name of the
// SDK among them, the URL of the agent's card and the version to speak. Does every operation, and prints as one line of
// JSON what came of each.
import { createRequire } from "node:module";

const [packages, sdk, cardUrl, version] = process.argv.slice(2);
const require = createRequire(`${packages}/package.json`);
const { ClientFactory } = require(`${sdk}/client`);
const { GrpcTransportFactory } = require(`${sdk}/client/grpc`);

const isOld = sdk.endsWith("-0.3");
const transports = [new GrpcTransportFactory({ legacyCompat: { enabled: true } })];
const response = await fetch(cardUrl, isOld ? {} : { headers: { "a2a-version": "1.0" } });
const card = await response.json();
// A2A 0.3 wants an absolute URL (§5.6.2), and grpc-js wants none.
const withoutScheme = (one) => ({ ...one, url: one.url.replace(/^https?:\/\//, "") });
if (isOld) card.additionalInterfaces = card.additionalInterfaces.map(withoutScheme);
else {
  card.supportedInterfaces = card.supportedInterfaces
    .filter(({ protocolBinding, protocolVersion }) => protocolBinding === "GRPC" && protocolVersion === version)
    .map(withoutScheme);
}
const factory = new ClientFactory({ transports });
const client = await factory.createFromAgentCard(isOld ? card : require(sdk).AgentCard.fromJSON(card));
const { tenant = "" } = isOld ? {} : card.supportedInterfaces[0];

let count = 0;
const message = (text, taskId) => {
  const messageId = `${sdk}-${version}-${++count}-${cardUrl}`;
  if (isOld) {
    const task = taskId === undefined ? {} : { taskId };
    return { message: { kind: "message", messageId, role: "user", parts: [{ kind: "text", text }], ...task } };
  }
  const { Message } = require(sdk);
  const sent = Message.fromJSON({ messageId, role: "ROLE_USER", parts: [{ text }], taskId: taskId ?? "" });
  return { tenant, message: sent, configuration: undefined, metadata: undefined };
};
const stateOf = ({ status }) =>
  isOld ? status.state : require(sdk).taskStateToJSON(status.state).replace("TASK_STATE_", "").toLowerCase();
const kindOf = (event) => isOld ? event.kind : event.payload.$case;

async function drain(events) {
  const kinds = [];
  for await (const event of events) kinds.push(kindOf(event));
  return [kinds[0], kinds.at(-1)];
}

async function refusal(asked) {
  try {
    await asked;
    return "no refusal";
  } catch (error) {
    return error.name;
  }
}

const url = "https://example.com/hook";
const hooks = {
  make: (taskId, id) =>
    isOld
      ? client.setTaskPushNotificationConfig({ taskId, pushNotificationConfig: { id, url } })
      : client.createTaskPushNotificationConfig(
        require(sdk).TaskPushNotificationConfig.fromJSON({ tenant, taskId, id, url }),
      ),
  get: (taskId, id) =>
    client.getTaskPushNotificationConfig(isOld ? { id: taskId, pushNotificationConfigId: id } : { tenant, taskId, id }),
  list: async (taskId) =>
    isOld
      ? await client.listTaskPushNotificationConfig({ id: taskId })
      : (await client.listTaskPushNotificationConfig({ tenant, taskId, pageSize: 0, pageToken: "" })).configs,
  delete: (taskId, id) =>
    client.deleteTaskPushNotificationConfig(
      isOld ? { id: taskId, pushNotificationConfigId: id } : { tenant, taskId, id },
    ),
};

const sent = await client.sendMessage(message("hello"));
const asked = await client.sendMessage(message("ask"));
const read = await client.getTask({ tenant, id: sent.id, historyLength: 1 });
const stream = await drain(client.sendMessageStream(message("hello")));
const subscription = client.resubscribeTask({ tenant, id: asked.id });
const first = kindOf((await subscription.next()).value);
await hooks.make(asked.id, "a");
const made = await hooks.get(asked.id, "a");
const listed = (await hooks.list(asked.id)).length;
await hooks.delete(asked.id, "a");
const left = (await hooks.list(asked.id)).length;
const canceled = await client.cancelTask({ tenant, id: asked.id, metadata: undefined });
const rest = await drain(subscription);
console.log(JSON.stringify({
  sent: stateOf(sent),
  asked: stateOf(asked),
  read: [stateOf(read), read.history.length],
  stream,
  subscription: [first, rest.at(-1)],
  hooks: [(made.pushNotificationConfig ?? made).url === url, listed, left],
  canceled: stateOf(canceled),
  unknown: await refusal(client.getTask({ tenant, id: "nobody" })),
  over: await refusal(client.cancelTask({ tenant, id: sent.id, metadata: undefined })),
}));
process.exit(0);
