import { resolve } from "node:path";
import type { Config, LlmConfig } from "../config/config.ts";
import { Cooldown } from "../model/cooldown.ts";
import { type Candidate, withFallback } from "../model/fallback.ts";
import { type Model, type ModelDeps, ModelError } from "../model/model.ts";
import { priced } from "../model/priced.ts";
import { priceOf } from "../model/prices.ts";
import { PLUGINS } from "../plugins.ts";
import { pick } from "./pick.ts";
import type { Runtime } from "./runtime.ts";
import { sleep } from "./sleep.ts";

/** The models of one revision. */
export interface Models {
  /** By the configuration's names, each with what stands in for it. */
  readonly byName: ReadonlyMap<string, Model>;
  /** Lets go of the connections that are theirs alone. */
  close(): void;
}

/** Throws ModelError for a model that cannot be used, such as one without its key. */
export function createModels(config: Config, { env, now, log }: Pick<Runtime, "env" | "now" | "log">): Models {
  const clients: Deno.HttpClient[] = [];
  const close = () => clients.splice(0).forEach((client) => client.close());
  try {
    const candidates = new Map([...config.llms].map(([name, llm]): [string, Candidate] => {
      const client = trusting(name, llm, config.base_dir);
      if (client !== undefined) clients.push(client);
      return [name, { name, model: createModel(name, llm, { env, client }), cooldown: new Cooldown(now) }];
    }));
    const byName = new Map([...config.llms].map(([name, { fallback = [] }]): [string, Model] => {
      const own = pick(candidates, name);
      const others = fallback.map((other) => pick(candidates, other));
      return [name, others.length === 0 ? own.model : withFallback(own, others, { log })];
    }));
    return { byName, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

interface Means {
  readonly env: ModelDeps["env"];
  readonly client: Deno.HttpClient | undefined;
}

function createModel(name: string, { provider, options, price }: LlmConfig, { env, client }: Means): Model {
  const ask: typeof fetch = client === undefined ? fetch : (input, init) => fetch(input, { ...init, client });
  const deps = { name, env, fetch: ask, random: Math.random, sleep, loadFile: lateLoadFile };
  const model = pick(PLUGINS.models, provider).create(options, deps);
  const known = price ?? priceOf(model.id);
  return known === undefined ? model : priced(model, known);
}

/** A client that trusts further certificates. */
function trusting(name: string, { ca_certificate: file }: LlmConfig, baseDir: string): Deno.HttpClient | undefined {
  if (file === undefined) return undefined;
  try {
    return Deno.createHttpClient({ caCerts: [Deno.readTextFileSync(resolve(baseDir, file))] });
  } catch (thrown) {
    const why = thrown instanceof Deno.errors.NotFound ? "there is no such file" : "it holds no certificates (PEM)";
    const message = `Cannot use ca_certificate "${file}" of llm "${name}": ${why}`;
    throw new ModelError("invalid_request", message, { cause: thrown });
  }
}

/** Few messages name a file by its address. */
const lateLoadFile: NonNullable<ModelDeps["loadFile"]> = async (url, options) =>
  await (await import("./load_file.ts")).loadFile(url, options);
