import { z } from "zod";
import { definePlugin } from "../lib/plugin.ts";
import type { Store, StoreDeps } from "./store.ts";

export const memoryStore = definePlugin({
  options: () => z.strictObject({}).meta({ description: "Tasks live in the process and end with it." }),
  create: async (_options, deps: StoreDeps): Promise<Store> => {
    const { MemoryStore } = await import("./memory_store.ts");
    return new MemoryStore(deps);
  },
});
