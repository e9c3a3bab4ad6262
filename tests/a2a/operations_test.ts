import assert from "node:assert/strict";
import type { AgentCard } from "../../src/a2a/card/card_types.ts";
import { A2AError } from "../../src/a2a/errors.ts";
import { type Operation, OPERATIONS, parseRequest } from "../../src/a2a/operations.ts";
import { type A2AService, ANONYMOUS, type Call } from "../../src/a2a/service.ts";
import { GetTaskRequest, type StreamResponse, type Task } from "../../src/a2a/types.ts";

const call: Call = { signal: new AbortController().signal, caller: ANONYMOUS, extensions: [] };
const task: Task = { id: "t", status: { state: "TASK_STATE_WORKING" } };
const page = { tasks: [task], nextPageToken: "", pageSize: 50, totalSize: 1 };
const config = { taskId: "t", id: "c", url: "https://example.com" };
const card: AgentCard = {
  name: "a",
  description: "",
  supportedInterfaces: [],
  version: "1",
  capabilities: {},
  defaultInputModes: [],
  defaultOutputModes: [],
  skills: [],
};

/** A service that notes what it is asked. */
function recorder(): { service: A2AService; asked: [method: string, request: unknown, call: Call][] } {
  const asked: [string, unknown, Call][] = [];
  const answering = <T>(method: string, answer: T) => (request: unknown, call: Call) => {
    asked.push([method, request, call]);
    return Promise.resolve(answer);
  };
  const streaming = (method: string) =>
    async function* (request: unknown, call: Call): AsyncGenerator<{ seq: number; event: StreamResponse }> {
      asked.push([method, request, call]);
      yield await Promise.resolve({ seq: 1, event: { task } });
    };
  const service: A2AService = {
    sendMessage: answering("sendMessage", { task }),
    sendStreamingMessage: streaming("sendStreamingMessage"),
    subscribeToTask: streaming("subscribeToTask"),
    getTask: answering("getTask", task),
    listTasks: answering("listTasks", page),
    cancelTask: answering("cancelTask", task),
    createTaskPushNotificationConfig: answering("createTaskPushNotificationConfig", config),
    getTaskPushNotificationConfig: answering("getTaskPushNotificationConfig", config),
    listTaskPushNotificationConfigs: answering("listTaskPushNotificationConfigs", { configs: [config] }),
    deleteTaskPushNotificationConfig: answering("deleteTaskPushNotificationConfig", undefined),
    getExtendedAgentCard: answering("getExtendedAgentCard", card),
  };
  return { service, asked };
}

const sent = { message: { messageId: "m", role: "ROLE_USER", parts: [{ text: "x" }] } };

/** [operation, a peer's request, as the service gets it, its answer]. */
const UNARY: readonly (readonly [Operation, unknown, unknown, unknown])[] = [
  ["SendMessage", { ...sent, surprise: 1 }, sent, { task }],
  ["GetTask", { id: "t", history_length: "3" }, { id: "t", historyLength: 3 }, task],
  ["ListTasks", { page_size: 5 }, { pageSize: 5 }, page],
  ["CancelTask", { id: "t", metadata: { a: null } }, { id: "t", metadata: { a: null } }, task],
  ["CreateTaskPushNotificationConfig", config, config, config],
  ["GetTaskPushNotificationConfig", { task_id: "t", id: "c" }, { taskId: "t", id: "c" }, config],
  ["ListTaskPushNotificationConfigs", { taskId: "t" }, { taskId: "t" }, { configs: [config] }],
  ["DeleteTaskPushNotificationConfig", { taskId: "t", id: "c" }, { taskId: "t", id: "c" }, null],
  ["GetExtendedAgentCard", { tenant: "acme" }, { tenant: "acme" }, card],
];

for (const [operation, raw, request, response] of UNARY) {
  Deno.test(`OPERATIONS asks the service for ${operation} and tells its answer by it`, async () => {
    const { service, asked } = recorder();
    const row = OPERATIONS.get(operation);
    assert.ok(row !== undefined && !row.streaming);
    assert.deepEqual(await row.invoke(service, raw, call), { operation, response });
    const method = operation.charAt(0).toLowerCase() + operation.slice(1);
    assert.deepEqual(asked, [[method, request, call]]);
  });
}

const STREAMING: readonly (readonly [Operation, unknown])[] = [
  ["SendStreamingMessage", sent],
  ["SubscribeToTask", { id: "t" }],
];

for (const [operation, raw] of STREAMING) {
  Deno.test(`OPERATIONS streams ${operation}`, async () => {
    const { service, asked } = recorder();
    const row = OPERATIONS.get(operation);
    assert.ok(row?.streaming);
    assert.deepEqual(await Array.fromAsync(row.invoke(service, raw, call)), [{ seq: 1, event: { task } }]);
    assert.deepEqual(asked.map(([, request]) => request), [raw]);
  });
}

Deno.test("OPERATIONS holds the eleven operations of A2A v1 §3.1", () => {
  assert.deepEqual([...OPERATIONS.keys()].sort(), [...UNARY, ...STREAMING].map(([operation]) => operation).sort());
});

Deno.test("OPERATIONS never asks the service what is not valid", async () => {
  const { service, asked } = recorder();
  for (const [operation, row] of OPERATIONS) {
    const invoke = async () => row.streaming ? row.invoke(service, [], call) : await row.invoke(service, [], call);
    await assert.rejects(invoke, { reason: "INVALID_PARAMS" }, operation);
  }
  assert.deepEqual(asked, []);
});

Deno.test("parseRequest() throws INVALID_PARAMS with the field's path", () => {
  assert.throws(() => parseRequest(GetTaskRequest, { id: 5 }), (thrown: unknown) => {
    assert.ok(thrown instanceof A2AError);
    assert.deepEqual(thrown.violations, [{ field: "id", description: "expected string, received number" }]);
    return true;
  });
});
