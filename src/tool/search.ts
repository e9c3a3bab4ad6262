import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import { defineTool } from "./define_tool.ts";
import { type SearchAnswer, type SearchHit, type Tool, type ToolDeps, ToolRefusal } from "./tool.ts";

const MAX_HIT_CHARS = 2_000;

const Options = late(() =>
  z.strictObject({
    max_limit: z.int().min(1).max(100).default(50).meta({ description: "Most passages that one call may ask for." }),
  })
);

const NO_STORES =
  "There is nothing to search: this agent has no document store. Whoever runs this server can add one " +
  "to the configuration under document_stores, for example {docs: {source: directory, path: ./docs}}, and name it in " +
  "the agent's document_stores.";

/** Finds passages in the agent's document stores. */
export const search = definePlugin({
  options: Options,
  create: (options, { documents }: ToolDeps): Tool =>
    defineTool({
      name: "search",
      description: describeStores(documents.stores),
      input: () =>
        z.strictObject({
          query: z.string().trim().min(1).max(2_000).describe(
            "Words to look for. The more of them, and the rarer, the better.",
          ),
          limit: z.int().min(1).max(options.max_limit).default(Math.min(10, options.max_limit)).describe(
            "Most passages to show.",
          ),
          stores: z.array(z.string()).optional().describe("Search these document stores only. Default: all."),
        }),
      replay: "safe",
      run: async ({ query, limit, stores }, { signal }) => {
        if (documents.stores.length === 0) return { content: NO_STORES };
        const unknown = stores?.find((name) => !documents.stores.includes(name));
        if (unknown !== undefined) {
          throw new ToolRefusal(
            `Cannot search ${JSON.stringify(unknown)}: there is no such document store; there is ` +
              documents.stores.join(", "),
          );
        }
        const some = stores === undefined || stores.length === 0 ? {} : { stores };
        const answer = await documents.search(query, { limit, ...some }, signal);
        return { content: showAnswer(answer) };
      },
    }),
});

function describeStores(stores: readonly string[]): string {
  const which = stores.length === 0 ? "" : ` (${stores.join(", ")})`;
  return `Find passages in the documents of this agent${which}. Each is shown with its file and lines, best first.`;
}

function showAnswer({ hits, total, notes }: SearchAnswer): string {
  const head = hits.length === 0
    ? "No passage matches. Try other words."
    : `${total} passage${total === 1 ? " matches" : "s match"}; the best ${hits.length}:`;
  return [head, ...hits.map(showHit), ...notes.map((note) => `Note: ${note}`)].join("\n\n");
}

function showHit({ store, path, firstLine, lastLine, score, text }: SearchHit, at: number): string {
  const cut = text.length > MAX_HIT_CHARS ? `${text.slice(0, MAX_HIT_CHARS - 1).toWellFormed()}…` : text;
  return `${at + 1}. [${store}] ${path}:${firstLine}-${lastLine} (score ${score.toPrecision(3)})\n${cut}`;
}
