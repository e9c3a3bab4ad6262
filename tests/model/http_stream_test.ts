import assert from "node:assert/strict";
import { HttpFault, lineValues, postJson, sseValues } from "../../src/model/http_stream.ts";
import { hanging, json, rawServer } from "./raw_server.ts";

async function* bytes(...pieces: string[]) {
  for (const piece of pieces) yield await Promise.resolve(new TextEncoder().encode(piece));
}

/** [pieces, values] */
const LINES: [pieces: string[], values: unknown[]][] = [
  [['{"a":1}\n{"a":2}\n'], [{ a: 1 }, { a: 2 }]],
  [['{"a"', ":1}", '\n{"a":2}'], [{ a: 1 }, { a: 2 }]],
  [['{"a":1}\r\n', "\n\n"], [{ a: 1 }]],
  [[], []],
];
for (const [pieces, values] of LINES) {
  Deno.test(`lineValues() of ${JSON.stringify(pieces)}`, async () =>
    assert.deepEqual(await Array.fromAsync(lineValues(bytes(...pieces))), values));
}

Deno.test("lineValues() mends a character that two pieces share", async () => {
  const whole = new TextEncoder().encode('"ä"\n');
  async function* halves() {
    yield await Promise.resolve(whole.subarray(0, 2));
    yield whole.subarray(2);
  }
  assert.deepEqual(await Array.fromAsync(lineValues(halves())), ["ä"]);
});

Deno.test("lineValues() and sseValues() throw SyntaxError for what is no JSON", async () => {
  await assert.rejects(Array.fromAsync(lineValues(bytes("It works!"))), SyntaxError);
  await assert.rejects(Array.fromAsync(sseValues(bytes("data: It works!\n\n"))), SyntaxError);
});

Deno.test("sseValues() reads the data of events", async () => {
  const values = await Array.fromAsync(sseValues(bytes(': hi\n\ndata: {"a":1}\n\nevent: x\ndata: 2\n\n')));
  assert.deepEqual(values, [{ a: 1 }, 2]);
});

const { signal } = new AbortController();

/** [body, what is read of it] */
const FAULTS: [body: unknown, error: unknown][] = [
  [{ error: { code: 7 } }, { error: { code: 7 } }],
  [{ error: "no such model" }, { message: "no such model" }],
];
for (const [body, error] of FAULTS) {
  Deno.test(`postJson() tells a refusal: ${JSON.stringify(body)}`, async () => {
    await using server = rawServer(() => json(418, body, { "retry-after": "3" }));
    await assert.rejects(postJson({ url: server.url, headers: {}, body: {}, signal }, fetch), (thrown) => {
      assert.ok(thrown instanceof HttpFault);
      assert.deepEqual([thrown.status, thrown.headers.get("retry-after"), thrown.error], [418, "3", error]);
      return true;
    });
  });
}

Deno.test("postJson() lets the connection go when its reader leaves, aborted before or not", async () => {
  for (const aborts of [true, false]) {
    const left = Promise.withResolvers<void>();
    await using server = rawServer(() => hanging(["x"], left.resolve));
    const controller = new AbortController();
    const request = { url: server.url, headers: { "x-a": "b" }, body: { c: 1 }, signal: controller.signal };
    for await (const _ of await postJson(request, fetch)) {
      if (aborts) controller.abort();
      break;
    }
    await left.promise;
    assert.deepEqual([server.bodies, server.headers[0]?.get("x-a")], [[{ c: 1 }], "b"]);
  }
});
