import assert from "node:assert/strict";
import { isUnreachable } from "../../src/lib/unreachable.ts";
import { reachingFetch } from "../../src/server/reaching_fetch.ts";

const hostname = "127.0.0.1";

async function withListener(act: (port: number) => Promise<void>): Promise<void> {
  const listener = Deno.listen({ hostname, port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(1));
      connection.close();
    }
  })();
  await act(listener.addr.port);
  listener.close();
  await serving;
}

Deno.test("reachingFetch() tells a request that never left from one that broke off", async () => {
  const listener = Deno.listen({ hostname, port: 0 });
  const { port } = listener.addr;
  listener.close();
  for (const url of [`http://${hostname}:${port}/`, `http://${hostname}:1/`]) {
    await assert.rejects(reachingFetch(url, {}), isUnreachable);
  }
  await withListener(async (port) => {
    await assert.rejects(reachingFetch(`http://${hostname}:${port}/`, {}), (thrown) => !isUnreachable(thrown));
  });
});

Deno.test("reachingFetch() gives answers, and the reason for which it was called off", async () => {
  const server = Deno.serve({ hostname, port: 0, onListen: () => {} }, () => new Response("hi"));
  const url = `http://${hostname}:${server.addr.port}/`;
  assert.equal(await (await reachingFetch(url, {})).text(), "hi");
  await assert.rejects(reachingFetch(url, { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  await server.shutdown();
});
