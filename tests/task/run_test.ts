import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { textOf } from "../../src/a2a/parts.ts";
import type { Message } from "../../src/a2a/types.ts";
import type { Run } from "../../src/agent/agent.ts";
import type { Draft, Journal } from "../../src/store/store.ts";
import {
  callOf,
  COMPLETED,
  echo,
  type HouseOptions,
  openHouse,
  requestOf,
  type RunFunction,
  send,
  Text,
} from "./house.ts";

const chunk = (text: string, append: boolean) => ({ artifact: { artifactId: "answer", parts: [{ text }] }, append });
const note = (messageId: string, text: string): Message => ({ messageId, role: "ROLE_AGENT", parts: [{ text }] });

/** A journal that writes down each append, and holds it back until it is let through. */
function heldBack(): { journal: HouseOptions["journal"]; appends: (readonly Draft[])[]; letThrough: () => void } {
  const appends: (readonly Draft[])[] = [];
  let gate = Promise.withResolvers<void>();
  const journal = (inner: Journal): Partial<Journal> => ({
    append: async (ref, drafts, expect) => {
      appends.push(drafts);
      await gate.promise;
      return await inner.append(ref, drafts, expect);
    },
  });
  const letThrough = () => {
    gate.resolve();
    gate = Promise.withResolvers();
  };
  return { journal, appends, letThrough };
}

const kindsOf = (drafts: readonly Draft[] | undefined) =>
  drafts?.map((draft) =>
    "step" in draft ? draft.step.phase : "event" in draft ? Object.keys(draft.event).join() : "input"
  );

Deno.test("step() gives what was done, and records it with its events in one commit, in order", async () => {
  const house = openHouse(async (_input, run) => {
    const { text } = await run.step({
      id: "tool:1",
      result: Text,
      act: () => Promise.resolve({ text: "found" }),
      events: ({ text }) => [{ working: note("n1", `${text} it`) }, chunk("a", false)],
    });
    await run.emit(chunk(text, true));
    return COMPLETED;
  });
  const task = await send(house, requestOf("hello"));
  assert.deepEqual(task.artifacts?.map(textOf), ["afound"]);
  assert.deepEqual(task.history?.map(textOf), ["hello", "found it"]);
  assert.deepEqual(kindsOf(await house.journal(task.id)), [
    "task",
    "statusUpdate",
    "statusUpdate",
    "artifactUpdate",
    "end",
    "artifactUpdate",
    "statusUpdate",
  ]);
});

for (const replay of ["once", "ask"] as const) {
  Deno.test(`step() with replay "${replay}" acts only when its beginning is durable`, async () => {
    const { journal, appends, letThrough } = heldBack();
    let acts = 0;
    const begun = Promise.withResolvers<void>();
    const acted = Promise.withResolvers<void>();
    const house = openHouse(async (_input, run) => {
      const step = run.step({
        id: "pay",
        replay,
        result: Text,
        detail: { tool: "pay" },
        act: () => {
          acts++;
          acted.resolve();
          return Promise.resolve({ text: "paid" });
        },
      });
      begun.resolve();
      await step;
      return COMPLETED;
    }, { journal });
    const sent = send(house, requestOf("pay"));
    await begun.promise;
    assert.deepEqual([kindsOf(appends[0]), acts], [["statusUpdate", "begin"], 0]);
    letThrough();
    await acted.promise;
    await Promise.resolve();
    assert.equal(acts, 1);
    while (appends.length < 2) await new Promise((resolve) => setImmediate(resolve));
    letThrough();
    assert.equal((await sent).status.state, "TASK_STATE_COMPLETED");
    assert.deepEqual(kindsOf(appends[1]), ["end", "statusUpdate"]);
  });
}

Deno.test("step() passes a throw of its act on, and records no result", async () => {
  const house = openHouse(async (_input, run) => {
    const failing = run.step({ id: "tool:1", result: Text, act: () => Promise.reject(new Error("broken")) });
    await assert.rejects(failing, /broken/);
    return COMPLETED;
  });
  const { id, status } = await send(house, requestOf("hello"));
  assert.equal(status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(kindsOf(await house.journal(id)), ["task", "statusUpdate", "statusUpdate"]);
});

Deno.test("step() refuses an id that the turn has used, because a replay could not tell the two apart", async () => {
  const house = openHouse(async (_input, run) => {
    const step = { id: "tool:1", result: Text, act: () => Promise.resolve({ text: "" }) };
    await run.step(step);
    await assert.rejects(run.step(step), /Step "tool:1" was asked for twice/);
    return COMPLETED;
  });
  assert.equal((await send(house, requestOf("hello"))).status.state, "TASK_STATE_COMPLETED");
});

Deno.test("steps side by side are recorded as they end, each with its own events", async () => {
  const house = openHouse(async (_input, run) => {
    const slow = Promise.withResolvers<{ text: string }>();
    const say = ({ text }: { text: string }) => [{ working: note(text, text) }];
    const first = run.step({ id: "a", result: Text, act: () => slow.promise, events: say });
    const second = run.step({ id: "b", result: Text, act: () => Promise.resolve({ text: "second" }), events: say });
    await second;
    slow.resolve({ text: "first" });
    assert.deepEqual(await Promise.all([first, second]), [{ text: "first" }, { text: "second" }]);
    return COMPLETED;
  });
  const task = await send(house, requestOf("hello"));
  assert.deepEqual(task.history?.map(textOf), ["hello", "second", "first"]);
  const ids = (await house.journal(task.id)).flatMap((entry) => "step" in entry ? [entry.step.id] : []);
  assert.deepEqual(ids, ["0:b", "0:a"]);
});

Deno.test("emit() makes an agent wait when too much is not yet durable, and lets it go on when it is", async () => {
  const { journal, appends, letThrough } = heldBack();
  const big = "x".repeat(600);
  const emitted: number[] = [];
  const full = Promise.withResolvers<void>();
  const house = openHouse(async (_input, run) => {
    for (let at = 0; at < 6; at++) {
      const room = run.emit({ artifact: { artifactId: `part ${at}`, parts: [{ text: big }] } });
      if (at === 1) full.resolve();
      await room;
      emitted.push(at);
    }
    return COMPLETED;
  }, { journal, limits: { maxBufferBytes: 1_500 } });
  const sent = send(house, requestOf("hello"));
  await full.promise;
  while (appends.length < 1) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(emitted, [0]);
  let task;
  void sent.then((ended) => task = ended);
  while (task === undefined) {
    letThrough();
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(emitted, [0, 1, 2, 3, 4, 5]);
  assert.deepEqual((await sent).artifacts?.map(textOf), Array(6).fill(big));
});

Deno.test("nothing that an agent says after its end is recorded, awaited or not", async () => {
  let kept: Run | undefined;
  const house = openHouse((_input, run) => {
    kept = run;
    return Promise.resolve(COMPLETED);
  });
  const task = await send(house, requestOf("hello"));
  assert.ok(kept !== undefined);
  void kept.emit(chunk("dropped", false));
  void kept.step({ id: "dropped", result: Text, act: () => assert.fail("a run that is over acts") });
  await assert.rejects(kept.emit(chunk("late", false)), /is over/);
  const late = kept.step({ id: "late", result: Text, act: () => assert.fail("a run that is over acts") });
  await assert.rejects(late, /is over/);
  assert.equal((await house.journal(task.id)).length, 3);
});

Deno.test("a throw ends what the agent left running", async () => {
  let signal: AbortSignal | undefined;
  const house = openHouse((_input, run) => {
    signal = run.signal;
    return Promise.reject(new Error("broken"));
  });
  await send(house, requestOf("hello"));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(signal?.aborted, true);
});

Deno.test("nextId() counts within kind and turn, so a replay makes the same ids", async () => {
  const ids: string[] = [];
  const { id } = await send(
    openHouse((_input, run) => {
      ids.push(run.nextId("message"), run.nextId("artifact"), run.nextId("message"));
      return Promise.resolve(COMPLETED);
    }),
    requestOf("hello"),
  );
  assert.deepEqual(ids, [`${id}:0:message:1`, `${id}:0:artifact:1`, `${id}:0:message:2`]);
});

Deno.test("the run's task is what peers had seen when it began", async () => {
  const seen: unknown[] = [];
  const run: RunFunction = (_input, { task }) => {
    seen.push(task.status.state, task.history?.map(textOf));
    return Promise.resolve(seen.length === 2 ? { state: "TASK_STATE_INPUT_REQUIRED" } : COMPLETED);
  };
  const house = openHouse(run);
  const { id: taskId } = await send(house, requestOf("one"));
  await send(house, requestOf("two", { taskId }));
  assert.deepEqual(seen, ["TASK_STATE_SUBMITTED", ["one"], "TASK_STATE_WORKING", ["one", "two"]]);
});

Deno.test("a status message carries its task and context, whatever the agent wrote into it", async () => {
  const house = openHouse(async (_input, run) => {
    await run.emit({ working: { ...note("n1", "thinking"), taskId: "wrong" } });
    return { ...COMPLETED, message: note("n2", "bye") };
  });
  const { id, contextId, status, history } = await send(house, requestOf("hello"));
  const ids = [...history ?? [], status.message].map((message) => [message?.taskId, message?.contextId]);
  assert.deepEqual(ids, Array(3).fill([id, contextId]));
});

Deno.test("many tasks at a time do not mix", async () => {
  const house = openHouse(echo);
  const words = Array.from({ length: 200 }, (_, at) => `word ${at}`);
  const tasks = await Promise.all(words.map((word) => send(house, requestOf(word))));
  assert.deepEqual(tasks.map(({ artifacts }) => artifacts?.map(textOf).join()), words);
  assert.equal(new Set(tasks.map(({ id }) => id)).size, words.length);
  assert.equal((await house.service.listTasks({ pageSize: 1 }, callOf())).totalSize, words.length);
});
