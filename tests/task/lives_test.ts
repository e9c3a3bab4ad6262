import assert from "node:assert/strict";
import { textOf } from "../../src/a2a/parts.ts";
import type { Message, Task } from "../../src/a2a/types.ts";
import type { Run } from "../../src/agent/agent.ts";
import { letGo, livesInVain, takenUp } from "../../src/task/lives.ts";
import { TASK_LIMITS } from "../../src/task/task_limits.ts";
import {
  asking,
  callOf,
  COMPLETED,
  echo,
  type House,
  openHouse,
  requestOf,
  type RunFunction,
  send,
  Text,
  toWords,
  waiting,
} from "./house.ts";

const LIMIT = TASK_LIMITS.maxLivesInVain;
const get = (house: House, id: string): Promise<Task> => house.service.getTask({ id }, callOf());

/** An agent that tells when it is in its deadly step, and never leaves it. Given `before`, it does that first. */
function deadly(before: (run: Run) => Promise<unknown> = () => Promise.resolve()) {
  let reached = Promise.withResolvers<void>();
  let runs = 0;
  const run: RunFunction = async (_input, run) => {
    await before(run);
    await run.step({
      id: "tool:1",
      result: Text,
      act: () => {
        runs++;
        reached.resolve();
        return Promise.withResolvers<never>().promise;
      },
    });
    return COMPLETED;
  };
  return {
    run,
    runs: () => runs,
    reached: async () => {
      await reached.promise;
      reached = Promise.withResolvers();
    },
  };
}
type Deadly = ReturnType<typeof deadly>;

async function begun(agent: Deadly, text = "hello") {
  const house = openHouse(agent.run);
  const { id } = await send(house, requestOf(text, {}, { returnImmediately: true }));
  await agent.reached();
  await recorded(house, id);
  return { house, id };
}

/** What the run has said so far is durable: nothing is written for a whole turn of the event loop, and another. */
async function recorded(house: House, id: string): Promise<void> {
  for (let before = -1, now = 0; before !== now;) {
    before = now;
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    now = (await house.journal(id)).length;
  }
}

/** The process dies and another takes the task up: `times` in a row. */
async function dies(house: House, { id, agent, times }: { id: string; agent: Deadly; times: number }): Promise<House> {
  let last = house;
  for (let time = 0; time < times; time++) {
    last = last.restart(agent.run);
    void last.service.recover();
    await agent.reached();
    await recorded(last, id);
  }
  return last;
}

Deno.test("recover() gives up a task over which the process died too often in a row, and says so", async () => {
  const agent = deadly();
  const { house, id } = await begun(agent);
  const last = await dies(house, { id, agent, times: LIMIT });
  assert.equal((await get(last, id)).status.state, "TASK_STATE_WORKING");
  const calledOff: string[] = [];
  const next = last.restart(agent.run, {
    callOff: ({ ref, task }) => Promise.resolve(void calledOff.push(`${ref.id} ${task.status.state}`)),
  });
  assert.equal(await next.service.recover(), 0);
  const { status } = await get(next, id);
  assert.equal(status.state, "TASK_STATE_FAILED");
  assert.deepEqual(calledOff, [`${id} TASK_STATE_WORKING`]);
  assert.match(status.message ? textOf(status.message) : "", /^The server died 10 times while it worked on this task/);
  assert.equal(agent.runs(), LIMIT + 1);
  assert.deepEqual(next.logged.map(({ message, fields }) => [message, fields]), [[
    "task is given up: the process died each time it was worked on",
    { agent: "echo", task: id, deaths: LIMIT },
  ]]);
  assert.equal(await next.restart(agent.run).service.recover(), 0);
});

Deno.test("recover() takes the other tasks up when it gives one up", async () => {
  const agent = deadly();
  const { house, id } = await begun(agent);
  const last = await dies(house, { id, agent, times: LIMIT });
  const { id: other } = await send(last, requestOf("other", {}, { returnImmediately: true }));
  await agent.reached();
  const next = last.restart(echo);
  assert.equal(await next.service.recover(), 1);
  assert.deepEqual([(await get(next, id)).status.state, (await get(next, other)).status.state], [
    "TASK_STATE_FAILED",
    "TASK_STATE_COMPLETED",
  ]);
});

const note = (text: string): Message => ({ messageId: text, role: "ROLE_AGENT", parts: [{ text }] });
const artifact = (artifactId: string, text: string) => ({ artifact: { artifactId, parts: [{ text }] } });

/** [what each life does before it dies, how, whether that takes the task further] */
const BEFORE: [name: string, before: (run: Run, life: number) => Promise<unknown>, isProgress: boolean][] = [
  [
    "ends another step",
    async (run, life) => {
      for (let number = 0; number <= life; number++) {
        await run.step({ id: `model:${number}`, result: Text, act: () => Promise.resolve({ text: "" }) });
      }
    },
    true,
  ],
  ["says something new", (run, life) => run.emit({ working: note(`life ${life}`) }), true],
  ["makes another file", (run, life) => run.emit(artifact(`file ${life}`, "")), true],
  [
    "ends the same step",
    (run) => run.step({ id: "model:1", result: Text, act: () => Promise.resolve({ text: "" }) }),
    false,
  ],
  ["says the same", (run) => run.emit({ working: note("the same") }), false],
  [
    "says a part of its answer, and again",
    async (run, life) => {
      await run.emit(artifact("answer", "Once "));
      await run.emit({ ...artifact("answer", `upon ${life}`), append: true });
    },
    false,
  ],
];
for (const [name, before, isProgress] of BEFORE) {
  Deno.test(`recover() ${isProgress ? "never gives up" : "gives up"} a task of which each life ${name}`, async () => {
    let life = 0;
    const agent = deadly((run) => before(run, life++));
    const { house, id } = await begun(agent);
    const last = await dies(house, { id, agent, times: isProgress ? LIMIT + 5 : LIMIT });
    const next = last.restart(() => Promise.resolve(COMPLETED));
    assert.equal(await next.service.recover(), isProgress ? 1 : 0);
    const { status } = await get(next, id);
    assert.equal(status.state, isProgress ? "TASK_STATE_COMPLETED" : "TASK_STATE_FAILED");
  });
}

Deno.test("recover() counts no life that ended with its process, as that is no death", async () => {
  const agent = deadly();
  const { house, id } = await begun(agent);
  let last = house;
  for (let time = 0; time < LIMIT + 5; time++) {
    last = await dies(last, { id, agent, times: 1 });
    await last.service.drain(AbortSignal.abort());
  }
  last = await dies(last, { id, agent, times: LIMIT });
  assert.equal((await get(last, id)).status.state, "TASK_STATE_WORKING");
  assert.equal(await last.restart(agent.run).service.recover(), 0);
  assert.equal((await get(last, id)).status.state, "TASK_STATE_FAILED");
});

Deno.test("recover() counts nothing of a task that waits for its peer, however often the process dies", async () => {
  let house = openHouse(asking);
  const { id } = await send(house, requestOf("go"));
  const { length } = await house.journal(id);
  for (let time = 0; time < LIMIT + 5; time++) {
    house = house.restart(asking);
    assert.equal(await house.service.recover(), 0);
  }
  assert.equal((await house.journal(id)).length, length);
  assert.equal((await send(house, requestOf("done", { taskId: id }))).status.state, "TASK_STATE_COMPLETED");
});

Deno.test("a task that nothing happens to has nothing of lives in its journal, and is drained without", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const { id } = await send(house, requestOf("hello", {}, { returnImmediately: true }));
  await agent.begun;
  await house.service.drain(AbortSignal.abort());
  assert.deepEqual((await house.journal(id)).filter((entry) => "step" in entry), []);
});

Deno.test("peers hear nothing of lives, and their numbers go on", async () => {
  const agent = deadly();
  const { house, id } = await begun(agent);
  const last = await dies(house, { id, agent, times: 3 });
  const next = last.restart(echo);
  const heard = Array.fromAsync(next.service.subscribeToTask({ id }, callOf({ afterSeq: 1 })));
  assert.equal(await next.service.recover(), 1);
  assert.deepEqual(toWords(await heard), ["2 working", "7 =hello", "8 completed"]);
});

/** [the entry, lives before it, lives with it] */
const ENTRIES: [name: string, draft: Parameters<typeof livesInVain>[1], before: number, after: number][] = [
  ["a taking up", { ...takenUp("now"), seq: 3 }, 4, 5],
  ["a letting go", { ...letGo("now"), seq: 3 }, 4, 0],
  ["a step", { at: "now", seq: 3, step: { id: "0:tool:1", phase: "begin" } }, 4, 0],
  ["a message", { at: "now", seq: 3, input: { messageId: "m", role: "ROLE_USER", parts: [] } }, 4, 0],
];
for (const [name, entry, before, after] of ENTRIES) {
  Deno.test(`livesInVain() of ${name} after ${before} is ${after}`, () => {
    assert.equal(livesInVain(before, entry, undefined), after);
  });
}
