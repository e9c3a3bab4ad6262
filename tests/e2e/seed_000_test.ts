import { LLMock } from "@copilotkit/aimock";
import assert from "node:assert/strict";
import type { Finished } from "./hector_process.ts";
import { inSandbox, type Sandbox } from "./sandbox.ts";
import { CLIENT_EXAMPLES, type Example, LOCAL_EXAMPLES, QUICK_START_FILE } from "./seed_000.ts";

/** Who answers the examples. */
interface Backend {
  readonly env: Readonly<Record<string, string>>;
  /** A model of this provider's, in place of the document's. */
  readonly model?: string;
  readonly flags: readonly string[];
  /** What the answer to `asks` has to hold. */
  readonly answers: (asks: string) => string;
}

interface Scene {
  readonly sandbox: Sandbox;
  readonly port: number;
}

/** The second agent of the document's "multi-agent mode", plain enough for every backend. */
const SECOND_AGENT = `cat >> agents.yaml << EOF
  orchestrator:
    llm: gpt-4o
EOF
`;

async function paste({ sandbox, port }: Scene, { script, stdin }: Example, { env, flags }: Backend) {
  const words = script.replace("localhost:8080", `localhost:${port}`);
  const isLocal = words.startsWith("hector call") && !words.includes("--server");
  const given = { env, ...(stdin === undefined ? {} : { stdin }) };
  return await sandbox.paste(isLocal ? [words, ...flags].join(" ") : words, given);
}

function check({ name, asks, shows = [] }: Example, { code, out, err }: Finished, backend: Backend): void {
  const told = `${name}: exit ${code}\n${out}\n${err}`;
  assert.equal(code, 0, told);
  for (const pattern of shows) assert.match(out, pattern, told);
  if (asks !== undefined) assert.ok(heard(out).includes(backend.answers(asks)), told);
}

/** What a person would read out of answers and events: the pieces of a stream, joined. */
function heard(out: string): string {
  return out + [...out.matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text).join("");
}

async function runExamples(backend: Backend): Promise<void> {
  await inSandbox(async (sandbox) => {
    const file = (QUICK_START_FILE + SECOND_AGENT).replaceAll("gpt-4o", backend.model ?? "gpt-4o");
    assert.equal((await sandbox.paste(file)).code, 0);
    const { port } = await sandbox.serve(["--config", "agents.yaml", ...backend.flags], { env: backend.env });
    await Promise.all([...CLIENT_EXAMPLES, ...LOCAL_EXAMPLES].map(async (example) => {
      check(example, await paste({ sandbox, port }, example, backend), backend);
    }));
  });
}

/** An answer in which both sides of the wire show. */
const ECHO = (asks: string) => `I heard: ${asks}`;

async function withMock(act: (url: string) => Promise<void>): Promise<void> {
  const mock = new LLMock({ port: 0, host: "127.0.0.1", logLevel: "silent" });
  mock.on({}, ({ messages }) => {
    const last = messages.findLast(({ role }) => role === "user")?.content;
    return { content: ECHO(typeof last === "string" ? last : JSON.stringify(last)) };
  });
  await mock.start();
  try {
    await act(mock.url);
  } finally {
    await mock.stop();
  }
}

Deno.test("the first description's examples work with --demo and no key", async () => {
  await runExamples({
    env: {},
    flags: ["--demo"],
    answers: (asks) => asks === "Hello" ? "Hello! I am hector's built-in demo model" : asks,
  });
});

Deno.test("the first description's examples work with OpenAI", async () => {
  await withMock((url) =>
    runExamples({ env: { OPENAI_API_KEY: "sk-...", OPENAI_BASE_URL: `${url}/v1` }, flags: [], answers: ECHO })
  );
});

Deno.test("the first description's examples work with Anthropic, once the model is one of its own", async () => {
  await withMock((url) =>
    runExamples({
      env: { ANTHROPIC_API_KEY: "sk-ant-...", ANTHROPIC_BASE_URL: url },
      model: "claude-3-5-sonnet-20241022",
      flags: [],
      answers: ECHO,
    })
  );
});
