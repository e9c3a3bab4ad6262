import assert from "node:assert/strict";
import { networkError } from "../../../src/config/sources/network_error.ts";
import { SourceError } from "../../../src/config/sources/source_error.ts";

const ENDPOINT = { hostname: "a", port: 1, secure: false, name: "a:1" };

const ROWS: [thrown: unknown, reason: string][] = [
  [new Deno.errors.ConnectionRefused("Connection refused (os error 111)"), "connection refused"],
  [
    new TypeError("error sending request: client error (Connect): invalid peer certificate: UnknownIssuer"),
    "its certificate is not trusted; see HECTOR_CONFIG_CA, HECTOR_CONFIG_CERT and HECTOR_CONFIG_KEY",
  ],
  [new TypeError("client error (Connect): dns error: failed to lookup address information"), "its name is not known"],
  [new Deno.errors.ConnectionReset("Connection reset by peer (os error 104)"), "the connection broke"],
  [new Error("x", { cause: new Error("Network is unreachable (os error 101)") }), "no way leads there"],
  [new Deno.errors.TimedOut("deadline"), "the connection timed out"],
  [new Error("something else"), "the connection failed"],
  ["a text", "the connection failed"],
];

for (const [thrown, reason] of ROWS) {
  Deno.test(`networkError() of ${thrown} says ${reason}`, () => {
    const error = networkError(thrown, "etcd", ENDPOINT);
    assert.equal(error.failure, "unreachable");
    assert.ok(error.message.startsWith(`Cannot reach etcd at a:1: ${reason}`), error.message);
    assert.equal(error.cause, thrown);
  });
}

Deno.test("networkError() leaves a SourceError as it is", () => {
  const error = new SourceError("refused", "no");
  assert.equal(networkError(error, "etcd", ENDPOINT), error);
});
