import { PLUGIN_TABLES } from "../app/runtime.ts";
import type { Config } from "../config/config.ts";
import type { Arguments } from "./arguments.ts";

/** The configuration with what flags that go with a file say. */
export function withFlags(config: Config, { booleans }: Arguments): Config {
  return booleans.get("demo") === true ? onDemoModel(config) : config;
}

/** The last model provider needs no key and always answers. */
function onDemoModel(config: Config): Config {
  const demo = [...PLUGIN_TABLES.models.keys()].at(-1) ?? "";
  return { ...config, llms: new Map([...config.llms.keys()].map((name) => [name, { provider: demo, options: {} }])) };
}
