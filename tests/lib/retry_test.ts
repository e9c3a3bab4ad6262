import assert from "node:assert/strict";
import { retry, retryDelayMs, type RetryPolicy } from "../../src/lib/retry.ts";

const POLICY: RetryPolicy = { maxRetries: 3, baseMs: 1_000, maxDelayMs: 60_000 };

/** [retry, asked for, random, waited] */
const DELAYS: [retry: number, afterMs: number, random: number, delayMs: number][] = [
  [0, 0, 0, 0],
  [0, 0, 0.5, 500],
  [1, 0, 0.5, 1_000],
  [3, 0, 1, 8_000],
  [20, 0, 1, 60_000],
  [2_000, 0, 1, 60_000],
  [0, 5_000, 0, 5_000],
  [0, 5_000, 1, 6_000],
  [3, 5_000, 1, 6_000],
  [0, 120_000, 0, 60_000],
  [0, 1e300, 1, 60_000],
];

for (const [attempt, afterMs, random, delayMs] of DELAYS) {
  Deno.test(`retryDelayMs() of retry ${attempt}, asked for ${afterMs}, jitter ${random}: ${delayMs}`, () => {
    assert.equal(retryDelayMs(POLICY, attempt, { afterMs, random }), delayMs);
  });
}

interface Played {
  readonly slept: number[];
  readonly tries: () => number;
  run(signal?: AbortSignal): Promise<string>;
}

/** Fails as `failures` says, one for each try, then succeeds. */
function play(failures: readonly unknown[], retryAfterMs: (thrown: unknown) => number | undefined): Played {
  const slept: number[] = [];
  let tries = 0;
  return {
    slept,
    tries: () => tries,
    run: (signal = new AbortController().signal) =>
      retry(
        () => {
          const failure = failures[tries++];
          return failure === undefined ? Promise.resolve("done") : Promise.reject(failure);
        },
        POLICY,
        {
          random: () => 1,
          sleep: (ms) => {
            slept.push(ms);
            return Promise.resolve();
          },
          signal,
          retryAfterMs,
        },
      ),
  };
}

Deno.test("retry() tries again after growing waits until it succeeds", async () => {
  const played = play(["a", "b", "c"], () => 0);
  assert.equal(await played.run(), "done");
  assert.deepEqual(played.slept, [1_000, 2_000, 4_000]);
});

Deno.test("retry() gives up after maxRetries with the last failure", async () => {
  const played = play(["a", "b", "c", "d", "e"], () => 0);
  await assert.rejects(played.run(), (thrown) => thrown === "d");
  assert.equal(played.tries(), 4);
  assert.equal(played.slept.length, 3);
});

Deno.test("retry() does not try again what is no use", async () => {
  const played = play(["fatal"], () => undefined);
  await assert.rejects(played.run(), (thrown) => thrown === "fatal");
  assert.equal(played.tries(), 1);
  assert.deepEqual(played.slept, []);
});

/** [what the server asks for in turn, what is waited; all tries but the first are retries] */
const ASKED: [afterMs: number[], slept: number[]][] = [
  [[180_000, 120_000, 60_000], [60_000, 60_000, 60_000]],
  [[180_001], []],
  [[1_000, 7_200_000], [2_000]],
];
for (const [afterMs, slept] of ASKED) {
  Deno.test(`retry() waits only for what its tries can reach: ${afterMs}`, async () => {
    const played = play(afterMs, Number);
    const outcome = await played.run().catch((thrown) => thrown);
    assert.equal(outcome, slept.length === afterMs.length ? "done" : afterMs.at(-1));
    assert.deepEqual(played.slept, slept);
  });
}

Deno.test("retry() asks about each failure anew", async () => {
  const played = play(["passing", "fatal"], (thrown) => thrown === "passing" ? 10 : undefined);
  await assert.rejects(played.run(), (thrown) => thrown === "fatal");
  assert.equal(played.tries(), 2);
});

Deno.test("retry() does nothing when it is aborted already", async () => {
  const played = play([], () => 0);
  await assert.rejects(played.run(AbortSignal.abort("gone")), (thrown) => thrown === "gone");
  assert.equal(played.tries(), 0);
});

Deno.test("retry() ends with the signal's reason when it is aborted while it waits", async () => {
  const controller = new AbortController();
  let tries = 0;
  const done = retry(
    () => {
      tries++;
      return Promise.reject("busy");
    },
    POLICY,
    {
      random: () => 1,
      sleep: (_, signal) => {
        controller.abort("left");
        return Promise.reject(signal.reason);
      },
      signal: controller.signal,
      retryAfterMs: () => 0,
    },
  );
  await assert.rejects(done, (thrown) => thrown === "left");
  assert.equal(tries, 1);
});
