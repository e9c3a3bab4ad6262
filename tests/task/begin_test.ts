import { digestOf } from "../../src/task/digest.ts";
import assert from "node:assert/strict";
import { A2AError } from "../../src/a2a/errors.ts";
import { textOf } from "../../src/a2a/parts.ts";
import type { SendMessageRequest } from "../../src/a2a/types.ts";
import { Conflict, StoreFull } from "../../src/store/store.ts";
import {
  asking,
  caller,
  callOf,
  COMPLETED,
  echo,
  type House,
  isRefusal,
  openHouse,
  requestOf,
  type RunFunction,
  send,
  Text,
  toWords,
  waiting,
} from "./house.ts";

/** Every word that a refusal may say of a task that the caller has no business with. */
async function refusalOf(house: House, request: SendMessageRequest, call = callOf()): Promise<string> {
  try {
    await send(house, request, call);
  } catch (thrown) {
    if (thrown instanceof A2AError) return `${thrown.reason} ${thrown.message}`;
    throw thrown;
  }
  return "none";
}

Deno.test("a message to a task that is unknown, foreign or another agent's is TASK_NOT_FOUND, in the same words", async () => {
  const house = openHouse(asking);
  const { id } = await send(house, requestOf("hello"));
  const neighbour = openHouse(asking, { agentId: "other", records: house.records });
  const follow = (taskId: string) => requestOf("done", { taskId });
  const texts = [
    (await refusalOf(house, follow("nowhere"))).replace("nowhere", id),
    await refusalOf(house, follow(id), callOf({ caller: caller("mallory") })),
    await refusalOf(house, follow(id), callOf({ caller: caller("anonymous", "elsewhere") })),
    await refusalOf(neighbour, follow(id)),
  ];
  assert.deepEqual(new Set(texts), new Set([`TASK_NOT_FOUND Task "${id}" was not found`]));
  assert.equal((await house.service.listTasks({}, callOf())).totalSize, 1);
});

Deno.test("a request's tenant does not carry a caller into another tenant's tasks", async () => {
  const house = openHouse(asking);
  const { id } = await send(house, requestOf("hello"));
  const mallory = callOf({ caller: caller("anonymous", "elsewhere"), tenant: "default" });
  await assert.rejects(house.service.getTask({ id }, mallory), isRefusal("TASK_NOT_FOUND"));
  assert.equal((await house.service.getTask({ id }, callOf({ tenant: "echo" }))).id, id);
});

Deno.test("a message to an interrupted task is its next turn, in its context", async () => {
  const house = openHouse(asking);
  const { id, contextId } = await send(house, requestOf("hello"));
  const task = await send(house, requestOf("done", { taskId: id }));
  assert.deepEqual([task.id, task.contextId, task.status.state], [id, contextId, "TASK_STATE_COMPLETED"]);
  assert.deepEqual(task.history?.map((message) => [textOf(message), message.taskId, message.contextId]), [
    ["hello", id, contextId],
    ["which?", id, contextId],
    ["done", id, contextId],
  ]);
  const words = (await house.journal(id)).map((entry) =>
    "input" in entry ? `input ${textOf(entry.input)}` : "event" in entry ? Object.keys(entry.event).join() : "step"
  );
  const update = "statusUpdate";
  assert.deepEqual(words, ["task", update, update, "input done", update, update]);
});

Deno.test("a message to a task that works is refused with its state", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const { id } = await send(house, requestOf("hello", {}, { returnImmediately: true }));
  const refused = send(house, requestOf("more", { taskId: id }));
  await assert.rejects(refused, isRefusal("UNSUPPORTED_OPERATION", "TASK_STATE_SUBMITTED"));
  agent.letGo();
  await house.service.settled();
});

Deno.test("a message to a finished task is UNSUPPORTED_OPERATION with its state", async () => {
  const house = openHouse(echo);
  const { id } = await send(house, requestOf("hello"));
  const followup = requestOf("more", { taskId: id });
  await assert.rejects(send(house, followup), isRefusal("UNSUPPORTED_OPERATION", "it is TASK_STATE_COMPLETED"));
  const stream = house.service.sendStreamingMessage(followup, callOf());
  await assert.rejects(Array.fromAsync(stream), isRefusal("UNSUPPORTED_OPERATION"));
});

Deno.test("a message whose context is not its task's is INVALID_PARAMS on message.contextId", async () => {
  const house = openHouse(asking);
  const { id } = await send(house, requestOf("hello"));
  await assert.rejects(send(house, requestOf("done", { taskId: id, contextId: "another" })), (thrown) => {
    assert.ok(thrown instanceof A2AError);
    assert.deepEqual([thrown.reason, thrown.violations[0]?.field], ["INVALID_PARAMS", "message.contextId"]);
    return true;
  });
});

Deno.test("an inline push configuration is PUSH_NOTIFICATION_NOT_SUPPORTED, and nothing is recorded", async () => {
  const house = openHouse(echo);
  const configuration = { taskPushNotificationConfig: { url: "https://example.com/hook" } };
  await assert.rejects(
    send(house, requestOf("hello", {}, configuration)),
    isRefusal("PUSH_NOTIFICATION_NOT_SUPPORTED"),
  );
  assert.equal((await house.service.listTasks({}, callOf())).totalSize, 0);
});

Deno.test("the same message sent again joins its task: it runs once and both get its answer", async () => {
  const agent = waiting();
  let runs = 0;
  const house = openHouse((input, run) => {
    runs++;
    return agent.run(input, run);
  });
  const request = requestOf("hello", { messageId: "again", metadata: { a: 1, b: 2 } });
  const reordered = requestOf("hello", { messageId: "again", metadata: { b: 2, a: 1 } }, { historyLength: 0 });
  const first = send(house, request);
  await agent.begun;
  const second = send(house, reordered);
  const streamed = Array.fromAsync(house.service.sendStreamingMessage(request, callOf()));
  const at = await send(house, { ...request, configuration: { returnImmediately: true } });
  agent.letGo();
  const [one, two] = [await first, await second];
  assert.deepEqual([two.id, two.status.state, at.id, runs], [one.id, "TASK_STATE_COMPLETED", one.id, 1]);
  assert.deepEqual(toWords(await streamed), ["1 task submitted", "2 working", "3 completed"]);
  assert.equal((await send(house, request)).id, one.id);
});

Deno.test("other words or other metadata under the same messageId are a new message", async () => {
  const house = openHouse(echo);
  const request = requestOf("hello", { messageId: "used" });
  const first = await send(house, request);
  const others = [requestOf("other", { messageId: "used" }), { ...request, metadata: { session: "another" } }];
  const ids = new Set([first.id]);
  for (const other of others) {
    const task = await send(house, other);
    assert.equal((await send(house, other)).id, task.id);
    ids.add(task.id);
  }
  assert.equal(ids.size, 3);
  assert.equal((await send(house, request)).id, first.id);
});

Deno.test("where repeated messages are new, each begins a task", async () => {
  const house = openHouse(echo, { repeatedMessages: "new" });
  const request = requestOf("hello", { messageId: "again" });
  assert.notEqual((await send(house, request)).id, (await send(house, request)).id);
});

Deno.test("a messageId belongs to its caller: another's same id begins a task of its own", async () => {
  const house = openHouse(echo);
  const request = requestOf("hello", { messageId: "common" });
  const mine = await send(house, request);
  const theirs = await send(house, request, callOf({ caller: caller("bob") }));
  assert.notEqual(theirs.id, mine.id);
});

Deno.test("a generated messageId claims nothing", async () => {
  const house = openHouse(echo);
  const request = requestOf("hello", { messageId: "generated" });
  const call = callOf({ messageIdGenerated: true });
  assert.notEqual((await send(house, request, call)).id, (await send(house, request, call)).id);
  const scope = { tenant: "default", owner: "anonymous", agent: "echo" };
  const { message, metadata } = request;
  const name = { id: "generated", digest: digestOf([message, metadata]) };
  assert.equal(await house.store.tasks.byMessage(scope, name), undefined);
});

Deno.test("a follow-up sent again joins its turn while it works, when it is done, and when the agent asked again", async () => {
  const agent = waiting();
  const house = openHouse(async (input, run) => {
    const text = textOf(input.message);
    if (text === "slowly") return await agent.run(input, run);
    return { state: text === "done" ? "TASK_STATE_COMPLETED" : "TASK_STATE_INPUT_REQUIRED" };
  });
  const { id: taskId } = await send(house, requestOf("hello"));
  const unclear = requestOf("hm", { taskId });
  await send(house, unclear);
  assert.equal((await send(house, unclear)).status.state, "TASK_STATE_INPUT_REQUIRED");
  const slowly = requestOf("slowly", { taskId });
  const first = send(house, slowly);
  await agent.begun;
  const second = send(house, slowly);
  const stream = house.service.sendStreamingMessage(slowly, callOf())[Symbol.asyncIterator]();
  assert.deepEqual(toWords([(await stream.next()).value]), ["8 task working"]);
  agent.letGo();
  assert.deepEqual(toWords([(await stream.next()).value]), ["9 completed"]);
  assert.equal((await stream.next()).done, true);
  assert.deepEqual([(await first).status.state, (await second).status.state], [
    "TASK_STATE_COMPLETED",
    "TASK_STATE_COMPLETED",
  ]);
  assert.equal((await send(house, slowly)).id, taskId);
  assert.equal((await house.journal(taskId)).filter((entry) => "input" in entry).length, 2);
});

Deno.test("an agent that makes its call again hears the task as it is, not the question that was answered since", async () => {
  const house = openHouse(asking);
  const request = requestOf("hello", { messageId: "call" });
  const { id: taskId } = await send(house, request);
  await send(house, requestOf("done", { taskId }));
  const again = await Array.fromAsync(house.service.sendStreamingMessage(request, callOf({ repeats: "join" })));
  assert.deepEqual(toWords(again).map((words) => words.replace(/^\d+ /, "")), ["task completed"]);
});

Deno.test("of two messages to one interrupted task at a time, one is its next turn and one is refused", async () => {
  const agent = waiting();
  const house = openHouse((input, run) => textOf(input.message) === "go" ? agent.run(input, run) : asking(input, run));
  const { id: taskId } = await send(house, requestOf("hello"));
  const sent = [1, 2].map(() => send(house, requestOf("go", { taskId })));
  await agent.begun;
  const refused = await Promise.any(
    sent.map((sending) => sending.then(() => Promise.reject(sending), (thrown) => thrown)),
  );
  agent.letGo();
  assert.ok(isRefusal("UNSUPPORTED_OPERATION", "TASK_STATE_WORKING")(refused));
  const results = await Promise.allSettled(sent);
  assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

Deno.test("the same follow-up twice at a time is one turn, and both get its answer", async () => {
  const house = openHouse(asking);
  const { id: taskId } = await send(house, requestOf("hello"));
  const request = requestOf("done", { taskId });
  const tasks = await Promise.all([send(house, request), send(house, request)]);
  assert.deepEqual(tasks.map(({ status }) => status.state), ["TASK_STATE_COMPLETED", "TASK_STATE_COMPLETED"]);
  assert.equal((await house.journal(taskId)).filter((entry) => "input" in entry).length, 1);
});

Deno.test("a follow-up that the store had no room for can be sent again", async () => {
  let full = false;
  const house = openHouse(asking, {
    journal: (inner) => ({
      append: async (ref, drafts, expect) => {
        if (full) throw new StoreFull("disk full");
        return await inner.append(ref, drafts, expect);
      },
    }),
  });
  const { id: taskId } = await send(house, requestOf("hello"));
  const request = requestOf("done", { taskId });
  full = true;
  await assert.rejects(send(house, request), isRefusal("UNAVAILABLE", "no room"));
  full = false;
  assert.equal((await send(house, request)).status.state, "TASK_STATE_COMPLETED");
});

Deno.test("a follow-up gives up with UNAVAILABLE when others keep the task busy", async () => {
  const house = openHouse(asking, {
    journal: () => ({ acquire: () => Promise.reject(new Conflict("held by a neighbour")) }),
  });
  const { id: taskId } = await send(house, requestOf("hello"));
  await assert.rejects(send(house, requestOf("done", { taskId })), isRefusal("UNAVAILABLE", "busy"));
});

Deno.test("a second turn does not find the first one's steps, and its ids are others", async () => {
  const ids: string[] = [];
  let acts = 0;
  const run: RunFunction = async (_input, run) => {
    ids.push(run.nextId("message"));
    await run.step({ id: "model:1", replay: "once", result: Text, act: () => Promise.resolve({ text: `${++acts}` }) });
    return acts === 1 ? { state: "TASK_STATE_INPUT_REQUIRED" } : COMPLETED;
  };
  const house = openHouse(run);
  const { id: taskId } = await send(house, requestOf("hello"));
  const task = await send(house, requestOf("more", { taskId }));
  assert.equal(task.status.state, "TASK_STATE_COMPLETED");
  assert.equal(acts, 2);
  assert.deepEqual(ids, [`${taskId}:0:message:1`, `${taskId}:1:message:1`]);
});
