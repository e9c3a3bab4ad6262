import assert from "node:assert/strict";
import { apply } from "../../../src/a2a/apply.ts";
import type { Numbered } from "../../../src/a2a/service.ts";
import type { StreamResponse, Task } from "../../../src/a2a/types.ts";
import type { ByteStream } from "../../../src/lib/http2/byte_stream.ts";
import { fakeService, replay, statusEvent, taskIn, textEvent } from "../fake_service.ts";
import { callWith, cardOffering, loopback, served, testClient } from "../loopback.ts";
import { grpcLoopback } from "./grpc_loopback.ts";

/*
 * Connections that are cut at any byte, as often as it goes: a reader hears every event of a numbered stream once and in
 * order, and of any other stream it knows in the end what it would have known without a cut.
 */

const OFFERS = [
  ["JSONRPC", "1.0"],
  ["HTTP+JSON", "1.0"],
  ["GRPC", "1.0"],
  ["JSONRPC", "0.3"],
  ["HTTP+JSON", "0.3"],
  ["GRPC", "0.3"],
] as const;
const ROUNDS = 25;
const MESSAGE = { messageId: "m1", role: "ROLE_USER" as const, parts: [{ text: "Hi" }] };

/** Mulberry32: the same rounds in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A turn of some length, with holes between its numbers. */
function turnOf(random: (below: number) => number): Numbered<StreamResponse>[] {
  const texts = Array.from({ length: 2 + random(6) }, (_, at) => textEvent(`${at},`.repeat(1 + random(12)), at > 0));
  const events = [
    { task: taskIn("TASK_STATE_SUBMITTED") },
    statusEvent("TASK_STATE_WORKING"),
    ...texts,
    statusEvent("TASK_STATE_COMPLETED"),
  ];
  let seq = 0;
  return events.map((event) => ({ seq: seq += 1 + random(3), event }));
}

function folded(events: readonly Numbered<StreamResponse>[]): Task | undefined {
  return events.reduce<Task | undefined>((task, { event }) => apply(task, event), undefined);
}

/** Cuts a stream's body after so many bytes; without a size it is left alone. */
function cutBody(response: Response, size: number | undefined, numbered: boolean): Response {
  if (response.headers.get("content-type") !== "text/event-stream" || response.body === null) return response;
  let left = size ?? Infinity;
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const shown = numbered ? chunk : withoutIds(chunk);
      controller.enqueue(shown.slice(0, left));
      left -= shown.byteLength;
      if (left <= 0) controller.error(new TypeError("connection reset"));
    },
  });
  return new Response(response.body.pipeThrough(cut), response);
}

/** Our server writes whole events. */
function withoutIds(chunk: Uint8Array): Uint8Array {
  return new TextEncoder().encode(new TextDecoder().decode(chunk).replaceAll(/^id: ?.*\n/gm, ""));
}

/** A connection that ends after so many bytes have come. */
function cutBytes(bytes: ByteStream, size: number | undefined): ByteStream {
  let left = size ?? Infinity;
  return {
    ...bytes,
    async read(into) {
      const count = await bytes.read(left === Infinity ? into : into.subarray(0, Math.max(1, left)));
      left -= count ?? 0;
      if (left > 0) return count;
      bytes.close();
      return null;
    },
  };
}

interface Round {
  readonly offer: typeof OFFERS[number];
  readonly turn: readonly Numbered<StreamResponse>[];
  /** Where each connection is cut; those behind them hold. */
  readonly cuts: number[];
  /** Whether the server numbers its events, and resumes behind a number. */
  readonly numbered: boolean;
}

async function follow({ offer, turn, cuts, numbered }: Round) {
  const fake = fakeService({
    stream: async function* (operation, { afterSeq }) {
      // One event at a time, so that cuts fall between them, too.
      const isAgain = operation === "SubscribeToTask" && !numbered;
      const snapshotAt = isAgain ? 1 + Math.floor(turn.length / 2) : 0;
      const snapshot = folded(turn.slice(0, snapshotAt));
      if (snapshot !== undefined) yield { seq: 1, event: { task: snapshot } };
      for await (const event of replay(turn.slice(snapshotAt), isAgain ? 0 : afterSeq)) {
        await new Promise((resolve) => setImmediate(resolve));
        yield event;
      }
    },
  });
  const agent = cardOffering([offer]);
  const grpc = await grpcLoopback(fake.service, { numbered, wire: (bytes) => cutBytes(bytes, cuts.shift()) });
  const serve = served(fake.service, () => agent);
  const { client } = testClient({
    agent,
    openBytes: grpc.openBytes,
    retry: { maxRetries: 20, baseMs: 1, maxDelayMs: 1 },
    fetch: loopback(async (request) => cutBody(await serve(request), cuts.shift(), numbered)),
  });
  try {
    return { fake, events: await Array.fromAsync(client.sendStreamingMessage({ message: MESSAGE }, callWith())) };
  } finally {
    client.close();
    await grpc.close();
  }
}

for (const offer of OFFERS) {
  /** The first event has to come: before it nobody knows whether there is a task. */
  const isGrpc = offer[0] === "GRPC";
  const firstCut = isGrpc ? 400 : 330;

  Deno.test(`a stream over ${offer.join(" ")} that is cut anywhere is heard once, whole and in order`, async () => {
    const random = seeded(7);
    let resumed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const turn = turnOf(random);
      const cuts = [firstCut + random(400), ...Array.from({ length: random(4) }, () => 120 + random(500))];
      const told = `round ${round}, cut at ${cuts}`;
      const { fake, events } = await follow({ offer, turn, cuts, numbered: true });
      assert.deepEqual(events.map(({ seq }) => seq), turn.map(({ seq }) => seq), told);
      assert.deepEqual(folded(events)?.artifacts, folded(turn)?.artifacts, told);
      assert.equal(fake.asked.filter(({ operation }) => operation === "SendStreamingMessage").length, 1, told);
      resumed += fake.asked.length - 1;
    }
    assert.ok(resumed > ROUNDS, `only ${resumed} connections were cut`);
  });

  Deno.test(`a stream over ${offer.join(" ")} without numbers is known in the end as if it had not been cut`, async () => {
    const random = seeded(11);
    let resumed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const turn = turnOf(random);
      const cuts = isGrpc ? [230 + random(150)] : [firstCut + random(400)];
      const { fake, events } = await follow({ offer, turn, cuts: [...cuts], numbered: false });
      resumed += fake.asked.length - 1;
      const told = `round ${round}, cut at ${cuts}`;
      assert.deepEqual(events.map(({ seq }) => seq), events.map((_, at) => at + 1), told);
      const { artifacts, status } = folded(events) ?? {};
      assert.equal(status?.state, "TASK_STATE_COMPLETED", told);
      assert.deepEqual(artifacts, folded(turn)?.artifacts, told);
    }
    assert.ok(resumed > ROUNDS / 2, `only ${resumed} connections were cut`);
  });
}
