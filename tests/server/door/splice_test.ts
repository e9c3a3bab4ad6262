import assert from "node:assert/strict";
import { splice } from "../../../src/server/door/splice.ts";
import { duplex } from "../../lib/http2/duplex.ts";

const encoder = new TextEncoder();

/** A peer and a server with a splice in between. */
function spliced(options: Parameters<typeof splice>[2] = {}) {
  const [peer, outer] = duplex();
  const [server, inner] = duplex();
  return { peer, outer, server, inner, over: splice(outer, inner, options) };
}

async function all(bytes: { read(into: Uint8Array): Promise<number | null> }): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(1000);
  let text = "";
  for (let count = await bytes.read(buffer); count !== null; count = await bytes.read(buffer)) {
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  return text;
}

Deno.test("splice() passes bytes on both ways, those that were read already first", async () => {
  const { peer, server, over } = spliced({ first: encoder.encode("one ") });
  await peer.write(encoder.encode("two"));
  await peer.closeWrite();
  assert.equal(await all(server), "one two");
  const large = "x".repeat(300_000);
  await server.write(encoder.encode(large));
  await server.closeWrite();
  assert.equal(await all(peer), large);
  await over;
});

Deno.test("splice() lets one side finish what it says when the other has ended", async () => {
  const { peer, server, over } = spliced();
  await peer.closeWrite();
  assert.equal(await all(server), "");
  for (const word of ["still ", "talking"]) await server.write(encoder.encode(word));
  await server.closeWrite();
  assert.equal(await all(peer), "still talking");
  await over;
});

for (const side of ["peer", "server"] as const) {
  Deno.test(`splice() closes both sides when the ${side}'s breaks`, async () => {
    const { peer, outer, server, inner, over } = spliced();
    const broken = side === "peer" ? outer : inner;
    broken.write = () => Promise.reject(new Error("reset"));
    await (side === "peer" ? server : peer).write(encoder.encode("lost"));
    await over;
    assert.deepEqual([outer.isClosed(), inner.isClosed()], [true, true]);
  });
}

Deno.test("splice() does not read on while the other side takes nothing", async () => {
  const [peer, outer] = duplex();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const [inner, server] = duplex({ held });
  let read = 0;
  const counted = {
    ...outer,
    read: async (into: Uint8Array) => {
      const count = await outer.read(into);
      read += count ?? 0;
      return count;
    },
  };
  const over = splice(counted, inner);
  for (let at = 0; at < 50; at++) await peer.write(new Uint8Array(10_000));
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(read <= 4096, `${read} bytes were taken`);
  release();
  await peer.closeWrite();
  assert.equal((await all(server)).length, 500_000);
  server.close();
  await over;
});

Deno.test("splice() tells what waits for the outer side, and what comes from it", async () => {
  const told: string[] = [];
  const watch = {
    received: () => void told.push("received"),
    writeBegins: () => void told.push("begins"),
    writeEnds: (bytes: number) => void told.push(`ends ${bytes}`),
  };
  const { peer, server, over } = spliced({ watch });
  await peer.write(encoder.encode("ask"));
  await server.read(new Uint8Array(10));
  await server.write(encoder.encode("answer"));
  await peer.read(new Uint8Array(10));
  assert.deepEqual(told, ["received", "begins", "ends 6"]);
  peer.close();
  server.close();
  await over;
});
