import assert from "node:assert/strict";
import type { TaskState } from "../../../src/a2a/types.ts";
import { Askers } from "../../../src/agent/many/askers.ts";

/** [how the task was when its work began, who says that it was asked for a task, whether that may be so] */
const CASES: readonly [TaskState, readonly string[], boolean][] = [
  ["TASK_STATE_SUBMITTED", [], false],
  ["TASK_STATE_SUBMITTED", ["other"], false],
  ["TASK_STATE_SUBMITTED", ["other", "t"], true],
  ["TASK_STATE_WORKING", [], true],
];

for (const [state, asked, hasAsked] of CASES) {
  Deno.test(`Askers knows of a task that began ${state} and asked [${asked}] whether it may have asked`, () => {
    const askers = new Askers();
    askers.begin({ id: "t", status: { state } });
    for (const id of asked) askers.note(id);
    assert.equal(askers.end("t"), hasAsked);
    askers.note("t");
    assert.equal(askers.end("t"), false, "what a stranger says of a task that is over is not kept");
  });
}
