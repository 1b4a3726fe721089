// A model that does as the story says, on loopback, behind the APIs that clients call: it calls one tool after another, refuses what
// the real API refuses, and keeps what it was told.
import { createServer } from 'node:http';
import { begin, story } from '../story.mjs';
import * as anthropic from './anthropic.mjs';
import * as gemini from './gemini.mjs';
import * as openaiChat from './openai-chat.mjs';
import * as openaiResponses from './openai-responses.mjs';

const apis = [anthropic, gemini, openaiChat, openaiResponses];

export async function startModel() {
  const refusals = [];
  let declared = []; // the server's tools
  const seen = {};
  let pending; // the call whose result the model waits for
  let answered = 0;

  /** The name under which the client declares a tool of the server: many put the server's name before it. */
  const nameIn = (tools, tool) => tools.find(({ name }) => name === tool || name.endsWith(`_${tool}`));

  function next(api, body) {
    const tools = api.tools(body);
    const first = nameIn(tools, story[0].tool);
    if (!first)
      return undefined; // The client asks for something else: a title, a summary.
    const prefix = first.name.slice(0, -story[0].tool.length);
    declared = tools.filter(({ name, namespace }) => name.startsWith(prefix) && namespace === first.namespace);
    const answers = api.answers(body);
    if (pending && answers.length > answered) {
      answered = answers.length;
      seen[pending.step] = answers.at(-1);
      pending = undefined;
    }
    const step = story.find(({ step }) => !(step in seen));
    if (step && !pending) {
      begin(step.step);
      const { name, namespace, schema } = nameIn(tools, step.tool) ?? { name: step.tool };

      // Gemini CLI declares an argument of its own with every tool, and passes it on.
      const own = schema?.properties?.wait_for_previous && { wait_for_previous: true };
      pending = { step: step.step, id: `call_${step.step}`, name, namespace, arguments: { ...step.arguments(seen), ...own } };
    }
    return pending;
  }

  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request)
      text += chunk;
    const { pathname } = new URL(request.url, 'http://model');
    const api = apis.find(({ serves }) => request.method === 'POST' && serves(pathname));
    if (!api)
      return response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"error":{"message":"Not found","code":404}}');
    const body = JSON.parse(text);
    const refusal = api.refusal(body);
    if (refusal) {
      refusals.push(refusal);
      return response.writeHead(400, { 'Content-Type': 'application/json' }).end(JSON.stringify(api.error(refusal)));
    }
    const call = next(api, body);
    if (call)
      api.call(response, body, pathname, call);
    else
      api.say(response, body, pathname, 'Done.');
  });
  server.keepAliveTimeout = 0; // The client ends its connections, or else one could end just as it sends.
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    facts: () => ({
      refusals: [...new Set(refusals)],
      tools: declared.map(({ name }) => name),
      arguments: Object.keys(nameIn(declared, story[0].tool)?.schema.properties ?? {}),
      seen,
    }),
    close: () => { server.close(); server.closeAllConnections(); },
  };
}
