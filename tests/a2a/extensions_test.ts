import assert from "node:assert/strict";
import { A2AError } from "../../src/a2a/errors.ts";
import {
  activeExtensions,
  extensionsHeader,
  requestedExtensions,
  requireExtensions,
  RESUME_EXTENSION,
} from "../../src/a2a/extensions.ts";

const CAPABILITIES = { extensions: [{ uri: "urn:a/v1" }, { uri: "urn:b/v1", required: true }] };

const ROWS: [what: string, headers: Record<string, string>, active: string[]][] = [
  ["nothing is asked for", {}, []],
  ["one that is declared", { "A2A-Extensions": "urn:a/v1" }, ["urn:a/v1"]],
  ["several, with spaces and empty places", { "a2a-extensions": " urn:b/v1 ,, urn:a/v1," }, ["urn:b/v1", "urn:a/v1"]],
  ["the same one twice", { "a2a-extensions": "urn:a/v1, urn:a/v1" }, ["urn:a/v1"]],
  ["one that is not known beside one that is", { "a2a-extensions": "urn:c/v1,urn:a/v1" }, ["urn:a/v1"]],
  ["another version of one that is", { "a2a-extensions": "urn:a/v2" }, []],
  ["one in another case: URIs are compared as they are", { "a2a-extensions": "URN:A/v1" }, []],
  ["the name of 0.3", { "X-A2A-Extensions": "urn:a/v1" }, ["urn:a/v1"]],
  ["both names: the newer one counts", { "x-a2a-extensions": "urn:a/v1", "a2a-extensions": "urn:b/v1" }, ["urn:b/v1"]],
];
for (const [what, headers, active] of ROWS) {
  Deno.test(`activeExtensions(): ${what}`, () => {
    assert.deepEqual(activeExtensions(requestedExtensions(new Headers(headers)), () => CAPABILITIES), active);
  });
}

Deno.test("activeExtensions() of an agent that declares none are none", () => {
  assert.deepEqual(activeExtensions(["urn:a/v1"], () => ({})), []);
});

Deno.test("activeExtensions() knows that streams can be resumed, whatever the card says, if there are any", () => {
  assert.deepEqual(activeExtensions(["urn:a/v1", RESUME_EXTENSION]), [RESUME_EXTENSION]);
  assert.deepEqual(activeExtensions([RESUME_EXTENSION], () => ({ streaming: false })), []);
});

Deno.test("requestedExtensions() are all that a peer names, known or not", () => {
  assert.deepEqual(requestedExtensions(new Map([["a2a-extensions", "urn:c, urn:a"]])), ["urn:c", "urn:a"]);
  assert.deepEqual(requestedExtensions(new Map()), []);
});

Deno.test("extensionsHeader() answers under the name by which was asked", () => {
  const active = ["urn:a/v1", "urn:b/v1"];
  const asked = (name: string) => new Map([[name, "urn:a/v1,urn:b/v1"]]);
  assert.deepEqual(extensionsHeader(asked("a2a-extensions"), active), [["a2a-extensions", "urn:a/v1, urn:b/v1"]]);
  assert.deepEqual(extensionsHeader(asked("x-a2a-extensions"), active), [["x-a2a-extensions", "urn:a/v1, urn:b/v1"]]);
  assert.deepEqual(extensionsHeader(asked("a2a-extensions"), []), []);
});

Deno.test("requireExtensions() lets a call pass that has what is required", () => {
  requireExtensions(["urn:b/v1"], CAPABILITIES);
  requireExtensions([], {});
  requireExtensions([], { extensions: [{ uri: "urn:a/v1", required: false }] });
});

Deno.test("requireExtensions() refuses a call without what is required, and names it", () => {
  assert.throws(() => requireExtensions(["urn:a/v1"], CAPABILITIES), (thrown: unknown) => {
    assert.ok(thrown instanceof A2AError);
    assert.equal(thrown.reason, "EXTENSION_SUPPORT_REQUIRED");
    assert.deepEqual(thrown.metadata, { extension: "urn:b/v1" });
    return true;
  });
});
