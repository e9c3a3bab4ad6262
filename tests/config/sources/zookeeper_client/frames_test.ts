import assert from "node:assert/strict";
import { frames } from "../../../../src/config/sources/zookeeper_client/frames.ts";

async function read(...chunks: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const bytes = ReadableStream.from(chunks.map((hex) => Uint8Array.fromHex(hex)));
  for await (const frame of frames(bytes)) found.push(frame.toHex());
  return found;
}

const ROWS: [name: string, chunks: string[], frames: string[]][] = [
  ["nothing", [], []],
  ["one", ["00000002aabb"], ["aabb"]],
  ["several at once", ["00000001aa00000000" + "00000002bbcc"], ["aa", "", "bbcc"]],
  ["one byte by byte", [..."00000002aabb"].flatMap((_, at, all) => at % 2 === 0 ? [`${all[at]}${all[at + 1]}`] : []), [
    "aabb",
  ]],
  ["the end of one with the beginning of the next", ["00000002aa", "bb0000", "0001cc"], ["aabb", "cc"]],
];

for (const [name, chunks, expected] of ROWS) {
  Deno.test(`frames() reads ${name}`, async () => assert.deepEqual(await read(...chunks), expected));
}

const BROKEN: [name: string, chunks: string[]][] = [
  ["an end in the middle", ["00000002aa"]],
  ["an end in the length", ["0000"]],
  ["a negative length", ["ffffffff"]],
  ["more than 2 MiB", ["00200001"]],
  ["an answer in HTTP", ["485454502f312e31"]],
];

for (const [name, chunks] of BROKEN) {
  Deno.test(`frames() refuses ${name}`, async () => {
    await assert.rejects(read(...chunks), { name: "JuteError" });
  });
}

Deno.test("frames() of a large message in small pieces takes no longer than it has to", async () => {
  const piece = new Uint8Array(1024).fill(1);
  const head = Uint8Array.fromHex("00100000");
  const bytes = ReadableStream.from([head, ...Array.from({ length: 1024 }, () => piece)]);
  const sizes: number[] = [];
  for await (const frame of frames(bytes)) sizes.push(frame.length);
  assert.deepEqual(sizes, [1_048_576]);
});
