/** Two agents on a model that needs no network, no key and no time, and shows what it was told. */
export const SCRIPTED_AGENTS = `
llms:
  script:
    provider: scripted
    rules:
      - match: { text: fail }
        reply: { error: { kind: authentication, message: 'The key is wrong: check SOME_KEY' } }
      - match: { text: which }
        reply: { text: 'Which one do you mean?', stop: input_required }
      - match: { text: note, tool_result: true }
        reply: { text: 'Noted.' }
      - match: { text: note }
        reply:
          text: 'Let me note that.'
          calls: [{ name: todo_write, arguments: { todos: [{ id: '1', content: 'buy milk', status: pending }] } }]
      - match: { text: for ever }
        reply: { text: 'I begin and do not end.', chunk_chars: 7, delay_ms: 3600000 }
    default: { text: 'Turn {{turn}}: {{message}}', chunk_chars: 4 }
agents:
  first: { llm: script, tools: [todo_write], description: The first agent }
  second: { llm: script, description: The second agent }
`;
