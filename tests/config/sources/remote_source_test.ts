import assert from "node:assert/strict";
import type { Endpoint } from "../../../src/config/sources/endpoint.ts";
import { type RemoteKey, remoteSource } from "../../../src/config/sources/remote_source.ts";
import { SourceError } from "../../../src/config/sources/source_error.ts";
import { untilAborted } from "../../../src/lib/until_aborted.ts";
import { Changes, hastyDeps, textOf } from "./support/changes.ts";

const SIGNAL = new AbortController().signal;

function endpoints(...names: readonly string[]): readonly Endpoint[] {
  return names.map((name) => ({ hostname: name, port: 1, secure: false, name }));
}

function unreachable(name: string): SourceError {
  return new SourceError("unreachable", `Cannot reach ${name}`);
}

/** A key at which each endpoint does as told, and what was asked. */
function key(act: Record<string, RemoteKey["observe"]>): { readonly key: RemoteKey; readonly asked: string[] } {
  const asked: string[] = [];
  const observe: RemoteKey["observe"] = (endpoint, pace) => {
    asked.push(endpoint.name);
    return act[endpoint.name]?.(endpoint, pace) ?? assert.fail(endpoint.name);
  };
  return { key: { file: "test:/a", endpoints: endpoints(...Object.keys(act)), observe }, asked };
}

function says(...texts: readonly (string | undefined)[]): RemoteKey["observe"] {
  return async function* (_, { signal }) {
    for (const text of texts) yield text === undefined ? undefined : new TextEncoder().encode(text);
    await untilAborted(new Promise(() => {}), signal);
  };
}

function fails(error: Error): RemoteKey["observe"] {
  // deno-lint-ignore require-yield
  return async function* () {
    await Promise.resolve();
    throw error;
  };
}

Deno.test("remoteSource().read() asks one endpoint after the other until one answers, and begins there next time", async () => {
  const { key: made, asked } = key({ a: fails(unreachable("a")), b: fails(unreachable("b")), c: says("text") });
  const source = remoteSource(made, hastyDeps());
  assert.equal(textOf(await source.read(SIGNAL)), "text");
  assert.equal(textOf(await source.read(SIGNAL)), "text");
  assert.deepEqual(asked, ["a", "b", "c", "c"]);
});

Deno.test("remoteSource().read() throws what the last endpoint says when none answers", async () => {
  const { key: made, asked } = key({ a: fails(unreachable("a")), b: fails(unreachable("b")) });
  await assert.rejects(remoteSource(made, hastyDeps()).read(SIGNAL), /Cannot reach b$/);
  assert.deepEqual(asked, ["a", "b"]);
});

Deno.test("remoteSource().read() does not carry a refusal, a missing key or a bad text from server to server", async () => {
  const rows: [observe: RemoteKey["observe"], said: RegExp][] = [
    [fails(new SourceError("refused", "no")), /^SourceError: no$/],
    [says(undefined), /^SourceError: Cannot read "test:\/a" at a, b: there is no such key$/],
    [says("x".repeat(1_048_577)), /it is larger than 1 MiB$/],
    [fails(new TypeError("a mistake")), /^SourceError: a mistake$/],
  ];
  for (const [observe, said] of rows) {
    const { key: made, asked } = key({ a: observe, b: says("text") });
    await assert.rejects(remoteSource(made, hastyDeps()).read(SIGNAL), said);
    assert.deepEqual(asked, ["a"]);
  }
});

Deno.test("remoteSource().read() throws the caller's reason when the caller gives up", async () => {
  const { key: made } = key({ a: says() });
  const caller = new AbortController();
  const reading = remoteSource(made, hastyDeps()).read(caller.signal);
  caller.abort(new Error("enough"));
  await assert.rejects(reading, /^Error: enough$/);
});

Deno.test("remoteSource().watch() goes on at the next endpoint, and round to the first", async () => {
  let isDown = true;
  const { key: made } = key({
    a: (endpoint, pace) => isDown ? fails(unreachable("a"))(endpoint, pace) : says("new")(endpoint, pace),
    b: async function* () {
      yield new TextEncoder().encode("old");
      isDown = false;
      throw unreachable("b");
    },
  });
  await using changes = new Changes(remoteSource(made, hastyDeps()));
  await changes.text("old");
  await changes.text("new");
  assert.deepEqual(changes.log, [
    "trouble unreachable",
    "recovered",
    "changed old",
    "trouble unreachable",
    "recovered",
    "changed new",
  ]);
});

Deno.test("remoteSource().watch() tells a text that is none without leaving the endpoint", async () => {
  const { key: made, asked } = key({
    a: async function* (endpoint, pace) {
      for (const bytes of [[0x61], [0xe9], [0x62]]) yield new Uint8Array(bytes);
      yield* says()(endpoint, pace);
    },
  });
  const stop = new AbortController();
  const told: string[] = [];
  for await (const change of remoteSource(made, hastyDeps()).watch(undefined, stop.signal)) {
    told.push(change.kind);
    if (change.kind === "changed" && textOf(change.text) === "b") break;
    if (told.length > 9) assert.fail(told.join());
  }
  assert.deepEqual(told, ["changed", "trouble", "recovered", "changed"]);
  assert.deepEqual(asked, ["a"]);
});
