import assert from "node:assert/strict";
import { grpcV03 } from "../../../src/a2a/bindings/grpc_spelling.ts";
import { dialectTable } from "../../../src/a2a/dialects/dialect_table.ts";
import type { LegacyHabits, Reading } from "../../../src/a2a/dialects/dialect.ts";

/* What version 0.3 leaves to its servers, over each of its bindings. */

const MESSAGE = { kind: "message", messageId: "m1", role: "user", parts: [{ kind: "text", text: "Hi" }] };
const PROTO = { messageId: "m1", role: "ROLE_USER", content: [{ text: "Hi" }] };
const PARTS = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hi" }] };

type Read = (over: Readonly<Record<string, unknown>>, configuration?: Readonly<Record<string, unknown>>) => Reading;

function readers(habits?: LegacyHabits): [binding: string, read: Read][] {
  const newId = () => "made-up";
  const { jsonrpc, rest } = dialectTable({ profile: "1.0.1", newId, habits }).a2a_v0_3;
  const grpc = grpcV03({ newId, habits });
  const body = (message: object, configuration?: object) => ({ message, ...configuration && { configuration } });
  return [
    ["JSON-RPC", (over, configuration) => jsonrpc.read("SendMessage", body({ ...MESSAGE, ...over }, configuration))],
    ["REST", (over, configuration) => rest.read("SendMessage", body({ ...PROTO, ...over }, configuration))],
    ["gRPC", (over, configuration) => grpc.read("SendMessage", body({ ...PROTO, ...over }, configuration))],
  ];
}

for (const [binding, read] of readers()) {
  Deno.test(`by default 0.3 over ${binding} waits where its peer does not say, and keeps the context that it names`, () => {
    const both = { taskId: "t1", contextId: "c1" };
    assert.deepEqual(read(both).request, { message: { ...PARTS, ...both } });
    assert.deepEqual(read({}, { blocking: false }).request, {
      message: PARTS,
      configuration: { returnImmediately: true },
    });
  });
}

for (const [binding, read] of readers({ blocking: false })) {
  Deno.test(`where 0.3 does not wait unasked, a send over ${binding} waits only if its peer says so`, () => {
    const atOnce = (configuration?: Readonly<Record<string, unknown>>) => {
      const json: unknown = JSON.parse(JSON.stringify(read({}, configuration).request));
      assert.ok(json !== null && typeof json === "object" && "configuration" in json);
      return json.configuration;
    };
    assert.deepEqual(atOnce(), { returnImmediately: true });
    assert.deepEqual(atOnce({ historyLength: 2 }), { returnImmediately: true, historyLength: 2 });
    assert.deepEqual(atOnce({ blocking: true }), { returnImmediately: false });
    assert.deepEqual(atOnce({ blocking: false }), { returnImmediately: true });
  });
}

for (const [binding, read] of readers({ context: "task" })) {
  Deno.test(`where 0.3 takes a task's own context, the one of a message to a task is not read over ${binding}`, () => {
    const json = (over: Readonly<Record<string, unknown>>): unknown => JSON.parse(JSON.stringify(read(over).request));
    assert.deepEqual(json({ taskId: "t1", contextId: "made-up" }), { message: { ...PARTS, taskId: "t1" } });
    assert.deepEqual(json({ contextId: "c1" }), { message: { ...PARTS, contextId: "c1" } });
  });
}

for (const [binding, read] of readers({ message_ids: "required" })) {
  Deno.test(`where 0.3 requires the ids of messages, one without is refused over ${binding}`, () => {
    const violations = [{ field: "message.messageId", description: "is required" }];
    assert.throws(() => read({ kind: undefined, messageId: undefined }), { reason: "INVALID_PARAMS", violations });
    assert.equal(read({}).messageIdGenerated, false);
  });
}

Deno.test("habits of 0.3 are no habits of the other dialects", () => {
  const { hector_v2, a2a_v1 } = dialectTable({
    profile: "1.0.1",
    newId: () => "made-up",
    habits: { blocking: false, context: "task" },
  });
  for (const { jsonrpc } of [hector_v2, a2a_v1]) {
    const { request } = jsonrpc.read("SendMessage", { message: { ...PARTS, taskId: "t1", contextId: "c1" } });
    assert.deepEqual(request, { message: { ...PARTS, taskId: "t1", contextId: "c1" } });
  }
});
