import { readFileSync } from 'node:fs';
import { begin, limit, story } from './story.mjs';
import { startWire } from './wire.mjs';

const wire = await startWire(process.env.MCP_URL);

export const url = wire.url;
export const authorization = `Bearer ${process.env.MCP_TOKEN}`;
export const headers = { Authorization: authorization };

/** The story, with a client that has no model: each call as an SDK or a program makes it. */
export async function visit({ tools, call, ...facts }) {
  const seen = {};
  for (const { step, tool, arguments: given } of story) {
    begin(step);
    const { content } = await call({ name: tool, arguments: given(seen) }).catch(error => {
      if (!limit)
        throw error;
      return { content: [{ type: 'text', text: String(error) }] };
    });
    seen[step] = {
      text: content.filter(({ type }) => type === 'text').map(({ text }) => text).join('\n'),
      image: content.some(({ type }) => type === 'image'),
    };
  }
  report({
    tools: tools.map(({ name }) => name),
    arguments: Object.keys(tools.find(({ name }) => name === story[0].tool).inputSchema.properties),
    seen,
    ...facts,
  });
}

/** The story with a client of an SDK, which takes the options of a call after these arguments. */
export async function visitWith(client, facts, ...before) {
  const { tools } = await client.listTools();
  await visit({ tools, call: request => client.callTool(request, ...before, limit && { timeout: limit }), ...facts });
  await client.close();
}

export function report(facts) {
  console.log(JSON.stringify({ protocol: wire.protocol(), refusals: [], ...facts }));
  wire.close();
}

export const versionOf = name => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
