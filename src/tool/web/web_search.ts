import { z } from "zod";
import { late } from "../../lib/late.ts";
import type { SafeFetch } from "../../lib/safe_fetch.ts";
import { definePlugin } from "../../lib/plugin.ts";
import { Secret, SecretText } from "../../lib/secret.ts";
import { EgressRules } from "../../lib/egress_rules.ts";
import { defineTool } from "../define_tool.ts";
import type { Tool, ToolDeps } from "../tool.ts";
import { askWeb, textOfAnswer, type WebAnswer } from "./ask_web.ts";

const TAVILY_URL = "https://api.tavily.com";
const KEY_VARIABLE = "TAVILY_API_KEY";
const MAX_SNIPPET_CHARS = 1_000;

const Options = late(() =>
  z.strictObject({
    provider: z.enum(["tavily", "searxng"]).optional()
      .meta({
        description: "Whom to ask. Default: tavily where there is an api_key, searxng where there is a base_url.",
      }),
    api_key: SecretText.optional().meta({ description: `Tavily's key. Default: ${KEY_VARIABLE} of the environment.` }),
    base_url: z.url({ protocol: /^https?$/ }).optional()
      .meta({ description: "Where it is: needed for SearXNG, whose JSON format must be on (search.formats)." }),
    max_results: z.int().min(1).max(20).default(5).meta({ description: "Results by default." }),
    timeout: z.number().positive().max(600).default(30).meta({
      description: "Longest wait for an answer, in seconds.",
    }),
  }).refine(({ provider, api_key, base_url }) => provider ?? api_key ?? base_url, {
    path: ["provider"],
    message: `is needed: tavily, whose key is ${KEY_VARIABLE}, or searxng with its base_url`,
  }).refine(({ provider, base_url }) => provider !== "searxng" || base_url !== undefined, {
    path: ["base_url"],
    message: "is needed for searxng: where it is served",
  })
);

interface Hit {
  readonly title: string;
  readonly url: string;
  readonly snippet: string;
}

/** Asks one provider. */
type Ask = (query: string, count: number, signal: AbortSignal) => Promise<readonly Hit[]>;

/** Searches the web by Tavily (https://docs.tavily.com) or by a SearXNG of one's own (https://docs.searxng.org/dev/search_api.html). */
export const webSearch = definePlugin({
  options: Options,
  create: (options, { fetch, env }: ToolDeps): Tool => {
    const provider = options.provider ?? (options.api_key === undefined ? "searxng" : "tavily");
    const ask = provider === "searxng" ? searxng(options, fetch) : tavily(options, { fetch, env });
    return defineTool({
      name: "web_search",
      description: "Search the web. Gives titles, addresses and passages; read a page itself with web_fetch.",
      input: () =>
        z.strictObject({
          query: z.string().trim().min(1).max(400).describe("What to look for."),
          max_results: z.int().min(1).max(20).default(options.max_results).describe("Most results to show."),
        }),
      replay: "safe",
      run: async ({ query, max_results: count }, { signal }) => {
        const hits = (await ask(query, count, signal)).slice(0, count);
        if (hits.length === 0) return { content: "Nothing was found" };
        return { content: hits.map(showHit).join("\n\n") };
      },
    });
  },
});

function showHit({ title, url, snippet }: Hit, at: number): string {
  return `${at + 1}. ${title}\n${url}\n${snippet.slice(0, MAX_SNIPPET_CHARS).toWellFormed()}`;
}

type Chosen = z.output<ReturnType<typeof Options>>;

/** What the operator has named is asked wherever it is. */
function policyFor(base: string, { timeout }: Chosen) {
  const rules = new EgressRules([new URL(base).hostname.replace(/^\[|\]$/g, "")]);
  return { rules, timeoutMs: timeout * 1_000, maxBytes: 4 * 1024 * 1024 };
}

/** As much as both providers say alike. */
const Results = late(() =>
  z.object({
    results: z.array(z.object({ title: z.string().nullish(), url: z.string(), content: z.string().nullish() })),
  })
);

function tavily(options: Chosen, { fetch, env }: Pick<ToolDeps, "fetch" | "env">): Ask {
  const given = env(KEY_VARIABLE);
  const key = options.api_key ?? (given ? new Secret(given) : undefined);
  if (key === undefined) {
    throw new Error(`web_search has no key of Tavily: set ${KEY_VARIABLE} in the environment, or api_key of the tool`);
  }
  const base = options.base_url ?? TAVILY_URL;
  const policy = policyFor(base, options);
  return async (query, count, signal) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${key.reveal()}` };
    const body = JSON.stringify({ query, max_results: count });
    const request = { url: `${base.replace(/\/$/, "")}/search`, method: "POST", headers, body, signal };
    return hitsOf(await askWeb(fetch, request, policy), "Tavily");
  };
}

function searxng(options: Chosen, fetch: SafeFetch): Ask {
  const base = options.base_url ?? "";
  const policy = policyFor(base, options);
  return async (query, _count, signal) => {
    const url = new URL(`${base.replace(/\/$/, "")}/search`);
    url.search = new URLSearchParams({ q: query, format: "json" }).toString();
    const headers = { accept: "application/json" };
    const answer = await askWeb(fetch, { url: url.href, headers, signal }, policy);
    if (answer.status === 403) {
      throw new Error("Cannot search: SearXNG refuses JSON; its operator has to add json to search.formats");
    }
    return hitsOf(answer, "SearXNG");
  };
}

function hitsOf(answer: WebAnswer, who: string): Hit[] {
  if (answer.status !== 200) {
    const why = answer.status === 401 ? ": it does not take the key" : answer.status === 429 ? ": ask less often" : "";
    throw new Error(`Cannot search: ${who} answers HTTP ${answer.status}${why}`);
  }
  const parsed = Results().safeParse(jsonOf(textOfAnswer(answer) ?? ""));
  if (!parsed.success) throw new Error(`Cannot search: ${who} answers something else than results`);
  return parsed.data.results.map(({ title, url, content }) => ({ title: title ?? url, url, snippet: content ?? "" }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
