import assert from "node:assert/strict";
import type { DocumentStore } from "../../src/rag/document_store.ts";
import { searchStores } from "../../src/rag/search_stores.ts";

const signal = new AbortController().signal;

/** A store with a hit for each score, whatever is asked. */
function store(name: string, scores: readonly number[], notes: readonly string[] = []): DocumentStore {
  const hits = scores.map((score) => ({
    store: name,
    path: `${name}${score}`,
    firstLine: 1,
    lastLine: 1,
    score,
    text: "",
  }));
  return {
    search: (_query, limit) => Promise.resolve({ hits: hits.slice(0, limit), total: hits.length, notes }),
    refresh: () => Promise.resolve({ files: 0, passages: 0, skipped: 0, notes: [] }),
    close: () => {},
  };
}

const broken = (message: string): DocumentStore => ({
  ...store("x", []),
  search: () => Promise.reject(new Error(message)),
});

Deno.test("searchStores() merges by score, keeps to the limit and adds up", async () => {
  const stores = searchStores(new Map([["a", store("a", [9, 5, 1], ["a is full"])], ["b", store("b", [7, 6])]]));
  assert.deepEqual(stores.stores, ["a", "b"]);
  const { hits, total, notes } = await stores.search("x", { limit: 4 }, signal);
  assert.deepEqual(hits.map(({ path }) => path), ["a9", "b7", "b6", "a5"]);
  assert.deepEqual([total, notes], [5, ["a is full"]]);
});

Deno.test("searchStores() asks only the stores that are named", async () => {
  const stores = searchStores(new Map([["a", broken("asked")], ["b", store("b", [1])]]));
  const { hits, notes } = await stores.search("x", { limit: 4, stores: ["b"] }, signal);
  assert.deepEqual([hits.length, notes], [1, []]);
});

Deno.test("searchStores() tells of a store that failed, and shows the others", async () => {
  const stores = searchStores(new Map([["a", broken("a is gone")], ["b", store("b", [1])]]));
  const { hits, notes } = await stores.search("x", { limit: 4 }, signal);
  assert.deepEqual([hits.length, notes], [1, ["a is gone"]]);
});

Deno.test("searchStores() fails when all stores failed", async () => {
  const stores = searchStores(new Map([["a", broken("a is gone")], ["b", broken("b is gone")]]));
  await assert.rejects(stores.search("x", { limit: 4 }, signal), /a is gone/);
});

Deno.test("searchStores() of no stores finds nothing", async () => {
  const { hits, total } = await searchStores(new Map()).search("x", { limit: 4 }, signal);
  assert.deepEqual([hits, total], [[], 0]);
});

Deno.test("searchStores() that is aborted says why", async () => {
  const gone = AbortSignal.abort(new Error("caller is gone"));
  await assert.rejects(
    searchStores(new Map([["a", store("a", [1])]])).search("x", { limit: 1 }, gone),
    /caller is gone/,
  );
});
