import assert from "node:assert/strict";
import { parse } from "yaml";
import { scripted } from "../../src/model/scripted.ts";
import { userMessage } from "../../src/a2a/parts.ts";
import { ask, fakeDeps } from "./model_fakes.ts";

const YAML = `
rules:
  - match: { message_id: make-file-url }
    reply: { parts: [{ url: "https://example.com/a.txt", filename: a.txt, media_type: text/plain }] }
  - match: { message_id: make-file }
    reply: { text: Here it is., parts: [{ raw: aGk=, filename: b.bin }, { data: [1, null] }] }
  - match: { message_id: just-say }
    reply: { stop: message, text: Hello }
`;

const SAID = [
  ["make-file-url-7", [
    { kind: "part", part: { url: "https://example.com/a.txt", filename: "a.txt", mediaType: "text/plain" } },
    { kind: "stop", reason: "end" },
  ]],
  ["make-file-7", [
    { kind: "text", delta: "Here it is." },
    { kind: "part", part: { raw: "aGk=", filename: "b.bin" } },
    { kind: "part", part: { data: [1, null] } },
    { kind: "stop", reason: "end" },
  ]],
  ["just-say", [{ kind: "text", delta: "Hello", aside: true }, { kind: "stop", reason: "message" }]],
] as const;

for (const [messageId, events] of SAID) {
  Deno.test(`scripted: the message ${messageId} is answered by its id's beginning`, async () => {
    const model = scripted.create(parse(YAML), fakeDeps());
    assert.deepEqual(await ask(model, { messages: [userMessage("anything", { messageId })] }), events);
  });
}

for (const part of [{}, { text: "a", url: "https://example.com" }, { raw: "not base64!" }, { url: "nowhere" }]) {
  Deno.test(`scripted: the part ${JSON.stringify(part)} is refused`, () => {
    assert.equal(scripted.options().safeParse({ default: { parts: [part] } }).success, false);
  });
}
