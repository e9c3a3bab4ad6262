import assert from "node:assert/strict";
import { followStream, type PeerEvent, type StreamPeer } from "../../../src/a2a/client/follow_stream.ts";
import { PeerSilent } from "../../../src/a2a/client/peer_http.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import type { Numbered } from "../../../src/a2a/service.ts";
import type { StreamResponse, Task } from "../../../src/a2a/types.ts";
import { statusEvent, taskIn, textEvent, TURN } from "../fake_service.ts";
import { isError } from "../loopback.ts";

const CUT = new A2AError("UNAVAILABLE", "Cannot reach http://agent.example: the connection failed");

/** What one connection brings: events, then an error or a plain end, or nothing more for ever. */
interface Connection {
  readonly events: readonly PeerEvent[];
  readonly error?: Error;
  readonly staysOpen?: boolean;
  /** Each event comes later than a wait would last. */
  readonly isSlow?: boolean;
}

interface Followed {
  readonly events: Numbered<StreamResponse>[];
  /** How each connection was asked for. */
  readonly asked: string[];
  readonly slept: number[];
  readonly thrown: unknown;
}

interface Script {
  readonly connections: readonly Connection[];
  /** The task as it is read, each time. */
  readonly tasks?: readonly Task[];
  readonly afterSeq?: number;
  readonly until?: "turn" | "task";
  readonly isAnswer?: boolean;
  readonly signal?: AbortSignal;
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const NEVER = new AbortController().signal;

async function follow(
  { connections, tasks = [], afterSeq, until = "turn", isAnswer = false, signal = NEVER }: Script,
): Promise<Followed> {
  const rest = [...connections];
  const reads = [...tasks];
  const asked: string[] = [];
  const slept: number[] = [];
  const connect = async function* (how: string): AsyncGenerator<PeerEvent> {
    asked.push(how);
    const connection = rest.shift();
    if (connection === undefined) throw CUT;
    for (const event of connection.events) {
      if (connection.isSlow === true) await turns(3);
      yield await Promise.resolve(event);
    }
    if (connection.error !== undefined) throw connection.error;
    if (connection.staysOpen === true) await new Promise(() => {});
  };
  const peer: StreamPeer = {
    open: (id) => connect(`open ${id}`),
    subscribe: (taskId, id) => connect(`subscribe ${taskId} ${id}`),
    getTask: (taskId) => {
      asked.push(`get ${taskId}`);
      const task = reads.shift();
      return task === undefined ? Promise.reject(CUT) : Promise.resolve(task);
    },
  };
  const events: Numbered<StreamResponse>[] = [];
  // What comes at once comes before any wait is over.
  const sleep = async (ms: number, sleeping: AbortSignal) => {
    sleeping.throwIfAborted();
    await turns(1);
    sleeping.throwIfAborted();
    slept.push(ms);
  };
  try {
    const retry = { maxRetries: 3, baseMs: 100, maxDelayMs: 1000 };
    const options = { afterSeq, until, isAnswer, retry, random: () => 1, sleep, signal };
    for await (const event of followStream(peer, options)) {
      events.push(event);
    }
    return { events, asked, slept, thrown: undefined };
  } catch (thrown) {
    return { events, asked, slept, thrown };
  }
}

const numbered = (events: readonly Numbered<StreamResponse>[]): PeerEvent[] =>
  events.map(({ seq, event }) => ({ id: String(seq), event }));
const plain = (...events: StreamResponse[]): PeerEvent[] => events.map((event) => ({ id: "", event }));
const task = (state: Parameters<typeof taskIn>[0]): StreamResponse => ({ task: taskIn(state) });

for (let cut = 1; cut < TURN.length; cut++) {
  for (const error of [undefined, CUT]) {
    Deno.test(`followStream() resumes a turn that ${error ? "breaks" : "ends"} after ${cut} events, without repeat or gap`, async () => {
      const { events, asked, thrown } = await follow({
        connections: [
          { events: numbered(TURN.slice(0, cut)), ...(error === undefined ? {} : { error }) },
          { events: numbered(TURN.slice(cut)) },
        ],
      });
      assert.equal(thrown, undefined);
      assert.deepEqual(events, TURN);
      assert.deepEqual(asked, ["open undefined", `subscribe t1 ${TURN[cut - 1]?.seq}`]);
    });
  }
}

Deno.test("followStream() drops what a peer sends again", async () => {
  const { events } = await follow({
    connections: [{ events: numbered(TURN.slice(0, 3)), error: CUT }, { events: numbered(TURN) }],
  });
  assert.deepEqual(events, TURN);
});

Deno.test("followStream() leaves a stream at the terminal state, whatever comes behind", async () => {
  const more = { id: "9", event: textEvent("late") };
  const { events } = await follow({ connections: [{ events: [...numbered(TURN), more], error: CUT }] });
  assert.deepEqual(events, TURN);
});

Deno.test("followStream() begins behind the number it is given", async () => {
  const { events, asked } = await follow({ connections: [{ events: numbered(TURN) }], afterSeq: 4 });
  assert.deepEqual(events.map(({ seq }) => seq), [5, 8]);
  assert.deepEqual(asked, ["open 4"]);
});

Deno.test("followStream() takes a fresh snapshot from a peer that numbers nothing, and numbers it", async () => {
  const { events, asked, thrown } = await follow({
    connections: [
      { events: plain(task("TASK_STATE_WORKING"), textEvent("Hel", false)), error: CUT },
      { events: plain(task("TASK_STATE_WORKING"), statusEvent("TASK_STATE_COMPLETED")) },
    ],
  });
  assert.equal(thrown, undefined);
  assert.deepEqual(events.map(({ seq }) => seq), [1, 2, 3, 4]);
  assert.deepEqual(asked, ["open undefined", "subscribe t1 undefined"]);
});

Deno.test("followStream() hands ids back to a peer that does not count with them", async () => {
  const { asked } = await follow({
    connections: [
      { events: [{ id: "abc", event: task("TASK_STATE_WORKING") }], error: CUT },
      { events: plain(statusEvent("TASK_STATE_COMPLETED")) },
    ],
  });
  assert.deepEqual(asked, ["open undefined", "subscribe t1 abc"]);
});

Deno.test("followStream() ends with the agent's message where there is no task", async () => {
  const message = { messageId: "m2", role: "ROLE_AGENT" as const, parts: [{ text: "Hi" }] };
  const { events, thrown } = await follow({ connections: [{ events: plain({ message }), error: CUT }] });
  assert.equal(thrown, undefined);
  assert.deepEqual(events, [{ seq: 1, event: { message } }]);
});

for (const state of ["TASK_STATE_INPUT_REQUIRED", "TASK_STATE_AUTH_REQUIRED"] as const) {
  Deno.test(`followStream() takes the end of a stream in ${state} for the end of the turn`, async () => {
    const { asked, thrown } = await follow({
      connections: [{ events: plain(task("TASK_STATE_WORKING"), statusEvent(state)) }],
    });
    assert.equal(thrown, undefined);
    assert.deepEqual(asked, ["open undefined"]);
  });
}

Deno.test("followStream() goes on behind an interrupted state while the stream does", async () => {
  const states = ["TASK_STATE_INPUT_REQUIRED", "TASK_STATE_WORKING", "TASK_STATE_COMPLETED"] as const;
  const { events } = await follow({
    connections: [{ events: plain(task("TASK_STATE_WORKING"), ...states.map(statusEvent)) }],
  });
  assert.equal(events.length, 4);
});

const ASKING = { events: plain(statusEvent("TASK_STATE_INPUT_REQUIRED"), textEvent("behind")) };
const BEHIND: readonly (readonly [name: string, script: Script, count: number])[] = [
  ["is resumed", { connections: [{ events: numbered(TURN.slice(0, 2)), error: CUT }, ASKING] }, 3],
  ["never ends", { connections: [{ ...ASKING, staysOpen: true }] }, 2],
  ["never ends and asks who it is", {
    connections: [{ events: plain(statusEvent("TASK_STATE_AUTH_REQUIRED")), staysOpen: true }],
  }, 1],
  ["begins with what it answers", {
    connections: [{
      events: plain(task("TASK_STATE_INPUT_REQUIRED"), ...TURN.slice(2).map(({ event }) => event)),
      isSlow: true,
    }],
    isAnswer: true,
  }, 1 + TURN.slice(2).length],
  ["breaks behind what it answers", {
    connections: [
      { events: plain(task("TASK_STATE_INPUT_REQUIRED")), error: CUT },
      { events: plain(task("TASK_STATE_WORKING"), statusEvent("TASK_STATE_COMPLETED")) },
    ],
    isAnswer: true,
  }, 3],
  ["asks again", {
    connections: [{
      events: plain(
        task("TASK_STATE_INPUT_REQUIRED"),
        statusEvent("TASK_STATE_WORKING"),
        task("TASK_STATE_INPUT_REQUIRED"),
      ),
      staysOpen: true,
    }],
    isAnswer: true,
  }, 3],
  ["begins with its question", {
    connections: [{ events: plain(task("TASK_STATE_INPUT_REQUIRED")), staysOpen: true }],
  }, 1],
  ["breaks", { connections: [{ ...ASKING, events: ASKING.events.slice(0, 1), error: CUT }] }, 1],
  ["is one of the task", {
    connections: [{ events: numbered(TURN.slice(0, 2)), error: CUT }, {
      events: [...ASKING.events, ...plain(statusEvent("TASK_STATE_COMPLETED"))],
    }],
    until: "task",
  }, 5],
];
for (const [name, script, count] of BEHIND) {
  Deno.test(`followStream() knows what stays open behind a question: a stream that ${name}`, async () => {
    const { events, thrown } = await follow(script);
    assert.equal(thrown, undefined);
    assert.equal(events.length, count);
  });
}

Deno.test("followStream() reads a task that ended while nobody listened", async () => {
  const over = taskIn("TASK_STATE_COMPLETED", { artifacts: [{ artifactId: "answer", parts: [{ text: "Hello" }] }] });
  const refused = new A2AError("UNSUPPORTED_OPERATION", "It is TASK_STATE_COMPLETED");
  const { events, asked, thrown } = await follow({
    connections: [{ events: numbered(TURN.slice(0, 3)), error: CUT }, { events: [], error: refused }],
    tasks: [over],
  });
  assert.equal(thrown, undefined);
  assert.deepEqual(events.at(-1), { seq: 5, event: { task: over } });
  assert.deepEqual(asked, ["open undefined", "subscribe t1 4", "get t1"]);
});

const FATAL: readonly (readonly [name: string, error: Error])[] = [
  ["a task that is gone", new A2AError("TASK_NOT_FOUND", "No")],
  ["a credential that ran out", new A2AError("UNAUTHENTICATED", "No")],
  ["an answer that cannot be read", new A2AError("INVALID_AGENT_RESPONSE", "No")],
];
for (const [name, error] of FATAL) {
  Deno.test(`followStream() does not try again after ${name}`, async () => {
    const { asked, thrown } = await follow({
      connections: [{ events: numbered(TURN.slice(0, 2)), error: CUT }, { events: [], error }],
    });
    assert.equal(thrown, error);
    assert.equal(asked.length, 2);
  });
}

Deno.test("followStream() does not try again where nothing came: a message must not be sent twice", async () => {
  const { asked, thrown } = await follow({ connections: [{ events: [], error: CUT }] });
  assert.equal(thrown, CUT);
  assert.deepEqual(asked, ["open undefined"]);
});

Deno.test("followStream() calls a stream without an answer an error", async () => {
  const { thrown } = await follow({ connections: [{ events: [] }] });
  assert.ok(isError("INVALID_AGENT_RESPONSE", /ended without an answer/)(thrown));
});

Deno.test("followStream() gives up after some tries, with growing pauses, and says so", async () => {
  const { events, slept, asked, thrown } = await follow({
    connections: [{ events: numbered(TURN.slice(0, 3)), error: CUT }],
  });
  assert.equal(events.length, 3);
  assert.deepEqual(slept, [100, 200, 400]);
  assert.equal(asked.length, 4);
  assert.ok(isError("UNAVAILABLE", /task "t1".*3 tries/)(thrown));
  assert.ok(thrown instanceof A2AError);
  assert.equal(thrown.cause, CUT);
});

Deno.test("followStream() gives up on a peer that only ever sends the same snapshot", async () => {
  const again = { events: plain(task("TASK_STATE_WORKING")) };
  const { thrown, asked } = await follow({ connections: Array.from({ length: 50 }, () => again) });
  assert.ok(isError("UNAVAILABLE")(thrown));
  assert.equal(asked.length, 4);
});

Deno.test("followStream() starts its count of tries again when the stream moves on", async () => {
  const connections = TURN.slice(0, -1).flatMap(({ seq, event }) => [
    { events: [{ id: String(seq), event }], error: CUT },
    { events: [], error: CUT },
    { events: [], error: CUT },
  ]);
  const { events, thrown } = await follow({ connections: [...connections, { events: numbered(TURN.slice(-1)) }] });
  assert.equal(thrown, undefined);
  assert.deepEqual(events, TURN);
});

Deno.test("followStream() waits as long as the peer asks", async () => {
  const busy = new A2AError("RATE_LIMITED", "Later", { retryAfterSeconds: 0.5 });
  const { slept } = await follow({
    connections: [{ events: numbered(TURN.slice(0, 1)), error: busy }, { events: numbered(TURN.slice(1)) }],
  });
  assert.deepEqual(slept, [600]);
});

Deno.test("followStream() stops waiting when it is called off", async () => {
  const { thrown } = await follow({
    connections: [{ events: numbered(TURN.slice(0, 1)), error: CUT }],
    signal: AbortSignal.abort(new Error("enough")),
  });
  assert.match(String(thrown), /enough/);
});

Deno.test("followStream() does not count silence as a failure where there is nothing to say", async () => {
  const silent = () => new A2AError("UNAVAILABLE", "Nothing came", { cause: new PeerSilent("Nothing came") });
  const quiet = { events: plain(task("TASK_STATE_WORKING")), error: silent() };
  const connections = [...Array.from({ length: 20 }, () => quiet), {
    events: plain(statusEvent("TASK_STATE_COMPLETED")),
  }];
  const { thrown, asked } = await follow({ connections });
  assert.equal(thrown, undefined);
  assert.equal(asked.length, 21);
});

Deno.test("followStream() gives up on a peer that is silent from the start", async () => {
  const silent = new A2AError("UNAVAILABLE", "Nothing came", { cause: new PeerSilent("Nothing came") });
  const { thrown, asked } = await follow({
    connections: [{ events: plain(task("TASK_STATE_WORKING")), error: silent }, { events: [], error: silent }],
  });
  assert.ok(isError("UNAVAILABLE", /3 tries/)(thrown));
  assert.equal(asked.length, 4);
});

Deno.test("followStream() reads a task from time to time where it cannot subscribe", async () => {
  const cannot = new A2AError("UNSUPPORTED_OPERATION", "No streams here");
  const states = ["TASK_STATE_WORKING", "TASK_STATE_WORKING", "TASK_STATE_WORKING", "TASK_STATE_COMPLETED"] as const;
  const reads = states.map((state, at) => taskIn(state, { metadata: { at: at >> 1 } }));
  const { events, thrown, asked } = await follow({
    connections: [
      { events: plain(task("TASK_STATE_WORKING")), error: CUT },
      ...Array.from({ length: 4 }, () => ({ events: [], error: cannot })),
    ],
    tasks: reads,
  });
  assert.equal(thrown, undefined);
  assert.deepEqual(events.map(({ event }) => event).slice(1), [0, 2, 3].map((at) => ({ task: reads[at] })));
  assert.equal(asked.filter((what) => what.startsWith("get")).length, 4);
});
