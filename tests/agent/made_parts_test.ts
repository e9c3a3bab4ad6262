import assert from "node:assert/strict";
import type { ModelEvent } from "../../src/model/model.ts";
import { callOf, openHouse, requestOf, send } from "../task/house.ts";
import { fakeAgent, fakeModel } from "./fake_agent.ts";

/* What an agent makes besides words, and words that are no result. */

const FILE = { raw: "aGk=", filename: "hi.txt", mediaType: "text/plain" };
const DATA = { data: { count: 1 } };
const STOP: ModelEvent = { kind: "stop", reason: "end" };

function house(...events: ModelEvent[]) {
  const agent = fakeAgent({ model: fakeModel([events]), tools: [] });
  return openHouse((input, run) => agent.run(input, run));
}

Deno.test("files and data are artifacts of their own, a file under its name, behind the answer", async () => {
  const { artifacts, status } = await send(
    house({ kind: "text", delta: "Here." }, { kind: "part", part: FILE }, { kind: "part", part: DATA }, STOP),
    requestOf("make"),
  );
  assert.deepEqual(artifacts?.map(({ name, parts }) => [name, parts]), [
    ["answer", [{ text: "Here." }]],
    ["hi.txt", [FILE]],
    [undefined, [DATA]],
  ]);
  assert.equal(new Set(artifacts?.map(({ artifactId }) => artifactId)).size, 3);
  assert.equal(status.message, undefined);
});

Deno.test("an agent that made a file and said nothing has not ended without an answer", async () => {
  const { artifacts, status } = await send(house({ kind: "part", part: FILE }, STOP), requestOf("make"));
  assert.deepEqual([artifacts?.length, status.state, status.message], [1, "TASK_STATE_COMPLETED", undefined]);
});

const WORD: ModelEvent[] = [{ kind: "text", delta: "Hello", aside: true }, { kind: "stop", reason: "message" }];

Deno.test("A2A v1 §3.1.1: a sender who waits is given a message in place of a task that has nothing more to show", async () => {
  const { service } = house(...WORD);
  const request = requestOf("greet");
  const response = await service.sendMessage(request, callOf());
  assert.ok("message" in response);
  const { parts, role, taskId = "", contextId } = response.message;
  assert.deepEqual([parts, role], [[{ text: "Hello" }], "ROLE_AGENT"]);
  const task = await service.getTask({ id: taskId }, callOf());
  assert.deepEqual([task.status.state, task.contextId, task.artifacts], ["TASK_STATE_COMPLETED", contextId, undefined]);
  assert.deepEqual(await service.sendMessage(request, callOf()), response);
});

Deno.test("A2A v1 §3.2.2: a sender who does not wait is given the task, and a stream tells of the task", async () => {
  const { service } = house(...WORD);
  const response = await service.sendMessage(requestOf("greet", {}, { returnImmediately: true }), callOf());
  assert.ok("task" in response);
  const streamed = house(...WORD).service.sendStreamingMessage(requestOf("greet"), callOf());
  const events = await Array.fromAsync(streamed);
  assert.deepEqual(events.map(({ event }) => Object.keys(event)[0]), ["task", "statusUpdate", "statusUpdate"]);
});
