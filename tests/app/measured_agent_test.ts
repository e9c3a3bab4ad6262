import assert from "node:assert/strict";
import { measuredModel, measuredTool, measuredToolset, measureRun } from "../../src/app/measured_agent.ts";
import { ModelError, type ModelEvent, type ModelRequest } from "../../src/model/model.ts";
import { RunStopped } from "../../src/task/run_stopped.ts";
import type { Measurement } from "../../src/telemetry/measurement.ts";
import { NeedsInput, type Tool, type ToolResult } from "../../src/tool/tool.ts";
import { answerOf, candidateOf, openTestHouse } from "./configurations.ts";

/** Takes note of measurements, by a clock of which every look is a second later. */
function noting() {
  const measured: Measurement[] = [];
  let nowMs = 0;
  const measure = (one: Measurement) => void measured.push(one);
  return { measured, by: { agent: "a", measure, now: () => nowMs += 1000 } };
}

const TEXT: ModelEvent = { kind: "text", delta: "x" };
const USAGE: ModelEvent = { kind: "usage", usage: { inputTokens: 3, outputTokens: 2 } };
const OVERLOADED = new ModelError("overloaded", "Too much");

/** What a model does, and the error that is told of it. */
const MODELS: readonly (readonly [what: string, events: readonly (ModelEvent | Error)[], error: string | undefined])[] =
  [
    ["answers", [TEXT, USAGE, { kind: "stop", reason: "end" }], undefined],
    ["wants tools", [USAGE, { kind: "stop", reason: "calls" }], undefined],
    ["breaks off", [TEXT, USAGE, { kind: "stop", reason: "error", error: OVERLOADED }], "overloaded"],
    ["refuses", [OVERLOADED], "overloaded"],
    ["throws", [TEXT, USAGE, new TypeError("broken")], "_OTHER"],
  ];

function requestOf(signal = new AbortController().signal): ModelRequest {
  return { messages: [], tools: [], signal };
}

async function* play(events: readonly (ModelEvent | Error)[]): AsyncGenerator<ModelEvent> {
  for (const event of events) {
    await Promise.resolve();
    if (event instanceof Error) throw event;
    yield event;
  }
}

for (const [what, events, error] of MODELS) {
  Deno.test(`measuredModel() measures a call that ${what}, and changes nothing of it`, async () => {
    const { measured, by } = noting();
    const model = measuredModel({ id: "m", stream: () => play(events) }, "scripted", by);
    assert.equal(model.id, "m");
    const seen: (ModelEvent | unknown)[] = [];
    try {
      for await (const event of model.stream(requestOf())) seen.push(event);
    } catch (thrown) {
      seen.push(thrown);
    }
    assert.deepEqual(seen, events);
    const usage = events.includes(USAGE) ? { inputTokens: 3, outputTokens: 2 } : undefined;
    assert.deepEqual(measured, [
      { kind: "model_call", agent: "a", provider: "scripted", model: "m", seconds: 1, usage, error },
    ]);
  });
}

Deno.test("measuredModel() measures a call whose reader goes away, and one that is aborted", async () => {
  const { measured, by } = noting();
  const model = measuredModel({ id: "m", stream: () => play([TEXT, TEXT, OVERLOADED]) }, "scripted", by);
  for await (const _ of model.stream(requestOf())) break;
  await assert.rejects(Array.fromAsync(model.stream(requestOf(AbortSignal.abort()))));
  assert.deepEqual(measured.map((one) => "error" in one ? one.error : undefined), ["aborted", "aborted"]);
});

function toolThat(run: () => Promise<ToolResult>): Tool {
  return { name: "look", description: "Looks", input: {}, replay: "safe", run };
}

function contextOf(signal = new AbortController().signal) {
  const owner = { tenant: "t", owner: "o" };
  const ids = { callId: "c", key: "k", contextId: "x", taskId: "t" };
  return { ...ids, signal, owner, earlier: [], metadata: {}, say: () => Promise.resolve() };
}

const TOOLS: readonly (readonly [what: string, run: () => Promise<ToolResult>, errors: readonly unknown[]])[] = [
  ["works", () => Promise.resolve({ content: "x" }), [undefined]],
  ["tells of an error", () => Promise.resolve({ content: "x", isError: true }), ["tool_error"]],
  ["throws", () => Promise.reject(new Error("broken")), ["_OTHER"]],
  ["waits for its peer, which is no end of it", () => Promise.reject(new NeedsInput([], {})), []],
];

for (const [what, run, errors] of TOOLS) {
  Deno.test(`measuredTool() measures a call that ${what}`, async () => {
    const { measured, by } = noting();
    const tool = measuredTool(toolThat(run), by);
    const [own, wrapped] = await Promise.allSettled([run(), tool.run({}, contextOf())]);
    assert.deepEqual(wrapped, own);
    assert.deepEqual(
      measured,
      errors.map((error) => ({ kind: "tool_call", agent: "a", tool: "look", seconds: 1, error })),
    );
  });
}

Deno.test("measuredTool() tells of a call that is aborted", async () => {
  const { measured, by } = noting();
  const tool = measuredTool(toolThat(() => Promise.reject(new Error("over"))), by);
  await assert.rejects(tool.run({}, contextOf(AbortSignal.abort())));
  assert.deepEqual(measured.map((one) => "error" in one ? one.error : undefined), ["aborted"]);
});

Deno.test("measuredToolset() measures the tools that it has at the time, and is closed as its own", async () => {
  const { measured, by } = noting();
  const did: string[] = [];
  const note = (what: string) => () => {
    did.push(what);
    return Promise.resolve();
  };
  const tools = () => Promise.resolve([toolThat(() => Promise.resolve({ content: "x" }))]);
  const toolset = measuredToolset({ tools, close: note("close") }, by);
  const { signal } = new AbortController();
  for (const tool of await toolset.tools(signal)) await tool.run({}, contextOf());
  await toolset.close();
  assert.deepEqual([measured.length, did], [1, ["close"]]);
});

Deno.test("measureRun() counts a run while it lasts, and how its turn ended if it did", async () => {
  const { measured, by } = noting();
  const deps = { agentId: "a" };
  const stopped = Promise.reject(new RunStopped("shutdown"));
  // Only these members are looked at.
  Reflect.apply(measureRun, undefined, [{ deps, ended: stopped }, by.measure]);
  const ended = Promise.resolve({ task: { status: { state: "TASK_STATE_COMPLETED" } } });
  Reflect.apply(measureRun, undefined, [{ deps, ended }, by.measure]);
  await Promise.allSettled([stopped, ended]);
  await Promise.resolve();
  const over = { kind: "run_over", agent: "a" };
  const began = { kind: "run_began", agent: "a" };
  assert.deepEqual(measured, [began, began, over, {
    kind: "turn_ended",
    agent: "a",
    state: "TASK_STATE_COMPLETED",
  }, over]);
});

const CONFIGURATION = `
agents: { a: { llm: m, tools: [todo_write] } }
llms:
  m:
    provider: scripted
    rules:
      - match: { text: plan, tool_result: false }
        reply: { calls: [{ name: todo_write, arguments: { todos: [{ id: "1", content: x, status: pending }] } }] }
    default: { text: done }
`;

Deno.test("a house measures its runs, its model calls and its tool calls, by agent", async () => {
  const measured: Measurement[] = [];
  const { say, close } = await openTestHouse(candidateOf(CONFIGURATION), {
    measure: (one) => void measured.push(one),
  });
  assert.equal(answerOf(await say("a", "plan")), "done");
  await close();
  const kinds = measured.map((one) => "agent" in one ? [one.kind, one.agent] : [one.kind]);
  assert.deepEqual(kinds, [
    ["run_began", "a"],
    ["model_call", "a"],
    ["tool_call", "a"],
    ["model_call", "a"],
    ["turn_ended", "a"],
    ["run_over", "a"],
  ]);
});
