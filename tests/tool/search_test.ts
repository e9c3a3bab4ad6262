import assert from "node:assert/strict";
import { search } from "../../src/tool/search.ts";
import type { SearchAnswer, SearchDeps, SearchHit } from "../../src/tool/tool.ts";
import { refusal, toolContext, toolDeps } from "./run_tool.ts";

const hit = (changes: Partial<SearchHit> = {}): SearchHit => ({
  store: "docs",
  path: "docs/guide.md",
  firstLine: 10,
  lastLine: 24,
  score: 3.14159,
  text: "Set the timeout\nin seconds.",
  ...changes,
});

/** Documents that answer always the same, and remember how they were asked. */
function documents(answer: Partial<SearchAnswer>, stores = ["docs", "code"]) {
  const asked: Parameters<SearchDeps["search"]>[] = [];
  const deps: SearchDeps = {
    stores,
    search: (...call) => {
      asked.push(call);
      return Promise.resolve({ hits: [], total: 0, notes: [], ...answer });
    },
  };
  return { asked, tool: (options = {}) => search.create(options, toolDeps("/", { documents: deps })) };
}

Deno.test("search shows hits in their order, with file, lines and how many there are", async () => {
  const { tool } = documents({ hits: [hit(), hit({ store: "code", path: "a.ts", score: 0.5, text: "b" })], total: 17 });
  assert.equal(
    (await tool().run({ query: "timeout" }, toolContext())).content,
    "17 passages match; the best 2:\n\n1. [docs] docs/guide.md:10-24 (score 3.14)\nSet the timeout\nin seconds.\n\n" +
      "2. [code] a.ts:10-24 (score 0.500)\nb",
  );
});

Deno.test("search says that nothing matches, and what its reader should know", async () => {
  const { tool } = documents({ notes: ["store x could not be read"] });
  const { content } = await tool().run({ query: "x" }, toolContext());
  assert.equal(content, "No passage matches. Try other words.\n\nNote: store x could not be read");
});

const LENGTHS: [length: number, cut: boolean][] = [[2_000, false], [2_001, true]];
for (const [length, cut] of LENGTHS) {
  Deno.test(`search shows a hit of ${length} characters ${cut ? "cut" : "whole"}`, async () => {
    const { tool } = documents({ hits: [hit({ text: "x".repeat(length) })], total: 1 });
    const { content } = await tool().run({ query: "x" }, toolContext());
    assert.equal(/x+…?$/.exec(content)?.[0], cut ? `${"x".repeat(1_999)}…` : "x".repeat(2_000));
  });
}

Deno.test("search cuts between characters", async () => {
  const { tool } = documents({ hits: [hit({ text: `a${"😀".repeat(2_000)}` })], total: 1 });
  assert.ok((await tool().run({ query: "x" }, toolContext())).content.isWellFormed());
});

Deno.test("search hands on the query, the limit, the stores and the signal", async () => {
  const { tool, asked } = documents({});
  const context = toolContext();
  await tool().run({ query: "  a b ", limit: 3, stores: ["code"] }, context);
  await tool().run({ query: "c", stores: [] }, context);
  assert.deepEqual(asked, [
    ["a b", { limit: 3, stores: ["code"] }, context.signal],
    ["c", { limit: 10 }, context.signal],
  ]);
});

Deno.test("search of an agent without a document store says how to add one", async () => {
  const { tool, asked } = documents({}, []);
  const { content } = await tool().run({ query: "x" }, toolContext());
  assert.match(content, /no document store/);
  assert.match(content, /document_stores.*source: directory, path/);
  assert.equal(asked.length, 0);
});

Deno.test("search tells the model which stores there are", () => {
  assert.match(documents({}).tool().description, /\(docs, code\)/);
  assert.doesNotMatch(documents({}, []).tool().description, /\(/);
});

const REFUSED: [options: object, input: { [name: string]: string | number | string[] }, told: RegExp][] = [
  [
    {},
    { query: "x", stores: ["docs", "secret"] },
    /Cannot search "secret": there is no such document store; there is docs, code/,
  ],
  [{}, { query: "" }, /query: /],
  [{}, { query: "  " }, /query: /],
  [{}, { query: "x".repeat(2_001) }, /query: /],
  [{}, { query: "x", limit: 0 }, /limit: /],
  [{}, { query: "x", limit: 51 }, /limit: .*50/],
  [{ max_limit: 5 }, { query: "x", limit: 6 }, /limit: .*5/],
];
for (const [options, input, told] of REFUSED) {
  Deno.test(`search with ${JSON.stringify(options)} refuses ${JSON.stringify(input).slice(0, 60)}`, async () => {
    const { tool } = documents({});
    assert.match(await refusal(tool(options).run(input, toolContext())), told);
  });
}

Deno.test("search with a low max_limit asks for no more than that by default", async () => {
  const { tool, asked } = documents({});
  await tool({ max_limit: 5 }).run({ query: "x" }, toolContext());
  assert.equal(asked[0]?.[1].limit, 5);
});
