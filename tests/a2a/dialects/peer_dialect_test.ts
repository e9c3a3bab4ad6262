import assert from "node:assert/strict";
import { PEER_DIALECTS } from "../../../src/a2a/dialects/peer_dialects.ts";
import type { PeerDialect } from "../../../src/a2a/dialects/peer_dialect.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import type { OperationRequest } from "../../../src/a2a/operations.ts";

const v1 = PEER_DIALECTS.a2a_v1.jsonrpc;
const v03 = PEER_DIALECTS.a2a_v0_3.jsonrpc;
const v03Rest = PEER_DIALECTS.a2a_v0_3.rest;
const send: OperationRequest = {
  operation: "SendMessage",
  request: { tenant: "acme", message: { messageId: "m", role: "ROLE_USER", parts: [{ text: "Hi" }] } },
};

Deno.test("a2aV1Peer() asks as the core does", () => assert.deepEqual(v1.writeRequest(send), send.request));

Deno.test("a2aV03Peer() always says whether it waits, and leaves out the tenant that 0.3 does not know", () => {
  assert.deepEqual(v03.writeRequest(send), {
    message: { kind: "message", messageId: "m", role: "user", parts: [{ kind: "text", text: "Hi" }] },
    configuration: { blocking: true },
  });
  assert.deepEqual(v03Rest.writeRequest(send), {
    message: { messageId: "m", role: "ROLE_USER", content: [{ text: "Hi" }] },
    configuration: { blocking: true },
  });
  assert.deepEqual(v03.writeRequest({ operation: "GetTask", request: { tenant: "acme", id: "t" } }), { id: "t" });
});

Deno.test("a2aV03Peer() cannot list tasks over JSON-RPC", () => {
  const list: OperationRequest = { operation: "ListTasks", request: { tenant: "acme", pageSize: 3 } };
  assert.throws(() => v03.writeRequest(list), { reason: "UNSUPPORTED_OPERATION" });
  assert.deepEqual(v03Rest.writeRequest(list), { pageSize: 3 });
});

Deno.test("each peer names its version", () => {
  assert.deepEqual([v1, v03, v03Rest].map(({ version }) => version), ["1.0", "0.3", "0.3"]);
});

/** Servers of 0.3 in the wild: [what they answer, state that is read]. */
const STATES: readonly (readonly [string, string])[] = [
  ["canceled", "TASK_STATE_CANCELED"],
  ["cancelled", "TASK_STATE_CANCELED"],
  ["TASK_STATE_CANCELLED", "TASK_STATE_CANCELED"],
  ["TASK_STATE_CANCELED", "TASK_STATE_CANCELED"],
  ["input_required", "TASK_STATE_INPUT_REQUIRED"],
  ["unknown", "TASK_STATE_UNSPECIFIED"],
];

for (const [state, read] of STATES) {
  Deno.test(`a2aV03Peer() reads the state ${state}`, () => {
    const event = { kind: "status-update", taskId: "t", contextId: "c", status: { state }, final: true };
    assert.deepEqual(v03.readEvent(event), { statusUpdate: { taskId: "t", contextId: "c", status: { state: read } } });
  });
}

Deno.test("a2aV03Peer() reads what belongs to no version: ids in snake_case, a page without its defaults", () => {
  const task = { kind: "task", id: "t", context_id: "c", status: { state: "working" }, history: [], artifacts: null };
  assert.deepEqual(v03.readReply("GetTask", task), {
    operation: "GetTask",
    response: { id: "t", contextId: "c", status: { state: "TASK_STATE_WORKING" }, history: [] },
  });
  assert.deepEqual(v03Rest.readReply("ListTasks", {}).response, {
    tasks: [],
    nextPageToken: "",
    pageSize: 0,
    totalSize: 0,
  });
});

/** A peer's fault is INVALID_AGENT_RESPONSE, never the caller's INVALID_PARAMS: [peer, answer to GetTask, field]. */
const BROKEN: readonly (readonly [string, PeerDialect, unknown, string])[] = [
  ["a2a_v1", v1, {}, "id"],
  ["a2a_v1", v1, { id: "t", status: { state: "done" } }, "status.state"],
  ["a2a_v1", v1, "<html>", ""],
  ["a2a_v0_3", v03, undefined, ""],
  ["a2a_v0_3", v03, { kind: "task", id: "t" }, "status"],
  ["a2a_v0_3", v03, { kind: "task", id: "t", status: { state: "busy" } }, "status.state"],
  ["a2a_v0_3", v03, { kind: "task", status: { state: "working" } }, "id"],
  [
    "a2a_v0_3",
    v03,
    { id: "t", status: { state: "working" }, artifacts: [{ artifactId: "a", parts: [{ kind: "?" }] }] },
    "artifacts.0.parts.0.kind",
  ],
  [
    "a2a_v0_3",
    v03,
    { id: "t", status: { state: "working", message: { role: "agent", parts: [{ text: "x" }] } } },
    "status.message.messageId",
  ],
];

for (const [name, peer, answer, field] of BROKEN) {
  Deno.test(`${name} refuses the answer ${JSON.stringify(answer)} at "${field}"`, () => {
    assert.throws(() => peer.readReply("GetTask", answer), (thrown: unknown) => {
      assert.ok(thrown instanceof A2AError);
      assert.deepEqual([thrown.reason, thrown.violations[0]?.field], ["INVALID_AGENT_RESPONSE", field]);
      assert.match(thrown.message, /^Cannot read the peer's answer: /);
      return true;
    });
  });
}

const EVENTS: readonly (readonly [PeerDialect, unknown, RegExp])[] = [
  [v1, {}, /holds exactly one of task, message/],
  [v03, { kind: "news" }, /kind: unknown kind "news"/],
  [v03Rest, { news: 1 }, /holds exactly one of task, message/],
  [v03Rest, { statusUpdate: { taskId: "t" } }, /statusUpdate.status: is required/],
];

for (const [peer, raw, message] of EVENTS) {
  Deno.test(`${peer.name} over ${peer.binding} refuses the event ${JSON.stringify(raw)}`, () => {
    assert.throws(() => peer.readEvent(raw), { reason: "INVALID_AGENT_RESPONSE", message });
  });
}

Deno.test("a2aV03Peer() reads a 0.3 card as an extended card", () => {
  const card = {
    protocolVersion: "0.3.0",
    name: "a",
    description: "d",
    url: "https://example.com",
    version: "1",
    capabilities: {},
    defaultInputModes: ["text/plain"],
    defaultOutputModes: ["text/plain"],
    skills: [],
  };
  const { response } = v03.readReply("GetExtendedAgentCard", card);
  assert.ok(response !== null && "supportedInterfaces" in response);
  assert.deepEqual(response.supportedInterfaces, [
    { url: "https://example.com", protocolBinding: "JSONRPC", protocolVersion: "0.3" },
  ]);
});
