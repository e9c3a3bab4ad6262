import assert from "node:assert/strict";
import { ConfigError } from "../../../src/config/config_error.ts";
import { readConfigFile } from "../../../src/config/sources/file.ts";

async function inFolder(act: (folder: string) => Promise<void>) {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function streamOf(...chunks: readonly Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks);
}

const NO_INPUT = streamOf();

async function refusal(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, String(thrown));
    return thrown.message;
  }
  return "it was read";
}

Deno.test("readConfigFile() reads a file from where it was asked for", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/sub`);
    await Deno.writeTextFile(`${folder}/sub/a.yaml`, "agents: é\n");
    const source = await readConfigFile({ path: "sub/a.yaml", directory: folder, standardInput: NO_INPUT });
    assert.deepEqual(source, {
      text: "agents: é\n",
      file: "sub/a.yaml",
      path: `${folder}/sub/a.yaml`,
      baseDir: `${folder}/sub`,
    });
    const absolute = await readConfigFile({ path: `${folder}/sub/a.yaml`, directory: "/", standardInput: NO_INPUT });
    assert.deepEqual([absolute.path, absolute.baseDir], [source.path, source.baseDir]);
  }));

Deno.test("readConfigFile() reads the standard input for -, in pieces that part a letter", async () => {
  const bytes = new TextEncoder().encode("name: é\n");
  const standardInput = streamOf(bytes.slice(0, 7), bytes.slice(7));
  const source = await readConfigFile({ path: "-", directory: "/work", standardInput });
  assert.deepEqual(source, { text: "name: é\n", file: "-", baseDir: "/work" });
});

Deno.test("readConfigFile() says why a file cannot be read", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "x");
    await Deno.writeFile(`${folder}/latin1`, new Uint8Array([0x6e, 0xe9]));
    await Deno.writeFile(`${folder}/cut`, new Uint8Array([0x6e, 0xc3]));
    await Deno.writeFile(`${folder}/large`, new Uint8Array(1_048_577).fill(0x20));
    await Deno.writeFile(`${folder}/full`, new Uint8Array(1_048_576).fill(0x20));
    const rows = [
      ["missing.yaml", "there is no such file"],
      [".", "it is a directory, expected a file"],
      ["file/a.yaml", "a part of its path is no directory"],
      ["latin1", "it is not UTF-8 text"],
      ["cut", "it is not UTF-8 text"],
      ["large", "it is larger than 1 MiB"],
    ] as const;
    for (const [path, reason] of rows) {
      const message = await refusal(readConfigFile({ path, directory: folder, standardInput: NO_INPUT }));
      assert.equal(message, `${path}: Cannot read the configuration "${path}": ${reason}`);
    }
    const full = await readConfigFile({ path: "full", directory: folder, standardInput: NO_INPUT });
    assert.equal(full.text.length, 1_048_576);
  }));

Deno.test({
  name: "readConfigFile() says that it may not read a file",
  // Nothing is forbidden to root.
  ignore: Deno.uid() === 0,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/a.yaml`, "x");
      await Deno.chmod(`${folder}/a.yaml`, 0);
      const message = await refusal(readConfigFile({ path: "a.yaml", directory: folder, standardInput: NO_INPUT }));
      assert.match(message, /: permission denied$/);
    }),
});

Deno.test("readConfigFile() stops reading an input that never ends", async () => {
  let isCancelled = false;
  const standardInput = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(100_000)),
    cancel: () => {
      isCancelled = true;
    },
  });
  const message = await refusal(readConfigFile({ path: "-", directory: "/", standardInput }));
  assert.equal(message, '-: Cannot read the configuration "-": it is larger than 1 MiB');
  assert.ok(isCancelled);
});
