import assert from "node:assert/strict";
import { distinctToolset } from "../../src/tool/distinct_toolset.ts";
import { SILENT } from "../../src/lib/log.ts";
import type { Toolset } from "../../src/tool/tool.ts";
import { toolContext } from "./run_tool.ts";

const { signal } = new AbortController();

interface Names {
  names: readonly string[];
}

function toolset(from: string, told: Names | Error): Toolset & { isClosed: boolean } {
  return {
    isClosed: false,
    tools: () =>
      told instanceof Error ? Promise.reject(told) : Promise.resolve(told.names.map((name) => ({
        name,
        description: "",
        input: {},
        replay: "once",
        run: () => Promise.resolve({ content: `${from}: ${name}` }),
      }))),
    check: () => told instanceof Error ? Promise.reject(told) : Promise.resolve(),
    close() {
      this.isClosed = true;
      return Promise.resolve();
    },
  };
}

function distinct(sets: Record<string, Names | Error>, taken: readonly string[] = []) {
  const warned: unknown[] = [];
  const log = { info: () => {}, error: () => {}, warn: (_: string, fields: unknown) => void warned.push(fields) };
  const named = Object.entries(sets).map(([name, told]) => ({ name, toolset: toolset(name, told) }));
  return { set: distinctToolset(named, { taken, log }), named, warned };
}

const namesOf = async (set: Toolset) => (await set.tools(signal)).map(({ name }) => name);

/** [toolsets, names that are taken, names that the agent's tools get] */
const CLASHES: readonly (readonly [sets: Record<string, readonly string[]>, taken: string[], names: string[]])[] = [
  [{ a: ["read", "write"], b: ["list"] }, [], ["read", "write", "list"]],
  [{ a: ["read", "write"], b: ["read"] }, [], ["a__read", "write", "b__read"]],
  [{ a: ["read"] }, ["read"], ["a__read"]],
  [{ a: ["b__read", "read"], b: ["read"] }, [], ["b__read", "a__read", "b__read_2"]],
  [{}, ["read"], []],
];
for (const [sets, taken, names] of CLASHES) {
  Deno.test(`distinctToolset() calls the tools of ${JSON.stringify(sets)} beside [${taken}] ${names.join(", ")}`, async () => {
    const told = Object.fromEntries(Object.entries(sets).map(([name, names]) => [name, { names }]));
    assert.deepEqual(await namesOf(distinct(told, taken).set), names);
  });
}

Deno.test("distinctToolset() tells what is away: as its toolsets tell it, and those that cannot tell", async () => {
  const away = { name: "b", reason: "it cannot be reached" };
  const named = [
    { name: "a", toolset: toolset("a", { names: ["read"] }) },
    { name: "b", toolset: { ...toolset("b", { names: [] }), away: () => [away] } },
    { name: "c", toolset: { ...toolset("c", new Error("secret words")), away: () => [{ ...away, name: "c" }] } },
    { name: "d", toolset: toolset("d", new Error("secret words")) },
  ];
  const set = distinctToolset(named, { taken: [], log: SILENT });
  await set.tools(signal);
  assert.deepEqual(set.away?.(), [away, { ...away, name: "c" }, {
    name: "d",
    reason: "it could not be asked for them",
  }]);
});

Deno.test("distinctToolset() runs the tool of the toolset that it names", async () => {
  const { set } = distinct({ a: { names: ["read"] }, b: { names: ["read"] } });
  const tools = await set.tools(signal);
  const results = await Promise.all(tools.map((tool) => tool.run({}, toolContext())));
  assert.deepEqual(results.map(({ content }) => content), ["a: read", "b: read"]);
});

Deno.test("distinctToolset() keeps a name that the model has read, whatever goes away", async () => {
  const b: Names = { names: ["read"] };
  const { set } = distinct({ a: { names: ["read"] }, b });
  assert.deepEqual(await namesOf(set), ["a__read", "b__read"]);
  b.names = [];
  assert.deepEqual(await namesOf(set), ["a__read"]);
});

Deno.test("distinctToolset() leaves out what cannot be asked, and says so", async () => {
  const error = new Error("broken");
  const { set, warned } = distinct({ a: error, b: { names: ["read"] } });
  assert.deepEqual(await namesOf(set), ["read"]);
  assert.deepEqual(warned, [{ name: "a", error }]);
  await assert.rejects(async () => await set.check?.(signal), /broken/);
});

Deno.test("distinctToolset() asks nobody for whom nobody waits", async () => {
  const { set } = distinct({ a: { names: ["read"] } });
  await assert.rejects(set.tools(AbortSignal.abort("gone")), (thrown) => thrown === "gone");
});

Deno.test("distinctToolset() closes all", async () => {
  const { set, named } = distinct({ a: { names: [] }, b: { names: [] } });
  await set.close();
  assert.deepEqual(named.map(({ toolset }) => toolset.isClosed), [true, true]);
});
