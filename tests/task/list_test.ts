import assert from "node:assert/strict";
import type { ListTasksRequest } from "../../src/a2a/types.ts";
import { textOf } from "../../src/a2a/parts.ts";
import { parsePageToken, toPageToken } from "../../src/task/page_token.ts";
import { asking, caller, callOf, COMPLETED, echo, type House, isRefusal, openHouse, requestOf, send } from "./house.ts";

const list = (house: House, request: ListTasksRequest = {}, call = callOf()) => house.service.listTasks(request, call);

async function houseOf(count: number): Promise<House> {
  const house = openHouse(echo);
  for (let at = 1; at <= count; at++) {
    await send(house, requestOf(`${at}`, { contextId: at % 2 === 0 ? "even" : "odd" }));
  }
  return house;
}

const texts = ({ tasks }: Awaited<ReturnType<typeof list>>) =>
  tasks.map(({ history = [] }) => history.map(textOf).join());

Deno.test("listTasks() answers with all four members, newest status first, and without artifacts", async () => {
  const house = await houseOf(3);
  const page = await list(house);
  assert.deepEqual(texts(page), ["3", "2", "1"]);
  assert.deepEqual([page.nextPageToken, page.pageSize, page.totalSize], ["", 50, 3]);
  assert.ok(page.tasks.every((task) => !("artifacts" in task)));
});

Deno.test("listTasks() with includeArtifacts gives them always, if only as an empty list", async () => {
  const house = openHouse(async (input, run) => textOf(input.message) === "" ? COMPLETED : await echo(input, run));
  await send(house, requestOf(""));
  await send(house, requestOf("hello"));
  const { tasks } = await list(house, { includeArtifacts: true });
  assert.deepEqual(tasks.map(({ artifacts }) => artifacts?.map(textOf)), [["hello"], []]);
});

Deno.test("listTasks() pages through everything once, also when tasks come between", async () => {
  const house = await houseOf(5);
  const seen: string[] = [];
  let pageToken = "";
  do {
    const page: Awaited<ReturnType<typeof list>> = await list(house, { pageSize: 2, pageToken });
    assert.equal(page.pageSize, 2);
    seen.push(...texts(page));
    pageToken = page.nextPageToken;
    await send(house, requestOf("new"));
  } while (pageToken !== "");
  assert.deepEqual(seen, ["5", "4", "3", "2", "1"]);
});

const FILTERS: [filter: ListTasksRequest, found: string[]][] = [
  [{ contextId: "even" }, ["4", "2"]],
  [{ contextId: "" }, ["4", "3", "2", "1"]],
  [{ status: "TASK_STATE_COMPLETED", contextId: "odd" }, ["3", "1"]],
  [{ status: "TASK_STATE_FAILED" }, []],
];

for (const [filter, found] of FILTERS) {
  Deno.test(`listTasks() with ${JSON.stringify(filter)} counts and gives what matches`, async () => {
    const page = await list(await houseOf(4), filter);
    assert.deepEqual(texts(page), found);
    assert.equal(page.totalSize, found.length);
  });
}

Deno.test("listTasks() with statusTimestampAfter includes that very moment", async () => {
  const house = await houseOf(3);
  const { tasks } = await list(house);
  const statusTimestampAfter = tasks[1]?.status.timestamp;
  assert.deepEqual(texts(await list(house, { statusTimestampAfter })), ["3", "2"]);
});

Deno.test("listTasks() shows a caller its own tasks of this agent and no others", async () => {
  const house = await houseOf(2);
  const bob = callOf({ caller: caller("bob") });
  await send(house, requestOf("bob's"), bob);
  const neighbour = openHouse(asking, { agentId: "other", records: house.records, clock: house.clock });
  await send(neighbour, requestOf("another agent's"));
  assert.deepEqual(texts(await list(house, {}, bob)), ["bob's"]);
  assert.deepEqual(texts(await list(house)), ["2", "1"]);
  assert.deepEqual(texts(await list(house, {}, callOf({ caller: caller("bob", "elsewhere") }))), []);
});

Deno.test("listTasks() refuses a page token of another caller, agent or filter, and what is none", async () => {
  const house = await houseOf(3);
  const status = "TASK_STATE_COMPLETED";
  const { nextPageToken: pageToken } = await list(house, { pageSize: 1, status });
  const refusal = isRefusal("INVALID_PARAMS", "pageToken");
  await assert.rejects(list(house, { pageToken }), refusal);
  await assert.rejects(list(house, { pageToken, status: "TASK_STATE_WORKING" }), refusal);
  await assert.rejects(list(house, { pageToken, status }, callOf({ caller: caller("bob") })), refusal);
  const neighbour = openHouse(echo, { agentId: "other", records: house.records });
  await assert.rejects(list(neighbour, { pageToken, status }), refusal);
  const forged = ["nonsense", "e30", btoa(`["2026-01-01T00:00:00.000Z","x"]`), btoa(`["a","b","c"]`), `${pageToken}A`];
  for (const token of forged) await assert.rejects(list(house, { pageToken: token, status }), refusal, token);
  assert.deepEqual(texts(await list(house, { pageToken, status, pageSize: 9 })), ["2", "1"]);
});

Deno.test("toPageToken() and parsePageToken() are one another's inverse, and the token is fit for a URL", () => {
  const place = { timestamp: "2026-01-01T00:00:00.000Z", id: "019b7a2e-0000-7000-8000-000000000000" };
  const token = toPageToken(place, ["who", "what"]);
  assert.match(token, /^[\w-]+$/);
  assert.deepEqual(parsePageToken(token, ["who", "what"]), place);
});
