import assert from "node:assert/strict";
import { SCRIPTED_AGENTS } from "./scripted_agents.ts";
import { withServer } from "./served.ts";
import { inFolder, typed, type TypedOptions } from "./typed.ts";

/** Nobody listens on port 1. */
const NOBODY = "http://127.0.0.1:1";

interface Row {
  readonly argv: readonly string[];
  readonly options?: TypedOptions;
  readonly code: number;
  readonly out?: RegExp | string;
  readonly err?: RegExp | string;
}

function check({ argv, out, err, code }: Row, ended: Awaited<ReturnType<typeof typed>>): void {
  const told = `hector ${argv.join(" ")}: ${JSON.stringify(ended)}`;
  assert.equal(ended.code, code, told);
  for (const [expected, printed] of [[out ?? "", ended.out], [err, ended.err]] as const) {
    if (typeof expected === "string") assert.equal(printed, expected, told);
    else if (expected !== undefined) assert.match(printed, expected, told);
  }
}

/** What is wrong on the command line itself, or asks for help: no agent is needed. */
const WITHOUT_AGENTS: readonly Row[] = [
  { argv: [], code: 0, out: /^hector turns a YAML file .*\n[\s\S]* {2}serve +Serve agents over A2A\n/, err: "" },
  { argv: ["help"], code: 0, out: /Usage: hector COMMAND/, err: "" },
  { argv: ["--help"], code: 0, out: /Usage: hector COMMAND/, err: "" },
  { argv: ["help", "call"], code: 0, out: /Usage: hector call MESSAGE[\s\S]*Flags:[\s\S]*Examples:/, err: "" },
  { argv: ["call", "--help"], code: 0, out: /Usage: hector call MESSAGE/, err: "" },
  { argv: ["help", "cal"], code: 2, err: /Unknown command "cal"; did you mean "call"\?/ },
  {
    argv: ["srve"],
    code: 2,
    err: /^<red>error:<\/red> Unknown command "srve"; did you mean "serve"\?\nSee hector help\.\n$/,
  },
  { argv: ["constructor"], code: 2, err: /Unknown command "constructor"/ },
  { argv: ["call", "hi", "--agnet", "x"], code: 2, err: /Unknown flag "--agnet"; did you mean "--agent"\?/ },
  { argv: ["serve", "--port", "http"], code: 2, err: /"--port" takes a whole number from 0 to 65535: found "http"/ },
  { argv: ["serve", "--demo", "--log-format", "xml"], code: 2, err: /"--log-format" takes text or json: found "xml"/ },
  { argv: ["serve", "a.yaml", "b.yaml"], code: 2, err: /Cannot serve 2 things at once/ },
  { argv: ["serve", "a.yaml", "--config", "b.yaml"], code: 2, err: /Both "a.yaml" and --config name a file/ },
  { argv: ["serve", "missing.yaml"], code: 2, err: /missing\.yaml/ },
  { argv: ["serve", "nobody"], code: 2, err: /No agent "nobody" in the command line: it has assistant/ },
  { argv: ["call"], code: 2, err: /Nothing to send: write hector call "your message"/ },
  { argv: ["call", "two", "words"], code: 2, err: /Found 2 messages: put quotes around one/ },
  { argv: ["call", ""], code: 2, err: /the message is empty/ },
  { argv: ["call", "-"], options: { input: " \n" }, code: 2, err: /the message is empty/ },
  { argv: ["call", "hi", "-o", "xml"], code: 2, err: /"--output" takes text or json: found "xml"/ },
  {
    argv: ["call", "hi", "--server", "localhost"],
    code: 2,
    err: /"--server" takes a URL such as http:\/\/localhost:8080/,
  },
  {
    argv: ["call", "hi", "--server", NOBODY, "--config", "a.yaml"],
    code: 2,
    err: /Both --server and --config say where the agents are/,
  },
  { argv: ["call", "hi", "--config", "a.yaml", "--model", "x"], code: 2, err: /cannot go with one: --model/ },
  { argv: ["call", "hi", "--provider", "opnai"], code: 2, err: /opnai[\s\S]*did you mean "openai"/ },
  { argv: ["chat", "hi"], code: 2, err: /hector chat takes no message/ },
  { argv: ["info", "a", "b"], code: 2, err: /one agent at a time/ },
  { argv: ["validate"], code: 2, err: /Nothing to check/ },
  {
    argv: ["call", "hi", "--server", NOBODY],
    code: 4,
    err: /^<red>error:<\/red> Cannot reach http:\/\/127\.0\.0\.1:1/,
  },
  {
    argv: ["call", "hi", "--agent", "a", "--server", NOBODY],
    code: 4,
    err: /Cannot reach http:\/\/127\.0\.0\.1:1: the connection failed/,
  },
  { argv: ["list", "--url", NOBODY], code: 4, err: /Cannot reach/ },
  { argv: ["list"], options: { env: { HECTOR_URL: NOBODY } }, code: 4, err: /Cannot reach/ },
  { argv: ["chat", "--server", NOBODY], options: { input: "hi\n" }, code: 4, err: /Cannot reach/ },
  { argv: ["version"], code: 0, out: /^hector \d+\.\d+\.\d+ \(deno /, err: "" },
  { argv: ["--version"], code: 0, out: /^hector \d/, err: "" },
  { argv: ["version", "-o", "json"], code: 0, out: /^\{\n {2}"version": "\d/, err: "" },
];

const THINKING = `
llms: { m: { provider: scripted, default: { thinking: "Hm. Blue?", text: "Blue." } } }
agents: { a: { llm: m, reasoning: { enable_thinking_display: true } } }
`;

for (
  const [more, err] of [
    [[], "<dim>  Hm. Blue?</dim>\n"],
    [["--show-thinking", "--no-show-tools"], "<dim>  Hm. Blue?</dim>\n"],
    [["--no-show-thinking"], ""],
  ] as const
) {
  Deno.test(`hector call ${more.join(" ")} prints what the model thought, or not`, async () => {
    await inFolder({ "a.yaml": THINKING }, async (cwd) => {
      const argv = ["call", "What colour?", "--config", "a.yaml", ...more];
      check({ argv, code: 0, out: "Blue.\n", err }, await typed(argv, { cwd }));
    });
  });
}

for (const row of WITHOUT_AGENTS) {
  Deno.test(`hector ${JSON.stringify(row.argv)} ends with ${row.code}`, async () => {
    check(row, await typed(row.argv, row.options));
  });
}

/** What is the same for the agents of a file in this process and for those of a server. */
const WITH_AGENTS: readonly Row[] = [
  { argv: ["call", "hello"], code: 0, out: "Turn 1: hello\n", err: "" },
  { argv: ["call", "hello", "--agent", "second"], code: 0, out: "Turn 1: hello\n", err: "" },
  { argv: ["call", "hello", "--no-stream"], code: 0, out: "Turn 1: hello\n", err: "" },
  { argv: ["call", "-"], options: { input: "piped\nin\n" }, code: 0, out: "Turn 1: piped\nin\n", err: "" },
  {
    argv: ["call", "note this"],
    code: 0,
    out: "Let me note that.\n\nNoted.\n",
    err: /→ todo_write \{[^]*← todo_write[^]*0 of 1 todos completed[^]*\[ \] 1: buy milk/,
  },
  { argv: ["call", "note this", "--no-show-tools"], code: 0, out: "Let me note that.\n\nNoted.\n", err: "" },
  { argv: ["call", "which"], code: 0, out: "Which one do you mean?\n", err: /^(<dim>it waits for you: .*<\/dim>\n)?$/ },
  { argv: ["call", "fail"], code: 1, err: "<red>The key is wrong: check SOME_KEY</red>\n" },
  { argv: ["call", "fail", "--no-stream"], code: 1, err: "<red>The key is wrong: check SOME_KEY</red>\n" },
  { argv: ["call", "fail", "-o", "json"], code: 1, out: /"state": "TASK_STATE_FAILED"/, err: "" },
  {
    argv: ["call", "hello", "--agent", "frist"],
    code: 5,
    err: /Agent "frist" not found; did you mean "first"\? \(first, second\)/,
  },
  { argv: ["info", "frist"], code: 5, err: /Agent "frist" not found/ },
  { argv: ["info"], code: 2, err: /Which agent\? There are first, second/ },
  {
    argv: ["info", "second"],
    code: 0,
    out: /^agent +second\n[\s\S]*description +The second agent\n[\s\S]*interface +JSONRPC 1\.0 /,
    err: "",
  },
  { argv: ["info", "second", "-o", "json"], code: 0, out: /^\{\n {2}"name": "second"/, err: "" },
  {
    argv: ["list"],
    code: 0,
    out: "AGENT   NAME    DESCRIPTION\nfirst   first   The first agent\nsecond  second  The second agent\n",
    err: "",
  },
  { argv: ["list", "-o", "json"], code: 0, out: /^\[\n {2}\{\n {4}"id": "first",/, err: "" },
];

Deno.test("commands give the same on a file as on a server", async (test) => {
  await inFolder({ "agents.yaml": SCRIPTED_AGENTS }, async (cwd) => {
    await withServer(SCRIPTED_AGENTS, async (url) => {
      for (const row of WITH_AGENTS) {
        for (const where of [["--config", "agents.yaml"], ["--server", url]]) {
          await test.step(`hector ${[...row.argv, ...where].join(" ")}`, async () => {
            check(row, await typed([...row.argv, ...where], { cwd, ...row.options }));
          });
        }
      }
    });
  });
});

Deno.test("call -o json prints the whole task, and nothing else on either stream", async () => {
  await inFolder({ "agents.yaml": SCRIPTED_AGENTS }, async (cwd) => {
    const { out, err } = await typed(["call", "note this", "--config", "agents.yaml", "-o", "json"], { cwd });
    const task = JSON.parse(out);
    assert.deepEqual(Object.keys(task), ["id", "contextId", "status", "history", "artifacts"]);
    assert.equal(task.status.state, "TASK_STATE_COMPLETED");
    assert.equal(task.history[0].parts[0].text, "note this");
    assert.equal(err, "");
  });
});

Deno.test("call without a server, a file or a key tells in one line that the demo model answers", async () => {
  const { code, out, err } = await typed(["call", "Hello"]);
  assert.equal(code, 0);
  assert.match(out, /^Hello! I am hector's built-in demo model\./);
  assert.match(
    err,
    /^<dim>Agent "assistant" uses demo .*no key is set \(OPENAI_API_KEY, ANTHROPIC_API_KEY, .*<\/dim>\n$/,
  );
});

Deno.test("call without the key that its file needs names the variable and --demo", async () => {
  await inFolder({ "agents.yaml": "agents: { a: { llm: gpt-4o } }" }, async (cwd) => {
    const { code, out, err } = await typed(["call", "Hello", "--config", "agents.yaml"], { cwd });
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /it needs a key; set OPENAI_API_KEY in the environment.*--demo/);
  });
});

Deno.test("call --session goes on with a conversation, on a file and on a server", async () => {
  await inFolder({ "agents.yaml": SCRIPTED_AGENTS }, async (cwd) => {
    await withServer(SCRIPTED_AGENTS, async (url) => {
      for (const where of [["--config", "agents.yaml"], ["--server", url]]) {
        const env = { XDG_DATA_HOME: cwd };
        const say = async (...words: string[]) => (await typed(["call", ...words, ...where], { cwd, env })).out;
        assert.equal(await say("one", "--session", "s1"), "Turn 1: one\n");
        assert.equal(await say("two", "--session", "s1"), "Turn 2: two\n");
        assert.equal(await say("three", "--session", "s2"), "Turn 1: three\n");
        assert.equal(await say("four"), "Turn 1: four\n");
      }
    });
  });
});

/** [what answers, exit code, what is told] */
const SERVERS: readonly [status: number, body: string, code: number, told: RegExp][] = [
  [401, `{"error":{"code":401,"status":"UNAUTHENTICATED","message":"Who are you?"}}`, 3, /error:<\/red> .+/],
  [403, `{"error":{"code":403,"status":"PERMISSION_DENIED","message":"Not you"}}`, 3, /error:<\/red> .+/],
  [503, `{"error":{"code":503,"status":"UNAVAILABLE","message":"Later"}}`, 4, /error:<\/red> .+/],
  [404, `Not here`, 5, /no agent card|is it the URL of a hector server\?/],
  [200, `<html>A web page</html>`, 5, /no agent card|Agent "a" not found \(none is there\)/],
];

for (const [status, body, code, told] of SERVERS) {
  Deno.test(`call ends with ${code} on a server that answers everything with ${status}`, async () => {
    const server = Deno.serve({ port: 0, onListen: () => {} }, () => new Response(body, { status }));
    try {
      for (const agent of [[], ["--agent", "a"]]) {
        const url = `http://localhost:${server.addr.port}`;
        const ended = await typed(["call", "hi", ...agent, "--server", url]);
        assert.equal(ended.code, code, ended.err);
        assert.equal(ended.out, "");
        assert.match(ended.err, told);
      }
    } finally {
      await server.shutdown();
    }
  });
}

/** [what the provider answers, what the user is told] */
const REFUSALS: readonly [status: number, body: unknown, told: RegExp][] = [
  [
    401,
    { error: { message: "Incorrect API key provided: sk-wrong", code: "invalid_api_key" } },
    /^<red>Cannot use model "gpt-4o" of OpenAI: it refused the key; check OPENAI_API_KEY<\/red>$/m,
  ],
  [
    404,
    { error: { message: "The model does not exist", code: "model_not_found" } },
    /^<red>Cannot use model "gpt-4o" of OpenAI: it knows no such model, or the key may not use it; check the option model/m,
  ],
];

for (const [status, body, told] of REFUSALS) {
  Deno.test(`call fails with 1 and one sentence when the provider answers ${status}`, async () => {
    const provider = Deno.serve({ port: 0, onListen: () => {} }, () => Response.json(body, { status }));
    try {
      await inFolder({ "agents.yaml": "agents: { a: { llm: gpt-4o } }" }, async (cwd) => {
        const env = { OPENAI_API_KEY: "sk-wrong", OPENAI_BASE_URL: `http://localhost:${provider.addr.port}/v1` };
        const { code, out, err } = await typed(["call", "Hello", "--config", "agents.yaml"], { cwd, env });
        assert.deepEqual([code, out], [1, ""], err);
        assert.match(err, told);
        assert.ok(!err.includes("sk-wrong"), err);
      });
    } finally {
      await provider.shutdown();
    }
  });
}

Deno.test("HECTOR_URL stands for --server, and a flag goes before it", async () => {
  await withServer(SCRIPTED_AGENTS, async (url) => {
    assert.equal((await typed(["call", "hello"], { env: { HECTOR_URL: url } })).out, "Turn 1: hello\n");
    assert.equal(
      (await typed(["call", "hello", "--url", url], { env: { HECTOR_URL: NOBODY } })).out,
      "Turn 1: hello\n",
    );
  });
});
