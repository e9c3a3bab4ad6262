import assert from "node:assert/strict";
import { callOf, type House, openHouse, requestOf, send, take, toWords, waiting } from "./house.ts";

/** How many readers the house keeps a callback for. */
function countReaders({ runs }: House): () => number {
  let count = 0;
  const listen = runs.onStop.bind(runs);
  runs.onStop = (taskId, callback) => {
    count++;
    const forget = listen(taskId, callback);
    let isForgotten = false;
    return () => {
      if (!isForgotten) count--;
      isForgotten = true;
      forget();
    };
  };
  return () => count;
}

Deno.test("a reader that went away keeps nothing behind, even if it never finishes its stream", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const readers = countReaders(house);
  const away = new AbortController();
  const call = callOf({ signal: away.signal });
  const abandoned = house.service.sendStreamingMessage(requestOf("hello"), call)[Symbol.asyncIterator]();
  await abandoned.next();
  assert.equal(readers(), 1);
  away.abort();
  assert.equal(readers(), 0);
  agent.letGo();
  await house.service.settled();
});

Deno.test("a reader that breaks off, and one that reads to the end, keep nothing behind", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const readers = countReaders(house);
  const request = requestOf("hello");
  await take(house.service.sendStreamingMessage(request, callOf()), 1);
  assert.equal(readers(), 0);
  const reading = Array.fromAsync(house.service.sendStreamingMessage(request, callOf()));
  await agent.begun;
  agent.letGo();
  assert.equal((await reading).length, 3);
  assert.equal(readers(), 0);
});

Deno.test("many readers of one task read the same, and one that leaves takes nothing from the others", async () => {
  const agent = waiting();
  const house = openHouse(agent.run);
  const { id } = await send(house, requestOf("hello", {}, { returnImmediately: true }));
  await agent.begun;
  const readers = Array.from({ length: 20 }, () => Array.fromAsync(house.service.subscribeToTask({ id }, callOf())));
  await take(house.service.subscribeToTask({ id }, callOf()), 1);
  agent.letGo();
  const read = (await Promise.all(readers)).map(toWords);
  assert.deepEqual(new Set(read.map((words) => words.at(-1))), new Set(["3 completed"]));
});
