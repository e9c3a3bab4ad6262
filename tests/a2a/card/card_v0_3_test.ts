import assert from "node:assert/strict";
import { toLegacyScheme, toV03Card } from "../../../src/a2a/card/card_v0_3.ts";
import type { AgentCard, SecurityScheme } from "../../../src/a2a/card/card_types.ts";
import { readCard } from "../../../src/a2a/card/read_card.ts";

const CARD: AgentCard = {
  name: "Analyst",
  description: "Looks at systems",
  supportedInterfaces: [
    { url: "https://example.com/agents/a", protocolBinding: "JSONRPC", protocolVersion: "1.0" },
    { url: "https://example.com/rest", protocolBinding: "HTTP+JSON", protocolVersion: "0.3" },
    { url: "https://example.com/agents/a", protocolBinding: "JSONRPC", protocolVersion: "0.3" },
  ],
  provider: { organization: "Acme", url: "https://example.com" },
  version: "1.2.3",
  documentationUrl: "https://example.com/docs",
  capabilities: { streaming: true, pushNotifications: false, extendedAgentCard: true, extensions: [{ uri: "urn:x" }] },
  securitySchemes: { key: { apiKeySecurityScheme: { location: "header", name: "X-Key" } } },
  securityRequirements: [{ schemes: { key: { list: ["a"] }, other: {} } }],
  defaultInputModes: ["text/plain"],
  defaultOutputModes: ["text/plain", "image/png"],
  skills: [
    {
      id: "s",
      name: "Skill",
      description: "Does it",
      tags: ["t"],
      securityRequirements: [{ schemes: { key: { list: [] } } }],
    },
  ],
  signatures: [{ protected: "e30", signature: "AA" }],
  iconUrl: "https://example.com/icon.png",
};

const CARD_03 = {
  protocolVersion: "0.3.0",
  url: "https://example.com/rest",
  preferredTransport: "HTTP+JSON",
  additionalInterfaces: [
    { url: "https://example.com/rest", transport: "HTTP+JSON" },
    { url: "https://example.com/agents/a", transport: "JSONRPC" },
  ],
  supportsAuthenticatedExtendedCard: true,
  security: [{ key: ["a"], other: [] }],
  name: "Analyst",
  description: "Looks at systems",
  version: "1.2.3",
  provider: { organization: "Acme", url: "https://example.com" },
  documentationUrl: "https://example.com/docs",
  iconUrl: "https://example.com/icon.png",
  capabilities: {
    streaming: true,
    pushNotifications: false,
    stateTransitionHistory: false,
    extensions: [{ uri: "urn:x" }],
  },
  securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } },
  defaultInputModes: ["text/plain"],
  defaultOutputModes: ["text/plain", "image/png"],
  skills: [{ id: "s", name: "Skill", description: "Does it", tags: ["t"], security: [{ key: [] }] }],
};

Deno.test("toV03Card() gives the card of A2A 0.3, unsigned", () => assert.deepEqual(toV03Card(CARD), CARD_03));

Deno.test("toV03Card() has a URL even where the agent speaks 1.0 only", () => {
  const { url, preferredTransport, additionalInterfaces } = toV03Card({
    ...CARD,
    supportedInterfaces: CARD.supportedInterfaces.slice(0, 1),
  });
  assert.deepEqual([url, preferredTransport, additionalInterfaces], [
    "https://example.com/agents/a",
    "JSONRPC",
    undefined,
  ]);
});

const flow = { authorizationUrl: "https://a", tokenUrl: "https://t", scopes: { read: "Read" } };

/** [1.0, 0.3, what 1.0 reads from it where that is not the same]. */
const SCHEMES: readonly (readonly [SecurityScheme, unknown, unknown?])[] = [
  [
    { apiKeySecurityScheme: { location: "cookie", name: "k", description: "d" } },
    { type: "apiKey", in: "cookie", name: "k", description: "d" },
  ],
  [
    { httpAuthSecurityScheme: { scheme: "bearer", bearerFormat: "JWT" } },
    { type: "http", scheme: "bearer", bearerFormat: "JWT" },
  ],
  [
    { oauth2SecurityScheme: { flows: { authorizationCode: flow }, oauth2MetadataUrl: "https://m" } },
    { type: "oauth2", flows: { authorizationCode: flow }, oauth2MetadataUrl: "https://m" },
  ],
  [
    { oauth2SecurityScheme: { flows: { authorizationCode: { ...flow, pkceRequired: true } } } },
    { type: "oauth2", flows: { authorizationCode: flow } },
    { oauth2SecurityScheme: { flows: { authorizationCode: flow } } },
  ],
  [
    { oauth2SecurityScheme: { flows: { clientCredentials: { tokenUrl: "https://t", scopes: {} } } } },
    { type: "oauth2", flows: { clientCredentials: { tokenUrl: "https://t", scopes: {} } } },
  ],
  [
    {
      oauth2SecurityScheme: {
        flows: { deviceCode: { deviceAuthorizationUrl: "x", tokenUrl: "https://t", scopes: {} } },
      },
    },
    { type: "oauth2", flows: {} },
    null,
  ],
  [
    { openIdConnectSecurityScheme: { openIdConnectUrl: "https://o" } },
    { type: "openIdConnect", openIdConnectUrl: "https://o" },
  ],
  [{ mtlsSecurityScheme: {} }, { type: "mutualTLS" }],
];

for (const [scheme, legacy, back = scheme] of SCHEMES) {
  Deno.test(`toLegacyScheme() and readCard() map ${JSON.stringify(legacy)}`, () => {
    assert.deepEqual(toLegacyScheme(scheme), legacy);
    const { securitySchemes } = readCard({ ...CARD_03, securitySchemes: { s: legacy } });
    assert.deepEqual(securitySchemes, back === null ? {} : { s: back });
  });
}
