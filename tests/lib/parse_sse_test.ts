import assert from "node:assert/strict";
import { parseSse, type SseMessage, SseOverflowError } from "../../src/lib/parse_sse.ts";
import { sseFrame } from "../../src/lib/sse.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function streamOf(chunks: readonly Uint8Array[], onCancel: () => void = () => {}): ReadableStream<Uint8Array> {
  const rest = [...chunks];
  return new ReadableStream({
    pull(controller) {
      const chunk = rest.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
    cancel: onCancel,
  });
}

async function parse(chunks: readonly Uint8Array[], maxEventBytes = 1000): Promise<SseMessage[]> {
  return await Array.fromAsync(parseSse(streamOf(chunks), { maxEventBytes }));
}

const message = (data: string, id = "", event = "message"): SseMessage => ({ id, event, data });

/** WHATWG HTML §9.2.6, its own examples among them. */
const STREAMS: readonly (readonly [name: string, text: string, expected: readonly SseMessage[]])[] = [
  ["one event", "data: a\n\n", [message("a")]],
  ["several data lines", "data: YHOO\ndata: +2\ndata: 10\n\n", [message("YHOO\n+2\n10")]],
  [
    "comments, ids that stay and ids that are reset",
    ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
    [message("first event", "1"), message("second event"), message(" third event")],
  ],
  ["empty data, and an event cut off by the end", "data\n\ndata\ndata\n\ndata:", [message(""), message("\n")]],
  ["with and without a space", "data:test\n\ndata: test\n\n", [message("test"), message("test")]],
  ["an id for later events", "id: 7\ndata: a\n\ndata: b\n\n", [message("a", "7"), message("b", "7")]],
  ["an id in an event without data", "id: 7\n\ndata: b\n\n", [message("b", "7")]],
  ["an id that holds a NUL", "id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", [message("a", "1"), message("b", "1")]],
  [
    "an event name, for one event only",
    "event: error\ndata: a\n\ndata: b\n\n",
    [message("a", "", "error"), message("b")],
  ],
  ["a name without data is no event", "event: x\n\ndata: a\n\n", [message("a")]],
  ["fields it does not know", "retry: 10\nfoo: bar\ndata: a\n\n", [message("a")]],
  ["a colon within the value", "data: a: b\n\n", [message("a: b")]],
  ["CR line ends", "data: a\r\rdata: b\r\r", [message("a"), message("b")]],
  ["CRLF line ends", "data: a\r\ndata: b\r\n\r\n", [message("a\nb")]],
  ["mixed line ends", "data: a\r\ndata: b\rdata: c\n\r\n", [message("a\nb\nc")]],
  ["a byte order mark", "\uFEFFdata: a\n\n", [message("a")]],
  ["a second byte order mark belongs to the line", "\uFEFF\uFEFFdata: a\n\n", []],
  ["characters beyond ASCII", "data: žlutý 🐎\n\n", [message("žlutý 🐎")]],
];

for (const [name, text, expected] of STREAMS) {
  Deno.test(`parseSse() reads ${name}, however the bytes are cut`, async () => {
    const all = bytes(text);
    assert.deepEqual(await parse([all]), expected);
    assert.deepEqual(await parse([...all].map((byte) => Uint8Array.of(byte))), expected);
    for (let cut = 1; cut < all.length; cut++) {
      assert.deepEqual(await parse([all.slice(0, cut), all.slice(cut)]), expected);
    }
  });
}

Deno.test("parseSse() takes an event of the largest size and refuses a larger one", async () => {
  assert.deepEqual(await parse([bytes(`data: ${"x".repeat(100)}\n\n`)], 100), [message("x".repeat(100))]);
  await assert.rejects(parse([bytes(`data: ${"x".repeat(101)}\n\n`)], 100), SseOverflowError);
  await assert.rejects(parse([bytes("data: xxxxxxxxxx\n".repeat(11))], 100), SseOverflowError);
});

Deno.test("parseSse() gives up on a line without an end before it fills the memory", async () => {
  let served = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      served++;
      controller.enqueue(bytes("x".repeat(100)));
    },
  });
  await assert.rejects(Array.fromAsync(parseSse(endless, { maxEventBytes: 1000 })), SseOverflowError);
  assert.ok(served < 20);
});

Deno.test("parseSse() cancels the stream when its reader leaves", async () => {
  let cancelled = false;
  const stream = streamOf([bytes("data: a\n\n"), bytes("data: b\n\n"), bytes("data: c\n\n")], () => cancelled = true);
  for await (const { data } of parseSse(stream, { maxEventBytes: 100 })) {
    assert.equal(data, "a");
    break;
  }
  assert.equal(cancelled, true);
});

Deno.test("parseSse() throws what the stream throws", async () => {
  const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new TypeError("cut")) });
  await assert.rejects(Array.fromAsync(parseSse(broken, { maxEventBytes: 100 })), /cut/);
});

Deno.test("parseSse() reads back what sseFrame() writes", async () => {
  const events = [
    { id: "1", event: "error", data: '{"a":1}' },
    { data: "two\nlines" },
    { id: "2", data: "" },
    { data: " leading space" },
  ];
  assert.deepEqual(await parse([bytes(events.map(sseFrame).join(": ping\n\n"))]), [
    message('{"a":1}', "1", "error"),
    message("two\nlines", "1"),
    message("", "2"),
    message(" leading space", "2"),
  ]);
});
