import assert from "node:assert/strict";
import { restRoute } from "../../../src/a2a/bindings/rest_route.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import type { Operation } from "../../../src/a2a/operations.ts";

type Row = readonly [method: string, path: string, operation: Operation, params?: Record<string, string>];

const CONFIGS = "/tasks/t1/pushNotificationConfigs";
const ROUTES: readonly Row[] = [
  ["POST", "/message:send", "SendMessage"],
  ["POST", "/message/send", "SendMessage"],
  ["POST", "/message:stream", "SendStreamingMessage"],
  ["POST", "/message:sendStream", "SendStreamingMessage"],
  ["POST", "/message/stream", "SendStreamingMessage"],
  ["GET", "/tasks", "ListTasks"],
  ["GET", "/tasks/", "ListTasks"],
  ["GET", "/tasks/t1", "GetTask", { id: "t1" }],
  ["GET", "/tasks/t1/", "GetTask", { id: "t1" }],
  ["POST", "/tasks/t1:cancel", "CancelTask", { id: "t1" }],
  ["POST", "/tasks/t1/cancel", "CancelTask", { id: "t1" }],
  ["DELETE", "/tasks/t1", "CancelTask", { id: "t1" }],
  ["POST", "/tasks/t1:subscribe", "SubscribeToTask", { id: "t1" }],
  ["GET", "/tasks/t1:subscribe", "SubscribeToTask", { id: "t1" }],
  ["POST", "/tasks/t1/resubscribe", "SubscribeToTask", { id: "t1" }],
  ["POST", CONFIGS, "CreateTaskPushNotificationConfig", { taskId: "t1" }],
  ["GET", CONFIGS, "ListTaskPushNotificationConfigs", { taskId: "t1" }],
  ["GET", `${CONFIGS}/c1`, "GetTaskPushNotificationConfig", { taskId: "t1", id: "c1" }],
  ["DELETE", `${CONFIGS}/c1`, "DeleteTaskPushNotificationConfig", { taskId: "t1", id: "c1" }],
  ["GET", "/extendedAgentCard", "GetExtendedAgentCard"],
  ["GET", "/v1/card", "GetExtendedAgentCard"],
  ["POST", "/v1/message:send", "SendMessage"],
  ["GET", "/v1/tasks/v1", "GetTask", { id: "v1" }],
  // Ids that look like something else.
  ["POST", "/tasks/a%3Acancel:cancel", "CancelTask", { id: "a:cancel" }],
  ["POST", "/tasks/a:b:cancel", "CancelTask", { id: "a:b" }],
  ["GET", "/tasks/a%3Acancel", "GetTask", { id: "a:cancel" }],
  ["GET", "/tasks/urn:task:1", "GetTask", { id: "urn:task:1" }],
  ["GET", "/tasks/a%2Fb", "GetTask", { id: "a/b" }],
  ["GET", "/tasks/%C5%BE%20%F0%9F%90%8E", "GetTask", { id: "ž 🐎" }],
  ["GET", "/tasks/__proto__", "GetTask", { id: "__proto__" }],
  ["GET", "/tasks/a%253Ab", "GetTask", { id: "a%3Ab" }],
];
for (const [method, path, operation, params = {}] of ROUTES) {
  Deno.test(`restRoute() reads ${method} ${path} as ${operation}`, () => {
    const route = restRoute(method, path);
    assert.equal(route?.operation, operation);
    assert.deepEqual({ ...route?.pathParams }, params);
  });
}

Deno.test("restRoute() answers DELETE of a task with 204, and says nothing of other statuses", () => {
  assert.equal(restRoute("DELETE", "/tasks/t1")?.status, 204);
  assert.equal(restRoute("POST", "/tasks/t1:cancel")?.status, undefined);
});

for (
  const path of [
    "/",
    "",
    "/message",
    "/message:other",
    "/messages:send",
    "/tasks/t1/artifacts",
    "/tasks//",
    "/v1",
    "/v1/v1/tasks",
    `${CONFIGS}/c1/x`,
  ]
) {
  Deno.test(`restRoute() knows nothing at ${JSON.stringify(path)}`, () => {
    assert.equal(restRoute("POST", path), undefined);
    assert.equal(restRoute("GET", path), undefined);
  });
}

const WRONG_METHODS: readonly (readonly [method: string, path: string, allow: string])[] = [
  ["GET", "/message:send", "POST"],
  ["GET", "/tasks/t1:cancel", "POST"],
  ["DELETE", "/tasks/t1:subscribe", "GET, POST"],
  ["PUT", "/tasks/t1", "GET, DELETE"],
  ["PATCH", CONFIGS, "POST, GET"],
  ["POST", "/extendedAgentCard", "GET"],
];
for (const [method, path, allow] of WRONG_METHODS) {
  Deno.test(`restRoute() refuses ${method} ${path} and says what it takes`, () => {
    assert.throws(() => restRoute(method, path), (thrown) => {
      assert.ok(thrown instanceof A2AError);
      assert.equal(thrown.reason, "METHOD_NOT_ALLOWED");
      assert.equal(thrown.metadata.allow, allow);
      return true;
    });
  });
}

for (const path of ["/tasks/%", "/tasks/%ZZ", "/tasks/%C0%80", "/tasks/%ED%A0%80:cancel"]) {
  Deno.test(`restRoute() refuses the broken escape in ${path}`, () => {
    const method = path.endsWith(":cancel") ? "POST" : "GET";
    assert.throws(
      () => restRoute(method, path),
      (thrown) => thrown instanceof A2AError && thrown.reason === "INVALID_REQUEST",
    );
  });
}
