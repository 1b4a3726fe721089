// A 1.x of the TypeScript SDK; the argument is the name of its package here.
import { headers, url, versionOf, visitWith } from './visit.mjs';

const sdk = process.argv[2];
const { Client } = await import(`${sdk}/client/index.js`);
const { StreamableHTTPClientTransport } = await import(`${sdk}/client/streamableHttp.js`);

const client = new Client({ name: 'typescript-1', version: '1.0.0' });
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
await visitWith(client, { version: versionOf(sdk) }, undefined);
