// Google's SDK, which calls the tools of an MCP client by itself.
import { GoogleGenAI, mcpToTool } from '@google/genai';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { headers, model, prompt, tell, url, versionOf } from './assistants.mjs';

const client = new Client({ name: 'google-genai', version: '1.0.0' });
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
const google = new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: model.url } });
await google.models.generateContent({
  model: 'gemini-2.5-flash',
  contents: prompt,
  config: { tools: [mcpToTool(client)], automaticFunctionCalling: { maximumRemoteCalls: 50 } },
});
await client.close();
tell({ version: versionOf('@google/genai') });
