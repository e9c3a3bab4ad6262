import assert from "node:assert/strict";
import { KeywordIndex } from "../../src/rag/keyword_index.ts";

function indexOf(files: Record<string, string>): KeywordIndex {
  const index = new KeywordIndex();
  index.change(() => {
    for (const [path, text] of Object.entries(files)) index.put(path, text);
  });
  return index;
}

const LIBRARY = {
  "guide/timeouts.md": "# Timeouts\nSet the request timeout in seconds. A timeout of zero waits for ever.",
  "guide/retries.md": "# Retries\nFailed requests are tried again. After a timeout they are not.",
  "guide/install.md": "# Installation\nDownload the binary and run it.\nConfiguration is read from hector.yaml.",
  "src/server.ts": "export function startHttpServer(port: number) { return listen(port); }",
  "src/user_store.ts": "const getUserName = (id: string) => users.get(id);",
  "notes/de.md": "Die Straße nach Köln ist gesperrt. Übermut tut selten gut.",
  "notes/fr.md": "Le café est fermé à côté de l'hôtel.",
  "notes/ja.md": "東京都の天気は晴れです。設定ファイルを確認してください。",
  "notes/zh.md": "北京的天气很好。请检查配置文件。",
  "notes/ko.md": "서울의 날씨는 맑습니다. 설정 파일을 확인하세요.",
  "notes/ru.md": "Настройка сервера занимает пять минут.",
  "notes/hi.md": "सर्वर की स्थापना सरल है।",
  "notes/ar.md": "إعداد الخادم سهل جدا.",
  "notes/th.md": "การตั้งค่าเซิร์ฟเวอร์",
  "notes/el.md": "Η ΑΘΗΝΑ είναι πρωτεύουσα.",
};

/** What is asked, and the file that has to come first. */
const RANKING: [query: string, best: keyof typeof LIBRARY][] = [
  ["timeout", "guide/timeouts.md"],
  ["timeouts", "guide/timeouts.md"],
  ["how do I set the request timeout?", "guide/timeouts.md"],
  ["failed requests", "guide/retries.md"],
  ["what happens after a timeout", "guide/retries.md"],
  ["configure", "guide/install.md"],
  ["CONFIGURATION", "guide/install.md"],
  ["installing", "guide/install.md"],
  ["hector.yaml", "guide/install.md"],
  ["startHttpServer", "src/server.ts"],
  ["http server", "src/server.ts"],
  ["user name", "src/user_store.ts"],
  ["getusername", "src/user_store.ts"],
  ["user_store", "src/user_store.ts"],
  ["strasse köln", "notes/de.md"],
  ["koln", "notes/de.md"],
  ["ubermut", "notes/de.md"],
  ["cafe ferme", "notes/fr.md"],
  ["HÔTEL", "notes/fr.md"],
  ["ho\u0302tel", "notes/fr.md"],
  ["東京の天気", "notes/ja.md"],
  ["設定ファイル", "notes/ja.md"],
  ["京都", "notes/ja.md"],
  ["检查配置", "notes/zh.md"],
  ["北京", "notes/zh.md"],
  ["晴", "notes/ja.md"],
  ["好", "notes/zh.md"],
  ["설정 파일", "notes/ko.md"],
  ["날씨", "notes/ko.md"],
  ["настройка", "notes/ru.md"],
  ["СЕРВЕРА", "notes/ru.md"],
  ["स्थापना", "notes/hi.md"],
  ["الخادم", "notes/ar.md"],
  ["เซิร์ฟเวอร์", "notes/th.md"],
  ["αθηνα", "notes/el.md"],
];
{
  const index = indexOf(LIBRARY);
  for (const [query, best] of RANKING) {
    Deno.test(`find(${JSON.stringify(query)}) has ${best} first`, () => {
      assert.equal(index.find(query, 3).hits[0]?.path, best);
    });
  }
}

Deno.test("find() gives file, lines, text and a falling score", () => {
  using index = indexOf(LIBRARY);
  const { hits, total } = index.find("timeout", 10);
  assert.equal(total, 2);
  assert.deepEqual(hits.map(({ path }) => path), ["guide/timeouts.md", "guide/retries.md"]);
  const [first, second] = hits;
  assert.deepEqual([first?.firstLine, first?.lastLine, first?.text], [1, 2, LIBRARY["guide/timeouts.md"]]);
  assert.ok(first !== undefined && second !== undefined && first.score > second.score && second.score > 0);
});

Deno.test("find() prefers words in the order in which they are asked for", () => {
  using index = indexOf({
    a: "refused was the offer, and lost the connection to the past",
    b: "connection refused while the offer was lost to the past and",
  });
  assert.equal(index.find("connection refused", 2).hits[0]?.path, "b");
});

Deno.test("find() prefers a rare word to a frequent one", () => {
  using index = indexOf({ a: "server server server", b: "server quokka", c: "server", d: "server", e: "cat" });
  assert.equal(index.find("server quokka", 5).hits[0]?.path, "b");
});

Deno.test("find() points at the lines of a long file", () => {
  const lines = Array.from({ length: 1_000 }, (_, at) => at === 776 ? "here is the zebra" : `line ${at + 1}`);
  using index = indexOf({ long: lines.join("\r\n") });
  const [hit] = index.find("zebra", 5).hits;
  assert.ok(hit !== undefined && hit.firstLine <= 777 && hit.lastLine >= 777);
  assert.equal(hit.text.split("\n")[777 - hit.firstLine], "here is the zebra");
});

Deno.test("find() shows no lines twice, though passages overlap", () => {
  const lines = Array.from({ length: 200 }, (_, at) => `zebra ${at}`);
  using index = indexOf({ long: lines.join("\n") });
  const shown = index.find("zebra", 50).hits.flatMap(({ firstLine, lastLine }) =>
    Array.from({ length: lastLine - firstLine + 1 }, (_, at) => firstLine + at)
  );
  assert.ok(shown.length > 100);
  assert.equal(new Set(shown).size, shown.length);
});

Deno.test("find() keeps to its limit and counts all the same", () => {
  using index = indexOf(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}`, "zebra"])));
  const { hits, total } = index.find("zebra", 7);
  assert.deepEqual([hits.length, total], [7, 30]);
  assert.deepEqual(hits.map(({ path }) => path), ["f0", "f1", "f2", "f3", "f4", "f5", "f6"]);
});

const HOSTILE = [
  '"',
  '""',
  "'",
  "*",
  "**",
  "a*",
  '"a',
  "NEAR(",
  "NEAR(a b, 5)",
  "AND",
  "OR",
  "NOT",
  "a AND",
  "a OR OR b",
  "NOT NOT a",
  "col:",
  "body:a",
  "path : zebra",
  "-a",
  "^a",
  "a + b",
  "{a b} : c",
  "(((((",
  ")",
  "a)",
  ";",
  "'; DROP TABLE words; --",
  "\0",
  "a\0b",
  "\ud800",
  "\ud83d zebra",
  "\u0301",
  "\u200b",
  "😀",
  "%",
  "_",
  "\\",
  "${x}",
  "𝒽𝓮𝓵𝓵𝓸",
  "ｆｕｌｌ",
  "𞤀𞤁",
  "𐓀𐓁",
  "ꦲꦏ꧀ꦱꦫ",
  "🀄︎",
  "a".repeat(100_000),
  "a ".repeat(50_000),
  '" OR "'.repeat(1_000),
  "水".repeat(10_000),
];
{
  const index = indexOf({ a: "zebra a b c" });
  for (const query of HOSTILE) {
    Deno.test(`find(${JSON.stringify(query).slice(0, 40)}) is a search, not a syntax`, () => {
      const { hits, total } = index.find(query, 5);
      assert.ok(hits.length <= 1 && total <= 1);
    });
  }

  Deno.test("find() takes every character there is, and each pair with an operator", () => {
    for (let code = 0; code < 0x11000; code += 13) index.find(String.fromCodePoint(code), 1);
    for (let code = 0; code < 128; code++) {
      index.find(`a ${String.fromCodePoint(code)} NEAR"${String.fromCodePoint(code)}*`, 1);
    }
  });
}

Deno.test("put() takes the place of what was known of a file, and remove() leaves nothing", () => {
  using index = indexOf({ a: "old zebra\n".repeat(500), b: "zebra" });
  index.put("a", "new lion");
  assert.deepEqual([index.find("zebra", 9).total, index.find("lion", 9).total, index.passageCount()], [1, 1, 2]);
  index.remove("a");
  index.remove("never was");
  assert.deepEqual([index.find("lion", 9).total, index.passageCount()], [0, 1]);
});

Deno.test("change() that fails changes nothing", () => {
  using index = indexOf({ a: "zebra" });
  const act = () => {
    index.put("a", "lion");
    index.put("b", "lion");
    throw new Error("broke off");
  };
  assert.throws(() => index.change(act), /broke off/);
  assert.deepEqual([index.find("zebra", 9).total, index.find("lion", 9).total], [1, 0]);
});
