import assert from "node:assert/strict";
import { costUsd, priceOf } from "../../src/model/prices.ts";

const PRICE = { input: 2, output: 10, cached_input: 0.2, cache_write: 2.5 };
const MTOK = 1_000_000;

/** [what, usage, cost in USD] */
const COSTS: [what: string, usage: Parameters<typeof costUsd>[0], usd: number][] = [
  ["what goes in and out", { inputTokens: MTOK, outputTokens: MTOK }, 12],
  ["what the cache gave", { inputTokens: MTOK, outputTokens: 0, cachedInputTokens: MTOK }, 0.2],
  ["what the cache took", { inputTokens: 2 * MTOK, outputTokens: 0, cacheWriteTokens: MTOK }, 4.5],
  ["thinking, which is part of what came out", { inputTokens: 0, outputTokens: MTOK, thinkingTokens: MTOK }, 10],
  ["nothing", { inputTokens: 0, outputTokens: 0 }, 0],
];
for (const [what, usage, usd] of COSTS) {
  Deno.test(`costUsd() counts ${what}`, () => assert.equal(costUsd(usage, PRICE), usd));
}

Deno.test("costUsd() takes the price of input for what a price leaves out", () => {
  const usage = { inputTokens: MTOK, outputTokens: 0, cachedInputTokens: MTOK / 2, cacheWriteTokens: MTOK / 2 };
  assert.equal(costUsd(usage, { input: 2, output: 10 }), 2);
});

Deno.test("costUsd() counts a long prompt as long", () => {
  const long = { aboveTokens: 10, inputFactor: 2, outputFactor: 1.5 };
  const price = { input: MTOK, output: MTOK, long };
  assert.equal(costUsd({ inputTokens: 10, outputTokens: 2 }, price), 12);
  assert.equal(costUsd({ inputTokens: 11, outputTokens: 2 }, price), 25);
});

/** [model, the price of its input] */
const KNOWN: [model: string, input: number | undefined][] = [
  ["gpt-5.4-mini", 0.75],
  ["gpt-4o-2024-11-20", 2.5],
  ["claude-haiku-4-5-20251001", 1],
  ["models/gemini-3.8-flash", 0.75],
  ["gpt-5.4-mini-of-mine", undefined],
  ["qwen3", undefined],
  ["constructor", undefined],
];
for (const [model, input] of KNOWN) {
  Deno.test(`priceOf("${model}") is ${input}`, () => assert.equal(priceOf(model)?.input, input));
}
