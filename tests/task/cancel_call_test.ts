import assert from "node:assert/strict";
import { toolOutcomesOf } from "../../src/a2a/parts.ts";
import { call, fakeTool, says } from "../agent/fake_agent.ts";
import { guarded, openScenery } from "../agent/waiting_house.ts";
import { caller, callOf, isRefusal, requestOf, send } from "./house.ts";

const REPLIES = [
  says([], { calls: [call("slow", "wait"), call("fast", "look")] }),
  says(["Done."]),
];

/** A tool that ends when it is told to, or never. */
function waiting(listens: boolean) {
  const begun = Promise.withResolvers<void>();
  const tool = fakeTool("wait", {
    replay: "once",
    act: (_input, { signal }) => {
      begun.resolve();
      return new Promise((_resolve, reject) => {
        if (listens) signal.addEventListener("abort", () => reject(signal.reason));
      });
    },
  });
  return { tool, begun: begun.promise };
}

for (const listens of [true, false]) {
  Deno.test(`cancelToolCall() ends a call ${listens ? "that listens" : "that does not listen"}, and the task goes on`, async () => {
    const { tool, begun } = waiting(listens);
    const { house, model } = openScenery({ replies: REPLIES, tools: [tool, fakeTool("look")] });
    const { id } = await send(house, requestOf("Go", {}, { returnImmediately: true }));
    await begun;
    assert.equal(await house.service.cancelToolCall({ taskId: id, callId: "slow" }, callOf()), true);
    await house.service.settled();
    const task = await house.service.getTask({ id }, callOf());
    assert.equal(task.status.state, "TASK_STATE_COMPLETED");
    const outcomes = model.requests[1]?.messages.flatMap(toolOutcomesOf) ?? [];
    assert.deepEqual(outcomes.map(({ isError }) => isError), [true, false]);
    assert.match(outcomes[0]?.output ?? "", /^The call of "wait" was canceled by the user/);
    assert.equal(await house.service.cancelToolCall({ taskId: id, callId: "slow" }, callOf()), false);
  });
}

Deno.test("cancelToolCall() denies a call that waits for a yes", async () => {
  const pay = guarded(fakeTool("pay"));
  const { house, model } = openScenery({
    replies: [says([], { calls: [call("p", "pay")] }), says(["Done."])],
    tools: [pay],
  });
  const { id } = await send(house, requestOf("Go"));
  assert.equal(await house.service.cancelToolCall({ taskId: id, callId: "other" }, callOf()), false);
  assert.equal(await house.service.cancelToolCall({ taskId: id, callId: "p" }, callOf()), true);
  await house.service.settled();
  assert.equal((await house.service.getTask({ id }, callOf())).status.state, "TASK_STATE_COMPLETED");
  assert.equal(pay.runs.length, 0);
  assert.match(model.requests[1]?.messages.flatMap(toolOutcomesOf)[0]?.output ?? "", /because: the user canceled it/);
});

Deno.test("cancelToolCall() is its owner's alone", async () => {
  const { tool, begun } = waiting(true);
  const { house } = openScenery({ replies: REPLIES, tools: [tool, fakeTool("look")] });
  const { id } = await send(house, requestOf("Go", {}, { returnImmediately: true }));
  await begun;
  const stranger = callOf({ caller: caller("bob") });
  await assert.rejects(
    house.service.cancelToolCall({ taskId: id, callId: "slow" }, stranger),
    isRefusal("TASK_NOT_FOUND"),
  );
  await house.service.cancelTask({ id }, callOf());
});
