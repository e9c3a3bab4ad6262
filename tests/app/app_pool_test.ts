import assert from "node:assert/strict";
import { type App } from "../../src/app/app.ts";
import { AppPool } from "../../src/app/app_pool.ts";
import { AgentGone } from "../../src/task/agent_source.ts";
import { COMPLETED } from "../task/house.ts";
import { configOf } from "./configurations.ts";

const config = configOf("agents: {a: {llm: m}}\nllms: {m: {provider: demo}}");

interface Watched extends App {
  readonly closed: () => number;
}

function app(revision: string, ids: readonly string[] = ["a"]): Watched {
  let closed = 0;
  const agent = { run: () => Promise.resolve(COMPLETED) };
  return {
    config,
    revision,
    agents: new Map(ids.map((id) => [id, { ...agent }])),
    check: () => Promise.resolve(),
    close: () => void closed++,
    closed: () => closed,
  };
}

const never = () => Promise.resolve(undefined);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

Deno.test("AppPool lends the agent of today to tasks that begin", () => {
  const [old, fresh] = [app("r1"), app("r2")];
  const pool = new AppPool(old, never);
  const { now } = pool.source("a");
  assert.equal(now().agent, old.agents.get("a"));
  pool.swap(fresh);
  const loan = now();
  assert.equal(loan.agent, fresh.agents.get("a"));
  assert.equal(loan.revision, "r2");
});

Deno.test("AppPool closes an app of the past with the last loan, and not before", () => {
  const old = app("r1");
  const pool = new AppPool(old, never);
  const [one, other] = [pool.source("a").now(), pool.source("a").now()];
  pool.swap(app("r2"));
  one.giveBack();
  one.giveBack();
  assert.equal(old.closed(), 0, "giving back twice is giving back once");
  assert.equal(pool.size, 2);
  other.giveBack();
  assert.equal(old.closed(), 1);
  assert.equal(pool.size, 1);
});

Deno.test("AppPool closes an app at once that nobody uses when another takes its place", () => {
  const old = app("r1");
  const pool = new AppPool(old, never);
  pool.source("a").now().giveBack();
  assert.equal(old.closed(), 0);
  pool.swap(app("r2"));
  assert.equal(old.closed(), 1);
});

Deno.test("AppPool lends the agent of the revision with which a task began", async () => {
  const [old, fresh] = [app("r1"), app("r2")];
  const pool = new AppPool(old, never);
  const { now, at } = pool.source("a");
  const loan = now();
  pool.swap(fresh);
  assert.equal((await at("r1")).agent, old.agents.get("a"));
  assert.equal((await at("r2")).agent, fresh.agents.get("a"));
  assert.equal((await at(undefined)).agent, fresh.agents.get("a"));
  loan.giveBack();
});

const WHILE_FOUND: readonly (readonly [name: string, close: (pool: AppPool, giveBack: () => void) => void])[] = [
  ["gets its last loan back", (_pool, giveBack) => giveBack()],
  ["is replaced", (pool) => pool.swap(app("r3"))],
];
for (const [name, close] of WHILE_FOUND) {
  Deno.test(`AppPool lends nobody an app that ${name} while it is looked for: it builds it again`, async () => {
    const [old, again] = [app("r1"), app("r1")];
    const pool = new AppPool(old, () => Promise.resolve(again));
    const loan = pool.source("a").now();
    if (name === "is replaced") loan.giveBack();
    else pool.swap(app("r2"));
    const wanted = pool.source("a").at("r1");
    close(pool, loan.giveBack);
    assert.equal(old.closed(), 1);
    const lent = await wanted;
    assert.equal(lent.agent, again.agents.get("a"));
    await turn();
    assert.equal(again.closed(), 0);
    lent.giveBack();
    assert.deepEqual([old.closed(), again.closed()], [1, 1]);
  });
}

Deno.test("AppPool builds an app of the past again once for all who want it, and closes it after them", async () => {
  const restored: Watched[] = [];
  const pool = new AppPool(app("r2"), (revision) => {
    const again = app(revision);
    restored.push(again);
    return Promise.resolve(again);
  });
  const { at } = pool.source("a");
  const loans = await Promise.all([at("r1"), at("r1"), at("r0")]);
  await turn();
  assert.deepEqual(restored.map(({ revision }) => revision), ["r1", "r0"]);
  assert.deepEqual(loans.map(({ revision }) => revision), ["r1", "r1", "r0"]);
  for (const loan of loans) loan.giveBack();
  assert.deepEqual(restored.map(({ closed }) => closed()), [1, 1]);
  (await at("r1")).giveBack();
  assert.equal(restored.length, 3);
});

Deno.test("AppPool goes on with the agent of today where the past cannot be had", async () => {
  const fresh = app("r2");
  const { at } = new AppPool(fresh, never).source("a");
  assert.equal((await at("r1")).agent, fresh.agents.get("a"));
});

Deno.test("AppPool goes on with the agent of today where the past did not know the agent", async () => {
  const fresh = app("r2", ["a", "b"]);
  const past = app("r1");
  const pool = new AppPool(fresh, () => Promise.resolve(past));
  assert.equal((await pool.source("b").at("r1")).agent, fresh.agents.get("b"));
  await turn();
  assert.equal(past.closed(), 1, "nobody borrowed from it");
  assert.equal(pool.size, 1);
});

Deno.test("AppPool says that an agent is gone when neither today nor the past has it", async () => {
  const source = new AppPool(app("r2"), never).source("b");
  assert.throws(() => source.now(), AgentGone);
  await assert.rejects(source.at("r1"), /Agent "b" not found/);
});

Deno.test("AppPool tries again after an app of the past could not be built", async () => {
  let count = 0;
  const { at } = new AppPool(app("r2"), () => {
    count++;
    return Promise.reject(new Error("disk"));
  }).source("a");
  await assert.rejects(at("r1"), /disk/);
  await assert.rejects(at("r1"), /disk/);
  assert.equal(count, 2);
});

Deno.test("AppPool lets an app end what it does when another of the same revision takes its place", () => {
  const [old, fresh] = [app("r1"), app("r1")];
  const pool = new AppPool(old, never);
  const loan = pool.source("a").now();
  pool.swap(fresh);
  assert.equal(pool.source("a").now().agent, fresh.agents.get("a"));
  loan.giveBack();
  assert.deepEqual([old.closed(), fresh.closed()], [1, 0]);
});

Deno.test("AppPool closes everything at the end", () => {
  const [old, fresh] = [app("r1"), app("r2")];
  const pool = new AppPool(old, never);
  pool.source("a").now();
  pool.swap(fresh);
  pool.close();
  assert.deepEqual([old.closed(), fresh.closed()], [1, 1]);
});
