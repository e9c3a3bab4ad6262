import assert from "node:assert/strict";
import { z } from "zod";
import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import { Http2Connection } from "../../../src/lib/http2/http2_connection.ts";
import { tcpBytes } from "../../../src/server/tcp_bytes.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { SECRET, token } from "../../guard/tokens.ts";
import { ask as askGrpc } from "../../lib/grpc/grpc_client.ts";
import { type GuardedServer, guardedServer } from "./guarded_server.ts";
import { type Headers, wiresTo } from "./wires.ts";

const AUTH = "{secret: '${SECRET}', api_keys: [{key: '${KEY}', subject: ci}], allow_query_token: false}";
const ENV = { SECRET, KEY: "planted-canary-key" };
const END = Math.floor(Date.now() / 1000) + 600;
const GOOD = await token(SECRET, { exp: END });
const EXPIRED = await token(SECRET, { exp: 1 });
const KEY: Headers = { "x-api-key": ENV.KEY };

/** [what, credential, the reason of the refusal] */
const SHOWN: readonly (readonly [what: string, headers: Headers, reason: string | undefined])[] = [
  ["nothing", {}, "UNAUTHENTICATED"],
  ["a key", KEY, undefined],
  ["a key as a token", { authorization: `Bearer ${ENV.KEY}` }, undefined],
  ["a token", { authorization: `Bearer ${GOOD}` }, undefined],
  ["a token that has expired", { authorization: `Bearer ${EXPIRED}` }, "UNAUTHENTICATED"],
  ["an unknown key", { "x-api-key": "planted-canary-guess" }, "UNAUTHENTICATED"],
  ["two credentials", { ...KEY, authorization: `Bearer ${GOOD}` }, "UNAUTHENTICATED"],
  ["another scheme", { authorization: "Basic cGxhbnRlZDpjYW5hcnk=" }, "UNAUTHENTICATED"],
];

Deno.test("every binding takes and refuses the same credentials, in the same words, and none is logged", async () => {
  await using server = await guardedServer(AUTH, ENV);
  for (const [what, headers, reason] of SHOWN) {
    const outcomes = await Promise.all(
      wiresTo(server).map(async (wire) => {
        const outcome = await wire.ask("ListTasks", {}, headers);
        return { name: wire.name, told: "reason" in outcome ? outcome.reason : undefined, outcome };
      }),
    );
    for (const { name, told, outcome } of outcomes) {
      // Of a socket that does not open a page learns no more than that.
      const isSilent = name === "WebSocket" && reason !== undefined;
      assert.equal(told, isSilent ? "none" : reason, `${what} over ${name}`);
      assert.doesNotMatch(JSON.stringify(outcome), /planted-canary|eyJ/);
    }
    const words = outcomes.slice(0, 3).map(({ outcome }) => "words" in outcome ? outcome.words : "");
    assert.equal(new Set(words).size, 1, words.join(" | "));
  }
  assert.doesNotMatch(server.printed(), /planted-canary|eyJ/);
});

async function rawGrpc({ grpcPort }: GuardedServer, path: string, metadata: readonly (readonly [string, string])[]) {
  const bytes = tcpBytes(await Deno.connect({ hostname: "127.0.0.1", port: grpcPort }));
  const client = new Http2Connection({ role: "client" }, bytes, { timers: PROCESS_TIMERS });
  const over = client.run();
  const { trailers } = await askGrpc(client, path, new Uint8Array(0), { metadata });
  client.close("NO_ERROR", "done");
  await over;
  return trailers.get("grpc-status");
}

Deno.test("gRPC: health, reflection and the public card of 0.3 are for everybody, nothing else is", async () => {
  await using server = await guardedServer(AUTH, ENV);
  assert.equal(await rawGrpc(server, "/grpc.health.v1.Health/Check", []), "0");
  assert.equal(await rawGrpc(server, "/a2a.v1.A2AService/GetAgentCard", []), "0");
  assert.equal(await rawGrpc(server, "/a2a.v1.A2AService/GetAgentCard", [["x-api-key", "wrong"]]), "16");
  assert.equal(await rawGrpc(server, "/a2a.v1.A2AService/GetAgentCard", [["agent-name", "inner"]]), "5");
  const inner = [["agent-name", "inner"], ["x-api-key", ENV.KEY]] as const;
  assert.equal(await rawGrpc(server, "/a2a.v1.A2AService/GetAgentCard", inner), "0");
  const codec = await loadCodec();
  for (const service of ["lf.a2a.v1.A2AService", "a2a.v1.A2AService"]) {
    for (const { name } of codec.methods(service)) {
      if (name === "GetAgentCard") continue;
      assert.equal(await rawGrpc(server, `/${service}/${name}`, []), "16", name);
    }
  }
});

Deno.test("gRPC: metadata that comes twice is no credential", async () => {
  await using server = await guardedServer(AUTH, ENV);
  const path = "/lf.a2a.v1.A2AService/ListTasks";
  const one = ["authorization", `Bearer ${ENV.KEY}`] as const;
  assert.equal(await rawGrpc(server, path, [one]), "0");
  assert.equal(await rawGrpc(server, path, [one, one]), "16");
  assert.equal(await rawGrpc(server, path, [["x-api-key", ENV.KEY], ["x-api-key", ENV.KEY]]), "16");
});

Deno.test("gRPC: a claim that does not allow it is PERMISSION_DENIED", async () => {
  await using server = await guardedServer("{secret: '${SECRET}', required_claims: {scope: call}}", ENV);
  const path = "/lf.a2a.v1.A2AService/ListTasks";
  assert.equal(await rawGrpc(server, path, [["authorization", `Bearer ${GOOD}`]]), "7");
});

async function openSocket(server: GuardedServer, protocols: string[]) {
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/agents/desk/ws?A2A-Version=1.0`, protocols);
  const opened = await new Promise((resolve) => {
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
  });
  const closed = new Promise((resolve) => socket.onclose = resolve);
  const { protocol } = socket;
  if (opened) {
    socket.close();
    await closed;
  }
  return opened ? protocol : undefined;
}

Deno.test("WebSocket: a page hands its token over as a subprotocol, which is not told back", async () => {
  await using server = await guardedServer(AUTH, ENV);
  assert.equal(await openSocket(server, ["bearer", GOOD]), "bearer");
  assert.equal(await openSocket(server, ["bearer", ENV.KEY]), "bearer");
  assert.equal(await openSocket(server, ["bearer", EXPIRED]), undefined);
  assert.equal(await openSocket(server, ["bearer"]), undefined);
  assert.equal(await openSocket(server, [GOOD]), undefined);
  assert.equal(await openSocket(server, []), undefined);
});

Deno.test("WebSocket: a subprotocol is a token of sockets alone", async () => {
  await using server = await guardedServer(AUTH, ENV);
  const headers = { "sec-websocket-protocol": `bearer, ${GOOD}` };
  const response = await fetch(`${server.url}/agents/desk/tasks`, { headers });
  await response.body?.cancel();
  assert.equal(response.status, 401);
});

const Health = z.object({ auth: z.unknown().optional() });

Deno.test("/health tells how to sign in, and cards what is taken", async () => {
  const auth = "{issuer: 'https://auth.example', audience: [hector-api, b], client_id: ui, api_keys: ['${KEY}']}";
  await using server = await guardedServer(auth, ENV);
  assert.deepEqual(Health.parse(await (await fetch(`${server.url}/health`)).json()).auth, {
    enabled: true,
    type: "jwt",
    issuer: "https://auth.example",
    audience: "hector-api",
    client_id: "ui",
  });
  const url = "https://auth.example/.well-known/openid-configuration";
  const v1 = await (await fetch(`${server.url}/agents/desk`, { headers: { "a2a-version": "1.0" } })).json();
  assert.deepEqual(v1.securitySchemes, {
    BearerAuth: { httpAuthSecurityScheme: { scheme: "bearer", bearerFormat: "JWT" } },
    OpenIdConnect: { openIdConnectSecurityScheme: { openIdConnectUrl: url } },
    ApiKeyAuth: { apiKeySecurityScheme: { location: "header", name: "X-API-Key" } },
  });
  assert.deepEqual(v1.securityRequirements.map(({ schemes }: { schemes: object }) => Object.keys(schemes)), [
    ["BearerAuth"],
    ["OpenIdConnect"],
    ["ApiKeyAuth"],
  ]);
  const v03 = await (await fetch(`${server.url}/agents/desk`, { headers: { "a2a-version": "0.3" } })).json();
  assert.deepEqual(v03.security, [{ BearerAuth: [] }, { OpenIdConnect: [] }, { ApiKeyAuth: [] }]);
  assert.deepEqual(v03.securitySchemes.OpenIdConnect, { type: "openIdConnect", openIdConnectUrl: url });
});

Deno.test("a section that is switched off asks nobody", async () => {
  await using server = await guardedServer("{enabled: false}");
  assert.equal(Health.parse(await (await fetch(`${server.url}/health`)).json()).auth, undefined);
  for (const wire of wiresTo(server)) assert.ok("result" in await wire.ask("ListTasks", {}, {}), wire.name);
});
