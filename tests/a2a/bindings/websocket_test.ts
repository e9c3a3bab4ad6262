import assert from "node:assert/strict";
import { CLOSE_CODES, MAX_UNDER_WAY } from "../../../src/a2a/bindings/websocket.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { fakeService, replay, statusEvent, taskIn, TURN } from "../fake_service.ts";
import { finding, MAX_BYTES, settle } from "./binding_deps.ts";
import { call, type Frame, MESSAGE, talk } from "./fake_socket.ts";

/* What a socket is besides its frames: limits, backpressure, endings. The frames: websocket_exchange_test.ts. */

const ASK = call("GetTask", { id: "t1" });
const utf8 = (text: string) => new TextEncoder().encode(text).byteLength;

/** A service whose answers wait for the test. */
function waiting() {
  const asked: PromiseWithResolvers<void>[] = [];
  const fake = fakeService({
    unary: async () => {
      const turn = Promise.withResolvers<void>();
      asked.push(turn);
      await turn.promise;
      return undefined;
    },
  });
  return { find: finding(fake), fake, answer: (at: number) => asked[at]?.resolve() };
}

/** A turn that begins, and goes on when the test says so. */
function paused() {
  const more = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const fake = fakeService({
    stream: async function* (_operation, call) {
      try {
        yield* replay(TURN.slice(0, 2));
        const gone = new Promise<void>((resolve) => call.signal.addEventListener("abort", () => resolve()));
        await Promise.race([more.promise, gone]);
        if (!call.signal.aborted) yield* replay(TURN.slice(2));
      } finally {
        left.resolve();
      }
    },
  });
  return { find: finding(fake), fake, goOn: more.resolve, left: left.promise };
}

const idsOf = (frames: readonly Frame[]) => frames.map(({ id }) => id);
const codeOf = (frame: Frame | undefined) => (frame?.error as { readonly code?: unknown } | undefined)?.code;

Deno.test("webSocketBinding() answers many requests at once, each by its id, in the order of their answers", async () => {
  const { find, answer } = waiting();
  const { say } = talk({ find });
  for (const id of ["a", 1, "b"]) assert.deepEqual(await say(call("GetTask", { id: "t1" }, id)), []);
  answer(1);
  assert.deepEqual(idsOf(await say(call("Nope", {}, "c"))), ["c", 1]);
  answer(2);
  answer(0);
  assert.deepEqual(idsOf(await say(call("Nope", {}, null))), [null, "b", "a"]);
});

Deno.test("webSocketBinding() answers others while a stream is open", async () => {
  const { find, goOn } = paused();
  const { say } = talk({ find });
  const stream = call("SendStreamingMessage", { message: MESSAGE }, "stream");
  assert.deepEqual(idsOf(await say(stream)), ["stream", "stream"]);
  assert.deepEqual(idsOf(await say(ASK)), [7]);
  goOn();
  assert.deepEqual(idsOf(await say(ASK)).sort(), [7, "stream", "stream", "stream"]);
});

Deno.test("webSocketBinding() refuses a binary frame with 1003", () => {
  const { conversation, closed } = talk();
  conversation.receive(new ArrayBuffer(2));
  assert.equal(closed()?.code, 1003);
});

const padded = (bytes: number, letter: string) => {
  const empty = JSON.stringify(call("GetTask", { id: "t1", note: "" }));
  const room = bytes - utf8(empty);
  return JSON.stringify(call("GetTask", { id: "t1", note: letter.repeat(Math.ceil(room / utf8(letter))) }));
};

for (const letter of ["x", "é", "語"]) {
  Deno.test(`webSocketBinding() counts a frame's bytes, not its letters (${letter})`, async () => {
    const fits = talk();
    const longest = padded(MAX_BYTES - 2, letter);
    assert.ok(utf8(longest) <= MAX_BYTES);
    assert.equal((await fits.say(longest)).length, 1);
    assert.equal(fits.closed(), undefined);

    const large = talk();
    const tooLong = padded(MAX_BYTES + 1, letter);
    assert.ok(utf8(tooLong) > MAX_BYTES);
    assert.deepEqual(await large.say(tooLong), []);
    assert.equal(large.closed()?.code, 1009);
  });
}

Deno.test("webSocketBinding() takes no more requests at once than it says, and the next when one is answered", async () => {
  const { find, fake, answer } = waiting();
  const { say, closed } = talk({ find });
  for (let id = 0; id < MAX_UNDER_WAY; id++) assert.deepEqual(await say(call("GetTask", { id: "t1" }, id)), []);
  const [refused, ...none] = await say(call("GetTask", { id: "t1" }, "more"));
  assert.equal(refused?.id, "more");
  assert.equal(codeOf(refused), -32603);
  assert.match(JSON.stringify(refused), /more than 64 requests at once.*"reason":"RATE_LIMITED"/);
  assert.deepEqual(none, []);
  assert.equal(fake.asked.length, MAX_UNDER_WAY);
  assert.match(JSON.stringify(await say({ content: "Hi" })), /^\[\{"error":\{"code":-32603/);

  answer(5);
  await settle();
  assert.deepEqual(await say(call("GetTask", { id: "t1" }, "again")), []);
  assert.equal(fake.asked.length, MAX_UNDER_WAY + 1);
  assert.equal(closed(), undefined);
});

const LARGE = { task: taskIn("TASK_STATE_WORKING", { metadata: { note: "x".repeat(100_000) } }) };

/** Large events without end; how many were pulled. */
function flood() {
  const state = { pulled: 0, left: false };
  const fake = fakeService({
    unary: () => LARGE.task,
    stream: async function* () {
      try {
        while (true) yield await Promise.resolve({ seq: ++state.pulled, event: LARGE });
      } finally {
        state.left = true;
      }
    },
  });
  return { find: finding(fake), fake, state };
}

const SUBSCRIBE = call("SubscribeToTask", { id: "t1" });

Deno.test("webSocketBinding() pulls no event for a peer that takes none, and goes on when it does", async () => {
  const { find, state } = flood();
  const { conversation, deps, say, stopReading, take } = talk({ find });
  stopReading();
  await say(SUBSCRIBE);
  const ahead = state.pulled;
  assert.ok(ahead <= 4, `${ahead} events of 100 KB`);
  deps.timers.advance(1000);
  await settle();
  assert.equal(state.pulled, ahead);
  take(200_000);
  deps.timers.advance(5);
  await settle();
  assert.ok(state.pulled > ahead && state.pulled <= ahead + 3, `${state.pulled}`);
  conversation.gone();
  await settle();
  assert.equal(state.left, true);
  assert.equal(deps.timers.running(), 0);
});

Deno.test("webSocketBinding() lets a stalled peer go with a code that says it may come again", async () => {
  const { find, fake, state } = flood();
  const { deps, say, stopReading, closed } = talk({ find });
  stopReading();
  await say(SUBSCRIBE);
  deps.timers.advance(60_000);
  assert.equal(closed(), undefined);
  deps.timers.advance(30_000);
  assert.equal(closed()?.code, 1013);
  assert.match(closed()?.reason ?? "", /resume/);
  await settle();
  assert.equal(fake.asked[0]?.call.signal.aborted, true);
  assert.equal(state.left, true);
  assert.equal(deps.timers.running(), 0);
});

Deno.test("webSocketBinding() does not call a slow peer stalled", async () => {
  const { find } = flood();
  const { conversation, deps, say, stopReading, take, closed } = talk({ find });
  stopReading();
  await say(SUBSCRIBE);
  for (let at = 0; at < 10; at++) {
    take(1);
    deps.timers.advance(50_000);
    await settle();
  }
  assert.equal(closed(), undefined);
  conversation.gone();
});

Deno.test("webSocketBinding() holds a request until its answer is taken, and ends a flood that nobody reads", async () => {
  const { find } = flood();
  const { say, stopReading, sent, closed } = talk({ find });
  stopReading();
  for (let id = 0; id < MAX_UNDER_WAY; id++) await say(call("GetTask", { id: "t1" }, id));
  assert.equal(closed(), undefined);
  const answered = sent.length;
  for (let id = 0; id < 10; id++) await say(call("GetTask", { id: "t1" }, id));
  assert.equal(closed()?.code, CLOSE_CODES.policyViolation);
  assert.ok(sent.length <= answered + 3, `${sent.length - answered} refusals`);
});

Deno.test("webSocketBinding() leaves streams and waits when the socket is gone, and no task", async () => {
  const { find, fake, left } = paused();
  const { conversation, deps, say, sent } = talk({ find });
  await say(call("SendStreamingMessage", { message: MESSAGE }));
  await say(ASK);
  const before = sent.length;
  conversation.gone();
  await left;
  await settle();
  assert.deepEqual(fake.asked.map(({ call }) => call.signal.aborted), [true, true]);
  assert.deepEqual(fake.asked.map(({ operation }) => operation), ["SendStreamingMessage", "GetTask"]);
  assert.equal(sent.length, before);
  assert.equal(deps.timers.running(), 0);
  conversation.receive(JSON.stringify(ASK));
  await settle();
  assert.equal(fake.asked.length, 2);
});

Deno.test("webSocketBinding() takes what hanging up breaks for no failure", async () => {
  const fake = fakeService({
    unary: (_operation, _request, { signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  const { conversation, deps, say, sent } = talk({ find: finding(fake) });
  await say(ASK);
  conversation.gone();
  await settle();
  assert.deepEqual([deps.logged, sent], [[], []]);
});

Deno.test("webSocketBinding() tells a stranger nothing of what broke, and the log everything", async () => {
  const cause = new Error("/srv/secret.db is locked");
  const { deps, say } = talk({ find: finding(fakeService({ unary: () => Promise.reject(cause) })) });
  const [answer] = await say(ASK);
  assert.equal(codeOf(answer), -32603);
  assert.doesNotMatch(JSON.stringify(answer), /secret/);
  assert.equal(deps.logged[0]?.cause, cause);
});

Deno.test("webSocketBinding() drains: answers what is under way, takes nothing new, then says goodbye", async () => {
  const { find, goOn } = paused();
  const { conversation, deps, say, sent, closed } = talk({ find });
  await say({ content: "Hi" });
  conversation.drain(new AbortController().signal);
  assert.equal(closed(), undefined);
  assert.match(JSON.stringify(await say(ASK)), /"id":7,"error":.*the server is stopping/);
  goOn();
  await settle();
  await settle();
  assert.equal(sent.at(-1)?.final, true);
  assert.equal(closed()?.code, 1001);
  assert.equal(deps.timers.running(), 0);
});

Deno.test("webSocketBinding() drains a socket without a request at once, any other by the deadline", async () => {
  const idle = talk();
  idle.conversation.drain(new AbortController().signal);
  assert.equal(idle.closed()?.code, 1001);

  const { find, left } = paused();
  const busy = talk({ find });
  await busy.say({ content: "Hi" });
  const deadline = new AbortController();
  busy.conversation.drain(deadline.signal);
  assert.equal(busy.closed(), undefined);
  deadline.abort();
  assert.equal(busy.closed()?.code, 1001);
  await left;

  const late = talk({ find: waiting().find });
  await late.say(ASK);
  late.conversation.drain(AbortSignal.abort());
  assert.equal(late.closed()?.code, 1001);
});

Deno.test("webSocketBinding() says which stream ends before its task", async () => {
  const unfinished = fakeService({
    stream: () => replay([...TURN.slice(0, 1), { seq: 2, event: statusEvent("TASK_STATE_WORKING") }]),
  });
  const { say } = talk({ find: finding(unfinished) });
  const frames = await say(call("SendStreamingMessage", { message: MESSAGE }));
  assert.deepEqual(idsOf(frames), [7, 7, 7]);
  assert.match(JSON.stringify(frames[2]), /subscribe to it again.*"reason":"UNAVAILABLE"/);
  assert.match(
    JSON.stringify((await say({ content: "Hi" })).at(-1)),
    /^\{"error":\{"code":-\d+,"message":"The stream ended/,
  );
  assert.match(JSON.stringify((await say({ message: "Hi" })).at(-1)), /^\{"error":\{"code":"UNAVAILABLE"/);
});

Deno.test("webSocketBinding() passes on what the finder throws", async () => {
  const { say, closed } = talk({
    find: () => Promise.reject(new A2AError("AGENT_NOT_FOUND", 'Agent "x" not found')),
  });
  assert.equal(codeOf((await say(ASK))[0]), -32602);
  assert.match(JSON.stringify(await say({ message: "Hi" })), /^\[\{"error":\{"code":"NOT_FOUND"/);
  assert.equal(closed(), undefined);
});
