import assert from "node:assert/strict";
import { createOriginCheck } from "../../src/server/origin_check.ts";

const opening = (origin: string | undefined) =>
  new Request("http://localhost:8080/ws", { headers: origin === undefined ? {} : { origin } });

/** [Origin, whether a server on loopback that is reached at https://agents.example lets its pages in] */
const ORIGINS: readonly (readonly [origin: string | undefined, allowed: boolean])[] = [
  [undefined, true],
  ["http://localhost:8080", true],
  ["http://LOCALHOST:8080", true],
  ["http://localhost:3000", true],
  ["https://127.0.0.1", true],
  ["http://[::1]:8080", true],
  ["https://agents.example", true],
  ["http://evil.example", false],
  ["http://localhost.evil.example", false],
  ["http://evil.example/localhost", false],
  ["http://localhost@evil.example", false],
  ["https://sub.agents.example", false],
  ["null", false],
  ["", false],
  ["file://", false],
];

for (const [origin, allowed] of ORIGINS) {
  Deno.test(`createOriginCheck() ${allowed ? "lets in" : "refuses"} a page of ${origin} on loopback`, () => {
    const check = createOriginCheck({ listensOn: "127.0.0.1", publicUrl: "https://agents.example/base" });
    if (allowed) check(opening(origin));
    else assert.throws(() => check(opening(origin)), { reason: "PERMISSION_DENIED" });
  });
}

Deno.test("createOriginCheck() leaves a server beyond loopback to its authentication", () => {
  createOriginCheck({ listensOn: "0.0.0.0", publicUrl: undefined })(opening("https://app.example"));
});
