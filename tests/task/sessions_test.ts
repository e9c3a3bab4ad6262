import assert from "node:assert/strict";
import { ANONYMOUS } from "../../src/a2a/service.ts";
import { createSessions, type SessionQuery } from "../../src/task/sessions.ts";
import { asking, caller, callOf, echo, openHouse, requestOf, send, START_MS, waiting } from "./house.ts";

const AGENTS = ["other", "echo"];
const ALL: SessionQuery = { agents: AGENTS, limit: 100 };
const ID = "01234567-89ab-7000-8000-000000000001";

function sessionsIn(house: ReturnType<typeof openHouse>) {
  let last = 0;
  const newId = () => `session-${++last}`;
  return createSessions({
    store: house.store,
    services: new Map([["other", house.service], ["echo", house.service]]),
    now: () => START_MS,
    newId,
  });
}

Deno.test("createSessions() keeps what a session was created with, for its owner alone", async () => {
  const sessions = sessionsIn(openHouse(echo));
  const session = await sessions.create({ agent: "echo", metadata: { user_id: "u1" } }, ANONYMOUS);
  const expected = {
    id: "session-1",
    agent: "echo",
    createdAt: "2026-01-01T00:00:00.000Z",
    metadata: { user_id: "u1" },
  };
  assert.deepEqual(session, expected);
  const { id, agent, createdAt, metadata } = await sessions.get({ id: session.id, agents: AGENTS }, ANONYMOUS) ??
    assert.fail();
  assert.deepEqual({ id, agent, createdAt, metadata }, expected);
  assert.equal(await sessions.get({ id: session.id, agents: AGENTS }, caller("bob")), undefined);
  assert.deepEqual(await sessions.list(ALL, caller("bob")), { sessions: [], next: undefined });
});

Deno.test("createSessions() lists the newest first, those of all agents", async () => {
  const sessions = sessionsIn(openHouse(echo));
  for (const agent of ["echo", "other", "echo"]) await sessions.create({ agent, metadata: {} }, ANONYMOUS);
  const listed = async (query: Partial<SessionQuery>) => {
    const { sessions: page, next } = await sessions.list({ ...ALL, ...query }, ANONYMOUS);
    return [page.map(({ id, agent }) => `${id} ${agent}`).join(", "), next];
  };
  assert.deepEqual(await listed({}), ["session-3 echo, session-2 other, session-1 echo", undefined]);
  assert.deepEqual(await listed({ agents: ["other"] }), ["session-2 other", undefined]);
  assert.deepEqual(await listed({ limit: 2 }), ["session-3 echo, session-2 other", "session-2"]);
  assert.deepEqual(await listed({ limit: 2, after: "session-2" }), ["session-1 echo", undefined]);
});

Deno.test("createSessions() finds a context that messages alone have made", async () => {
  const house = openHouse(echo);
  const sessions = sessionsIn(house);
  for (const text of ["one", "two"]) await send(house, requestOf(text, { contextId: ID }));
  const made = { id: ID, agent: "echo", createdAt: "2026-01-01T00:00:00.000Z", metadata: {} };
  assert.deepEqual(await sessions.get({ id: ID, agents: AGENTS }, ANONYMOUS), made);
  assert.deepEqual(await sessions.list(ALL, ANONYMOUS), { sessions: [made], next: undefined });
  assert.deepEqual((await sessions.list({ ...ALL, agents: ["other"] }, ANONYMOUS)).sessions, []);
  assert.equal(await sessions.get({ id: ID, agents: ["other"] }, ANONYMOUS), undefined);
  assert.equal(await sessions.get({ id: ID, agents: AGENTS }, caller("bob")), undefined);
  assert.deepEqual((await sessions.list(ALL, caller("bob"))).sessions, []);
});

Deno.test("createSessions() lists what was begun by name with its notes, also when it has tasks, and only once", async () => {
  const house = openHouse(echo);
  const sessions = sessionsIn(house);
  const noted = await sessions.create({ agent: "echo", metadata: { user_id: "u1" } }, ANONYMOUS);
  await send(house, requestOf("one", { contextId: noted.id }));
  await send(house, requestOf("two", { contextId: "a talk" }));
  const { sessions: listed } = await sessions.list(ALL, ANONYMOUS);
  assert.deepEqual(listed.map(({ id, metadata }) => [id, metadata]), [[noted.id, { user_id: "u1" }], ["a talk", {}]]);
});

Deno.test("createSessions() deletes a session with what was said in it", async () => {
  const house = openHouse(echo);
  const sessions = sessionsIn(house);
  const session = await sessions.create({ agent: "echo", metadata: {} }, ANONYMOUS);
  const { id } = await send(house, requestOf("one", { contextId: session.id }));
  const other = await send(house, requestOf("two"));
  await sessions.delete(session, ANONYMOUS);
  assert.equal(await sessions.get({ id: session.id, agents: AGENTS }, ANONYMOUS), undefined);
  await assert.rejects(house.service.getTask({ id }, callOf()), /was not found/);
  assert.equal((await house.service.getTask({ id: other.id }, callOf())).id, other.id);
});

Deno.test("createSessions() cancels what runs in a session that is deleted, and what waits goes with it", async () => {
  const work = waiting();
  for (const run of [work.run, asking]) {
    const house = openHouse(run);
    const sessions = sessionsIn(house);
    const session = await sessions.create({ agent: "echo", metadata: {} }, ANONYMOUS);
    const { id } = await send(house, requestOf("go", { contextId: session.id }, { returnImmediately: true }));
    if (run === asking) await house.service.settled();
    await sessions.delete(session, ANONYMOUS);
    await assert.rejects(house.service.getTask({ id }, callOf()), /was not found/);
    await house.service.settled();
  }
});
