import assert from "node:assert/strict";
import { z } from "zod";
import { anthropic } from "../../src/model/anthropic.ts";
import { gemini } from "../../src/model/gemini.ts";
import { ollama } from "../../src/model/ollama.ts";
import { openai } from "../../src/model/openai.ts";
import { chooseProvider, providerOf } from "../../src/config/choose_provider.ts";
import { PLUGINS } from "../../src/plugins.ts";
import { fakeDeps } from "./model_fakes.ts";

/** [environment, provider] */
const STARTS: [env: Record<string, string>, provider: string][] = [
  [{}, "demo"],
  [{ OPENAI_API_KEY: "k" }, "openai"],
  [{ ANTHROPIC_API_KEY: "k" }, "anthropic"],
  [{ GEMINI_API_KEY: "k" }, "gemini"],
  [{ GOOGLE_API_KEY: "k" }, "gemini"],
  [{ GEMINI_API_KEY: "k", ANTHROPIC_API_KEY: "k" }, "anthropic"],
  [{ GEMINI_API_KEY: "k", ANTHROPIC_API_KEY: "k", OPENAI_API_KEY: "k" }, "openai"],
  [{ OPENAI_API_KEY: "", GEMINI_API_KEY: "k" }, "gemini"],
  [{ OLLAMA_HOST: "gpu" }, "ollama"],
  [{ OLLAMA_BASE_URL: "http://gpu:1" }, "ollama"],
  [{ OLLAMA_API_KEY: "k" }, "ollama"],
  [{ OLLAMA_HOST: "gpu", GEMINI_API_KEY: "k" }, "gemini"],
];

for (const [env, provider] of STARTS) {
  Deno.test(`chooseProvider() with ${Object.keys(env).join(" and ") || "no key"} is ${provider}`, () => {
    assert.equal(chooseProvider(PLUGINS.models, (name) => new Map(Object.entries(env)).get(name)).provider, provider);
  });
}

/** [model, provider] */
const OWNERS: [model: string, provider: string | undefined][] = [
  ["gpt-4o", "openai"],
  ["gpt-6-luna", "openai"],
  ["chatgpt-4o-latest", "openai"],
  ["o1", "openai"],
  ["o3-mini", "openai"],
  ["o4-mini-2025-04-16", "openai"],
  ["claude-sonnet-5-5", "anthropic"],
  ["claude-3-5-sonnet-20241022", "anthropic"],
  ["gemini-2.0-flash", "gemini"],
  ["models/gemini-3.8-flash", "gemini"],
  ["demo", "demo"],
  ["o100", undefined],
  ["ollama", undefined],
  ["my-gpt-4", undefined],
  ["llama3.2", undefined],
  ["qwen3", "ollama"],
  ["qwen3:8b", "ollama"],
  ["qwen3-coder", undefined],
  ["scripted", undefined],
  ["constructor", undefined],
  ["", undefined],
];

for (const [model, provider] of OWNERS) {
  Deno.test(`providerOf("${model}") is ${provider}`, () => assert.equal(providerOf(model, PLUGINS.models), provider));
}

for (const [name, { defaultModel, owns, title }] of PLUGINS.models) {
  Deno.test(`${name} owns its default model and has a title`, () => {
    if (defaultModel !== "scripted") assert.ok(owns(defaultModel));
    assert.notEqual(title, "");
  });
}

for (const [name, plugin] of [["openai", openai], ["anthropic", anthropic], ["gemini", gemini]] as const) {
  const deps = {
    name: "main",
    env: () => undefined,
    fetch: () => Promise.reject(new Error("no request is made")),
    random: () => 0,
    sleep: () => Promise.resolve(),
  };

  Deno.test(`${name} without a key says which variable to set`, () => {
    assert.throws(() => plugin.create({}, deps), {
      name: "ModelError",
      kind: "authentication",
      message: new RegExp(
        `${plugin.defaultModel}.*set ${plugin.credentials.join(" or ")} in the environment, or api_key of "main"`,
      ),
    });
  });

  Deno.test(`${name} takes its key from the environment`, () => {
    const [variable] = plugin.credentials;
    const model = plugin.create({}, { ...deps, env: (asked) => asked === variable ? "k" : undefined });
    assert.equal(model.id, plugin.defaultModel);
  });

  for (
    const options of [{ modle: "x" }, { model: "" }, { timeout_seconds: 0 }, { max_retries: -1 }, { max_tokens: 0 }]
  ) {
    Deno.test(`${name} refuses the options ${JSON.stringify(options)}`, () => {
      assert.throws(() => plugin.create({ api_key: "k", ...options }, deps), { name: "ZodError" });
    });
  }

  for (const base_url of ["not an address", "ftp://host", "http://user:canary@host/v1"]) {
    Deno.test(`${name} refuses the address ${base_url} without repeating it`, () => {
      assert.throws(() => plugin.create({ api_key: "k", base_url }, deps), (thrown) => {
        assert.ok(thrown instanceof Error);
        assert.ok(!thrown.message.includes("canary"));
        return thrown.name === "ZodError";
      });
    });
  }
}

Deno.test("ollama needs no key", () => assert.equal(ollama.create({}, fakeDeps()).id, ollama.defaultModel));

for (const [name, { options }] of PLUGINS.models) {
  Deno.test(`${name} describes each of its options`, () => {
    const { properties = {} } = z.toJSONSchema(options(), { io: "input", unrepresentable: "any" });
    assert.ok(Object.hasOwn(properties, "model"));
    for (const [option, schema] of Object.entries(properties)) {
      assert.ok(typeof schema === "object" && (schema.description ?? "").length > 10, `${option} is not described`);
    }
  });
}
