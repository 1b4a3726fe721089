// LangChain's agent with its MCP adapters; the argument says whose model it asks.
import { ChatAnthropic } from '@langchain/anthropic';
import { ChatGoogleGenerativeAI } from '@langchain/google-genai';
import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import { ChatOpenAI } from '@langchain/openai';
import { createAgent } from 'langchain';
import { headers, limit, model, prompt, tell, url, versionOf } from './assistants.mjs';

const models = {
  openai: () => new ChatOpenAI({ model: 'gpt-5', apiKey: 'none', maxRetries: 0, configuration: { baseURL: `${model.url}/v1` } }),
  anthropic: () => new ChatAnthropic({ model: 'claude-sonnet-4-5', apiKey: 'none', maxRetries: 0, anthropicApiUrl: model.url }),
  'google-genai': () => new ChatGoogleGenerativeAI({ model: 'gemini-2.5-flash', apiKey: 'none', maxRetries: 0, baseUrl: model.url }),
};
const vendor = process.argv[2];

const client = new MultiServerMCPClient({
  mcpServers: { 'image-generator': { transport: 'http', url, headers } },
  defaultToolTimeout: limit,

  // OpenAI's Chat Completions refuse an image from a tool.
  outputHandling: vendor === 'openai' ? { image: 'artifact' } : undefined,
});
const agent = createAgent({ model: models[vendor](), tools: await client.getTools() });
await agent.invoke({ messages: [{ role: 'user', content: prompt }] }, { recursionLimit: 50 });
await client.close();
tell({ version: `${versionOf('@langchain/mcp-adapters')}, ${vendor} ${versionOf(`@langchain/${vendor}`)}` });
