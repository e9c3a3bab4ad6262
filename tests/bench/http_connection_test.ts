import assert from "node:assert/strict";
import { HttpConnection } from "./http_connection.ts";
import { requestTemplate } from "./request_template.ts";

/** Answers with what it was sent, whole or in pieces. */
async function withEcho(test: (port: number, accepted: () => number) => Promise<void>): Promise<void> {
  const peers = new Set<string>();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request, { remoteAddr }) => {
      peers.add(String(remoteAddr.port));
      const text = await request.text();
      if (new URL(request.url).pathname === "/missing") return new Response("no", { status: 404 });
      if (new URL(request.url).pathname === "/whole") return new Response(text);
      return new Response(ReadableStream.from([text.slice(0, 9), text.slice(9)]).pipeThrough(new TextEncoderStream()));
    },
  );
  await test(server.addr.port, () => peers.size);
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("HttpConnection reads answers with a length and in chunks, one after the other on one connection", async () => {
  await withEcho(async (port, accepted) => {
    const connection = new HttpConnection(port);
    for (const path of ["/whole", "/chunks", "/whole", "/chunks"]) {
      const { status, body } = await connection.exchange(requestTemplate({ path, body: { hello: "world" } })());
      assert.equal(status, 200);
      assert.match(text(body), path === "/whole" ? /^{"hello":"world"}$/ : /{"hello":[\s\S]*"world"}\r\n0\r\n\r\n$/);
    }
    assert.equal(accepted(), 1);
    connection.close();
  });
});

Deno.test("HttpConnection tells when the expected came, and that it did not", async () => {
  await withEcho(async (port) => {
    const connection = new HttpConnection(port);
    const request = requestTemplate({ path: "/chunks", body: ["Paris"] })();
    const before = performance.now();
    const { expectedAt } = await connection.exchange(request, new TextEncoder().encode("Paris"));
    assert.ok(expectedAt !== undefined && expectedAt >= before);
    const missed = await connection.exchange(request, new TextEncoder().encode("Rome"));
    assert.equal(missed.expectedAt, undefined);
    connection.close();
  });
});

Deno.test("HttpConnection takes answers larger than its buffer, and those that are no 200", async () => {
  await withEcho(async (port) => {
    const connection = new HttpConnection(port);
    const large = "x".repeat(300_000);
    const { body } = await connection.exchange(requestTemplate({ path: "/whole", body: large })());
    assert.equal(body.length, large.length + 2);
    const { status } = await connection.exchange(requestTemplate({ path: "/missing", body: 1 })());
    assert.equal(status, 404);
    connection.close();
  });
});

Deno.test("requestTemplate() gives every request its own number, in all places, at one length", async () => {
  await withEcho(async (port) => {
    const connection = new HttpConnection(port);
    const next = requestTemplate({ path: "/whole", body: { messageId: "$n", copy: "id $n é" } });
    const seen = new Set<string>();
    for (let count = 0; count < 3; count++) {
      const { messageId, copy } = JSON.parse(text((await connection.exchange(next())).body));
      assert.match(messageId, /^\d{20}$/);
      assert.equal(copy, `id ${messageId} é`);
      seen.add(messageId);
    }
    assert.equal(seen.size, 3);
    connection.close();
  });
});
