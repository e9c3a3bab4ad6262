import assert from "node:assert/strict";
import type { SendMessageRequest, Task } from "../../src/a2a/types.ts";
import { sessionPath } from "../../src/server/sessions.ts";
import { appUnderTest } from "./app_under_test.ts";
import { keptSessions } from "./kept_sessions.ts";
import { fakeService, servedAgent } from "./served_agent.ts";

const JSON_TYPE = { "content-type": "application/json" };
const post = (body?: object, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { ...(body === undefined ? {} : JSON_TYPE), ...headers },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

/** Two agents that answer "Hello", one that nobody may know of, and what they were asked. */
function desk() {
  const asked: SendMessageRequest[] = [];
  const done = (contextId = "none"): Task => ({
    id: "t1",
    contextId,
    status: { state: "TASK_STATE_COMPLETED" },
    artifacts: [{ artifactId: "a", parts: [{ text: "Hello" }] }],
  });
  const service = fakeService({
    sendMessage: (request) => {
      asked.push(request);
      return Promise.resolve({ task: done(request.message.contextId) });
    },
    sendStreamingMessage: async function* (request) {
      asked.push(request);
      yield { seq: 1, event: { task: done(request.message.contextId) } };
    },
  });
  const ask = appUnderTest(
    [servedAgent("desk", "public", service), servedAgent("lab", "public", service), servedAgent("vault", "private")],
    { sessions: keptSessions() },
  );
  return { ask, asked };
}

/** [path, agent, session, operation] */
const PATHS: [path: string, agent?: string, session?: string, operation?: string][] = [
  ["/sessions"],
  ["/sessions/"],
  ["/sessions/s1", undefined, "s1"],
  ["/v1/agents/desk/sessions", "desk"],
  ["/agents/desk/sessions/s%201", "desk", "s 1"],
  ["/v1/agents/desk/sessions/s1/messages", "desk", "s1", "SendMessage"],
  ["/v1/agents/desk/sessions/s1/messages:stream", "desk", "s1", "SendStreamingMessage"],
  ["/sessions/s1/messages/stream", undefined, "s1", "SendStreamingMessage"],
];

for (const [path, agent, session, operation] of PATHS) {
  Deno.test(`sessionPath(${path}) names ${agent}, ${session}, ${operation}`, () => {
    assert.deepEqual(sessionPath(path), { agent, session, operation });
  });
}

Deno.test("sessionPath() leaves other paths alone, and refuses a broken escape", () => {
  for (const path of ["/", "/sessionsx", "/agents/desk", "/sessions/a/b", "/tenant/sessions", "/v1/sessions"]) {
    assert.equal(sessionPath(path), undefined, path);
  }
  assert.throws(() => sessionPath("/sessions/%zz"), /broken percent escape/);
});

Deno.test("a session is created, listed, read and deleted, with the members of both documents", async () => {
  const { ask } = desk();
  const response = await ask("/sessions", post({ agent_name: "lab", metadata: { user_id: "user123" } }));
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("location"), "/v1/agents/lab/sessions/s1");
  const session = {
    id: "s1",
    session_id: "s1",
    agent_name: "lab",
    created_at: "2026-01-02T03:04:05.000Z",
    metadata: { user_id: "user123" },
  };
  assert.deepEqual(await response.json(), session);
  const second = await ask("/v1/agents/desk/sessions", post());
  assert.equal((await second.json()).session_id, "s2");
  const listed = async (path: string) => (await (await ask(path)).json()).sessions.map(({ id }: { id: string }) => id);
  assert.deepEqual(await listed("/sessions"), ["s2", "s1"]);
  assert.deepEqual(await listed("/v1/agents/lab/sessions"), ["s1"]);
  for (const path of ["/sessions/s1", "/v1/agents/lab/sessions/s1"]) {
    assert.deepEqual(await (await ask(path)).json(), session);
  }
  const whole = await (await ask("/sessions")).json();
  assert.deepEqual([whole.total, whole.next_page_token], [2, ""]);
  const first = await (await ask("/sessions?page_size=1")).json();
  assert.deepEqual([first.sessions.length, first.total, first.next_page_token], [1, undefined, "s2"]);
  const rest = await (await ask("/sessions?page_size=1&page_token=s2")).json();
  assert.deepEqual([rest.sessions[0].id, rest.next_page_token], ["s1", ""]);
  const gone = await ask("/sessions/s1", { method: "DELETE" });
  assert.deepEqual([gone.status, await gone.text()], [204, ""]);
  assert.equal((await ask("/sessions/s1")).status, 404);
});

Deno.test("a message in a session goes to its agent in its context, in the words of the route's document", async () => {
  const { ask, asked } = desk();
  await ask("/v1/agents/lab/sessions", post());
  const body = { message: { role: "ROLE_USER", content: [{ text: "Hello" }] } };
  const answer = await (await ask("/v1/agents/lab/sessions/s1/messages", post(body))).json();
  assert.deepEqual(answer.response, { role: "ROLE_ASSISTANT", content: [{ text: "Hello" }] });
  assert.equal(answer.task_id, "t1");
  assert.equal((await (await ask("/sessions/s1/messages", post(body))).json()).task.session_id, "s1");
  // A2A has no sessions, so its version says nothing of them.
  const v1 = await ask("/v1/agents/lab/sessions/s1/messages", post(body, { "a2a-version": "1.0" }));
  assert.equal((await v1.json()).task_id, "t1");
  const stream = await ask("/v1/agents/lab/sessions/s1/messages:stream", post(body));
  assert.match(await stream.text(), /^data: \{"response".*\n\nid: 1\ndata: \[DONE\]\n\n$/);
  assert.deepEqual(asked.map(({ message }) => message.contextId), ["s1", "s1", "s1", "s1"]);
});

/** [method, path, body, status, words] */
const REFUSED: [method: string, path: string, body: object | undefined, status: number, words: RegExp][] = [
  ["GET", "/sessions/none", undefined, 404, /"SESSION_NOT_FOUND".*Session \\"none\\"/],
  ["GET", "/v1/agents/desk/sessions/s1", undefined, 404, /"NOT_FOUND".*Session \\"s1\\"/],
  ["DELETE", "/sessions/none", undefined, 404, /SESSION_NOT_FOUND/],
  ["POST", "/v1/agents/lab/sessions/none/messages", { message: "Hi" }, 404, /NOT_FOUND/],
  ["POST", "/sessions", { agent_name: "nobody" }, 404, /"AGENT_NOT_FOUND","message":"Agent 'nobody' not found"/],
  ["POST", "/sessions", { agent_name: "vault" }, 404, /"AGENT_NOT_FOUND","message":"Agent 'vault' not found"/],
  ["POST", "/v1/agents/nobody/sessions", undefined, 404, /"NOT_FOUND","message":"Agent not found: nobody"/],
  ["GET", "/v1/agents/nobody/sessions", undefined, 404, /NOT_FOUND/],
  ["GET", "/sessions?page_size=0", undefined, 400, /INVALID_REQUEST.*page_size/],
  ["GET", "/sessions?page_token=", undefined, 400, /INVALID_REQUEST.*page_token/],
  ["GET", "/v1/agents/nobody/sessions/s1", undefined, 404, /Agent not found/],
  ["POST", "/sessions", { metadata: "text" }, 400, /INVALID_REQUEST.*metadata/],
  ["POST", "/sessions", { metadata: { text: "x".repeat(9000) } }, 400, /metadata: at most 8192 characters/],
  ["POST", "/sessions", { metadata: { text: "x".repeat(20_000) } }, 413, /./],
  ["PUT", "/sessions", undefined, 405, /GET, POST/],
  ["PUT", "/sessions/s1", undefined, 405, /GET, DELETE/],
  ["GET", "/sessions/s1/messages", undefined, 405, /POST/],
  ["POST", "/v1/agents/lab/sessions/s1/messages", {}, 400, /INVALID_ARGUMENT.*message/],
  [
    "POST",
    "/v1/agents/lab/sessions/s1/messages",
    { message: "Hi", contextId: "s2" },
    200,
    /"task_id":"t1"/,
  ],
];

for (const [method, path, body, status, words] of REFUSED) {
  Deno.test(`${method} ${path} ${JSON.stringify(body)?.slice(0, 60)} is answered with ${status}`, async () => {
    const { ask } = desk();
    await ask("/v1/agents/lab/sessions", post());
    const response = await ask(path, { ...post(body), method });
    const text = await response.text();
    assert.equal(response.status, status, text);
    assert.match(text, words);
  });
}
