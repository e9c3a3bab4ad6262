import assert from "node:assert/strict";
import { cutText, repeatHints, toFault } from "../../src/agent/outcome_text.ts";
import { call } from "./fake_agent.ts";

/** [text, limit, what is kept] */
const CUTS: [text: string, maxChars: number, kept: string][] = [
  ["", 3, ""],
  ["abc", 3, "abc"],
  ["abcd", 3, "abc\n[cut: 1 of 4 characters are left out]"],
  ["ab😀d", 3, "ab\n[cut: 3 of 5 characters are left out]"],
  ["a😀bcd", 3, "a😀\n[cut: 3 of 6 characters are left out]"],
];
for (const [text, maxChars, kept] of CUTS) {
  Deno.test(`cutText() keeps of ${JSON.stringify(text)} at most ${maxChars} units and no half character`, () => {
    const cut = cutText(text, maxChars);
    assert.equal(cut, kept);
    assert.ok(cut.isWellFormed());
  });
}

/** [message, what the model reads] */
const FAULTS: [message: string, told: string][] = [
  ["ENOENT: no such file, open '/srv/data/x/y.txt'", "ENOENT: no such file, open '…/y.txt'"],
  ["cannot read /srv/data/ at all", "cannot read …/data at all"],
  ["C:\\Users\\me\\x.txt is locked", "…/x.txt is locked"],
  ["src/tool/x.ts is a relative path", "src/tool/x.ts is a relative path"],
  ["./a/b and ../a/b and ~/a/b stay", "./a/b and ../a/b and ~/a/b stay"],
  ["http://127.0.0.1:80/a/b/c said 500", "http://127.0.0.1:80/a/b/c said 500"],
  ["3/4 of 10 / 2", "3/4 of 10 / 2"],
  ["the model wrote /etc/passwd itself", "the model wrote /etc/passwd itself"],
];
for (const [message, told] of FAULTS) {
  Deno.test(`toFault() tells of "${message}" what a stranger may know`, () => {
    const fault = toFault(new Error(message), call("c", "t", { path: "/etc/passwd" }));
    assert.equal(fault, `Tool "t" failed: ${told}`);
  });
}

Deno.test("toFault() is quick on text made to hold it up", () => {
  for (const piece of ["/a", "a/", "/", "\\", "file:///", "\n at ", "\n   "]) {
    const text = piece.repeat(50_000);
    assert.ok(toFault(new Error(text), call("c", "t")).length <= text.length + 20);
  }
});

Deno.test("repeatHints() counts rows of identical calls, whatever stands between other calls", () => {
  const hint = repeatHints();
  const told = ["a", "a", "b", "b", "b", "b", "a", "a", "a"].map((q) => hint(call("id", "t", { q })) !== "");
  assert.deepEqual(told, [false, false, false, false, true, false, false, false, true]);
});

Deno.test("repeatHints() tells calls apart by name, arguments and what was written badly", () => {
  const hint = repeatHints();
  const calls = [call("1", "t"), { ...call("2", "t"), malformed: "{" }, call("3", "u"), call("4", "u", { a: 1 })];
  assert.deepEqual([...calls, ...calls].map(hint).filter((text) => text !== ""), []);
});
