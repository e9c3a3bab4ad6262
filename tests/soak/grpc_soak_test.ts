import assert from "node:assert/strict";
import { FAREWELLS } from "./farewells.ts";
import { runGrpcSoak } from "./grpc_soak.ts";

for (const shared of [false, true]) {
  Deno.test(`gRPC on ${shared ? "a shared port" : "its own port"} forgets clients that leave in every way, and fails no call of the others`, async () => {
    const connections = 3 * FAREWELLS.size;
    const { failures, grown, ...seen } = await runGrpcSoak({ calls: 1000, connections, shared });
    assert.deepEqual([...failures], []);
    assert.deepEqual([seen.calls, seen.connections], [1000, connections]);
    assert.ok(grown.last.handles <= grown.first.handles, JSON.stringify(grown));
  });
}
