import assert from "node:assert/strict";
import { keyFetcher } from "../../src/guard/fetch_keys.ts";
import { createSafeFetch } from "../../src/lib/safe_fetch.ts";
import { createEgress } from "../../src/server/egress.ts";
import { PROCESS_TIMERS } from "../../src/server/timers.ts";
import { EC, jwks } from "./tokens.ts";

/** Every name stands for a public address, to which no connection is made. */
const fetch = createSafeFetch({
  ...createEgress({ timers: PROCESS_TIMERS }),
  resolve: () => Promise.resolve(["93.184.215.14"]),
});
const KEYS = jwks(EC);

/** A provider on loopback; `answers` by path. */
function provide(answers: (origin: string) => Readonly<Record<string, () => Response>>) {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { origin, pathname } = new URL(request.url);
    asked.push(pathname);
    return (new Map(Object.entries(answers(origin))).get(pathname) ?? (() => new Response(null, { status: 404 })))();
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  return { origin, asked, [Symbol.asyncDispose]: () => server.shutdown() };
}

const DISCOVERY = "/.well-known/openid-configuration";

Deno.test("keyFetcher() asks a URL, also a private one, as the operator has named it", async () => {
  await using provider = provide(() => ({ "/keys": () => Response.json(KEYS) }));
  const ask = keyFetcher({ jwksUrl: `${provider.origin}/keys`, issuer: "x", allow: [], fetch });
  assert.deepEqual(await ask(), KEYS);
});

Deno.test("keyFetcher() asks an issuer where its keys are", async () => {
  await using provider = provide((origin) => ({
    [DISCOVERY]: () => Response.json({ issuer: origin, jwks_uri: `${origin}/keys`, other: 1 }),
    "/keys": () => Response.json(KEYS),
  }));
  const ask = keyFetcher({ jwksUrl: undefined, issuer: provider.origin, allow: [], fetch });
  assert.deepEqual(await ask(), KEYS);
  assert.deepEqual(provider.asked, [DISCOVERY, "/keys"]);
});

type Answers = (origin: string) => Readonly<Record<string, () => Response>>;
const discovers = (description: (origin: string) => unknown): Answers => (origin) => ({
  [DISCOVERY]: () => Response.json(description(origin)),
  "/keys": () => Response.json(KEYS),
});

/** [what, answers, why they are not taken] */
const REFUSED: readonly (readonly [what: string, answers: Answers, why: RegExp])[] = [
  ["nothing", () => ({}), /answered HTTP 404/],
  [
    "another issuer",
    discovers((origin) => ({ issuer: `${origin}/`, jwks_uri: `${origin}/keys` })),
    /describes the issuer/,
  ],
  ["no place of keys", discovers((issuer) => ({ issuer })), /jwks_uri/],
  ["keys in a file", discovers((issuer) => ({ issuer, jwks_uri: "file:///etc/passwd" })), /jwks_uri/],
  [
    "keys on another private host",
    discovers((issuer) => ({ issuer, jwks_uri: "https://169.254.169.254/keys" })),
    /not public/,
  ],
  ["keys without TLS elsewhere", discovers((issuer) => ({ issuer, jwks_uri: "http://keys.example/" })), /https/],
  ["a redirect", () => ({ [DISCOVERY]: () => Response.redirect("http://127.0.0.1:1/", 302) }), /answered HTTP 302/],
  ["no JSON", () => ({ [DISCOVERY]: () => new Response("<html>") }), /JSON/],
  ["too much", () => ({ [DISCOVERY]: () => new Response("x".repeat(300_000)) }), /more than 262144 bytes/],
];

for (const [what, answers, why] of REFUSED) {
  Deno.test(`keyFetcher() does not take ${what}`, async () => {
    await using provider = provide(answers);
    const ask = keyFetcher({ jwksUrl: undefined, issuer: provider.origin, allow: [], fetch });
    await assert.rejects(ask(), why);
  });
}

for (const body of [{}, { keys: [] }, { keys: [{}] }, { keys: "none" }, []]) {
  Deno.test(`keyFetcher() does not take ${JSON.stringify(body)} for keys`, async () => {
    await using provider = provide(() => ({ "/keys": () => Response.json(body) }));
    const ask = keyFetcher({ jwksUrl: `${provider.origin}/keys`, issuer: "x", allow: [], fetch });
    await assert.rejects(ask(), { name: "ZodError" });
  });
}
