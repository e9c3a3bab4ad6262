import type { Usage } from "./model.ts";

/** In USD per million tokens. What a price leaves out costs what input does. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Of tokens that are read from the provider's cache. */
  readonly cached_input?: number | undefined;
  readonly cache_write?: number | undefined;
  /** Prompts beyond so many tokens cost more. */
  readonly long?: Long;
}

interface Long {
  readonly aboveTokens: number;
  readonly inputFactor: number;
  readonly outputFactor: number;
}

const LONG_272K: Long = { aboveTokens: 272_000, inputFactor: 2, outputFactor: 1.5 };
const LONG_200K: Long = { aboveTokens: 200_000, inputFactor: 2, outputFactor: 1.5 };

type Row = readonly [model: string, input: number, output: number, cached: number, write?: number, long?: Long];

/**
 * The standard prices of well-known models, as their providers had them in October 2026. A model that is not here has a
 * cost only if the configuration says its price.
 */
const ROWS: readonly Row[] = [
  ["gpt-6-sol", 2, 10, 0.2, 2.5, LONG_272K],
  ["gpt-6-luna", 0.1, 0.5, 0.01, 0.125, LONG_272K],
  ["gpt-6-astra", 10, 50, 1, 12.5, LONG_272K],
  ["gpt-5.6-sol", 4, 20, 0.4, 5, LONG_272K],
  ["gpt-5.6-terra", 2, 12, 0.2, 2.5, LONG_272K],
  ["gpt-5.6-luna", 0.2, 1.2, 0.02, 0.25, LONG_272K],
  ["gpt-5.5", 5, 30, 0.5, undefined, LONG_272K],
  ["gpt-5.4", 2.5, 15, 0.25, undefined, LONG_272K],
  ["gpt-5.4-mini", 0.75, 4.5, 0.075],
  ["gpt-5.4-nano", 0.2, 1.25, 0.02],
  ["gpt-5", 1.25, 10, 0.125],
  ["gpt-5-mini", 0.25, 2, 0.025],
  ["gpt-5-nano", 0.05, 0.4, 0.005],
  ["gpt-4.1", 2, 8, 0.5],
  ["gpt-4.1-mini", 0.4, 1.6, 0.1],
  ["gpt-4.1-nano", 0.1, 0.4, 0.025],
  ["gpt-4o", 2.5, 10, 1.25],
  ["gpt-4o-mini", 0.15, 0.6, 0.075],
  ["o3", 2, 8, 0.5],
  ["o4-mini", 1.1, 4.4, 0.275],
  ["claude-fable-5-1", 10, 50, 1, 12.5],
  ["claude-opus-5-5", 4, 20, 0.2, 5],
  ["claude-opus-5", 5, 25, 0.5, 6.25],
  ["claude-opus-4-8", 5, 25, 0.5, 6.25],
  ["claude-opus-4-7", 5, 25, 0.5, 6.25],
  ["claude-opus-4-6", 5, 25, 0.5, 6.25],
  ["claude-opus-4-5", 5, 25, 0.5, 6.25],
  ["claude-sonnet-5-5", 2, 10, 0.2, 2.5],
  ["claude-sonnet-5", 2, 10, 0.2, 2.5],
  ["claude-sonnet-4-6", 3, 15, 0.3, 3.75],
  ["claude-sonnet-4-5", 3, 15, 0.3, 3.75],
  ["claude-haiku-4-5", 1, 5, 0.1, 1.25],
  ["gemini-3.8-flash", 0.75, 3.75, 0.075],
  ["gemini-3.5-flash", 1.5, 9, 0.15],
  ["gemini-2.5-pro", 1.25, 10, 0.125, undefined, LONG_200K],
  ["gemini-2.5-flash", 0.3, 2.5, 0.03],
  ["gemini-2.5-flash-lite", 0.1, 0.4, 0.01],
];

const PRICES: ReadonlyMap<string, Price> = new Map(
  ROWS.map(([model, input, output, cached_input, write, long]) => {
    const price = { input, output, cached_input, ...(write === undefined ? {} : { cache_write: write }) };
    return [model, long === undefined ? price : { ...price, long }];
  }),
);

/** The price of a model by its provider's name for it; the date of a version does not matter. */
export function priceOf(model: string): Price | undefined {
  const name = model.replace(/^models\//, "");
  return PRICES.get(name) ?? PRICES.get(name.replace(/-(\d{8}|\d{4}-\d{2}-\d{2})$/, ""));
}

/** What a call cost, in USD. */
export function costUsd(usage: Usage, { input, output, cached_input, cache_write, long }: Price): number {
  const { inputTokens, outputTokens, cachedInputTokens = 0, cacheWriteTokens = 0 } = usage;
  const isLong = long !== undefined && inputTokens > long.aboveTokens;
  const plain = inputTokens - cachedInputTokens - cacheWriteTokens;
  const inUsd = plain * input + cachedInputTokens * (cached_input ?? input) + cacheWriteTokens * (cache_write ?? input);
  const outUsd = outputTokens * output;
  return (inUsd * (isLong ? long.inputFactor : 1) + outUsd * (isLong ? long.outputFactor : 1)) / 1_000_000;
}
