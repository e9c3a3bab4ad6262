interface Input {
  sides?: number;
}

export default {
  description: "Roll a die.",
  input: {
    type: "object",
    properties: { sides: { type: "integer", minimum: 2, maximum: 1000, description: "How many sides. Default 6." } },
  },
  replay: "safe",
  needsApproval: false,
  run({ sides = 6 }: Input): string {
    return `The die shows ${1 + Math.floor(Math.random() * sides)}.`;
  },
};
