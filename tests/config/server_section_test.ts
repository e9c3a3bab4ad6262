import assert from "node:assert/strict";
import { ServerSection } from "../../src/config/server_section.ts";

const TAKEN = [0, 8080, 50_051, 65_535, true, false, undefined];
for (const value of TAKEN) {
  Deno.test(`server.grpc_port may be ${value}`, () => {
    assert.equal(ServerSection.parse(value === undefined ? {} : { grpc_port: value }).grpc_port, value);
  });
}

const REFUSED = [-1, 65_536, 1.5, "50051", null];
for (const value of REFUSED) {
  Deno.test(`server.grpc_port may not be ${JSON.stringify(value)}`, () => {
    const parsed = ServerSection.safeParse({ grpc_port: value });
    assert.equal(parsed.success, false);
    assert.deepEqual(parsed.error?.issues.map(({ path }) => path.join(".")), ["grpc_port"]);
  });
}
