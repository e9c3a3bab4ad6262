import type { Model } from "./model.ts";
import { costUsd, type Price } from "./prices.ts";

/** The model, with what each call cost beside its tokens. */
export function priced(model: Model, price: Price): Model {
  return {
    id: model.id,
    async *stream(request) {
      for await (const event of model.stream(request)) {
        if (event.kind !== "usage") yield event;
        else yield { ...event, usage: { ...event.usage, costUsd: costUsd(event.usage, price) } };
      }
    },
  };
}
