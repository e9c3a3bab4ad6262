import assert from "node:assert/strict";
import { apply, applyInput } from "../../src/a2a/apply.ts";
import type { Artifact, Message, StreamResponse, Task, TaskState } from "../../src/a2a/types.ts";
import { arbitrary } from "./arbitrary.ts";

const say = (messageId: string, role: Message["role"] = "ROLE_AGENT"): Message => ({
  messageId,
  role,
  parts: [{ text: messageId }],
});
const status = (state: TaskState, message?: Message): StreamResponse => ({
  statusUpdate: { taskId: "t", contextId: "c", status: { state, ...(message === undefined ? {} : { message }) } },
});
const artifact = (update: Partial<Artifact>, append?: boolean): StreamResponse => ({
  artifactUpdate: {
    taskId: "t",
    contextId: "c",
    artifact: { artifactId: "a", parts: [{ text: "" }], ...update },
    ...(append === undefined ? {} : { append }),
  },
});
const start: Task = { id: "t", contextId: "c", status: { state: "TASK_STATE_SUBMITTED" } };
const fold = (events: readonly StreamResponse[]): Task => events.reduce<Task>(apply, start);

/** [what happens, the artifacts after it]. */
const ARTIFACTS: readonly (readonly [string, readonly StreamResponse[], readonly Artifact[]])[] = [
  ["a first update creates", [artifact({ parts: [{ text: "Hi" }] })], [{ artifactId: "a", parts: [{ text: "Hi" }] }]],
  [
    "append to nothing creates",
    [artifact({ parts: [{ text: "Hi" }] }, true)],
    [{ artifactId: "a", parts: [{ text: "Hi" }] }],
  ],
  [
    "text deltas grow one part",
    [
      artifact({ parts: [{ text: "Hel" }] }),
      artifact({ parts: [{ text: "lo" }] }, true),
      artifact({ parts: [{ text: "!" }] }, true),
    ],
    [{ artifactId: "a", parts: [{ text: "Hello!" }] }],
  ],
  [
    "without append the artifact is replaced, name and all",
    [artifact({ name: "draft", parts: [{ text: "old" }] }), artifact({ parts: [{ text: "new" }] }, false)],
    [{ artifactId: "a", parts: [{ text: "new" }] }],
  ],
  [
    "the parts of one chunk stay as they were cut",
    [artifact({ parts: [{ text: "a" }] }), artifact({ parts: [{ text: "b" }, { text: "c" }] }, true)],
    [{ artifactId: "a", parts: [{ text: "ab" }, { text: "c" }] }],
  ],
  [
    "text with a media type, a name or metadata is a part of its own",
    [
      artifact({ parts: [{ text: "a" }] }),
      artifact({ parts: [{ text: "b", mediaType: "text/markdown" }] }, true),
      artifact({ parts: [{ text: "c" }] }, true),
      artifact({ parts: [{ text: "d", metadata: {} }] }, true),
      artifact({ parts: [{ text: "e", filename: "e" }] }, true),
    ],
    [{
      artifactId: "a",
      parts: [
        { text: "a" },
        { text: "b", mediaType: "text/markdown" },
        { text: "c" },
        { text: "d", metadata: {} },
        { text: "e", filename: "e" },
      ],
    }],
  ],
  [
    "other content is a part of its own",
    [
      artifact({ parts: [{ text: "a" }] }),
      artifact({ parts: [{ data: 1 }] }, true),
      artifact({ parts: [{ text: "b" }] }, true),
    ],
    [{ artifactId: "a", parts: [{ text: "a" }, { data: 1 }, { text: "b" }] }],
  ],
  [
    "a chunk's metadata is added, its name is taken",
    [
      artifact({ metadata: { a: 1, b: 1 }, description: "d" }),
      artifact({ metadata: { b: 2 }, name: "report", parts: [{ text: "x" }] }, true),
    ],
    [{ artifactId: "a", name: "report", description: "d", metadata: { a: 1, b: 2 }, parts: [{ text: "x" }] }],
  ],
  [
    "artifacts keep the order in which they came",
    [artifact({ parts: [{ text: "1" }] }), artifact({ artifactId: "b", parts: [{ text: "2" }] }), artifact({}, true)],
    [{ artifactId: "a", parts: [{ text: "1" }] }, { artifactId: "b", parts: [{ text: "2" }] }],
  ],
];

for (const [title, events, artifacts] of ARTIFACTS) {
  Deno.test(`apply(): ${title}`, () => assert.deepEqual(fold(events).artifacts, artifacts));
}

/** [what is said, the history after it, the message that is still current]. */
const HISTORY: readonly (readonly [string, readonly StreamResponse[], readonly string[], string | undefined])[] = [
  ["a status message is current", [status("TASK_STATE_WORKING", say("m1"))], [], "m1"],
  [
    "the next status makes it history",
    [status("TASK_STATE_WORKING", say("m1")), status("TASK_STATE_COMPLETED")],
    ["m1"],
    undefined,
  ],
  [
    "a status that repeats its message says it once",
    [status("TASK_STATE_WORKING", say("m1")), status("TASK_STATE_COMPLETED", say("m1"))],
    [],
    "m1",
  ],
  [
    "a message that the agent itself wrote into the history stays there once",
    [
      { task: { ...start, history: [say("m1")], status: { state: "TASK_STATE_WORKING", message: say("m1") } } },
      status("TASK_STATE_COMPLETED"),
    ],
    ["m1"],
    undefined,
  ],
  [
    "many messages keep their order",
    [
      status("TASK_STATE_WORKING", say("m1")),
      status("TASK_STATE_WORKING", say("m2")),
      status("TASK_STATE_INPUT_REQUIRED", say("m3")),
    ],
    ["m1", "m2"],
    "m3",
  ],
  ["a message event is history", [{ message: say("m1") }], ["m1"], undefined],
];

for (const [title, events, history, current] of HISTORY) {
  Deno.test(`apply(): ${title}`, () => {
    const task = fold(events);
    assert.deepEqual((task.history ?? []).map(({ messageId }) => messageId), history);
    assert.equal(task.status.message?.messageId, current);
  });
}

Deno.test("apply() takes a task event as the whole task", () => {
  const task: Task = { id: "t", status: { state: "TASK_STATE_COMPLETED" } };
  assert.equal(apply(undefined, { task }), task);
  assert.equal(apply(start, { task }), task);
});

Deno.test("apply() refuses an update of no task", () => {
  assert.throws(() => apply(undefined, status("TASK_STATE_WORKING")), TypeError);
});

Deno.test("apply() leaves what it was given untouched", () => {
  for (let seed = 0; seed < 100; seed++) {
    const { task, event } = arbitrary(seed);
    const before = task();
    const update = event();
    const copies = [structuredClone(before), structuredClone(update)];
    apply(before, update);
    assert.deepEqual([before, update], copies);
  }
});

Deno.test("applyInput() puts the agent's question before the peer's answer", () => {
  const asked = fold([status("TASK_STATE_INPUT_REQUIRED", say("q"))]);
  const answered = applyInput(asked, say("a", "ROLE_USER"));
  assert.deepEqual(answered.history?.map(({ messageId }) => messageId), ["q", "a"]);
  assert.deepEqual(answered.status, { state: "TASK_STATE_INPUT_REQUIRED" });
  const working = apply(answered, status("TASK_STATE_WORKING"));
  assert.deepEqual(working.history?.map(({ messageId }) => messageId), ["q", "a"]);
});
