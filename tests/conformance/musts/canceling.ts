import assert from "node:assert/strict";
import { openHouse, waiting } from "../../task/house.ts";
import { isRefused } from "./face.ts";
import { inLegacy, must, mustInBoth, type MustTest } from "./must.ts";
import { cancel, desk, getTask, saying, send, stateOf } from "./talk.ts";

/* A2A v1 §3.1.5, §3.3.1: the end that a peer makes. */

export const CANCELING: readonly MustTest[] = [
  ...mustInBoth(34, "a task at work is canceled, which its agent and its streams notice", async (open) => {
    const { run, begun } = waiting();
    const face = open(openHouse(run).service);
    const stream = face.watch("SendStreamingMessage", saying("go"));
    const { value: first } = await stream.next();
    assert.ok(first !== undefined && "task" in first);
    const { signal } = await begun;
    assert.equal((await cancel(face, first.task.id)).status.state, "TASK_STATE_CANCELED");
    assert.equal(signal.aborted, true);
    assert.equal(stateOf((await Array.fromAsync(stream)).at(-1)!), "TASK_STATE_CANCELED");
  }),
  ...must(36, "a second cancel gives what the first gave and writes nothing", async (open) => {
    const face = desk(open);
    const { id } = await send(face, saying("ask"));
    const first = await cancel(face, id);
    assert.deepEqual(await cancel(face, id), first);
    assert.deepEqual(await getTask(face, id), first);
  }),
  ...inLegacy(36, "a second cancel is refused, as 0.3 has it, and writes nothing", async (open) => {
    const face = desk(open);
    const { id } = await send(face, saying("ask"));
    const first = await cancel(face, id);
    await assert.rejects(face.ask("CancelTask", { id }), isRefused("TASK_NOT_CANCELABLE"));
    assert.deepEqual((await getTask(face, id)).status, first.status);
  }),
];
