import assert from "node:assert/strict";
import { restPattern } from "../../src/server/route_pattern.ts";

const ROWS: readonly (readonly [method: string, path: string, pattern: string | undefined])[] = [
  ["POST", "/message:send", "/message:send"],
  ["POST", "/v1/message:stream", "/v1/message:stream"],
  ["POST", "/agents/lab/message:send", "/agents/:agent/message:send"],
  ["POST", "/v1/agents/lab/message:send", "/v1/agents/:agent/message:send"],
  ["POST", "/lab/message:send", "/:agent/message:send"],
  ["POST", "/message/send", "/message/send"],
  ["GET", "/tasks", "/tasks"],
  ["GET", "/lab/tasks", "/:agent/tasks"],
  ["GET", "/tasks/0192f3", "/tasks/:id"],
  ["GET", "/agents/lab/tasks/a%3Ab", "/agents/:agent/tasks/:id"],
  ["POST", "/v1/agents/lab/tasks/t:cancel", "/v1/agents/:agent/tasks/:id:cancel"],
  ["POST", "/v1/agents/lab/tasks/t/cancel", "/v1/agents/:agent/tasks/:id/cancel"],
  ["GET", "/tasks/t:subscribe", "/tasks/:id:subscribe"],
  ["DELETE", "/agents/lab/tasks/t", "/agents/:agent/tasks/:id"],
  [
    "GET",
    "/agents/lab/tasks/t/pushNotificationConfigs/c/",
    "/agents/:agent/tasks/:id/pushNotificationConfigs/:id",
  ],
  ["GET", "/v1/agents/lab/tasks/t/pushNotificationConfigs", "/v1/agents/:agent/tasks/:id/pushNotificationConfigs"],
  ["GET", "/v1/card", "/v1/card"],
  ["GET", "/agents/agents/tasks", "/agents/:agent/tasks"],
  ["GET", "/v1/agents/lab/sessions", "/v1/agents/:agent/sessions"],
  ["GET", "/v1/agents/lab/sessions/s", "/v1/agents/:agent/sessions/:session"],
  ["POST", "/v1/agents/lab/sessions/s/messages", "/v1/agents/:agent/sessions/:session/messages"],
  ["POST", "/sessions", "/sessions"],
  ["DELETE", "/sessions/0192f3", "/sessions/:session"],
  ["GET", "/wp-login.php", undefined],
  ["GET", "/a/b/c/d", undefined],
  ["PATCH", "/tasks", undefined],
  ["GET", "/tasks/%zz", undefined],
];

for (const [method, path, pattern] of ROWS) {
  Deno.test(`restPattern() of ${method} ${path}`, () => assert.equal(restPattern(method, path), pattern));
}

Deno.test("restPattern() gives one pattern for a thousand ids", () => {
  const patterns = new Set(Array.from({ length: 1000 }, (_, at) => restPattern("GET", `/agents/a${at}/tasks/t${at}`)));
  assert.deepEqual([...patterns], ["/agents/:agent/tasks/:id"]);
});
