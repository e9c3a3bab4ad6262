import assert from "node:assert/strict";
import { readAnthropicAnswer } from "../../src/model/anthropic_answer.ts";
import type { ModelEvent } from "../../src/model/model.ts";
import { callsOfEvents, NOWHERE, request, stopOf } from "./model_fakes.ts";

async function* stream(...events: unknown[]) {
  for (const event of events) {
    await Promise.resolve();
    yield event;
  }
}

const read = (...events: unknown[]): Promise<ModelEvent[]> =>
  Array.fromAsync(readAnthropicAnswer(stream(...events), request(), NOWHERE));
const block = (index: number, content_block: unknown) => ({ type: "content_block_start", index, content_block });
const delta = (index: number, value: unknown) => ({ type: "content_block_delta", index, delta: value });
const stop = (stop_reason: string, usage: unknown = {}) => ({ type: "message_delta", delta: { stop_reason }, usage });

/** [the provider's reason, ours] */
const REASONS = [
  ["end_turn", "end"],
  ["stop_sequence", "end"],
  ["pause_turn", "end"],
  ["tool_use", "end"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["refusal", "refusal"],
  ["something_new", "end"],
] as const;

for (const [theirs, ours] of REASONS) {
  Deno.test(`stop_reason ${theirs} without calls is "${ours}"`, async () => {
    assert.equal(stopOf(await read(stop(theirs)))?.reason, ours);
  });
}

Deno.test("tokens of the cache are input, and the last count stands", async () => {
  const events = await read(
    {
      type: "message_start",
      message: {
        usage: { input_tokens: 10, cache_creation_input_tokens: 3, cache_read_input_tokens: 5, output_tokens: 1 },
      },
    },
    stop("end_turn", { output_tokens: 20, input_tokens: null, output_tokens_details: { thinking_tokens: 7 } }),
  );
  assert.deepEqual(events[0], {
    kind: "usage",
    usage: {
      inputTokens: 18,
      outputTokens: 20,
      cachedInputTokens: 5,
      cacheWriteTokens: 3,
      thinkingTokens: 7,
    },
  });
});

Deno.test("an input that comes whole is read", async () => {
  const events = await read(block(0, { type: "tool_use", id: "a", name: "f", input: { x: 1 } }), stop("tool_use"));
  assert.deepEqual(callsOfEvents(events), [{ id: "a", name: "f", arguments: { x: 1 } }]);
});

Deno.test("an input that is nowhere is empty", async () => {
  const events = await read(block(0, { type: "tool_use", id: "a", name: "f" }), stop("tool_use"));
  assert.deepEqual(callsOfEvents(events), [{ id: "a", name: "f", arguments: {} }]);
});

Deno.test("thoughts stay with the call that they led to, redacted ones too, and the place of the text is kept", async () => {
  const events = await read(
    block(0, { type: "thinking", thinking: "", signature: "" }),
    delta(0, { type: "thinking_delta", thinking: "h" }),
    delta(0, { type: "thinking_delta", thinking: "m" }),
    delta(0, { type: "signature_delta", signature: "sig" }),
    block(1, { type: "text", text: "So" }),
    block(2, { type: "redacted_thinking", data: "xyz" }),
    block(3, { type: "tool_use", id: "a", name: "f", input: {} }),
    block(4, { type: "tool_use", id: "b", name: "g", input: {} }),
    block(5, { type: "thinking", thinking: "and", signature: "sig2" }),
    block(6, { type: "tool_use", id: "c", name: "h", input: {} }),
    stop("tool_use"),
  );
  const by = "acme.test/m";
  const first = [
    { type: "thinking", thinking: "hm", signature: "sig" },
    { type: "text" },
    { type: "redacted_thinking", data: "xyz" },
  ];
  const third = [{ type: "thinking", thinking: "and", signature: "sig2" }];
  assert.deepEqual(callsOfEvents(events).map(({ id, opaque }) => [id, opaque]), [
    ["a", { by, kept: { before: first } }],
    ["b", undefined],
    ["c", { by, kept: { before: third } }],
  ]);
});

Deno.test("text at the start of a block is shown", async () => {
  const events = await read(
    block(0, { type: "text", text: "Hi" }),
    delta(0, { type: "text_delta", text: "!" }),
    stop("end_turn"),
  );
  assert.deepEqual(events.slice(0, 2), [{ kind: "text", delta: "Hi" }, { kind: "text", delta: "!" }]);
});

Deno.test("what is no event at all is passed over", async () => {
  assert.equal(stopOf(await read(null, 1, "x", [], {}, { type: 7 }, stop("end_turn")))?.reason, "end");
});

Deno.test("without a stop_reason there is no stop", async () => {
  assert.deepEqual(await read(delta(0, { type: "text_delta", text: "a" }), { type: "message_stop" }), [{
    kind: "text",
    delta: "a",
  }]);
});
