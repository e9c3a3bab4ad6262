import assert from "node:assert/strict";
import { writeFile } from "../../src/tool/write_file.ts";
import { callTool, inTempDir, namesIn, refusal } from "./run_tool.ts";

const write = (baseDir: string, input: Parameters<typeof callTool>[1], options = {}) =>
  callTool(writeFile, input, { baseDir, options });

Deno.test("write_file makes a file and the folders on the way", async () => {
  await inTempDir(async (base) => {
    const told = await write(base, { path: "a/b/c.txt", content: "héllo\n" });
    assert.equal(told, "Wrote a/b/c.txt: a new file, 7 bytes");
    assert.equal(await Deno.readTextFile(`${base}/a/b/c.txt`), "héllo\n");
    assert.deepEqual(await namesIn(`${base}/a/b`), ["c.txt"]);
  });
});

Deno.test("write_file makes its working directory, where nothing was written yet", async () => {
  await inTempDir(async (base) => {
    await write(base, { path: "a.txt", content: "hi" }, { working_directory: "new/reports" });
    assert.deepEqual(await namesIn(`${base}/new/reports`), ["a.txt"]);
  });
});

Deno.test("write_file replaces a file and keeps its old content in .bak", async () => {
  await inTempDir(async (base) => {
    await write(base, { path: "f", content: "first" });
    const told = await write(base, { path: "f", content: "second" });
    assert.equal(told, "Wrote f: replaced, 6 bytes, backup in f.bak");
    assert.equal(await Deno.readTextFile(`${base}/f`), "second");
    assert.equal(await Deno.readTextFile(`${base}/f.bak`), "first");
  });
});

Deno.test("write_file without backup leaves none", async () => {
  await inTempDir(async (base) => {
    await write(base, { path: "f", content: "first" });
    await write(base, { path: "f", content: "second", backup: false });
    assert.deepEqual(await namesIn(base), ["f"]);
  });
});

Deno.test("write_file done twice is done once: the backup stays that of the first time", async () => {
  await inTempDir(async (base) => {
    await write(base, { path: "f", content: "old" });
    await write(base, { path: "f", content: "new" });
    const { ino } = await Deno.stat(`${base}/f`);
    assert.match(await write(base, { path: "f", content: "new" }), /already has this content/);
    assert.equal(await Deno.readTextFile(`${base}/f.bak`), "old");
    assert.equal((await Deno.stat(`${base}/f`)).ino, ino);
  });
});

Deno.test("write_file compares bytes, not lengths", async () => {
  await inTempDir(async (base) => {
    await write(base, { path: "f", content: "abc" });
    assert.match(await write(base, { path: "f", content: "abd" }), /replaced/);
    assert.equal(await Deno.readTextFile(`${base}/f`), "abd");
  });
});

Deno.test("write_file replaces a binary file that is larger than it may write, and keeps it whole", async () => {
  await inTempDir(async (base) => {
    const old = crypto.getRandomValues(new Uint8Array(60_000));
    const large = new Uint8Array(300_000).map((_, at) => old[at % old.length] ?? 0);
    await Deno.writeFile(`${base}/f`, large);
    await write(base, { path: "f", content: "small" }, { max_file_size: 1000 });
    assert.deepEqual(await Deno.readFile(`${base}/f.bak`), large);
    assert.equal(await Deno.readTextFile(`${base}/f`), "small");
  });
});

Deno.test("write_file keeps permission bits, on the backup too", { ignore: Deno.build.os === "windows" }, async () => {
  await inTempDir(async (base) => {
    await Deno.writeTextFile(`${base}/run.sh`, "old");
    await Deno.chmod(`${base}/run.sh`, 0o750);
    await write(base, { path: "run.sh", content: "new" });
    for (const name of ["run.sh", "run.sh.bak"]) {
      assert.equal(((await Deno.stat(`${base}/${name}`)).mode ?? 0) & 0o777, 0o750);
    }
  });
});

Deno.test("write_file writes to what a link inside leads to, and keeps the link", async () => {
  await inTempDir(async (base) => {
    await Deno.writeTextFile(`${base}/real.txt`, "old");
    await Deno.symlink("real.txt", `${base}/link.txt`);
    assert.match(await write(base, { path: "link.txt", content: "new" }), /backup in real\.txt\.bak/);
    assert.equal(await Deno.readTextFile(`${base}/real.txt`), "new");
    assert.ok((await Deno.lstat(`${base}/link.txt`)).isSymlink);
  });
});

Deno.test("write_file does not follow a link that lies where the backup goes", async () => {
  await inTempDir(async (base) => {
    await Deno.mkdir(`${base}/work`);
    await Deno.writeTextFile(`${base}/outside.txt`, "safe");
    await Deno.writeTextFile(`${base}/work/f`, "old");
    await Deno.symlink("../outside.txt", `${base}/work/f.bak`);
    await write(`${base}/work`, { path: "f", content: "new" });
    assert.equal(await Deno.readTextFile(`${base}/outside.txt`), "safe");
    assert.equal(await Deno.readTextFile(`${base}/work/f.bak`), "old");
    assert.ok((await Deno.lstat(`${base}/work/f.bak`)).isFile);
  });
});

Deno.test("write_file parts a hard link instead of writing through it", async () => {
  await inTempDir(async (base) => {
    await Deno.mkdir(`${base}/work`);
    await Deno.writeTextFile(`${base}/outside.txt`, "safe");
    await Deno.link(`${base}/outside.txt`, `${base}/work/f`);
    await write(`${base}/work`, { path: "f", content: "new" });
    assert.equal(await Deno.readTextFile(`${base}/outside.txt`), "safe");
  });
});

const SIZES: [content: string, maxBytes: number, fits: boolean][] = [
  ["", 1, true],
  ["12345", 5, true],
  ["123456", 5, false],
  ["äää", 6, true],
  ["äää", 5, false],
  ["x".repeat(1024 * 1024), 1024 * 1024, true],
  ["x".repeat(1024 * 1024 + 1), 1024 * 1024, false],
];
for (const [content, max_file_size, fits] of SIZES) {
  Deno.test(`write_file of ${content.length} characters when ${max_file_size} bytes are allowed`, async () => {
    await inTempDir(async (base) => {
      const told = write(base, { path: "f", content }, { max_file_size });
      if (fits) {
        assert.equal((await Deno.stat((await told, `${base}/f`))).size, new TextEncoder().encode(content).length);
      } else assert.match(await refusal(told), new RegExp(`Cannot write "f": .*at most ${max_file_size} are allowed`));
      assert.deepEqual(await namesIn(base), fits ? ["f"] : []);
    });
  });
}

Deno.test("write_file takes 1 MiB unless told otherwise", async () => {
  await inTempDir(async (base) => {
    assert.match(await refusal(write(base, { path: "f", content: "x".repeat(2 ** 20 + 1) })), /at most 1048576/);
  });
});

Deno.test("write_file refuses half a character", async () => {
  await inTempDir(async (base) => {
    assert.match(await refusal(write(base, { path: "f", content: "a\ud83d" })), /not well-formed Unicode/);
  });
});

Deno.test("write_file leaves line endings and byte order marks as they are given", async () => {
  await inTempDir(async (base) => {
    const content = "\ufeffa\r\nb\nc\r";
    await write(base, { path: "f", content });
    assert.deepEqual(await Deno.readFile(`${base}/f`), new TextEncoder().encode(content));
  });
});

Deno.test("write_file at the same time: the file is one of them, whole, and nothing is left beside it", async () => {
  await inTempDir(async (base) => {
    const contents = Array.from({ length: 20 }, (_, at) => `${at}\n`.repeat(20_000));
    await Promise.all(contents.map((content) => write(base, { path: "f", content })));
    assert.ok(contents.includes(await Deno.readTextFile(`${base}/f`)));
    assert.ok(contents.includes(await Deno.readTextFile(`${base}/f.bak`)));
    assert.deepEqual(await namesIn(base), ["f", "f.bak"]);
  });
});

Deno.test("write_file is seen by a reader before or after, never in between", async () => {
  await inTempDir(async (base) => {
    const size = 200_000;
    await write(base, { path: "f", content: "0".repeat(size) });
    let isDone = false;
    const reader = (async () => {
      while (!isDone) {
        const text = await Deno.readTextFile(`${base}/f`);
        assert.equal(text.length, size);
        assert.equal(text, (text[0] ?? "").repeat(size));
      }
    })();
    for (let round = 1; round < 20; round++) {
      await write(base, { path: "f", content: `${round % 10}`.repeat(size), backup: false });
    }
    isDone = true;
    await reader;
  });
});

Deno.test("write_file that is aborted while it waits for another changes nothing", async () => {
  await inTempDir(async (base) => {
    const stop = new AbortController();
    const first = write(base, { path: "f", content: "first" });
    const second = refusal(callTool(writeFile, { path: "f", content: "second" }, {
      baseDir: base,
      context: { signal: stop.signal },
    }));
    stop.abort(new Error("stopped"));
    await first;
    assert.equal(await second, "stopped");
    assert.equal(await Deno.readTextFile(`${base}/f`), "first");
  });
});

Deno.test("write_file that fails leaves the old file and nothing beside it", async () => {
  await inTempDir(async (base) => {
    await Deno.writeTextFile(`${base}/f`, "old");
    await Deno.mkdir(`${base}/f.bak/full`, { recursive: true });
    assert.match(await refusal(write(base, { path: "f", content: "new" }), base), /^Cannot write "f": /);
    assert.equal(await Deno.readTextFile(`${base}/f`), "old");
    assert.deepEqual(await namesIn(base), ["f", "f.bak"]);
  });
});
