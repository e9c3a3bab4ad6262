import assert from "node:assert/strict";
import { manualTimers } from "../../lib/manual_timers.ts";
import { CallTimeout, RunningCall } from "../../../src/tool/mcp/running_call.ts";
import { fakeServer } from "./fake_client.ts";

const TOOL = { name: "act", inputSchema: { type: "object" }, outputSchema: { type: "object" } } as const;

function begin(timeoutMs = 1000) {
  const timers = manualTimers();
  const server = fakeServer();
  const call = new RunningCall(server.client, { tool: TOOL, input: { a: 1 }, timeoutMs }, timers);
  const leave = new AbortController();
  const said: number[] = [];
  const attached = {
    signal: leave.signal,
    onProgress: ({ progress }: { progress: number }) => void said.push(progress),
  };
  const onProgress = (progress: number) => server.calls[0]?.options.onprogress?.({ progress });
  return { timers, server, call, leave, said, attached, onProgress };
}

Deno.test("RunningCall calls, and checks nothing by the server's own schema", async () => {
  const { server, call, attached, timers } = begin();
  server.end("act");
  assert.deepEqual(await call.next(attached), { kind: "result", result: { content: [] } });
  assert.partialDeepStrictEqual(server.calls[0]?.params, { name: "act", arguments: { a: 1 } });
  assert.equal(server.calls[0]?.options.toolDefinition?.outputSchema, undefined);
  assert.equal(timers.running(), 0);
});

Deno.test("RunningCall ends a call without a word for too long; progress is a word", async () => {
  const { timers, call, attached, onProgress, said } = begin();
  const next = call.next(attached);
  for (const progress of [1, 2, 3]) {
    timers.advance(900);
    onProgress(progress);
  }
  assert.deepEqual(said, [1, 2, 3]);
  timers.advance(1000);
  await assert.rejects(next, (thrown) => thrown instanceof CallTimeout && /within 1 seconds/.test(thrown.message));
});

Deno.test("RunningCall does not count the time in which a person is asked", async () => {
  const { timers, server, call, attached } = begin();
  const told = call.ask({ message: "?" });
  assert.equal((await call.next(attached)).kind, "question");
  assert.ok(call.isWaiting);
  timers.advance(1_000_000);
  call.answer({ action: "accept", content: {} });
  assert.deepEqual(await told, { action: "accept", content: {} });
  const next = call.next(attached);
  server.end("act");
  assert.equal((await next).kind, "result");
});

Deno.test("RunningCall is canceled by whom it is attached to, and by nobody else", async () => {
  const { server, call, attached, leave } = begin();
  void call.ask({});
  await call.next(attached);
  // The run that began the call has ended with its question.
  leave.abort(new Error("the run is over"));
  assert.equal(server.calls[0]?.options.signal?.aborted, false);
  call.answer({ action: "decline" });
  const later = new AbortController();
  const next = call.next({ signal: later.signal, onProgress: () => {} });
  later.abort("enough");
  await assert.rejects(next, (thrown) => thrown === "enough");
  assert.equal(server.calls[0]?.options.signal?.aborted, true);
});

Deno.test("RunningCall answers a second question while one waits by taking it back", async () => {
  const { call } = begin();
  void call.ask({});
  assert.deepEqual(await call.ask({}), { action: "cancel" });
});

Deno.test("RunningCall tells why a call failed", async () => {
  const { server, call, attached } = begin();
  const error = new Error("the server says no");
  server.fail("act", error);
  await assert.rejects(call.next(attached), (thrown) => thrown === error);
});

Deno.test("RunningCall.abort() takes back what was asked and ends the call", async () => {
  const { call, attached, timers } = begin();
  const told = call.ask({});
  await call.next(attached);
  call.abort(new Error("nobody answers"));
  assert.deepEqual(await told, { action: "cancel" });
  await call.over;
  assert.equal(timers.running(), 0);
});
