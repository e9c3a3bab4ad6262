import assert from "node:assert/strict";
import { apply } from "../../src/a2a/apply.ts";
import type { Artifact, Task, TaskArtifactUpdateEvent } from "../../src/a2a/types.ts";
import type { Draft } from "../../src/store/store.ts";
import { mergeText } from "../../src/task/merge_text.ts";

type Update = Partial<TaskArtifactUpdateEvent> & { artifact: Artifact };

const artifactOf = (text: string, over: Partial<Artifact> = {}): Artifact => ({
  artifactId: "answer",
  parts: [{ text }],
  ...over,
});
const draftOf = (update: Update): Draft => ({
  at: "2026-01-01T00:00:00.000Z",
  event: { artifactUpdate: { taskId: "t", contextId: "c", ...update } },
});
const TASK: Task = { id: "t", contextId: "c", status: { state: "TASK_STATE_WORKING" } };
const fold = (drafts: Draft[]) =>
  drafts.reduce<Task>((task, draft) => "event" in draft ? apply(task, draft.event) : task, TASK);

const MERGED: [what: string, last: Update, next: Update, lastChunk?: boolean][] = [
  ["two appends", { artifact: artifactOf("a"), append: true }, { artifact: artifactOf("b"), append: true }],
  ["a beginning and its append", { artifact: artifactOf("a") }, { artifact: artifactOf("b"), append: true }],
  [
    "an append that is the last chunk",
    { artifact: artifactOf("a") },
    { artifact: artifactOf("b"), append: true, lastChunk: true },
    true,
  ],
  [
    "an append after other parts",
    { artifact: artifactOf("", { parts: [{ url: "https://example.com" }, { text: "a" }] }) },
    { artifact: artifactOf("b"), append: true },
  ],
  [
    "an append that repeats the artifact's name",
    { artifact: artifactOf("a", { name: "answer", metadata: { kind: "draft" } }) },
    { artifact: artifactOf("b", { name: "answer" }), append: true },
  ],
];

for (const [what, last, next, lastChunk] of MERGED) {
  Deno.test(`mergeText() makes one draft of ${what}, with the fold of both`, () => {
    const both = [draftOf(last), draftOf(next)] as const;
    const merged = mergeText(...both);
    assert.ok(merged !== undefined && "event" in merged && "artifactUpdate" in merged.event);
    assert.deepEqual(fold([merged]), fold([...both]));
    assert.equal(merged.event.artifactUpdate.append, last.append);
    assert.equal(merged.event.artifactUpdate.lastChunk, lastChunk);
  });
}

const text = { artifact: artifactOf("a") };
const more = { artifact: artifactOf("b"), append: true };
const APART: [what: string, last: Draft | undefined, next: Draft][] = [
  ["nothing before", undefined, draftOf(more)],
  ["another artifact", draftOf({ artifact: artifactOf("a", { artifactId: "other" }) }), draftOf(more)],
  ["an artifact that is written anew", draftOf(text), draftOf({ artifact: artifactOf("b") })],
  ["an artifact that is complete", draftOf({ ...text, lastChunk: true }), draftOf(more)],
  ["metadata", draftOf(text), draftOf({ ...more, artifact: artifactOf("b", { metadata: { x: 1 } }) })],
  ["a new name", draftOf(text), draftOf({ ...more, artifact: artifactOf("b", { name: "new" }) })],
  ["a new description", draftOf(text), draftOf({ ...more, artifact: artifactOf("b", { description: "new" }) })],
  ["extensions", draftOf(text), draftOf({ ...more, artifact: artifactOf("b", { extensions: ["urn:x"] }) })],
  [
    "two parts",
    draftOf(text),
    draftOf({ ...more, artifact: artifactOf("", { parts: [{ text: "b" }, { text: "c" }] }) }),
  ],
  ["data", draftOf(text), draftOf({ ...more, artifact: artifactOf("", { parts: [{ data: 1 }] }) })],
  [
    "text of a media type",
    draftOf(text),
    draftOf({ ...more, artifact: artifactOf("", { parts: [{ text: "b", mediaType: "text/html" }] }) }),
  ],
  ["a step before", { at: "", step: { id: "s", phase: "begin" } }, draftOf(more)],
  ["a step after", draftOf(text), { at: "", step: { id: "s", phase: "begin" } }],
];

for (const [what, last, next] of APART) {
  Deno.test(`mergeText() keeps drafts apart at ${what}`, () => assert.equal(mergeText(last, next), undefined));
}
