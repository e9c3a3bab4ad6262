import assert from "node:assert/strict";
import { readSend } from "../../../src/a2a/dialects/tolerant.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { SendMessageRequest } from "../../../src/a2a/types.ts";

const read = (raw: unknown, nestedData = false) => readSend(raw, { newId: () => "made-up", nestedData });

const HELLO = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hello" }] };

/** [what the peer sent, the core message that it means]; all but the first rows go without the id. */
const MESSAGES: readonly (readonly [title: string, body: unknown, message: unknown])[] = [
  [
    "A2A 0.3 over JSON-RPC",
    { message: { kind: "message", messageId: "m1", role: "user", parts: [{ kind: "text", text: "Hello" }] } },
    HELLO,
  ],
  [
    "A2A 0.3 over REST",
    { message: { messageId: "m1", role: "ROLE_USER", content: [{ text: "Hello" }] } },
    HELLO,
  ],
  [
    "`request` in place of `message`",
    { request: { message_id: "m1", parts: [{ text: "Hello" }], role: "user" } },
    HELLO,
  ],
  [
    "parts told apart by `type`",
    { message: { messageId: "m1", role: "user", parts: [{ type: "text", text: "Hello" }] } },
    HELLO,
  ],
  ["a single part", { message: { messageId: "m1", role: "user", parts: { text: "Hello" } } }, HELLO],
  ["content as text", { message: { messageId: "m1", role: "user", content: "Hello" } }, HELLO],
  ["a bare string", { message: "Hello" }, { ...HELLO, messageId: "made-up" }],
  ["a bare string as request", { request: "Hello" }, { ...HELLO, messageId: "made-up" }],
  ["the body's own content", { content: "Hello" }, { ...HELLO, messageId: "made-up" }],
  [
    "the body's own content with all that belongs to a message",
    { content: [{ text: "Hello" }], role: "ROLE_ASSISTANT", message_id: "m1", session_id: "s" },
    { ...HELLO, role: "ROLE_AGENT", contextId: "s" },
  ],
  [
    "all members",
    {
      message: {
        messageId: "m1",
        contextId: "c",
        taskId: "t",
        role: "agent",
        parts: [{ kind: "text", text: "Hello", metadata: { a_b: null } }],
        metadata: { snake_case: 1 },
        extensions: ["urn:x"],
        referenceTaskIds: ["t0"],
      },
    },
    {
      messageId: "m1",
      contextId: "c",
      taskId: "t",
      role: "ROLE_AGENT",
      parts: [{ text: "Hello", metadata: { a_b: null } }],
      metadata: { snake_case: 1 },
      extensions: ["urn:x"],
      referenceTaskIds: ["t0"],
    },
  ],
  [
    "snake_case",
    { message: { message_id: "m1", context_id: "c", task_id: "t", role: "user", content: "Hello" } },
    { ...HELLO, contextId: "c", taskId: "t" },
  ],
  [
    "a session beside the message",
    { message: { messageId: "m1", role: "user", parts: [{ text: "Hello" }] }, session_id: "s" },
    { ...HELLO, contextId: "s" },
  ],
  [
    "a session in the message",
    { message: { messageId: "m1", role: "user", parts: [{ text: "Hello" }], sessionId: "s" } },
    { ...HELLO, contextId: "s" },
  ],
  [
    "null and empty members, which are unset",
    {
      message: { messageId: "m1", contextId: "", taskId: null, role: "user", parts: [{ text: "Hello" }] },
      metadata: null,
    },
    HELLO,
  ],
];

for (const [title, body, message] of MESSAGES) {
  Deno.test(`readSend() reads ${title}`, () => {
    const { request } = read(body);
    assert.deepEqual(request, { message });
    assert.deepEqual(SendMessageRequest.parse(request), { message });
  });
}

for (const role of ["agent", "assistant", "model", "ROLE_AGENT", "ROLE_ASSISTANT"]) {
  Deno.test(`readSend() takes the role ${role} for the agent's`, () => {
    const { message } = SendMessageRequest.parse(read({ message: { role, content: "x" } }).request);
    assert.equal(message.role, "ROLE_AGENT");
  });
}

Deno.test("readSend() tells whether the message's id is made up", () => {
  assert.equal(read({ message: { role: "user", content: "x" } }).messageIdGenerated, true);
  assert.equal(read({ message: { role: "user", content: "x", messageId: "" } }).messageIdGenerated, true);
  assert.equal(read({ message: { role: "user", content: "x", message_id: "m" } }).messageIdGenerated, false);
});

Deno.test("readSend() reads the configuration of A2A 0.3", () => {
  const { request } = read({
    message: "x",
    configuration: {
      acceptedOutputModes: ["text/plain"],
      blocking: false,
      history_length: 3,
      pushNotificationConfig: {
        id: "c",
        url: "https://example.com/hook",
        token: "t",
        authentication: { schemes: ["Bearer", "Basic"], credentials: "k" },
      },
    },
    metadata: { trace: "1" },
    tenant: "acme",
  });
  const { configuration, metadata, tenant } = SendMessageRequest.parse(request);
  assert.deepEqual(configuration, {
    acceptedOutputModes: ["text/plain"],
    returnImmediately: true,
    historyLength: 3,
    taskPushNotificationConfig: {
      id: "c",
      url: "https://example.com/hook",
      token: "t",
      authentication: { scheme: "Bearer", credentials: "k" },
    },
  });
  assert.deepEqual([metadata, tenant], [{ trace: "1" }, "acme"]);
});

const BLOCKING: readonly (readonly [unknown, boolean | undefined])[] = [[true, false], [false, true], [
  undefined,
  undefined,
]];
for (const [blocking, returnImmediately] of BLOCKING) {
  Deno.test(`readSend() reads blocking ${blocking} as returnImmediately ${returnImmediately}`, () => {
    const { configuration } = SendMessageRequest.parse(read({ message: "x", configuration: { blocking } }).request);
    assert.equal(configuration?.returnImmediately, returnImmediately);
  });
}

Deno.test("readSend() reads the REST spelling of an inline push configuration", () => {
  const configuration = { pushNotification: { url: "https://example.com" } };
  const request = SendMessageRequest.parse(read({ message: "x", configuration }).request);
  assert.deepEqual(request.configuration, { taskPushNotificationConfig: { url: "https://example.com" } });
});

const message = (parts: unknown) => ({ message: { role: "user", parts } });

/** What is not on the list is refused, with the path as the peer wrote it. */
const REFUSED: readonly (readonly [body: unknown, field: string, description: RegExp])[] = [
  [{}, "message", /is required/],
  [undefined, "message", /is required/],
  [[], "", /expected object, received array/],
  ["hi", "", /expected object, received string/],
  [{ message: 5 }, "message", /expected object, received number/],
  [{ request: { parts: [{ text: "x" }] } }, "request.role", /is required/],
  [
    { message: { role: "system", parts: [] } },
    "message.role",
    /unknown role "system": expected one of user, ROLE_USER, agent/,
  ],
  [{ message: { role: 1, parts: [] } }, "message.role", /expected string, received number/],
  [{ message: { role: "user" } }, "message.parts", /is required/],
  [{ message: { role: "user", content: [] } }, "message.content", /at least one part/],
  [{ message: { kind: "task", role: "user", parts: "x" } }, "message.kind", /expected "message"/],
  [{ message: { role: "user", parts: "x", messageId: 7 } }, "message.messageId", /expected string, received number/],
  [{ message: { role: "user", parts: "x", context_id: [] } }, "message.context_id", /expected string, received array/],
  [{ message: { role: "user", parts: "x", metadata: "m" } }, "message.metadata", /expected object, received string/],
  [{ message: { role: "user", parts: "x", extensions: [1] } }, "message.extensions.0", /expected string/],
  [
    { message: { role: "user", parts: "x", contextId: "a" }, session_id: "b" },
    "session_id",
    /differs from the contextId/,
  ],
  [{ message: { role: "user", parts: "x", taskId: "a" }, taskId: "b" }, "taskId", /differs from the taskId/],
  [{ message: "x", configuration: [] }, "configuration", /expected object, received array/],
  [{ message: "x", configuration: { blocking: "yes" } }, "configuration.blocking", /expected boolean, received string/],
  [
    { message: "x", configuration: { pushNotificationConfig: {} } },
    "configuration.pushNotificationConfig.url",
    /is required/,
  ],
  [
    { message: "x", configuration: { push_notification_config: { url: "u", authentication: { schemes: [] } } } },
    "configuration.push_notification_config.authentication.schemes",
    /at least one scheme/,
  ],
  [message([{ kind: "video", text: "x" }]), "message.parts.0.kind", /unknown kind of part "video"/],
  [message(["hi"]), "message.parts.0", /expected object, received string/],
];

for (const [body, field, description] of REFUSED) {
  Deno.test(`readSend() refuses ${JSON.stringify(body)} at "${field}"`, () => {
    assert.throws(() => read(body), (thrown: unknown) => {
      assert.ok(thrown instanceof A2AError);
      assert.equal(thrown.reason, "INVALID_PARAMS");
      assert.equal(thrown.violations[0]?.field, field);
      assert.match(thrown.violations[0]?.description ?? "", description);
      return true;
    });
  });
}
