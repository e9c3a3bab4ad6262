import assert from "node:assert/strict";
import { frames } from "../../../../src/config/sources/zookeeper_client/frames.ts";
import { JuteReader, JuteWriter } from "../../../../src/config/sources/zookeeper_client/jute.ts";
import {
  KeeperError,
  SessionRefused,
  ZooKeeperSession,
} from "../../../../src/config/sources/zookeeper_client/session.ts";
import { type ManualTimers, manualTimers } from "../../../lib/manual_timers.ts";

/** The server's side of a connection in memory. */
class Server {
  readonly timers: ManualTimers = manualTimers();
  readonly link;
  isClosed = false;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #asked: AsyncIterator<Uint8Array>;

  constructor() {
    const up = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
    const down = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
    this.link = { readable: down.readable, writable: up.writable, [Symbol.dispose]: () => void (this.isClosed = true) };
    this.#writer = down.writable.getWriter();
    this.#asked = frames(up.readable);
  }

  open(lastZxid = 0n): Promise<ZooKeeperSession> {
    return ZooKeeperSession.open(this.link, { timeoutMs: 9_000, lastZxid, timers: this.timers });
  }

  async asked(): Promise<JuteReader> {
    const { value } = await this.#asked.next();
    return new JuteReader(value ?? assert.fail("nothing was asked"));
  }

  say(message: JuteWriter): Promise<void> {
    return this.#writer.write(message.frame());
  }

  hangUp(): Promise<void> {
    return this.#writer.close();
  }

  /** A session that is open. */
  async opened(timeoutMs = 9_000): Promise<ZooKeeperSession> {
    const opening = this.open();
    await this.asked();
    await this.say(new JuteWriter().int(0).int(timeoutMs).long(1n).buffer(new Uint8Array(16)));
    return await opening;
  }

  answer(xid: number, code = 0, zxid = 5n): JuteWriter {
    return new JuteWriter().int(xid).long(zxid).int(code);
  }
}

Deno.test("ZooKeeperSession.open() says how much it has seen", async () => {
  const server = new Server();
  const opening = server.open(42n);
  const asked = await server.asked();
  const [version, lastZxid, timeoutMs, session] = [asked.int(), asked.long(), asked.int(), asked.long()];
  assert.deepEqual([version, lastZxid, timeoutMs, session, asked.buffer().length], [0, 42n, 9_000, 0n, 16]);
  await server.say(new JuteWriter().int(0).int(9_000).long(1n).buffer(new Uint8Array(16)));
  assert.equal((await opening).lastZxid, 42n);
});

Deno.test("ZooKeeperSession.open() throws when the server hangs up, or opens no session", async () => {
  const ways: ((server: Server) => Promise<void>)[] = [
    (server) => server.hangUp(),
    (server) => server.say(new JuteWriter().int(0).int(0).long(0n).buffer(new Uint8Array(16))),
  ];
  for (const refuse of ways) {
    const server = new Server();
    const opening = server.open();
    await server.asked();
    await Promise.all([assert.rejects(opening, SessionRefused), refuse(server)]);
    assert.equal(server.isClosed, true);
    assert.equal(server.timers.running(), 0);
  }
});

Deno.test("ZooKeeperSession asks for a node and its watch, and hears when it fires", async () => {
  const server = new Server();
  const session = await server.opened();
  const reading = session.getData("/a");
  const asked = await server.asked();
  assert.deepEqual([asked.int(), asked.int(), asked.text(), asked.buffer.length], [1, 4, "/a", 0]);
  await server.say(server.answer(1, 0, 77n).buffer(new Uint8Array([1])));
  assert.deepEqual(await reading, new Uint8Array([1]));
  assert.equal(session.lastZxid, 77n);
  const changed = session.changed();
  await server.say(server.answer(-1, 0, -1n).int(3).int(3).text("/a"));
  await changed;
  await server.say(server.answer(-1, 0, -1n).int(2).int(3).text("/a"));
  await session.changed();
});

Deno.test("ZooKeeperSession remembers a watch that fired before anybody waited", async () => {
  const server = new Server();
  const session = await server.opened();
  const reading = session.exists("/a");
  await server.asked();
  await server.say(server.answer(-1, 0, -1n).int(1).int(3).text("/a"));
  await server.say(server.answer(1, -101));
  assert.equal(await reading, false);
  await session.changed();
});

Deno.test("ZooKeeperSession throws the server's error, and goes on", async () => {
  const server = new Server();
  const session = await server.opened();
  const reading = session.getData("/a");
  await server.asked();
  await Promise.all([
    assert.rejects(reading, (thrown) => thrown instanceof KeeperError && thrown.code === -102),
    server.say(server.answer(1, -102)),
  ]);
  const missing = session.getData("/b");
  await server.asked();
  await server.say(server.answer(2, -101));
  assert.equal(await missing, undefined);
});

Deno.test("ZooKeeperSession sends a ping in each third of its time, and gives up after two that nothing answered", async () => {
  const server = new Server();
  const session = await server.opened(9_000);
  const changed = session.changed();
  server.timers.advance(3_000);
  const ping = await server.asked();
  assert.deepEqual([ping.int(), ping.int()], [-2, 11]);
  await server.say(server.answer(-2));
  const reading = session.exists("/a");
  await server.asked();
  await server.say(server.answer(1).buffer(new Uint8Array()));
  await reading;
  server.timers.advance(3_000);
  await server.asked();
  server.timers.advance(3_000);
  await server.asked();
  const late = assert.rejects(changed, /timed out: nothing was heard/);
  server.timers.advance(3_000);
  await late;
  assert.deepEqual([server.isClosed, server.timers.running()], [true, 0]);
  await assert.rejects(session.getData("/a"), /timed out/);
});

Deno.test("ZooKeeperSession throws at all that wait when the server hangs up or talks nonsense", async () => {
  const ways: ((server: Server) => Promise<void>)[] = [
    (server) => server.hangUp(),
    (server) => server.say(new JuteWriter().bool(true)),
  ];
  for (const breakUp of ways) {
    const server = new Server();
    const session = await server.opened();
    const waiting = [session.getData("/a"), session.changed()];
    await server.asked();
    await Promise.all([...waiting.map((promise) => assert.rejects(promise)), breakUp(server)]);
    assert.equal(server.isClosed, true);
  }
});

Deno.test("ZooKeeperSession.close() takes leave", async () => {
  const server = new Server();
  const session = await server.opened();
  const closing = session.close();
  const asked = await server.asked();
  assert.deepEqual([asked.int(), asked.int()], [1, -11]);
  await closing;
  assert.deepEqual([server.isClosed, server.timers.running()], [true, 0]);
});
