import assert from "node:assert/strict";
import { describeFlags, type Flags, parseArguments, UsageError, wholeNumber } from "../../src/cli/arguments.ts";

const FLAGS: Flags = {
  server: { type: "string", value: "URL", alias: "url", env: "HECTOR_URL", help: "The server" },
  port: { type: "string", short: "p", value: "PORT", help: "The port" },
  stream: { type: "boolean", help: "Print while it comes" },
};

const parse = (argv: string[], env: Record<string, string> = {}) => {
  const { strings, booleans, positionals } = parseArguments(argv, FLAGS, (name) => env[name]);
  return { ...Object.fromEntries(strings), ...Object.fromEntries(booleans), positionals };
};

/** [argv, environment, what is read] */
const READ: [argv: string[], env: Record<string, string>, read: Record<string, unknown>][] = [
  [["hi"], {}, { positionals: ["hi"] }],
  [["hi", "--server", "http://x"], {}, { server: "http://x", positionals: ["hi"] }],
  [["--server=http://x", "hi"], {}, { server: "http://x", positionals: ["hi"] }],
  [["--url", "http://x"], {}, { server: "http://x", positionals: [] }],
  [["-p", "80"], {}, { port: "80", positionals: [] }],
  [["--stream"], {}, { stream: true, positionals: [] }],
  [["--no-stream"], {}, { stream: false, positionals: [] }],
  [["--stream=false"], {}, { stream: false, positionals: [] }],
  [["--stream", "--no-stream"], {}, { stream: false, positionals: [] }],
  [[], { HECTOR_URL: "http://env" }, { server: "http://env", positionals: [] }],
  [["--url", "http://x"], { HECTOR_URL: "http://env" }, { server: "http://x", positionals: [] }],
  [[], { HECTOR_URL: "" }, { positionals: [] }],
  [["--", "--not-a-flag"], {}, { positionals: ["--not-a-flag"] }],
];

for (const [argv, env, read] of READ) {
  Deno.test(`parseArguments() reads ${JSON.stringify(argv)} with ${JSON.stringify(env)}`, () => {
    assert.deepEqual(parse(argv, env), read);
  });
}

/** [argv, what is told] */
const REFUSED: [argv: string[], told: RegExp][] = [
  [["--sevrer", "x"], /Unknown flag "--sevrer"; did you mean "--server"\?/],
  [["--zzz"], /^Unknown flag "--zzz"$/],
  [["-x"], /Unknown flag "-x"/],
  [["--server"], /"--server" needs a value/],
  [["--no-server"], /Unknown flag "--no-server"/],
  [["--stream=maybe"], /takes no value: found "maybe"/],
  [["--constructor"], /Unknown flag/],
];

for (const [argv, told] of REFUSED) {
  Deno.test(`parseArguments() refuses ${JSON.stringify(argv)}`, () => {
    assert.throws(() => parse(argv), (thrown) => thrown instanceof UsageError && told.test(thrown.message));
  });
}

for (
  const [text, ok] of [["0", true], ["65535", true], ["65536", false], ["-1", false], ["8o80", false], [
    "",
    false,
  ]] as const
) {
  Deno.test(`wholeNumber() ${ok ? "reads" : "refuses"} "${text}"`, () => {
    if (ok) assert.equal(wholeNumber("port", text, [0, 65535]), Number(text));
    else assert.throws(() => wholeNumber("port", text, [0, 65535]), /"--port" takes a whole number from 0 to 65535/);
  });
}

Deno.test("describeFlags() shows every spelling, the variable and the help, aligned", () => {
  const text = describeFlags(FLAGS);
  assert.match(text, /^ {2}--server, --url URL {2}The server \[env: HECTOR_URL\]$/m);
  assert.match(text, /^ {2}-p, --port PORT {6}The port$/m);
});
