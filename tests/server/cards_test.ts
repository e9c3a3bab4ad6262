import assert from "node:assert/strict";
import { AgentCard } from "../../src/a2a/card/card_types.ts";
import { appUnderTest } from "./app_under_test.ts";
import { servedAgent } from "./served_agent.ts";

const ask = appUnderTest([servedAgent("desk"), servedAgent("lab")]);
const pure = appUnderTest([servedAgent("desk")], { cardForm: "pure" });
const card = async (path: string, headers: Record<string, string> = {}) => await (await ask(path, { headers })).json();

/** Routes of a card, and whose it is. */
const ROUTES: [path: string, name: string][] = [
  ["/.well-known/agent-card.json", "desk"],
  ["/.well-known/agent-card.json?name=lab", "lab"],
  ["/.well-known/agent.json", "desk"],
  ["/v1/card?agent=lab", "lab"],
  ["/agents/lab", "lab"],
  ["/agents/lab/v1/card", "lab"],
  ["/v1/agents/lab", "lab"],
  ["/agents/lab/.well-known/agent-card.json", "lab"],
  ["/v1/agents/lab/.well-known/agent-card.json", "lab"],
];

for (const [path, name] of ROUTES) {
  Deno.test(`GET ${path} is the card of ${name} in every form`, async () => {
    assert.equal((await card(path)).name, name);
    assert.equal((await card(path, { "a2a-version": "1.0" })).name, name);
    assert.equal((await card(path, { "a2a-version": "0.3" })).name, name);
  });
}

Deno.test("a 1.0 reader gets the pure 1.0 card", async () => {
  const body = await card("/agents/lab", { "a2a-version": "1.0.1" });
  assert.deepEqual(body, AgentCard.parse(body));
});

Deno.test("a 0.3 reader gets the 0.3 card", async () => {
  const body = await card("/agents/lab", { "a2a-version": "0.3" });
  assert.equal(body.protocolVersion, "0.3.0");
  assert.equal(body.supportedInterfaces, undefined);
});

Deno.test("without a version one card serves both, and older clients on their own routes", async () => {
  const body = await card("/agents/lab");
  assert.equal(body.protocolVersion, "0.3.0");
  assert.equal(body.supportedInterfaces[0].protocolVersion, "1.0");
  assert.equal(body.preferred_transport, "jsonrpc");
  assert.equal((await card("/.well-known/agent-card.json")).preferred_transport, undefined);
});

Deno.test("`card: pure` answers every reader with the 1.0 card", async () => {
  const body = await (await pure("/.well-known/agent-card.json")).json();
  assert.deepEqual(body, AgentCard.parse(body));
});

Deno.test("a card is cacheable, one form apart from the other", async () => {
  const first = await ask("/agents/lab");
  await first.body?.cancel();
  assert.equal(first.headers.get("vary"), "A2A-Version, X-Hector-Dialect");
  assert.match(first.headers.get("cache-control") ?? "", /max-age=\d+/);
  assert.equal(first.headers.get("last-modified"), "Fri, 02 Jan 2026 03:04:05 GMT");
  const etag = first.headers.get("etag") ?? "";
  const again = await ask("/agents/lab", { headers: { "if-none-match": `"other", ${etag}` } });
  assert.equal(again.status, 304);
  assert.equal(await again.text(), "");
  const otherForm = await ask("/agents/lab", { headers: { "if-none-match": etag, "a2a-version": "1.0" } });
  assert.equal(otherForm.status, 200);
  await otherForm.body?.cancel();
});

Deno.test("the second API reference finds its card in `agent` on its own routes, beside the one that all read", async () => {
  for (const path of ["/v1/agents/lab/.well-known/agent-card.json", "/.well-known/agent-card.json?name=lab"]) {
    const body = await card(path);
    assert.deepEqual(body.agent, {
      name: "lab",
      description: "The agent lab",
      version: "1.0.0",
      capabilities: ["chat", "tools", "streaming"],
      supported_content_types: ["text"],
    });
    assert.equal(body.protocolVersion, "0.3.0");
  }
  assert.equal((await card("/.well-known/agent-card.json")).agent, undefined);
  assert.equal((await card("/agents/lab/.well-known/agent-card.json")).agent, undefined);
});

Deno.test("a peer that names a dialect gets that dialect's card, by header or by query", async () => {
  const v1 = await card("/agents/lab", { "x-hector-dialect": "hector_v1" });
  assert.deepEqual(v1.authentication, { required: false, schemes: [] });
  assert.deepEqual(v1.capabilities.multiTurn, true);
  assert.deepEqual(v1.supportedInterfaces, undefined);
  assert.equal((await card("/agents/lab?dialect=hector_v2")).preferred_transport, "jsonrpc");
  assert.equal((await ask("/agents/lab?dialect=nonsense")).status, 400);
});

Deno.test("card/get answers with the card of the route's document, agent/getCard with the one that all read", async () => {
  const call = async (method: string) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { name: "lab" } });
    return (await (await ask("/rpc", { method: "POST", headers: { "content-type": "application/json" }, body })).json())
      .result;
  };
  assert.equal((await call("card/get")).agent.name, "lab");
  assert.equal((await call("card/get")).name, "lab");
  assert.equal((await call("agent/getCard")).name, "lab");
});
