import assert from "node:assert/strict";
import { progressTeller } from "../../../src/tool/mcp/progress_teller.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

Deno.test("progressTeller() tells a line each", async () => {
  const said: string[] = [];
  const tell = progressTeller((line) => Promise.resolve(void said.push(line)));
  for (const progress of [{ progress: 1, total: 2 }, { progress: 2, message: "Copied" }]) {
    tell(progress);
    await turn();
  }
  assert.deepEqual(said, ["1/2\n", "Copied (2)\n"]);
});

Deno.test("progressTeller() keeps only the last line while one is on its way", async () => {
  const said: string[] = [];
  const rooms: (() => void)[] = [];
  const tell = progressTeller((line) => {
    said.push(line);
    return new Promise((resolve) => rooms.push(resolve));
  });
  for (let progress = 1; progress <= 1000; progress++) tell({ progress });
  rooms.shift()?.();
  await turn();
  assert.deepEqual(said, ["1\n", "1000\n"]);
});

Deno.test("progressTeller() says nothing when the call is over, and does not fail", async () => {
  const tell = progressTeller(() => Promise.reject(new Error("over")));
  tell({ progress: 1 });
  await turn();
  tell({ progress: 2, message: "x".repeat(10_000) });
  await turn();
});
