import assert from "node:assert/strict";
import { consulSource } from "../../../src/config/sources/consul.ts";
import type { SourceError } from "../../../src/config/sources/source_error.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { findOpenssl, makeCertificates } from "./support/certificates.ts";
import { Changes, hastyDeps, textOf } from "./support/changes.ts";
import { ConsulDouble, type ConsulDoubleOptions } from "./support/consul_double.ts";
import { hastyTimers } from "./support/hasty_timers.ts";
import { find } from "./support/service.ts";
import { freePort } from "../../lib/free_port.ts";
import { tcpProxy } from "./support/tcp_proxy.ts";

const openssl = await find("openssl", findOpenssl);
const SIGNAL = new AbortController().signal;
const KEY = "hector/prod";
/** In a hurry, a blocking query of half a minute takes half a second. */
const HURRY = 60;

function double(options: Partial<ConsulDoubleOptions> = {}): ConsulDouble {
  return new ConsulDouble({ timers: hastyTimers(HURRY), ...options });
}

function source(consul: Pick<ConsulDouble, "endpoint">, options: Record<string, unknown> = {}, factor?: number) {
  return consulSource.create({ key: KEY, endpoints: [consul.endpoint], ...options }, hastyDeps("/base", factor, 1000));
}

/** Reads as in life: with all the time it takes. */
function patient(options: Record<string, unknown>) {
  return consulSource.create({ key: KEY, ...options }, { ...hastyDeps("/base"), timers: PROCESS_TIMERS });
}

async function failure(reading: Promise<unknown>): Promise<[failure: string, message: string]> {
  const thrown = await reading.then(() => assert.fail("it was read"), (thrown: SourceError) => thrown);
  return [thrown.failure, thrown.message];
}

Deno.test("consulSource: a change of the key, its deletion and its return have their effect", async () => {
  await using consul = double();
  const first = patient({ endpoints: [consul.endpoint] });
  assert.deepEqual(await failure(first.read(SIGNAL)), [
    "missing",
    `Cannot read "consul:${KEY}" at ${consul.endpoint}: there is no such key`,
  ]);
  consul.put(KEY, '{"name": "é"}');
  const text = await first.read(SIGNAL);
  assert.deepEqual(text.pieces, [{ file: `consul:${KEY}`, text: '{"name": "é"}' }]);
  assert.deepEqual([first.origin, first.baseDir], [`consul:${KEY} at ${consul.endpoint}`, "/base"]);

  await using changes = new Changes(source(consul), text.version);
  consul.put(KEY, "b");
  await changes.text("b");
  consul.put("other", "x");
  consul.put(KEY, "b");
  consul.put(KEY, "c");
  await changes.text("c");
  consul.remove(KEY);
  assert.match(await changes.trouble("missing"), /there is no such key/);
  consul.put(KEY, "c");
  await changes.recovered();
  consul.put(KEY, new Uint8Array([0x6e, 0xe9]));
  assert.match(await changes.trouble("unreadable"), /it is not UTF-8 text/);
  consul.put(KEY, "");
  await changes.text("");
  assert.deepEqual(changes.log, [
    "changed b",
    "changed c",
    "trouble missing",
    "recovered",
    "trouble unreadable",
    "recovered",
    "changed ",
  ]);
});

Deno.test("consulSource: asks without an index first, then waits with the one that it was told", async () => {
  await using consul = double();
  consul.put(KEY, "a");
  await using changes = new Changes(source(consul));
  await changes.text("a");
  consul.put(KEY, "b");
  await changes.text("b");
  await consul.questions(2);
  assert.deepEqual(consul.asked.slice(0, 2), [`/v1/kv/${KEY}?raw`, `/v1/kv/${KEY}?raw&index=8&wait=30s`]);
});

Deno.test("consulSource: a wait that ends without a change tells nothing, and the next change is told", async () => {
  await using consul = double();
  consul.put(KEY, "a");
  await using changes = new Changes(source(consul, {}, HURRY));
  await changes.text("a");
  await consul.questions(4);
  consul.put(KEY, "b");
  await changes.text("b");
  assert.deepEqual(changes.log.filter((it) => it.startsWith("changed")), ["changed a", "changed b"]);
});

Deno.test("consulSource: an index that goes backwards is forgotten, so the next change is told", async () => {
  await using consul = double();
  for (let at = 0; at < 100; at++) consul.put(KEY, "a");
  await using changes = new Changes(source(consul, {}, HURRY));
  await changes.text("a");
  consul.restore({ [KEY]: "older" }, 3);
  await changes.text("older");
  consul.put(KEY, "newer");
  await changes.text("newer");
  const unblocked = consul.asked.filter((path) => !path.includes("index="));
  assert.equal(unblocked.length, 2);
});

Deno.test("consulSource: an index of 0 does not make it ask without waiting", async () => {
  const answer = () => new Response("a", { headers: { "x-consul-index": "0" } });
  await using consul = double({ intercept: answer });
  await using changes = new Changes(source(consul, {}, HURRY));
  await changes.text("a");
  await consul.questions(3);
  const waiting = `/v1/kv/${KEY}?raw&index=1&wait=30s`;
  assert.deepEqual(consul.asked.slice(0, 3), [`/v1/kv/${KEY}?raw`, waiting, waiting]);
});

Deno.test("consulSource: of a burst the last is told, and few of the others", async () => {
  await using consul = double();
  consul.put(KEY, "0");
  await using changes = new Changes(source(consul));
  await changes.text("0");
  for (let at = 1; at <= 200; at++) consul.put(KEY, String(at));
  await changes.text("200");
  assert.ok(changes.log.length < 5, changes.log.join());
});

Deno.test("consulSource: a token is sent, and its lack is told without it", async () => {
  await using consul = double({ token: "t0ken" });
  consul.put(KEY, "a");
  const place = `Cannot read "consul:${KEY}" at ${consul.endpoint}: `;
  const refused = ["refused", `${place}the token is missing, unknown, or may not read the key`];
  const endpoints = [consul.endpoint];
  assert.deepEqual(await failure(patient({ endpoints }).read(SIGNAL)), refused);
  assert.deepEqual(await failure(patient({ endpoints, token: "wr0ng" }).read(SIGNAL)), refused);
  const allowed = patient({ endpoints, token: "t0ken" });
  assert.equal(textOf(await allowed.read(SIGNAL)), "a");
  assert.doesNotMatch(`${allowed.origin} ${JSON.stringify(allowed)} ${Deno.inspect(allowed)}`, /t0ken/);
});

/** What is no answer of Consul's: [what it is, the answer, what is said]. */
const ODD: [name: string, answer: () => Response, failure: string, said: RegExp][] = [
  [
    "no leader",
    () => new Response("No cluster leader", { status: 500 }),
    "unreachable",
    /Consul answers with status 500$/,
  ],
  ["too many requests", () => new Response("", { status: 429 }), "unreachable", /status 429$/],
  ["no index", () => new Response("a"), "unreadable", /found no X-Consul-Index in the answer$/],
  ["another server", () => new Response("", { status: 404 }), "unreadable", /found no X-Consul-Index in the answer$/],
  ["another kind of server", () => new Response("", { status: 418 }), "unreadable", /found status 418/],
  ["a redirect", () => Response.redirect("http://127.0.0.1:9/"), "unreachable", /^Cannot reach Consul at/],
  ["too much", () => ok("x".repeat(3_000_000)), "unreadable", /it is too large$/],
  ["more than a configuration", () => ok("x".repeat(1_048_577)), "unreadable", /it is larger than 1 MiB$/],
];

function ok(body: string): Response {
  return new Response(body, { headers: { "x-consul-index": "9" } });
}

for (const [name, answer, kind, said] of ODD) {
  Deno.test(`consulSource: ${name} is told, and got over`, async () => {
    let isOdd = true;
    await using consul = double({ intercept: () => isOdd ? answer() : undefined });
    consul.put(KEY, "a");
    const [found, message] = await failure(patient({ endpoints: [consul.endpoint] }).read(SIGNAL));
    assert.equal(found, kind);
    assert.match(message, said);
    await using changes = new Changes(source(consul));
    await changes.trouble(found === "unreadable" ? "unreadable" : "unreachable");
    isOdd = false;
    consul.put(KEY, "b");
    await changes.text("b");
  });
}

Deno.test("consulSource: another endpoint stands in for a dead, a mute and a cut one", async () => {
  await using consul = double();
  consul.put(KEY, "a");
  await using mute = tcpProxy(undefined);
  await using proxy = tcpProxy(Number(consul.endpoint.split(":")[1]));
  const dead = `127.0.0.1:${freePort()}`;
  const { endpoint } = consul;
  assert.equal(textOf(await patient({ endpoints: [dead, endpoint] }).read(SIGNAL)), "a");
  for (const endpoints of [[dead, endpoint], [mute.endpoint, endpoint], [proxy.endpoint, endpoint]]) {
    await using changes = new Changes(source(consul, { endpoints }, HURRY));
    await changes.text("a");
    proxy.cut();
    consul.put(KEY, "b");
    await changes.text("b");
    consul.put(KEY, "a");
    await changes.text("a");
  }
  const [kind, message] = await failure(patient({ endpoints: [dead] }).read(SIGNAL));
  assert.deepEqual([kind, message], ["unreachable", `Cannot reach Consul at ${dead}: connection refused`]);
});

Deno.test("consulSource: a server that hangs in the middle of a wait is given up, and found again", async () => {
  const never = Promise.withResolvers<Response>();
  let hangs = false;
  await using consul = double({ intercept: () => hangs ? never.promise : undefined });
  consul.put(KEY, "a");
  await using changes = new Changes(source(consul, {}, HURRY));
  await changes.text("a");
  await consul.questions(2);
  hangs = true;
  consul.put(KEY, "b");
  await changes.text("b");
  assert.match(await changes.trouble("unreachable"), /no answer within \d+(\.\d+)? s$/);
  hangs = false;
  await changes.recovered();
  consul.put(KEY, "c");
  await changes.text("c");
  never.resolve(new Response());
});

Deno.test("consulSource: a slash before the key is left out, and a strange key is spelled as a URL wants it", async () => {
  await using consul = double();
  consul.put("hector/a b?c", "a");
  assert.equal(textOf(await patient({ key: "/hector/a b?c", endpoints: [consul.endpoint] }).read(SIGNAL)), "a");
  assert.deepEqual(consul.asked, ["/v1/kv/hector/a%20b%3Fc?raw"]);
});

Deno.test({
  name: "consulSource: over TLS the server proves who it is",
  ignore: openssl.isMissing,
  fn: async () => {
    await using certificates = await makeCertificates(openssl.program ?? "");
    const { ca, server } = certificates;
    const [cert = "", key = ""] = await Promise.all([server.cert, server.key].map((path) => Deno.readTextFile(path)));
    await using consul = double({ tls: { cert, key } });
    consul.put(KEY, "a");
    const { endpoint } = consul;
    assert.equal(textOf(await patient({ endpoints: [endpoint], tls: { ca } }).read(SIGNAL)), "a");
    const [kind, message] = await failure(patient({ endpoints: [`https://${endpoint}`] }).read(SIGNAL));
    assert.deepEqual([kind, /its certificate is not trusted; see HECTOR_CONFIG_CA/.test(message)], [
      "unreachable",
      true,
    ]);
    await using changes = new Changes(source(consul, { tls: { ca } }));
    await changes.text("a");
    consul.put(KEY, "b");
    await changes.text("b");
  },
});
