import assert from "node:assert/strict";
import { Cooldown } from "../../src/model/cooldown.ts";
import { type Candidate, withFallback } from "../../src/model/fallback.ts";
import { ModelError, type ModelErrorKind, type ModelEvent } from "../../src/model/model.ts";
import { ask, request, stopOf, textOfEvents } from "./model_fakes.ts";

/** What a candidate does next: answers, fails before its first event, or breaks off behind "half". */
type Behaviour = "answers" | "breaks" | ModelErrorKind;

/** Candidates that do what the test says, and a clock. */
function house() {
  const clock = { now: 0 };
  const asked: string[] = [];
  const left: string[] = [];
  const candidate = (name: string, behaviour: () => Behaviour): Candidate => ({
    name,
    cooldown: new Cooldown(() => clock.now),
    model: {
      id: `${name}-model`,
      async *stream({ signal }): AsyncGenerator<ModelEvent> {
        asked.push(name);
        try {
          await Promise.resolve();
          signal.throwIfAborted();
          const does = behaviour();
          if (does !== "answers" && does !== "breaks") throw new ModelError(does, `${name} failed`);
          yield { kind: "text", delta: does === "breaks" ? "half" : name };
          if (does === "breaks") yield { kind: "stop", reason: "error", error: new ModelError("unavailable", "gone") };
          else yield { kind: "stop", reason: "end" };
        } finally {
          left.push(name);
        }
      },
    },
  });
  return { clock, asked, left, candidate };
}

const answers = (): Behaviour => "answers";

Deno.test("withFallback() asks the first alone while it answers, and has its name", async () => {
  const { candidate, asked } = house();
  const model = withFallback(candidate("a", answers), [candidate("b", answers)]);
  assert.equal(model.id, "a-model");
  assert.equal(textOfEvents(await ask(model)), "a");
  assert.deepEqual(asked, ["a"]);
});

/** [kind, whether another is asked] */
const KINDS: [kind: ModelErrorKind, mended: boolean][] = [
  ["rate_limited", true],
  ["quota", true],
  ["overloaded", true],
  ["unavailable", true],
  ["timeout", true],
  ["authentication", true],
  ["permission", true],
  ["unknown_model", true],
  ["protocol", true],
  ["too_long", true],
  ["invalid_request", false],
];
for (const [kind, mended] of KINDS) {
  Deno.test(`withFallback() ${mended ? "asks the next" : "asks nobody else"} after "${kind}"`, async () => {
    const { candidate, asked } = house();
    const model = withFallback(candidate("a", () => kind), [candidate("b", answers)]);
    if (mended) assert.equal(textOfEvents(await ask(model)), "b");
    else await assert.rejects(ask(model), { name: "ModelError", kind, message: "a failed" });
    assert.deepEqual(asked, mended ? ["a", "b"] : ["a"]);
  });
}

Deno.test("withFallback() asks nobody else once a word was heard, but another first the next time", async () => {
  const { candidate, asked } = house();
  const model = withFallback(candidate("a", () => "breaks"), [candidate("b", answers)]);
  const events = await ask(model);
  assert.deepEqual([textOfEvents(events), stopOf(events)?.reason, asked], ["half", "error", ["a"]]);
  assert.equal(textOfEvents(await ask(model)), "b");
});

Deno.test("withFallback() leaves one that failed alone until it has rested", async () => {
  const { candidate, asked, clock } = house();
  const does: Behaviour[] = ["unavailable"];
  const model = withFallback(candidate("a", () => does.shift() ?? "answers"), [candidate("b", answers)]);
  await ask(model);
  assert.equal(textOfEvents(await ask(model)), "b");
  assert.deepEqual(asked, ["a", "b", "b"]);
  clock.now += 60_000;
  assert.equal(textOfEvents(await ask(model)), "a");
});

Deno.test("withFallback() asks one that rests if all others fail", async () => {
  const { candidate, asked } = house();
  const first: Behaviour[] = ["unavailable"];
  const second: Behaviour[] = ["answers", "overloaded"];
  const model = withFallback(candidate("a", () => first.shift() ?? "answers"), [
    candidate("b", () => second.shift() ?? "answers"),
  ]);
  await ask(model);
  assert.equal(textOfEvents(await ask(model)), "a");
  assert.deepEqual(asked, ["a", "b", "b", "a"]);
});

Deno.test("withFallback() shares the rest of a candidate among the chains in which it stands", async () => {
  const { candidate, asked } = house();
  const shared = candidate("x", () => "quota");
  await ask(withFallback(shared, [candidate("a", answers)]));
  await ask(withFallback(shared, [candidate("b", answers)]));
  assert.deepEqual(asked, ["x", "a", "b"]);
});

Deno.test("withFallback() fails as the last one failed, and says on the way who did", async () => {
  const { candidate } = house();
  const warned: unknown[] = [];
  const warn = (message: string, fields: unknown) => void warned.push([message, fields]);
  const log = { debug() {}, info() {}, warn, error() {} };
  const model = withFallback(candidate("a", () => "timeout"), [candidate("b", () => "overloaded")], { log });
  await assert.rejects(ask(model), { kind: "overloaded" });
  assert.equal(warned.length, 1);
});

Deno.test("withFallback() asks nobody else when its caller gives up", async () => {
  const { candidate, asked } = house();
  const controller = new AbortController();
  controller.abort(new Error("the peer canceled"));
  const model = withFallback(candidate("a", answers), [candidate("b", answers)]);
  await assert.rejects(ask(model, { signal: controller.signal }), /the peer canceled/);
  assert.deepEqual(asked, ["a"]);
});

Deno.test("withFallback() lets a model go whose reader leaves", async () => {
  const { candidate, left } = house();
  const model = withFallback(candidate("a", answers), [candidate("b", answers)]);
  for await (const _ of model.stream(request())) break;
  assert.deepEqual(left, ["a"]);
});
