import assert from "node:assert/strict";
import { ANONYMOUS } from "../../src/a2a/service.ts";
import { createSessions } from "../../src/task/sessions.ts";
import { asking, caller, callOf, echo, openHouse, requestOf, send, START_MS, waiting } from "./house.ts";

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
  const { id, agent, createdAt, metadata } = await sessions.get(session.id, ANONYMOUS) ?? assert.fail();
  assert.deepEqual({ id, agent, createdAt, metadata }, expected);
  assert.equal(await sessions.get(session.id, caller("bob")), undefined);
  assert.deepEqual(await sessions.list(caller("bob")), []);
});

Deno.test("createSessions() lists the newest first, those of all agents", async () => {
  const sessions = sessionsIn(openHouse(echo));
  for (const agent of ["echo", "other", "echo"]) await sessions.create({ agent, metadata: {} }, ANONYMOUS);
  const listed = await sessions.list(ANONYMOUS);
  assert.deepEqual(listed.map(({ id, agent }) => [id, agent]), [
    ["session-3", "echo"],
    ["session-2", "other"],
    ["session-1", "echo"],
  ]);
});

Deno.test("createSessions() finds a context that messages alone have made", async () => {
  const house = openHouse(echo);
  const sessions = sessionsIn(house);
  for (const text of ["one", "two"]) await send(house, requestOf(text, { contextId: ID }));
  assert.deepEqual(await sessions.get(ID, ANONYMOUS), {
    id: ID,
    agent: "echo",
    createdAt: "2026-01-01T00:00:00.000Z",
    metadata: {},
  });
  assert.deepEqual(await sessions.list(ANONYMOUS), []);
  assert.equal(await sessions.get(ID, caller("bob")), undefined);
});

Deno.test("createSessions() deletes a session with what was said in it", async () => {
  const house = openHouse(echo);
  const sessions = sessionsIn(house);
  const session = await sessions.create({ agent: "echo", metadata: {} }, ANONYMOUS);
  const { id } = await send(house, requestOf("one", { contextId: session.id }));
  const other = await send(house, requestOf("two"));
  await sessions.delete(session, ANONYMOUS);
  assert.equal(await sessions.get(session.id, ANONYMOUS), undefined);
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
