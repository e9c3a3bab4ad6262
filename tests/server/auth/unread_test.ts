import assert from "node:assert/strict";
import { createGuard } from "../../../src/guard/guard.ts";
import { SILENT } from "../../../src/lib/log.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { createGrpcFace } from "../../../src/server/grpc_face.ts";
import { grpcHead } from "../../lib/grpc/grpc_client.ts";
import { http2Pair } from "../../lib/http2/http2_pair.ts";
import { manualTimers } from "../../lib/manual_timers.ts";
import { servedAgent } from "../served_agent.ts";

/** A face that knows one key, and how often it looked at a credential. */
async function face() {
  const guard = createGuard({
    required: true,
    excludedPaths: [],
    apiKeys: [{ key: new Secret("the-key"), subject: "ci", roles: [] }],
    apiKeyHeader: "X-API-Key",
    allowQueryToken: false,
    defaultTenant: "default",
  });
  let looks = 0;
  const counting: typeof guard = { ...guard, identify: (showing) => (looks++, guard.identify(showing)) };
  const agent = servedAgent("desk");
  const onStream = await createGrpcFace({
    directory: () => ({ agents: new Map([[agent.id, agent]]), defaultAgent: undefined, since: new Date(0) }),
    baseUrl: () => "http://agents.example",
    profile: "1.0.1",
    newId: () => "made-up",
    body: { maxBytes: 100_000, timeoutMs: 60_000 },
    unreadyBecause: () => undefined,
    guard: counting,
    timers: manualTimers(),
    log: SILENT,
  });
  return { pair: http2Pair({ onStream }), looks: () => looks };
}

const OPERATION = "/lf.a2a.v1.A2AService/GetTask";

Deno.test("gRPC: a stranger is refused before a message has come", async () => {
  const { pair } = await face();
  for (const path of [OPERATION, "/a2a.v1.A2AService/GetTask", "/a2a.v1.A2AService/SendStreamingMessage"]) {
    const stream = await pair.client.request(grpcHead(path));
    const head = new Map(await stream.head());
    assert.equal(head.get("grpc-status"), "16", path);
    assert.ok(head.has("grpc-status-details-bin"));
  }
  await pair[Symbol.asyncDispose]();
});

Deno.test("gRPC: a credential is looked at once", async () => {
  const { pair, looks } = await face();
  const stream = await pair.client.request(grpcHead(OPERATION, [["x-api-key", "the-key"], ["agent-name", "nobody"]]));
  await stream.send(new Uint8Array(5), { end: true });
  const head = new Map(await stream.head());
  assert.equal(head.get("grpc-status"), "5");
  assert.equal(looks(), 1);
  await pair[Symbol.asyncDispose]();
});
