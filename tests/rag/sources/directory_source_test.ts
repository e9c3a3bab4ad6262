import assert from "node:assert/strict";
import type { DocumentStore, DocumentStoreDeps } from "../../../src/rag/document_store.ts";
import { searchStores } from "../../../src/rag/search_stores.ts";
import { directorySource } from "../../../src/rag/sources/directory_source.ts";
import { search } from "../../../src/tool/search.ts";
import { readFile } from "../../../src/tool/read_file.ts";
import { searchReplace } from "../../../src/tool/search_replace.ts";
import { writeFile } from "../../../src/tool/write_file.ts";
import { callTool } from "../../tool/run_tool.ts";
import { inTree, put } from "./make_tree.ts";

const signal = new AbortController().signal;

/** A store over files below a base directory; closed when the test is done. */
async function withStore(
  files: Parameters<typeof inTree>[0],
  given: { options?: object; deps?: Partial<DocumentStoreDeps> },
  act: (store: DocumentStore, base: string) => Promise<void>,
): Promise<void> {
  await inTree(files, async (base) => {
    const deps = { name: "docs", baseDir: base, protectedPaths: [], ...given.deps };
    const store = directorySource.create(given.options ?? {}, deps);
    try {
      await act(store, base);
    } finally {
      store.close();
    }
  });
}

const paths = async (store: DocumentStore, query: string) =>
  (await store.search(query, 10, signal)).hits.map(({ path }) => path);

Deno.test("a directory store finds passages, with store, file, lines and text", async () => {
  await withStore(
    { "docs/a.md": "one\nthe zebra\n", "other/b.md": "zebra" },
    { options: { path: "docs" } },
    async (store) => {
      const { hits, total, notes } = await store.search("zebra", 10, signal);
      assert.deepEqual([hits.length, total, notes], [1, 1, []]);
      const { score = 0, ...hit } = hits[0] ?? {};
      assert.deepEqual(hit, { store: "docs", path: "docs/a.md", firstLine: 1, lastLine: 2, text: "one\nthe zebra" });
      assert.ok(score > 0);
    },
  );
});

Deno.test("a directory store outside of the base directory shows paths from itself down", async () => {
  await inTree({ "base/x": "", "docs/sub/a.md": "zebra" }, async (root) => {
    const deps = { name: "docs", baseDir: `${root}/base`, protectedPaths: [] };
    const store = directorySource.create({ path: "../docs" }, deps);
    assert.deepEqual(await paths(store, "zebra"), ["sub/a.md"]);
    store.close();
  });
});

Deno.test("a directory store is never stale: not after a tool changed a file, nor after anybody else did", async () => {
  await withStore({ "a.md": "zebra" }, {}, async (store, base) => {
    assert.deepEqual(await paths(store, "zebra"), ["a.md"]);
    await callTool(writeFile, { path: "b.md", content: "a tiger" }, { baseDir: base });
    assert.deepEqual(await paths(store, "tiger"), ["b.md"]);
    for (const animal of ["otter", "camel", "moose", "horse", "skunk"]) {
      await callTool(writeFile, { path: "b.md", content: `a ${animal}`, backup: false }, { baseDir: base });
      assert.deepEqual(await paths(store, animal), ["b.md"]);
    }
    await callTool(searchReplace, { path: "b.md", old_string: "skunk", new_string: "koala" }, { baseDir: base });
    assert.deepEqual([await paths(store, "skunk"), await paths(store, "koala")], [[], ["b.md"]]);
    await Deno.remove(`${base}/a.md`);
    assert.deepEqual(await paths(store, "zebra"), []);
  });
});

Deno.test("what the search tool shows, read_file opens at the same lines", async () => {
  const text = Array.from({ length: 300 }, (_, at) => at === 150 ? "here is the zebra" : `line ${at + 1}`).join("\r\n");
  await withStore({ "docs/long.md": text }, { options: { path: "docs" } }, async (store, base) => {
    const documents = searchStores(new Map([["docs", store]]));
    const told = await callTool(search, { query: "zebra" }, { baseDir: base, deps: { documents } });
    const [, path = "", first, last] = /\] (\S+):(\d+)-(\d+) /.exec(told) ?? [];
    const input = { path, start_line: Number(first), end_line: Number(last), line_numbers: false };
    const [, ...lines] = (await callTool(readFile, input, { baseDir: base })).split("\n");
    assert.ok(lines.includes("here is the zebra"));
    assert.ok(told.endsWith(lines.join("\n")), "the hit shows what the file holds");
  });
});

Deno.test("a directory store reads neither credentials nor the server's own files nor what is behind links", async () => {
  const files = { "work/a.md": "zebra", "work/.env": "zebra", "work/hector.yaml": "zebra", "work/state/x.md": "zebra" };
  await inTree({ ...files, "outside/secret.md": "zebra" }, async (root) => {
    await Deno.symlink("../outside", `${root}/work/link`);
    await Deno.symlink("../outside/secret.md", `${root}/work/link.md`);
    const protectedPaths = [`${root}/work/hector.yaml`, `${root}/work/state`, `${root}/elsewhere`];
    const store = directorySource.create({ exclude_patterns: [] }, {
      name: "docs",
      baseDir: `${root}/work`,
      protectedPaths,
    });
    assert.deepEqual(await paths(store, "zebra"), ["a.md"]);
    store.close();
  });
});

Deno.test("additional_exclude_patterns add to the default ones, exclude_patterns replace them", async () => {
  const files = { "a.md": "zebra", "b.txt": "zebra", "dist/c.md": "zebra" };
  const cases: [options: object, expected: string[]][] = [
    [{ additional_exclude_patterns: ["*.txt"] }, ["a.md"]],
    [{ exclude_patterns: ["*.txt"] }, ["a.md", "dist/c.md"]],
    [{ exclude_patterns: ["*.txt"], additional_exclude_patterns: ["a.*"] }, ["dist/c.md"]],
    [{ include_patterns: ["*.txt"] }, ["b.txt"]],
  ];
  for (const [options, expected] of cases) {
    await withStore(files, { options }, async (store) => {
      assert.deepEqual((await paths(store, "zebra")).sort(), expected, JSON.stringify(options));
    });
  }
});

Deno.test("refresh() tells what a store holds; a full store tells its readers", async () => {
  const files = { "a.md": "zebra", "b.md": "zebra", "c.bin": new Uint8Array([0]) };
  await withStore(files, { options: { max_files: 1 } }, async (store) => {
    const summary = await store.refresh(signal);
    assert.deepEqual([summary.files, summary.passages], [1, 1]);
    const { notes } = await store.search("zebra", 10, signal);
    assert.match(notes[0] ?? "", /^document store "docs": 1 files are not searched/);
  });
});

Deno.test("a store whose directory is missing says so, without its path, and works as soon as it is there", async () => {
  await withStore({}, { options: { path: "later" } }, async (store, base) => {
    const told = /^Error: Cannot search document store "docs": its directory does not exist or may not be read$/;
    await assert.rejects(store.refresh(signal), told);
    await assert.rejects(store.search("zebra", 1, signal), told);
    await put(base, "later/a.md", "zebra");
    assert.deepEqual(await paths(store, "zebra"), ["later/a.md"]);
    await Deno.remove(`${base}/later`, { recursive: true });
    await assert.rejects(store.search("zebra", 1, signal), told);
    await put(base, "later/b.md", "zebra");
    assert.deepEqual(await paths(store, "zebra"), ["later/b.md"]);
  });
});

Deno.test("a store does not follow a link that takes the place of its directory", async () => {
  await withStore(
    { "docs/a.md": "zebra", "outside/b.md": "zebra" },
    { options: { path: "docs" } },
    async (store, base) => {
      assert.deepEqual(await paths(store, "zebra"), ["docs/a.md"]);
      await Deno.rename(`${base}/docs`, `${base}/old`);
      await Deno.symlink("outside", `${base}/docs`);
      assert.deepEqual(await paths(store, "zebra"), []);
    },
  );
});

Deno.test("many searches at once are all answered, each with its own", async () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}.md`, `word${at}`]));
  await withStore(files, {}, async (store) => {
    const found = await Promise.all(Array.from({ length: 30 }, (_, at) => paths(store, `word${at}`)));
    assert.deepEqual(found.map(([best]) => best), Array.from({ length: 30 }, (_, at) => `f${at}.md`));
  });
});

Deno.test("a search that is aborted says why, and the next one is answered", async () => {
  await withStore({ "a.md": "zebra" }, {}, async (store) => {
    const stop = new AbortController();
    const aborted = assert.rejects(store.search("zebra", 1, stop.signal), /caller is gone/);
    stop.abort(new Error("caller is gone"));
    await aborted;
    assert.deepEqual(await paths(store, "zebra"), ["a.md"]);
    await assert.rejects(store.search("zebra", 1, stop.signal), /caller is gone/);
  });
});

Deno.test("a store that is closed refuses what is under way and what comes after", async () => {
  await withStore({ "a.md": "zebra" }, {}, async (store) => {
    assert.deepEqual(await paths(store, "zebra"), ["a.md"]);
    const pending = assert.rejects(store.search("zebra", 1, signal), /"docs": it is closed/);
    store.close();
    await pending;
    await assert.rejects(async () => await store.search("zebra", 1, signal), /it is closed/);
    store.close();
  });
});

const BAD: object[] = [{ path: "" }, { paths: "x" }, { max_files: 0 }, { include_patterns: "*.md" }, {
  max_file_size: 1.5,
}];
for (const options of BAD) {
  Deno.test(`a directory store refuses the options ${JSON.stringify(options)}`, () => {
    assert.throws(() => directorySource.create(options, { name: "docs", baseDir: "/", protectedPaths: [] }), {
      name: "ZodError",
    });
  });
}
