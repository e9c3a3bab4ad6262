import assert from "node:assert/strict";
import { EgressRefused, EgressRules } from "../../../src/lib/egress_rules.ts";
import { createSafeFetch, type EgressRequest, type SafeFetch } from "../../../src/lib/safe_fetch.ts";
import { createEgress } from "../../../src/server/egress.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import { gatedFetch } from "../../../src/tool/mcp/gated_fetch.ts";

const RULES = { rules: new EgressRules(["127.0.0.1"]), maxBytes: 100 };

function recorded(): { readonly requests: EgressRequest[]; readonly fetch: ReturnType<typeof gatedFetch> } {
  const requests: EgressRequest[] = [];
  const safeFetch: SafeFetch = (request) => {
    requests.push(request);
    return Promise.resolve(new Response("ok"));
  };
  return { requests, fetch: gatedFetch(safeFetch, RULES) };
}

Deno.test("gatedFetch() asks as fetch() would", async () => {
  const { requests, fetch } = recorded();
  await fetch(new URL("https://a.example/x"), { headers: [["A", "1"]] });
  await fetch("https://a.example/y", { method: "POST", body: new URLSearchParams({ a: "1 2" }) });
  assert.partialDeepStrictEqual(requests, [
    { url: "https://a.example/x", method: "GET", headers: { a: "1" } },
    {
      url: "https://a.example/y",
      method: "POST",
      body: "a=1+2",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    },
  ]);
});

Deno.test("gatedFetch() waits as long as it is told to, else for streams of days", async () => {
  const waits: number[] = [];
  const safeFetch: SafeFetch = (_, { timeoutMs }) => {
    waits.push(timeoutMs);
    return Promise.resolve(new Response("ok"));
  };
  await gatedFetch(safeFetch, RULES)("https://a.example/");
  await gatedFetch(safeFetch, { ...RULES, timeoutMs: 30_000 })("https://a.example/");
  assert.deepEqual(waits, [2 ** 31 - 1, 30_000]);
});

Deno.test("gatedFetch() refuses bodies that are no text", async () => {
  await assert.rejects(async () => await recorded().fetch("https://a.example", { body: new Blob(["x"]) }), TypeError);
});

Deno.test("gatedFetch() goes where the rules let it, follows nobody, and reads no more than it may", async () => {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/away") return Response.redirect("https://b.example/");
    return new Response("x".repeat(pathname === "/large" ? 1000 : 10));
  });
  const fetch = gatedFetch(createSafeFetch(createEgress({ timers: PROCESS_TIMERS })), RULES);
  const base = `http://127.0.0.1:${server.addr.port}`;
  assert.equal(await (await fetch(`${base}/`)).text(), "x".repeat(10));
  const away = await fetch(`${base}/away`);
  assert.equal(away.status, 302);
  await away.body?.cancel();
  await assert.rejects(async () => await (await fetch(`${base}/large`)).text(), EgressRefused);
  await assert.rejects(async () => await fetch(`http://127.0.0.2:${server.addr.port}/`), EgressRefused);
});
