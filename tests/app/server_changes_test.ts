import assert from "node:assert/strict";
import { changesOfServer, withServerOf } from "../../src/app/server_changes.ts";
import { configOf } from "./configurations.ts";

const AGENTS = "agents: {a: {llm: m}, b: {llm: m}}\nllms: {m: {provider: demo}}\n";
const plain = configOf(AGENTS);

const ROWS = [
  ["", []],
  ["server: {port: 8080}", []],
  ["server: {port: 9000}", ["server.port"]],
  ["server: {host: 0.0.0.0, drain_timeout_seconds: 5}", ["server.host", "server.drain_timeout_seconds"]],
  ["server: {store: {type: memory}}", ["server.store"]],
  ["server: {push: {enabled: false}}", ["server.push"]],
  ["server: {default_agent: b}", []],
  ["server: {transport: rest}", []],
] as const;

for (const [text, waiting] of ROWS) {
  Deno.test(`changesOfServer() tells what only a restart can do: ${text || "nothing"}`, () => {
    const next = configOf(`${AGENTS}${text}`);
    assert.deepEqual(changesOfServer(plain, next).sort(), [...waiting].sort());
  });
}

Deno.test("withServerOf() keeps the server that runs, and takes the rest and the default agent", () => {
  const next = configOf("agents: {b: {llm: m}}\nllms: {m: {provider: demo}}\nserver: {port: 9000, transport: rest}");
  const adapted = withServerOf(plain, next);
  assert.equal(adapted.server.port, 8080);
  assert.equal(adapted.server.default_agent, "b");
  assert.equal(adapted.server.transport, "rest");
  assert.deepEqual([...adapted.agents.keys()], ["b"]);
  assert.equal(next.server.port, 9000);
});
