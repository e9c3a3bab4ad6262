import assert from "node:assert/strict";
import { textOf, toolCallPart, toolCallsOf, toolOutcomePart } from "../../src/a2a/parts.ts";
import type { Message, Part } from "../../src/a2a/types.ts";
import { asking, caller, callOf, COMPLETED, openHouse, requestOf, type RunFunction, send, waiting } from "./house.ts";

/** An agent that writes down what it is told of the past, and answers "re: …". */
function remembering(told: string[][]): RunFunction {
  return async ({ message, history }, run) => {
    told.push((await history()).map((said) => `${said.role === "ROLE_USER" ? "user" : "agent"}: ${textOf(said)}`));
    const text = `re: ${textOf(message)}`;
    await run.emit({ artifact: { artifactId: run.nextId("artifact"), parts: [{ text }] } });
    return COMPLETED;
  };
}

Deno.test("history() gives the earlier tasks of a context, oldest first, each with its messages and its answer", async () => {
  const told: string[][] = [];
  const house = openHouse(remembering(told));
  for (const text of ["one", "two", "three"]) await send(house, requestOf(text, { contextId: "ours" }));
  assert.deepEqual(told, [
    [],
    ["user: one", "agent: re: one"],
    ["user: one", "agent: re: one", "user: two", "agent: re: two"],
  ]);
});

Deno.test("history() tells nothing of other contexts, callers, tenants or agents", async () => {
  const told: string[][] = [];
  const house = openHouse(remembering(told));
  const neighbour = openHouse(remembering([]), { agentId: "other", records: house.records, clock: house.clock });
  const request = () => requestOf("secret", { contextId: "ours" });
  await send(house, requestOf("secret", { contextId: "theirs" }));
  await send(house, request(), callOf({ caller: caller("bob") }));
  await send(house, request(), callOf({ caller: caller("anonymous", "elsewhere") }));
  await send(neighbour, request());
  await send(house, requestOf("hello", { contextId: "ours" }));
  assert.deepEqual(told.at(-1), []);
});

Deno.test("history() leaves out what another task of the context has not finished saying", async () => {
  const told: string[][] = [];
  const slow = waiting();
  const house = openHouse((input, run) =>
    textOf(input.message) === "slow" ? slow.run(input, run) : remembering(told)(input, run)
  );
  await send(house, requestOf("slow", { contextId: "ours" }, { returnImmediately: true }));
  await slow.begun;
  await send(house, requestOf("hello", { contextId: "ours" }));
  slow.letGo();
  await house.service.settled();
  await send(house, requestOf("again", { contextId: "ours" }));
  assert.deepEqual(told, [[], ["user: slow", "user: hello", "agent: re: hello"]]);
});

Deno.test("history() keeps tool calls and outcomes as they were said, before the answer", async () => {
  let told: readonly Message[] = [];
  const call = { id: "c1", name: "search", arguments: { query: "x" } };
  const outcome = { id: "c1", name: "search", output: "found", isError: false };
  const house = openHouse(async ({ history }, run) => {
    told = await history();
    const say = (part: Part): Message => ({ messageId: run.nextId("message"), role: "ROLE_AGENT", parts: [part] });
    await run.emit({ working: say(toolCallPart(call)) });
    await run.emit({ working: say(toolOutcomePart(outcome)) });
    await run.emit({ artifact: { artifactId: "a", parts: [{ text: "one" }] } });
    await run.emit({ artifact: { artifactId: "b", parts: [{ text: "two" }] } });
    return { ...COMPLETED, message: say({ text: "bye" }) };
  });
  for (const text of ["hello", "again"]) await send(house, requestOf(text, { contextId: "ours" }));
  const [asked, called, outcomes, answer, bye] = told;
  assert.ok(asked !== undefined && called !== undefined && outcomes !== undefined && answer !== undefined);
  assert.deepEqual([textOf(asked), toolCallsOf(called), outcomes.parts], ["hello", [call], [toolOutcomePart(outcome)]]);
  assert.equal(textOf(answer), "one\n\ntwo");
  assert.deepEqual([answer.role, answer.taskId, answer.contextId], ["ROLE_AGENT", asked.taskId, "ours"]);
  assert.equal(bye && textOf(bye), "bye");
  assert.equal(told.length, 5);
});

Deno.test("history() of a later turn holds the task's own earlier turns, without the message itself", async () => {
  const told: string[][] = [];
  const house = openHouse(async (input, run) => {
    await remembering(told)(input, run);
    return await asking(input, run);
  });
  await send(house, requestOf("done", { contextId: "ours" }));
  const { id: taskId } = await send(house, requestOf("hello", { contextId: "ours" }));
  await send(house, requestOf("done", { taskId }));
  const before = ["user: done", "agent: re: done"];
  assert.deepEqual(told, [[], before, [...before, "user: hello", "agent: re: hello", "agent: which?"]]);
});

const BOUNDS: [limits: { maxHistoryTasks?: number; maxHistoryBytes?: number }, told: string[]][] = [
  [{ maxHistoryTasks: 2 }, ["user: three", "agent: re: three", "user: four", "agent: re: four"]],
  [{ maxHistoryTasks: 0 }, []],
  [{ maxHistoryBytes: 400 }, ["user: four", "agent: re: four"]],
  [{ maxHistoryBytes: 1 }, []],
];

for (const [limits, newest] of BOUNDS) {
  Deno.test(`history() within ${JSON.stringify(limits)} keeps the newest tasks whole`, async () => {
    const told: string[][] = [];
    const house = openHouse(remembering(told), { limits });
    for (const text of ["one", "two", "three", "four", "five"]) {
      await send(house, requestOf(text, { contextId: "ours" }));
    }
    assert.deepEqual(told.at(-1), newest);
  });
}
