/* A tool of one's own, for tools-mcp-example.yaml: docs/tools-of-your-own.md tells all that one can say. */
interface Input {
  text: string;
}

export default {
  description: "Count the words of a text.",
  input: {
    type: "object",
    properties: { text: { type: "string", description: "The text." } },
    required: ["text"],
  },
  replay: "safe",
  needsApproval: false,
  run({ text }: Input): string {
    return `The text has ${text.split(/\s+/).filter((word) => word !== "").length} words.`;
  },
};
