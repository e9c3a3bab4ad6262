import assert from "node:assert/strict";
import { createHeartbeat } from "../../src/lib/heartbeat.ts";
import { type SseEvent, sseFrame, sseResponse } from "../../src/lib/sse.ts";
import { type ManualTimers, manualTimers } from "./manual_timers.ts";

const INTERVAL_MS = 15_000;
const STALL_MS = 60_000;
const decoder = new TextDecoder();

/** A source that is told when to speak, and tells how it is treated. */
function controlledSource() {
  const queue: (SseEvent | Error | undefined)[] = [];
  let wake = () => {};
  const seen = { asked: 0, returned: false };
  const source: AsyncIterable<SseEvent> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        seen.asked++;
        while (queue.length === 0) await new Promise<void>((resolve) => wake = resolve);
        const event = queue.shift();
        if (event instanceof Error) throw event;
        return event === undefined ? { done: true, value: undefined } : { done: false, value: event };
      },
      return: () => {
        seen.returned = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  const push = (...events: (SseEvent | Error | undefined)[]) => {
    queue.push(...events);
    wake();
  };
  return { source, push, seen };
}

interface Opened {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly stop: AbortController;
  readonly timers: ManualTimers;
}

function open(source: AsyncIterable<SseEvent>): Opened {
  const timers = manualTimers();
  const stop = new AbortController();
  const heartbeat = createHeartbeat({ intervalMs: INTERVAL_MS, timers });
  const { body } = sseResponse(source, { heartbeat, stallMs: STALL_MS, stop });
  assert.ok(body);
  return { reader: body.getReader(), stop, timers };
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string | undefined> {
  const { value } = await reader.read();
  return value === undefined ? undefined : decoder.decode(value);
}

/** Lets everything that is ready happen. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

const FRAMES: readonly (readonly [name: string, event: SseEvent, frame: string])[] = [
  ["data alone", { data: "{}" }, "data: {}\n\n"],
  ["id, name and data", { id: "3", event: "error", data: "{}" }, "id: 3\nevent: error\ndata: {}\n\n"],
  ["line breaks in data", { data: "a\nb\r\nc\rd" }, "data: a\ndata: b\ndata: c\ndata: d\n\n"],
  ["line breaks and NUL in an id", { id: "1\n\ndata: forged\r\0", data: "x" }, "id: 1data: forged\ndata: x\n\n"],
  ["line breaks in a name", { event: "a\ndata: forged", data: "x" }, "event: adata: forged\ndata: x\n\n"],
];
for (const [name, event, frame] of FRAMES) {
  Deno.test(`sseFrame() keeps its framing with ${name}`, () => assert.equal(sseFrame(event), frame));
}

Deno.test("sseResponse() says what it is and that nobody may hold it back", () => {
  const { source } = controlledSource();
  const heartbeat = createHeartbeat({ intervalMs: INTERVAL_MS, timers: manualTimers() });
  const stop = new AbortController();
  const { headers, status } = sseResponse(source, { heartbeat, stallMs: STALL_MS, stop });
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "text/event-stream");
  assert.match(headers.get("cache-control") ?? "", /no-store/);
  assert.equal(headers.get("x-accel-buffering"), "no");
  stop.abort();
});

Deno.test("sseResponse() sends each event when it comes, and ends with its source", async () => {
  const { source, push } = controlledSource();
  const { reader, timers } = open(source);
  for (const id of ["1", "2", "3"]) {
    push({ id, data: "x" });
    assert.equal(await read(reader), `id: ${id}\ndata: x\n\n`);
  }
  push(undefined);
  assert.equal(await read(reader), undefined);
  assert.equal(timers.running(), 0);
});

Deno.test("sseResponse() puts events that are ready together into one chunk", async () => {
  const { source, push } = controlledSource();
  const { reader } = open(source);
  push(...Array.from({ length: 100 }, (_, at) => ({ data: String(at) })), undefined);
  await settle();
  const chunks: string[] = [];
  for (let chunk = await read(reader); chunk !== undefined; chunk = await read(reader)) chunks.push(chunk);
  assert.equal(chunks.length, 2);
  assert.equal(chunks.join(""), Array.from({ length: 100 }, (_, at) => `data: ${at}\n\n`).join(""));
});

Deno.test("sseResponse() stops asking its source while the reader does not read", async () => {
  const big = "x".repeat(1000);
  const { source, push, seen } = controlledSource();
  const { reader } = open(source);
  push(...Array.from({ length: 1000 }, () => ({ data: big })));
  await settle();
  const asked = seen.asked;
  assert.ok(asked < 25, `asked ${asked} times`);
  await settle();
  assert.equal(seen.asked, asked);
  await read(reader);
  await settle();
  assert.ok(seen.asked > asked);
});

Deno.test("sseResponse() leaves its source at once when the reader goes away", async () => {
  const { source, seen } = controlledSource();
  const { reader, stop, timers } = open(source);
  await settle();
  await reader.cancel();
  assert.equal(seen.returned, true);
  assert.equal(stop.signal.aborted, true);
  assert.equal(timers.running(), 0);
});

Deno.test("sseResponse() ends, and leaves its source, when it is told to stop", async () => {
  const { source, push, seen } = controlledSource();
  const { reader, stop, timers } = open(source);
  push({ data: "a" });
  await settle();
  stop.abort();
  assert.equal(await read(reader), "data: a\n\n");
  assert.equal(await read(reader), undefined);
  assert.equal(seen.returned, true);
  assert.equal(timers.running(), 0);
});

Deno.test("sseResponse() that was stopped before it began is empty", async () => {
  const { source, push, seen } = controlledSource();
  push({ data: "a" });
  const stop = new AbortController();
  stop.abort();
  const heartbeat = createHeartbeat({ intervalMs: INTERVAL_MS, timers: manualTimers() });
  assert.equal(await sseResponse(source, { heartbeat, stallMs: STALL_MS, stop }).text(), "");
  assert.equal(seen.returned, true);
});

Deno.test("sseResponse() breaks off when its source fails", async () => {
  const { source, push } = controlledSource();
  const { reader, timers } = open(source);
  push({ data: "a" }, new TypeError("lost"));
  assert.equal(await read(reader), "data: a\n\n");
  await assert.rejects(read(reader), /lost/);
  assert.equal(timers.running(), 0);
});

Deno.test("sseResponse() pings an idle reader once per interval, between events", async () => {
  const { source, push } = controlledSource();
  const { reader, timers } = open(source);
  timers.advance(INTERVAL_MS);
  assert.equal(await read(reader), ": ping\n\n");
  push({ data: "a" });
  assert.equal(await read(reader), "data: a\n\n");
  timers.advance(INTERVAL_MS);
  assert.equal(await read(reader), ": ping\n\n");
});

Deno.test("sseResponse() queues no pings for a reader that does not read", async () => {
  const { source, push } = controlledSource();
  const { reader, timers } = open(source);
  timers.advance(3 * INTERVAL_MS);
  push({ data: "a" });
  await settle();
  assert.equal(await read(reader), ": ping\n\n");
  assert.equal(await read(reader), "data: a\n\n");
});

Deno.test("sseResponse() cuts off a reader that takes nothing for too long, not before", async () => {
  const { source, push, seen } = controlledSource();
  const { reader, stop, timers } = open(source);
  push({ data: "a" }, { data: "b" });
  await settle();
  timers.advance(STALL_MS - INTERVAL_MS);
  assert.equal(stop.signal.aborted, false);
  timers.advance(3 * INTERVAL_MS);
  assert.equal(stop.signal.aborted, true);
  assert.equal(seen.returned, true);
  assert.equal(timers.running(), 0);
  await assert.rejects(read(reader), /took nothing/);
});

Deno.test("sseResponse() does not cut off a reader that is slow but reads", async () => {
  const { source, push } = controlledSource();
  const { reader, stop, timers } = open(source);
  for (let round = 0; round < 10; round++) {
    push({ data: String(round) }, { data: String(round) });
    await settle();
    timers.advance(STALL_MS - INTERVAL_MS);
    await read(reader);
    await settle();
    await read(reader);
  }
  assert.equal(stop.signal.aborted, false);
});
