import assert from "node:assert/strict";
import { grpcPlace } from "../../../src/a2a/client/grpc_place.ts";
import { isError } from "../loopback.ts";

const ROWS: readonly (readonly [url: string, cardIsSecure: boolean, place: string])[] = [
  ["agent.example:50051", false, "agent.example 50051 plain"],
  ["agent.example:50051", true, "agent.example 50051 tls"],
  ["agent.example:443", false, "agent.example 443 tls"],
  ["agent.example:80", false, "agent.example 80 plain"],
  ["agent.example", false, "agent.example 443 tls"],
  ["http://agent.example:50051", true, "agent.example 50051 plain"],
  ["http://agent.example", false, "agent.example 80 plain"],
  ["https://agent.example", false, "agent.example 443 tls"],
  ["grpcs://agent.example:8443", false, "agent.example 8443 tls"],
  ["grpc://agent.example:8443", true, "agent.example 8443 plain"],
  ["dns:///agent.example:50051", false, "agent.example 50051 plain"],
  ["[::1]:50051", false, "::1 50051 plain"],
];
for (const [url, cardIsSecure, expected] of ROWS) {
  Deno.test(`grpcPlace() of ${url} is ${expected}, the card came over ${cardIsSecure ? "TLS" : "TCP"}`, () => {
    const { address: { hostname, port }, tls } = grpcPlace(url, cardIsSecure);
    assert.equal(`${hostname} ${port} ${tls ? "tls" : "plain"}`, expected);
  });
}

Deno.test("grpcPlace() names the place as a URL", () => {
  assert.equal(grpcPlace("agent.example:50051", true).url.href, "https://agent.example:50051/");
  assert.equal(grpcPlace("[::1]:50051", false).url.host, "[::1]:50051");
});

for (const url of ["", "http://", "agent example:1", "agent.example:99999"]) {
  Deno.test(`grpcPlace() refuses ${JSON.stringify(url)}`, () => {
    assert.throws(() => grpcPlace(url, false), isError("INVALID_AGENT_RESPONSE", /no address/));
  });
}
