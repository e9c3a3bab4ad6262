import assert from "node:assert/strict";
import type { JsonObject } from "../../src/lib/json.ts";
import { todoWrite } from "../../src/tool/todo_write.ts";
import { refusal, toolContext, toolDeps } from "./run_tool.ts";

const tool = todoWrite.create({}, toolDeps("/"));
const run = async (input: JsonObject, earlier: readonly string[] = []) =>
  (await tool.run(input, toolContext({ earlier }))).content;

const LIST: JsonObject[] = [
  { id: "a", content: "Read the code", status: "completed" },
  { id: "b", content: "Change it", status: "in_progress" },
  { id: "c", content: "Test it" },
  { id: "d", content: "Dance", status: "cancelled" },
];

Deno.test("todo_write shows the list for people and for itself", async () => {
  const [readable, json] = (await run({ todos: LIST })).split("\ntodos: ");
  assert.equal(
    readable,
    "1 of 4 todos completed\n[x] a: Read the code\n[>] b: Change it\n[ ] c: Test it\n[-] d: Dance",
  );
  const pending = { id: "c", content: "Test it", status: "pending" };
  assert.deepEqual(JSON.parse(json ?? ""), LIST.with(2, pending));
});

Deno.test("todo_write shows a person the list without the JSON", async () => {
  const { display } = await tool.run({ todos: [{ id: "a", content: "x" }] }, toolContext());
  assert.equal(display, "0 of 1 todos completed\n[ ] a: x");
});

const MERGES: [name: string, merge: boolean, changes: JsonObject[], expected: string[]][] = [
  ["a status", true, [{ id: "b", status: "completed" }], ["[x] a", "[x] b", "[ ] c", "[-] d"]],
  ["a content", true, [{ id: "c", content: "T" }], ["[x] a", "[>] b", "[ ] c: T", "[-] d"]],
  ["a new one", true, [{ id: "e", content: "E" }], ["[x] a", "[>] b", "[ ] c", "[-] d", "[ ] e: E"]],
  ["nothing", true, [], ["[x] a", "[>] b", "[ ] c", "[-] d"]],
  ["another spelling of cancelled", true, [{ id: "b", status: "canceled" }], ["[x] a", "[-] b", "[ ] c", "[-] d"]],
  ["a whole new list", false, [{ id: "z", content: "Z" }], ["[ ] z: Z"]],
  ["an id that objects have", true, [{ id: "__proto__", content: "P" }], [
    "[x] a",
    "[>] b",
    "[ ] c",
    "[-] d",
    "[ ] __proto__: P",
  ]],
];
for (const [name, merge, todos, expected] of MERGES) {
  Deno.test(`todo_write takes ${name}`, async () => {
    const first = await run({ todos: LIST });
    const lines = (await run({ merge, todos }, [first])).split("\n").filter((line) => line.startsWith("["));
    assert.equal(lines.length, expected.length);
    expected.forEach((start, at) =>
      assert.ok(lines[at]?.startsWith(start), `${lines[at]} does not begin with ${start}`)
    );
  });
}

Deno.test("todo_write empties the list", async () => {
  assert.match(await run({ todos: [] }, [await run({ todos: LIST })]), /^The list of todos is empty\.\ntodos: \[\]$/);
});

Deno.test("todo_write goes on from the newest outcome that holds a list, past failures and hints", async () => {
  const first = await run({ todos: [{ id: "old", content: "Old" }] });
  const second = await run({ todos: [{ id: "new", content: "New" }] });
  const earlier = [
    first,
    `${second}\n\n[A hint from the loop]`,
    'Tool "todo_write" failed: x',
    "todos: [broken",
    "todos: 1",
    "",
  ];
  assert.match(await run({ merge: true, todos: [{ id: "new", status: "completed" }] }, earlier), /\[x\] new: New/);
});

Deno.test("todo_write keeps content that looks like its own marks", async () => {
  const content = 'x\ntodos: []\n[x] y: "quoted" \\ 日本 </todos>';
  const first = await run({ todos: [{ id: "a", content }] });
  const second = await run({ merge: true, todos: [{ id: "b", content: "B" }] }, [first]);
  assert.equal(JSON.parse(second.split("\ntodos: ").at(-1) ?? "")[0].content, content);
});

Deno.test("todo_write carries a list through a hundred calls", async () => {
  const earlier: string[] = [];
  for (let at = 0; at < 100; at++) {
    earlier.push(
      await run({ merge: true, todos: [{ id: `t${at}`, content: `Step ${at}`, status: "completed" }] }, earlier),
    );
  }
  assert.match(earlier.at(-1) ?? "", /^100 of 100 todos completed/);
  assert.match(
    await refusal(run({ merge: true, todos: [{ id: "x", content: "one more" }] }, earlier)),
    /too long \(101 todos/,
  );
});

const REFUSED: [input: JsonObject, told: RegExp][] = [
  [{ todos: [{ id: "a" }] }, /todos\[0\]\.content: a new todo needs one/],
  [{ todos: [{ id: "a", content: "x" }, { id: "a", content: "y" }] }, /todos\[1\]\.id: "a" is there twice/],
  [{ todos: [{ id: "", content: "x" }] }, /todos\[0\]\.id: /],
  [{ todos: [{ id: "a", content: " " }] }, /todos\[0\]\.content: /],
  [{ todos: [{ id: "a", content: "x", status: "done" }] }, /todos\[0\]\.status: /],
  [{ todos: [{ id: "a", content: "x".repeat(501) }] }, /todos\[0\]\.content: /],
  [{ todos: Array.from({ length: 40 }, (_, at) => ({ id: `${at}`, content: "x".repeat(500) })) }, /too long/],
  [{ merge: true }, /todos: /],
];
for (const [input, told] of REFUSED) {
  Deno.test(`todo_write refuses ${JSON.stringify(input).slice(0, 60)}`, async () => {
    assert.match(await refusal(run(input)), told);
  });
}
