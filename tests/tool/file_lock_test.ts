import assert from "node:assert/strict";
import { whileLocked } from "../../src/tool/file_lock.ts";

Deno.test("whileLocked() does one after the other on one path, in the order of asking", async () => {
  const log: string[] = [];
  const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
  const acts = gates.map(({ promise }, at) =>
    whileLocked("/same", async () => {
      log.push(`begin ${at}`);
      await promise;
      log.push(`end ${at}`);
      return at;
    })
  );
  gates.toReversed().forEach(({ resolve }) => resolve());
  assert.deepEqual(await Promise.all(acts), [0, 1, 2]);
  assert.deepEqual(log, ["begin 0", "end 0", "begin 1", "end 1", "begin 2", "end 2"]);
});

Deno.test("whileLocked() lets other paths pass", async () => {
  const gate = Promise.withResolvers<void>();
  const slow = whileLocked("/slow", () => gate.promise);
  assert.equal(await whileLocked("/fast", () => Promise.resolve("done")), "done");
  gate.resolve();
  await slow;
});

Deno.test("whileLocked() goes on after an act that failed", async () => {
  const failed = whileLocked("/x", () => Promise.reject(new Error("no")));
  const next = whileLocked("/x", () => Promise.resolve("yes"));
  await assert.rejects(failed, /no/);
  assert.equal(await next, "yes");
});
