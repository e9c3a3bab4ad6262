import assert from "node:assert/strict";
import type { Connection } from "../../src/model/connection.ts";
import { ModelError, type ModelErrorKind, type ModelEvent } from "../../src/model/model.ts";
import { resilient, type Wire } from "../../src/model/resilient.ts";
import { ask, fakeDeps, request, stopOf } from "./model_fakes.ts";

const TO: Connection = {
  title: "Acme",
  model: "m1",
  baseUrl: "https://acme.example/v1",
  official: true,
  key: undefined,
  keySource: "ACME_API_KEY",
  timeoutMs: 120_000,
  maxRetries: 2,
};

const TEXT: ModelEvent = { kind: "text", delta: "a" };
const END: ModelEvent = { kind: "stop", reason: "end" };

/** A wire that does one thing for each request: events, then perhaps a failure. */
function wireOf(...attempts: (readonly (ModelEvent | Error)[])[]): Wire & { asked: () => number } {
  let asked = 0;
  const wire: Wire = async function* () {
    for (const step of attempts[asked++] ?? []) {
      await Promise.resolve();
      if (step instanceof Error) throw step;
      yield step;
    }
  };
  return Object.assign(wire, { asked: () => asked });
}

const fails = (kind: ModelErrorKind, retryAfterMs?: number) =>
  new ModelError(kind, `${kind} happened`, retryAfterMs === undefined ? {} : { retryAfterMs });

/** [kind, whether another try may help] */
const KINDS: [kind: ModelErrorKind, passing: boolean][] = [
  ["authentication", false],
  ["permission", false],
  ["unknown_model", false],
  ["too_long", false],
  ["invalid_request", false],
  ["rate_limited", true],
  ["quota", false],
  ["overloaded", true],
  ["unavailable", true],
  ["timeout", false],
  ["protocol", false],
];

for (const [kind, passing] of KINDS) {
  Deno.test(`resilient() ${passing ? "tries again" : "gives up at once"} after "${kind}" before the first event`, async () => {
    const wire = wireOf([fails(kind)], [TEXT, END]);
    const events = ask(resilient(wire, TO, fakeDeps()));
    if (passing) assert.deepEqual(await events, [TEXT, END]);
    else await assert.rejects(events, { kind });
    assert.equal(wire.asked(), passing ? 2 : 1);
  });

  Deno.test(`resilient() never tries again after "${kind}" behind the first event`, async () => {
    const wire = wireOf([TEXT, fails(kind)], [TEXT, END]);
    const stop = stopOf(await ask(resilient(wire, TO, fakeDeps())));
    assert.ok(stop?.reason === "error" && stop.error.kind === kind);
    assert.equal(wire.asked(), 1);
  });
}

Deno.test("resilient() throws the last failure when no try is left", async () => {
  const wire = wireOf([fails("overloaded")], [fails("overloaded")], [fails("rate_limited", 9_000)], [TEXT, END]);
  const deps = fakeDeps();
  await assert.rejects(ask(resilient(wire, TO, deps)), { kind: "rate_limited", retryAfterMs: 9_000 });
  assert.deepEqual(deps.waited, [500, 1_000]);
});

Deno.test("resilient() turns what is thrown into a ModelError that names the provider", async () => {
  await assert.rejects(ask(resilient(wireOf([new TypeError("oops")]), TO, fakeDeps())), {
    name: "ModelError",
    kind: "protocol",
    message: /"m1" of Acme/,
  });
});

/** [what a wire does, events] */
const ENDS: [what: string, steps: (ModelEvent | Error)[], events: ModelEvent[]][] = [
  ["stops at once", [END], [END]],
  ["goes on behind its stop", [TEXT, END, TEXT, END], [TEXT, END]],
  ["fails behind its stop", [TEXT, END, fails("unavailable")], [TEXT, END]],
];

for (const [what, steps, events] of ENDS) {
  Deno.test(`resilient() gives exactly one stop where the wire ${what}`, async () => {
    assert.deepEqual(await ask(resilient(wireOf(steps), TO, fakeDeps())), events);
  });
}

Deno.test("resilient() says so where the wire ends without a stop", async () => {
  const events = await ask(resilient(wireOf([TEXT]), TO, fakeDeps()));
  assert.deepEqual(events[0], TEXT);
  const stop = stopOf(events);
  assert.ok(stop?.reason === "error");
  assert.deepEqual([stop.error.kind, /before the model had finished/.test(stop.error.message)], ["protocol", true]);
});

Deno.test("resilient() asks nothing when it is aborted already", async () => {
  const wire = wireOf([TEXT, END]);
  await assert.rejects(
    ask(resilient(wire, TO, fakeDeps()), { signal: AbortSignal.abort("gone") }),
    (thrown) => thrown === "gone",
  );
  assert.equal(wire.asked(), 0);
});

Deno.test("resilient() throws the signal's reason when it is aborted while it waits for another try", async () => {
  const controller = new AbortController();
  const deps = fakeDeps();
  const wire = wireOf([fails("overloaded", 5_000)], [TEXT, END]);
  const sleep = (ms: number, signal: AbortSignal) => {
    if (ms < TO.timeoutMs) controller.abort("gone");
    return signal.aborted ? Promise.reject(signal.reason) : deps.sleep(ms, signal);
  };
  await assert.rejects(
    ask(resilient(wire, TO, { ...deps, sleep }), { signal: controller.signal }),
    (thrown) => thrown === "gone",
  );
  assert.equal(wire.asked(), 1);
});

Deno.test("resilient() throws the signal's reason where the wire fails because of the abort", async () => {
  const controller = new AbortController();
  const wire: Wire = async function* () {
    yield TEXT;
    await Promise.resolve();
    controller.abort("gone");
    throw new Error("Request was aborted.");
  };
  const seen: ModelEvent[] = [];
  await assert.rejects(async () => {
    const model = resilient(wire, TO, fakeDeps());
    for await (const event of model.stream(request({ signal: controller.signal }))) seen.push(event);
  }, (thrown) => thrown === "gone");
  assert.deepEqual(seen, [TEXT]);
});

Deno.test("resilient() closes the wire when its reader leaves", async () => {
  let closed = false;
  const wire: Wire = async function* () {
    try {
      await Promise.resolve();
      yield TEXT;
      yield END;
    } finally {
      closed = true;
    }
  };
  for await (const _ of resilient(wire, TO, fakeDeps()).stream(request())) break;
  assert.equal(closed, true);
});

Deno.test("resilient() is called by the provider's name for the model", () => {
  assert.equal(resilient(wireOf(), TO, fakeDeps()).id, "m1");
});
