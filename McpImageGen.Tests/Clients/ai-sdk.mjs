// The AI SDK with its MCP client; the argument says whose model it asks.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createMCPClient } from '@ai-sdk/mcp';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, stepCountIs } from 'ai';
import { headers, limit, model, prompt, tell, url, versionOf } from './assistants.mjs';

const models = {
  openai: () => createOpenAI({ apiKey: 'none', baseURL: `${model.url}/v1` })('gpt-5'),
  anthropic: () => createAnthropic({ apiKey: 'none', baseURL: `${model.url}/v1` })('claude-sonnet-4-5'),
  google: () => createGoogleGenerativeAI({ apiKey: 'none', baseURL: `${model.url}/v1beta` })('gemini-2.5-flash'),
};
const vendor = process.argv[2];

const client = await createMCPClient({ transport: { type: 'http', url, headers } });
await generateText({ model: models[vendor](), tools: await client.tools(), stopWhen: stepCountIs(50), timeout: { toolMs: limit }, maxRetries: 0, prompt });
await client.close();
tell({ version: `${versionOf('@ai-sdk/mcp')}, ai ${versionOf('ai')}, ${vendor} ${versionOf(`@ai-sdk/${vendor}`)}` });
