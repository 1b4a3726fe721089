import { readFileSync } from 'node:fs';

export const url = process.env.MCP_URL;
export const authorization = `Bearer ${process.env.MCP_TOKEN}`;
export const call = { name: 'generate_image_and_wait', arguments: { prompt: 'a paper boat on a lake' } };

/** What a user does first with a client of an SDK: looks at the tools, generates an image, follows the link. */
export async function visit(client, facts) {
  const { tools } = await client.listTools();
  await show(tools, await client.callTool(call), facts);
  await client.close();
}

/** Follows the link in the answer and says what came of it all. */
export async function show(tools, result, facts) {
  const image_url = linkIn(result);
  const response = await fetch(image_url);
  report({ tools, image_url, image: Buffer.from(await response.arrayBuffer()), ...facts });
}

export const linkIn = result => JSON.parse(result.content[0].text).image_url;

export function report({ tools, image, ...facts }) {
  console.log(JSON.stringify({ tools: tools.map(tool => tool.name), image: image.toString('base64'), ...facts }));
}

export const versionOf = name => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
