import assert from "node:assert/strict";
import { textOf } from "../../src/a2a/parts.ts";
import type { Message, Task } from "../../src/a2a/types.ts";
import type { RunEnd } from "../../src/agent/agent.ts";
import { MemoryRecords } from "../../src/store/memory_store.ts";
import { dying } from "./dying.ts";
import {
  callOf,
  COMPLETED,
  type House,
  isRefusal,
  openHouse,
  requestOf,
  type RunFunction,
  send,
  Text,
} from "./house.ts";

/* A turn that ends suspended goes on with its peer's next message; any other message begins a turn of its own. */

/** What was really done, by step; a restart forgets nothing of it. */
type Witness = string[];

function asks(word: string, messageId: string): RunEnd {
  const message: Message = { messageId, role: "ROLE_AGENT", parts: [{ text: `${word}?` }] };
  return { state: "TASK_STATE_INPUT_REQUIRED", message, suspended: true, kept: { secret: word } };
}

/** Works, asks, works, asks, works; a turn's answer is all that it was told. */
function asksTwice(witness: Witness = []): RunFunction {
  return async ({ message, answers }, run) => {
    const told = [textOf(message)];
    for (const [at, word] of ["colour", "size"].entries()) {
      const messageId = run.nextId("message");
      const questionId = run.nextId("question");
      const work = await run.step({
        id: `work:${at}`,
        result: Text,
        replay: "once",
        act: () => {
          witness.push(`${textOf(message)} ${at}`);
          return Promise.resolve({ text: `work ${at}` });
        },
        events: ({ text }) => [{
          working: { messageId, role: "ROLE_AGENT", parts: [{ text }] },
        }],
      });
      told.push(work.text);
      const answer = answers[at];
      if (answer === undefined) return asks(word, questionId);
      assert.deepEqual(answer.kept, { secret: word });
      told.push(textOf(answer.message));
    }
    await run.emit({ artifact: { artifactId: run.nextId("artifact"), parts: [{ text: told.join(", ") }] } });
    return message.parts[0]?.text === "open" ? { state: "TASK_STATE_INPUT_REQUIRED" } : COMPLETED;
  };
}

const WHOLE = "paint, work 0, red, work 1, big";

function said({ history = [], status }: Task): string[] {
  return [...history, ...status.message === undefined ? [] : [status.message]].map(textOf);
}

Deno.test("a message to a suspended turn is an answer in it: steps that were done are not done again", async () => {
  const witness: Witness = [];
  const house = openHouse(asksTwice(witness));
  const first = await send(house, requestOf("paint"));
  assert.equal(first.status.state, "TASK_STATE_INPUT_REQUIRED");
  assert.equal((await send(house, requestOf("red", { taskId: first.id }))).status.state, "TASK_STATE_INPUT_REQUIRED");
  const done = await send(house, requestOf("big", { taskId: first.id }));
  assert.equal(done.status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(done.artifacts?.map(textOf), [WHOLE]);
  assert.deepEqual(said(done), ["paint", "work 0", "colour?", "red", "work 1", "size?", "big"]);
  assert.deepEqual(witness, ["paint 0", "paint 1"]);
});

Deno.test("a suspended turn goes on in another process", async () => {
  const witness: Witness = [];
  let house = openHouse(asksTwice(witness));
  const { id } = await send(house, requestOf("paint"));
  house = house.restart(asksTwice(witness));
  assert.equal(await house.service.recover(), 0);
  await send(house, requestOf("red", { taskId: id }));
  house = house.restart(asksTwice(witness));
  const done = await send(house, requestOf("big", { taskId: id }));
  assert.deepEqual(done.artifacts?.map(textOf), [WHOLE]);
  assert.deepEqual(witness, ["paint 0", "paint 1"]);
});

Deno.test("what a suspended turn keeps is shown to nobody", async () => {
  const house = openHouse(asksTwice());
  const task = await send(house, requestOf("paint"));
  const events = [JSON.stringify(task)];
  for await (const event of house.service.subscribeToTask({ id: task.id }, callOf({ afterSeq: 0 }))) {
    events.push(JSON.stringify(event));
    if (events.at(-1)?.includes("colour?")) break;
  }
  assert.deepEqual(events.filter((text) => text.includes("secret")), []);
  const journal = await house.journal(task.id);
  assert.ok(JSON.stringify(journal).includes("secret"));
});

Deno.test("after a suspended turn, the next message begins a turn with ids of its own", async () => {
  const house = openHouse(asksTwice());
  const { id } = await send(house, requestOf("open"));
  await send(house, requestOf("red", { taskId: id }));
  const asked = await send(house, requestOf("big", { taskId: id }));
  assert.equal(asked.status.state, "TASK_STATE_INPUT_REQUIRED");
  await send(house, requestOf("paint", { taskId: id }));
  await send(house, requestOf("blue", { taskId: id }));
  const done = await send(house, requestOf("small", { taskId: id }));
  assert.equal(done.status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(done.artifacts?.map(textOf), [
    "open, work 0, red, work 1, big",
    "paint, work 0, blue, work 1, small",
  ]);
  const ids = (done.history ?? []).map(({ messageId }) => messageId);
  assert.equal(new Set(ids).size, ids.length);
});

Deno.test("a suspended turn remembers what was said before it, and not its own answers", async () => {
  const remembered: string[][] = [];
  const house = openHouse(async (input, run) => {
    remembered.push((await input.history()).map(textOf));
    return await asksTwice()(input, run);
  });
  const { id, contextId } = await send(house, requestOf("before"));
  await house.service.cancelTask({ id }, callOf());
  const task = await send(house, requestOf("paint", { contextId }));
  await send(house, requestOf("red", { taskId: task.id }));
  assert.deepEqual(remembered.at(-1), remembered.at(-2));
  assert.deepEqual(remembered.at(-1)?.[0], "before");
  assert.ok(!remembered.at(-1)?.includes("red"));
});

Deno.test("a task whose turn is suspended can be canceled, and takes no answer then", async () => {
  const witness: Witness = [];
  const house = openHouse(asksTwice(witness));
  const { id } = await send(house, requestOf("paint"));
  const canceled = await house.service.cancelTask({ id }, callOf());
  assert.equal(canceled.status.state, "TASK_STATE_CANCELED");
  const answer = send(house, requestOf("red", { taskId: id }));
  await assert.rejects(answer, isRefusal("UNSUPPORTED_OPERATION", "TASK_STATE_CANCELED"));
  assert.deepEqual(witness, ["paint 0"]);
});

Deno.test("an answer that is sent twice is taken once", async () => {
  const house = openHouse(asksTwice());
  const { id } = await send(house, requestOf("paint"));
  const answer = requestOf("red", { taskId: id });
  await send(house, answer);
  const again = await send(house, answer);
  assert.equal(again.status.state, "TASK_STATE_INPUT_REQUIRED");
  assert.deepEqual(said(again).at(-1), "size?");
});

Deno.test("a message that came while the turn was at work is no answer to what it asks then", async () => {
  const house = openHouse(asksTwice());
  const { id } = await send(house, requestOf("paint"));
  // Both are read when the first question stands; the second of them is not meant for the second question.
  const [one, other] = await Promise.allSettled(
    ["red", "blue"].map((text) => send(house, requestOf(text, { taskId: id }))),
  );
  assert.equal(one?.status, "fulfilled");
  assert.equal(other?.status, "rejected");
  const task = await house.service.getTask({ id }, callOf());
  assert.deepEqual(said(task).slice(-3), ["red", "work 1", "size?"]);
});

const ANSWERS: ReadonlyMap<string, string> = new Map([["colour?", "red"], ["size?", "big"]]);

/** Answers what the task asks, and sends again where the answer got lost, until the task is at its end. */
async function answerAll(house: House, id: string): Promise<Task> {
  for (;;) {
    const task = await house.service.getTask({ id }, callOf());
    if (task.status.state !== "TASK_STATE_INPUT_REQUIRED") return task;
    const question = task.status.message === undefined ? "" : textOf(task.status.message);
    if (question.includes("may or may not")) return task;
    await send(house, requestOf(ANSWERS.get(question) ?? "", { taskId: id, messageId: `${id} ${question}` }));
  }
}

for (const before of [true, false]) {
  Deno.test(`a suspended turn goes on after a death ${before ? "before" : "after"} any commit`, async () => {
    for (let at = 0;; at++) {
      const records = new MemoryRecords();
      const witness: Witness = [];
      const death = dying(at, before);
      const house = openHouse(asksTwice(witness), { records, journal: death.journal });
      const { id } = await send(house, requestOf("paint", {}, { returnImmediately: true }));
      await house.service.settled();
      await answerAll(house, id).catch(() => undefined);
      await house.service.settled();
      if (!death.died()) break;
      const next = house.restart(asksTwice(witness), { journal: undefined });
      await next.service.recover();
      const end = await answerAll(next, id);
      assert.equal(new Set(witness).size, witness.length, `died at ${at}: ${witness.join(", ")}`);
      if (end.status.state === "TASK_STATE_INPUT_REQUIRED") continue;
      assert.equal(end.status.state, "TASK_STATE_COMPLETED", `died at ${at}`);
      assert.deepEqual(end.artifacts?.map(textOf), [WHOLE], `died at ${at}`);
      assert.deepEqual(said(end), ["paint", "work 0", "colour?", "red", "work 1", "size?", "big"], `died at ${at}`);
    }
  });
}
