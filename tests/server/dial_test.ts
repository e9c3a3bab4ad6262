import assert from "node:assert/strict";
import { createDial } from "../../src/server/dial.ts";
import { isUnreachable } from "../../src/lib/unreachable.ts";
import { FIRST, SECOND } from "./door/certificates.ts";

const hostname = "127.0.0.1";
const signal = new AbortController().signal;
const dial = createDial({ caCerts: [FIRST.cert] });

/** Listens, gives what comes first back to who says it, and tells when a peer has gone. */
async function echoing(alpnProtocols: string[] | undefined, act: (port: number) => Promise<void>): Promise<void> {
  const listener = alpnProtocols === undefined
    ? Deno.listen({ hostname, port: 0 })
    : Deno.listenTls({ hostname, port: 0, cert: FIRST.cert, key: FIRST.key, alpnProtocols });
  const serving = (async () => {
    for await (const connection of listener) {
      const heard = new Uint8Array(5);
      await connection.read(heard).catch(() => null);
      await connection.write(heard).catch(() => 0);
      connection.close();
    }
  })();
  await act(listener.addr.transport === "tcp" ? listener.addr.port : 0);
  listener.close();
  await serving;
}

for (const [name, alpn] of [["TCP", undefined], ["TLS with h2", ["http/1.1", "h2"]]] as const) {
  Deno.test(`createDial() opens ${name}`, async () => {
    await echoing(alpn === undefined ? undefined : [...alpn], async (port) => {
      const bytes = await dial({ hostname, port }, { tls: alpn !== undefined, signal });
      await bytes.write(new TextEncoder().encode("hello"));
      const heard = new Uint8Array(5);
      await bytes.read(heard);
      assert.equal(new TextDecoder().decode(heard), "hello");
      bytes.close();
      bytes.close();
    });
  });
}

Deno.test("createDial() takes nobody who does not agree on HTTP/2", async () => {
  await echoing([], async (port) => {
    await assert.rejects(dial({ hostname, port }, { tls: true, signal }), isUnreachable);
  });
});

Deno.test("createDial() takes nobody whose certificate is not to be trusted", async () => {
  await echoing(["h2"], async (port) => {
    await assert.rejects(createDial()({ hostname, port }, { tls: true, signal }), /certificate|UnknownIssuer/);
  });
});

Deno.test("createDial() says that nobody is there, and stops when it is called off", async () => {
  const listener = Deno.listen({ hostname, port: 0 });
  const { port } = listener.addr;
  listener.close();
  await assert.rejects(dial({ hostname, port }, { tls: false, signal }));
  const gone = AbortSignal.abort(new Error("enough"));
  await assert.rejects(dial({ hostname, port }, { tls: false, signal: gone }));
});

Deno.test("createDial() stops shaking hands when it is called off", async () => {
  const listener = Deno.listen({ hostname, port: 0 });
  const gone = new AbortController();
  const dialling = dial({ hostname, port: listener.addr.port }, { tls: true, signal: gone.signal });
  const silent = await listener.accept();
  gone.abort(new Error("enough"));
  await assert.rejects(dialling);
  silent.close();
  listener.close();
});

Deno.test("createDial() goes to whom a certificate of ours is shown, too", async () => {
  await echoing(["h2"], async (port) => {
    const known = createDial({ caCerts: [FIRST.cert], own: SECOND });
    const bytes = await known({ hostname, port }, { tls: true, signal });
    bytes.close();
    const gone = AbortSignal.abort(new Error("enough"));
    await assert.rejects(known({ hostname, port }, { tls: true, signal: gone }), /enough/);
  });
});
