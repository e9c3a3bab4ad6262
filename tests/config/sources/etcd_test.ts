import assert from "node:assert/strict";
import { etcdSource } from "../../../src/config/sources/etcd.ts";
import type { SourceError } from "../../../src/config/sources/source_error.ts";
import { findOpenssl, makeCertificates } from "./support/certificates.ts";
import { Changes, hastyDeps, textOf } from "./support/changes.ts";
import { type EtcdServer, findEtcd, startEtcd } from "./support/etcd_server.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { find } from "./support/service.ts";
import { freePort } from "../../lib/free_port.ts";
import { tcpProxy } from "./support/tcp_proxy.ts";

const { program = "", isMissing } = await find("etcd", findEtcd);
const openssl = await find("openssl", findOpenssl);

function etcdTest(name: string, act: (etcd: EtcdServer) => Promise<void>) {
  Deno.test({
    name,
    ignore: isMissing,
    fn: async () => {
      const etcd = await startEtcd(program);
      try {
        await act(etcd);
      } finally {
        await etcd.service.stop();
      }
    },
  });
}

const KEY = "/hector/production";

/** In a hurry, a server that hangs is noticed soon. */
const HURRY = 10;

function source(etcd: Pick<EtcdServer, "endpoint">, options: Record<string, unknown> = {}, factor?: number) {
  return etcdSource.create({ key: KEY, endpoints: [etcd.endpoint], ...options }, hastyDeps("/base", factor));
}

/** Reads as in life: with all the time it takes. */
function patient(options: Record<string, unknown>) {
  return etcdSource.create({ key: KEY, ...options }, { ...hastyDeps("/base"), timers: PROCESS_TIMERS });
}

const SIGNAL = new AbortController().signal;

async function failure(reading: Promise<unknown>): Promise<[failure: string, message: string]> {
  const thrown = await reading.then(() => assert.fail("it was read"), (thrown: SourceError) => thrown);
  return [thrown.failure, thrown.message];
}

etcdTest("etcdSource: a change of the key, its deletion and its return have their effect", async (etcd) => {
  const { endpoint } = etcd;
  const first = patient({ endpoints: [endpoint] });
  assert.deepEqual(await failure(first.read(SIGNAL)), [
    "missing",
    `Cannot read "etcd:${KEY}" at ${endpoint}: there is no such key`,
  ]);
  await etcd.put(KEY, '{"name": "é"}');
  const text = await first.read(SIGNAL);
  assert.deepEqual(text.pieces, [{ file: `etcd:${KEY}`, text: '{"name": "é"}' }]);
  assert.equal(first.origin, `etcd:${KEY} at ${endpoint}`);
  assert.equal(first.baseDir, "/base");

  await using changes = new Changes(source(etcd), text.version);
  await etcd.put(KEY, "b");
  await changes.text("b");
  await etcd.put(`${KEY}/below`, "x");
  await etcd.put(KEY, "b");
  await etcd.put(KEY, "c");
  await changes.text("c");
  await etcd.remove(KEY);
  assert.match(await changes.trouble("missing"), /there is no such key/);
  await etcd.put(KEY, "c");
  await changes.recovered();
  await etcd.put(KEY, "");
  await changes.text("");
  await etcd.put(KEY, "d");
  await changes.text("d");
  assert.deepEqual(
    changes.log,
    ["b", "c"].map((it) => `changed ${it}`).concat([
      "trouble missing",
      "recovered",
      "changed ",
      "changed d",
    ]),
  );
});

etcdTest("etcdSource: of a burst the last is told, and few of the others", async (etcd) => {
  await etcd.put(KEY, "0");
  await using changes = new Changes(source(etcd));
  await changes.text("0");
  for (let at = 1; at <= 200; at++) await etcd.put(KEY, String(at));
  await changes.text("200");
  assert.ok(changes.log.length < 100, `${changes.log.length} were told`);
  assert.equal(new Set(changes.log).size, changes.log.length);
});

etcdTest("etcdSource: a text that is none is told, and the next good one too", async (etcd) => {
  const value = new Uint8Array([0x6e, 0xe9]).toBase64();
  await etcd.put(KEY, "a");
  await using changes = new Changes(source(etcd));
  await changes.text("a");
  await etcd.call("kv/put", { key: KEY, lease: 0, value: undefined });
  await changes.text("");
  await etcd.call("kv/txn", { success: [{ requestPut: { key: new TextEncoder().encode(KEY).toBase64(), value } }] });
  assert.match(await changes.trouble("unreadable"), /it is not UTF-8 text/);
  await etcd.put(KEY, "x".repeat(1_048_577));
  await etcd.put(KEY, "b");
  await changes.text("b");
});

etcdTest("etcdSource: a server that hangs is told, and what was changed after it too", async (etcd) => {
  await etcd.put(KEY, "a");
  await using changes = new Changes(source(etcd, {}, HURRY));
  await changes.text("a");
  etcd.service.hang();
  assert.match(await changes.trouble("unreachable"), /^Cannot reach etcd at 127\.0\.0\.1:\d+: no answer within 5 s$/);
  etcd.service.goOn();
  await changes.recovered();
  await etcd.put(KEY, "b");
  await changes.text("b");
});

etcdTest("etcdSource: a server that was killed and comes back is followed on", async (etcd) => {
  await etcd.put(KEY, "a");
  await using changes = new Changes(source(etcd));
  await changes.text("a");
  await etcd.service.kill();
  assert.match(await changes.trouble("unreachable"), /connection refused|the connection broke|failed$/);
  await etcd.service.start();
  await changes.recovered();
  await etcd.put(KEY, "b");
  await changes.text("b");
});

etcdTest("etcdSource: the second endpoint stands in for a dead, a deaf and a cut first one", async (etcd) => {
  await etcd.put(KEY, "a");
  await using mute = tcpProxy(undefined);
  await using proxy = tcpProxy(Number(etcd.endpoint.split(":")[1]));
  const dead = `127.0.0.1:${freePort()}`;
  const read = patient({ endpoints: [dead, etcd.endpoint] });
  assert.equal(textOf(await read.read(SIGNAL)), "a");
  const rows = [[dead, etcd.endpoint], [mute.endpoint, etcd.endpoint], [proxy.endpoint, etcd.endpoint]];
  for (const endpoints of rows) {
    await using changes = new Changes(source(etcd, { endpoints }, HURRY));
    await changes.text("a");
    proxy.cut();
    await etcd.put(KEY, "b");
    await changes.text("b");
    await etcd.put(KEY, "a");
    await changes.text("a");
  }
  const [kind, message] = await failure(patient({ endpoints: [dead, dead] }).read(SIGNAL));
  assert.equal(kind, "unreachable");
  assert.equal(message, `Cannot reach etcd at ${dead}: connection refused`);
});

etcdTest("etcdSource: what a compaction has taken between reading and watching is read again", async (etcd) => {
  await etcd.put(KEY, "a");
  let watches = 0;
  /** Passes everything on; before the first watch the key changes twice, and all before the last change is forgotten. */
  const proxy = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const body = await request.text();
    if (pathname === "/v3/watch" && watches++ === 0) {
      await etcd.put(KEY, "b");
      const { header } = Object(await etcd.put(KEY, "c"));
      await etcd.call("kv/compaction", { revision: header.revision });
    }
    return await fetch(`http://${etcd.endpoint}${pathname}`, { method: "POST", body, signal: request.signal });
  });
  {
    await using changes = new Changes(source({ endpoint: `127.0.0.1:${proxy.addr.port}` }));
    await changes.text("c");
    await etcd.put(KEY, "d");
    await changes.text("d");
    assert.deepEqual(changes.log, ["changed a", "changed c", "changed d"]);
  }
  await proxy.shutdown();
});

etcdTest("etcdSource: a user is logged in, and again when the token has run out", async (etcd) => {
  await etcd.put(KEY, "a");
  await etcd.call("auth/role/add", { name: "reader" });
  const key = new TextEncoder().encode(KEY).toBase64();
  await etcd.call("auth/role/grant", { name: "reader", perm: { permType: "READ", key } });
  for (const [name, password, role] of [["root", "r00t", "root"], ["hector", "s3cret", "reader"], ["other", "x", ""]]) {
    await etcd.call("auth/user/add", { name, password });
    if (role !== "") await etcd.call("auth/user/grant", { user: name, role });
  }
  const open = patient({ endpoints: [etcd.endpoint], username: "hector", password: "s3cret" });
  assert.match((await failure(open.read(SIGNAL)))[1], /authentication is not enabled$/);
  await etcd.call("auth/enable", {});
  const { token } = Object(await etcd.call("auth/authenticate", { name: "root", password: "r00t" }));
  const place = `Cannot read "etcd:${KEY}" at ${etcd.endpoint}: `;
  const rows: [options: Record<string, string>, message: string][] = [
    [{}, "etcd wants a username and a password"],
    [{ username: "hector", password: "wr0ng" }, 'etcd does not accept the username "hector" and its password'],
    [{ username: "other", password: "x" }, 'the user "other" may not read the key'],
  ];
  for (const [options, message] of rows) {
    const reading = patient({ endpoints: [etcd.endpoint], ...options }).read(SIGNAL);
    assert.deepEqual(await failure(reading), ["refused", `${place}${message}`]);
  }
  const user = { username: "hector", password: "s3cret" };
  assert.doesNotMatch(patient({ endpoints: [etcd.endpoint], ...user }).origin, /s3cret/);
  await using changes = new Changes(source(etcd, user));
  await changes.text("a");
  // Any change of the users makes every token stale.
  await etcd.call("auth/user/add", { name: "one more", password: "x" }, token);
  const { token: fresh } = Object(await etcd.call("auth/authenticate", { name: "root", password: "r00t" }));
  await etcd.call("kv/put", { key: KEY, value: "b" }, fresh);
  await changes.text("b");
  await etcd.call("auth/user/revoke", { name: "hector", role: "reader" }, fresh);
  assert.match(await changes.trouble("refused"), /may not read the key$/);
  const { token: last } = Object(await etcd.call("auth/authenticate", { name: "root", password: "r00t" }));
  await etcd.call("auth/user/grant", { user: "hector", role: "reader" }, last);
  await changes.recovered();
  assert.deepEqual(changes.log, ["changed a", "changed b", "trouble refused", "recovered"]);
});

Deno.test({
  name: "etcdSource: over TLS both sides prove who they are",
  ignore: isMissing || openssl.isMissing,
  fn: async () => {
    await using certificates = await makeCertificates(openssl.program ?? "");
    const { ca, client, server } = certificates;
    const etcd = await startEtcd(program, { ca, ...server });
    try {
      await etcd.put(KEY, "a");
      const endpoints = [`https://${etcd.endpoint}`];
      const tls = { ca, ...client };
      assert.equal(textOf(await patient({ endpoints, tls }).read(SIGNAL)), "a");
      assert.equal(textOf(await patient({ endpoints: [etcd.endpoint], tls }).read(SIGNAL)), "a");
      const refusals: [options: Record<string, unknown>, message: RegExp][] = [
        [{ endpoints }, /its certificate is not trusted; see HECTOR_CONFIG_CA/],
        [
          { endpoints, tls: { ca } },
          /it does not take the client's certificate, or wants one; see HECTOR_CONFIG_CA|the connection broke/,
        ],
        [{ endpoints, tls: { ca: `${certificates.folder}/none.pem` } }, /^Cannot read the TLS file ".*none\.pem"$/],
      ];
      for (const [options, message] of refusals) {
        assert.match((await failure(patient(options).read(SIGNAL)))[1], message);
      }
      await using changes = new Changes(source(etcd, { tls }));
      await changes.text("a");
      await etcd.put(KEY, "b");
      await changes.text("b");
    } finally {
      await etcd.service.stop();
    }
  },
});
