import assert from "node:assert/strict";
import { METHODS } from "../../src/a2a/methods.ts";
import { OPERATIONS } from "../../src/a2a/operations.ts";

/** The method table of the protocol map: [operation, name in 1.0, names in 0.3 and in hector's older documents]. */
const TABLE: readonly (readonly [string, string | undefined, readonly string[]])[] = [
  ["SendMessage", "SendMessage", ["message/send", "message:send"]],
  ["SendStreamingMessage", "SendStreamingMessage", ["message/stream", "message:stream"]],
  ["GetTask", "GetTask", ["tasks/get"]],
  ["ListTasks", "ListTasks", ["tasks/list"]],
  ["CancelTask", "CancelTask", ["tasks/cancel"]],
  ["SubscribeToTask", "SubscribeToTask", ["tasks/resubscribe", "tasks/subscribe"]],
  [
    "CreateTaskPushNotificationConfig",
    "CreateTaskPushNotificationConfig",
    ["tasks/pushNotificationConfig/set"],
  ],
  ["GetTaskPushNotificationConfig", "GetTaskPushNotificationConfig", ["tasks/pushNotificationConfig/get"]],
  ["ListTaskPushNotificationConfigs", "ListTaskPushNotificationConfigs", ["tasks/pushNotificationConfig/list"]],
  ["DeleteTaskPushNotificationConfig", "DeleteTaskPushNotificationConfig", ["tasks/pushNotificationConfig/delete"]],
  ["GetExtendedAgentCard", "GetExtendedAgentCard", ["agent/getAuthenticatedExtendedCard"]],
  ["GetAgentCard", undefined, ["card/get", "agent/getCard"]],
];

for (const [operation, v1, v03] of TABLE) {
  Deno.test(`METHODS gives ${operation} under each of its names`, () => {
    if (v1 !== undefined) assert.deepEqual(METHODS.get(v1), { operation, generation: "v1" });
    for (const name of v03) {
      const { dialect: _own, ...method } = METHODS.get(name) ?? {};
      assert.deepEqual(method, { operation, generation: "v0.3" });
    }
  });
}

Deno.test("METHODS tells which names one dialect alone has", () => {
  const owned = [...METHODS].filter(([, { dialect }]) => dialect !== undefined);
  assert.deepEqual(owned.map(([name, { dialect }]) => [name, dialect]), [
    ["message:send", "hector_v2"],
    ["message:stream", "hector_v2"],
    ["tasks/subscribe", "hector_v2"],
    ["card/get", "hector_v1_rest"],
  ]);
});

Deno.test("METHODS has no names but these, and a name for every operation", () => {
  const named = TABLE.flatMap(([, v1, v03]) => [...(v1 === undefined ? [] : [v1]), ...v03]);
  assert.deepEqual([...METHODS.keys()].sort(), named.sort());
  for (const operation of OPERATIONS.keys()) assert.ok(METHODS.has(operation), operation);
  assert.equal(METHODS.get("constructor"), undefined);
});
