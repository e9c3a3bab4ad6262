import assert from "node:assert/strict";
import type { Call, Numbered } from "../../src/a2a/service.ts";
import type { StreamResponse } from "../../src/a2a/types.ts";
import { ANONYMOUS } from "../../src/a2a/service.ts";
import { NOBODY } from "../../src/guard/identity.ts";
import { limitedStreams } from "../../src/guard/limited_streams.ts";
import { manualTimers } from "../lib/manual_timers.ts";
import { fakeService } from "../server/served_agent.ts";

const REQUEST = { id: "t1" };

function call(signal = new AbortController().signal): Call {
  return { signal, caller: ANONYMOUS, extensions: [] };
}

/** A service whose stream tells one event and then waits until its call ends. */
function waiting() {
  const event: StreamResponse = {
    statusUpdate: { taskId: "t1", contextId: "c1", status: { state: "TASK_STATE_WORKING" } },
  };
  const ended: unknown[] = [];
  const stream = async function* ({ signal }: Call): AsyncGenerator<Numbered<StreamResponse>> {
    yield { seq: 1, event };
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve());
      if (signal.aborted) resolve();
    });
    ended.push(signal.reason);
  };
  const service = fakeService({
    subscribeToTask: (_request, call) => stream(call),
    sendStreamingMessage: (_request, call) => stream(call),
    getTask: () => Promise.resolve({ id: "t1", contextId: "c1", status: { state: "TASK_STATE_WORKING" } }),
  });
  return { service, ended };
}

Deno.test("limitedStreams() leaves a service as it is whose caller's credential has no end", () => {
  const { service } = waiting();
  assert.equal(limitedStreams(service, NOBODY, manualTimers()), service);
});

for (const operation of ["subscribeToTask", "sendStreamingMessage"] as const) {
  Deno.test(`limitedStreams() ends ${operation} with the credential, as if the server stopped`, async () => {
    const { service, ended } = waiting();
    const timers = manualTimers();
    const limited = limitedStreams(service, { caller: ANONYMOUS, remainingMs: () => 1000 - timers.now() }, timers);
    const message = { message: { messageId: "m", role: "ROLE_USER" as const, parts: [{ text: "x" }] } };
    const events = operation === "subscribeToTask"
      ? limited.subscribeToTask(REQUEST, call())
      : limited.sendStreamingMessage(message, call());
    const stream = events[Symbol.asyncIterator]();
    assert.equal((await stream.next()).value?.seq, 1);
    const rest = stream.next();
    timers.advance(999);
    assert.equal(ended.length, 0);
    timers.advance(1);
    assert.equal((await rest).done, true);
    assert.equal(timers.running(), 0);
  });
}

Deno.test("limitedStreams() ends a stream when its reader goes, and lets go of the timer", async () => {
  const { service, ended } = waiting();
  const timers = manualTimers();
  const reader = new AbortController();
  const limited = limitedStreams(service, { caller: ANONYMOUS, remainingMs: () => 1000 }, timers);
  const stream = limited.subscribeToTask(REQUEST, call(reader.signal))[Symbol.asyncIterator]();
  await stream.next();
  const rest = stream.next();
  const reason = new Error("hung up");
  reader.abort(reason);
  assert.equal((await rest).done, true);
  assert.deepEqual(ended, [reason]);
  assert.equal(timers.running(), 0);
});

Deno.test("limitedStreams() takes an end that is further off than timers go", async () => {
  const { service } = waiting();
  const timers = manualTimers();
  const limited = limitedStreams(service, { caller: ANONYMOUS, remainingMs: () => 1e15 }, timers);
  const stream = limited.subscribeToTask(REQUEST, call())[Symbol.asyncIterator]();
  await stream.next();
  const rest = stream.next();
  timers.advance(2 ** 31 - 1);
  assert.equal((await rest).done, true);
});

Deno.test("limitedStreams() answers what is no stream as before", async () => {
  const { service } = waiting();
  const limited = limitedStreams(service, { caller: ANONYMOUS, remainingMs: () => 1000 }, manualTimers());
  assert.equal((await limited.getTask(REQUEST, call())).id, "t1");
});
