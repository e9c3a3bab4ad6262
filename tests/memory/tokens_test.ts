import assert from "node:assert/strict";
import { agentMessage, toolCallPart, toolOutcomePart, userMessage } from "../../src/a2a/parts.ts";
import type { Part } from "../../src/a2a/types.ts";
import { maxMessageTokens, messageTokens, textTokens } from "../../src/memory/tokens.ts";
import { randomHistory, seeded } from "./conversations.ts";

const random = seeded(7);
const pick = (alphabet: string, length: number) =>
  Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Real counts: the larger of o200k_base and cl100k_base (gpt-tokenizer 4.0.0). [name, text, real, at most so many times too many] */
const MEASURED: [name: string, text: string, real: number, excess: number][] = [
  [
    "English prose",
    "The quick brown fox jumps over the lazy dog. Internationalization considerations notwithstanding, it is generally advisable to keep every sentence short, clear and to the point; nobody has time for digressions about meteorology.",
    42,
    2,
  ],
  [
    "German",
    "Die Donaudampfschifffahrtsgesellschaft beförderte gestern überraschend viele Fahrgäste über die Brücke; größtenteils höfliche Menschen.",
    44,
    2,
  ],
  [
    "Finnish",
    "Lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas käveli epäjärjestelmällisyydestään huolimatta kauppaan.",
    49,
    2,
  ],
  [
    "code",
    'export async function* stream(request: ModelRequest): AsyncIterable<ModelEvent> {\n  for (const [name, value] of Object.entries(headers)) {\n    if (value === undefined) continue;\n    yield { kind: "text", delta: `${name}=${value}` };\n  }\n}\n',
    60,
    2,
  ],
  [
    "JSON",
    '{"id":"0192f3a1-77aa-7bcd-8e01-aabbccddeeff","items":[{"price":12.5,"currency":"EUR","ok":true},{"price":9999,"currency":"USD","ok":false}],"at":"2026-11-03T12:34:56.789Z"}',
    75,
    2,
  ],
  ["numbers", Array.from({ length: 60 }, (_, at) => (at * 7919.37).toFixed(2)).join(", "), 357, 2],
  ["Markdown", "| a | b |\n|---|---|\n| 1 | **x** |\n\n## Title\n\n- item one\n- item `two`\n", 30, 2],
  ["a path", "/usr/local/lib/node_modules/@scope/pkg-name/dist/esm/index.js:123:45", 18, 2],
  ["capitals", "ERROR: CONNECTION REFUSED WHILE CONNECTING TO UPSTREAM SERVER", 13, 2],
  [
    "Chinese",
    "人工智能是计算机科学的一个分支，它企图了解智能的实质，并生产出一种新的能以人类智能相似的方式做出反应的智能机器。",
    61,
    2,
  ],
  ["Japanese", "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。カタカナもあります。", 47, 2],
  ["Korean", "모든 국민은 인간으로서의 존엄과 가치를 가지며, 행복을 추구할 권리를 가진다.", 43, 2],
  ["Russian", "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.", 49, 2],
  ["Arabic", "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا", 51, 2],
  ["Hindi", "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।", 84, 2],
  ["Thai", "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ", 65, 2],
  ["Amharic", "የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና በመብትም እኩልነት ያለው ነው።", 104, 2],
  ["emoji", "👍🏽🎉🔥👨‍👩‍👧‍👦🇩🇪🙃🧑🏿‍🚀", 50, 2],
  ["one capital run", "QWERTZUIOPASDFGHJKLYXCVBNM".repeat(10), 141, 2],
  ["one long run of a letter", "a".repeat(1_000), 125, 5],
  ["spaces", " ".repeat(1_000), 9, 15],
  ["line breaks", "\n".repeat(500), 32, 15],
  ["dashes", "-".repeat(500), 9, 15],
];
for (const [name, text, real, excess] of MEASURED) {
  Deno.test(`textTokens() errs on the high side for ${name}, but not by much`, () => {
    const estimate = textTokens(text);
    assert.ok(estimate >= real, `${estimate} for ${real}`);
    assert.ok(estimate <= real * excess, `${estimate} for ${real}`);
  });
}

/** Text without words: characters per real token, measured on the same tokenizers. */
const DENSE: [name: string, alphabet: string, charsPerToken: number][] = [
  ["base64", BASE64, 1.38],
  ["hexadecimal", "0123456789abcdef", 1.72],
  ["random letters", "abcdefghijklmnopqrstuvwxyz", 1.83],
  ["random punctuation", "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~", 1.4],
];
for (const [name, alphabet, charsPerToken] of DENSE) {
  Deno.test(`textTokens() errs on the high side for ${name}`, () => {
    const text = pick(alphabet, 5_000);
    assert.ok(textTokens(text) >= text.length / charsPerToken, `${text.length / textTokens(text)} characters a token`);
  });
}

Deno.test("textTokens() of nothing is nothing", () => assert.equal(textTokens(""), 0));

Deno.test("textTokens() grows with the text and takes halves of characters", () => {
  for (const alphabet of [BASE64, "a b", "人a ", "\ud83d\ude00x", " \n\t", "Aa"]) {
    const text = pick(alphabet, 300);
    for (let length = 1; length < text.length; length++) {
      const [shorter, longer] = [text.slice(0, length - 1), text.slice(0, length)];
      assert.ok(textTokens(longer) >= textTokens(shorter) - 1, JSON.stringify(longer));
    }
  }
});

const message = (...parts: Part[]) => agentMessage(parts, { messageId: "m" });

/** [what, its parts, at least so many tokens, at most] */
const PARTS: [name: string, parts: Part[], least: number, most: number][] = [
  ["a word", [{ text: "Hello" }], 1, 20],
  ["a call with its arguments", [toolCallPart({ id: "c", name: "t", arguments: { q: "w ".repeat(100) } })], 100, 250],
  ["a malformed call", [toolCallPart({ id: "c", name: "t", arguments: {}, malformed: "w ".repeat(100) })], 100, 250],
  ["an outcome", [toolOutcomePart({ id: "c", name: "t", output: "w ".repeat(100), isError: false })], 100, 250],
  [
    "an outcome without what people are shown",
    [toolOutcomePart({ id: "c", name: "t", output: "w", isError: false, display: "w ".repeat(1_000) })],
    1,
    50,
  ],
  ["data", [{ data: { rows: Array.from({ length: 100 }, () => "w") } }], 100, 500],
  ["a picture", [{ raw: btoa("x".repeat(100_000)), mediaType: "image/png" }], 1_600, 1_700],
  ["a picture elsewhere", [{ url: "https://example.org/x.png", mediaType: "image/png" }], 1_600, 1_700],
  ["a text file", [{ raw: btoa("w ".repeat(100)), mediaType: "text/plain" }], 100, 250],
  ["a document", [{ raw: btoa("x".repeat(100_000)), mediaType: "application/pdf" }], 1_600, 1_700],
];
for (const [name, parts, least, most] of PARTS) {
  Deno.test(`messageTokens() counts ${name}`, () => {
    const tokens = messageTokens(message(...parts));
    assert.ok(tokens >= least && tokens <= most, `${tokens}`);
  });
}

Deno.test("maxMessageTokens() is never below messageTokens()", () => {
  for (const history of Array.from({ length: 50 }, () => randomHistory(random))) {
    for (const each of history) assert.ok(maxMessageTokens(each) >= messageTokens(each));
  }
  for (const [, text] of MEASURED) {
    const each = userMessage(text, { messageId: "m" });
    assert.ok(maxMessageTokens(each) >= messageTokens(each), text);
  }
});
