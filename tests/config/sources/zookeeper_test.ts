import assert from "node:assert/strict";
import type { SourceError } from "../../../src/config/sources/source_error.ts";
import { zookeeperSource } from "../../../src/config/sources/zookeeper.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { findOpenssl, makeCertificates } from "./support/certificates.ts";
import { Changes, hastyDeps, textOf } from "./support/changes.ts";
import { find, type Service } from "./support/service.ts";
import { freePort } from "../../lib/free_port.ts";
import { tcpProxy } from "./support/tcp_proxy.ts";
import { findZooKeeper, startZooKeeper } from "./support/zookeeper_server.ts";
import { type ZooKeeperWriter, zookeeperWriter } from "./support/zookeeper_writer.ts";

const zookeeper = await find("ZooKeeper", findZooKeeper);
const openssl = await find("openssl", findOpenssl);

interface Running {
  readonly service: Service;
  readonly port: number;
  /** `host:port` */
  readonly endpoint: string;
  readonly writer: ZooKeeperWriter;
}

function zookeeperTest(name: string, act: (running: Running) => Promise<void>) {
  Deno.test({
    name,
    ignore: zookeeper.isMissing,
    fn: async () => {
      if (zookeeper.program === undefined) return;
      const { service, port } = await startZooKeeper(zookeeper.program);
      try {
        using writer = await zookeeperWriter(port);
        await act({ service, port, endpoint: `127.0.0.1:${port}`, writer });
      } finally {
        await service.stop();
      }
    },
  });
}

const NODE = "/config";

/** In a hurry, a server that hangs is noticed soon. */
const HURRY = 10;

function source({ endpoint }: Pick<Running, "endpoint">, options: Record<string, unknown> = {}, factor?: number) {
  return zookeeperSource.create({ path: NODE, endpoints: [endpoint], ...options }, hastyDeps("/base", factor));
}

/** Reads as in life: with all the time it takes. */
function patient(options: Record<string, unknown>) {
  return zookeeperSource.create({ path: NODE, ...options }, { ...hastyDeps("/base"), timers: PROCESS_TIMERS });
}

const SIGNAL = new AbortController().signal;

async function failure(reading: Promise<unknown>): Promise<[failure: string, message: string]> {
  const thrown = await reading.then(() => assert.fail("it was read"), (thrown: SourceError) => thrown);
  return [thrown.failure, thrown.message];
}

zookeeperTest("zookeeperSource: a change of the node, its deletion and its return have their effect", async (zk) => {
  const { endpoint, writer } = zk;
  const first = patient({ endpoints: [endpoint] });
  assert.deepEqual(await failure(first.read(SIGNAL)), [
    "missing",
    `Cannot read "zookeeper:${NODE}" at ${endpoint}: there is no such key`,
  ]);
  await writer.create(NODE, "name: é");
  const text = await first.read(SIGNAL);
  assert.deepEqual(text.pieces, [{ file: `zookeeper:${NODE}`, text: "name: é" }]);
  assert.deepEqual([first.origin, first.baseDir], [`zookeeper:${NODE} at ${endpoint}`, "/base"]);

  await using changes = new Changes(source(zk), text.version);
  await writer.set(NODE, "b");
  await changes.text("b");
  await writer.create(`${NODE}/below`, "x");
  await writer.set(NODE, "b");
  await writer.set(NODE, "c");
  await changes.text("c");
  await writer.remove(`${NODE}/below`);
  await writer.remove(NODE);
  assert.match(await changes.trouble("missing"), /there is no such key/);
  await writer.create(NODE, "c");
  await changes.recovered();
  await writer.set(NODE, new Uint8Array([0x6e, 0xe9]));
  assert.match(await changes.trouble("unreadable"), /it is not UTF-8 text/);
  await writer.set(NODE, "d");
  await changes.text("d");
  assert.deepEqual(changes.log, [
    "changed b",
    "changed c",
    "trouble missing",
    "recovered",
    "trouble unreadable",
    "recovered",
    "changed d",
  ]);
});

zookeeperTest("zookeeperSource: of a burst the last is told, and few of the others", async (zk) => {
  await zk.writer.create(NODE, "0");
  await using changes = new Changes(source(zk));
  await changes.text("0");
  for (let at = 1; at <= 200; at++) await zk.writer.set(NODE, String(at));
  await changes.text("200");
  assert.ok(changes.log.length < 100, `${changes.log.length} were told`);
  assert.equal(new Set(changes.log).size, changes.log.length);
});

zookeeperTest("zookeeperSource: a server that hangs, is killed and comes back is followed on", async (zk) => {
  const { service, port, writer } = zk;
  await writer.create(NODE, "a");
  await using changes = new Changes(source(zk, {}, HURRY));
  await changes.text("a");
  service.hang();
  assert.match(await changes.trouble("unreachable"), /the connection timed out$/);
  service.goOn();
  await changes.recovered();
  await writer.set(NODE, "b");
  await changes.text("b");
  await service.kill();
  assert.match(await changes.trouble("unreachable"), /the connection broke|connection refused$/);
  await service.start();
  await changes.recovered();
  using after = await zookeeperWriter(port);
  await after.set(NODE, "c");
  await changes.text("c");
});

zookeeperTest("zookeeperSource: an ensemble that has lost its past is followed on", async (zk) => {
  const { service, port, writer } = zk;
  await writer.create(NODE, "a");
  await using changes = new Changes(source(zk, {}, HURRY));
  await changes.text("a");
  await service.kill();
  await changes.trouble("unreachable");
  await Deno.remove(`${service.folder}/data`, { recursive: true });
  await service.start();
  await changes.trouble("missing");
  using after = await zookeeperWriter(port);
  await after.create(NODE, "b");
  await changes.recovered();
  await changes.text("b");
});

zookeeperTest("zookeeperSource: another endpoint stands in for a dead, a mute and a cut one", async (zk) => {
  const { endpoint, port, writer } = zk;
  await writer.create(NODE, "a");
  await using mute = tcpProxy(undefined);
  await using proxy = tcpProxy(port);
  const dead = `127.0.0.1:${freePort()}`;
  assert.equal(textOf(await patient({ endpoints: [dead, endpoint] }).read(SIGNAL)), "a");
  for (const endpoints of [[dead, endpoint], [mute.endpoint, endpoint], [proxy.endpoint, endpoint]]) {
    await using changes = new Changes(source(zk, { endpoints }, HURRY));
    await changes.text("a");
    proxy.cut();
    await writer.set(NODE, "b");
    await changes.text("b");
    await writer.set(NODE, "a");
    await changes.text("a");
  }
  const [kind, message] = await failure(patient({ endpoints: [dead] }).read(SIGNAL));
  assert.deepEqual([kind, message], ["unreachable", `Cannot reach ZooKeeper at ${dead}: connection refused`]);
});

zookeeperTest("zookeeperSource: a node with an ACL is shown to its user only", async (zk) => {
  const { endpoint, port } = zk;
  using owner = await zookeeperWriter(port, "hector:s3cret");
  await owner.create(NODE, "a", "auth");
  const place = `Cannot read "zookeeper:${NODE}" at ${endpoint}: it is not shown `;
  const rows: [options: Record<string, string>, message: string][] = [
    [{}, "without a username and a password"],
    [{ username: "hector", password: "wr0ng" }, 'to the user "hector"'],
    [{ username: "other", password: "s3cret" }, 'to the user "other"'],
  ];
  for (const [options, message] of rows) {
    const reading = patient({ endpoints: [endpoint], ...options }).read(SIGNAL);
    assert.deepEqual(await failure(reading), ["refused", `${place}${message}`]);
  }
  await using changes = new Changes(source(zk, { username: "hector", password: "s3cret" }));
  await changes.text("a");
  await owner.set(NODE, "b");
  await changes.text("b");
});

zookeeperTest("zookeeperSource: over TLS the server proves who it is", async (zk) => {
  if (openssl.program === undefined) return;
  await zk.writer.create(NODE, "a");
  await using certificates = await makeCertificates(openssl.program);
  const { ca, server } = certificates;
  const [cert, key] = await Promise.all([server.cert, server.key].map((path) => Deno.readTextFile(path)));
  await using proxy = tcpProxy(zk.port, { cert: cert ?? "", key: key ?? "" });
  const endpoints = [proxy.endpoint];
  await using changes = new Changes(source(zk, { endpoints, tls: { ca } }));
  await changes.text("a");
  await zk.writer.set(NODE, "b");
  await changes.text("b");
  const [kind, message] = await failure(patient({ endpoints: [`https://${proxy.endpoint}`] }).read(SIGNAL));
  assert.deepEqual([kind, /its certificate is not trusted; see HECTOR_CONFIG_CA/.test(message)], ["unreachable", true]);
});
