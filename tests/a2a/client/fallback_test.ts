import assert from "node:assert/strict";
import type { ChosenInterface } from "../../../src/a2a/client/choose_interfaces.ts";
import { fallback } from "../../../src/a2a/client/fallback.ts";
import type { Peer } from "../../../src/a2a/client/peer.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import type { Operation } from "../../../src/a2a/operations.ts";
import { Unreachable } from "../../../src/lib/unreachable.ts";
import { isError } from "../loopback.ts";

const at = (url: string): ChosenInterface => ({ binding: "rest", dialect: "a2a_v1", url, tenant: undefined });
const NEVER_SENT = new A2AError("UNAVAILABLE", "No way", {
  cause: new TypeError("x", { cause: new Unreachable("x") }),
});
const BROKE_OFF = new A2AError("UNAVAILABLE", "It broke off");

/** Interfaces a, b and c; `down` says what each fails with. */
function agent(down: Record<string, Error>) {
  const tried: string[] = [];
  const connected: string[] = [];
  const closed: string[] = [];
  const names = new Map<Peer, string>();
  const peers = fallback(["a", "b", "c"].map(at), ({ url }) => {
    connected.push(url);
    const unused = () => {
      throw new TypeError("Not asked here");
    };
    const peer: Peer = { ask: unused, stream: unused, close: () => void closed.push(url) };
    names.set(peer, url);
    return Promise.resolve(peer);
  });
  const use = async (operation: Operation = "GetTask") =>
    await peers.use(operation, (peer) => {
      const name = names.get(peer) ?? "";
      tried.push(name);
      const error = down[name];
      return error === undefined ? Promise.resolve(name) : Promise.reject(error);
    });
  return { use, tried, connected, closed, peers };
}

Deno.test("fallback() takes the first interface, and no other while it works", async () => {
  const { use, tried, connected } = agent({});
  assert.deepEqual([await use(), await use()], ["a", "a"]);
  assert.deepEqual([tried, connected], [["a", "a"], ["a"]]);
});

Deno.test("fallback() goes on along the card, and stays where it works", async () => {
  const down: Record<string, Error> = { a: NEVER_SENT, b: NEVER_SENT };
  const { use, tried } = agent(down);
  assert.equal(await use("SendMessage"), "c");
  assert.equal(await use(), "c");
  assert.deepEqual(tried, ["a", "b", "c", "c"]);
  down.c = NEVER_SENT;
  delete down.a;
  assert.equal(await use(), "a");
});

const ONCE: readonly Operation[] = ["SendMessage", "SendStreamingMessage", "CreateTaskPushNotificationConfig"];
for (const operation of ONCE) {
  Deno.test(`fallback() never asks a second time for ${operation} that may have arrived`, async () => {
    const { use, tried } = agent({ a: BROKE_OFF });
    await assert.rejects(use(operation), (thrown) => thrown === BROKE_OFF);
    assert.deepEqual(tried, ["a"]);
  });
}

for (const operation of ["GetTask", "ListTasks", "CancelTask", "SubscribeToTask"] as const) {
  Deno.test(`fallback() asks elsewhere for ${operation}, which may be asked twice`, async () => {
    assert.equal(await agent({ a: BROKE_OFF }).use(operation), "b");
  });
}

Deno.test("fallback() takes an answer for an answer, even if it is an error", async () => {
  for (const reason of ["TASK_NOT_FOUND", "UNAUTHENTICATED", "VERSION_NOT_SUPPORTED"] as const) {
    const { use, tried } = agent({ a: new A2AError(reason, "No") });
    await assert.rejects(use(), isError(reason));
    assert.deepEqual(tried, ["a"]);
  }
});

Deno.test("fallback() says where it tried when nobody was there", async () => {
  const { use } = agent({ a: NEVER_SENT, b: NEVER_SENT, c: NEVER_SENT });
  await assert.rejects(use(), isError("UNAVAILABLE", /over any of its interfaces: rest a, rest b, rest c/));
});

Deno.test("fallback() lets go of every interface that it used", async () => {
  const { use, peers, closed } = agent({ a: NEVER_SENT });
  await use();
  peers.close();
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(closed, ["a", "b"]);
});
