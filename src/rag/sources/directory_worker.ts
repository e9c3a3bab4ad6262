/// <reference lib="deno.worker" />
import { errorCode } from "../../tool/file_refusal.ts";
import type { StoreSummary } from "../document_store.ts";
import type { IndexHit } from "../keyword_index.ts";
import type { DirectorySettings } from "./directory_files.ts";
import { DirectoryIndex } from "./directory_index.ts";

export interface Question {
  readonly query: string;
  readonly limit: number;
}

export interface Answer {
  readonly hits: readonly IndexHit[];
  readonly total: number;
}

/** First the settings, then questions, as many as have gathered: the directory is looked at once for all of them. */
export type ToWorker = { readonly settings: DirectorySettings } | { readonly questions: readonly Question[] };
export type FromWorker =
  | { readonly summary: StoreSummary; readonly answers: readonly Answer[] }
  | { readonly failure: { readonly message: string; readonly isUnreadable: boolean } };

let index: DirectoryIndex | undefined;

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if ("settings" in data) index = new DirectoryIndex(data.settings, Date.now);
  else self.postMessage(answer(data.questions));
};

function answer(questions: readonly Question[]): FromWorker {
  try {
    if (index === undefined) throw new TypeError("Questions came before the settings");
    const summary = index.refresh();
    const found = index;
    return { summary, answers: questions.map(({ query, limit }) => found.find(query, limit)) };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { failure: { message, isUnreadable: errorCode(thrown) !== undefined } };
  }
}
