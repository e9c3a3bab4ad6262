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

Deno.test("server.tls needs both files, and is on when they are named", () => {
  const tls = { cert_file: "cert.pem", key_file: "key.pem" };
  assert.deepEqual(ServerSection.parse({ tls }).tls, { ...tls, enabled: true, min_version: "1.2" });
  assert.equal(ServerSection.parse({ tls: { ...tls, enabled: false } }).tls?.enabled, false);
  for (
    const part of [{}, { cert_file: "cert.pem" }, { key_file: "key.pem" }, { ...tls, min_version: 1.3 }, {
      ...tls,
      key_file: "",
    }]
  ) {
    assert.equal(ServerSection.safeParse({ tls: part }).success, false, JSON.stringify(part));
  }
});

const LIMITS = {
  max_arriving_bytes: [1_048_576, 268_435_456, 1000, 1.5],
  max_connections: [1, 4000, 0, 1.5],
  max_connections_per_address: [1, 1000, 0, "1"],
  header_timeout_seconds: [0.5, 10, 0, -1],
  idle_timeout_seconds: [0.5, 120, 0, null],
  min_bytes_per_second: [0, 256, -1, 0.5],
} as const;
for (const [key, [low, usual, ...refused]] of Object.entries(LIMITS)) {
  Deno.test(`server.limits.${key} is ${usual} unless the file says otherwise, and has a floor`, () => {
    assert.equal(new Map(Object.entries(ServerSection.parse({}).limits)).get(key), usual);
    assert.equal(ServerSection.safeParse({ limits: { [key]: low } }).success, true);
    for (const value of refused) assert.equal(ServerSection.safeParse({ limits: { [key]: value } }).success, false);
  });
}
