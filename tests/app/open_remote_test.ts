import assert from "node:assert/strict";
import { textOf } from "../../src/a2a/parts.ts";
import type { Task } from "../../src/a2a/types.ts";
import { FIRST } from "../server/door/certificates.ts";
import { candidateOf, configOf, openTestHouse } from "./configurations.ts";

/* How a remote agent is reached: what is shown to whom, where its card may lead, and whose certificate is believed. */

interface Seen {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

interface Peer extends AsyncDisposable {
  readonly url: string;
  readonly seen: Seen[];
}

interface PeerOptions {
  /** Where its card leads; by default to itself. */
  readonly endpoint?: string;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly card?: object;
}

/** An agent that answers with one message, and keeps what it was sent. */
function peer({ endpoint, tls, card = {} }: PeerOptions = {}): Peer {
  const seen: Seen[] = [];
  const handler = async (request: Request) => {
    const { pathname, origin } = new URL(request.url);
    seen.push({ path: pathname, headers: request.headers, body: await request.text() });
    if (pathname === "/token") return Response.json({ access_token: `t${seen.length}`, expires_in: 3600 });
    if (pathname === "/.well-known/agent-card.json") return Response.json(cardAt(endpoint ?? `${origin}/rpc`, card));
    if (pathname !== "/rpc") return new Response(null, { status: 404 });
    const message = { messageId: "m", role: "ROLE_AGENT", parts: [{ text: "hello" }] };
    return Response.json({ jsonrpc: "2.0", id: idOf(seen.at(-1)?.body ?? ""), result: { message } });
  };
  const options = { hostname: "localhost", port: 0, onListen: () => {} };
  const server = tls === undefined ? Deno.serve(options, handler) : Deno.serve({ ...options, ...tls }, handler);
  return {
    url: `${tls === undefined ? "http" : "https"}://localhost:${server.addr.port}`,
    seen,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function idOf(body: string): unknown {
  const { id } = JSON.parse(body);
  return id;
}

function cardAt(url: string, more: object) {
  return {
    name: "peer",
    description: "",
    version: "1",
    supportedInterfaces: [{ url, protocolBinding: "JSONRPC", protocolVersion: "1.0" }],
    capabilities: {},
    defaultInputModes: ["text/plain"],
    defaultOutputModes: ["text/plain"],
    skills: [],
    ...more,
  };
}

/** What an agent answers that stands for the peer. */
async function say(keys: string, baseDir = "/"): Promise<Task> {
  const text = `agents:\n  r: {type: remote, ${keys}}\n`;
  const house = await openTestHouse(baseDir === "/" ? candidateOf(text) : { config: configOf(text, baseDir) });
  try {
    return await house.say("r", "hi", {
      metadata: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "x-own": 1 },
    });
  } finally {
    await house.close();
  }
}

function told({ status: { message }, artifacts = [] }: Task): string {
  return artifacts.map(textOf).join("") + (message === undefined ? "" : textOf(message));
}

/** What is configured, and what goes with each request. */
const CREDENTIALS: readonly (readonly [keys: string, header: string, value: string])[] = [
  ["credentials: {type: bearer, token: secret}", "authorization", "Bearer secret"],
  ["credentials: {type: api_key, api_key: secret}", "x-api-key", "secret"],
  ["credentials: {type: api_key, api_key: secret, api_key_header: X-Mine}", "x-mine", "secret"],
  ["credentials: {type: basic, username: me, password: secret}", "authorization", `Basic ${btoa("me:secret")}`],
  ["headers: {X-Team: blue}", "x-team", "blue"],
];

for (const [keys, header, value] of CREDENTIALS) {
  Deno.test(`a remote agent is shown what stands in ${keys}`, async () => {
    await using there = peer();
    assert.equal(told(await say(`url: "${there.url}", ${keys}`)), "hello");
    assert.ok(there.seen.every(({ headers }) => headers.get(header) === value));
  });
}

Deno.test("a remote agent is shown a token by client credentials, which is kept", async () => {
  await using there = peer();
  const credentials =
    `{type: oauth2, token_url: "${there.url}/token", client_id: me, client_secret: s, scopes: [a, b]}`;
  assert.equal(told(await say(`url: "${there.url}", credentials: ${credentials}`)), "hello");
  const [asked, another] = there.seen.filter(({ path }) => path === "/token");
  assert.equal(another, undefined);
  assert.equal(asked?.body, "grant_type=client_credentials&scope=a+b");
  assert.equal(asked?.headers.get("authorization"), `Basic ${btoa("me:s")}`);
  assert.equal(there.seen.at(-1)?.headers.get("authorization"), "Bearer t1");
});

Deno.test("a remote agent hears who passes a request on, and the trace that it belongs to", async () => {
  await using there = peer();
  await say(`url: "${there.url}"`);
  const { headers, body } = there.seen.at(-1) ?? {};
  assert.equal(headers?.get("traceparent"), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  const { params: { message: { metadata } } } = JSON.parse(body ?? "{}");
  assert.equal(metadata.traceparent, headers?.get("traceparent"));
  assert.equal(metadata["https://hector.dev/a2a/hops/v1"][0].agent, "r");
  assert.equal(metadata["x-own"], undefined);
});

Deno.test("a remote agent's card leads to no private address that the configuration does not name", async () => {
  await using secret = peer();
  const elsewhere = secret.url.replace("localhost", "127.0.0.2");
  await using there = peer({ endpoint: `${elsewhere}/rpc` });
  const keys = `url: "${there.url}", credentials: {type: bearer, token: s}`;
  const refused = told(await say(keys));
  assert.match(refused, /Cannot go to http:\/\/127\.0\.0\.2:\d+, where the agent's card leads: .*agents\.\*\.allow/);
  assert.deepEqual(secret.seen, []);
});

Deno.test("a remote agent whose card has to be signed is not believed without a signature", async () => {
  await using there = peer();
  const key =
    `{kty: EC, crv: P-256, x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`;
  const task = await say(`url: "${there.url}", trusted_keys: {keys: [${key}]}`);
  assert.match(told(task), /Cannot trust the agent card: it is not signed/);
});

Deno.test("a remote agent's certificate is believed if its authority is named, or if any is to be", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/cert.pem`, FIRST.cert);
    await using there = peer({ tls: FIRST });
    const refused = told(await say(`url: "${there.url}"`));
    assert.match(refused, /Cannot ask "r": Cannot trust https:.*agents\.\*\.ca_certificate/);
    assert.equal(told(await say(`url: "${there.url}", ca_certificate: cert.pem`, folder)), "hello");
    assert.equal(told(await say(`url: "${there.url}", insecure_skip_verify: true`)), "hello");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
