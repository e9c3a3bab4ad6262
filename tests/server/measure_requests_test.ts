import assert from "node:assert/strict";
import { A2AError } from "../../src/a2a/errors.ts";
import { createGuard } from "../../src/guard/guard.ts";
import { SILENT } from "../../src/lib/log.ts";
import type { HttpAppOptions } from "../../src/server/http_app.ts";
import type { Measurement } from "../../src/telemetry/measurement.ts";
import { appUnderTest, bindings } from "./app_under_test.ts";
import { fakeService, servedAgent } from "./served_agent.ts";

const failing = fakeService({ listTasks: () => Promise.reject(new Error("broken")) });
const agents = [servedAgent("desk"), servedAgent("lab", "public", failing)];

/** The requests that a face measures, and how it is asked. */
function measuring(options: Partial<HttpAppOptions> = {}) {
  const measured: Measurement[] = [];
  const ask = appUnderTest(agents, { measure: (one) => void measured.push(one), ...options });
  const told = async (method: string, path: string) => {
    await (await ask(path, { method, headers: { "a2a-version": "1.0" } })).body?.cancel();
    return measured.splice(0).map((one) => one.kind === "request" ? [one.method, one.route, one.status] : one.kind);
  };
  return { measured, ask, told };
}

const ROWS: readonly (readonly [method: string, path: string, route: string, status: number])[] = [
  ["GET", "/v1/agents", "/v1/agents", 200],
  ["GET", "/v1/agents/desk", "/v1/agents/:agent", 200],
  ["GET", "/agents/nobody", "/agents/:agent", 404],
  ["POST", "/agents/desk", "/agents/:agent", 200],
  ["GET", "/.well-known/agent-card.json", "/.well-known/agent-card.json", 200],
  ["GET", "/api/schema", "/api/schema", 200],
  ["GET", "/", "/", 200],
  ["GET", "/agents/desk/tasks/t1", "/agents/:agent/tasks/:id", 500],
  ["GET", "/wp-login.php?id=1", "*", 404],
  ["PROPFIND", "/", "*", 405],
];

for (const [method, path, route, status] of ROWS) {
  Deno.test(`measureRequests() tells of ${method} ${path}`, async () => {
    const told = await measuring().told(method, path);
    assert.deepEqual(told, [[method === "PROPFIND" ? "_OTHER" : method, route, status]]);
  });
}

Deno.test("measureRequests() knows the methods of HTTP, and calls all others by one name", async () => {
  const { told } = measuring();
  assert.equal((await told("DELETE", "/x"))[0]?.[0], "DELETE");
  assert.equal((await told("MAKE-ME-A-LABEL", "/x"))[0]?.[0], "_OTHER");
});

Deno.test("measureRequests() leaves out those who ask how the server does", async () => {
  const { told } = measuring();
  for (const path of ["/health", "/ready", "/metrics"]) assert.deepEqual(await told("GET", path), [], path);
});

Deno.test("measureRequests() counts what fails and what is refused", async () => {
  const { told } = measuring({ bindings: { ...bindings(), log: SILENT } });
  assert.deepEqual(await told("GET", "/agents/lab/tasks"), [["GET", "/agents/:agent/tasks", 500]]);
  const guarded = measuring({
    guard: createGuard({
      required: true,
      excludedPaths: [],
      apiKeys: [],
      apiKeyHeader: "x-api-key",
      allowQueryToken: false,
      defaultTenant: "default",
    }),
  });
  assert.deepEqual(await guarded.told("POST", "/agents/lab"), [["POST", "/agents/:agent", 401]]);
  const foreign = measuring({
    checkHost: () => {
      throw new A2AError("PERMISSION_DENIED", "Not this host");
    },
  });
  assert.deepEqual(await foreign.told("GET", "/v1/agents"), [["GET", "/v1/agents", 403]]);
});

Deno.test("measureRequests() measures until the answer begins", async () => {
  let nowMs = 1000;
  const timers = { now: () => nowMs, after: () => () => {}, every: () => () => {} };
  const { measured, ask } = measuring({
    bindings: { ...bindings(), timers },
    configSchema: () => {
      nowMs += 250;
      return {};
    },
  });
  await (await ask("/api/schema")).body?.cancel();
  assert.deepEqual(measured.map((one) => "seconds" in one ? one.seconds : undefined), [0.25]);
});
