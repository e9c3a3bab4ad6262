/** The agents of all descriptions on one server, with a model that gives the answers that they show. */
export const CONFIGURATION = `
version: "2"
llms:
  default:
    provider: scripted
    rules:
      - match: {text: capital of France}
        reply: {text: The capital of France is Paris., chunk_chars: 4}
      - match: {text: /^Wait/}
        reply: {text: Too late., first_delay_ms: 3600000}
      - match: {tool_result: true}
        reply: {text: Done.}
      - match: {text: /^Delegate/}
        reply: {calls: [{name: agent_call, arguments: {agent: specialist, task: Wait}}]}
      - match: {text: /^Hello/}
        reply: {text: Hello! How can I help?, chunk_chars: 6}
    default: {text: "I heard: {{message}}", chunk_chars: 5}
defaults: {llm: default}
server:
  store: {type: memory}
agents:
  assistant:
    name: AI Assistant
    description: A helpful assistant
    card: {provider: {organization: Hector, url: "https://github.com/verikod/hector"}}
  analyst: {}
  orchestrator: {tools: [agent_call]}
  specialist: {}
  weather_assistant: {description: Weather information assistant}
  coder: {name: Coding Assistant}
`;
