import assert from "node:assert/strict";
import { textOf } from "../../src/a2a/parts.ts";
import { asking, callOf, isRefusal, openHouse, requestOf, type RunFunction, send, waiting } from "./house.ts";

/** An agent that works until it is let go, then asks; what it is told then ends it. */
function asksWhenLetGo() {
  const first = waiting();
  const run: RunFunction = async (input, run) => {
    if (textOf(input.message) !== "hello") return { state: "TASK_STATE_COMPLETED" };
    await first.run(input, run);
    return await asking(input, run);
  };
  return { ...first, run };
}

Deno.test("a message to a task at work waits where messages may wait, and is its next turn when the task asks", async () => {
  const agent = asksWhenLetGo();
  const house = openHouse(agent.run, { messagesToWorking: "wait" });
  const { id } = await send(house, requestOf("hello", {}, { returnImmediately: true }));
  await agent.begun;
  const sent = send(house, requestOf("more", { taskId: id }));
  agent.letGo();
  const { status, history } = await sent;
  assert.equal(status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(history?.map(textOf), ["hello", "which?", "more"]);
});

Deno.test("a message that waited for a task that ended is refused with its state", async () => {
  const agent = waiting();
  const house = openHouse(agent.run, { messagesToWorking: "wait" });
  const { id } = await send(house, requestOf("hello", {}, { returnImmediately: true }));
  await agent.begun;
  const refused = send(house, requestOf("more", { taskId: id }));
  agent.letGo();
  await assert.rejects(refused, isRefusal("UNSUPPORTED_OPERATION", "it is TASK_STATE_COMPLETED"));
});

Deno.test("who goes away while its message waits has sent nothing", async () => {
  const agent = waiting();
  const house = openHouse(agent.run, { messagesToWorking: "wait" });
  const { id } = await send(house, requestOf("hello", {}, { returnImmediately: true }));
  await agent.begun;
  const leaving = new AbortController();
  const left = send(house, requestOf("more", { taskId: id }), callOf({ signal: leaving.signal }));
  leaving.abort();
  await assert.rejects(left, isRefusal("REQUEST_TIMEOUT"));
  agent.letGo();
  await house.service.settled();
  assert.equal((await house.journal(id)).some((entry) => "input" in entry), false);
});
