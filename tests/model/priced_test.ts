import assert from "node:assert/strict";
import type { Model } from "../../src/model/model.ts";
import { priced } from "../../src/model/priced.ts";
import { ask } from "./model_fakes.ts";

Deno.test("priced() adds the cost to the usage and leaves the rest as it is", async () => {
  const model: Model = {
    id: "m",
    async *stream() {
      yield await Promise.resolve({ kind: "text" as const, delta: "a" });
      yield { kind: "usage", usage: { inputTokens: 3, outputTokens: 1 } };
      yield { kind: "stop", reason: "end" };
    },
  };
  const costly = priced(model, { input: 1_000_000, output: 2_000_000 });
  assert.equal(costly.id, "m");
  assert.deepEqual(await ask(costly), [
    { kind: "text", delta: "a" },
    { kind: "usage", usage: { inputTokens: 3, outputTokens: 1, costUsd: 5 } },
    { kind: "stop", reason: "end" },
  ]);
});
