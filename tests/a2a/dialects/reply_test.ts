import assert from "node:assert/strict";
import { replyFollower, replyOf } from "../../../src/a2a/dialects/reply.ts";
import type { Part, StreamResponse, Task, TaskState } from "../../../src/a2a/types.ts";

type Event = Parameters<ReturnType<typeof replyFollower>>[0];

const begun: Event = { task: { id: "t", contextId: "c", status: { state: "TASK_STATE_SUBMITTED" } } };

function status(state: TaskState, text?: string): Event {
  const message = text === undefined ? {} : {
    message: { messageId: `m:${text}`, role: "ROLE_AGENT" as const, parts: [{ text }] },
  };
  return { statusUpdate: { taskId: "t", contextId: "c", status: { state, ...message } } };
}

function chunk(part: Part | string, append: boolean, artifactId = "a"): Event {
  const parts = [typeof part === "string" ? { text: part } : part];
  return { artifactUpdate: { taskId: "t", contextId: "c", artifact: { artifactId, parts }, append } };
}

/** The last chunk of an artifact. */
function end(artifactId: string, text: string): Event {
  const artifact = { artifactId, parts: [{ text }] };
  return { artifactUpdate: { taskId: "t", contextId: "c", artifact, append: true, lastChunk: true } };
}

const DONE = status("TASK_STATE_COMPLETED");

/** [title, events, what is news with each] */
const STREAMS: [title: string, events: Event[], news: (string | Part)[][]][] = [
  ["text that is appended", [begun, chunk("The", false), chunk(" end", true), DONE], [[], ["The"], [" end"], []]],
  ["a closing chunk without text", [begun, chunk("The", false), chunk("", true), DONE], [[], ["The"], [], []]],
  [
    "an answer that is written anew, and the same",
    [begun, chunk("One two", false), chunk("One", false), chunk(" two", true), chunk(" three", true)],
    [[], ["One two"], [], [], [" three"]],
  ],
  ["an answer that is rewritten longer", [begun, chunk("One", false), chunk("One two", false)], [[], ["One"], [
    " two",
  ]]],
  ["an answer that comes out differently", [begun, chunk("One", false), chunk("Two", false)], [[], ["One"], ["Two"]]],
  ["two artifacts", [begun, chunk("One", false), end("a", ""), chunk("Two", false, "b")], [[], ["One"], [], ["Two"]]],
  [
    "two artifacts at the same time",
    [
      begun,
      chunk("One ", false),
      chunk("Red ", false, "b"),
      chunk("and ", true),
      end("b", "herring"),
      end("a", "only"),
      DONE,
    ],
    [[], ["One "], [], ["and "], [], ["only", "Red herring"], []],
  ],
  [
    "who goes on where the first is at its end",
    [begun, chunk("One", false), chunk("Two ", false, "b"), end("a", ""), chunk("more", true, "b")],
    [[], ["One"], [], ["Two "], ["more"]],
  ],
  [
    "two artifacts at the same time that nobody ends",
    [begun, chunk("One ", false), chunk("Red ", false, "b"), chunk("more", true), status("TASK_STATE_FAILED", "No")],
    [[], ["One "], [], ["more"], ["Red ", "No"]],
  ],
  [
    "a file behind text",
    [begun, chunk("See", false), chunk({ url: "https://x.example/a.png" }, true), chunk("!", true)],
    [[], ["See"], [{ url: "https://x.example/a.png" }], ["!"]],
  ],
  ["a question", [begun, chunk("Hm", false), status("TASK_STATE_INPUT_REQUIRED", "Which?")], [[], ["Hm"], ["Which?"]]],
  ["a failure", [begun, status("TASK_STATE_FAILED", "No model")], [[], ["No model"]]],
  ["an answer in the status alone", [begun, status("TASK_STATE_COMPLETED", "Yes")], [[], ["Yes"]]],
  [
    "an answer that the status repeats",
    [begun, chunk("Yes", false), status("TASK_STATE_COMPLETED", "Yes")],
    [[], ["Yes"], []],
  ],
  ["a report of work", [begun, status("TASK_STATE_WORKING", "calling a tool")], [[], []]],
];

const toWords = (parts: readonly Part[]) => parts.map((part) => part.text ?? part);

for (const [title, events, expected] of STREAMS) {
  Deno.test(`replyFollower() tells ${title} once`, () => {
    const follow = replyFollower();
    const heard = events.map((event, at) => follow(event, at === events.length - 1));
    assert.deepEqual(heard.map(({ news }) => toWords(news)), expected);
  });
}

const past: Task = {
  id: "t",
  status: { state: "TASK_STATE_WORKING" },
  artifacts: [{ artifactId: "earlier", parts: [{ text: "Before" }] }],
};

Deno.test("replyFollower() does not tell again what a task held when the stream began", () => {
  const follow = replyFollower();
  assert.deepEqual(follow({ task: past }, false).news, []);
  assert.deepEqual(follow(chunk("More", false), false).news, [{ text: "More" }]);
  assert.deepEqual(follow(DONE, true).task.status.state, "TASK_STATE_COMPLETED");
});

Deno.test("replyFollower() tells all of a task that is the whole stream", () => {
  const whole: StreamResponse = { task: { ...past, status: { state: "TASK_STATE_COMPLETED" } } };
  assert.deepEqual(replyFollower()(whole, true).news, [{ text: "Before" }]);
});

Deno.test("replyFollower() tells a running agent's message as a report", () => {
  const follow = replyFollower();
  follow(begun, false);
  assert.deepEqual(follow(status("TASK_STATE_WORKING", "calling"), false).report, [{ text: "calling" }]);
  assert.deepEqual(follow(chunk("x", false), false).report, []);
  assert.deepEqual(follow(status("TASK_STATE_FAILED", "oh"), true).report, []);
});

Deno.test("replyOf() is all artifacts, then what the agent stopped with", () => {
  const message = { messageId: "m", role: "ROLE_AGENT" as const, parts: [{ text: "Which?" }] };
  const artifacts = [
    { artifactId: "a", parts: [{ text: "One" }, { text: "" }] },
    { artifactId: "b", parts: [{ data: { n: 1 } }] },
  ];
  const state = (state: TaskState): Task => ({ id: "t", artifacts, status: { state, message } });
  const answered = [{ text: "One" }, { data: { n: 1 } }];
  assert.deepEqual(replyOf(state("TASK_STATE_INPUT_REQUIRED")), [...answered, { text: "Which?" }]);
  assert.deepEqual(replyOf(state("TASK_STATE_COMPLETED")), answered);
  assert.deepEqual(replyOf(state("TASK_STATE_WORKING")), answered);
  assert.deepEqual(replyOf({ id: "t", status: { state: "TASK_STATE_COMPLETED", message } }), [{ text: "Which?" }]);
});
