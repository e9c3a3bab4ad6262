import assert from "node:assert/strict";
import { createModels } from "../../src/app/create_models.ts";
import { loadConfig } from "../../src/config/load.ts";
import { PLUGIN_TABLES } from "../../src/app/runtime.ts";
import { SILENT } from "../../src/lib/log.ts";
import { ModelError } from "../../src/model/model.ts";
import { ask, said, textOfEvents } from "../model/model_fakes.ts";
import { json, rawServer, sse } from "../model/raw_server.ts";
import { CA, CERTIFICATE, KEY } from "../server/certificate.ts";

/** The models of a file; they let go of what they hold. */
function modelsOf(llms: string, baseDir = "/") {
  const text = `agents: {a: {llm: x}}\nllms: ${llms}`;
  const config = loadConfig({ text, file: "test.yaml", env: () => undefined, tables: PLUGIN_TABLES, baseDir });
  const { byName, close } = createModels(config, { env: () => undefined, now: Date.now, log: SILENT });
  const model = byName.get("x");
  if (model === undefined) throw new Error("no model x");
  return { model, [Symbol.dispose]: close };
}

const chat = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const ANSWER = chat({ choices: [{ index: 0, delta: { content: "ok" }, finish_reason: "stop" }] }) +
  chat({ choices: [], usage: { prompt_tokens: 1_000_000, completion_tokens: 1_000_000 } });

Deno.test("createModels() lets another answer in place of one that is down", async () => {
  await using server = rawServer(() => json(503, {}));
  using models = modelsOf(
    `{x: {provider: openai, base_url: "${server.url}/v1", max_retries: 0, fallback: [y]}, y: {provider: scripted, default: {text: stood in}}}`,
  );
  assert.equal(textOfEvents(await ask(models.model)), "stood in");
  await ask(models.model);
  assert.equal(server.bodies.length, 1, "it rests");
});

/** [options, cost in USD of a million tokens each way] */
const COSTS: [options: string, usd: number | undefined][] = [
  ["model: gpt-4o", 12.5],
  ["model: gpt-4o, price: {input: 1, output: 1}", 2],
  ["model: my-own", undefined],
  ["model: my-own, price: {input: 0, output: 0}", 0],
];
for (const [options, usd] of COSTS) {
  Deno.test(`createModels() tells a cost of ${usd} with ${options}`, async () => {
    await using server = rawServer(() => sse(ANSWER));
    using models = modelsOf(`{x: {provider: openai, base_url: "${server.url}/v1", ${options}}}`);
    const usage = (await ask(models.model)).find((event) => event.kind === "usage");
    assert.equal(usage?.usage.costUsd, usd);
  });
}

Deno.test("createModels() fetches no file from a private address that a caller names", async () => {
  await using server = rawServer(() => sse(ANSWER));
  using models = modelsOf(`{x: {provider: ollama, base_url: "${server.url}"}}`);
  const message = said("ROLE_USER", { url: `${server.url}/secret.png`, mediaType: "image/png" });
  await assert.rejects(ask(models.model, { messages: [message] }), {
    kind: "invalid_request",
    message: /cannot be read/,
  });
  assert.deepEqual(server.paths, []);
});

/** Why a model at a server with a certificate for another name cannot be reached. */
async function whyNot(llm: (url: string) => string, baseDir?: string): Promise<string> {
  const tls = { cert: CERTIFICATE, key: KEY };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {}, ...tls }, () => new Response());
  try {
    using models = modelsOf(llm(`https://127.0.0.1:${server.addr.port}`), baseDir);
    const thrown = await ask(models.model).then(() => undefined, (error: unknown) => error);
    assert.ok(thrown instanceof ModelError);
    return String(thrown.cause);
  } finally {
    await server.shutdown();
  }
}

Deno.test("createModels() trusts the authority of ca_certificate, for its model alone", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/ca.pem`, CA);
    const options = (url: string) => `provider: ollama, base_url: "${url}", max_retries: 0`;
    assert.match(await whyNot((url) => `{x: {${options(url)}}}`), /UnknownIssuer/);
    assert.match(
      await whyNot((url) => `{x: {${options(url)}, ca_certificate: ca.pem}}`, folder),
      /NotValidForName|name/i,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("createModels() says which certificate cannot be used", () => {
  assert.throws(() => modelsOf("{x: {provider: ollama, ca_certificate: none.pem}}", "/nowhere"), {
    kind: "invalid_request",
    message: 'Cannot use ca_certificate "none.pem" of llm "x": there is no such file',
  });
});
