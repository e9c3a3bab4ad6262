import assert from "node:assert/strict";
import { toMatchExpression, toTerms } from "../../src/rag/search_terms.ts";

const TERMS: [text: string, expected: string][] = [
  ["", ""],
  ["Hello, world!", "Hello world"],
  ["snake_case and kebab-case", "snake case and kebab case"],
  ["getUserName", "getUserName get User Name"],
  ["HTTPServer v2", "HTTPServer HTTP Server v2"],
  ["utf8Text n4242 iPhone", "utf8Text utf Text n4242 4242 iPhone Phone"],
  ["Café", "Café"],
  ["Cafe\u0301", "Café"],
  ["ΑΘΗΝΑ Москва", "ΑΘΗΝΑ Москва"],
  ["हिन्दी में", "हिन्दी में"],
  ["العربية", "العربية"],
  ["日本語", "日本 本語 語"],
  ["語", "語"],
  ["Docker容器を使う", "Docker 容器 器を を使 使う う"],
  ["한국어", "한국 국어 어"],
  ["ภาษา", "ภา าษ ษา า"],
  ["ﬁle １２３", "file 123"],
  ["𠮷野家", "𠮷野 野家 家"],
  ["a\0b", "a b"],
  ["x".repeat(65), ""],
  ["x".repeat(64), "x".repeat(64)],
];
for (const [text, expected] of TERMS) {
  Deno.test(`toTerms(${JSON.stringify(text).slice(0, 40)})`, () => assert.equal(toTerms(text), expected));
}

const QUERIES: [query: string, expected: string][] = [
  ["", ""],
  ["?!", ""],
  ["timeout", `"timeout"`],
  ["set timeout", `"set" OR "timeout" OR "set timeout"`],
  ["a a", `"a" OR "a a"`],
  ['"quoted" NEAR(x, 2)', `"quoted" OR "NEAR" OR "x" OR "2" OR "quoted NEAR x 2"`],
  ["col:umn ^start end*", `"col" OR "umn" OR "start" OR "end" OR "col umn start end"`],
  ["水", `"水" *`],
  ["日本語", `"日本" OR "本語" OR "日本 本語"`],
];
for (const [query, expected] of QUERIES) {
  Deno.test(`toMatchExpression(${JSON.stringify(query)})`, () => assert.equal(toMatchExpression(query), expected));
}

Deno.test("toMatchExpression() of a very long query stays short", () => {
  const query = Array.from({ length: 10_000 }, (_, at) => `w${at}`).join(" ");
  assert.ok(toMatchExpression(query).length < 1_000);
});
