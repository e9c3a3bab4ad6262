import assert from "node:assert/strict";
import { A2A_V1_JSONRPC, a2aV1Rest } from "../../../src/a2a/dialects/a2a_v1.ts";
import type { EventDialect } from "../../../src/a2a/dialects/dialect.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { type Operation, OPERATIONS, type Reply } from "../../../src/a2a/operations.ts";
import { arbitrary } from "../arbitrary.ts";

const REST = a2aV1Rest("1.0.1");
const BOTH: readonly EventDialect[] = [A2A_V1_JSONRPC, REST];

for (const dialect of BOTH) {
  Deno.test(`a2a_v1 over ${dialect.binding} writes the core's objects as they are`, () => {
    for (let seed = 0; seed < 40; seed++) {
      const { event, task } = arbitrary(seed);
      const update = event();
      assert.deepEqual(dialect.writeEvent(update, true), update);
      const reply: Reply = { operation: "SendMessage", response: { task: task() } };
      assert.deepEqual(dialect.write(reply), reply.response);
    }
  });

  Deno.test(`a2a_v1 over ${dialect.binding} tolerates nothing of 0.3`, () => {
    const legacy = { message: { kind: "message", role: "user", parts: [{ kind: "text", text: "x" }] } };
    const { request, messageIdGenerated } = dialect.read("SendMessage", legacy);
    assert.equal(messageIdGenerated, false);
    const { error } = OPERATIONS.get("SendMessage")?.schema.safeParse(request) ?? {};
    assert.deepEqual(error?.issues.map(({ path }) => path.join(".")), ["message.messageId", "message.role"]);
  });

  Deno.test(`a2a_v1 over ${dialect.binding} reads absent params as none`, () => {
    for (const raw of [undefined, null]) {
      assert.deepEqual(dialect.read("GetExtendedAgentCard", raw), { request: {}, messageIdGenerated: false });
    }
  });
}

/** [operation, query, what the core gets after validation]. */
const QUERIES: readonly (readonly [Operation, Record<string, unknown>, unknown])[] = [
  ["GetTask", { id: "t", historyLength: "0" }, { id: "t", historyLength: 0 }],
  ["GetTask", { id: "t", history_length: "2" }, { id: "t", historyLength: 2 }],
  [
    "ListTasks",
    {
      contextId: "c",
      status: "TASK_STATE_WORKING",
      pageSize: "10",
      pageToken: "p",
      historyLength: "0",
      statusTimestampAfter: "2026-11-01T10:00:00Z",
      includeArtifacts: "true",
    },
    {
      contextId: "c",
      status: "TASK_STATE_WORKING",
      pageSize: 10,
      pageToken: "p",
      historyLength: 0,
      statusTimestampAfter: "2026-11-01T10:00:00.000Z",
      includeArtifacts: true,
    },
  ],
  ["ListTasks", { include_artifacts: "false", page_size: "1" }, { includeArtifacts: false, pageSize: 1 }],
  ["ListTasks", {}, {}],
];

for (const [operation, query, request] of QUERIES) {
  Deno.test(`a2a_v1 over rest reads the query ${JSON.stringify(query)} of ${operation}`, () => {
    const parsed = OPERATIONS.get(operation)?.schema.safeParse(REST.read(operation, query).request);
    assert.deepEqual(parsed?.data, request);
  });
}

Deno.test("a2a_v1 over rest refuses a query whose boolean is none", () => {
  const { request } = REST.read("ListTasks", { includeArtifacts: "yes" });
  const parsed = OPERATIONS.get("ListTasks")?.schema.safeParse(request);
  assert.deepEqual(parsed?.error?.issues.map(({ path }) => path), [["includeArtifacts"]]);
});

Deno.test("a2a_v1 answers a deletion with null over JSON-RPC, with an empty object over REST", () => {
  const reply: Reply = { operation: "DeleteTaskPushNotificationConfig", response: null };
  assert.equal(A2A_V1_JSONRPC.write(reply), null);
  assert.deepEqual(REST.write(reply), {});
});

Deno.test("a2aV1Rest() takes the media type and the error table from its profile", () => {
  const error = new A2AError("TASK_NOT_CANCELABLE", "Cannot cancel");
  const older = a2aV1Rest("1.0.0");
  assert.deepEqual([REST.mediaType, REST.errorStatus(error)], ["application/a2a+json", 400]);
  assert.deepEqual([older.mediaType, older.errorStatus(error)], ["application/json", 409]);
  assert.match(JSON.stringify(older.writeError(error)), /"code":409,"status":"FAILED_PRECONDITION"/);
});

Deno.test("a2a_v1 over jsonrpc answers errors with 200, but for what HTTP itself refuses", () => {
  assert.equal(A2A_V1_JSONRPC.errorStatus(new A2AError("TASK_NOT_FOUND", "No")), 200);
  assert.equal(A2A_V1_JSONRPC.errorStatus(new A2AError("UNAUTHENTICATED", "Who?")), 401);
  assert.match(JSON.stringify(A2A_V1_JSONRPC.writeError(new A2AError("TASK_NOT_FOUND", "No"))), /^{"code":-32001,/);
});
