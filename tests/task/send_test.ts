import assert from "node:assert/strict";
import { A2AError } from "../../src/a2a/errors.ts";
import { textOf } from "../../src/a2a/parts.ts";
import { ModelError } from "../../src/model/model.ts";
import type { Draft, Journal } from "../../src/store/store.ts";
import { StoreFailed, StoreFull } from "../../src/store/store.ts";
import {
  asking,
  callOf,
  COMPLETED,
  echo,
  isRefusal,
  openHouse,
  requestOf,
  type RunFunction,
  send,
  START_MS,
  take,
  Text,
  toWords,
  waiting,
} from "./house.ts";

Deno.test("sendMessage() answers with the finished task, its artifact and its history", async () => {
  const task = await send(openHouse(echo), requestOf("hello", { messageId: "hello-1" }));
  assert.match(task.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  assert.match(task.contextId ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  assert.equal(task.status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(task.artifacts, [{ artifactId: `${task.id}:0:artifact:1`, parts: [{ text: "hello" }] }]);
  const asked = { messageId: "hello-1", role: "ROLE_USER", parts: [{ text: "hello" }] };
  assert.deepEqual(task.history, [{ ...asked, taskId: task.id, contextId: task.contextId }]);
});

Deno.test("sendMessage() records the task as SUBMITTED with its message, then WORKING, then what the agent says", async () => {
  const house = openHouse(echo);
  const { id, contextId } = await send(house, requestOf("hello", { contextId: "ours" }));
  const [first, ...rest] = await house.journal(id);
  assert.equal(contextId, "ours");
  assert.ok(first !== undefined && "event" in first && "task" in first.event);
  const { status, history } = first.event.task;
  assert.deepEqual(status, { state: "TASK_STATE_SUBMITTED", timestamp: new Date(START_MS).toISOString() });
  assert.deepEqual(history?.map((message) => [message.taskId, message.contextId]), [[id, "ours"]]);
  const events = rest.flatMap((entry) => "event" in entry ? [{ seq: entry.seq, event: entry.event }] : []);
  assert.deepEqual(toWords(events), ["2 working", "3 =hello", "4 completed"]);
});

/** Counts the store's commits. */
function counted() {
  const commits: (readonly Draft[])[] = [];
  const journal = (inner: Journal): Partial<Journal> => ({
    create: (task) => {
      commits.push(task.entries);
      return inner.create(task);
    },
    append: (ref, drafts, expect) => {
      commits.push(drafts);
      return inner.append(ref, drafts, expect);
    },
  });
  return { commits, journal };
}

Deno.test("sendMessage() costs a task that is done at once two commits, and reads nothing", async () => {
  const { commits, journal } = counted();
  const house = openHouse(async ({ history }, run) => {
    assert.deepEqual(await history(), []);
    const artifactId = run.nextId("artifact");
    await run.step({
      id: "model:1",
      result: Text,
      act: async () => {
        for (const text of ["a", "b", "c"]) {
          await run.emit({
            artifact: { artifactId, parts: [{ text }] },
            append: text !== "a",
            lastChunk: text === "c",
          });
        }
        return { text: "abc" };
      },
      events: () => [{ working: { messageId: run.nextId("message"), role: "ROLE_AGENT", parts: [{ text: "said" }] } }],
    });
    return COMPLETED;
  }, { journal });
  const refuse = () => assert.fail("the hot path reads");
  Object.assign(house.store.tasks, { get: refuse, byMessage: refuse });
  Object.assign(house.store.contexts, { tasks: refuse });
  const { artifacts } = await send(house, requestOf("hello"));
  assert.equal(artifacts?.map(textOf).join(), "abc");
  assert.deepEqual(commits.map((drafts) => drafts.length), [1, 5]);
});

Deno.test("sendMessage() lets the agent begin only when the task is durable", async () => {
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const house = openHouse((input, run) => {
    order.push("run");
    return echo(input, run);
  }, {
    journal: (inner) => ({
      create: async (task) => {
        await gate.promise;
        order.push("create");
        return await inner.create(task);
      },
    }),
  });
  const sent = send(house, requestOf("hello", {}, { returnImmediately: true })).then(() => order.push("answer"));
  gate.resolve();
  await sent;
  await house.service.settled();
  assert.deepEqual(order, ["create", "run", "answer"]);
});

Deno.test("sendMessage() with returnImmediately answers with the submitted task, which goes on", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const { id, status } = await send(house, requestOf("hello", {}, { returnImmediately: true }));
  assert.equal(status.state, "TASK_STATE_SUBMITTED");
  agent.letGo();
  await house.service.settled();
  const task = await house.service.getTask({ id }, callOf());
  assert.equal(task.status.state, "TASK_STATE_COMPLETED");
});

Deno.test("sendMessage() answers when the agent asks its peer something", async () => {
  const task = await send(openHouse(asking), requestOf("hello"));
  assert.equal(task.status.state, "TASK_STATE_INPUT_REQUIRED");
  assert.equal(task.status.message && textOf(task.status.message), "which?");
  assert.deepEqual([task.status.message?.taskId, task.status.message?.contextId], [task.id, task.contextId]);
});

Deno.test("sendMessage() leaves the task alone when its caller goes away", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const away = new AbortController();
  const sent = send(house, requestOf("hello"), callOf({ signal: away.signal }));
  const { task: { id } } = await agent.begun;
  away.abort();
  await assert.rejects(sent, isRefusal("REQUEST_TIMEOUT", "goes on"));
  agent.letGo();
  await house.service.settled();
  assert.equal((await house.service.getTask({ id }, callOf())).status.state, "TASK_STATE_COMPLETED");
});

const HISTORY_LENGTHS: [historyLength: number | undefined, texts: string[] | undefined][] = [
  [undefined, ["hello", "one", "two"]],
  [0, undefined],
  [2, ["one", "two"]],
  [9, ["hello", "one", "two"]],
];

for (const [historyLength, texts] of HISTORY_LENGTHS) {
  Deno.test(`sendMessage(), getTask() and listTasks() with historyLength ${historyLength} give that much`, async () => {
    const house = openHouse(async (_input, run) => {
      for (const text of ["one", "two"]) {
        await run.emit({ working: { messageId: run.nextId("message"), role: "ROLE_AGENT", parts: [{ text }] } });
      }
      return COMPLETED;
    });
    const sent = await send(house, requestOf("hello", {}, historyLength === undefined ? {} : { historyLength }));
    const got = await house.service.getTask({ id: sent.id, historyLength }, callOf());
    const { tasks } = await house.service.listTasks({ historyLength }, callOf());
    for (const task of [sent, got, ...tasks]) {
      assert.deepEqual(task.history?.map(textOf), texts);
      assert.equal("history" in task, texts !== undefined);
    }
  });
}

const THROWS: [thrown: Error, sentence: RegExp][] = [
  [new ModelError("overloaded", `openai "gpt" is overloaded; try again`), /^openai "gpt" is overloaded; try again$/],
  [new A2AError("UNAVAILABLE", "The other agent is away"), /^The other agent is away$/],
  [new Error("password=hunter2 at /home/me"), /^The agent could not finish this task because of an internal error\.$/],
];

for (const [thrown, sentence] of THROWS) {
  Deno.test(`sendMessage() tells a peer of a ${thrown.name} only what is for peers, and the log its cause`, async () => {
    const house = openHouse(() => Promise.reject(thrown));
    const { status } = await send(house, requestOf("hello"));
    assert.equal(status.state, "TASK_STATE_FAILED");
    assert.match(status.message ? textOf(status.message) : "", sentence);
    assert.deepEqual(house.logged.map(({ message, fields }) => [message, fields.error]), [["run failed", thrown]]);
  });
}

Deno.test("sendMessage() carries the end's metadata on its status event and not into the task's artifacts", async () => {
  const house = openHouse(() => Promise.resolve({ ...COMPLETED, metadata: { tokens: 7 } }));
  const events = await Array.fromAsync(house.service.sendStreamingMessage(requestOf("hello"), callOf()));
  const last = events.at(-1)?.event;
  assert.ok(last !== undefined && "statusUpdate" in last);
  assert.deepEqual(last.statusUpdate.metadata, { tokens: 7 });
});

/** [what the store says, what peers are told] */
const REFUSALS: [Error, string][] = [
  [new StoreFull("disk full"), "no room"],
  [new StoreFailed("database is locked"), "the server's store fails"],
];

for (const [broken, told] of REFUSALS) {
  Deno.test(`sendMessage() says UNAVAILABLE when the store throws ${broken.name} before the task is recorded`, async () => {
    const ran: string[] = [];
    const house = openHouse((_input, run) => {
      ran.push(run.task.id);
      return Promise.resolve(COMPLETED);
    }, { journal: () => ({ create: () => Promise.reject(broken) }) });
    await assert.rejects(send(house, requestOf("hello")), (thrown) => {
      assert.ok(thrown instanceof A2AError);
      assert.equal(thrown.retryAfterSeconds, 5);
      return isRefusal("UNAVAILABLE", told)(thrown);
    });
    assert.deepEqual(ran, []);
  });
}

const BROKEN: Error[] = [new StoreFull("disk full"), new Error("input/output error")];

for (const broken of BROKEN) {
  Deno.test(`sendMessage() says UNAVAILABLE when an append fails with ${broken.name}; the task waits for the next start`, async () => {
    const agent = waiting();
    const house = openHouse(agent.run, { journal: () => ({ append: () => Promise.reject(broken) }) });
    const events = house.service.sendStreamingMessage(requestOf("hello"), callOf());
    const streamed = await Array.fromAsync(events);
    assert.deepEqual(toWords(streamed), ["1 task submitted"]);
    const sent = send(house, requestOf("again"));
    await assert.rejects(sent, isRefusal("UNAVAILABLE", "send the same message again"));
    const run = await agent.begun;
    assert.equal(run.signal.aborted, true);
    const next = house.restart(echo, { journal: () => ({}) });
    assert.equal(await next.service.recover(), 2);
    const { status } = await next.service.getTask({ id: run.task.id }, callOf());
    assert.equal(status.state, "TASK_STATE_COMPLETED");
  });
}

Deno.test("sendMessage() waits on when the task goes to another holder in the middle of its run", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const sent = send(house, requestOf("hello"));
  const stale = await agent.begun;
  const other = house.restart(echo);
  await other.service.recover();
  let acts = 0;
  await assert.rejects(async () => {
    await stale.emit({ artifact: { artifactId: "late", parts: [{ text: "late" }] } });
    await stale.step({ id: "x", replay: "once", result: Text, act: () => Promise.resolve({ text: `${acts++}` }) });
  });
  assert.equal(acts, 0);
  const task = await sent;
  assert.equal(task.status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(task.artifacts?.map(textOf), ["hello"]);
  assert.equal(house.logged[0]?.message, "run lost its task to another holder");
});

Deno.test("sendStreamingMessage() begins with the task as number 1 and closes after the end", async () => {
  const events = await Array.fromAsync(openHouse(echo).service.sendStreamingMessage(requestOf("hello"), callOf()));
  assert.deepEqual(toWords(events), ["1 task submitted", "2 working", "3 =hello", "4 completed"]);
});

Deno.test("sendStreamingMessage() closes when the agent asks, and the next message's stream begins with the task", async () => {
  const house = openHouse(asking);
  const first = await Array.fromAsync(house.service.sendStreamingMessage(requestOf("hello"), callOf()));
  assert.deepEqual(toWords(first), ["1 task submitted", "2 working", "3 input_required"]);
  const start = first[0]?.event;
  const taskId = start !== undefined && "task" in start ? start.task.id : "";
  const next = await Array.fromAsync(house.service.sendStreamingMessage(requestOf("done", { taskId }), callOf()));
  assert.deepEqual(toWords(next), ["5 task working", "6 completed"]);
});

Deno.test("sendStreamingMessage() is only a reader: its going away ends nothing else", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const away = new AbortController();
  const events = house.service.sendStreamingMessage(requestOf("hello"), callOf({ signal: away.signal }));
  const [first] = await take(events, 1);
  const { task: { id } } = await agent.begun;
  const other = Array.fromAsync(house.service.subscribeToTask({ id }, callOf()));
  away.abort();
  agent.letGo();
  const words = toWords(await other);
  assert.equal(first?.seq, 1);
  assert.equal(words.at(-1), "3 completed");
});

Deno.test("sendStreamingMessage() ends silently when its caller goes away in the middle", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const away = new AbortController();
  const reading = Array.fromAsync(
    house.service.sendStreamingMessage(requestOf("hello"), callOf({ signal: away.signal })),
  );
  await agent.begun;
  away.abort();
  assert.ok((await reading).length <= 2);
  agent.letGo();
  await house.service.settled();
});

Deno.test("sendStreamingMessage() tells each delta when its commit is done, and merges what waits for one", async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const stream: RunFunction = async (_input, run) => {
    const say = (text: string, append: boolean) =>
      run.emit({ artifact: { artifactId: "answer", parts: [{ text }] }, append });
    await say("one ", false);
    await gates[0]?.promise;
    for (const text of ["two ", "three ", "four"]) await say(text, true);
    await gates[1]?.promise;
    return COMPLETED;
  };
  const events = openHouse(stream).service.sendStreamingMessage(requestOf("count"), callOf())[Symbol.asyncIterator]();
  const next = async (count: number) => {
    const read = [];
    for (let at = 0; at < count; at++) read.push((await events.next()).value);
    return toWords(read);
  };
  assert.deepEqual(await next(3), ["1 task submitted", "2 working", "3 =one "]);
  gates[0]?.resolve();
  assert.deepEqual(await next(1), ["4 +two three four"]);
  gates[1]?.resolve();
  assert.deepEqual(await next(1), ["5 completed"]);
  assert.equal((await events.next()).done, true);
});
