import assert from "node:assert/strict";
import { createHostCheck, isLoopback } from "../../src/server/host_check.ts";

/** [listens on, public URL, Host header, allowed] */
const ROWS: [listensOn: string, publicUrl: string | undefined, host: string, allowed: boolean][] = [
  ["127.0.0.1", undefined, "localhost:8080", true],
  ["127.0.0.1", undefined, "127.0.0.1:8080", true],
  ["127.0.0.1", undefined, "[::1]:8080", true],
  ["localhost", undefined, "LOCALHOST:8080", true],
  ["127.0.0.1", undefined, "localhost.:8080", true],
  ["127.0.0.1", undefined, "evil.example:8080", false],
  ["127.0.0.1", undefined, "localhost.evil.example", false],
  ["127.0.0.1", undefined, "127.0.0.1.evil.example", false],
  ["127.0.0.1", "https://agents.example.com/base", "agents.example.com", true],
  ["127.0.0.1", "https://agents.example.com", "other.example.com", false],
  ["0.0.0.0", undefined, "anything.example", true],
];

for (const [listensOn, publicUrl, host, allowed] of ROWS) {
  Deno.test(`createHostCheck() on ${listensOn} (${publicUrl}) ${allowed ? "allows" : "refuses"} Host ${host}`, () => {
    const check = createHostCheck({ listensOn, publicUrl });
    const request = new Request("http://x/", { headers: { host } });
    if (allowed) check(request);
    else assert.throws(() => check(request), /is not served here/);
  });
}

for (
  const [host, is] of [["127.0.0.1", true], ["127.8.9.1", true], ["::1", true], ["0.0.0.0", false], [
    "10.0.0.1",
    false,
  ]] as const
) {
  Deno.test(`isLoopback("${host}") is ${is}`, () => assert.equal(isLoopback(host), is));
}
