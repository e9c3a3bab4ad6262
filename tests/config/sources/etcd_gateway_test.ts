import assert from "node:assert/strict";
import { etcdSource } from "../../../src/config/sources/etcd.ts";
import type { SourceError } from "../../../src/config/sources/source_error.ts";
import { Changes, hastyDeps } from "./support/changes.ts";

const SIGNAL = new AbortController().signal;

type Answer = (path: string, body: string, headers: Headers) => Response | Promise<Response>;

/** A gateway that answers as told; what a real one does is in etcd_test.ts. */
async function withGateway(answer: Answer, act: (endpoint: string) => Promise<void>): Promise<void> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => answer(new URL(request.url).pathname, await request.text(), request.headers),
  );
  try {
    await act(`127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

function source(endpoint: string, options: Record<string, unknown> = {}) {
  return etcdSource.create({ key: "/a", endpoints: [endpoint], ...options }, hastyDeps("/nowhere", 1));
}

function range(value: string, revision = "5"): Response {
  return Response.json({ header: { revision }, kvs: [{ value: new TextEncoder().encode(value).toBase64() }] });
}

function failed(status: number, code: number, error: string): Response {
  return Response.json({ error, code, message: error }, { status });
}

/** [what it is, the answer to everything, failure, what is said after the place]. */
const ODD: [name: string, answer: Answer, failure: string, said: RegExp][] = [
  [
    "a gateway that is off",
    () => new Response("404 page not found", { status: 404 }),
    "unreadable",
    /gateway switched off\?$/,
  ],
  ["another server", () => new Response("<html>"), "unreadable", /found an answer that is not etcd's$/],
  ["JSON of another kind", () => Response.json({ hello: 1 }), "unreadable", /found an answer that is not etcd's$/],
  [
    "a value that is no base64",
    () => Response.json({ header: { revision: "1" }, kvs: [{ value: "é" }] }),
    "unreadable",
    /not etcd's$/,
  ],
  ["no leader", () => failed(503, 14, "etcdserver: no leader"), "unreachable", /etcd answers with status 503$/],
  ["a proxy in trouble", () => new Response("bad gateway", { status: 502 }), "unreachable", /status 502$/],
  [
    "a request that etcd does not like",
    () => failed(400, 3, "etcdserver: key is not provided"),
    "unreadable",
    /status 400$/,
  ],
  [
    "a key that is not to be read",
    () => failed(403, 7, "etcdserver: permission denied"),
    "refused",
    /may not read the key$/,
  ],
];

for (const [name, answer, failure, said] of ODD) {
  Deno.test(`EtcdGateway tells ${name}`, () =>
    withGateway(answer, async (endpoint) => {
      const thrown = await source(endpoint).read(SIGNAL).catch((thrown: SourceError) => thrown);
      assert.ok("failure" in thrown);
      assert.equal(thrown.failure, failure);
      assert.match(thrown.message, said);
      assert.ok(thrown.message.startsWith(`Cannot read "etcd:/a" at ${endpoint}: `), thrown.message);
    }));
}

Deno.test("EtcdGateway watches from the revision behind the one that it has read", async () => {
  const watched = Promise.withResolvers<unknown>();
  await withGateway((path, body) => {
    if (path === "/v3/kv/range") return range("a", "9007199254740993");
    watched.resolve(JSON.parse(body));
    return new Response(ReadableStream.from([]));
  }, async (endpoint) => {
    await using changes = new Changes(source(endpoint));
    await changes.text("a");
    assert.deepEqual(await watched.promise, { create_request: { key: "L2E=", start_revision: "9007199254740994" } });
  });
});

Deno.test("EtcdGateway reads again after each end of a watch, whatever it was", async () => {
  const encoder = new TextEncoder();
  const stream = (...lines: readonly string[]) =>
    new Response(ReadableStream.from(lines.map((line) => encoder.encode(line))));
  const ends = [
    () => stream('{"result":{"created":true}}\n{"result":{"eve', 'nts":[{}]}}\n'),
    () => stream('{"result":{"canceled":true,"compact_revision":"7"}}\n'),
    () => stream('{"error":{"grpc_code":14,"http_code":503}}\n'),
    () => stream("no JSON\n"),
    () => stream(),
    () => new Response("", { status: 500 }),
    () => stream(`{"result":{"events":[{"kv":{"value":"${"x".repeat(5_000_000)}`),
  ];
  let watches = 0;
  await withGateway((path) => {
    if (path === "/v3/kv/range") return range(String(watches));
    return ends[watches++]?.() ?? new Response(new ReadableStream());
  }, async (endpoint) => {
    await using changes = new Changes(source(endpoint));
    for (let at = 0; at <= ends.length; at++) await changes.text(String(at));
    assert.equal(changes.log.length, ends.length + 1);
  });
});

Deno.test("EtcdGateway logs in once for a row of requests, and again when its token is refused", async () => {
  const tokens: (string | null)[] = [];
  let logins = 0;
  await withGateway((path, body, headers) => {
    if (path === "/v3/auth/authenticate") {
      assert.deepEqual(JSON.parse(body), { name: "u", password: "s3cret" });
      return Response.json({ token: `token${++logins}` });
    }
    tokens.push(headers.get("authorization"));
    if (path !== "/v3/kv/range") return new Response(ReadableStream.from([]));
    return tokens.length === 5 ? failed(401, 16, "etcdserver: invalid auth token") : range(String(tokens.length));
  }, async (endpoint) => {
    await using changes = new Changes(source(endpoint, { username: "u", password: "s3cret" }));
    await changes.text("1");
    await changes.text("6");
    assert.deepEqual(tokens.slice(0, 6), [...Array(5).fill("token1"), "token2"]);
    assert.equal(changes.log.some((it) => it.startsWith("trouble")), false);
  });
});

Deno.test("EtcdGateway that refuses a fresh token, too, is not asked a third time", async () => {
  let asked = 0;
  await withGateway((path) => {
    if (path === "/v3/auth/authenticate") return Response.json({ token: "t" });
    asked++;
    return failed(401, 16, "etcdserver: invalid auth token");
  }, async (endpoint) => {
    const reading = source(endpoint, { username: "u", password: "s3cret" }).read(SIGNAL);
    await assert.rejects(reading, /etcd does not accept the username "u" and its password$/);
    assert.equal(asked, 2);
  });
});
