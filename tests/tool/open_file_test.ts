import assert from "node:assert/strict";
import { open } from "node:fs/promises";
import { fileOptions, toWorkspace } from "../../src/tool/file_options.ts";
import { createFile, openFile, readBytes, toText } from "../../src/tool/open_file.ts";
import { locate } from "../../src/tool/paths.ts";
import { readFile } from "../../src/tool/read_file.ts";
import { writeFile } from "../../src/tool/write_file.ts";
import { callTool, inTempDir, namesIn, refusal, toolDeps } from "./run_tool.ts";

/** work/dir/file.txt, and outside/file.txt that nobody may see or change. */
async function layOut(base: string) {
  await Deno.mkdir(`${base}/work/dir`, { recursive: true });
  await Deno.mkdir(`${base}/outside`);
  await Deno.writeTextFile(`${base}/work/dir/file.txt`, "inside");
  await Deno.writeTextFile(`${base}/outside/file.txt`, "OUTSIDE");
  return toWorkspace(fileOptions(1).parse({}), toolDeps(`${base}/work`));
}

Deno.test("openFile() refuses a file in whose place a link was put after it was looked at", async () => {
  await inTempDir(async (base) => {
    const place = await locate(await layOut(base), "dir/file.txt");
    await Deno.remove(place.real);
    await Deno.symlink(`${base}/outside/file.txt`, place.real);
    await assert.rejects(openFile(place), { code: "ELOOP" });
  });
});

Deno.test("openFile() refuses a file whose folder was swapped for a link after it was looked at", async () => {
  await inTempDir(async (base) => {
    const place = await locate(await layOut(base), "dir/file.txt");
    await Deno.rename(`${base}/work/dir`, `${base}/work/old`);
    await Deno.symlink(`${base}/outside`, `${base}/work/dir`);
    assert.match(await refusal(openFile(place), base), /moved or replaced/);
  });
});

Deno.test("openFile() does not wait for a pipe that was swapped in", async () => {
  await inTempDir(async (base) => {
    const place = await locate(await layOut(base), "dir/file.txt");
    await Deno.remove(place.real);
    await new Deno.Command("mkfifo", { args: [place.real] }).output();
    assert.match(await refusal(openFile(place), base), /not a regular file/);
  });
});

Deno.test("createFile() refuses a name that is taken, a dangling link too", async () => {
  await inTempDir(async (base) => {
    await layOut(base);
    await assert.rejects(createFile(`${base}/work/dir/file.txt`), { code: "EEXIST" });
    await Deno.symlink(`${base}/outside/new.txt`, `${base}/work/link`);
    await assert.rejects(createFile(`${base}/work/link`), { code: "EEXIST" });
    assert.deepEqual(await namesIn(`${base}/outside`), ["file.txt"]);
  });
});

/** Calls that a swap may spoil, which is refused, but never lead outside. */
async function race(base: string, isOver: (outcomes: readonly string[]) => boolean): Promise<readonly string[]> {
  const swapper = new Worker(new URL("./swap_folder_worker.ts", import.meta.url), { type: "module" });
  const stopped = new Promise((resolve) => swapper.onmessage = resolve);
  swapper.postMessage(base);
  const given = { baseDir: `${base}/work` };
  const outcomes: string[] = [];
  for (let round = 0; !isOver(outcomes); round++) {
    const calls = [
      callTool(readFile, { path: "dir/file.txt" }, given),
      callTool(writeFile, { path: "dir/file.txt", content: `round ${round}`, backup: round % 2 === 0 }, given),
    ];
    for (const settled of await Promise.allSettled(calls)) {
      outcomes.push(settled.status === "fulfilled" ? settled.value : String(settled.reason));
    }
  }
  await Deno.writeTextFile(`${base}/stop`, "");
  await stopped;
  swapper.terminate();
  return outcomes;
}

Deno.test("nothing outside is read or written while a folder is swapped for a link and back all the time", async () => {
  await inTempDir(async (base) => {
    await layOut(base);
    await Deno.symlink(`${base}/outside`, `${base}/link`);
    const outcomes = await race(base, (done) => done.length >= 400);
    assert.ok(!outcomes.some((text) => text.includes("OUTSIDE")), "a file outside was read");
    assert.equal(await Deno.readTextFile(`${base}/outside/file.txt`), "OUTSIDE");
    assert.deepEqual((await namesIn(`${base}/outside`)).filter((name) => !name.endsWith(".tmp")), ["file.txt"]);
  });
});

const SIZES: [size: number, maxBytes: number, fits: boolean][] = [
  [0, 1, true],
  [1, 1, true],
  [2, 1, false],
  [4096, 4096, true],
  [4097, 4096, false],
];
for (const [size, maxBytes, fits] of SIZES) {
  Deno.test(`readBytes() of ${size} bytes when ${maxBytes} are allowed`, async () => {
    await inTempDir(async (base) => {
      await Deno.writeFile(`${base}/x`, new Uint8Array(size).fill(7));
      const file = await open(`${base}/x`);
      try {
        if (fits) assert.deepEqual(await readBytes(file, maxBytes), new Uint8Array(size).fill(7));
        else await assert.rejects(readBytes(file, maxBytes), new RegExp(`${size} bytes or more.*at most ${maxBytes}`));
      } finally {
        await file.close();
      }
    });
  });
}

Deno.test(
  "readBytes() reads what a file has beyond the size that it tells",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    const file = await open("/proc/self/status");
    try {
      assert.equal((await file.stat()).size, 0);
      assert.match(toText(await readBytes(file, 100_000)), /^Name:/);
      await assert.rejects(async () => await readBytes(await open("/proc/self/maps"), 100), /at most 100/);
    } finally {
      await file.close();
    }
  },
);

const TEXTS: [name: string, bytes: number[], expected: string | RegExp][] = [
  ["UTF-8", [0xc3, 0xa4], "ä"],
  ["a byte order mark, which stays", [0xef, 0xbb, 0xbf, 0x61], "\ufeffa"],
  ["nothing", [], ""],
  ["Latin-1", [0x61, 0xe4, 0x62], /not UTF-8/],
  ["a cut character", [0x61, 0xe2, 0x82], /not UTF-8/],
  ["an overlong slash", [0xc0, 0xaf], /not UTF-8/],
  ["an encoded surrogate", [0xed, 0xa0, 0x80], /not UTF-8/],
  ["a zero byte", [0x61, 0, 0x62], /binary/],
  ["UTF-16", [0xff, 0xfe, 0x61, 0], /binary/],
];
for (const [name, bytes, expected] of TEXTS) {
  Deno.test(`toText() of ${name}`, () => {
    const read = () => toText(new Uint8Array(bytes));
    if (typeof expected === "string") assert.equal(read(), expected);
    else assert.throws(read, expected);
  });
}
