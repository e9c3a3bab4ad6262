import assert from "node:assert/strict";
import { readBody, readJson } from "../../../src/a2a/bindings/read_body.ts";
import { A2AError, type ErrorReason } from "../../../src/a2a/errors.ts";
import { ByteBudget } from "../../../src/lib/byte_budget.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { settle } from "./binding_deps.ts";

const LIMITS = { maxBytes: 100, timeoutMs: 5000 };

function request(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  return new Request("http://x/", { method: "POST", body, headers });
}

const isReason = (reason: ErrorReason) => (thrown: unknown) => thrown instanceof A2AError && thrown.reason === reason;

/** A body that comes when the test says so. */
function slowBody() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const seen = { cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    start: (given) => void (controller = given),
    cancel: () => void (seen.cancelled = true),
  });
  return {
    body,
    seen,
    send: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
    sendBytes: (bytes: Uint8Array) => controller?.enqueue(bytes),
    end: () => controller?.close(),
    fail: () => controller?.error(new Error("reset")),
  };
}

Deno.test("readBody() reads a body that comes in pieces, characters cut in two", async () => {
  const bytes = new TextEncoder().encode("žluťoučký 🐎");
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const timers = manualTimers();
  assert.equal(await readBody(request(body), LIMITS, timers), "žluťoučký 🐎");
  assert.equal(timers.running(), 0);
});

Deno.test("readBody() takes exactly the largest size", async () => {
  assert.equal((await readBody(request("x".repeat(100)), LIMITS, manualTimers())).length, 100);
  await assert.rejects(readBody(request("x".repeat(101)), LIMITS, manualTimers()), isReason("PAYLOAD_TOO_LARGE"));
});

Deno.test("readBody() refuses a declared length before it reads", async () => {
  const { body } = slowBody();
  const sent = request(body, { "content-length": "101" });
  await assert.rejects(readBody(sent, LIMITS, manualTimers()), isReason("PAYLOAD_TOO_LARGE"));
  assert.equal(sent.bodyUsed, false);
});

Deno.test("readBody() stops reading a body that grows too large, whatever was declared", async () => {
  const { body, send, seen } = slowBody();
  const read = readBody(request(body, { "content-length": "5" }), LIMITS, manualTimers());
  for (let at = 0; at < 6; at++) send("x".repeat(20));
  await assert.rejects(read, isReason("PAYLOAD_TOO_LARGE"));
  assert.equal(seen.cancelled, true);
});

Deno.test("readBody() gives up on a body that takes too long, in all and not per piece", async () => {
  const timers = manualTimers();
  const { body, send, seen } = slowBody();
  const read = readBody(request(body), LIMITS, timers);
  send("a");
  await settle();
  timers.advance(4999);
  send("b");
  await settle();
  timers.advance(1);
  await assert.rejects(read, isReason("REQUEST_TIMEOUT"));
  assert.equal(seen.cancelled, true);
  assert.equal(timers.running(), 0);
});

Deno.test("readBody() tells broken text from a broken connection", async () => {
  await assert.rejects(readBody(request(Uint8Array.of(0xc3)), LIMITS, manualTimers()), isReason("PARSE_ERROR"));
  await assert.rejects(readBody(request(Uint8Array.of(0xc0, 0x80)), LIMITS, manualTimers()), isReason("PARSE_ERROR"));
  const { body, send, fail } = slowBody();
  const read = readBody(request(body), LIMITS, manualTimers());
  send("a");
  fail();
  await assert.rejects(read, isReason("INVALID_REQUEST"));
});

Deno.test("readBody() lets go of a body that it cannot read, so that its connection can end", async () => {
  const { body, sendBytes, seen } = slowBody();
  const read = readBody(request(body), LIMITS, manualTimers());
  sendBytes(Uint8Array.of(0xff));
  await assert.rejects(read, isReason("PARSE_ERROR"));
  assert.equal(seen.cancelled, true);
});

Deno.test("readBody() of a request without a body is empty", async () => {
  assert.equal(await readBody(request(null), LIMITS, manualTimers()), "");
});

const JSON_TYPE = { "content-type": "application/json" };

Deno.test("readJson() knows a body that is missing or blank", async () => {
  assert.equal(await readJson(request(null), LIMITS, manualTimers()), undefined);
  assert.equal(await readJson(request("", JSON_TYPE), LIMITS, manualTimers()), undefined);
  assert.equal(await readJson(request(" \r\n", JSON_TYPE), LIMITS, manualTimers()), undefined);
  const empty = new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
  assert.equal(await readJson(request(empty, { "content-length": "0" }), LIMITS, manualTimers()), undefined);
  const unsaid = new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
  assert.equal(await readJson(request(unsaid), LIMITS, manualTimers()), undefined);
});

Deno.test("readJson() refuses a body whose type nobody names", async () => {
  const { body, send, end } = slowBody();
  send("{}");
  end();
  await assert.rejects(readJson(request(body), LIMITS, manualTimers()), isReason("UNSUPPORTED_MEDIA_TYPE"));
});

const BODIES: readonly (readonly [name: string, body: string, reason: ErrorReason])[] = [
  ["no JSON", "{", "PARSE_ERROR"],
  ["Infinity", "[Infinity]", "PARSE_ERROR"],
  ["a comment", "{} // yes", "PARSE_ERROR"],
];
for (const [name, body, reason] of BODIES) {
  Deno.test(`readJson() refuses ${name}`, async () => {
    await assert.rejects(readJson(request(body, JSON_TYPE), LIMITS, manualTimers()), isReason(reason));
  });
}

Deno.test("readJson() refuses what is nested too deeply without overflowing the stack", async () => {
  const body = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const limits = { maxBytes: 1_000_000, timeoutMs: 5000 };
  await assert.rejects(readJson(request(body, JSON_TYPE), limits, manualTimers()), isReason("INVALID_REQUEST"));
});

Deno.test("readBody() refuses what is too much beside all others, and gives back what it took, however it ends", async () => {
  const budget = new ByteBudget(100);
  const limits = { ...LIMITS, budget };
  const timers = manualTimers();
  const endings: ((body: ReturnType<typeof slowBody>) => void)[] = [
    ({ end }) => end(),
    ({ fail }) => fail(),
    ({ sendBytes }) => sendBytes(Uint8Array.of(0xff)),
    () => timers.advance(LIMITS.timeoutMs),
  ];
  for (const ending of endings) {
    const first = slowBody();
    const reading = readBody(request(first.body), limits, timers);
    first.send("x".repeat(60));
    await settle();
    await assert.rejects(readBody(request("y".repeat(60)), limits, timers), isReason("UNAVAILABLE"));
    assert.equal((await readBody(request("y".repeat(40)), limits, timers)).length, 40);
    ending(first);
    await reading.catch(() => {});
    assert.equal((await readBody(request("y".repeat(100)), limits, timers)).length, 100);
  }
  assert.ok(budget.take(100));
});
