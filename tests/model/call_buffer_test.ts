import assert from "node:assert/strict";
import { toolCallPart } from "../../src/a2a/parts.ts";
import { CallBuffer, type CallPiece, freshCallId, takenCallIds } from "../../src/model/call_buffer.ts";
import { asks, request, said } from "./model_fakes.ts";

function collect(...pieces: CallPiece[]) {
  const buffer = new CallBuffer();
  for (const piece of pieces) buffer.add(piece);
  return buffer.calls(request()).map(({ id, name, arguments: input }) => [id, name, JSON.stringify(input)]);
}

/** [how a server streams calls, pieces, calls] */
const STREAMS: [how: string, pieces: CallPiece[], calls: string[][]][] = [
  [
    "as OpenAI does: an empty piece first, the id only there",
    [
      { slot: 0, id: "a", name: "f", arguments: "" },
      { slot: 0, arguments: '{"x"' },
      { slot: 0, arguments: ":1}" },
      { slot: 1, id: "b", name: "g", arguments: "{}" },
    ],
    [["a", "f", '{"x":1}'], ["b", "g", "{}"]],
  ],
  [
    "interleaved",
    [
      { slot: 0, id: "a", name: "f" },
      { slot: 1, id: "b", name: "g" },
      { slot: 1, arguments: '{"y":2}' },
      { slot: 0, arguments: '{"x":1}' },
    ],
    [["a", "f", '{"x":1}'], ["b", "g", '{"y":2}']],
  ],
  [
    "with slot 0 for all",
    [{ slot: 0, id: "a", name: "f", arguments: "{}" }, { slot: 0, id: "b", name: "g", arguments: "{}" }],
    [["a", "f", "{}"], ["b", "g", "{}"]],
  ],
  [
    "without slots",
    [{ id: "a", name: "f", arguments: '{"x"' }, { arguments: ":1}" }, { id: "b", name: "g", arguments: "{}" }],
    [["a", "f", '{"x":1}'], ["b", "g", "{}"]],
  ],
  [
    "with the id and the name in every piece",
    [{ slot: 0, id: "a", name: "f", arguments: "{" }, { slot: 0, id: "a", name: "f", arguments: "}" }],
    [["a", "f", "{}"]],
  ],
  ["none", [], []],
];

for (const [how, pieces, calls] of STREAMS) {
  Deno.test(`CallBuffer puts calls together that are streamed ${how}`, () =>
    assert.deepEqual(collect(...pieces), calls));
}

Deno.test("CallBuffer gives calls without an id, or with one id for two, ids of their own", () => {
  const ids = collect(
    { slot: 0, id: "", name: "f", arguments: "{}" },
    { slot: 1, name: "g", arguments: "{}" },
    { slot: 2, id: "same", name: "h" },
    { slot: 3, id: "same", name: "i" },
  ).map(([id]) => id);
  assert.equal(new Set(ids).size, 4);
  assert.ok(ids.every((id) => /^[A-Za-z0-9_]{1,40}$/.test(id ?? "")), JSON.stringify(ids));
});

Deno.test("CallBuffer keeps what the provider wants back", () => {
  const buffer = new CallBuffer();
  buffer.add({ slot: 0, id: "a", name: "f", opaque: { signature: "s" } });
  buffer.add({ slot: 0, arguments: "{}" });
  assert.deepEqual(buffer.calls(request()), [{ id: "a", name: "f", arguments: {}, opaque: { signature: "s" } }]);
});

Deno.test("freshCallId() is the same for the same request and another for the next", () => {
  const one = request({ messages: [asks("a")] });
  const other = request({ messages: [...one.messages, asks("b")] });
  assert.equal(freshCallId(one, new Set()), freshCallId(one, new Set()));
  assert.notEqual(freshCallId(one, new Set()), freshCallId(other, new Set()));
});

Deno.test("freshCallId() is free among the taken", () => {
  const given = request({ messages: [] });
  const taken = new Set<string>();
  for (let count = 0; count < 50; count++) taken.add(freshCallId(given, taken));
  assert.equal(taken.size, 50);
});

Deno.test("takenCallIds() finds the calls of a conversation", () => {
  const call = toolCallPart({ id: "c1", name: "f", arguments: {} });
  assert.deepEqual(
    takenCallIds(request({ messages: [asks("a"), said("ROLE_AGENT", { text: "b" }, call)] })),
    new Set(["c1"]),
  );
});
