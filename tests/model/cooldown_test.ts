import assert from "node:assert/strict";
import { Cooldown, isCoolable } from "../../src/model/cooldown.ts";
import { ModelError, type ModelErrorKind } from "../../src/model/model.ts";

/** [kind, how long its model rests, what its provider asked for] */
const RESTS: [kind: ModelErrorKind, restMs: number, retryAfterMs?: number][] = [
  ["rate_limited", 30_000],
  ["rate_limited", 5_000, 5_000],
  ["overloaded", 600_000, 86_400_000],
  ["unavailable", 60_000],
  ["timeout", 60_000],
  ["authentication", 600_000],
  ["quota", 600_000],
  ["too_long", 0],
  ["invalid_request", 0],
];
for (const [kind, restMs, retryAfterMs] of RESTS) {
  Deno.test(`Cooldown lasts ${restMs} ms after "${kind}"${retryAfterMs ? ` with retry-after ${retryAfterMs}` : ""}`, () => {
    let now = 1_000;
    const cooldown = new Cooldown(() => now);
    assert.equal(cooldown.isOn, false);
    const error = new ModelError(kind, "no", retryAfterMs === undefined ? {} : { retryAfterMs });
    cooldown.begin(error);
    assert.equal(isCoolable(error), restMs > 0);
    now += restMs - 1;
    assert.equal(cooldown.isOn, restMs > 0);
    now += 1;
    assert.equal(cooldown.isOn, false);
  });
}

Deno.test("Cooldown ends when its model answers", () => {
  const cooldown = new Cooldown(() => 0);
  cooldown.begin(new ModelError("timeout", "no"));
  cooldown.end();
  assert.equal(cooldown.isOn, false);
});
