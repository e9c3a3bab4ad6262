import assert from "node:assert/strict";
import { fakeService } from "../a2a/fake_service.ts";
import { cardOffering, served } from "../a2a/loopback.ts";
import { typed, type TypedOptions } from "./typed.ts";

/** A server that lets nobody in who does not show `header: value`, but to its agent's card. */
async function guarded(header: string, value: string, act: (url: string, seen: string[]) => Promise<void>) {
  const seen: string[] = [];
  const { service } = fakeService();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { origin, pathname } = new URL(request.url);
    const card = {
      ...cardOffering([["JSONRPC", "1.0"], ["JSONRPC", "0.3"]], `${origin}/agents/echo`),
      securitySchemes: { key: { apiKeySecurityScheme: { location: "header" as const, name: "X-Agent-Key" } } },
    };
    if (pathname.endsWith("agent-card.json")) return Response.json(card);
    seen.push(`${pathname} ${request.headers.get("a2a-version")}`);
    if (request.headers.get(header) !== value) {
      return new Response("", { status: 401, headers: { "www-authenticate": "Bearer" } });
    }
    if (pathname === "/v1/agents") return Response.json({ agents: [{ ...card, id: "echo" }] });
    return await served(service, () => card)(request);
  });
  try {
    await act(`http://127.0.0.1:${server.addr.port}`, seen);
  } finally {
    await server.shutdown();
  }
}

const BASIC = `Basic ${btoa("ann:t0ken")}`;
const ROWS: readonly (readonly [
  name: string,
  shown: readonly [header: string, value: string],
  argv: readonly string[],
  options?: TypedOptions,
])[] = [
  ["--token", ["authorization", "Bearer t0ken"], ["--token", "t0ken"]],
  ["HECTOR_TOKEN", ["authorization", "Bearer t0ken"], [], { env: { HECTOR_TOKEN: "t0ken" } }],
  ["--api-key-header", ["x-mine", "t0ken"], ["--token", "t0ken", "--api-key-header", "X-Mine"]],
  ["--user", ["authorization", BASIC], ["--user", "ann"], { env: { HECTOR_TOKEN: "t0ken" } }],
];
for (const [name, [header, value], argv, options] of ROWS) {
  Deno.test(`hector list shows what ${name} says, and ends with 3 without it`, async () => {
    await guarded(header, value, async (url) => {
      const letIn = await typed(["list", "--server", url, ...argv], options);
      assert.deepEqual([letIn.code, letIn.err], [0, ""]);
      assert.match(letIn.out, /^AGENT[\s\S]*echo +Echo/);
      const leftOut = await typed(["list", "--server", url]);
      assert.equal(leftOut.code, 3);
      assert.match(leftOut.err, /The agent wants Bearer and was shown none[\s\S]*read from HECTOR_TOKEN or --token/);
    });
  });
}

Deno.test("hector call shows its token as the agent's card wants it, and says what is wanted when it is refused", async () => {
  await guarded("x-agent-key", "t0ken", async (url) => {
    const agent = ["--server", `${url}/agents/echo`];
    const asked = await typed(["call", "Hi", ...agent], { env: { HECTOR_TOKEN: "t0ken" } });
    assert.deepEqual([asked.code, asked.out], [0, "Hello, world\n"]);
    const refused = await typed(["call", "Hi", ...agent, "--token", "wrong"]);
    assert.equal(refused.code, 3);
    assert.match(refused.err, /"Echo" wants an API key \(header X-Agent-Key\) and did not take what it was shown/);
    assert.doesNotMatch(refused.err, /wrong/);
  });
});

Deno.test("hector call speaks the generation that it is told to, and no other", async () => {
  await guarded("x-agent-key", "t", async (url, seen) => {
    const argv = ["call", "Hi", "--server", `${url}/agents/echo`, "--token", "t", "--a2a-version"];
    assert.equal((await typed([...argv, "0.3"])).code, 0);
    assert.equal((await typed([...argv, "1.0"])).code, 0);
    assert.deepEqual(seen, ["/agents/echo 0.3", "/agents/echo 1.0"]);
  });
});
