import type { SearchAnswer, SearchDeps } from "../tool/tool.ts";
import type { DocumentStore } from "./document_store.ts";

/** Some document stores as one. They are searched side by side; one that fails is a note, unless all fail. */
export function searchStores(stores: ReadonlyMap<string, DocumentStore>): SearchDeps {
  return {
    stores: [...stores.keys()],
    async search(query, { limit, stores: names }, signal) {
      const asked = [...stores].filter(([name]) => names === undefined || names.includes(name));
      const settled = await Promise.allSettled(asked.map(([, store]) => store.search(query, limit, signal)));
      signal.throwIfAborted();
      const failed = settled.filter((outcome) => outcome.status === "rejected");
      if (failed.length === settled.length && failed[0] !== undefined) throw failed[0].reason;
      const answers = settled.filter((outcome) => outcome.status === "fulfilled").map(({ value }) => value);
      return merge(
        answers,
        limit,
        failed.map(({ reason }) => reason instanceof Error ? reason.message : String(reason)),
      );
    },
  };
}

/** Scores of one formula over different documents are not quite comparable, but they are what there is to compare. */
function merge(answers: readonly SearchAnswer[], limit: number, failures: readonly string[]): SearchAnswer {
  return {
    hits: answers.flatMap(({ hits }) => hits).sort((a, b) => b.score - a.score).slice(0, limit),
    total: answers.reduce((sum, { total }) => sum + total, 0),
    notes: [...answers.flatMap(({ notes }) => notes), ...failures],
  };
}
