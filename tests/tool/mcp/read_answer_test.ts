import assert from "node:assert/strict";
import type { Part } from "../../../src/a2a/types.ts";
import { Elicitation, questionParts } from "../../../src/tool/mcp/elicitation.ts";
import { readAnswer } from "../../../src/tool/mcp/read_answer.ts";

function form(properties: object, required: readonly string[] = []): Elicitation {
  return Elicitation.parse({ message: "Please", requestedSchema: { type: "object", properties, required } });
}

const CONFIRM = form({});
const NAME = form({ name: { type: "string", minLength: 2 } }, ["name"]);
const PERSON = form({
  name: { type: "string" },
  age: { type: "integer", minimum: 0, maximum: 150 },
  is_member: { type: "boolean", default: false },
}, ["name", "age"]);
const DEFAULTS = form({ color: { type: "string", enum: ["red", "blue"], default: "red" } }, ["color"]);
const TAGS = form({ tags: { type: "array", items: { type: "string", enum: ["a", "b"] } } }, ["tags"]);
const TITLED = form({
  pet: { type: "string", oneOf: [{ const: "p-1", title: "Cat" }, { const: "p-2", title: "Dog" }] },
});
const ACTION = form({ action: { type: "string" } }, ["action"]);
const PAGE = Elicitation.parse({ mode: "url", message: "Consent", url: "https://a.example/c", elicitationId: "1" });

const read = (asked: Elicitation, said: string | Part) =>
  readAnswer(asked, { messageId: "m", role: "ROLE_USER", parts: [typeof said === "string" ? { text: said } : said] });

/** [what is asked, what is answered, what the server is told] */
const VERDICTS: readonly (readonly [asked: Elicitation, said: string | Part, verdict: object])[] = [
  [CONFIRM, "Yes", { action: "accept", content: {} }],
  [CONFIRM, "ok.", { action: "accept", content: {} }],
  [CONFIRM, "no", { action: "decline" }],
  [CONFIRM, "cancel", { action: "cancel" }],
  [NAME, "Ada Lovelace", { action: "accept", content: { name: "Ada Lovelace" } }],
  [NAME, "name: Ada", { action: "accept", content: { name: "Ada" } }],
  [NAME, '{"name": "Ada"}', { action: "accept", content: { name: "Ada" } }],
  [NAME, "Decline", { action: "decline" }],
  [PERSON, "name: Ada\nage: 36", { action: "accept", content: { name: "Ada", age: 36, is_member: false } }],
  [PERSON, "- name = Ada\n- age = 36\n- is_member = yes", {
    action: "accept",
    content: { name: "Ada", age: 36, is_member: true },
  }],
  [PERSON, { data: { name: "Ada", age: 36 } }, {
    action: "accept",
    content: { name: "Ada", age: 36, is_member: false },
  }],
  [
    PERSON,
    { data: { action: "accept", content: { name: "Ada", age: "36" } } },
    { action: "accept", content: { name: "Ada", age: 36, is_member: false } },
  ],
  [PERSON, { data: { action: "decline" } }, { action: "decline" }],
  [PERSON, { data: { action: "cancel" } }, { action: "cancel" }],
  [DEFAULTS, "yes", { action: "accept", content: { color: "red" } }],
  [DEFAULTS, "blue", { action: "accept", content: { color: "blue" } }],
  [TAGS, "a, b", { action: "accept", content: { tags: ["a", "b"] } }],
  [TAGS, { data: { tags: ["b"] } }, { action: "accept", content: { tags: ["b"] } }],
  [TITLED, "p-2", { action: "accept", content: { pet: "p-2" } }],
  [ACTION, { data: { action: "accept" } }, { action: "accept", content: { action: "accept" } }],
  [PAGE, "done", { action: "accept" }],
  [PAGE, "no", { action: "decline" }],
  [PAGE, { data: { action: "accept" } }, { action: "accept" }],
];
for (const [asked, said, verdict] of VERDICTS) {
  Deno.test(`readAnswer() takes ${JSON.stringify(said)} for ${JSON.stringify(verdict)}`, () => {
    assert.deepEqual(read(asked, said), { verdict });
  });
}

/** [what is asked, what is answered, why that is no answer] */
const UNCLEAR: readonly (readonly [asked: Elicitation, said: string | Part, because: RegExp])[] = [
  [CONFIRM, "yes, but not today", /Expected "accept" or "decline"/],
  [CONFIRM, "don't accept", /Expected/],
  [NAME, "name: A", /name has to be string, minLength 2/],
  [NAME, "", /names none of the fields/],
  [PERSON, "Ada, 36", /names none of the fields/],
  [PERSON, "name: Ada", /says nothing of age/],
  [PERSON, "name: Ada\nage: old", /age has to be integer, minimum 0, maximum 150/],
  [PERSON, { data: { name: "Ada", age: 3.5 } }, /age has to be/],
  [PERSON, { data: { name: "Ada", age: 3, is_member: "perhaps" } }, /is_member has to be boolean/],
  [DEFAULTS, "green", /color has to be one of red, blue/],
  [TAGS, "c", /tags has to be array/],
  [PAGE, "maybe", /Expected "done" or "decline"/],
  [PAGE, { data: { x: 1 } }, /Expected/],
];
for (const [asked, said, because] of UNCLEAR) {
  Deno.test(`readAnswer() takes ${JSON.stringify(said)} for no answer`, () => {
    const answer = read(asked, said);
    assert.match("because" in answer ? answer.because : "", because);
  });
}

Deno.test("questionParts() asks people in text, and programs in data", () => {
  const [text, data] = questionParts(PERSON, { server: "crm", because: "age has to be integer" });
  assert.equal(
    text?.text,
    `age has to be integer.
The tool server "crm" asks: Please
- name (string)
- age (integer)
- is_member (boolean, optional, default false)
Answer with a line "name: value" for each, or "decline".`,
  );
  assert.partialDeepStrictEqual(data?.data, { kind: "elicitation", mode: "form", server: "crm", message: "Please" });
});

Deno.test("questionParts() names the host of a page, and bounds what a server says", () => {
  const [text] = questionParts(PAGE, { server: "crm" });
  assert.match(text?.text ?? "", /asks you to open a page at a\.example: Consent\nhttps:\/\/a\.example\/c\n/);
  const long = form({});
  const [cut] = questionParts({ ...long, message: "x".repeat(100_000) }, { server: "crm" });
  assert.ok((cut?.text ?? "").length < 3000);
});

Deno.test("Elicitation refuses pages that are no web pages", () => {
  for (const url of ["javascript:alert(1)", "file:///etc/passwd", "nonsense"]) {
    assert.equal(Elicitation.safeParse({ mode: "url", message: "x", url }).success, false, url);
  }
});
