import assert from "node:assert/strict";
import { EgressRefused, EgressRules } from "../../src/lib/egress_rules.ts";
import { createSafeFetch, type EgressPolicy } from "../../src/lib/safe_fetch.ts";
import { createEgress } from "../../src/server/egress.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { CA, CERTIFICATE, KEY } from "./certificate.ts";

const signal = new AbortController().signal;
const egress = createEgress({ timers: PROCESS_TIMERS });

function policy(...allow: string[]): EgressPolicy {
  return { rules: new EgressRules(allow), timeoutMs: 10_000, maxBytes: 1000 };
}

interface Served {
  readonly port: number;
  readonly requests: Request[];
}

async function serving(options: { cert?: string; key?: string }, act: (served: Served) => Promise<void>) {
  const requests: Request[] = [];
  const tls = options.cert === undefined || options.key === undefined ? {} : { cert: options.cert, key: options.key };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {}, ...tls }, async (request) => {
    requests.push(request);
    return new Response(`${request.method} ${request.headers.get("host")} ${await request.text()}`);
  });
  try {
    await act({ port: server.addr.port, requests });
  } finally {
    await server.shutdown();
  }
}

/** Ways to a loopback port that a listener would notice. */
const WAYS = [
  "https://127.0.0.1",
  "http://127.0.0.1",
  "https://2130706433",
  "https://0x7f.1",
  "https://0",
  "https://[::ffff:127.0.0.1]",
  "https://localhost",
  "http://localhost.",
  "https://rebind.test",
  "https://both.test",
];

Deno.test("no way leads to a canary on loopback", async () => {
  const canary = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let heard = 0;
  const listening = (async () => {
    for await (const connection of canary) {
      heard++;
      connection.close();
    }
  })();
  const names = new Map([["rebind.test", ["127.0.0.1"]], ["both.test", ["93.184.216.34", "127.0.0.1"]]]);
  const resolve = async (name: string) => names.get(name) ?? await egress.resolve(name);
  const fetch = createSafeFetch({ ...egress, resolve });
  for (const way of WAYS) {
    await assert.rejects(fetch({ url: `${way}:${canary.addr.port}/`, signal }, policy()), EgressRefused, way);
  }
  canary.close();
  await listening;
  assert.equal(heard, 0);
});

Deno.test("a listed host is reached over plain http, under its own name", async () => {
  await serving({}, async ({ port }) => {
    const fetch = createSafeFetch(egress);
    const url = `http://localhost:${port}/hook`;
    const response = await fetch({ url, method: "POST", body: "täst", signal }, policy("localhost"));
    assert.equal(await response.text(), `POST localhost:${port} täst`);
  });
});

Deno.test("over https the peer proves the name, though the connection goes to an address", async () => {
  await serving({ cert: CERTIFICATE, key: KEY }, async ({ port, requests }) => {
    const trusting = createEgress({ timers: PROCESS_TIMERS, caCerts: [CA] });
    const fetch = createSafeFetch({ ...trusting, resolve: () => Promise.resolve(["127.0.0.1"]) });
    const response = await fetch({ url: `https://hook.test:${port}/`, signal }, policy("127.0.0.0/8"));
    assert.equal(await response.text(), `GET hook.test:${port} `);
    await assert.rejects(
      fetch({ url: `https://other.test:${port}/`, signal }, policy("127.0.0.0/8")),
      /certificate not valid for name/,
    );
    const stranger = createSafeFetch({ ...egress, resolve: () => Promise.resolve(["127.0.0.1"]) });
    await assert.rejects(stranger({ url: `https://hook.test:${port}/`, signal }, policy("127.0.0.0/8")), /certificate/);
    assert.equal(requests.length, 1);
  });
});

Deno.test("a peer that takes a connection and says nothing is left when the caller goes", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const caller = new AbortController();
  for (const scheme of ["http", "https"]) {
    const controller = new AbortController();
    const fetching = createSafeFetch(egress)(
      { url: `${scheme}://127.0.0.1:${silent.addr.port}/`, signal: controller.signal },
      policy("127.0.0.1"),
    );
    const connection = await silent.accept();
    controller.abort(new Error("gone"));
    await assert.rejects(fetching, /gone/);
    // The end of the connection arrives, behind what was written before.
    await Array.fromAsync(connection.readable).catch(() => {});
  }
  caller.abort();
  silent.close();
});

Deno.test("a port where nobody listens, and a name that nobody has, are failures of the network", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const fetch = createSafeFetch(egress);
  await assert.rejects(fetch({ url: `http://127.0.0.1:${port}/`, signal }, policy("127.0.0.1")), /refused/i);
  await assert.rejects(fetch({ url: "https://nobody.invalid/", signal }, policy()), /ENOTFOUND|EAI_AGAIN/);
});
