import assert from "node:assert/strict";
import { A2AError } from "../../../src/a2a/errors.ts";
import { readCard } from "../../../src/a2a/card/read_card.ts";

const COMMON = {
  name: "Analyst",
  description: "Looks at systems",
  version: "1.0.0",
  capabilities: { streaming: true },
  defaultInputModes: ["text/plain"],
  defaultOutputModes: ["text/plain"],
  skills: [],
};
const INTERFACE = { url: "https://example.com", protocolBinding: "JSONRPC", protocolVersion: "1.0" };

Deno.test("readCard() reads a 1.0 card, in snake_case too, and ignores what it does not know", () => {
  const card = { ...COMMON, supportedInterfaces: [INTERFACE] };
  assert.deepEqual(readCard({ ...card, protocolVersion: "0.3.0", url: "https://old" }), card);
  const { defaultInputModes, defaultOutputModes, ...rest } = COMMON;
  const snake = {
    ...rest,
    default_input_modes: defaultInputModes,
    default_output_modes: defaultOutputModes,
    supported_interfaces: [{ url: "https://example.com", protocol_binding: "JSONRPC", protocol_version: "1.0" }],
    security_schemes: { k: { http_auth_security_scheme: { scheme: "bearer" } } },
  };
  assert.deepEqual(readCard(snake), {
    ...card,
    securitySchemes: { k: { httpAuthSecurityScheme: { scheme: "bearer" } } },
  });
});

Deno.test("readCard() leaves out security schemes of a kind that is not known", () => {
  const securitySchemes = {
    known: { mtlsSecurityScheme: {} },
    future: { quantumSecurityScheme: { qubits: 3 } },
    broken: { apiKeySecurityScheme: { location: "forehead", name: "k" } },
  };
  const card = readCard({ ...COMMON, supportedInterfaces: [INTERFACE], securitySchemes });
  assert.deepEqual(Object.keys(card.securitySchemes ?? {}), ["known"]);
  const legacy = readCard({ ...COMMON, url: "https://example.com", securitySchemes: { a: { type: "magic" }, b: 5 } });
  assert.deepEqual(legacy.securitySchemes, {});
});

/** Where a 0.3 card says that its agent is: [members, interfaces as binding and URL]. */
const INTERFACES: readonly (readonly [Record<string, unknown>, readonly string[]])[] = [
  [{ url: "https://a" }, ["JSONRPC https://a"]],
  [{ url: "https://a", preferredTransport: "HTTP+JSON" }, ["HTTP+JSON https://a"]],
  [{ url: "https://a", preferredTransport: "jsonrpc" }, ["JSONRPC https://a"]],
  [
    {
      url: "https://a",
      preferredTransport: "JSONRPC",
      additionalInterfaces: [
        { url: "https://a", transport: "JSONRPC" },
        { url: "https://b", transport: "GRPC" },
        { url: "https://a", transport: "HTTP+JSON" },
        { url: 5, transport: "GRPC" },
        "nonsense",
      ],
    },
    ["JSONRPC https://a", "GRPC https://b", "HTTP+JSON https://a"],
  ],
  [{}, []],
];

for (const [members, expected] of INTERFACES) {
  Deno.test(`readCard() finds ${expected.join(", ") || "nothing"} in ${JSON.stringify(members)}`, () => {
    const { supportedInterfaces } = readCard({ ...COMMON, ...members });
    assert.deepEqual(supportedInterfaces.map(({ protocolBinding, url }) => `${protocolBinding} ${url}`), expected);
    assert.ok(supportedInterfaces.every(({ protocolVersion }) => protocolVersion === "0.3"));
  });
}

Deno.test("readCard() reads the rest of a 0.3 card as 1.0 has it", () => {
  const card = readCard({
    ...COMMON,
    protocolVersion: "0.3.0",
    url: "https://a",
    supportsAuthenticatedExtendedCard: true,
    security: [{ oauth: ["read"], key: [] }],
    securitySchemes: {
      oauth: {
        type: "oauth2",
        flows: {
          password: { tokenUrl: "https://t", scopes: {} },
          clientCredentials: { tokenUrl: "https://t", scopes: { read: "Read" } },
        },
      },
    },
    skills: [{ id: "s", name: "S", description: "d", tags: [], security: [{ key: [] }] }],
    signatures: [{ protected: "e30", signature: "AA" }],
  });
  assert.equal(card.capabilities.extendedAgentCard, true);
  assert.equal(card.signatures, undefined);
  assert.deepEqual(card.securityRequirements, [{ schemes: { oauth: { list: ["read"] }, key: { list: [] } } }]);
  assert.deepEqual(card.skills[0]?.securityRequirements, [{ schemes: { key: { list: [] } } }]);
  assert.deepEqual(card.securitySchemes?.oauth, {
    oauth2SecurityScheme: { flows: { clientCredentials: { tokenUrl: "https://t", scopes: { read: "Read" } } } },
  });
});

const BROKEN: readonly (readonly [unknown, string])[] = [
  ["<html>", ""],
  [null, ""],
  [{ ...COMMON, supportedInterfaces: [{}] }, "supportedInterfaces.0.url"],
  [{ ...COMMON, name: undefined, url: "https://a" }, "name"],
  [{ ...COMMON, skills: "all", url: "https://a" }, "skills"],
  [{ ...COMMON, capabilities: 1, url: "https://a" }, "capabilities"],
];

for (const [raw, field] of BROKEN) {
  Deno.test(`readCard() refuses ${JSON.stringify(raw)?.slice(0, 60)} at "${field}"`, () => {
    assert.throws(() => readCard(raw), (thrown: unknown) => {
      assert.ok(thrown instanceof A2AError);
      assert.deepEqual([thrown.reason, thrown.violations[0]?.field], ["INVALID_AGENT_RESPONSE", field]);
      assert.match(thrown.message, /^Cannot read the agent card: /);
      return true;
    });
  });
}
