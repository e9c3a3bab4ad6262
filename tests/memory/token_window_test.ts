import assert from "node:assert/strict";
import { toolCallsOf, toolOutcomesOf } from "../../src/a2a/parts.ts";
import type { Message } from "../../src/a2a/types.ts";
import { withoutOrphans } from "../../src/memory/bonds.ts";
import { tokenWindow } from "../../src/memory/token_window.ts";
import { messageTokens } from "../../src/memory/tokens.ts";
import { agent, calls, outcome, randomHistory, seeded, user } from "./conversations.ts";

const memory = tokenWindow.create({}, {});
const costOf = (messages: readonly Message[]) => messages.reduce((sum, each) => sum + messageTokens(each), 0);

Deno.test("tokenWindow gives back a history that fits, as it is", async () => {
  const history = [user("a"), calls("1"), outcome("1"), agent("b"), user("c")];
  assert.equal(await memory.select(history, 10_000), history);
  assert.deepEqual(await memory.select(history, costOf(history)), history);
});

Deno.test("tokenWindow drops the oldest first, and no younger one after it", async () => {
  const history = [user("small"), agent("long ".repeat(300)), user("b"), agent("c"), user("d")];
  assert.deepEqual(await memory.select(history, costOf(history) - 1), history.slice(1));
  assert.deepEqual(await memory.select(history, 200), history.slice(2));
});

Deno.test("tokenWindow keeps the newest question of the user through a long row of tool calls", async () => {
  const rows = Array.from({ length: 20 }, (_, at) => [calls(`${at}`), outcome(`${at}`, "text ".repeat(50))]).flat();
  const asked = user("Read all of it");
  const history = [user("old"), agent("older"), asked, ...rows];
  const selected = await memory.select(history, 400);
  assert.equal(selected[0], asked);
  assert.deepEqual(selected.slice(1), history.slice(-(selected.length - 1)));
  assert.ok(selected.length > 3 && selected.length < 12);
  assert.ok(costOf(selected) <= 400);
});

Deno.test("tokenWindow keeps the newest message whole, whatever it takes", async () => {
  const huge = user("word ".repeat(10_000));
  assert.deepEqual(await memory.select([user("a"), agent("b"), huge], 100), [huge]);
  const asked = user("Go");
  const last = [calls("1", "2"), outcome("1", "word ".repeat(10_000)), outcome("2")];
  assert.deepEqual(await memory.select([agent("a"), asked, calls("0"), outcome("0"), ...last], 100), [asked, ...last]);
});

Deno.test("tokenWindow of nothing is nothing", async () => assert.deepEqual(await memory.select([], 100), []));

Deno.test("tokenWindow refuses options that it does not have", () => {
  assert.throws(() => tokenWindow.create({ window: 3 }, {}), { name: "ZodError" });
});

Deno.test("tokenWindow holds its promises for any history and any budget", async () => {
  const random = seeded(42);
  let cut = 0;
  for (let round = 0; round < 2_000; round++) {
    const history = randomHistory(random);
    const maxTokens = Math.floor(random() * 1_500);
    const selected = await memory.select(history, maxTokens);
    if (selected.length < history.length) cut++;
    assertSound(history, selected, maxTokens);
  }
  assert.ok(cut > 500, `only ${cut} histories were cut`);
});

function assertSound(history: readonly Message[], selected: readonly Message[], maxTokens: number): void {
  const places = selected.map((message) => history.indexOf(message));
  assert.ok(places.every((place, at) => place > (places[at - 1] ?? -1)), "order, or a message of its own making");
  assert.deepEqual(withoutOrphans(selected), selected, "an outcome without its call");
  const newest = withoutOrphans(history).at(-1);
  assert.equal(selected.at(-1), newest, "the newest message");
  const asked = history.findLast(({ role }) => role === "ROLE_USER");
  if (asked !== undefined) assert.ok(selected.includes(asked), "the newest question");
  assertTogether(history, selected);
  if (costOf(selected) > maxTokens) assertNothingToSpare(selected, asked);
}

/** Of a call that is there, all outcomes that the history has are there. */
function assertTogether(history: readonly Message[], selected: readonly Message[]): void {
  const caller = new Map<string, Message>();
  for (const message of history) {
    for (const { id } of toolCallsOf(message)) caller.set(id, message);
    for (const { id } of toolOutcomesOf(message)) {
      const call = caller.get(id);
      if (call !== undefined) assert.equal(selected.includes(message), selected.includes(call), `${id} was parted`);
    }
  }
}

/** Over its budget it holds the newest question and the newest piece, each with what is bound to it, and no more. */
function assertNothingToSpare(selected: readonly Message[], asked: Message | undefined): void {
  const starts = selected.filter((message, at) => {
    const bound = toolOutcomesOf(message).length > 0 || spans(selected, at);
    return !bound && message !== asked;
  });
  assert.ok(starts.length <= 1 + (asked === undefined ? 0 : 1), `${starts.length} pieces over the budget`);
}

/** Whether a call before `at` has an outcome behind it. */
function spans(messages: readonly Message[], at: number): boolean {
  const before = new Set(messages.slice(0, at).flatMap(toolCallsOf).map(({ id }) => id));
  return messages.slice(at + 1).flatMap(toolOutcomesOf).some(({ id }) => before.has(id));
}
