import assert from "node:assert/strict";
import { textOf } from "../../src/a2a/parts.ts";
import { StoreFull } from "../../src/store/store.ts";
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
  send,
  toWords,
  waiting,
} from "./house.ts";

const cancel = (house: House, id: string, call = callOf()) => house.service.cancelTask({ id }, call);

Deno.test("cancelTask() aborts a run, keeps what it said, and answers with the canceled task", async () => {
  const agent = waiting();
  const house = openHouse(async (input, run) => {
    await run.emit({ artifact: { artifactId: "answer", parts: [{ text: "half" }] } });
    return await agent.run(input, run);
  });
  const request = requestOf("hello");
  const streamed = Array.fromAsync(house.service.sendStreamingMessage(request, callOf()));
  const blocked = send(house, request);
  const { task: { id }, signal } = await agent.begun;
  const task = await cancel(house, id);
  assert.equal(task.status.state, "TASK_STATE_CANCELED");
  assert.deepEqual(task.artifacts?.map(textOf), ["half"]);
  assert.equal(signal.aborted, true);
  assert.equal((await blocked).status.state, "TASK_STATE_CANCELED");
  assert.equal(toWords(await streamed).at(-1)?.split(" ")[1], "canceled");
  assert.deepEqual(house.logged, []);
});

Deno.test("cancelTask() does not wait for an agent that does not listen, and nothing that it says later counts", async () => {
  const late = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<void>();
  const house = openHouse(async (_input, run) => {
    begun.resolve(run.task.id);
    await late.promise;
    await assert.rejects(run.emit({ artifact: { artifactId: "late", parts: [{ text: "late" }] } }), /canceled/);
    ended.resolve();
    return COMPLETED;
  });
  await send(house, requestOf("hello", {}, { returnImmediately: true }));
  const id = await begun.promise;
  const task = await cancel(house, id);
  late.resolve();
  await ended.promise;
  assert.equal(task.status.state, "TASK_STATE_CANCELED");
  assert.deepEqual(await house.service.getTask({ id }, callOf()), task);
});

Deno.test("cancelTask() of a canceled task is TASK_NOT_CANCELABLE to a caller of A2A 0.3", async () => {
  const house = openHouse(asking);
  const { id } = await send(house, requestOf("hello"));
  const call = callOf({ protocolVersion: "0.3" });
  assert.equal((await cancel(house, id, call)).status.state, "TASK_STATE_CANCELED");
  await assert.rejects(cancel(house, id, call), isRefusal("TASK_NOT_CANCELABLE", "TASK_STATE_CANCELED"));
  assert.equal((await cancel(house, id)).status.state, "TASK_STATE_CANCELED");
});

Deno.test("cancelTask() of a canceled task gives it back and records nothing more", async () => {
  const house = openHouse(asking);
  const { id } = await send(house, requestOf("hello"));
  const task = await cancel(house, id);
  assert.equal(task.status.state, "TASK_STATE_CANCELED");
  assert.deepEqual(task.history?.map(textOf), ["hello", "which?"]);
  assert.deepEqual(await cancel(house, id), task);
  assert.equal((await house.journal(id)).length, 4);
});

const ENDS = ["TASK_STATE_COMPLETED", "TASK_STATE_FAILED", "TASK_STATE_REJECTED"] as const;

for (const state of ENDS) {
  Deno.test(`cancelTask() of a ${state} task is TASK_NOT_CANCELABLE with its state`, async () => {
    const house = openHouse(() => Promise.resolve({ state }));
    const { id } = await send(house, requestOf("hello"));
    await assert.rejects(cancel(house, id), isRefusal("TASK_NOT_CANCELABLE", `it is ${state}`));
  });
}

Deno.test("cancelTask() says TASK_NOT_FOUND for what is unknown, foreign or another agent's", async () => {
  const house = openHouse(asking);
  const { id } = await send(house, requestOf("hello"));
  const neighbour = openHouse(asking, { agentId: "other", records: house.records });
  await assert.rejects(cancel(house, "x"), isRefusal("TASK_NOT_FOUND"));
  await assert.rejects(cancel(house, id, callOf({ caller: caller("mallory") })), isRefusal("TASK_NOT_FOUND"));
  await assert.rejects(cancel(neighbour, id), isRefusal("TASK_NOT_FOUND"));
});

Deno.test("cancelTask() ends a task that nobody runs after a restart, and recovery leaves it", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const { id } = await send(house, requestOf("hello", {}, { returnImmediately: true }));
  await agent.begun;
  const next = house.restart(() => assert.fail("it must not run"));
  assert.equal((await cancel(next, id)).status.state, "TASK_STATE_CANCELED");
  assert.equal(await next.service.recover(), 0);
});

Deno.test("cancelTask() reaches a run of an older revision that shares its runs", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const { id } = await send(house, requestOf("hello", {}, { returnImmediately: true }));
  await agent.begun;
  const revision = openHouse(echo, { records: house.records, runs: house.runs, clock: house.clock });
  assert.equal((await cancel(revision, id)).status.state, "TASK_STATE_CANCELED");
});

Deno.test("cancelTask() against completion: whoever is first, all hear the same", async () => {
  const seen = new Set<string>();
  for (let delay = 0; delay < 24; delay++) {
    const agent = waiting();
    const house = openHouse(agent.run);
    const request = requestOf("hello");
    const blocked = send(house, request);
    const { task: { id } } = await agent.begun;
    const canceled = cancel(house, id);
    for (let tick = 0; tick < delay; tick++) await Promise.resolve();
    agent.letGo();
    const [answer, cancellation] = await Promise.allSettled([blocked, canceled]);
    assert.ok(answer.status === "fulfilled");
    const { state } = answer.value.status;
    seen.add(state);
    if (state === "TASK_STATE_CANCELED") assert.equal(cancellation.status, "fulfilled");
    else {
      assert.ok(cancellation.status === "rejected");
      isRefusal("TASK_NOT_CANCELABLE", "TASK_STATE_COMPLETED")(cancellation.reason);
    }
    const ends = (await house.journal(id)).filter((entry) =>
      "event" in entry && "statusUpdate" in entry.event &&
      /COMPLETED|CANCELED/.test(entry.event.statusUpdate.status.state)
    );
    assert.equal(ends.length, 1);
  }
  assert.deepEqual(seen, new Set(["TASK_STATE_CANCELED", "TASK_STATE_COMPLETED"]));
});

Deno.test("cancelTask() against a follow-up: one of them wins and the other hears of it", async () => {
  const seen = new Set<string>();
  for (let lead = -12; lead < 12; lead++) {
    const house = openHouse(asking);
    const { id: taskId } = await send(house, requestOf("hello"));
    const behind = async <T>(ticks: number, act: () => Promise<T>) => {
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      return await act();
    };
    const [turn, cancellation] = await Promise.allSettled([
      behind(-lead, () => send(house, requestOf("done", { taskId }))),
      behind(lead, () => cancel(house, taskId)),
    ]);
    const { state } = (await house.service.getTask({ id: taskId }, callOf())).status;
    seen.add(state);
    if (cancellation.status === "rejected") {
      isRefusal("TASK_NOT_CANCELABLE", state)(cancellation.reason);
      assert.equal(turn.status === "fulfilled" && turn.value.status.state, "TASK_STATE_COMPLETED");
    } else if (turn.status === "rejected") isRefusal("UNSUPPORTED_OPERATION", "TASK_STATE_CANCELED")(turn.reason);
    else assert.equal(turn.value.status.state, "TASK_STATE_CANCELED");
  }
  assert.deepEqual(seen, new Set(["TASK_STATE_CANCELED", "TASK_STATE_COMPLETED"]));
});

Deno.test("cancelTask() of a task that just asks its peer cancels it, too", async () => {
  const recording = Promise.withResolvers<void>();
  const recorded = Promise.withResolvers<void>();
  const house = openHouse(asking, {
    journal: (inner) => ({
      append: async (ref, drafts, expect) => {
        recording.resolve();
        await recorded.promise;
        return await inner.append(ref, drafts, expect);
      },
    }),
  });
  const { id } = await send(house, requestOf("hello", {}, { returnImmediately: true }));
  await recording.promise;
  const canceled = cancel(house, id);
  await new Promise((resolve) => setImmediate(resolve));
  recorded.resolve();
  assert.equal((await canceled).status.state, "TASK_STATE_CANCELED");
});

Deno.test("cancelTask() says UNAVAILABLE when the cancellation could not be recorded", async () => {
  const agent = waiting();
  const full = Promise.withResolvers<void>();
  let broken = false;
  const house = openHouse(agent.run, {
    journal: (inner) => ({
      append: (ref, drafts, expect) =>
        broken ? Promise.reject(new StoreFull("disk full")) : inner.append(ref, drafts, expect),
    }),
  });
  await send(house, requestOf("hello", {}, { returnImmediately: true }));
  const { task: { id } } = await agent.begun;
  broken = true;
  full.resolve();
  await assert.rejects(cancel(house, id), isRefusal("UNAVAILABLE", "Cannot cancel"));
  await assert.rejects(cancel(house, id), isRefusal("UNAVAILABLE", "busy"));
});
