import assert from "node:assert/strict";
import { untilAborted } from "../../src/lib/until_aborted.ts";

Deno.test("untilAborted() gives what the work gives, or throws what it throws", async () => {
  const { signal } = new AbortController();
  assert.equal(await untilAborted(Promise.resolve(1), signal), 1);
  await assert.rejects(untilAborted(Promise.reject(new Error("no")), signal), /no/);
});

Deno.test("untilAborted() waits no longer than its signal, whatever becomes of the work", async () => {
  const gone = new AbortController();
  const work = Promise.withResolvers<number>();
  const waiting = untilAborted(work.promise, gone.signal);
  gone.abort(new Error("enough"));
  await assert.rejects(waiting, /enough/);
  work.reject(new Error("too late to be heard"));
});

Deno.test("untilAborted() prefers a signal that has aborted before", async () => {
  await assert.rejects(untilAborted(Promise.resolve(1), AbortSignal.abort(new Error("enough"))), /enough/);
});
