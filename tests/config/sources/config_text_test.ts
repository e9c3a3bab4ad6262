import assert from "node:assert/strict";
import { configText, decodeText } from "../../../src/config/sources/config_text.ts";
import { SourceError } from "../../../src/config/sources/source_error.ts";

Deno.test("configText() of equal pieces has an equal version, of others another", () => {
  const one = [{ text: "a", file: "f" }, { text: "b", file: "g" }];
  const { version } = configText(one);
  assert.equal(configText(one.map((piece) => ({ ...piece, path: "/elsewhere" }))).version, version);
  const others = [
    [{ text: "b", file: "g" }, { text: "a", file: "f" }],
    [{ text: "a", file: "f" }],
    [{ text: "ab", file: "fg" }],
    [{ text: "a", file: "g" }, { text: "b", file: "g" }],
    [],
  ];
  for (const other of others) assert.notEqual(configText(other).version, version);
});

Deno.test("decodeText() takes 1 MiB of UTF-8", () => {
  const bytes = new TextEncoder().encode("é".repeat(524_288));
  const { pieces: [piece] } = decodeText(bytes, "etcd:/a");
  assert.deepEqual([piece?.file, piece?.text.length], ["etcd:/a", 524_288]);
});

const REFUSED: [name: string, bytes: Uint8Array, reason: string][] = [
  ["a byte more", new Uint8Array(1_048_577), "it is larger than 1 MiB"],
  ["half a letter", new Uint8Array([0x6e, 0xc3]), "it is not UTF-8 text"],
  ["latin 1", new Uint8Array([0x6e, 0xe9, 0x0a]), "it is not UTF-8 text"],
];

for (const [name, bytes, reason] of REFUSED) {
  Deno.test(`decodeText() refuses ${name}`, () => {
    assert.throws(() => decodeText(bytes, "etcd:/a"), (thrown) => {
      assert.ok(thrown instanceof SourceError);
      assert.deepEqual([thrown.failure, thrown.message], [
        "unreadable",
        `Cannot read the configuration "etcd:/a": ${reason}`,
      ]);
      return true;
    });
  });
}

Deno.test("SourceError.from() keeps what is one, and wraps what is none with its cause", () => {
  const error = new SourceError("refused", "no");
  assert.equal(SourceError.from(error), error);
  const cause = new TypeError("a mistake");
  const wrapped = SourceError.from(cause);
  assert.deepEqual([wrapped.failure, wrapped.message, wrapped.cause], ["unreadable", "a mistake", cause]);
  assert.equal(SourceError.from("text").message, "text");
});
