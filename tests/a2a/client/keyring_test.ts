import assert from "node:assert/strict";
import type { AgentCard, SecurityScheme } from "../../../src/a2a/card/card_types.ts";
import { type ClientAuth, createKeyring, type WantedAuth } from "../../../src/a2a/client/keyring.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { CARD } from "../fake_service.ts";

const signal = new AbortController().signal;
const HERE = new URL("https://agent.example/agents/echo");
const BEARER: ClientAuth = { kind: "bearer", token: new Secret("t0ken") };
const KEY: ClientAuth = { kind: "api_key", key: new Secret("k3y ü") };
const BASIC: ClientAuth = { kind: "basic", user: "ann", password: new Secret("pä:ss") };
const SCHEMES = {
  http: { httpAuthSecurityScheme: { scheme: "Bearer" } },
  basic: { httpAuthSecurityScheme: { scheme: "basic" } },
  header: { apiKeySecurityScheme: { location: "header", name: "X-Agent-Key" } },
  query: { apiKeySecurityScheme: { location: "query", name: "key" } },
  cookie: { apiKeySecurityScheme: { location: "cookie", name: "sid" } },
  oidc: { openIdConnectSecurityScheme: { openIdConnectUrl: "https://id.example" } },
  mtls: { mtlsSecurityScheme: {} },
} satisfies Record<string, SecurityScheme>;

function cardWith(securitySchemes: AgentCard["securitySchemes"], url = HERE.href): AgentCard {
  return {
    ...CARD,
    supportedInterfaces: [{ url, protocolBinding: "JSONRPC", protocolVersion: "1.0" }],
    ...(securitySchemes === undefined ? {} : { securitySchemes }),
  };
}

type Wants = keyof typeof SCHEMES;
const CHOICES: readonly (readonly [
  name: string,
  auth: readonly ClientAuth[],
  wants: readonly Wants[],
  shown: Record<string, string>,
])[] = [
  ["a token where nothing is said", [BEARER], [], { authorization: "Bearer t0ken" }],
  ["a token where one is wanted", [BEARER], ["http"], { authorization: "Bearer t0ken" }],
  ["a token to OpenID Connect", [BEARER], ["oidc"], { authorization: "Bearer t0ken" }],
  ["a name and a password", [BASIC], ["basic"], { authorization: "Basic YW5uOnDDpDpzcw==" }],
  ["a key where nothing is said", [KEY], [], { "x-api-key": "k3y ü" }],
  ["a key in the header that is wanted", [KEY], ["header"], { "x-agent-key": "k3y ü" }],
  ["a key in the header that is named", [{ ...KEY, header: "X-Mine" }], ["header"], { "x-mine": "k3y ü" }],
  ["a key in the cookie that is wanted", [KEY], ["cookie"], { cookie: "sid=k3y%20%C3%BC" }],
  ["what fits, whatever comes first", [BEARER, KEY], ["header"], { "x-agent-key": "k3y ü" }],
  ["the first of two that fit", [BEARER, KEY], ["header", "http"], { authorization: "Bearer t0ken" }],
  ["the first if none fits", [BEARER, KEY], ["mtls"], { authorization: "Bearer t0ken" }],
];
for (const [name, auth, wants, shown] of CHOICES) {
  Deno.test(`createKeyring() shows ${name}`, async () => {
    const keyring = createKeyring(auth, HERE);
    const schemes = wants.length === 0 ? undefined : Object.fromEntries(wants.map((want) => [want, SCHEMES[want]]));
    keyring.learn(cardWith(schemes), HERE);
    const { headers, query } = await keyring.credentials(HERE, { refused: false, signal });
    assert.deepEqual({ headers, query }, { headers: shown, query: {} });
  });
}

Deno.test("createKeyring() puts a key into the query where the card wants it there", async () => {
  const keyring = createKeyring([KEY], HERE);
  keyring.learn(cardWith({ query: SCHEMES.query }), HERE);
  assert.deepEqual(await keyring.credentials(HERE, { refused: false, signal }), {
    headers: {},
    query: { key: "k3y ü" },
  });
});

const ORIGINS: readonly (readonly [name: string, agent: string, declared: string, asked: string, isShown: boolean])[] =
  [
    ["the agent's origin", "https://a.example/x", "https://a.example/x", "https://a.example/y", true],
    ["an origin that the card declares", "https://a.example", "https://b.example/rpc", "https://b.example/rpc", true],
    ["gRPC that the card declares", "https://a.example", "a.example:50051", "https://a.example:50051", true],
    ["any other origin", "https://a.example", "https://a.example", "https://evil.example", false],
    ["another port", "https://a.example", "https://a.example", "https://a.example:8443", false],
    ["the same host without TLS", "https://a.example", "http://a.example", "http://a.example/rpc", false],
    ["a host that never had TLS", "http://localhost:8080", "http://localhost:8080", "http://localhost:8080/rpc", true],
  ];
for (const [name, agent, declared, asked, isShown] of ORIGINS) {
  Deno.test(`createKeyring() shows ${isShown ? "its credentials" : "nothing"} to ${name}`, async () => {
    const keyring = createKeyring([BEARER], new URL(agent));
    keyring.learn(cardWith(undefined, declared), new URL(agent));
    const { headers } = await keyring.credentials(new URL(asked), { refused: false, signal });
    assert.equal(headers.authorization, isShown ? "Bearer t0ken" : undefined);
  });
}

Deno.test("createKeyring() shows nothing to origins of a card that it has not read", async () => {
  const keyring = createKeyring([BEARER], undefined);
  assert.deepEqual((await keyring.credentials(HERE, { refused: false, signal })).headers, {});
});

Deno.test("createKeyring() asks a provider each time, and tells it what is known", async () => {
  const wanted: WantedAuth[] = [];
  const headers = (asked: WantedAuth) => Promise.resolve({ authorization: `DPoP ${wanted.push(asked)}` });
  const keyring = createKeyring([{ kind: "provider", headers }], HERE);
  assert.ok(keyring.isRenewable);
  assert.deepEqual((await keyring.credentials(HERE, { refused: false, signal })).headers, { authorization: "DPoP 1" });
  keyring.learn(cardWith({ oidc: SCHEMES.oidc }), HERE);
  await keyring.credentials(HERE, { refused: true, signal });
  assert.deepEqual(
    wanted.map(({ url, schemes, refused }) => [url.href, Object.keys(schemes ?? {}), refused]),
    [[HERE.href, [], false], [HERE.href, ["oidc"], true]],
  );
});

const REFUSALS: readonly (readonly [wants: readonly Wants[], auth: readonly ClientAuth[], message: RegExp])[] = [
  [["http"], [], /^No\. "Echo" wants a Bearer token and was shown none$/],
  [["http"], [BEARER], /wants a Bearer token and did not take what it was shown$/],
  [["header", "basic"], [], /wants an API key \(header X-Agent-Key\) or a name and a password \(HTTP Basic\)/],
  [["oidc"], [], /a bearer token \(OpenID Connect\)/],
  [["mtls"], [], /a client certificate/],
];
for (const [wants, auth, message] of REFUSALS) {
  Deno.test(`createKeyring() says that the agent wants ${wants.join(", ")} and was shown ${auth.length}`, () => {
    const keyring = createKeyring(auth, HERE);
    keyring.learn(cardWith(Object.fromEntries(wants.map((want) => [want, SCHEMES[want]]))), HERE);
    const error = keyring.explain(new A2AError("UNAUTHENTICATED", "No", { metadata: { a: "b" } }));
    assert.match(error.message, message);
    assert.deepEqual([error.reason, error.metadata], ["UNAUTHENTICATED", { a: "b" }]);
    assert.ok(!error.message.includes("t0ken"));
  });
}

Deno.test("createKeyring() says what WWW-Authenticate says where there is no card, and leaves other errors alone", () => {
  const keyring = createKeyring([], HERE);
  const challenged = new A2AError("UNAUTHENTICATED", "The peer answered HTTP 401", {
    metadata: { wwwAuthenticate: 'Bearer realm="x", error="invalid_token", error_description="Too late"' },
  });
  assert.match(keyring.explain(challenged).message, /HTTP 401. The agent wants Bearer realm="x" and was shown none$/);
  for (const error of [new A2AError("UNAUTHENTICATED", "No"), new A2AError("PERMISSION_DENIED", "No")]) {
    assert.equal(keyring.explain(error), error);
  }
});
