import assert from "node:assert/strict";
import { ConfigError } from "../../../src/config/config_error.ts";
import { readFilePieces } from "../../../src/config/sources/file_pieces.ts";
import { inFolder, lay } from "./support/in_folder.ts";

const NO_INPUT = ReadableStream.from<Uint8Array>([]);

async function read(directory: string, ...paths: readonly string[]): Promise<[file: string, text: string][]> {
  const pieces = await readFilePieces({ paths, directory, standardInput: NO_INPUT, once: new Map() });
  return pieces.map(({ file, text }) => [file, text]);
}

async function refusal(reading: Promise<unknown>): Promise<string> {
  const thrown: unknown = await reading.then(() => undefined, (thrown) => thrown);
  assert.ok(thrown instanceof ConfigError, String(thrown));
  return thrown.message;
}

Deno.test("readFilePieces() takes files in the order in which they are given, by the names that they are given", () =>
  inFolder(async (folder) => {
    await lay(folder, { "b.yaml": "b: 1", "sub/a.json": "{}" });
    const pieces = await readFilePieces({
      paths: ["sub/a.json", `${folder}/b.yaml`],
      directory: folder,
      standardInput: NO_INPUT,
      once: new Map(),
    });
    assert.deepEqual(pieces, [
      { file: "sub/a.json", text: "{}", path: `${folder}/sub/a.json` },
      { file: `${folder}/b.yaml`, text: "b: 1", path: `${folder}/b.yaml` },
    ]);
  }));

Deno.test("readFilePieces() takes a folder's YAML and JSON by name, and nothing else of it", () =>
  inFolder(async (folder) => {
    await lay(folder, {
      "c/20.yml": "20",
      "c/10.yaml": "10",
      "c/B.json": "B",
      "c/a.yaml": "a",
      "c/.hidden.yaml": "no",
      "c/..data/x.yaml": "no",
      "c/readme.md": "no",
      "c/a.yaml~": "no",
      "c/yaml": "no",
      "c/deep/x.yaml": "no",
      "c/folder.yaml/x.yaml": "no",
      "c/link.yaml": "-> ../elsewhere.yaml",
      "elsewhere.yaml": "link",
    });
    const all = [["c/10.yaml", "10"], ["c/20.yml", "20"], ["c/B.json", "B"], ["c/a.yaml", "a"], [
      "c/link.yaml",
      "link",
    ]];
    assert.deepEqual(await read(folder, "c"), all);
    assert.deepEqual(await read(folder, "c/"), all);
    assert.deepEqual(await read(folder, "elsewhere.yaml", "c"), [["elsewhere.yaml", "link"], ...all]);
    assert.deepEqual((await read(`${folder}/c/deep`, ".")).map(([file]) => file), ["x.yaml"]);
  }));

Deno.test("readFilePieces() takes the standard input and a pipe once, and keeps them", () =>
  inFolder(async (folder) => {
    const pipe = `${folder}/pipe.yaml`;
    assert.equal((await new Deno.Command("mkfifo", { args: [pipe] }).output()).code, 0);
    const standardInput = ReadableStream.from([new TextEncoder().encode("a: 1")]);
    const places = { paths: ["-", pipe], directory: folder, standardInput, once: new Map() };
    const writing = Deno.writeTextFile(pipe, "b: 2");
    const first = await readFilePieces(places);
    await writing;
    assert.deepEqual(first.map(({ file, text }) => [file, text]), [["-", "a: 1"], [pipe, "b: 2"]]);
    assert.deepEqual(await readFilePieces(places), first);
  }));

const REFUSED: [name: string, files: Record<string, string>, path: string, reason: string][] = [
  ["a file that is not there", {}, "a.yaml", "there is no such file"],
  ["a folder with nothing in it", { "c/x.md": "" }, "c", "it holds no *.yaml, *.yml or *.json"],
  ["a link that leads nowhere", { "c/x.yaml": "-> gone" }, "c", "there is no such file"],
];

for (const [name, files, path, reason] of REFUSED) {
  Deno.test(`readFilePieces() refuses ${name}`, () =>
    inFolder(async (folder) => {
      await lay(folder, files);
      const said = await refusal(read(folder, path));
      assert.ok(said.startsWith(path) && said.endsWith(`": ${reason}`), said);
    }));
}

Deno.test("readFilePieces() refuses too many files, and too much in all of them", () =>
  inFolder(async (folder) => {
    await lay(folder, Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`many/${at}.yaml`, ""])));
    assert.match(await refusal(read(folder, "many")), /it holds more than 1000 files$/);
    const mebibyte = "x".repeat(1_048_576);
    await lay(folder, Object.fromEntries(["1", "2", "3", "4", "5"].map((name) => [`large/${name}.yaml`, mebibyte])));
    assert.match(await refusal(read(folder, "large")), /all files together are larger than 4 MiB$/);
  }));
