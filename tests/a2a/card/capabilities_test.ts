import assert from "node:assert/strict";
import { capabilitiesOf, type CapabilityParts } from "../../../src/a2a/card/capabilities.ts";
import { AgentCapabilities } from "../../../src/a2a/card/card_types.ts";
import { RESUME_EXTENSION } from "../../../src/a2a/extensions.ts";
import { HITL_EXTENSION } from "../../../src/a2a/hitl.ts";

function uris(parts: CapabilityParts) {
  return (capabilitiesOf(parts).extensions ?? []).map(({ uri }) => uri);
}

Deno.test("capabilitiesOf() says outright what a peer looks for, and of the extended card only that there is one", () => {
  const { extensions: _, ...plain } = capabilitiesOf({});
  assert.deepEqual(plain, { streaming: true, pushNotifications: false });
  const all = capabilitiesOf({ streaming: false, pushNotifications: true, extendedAgentCard: true });
  assert.deepEqual(all, { streaming: false, pushNotifications: true, extendedAgentCard: true });
});

Deno.test("capabilitiesOf() declares that streams can be resumed, where there are streams", () => {
  assert.deepEqual(uris({}), [RESUME_EXTENSION]);
  assert.deepEqual(uris({ streaming: false }), []);
  assert.deepEqual(uris({ extensions: [{ uri: "urn:x" }] }), [RESUME_EXTENSION, "urn:x"]);
});

Deno.test("capabilitiesOf() lets a configured extension stand for the one that every agent has", () => {
  const { extensions } = capabilitiesOf({ extensions: [{ uri: RESUME_EXTENSION, required: true }] });
  assert.deepEqual(extensions, [{ uri: RESUME_EXTENSION, required: true }]);
});

Deno.test("capabilitiesOf() gives what the schema of A2A takes as it is", () => {
  const parts = { extendedAgentCard: true, extensions: [{ uri: "urn:x", required: true, params: { a: [1, null] } }] };
  assert.deepEqual(AgentCapabilities.parse(capabilitiesOf(parts)), capabilitiesOf(parts));
});

Deno.test("capabilitiesOf() declares that people are asked, where a call may wait for one", () => {
  assert.deepEqual(uris({ asksPeople: true }), [RESUME_EXTENSION, HITL_EXTENSION]);
  assert.deepEqual(uris({ asksPeople: true, extensions: [{ uri: HITL_EXTENSION }] }), [
    RESUME_EXTENSION,
    HITL_EXTENSION,
  ]);
  assert.deepEqual(uris({ asksPeople: true, streaming: false }), [HITL_EXTENSION]);
});
