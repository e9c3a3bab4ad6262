import assert from "node:assert/strict";
import type { LogFields } from "../../../src/lib/log.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { QuestionDesk } from "../../../src/tool/mcp/question_desk.ts";
import { ServerAway, ServerLink } from "../../../src/tool/mcp/server_link.ts";
import { fakeClient } from "./fake_client.ts";

const signal = new AbortController().signal;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

interface FakeConnection {
  onclose?: () => void;
  isClosed: boolean;
}

function scene() {
  const timers = manualTimers();
  const opened: FakeConnection[] = [];
  const told: (readonly [string, LogFields])[] = [];
  const state: { outcome: "up" | "down" | "hangs"; tries: number; isSilent: boolean } = {
    outcome: "up",
    tries: 0,
    isSilent: false,
  };
  const log = {
    info: (message: string, fields: LogFields = {}) => void told.push([message, fields]),
    warn: (message: string, fields: LogFields = {}) => void told.push([message, fields]),
    error: () => {},
  };
  const open = (_signal: AbortSignal) => {
    state.tries++;
    if (state.outcome === "down") return Promise.reject(new Error("refused"));
    if (state.outcome === "hangs") return Promise.withResolvers<never>().promise;
    const connection: FakeConnection = { isClosed: false };
    opened.push(connection);
    const close = () => {
      connection.isClosed = true;
      connection.onclose?.();
      return Promise.resolve();
    };
    return Promise.resolve(fakeClient(Object.assign(connection, {
      getServerVersion: () => ({ name: "fake", version: "1" }),
      getNegotiatedProtocolVersion: () => "2025-11-25",
      ping: () => state.isSilent ? Promise.withResolvers<never>().promise : Promise.resolve({}),
      callTool: () => Promise.withResolvers<never>().promise,
      close,
    })));
  };
  const link = new ServerLink({
    name: "files",
    open,
    desk: new QuestionDesk(),
    timeoutMs: 30_000,
    timers,
    random: () => 1,
    log,
  });
  return { timers, opened, told, state, link };
}

const isAway = (thrown: unknown) =>
  thrown instanceof ServerAway && thrown.message === `The tool server "files" is not there`;

Deno.test("ServerLink connects when it is first asked, and once for all", async () => {
  const { link, state, told } = scene();
  assert.equal(state.tries, 0);
  const [one, other] = await Promise.all([link.connection(signal), link.connection(signal)]);
  assert.equal(one, other);
  assert.equal(await link.connection(signal), one);
  assert.equal(state.tries, 1);
  assert.deepEqual(told, [["tool server connected", { name: "files", server: "fake 1", protocol: "2025-11-25" }]]);
});

Deno.test("ServerLink tries a server that is away less and less often", async () => {
  const { link, state, timers, told } = scene();
  state.outcome = "down";
  for (const restMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    const { tries } = state;
    await assert.rejects(link.connection(signal), isAway);
    assert.equal(state.tries, tries + 1);
    timers.advance(restMs - 1);
    await assert.rejects(link.connection(signal), isAway);
    assert.equal(state.tries, tries + 1, "it rests");
    timers.advance(1);
  }
  assert.partialDeepStrictEqual(told[1], [
    "tool server is away; its tools are missing until it is back",
    { name: "files", tried: 2, rest_ms: 2000, reason: "refused" },
  ]);
  state.outcome = "up";
  await link.connection(signal);
});

Deno.test("ServerLink connects again after a server has died", async () => {
  const { link, opened, timers } = scene();
  const first = await link.connection(signal);
  opened[0]?.onclose?.();
  assert.ok(first.gone.aborted);
  await assert.rejects(link.connection(signal), isAway);
  timers.advance(1000);
  assert.notEqual(await link.connection(signal), first);
});

Deno.test("ServerLink forgets earlier failures of a server that was there for long", async () => {
  const { link, opened, timers, told } = scene();
  for (const livedMs of [0, 0, 60_000]) {
    await link.connection(signal);
    timers.advance(livedMs);
    opened.at(-1)?.onclose?.();
    timers.advance(60_000);
  }
  assert.deepEqual(told.flatMap(([, { tried }]) => tried ?? []), [1, 2, 1]);
});

Deno.test("ServerLink waits for a first connection, and no longer than it may", async () => {
  const { link, state, timers } = scene();
  state.outcome = "hangs";
  const waiting = link.connection(signal);
  timers.advance(29_999);
  await turn();
  timers.advance(1);
  await assert.rejects(waiting, (thrown) => {
    assert.ok(isAway(thrown) && thrown instanceof Error);
    assert.match(String(thrown.cause), /not there within 30 seconds/);
    return true;
  });
});

Deno.test("ServerLink holds up no turn for a server that has failed before", async () => {
  const { link, state, timers } = scene();
  state.outcome = "down";
  await assert.rejects(link.connection(signal), isAway);
  timers.advance(1000);
  state.outcome = "hangs";
  const waiting = link.connection(signal);
  timers.advance(1000);
  await assert.rejects(waiting, isAway);
});

Deno.test("ServerLink.again() waits through the rest of a server that has died, and for its start", async () => {
  const { link, opened, timers, state } = scene();
  const first = await link.connection(signal);
  opened[0]?.onclose?.();
  const next = link.again(signal);
  timers.advance(999);
  await turn();
  assert.equal(state.tries, 1, "it rests");
  timers.advance(1);
  assert.notEqual(await next, first);
  assert.equal(await link.again(signal), await next);
});

Deno.test("ServerLink.again() waits no longer than a connection may take, nor than its caller", async () => {
  const { link, opened, timers, state } = scene();
  await link.connection(signal);
  opened[0]?.onclose?.();
  state.outcome = "hangs";
  const late = link.again(signal);
  const gone = new AbortController();
  const left = link.again(gone.signal);
  gone.abort(new Error("enough"));
  await assert.rejects(left, /enough/);
  timers.advance(1000);
  await turn();
  timers.advance(29_000);
  await assert.rejects(late, isAway);
  await link.close();
  await assert.rejects(link.again(signal), /is closed/);
});

Deno.test("ServerLink lets go of whoever waits no more, and goes on connecting for the others", async () => {
  const { link } = scene();
  const leave = new AbortController();
  const left = link.connection(leave.signal);
  const other = link.connection(signal);
  leave.abort("gone");
  await assert.rejects(left, (thrown) => thrown === "gone");
  assert.ok(await other);
});

Deno.test("ServerLink.drop() leaves a connection that is of no use, without a rest", async () => {
  const { link, opened, state } = scene();
  const first = await link.connection(signal);
  link.drop(first);
  assert.ok(opened[0]?.isClosed);
  assert.notEqual(await link.connection(signal), first);
  link.drop(first);
  await link.connection(signal);
  assert.equal(state.tries, 2);
});

Deno.test("ServerLink.doubt() leaves a server that says nothing, with a rest, and one that answers alone", async () => {
  const { link, opened, state, timers, told } = scene();
  const first = await link.connection(signal);
  await link.doubt(first);
  assert.equal(await link.connection(signal), first);
  state.isSilent = true;
  const doubts = [link.doubt(first), link.doubt(first)];
  timers.advance(30_000);
  await Promise.all(doubts);
  assert.ok(opened[0]?.isClosed);
  await assert.rejects(link.connection(signal), isAway);
  timers.advance(1000);
  assert.notEqual(await link.connection(signal), first);
  assert.deepEqual(told.flatMap(([, { reason }]) => reason ?? []), ["The tool server said nothing within 30 seconds"]);
  await link.doubt(first);
  assert.equal(state.tries, 2);
});

Deno.test("ServerLink.doubt() keeps a server that has other calls to do", async () => {
  const { link, state, timers } = scene();
  const connection = await link.connection(signal);
  const tool = { name: "act", inputSchema: { type: "object" } } as const;
  const call = await connection.begin({ tool, input: {}, timeoutMs: 300_000 }, signal);
  state.isSilent = true;
  const doubt = link.doubt(connection);
  timers.advance(30_000);
  await doubt;
  assert.equal(await link.connection(signal), connection);
  call.abort(new Error("enough"));
});

Deno.test("ServerLink.close() closes, and nothing is opened after it", async () => {
  const { link, opened, told } = scene();
  await link.connection(signal);
  await link.close();
  assert.ok(opened[0]?.isClosed);
  await assert.rejects(link.connection(signal), /"files" is closed/);
  assert.equal(told.length, 1, "a close is no failure");
});

Deno.test("ServerLink.close() ends an attempt that is under way", async () => {
  const { link, state } = scene();
  state.outcome = "hangs";
  const waiting = link.connection(signal);
  await link.close();
  await assert.rejects(waiting, ServerAway);
});
