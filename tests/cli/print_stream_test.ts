import assert from "node:assert/strict";
import { approvalPart, approvalText, usualPrompt } from "../../src/a2a/approval.ts";
import { SIDE_ARTIFACT, toolCallPart, toolOutcomePart } from "../../src/a2a/parts.ts";
import type { Artifact, Part, StreamResponse, TaskState } from "../../src/a2a/types.ts";
import { printStream, TurnPrinter } from "../../src/cli/print_stream.ts";
import { fakeTerminal } from "./fake_terminal.ts";

const SHOWN = { showTools: true, showThinking: true };
const ids = { taskId: "t1", contextId: "c1" };
const task = (artifacts?: Part[][]): StreamResponse => ({
  task: {
    id: "t1",
    contextId: "c1",
    status: { state: "TASK_STATE_SUBMITTED" },
    artifacts: artifacts?.map((parts, at) => ({ artifactId: `a${at}`, parts })),
  },
});
const artifact = (text: string, append: boolean, artifactId = "a0"): StreamResponse => ({
  artifactUpdate: { ...ids, artifact: { artifactId, parts: [{ text }] }, append },
});
/** Text of a tool beside the answer. */
const beside = (text: string, append: boolean, artifactId = "s0"): StreamResponse => ({
  artifactUpdate: {
    ...ids,
    artifact: {
      artifactId,
      parts: [{ text }],
      ...(append ? {} : { name: artifactId, metadata: { [SIDE_ARTIFACT]: "progress" } }),
    },
    append,
  },
});
/** What a model thinks. */
const thought = (text: string, append: boolean): StreamResponse => ({
  artifactUpdate: {
    ...ids,
    artifact: {
      artifactId: "think",
      parts: [{ text }],
      ...(append ? {} : { name: "thinking", metadata: { [SIDE_ARTIFACT]: "thinking" } }),
    },
    append,
  },
});
const made = (artifact: Artifact): StreamResponse => ({ artifactUpdate: { ...ids, artifact, lastChunk: true } });
const last = (artifactId: string): StreamResponse => ({
  artifactUpdate: { ...ids, artifact: { artifactId, parts: [{ text: "" }] }, append: true, lastChunk: true },
});
let lastMessage = 0;
const status = (state: TaskState, ...parts: Part[]): StreamResponse => ({
  statusUpdate: {
    ...ids,
    status: {
      state,
      ...(parts.length === 0 ? {} : { message: { messageId: `m${++lastMessage}`, role: "ROLE_AGENT", parts } }),
    },
  },
});
/** The task as one that subscribes now is told of it. */
const snapshot = (state: TaskState, artifact: string, said?: string): StreamResponse => ({
  task: {
    id: "t1",
    contextId: "c1",
    status: {
      state,
      ...(said === undefined ? {} : { message: { messageId: "said", role: "ROLE_AGENT", parts: [{ text: said }] } }),
    },
    artifacts: artifact === "" ? [] : [{ artifactId: "a0", parts: [{ text: artifact }] }],
  },
});
const call = toolCallPart({ id: "1", name: "search", arguments: { query: "sky" } });
const outcome = toolOutcomePart({ id: "1", name: "search", output: "blue\n\n  sky", isError: false });

/** [what, events, stdout, stderr] */
const ROWS: [what: string, events: StreamResponse[], out: string, err: string][] = [
  [
    "an answer in pieces",
    [task(), artifact("Hel", false), artifact("lo", true), status("TASK_STATE_COMPLETED")],
    "Hello\n",
    "",
  ],
  ["an answer with its own line end", [task(), artifact("Hello\n", false)], "Hello\n", ""],
  [
    "tool calls in the background",
    [task(), status("TASK_STATE_WORKING", call), status("TASK_STATE_WORKING", outcome), artifact("Blue.", false)],
    "Blue.\n",
    `<dim>→ search {"query":"sky"}</dim>\n<dim>← search blue sky</dim>\n`,
  ],
  [
    "a tool that failed, behind text",
    [
      task(),
      artifact("Let me look.", false),
      status("TASK_STATE_WORKING", toolOutcomePart({ id: "1", name: "search", output: "no", isError: true })),
    ],
    "Let me look.\n",
    "<dim>✗ search no</dim>\n",
  ],
  [
    "what a tool has for people in place of its outcome, in its lines",
    [
      task(),
      status(
        "TASK_STATE_WORKING",
        toolOutcomePart({ id: "1", name: "plan", output: "{json}", isError: false, display: "1 of 2\n[x] a\n[ ] b\n" }),
        toolOutcomePart({ id: "2", name: "roll", output: "{json}", isError: true, display: "Nothing" }),
      ),
    ],
    "",
    "<dim>← plan</dim>\n<dim>  1 of 2</dim>\n<dim>  [x] a</dim>\n<dim>  [ ] b</dim>\n<dim>✗ roll Nothing</dim>\n",
  ],
  [
    "what a tool tells while it works, a line when it is whole",
    [task(), beside("[ ] a\n[ ] b", false), beside(": more", true), artifact("Hi", false), beside("\n[>] a", true)],
    "Hi\n",
    "<dim>  [ ] a</dim>\n<dim>  [ ] b: more</dim>\n<dim>  [>] a</dim>\n",
  ],
  [
    "what tools tell at the same time by their names",
    [
      task(),
      beside("one\n", false),
      beside("first\n", false, "s1"),
      beside("two\n", true),
      last("s1"),
      beside("three\n", true),
    ],
    "",
    "<dim>  one</dim>\n<dim>  s1: first</dim>\n<dim>  s0: two</dim>\n<dim>  three</dim>\n",
  ],
  [
    "what a tool tells once, though it is told anew after a restart",
    [task(), beside("one\ntwo", false), beside("one\n", false), beside("two\nthree\n", true), beside("other\n", false)],
    "",
    "<dim>  one</dim>\n<dim>  two</dim>\n<dim>  three</dim>\n<dim>  other</dim>\n",
  ],
  [
    "an end for what a tool tells without one",
    [task(), beside(`${"x".repeat(200)}\n${"line\n".repeat(100)}`, false), last("s0")],
    "",
    `<dim>  ${"x".repeat(159)}…</dim>\n${"<dim>  line</dim>\n".repeat(39)}<dim>  …</dim>\n`,
  ],
  [
    "what a model thinks as it is, before the answer",
    [
      task(),
      thought(`${"x".repeat(200)}\n`, false),
      thought("line\n".repeat(100), true),
      thought("so", true),
      last("think"),
      artifact("Hi", false),
    ],
    "Hi\n",
    `<dim>  ${"x".repeat(200)}</dim>\n${"<dim>  line</dim>\n".repeat(100)}<dim>  so</dim>\n`,
  ],
  [
    "nothing again of what a tool told before the stream began",
    [
      {
        task: {
          id: "t1",
          contextId: "c1",
          status: { state: "TASK_STATE_WORKING" },
          artifacts: [{ artifactId: "s0", parts: [{ text: "one\ntw" }], metadata: { [SIDE_ARTIFACT]: "progress" } }],
        },
      },
      beside("o\nthree\n", true),
    ],
    "",
    "<dim>  two</dim>\n<dim>  three</dim>\n",
  ],
  [
    "an artifact that is rewritten with the same beginning",
    [task(), artifact("Hel", false), artifact("Hello", false)],
    "Hello\n",
    "",
  ],
  [
    "an artifact that is rewritten shorter, then goes on",
    [
      task(),
      artifact("Hello", false),
      artifact("Hel", false),
    ],
    "Hello\n",
    "",
  ],
  [
    "an artifact that is rewritten otherwise",
    [task(), artifact("Hello", false), artifact("Good day", false)],
    "Hello\nGood day\n",
    "",
  ],
  ["a snapshot that has text already", [task([[{ text: "Hel" }]]), artifact("lo", true)], "Hello\n", ""],
  ["two artifacts", [task(), artifact("one", false), artifact("two", false, "a1")], "one\ntwo\n", ""],
  [
    "answers that are given at the same time one after the other, each whole",
    [
      task(),
      artifact("one ", false),
      artifact("red ", false, "a1"),
      artifact("and ", true),
      artifact("herring", true, "a1"),
      last("a1"),
      artifact("only", true),
      last("a0"),
      status("TASK_STATE_COMPLETED"),
    ],
    "one and only\nred herring\n",
    "",
  ],
  [
    "answers that are given at the same time, though nobody says where they end",
    [
      task(),
      artifact("one ", false),
      artifact("red ", false, "a1"),
      artifact("and only", true),
      artifact("herring", true, "a1"),
      status("TASK_STATE_INPUT_REQUIRED", { text: "Which?" }),
    ],
    "one and only\nred herring\nWhich?\n",
    "",
  ],
  [
    "a file at once, whoever speaks",
    [
      task(),
      artifact("one ", false),
      {
        artifactUpdate: {
          ...ids,
          artifact: { artifactId: "f", parts: [{ url: "https://a.example/b", filename: "b" }] },
        },
      },
      artifact("more", true),
    ],
    "one \nmore\n",
    "<dim>[https://a.example/b]</dim>\n",
  ],
  [
    "a snapshot of answers that are given at the same time",
    [task([[{ text: "one " }], [{ text: "red " }]]), artifact("and only", true), artifact("herring", true, "a1")],
    "one \nred \nand only\nherring\n",
    "",
  ],
  [
    "an answer that ends its own line before a tool is called",
    [
      task(),
      artifact("Look:", false),
      status("TASK_STATE_WORKING", call),
      artifact("\n", true),
      artifact("\nblue", true),
    ],
    "Look:\n\nblue\n",
    `<dim>→ search {"query":"sky"}</dim>\n`,
  ],
  [
    "a finished task in one piece",
    [snapshot("TASK_STATE_FAILED", "Half an", "The key is wrong.")],
    "Half an\n",
    "<red>The key is wrong.</red>\n",
  ],
  [
    "a question once, however often a snapshot repeats it",
    [snapshot("TASK_STATE_INPUT_REQUIRED", "", "Which?"), snapshot("TASK_STATE_INPUT_REQUIRED", "", "Which?")],
    "Which?\n",
    "",
  ],
  [
    "an answer once that its agent also says at the end",
    [task(), artifact("Hello", false), status("TASK_STATE_COMPLETED", { text: "Hello" })],
    "Hello\n",
    "",
  ],
  [
    "an answer of an agent that makes no artifacts",
    [task(), status("TASK_STATE_COMPLETED", { text: "Hello" })],
    "Hello\n",
    "",
  ],
  ["a file", [task([[{ url: "https://x.example/a.png" }]])], "", "<dim>[https://x.example/a.png]</dim>\n"],
  [
    "an answer that is data as JSON, and other data by what it is",
    [
      task(),
      made({ artifactId: "a0", name: "answer", parts: [{ data: { sky: ["blue"] }, mediaType: "application/json" }] }),
      made({ artifactId: "a1", name: "plan.json", parts: [{ data: {}, filename: "plan.json" }] }),
    ],
    `{\n  "sky": [\n    "blue"\n  ]\n}\n`,
    "<dim>[plan.json]</dim>\n",
  ],
  [
    "an answer that was cut",
    [
      task(),
      artifact("Once upon a", false),
      { statusUpdate: { ...ids, status: { state: "TASK_STATE_COMPLETED" }, metadata: { truncated: true } } },
    ],
    "Once upon a\n",
    "<dim>the answer ends here because the model may say no more in one (max_tokens)</dim>\n",
  ],
  ["a question", [task(), status("TASK_STATE_INPUT_REQUIRED", { text: "Which one?" })], "Which one?\n", ""],
  ["a failure", [task(), status("TASK_STATE_FAILED", { text: "No key." })], "", "<red>No key.</red>\n"],
  [
    "escape sequences of a hostile agent",
    [task(), artifact("a\u001b[2Jb\u0007\u009bc\td", false)],
    "a[2Jbc\td\n",
    "",
  ],
  ["a bare message", [{ message: { messageId: "m", role: "ROLE_AGENT", parts: [{ text: "Hi" }] } }], "Hi\n", ""],
];

for (const [what, events, out, err] of ROWS) {
  Deno.test(`printStream() prints ${what}`, async () => {
    const { terminal, printed } = fakeTerminal();
    const stream = async function* () {
      for (const [at, event] of events.entries()) yield { seq: at + 1, event };
    };
    await printStream(stream(), new TurnPrinter(terminal, { ...SHOWN }), () => {});
    assert.deepEqual(printed, { out, err });
  });
}

Deno.test("printStream() tells the task's id as soon as it is heard, and gives the task at the end", async () => {
  const { terminal } = fakeTerminal();
  const heard: string[] = [];
  const stream = async function* () {
    yield { seq: 1, event: task() };
    yield { seq: 2, event: status("TASK_STATE_COMPLETED") };
  };
  const ended = await printStream(stream(), new TurnPrinter(terminal, { ...SHOWN }), (id) => heard.push(id));
  assert.deepEqual(heard, ["t1"]);
  assert.equal(ended?.status.state, "TASK_STATE_COMPLETED");
});

Deno.test("TurnPrinter prints the answer of who takes over as it comes, though the one before it was left open", () => {
  const { terminal, printed } = fakeTerminal();
  const printer = new TurnPrinter(terminal, SHOWN);
  const out: string[] = [];
  const handover = [status("TASK_STATE_WORKING", call), status("TASK_STATE_WORKING", outcome)];
  const events = [
    task(),
    artifact("One moment.", false),
    ...handover,
    artifact("I know ", false, "a1"),
    artifact("it.", true, "a1"),
  ];
  for (const event of events) {
    printer.print(event);
    out.push(printed.out);
  }
  assert.deepEqual(out.slice(-2), ["One moment.\nI know ", "One moment.\nI know it."]);
});

Deno.test("TurnPrinter prints the next answer as it comes when the one before it is at its end", () => {
  const { terminal, printed } = fakeTerminal();
  const printer = new TurnPrinter(terminal, SHOWN);
  const out: string[] = [];
  const events = [
    task(),
    artifact("one", false),
    artifact("two ", false, "a1"),
    artifact("three", false, "a2"),
    last("a0"),
    artifact("and more", true, "a1"),
    last("a2"),
    last("a1"),
  ];
  for (const event of events) {
    printer.print(event);
    out.push(printed.out);
  }
  assert.deepEqual(out, [
    "",
    "one",
    "one",
    "one",
    "one\ntwo ",
    "one\ntwo and more",
    "one\ntwo and more",
    "one\ntwo and more\nthree",
  ]);
});

Deno.test("TurnPrinter hides tool calls when asked to", async () => {
  const { terminal, printed } = fakeTerminal();
  const stream = async function* () {
    yield { seq: 1, event: task() };
    yield { seq: 2, event: status("TASK_STATE_WORKING", call) };
    yield { seq: 3, event: beside("telling\n", false) };
  };
  await printStream(stream(), new TurnPrinter(terminal, { ...SHOWN, showTools: false }), () => {});
  assert.equal(printed.err, "");
});

/** [what is shown, what of it is printed] */
const SHOWS = [
  [{ showTools: true, showThinking: false }, "<dim>  telling</dim>\n"],
  [{ showTools: false, showThinking: true }, "<dim>  hm</dim>\n"],
  [{ showTools: false, showThinking: false }, ""],
] as const;
for (const [shown, err] of SHOWS) {
  Deno.test(`TurnPrinter prints what models think and what tools tell by their own flags (${JSON.stringify(shown)})`, async () => {
    const { terminal, printed } = fakeTerminal();
    const stream = async function* () {
      yield { seq: 1, event: task() };
      yield { seq: 2, event: thought("hm\n", false) };
      yield { seq: 3, event: last("think") };
      yield { seq: 4, event: beside("telling\n", false) };
    };
    await printStream(stream(), new TurnPrinter(terminal, shown), () => {});
    assert.deepEqual(printed, { out: "", err });
  });
}

Deno.test("TurnPrinter prints what a model thinks before its answer, though neither ends its line", async () => {
  const { terminal } = fakeTerminal();
  let printed = "";
  const add = (text: string) => void (printed += text);
  const stream = async function* () {
    yield { seq: 1, event: task() };
    yield { seq: 2, event: thought("Two and", false) };
    yield { seq: 3, event: thought(" two?", true) };
    yield { seq: 4, event: artifact("Fo", false) };
    yield { seq: 5, event: artifact("ur.", true) };
    yield { seq: 6, event: last("think") };
  };
  await printStream(stream(), new TurnPrinter({ ...terminal, out: add, err: add }, { ...SHOWN }), () => {});
  assert.equal(printed, "<dim>  Two and two?</dim>\nFour.\n");
});

Deno.test("TurnPrinter goes on behind what was seen of a task before it waited", async () => {
  const { terminal, printed } = fakeTerminal();
  const asked = snapshot("TASK_STATE_INPUT_REQUIRED", "I do it.", "May I?");
  const seen = "task" in asked ? asked.task : undefined;
  const stream = async function* () {
    yield { seq: 3, event: asked };
    yield { seq: 4, event: artifact("\n\nDone.", true) };
    yield { seq: 5, event: status("TASK_STATE_COMPLETED") };
  };
  await printStream(stream(), new TurnPrinter(terminal, { ...SHOWN, seen }), () => {});
  assert.deepEqual(printed, { out: "\nDone.\n", err: "" });
});

const REQUEST = { id: "i1", callId: "c1", tool: "pay", input: {}, prompt: usualPrompt("pay", "{}") };
const QUESTION: Part[] = [{ text: `That was unclear.\n\n${approvalText([REQUEST])}` }, approvalPart(REQUEST)];

/** [whether somebody else asks about the calls, the state, what is printed] */
const ASKED: readonly (readonly [asksVotes: boolean, state: TaskState, out: string])[] = [
  [false, "TASK_STATE_INPUT_REQUIRED", `${QUESTION[0]?.text}\n`],
  [true, "TASK_STATE_INPUT_REQUIRED", "That was unclear.\n"],
  // A task that is over asks nobody any more.
  [true, "TASK_STATE_COMPLETED", `${QUESTION[0]?.text}\n`],
];

for (const [asksVotes, state, out] of ASKED) {
  Deno.test(`TurnPrinter tells a question about calls in ${state}${asksVotes ? " to whom it is put by a ballot" : ""}`, async () => {
    const { terminal, printed } = fakeTerminal();
    const stream = async function* () {
      yield { seq: 1, event: task() };
      yield { seq: 2, event: await Promise.resolve(status(state, ...QUESTION)) };
    };
    await printStream(stream(), new TurnPrinter(terminal, { ...SHOWN, asksVotes }), () => {});
    assert.equal(printed.out, out);
  });
}
