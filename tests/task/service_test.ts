import assert from "node:assert/strict";
import type { Call } from "../../src/a2a/service.ts";
import type { ErrorReason } from "../../src/a2a/errors.ts";
import type { TaskService } from "../../src/task/service.ts";
import {
  asking,
  caller,
  callOf,
  COMPLETED,
  echo,
  isRefusal,
  openHouse,
  requestOf,
  type RunFunction,
  send,
  take,
  Text,
  toWords,
  waiting,
} from "./house.ts";

const UNSUPPORTED: [name: string, ask: (service: TaskService, call: Call) => Promise<unknown>, reason: ErrorReason][] =
  [
    [
      "createTaskPushNotificationConfig",
      (service, call) => service.createTaskPushNotificationConfig({ taskId: "t", url: "https://example.com" }, call),
      "PUSH_NOTIFICATION_NOT_SUPPORTED",
    ],
    [
      "getTaskPushNotificationConfig",
      (service, call) => service.getTaskPushNotificationConfig({ taskId: "t", id: "c" }, call),
      "PUSH_NOTIFICATION_NOT_SUPPORTED",
    ],
    [
      "listTaskPushNotificationConfigs",
      (service, call) => service.listTaskPushNotificationConfigs({ taskId: "t" }, call),
      "PUSH_NOTIFICATION_NOT_SUPPORTED",
    ],
    [
      "deleteTaskPushNotificationConfig",
      (service, call) => service.deleteTaskPushNotificationConfig({ taskId: "t", id: "c" }, call),
      "PUSH_NOTIFICATION_NOT_SUPPORTED",
    ],
    ["getExtendedAgentCard", (service, call) => service.getExtendedAgentCard({}, call), "UNSUPPORTED_OPERATION"],
  ];

for (const [name, ask, reason] of UNSUPPORTED) {
  Deno.test(`${name}() is ${reason}`, async () => {
    await assert.rejects(ask(openHouse(echo).service, callOf()), isRefusal(reason));
  });
}

Deno.test("getTask() says TASK_NOT_FOUND in the same words for the unknown and the foreign", async () => {
  const house = openHouse(echo);
  const { id } = await send(house, requestOf("hello"));
  const foreign = callOf({ caller: caller("mallory") });
  await assert.rejects(
    house.service.getTask({ id }, foreign),
    isRefusal("TASK_NOT_FOUND", `Task "${id}" was not found`),
  );
  await assert.rejects(
    house.service.getTask({ id: "x" }, callOf()),
    isRefusal("TASK_NOT_FOUND", `Task "x" was not found`),
  );
});

Deno.test("what the store throws leaves as INTERNAL and says nothing of its cause", async () => {
  const house = openHouse(echo);
  const cause = new Error("/var/lib/hector: input/output error");
  Object.assign(house.store.tasks, { get: () => Promise.reject(cause) });
  await assert.rejects(house.service.getTask({ id: "x" }, callOf()), { message: "Internal error", cause });
  const events = house.service.subscribeToTask({ id: "x" }, callOf());
  await assert.rejects(Array.fromAsync(events), { message: "Internal error", cause });
});

/** Says "a", then waits at each gate before the next word. */
function dictated(...words: string[]) {
  const gates = words.map(() => Promise.withResolvers<void>());
  const run: RunFunction = async (_input, run) => {
    for (const [at, text] of words.entries()) {
      await run.emit({ artifact: { artifactId: "answer", parts: [{ text }] }, append: at > 0 });
      await gates[at]?.promise;
      run.signal.throwIfAborted();
    }
    return COMPLETED;
  };
  return { run, open: (at: number) => gates[at]?.resolve() };
}

Deno.test("subscribeToTask() begins with the task as it is, then tells what follows, without gap or repeat", async () => {
  const agent = dictated("a", "b", "c");
  const house = openHouse(agent.run);
  const first = house.service.sendStreamingMessage(requestOf("hello"), callOf())[Symbol.asyncIterator]();
  const [start] = [await first.next(), await first.next(), await first.next()];
  const id = "task" in start.value.event ? start.value.event.task.id : "";
  const events = house.service.subscribeToTask({ id }, callOf())[Symbol.asyncIterator]();
  const snapshot = (await events.next()).value;
  assert.equal(snapshot.seq, 3);
  assert.ok("task" in snapshot.event);
  assert.deepEqual(snapshot.event.task.artifacts, [{ artifactId: "answer", parts: [{ text: "a" }] }]);
  agent.open(0);
  agent.open(1);
  agent.open(2);
  assert.deepEqual(toWords(await Array.fromAsync({ [Symbol.asyncIterator]: () => events })), ["4 +bc", "5 completed"]);
});

Deno.test("subscribeToTask() stays through an interrupted state until the task is finished", async () => {
  const house = openHouse(asking);
  const { id: taskId } = await send(house, requestOf("hello"));
  const events = house.service.subscribeToTask({ id: taskId }, callOf())[Symbol.asyncIterator]();
  const seen = [(await events.next()).value];
  const next = events.next();
  await send(house, requestOf("done", { taskId }));
  seen.push((await next).value);
  for await (const event of { [Symbol.asyncIterator]: () => events }) seen.push(event);
  assert.deepEqual(toWords(seen), ["3 task input_required", "5 working", "6 completed"]);
});

Deno.test("subscribeToTask() on a finished task is UNSUPPORTED_OPERATION before any event", async () => {
  const house = openHouse(echo);
  const { id } = await send(house, requestOf("hello"));
  const events = house.service.subscribeToTask({ id }, callOf());
  await assert.rejects(Array.fromAsync(events), isRefusal("UNSUPPORTED_OPERATION", "it is TASK_STATE_COMPLETED"));
  const unknown = house.service.subscribeToTask({ id: "x" }, callOf());
  await assert.rejects(Array.fromAsync(unknown), isRefusal("TASK_NOT_FOUND"));
});

Deno.test("subscribeToTask() with afterSeq replays exactly the public events after it, also of a finished task", async () => {
  const house = openHouse(async ({ message }, run) => {
    await run.step({ id: "model:1", replay: "once", result: Text, act: () => Promise.resolve({ text: "" }) });
    await run.emit({ artifact: { artifactId: "answer", parts: message.parts } });
    return COMPLETED;
  });
  const request = requestOf("hello");
  const all = await Array.fromAsync(house.service.sendStreamingMessage(request, callOf()));
  const { id } = await send(house, request);
  assert.deepEqual(toWords(all), ["1 task submitted", "2 working", "5 =hello", "6 completed"]);
  for (let afterSeq = 0; afterSeq <= 6; afterSeq++) {
    const later = all.filter(({ seq }) => seq > afterSeq);
    const call = callOf({ afterSeq });
    assert.deepEqual(await Array.fromAsync(house.service.subscribeToTask({ id }, call)), later);
    assert.deepEqual(await Array.fromAsync(house.service.sendStreamingMessage(request, call)), later);
  }
});

Deno.test("subscribeToTask() with afterSeq goes on live after what is recorded", async () => {
  const agent = dictated("a", "b");
  const house = openHouse(agent.run);
  const request = requestOf("hello");
  const seen = await take(house.service.sendStreamingMessage(request, callOf()), 2);
  const { id } = await send(house, { ...request, configuration: { returnImmediately: true } });
  const call = callOf({ afterSeq: seen.at(-1)?.seq });
  const streams = [
    house.service.subscribeToTask({ id }, call),
    house.service.sendStreamingMessage(request, call),
  ].map((events) => Array.fromAsync(events));
  agent.open(0);
  agent.open(1);
  for (const rest of await Promise.all(streams)) {
    assert.deepEqual(toWords(rest), ["3 =a", "4 +b", "5 completed"]);
  }
});

Deno.test("a stream of a turn that ended in a question ends when it is resumed after the question", async () => {
  const house = openHouse(asking);
  const request = requestOf("hello");
  await send(house, request);
  const after = (afterSeq: number) =>
    Array.fromAsync(house.service.sendStreamingMessage(request, callOf({ afterSeq }))).then(toWords);
  assert.deepEqual(await after(1), ["2 working", "3 input_required"]);
  assert.deepEqual(await after(3), []);
});

Deno.test("a number behind the journal's end is INVALID_PARAMS", async () => {
  const house = openHouse(echo);
  const { id } = await send(house, requestOf("hello"));
  const events = house.service.subscribeToTask({ id }, callOf({ afterSeq: 99 }));
  await assert.rejects(Array.fromAsync(events), isRefusal("INVALID_PARAMS", "afterSeq"));
});

Deno.test("drain() aborts the runs, keeps what they said, ends their streams and leaves their tasks open", async () => {
  const agent = waiting();
  let reason: unknown;
  const house = openHouse(async (input, run) => {
    await run.emit({ artifact: { artifactId: "answer", parts: [{ text: "so far" }] } });
    try {
      return await agent.run(input, run);
    } catch (thrown) {
      reason = thrown;
      await run.emit({ artifact: { artifactId: "late", parts: [{ text: "too late" }] } });
      return COMPLETED;
    }
  });
  const request = requestOf("hello");
  const streamed = Array.fromAsync(house.service.sendStreamingMessage(request, callOf()));
  const { task: { id } } = await agent.begun;
  const blocked = send(house, request);
  const refused = assert.rejects(blocked, isRefusal("UNAVAILABLE", "send the same message again"));
  await house.service.drain(new AbortController().signal);
  await refused;
  assert.match(String(reason), /shutdown/);
  assert.deepEqual(toWords(await streamed), ["1 task submitted", "2 working", "3 =so far"]);
  assert.equal((await house.service.getTask({ id }, callOf())).status.state, "TASK_STATE_WORKING");
  const next = house.restart(echo);
  assert.equal(await next.service.recover(), 1);
  assert.equal((await send(next, request)).status.state, "TASK_STATE_COMPLETED");
});

Deno.test("drain() refuses new work with UNAVAILABLE and still answers what only reads", async () => {
  const house = openHouse(asking);
  const { id: taskId } = await send(house, requestOf("hello"));
  const events = house.service.subscribeToTask({ id: taskId }, callOf())[Symbol.asyncIterator]();
  assert.deepEqual(toWords([(await events.next()).value]), ["3 task input_required"]);
  const next = events.next();
  await house.service.drain(AbortSignal.abort());
  assert.equal((await next).done, true);
  const work: Promise<unknown>[] = [
    send(house, requestOf("more")),
    send(house, requestOf("done", { taskId })),
    house.service.cancelTask({ id: taskId }, callOf()),
    Array.fromAsync(house.service.sendStreamingMessage(requestOf("more"), callOf())),
    Array.fromAsync(house.service.subscribeToTask({ id: taskId }, callOf())),
  ];
  for (const refused of work) await assert.rejects(refused, isRefusal("UNAVAILABLE", "shutting down"));
  assert.equal((await house.service.getTask({ id: taskId }, callOf())).id, taskId);
  assert.equal((await house.service.listTasks({}, callOf())).totalSize, 1);
});

Deno.test("drain() records the result of a step that ends before the deadline, so it is not done again", async () => {
  const result = Promise.withResolvers<{ text: string }>();
  const acting = Promise.withResolvers<void>();
  let acts = 0;
  const paying: RunFunction = async (_input, run) => {
    const { text } = await run.step({
      id: "pay",
      replay: "once",
      result: Text,
      act: () => {
        acts++;
        acting.resolve();
        return result.promise;
      },
    });
    await run.emit({ artifact: { artifactId: "receipt", parts: [{ text }] } });
    return COMPLETED;
  };
  const house = openHouse(paying);
  const { id } = await send(house, requestOf("pay", {}, { returnImmediately: true }));
  await acting.promise;
  const drained = house.service.drain(new AbortController().signal);
  result.resolve({ text: "paid" });
  await drained;
  const next = house.restart(paying);
  await next.service.recover();
  const task = await next.service.getTask({ id }, callOf());
  assert.deepEqual([task.status.state, task.artifacts?.[0]?.parts[0]?.text, acts], ["TASK_STATE_COMPLETED", "paid", 1]);
});

Deno.test("drain() does not wait longer than its deadline for an agent that does not stop", async () => {
  const begun = Promise.withResolvers<void>();
  const house = openHouse(() => {
    begun.resolve();
    return Promise.withResolvers<never>().promise;
  });
  await send(house, requestOf("hello", {}, { returnImmediately: true }));
  await begun.promise;
  const deadline = new AbortController();
  const drained = house.service.drain(deadline.signal);
  deadline.abort();
  await drained;
  assert.equal((await house.service.listTasks({}, callOf())).tasks[0]?.status.state, "TASK_STATE_WORKING");
});

Deno.test("a task that is recorded while the service drains is left to the next start", async () => {
  const gate = Promise.withResolvers<void>();
  const house = openHouse(() => assert.fail("it must not run"), {
    journal: (inner) => ({
      create: async (task) => {
        await gate.promise;
        return await inner.create(task);
      },
    }),
  });
  const sent = send(house, requestOf("hello"));
  await house.service.drain(new AbortController().signal);
  gate.resolve();
  await assert.rejects(sent, isRefusal("UNAVAILABLE"));
  assert.equal(await house.restart(echo, { journal: () => ({}) }).service.recover(), 1);
});

Deno.test("settled() waits for this service's runs and stops nothing", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const { id } = await send(house, requestOf("hello", {}, { returnImmediately: true }));
  const settled = house.service.settled();
  await agent.begun;
  agent.letGo();
  await settled;
  assert.equal((await house.service.getTask({ id }, callOf())).status.state, "TASK_STATE_COMPLETED");
});
