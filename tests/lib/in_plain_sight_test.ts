import assert from "node:assert/strict";
import { inPlainSight } from "../../src/lib/in_plain_sight.ts";

/** [what, text, shown] */
const ROWS: [what: string, text: string, shown: string][] = [
  ["leaves words, lines and signs of all languages", "a\n\tb ü 漢 👩‍💻 نص", "a\n\tb ü 漢 👩‍💻 نص"],
  ["spells out what turns the direction of reading", "cod\u202etxt.exe\u2066", "cod\\u{202e}txt.exe\\u{2066}"],
  ["spells out what nobody sees", "rm\u200b -rf\ufeff \u{e0041}\u2028", "rm\\u{200b} -rf\\u{feff} \\u{e0041}\\u{2028}"],
  ["spells out what moves a cursor", "a\u001b[2J\rb\u009b", "a\\u{1b}[2J\\u{d}b\\u{9b}"],
  [
    "shows both ends of what is too long",
    `${"a".repeat(30)}${"b".repeat(170)}rm`,
    `${"a".repeat(30)}${"b".repeat(15)} … [142 more characters] … ${"b".repeat(13)}rm`,
  ],
];
for (const [what, text, shown] of ROWS) {
  Deno.test(`inPlainSight() ${what}`, () => assert.equal(inPlainSight(text, 60), shown));
}

Deno.test("inPlainSight() cuts no character in two", () => {
  assert.ok(inPlainSight("👩".repeat(100), 21).isWellFormed());
});
