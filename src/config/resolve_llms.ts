import { didYouMean } from "../lib/suggest.ts";
import { check } from "./check.ts";
import { chooseProvider, providerOf } from "./choose_provider.ts";
import type { LlmConfig } from "./config.ts";
import { describeValue, oneOf } from "./describe_issue.ts";
import { pluggedIn } from "./plugin_section.ts";
import { namedParts, placeIn, type Resolution, type Text, textAt, textsAt } from "./resolution.ts";
import { LlmSection } from "./llm_section.ts";
import { Name } from "./names.ts";
import { NOWHERE, type Place, quote, treeOf } from "./tree.ts";

/** Answers which llm an agent gets. */
export interface Llms {
  /** Undefined after adding a finding, or when the schema has one. */
  of(agent: Place): string | undefined;
}

/** Reads the declared llms. */
export function resolveLlms(resolution: Resolution): Llms {
  const { root, findings } = resolution;
  const top: Place = { tree: root, path: "", offset: root.offset };
  const declared: string[] = [];
  for (const [name, place] of namedParts(placeIn(top, "llms"), Name, findings)) {
    declared.push(name);
    const llm = resolveLlm(place, resolution);
    if (llm !== undefined) resolution.llms.set(name, llm);
  }
  for (const [name, place] of namedParts(placeIn(top, "llms"), Name, [])) {
    for (const text of textsAt(placeIn(place, "fallback"))) standIn(name, text, { declared, resolution });
  }
  const named = (place: Place) => {
    const text = textAt(place);
    if (text === undefined || declared.includes(text.text)) return text?.text;
    // Said of a file without llms, it is what such a file has anyway.
    if (text.text === DEFAULT && declared.length === 0) return onlyLlm(place, declared, resolution);
    return infer(text, declared, resolution);
  };
  const common = placeIn(placeIn(top, "defaults"), "llm");
  const fallback = named(common);
  return {
    of: (agent) => {
      const place = placeIn(agent, "llm");
      if (place.tree !== undefined) return named(place);
      return common.tree === undefined ? onlyLlm(place, declared, resolution) : fallback;
    },
  };
}

function resolveLlm(place: Place, { tables, env, findings }: Resolution): LlmConfig | undefined {
  const own = check(LlmSection, place, findings);
  const model = textAt(placeIn(place, "model"))?.text;
  const owner = model === undefined ? undefined : providerOf(model, tables.models);
  const fallback = owner ?? chooseProvider(tables.models, env).provider;
  const plugged = pluggedIn({ table: tables.models, key: "provider", common: LlmSection, fallback }, place, findings);
  if (!own || !plugged) return undefined;
  const { fallback: others, price, structured_output, ca_certificate } = own;
  return {
    provider: plugged.plugin,
    options: plugged.options,
    ...(others === undefined ? {} : { fallback: others }),
    ...(price === undefined ? {} : { price }),
    ...(structured_output === undefined ? {} : { structured_output }),
    ...(ca_certificate === undefined ? {} : { ca_certificate }),
  };
}

/** An llm that answers in place of another: a declared one, or one that its name implies. */
function standIn(
  name: string,
  text: Text,
  { declared, resolution }: { readonly declared: readonly string[]; readonly resolution: Resolution },
): void {
  if (text.text === name) {
    const message = `found ${quote(name)}, which cannot stand in for itself`;
    resolution.findings.push({ offset: text.offset, path: text.path, message });
  } else if (!declared.includes(text.text)) infer(text, declared, resolution);
}

/** A name that nobody declared is a provider's own name, or that of a model which a provider knows. */
function infer(
  { text, tree, offset, path }: Text,
  declared: readonly string[],
  resolution: Resolution,
): string | undefined {
  const { tables, llms, findings } = resolution;
  if (llms.has(text)) return text;
  const isProvider = tables.models.has(text);
  const provider = isProvider ? text : providerOf(text, tables.models);
  if (provider !== undefined) {
    const options = optionsOf(provider, isProvider ? {} : { model: text }, resolution);
    if (options !== undefined) llms.set(text, { provider, options });
    else {
      findings.push({
        offset,
        path,
        message: `found ${describeValue(tree, [])}, which needs options: expected an entry of that name under llms`,
      });
    }
    return text;
  }
  const known = [...declared, ...tables.models.keys()];
  const shown = describeValue(tree, []);
  const guess = tree.kind === "scalar" && tree.variables === undefined ? didYouMean(text, known) : "";
  const examples = [...tables.models].map(([name, { defaultModel }]) => `${name} (${quote(defaultModel)})`);
  const expected = oneOf([...declared.map(quote), `a model of ${oneOf(examples)}`]);
  findings.push({ offset, path, message: `found ${shown}, expected ${expected}${guess}` });
  return undefined;
}

function optionsOf(provider: string, options: Readonly<Record<string, string>>, { tables }: Resolution) {
  const place: Place = { tree: treeOf({ provider, ...options }), path: "", offset: NOWHERE };
  return pluggedIn({ table: tables.models, key: "provider", common: LlmSection, fallback: undefined }, place, [])
    ?.options;
}

const DEFAULT = "default";

function onlyLlm({ offset, path }: Place, declared: readonly string[], resolution: Resolution): string | undefined {
  const { tables, env, llms, findings } = resolution;
  if (declared.includes(DEFAULT)) return DEFAULT;
  const [first] = declared;
  if (declared.length === 1) return first;
  const provider = chooseProvider(tables.models, env).provider;
  if (declared.length === 0) {
    const options = llms.get(DEFAULT)?.options ?? optionsOf(provider, {}, resolution);
    if (options !== undefined) {
      llms.set(DEFAULT, { provider, options });
      return DEFAULT;
    }
  }
  const choice = declared.length === 0 ? "the name of a model" : oneOf(declared.map(quote));
  findings.push({ offset, path, message: `found nothing, expected ${choice} here or in defaults.llm` });
  return undefined;
}
