import assert from "node:assert/strict";
import { protoDigest } from "../../../proto/proto_digest.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import { PROTO_DIGEST } from "../../../src/a2a/proto/descriptor_set.ts";
import { StreamResponse } from "../../../src/a2a/types.ts";
import { TURN } from "../fake_service.ts";

const codec = await loadCodec();

Deno.test("descriptor_set.ts is made from the definitions as they are (deno task proto)", async () => {
  assert.equal(PROTO_DIGEST, await protoDigest(new URL("../../../proto/", import.meta.url).pathname));
});

const EVERYTHING = {
  task: {
    id: "t1",
    contextId: "x1",
    status: {
      state: "TASK_STATE_INPUT_REQUIRED",
      timestamp: "2026-01-02T03:04:05.678Z",
      message: { messageId: "m", role: "ROLE_AGENT", parts: [{ text: "Which?" }] },
    },
    artifacts: [{
      artifactId: "a",
      parts: [
        { text: "" },
        { raw: "AAEC/w==", filename: "f.bin", mediaType: "application/octet-stream" },
        { url: "https://x.example/y", metadata: { deep: { list: [1, "two", null, { three: false }] } } },
        { data: null },
        { data: [1, 2.5, "x"] },
        { data: { a: { b: {} } } },
      ],
    }],
    metadata: { "https://x.example/ext": { n: 1 } },
  },
};

Deno.test("a core object goes through bytes and back without loss", () => {
  const response = codec.message("lf.a2a.v1.StreamResponse");
  assert.deepEqual(response.decode(response.encode(EVERYTHING)), EVERYTHING);
  for (const { event } of TURN) {
    // Bytes know no `false` that is a default, and no trailing zeros of a second.
    const { artifactUpdate, ...rest } = StreamResponse.parse(response.decode(response.encode(event))) as Record<
      string,
      object
    >;
    const read = artifactUpdate === undefined ? rest : { artifactUpdate: { append: false, ...artifactUpdate } };
    assert.deepEqual(read, event);
  }
});

Deno.test("optional fields keep what was set, others only what is no default", () => {
  const request = codec.message("lf.a2a.v1.ListTasksRequest");
  const json = { historyLength: 0, includeArtifacts: false, status: "TASK_STATE_WORKING" };
  assert.deepEqual(request.decode(request.encode({ ...json, pageToken: "" })), json);
});

Deno.test("encode() leaves out what the type does not know", () => {
  const message = codec.message("a2a.v1.Message");
  const known = { messageId: "m", role: "ROLE_USER", content: [{ text: "x" }] };
  assert.deepEqual(message.decode(message.encode({ ...known, referenceTaskIds: ["t"] })), known);
});

Deno.test("encode() mends texts that hold half of a pair, wherever they stand, and nothing else", () => {
  const message = codec.message("lf.a2a.v1.Message");
  const half = {
    messageId: "m",
    role: "ROLE_USER",
    parts: [{ text: "a\ud83d", filename: "\ude00" }, { data: { a: ["\ud800"] } }],
  };
  const { parts } = message.decode(message.encode(half)) as { parts: unknown };
  assert.deepEqual(parts, [{ text: "a\ufffd", filename: "\ufffd" }, { data: { a: ["\ufffd"] } }]);
  assert.throws(() => message.encode({ messageId: 5 }), /message_id/);
});

const NO_MESSAGE: [what: string, bytes: number[]][] = [
  ["a field that is cut off", [0x0a, 0x05, 0x61]],
  ["a tag of an unknown wire type", [0x0f]],
  ["text that is no UTF-8", [0x0a, 0x02, 0xc3, 0x28]],
  ["a number that never ends", [0x18, ...new Array(11).fill(0xff)]],
];
for (const [what, bytes] of NO_MESSAGE) {
  Deno.test(`decode() refuses ${what}`, () => {
    assert.throws(
      () => codec.message("lf.a2a.v1.GetTaskRequest").decode(Uint8Array.from(bytes)),
      (thrown) => thrown instanceof A2AError && thrown.reason === "PARSE_ERROR",
    );
  });
}

Deno.test("names that are not defined are mistakes of ours", () => {
  assert.throws(() => codec.message("lf.a2a.v1.Nope"), TypeError);
  assert.throws(() => codec.methods("lf.a2a.v1.Nope"), TypeError);
  assert.throws(() => codec.message("lf.a2a.v1.Task").encode(undefined), TypeError);
});
