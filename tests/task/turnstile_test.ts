import assert from "node:assert/strict";
import { Turnstile } from "../../src/task/turnstile.ts";

Deno.test("pass() lets callers with one key through in their order, one at a time", async () => {
  const turnstile = new Turnstile();
  const order: string[] = [];
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const passing = gates.map((gate, at) =>
    turnstile.pass("task", async () => {
      order.push(`in ${at}`);
      await gate.promise;
      order.push(`out ${at}`);
      return at;
    })
  );
  gates[1]?.resolve();
  gates[0]?.resolve();
  assert.deepEqual(await Promise.all(passing), [0, 1]);
  assert.deepEqual(order, ["in 0", "out 0", "in 1", "out 1"]);
});

Deno.test("pass() does not make other keys wait", async () => {
  const turnstile = new Turnstile();
  const gate = Promise.withResolvers<void>();
  const first = turnstile.pass("one", () => gate.promise);
  assert.equal(await turnstile.pass("two", () => Promise.resolve("through")), "through");
  gate.resolve();
  await first;
});

Deno.test("pass() goes on after a throw, which its own caller gets", async () => {
  const turnstile = new Turnstile();
  const broken = turnstile.pass("task", () => Promise.reject(new Error("broken")));
  const next = turnstile.pass("task", () => Promise.resolve("through"));
  await assert.rejects(broken, /broken/);
  assert.equal(await next, "through");
});
