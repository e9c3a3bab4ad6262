import assert from "node:assert/strict";
import { chooseInterfaces, type PeerBinding, type PeerVersion } from "../../../src/a2a/client/choose_interfaces.ts";
import { cardOffering, isError } from "../loopback.ts";

const ALL: ReadonlySet<PeerBinding> = new Set(["jsonrpc", "rest", "grpc"]);
const HTTP: ReadonlySet<PeerBinding> = new Set(["jsonrpc", "rest"]);
const ROWS: readonly (readonly [offers: string, version: PeerVersion | undefined, chosen: string])[] = [
  ["JSONRPC 1.0, HTTP+JSON 1.0", undefined, "jsonrpc a2a_v1, rest a2a_v1"],
  ["HTTP+JSON 1.0, JSONRPC 1.0", undefined, "rest a2a_v1, jsonrpc a2a_v1"],
  ["GRPC 1.0, http+json 1.0", undefined, "grpc a2a_v1, rest a2a_v1"],
  ["JSONRPC 2.0, JSONRPC 1.1, JSONRPC 1.0.4", undefined, "jsonrpc a2a_v1"],
  // What the agent puts first decides the generation, and an interface that is down does not change it.
  ["JSONRPC 0.3.0, JSONRPC 1.0", undefined, "jsonrpc a2a_v0_3"],
  ["JSONRPC 1.0, JSONRPC 0.3, GRPC 1.0", undefined, "jsonrpc a2a_v1, grpc a2a_v1"],
  ["JSONRPC 0.3.0, JSONRPC 1.0", "1.0", "jsonrpc a2a_v1"],
  ["JSONRPC 1.0, HTTP+JSON 0.3", "0.3", "rest a2a_v0_3"],
  ["JSONRPC 1.0, JSONRPC 0.3, GRPC 1.0", "any", "jsonrpc a2a_v1, jsonrpc a2a_v0_3, grpc a2a_v1"],
];
const offered = (offers: string) =>
  cardOffering(
    offers.split(", ").map((offer): [string, string] => {
      const [binding = "", version = ""] = offer.split(" ");
      return [binding, version];
    }),
  );
for (const [offers, version, chosen] of ROWS) {
  Deno.test(`chooseInterfaces() takes ${chosen} of ${offers} for ${version ?? "no version"}`, () => {
    const found = chooseInterfaces(offered(offers), { version, bindings: ALL });
    assert.equal(found.map(({ binding, dialect }) => `${binding} ${dialect}`).join(", "), chosen);
  });
}

Deno.test("chooseInterfaces() passes over bindings that cannot be spoken", () => {
  const found = chooseInterfaces(offered("GRPC 1.0, JSONRPC 1.0"), { bindings: HTTP });
  assert.deepEqual(found.map(({ binding }) => binding), ["jsonrpc"]);
});

Deno.test("chooseInterfaces() never takes another generation than the one that was asked for", () => {
  assert.throws(
    () => chooseInterfaces(offered("JSONRPC 0.3, HTTP+JSON 0.3"), { version: "1.0", bindings: ALL }),
    isError("VERSION_NOT_SUPPORTED", /"Echo".*JSONRPC 0\.3, HTTP\+JSON 0\.3.*of 1\.0$/),
  );
});

Deno.test("chooseInterfaces() says what was offered and what is known", () => {
  assert.throws(
    () => chooseInterfaces(offered("GRPC 1.0"), { bindings: HTTP }),
    isError("VERSION_NOT_SUPPORTED", /"Echo".*GRPC 1\.0.*JSONRPC, HTTP\+JSON of 1\.0 and 0\.3/),
  );
  assert.throws(
    () => chooseInterfaces(cardOffering([]), { bindings: ALL }),
    isError("VERSION_NOT_SUPPORTED", /offers nothing/),
  );
});
