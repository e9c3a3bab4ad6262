import assert from "node:assert/strict";
import { ListTasksResponse, SendMessageResponse, type StreamResponse, Task } from "../../src/a2a/types.ts";
import { textOf } from "../../src/a2a/parts.ts";
import { asking, echo, type RunFunction } from "../task/house.ts";
import { type Outcome, type Wire, wiresTo } from "./wires.ts";

/* What A2A 1.0 demands, section by section, of both HTTP bindings over the real task service. */

/** Asks which, where the message says so; else answers with what it was told. */
const agent: RunFunction = (input, run) => {
  const isTalk = ["ask", "done"].includes(textOf(input.message));
  return isTalk ? asking(input, run) : echo(input, run);
};

let count = 0;
const message = (text: string, over: Record<string, unknown> = {}) => ({
  message: { messageId: `must-${++count}`, role: "ROLE_USER", parts: [{ text }], ...over },
});

function taskOf({ result, refusal }: Outcome): Task {
  const response = SendMessageResponse.parse(result, { error: () => `refused: ${refusal}` });
  assert.ok("task" in response);
  return response.task;
}

async function send(wire: Wire, text: string, over: Record<string, unknown> = {}): Promise<Task> {
  return taskOf(await wire.ask("SendMessage", message(text, over)));
}

async function refused(asked: Promise<Outcome>, reason: string): Promise<void> {
  assert.equal((await asked).refusal, reason);
}

function stateOf(event: StreamResponse): string {
  if ("statusUpdate" in event) return event.statusUpdate.status.state;
  return "task" in event ? event.task.status.state : "";
}

/** [section and demand, how it shows] */
const MUSTS: readonly (readonly [string, (wire: Wire) => Promise<void>])[] = [
  ["§3.1.1: an answer is exactly one of task and message", async (wire) => {
    const { result } = await wire.ask("SendMessage", message("hello"));
    assert.deepEqual(Object.keys(SendMessageResponse.parse(result)), ["task"]);
  }],
  ["§3.1.1: a message to a finished task is UNSUPPORTED_OPERATION", async (wire) => {
    const { id: taskId } = await send(wire, "hello");
    await refused(wire.ask("SendMessage", message("more", { taskId })), "UNSUPPORTED_OPERATION");
  }],
  ["§3.4.2: a client can never choose the id of a new task", async (wire) => {
    await refused(wire.ask("SendMessage", message("hello", { taskId: "mine" })), "TASK_NOT_FOUND");
  }],
  ["§3.4.2: every task has an id of its own", async (wire) => {
    assert.notEqual((await send(wire, "hello")).id, (await send(wire, "hello")).id);
  }],
  ["§3.4.1: a context that the server made up is told, one that the client names is kept", async (wire) => {
    assert.ok((await send(wire, "hello")).contextId);
    assert.equal((await send(wire, "hello", { contextId: "mine" })).contextId, "mine");
  }],
  ["§3.4.3: the context follows from the task", async (wire) => {
    const { id: taskId, contextId } = await send(wire, "ask");
    assert.equal((await send(wire, "done", { taskId })).contextId, contextId);
  }],
  ["§3.4.3: a task in another context is refused", async (wire) => {
    const { id: taskId } = await send(wire, "ask");
    await refused(wire.ask("SendMessage", message("done", { taskId, contextId: "other" })), "INVALID_PARAMS");
  }],
  ["§3.2.2: a send waits until the task ended or asks, and then has its artifacts", async (wire) => {
    const { status, artifacts = [] } = await send(wire, "hello");
    assert.deepEqual([status.state, artifacts.map(textOf)], ["TASK_STATE_COMPLETED", ["hello"]]);
    assert.equal((await send(wire, "ask")).status.state, "TASK_STATE_INPUT_REQUIRED");
  }],
  ["§3.2.2: returnImmediately answers as soon as the task exists", async (wire) => {
    const request = { ...message("hello"), configuration: { returnImmediately: true } };
    assert.equal(taskOf(await wire.ask("SendMessage", request)).status.state, "TASK_STATE_SUBMITTED");
  }],
  ["§3.3.2, §5.7: a message without id, role, parts, or with a part of two contents is refused", async (wire) => {
    const { message: whole } = message("hello");
    const broken = [{ messageId: "" }, { role: "ROLE_KING" }, { parts: [] }, { parts: [{ text: "a", url: "b" }] }];
    for (const change of broken) {
      await refused(wire.ask("SendMessage", { message: { ...whole, ...change } }), "INVALID_PARAMS");
    }
    await refused(wire.ask("SendMessage", {}), "INVALID_PARAMS");
  }],
  ["§3.1.2: a stream begins with the task and closes at its end, in order", async (wire) => {
    const { events = [] } = await wire.ask("SendStreamingMessage", message("hello"));
    assert.deepEqual(events.flatMap(Object.keys), ["task", "statusUpdate", "artifactUpdate", "statusUpdate"]);
    const states = events.map(stateOf).filter((state) => state !== "");
    assert.deepEqual(states, ["TASK_STATE_SUBMITTED", "TASK_STATE_WORKING", "TASK_STATE_COMPLETED"]);
  }],
  ["§3.1.6: a subscription begins with the task as it is and lasts until its end", async (wire) => {
    const { id } = await send(wire, "ask");
    const heard = wire.ask("SubscribeToTask", { id });
    await wire.ask("CancelTask", { id });
    const { events = [], refusal } = await heard;
    // Whichever came first: the subscription, or the end that it is refused for.
    if (refusal !== undefined) return assert.equal(refusal, "UNSUPPORTED_OPERATION");
    assert.deepEqual(events.map(stateOf), ["TASK_STATE_INPUT_REQUIRED", "TASK_STATE_CANCELED"]);
  }],
  ["§3.1.6: a finished task is not subscribed to, an unknown one is not found", async (wire) => {
    const { id } = await send(wire, "hello");
    await refused(wire.ask("SubscribeToTask", { id }), "UNSUPPORTED_OPERATION");
    await refused(wire.ask("SubscribeToTask", { id: "nobody" }), "TASK_NOT_FOUND");
  }],
  ["§3.1.3: an unknown task is not found", async (wire) => {
    await refused(wire.ask("GetTask", { id: "nobody" }), "TASK_NOT_FOUND");
  }],
  ["§3.2.4: historyLength bounds the history to its newest, and 0 leaves it out", async (wire) => {
    const { id: taskId } = await send(wire, "ask");
    await send(wire, "done", { taskId });
    const historyOf = async (historyLength: number) =>
      Task.parse((await wire.ask("GetTask", { id: taskId, historyLength })).result).history?.map(textOf);
    assert.deepEqual([await historyOf(0), await historyOf(1), await historyOf(9)], [undefined, ["done"], [
      "ask",
      "which?",
      "done",
    ]]);
  }],
  ["§3.1.4: lists go by cursor, newest first, until a token that is empty; artifacts only on demand", async (wire) => {
    const contextId = `context-${++count}`;
    const ids = [await send(wire, "1", { contextId }), await send(wire, "2", { contextId })].map(({ id }) => id);
    const list = async (params: Record<string, unknown>) =>
      ListTasksResponse.parse((await wire.ask("ListTasks", { contextId, pageSize: 1, ...params })).result);
    const first = await list({});
    const second = await list({ pageToken: first.nextPageToken, includeArtifacts: true });
    assert.deepEqual([...first.tasks, ...second.tasks].map(({ id }) => id), ids.toReversed());
    assert.deepEqual([second.nextPageToken, first.tasks[0]?.artifacts], ["", undefined]);
    assert.deepEqual(second.tasks[0]?.artifacts?.map(textOf), ["1"]);
    for (const bad of [{ pageToken: "made-up" }, { pageSize: 0 }, { pageSize: -1 }]) {
      await refused(wire.ask("ListTasks", { contextId, ...bad }), "INVALID_PARAMS");
    }
  }],
  ["§3.1.5: an open task is canceled, a second time without effect", async (wire) => {
    const { id } = await send(wire, "ask");
    const [first, second] = [await wire.ask("CancelTask", { id }), await wire.ask("CancelTask", { id })];
    assert.equal(Task.parse(first.result).status.state, "TASK_STATE_CANCELED");
    assert.deepEqual(second, first);
  }],
  ["§3.1.5: a completed task is not cancelable, an unknown one is not found", async (wire) => {
    const { id } = await send(wire, "hello");
    await refused(wire.ask("CancelTask", { id }), "TASK_NOT_CANCELABLE");
    await refused(wire.ask("CancelTask", { id: "nobody" }), "TASK_NOT_FOUND");
  }],
  ["§3.3.4: without the capability, webhooks are PUSH_NOTIFICATION_NOT_SUPPORTED, also within a send", async (wire) => {
    const { id: taskId } = await send(wire, "ask");
    const webhook = { url: "https://example.com/hook" };
    const reason = "PUSH_NOTIFICATION_NOT_SUPPORTED";
    await refused(wire.ask("CreateTaskPushNotificationConfig", { taskId, ...webhook }), reason);
    await refused(wire.ask("ListTaskPushNotificationConfigs", { taskId }), reason);
    const request = { ...message("hello"), configuration: { taskPushNotificationConfig: webhook } };
    await refused(wire.ask("SendMessage", request), reason);
  }],
  ["§3.3.4: without the capability, the extended card is UNSUPPORTED_OPERATION", async (wire) => {
    await refused(wire.ask("GetExtendedAgentCard", {}), "UNSUPPORTED_OPERATION");
  }],
  ["§3.6.2: an unknown version is VERSION_NOT_SUPPORTED, a patch number decides nothing", async (wire) => {
    await refused(wire.ask("SendMessage", message("hello"), { "a2a-version": "99.0" }), "VERSION_NOT_SUPPORTED");
    assert.ok("result" in await wire.ask("SendMessage", message("hello"), { "a2a-version": "1.0.7" }));
  }],
  ["§4.6: an extension that nobody knows is ignored", async (wire) => {
    assert.ok("result" in await wire.ask("SendMessage", message("hello"), { "a2a-extensions": "urn:nobody:knows" }));
  }],
  ["§5.7: what is not known in a request is ignored", async (wire) => {
    assert.ok("result" in await wire.ask("SendMessage", { ...message("hello", { colour: "red" }), shape: 1 }));
  }],
];

for (const [must, shows] of MUSTS) {
  for (const wire of wiresTo(agent)) {
    Deno.test(`A2A v1 ${must} (${wire.name})`, async () => await shows(wire));
  }
}
