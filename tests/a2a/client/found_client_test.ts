import assert from "node:assert/strict";
import type { A2AClient } from "../../../src/a2a/client/create_client.ts";
import { agentPlaces, foundClient } from "../../../src/a2a/client/found_client.ts";
import { A2AError } from "../../../src/a2a/errors.ts";
import { ANONYMOUS } from "../../../src/a2a/service.ts";
import { CARD, fakeService } from "../fake_service.ts";

/** [what people know, which agent they name, where it is looked for] */
const PLACES: readonly (readonly [url: string, named: string | undefined, places: readonly string[]])[] = [
  ["https://h/", undefined, ["https://h/v1/agents/own", "https://h"]],
  ["https://h/v1", undefined, ["https://h/v1/agents/own", "https://h/v1", "https://h"]],
  ["https://h/base", "that", ["https://h/base/v1/agents/that"]],
  ["https://h/v1/agents/x", undefined, ["https://h/v1/agents/x"]],
  ["https://h/c/agent-card.json", "that", ["https://h/c/agent-card.json"]],
];

for (const [url, named, places] of PLACES) {
  Deno.test(`agentPlaces() of ${url}${named === undefined ? "" : ` and ${named}`}`, () => {
    assert.deepEqual(agentPlaces(url, { named, own: "own" }), places);
  });
}

/** Clients of places, of which some have an agent; keeps what happened to them. */
function clients(has: readonly string[], failure: A2AError = new A2AError("AGENT_NOT_FOUND", "There is none")) {
  const happened: string[] = [];
  const connect = (place: string): A2AClient => ({
    ...fakeService().service,
    card: () => {
      happened.push(`card ${place}`);
      return has.includes(place) ? Promise.resolve(CARD) : Promise.reject(failure);
    },
    close: () => void happened.push(`close ${place}`),
  });
  return { happened, connect };
}

const call = { signal: new AbortController().signal, caller: ANONYMOUS, extensions: [] };

Deno.test("foundClient() stays with the first place at which there is an agent", async () => {
  const { happened, connect } = clients(["b", "c"]);
  const client = foundClient(["a", "b", "c"], connect);
  assert.deepEqual(await client.card(call.signal), CARD);
  await client.listTasks({}, call);
  client.close();
  assert.deepEqual(happened, ["card a", "close a", "card b", "card b", "close b"]);
});

Deno.test("foundClient() says that there is none, and looks again when it is asked again", async () => {
  const { happened, connect } = clients([]);
  const client = foundClient(["a", "b"], connect);
  await assert.rejects(client.getTask({ id: "t" }, call), /There is none/);
  await assert.rejects(client.getTask({ id: "t" }, call), /There is none/);
  assert.equal(happened.length, 8);
});

Deno.test("foundClient() looks nowhere else where a place cannot be reached", async () => {
  const { happened, connect } = clients(["b"], new A2AError("UNAVAILABLE", "It is away"));
  await assert.rejects(Array.fromAsync(foundClient(["a", "b"], connect).subscribeToTask({ id: "t" }, call)), /away/);
  assert.deepEqual(happened, ["card a", "close a"]);
});
