import assert from "node:assert/strict";
import { addUsage } from "../../src/model/add_usage.ts";

const FIRST = { inputTokens: 10, outputTokens: 2, cachedInputTokens: 4, costUsd: 0.5 };

Deno.test("addUsage() begins with the first call", () => assert.deepEqual(addUsage(undefined, FIRST), FIRST));

Deno.test("addUsage() adds what either tells of", () =>
  assert.deepEqual(
    addUsage(FIRST, { inputTokens: 1, outputTokens: 1, thinkingTokens: 7, cacheWriteTokens: 3, costUsd: 0.25 }),
    {
      inputTokens: 11,
      outputTokens: 3,
      cachedInputTokens: 4,
      cacheWriteTokens: 3,
      thinkingTokens: 7,
      costUsd: 0.75,
    },
  ));

Deno.test("addUsage() knows no cost if that of one call is not known, wherever it stands", () => {
  const unknown = { inputTokens: 1, outputTokens: 1 };
  assert.equal(addUsage(FIRST, unknown).costUsd, undefined);
  assert.equal(addUsage(addUsage(unknown, FIRST), FIRST).costUsd, undefined);
});
