import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { textOf } from "../../src/a2a/parts.ts";
import type { Task } from "../../src/a2a/types.ts";
import { Unfinished } from "../../src/agent/agent.ts";
import { AgentGone, type AgentSource } from "../../src/task/agent_source.ts";
import {
  asking,
  callOf,
  COMPLETED,
  echo,
  type House,
  type HouseOptions,
  lending,
  openHouse,
  requestOf,
  type RunFunction,
  send,
  Text,
  waiting,
} from "./house.ts";

const get = (house: House, id: string): Promise<Task> => house.service.getTask({ id }, callOf());

/** A house in which the agent hangs at `hang`, having durably said what it had said before; its process is then gone. */
async function interrupted(run: (hang: () => Promise<never>) => RunFunction, text = "hello") {
  const reached = Promise.withResolvers<void>();
  const hang = () => {
    reached.resolve();
    return Promise.withResolvers<never>().promise;
  };
  const house = openHouse(run(hang));
  const { id } = await send(house, requestOf(text, { contextId: "ours" }, { returnImmediately: true }));
  await reached.promise;
  await house.service.drain(AbortSignal.abort());
  return { house, id };
}

Deno.test("recover() gives a recorded step's result and neither acts nor says its events again", async () => {
  let acts = 0;
  const agent = (hang?: () => Promise<never>): RunFunction => async (_input, run) => {
    const { text } = await run.step({
      id: "model:1",
      result: Text,
      act: () => Promise.resolve({ text: `answer ${++acts}` }),
      events: ({ text }) => [{ working: { messageId: "n1", role: "ROLE_AGENT", parts: [{ text }] } }],
    });
    await hang?.();
    await run.emit({ artifact: { artifactId: "answer", parts: [{ text }] } });
    return COMPLETED;
  };
  const { house, id } = await interrupted(agent);
  const next = house.restart(agent());
  assert.equal(await next.service.recover(), 1);
  const task = await get(next, id);
  assert.deepEqual([task.status.state, task.artifacts?.map(textOf), acts], ["TASK_STATE_COMPLETED", ["answer 1"], 1]);
  assert.deepEqual(task.history?.map(textOf), ["hello", "answer 1"]);
  const states = (await next.journal(id)).flatMap((entry) =>
    "event" in entry && "statusUpdate" in entry.event ? [entry.event.statusUpdate.status.state] : []
  );
  assert.deepEqual(states, ["TASK_STATE_WORKING", "TASK_STATE_WORKING", "TASK_STATE_COMPLETED"]);
});

Deno.test("recover() lets an agent write a cut artifact again, and peers read it whole", async () => {
  const agent = (hang?: () => Promise<never>): RunFunction => async (_input, run) => {
    await run.step({
      id: "model:1",
      result: Text,
      act: async () => {
        for (const text of ["Once ", "upon ", "a time"]) {
          await run.emit({ artifact: { artifactId: "tale", parts: [{ text }] }, append: text !== "Once " });
          if (text === "upon ") await hang?.();
        }
        return { text: "" };
      },
    });
    return COMPLETED;
  };
  const { house, id } = await interrupted(agent);
  assert.deepEqual((await get(house, id)).artifacts?.map(textOf), ["Once upon "]);
  const next = house.restart(agent());
  await next.service.recover();
  assert.deepEqual((await get(next, id)).artifacts?.map(textOf), ["Once upon a time"]);
});

Deno.test("recover() does not say a message again that its peers have heard", async () => {
  const agent = (hang?: () => Promise<never>): RunFunction => async (_input, run) => {
    for (const text of ["one", "two"]) {
      await run.emit({ working: { messageId: run.nextId("message"), role: "ROLE_AGENT", parts: [{ text }] } });
    }
    await hang?.();
    await run.emit({ working: { messageId: run.nextId("message"), role: "ROLE_AGENT", parts: [{ text: "three" }] } });
    return COMPLETED;
  };
  const { house, id } = await interrupted(agent);
  const next = house.restart(agent());
  await next.service.recover();
  assert.deepEqual((await get(next, id)).history?.map(textOf), ["hello", "one", "two", "three"]);
});

/** A payment that hangs in the middle of the call. */
const paying =
  (replay: "safe" | "once" | "ask", act: () => Promise<{ text: string }>): RunFunction => async (_, run) => {
    const detail = { tool: "pay", arguments: { to: "Bob", amount: 5 } };
    const { text } = await run.step({ id: "tool:1", replay, result: Text, detail, act });
    await run.emit({ artifact: { artifactId: "receipt", parts: [{ text }] } });
    return COMPLETED;
  };

for (const replay of ["once", "ask"] as const) {
  Deno.test(`recover() asks the peer about a "${replay}" step that may have happened, and never does it again`, async () => {
    let acts = 0;
    const { house, id } = await interrupted((hang) => paying(replay, () => (acts++, hang())));
    const next = house.restart(async (input, run) => {
      if (textOf(input.message) !== "it did not happen") {
        return await paying(replay, () => assert.fail("again"))(input, run);
      }
      return await paying(replay, () => Promise.resolve({ text: `paid after asking` }))(input, run);
    });
    await next.service.recover();
    const { status } = await get(next, id);
    assert.equal(status.state, "TASK_STATE_INPUT_REQUIRED");
    const text = status.message ? textOf(status.message) : "";
    assert.match(
      text,
      /the tool "pay".* arguments: {"to":"Bob","amount":5}.*may or may not have happened.*How shall I go on/,
    );
    assert.equal(acts, 1);
    const task = await send(next, requestOf("it did not happen", { taskId: id }));
    assert.deepEqual([task.status.state, task.artifacts?.map(textOf)], ["TASK_STATE_COMPLETED", ["paid after asking"]]);
  });
}

Deno.test(`recover() does a "safe" step again that has no result`, async () => {
  const { house, id } = await interrupted((hang) => paying("safe", hang));
  const next = house.restart(paying("safe", () => Promise.resolve({ text: "read" })));
  await next.service.recover();
  assert.deepEqual((await get(next, id)).artifacts?.map(textOf), ["read"]);
});

Deno.test("recover() gives an agent its step's Unfinished, so that it may answer in its own way", async () => {
  const { house, id } = await interrupted((hang) => paying("once", hang));
  const next = house.restart(async (input, run) => {
    const step = paying("once", () => assert.fail("again"))(input, run);
    await assert.rejects(step, (thrown) => thrown instanceof Unfinished && thrown.stepId === "tool:1");
    return { state: "TASK_STATE_FAILED" };
  });
  await next.service.recover();
  assert.equal((await get(next, id)).status.state, "TASK_STATE_FAILED");
});

Deno.test("recover() runs a later turn with that turn's message, steps and past", async () => {
  const reached = Promise.withResolvers<void>();
  const told: string[][] = [];
  const agent = (last: () => Promise<void>): RunFunction => async ({ message, history }, run) => {
    const text = textOf(message);
    told.push([text, ...(await history()).map(textOf)]);
    await run.step({ id: "model:1", result: Text, act: () => Promise.resolve({ text }) });
    if (text === "first") return await asking({ message, history, answers: [] }, run);
    await last();
    return COMPLETED;
  };
  const house = openHouse(agent(() => {
    reached.resolve();
    return Promise.withResolvers<never>().promise;
  }));
  const { id: taskId } = await send(house, requestOf("first"));
  await send(house, requestOf("second", { taskId }, { returnImmediately: true }));
  await reached.promise;
  await house.service.drain(AbortSignal.abort());
  const next = house.restart(agent(() => Promise.resolve()));
  await next.service.recover();
  assert.equal((await get(next, taskId)).status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(told, [["first"], ["second", "first", "which?"], ["second", "first", "which?"]]);
  const steps = (await next.journal(taskId)).flatMap((entry) => "step" in entry ? [entry.step.id] : []);
  assert.deepEqual(steps, ["0:model:1", "1:model:1", "life:taken-up"]);
});

Deno.test("recover() takes up only this agent's tasks, and none that is finished, waits for its peer or is run", async () => {
  const agent = waiting();
  const house = openHouse(async (input, run) => {
    switch (textOf(input.message)) {
      case "ask":
        return await asking(input, run);
      case "wait":
        return await agent.run(input, run);
      default:
        return await echo(input, run);
    }
  });
  await send(house, requestOf("done"));
  await send(house, requestOf("ask"));
  const { id } = await send(house, requestOf("wait", {}, { returnImmediately: true }));
  assert.equal(await house.service.recover(), 0);
  const ran: string[] = [];
  const other = house.restart((_, run) => (ran.push(run.task.id), Promise.resolve(COMPLETED)), { agentId: "other" });
  assert.equal(await other.service.recover(), 0);
  const next = house.restart((_, run) => (ran.push(run.task.id), Promise.resolve(COMPLETED)));
  assert.equal(await next.service.recover(), 1);
  assert.deepEqual(ran, [id]);
});

/** A house that was left with open tasks. */
async function abandoned(count: number, options: HouseOptions = {}): Promise<{ house: House; ids: string[] }> {
  const house = openHouse(() => Promise.withResolvers<never>().promise, options);
  const sent = Array.from({ length: count }, () => send(house, requestOf("hello", {}, { returnImmediately: true })));
  return { house, ids: (await Promise.all(sent)).map(({ id }) => id) };
}

Deno.test("recover() runs no more tasks at a time than its bound", async () => {
  const { house } = await abandoned(20);
  let running = 0;
  let most = 0;
  const next = house.restart(async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return COMPLETED;
  }, { limits: { maxRecoveries: 4 } });
  assert.equal(await next.service.recover(), 20);
  assert.equal(most, 4);
});

Deno.test("recover() goes on with the others when one task cannot be read, and says so in the log", async () => {
  const { house, ids } = await abandoned(3);
  const broken = new Error("a torn page");
  const next = house.restart(echo, {
    journal: (inner) => ({
      read: (ref, afterSeq) => {
        if (ref.id === ids[0]) throw broken;
        return inner.read(ref, afterSeq);
      },
    }),
  });
  assert.equal(await next.service.recover(), 2);
  assert.deepEqual(next.logged.map(({ message, fields }) => [message, fields.task, fields.error]), [
    ["task could not be taken up again", ids[0], broken],
  ]);
});

Deno.test("recover() stops taking tasks up when the service drains", async () => {
  const { house } = await abandoned(5);
  const agent = waiting();
  const next = house.restart(agent.run, { limits: { maxRecoveries: 1 } });
  const recovered = next.service.recover();
  await agent.begun;
  await next.service.drain(new AbortController().signal);
  assert.equal(await recovered, 1);
  assert.equal(await next.restart(echo).service.recover(), 5);
});

Deno.test("a caller that sends its message again after a restart waits for the recovered task", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const request = requestOf("hello");
  const { id } = await send(house, { ...request, configuration: { returnImmediately: true } });
  await agent.begun;
  const next = house.restart(echo);
  const waitingAgain = send(next, request);
  const streamed = Array.fromAsync(next.service.subscribeToTask({ id }, callOf({ afterSeq: 1 })));
  await next.service.recover();
  assert.deepEqual((await waitingAgain).artifacts?.map(textOf), ["hello"]);
  assert.deepEqual((await streamed).map(({ seq }) => seq).at(-1), (await next.journal(id)).length);
});

Deno.test("recover() ends the tasks of an agent that no configuration knows any more", async () => {
  const { house, ids } = await abandoned(2);
  const gone = () => new AgentGone('Agent "echo" is not served');
  const agents: AgentSource = { now: () => assert.fail("no task begins"), at: () => Promise.reject(gone()) };
  const next = house.restart(echo, { agents });
  assert.equal(await next.service.recover(), 0);
  for (const id of ids) {
    const { task } = await next.store.tasks.get({ tenant: "default", owner: "anonymous", id }) ?? assert.fail();
    assert.equal(task.status.state, "TASK_STATE_FAILED");
    assert.match(
      task.status.message ? textOf(task.status.message) : "",
      /The agent "echo" is not served here any more/,
    );
  }
});

Deno.test("recover() asks for the agent with which a task began, and gives it back", async () => {
  const { house } = await abandoned(1, { agents: lending("old", () => Promise.withResolvers<never>().promise).agents });
  const { agents, asked, lent } = lending("new", echo);
  const next = house.restart(echo, { agents });
  assert.equal(await next.service.recover(), 1);
  assert.deepEqual(asked, ["old"]);
  assert.equal(lent(), 0);
});
