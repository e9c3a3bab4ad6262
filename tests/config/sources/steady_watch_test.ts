import assert from "node:assert/strict";
import { configText } from "../../../src/config/sources/config_text.ts";
import type { SourceChange } from "../../../src/config/sources/source.ts";
import { SourceError, type SourceFailure } from "../../../src/config/sources/source_error.ts";
import { type Observe, type Sighting, steadyWatch } from "../../../src/config/sources/steady_watch.ts";
import { type ManualTimers, manualTimers } from "../../lib/manual_timers.ts";
import { inShort } from "./support/changes.ts";

function text(text: string) {
  return configText([{ text, file: "f" }]);
}

function trouble(failure: SourceFailure, message = "m"): SourceError {
  return new SourceError(failure, message);
}

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

/** A source by hand: each look is begun by the watch and goes on until `end` or `fail`. */
class HandSource {
  looks = 0;
  readonly #queue: (Sighting | { readonly end: unknown })[] = [];
  #more = Promise.withResolvers<void>();

  readonly observe: Observe = (signal) => this.#look(signal);

  show(...sightings: readonly Sighting[]): Promise<void> {
    return this.#add(...sightings);
  }

  fail(thrown: unknown): Promise<void> {
    return this.#add({ end: thrown });
  }

  async #add(...items: readonly (Sighting | { readonly end: unknown })[]): Promise<void> {
    this.#queue.push(...items);
    this.#more.resolve();
    this.#more = Promise.withResolvers();
    await settle();
  }

  async *#look(signal: AbortSignal): AsyncGenerator<Sighting, void, undefined> {
    this.looks++;
    signal.addEventListener("abort", () => this.#more.resolve(), { once: true });
    for (;;) {
      signal.throwIfAborted();
      const next = this.#queue.shift();
      if (next === undefined) await this.#more.promise;
      else if (!("end" in next)) yield next;
      else if (next.end === undefined) return;
      else throw next.end;
    }
  }
}

interface Rig {
  readonly source: HandSource;
  readonly timers: ManualTimers;
  readonly told: string[];
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** A watch whose reader is never busy. */
async function rig(known?: string, random = 0.5): Promise<Rig> {
  const [source, timers, stop] = [new HandSource(), manualTimers(), new AbortController()];
  const told: string[] = [];
  const changes = steadyWatch(source.observe, known, { timers, random: () => random, signal: stop.signal });
  const ended = (async () => {
    for await (const change of changes) told.push(inShort(change));
  })();
  await settle();
  return { source, timers, told, stop, ended };
}

Deno.test("steadyWatch() tells what differs from what is known, and nothing twice in a row", async () => {
  const { source, told, stop, ended } = await rig(text("a").version);
  for (const seen of ["a", "a", "b", "b", "a"]) await source.show(text(seen));
  assert.deepEqual(told, ["changed b", "changed a"]);
  stop.abort();
  await ended;
});

Deno.test("steadyWatch() without a known version tells the first text", async () => {
  const { source, told, stop, ended } = await rig();
  await source.show(text("a"));
  assert.deepEqual(told, ["changed a"]);
  stop.abort();
  await ended;
});

Deno.test("steadyWatch() tells a trouble once, another one instead, and its end before the new text", async () => {
  const { source, told, stop, ended } = await rig();
  await source.show(text("a"));
  await source.show(trouble("missing"));
  await source.show(trouble("missing", "still"));
  await source.show(trouble("unreadable"));
  await source.show(text("b"));
  assert.deepEqual(told, ["changed a", "trouble missing", "trouble unreadable", "recovered", "changed b"]);
  stop.abort();
  await ended;
});

Deno.test("steadyWatch() of a text that comes back as it was tells the recovery alone", async () => {
  const { source, told, stop, ended } = await rig();
  await source.show(text("a"));
  await source.show(trouble("missing"));
  await source.show(text("a"));
  assert.deepEqual(told, ["changed a", "trouble missing", "recovered"]);
  stop.abort();
  await ended;
});

Deno.test("steadyWatch() looks again after any failure, also one that nobody thought of", async () => {
  const { source, timers, told, stop, ended } = await rig();
  await source.fail(trouble("unreachable"));
  timers.advance(10_000);
  await settle();
  await source.fail(new TypeError("a mistake"));
  timers.advance(10_000);
  await settle();
  await source.fail(undefined);
  timers.advance(10_000);
  await settle();
  await source.show(text("a"));
  assert.deepEqual(told, ["trouble unreachable", "trouble unreadable", "recovered", "changed a"]);
  assert.equal(source.looks, 4);
  stop.abort();
  await ended;
});

Deno.test("steadyWatch() backs off from failure to failure, capped and spread, and begins anew after a good while", async () => {
  const { source, timers, stop, ended } = await rig();
  const waits: number[] = [];
  const wait = async () => {
    const { looks } = source;
    let waitedMs = 0;
    for (; source.looks === looks; waitedMs += 125) {
      timers.advance(125);
      await settle();
    }
    waits.push(waitedMs);
  };
  for (let failure = 0; failure < 8; failure++) {
    await source.fail(trouble("unreachable"));
    await wait();
  }
  await source.show(text("a"));
  timers.advance(30_000);
  await source.fail(trouble("unreachable"));
  await wait();
  assert.deepEqual(waits, [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000, 125]);
  stop.abort();
  await ended;
});

Deno.test("steadyWatch() gives a slow reader the newest, not the past", async () => {
  const [source, timers, stop] = [new HandSource(), manualTimers(), new AbortController()];
  const changes = steadyWatch(source.observe, undefined, { timers, random: () => 0.5, signal: stop.signal });
  const first = changes.next();
  await source.show(text("a"));
  assert.equal(inShort(await valueOf(first)), "changed a");
  await source.show(text("b"), trouble("missing"), text("c"), text("d"));
  await source.fail(trouble("unreachable"));
  timers.advance(1_000);
  await settle();
  await source.show(text("e"));
  assert.equal(inShort(await valueOf(changes.next())), "changed e");
  await source.show(text("f"), text("e"), trouble("missing"));
  assert.equal(inShort(await valueOf(changes.next())), "trouble missing");
  await changes.return();
});

Deno.test("steadyWatch() ends without a word when its signal aborts, at whatever moment", async () => {
  const moments: ((rig: Rig) => Promise<void>)[] = [
    async () => {},
    async ({ source }) => await source.show(text("a")),
    async ({ source }) => await source.fail(trouble("unreachable")),
  ];
  for (const moment of moments) {
    const made = await rig();
    await moment(made);
    made.stop.abort();
    await made.ended;
    assert.equal(made.timers.running(), 0);
  }
});

Deno.test("steadyWatch() of a signal that has aborted tells nothing", async () => {
  const { observe } = new HandSource();
  const pace = { timers: manualTimers(), random: () => 0, signal: AbortSignal.abort() };
  for await (const change of steadyWatch(observe, undefined, pace)) assert.fail(change.kind);
});

Deno.test("steadyWatch() lets go of the source when its reader leaves", async () => {
  const timers = manualTimers();
  let isOpen = false;
  const observe: Observe = async function* (signal) {
    isOpen = true;
    try {
      yield text("a");
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    } finally {
      isOpen = false;
    }
  };
  const signal = new AbortController().signal;
  for await (const change of steadyWatch(observe, undefined, { timers, random: () => 0, signal })) {
    assert.equal(change.kind, "changed");
    assert.equal(isOpen, true);
    break;
  }
  assert.deepEqual([isOpen, timers.running()], [false, 0]);
});

async function valueOf(next: Promise<IteratorResult<SourceChange, void>>): Promise<SourceChange> {
  const { value } = await next;
  return value ?? assert.fail("the watch ended");
}
