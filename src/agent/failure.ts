import { A2AError } from "../a2a/errors.ts";
import { ModelError } from "../model/model.ts";

/** What a peer may know of a throw that ended a run: the messages that are written for peers, and no other. */
export function failureOf(thrown: unknown): string {
  if (thrown instanceof ModelError || thrown instanceof A2AError) return thrown.message;
  return "The agent could not finish this task because of an internal error.";
}
