import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { connect as connectByNode } from "node:tls";
import { manualTimers } from "../../lib/manual_timers.ts";
import type { PortsOptions } from "../../../src/server/ports.ts";
import { createTls, type TlsTerms } from "../../../src/server/door/tls.ts";
import { tcpBytes } from "../../../src/server/tcp_bytes.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { echoedOn, LOOPBACK as hostname, NEVER, openTestPorts } from "../open_test_ports.ts";
import { freePort } from "../../lib/free_port.ts";
import { FIRST, SECOND } from "./certificates.ts";
import { ROOMY } from "./roomy.ts";

const encoder = new TextEncoder();
const TRUSTED = [FIRST.cert, SECOND.cert];

const TERMS: TlsTerms = { certificate: FIRST, minVersion: "TLSv1.2" };

function open(options: Partial<PortsOptions> = {}) {
  return openTestPorts({ tls: createTls(TERMS), ...options });
}

/** Without Nagle's algorithm, which Deno.connectTls has on: what a client says in two pieces would take 40 ms. */
async function connect(port: number, alpnProtocols?: string[]): Promise<Deno.TlsConn> {
  const connection = await Deno.connect({ hostname, port });
  connection.setNoDelay(true);
  return await Deno.startTls(connection, { hostname, caCerts: TRUSTED, ...(alpnProtocols ? { alpnProtocols } : {}) });
}

/** What curl and browsers do: both protocols are offered, the newer first. */
const BOTH = ["h2", "http/1.1"];

async function withClient(act: (client: Deno.HttpClient) => Promise<void>): Promise<void> {
  const client = Deno.createHttpClient({ caCerts: TRUSTED });
  try {
    await act(client);
  } finally {
    client.close();
  }
}

/** [which ports, who connects, what is agreed on] */
const AGREED: readonly [where: "http" | "grpc" | "shared", offered: string[] | undefined, agreed: string | null][] = [
  ["http", BOTH, "h2"],
  ["http", ["http/1.1"], "http/1.1"],
  ["http", undefined, null],
  ["grpc", ["h2"], "h2"],
  ["grpc", undefined, null],
  ["shared", BOTH, "http/1.1"],
  ["shared", ["h2"], "h2"],
  ["shared", undefined, null],
];
for (const [where, offered, agreed] of AGREED) {
  Deno.test(`over TLS the ${where} port agrees on ${agreed} with who offers ${offered?.join(" and ") ?? "nothing"}`, async () => {
    const port = where === "shared" ? freePort() : 0;
    const ports = open({ port, grpcPort: port });
    const connection = await connect(where === "grpc" ? ports.grpc ?? 0 : ports.http, offered);
    assert.equal((await connection.handshake()).alpnProtocol, agreed);
    connection.close();
    await ports.stop(NEVER);
  });
}

Deno.test("the shared port holds who has agreed on HTTP/2 to it, and reads the first bytes of all others", async () => {
  const port = freePort();
  const ports = open({ port, grpcPort: port });
  const answerTo = async (...alpn: string[]) => {
    const connection = await connect(port, alpn);
    await connection.write(encoder.encode("INVALID CONNECTION PREFACE\r\n\r\n"));
    return await new Response(connection.readable).text();
  };
  assert.match(await answerTo("http/1.1"), /^HTTP\/1\.1 400 /);
  assert.match(await answerTo("h2"), /This is not HTTP\/2$/);
  await ports.stop(NEVER);
});

Deno.test("the gRPC port refuses who offers HTTP/1 alone", async () => {
  const ports = open();
  await assert.rejects(
    async () => await (await connect(ports.grpc ?? 0, ["http/1.1"])).handshake(),
    /handshake|NoApplicationProtocol|UnexpectedEof/i,
  );
  await ports.stop(NEVER);
});

for (const shared of [false, true]) {
  Deno.test(`HTTP and gRPC are served over TLS on ${shared ? "one port" : "a port each"}, and the peer is known`, async () => {
    const port = shared ? freePort() : 0;
    const ports = open({
      port,
      grpcPort: port,
      fetch: async (request, { address }) => new Response(`${address} ${(await request.text()).length}`),
    });
    await withClient(async (client) => {
      for (const length of [0, 10, 3_000_000]) {
        const init = { method: "POST", body: "x".repeat(length), client };
        const answer = await fetch(`https://${hostname}:${ports.http}`, init);
        assert.equal(await answer.text(), `${hostname} ${length}`);
      }
    });
    const large = "x".repeat(300_000);
    assert.equal(await echoedOn(await connect(ports.grpc ?? 0, ["h2"]), large), large);
    await ports.stop(NEVER);
  });
}

Deno.test("a large answer arrives in full over TLS, though the server closes behind it", async () => {
  const size = 5_000_000;
  const ports = open({ fetch: () => new Response(new Uint8Array(size)) });
  const connection = await connect(ports.http, ["http/1.1"]);
  await connection.write(encoder.encode("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
  let length = 0;
  const buffer = new Uint8Array(65_536);
  for (let count = await connection.read(buffer); count !== null; count = await connection.read(buffer)) {
    length += count;
  }
  assert.ok(length > size, String(length));
  connection.close();
  await ports.stop(NEVER);
});

Deno.test("who speaks no TLS where TLS is spoken is sent away", async () => {
  const ports = open();
  for (
    const text of [
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "\x16\x03\x01\xff\xff",
    ]
  ) {
    for (const port of [ports.http, ports.grpc ?? 0]) {
      const connection = await Deno.connect({ hostname, port });
      await connection.write(encoder.encode(text));
      await connection.closeWrite();
      const buffer = new Uint8Array(1000);
      const read = await connection.read(buffer).catch(() => null);
      // At most an alert of TLS (type 21), never an answer of HTTP.
      assert.ok(read === null || buffer[0] === 21, new TextDecoder().decode(buffer));
      connection.close();
    }
  }
  assert.equal(await echoedOn(await connect(ports.grpc ?? 0, ["h2"]), "after"), "after");
  await ports.stop(NEVER);
});

Deno.test("500 clients that never end their handshakes are cut", async () => {
  const timers = manualTimers();
  const ports = open({ timers, limits: { ...ROOMY, headMs: 10_000 }, grpcPort: 0 });
  const slow = await Promise.all(Array.from({ length: 500 }, async (_, at) => {
    const connection = await Deno.connect({ hostname, port: at % 2 === 0 ? ports.http : ports.grpc ?? 0 });
    await connection.write(Uint8Array.of(0x16, 3, 1, 2, 0, 1).subarray(0, at % 6));
    return connection;
  }));
  for (const port of [ports.http, ports.grpc ?? 0]) {
    const connection = await connect(port, ["h2"]);
    await connection.handshake();
    connection.close();
  }
  timers.advance(11_000);
  for (const connection of slow) {
    assert.equal(await connection.read(new Uint8Array(10)).catch(() => null), null);
    connection.close();
  }
  await ports.stop(NEVER);
});

async function shownOn(port: number): Promise<string> {
  // Deno tells no peer's certificate, so trust tells which it is.
  for (const { cert } of [FIRST, SECOND]) {
    try {
      const connection = await Deno.connectTls({ hostname, port, caCerts: [cert] });
      await connection.handshake();
      connection.close();
      return new X509Certificate(cert).subject;
    } catch {
      // It is the other one.
    }
  }
  throw new Error("neither");
}

Deno.test("renew() shows new connections another certificate, and lets the old ones be", async () => {
  const tls = createTls(TERMS);
  const ports = open({ tls, fetch: async (request) => new Response(await request.text()) });
  const { http, grpc = 0 } = ports;
  const [reading, writing] = [await connect(grpc, ["h2"]), await connect(http, ["http/1.1"])];
  await Promise.all([reading.handshake(), writing.handshake()]);
  assert.deepEqual([await shownOn(http), await shownOn(grpc)], ["CN=first", "CN=first"]);
  const pending = connect(http);
  tls.renew({ ...TERMS, certificate: SECOND });
  assert.deepEqual([await shownOn(http), await shownOn(grpc)], ["CN=second", "CN=second"]);
  const late = await pending;
  await late.handshake();
  late.close();
  assert.equal(await echoedOn(reading, "still here"), "still here");
  await writing.write(encoder.encode("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nstill"));
  const buffer = new Uint8Array(1000);
  const count = await writing.read(buffer);
  assert.match(new TextDecoder().decode(buffer.subarray(0, count ?? 0)), /^HTTP\/1\.1 200 [^]*still/);
  writing.close();
  await ports.stop(NEVER);
});

Deno.test("renew() 100 times under load loses no connection", async () => {
  const tls = createTls(TERMS);
  const ports = open({ tls });
  let isOver = false;
  const load = Promise.all(Array.from({ length: 4 }, async () => {
    for (; !isOver; served++) assert.equal(await echoedOn(await connect(ports.grpc ?? 0, ["h2"]), "x"), "x");
  }));
  let served = 0;
  for (let at = 0; at < 100; at++) {
    tls.renew({ ...TERMS, certificate: at % 2 === 0 ? SECOND : FIRST });
    await echoedOn(await connect(ports.grpc ?? 0, ["h2"]), "between");
  }
  isOver = true;
  await load;
  assert.ok(served > 50, String(served));
  await ports.stop(NEVER);
});

/** A connection over TLS without a server around it: our end, and the peer's. */
async function pair(terms: TlsTerms, options: Partial<Deno.ConnectTlsOptions & Deno.TlsCertifiedKeyPem> = {}) {
  const listener = Deno.listen({ hostname, port: 0 });
  const peer = Deno.connectTls({ hostname, port: listener.addr.port, caCerts: TRUSTED, ...options });
  const raw = tcpBytes(await listener.accept());
  listener.close();
  return { raw, ours: createTls(terms).terminate(raw, ["h2"]), peer: await peer };
}

Deno.test("terminate() gives bytes that know backpressure, and both ends", async () => {
  const { ours, peer } = await pair(TERMS);
  const { bytes } = await ours;
  await bytes.write(encoder.encode("hello"));
  const buffer = new Uint8Array(65_536);
  assert.equal(await peer.read(buffer), 5);
  await peer.write(encoder.encode("abc"));
  assert.equal(await bytes.read(buffer.subarray(0, 2)), 2);
  assert.equal(await bytes.read(buffer.subarray(0, 2)), 1);
  // More than all buffers on the way hold: the peer reads nothing.
  let written = 0;
  const writing = (async () => {
    for (let at = 0; at < 60; at++) written += await bytes.write(new Uint8Array(1_000_000));
    await bytes.closeWrite();
  })();
  await new Promise<void>((resolve) => PROCESS_TIMERS.after(200, resolve));
  assert.ok(written < 30_000_000, `${written} bytes went nowhere`);
  let length = 0;
  for (let count = await peer.read(buffer); count !== null; count = await peer.read(buffer)) length += count;
  assert.equal(length, 60_000_000);
  await writing;
  await peer.write(encoder.encode("you have ended, I have not"));
  assert.equal(await bytes.read(buffer), 26);
  peer.close();
  await bytes.read(buffer).catch(() => null);
  bytes.close();
  bytes.close();
});

Deno.test("terminate() lets reads and writes fail when the peer is gone", async () => {
  const { ours, peer, raw } = await pair(TERMS);
  const { bytes } = await ours;
  const reading = bytes.read(new Uint8Array(10));
  raw.close();
  await assert.rejects(reading);
  await assert.rejects(bytes.write(new Uint8Array(10)));
  await assert.rejects(bytes.read(new Uint8Array(10)));
  bytes.close();
  peer.close();
});

for (const minVersion of ["TLSv1.2", "TLSv1.3"] as const) {
  Deno.test(`terminate() from ${minVersion} on takes a peer that speaks 1.3, and one of 1.2 only if it may`, async () => {
    const { ours, peer } = await pair({ ...TERMS, minVersion });
    await Promise.all([peer.handshake(), ours]);
    peer.close();
    (await ours).bytes.close();
    const listener = Deno.listen({ hostname, port: 0 });
    const old = connectByNode({ host: hostname, port: listener.addr.port, ca: TRUSTED, maxVersion: "TLSv1.2" });
    const raw = tcpBytes(await listener.accept());
    listener.close();
    const shaken = new Promise<string | null>((resolve) => {
      old.once("secureConnect", () => resolve(old.getProtocol()));
      old.once("error", () => resolve(null));
    });
    const terminated = createTls({ ...TERMS, minVersion }).terminate(raw, ["h2"]);
    terminated.catch(() => raw.close());
    assert.equal(await shaken, minVersion === "TLSv1.2" ? "TLSv1.2" : null);
    old.destroy();
    await terminated.then(({ bytes }) => bytes.close(), () => {});
  });
}

/** [what the peer shows, whether it is let in] */
const GUESTS: readonly [what: string, options: Partial<Deno.TlsCertifiedKeyPem>, welcome: boolean][] = [
  ["nothing", {}, false],
  ["a certificate of somebody else", FIRST, false],
  ["a certificate of the authority", SECOND, true],
];
for (const [what, options, welcome] of GUESTS) {
  Deno.test(`mutual TLS ${welcome ? "lets in" : "sends away"} a peer that shows ${what}`, async () => {
    const { ours, peer, raw } = await pair({ ...TERMS, clientAuthorities: SECOND.cert }, options);
    const talking = (async () => {
      await peer.handshake();
      await peer.write(encoder.encode("hello"));
      return await peer.read(new Uint8Array(10));
    })();
    talking.catch(() => {});
    if (welcome) {
      const { bytes } = await ours;
      await bytes.write(encoder.encode("hello"));
      assert.equal(await talking, 5);
      bytes.close();
    } else {
      await assert.rejects(ours);
      raw.close();
      await assert.rejects(talking);
    }
    peer.close();
  });
}
