import assert from "node:assert/strict";
import { type IdleLimit, idleLimit } from "../../src/lib/idle_limit.ts";

/** A clock that stands still until `expire` is called. */
function stoppedClock() {
  const running = new Set<() => void>();
  const sleep = (_: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      running.add(resolve);
      signal.addEventListener("abort", () => {
        running.delete(resolve);
        reject(signal.reason);
      });
    });
  return { sleep, running, expire: () => running.forEach((ring) => ring()) };
}

function limit(over: Partial<IdleLimit> & Pick<IdleLimit, "sleep">): IdleLimit {
  return { idleMs: 100, signal: new AbortController().signal, expired: () => new Error("silent"), ...over };
}

async function* items(...values: number[]): AsyncGenerator<number> {
  for (const value of values) {
    await Promise.resolve();
    yield value;
  }
}

async function* forever(left: (how: string) => void, signal: AbortSignal): AsyncGenerator<number> {
  signal.addEventListener("abort", () => left("aborted"));
  yield 1;
  await new Promise<never>(() => {});
}

Deno.test("idleLimit() passes on all items and leaves no timer behind", async () => {
  const clock = stoppedClock();
  const seen = await Array.fromAsync(idleLimit(() => items(1, 2, 3), limit(clock)));
  assert.deepEqual(seen, [1, 2, 3]);
  assert.equal(clock.running.size, 0);
});

Deno.test("idleLimit() throws expired() when the first item does not come, and lets the source go", async () => {
  const clock = stoppedClock();
  let signal: AbortSignal | undefined;
  const stream = idleLimit((given) => {
    signal = given;
    return { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
  }, limit(clock));
  const first = stream.next();
  clock.expire();
  await assert.rejects(first, /silent/);
  assert.equal(signal?.aborted, true);
});

Deno.test("idleLimit() throws expired() when the source falls silent between two items", async () => {
  const clock = stoppedClock();
  const how: string[] = [];
  const stream = idleLimit((signal) => forever((end) => how.push(end), signal), limit(clock));
  assert.deepEqual(await stream.next(), { done: false, value: 1 });
  const second = stream.next();
  clock.expire();
  await assert.rejects(second, /silent/);
  assert.deepEqual(how, ["aborted"]);
  assert.deepEqual(await stream.next(), { done: true, value: undefined });
});

Deno.test("idleLimit() gives each item its own time", async () => {
  const clock = stoppedClock();
  const asked: number[] = [];
  const sleep: IdleLimit["sleep"] = (ms, signal) => {
    asked.push(ms);
    return clock.sleep(ms, signal);
  };
  await Array.fromAsync(idleLimit(() => items(1, 2), limit({ sleep })));
  assert.deepEqual(asked, [100, 100, 100]);
});

Deno.test("idleLimit() does not count the time that its reader takes", async () => {
  const clock = stoppedClock();
  const stream = idleLimit(() => items(1, 2), limit(clock));
  await stream.next();
  clock.expire();
  assert.equal(clock.running.size, 0);
  assert.deepEqual(await stream.next(), { done: false, value: 2 });
  await stream.return();
});

Deno.test("idleLimit() throws the signal's reason though the source hears nothing", async () => {
  const controller = new AbortController();
  const stream = idleLimit(
    (signal) => forever(() => {}, signal),
    limit({ ...stoppedClock(), signal: controller.signal }),
  );
  await stream.next();
  const second = stream.next();
  controller.abort("enough");
  await assert.rejects(second, (thrown) => thrown === "enough");
});

Deno.test("idleLimit() throws the signal's reason where the source ends silently on abort", async () => {
  const controller = new AbortController();
  async function* quitter(signal: AbortSignal) {
    yield 1;
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  }
  const stream = idleLimit(quitter, limit({ ...stoppedClock(), signal: controller.signal }));
  await stream.next();
  const second = stream.next();
  controller.abort("enough");
  await assert.rejects(second, (thrown) => thrown === "enough");
});

Deno.test("idleLimit() throws the signal's reason where it is aborted between two items", async () => {
  const controller = new AbortController();
  const stream = idleLimit(() => items(1, 2), limit({ ...stoppedClock(), signal: controller.signal }));
  await stream.next();
  controller.abort("enough");
  await assert.rejects(stream.next(), (thrown) => thrown === "enough");
});

Deno.test("idleLimit() opens nothing when it is aborted already", async () => {
  let opened = false;
  const stream = idleLimit(() => {
    opened = true;
    return items(1);
  }, limit({ ...stoppedClock(), signal: AbortSignal.abort("gone") }));
  await assert.rejects(stream.next(), (thrown) => thrown === "gone");
  assert.equal(opened, false);
});

Deno.test("idleLimit() passes the source's own failure on", async () => {
  const failing = async function* (): AsyncGenerator<number> {
    yield 1;
    await Promise.reject(new TypeError("socket"));
  };
  const stream = idleLimit(failing, limit(stoppedClock()));
  await stream.next();
  await assert.rejects(stream.next(), { name: "TypeError", message: "socket" });
});

Deno.test("idleLimit() closes the source when its reader leaves early", async () => {
  let closed = false;
  const source = async function* () {
    try {
      yield* items(1, 2, 3);
    } finally {
      closed = true;
    }
  };
  for await (const item of idleLimit(source, limit(stoppedClock()))) {
    if (item === 1) break;
  }
  assert.equal(closed, true);
});

Deno.test("idleLimit() takes its listener off a signal that lives on", async () => {
  let listeners = 0;
  const controller = new AbortController();
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  await Array.fromAsync(idleLimit(() => items(1, 2), limit({ ...stoppedClock(), signal })));
  assert.equal(listeners, 0);
});
