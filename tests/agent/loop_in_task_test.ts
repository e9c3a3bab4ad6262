import assert from "node:assert/strict";
import { textOf, toolCallsOf, toolOutcomesOf } from "../../src/a2a/parts.ts";
import { callOf, type House, openHouse, requestOf, send } from "../task/house.ts";
import type { Model } from "../../src/model/model.ts";
import { call, fakeAgent, fakeModel, fakeTool, says } from "./fake_agent.ts";

/* The loop on the real durable side: what the fake run takes for granted, task/ has to give. */

const REPLIES = [
  says(["I ", "look."], { calls: [call("a", "look"), call("b", "look", { at: 2 })] }),
  says(["I pay."], { calls: [call("p", "pay")] }),
  says(["Do", "ne."]),
];
const ANSWER = "I look.\n\nI pay.\n\nDone.";
const ANNOUNCED = ["look a", "look b", "a = look done", "b = look done", "pay p", "p = pay done"];

/** Called wherever the outside world is asked: before each event of the model, and in each tool. */
type Pause = () => Promise<void>;

function parts(pause: Pause = () => Promise.resolve()) {
  const model = fakeModel(REPLIES);
  const act = (name: string) => async () => {
    await pause();
    return { content: `${name} done` };
  };
  const tools = [fakeTool("look", { act: act("look") }), fakeTool("pay", { replay: "once", act: act("pay") })];
  const paused: Model = {
    id: model.id,
    async *stream(request) {
      for await (const event of model.stream(request)) {
        await pause();
        yield event;
      }
    },
  };
  return { model, tools, agent: fakeAgent({ model: paused, tools }) };
}

/** A pause that lasts for ever, the `at`th time. */
function hangAt(at: number) {
  const reached = Promise.withResolvers<void>();
  let count = 0;
  const pause = () => {
    if (++count !== at) return Promise.resolve();
    reached.resolve();
    return new Promise<void>(() => {});
  };
  return { pause, reached: reached.promise, count: () => count };
}

async function announced(house: House, id: string): Promise<string[]> {
  const task = await house.service.getTask({ id }, callOf());
  return (task.history ?? []).flatMap((message) => [
    ...toolCallsOf(message).map(({ name, id }) => `${name} ${id}`),
    ...toolOutcomesOf(message).map(({ id, output }) => `${id} = ${output}`),
  ]);
}

Deno.test("run() under the task service leaves one artifact, all announcements and the usage", async () => {
  const { agent } = parts();
  const house = openHouse(agent.run);
  const task = await send(house, requestOf("Go"));
  assert.equal(task.status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(task.artifacts?.map(textOf), [ANSWER]);
  assert.deepEqual(await announced(house, task.id), ANNOUNCED);
});

Deno.test("run() under the task service remembers calls and answers of the context", async () => {
  const { agent, model } = parts();
  const house = openHouse(agent.run);
  const first = await send(house, requestOf("Go"));
  await send(house, requestOf("Again", { contextId: first.contextId }));
  const shown = model.requests[3]?.messages ?? [];
  assert.deepEqual(shown.map(textOf).filter((text) => text !== ""), ["Go", ANSWER, "Again"]);
  assert.deepEqual(shown.flatMap(toolOutcomesOf).map(({ id }) => id), ["a", "b", "p"]);
});

Deno.test("run() goes on under the task service after a stop at any question to the outside world", async () => {
  const whole = hangAt(Infinity);
  await send(openHouse(parts(whole.pause).agent.run), requestOf("Go"));
  const asked: number[] = [];
  for (let at = 1; at <= whole.count(); at++) {
    const hang = hangAt(at);
    const house = openHouse(parts(hang.pause).agent.run);
    const { id } = await send(house, requestOf("Go", {}, { returnImmediately: true }));
    await hang.reached;
    await house.service.drain(AbortSignal.abort());
    const next = house.restart(parts().agent.run);
    await next.service.recover();
    const { status, artifacts } = await next.service.getTask({ id }, callOf());
    if (status.state === "TASK_STATE_INPUT_REQUIRED") {
      asked.push(at);
      continue;
    }
    assert.equal(status.state, "TASK_STATE_COMPLETED", `stopped at ${at}`);
    assert.deepEqual(artifacts?.map(textOf), [ANSWER], `stopped at ${at}`);
    assert.deepEqual((await announced(next, id)).toSorted(), ANNOUNCED.toSorted(), `stopped at ${at}`);
  }
  // Only the stop inside the payment leaves a doubt that the peer has to settle.
  assert.equal(asked.length, 1);
});
