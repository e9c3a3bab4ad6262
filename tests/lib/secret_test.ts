import assert from "node:assert/strict";
import { inspect } from "node:util";
import { Secret, SecretText } from "../../src/lib/secret.ts";

const secret = new Secret("sk-canary");

/** Every way in which a value gets printed by accident. */
const PRINTED: [how: string, text: string][] = [
  ["String()", String(secret)],
  ["a template", `${secret}`],
  ["JSON", JSON.stringify({ key: secret })],
  ["Deno.inspect", Deno.inspect({ key: secret }, { depth: 9, showHidden: true })],
  ["node's inspect", inspect({ key: secret }, { depth: 9, showHidden: true })],
  ["its own keys", Object.keys(secret).join() + JSON.stringify(Object.entries(secret))],
  ["a spread", JSON.stringify({ ...secret })],
  ["an error's message", new Error(`bad key ${secret}`).message],
];

for (const [how, text] of PRINTED) {
  Deno.test(`Secret does not show through ${how}`, () => assert.ok(!text.includes("sk-canary"), text));
}

Deno.test("Secret.reveal() gives the text to the one who sends it", () => assert.equal(secret.reveal(), "sk-canary"));

Deno.test("SecretText makes a Secret of a string and keeps a Secret", () => {
  assert.equal(SecretText.parse("007").reveal(), "007");
  assert.equal(SecretText.parse(secret), secret);
  assert.equal(SecretText.safeParse("").success, false);
  assert.equal(SecretText.safeParse(7).success, false);
});
