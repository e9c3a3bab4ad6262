import assert from "node:assert/strict";
import { chooseDialect, type DialectSigns } from "../../../src/a2a/dialects/choose.ts";
import { A2AError, type ErrorReason } from "../../../src/a2a/errors.ts";

const TYPED = { message: { role: "user", parts: [{ type: "text", text: "Hi" }] } };
const KIND = { message: { role: "user", parts: [{ kind: "text", text: "Hi" }] } };
const CONTENT = { message: { role: "ROLE_USER", content: [{ text: "Hi" }] } };

/** Signs of the spellings of hector's own documents. */
function ownSigns(): (readonly [string, DialectSigns, string])[] {
  const send = "http://h:8080/v1/agents/a/message:send";
  return [
    ...["hector_v1", "hector_v1_rest", "hector_v2"].map((dialect) =>
      [`the name ${dialect}`, { dialect, method: "SendMessage" }, dialect] as const
    ),
    ["a slash between message and send", { url: "http://h/agents/a/message/send" }, "hector_v1"],
    ["a slash between message and stream", { url: "http://h/agents/a/message/stream?x=1" }, "hector_v1"],
    ["a task below /agents", { url: "http://h/agents/a/tasks/t" }, "hector_v1"],
    ["resubscribe behind a slash", { url: "http://h/agents/a/tasks/t/resubscribe" }, "hector_v1"],
    ["a task where the clients of 0.3 look", { url: "http://h/agents/a/v1/tasks/t" }, "a2a_v0_3"],
    ["a cancellation as A2A has it", { url: "http://h/agents/a/tasks/t:cancel" }, "a2a_v0_3"],
    ["sendStream", { url: "http://h/v1/agents/a/message:sendStream" }, "hector_v1_rest"],
    ["a task below /v1/agents", { url: "http://h/v1/agents/a/tasks/t" }, "hector_v1_rest"],
    ["a cancellation below /v1/agents", { url: "http://h/v1/agents/a/tasks/t:cancel" }, "hector_v1_rest"],
    ["a subscription below /v1/agents", { url: "http://h/v1/agents/a/tasks/t:subscribe" }, "a2a_v0_3"],
    ["a list below /v1/agents", { url: "http://h/v1/agents/a/tasks" }, "a2a_v0_3"],
    ["sessions of an agent", { url: "http://h/v1/agents/a/sessions/s/messages" }, "hector_v1_rest"],
    ["sessions of all agents", { url: "http://h/sessions" }, "hector_v1"],
    ["content and ROLE_USER", { url: send, payload: CONTENT }, "hector_v1_rest"],
    ["content where the clients of 0.3 send it", {
      url: "http://h/agents/a/v1/message:send",
      payload: CONTENT,
    }, "a2a_v0_3"],
    ["content with a role of JSON-RPC", { url: send, payload: { message: { role: "user", content: [] } } }, "a2a_v0_3"],
    ["parts over REST", { url: send, payload: TYPED }, "a2a_v0_3"],
    ["no message over REST", { url: send, payload: null }, "a2a_v0_3"],
    ["the path /rpc", { method: "message/send", url: "http://h:8082/rpc" }, "hector_v1_rest"],
    ["a method of 1.0 at /rpc", { method: "SendMessage", url: "http://h/rpc" }, "a2a_v1"],
    ["a method with a colon at /rpc", { method: "message:send", url: "http://h/rpc" }, "hector_v2"],
    ["card/get", { method: "card/get", url: "http://h/agents/a" }, "hector_v1_rest"],
    ["tasks/subscribe", { method: "tasks/subscribe", url: "http://h/agents/a" }, "hector_v2"],
    ["typed parts over JSON-RPC", { method: "message/send", url: "http://h/agents/a", payload: TYPED }, "hector_v2"],
    ["parts with a kind", { method: "message/send", url: "http://h/agents/a", payload: KIND }, "a2a_v0_3"],
    ["JSON-RPC at a path of REST", { method: "tasks/get", url: "http://h/v1/agents/a" }, "a2a_v0_3"],
    ["another default", { url: "http://h/elsewhere", otherwise: "a2a_v1" }, "a2a_v1"],
    ["a version beats them all", { version: "0.3", url: "http://h/rpc", payload: TYPED, method: "x" }, "a2a_v0_3"],
  ];
}

const CHOSEN: readonly (readonly [string, DialectSigns, string])[] = [
  ["version 1.0", { version: "1.0" }, "a2a_v1"],
  ["a patch number decides nothing", { version: "1.0.1", method: "SendMessage" }, "a2a_v1"],
  ["version 0.3", { version: "0.3" }, "a2a_v0_3"],
  ["version 0.3.0", { version: " 0.3.0 " }, "a2a_v0_3"],
  ["an empty version means 0.3", { version: "" }, "a2a_v0_3"],
  ["an empty version means 0.3 for a method of 1.0, too", { version: "", method: "SendMessage" }, "a2a_v0_3"],
  ["a version beats a dialect", { version: "1.0", dialect: "a2a_v0_3" }, "a2a_v1"],
  ["a version beats a path", { version: "1.0", url: "/v1/agents/a/message:send" }, "a2a_v1"],
  ["a dialect beats a method", { dialect: "a2a_v1", method: "message/send" }, "a2a_v1"],
  ["a named dialect", { version: null, dialect: "a2a_v0_3", method: "SendMessage" }, "a2a_v0_3"],
  ["a method of 1.0", { method: "GetTask" }, "a2a_v1"],
  ["a method of 0.3", { method: "message/send" }, "a2a_v0_3"],
  ["a method with a colon", { method: "message:stream" }, "hector_v2"],
  ["a method that nobody has", { method: "constructor" }, "a2a_v0_3"],
  ["a path that only 1.0 has", { url: "/agents/a/extendedAgentCard" }, "a2a_v1"],
  ["a path of 0.3", { url: "/v1/agents/a/message:send" }, "a2a_v0_3"],
  ...ownSigns(),
  ["a path without a version", { url: "/agents/a/tasks" }, "a2a_v0_3"],
  ["no sign at all", {}, "a2a_v0_3"],
];

for (const [title, signs, expected] of CHOSEN) {
  Deno.test(`chooseDialect(): ${title} → ${expected}`, () => assert.equal(chooseDialect(signs), expected));
}

const REFUSED: readonly (readonly [DialectSigns, ErrorReason, RegExp])[] = [
  [{ version: "99.0" }, "VERSION_NOT_SUPPORTED", /"99\.0": supported are 1\.0, 0\.3/],
  [{ version: "1" }, "VERSION_NOT_SUPPORTED", /"1"/],
  [{ version: "1.0, 0.3" }, "VERSION_NOT_SUPPORTED", /"1\.0, 0\.3"/],
  [{ version: "2.0", method: "SendMessage" }, "VERSION_NOT_SUPPORTED", /"2\.0"/],
  [{ dialect: "hector_v3" }, "INVALID_REQUEST", /"hector_v3": there are a2a_v1, a2a_v0_3, hector_v1, .*hector_v2/],
  [{ dialect: "" }, "INVALID_REQUEST", /there are a2a_v1/],
  [{ dialect: "__proto__" }, "INVALID_REQUEST", /"__proto__"/],
  [{ version: "1.0", method: "message/send" }, "METHOD_NOT_FOUND", /"message\/send": A2A 1\.0 has no such method/],
  [{ version: "1.0.3", method: "message:send" }, "METHOD_NOT_FOUND", /"message:send"/],
];

for (const [signs, reason, message] of REFUSED) {
  Deno.test(`chooseDialect() refuses ${JSON.stringify(signs)} with ${reason}`, () => {
    assert.throws(() => chooseDialect(signs), (thrown: unknown) => {
      assert.ok(thrown instanceof A2AError);
      assert.equal(thrown.reason, reason);
      assert.match(thrown.message, message);
      return true;
    });
  });
}

Deno.test("chooseDialect() tells the peer which versions there are", () => {
  assert.throws(() => chooseDialect({ version: "99.0" }), (thrown: unknown) => {
    assert.ok(thrown instanceof A2AError);
    assert.deepEqual(thrown.metadata, { requestedVersion: "99.0", supportedVersions: "1.0, 0.3" });
    return true;
  });
});
