import assert from "node:assert/strict";
import { chooseDialect, type DialectSigns } from "../../../src/a2a/dialects/choose.ts";
import { A2AError, type ErrorReason } from "../../../src/a2a/errors.ts";

const CHOSEN: readonly (readonly [string, DialectSigns, string])[] = [
  ["version 1.0", { version: "1.0" }, "a2a_v1"],
  ["a patch number decides nothing", { version: "1.0.1", method: "SendMessage" }, "a2a_v1"],
  ["version 0.3", { version: "0.3" }, "a2a_v0_3"],
  ["version 0.3.0", { version: " 0.3.0 " }, "a2a_v0_3"],
  ["an empty version means 0.3", { version: "" }, "a2a_v0_3"],
  ["an empty version means 0.3 for a method of 1.0, too", { version: "", method: "SendMessage" }, "a2a_v0_3"],
  ["a version beats a dialect", { version: "1.0", dialect: "a2a_v0_3" }, "a2a_v1"],
  ["a version beats a path", { version: "1.0", path: "/v1/agents/a/message:send" }, "a2a_v1"],
  ["a dialect beats a method", { dialect: "a2a_v1", method: "message/send" }, "a2a_v1"],
  ["a named dialect", { version: null, dialect: "a2a_v0_3", method: "SendMessage" }, "a2a_v0_3"],
  ["a method of 1.0", { method: "GetTask" }, "a2a_v1"],
  ["a method of 0.3", { method: "message/send" }, "a2a_v0_3"],
  ["a method with a colon", { method: "message:stream" }, "a2a_v0_3"],
  ["a method that nobody has", { method: "constructor" }, "a2a_v0_3"],
  ["a path that only 1.0 has", { path: "/agents/a/extendedAgentCard" }, "a2a_v1"],
  ["a path of 0.3", { path: "/v1/agents/a/message:send" }, "a2a_v0_3"],
  ["a path without a version", { path: "/agents/a/tasks" }, "a2a_v0_3"],
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
  [{ dialect: "hector_v2" }, "INVALID_REQUEST", /"hector_v2": there are a2a_v1, a2a_v0_3/],
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
