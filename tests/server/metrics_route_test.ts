import assert from "node:assert/strict";
import { appUnderTest } from "./app_under_test.ts";
import { guardedServer } from "./auth/guarded_server.ts";

Deno.test("GET /metrics is text for Prometheus that nobody keeps", async () => {
  const ask = appUnderTest([], { metrics: { text: () => Promise.resolve("a 1\n"), roles: () => undefined } });
  const response = await ask("/metrics");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(await response.text(), "a 1\n");
});

Deno.test("GET /metrics is nowhere while nothing is counted", async () => {
  const response = await appUnderTest([])("/metrics");
  assert.equal(response.status, 404);
  assert.match(await response.text(), /observability\.metrics is not enabled/);
});

const KEYS =
  "api_keys: [{ key: key-of-ada, subject: ada, roles: [watcher] }, { key: key-of-bob, subject: bob, roles: [] }]";

/** [what else server.auth says, who asks, what they get] */
const ROWS: readonly (readonly [auth: string, key: string | undefined, status: number])[] = [
  ["", undefined, 401],
  ["", "key-of-nobody", 401],
  ["", "key-of-bob", 200],
  [", excluded_paths: [/metrics]", undefined, 200],
  [", excluded_paths: [/metrics]", "key-of-nobody", 401],
  [", required: false", undefined, 200],
];

for (const [auth, key, status] of ROWS) {
  Deno.test(`GET /metrics with server.auth${auth} as ${key ?? "a stranger"} is answered with ${status}`, async () => {
    await using server = await guardedServer(`{ ${KEYS}${auth} }`);
    const headers: HeadersInit = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const response = await fetch(`${server.url}/metrics`, { headers });
    const text = await response.text();
    assert.equal(response.status, status, text);
    if (status === 200) assert.match(text, /^hector_config_info\{revision="[0-9a-f]{12}"\} 1$/m);
    else assert.doesNotMatch(text, /hector_/);
  });
}

Deno.test("GET /metrics takes a role where one is asked for", async () => {
  const metrics = { text: () => Promise.resolve("a 1\n"), roles: () => ["watcher"] };
  assert.equal((await appUnderTest([], { metrics })("/metrics")).status, 401);
  const section = "observability: { metrics: { allowed_roles: [watcher] } }";
  await using server = await guardedServer(`{ ${KEYS} }\n${section}`);
  const status = async (key: string) => {
    const response = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
    await response.body?.cancel();
    return response.status;
  };
  assert.deepEqual([await status("key-of-ada"), await status("key-of-bob")], [200, 403]);
});
