import { directorySource } from "../../src/rag/sources/directory_source.ts";

/** 5,000 files of 60 lines; run with `deno bench -A tests/bench/document_store_bench.ts`. */
const FILES = 5_000;
const WORDS = "alpha beta gamma delta config server timeout retry agent model stream task event store token queue"
  .split(" ");

const base = await Deno.makeTempDir();
for (let file = 0; file < FILES; file++) {
  const line = (at: number) =>
    WORDS.map((_, word) => WORDS[(file * 7 + at * 3 + word * word) % WORDS.length]).join(" ");
  const text = Array.from({ length: 60 }, (_, at) => `${line(at)} n${file * 60 + at}`).join("\n");
  await Deno.writeTextFile(`${base}/f${file}.md`, text);
  // Old enough to be taken as settled (src/rag/sources/directory_index.ts).
  await Deno.utime(`${base}/f${file}.md`, 0, 0);
}
globalThis.addEventListener("unload", () => Deno.removeSync(base, { recursive: true }));

const signal = new AbortController().signal;
const open = () => directorySource.create({}, { name: "bench", baseDir: base, protectedPaths: [] });

Deno.bench({ name: `index ${FILES} files`, n: 3, warmup: 0 }, async (b) => {
  const store = open();
  b.start();
  await store.refresh(signal);
  b.end();
  store.close();
});

const warm = open();
await warm.refresh(signal);
Deno.bench(`look at ${FILES} files that did not change`, async () => {
  await warm.refresh(signal);
});
Deno.bench("search for a rare word", async () => {
  await warm.search("n4242", 10, signal);
});
Deno.bench("search for words that are in every passage", async () => {
  await warm.search("config server timeout", 10, signal);
});

/** What a request meets while a store is made: the longest gap between two turns of the event loop. */
Deno.bench({ name: `the event loop while ${FILES} files are indexed`, n: 1, warmup: 0 }, async (b) => {
  const store = open();
  let worstMs = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    worstMs = Math.max(worstMs, now - last);
    last = now;
  }, 1);
  b.start();
  await store.refresh(signal);
  b.end();
  clearInterval(timer);
  store.close();
  console.log(`longest gap: ${worstMs.toFixed(1)} ms`);
});
