import assert from "node:assert/strict";
import type { Binding } from "../../../src/a2a/dialects/dialect.ts";
import { dialectTable } from "../../../src/a2a/dialects/dialect_table.ts";
import { PEER_DIALECTS } from "../../../src/a2a/dialects/peer_dialects.ts";
import type { PeerDialectName } from "../../../src/a2a/dialects/peer_dialect.ts";
import type { OperationRequest, Reply } from "../../../src/a2a/operations.ts";
import { SendMessageRequest, StreamResponse } from "../../../src/a2a/types.ts";
import { arbitrary } from "../arbitrary.ts";

const SEEDS = Array.from({ length: 150 }, (_, seed) => seed);
const FACES: readonly (readonly [PeerDialectName, Binding])[] = [
  ["a2a_v1", "jsonrpc"],
  ["a2a_v1", "rest"],
  ["a2a_v0_3", "jsonrpc"],
  ["a2a_v0_3", "rest"],
];
const servers = dialectTable({ profile: "1.0.1", newId: () => "made-up" });

/** What goes over a wire is text. */
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

for (const [name, binding] of FACES) {
  const server = servers[name][binding];
  const peer = PEER_DIALECTS[name][binding];

  Deno.test(`${name} over ${binding}: a stream event that is written is read the same`, () => {
    for (const seed of SEEDS) {
      const event = arbitrary(seed).event();
      assert.deepEqual(StreamResponse.parse(event), event, "the event itself is valid");
      assert.deepEqual(peer.readEvent(wire(server.writeEvent(event, seed % 2 === 0))), event);
    }
  });

  Deno.test(`${name} over ${binding}: an answer that is written is read the same`, () => {
    for (const seed of SEEDS) {
      const { task, message } = arbitrary(seed);
      const replies: Reply[] = [
        { operation: "SendMessage", response: seed % 2 === 0 ? { task: task() } : { message: message() } },
        { operation: "GetTask", response: task() },
        { operation: "CancelTask", response: task() },
        {
          operation: "ListTasks",
          response: { tasks: [task(), task()], nextPageToken: "next", pageSize: 50, totalSize: 2 },
        },
      ];
      for (const reply of replies) {
        assert.deepEqual(peer.readReply(reply.operation, wire(server.write(reply))), reply);
      }
    }
  });

  Deno.test(`${name} over ${binding}: a message that a client writes is the one that a server reads`, () => {
    for (const seed of SEEDS) {
      const request: SendMessageRequest = {
        message: arbitrary(seed).message(),
        configuration: {
          acceptedOutputModes: ["text/plain"],
          historyLength: seed,
          returnImmediately: seed % 2 === 0,
          taskPushNotificationConfig: {
            id: "c",
            url: "https://example.com/hook",
            token: "t",
            authentication: { scheme: "Bearer", credentials: "k" },
          },
        },
        metadata: { a: 1 },
      };
      const reading = server.read("SendMessage", wire(peer.writeRequest({ operation: "SendMessage", request })));
      assert.deepEqual(SendMessageRequest.parse(reading.request), request);
      assert.equal(reading.messageIdGenerated, false);
    }
  });

  const config = {
    taskId: "t",
    id: "c",
    url: "https://example.com/hook",
    token: "t",
    authentication: { scheme: "Bearer", credentials: "k" },
  };

  Deno.test(`${name} over ${binding}: every other request is read as it was meant`, () => {
    const requests: OperationRequest[] = [
      { operation: "GetTask", request: { id: "t", historyLength: 0 } },
      { operation: "CancelTask", request: { id: "t", metadata: { why: "late" } } },
      { operation: "SubscribeToTask", request: { id: "t" } },
      { operation: "CreateTaskPushNotificationConfig", request: config },
      { operation: "GetTaskPushNotificationConfig", request: { taskId: "t", id: "c" } },
      { operation: "DeleteTaskPushNotificationConfig", request: { taskId: "t", id: "c" } },
      { operation: "ListTaskPushNotificationConfigs", request: { taskId: "t" } },
      { operation: "GetExtendedAgentCard", request: {} },
    ];
    for (const request of requests) {
      const reading = server.read(request.operation, wire(peer.writeRequest(request)));
      assert.deepEqual(reading, { request: request.request, messageIdGenerated: false }, request.operation);
    }
  });

  Deno.test(`${name} over ${binding}: push configurations are read as they were written`, () => {
    const replies: Reply[] = [
      { operation: "CreateTaskPushNotificationConfig", response: config },
      { operation: "GetTaskPushNotificationConfig", response: { taskId: "t", id: "c", url: "https://example.com" } },
      { operation: "ListTaskPushNotificationConfigs", response: { configs: [config] } },
      { operation: "ListTaskPushNotificationConfigs", response: { configs: [] } },
      { operation: "DeleteTaskPushNotificationConfig", response: null },
    ];
    for (const reply of replies) {
      assert.deepEqual(peer.readReply(reply.operation, wire(server.write(reply))), reply);
    }
  });
}

Deno.test("a2a_v0_3 over jsonrpc keeps the tasks that a message refers to; REST has no place for them", () => {
  const message = { ...arbitrary(1).message(), referenceTaskIds: ["t0"] };
  const { jsonrpc, rest } = servers.a2a_v0_3;
  const { referenceTaskIds: _lost, ...rest03 } = message;
  assert.deepEqual(PEER_DIALECTS.a2a_v0_3.jsonrpc.readEvent(jsonrpc.writeEvent({ message }, true)), { message });
  assert.deepEqual(PEER_DIALECTS.a2a_v0_3.rest.readEvent(rest.writeEvent({ message }, true)), { message: rest03 });
});
