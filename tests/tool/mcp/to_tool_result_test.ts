import assert from "node:assert/strict";
import { toToolResult } from "../../../src/tool/mcp/to_tool_result.ts";

type Result = Parameters<typeof toToolResult>[0];

const LIMITS = { maxBytes: 1000 };

/** [what comes, the server's result, what becomes of it] */
const RESULTS: readonly (readonly [name: string, result: Result, made: object])[] = [
  ["text", { content: [{ type: "text", text: "a" }, { type: "text", text: "b" }] }, { content: "a\nb" }],
  ["nothing", { content: [] }, { content: "Done; nothing to tell." }],
  ["a failure", { content: [{ type: "text", text: "no" }], isError: true }, { content: "no", isError: true }],
  ["a silent failure", { content: [], isError: true }, {
    content: "The tool failed and does not say why.",
    isError: true,
  }],
  [
    "structured content alone",
    { content: [], structuredContent: { a: 1 } },
    { content: '{"a":1}', parts: [{ data: { a: 1 }, mediaType: "application/json" }] },
  ],
  [
    "structured content that text repeats",
    { content: [{ type: "text", text: "a is 1" }], structuredContent: { a: 1 } },
    { content: "a is 1", parts: [{ data: { a: 1 }, mediaType: "application/json" }] },
  ],
  [
    "audio",
    { content: [{ type: "audio", data: "AAAA", mimeType: "audio/wav" }] },
    { content: "[file: audio/wav, 3 bytes]", parts: [{ raw: "AAAA", mediaType: "audio/wav" }] },
  ],
  [
    "a link on the web",
    { content: [{ type: "resource_link", uri: "https://a.example/x.pdf", name: "x", mimeType: "application/pdf" }] },
    {
      content: "[resource https://a.example/x.pdf: x, application/pdf]",
      parts: [{ url: "https://a.example/x.pdf", filename: "x", mediaType: "application/pdf" }],
    },
  ],
  [
    "a link that means something to the server alone",
    { content: [{ type: "resource_link", uri: "file:///etc/passwd", name: "passwd" }] },
    { content: "[resource file:///etc/passwd: passwd]" },
  ],
  [
    "a resource of bytes",
    { content: [{ type: "resource", resource: { uri: "mem://a/b.bin?x", blob: "AA==" } }] },
    {
      content: "[file: x, application/octet-stream, 1 bytes]",
      parts: [{ raw: "AA==", mediaType: "application/octet-stream", filename: "x" }],
    },
  ],
  [
    "a resource of text",
    { content: [{ type: "resource", resource: { uri: "mem://a", text: "hello" } }] },
    { content: "[resource mem://a]\nhello" },
  ],
];
for (const [name, result, made] of RESULTS) {
  Deno.test(`toToolResult() reads ${name}`, () => assert.deepEqual(toToolResult(result, LIMITS), made));
}

Deno.test("toToolResult() leaves out what is too large, and says so", () => {
  const image = (data: string) => ({ type: "image" as const, data, mimeType: "image/png" });
  const { content, parts } = toToolResult({ content: [image("A".repeat(900)), image("B".repeat(900))] }, LIMITS);
  assert.equal(parts?.length, 1);
  assert.match(
    content,
    /\[file: image\/png, 675 bytes\]\n.*\n\[\[file: image\/png, 675 bytes\] is left out: .*1000 bytes\]/,
  );
});
