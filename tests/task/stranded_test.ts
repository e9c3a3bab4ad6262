import assert from "node:assert/strict";
import { Conflict, type Draft, type Journal, StoreFailed, StoreFull } from "../../src/store/store.ts";
import { manualTimers } from "../lib/manual_timers.ts";
import {
  callOf,
  COMPLETED,
  type House,
  isRefusal,
  openHouse,
  requestOf,
  type RunFunction,
  send,
  START_MS,
  Text,
} from "./house.ts";

/* What becomes of tasks whose store fails while they are worked on, in a process that goes on. */

const NOW = { returnImmediately: true };

/** A store that takes nothing while it is broken; reads go on. `refuses` picks what it does not take. */
function scene(run: RunFunction, refuses: (drafts: readonly Draft[]) => boolean = () => true) {
  const state = { isBroken: false, refused: 0 };
  const timers = manualTimers();
  const journal = (inner: Journal): Partial<Journal> => ({
    append: (ref, drafts, expect) => {
      if (!state.isBroken || !refuses(drafts)) return inner.append(ref, drafts, expect);
      state.refused++;
      return Promise.reject(new StoreFull("Cannot write to the store: its disk is full"));
    },
  });
  const house = openHouse(run, { timers, clock: { ms: START_MS }, journal });
  const pass = async (ms: number) => {
    timers.advance(ms);
    await soon();
    await soon();
  };
  return { state, timers, house, pass };
}

/** When what can be done without time has been done. */
async function soon(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function stateOf({ store }: House, id: string) {
  return (await store.tasks.get({ tenant: "default", owner: "anonymous", id }))?.task.status.state;
}

/** Asks a model twice and says each answer; `onPaid` hears what is paid for when all before it is recorded. */
function pays(onPaid: (id: string) => void): RunFunction {
  return async (_input, run) => {
    for (const id of ["first", "second"]) {
      const act = async () => {
        await soon();
        onPaid(id);
        return { text: id };
      };
      const { text } = await run.step({ id, result: Text, act });
      await run.emit({ artifact: { artifactId: id, parts: [{ text }] } });
    }
    return COMPLETED;
  };
}

Deno.test("a task whose store fails goes on in the same process when the store takes something again", async () => {
  const paid: string[] = [];
  const { state, house, pass, timers } = scene(pays((id) => {
    paid.push(id);
    state.isBroken = paid.length === 2;
  }));
  const { id } = await send(house, requestOf("go", {}, NOW));
  await pass(0);
  await pass(0);
  assert.equal(await stateOf(house, id), "TASK_STATE_WORKING");
  const followed = Array.fromAsync(house.service.subscribeToTask({ id }, callOf()));
  await pass(1_000);
  await pass(2_000);
  assert.equal(state.refused, 3);
  assert.deepEqual(paid, ["first", "second"], "nothing is paid for while it could not be recorded");
  state.isBroken = false;
  await pass(4_000);
  await house.service.settled();
  assert.equal(await stateOf(house, id), "TASK_STATE_COMPLETED");
  assert.deepEqual(paid, ["first", "second", "second"], "what was recorded is not done again");
  const [last] = (await followed).slice(-1);
  assert.ok(last !== undefined && "statusUpdate" in last.event, "who followed it hears the end");
  assert.deepEqual(house.logged.map(({ message }) => message), [
    "run could not be recorded",
    "task is taken up again: the store takes what it says",
  ]);
  assert.equal(timers.running(), 0);
});

Deno.test(`a "once" step that the store has left open is asked about, and never done again`, async () => {
  let done = 0;
  const { state, house, pass } = scene(async (_input, run) => {
    const act = () => {
      done++;
      state.isBroken = true;
      return Promise.resolve({ text: "sent" });
    };
    await run.step({ id: "mail", replay: "once", result: Text, act });
    return COMPLETED;
  });
  const { id } = await send(house, requestOf("go", {}, NOW));
  await pass(0);
  state.isBroken = false;
  await pass(1_000);
  await house.service.settled();
  assert.equal(await stateOf(house, id), "TASK_STATE_INPUT_REQUIRED");
  assert.equal(done, 1);
});

Deno.test("a task is not taken up again while what its first run began is still under way", async () => {
  const slow = Promise.withResolvers<void>();
  let runs = 0;
  const { state, house, pass } = scene(async (_input, run) => {
    runs++;
    if (runs > 1) return COMPLETED;
    state.isBroken = true;
    await run.emit({ artifact: { artifactId: "a", parts: [{ text: "x" }] } });
    await slow.promise;
    return COMPLETED;
  });
  const { id } = await send(house, requestOf("go", {}, NOW));
  await pass(0);
  state.isBroken = false;
  await pass(60_000);
  assert.equal(runs, 1);
  slow.resolve();
  await pass(0);
  await house.service.settled();
  assert.deepEqual([runs, await stateOf(house, id)], [2, "TASK_STATE_COMPLETED"]);
});

Deno.test("a run that strands again and again begins ever more rarely", async () => {
  let runs = 0;
  const { state, house, pass } = scene(
    async (_input, run) => {
      runs++;
      await run.emit({ artifact: { artifactId: "a", parts: [{ text: "too large" }] } });
      return COMPLETED;
    },
    // What is small still finds room.
    (drafts) => drafts.some((draft) => "event" in draft),
  );
  state.isBroken = true;
  const { id } = await send(house, requestOf("go", {}, NOW));
  for (let second = 0; second < 60; second++) await pass(1_000);
  assert.equal(runs, 6, "after 1, 2, 4, 8 and 16 seconds");
  state.isBroken = false;
  await pass(32_000);
  await house.service.settled();
  assert.equal(await stateOf(house, id), "TASK_STATE_COMPLETED");
});

Deno.test("a task is taken up again from where it is, if what failed was recorded all the same", async () => {
  let appends = 0;
  let runs = 0;
  const timers = manualTimers();
  const journal = (inner: Journal): Partial<Journal> => ({
    append: async (ref, drafts, expect) => {
      const stored = await inner.append(ref, drafts, expect);
      // The database does not tell that it has done the first, and says of the next that it came too late.
      if (++appends === 1) throw new StoreFailed("disk I/O error");
      if (appends === 2) throw new Conflict("Its journal has gone on");
      return stored;
    },
  });
  const agent: RunFunction = (_input, run) => {
    const sign = ++runs === 1 ? run.signal : AbortSignal.abort();
    return new Promise((resolve) => {
      if (sign.aborted) resolve(COMPLETED);
      else sign.addEventListener("abort", () => resolve(COMPLETED));
    });
  };
  const house = openHouse(agent, { timers, clock: { ms: START_MS }, journal });
  const { id } = await send(house, requestOf("go", {}, NOW));
  for (const ms of [10, 1_000, 2_000]) {
    timers.advance(ms);
    await soon();
    await soon();
  }
  await house.service.settled();
  assert.deepEqual([runs, await stateOf(house, id)], [2, "TASK_STATE_COMPLETED"]);
});

Deno.test("a task that waits for its store can be canceled when the store is well again", async () => {
  const { state, house, pass, timers } = scene(async (_input, run) => {
    if (!state.isBroken) await new Promise((_, reject) => run.signal.addEventListener("abort", reject));
    return COMPLETED;
  });
  state.isBroken = true;
  const { id } = await send(house, requestOf("go", {}, NOW));
  await pass(0);
  await assert.rejects(house.service.cancelTask({ id }, callOf()), isRefusal("UNAVAILABLE"));
  state.isBroken = false;
  await pass(1_000);
  assert.equal((await house.service.cancelTask({ id }, callOf())).status.state, "TASK_STATE_CANCELED");
  assert.equal(timers.running(), 0);
});

Deno.test("a stopping service leaves what waits for its store to the next start", async () => {
  const { state, house, pass, timers } = scene(() => Promise.resolve(COMPLETED));
  state.isBroken = true;
  const { id } = await send(house, requestOf("go", {}, NOW));
  await pass(0);
  assert.equal(timers.running(), 1);
  await house.service.drain(AbortSignal.abort());
  assert.equal(timers.running(), 0);
  const next = house.restart(() => Promise.resolve(COMPLETED), { journal: undefined });
  assert.equal(await next.service.recover(), 1);
  assert.equal(await stateOf(next, id), "TASK_STATE_COMPLETED");
});
