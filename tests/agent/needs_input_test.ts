import assert from "node:assert/strict";
import { HITL_EXTENSION, hitlPayloadOf } from "../../src/a2a/hitl.ts";
import { textOf, toolOutcomesOf } from "../../src/a2a/parts.ts";
import type { Task } from "../../src/a2a/types.ts";
import { MemoryRecords } from "../../src/store/memory_store.ts";
import { NeedsInput, type Replay, type ToolContext } from "../../src/tool/tool.ts";
import { dying } from "../task/dying.ts";
import { callOf, requestOf, send } from "../task/house.ts";
import { call, fakeTool, says } from "./fake_agent.ts";
import { agentOf, announced, answer, asked, guarded, openScenery } from "./waiting_house.ts";

/* Tools that cannot go on without their peer (NeedsInput), and calls that a crash has left open. */

/** Asks for a colour, then for a size; what it did is in `did`. */
function painter({ did = [], replay = "safe", name = "paint" }: {
  readonly did?: string[];
  readonly replay?: Replay;
  readonly name?: string;
} = {}) {
  const act = ({ wall }: { readonly wall?: unknown }, { resumed }: ToolContext) => {
    const told = [...Array.isArray(resumed?.state.told) ? resumed.state.told : []];
    if (resumed !== undefined) told.push(textOf(resumed.answer));
    did.push(`${name} ${wall} ${told.length}`);
    if (told.length === 0) throw new NeedsInput([{ text: "Which colour?" }], { told, secret: "s3cret" });
    if (told.length === 1) throw new NeedsInput([{ text: "Which size?" }], { told });
    return { content: `painted ${wall}: ${told.join(", ")}` };
  };
  return fakeTool(name, { replay, act });
}

const CALLS = [says(["I paint."], { calls: [call("w", "paint", { wall: 1 })] }), says(["Done."])];

Deno.test("a tool that needs its peer goes on with the answer and with what it kept", async () => {
  const did: string[] = [];
  const { house, model } = openScenery({ replies: CALLS, tools: [painter({ did })] });
  const task = await send(house, requestOf("Go"));
  assert.equal(task.status.state, "TASK_STATE_INPUT_REQUIRED");
  assert.deepEqual(asked(task), { calls: [], text: "Which colour?" });
  assert.ok(!JSON.stringify(task).includes("s3cret"));
  const second = await answer(house, task, "red");
  assert.equal(asked(second).text, "Which size?");
  const done = await answer(house, second, "big");
  assert.equal(done.status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(model.requests[1]?.messages.flatMap(toolOutcomesOf).map(({ output }) => output), [
    "painted 1: red, big",
  ]);
  assert.deepEqual(did, ["paint 1 0", "paint 1 1", "paint 1 2"]);
  assert.deepEqual(await announced(house, task.id), ["paint w", "w = painted 1: red, big"]);
});

Deno.test("a tool that needs a credential leaves its task in AUTH_REQUIRED", async () => {
  const tool = fakeTool("mail", {
    act: (_input, { resumed }) => {
      if (resumed === undefined) throw new NeedsInput([{ text: "Log in" }, { url: "https://example.org" }], {}, "auth");
      return { content: "sent" };
    },
  });
  const { house } = openScenery({
    replies: [says([], { calls: [call("m", "mail")] }), says(["Sent."])],
    tools: [tool],
  });
  const task = await send(house, requestOf("Go"));
  assert.equal(task.status.state, "TASK_STATE_AUTH_REQUIRED");
  assert.equal(task.status.message?.parts[1]?.url, "https://example.org");
  assert.equal((await answer(house, task, "done")).status.state, "TASK_STATE_COMPLETED");
});

Deno.test("calls that wait for different things are asked about apart, those for a yes first", async () => {
  const did: string[] = [];
  const calls = [
    call("p", "paint", { wall: 1 }),
    call("q", "sketch", { wall: 2 }),
    call("y", "pay"),
  ];
  const pay = guarded(fakeTool("pay", { replay: "once" }));
  const tools = [painter({ did }), painter({ did, name: "sketch" }), pay];
  const { house } = openScenery({ replies: [says([], { calls }), says(["Done."])], tools });
  const heard: string[] = [];
  let task = await send(house, requestOf("Go"));
  for (const said of ["approve", "red", "big", "blue", "small"]) {
    const { calls, text } = asked(task);
    heard.push(calls.length > 0 ? calls.join() : text);
    task = await answer(house, task, said);
  }
  assert.equal(task.status.state, "TASK_STATE_COMPLETED");
  assert.deepEqual(heard, ["pay y", "Which colour?", "Which size?", "Which colour?", "Which size?"]);
  assert.deepEqual((await announced(house, task.id)).filter((line) => line.includes("=")).toSorted(), [
    "p = painted 1: red, big",
    "q = painted 2: blue, small",
    "y = pay done",
  ]);
  assert.equal(pay.runs.length, 1);
});

Deno.test("a question of a tool is one of the public extension, whose answer stands in its payload", async () => {
  const { house } = openScenery({ replies: CALLS, tools: [painter()] });
  const task = await send(house, requestOf("Go"));
  const id = `${task.id}:0:message:2`;
  assert.deepEqual(task.status.message && hitlPayloadOf(task.status.message), {
    type: "ask_user_request",
    id,
    questions: [{ question: "Which colour?", choices: [], multiple: false }],
  });
  const payload = { type: "ask_user_response", id, answers: [{ answer: ["red"] }] };
  const over = { extensions: [HITL_EXTENSION], metadata: { [HITL_EXTENSION]: payload } };
  const done = await answer(house, await answer(house, task, "Answered", over), "big");
  assert.ok((await announced(house, done.id)).includes("w = painted 1: red, big"));
});

/** Answers whatever a task asks: yes to payments, no to what a crash has left open. */
function replyTo(task: Task): string | undefined {
  const { calls, text } = asked(task);
  if (calls.length > 0) return calls.map((each) => each === "pay y" ? "approve y" : "deny w").join("\n");
  if (text.includes("colour")) return "red";
  return text.includes("size") ? "big" : undefined;
}

for (const before of [true, false]) {
  Deno.test(`after a death ${before ? "before" : "after"} any commit, waits go on and no call runs twice that may not`, async () => {
    for (let at = 0;; at++) {
      const records = new MemoryRecords();
      const did: string[] = [];
      const pay = guarded(fakeTool("pay", { replay: "once" }));
      const calls = [call("w", "paint", { wall: 1 }), call("y", "pay")];
      const tools = [painter({ did, replay: "ask" }), pay];
      const scenery = { replies: [says(["I paint."], { calls }), says(["Done."])], tools };
      const death = dying(at, before);
      const first = openScenery(scenery, { records, journal: death.journal }).house;
      const { id } = await send(first, requestOf("Go", {}, { returnImmediately: true }));
      const live = async (house: typeof first) => {
        for (;;) {
          await house.service.settled();
          const task = await house.service.getTask({ id }, callOf());
          if (task.status.state !== "TASK_STATE_INPUT_REQUIRED") return task;
          const said = replyTo(task);
          if (said === undefined) return task;
          await answer(house, task, said, { messageId: `${task.status.message?.messageId} answered` });
        }
      };
      await live(first).catch(() => undefined);
      await first.service.settled();
      if (!death.died()) break;
      const next = first.restart(agentOf(scenery).run, { journal: undefined });
      await next.service.recover();
      const end = await live(next);
      assert.ok(pay.runs.length <= 1, `died at ${at}: paid ${pay.runs.length} times`);
      assert.equal(new Set(did).size, did.length, `died at ${at}: ${did.join(", ")}`);
      if (end.status.state === "TASK_STATE_INPUT_REQUIRED") {
        assert.match(asked(end).text, /"pay".*may or may not have happened/s, `died at ${at}`);
        continue;
      }
      assert.equal(end.status.state, "TASK_STATE_COMPLETED", `died at ${at}`);
      assert.deepEqual(end.artifacts?.map(textOf), ["I paint.\n\nDone."], `died at ${at}`);
      const told = await announced(next, id);
      assert.equal(new Set(told).size, 4, `died at ${at}: ${told.join(" | ")}`);
      assert.equal(told.length, 4, `died at ${at}: ${told.join(" | ")}`);
    }
  });
}

Deno.test("a call that a crash has left open is done again on a yes, where its tool is to ask", async () => {
  const reached = Promise.withResolvers<void>();
  const hanging = fakeTool("pay", { replay: "ask", act: () => (reached.resolve(), new Promise(() => {})) });
  const replies = [says([], { calls: [call("y", "pay")] }), says(["Done."])];
  const { house } = openScenery({ replies, tools: [hanging] });
  const { id } = await send(house, requestOf("Go", {}, { returnImmediately: true }));
  await reached.promise;
  await house.service.drain(AbortSignal.abort());
  const pay = fakeTool("pay", { replay: "ask" });
  const next = house.restart(agentOf({ replies, tools: [pay] }).run);
  await next.service.recover();
  const task = await next.service.getTask({ id }, callOf());
  assert.deepEqual(asked(task).calls, ["pay y"]);
  assert.match(asked(task).text, /interrupted after it had begun.*May it be done again\?/s);
  assert.equal(pay.runs.length, 0);
  assert.equal((await answer(next, task, "yes")).status.state, "TASK_STATE_COMPLETED");
  assert.equal(pay.runs.length, 1);
});
