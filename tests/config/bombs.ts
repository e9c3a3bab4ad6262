import { ConfigError } from "../../src/config/config_error.ts";
import { loadConfig } from "../../src/config/load.ts";
import { envOf, TABLES } from "./plugin_tables.ts";

const MEBIBYTE = 1_048_576;

function repeated(unit: string, length: number): string {
  return unit.repeat(Math.floor(length / unit.length));
}

/** Ten aliases of ten aliases of …: 10^9 values in 400 bytes. */
function laughs(): string {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
  for (const name of "bcdefghi") {
    const before = String.fromCharCode(name.charCodeAt(0) - 1);
    lines.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(", ")}]`);
  }
  return lines.join("\n");
}

/** Texts that are made to hurt a reader, with what is said of them. The reader must neither stall nor grow. */
export const BOMBS: readonly (readonly [name: string, build: () => string, said: RegExp])[] = [
  ["a billion laughs", laughs, /aliases that multiply/],
  [
    "a long text in a thousand aliases",
    () => `a: &a ${repeated("x", 10_000)}\nb: [${repeated("*a, ", 4000)}]`,
    /multiply/,
  ],
  ["merges of a large mapping", () => {
    const keys = Array.from({ length: 2000 }, (_, at) => `  k${at}: 1`).join("\n");
    return `base: &b\n${keys}\n` + Array.from({ length: 2000 }, (_, at) => `m${at}: {<<: *b}`).join("\n");
  }, /multiply/],
  ["anchors that deepen each other", () => {
    const deep = (inner: string) => "[".repeat(30) + inner + "]".repeat(30);
    return `a: &a ${deep("1")}\nb: &b ${deep("*a")}\nc: ${deep("*b")}`;
  }, /deeper than 64/],
  ["5,000 brackets", () => "[".repeat(5000) + "]".repeat(5000), /deeper than 64/],
  ["a mebibyte of brackets", () => "[".repeat(MEBIBYTE), /deeper than 64/],
  ["a mebibyte of braces", () => repeated("{a: ", MEBIBYTE), /deeper than 64/],
  ["a mebibyte of dashes", () => repeated("- ", MEBIBYTE), /deeper than 64/],
  ["a mebibyte of question marks", () => repeated("? ", MEBIBYTE), /deeper than 64/],
  [
    "1,400 lines that each go deeper",
    () => Array.from({ length: 1400 }, (_, at) => " ".repeat(at) + "a:").join("\n"),
    /deeper/,
  ],
  ["a mebibyte of JSON arrays", () => `{"a": ${"[".repeat(5000)}${"]".repeat(5000)}}`, /deeper than 64/],
  ["200,000 keys", () => Array.from({ length: 90_000 }, (_, at) => `k${at}: 1`).join("\n"), /YAML tokens/],
  ["500,000 numbers", () => `[${repeated("1,", MEBIBYTE - 2)}]`, /YAML tokens/],
  ["a mebibyte of closing brackets", () => repeated("}", MEBIBYTE), /not YAML/],
  ["a mebibyte of tags", () => repeated("!a ", MEBIBYTE), /YAML tokens|tag/],
  ["a mebibyte of anchors", () => repeated("&a ", MEBIBYTE), /YAML tokens|not YAML/],
  ["a mebibyte of documents", () => repeated("---\n", MEBIBYTE), /YAML tokens|second document/],
  ["a mebibyte of quotes", () => repeated('"', MEBIBYTE), /YAML tokens/],
  ["a mebibyte of line breaks", () => repeated("\n", MEBIBYTE), /YAML tokens|nothing/],
  ["a mebibyte of text", () => `a: ${repeated("x", MEBIBYTE - 10)}`, /unknown key/],
  ["50 MB", () => repeated("a: 1\n", 50 * MEBIBYTE), /more than 1 MiB/],
  ["a variable named 100,000 times", () => `name: "${repeated("${BIG}", MEBIBYTE - 100)}"`, /4 MiB/],
  ["a variable that names itself", () => 'name: "${SELF}"\nagents: {a: {llm: "${SELF}"}}', /text from \$\{SELF\}/],
  ["defaults in defaults", () => `name: "${repeated("${A:-", MEBIBYTE - 100)}"`, /9 deep/],
  ["a mebibyte of dollars", () => `name: "${repeated("$", MEBIBYTE - 100)}"`, /agents: found none/],
  ["a mebibyte of escaped dollars", () => `name: "${repeated("$${", MEBIBYTE - 100)}"`, /agents: found none/],
  [
    "3,000 unknown keys",
    () => Array.from({ length: 3000 }, (_, at) => `key${at}: 1`).join("\n"),
    /and \d+ more problems/,
  ],
  ["the same key 5,000 times", () => "a: 1\n".repeat(5000), /second time/],
  ["the same key 20,000 times", () => repeated("a: 1\n", 100_000), /YAML tokens/],
  [
    "a key that objects reserve, in every section",
    () => '{"agents": {"__proto__": {"llm": "x"}}, "llms": {"__proto__": {}}}',
    /reserve/,
  ],
  ["the keys of prototypes", () => "agents: {a: {constructor: {prototype: {x: 1}}}}", /unknown key/],
  ["a pattern that takes forever", () => `agents: {a: {}}\ntools: {pattern: {regex: "/(a+)+$/"}}`, /bad: /],
  ["variables whose defaults name each other", () => `name: "\${A:-\${B:-\${A:-\${B}}}}"`, /\$\{B\}, which is not set/],
  ["a file named 100,000 times", () => `name: "${repeated("${file:/big}", MEBIBYTE - 100)}"`, /4 MiB/],
  ["merges that merge each other", () => {
    const lines = ["a0: &a0 {k: 1}"];
    for (let at = 1; at < 60; at++) lines.push(`a${at}: &a${at} {<<: [*a${at - 1}, *a${at - 1}], k${at}: 1}`);
    return lines.join("\n");
  }, /deeper|multiply|unknown key/],
  [
    "40,000 agents in the oldest spelling",
    () => `agents:\n${repeated("- {name: a, type: native}\n", MEBIBYTE / 2)}`,
    /YAML tokens/,
  ],
  ["an unknown key of 100,000 letters", () => `? ${repeated("k", 100_000)}\n: 1`, /unknown key/],
];

const BIG = "x".repeat(100_000);
const ENV = envOf({ BIG, SELF: "${SELF}${SELF}" });

/** The message with which a text is refused; undefined if it loads. */
export function refusalOf(text: string): string | undefined {
  try {
    loadConfig({ text, file: "bomb.yaml", env: ENV, readText: () => ({ text: BIG }), tables: TABLES, baseDir: "/" });
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.message;
    throw thrown;
  }
}

/** What the process needs now, and needed at most since the last time; 0 where the system does not tell. */
function residentMegabytes(): { readonly now: number; readonly peak: number } {
  if (Deno.build.os !== "linux") return { now: 0, peak: 0 };
  const status = Deno.readTextFileSync("/proc/self/status");
  // https://docs.kernel.org/filesystems/proc.html: 5 makes the peak what is resident now.
  Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  const [now = 0, peak = 0] = ["VmRSS", "VmHWM"].map((name) =>
    Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1000
  );
  return { now, peak };
}

/** Refuses the bombs of these names (all, without any), and prints what each needed. */
if (import.meta.main) {
  const bombs = Deno.args.length === 0 ? BOMBS : BOMBS.filter(([name]) => Deno.args.includes(name));
  for (const [name, build, said] of bombs) {
    const text = build();
    const before = residentMegabytes();
    const started = performance.now();
    const message = refusalOf(text) ?? "";
    const ms = performance.now() - started;
    if (!said.test(message)) throw new Error(`${name}: ${message.slice(0, 200)}`);
    console.log(
      JSON.stringify({ name, ms: Math.round(ms), megabytes: Math.round(residentMegabytes().peak - before.now) }),
    );
  }
}
