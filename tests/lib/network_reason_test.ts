import assert from "node:assert/strict";
import { networkReason } from "../../src/lib/network_reason.ts";

function fetchFailed(why: string, url = "https://agents.example/"): TypeError {
  return new TypeError("fetch failed", { cause: new Error(`error sending request for url (${url}): ${why}`) });
}

const ROWS: readonly (readonly [thrown: unknown, reason: string | undefined])[] = [
  [new Deno.errors.ConnectionRefused("Connection refused (os error 111)"), "connection refused"],
  [fetchFailed("client error (Connect): tcp connect error: Connection refused"), "connection refused"],
  [fetchFailed("invalid peer certificate: UnknownIssuer"), "its certificate is not trusted"],
  [fetchFailed("received fatal alert: CertificateRequired"), "it does not take the client's certificate, or wants one"],
  [fetchFailed("received corrupt message of type InvalidContentType"), "what is there speaks no TLS"],
  [fetchFailed("dns error: failed to lookup address information"), "its name is not known"],
  [fetchFailed("tls handshake eof"), "the TLS connection failed"],
  [new Deno.errors.ConnectionReset("Connection reset by peer (os error 104)"), "the connection broke off"],
  [new Deno.errors.TimedOut("deadline"), "the connection timed out"],
  [new Error("x", { cause: new Error("Network is unreachable (os error 101)") }), "no way leads there"],
  [new TypeError("Encountered redirect while redirect mode is 'error'"), "it redirects, which is not followed"],
  ["Connection refused", "connection refused"],
  // Neither the words of a URL nor those of others are reasons.
  [fetchFailed("who knows", "https://dns.refused.example/closed?tls=1"), undefined],
  [new Error("The stream was refused"), undefined],
  [undefined, undefined],
];
for (const [thrown, reason] of ROWS) {
  Deno.test(`networkReason() of ${thrown instanceof Error ? thrown.cause ?? thrown : thrown} is ${reason}`, () => {
    assert.equal(networkReason(thrown), reason);
  });
}

Deno.test("networkReason() of a name that nobody has", async () => {
  const thrown: unknown = await fetch("http://nobody.invalid").then(() => undefined, (thrown) => thrown);
  assert.equal(networkReason(thrown), "its name is not known");
});

Deno.test("networkReason() of an error that causes itself ends", () => {
  const circular = new Error("round");
  circular.cause = circular;
  assert.equal(networkReason(circular), undefined);
});
