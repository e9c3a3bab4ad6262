import assert from "node:assert/strict";
import { AgentCard as SdkAgentCard } from "@a2a-js/sdk";
import { buildCard, type CardParts } from "../../../src/a2a/card/build_card.ts";
import { capabilitiesOf } from "../../../src/a2a/card/capabilities.ts";
import { cardETag } from "../../../src/a2a/card/card_etag.ts";
import { toHybridCard } from "../../../src/a2a/card/hybrid_card.ts";
import { RESUME_EXTENSION } from "../../../src/a2a/extensions.ts";
import { AgentCard } from "../../../src/a2a/card/card_types.ts";
import { toV03Card } from "../../../src/a2a/card/card_v0_3.ts";
import { readCard } from "../../../src/a2a/card/read_card.ts";

const PARTS: CardParts = {
  id: "assistant",
  name: "AI Assistant",
  description: "A helpful assistant",
  version: "2.0.0",
  baseUrl: "http://localhost:8080/",
  skills: [{
    id: "general",
    name: "General Assistant",
    description: "Answers questions",
    tags: ["general"],
    securityRequirements: [{ schemes: { BearerAuth: { list: ["read"] } } }],
  }],
};
const SECURED: CardParts = {
  ...PARTS,
  provider: { organization: "Hector", url: "https://example.com" },
  documentationUrl: "https://example.com/docs",
  security: {
    schemes: { BearerAuth: { httpAuthSecurityScheme: { scheme: "bearer", bearerFormat: "JWT" } } },
    requirements: [{ schemes: { BearerAuth: { list: [] } } }],
  },
};
const URL_OF_AGENT = "http://localhost:8080/agents/assistant";

Deno.test("buildCard() offers both generations over both bindings, 1.0 first", () => {
  assert.deepEqual(buildCard(PARTS).supportedInterfaces, [
    { url: URL_OF_AGENT, protocolBinding: "JSONRPC", protocolVersion: "1.0" },
    { url: URL_OF_AGENT, protocolBinding: "HTTP+JSON", protocolVersion: "1.0" },
    { url: URL_OF_AGENT, protocolBinding: "JSONRPC", protocolVersion: "0.3" },
    { url: URL_OF_AGENT, protocolBinding: "HTTP+JSON", protocolVersion: "0.3" },
  ]);
});

const PREFERRED:
  readonly (readonly [preferred: string, isDefault: boolean, first: readonly string[], legacy: string])[] = [
    ["JSONRPC", true, ["JSONRPC 1.0", "JSONRPC 0.3", "HTTP+JSON 1.0"], "JSONRPC jsonrpc"],
    ["HTTP+JSON", true, ["HTTP+JSON 1.0", "HTTP+JSON 0.3", "JSONRPC 1.0"], "HTTP+JSON rest"],
    ["GRPC", true, ["GRPC 1.0", "GRPC 0.3", "JSONRPC 1.0"], "GRPC grpc"],
    // Over gRPC, 0.3 cannot name an agent: its readers go where they can.
    ["GRPC", false, ["GRPC 1.0", "JSONRPC 1.0", "HTTP+JSON 1.0"], "JSONRPC jsonrpc"],
  ];
for (const [preferred, isDefault, first, legacy] of PREFERRED) {
  Deno.test(`buildCard() has ${preferred} first where it is preferred (${isDefault ? "default" : "another"} agent)`, () => {
    const card = buildCard({ ...PARTS, preferred, grpc: { address: "localhost:50051", isDefault } });
    const names = card.supportedInterfaces.map((each) => `${each.protocolBinding} ${each.protocolVersion}`);
    assert.deepEqual(names.slice(0, 3), first);
    assert.equal(new Set(names).size, isDefault ? 6 : 5);
    const { preferredTransport, preferred_transport } = toHybridCard(card, { snakeCase: true });
    assert.equal(`${preferredTransport} ${preferred_transport}`, legacy);
    assert.equal(toV03Card(card).preferredTransport, preferredTransport);
  });
}

Deno.test("buildCard() keeps its order where the binding that is preferred is not served", () => {
  assert.deepEqual(buildCard({ ...PARTS, preferred: "GRPC" }), buildCard(PARTS));
});

Deno.test("buildCard() says what the agent can do", () => {
  const { capabilities, defaultInputModes, defaultOutputModes } = buildCard(PARTS);
  assert.deepEqual([capabilities.streaming, capabilities.pushNotifications], [true, false]);
  assert.deepEqual(capabilities.extensions?.map(({ uri }) => uri), [RESUME_EXTENSION]);
  assert.deepEqual([defaultInputModes, defaultOutputModes], [["text/plain"], ["text/plain"]]);
});

for (const parts of [PARTS, SECURED]) {
  Deno.test(`buildCard() gives a 1.0 card that the official SDK reads without loss (${Object.keys(parts).length})`, () => {
    const card = buildCard(parts);
    assert.deepEqual(AgentCard.parse(card), card);
    assert.deepEqual(SdkAgentCard.toJSON(SdkAgentCard.fromJSON(card)), withoutEmpty(card));
  });
}

/** The SDK leaves out empty lists and the `list` of a scheme without scopes. */
function withoutEmpty(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value),
    (_, member) => Array.isArray(member) && member.length === 0 ? undefined : member,
  );
}

Deno.test("buildCard() has a skill where the agent names none", () => {
  assert.deepEqual(buildCard({ ...PARTS, skills: [] }).skills, [
    { id: "assistant", name: "AI Assistant", description: "A helpful assistant", tags: ["general"] },
  ]);
});

Deno.test("buildCard() writes nothing that is empty", () => {
  const { description, skills, capabilities, securityRequirements } = buildCard({
    ...PARTS,
    description: "",
    skills: [{ id: "s", name: "S", description: "d", tags: [], examples: [], inputModes: [], outputModes: [] }],
    capabilities: capabilitiesOf({ extensions: [{ uri: "urn:x", description: "", required: false, params: {} }] }),
    security: { schemes: { Key: { mtlsSecurityScheme: {} } }, requirements: [] },
  });
  assert.equal(description, PARTS.name);
  assert.deepEqual(skills, [{ id: "s", name: "S", description: "d", tags: ["s"] }]);
  assert.deepEqual(capabilities.extensions?.at(-1), { uri: "urn:x" });
  assert.equal(securityRequirements, undefined);
});

Deno.test("buildCard() says nothing of security where nobody is asked", () => {
  for (const security of [undefined, { schemes: {}, requirements: [] }]) {
    const card = buildCard({ ...PARTS, security });
    assert.deepEqual([card.securitySchemes, card.securityRequirements], [undefined, undefined]);
  }
});

Deno.test("buildCard() writes an id into a URL as a URL wants it", () => {
  const { supportedInterfaces } = buildCard({ ...PARTS, id: "a b/ü", baseUrl: "https://example.com/hector//" });
  assert.equal(supportedInterfaces[0]?.url, "https://example.com/hector/agents/a%20b%2F%C3%BC");
});

Deno.test("toHybridCard() is a 1.0 card to a reader of 1.0 and a 0.3 card to one of 0.3", () => {
  const card = buildCard(SECURED);
  for (const snakeCase of [false, true]) {
    const hybrid = JSON.parse(JSON.stringify(toHybridCard(card, { snakeCase })));
    assert.deepEqual(readCard(hybrid), card);
    const { supportedInterfaces: _v1, ...legacy } = hybrid;
    assert.deepEqual(readCard(legacy), readCard(JSON.parse(JSON.stringify(toV03Card(card)))));
  }
});

Deno.test("toHybridCard() has the members of 0.3 beside those of 1.0", () => {
  const hybrid = toHybridCard(buildCard(SECURED), { snakeCase: false });
  assert.deepEqual(
    [hybrid.protocolVersion, hybrid.url, hybrid.preferredTransport, hybrid.security],
    ["0.3.0", URL_OF_AGENT, "JSONRPC", [{ BearerAuth: [] }]],
  );
  assert.deepEqual(hybrid.additionalInterfaces, [
    { url: URL_OF_AGENT, transport: "JSONRPC" },
    { url: URL_OF_AGENT, transport: "HTTP+JSON" },
  ]);
  assert.deepEqual(hybrid.securitySchemes, {
    BearerAuth: {
      httpAuthSecurityScheme: { scheme: "bearer", bearerFormat: "JWT" },
      type: "http",
      scheme: "bearer",
      bearerFormat: "JWT",
    },
  });
  for (const name of Object.keys(hybrid)) assert.ok(!name.includes("_"), name);
});

Deno.test("toHybridCard() has every member of the older HTTP API's card, with its values", () => {
  const hybrid = toHybridCard(buildCard(SECURED), { snakeCase: true });
  const documented = {
    name: "AI Assistant",
    description: "A helpful assistant",
    url: URL_OF_AGENT,
    version: "2.0.0",
    protocol_version: "1.0",
    default_input_modes: ["text/plain"],
    default_output_modes: ["text/plain"],
    preferred_transport: "jsonrpc",
    security_schemes: { BearerAuth: { type: "http", scheme: "bearer", bearer_format: "JWT" } },
    security: [{ BearerAuth: [] }],
    documentation_url: "https://example.com/docs",
  };
  for (const [name, value] of Object.entries(documented)) assert.deepEqual(hybrid[name], value, name);
  const text = JSON.stringify(hybrid);
  assert.match(text, /"push_notifications":false/);
  assert.match(text, /"state_transition_history":false/);
  assert.match(text, /"org":"Hector"/);
});

Deno.test("toHybridCard() says nothing of security where there is none, and carries no signature of another form", () => {
  const signed = { ...buildCard(PARTS), signatures: [{ protected: "e30", signature: "AA" }] };
  const hybrid = toHybridCard(signed, { snakeCase: true });
  for (const name of ["security", "securitySchemes", "security_schemes", "signatures", "provider", "icon_url"]) {
    assert.ok(!(name in hybrid), name);
  }
});

Deno.test("cardETag() is weak, the same for the same card and another for another", () => {
  const card = buildCard(PARTS);
  assert.match(cardETag(card), /^W\/"[0-9a-f]{16}"$/);
  assert.equal(cardETag(card), cardETag(buildCard(PARTS)));
  const tags = [
    card,
    buildCard({ ...PARTS, version: "2.0.1" }),
    toHybridCard(card, { snakeCase: false }),
    toV03Card(card),
  ]
    .map((form) => cardETag(form));
  assert.equal(new Set(tags).size, tags.length);
  assert.notEqual(cardETag(card), cardETag(card, ["key-1"]));
  assert.notEqual(cardETag(card, ["key-1"]), cardETag(card, ["key-2"]));
});
