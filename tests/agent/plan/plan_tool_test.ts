import assert from "node:assert/strict";
import { planTool } from "../../../src/agent/plan/plan_tool.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import { textOf } from "../../../src/a2a/parts.ts";
import {
  type AgentsDeps,
  type AskOptions,
  NeedsInput,
  type ToolContext,
  type ToolResult,
} from "../../../src/tool/tool.ts";
import { refusal, toolContext } from "../../tool/run_tool.ts";

type Act = (options: AskOptions, context: ToolContext) => Promise<ToolResult> | ToolResult;

function textIn({ parts }: Pick<AskOptions, "parts">): string {
  return textOf({ parts: [...parts] });
}

/** A team whose agents do what they are told here; keeps what they were asked. */
function team(act: Act, options: { maxParallel?: number; maxResultChars?: number; timeoutSeconds?: number } = {}) {
  const asked: { agent: string; text: string; key: string }[] = [];
  const agents: AgentsDeps = {
    colleagues: [{ id: "finder", description: "Finds facts" }, { id: "writer", description: "" }],
    ask: async (ask, context) => {
      asked.push({ agent: ask.agent, text: textIn(ask), key: context.key });
      return await act(ask, context);
    },
  };
  return { asked, tool: planTool(agents, { maxParallel: 4, maxResultChars: 1_000, ...options }) };
}

function subtask(id: string, agent: string, depends_on: string[] = []): JsonObject {
  return { id, title: `Title of ${id}`, agent, task: `Do ${id}.`, depends_on };
}

const DIAMOND = {
  goal: "Know owls",
  subtasks: [
    subtask("a", "finder"),
    subtask("b", "finder", ["a"]),
    subtask("c", "finder", ["a"]),
    subtask("d", "writer", ["b", "c"]),
  ],
};

Deno.test("a plan is carried out: each subtask by its agent, once, with the results that it needs", async () => {
  const { asked, tool } = team(({ parts }) => ({ content: `answer to <${textIn({ parts }).split("\n")[0]}>` }));
  const { content, display, isError, parts } = await tool.run(DIAMOND, toolContext({ key: "k" }));
  assert.deepEqual(asked.map(({ agent, key }) => [agent, key]), [
    ["finder", "k:a"],
    ["finder", "k:b"],
    ["finder", "k:c"],
    ["writer", "k:d"],
  ]);
  assert.equal(
    asked[3]?.text,
    'Do d.\n\nResult of "Title of b" (b):\nanswer to <Do b.>\n\nResult of "Title of c" (c):\nanswer to <Do c.>',
  );
  assert.equal(isError, false);
  assert.match(
    content,
    /^4 of 4 subtasks are done\.\n\n\[1\] finder, subtask "a" \(Title of a\): done\nanswer to <Do a\.>/,
  );
  assert.match(content, /\[4\] writer, subtask "d" [^]*answer to <Do d\.>$/);
  assert.equal(
    display,
    "Know owls\n4 of 4 todos completed\n[x] a: Title of a (finder)\n[x] b: Title of b (finder)\n" +
      "[x] c: Title of c (finder)\n[x] d: Title of d (writer)",
  );
  const [plan] = parts ?? [];
  assert.deepEqual(Object(plan?.data).plan.subtasks[3], {
    number: 4,
    id: "d",
    title: "Title of d",
    agent: "writer",
    depends_on: ["b", "c"],
    state: "done",
  });
});

Deno.test("subtasks run at the same time where they can, and no more of them than may", async () => {
  let running = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  const act = async () => {
    most = Math.max(most, ++running);
    if (running === 2) gate.resolve();
    await gate.promise;
    running--;
    return { content: "ok" };
  };
  const { tool } = team(act, { maxParallel: 2 });
  const subtasks = ["a", "b", "c", "d", "e"].map((id) => subtask(id, "finder"));
  const { content } = await tool.run({ goal: "g", subtasks }, toolContext());
  assert.match(content, /^5 of 5/);
  assert.equal(most, 2);
});

Deno.test("what fails takes with it what depends on it, and nothing else; the model is told to plan anew", async () => {
  const { asked, tool } = team(({ parts }) => {
    if (textIn({ parts }).startsWith("Do b")) throw new Error('"finder" failed: no net');
    return { content: "ok" };
  });
  const { content, isError, display } = await tool.run(DIAMOND, toolContext());
  assert.deepEqual(asked.map(({ text }) => text.slice(0, 5)), ["Do a.", "Do b.", "Do c."]);
  assert.equal(isError, false);
  assert.match(content, /^2 of 4 subtasks are done\./);
  assert.match(content, /\[2\] finder, subtask "b" \(Title of b\): failed\n"finder" failed: no net\n/);
  assert.match(content, /\[4\] writer, subtask "d" \(Title of d\): not begun, because "b" was not done\n/);
  assert.match(content, /Make another plan for what is missing/);
  assert.match(display ?? "", /\[-\] b[^]*\[-\] d/);
});

Deno.test("a plan of which nothing could be done is an error", async () => {
  const { tool } = team(() => ({ content: "no idea", isError: true, parts: [{ text: "half a page" }] }));
  const { isError, parts } = await tool.run(DIAMOND, toolContext());
  assert.deepEqual([isError, parts?.slice(1)], [true, [{ text: "half a page" }]]);
});

Deno.test("whoever follows sees the list, and each change of it", async () => {
  const said: string[] = [];
  const { tool } = team(() => ({ content: "ok" }));
  const say = (text: string) => Promise.resolve(void said.push(text));
  await tool.run({ goal: "g", subtasks: [subtask("a", "finder")] }, toolContext({ say }));
  assert.deepEqual(said, [
    "g\n0 of 1 todos completed\n[ ] a: Title of a (finder)\n",
    "[>] a: Title of a (finder)\n",
    "[x] a: Title of a (finder)\n",
  ]);
});

Deno.test("an agent that asks back makes the plan wait until everything else is done, and gets its answer", async () => {
  const done: string[] = [];
  const act: Act = ({ parts }, { resumed, key }) => {
    const text = textIn({ parts });
    if (text.startsWith("Do a") && resumed === undefined) {
      throw new NeedsInput([{ text: "Which owl?" }], { taskId: "t-a" });
    }
    done.push(`${key} ${resumed === undefined ? "" : JSON.stringify(resumed.state)}`);
    return { content: `ok ${resumed === undefined ? "" : textOf(resumed.answer)}` };
  };
  const plan = { goal: "g", subtasks: [subtask("a", "finder"), subtask("b", "writer")] };
  const { tool } = team(act);
  let question: NeedsInput | undefined;
  await tool.run(plan, toolContext({ key: "k" })).catch((thrown) => question = thrown);
  assert.ok(question instanceof NeedsInput);
  assert.deepEqual(question.question, [{ text: "finder (Title of a) asks:\n" }, { text: "Which owl?" }]);
  assert.deepEqual(done, ["k:b "]);
  const answer = { messageId: "m", role: "ROLE_USER" as const, parts: [{ text: "The barn owl" }] };
  const resumed = { state: question.state, answer };
  const { content } = await tool.run(plan, toolContext({ key: "k", resumed }));
  assert.match(content, /^2 of 2 [^]*ok The barn owl/);
  assert.deepEqual(done.slice(1).sort(), ['k:a {"taskId":"t-a"}', "k:b "]);
});

Deno.test("two agents that ask back are answered one after the other", async () => {
  const answers = new Map<string, string>();
  const act: Act = ({ agent }, { resumed }) => {
    // As a task that was answered once knows its answer when it is asked for again.
    if (resumed !== undefined) answers.set(agent, textOf(resumed.answer));
    const answer = answers.get(agent);
    if (answer === undefined) throw new NeedsInput([{ text: `${agent}?` }], { of: agent });
    return { content: answer };
  };
  const plan = { goal: "g", subtasks: [subtask("a", "finder"), subtask("b", "writer")] };
  const { tool } = team(act);
  let resumed: ToolContext["resumed"] | undefined;
  for (const text of ["one", "two"]) {
    const context = toolContext(resumed === undefined ? {} : { resumed });
    const thrown = await tool.run(plan, context).then(() => undefined, (reason: unknown) => reason);
    assert.ok(thrown instanceof NeedsInput);
    resumed = { state: thrown.state, answer: { messageId: text, role: "ROLE_USER", parts: [{ text }] } };
  }
  const { content } = await tool.run(plan, toolContext(resumed === undefined ? {} : { resumed }));
  assert.match(content, /done\none\n\n[^]*done\ntwo$/);
});

Deno.test("a plan that cannot be carried out begins nothing, and says why", async () => {
  const { asked, tool } = team(() => ({ content: "ok" }));
  assert.equal(
    await refusal(tool.run({ goal: "g", subtasks: [subtask("a", "nobody")] }, toolContext())),
    'Cannot carry out this plan: subtask "a" is for "nobody": the agents are finder, writer. Nothing was begun.',
  );
  assert.deepEqual(asked, []);
});

Deno.test("a plan that is canceled ends with what it was canceled with, and begins nothing more", async () => {
  const stop = new AbortController();
  const { asked, tool } = team((_options, { signal }) => {
    stop.abort(new Error("canceled"));
    signal.throwIfAborted();
    return { content: "never" };
  }, { maxParallel: 1 });
  await assert.rejects(Promise.resolve(tool.run(DIAMOND, toolContext({ signal: stop.signal }))), /^Error: canceled$/);
  assert.equal(asked.length, 1);
});

Deno.test("long results are cut for the model, and subtasks may take as long as the options say", async () => {
  const limits: (number | undefined)[] = [];
  const { tool } = team(({ timeoutSeconds }) => {
    limits.push(timeoutSeconds);
    return { content: "x".repeat(500) };
  }, { maxResultChars: 100, timeoutSeconds: 7 });
  const { content } = await tool.run({ goal: "g", subtasks: [subtask("a", "finder")] }, toolContext());
  assert.match(content, /x{100}\n… \(500 characters in all\)$/);
  assert.deepEqual(limits, [7]);
});
