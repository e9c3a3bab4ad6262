import assert from "node:assert/strict";
import { HeldCalls } from "../../../src/tool/mcp/held_calls.ts";
import { RunningCall } from "../../../src/tool/mcp/running_call.ts";
import { type ManualTimers, manualTimers } from "../../lib/manual_timers.ts";
import { fakeServer } from "./fake_client.ts";

const TOOL = { name: "act", inputSchema: { type: "object" } } as const;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function held(timers: ManualTimers) {
  let ids = 0;
  return new HeldCalls({ timers, newId: () => `ticket-${++ids}`, maxMs: 5000 });
}

function callOn(timers: ManualTimers, server = fakeServer()) {
  const call = new RunningCall(server.client, { tool: TOOL, input: {}, timeoutMs: 1000 }, timers);
  void call.ask({});
  return { call, server };
}

Deno.test("HeldCalls gives a call back once, to whom has its ticket", () => {
  const timers = manualTimers();
  const calls = held(timers);
  const { call } = callOn(timers);
  const ticket = calls.hold(call);
  assert.equal(calls.take("ticket-9"), undefined);
  assert.equal(calls.take(ticket), call);
  assert.equal(calls.take(ticket), undefined);
});

Deno.test("HeldCalls lets go of a call that nobody answers", async () => {
  const timers = manualTimers();
  const calls = held(timers);
  const { call, server } = callOn(timers);
  const ticket = calls.hold(call);
  timers.advance(5000);
  await call.over;
  assert.match(String(server.calls[0]?.options.signal?.reason), /Nobody has answered in time/);
  assert.equal(calls.take(ticket), undefined);
});

Deno.test("HeldCalls lets go of a call that the server has ended", async () => {
  const timers = manualTimers();
  const calls = held(timers);
  const { call, server } = callOn(timers);
  const ticket = calls.hold(call);
  server.end("act");
  await call.over;
  await turn();
  assert.equal(calls.take(ticket), undefined);
  assert.equal(timers.running(), 0);
});

Deno.test("HeldCalls holds no more than a bound", async () => {
  const timers = manualTimers();
  const calls = held(timers);
  for (let count = 0; count < 100; count++) calls.hold(callOn(timers).call);
  const { call } = callOn(timers);
  assert.throws(() => calls.hold(call), /Too many calls/);
  await call.over;
});

Deno.test("HeldCalls.close() ends all that wait", async () => {
  const timers = manualTimers();
  const calls = held(timers);
  const all = [callOn(timers).call, callOn(timers).call];
  for (const call of all) calls.hold(call);
  calls.close();
  await Promise.all(all.map(({ over }) => over));
  assert.equal(timers.running(), 0);
});
