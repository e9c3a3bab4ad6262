import assert from "node:assert/strict";
import { A2AError } from "../../../src/a2a/errors.ts";
import { createGuard, type Guard, type GuardOptions } from "../../../src/guard/guard.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { EC, NOW_MS, token, verifier } from "../../guard/tokens.ts";
import { appUnderTest } from "../app_under_test.ts";
import { fakeService, servedAgent } from "../served_agent.ts";

const KEY = { "x-api-key": "the-key" };
const JSON_TYPE = { "content-type": "application/json" };

function guard(options: Partial<GuardOptions> = {}): Guard {
  return createGuard({
    required: true,
    excludedPaths: [],
    apiKeys: [{ key: new Secret("the-key"), subject: "ci", roles: [] }],
    apiKeyHeader: "X-API-Key",
    allowQueryToken: false,
    defaultTenant: "default",
    verifyJwt: verifier(),
    ...options,
  });
}

const AGENTS = [
  servedAgent("desk", "public", fakeService({ listTasks: (_, { caller }) => Promise.resolve(listed(caller.subject)) })),
  servedAgent("inner", "internal"),
  servedAgent("vault", "private"),
];

/** A list of one task, which names the caller. */
function listed(subject: string) {
  const status = { state: "TASK_STATE_WORKING", timestamp: "2026-01-01T00:00:00Z" } as const;
  return { tasks: [{ id: subject, contextId: "c", status }], nextPageToken: "", pageSize: 50, totalSize: 1 };
}

const app = (options: Partial<GuardOptions> = {}) => appUnderTest(AGENTS, { guard: guard(options) });
const ask = app();

/** [method, path, status without a credential] */
const ROUTES: readonly (readonly [method: string, path: string, status: number])[] = [
  ["GET", "/health", 200],
  ["GET", "/ready", 200],
  ["GET", "/", 200],
  ["GET", "/.well-known/agent-card.json", 200],
  ["GET", "/.well-known/agent.json", 200],
  ["GET", "/agents", 200],
  ["GET", "/v1/agents", 200],
  ["GET", "/agents/desk", 200],
  ["GET", "/v1/agents/desk/.well-known/agent-card.json", 200],
  ["GET", "/agents/inner", 404],
  ["GET", "/agents/vault", 404],
  ["GET", "/api/schema", 401],
  ["POST", "/", 401],
  ["POST", "/rpc", 401],
  ["POST", "/agents/desk", 401],
  ["POST", "/v1/agents/desk", 401],
  ["POST", "/agents/desk/", 401],
  ["POST", "/agents/missing", 401],
  ["POST", "/v1/agents/desk/message:send", 401],
  ["POST", "/agents/desk/message/stream", 401],
  ["POST", "/message:send", 401],
  ["POST", "/desk/message:send", 401],
  ["GET", "/agents/desk/tasks", 401],
  ["GET", "/tasks/t", 401],
  ["DELETE", "/agents/desk/tasks/t", 401],
  ["GET", "/agents/desk/extendedAgentCard", 401],
  ["POST", "/sessions", 401],
  ["GET", "/v1/agents/desk/sessions", 401],
  ["GET", "/ws", 401],
  ["GET", "/agents/desk/stream", 401],
  ["GET", "/nothing/of/the/kind", 401],
  ["PUT", "/agents/desk", 401],
  ["OPTIONS", "/agents/desk", 401],
  ["GET", "/health/../api/schema", 401],
  ["GET", "//agents/desk/tasks", 401],
  ["GET", "/AGENTS/desk/tasks", 401],
  ["GET", "/agents/desk/%74asks", 401],
];

for (const [method, path, status] of ROUTES) {
  Deno.test(`${method} ${path} without a credential is ${status}`, async () => {
    const body = method === "POST" ? "{}" : null;
    const response = await ask(path, { method, body, headers: JSON_TYPE });
    const text = await response.text();
    assert.equal(response.status, status, text);
    const challenge = response.headers.get("www-authenticate");
    assert.equal(challenge, status === 401 ? 'Bearer realm="hector"' : null);
  });
}

Deno.test("a credential that is not good is refused everywhere but at probes", async () => {
  for (const [method, path] of ROUTES) {
    if (path === "/" && method === "GET" || path === "/health" || path === "/ready") continue;
    const body = method === "POST" ? "{}" : null;
    const response = await ask(path, { method, body, headers: { ...JSON_TYPE, "x-api-key": "wrong" } });
    assert.equal(response.status, 401, `${method} ${path}`);
    assert.match(response.headers.get("www-authenticate") ?? "", /error="invalid_token"/);
  }
  assert.equal((await ask("/health", { headers: { authorization: "nonsense" } })).status, 200);
});

Deno.test("calls are made in the caller's name", async () => {
  const tasksOf = async (headers: Record<string, string>) =>
    (await (await ask("/agents/desk/tasks", { headers })).json()).tasks[0].id;
  assert.equal(await tasksOf(KEY), "api_key:ci");
  assert.equal(await tasksOf({ authorization: `Bearer ${await token(EC)}` }), "jwt:alice");
});

/** [what, path, headers, what the body holds of the refusal] */
const FORMS: readonly (readonly [what: string, path: string, headers: Record<string, string>, body: unknown])[] = [
  ["JSON-RPC", "/agents/desk", {}, { jsonrpc: "2.0", id: null, error: { code: -32600 } }],
  ["JSON-RPC at the root", "/", {}, { jsonrpc: "2.0", id: null, error: { code: -32600 } }],
  ["JSON-RPC of 0.3", "/agents/desk", { "a2a-version": "0.3" }, {
    id: null,
    error: { data: { reason: "UNAUTHENTICATED" } },
  }],
  ["REST of 1.0", "/agents/desk/message:send", { "a2a-version": "1.0" }, {
    error: { code: 401, status: "UNAUTHENTICATED" },
  }],
  ["REST of 0.3", "/agents/desk/v1/message:send", { "a2a-version": "0.3" }, { code: -32600 }],
  ["hector_v1", "/agents/desk/message/send", {}, { error: { code: "AUTH_REQUIRED" } }],
  ["hector_v1_rest", "/v1/agents/desk/message:send", {}, { error: { code: "UNAUTHENTICATED" } }],
  ["hector_v2 by name", "/agents/desk/tasks/t/cancel", { "x-hector-dialect": "hector_v1" }, {
    error: { code: "AUTH_REQUIRED" },
  }],
  ["a version that does not exist", "/agents/desk/message:send", { "a2a-version": "7.0" }, {
    error: { status: "UNAUTHENTICATED" },
  }],
];

for (const [what, path, headers, body] of FORMS) {
  Deno.test(`a refusal is in the form of ${what}`, async () => {
    const response = await ask(path, { method: "POST", body: "{}", headers: { ...JSON_TYPE, ...headers } });
    assert.equal(response.status, 401);
    assert.partialDeepStrictEqual(await response.json(), body);
  });
}

Deno.test("a claim that does not allow it is 403, in each form", async () => {
  const strict = app({ verifyJwt: verifier({ requiredClaims: new Map([["scope", ["call"]]]) }) });
  const headers = { ...JSON_TYPE, authorization: `Bearer ${await token(EC)}` };
  const asked = async (path: string) => {
    const response = await strict(path, { method: "POST", body: "{}", headers });
    return [response.status, await response.json()];
  };
  assert.partialDeepStrictEqual(await asked("/agents/desk/message/send"), [403, { error: { code: "AUTH_FORBIDDEN" } }]);
  assert.partialDeepStrictEqual(await asked("/agents/desk"), [403, { error: { code: -32600 } }]);
});

Deno.test("a provider that is down is 503 with Retry-After, not 401", async () => {
  const error = new A2AError("UNAVAILABLE", "Cannot check the token", { retryAfterSeconds: 5, cause: "secret-cause" });
  const down = app({ verifyJwt: () => Promise.reject(error) });
  for (const path of ["/agents/desk", "/agents/desk/message:send", "/agents/desk/ws"]) {
    const method = path.endsWith("ws") ? "GET" : "POST";
    const response = await down(path, { method, headers: { authorization: "Bearer a.b.c" } });
    assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "5"], path);
    assert.equal(response.headers.get("www-authenticate"), null);
    assert.doesNotMatch(await response.text(), /secret-cause/);
  }
});

Deno.test("a stranger's body is not read", async () => {
  let pulls = 0;
  const body = new ReadableStream({ pull: () => void pulls++ }, { highWaterMark: 0 });
  for (const path of ["/agents/desk", "/agents/desk/message:send", "/sessions"]) {
    assert.equal((await ask(path, { method: "POST", headers: JSON_TYPE, body })).status, 401);
  }
  assert.equal(pulls, 0);
});

Deno.test("what is listed depends on who asks, and caches are told so", async () => {
  const list = async (headers: Record<string, string>) => {
    const response = await ask("/v1/agents", { headers });
    const { agents } = await response.json();
    return {
      ids: agents.map(({ id }: { id: string }) => id),
      kept: response.headers.get("cache-control"),
      vary: response.headers.get("vary"),
    };
  };
  const vary = "A2A-Version, X-Hector-Dialect, Authorization, X-API-Key";
  assert.deepEqual(await list({}), { ids: ["desk"], kept: "max-age=60", vary });
  assert.deepEqual(await list(KEY), { ids: ["desk", "inner"], kept: "private, max-age=60", vary });
});

Deno.test("answers to callers are not kept", async () => {
  const response = await ask("/agents/desk/tasks", { headers: KEY });
  assert.equal(response.headers.get("cache-control"), "no-store");
});

Deno.test("an open server tells caches nothing of credentials, and looks at none", async () => {
  const response = await appUnderTest(AGENTS)("/v1/agents", { headers: { authorization: "Bearer <token>" } });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("vary"), "A2A-Version, X-Hector-Dialect");
});

Deno.test("a query is looked at only where that is allowed", async () => {
  assert.equal((await ask("/agents/desk/tasks?api_key=the-key")).status, 401);
  const allowing = app({ allowQueryToken: true });
  assert.equal((await allowing("/agents/desk/tasks?api_key=the-key")).status, 200);
  assert.equal((await allowing(`/agents/desk/tasks?access_token=${await token(EC)}`)).status, 200);
  assert.equal((await allowing("/agents/desk/tasks?api_key=wrong")).status, 401);
});

Deno.test("an excluded path is open to everybody, but shows public agents alone", async () => {
  const excluding = app({ excludedPaths: ["/agents/"] });
  assert.equal((await excluding("/agents/desk/tasks")).status, 200);
  assert.equal((await excluding("/agents/inner/tasks")).status, 404);
  assert.equal((await excluding("/v1/agents/desk/tasks")).status, 401);
  assert.equal((await excluding("/agents/desk/tasks", { headers: { "x-api-key": "wrong" } })).status, 401);
});

Deno.test("a token that ends while its request is read counts no more", async () => {
  const clock = { ms: NOW_MS };
  const ending = app({ verifyJwt: verifier({ now: () => clock.ms }) });
  const body = new ReadableStream({
    pull: (controller) => {
      clock.ms += 3_600_000;
      controller.enqueue(new TextEncoder().encode('{"jsonrpc":"2.0","id":1,"method":"ListTasks","params":{}}'));
      controller.close();
    },
  }, { highWaterMark: 0 });
  const headers = { ...JSON_TYPE, authorization: `Bearer ${await token(EC)}` };
  const response = await ending("/agents/desk", { method: "POST", headers, body });
  assert.equal(response.status, 401);
  assert.equal((await response.json()).id, 1);
  assert.equal(response.headers.get("www-authenticate"), 'Bearer realm="hector"');
});
