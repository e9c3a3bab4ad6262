import assert from "node:assert/strict";
import { manualTimers } from "../../lib/manual_timers.ts";
import { ConsulDouble } from "./support/consul_double.ts";

/* The double does what Consul's documentation says, so that what holds with it holds with Consul. */

interface Answer {
  readonly status: number;
  readonly index: string | null;
  readonly body: string;
}

async function get({ endpoint }: ConsulDouble, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await fetch(`http://${endpoint}/v1/kv/${path}`, { headers, redirect: "manual" });
  return { status: answer.status, index: answer.headers.get("x-consul-index"), body: await answer.text() };
}

Deno.test("ConsulDouble: a key is a row with its value in base64, or the value as it is", async () => {
  await using consul = new ConsulDouble({ timers: manualTimers() });
  consul.put("a/b", "é");
  consul.put("a/b", "ü");
  const { index, body } = await get(consul, "a/b");
  assert.equal(index, "9");
  assert.deepEqual(JSON.parse(body), [
    { LockIndex: 0, Key: "a/b", Flags: 0, Value: "w7w=", CreateIndex: 8, ModifyIndex: 9 },
  ]);
  assert.deepEqual(await get(consul, "a%2Fb?raw"), { status: 200, index: "9", body: "ü" });
});

Deno.test("ConsulDouble: a missing key is 404 with the index of the whole store", async () => {
  await using consul = new ConsulDouble({ timers: manualTimers() });
  assert.deepEqual(await get(consul, "a?raw"), { status: 404, index: "7", body: "" });
  consul.put("b", "x");
  assert.deepEqual(await get(consul, "a?raw"), { status: 404, index: "8", body: "" });
});

Deno.test("ConsulDouble: a blocking query ends with a change, and not with one of another key", async () => {
  await using consul = new ConsulDouble({ timers: manualTimers() });
  consul.put("a", "1");
  let isOver = false;
  const blocked = get(consul, "a?raw&index=8&wait=30s").finally(() => isOver = true);
  consul.put("b", "x");
  await get(consul, "b");
  assert.equal(isOver, false);
  consul.put("a", "2");
  assert.deepEqual(await blocked, { status: 200, index: "10", body: "2" });
  assert.equal((await get(consul, "a?raw&index=9&wait=30s")).body, "2");
});

Deno.test("ConsulDouble: a blocking query ends after the wait and a little more, with nothing changed", async () => {
  const timers = manualTimers();
  await using consul = new ConsulDouble({ timers });
  consul.put("a", "1");
  for (const [wait, beforeMs] of [["&wait=10s", 10_000], ["", 300_000], ["&wait=30m", 600_000]] as const) {
    let isOver = false;
    const blocked = get(consul, `a?raw&index=8${wait}`).finally(() => isOver = true);
    while (timers.running() === 0) await get(consul, "a");
    timers.advance(beforeMs);
    await get(consul, "a");
    assert.equal(isOver, false);
    timers.advance(beforeMs / 16);
    assert.deepEqual(await blocked, { status: 200, index: "8", body: "1" });
  }
});

Deno.test("ConsulDouble: a query of an index that is yet to come blocks, and then the index goes backwards", async () => {
  const timers = manualTimers();
  await using consul = new ConsulDouble({ timers });
  consul.restore({ a: "old" }, 3);
  const blocked = get(consul, "a?raw&index=100&wait=1s");
  while (timers.running() === 0) await get(consul, "a");
  timers.advance(2_000);
  assert.deepEqual(await blocked, { status: 200, index: "3", body: "old" });
});

Deno.test("ConsulDouble: deletion wakes who waits for the key", async () => {
  await using consul = new ConsulDouble({ timers: manualTimers() });
  consul.put("a", "1");
  const blocked = get(consul, "a?raw&index=8");
  await get(consul, "a");
  consul.remove("a");
  assert.deepEqual(await blocked, { status: 404, index: "9", body: "" });
});

Deno.test("ConsulDouble: a token is wanted where there is one", async () => {
  await using consul = new ConsulDouble({ timers: manualTimers(), token: "t0ken" });
  consul.put("a", "1");
  assert.deepEqual(await get(consul, "a?raw"), { status: 403, index: null, body: "Permission denied" });
  assert.equal((await get(consul, "a?raw", { "x-consul-token": "other" })).body, "ACL not found");
  assert.equal((await get(consul, "a?raw", { "x-consul-token": "t0ken" })).body, "1");
});

Deno.test("ConsulDouble: a key that begins with a slash is redirected, as Go's router does", async () => {
  await using consul = new ConsulDouble({ timers: manualTimers() });
  assert.equal((await get(consul, "/a?raw")).status, 301);
});
