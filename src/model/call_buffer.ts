import { type ToolCall, toolCallsOf } from "../a2a/parts.ts";
import type { JsonObject } from "../lib/json.ts";
import { fnv1a } from "../lib/fnv1a.ts";
import { readArguments } from "./malformed_call.ts";
import type { ModelRequest } from "./model.ts";

interface Draft {
  id: string;
  name: string;
  arguments: string;
  opaque: JsonObject | undefined;
}

/** One piece of a call as a stream brings it. `slot` tells calls of one answer apart, where the provider says so. */
export interface CallPiece {
  readonly slot?: number | undefined;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly arguments?: string | undefined;
  readonly opaque?: JsonObject | undefined;
}

/** Puts the calls of one answer together again. */
export class CallBuffer {
  readonly #drafts: Draft[] = [];
  readonly #slots = new Map<number, Draft>();

  add(piece: CallPiece): void {
    const draft = this.#draftOf(piece);
    if (piece.id) draft.id = piece.id;
    if (piece.name && draft.name === "") draft.name = piece.name;
    draft.arguments += piece.arguments ?? "";
    draft.opaque = piece.opaque ?? draft.opaque;
  }

  /** Some servers give every parallel call slot 0 or none at all; a new id is a new call there. */
  #draftOf({ slot, id }: CallPiece): Draft {
    const known = slot === undefined ? this.#drafts.at(-1) : this.#slots.get(slot);
    if (known !== undefined && (!id || known.id === "" || known.id === id)) return known;
    const draft: Draft = { id: "", name: "", arguments: "", opaque: undefined };
    this.#drafts.push(draft);
    if (slot !== undefined) this.#slots.set(slot, draft);
    return draft;
  }

  /** The calls in the order in which the model began them. An id that is missing, or already taken in the conversation, is replaced. */
  calls(request: ModelRequest): ToolCall[] {
    const taken = takenCallIds(request);
    return this.#drafts.map(({ id, name, arguments: text, opaque }) => {
      const free = id !== "" && !taken.has(id) ? id : freshCallId(request, taken);
      taken.add(free);
      return { id: free, name, ...readArguments(text), ...(opaque === undefined ? {} : { opaque }) };
    });
  }
}

/** The ids of all calls in a conversation. */
export function takenCallIds({ messages }: ModelRequest): Set<string> {
  return new Set(messages.flatMap(toolCallsOf).map((call) => call.id));
}

/**
 * An id for a call that its provider did not name: the same for the same request, and free among `taken`. It comes from the
 * newest message, because a count would start again where a history is cut.
 */
export function freshCallId({ messages }: ModelRequest, taken: ReadonlySet<string>): string {
  const seed = fnv1a(messages.at(-1)?.messageId ?? "");
  for (let count = 0;; count++) {
    const id = `call_${seed}_${count}`;
    if (!taken.has(id)) return id;
  }
}
