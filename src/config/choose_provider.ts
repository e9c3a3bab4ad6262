import type { Env } from "./interpolate.ts";
import type { ConfigurableModel } from "./plugin_tables.ts";

export interface ChosenProvider {
  readonly provider: string;
  /** Completes "Provider x, because …". Names variables, never their values. */
  readonly because: string;
}

/** The first provider with a key in the environment, or that is said there to be near, or else the last one, which needs none. */
export function chooseProvider(models: ReadonlyMap<string, ConfigurableModel>, env: Env): ChosenProvider {
  for (const [provider, { credentials }] of models) {
    const variable = credentials.find((name) => env(name));
    if (variable !== undefined) return { provider, because: `${variable} is set` };
  }
  for (const [provider, { announcedBy = [] }] of models) {
    const variable = announcedBy.find((name) => env(name));
    if (variable !== undefined) return { provider, because: `${variable} is set` };
  }
  const last = [...models.keys()].at(-1);
  if (last === undefined) throw new RangeError("Cannot choose a provider: the table of models is empty");
  const wanted = [...models.values()].flatMap(({ credentials }) => credentials);
  return { provider: last, because: `no key is set (${wanted.join(", ")}), and it needs none` };
}

/** The provider that knows a model by its name. */
export function providerOf(model: string, models: ReadonlyMap<string, ConfigurableModel>): string | undefined {
  for (const [provider, plugin] of models) if (plugin.owns(model)) return provider;
  return undefined;
}
