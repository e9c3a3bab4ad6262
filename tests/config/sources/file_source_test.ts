import assert from "node:assert/strict";
import { ConfigError } from "../../../src/config/config_error.ts";
import { fileSource } from "../../../src/config/sources/file_source.ts";
import { Changes, hastyDeps, textOf } from "./support/changes.ts";
import { inFolder, lay } from "./support/in_folder.ts";

const SIGNAL = new AbortController().signal;

function source(folder: string, ...paths: readonly string[]) {
  return fileSource.create({ paths }, hastyDeps(folder));
}

/** A file source that has told what is there now, so that it listens. */
async function watching(folder: string, path: string, now: string): Promise<Changes> {
  const changes = new Changes(source(folder, path));
  await changes.text(now);
  return changes;
}

Deno.test("fileSource says what it reads, and where relative paths begin", () =>
  inFolder(async (folder) => {
    await lay(folder, { "a.yaml": "a", "c/b.yaml": "b" });
    const rows: [paths: string[], origin: string, baseDir: string][] = [
      [["a.yaml"], `${folder}/a.yaml`, folder],
      [["c"], `${folder}/c`, `${folder}/c`],
      [["c/b.yaml", "a.yaml"], `${folder}/c/b.yaml, ${folder}/a.yaml`, `${folder}/c`],
      [["-"], "the standard input", folder],
      [["gone/x.yaml"], `${folder}/gone/x.yaml`, `${folder}/gone`],
    ];
    for (const [paths, origin, baseDir] of rows) {
      const made = source(folder, ...paths);
      assert.deepEqual([made.origin, made.baseDir], [origin, baseDir]);
    }
    assert.equal(textOf(await source(folder, "a.yaml", "c").read(SIGNAL)), "a\nb");
    await assert.rejects(source(folder, "gone").read(SIGNAL), ConfigError);
    await assert.rejects(source(folder, "a.yaml").read(AbortSignal.abort()), { name: "AbortError" });
  }));

/** How programs save a file: [who, what is done]. */
const WAYS: [name: string, save: (path: string, text: string) => Promise<void>][] = [
  ["written in place", (path, text) => Deno.writeTextFile(path, text)],
  ["renamed over it", async (path, text) => {
    await Deno.writeTextFile(`${path}.tmp`, text);
    await Deno.rename(`${path}.tmp`, path);
  }],
  ["moved away and written anew", async (path, text) => {
    await Deno.rename(path, `${path}~`);
    await Deno.writeTextFile(path, text);
    await Deno.remove(`${path}~`);
  }],
  ["removed and written anew", async (path, text) => {
    await Deno.remove(path);
    await Deno.writeTextFile(path, text);
  }],
];

for (const [name, save] of WAYS) {
  Deno.test(`fileSource tells of a file that is ${name}, again and again`, () =>
    inFolder(async (folder) => {
      await lay(folder, { "a.yaml": "0" });
      await using changes = await watching(folder, "a.yaml", "0");
      for (const text of ["1", "2", "3"]) {
        await save(`${folder}/a.yaml`, text);
        await changes.text(text);
      }
      assert.deepEqual(changes.log.filter((it) => it.startsWith("changed")).length, 4);
    }));
}

for (const path of ["m/a.yaml", "m"]) {
  Deno.test(`fileSource tells of a ConfigMap that Kubernetes swaps, given as ${path}`, () =>
    inFolder(async (folder) => {
      await lay(folder, { "m/..v1/a.yaml": "1", "m/..data": "-> ..v1", "m/a.yaml": "-> ..data/a.yaml" });
      await using changes = await watching(folder, path, "1");
      for (const version of ["2", "3", "4"]) {
        await lay(folder, { [`m/..v${version}/a.yaml`]: version, "m/..data_tmp": `-> ..v${version}` });
        await Deno.rename(`${folder}/m/..data_tmp`, `${folder}/m/..data`);
        await Deno.remove(`${folder}/m/..v${Number(version) - 1}`, { recursive: true });
        await changes.text(version);
      }
    }));
}

Deno.test("fileSource tells of a folder on the way that is swapped, as git-sync does", () =>
  inFolder(async (folder) => {
    await lay(folder, { "v1/c/a.yaml": "1", "v2/c/a.yaml": "2", "v3/c/a.yaml": "3", "now": "-> v1" });
    await using changes = await watching(folder, "now/c/a.yaml", "1");
    for (const version of ["2", "3"]) {
      await Deno.symlink(`v${version}`, `${folder}/next`);
      await Deno.rename(`${folder}/next`, `${folder}/now`);
      await changes.text(version);
    }
    await Deno.writeTextFile(`${folder}/v3/c/a.yaml`, "4");
    await changes.text("4");
  }));

Deno.test("fileSource tells of a whole folder that is replaced by another of its name", () =>
  inFolder(async (folder) => {
    await lay(folder, { "c/a.yaml": "1", "d/a.yaml": "2" });
    await using changes = await watching(folder, "c/a.yaml", "1");
    await Deno.rename(`${folder}/c`, `${folder}/old`);
    await Deno.rename(`${folder}/d`, `${folder}/c`);
    await changes.text("2");
    await Deno.writeTextFile(`${folder}/c/a.yaml`, "3");
    await changes.text("3");
  }));

Deno.test("fileSource tells that a file is gone, and when it is back", () =>
  inFolder(async (folder) => {
    await lay(folder, { "c/a.yaml": "1" });
    await using changes = await watching(folder, "c/a.yaml", "1");
    await Deno.remove(`${folder}/c/a.yaml`);
    assert.match(await changes.trouble("missing"), /there is no such file$/);
    await Deno.writeTextFile(`${folder}/c/a.yaml`, "1");
    await changes.recovered();
    await Deno.remove(`${folder}/c`, { recursive: true });
    await changes.trouble("missing");
    await lay(folder, { "c/a.yaml": "2" });
    await changes.recovered();
    await changes.text("2");
    await Deno.writeFile(`${folder}/c/a.yaml`, new Uint8Array([0x6e, 0xe9]));
    assert.match(await changes.trouble("unreadable"), /it is not UTF-8 text$/);
    await Deno.writeTextFile(`${folder}/c/a.yaml`, "3");
    await changes.text("3");
  }));

Deno.test("fileSource tells of files that come to a folder, change and go", () =>
  inFolder(async (folder) => {
    await lay(folder, { "c/b.yaml": "b" });
    await using changes = await watching(folder, "c", "b");
    await lay(folder, { "c/a.yaml": "a" });
    await changes.text("a\nb");
    await lay(folder, { "c/b.yaml": "c" });
    await changes.text("a\nc");
    await Deno.remove(`${folder}/c/a.yaml`);
    await changes.text("c");
    await lay(folder, { "c/.b.yaml.swp": "x", "c/readme.md": "x" });
    await Deno.remove(`${folder}/c/b.yaml`);
    assert.match(await changes.trouble("unreadable"), /it holds no \*\.yaml/);
    await lay(folder, { "c/b.yaml": "d" });
    await changes.text("d");
  }));

Deno.test("fileSource tells of a storm of writes only a few times, the last of them for sure", () =>
  inFolder(async (folder) => {
    await lay(folder, { "a.yaml": "0" });
    await using changes = await watching(folder, "a.yaml", "0");
    for (let at = 1; at <= 300; at++) await Deno.writeTextFile(`${folder}/a.yaml`, String(at));
    await changes.text("300");
    assert.ok(changes.log.length < 30, `${changes.log.length} were told`);
  }));

Deno.test("fileSource tells nothing of other files beside it, and nothing of the same text", () =>
  inFolder(async (folder) => {
    await lay(folder, { "a.yaml": "1" });
    await using changes = await watching(folder, "a.yaml", "1");
    await lay(folder, { "b.yaml": "x", "a.yaml.bak": "x" });
    await Deno.writeTextFile(`${folder}/a.yaml`, "1");
    await Deno.utime(`${folder}/a.yaml`, 1, 1);
    await Deno.writeTextFile(`${folder}/a.yaml`, "2");
    await changes.text("2");
    const told = changes.log.filter((it) => it.startsWith("changed"));
    assert.deepEqual(told, ["changed 1", "changed 2"]);
  }));

Deno.test("fileSource tells what has changed between reading and watching", () =>
  inFolder(async (folder) => {
    await lay(folder, { "a.yaml": "1" });
    const made = source(folder, "a.yaml");
    const { version } = await made.read(SIGNAL);
    await Deno.writeTextFile(`${folder}/a.yaml`, "2");
    await using changes = new Changes(made, version);
    await changes.text("2");
    assert.deepEqual(changes.log, ["changed 2"]);
  }));

Deno.test("fileSource of the standard input never changes", async () => {
  const standardInput = ReadableStream.from([new TextEncoder().encode("a: 1")]);
  const made = fileSource.create({ paths: ["-"] }, { ...hastyDeps(), standardInput });
  const { version } = await made.read(SIGNAL);
  assert.equal((await made.read(SIGNAL)).version, version);
  await using changes = new Changes(made, version);
  assert.deepEqual(changes.log, []);
});
